//! The unit's settings on the disk: changing them, alone and two programs at once, and files that cannot be used.

use super::*;
use corticurve::exposure::{UnitChange, UnitSettings};
use corticurve::store::{StoreError, UnitRecord, sealed};
use std::sync::Barrier;

/// A change of the settings, some seconds after the others.
fn change(table: &str, by: &str, seconds: i64) -> UnitChange {
    let settings = UnitSettings { table: table.to_owned(), ..UnitSettings::default() };
    let at = at() + chrono::TimeDelta::seconds(seconds);
    UnitChange { at, by: by.parse().unwrap(), reason: "protocol 12 [draft]".to_owned(), settings }
}

/// The file that people write, with blocks of these tables at these times.
fn by_hand(ward: &Ward, blocks: &[(&str, &str)]) {
    let block = |(at, table): &(&str, &str)| {
        format!("(changed_at: \"2026-{at}+01:00\", changed_by: \"HD\", table: \"{table}\"),\n")
    };
    let text: String = blocks.iter().map(block).collect();
    fs::write(ward.data().join("unit.ron"), format!("[\n{text}]\n")).unwrap();
}

/// The files that programs made, sorted.
fn made(ward: &Ward) -> Vec<PathBuf> {
    let Ok(items) = fs::read_dir(ward.data().join("unit")) else { return Vec::new() };
    let mut files: Vec<PathBuf> = items.map(|item| item.unwrap().path()).collect();
    files.sort();
    files
}

/// The tables of the changes, the earliest first.
fn tables(record: &UnitRecord) -> Vec<&str> {
    record.history.changes().iter().map(|change| change.settings.table.as_str()).collect()
}

fn read(ward: &Ward) -> UnitRecord {
    UnitRecord::read(&ward.data()).unwrap()
}

fn store(ward: &Ward) -> Store {
    Store::open_or_create(&ward.data(), "Ward 4").unwrap()
}

/// Two changes, of which the first is the file that is returned.
fn two_changes(ward: &Ward) -> (Store, PathBuf) {
    let store = store(ward);
    store.change_unit(&UnitRecord::default(), &change("bnf", "NK", 0)).unwrap();
    let first = made(ward).remove(0);
    store.change_unit(&read(ward), &change("katzung", "AB", 60)).unwrap();
    (store, first)
}

#[test]
fn a_unit_without_a_file_has_the_design_s_settings_and_reading_makes_none() {
    let ward = Ward::new();
    let read = store(&ward).unit_record().unwrap();
    assert_eq!((read.history.in_force(), read.history.last()), (UnitSettings::default(), None));
    assert_eq!((made(&ward).len(), ward.data().join("unit").exists()), (0, false));
}

#[test]
fn each_change_is_a_new_file_and_the_earlier_ones_stay_as_the_history() {
    let ward = Ward::new();
    let store = store(&ward);
    store.change_unit(&UnitRecord::default(), &change("bnf", "NK", 0)).unwrap();
    let before = (made(&ward).remove(0), fs::read(&made(&ward)[0]).unwrap());
    store.change_unit(&read(&ward), &change("katzung", "AB", 60)).unwrap();
    assert_eq!((made(&ward).len(), fs::read(&before.0).unwrap()), (2, before.1), "no file is written twice");
    let record = read(&ward);
    assert_eq!((tables(&record), record.findings.as_slice()), (vec!["bnf", "katzung"], &[][..]));
    assert_eq!(record.history.last(), Some(&change("katzung", "AB", 60)));
    assert!(!ward.data().join("unit.ron").exists(), "that file is for people");
}

#[cfg(unix)]
#[test]
fn the_files_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let ward = Ward::new();
    store(&ward).change_unit(&UnitRecord::default(), &change("bnf", "NK", 0)).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&made(&ward)[0]), mode(&ward.data().join("unit"))), (0o600, 0o700));
}

