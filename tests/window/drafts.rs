//! A line that is not saved yet: kept through a lock, a restart and a crash, and never saved with another time.

use super::desk::{Desk, Hands, TestClock, over, over_clock, with_robin};
use super::guarding::{open, with_two};
use super::locking::{all_words, lock_now, unlock_first};
use super::tasks::{doses_on_disk, on_disk};
use super::watching::{over_threaded, wait_for};
use crate::store::share::{Mood, Share};
use chrono::TimeDelta;
use corticurve::app::Action;
use corticurve::app::guard::Guarding;
use corticurve::record::PatientId;
use egui::{Event, Key, Modifiers};
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

pub fn file(folder: &TempDir) -> PathBuf {
    folder.path().join("config/drafts.ron")
}

pub fn line(desk: &Desk) -> String {
    desk.state().app.quick.line.clone()
}

pub fn clear(desk: &mut Desk) {
    desk.press_with(Modifiers::COMMAND, Key::L);
    desk.press(Key::Escape);
}

fn add(desk: &mut Desk, text: &str) {
    desk.press_with(Modifiers::COMMAND, Key::L);
    desk.press(Key::End);
    desk.event(Event::Text(text.to_owned()));
    desk.run();
}

fn first_dose(folder: &TempDir) -> String {
    on_disk(folder).patients()[0].chart.administrations[0].value.given.start().format("%d %H:%M").to_string()
}

#[test]
fn a_line_is_there_after_a_restart_and_is_forgotten_once_it_is_saved_or_cleared() {
    let (folder, mut desk) = with_robin();
    desk.quick("dex 10 iv 14:00");
    drop(desk);
    let mut desk = over(&folder);
    assert_eq!(line(&desk), "dex 10 iv 14:00");
    assert!(desk.sees("kept from today 14:32:") && desk.sees("dexAMETHasone 10 mg, intravenous, today 14:00"));
    assert_eq!(doses_on_disk(&folder), 0);
    desk.press(Key::Enter);
    assert_eq!(doses_on_disk(&folder), 1);
    desk.quick("ana 100 sc 14:00");
    clear(&mut desk);
    drop(desk);
    assert_eq!(line(&over(&folder)), "");
}

#[test]
fn what_is_kept_holds_no_name_and_only_the_user_can_read_it() {
    let (folder, mut desk) = with_robin();
    desk.quick("dex 10 iv 14:00");
    let text = fs::read_to_string(file(&folder)).unwrap();
    let id = desk.state().app.selected.clone().unwrap();
    assert!(text.contains("dex 10 iv 14:00") && text.contains(id.as_str()), "{text}");
    for name in ["xample", "EXAMPLE", "Robin", "40 017", "2009"] {
        assert!(!text.contains(name), "{text}");
    }
    #[cfg(unix)]
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&fs::metadata(file(&folder)).unwrap().permissions()) & 0o777,
        0o600
    );
}

#[test]
fn a_kept_line_whose_time_would_shift_is_not_saved_before_the_time_is_written() {
    // The line, how long it lay there, whether it is asked, and what is then added with the time that is recorded.
    for (typed, minutes, asks, added, given) in [
        ("dex 10 iv", 40, true, " 2026-11-22 14:32", "22 14:32"),
        ("dex 10 iv", 40, true, " now", "22 15:12"),
        ("dex 10 iv now", 40, true, "", ""),
        ("dex 10 iv -2h", 40, true, "", ""),
        ("dex 10 iv 14:00", 40, false, "", "22 14:00"),
        ("dex 10 iv 14:00", 24 * 60, true, "", ""),
        ("dex 10 iv", 24 * 60, true, " 14:30", ""),
        ("dex 10 iv", 24 * 60, true, " 2026-11-23 14:30", "23 14:30"),
        ("dex 10 iv 2026-11-22 14:00", 24 * 60, false, "", "22 14:00"),
        ("dex 10 iv", 0, false, "", "22 14:32"),
    ] {
        let (folder, desk) = with_robin();
        drop(desk);
        let clock = TestClock::new();
        let mut desk = over_clock(&folder, &clock);
        desk.quick(typed);
        drop(desk);
        clock.goes_on(TimeDelta::minutes(minutes));
        let mut desk = over_clock(&folder, &clock);
        desk.press_with(Modifiers::COMMAND, Key::L);
        desk.press(Key::Enter);
        let case = format!("{typed} after {minutes} min, then '{added}'");
        assert_eq!(doses_on_disk(&folder), usize::from(!asks), "{case}");
        assert_eq!(
            desk.sees("kept from 22-Nov-2026 14:32, and what it says of the time is not the same"),
            asks,
            "{case}"
        );
        if asks {
            add(&mut desk, added);
            desk.press(Key::Enter);
            assert_eq!(doses_on_disk(&folder), usize::from(!given.is_empty()), "{case}");
        }
        if !given.is_empty() {
            assert_eq!(first_dose(&folder), given, "{case}");
        }
    }
}

