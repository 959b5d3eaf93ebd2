//! Answers that come late, from a share that is slow: each is for the form that asked, and for the patient of that form.

use super::desk::{Desk, Hands, now, over, over_share, with_robin};
use super::drafts::line;
use super::tasks::on_disk;
use super::twice::recorded_twice;
use super::watching::{another_records, counting, wait_for};
use crate::store::share::{Mood, Share};
use corticurve::app::form::FormKind;
use corticurve::app::ward::Ward;
use corticurve::app::{Action, Answer, Overlay};
use corticurve::record::{Administration, DrugId, Given, PatientId};
use corticurve::store::Author;
use egui::{Key, Modifiers};
use tempfile::TempDir;

/// EXAMPLE, Robin on a share, with the worker on its own thread.
fn on_slow_share() -> (TempDir, Share, Desk, PatientId) {
    let (folder, desk) = with_robin();
    drop(desk);
    let share = Share::new();
    let mut desk = over_share(&folder, &share, Some(counting().1));
    wait_for(&mut desk, "open", |desk| desk.state().app.selected.is_some());
    desk.press(Key::Escape);
    let robin = desk.state().app.selected.clone().unwrap();
    (folder, share, desk, robin)
}

fn fill_in_new_patient(desk: &mut Desk) {
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::I);
    desk.fill("MRN", "40 018");
    desk.fill("Family name", "Invented");
}

fn set(desk: &mut Desk, label: &str, text: &str) {
    let at = desk.state().app.form.as_ref().unwrap().fields.iter().position(|field| field.label == label).unwrap();
    desk.state_mut().app.update(Action::Field(at, text.to_owned()));
    desk.run();
}

fn answered(desk: &mut Desk) {
    wait_for(desk, "answered", |desk| desk.state().app.pending().is_none());
    desk.run();
}

fn doses_of(folder: &TempDir, id: &PatientId) -> usize {
    on_disk(folder).patient(id).unwrap().chart.administrations.len()
}

/// Registers somebody else and goes back to the first; who that is.
fn beside_another(desk: &mut Desk, first: &PatientId) -> PatientId {
    fill_in_new_patient(desk);
    desk.press(Key::Enter);
    answered(desk);
    let other = desk.state().app.selected.clone().unwrap();
    desk.state_mut().app.update(Action::Select(first.clone()));
    other
}

#[test]
fn a_registration_that_is_answered_late_opens_nobody_under_an_open_form_or_a_typed_line() {
    for by_form in [true, false] {
        let (folder, share, mut desk, robin) = on_slow_share();
        desk.state_mut().app.update(Action::Select(robin.clone()));
        fill_in_new_patient(&mut desk);
        share.becomes(Mood::Hangs);
        desk.press(Key::Enter);
        desk.press(Key::Escape);
        if by_form {
            desk.press_with(Modifiers::COMMAND, Key::N);
            set(&mut desk, "Amount", "20");
        } else {
            desk.quick("dex 20 iv");
        }
        share.becomes(Mood::Well);
        answered(&mut desk);
        assert_eq!(desk.state().app.selected.as_ref(), Some(&robin), "{by_form}: still who was open");
        assert_eq!(desk.state().app.form.is_some(), by_form);
        assert_eq!(desk.notice(), "Saved: patient registered, to be opened in the ward list.");
        for _ in 0..2 {
            desk.press(Key::Enter);
            answered(&mut desk);
        }
        assert_eq!(doses_of(&folder, &robin), 1, "{by_form}: {}", desk.notice());
        assert_eq!(on_disk(&folder).patients().len(), 2);
    }
}

#[test]
fn a_form_writes_to_nobody_but_the_patient_it_was_opened_for() {
    let (folder, mut desk) = with_robin();
    fill_in_new_patient(&mut desk);
    desk.press(Key::Enter);
    let other = desk.state().app.selected.clone().unwrap();
    let robin = on_disk(&folder).patients().iter().map(|patient| patient.id.clone()).find(|id| *id != other).unwrap();
    desk.press_with(Modifiers::COMMAND, Key::N);
    set(&mut desk, "Amount", "20");
    desk.state_mut().app.update(Action::Select(robin.clone()));
    desk.state_mut().app.update(Action::Submit);
    desk.state_mut().app.update(Action::Submit);
    assert_eq!((doses_of(&folder, &robin), doses_of(&folder, &other)), (0, 0));
    let error = desk.state().app.form.as_ref().and_then(|form| form.error.clone());
    assert!(error.unwrap().contains("for another patient"));
}

