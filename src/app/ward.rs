//! The ward: every patient's chart, and the few ways in which a record is written.
//!
//! Window and command line both write through this, so a check that holds in one holds in the other.

mod backup;
mod demo;
mod dose;
mod error;
mod fresh;
mod gaps;
mod identity;
mod import;
mod missing;
mod open;
mod patient;
mod unit;
mod waiting;

pub use backup::Backups;
pub use dose::DoseCorrection;
pub use error::WardError;
pub use gaps::{IMPORTED_BESIDE_A_GAP, REGISTERED_BESIDE_A_GAP, Written};
pub use identity::second_charts;
pub use import::check_same;
pub use missing::SavedAgain;
pub use patient::Patient;

use crate::record::{Entry, EntryId, Fact, Moment, Mrn, PatientId};
use crate::store::{Author, Batch, Elsewhere, Outbox, PatientRecord, Store, StoreError, UnitRecord, new_entry};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use waiting::{as_shown, is_unread};

/// The open ward.
pub struct Ward {
    store: Store,
    unit: Result<UnitRecord, StoreError>,
    /// By name; each is replaced only by one that says something else.
    patients: Vec<Arc<Patient>>,
    /// Where this installation keeps its writer ids; `None` when the ward is open for reading only.
    config: Option<PathBuf>,
    last_save_failed: bool,
    daily: backup::Daily,
    /// Where entries wait that the folder did not take; `None` where the ward is open for reading only.
    outbox: Option<Outbox>,
    /// Whether more may be kept there: the command line says instead that it is not saved.
    keeps_here: bool,
    /// The files of the patient who was last written to.
    fresh: Option<fresh::Fresh>,
    /// What the outbox held at the last look.
    batches: Vec<Batch>,
    /// What it held then for other data folders.
    elsewhere: Vec<Elsewhere>,
    /// What was saved from the outbox since the ward was opened, by the file that held it then. It waits there no longer, also
    /// where that is not marked, because a line of it is damaged or because the mark could not be made.
    arrived: BTreeMap<PathBuf, BTreeSet<EntryId>>,
    /// Every entry that was written here since the ward was opened.
    written: BTreeSet<EntryId>,
    /// Those of them that were kept on this workstation because the data folder did not take them.
    kept: BTreeSet<EntryId>,
    /// Why it is not known what waits, where the outbox cannot be read.
    outbox_problem: Option<String>,
    /// Grows with everything that the window would show differently.
    version: u64,
    /// Holds the demo's folder for as long as it is open; it is removed with the ward.
    temporary: Option<tempfile::TempDir>,
}

impl Ward {
    fn of(store: Store) -> Result<Self, WardError> {
        let unit = store.unit_record();
        let mut ward = Self {
            store,
            unit,
            patients: Vec::new(),
            config: None,
            last_save_failed: false,
            daily: backup::Daily::default(),
            outbox: None,
            keeps_here: false,
            fresh: None,
            batches: Vec::new(),
            elsewhere: Vec::new(),
            arrived: BTreeMap::new(),
            written: BTreeSet::new(),
            kept: BTreeSet::new(),
            outbox_problem: None,
            version: 0,
            temporary: None,
        };
        ward.reload()?;
        Ok(ward)
    }

    /// Whether this is the invented ward.
    pub fn is_demo(&self) -> bool {
        self.temporary.is_some()
    }

    /// Where the records are.
    pub fn folder(&self) -> &Path {
        self.store.folder()
    }

    /// The store, for `verify`.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Every patient, by name and MRN.
    pub fn patients(&self) -> &[Arc<Patient>] {
        &self.patients
    }

    /// The patient of an id.
    pub fn patient(&self, id: &PatientId) -> Option<&Patient> {
        self.patients.iter().find(|patient| patient.id == *id).map(Arc::as_ref)
    }

