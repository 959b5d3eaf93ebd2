//! A ledger only grows: what was shown stays, whatever happens to the files it was read from, and the loss is said.

use super::desk::{Desk, Hands, now, over, over_share, with_robin};
use super::tasks::{doses_on_disk, on_disk};
use super::watching::{another_records, counting, wait_for};
use crate::store::share::Share;
use corticurve::app::Action;
use corticurve::app::ward::Ward;
use corticurve::record::{Administration, DrugId, Given};
use corticurve::store::Author;
use egui::{Key, Modifiers};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

pub const LOST: &str = "shown before can no longer be read in this folder";

/// EXAMPLE, Robin with 10 mg that were recorded on WARD4-PC02, in a file of its own, and the window over it.
pub fn with_two_files() -> (TempDir, Desk) {
    let (folder, mut desk) = with_robin();
    another_records(&folder, 10, 30);
    look(&mut desk);
    assert_eq!((desk.figure("Cumulative").as_str(), segments(&folder).len()), ("10 mg", 2));
    (folder, desk)
}

pub fn look(desk: &mut Desk) {
    desk.state_mut().app.update(Action::Tick);
    desk.run();
}

pub fn patient_folder(folder: &TempDir) -> PathBuf {
    fs::read_dir(folder.path().join("data/patients")).unwrap().next().unwrap().unwrap().path()
}

pub fn segments(folder: &TempDir) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(patient_folder(folder)).unwrap().map(|item| item.unwrap().path()).collect();
    files.sort();
    files
}

/// The file that holds the dose.
pub fn file_of_the_dose(folder: &TempDir) -> PathBuf {
    let holds = |file: &PathBuf| fs::read_to_string(file).is_ok_and(|text| text.contains("Administered"));
    segments(folder).into_iter().find(holds).unwrap()
}

fn name(file: &Path) -> String {
    file.file_name().unwrap().to_str().unwrap().to_owned()
}

fn check_files(desk: &mut Desk) {
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::K);
}

pub fn lines_at_top(desk: &Desk) -> Vec<String> {
    desk.state().app.patient().unwrap().findings.iter().map(ToString::to_string).collect()
}

#[test]
fn a_dose_whose_file_is_removed_or_emptied_stays_in_the_total_and_the_loss_is_named_until_the_file_is_back() {
    let remove = |file: &Path| fs::remove_file(file).unwrap();
    let empty = |file: &Path| fs::write(file, "").unwrap();
    let garble = |file: &Path| fs::write(file, "no longer a record\n").unwrap();
    let lose: [&dyn Fn(&Path); 3] = [&remove, &empty, &garble];
    for lose in lose {
        let (folder, mut desk) = with_two_files();
        let file = file_of_the_dose(&folder);
        let bytes = fs::read(&file).unwrap();
        lose(&file);
        for reading in ["a look", "reading all again", "a save"] {
            match reading {
                "a look" => look(&mut desk),
                "reading all again" => desk.press_with(Modifiers::COMMAND, Key::R),
                _ => {
                    desk.quick("dex 4 iv 13:00");
                    desk.press(Key::Enter);
                }
            }
            let total = if reading == "a save" { "14 mg" } else { "10 mg" };
            assert_eq!(desk.figure("Cumulative"), total, "{reading}");
            assert!(desk.sees(&format!("1 entry that was {LOST}")), "{reading}: {:?}", lines_at_top(&desk));
            assert!(lines_at_top(&desk).concat().contains(&name(&file)), "{reading}: {:?}", lines_at_top(&desk));
            assert!(desk.sees("ago: entries are missing"), "{reading}: it does not look as if all were well");
        }
        fs::write(&file, bytes).unwrap();
        look(&mut desk);
        assert_eq!((desk.figure("Cumulative").as_str(), lines_at_top(&desk)), ("14 mg", vec![]));
        assert!(!desk.sees("entries are missing"));
        assert_eq!(doses_on_disk(&folder), 2);
    }
}

