//! The outbox: what the data folder did not take is kept on the workstation, whole or not at all, until it is delivered.

use super::share::{Mood, Share};
use super::simulated::{Fault, Operation, Trouble};
use super::*;
use corticurve::store::{OsStorage, Outbox, Storage, StoreError, new_entry};

fn entry(fact: Fact) -> Entry {
    new_entry(fact, &author(), at()).unwrap()
}

fn outbox_on(storage: impl Storage + 'static, ward: &Ward) -> Outbox {
    Outbox::new(Arc::new(storage), &ward.config(), ward.reader().id())
}

fn outbox(ward: &Ward) -> Outbox {
    outbox_on(OsStorage, ward)
}

/// The files of the outbox for the test patient, sorted.
fn files(ward: &Ward) -> Vec<PathBuf> {
    let folder = ward.config().join("outbox").join(ward.reader().id().as_str()).join(patient().as_str());
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|item| item.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn what_is_kept_waits_for_every_program_of_the_workstation_until_it_is_marked() {
    let ward = Ward::new();
    drop(ward.writer());
    assert_eq!(outbox(&ward).waiting().unwrap(), vec![]);
    assert!(!ward.config().join("outbox").exists(), "nothing is made before there is something to keep");
    let entries = [entry(robin()), entry(dose(10))];
    outbox(&ward).keep(&patient(), &entries).unwrap();
    let waiting = outbox(&ward).waiting().unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!((&waiting[0].patient, waiting[0].entries.as_slice()), (&patient(), &entries[..]));
    for _ in 0..2 {
        outbox(&ward).mark_delivered(&waiting[0]).unwrap();
        assert_eq!(outbox(&ward).waiting().unwrap(), vec![]);
    }
    assert_eq!(files(&ward).len(), 2, "nothing is removed: the file and its mark");
}

#[test]
fn a_file_of_the_outbox_is_a_segment_that_people_can_deliver_by_hand() {
    let ward = Ward::new();
    let first = save(&mut ward.writer(), robin());
    let kept = entry(dose(10));
    outbox(&ward).keep(&patient(), std::slice::from_ref(&kept)).unwrap();
    let file = files(&ward).remove(0);
    fs::copy(&file, ward.segments()[0].with_file_name(file.file_name().unwrap())).unwrap();
    let record = ward.read();
    assert_eq!((ids(&record.entries), record.findings), (ids(&[first, kept]), vec![]));
}

#[test]
fn one_data_folder_s_outbox_is_not_another_s() {
    let (ward, other) = (Ward::new(), Ward::new());
    drop((ward.writer(), other.writer()));
    outbox(&ward).keep(&patient(), &[entry(dose(10))]).unwrap();
    let elsewhere = Outbox::new(Arc::new(OsStorage), &ward.config(), other.reader().id());
    assert_eq!(elsewhere.waiting().unwrap(), vec![]);
}

#[test]
fn what_the_workstation_does_not_take_is_never_called_kept() {
    for mood in [Mood::Full, Mood::ReadOnly, Mood::NeverSyncs, Mood::Gone] {
        let ward = Ward::new();
        drop(ward.writer());
        let share = Share::new();
        let outbox = outbox_on(share.clone(), &ward);
        share.becomes(mood);
        let error = outbox.keep(&patient(), &[entry(dose(10))]).unwrap_err();
        // Once a file was made, nobody can promise that nothing of it shows up later.
        let unsure = matches!(mood, Mood::Full | Mood::NeverSyncs);
        assert_eq!(matches!(error, StoreError::MayBeKept { .. }), unsure, "{mood:?}: {error:?}");
        assert_eq!(error.to_string().contains("it may still show in the log as waiting"), unsure, "{error}");
        share.becomes(Mood::Well);
        // It may still be there whole, as with any save that was not confirmed; never in part.
        let whole = usize::from(mood == Mood::NeverSyncs);
        let waiting = outbox.waiting().unwrap();
        assert_eq!(waiting.iter().map(|batch| batch.entries.len()).sum::<usize>(), whole, "{mood:?}");
        // An empty file may be left, which nobody can tell from one that was cut since.
        let told = waiting.iter().flat_map(|batch| &batch.findings);
        assert!(told.into_iter().all(|finding| finding.kind == FindingKind::NotKeptWhole), "{mood:?}: {waiting:?}");
        let next = entry(dose(4));
        outbox.keep(&patient(), std::slice::from_ref(&next)).unwrap();
        assert!(outbox.waiting().unwrap().iter().any(|batch| batch.entries.contains(&next)), "{mood:?}");
    }
}

#[test]
fn a_damaged_line_is_reported_with_its_file_and_costs_only_itself() {
    let ward = Ward::new();
    drop(ward.writer());
    let entries = [entry(dose(10)), entry(dose(4))];
    outbox(&ward).keep(&patient(), &entries).unwrap();
    let file = files(&ward).remove(0);
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replacen("10 mg", "90 mg", 1)).unwrap();
    let waiting = outbox(&ward).waiting().unwrap();
    assert_eq!(waiting[0].entries, entries[1..]);
    let name = file.file_name().unwrap().to_str().unwrap();
    let words = waiting[0].findings[0].to_string();
    assert!(words.starts_with("outbox/") && words.contains(&format!("{name}:3: ")), "{words}");
    assert_eq!(waiting[0].findings.len(), 1);
}

