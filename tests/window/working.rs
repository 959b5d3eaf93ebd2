//! What is shown of a patient of many doses: worked out beside the window, and no number that is not right meanwhile.

use super::desk::{Desk, Hands, NoDialogs, TestClock, now, over_share_with};
use super::watching::{counting, wait_for};
use crate::store::share::Share;
use chrono::TimeDelta;
use corticurve::app::{Action, App, ChartAction, Overlay};
use corticurve::exposure::{FigureName, Window};
use corticurve::record::{Administration, DrugId, Fact, Given, Identity, Infusion, Name, Sex};
use corticurve::store::{Author, Store};
use egui::Key;
use egui_kittest::kittest::Queryable;
use tempfile::TempDir;

/// EXAMPLE, Robin with 400 doses of 1 mg every hour up to now, half of them since Day 0, one with none, and one with 300 of 2 mg.
fn ward() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open_or_create(&folder.path().join("data"), "Ward 4").unwrap();
    store.become_writer(&folder.path().join("config")).unwrap();
    let author = Author { by: "NK".parse().unwrap(), workstation: "WARD4-PC02".to_owned() };
    let patients =
        [("40 017", "Example", 400, "1 mg"), ("40 999", "Invented", 0, "1 mg"), ("41 500", "Specimen", 300, "2 mg")];
    for (mrn, name, doses, amount) in patients {
        let identity = Identity {
            mrn: mrn.parse().unwrap(),
            family: Name::parse(name).unwrap(),
            given: Name::parse("Robin").unwrap(),
            born: None,
            sex: Sex::Other,
            dates_shifted: false,
        };
        let infusion = Infusion { at: now() - TimeDelta::days(8), product: "tisagenlecleucel".to_owned() };
        let mut facts = vec![Fact::PatientRegistered(identity), Fact::Infused(infusion)];
        facts.extend((1..=doses).map(|at| {
            let given = Given::At(now() - TimeDelta::hours(at));
            let plain = Administration::given(DrugId::new("dexamethasone"), amount.parse().unwrap(), given);
            Fact::Administered(Administration { note: Some("told by Jordan".to_owned()), ..plain })
        }));
        let id = store.new_patient_id().unwrap();
        store.save(&id, facts, &author, now()).unwrap();
    }
    folder
}

fn over(folder: &TempDir, clock: &TestClock) -> Desk {
    let wake = Some(counting().1);
    let mut desk = over_share_with(folder, &Share::new(), wake, Box::new(clock.clone()), Box::new(NoDialogs));
    wait_for(&mut desk, "the ward", |desk| desk.state().app.shown().is_some() && desk.state().app.is_worked_out());
    desk.state_mut().app.record_as("NK".parse().unwrap());
    let first = desk.state().app.rows[0].id.clone();
    act(&mut desk, Action::Select(first));
    settle(&mut desk);
    assert_eq!(desk.figure("Cumulative"), SINCE_DAY0);
    desk
}

/// Eight days and fourteen and a half hours, as it is 14:30 and Day 0 is a whole day.
const SINCE_DAY0: &str = "206 mg";

fn settle(desk: &mut Desk) {
    wait_for(desk, "the figures", |desk| desk.state().app.is_worked_out());
}

fn values(app: &App) -> Vec<String> {
    let view = app.shown().unwrap();
    view.lines.iter().chain(&view.bedside).chain(&view.landmarks).map(|line| line.value.clone()).collect()
}

/// Does something of which the answer is heard on a later frame.
fn act(desk: &mut Desk, action: Action) {
    desk.state_mut().app.update(action);
}

#[test]
fn figures_of_another_window_are_awaited_in_the_places_of_those_that_are_not_right_any_more() {
    let folder = ward();
    let mut desk = over(&folder, &TestClock::new());
    act(&mut desk, Action::Window(Window::All));
    let app = &desk.state().app;
    assert!(app.awaits_figures() && !app.is_worked_out());
    assert!(values(app).iter().all(|value| value == "…"), "{:?}", values(app));
    assert_eq!(app.shown().unwrap().log.len(), 400, "the lines stay, for the keyboard");
    let shown = app.shown().unwrap();
    assert!(shown.log.iter().all(|line| line.cells[7] == "…"));
    assert!(shown.figure.curve.is_empty() && shown.figure.doses.is_empty() && shown.figure.daily.is_empty());
    act(&mut desk, Action::CopyText);
    let app = &desk.state().app;
    assert!(app.notice.as_ref().unwrap().text.contains("try again in a moment") && app.clipboard.is_none());
    settle(&mut desk);
    assert_eq!(desk.figure("Cumulative"), "400 mg");
    act(&mut desk, Action::CopyText);
    assert!(desk.state().app.clipboard.as_ref().unwrap().contains("400 mg"));
}

