//! x
use super::{builder, window};
use corticurve::app::clock::FixedClock;
use corticurve::app::{Action, App, Browse, Places, Reference};
use corticurve::record::time;
use corticurve::ui::MainWindow;
use std::path::PathBuf;

struct Nothing;
impl Browse for Nothing {
    fn file(&self) -> Option<PathBuf> {
        None
    }
    fn folder(&self) -> Option<PathBuf> {
        None
    }
}

#[test]
fn the_demo_settles() {
    let zone = chrono::FixedOffset::east_opt(0).unwrap();
    let at = time::parse_moment("2026-11-22 14:32", &zone).unwrap();
    let places = Places { data: "/nonexistent/x".into(), config: "/nonexistent/y".into() };
    let mut app = App::unopened(Reference::shipped().unwrap(), places, Box::new(FixedClock(at)), Box::new(Nothing));
    app.settings.theme = corticurve::app::Theme::Light;
    app.update(Action::TryDemo);
    let main = MainWindow::new(app);
    let mut harness =
        window(builder([1280.0, 720.0], egui::Theme::Light).with_max_steps(20), main, |ui, main| main.show(ui));
    harness.run();
    harness.snapshot("main_light");
}
