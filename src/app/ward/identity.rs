//! Who the patients are: registering, and amending. No two of a ward have one number.

use super::{Patient, Ward, WardError};
use crate::record::{Entry, Fact, Identity, Moment, PatientId};
use crate::store::{Author, Finding};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

impl Ward {
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
        self.register_beside(identity, more, author, at)
    }

    /// Reads who was registered by others since the ward was read, also where that was half done then.
    pub(super) fn read_newcomers(&mut self) -> Result<(), WardError> {
        let known = self.patients.iter().filter(|patient| patient.identity().is_some());
        let known: HashSet<&PatientId> = known.map(|patient| &patient.id).collect();
        let mut new = self.store.patient_ids()?;
        new.retain(|id| !known.contains(id));
        for id in new {
            self.read_again(&id)?;
        }
        Ok(())
    }

    /// The same into a ward that was read just now.
    pub(super) fn register_beside(
        &mut self,
        identity: Identity,
        more: Vec<Fact>,
        author: &Author,
        at: Moment,
    ) -> Result<PatientId, WardError> {
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
}

/// Which patients have the number of another, each with the other one, by the ids alone: see [`FindingKind::SameMrn`].
///
/// [`FindingKind::SameMrn`]: crate::store::FindingKind::SameMrn
pub fn second_charts(patients: &[Arc<Patient>]) -> Vec<Finding> {
    let mut charts: BTreeMap<String, Vec<&PatientId>> = BTreeMap::new();
    for patient in patients {
        if let Some(identity) = patient.identity() {
            charts.entry(identity.mrn.bare()).or_default().push(&patient.id);
        }
    }
    let mut found = Vec::new();
    for ids in charts.into_values().filter(|ids| ids.len() > 1) {
        let others = ids.iter().cycle().skip(1);
        found.extend(ids.iter().zip(others).map(|(id, other)| Finding::second_chart(id, other)));
    }
    found
}
