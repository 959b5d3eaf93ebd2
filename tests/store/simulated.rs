//! A disk in memory that remembers every operation, so that whatever a power cut could have left can be laid out and
//! looked at.
//!
//! It keeps what programs see, as an operating system's cache does, and apart from it the history, from which
//! [`power_cut`](super::power_cut) lays out disks.
//!
//! The habit is that of leveldb's `fault_injection_test` (keep what the last sync covered, then drop the rest) and of redb's
//! fuzzing (a backend that fails after so many operations, and a plain model to compare with).

use corticurve::exposure::UnitHistory;
use corticurve::record::Entry;
use corticurve::store::{Item, ItemKind, OpenFile, Storage};
use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, HashSet};
use std::hash::{Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Duration;

/// What a disk holds: folders (`None`) and files.
pub type Tree = BTreeMap<PathBuf, Option<Vec<u8>>>;

/// One step of a history.
#[derive(Debug, Clone)]
pub enum Event {
    /// A file or folder got its name.
    Named { path: PathBuf, file: Option<usize> },
    /// Bytes arrived in a file, as programs see it.
    Written { file: usize, at: usize, bytes: Vec<u8> },
    /// Everything written to the file so far is on the disk.
    Synced { file: usize },
    /// The disk did not take what was written to the file, and the system forgets that it has yet to be written: a later
    /// sync that succeeds says nothing about it. Linux does this.
    SyncFailed { file: usize },
    /// The names in a folder are on the disk.
    FolderSynced { folder: PathBuf },
    /// Nothing changed: something was read, listed or opened, or an operation failed.
    Looked,
    /// A program begins to save these.
    Asked(Vec<Entry>),
    /// A program was told that these are saved.
    Acknowledged(Vec<Entry>),
    /// A program begins to save settings, whose history is then this.
    SettingsAsked(UnitHistory),
    /// A program was told that they are saved.
    SettingsAcknowledged,
}

/// The kinds of operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    List,
    Read,
    MakeFolder,
    MakeFile,
    Open,
    Write,
    Sync,
    SyncFolder,
}

/// What goes wrong with an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// It fails with this error of the system, and nothing is done.
    Fails(i32),
    /// The program is gone: nothing is done any more.
    Killed,
    /// The program is gone in the middle of it: half of a write, the whole of making something, nothing else.
    KilledHalfway,
    /// A write fails with this error after half of it; a new file is made all the same; others fail with nothing done.
    FailsHalfway(i32),
    /// A write is reported as done and nothing arrives.
    Dropped,
    /// A write is reported as done and one bit arrives wrong.
    Flipped,
    /// A write is reported as done and half arrives.
    Shortened,
}

/// Which operations of one program go wrong.
#[derive(Debug, Clone, Copy)]
pub struct Fault {
    /// Only operations of this kind count, or all.
    pub of: Option<Operation>,
    /// The first that goes wrong, from 0.
    pub from: usize,
    /// How many go wrong.
    pub times: usize,
    pub trouble: Trouble,
}

#[derive(Default)]
struct Disk {
    names: BTreeMap<PathBuf, Option<usize>>,
    files: Vec<Vec<u8>>,
    history: Vec<Event>,
    /// Every content that a file was ever meant to have, as hashes.
    meant: HashSet<u64>,
    turns: Option<Turns>,
}

impl Disk {
    /// Fails where there is no such folder; the root is always there.
    fn folder(&self, path: &Path) -> io::Result<()> {
        match self.names.get(path) {
            _ if path.parent().is_none() => Ok(()),
            Some(None) => Ok(()),
            Some(Some(_)) => Err(io::ErrorKind::NotADirectory.into()),
            None => Err(not_found()),
        }
    }
}

/// Whose operation is next, while two programs run at once.
struct Turns {
    whose: usize,
    running: [bool; 2],
    random: u64,
}

#[derive(Default)]
struct Faults {
    plan: Vec<Fault>,
    counts: Vec<usize>,
    operations: usize,
}

/// One program's sight of the disk. Clones are the same program.
#[derive(Clone, Default)]
pub struct SimulatedStorage {
    disk: Arc<(Mutex<Disk>, Condvar)>,
    faults: Arc<Mutex<Faults>>,
    program: Option<usize>,
    forgetful: bool,
}

impl SimulatedStorage {
    /// A disk that holds this, all of it synced. It keeps no history.
    pub fn holding(tree: &Tree) -> Self {
        let mut disk = Disk::default();
        for (path, content) in tree {
            let file = content.as_ref().map(|bytes| {
                disk.files.push(bytes.clone());
                disk.files.len() - 1
            });
            disk.names.insert(path.clone(), file);
        }
        Self { disk: Arc::new((Mutex::new(disk), Condvar::new())), forgetful: true, ..Self::default() }
    }

    /// Puts other bytes into a file, as nobody who saves would.
    pub fn damage(&self, file: &Path, bytes: Vec<u8>) {
        let mut disk = self.locked();
        let number = disk.names[file].unwrap();
        disk.files[number] = bytes;
    }

