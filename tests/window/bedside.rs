//! The bedside view: one patient alone, to be read from where one stands.

use super::desk::{Desk, Hands, SMALL, demo, now, over, over_at, with_robin};
use super::guarding::{open, with_two};
use super::locking::all_words;
use super::tasks::doses_on_disk;
use super::watching::{over_threaded, wait_for};
use crate::store::share::{Mood, Share};
use chrono::TimeDelta;
use corticurve::app::{Action, Overlay, Theme};
use corticurve::exposure::Window;
use corticurve::exposure::figure::{AmountUnit, Spacing};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::Queryable;

/// A screen of 1280 by 720, which the bedside view shows half as large again.
const SMALL_AT_THE_BEDSIDE: [f32; 2] = [SMALL[0] / 1.5, SMALL[1] / 1.5];

fn at_the_bedside(theme: Theme) -> Desk {
    let mut desk = demo(theme, SMALL);
    desk.press(Key::F11);
    desk.set_size(SMALL_AT_THE_BEDSIDE.into());
    desk.run();
    desk
}

#[test]
fn it_shows_one_patient_the_curve_and_five_figures_and_takes_no_entry() {
    let mut desk = at_the_bedside(Theme::Light);
    assert!(desk.sees("EXAMPLE, Robin") && desk.sees("born 04-Mar-2009 (17 y)") && desk.sees("Day +9"));
    assert_eq!(desk.query_all_by_label_contains("SAMPLE, Avery").count(), 0, "one patient alone");
    let view = desk.state().app.shown().unwrap().clone();
    let labels: Vec<String> = view.bedside.iter().map(|line| line.label.clone()).collect();
    assert_eq!(
        labels,
        ["Cumulative, Day 0 to now", "Last 24 h", "Since last dose", "Peak day (D+4)", "Anakinra total"]
    );
    for line in &view.bedside {
        assert!(desk.sees(&line.value), "{}: {}", line.label, line.value);
        assert_eq!(desk.figure(&line.label), line.value, "the same as in the panel");
    }
    assert!(desk.sees(&view.figure.sentence), "the curve, in words");
    assert_eq!(desk.query_all_by_role(Role::TextInput).count(), 0, "nothing can be typed");
    for (modifiers, key) in [
        (Modifiers::COMMAND, Key::N),
        (Modifiers::COMMAND, Key::D),
        (Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::I),
        (Modifiers::COMMAND, Key::K),
        (Modifiers::NONE, Key::F3),
    ] {
        desk.press_with(modifiers, key);
        assert!(!desk.state().app.is_covered() && desk.state().app.quick.line.is_empty(), "{key:?}");
    }
    desk.event(Event::Text("dex 10 iv".to_owned()));
    desk.run();
    assert!(desk.state().app.quick.line.is_empty());
}

/// EXAMPLE, Robin, who got 24 mg and anakinra before Day 0.
fn with_doses_before_day_0() -> (tempfile::TempDir, Desk) {
    let (folder, mut desk) = with_robin();
    for line in ["dex 24 iv 2026-11-12 08:00", "ana 100 sc 2026-11-12 09:00"] {
        desk.quick(line);
        desk.press(Key::Enter);
        desk.press(Key::Enter);
    }
    assert_eq!(doses_on_disk(&folder), 2, "{}", desk.notice());
    (folder, desk)
}

