//! What is over the window can be read to its end with the keyboard alone, and a form hides no other key's doing.

use super::desk::{Desk, Hands, SMALL, demo, with_robin};
use corticurve::app::Theme;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;

/// How far down a text stands.
fn top(desk: &Desk, text: &str) -> f32 {
    desk.get_by_label(text).rect().top()
}

#[test]
fn the_doses_of_an_explanation_scroll_by_the_keyboard() {
    let (_folder, mut desk) = with_robin();
    for day in 14..22 {
        for hour in ["02", "06", "10", "14", "18", "22"] {
            desk.quick(&format!("dex 4 iv 2026-11-{day} {hour}:00"));
            desk.press(Key::Enter);
        }
    }
    desk.press(Key::F2);
    // Only what is seen is drawn; the log shows the same times, so the running sums tell them apart.
    let sees = |desk: &Desk, sum: &str| desk.query_by_label(sum).is_some();
    let (first, last) = ("4", "192");
    let first_seen = |desk: &Desk| desk.query_all_by_label(first).count();
    let from_the_top = first_seen(&desk);
    assert!(!sees(&desk, last), "48 doses do not fit");
    desk.press(Key::End);
    assert!(sees(&desk, last), "End shows the last dose");
    desk.press(Key::Home);
    assert!(!sees(&desk, last) && first_seen(&desk) == from_the_top, "Home shows the first");
    desk.press(Key::PageDown);
    assert!(!sees(&desk, "8"), "a page on");
    desk.press(Key::PageUp);
    assert!(sees(&desk, "8"));
    for _ in 0..4 {
        desk.press(Key::ArrowDown);
    }
    assert!(!sees(&desk, "8"), "four lines on");
    desk.press(Key::ArrowUp);
    desk.press(Key::ArrowUp);
    desk.press(Key::ArrowUp);
    assert!(sees(&desk, "8"));
}

#[test]
fn the_list_of_keys_scrolls_by_the_keyboard() {
    let mut desk = demo(Theme::Light, SMALL);
    desk.press(Key::F1);
    // The window over the window finds its size in its second frame.
    desk.press(Key::Home);
    let (first, last) = (top(&desk, "to the quick entry"), top(&desk, "list of all keys"));
    let close = top(&desk, "Close");
    assert!(last > close, "the list is longer than its room");
    desk.press(Key::ArrowDown);
    let line = first - top(&desk, "to the quick entry");
    assert!(line > 0.0, "an arrow moves by a line");
    desk.press(Key::PageDown);
    assert!(first - top(&desk, "to the quick entry") > 5.0 * line, "a page is more");
    desk.press(Key::End);
    assert!(top(&desk, "list of all keys") < close, "its end is seen");
    desk.press(Key::PageUp);
    assert!(top(&desk, "list of all keys") > close, "a page back");
    desk.press(Key::Home);
    assert!((top(&desk, "to the quick entry") - first).abs() < 0.5, "and its beginning again");
}

#[test]
fn before_and_after_scroll_by_the_keyboard_while_the_reason_is_typed() {
    let mut desk = demo(Theme::Light, SMALL);
    desk.press_with(Modifiers::COMMAND, Key::Comma);
    desk.fill("Purposes out of the total", "CRS, ICANS, IEC-HS, not stated");
    desk.press(Key::Enter);
    if desk.sees("Your initials") {
        desk.fill("Your initials", "nk");
        desk.press(Key::Enter);
    }
    assert!(desk.sees("Before and after, for every patient"));
    let comparison = desk.state().app.form.as_ref().unwrap().comparison.clone().unwrap();
    let mrn = |at: usize| format!("{}   MRN {}", comparison.moved[at].name, comparison.moved[at].mrn);
    let (first, last) = (mrn(0), mrn(comparison.moved.len() - 1));
    let (was, foot) = (top(&desk, &first), top(&desk, "Reason"));
    assert!(top(&desk, &last) > foot, "more patients than there is room for");
    desk.press(Key::PageDown);
    assert!(top(&desk, &first) < was - 100.0, "a page on");
    for _ in 0..30 {
        desk.press(Key::PageDown);
    }
    assert!(top(&desk, &last) < foot, "the last patient is seen");
    for _ in 0..31 {
        desk.press(Key::PageUp);
    }
    assert!((top(&desk, &first) - was).abs() < 0.5);
    desk.press(Key::ArrowDown);
    assert!(top(&desk, &first) < was);
}

#[test]
fn a_key_behind_an_open_form_does_nothing_and_one_escape_closes_the_form() {
    for (modifiers, key) in [
        (Modifiers::NONE, Key::F1),
        (Modifiers::NONE, Key::F8),
        (Modifiers::NONE, Key::F2),
        (Modifiers::COMMAND, Key::B),
    ] {
        let (_folder, mut desk) = with_robin();
        desk.press_with(Modifiers::COMMAND, Key::N);
        desk.press_with(modifiers, key);
        assert!(desk.state().app.form.is_some() && desk.state().app.overlay.is_none(), "{key:?}");
        desk.press(Key::Escape);
        assert!(desk.state().app.form.is_none() && desk.state().app.overlay.is_none(), "{key:?}");
    }
    let (_folder, mut desk) = with_robin();
    desk.press_with(Modifiers::COMMAND, Key::N);
    desk.press_with(Modifiers::COMMAND, Key::Plus);
    assert_eq!(desk.state().app.settings.zoom_percent, Some(110), "larger is allowed");
}

#[test]
fn a_key_behind_what_is_shown_over_the_window_does_nothing_and_its_own_key_closes_it() {
    let ctrl_shift = Modifiers::COMMAND.plus(Modifiers::SHIFT);
    for (modifiers, key) in [
        (Modifiers::NONE, Key::F1),
        (Modifiers::NONE, Key::F8),
        (Modifiers::SHIFT, Key::F7),
        (Modifiers::COMMAND, Key::B),
        (Modifiers::COMMAND, Key::K),
        (ctrl_shift, Key::V),
        (ctrl_shift, Key::D),
    ] {
        let (folder, mut desk) = with_robin();
        desk.quick("dex 10 iv 13:00");
        desk.press(Key::Enter);
        desk.press_with(modifiers, key);
        let overlay = desk.state().app.overlay;
        assert!(overlay.is_some(), "{key:?}");
        for (modifiers, behind) in [
            (Modifiers::COMMAND, Key::D),
            (Modifiers::COMMAND, Key::N),
            (Modifiers::COMMAND, Key::PageDown),
            (Modifiers::NONE, Key::F6),
            (Modifiers::NONE, Key::F11),
            (ctrl_shift, Key::O),
        ] {
            desk.press_with(modifiers, behind);
        }
        // Nor does a key bring the keyboard behind it.
        desk.press_with(Modifiers::COMMAND, Key::L);
        desk.event(egui::Event::Text("dex 4 iv".to_owned()));
        desk.run();
        let app = &desk.state().app;
        assert!(app.quick.line.is_empty() && app.form.is_none() && !app.bedside.is_on, "{key:?}");
        assert_eq!((app.overlay, app.window), (overlay, corticurve::exposure::Window::Day0), "{key:?}");
        desk.press_with(Modifiers::COMMAND, Key::Plus);
        assert_eq!(desk.state().app.settings.zoom_percent, Some(110), "{key:?}: larger is allowed");
        desk.press_with(modifiers, key);
        assert_eq!(desk.state().app.overlay, None, "{key:?}: its own key closes it");
        assert_eq!(super::tasks::doses_on_disk(&folder), 1);
    }
}