#[test]
fn two_programs_that_change_the_settings_at_once_are_both_kept_and_the_later_time_is_in_force() {
    let mut both_at_once = 0;
    for round in 0..60 {
        let ward = Ward::new();
        drop(store(&ward));
        let barrier = Barrier::new(2);
        // Each program in its own turn has the later time, and the longer text.
        let changes = [change("bnf", "NK", round % 2), change("potency-25", "ABC", (round + 1) % 2)];
        let outcomes: Vec<Result<(), StoreError>> = std::thread::scope(|scope| {
            let programs: Vec<_> = changes
                .iter()
                .map(|change| {
                    let (ward, barrier) = (&ward, &barrier);
                    scope.spawn(move || {
                        let store = ward.reader();
                        let seen = store.unit_record().unwrap();
                        barrier.wait();
                        store.change_unit(&seen, change)
                    })
                })
                .collect();
            programs.into_iter().map(|program| program.join().unwrap()).collect()
        });
        let mut saved: Vec<&UnitChange> = Vec::new();
        for (change, outcome) in changes.iter().zip(&outcomes) {
            match outcome {
                Ok(()) => saved.push(change),
                // The other one was quicker by so much that this one saw it.
                Err(error) => assert!(matches!(error, StoreError::UnitChanged { .. }), "{error}"),
            }
        }
        saved.sort_by_key(|change| change.at);
        let record = read(&ward);
        assert_eq!(record.history.changes().iter().collect::<Vec<_>>(), saved, "all that was called saved, by time");
        assert_eq!((record.findings.as_slice(), made(&ward).len()), (&[][..], saved.len()));
        assert!(!saved.is_empty());
        both_at_once += usize::from(saved.len() == 2);
    }
    assert!(both_at_once > 0, "in no round both programs wrote at once");
}

#[test]
fn changes_of_one_instant_are_ordered_by_file_wherever_they_are_read() {
    let ward = Ward::new();
    two_changes(&ward);
    // A change made over the same settings at the same time, under names before and after the other.
    let last = made(&ward).into_iter().find(|file| fs::read_to_string(file).unwrap().contains("katzung")).unwrap();
    let text = fs::read_to_string(&last).unwrap();
    let blocks = text.rsplit_once("//#").unwrap().0.replace("\"katzung\"", "\"potency-25\"");
    fs::write(ward.data().join("unit/00000000-0001.ron"), sealed(&blocks)).unwrap();
    assert_eq!(tables(&read(&ward)), ["bnf", "potency-25", "katzung"]);
    fs::write(ward.data().join("unit/zzzzzzzz-0001.ron"), sealed(&blocks.replace("potency-25", "potency-30"))).unwrap();
    assert_eq!(tables(&read(&ward)), ["bnf", "potency-25", "katzung", "potency-30"]);
    by_hand(&ward, &[("03-29T08:03:11", "fda-label")]);
    assert_eq!(tables(&read(&ward)), ["bnf", "fda-label", "potency-25", "katzung", "potency-30"]);
}

#[test]
fn what_people_wrote_stands_beside_what_programs_made_and_is_never_written() {
    let ward = Ward::new();
    let store = store(&ward);
    by_hand(&ward, &[("03-30T09:00:00", "katzung"), ("03-01T09:00:00", "bnf")]);
    let before = fs::read(ward.data().join("unit.ron")).unwrap();
    let seen = store.unit_record().unwrap();
    assert_eq!(tables(&seen), ["bnf", "katzung"]);
    let day = 24 * 60 * 60;
    // Dated before what is in force, it would not come into force itself.
    let error = store.change_unit(&seen, &change("potency-25", "NK", 0)).unwrap_err().to_string();
    assert!(error.starts_with("nothing was saved: the settings in force are of 30-Mar-2026 09:00"), "{error}");
    assert_eq!(made(&ward).len(), 0);
    store.change_unit(&seen, &change("potency-25", "NK", 2 * day)).unwrap();
    assert_eq!(tables(&read(&ward)), ["bnf", "katzung", "potency-25"]);
    assert_eq!(fs::read(ward.data().join("unit.ron")).unwrap(), before);
    by_hand(&ward, &[("03-30T09:00:00", "katzung"), ("04-02T09:00:00", "potency-30")]);
    assert_eq!(tables(&read(&ward)), ["katzung", "potency-25", "potency-30"]);
}