#[test]
fn an_answer_about_one_patient_never_lands_in_the_form_of_another() {
    for is_asked in [true, false] {
        let (folder, share, mut desk, robin) = on_slow_share();
        let other = beside_another(&mut desk, &robin);
        desk.press_with(Modifiers::COMMAND, Key::N);
        set(&mut desk, "Amount", "10");
        set(&mut desk, "Given at", "14:02");
        // What a colleague has recorded meanwhile is found by the save and not before.
        share.becomes(Mood::Hangs);
        if is_asked {
            let config = folder.path().join("WARD4-PC02");
            let mut ward = Ward::open_to_write(&folder.path().join("data"), &config).unwrap();
            let given = Given::At(now() - chrono::TimeDelta::minutes(30));
            let dose = Administration::given(DrugId::new("dexamethasone"), "10 mg".parse().unwrap(), given);
            let author = Author { by: "LT".parse().unwrap(), workstation: "WARD4-PC02".to_owned() };
            ward.record(&robin, dose, &author, now()).unwrap();
        }
        desk.press(Key::Enter);
        desk.press(Key::Escape);
        desk.state_mut().app.update(Action::Select(other.clone()));
        desk.press_with(Modifiers::COMMAND, Key::N);
        set(&mut desk, "Amount", "400");
        let before = desk.state().app.form.clone();
        share.becomes(Mood::Well);
        answered(&mut desk);
        assert_eq!(desk.state().app.form, before, "{is_asked}: the other form is as it was");
        assert_eq!(doses_of(&folder, &robin), 1, "{is_asked}");
        let said = desk.notice();
        if is_asked {
            assert!(said.starts_with("EXAMPLE, Robin: ") && said.contains("10 mg"), "{said}");
            assert!(said.contains("was not saved") && said.contains("already recorded by LT"), "{said}");
        } else {
            assert_eq!(said, "Saved: EXAMPLE, Robin: dexAMETHasone 10 mg.", "not of the one who is open now");
        }
        assert_eq!(doses_of(&folder, &other), 0, "{is_asked}");
    }
}

#[test]
fn an_answer_is_only_to_the_question_that_was_shown() {
    let (folder, mut desk) = recorded_twice();
    let asked = desk.state().app.question().cloned().unwrap();
    desk.state_mut().app.settings.initials = None;
    desk.state_mut().app.update(Action::Answer(Answer::First));
    desk.run();
    assert_eq!(desk.state().app.form.as_ref().map(|form| form.kind.clone()), Some(FormKind::Initials));
    // Two colleagues record another pair, which is asked about first.
    another_records(&folder, 6, 300);
    let mut ward = Ward::open_to_write(&folder.path().join("data"), &folder.path().join("WARD4-PC03")).unwrap();
    let id = ward.patients()[0].id.clone();
    let given = Given::At(now() - chrono::TimeDelta::minutes(300));
    let dose = Administration::given(DrugId::new("dexamethasone"), "6 mg".parse().unwrap(), given);
    let author = Author { by: "XX".parse().unwrap(), workstation: "WARD4-PC03".to_owned() };
    ward.record(&id, dose, &author, now()).unwrap();
    drop(ward);
    desk.state_mut().app.update(Action::Tick);
    desk.run();
    let first = desk.state().app.shown().unwrap().questions[0].clone();
    assert_ne!(first.asks, asked.asks, "another question is first now");
    assert_eq!(desk.state().app.question(), Some(&asked), "and the one that is being read stays");
    desk.fill("Your initials", "nk");
    desk.press(Key::Enter);
    assert_eq!(desk.state().app.question(), Some(&first), "nobody has answered that");
    assert_eq!(desk.state().app.shown().unwrap().questions.len(), 1, "{}", desk.notice());
    // The same answer once more is to a question that is not asked any more.
    desk.state_mut().app.update(Action::AnswerTo(asked.asks, Answer::First));
    assert!(desk.notice().contains("no longer open"), "{}", desk.notice());
    assert_eq!(desk.state().app.question(), Some(&first));
}

