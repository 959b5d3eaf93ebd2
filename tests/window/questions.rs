//! An open question is answered only by somebody who had it on the screen, whatever comes in meanwhile.

use super::desk::{Desk, Hands, NoDialogs, TestClock, now, over, over_share_with};
use super::tasks::on_disk;
use super::watching::{another_records, counting, wait_for};
use crate::store::share::Share;
use chrono::TimeDelta;
use corticurve::app::view::Asks;
use corticurve::app::{Action, Answer};
use corticurve::record::{Administration, Chart, DrugId, Fact, Given, Identity, Name, Sex, Status};
use corticurve::store::{Author, Store};
use egui::{Event, Key, Modifiers, PointerButton};
use egui_kittest::kittest::Queryable;
use tempfile::TempDir;

/// EXAMPLE, Robin with these doses.
fn ward(doses: impl IntoIterator<Item = Administration>) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open_or_create(&folder.path().join("data"), "Ward 4").unwrap();
    store.become_writer(&folder.path().join("config")).unwrap();
    let author = Author { by: "NK".parse().unwrap(), workstation: "WARD4-PC01".to_owned() };
    let identity = Identity {
        mrn: "40 017".parse().unwrap(),
        family: Name::parse("Example").unwrap(),
        given: Name::parse("Robin").unwrap(),
        born: None,
        sex: Sex::Other,
        dates_shifted: false,
    };
    let doses = doses.into_iter().map(Fact::Administered);
    let id = store.new_patient_id().unwrap();
    store.save(&id, std::iter::once(Fact::PatientRegistered(identity)).chain(doses).collect(), &author, now()).unwrap();
    folder
}

/// 120 mg of hydrocortisone, from so many hours ago for four hours, recorded as running.
fn past_its_end(hours_ago: i64) -> Administration {
    let start = now() - TimeDelta::hours(hours_ago);
    let given = Given::Over(start, start + TimeDelta::hours(4));
    let dose = Administration::given(DrugId::new("hydrocortisone"), "120 mg".parse().unwrap(), given);
    Administration { status: Status::Running, ..dose }
}

/// 10 mg of dexamethasone an hour ago.
fn dex() -> Administration {
    let given = Given::At(now() - TimeDelta::hours(1));
    Administration::given(DrugId::new("dexamethasone"), "10 mg".parse().unwrap(), given)
}

/// The window over the ward, in front of NK.
fn in_front_of_nk(folder: &TempDir) -> Desk {
    let mut desk = over(folder);
    desk.state_mut().app.record_as("NK".parse().unwrap());
    desk.run();
    desk
}

fn chart(folder: &TempDir) -> Chart {
    on_disk(folder).patients()[0].chart.clone()
}

fn statuses(folder: &TempDir) -> Vec<Status> {
    chart(folder).administrations.iter().map(|dose| dose.value.status).collect()
}

/// A key goes down, or says that it is still down, in a frame of its own.
fn goes_down(desk: &mut Desk, key: Key) {
    desk.event(Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers: Modifiers::COMMAND });
    desk.step();
}

/// A colleague's copy of the dose comes in, and is heard of in the next frame.
fn a_copy_comes_in(folder: &TempDir, desk: &mut Desk) {
    another_records(folder, 10, 60);
    desk.state_mut().app.update(Action::Tick);
}

#[test]
fn a_key_answers_the_question_that_was_on_the_screen_and_not_one_that_comes_in_before_it() {
    for (key, form) in [
        (Key::Num1, None),
        (Key::Num2, Some("Stop or change rate")),
        (Key::Num3, Some("Correct: hydroCORTISone 120 mg, ")),
    ] {
        let folder = ward([past_its_end(6), dex()]);
        let mut desk = in_front_of_nk(&folder);
        assert!(desk.sees("? Has it ended? hydroCORTISone 120 mg"));
        a_copy_comes_in(&folder, &mut desk);
        assert!(matches!(desk.state().app.shown().unwrap().questions[0].asks, Asks::Twice { .. }), "it is asked first");
        goes_down(&mut desk, key);
        desk.run();
        assert!(chart(&folder).acknowledgements.is_empty(), "{key:?}: {}", desk.notice());
        let title = desk.state().app.form.as_ref().map(|form| form.title.clone()).unwrap_or_default();
        match form {
            None => assert_eq!(statuses(&folder), [Status::Given; 3], "it ran to its end"),
            Some(form) => assert!(title.starts_with(form), "{key:?}: {title}"),
        }
    }
}

