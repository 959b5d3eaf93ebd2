//! What keeps a dose from the wrong patient, and a name from those who look over the shoulder.

use super::desk::{Desk, Hands, SMALL, demo, over, with_robin};
use super::locking::{all_words, lock_now, unlock_first};
use super::tasks::{doses_on_disk, on_disk};
use corticurve::app::{Action, Theme};
use corticurve::record::PatientId;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use tempfile::TempDir;

pub const QUESTION: &str = "Is it the right patient?";
pub const BIRTHDAY: &str = "Day and month of birth";

pub fn register(desk: &mut Desk, mrn: &str, family: &str, given: &str, born: &str) {
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::I);
    desk.fill("MRN", mrn);
    desk.fill("Family name", family);
    desk.fill("Given name", given);
    desk.fill("Date of birth", born);
    desk.press(Key::Enter);
    assert_eq!(desk.state().app.form.as_ref().and_then(|form| form.error.clone()), None);
}

/// A ward with EXAMPLE, Robin and one more, opened again: nobody is known to be the right one.
pub fn with_two(family: &str, given: &str) -> (TempDir, Desk) {
    let (folder, mut desk) = with_robin();
    register(&mut desk, "40 018", family, given, "");
    drop(desk);
    let desk = over(&folder);
    (folder, desk)
}

pub fn id_of(desk: &Desk, name: &str) -> PatientId {
    desk.state().app.rows.iter().find(|row| row.name == name).unwrap().id.clone()
}

pub fn open(desk: &mut Desk, name: &str) {
    let id = id_of(desk, name);
    desk.state_mut().app.update(Action::Select(id));
    desk.run();
}

pub fn save(desk: &mut Desk, line: &str) {
    desk.quick(line);
    desk.press(Key::Enter);
}

#[test]
fn an_ordinary_dose_for_an_ordinary_patient_asks_for_nothing() {
    let (folder, desk) = with_robin();
    drop(desk);
    let mut desk = over(&folder);
    let line = "dex 10 iv icans";
    save(&mut desk, line);
    assert_eq!(doses_on_disk(&folder), 1);
    assert!(line.chars().count() + 2 <= 20, "with the key to the line, and Enter");
}

#[test]
fn after_a_lock_the_date_of_birth_is_typed_before_the_first_save_and_not_again() {
    let (folder, mut desk) = with_robin();
    lock_now(&mut desk);
    unlock_first(&mut desk, "4071");
    save(&mut desk, "dex 10 iv 14:00");
    assert!(desk.sees(QUESTION) && desk.sees("stood open while the window was locked"));
    assert!(!all_words(&desk).contains("04-Mar-2009"), "what is asked for is not on the screen");
    assert!(desk.sees("EXAMPLE, Robin") && desk.sees("MRN 40 017"));
    for (typed, says) in [
        ("05-03", "That is not the date of birth"),
        ("03-04", "That is not the date of birth"),
        ("robin", "is not a day and a month"),
        ("", "Nothing is typed yet"),
    ] {
        desk.fill(BIRTHDAY, typed);
        desk.press(Key::Enter);
        assert!(desk.sees(says), "{typed}");
        assert_eq!(doses_on_disk(&folder), 0, "{typed}");
    }
    desk.press(Key::Escape);
    assert!(!desk.sees(QUESTION));
    assert_eq!(desk.state().app.quick.line, "dex 10 iv 14:00", "going back loses nothing");
    desk.press_with(Modifiers::COMMAND, Key::L);
    desk.press(Key::Enter);
    desk.fill(BIRTHDAY, "4 Mar");
    desk.press(Key::Enter);
    assert_eq!(doses_on_disk(&folder), 1);
    save(&mut desk, "ana 100 sc 14:00");
    assert_eq!(doses_on_disk(&folder), 2, "once for each opening");
}

#[test]
fn a_form_is_asked_about_too_and_goes_on_as_it_was_filled_in() {
    let (folder, mut desk) = with_robin();
    lock_now(&mut desk);
    unlock_first(&mut desk, "4071");
    desk.press_with(Modifiers::COMMAND, Key::M);
    desk.fill("Weight in kg", "51.8");
    desk.press(Key::Enter);
    assert!(desk.sees(QUESTION));
    assert_eq!(on_disk(&folder).patients()[0].chart.measurements.len(), 1);
    desk.fill(BIRTHDAY, "0403");
    desk.press(Key::Enter);
    assert!(desk.state().app.form.is_none() && !desk.sees(QUESTION));
    assert_eq!(on_disk(&folder).patients()[0].chart.measurements.len(), 2);
}

