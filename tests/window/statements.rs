//! Figures that stand only with their words, in the window and on the clipboard.

use super::desk::{Desk, Hands, with_robin};
use corticurve::app::Action;
use egui::Key;
use egui_kittest::kittest::Queryable;

/// Scrolls to a heading of the figure panel, which is longer than the smallest screen, and opens it.
fn open(desk: &mut Desk, heading: &str) {
    desk.get_by_label(heading).scroll_to_me();
    desk.run();
    desk.click(heading);
}

#[test]
fn the_read_out_stands_with_its_words_in_the_window_and_on_the_clipboard() {
    let (_folder, mut desk) = with_robin();
    for line in ["dex 20 iv 2026-11-15 08:00", "ana 100 sc 2026-11-17 08:00", "dex 5 iv 2026-11-17 08:00"] {
        desk.quick(line);
        desk.press(Key::Enter);
    }
    let arithmetic = "arithmetic, not an effect: other treatment changed too";
    assert!(desk.sees("Steroid before the first anakinra") && desk.sees("10 mg/day"));
    assert!(desk.sees("Steroid from the first anakinra on") && desk.sees("7.5 mg/day"));
    assert!(desk.sees("1.67 mg less than if the earlier daily dose had gone on until the last steroid day"));
    assert!(desk.sees(arithmetic));
    open(&mut desk, "Steroid-sparing read-out");
    assert!(desk.sees("20 mg in 2 d 0 h, 15-Nov-2026 08:00 to 17-Nov-2026 08:00") && desk.sees(arithmetic));
    desk.state_mut().app.update(Action::CopyText);
    let text = desk.state().app.clipboard.clone().unwrap();
    for part in ["7.5 mg/day after the first anakinra: 5 mg in 16 h 0 min", arithmetic] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}

#[test]
fn a_refused_read_out_says_why_in_the_window() {
    let desk = super::desk::demo(corticurve::app::Theme::Light, super::desk::SMALL);
    assert!(desk.sees("needs at least 24 h of steroid before the first anakinra: there were 4 h 30 min"));
    assert!(!desk.sees("arithmetic, not an effect"));
}

#[test]
fn the_position_shows_the_own_age_group_first_and_the_rest_with_sources_when_opened() {
    let mut desk = super::desk::demo(corticurve::app::Theme::Light, super::desk::SMALL);
    assert!(desk.sees("2.26 mg/kg: above the median of 0.56 mg/kg of 194 children with B-ALL"));
    assert!(desk.sees("median of these patients, not a limit"));
    assert!(!desk.sees("Strati"), "the adults' series is behind the heading");
    open(&mut desk, "Against published exposure");
    assert!(desk.sees("another population (adults): 118 mg: below the median of 186 mg"));
    assert!(desk.sees("Strati, Blood 2021;137:3272") && desk.sees("median of these patients, not a limit"));
    desk.state_mut().app.update(Action::CopyText);
    let text = desk.state().app.clipboard.clone().unwrap();
    assert!(text.contains("Front Immunol 2025;16:1604866") && text.contains("not a limit"), "{text}");
}
