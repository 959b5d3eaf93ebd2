//! Backups, and what is restored from them after a data folder was lost or damaged in many ways.

use super::share::Share;
use super::verify::photograph;
use super::*;
use corticurve::app::ward::{self as app, Backups};
use corticurve::app::{Places, Settings};
use corticurve::exposure::{UnitChange, UnitSettings};
use corticurve::store::{Copied, OsStorage, Storage, StoreError, UnitRecord};
use std::collections::BTreeMap;

impl Ward {
    pub fn backup(&self) -> PathBuf {
        self.folder.path().join("backup")
    }

    pub fn restored(&self) -> PathBuf {
        self.folder.path().join("restored")
    }

    pub fn back_up(&self) -> Copied {
        self.reader().copy_into(&self.backup(), &self.config()).unwrap()
    }

    pub fn restore(&self, into: &Path) -> Copied {
        Store::open(&self.backup()).unwrap().copy_into(into, &self.config()).unwrap()
    }
}

/// Every entry of a data folder, of all patients, and how often each is there.
fn everything(folder: &Path) -> BTreeMap<(PatientId, EntryId), Entry> {
    let mut all = BTreeMap::new();
    for record in Store::open(folder).unwrap().read_all().unwrap() {
        for entry in record.entries {
            assert!(all.insert((record.id.clone(), entry.id.clone()), entry).is_none());
        }
    }
    all
}

fn clean(folder: &Path) {
    assert_eq!(verified(&Store::open(folder).unwrap()), vec![], "{}", folder.display());
}

pub fn change(table: &str, minutes: i64) -> UnitChange {
    let settings = UnitSettings { table: table.to_owned(), ..UnitSettings::default() };
    let at = at() + chrono::TimeDelta::minutes(minutes);
    UnitChange { at, by: "NK".parse().unwrap(), reason: "protocol 12".to_owned(), settings }
}

/// Three patients, written by two workstations, with two changes of the settings.
pub fn ward() -> Ward {
    let ward = Ward::new();
    let mut one = ward.writer();
    save_all(&mut one, vec![robin(), dose(10), dose(4)]);
    let mut other = ward.writer_with(&ward.folder.path().join("other config"));
    save_all(&mut other, vec![dose(8)]);
    for milligrams in [2, 6] {
        let new = one.new_patient_id().unwrap();
        one.save(&new, vec![of_mrn(&format!("4{milligrams}")), dose(milligrams)], &author(), at()).unwrap();
    }
    one.change_unit(&UnitRecord::default(), &change("bnf", 0)).unwrap();
    one.change_unit(&one.unit_record().unwrap(), &change("katzung", 1)).unwrap();
    ward
}

#[test]
fn a_backup_that_could_not_read_a_patient_is_not_the_complete_one_of_the_day_and_is_tried_again_in_a_while() {
    let (ward, share) = (ward(), Share::new());
    let places = Places { data: ward.data(), config: ward.config(), cache: None };
    let disk: Arc<dyn Storage> = Arc::new(share.clone());
    let mut open = app::Ward::open_with_outbox_on(disk, Arc::new(OsStorage), &places).unwrap();
    Settings::choose_backup(&ward.config(), open.store().id().as_str(), Some(ward.backup())).unwrap();
    let other = open.patients().iter().map(|one| one.id.clone()).find(|id| *id != patient()).unwrap();
    for (minutes, is_denied, is_complete, has_other) in
        [(0, true, false, false), (5, false, false, false), (11, true, false, false), (22, false, true, true)]
    {
        share.cannot_read(is_denied.then(|| other.to_string()));
        let at = at() + chrono::TimeDelta::minutes(minutes);
        open.write(&patient(), vec![dose(1)], &author(), at).unwrap();
        let Backups::On { last, problem, .. } = open.backups() else { panic!("{:?}", open.backups()) };
        assert_eq!((*last, problem.is_none()), (is_complete.then_some(at), is_complete), "after {minutes} minutes");
        assert_eq!(ward.backup().join("patients").join(other.as_str()).exists(), has_other, "after {minutes} minutes");
        let told = open.take_backup_problem();
        assert_eq!(told.is_some(), is_denied, "told only where it was tried: {told:?}");
    }
}

