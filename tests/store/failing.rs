//! A disk that fails.

use super::simulated::{Operation, Trouble};
use super::stories::{EIO, ENOSPC, SimulatedWard, Without};
use super::*;
use corticurve::app::{Places, ward as app};
use corticurve::exposure::{UnitChange, UnitSettings};
use corticurve::store::{Item, OpenFile, OsStorage, SEGMENT_MOST, Storage, StoreError, UNIT_MOST, UnitRecord};
use std::io;
use std::sync::Mutex;

/// What fails, and how many times from now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Write,
    /// Half of the bytes arrive.
    TornWrite,
    Sync,
    SyncFolder,
    CreateFile,
    /// Somebody else has just made an empty list of that name.
    NameTaken,
    /// What is read is not what was written.
    Read,
    /// The same, for a file that is read back whole.
    ReadOther,
    /// A file of settings is read while half of it has arrived.
    HalfSettings,
    /// A whole segment is read while half of a save has arrived.
    HalfRead,
    /// The same, with the old end first and the new lines from the middle.
    MixedRead,
}

#[derive(Clone, Default)]
struct Failing(Arc<Mutex<Vec<Fault>>>);

impl Failing {
    /// Whether this operation fails now.
    fn fails(&self, fault: Fault) -> bool {
        let mut faults = self.0.lock().unwrap();
        let at = faults.iter().position(|next| *next == fault);
        at.map(|at| faults.remove(at)).is_some()
    }

    fn check(&self, fault: Fault) -> io::Result<()> {
        if self.fails(fault) { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }

    fn plan(&self, fault: Fault, times: usize) {
        *self.0.lock().unwrap() = vec![fault; times];
    }
}

impl Storage for Failing {
    fn list(&self, folder: &Path) -> io::Result<Vec<Item>> {
        OsStorage.list(folder)
    }

    fn read(&self, file: &Path, from: u64, most: usize) -> io::Result<Vec<u8>> {
        let mut bytes = OsStorage.read(file, from, most)?;
        // A size that is known beforehand is only asked for where a file was just written.
        if from == 0 && most < 4096 && self.fails(Fault::ReadOther) {
            bytes[0] ^= 1;
        }
        if most == UNIT_MOST + 1 && self.fails(Fault::HalfSettings) {
            bytes.truncate(bytes.len() / 2);
        }
        if from == 0 && most > SEGMENT_MOST && self.fails(Fault::HalfRead) {
            bytes.truncate(bytes.len() - 50);
        }
        if from == 0 && most > SEGMENT_MOST && self.fails(Fault::MixedRead) {
            let middle = bytes.len() - 300;
            bytes[middle..middle + 2].copy_from_slice(b"]\n");
        }
        Ok(bytes)
    }

    fn create_folder(&self, folder: &Path) -> io::Result<()> {
        OsStorage.create_folder(folder)
    }

    fn create_file(&self, file: &Path) -> io::Result<Box<dyn OpenFile>> {
        self.check(Fault::CreateFile)?;
        if self.fails(Fault::NameTaken) {
            fs::write(file, corticurve::store::sealed("[]"))?;
        }
        Ok(Box::new(FailingFile { disk: self.clone(), file: OsStorage.create_file(file)? }))
    }

    fn open_file(&self, file: &Path) -> io::Result<Box<dyn OpenFile>> {
        Ok(Box::new(FailingFile { disk: self.clone(), file: OsStorage.open_file(file)? }))
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.check(Fault::SyncFolder)?;
        OsStorage.sync_folder(folder)
    }
}

struct FailingFile {
    disk: Failing,
    file: Box<dyn OpenFile>,
}

impl OpenFile for FailingFile {
    fn read_at(&self, from: u64, most: usize) -> io::Result<Vec<u8>> {
        let mut bytes = self.file.read_at(from, most)?;
        // A read-back is of more than the few bytes at the end of a file that are looked at before.
        if most > 40 && self.disk.fails(Fault::Read) {
            bytes[0] ^= 1;
        }
        Ok(bytes)
    }