#[test]
fn a_line_that_was_left_behind_a_lock_does_not_shift_either() {
    let (folder, desk) = with_robin();
    drop(desk);
    let clock = TestClock::new();
    let mut desk = over_clock(&folder, &clock);
    desk.quick("dex 10 iv");
    clock.goes_on(TimeDelta::minutes(30));
    lock_now(&mut desk);
    unlock_first(&mut desk, "4071");
    desk.press_with(Modifiers::COMMAND, Key::L);
    desk.press(Key::Enter);
    assert!(desk.sees("kept from 22-Nov-2026 14:32"));
    assert_eq!(doses_on_disk(&folder), 0);
    clear(&mut desk);
    desk.quick("dex 10 iv");
    desk.press(Key::Enter);
    desk.fill("Day and month of birth", "04-03");
    desk.press(Key::Enter);
    assert_eq!(doses_on_disk(&folder), 1, "a line typed anew means what it says");
}

#[test]
fn a_line_that_is_being_saved_is_kept_until_it_is_on_the_disk() {
    let (folder, desk) = with_robin();
    drop(desk);
    let share = Share::new();
    let mut desk = over_threaded(&folder, &share);
    desk.quick("dex 10 iv 14:00");
    let kept = |_: &Desk| fs::read_to_string(file(&folder)).is_ok_and(|text| text.contains("dex 10 iv 14:00"));
    wait_for(&mut desk, "the file, beside the window", kept);
    share.becomes(Mood::Hangs);
    desk.press(Key::Enter);
    assert!(line(&desk).is_empty() && desk.state().app.pending().is_some());
    std::thread::sleep(std::time::Duration::from_millis(600));
    assert!(kept(&desk), "a crash now would not lose it");
    share.becomes(Mood::Well);
    wait_for(&mut desk, "the save", |desk| desk.state().app.pending().is_none());
    wait_for(&mut desk, "the line to be forgotten", |desk| !kept(desk));
    assert_eq!(doses_on_disk(&folder), 1);
}

#[test]
fn a_file_of_drafts_that_cannot_be_read_is_told_and_stops_nothing() {
    let (folder, desk) = with_robin();
    drop(desk);
    fs::write(file(&folder), "[(store: ").unwrap();
    let mut desk = over(&folder);
    assert!(desk.notice().contains("drafts.ron cannot be read"), "{}", desk.notice());
    desk.state_mut().app.update(Action::Dismiss);
    desk.quick("dex 10 iv 14:00");
    desk.press(Key::Enter);
    assert_eq!(doses_on_disk(&folder), 1);
}

fn field(desk: &Desk, label: &str) -> String {
    desk.state().app.form.as_ref().unwrap().value(label).to_owned()
}