#[test]
fn an_import_that_only_waits_here_is_not_called_done() {
    for mood in [Mood::Well, Mood::Full] {
        let (folder, desk) = with_robin();
        drop(desk);
        let share = Share::new();
        let mut desk = over_share(&folder, &share, None);
        let file = folder.path().join("doses.csv");
        let rows = "mrn,given_at,drug,amount,unit,source_id\n40 017,2026-11-22 14:00,dexamethasone,10,mg,a1\n";
        std::fs::write(&file, rows).unwrap();
        share.becomes(mood);
        desk.state_mut().app.update(Action::Open(FormKind::Import));
        set(&mut desk, "File", file.to_str().unwrap());
        desk.state_mut().app.update(Action::Submit);
        let error = desk.state().app.form.as_ref().and_then(|form| form.error.clone());
        assert_eq!(error, None, "{mood:?}");
        let is_saved = mood == Mood::Well;
        let beginning = if is_saved { "Saved: what was imported" } else { "Kept on this workstation, not in" };
        assert!(desk.notice().starts_with(beginning), "{mood:?}: {}", desk.notice());
        assert_eq!(desk.state().app.saved_at.is_some(), is_saved, "{mood:?}");
    }
}

#[test]
fn what_is_saved_for_a_patient_who_is_not_open_any_more_is_told_by_name_or_mark() {
    for names_hidden in [false, true] {
        let (folder, share, mut desk, robin) = on_slow_share();
        let other = beside_another(&mut desk, &robin);
        if names_hidden {
            desk.press_with(Modifiers::COMMAND, Key::H);
        }
        desk.press_with(Modifiers::COMMAND, Key::M);
        set(&mut desk, "Weight in kg", "51.8");
        share.becomes(Mood::Hangs);
        desk.press(Key::Enter);
        desk.press(Key::Escape);
        desk.state_mut().app.update(Action::Select(other));
        share.becomes(Mood::Well);
        answered(&mut desk);
        assert_eq!(on_disk(&folder).patient(&robin).unwrap().chart.measurements.len(), 2);
        let beginning = if names_hidden { "Saved: E. R. · " } else { "Saved: EXAMPLE, Robin: weight 51.8 kg" };
        assert!(desk.notice().starts_with(beginning), "{}", desk.notice());
        assert!(!names_hidden || !desk.notice().contains("EXAMPLE"), "{}", desk.notice());
    }
}

#[test]
fn a_report_or_a_list_of_findings_takes_the_keyboard_from_nobody_who_types_and_opens_with_a_key() {
    for (key, overlay) in [(Key::T, Overlay::Report), (Key::F, Overlay::Files)] {
        let (folder, share, mut desk, robin) = on_slow_share();
        let ctrl_shift = Modifiers::COMMAND.plus(Modifiers::SHIFT);
        desk.press_with(ctrl_shift, key);
        assert!(desk.state().app.overlay.is_none() && desk.notice().contains("since this window was opened"));
        if overlay == Overlay::Report {
            let file = folder.path().join("doses.csv");
            let row = "mrn,given_at,drug,amount,unit,source_id\n40 017,2026-11-22 14:00,dexamethasone,8,mg,a1\n";
            std::fs::write(&file, row).unwrap();
            desk.press_with(Modifiers::COMMAND, Key::O);
            set(&mut desk, "File", file.to_str().unwrap());
            share.becomes(Mood::Hangs);
            desk.press(Key::Enter);
            wait_for(&mut desk, "under way", |desk| desk.state().app.pending().is_some());
            desk.press(Key::Escape);
        } else {
            share.becomes(Mood::Hangs);
            desk.press_with(ctrl_shift, Key::K);
        }
        desk.quick("dex 10 i");
        share.becomes(Mood::Well);
        answered(&mut desk);
        assert!(!desk.state().app.is_covered(), "{overlay:?}");
        let told = desk.notice();
        desk.event(egui::Event::Text("v 13:00".to_owned()));
        desk.run();
        desk.press(Key::Enter);
        answered(&mut desk);
        let doses = if overlay == Overlay::Report { 2 } else { 1 };
        assert_eq!(doses_of(&folder, &robin), doses, "{overlay:?}: the line went on");
        assert!(told.ends_with(&format!("Ctrl+Shift+{key:?} shows the result.")), "{told}");
        desk.press_with(ctrl_shift, key);
        assert_eq!(desk.state().app.overlay, Some(overlay));
        desk.press(Key::Escape);
    }
}

