//! Importing and registering beside a gap: the row that is lost looks like a new one, and whose folder is gone like somebody
//! who was never registered. It is done, and it is told.

use super::desk::{Desk, Hands, over, with_robin};
use super::lost::{file_of_the_dose, look, patient_folder};
use egui::{Key, Modifiers};
use std::fs;
use tempfile::TempDir;

const ROWS: &str = "mrn,given_at,drug,amount,unit,route,source_id\n\
                    40 017,2026-11-20 08:00,dexamethasone,10,mg,intravenous,a1\n\
                    40 017,2026-11-21 08:00,dexamethasone,10,mg,intravenous,a2\n";
const TWICE: &str =
    "entries may be missing here that the files hold as well: what is imported now counts twice once they are back.";
const ONE_OF_THEM: &str = "entries of other patients are missing, and this patient may be one of them.";

/// Imports the rows; the notice and the report.
fn import(desk: &mut Desk, folder: &TempDir) -> (String, String) {
    let file = folder.path().join("mar.csv");
    fs::write(&file, ROWS).unwrap();
    desk.press_with(Modifiers::COMMAND, Key::O);
    desk.fill("File", file.to_str().unwrap());
    desk.press(Key::Enter);
    let app = &desk.state().app;
    assert_eq!(app.form.as_ref().and_then(|form| form.error.clone()), None);
    let said = (desk.notice(), app.report.clone());
    desk.press(Key::Escape);
    said
}

fn register_robin(desk: &mut Desk) {
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::I);
    desk.fill("MRN", "40 017");
    desk.fill("Family name", "Example");
    desk.fill("Given name", "Robin");
    desk.press(Key::Enter);
    assert!(desk.state().app.form.is_none());
}

fn is_error(desk: &Desk) -> bool {
    desk.state().app.notice.as_ref().is_some_and(|notice| notice.is_error)
}

/// The window over Robin with both rows imported, after something was done to the files while it was closed.
fn with_rows(then: impl FnOnce(&TempDir)) -> (TempDir, Desk) {
    let (folder, mut desk) = with_robin();
    let (notice, report) = import(&mut desk, &folder);
    assert_eq!((notice.as_str(), is_error(&desk)), ("Saved: what was imported.", false));
    assert!(!report.contains("Please check"), "{report}");
    drop(desk);
    then(&folder);
    let desk = over(&folder);
    (folder, desk)
}

fn damage_a_line(folder: &TempDir) {
    let file = file_of_the_dose(folder);
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replacen("generic:a1", "generic:zz", 1)).unwrap();
}

fn move_away(folder: &TempDir) {
    fs::rename(patient_folder(folder), folder.path().join("away")).unwrap();
}

#[test]
fn an_import_beside_a_damaged_line_says_in_notice_and_report_that_its_row_may_count_twice() {
    let (folder, mut desk) = with_rows(damage_a_line);
    let (notice, report) = import(&mut desk, &folder);
    let says = format!("Please check EXAMPLE, Robin: {TWICE}");
    assert_eq!((notice, is_error(&desk)), (format!("Saved: what was imported. {says}"), true));
    assert!(report.contains("imported: 1 row\n") && report.ends_with(&format!("\n{says}\n")), "{report}");
    // Now that nothing in the file is new, nothing more counts twice.
    let (notice, report) = import(&mut desk, &folder);
    assert_eq!((notice.as_str(), is_error(&desk)), ("The import is done; nothing in it is new.", false));
    assert!(!report.contains("Please check"), "{report}");
}

#[test]
fn an_import_that_registers_who_may_be_there_already_names_the_patients_whose_files_are_gone() {
    let (folder, mut desk) = with_rows(move_away);
    let away = desk.state().app.rows[0].name.clone();
    assert!(away.starts_with("unreadable patient p-"), "{away}");
    let (notice, report) = import(&mut desk, &folder);
    let says = format!("Please check {away}: {TWICE}");
    assert!(notice.contains(&says) && is_error(&desk), "{notice}");
    assert!(report.contains("newly registered patients: 40 017\n") && report.contains(&says), "{report}");
}

#[test]
fn whoever_registers_is_told_of_the_patients_whose_numbers_cannot_be_read() {
    let (folder, mut desk) = with_rows(move_away);
    let away = desk.state().app.rows[0].name.clone();
    register_robin(&mut desk);
    let says = format!("Saved: patient registered. Please check {away}: {ONE_OF_THEM}");
    assert_eq!((desk.notice(), is_error(&desk)), (says, true));
    // There are two charts now, and it was said that there might be.
    let new = desk.state().app.patient().unwrap().id.clone();
    fs::rename(
        folder.path().join("away"),
        folder.path().join("data/patients").join(away.split(' ').next_back().unwrap()),
    )
    .unwrap();
    look(&mut desk);
    assert_eq!(desk.state().app.rows.iter().filter(|row| row.second_chart.is_some()).count(), 2, "{new}");
}

#[test]
fn beside_charts_that_lack_nothing_nobody_is_told_of_a_gap() {
    let (_folder, mut desk) = with_rows(|folder| {
        let file = file_of_the_dose(folder);
        fs::rename(&file, file.with_file_name("zzzzzzzz-0001.ron")).unwrap();
        fs::remove_dir_all(folder.path().join("cache")).unwrap();
    });
    assert!(desk.sees("this file was renamed by hand; its entries are used"));
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::I);
    desk.fill("MRN", "40 018");
    desk.fill("Family name", "Example");
    desk.fill("Given name", "Kit");
    desk.press(Key::Enter);
    assert_eq!((desk.notice().as_str(), is_error(&desk)), ("Saved: patient registered.", false));
}
