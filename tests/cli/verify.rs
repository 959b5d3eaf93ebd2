//! `corticurve verify`, and what reading says of damaged files.

use super::{Station, has, names};
use std::fs;

/// Two doses, of which the second's line has a digit changed.
fn damaged() -> (Station, String) {
    let station = Station::with_robin();
    station.record("dex 10 iv 2026-01-22 14:30").saved();
    station.record("dex 4 iv 2026-01-22 20:00").saved();
    let file = station.segments().pop().unwrap();
    let text = fs::read_to_string(&file).unwrap();
    let line = text.lines().position(|line| line.contains("\"4 mg\"")).unwrap() + 1;
    fs::write(&file, text.replace("\"4 mg\"", "\"777 mg\"")).unwrap();
    let name = file.strip_prefix(station.data()).unwrap().display().to_string();
    (station, format!("{name}:{line}: "))
}

#[test]
fn a_clean_ward_is_exit_0_and_counted() {
    let station = Station::with_robin();
    station.record("dex 10 iv -1h").saved();
    assert_eq!(station.run(&["verify"]).ok(), "1 patient, 1 file, 5 entries\nno findings\n");
    let json = station.run(&["verify", "--json"]).json();
    assert_eq!(names(&json), ["entries", "findings", "patients", "segments"]);
}

#[test]
fn a_changed_line_is_found_and_everything_else_is_shown() {
    let (station, place) = damaged();
    let before = station.snapshot();
    let verified = station.run(&["verify"]);
    assert_eq!((verified.code, verified.err.as_str()), (1, ""));
    has(&verified.out, &[&place, "was changed or taken out", "compare"]);
    let json = station.run(&["verify", "--json"]);
    assert_eq!(json.code, 1);
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert!(json["findings"][0]["line"].as_u64().is_some());
    for words in [&["summary", "--json"][..], &["log", "40 017"], &["curve", "40 017"], &["summary", "40 017"]] {
        let done = station.run(words);
        assert_eq!(done.code, 1, "{words:?}");
        has(&done.err, &[&place, "corticurve verify"]);
        has(&done.out, &["10"]);
        assert!(!done.out.contains("777 mg"), "{}", done.out);
    }
    assert!(station.snapshot() == before);
}

#[test]
fn a_dose_is_recorded_beside_damage_which_stays_as_it_was() {
    let (station, place) = damaged();
    let file = station.segments().pop().unwrap();
    let before = fs::read(&file).unwrap();
    let done = station.record("dex 6 iv -1h");
    assert_eq!(done.code, 0, "what is saved is saved: {}", done.err);
    has(&done.out, &["saved "]);
    has(&done.err, &[&place, "the chart may lack doses", "corticurve verify"]);
    assert_eq!(fs::read(&file).unwrap(), before);
    let done = station.run(&["summary", "--json"]);
    has(&done.out, &["\"dexamethasone_equivalent_mg\":16,"]);
    has(&done.err, &[&place]);
}

#[test]
fn a_patient_whose_registration_is_damaged_is_still_in_every_output() {
    let station = Station::with_robin();
    station.record("dex 10 iv 2026-01-22 14:30").saved();
    let file = station.segments().pop().unwrap();
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("Example", "Exampel")).unwrap();
    let done = station.run(&["summary", "--json"]);
    assert_eq!(done.code, 1);
    has(&done.out, &["\"mrn\":null,\"patient\":\"p-", "\"dexamethasone_equivalent_mg\":10,"]);
    let folder = file.parent().unwrap().file_name().unwrap().to_str().unwrap();
    let done = station.run(&["log", folder]);
    assert_eq!(done.code, 1);
    has(&done.out, &["10 mg"]);
}

#[test]
fn ten_megabytes_on_one_line_of_a_segment_are_reported_and_the_rest_is_used() {
    let station = Station::with_robin();
    station.record("dex 10 iv 2026-01-22 14:30").saved();
    let file = station.segments().pop().unwrap();
    let long = file.with_file_name("zzzzzzzz-0001.ron");
    fs::write(&long, format!("[\n{}\n]\n", "x".repeat(10 * 1024 * 1024))).unwrap();
    let done = station.run(&["summary", "--json"]);
    assert_eq!(done.code, 1);
    has(&done.out, &["\"dexamethasone_equivalent_mg\":10,"]);
    has(&done.err, &["zzzzzzzz-0001.ron", "larger than any this program writes"]);
    assert!(done.err.len() < 4_000);
    assert_eq!(station.run(&["verify"]).code, 1);
}