#[test]
fn a_key_does_not_answer_a_question_that_comes_in_with_it() {
    let folder = ward([dex()]);
    let mut desk = in_front_of_nk(&folder);
    a_copy_comes_in(&folder, &mut desk);
    goes_down(&mut desk, Key::Num1);
    desk.run();
    assert!(chart(&folder).acknowledgements.is_empty(), "{}", desk.notice());
    assert!(desk.sees("? Recorded twice? dexAMETHasone 10 mg"), "it is asked now");
}

#[test]
fn a_question_stays_while_it_is_read_though_another_is_to_be_asked_before_it() {
    let folder = ward([past_its_end(6), dex()]);
    let mut desk = in_front_of_nk(&folder);
    a_copy_comes_in(&folder, &mut desk);
    desk.run();
    assert!(desk.sees("? Has it ended?") && desk.sees("and 1 more after this"));
    desk.press_with(Modifiers::COMMAND, Key::Num1);
    assert!(desk.sees("? Recorded twice?") && !desk.sees("Has it ended?"), "{}", desk.notice());
}

#[test]
fn a_key_that_is_held_answers_one_question() {
    let folder = ward([past_its_end(20), past_its_end(10)]);
    let mut desk = in_front_of_nk(&folder);
    for _ in 0..3 {
        goes_down(&mut desk, Key::Num1);
    }
    assert_eq!(statuses(&folder), [Status::Given, Status::Running], "{}", desk.notice());
}

#[test]
fn an_answer_to_a_question_that_was_answered_meanwhile_is_none_to_the_next() {
    for by_mouse in [false, true] {
        let folder = ward([past_its_end(20), past_its_end(10)]);
        let mut desk = in_front_of_nk(&folder);
        let pos = desk.get_by_label("It ran to its end  Ctrl+1").rect().center();
        let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
        if by_mouse {
            desk.event(Event::PointerMoved(pos));
            desk.run();
            desk.event(Event::PointerButton { pos, button, pressed: true, modifiers });
            desk.step();
        }
        let asks = desk.state().app.question().unwrap().asks.clone();
        desk.state_mut().app.update(Action::AnswerTo(asks, Answer::First));
        if by_mouse {
            desk.event(Event::PointerButton { pos, button, pressed: false, modifiers });
            desk.step();
        } else {
            goes_down(&mut desk, Key::Num1);
            assert!(desk.notice().contains("no longer open here, so nothing was saved"), "{}", desk.notice());
        }
        assert_eq!(statuses(&folder), [Status::Given, Status::Running], "by mouse: {by_mouse}");
        assert!(desk.sees("It ran to its end  Ctrl+1"), "the next one is asked");
    }
}

#[test]
fn an_answer_that_was_given_before_the_initials_is_kept_though_the_figures_are_worked_out_again() {
    let many = (2..300).map(|hours| Administration { given: Given::At(now() - TimeDelta::hours(hours)), ..dex() });
    let folder = ward(many.chain([past_its_end(6)]));
    let wake = Some(counting().1);
    let mut desk = over_share_with(&folder, &Share::new(), wake, Box::new(TestClock::new()), Box::new(NoDialogs));
    wait_for(&mut desk, "the figures", |desk| desk.state().app.shown().is_some() && desk.state().app.is_worked_out());
    // Who records is asked for at the start, and can be left for later.
    desk.press(Key::Escape);
    assert!(desk.state().app.initials().is_none() && desk.sees("? Has it ended?"));
    desk.press_with(Modifiers::COMMAND, Key::Num1);
    desk.fill("Your initials", "nk");
    desk.press(Key::Enter);
    wait_for(&mut desk, "the answer", |desk| desk.state().app.pending().is_none());
    assert_eq!(desk.notice(), "Saved: the infusion ran to its end.");
    assert!(!statuses(&folder).contains(&Status::Running));
}

#[test]
fn no_patient_of_the_ward_list_moves_under_the_pointer_when_a_question_or_a_strip_comes() {
    let folder = ward([dex()]);
    let mut desk = in_front_of_nk(&folder);
    let row = |desk: &Desk| desk.get_all_by_role(egui::accesskit::Role::ListBoxOption).next().unwrap().rect();
    let before = row(&desk);
    a_copy_comes_in(&folder, &mut desk);
    desk.run();
    assert!(desk.sees("? Recorded twice?"));
    assert_eq!(row(&desk).left_top(), before.left_top());
    let question = desk.get_by_label_contains("? Recorded twice?").rect();
    assert!(question.left() > before.right(), "it stands beside the list: {question}");
}
