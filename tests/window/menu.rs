//! The menu bar: every action, by mouse and by keyboard.

use super::desk::{Desk, Hands, SMALL, demo, over, with_robin};
use super::tasks::doses_on_disk;
use corticurve::app::{Action, Overlay, Theme};
use corticurve::ui::keys;
use egui::accesskit::Role;
use egui::{Key, Modifiers, Rect, ViewportId, pos2, vec2};
use egui_kittest::kittest::{By, Queryable};

/// Opens a menu and chooses the item whose words begin so.
pub fn menu(desk: &mut Desk, name: &str, item: &str) {
    desk.get_by_role_and_label(Role::Button, name).click();
    desk.run();
    desk.get(By::new().role(Role::Button).label_contains(item)).click();
    desk.run();
}

#[test]
fn every_action_stands_in_one_menu_with_its_key() {
    let mut desk = demo(Theme::Light, SMALL);
    for (name, bindings) in keys::menus(&desk.state().app) {
        desk.get_by_role_and_label(Role::Button, name).click();
        desk.run();
        for binding in bindings.iter().filter(|binding| !binding.words.starts_with("an open question: ")) {
            let key = desk.ctx.format_shortcut(&binding.shortcut);
            // The second key of one action stands in no menu.
            if key != "Ctrl+Equals" {
                let words: String = binding.words.chars().skip(1).collect();
                assert!(desk.sees(&words) && desk.sees(&key), "{name}: {} {key}", binding.words);
            }
        }
        desk.press(Key::Escape);
    }
}

#[test]
fn a_menu_closes_when_a_key_opens_something_over_the_window_and_enter_is_for_that() {
    let (folder, mut desk) = with_robin();
    for (modifiers, key) in [(Modifiers::COMMAND, Key::K), (Modifiers::NONE, Key::F1), (Modifiers::COMMAND, Key::N)] {
        desk.get_by_role_and_label(Role::Button, "Record").click();
        desk.run();
        assert!(desk.query_by_label_contains("Same again: the last dose, now").is_some());
        desk.press_with(modifiers, key);
        assert!(desk.state().app.is_covered(), "{key:?}");
        assert!(desk.query_by_label_contains("Same again: the last dose, now").is_none(), "{key:?}");
        if key != Key::N {
            desk.press(Key::Escape);
            assert!(!desk.state().app.is_covered(), "{key:?}");
        }
    }
    // The keyboard is in the field of the amount.
    desk.event(egui::Event::Text("4.5".to_owned()));
    desk.run();
    desk.press(Key::Enter);
    assert_eq!((doses_on_disk(&folder), desk.notice().as_str()), (1, "Saved: dexAMETHasone 4.5 mg."));
}

#[test]
fn no_two_actions_have_one_key() {
    let desk = demo(Theme::Light, SMALL);
    let bindings = keys::bindings(&desk.state().app);
    for (at, one) in bindings.iter().enumerate() {
        let other = bindings.iter().skip(at + 1).find(|other| other.shortcut == one.shortcut);
        assert!(other.is_none(), "{} and {}", one.words, other.map_or("", |other| other.words));
    }
}

#[test]
fn the_keyboard_alone_opens_a_menu_and_chooses() {
    let mut desk = demo(Theme::Light, SMALL);
    desk.press(Key::F10);
    assert!(desk.get_by_role_and_label(Role::Button, "Ward").is_focused());
    for _ in 0..4 {
        desk.press(Key::ArrowRight);
    }
    assert!(desk.get_by_role_and_label(Role::Button, "Help").is_focused());
    desk.press(Key::Enter);
    for _ in 0..3 {
        desk.press(Key::ArrowDown);
    }
    desk.press(Key::Enter);
    assert_eq!(desk.state().app.overlay, Some(Overlay::About));
}

#[test]
fn the_arrow_down_opens_a_menu_and_leaves_the_keyboard_in_it() {
    let mut desk = demo(Theme::Light, SMALL);
    desk.press(Key::F10);
    desk.press(Key::ArrowRight);
    desk.press(Key::ArrowDown);
    assert!(desk.sees("Archive"), "the menu of the patient is open");
    for _ in 0..2 {
        desk.press(Key::ArrowDown);
    }
    let stop = super::tabbing::focused(&desk).unwrap();
    let [_, (_, items), ..] = keys::menus(&desk.state().app);
    assert!(items.iter().any(|binding| stop.name.contains(&binding.words[1..])), "{}", stop.name);
}

#[test]
fn closing_the_window_remembers_its_size_without_a_question_where_nothing_waits() {
    let (folder, mut desk) = with_robin();
    let shown = Rect::from_min_size(pos2(40.0, 40.0), vec2(1280.0, 720.0));
    desk.input_mut().viewports.entry(ViewportId::ROOT).or_default().inner_rect = Some(shown);
    desk.key_press_modifiers(Modifiers::COMMAND, Key::Q);
    // A window that is told to close goes on asking for it here.
    desk.run_steps(4);
    assert!(desk.state().app.is_quitting());
    let size = desk.state().app.settings.window.unwrap();
    assert_eq!((size.width, size.height, size.maximized), (1280, 720, false));
    drop(desk);
    assert_eq!(over(&folder).state().app.settings.window, Some(size));
}

#[test]
fn the_size_that_is_remembered_is_that_of_the_screen_and_not_of_the_zoom() {
    let (_folder, mut desk) = with_robin();
    desk.state_mut().app.update(Action::Zoom(50));
    desk.run();
    // In points of the zoomed window, as egui has it.
    let shown = Rect::from_min_size(pos2(40.0, 40.0), vec2(800.0, 480.0));
    desk.input_mut().viewports.entry(ViewportId::ROOT).or_default().inner_rect = Some(shown);
    desk.key_press_modifiers(Modifiers::COMMAND, Key::Q);
    desk.run_steps(4);
    let size = desk.state().app.settings.window.unwrap();
    assert_eq!((size.width, size.height), (1200, 720));
}
