//! Where a figure comes from, and the episodes of a patient with two infusions, in the window.

use super::desk::{Hands, SMALL, demo, with_robin};
use corticurve::app::{Action, Overlay, Theme};
use corticurve::exposure::{FigureName, Window};
use egui::{Key, Modifiers};

#[test]
fn f2_shows_the_doses_that_make_the_total_and_again_the_next_figure() {
    let (_folder, mut desk) = with_robin();
    for line in ["dex 10 iv 2026-11-14 08:00", "methylpred 125 iv 2026-11-15 08:00", "hold dex 10 2026-11-15 14:30"] {
        desk.quick(line);
        desk.press(Key::Enter);
    }
    desk.press(Key::F2);
    assert!(desk.sees("Cumulative, Day 0 to now: 33.4375 mg") && desk.sees("factors of table fda-label version 1"));
    assert!(desk.sees("× 0.1875") && desk.sees("23.4375") && desk.sees("not given"));
    desk.press(Key::F2);
    assert!(desk.sees("Range: tables, base/phosphate"), "the next figure of the panel");
    desk.press_with(Modifiers::SHIFT, Key::F2);
    assert!(desk.sees("Cumulative, Day 0 to now: 33.4375 mg"));
    desk.press(Key::Escape);
    assert_eq!(desk.state().app.overlay, None);
    // The line that was being typed is where it was.
    desk.quick("dex 4 iv");
    assert!(desk.sees("total 33.4375 → 37.4375 mg"));
}

#[test]
fn a_figure_of_the_panel_is_a_button_for_its_doses() {
    let (_folder, mut desk) = with_robin();
    desk.quick("dex 10 iv 2026-11-22 08:00");
    desk.press(Key::Enter);
    desk.click("Last 24 h 10 mg: where it comes from");
    assert_eq!(desk.state().app.explanation.as_ref().unwrap().figure, FigureName::Last24h);
    assert!(desk.sees("after 21-Nov-2026 14:32 to 22-Nov-2026 14:32"));
    desk.click("Close");
    desk.click("D7 so far 0 mg: where it comes from");
    assert!(desk.sees("the medication chart is not checked to the end of that day"));
}

#[test]
fn an_explanation_follows_what_is_recorded_meanwhile() {
    let (folder, mut desk) = with_robin();
    desk.press(Key::F2);
    assert!(desk.sees("No dose makes this figure."));
    let mut other = super::desk::over(&folder);
    other.quick("dex 10 iv 2026-11-22 08:00");
    other.press(Key::Enter);
    desk.state_mut().app.update(Action::Reload);
    desk.run();
    assert_eq!(desk.state().app.overlay, Some(Overlay::Explanation));
    assert!(desk.sees("Cumulative, Day 0 to now: 10 mg"));
}

#[test]
fn every_figure_of_the_demo_has_an_explanation() {
    let mut desk = demo(Theme::Light, SMALL);
    for _ in 0..desk.state().app.rows.len() {
        for figure in desk.state().app.shown().unwrap().explained() {
            desk.state_mut().app.update(Action::Explain(figure));
            assert_eq!(desk.state().app.explanation.as_ref().map(|shown| shown.figure), Some(figure));
        }
        desk.state_mut().app.update(Action::Cancel);
        desk.state_mut().app.update(Action::SelectBy(1));
    }
}

#[test]
fn an_explanation_looks_like_this() {
    let mut desk = demo(Theme::Light, SMALL);
    desk.press(Key::F2);
    desk.run();
    desk.snapshot("explanation");
}

#[test]
fn a_patient_with_two_infusions_can_be_seen_episode_by_episode() {
    let (_folder, mut desk) = with_robin();
    desk.quick("dex 10 iv 2026-11-14 08:00");
    desk.press(Key::Enter);
    let windows = desk.state().app.windows().len();
    desk.press_with(Modifiers::COMMAND, Key::I);
    desk.fill("CAR T-cell product", "tisagenlecleucel");
    desk.fill("Infusion time", "2026-11-20 10:00");
    desk.press(Key::Enter);
    desk.quick("dex 4 iv 2026-11-21 08:00");
    desk.press(Key::Enter);
    assert_eq!(desk.state().app.windows().len(), windows + 2);
    assert_eq!((desk.figure("Cumulative"), desk.figure("Before Day 0")), ("4 mg".to_owned(), "10 mg".to_owned()));
    assert!(desk.sees("Day +2"));
    desk.state_mut().app.update(Action::Window(Window::Episode(1)));
    desk.run();
    assert!(desk.sees("Cumulative, episode 1"));
    assert_eq!(desk.figure("Cumulative"), "10 mg");
    // F6 goes on through the episodes and begins again.
    desk.press(Key::F6);
    assert_eq!(desk.state().app.window, Window::Episode(2));
    desk.press(Key::F6);
    assert_eq!(desk.state().app.window, Window::Day0);
}