    /// The patient of an MRN, or of a patient id: a chart whose registration is damaged has no MRN.
    ///
    /// # Errors
    /// [`WardError::NoPatient`], and [`WardError::NotFoundBesideAGap`] where they may only not be read; [`WardError::TwoPatients`]
    /// rather than one chart of two.
    pub fn by_mrn(&self, mrn: &Mrn) -> Result<&Patient, WardError> {
        let mut found = self.patients.iter().map(Arc::as_ref).filter(|patient| patient.has_mrn(mrn));
        match (found.next(), found.next()) {
            (Some(one), None) => Ok(one),
            (Some(one), Some(other)) => {
                Err(WardError::TwoPatients { mrn: mrn.clone(), first: one.id.clone(), second: other.id.clone() })
            }
            (None, _) => {
                let by_id = self.patients.iter().map(Arc::as_ref).find(|patient| patient.id.as_str() == mrn.as_str());
                by_id.ok_or_else(|| self.not_found(mrn))
            }
        }
    }

    /// Reads everything again.
    ///
    /// # Errors
    /// [`WardError::Store`]; what was read before then stays.
    pub fn reload(&mut self) -> Result<(), WardError> {
        self.look()?;
        self.read_unit()?;
        self.fresh = None;
        let batches = &self.batches;
        let old: BTreeMap<&PatientId, &Arc<Patient>> = self.patients.iter().map(|old| (&old.id, old)).collect();
        let before = |id: &PatientId| old.get(id).copied().map(Arc::as_ref);
        let shown = |record: PatientRecord| {
            let id = record.id.clone();
            (is_unread(&record), as_shown(batches, record, before(&id)))
        };
        let read = self.store.read_each(shown)?;
        if read.iter().any(|(unread, _)| *unread) {
            self.store.look()?;
        }
        let mut patients: Vec<Arc<Patient>> = read.into_iter().map(|(_, patient)| patient).collect();
        let there: BTreeSet<PatientId> = patients.iter().map(|patient| patient.id.clone()).collect();
        // Who was there before and is not any more stays listed, with what was read.
        let gone = self.patients.iter().filter(|old| !there.contains(&old.id));
        patients.extend(gone.map(|old| as_shown(batches, self.store.without_folder(&old.id), Some(old))));
        patients.extend(self.waiting_patients(&patients));
        let same = |patient: Arc<Patient>| {
            old.get(&patient.id).filter(|old| ***old == patient).map_or(patient, |old| Arc::clone(old))
        };
        self.patients = patients.into_iter().map(same).collect();
        self.version += 1;
        self.sort();
        Ok(())
    }

    /// Whether the folder can be reached, whole, and is still this ward's.
    ///
    /// # Errors
    /// [`StoreError`], with what cannot be reached.
    pub fn look(&self) -> Result<(), StoreError> {
        self.store.look()?;
        self.store.patient_ids().map(drop)
    }

    fn sort(&mut self) {
        self.patients.sort_by_cached_key(|patient| sort_key(patient));
    }

    /// Reads a patient again and writes facts to the record.
    ///
    /// # Errors
    /// [`WardError::Store`] when they are neither on the disk nor kept on this workstation.
    pub fn write(
        &mut self,
        id: &PatientId,
        facts: Vec<Fact>,
        author: &Author,
        at: Moment,
    ) -> Result<Vec<Entry>, WardError> {
        // Of whoever is registered by this there is nothing to read yet.
        let registers = facts.iter().any(|fact| matches!(fact, Fact::PatientRegistered(_)));
        let look = if registers { Ok(()) } else { self.read_before_writing(id)? };
        self.write_after(id, facts, look, author, at)
    }

    /// The same after a `look` at the record.
    fn write_after(
        &mut self,
        id: &PatientId,
        facts: Vec<Fact>,
        look: Result<(), StoreError>,
        author: &Author,
        at: Moment,
    ) -> Result<Vec<Entry>, WardError> {
        let entries =
            facts.into_iter().map(|fact| new_entry(fact, author, at)).collect::<Result<Vec<_>, StoreError>>()?;
        self.write_entries(id, entries, look, at)
    }

