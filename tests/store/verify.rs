//! Looking at every file: everything that is not as it was made is found, and nothing is changed by looking.

use super::*;
use corticurve::exposure::{UnitChange, UnitSettings};
use corticurve::store::UnitRecord;
use std::time::SystemTime;

/// Two patients, a change of the settings, and files as this program makes them.
fn ward() -> (Ward, PatientId) {
    let ward = Ward::new();
    let mut store = ward.writer();
    save_all(&mut store, vec![robin(), dose(10)]);
    let other = store.new_patient_id().unwrap();
    store.save(&other, vec![dose(4)], &author(), at()).unwrap();
    let settings = UnitSettings { table: "bnf".to_owned(), ..UnitSettings::default() };
    let change = UnitChange { at: at(), by: "NK".parse().unwrap(), reason: String::new(), settings };
    store.change_unit(&UnitRecord::default(), &change).unwrap();
    (ward, other)
}

/// Each finding as it is told, for a look at this time.
fn told(ward: &Ward, now: Moment) -> Vec<String> {
    ward.reader().verify(now).unwrap().findings.iter().map(ToString::to_string).collect()
}

#[test]
fn a_ward_as_it_was_made_is_all_well() {
    let (ward, _) = ward();
    // The second run makes a file in `writers`.
    save(&mut ward.writer(), dose(2));
    assert_eq!(ward.reader().verify(at()).unwrap().to_string(), "all well: 2 patients, 4 entries, 2 files");
}

#[test]
fn names_that_nobody_made_are_found_in_every_folder() {
    let (ward, other) = ward();
    save(&mut ward.writer(), dose(2));
    let folders = [String::new(), "writers/".to_owned(), "unit/".to_owned(), "patients/".to_owned()];
    let folders = folders.into_iter().chain([format!("patients/{other}/")]);
    for folder in folders {
        let name = format!("{folder}Thumbs.db");
        fs::write(ward.data().join(&name), "").unwrap();
        let findings = verified(&ward.reader());
        let [found] = findings.as_slice() else { panic!("{name}: {findings:?}") };
        assert_eq!((found.file.to_str(), &found.kind), (Some(name.as_str()), &FindingKind::UnknownName));
        fs::remove_file(ward.data().join(&name)).unwrap();
    }
    fs::create_dir(ward.data().join("unit.ron")).unwrap();
    let findings = verified(&ward.reader());
    let [found] = findings.as_slice() else { panic!("{findings:?}") };
    assert_eq!(found.file.to_str(), Some("unit.ron"));
}

#[test]
fn an_entry_from_the_future_is_found_with_its_line_and_a_minute_of_skew_is_not() {
    let (ward, _) = ward();
    let late = |seconds: i64| {
        let now = at() - chrono::TimeDelta::seconds(seconds);
        ward.reader().verify(now).unwrap().findings
    };
    assert_eq!((late(0), late(60)), (vec![], vec![]));
    let findings = late(61);
    let found: Vec<_> = findings.iter().map(|found| (found.line, found.kind.clone())).collect();
    let future = FindingKind::InTheFuture(at());
    assert_eq!(found.len(), 3, "{findings:?}");
    for line in [Some(3), Some(4)] {
        assert!(found.contains(&(line, future.clone())), "{findings:?}");
    }
    assert!(findings[0].to_string().contains("recorded at 29-Mar-2026 08:02, which is still to come"), "{findings:?}");
    assert_eq!(ward.read().findings, vec![], "a wrong clock of the reader keeps nobody from reading");
}

#[test]
fn one_id_with_two_contents_and_one_id_of_two_patients_are_found() {
    let (ward, other) = ward();
    let mut store = ward.writer_with(&ward.folder.path().join("other config"));
    let mut entry = ward.read().entries.into_iter().find(|entry| matches!(entry.fact, Fact::Administered(_))).unwrap();
    store.append(&other, std::slice::from_ref(&entry)).unwrap();
    let findings = verified(&ward.reader());
    let [found] = findings.as_slice() else { panic!("{findings:?}") };
    assert!(matches!(&found.kind, FindingKind::OfTwoPatients(id, _) if *id == entry.id), "{found}");
    assert_eq!(found.line.map(|line| line > 2), Some(true));
    entry.fact = dose(40);
    store.append(&patient(), std::slice::from_ref(&entry)).unwrap();
    let two = |found: &Finding| found.kind == FindingKind::TwoOfOneId(entry.id.clone());
    assert_eq!(verified(&ward.reader()).iter().filter(|found| two(found)).count(), 1);
}

