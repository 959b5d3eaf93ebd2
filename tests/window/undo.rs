//! Undo: in a text field it is of what is typed there, and of nothing that was typed for another patient; elsewhere, for a
//! minute, it strikes out what was saved.

use super::desk::{Desk, Hands, TestClock, over_clock, with_robin};
use super::guarding::{QUESTION, open, save, with_two};
use super::locking::{lock_now, unlock, unlock_first};
use super::several::struck_out;
use super::tasks::doses_on_disk;
use super::watching::{over_threaded, wait_for};
use crate::store::share::{Mood, Share};
use chrono::TimeDelta;
use corticurve::app::lock::IdleLock;
use egui::{Event, Key, Modifiers};

/// Typed as by hand: each letter in a frame of its own.
fn type_slowly(desk: &mut Desk, text: &str) {
    for letter in text.chars() {
        desk.event(Event::Text(letter.to_string()));
        desk.step();
    }
}

#[test]
fn undo_while_typing_brings_back_no_line_of_another_patient_and_none_that_is_saved() {
    let (folder, mut desk) = with_two("Sample", "Avery");
    open(&mut desk, "EXAMPLE, Robin");
    desk.quick("dex 10 iv icans");
    desk.press_with(Modifiers::COMMAND, Key::PageDown);
    desk.key_press(Key::Enter);
    desk.step();
    desk.step();
    assert_eq!(desk.state().app.patient().unwrap().shown_name(), "SAMPLE, Avery");
    let undo_and_redo = |desk: &mut Desk| {
        for key in [Key::Z, Key::Z, Key::Z, Key::Y, Key::Y, Key::Y] {
            desk.key_press_modifiers(Modifiers::COMMAND, key);
            desk.step();
            let line = &desk.state().app.quick.line;
            assert!(!line.contains("icans") && !line.contains("ana 100"), "{key:?}: {line}");
        }
    };
    type_slowly(&mut desk, "dex 4");
    assert_eq!(desk.state().app.quick.line, "dex 4", "no letter is lost to the other field");
    undo_and_redo(&mut desk);
    desk.press(Key::Escape);
    save(&mut desk, "ana 100 sc 14:00");
    assert_eq!(doses_on_disk(&folder), 1);
    // The letters that follow Enter at once are in the next line.
    type_slowly(&mut desk, "dex 4");
    assert_eq!(desk.state().app.quick.line, "dex 4");
    undo_and_redo(&mut desk);
}

#[test]
fn undo_in_a_form_brings_back_nothing_of_the_form_of_another_patient() {
    let (_folder, mut desk) = with_two("Sample", "Avery");
    open(&mut desk, "EXAMPLE, Robin");
    desk.press_with(Modifiers::COMMAND, Key::N);
    desk.fill("Amount", "40");
    desk.press(Key::Escape);
    desk.press_with(Modifiers::COMMAND, Key::PageDown);
    desk.press_with(Modifiers::COMMAND, Key::N);
    type_slowly(&mut desk, "7");
    for _ in 0..3 {
        desk.key_press_modifiers(Modifiers::COMMAND, Key::Z);
        desk.step();
        let form = desk.state().app.form.as_ref().unwrap();
        assert!(!form.value("Amount").contains('4'), "{}", form.value("Amount"));
    }
}

#[test]
fn undo_brings_back_no_answer_to_the_question_who_it_is() {
    let (folder, mut desk) = with_robin();
    lock_now(&mut desk);
    unlock_first(&mut desk, "4071");
    save(&mut desk, "dex 10 iv 14:00");
    type_slowly(&mut desk, "0403");
    desk.press(Key::Enter);
    assert_eq!(doses_on_disk(&folder), 1);
    lock_now(&mut desk);
    unlock(&mut desk, "4071");
    save(&mut desk, "dex 10 iv 08:00");
    assert!(desk.sees(QUESTION));
    desk.press_with(Modifiers::COMMAND, Key::Z);
    desk.press(Key::Enter);
    assert!(desk.sees("Nothing is typed yet") && doses_on_disk(&folder) == 1);
}

#[test]
fn while_something_else_is_typed_or_open_ctrl_z_strikes_nothing_out() {
    for (modifiers, key) in [
        (Modifiers::COMMAND, Key::F),
        (Modifiers::COMMAND, Key::K),
        (Modifiers::NONE, Key::F1),
        (Modifiers::COMMAND, Key::N),
    ] {
        let (folder, mut desk) = with_robin();
        desk.quick("dex 10 iv 13:00");
        desk.press(Key::Enter);
        desk.press_with(modifiers, key);
        desk.event(Event::Text("e".to_owned()));
        desk.run();
        desk.press_with(Modifiers::COMMAND, Key::Z);
        assert!(struck_out(&folder).is_empty(), "{key:?}: {}", desk.notice());
    }
    // In the empty quick entry it is of what was saved, and where nothing that can be typed in has the keyboard.
    for (modifiers, key) in [(Modifiers::COMMAND, Key::L), (Modifiers::COMMAND, Key::J)] {
        let (folder, mut desk) = with_robin();
        desk.quick("dex 10 iv 13:00");
        desk.press(Key::Enter);
        desk.press_with(modifiers, key);
        desk.press_with(Modifiers::COMMAND, Key::Z);
        assert_eq!(struck_out(&folder), ["10 mg undone at once"], "{key:?}");
    }
}

