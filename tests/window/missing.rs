//! What is lost in the files and still shown: saved again from the window, and said to be known.

use super::desk::{Desk, Hands, over, over_share, with_robin};
use super::guarding::{BIRTHDAY, QUESTION};
use super::locking::{lock_now, unlock_first};
use super::lost::{LOST, file_of_the_dose, lines_at_top, look, patient_folder, segments, with_two_files};
use super::outbox::{ask_to_close, read_again, walk};
use super::tasks::{doses_on_disk, on_disk};
use crate::store::sealed_lines;
use crate::store::share::{Mood, Share};
use corticurve::app::guard::Asked;
use corticurve::app::{Action, Overlay};
use corticurve::record::{Chart, Entry};
use corticurve::store::Store;
use egui::{Key, Modifiers};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const ONLY_HERE: &str = "in this window only";

fn save_again(desk: &mut Desk) {
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::M);
}

fn it_is_known(desk: &mut Desk) {
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::G);
}

fn chart(desk: &Desk) -> Chart {
    desk.state().app.patient().unwrap().chart.clone()
}

/// Every entry of the first patient as it stands in the folder, and how many lines hold one.
fn entries_on_disk(folder: &TempDir) -> (Vec<Entry>, usize) {
    let record = Store::open(&folder.path().join("data")).unwrap().read_all().unwrap().remove(0);
    assert_eq!(record.findings, []);
    let lines = segments(folder).iter().map(|file| fs::read_to_string(file).unwrap().matches("Entry(").count()).sum();
    (record.entries, lines)
}

/// Takes a file away, in one of the ways in which files are lost.
fn lose(file: &Path, how: &str) {
    match how {
        "removed" => fs::remove_file(file).unwrap(),
        "emptied" => fs::write(file, "").unwrap(),
        _ => {
            // Its last line and bracket are gone, as after the file was put back to an older state.
            let text = fs::read_to_string(file).unwrap();
            let kept: Vec<&str> = text.lines().take_while(|line| !line.contains("Administered")).collect();
            fs::write(file, kept.join("\n") + "\n]\n").unwrap();
        }
    }
}

#[test]
fn what_is_lost_is_saved_again_as_it_was_and_counts_once_also_when_the_file_is_back() {
    for how in ["removed", "emptied", "cut"] {
        let (folder, mut desk) = with_two_files();
        let (before, _) = entries_on_disk(&folder);
        let shown = chart(&desk);
        let file = file_of_the_dose(&folder);
        let bytes = fs::read(&file).unwrap();
        lose(&file, how);
        look(&mut desk);
        let banner = "1 entry of EXAMPLE, Robin is in this window only";
        assert!(desk.sees(banner), "{how}: {:?}", desk.state().app.only_here_words());
        save_again(&mut desk);
        assert_eq!(desk.notice(), "Saved: 1 entry that was missing.", "{how}");
        assert!(!desk.sees(ONLY_HERE) && !desk.sees(LOST), "{how}: {:?}", lines_at_top(&desk));
        assert_eq!((desk.figure("Cumulative").as_str(), &chart(&desk)), ("10 mg", &shown), "{how}");
        assert!(file_of_the_dose(&folder) != file, "{how}: in a file of this workstation");
        save_again(&mut desk);
        assert_eq!(desk.notice(), "Nothing is missing that this window could save again.", "{how}");
        fs::write(&file, bytes).unwrap();
        look(&mut desk);
        assert_eq!((desk.figure("Cumulative").as_str(), lines_at_top(&desk)), ("10 mg", vec![]), "{how}");
        let (after, lines) = entries_on_disk(&folder);
        assert_eq!(format!("{after:?}"), format!("{before:?}"), "{how}: own ids, times and authors, each once");
        assert_eq!(lines, before.len() + 1, "{how}: the lost line, written once more");
    }
}

