//! Words on the chart hide nothing that was given.

use super::colours::{painted, texts};
use super::desk::{Desk, Hands, SMALL, demo, with_robin};
use corticurve::app::{Action, Theme};
use corticurve::exposure::Window;
use egui::{Key, Modifiers, Rect, Shape};

const SHIFT: Modifiers = Modifiers::SHIFT;

/// What was given, piece by piece, as far as it is seen: the bars, and the line of the curve.
fn given(shapes: &[(Rect, Shape)]) -> Vec<Rect> {
    let mut pieces = Vec::new();
    for (clip, shape) in shapes {
        let Shape::Path(path) = shape else { continue };
        let is_curve = (path.stroke.width - 2.2).abs() < 0.01;
        let is_bar = path.closed && path.points.len() == 4;
        if is_curve {
            pieces.extend(path.points.windows(2).map(|pair| (clip, Rect::from_two_pos(pair[0], pair[1]).expand(1.0))));
        } else if is_bar {
            pieces.push((clip, Rect::from_points(&path.points)));
        }
    }
    pieces.into_iter().map(|(clip, piece)| piece.intersect(*clip)).filter(Rect::is_positive).collect()
}

/// Where each of these words stand in the chart, and no word of them on anything that was given.
fn stand_free(desk: &Desk, are_meant: impl Fn(&str) -> bool) -> Vec<(String, Rect)> {
    let shapes = painted(desk);
    let given = given(&shapes);
    assert!(given.len() > 4, "there is something to hide: {given:?}");
    let words: Vec<(String, Rect)> = texts(&shapes)
        .into_iter()
        .filter(|text| are_meant(text.galley.text()))
        .map(|text| (text.galley.text().to_owned(), text.visual_bounding_rect()))
        .collect();
    for (words, at) in &words {
        let hidden = given.iter().find(|piece| piece.intersects(*at));
        assert_eq!(hidden, None, "'{words}' at {at:?}");
    }
    words
}

#[test]
fn the_titles_of_the_lanes_stand_on_no_bar_and_not_on_the_curve() {
    let (_folder, mut desk) = with_robin();
    for day in 13..=22 {
        for drug in ["dex 10 iv", "ana 100 sc"] {
            desk.quick(&format!("{drug} 2026-11-{day} 00:10"));
            desk.press(Key::Enter);
            desk.press(Key::Enter);
        }
    }
    for window in [Window::Day0, Window::All] {
        desk.state_mut().app.update(Action::Window(window));
        for closer in 0..6 {
            desk.run();
            let titles = stand_free(&desk, |words| words.starts_with("total mg") || words.ends_with("mg/day"));
            assert_eq!(titles.len(), 3, "{window:?}, {closer} times closer: {titles:?}");
            // Closer at the left, where the titles are.
            desk.press_with(Modifiers::COMMAND, Key::J);
            desk.press(Key::Home);
            desk.press(Key::Plus);
        }
    }
}

#[test]
fn published_medians_without_a_free_place_are_a_line_and_their_words_stand_in_the_legend() {
    let mut told = [0; 2];
    for size in [SMALL, [1366.0, 768.0], [1920.0, 1080.0]] {
        let mut desk = demo(Theme::Light, size);
        while desk.state().app.patient().unwrap().shown_name() != "SPECIMEN, Kit" {
            desk.press_with(Modifiers::COMMAND, Key::PageDown);
        }
        for (modifiers, key) in [(Modifiers::NONE, Key::F24), (SHIFT, Key::F6), (Modifiers::COMMAND, Key::J)] {
            desk.press_with(modifiers, key);
            let labels: Vec<String> = {
                let figure = &desk.state().app.shown().unwrap().figure;
                figure.published.iter().map(|line| line.label.clone()).collect()
            };
            assert_eq!(labels.len(), 2, "{labels:?}");
            let is_at_a_line = |words: &str| words.contains(": median of") && !words.contains("infusion");
            let on_chart = stand_free(&desk, is_at_a_line);
            for (at, (words, place)) in on_chart.iter().enumerate() {
                let near =
                    on_chart[..at].iter().find(|(_, other)| other.expand2([10.0, 0.0].into()).intersects(*place));
                assert_eq!(near, None, "'{words}' runs into another");
            }
            let shapes = painted(&desk);
            let legend = texts(&shapes).into_iter().find(|text| text.galley.text().contains("┊ infusion")).unwrap();
            for label in &labels {
                let here = on_chart.iter().any(|(words, _)| words.ends_with(label));
                let below = legend.galley.text().replace('\u{a0}', " ").contains(&format!("─ {label}"));
                assert!(here != below, "{size:?} {key:?}: {label}: told once");
                told[usize::from(below)] += 1;
            }
        }
    }
    assert!(told.iter().all(|times| *times > 0), "both were tried: {told:?}");
}
