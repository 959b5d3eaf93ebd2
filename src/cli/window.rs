//! `corticurve` alone: the window.

use super::{Failure, Outcome, Setting, start};
use crate::app::clock::{Clock, FixedClock, SystemClock};
use crate::app::worker::Worker;
use crate::app::{Action, App, Browse, Settings, Viewer, WindowSize};
use crate::store::OsStorage;
use crate::ui::MainWindow;
use eframe::Renderer;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// The system's own dialogs.
struct SystemDialogs;

impl Browse for SystemDialogs {
    fn file(&self) -> Option<PathBuf> {
        rfd::FileDialog::new().add_filter("CSV", &["csv"]).pick_file()
    }

    fn folder(&self) -> Option<PathBuf> {
        rfd::FileDialog::new().pick_folder()
    }
}

/// How long a program has to say that it cannot open the page; one that goes on for longer shows it.
const OPENS_WITHIN: Duration = Duration::from_secs(3);

/// The system's own viewer.
struct SystemViewer;

impl Viewer for SystemViewer {
    fn show(&self, file: &Path) -> std::io::Result<()> {
        // The launcher's own words are an exit code.
        let opened = open::that_detached_with_timeout(file, OPENS_WITHIN);
        opened.map_err(|_| std::io::Error::other("this computer has none for PDF files, or it failed"))
    }
}

pub fn run(setting: &Setting) -> Outcome {
    if setting.common.as_of.is_some() && !setting.common.demo {
        return Err(Failure::unusable("--as-of is for verbs that read, and for the window with --demo; leave it out"));
    }
    start::open_window(|renderer| open(setting, renderer)).map_err(Failure::Unusable)
}

fn open(setting: &Setting, renderer: Renderer) -> eframe::Result {
    let window = Settings::load(&setting.places.config).window;
    let usual = WindowSize { width: 1366, height: 768, maximized: false };
    let size = window.unwrap_or(usual);
    let options = eframe::NativeOptions {
        renderer,
        viewport: egui::ViewportBuilder::default()
            .with_title("Corticurve")
            .with_app_id("corticurve")
            .with_icon(icon())
            .with_inner_size([f32::from(size.width), f32::from(size.height)])
            .with_maximized(size.maximized)
            .with_min_inner_size([1024.0, 640.0]),
        ..Default::default()
    };
    eframe::run_native(
        "corticurve",
        options,
        Box::new(|context| Ok(Box::new(MainWindow::new(app(setting, &context.egui_ctx)?)))),
    )
}

/// The picture of the program in the task bar; the system's own where it cannot be read.
fn icon() -> egui::IconData {
    eframe::icon_data::from_png_bytes(include_bytes!("../../assets/corticurve.png")).unwrap_or_default()
}

/// The app over the data folder, or over the demo, with a thread of its own for the records.
fn app(setting: &Setting, window: &egui::Context) -> std::io::Result<App> {
    let window = window.clone();
    let worker = Worker::threaded(Arc::new(OsStorage), Arc::new(move || window.request_repaint()))?;
    let clock: Box<dyn Clock> = match setting.common.as_of {
        Some(at) => Box::new(FixedClock(at)),
        None => Box::new(SystemClock),
    };
    if setting.common.demo {
        let mut app = unopened(setting, clock, worker);
        app.update(Action::TryDemo);
        return Ok(app);
    }
    let mut app = unopened(setting, clock, worker);
    app.open_what_is_there();
    if let Some(by) = &setting.common.by {
        app.record_as(by.clone());
    }
    Ok(app)
}

fn unopened(setting: &Setting, clock: Box<dyn Clock>, worker: Worker) -> App {
    let (reference, places) = (setting.reference.clone(), setting.places.clone());
    let mut app = App::unopened(reference, places, clock, Box::new(SystemDialogs), worker);
    app.show_pages_with(Arc::new(SystemViewer));
    app.remove_pages_left_behind();
    app
}