#[test]
fn an_identity_that_is_lost_stays_in_the_strip() {
    let (folder, mut desk) = with_two_files();
    let registration = segments(&folder).into_iter().find(|file| *file != file_of_the_dose(&folder)).unwrap();
    fs::remove_file(registration).unwrap();
    look(&mut desk);
    assert!(desk.sees("EXAMPLE, Robin") && desk.sees("MRN 40 017"));
    assert!(desk.sees(&format!("3 entries that were {LOST}")), "{:?}", lines_at_top(&desk));
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::I);
    desk.fill("MRN", "40 017");
    desk.fill("Family name", "Example");
    desk.press(Key::Enter);
    let error = desk.state().app.form.as_ref().and_then(|form| form.error.clone()).unwrap_or_default();
    assert!(error.contains("MRN 40 017 is already registered"), "{error}");
}

#[test]
fn a_colleague_s_entries_still_appear_beside_a_loss_and_count_once_when_the_file_is_back() {
    let (folder, mut desk) = with_two_files();
    desk.quick("dex 4 iv 13:00");
    desk.press(Key::Enter);
    let lost =
        segments(&folder).into_iter().find(|file| fs::read_to_string(file).unwrap().contains("\"10 mg\"")).unwrap();
    let away = folder.path().join("away.ron");
    fs::rename(&lost, &away).unwrap();
    look(&mut desk);
    desk.quick("dex 2 iv 12:00");
    desk.press(Key::Enter);
    assert_eq!(desk.figure("Cumulative"), "16 mg");
    fs::rename(&away, &lost).unwrap();
    desk.quick("dex 1 iv 11:00");
    desk.press(Key::Enter);
    assert_eq!(desk.figure("Cumulative"), "17 mg");
    assert_eq!((lines_at_top(&desk), doses_on_disk(&folder)), (vec![], 4));
}

#[test]
fn a_patient_whose_folder_is_gone_stays_listed_and_a_dose_waits_here_until_the_folder_is_back() {
    let (folder, mut desk) = with_two_files();
    let (there, away) = (patient_folder(&folder), folder.path().join("away"));
    fs::rename(&there, &away).unwrap();
    look(&mut desk);
    assert_eq!(desk.figure("Cumulative"), "10 mg");
    assert!(desk.sees(LOST) && desk.sees("entries are missing"), "{:?}", lines_at_top(&desk));
    desk.press_with(Modifiers::COMMAND, Key::R);
    assert!(desk.state().app.rows.len() == 1 && desk.state().app.rows[0].attention);
    desk.quick("dex 4 iv 13:00");
    desk.press(Key::Enter);
    assert_eq!(desk.figure("Cumulative"), "14 mg", "{}", desk.notice());
    assert!(desk.sees("1 entry waits on this workstation"), "{}", desk.notice());
    assert!(!there.exists(), "nothing stands in the way of whoever puts the folder back");
    desk.press_with(Modifiers::COMMAND, Key::R);
    assert!(!there.exists() && desk.sees("1 entry waits on this workstation"));
    fs::rename(&away, &there).unwrap();
    desk.press_with(Modifiers::COMMAND, Key::R);
    assert_eq!((desk.figure("Cumulative").as_str(), lines_at_top(&desk)), ("14 mg", vec![]));
    assert_eq!(doses_on_disk(&folder), 2);
    assert!(!desk.sees("waits on this workstation"));
}

#[test]
fn what_waits_for_a_patient_whose_folder_is_gone_keeps_nobody_else_waiting() {
    let (folder, mut desk) = with_robin();
    let robin = patient_folder(&folder);
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::I);
    desk.fill("MRN", "40 018");
    desk.fill("Family name", "Sample");
    desk.press(Key::Enter);
    let data = folder.path().join("data");
    fs::rename(&data, folder.path().join("away")).unwrap();
    for line in ["dex 10 iv 14:00", "dex 4 iv 13:00"] {
        desk.quick(line);
        desk.press(Key::Enter);
        desk.state_mut().app.update(Action::SelectBy(-1));
    }
    assert!(desk.sees("2 entries wait on this workstation"), "{}", desk.notice());
    fs::rename(folder.path().join("away"), &data).unwrap();
    fs::rename(&robin, folder.path().join("robin")).unwrap();
    desk.press_with(Modifiers::COMMAND, Key::R);
    desk.press_with(Modifiers::COMMAND, Key::R);
    assert!(desk.sees("1 entry waits on this workstation"), "{:?}", desk.state().app.waiting_words());
    assert_eq!(doses_on_disk(&folder), 1, "the other patient's dose is there");
}

