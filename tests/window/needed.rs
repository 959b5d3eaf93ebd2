//! What waits goes into the folder before what needs it: others meet no dose of nobody, and no change of nothing.

use super::desk::{Desk, Hands, now};
use super::outbox::{on_share, read_again, record};
use super::tasks::on_disk;
use crate::store::share::Mood;
use corticurve::record::Quantity;
use corticurve::store::FindingKind;
use egui::{Key, Modifiers};
use std::fs;

fn register_sample(desk: &mut Desk) {
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::I);
    desk.fill("MRN", "40 018");
    desk.fill("Family name", "Sample");
    desk.press(Key::Enter);
}

#[test]
fn whoever_waits_to_be_registered_is_registered_with_the_first_dose_and_a_dose_that_waits_goes_before_its_correction() {
    let (folder, share, mut desk) = on_share();
    share.becomes(Mood::Full);
    register_sample(&mut desk);
    record(&mut desk, "dex 45 iv 14:00");
    share.becomes(Mood::Well);
    desk.press_with(Modifiers::COMMAND, Key::E);
    desk.fill("Amount", "4.5");
    desk.fill("Reason", "the point was lost");
    desk.press(Key::Enter);
    assert!(desk.notice().starts_with("Saved"), "{}", desk.notice());
    for delivered in [false, true] {
        let other = on_disk(&folder);
        let sample = other.by_mrn(&"40 018".parse().unwrap()).unwrap();
        let milligrams: Vec<_> = sample.chart.administrations.iter().map(|dose| dose.value.amount.clone()).collect();
        assert_eq!(
            (milligrams, sample.chart.unplaced.len()),
            (vec![Some(Quantity::Mass("4.5 mg".parse().unwrap()))], 0),
            "{delivered}"
        );
        let mut findings = other.store().verify(now()).unwrap().findings;
        findings.retain(|found| found.kind != FindingKind::Leftover);
        assert_eq!(findings, [], "{delivered}");
        read_again(&mut desk);
    }
    assert_eq!(desk.state().app.waiting_words(), None);
}

#[test]
fn an_amended_name_stays_while_the_folder_is_gone_and_the_registration_waits() {
    let (folder, share, mut desk) = on_share();
    share.becomes(Mood::Full);
    register_sample(&mut desk);
    share.becomes(Mood::Well);
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::P);
    desk.fill("Family name", "Right");
    desk.press(Key::Enter);
    share.becomes(Mood::Gone);
    record(&mut desk, "dex 10 iv 14:00");
    assert_eq!(desk.state().app.patient().unwrap().shown_name(), "RIGHT", "{}", desk.notice());
    drop(folder);
}

#[test]
fn a_folder_in_which_nothing_was_saved_yet_is_nobody_also_after_somebody_else_is_registered() {
    let (folder, _share, mut desk) = on_share();
    fs::create_dir(folder.path().join("data/patients/p-000000000000")).unwrap();
    register_sample(&mut desk);
    assert!(desk.sees("SAMPLE") && !desk.sees("unreadable patient"));
}
