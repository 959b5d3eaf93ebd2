//! Catching up: several doses in one line, words that are finished, and what was saved just now taken back.

use super::desk::{Desk, Hands, with_robin};
use super::tasks::{doses_on_disk, on_disk};
use super::watching::another_records;
use corticurve::app::Action;
use egui::{Key, Modifiers};

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
    assert!(desk.notice().starts_with("Saved: 2 doses of dexAMETHasone 10 mg is struck out"), "{}", desk.notice());
    assert_eq!(struck_out(&folder), ["10 mg undone at once", "10 mg undone at once"]);
    assert_eq!(desk.figure("Cumulative"), "4 mg");
    // Only what was saved last.
    desk.press_with(Modifiers::COMMAND, Key::Z);
    assert!(desk.notice().starts_with("no dose was saved in the last minute"), "{}", desk.notice());
    assert_eq!(desk.figure("Cumulative"), "4 mg");
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
