//! The lock: what it hides, what it keeps, and who may come back.

use super::desk::{Desk, Hands, SMALL, TestClock, demo, over, over_clock, with_robin};
use super::tasks::{doses_on_disk, on_disk};
use super::watching::{over_threaded, wait_for};
use crate::store::share::{Mood, Share};
use chrono::TimeDelta;
use corticurve::app::lock::{IdleLock, Secret};
use corticurve::app::{Action, Theme};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::{NodeT, Queryable};
use std::fs;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const CTRL_SHIFT: Modifiers = Modifiers { ctrl: true, shift: true, command: true, ..Modifiers::NONE };

/// Everything that a screen reader would be told, in one text.
pub fn all_words(desk: &Desk) -> String {
    let mut words = String::new();
    for node in desk.root().children_recursive() {
        let node = node.accesskit_node();
        let parts = [node.label(), node.value(), node.data().description().map(ToOwned::to_owned)];
        parts.into_iter().flatten().for_each(|part| words += &format!("{part}\n"));
    }
    words
}

fn names_nobody(desk: &Desk) -> bool {
    let words = all_words(desk);
    assert!(!words.is_empty());
    !["EXAMPLE", "Robin", "40 017", "2009", "52.3", "tisagen", "Day +9"].iter().any(|part| words.contains(part))
}

pub fn lock_now(desk: &mut Desk) {
    desk.press_with(CTRL_SHIFT, Key::L);
    assert!(desk.sees("Corticurve is locked"));
}

fn type_pin(desk: &mut Desk, label: &str, pin: &str) {
    desk.get_by_role_and_label(Role::PasswordInput, label).focus();
    desk.run();
    desk.event(Event::Text(pin.to_owned()));
    desk.run();
    desk.press(Key::Enter);
}

/// Unlocks as whoever locked.
pub fn unlock(desk: &mut Desk, pin: &str) {
    type_pin(desk, "PIN", pin);
    wait_for(desk, "the PIN", |desk| !desk.state().app.lock.is_checking());
    assert!(!desk.state().app.lock.is_on(), "{:?}", desk.state().app.lock.said);
}

/// Unlocks as whoever locked, who has no PIN yet.
pub fn unlock_first(desk: &mut Desk, pin: &str) {
    type_pin(desk, "PIN", pin);
    wait_for(desk, "the PIN", |desk| !desk.state().app.lock.is_checking());
    desk.run();
    assert!(desk.sees("has no PIN on this workstation yet"));
    type_pin(desk, "PIN again", pin);
    wait_for(desk, "the PIN again", |desk| !desk.state().app.lock.is_checking());
    assert!(!desk.state().app.lock.is_on(), "{:?}", desk.state().app.lock.said);
}

fn with_robin_on_a_clock() -> (TempDir, TestClock, Desk) {
    let (folder, desk) = with_robin();
    drop(desk);
    let clock = TestClock::new();
    let desk = over_clock(&folder, &clock);
    (folder, clock, desk)
}

#[test]
fn after_three_minutes_without_input_nothing_of_any_patient_is_shown_or_told() {
    let (_folder, clock, mut desk) = with_robin_on_a_clock();
    desk.quick("dex 10 iv");
    clock.goes_on(TimeDelta::seconds(179));
    desk.step();
    assert!(!desk.state().app.lock.is_on() && desk.sees("EXAMPLE, Robin"));
    clock.goes_on(TimeDelta::seconds(1));
    desk.step();
    desk.run();
    assert!(desk.state().app.lock.is_on() && desk.sees("Corticurve is locked"));
    assert!(names_nobody(&desk), "{}", all_words(&desk));
}

#[test]
fn escape_on_the_lock_screen_leaves_the_keyboard_in_its_field() {
    for (role, label) in [(Role::TextInput, "Your initials"), (Role::PasswordInput, "PIN")] {
        let (_folder, mut desk) = with_robin();
        lock_now(&mut desk);
        desk.get_by_role_and_label(role, label).focus();
        desk.run();
        for typed in ["L", "T"] {
            desk.event(Event::Text(typed.to_owned()));
            desk.run();
            desk.press(Key::Escape);
            assert!(desk.get_by_role_and_label(role, label).is_focused(), "{label} after {typed}");
        }
        let lock = &desk.state().app.lock;
        let held = if label == "PIN" { lock.pin.as_str() } else { lock.initials.as_str() };
        assert!(held.ends_with("LT"), "{label}: what is typed goes on, {held}");
    }
}

