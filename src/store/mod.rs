//! Where records are kept: plain files in one data folder, on a disk or a shared folder, written by many and locked by
//! nobody.
//!
//! Start at [`Store`]. `storage` is the disk, `format` the types of a line, `segment` and `read` the reader, `writer` and
//! `save` the writer, `unit` the unit's settings, `verify` the look at every file, `backup` the copies, `cache` what makes
//! opening quick and is no record. This room knows entries and not what they mean. What follows is the format, complete
//! enough to write another reader from.
//!
#![doc = include_str!("format.md")]

mod backup;
mod cache;
mod create;
mod error;
mod finding;
mod format;
mod grown;
mod lacking;
mod listing;
mod loss;
mod older;
mod outbox;
mod parallel;
mod progress;
mod protocol;
mod read;
mod save;
mod segment;
mod spelling;
mod storage;
mod unit;
mod verify;
mod watch;
mod writer;

pub use backup::{Copied, CopiedPatient};
#[doc(hidden)]
pub use cache::{cached_bytes, from_cached_bytes};
pub use error::StoreError;
pub use finding::{Finding, FindingKind, listed};
pub use format::{FORMAT, LINE_MOST, Line, ROTATE_AT, SEGMENT_MOST, StoreId, WriterId};
pub use grown::Held;
pub use loss::Loss;
pub use outbox::{Batch, Elsewhere, Outbox};
pub use parallel::in_parallel;
pub use progress::Progress;
#[doc(hidden)]
pub use protocol::Protocol;
pub use read::PatientRecord;
pub use save::{Author, new_entry};
pub use spelling::{spellings, whole};
pub use storage::{Item, ItemKind, OpenFile, OsStorage, Storage};
pub use unit::{UNIT_MOST, UnitRecord, sealed};
pub use verify::Verified;
pub use watch::Glance;

#[cfg(doc)]
use crate::record::Fact;
use crate::record::PatientId;
use cache::SeenNames;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;
use writer::Writer;

const STORE_FILE: &str = "STORE.ron";
const PATIENTS: &str = "patients";
/// STORE.ron is one short line.
const STORE_MOST: usize = 64 * 1024;
/// How often STORE.ron is looked at again while another program is making it, 50 ms apart.
const LOOKS: usize = 20;

/// An open data folder.
///
/// Reading needs nothing else and changes nothing. For saving, [`become_writer`](Self::become_writer) comes first.
///
/// **Limitations**: a `Store` holds no records; every read goes to the disk.
pub struct Store {
    storage: Arc<dyn Storage>,
    folder: PathBuf,
    id: StoreId,
    unit: String,
    /// The bytes of STORE.ron, as it was opened.
    stated: Vec<u8>,
    writer: Option<Writer>,
    /// The folder, and the version of the program whose it is.
    cache: Option<(PathBuf, &'static str)>,
    protocol: Protocol,
    /// What was read in this folder on this workstation, for [`with_cache`](Self::with_cache).
    names: Option<SeenNames>,
    /// Whether any patient was ever listed: then `patients` cannot be missing because nobody was registered yet.
    seen_patients: AtomicBool,
    progress: Progress,
}

impl Store {
    /// Opens a data folder for reading; makes nothing.
    ///
    /// # Errors
    /// [`StoreError::NoStore`] for a folder that is absent or empty; others when STORE.ron is absent, damaged or newer.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        Self::open_on(Arc::new(OsStorage), folder)
    }

    /// Opens a data folder, and makes it first where it is absent or empty.
    ///
    /// # Errors
    /// [`StoreError::NotAStore`] for a folder with other things in it.
    pub fn open_or_create(folder: &Path, unit: &str) -> Result<Self, StoreError> {
        Self::open_or_create_on(Arc::new(OsStorage), folder, unit)
    }

