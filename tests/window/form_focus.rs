//! The keyboard in a form: where it opens, and that it stays with what is being filled in.

use super::desk::{Desk, Hands, with_robin};
use super::tabbing::focused;
use super::tasks::doses_on_disk;
use corticurve::app::Action;
use corticurve::app::form::FormKind;
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::Queryable;

/// The name of what has the keyboard.
fn here(desk: &Desk) -> String {
    focused(desk).map(|stop| stop.name).unwrap_or_default()
}

fn open(desk: &mut Desk, kind: FormKind) {
    desk.state_mut().app.update(Action::Open(kind));
    desk.run();
}

fn types(desk: &mut Desk, text: &str) {
    desk.event(Event::Text(text.to_owned()));
    desk.run();
}

/// What a field of the open form holds.
fn holds(desk: &Desk, label: &str) -> String {
    desk.state().app.form.as_ref().unwrap().value(label).to_owned()
}

/// EXAMPLE, Robin with one dose, which is running, and chosen in the log.
fn with_a_running_dose() -> (tempfile::TempDir, Desk) {
    let (folder, mut desk) = with_robin();
    desk.quick("ana 100 iv 14:00-18:00 running");
    desk.press(Key::Enter);
    desk.press_with(Modifiers::COMMAND, Key::ArrowDown);
    assert!(desk.state().app.chosen.is_some(), "{}", desk.notice());
    (folder, desk)
}

#[test]
fn a_form_opens_in_its_first_field_that_is_still_to_be_filled_in() {
    let (_folder, mut desk) = with_a_running_dose();
    let dose = desk.state().app.chosen.clone().unwrap();
    for (kind, field) in [
        (FormKind::Initials, "Your initials"),
        (FormKind::Register, "MRN"),
        (FormKind::Amend, "MRN"),
        (FormKind::Dose, "Amount"),
        // What was wrong most often; its reason is beside it.
        (FormKind::Correct(dose.clone()), "Amount"),
        (FormKind::StrikeOut(dose.clone()), "Reason"),
        (FormKind::Stop(dose), "Stopped at"),
        (FormKind::Measure, "Weight in kg"),
        (FormKind::Infusion, "CAR T-cell product"),
        (FormKind::Grade, "Scale"),
        (FormKind::Event, "Event"),
        (FormKind::Checked, "Checked up to"),
        (FormKind::Archive, "Reason"),
        (FormKind::Plan, "Plan"),
        (FormKind::WhatIf, "What if"),
        (FormKind::Import, "File"),
        (FormKind::OpenFolder, "Data folder"),
        (FormKind::Workstation, "Lock after, in minutes"),
        (FormKind::Backup, "Backup folder"),
        (FormKind::Settings, "Purposes out of the total"),
    ] {
        open(&mut desk, kind.clone());
        assert!(desk.state().app.form.is_some(), "{kind:?}: {}", desk.notice());
        assert_eq!(here(&desk), field, "{kind:?}");
        desk.press(Key::Escape);
        assert!(desk.state().app.form.is_none(), "{kind:?}");
    }
}

#[test]
fn a_grade_is_recorded_by_the_keyboard_from_the_first_field_on() {
    let (_folder, mut desk) = with_robin();
    desk.press_with(Modifiers::COMMAND, Key::G);
    for field in ["Scale", "Grade"] {
        assert_eq!(here(&desk), field);
        for key in [Key::Space, Key::ArrowDown, Key::ArrowDown, Key::Space, Key::Tab] {
            desk.press(key);
        }
        assert_ne!(holds(&desk, field), "", "{field}");
    }
    assert_eq!(here(&desk), "ICE or CAPD score");
    desk.press(Key::Enter);
    assert!(desk.notice().starts_with("Saved: "), "{}", desk.notice());
}

#[test]
fn what_is_chosen_in_a_list_box_by_the_keyboard_leaves_the_keyboard_there() {
    for closes in [Key::Space, Key::Enter] {
        let (_folder, mut desk) = with_robin();
        desk.press_with(Modifiers::COMMAND, Key::N);
        types(&mut desk, "10");
        for _ in 0..3 {
            desk.press(Key::Tab);
        }
        assert_eq!(here(&desk), "Route");
        desk.press(Key::Space);
        desk.press(Key::ArrowDown);
        desk.press(Key::ArrowDown);
        desk.press(closes);
        assert_ne!(holds(&desk, "Route"), "not stated", "{closes:?}");
        assert_eq!(here(&desk), "Route", "{closes:?}");
        types(&mut desk, "4");
        assert_eq!(holds(&desk, "Amount"), "10", "{closes:?}: nothing is written over");
        desk.press(Key::Tab);
        assert_eq!(here(&desk), "Given at", "{closes:?}: and the next field is the next one");
    }
}

