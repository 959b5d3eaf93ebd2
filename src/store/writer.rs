//! Writers: which files this running program, and nobody else, may write.
//!
//! A writer id is kept in the local config folder, in one of several slots, and the slot is locked while a program uses
//! it, so a second instance takes the next. What a lock cannot see is a copy: a cloned disk or a restored config folder
//! would write the same files as the original. So a slot goes on with its id only when its last run ended well, on a host
//! of the same name, and when this run is the first to take its number, which is a file in the data folder that can be
//! made only once. Also the first run of an id makes such a file, before any other: it says that there was a writer, should
//! all of its files be lost. Nor does a slot go on where files of its id were copied into the data folder: they are a copy of
//! files that it may still be writing elsewhere. Everything else gets a fresh id, which costs one more file for each patient
//! and nothing else.

use super::format::{Place, StoreId, WriterId};
use super::segment::End;
use super::storage::Storage;
use super::{Store, StoreError};
use crate::record::PatientId;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::Path;

/// The folder of run numbers, in the data folder.
pub(super) const WRITERS: &str = "writers";
/// No workstation runs more instances than this at once.
const SLOTS: u32 = 64;
/// A slot is a few dozen bytes.
const SLOT_MOST: u64 = 4096;
/// The number of the first run of an id.
const FIRST_RUN: u32 = 1;
/// How often a fresh writer id is tried before giving up on a folder in which every name is taken.
pub(super) const NAMES_TRIED: usize = 5;

/// This running program as a writer.
pub(super) struct Writer {
    pub id: WriterId,
    /// The segment that each patient's next entry goes to, for patients for whom anything was written in this run.
    pub current: BTreeMap<PatientId, Current>,
    /// The patients for whom this run has saved, under whichever id.
    pub saved: BTreeSet<PatientId>,
    /// Segments whose header was already found to be of a known format; headers never change.
    pub known: BTreeSet<Place>,
    /// Whether this run has made the file of its number. Without it no segment is made.
    is_claimed: bool,
    slot: Option<Slot>,
}

/// The segment that is being written.
pub(super) struct Current {
    pub place: Place,
    /// What its end must still be; `None` once it is never to be written again.
    pub end: Option<End>,
}

/// A slot held by this program.
struct Slot {
    file: File,
    kept: Kept,
    /// Whether a later run may go on where this one ends.
    good: bool,
}

/// What a slot's file says.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename = "Slot", deny_unknown_fields)]
struct Kept {
    writer: WriterId,
    /// The name of the host whose slot it is.
    host: String,
    /// The number of the last run of this id that made its file in the data folder; 0 before the first has saved anything.
    runs: u32,
    /// Whether the last run ended well.
    closed: bool,
}

impl Writer {
    /// Takes the first free slot. Without any, as with a config folder that cannot be written, the id is for this run only.
    pub fn take(storage: &dyn Storage, folder: &Path, store: &StoreId, config: &Path) -> Result<Self, StoreError> {
        let host = gethostname::gethostname().to_string_lossy().into_owned();
        let mut slot = lock_slot(&config.join(WRITERS), store).ok().flatten();
        let kept = slot.as_mut().and_then(read_slot).filter(|kept| kept.closed && kept.host == host);
        // An id under which nothing was saved has nothing to go on with, and leaves no file for a program that only reads.
        let used = kept.filter(|kept| kept.runs > 0).map(|kept| Kept { runs: kept.runs.saturating_add(1), ..kept });
        let kept = match used {
            Some(kept)
                if !is_ended(storage, folder, &kept.writer)
                    && claim(storage, folder, &kept.writer, kept.runs).is_ok_and(|is_ours| is_ours) =>
            {
                Kept { closed: false, ..kept }
            }
            _ => Kept { writer: WriterId::random()?, host, runs: 0, closed: false },
        };
        let (id, is_claimed) = (kept.writer.clone(), kept.runs > 0);
        let slot = slot.and_then(|file| Slot { file, kept, good: true }.written());
        Ok(Self { id, current: BTreeMap::new(), saved: BTreeSet::new(), known: BTreeSet::new(), is_claimed, slot })
    }

    /// Makes sure that a file in the data folder says that there is such a writer, before its first segment is made. Of a run
    /// that goes on where another ended, there is one already.
    ///
    /// # Errors
    /// [`StoreError`]; then no segment may be made.
    pub fn claim(&mut self, store: &Store) -> Result<(), StoreError> {
        let mut tried = 0;
        while !self.is_claimed {
            if claim(store.storage.as_ref(), &store.folder, &self.id, FIRST_RUN)? {
                // In an empty folder that a share left behind it would say nothing to anybody.
                store.look()?;
                self.is_claimed = true;
                if let Some(slot) = &mut self.slot {
                    slot.kept.runs = FIRST_RUN;
                }
            } else if tried < NAMES_TRIED {
                // Somebody else has this id, or an attempt to make the file was not confirmed by the disk.
                self.renew()?;
                tried += 1;
            } else {
                let file = store.folder.join(WRITERS).join(run_name(&self.id, FIRST_RUN));
                return Err(StoreError::io("make", file)(io::ErrorKind::AlreadyExists.into()));
            }
        }
        Ok(())
    }