/// The bytes of all files below a folder.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = Vec::new();
    photograph(folder, &mut all);
    all.into_iter().filter(|item| item.0.is_file()).map(|item| (item.0, item.1)).collect()
}

#[test]
fn a_backup_is_a_data_folder_of_the_same_store_with_the_same_files() {
    let ward = ward();
    let copied = ward.back_up();
    assert_eq!((copied.patients.len(), copied.entries(), copied.files, copied.settings), (3, 8, 6, 2));
    assert_eq!((copied.makes_store, copied.findings), (true, vec![]));
    assert_eq!(everything(&ward.backup()), everything(&ward.data()));
    clean(&ward.backup());
    let (from, into) = (ward.reader(), Store::open(&ward.backup()).unwrap());
    assert_eq!((from.id(), from.unit()), (into.id(), into.unit()));
    assert_eq!(from.unit_record().unwrap(), into.unit_record().unwrap());
    for (file, bytes) in files(&ward.data()) {
        let name = file.strip_prefix(ward.data()).unwrap();
        if name.starts_with("writers") {
            // That a writer ran there says nothing of the copy.
            assert!(!ward.backup().join(name).exists(), "{}", name.display());
            continue;
        }
        assert_eq!(fs::read(ward.backup().join(name)).unwrap(), bytes, "{}", name.display());
    }
}

#[cfg(unix)]
#[test]
fn what_a_backup_makes_is_for_its_owner_alone() {
    let ward = ward();
    ward.back_up();
    assert_eq!(Store::open(&ward.backup()).unwrap().verify(at()).unwrap().findings, vec![]);
}

#[test]
fn the_next_backup_adds_only_what_is_new_and_writes_to_no_file_that_is_there() {
    let ward = ward();
    ward.back_up();
    let first = files(&ward.backup());
    assert!(ward.back_up().is_nothing());
    assert!(files(&ward.backup()) == first);
    let mut store = ward.writer();
    save_all(&mut store, vec![dose(16), dose(20)]);
    store.change_unit(&store.unit_record().unwrap(), &change("bnf", 2)).unwrap();
    let preview = ward.reader().preview_copy(&ward.backup()).unwrap();
    assert!(files(&ward.backup()) == first, "a preview writes nothing");
    let copied = ward.back_up();
    assert_eq!(copied, preview);
    assert_eq!((copied.patients.len(), copied.entries(), copied.settings), (1, 2, 1));
    let second = files(&ward.backup());
    assert!(first.iter().all(|(file, bytes)| second[file] == *bytes));
    assert_eq!(everything(&ward.backup()), everything(&ward.data()));
    clean(&ward.backup());
    assert!(ward.back_up().is_nothing());
    // Day after day, what is added goes on in one file.
    drop(store);
    for day in 1..6 {
        save(&mut ward.writer(), dose(day));
        assert_eq!(ward.back_up().entries(), 1);
    }
    let segments = fs::read_dir(ward.backup().join("patients").join(patient().as_str())).unwrap().count();
    assert_eq!((segments, everything(&ward.backup())), (3, everything(&ward.data())));
    clean(&ward.backup());
}

#[test]
fn folders_that_are_no_place_for_a_copy_are_refused_and_left_as_they_are() {
    let ward = ward();
    let other = Ward::new();
    drop(other.writer());
    let photos = ward.folder.path().join("photos");
    fs::create_dir(&photos).unwrap();
    fs::write(photos.join("cat.jpg"), "x").unwrap();
    let newer = ward.folder.path().join("newer");
    fs::create_dir(&newer).unwrap();
    fs::write(newer.join("STORE.ron"), "Store(format: 2)").unwrap();
    let store = ward.reader();
    let refuse = |into: &Path| {
        let before = files(ward.folder.path());
        let preview = store.preview_copy(into).unwrap_err().to_string();
        let error = store.copy_into(into, &ward.config()).unwrap_err();
        assert_eq!(error.to_string(), preview);
        assert!(files(ward.folder.path()) == before);
        error
    };
    let inside = [ward.data(), ward.data().join("backup"), ward.data().join("../data/patients/x")];
    for into in inside.iter().map(PathBuf::as_path).chain([ward.folder.path()]) {
        assert!(matches!(refuse(into), StoreError::Inside { .. }), "{}", into.display());
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(ward.data(), ward.folder.path().join("link")).unwrap();
        assert!(matches!(refuse(&ward.folder.path().join("link/backup")), StoreError::Inside { .. }));
    }
    assert!(matches!(refuse(&other.data()), StoreError::AnotherStore { .. }));
    assert!(matches!(refuse(&photos), StoreError::NotAStore { .. }));
    assert!(matches!(refuse(&newer), StoreError::NewerStore { .. }));
}