#[test]
fn similar_names_are_marked_on_both_and_asked_about() {
    for (family, given, similar) in [
        ("Example", "Jo", true),
        ("EXAMPEL", "Jo", true),
        ("Exampl", "Jo", true),
        ("Robin", "Example", true),
        ("Sample", "Avery", false),
        ("Robin", "Sam", false),
    ] {
        let (folder, mut desk) = with_two(family, given);
        let case = format!("{family}, {given}");
        let marked = desk.state().app.rows.iter().filter(|row| row.similar).count();
        assert_eq!(marked, if similar { 2 } else { 0 }, "{case}");
        assert_eq!(desk.sees("similar name"), similar, "{case}: for a screen reader");
        open(&mut desk, "EXAMPLE, Robin");
        save(&mut desk, "dex 10 iv 14:00");
        assert_eq!(desk.sees(QUESTION), similar, "{case}");
        assert_eq!(desk.sees("Another patient of this ward has a similar name: "), similar, "{case}");
        assert_eq!(doses_on_disk(&folder), usize::from(!similar), "{case}");
    }
}

#[test]
fn a_patient_without_a_date_of_birth_is_told_by_the_end_of_the_mrn() {
    let (folder, mut desk) = with_two("Exampel", "Jo");
    open(&mut desk, "EXAMPEL, Jo");
    save(&mut desk, "dex 10 iv 14:00");
    assert!(desk.sees(QUESTION) && !all_words(&desk).contains("MRN 40 018"));
    for (typed, doses) in [("0017", 0), ("40018", 1)] {
        desk.fill("Last 4 characters of the MRN", typed);
        desk.press(Key::Enter);
        assert_eq!(doses_on_disk(&folder), doses, "{typed}");
    }
    assert!(desk.sees("MRN 40 018"), "shown again");
}

#[test]
fn saving_in_spite_of_a_question_asks_who_it_is_unless_they_were_registered_just_now() {
    let (folder, mut desk) = with_robin();
    save(&mut desk, "dex 4 base iv 14:02");
    desk.press(Key::Enter);
    assert_eq!(doses_on_disk(&folder), 1, "the date of birth was typed a moment ago");
    drop(desk);
    let mut desk = over(&folder);
    save(&mut desk, "dex 4 base iv 12:02");
    assert!(desk.sees("Press Enter again") && !desk.sees(QUESTION));
    desk.press(Key::Enter);
    assert!(desk.sees(QUESTION) && desk.sees("although something was asked about it"));
    assert_eq!(doses_on_disk(&folder), 1);
    desk.fill(BIRTHDAY, "04-03");
    desk.press(Key::Enter);
    assert_eq!(doses_on_disk(&folder), 2);
    assert_eq!(on_disk(&folder).patients().len(), 1);
}

#[test]
fn another_patient_is_opened_only_after_it_is_said_what_becomes_of_the_line() {
    let (folder, mut desk) = with_two("Sample", "Avery");
    open(&mut desk, "EXAMPLE, Robin");
    desk.quick("dex 10 iv 14:00");
    desk.press_with(Modifiers::COMMAND, Key::PageDown);
    assert!(desk.sees("A dose is typed and not saved") && desk.sees("Keep it and open SAMPLE, Avery"));
    desk.press(Key::Escape);
    let app = &desk.state().app;
    assert_eq!(
        (app.patient().unwrap().shown_name().as_str(), app.quick.line.as_str()),
        ("EXAMPLE, Robin", "dex 10 iv 14:00")
    );
    desk.press_with(Modifiers::COMMAND, Key::PageDown);
    desk.press(Key::Enter);
    let app = &desk.state().app;
    assert_eq!((app.patient().unwrap().shown_name().as_str(), app.quick.line.as_str()), ("SAMPLE, Avery", ""));
    desk.press_with(Modifiers::COMMAND, Key::L);
    desk.press(Key::Enter);
    assert_eq!(doses_on_disk(&folder), 0, "the line did not move to the other patient");
    open(&mut desk, "EXAMPLE, Robin");
    assert_eq!(desk.state().app.quick.line, "dex 10 iv 14:00");
    assert!(desk.sees("kept from today 14:32"));
}

