//! Task T4: what changed since my last signed review is one screen, and is signed there, by keyboard alone.

use super::desk::{Desk, Hands, now, over, over_at, over_share, with_robin};
use super::tasks::on_disk;
use super::watching::another_records;
use crate::store::share::{Mood, Share};
use chrono::TimeDelta;
use corticurve::app::ward::Ward;
use corticurve::app::{Action, Overlay};
use corticurve::record::{Administration, DrugId, EntryId, Given, Moment, PatientId, time};
use corticurve::store::Author;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use tempfile::TempDir;

const TITLE_THEN: &str = "reviewed 22-Nov-2026 14:32 by NK, nothing since";

fn open_review(desk: &mut Desk) {
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::V);
    assert_eq!(desk.state().app.overlay, Some(Overlay::Review), "{}", desk.notice());
}

/// Tab to the first button, which signs, and Enter.
fn sign(desk: &mut Desk) {
    desk.press(Key::Tab);
    assert!(desk.get_by_label("Sign as NK").is_focused(), "the first that Tab reaches");
    desk.press(Key::Enter);
}

/// What the review shows: what was done, to what, and what that did to the total.
fn shown(desk: &Desk) -> Vec<(String, String, String)> {
    let review = desk.state().app.review.as_ref().unwrap();
    review.rows.iter().map(|row| (row.kind.to_owned(), row.what.clone(), row.moved.clone())).collect()
}

fn totals(desk: &Desk) -> Vec<[String; 2]> {
    desk.state().app.review.as_ref().unwrap().totals.clone()
}

fn look(desk: &mut Desk) {
    desk.state_mut().app.update(Action::Tick);
    desk.run();
}

/// LT at another workstation, whose clock may be another one.
struct Colleague {
    ward: Ward,
    patient: PatientId,
    at: Moment,
}

impl Colleague {
    fn at(folder: &TempDir, at: Moment) -> Self {
        let ward = Ward::open_to_write(&folder.path().join("data"), &folder.path().join("WARD4-PC02")).unwrap();
        let patient = ward.patients()[0].id.clone();
        Self { ward, patient, at }
    }

    fn author() -> Author {
        Author { by: "LT".parse().unwrap(), workstation: "WARD4-PC02".to_owned() }
    }

    fn records(&mut self, drug: &str, amount: &str, given: &str) {
        let given = Given::At(time::parse_moment(given, now().offset()).unwrap());
        let dose = Administration::given(DrugId::new(drug), amount.parse().unwrap(), given);
        self.ward.record(&self.patient, dose, &Self::author(), self.at).unwrap();
    }

    /// The dose of so many milligrams.
    fn dose(&self, amount: &str) -> (EntryId, Administration) {
        let chart = &self.ward.patients()[0].chart;
        let dose = chart.administrations.iter().find(|dose| dose.value.amount_shown() == amount).unwrap();
        (dose.stamp.id.clone(), dose.value.clone())
    }

    fn strikes_out(&mut self, amount: &str) {
        let (id, _) = self.dose(amount);
        self.ward.strike_out(&self.patient, &id, "other patient", &Self::author(), self.at).unwrap();
    }

    fn corrects(&mut self, amount: &str, to: &str) {
        let (id, dose) = self.dose(amount);
        let dose = Administration { amount: to.parse().ok(), ..dose };
        let fact = corticurve::record::Fact::Administered(dose);
        self.ward.correct(&self.patient, &id, fact, "the point was lost", &Self::author(), self.at).unwrap();
    }
}

/// Robin with 45 mg and 10 mg, reviewed and signed by NK at 14:32.
fn reviewed() -> (TempDir, Desk) {
    let (folder, mut desk) = with_robin();
    for line in ["dex 45 iv 2026-11-15 08:00", "dex 10 iv 2026-11-16 08:00"] {
        desk.quick(line);
        desk.press(Key::Enter);
        desk.press(Key::Enter);
    }
    assert_eq!(desk.figure("Cumulative"), "55 mg", "{}", desk.notice());
    open_review(&mut desk);
    assert!(desk.sees("NK has not reviewed this record: 5 entries"), "{:?}", desk.state().app.review);
    sign(&mut desk);
    assert!(desk.sees(TITLE_THEN), "{:?}", desk.state().app.review);
    assert_eq!(desk.notice(), "Saved: review signed.");
    desk.press(Key::Escape);
    assert_eq!(desk.state().app.overlay, None);
    (folder, desk)
}