#[test]
fn figures_of_the_minute_before_stay_whole_until_the_new_ones_are_there() {
    let folder = ward();
    let clock = TestClock::new();
    let mut desk = over(&folder, &clock);
    let before = values(&desk.state().app);
    let last_24h = |desk: &Desk| desk.figure("Last 24 h");
    assert_eq!(last_24h(&desk), "23 mg");
    clock.goes_on(TimeDelta::seconds(60));
    act(&mut desk, Action::Tick);
    let app = &desk.state().app;
    assert!(!app.awaits_figures() && !app.is_worked_out());
    assert_eq!(values(app), before);
    // Another minute comes before they are there, and those of the first are not shown.
    clock.goes_on(TimeDelta::hours(2));
    act(&mut desk, Action::Tick);
    assert!(desk.state().app.awaits_figures());
    settle(&mut desk);
    assert_eq!(last_24h(&desk), "21 mg");
}

#[test]
fn after_a_save_the_new_dose_is_in_the_total_and_in_sight() {
    let folder = ward();
    let mut desk = over(&folder, &TestClock::new());
    desk.quick("dex 10 iv");
    desk.press(Key::Enter);
    wait_for(&mut desk, "the save", |desk| desk.notice().starts_with("Saved") && desk.state().app.is_worked_out());
    desk.run();
    assert_eq!(desk.figure("Cumulative"), "216 mg");
    let app = &desk.state().app;
    assert_eq!(app.shown().unwrap().log[0].id, *app.chosen.as_ref().unwrap());
    assert!(desk.sees("216 mg"));
}

#[test]
fn the_figures_of_another_patient_are_not_shown_before_they_are_there() {
    let folder = ward();
    let mut desk = over(&folder, &TestClock::new());
    let ids: Vec<_> = desk.state().app.rows.iter().map(|row| row.id.clone()).collect();
    act(&mut desk, Action::Select(ids[1].clone()));
    assert!(desk.state().app.is_worked_out(), "few doses are worked out at once");
    assert_eq!(desk.figure("Cumulative"), "0 mg");
    act(&mut desk, Action::Select(ids[0].clone()));
    let app = &desk.state().app;
    assert!(app.shown().is_none() && app.awaits_figures());
    act(&mut desk, Action::Explain(FigureName::Total));
    // Back before they are there: they are not shown for the other patient, and nothing opens over that one.
    act(&mut desk, Action::Select(ids[1].clone()));
    settle(&mut desk);
    std::thread::sleep(std::time::Duration::from_millis(500));
    desk.run();
    assert_eq!((desk.figure("Cumulative").as_str(), desk.state().app.overlay), ("0 mg", None));
    act(&mut desk, Action::Select(ids[0].clone()));
    settle(&mut desk);
    assert_eq!(desk.figure("Cumulative"), SINCE_DAY0);
}

#[test]
fn what_lies_over_the_window_opens_when_it_is_there_and_not_over_what_was_opened_meanwhile() {
    let folder = ward();
    let mut desk = over(&folder, &TestClock::new());
    for (action, overlay) in [
        (Action::Explain(FigureName::Total), Overlay::Explanation),
        (Action::Overlay(Overlay::ChartTable), Overlay::ChartTable),
        (Action::Overlay(Overlay::Review), Overlay::Review),
    ] {
        act(&mut desk, action.clone());
        assert_eq!(desk.state().app.overlay, None);
        settle(&mut desk);
        desk.run();
        let app = &desk.state().app;
        assert_eq!(app.overlay, Some(overlay));
        // What changes meanwhile is in it.
        let saved = app.patient().unwrap().chart.administrations.len();
        assert_eq!(app.chart_table.as_ref().map_or(saved, |table| table.doses.len()), saved);
        act(&mut desk, Action::Cancel);
        act(&mut desk, action);
        act(&mut desk, Action::Overlay(Overlay::Keys));
        settle(&mut desk);
        desk.run();
        assert_eq!(desk.state().app.overlay, Some(Overlay::Keys));
        act(&mut desk, Action::Cancel);
    }
    act(&mut desk, Action::Chart(ChartAction::Spacing));
    assert!(desk.state().app.is_worked_out(), "another scale works no amount out");
}

