//! What the crash test lays out: wards on a simulated disk, with every rule of the protocol or without one, and each kind of
//! save as a story told on them.

use super::simulated::{Event, Fault, History, Operation, SimulatedStorage, Trouble};
use super::*;
use corticurve::exposure::{UnitChange, UnitHistory, UnitSettings};
use corticurve::record::{Correction, StrikeOut};
use corticurve::store::{Item, OpenFile, Protocol, Storage, StoreError, UnitRecord, new_entry};
use std::collections::BTreeMap;
use std::io;
use std::sync::Mutex;

pub const EIO: i32 = 5;
pub const ENOSPC: i32 = 28;
pub const DATA: &str = "/ward/data";

/// A rule taken out of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Without {
    #[default]
    Nothing,
    FileSync,
    FolderSync,
    Checksum,
    LeavingAfterErrors,
    ReadBack,
}

impl Without {
    pub fn protocol(self) -> Protocol {
        Protocol { digits_checked: self != Self::Checksum, left_after_error: self != Self::LeavingAfterErrors }
    }
}

type Asked = BTreeMap<PathBuf, (u64, Vec<u8>)>;

/// A program's storage with a rule taken out: syncs that do nothing, or read-backs answered with what was to be written.
#[derive(Clone)]
struct Sabotaged {
    under: SimulatedStorage,
    without: Without,
    /// Of each file, where it was last written to and what.
    asked: Arc<Mutex<Asked>>,
}

struct SabotagedFile {
    path: PathBuf,
    storage: Sabotaged,
    under: Box<dyn OpenFile>,
}

impl Sabotaged {
    fn file(&self, path: &Path, under: Box<dyn OpenFile>) -> Box<dyn OpenFile> {
        Box::new(SabotagedFile { path: path.to_owned(), storage: self.clone(), under })
    }

    /// What was asked for, in the place of what is there, where this is the read-back that is left out.
    fn read_back(&self, file: &Path, from: u64, most: usize) -> Option<Vec<u8>> {
        let asked = self.asked.lock().unwrap();
        let read_back = asked.get(file).filter(|(at, bytes)| (*at, bytes.len() + 1) == (from, most));
        read_back.filter(|_| self.without == Without::ReadBack).map(|(_, bytes)| bytes.clone())
    }
}

impl Storage for Sabotaged {
    fn list(&self, folder: &Path) -> io::Result<Vec<Item>> {
        self.under.list(folder)
    }

    fn read(&self, file: &Path, from: u64, most: usize) -> io::Result<Vec<u8>> {
        let found = self.under.read(file, from, most)?;
        Ok(self.read_back(file, from, most).unwrap_or(found))
    }

    fn create_folder(&self, folder: &Path) -> io::Result<()> {
        self.under.create_folder(folder)
    }

    fn create_file(&self, file: &Path) -> io::Result<Box<dyn OpenFile>> {
        Ok(self.file(file, self.under.create_file(file)?))
    }

    fn open_file(&self, file: &Path) -> io::Result<Box<dyn OpenFile>> {
        Ok(self.file(file, self.under.open_file(file)?))
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        if self.without == Without::FolderSync { Ok(()) } else { self.under.sync_folder(folder) }
    }

    fn pause(&self, _time: std::time::Duration) {}
}

impl OpenFile for SabotagedFile {
    fn read_at(&self, from: u64, most: usize) -> io::Result<Vec<u8>> {
        let found = self.under.read_at(from, most)?;
        Ok(self.storage.read_back(&self.path, from, most).unwrap_or(found))
    }

    fn write_at(&self, at: u64, bytes: &[u8]) -> io::Result<()> {
        self.storage.asked.lock().unwrap().insert(self.path.clone(), (at, bytes.to_vec()));
        self.under.write_at(at, bytes)
    }

    fn sync(&self) -> io::Result<()> {
        if self.storage.without == Without::FileSync { Ok(()) } else { self.under.sync() }
    }
}

/// A ward on a simulated disk, whose history knows what was asked and what was acknowledged.
pub struct SimulatedWard {
    pub disk: SimulatedStorage,
    pub without: Without,
    pub config: TempDir,
}

impl SimulatedWard {
    /// On a disk that holds nothing but the folder of the data folder.
    pub fn new(without: Without) -> Self {
        let disk = SimulatedStorage::default();
        disk.create_folder(Path::new("/ward")).unwrap();
        disk.sync_folder(Path::new("/")).unwrap();
        Self { disk, without, config: TempDir::new().unwrap() }
    }

    fn storage(&self, disk: &SimulatedStorage) -> Arc<dyn Storage> {
        Arc::new(Sabotaged { under: disk.clone(), without: self.without, asked: Arc::default() })
    }

    pub fn open(&self, disk: &SimulatedStorage) -> Result<Store, StoreError> {
        let store = Store::open_or_create_on(self.storage(disk), Path::new(DATA), "Ward 4")?;
        Ok(store.without(self.without.protocol()))
    }