#[test]
fn what_a_colleague_did_since_is_one_screen_and_is_signed_with_two_keys() {
    let (folder, desk) = reviewed();
    assert!(desk.sees("you reviewed it today 14:32"));
    assert!(!desk.sees("after the review of"));
    drop(desk);
    let next_day = now() + TimeDelta::days(1);
    let mut lt = Colleague::at(&folder, next_day - TimeDelta::hours(1));
    lt.records("methylprednisolone", "80 mg", "2026-11-18 08:00");
    lt.records("dexamethasone", "6 mg", "2026-11-23 08:00");
    lt.corrects("45 mg", "4.5 mg");
    lt.strikes_out("10 mg");
    let mut desk = over_at(&folder, next_day);
    assert!(desk.sees("4 since your review"));
    open_review(&mut desk);
    let mut rows = shown(&desk);
    rows.sort();
    let row = |kind: &str, what: &str, moved: &str| (kind.to_owned(), what.to_owned(), moved.to_owned());
    assert_eq!(
        rows,
        [
            row("added", "dexAMETHasone 6 mg, 23-Nov-2026 08:00", "+6 mg"),
            row("back-dated", "methylPREDNISolone 80 mg, 18-Nov-2026 08:00", "+15 mg"),
            row(
                "corrected",
                "dexAMETHasone 45 mg, IV, 15-Nov-2026 08:00\n→ dexAMETHasone 4.5 mg, IV, 15-Nov-2026 08:00\n“the point was lost”",
                "−40.5 mg"
            ),
            row("struck out", "dexAMETHasone 10 mg, IV, 16-Nov-2026 08:00\n“other patient”", "−10 mg"),
        ]
    );
    assert!(desk.sees("LT 23-Nov-2026 13:32, WARD4-PC02"), "who, when and where");
    assert_eq!(
        totals(&desk),
        [
            ["Total then, as of 22-Nov-2026 14:32", "55 mg"],
            ["by these entries", "−29.5 mg"],
            ["Total now, as of 23-Nov-2026 14:32", "25.5 mg"],
        ]
        .map(|line| line.map(str::to_owned))
    );
    assert!(desk.sees("Dexamethasone-equivalent from Day 0, then and now under fda-label version 1"));
    sign(&mut desk);
    assert!(desk.sees("reviewed 23-Nov-2026 14:32 by NK, nothing since"));
    assert!(shown(&desk).is_empty());
    let ward = on_disk(&folder);
    assert_eq!(ward.patients()[0].chart.reviews.last().unwrap().value.seen.len(), 4, "each entry that was shown");
}

#[test]
fn what_changed_inside_the_reviewed_stretch_is_marked_in_the_log_until_it_is_reviewed() {
    let (folder, mut desk) = reviewed();
    let mut lt = Colleague::at(&folder, now() + TimeDelta::seconds(20));
    lt.records("dexamethasone", "6 mg", "2026-11-18 08:00");
    lt.corrects("45 mg", "4.5 mg");
    look(&mut desk);
    let marked = |desk: &Desk| {
        let view = desk.state().app.shown().unwrap();
        let is_marked = |cells: &[String; 10]| cells[9].contains("after the review of NK 22-Nov-2026 14:32");
        view.log.iter().filter(|line| is_marked(&line.cells)).map(|line| line.cells[3].clone()).collect::<Vec<_>>()
    };
    assert_eq!(marked(&desk), ["6 mg", "4.5 mg"]);
    open_review(&mut desk);
    sign(&mut desk);
    assert!(marked(&desk).is_empty());
}

#[test]
fn what_arrives_while_the_review_is_open_is_not_signed_and_is_still_to_be_reviewed() {
    let (folder, mut desk) = reviewed();
    another_records(&folder, 6, 30);
    look(&mut desk);
    open_review(&mut desk);
    assert_eq!(shown(&desk).len(), 1);
    another_records(&folder, 4, 20);
    look(&mut desk);
    assert_eq!(shown(&desk).len(), 1, "what is about to be signed stays as it is");
    assert!(desk.sees("1 more arrived since"));
    assert!(
        desk.sees(
            "As of 22-Nov-2026 14:32, before what arrived since: reviewed 22-Nov-2026 14:32 by NK, 1 entry since"
        )
    );
    for _ in 0..2 {
        look(&mut desk);
        assert_eq!(
            totals(&desk).last().unwrap(),
            &["Total without what arrived since, as of 22-Nov-2026 14:32", "61 mg"]
        );
    }
    sign(&mut desk);
    assert!(desk.sees("reviewed 22-Nov-2026 14:32 by NK, 1 entry since"));
    let rows = shown(&desk);
    assert!(rows.len() == 1 && rows[0].1.starts_with("dexAMETHasone 4 mg"), "{rows:?}");
    assert!(!desk.sees("more arrived"));
    // Also what arrives at the moment of signing, before the window has looked.
    another_records(&folder, 2, 10);
    desk.press(Key::Enter);
    let rows = shown(&desk);
    assert!(rows.len() == 1 && rows[0].1.starts_with("dexAMETHasone 2 mg"), "{rows:?}");
    desk.press(Key::Escape);
    assert!(desk.sees("1 since your review"));
}