#[test]
fn a_batch_that_was_cut_is_shown_until_it_is_marked_as_recorded_again() {
    let ward = Ward::new();
    drop(ward.writer());
    let entries = [entry(dose(10)), entry(dose(4))];
    outbox(&ward).keep(&patient(), &entries).unwrap();
    let file = files(&ward).remove(0);
    let whole = fs::read(&file).unwrap();
    for (length, left) in [(0, 0), (1, 0), (3, 0), (40, 0), (whole.len() - 30, 1), (whole.len() - 2, 2)] {
        fs::write(&file, &whole[..length]).unwrap();
        let waiting = outbox(&ward).waiting().unwrap();
        assert_eq!(waiting.len(), 1, "{length} bytes");
        assert_eq!(waiting[0].entries, entries[..left], "{length} bytes");
        let found: Vec<&FindingKind> = waiting[0].findings.iter().map(|finding| &finding.kind).collect();
        assert_eq!(found, [&FindingKind::NotKeptWhole], "{length} bytes");
        assert!(waiting[0].findings[0].to_string().contains("cut since; look in the medication chart"));
    }
    outbox(&ward).mark_recorded(&outbox(&ward).waiting().unwrap()[0]).unwrap();
    let waiting = outbox(&ward).waiting().unwrap();
    assert_eq!((waiting[0].entries.as_slice(), waiting[0].findings.as_slice()), (&entries[..], &[][..]));
    fs::write(&file, b"").unwrap();
    assert_eq!(outbox(&ward).waiting().unwrap(), vec![]);
}

#[test]
fn more_than_a_reader_reads_of_one_file_is_kept_in_several() {
    let ward = Ward::new();
    drop(ward.writer());
    let entries: Vec<Entry> = (0..160).map(|_| entry(dose_with_note(&"x".repeat(30_000)))).collect();
    outbox(&ward).keep(&patient(), &entries).unwrap();
    assert!(files(&ward).len() > 16, "{}", files(&ward).len());
    let waiting = outbox(&ward).waiting().unwrap();
    assert!(waiting.iter().all(|batch| batch.findings.is_empty()));
    let kept: Vec<Entry> = waiting.into_iter().flat_map(|batch| batch.entries).collect();
    assert!(kept == entries, "{} of {}, in their order", kept.len(), entries.len());
}

#[test]
fn of_what_needs_several_files_the_first_may_wait_although_the_second_could_not_be_made() {
    let disk = SimulatedStorage::default();
    disk.create_folder(Path::new("/config")).unwrap();
    let store = "0123456789abcdef".to_owned().try_into().unwrap();
    let outbox = Outbox::new(Arc::new(disk.clone()), Path::new("/config"), &store);
    let entries: Vec<Entry> = (0..20).map(|_| entry(dose_with_note(&"x".repeat(30_000)))).collect();
    for made in [0, 1] {
        let full = Trouble::Fails(28);
        disk.plan(vec![Fault { of: Some(Operation::MakeFile), from: made, times: usize::MAX, trouble: full }]);
        let error = outbox.keep(&patient(), &entries).unwrap_err();
        assert_eq!(matches!(error, StoreError::MayBeKept { .. }), made > 0, "{error:?}");
        assert!(error.to_string().contains("No space left on device"), "{error}");
        assert_eq!(outbox.waiting().unwrap().len(), made);
    }
}

