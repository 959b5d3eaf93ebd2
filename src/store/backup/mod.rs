//! Copies of a data folder: backups, and what is restored from them.
//!
//! Both are one operation: whatever one data folder holds and another of the same store does not is added to the other.
//! **No file that is there is ever written to by it.** A file whose name is free is made with the same bytes. Of a file
//! that has grown since, is shorter, or differs, each entry that the other folder lacks is saved there as every entry is
//! saved, in a segment of a writer of its own. So a damaged file destroys no good copy, two backups at once cannot tear
//! each other's files, and an interrupted one leaves what was there before and at most an unfinished new file.

mod folders;
mod settings;

use super::finding::{Finding, FindingKind};
use super::format::{self, Place, SEGMENT_MOST, WriterId};
use super::spelling::whole;
use super::writer::{self, WRITERS};
use super::{PATIENTS, STORE_FILE, Store, StoreError};
use crate::record::{Entry, EntryId, PatientId};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Where the writer ids of copies are kept, in the config folder.
const BACKUPS: &str = "backups";

/// What a copy adds, worked out beforehand or done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Copied {
    /// The patients for whom something is added, sorted.
    pub patients: Vec<CopiedPatient>,
    /// How many changes of the unit's settings are added.
    pub settings: usize,
    /// How many files are made with the same bytes.
    pub files: usize,
    /// Whether the folder is not a store yet and is made one.
    pub makes_store: bool,
    /// The files that are made beside those of the patients, by name: STORE.ron, and the unit's settings.
    pub named: Vec<String>,
    /// What is damaged where it is copied from, what the other folder holds that is lost here, and what could not be added;
    /// sorted. A patient for whom both hold the same entries is not among them.
    pub findings: Vec<Finding>,
}

impl Copied {
    /// Whether the other folder holds everything already.
    pub fn is_nothing(&self) -> bool {
        self.patients.is_empty() && self.settings == 0 && self.files == 0 && !self.makes_store
    }

    /// How many entries are added.
    pub fn entries(&self) -> usize {
        self.patients.iter().map(|patient| patient.entries).sum()
    }
}

impl fmt::Display for Copied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_nothing() {
            return f.write_str("nothing new");
        }
        let counted =
            |number: usize, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
        let mut parts = Vec::new();
        if !self.patients.is_empty() {
            let files = self.patients.iter().map(|patient| patient.files).sum();
            let what = match self.entries() {
                0 => counted(files, "file", "files"),
                entries => counted(entries, "entry", "entries"),
            };
            parts.push(format!("{what} of {}", counted(self.patients.len(), "patient", "patients")));
        }
        if self.settings > 0 {
            parts.push(format!("{} of the unit's settings", counted(self.settings, "change", "changes")));
        }
        // A few files are no more than their names, and beside records they go without saying.
        if parts.is_empty() {
            parts.push(counted(self.named.len(), "file", "files"));
        }
        f.write_str(&parts.join(" and "))
    }
}

/// What a copy adds for one patient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopiedPatient {
    /// The patient.
    pub id: PatientId,
    /// How many entries are added.
    pub entries: usize,
    /// How many files are made with the same bytes.
    pub files: usize,
}

/// A copy under way.
struct Copy<'a> {
    from: &'a Store,
    into: Store,
    config: &'a Path,
    /// Whether it is carried out, and not only worked out.
    writes: bool,
    /// The writers that are known not to go on in the other folder.
    ended: BTreeSet<WriterId>,
    copied: Copied,
}

/// The files of a patient that the other folder lacks, with their bytes, and whether any other is not the same.
#[derive(Default)]
struct Files {
    absent: Vec<(Place, Vec<u8>)>,
    unlike: bool,
    /// The writers of those that are in both folders.
    shared: BTreeSet<WriterId>,
}

impl Store {
    /// Works out what [`copy_into`](Self::copy_into) would add; writes nothing.
    ///
    /// # Errors
    /// [`StoreError::Inside`] and [`StoreError::AnotherStore`] for a folder that is never copied into;
    /// [`StoreError::NotAStore`] for one with other things in it.
    pub fn preview_copy(&self, into: &Path) -> Result<Copied, StoreError> {
        self.copy(into, Path::new(""), false)
    }

    /// Adds to another folder everything that this one has and the other has not, as files or as entries. Everything is
    /// synced and read back. A folder that is absent or empty becomes a store with the same id.
    ///
    /// Nothing is changed here, and nothing that is there is changed or removed. `config` is where this installation
    /// keeps its writer ids.
    ///
    /// # Errors
    /// Those of [`preview_copy`](Self::preview_copy); [`StoreError::NotCopied`] when the other folder or its disk failed:
    /// what was added until then stays, and copying again adds the rest.
    pub fn copy_into(&self, into: &Path, config: &Path) -> Result<Copied, StoreError> {
        self.copy(into, config, true)
    }

