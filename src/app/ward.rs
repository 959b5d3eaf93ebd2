//! The ward: every patient's chart, and the few ways in which a record is written.
//!
//! Window and command line both write through this, so a check that holds in one holds in the other.

mod backup;
mod demo;
mod import;
mod unit;

pub use backup::Backups;

use super::Places;
use crate::exchange::demo::DemoError;
use crate::record::{
    Administration, Chart, Correction, Entry, EntryId, Fact, Identity, Moment, Mrn, PatientId, StrikeOut,
};
use crate::safety::{self, Concern};
use crate::store::{Author, Finding, PatientRecord, Store, StoreError, UnitRecord};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why something was not written. Nothing has changed then.
#[derive(Debug, Error)]
pub enum WardError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A second patient of the same number.
    #[error("MRN {0} is already registered; open that patient, or check the number")]
    DuplicateMrn(Mrn),
    /// Nobody of this number.
    #[error("no patient with MRN {0} is registered here; check the number, or register the patient first")]
    NoPatient(Mrn),
    /// Two charts of the same number, as two workstations that could not see each other may make.
    #[error("two patients have MRN {mrn}: {first} and {second}; look at each by its id, and amend the wrong number")]
    TwoPatients {
        /// The number.
        mrn: Mrn,
        /// One of them.
        first: PatientId,
        /// The other.
        second: PatientId,
    },
    /// An import for somebody else of the same number.
    #[error(
        "nothing was imported: MRN {mrn} is {file} in the file and {ward} in the ward; make sure that it is the same \
         patient, and correct what is wrong"
    )]
    OtherPerson {
        /// The number.
        mrn: Mrn,
        /// Who it is in the file.
        file: String,
        /// Who it is in the ward.
        ward: String,
    },
    /// Real and shifted dates for one patient.
    #[error(
        "nothing was imported: the dates of MRN {0} are shifted in one of the file and the ward and real in the other, so \
         they cannot be put in one order; import into another data folder, or choose another profile"
    )]
    ShiftedDates(Mrn),
    /// The patient's folder is there, but not this patient.
    #[error("this patient is no longer in the data folder; reload the ward")]
    Gone,
    /// The dose cannot be true.
    #[error("{}", .0.words())]
    Refused(Concern),
    /// No reason for a change.
    #[error("a reason is needed: say in a few words why the entry was wrong")]
    NoReason,
    /// A target that is not in this chart.
    #[error("entry {0} is not in this patient's chart")]
    NoEntry(EntryId),
    /// The shipped demo.
    #[error("the demo ward that came with the program cannot be used ({0}); install the program again")]
    Demo(#[from] DemoError),
    /// No temporary folder.
    #[error("no temporary folder can be made for the demo ward: {0}")]
    Temporary(#[from] std::io::Error),
}

/// One patient as read.
#[derive(Debug, Clone)]
pub struct Patient {
    /// The id.
    pub id: PatientId,
    /// What the entries say.
    pub chart: Chart,
    /// What is wrong with the files.
    pub findings: Vec<Finding>,
    /// Why nothing can be written, where that is so.
    pub read_only: Option<String>,
}

impl Patient {
    fn read(record: PatientRecord) -> Self {
        let chart = Chart::fold(&record.entries);
        Self { id: record.id, chart, findings: record.findings, read_only: record.read_only }
    }

    /// Who it is; `None` when the registration could not be read.
    pub fn identity(&self) -> Option<&Identity> {
        self.chart.identity.as_ref()
    }

    fn has_mrn(&self, mrn: &Mrn) -> bool {
        self.identity().is_some_and(|identity| identity.mrn.is_same(mrn))
    }

    /// The name for lists, also of a patient whose registration cannot be read.
    pub fn shown_name(&self) -> String {
        self.identity().map_or_else(|| format!("unreadable patient {}", self.id), Identity::shown_name)
    }
}

/// The open ward.
pub struct Ward {
    store: Store,
    unit: Result<UnitRecord, StoreError>,
    patients: Vec<Patient>,
    /// Where this installation keeps its writer ids; `None` when the ward is open for reading only.
    config: Option<PathBuf>,
    last_save_failed: bool,
    daily: backup::Daily,
    /// Holds the demo's folder for as long as it is open; it is removed with the ward.
    temporary: Option<tempfile::TempDir>,
}

impl Ward {
    /// Opens a data folder for reading. Nothing is created.
    ///
    /// # Errors
    /// [`WardError::Store`].
    pub fn open(folder: &Path) -> Result<Self, WardError> {
        Self::of(Store::open(folder)?)
    }

    /// Opens a data folder for writing, and creates it if it is absent or empty. In a folder that is there, nothing is
    /// touched before the first entry is written: a refused dose leaves no trace.
    ///
    /// # Errors
    /// [`WardError::Store`].
    pub fn open_to_write(folder: &Path, config: &Path) -> Result<Self, WardError> {
        Self::open_to_write_at(&Places { data: folder.to_owned(), config: config.to_owned(), cache: None })
    }

    /// [`open`](Self::open) for the places of a user, with what is kept there to be quicker.
    pub fn open_at(places: &Places) -> Result<Self, WardError> {
        Self::of(Store::open(&places.data)?.with_cache(places.cache.as_deref()))
    }

    /// [`open_to_write`](Self::open_to_write) for the places of a user.
    pub fn open_to_write_at(places: &Places) -> Result<Self, WardError> {
        let store = Store::open_or_create(&places.data, "ward")?.with_cache(places.cache.as_deref());
        let mut ward = Self::of(store)?;
        ward.config = Some(places.config.clone());
        ward.look_at_backups();
        Ok(ward)
    }

    fn of(store: Store) -> Result<Self, WardError> {
        let unit = store.unit_record();
        let mut ward = Self {
            store,
            unit,
            patients: Vec::new(),
            config: None,
            last_save_failed: false,
            daily: backup::Daily::default(),
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
    pub fn patients(&self) -> &[Patient] {
        &self.patients
    }

    /// The patient of an id.
    pub fn patient(&self, id: &PatientId) -> Option<&Patient> {
        self.patients.iter().find(|patient| patient.id == *id)
    }

    /// The patient of an MRN, or of a patient id: a chart whose registration is damaged has no MRN.
    ///
    /// # Errors
    /// [`WardError::NoPatient`]; [`WardError::TwoPatients`] rather than one chart of two.
    pub fn by_mrn(&self, mrn: &Mrn) -> Result<&Patient, WardError> {
        let mut found = self.patients.iter().filter(|patient| patient.has_mrn(mrn));
        match (found.next(), found.next()) {
            (Some(one), None) => Ok(one),
            (Some(one), Some(other)) => {
                Err(WardError::TwoPatients { mrn: mrn.clone(), first: one.id.clone(), second: other.id.clone() })
            }
            (None, _) => {
                let by_id = self.patients.iter().find(|patient| patient.id.as_str() == mrn.as_str());
                by_id.ok_or_else(|| WardError::NoPatient(mrn.clone()))
            }
        }
    }

    /// Reads everything again.
    ///
    /// # Errors
    /// [`WardError::Store`].
    pub fn reload(&mut self) -> Result<(), WardError> {
        self.read_unit();
        self.patients = self.store.read_each(Patient::read)?;
        self.sort();
        Ok(())
    }

    fn sort(&mut self) {
        let key = |patient: &Patient| (patient.shown_name().to_lowercase(), patient.id.clone());
        self.patients.sort_by_cached_key(key);
    }

    /// Writes facts to a patient's record, and reads the patient again.
    ///
    /// # Errors
    /// [`WardError::Store`] when they are not on the disk.
    pub fn write(
        &mut self,
        id: &PatientId,
        facts: Vec<Fact>,
        author: &Author,
        at: Moment,
    ) -> Result<Vec<Entry>, WardError> {
        if let Some(config) = &self.config {
            self.store.become_writer(config)?;
        }
        let written = self.store.save(id, facts, author, at);
        self.last_save_failed = written.is_err();
        // Also after a failure: a part may be on the disk, and whoever looks before trying again must see it.
        let read = self.read_again(id);
        let written = written?;
        self.back_up_daily(at);
        read?;
        Ok(written)
    }

    /// Reads one patient again, as others left the record.
    ///
    /// # Errors
    /// [`WardError::Store`].
    pub fn read_again(&mut self, id: &PatientId) -> Result<(), WardError> {
        let patient = Patient::read(self.store.read(id)?);
        match self.patients.iter_mut().find(|old| old.id == *id) {
            Some(old) => *old = patient,
            None => self.patients.push(patient),
        }
        self.sort();
        Ok(())
    }

    /// Whether the last attempt to write failed: what was entered then is not on the disk.
    pub const fn last_save_failed(&self) -> bool {
        self.last_save_failed
    }

    /// Registers a patient, with what else is known at once.
    ///
    /// # Errors
    /// [`WardError::DuplicateMrn`] also when another workstation registered the patient meanwhile.
    pub fn register(
        &mut self,
        identity: Identity,
        more: Vec<Fact>,
        author: &Author,
        at: Moment,
    ) -> Result<PatientId, WardError> {
        self.reload()?;
        if self.patients.iter().any(|patient| patient.has_mrn(&identity.mrn)) {
            return Err(WardError::DuplicateMrn(identity.mrn));
        }
        let id = self.store.new_patient_id()?;
        let facts = std::iter::once(Fact::PatientRegistered(identity)).chain(more).collect();
        self.write(&id, facts, author, at)?;
        Ok(id)
    }

    /// Amends who a patient is.
    ///
    /// # Errors
    /// [`WardError::DuplicateMrn`] when another patient has the new number.
    pub fn amend(
        &mut self,
        id: &PatientId,
        identity: Identity,
        author: &Author,
        at: Moment,
    ) -> Result<Vec<Entry>, WardError> {
        self.reload()?;
        // One of two with the same number can still have its name put right.
        let keeps = self.patient(id).is_some_and(|patient| patient.has_mrn(&identity.mrn));
        if !keeps && self.patients.iter().any(|patient| patient.has_mrn(&identity.mrn)) {
            return Err(WardError::DuplicateMrn(identity.mrn));
        }
        self.write(id, vec![Fact::PatientAmended(identity)], author, at)
    }

    /// Records a dose, and returns it with what should be looked at again.
    ///
    /// # Errors
    /// [`WardError::Refused`] when it cannot be true.
    pub fn record(
        &mut self,
        id: &PatientId,
        dose: Administration,
        author: &Author,
        at: Moment,
    ) -> Result<(Entry, Vec<Concern>), WardError> {
        // A colleague may have recorded the same dose meanwhile.
        self.read_again(id)?;
        let concerns = self.concerns(id, &dose, None, at)?;
        let written = self.write(id, vec![Fact::Administered(dose)], author, at)?;
        written.into_iter().next().map(|entry| (entry, concerns)).ok_or(WardError::Gone)
    }

    /// What should be looked at before a dose is saved.
    ///
    /// # Errors
    /// [`WardError::Refused`] for what cannot be true.
    pub fn concerns(
        &self,
        id: &PatientId,
        dose: &Administration,
        corrects: Option<&EntryId>,
        at: Moment,
    ) -> Result<Vec<Concern>, WardError> {
        let patient = self.patient(id).ok_or(WardError::Gone)?;
        let concerns = safety::check(dose, corrects, &patient.chart, as_of_for(patient, at));
        match concerns.iter().find(|concern| concern.refuses()) {
            Some(concern) => Err(WardError::Refused(concern.clone())),
            None => Ok(concerns),
        }
    }

    /// Says what an entry should have said.
    ///
    /// # Errors
    /// [`WardError::NoReason`]; [`WardError::Refused`] for a dose that cannot be true.
    pub fn correct(
        &mut self,
        id: &PatientId,
        target: &EntryId,
        replacement: Fact,
        reason: &str,
        author: &Author,
        at: Moment,
    ) -> Result<Vec<Entry>, WardError> {
        let (reason, seen) = self.change(id, target, reason)?;
        if let Fact::Administered(dose) = &replacement {
            self.concerns(id, dose, Some(target), at)?;
        }
        let correction = Correction { target: target.clone(), replacement: Box::new(replacement), reason, seen };
        self.write(id, vec![Fact::Corrected(correction)], author, at)
    }

    /// Says that an entry should not be there.
    ///
    /// # Errors
    /// [`WardError::NoReason`].
    pub fn strike_out(
        &mut self,
        id: &PatientId,
        target: &EntryId,
        reason: &str,
        author: &Author,
        at: Moment,
    ) -> Result<Vec<Entry>, WardError> {
        let (reason, seen) = self.change(id, target, reason)?;
        self.write(id, vec![Fact::StruckOut(StrikeOut { target: target.clone(), reason, seen })], author, at)
    }

    /// The reason, and the changes that its author has seen.
    fn change(&mut self, id: &PatientId, target: &EntryId, reason: &str) -> Result<(String, Vec<EntryId>), WardError> {
        self.read_again(id)?;
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(WardError::NoReason);
        }
        let chart = &self.patient(id).ok_or(WardError::Gone)?.chart;
        let seen = chart.heads(target).ok_or_else(|| WardError::NoEntry(target.clone()))?;
        Ok((reason.to_owned(), seen))
    }
}

/// A patient whose dates are shifted lives in another year: nothing there is in the future.
fn as_of_for(patient: &Patient, now: Moment) -> Moment {
    crate::exposure::as_of(&patient.chart, now).max(now)
}
