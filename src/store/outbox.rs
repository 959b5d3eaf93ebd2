//! The outbox: what could not be saved in the data folder, kept on this workstation until it can. The room's documentation
//! has the format under "The outbox".

use super::finding::{Finding, FindingKind};
use super::format::{self, CLOSING, OPENING, Place, StoreId, WriterId};
use super::protocol::Protocol;
use super::save::{faithful_text, fitting};
use super::segment;
use super::spelling::whole;
use super::storage::{Item, ItemKind, OpenFile};
use super::{SEGMENT_MOST, Storage, StoreError};
use crate::record::{Entry, PatientId, visible};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The folder in the config folder.
const OUTBOX: &str = "outbox";
/// What the name of the file that marks a batch as delivered ends with.
const DELIVERED: &str = "delivered";
/// The same of the file that says that what cannot be read in a batch was recorded again.
const RECORDED: &str = "recorded";
/// What the names of the files begin with that say where the data folder was.
const FOLDER: &str = "folder-";
/// A path is not longer than this.
const FOLDER_MOST: usize = 16 * 1024;

/// The outbox of one data folder, in the config folder of this workstation's user.
///
/// **Limitations**: any number of programs may use it at once, and two may deliver one batch at the same moment. Both use
/// the same ids, so it is one entry to every reader.
pub struct Outbox {
    storage: Arc<dyn Storage>,
    folder: PathBuf,
    store: StoreId,
    /// Where the data folder is, to be told when it is not the one that is open.
    data: Option<PathBuf>,
}

/// What was to be saved at once, for one patient, and waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Whose.
    pub patient: PatientId,
    /// The entries, with the ids that they will have in the data folder.
    pub entries: Vec<Entry>,
    /// What is wrong with the file, named from the config folder, until somebody has said that it was recorded again.
    pub findings: Vec<Finding>,
    /// The lines that the findings are about, as they stand in the file, for whoever is to record them again.
    pub lines: Vec<(usize, String)>,
    /// The file.
    pub file: PathBuf,
}

/// What waits on this workstation for a data folder that is not the one that is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// The id of that data folder.
    pub store: StoreId,
    /// Where it was when something was last kept for it, as far as that is known.
    pub folder: Option<String>,
    /// How many entries wait.
    pub entries: usize,
    /// How many files, or folders, have something that cannot be read.
    pub damaged: usize,
}

impl Outbox {
    /// The outbox of a data folder. Nothing is made before there is something to keep.
    pub fn new(storage: Arc<dyn Storage>, config: &Path, store: &StoreId) -> Self {
        Self { storage, folder: config.join(OUTBOX).join(store.as_str()), store: store.clone(), data: None }
    }

    /// The same, which also remembers where the data folder was.
    #[must_use]
    pub fn of_folder(mut self, data: &Path) -> Self {
        self.data = Some(whole(data));
        self
    }

    /// Keeps entries, and returns what waits then once all of them are on this workstation's disk and read back; in as many
    /// files as they need, because a reader reads only so much of one.
    ///
    /// # Errors
    /// [`StoreError::MayBeKept`] once a file was made: what is in it may be read later, and then waits like everything else.
    /// After any other error nothing is kept.
    pub fn keep(&self, patient: &PatientId, entries: &[Entry]) -> Result<Vec<Batch>, StoreError> {
        let writer = WriterId::random()?;
        let texts: Vec<String> = entries.iter().map(faithful_text).collect::<Result<_, _>>()?;
        let folder = self.folder.join(patient.as_str());
        self.storage.create_folders(&folder).map_err(StoreError::io("make the folder", &folder))?;
        // The names of all folders that may have been made just now, up to the config folder and its own name.
        for above in folder.ancestors().take(5) {
            sync_folder(self.storage.as_ref(), above)?;
        }
        let (mut rest, mut segment, mut kept) = (texts.as_slice(), 0, Vec::new());
        let mut left = entries.iter().cloned();
        while !rest.is_empty() {
            let (group, later) = rest.split_at(fitting(rest).len());
            (rest, segment) = (later, segment + 1);
            let place = Place { store: self.store.clone(), patient: patient.clone(), writer: writer.clone(), segment };
            let header = format::text(&place.header()).map_err(|_| StoreError::Unfaithful)?;
            let (mut bytes, mut digits) = (OPENING.to_owned(), String::new());
            format::push_sealed(&mut bytes, &mut digits, &[header]);
            format::push_sealed(&mut bytes, &mut digits, group);
            bytes.push_str(CLOSING);
            let file = folder.join(Place::file_name(&place.writer, segment));
            let unsure = |cause| StoreError::MayBeKept { cause: Box::new(cause) };
            let open = match self.storage.create_file(&file).map_err(StoreError::io("make", &file)) {
                Err(error) if !kept.is_empty() => return Err(unsure(error)),
                other => other?,
            };
            self.fill(open, &file, bytes.as_bytes()).map_err(unsure)?;
            let entries = left.by_ref().take(group.len()).collect();
            kept.push(Batch { patient: patient.clone(), entries, findings: Vec::new(), lines: Vec::new(), file });
        }
        // The entries are kept whether or not it can be told later where they belong.
        let _ = self.remember_folder();
        Ok(kept)
    }