#[test]
fn who_the_patient_is_and_every_change_are_saved_again_from_all_patients_at_once() {
    let (folder, mut desk) = with_two_files();
    desk.press_with(Modifiers::COMMAND, Key::ArrowDown);
    desk.press_with(Modifiers::COMMAND, Key::E);
    desk.fill("Amount", "8");
    desk.fill("Reason", "read wrongly");
    desk.press(Key::Enter);
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::I);
    desk.fill("MRN", "40 018");
    desk.fill("Family name", "Sample");
    desk.press(Key::Enter);
    let before: Vec<String> =
        on_disk(&folder).patients().iter().map(|patient| format!("{:?}", patient.chart)).collect();
    let files = walk(&folder.path().join("data/patients"));
    let bytes: Vec<Vec<u8>> = files.iter().map(|file| fs::read(file).unwrap()).collect();
    for file in &files {
        fs::remove_file(file).unwrap();
    }
    look(&mut desk);
    let words = desk.state().app.only_here_words().unwrap();
    assert!(words.starts_with("6 entries of EXAMPLE, Robin and 1 more are in this window only"), "{words}");
    desk.click("Save again what is missing  Ctrl+Shift+M");
    assert_eq!(desk.notice(), "Saved: 6 missing entries.");
    let after: Vec<String> = on_disk(&folder).patients().iter().map(|patient| format!("{:?}", patient.chart)).collect();
    assert_eq!(after, before);
    assert!(!desk.sees(ONLY_HERE));
    assert!(files.iter().all(|file| !file.exists()), "whoever puts a file back overwrites nothing");
    desk.state_mut().app.update(Action::SelectBy(-1));
    desk.quick("dex 4 iv 13:00");
    desk.press(Key::Enter);
    files.iter().zip(bytes).for_each(|(file, bytes)| fs::write(file, bytes).unwrap());
    look(&mut desk);
    assert_eq!((desk.figure("Cumulative").as_str(), doses_on_disk(&folder)), ("12 mg", 2));
    assert_eq!(lines_at_top(&desk), Vec::<String>::new());
}

#[test]
fn for_a_patient_whose_folder_is_gone_none_is_made_and_into_one_that_is_there_again_all_is_saved() {
    let (folder, mut desk) = with_two_files();
    let (there, away) = (patient_folder(&folder), folder.path().join("away"));
    fs::rename(&there, &away).unwrap();
    look(&mut desk);
    save_again(&mut desk);
    assert!(desk.notice().contains("there is no folder patients/p-"), "{}", desk.notice());
    assert!(desk.notice().contains("make an empty folder of its name"), "{}", desk.notice());
    assert!(!there.exists() && desk.sees(ONLY_HERE));
    assert!(!desk.sees("waits on this workstation"), "what waits would make the folder one day");
    ask_to_close(&mut desk);
    assert_eq!(desk.state().app.overlay, Some(Overlay::Quit), "the only copy goes with the window");
    assert!(desk.state().app.reason_to_stay().unwrap().contains(ONLY_HERE));
    assert!(!desk.sees("delivered when Corticurve is opened here again"), "nothing of it is kept");
    desk.press(Key::Escape);
    fs::create_dir(&there).unwrap();
    save_again(&mut desk);
    assert_eq!(desk.notice(), "Saved: 4 missing entries.");
    assert_eq!((doses_on_disk(&folder), desk.figure("Cumulative").as_str()), (1, "10 mg"));
    for file in fs::read_dir(&away).unwrap().map(|item| item.unwrap().path()) {
        fs::copy(&file, there.join(file.file_name().unwrap())).unwrap();
    }
    look(&mut desk);
    assert_eq!((doses_on_disk(&folder), desk.figure("Cumulative").as_str()), (1, "10 mg"));
    assert_eq!(lines_at_top(&desk), Vec::<String>::new());
}

#[test]
fn what_the_folder_does_not_take_waits_here_and_is_delivered() {
    let (folder, desk) = with_two_files();
    drop(desk);
    let share = Share::new();
    let mut desk = over_share(&folder, &share, None);
    fs::remove_file(file_of_the_dose(&folder)).unwrap();
    look(&mut desk);
    share.becomes(Mood::Full);
    save_again(&mut desk);
    assert!(desk.notice().starts_with("Kept on this workstation"), "{}", desk.notice());
    assert!(desk.sees("1 entry waits on this workstation") && !desk.sees(ONLY_HERE));
    save_again(&mut desk);
    assert_eq!(desk.figure("Cumulative"), "10 mg");
    share.becomes(Mood::Well);
    read_again(&mut desk);
    assert_eq!((doses_on_disk(&folder), desk.figure("Cumulative").as_str()), (1, "10 mg"));
    assert!(!desk.sees("waits on this workstation"));
}