#[test]
fn a_ward_whose_folder_of_patients_is_gone_is_out_of_reach_and_a_dose_waits() {
    let (folder, mut desk) = with_two_files();
    let (there, away) = (folder.path().join("data/patients"), folder.path().join("away"));
    fs::rename(&there, &away).unwrap();
    look(&mut desk);
    assert!(desk.sees("folder not reachable since 14:32, showing data as of then"));
    desk.quick("dex 4 iv 13:00");
    desk.press(Key::Enter);
    assert_eq!(desk.figure("Cumulative"), "14 mg", "{}", desk.notice());
    assert!(desk.sees("1 entry waiting here") && !there.exists());
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::I);
    desk.fill("MRN", "40 018");
    desk.fill("Family name", "Sample");
    desk.press(Key::Enter);
    let error = desk.state().app.form.as_ref().and_then(|form| form.error.clone()).unwrap_or_default();
    assert!(error.contains("the folder `patients` is missing"), "{error}");
    desk.press(Key::Escape);
    check_files(&mut desk);
    let files = desk.state().app.files.clone().unwrap();
    assert!(!files.is_well && files.summary.contains("the folder `patients` is missing"), "{}", files.summary);
    desk.press(Key::Escape);
    fs::rename(&away, &there).unwrap();
    desk.press_with(Modifiers::COMMAND, Key::R);
    assert_eq!((desk.figure("Cumulative").as_str(), doses_on_disk(&folder)), ("14 mg", 2));
    assert!(!desk.sees("not reachable"));
}

#[test]
fn a_ward_that_is_away_is_to_be_connected_and_not_restored() {
    let (folder, mut desk) = with_two_files();
    let (data, away) = (folder.path().join("data"), folder.path().join("away"));
    fs::rename(&data, &away).unwrap();
    for place in ["nothing", "an empty folder"] {
        if place == "an empty folder" {
            fs::create_dir(&data).unwrap();
        }
        look(&mut desk);
        let says = format!("cannot be reached at {}: connect the share", data.display());
        assert!(desk.sees(&says), "{place}: {:?}", desk.state().app.freshness());
        check_files(&mut desk);
        let files = desk.state().app.files.clone().unwrap();
        let says = format!("{} cannot be reached; connect the share", data.display());
        assert!(!files.is_well && files.summary.starts_with(&says), "{place}: {}", files.summary);
        assert!(!files.text().contains("restore"), "{place}: {}", files.text());
        desk.press(Key::Escape);
    }
}

/// The file of one patient that the disk or the share does not let be read, although it is there.
#[test]
fn a_file_that_cannot_be_read_keeps_its_entries_in_the_chart_and_is_not_called_fresh() {
    let (folder, desk) = with_two_files();
    drop(desk);
    let (share, (_, wake)) = (Share::new(), counting());
    let mut desk = over_share(&folder, &share, Some(wake));
    wait_for(&mut desk, "the ward to be open", |desk| desk.state().app.shown().is_some());
    let file = file_of_the_dose(&folder);
    share.cannot_read(Some(name(&file)));
    wait_for(&mut desk, "the strip to name the file", |desk| {
        desk.sees(&format!("{}: cannot be read (", name(&file))) || lines_at_top(desk).len() == 2
    });
    let lines = lines_at_top(&desk);
    assert!(lines[0].contains(&format!("1 entry that was {LOST};")), "{lines:?}");
    assert!(lines[1].contains(&format!("{}: cannot be read (", name(&file))), "{lines:?}");
    assert_eq!(desk.figure("Cumulative"), "10 mg");
    wait_for(&mut desk, "no look to count", |desk| {
        desk.state().app.freshness().is_some_and(|fresh| fresh.is_late && !fresh.words.contains("less than"))
    });
    desk.quick("dex 10 iv 14:02");
    desk.press(Key::Enter);
    wait_for(&mut desk, "the check against what was read", |desk| desk.sees("is already recorded by LT"));
    share.cannot_read(None);
    wait_for(&mut desk, "all to be read again", |desk| {
        lines_at_top(desk).is_empty() && desk.state().app.freshness().is_some_and(|fresh| !fresh.is_late)
    });
    assert_eq!(desk.figure("Cumulative"), "10 mg");
}

