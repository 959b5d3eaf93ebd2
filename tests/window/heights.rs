//! The lanes, the log and the ward list are as high and wide as somebody made them, by hand and by keys, also the next day.

use super::desk::{Desk, Hands, SMALL, demo, over, with_robin};
use corticurve::app::{Border, Settings, Sizes, Theme};
use corticurve::exposure::figure::{AmountUnit, Spacing};
use egui::accesskit::Role;
use egui::{CursorIcon, Event, Key, Modifiers, PointerButton, Pos2, Rect, pos2, vec2};
use egui_kittest::kittest::Queryable;
use std::path::Path;

fn sizes(desk: &Desk) -> Sizes {
    desk.state().app.settings.sizes
}

/// Where the lanes are, all together.
fn lanes(desk: &Desk) -> Rect {
    desk.get_by_role(Role::Image).rect()
}

/// Where the heading of the log stands.
fn log_top(desk: &Desk) -> f32 {
    desk.get_by_label("Running total").rect().top()
}

fn drag(desk: &mut Desk, from: Pos2, to: Pos2) {
    let button = |pos, pressed| Event::PointerButton {
        pos,
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    desk.event(Event::PointerMoved(from));
    desk.event(button(from, true));
    desk.run();
    // A hand does not jump.
    desk.event(Event::PointerMoved(from.lerp(to, 0.5)));
    desk.run();
    desk.event(Event::PointerMoved(to));
    desk.run();
    desk.event(button(to, false));
    desk.run();
}

/// The points on the way at which the pointer shows that a border can be dragged, as a hand looks for it.
fn borders(desk: &mut Desk, from: Pos2, to: Pos2, shows: CursorIcon) -> Vec<Pos2> {
    let (length, way) = ((to - from).length(), (to - from).normalized());
    let points = std::iter::successors(Some(0.0), |gone: &f32| Some(gone + 1.0)).take_while(|gone| *gone <= length);
    let points = points.map(|gone| from + way * gone);
    points
        .filter(|at| {
            desk.event(Event::PointerMoved(*at));
            desk.run();
            desk.output().platform_output.cursor_icon == shows
        })
        .collect()
}

/// What is kept for the next start.
fn kept(folder: &Path) -> Settings {
    Settings::load(&folder.join("config"))
}

#[test]
fn dragging_the_border_over_the_log_makes_it_higher_and_is_remembered() {
    let (folder, mut desk) = with_robin();
    desk.quick("dex 10 iv 2026-11-16 08:00");
    desk.press(Key::Enter);
    let (before, chart) = (log_top(&desk), lanes(&desk));
    let (from, to) = (pos2(700.0, before - 40.0), pos2(700.0, before));
    let edge = borders(&mut desk, from, to, CursorIcon::ResizeVertical)[4];
    drag(&mut desk, edge, edge - vec2(0.0, 30.0));
    assert!((before - log_top(&desk) - 30.0).abs() < 6.0, "{before} {}", log_top(&desk));
    assert!(lanes(&desk).height() < chart.height() - 20.0, "what the log gains the chart loses");
    assert_eq!(kept(folder.path()).sizes, sizes(&desk));
    let now = log_top(&desk);
    drop(desk);
    assert!((log_top(&over(&folder)) - now).abs() < 0.5, "and the next window is so too");
}

#[test]
fn dragging_a_border_between_lanes_moves_neither_crosshair_nor_stretch() {
    let (folder, mut desk) = with_robin();
    desk.quick("dex 10 iv 2026-11-16 08:00");
    desk.press(Key::Enter);
    desk.press(Key::Escape);
    let area = lanes(&desk);
    let edges = borders(&mut desk, area.center_top(), area.center_bottom(), CursorIcon::ResizeVertical);
    let begins = edges.iter().filter(|at| !edges.iter().any(|other| (at.y - other.y - 1.0).abs() < 0.2)).count();
    assert_eq!(begins, 3, "three borders between four lanes: {edges:?}");
    let chosen = desk.state().app.chosen.clone();
    let first = edges[0] + vec2(0.0, 4.0);
    drag(&mut desk, first, first + vec2(0.0, 20.0));
    assert!(sizes(&desk).steroid < Sizes::default().steroid, "the curve is higher, the lane below it lower");
    assert_eq!(sizes(&desk).anakinra, Sizes::default().anakinra);
    assert_eq!(desk.state().app.chart.stretch, None);
    assert_eq!(desk.state().app.chosen, chosen);
    assert_eq!(kept(folder.path()).sizes, sizes(&desk));
}

#[test]
fn every_border_is_moved_by_keys_within_its_limits_and_set_back_by_one() {
    for (at, border) in Border::ALL.into_iter().enumerate() {
        let (folder, mut desk) = with_robin();
        desk.quick("dex 10 iv 2026-11-16 08:00");
        desk.press(Key::Enter);
        for _ in 0..=at {
            desk.press(Key::F12);
        }
        assert!(desk.notice().to_lowercase().starts_with(border.words()), "{}", desk.notice());
        for key in [Key::ArrowUp, Key::ArrowDown] {
            let mut before = sizes(&desk);
            for press in 0..60 {
                desk.press_with(Modifiers::ALT, key);
                let moved = sizes(&desk) != before;
                assert!(moved || press > 0, "{border:?} {key:?}: it moves");
                assert!(moved || press < 59);
                assert_eq!(sizes(&desk), sizes(&desk).in_limits(), "{border:?} {key:?}");
                before = sizes(&desk);
                if !moved {
                    break;
                }
            }
            let (chart, log) = (lanes(&desk), log_top(&desk));
            assert!(chart.height() > 150.0 && chart.width() > 400.0, "{border:?} {key:?} {chart:?}");
            assert!(log < SMALL[1] - 70.0, "{border:?} {key:?}: rows of the log are seen");
            assert_eq!(kept(folder.path()).sizes, sizes(&desk));
        }
        desk.press_with(Modifiers::SHIFT, Key::F12);
        assert_eq!((sizes(&desk), kept(folder.path()).sizes), (Sizes::default(), Sizes::default()), "{border:?}");
    }
}

#[test]
fn a_double_click_on_a_border_sets_all_back_and_escape_lets_go_of_one() {
    let (_folder, mut desk) = with_robin();
    desk.press(Key::F12);
    desk.press_with(Modifiers::ALT, Key::ArrowDown);
    assert_ne!(sizes(&desk), Sizes::default());
    desk.press(Key::Escape);
    assert_eq!(desk.state().app.held, None);
    let edge = borders(&mut desk, pos2(215.0, 400.0), pos2(245.0, 400.0), CursorIcon::ResizeHorizontal)[4];
    let press = |pressed| Event::PointerButton {
        pos: edge,
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    desk.event(Event::PointerMoved(edge));
    desk.run();
    // All in one frame: those of a test are a quarter of a second each.
    desk.input_mut().events.extend([true, false, true, false].map(press));
    desk.run();
    assert_eq!(sizes(&desk), Sizes::default());
}

#[test]
fn how_the_chart_is_looked_at_is_there_again_after_a_restart() {
    let (folder, mut desk) = with_robin();
    desk.press(Key::F4);
    desk.press_with(Modifiers::SHIFT, Key::F4);
    desk.press_with(Modifiers::SHIFT, Key::F6);
    desk.press_with(Modifiers::SHIFT, Key::F8);
    drop(desk);
    let mut desk = over(&folder);
    let settings = &desk.state().app.settings;
    assert_eq!((settings.unit, settings.spacing), (AmountUnit::MgPerKg, Spacing::Log));
    assert!(settings.dates && settings.hides_published);
    desk.press_with(Modifiers::COMMAND, Key::PageDown);
    assert_eq!(desk.state().app.shown().unwrap().figure.unit(), AmountUnit::MgPerKg, "the chart is drawn so");
}

#[test]
fn settings_from_before_and_by_hand_are_read_with_usual_or_limited_sizes() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config");
    std::fs::create_dir_all(&config).unwrap();
    for (text, log) in
        [("(theme: Light)", 310), ("(sizes: (log: 9000))", 600), ("(sizes: (log: 1, steroid: 65535))", 150)]
    {
        std::fs::write(config.join("settings.ron"), text).unwrap();
        assert_eq!(Settings::load(&config).sizes.in_limits().log, log, "{text}");
    }
}

#[test]
fn high_rows_of_grades_and_a_high_log_cut_no_lane_on_the_smallest_screen() {
    let mut desk = demo(Theme::Light, SMALL);
    for (border, key) in [(Border::UnderAnakinra, Key::ArrowUp), (Border::OverLog, Key::ArrowUp)] {
        while desk.state().app.held != Some(border) {
            desk.press(Key::F12);
        }
        for _ in 0..12 {
            desk.press_with(Modifiers::ALT, key);
        }
    }
    desk.press(Key::Escape);
    desk.press(Key::Escape);
    desk.snapshot("heights");
}
