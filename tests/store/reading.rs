use super::*;
use corticurve::store::StoreError;
use std::sync::Barrier;

#[test]
fn no_store_makes_nothing_on_disk_and_says_what_to_do() {
    let folder = TempDir::new().unwrap();
    for data in [folder.path().join("absent"), folder.path().to_owned()] {
        let error = Store::open(&data).err().unwrap();
        assert!(matches!(&error, StoreError::NoStore { folder } if *folder == data), "{error}");
        assert!(error.to_string().contains("check the path"));
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_folder_with_other_files_is_not_made_a_store() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("letter.txt"), "Dear").unwrap();
    for refused in [Store::open(folder.path()).err(), Store::open_or_create(folder.path(), "Ward 4").err()] {
        assert!(matches!(refused, Some(StoreError::NotAStore { .. })));
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_store_is_made_once() {
    let ward = Ward::new();
    let first = Store::open_or_create(&ward.data(), "Ward 4").unwrap();
    let second = Store::open_or_create(&ward.data(), "Ward 5").unwrap();
    assert_eq!((first.id(), first.unit()), (second.id(), second.unit()));
}

#[test]
fn programs_that_start_at_once_in_one_empty_folder_make_one_store() {
    let ward = Ward::new();
    let start = Barrier::new(8);
    let open = || {
        start.wait();
        Store::open_or_create(&ward.data(), "Ward 4").unwrap().id().clone()
    };
    let found: BTreeSet<_> = std::thread::scope(|scope| {
        let programs: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
        programs.into_iter().map(|program| program.join().unwrap()).collect()
    });
    assert_eq!(found.len(), 1);
}

#[test]
fn a_damaged_or_newer_store_file_with_anything_beside_it_is_said_and_left() {
    let ward = Ward::new();
    save(&mut ward.writer(), dose(10));
    let file = ward.data().join("STORE.ron");
    for (text, newer) in [("", false), ("Store(", false), ("Store(format: 2, shards: [1])", true)] {
        fs::write(&file, text).unwrap();
        let error = Store::open_or_create(&ward.data(), "Ward 4").err().unwrap();
        assert_eq!(matches!(error, StoreError::NewerStore { format: 2, .. }), newer, "{error}");
        assert_eq!(matches!(error, StoreError::DamagedStoreFile { .. }), !newer, "{error}");
        assert_eq!(fs::read_to_string(&file).unwrap(), text);
    }
}

#[test]
fn a_store_file_that_is_all_there_is_and_was_left_half_made_is_made_again() {
    for left in ["", "Store(format: 1, app: \"0.1.0\", sto", &"\0".repeat(300)] {
        let ward = Ward::new();
        fs::create_dir(ward.data()).unwrap();
        fs::write(ward.data().join("STORE.ron"), left).unwrap();
        let error = Store::open(&ward.data()).err().unwrap();
        assert!(matches!(error, StoreError::DamagedStoreFile { .. }), "a reader makes nothing: {error}");
        let saved = save(&mut ward.writer(), dose(10));
        assert_eq!(ward.read().entries, [saved]);
    }
}

#[test]
fn a_newer_store_file_is_left_even_where_it_is_all_there_is() {
    let ward = Ward::new();
    fs::create_dir(ward.data()).unwrap();
    fs::write(ward.data().join("STORE.ron"), "Store(format: 2, shards: [1])").unwrap();
    let error = Store::open_or_create(&ward.data(), "Ward 4").err().unwrap();
    assert!(matches!(error, StoreError::NewerStore { format: 2, .. }), "{error}");
}

#[test]
fn two_programs_saving_at_once_lose_nothing() {
    let ward = Ward::new();
    drop(ward.writer());
    let saving = |_| {
        let mut store = ward.writer();
        (1..=40).map(|milligrams| save(&mut store, dose(milligrams))).collect::<Vec<_>>()
    };
    let saved: Vec<Entry> = std::thread::scope(|scope| {
        let programs: Vec<_> = (0..2).map(|program| scope.spawn(move || saving(program))).collect();
        programs.into_iter().flat_map(|program| program.join().unwrap()).collect()
    });
    let record = ward.read();
    assert_eq!((ids(&record.entries), record.findings), (ids(&saved), vec![]));
    assert_eq!(record.entries.len(), 80);
}

#[test]
fn a_reader_never_takes_a_save_under_way_for_an_interrupted_one() {
    let ward = Ward::new();
    let mut store = ward.writer();
    save(&mut store, robin());
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..60 {
                save_all(&mut store, (0..40).map(|_| dose_with_note(&"n".repeat(500))).collect());
            }
            done.store(true, std::sync::atomic::Ordering::Release);
        });
        while !done.load(std::sync::atomic::Ordering::Acquire) {
            assert_eq!(ward.read().findings, []);
        }
    });
}

