//! Writers: which files this running program, and nobody else, may write.
//!
//! A writer id is kept in the local config folder, in one of several slots, and the slot is locked while a program uses
//! it, so a second instance takes the next. What a lock cannot see is a copy: a cloned disk or a restored config folder
//! would write the same files as the original. So a slot goes on with its id only when its last run ended well, on a host
//! of the same name, and when this run is the first to take its number, which is a file in the data folder that can be
//! made only once. Nor does it go on where files of its id were copied into the data folder: they are a copy of files that it
//! may still be writing elsewhere. Everything else gets a fresh id, which costs one more file for each patient and nothing else.

use super::StoreError;
use super::format::{Place, StoreId, WriterId};
use super::segment::End;
use super::storage::Storage;
use crate::record::PatientId;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// The folder of run numbers, in the data folder.
pub(super) const WRITERS: &str = "writers";
/// No workstation runs more instances than this at once.
const SLOTS: u32 = 64;
/// A slot is a few dozen bytes.
const SLOT_MOST: u64 = 4096;

/// This running program as a writer.
pub(super) struct Writer {
    pub id: WriterId,
    /// The segment that each patient's next entry goes to, for patients already saved in this run.
    pub current: BTreeMap<PatientId, Current>,
    /// Segments whose header was already found to be of a known format; headers never change.
    pub known: BTreeSet<PathBuf>,
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
    /// How many runs have had this id.
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
        let kept = match kept {
            Some(kept)
                if !is_ended(storage, folder, &kept.writer)
                    && claim(storage, folder, &kept.writer, kept.runs.saturating_add(1)).is_ok() =>
            {
                Kept { runs: kept.runs.saturating_add(1), closed: false, ..kept }
            }
            _ => Kept { writer: WriterId::random()?, host, runs: 1, closed: false },
        };
        let id = kept.writer.clone();
        let slot = slot.and_then(|file| Slot { file, kept, good: true }.written());
        Ok(Self { id, current: BTreeMap::new(), known: BTreeSet::new(), slot })
    }

    /// Goes on under a fresh id, because somebody else evidently writes under this one.
    pub fn renew(&mut self) -> Result<(), StoreError> {
        self.id = WriterId::random()?;
        self.current.clear();
        self.slot = self.slot.take().and_then(|slot| {
            let kept = Kept { writer: self.id.clone(), runs: 1, ..slot.kept.clone() };
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
    format!("{writer}-0000")
}

/// Whether files of this writer were copied into the data folder. It then never goes on there.
fn is_ended(storage: &dyn Storage, folder: &Path, writer: &WriterId) -> bool {
    let found = storage.read(&folder.join(WRITERS).join(end_name(writer)), 0, 1);
    !found.is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
}

/// Makes the file that only one run of a writer can make.
fn claim(storage: &dyn Storage, folder: &Path, writer: &WriterId, run: u32) -> io::Result<()> {
    let folder = folder.join(WRITERS);
    storage.create_folder(&folder)?;
    storage.create_file(&folder.join(format!("{writer}-{run:04}")))?.sync()?;
    storage.sync_folder(&folder)
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
