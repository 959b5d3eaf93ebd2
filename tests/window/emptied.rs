//! What stands over the window and has nothing left to show closes or says so, and the keyboard is back in the quick entry.

use super::desk::{Desk, Hands, SMALL, begin_with_robin, demo, over, with_robin};
use super::tasks::{doses_on_disk, on_disk};
use corticurve::app::guard::Asked;
use corticurve::app::{Action, Overlay, Theme};
use corticurve::record::PatientId;
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::Queryable;

const CTRL_SHIFT: Modifiers = Modifiers { ctrl: true, shift: true, command: true, ..Modifiers::NONE };

fn is_in_the_line(desk: &Desk) -> bool {
    desk.get_by_role_and_label(Role::TextInput, "Quick entry of a dose").is_focused()
}

/// Nothing covers the window, and what is typed next is a dose of the open patient.
#[track_caller]
fn is_given_back(desk: &mut Desk) {
    let app = &desk.state().app;
    assert!(app.overlay.is_none() && app.form.is_none() && app.guard.asked.is_none(), "{:?}", app.overlay);
    assert!(is_in_the_line(desk));
    desk.event(Event::Text("d".to_owned()));
    desk.run();
    assert_eq!(desk.state().app.quick.line, "d");
    desk.press(Key::Escape);
}

/// Nobody is open any more, as when all of the patient's files are known to be gone.
fn the_patient_goes(desk: &mut Desk) {
    desk.state_mut().app.selected = None;
    desk.state_mut().app.update(Action::Tick);
    desk.run();
}

/// Somebody who is not in any ward here.
fn nobody() -> PatientId {
    PatientId::from_random([7; 12])
}

#[test]
fn what_is_about_the_open_patient_closes_when_nobody_is_open_and_keys_work_again() {
    for (modifiers, key, overlay) in [
        (Modifiers::COMMAND, Key::B, Overlay::Entries),
        (Modifiers::NONE, Key::F2, Overlay::Explanation),
        (Modifiers::SHIFT, Key::F7, Overlay::ChartTable),
        (CTRL_SHIFT, Key::V, Overlay::Review),
    ] {
        let (_folder, mut desk) = with_robin();
        desk.quick("dex 10 iv 08:00 icans");
        desk.press(Key::Enter);
        desk.press_with(modifiers, key);
        assert_eq!(desk.state().app.overlay, Some(overlay));
        the_patient_goes(&mut desk);
        assert!(!desk.state().app.is_covered(), "{overlay:?}");
        assert!(desk.sees("Open a patient from the list"), "{overlay:?}");
        // The first key after it opens what it says, and nothing is behind anything.
        desk.press_with(Modifiers::COMMAND, Key::K);
        assert_eq!(desk.state().app.overlay, Some(Overlay::Commands), "{overlay:?}");
    }
}

#[test]
fn a_form_or_a_question_about_who_is_not_in_the_ward_any_more_closes_and_says_so() {
    let (folder, mut desk) = with_robin();
    desk.press_with(Modifiers::COMMAND, Key::G);
    let form = desk.state_mut().app.form.as_mut().unwrap();
    let title = form.title.clone();
    form.patient = Some(nobody());
    desk.run();
    assert_eq!(desk.notice(), format!("'{title}' was closed: its patient is not in this ward any more"));
    is_given_back(&mut desk);
    for asked in [Asked::Leave(nobody()), Asked::Known(nobody(), Vec::new())] {
        desk.state_mut().app.guard.asked = Some(asked);
        desk.run();
        is_given_back(&mut desk);
    }
    assert_eq!(doses_on_disk(&folder), 0, "no key did anything behind what was closed");
}

#[test]
fn a_form_about_no_patient_stays_when_the_patient_goes() {
    let (_folder, mut desk) = with_robin();
    desk.press_with(CTRL_SHIFT, Key::I);
    desk.fill("Family name", "Sample");
    the_patient_goes(&mut desk);
    assert_eq!(desk.state().app.form.as_ref().unwrap().value("Family name"), "Sample");
}

