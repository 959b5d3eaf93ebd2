//! A share that goes away in the middle of a save leaves an empty folder behind, which takes whatever is written: what was
//! called saved is there when the share is back, whichever operation was the first to meet the empty folder.

use super::backup::change;
use super::*;
use corticurve::app::{Places, ward as app};
use corticurve::store::{Item, OpenFile, OsStorage, Storage, UnitRecord};
use std::cell::Cell;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

/// A disk on which one folder is a share. While that is away, an empty folder stands in its place.
struct Unmounted {
    share: PathBuf,
    empty: PathBuf,
    /// How many operations there were since it was said when the share goes away.
    operations: AtomicUsize,
    away_from: AtomicUsize,
}

impl Unmounted {
    fn new(ward: &Ward, share: PathBuf) -> Arc<Self> {
        let empty = ward.folder.path().join("empty");
        fs::create_dir(&empty).unwrap();
        Arc::new(Self { share, empty, operations: 0.into(), away_from: usize::MAX.into() })
    }

    /// From the operation of this number on, counted from now, the share is away.
    fn goes_away_at(&self, operation: usize) {
        self.operations.store(0, SeqCst);
        self.away_from.store(operation, SeqCst);
    }

    /// Returns how many operations there were since.
    fn is_back(&self) -> usize {
        self.away_from.store(usize::MAX, SeqCst);
        self.operations.load(SeqCst)
    }

    fn at(&self, path: &Path) -> PathBuf {
        let is_away = self.operations.fetch_add(1, SeqCst) >= self.away_from.load(SeqCst);
        match path.strip_prefix(&self.share) {
            Ok(rest) if is_away => self.empty.join(rest).components().collect(),
            _ => path.to_owned(),
        }
    }
}

impl Storage for Unmounted {
    fn list(&self, folder: &Path) -> io::Result<Vec<Item>> {
        OsStorage.list(&self.at(folder))
    }

    fn read(&self, file: &Path, from: u64, most: usize) -> io::Result<Vec<u8>> {
        OsStorage.read(&self.at(file), from, most)
    }

    fn create_folder(&self, folder: &Path) -> io::Result<()> {
        OsStorage.create_folder(&self.at(folder))
    }

    fn create_file(&self, file: &Path) -> io::Result<Box<dyn OpenFile>> {
        OsStorage.create_file(&self.at(file))
    }

    fn open_file(&self, file: &Path) -> io::Result<Box<dyn OpenFile>> {
        OsStorage.open_file(&self.at(file))
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        OsStorage.sync_folder(&self.at(folder))
    }
}

/// A ward with EXAMPLE, Robin, and the share that goes away.
struct Scene {
    ward: Ward,
    disk: Arc<Unmounted>,
    operation: usize,
    /// How many operations were made while it did.
    operations: Cell<usize>,
}

impl Scene {
    fn new(operation: usize) -> Self {
        let ward = Ward::new();
        save(&mut ward.writer(), robin());
        let disk = Unmounted::new(&ward, ward.data());
        Self { ward, disk, operation, operations: Cell::default() }
    }

    fn store(&self) -> Store {
        Store::open_on(self.disk.clone(), &self.ward.data()).unwrap()
    }

    fn writer(&self) -> Store {
        let mut store = self.store();
        store.become_writer(&self.ward.config()).unwrap();
        store
    }

    /// What is done while the share goes away, and whether it was called done.
    fn while_it_goes<T, E>(&self, done: impl FnOnce() -> Result<T, E>) -> Option<T> {
        self.disk.goes_away_at(self.operation);
        let done = done();
        self.operations.set(self.disk.is_back());
        done.ok()
    }

    /// Saves for a patient, and whether what was called saved is there; the same program then saves again, which must work.
    fn saves(&self, mut store: Store, patient: &PatientId, facts: Vec<Fact>) -> Option<bool> {
        let saved = self.while_it_goes(|| store.save(patient, facts, &author(), at()));
        let Ok(again) = store.save(patient, vec![dose(2)], &author(), at()) else { return Some(false) };
        let there = self.ward.reader().read(patient).unwrap().entries;
        assert!(there.contains(&again[0]), "{}: the next save", self.operation);
        let is_there = |saved: Vec<Entry>| saved.iter().all(|entry| there.contains(entry));
        if self.every_writer_said_so() { saved.map(is_there) } else { Some(false) }
    }

    /// Whether each writer of a segment has its file in `writers`, which says that there was one should its segments be lost.
    fn every_writer_said_so(&self) -> bool {
        let folders = fs::read_dir(self.ward.data().join("patients")).unwrap();
        let files = folders.flat_map(|folder| fs::read_dir(folder.unwrap().path()).unwrap());
        let mut writers = files.map(|file| file.unwrap().file_name().to_str().unwrap()[..8].to_owned());
        writers.all(|writer| self.ward.data().join("writers").join(format!("{writer}-0001")).exists())
    }

