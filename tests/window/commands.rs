//! The command palette: what is done from it with the keyboard alone.

use super::desk::{Desk, Hands, SMALL, demo};
use corticurve::app::form::FormKind;
use corticurve::app::{Overlay, Theme};
use egui::{Event, Key, Modifiers};

fn opened() -> Desk {
    let mut desk = demo(Theme::Light, SMALL);
    desk.press_with(Modifiers::COMMAND, Key::K);
    desk
}

fn type_text(desk: &mut Desk, text: &str) {
    desk.event(Event::Text(text.to_owned()));
    desk.run();
}

#[test]
fn a_part_of_its_words_finds_a_command_and_enter_does_it() {
    let mut desk = opened();
    type_text(&mut desk, "rec gra");
    assert!(desk.sees("record a grade") && !desk.sees("record a plan"));
    desk.press(Key::Enter);
    assert_eq!(desk.state().app.overlay, None);
    assert_eq!(desk.state().app.form.as_ref().map(|form| form.kind.clone()), Some(FormKind::Grade));
}

#[test]
fn a_part_of_the_name_or_number_finds_a_patient() {
    let mut desk = opened();
    assert!(!desk.sees("open SAMPLE, Avery"), "patients are told once something is typed");
    type_text(&mut desk, "avery");
    desk.press(Key::Enter);
    assert!(desk.state().app.patient().unwrap().shown_name().starts_with("SAMPLE"));
}

#[test]
fn arrows_choose_among_what_is_found() {
    let mut desk = opened();
    type_text(&mut desk, "record a");
    for _ in 0..3 {
        desk.press(Key::ArrowDown);
    }
    desk.press(Key::ArrowUp);
    assert_eq!(desk.state().app.commands.chosen, 2);
    desk.press(Key::PageUp);
    assert_eq!(desk.state().app.commands.chosen, 0);
    desk.press(Key::PageDown);
    desk.press(Key::PageDown);
    let found = desk.state().app.commands.chosen;
    desk.press(Key::ArrowDown);
    assert_eq!(desk.state().app.commands.chosen, found, "the last one stays chosen");
}

#[test]
fn what_nothing_is_called_does_nothing() {
    let mut desk = opened();
    type_text(&mut desk, "xyzzy");
    assert!(desk.sees("Nothing has these words in its name."));
    desk.press(Key::Enter);
    assert_eq!(desk.state().app.overlay, Some(Overlay::Commands));
    desk.press(Key::Escape);
    assert_eq!((desk.state().app.overlay, desk.state().app.form.is_none()), (None, true));
}

#[test]
fn every_command_of_the_list_of_keys_is_in_the_palette() {
    let desk = opened();
    let all = corticurve::ui::keys::bindings(&desk.state().app);
    for binding in all.iter().filter(|binding| binding.shortcut != corticurve::ui::keys::COMMANDS) {
        let mut desk = opened();
        type_text(&mut desk, binding.words);
        assert!(desk.sees(binding.words), "{}", binding.words);
    }
}