    /// Writes down where the data folder is, in a new file where it is another place than the last.
    fn remember_folder(&self) -> Result<(), StoreError> {
        let Some(data) = &self.data else { return Ok(()) };
        let (number, last) = self.last_folder()?;
        let text = format!("{}\n", data.display());
        if last.as_deref() == Some(text.as_str()) {
            return Ok(());
        }
        self.write(&self.folder.join(format!("{FOLDER}{:04}.txt", number + 1)), text.as_bytes())
    }

    /// Where the data folder was last, with the number of the file that says so.
    fn last_folder(&self) -> Result<(u32, Option<String>), StoreError> {
        let number = |item: Item| -> Option<u32> {
            item.name.to_str()?.strip_prefix(FOLDER)?.strip_suffix(".txt")?.parse().ok()
        };
        let Some(last) = self.list(&self.folder)?.into_iter().filter_map(number).max() else { return Ok((0, None)) };
        let file = self.folder.join(format!("{FOLDER}{last:04}.txt"));
        let bytes = self.storage.read(&file, 0, FOLDER_MOST).map_err(StoreError::io("read", file))?;
        Ok((last, String::from_utf8(bytes).ok()))
    }

    /// What waits on this workstation for other data folders, sorted by their ids.
    pub fn waiting_elsewhere(&self) -> Vec<Elsewhere> {
        let Some(all) = self.folder.parent() else { return Vec::new() };
        let stores = match self.list(all) {
            Ok(items) => items.into_iter(),
            Err(error) => {
                let folder = Some(visible::shown(&format!("which one is not known ({error})")));
                return vec![Elsewhere { store: self.store.clone(), folder, entries: 0, damaged: 1 }];
            }
        };
        let stores = stores.filter_map(|item| StoreId::try_from(item.name.into_string().ok()?).ok());
        let waiting = stores.filter(|store| *store != self.store).map(|store| {
            let other = Self {
                storage: Arc::clone(&self.storage),
                folder: all.join(store.as_str()),
                store: store.clone(),
                data: None,
            };
            let (entries, damaged) = other.count();
            let folder = other.last_folder().ok().and_then(|(_, folder)| folder);
            Elsewhere { store, folder: folder.map(|path| visible::shown(path.trim_end())), entries, damaged }
        });
        waiting.filter(|elsewhere| elsewhere.entries > 0 || elsewhere.damaged > 0).collect()
    }

    /// How many entries wait, and how many files or folders have something that cannot be read.
    fn count(&self) -> (usize, usize) {
        let Ok(batches) = self.waiting() else { return (0, 1) };
        let entries = batches.iter().map(|batch| batch.entries.len()).sum();
        (entries, batches.iter().filter(|batch| !batch.findings.is_empty()).count())
    }

    /// Everything that waits, by patient and file; each batch with what of it can be read. A patient's folder that cannot be
    /// listed is a batch without entries, and keeps no other from being returned.
    ///
    /// # Errors
    /// [`StoreError::Io`] where not even the patients can be listed.
    pub fn waiting(&self) -> Result<Vec<Batch>, StoreError> {
        let mut batches = Vec::new();
        for item in self.list(&self.folder)? {
            let Some(patient) = item.name.to_str().and_then(|name| name.parse::<PatientId>().ok()) else { continue };
            let folder = self.folder.join(&item.name);
            let items = match self.list(&folder) {
                Ok(items) => items,
                Err(error) => {
                    batches.push(unread(patient, folder, &error));
                    continue;
                }
            };
            let has_mark = |file: &Path, mark: &str| {
                let mark = file.with_extension(mark);
                items.iter().any(|item| Some(item.name.as_os_str()) == mark.file_name())
            };
            for item in items.iter().filter(|item| item.kind == ItemKind::File) {
                let named = item.name.to_str().and_then(Place::parse_file_name);
                let file = folder.join(&item.name);
                let Some((writer, segment)) = named.filter(|_| !has_mark(&file, DELIVERED)) else { continue };
                let place = Place { store: self.store.clone(), patient: patient.clone(), writer, segment };
                let was_recorded = has_mark(&file, RECORDED);
                batches.extend(self.batch(&place, file, was_recorded));
            }
        }
        Ok(batches)
    }

    /// How many entries wait on this workstation, for whichever data folder: for when that folder cannot be opened. A file or
    /// folder of which something cannot be read counts as one more, since at least one may be in it.
    pub fn waiting_anywhere(storage: &Arc<dyn Storage>, config: &Path) -> usize {
        let items = match storage.list(&config.join(OUTBOX)) {
            Ok(items) => items,
            Err(error) => return usize::from(error.kind() != io::ErrorKind::NotFound),
        };
        let stores = items.into_iter().filter_map(|item| StoreId::try_from(item.name.into_string().ok()?).ok());
        let counts = stores.map(|store| Self::new(Arc::clone(storage), config, &store).count());
        counts.map(|(entries, damaged)| entries + damaged).sum()
    }