    /// [`open`](Self::open) on any storage.
    pub fn open_on(storage: Arc<dyn Storage>, folder: &Path) -> Result<Self, StoreError> {
        let file = folder.join(STORE_FILE);
        let bytes = match storage.read(&file, 0, STORE_MOST) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(absent(storage.as_ref(), folder)),
            Err(error) => return Err(StoreError::io("read", file)(error)),
        };
        let found = format::parse_store(&bytes).map_err(|newer| match newer {
            Some(format) => StoreError::NewerStore { file: file.clone(), format },
            None => StoreError::DamagedStoreFile { file },
        })?;
        Ok(Self {
            storage,
            folder: folder.to_owned(),
            id: found.store,
            unit: found.unit,
            stated: bytes,
            writer: None,
            cache: None,
            protocol: Protocol::default(),
            names: None,
            seen_patients: AtomicBool::new(false),
            progress: Progress::default(),
        })
    }

    /// [`open_or_create`](Self::open_or_create) on any storage.
    pub fn open_or_create_on(storage: Arc<dyn Storage>, folder: &Path, unit: &str) -> Result<Self, StoreError> {
        // Of two programs that start in one empty folder, either may find the other's STORE.ron half written, or just
        // made where there was none a moment ago.
        for _ in 0..LOOKS {
            match Self::open_on(Arc::clone(&storage), folder) {
                Err(StoreError::NoStore { .. }) => create::create(storage.as_ref(), folder, unit)?,
                Err(StoreError::DamagedStoreFile { .. }) => storage.pause(Duration::from_millis(50)),
                other => return other,
            }
        }
        if create::interrupted(storage.as_ref(), folder) {
            create::create_again(storage.as_ref(), folder, unit)?;
        }
        Self::open_on(storage, folder)
    }

    /// The same folder with a rule taken out, for the tests that show what the rule is for.
    #[doc(hidden)]
    #[must_use]
    pub fn without(mut self, protocol: Protocol) -> Self {
        self.protocol = protocol;
        self
    }

    /// The same with a folder of this workstation in which [`read_each`](Self::read_each) keeps what it has read, to be quicker
    /// the next time, and to miss what is gone then. It is no record.
    #[must_use]
    pub fn with_cache(self, folder: Option<&Path>) -> Self {
        self.with_cache_of(folder, env!("CARGO_PKG_VERSION"))
    }

    /// The same as another version of the program has it, for the tests.
    #[doc(hidden)]
    #[must_use]
    pub fn with_cache_of(mut self, folder: Option<&Path>, version: &'static str) -> Self {
        self.cache = folder.map(|folder| (folder.to_owned(), version));
        self.names = folder.map(|folder| SeenNames::of(folder, &self.id, &self.folder));
        self
    }

    /// The same, counting the patients of what takes long, and stopping when that is asked for.
    #[must_use]
    pub fn reporting_to(mut self, progress: &Progress) -> Self {
        self.progress = progress.clone();
        self
    }

    /// Counts with this from now on; returns what was counted with.
    pub fn report_to(&mut self, progress: Progress) -> Progress {
        std::mem::replace(&mut self.progress, progress)
    }

    /// What counts the patients of what takes long.
    pub const fn progress(&self) -> &Progress {
        &self.progress
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The id in STORE.ron.
    pub const fn id(&self) -> &StoreId {
        &self.id
    }

    /// The unit's name in STORE.ron, as it was when the folder was made.
    pub fn unit(&self) -> &str {
        &self.unit
    }

    /// Takes a writer slot, held until the store is dropped. A program that ends without dropping it gets a fresh writer id
    /// next time.
    ///
    /// # Errors
    /// Those of [`look`](Self::look): of a folder that is gone, no slot is taken.
    pub fn become_writer(&mut self, config_folder: &Path) -> Result<(), StoreError> {
        if self.writer.is_none() {
            self.look()?;
            // Where this fails, the first save says so.
            let _ = self.settle();
            let _ = self.make_patients_folder();
            let writer = Writer::take(self.storage.as_ref(), &self.folder, &self.id, config_folder)?;
            // Its run has its file in this folder, and not in an empty one that a share left behind.
            self.look()?;
            self.writer = Some(writer);
        }
        Ok(())
    }

    /// Makes `patients` before anything says that a writer was here, so that its absence beside such a mark is a loss. One that
    /// was lost is not made anew.
    fn make_patients_folder(&self) -> Result<(), StoreError> {
        let folder = self.folder.join(PATIENTS);
        self.patients()?;
        self.storage.create_folder(&folder).map_err(StoreError::io("make the folder", &folder))?;
        self.storage.sync_folder(&self.folder).map_err(StoreError::io("write to the disk", &self.folder))
    }

    /// The id under which this program writes, once it is a writer. It may change when somebody else writes under it.
    pub fn writer_id(&self) -> Option<&WriterId> {
        self.writer.as_ref().map(|writer| &writer.id)
    }

    /// A random id that no patient of this folder has.
    pub fn new_patient_id(&self) -> Result<PatientId, StoreError> {
        let (taken, _) = self.patients()?;
        loop {
            let mut random = [0; 12];
            getrandom::fill(&mut random)?;
            let id = PatientId::from_random(random);
            if taken.binary_search(&id).is_err() {
                return Ok(id);
            }
        }
    }
}

/// Why there is no STORE.ron.
fn absent(storage: &dyn Storage, folder: &Path) -> StoreError {
    let folder = folder.to_owned();
    match storage.list(&folder) {
        // Another program may have made it since it was looked for.
        Ok(items) if items.iter().any(|item| item.name == STORE_FILE) => StoreError::NoStore { folder },
        Ok(items) if !items.is_empty() => StoreError::NotAStore { folder },
        Err(error) if error.kind() != io::ErrorKind::NotFound => StoreError::io("read", folder)(error),
        _ => StoreError::NoStore { folder },
    }
}