#[test]
fn a_half_filled_form_is_there_after_a_restart_with_its_time_and_is_forgotten_once_it_is_saved_or_closed() {
    let (folder, mut desk) = with_robin();
    desk.press_with(Modifiers::COMMAND, Key::N);
    desk.fill("Amount", "4.5");
    desk.fill("Note", "before CT");
    drop(desk);
    let mut clock = TestClock::new();
    clock.goes_on(TimeDelta::hours(20));
    let mut desk = over_clock(&folder, &clock);
    assert_eq!((field(&desk, "Amount"), field(&desk, "Note")), ("4.5".to_owned(), "before CT".to_owned()));
    assert_eq!(field(&desk, "Given at"), "2026-11-22 14:32", "now was then");
    assert!(desk.sees("Kept from 22-Nov-2026 14:32 and not saved"));
    assert_eq!(doses_on_disk(&folder), 0);
    desk.choose("Drug", "dexAMETHasone");
    desk.press(Key::Enter);
    assert_eq!(desk.state().app.form.as_ref().and_then(|form| form.error.clone()), None);
    assert_eq!((doses_on_disk(&folder), first_dose(&folder)), (1, "22 14:32".to_owned()));
    drop(desk);
    let mut desk = over_clock(&folder, &clock);
    assert!(desk.state().app.form.is_none(), "it is saved");
    // A correction, given up.
    desk.press_with(Modifiers::COMMAND, Key::ArrowDown);
    desk.press_with(Modifiers::COMMAND, Key::E);
    desk.fill("Reason", "point lost");
    drop(desk);
    clock = TestClock::new();
    clock.goes_on(TimeDelta::hours(21));
    let mut desk = over_clock(&folder, &clock);
    assert_eq!(
        desk.state().app.form.as_ref().unwrap().title,
        "Correct: dexAMETHasone 4.5 mg, 22-Nov-2026 14:32, recorded by NK"
    );
    assert_eq!((field(&desk, "Reason"), field(&desk, "Amount")), ("point lost".to_owned(), "4.5".to_owned()));
    desk.press(Key::Escape);
    drop(desk);
    assert!(over_clock(&folder, &clock).state().app.form.is_none(), "it was given up");
    assert!(!fs::read_to_string(file(&folder)).unwrap().contains("point lost"));
}

#[test]
fn a_kept_infusion_and_a_kept_plan_say_the_same_times_after_a_restart_beside_the_kept_line() {
    let (folder, mut desk) = with_robin();
    desk.quick("dex 10 iv 14:00");
    desk.press_with(Modifiers::COMMAND, Key::N);
    desk.fill("Given at", "12:00-14:00");
    drop(desk);
    let clock = TestClock::new();
    clock.goes_on(TimeDelta::hours(24));
    let mut desk = over_clock(&folder, &clock);
    assert_eq!(line(&desk), "dex 10 iv 14:00");
    assert_eq!(field(&desk, "Given at"), "2026-11-22 12:00-14:00");
    desk.press(Key::Escape);
    assert_eq!(line(&desk), "dex 10 iv 14:00", "the line is not given up with the form");
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::N);
    desk.fill("Plan", "dex 4 iv q12h for 2d");
    drop(desk);
    let desk = over_clock(&folder, &clock);
    assert_eq!(field(&desk, "Plan"), "dex 4 iv q12h for 2d");
    assert!(desk.sees("Look at it, and at its times"));
}

#[test]
fn while_names_are_hidden_a_kept_form_waits_and_it_opens_with_no_other_patient() {
    let (folder, mut desk) = with_robin();
    let robin = desk.state().app.selected.clone().unwrap();
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::I);
    for (label, text) in [("MRN", "40 018"), ("Family name", "Avatar"), ("Given name", "Kim")] {
        desk.fill(label, text);
    }
    desk.press(Key::Enter);
    desk.state_mut().app.update(Action::Select(robin.clone()));
    desk.run();
    desk.press_with(Modifiers::COMMAND, Key::N);
    desk.fill("Note", "for Avery");
    drop(desk);
    let mut desk = over(&folder);
    assert!(desk.sees("AVATAR, Kim") && desk.state().app.form.is_none(), "the first of the list has none");
    let other = desk.state().app.selected.clone().unwrap();
    for (hidden, opens) in [(true, false), (false, true)] {
        if desk.state().app.bedside.names_hidden != hidden {
            desk.press_with(Modifiers::COMMAND, Key::H);
        }
        desk.state_mut().app.update(Action::Select(other.clone()));
        desk.state_mut().app.update(Action::Select(robin.clone()));
        desk.run();
        let form = desk.state().app.form.as_ref();
        assert_eq!(form.is_some_and(|form| form.value("Note") == "for Avery"), opens, "hidden: {hidden}");
        assert_eq!(form.and_then(|form| form.patient.clone()), opens.then(|| robin.clone()));
    }
}

