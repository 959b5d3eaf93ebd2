//! One dose recorded on two workstations: asked until somebody answers, and never again.

use super::desk::{Desk, Hands, over, with_robin};
use super::tasks::{doses_on_disk, on_disk};
use super::watching::another_records;
use corticurve::app::Action;
use corticurve::app::form::FormKind;
use egui::{Event, Key, Modifiers};
use tempfile::TempDir;

const ASKED: &str = "Recorded twice? dexAMETHasone 10 mg, today 14:02: by NK on ";

/// Two workstations have recorded one dose without seeing each other.
pub fn recorded_twice() -> (TempDir, Desk) {
    let (folder, mut desk) = with_robin();
    desk.quick("dex 10 iv 14:02");
    desk.press(Key::Enter);
    another_records(&folder, 10, 30);
    desk.state_mut().app.update(Action::Tick);
    desk.run();
    (folder, desk)
}

#[test]
fn both_entries_are_kept_and_put_as_a_question_and_the_ward_list_counts_it() {
    let (folder, desk) = recorded_twice();
    assert!(desk.sees(ASKED) && desk.sees("; and by LT on WARD4-PC02, today 14:32."));
    assert_eq!(desk.figure("Cumulative"), "20 mg", "both count until somebody says otherwise");
    assert_eq!(doses_on_disk(&folder), 2);
    assert!(desk.sees("EXAMPLE, Robin, D+9, 20 mg, needs a look, 1 open question"));
}

#[test]
fn two_records_that_differ_by_a_few_minutes_or_milligrams_are_asked_about_with_both_told() {
    let (folder, mut desk) = with_robin();
    desk.quick("dex 10 iv 14:02");
    desk.press(Key::Enter);
    another_records(&folder, 8, 20);
    desk.state_mut().app.update(Action::Tick);
    desk.run();
    assert!(desk.sees(ASKED), "{:?}", desk.state().app.question());
    assert!(desk.sees("; and 8 mg, today 14:12: by LT on WARD4-PC02, today 14:32."));
}

#[test]
fn both_were_given_is_remembered_on_the_disk_and_not_asked_again() {
    let (folder, mut desk) = recorded_twice();
    desk.press_with(Modifiers::COMMAND, Key::Num1);
    assert!(!desk.sees("Recorded twice?"), "{}", desk.notice());
    assert_eq!(desk.notice(), "Saved: both were given.");
    assert_eq!(desk.figure("Cumulative"), "20 mg");
    assert_eq!(on_disk(&folder).patients()[0].chart.acknowledgements[0].value.reason, "both were given");
    drop(desk);
    let desk = over(&folder);
    assert!(!desk.sees("Recorded twice?") && !desk.sees("open question"));
}

#[test]
fn an_answer_that_was_wrong_is_struck_out_and_the_question_is_asked_again() {
    let (_folder, mut desk) = recorded_twice();
    desk.press_with(Modifiers::COMMAND, Key::Num1);
    assert!(!desk.sees("Recorded twice?"));
    desk.press_with(Modifiers::COMMAND, Key::B);
    assert!(desk.sees("answered: both were given"));
    desk.click("Strike out answer…");
    desk.fill("Reason", "it was one dose");
    desk.press(Key::Enter);
    assert!(desk.sees("Recorded twice?"), "{}", desk.notice());
}

#[test]
fn one_of_the_two_is_struck_out_with_its_reason_filled_in() {
    for (key, whose, word) in
        [(Key::Num2, "NK", "Strike out that of NK…  Ctrl+2"), (Key::Num3, "LT", "Strike out that of LT…  Ctrl+3")]
    {
        let (folder, mut desk) = recorded_twice();
        assert!(desk.sees(word));
        desk.press_with(Modifiers::COMMAND, key);
        assert!(desk.sees(&format!("Strike out: dexAMETHasone 10 mg, 22-Nov-2026 14:02, recorded by {whose}")));
        assert!(desk.sees("recorded twice"));
        desk.press(Key::Enter);
        assert_eq!(desk.figure("Cumulative"), "10 mg", "{:?}", desk.state().app.form);
        assert!(!desk.sees("Recorded twice?"));
        let doses = on_disk(&folder).patients()[0].chart.administrations.clone();
        let struck: Vec<_> = doses.iter().filter(|dose| dose.struck_out).collect();
        assert_eq!(struck.len(), 1);
        assert_eq!((struck[0].stamp.by.as_str(), struck[0].changes[0].reason.as_str()), (whose, "recorded twice"));
    }
}

#[test]
fn what_is_typed_replaces_the_reason_that_the_form_wrote() {
    let (folder, mut desk) = recorded_twice();
    desk.press_with(Modifiers::COMMAND, Key::Num2);
    desk.event(Event::Text("LT gave it".to_owned()));
    desk.press(Key::Enter);
    let doses = on_disk(&folder).patients()[0].chart.administrations.clone();
    let reasons: Vec<_> = doses.iter().flat_map(|dose| &dose.changes).map(|change| change.reason.as_str()).collect();
    assert_eq!(reasons, ["LT gave it"]);
}

#[test]
fn a_form_about_a_dose_says_which_of_several_like_it() {
    let (_folder, mut desk) = with_robin();
    for line in ["dex 10 iv 13:00", "dex 10 iv 14:00"] {
        desk.quick(line);
        desk.press(Key::Enter);
    }
    for (row, at) in ["14:00", "13:00"].into_iter().enumerate() {
        let dose = desk.state().app.shown().unwrap().log[row].id.clone();
        for (kind, word) in [(FormKind::Correct(dose.clone()), "Correct"), (FormKind::StrikeOut(dose), "Strike out")] {
            desk.state_mut().app.update(Action::Open(kind));
            desk.run();
            assert!(
                desk.sees(&format!("{word}: dexAMETHasone 10 mg, 22-Nov-2026 {at}, recorded by NK")),
                "{word} {at}"
            );
            desk.press(Key::Escape);
        }
    }
}

#[test]
fn whoever_was_asked_when_recording_is_not_asked_again() {
    let (folder, mut desk) = with_robin();
    another_records(&folder, 10, 30);
    desk.state_mut().app.update(Action::Tick);
    desk.quick("dex 10 iv 14:02");
    desk.press(Key::Enter);
    assert!(desk.sees("is already recorded by LT") && !desk.sees("Recorded twice?"));
    desk.press(Key::Enter);
    assert_eq!(doses_on_disk(&folder), 2);
    assert!(!desk.sees("Recorded twice?"));
}

#[test]
fn without_a_question_its_keys_do_nothing() {
    let (folder, mut desk) = with_robin();
    desk.quick("dex 10 iv 14:02");
    desk.press(Key::Enter);
    let before = on_disk(&folder).patients()[0].chart.clone();
    for key in [Key::Num1, Key::Num2, Key::Num3] {
        desk.press_with(Modifiers::COMMAND, key);
        assert!(desk.state().app.form.is_none());
    }
    assert_eq!(on_disk(&folder).patients()[0].chart, before);
}
