//! The rows of the ward list: worked out only where something has changed, and beside the window where they are many.

use super::desk::{Desk, Hands, NoDialogs, TestClock, now, over_share_with};
use super::watching::{counting, wait_for};
use crate::store::share::Share;
use chrono::TimeDelta;
use corticurve::app::view::WardRow;
use corticurve::app::{Action, ChartAction};
use corticurve::exposure::Window;
use corticurve::record::{Administration, DrugId, Fact, Given, Identity, Infusion, Name, Sex};
use corticurve::store::{Author, Store};
use std::sync::Arc;
use tempfile::TempDir;

const PATIENTS: usize = 60;
const DOSES: i32 = 40;

/// A ward with more doses than are worked out at once: the n-th patient got n mg of methylprednisolone each time.
fn large_ward() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open_or_create(&folder.path().join("data"), "Ward 4").unwrap();
    store.become_writer(&folder.path().join("config")).unwrap();
    let author = Author { by: "NK".parse().unwrap(), workstation: "WARD4-PC02".to_owned() };
    let day0 = now() - TimeDelta::days(9);
    for number in 1..=PATIENTS {
        let identity = Identity {
            mrn: format!("4{number:05}").parse().unwrap(),
            // No two of them are one slip apart.
            family: Name::parse(&format!("{0}{0}{1}{1} Invented", number / 10, number % 10)).unwrap(),
            given: Name::parse("Robin").unwrap(),
            born: None,
            sex: Sex::Other,
            dates_shifted: false,
        };
        let infusion = Infusion { at: day0, product: "tisagenlecleucel".to_owned() };
        let mut facts = vec![Fact::PatientRegistered(identity), Fact::Infused(infusion)];
        facts.extend((0..DOSES).map(|at| {
            let given = Given::At(day0 + TimeDelta::hours(5) * at);
            let amount = format!("{number} mg").parse().unwrap();
            Fact::Administered(Administration::given(DrugId::new("methylprednisolone"), amount, given))
        }));
        let id = store.new_patient_id().unwrap();
        store.save(&id, facts, &author, now()).unwrap();
    }
    folder
}

fn over(folder: &TempDir, clock: &TestClock) -> Desk {
    let wake = Some(counting().1);
    let mut desk = over_share_with(folder, &Share::new(), wake, Box::new(clock.clone()), Box::new(NoDialogs));
    wait_for(&mut desk, "every row", |desk| desk.state().app.shown().is_some() && waiting(desk) == 0);
    desk.state_mut().app.record_as("NK".parse().unwrap());
    desk.run();
    desk
}

fn waiting(desk: &Desk) -> usize {
    desk.state().app.rows.iter().filter(|row| row.total == "being worked out").count()
}

fn rows(desk: &Desk) -> Vec<Arc<WardRow>> {
    desk.state().app.rows.clone()
}

/// The places of the rows that were worked out since.
fn worked_out(desk: &Desk, before: &[Arc<WardRow>]) -> Vec<usize> {
    let rows = &desk.state().app.rows;
    assert_eq!(rows.len(), before.len());
    (0..rows.len()).filter(|at| !Arc::ptr_eq(&rows[*at], &before[*at])).collect()
}

#[test]
fn only_the_row_whose_record_has_changed_is_worked_out_by_a_save_and_none_by_a_look_elsewhere() {
    let (folder, clock) = (large_ward(), TestClock::new());
    let mut desk = over(&folder, &clock);
    assert_eq!(desk.state().app.rows[59].total, "450 mg", "40 times 60 mg, as 4 mg are 0.75 mg of dexamethasone");
    let before = rows(&desk);
    for action in [
        Action::Select(before[7].id.clone()),
        Action::Window(Window::All),
        Action::Chart(ChartAction::Spacing),
        Action::Quick("dex 10 iv 14:00".to_owned()),
        Action::Reload,
    ] {
        desk.state_mut().app.update(action.clone());
        wait_for(&mut desk, "an answer", |desk| desk.state().app.pending().is_none());
        assert!(worked_out(&desk, &before).is_empty(), "{action:?}");
    }
    desk.state_mut().app.update(Action::SaveQuick);
    wait_for(&mut desk, "the save", |desk| desk.notice().starts_with("Saved"));
    assert_eq!(worked_out(&desk, &before), [7]);
    assert_eq!(desk.state().app.rows[7].total, "70 mg");
    assert_eq!(desk.figure("Cumulative"), "70 mg");
}

#[test]
fn a_new_minute_is_worked_out_beside_the_window_and_its_rows_come_all_at_once() {
    let (folder, clock) = (large_ward(), TestClock::new());
    let mut desk = over(&folder, &clock);
    let before = rows(&desk);
    clock.goes_on(TimeDelta::seconds(60));
    desk.state_mut().app.update(Action::Tick);
    assert_eq!(worked_out(&desk, &before), [0], "on the window's thread that of the open patient, and no other");
    assert_eq!(waiting(&desk), 0, "what was right a minute ago stays meanwhile");
    let mut counts = Vec::new();
    wait_for(&mut desk, "the new minute", |desk| {
        counts.push(worked_out(desk, &before).len());
        counts.last() == Some(&PATIENTS)
    });
    counts.dedup();
    assert!(counts.iter().all(|count| [1, PATIENTS].contains(count)), "never some of them: {counts:?}");
    assert_eq!(desk.state().app.rows[59].total, "450 mg");
}

#[test]
fn rows_from_longer_ago_say_that_they_are_being_worked_out() {
    let (folder, clock) = (large_ward(), TestClock::new());
    let mut desk = over(&folder, &clock);
    assert!(desk.state().app.rows[59].last_24h_mg.unwrap().is_positive());
    clock.goes_on(TimeDelta::days(2));
    desk.state_mut().app.update(Action::Tick);
    assert_eq!((waiting(&desk), desk.state().app.rows[0].day.as_str()), (PATIENTS - 1, "D+11"));
    wait_for(&mut desk, "every row", |desk| waiting(desk) == 0);
    assert!(!desk.state().app.rows[59].last_24h_mg.unwrap().is_positive());
    assert!(desk.state().app.rows.iter().all(|row| row.day == "D+11"));
}

#[test]
fn rows_of_two_conversion_tables_never_stand_under_one_another() {
    let (folder, clock) = (large_ward(), TestClock::new());
    let mut desk = over(&folder, &clock);
    let unit = "(changed_at: \"2026-11-20T09:00:00+01:00\", changed_by: \"AB\", reason: \"protocol 12\", table: \"potency-25\"),\n";
    std::fs::write(folder.path().join("data/unit.ron"), format!("[\n{unit}]\n")).unwrap();
    let mut totals = Vec::new();
    wait_for(&mut desk, "the other table", |desk| {
        let rows = &desk.state().app.rows;
        totals.push((rows[0].total.clone(), rows[59].total.clone()));
        rows[59].total == "480 mg"
    });
    totals.dedup();
    let told = |first: &str, last: &str| (first.to_owned(), last.to_owned());
    assert_eq!(totals[0], told("7.5 mg", "450 mg"));
    for (first, last) in &totals[1..] {
        assert_eq!(first, "8 mg", "the open patient's is there at once");
        assert!(["being worked out", "480 mg"].contains(&last.as_str()), "{totals:?}");
    }
}