#[test]
fn input_begins_the_three_minutes_anew_and_input_that_comes_too_late_does_not() {
    let (_folder, clock, mut desk) = with_robin_on_a_clock();
    clock.goes_on(TimeDelta::seconds(170));
    desk.press_with(Modifiers::COMMAND, Key::L);
    clock.goes_on(TimeDelta::seconds(170));
    desk.event(Event::PointerMoved(egui::pos2(600.0, 300.0)));
    desk.run();
    assert!(!desk.state().app.lock.is_on());
    clock.goes_on(TimeDelta::minutes(10));
    desk.event(Event::Text("dex 10 iv".to_owned()));
    desk.step();
    assert!(desk.state().app.lock.is_on() && names_nobody(&desk), "the frame of the key shows nobody");
    assert_eq!(desk.state().app.quick.line, "", "and the key changes nothing behind the lock");
}

#[test]
fn the_only_wake_up_of_a_window_at_rest_besides_the_minute_is_the_end_of_the_idle_time() {
    let (_folder, clock, desk) = with_robin_on_a_clock();
    assert_eq!(desk.state().app.seconds_to_lock(), Some(180));
    clock.goes_on(TimeDelta::seconds(100));
    assert_eq!(desk.state().app.seconds_to_lock(), Some(80));
    let delay = |desk: &Desk| desk.output().viewport_output.values().map(|view| view.repaint_delay).min().unwrap();
    let mut desk = desk;
    desk.run();
    assert!(delay(&desk) >= Duration::from_secs(15), "the next minute: {:?}", delay(&desk));
    lock_now(&mut desk);
    desk.run();
    assert_eq!(desk.state().app.seconds_to_lock(), None);
    assert!(delay(&desk) > Duration::from_hours(1), "at rest while locked: {:?}", delay(&desk));
}

#[test]
fn what_was_typed_and_the_open_form_are_there_again_after_the_lock() {
    let (folder, mut desk) = with_robin();
    desk.quick("dex 10 iv 14:00");
    lock_now(&mut desk);
    assert!(names_nobody(&desk) && !all_words(&desk).contains("dex 10"));
    unlock_first(&mut desk, "4071");
    assert_eq!(desk.state().app.quick.line, "dex 10 iv 14:00");
    desk.press(Key::Escape);
    desk.press_with(Modifiers::COMMAND, Key::N);
    desk.fill("Amount", "4.5");
    desk.fill("Note", "with breakfast");
    lock_now(&mut desk);
    assert!(names_nobody(&desk) && !all_words(&desk).contains("breakfast"));
    type_pin(&mut desk, "PIN", "4071");
    let form = desk.state().app.form.clone().unwrap();
    assert_eq!((form.value("Amount"), form.value("Note")), ("4.5", "with breakfast"));
    assert_eq!(doses_on_disk(&folder), 0);
}

#[test]
fn a_wrong_pin_is_refused_and_a_colleague_unlocks_and_records_as_themselves() {
    let (folder, mut desk) = with_robin();
    lock_now(&mut desk);
    unlock_first(&mut desk, "4071");
    desk.quick("dex 10 iv 14:00");
    lock_now(&mut desk);
    type_pin(&mut desk, "PIN", "4072");
    assert!(desk.sees("That is not the PIN of NK") && desk.state().app.lock.is_on());
    assert!(names_nobody(&desk));
    desk.fill("Your initials", "lt");
    type_pin(&mut desk, "PIN", "998877");
    type_pin(&mut desk, "PIN again", "998876");
    assert!(desk.sees("The two are not the same") && desk.state().app.lock.is_on());
    type_pin(&mut desk, "PIN again", "998877");
    assert!(desk.sees("recorded as LT"));
    lock_now(&mut desk);
    for (pin, says) in [("407", "4 to 12 digits"), ("4071", "That is not the PIN of LT")] {
        desk.state_mut().app.update(Action::Unlock(corticurve::app::lock::Unlocking::Pin(Secret::default())));
        type_pin(&mut desk, "PIN", pin);
        assert!(desk.sees(says) && desk.state().app.lock.is_on(), "{pin}");
    }
    type_pin(&mut desk, "PIN", "998877");
    assert!(!desk.state().app.lock.is_on());
    assert_eq!(on_disk(&folder).patients().len(), 1);
}

#[test]
fn an_earlier_pin_does_not_come_back_by_undo() {
    let (_folder, mut desk) = with_robin();
    lock_now(&mut desk);
    unlock_first(&mut desk, "4071");
    lock_now(&mut desk);
    desk.get_by_role_and_label(Role::PasswordInput, "PIN").focus();
    desk.run();
    desk.press_with(Modifiers::COMMAND, Key::Z);
    desk.press(Key::Enter);
    assert!(desk.state().app.lock.is_on() && desk.state().app.lock.pin.as_str().is_empty());
    desk.event(Event::Text("4071".to_owned()));
    desk.run();
    assert_eq!(desk.state().app.lock.pin.as_str(), "4071");
    assert!(!all_words(&desk).contains("4071"), "a PIN is not read out either");
}

