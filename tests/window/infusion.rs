//! A running infusion: stopping it with what went in, and going on at another rate.

use super::desk::{Desk, Hands, now, over_at, with_robin};
use super::tasks::{doses_on_disk, on_disk};
use chrono::TimeDelta;
use corticurve::app::view::Asks;
use corticurve::app::ward::Ward;
use corticurve::app::{Action, Answer};
use corticurve::record::{Administration, DrugId, Given, State, Status};
use corticurve::store::Author;
use egui::{Key, Modifiers};
use tempfile::TempDir;

/// Robin with hydrocortisone at 10 mg/h since 10:32, to run for 12 h; it is 14:32, and it is chosen.
fn running() -> (TempDir, Desk) {
    let (folder, mut desk) = with_robin();
    desk.quick("hydro 10mg/h iv -4h over 12h crs");
    desk.press(Key::Enter);
    assert_eq!(desk.figure("Cumulative"), "1.5 mg", "40 of 120 mg of hydrocortisone");
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::R);
    (folder, desk)
}

#[test]
fn the_table_says_of_an_infusion_that_it_is_running() {
    let (_folder, mut desk) = running();
    desk.press(Key::Escape);
    desk.press_with(Modifiers::SHIFT, Key::F7);
    assert!(desk.sees("Dose 120 mg, running, Route IV, Running total 1.5 mg"));
}

fn doses(folder: &TempDir) -> Vec<Administration> {
    on_disk(folder).patients()[0].chart.administrations.iter().map(|dose| dose.value.clone()).collect()
}

fn field(desk: &Desk, label: &str) -> String {
    desk.state().app.form.as_ref().unwrap().value(label).to_owned()
}

#[test]
fn an_infusion_is_stopped_with_what_has_gone_in() {
    let (folder, mut desk) = running();
    assert_eq!(field(&desk, "Went in, in mg"), "40");
    desk.fill("Stopped at", "13:32");
    assert_eq!(field(&desk, "Went in, in mg"), "30", "worked out again with the time");
    assert!(desk.sees("now: STOPPED: hydroCORTISone 30 mg, intravenous, from today 10:32 until 13:32, for CRS"));
    desk.press(Key::Enter);
    assert!(desk.state().app.form.is_none(), "{:?}", desk.state().app.form);
    assert_eq!(desk.figure("Cumulative"), "1.125 mg");
    assert!(desk.sees("corrected: stopped (NK)"));
    let ward = on_disk(&folder);
    let dose = &ward.patients()[0].chart.administrations[0];
    assert_eq!((dose.state(), dose.value.status), (State::Corrected, Status::Stopped));
    assert_eq!((dose.value.amount_shown().as_str(), dose.original().amount_shown().as_str()), ("30 mg", "120 mg"));
    assert_eq!(dose.value.due.as_ref().unwrap().shown(), "120 mg");
}

#[test]
fn a_new_rate_is_the_next_infusion_that_begins_where_the_first_ends() {
    let (folder, mut desk) = running();
    desk.fill("New rate", "5 mg/h");
    assert!(desk.sees("For how long: write it like 4h"));
    desk.fill("For how long", "8h");
    assert!(desk.sees("then: RUNNING: hydroCORTISone 40 mg (5 mg/h for 8 h = 40 mg), intravenous"));
    desk.press(Key::Enter);
    assert!(desk.sees("Saved: the infusion goes on at the new rate.") && desk.sees("rate changed to 5 mg/h (NK)"));
    let [first, second] = &doses(&folder)[..] else { panic!("two infusions") };
    assert_eq!((first.given.end(), second.given.start()), (now(), now()), "they meet");
    assert_eq!((second.status, second.route, second.purpose), (Status::Running, first.route, first.purpose));
    assert_eq!(desk.figure("Cumulative"), "1.5 mg");
    drop(desk);
    // Four hours later half of the second has gone in: 40 + 20 mg.
    let desk = over_at(&folder, now() + TimeDelta::hours(4));
    assert_eq!(desk.figure("Cumulative"), "2.25 mg");
}