#[test]
fn every_dialog_about_a_patient_says_who_it_is() {
    let (_folder, mut desk) = with_robin();
    save(&mut desk, "hydro 10mg/h iv -4h over 12h crs");
    desk.press_with(Modifiers::COMMAND, Key::ArrowDown);
    let ctrl_shift = Modifiers { shift: true, ..Modifiers::COMMAND };
    let count = |desk: &Desk| desk.query_all_by_label("EXAMPLE, Robin").count();
    let plain = count(&desk);
    for (modifiers, key) in [
        (Modifiers::COMMAND, Key::N),
        (Modifiers::COMMAND, Key::E),
        (ctrl_shift, Key::E),
        (ctrl_shift, Key::R),
        (Modifiers::COMMAND, Key::M),
        (Modifiers::COMMAND, Key::I),
        (Modifiers::COMMAND, Key::G),
        (Modifiers::COMMAND, Key::T),
        (ctrl_shift, Key::N),
        (ctrl_shift, Key::W),
        (ctrl_shift, Key::P),
        (Modifiers::NONE, Key::F3),
        (Modifiers::NONE, Key::F2),
        (Modifiers::COMMAND, Key::B),
    ] {
        desk.press_with(modifiers, key);
        assert!(desk.state().app.is_covered(), "{modifiers:?} {key:?}");
        assert_eq!(count(&desk), plain + 1, "{modifiers:?} {key:?}");
        assert!(desk.sees("born 04-Mar-2009 (17 y)   ·   MRN 40 017   ·   Day +9"), "{modifiers:?} {key:?}");
        desk.press(Key::Escape);
        assert!(!desk.state().app.is_covered(), "{modifiers:?} {key:?}");
    }
}

#[test]
fn hidden_names_are_nowhere_on_the_screen_and_two_patients_are_still_told_apart() {
    let mut desk = demo(Theme::Light, SMALL);
    desk.press_with(Modifiers::COMMAND, Key::H);
    let names: Vec<(String, String)> =
        desk.state().app.rows.iter().map(|row| (row.name.clone(), row.mrn.clone())).collect();
    let marks: std::collections::BTreeSet<String> =
        desk.state().app.rows.iter().map(|row| row.shown(true).to_owned()).collect();
    assert_eq!((names.len(), marks.len()), (8, 8));
    let ctrl_shift = Modifiers { shift: true, ..Modifiers::COMMAND };
    desk.quick("dex 4 iv 14:00");
    for (modifiers, key) in [
        (Modifiers::NONE, Key::F35),
        (Modifiers::COMMAND, Key::N),
        (ctrl_shift, Key::P),
        (Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::I),
        (Modifiers::COMMAND, Key::O),
        (Modifiers::NONE, Key::F2),
        (Modifiers::COMMAND, Key::B),
        (Modifiers::COMMAND, Key::K),
        (Modifiers::NONE, Key::F11),
    ] {
        desk.press_with(modifiers, key);
        if key == Key::K {
            desk.event(egui::Event::Text("open".to_owned()));
            desk.run();
        }
        let words = all_words(&desk);
        for (name, mrn) in &names {
            assert!(!words.contains(name.as_str()) && !words.contains(mrn.as_str()), "{key:?}: {name}");
        }
        assert!(!words.contains("born "), "{key:?}");
        desk.press(Key::Escape);
    }
    desk.press_with(Modifiers::COMMAND, Key::H);
    for (name, _) in &names {
        assert!(desk.sees(name), "shown again: {name}");
    }
    assert!(desk.sees("MRN ") && desk.sees("born "));
}

#[test]
fn a_message_that_names_a_patient_is_hidden_with_the_names_and_the_ward_is_still_searched_by_name() {
    let mut desk = demo(Theme::Light, SMALL);
    desk.state_mut().app.notice = Some(corticurve::app::Notice {
        text: "EXAMPLE, Robin: dexAMETHasone 10 mg, MRN 40 017".to_owned(),
        is_error: true,
        is_kept_here: false,
    });
    desk.press_with(Modifiers::COMMAND, Key::H);
    let said = desk.notice();
    assert!(said.contains("dexAMETHasone 10 mg") && said.starts_with("E. R. · "), "{said}");
    assert!(!said.contains("EXAMPLE") && !said.contains("40 017"), "{said}");
    desk.fill("Search the ward by name or MRN", "avery");
    desk.press(Key::Enter);
    assert!(desk.state().app.patient().unwrap().shown_name().starts_with("SAMPLE"));
    desk.press_with(Modifiers::COMMAND, Key::H);
    desk.fill("Search the ward by name or MRN", "placeholder");
    desk.press_with(Modifiers::COMMAND, Key::H);
    assert!(!all_words(&desk).contains("placeholder"), "what was searched for is a name");
    assert_eq!(desk.state().app.found_rows().count(), 8);
}