    /// Another program on the same disk, whose faults are its own.
    pub fn another_program(&self) -> Self {
        Self { faults: Arc::default(), ..self.clone() }
    }

    /// From now on this program's operations go wrong like that.
    pub fn plan(&self, plan: Vec<Fault>) {
        let counts = vec![0; plan.len()];
        *self.faults.lock().unwrap() = Faults { plan, counts, operations: 0 };
    }

    /// How many operations this program has made since the last [`plan`](Self::plan).
    pub fn operations(&self) -> usize {
        self.faults.lock().unwrap().operations
    }

    /// Two programs at once, whose operations take turns at random, the same for the same number.
    pub fn two_at_once(&self, random: u64) -> [Self; 2] {
        self.locked().turns = Some(Turns { whose: 0, running: [true; 2], random: random | 1 });
        [0, 1].map(|number| Self { program: Some(number), ..self.another_program() })
    }

    /// This program, of two at once, has ended.
    pub fn ends(&self) {
        if let (Some(number), Some(turns)) = (self.program, &mut self.locked().turns) {
            turns.running[number] = false;
        }
        self.disk.1.notify_all();
    }

    pub fn note(&self, event: Event) {
        self.locked().history.push(event);
    }

    pub fn history(&self) -> History {
        let disk = self.locked();
        History { events: disk.history.clone(), meant: disk.meant.clone() }
    }

    fn locked(&self) -> MutexGuard<'_, Disk> {
        self.disk.0.lock().unwrap()
    }

    /// The disk, once it is this program's turn, and what goes wrong.
    fn begin(&self, operation: Operation) -> (MutexGuard<'_, Disk>, Option<Trouble>) {
        let mut disk = self.locked();
        if let Some(me) = self.program {
            let mine = |turns: &Turns| turns.whose == me || !turns.running[1 - me];
            while !disk.turns.as_ref().is_none_or(mine) {
                disk = self.disk.1.wait(disk).unwrap();
            }
            if let Some(turns) = &mut disk.turns {
                for shift in [13, -7, 17_i32] {
                    let random = turns.random;
                    turns.random ^= if shift > 0 { random << shift } else { random >> -shift };
                }
                turns.whose = usize::from(turns.random >> 32 & 1 == 1);
            }
            self.disk.1.notify_all();
        }
        let mut faults = self.faults.lock().unwrap();
        faults.operations += 1;
        let Faults { plan, counts, .. } = &mut *faults;
        let mut trouble = None;
        for (fault, count) in plan.iter().zip(counts) {
            if fault.of.is_none_or(|kind| kind == operation) {
                if (fault.from..fault.from.saturating_add(fault.times)).contains(count) {
                    trouble = trouble.or(Some(fault.trouble));
                }
                *count += 1;
            }
        }
        (disk, trouble)
    }

    /// As [`begin`](Self::begin), for an operation that only fails or succeeds and changes nothing by itself.
    fn look(&self, operation: Operation) -> io::Result<MutexGuard<'_, Disk>> {
        let (mut disk, trouble) = self.begin(operation);
        self.push(&mut disk, Event::Looked);
        failing(trouble)?;
        Ok(disk)
    }

    fn push(&self, disk: &mut Disk, event: Event) {
        if !self.forgetful {
            disk.history.push(event);
        }
    }
}

fn failing(trouble: Option<Trouble>) -> io::Result<()> {
    match trouble {
        Some(Trouble::Fails(code) | Trouble::FailsHalfway(code)) => Err(io::Error::from_raw_os_error(code)),
        Some(Trouble::Killed | Trouble::KilledHalfway) => Err(io::ErrorKind::Other.into()),
        _ => Ok(()),
    }
}

fn not_found() -> io::Error {
    io::ErrorKind::NotFound.into()
}

impl Storage for SimulatedStorage {
    fn list(&self, folder: &Path) -> io::Result<Vec<Item>> {
        let disk = self.look(Operation::List)?;
        disk.folder(folder)?;
        let inside = disk.names.iter().filter(|(path, _)| path.parent() == Some(folder));
        Ok(inside
            .map(|(path, file)| Item {
                name: path.file_name().unwrap().to_owned(),
                kind: if file.is_some() { ItemKind::File } else { ItemKind::Folder },
            })
            .collect())
    }

    fn read(&self, file: &Path, from: u64, most: usize) -> io::Result<Vec<u8>> {
        let disk = self.look(Operation::Read)?;
        let file = disk.names.get(file).ok_or_else(not_found)?.ok_or(io::ErrorKind::IsADirectory)?;
        Ok(part(&disk.files[file], from, most))
    }