#[test]
fn an_amount_that_was_written_by_hand_stays_when_the_time_changes() {
    let (folder, mut desk) = running();
    desk.fill("Went in, in mg", "38.5");
    desk.fill("Stopped at", "14:00");
    assert_eq!(field(&desk, "Went in, in mg"), "38.5");
    desk.fill("Reason", "the line was blocked");
    desk.press(Key::Enter);
    assert_eq!(doses(&folder)[0].amount_shown(), "38.5 mg");
    assert!(desk.sees("corrected: the line was blocked (NK)"));
}

#[test]
fn what_cannot_be_is_refused_and_more_than_the_whole_is_asked() {
    let (folder, mut desk) = running();
    for (label, text, said) in [
        ("Stopped at", "23:00", "Stopped at: this is still to come"),
        ("Stopped at", "10:32", "Stopped at: the infusion that began"),
        ("Stopped at", "now", "now: STOPPED"),
        ("Went in, in mg", "1,5", "Went in, in mg: '1,5'"),
        ("Went in, in mg", "0", "nothing went in"),
        ("Went in, in mg", "400", "400 mg is more than the 120 mg that were to go in"),
        ("New rate", "5 mg", "New rate: '5 mg' is not an amount by time"),
        ("New rate", "5 mg/h", "For how long: write it like 4h"),
        ("For how long", "8", "For how long: 'over 8' is not a duration"),
        ("For how long", "20m", "New rate: '5 mg/h' for 20 min is no whole number of micrograms"),
        ("For how long", "30m", "then: RUNNING: hydroCORTISone 2.5 mg (5 mg/h for 30 min = 2.5 mg)"),
        ("New rate", "", "New rate: write it like 50 mg/h, or leave out for how long"),
    ] {
        desk.fill(label, text);
        assert!(desk.sees(said), "{label} {text}: {:?}", desk.state().app.form.as_ref().unwrap().preview);
    }
    desk.fill("For how long", "");
    desk.press(Key::Enter);
    assert!(desk.sees("Save again to record it all the same"));
    assert_eq!(doses(&folder)[0].status, Status::Running);
    desk.press(Key::Enter);
    assert_eq!(doses(&folder)[0].amount_shown(), "400 mg");
}

#[test]
fn only_a_running_infusion_can_be_stopped() {
    let (folder, mut desk) = with_robin();
    desk.quick("dex 10 iv 14:00");
    desk.press(Key::Enter);
    assert!(!desk.sees("Stop, rate…"));
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::R);
    assert!(desk.notice().contains("choose an infusion that is running"));
    assert_eq!(doses_on_disk(&folder), 1);
    desk.quick("hydro 100 iv over 4h");
    desk.press(Key::Enter);
    desk.click("Stop, rate…");
    assert!(desk.sees("Stop or change rate: hydroCORTISone 100 mg"));
}

#[test]
fn an_infusion_that_ends_on_another_date_says_which() {
    let (_folder, mut desk) = with_robin();
    desk.quick("hydro 5mg/h iv -30h over 26h crs");
    assert!(desk.sees("from yesterday 08:32 until 22-Nov-2026 10:32"));
    desk.press(Key::Enter);
    let view = desk.state().app.shown().unwrap();
    assert_eq!(view.log[0].cells[0], "21-Nov-2026 08:32 – 22-Nov-2026 10:32");
    assert!(view.figure.doses[0].words.ends_with("IV until 22-Nov-2026 10:32"), "{}", view.figure.doses[0].words);
    desk.press(Key::F2);
    assert_eq!(desk.state().app.explanation.as_ref().unwrap().doses[0][0], "21-Nov-2026 08:32 – 22-Nov-2026 10:32");
    desk.press(Key::Escape);
    // On one date the clock is enough.
    desk.quick("hydro 5mg/h iv 11:00-12:00 crs");
    assert!(desk.sees("from today 11:00 until 12:00"));
}

