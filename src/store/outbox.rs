//! The outbox: what could not be saved in the data folder, kept on this workstation until it can. The room's documentation
//! has the format under "The outbox".

use super::finding::{Finding, FindingKind};
use super::format::{self, CLOSING, OPENING, Place, StoreId, WriterId};
use super::protocol::Protocol;
use super::save::faithful_text;
use super::segment;
use super::storage::{Item, ItemKind};
use super::{SEGMENT_MOST, Storage, StoreError};
use crate::record::{Entry, PatientId};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The folder in the config folder.
const OUTBOX: &str = "outbox";
/// What the name of the file that marks a batch as delivered ends with.
const DELIVERED: &str = "delivered";

/// The outbox of one data folder, in the config folder of this workstation's user.
///
/// **Limitations**: any number of programs may use it at once, and two may deliver one batch at the same moment. Both use
/// the same ids, so it is one entry to every reader.
pub struct Outbox {
    storage: Arc<dyn Storage>,
    folder: PathBuf,
    store: StoreId,
}

/// What was to be saved at once, for one patient, and waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Whose.
    pub patient: PatientId,
    /// The entries, with the ids that they will have in the data folder.
    pub entries: Vec<Entry>,
    /// What is wrong with the file; it is named from the config folder.
    pub findings: Vec<Finding>,
    file: PathBuf,
}

impl Outbox {
    /// The outbox of a data folder. Nothing is made before there is something to keep.
    pub fn new(storage: Arc<dyn Storage>, config: &Path, store: &StoreId) -> Self {
        Self { storage, folder: config.join(OUTBOX).join(store.as_str()), store: store.clone() }
    }

    /// Keeps entries, and returns once they are on this workstation's disk and read back.
    ///
    /// # Errors
    /// [`StoreError`]; then they are not kept.
    pub fn keep(&self, patient: &PatientId, entries: &[Entry]) -> Result<(), StoreError> {
        let writer = WriterId::random()?;
        let place = Place { store: self.store.clone(), patient: patient.clone(), writer, segment: 1 };
        let mut texts = vec![format::text(&place.header()).map_err(|_| StoreError::Unfaithful)?];
        for entry in entries {
            texts.push(faithful_text(entry)?);
        }
        let (mut bytes, mut digits) = (OPENING.to_owned(), String::new());
        format::push_sealed(&mut bytes, &mut digits, &texts);
        bytes.push_str(CLOSING);
        let folder = self.folder.join(patient.as_str());
        self.storage.create_folders(&folder).map_err(StoreError::io("make the folder", &folder))?;
        // The names of all folders that may have been made just now, up to the config folder and its own name.
        for above in folder.ancestors().take(5) {
            sync_folder(self.storage.as_ref(), above)?;
        }
        self.write(&folder.join(Place::file_name(&place.writer, 1)), bytes.as_bytes())
    }

    /// Everything that waits, by patient and file; each batch with what of it can be read.
    ///
    /// # Errors
    /// [`StoreError::Io`] where the folder cannot be read.
    pub fn waiting(&self) -> Result<Vec<Batch>, StoreError> {
        let mut batches = Vec::new();
        for item in self.list(&self.folder)? {
            let Some(patient) = item.name.to_str().and_then(|name| name.parse::<PatientId>().ok()) else { continue };
            let folder = self.folder.join(&item.name);
            let items = self.list(&folder)?;
            let is_delivered = |file: &Path| {
                let mark = file.with_extension(DELIVERED);
                items.iter().any(|item| Some(item.name.as_os_str()) == mark.file_name())
            };
            for item in items.iter().filter(|item| item.kind == ItemKind::File) {
                let named = item.name.to_str().and_then(Place::parse_file_name);
                let file = folder.join(&item.name);
                let Some((writer, segment)) = named.filter(|_| !is_delivered(&file)) else { continue };
                let place = Place { store: self.store.clone(), patient: patient.clone(), writer, segment };
                batches.extend(self.batch(&place, file));
            }
        }
        Ok(batches)
    }

    /// How many entries wait on this workstation, for whichever data folder: for when that folder cannot be opened.
    pub fn waiting_anywhere(storage: &Arc<dyn Storage>, config: &Path) -> usize {
        let items = storage.list(&config.join(OUTBOX)).unwrap_or_default();
        let stores = items.into_iter().filter_map(|item| StoreId::try_from(item.name.into_string().ok()?).ok());
        let batches =
            stores.flat_map(|store| Self::new(Arc::clone(storage), config, &store).waiting().unwrap_or_default());
        batches.map(|batch| batch.entries.len()).sum()
    }

    /// Marks a batch as delivered; it does not wait from then on. A second mark changes nothing. One of which anything
    /// cannot be read is never marked, so that it is not forgotten.
    ///
    /// # Errors
    /// [`StoreError::Io`]; it is then delivered again, with the same ids.
    pub fn mark_delivered(&self, batch: &Batch) -> Result<(), StoreError> {
        let mark = batch.file.with_extension(DELIVERED);
        match self.storage.create_file(&mark) {
            Ok(open) => open.sync().map_err(StoreError::io("write to the disk", &mark))?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(()),
            Err(error) => return Err(StoreError::io("make", mark)(error)),
        }
        let folder = mark.parent().unwrap_or(&self.folder);
        sync_folder(self.storage.as_ref(), folder)
    }

    /// Reads a batch; `None` for one whose keeping was interrupted before it held anything.
    fn batch(&self, place: &Place, file: PathBuf) -> Option<Batch> {
        let patient = place.patient.clone();
        let shown = Path::new(OUTBOX).join(file.strip_prefix(self.folder.parent()?).ok()?);
        let (entries, findings) = match self.storage.read(&file, 0, SEGMENT_MOST + 1) {
            Ok(bytes) => {
                let mut segment = segment::read(&bytes, place, &shown, Protocol::default());
                // What an interruption left out was never called kept.
                segment.findings.retain(|finding| finding.kind != FindingKind::Interrupted);
                (segment.entries.into_iter().map(|(_, entry)| entry).collect(), segment.findings)
            }
            Err(error) => (Vec::new(), vec![Finding::new(&shown, None, FindingKind::CannotRead(error.to_string()))]),
        };
        let batch = Batch { patient, entries, findings, file };
        Some(batch).filter(|batch| !batch.entries.is_empty() || !batch.findings.is_empty())
    }

    fn list(&self, folder: &Path) -> Result<Vec<Item>, StoreError> {
        match self.storage.list(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            other => other.map_err(StoreError::io("read", folder)),
        }
    }

    fn write(&self, file: &Path, bytes: &[u8]) -> Result<(), StoreError> {
        let open = self.storage.create_file(file).map_err(StoreError::io("make", file))?;
        open.write_at(0, bytes).map_err(StoreError::io("write to", file))?;
        open.sync().map_err(StoreError::io("write to the disk", file))?;
        drop(open);
        let folder = file.parent().unwrap_or(&self.folder);
        sync_folder(self.storage.as_ref(), folder)?;
        let found = self.storage.read(file, 0, bytes.len() + 1).map_err(StoreError::io("read back", file))?;
        if found == bytes { Ok(()) } else { Err(StoreError::ReadBack { file: file.to_owned() }) }
    }
}

/// Whoever may not look into a folder did not make it, so its names are on the disk already.
fn sync_folder(storage: &dyn Storage, folder: &Path) -> Result<(), StoreError> {
    match storage.sync_folder(folder) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        other => other.map_err(StoreError::io("write to the disk", folder)),
    }
}
