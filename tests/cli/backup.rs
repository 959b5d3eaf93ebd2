//! `corticurve backup` and `corticurve restore`.

use super::{Done, Station, gather, has, names, robin};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    gather(folder, &mut files);
    files
}

fn summary(station: &Station, folder: &Path) -> String {
    let mut command = station.bare();
    command.arg("--data").arg(folder).args(["summary", "--json", "--as-of", "2026-02-01 08:00"]);
    Done::of(&mut command).ok()
}

/// Robin with a dose, in a ward and in its backup.
fn backed_up() -> (Station, PathBuf) {
    let station = Station::with_robin();
    station.record("dex 10 iv 2026-01-22 14:30").saved();
    let backup = station.path("backup");
    let said = station.run(&["backup", "--to", backup.to_str().unwrap()]).ok();
    has(&said, &["p-", ": 5 entries\n", "5 entries of 1 patient added to ", "backup\n"]);
    (station, backup)
}

/// `restore`, which takes its folders by itself.
fn restore(station: &Station, from: &Path, into: &Path, more: &[&str]) -> Done {
    let mut command = station.bare();
    command.arg("restore").arg("--from").arg(from).arg("--into").arg(into).args(more);
    Done::of(&mut command)
}

#[test]
fn a_backup_is_read_like_a_data_folder_and_the_next_adds_what_is_new() {
    let (station, backup) = backed_up();
    assert_eq!(summary(&station, &backup), summary(&station, &station.data()));
    let to = backup.to_str().unwrap();
    has(&station.run(&["backup", "--to", to]).ok(), &["nothing new added to "]);
    station.record("dex 4 iv 2026-01-23 14:30").saved();
    let json = station.run(&["backup", "--to", to, "--json"]).json();
    assert_eq!(names(&json), ["done", "entries", "files", "findings", "into", "patients", "settings"]);
    assert_eq!(
        (json["entries"].as_u64(), json["files"].as_u64(), json["done"].as_bool()),
        (Some(1), Some(0), Some(true))
    );
    assert_eq!(summary(&station, &backup), summary(&station, &station.data()));
}

#[test]
fn without_a_folder_there_is_no_backup_and_one_is_offered() {
    let station = Station::with_robin();
    has(&station.refused(1, &["backup"]), &["no folder for backups is chosen", "data-backup --daily"]);
    assert!(!station.path("data-backup").exists());
}

#[test]
fn restoring_is_shown_first_without_names_and_done_with_yes() {
    let (station, backup) = backed_up();
    let (before, into) = (summary(&station, &station.data()), station.path("restored"));
    let held = files(&backup);
    let shown = restore(&station, &backup, &into, &[]).ok();
    has(
        &shown,
        &["p-", ": 5 entries\n", "5 entries of 1 patient to be added to ", "nothing is written yet; add --yes"],
    );
    assert!(!shown.to_lowercase().contains("example") && !shown.contains("40 017") && !shown.contains("Robin"));
    assert!(!into.exists());
    has(&restore(&station, &backup, &into, &["--yes"]).ok(), &["5 entries of 1 patient added to "]);
    assert_eq!(summary(&station, &into), before);
    has(&restore(&station, &backup, &into, &["--yes"]).ok(), &["nothing new added to "]);
    assert!(files(&backup) == held);
    let mut verify = station.bare();
    has(&Done::of(verify.arg("--data").arg(&into).arg("verify")).ok(), &["no findings"]);
}

#[test]
fn a_lost_file_comes_back_and_a_damaged_one_is_left_with_its_entries_added() {
    let (station, backup) = backed_up();
    let before = summary(&station, &station.data());
    let file = station.segments().pop().unwrap();
    let text = fs::read_to_string(&file).unwrap();
    fs::remove_file(&file).unwrap();
    restore(&station, &backup, &station.data(), &["--yes"]).ok();
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
    fs::write(&file, text.replace("10 mg", "90 mg")).unwrap();
    let done = restore(&station, &backup, &station.data(), &["--yes"]);
    assert_eq!(done.code, 0, "{}", done.err);
    has(&done.out, &["1 entry of 1 patient added to "]);
    assert_eq!(done.err, "");
    assert!(fs::read_to_string(&file).unwrap().contains("90 mg"));
    let mut after = station.bare();
    after.arg("--data").arg(station.data()).args(["summary", "--json", "--as-of", "2026-02-01 08:00"]);
    assert_eq!(Done::of(&mut after).out, before);
}

