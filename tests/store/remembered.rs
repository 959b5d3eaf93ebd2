//! What a workstation remembers of the files it has read: one that is gone, or older than it was, is told at the next start.

use super::cache::{Cached, files};
use super::*;
use corticurve::store::{Loss, StoreError};
use std::sync::Barrier;

#[test]
fn a_file_that_was_read_on_this_workstation_is_missed_by_a_program_that_is_started_when_it_is_gone() {
    let ward = Cached::new();
    let losses = |records: &[PatientRecord]| {
        let all = records.iter().flat_map(|record| &record.findings);
        let lost = all.filter(|found| found.kind == FindingKind::Lost(Loss::SeenFile));
        lost.map(|found| found.file.clone()).collect::<Vec<_>>()
    };
    assert_eq!(losses(&ward.with_cache()), Vec::<PathBuf>::new());
    let (file, away) = (ward.segment(0), ward.folder.path().join("away"));
    let name = file.strip_prefix(ward.data()).unwrap().to_owned();
    let bytes = fs::read(&file).unwrap();
    for bytes_left in [None, Some("")] {
        match bytes_left {
            None => fs::remove_file(&file).unwrap(),
            Some(left) => fs::write(&file, left).unwrap(),
        }
        assert_eq!(losses(&ward.with_cache()), std::slice::from_ref(&name));
        let open = ward.store().with_cache(Some(&ward.cache()));
        assert_eq!(
            losses(&[open.read(&patient()).unwrap()]),
            std::slice::from_ref(&name),
            "also when one patient is read"
        );
        assert!(open.verify(at()).unwrap().findings.iter().any(|found| found.file == name));
        assert_eq!(losses(&ward.store().read_all().unwrap()), Vec::<PathBuf>::new(), "elsewhere nobody knows");
        fs::write(&file, &bytes).unwrap();
        assert_eq!(losses(&ward.with_cache()), Vec::<PathBuf>::new(), "it is back");
    }
    let folder = file.parent().unwrap().to_owned();
    let files = fs::read_dir(&folder).unwrap().count();
    fs::rename(&folder, &away).unwrap();
    let records = ward.with_cache();
    assert_eq!((losses(&records).len(), records.iter().filter(|record| record.id == patient()).count()), (files, 1));
    let patients = ward.data().join("patients");
    fs::remove_dir_all(&patients).unwrap();
    let error = ward.store().with_cache(Some(&ward.cache())).read_all().unwrap_err();
    assert!(matches!(error, StoreError::NoPatients { .. }), "{error}");
    fs::create_dir(&patients).unwrap();
    fs::rename(&away, &folder).unwrap();
    assert_eq!(losses(&ward.with_cache()), Vec::<PathBuf>::new());
}

#[test]
fn a_file_that_was_put_back_to_an_older_state_is_noticed_by_a_program_that_is_started_later() {
    let ward = Cached::new();
    let (file, older) = (ward.segment(0), fs::read(ward.segment(0)).unwrap());
    let shorter = |records: Vec<PatientRecord>| {
        let all = records.into_iter().flat_map(|record| record.findings);
        all.map(|found| (found.file, found.kind)).collect::<Vec<_>>()
    };
    let told = [(file.strip_prefix(ward.data()).unwrap().to_owned(), FindingKind::Lost(Loss::Shorter))];
    ward.with_cache();
    // As the writer goes on with it.
    let text = String::from_utf8(older.clone()).unwrap();
    let last = text.lines().rev().nth(1).unwrap().split("//#").last().unwrap().to_owned();
    let line = text.lines().nth(2).unwrap().split(" //#").next().unwrap().to_owned();
    let sha = Sha256::digest(format!("{last}{line}"));
    let sealed = format!("{line} //#{:016x}\n]\n", u64::from_be_bytes(sha[..8].try_into().unwrap()));
    let longer = [&older[..older.len() - 2], sealed.as_bytes()].concat();
    fs::write(&file, &longer).unwrap();
    for _ in 0..2 {
        assert_eq!(shorter(ward.with_cache()), [], "it went on, and a second look comes out of the cache");
    }
    fs::write(&file, &older).unwrap();
    for _ in 0..2 {
        assert_eq!(shorter(ward.with_cache()), told);
        let open = ward.store().with_cache(Some(&ward.cache()));
        assert_eq!(shorter(vec![open.read(&patient()).unwrap()]), told);
    }
    assert_eq!(shorter(ward.store().read_all().unwrap()), [], "elsewhere nobody knows");
    fs::write(&file, &longer).unwrap();
    assert_eq!(shorter(ward.with_cache()), [], "it is back");
}