/// Robin with 120 mg of hydrocortisone that were to go in from 10:32 until 22:32, five minutes after that.
fn past_its_end() -> (TempDir, Desk) {
    let (folder, desk) = running();
    drop(desk);
    let mut desk = over_at(&folder, now() + TimeDelta::minutes(8 * 60 + 5));
    desk.press(Key::Escape);
    assert!(desk.sees(ENDED), "{:?}", desk.state().app.question());
    (folder, desk)
}

const ENDED: &str =
    "? Has it ended? hydroCORTISone 120 mg, from today 10:32 until 22:32: recorded as running by NK on ";

#[test]
fn an_infusion_whose_end_has_passed_is_an_open_question_until_somebody_answers() {
    let (folder, desk) = running();
    drop(desk);
    for (minutes, is_asked) in [(8 * 60 - 1, false), (8 * 60, true), (3 * 24 * 60, true)] {
        let mut desk = over_at(&folder, now() + TimeDelta::minutes(minutes));
        assert_eq!(desk.sees("? Has it ended? hydroCORTISone 120 mg"), is_asked, "after {minutes} min");
        assert_eq!(desk.sees("needs a look, 1 open question"), is_asked, "after {minutes} min");
        assert_eq!(desk.sees("? running past its end"), is_asked, "after {minutes} min");
        desk.press_with(Modifiers::SHIFT, Key::F7);
        assert_eq!(desk.sees("Dose 120 mg, running"), !is_asked, "after {minutes} min");
    }
}

#[test]
fn that_it_ran_to_its_end_is_one_key_and_changes_nothing_but_the_status() {
    let (folder, mut desk) = past_its_end();
    let (before, total) = (doses(&folder), desk.figure("Cumulative"));
    desk.press_with(Modifiers::COMMAND, Key::Num1);
    assert_eq!(desk.notice(), "Saved: the infusion ran to its end.");
    assert!(!desk.sees("Has it ended?") && desk.sees("corrected: ran to its end (NK)"));
    assert_eq!(doses(&folder), [Administration { status: Status::Given, ..before[0].clone() }]);
    assert_eq!((desk.figure("Cumulative"), total.as_str()), (total.clone(), "4.5 mg"));
}

#[test]
fn that_it_was_stopped_before_asks_when() {
    let (folder, mut desk) = past_its_end();
    desk.press_with(Modifiers::COMMAND, Key::Num2);
    assert_eq!((field(&desk, "Stopped at"), field(&desk, "Went in, in mg")), ("2026-11-22 22:32".into(), "120".into()));
    desk.fill("Stopped at", "20:32");
    desk.press(Key::Enter);
    assert!(!desk.sees("Has it ended?"), "{:?}", desk.state().app.form);
    assert_eq!((doses(&folder)[0].status, doses(&folder)[0].amount_shown()), (Status::Stopped, "100 mg".into()));
}

#[test]
fn that_it_still_runs_asks_how_long_and_is_asked_again_after_that() {
    let (folder, mut desk) = past_its_end();
    desk.press_with(Modifiers::COMMAND, Key::Num3);
    assert_eq!(field(&desk, "Reason"), "it still runs");
    assert!(desk.sees("Write in 'Infused over' how long it takes in all"));
    desk.fill("Infused over", "16h");
    desk.press(Key::Enter);
    assert!(!desk.sees("Has it ended?"), "{:?}", desk.state().app.form);
    assert_eq!(doses(&folder)[0].status, Status::Running);
    drop(desk);
    for (hours, is_asked) in [(11, false), (12, true)] {
        let desk = over_at(&folder, now() + TimeDelta::hours(hours));
        assert_eq!(desk.sees("until 23-Nov-2026 02:32: recorded as running"), is_asked, "after {hours} h");
    }
}

#[test]
fn an_answer_about_an_infusion_that_has_one_by_now_saves_nothing() {
    let (folder, mut desk) = past_its_end();
    let id = on_disk(&folder).patients()[0].chart.administrations[0].stamp.id.clone();
    desk.press_with(Modifiers::COMMAND, Key::Num1);
    desk.state_mut().app.update(Action::AnswerTo(Asks::Ended(id), Answer::First));
    assert!(desk.notice().contains("no longer open here, so nothing was saved"), "{}", desk.notice());
    assert_eq!(on_disk(&folder).patients()[0].chart.administrations[0].changes.len(), 1);
}

