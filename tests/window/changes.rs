//! Putting a wrong entry right: corrections, strike-outs, and what is asked before a dose is saved twice.

use super::desk::{Hands, now, with_robin};
use super::tasks::{doses_on_disk, on_disk};
use corticurve::app::ward::Ward;
use corticurve::record::State;
use corticurve::store::Author;
use egui::{Key, Modifiers};

#[test]
fn the_same_dose_at_the_same_minute_is_asked_and_can_be_recorded() {
    let (folder, mut desk) = with_robin();
    desk.quick("dex 10 iv 14:00");
    desk.press(Key::Enter);
    desk.quick("dex 10 iv 14:00");
    assert!(desk.sees("is already recorded by NK"));
    desk.press(Key::Enter);
    assert!(desk.sees("Press Enter again"));
    assert_eq!(doses_on_disk(&folder), 1);
    desk.press(Key::Enter);
    assert_eq!(doses_on_disk(&folder), 2);
}

#[test]
fn a_correction_takes_two_steps_and_a_reason_and_the_old_entry_stays_visible() {
    let (folder, mut desk) = with_robin();
    desk.quick("dex 45 iv 14:10 icans");
    desk.press(Key::Enter);
    desk.press_with(Modifiers::COMMAND, Key::E);
    desk.fill("Amount", "4.5");
    desk.press(Key::Enter);
    assert!(desk.sees("a reason is needed"));
    desk.fill("Reason", "the point was lost");
    desk.press(Key::Enter);
    assert_eq!(desk.figure("Cumulative"), "4.5 mg");
    assert!(desk.sees("corrected: the point was lost (NK)"));
    let shown = |desk: &super::desk::Desk| desk.state().app.shown().unwrap().log.len();
    assert_eq!(shown(&desk), 2, "the line before the correction is kept");
    desk.click("struck out, earlier");
    assert!(desk.sees("45 mg") && desk.sees("before the correction"));
    assert_eq!(on_disk(&folder).patients()[0].chart.administrations[0].state(), State::Corrected);
}

#[test]
fn a_struck_out_dose_leaves_the_total_and_stays_on_demand() {
    let (folder, mut desk) = with_robin();
    desk.quick("dex 10 iv 14:00");
    desk.press(Key::Enter);
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::E);
    desk.press(Key::Enter);
    assert!(desk.sees("a reason is needed"));
    desk.fill("Reason", "wrong patient");
    desk.press(Key::Enter);
    assert_eq!(desk.figure("Cumulative"), "0 mg");
    assert!(!desk.sees("struck out: wrong patient"));
    desk.click("struck out, earlier");
    assert!(desk.sees("struck out: wrong patient (NK)"));
    assert_eq!(on_disk(&folder).patients()[0].chart.administrations[0].state(), State::StruckOut);
}

#[test]
fn a_correction_changes_only_the_fields_that_were_changed() {
    let (folder, mut desk) = with_robin();
    let file = folder.path().join("mar.csv");
    let rows = "mrn,given_at,drug,amount,unit,amount_due,status,route,source_id\n\
        40 017,2026-11-20 08:00:30,prednisone,,mg,32,unknown,oral,a-1\n\
        40 017,2026-11-20 09:00,prednisone,2,tablets,,unknown,oral,a-2\n";
    std::fs::write(&file, rows).unwrap();
    desk.press_with(Modifiers::COMMAND, Key::O);
    desk.fill("File", file.to_str().unwrap());
    desk.press(Key::Enter);
    desk.press(Key::Escape);
    let before = on_disk(&folder).patients()[0].chart.administrations.clone();
    for row in 0..2 {
        desk.press_with(Modifiers::COMMAND, Key::ArrowDown);
        desk.press_with(Modifiers::COMMAND, Key::E);
        assert!(desk.state().app.form.is_some(), "row {row}: {} {:?}", desk.notice(), desk.state().app.chosen);
        desk.fill("Reason", "looked at it");
        desk.press(Key::Enter);
        assert!(desk.sees("nothing is changed yet"), "row {row}");
        desk.choose("For", "ICANS");
        desk.press(Key::Enter);
        assert_eq!(desk.state().app.form.as_ref().map(|form| form.error.clone()), None, "row {row}");
    }
    assert_eq!(desk.figure("Cumulative"), "0 mg", "an undecided dose stays beside the total");
    let after = on_disk(&folder).patients()[0].chart.administrations.clone();
    for (before, after) in before.iter().zip(&after) {
        let mut expected = before.value.clone();
        expected.purpose = Some(corticurve::record::Purpose::Icans);
        assert_eq!(after.value, expected);
    }
}

