//! The dose curve by keyboard: from dose to dose, closer and further, and back to the log.

use super::desk::{Desk, Hands, SMALL, TestClock, begin_with_robin, demo, over, over_clock, with_robin};
use chrono::TimeDelta;
use corticurve::app::{Action, ChartAction, Theme};
use corticurve::exposure::Window;
use corticurve::exposure::figure::{AmountUnit, Figure, Stretch};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::{NodeT, Queryable};

pub fn figure(desk: &Desk) -> &Figure {
    &desk.state().app.shown().unwrap().figure
}

/// What a screen reader says of the focused chart.
fn reads(desk: &Desk) -> String {
    desk.get_by_role(Role::Image).value().unwrap_or_default()
}

pub fn seen(desk: &Desk) -> Stretch {
    desk.state().app.chart.seen(figure(desk))
}

/// The words of the chosen line of the log, all in one.
pub fn chosen(desk: &Desk) -> String {
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
fn letters_that_are_no_key_of_the_chart_are_typed_into_the_line() {
    let (_folder, mut desk) = with_doses();
    for (typed, line) in
        [(&["d", "e", "x", " ", "10", " iv"][..], "dex 10 iv"), (&["f", "0", "+", " "], ""), (&["D"], "D")]
    {
        desk.press_with(Modifiers::COMMAND, Key::J);
        for letters in typed {
            desk.event(egui::Event::Text((*letters).to_owned()));
            desk.run();
        }
        assert_eq!(desk.state().app.quick.line, line, "{typed:?}");
        desk.press(Key::Escape);
        desk.press(Key::Escape);
    }
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

#[test]
fn another_scale_works_no_amount_out_again() {
    let (folder, desk) = with_doses();
    drop(desk);
    let clock = TestClock::new();
    let mut desk = over_clock(&folder, &clock);
    let worked_out = |desk: &Desk| desk.state().app.shown().unwrap().exposure.as_of;
    let (at, even) = (worked_out(&desk), figure(&desk).curve.clone());
    clock.goes_on(TimeDelta::seconds(20));
    desk.state_mut().app.update(Action::Chart(ChartAction::Spacing));
    assert_ne!(figure(&desk).curve, even);
    desk.state_mut().app.update(Action::Chart(ChartAction::Spacing));
    assert_eq!((figure(&desk).curve.clone(), worked_out(&desk)), (even, at));
    desk.state_mut().app.update(Action::Window(Window::All));
    assert_eq!(worked_out(&desk), at + TimeDelta::seconds(20), "another window does");
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

pub const SHIFT: Modifiers = Modifiers::SHIFT;

#[test]
fn the_axis_is_in_mg_per_kg_by_one_key_and_the_crosshair_reads_both() {
    let (_folder, mut desk) = with_doses();
    desk.press(Key::End);
    desk.press_with(SHIFT, Key::F4);
    assert_eq!(figure(&desk).unit(), AmountUnit::MgPerKg);
    // 14 mg for 52.3 kg.
    assert!(reads(&desk).contains("→ 0.27 mg/kg so far (14 mg)"), "{}", reads(&desk));
    assert_eq!(
        figure(&desk).curve_caption(),
        "total mg/kg dexamethasone-equivalent by 52.3 kg, the first weight after Day 0"
    );
    desk.press_with(SHIFT, Key::F4);
    assert!(reads(&desk).contains("→ 14 mg so far (0.27 mg/kg)"), "{}", reads(&desk));
}

#[test]
fn without_a_weight_the_axis_stays_in_mg_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = over(&folder);
    begin_with_robin(&mut desk);
    desk.press(Key::Enter);
    desk.press_with(SHIFT, Key::F4);
    assert!(desk.notice().contains("mg/kg needs a weight"), "{}", desk.notice());
    assert_eq!(figure(&desk).unit(), AmountUnit::Mg);
    assert!(!desk.sees("D0–30"), "and no Day 0, no Days 0 to 30");
}

#[test]
fn a_logarithmic_total_says_so_at_the_axis_and_begins_at_zero() {
    let (_folder, mut desk) = with_doses();
    desk.press_with(SHIFT, Key::F6);
    assert_eq!(figure(&desk).curve_caption(), "total mg dexamethasone-equivalent, log scale above 10 mg");
    assert_eq!(figure(&desk).curve_ticks(5)[0].label, "0");
    desk.press_with(SHIFT, Key::F6);
    assert_eq!(figure(&desk).curve_caption(), "total mg dexamethasone-equivalent");
}

#[test]
fn published_medians_are_of_the_own_age_group_and_in_the_axis_own_unit_and_can_be_switched_off() {
    let (folder, mut desk) = with_doses();
    // Robin is 17: the adults' 186 mg is no comparison, the children's series is per kilogram.
    assert!(figure(&desk).published.is_empty());
    desk.press_with(SHIFT, Key::F4);
    let label = "0.56 mg/kg: median of 194 children with B-ALL (Yang 2024), not a limit";
    assert_eq!(figure(&desk).published[0].label, label);
    desk.press_with(SHIFT, Key::F8);
    assert!(figure(&desk).published.is_empty());
    let settings = corticurve::app::Settings::load(&folder.path().join("config"));
    assert!(settings.hides_published, "it is remembered");
    desk.press_with(SHIFT, Key::F8);
    assert_eq!(figure(&desk).published.len(), 1);
}

#[test]
fn the_chart_as_a_table_is_walked_and_copied_by_keyboard() {
    let (_folder, mut desk) = with_doses();
    desk.press_with(SHIFT, Key::F7);
    desk.run();
    let focused = |desk: &Desk| {
        let rows: Vec<_> = desk.query_all_by_role(Role::ListBoxOption).collect();
        rows.iter().find(|row| row.is_focused()).and_then(|row| row.accesskit_node().label()).unwrap_or_default()
    };
    let first = "Given 16-Nov-2026 08:00, Day +3, Drug dexAMETHasone, Dose 10 mg, Route IV, Running total 10 mg";
    assert_eq!(focused(&desk), first);
    desk.press(Key::ArrowDown);
    assert!(focused(&desk).contains("anakinra, Dose 100 mg"), "{}", focused(&desk));
    desk.press(Key::End);
    assert!(focused(&desk).ends_with("Running total 14 mg"), "{}", focused(&desk));
    desk.press(Key::ArrowUp);
    assert!(focused(&desk).ends_with("Running total not in it: status unknown"), "{}", focused(&desk));
    desk.press(Key::ArrowRight);
    desk.run();
    assert_eq!(focused(&desk), "Date 16-Nov-2026, Day +3, Steroid, mg 10, Anakinra, mg 100");
    for (button, line) in [
        ("Copy the table as CSV", "18-Nov-2026 20:00,+5,dexAMETHasone,4 mg,IV,14 mg"),
        ("Copy the table", "  18-Nov-2026 20:00  +5   dexAMETHasone  4 mg    IV     14 mg"),
    ] {
        desk.state_mut().app.clipboard = None;
        desk.get_by_label(button).click();
        desk.step();
        let copied = copied(&desk);
        assert!(copied.starts_with("EXAMPLE, Robin\n") && copied.lines().any(|row| row == line), "{copied}");
    }
    desk.press(Key::Escape);
    desk.press(Key::Escape);
    assert!(desk.state().app.overlay.is_none());
}

/// What went to the clipboard in the last frame.
fn copied(desk: &Desk) -> String {
    let commands = &desk.output().platform_output.commands;
    let text = commands.iter().find_map(|command| match command {
        egui::OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    });
    text.unwrap_or_default()
}

/// Pictures of what the others do not show. Looked at, not only stored.
#[test]
fn the_crosshair_on_a_chosen_dose_of_a_zoomed_chart_looks_like_this() {
    let mut desk = demo(Theme::Light, SMALL);
    desk.press_with(Modifiers::COMMAND, Key::J);
    desk.press(Key::ArrowLeft);
    desk.press(Key::Enter);
    desk.press(Key::Plus);
    desk.snapshot("chart_crosshair");
}

#[test]
fn a_logarithmic_chart_with_published_medians_looks_like_this() {
    let mut desk = demo(Theme::Dark, SMALL);
    while !desk.sees("SPECIMEN, Kit") || desk.state().app.patient().unwrap().shown_name() != "SPECIMEN, Kit" {
        desk.press_with(Modifiers::COMMAND, Key::PageDown);
    }
    desk.press_with(SHIFT, Key::F6);
    desk.snapshot("chart_log");
}