#[test]
fn a_save_that_came_to_nothing_leaves_no_strip() {
    let (folder, mut desk) = with_two_files();
    fs::write(patient_folder(&folder).join("zzzzzzzz-0001.ron"), "").unwrap();
    fs::write(patient_folder(&folder).join("zzzzzzzz-0002.ron"), "[\nSegment(format: 1, store: \"").unwrap();
    look(&mut desk);
    assert_eq!((desk.figure("Cumulative").as_str(), lines_at_top(&desk)), ("10 mg", vec![]));
    assert!(!desk.state().app.rows[0].attention);
    desk.quick("dex 4 iv 13:00");
    desk.press(Key::Enter);
    drop(desk);
    let desk = over(&folder);
    assert_eq!((desk.figure("Cumulative").as_str(), lines_at_top(&desk)), ("14 mg", vec![]));
}

#[test]
fn another_patient_who_is_gone_is_marked_in_the_list() {
    let (folder, mut desk) = with_two_files();
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::I);
    desk.fill("MRN", "40 018");
    desk.fill("Family name", "Sample");
    desk.press(Key::Enter);
    let robin = on_disk(&folder).patients()[0].id.clone();
    fs::remove_dir_all(folder.path().join("data/patients").join(robin.as_str())).unwrap();
    look(&mut desk);
    let rows = &desk.state().app.rows;
    assert_eq!(rows.iter().map(|row| (row.total.as_str(), row.attention)).next(), Some(("10 mg", true)));
    let mut other = Ward::open_to_write(&folder.path().join("data"), &folder.path().join("other")).unwrap();
    let dose = Administration::given(DrugId::new("dexamethasone"), "4 mg".parse().unwrap(), Given::At(now()));
    let author = Author { by: "LT".parse().unwrap(), workstation: "WARD4-PC02".to_owned() };
    assert!(
        other.record(&robin, dose, &author, now()).is_err(),
        "for somebody who never saw the patient there is none"
    );
}

#[test]
fn a_loss_is_still_told_after_the_window_was_closed_and_opened_again() {
    let (folder, desk) = with_two_files();
    drop(desk);
    drop(over(&folder));
    let file = file_of_the_dose(&folder);
    let bytes = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    let mut desk = over(&folder);
    for _ in 0..2 {
        assert_eq!(desk.figure("Cumulative"), "0 mg");
        assert!(lines_at_top(&desk)[0].contains(&format!("{}: this file was read on this workstation", name(&file))));
        assert!(desk.sees("ago: entries are missing"));
        look(&mut desk);
    }
    fs::write(&file, bytes).unwrap();
    look(&mut desk);
    assert_eq!((desk.figure("Cumulative").as_str(), lines_at_top(&desk)), ("10 mg", vec![]));
}

#[test]
fn what_was_saved_and_is_gone_before_the_next_save_is_missed_by_it_and_stays_in_the_chart() {
    let (folder, desk) = with_robin();
    drop(desk);
    let mut ward = Ward::open_to_write(&folder.path().join("data"), &folder.path().join("config")).unwrap();
    let id = ward.patients()[0].id.clone();
    let author = Author { by: "NK".parse().unwrap(), workstation: "WARD4-PC01".to_owned() };
    let record = |ward: &mut Ward, milligrams: u32, hours: i64| {
        let given = Given::At(now() - chrono::TimeDelta::hours(hours));
        let dose =
            Administration::given(DrugId::new("dexamethasone"), format!("{milligrams} mg").parse().unwrap(), given);
        ward.record(&id, dose, &author, now()).unwrap();
    };
    record(&mut ward, 10, 30);
    let file = file_of_the_dose(&folder);
    let before = fs::read(&file).unwrap();
    record(&mut ward, 8, 20);
    assert_ne!(fs::read(&file).unwrap(), before, "it went on in the same file");
    fs::write(&file, before).unwrap();
    record(&mut ward, 4, 10);
    let robin = &ward.patients()[0];
    assert_eq!(robin.chart.administrations.len(), 3, "what was shown stays");
    assert!(robin.is_incomplete() && robin.findings.iter().any(|found| found.to_string().contains(LOST)));
}