#[test]
fn a_ward_whose_first_file_is_damaged_cannot_be_read() {
    let station = Station::with_robin();
    fs::write(station.data().join("STORE.ron"), "Store(format: 1").unwrap();
    for words in [&["verify"][..], &["summary"], &["record", "--patient", "40 017", "dex 10"], &super::robin("1")] {
        has(&station.refused(2, words), &["STORE.ron is damaged; put it back from a backup"]);
    }
    let file = station.file("mar.csv", "mrn,given_at,drug,amount,unit\n");
    has(&station.refused(2, &["import", "--dry-run", file.to_str().unwrap()]), &["STORE.ron is damaged"]);
}

#[test]
fn what_is_left_speaks_of_what_is_gone_and_a_folder_without_its_patients_is_no_empty_ward() {
    let station = Station::with_robin();
    station.record("dex 10 iv 2026-01-22 14:30").saved();
    let file = station.segments().pop().unwrap();
    let folder = file.parent().unwrap();
    let empty = file.with_file_name("zzzzzzzz-0001.ron");
    fs::write(&empty, "").unwrap();
    let done = station.run(&["summary", "--json"]);
    assert_eq!((done.code, done.err.as_str()), (0, ""), "a save that came to nothing is told by verify only");
    has(
        &station.run(&["verify"]).out,
        &["zzzzzzzz-0001.ron: this file is empty or cut", "if doses of this patient are missing"],
    );
    fs::remove_file(&file).unwrap();
    has(&station.run(&["verify"]).out, &["holds no entry", "corticurve restore"]);
    fs::remove_dir_all(folder).unwrap();
    has(&station.run(&["verify"]).out, &["no patient has a file of it"]);
    fs::remove_dir_all(folder.parent().unwrap()).unwrap();
    let missing = ["the folder `patients` is missing in", "corticurve restore"];
    for words in [&["verify"][..], &["summary"]] {
        has(&station.refused(2, words), &missing);
    }
    for words in [&["record", "--patient", "40 017", "dex 10"][..], &super::robin("1")] {
        let said = station.refused(1, words);
        has(&said, &missing);
        has(&said, &["NOT saved: "]);
    }
}

#[test]
fn what_is_known_to_be_missing_is_told_once_more_and_then_no_longer() {
    let station = Station::with_robin();
    station.run(&super::robin("40 018")).saved();
    let folder = station.segments()[0].parent().unwrap().to_owned();
    let (id, file) = (folder.file_name().unwrap().to_str().unwrap().to_owned(), station.segments().remove(0));
    let name = file.strip_prefix(station.data()).unwrap().display().to_string();
    fs::rename(&folder, station.path("away")).unwrap();
    let missing = station.run(&["verify"]);
    assert_eq!(missing.code, 1);
    has(&missing.out, &[&name, "this file was read on this workstation before", "corticurve verify --known"]);
    has(&station.refused(2, &["verify", "--known", "nobody"]), &["nobody"]);
    has(&station.refused(1, &["verify", "--known", "p-7f3k9q2mzt4c"]), &["misses no file of this patient"]);
    has(&station.refused(1, &["verify", "--known", &id, "p-7f3k9q2mzt4c"]), &["so nothing was changed"]);
    has(&station.run(&["verify"]).out, &["this file was read on this workstation before"]);
    let before = station.snapshot();
    let known = station.run(&["verify", "--known", &id]);
    has(&known.out, &[&format!("known, and not told of again on this workstation: {name}\n")]);
    assert!(!known.out.contains("was read on this workstation before"), "{}", known.out);
    assert!(station.snapshot() == before, "nothing is written into the data folder");
    let after = station.run(&["summary"]);
    assert_eq!((after.code, after.err.as_str()), (0, ""));
    assert!(!station.run(&["verify"]).out.contains("was read on this workstation before"));
    fs::rename(station.path("away"), &folder).unwrap();
    station.run(&["summary"]).ok();
    fs::remove_file(&file).unwrap();
    let again = station.run(&["verify", "--known", &id, "--json"]);
    has(&again.out, &["{\"known\":[\"patients/p-", &name]);
}

