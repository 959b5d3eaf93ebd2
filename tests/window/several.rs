//! Catching up: several doses in one line, words that are finished, and what was saved just now taken back.

use super::desk::{Desk, Hands, with_robin};
use super::tasks::{doses_on_disk, on_disk};
use super::watching::another_records;
use corticurve::app::Action;
use egui::{Key, Modifiers};
use tempfile::TempDir;

fn line(desk: &Desk) -> &str {
    &desk.state().app.quick.line
}

pub fn struck_out(folder: &tempfile::TempDir) -> Vec<String> {
    let ward = on_disk(folder);
    let doses = ward.patients().iter().flat_map(|patient| &patient.chart.administrations);
    let struck = doses.filter(|dose| dose.struck_out);
    struck.map(|dose| format!("{} {}", dose.value.amount_shown(), dose.changes[0].reason)).collect()
}

#[test]
fn a_list_of_times_is_shown_dose_by_dose_before_enter_and_saved_in_one_go() {
    let (folder, mut desk) = with_robin();
    desk.quick("dex 10 iv 06:00, 10:00, 14:00 icans");
    assert!(desk.sees("DOSE  3 doses of dexAMETHasone 10 mg, from today 06:00 to today 14:00"));
    assert!(desk.sees("total 0 → 30 mg, last 24 h 0 → 30 mg"));
    for dose in [
        "1.  dexAMETHasone 10 mg, intravenous, today 06:00, for ICANS",
        "3.  dexAMETHasone 10 mg, intravenous, today 14:00",
    ] {
        assert!(desk.sees(dose), "{dose}");
    }
    assert_eq!(doses_on_disk(&folder), 0);
    desk.press(Key::Enter);
    assert_eq!((desk.notice().as_str(), doses_on_disk(&folder)), ("Saved: 3 doses of dexAMETHasone 10 mg.", 3));
    assert_eq!(desk.figure("Cumulative"), "30 mg");
}

#[test]
fn every_so_often_is_the_same_and_one_that_is_still_to_come_refuses_all() {
    let (folder, mut desk) = with_robin();
    desk.quick("dex 10 iv q6h x3 from 02:00");
    assert!(desk.sees("2.  dexAMETHasone 10 mg, intravenous, today 08:00"));
    desk.press(Key::Enter);
    assert_eq!(doses_on_disk(&folder), 3);
    desk.quick("dex 10 iv q6h x3 from 04:00");
    assert!(desk.sees("is in the future"));
    desk.press(Key::Enter);
    assert_eq!(doses_on_disk(&folder), 3);
}

#[test]
fn a_question_about_one_of_them_is_asked_before_any_is_saved() {
    let (folder, mut desk) = with_robin();
    another_records(&folder, 10, 32);
    desk.state_mut().app.update(Action::Tick);
    desk.quick("dex 10 iv 10:00, 14:00");
    assert!(desk.sees("the same dose at 14:00 is already recorded by LT"));
    desk.press(Key::Enter);
    assert_eq!(doses_on_disk(&folder), 1);
    desk.press(Key::Enter);
    assert_eq!(doses_on_disk(&folder), 3);
}

#[test]
fn of_several_doses_that_reach_into_the_future_it_is_said_how_many_to_write() {
    let (folder, mut desk) = with_robin();
    for (line, said) in [
        (
            "dex 10 iv q6h x8 from yesterday 08:00",
            "today 20:00 is in the future (it is 14:32): only 6 of these 8 doses can have been given. Write x6, or",
        ),
        (
            "dex 10 iv 06:00, 12:00, 18:00",
            "today 18:00 is in the future (it is 14:32): only 2 of these 3 doses can have been given.",
        ),
        ("dex 10 iv 18:00", "today 18:00 is in the future (it is 14:32)"),
        ("dex 10 iv q6h x3 from 18:00", "today 18:00 is in the future (it is 14:32)"),
    ] {
        desk.quick(line);
        assert!(desk.sees(said), "{line}");
        desk.press(Key::Enter);
        assert_eq!(doses_on_disk(&folder), 0, "{line}");
        desk.press(Key::Escape);
    }
    desk.quick("dex 10 iv q6h x6 from yesterday 08:00");
    desk.press(Key::Enter);
    assert_eq!(doses_on_disk(&folder), 6, "what it says to write is taken");
}

#[test]
fn same_again_names_the_drug_that_there_is_no_dose_of() {
    let (_folder, mut desk) = with_robin();
    desk.press_with(Modifiers::COMMAND, Key::D);
    assert_eq!(desk.notice(), "no dose to repeat is recorded yet");
    desk.quick("dex 4 iv 13:00");
    desk.press(Key::Enter);
    desk.quick("ana");
    desk.press_with(Modifiers::COMMAND, Key::D);
    assert_eq!(desk.notice(), "no dose of anakinra to repeat is recorded yet");
}

#[test]
fn a_dose_that_was_not_given_says_so_in_the_log_with_why() {
    let (_folder, mut desk) = with_robin();
    for (line, state) in [
        ("hold dex 13:00", "not given: held"),
        ("dex 4 iv 13:10 refused; asleep", "not given: refused · asleep"),
        ("dex 4 iv 13:20 missed", "not given: missed"),
    ] {
        desk.quick(line);
        desk.press(Key::Enter);
        assert_eq!(desk.state().app.shown().unwrap().log[0].cells[9], state, "{line}");
    }
}

