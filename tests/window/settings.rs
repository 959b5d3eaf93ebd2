//! The unit's settings in the window: what is in force, what cannot be used, and changing them with before and after.

use super::desk::{Desk, Hands, SMALL, demo, over, over_share, with_robin};
use super::lost::look;
use crate::store::share::{Mood, Share};
use corticurve::app::unit::MovedFigure;
use corticurve::app::{Settings, Theme};
use corticurve::store::UnitRecord;
use egui::{Key, Modifiers};
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

fn unit_file(folder: &TempDir) -> PathBuf {
    folder.path().join("data/unit.ron")
}

fn block(fields: &str) -> String {
    format!("(changed_at: \"2026-11-20T09:00:00+01:00\", changed_by: \"AB\", reason: \"protocol 12\", {fields}),\n")
}

/// Robin with a gram of methylprednisolone, which the tables convert to 166.67, 187.5 or 200 mg.
fn with_methylprednisolone() -> (TempDir, Desk) {
    let (folder, mut desk) = with_robin();
    desk.quick("methylpred 1000 iv 08:00 icans");
    desk.press(Key::Enter);
    assert_eq!(desk.figure("Cumulative"), "187.5 mg");
    (folder, desk)
}

fn error_of_form(desk: &Desk) -> String {
    desk.state().app.form.as_ref().and_then(|form| form.error.clone()).unwrap_or_default()
}

#[test]
fn a_change_by_the_keyboard_shows_before_and_after_and_is_recorded_with_author_time_and_reason() {
    let (folder, mut desk) = with_methylprednisolone();
    desk.press_with(Modifiers::COMMAND, Key::Comma);
    assert!(desk.sees("The unit's settings"));
    // The keyboard is in the first text field; the list of tables is above it.
    desk.press_with(Modifiers::SHIFT, Key::Tab);
    desk.press(Key::Space);
    for _ in 0..5 {
        desk.press(Key::Tab);
    }
    desk.press(Key::Space);
    desk.press(Key::Enter);
    assert!(desk.sees("Before and after, for every patient"), "{}", error_of_form(&desk));
    assert!(desk.sees("fda-label version 1 → potency-25 version 1 (not confirmed)"));
    assert!(desk.sees("EXAMPLE, Robin"));
    assert!(desk.sees("187.5 mg, 3.59 mg/kg → 200 mg, 3.82 mg/kg"));
    assert!(!folder.path().join("data/unit").exists(), "nothing is saved before it is confirmed");
    desk.press(Key::Enter);
    assert!(desk.sees("a reason is needed"));
    desk.event(egui::Event::Text("protocol 12".to_owned()));
    desk.run();
    desk.press(Key::Enter);
    assert_eq!(error_of_form(&desk), "");
    assert!(desk.notice().starts_with("Saved: the unit's settings, changed by NK. Conversion table: fda-label"));
    assert_eq!(desk.figure("Cumulative"), "200 mg");
    assert!(desk.sees("table potency-25 v1 (not confirmed)"));
    assert!(!unit_file(&folder).exists(), "that file is for people");
    let history = UnitRecord::read(&folder.path().join("data")).unwrap().history;
    let last = history.last().unwrap();
    assert_eq!((last.by.as_str(), last.reason.as_str(), last.at), ("NK", "protocol 12", super::desk::now()));
    assert_eq!(last.settings.table, "potency-25");
}

#[test]
fn escape_at_either_step_changes_nothing() {
    let (folder, mut desk) = with_methylprednisolone();
    desk.press_with(Modifiers::COMMAND, Key::Comma);
    desk.press(Key::Enter);
    assert_eq!(error_of_form(&desk), "nothing is changed yet; change a field, or press Escape");
    desk.choose("Conversion table", "katzung version 1");
    desk.press(Key::Escape);
    assert!(desk.state().app.form.is_none());
    desk.press_with(Modifiers::COMMAND, Key::Comma);
    desk.choose("Conversion table", "potency-30 version 1 (not confirmed)");
    desk.press(Key::Enter);
    assert!(desk.sees("Before and after, for every patient"));
    desk.fill("Reason", "protocol 12");
    desk.press(Key::Escape);
    desk.press(Key::Escape);
    assert!(desk.state().app.form.is_none());
    let made = folder.path().join("data/unit").exists();
    assert_eq!((desk.figure("Cumulative").as_str(), made), ("187.5 mg", false));
}

