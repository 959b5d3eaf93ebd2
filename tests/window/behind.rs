//! A line that is typed behind one that is being saved: kept like it, and with its patient.

use super::desk::{Desk, Hands, NoDialogs, TestClock, now, over, over_clock, over_share_with, with_robin};
use super::drafts::{clear, file, line};
use super::locking::{lock_now, unlock_first};
use super::tasks::{doses_on_disk, on_disk};
use super::watching::{another_records, counting, over_threaded, wait_for};
use crate::store::share::{Mood, Share};
use chrono::TimeDelta;
use corticurve::app::Action;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use std::fs;
use tempfile::TempDir;

/// A dose that is being saved on a share that hangs, asks something once it answers, and has `behind` typed behind it.
fn asked_with_another_behind(behind: &str) -> (TempDir, Share, Desk) {
    let (folder, desk) = with_robin();
    drop(desk);
    let share = Share::new();
    let mut desk = over_threaded(&folder, &share);
    share.becomes(Mood::Hangs);
    another_records(&folder, 10, 0);
    desk.quick("dex 10 iv");
    desk.press(Key::Enter);
    desk.quick(behind);
    (folder, share, desk)
}

fn both_are_kept(folder: &TempDir) -> impl Fn(&Desk) -> bool {
    let file = file(folder);
    move |_| fs::read_to_string(&file).is_ok_and(|text| text.contains("dex 10 iv") && text.contains("ana 100 sc"))
}

#[test]
fn what_is_typed_while_a_dose_is_saved_is_kept_at_once_and_again_behind_the_line_that_comes_back() {
    let (folder, share, mut desk) = asked_with_another_behind("ana 100 sc");
    wait_for(&mut desk, "both lines in the file while the share hangs", both_are_kept(&folder));
    share.becomes(Mood::Well);
    wait_for(&mut desk, "the question", |desk| desk.sees("is already recorded by LT"));
    assert_eq!(line(&desk), "dex 10 iv");
    assert!(desk.sees("behind it:  ana 100 sc"), "it is said that it is not lost");
    drop(desk);
    assert!(both_are_kept(&folder)(&over(&folder)));
    let mut desk = over(&folder);
    assert_eq!(line(&desk), "dex 10 iv");
    desk.press(Key::Enter);
    desk.press(Key::Enter);
    desk.fill("Day and month of birth", "04-03");
    desk.press(Key::Enter);
    assert_eq!((doses_on_disk(&folder), line(&desk)), (2, "ana 100 sc".to_owned()), "the second follows the first");
    desk.press(Key::Enter);
    assert_eq!((doses_on_disk(&folder), line(&desk)), (3, String::new()));
    assert!(!fs::read_to_string(file(&folder)).unwrap().contains("100 sc"), "and it is done with");
}

#[test]
fn a_line_behind_another_stays_with_its_patient_and_is_named_before_they_are_left() {
    let (_folder, share, mut desk) = asked_with_another_behind("ana 100 sc");
    share.becomes(Mood::Well);
    wait_for(&mut desk, "the question", |desk| desk.sees("is already recorded by LT"));
    let robin = desk.state().app.selected.clone().unwrap();
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::I);
    desk.fill("MRN", "40 018");
    desk.fill("Family name", "Sample");
    desk.press(Key::Enter);
    wait_for(&mut desk, "the other patient", |desk| desk.state().app.rows.len() == 2);
    let other = desk.state().app.rows[1].id.clone();
    desk.state_mut().app.update(Action::Select(other));
    desk.run();
    assert!(desk.sees("The lines stay with EXAMPLE, Robin"));
    let modal = desk.query_all_by_label("ana 100 sc").count();
    assert_eq!(modal, 1, "the question names the line behind, too");
    desk.press(Key::Enter);
    assert_eq!((line(&desk), desk.state().app.quick.next.clone()), (String::new(), None), "not the other patient's");
    desk.state_mut().app.update(Action::Select(robin));
    desk.run();
    assert_eq!(line(&desk), "dex 10 iv");
    assert!(desk.sees("behind it:  ana 100 sc"));
    clear(&mut desk);
    assert_eq!(line(&desk), "ana 100 sc", "once the first is done with");
}

