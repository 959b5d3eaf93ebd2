//! What is said of a dose before it is saved, where it is not as simple as it looks.

use super::desk::{Desk, Hands, SMALL, demo, with_robin};
use corticurve::app::{Action, Theme};
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;

fn effect(desk: &Desk) -> (String, bool) {
    let echo = desk.state().app.quick.echo.clone().unwrap().unwrap();
    (echo.effect, echo.is_left_out)
}

#[test]
fn a_dose_that_will_not_be_in_the_total_says_why_before_it_is_saved() {
    let (_folder, mut desk) = with_robin();
    for (line, why, is_left_out) in [
        ("dex 10 it 14:00", "not counted: not systemic, total 0 → 0 mg", true),
        ("fludro 0.1 po 14:00", "not counted: mineralocorticoid, total 0 → 0 mg", true),
        ("deflazacort 30 po 14:00", "undecided: not in table, total 0 → 0 mg", true),
        ("dex 10 iv 14:00 unknown", "undecided: status unknown, total 0 → 0 mg, 10 mg undecided", true),
        ("hold dex 14:00", "not counted: not given, total 0 → 0 mg", false),
        ("dex 10 iv 14:00", "total 0 → 10 mg", false),
    ] {
        desk.quick(line);
        let (effect, left_out) = effect(&desk);
        assert!(effect.starts_with(why) && left_out == is_left_out, "{line}: {effect}");
        desk.press(Key::Escape);
    }
}

#[test]
fn what_cannot_be_converted_is_not_called_0_mg() {
    let (_folder, mut desk) = with_robin();
    desk.quick("deflazacort 30 po 14:00");
    desk.press(Key::Enter);
    assert_eq!(desk.figure("? Undecided"), "1 dose that cannot be converted");
    desk.quick("dex 10 iv 14:00 unknown");
    desk.press(Key::Enter);
    assert_eq!(desk.figure("? Undecided"), "10 mg");
    assert!(desk.sees("and 1 dose that cannot be converted"));
}

#[test]
fn many_doses_are_seen_to_the_last_by_the_keyboard() {
    let (_folder, mut desk) = with_robin();
    desk.quick("dex 1 iv q1h x12 from 02:00");
    let bottom =
        |desk: &Desk| desk.get_by_label_contains("1.  dexAMETHasone 1 mg, intravenous, today 02:00").rect().top();
    let before = bottom(&desk);
    desk.press(Key::PageDown);
    assert!(bottom(&desk) < before - 50.0, "{} {before}", bottom(&desk));
    assert!(desk.get_by_role_and_label(Role::TextInput, "Quick entry of a dose").is_focused());
    desk.press(Key::PageUp);
    assert!((bottom(&desk) - before).abs() < 1.0);
}

#[test]
fn nothing_hangs_over_the_line_while_the_mouse_rests_below_the_chart() {
    let mut desk = demo(Theme::Light, SMALL);
    desk.press_with(Modifiers::COMMAND, Key::L);
    let legend = desk.get_by_label_contains("not yet checked").rect().center();
    desk.event(egui::Event::PointerMoved(legend));
    for _ in 0..90 {
        desk.step();
    }
    assert!(!desk.sees("Shift+drag"), "no help of the mouse over the quick entry");
}

#[test]
fn what_was_saved_and_will_not_count_is_told_with_the_reason_that_was_echoed() {
    let (_folder, mut desk) = with_robin();
    for (line, told) in [
        ("dex 0.1 eye 14:00", "Saved: dexAMETHasone 0.1 mg, not counted: not systemic."),
        ("dex 10 it 13:00, 13:10", "Saved: 2 doses of dexAMETHasone 10 mg, not counted: not systemic."),
        ("fludro 0.1 po 14:00", "Saved: fludrocortisone 0.1 mg, not counted: mineralocorticoid."),
        ("deflazacort 30 po 14:00", "Saved: deflazacort 30 mg, undecided: not in table."),
        ("predniSONE 40 po 14:00 unknown", "Saved: predniSONE 40 mg, undecided: status unknown."),
        ("hold dex 4 12:00", "Saved: dexAMETHasone 4 mg due, not counted: not given."),
        ("dex 10 iv 11:00", "Saved: dexAMETHasone 10 mg."),
    ] {
        desk.quick(line);
        let echoed = desk.state().app.quick.echo.clone().unwrap().unwrap().why_not;
        assert!(echoed.is_none_or(|why| told.ends_with(&format!(", {why}."))), "{line}");
        desk.press(Key::Enter);
        assert_eq!(desk.notice(), told, "{line}");
        assert!(desk.sees(told), "{line}");
    }
    // By a correction that takes the oldest dose out of the total.
    desk.press_with(Modifiers::COMMAND, Key::ArrowDown);
    desk.state_mut().app.update(Action::ChooseBy(10));
    desk.run();
    desk.press_with(Modifiers::COMMAND, Key::E);
    desk.choose("Route", "eye");
    desk.fill("Reason", "drops");
    desk.press(Key::Enter);
    assert_eq!(desk.notice(), "Saved: correction, not counted: not systemic.", "{:?}", desk.state().app.form);
}