    /// Marks a batch as delivered; it does not wait from then on. A second mark changes nothing. One of which anything
    /// cannot be read is never marked, so that it is not forgotten.
    ///
    /// # Errors
    /// [`StoreError::Io`]; it is then delivered again, with the same ids.
    pub fn mark_delivered(&self, batch: &Batch) -> Result<(), StoreError> {
        self.mark(batch, DELIVERED)
    }

    /// Marks that somebody has recorded again what cannot be read in a batch. It is told no longer; what can be read there
    /// still waits, if it did, and the file stays.
    ///
    /// # Errors
    /// [`StoreError::Io`]; it is then told as before. So it is for a folder that cannot be listed: nobody knows what is in it.
    pub fn mark_recorded(&self, batch: &Batch) -> Result<(), StoreError> {
        if batch.file == self.folder.join(batch.patient.as_str()) {
            return self.list(&batch.file).map(drop);
        }
        self.mark(batch, RECORDED)
    }

    fn mark(&self, batch: &Batch, mark: &str) -> Result<(), StoreError> {
        let mark = batch.file.with_extension(mark);
        match self.storage.create_file(&mark) {
            Ok(open) => open.sync().map_err(StoreError::io("write to the disk", &mark))?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(()),
            Err(error) => return Err(StoreError::io("make", mark)(error)),
        }
        let folder = mark.parent().unwrap_or(&self.folder);
        sync_folder(self.storage.as_ref(), folder)
    }

    /// Reads a batch; `None` for one of which nothing is left to tell.
    fn batch(&self, place: &Place, file: PathBuf, was_recorded: bool) -> Option<Batch> {
        let patient = place.patient.clone();
        let shown = Path::new(OUTBOX).join(file.strip_prefix(self.folder.parent()?).ok()?);
        let mut batch = Batch { patient, entries: Vec::new(), findings: Vec::new(), lines: Vec::new(), file };
        match self.storage.read(&batch.file, 0, SEGMENT_MOST + 1) {
            Ok(bytes) => {
                let segment = segment::read(&bytes, place, &shown, Protocol::default());
                batch.entries = segment.entries.into_iter().map(|(_, entry)| entry).collect();
                // Whether the keeping was interrupted, or what was kept was cut since, nobody can tell from the file.
                let told = |mut finding: Finding| {
                    if matches!(finding.kind, FindingKind::Interrupted | FindingKind::Leftover) {
                        finding.kind = FindingKind::NotKeptWhole;
                    }
                    finding
                };
                let findings = segment.findings.into_iter().filter(|_| !was_recorded);
                batch.findings = findings.map(told).collect();
                let mut numbers: Vec<usize> = batch.findings.iter().filter_map(|finding| finding.line).collect();
                numbers.dedup();
                let raw = |number: usize| bytes.split(|byte| *byte == b'\n').nth(number.checked_sub(1)?);
                let line = |number| Some((number, visible::shown(&String::from_utf8_lossy(raw(number)?))));
                batch.lines = numbers.into_iter().filter_map(line).collect();
            }
            Err(_) if was_recorded => {}
            Err(error) => {
                batch.findings.push(Finding::new(&shown, None, FindingKind::CannotRead(error.to_string())));
            }
        }
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
        self.fill(open, file, bytes)
    }

    fn fill(&self, open: Box<dyn OpenFile>, file: &Path, bytes: &[u8]) -> Result<(), StoreError> {
        open.write_at(0, bytes).map_err(StoreError::io("write to", file))?;
        open.sync().map_err(StoreError::io("write to the disk", file))?;
        drop(open);
        let folder = file.parent().unwrap_or(&self.folder);
        sync_folder(self.storage.as_ref(), folder)?;
        let found = self.storage.read(file, 0, bytes.len() + 1).map_err(StoreError::io("read back", file))?;
        if found == bytes { Ok(()) } else { Err(StoreError::ReadBack { file: file.to_owned() }) }
    }
}

/// A patient's folder that cannot be listed.
fn unread(patient: PatientId, folder: PathBuf, error: &StoreError) -> Batch {
    let shown = Path::new(OUTBOX).join(patient.as_str());
    let findings = vec![Finding::new(&shown, None, FindingKind::CannotRead(error.to_string()))];
    Batch { patient, entries: Vec::new(), findings, lines: Vec::new(), file: folder }
}

/// Whoever may not look into a folder did not make it, so its names are on the disk already.
fn sync_folder(storage: &dyn Storage, folder: &Path) -> Result<(), StoreError> {
    match storage.sync_folder(folder) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        other => other.map_err(StoreError::io("write to the disk", folder)),
    }
}
