//! The dose curve by keyboard and by hand: from dose to dose, closer and further, and back to the log.

use super::desk::{Desk, Hands, SMALL, demo, with_robin};
use corticurve::app::Theme;
use corticurve::exposure::figure::{Figure, Stretch};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, PointerButton, Pos2, pos2};
use egui_kittest::kittest::{NodeT, Queryable};

fn figure(desk: &Desk) -> &Figure {
    &desk.state().app.shown().unwrap().figure
}

/// What a screen reader says of the focused chart.
fn reads(desk: &Desk) -> String {
    desk.get_by_role(Role::Image).value().unwrap_or_default()
}

fn seen(desk: &Desk) -> Stretch {
    desk.state().app.chart.seen(figure(desk))
}

/// The words of the chosen line of the log, all in one.
fn chosen(desk: &Desk) -> String {
    let app = &desk.state().app;
    let lines = &app.shown().unwrap().log;
    lines.iter().find(|line| Some(&line.id) == app.chosen.as_ref()).map(|line| line.cells.join(" ")).unwrap_or_default()
}

/// EXAMPLE, Robin with doses of three kinds, and the keyboard in the chart.
fn with_doses() -> (tempfile::TempDir, Desk) {
    let (folder, mut desk) = with_robin();
    for line in [
        "dex 10 iv 2026-11-16 08:00",
        "ana 100 sc 2026-11-16 12:30",
        "dex 6 iv 2026-11-17 08:00 unknown",
        "dex 4 iv 2026-11-18 20:00",
    ] {
        desk.quick(line);
        desk.press(Key::Enter);
    }
    desk.press(Key::Escape);
    desk.press_with(Modifiers::COMMAND, Key::J);
    desk.run();
    (folder, desk)
}

#[test]
fn the_arrows_go_from_dose_to_dose_and_the_chart_says_what_the_crosshair_reads() {
    let (_folder, mut desk) = with_doses();
    for (key, says) in [
        (Key::Home, "Day +3 08:00, dexAMETHasone 10 mg IV, → 10 mg so far"),
        (Key::ArrowRight, "Day +3 12:30, anakinra 100 mg SC, → 10 mg of steroid so far"),
        (Key::ArrowRight, "Day +4 08:00, ? dexAMETHasone 6 mg IV: status unknown"),
        (Key::ArrowRight, "Day +5 20:00, dexAMETHasone 4 mg IV, → 14 mg so far"),
        (Key::ArrowRight, "Day +5 20:00, dexAMETHasone 4 mg IV, → 14 mg so far"),
        (Key::ArrowLeft, "Day +4 08:00, ? dexAMETHasone 6 mg IV: status unknown"),
        (Key::End, "Day +5 20:00, dexAMETHasone 4 mg IV, → 14 mg so far"),
    ] {
        desk.press(key);
        assert!(reads(&desk).starts_with(says), "{key:?}: {}", reads(&desk));
    }
    assert!(
        desk.get_by_role(Role::Image).accesskit_node().label().unwrap().starts_with("14 mg"),
        "its name is the sentence"
    );
}

#[test]
fn the_chart_is_one_stop_of_the_tab_key_and_escape_gives_the_keyboard_back() {
    let (_folder, mut desk) = with_doses();
    assert!(desk.get_by_role(Role::Image).is_focused());
    desk.press(Key::Tab);
    assert!(!desk.get_by_role(Role::Image).is_focused() && reads(&desk).is_empty());
    desk.press_with(Modifiers::SHIFT, Key::Tab);
    assert!(desk.get_by_role(Role::Image).is_focused());
    assert!(reads(&desk).starts_with("Day +5 20:00"), "the crosshair is where it was: {}", reads(&desk));
    desk.press(Key::Escape);
    desk.run();
    desk.event(Event::Text("dex".to_owned()));
    desk.run();
    assert_eq!(desk.state().app.quick.line, "dex", "whoever types records a dose");
}

#[test]
fn enter_finds_the_dose_in_the_log_and_the_log_finds_it_in_its_lane() {
    let (_folder, mut desk) = with_doses();
    for (day, says) in [("2026-11-16", "dexAMETHasone 10 mg"), ("", "anakinra 100 mg"), ("", "dexAMETHasone 6 mg")] {
        desk.press(if day.is_empty() { Key::ArrowRight } else { Key::Home });
        desk.press(Key::Enter);
        assert!(chosen(&desk).contains(says), "{says}: {}", chosen(&desk));
    }
    // The same doses from the log: each is somewhere in the lanes, also one that is in no total.
    let app = &desk.state().app;
    let spots: Vec<_> = app.shown().unwrap().log.iter().map(|line| figure(&desk).spot(&line.id).unwrap()).collect();
    let lanes: Vec<_> = spots.iter().map(|spot| (spot.on_curve, spot.anakinra, spot.beside)).collect();
    assert_eq!(
        lanes,
        [(Some(14.0), false, false), (None, false, true), (None, true, false), (Some(10.0), false, false)]
    );
}