    fn write_at(&self, at: u64, bytes: &[u8]) -> io::Result<()> {
        self.disk.check(Fault::Write)?;
        if self.disk.fails(Fault::TornWrite) {
            self.file.write_at(at, &bytes[..bytes.len() / 2])?;
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.file.write_at(at, bytes)
    }

    fn sync(&self) -> io::Result<()> {
        self.disk.check(Fault::Sync)?;
        self.file.sync()
    }
}

/// A writer on a disk that works until a fault is planned.
fn writer(ward: &Ward) -> (Failing, Store) {
    let disk = Failing::default();
    let mut store = Store::open_or_create_on(Arc::new(disk.clone()), &ward.data(), "Ward 4").unwrap();
    store.become_writer(&ward.config()).unwrap();
    (disk, store)
}

#[test]
fn after_any_error_the_same_entry_goes_to_a_new_segment_and_the_old_one_is_never_written_again() {
    for fault in [Fault::Write, Fault::TornWrite, Fault::Sync, Fault::Read] {
        let ward = Ward::new();
        let (disk, mut store) = writer(&ward);
        let mut saved = vec![save(&mut store, robin())];
        disk.plan(fault, 1);
        saved.push(save(&mut store, dose(10)));
        let (first, left) = (ward.segments()[0].clone(), fs::read(&ward.segments()[0]).unwrap());
        saved.push(save(&mut store, dose(4)));
        drop(store);
        // A later run does not go on there either, even where the file looks well.
        saved.push(save(&mut ward.writer(), dose(8)));
        assert_eq!(fs::read(first).unwrap(), left, "{fault:?}");
        let record = ward.read();
        assert_eq!((ids(&record.entries), record.entries.len()), (ids(&saved), 4), "{fault:?}");
        let torn = usize::from(fault == Fault::TornWrite);
        assert_eq!(record.findings.len(), torn, "{fault:?}: {:?}", record.findings);
    }
}

#[test]
fn a_disk_that_fails_twice_is_never_called_saved_and_the_next_save_works() {
    for fault in [Fault::Write, Fault::TornWrite, Fault::Sync, Fault::SyncFolder, Fault::CreateFile] {
        let ward = Ward::new();
        let (disk, mut store) = writer(&ward);
        disk.plan(fault, 2);
        let error = store.save(&patient(), vec![robin(), dose(10)], &author(), at()).unwrap_err();
        assert!(matches!(error, StoreError::NotSaved { saved: 0, of: 2, .. }), "{fault:?}: {error:?}");
        assert!(error.to_string().starts_with("NOT saved: 2 of 2"), "{error}");
        disk.plan(fault, 0);
        let saved = save(&mut store, dose(4));
        assert!(ward.read().entries.contains(&saved), "{fault:?}");
    }
}

#[test]
fn of_two_attempts_the_one_after_which_the_dose_may_show_is_told() {
    const EROFS: i32 = 30;
    let fails = |of, code| simulated::Fault { of: Some(of), from: 0, times: 2, trouble: Trouble::Fails(code) };
    for (faults, is_unconfirmed, told) in [
        // A disk turns read-only after a sync has failed.
        (vec![fails(Operation::Sync, EIO), fails(Operation::MakeFile, EROFS)], true, "os error 5"),
        (vec![fails(Operation::Open, EIO), fails(Operation::MakeFile, EROFS)], false, "os error 30"),
        (vec![fails(Operation::Open, EIO), fails(Operation::Sync, ENOSPC)], true, "os error 28"),
    ] {
        let ward = SimulatedWard::new(Without::Nothing);
        let mut store = ward.writer_on(&ward.disk).unwrap();
        ward.save(&mut store, vec![robin()]);
        ward.disk.plan(faults);
        let error = ward.try_save(&mut store, &patient(), vec![dose(10)]).unwrap_err();
        ward.disk.plan(vec![]);
        assert_eq!((error.is_unconfirmed(), error.to_string().contains(told)), (is_unconfirmed, true), "{error}");
        let shows = store.read(&patient()).unwrap().entries.len() == 2;
        assert!(is_unconfirmed || !shows, "{error}");
    }
}

#[test]
fn a_dose_whose_keeping_was_not_confirmed_is_said_to_be_unsure_and_is_delivered_once_if_it_shows_up() {
    let ward = Ward::new();
    save(&mut ward.writer(), robin());
    let (data, here) = (Failing::default(), Failing::default());
    let places = Places { data: ward.data(), config: ward.config(), cache: None };
    let mut program = app::Ward::open_with_outbox_on(Arc::new(data.clone()), Arc::new(here.clone()), &places).unwrap();
    program.write(&patient(), vec![dose(4)], &author(), at()).unwrap();
    data.plan(Fault::Write, 2);
    here.plan(Fault::Sync, 1);
    let error = program.write(&patient(), vec![dose(10)], &author(), at()).unwrap_err().to_string();
    for words in
        ["NOT saved: 1 of 1 entries", "it may still show in the log as waiting", "look there before recording it"]
    {
        assert!(error.contains(words), "{error}");
    }
    assert!(!error.contains("could not be kept"), "{error}");
    assert_eq!(ward.read().entries.len(), 2, "nothing of it is in the data folder");
    program.look_in_outbox();
    assert_eq!(program.waiting().len(), 1, "it can be read here");
    assert_eq!(program.deliver().unwrap().len(), 1);
    assert_eq!(program.deliver().unwrap(), vec![]);
    let tens = ward.read().entries.into_iter().filter(|entry| entry.fact == dose(10));
    assert_eq!((tens.count(), program.waiting()), (1, vec![]));
}

#[test]
fn a_save_that_is_half_done_when_it_is_read_is_read_again() {
    // Without its end, a file is looked at for some time: a slow share may bring the rest only then.
    for (fault, times) in [(Fault::HalfRead, 1), (Fault::HalfRead, 6), (Fault::MixedRead, 1)] {
        let ward = Ward::new();
        let (disk, mut store) = writer(&ward);
        save_all(&mut store, vec![robin(), dose(10), dose(4)]);
        disk.plan(fault, times);
        let record = store.read(&patient()).unwrap();
        assert_eq!((record.entries.len(), record.findings), (3, vec![]), "{fault:?}, {times} times");
        disk.plan(fault, times);
        let backup = ward.folder.path().join("backup");
        let copied = store.copy_into(&backup, &ward.config()).unwrap();
        assert_eq!((copied.entries(), copied.findings), (3, vec![]), "{fault:?}, {times} times");
        assert_eq!(Store::open(&backup).unwrap().read(&patient()).unwrap().findings, [], "{fault:?}, {times} times");
    }
}

/// A change of the settings, some seconds after the others.
fn change(table: &str, seconds: i64) -> UnitChange {
    let settings = UnitSettings { table: table.to_owned(), ..UnitSettings::default() };
    let at = at() + chrono::TimeDelta::seconds(seconds);
    UnitChange { at, by: "NK".parse().unwrap(), reason: String::new(), settings }
}

#[test]
fn a_change_of_settings_that_is_half_done_when_it_is_read_is_read_again() {
    let ward = Ward::new();
    let (disk, store) = writer(&ward);
    store.change_unit(&UnitRecord::default(), &change("bnf", 0)).unwrap();
    for times in [1, 3] {
        disk.plan(Fault::HalfSettings, times);
        let record = store.unit_record().unwrap();
        assert_eq!((record.history.changes(), record.findings), (&[change("bnf", 0)][..], vec![]));
    }
}

#[test]
fn a_change_of_settings_that_the_disk_does_not_take_is_never_called_saved_and_hides_no_other() {
    for fault in [Fault::Write, Fault::TornWrite, Fault::Sync, Fault::SyncFolder, Fault::ReadOther] {
        let ward = Ward::new();
        let (disk, store) = writer(&ward);
        store.change_unit(&UnitRecord::default(), &change("bnf", 0)).unwrap();
        let first = store.unit_record().unwrap();
        disk.plan(fault, 1);
        let error = store.change_unit(&first, &change("katzung", 60)).unwrap_err();
        assert!(error.to_string().starts_with("NOT saved: the change of settings"), "{fault:?}: {error}");
        let record = store.unit_record().unwrap();
        assert_eq!(record.history.changes()[0], change("bnf", 0), "{fault:?}");
        let torn = matches!(fault, Fault::Write | Fault::TornWrite);
        let left = (record.history.changes().len(), record.findings.len());
        assert_eq!(left, if torn { (1, 0) } else { (2, 0) }, "{fault:?}");
        // What is left of it is harmless, and told by whoever looks at every file.
        let told = verified(&store).iter().any(|found| found.kind == FindingKind::SettingsLeftover);
        assert_eq!(told, torn, "{fault:?}");
        // It can be made again, whatever is left of the first attempt.
        store.change_unit(&record, &change("potency-25", 120)).unwrap();
        assert_eq!(store.unit_record().unwrap().history.in_force().table, "potency-25");
    }
    let ward = Ward::new();
    let (disk, store) = writer(&ward);
    for fault in [Fault::CreateFile, Fault::NameTaken] {
        disk.plan(fault, 1);
        let error = store.change_unit(&UnitRecord::default(), &change("bnf", 0)).unwrap_err().to_string();
        assert!(error.starts_with("cannot make "), "{error}");
        let left = store.unit_record().unwrap();
        assert_eq!((left.history.changes().len(), left.findings), (0, vec![]), "the other's file is left as it is");
    }
}