#[test]
fn what_was_given_before_day_0_is_told_beside_the_total_that_leaves_it_out() {
    let (_folder, mut desk) = with_doses_before_day_0();
    let row = "EXAMPLE, Robin, D+9, 0 mg + 24 mg before Day 0";
    assert!(desk.query_by_role_and_label(Role::ListBoxOption, row).is_some(), "{}", all_words(&desk));
    let effect = |desk: &mut Desk, line: &str| {
        desk.quick(line);
        let effect = desk.state().app.quick.echo.clone().unwrap().unwrap().effect;
        desk.press(Key::Escape);
        effect
    };
    for (window, line, told) in [
        (
            Window::Day0,
            "dex 4 iv 2026-11-12 20:00",
            "total 0 → 0 mg, before Day 0 24 → 28 mg (outside the window), last 24 h 0 → 0 mg",
        ),
        (
            Window::Day0,
            "ana 50 sc 2026-11-12 20:00",
            "anakinra 0 → 0 mg, before Day 0 100 → 150 mg (outside the window)",
        ),
        (Window::Day0, "dex 4 iv 08:00", "total 0 → 4 mg, last 24 h 0 → 4 mg"),
        (Window::All, "dex 4 iv 2026-11-12 20:00", "total 24 → 28 mg, last 24 h 0 → 0 mg"),
    ] {
        desk.state_mut().app.update(Action::Window(window));
        assert_eq!(effect(&mut desk, line), told, "{window:?}");
    }
    desk.state_mut().app.update(Action::Window(Window::Day0));
    desk.press(Key::F11);
    let view = desk.state().app.shown().unwrap().clone();
    let beside: Vec<_> = view.bedside.iter().filter(|line| line.is_beside()).collect();
    let told: Vec<_> = beside.iter().map(|line| (line.label.as_str(), line.value.as_str())).collect();
    assert_eq!(told, [("Before Day 0", "24 mg"), ("Anakinra before Day 0", "100 mg")]);
    assert_eq!(view.bedside[1].label, "Before Day 0", "directly under the total");
    for line in beside {
        assert!(desk.sees(&line.label) && desk.sees(&line.value), "{}", all_words(&desk));
    }
}

#[test]
fn how_the_chart_is_looked_at_changes_here_too_by_key_and_by_hand() {
    let shift = Modifiers::SHIFT;
    let mut desk = at_the_bedside(Theme::Light);
    let unit = |desk: &Desk| desk.state().app.shown().unwrap().figure.unit();
    desk.click("mg/kg");
    assert_eq!(unit(&desk), AmountUnit::MgPerKg);
    desk.press_with(shift, Key::F4);
    assert_eq!(unit(&desk), AmountUnit::Mg);
    desk.press_with(shift, Key::F6);
    assert_eq!(desk.state().app.settings.spacing, Spacing::Log);
    desk.click("View ▾");
    assert!(!desk.sees("As a table"), "that opens over the main window");
    desk.click("Logarithmic total   Shift+F6");
    assert_eq!(desk.state().app.settings.spacing, Spacing::Linear);
    desk.click("View ▾");
    desk.press(Key::Escape);
    assert!(desk.state().app.bedside.is_on, "Escape closes the menu first");
    desk.press_with(shift, Key::F8);
    assert!(desk.state().app.settings.hides_published);
    desk.press(Key::F4);
    assert!(desk.state().app.settings.dates);
    desk.press_with(Modifiers::COMMAND, Key::J);
    desk.press(Key::Plus);
    assert!(desk.state().app.chart.stretch.is_some());
    desk.click("All");
    assert_eq!(desk.state().app.chart.stretch, None);
    desk.press(Key::Enter);
    assert_eq!(desk.state().app.chosen, None, "no dose is chosen for a log that is not here");
}

#[test]
fn arrows_go_to_the_next_and_previous_patient_and_escape_or_f11_leave() {
    let mut desk = at_the_bedside(Theme::Light);
    let name = |desk: &Desk| desk.state().app.patient().unwrap().shown_name();
    let first = name(&desk);
    desk.press(Key::ArrowRight);
    let second = name(&desk);
    assert!(second != first && desk.sees(&second));
    desk.press(Key::ArrowLeft);
    assert_eq!(name(&desk), first);
    desk.press(Key::Escape);
    assert!(!desk.state().app.bedside.is_on && desk.sees("recorded as DEMO"));
    desk.press(Key::F11);
    assert!(desk.state().app.bedside.is_on && !desk.sees("recorded as DEMO"));
    desk.press(Key::F11);
    assert!(!desk.state().app.bedside.is_on);
    assert!((desk.ctx.zoom_factor() - 1.0).abs() < 0.01, "as large as before");
}