#[test]
fn a_line_behind_another_that_comes_back_a_day_later_does_not_shift_either() {
    let (folder, share, mut desk) = asked_with_another_behind("ana 100 sc");
    share.becomes(Mood::Well);
    wait_for(&mut desk, "the question", |desk| desk.sees("is already recorded by LT"));
    drop(desk);
    let clock = TestClock::new();
    clock.goes_on(TimeDelta::hours(24));
    let mut desk = over_clock(&folder, &clock);
    clear(&mut desk);
    assert_eq!(line(&desk), "ana 100 sc");
    desk.press(Key::Enter);
    assert!(desk.sees("kept from 22-Nov-2026 14:32, and what it says of the time is not the same"));
    assert_eq!(doses_on_disk(&folder), 1, "the colleague's only");
}

#[test]
fn a_file_of_drafts_from_before_lines_waited_behind_others_is_read() {
    let (folder, mut desk) = with_robin();
    desk.quick("dex 10 iv 14:00");
    drop(desk);
    let text = fs::read_to_string(file(&folder)).unwrap();
    assert!(!text.contains("next"), "{text}");
    assert_eq!(line(&over(&folder)), "dex 10 iv 14:00");
}

/// Two lines that say now, typed at 14:32: the first is being saved on a share that hangs, and the window is locked. It is
/// 15:12 when it is unlocked, before or after the share answers.
fn locked_over_two_lines(first_is_asked_about: bool, answers_behind_the_lock: bool) -> (TempDir, Desk) {
    let (folder, desk) = with_robin();
    drop(desk);
    let (share, clock) = (Share::new(), TestClock::new());
    let (dialogs, wake) = (Box::new(NoDialogs), counting().1);
    let mut desk = over_share_with(&folder, &share, Some(wake), Box::new(clock.clone()), dialogs);
    wait_for(&mut desk, "the ward to be open", |desk| desk.state().app.shown().is_some());
    share.becomes(Mood::Hangs);
    if first_is_asked_about {
        another_records(&folder, 10, 0);
    }
    desk.quick("dex 10 iv now");
    desk.press(Key::Enter);
    desk.quick("ana 100 sc now");
    lock_now(&mut desk);
    clock.goes_on(TimeDelta::minutes(40));
    let answer = |desk: &mut Desk| {
        share.becomes(Mood::Well);
        wait_for(desk, "the answer", |desk| desk.state().app.pending().is_none());
    };
    if answers_behind_the_lock {
        answer(&mut desk);
        unlock_first(&mut desk, "4071");
    } else {
        unlock_first(&mut desk, "4071");
        answer(&mut desk);
    }
    desk.run();
    (folder, desk)
}

/// The line that is in the quick entry is one of 14:32, and Enter does not save it with another time.
fn is_of_the_time_before(folder: &TempDir, desk: &mut Desk, typed: &str, case: &str) {
    let before = doses_on_disk(folder);
    assert_eq!(line(desk), typed, "{case}");
    desk.press_with(Modifiers::COMMAND, Key::L);
    for _ in 0..2 {
        desk.press(Key::Enter);
    }
    assert!(desk.sees("kept from 22-Nov-2026 14:32, and what it says of the time is not the same now"), "{case}");
    assert_eq!((doses_on_disk(folder), line(desk).as_str()), (before, typed), "{case}");
}

#[test]
fn now_does_not_slide_over_a_lock_in_a_line_that_was_entered_nor_in_the_one_behind_it() {
    for behind_the_lock in [true, false] {
        let case = format!("answered behind the lock: {behind_the_lock}");
        let (folder, mut desk) = locked_over_two_lines(true, behind_the_lock);
        is_of_the_time_before(&folder, &mut desk, "dex 10 iv now", &case);
        clear(&mut desk);
        is_of_the_time_before(&folder, &mut desk, "ana 100 sc now", &case);
        let (folder, mut desk) = locked_over_two_lines(false, behind_the_lock);
        let saved = on_disk(&folder).patients()[0].chart.administrations[0].value.given.start();
        assert_eq!(saved, now(), "{case}: when Enter was pressed");
        is_of_the_time_before(&folder, &mut desk, "ana 100 sc now", &case);
    }
}
