//! A pharmacist's desk for the window tests: a window over a folder of its own, with a clock that stands still.

use super::{builder, window};
use crate::store::share::Share;
use corticurve::app::clock::{Clock, FixedClock};
use corticurve::app::worker::{Wake, Worker};
use corticurve::app::{Action, App, Browse, Places, Reference, Theme};
use corticurve::record::{Moment, Zone, time};
use corticurve::ui::MainWindow;
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

pub type Desk = Harness<'static, MainWindow>;

/// The size of the smallest screen that the window must work on.
pub const SMALL: [f32; 2] = [1280.0, 720.0];

pub struct NoDialogs;

impl Browse for NoDialogs {
    fn file(&self) -> Option<PathBuf> {
        None
    }

    fn folder(&self) -> Option<PathBuf> {
        None
    }
}

/// Sunday afternoon in the picture of the design.
pub fn now() -> Moment {
    time::parse_moment("2026-11-22 14:32", &chrono::FixedOffset::east_opt(3600).unwrap()).unwrap()
}

/// A clock that goes on only when a test says so.
#[derive(Clone)]
pub struct TestClock(Arc<Mutex<Moment>>, chrono::FixedOffset);

impl TestClock {
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(now())), *now().offset())
    }

    pub fn goes_on(&self, by: chrono::TimeDelta) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for TestClock {
    fn now(&self) -> Moment {
        *self.0.lock().unwrap()
    }

    fn zone(&self) -> &dyn Zone {
        &self.1
    }
}

/// The window over a folder as it is, with a clock that can go on.
pub fn over_clock(folder: &TempDir, clock: &TestClock) -> Desk {
    let root = folder.path();
    let places = Places { data: root.join("data"), config: root.join("config"), cache: None };
    let mut app = App::new(Reference::shipped().unwrap(), places, Box::new(clock.clone()), Box::new(NoDialogs));
    app.settings.theme = Theme::Light;
    open(app, SMALL)
}

fn app(folder: &Path, at: Moment) -> App {
    let places = Places { data: folder.join("data"), config: folder.join("config"), cache: Some(folder.join("cache")) };
    let mut app = App::new(Reference::shipped().unwrap(), places, Box::new(FixedClock(at)), Box::new(NoDialogs));
    app.settings.theme = Theme::Light;
    app
}

pub fn open(app: App, size: [f32; 2]) -> Desk {
    open_scaled(app, size, 1.0)
}

/// The window with so many pixels a point on a screen of so many points.
fn open_scaled(app: App, size: [f32; 2], pixels: f32) -> Desk {
    let builder = builder(size, egui::Theme::Light).with_max_steps(30).with_pixels_per_point(pixels);
    let mut desk = window(builder, MainWindow::new(app), |ui, main| main.show(ui));
    desk.run();
    desk
}

/// The window over a folder as it is.
pub fn over(folder: &TempDir) -> Desk {
    open(app(folder.path(), now()), SMALL)
}

/// The window over a folder on a share, with the worker on a thread of its own as in the program, or not.
pub fn over_share(folder: &TempDir, share: &Share, wake: Option<Wake>) -> Desk {
    over_share_with(folder, share, wake, Box::new(FixedClock(now())), Box::new(NoDialogs))
}

/// The same with a clock that can go on, and with dialogs.
pub fn over_share_with(
    folder: &TempDir,
    share: &Share,
    wake: Option<Wake>,
    clock: Box<dyn Clock>,
    dialogs: Box<dyn Browse>,
) -> Desk {
    let places = Places { data: folder.path().join("data"), config: folder.path().join("config"), cache: None };
    let storage = Arc::new(share.clone());
    let worker =
        wake.map_or_else(|| Worker::inline(storage.clone()), |wake| Worker::threaded(storage.clone(), wake).unwrap());
    let mut app = App::unopened(Reference::shipped().unwrap(), places, clock, dialogs, worker);
    app.open_what_is_there();
    app.settings.theme = Theme::Light;
    open(app, SMALL)
}

/// The same at another time.
pub fn over_at(folder: &TempDir, at: Moment) -> Desk {
    open(app(folder.path(), at), SMALL)
}

