//! One folder spelled in several ways: what is remembered of it holds for each.

use super::{Station, has, robin};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::PathBuf;

/// Ways to spell the folder `data`, from beside it. A shell adds the slash when it completes a name.
fn spellings(station: &Station) -> Vec<String> {
    fs::create_dir(station.path("beside")).unwrap();
    fs::create_dir_all(station.data()).unwrap();
    let whole = station.data().display().to_string();
    let mut all = vec![format!("{whole}/"), "data".to_owned(), "beside/../data".to_owned(), format!("{whole}/./")];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(station.folder.path(), station.path("link")).unwrap();
        std::os::unix::fs::symlink("../data", station.path("beside").join("another")).unwrap();
        all.extend(["link/data", "beside/another", "beside/another/../data/"].map(ToOwned::to_owned));
    }
    all.push(whole);
    all
}

#[test]
fn a_ward_that_is_gone_is_missed_under_every_spelling_of_its_folder() {
    let first = Station::new();
    for place in 0..spellings(&first).len() {
        let station = Station::new();
        let spellings = spellings(&station);
        let opened = &spellings[place];
        station.run_in(opened, &robin("40 017")).saved();
        fs::rename(station.data(), station.path("away")).unwrap();
        fs::create_dir(station.data()).unwrap();
        for spelling in &spellings {
            let done = station.run_in(spelling, &robin("40 018"));
            assert_eq!(done.code, 1, "{opened}, then {spelling}: {}", done.err);
            has(&done.err, &["a ward was in ", "none is there now"]);
            assert_eq!(fs::read_dir(station.data()).unwrap().count(), 0, "{opened}, then {spelling}");
        }
    }
}

#[test]
fn a_file_that_was_put_back_to_an_older_state_is_told_of_under_every_spelling_of_its_folder() {
    let station = Station::with_robin();
    let (spellings, file) = (spellings(&station), station.segments().remove(0));
    for (number, opened) in (1..).zip(&spellings) {
        let older = fs::read(&file).unwrap();
        let line = format!("dex {number} iv 2026-01-22 14:30");
        station.run_in(opened, &["record", "--patient", "40 017", &line]).saved();
        let newer = fs::read(&file).unwrap();
        fs::write(&file, older).unwrap();
        for spelling in &spellings {
            let done = station.run_in(spelling, &["summary"]);
            assert_eq!(done.code, 1, "{opened}, then {spelling}: {}", done.err);
            has(&done.err, &[OLDER]);
        }
        fs::write(&file, newer).unwrap();
        station.run(&["summary"]).ok();
    }
}

#[test]
fn a_ward_that_an_older_version_remembered_as_it_was_typed_is_missed_as_well() {
    let station = Station::with_robin();
    let known = station.path("config").join("corticurve").join("wards.ron");
    let text = fs::read_to_string(&known).unwrap();
    let whole = station.data().display().to_string();
    let beside = station.path("beside");
    for typed in [format!("{whole}/"), format!("{}/../data", beside.display())] {
        fs::write(&known, text.replace(&format!("{whole}\""), &format!("{typed}\""))).unwrap();
        assert!(fs::read_to_string(&known).unwrap().contains(&typed), "{text}");
        let away = station.path("away");
        fs::rename(station.data(), &away).unwrap();
        has(&station.refused(1, &robin("40 018")), &["a ward was in "]);
        fs::rename(&away, station.data()).unwrap();
    }
}

const OLDER: &str = "no longer holds what was read of it on this workstation before";

/// What is remembered of the files of data folders.
fn names(station: &Station) -> Vec<PathBuf> {
    let items = fs::read_dir(station.path("cache").join("corticurve")).unwrap();
    let files = items.map(|item| item.unwrap().path());
    files.filter(|file| file.extension().is_some_and(|end| end == "names")).collect()
}

#[test]
fn what_an_older_version_remembered_of_files_under_the_folder_as_it_was_typed_is_found() {
    for end in ["", "/"] {
        let station = Station::with_robin();
        let (file, older) = (station.segments().remove(0), fs::read(station.segments().remove(0)).unwrap());
        station.record("dex 10 iv 2026-01-22 14:30").saved();
        station.run(&["summary"]).ok();
        let kept = names(&station).remove(0);
        let (id, _) = kept.file_name().unwrap().to_str().unwrap().split_once('-').unwrap();
        let sha = Sha256::digest(format!("{}{end}", station.data().display()));
        let typed = format!("{id}-{:016x}.names", u64::from_be_bytes(sha[..8].try_into().unwrap()));
        fs::rename(&kept, kept.with_file_name(typed)).unwrap();
        fs::write(&file, older).unwrap();
        for _ in 0..2 {
            let done = station.run(&["summary"]);
            assert_eq!(done.code, 1, "'{end}': {}", done.err);
            has(&done.err, &[OLDER]);
        }
        // That it is known is kept where it is looked for first, and what is older says nothing against it.
        let id = file.parent().unwrap().file_name().unwrap().to_str().unwrap().to_owned();
        assert_eq!(station.run(&["verify", "--known", &id]).code, 0);
        station.run(&["summary"]).ok();
    }
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_to_an_older_copy_of_the_ward_is_noticed() {
    let station = Station::with_robin();
    let (copy, link) = (station.path("copy"), station.path("ward"));
    assert_eq!(station.run(&["backup", "--to", copy.to_str().unwrap()]).code, 0);
    std::os::unix::fs::symlink("data", &link).unwrap();
    station.run_in("ward", &["record", "--patient", "40 017", "dex 10 iv 2026-01-22 14:30"]).saved();
    station.run_in("ward", &["summary"]).ok();
    fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink("copy", &link).unwrap();
    let done = station.run_in("ward", &["summary"]);
    assert_eq!(done.code, 1, "{}", done.out);
    has(&done.err, &[OLDER]);
}

#[test]
fn a_backup_that_is_gone_is_missed_under_every_spelling_of_its_folder() {
    let station = Station::with_robin();
    fs::create_dir(station.path("beside")).unwrap();
    assert_eq!(station.run(&["backup", "--to", "copy"]).code, 0);
    fs::rename(station.path("copy"), station.path("away")).unwrap();
    for spelling in ["copy/", "beside/../copy"] {
        let done = station.run(&["backup", "--to", spelling]);
        assert_ne!(done.code, 0, "{spelling}: {}", done.out);
        has(&done.err, &["nothing was backed up: a backup was made in"]);
    }
}
