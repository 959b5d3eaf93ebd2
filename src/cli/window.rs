//! `corticurve` alone: the window.

use super::{Failure, Outcome, Setting};
use crate::app::clock::{Clock, FixedClock, SystemClock};
use crate::app::worker::Worker;
use crate::app::{Action, App, Browse, Settings, Viewer, WindowSize};
use crate::store::OsStorage;
use crate::ui::MainWindow;
use eframe::Renderer;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// What can be done where no window opens.
const INSTEAD: &str = "Start it in a desktop session, or use the command line: corticurve register, record, import, log, summary, curve, \
    report, plan, project, convert, settings, verify, backup, restore; `corticurve --help` explains each, and `corticurve --demo summary` shows an invented ward";

/// What tells a program under Linux where its display is.
const DISPLAYS: [&str; 2] = ["WAYLAND_DISPLAY", "DISPLAY"];

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
    if cfg!(target_os = "linux") && displays().is_empty() {
        let names = DISPLAYS.join(" and ");
        return Err(Failure::unusable(format!(
            "there is no display to open a window on: {names} are not set. {INSTEAD}"
        )));
    }
    // Virtual machines and remote sessions may lack either; wgpu first, because Windows serves it everywhere.
    let Err(first) = open(setting, Renderer::Wgpu) else { return Ok(()) };
    if !matches!(first, eframe::Error::Wgpu(_)) {
        return Err(not_opened(&[first]));
    }
    open(setting, Renderer::Glow).map_err(|second| not_opened(&[first, second]))
}

/// Where the environment says that a display is.
fn displays() -> Vec<String> {
    let said = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    DISPLAYS.iter().filter_map(|name| Some(format!("{name} is '{}'", said(name)?))).collect()
}

/// Why no window was opened, by each way that was tried, and what to do.
fn not_opened(errors: &[eframe::Error]) -> Failure {
    let why: Vec<String> = errors.iter().map(|error| without_place(&error.to_string())).collect();
    let why = why.join("; then: ");
    if errors.iter().any(|error| matches!(error, eframe::Error::WinitEventLoop(_))) {
        return Failure::unusable(format!(
            "there is no display to open a window on: {}, and nothing answers there ({why}). {INSTEAD}",
            displays().join(" and ")
        ));
    }
    Failure::unusable(format!(
        "the window could not be opened ({why}); install a graphics driver, on Debian: apt-get install \
         libgl1-mesa-dri mesa-vulkan-drivers libxkbcommon-x11-0; or use the command line, see `corticurve --help`"
    ))
}

/// An error without the file and line of the library that it comes from, which say nothing to who reads it.
fn without_place(error: &str) -> String {
    let Some((before, after)) = error.split_once(".rs:") else { return error.to_owned() };
    let what = before.rsplit_once(" at ").map_or("", |(what, _)| what);
    format!("{what}: {}", after.split_once(": ").map_or(after, |(_, why)| why))
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