#[test]
fn what_is_remembered_is_the_names_of_files_and_a_copy_elsewhere_is_not_held_against_it() {
    let ward = Cached::new();
    ward.with_cache();
    let names =
        files(&ward.cache()).into_iter().find(|file| file.extension().is_some_and(|end| end == "names")).unwrap();
    let text = fs::read_to_string(&names).unwrap();
    for line in text.lines().map(|line| line.split(' ').next().unwrap()) {
        assert!(ward.data().join("patients").join(line).is_file(), "{line}");
    }
    let copy = ward.folder.path().join("copy");
    writers::copy_folder(&ward.data(), &copy);
    fs::remove_dir_all(copy.join("patients").join(patient().as_str())).unwrap();
    let read = Store::open(&copy).unwrap().with_cache(Some(&ward.cache())).read_all().unwrap();
    assert!(read.iter().all(|record| record.findings.is_empty()), "a backup may be older");
    fs::write(&names, "p-7f3k9q2mzt4c/../../x\nnonsense\n\u{0}").unwrap();
    assert_eq!(ward.with_cache().iter().map(|record| record.findings.len()).sum::<usize>(), 0, "no name, no finding");
}

/// What is told of files that this workstation remembers: the file, and whether it is older than it was.
pub(super) fn told(store: &Store) -> Vec<(String, bool)> {
    let record = store.read(&patient()).unwrap_or_else(|_| store.without_folder(&patient()));
    let remembered = record.findings.iter().filter(|found| found.is_remembered());
    let name = |found: &Finding| found.file.file_name().unwrap().to_str().unwrap().to_owned();
    remembered.map(|found| (name(found), found.kind == FindingKind::Lost(Loss::Shorter))).collect()
}

fn known(store: &Store, files: &[PathBuf]) -> usize {
    store.acknowledge_missing(&patient(), files, &"NK".parse().unwrap(), at()).unwrap().len()
}

/// Two files of the patient in which so many doses were saved each, read with a cache; where the files are.
fn with_two_segments() -> (Ward, PathBuf, Vec<PathBuf>) {
    let ward = Ward::new();
    let cache = ward.folder.path().join("cache");
    for config in ["one", "other"] {
        let mut store = ward.writer_with(&ward.folder.path().join(config));
        save_all(&mut store, vec![dose(1), dose(2)]);
        save(&mut store, dose(3));
    }
    ward.reader().with_cache(Some(&cache)).read_all().unwrap();
    let files = ward.segments();
    (ward, cache, files)
}

/// The segment as it was before its last line.
pub(super) fn shortened(bytes: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(bytes).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    (lines[..lines.len() - 2].join("\n") + "\n]\n").into_bytes()
}

#[test]
fn a_loss_that_is_known_is_told_no_more_and_no_program_that_remembers_it_brings_it_back() {
    for is_removed in [true, false] {
        let (ward, cache, files) = with_two_segments();
        let bytes = fs::read(&files[0]).unwrap();
        let open = || ward.reader().with_cache(Some(&cache));
        let relative = |file: &Path| file.strip_prefix(ward.data()).unwrap().to_owned();
        // It has read everything, and will keep what it reads next.
        let other = open();
        other.read_all().unwrap();
        if is_removed {
            fs::remove_file(&files[0]).unwrap();
        } else {
            fs::write(&files[0], shortened(&bytes)).unwrap();
        }
        let here = open();
        let name = files[0].file_name().unwrap().to_str().unwrap().to_owned();
        assert_eq!((told(&here), told(&other)), (vec![(name.clone(), !is_removed)], vec![(name.clone(), !is_removed)]));
        assert_eq!(known(&here, &[relative(&files[1])]), 0, "what is not missing is not forgotten");
        assert_eq!(told(&here).len(), 1);
        assert_eq!(known(&here, &[relative(&files[0])]), 1);
        assert_eq!(told(&here), vec![]);
        save(&mut ward.writer(), dose(4));
        other.read(&patient()).unwrap();
        assert_eq!(told(&other), vec![], "it hears of it when it reads");
        assert_eq!(
            (told(&open()), open().verify(at()).unwrap().findings.iter().any(Finding::is_remembered)),
            (vec![], false)
        );
        fs::write(&files[0], &bytes).unwrap();
        assert_eq!(told(&open()), vec![], "it is back");
        open().read_all().unwrap();
        if is_removed {
            fs::remove_file(&files[0]).unwrap();
        } else {
            fs::write(&files[0], shortened(&bytes)).unwrap();
        }
        assert_eq!(told(&open()), vec![(name, !is_removed)], "and is missed again");
    }
}