#[test]
fn what_is_undecided_unchecked_or_wrong_with_the_files_is_seen_there_too() {
    let mut desk = at_the_bedside(Theme::Light);
    desk.press(Key::ArrowRight);
    desk.press(Key::ArrowRight);
    assert!(desk.sees("NGUYỄN-VÍ-DỤ") && desk.sees("? Undecided, beside the total"));
    assert!(desk.sees("not yet checked against the medication chart") && desk.sees("chart checked to today"));
    let (folder, mut desk) = with_robin();
    desk.quick("dex 10 iv 14:00");
    desk.press(Key::Enter);
    drop(desk);
    let patients = folder.path().join("data/patients");
    let patient = std::fs::read_dir(patients).unwrap().next().unwrap().unwrap().path();
    let segment = std::fs::read_dir(patient).unwrap().next().unwrap().unwrap().path();
    let text = std::fs::read_to_string(&segment).unwrap().replacen("10 mg", "90 mg", 1);
    std::fs::write(&segment, text).unwrap();
    let mut desk = over_at(&folder, now() + TimeDelta::hours(1));
    desk.press(Key::F11);
    assert!(all_words(&desk).contains("⚠ "), "{}", all_words(&desk));
    assert!(desk.state().app.bedside.is_on);
    assert!(doses_on_disk(&folder) <= 1);
}

#[test]
fn a_kept_form_opens_when_the_bedside_view_is_left_and_not_over_it() {
    let (folder, mut desk) = with_two("Sample", "Avery");
    open(&mut desk, "SAMPLE, Avery");
    desk.press_with(Modifiers::COMMAND, Key::N);
    desk.fill("Amount", "40");
    drop(desk);
    let mut desk = over(&folder);
    desk.press(Key::F11);
    desk.press(Key::ArrowRight);
    let app = &desk.state().app;
    assert!(app.bedside.is_on && app.form.is_none() && app.patient().unwrap().shown_name() == "SAMPLE, Avery");
    desk.press(Key::Enter);
    desk.press(Key::Enter);
    assert_eq!(doses_on_disk(&folder), 0, "nothing is saved there");
    desk.press(Key::Escape);
    let app = &desk.state().app;
    assert!(!app.bedside.is_on && app.form.as_ref().is_some_and(|form| form.value("Amount") == "40"));
}

#[test]
fn what_comes_late_opens_when_the_bedside_view_is_left_and_not_over_it() {
    let ctrl_shift = Modifiers::COMMAND.plus(Modifiers::SHIFT);
    for overlay in [Overlay::Report, Overlay::Files] {
        let (folder, desk) = with_robin();
        drop(desk);
        let share = Share::new();
        let mut desk = over_threaded(&folder, &share);
        if overlay == Overlay::Report {
            let file = folder.path().join("mar.csv");
            std::fs::write(&file, "mrn,given_at,drug,amount,unit\n40 017,2026-11-20 08:00,dexamethasone,10,mg\n")
                .unwrap();
            desk.press_with(Modifiers::COMMAND, Key::O);
            desk.fill("File", file.to_str().unwrap());
            share.becomes(Mood::Hangs);
            desk.key_press(Key::Enter);
            wait_for(&mut desk, "under way", |desk| desk.state().app.pending().is_some());
            desk.press(Key::Escape);
        } else {
            share.becomes(Mood::Hangs);
            desk.press_with(ctrl_shift, Key::K);
        }
        desk.press(Key::F11);
        share.becomes(Mood::Well);
        wait_for(&mut desk, "answered", |desk| desk.state().app.pending().is_none());
        desk.run();
        assert!(desk.state().app.bedside.is_on && !desk.state().app.is_covered(), "{overlay:?}");
        desk.press(Key::Escape);
        assert_eq!(desk.state().app.overlay, Some(overlay));
        assert!(!desk.state().app.bedside.is_on, "{overlay:?}");
    }
}

#[test]
fn a_form_that_comes_late_does_not_open_over_the_bedside_view() {
    let (folder, desk) = with_robin();
    drop(desk);
    let share = Share::new();
    let mut desk = over_threaded(&folder, &share);
    share.becomes(Mood::Hangs);
    desk.press_with(Modifiers::COMMAND, Key::Comma);
    desk.press(Key::F11);
    share.becomes(Mood::Well);
    wait_for(&mut desk, "answered", |desk| desk.state().app.pending().is_none());
    desk.run();
    assert!(desk.state().app.bedside.is_on && desk.state().app.form.is_none());
    assert!(desk.sees("does not open in the bedside view"), "{}", desk.notice());
}

#[test]
fn the_bedside_in_a_picture() {
    at_the_bedside(Theme::Light).snapshot("bedside");
}

#[test]
fn a_long_name_at_the_bedside_in_the_dark() {
    let mut desk = at_the_bedside(Theme::Dark);
    desk.press(Key::ArrowRight);
    desk.snapshot("bedside_long_name_dark");
}