#[test]
fn a_dose_is_undone_within_a_minute_and_later_it_is_struck_out_in_the_log() {
    for (seconds, is_undone) in [(59, true), (61, false), (5 * 3600, false)] {
        let (folder, desk) = with_robin();
        drop(desk);
        let clock = TestClock::new();
        let mut desk = over_clock(&folder, &clock);
        desk.state_mut().app.settings.lock = IdleLock::Never;
        save(&mut desk, "dex 10 iv 13:00");
        clock.goes_on(TimeDelta::seconds(seconds));
        assert_eq!(desk.state().app.can_undo(), is_undone, "{seconds} s");
        desk.press_with(Modifiers::COMMAND, Key::Z);
        assert_eq!(struck_out(&folder).len(), usize::from(is_undone), "{seconds} s: {}", desk.notice());
        assert_eq!(desk.notice().starts_with("there is nothing to undo: "), !is_undone, "{}", desk.notice());
    }
}

#[test]
fn nobody_undoes_after_a_lock_or_under_other_initials_what_was_saved_before() {
    for locks in [true, false] {
        let (folder, mut desk) = with_robin();
        save(&mut desk, "dex 10 iv 13:00");
        assert!(desk.state().app.can_undo());
        if locks {
            lock_now(&mut desk);
            unlock_first(&mut desk, "4071");
        } else {
            desk.press_with(Modifiers::COMMAND, Key::U);
            desk.fill("Your initials", "lt");
            desk.press(Key::Enter);
        }
        desk.press_with(Modifiers::COMMAND, Key::Z);
        assert!(struck_out(&folder).is_empty(), "lock: {locks}");
        assert!(desk.notice().starts_with("there is nothing to undo: "), "{}", desk.notice());
    }
}

#[test]
fn a_dose_whose_save_is_answered_behind_the_lock_is_not_undone_after_it() {
    let (folder, desk) = with_robin();
    drop(desk);
    let share = Share::new();
    let mut desk = over_threaded(&folder, &share);
    share.becomes(Mood::Hangs);
    save(&mut desk, "dex 10 iv 13:00");
    lock_now(&mut desk);
    share.becomes(Mood::Well);
    wait_for(&mut desk, "saved", |desk| desk.state().app.pending().is_none());
    assert_eq!(doses_on_disk(&folder), 1);
    assert!(desk.state().app.lock.is_on() && !desk.state().app.can_undo());
}

#[test]
fn undo_strikes_out_no_dose_of_another_patient_than_the_one_who_is_open() {
    let (folder, desk) = with_two("Sample", "Avery");
    drop(desk);
    let share = Share::new();
    let mut desk = over_threaded(&folder, &share);
    open(&mut desk, "EXAMPLE, Robin");
    desk.press_with(Modifiers::COMMAND, Key::N);
    desk.fill("Amount", "10");
    share.becomes(Mood::Hangs);
    desk.press(Key::Enter);
    desk.press(Key::Escape);
    open(&mut desk, "SAMPLE, Avery");
    share.becomes(Mood::Well);
    wait_for(&mut desk, "saved", |desk| desk.state().app.pending().is_none());
    assert_eq!(doses_on_disk(&folder), 1);
    assert!(!desk.state().app.can_undo());
    desk.press_with(Modifiers::COMMAND, Key::Z);
    assert!(desk.notice().contains("of another patient"), "{}", desk.notice());
    wait_for(&mut desk, "nothing asked", |desk| desk.state().app.pending().is_none());
    assert!(struck_out(&folder).is_empty());
}

#[test]
fn undo_goes_on_backwards_to_the_doses_before_each_within_its_own_minute() {
    let (folder, desk) = with_robin();
    drop(desk);
    let clock = TestClock::new();
    let mut desk = over_clock(&folder, &clock);
    for line in ["dex 4 iv 11:00", "dex 10 iv 12:00", "ana 100 sc 13:00"] {
        save(&mut desk, line);
        clock.goes_on(TimeDelta::seconds(25));
    }
    // 75, 50 and 25 seconds ago.
    let struck = ["100 mg undone at once", "10 mg undone at once"];
    for (press, expected) in [(1, &struck[..1]), (2, &struck[..]), (3, &struck[..])] {
        assert_eq!(desk.state().app.can_undo(), press < 3, "{press}");
        desk.press_with(Modifiers::COMMAND, Key::Z);
        let mut found = struck_out(&folder);
        found.sort();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(found, expected, "{press}: {}", desk.notice());
    }
    assert!(desk.notice().starts_with("there is nothing to undo: "), "{}", desk.notice());
}

#[test]
fn undo_does_not_reach_behind_something_else_that_was_saved() {
    let (folder, mut desk) = with_robin();
    save(&mut desk, "dex 10 iv 13:00");
    desk.press_with(Modifiers::COMMAND, Key::M);
    desk.fill("Weight in kg", "51.8");
    desk.press(Key::Enter);
    desk.press_with(Modifiers::COMMAND, Key::Z);
    assert!(struck_out(&folder).is_empty() && desk.notice().starts_with("there is nothing to undo: "));
}
