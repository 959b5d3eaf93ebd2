//! Reading one patient again. Of the one who is being written to, only what is new is read into the chart, so that a save
//! into a long record costs no more than into a short one.

use super::waiting::as_shown;
use super::{Ward, WardError};
use crate::record::{Entry, EntryId, PatientId};
use crate::store::{Held, PatientRecord};
use std::collections::HashSet;
use std::sync::Arc;

/// The files from which a patient was read without a finding, and what was in them.
pub(super) struct Fresh {
    patient: PatientId,
    held: Held,
    entries: HashSet<EntryId>,
    /// What was saved since, and read back then: it is in the chart, and behind the ends that are `held`.
    saved: Vec<Entry>,
}

impl Fresh {
    pub(super) fn is_of(&self, patient: &PatientId) -> bool {
        self.patient == *patient
    }
}

impl Ward {
    /// Reads one patient again, every byte, as others left the record.
    ///
    /// # Errors
    /// [`WardError::Store`]; what was read before then stays.
    pub fn read_again(&mut self, id: &PatientId) -> Result<(), WardError> {
        // Looking at others must not cost the patient who is being written to.
        let keep = self.fresh.as_ref().is_some_and(|fresh| fresh.is_of(id));
        self.read_whole(id, keep)
    }

    /// Brings a patient who is being written to up to date.
    pub(super) fn read_to_write(&mut self, id: &PatientId) -> Result<(), WardError> {
        // Another program of this workstation may have kept the same dose a moment ago.
        self.look_in_outbox();
        self.store.look()?;
        if self.take_in_what_is_new(id) { Ok(()) } else { self.read_whole(id, true) }
    }

    fn read_whole(&mut self, id: &PatientId, keep: bool) -> Result<(), WardError> {
        // Before the record itself: what is written in between is then found to be new, and not missed.
        let held = if keep { self.store.held(id).ok().flatten() } else { None };
        let record = self.read_record(id)?;
        let entries = || record.entries.iter().map(|entry| entry.id.clone()).collect();
        let held = held.filter(|_| is_spotless(&record));
        let fresh = held.map(|held| Fresh { patient: id.clone(), held, entries: entries(), saved: Vec::new() });
        let patient = as_shown(&self.batches, record, self.patient(id));
        // A chart that holds more than the files is not brought up to date from them alone.
        let is_whole = !patient.is_incomplete();
        self.show(patient);
        if keep {
            self.fresh = fresh.filter(|_| is_whole);
        }
        Ok(())
    }

    /// Brings the chart to what the files hold now, where entries that stand alone are all that is new; `false` where
    /// everything is to be read.
    fn take_in_what_is_new(&mut self, id: &PatientId) -> bool {
        let Some(fresh) = self.fresh.as_mut().filter(|fresh| fresh.is_of(id)) else { return false };
        let Some((held, mut added)) = self.store.grown(id, &fresh.held) else { return false };
        let Some(patient) = self.patients.iter_mut().find(|patient| patient.id == *id) else { return false };
        // Each of the own ones is there, as it was saved, or everything is to be read.
        for own in &fresh.saved {
            let Some(place) = added.iter().position(|entry| entry == own) else { return false };
            added.remove(place);
        }
        // An entry that is there twice, or waited, is for whoever reads everything.
        let mut new = HashSet::new();
        let is_new = added.iter().all(|entry| !fresh.entries.contains(&entry.id) && new.insert(entry.id.clone()));
        if !is_new || !patient.waiting.is_empty() {
            return false;
        }
        if !added.is_empty() {
            if !Arc::make_mut(patient).chart.take_in(&added) {
                return false;
            }
            self.version += 1;
        }
        fresh.entries.extend(new);
        fresh.held = held;
        fresh.saved.clear();
        true
    }

    /// Shows what was saved and read back just now, where the chart is up to date but for that; `false` where the files are to
    /// be read.
    pub(super) fn take_in_what_was_saved(&mut self, id: &PatientId, entries: &[Entry]) -> bool {
        let Some(fresh) = self.fresh.as_mut().filter(|fresh| fresh.is_of(id)) else { return false };
        let Some(patient) = self.patients.iter_mut().find(|patient| patient.id == *id) else { return false };
        if !patient.waiting.is_empty() || !Arc::make_mut(patient).chart.take_in(entries) {
            return false;
        }
        fresh.entries.extend(entries.iter().map(|entry| entry.id.clone()));
        fresh.saved.extend_from_slice(entries);
        true
    }
}

fn is_spotless(record: &PatientRecord) -> bool {
    record.findings.is_empty() && record.read_only.is_none()
}