#[test]
fn a_form_that_was_left_behind_the_lock_keeps_the_times_that_it_said() {
    // The form, its field of a time, what is typed there, and what it says half an hour later.
    for (modifiers, key, label, typed, after) in [
        (Modifiers::COMMAND, Key::N, "Given at", "now", "2026-11-22 14:32"),
        (Modifiers::COMMAND, Key::N, "Given at", "", "2026-11-22 14:32"),
        (Modifiers::COMMAND, Key::N, "Given at", "-2h", "2026-11-22 12:32"),
        (Modifiers::COMMAND, Key::N, "Given at", "14:00", "14:00"),
        (Modifiers::COMMAND, Key::M, "Time", "now", "2026-11-22 14:32"),
        (Modifiers::NONE, Key::F3, "Checked up to", "now", "2026-11-22 14:32"),
    ] {
        let (_folder, clock, mut desk) = with_robin_on_a_clock();
        desk.press_with(modifiers, key);
        desk.fill(label, typed);
        lock_now(&mut desk);
        clock.goes_on(TimeDelta::minutes(30));
        unlock_first(&mut desk, "4071");
        let form = desk.state().app.form.clone().unwrap();
        assert_eq!(form.value(label), after, "{label} '{typed}'");
        assert_eq!(desk.sees("The time is the one from before the lock"), typed != after, "{label} '{typed}'");
    }
}

#[test]
fn pins_are_kept_as_argon2id_in_a_file_of_their_own_that_only_the_user_can_read() {
    let (folder, mut desk) = with_robin();
    lock_now(&mut desk);
    unlock_first(&mut desk, "40714071");
    let file = folder.path().join("config/pins.ron");
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("$argon2id$v=19$") && text.contains("NK") && !text.contains("40714071"), "{text}");
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file).unwrap().permissions()) & 0o777, 0o600);
    let others = fs::read_dir(folder.path().join("config")).unwrap().map(|item| item.unwrap().file_name());
    assert!(others.into_iter().all(|name| !name.to_string_lossy().ends_with(".new")));
    drop(desk);
    // After a restart the PIN is known; and one that was forgotten can be set anew.
    let mut desk = over(&folder);
    assert!(!desk.state().app.lock.is_on());
    desk.press_with(CTRL_SHIFT, Key::U);
    for label in ["New PIN", "New PIN again"] {
        desk.get_by_role_and_label(Role::PasswordInput, label).focus();
        desk.run();
        desk.event(Event::Text("1234".to_owned()));
        desk.run();
    }
    desk.press(Key::Enter);
    assert_eq!(desk.notice(), "The PIN of NK is set.");
    lock_now(&mut desk);
    type_pin(&mut desk, "PIN", "1234");
    assert!(!desk.state().app.lock.is_on());
}

#[test]
fn a_file_of_pins_that_cannot_be_read_says_so_and_keeps_the_window_locked() {
    let (folder, mut desk) = with_robin();
    fs::write(folder.path().join("config/pins.ron"), "[(initials: \"NK\", hash: ").unwrap();
    lock_now(&mut desk);
    type_pin(&mut desk, "PIN", "4071");
    assert!(desk.state().app.lock.is_on());
    assert!(desk.sees("the PINs of this workstation cannot be read") && desk.sees("start it again"));
}

#[test]
fn the_time_until_the_lock_is_a_setting_of_the_workstation() {
    let (folder, clock, mut desk) = with_robin_on_a_clock();
    desk.press_with(CTRL_SHIFT, Key::U);
    assert_eq!(desk.state().app.form.as_ref().unwrap().value("Lock after, in minutes"), "3");
    for (minutes, says) in [("0", "write 1 to 60, or never"), ("61", "write 1 to 60"), ("soon", "write 1 to 60")] {
        desk.fill("Lock after, in minutes", minutes);
        desk.press(Key::Enter);
        assert!(desk.sees(says), "{minutes}");
    }
    desk.fill("Lock after, in minutes", "never");
    desk.press(Key::Enter);
    assert_eq!(desk.state().app.settings.lock, IdleLock::Never);
    clock.goes_on(TimeDelta::hours(9));
    desk.step();
    assert!(!desk.state().app.lock.is_on());
    desk.press_with(CTRL_SHIFT, Key::U);
    desk.fill("Lock after, in minutes", "10");
    desk.press(Key::Enter);
    drop(desk);
    let mut desk = over_clock(&folder, &clock);
    clock.goes_on(TimeDelta::seconds(599));
    desk.step();
    assert!(!desk.state().app.lock.is_on());
    clock.goes_on(TimeDelta::seconds(1));
    desk.step();
    assert!(desk.state().app.lock.is_on());
}