#[test]
fn tab_finishes_the_word_that_is_typed_and_goes_on_where_there_is_nothing_to_finish() {
    let (_folder, mut desk) = with_robin();
    desk.quick("dexa");
    assert!(desk.sees("Tab  dexamethasone"));
    desk.press(Key::Tab);
    assert_eq!(line(&desk), "dexamethasone ");
    desk.press(Key::Escape);
    desk.quick("dex 10 intrav");
    desk.press(Key::Tab);
    assert_eq!(line(&desk), "dex 10 intravenous ");
    desk.press(Key::Tab);
    assert_eq!(line(&desk), "dex 10 intravenous ");
}

#[test]
fn ctrl_z_right_after_saving_strikes_out_what_was_saved() {
    let (folder, mut desk) = with_robin();
    desk.quick("dex 4 iv 13:00");
    desk.press(Key::Enter);
    desk.quick("dex 10 iv 06:00, 10:00");
    desk.press(Key::Enter);
    desk.press_with(Modifiers::COMMAND, Key::Z);
    assert!(desk.notice().starts_with("Saved: 2 doses of dexAMETHasone 10 mg are struck out"), "{}", desk.notice());
    assert_eq!(struck_out(&folder), ["10 mg undone at once", "10 mg undone at once"]);
    assert_eq!(desk.figure("Cumulative"), "4 mg");
    // What was saved in one go is one step, and the next goes on to what was saved before it.
    desk.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(desk.figure("Cumulative"), "0 mg", "{}", desk.notice());
    desk.press_with(Modifiers::COMMAND, Key::Z);
    assert!(desk.notice().starts_with("there is nothing to undo: "), "{}", desk.notice());
}

#[test]
fn while_a_line_is_typed_ctrl_z_is_of_the_line_and_strikes_nothing_out() {
    let (folder, mut desk) = with_robin();
    desk.quick("dex 4 iv 13:00");
    desk.press(Key::Enter);
    desk.quick("dex 10");
    desk.press_with(Modifiers::COMMAND, Key::Z);
    assert!(struck_out(&folder).is_empty());
}

/// Robin with 8 mg from LT at 06:20 and 4 mg of one's own at 13:55.
fn with_some_recorded() -> (TempDir, Desk) {
    let (folder, mut desk) = with_robin();
    another_records(&folder, 8, 8 * 60 + 12);
    desk.state_mut().app.update(Action::Tick);
    desk.quick("dex 4 iv 13:55");
    desk.press(Key::Enter);
    assert_eq!(doses_on_disk(&folder), 2);
    (folder, desk)
}

#[test]
fn each_dose_that_stands_near_a_recorded_one_is_marked_and_asked_about_before_any_is_saved() {
    let (folder, mut desk) = with_some_recorded();
    desk.quick("dex 10 iv 06:00, 10:00, 14:00");
    let each = desk.state().app.quick.echo.clone().unwrap().unwrap().each;
    let near: Vec<_> = each.iter().map(|dose| dose.near.clone()).collect();
    assert_eq!(
        near,
        [
            vec!["near dexAMETHasone 8 mg, today 06:20, recorded by LT".to_owned()],
            vec![],
            vec!["near dexAMETHasone 4 mg, today 13:55, recorded by NK".to_owned()]
        ]
    );
    assert!(desk.sees("? near dexAMETHasone 8 mg, today 06:20, recorded by LT"));
    assert!(desk.sees("22-Nov-2026 06:00 and 22-Nov-2026 14:00 may be recorded already"));
    desk.press(Key::Enter);
    assert!(desk.sees("Press Enter again to record it all the same") && doses_on_disk(&folder) == 2);
    desk.press(Key::Enter);
    assert_eq!(doses_on_disk(&folder), 5, "{}", desk.notice());
    assert!(!desk.sees("Recorded twice?"), "who saved them was asked, and that is the answer");
}

#[test]
fn what_is_near_is_asked_about_and_nothing_else() {
    for (line, is_asked) in [
        ("dex 10 iv 05:50, 10:00", true),
        ("dex 10 iv 05:49, 10:00", false),
        ("dex 10 iv 06:50, 10:00", true),
        ("dex 10 iv 06:51, 10:00", false),
        ("dex 10 iv q4h x3 from 02:00", true),
        ("ana 100 sc 06:00, 10:00", false),
        ("hold dex 10 06:00, 10:00", false),
        ("dex 10 iv 10:00, 11:00", false),
        ("dex 10 iv 06:00", false),
    ] {
        let (_folder, mut desk) = with_some_recorded();
        desk.quick(line);
        let echo = desk.state().app.quick.echo.clone().unwrap().unwrap();
        assert_eq!(!echo.questions.is_empty(), is_asked, "{line}: {:?}", echo.questions);
        assert_eq!(echo.each.iter().any(|dose| !dose.near.is_empty()), is_asked, "{line}: {:?}", echo.each);
    }
}

#[test]
fn a_dose_near_one_of_them_that_a_colleague_records_meanwhile_is_asked_about_too() {
    let (folder, mut desk) = with_robin();
    desk.quick("dex 10 iv 06:00, 10:00");
    another_records(&folder, 8, 4 * 60 + 12);
    desk.press(Key::Enter);
    assert!(desk.sees("22-Nov-2026 10:00 may be recorded already, as 22-Nov-2026 10:20 by LT"), "{}", desk.notice());
    assert_eq!(doses_on_disk(&folder), 1);
    desk.press(Key::Enter);
    assert_eq!(doses_on_disk(&folder), 3, "{}", desk.notice());
}
