//! Where a figure comes from, and the episodes of a patient with two infusions, in the window.

use super::desk::{Hands, SMALL, demo, with_robin};
use corticurve::app::{Action, Overlay, Theme};
use corticurve::exposure::{FigureName, Window};
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;

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
    assert!(desk.sees("Range: tables, salt form"), "the next figure of the panel");
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

/// Robin with steroid for two days before the first anakinra, so that there are two sides to compare.
fn spared() -> (tempfile::TempDir, super::desk::Desk) {
    let (folder, mut desk) = with_robin();
    for line in ["dex 20 iv 2026-11-15 08:00", "ana 100 sc 2026-11-17 08:00", "dex 5 iv 2026-11-22 08:00"] {
        desk.quick(line);
        desk.press(Key::Enter);
    }
    (folder, desk)
}

#[test]
fn an_explanation_is_headed_by_what_was_clicked_and_then_by_what_it_explains() {
    let (_folder, mut desk) = spared();
    desk.quick("methylpred 50 iv 2026-11-16 08:00");
    desk.press(Key::Enter);
    for (clicked, title) in [
        ("Since last dose 6 h 32 min", "Since last dose: 6 h 32 min · 22-Nov-2026 08:00"),
        ("D7 so far 29.375 mg", "Days 0 to +7 so far: 29.375 mg"),
        ("Steroid days 3 d", "Steroid days: 3 d · 3 days"),
        ("Span, first to last day 8 d", "Span, first to last day: 8 d · 8 days"),
        ("Steroid before the first anakinra 14.6875 mg/day", "Steroid before the first anakinra: 14.6875 mg/day"),
        ("Steroid from the first anakinra on 0.95 mg/day", "Steroid from the first anakinra on: 0.95 mg/day"),
    ] {
        let button = format!("{clicked}: where it comes from");
        // The panel is longer than the smallest screen.
        desk.get_by_label(&button).scroll_to_me();
        desk.run();
        desk.click(&button);
        assert_eq!(desk.state().app.explanation.as_ref().unwrap().title, title);
        assert!(desk.sees(title));
        desk.press(Key::Escape);
    }
    desk.state_mut().app.update(Action::Explain(FigureName::RangeMost));
    let range = desk.state().app.explanation.clone().unwrap();
    assert!(range.title.starts_with("Range: tables, salt form: 29.1–35 mg"), "{}", range.title);
    assert!(range.steps.iter().any(|step| step.contains("least 29.1 mg (") && step.contains("most 35 mg (")));
}

#[test]
fn every_line_that_can_be_clicked_is_in_the_title_of_its_explanation() {
    let mut desk = demo(Theme::Light, SMALL);
    for _ in 0..desk.state().app.rows.len() {
        let view = desk.state().app.shown().unwrap();
        let stated = view.statements.iter().flat_map(|statement| &statement.figures);
        let lines: Vec<_> = view.lines.iter().chain(stated).filter(|line| line.explains.is_some()).cloned().collect();
        for line in lines {
            desk.state_mut().app.update(Action::Explain(line.explains.unwrap()));
            let title = desk.state().app.explanation.as_ref().unwrap().title.clone();
            assert!(title.contains(&format!("{}: {}", line.label, line.value)), "{line:?} is not in {title}");
        }
        desk.state_mut().app.update(Action::Cancel);
        desk.state_mut().app.update(Action::SelectBy(1));
    }
}

#[test]
fn the_grades_beside_anakinra_open_no_explanation_of_another_figure() {
    let mut desk = demo(Theme::Light, SMALL);
    let mut seen = 0;
    for _ in 0..desk.state().app.rows.len() {
        let lines = desk.state().app.shown().unwrap().lines.clone();
        for line in lines.iter().filter(|line| line.label.contains("at anakinra, 48 h later")) {
            assert_eq!(line.explains, None, "{line:?}");
            seen += 1;
        }
        desk.state_mut().app.update(Action::SelectBy(1));
    }
    assert!(seen > 0);
}

#[test]
fn f2_reaches_the_span_and_both_sides_of_the_read_out() {
    let (_folder, mut desk) = spared();
    let mut reached = Vec::new();
    for _ in 0..desk.state().app.shown().unwrap().explained().len() {
        desk.press(Key::F2);
        reached.push(desk.state().app.explanation.as_ref().unwrap().figure);
    }
    for figure in [FigureName::SpanDays, FigureName::SparingBefore, FigureName::SparingAfter] {
        assert!(reached.contains(&figure), "{figure:?} is not in {reached:?}");
    }
}