/// The window over the demo ward.
pub fn demo(theme: Theme, size: [f32; 2]) -> Desk {
    let nowhere = tempfile::tempdir().unwrap();
    let mut app = app(nowhere.path(), now());
    app.settings.theme = theme;
    app.update(Action::TryDemo);
    open(app, size)
}

/// The demo ward in large type: the smallest screen at so many pixels a point.
pub fn demo_scaled(theme: Theme, pixels: f32) -> Desk {
    demo_on(theme, SMALL, pixels)
}

/// The demo ward on a screen of so many pixels, at so many of them a point.
pub fn demo_on(theme: Theme, screen: [f32; 2], pixels: f32) -> Desk {
    let nowhere = tempfile::tempdir().unwrap();
    let mut app = app(nowhere.path(), now());
    app.settings.theme = theme;
    app.update(Action::TryDemo);
    open_scaled(app, screen.map(|side| side / pixels), pixels)
}

/// Starts a ward, says who records, and fills in who EXAMPLE, Robin is; the form is still open.
pub fn begin_with_robin(desk: &mut Desk) {
    desk.click("Start a ward");
    desk.fill("Your initials", "nk");
    desk.press(Key::Enter);
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::I);
    desk.fill("MRN", "40 017");
    desk.fill("Family name", "Example");
    desk.fill("Given name", "Robin");
}

/// A ward with EXAMPLE, Robin in it, registered through the window, and who records.
pub fn with_robin() -> (TempDir, Desk) {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = over(&folder);
    begin_with_robin(&mut desk);
    desk.fill("Date of birth", "2009-03-04");
    desk.fill("Weight in kg", "52.3");
    desk.fill("CAR T-cell product", "tisagenlecleucel");
    desk.fill("Infusion time", "2026-11-13 10:40");
    desk.press(Key::Enter);
    assert_eq!(desk.state().app.form.as_ref().and_then(|form| form.error.clone()), None);
    (folder, desk)
}

/// What a user does, by the names that a screen reader would read out.
pub trait Hands {
    fn click(&mut self, label: &str);
    fn press(&mut self, key: Key);
    fn press_with(&mut self, modifiers: Modifiers, key: Key);
    fn fill(&mut self, label: &str, text: &str);
    fn choose(&mut self, label: &str, choice: &str);
    fn quick(&mut self, line: &str);
    fn sees(&self, text: &str) -> bool;
    fn figure(&self, label: &str) -> String;
    fn notice(&self) -> String;
}

impl Hands for Desk {
    fn click(&mut self, label: &str) {
        self.get_by_label(label).click();
        self.run();
    }

    fn press(&mut self, key: Key) {
        self.key_press(key);
        self.run();
    }

    fn press_with(&mut self, modifiers: Modifiers, key: Key) {
        self.key_press_modifiers(modifiers, key);
        self.run();
    }

    /// Puts the keyboard into a field, replaces what it holds, and types.
    fn fill(&mut self, label: &str, text: &str) {
        self.get_by_role_and_label(Role::TextInput, label).focus();
        self.run();
        self.press_with(Modifiers::COMMAND, Key::A);
        self.press(Key::Delete);
        self.get_by_role_and_label(Role::TextInput, label).type_text(text);
        self.run();
    }

    /// Opens a list of choices and takes one.
    fn choose(&mut self, label: &str, choice: &str) {
        self.get_by_role_and_label(Role::ComboBox, label).click();
        self.run();
        self.get_by_role_and_label(Role::Button, choice).click();
        self.run();
    }

    /// Types a line into the quick entry, from anywhere, with the keyboard alone.
    fn quick(&mut self, line: &str) {
        self.press_with(Modifiers::COMMAND, Key::L);
        self.event(egui::Event::Text(line.to_owned()));
        self.run();
    }

    fn sees(&self, text: &str) -> bool {
        self.query_all_by_label_contains(text).next().is_some() || self.query_all_by_value(text).next().is_some()
    }

    fn figure(&self, label: &str) -> String {
        let view = self.state().app.shown().unwrap();
        view.lines.iter().find(|line| line.label.starts_with(label)).map(|line| line.value.clone()).unwrap_or_default()
    }

    fn notice(&self) -> String {
        self.state().app.notice.as_ref().map(|notice| notice.text.clone()).unwrap_or_default()
    }
}
