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