#[test]
fn a_folder_that_cannot_be_written_is_said_and_the_data_folder_is_as_it_was() {
    let ward = ward();
    let file = ward.folder.path().join("a file");
    fs::write(&file, "").unwrap();
    let before = files(&ward.data());
    let error = ward.reader().copy_into(&file.join("backup"), &ward.config()).unwrap_err().to_string();
    assert!(error.contains("a file"), "{error}");
    assert!(files(&ward.data()) == before);
}

/// One way to damage the files of a data folder.
struct Harm {
    name: &'static str,
    to: fn(&Path),
}

/// Changes each file below a folder.
fn each(folder: &Path, harm: &dyn Fn(&Path, Vec<u8>)) {
    for (file, bytes) in files(folder) {
        harm(&file, bytes);
    }
}

fn harms() -> Vec<Harm> {
    let harm = |name, to| Harm { name, to };
    vec![
        harm("nothing", |_| ()),
        harm("the whole folder is gone", |data| fs::remove_dir_all(data).unwrap()),
        harm("an empty folder is left", |data| {
            fs::remove_dir_all(data).unwrap();
            fs::create_dir(data).unwrap();
        }),
        harm("STORE.ron is gone", |data| fs::remove_file(data.join("STORE.ron")).unwrap()),
        harm("STORE.ron is cut", |data| {
            let text = fs::read_to_string(data.join("STORE.ron")).unwrap();
            fs::write(data.join("STORE.ron"), &text[..20]).unwrap();
        }),
        harm("the patients are gone", |data| fs::remove_dir_all(data.join("patients")).unwrap()),
        harm("the settings are gone", |data| fs::remove_dir_all(data.join("unit")).unwrap()),
        harm("every second file is gone", |data| {
            files(data).into_keys().step_by(2).for_each(|file| fs::remove_file(file).unwrap());
        }),
        harm("each file is cut in the middle", |data| {
            each(data, &|file, bytes| fs::write(file, &bytes[..bytes.len() / 2]).unwrap());
        }),
        harm("each file is cut at its last line", |data| {
            each(data, &|file, bytes| fs::write(file, &bytes[..bytes.len().saturating_sub(2)]).unwrap());
        }),
        harm("each file is empty", |data| each(data, &|file, _| fs::write(file, "").unwrap())),
        harm("each file is zeros", |data| {
            each(data, &|file, bytes| fs::write(file, vec![0; bytes.len()]).unwrap());
        }),
        harm("a byte of each file is flipped", |data| {
            each(data, &|file, mut bytes| {
                // In STORE.ron not in the id, which has no digits: that would be another store, and be refused.
                let at = if file.ends_with("STORE.ron") { 0 } else { bytes.len() * 2 / 3 };
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1;
                }
                fs::write(file, bytes).unwrap();
            });
        }),
        harm("each file has rubbish behind it", |data| {
            each(data, &|file, mut bytes| {
                bytes.extend([0xff; 300]);
                fs::write(file, bytes).unwrap();
            });
        }),
    ]
}