#[test]
fn what_is_typed_for_another_patient_is_marked_in_the_ward_list_and_told_at_the_start() {
    let ctrl_shift = Modifiers::COMMAND.plus(Modifiers::SHIFT);
    for (typed, what) in [("dex 10 iv 14:00", "a dose"), ("", "a dose"), ("", "a plan")] {
        let (folder, mut desk) = with_two("Sample", "Avery");
        open(&mut desk, "SAMPLE, Avery");
        let says = |desk: &Desk| all_words(desk).contains(&format!(", {what} is typed here and not saved"));
        match (typed, what) {
            ("", "a dose") => {
                desk.press_with(Modifiers::COMMAND, Key::N);
                desk.fill("Amount", "4.5");
            }
            ("", _) => {
                desk.press_with(ctrl_shift, Key::N);
                desk.fill("Plan", "dex 4 iv q12h for 2d");
            }
            _ => desk.quick(typed),
        }
        assert!(!says(&desk), "what is open is seen");
        drop(desk);
        let mut desk = over(&folder);
        let told = format!("1 patient has {what} that was typed and not saved: SAMPLE, Avery.");
        assert_eq!(desk.notice(), told);
        assert!(desk.sees(&told) && says(&desk), "{what}");
        desk.press_with(Modifiers::COMMAND, Key::H);
        let words = all_words(&desk);
        assert!(words.contains("that was typed and not saved: S. A. · ") && !words.contains("Avery"), "{words}");
        desk.press_with(Modifiers::COMMAND, Key::H);
        desk.press(Key::Escape);
        assert!(desk.notice().is_empty() && says(&desk), "the row says so as long as it is so");
        // Whoever opens the patient sees it, and once it is given up nothing says so any more.
        open(&mut desk, "SAMPLE, Avery");
        assert!(!says(&desk), "{what}");
        if typed.is_empty() {
            desk.press(Key::Escape);
        } else {
            clear(&mut desk);
        }
        open(&mut desk, "EXAMPLE, Robin");
        assert!(!says(&desk), "{what}");
        drop(desk);
        assert!(over(&folder).notice().is_empty());
    }
}

#[test]
fn while_names_are_hidden_a_kept_line_waits_and_is_lost_to_nothing() {
    let (_folder, mut desk) = with_two("Sample", "Avery");
    let robin = desk.state().app.selected.clone().unwrap();
    let other = desk.state().app.rows.iter().find(|row| row.id != robin).unwrap().id.clone();
    let go_to = |desk: &mut Desk, id: &PatientId| {
        desk.state_mut().app.update(Action::Select(id.clone()));
        desk.state_mut().app.update(Action::Guard(Guarding::Confirm));
        desk.run();
    };
    desk.quick("dex 10 iv 14:00; Avery Sample asked");
    go_to(&mut desk, &other);
    desk.press_with(Modifiers::COMMAND, Key::H);
    go_to(&mut desk, &robin);
    assert!(!all_words(&desk).contains("Avery") && desk.sees("A line is kept of this patient"));
    desk.quick("dex 4 iv");
    assert_eq!(line(&desk), "", "another line would be the end of the kept one");
    assert!(desk.notice().contains("show them (Ctrl+H)"), "{}", desk.notice());
    go_to(&mut desk, &other);
    go_to(&mut desk, &robin);
    desk.press_with(Modifiers::COMMAND, Key::H);
    assert_eq!(line(&desk), "dex 10 iv 14:00; Avery Sample asked");
    assert!(desk.sees("kept from today 14:32:"));
    // What is being typed is seen as it is typed, by whoever hides the names.
    desk.press_with(Modifiers::COMMAND, Key::H);
    assert_eq!(line(&desk), "dex 10 iv 14:00; Avery Sample asked");
}

#[test]
fn a_filled_form_is_kept_and_comes_back_when_nobody_says_who_is_recording() {
    let (folder, mut desk) = with_robin();
    desk.state_mut().app.settings.initials = None;
    desk.press_with(Modifiers::COMMAND, Key::N);
    desk.fill("Amount", "40");
    desk.press(Key::Enter);
    assert!(desk.sees("Who is recording?"));
    assert!(fs::read_to_string(file(&folder)).unwrap().contains("40"), "kept through a crash meanwhile");
    desk.press(Key::Escape);
    assert_eq!(field(&desk, "Amount"), "40");
    desk.press(Key::Enter);
    desk.fill("Your initials", "nk");
    desk.press(Key::Enter);
    assert!(desk.state().app.form.is_none() && doses_on_disk(&folder) == 1);
    assert!(!fs::read_to_string(file(&folder)).unwrap().contains("40"));
}