#[test]
fn a_folder_that_cannot_be_listed_is_told_and_keeps_no_other_from_being_delivered() {
    let (ward, other) = (Ward::new(), Ward::new());
    drop((ward.writer(), other.writer()));
    let second: PatientId = "p-2a2b2c2d2e2f".parse().unwrap();
    for patient in [patient(), second.clone()] {
        outbox(&ward).keep(&patient, &[entry(dose(10))]).unwrap();
    }
    let folder = files(&ward)[0].parent().unwrap().to_owned();
    let disk = |closed: &Path| {
        let share = Share::new();
        share.cannot_read(Some(closed.file_name().unwrap().to_str().unwrap().to_owned()));
        share
    };
    let closed = outbox_on(disk(&folder), &ward);
    let waiting = closed.waiting().unwrap();
    let told: Vec<_> =
        waiting.iter().map(|batch| (&batch.patient, batch.entries.len(), batch.findings.len())).collect();
    assert_eq!(told, [(&second, 1, 0), (&patient(), 0, 1)]);
    assert!(waiting[1].findings[0].to_string().contains("cannot be read"), "{:?}", waiting[1].findings);
    closed.mark_recorded(&waiting[1]).unwrap_err();
    let store = folder.parent().unwrap();
    for (closed, entries) in [(folder.as_path(), 1), (store, 0), (store.parent().unwrap(), 0)] {
        let disk: Arc<dyn Storage> = Arc::new(disk(closed));
        assert_eq!(Outbox::waiting_anywhere(&disk, &ward.config()), entries + 1, "{closed:?}");
        let elsewhere = Outbox::new(disk, &ward.config(), other.reader().id()).waiting_elsewhere();
        let counts: Vec<_> = elsewhere.iter().map(|other| (other.entries, other.damaged)).collect();
        assert_eq!(counts, [(entries, 1)], "{closed:?}");
    }
}

#[test]
fn names_that_the_outbox_does_not_make_are_passed_over() {
    let ward = Ward::new();
    drop(ward.writer());
    outbox(&ward).keep(&patient(), &[entry(dose(10))]).unwrap();
    let folder = files(&ward)[0].parent().unwrap().to_owned();
    fs::write(folder.join("notes.txt"), "[").unwrap();
    fs::create_dir(folder.join("zzzzzzzz-0001.ron")).unwrap();
    fs::create_dir(folder.with_file_name("elsewhere")).unwrap();
    assert_eq!(outbox(&ward).waiting().unwrap().len(), 1);
}

#[cfg(unix)]
#[test]
fn the_outbox_can_be_read_by_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let ward = Ward::new();
    drop(ward.writer());
    outbox(&ward).keep(&patient(), &[entry(dose(10))]).unwrap();
    let file = files(&ward).remove(0);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
}

#[test]
fn a_store_that_is_no_longer_the_one_that_was_opened_is_not_taken_for_it() {
    let (ward, other) = (Ward::new(), Ward::new());
    let store = ward.writer();
    store.look().unwrap();
    drop(other.writer());
    fs::copy(other.data().join("STORE.ron"), ward.data().join("STORE.ron")).unwrap();
    assert!(matches!(store.look(), Err(StoreError::OtherStore { .. })));
    fs::remove_file(ward.data().join("STORE.ron")).unwrap();
    assert!(matches!(store.look(), Err(StoreError::Io { .. })), "an empty folder is no ward without patients");
}

#[test]
fn a_look_tells_a_change_by_the_bytes_when_size_and_time_are_the_same() {
    let ward = Ward::new();
    save_all(&mut ward.writer(), vec![robin(), dose(10)]);
    let store = ward.reader();
    let before = store.glance(&patient()).unwrap();
    assert_eq!(store.glance(&patient()).unwrap(), before);
    let file = ward.segment();
    let (text, time) = (fs::read_to_string(&file).unwrap(), fs::metadata(&file).unwrap().modified().unwrap());
    fs::write(&file, text.replacen("10 mg", "90 mg", 1)).unwrap();
    fs::File::options().write(true).open(&file).unwrap().set_modified(time).unwrap();
    assert_ne!(store.glance(&patient()).unwrap(), before);
}