#[test]
fn whatever_became_of_the_data_folder_every_backed_up_entry_is_there_once_after_restoring() {
    for Harm { name, to } in harms() {
        let ward = ward();
        ward.back_up();
        // What was saved since the backup must not suffer from restoring either.
        let later = save(&mut ward.writer(), dose(20));
        let saved = everything(&ward.backup());
        let settings = Store::open(&ward.backup()).unwrap().unit_record().unwrap().history;
        let backup = files(&ward.backup());
        to(&ward.data());
        let left = files(ward.folder.path());

        // Elsewhere, with nothing of the damage.
        ward.restore(&ward.restored());
        assert_eq!(everything(&ward.restored()), saved, "{name}");
        assert_eq!(Store::open(&ward.restored()).unwrap().unit_record().unwrap().history, settings, "{name}");
        clean(&ward.restored());

        // In its place.
        let preview = Store::open(&ward.backup()).unwrap().preview_copy(&ward.data()).unwrap();
        assert_eq!(ward.restore(&ward.data()), preview, "{name}");
        let there = everything(&ward.data());
        assert!(saved.iter().all(|(id, entry)| there.get(id) == Some(entry)), "{name}");
        let more: Vec<&Entry> =
            there.iter().filter(|(id, _)| !saved.contains_key(id)).map(|(_, entry)| entry).collect();
        let is_unharmed = ["nothing", "STORE.ron is gone", "STORE.ron is cut", "the settings are gone"].contains(&name);
        assert!(more == [&later] || (more.is_empty() && !is_unharmed), "{name}: {more:?}");
        let history = Store::open(&ward.data()).unwrap().unit_record().unwrap().history;
        assert!(settings.changes().iter().all(|change| history.changes().contains(change)), "{name}");
        for (file, bytes) in &left {
            let is_store_file = file.ends_with("STORE.ron");
            assert!(is_store_file || fs::read(file).unwrap() == *bytes, "{name}: {}", file.display());
        }
        assert!(files(&ward.backup()) == backup, "{name}: the source is never touched");

        // Once more changes nothing, and the ward goes on.
        let before = files(&ward.data());
        assert!(ward.restore(&ward.data()).is_nothing(), "{name}");
        assert!(ward.restore(&ward.restored()).is_nothing(), "{name}");
        assert!(files(&ward.data()) == before, "{name}");
        let next = save(&mut ward.writer(), dose(16));
        assert_eq!(everything(&ward.data()).len(), there.len() + 1, "{name}");
        assert!(ward.read().entries.contains(&next), "{name}");
    }
}

#[test]
fn a_data_folder_that_was_damaged_destroys_nothing_in_its_backup() {
    for Harm { name, to } in harms() {
        let ward = ward();
        ward.back_up();
        let (saved, backup) = (everything(&ward.backup()), files(&ward.backup()));
        to(&ward.data());
        let Ok(store) = Store::open(&ward.data()) else { continue };
        let copied = store.copy_into(&ward.backup(), &ward.config());
        if !ward.data().join("patients").exists() {
            let error = copied.unwrap_err().to_string();
            assert!(error.contains("the folder `patients` is missing"), "{error}");
            assert!(files(&ward.backup()) == backup, "{name}");
            continue;
        }
        let (copied, now) = (copied.unwrap(), files(&ward.backup()));
        assert!(backup.iter().all(|(file, bytes)| now[file] == *bytes), "{name}");
        assert_eq!(everything(&ward.backup()), saved, "{name}");
        clean(&ward.backup());
        // Whatever costs the data folder an entry is told, patient by patient.
        let there = everything(&ward.data());
        let lost = |patient: &PatientId| saved.keys().filter(|id| id.0 == *patient && !there.contains_key(id)).count();
        let patients: BTreeSet<&PatientId> = saved.keys().map(|id| &id.0).collect();
        for patient in patients {
            let told = copied.findings.iter().find(|found| found.file.ends_with(patient.as_str()));
            let told = told.map(|found| found.kind.clone());
            let expected = Some(lost(patient)).filter(|lost| *lost > 0).map(FindingKind::Lacks);
            assert_eq!(told, expected, "{name}");
        }
    }
}