#[test]
fn doses_of_one_minute_are_one_stop_and_enter_chooses_each_in_turn() {
    let (_folder, mut desk) = with_robin();
    for line in ["dex 10 iv 2026-11-16 08:00", "ana 100 sc 2026-11-16 08:00"] {
        desk.quick(line);
        desk.press(Key::Enter);
    }
    desk.press(Key::Escape);
    desk.press_with(Modifiers::COMMAND, Key::J);
    desk.press(Key::Home);
    assert!(reads(&desk).contains("dexAMETHasone 10 mg IV") && reads(&desk).contains("anakinra 100 mg SC"));
    let mut found = Vec::new();
    for _ in 0..3 {
        desk.press(Key::Enter);
        found.push(if chosen(&desk).contains("anakinra") { "anakinra" } else { "dexamethasone" });
    }
    assert_ne!(found[0], found[1]);
    assert_eq!(found[0], found[2]);
}

#[test]
fn keys_go_closer_and_further_around_the_crosshair_and_back_to_all_of_it() {
    let (_folder, mut desk) = with_doses();
    let whole = seen(&desk);
    desk.press(Key::Home);
    let crosshair = desk.state().app.chart.crosshair.as_ref().unwrap().x;
    let place = |seen: Stretch| (crosshair - seen.from) / seen.length();
    desk.press(Key::Plus);
    let closer = seen(&desk);
    assert!((whole.length() / closer.length() - 1.5).abs() < 1e-9);
    assert!((place(closer) - place(whole)).abs() < 1e-9, "the crosshair stays where it is");
    desk.press(Key::Minus);
    assert!((seen(&desk).length() - whole.length()).abs() < 1e-9);
    desk.press_with(Modifiers::SHIFT, Key::ArrowRight);
    assert!((seen(&desk).from - whole.from - whole.length() / 4.0).abs() < 1e-9, "a quarter later");
    desk.press(Key::F);
    assert_eq!(seen(&desk), Stretch::DAYS_0_TO_30);
    desk.press(Key::Num0);
    assert_eq!(seen(&desk), whole);
}

#[test]
fn a_zoomed_chart_goes_along_with_the_crosshair_and_with_the_chosen_line_of_the_log() {
    let (_folder, mut desk) = with_doses();
    desk.press(Key::Home);
    for _ in 0..6 {
        desk.press(Key::Plus);
    }
    let sees = |desk: &Desk, x: f64| (seen(desk).from..=seen(desk).to).contains(&x);
    let (first, last) = (figure(&desk).doses[0].x, figure(&desk).doses[2].x);
    assert!(sees(&desk, first) && !sees(&desk, last));
    desk.press(Key::End);
    assert!(sees(&desk, last) && !sees(&desk, first));
    desk.press_with(Modifiers::COMMAND, Key::ArrowDown);
    for _ in 0..3 {
        desk.press_with(Modifiers::COMMAND, Key::ArrowDown);
    }
    assert!(chosen(&desk).contains("10 mg") && sees(&desk, first), "{}", chosen(&desk));
}

fn button(desk: &mut Desk, at: Pos2, button: PointerButton, pressed: bool, modifiers: Modifiers) {
    desk.event_modifiers(Event::PointerButton { pos: at, button, pressed, modifiers }, modifiers);
    desk.run();
}

fn drag(desk: &mut Desk, with: PointerButton, modifiers: Modifiers, from: Pos2, to: Pos2) {
    desk.event(Event::PointerMoved(from));
    desk.run();
    button(desk, from, with, true, modifiers);
    for at in [from.lerp(to, 0.5), to] {
        desk.event_modifiers(Event::PointerMoved(at), modifiers);
        desk.run();
    }
    button(desk, to, with, false, modifiers);
}

#[test]
fn a_drag_shows_the_stretch_and_with_shift_or_the_right_button_it_moves_the_chart() {
    let mut desk = demo(Theme::Light, SMALL);
    let whole = seen(&desk);
    let area = desk.get_by_role(Role::Image).rect();
    // Over any lane: here from the curve down to the grades.
    let (from, to) =
        (pos2(area.left() + area.width() * 0.25, area.top() + 40.0), pos2(area.center().x, area.bottom() - 8.0));
    drag(&mut desk, PointerButton::Primary, Modifiers::NONE, from, to);
    let dragged = seen(&desk);
    assert!((dragged.from - (whole.from + whole.length() * 0.25)).abs() < 0.05, "{dragged:?}");
    assert!((dragged.to - (whole.from + whole.length() * 0.5)).abs() < 0.05, "{dragged:?}");
    for (with, modifiers) in [(PointerButton::Primary, Modifiers::SHIFT), (PointerButton::Secondary, Modifiers::NONE)] {
        let before = seen(&desk);
        drag(&mut desk, with, modifiers, from, to);
        let moved = (before.from - seen(&desk).from) / before.length();
        assert!((seen(&desk).length() - before.length()).abs() < 1e-9 && (0.1..0.5).contains(&moved), "{moved}");
    }
    desk.click("All");
    assert_eq!(seen(&desk), whole);
    desk.click("D0–30");
    assert_eq!(seen(&desk), Stretch::DAYS_0_TO_30);
}

#[test]
fn another_patient_opens_with_a_chart_of_its_own() {
    let mut desk = demo(Theme::Light, SMALL);
    desk.press_with(Modifiers::COMMAND, Key::J);
    desk.press(Key::Plus);
    assert!(desk.state().app.chart.stretch.is_some() && desk.state().app.chart.crosshair.is_some());
    desk.press_with(Modifiers::COMMAND, Key::PageDown);
    assert!(desk.state().app.chart.stretch.is_none() && desk.state().app.chart.crosshair.is_none());
}