#[test]
fn a_damaged_data_folder_is_told_by_backup_and_its_copy_stays_good() {
    let (station, backup) = backed_up();
    let (before, held) = (summary(&station, &backup), files(&backup));
    let file = station.segments().pop().unwrap();
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
    let done = station.run(&["backup", "--to", backup.to_str().unwrap()]);
    assert_eq!(done.code, 1);
    has(
        &done.err,
        &["holds entries of this patient that this one has not: ", "a save was interrupted here", "corticurve verify"],
    );
    assert_eq!(summary(&station, &backup), before);
    assert!(files(&backup) == held);
}

#[test]
fn settings_that_were_taken_out_by_hand_are_told_by_backup_and_not_by_restore() {
    let (station, backup) = backed_up();
    let to = ["backup", "--to", backup.to_str().unwrap()];
    let file = station.data().join("unit.ron");
    let block = "(changed_at: \"2026-01-20T09:00:00+00:00\", changed_by: \"NK\", table: \"bnf\")";
    fs::write(&file, format!("[{block}]")).unwrap();
    assert_eq!(station.run(&to).code, 0);
    fs::write(&file, "[]").unwrap();
    let done = station.run(&to);
    assert_eq!((done.code, done.out.starts_with("nothing new")), (1, true), "{}", done.out);
    has(
        &done.err,
        &["unit.ron: other settings of the unit are in force in the folder that was copied into", "make another"],
    );
    fs::remove_file(&file).unwrap();
    let restored = restore(&station, &backup, station.data().as_ref(), &["--yes"]);
    assert_eq!((restored.code, restored.err.contains("other settings")), (0, false), "{}", restored.err);
}

#[test]
fn a_folder_in_the_data_folder_or_of_another_ward_is_refused() {
    let (station, backup) = backed_up();
    let inside = station.data().join("backup");
    has(&station.refused(1, &["backup", "--to", inside.to_str().unwrap()]), &["lie in each other"]);
    let other = station.path("other");
    let mut register = station.bare();
    Done::of(register.arg("--data").arg(&other).args(robin("1"))).saved();
    has(&station.refused(1, &["backup", "--to", other.to_str().unwrap()]), &["records of another data folder"]);
    let held = files(&other);
    for more in [&[][..], &["--yes"]] {
        let done = restore(&station, &backup, &other, more);
        assert_eq!((done.code, done.out.as_str()), (1, ""));
        has(&done.err, &["records of another data folder"]);
    }
    assert!(files(&other) == held);
    let nothing = restore(&station, &station.path("nothing"), &other, &[]);
    assert_eq!(nothing.code, 2);
    has(&nothing.err, &["there are no records in"]);
    has(&station.refused(2, &["restore", "--from", "x", "--into", "y"]), &["leave out --data"]);
    let demo = station.demo(&["backup", "--to", "x"]);
    assert_eq!((demo.code, demo.out.as_str()), (2, ""));
}

/// Makes the last backup of the station one of long ago.
fn next_day(station: &Station) {
    let folder = station.path("config/corticurve/backups");
    for item in fs::read_dir(folder).unwrap() {
        let path = item.unwrap().path();
        if path.is_file() {
            let text = fs::read_to_string(&path).unwrap();
            let year = text.find("Some(\"20").map(|at| text[at + 6..at + 10].to_owned()).unwrap();
            fs::write(&path, text.replace(&format!("Some(\"{year}"), "Some(\"1999")).unwrap();
        }
    }
}

#[test]
fn after_each_days_first_save_what_is_new_is_copied_and_a_failure_is_told_and_fails_no_save() {
    let (station, backup) = backed_up();
    station.run(&["backup", "--to", backup.to_str().unwrap(), "--daily"]).ok();
    let doses = |backup: &Path| summary(&station, backup).matches("\"doses\":").count();
    let copied = || summary(&station, &backup) == summary(&station, &station.data());
    assert!(doses(&backup) > 0);
    station.record("dex 4 iv 2026-01-23 14:30").saved();
    assert!(!copied(), "today's backup is made");
    next_day(&station);
    station.record("dex 6 iv 2026-01-24 14:30").saved();
    assert!(copied(), "the next day's first save is followed by one");
    station.record("dex 2 iv 2026-01-25 14:30").saved();
    assert!(!copied(), "and the second is not");
    has(&station.run(&["backup"]).ok(), &["1 entry of 1 patient added to "]);
    next_day(&station);
    fs::rename(&backup, station.path("elsewhere")).unwrap();
    fs::write(&backup, "").unwrap();
    let done = station.record("dex 8 iv 2026-01-26 14:30");
    assert_eq!(done.code, 0);
    has(&done.out, &["saved "]);
    has(&done.err, &["The backup to ", "backup: ", "What was recorded is saved"]);
    station.record("dex 1 iv 2026-01-27 14:30").saved();
}