    /// A backup of the ward, and what was recorded and changed since.
    fn backed_up(&self) -> PathBuf {
        let backup = self.ward.folder.path().join("backup");
        self.ward.reader().copy_into(&backup, &self.ward.folder.path().join("copies")).unwrap();
        save(&mut self.ward.writer(), dose(10));
        let another = self.ward.reader().new_patient_id().unwrap();
        self.ward.writer().save(&another, vec![of_mrn("40 018")], &author(), at()).unwrap();
        self.ward.reader().change_unit(&UnitRecord::default(), &change("bnf", 0)).unwrap();
        backup
    }

    /// Copies into the backup, and whether what was called copied, without a word of anything that is not, is there.
    fn copies(&self, backup: &Path) -> Option<bool> {
        let store = self.store();
        let copied = self.while_it_goes(|| store.copy_into(backup, &self.ward.folder.path().join("copies")));
        copied.filter(|copied| copied.findings.is_empty())?;
        let backup = Store::open(backup).unwrap();
        let entries: Vec<Entry> = backup.read_all().unwrap().into_iter().flat_map(|patient| patient.entries).collect();
        Some(entries.len() == 3 && backup.unit_record().unwrap().history == store.unit_record().unwrap().history)
    }
}

/// A way of saving: what it is, the first operation at which the share may go away, how many operations there are at least, and
/// the way itself, which tells whether what was called saved is there.
type Way = (&'static str, usize, usize, fn(&mut Scene) -> Option<bool>);

const WAYS: [Way; 10] = [
    ("the first save of a run", 0, 10, |scene| scene.saves(scene.writer(), &patient(), vec![dose(10)])),
    ("the first save of a workstation", 0, 14, |scene| {
        let mut store = scene.store();
        store.become_writer(&scene.ward.folder.path().join("another")).unwrap();
        scene.saves(store, &patient(), vec![dose(10)])
    }),
    ("a later save", 0, 3, |scene| {
        let mut store = scene.writer();
        save(&mut store, dose(4));
        scene.saves(store, &patient(), vec![dose(10)])
    }),
    ("a later save that begins a new file", 0, 7, |scene| {
        let (mut store, note) = (scene.writer(), "n".repeat(60_000));
        save_all(&mut store, (0..4).map(|_| dose_with_note(&note)).collect());
        scene.saves(store, &patient(), vec![dose_with_note(&note)])
    }),
    ("a registration", 0, 10, |scene| {
        let id = scene.store().new_patient_id().unwrap();
        scene.saves(scene.writer(), &id, vec![of_mrn("40 018")])
    }),
    ("a dose in the window, which may wait on the workstation instead", 0, 20, |scene| {
        let places = Places { data: scene.ward.data(), config: scene.ward.config(), cache: None };
        let ward = app::Ward::open_with_outbox_on(scene.disk.clone(), Arc::new(OsStorage), &places);
        let mut ward = ward.unwrap();
        let written = scene.while_it_goes(|| ward.write(&patient(), vec![dose(10)], &author(), at()))?;
        let there = scene.ward.read().entries.contains(&written[0]);
        Some(there || ward.waiting().iter().any(|(_, entry)| *entry == written[0]))
    }),
    ("going on as a writer where another run ended", 0, 8, |scene| {
        let mut store = scene.store();
        scene.while_it_goes(|| store.become_writer(&scene.ward.config()))?;
        let id = store.writer_id().unwrap().as_str();
        let is_new = !scene.ward.segment().to_str().unwrap().contains(id);
        Some(is_new || scene.ward.data().join("writers").join(format!("{id}-0002")).exists())
    }),
    ("a change of the unit's settings", 0, 8, |scene| {
        let store = scene.store();
        scene.while_it_goes(|| store.change_unit(&UnitRecord::default(), &change("bnf", 0)))?;
        Some(scene.ward.reader().unit_record().unwrap().history.changes() == [change("bnf", 0)])
    }),
    // A folder that is away before anything begins is taken for a new one.
    ("a backup whose own folder goes away", 1, 60, |scene| {
        let backup = scene.backed_up();
        fs::remove_dir(&scene.disk.empty).unwrap();
        scene.disk = Unmounted::new(&scene.ward, backup.clone());
        scene.copies(&backup)
    }),
    ("a backup whose data folder goes away", 0, 60, |scene| {
        let backup = scene.backed_up();
        scene.copies(&backup)
    }),
];

#[test]
fn what_was_called_saved_into_the_empty_folder_of_a_share_that_went_away_is_in_the_share_when_it_is_back() {
    let mut lost = Vec::new();
    for (name, first, least, way) in WAYS {
        for operation in first.. {
            let mut scene = Scene::new(operation);
            let is_there = way(&mut scene);
            if is_there == Some(false) {
                lost.push((name, operation));
            }
            if scene.operations.get() <= operation {
                assert_eq!(is_there, Some(true), "{name}: with nothing away");
                assert!(operation >= least, "{name}: only {operation} operations");
                break;
            }
        }
    }
    assert_eq!(lost, [], "with the operation at which the share went away");
}