    /// Goes on under a fresh id where this one was ended since it was taken: a copy was put into the folder.
    pub fn heed_end(&mut self, storage: &dyn Storage, folder: &Path) -> Result<(), StoreError> {
        let is_ended = || storage.read(&folder.join(WRITERS).join(end_name(&self.id)), 0, 1).is_ok();
        if self.is_claimed && is_ended() { self.renew() } else { Ok(()) }
    }

    /// Goes on under a fresh id, because somebody else evidently writes under this one.
    pub fn renew(&mut self) -> Result<(), StoreError> {
        self.id = WriterId::random()?;
        self.is_claimed = false;
        self.current.clear();
        self.slot = self.slot.take().and_then(|slot| {
            let kept = Kept { writer: self.id.clone(), runs: 0, ..slot.kept.clone() };
            slot.replaced(kept).written()
        });
        Ok(())
    }

    /// Never writes a patient's current segment again, in this run or a later one.
    pub fn abandon(&mut self, patient: &PatientId) {
        if let Some(current) = self.current.get_mut(patient) {
            current.end = None;
        }
        if let Some(slot) = &mut self.slot {
            slot.good = false;
        }
    }
}

impl Slot {
    fn replaced(mut self, kept: Kept) -> Self {
        self.kept = kept;
        self.good = true;
        self
    }

    /// The slot with its file written; `None`, and so a fresh id next time, where that fails.
    fn written(mut self) -> Option<Self> {
        if self.write().is_err() {
            self.good = false;
            return None;
        }
        Some(self)
    }

    fn write(&mut self) -> io::Result<()> {
        let text = ron::to_string(&self.kept).map_err(io::Error::other)?;
        self.file.rewind()?;
        self.file.set_len(0)?;
        self.file.write_all(text.as_bytes())?;
        self.file.sync_all()
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        if self.good {
            self.kept.closed = true;
            // A slot that stays open only costs a fresh id next time, so there is nothing to report.
            let _ = self.write();
        }
    }
}

/// Opens and locks the first free slot; `None` where there is none.
fn lock_slot(folder: &Path, store: &StoreId) -> io::Result<Option<File>> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    for number in 1..=SLOTS {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(folder.join(format!("{store}-{number}.ron")))?;
        match file.try_lock() {
            Ok(()) => return Ok(Some(file)),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Ok(None)
}

fn read_slot(file: &mut File) -> Option<Kept> {
    let mut text = String::new();
    file.take(SLOT_MOST).read_to_string(&mut text).ok()?;
    ron::from_str(&text).ok()
}

/// The name that ends a writer in a data folder: the run of no number.
pub(super) fn end_name(writer: &WriterId) -> String {
    run_name(writer, 0)
}

/// Whether files of this writer were copied into the data folder. It then never goes on there.
fn is_ended(storage: &dyn Storage, folder: &Path, writer: &WriterId) -> bool {
    let found = storage.read(&folder.join(WRITERS).join(end_name(writer)), 0, 1);
    !found.is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
}

/// Makes the file that only one run of a writer can make, and returns once its name is on the disk; false where somebody else
/// has made it.
fn claim(storage: &dyn Storage, data: &Path, writer: &WriterId, run: u32) -> Result<bool, StoreError> {
    let folder = data.join(WRITERS);
    let file = folder.join(run_name(writer, run));
    storage.create_folder(&folder).map_err(StoreError::io("make the folder", &folder))?;
    let open = match storage.create_file(&file) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
        other => other.map_err(StoreError::io("make", &file))?,
    };
    open.sync().map_err(StoreError::io("write to the disk", &file))?;
    // The folder may be as new as the file.
    for folder in [folder.as_path(), data] {
        storage.sync_folder(folder).map_err(StoreError::io("write to the disk", folder))?;
    }
    Ok(true)
}

fn run_name(writer: &WriterId, run: u32) -> String {
    format!("{writer}-{run:04}")
}

/// The writer of a run that has its name here; `None` for every other name, also for the end of a writer, which comes with
/// files that were copied.
pub(super) fn writer_of_claim(name: &str) -> Option<WriterId> {
    let (writer, run) = name.split_once('-').filter(|_| is_run_name(name))?;
    WriterId::try_from(writer.to_owned()).ok().filter(|_| run != "0000")
}

/// Whether a name in the folder of run numbers is one that this program makes.
pub(super) fn is_run_name(name: &str) -> bool {
    let Some((writer, run)) = name.split_once('-') else { return false };
    let number = run.parse::<u32>().ok();
    WriterId::try_from(writer.to_owned()).is_ok() && number.is_some_and(|number| format!("{number:04}") == run)
}