#[test]
fn what_cannot_be_chosen_is_said_in_the_form() {
    let (_folder, mut desk) = with_robin();
    desk.press_with(Modifiers::COMMAND, Key::Comma);
    for (field, value, says) in [
        (
            "Purposes out of the total",
            "pain",
            "Purposes out of the total: 'pain' is not taken for a purpose; write CRS",
        ),
        ("Purposes out of the total", "ICANS, icans", "'ICANS' is there twice"),
        ("Longest gap in a course, hours", "two", "Longest gap in a course, hours: 'two' is not whole hours; write 48"),
        ("Longest gap in a course, hours", "0", "'0' is not taken for the longest gap in a course; write whole hours"),
    ] {
        desk.fill(field, value);
        desk.press(Key::Enter);
        let error = error_of_form(&desk);
        assert!(error.contains(says), "{error}");
        desk.fill(field, if field.starts_with('P') { "" } else { "48" });
    }
    desk.fill("Purposes out of the total", "not stated, replacement");
    desk.fill("Longest gap in a course, hours", "72");
    desk.choose("Weight for mg/kg", "each dose");
    desk.choose("Body surface by", "Gehan–George");
    desk.press(Key::Enter);
    for change in [
        "Purposes out of the total: none → replacement, purpose not stated",
        "Longest gap in a course: 48 h → 72 h",
        "Weight for mg/kg: Day 0 → each dose",
        "Body surface by: Mosteller → Gehan–George",
    ] {
        assert!(desk.sees(change), "{change}");
    }
}

#[test]
fn every_patient_is_compared_those_with_shifted_dates_too() {
    let (folder, mut desk) = with_methylprednisolone();
    let file = folder.path().join("mar.csv");
    // A record of another century: its as-of time is its own end.
    let profile = folder.path().join("shifted.ron");
    let own = include_str!("../../assets/profiles/generic.ron");
    let shifted = own.replace("blank_action: Given,", "blank_action: Given, dates_shifted: true,");
    fs::write(&profile, shifted).unwrap();
    fs::write(
        &file,
        "mrn,given_at,drug,amount,unit,family,given,route\n40 018,2150-03-01 08:00,methylprednisolone,100,mg,Example,Kit,intravenous\n\
         40 019,2150-03-01 08:00,dexamethasone,10,mg,Example,Lou,intravenous\n",
    )
    .unwrap();
    desk.press_with(Modifiers::COMMAND, Key::O);
    desk.fill("File", file.to_str().unwrap());
    desk.fill("Profile", profile.to_str().unwrap());
    desk.press(Key::Enter);
    assert_eq!(error_of_form(&desk), "");
    desk.press(Key::Escape);
    desk.press_with(Modifiers::COMMAND, Key::Comma);
    desk.choose("Conversion table", "potency-25 version 1 (not confirmed)");
    desk.press(Key::Enter);
    assert!(desk.sees("EXAMPLE, Kit"));
    // The list scrolls; what it holds is in the form.
    let form = desk.state().app.form.as_ref().unwrap();
    let moved = &form.comparison.as_ref().unwrap().moved;
    let told = |name: &str| {
        let patient = moved.iter().find(|moved| moved.name == name).unwrap();
        patient.figures.iter().map(MovedFigure::shown).collect::<Vec<_>>()
    };
    assert!(told("EXAMPLE, Kit").contains(&"18.75 mg → 20 mg".to_owned()));
    assert!(told("EXAMPLE, Robin").contains(&"187.5 mg, 3.59 mg/kg → 200 mg, 3.82 mg/kg".to_owned()));
    assert!(desk.sees("nothing moves for 1 patient"), "dexamethasone is dexamethasone under every table");
}

#[test]
fn settings_that_cannot_be_used_are_a_strip_with_file_and_line_and_the_program_s_own_are_in_force() {
    let (folder, desk) = with_methylprednisolone();
    drop(desk);
    fs::write(unit_file(&folder), format!("[\n{}]", block("\n table: \"potency\""))).unwrap();
    let mut desk = over(&folder);
    assert!(desk.sees("unit.ron:3: column 10: 'potency' is not a conversion table; take one of fda-label"));
    assert!(desk.sees("every figure here is under the program's own settings, with table fda-label version 1"));
    assert_eq!(desk.figure("Cumulative"), "187.5 mg");
    desk.press_with(Modifiers::COMMAND, Key::Comma);
    assert!(desk.notice().contains("put the file right first"), "{}", desk.notice());
    // A dose that was given can always be recorded.
    desk.quick("dex 10 iv 14:00");
    desk.press(Key::Enter);
    assert_eq!(desk.figure("Cumulative"), "197.5 mg");
    fs::write(unit_file(&folder), format!("[\n{}]", block("\n table: \"potency-25\""))).unwrap();
    desk.press_with(Modifiers::COMMAND, Key::R);
    assert!(!desk.sees("program's own settings"));
    assert_eq!(desk.figure("Cumulative"), "210 mg");
}