#[test]
fn each_truncation_that_costs_an_entry_is_told_and_costs_the_backup_nothing() {
    let ward = ward();
    ward.back_up();
    let (saved, file) = (everything(&ward.backup()), ward.segments()[0].clone());
    let bytes = fs::read(&file).unwrap();
    for length in (0..bytes.len()).step_by(37).chain([bytes.len() - 1, bytes.len() - 2]) {
        fs::write(&file, &bytes[..length]).unwrap();
        let preview = ward.reader().preview_copy(&ward.backup()).unwrap();
        assert!(preview.is_nothing(), "{length}: {preview:?}");
        let lost = saved.len() - everything(&ward.data()).len();
        let told = preview.findings.iter().any(|found| found.kind == FindingKind::Lacks(lost));
        assert_eq!(told, lost > 0, "{length}: {preview:?}");
    }
    assert_eq!(everything(&ward.backup()), saved);
}

#[test]
fn no_writer_goes_on_in_a_file_that_was_copied() {
    let ward = ward();
    ward.back_up();
    let own = ward.writer().writer_id().cloned();
    assert!(ward.segments().iter().any(|file| {
        own.as_ref().is_some_and(|id| file.file_name().unwrap().to_str().unwrap().starts_with(id.as_str()))
    }));
    // The same installation with the backup as its data folder, and with what was restored from it.
    ward.restore(&ward.restored());
    for folder in [ward.backup(), ward.restored()] {
        let before = files(&folder);
        let mut store = Store::open(&folder).unwrap();
        store.become_writer(&ward.config()).unwrap();
        assert_ne!(store.writer_id(), own.as_ref(), "{}", folder.display());
        store.save(&patient(), vec![dose(20)], &author(), at()).unwrap();
        let after = files(&folder);
        assert!(before.iter().all(|(file, bytes)| after[file] == *bytes), "{}", folder.display());
    }
    // Nor does it in the data folder, of which one file came back.
    let file = ward.segments().into_iter().find(|file| {
        own.as_ref().is_some_and(|id| file.file_name().unwrap().to_str().unwrap().starts_with(id.as_str()))
    });
    fs::remove_file(file.unwrap()).unwrap();
    ward.restore(&ward.data());
    assert_ne!(ward.writer().writer_id(), own.as_ref());
}

#[test]
fn two_backups_at_once_into_one_folder_leave_it_whole() {
    let ward = ward();
    ward.back_up();
    let mut store = ward.writer();
    for round in 0..5 {
        let facts = (0..20).map(|_| dose(4)).collect();
        save_all(&mut store, facts);
        let back_up = |config: &str| {
            let config = ward.folder.path().join(config);
            ward.reader().copy_into(&ward.backup(), &config).unwrap();
        };
        std::thread::scope(|scope| {
            for config in ["one", "one", "two"] {
                scope.spawn(move || back_up(config));
            }
        });
        assert_eq!(everything(&ward.backup()), everything(&ward.data()), "{round}");
        clean(&ward.backup());
    }
}

#[test]
fn a_patient_of_a_newer_program_is_copied_whole_and_what_grew_since_is_said() {
    let ward = ward();
    let newer = ward.segments()[0].with_file_name("zzzzzzzz-0001.ron");
    let header = "Segment(format: 2),";
    let sealed = |text: &str, before: &str| format!("{text} //#{}\n", digits(before, text));
    let first = format!("[\n{}", sealed(header, ""));
    fs::write(&newer, format!("{first}]\n")).unwrap();
    ward.back_up();
    let copy = ward.backup().join(newer.strip_prefix(ward.data()).unwrap());
    assert_eq!(fs::read(&copy).unwrap(), fs::read(&newer).unwrap());
    let second = sealed("Dose(amount: 4),", &digits("", header));
    fs::write(&newer, format!("{first}{second}]\n")).unwrap();
    let copied = ward.back_up();
    assert!(copied.findings.iter().any(|found| found.kind == FindingKind::Newer(2)), "{copied:?}");
    assert_eq!(fs::read_to_string(&copy).unwrap(), format!("{first}]\n"));
}

/// The digits of a line, as the format says.
fn digits(before: &str, text: &str) -> String {
    // A file of settings is sealed in the same way, with nothing before it.
    let sealed = corticurve::store::sealed(&format!("{before}{text}"));
    sealed.rsplit_once("//#").unwrap().1.trim().to_owned()
}
