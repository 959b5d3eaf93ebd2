use super::*;
use corticurve::exposure::{UnitChange, UnitSettings};
use corticurve::store::UnitRecord;

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
    let first = ward.writer();
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
    let id = ward.writer().writer_id().cloned();
    let slot = &slots(&ward)[0];
    let text = fs::read_to_string(slot).unwrap();
    let host = gethostname::gethostname().to_string_lossy().into_owned();
    assert!(text.contains(&host));
    fs::write(slot, text.replace(&format!("{host:?}"), "\"WARD9-PC01\"")).unwrap();
    let renewed = ward.writer().writer_id().cloned();
    assert_ne!(renewed, id);
    assert_eq!(ward.writer().writer_id().cloned(), renewed);
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
    let id = ward.writer().writer_id().cloned();
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
    assert_ne!(store.writer_id(), Some(&id));
    assert_eq!(ward.read().entries, vec![saved]);
}

#[test]
fn in_the_place_of_a_folder_that_is_gone_nothing_is_made() {
    for is_empty_mount_point in [false, true] {
        let ward = Ward::new();
        let mut store = ward.writer();
        save(&mut store, robin());
        // A slot that was closed well is the one that leaves a file in the data folder when it is taken.
        drop(ward.writer_with(&ward.folder.path().join("later")));
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