#[test]
fn enter_opens_a_list_box_and_submits_only_after_something_was_chosen_there() {
    let (folder, mut desk) = with_robin();
    desk.press_with(Modifiers::COMMAND, Key::N);
    types(&mut desk, "10");
    for _ in 0..3 {
        desk.press(Key::Tab);
    }
    desk.press(Key::Enter);
    assert_eq!(doses_on_disk(&folder), 0, "whoever wanted to choose has not saved");
    desk.press(Key::ArrowDown);
    desk.press(Key::ArrowDown);
    desk.press(Key::Enter);
    assert!(doses_on_disk(&folder) == 0 && holds(&desk, "Route") != "not stated");
    desk.press(Key::Enter);
    assert_eq!(doses_on_disk(&folder), 1);
}

#[test]
fn what_is_chosen_in_a_list_box_by_the_mouse_gives_the_keyboard_back_with_nothing_selected() {
    let (_folder, mut desk) = with_robin();
    desk.press_with(Modifiers::COMMAND, Key::N);
    types(&mut desk, "10");
    desk.fill("Note", "with breakfast");
    desk.choose("Route", "oral");
    assert_eq!(here(&desk), "Note");
    types(&mut desk, ", late");
    assert_eq!((holds(&desk, "Note").as_str(), holds(&desk, "Amount").as_str()), ("with breakfast, late", "10"));
    // A list box that is closed without a choice does the same.
    desk.get_by_role_and_label(Role::ComboBox, "Route").click();
    desk.run();
    desk.get_by_role_and_label(Role::ComboBox, "Route").click();
    desk.run();
    assert_eq!(here(&desk), "Note");
}

#[test]
fn a_refusal_brings_the_keyboard_to_the_field_that_it_names_and_selects_nothing() {
    for (kind, filled, field, typed) in [
        (FormKind::Dose, vec![("Amount", "1,5"), ("Note", "late")], "Amount", "1,5"),
        (FormKind::Dose, vec![("Given at", "tomorrow 25:00"), ("Amount", "10")], "Given at", "tomorrow 25:00"),
        (FormKind::Dose, vec![("Note", "late")], "Amount", ""),
        (FormKind::Register, vec![("MRN", "40 018"), ("Weight in kg", "x"), ("Given name", "B")], "Weight in kg", "x"),
        (FormKind::Register, vec![("MRN", "40 017"), ("Family name", "A"), ("Given name", "B")], "MRN", "40 017"),
        (FormKind::Grade, vec![("Time", "-1h")], "Scale", ""),
        (FormKind::Event, vec![("What", "something")], "Event", ""),
        (FormKind::Measure, vec![("Weight in kg", "5x"), ("Height in cm", "160")], "Weight in kg", "5x"),
        (FormKind::Infusion, vec![("Infusion time", "2026-11-13 10:40")], "CAR T-cell product", ""),
        (FormKind::Import, vec![("Profile", "generic")], "File", ""),
    ] {
        let (_folder, mut desk) = with_robin();
        open(&mut desk, kind.clone());
        for (label, text) in &filled {
            desk.fill(label, text);
        }
        desk.press(Key::Enter);
        let error = desk.state().app.form.as_ref().and_then(|form| form.error.clone());
        assert!(error.is_some(), "{kind:?} {filled:?}");
        assert_eq!(here(&desk), field, "{kind:?}: {error:?}");
        if !matches!(field, "Scale" | "Event") {
            types(&mut desk, "0");
            assert_eq!(holds(&desk, field), format!("{typed}0"), "{kind:?}: typed behind what is there");
        }
    }
}

#[test]
fn a_refused_change_brings_the_keyboard_to_the_reason_that_is_missing() {
    for by_button in [false, true] {
        let (_folder, mut desk) = with_a_running_dose();
        desk.press_with(Modifiers::COMMAND, Key::E);
        // The amount that the form wrote is selected when it opens.
        types(&mut desk, "90");
        assert_eq!(holds(&desk, "Amount"), "90");
        if by_button {
            desk.click("Save the correction");
        } else {
            desk.press(Key::Enter);
        }
        assert!(desk.sees("a reason is needed"));
        assert_eq!(here(&desk), "Reason");
        types(&mut desk, "pump");
        assert_eq!((holds(&desk, "Amount").as_str(), holds(&desk, "Reason").as_str()), ("90", "pump"));
    }
}

#[test]
fn a_dose_that_only_raises_a_question_keeps_the_keyboard_where_it_was() {
    let (_folder, mut desk) = with_robin();
    desk.press_with(Modifiers::COMMAND, Key::N);
    types(&mut desk, "3.3");
    desk.fill("Note", "by hand");
    desk.press(Key::Enter);
    assert!(desk.sees("Save again to record it all the same"));
    assert_eq!(here(&desk), "Note");
    types(&mut desk, ", twice looked at");
    assert_eq!(holds(&desk, "Note"), "by hand, twice looked at");
    assert_eq!(holds(&desk, "Amount"), "3.3");
}
