//! What a workstation remembers of the files it has read: one that is gone, or older than it was, is told at the next start.

use super::cache::{Cached, files};
use super::*;
use corticurve::store::{Loss, StoreError};

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
fn told(store: &Store) -> Vec<(String, bool)> {
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
fn shortened(bytes: &[u8]) -> Vec<u8> {
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

/// A data folder that was read on this workstation with two doses in one file, and its backup, of which the second dose
/// stands in a file of the backup's own.
struct BackedUp {
    ward: Ward,
    entries: [Entry; 2],
}

impl BackedUp {
    fn new() -> Self {
        let ward = Ward::new();
        let (backup, copies) = (ward.folder.path().join("backup"), ward.folder.path().join("copies"));
        let entries = [10, 8].map(|milligrams| {
            let entry = save(&mut ward.writer(), dose(milligrams));
            ward.reader().copy_into(&backup, &copies).unwrap();
            entry
        });
        let new = Self { ward, entries };
        new.open().read_all().unwrap();
        new
    }

    fn backup(&self) -> PathBuf {
        self.ward.folder.path().join("backup")
    }

    fn open(&self) -> Store {
        self.ward.reader().with_cache(Some(&self.ward.folder.path().join("cache")))
    }

    /// The data folder is lost, and restored from the backup.
    fn restore(&self) {
        fs::remove_dir_all(self.ward.data()).unwrap();
        let copies = self.ward.folder.path().join("copies");
        Store::open(&self.backup()).unwrap().copy_into(&self.ward.data(), &copies).unwrap();
    }
}

#[test]
fn a_ward_that_is_restored_from_its_backup_lacks_nothing_though_its_files_are_shorter() {
    let backed_up = BackedUp::new();
    backed_up.restore();
    assert_eq!(backed_up.ward.segments().len(), 2, "the second dose is in a file of the backup's writer");
    for _ in 0..2 {
        let [record] = &backed_up.open().read_all().unwrap()[..] else { panic!("one patient") };
        assert_eq!((ids(&record.entries), &record.findings), (ids(&backed_up.entries), &vec![]), "also from the cache");
    }
    assert_eq!(told(&backed_up.open()), vec![]);
    assert!(!verified(&backed_up.open()).iter().any(Finding::is_remembered));
    // It is a loss as soon as that is not there any more, and what was read of the longer file is not forgotten.
    let files = backed_up.ward.segments();
    let is_first = |file: &PathBuf| fs::read_to_string(file).unwrap().contains(&backed_up.entries[0].id.to_string());
    let (first, second): (Vec<PathBuf>, Vec<PathBuf>) = files.into_iter().partition(is_first);
    fs::remove_file(&second[0]).unwrap();
    let name = |file: &PathBuf| file.file_name().unwrap().to_str().unwrap().to_owned();
    let mut lost = told(&backed_up.open());
    lost.sort_by_key(|(_, is_older)| *is_older);
    assert_eq!(lost, [(name(&second[0]), false), (name(&first[0]), true)]);
}

#[test]
fn what_older_versions_remember_is_read_and_still_tells_an_older_state() {
    let backed_up = BackedUp::new();
    let cache = backed_up.ward.folder.path().join("cache");
    let names =
        super::cache::files(&cache).into_iter().find(|file| file.extension() == Some("names".as_ref())).unwrap();
    let whole = fs::read_to_string(&names).unwrap();
    let without = |line: &str| line.split(' ').take(3).collect::<Vec<_>>().join(" ") + "\n";
    let old: String = whole.lines().map(without).collect();
    assert_eq!(whole.trim_end(), format!("{} {}", old.trim_end(), backed_up.entries[1].id), "one file, one line");
    fs::write(&names, &old).unwrap();
    backed_up.open().read_all().unwrap();
    assert_eq!(fs::read_to_string(&names).unwrap(), whole, "the last entry is taken in by the next reading");
    fs::write(&names, &old).unwrap();
    backed_up.restore();
    assert_eq!(told(&backed_up.open()).len(), 1, "of which entry it was nothing is known");
}

#[test]
fn the_last_entry_in_another_file_of_the_same_writer_does_not_excuse_an_older_state() {
    // A share that failed: the lines are in the first file after all, and were saved once more in the next.
    let ward = Ward::new();
    let cache = ward.folder.path().join("cache");
    let mut store = ward.writer();
    let [_, _, last] = &save_all(&mut store, vec![dose(10), dose(8), dose(4)])[..] else { panic!("three") };
    let first = ward.segment();
    let next = |writer: &str| first.with_file_name(format!("{writer}-0002.ron"));
    let text = fs::read_to_string(&first).unwrap();
    let writer = store.writer_id().unwrap().as_str().to_owned();
    for (other, expected) in [(writer.as_str(), 1), ("zzzzzzzz", 0)] {
        // The header and the last line, chained anew.
        let lines: Vec<&str> = text.lines().map(|line| line.split(" //#").next().unwrap()).collect();
        let header = lines[1].replace("segment: 1", "segment: 2").replace(&writer, other);
        let (mut digits, mut sealed) = (String::new(), "[\n".to_owned());
        for line in [header.as_str(), lines[4]] {
            let sha = Sha256::digest(format!("{digits}{line}"));
            digits = format!("{:016x}", u64::from_be_bytes(sha[..8].try_into().unwrap()));
            sealed += &format!("{line} //#{digits}\n");
        }
        fs::write(next(other), sealed + "]\n").unwrap();
        let open = || ward.reader().with_cache(Some(&cache));
        assert_eq!((open().read_all().unwrap()[0].findings.len(), ward.read().entries.len()), (0, 3), "{other}");
        fs::write(&first, shortened(&shortened(text.as_bytes()))).unwrap();
        assert!(ids(&ward.read().entries).contains(&last.id));
        assert_eq!(told(&open()).len(), expected, "{other}");
        fs::write(&first, &text).unwrap();
        fs::remove_file(next(other)).unwrap();
        fs::remove_dir_all(&cache).unwrap();
    }
}