#[test]
fn without_initials_nothing_is_known() {
    let station = Station::with_robin();
    let folder = station.segments()[0].parent().unwrap().to_owned();
    fs::rename(&folder, station.path("away")).unwrap();
    fs::remove_file(station.path("config").join("corticurve/settings.ron")).unwrap();
    let id = folder.file_name().unwrap().to_str().unwrap();
    has(&station.refused(1, &["verify", "--known", id]), &["give your initials once with --by"]);
    let known = station.run(&["verify", "--known", id, "--by", "rb"]);
    has(&known.out, &["known, and not told of again"]);
}

#[test]
fn the_folder_that_a_killed_registration_left_can_be_said_to_be_known_and_does_not_hide_what_is_lost_in_it_later() {
    let empty = "this patient's folder holds no entry";
    // Killed before and after it had made a file.
    for file in [None, Some("zzzzzzzz-0001.ron")] {
        let station = Station::with_robin();
        let id = "p-000000000000";
        let folder = station.data().join("patients").join(id);
        fs::create_dir(&folder).unwrap();
        if let Some(name) = file {
            fs::write(folder.join(name), "").unwrap();
        }
        #[cfg(unix)]
        private(&folder);
        let told = station.run(&["verify"]);
        assert_eq!(told.code, 1);
        has(&told.out, &[id, empty, "corticurve verify --known"]);
        let known = station.run(&["verify", "--known", id]);
        assert_eq!((known.code, known.err.as_str()), (0, ""), "{}", known.out);
        has(
            &known.out,
            &["known, and not told of again on this workstation: patients/p-000000000000\n", "no findings"],
        );
        station.run(&["verify"]).ok();
        has(&station.refused(1, &["verify", "--known", id]), &["misses no file of this patient"]);
        // Another workstation has not been told.
        let names = station.path("cache");
        fs::rename(&names, station.path("away")).unwrap();
        assert_eq!(station.run(&["verify"]).code, 1);
        fs::remove_dir_all(&names).unwrap();
        fs::rename(station.path("away"), &names).unwrap();
        // What is saved there after all is missed once it is gone.
        let mut patients = fs::read_dir(station.data().join("patients")).unwrap().map(|item| item.unwrap().path());
        let robin = patients.find(|path| !path.ends_with(id)).unwrap();
        let segment = fs::read_dir(robin).unwrap().next().unwrap().unwrap().path();
        let there = folder.join(segment.file_name().unwrap());
        fs::copy(segment, &there).unwrap();
        assert_eq!(station.run(&["summary"]).code, 1, "it says that it is another's");
        fs::remove_file(&there).unwrap();
        has(&station.run(&["verify"]).out, &["this file was read on this workstation before"]);
        assert_eq!(station.run(&["verify", "--known", id]).code, 0);
        station.run(&["verify"]).ok();
    }
}

#[test]
fn a_folder_whose_files_are_known_to_be_gone_is_known_with_them() {
    let station = Station::with_robin();
    station.run(&super::robin("40 018")).saved();
    station.run(&["summary"]).ok();
    let file = station.segments().remove(0);
    fs::remove_file(&file).unwrap();
    let id = file.parent().unwrap().file_name().unwrap().to_str().unwrap();
    has(&station.run(&["verify"]).out, &["this file was read on this workstation before", "holds no entry"]);
    has(&station.run(&["verify", "--known", id]).out, &["no findings"]);
    station.run(&["verify"]).ok();
}

#[cfg(unix)]
fn private(folder: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).unwrap();
    for item in fs::read_dir(folder).unwrap() {
        fs::set_permissions(item.unwrap().path(), fs::Permissions::from_mode(0o600)).unwrap();
    }
}
