//! The files of the ward in the window: every one looked at, and backups.

use super::desk::{Hands, SMALL, demo, now, over, over_at, with_robin};
use super::menu::menu;
use corticurve::app::{Action, Settings, Theme};
use corticurve::store::Store;
use egui::{Key, Modifiers};
use std::fs;
use std::path::{Path, PathBuf};

fn ctrl_shift() -> Modifiers {
    Modifiers::COMMAND.plus(Modifiers::SHIFT)
}

/// The only segment below a data folder.
fn segment(data: &Path) -> PathBuf {
    let patient = fs::read_dir(data.join("patients")).unwrap().next().unwrap().unwrap().path();
    fs::read_dir(patient).unwrap().next().unwrap().unwrap().path()
}

/// How many entries a data folder holds.
fn entries(folder: &Path) -> usize {
    Store::open(folder).unwrap().verify(now()).unwrap().entries
}

#[test]
fn a_key_looks_at_every_file_and_says_that_all_is_well() {
    let (_folder, mut desk) = with_robin();
    desk.press_with(ctrl_shift(), Key::K);
    assert!(desk.sees("all well: 1 patient, 3 entries, 1 file; checked 22-Nov-2026 14:32"));
    desk.press(Key::Escape);
    assert!(!desk.sees("all well"));
    menu(&mut desk, "Ward", "Check every file of the data folder");
    assert!(desk.sees("all well"));
}

#[test]
fn each_finding_has_its_file_and_line_what_it_means_and_what_to_do_and_can_be_copied() {
    let (folder, mut desk) = with_robin();
    let data = folder.path().join("data");
    let file = segment(&data);
    fs::write(&file, fs::read_to_string(&file).unwrap().replace("52.3", "25.3")).unwrap();
    fs::write(data.join("notes.txt"), "").unwrap();
    desk.press_with(ctrl_shift(), Key::K);
    let name = file.strip_prefix(&data).unwrap().display().to_string();
    for part in [&*format!("{name}:4"), "was changed or taken out after it was saved", "compare", "notes.txt"] {
        assert!(desk.sees(part), "{part}");
    }
    desk.click("Copy the result");
    // The harness does not keep what a frame put on the clipboard; the app hands it to the window.
    desk.state_mut().app.update(Action::CopyFiles);
    let text = desk.state().app.clipboard.clone().unwrap();
    assert!(text.contains(&format!("{name}:4: this line, or the one before it")), "{text}");
    assert!(!text.contains("Robin") && !text.contains("40 017"));
}

#[test]
fn without_a_backup_the_window_says_so_until_a_folder_is_chosen() {
    let (folder, mut desk) = with_robin();
    let beside = folder.path().join("data-backup");
    assert!(desk.sees("⚠ no backup") && !beside.exists());
    desk.press_with(ctrl_shift(), Key::B);
    assert!(desk.sees(beside.to_str().unwrap()), "the folder beside the data folder is offered");
    desk.press(Key::Enter);
    assert!(desk.notice().starts_with("Backed up to "), "{}", desk.notice());
    assert!(desk.notice().ends_with("data-backup: 3 entries of 1 patient."), "{}", desk.notice());
    assert!(!desk.sees("⚠ no backup"));
    assert_eq!(entries(&beside), 3);
    desk.press_with(ctrl_shift(), Key::B);
    assert!(desk.sees("Last backup: 22-Nov-2026 14:32."));
    desk.fill("Backup folder", "");
    desk.press(Key::Enter);
    assert_eq!(desk.notice(), "There are no backups now.");
    assert!(desk.sees("⚠ no backup"));
}

#[test]
fn a_folder_that_cannot_hold_a_backup_is_not_chosen() {
    let (folder, mut desk) = with_robin();
    let inside = folder.path().join("data/backup");
    desk.press_with(ctrl_shift(), Key::B);
    desk.fill("Backup folder", inside.to_str().unwrap());
    desk.press(Key::Enter);
    assert!(desk.sees("lie in each other") && !inside.exists());
    desk.press(Key::Escape);
    assert!(desk.sees("⚠ no backup"));
}

