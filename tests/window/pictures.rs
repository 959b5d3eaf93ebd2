//! Pictures of the window, small enough to review. Looked at, not only stored.

use super::desk::{Hands, SMALL, demo, over};
use corticurve::app::Theme;
use egui::{Key, Modifiers};

#[test]
fn the_main_window_in_light() {
    demo(Theme::Light, SMALL).snapshot("main_light");
}

#[test]
fn the_main_window_in_dark() {
    let mut desk = demo(Theme::Dark, SMALL);
    desk.quick("dex 4.5 iv 14:30 icans");
    desk.snapshot("main_dark");
}

#[test]
fn the_first_run() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = over(&folder);
    // The folder's path is another one in each run.
    desk.state_mut().app.places.data = "EXAMPLE/corticurve".into();
    desk.run();
    desk.snapshot("first_run");
}

#[test]
fn an_undecided_patient() {
    let mut desk = demo(Theme::Light, SMALL);
    desk.press_with(Modifiers::COMMAND, Key::PageDown);
    desk.press_with(Modifiers::COMMAND, Key::PageDown);
    assert!(desk.sees("NGUYỄN-VÍ-DỤ"));
    desk.snapshot("undecided");
}

#[test]
fn a_long_name() {
    let mut desk = demo(Theme::Light, SMALL);
    desk.press_with(Modifiers::COMMAND, Key::PageDown);
    desk.snapshot("long_name");
}

#[test]
fn a_plan_with_what_if_beside_it() {
    let mut desk = demo(Theme::Light, SMALL);
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::W);
    desk.fill("What if", "dex 6 iv bid for 3d then 3 daily x2");
    desk.press(Key::Enter);
    desk.snapshot("what_if");
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::W);
    desk.fill("Reach, in mg", "150");
    desk.snapshot("what_if_form");
}

#[test]
fn a_form() {
    let mut desk = demo(Theme::Light, SMALL);
    desk.press_with(Modifiers::COMMAND, Key::N);
    desk.fill("Amount", "4.5");
    desk.snapshot("dose_form");
}