#[test]
fn an_entry_of_a_slow_clock_that_arrives_after_the_review_is_shown_all_the_same() {
    let (folder, mut desk) = reviewed();
    let mut lt = Colleague::at(&folder, now() - TimeDelta::hours(3));
    lt.records("dexamethasone", "8 mg", "2026-11-22 11:00");
    look(&mut desk);
    open_review(&mut desk);
    let rows = shown(&desk);
    assert_eq!((rows.len(), rows[0].0.as_str(), rows[0].2.as_str()), (1, "arrived late", "+8 mg"));
}

#[test]
fn who_reviews_is_asked_first_and_the_review_is_theirs() {
    let (folder, desk) = reviewed();
    drop(desk);
    let mut desk = over(&folder);
    desk.state_mut().app.settings.initials = None;
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::V);
    assert!(desk.state().app.overlay.is_none() && desk.sees("Your initials"));
    desk.fill("Your initials", "lt");
    desk.press(Key::Enter);
    assert!(desk.sees("LT has not reviewed this record: 5 entries"), "{:?}", desk.state().app.review);
    desk.press(Key::Escape);
    assert!(!desk.sees("you reviewed it"), "NK did");
}

#[test]
fn the_list_is_walked_by_the_keyboard() {
    let (_folder, mut desk) = with_robin();
    for (day, hour) in (20..23).flat_map(|day| (0..9).map(move |hour| (day, hour))) {
        desk.quick(&format!("ana 100 sc 2026-11-{day} {hour:02}:00"));
        desk.press(Key::Enter);
    }
    open_review(&mut desk);
    let last = desk.state().app.review.as_ref().unwrap().rows.len() - 1;
    assert_eq!(last, 29);
    let sees_last = |desk: &Desk| desk.sees("added: weight 52.3 kg");
    for (key, chosen) in [
        (Key::ArrowDown, 1),
        (Key::ArrowDown, 2),
        (Key::ArrowUp, 1),
        (Key::PageDown, 9),
        (Key::PageUp, 1),
        (Key::End, last),
        (Key::ArrowDown, last),
        (Key::Home, 0),
    ] {
        desk.press(key);
        assert_eq!(desk.state().app.review.as_ref().unwrap().chosen, chosen, "{key:?}");
        assert_eq!(sees_last(&desk), chosen == last, "{key:?}: the chosen row is in sight");
    }
}

#[test]
fn the_same_key_closes_it_and_another_patient_has_a_review_of_their_own() {
    let (_folder, mut desk) = reviewed();
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::I);
    desk.fill("MRN", "40 018");
    desk.fill("Family name", "Sample");
    desk.press(Key::Enter);
    open_review(&mut desk);
    assert!(desk.sees("NK has not reviewed this record: 1 entry"));
    desk.press_with(Modifiers::COMMAND, Key::PageUp);
    assert!(desk.sees(TITLE_THEN), "the record of the patient who is open now");
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::V);
    assert_eq!(desk.state().app.overlay, None);
}

#[test]
fn a_review_that_is_signed_while_the_folder_is_out_of_reach_waits_in_the_outbox() {
    let (folder, desk) = with_robin();
    drop(desk);
    let share = Share::new();
    let mut desk = over_share(&folder, &share, None);
    share.becomes(Mood::Gone);
    open_review(&mut desk);
    sign(&mut desk);
    assert!(desk.notice().starts_with("Kept on this workstation"), "{}", desk.notice());
    assert!(desk.sees(TITLE_THEN), "{:?}", desk.state().app.review);
    share.becomes(Mood::Well);
    look(&mut desk);
    assert!(desk.notice().starts_with("Delivered to the ward's folder"), "{}", desk.notice());
    assert_eq!(on_disk(&folder).patients()[0].chart.reviews.len(), 1);
}

#[test]
fn the_review() {
    let (folder, desk) = reviewed();
    drop(desk);
    let mut lt = Colleague::at(&folder, now() + TimeDelta::hours(17));
    lt.records("methylprednisolone", "80 mg", "2026-11-18 08:00");
    lt.at += TimeDelta::minutes(1);
    lt.corrects("45 mg", "4.5 mg");
    lt.at += TimeDelta::minutes(1);
    lt.strikes_out("10 mg");
    let mut desk = over_at(&folder, now() + TimeDelta::hours(18));
    open_review(&mut desk);
    desk.snapshot("review");
}