#[test]
fn a_program_that_never_reads_again_does_not_bring_back_what_is_known() {
    let (ward, cache, files) = with_two_segments();
    let open = || ward.reader().with_cache(Some(&cache));
    let other = open();
    other.read_all().unwrap();
    let folder = files[0].parent().unwrap();
    fs::rename(folder, ward.folder.path().join("away")).unwrap();
    let here = open();
    let gone: Vec<PathBuf> = files.iter().map(|file| file.strip_prefix(ward.data()).unwrap().to_owned()).collect();
    assert_eq!((told(&here).len(), known(&here, &gone)), (2, 2));
    // Another patient is read, so that it keeps what it has.
    let mut store = ward.writer();
    let new = store.new_patient_id().unwrap();
    store.save(&new, vec![robin()], &author(), at()).unwrap();
    other.read(&new).unwrap();
    let records = open().read_all().unwrap();
    assert_eq!(records.iter().map(|record| &record.id).collect::<Vec<_>>(), [&new]);
}

#[test]
fn what_cannot_be_looked_at_is_not_known_to_be_gone() {
    let (ward, cache, files) = with_two_segments();
    let patients = ward.data().join("patients");
    let store = ward.reader().with_cache(Some(&cache));
    fs::rename(&patients, ward.folder.path().join("away")).unwrap();
    let gone: Vec<PathBuf> = files.iter().map(|file| file.strip_prefix(ward.data()).unwrap().to_owned()).collect();
    let error = store.acknowledge_missing(&patient(), &gone, &"NK".parse().unwrap(), at()).unwrap_err();
    assert!(matches!(error, StoreError::NoPatients { .. }), "{error}");
    fs::create_dir(&patients).unwrap();
    assert_eq!(told(&store).len(), 2);
}

#[test]
fn entries_of_a_file_whose_first_line_is_damaged_are_vouched_for_by_nobody() {
    let ward = Ward::new();
    let mut store = ward.writer();
    let own = save(&mut store, dose(1));
    assert_eq!(ward.read().unvouched, BTreeSet::new());
    let file = ward.segment();
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replacen("Segment(", "Segmant(", 1)).unwrap();
    let other = save(&mut ward.writer_with(&ward.folder.path().join("other")), dose(2));
    let record = ward.read();
    assert_eq!((record.unvouched, ids(&record.entries)), (BTreeSet::from([own.id.clone()]), ids(&[own, other])));
}

#[test]
fn what_was_saved_is_missed_though_nothing_was_read_since_and_its_name_is_given_to_no_other_file() {
    let ward = Ward::new();
    let cache = ward.folder.path().join("cache");
    let run = || {
        let mut store = ward.writer().with_cache(Some(&cache));
        save(&mut store, dose(4))
    };
    run();
    let (first, away) = (ward.segment(), ward.folder.path().join("away"));
    fs::rename(&first, &away).unwrap();
    let record = Store::open(&ward.data()).unwrap().with_cache(Some(&cache)).read(&patient()).unwrap();
    let lost: Vec<&PathBuf> = record.findings.iter().map(|found| &found.file).collect();
    assert_eq!(lost, [first.strip_prefix(ward.data()).unwrap()]);
    let saved = run();
    let second = ward.segment();
    assert!(second.to_str().unwrap().ends_with("-0002.ron"), "{second:?}");
    // Also for a program that goes on while its file is taken away under it.
    let mut store = ward.writer().with_cache(Some(&cache));
    save(&mut store, dose(5));
    fs::remove_file(&second).unwrap();
    save(&mut store, dose(6));
    assert!(ward.segment().to_str().unwrap().ends_with("-0003.ron"), "{:?}", ward.segment());
    assert!(!ids(&ward.read().entries).contains(&saved.id));
    fs::rename(&away, &first).unwrap();
    assert_eq!(ward.read().entries.len(), 2, "put back, it stands beside what was saved since");
}

/// A run with a cache saves one dose.
fn run(ward: &Ward, cache: &Path, milligrams: u32) -> Entry {
    save(&mut ward.writer().with_cache(Some(cache)), dose(milligrams))
}