#[test]
fn each_folder_of_backups_is_remembered_also_after_another() {
    let (station, backup) = backed_up();
    let other = station.path("other");
    station.run(&["backup", "--to", other.to_str().unwrap()]).ok();
    fs::rename(&backup, station.path("away")).unwrap();
    has(
        &station.refused(1, &["backup", "--to", backup.to_str().unwrap()]),
        &["a backup was made in ", "none is there now"],
    );
}

#[test]
fn a_backup_disk_that_is_not_connected_is_told_and_nothing_is_made_in_its_place() {
    let (station, backup) = backed_up();
    let to = backup.to_str().unwrap();
    station.run(&["backup", "--to", to, "--daily"]).ok();
    let away = station.path("away");
    fs::rename(&backup, &away).unwrap();
    for is_there in [false, true] {
        if is_there {
            fs::create_dir(&backup).unwrap();
        }
        for arguments in [&["backup"][..], &["backup", "--to", to]] {
            let told = ["a backup was made in ", "none is there now", "connect the disk", "choose another folder"];
            has(&station.refused(1, arguments), &told);
        }
        assert_eq!((backup.exists(), fs::read_dir(&backup).map_or(0, Iterator::count)), (is_there, 0));
    }
    fs::remove_dir(&backup).unwrap();
    fs::rename(&away, &backup).unwrap();
    has(&station.run(&["backup"]).ok(), &["added to "]);
}

#[test]
fn a_restore_of_single_files_names_them_and_a_preview_says_that_nothing_was_copied() {
    let (station, backup) = backed_up();
    let unit =
        "[\n(changed_at: \"2025-11-21T09:00:00Z\", changed_by: \"NK\", reason: \"local\", course_gap_hours: 72),\n]\n";
    fs::write(backup.join("unit.ron"), unit).unwrap();
    fs::remove_file(station.data().join("STORE.ron")).unwrap();
    fs::remove_dir_all(station.data()).unwrap();
    let into = station.path("restored");
    let shown = restore(&station, &backup, &into, &[]).ok();
    has(
        &shown,
        &["STORE.ron\nunit.ron\np-", "5 entries of 1 patient and 1 change of the unit's settings to be added to "],
    );
    restore(&station, &backup, &into, &["--yes"]).ok();
    fs::remove_file(into.join("unit.ron")).unwrap();
    let shown = restore(&station, &backup, &into, &["--yes"]).ok();
    has(&shown, &["unit.ron\n", "1 change of the unit's settings added to "]);
    assert!(!shown.contains("0 "), "{shown}");
    fs::remove_file(into.join("STORE.ron")).unwrap();
    let shown = restore(&station, &backup, &into, &[]);
    has(&shown.out, &["STORE.ron\n1 file to be added to "]);
    let file = fs::read_dir(backup.join("patients")).unwrap().next().unwrap().unwrap().path();
    let segment = fs::read_dir(file).unwrap().next().unwrap().unwrap().path();
    let text = fs::read_to_string(&segment).unwrap();
    fs::write(&segment, text.replace("10 mg", "90 mg")).unwrap();
    for (more, said) in [(&[][..], "nothing was copied yet"), (&["--yes"], "everything else was copied")] {
        let done = restore(&station, &backup, &station.path("damaged"), more);
        assert_eq!(done.code, 1);
        has(&done.err, &[said]);
    }
}

#[test]
fn a_folder_is_made_whole_from_where_the_command_was_given_and_told_and_kept_so() {
    let station = Station::with_robin();
    let whole = station.path("copies");
    let said = station.run(&["backup", "--to", "copies", "--daily"]).ok();
    has(&said, &[&format!("added to {}\n", whole.display())]);
    let settings = fs::read_to_string(station.path("config/corticurve/settings.ron")).unwrap();
    has(&settings, &[whole.to_str().unwrap()]);
    // Written into the settings by hand, a part of a path would be another folder for each place.
    fs::write(station.path("config/corticurve/settings.ron"), settings.replace(whole.to_str().unwrap(), "copies"))
        .unwrap();
    let said = station.run(&["backup"]);
    assert_eq!(said.code, 1, "{}", said.err);
    has(&said.err, &["'copies' is a part of a path, so nothing was backed up"]);
}