#[test]
fn the_palette_without_the_patient_it_had_found_says_so_or_opens_who_is_left() {
    let mut desk = demo(Theme::Light, SMALL);
    desk.press_with(Modifiers::COMMAND, Key::K);
    desk.event(Event::Text("robin".to_owned()));
    desk.run();
    let all = desk.state().app.rows.clone();
    desk.state_mut().app.rows.clear();
    desk.run();
    assert!(desk.sees("Nothing has these words in its name."));
    desk.press(Key::Enter);
    assert_eq!(desk.state().app.overlay, Some(Overlay::Commands), "Enter does nothing");
    desk.press(Key::Escape);
    is_given_back(&mut desk);
    // The last of several was chosen, and only the first of them is left.
    desk.state_mut().app.rows = all;
    desk.press_with(Modifiers::COMMAND, Key::K);
    desk.event(Event::Text("pl 40".to_owned()));
    desk.run();
    let found = |desk: &Desk| desk.query_all_by_label_contains("open ").count();
    let several = found(&desk);
    assert!(several > 1, "{several}");
    desk.press(Key::PageDown);
    let left = desk.state().app.rows.iter().position(|row| desk.sees(&format!("open {}", row.name))).unwrap();
    let row = desk.state().app.rows[left].clone();
    desk.state_mut().app.rows = vec![row.clone()];
    desk.run();
    assert_eq!(found(&desk), 1);
    desk.press(Key::Enter);
    assert_eq!(desk.state().app.selected, Some(row.id.clone()));
    is_given_back(&mut desk);
}

#[test]
fn a_review_says_when_its_last_entry_is_signed_and_gives_the_keyboard_back() {
    let (folder, mut desk) = with_robin();
    desk.quick("dex 10 iv 08:00 icans");
    desk.press(Key::Enter);
    desk.press_with(CTRL_SHIFT, Key::V);
    desk.click("Sign as NK");
    assert!(desk.sees("nothing since"));
    for key in [Key::PageDown, Key::End, Key::Home] {
        desk.press(key);
        assert_eq!(desk.state().app.overlay, Some(Overlay::Review), "{key:?} in an empty list");
    }
    desk.press(Key::Escape);
    is_given_back(&mut desk);
    assert_eq!(on_disk(&folder).patients()[0].chart.reviews.len(), 1, "signed once");
}

#[test]
fn a_strip_whose_last_question_is_answered_goes_and_leaves_the_keyboard_to_the_line() {
    let (_folder, mut desk) = super::twice::recorded_twice();
    assert!(desk.state().app.question().is_some());
    desk.get_by_label("Both were given  Ctrl+1").focus();
    desk.run();
    desk.press(Key::Enter);
    assert!(desk.state().app.question().is_none() && !desk.sees("Both were given"));
    is_given_back(&mut desk);
}

#[test]
fn a_patient_of_whom_nothing_else_is_recorded_has_that_said_of_their_entries() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = over(&folder);
    begin_with_robin(&mut desk);
    desk.press(Key::Enter);
    desk.press_with(Modifiers::COMMAND, Key::B);
    assert!(desk.sees("None of these is recorded."));
    desk.press(Key::Escape);
    is_given_back(&mut desk);
}

#[test]
fn the_report_of_another_ward_closes_with_it() {
    let (folder, mut desk) = with_robin();
    let file = folder.path().join("mar.csv");
    std::fs::write(&file, "mrn,given_at,drug,amount,unit\n40 017,2026-11-20 08:00,dexamethasone,10,mg\n").unwrap();
    desk.press_with(Modifiers::COMMAND, Key::O);
    desk.fill("File", file.to_str().unwrap());
    desk.press(Key::Enter);
    assert_eq!(desk.state().app.overlay, Some(Overlay::Report));
    desk.state_mut().app.update(Action::TryDemo);
    desk.run();
    assert!(desk.state().app.is_demo());
    is_given_back(&mut desk);
}