#[test]
fn a_change_made_for_settings_that_somebody_changed_meanwhile_is_refused() {
    let ward = Ward::new();
    let store = store(&ward);
    let seen = store.unit_record().unwrap();
    store.change_unit(&seen, &change("bnf", "AB", 0)).unwrap();
    let error = store.change_unit(&seen, &change("katzung", "NK", 60)).unwrap_err().to_string();
    assert!(error.starts_with("nothing was saved: ") && error.contains("were changed meanwhile by AB"), "{error}");
    // Also by people.
    let seen = store.unit_record().unwrap();
    by_hand(&ward, &[("04-01T09:00:00", "potency-25")]);
    let error = store.change_unit(&seen, &change("katzung", "NK", 60)).unwrap_err().to_string();
    assert!(error.contains("were changed meanwhile by HD"), "{error}");
    assert_eq!(tables(&read(&ward)), ["bnf", "potency-25"]);
}

#[test]
fn other_numbers_under_one_version_of_a_table_are_refused_with_that_reason() {
    let ward = Ward::new();
    let store = store(&ward);
    let own = |prednisone: &str, seconds| {
        let table = format!(
            "(table: \"ward-4\", tables: [(id: \"ward-4\", version: \"1\", source: \"ours\", confirmed: true, equivalents: \
             [(\"dexamethasone\", \"0.75\"), (\"prednisone\", \"{prednisone}\")])])"
        );
        UnitChange { settings: UnitSettings::parse(&table).unwrap(), ..change("", "NK", seconds) }
    };
    store.change_unit(&UnitRecord::default(), &own("5", 0)).unwrap();
    let error = store.change_unit(&read(&ward), &own("6", 60)).unwrap_err().to_string();
    assert!(error.starts_with("nothing was saved: conversion table ward-4 version 1 had other numbers"), "{error}");
    assert_eq!(made(&ward).len(), 1);
    // Two programs that could not see each other: the earlier one's numbers stand, and the later change is reported.
    let other = sealed(&format!("[{}]", own("6", 60).text()));
    fs::write(ward.data().join("unit/zzzzzzzz-0001.ron"), other).unwrap();
    let record = read(&ward);
    assert_eq!(record.history.changes(), [own("5", 0)]);
    assert!(record.findings[0].to_string().starts_with("unit/zzzzzzzz-0001.ron:"), "{}", record.findings[0]);
    assert!(record.findings[0].to_string().contains("had other numbers in the change of 29-Mar-2026 08:02"));
}

#[test]
fn a_file_torn_at_any_byte_never_gives_other_settings_and_never_hides_the_others() {
    // Reading waits for a save that may be under way, so several wards are torn at once.
    const WARDS: usize = 16;
    let torn = |ward: Ward, start: usize| {
        let (store, first) = two_changes(&ward);
        let last = made(&ward).into_iter().find(|file| *file != first).unwrap();
        for (file, left) in [(&last, "bnf"), (&first, "katzung")] {
            let bytes = fs::read(file).unwrap();
            let closed = bytes.windows(2).rposition(|window| window == b"\n]").unwrap() + 2;
            for length in (start..bytes.len()).step_by(WARDS) {
                // Some file systems leave zeros where nothing arrived.
                for rest in [0, bytes.len() - length] {
                    let mut torn = bytes[..length].to_vec();
                    torn.resize(length + rest, 0);
                    fs::write(file, &torn).unwrap();
                    let record = read(&ward);
                    assert_eq!(tables(&record), [left], "{length}");
                    if rest == 0 && length < closed {
                        // As a save leaves it that the disk had no room for: it is no change, and every look reports it.
                        assert_eq!(record.findings, vec![], "{length}");
                        assert_eq!(
                            verified(&store).iter().map(|found| &found.kind).collect::<Vec<_>>(),
                            [&FindingKind::SettingsLeftover]
                        );
                        continue;
                    }
                    let finding = record.findings[0].to_string();
                    assert!(finding.starts_with(&format!("unit/{}:", file.file_name().unwrap().to_str().unwrap())));
                    assert!(
                        finding.contains("move the file out of the data folder and make the change again"),
                        "{finding}"
                    );
                    assert_eq!(record.findings.len(), 1);
                }
            }
            fs::write(file, &bytes).unwrap();
        }
    };
    std::thread::scope(|scope| (0..WARDS).for_each(|start| drop(scope.spawn(move || torn(Ward::new(), start)))));
}