#[test]
fn notes_and_reasons_are_hidden_with_the_names_on_the_screen_and_in_what_is_copied() {
    let (_folder, mut desk) = with_robin();
    desk.quick("dex 10 iv 2026-11-16 08:00; asked for by Avery Sample");
    desk.press(Key::Enter);
    desk.quick("hold dex 2026-11-17 08:00 refused; Avery Sample says no");
    desk.press(Key::Enter);
    desk.quick("dex 4 iv 2026-11-18 08:00");
    desk.press(Key::Enter);
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::E);
    desk.fill("Reason", "was for Avery Sample");
    desk.press(Key::Enter);
    desk.press_with(Modifiers::COMMAND, Key::T);
    desk.choose("Event", "note");
    desk.fill("What", "Avery Sample visited");
    desk.fill("Time", "2026-11-16 12:00");
    desk.press(Key::Enter);
    assert_eq!(desk.state().app.form.as_ref().and_then(|form| form.error.clone()), None);
    desk.press(Key::F7);
    assert!(all_words(&desk).contains("Avery"), "the log shows them");
    desk.press_with(Modifiers::COMMAND, Key::H);
    assert!(desk.sees("note hidden") && desk.sees("reason hidden"), "the log says that there is something");
    let everywhere = |desk: &mut Desk| {
        let mut said = all_words(desk);
        for (modifiers, key) in [
            (Modifiers::NONE, Key::F2),
            (Modifiers::SHIFT, Key::F7),
            (Modifiers::COMMAND, Key::B),
            (Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::V),
            (Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::C),
            (Modifiers::NONE, Key::F11),
        ] {
            desk.press_with(modifiers, key);
            said += &all_words(desk);
            if key == Key::F7 {
                // The days hold the events; then both tables as text.
                for button in ["Days", "Copy the table"] {
                    desk.get_by_label(button).click();
                    desk.step();
                    let commands = desk.output().platform_output.commands.clone();
                    said += &format!("{commands:?}");
                    desk.run();
                    said += &all_words(desk);
                }
            }
            desk.press_with(Modifiers::NONE, if key == Key::F11 { Key::F11 } else { Key::Escape });
        }
        said
    };
    let said = everywhere(&mut desk);
    assert!(!said.contains("Avery"), "{said}");
    assert!(said.contains("CopyText"), "the table was copied");
    // The form of a dose with a note would show it.
    desk.state_mut().app.update(corticurve::app::Action::ChooseBy(10));
    desk.run();
    desk.press_with(Modifiers::COMMAND, Key::E);
    assert!(desk.state().app.form.is_none() && desk.notice().contains("note"), "{}", desk.notice());
    desk.press_with(Modifiers::COMMAND, Key::H);
    let said = everywhere(&mut desk);
    assert!(said.contains("Avery"), "shown again");
}

#[test]
fn the_title_of_the_window_names_nobody() {
    let mut desk = demo(Theme::Light, SMALL);
    desk.press_with(Modifiers::COMMAND, Key::PageDown);
    desk.press(Key::F11);
    desk.press_with(Modifiers::COMMAND, Key::PageDown);
    let commands = desk.output().viewport_output.values().flat_map(|view| &view.commands);
    assert!(!commands.into_iter().any(|command| matches!(command, egui::ViewportCommand::Title(_))));
    // No code of the window sets another title than the one it starts with.
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut titles = Vec::new();
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for item in std::fs::read_dir(folder).unwrap() {
            let path = item.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = std::fs::read_to_string(&path).unwrap();
                let sets = |line: &&str| line.contains("with_title(") || line.contains("ViewportCommand::Title");
                titles.extend(text.lines().filter(sets).map(|line| line.trim().to_owned()));
            }
        }
    }
    assert_eq!(titles, [".with_title(\"Corticurve\")"]);
}