#[test]
fn the_log_shows_what_each_version_said_and_who_said_it() {
    let (_folder, mut desk) = with_robin();
    desk.quick("dex 6 iv 08:00");
    desk.press(Key::Enter);
    desk.press_with(Modifiers::COMMAND, Key::U);
    desk.fill("Your initials", "LT");
    desk.press(Key::Enter);
    desk.press_with(Modifiers::COMMAND, Key::E);
    desk.choose("Drug", "predniSONE");
    desk.fill("Given at", "yesterday 08:00");
    desk.fill("Reason", "the other drug");
    desk.press(Key::Enter);
    let log = &desk.state().app.shown().unwrap().log;
    assert_eq!((log[0].cells[2].as_str(), log[0].cells[1].as_str()), ("predniSONE", "+8"));
    assert_eq!((log[1].cells[2].as_str(), log[1].cells[1].as_str()), ("dexAMETHasone", "+9"));
    assert!(log[0].cells[8].starts_with("LT") && log[1].cells[8].starts_with("NK"));
}

#[test]
fn the_form_asks_about_the_same_dose_as_the_line_does() {
    let (folder, mut desk) = with_robin();
    desk.quick("dex 10 iv 14:00");
    desk.press(Key::Enter);
    desk.press_with(Modifiers::COMMAND, Key::N);
    desk.fill("Amount", "10");
    desk.fill("Given at", "14:00");
    desk.press(Key::Enter);
    assert!(desk.sees("Save again to record it all the same"));
    assert_eq!(doses_on_disk(&folder), 1);
    desk.press(Key::Enter);
    assert_eq!(doses_on_disk(&folder), 2);
}

#[test]
fn a_wrong_infusion_is_struck_out_and_day_0_goes_with_it() {
    let (_folder, mut desk) = with_robin();
    desk.press_with(Modifiers::COMMAND, Key::B);
    desk.click("Strike out infusion…");
    desk.fill("Reason", "the wrong date");
    desk.press(Key::Enter);
    assert!(desk.sees("no infusion recorded"));
    assert!(desk.state().app.shown().unwrap().exposure.day.is_none());
}

#[test]
fn a_correction_by_keyboard_alone_replaces_what_the_field_held() {
    let (_folder, mut desk) = with_robin();
    desk.quick("dex 10 iv 14:00");
    desk.press(Key::Enter);
    desk.press_with(Modifiers::COMMAND, Key::E);
    // The form opens in the amount, with all of it chosen: typing never makes 104.5 of 10 and 4.5.
    desk.event(egui::Event::Text("4.5".to_owned()));
    desk.run();
    for _ in 0..2 {
        desk.press(Key::Tab);
    }
    desk.event(egui::Event::Text("the point was lost".to_owned()));
    desk.run();
    desk.press(Key::Enter);
    assert_eq!(desk.figure("Cumulative"), "4.5 mg", "{:?}", desk.state().app.form);
}

#[test]
fn a_dose_that_a_colleague_has_just_recorded_is_asked_about() {
    let (folder, mut desk) = with_robin();
    desk.quick("dex 10 iv 14:00");
    let (data, config) = (folder.path().join("data"), folder.path().join("elsewhere"));
    let mut other = Ward::open_to_write(&data, &config).unwrap();
    let id = other.patients()[0].id.clone();
    let dose = desk.state().app.quick.echo.clone().unwrap().unwrap().doses[0].clone();
    let author = Author { by: "LT".parse().unwrap(), workstation: "WARD4-PC02".to_owned() };
    other.record(&id, dose, &author, now()).unwrap();
    desk.press(Key::Enter);
    assert!(desk.sees("is already recorded by LT"));
    assert_eq!(doses_on_disk(&folder), 1, "the colleague's only");
}

#[test]
fn an_amount_of_the_other_vial_is_asked_about_in_line_and_form_and_the_log_says_the_form() {
    let (folder, mut desk) = with_robin();
    desk.quick("dex 4 base iv 14:00");
    assert!(desk.sees("4 mg is the strength of a vial labelled as phosphate (4 mg/mL); check that this is base"));
    desk.press(Key::Enter);
    assert!(desk.sees("Press Enter again"));
    assert_eq!(doses_on_disk(&folder), 0);
    desk.press(Key::Enter);
    assert_eq!(doses_on_disk(&folder), 1);
    assert!(desk.sees("4 mg as base"), "in the log");
    desk.press_with(Modifiers::COMMAND, Key::N);
    desk.fill("Amount", "3.3");
    assert!(desk.sees("labelled as base (3.3 mg/mL); write 'base' if so"));
    desk.choose("Expressed as", "base");
    assert!(!desk.sees("write 'base' if so"));
    desk.choose("Expressed as", "phosphate");
    assert!(desk.sees("check that this is phosphate"));
    desk.press(Key::Enter);
    assert!(desk.sees("Save again to record it all the same"));
    desk.press(Key::Enter);
    assert!(desk.sees("3.3 mg as phosphate"), "in the log");
}