/// Robin with 120 mg of hydrocortisone that were to go in over four hours from 13:32, on a clock an hour behind the ward's and
/// to the second; as it was recorded, and the window some hours after that.
fn past_its_end_elsewhere() -> (TempDir, Desk, Administration) {
    let (folder, desk) = with_robin();
    drop(desk);
    let mut ward = Ward::open_to_write(&folder.path().join("data"), &folder.path().join("config")).unwrap();
    let patient = ward.patients()[0].id.clone();
    let start = now().with_timezone(&chrono::FixedOffset::east_opt(0).unwrap()) + TimeDelta::seconds(20);
    let given = Given::Over(start, start + TimeDelta::seconds(4 * 3600 + 30));
    let dose = Administration::given(DrugId::new("hydrocortisone"), "120 mg".parse().unwrap(), given);
    let dose = Administration { status: Status::Running, ..dose };
    let author = Author { by: "NK".parse().unwrap(), workstation: "WARD4-PC02".to_owned() };
    ward.record(&patient, dose.clone(), &author, now() + TimeDelta::minutes(1)).unwrap();
    drop(ward);
    let desk = over_at(&folder, now() + TimeDelta::hours(6));
    assert!(desk.sees("? Has it ended? hydroCORTISone 120 mg, from today 13:32 until 17:32"));
    (folder, desk, dose)
}

/// The times with the offsets that they have on the disk.
fn times(given: Given) -> [String; 2] {
    [given.start(), given.end()].map(|at| at.to_rfc3339())
}

#[test]
fn an_infusion_with_another_offset_is_stopped_at_the_end_that_was_recorded_and_not_an_hour_away() {
    let (folder, mut desk, dose) = past_its_end_elsewhere();
    desk.press_with(Modifiers::COMMAND, Key::Num2);
    assert_eq!(field(&desk, "Stopped at"), "2026-11-22T17:32+00:00", "as it is in the log, and whose clock it is");
    assert_eq!(field(&desk, "Went in, in mg"), "120");
    desk.fill("Stopped at", "18:02");
    assert_eq!(field(&desk, "Went in, in mg"), "104.615", "what is typed is on the ward's clock");
    desk.fill("Stopped at", "2026-11-22T17:32+00:00");
    assert_eq!(field(&desk, "Went in, in mg"), "120");
    desk.press(Key::Enter);
    let stopped = &doses(&folder)[0];
    assert_eq!(times(stopped.given), times(dose.given), "{:?}", desk.state().app.form);
    assert_eq!((stopped.status, stopped.amount_shown()), (Status::Stopped, "120 mg".into()));
}

#[test]
fn what_a_correction_does_not_touch_of_a_time_keeps_its_offset_and_its_seconds() {
    for (label, text, corrected) in [
        ("Infused over", "5h", ["2026-11-22T13:32:20+00:00", "2026-11-22T18:32:20+00:00"]),
        ("Given at", "2026-11-22T13:30+00:00", ["2026-11-22T13:30:00+00:00", "2026-11-22T17:30:30+00:00"]),
        ("Given at", "14:30", ["2026-11-22T14:30:00+01:00", "2026-11-22T18:30:30+01:00"]),
        ("Amount", "100", ["2026-11-22T13:32:20+00:00", "2026-11-22T17:32:50+00:00"]),
    ] {
        let (folder, mut desk, _) = past_its_end_elsewhere();
        desk.press_with(Modifiers::COMMAND, Key::Num3);
        assert_eq!(
            (field(&desk, "Given at"), field(&desk, "Infused over")),
            ("2026-11-22T13:32+00:00".into(), "4h".into())
        );
        desk.fill(label, text);
        desk.press(Key::Enter);
        assert_eq!(desk.state().app.form.as_ref().map(|form| form.error.clone()), None, "{label} {text}");
        assert_eq!(times(doses(&folder)[0].given), corrected, "{label} {text}");
    }
}