    fn copy(&self, folder: &Path, config: &Path, writes: bool) -> Result<Copied, StoreError> {
        let (into, makes_store) = self.other_folder(folder)?;
        let named = if makes_store { vec![STORE_FILE.to_owned()] } else { Vec::new() };
        let copied = Copied { makes_store, named, ..Copied::default() };
        let mut copy = Copy { from: self, into, config, writes, ended: BTreeSet::new(), copied };
        copy.all().map_err(|cause| match cause {
            StoreError::NotSaved { cause, .. } => StoreError::NotCopied { folder: folder.to_owned(), cause },
            other => StoreError::NotCopied { folder: folder.to_owned(), cause: Box::new(other) },
        })?;
        let mut copied = copy.copied;
        copied.findings.sort();
        copied.findings.dedup();
        Ok(copied)
    }
}

impl Copy<'_> {
    fn all(&mut self) -> Result<(), StoreError> {
        // Before anything is made in the other folder, this one must be readable.
        let (patients, strangers) = self.from.patients()?;
        self.copied.findings.extend(strangers);
        if self.writes {
            if self.copied.makes_store {
                self.make_store()?;
            }
            self.into.settle()?;
        }
        self.lost_patients(&patients);
        self.from.progress.begin(patients.len());
        for patient in &patients {
            self.from.progress.step()?;
            self.patient(patient)?;
        }
        self.settings()?;
        // A share that went away meanwhile leaves an empty folder: nothing is there to be copied, or it takes what is copied.
        self.from.look()?;
        if self.writes { self.into.look() } else { Ok(()) }
    }

    /// Looks for what was lost here altogether.
    fn lost_patients(&mut self, patients: &[PatientId]) {
        let (there, _) = self.into.patients().unwrap_or_default();
        for patient in there.iter().filter(|patient| patients.binary_search(patient).is_err()) {
            self.lacks(patient, self.entries_there(patient).len());
        }
    }

    fn lacks(&mut self, patient: &PatientId, entries: usize) {
        if entries > 0 {
            let folder = Path::new(PATIENTS).join(patient.as_str());
            self.copied.findings.push(Finding::new(&folder, None, FindingKind::Lacks(entries)));
        }
    }

    fn patient(&mut self, patient: &PatientId) -> Result<(), StoreError> {
        let files = self.files(patient)?;
        if files.absent.is_empty() && !files.unlike {
            return Ok(());
        }
        let (from, _) = self.from.record(patient, None);
        let before = self.entries_there(patient);
        let new: Vec<&Entry> = from.entries.iter().filter(|entry| !before.contains_key(&entry.id)).collect();
        let mut made = files.absent.len();
        if self.writes {
            // What a file lacks stands in another one from now on.
            for writer in files.shared.iter().filter(|_| !new.is_empty()) {
                self.end_writer(writer)?;
            }
            made = self.make_files(patient, &files.absent)?;
            self.add_entries(patient, &new)?;
        }
        let known: BTreeMap<&EntryId, &Entry> = from.entries.iter().map(|entry| (&entry.id, entry)).collect();
        let lacking = before.keys().filter(|id| !known.contains_key(id)).count();
        self.lacks(patient, lacking);
        let folder = Path::new(PATIENTS).join(patient.as_str());
        for entry in before.values() {
            if known.get(&entry.id).is_some_and(|here| *here != entry) {
                let kind = FindingKind::TwoOfOneId(entry.id.clone());
                self.copied.findings.push(Finding::new(&folder, None, kind));
            }
        }
        // Damage that costs neither folder an entry was told when it was copied, and is not told again every day.
        if lacking > 0 || !new.is_empty() || made > 0 {
            self.copied.findings.extend(from.findings);
        }
        if !new.is_empty() || made > 0 {
            let (id, entries) = (patient.clone(), new.len());
            self.copied.files += made;
            self.copied.patients.push(CopiedPatient { id, entries, files: made });
        }
        Ok(())
    }

    /// What is to be done about each file of a patient; a file that is the same is not even read as a record.
    fn files(&mut self, patient: &PatientId) -> Result<Files, StoreError> {
        let mut files = Files::default();
        let listed = match self.from.list_patient(patient) {
            Ok(listed) => listed,
            Err(error) => {
                let folder = Path::new(PATIENTS).join(patient.as_str());
                self.copied.findings.push(Finding::new(&folder, None, FindingKind::CannotRead(error.to_string())));
                return Ok(files);
            }
        };
        self.copied.findings.extend(listed.findings);
        // A file that was lost here is not among those that are looked at.
        let there = self.into.list_patient(patient).map(|there| there.segments).unwrap_or_default();
        files.unlike = there.iter().any(|place| !listed.segments.contains(place));
        for place in listed.segments {
            let file = place.file();
            if there.contains(&place) {
                files.shared.insert(place.writer.clone());
            }
            let there = match self.bytes(&self.into.folder.join(&file)) {
                Ok(bytes) => Some(bytes),
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                Err(error) => return Err(StoreError::io("read", self.into.folder.join(file))(error)),
            };
            let plain = self.bytes(&self.from.folder.join(&file)).ok();
            if there.is_some() && plain == there {
                continue;
            }
            // Another program may be in the middle of a save.
            let (bytes, segment) = match self.from.stable_segment(&place) {
                Ok(stable) => stable,
                Err(error) => {
                    let kind = FindingKind::CannotRead(error.to_string());
                    self.copied.findings.push(Finding::new(&file, None, kind));
                    continue;
                }
            };
            match (there, segment.newer) {
                (None, _) if bytes.len() <= SEGMENT_MOST => files.absent.push((place, bytes)),
                (Some(there), _) if there == bytes => {}
                (_, newer) => {
                    files.unlike = true;
                    let newer = newer.map(|format| Finding::new(&file, None, FindingKind::Newer(format)));
                    self.copied.findings.extend(newer);
                }
            }
        }
        Ok(files)
    }

    fn bytes(&self, file: &Path) -> io::Result<Vec<u8>> {
        self.from.storage.read(file, 0, SEGMENT_MOST + 1)
    }

    fn entries_there(&self, patient: &PatientId) -> BTreeMap<EntryId, Entry> {
        let there = self.into.read(patient).map(|record| record.entries).unwrap_or_default();
        there.into_iter().map(|entry| (entry.id.clone(), entry)).collect()
    }

    /// Makes the files that the other folder lacks; returns how many.
    fn make_files(&mut self, patient: &PatientId, files: &[(Place, Vec<u8>)]) -> Result<usize, StoreError> {
        if files.is_empty() {
            return Ok(0);
        }
        for (place, _) in files {
            self.end_writer(&place.writer)?;
        }
        let folder = self.into.make_patient_folder(patient)?;
        let mut made = 0;
        for (place, bytes) in files {
            made += usize::from(self.make(&place.file(), bytes)?);
        }
        self.sync(&[&folder, &self.into.folder.join(PATIENTS), &self.into.folder])?;
        Ok(made)
    }

    /// Saves the entries that are not in the files just made, and makes sure that now all are there.
    fn add_entries(&mut self, patient: &PatientId, new: &[&Entry]) -> Result<(), StoreError> {
        let there = self.entries_there(patient);
        let missing: Vec<Entry> =
            new.iter().filter(|entry| !there.contains_key(&entry.id)).map(|entry| (*entry).clone()).collect();
        if missing.is_empty() {
            return Ok(());
        }
        // Ids of its own for each folder, so that two backup folders do not hold different files of one name.
        let folder = whole(&self.into.folder);
        let key = format::digest("", folder.as_os_str().as_encoded_bytes());
        self.into.become_writer(&self.config.join(BACKUPS).join(key))?;
        match self.into.append(patient, &missing) {
            // What a newer program wrote beside them is copied whole, and by that program.
            Err(StoreError::ReadOnly { why }) => {
                let folder = Path::new(PATIENTS).join(patient.as_str());
                self.copied.findings.push(Finding::new(&folder, None, FindingKind::NotAdded(why)));
                return Ok(());
            }
            other => other?,
        }
        let there = self.entries_there(patient);
        if missing.iter().all(|entry| there.get(&entry.id) == Some(entry)) {
            return Ok(());
        }
        Err(StoreError::ReadBack { file: self.into.patient_folder(patient) })
    }

    /// From now on no run of this writer goes on in the other folder: its files there are copies, and the writer may be
    /// going on with the files that they are copies of.
    fn end_writer(&mut self, id: &WriterId) -> Result<(), StoreError> {
        if !self.ended.insert(id.clone()) {
            return Ok(());
        }
        let folder = self.into.folder.join(WRITERS);
        self.into.storage.create_folder(&folder).map_err(StoreError::io("make the folder", &folder))?;
        self.make(&Path::new(WRITERS).join(writer::end_name(id)), b"")?;
        self.sync(&[&folder, &self.into.folder])
    }

    /// Makes a file in the other folder with these bytes, synced and read back; false where the name is taken.
    fn make(&self, file: &Path, bytes: &[u8]) -> Result<bool, StoreError> {
        let (storage, file) = (&self.into.storage, self.into.folder.join(file));
        let open = match storage.create_file(&file) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
            other => other.map_err(StoreError::io("make", &file))?,
        };
        if !bytes.is_empty() {
            open.write_at(0, bytes).map_err(StoreError::io("write to", &file))?;
        }
        open.sync().map_err(StoreError::io("write to the disk", &file))?;
        drop(open);
        let found = storage.read(&file, 0, bytes.len() + 1).map_err(StoreError::io("read back", &file))?;
        if found == bytes { Ok(true) } else { Err(StoreError::ReadBack { file }) }
    }

    fn sync(&self, folders: &[&PathBuf]) -> Result<(), StoreError> {
        for folder in folders {
            self.into.storage.sync_folder(folder).map_err(StoreError::io("write to the disk", *folder))?;
        }
        Ok(())
    }
}