#[test]
fn a_store_file_that_was_lost_or_damaged_since_the_ward_was_opened_is_found() {
    let (ward, _) = ward();
    let (file, open) = (ward.data().join("STORE.ron"), ward.reader());
    let text = fs::read_to_string(&file).unwrap();
    for (now, says) in [
        (Some(text.replace(open.id().as_str(), "0000000000000000")), "it names the store 0000000000000000"),
        (Some(text[..text.len() / 2].to_owned()), "it is damaged"),
        (None, "it is missing"),
    ] {
        match now {
            Some(text) => fs::write(&file, text).unwrap(),
            None => fs::remove_file(&file).unwrap(),
        }
        let findings = verified(&open);
        assert!(findings[0].to_string().starts_with(&format!("STORE.ron: {says}")), "{findings:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_mode_looser_than_0600_or_0700_is_found_and_a_few_of_many_are_listed() {
    use std::os::unix::fs::PermissionsExt;
    let (ward, other) = ward();
    let mode = |path: &str, mode: u32| {
        fs::set_permissions(ward.data().join(path), fs::Permissions::from_mode(mode)).unwrap();
    };
    let segment = ward.segment().strip_prefix(ward.data()).unwrap().display().to_string();
    for (path, loose, tight) in [
        ("", 0o755, 0o700),
        ("STORE.ron", 0o644, 0o600),
        ("patients", 0o710, 0o700),
        (&format!("patients/{other}"), 0o701, 0o700),
        (&segment, 0o660, 0o400),
    ] {
        mode(path, loose);
        let told = told(&ward, at());
        let shown = if path.is_empty() { "." } else { path };
        let says = format!("{shown}: others on this computer may read or change this (mode {loose:o})");
        assert!(told.len() == 1 && told[0].starts_with(&says), "{told:?}");
        mode(path, tight);
        assert_eq!(ward.reader().verify(at()).unwrap().findings, vec![], "{path}");
    }
    // People make unit.ron with an editor, and it holds no patient.
    fs::write(ward.data().join("unit.ron"), "[]").unwrap();
    mode("unit.ron", 0o644);
    assert_eq!(told(&ward, at()), Vec::<String>::new());
    mode("unit.ron", 0o666);
    assert_eq!(told(&ward, at()).len(), 1);
    fs::remove_file(ward.data().join("unit.ron")).unwrap();
    let mut store = ward.writer();
    for _ in 0..30 {
        let new = store.new_patient_id().unwrap();
        store.save(&new, vec![dose(4)], &author(), at()).unwrap();
        mode(&format!("patients/{new}"), 0o755);
    }
    let told = told(&ward, at());
    assert_eq!(told.len(), 21);
    assert!(told[0].starts_with(".: 10 more files and folders may be read"), "{}", told[0]);
}

/// Everything below a folder: bytes, when it was changed, and its mode.
pub fn photograph(folder: &Path, all: &mut Vec<(PathBuf, Vec<u8>, SystemTime, fs::Permissions)>) {
    for item in fs::read_dir(folder).unwrap() {
        let path = item.unwrap().path();
        let about = fs::symlink_metadata(&path).unwrap();
        let bytes = if about.is_file() { fs::read(&path).unwrap() } else { Vec::new() };
        if about.is_dir() {
            photograph(&path, all);
        }
        all.push((path, bytes, about.modified().unwrap(), about.permissions()));
    }
    all.sort_by(|one, other| one.0.cmp(&other.0));
}

#[test]
fn looking_changes_no_byte_no_time_and_no_mode_whatever_is_found() {
    let (ward, _) = ward();
    let file = ward.segment();
    let text = fs::read_to_string(&file).unwrap();
    let nothing: &dyn Fn() = &|| ();
    for damage in [
        nothing,
        &|| fs::write(ward.data().join("notes.txt"), "x").unwrap(),
        &|| fs::write(&file, &text[..text.len() - 9]).unwrap(),
        &|| fs::write(ward.data().join("unit.ron"), "[(").unwrap(),
    ] {
        damage();
        let (mut before, mut after) = (Vec::new(), Vec::new());
        photograph(ward.folder.path(), &mut before);
        let _ = ward.reader().verify(at()).unwrap();
        photograph(ward.folder.path(), &mut after);
        assert!(before == after && before.len() > 8);
    }
}
