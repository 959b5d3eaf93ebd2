use super::*;
use corticurve::app::{Places, ward as app};
use corticurve::exposure::{UnitChange, UnitSettings};
use corticurve::store::{Loss, OsStorage, StoreError, UnitRecord, WriterId};

pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for item in fs::read_dir(from).unwrap().map(|item| item.unwrap().path()) {
        let target = to.join(item.file_name().unwrap());
        if item.is_dir() {
            copy_folder(&item, &target);
        } else {
            fs::copy(&item, &target).unwrap();
        }
    }
}

fn slots(ward: &Ward) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(ward.config().join("writers")).unwrap().map(|item| item.unwrap().path()).collect();
    files.sort();
    files
}

/// The files in the data folder that say which writers there are.
fn claims(ward: &Ward) -> Vec<String> {
    let Ok(items) = fs::read_dir(ward.data().join("writers")) else { return Vec::new() };
    let mut names: Vec<String> = items.map(|item| item.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The id of a whole run in which a dose was saved.
fn saved_under(ward: &Ward) -> Option<WriterId> {
    let mut store = ward.writer();
    save(&mut store, dose(2));
    store.writer_id().cloned()
}

#[test]
fn the_next_run_goes_on_in_the_same_segment() {
    let ward = Ward::new();
    for milligrams in 1..=5 {
        save(&mut ward.writer(), dose(milligrams));
    }
    ward.segment();
    assert_eq!(ward.read().entries.len(), 5);
    assert_eq!(slots(&ward).len(), 1);
}

#[test]
fn a_second_instance_takes_the_next_slot_and_the_third_takes_the_first_when_it_is_free() {
    let ward = Ward::new();
    let mut first = ward.writer();
    save(&mut first, dose(10));
    let second = ward.writer();
    assert_ne!(first.writer_id(), second.writer_id());
    assert_eq!(slots(&ward).len(), 2);
    let id = first.writer_id().cloned();
    drop(first);
    assert_eq!(ward.writer().writer_id().cloned(), id);
    assert_eq!(slots(&ward).len(), 2);
}

#[test]
fn a_slot_of_another_host_gets_a_fresh_id() {
    let ward = Ward::new();
    let id = saved_under(&ward);
    let slot = &slots(&ward)[0];
    let text = fs::read_to_string(slot).unwrap();
    let host = gethostname::gethostname().to_string_lossy().into_owned();
    assert!(text.contains(&host));
    fs::write(slot, text.replace(&format!("{host:?}"), "\"WARD9-PC01\"")).unwrap();
    let renewed = saved_under(&ward);
    assert_ne!(renewed, id);
    assert_eq!(saved_under(&ward), renewed);
}

#[test]
fn of_two_copies_of_one_config_folder_only_one_keeps_the_id() {
    let ward = Ward::new();
    save(&mut ward.writer(), dose(10));
    let copy = ward.folder.path().join("copy");
    copy_folder(&ward.config(), &copy);
    let mut original = ward.writer();
    let mut cloned = ward.writer_with(&copy);
    assert_ne!(original.writer_id(), cloned.writer_id());
    save(&mut original, dose(4));
    save(&mut cloned, dose(8));
    assert_eq!(ward.read().entries.len(), 3);
}

#[test]
fn a_config_folder_copied_while_it_was_in_use_gets_a_fresh_id() {
    let ward = Ward::new();
    let mut original = ward.writer();
    save(&mut original, dose(10));
    let copy = ward.folder.path().join("copy");
    copy_folder(&ward.config(), &copy);
    assert_ne!(ward.writer_with(&copy).writer_id(), original.writer_id());
}

#[test]
fn a_damaged_slot_gets_a_fresh_id() {
    let ward = Ward::new();
    let id = saved_under(&ward);
    fs::write(&slots(&ward)[0], "Slot(writer: \"").unwrap();
    assert_ne!(ward.writer().writer_id().cloned(), id);
}

#[test]
fn a_config_folder_that_cannot_be_written_does_not_stop_saving() {
    let ward = Ward::new();
    fs::write(ward.config(), "a file").unwrap();
    save(&mut ward.writer(), dose(10));
    save(&mut ward.writer(), dose(4));
    assert_eq!(ward.read().entries.len(), 2);
    assert_eq!(ward.segments().len(), 2);
}

#[test]
fn a_name_that_is_suddenly_taken_means_that_somebody_writes_under_the_id() {
    let ward = Ward::new();
    let mut store = ward.writer();
    let id = store.writer_id().unwrap().clone();
    // A folder of that name is no segment, so only making the file can show that the name is taken.
    fs::create_dir_all(ward.data().join("patients").join(patient().as_str()).join(format!("{id}-0001.ron"))).unwrap();
    let saved = save(&mut store, dose(10));
    let renewed = store.writer_id().unwrap();
    assert_ne!(*renewed, id);
    assert!(claims(&ward).contains(&format!("{renewed}-0001")), "{:?}", claims(&ward));
    assert_eq!(ward.read().entries, vec![saved]);
}

#[test]
fn in_the_place_of_a_folder_that_is_gone_nothing_is_made() {
    for is_empty_mount_point in [false, true] {
        let ward = Ward::new();
        let mut store = ward.writer();
        save(&mut store, robin());
        // A slot under which something was saved is the one that leaves a file in the data folder when it is taken.
        save(&mut ward.writer_with(&ward.folder.path().join("later")), dose(2));
        let mut later = ward.reader();
        fs::rename(ward.data(), ward.folder.path().join("away")).unwrap();
        if is_empty_mount_point {
            fs::create_dir(ward.data()).unwrap();
        }
        let place = || fs::read_dir(ward.data()).map_or(0, Iterator::count);
        later.become_writer(&ward.folder.path().join("later")).unwrap_err();
        assert_eq!((place(), ward.data().exists()), (0, is_empty_mount_point), "taking a writer id");
        for patient in [patient(), "p-2a2b2c2d2e2f".parse().unwrap()] {
            store.save(&patient, vec![dose(10)], &author(), at()).unwrap_err();
            assert_eq!((place(), ward.data().exists()), (0, is_empty_mount_point), "saving for {patient}");
        }
        let settings = UnitSettings { table: "bnf".to_owned(), ..UnitSettings::default() };
        let change = UnitChange { at: at(), by: "NK".parse().unwrap(), reason: "protocol 12".to_owned(), settings };
        store.change_unit(&UnitRecord::default(), &change).unwrap_err();
        assert_eq!((place(), ward.data().exists()), (0, is_empty_mount_point), "settings");
    }
}

#[test]
fn in_another_ward_s_folder_that_stands_in_its_place_nothing_is_saved() {
    let (ward, other) = (Ward::new(), Ward::new());
    let mut store = ward.writer();
    save(&mut store, robin());
    drop(other.writer());
    fs::rename(ward.data(), ward.folder.path().join("away")).unwrap();
    copy_folder(&other.data(), &ward.data());
    for patient in [patient(), "p-2a2b2c2d2e2f".parse().unwrap()] {
        store.save(&patient, vec![dose(10)], &author(), at()).unwrap_err();
        assert_eq!(ward.reader().patient_ids().unwrap(), [], "{patient}");
    }
}

#[test]
fn the_first_run_s_file_is_made_by_the_first_save_and_by_no_other() {
    let ward = Ward::new();
    let mut store = ward.writer();
    let other = store.new_patient_id().unwrap();
    save(&mut store, robin());
    let id = store.writer_id().unwrap().clone();
    assert_eq!(claims(&ward), [format!("{id}-0001")]);
    // The saves after it do not even look.
    fs::remove_dir_all(ward.data().join("writers")).unwrap();
    save(&mut store, dose(10));
    store.save(&other, vec![robin(), dose(4)], &author(), at()).unwrap();
    assert_eq!((claims(&ward), store.writer_id()), (vec![], Some(&id)));
    drop(store);
    save(&mut ward.writer(), dose(8));
    assert_eq!(claims(&ward), [format!("{id}-0002")]);
}

#[test]
fn a_program_that_only_reads_makes_no_file_in_the_data_folder_however_often_it_runs() {
    let ward = Ward::new();
    for _ in 0..3 {
        assert_eq!(ward.writer().read_all().unwrap(), vec![]);
        assert_eq!(claims(&ward), Vec::<String>::new());
        assert_eq!(ward.reader().verify(at()).unwrap().findings, vec![]);
    }
    assert!(!ward.data().join("writers").exists());
}

#[test]
fn where_the_file_of_the_first_run_is_taken_another_id_is_taken() {
    let ward = Ward::new();
    let mut store = ward.writer();
    let id = store.writer_id().unwrap().clone();
    fs::create_dir(ward.data().join("writers")).unwrap();
    fs::write(ward.data().join(format!("writers/{id}-0001")), "").unwrap();
    let saved = save(&mut store, robin());
    let renewed = store.writer_id().unwrap().clone();
    assert_ne!(renewed, id);
    assert_eq!(claims(&ward).len(), 2);
    assert!(claims(&ward).contains(&format!("{renewed}-0001")));
    assert_eq!(ward.read().entries, vec![saved]);
    drop(store);
    assert_eq!(saved_under(&ward), Some(renewed), "the next run goes on under it");
}

#[test]
fn where_no_writer_can_be_noted_nothing_is_saved_and_the_message_says_why() {
    let ward = Ward::new();
    let mut store = ward.writer();
    fs::write(ward.data().join("writers"), "a file").unwrap();
    let error = store.save(&patient(), vec![robin()], &author(), at()).unwrap_err();
    assert!(matches!(error, StoreError::NotSaved { saved: 0, of: 1, .. }) && error.may_pass(), "{error:?}");
    assert!(error.to_string().contains("writers: "), "{error}");
    assert_eq!(ward.segments(), Vec::<PathBuf>::new());
    fs::remove_file(ward.data().join("writers")).unwrap();
    save(&mut store, robin());
    assert_eq!((ward.read().entries.len(), claims(&ward).len()), (1, 1));
}

#[test]
fn a_writer_that_was_noted_and_stopped_before_its_first_file_is_told_and_stands_in_no_one_s_way() {
    let ward = Ward::new();
    save(&mut ward.writer(), robin());
    fs::write(ward.data().join("writers/zzzzzzzz-0001"), "").unwrap();
    for _ in 0..2 {
        let findings = verified(&ward.reader());
        let [found] = findings.as_slice() else { panic!("{findings:?}") };
        assert_eq!(found.kind, FindingKind::Lost(Loss::FilesOfWriter));
        let words = found.to_string();
        assert!(words.starts_with("writers/zzzzzzzz-0001: ") && words.contains("unless that save failed"), "{words}");
        save(&mut ward.writer(), dose(10));
    }
    assert_eq!((ward.read().entries.len(), ward.read().findings), (3, vec![]));
}

#[test]
fn a_patient_s_folder_that_is_gone_is_not_made_anew_by_a_program_that_goes_on_under_another_id() {
    for was_restored in [false, true] {
        let what = format!("a restore has written that files of this writer are copies: {was_restored}");
        let ward = Ward::new();
        let places = Places { data: ward.data(), config: ward.config(), cache: None };
        let on = || Arc::new(OsStorage);
        let mut program = app::Ward::open_with_outbox_on(on(), on(), &places).unwrap();
        program.write(&patient(), vec![robin()], &author(), at()).unwrap();
        program.write(&patient(), vec![dose(10)], &author(), at()).unwrap();
        let (folder, away) = (ward.data().join("patients").join(patient().as_str()), ward.folder.path().join("away"));
        fs::rename(&folder, &away).unwrap();
        if was_restored {
            let id = program.store().writer_id().unwrap().as_str();
            fs::write(ward.data().join(format!("writers/{id}-0000")), "").unwrap();
        }
        program.write(&patient(), vec![dose(4)], &author(), at()).unwrap();
        assert!(!folder.exists(), "{what}: nobody can put it back now");
        assert_eq!(program.waiting().len(), 1, "{what}");
        fs::rename(&away, &folder).unwrap();
        assert_eq!(program.deliver().unwrap().len(), 1, "{what}");
        assert_eq!((ward.read().entries.len(), program.waiting()), (3, vec![]), "{what}");
    }
}