    /// Saves entries after a `look` at the record, or keeps them here. Into a folder that could not be read a moment ago
    /// nothing is saved: nobody has seen what is there.
    ///
    /// Once they are saved or kept this succeeds, whatever is met afterwards: an error would have them recorded again.
    fn write_entries(
        &mut self,
        id: &PatientId,
        entries: Vec<Entry>,
        look: Result<(), StoreError>,
        at: Moment,
    ) -> Result<Vec<Entry>, WardError> {
        let not_saved = |cause| StoreError::NotSaved { saved: 0, of: entries.len(), cause: Box::new(cause) };
        let mut all = self.needed_first(id, &entries);
        all.extend_from_slice(&entries);
        let saved =
            look.map_err(not_saved).and_then(|()| self.save(id, &all)).map_err(|error| error.of_last(entries.len()));
        let was_saved = saved.is_ok();
        let written = saved.or_else(|error| self.keep_here(id, &entries, error));
        self.last_save_failed = written.is_err();
        self.version += 1;
        if !(was_saved && self.take_in_what_was_saved(id, &entries)) {
            // Also after a failure: a part may be on the disk, and whoever looks before trying again must see it.
            let read = self.read_to_write(id);
            if written.is_ok() && read.is_err() {
                self.show_written(id, &entries);
            }
        }
        written?;
        self.written.extend(entries.iter().map(|entry| entry.id.clone()));
        if was_saved {
            self.back_up_daily(at);
        }
        Ok(entries)
    }

    /// Saves entries in the data folder.
    fn save(&mut self, id: &PatientId, entries: &[Entry]) -> Result<(), StoreError> {
        if let Some(config) = &self.config {
            let not_saved = |cause| StoreError::NotSaved { saved: 0, of: entries.len(), cause: Box::new(cause) };
            self.store.become_writer(config).map_err(not_saved)?;
        }
        self.append(id, entries)
    }

    /// The patient in the place of what was read before, unless both say the same.
    fn show(&mut self, patient: Arc<Patient>) {
        self.fresh = self.fresh.take().filter(|fresh| !fresh.is_of(&patient.id));
        match self.patients.iter_mut().find(|old| old.id == patient.id) {
            Some(old) if *old == patient => return,
            Some(old) if old.shown_name() == patient.shown_name() => {
                *old = patient;
                self.version += 1;
                return;
            }
            Some(old) => {
                *old = patient;
                self.sort();
            }
            // A folder in which nothing was saved yet is nobody.
            None if patient.is_nothing() => return,
            None => {
                let place = self.patients.partition_point(|other| sort_key(other) < sort_key(&patient));
                self.patients.insert(place, patient);
            }
        }
        self.version += 1;
    }

    /// A number that grows with everything that would be shown differently.
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// Every entry that was written here since the ward was opened.
    pub const fn written(&self) -> &BTreeSet<EntryId> {
        &self.written
    }

    /// Does something, and returns with its result what it wrote.
    ///
    /// # Errors
    /// Those of what is done.
    pub fn noting<T>(
        &mut self,
        done: impl FnOnce(&mut Self) -> Result<T, WardError>,
    ) -> Result<(T, Vec<EntryId>), WardError> {
        let before = self.written.clone();
        let result = done(self)?;
        Ok((result, self.written.difference(&before).cloned().collect()))
    }

    /// Those of them that were kept on this workstation because the data folder did not take them, also where they were
    /// delivered since.
    pub const fn kept(&self) -> &BTreeSet<EntryId> {
        &self.kept
    }

    /// Whether the last attempt to write failed: what was entered then is not on the disk.
    pub const fn last_save_failed(&self) -> bool {
        self.last_save_failed
    }
}

fn sort_key(patient: &Patient) -> (String, PatientId) {
    (patient.shown_name().to_lowercase(), patient.id.clone())
}