    /// A program on this disk with a writer id for this run only.
    pub fn writer_on(&self, disk: &SimulatedStorage) -> Result<Store, StoreError> {
        let mut store = self.open(disk)?;
        store.become_writer(no_config())?;
        Ok(store)
    }

    fn writer(&self) -> Store {
        self.writer_on(&self.disk).unwrap()
    }

    /// A program that goes on under the id that its config folder keeps.
    pub fn kept_writer(&self) -> Store {
        let mut store = self.open(&self.disk).unwrap();
        store.become_writer(self.config.path()).unwrap();
        store
    }

    pub fn try_save(&self, store: &mut Store, patient: &PatientId, facts: Vec<Fact>) -> Result<Vec<Entry>, StoreError> {
        let entries: Vec<Entry> = facts.into_iter().map(|fact| new_entry(fact, &author(), at()).unwrap()).collect();
        self.disk.note(Event::Asked(entries.clone()));
        store.append(patient, &entries)?;
        self.disk.note(Event::Acknowledged(entries.clone()));
        Ok(entries)
    }

    pub fn save(&self, store: &mut Store, facts: Vec<Fact>) -> Vec<Entry> {
        self.try_save(store, &patient(), facts).unwrap()
    }

    fn change_settings(&self, store: &Store, seen: &UnitRecord, change: &UnitChange) -> UnitRecord {
        let blocks = seen.history.changes().iter().chain([change]).map(|change| change.text() + ",\n");
        let asked = UnitHistory::parse(&format!("[\n{}]\n", blocks.collect::<String>())).unwrap();
        self.disk.note(Event::SettingsAsked(asked));
        store.change_unit(seen, change).unwrap();
        self.disk.note(Event::SettingsAcknowledged);
        store.unit_record().unwrap()
    }
}

/// A folder that cannot be made, so that nothing is kept from run to run, as after a power cut.
pub fn no_config() -> &'static Path {
    Path::new("/dev/null/config")
}

fn another_patient() -> PatientId {
    "p-2a2b2c2d2e2f".parse().unwrap()
}

fn correction(target: &Entry) -> Fact {
    let (target, reason) = (target.id.clone(), "wrong dose".to_owned());
    Fact::Corrected(Correction { target, replacement: Box::new(dose(8)), reason, seen: vec![] })
}

pub fn strike_out(target: &Entry) -> Fact {
    Fact::StruckOut(StrikeOut { target: target.id.clone(), reason: "other patient".to_owned(), seen: vec![] })
}

/// A recorded story, and at how many places of each write it is torn.
pub struct Story {
    pub name: String,
    pub history: History,
    pub cuts: usize,
}

/// Everything that the stories are made of.
pub type Telling = Box<dyn Fn(&SimulatedWard)>;

fn story(name: &str, cuts: usize, telling: impl Fn(&SimulatedWard) + 'static) -> (String, usize, Telling) {
    (name.to_owned(), cuts, Box::new(telling))
}

/// All kinds of saves on a disk that works.
pub fn plain_stories() -> Tales {
    vec![
        story("a new ward, its first patient and doses one by one", 400, |ward| {
            let mut store = ward.writer();
            ward.save(&mut store, vec![robin()]);
            ward.save(&mut store, vec![dose(10)]);
            ward.save(&mut store, vec![dose_with_note("before \"meals\" //# ]\n")]);
        }),
        story("several facts at once, in a new file and in one that is there", 300, |ward| {
            let mut store = ward.writer();
            ward.save(&mut store, vec![robin(), dose(10), dose(4)]);
            ward.save(&mut store, vec![dose(8), dose(6), dose(2)]);
        }),
        story("two patients in one run", 200, |ward| {
            let mut store = ward.writer();
            ward.save(&mut store, vec![robin(), dose(10)]);
            ward.try_save(&mut store, &another_patient(), vec![robin()]).unwrap();
            ward.try_save(&mut store, &another_patient(), vec![dose(4), dose(8)]).unwrap();
        }),
        story("a correction, then a strike-out", 200, |ward| {
            let mut store = ward.writer();
            let first = ward.save(&mut store, vec![dose(10)]).remove(0);
            ward.save(&mut store, vec![correction(&first)]);
            ward.save(&mut store, vec![strike_out(&first)]);
        }),
        story("a segment that is full is followed by the next", 5, |ward| {
            let mut store = ward.writer();
            let note = "n".repeat(60_000);
            ward.save(&mut store, (0..4).map(|_| dose_with_note(&note)).collect());
            ward.save(&mut store, vec![dose_with_note(&note)]);
        }),
        story("a later run goes on in the same segment", 200, |ward| {
            ward.save(&mut ward.kept_writer(), vec![robin()]);
            ward.save(&mut ward.kept_writer(), vec![dose(10)]);
            ward.save(&mut ward.kept_writer(), vec![dose(4)]);
        }),
        story("another workstation's run", 200, |ward| {
            ward.save(&mut ward.writer(), vec![robin()]);
            ward.save(&mut ward.writer(), vec![dose(10)]);
        }),
        story("the unit's settings", 200, |ward| {
            let store = ward.writer();
            let change = |table: &str, minutes: i64| {
                let settings = UnitSettings { table: table.to_owned(), ..UnitSettings::default() };
                let at = at() + chrono::TimeDelta::minutes(minutes);
                UnitChange { at, by: "NK".parse().unwrap(), reason: "protocol 12".to_owned(), settings }
            };
            let first = ward.change_settings(&store, &UnitRecord::default(), &change("bnf", 0));
            ward.change_settings(&store, &first, &change("katzung", 1));
        }),
    ]
}