#[test]
fn settings_that_cannot_be_used_leave_the_others_in_force_and_a_strip_that_names_both() {
    let (folder, desk) = with_methylprednisolone();
    drop(desk);
    let unit = folder.path().join("data/unit");
    fs::create_dir(&unit).unwrap();
    let list = format!("[\n{}]", block("table: \"potency-25\""));
    fs::write(unit.join("k3f9q2ha-0001.ron"), corticurve::store::sealed(&list)).unwrap();
    fs::write(unit.join("zzzzzzzz-0001.ron"), "]").unwrap();
    let stands = "Every figure is under the unit's settings that were changed by AB on 20-Nov-2026 \
        09:00 (protocol 12), with table potency-25 version 1 (not confirmed); later ones may be among those that cannot be read.";
    let mut desk = over(&folder);
    assert!(desk.sees("unit/zzzzzzzz-0001.ron") && desk.sees("make the change again"));
    assert!(desk.sees(stands));
    assert_eq!(desk.figure("Cumulative"), "200 mg");
    fs::remove_file(unit.join("zzzzzzzz-0001.ron")).unwrap();
    fs::write(unit_file(&folder), "[\n(").unwrap();
    desk.press_with(Modifiers::COMMAND, Key::R);
    assert!(desk.sees("unit.ron:2: column 2: the file is empty or ends in the middle of a change"));
    assert!(desk.sees(stands));
    assert_eq!(desk.figure("Cumulative"), "200 mg", "the unit's own settings, not those that shipped");
    // The settings can be changed meanwhile; the broken file is left to people.
    desk.press_with(Modifiers::COMMAND, Key::Comma);
    desk.choose("Conversion table", "potency-30 version 1 (not confirmed)");
    desk.press(Key::Enter);
    desk.fill("Reason", "protocol 13");
    desk.press(Key::Enter);
    assert_eq!(error_of_form(&desk), "");
    assert!(desk.sees("changed by NK on 22-Nov-2026"));
    assert_eq!(desk.figure("Cumulative"), "166.67 mg");
    assert_eq!(fs::read_to_string(unit_file(&folder)).unwrap(), "[\n(");
}

#[test]
fn a_change_that_somebody_else_made_is_told_once_and_a_change_over_it_is_refused() {
    let (folder, mut desk) = with_methylprednisolone();
    desk.press_with(Modifiers::COMMAND, Key::Comma);
    desk.choose("Conversion table", "potency-30 version 1 (not confirmed)");
    desk.press(Key::Enter);
    fs::write(unit_file(&folder), format!("[{}]", block("table: \"potency-25\""))).unwrap();
    desk.fill("Reason", "protocol 13");
    desk.press(Key::Enter);
    let error = error_of_form(&desk);
    assert!(error.contains("nothing was saved") && error.contains("were changed meanwhile by AB"), "{error}");
    assert_eq!(desk.figure("Cumulative"), "200 mg", "what is on the disk is in force");
    drop(desk);
    let told = "The unit's settings were changed by AB on 20-Nov-2026 09:00 (protocol 12). Conversion table: fda-label \
        version 1 → potency-25 version 1 (not confirmed). Figures move for 1 of 1 patient.";
    let desk = over(&folder);
    assert!(desk.notice().starts_with(told), "{}", desk.notice());
    assert_eq!(desk.figure("Cumulative"), "200 mg");
    drop(desk);
    let mut desk = over(&folder);
    assert_eq!(desk.notice(), "", "it is remembered");
    desk.press_with(Modifiers::COMMAND, Key::Comma);
    assert!(desk.sees("In force since they were changed by AB on 20-Nov-2026 09:00 (protocol 12)."));
    drop(desk);
    // Edited in its place, under the old time.
    fs::write(unit_file(&folder), format!("[{}]", block("table: \"bnf\""))).unwrap();
    let notice = over(&folder).notice();
    assert!(notice.contains("potency-25 version 1 (not confirmed) → bnf version 1"), "{notice}");
    assert_eq!(Settings::load(&folder.path().join("config")).unit_seen.len(), 1);
}

