//! What names a dose, a date or a button is seen whole, also in large type on the smallest screen.

use super::colours::painted;
use super::desk::{Desk, Hands, SMALL, demo, demo_on, demo_scaled};
use corticurve::app::Theme;
use egui::{Key, Modifiers, Rect, Shape};
use egui_kittest::kittest::Queryable;

/// The places of texts that are painted, each with the part of the window that it is seen in.
fn places(desk: &Desk, is_meant: impl Fn(&str) -> bool) -> Vec<(String, Rect, Rect)> {
    let text = |(clip, shape): (Rect, Shape)| match shape {
        Shape::Text(text) if is_meant(text.galley.text()) => {
            Some((text.galley.text().to_owned(), text.visual_bounding_rect(), clip))
        }
        _ => None,
    };
    painted(desk).into_iter().filter_map(text).collect()
}

#[track_caller]
fn is_whole(desk: &Desk, words: &str) {
    let found = places(desk, |text| text == words);
    assert!(!found.is_empty(), "'{words}' is not painted");
    assert!(found.iter().any(|(_, at, clip)| clip.contains_rect(*at)), "'{words}' is cut: {found:?}");
}

#[test]
fn the_buttons_of_the_review_and_of_an_explanation_are_whole_at_200_percent() {
    let mut desk = demo_scaled(Theme::Light, 2.0);
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::V);
    for button in ["Sign as DEMO", "Close"] {
        is_whole(&desk, button);
    }
    desk.press(Key::Escape);
    desk.press(Key::F2);
    for _ in 0..12 {
        for button in ["Figure above", "Next figure", "Copy as text", "Close"] {
            is_whole(&desk, button);
        }
        desk.press(Key::F2);
    }
}

#[test]
fn all_figures_of_the_bedside_view_are_whole_at_200_percent_with_a_long_name() {
    let mut desk = demo_scaled(Theme::Light, 2.0);
    desk.press(Key::F11);
    desk.press(Key::ArrowRight);
    let view = desk.state().app.shown().unwrap().clone();
    assert!(desk.sees("EXAMPLETON") && view.bedside.len() >= 5);
    for line in &view.bedside {
        for words in [&line.label, &line.value, &line.note].into_iter().filter(|words| !words.is_empty()) {
            is_whole(&desk, words);
        }
    }
}

#[test]
fn every_date_under_the_axis_is_whole() {
    let is_date = |text: &str| text.len() == 6 && ["-Oct", "-Nov", "-Dec"].iter().any(|month| text.ends_with(month));
    for screen in [SMALL, [1366.0, 768.0], [1920.0, 1080.0]] {
        let mut desk = demo(Theme::Light, screen);
        desk.press(Key::F4);
        for _ in 0..4 {
            let dates = places(&desk, is_date);
            assert!(dates.len() > 3, "{dates:?}");
            for (date, at, clip) in dates {
                assert!(clip.contains_rect(at), "{screen:?}: {date} at {at:?} is seen in {clip:?}");
            }
            desk.press_with(Modifiers::COMMAND, Key::PageDown);
        }
    }
}

#[test]
fn the_legend_ends_above_what_follows_the_chart() {
    for pixels in [1.5, 2.0] {
        let mut desk = demo_on(Theme::Light, SMALL, pixels);
        for _ in 0..6 {
            let legend = desk.get_by_label_contains("infusion    ").rect();
            let figures = desk.get_by_label("Exposure").rect();
            // Between them are the edges of two cards.
            assert!(legend.bottom() + 16.0 <= figures.top(), "{pixels}: {legend:?} runs into {figures:?}");
            desk.press_with(Modifiers::COMMAND, Key::PageDown);
        }
    }
    let mut desk = demo(Theme::Light, SMALL);
    for _ in 0..6 {
        let legend = desk.get_by_label_contains("infusion    ").rect();
        let line = desk.get_by_label("Quick entry of a dose").rect();
        assert!(legend.bottom() < line.top(), "{legend:?} runs into {line:?}");
        desk.press_with(Modifiers::COMMAND, Key::PageDown);
    }
}
