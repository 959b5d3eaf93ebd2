//! What keeps the wrong patient out after a lock, whichever way something is written.

use super::desk::{Hands, with_robin};
use super::guarding::{BIRTHDAY, QUESTION, open, save, with_two};
use super::locking::{lock_now, unlock_first};
use super::tasks::{doses_on_disk, on_disk};
use super::watching::{over_threaded, wait_for};
use crate::store::share::{Mood, Share};
use corticurve::app::Action;
use egui::{Key, Modifiers};

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