/// Saves on a disk on which one operation, or two, go wrong.
pub fn failing_stories() -> Tales {
    let mut stories = Vec::new();
    for (of, trouble) in [
        (Operation::Write, Trouble::Fails(ENOSPC)),
        (Operation::Write, Trouble::FailsHalfway(ENOSPC)),
        (Operation::Write, Trouble::Dropped),
        (Operation::Write, Trouble::Flipped),
        (Operation::Write, Trouble::Shortened),
        (Operation::Sync, Trouble::Fails(EIO)),
        (Operation::SyncFolder, Trouble::Fails(EIO)),
        (Operation::MakeFile, Trouble::FailsHalfway(EIO)),
        (Operation::Open, Trouble::Fails(EIO)),
        (Operation::Read, Trouble::Fails(EIO)),
        (Operation::List, Trouble::Fails(EIO)),
    ] {
        for times in [1, 2] {
            for first in [true, false] {
                let name = format!("{times} × {of:?} {trouble:?}, in a new file: {first}");
                stories.push(story(&name, 44, move |ward| {
                    let mut store = ward.writer();
                    if !first {
                        ward.save(&mut store, vec![robin()]);
                    }
                    ward.disk.plan(vec![Fault { of: Some(of), from: 0, times, trouble }]);
                    // What is not acknowledged may be there or not.
                    let _ = ward.try_save(&mut store, &patient(), vec![dose(10), dose(4)]);
                    ward.disk.plan(vec![]);
                    ward.save(&mut store, vec![dose(8)]);
                    ward.save(&mut store, vec![dose(6)]);
                }));
            }
        }
    }
    for (of, from) in (0..4).flat_map(|from| [(Operation::Sync, from), (Operation::SyncFolder, from)]) {
        for times in [1, 2] {
            let name =
                format!("{times} × {of:?} from {from} on while the data folder is made, and then it is tried again");
            stories.push(story(&name, 44, move |ward| {
                ward.disk.plan(vec![Fault { of: Some(of), from, times, trouble: Trouble::Fails(EIO) }]);
                let _ = ward.writer_on(&ward.disk);
                ward.disk.plan(vec![]);
                ward.save(&mut ward.writer(), vec![robin()]);
            }));
        }
    }
    stories
}

/// A program that ends at any of its operations, without a power cut, and another that goes on.
pub fn killed_stories() -> Tales {
    let whole = |ward: &SimulatedWard, disk: &SimulatedStorage| -> Result<(), StoreError> {
        let mut store = ward.writer_on(disk)?;
        ward.try_save(&mut store, &patient(), vec![robin()])?;
        ward.try_save(&mut store, &patient(), vec![dose(10)])?;
        Ok(())
    };
    let ward = SimulatedWard::new(Without::Nothing);
    let program = ward.disk.another_program();
    whole(&ward, &program).unwrap();
    (0..program.operations())
        .map(|from| {
            story(&format!("a program killed at its operation {from}, and another"), 48, move |ward| {
                let killed = ward.disk.another_program();
                // A write may be cut short by the kill as well.
                let half = Fault { of: None, from, times: 1, trouble: Trouble::KilledHalfway };
                killed.plan(vec![half, Fault { times: usize::MAX, trouble: Trouble::Killed, ..half }]);
                let _ = whole(ward, &killed);
                ward.save(&mut ward.writer(), vec![robin(), dose(4)]);
            })
        })
        .collect()
}

/// Two programs that begin in one empty folder and save for one patient, their operations mixed in several ways.
pub fn stories_of_two() -> Tales {
    let mixed = |random: u64| {
        story(&format!("two programs at once, mixed as {random}"), 64, move |ward| {
            let programs = ward.disk.two_at_once(random.wrapping_mul(0x9e37_79b9_7f4a_7c15));
            std::thread::scope(|scope| {
                for (program, milligrams) in programs.iter().zip([1, 2]) {
                    scope.spawn(move || {
                        let mut store = ward.writer_on(program).unwrap();
                        ward.save(&mut store, vec![dose(milligrams)]);
                        ward.save(&mut store, vec![dose(milligrams + 2), dose(milligrams + 4)]);
                        program.ends();
                    });
                }
            });
        })
    };
    (1..=12).map(mixed).collect()
}

pub type Tales = Vec<(String, usize, Telling)>;

/// The stories as they happen to programs that lack a rule.
pub fn told(tales: Tales, without: Without) -> Vec<Story> {
    let tell = |(name, cuts, telling): (String, usize, Telling)| {
        let ward = SimulatedWard::new(without);
        telling(&ward);
        Story { name, cuts, history: ward.disk.history() }
    };
    tales.into_iter().map(tell).collect()
}
