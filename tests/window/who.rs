//! What keeps the wrong patient out after a lock, and of whoever is open though nobody chose them.

use super::desk::{Desk, Hands, SMALL, demo, over, with_robin};
use super::guarding::{BIRTHDAY, QUESTION, open, save, with_two};
use super::locking::{lock_now, unlock_first};
use super::tasks::{doses_on_disk, on_disk};
use super::watching::{over_threaded, wait_for};
use crate::store::share::{Mood, Share};
use corticurve::app::{Action, Theme};
use egui::{Key, Modifiers};
use tempfile::TempDir;

#[test]
fn a_patient_who_was_registered_behind_the_lock_is_opened_by_nobody_and_asked_about() {
    for is_unlocked in [false, true] {
        let (folder, desk) = with_robin();
        drop(desk);
        let share = Share::new();
        let mut desk = over_threaded(&folder, &share);
        desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::I);
        desk.fill("MRN", "40 018");
        desk.fill("Family name", "Invented");
        share.becomes(Mood::Hangs);
        desk.press(Key::Enter);
        lock_now(&mut desk);
        if is_unlocked {
            unlock_first(&mut desk, "4071");
        }
        share.becomes(Mood::Well);
        wait_for(&mut desk, "registered", |desk| desk.state().app.pending().is_none());
        if !is_unlocked {
            unlock_first(&mut desk, "4071");
        }
        let app = &desk.state().app;
        assert_eq!(app.patient().unwrap().shown_name(), "EXAMPLE, Robin", "unlocked before: {is_unlocked}");
        assert!(app.form.is_none() && on_disk(&folder).patients().len() == 2);
        save(&mut desk, "dex 10 iv 14:00");
        assert!(desk.sees(QUESTION) && doses_on_disk(&folder) == 0, "unlocked before: {is_unlocked}");
    }
}

#[test]
fn a_ward_that_was_opened_behind_the_lock_is_asked_about_too() {
    let (folder, desk) = with_robin();
    drop(desk);
    let share = Share::new();
    let mut desk = over_threaded(&folder, &share);
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::O);
    share.becomes(Mood::Hangs);
    desk.press(Key::Enter);
    lock_now(&mut desk);
    share.becomes(Mood::Well);
    wait_for(&mut desk, "opened again", |desk| desk.state().app.pending().is_none());
    unlock_first(&mut desk, "4071");
    save(&mut desk, "dex 10 iv 14:00");
    assert!(desk.sees(QUESTION) && doses_on_disk(&folder) == 0);
}

#[test]
fn a_review_is_signed_after_a_lock_only_by_who_knows_whose_it_is() {
    let (folder, mut desk) = with_robin();
    save(&mut desk, "dex 10 iv 14:00");
    lock_now(&mut desk);
    unlock_first(&mut desk, "4071");
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::V);
    desk.press(Key::Tab);
    desk.press(Key::Enter);
    assert!(desk.sees(QUESTION));
    assert_eq!(on_disk(&folder).patients()[0].chart.reviews.len(), 0);
    desk.fill(BIRTHDAY, "0403");
    desk.press(Key::Enter);
    assert_eq!(on_disk(&folder).patients()[0].chart.reviews.len(), 1);
}

#[test]
fn a_review_of_another_patient_or_of_somebody_else_is_not_signed() {
    for other in ["patient", "initials"] {
        let (folder, mut desk) = with_two("Sample", "Avery");
        open(&mut desk, "EXAMPLE, Robin");
        save(&mut desk, "dex 10 iv 14:00");
        desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::V);
        let review = desk.state().app.review.clone().unwrap();
        if other == "patient" {
            open(&mut desk, "SAMPLE, Avery");
        } else {
            desk.state_mut().app.record_as("LT".parse().unwrap());
        }
        // As if what was drawn before were answered now.
        desk.state_mut().app.review = Some(review);
        desk.state_mut().app.update(Action::SignReview);
        let ward = on_disk(&folder);
        assert!(ward.patients().iter().all(|patient| patient.chart.reviews.is_empty()), "{other}");
    }
}

/// Robin and Avery on the ward, opened again; by the name Robin is the first of the list, and open.
fn opened_again() -> (TempDir, Desk) {
    let (folder, desk) = with_two("Sample", "Avery");
    assert_eq!(desk.state().app.patient().unwrap().shown_name(), "EXAMPLE, Robin");
    (folder, desk)
}

#[test]
fn whoever_was_open_when_the_ward_was_opened_is_asked_about_once_before_the_first_save() {
    let (folder, mut desk) = opened_again();
    save(&mut desk, "dex 10 iv 14:00");
    assert!(desk.sees(QUESTION) && desk.sees("Nobody has chosen this patient yet"));
    assert_eq!(doses_on_disk(&folder), 0);
    desk.fill(BIRTHDAY, "04-03");
    desk.press(Key::Enter);
    assert_eq!(doses_on_disk(&folder), 1);
    save(&mut desk, "ana 100 sc 14:00");
    assert_eq!((doses_on_disk(&folder), desk.sees(QUESTION)), (2, false), "once");
    // Whatever is saved first is asked about.
    drop(desk);
    let mut desk = over(&folder);
    desk.press(Key::F3);
    desk.press(Key::Enter);
    assert!(desk.sees(QUESTION) && on_disk(&folder).patients()[0].chart.checks.is_empty());
}

#[test]
fn a_patient_whom_somebody_chose_is_not_asked_about_however_it_was_done() {
    type Choice = fn(&mut Desk);
    let choices: [(&str, Choice); 4] = [
        ("a click on the row of who is open already", |desk| open(desk, "EXAMPLE, Robin")),
        ("the search of the ward", |desk| {
            desk.fill("Search the ward by name or MRN", "robin");
            desk.press(Key::Enter);
        }),
        ("the key for the next patient, and back", |desk| {
            desk.press_with(Modifiers::COMMAND, Key::PageDown);
            desk.press_with(Modifiers::COMMAND, Key::PageUp);
        }),
        ("the palette", |desk| {
            desk.press_with(Modifiers::COMMAND, Key::K);
            desk.event(egui::Event::Text("robin".to_owned()));
            desk.run();
            desk.press(Key::Enter);
        }),
    ];
    for (how, choose) in choices {
        let (folder, mut desk) = opened_again();
        choose(&mut desk);
        assert_eq!(desk.state().app.patient().unwrap().shown_name(), "EXAMPLE, Robin", "{how}");
        save(&mut desk, "dex 10 iv 14:00");
        assert_eq!((doses_on_disk(&folder), desk.sees(QUESTION)), (1, false), "{how}");
    }
}

#[test]
fn going_up_from_the_first_of_the_list_chooses_nobody() {
    let (folder, mut desk) = opened_again();
    desk.press_with(Modifiers::COMMAND, Key::PageUp);
    save(&mut desk, "dex 10 iv 14:00");
    assert!(desk.sees(QUESTION) && doses_on_disk(&folder) == 0);
}

#[test]
fn the_invented_ward_shows_a_patient_and_takes_a_dose_at_once() {
    let mut desk = demo(Theme::Light, SMALL);
    let before = desk.state().app.patient().unwrap().chart.administrations.len();
    save(&mut desk, "dex 4.5 iv 14:30 icans");
    assert!(!desk.sees(QUESTION), "{}", desk.notice());
    assert_eq!(desk.state().app.patient().unwrap().chart.administrations.len(), before + 1);
}