    fn create_folder(&self, folder: &Path) -> io::Result<()> {
        let (mut disk, trouble) = self.begin(Operation::MakeFolder);
        self.push(&mut disk, Event::Looked);
        if trouble != Some(Trouble::KilledHalfway) {
            failing(trouble)?;
        }
        disk.folder(folder.parent().unwrap_or(folder))?;
        match disk.names.get(folder) {
            None => {
                disk.names.insert(folder.to_owned(), None);
                self.push(&mut disk, Event::Named { path: folder.to_owned(), file: None });
            }
            Some(None) => {}
            Some(Some(_)) => return Err(io::ErrorKind::NotADirectory.into()),
        }
        failing(trouble)
    }

    fn create_file(&self, file: &Path) -> io::Result<Box<dyn OpenFile>> {
        let (mut disk, trouble) = self.begin(Operation::MakeFile);
        self.push(&mut disk, Event::Looked);
        if !matches!(trouble, Some(Trouble::FailsHalfway(_) | Trouble::KilledHalfway)) {
            failing(trouble)?;
        }
        if disk.names.contains_key(file) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        disk.folder(file.parent().unwrap())?;
        let number = disk.files.len();
        disk.files.push(Vec::new());
        disk.names.insert(file.to_owned(), Some(number));
        self.push(&mut disk, Event::Named { path: file.to_owned(), file: Some(number) });
        failing(trouble)?;
        Ok(Box::new(SimulatedFile { storage: self.clone(), file: number }))
    }

    fn open_file(&self, file: &Path) -> io::Result<Box<dyn OpenFile>> {
        let disk = self.look(Operation::Open)?;
        let file = disk.names.get(file).ok_or_else(not_found)?.ok_or(io::ErrorKind::IsADirectory)?;
        Ok(Box::new(SimulatedFile { storage: self.clone(), file }))
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        let mut disk = self.look(Operation::SyncFolder)?;
        disk.folder(folder)?;
        self.push(&mut disk, Event::FolderSynced { folder: folder.to_owned() });
        Ok(())
    }

    fn pause(&self, _time: Duration) {}
}

struct SimulatedFile {
    storage: SimulatedStorage,
    file: usize,
}

impl OpenFile for SimulatedFile {
    fn read_at(&self, from: u64, most: usize) -> io::Result<Vec<u8>> {
        let disk = self.storage.look(Operation::Read)?;
        Ok(part(&disk.files[self.file], from, most))
    }

    fn write_at(&self, at: u64, bytes: &[u8]) -> io::Result<()> {
        let (mut disk, trouble) = self.storage.begin(Operation::Write);
        let (file, at) = (self.file, usize::try_from(at).unwrap());
        let mut meant = disk.files[file].clone();
        put(&mut meant, at, bytes);
        disk.meant.insert(hash(&meant));
        let mut arriving = bytes.to_vec();
        match trouble {
            Some(Trouble::Fails(_) | Trouble::Killed | Trouble::Dropped) => arriving.clear(),
            Some(Trouble::FailsHalfway(_) | Trouble::KilledHalfway | Trouble::Shortened) => {
                arriving.truncate(bytes.len() / 2);
            }
            Some(Trouble::Flipped) => arriving[bytes.len() / 2] ^= 8,
            None => {}
        }
        if !arriving.is_empty() {
            put(&mut disk.files[file], at, &arriving);
            self.storage.push(&mut disk, Event::Written { file, at, bytes: arriving });
        }
        failing(trouble)
    }

    fn sync(&self) -> io::Result<()> {
        let (mut disk, trouble) = self.storage.begin(Operation::Sync);
        let (file, failed) = (self.file, failing(trouble));
        let event = match trouble {
            Some(Trouble::Killed | Trouble::KilledHalfway) => Event::Looked,
            Some(Trouble::Fails(_) | Trouble::FailsHalfway(_)) => Event::SyncFailed { file },
            _ => Event::Synced { file },
        };
        self.storage.push(&mut disk, event);
        failed
    }
}

fn part(content: &[u8], from: u64, most: usize) -> Vec<u8> {
    let rest = content.get(usize::try_from(from).unwrap()..).unwrap_or_default();
    rest.get(..most).unwrap_or(rest).to_vec()
}

/// Writes into a file that may still be shorter than where the write begins.
pub fn put(content: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    let end = at + bytes.len();
    if content.len() < end {
        content.resize(end, 0);
    }
    content[at..end].copy_from_slice(bytes);
}

pub fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Everything that happened on a disk.
pub struct History {
    pub events: Vec<Event>,
    meant: HashSet<u64>,
}

impl History {
    /// Whether a file's content is one that somebody meant it to have, and so none that needs a finding.
    pub fn meant(&self, content: &Vec<u8>) -> bool {
        self.meant.contains(&hash(content))
    }

    /// Every point at which the power may fail.
    pub fn points(&self) -> impl Iterator<Item = usize> + '_ {
        (0..=self.events.len()).filter(|point| {
            // Nothing changes by looking, so the point before it shows the same.
            point.checked_sub(1).is_none_or(|last| !matches!(self.events[last], Event::Looked))
        })
    }
}