/// The file of the dose with another first line, and right digits.
fn with_header(file: &Path, header: impl Fn(&str) -> String) -> Vec<u8> {
    let text = fs::read_to_string(file).unwrap();
    let lines: Vec<String> = text.lines().skip(1).map(|line| line.split(" //#").next().unwrap().to_owned()).collect();
    let (first, rest) = lines.split_first().unwrap();
    let lines: Vec<String> = std::iter::once(header(first)).chain(rest.iter().cloned()).collect();
    sealed_lines(lines[..lines.len() - 1].iter().map(String::as_bytes))
}

#[test]
fn nothing_is_saved_for_a_patient_whom_a_newer_program_writes_for() {
    let (folder, mut desk) = with_two_files();
    let file = file_of_the_dose(&folder);
    let newer = with_header(&file, |line| line.replace("format: 1", "format: 9"));
    fs::write(&file, newer).unwrap();
    look(&mut desk);
    assert!(desk.sees("READ ONLY") && desk.sees(ONLY_HERE), "{:?}", lines_at_top(&desk));
    let files = segments(&folder);
    save_again(&mut desk);
    assert!(desk.notice().contains("has format 9, which is newer"), "{}", desk.notice());
    assert_eq!((segments(&folder), desk.figure("Cumulative").as_str()), (files, "10 mg"));
    assert!(!desk.sees("waits on this workstation"));
}

#[test]
fn what_may_be_another_patient_s_is_not_saved_again() {
    for whose in ["a damaged first line", "two patients"] {
        let (folder, mut desk) = with_two_files();
        let file = file_of_the_dose(&folder);
        if whose == "two patients" {
            desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::I);
            desk.fill("MRN", "40 018");
            desk.fill("Family name", "Sample");
            desk.press(Key::Enter);
            let sample = desk.state().app.selected.clone().unwrap();
            let robin = file.parent().unwrap().file_name().unwrap().to_str().unwrap().to_owned();
            let copy = with_header(&file, |line| line.replace(&robin, sample.as_str()));
            let place: PathBuf = file.parent().unwrap().with_file_name(sample.as_str());
            fs::write(place.join(file.file_name().unwrap()), copy).unwrap();
        } else {
            let text = fs::read_to_string(&file).unwrap();
            fs::write(&file, text.replacen("Segment(", "Segmant(", 1)).unwrap();
        }
        look(&mut desk);
        fs::remove_file(&file).unwrap();
        look(&mut desk);
        let files = segments(&folder);
        save_again(&mut desk);
        assert!(!desk.notice().starts_with("Saved"), "{whose}: {}", desk.notice());
        assert_eq!(segments(&folder), files, "{whose}");
        let told = "Not saved: 1 entry found in another patient's record as well";
        assert_eq!(desk.notice().starts_with(told), whose == "two patients", "{whose}: {}", desk.notice());
    }
}