#[test]
fn a_file_that_was_put_back_to_an_older_state_is_not_gone_on_with_so_its_loss_is_told_on_and_no_dose_is_in_its_way() {
    let ward = Ward::new();
    let cache = ward.folder.path().join("cache");
    let first = run(&ward, &cache, 10);
    let (file, older) = (ward.segment(), fs::read(ward.segment()).unwrap());
    let second = run(&ward, &cache, 8);
    let newer = fs::read(&file).unwrap();
    fs::write(&file, &older).unwrap();
    let later = [run(&ward, &cache, 4), run(&ward, &cache, 2)];
    assert_eq!(fs::read(&file).unwrap(), older, "left as it is");
    let open = || Store::open(&ward.data()).unwrap().with_cache(Some(&cache));
    let told: Vec<FindingKind> = open().verify(at()).unwrap().findings.into_iter().map(|found| found.kind).collect();
    assert_eq!(told, [FindingKind::Lost(Loss::Shorter)], "however much was saved since");
    fs::write(&file, &newer).unwrap();
    let record = open().read(&patient()).unwrap();
    let [third, fourth] = later;
    assert_eq!((ids(&record.entries), record.findings), (ids(&[first, second, third, fourth]), vec![]));
}

#[test]
fn an_older_state_of_a_file_is_noticed_also_among_more_files_than_are_held_in_memory_at_once() {
    for files in [16, 17] {
        let ward = Ward::new();
        let cache = ward.folder.path().join("cache");
        let open = || ward.reader().with_cache(Some(&cache));
        for number in 0..files {
            let mut store = ward.writer_with(&ward.folder.path().join(format!("config {number}")));
            save_all(&mut store, vec![dose(1), dose(2)]);
        }
        open().read_all().unwrap();
        assert_eq!((ward.segments().len(), told(&open())), (files, vec![]));
        let file = ward.segments().remove(3);
        let bytes = fs::read(&file).unwrap();
        fs::write(&file, shortened(&bytes)).unwrap();
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        for _ in 0..2 {
            open().read_all().unwrap();
            assert_eq!(told(&open()), [(name.clone(), true)], "{files}");
        }
        fs::write(&file, &bytes).unwrap();
        assert_eq!(told(&open()), [], "it is back");
    }
}

#[test]
fn any_number_may_stand_in_what_is_remembered() {
    let (ward, cache, files) = with_two_segments();
    let names =
        super::cache::files(&cache).into_iter().find(|file| file.extension() == Some("names".as_ref())).unwrap();
    let relative = |file: &Path| file.strip_prefix(ward.data()).unwrap().to_owned();
    let name = |file: &Path| file.strip_prefix(ward.data().join("patients")).unwrap().display().to_string();
    let text = fs::read_to_string(&names).unwrap();
    for (turns, file) in [(u32::MAX, &files[0]), (u32::MAX - 1, &files[1])] {
        fs::write(&names, format!("{text}known {turns} {} NK 2026-03-29T08:03:00Z\n", name(file))).unwrap();
        let store = ward.reader().with_cache(Some(&cache));
        store.read_all().unwrap();
        assert_eq!(told(&store), []);
    }
    fs::write(&files[1], shortened(&fs::read(&files[1]).unwrap())).unwrap();
    let store = ward.reader().with_cache(Some(&cache));
    assert_eq!((told(&store).len(), known(&store, &[relative(&files[1])])), (1, 1));
}

#[test]
fn of_programs_that_save_at_the_same_moment_each_file_is_remembered_as_it_ends() {
    let ward = Ward::new();
    let cache = ward.folder.path().join("cache");
    let config = |number| ward.folder.path().join(format!("config {number}"));
    for round in 0..20 {
        let begin = Barrier::new(4);
        std::thread::scope(|scope| {
            for number in 0..4 {
                let mut store = ward.writer_with(&config(number)).with_cache(Some(&cache));
                let begin = &begin;
                scope.spawn(move || {
                    save(&mut store, dose(number + 1));
                    begin.wait();
                    drop(store);
                });
            }
        });
        let names = files(&cache).into_iter().find(|file| file.extension().is_some_and(|end| end == "names")).unwrap();
        let text = fs::read_to_string(names).unwrap();
        for file in ward.segments() {
            let (name, length) = (file.file_name().unwrap().to_str().unwrap(), fs::metadata(&file).unwrap().len());
            assert!(text.contains(&format!("/{name} {length} ")), "round {round}: {name} of {length} bytes in {text}");
        }
    }
}