#[test]
fn the_first_save_of_a_day_is_followed_by_a_backup_and_one_that_fails_is_told_beside_the_saved_dose() {
    let (folder, mut desk) = with_robin();
    let beside = folder.path().join("data-backup");
    desk.press_with(ctrl_shift(), Key::B);
    desk.press(Key::Enter);
    desk.quick("dex 10 iv -1h");
    desk.press(Key::Enter);
    assert_eq!(entries(&beside), 3, "today's backup is made");
    drop(desk);
    let mut desk = over_at(&folder, now() + chrono::TimeDelta::days(1));
    desk.quick("dex 4 iv -1h");
    desk.press(Key::Enter);
    assert_eq!(entries(&beside), 5);
    desk.quick("dex 6 iv -2h");
    desk.press(Key::Enter);
    assert_eq!(entries(&beside), 5);
    drop(desk);
    fs::rename(&beside, folder.path().join("elsewhere")).unwrap();
    fs::write(&beside, "").unwrap();
    let mut desk = over_at(&folder, now() + chrono::TimeDelta::days(2));
    desk.quick("dex 8 iv -1h");
    desk.press(Key::Enter);
    let notice = desk.notice();
    assert!(notice.starts_with("Saved: dexAMETHasone 8 mg. The backup to "), "{notice}");
    assert!(desk.sees("⚠ backup"));
    assert_eq!(entries(&folder.path().join("data")), 7);
}

#[test]
fn the_demo_has_no_backup_and_does_not_ask_for_one() {
    let mut desk = demo(Theme::Light, SMALL);
    assert!(!desk.sees("⚠ no backup"));
    desk.press_with(ctrl_shift(), Key::B);
    assert!(desk.notice().contains("the demo ward"), "{}", desk.notice());
}

#[test]
fn a_folder_of_backups_that_another_program_has_chosen_stays_chosen_when_the_window_keeps_its_settings() {
    let (folder, mut desk) = with_robin();
    let (config, store) = (folder.path().join("config"), desk.state().app.ward.as_ref().unwrap().store().to_owned());
    Settings::choose_backup(&config, &store, Some(folder.path().join("backup"))).unwrap();
    desk.press(Key::F9);
    let kept = Settings::load(&config);
    assert_eq!(kept.backups.get(&store), Some(&folder.path().join("backup")));
    assert_eq!(kept.theme, desk.state().app.settings.theme);
}

#[test]
fn an_empty_folder_where_a_ward_was_is_told_and_no_new_one_begins_in_it() {
    let (folder, desk) = with_robin();
    drop(desk);
    fs::rename(folder.path().join("data"), folder.path().join("away")).unwrap();
    fs::create_dir(folder.path().join("data")).unwrap();
    let mut desk = over(&folder);
    assert!(desk.notice().starts_with("a ward was in "), "{}", desk.notice());
    desk.click("Start a ward");
    assert!(desk.notice().starts_with("a ward was in "), "{}", desk.notice());
    assert_eq!(fs::read_dir(folder.path().join("data")).unwrap().count(), 0);
}

#[test]
fn a_part_of_a_path_is_no_folder_for_backups() {
    let (_folder, mut desk) = with_robin();
    for part in ["backup", "./backup", "../backup", "~/backup"] {
        desk.press_with(ctrl_shift(), Key::B);
        desk.fill("Backup folder", part);
        desk.press(Key::Enter);
        assert!(desk.sees(&format!("Backup folder: '{part}' is a part of a path; write all of it")), "{part}");
        assert!(!Path::new(part).exists(), "{part}");
        desk.press(Key::Escape);
        assert!(desk.sees("⚠ no backup"), "{part}");
    }
}

#[test]
fn a_part_of_a_path_that_was_written_into_the_settings_is_told_and_made_nowhere() {
    let (folder, mut desk) = with_robin();
    let (config, store) = (folder.path().join("config"), desk.state().app.ward.as_ref().unwrap().store().to_owned());
    Settings::choose_backup(&config, &store, Some(PathBuf::from("a-part-of-a-path"))).unwrap();
    desk.quick("dex 10 iv -1h");
    desk.press(Key::Enter);
    let notice = desk.notice();
    assert!(notice.starts_with("Saved: dexAMETHasone 10 mg. The backup to a-part-of-a-path: "), "{notice}");
    assert!(notice.contains("is a part of a path, so nothing was backed up; choose the folder"), "{notice}");
    assert!(!Path::new("a-part-of-a-path").exists());
}