/// EXAMPLE, Robin and INVENTED on a share that hangs, with a dose of Robin that is being saved.
fn saving_beside_another() -> (TempDir, Share, Desk, [PatientId; 2]) {
    let (folder, share, mut desk, robin) = on_slow_share();
    let other = beside_another(&mut desk, &robin);
    desk.run();
    share.becomes(Mood::Hangs);
    desk.quick("dex 10 iv");
    desk.press(Key::Enter);
    assert!(desk.state().app.pending().is_some_and(|pending| pending.is_quick));
    (folder, share, desk, [robin, other])
}

const QUESTION: &str = "A dose is typed and not saved";
const MARK: &str = "a dose is typed here and not saved";

#[test]
fn another_patient_is_opened_at_once_while_a_dose_is_being_saved_and_the_dose_is_with_its_own() {
    for comes_back in [false, true] {
        let (folder, share, mut desk, [robin, other]) = saving_beside_another();
        desk.press_with(Modifiers::COMMAND, Key::PageDown);
        assert_eq!(desk.state().app.selected.as_ref(), Some(&other));
        assert!(!desk.sees(QUESTION) && !desk.sees(MARK) && !desk.sees("saving…  "), "it is no draft");
        assert_eq!(desk.state().app.quick.line, "");
        if comes_back {
            desk.press_with(Modifiers::COMMAND, Key::PageUp);
            assert_eq!((line(&desk).as_str(), desk.sees("saving…  dexAMETHasone 10 mg")), ("", true));
        }
        share.becomes(Mood::Well);
        answered(&mut desk);
        assert_eq!((doses_of(&folder, &robin), doses_of(&folder, &other)), (1, 0));
        assert!(!desk.sees(MARK) && !desk.sees("saving…  "), "comes back: {comes_back}");
        assert_eq!(desk.notice().contains("EXAMPLE, Robin: dexAMETHasone 10 mg"), !comes_back, "{}", desk.notice());
        desk.state_mut().app.update(Action::Select(robin));
        assert_eq!(line(&desk), "", "comes back: {comes_back}");
        drop(desk);
        assert_eq!(line(&over(&folder)), "", "nothing is kept of it");
    }
}

#[test]
fn a_dose_that_was_not_saved_after_its_patient_was_left_is_a_draft_of_that_patient_and_named_with_them() {
    for comes_back in [false, true] {
        let (folder, share, mut desk, [robin, other]) = saving_beside_another();
        another_records(&folder, 10, 0);
        desk.press_with(Modifiers::COMMAND, Key::PageDown);
        desk.quick("ana 100 sc");
        if comes_back {
            desk.press_with(Modifiers::COMMAND, Key::PageUp);
            desk.press(Key::Enter);
            assert_eq!(desk.state().app.selected.as_ref(), Some(&robin));
        }
        share.becomes(Mood::Well);
        answered(&mut desk);
        let told = desk.notice();
        assert!(told.starts_with("EXAMPLE, Robin: dexAMETHasone 10 mg is NOT saved: "), "{told}");
        assert!(told.ends_with("The line is kept with EXAMPLE, Robin."), "{told}");
        assert_eq!(line(&desk), if comes_back { "dex 10 iv" } else { "ana 100 sc" });
        assert!(desk.sees(MARK), "the other one of the two");
        assert_eq!((doses_of(&folder, &robin), doses_of(&folder, &other)), (1, 0), "the colleague's only");
        drop(desk);
        let mut desk = over(&folder);
        assert_eq!(line(&desk), "dex 10 iv");
        assert!(desk.sees("kept from today 14:32"));
        desk.press_with(Modifiers::COMMAND, Key::PageDown);
        desk.press(Key::Enter);
        assert_eq!((desk.state().app.selected.as_ref(), line(&desk).as_str()), (Some(&other), "ana 100 sc"));
    }
}

#[test]
fn what_is_typed_behind_a_dose_that_is_being_saved_stays_with_its_patient_alone() {
    let (folder, share, mut desk, [robin, other]) = saving_beside_another();
    desk.quick("ana 100 sc");
    desk.press_with(Modifiers::COMMAND, Key::PageDown);
    assert!(desk.sees(QUESTION), "of the line behind it");
    desk.press(Key::Enter);
    assert_eq!((desk.state().app.selected.as_ref(), line(&desk).as_str()), (Some(&other), ""));
    assert!(desk.sees(MARK));
    share.becomes(Mood::Well);
    answered(&mut desk);
    desk.state_mut().app.update(Action::Select(robin.clone()));
    assert_eq!((line(&desk).as_str(), doses_of(&folder, &robin)), ("ana 100 sc", 1));
}