#[test]
fn a_change_can_be_made_beside_a_torn_file_which_stays_as_it_is() {
    let ward = Ward::new();
    let (store, first) = two_changes(&ward);
    fs::write(&first, "[\n(changed_at").unwrap();
    store.change_unit(&read(&ward), &change("potency-30", "NK", 120)).unwrap();
    let record = read(&ward);
    assert_eq!((tables(&record), record.findings.len()), (vec!["katzung", "potency-30"], 1));
    assert_eq!(fs::read(&first).unwrap(), b"[\n(changed_at", "what is torn is left as it is");
}

#[test]
fn a_change_that_came_to_nothing_on_a_full_disk_stops_no_figure_and_no_change() {
    let whole = {
        let ward = Ward::new();
        store(&ward).change_unit(&UnitRecord::default(), &change("bnf", "NK", 0)).unwrap();
        fs::read(&made(&ward)[0]).unwrap()
    };
    for length in [0, 1, 100, whole.len() / 2] {
        let ward = Ward::new();
        let store = store(&ward);
        fs::create_dir(ward.data().join("unit")).unwrap();
        let file = ward.data().join("unit/00000000-0001.ron");
        fs::write(&file, &whole[..length]).unwrap();
        let record = read(&ward);
        assert_eq!((record.history.in_force(), record.findings.as_slice()), (UnitSettings::default(), &[][..]));
        let told = verified(&store);
        assert_eq!(
            told.iter().map(|found| &found.kind).collect::<Vec<_>>(),
            [&FindingKind::SettingsLeftover],
            "{length}"
        );
        store.change_unit(&record, &change("katzung", "NK", 0)).unwrap();
        assert_eq!((tables(&read(&ward)), fs::read(&file).unwrap().len()), (vec!["katzung"], length));
    }
    // The beginning of another file is damage.
    for bytes in [&b"[\n(changed_at"[..], b"\0\0\0", &[&whole[..200], b"\0"].concat()] {
        let ward = Ward::new();
        let store = store(&ward);
        fs::create_dir(ward.data().join("unit")).unwrap();
        fs::write(ward.data().join("unit/00000000-0001.ron"), bytes).unwrap();
        let error = store.unit_record().unwrap_err().to_string();
        assert!(error.contains("move the file out of the data folder and make the change again"), "{error}");
        fs::remove_file(ward.data().join("unit/00000000-0001.ron")).unwrap();
        store.change_unit(&read(&ward), &change("katzung", "NK", 0)).unwrap();
    }
}