#[test]
fn a_file_that_is_known_to_be_gone_is_not_told_of_again_until_it_was_back() {
    let (folder, desk) = with_two_files();
    drop(desk);
    drop(over(&folder));
    let file = file_of_the_dose(&folder);
    let bytes = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    let (mut desk, mut other) = (over(&folder), over(&folder));
    let told = |desk: &Desk| lines_at_top(desk).concat().contains("this file was read on this workstation");
    it_is_known(&mut desk);
    let name = file.file_name().unwrap().to_str().unwrap();
    assert!(desk.sees("Is it known why these files are missing?") && desk.sees(&format!("{name}: gone or empty")));
    desk.press(Key::Escape);
    assert!(desk.state().app.guard.asked.is_none() && told(&desk), "Escape leaves it as it was");
    desk.click("It is known why files are missing…");
    assert!(matches!(desk.state().app.guard.asked, Some(Asked::Known(..))));
    desk.press(Key::Enter);
    assert_eq!((lines_at_top(&desk), told(&other)), (vec![], true), "{}", desk.notice());
    assert!(!desk.sees("entries are missing") && !desk.sees("It is known why"));
    // The other window remembers the file still, and keeps what it has read.
    other.quick("dex 4 iv 13:00");
    other.press(Key::Enter);
    drop(other);
    let mut desk = over(&folder);
    assert_eq!((lines_at_top(&desk), desk.figure("Cumulative").as_str()), (vec![], "4 mg"), "nor at the next start");
    it_is_known(&mut desk);
    assert_eq!(desk.notice(), "This workstation misses no file of the open patient.");
    fs::write(&file, bytes).unwrap();
    drop(desk);
    drop(over(&folder));
    fs::remove_file(&file).unwrap();
    assert!(told(&over(&folder)), "what was back and is gone again is told");
}

#[test]
fn whoever_says_that_it_is_known_gives_initials_and_hears_what_only_the_window_holds() {
    let (folder, mut desk) = with_two_files();
    fs::remove_file(file_of_the_dose(&folder)).unwrap();
    look(&mut desk);
    desk.state_mut().app.settings.initials = None;
    it_is_known(&mut desk);
    assert!(desk.state().app.guard.asked.is_none());
    desk.fill("Your initials", "rb");
    desk.press(Key::Enter);
    assert!(desk.sees("Is it known why these files are missing?"));
    assert!(desk.sees("go when it is closed. To keep them, go back"));
    desk.press(Key::Enter);
    assert_eq!(desk.figure("Cumulative"), "10 mg", "what is shown stays");
    assert!(
        desk.sees(LOST) && !lines_at_top(&desk).concat().contains("this file was read"),
        "{:?}",
        lines_at_top(&desk)
    );
    let names =
        walk(&folder.path().join("cache")).into_iter().find(|file| file.extension().is_some_and(|end| end == "names"));
    let kept = fs::read_to_string(names.unwrap()).unwrap();
    let known: Vec<&str> = kept.lines().filter(|line| line.starts_with("known 1 p-")).collect();
    assert!(known.len() == 1 && known[0].ends_with(" RB 2026-11-22T14:32:00+01:00"), "{kept}");
}

#[test]
fn a_patient_whose_folder_was_moved_away_on_purpose_leaves_the_list_once_that_is_known() {
    let (folder, desk) = with_robin();
    drop(desk);
    drop(over(&folder));
    fs::rename(patient_folder(&folder), folder.path().join("away")).unwrap();
    let mut desk = over(&folder);
    assert_eq!(desk.state().app.rows.len(), 1);
    it_is_known(&mut desk);
    desk.press(Key::Enter);
    assert_eq!(desk.state().app.rows.len(), 0, "{}", desk.notice());
    desk.state_mut().app.update(Action::Reload);
    desk.run();
    assert_eq!((desk.state().app.rows.len(), over(&folder).state().app.rows.len()), (0, 0));
}

#[test]
fn after_a_lock_a_loss_is_known_only_to_who_knows_whose_files_they_are() {
    for asked_before in [false, true] {
        let (folder, mut desk) = with_two_files();
        fs::remove_file(file_of_the_dose(&folder)).unwrap();
        look(&mut desk);
        if asked_before {
            it_is_known(&mut desk);
            assert!(desk.sees("Is it known why these files are missing?"));
        }
        lock_now(&mut desk);
        unlock_first(&mut desk, "4071");
        if asked_before {
            desk.press(Key::Enter);
        } else {
            it_is_known(&mut desk);
        }
        assert!(desk.sees(QUESTION), "asked before: {asked_before}");
        assert!(!desk.state().app.missing_files().is_empty());
        desk.fill(BIRTHDAY, "0403");
        desk.press(Key::Enter);
        assert!(desk.sees("Is it known why these files are missing?"), "asked before: {asked_before}");
        desk.press(Key::Enter);
        assert!(desk.state().app.missing_files().is_empty(), "{}", desk.notice());
    }
}
