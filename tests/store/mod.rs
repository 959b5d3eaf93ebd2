//! The store, on the real disk.

mod backup;
mod cache;
mod copied_settings;
mod copying;
mod crash;
mod damage;
mod delivery;
mod failing;
mod format;
#[cfg(target_os = "linux")]
mod full;
mod grown;
mod hostile;
mod importing;
#[cfg(unix)]
mod kill;
mod nth;
mod older;
mod outbox;
mod power_cut;
mod reading;
mod recording;
mod remembered;
mod saving;
pub mod share;
pub mod simulated;
mod stories;
mod unit;
mod unmounted;
mod verify;
mod words;
mod writers;

use corticurve::record::{Administration, DrugId, Entry, EntryId, Fact, Given, Identity, Moment, Name, PatientId, Sex};
use corticurve::store::{Author, Finding, FindingKind, PatientRecord, Store};
use sha2::{Digest, Sha256};
use simulated::SimulatedStorage;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

/// A data folder and a config folder that go when the test ends.
struct Ward {
    folder: TempDir,
}

impl Ward {
    fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn config(&self) -> PathBuf {
        self.folder.path().join("config")
    }

    /// Another running program on the same workstation.
    fn writer(&self) -> Store {
        self.writer_with(&self.config())
    }

    fn writer_with(&self, config: &Path) -> Store {
        let mut store = Store::open_or_create(&self.data(), "Ward 4").unwrap();
        store.become_writer(config).unwrap();
        store
    }

    fn reader(&self) -> Store {
        Store::open(&self.data()).unwrap()
    }

    fn read(&self) -> PatientRecord {
        self.reader().read(&patient()).unwrap()
    }

    /// The segments of the test patient, sorted.
    fn segments(&self) -> Vec<PathBuf> {
        let folder = self.data().join("patients").join(patient().as_str());
        let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|item| item.unwrap().path()).collect();
        files.sort();
        files
    }

    fn segment(&self) -> PathBuf {
        let files = self.segments();
        assert_eq!(files.len(), 1, "{files:?}");
        files[0].clone()
    }
}

/// A segment of these lines with right digits, formed after the documentation of the format.
pub fn sealed_lines<'a>(lines: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let (mut file, mut last) = (b"[\n".to_vec(), String::new());
    for line in lines {
        let sha = Sha256::new().chain_update(&last).chain_update(line).finalize();
        last = format!("{:016x}", u64::from_be_bytes(sha[..8].try_into().unwrap()));
        file.extend([line, b" //#", last.as_bytes(), b"\n"].concat());
    }
    file.extend(b"]\n");
    file
}

/// A reader of one file in memory, where looking again at what is damaged takes no time, and the disk to damage it on.
fn in_memory(ward: &Ward, file: &Path) -> (SimulatedStorage, Store) {
    let mut tree = simulated::Tree::new();
    for file in [ward.data().join("STORE.ron"), file.to_owned()] {
        let folders = file.ancestors().skip(1).filter(|folder| folder.parent().is_some());
        tree.extend(folders.map(|folder| (folder.to_owned(), None)));
        tree.insert(file.clone(), Some(fs::read(file).unwrap()));
    }
    let disk = SimulatedStorage::holding(&tree);
    let store = Store::open_on(Arc::new(disk.clone()), &ward.data()).unwrap();
    (disk, store)
}

fn patient() -> PatientId {
    "p-7f3k9q2mzt4c".parse().unwrap()
}

fn at() -> Moment {
    "2026-03-29T08:02:11+01:00".parse().unwrap()
}

fn author() -> Author {
    Author { by: "NK".parse().unwrap(), workstation: "WARD4-PC02".to_owned() }
}

fn robin() -> Fact {
    Fact::PatientRegistered(Identity {
        mrn: "40 017".parse().unwrap(),
        family: Name::parse("Example").unwrap(),
        given: Name::parse("Robin").unwrap(),
        born: None,
        sex: Sex::Other,
        dates_shifted: false,
    })
}

/// Robin under another number.
fn of_mrn(mrn: &str) -> Fact {
    let Fact::PatientRegistered(identity) = robin() else { unreachable!() };
    Fact::PatientRegistered(Identity { mrn: mrn.parse().unwrap(), ..identity })
}

fn dose(milligrams: u32) -> Fact {
    let amount = format!("{milligrams} mg").parse().unwrap();
    Fact::Administered(Administration::given(DrugId::new("dexamethasone"), amount, Given::At(at())))
}

fn dose_with_note(note: &str) -> Fact {
    let Fact::Administered(mut administration) = dose(10) else { unreachable!() };
    administration.note = Some(note.to_owned());
    Fact::Administered(administration)
}

fn save(store: &mut Store, fact: Fact) -> Entry {
    save_all(store, vec![fact]).remove(0)
}

fn save_all(store: &mut Store, facts: Vec<Fact>) -> Vec<Entry> {
    store.save(&patient(), facts, &author(), at()).unwrap()
}

fn ids(entries: &[Entry]) -> BTreeSet<EntryId> {
    entries.iter().map(|entry| entry.id.clone()).collect()
}

/// What a look at every file reports, but for the modes of files that a test put there by hand.
fn verified(store: &Store) -> Vec<Finding> {
    let late = at() + chrono::TimeDelta::days(3650);
    let loose = |kind: &FindingKind| matches!(kind, FindingKind::Loose(_) | FindingKind::MoreLoose(_));
    store.verify(late).unwrap().findings.into_iter().filter(|finding| !loose(&finding.kind)).collect()
}

fn kinds(findings: &[Finding]) -> Vec<(Option<usize>, FindingKind)> {
    findings.iter().map(|finding| (finding.line, finding.kind.clone())).collect()
}