#[test]
fn broken_settings_by_hand_leave_those_of_the_programs_and_are_refused_where_there_are_none() {
    for (text, says) in [
        (
            "[\n(changed_at: \"2026-11-22T14:30Z\", changed_by: \"NK\",\n weight: \"day 9\")]",
            "unit.ron:3: column 11: 'day 9'",
        ),
        (
            "[\n(changed_at: \"2026-11-22T14:30Z\", changed_by: \"NK\",\n",
            "unit.ron:2: column 52: the file is empty or ends",
        ),
        ("no list", "unit.ron:1: column 1: Expected opening `[`"),
    ] {
        let ward = Ward::new();
        let store = store(&ward);
        fs::write(ward.data().join("unit.ron"), text).unwrap();
        let error = store.unit_record().unwrap_err();
        assert!(matches!(&error, StoreError::Unit { findings, .. } if findings.len() == 1), "{error:?}");
        assert!(error.to_string().contains(says), "{error}");
        let refused = store.change_unit(&UnitRecord::default(), &change("bnf", "NK", 0)).unwrap_err();
        assert!(matches!(refused, StoreError::Unit { .. }), "{refused}");
        assert_eq!(made(&ward).len(), 0, "no change is made over settings that nobody knows");
        fs::remove_file(ward.data().join("unit.ron")).unwrap();
        store.change_unit(&UnitRecord::default(), &change("bnf", "NK", 0)).unwrap();
        fs::write(ward.data().join("unit.ron"), text).unwrap();
        let record = read(&ward);
        assert_eq!((tables(&record), record.findings.len()), (vec!["bnf"], 1));
        assert!(record.findings[0].to_string().starts_with(says), "{}", record.findings[0]);
    }
}

#[test]
fn verify_reports_what_cannot_be_used_and_what_does_not_belong() {
    let ward = Ward::new();
    let (store, first) = two_changes(&ward);
    assert_eq!(verified(&store), vec![]);
    let folder = ward.data().join("unit");
    for name in ["Copy of 00000000-0001.ron", "00000000-1.ron", "00000000-0001.ron.tmp"] {
        fs::write(folder.join(name), "[]").unwrap();
    }
    fs::create_dir(folder.join("00000000-0001.ron")).unwrap();
    assert_eq!(read(&ward).findings, vec![], "names that no program makes are nobody's settings");
    fs::write(&first, b"[\n\xff]").unwrap();
    fs::write(ward.data().join("unit.ron"), vec![b' '; 1024 * 1024 + 1]).unwrap();
    let mut told: Vec<String> = verified(&store).iter().map(ToString::to_string).collect();
    told.sort();
    let torn = format!(
        "unit/{}: this file of a change of the settings is damaged",
        first.file_name().unwrap().to_str().unwrap()
    );
    for says in [
        "unit/00000000-0001.ron: this is a link, a folder or a file where none belongs",
        "unit/00000000-0001.ron.tmp: this was not made by this program",
        "unit/00000000-1.ron: this was not made by this program",
        "unit/Copy of 00000000-0001.ron: this was not made by this program",
        "unit.ron: this file is larger than 1048576 bytes",
        &torn,
    ] {
        assert!(told.iter().any(|finding| finding.starts_with(says)), "{says} in {told:#?}");
    }
    assert_eq!(told.len(), 6);
}

#[cfg(unix)]
#[test]
fn a_file_that_the_system_does_not_let_be_read_is_reported() {
    let ward = Ward::new();
    two_changes(&ward);
    // A folder in the place of the file: reading it fails for everybody, also for root.
    fs::create_dir(ward.data().join("unit.ron")).unwrap();
    let record = read(&ward);
    assert_eq!(tables(&record), ["bnf", "katzung"]);
    assert!(record.findings[0].to_string().starts_with("unit.ron: cannot be read ("), "{}", record.findings[0]);
}

#[test]
fn settings_that_cannot_be_used_keep_no_dose_from_being_recorded() {
    let ward = Ward::new();
    let mut store = ward.writer();
    fs::write(ward.data().join("unit.ron"), "[(").unwrap();
    save_all(&mut store, vec![robin(), dose(10)]);
    assert_eq!(ward.read().entries.len(), 2);
    assert_eq!(fs::read(ward.data().join("unit.ron")).unwrap(), b"[(", "what is torn is left as it is");
}