#[test]
fn nothing_of_one_patient_is_shown_under_the_name_of_another_who_is_being_worked_out() {
    let folder = ward();
    let mut desk = over(&folder, &TestClock::new());
    let other = desk.state().app.rows[2].id.clone();
    for (action, theirs) in [
        (Action::Overlay(Overlay::Review), "206 mg"),
        (Action::Overlay(Overlay::ChartTable), "206 mg"),
        (Action::Explain(FigureName::Total), "206 mg"),
    ] {
        let first = desk.state().app.rows[0].id.clone();
        act(&mut desk, Action::Select(first));
        act(&mut desk, action.clone());
        settle(&mut desk);
        desk.run();
        let is_dialog = |desk: &Desk| desk.query_all_by_label_contains("EXAMPLE, Robin").count();
        assert!(desk.sees(theirs) && is_dialog(&desk) > 0, "{action:?}");
        act(&mut desk, Action::Select(other.clone()));
        while !desk.state().app.is_worked_out() {
            desk.step();
            let app = &desk.state().app;
            assert!(!app.awaits_figures() || app.shown().is_none());
            // The row of the ward list says it of the first patient, and nothing else does.
            assert!(desk.query_all_by_label_contains(theirs).count() <= 1, "{action:?}");
        }
        desk.run();
        assert!(desk.state().app.overlay.is_some() && desk.sees("412 mg"), "{action:?}: now of the other");
        act(&mut desk, Action::Cancel);
    }
}

#[test]
fn a_table_or_a_review_that_is_not_right_any_more_is_neither_copied_nor_signed() {
    let folder = ward();
    let mut desk = over(&folder, &TestClock::new());
    act(&mut desk, Action::Overlay(Overlay::ChartTable));
    settle(&mut desk);
    act(&mut desk, Action::Window(Window::All));
    act(&mut desk, Action::Chart(ChartAction::CopyText));
    let app = &desk.state().app;
    assert!(app.notice.as_ref().unwrap().text.contains("try again in a moment") && app.clipboard.is_none());
    settle(&mut desk);
    act(&mut desk, Action::Cancel);
    act(&mut desk, Action::Overlay(Overlay::Review));
    settle(&mut desk);
    let reviews = |desk: &Desk| desk.state().app.patient().unwrap().chart.reviews.len();
    act(&mut desk, Action::SignReview);
    while reviews(&desk) == 0 {
        desk.state_mut().app.listen();
    }
    act(&mut desk, Action::SignReview);
    wait_for(&mut desk, "the answers", |desk| desk.state().app.pending().is_none() && desk.state().app.is_worked_out());
    assert_eq!(reviews(&desk), 1);
    act(&mut desk, Action::SignReview);
    wait_for(&mut desk, "the answer", |desk| desk.state().app.pending().is_none());
    assert_eq!(reviews(&desk), 2, "signed again by whoever means it");
}

#[test]
fn when_names_are_hidden_no_note_stays_and_no_review_opens() {
    let folder = ward();
    let mut desk = over(&folder, &TestClock::new());
    let tells = |app: &App| {
        app.shown()
            .is_some_and(|view| view.log.iter().any(|line| line.cells.iter().any(|cell| cell.contains("Jordan"))))
    };
    assert!(tells(&desk.state().app));
    act(&mut desk, Action::Overlay(Overlay::Review));
    act(&mut desk, Action::HideNames);
    assert!(desk.state().app.awaits_figures() && !tells(&desk.state().app));
    settle(&mut desk);
    desk.run();
    let app = &desk.state().app;
    assert_eq!((app.overlay, app.review.is_some(), tells(app)), (None, false, false));
}