#[test]
fn settings_that_were_in_force_and_are_in_no_file_any_more_are_missed_until_others_are_saved() {
    let (folder, mut desk) = with_methylprednisolone();
    desk.press_with(Modifiers::COMMAND, Key::Comma);
    desk.choose("Conversion table", "potency-25 version 1 (not confirmed)");
    desk.press(Key::Enter);
    desk.fill("Reason", "protocol 13");
    desk.press(Key::Enter);
    assert_eq!(desk.figure("Cumulative"), "200 mg");
    drop(desk);
    let unit = folder.path().join("data/unit");
    let file = fs::read_dir(&unit).unwrap().next().unwrap().unwrap().path();
    let whole = fs::read(&file).unwrap();
    for cut in [0, 200] {
        fs::write(&file, &whole[..cut]).unwrap();
        for _ in 0..2 {
            let mut desk = over(&folder);
            assert_eq!(desk.figure("Cumulative"), "187.5 mg");
            assert!(desk.sees("are in no file any more"), "{cut}, also at the next start");
            desk.press_with(Modifiers::COMMAND, Key::Comma);
            assert!(desk.sees("As designed; what was changed is in no file any more."));
        }
    }
    fs::write(&file, &whole).unwrap();
    let desk = over(&folder);
    assert_eq!((desk.figure("Cumulative").as_str(), desk.notice().as_str()), ("200 mg", ""));
    assert!(!desk.sees("are in no file any more"));
    drop(desk);
    fs::remove_file(&file).unwrap();
    let mut desk = over(&folder);
    assert!(desk.sees("are in no file any more"));
    // That the design's settings are right is said by saving them.
    desk.press_with(Modifiers::COMMAND, Key::Comma);
    desk.press(Key::Enter);
    desk.fill("Reason", "as designed after all");
    desk.press(Key::Enter);
    assert!(!desk.sees("are in no file any more"), "{}", desk.notice());
    drop(desk);
    assert!(!over(&folder).sees("are in no file any more"));
}

#[test]
fn while_the_share_is_away_the_settings_that_were_read_stay_in_force_and_none_is_said_to_be_gone() {
    let (folder, mut desk) = with_methylprednisolone();
    fs::write(unit_file(&folder), format!("[{}]", block("table: \"potency-25\""))).unwrap();
    look(&mut desk);
    desk.press_with(Modifiers::COMMAND, Key::Comma);
    desk.choose("Conversion table", "potency-30 version 1 (not confirmed)");
    desk.press(Key::Enter);
    desk.fill("Reason", "protocol 13");
    let (data, away) = (folder.path().join("data"), folder.path().join("away"));
    fs::rename(&data, &away).unwrap();
    for what in ["saving a change", "opening the settings", "a look"] {
        match what {
            "saving a change" => desk.press(Key::Enter),
            "a look" => look(&mut desk),
            _ => {
                desk.press(Key::Escape);
                desk.press(Key::Escape);
                desk.press_with(Modifiers::COMMAND, Key::Comma);
            }
        }
        assert_eq!(desk.figure("Cumulative"), "200 mg", "{what}");
        assert_eq!(desk.state().app.unit_problem(), None, "{what}: nothing was cut or removed");
        let said = error_of_form(&desk) + &desk.notice();
        assert!(said.contains("STORE.ron") && said.contains("check that the folder can be reached"), "{what}: {said}");
    }
    assert!(desk.state().app.form.is_none(), "what is in force cannot be looked up now");
    fs::rename(&away, &data).unwrap();
    desk.press_with(Modifiers::COMMAND, Key::Comma);
    assert!(desk.sees("In force since they were changed by AB on 20-Nov-2026 09:00 (protocol 12)."));
}

#[test]
fn a_share_that_goes_away_while_the_settings_are_read_leaves_them_in_force() {
    let (folder, desk) = with_methylprednisolone();
    drop(desk);
    fs::write(unit_file(&folder), format!("[{}]", block("table: \"potency-25\""))).unwrap();
    let share = Share::new();
    let mut desk = over_share(&folder, &share, None);
    assert_eq!(desk.figure("Cumulative"), "200 mg");
    share.becomes(Mood::GoneAtTheSettings);
    look(&mut desk);
    assert_eq!((desk.figure("Cumulative").as_str(), desk.state().app.unit_problem()), ("200 mg", None));
    share.becomes(Mood::GoneAtTheSettings);
    desk.press_with(Modifiers::COMMAND, Key::Comma);
    assert!(desk.notice().contains("STORE.ron"), "{}", desk.notice());
    assert_eq!((desk.figure("Cumulative").as_str(), desk.state().app.unit_problem()), ("200 mg", None));
}

#[test]
fn another_workstation_s_change_is_in_force_here_within_the_minute() {
    let (folder, mut desk) = with_methylprednisolone();
    fs::write(unit_file(&folder), format!("[{}]", block("table: \"potency-25\""))).unwrap();
    desk.state_mut().app.update(corticurve::app::Action::Tick);
    desk.run();
    assert_eq!(desk.figure("Cumulative"), "200 mg");
    assert!(desk.notice().contains("changed by AB"), "{}", desk.notice());
}

#[test]
fn the_settings_and_what_they_move_look_like_this() {
    let mut desk = demo(Theme::Light, SMALL);
    desk.click("table fda-label v1");
    desk.snapshot("settings");
    desk.choose("Conversion table", "potency-25 version 1 (not confirmed)");
    desk.press(Key::Enter);
    desk.snapshot("settings-review");
    desk.fill("Reason", "protocol 12");
    desk.press(Key::Enter);
    desk.click("SPECIMEN, Kit, D+14, 900 mg");
    desk.snapshot("settings-in-force");
}