#[test]
fn the_order_in_which_segments_are_read_does_not_matter() {
    let ward = Ward::new();
    let (mut here, mut there) = (ward.writer(), ward.writer());
    let later = "2026-03-29T09:00:00+01:00".parse().unwrap();
    here.save(&patient(), vec![dose(4)], &author(), later).unwrap();
    save(&mut there, dose(10));
    save(&mut here, dose(8));
    let before = ward.read();
    let mut order: Vec<_> = before.entries.iter().map(|entry| (entry.recorded_at, entry.id.clone())).collect();
    order.sort();
    assert!(before.entries.iter().zip(order).all(|(entry, (_, id))| entry.id == id));
    // Swapping the files' names turns their order round.
    let [one, two] = ward.segments().try_into().unwrap();
    let (a, b) = (fs::read(&one).unwrap(), fs::read(&two).unwrap());
    fs::write(&one, b).unwrap();
    fs::write(&two, a).unwrap();
    let after = ward.read();
    assert_eq!(after.entries, before.entries);
    assert_eq!(kinds(&after.findings), [(Some(2), FindingKind::Renamed), (Some(2), FindingKind::Renamed)]);
}

#[test]
fn another_patients_file_put_here_by_hand_is_not_used() {
    let ward = Ward::new();
    let mut store = ward.writer();
    save(&mut store, dose(10));
    let other = store.new_patient_id().unwrap();
    store.save(&other, vec![dose(40)], &author(), at()).unwrap();
    let name = ward.segment().file_name().unwrap().to_owned();
    let theirs = ward.data().join("patients").join(other.as_str()).join(name);
    fs::copy(theirs, ward.segment().with_file_name("zzzzzzzz-0001.ron")).unwrap();
    let record = ward.read();
    assert_eq!(record.entries.len(), 1);
    assert_eq!(kinds(&record.findings), [(Some(2), FindingKind::OtherPatient)]);
}

#[test]
fn a_copy_of_a_segment_counts_once() {
    let ward = Ward::new();
    save_all(&mut ward.writer(), vec![dose(10), dose(4)]);
    fs::copy(ward.segment(), ward.segment().with_file_name("zzzzzzzz-0001.ron")).unwrap();
    assert_eq!(ward.read().entries.len(), 2);
}

#[test]
fn what_does_not_belong_among_the_patients_is_listed_and_ignored() {
    let ward = Ward::new();
    save(&mut ward.writer(), dose(10));
    let patients = ward.data().join("patients");
    let own = patients.join(patient().as_str());
    fs::write(patients.join("notes.txt"), "").unwrap();
    fs::create_dir(patients.join("Example Robin")).unwrap();
    fs::write(patients.join("p-000000000000"), "").unwrap();
    fs::write(own.join("k3f9q2ha-1.ron"), "").unwrap();
    fs::create_dir(own.join("k3f9q2ha-0001.ron")).unwrap();
    let mut expected = vec![
        ("notes.txt", FindingKind::UnknownName),
        ("Example Robin", FindingKind::UnknownName),
        ("p-000000000000", FindingKind::WrongKind),
        ("k3f9q2ha-1.ron", FindingKind::UnknownName),
        ("k3f9q2ha-0001.ron", FindingKind::WrongKind),
    ];
    if cfg!(unix) {
        #[cfg(unix)]
        std::os::unix::fs::symlink(segment_of(&own), own.join("k3f9q2ha-0002.ron")).unwrap();
        expected.push(("k3f9q2ha-0002.ron", FindingKind::WrongKind));
    }
    let all = ward.reader().verify(at()).unwrap();
    assert_eq!((all.patients, all.segments, all.entries), (1, 1, 1));
    let findings = verified(&ward.reader());
    for (name, kind) in &expected {
        assert!(
            findings.iter().any(|finding| finding.file.ends_with(name) && finding.kind == *kind),
            "{name}: {findings:?}"
        );
    }
    assert_eq!(findings.len(), expected.len());
    assert!(findings.is_sorted());
}

/// The one plain segment among other things.
fn segment_of(folder: &Path) -> PathBuf {
    let plain = |path: &PathBuf| fs::metadata(path).unwrap().len() > 0 && path.is_file();
    fs::read_dir(folder).unwrap().map(|item| item.unwrap().path()).find(plain).unwrap()
}

#[test]
fn one_damaged_patient_keeps_nobody_else_from_being_read() {
    let ward = Ward::new();
    let mut store = ward.writer();
    save(&mut store, dose(10));
    let other = store.new_patient_id().unwrap();
    store.save(&other, vec![dose(40)], &author(), at()).unwrap();
    fs::write(ward.segment(), [0xff; 500]).unwrap();
    let records = ward.reader().read_all().unwrap();
    assert_eq!(records.len(), 2);
    assert!(records.is_sorted_by_key(|record| &record.id));
    let healthy = records.iter().find(|record| record.id == other).unwrap();
    assert_eq!((healthy.entries.len(), healthy.findings.len()), (1, 0));
}

#[test]
fn a_patient_that_is_not_there_is_an_error() {
    let ward = Ward::new();
    drop(ward.writer());
    assert!(matches!(ward.reader().read(&patient()), Err(StoreError::NoPatient { .. })));
    assert_eq!(ward.reader().read_all().unwrap(), vec![]);
}

#[test]
fn a_new_patient_id_is_not_taken() {
    let ward = Ward::new();
    let store = ward.writer();
    assert_ne!(store.new_patient_id().unwrap(), store.new_patient_id().unwrap());
}

#[test]
fn verify_counts_and_finds_nothing_in_a_clean_store() {
    let ward = Ward::new();
    save_all(&mut ward.writer(), vec![robin(), dose(10)]);
    let verified = ward.reader().verify(at()).unwrap();
    assert_eq!((verified.patients, verified.segments, verified.entries, verified.findings), (1, 1, 2, vec![]));
}