#[test]
fn a_lock_can_be_lifted_while_the_share_hangs_and_each_wrong_pin_makes_the_next_check_slower() {
    let (folder, mut desk) = with_robin();
    lock_now(&mut desk);
    unlock_first(&mut desk, "4071");
    drop(desk);
    let share = Share::new();
    let mut desk = over_threaded(&folder, &share);
    share.becomes(Mood::Hangs);
    lock_now(&mut desk);
    for _ in 0..2 {
        type_pin(&mut desk, "PIN", "4072");
        wait_for(&mut desk, "the wrong PIN", |desk| !desk.state().app.lock.is_checking());
        assert!(desk.state().app.lock.is_on());
    }
    assert!(desk.sees("The next one is checked after 2 s"));
    let began = Instant::now();
    type_pin(&mut desk, "PIN", "4071");
    assert!(desk.sees("checking…"));
    wait_for(&mut desk, "the right PIN", |desk| !desk.state().app.lock.is_on());
    assert!(began.elapsed() >= Duration::from_secs(2), "{:?}", began.elapsed());
    share.becomes(Mood::Well);
}

#[test]
fn the_demo_keeps_its_pins_in_its_own_folder() {
    let mut desk = demo(Theme::Light, SMALL);
    lock_now(&mut desk);
    unlock_first(&mut desk, "4071");
    let app = &desk.state().app;
    assert!(!app.places.config.join("pins.ron").exists());
    assert!(app.ward.as_ref().unwrap().folder().with_file_name("config").join("pins.ron").exists());
}

#[test]
fn the_lock_screen_in_a_picture() {
    let mut desk = demo(Theme::Light, SMALL);
    desk.get_by_label("Lock").click();
    desk.run();
    desk.snapshot("locked");
}

#[test]
fn what_somebody_does_begins_the_idle_time_anew_and_what_only_the_system_tells_does_not() {
    let pointer = egui::pos2(600.0, 300.0);
    let wheel = Event::MouseWheel {
        unit: egui::MouseWheelUnit::Line,
        delta: egui::vec2(0.0, 1.0),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers: Modifiers::NONE,
    };
    let key = Event::Key {
        key: Key::ArrowDown,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers::NONE,
    };
    for (event, somebody_did_it) in [
        (Event::PointerMoved(pointer), true),
        (Event::Text("d".to_owned()), true),
        (key, true),
        (wheel, true),
        (Event::PointerGone, false),
        (Event::WindowFocused(false), false),
        (Event::WindowFocused(true), false),
    ] {
        let (_folder, clock, mut desk) = with_robin_on_a_clock();
        clock.goes_on(TimeDelta::seconds(170));
        desk.event(event.clone());
        desk.step();
        clock.goes_on(TimeDelta::seconds(20));
        desk.step();
        assert_eq!(desk.state().app.lock.is_on(), !somebody_did_it, "{event:?}");
    }
}

#[test]
fn a_window_at_rest_wakes_to_lock_also_where_that_is_before_the_next_minute() {
    let (_folder, clock, mut desk) = with_robin_on_a_clock();
    clock.goes_on(TimeDelta::seconds(10));
    desk.press_with(Modifiers::COMMAND, Key::L);
    // 14:35:05: five seconds before the lock, and 55 before the minute.
    clock.goes_on(TimeDelta::seconds(175));
    desk.run();
    assert!(!desk.state().app.lock.is_on());
    let delay = desk.output().viewport_output.values().map(|view| view.repaint_delay).min().unwrap();
    assert!(delay > Duration::from_secs(3) && delay <= Duration::from_secs(5), "{delay:?}");
    clock.goes_on(TimeDelta::seconds(5));
    desk.step();
    assert!(desk.state().app.lock.is_on());
}

#[test]
fn after_a_pin_that_cannot_be_one_and_after_wrong_initials_the_keyboard_is_in_a_field_still() {
    let (_folder, mut desk) = with_robin();
    lock_now(&mut desk);
    unlock_first(&mut desk, "4071");
    lock_now(&mut desk);
    type_pin(&mut desk, "PIN", "407");
    assert!(desk.sees("A PIN is 4 to 12 digits."));
    desk.event(Event::Text("12".to_owned()));
    desk.run();
    assert_eq!(desk.state().app.lock.pin.as_str(), "12", "typed anew");
    desk.fill("Your initials", "N?K");
    type_pin(&mut desk, "PIN", "4");
    assert!(desk.sees("Initials: "));
    desk.event(Event::Text("5".to_owned()));
    desk.run();
    assert!(desk.state().app.lock.pin.as_str().contains('5'), "it is filled in, and has the keyboard");
}
