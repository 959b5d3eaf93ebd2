//! What is lost in the files and still held by this program: saving it again. And saying that a loss is known.
//!
//! A chart only grows, so a running program shows entries on whose files were removed, cut or damaged ([`Patient`]). It may
//! be the last that holds them. They are saved again as what they are: with their own ids, times and authors. A reader takes
//! the union by id, so it does no harm when the files come back.
//!
//! Three things are never saved again: an entry from a file whose header did not say that it was this patient's; one that
//! stands in another patient's record as well, as one of the two was copied there by hand; and anything into the record of a
//! patient whom a newer program has written for. No folder is made for a patient whose folder is gone: it would stand in
//! the way of whoever puts that back.
//!
//! **Limitation**: what was kept on this workstation while the whole data folder was away is delivered as everything that
//! waits; where it holds a registration, that makes the patient's folder if it is gone by then.

use super::{Patient, Ward, WardError};
use crate::record::{Entry, EntryId, Initials, Moment, PatientId};
use std::collections::{BTreeSet, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

/// What came of saving again what is missing.
#[derive(Debug, Default)]
pub struct SavedAgain {
    /// The entries that were written, in the data folder or kept on this workstation.
    pub written: Vec<EntryId>,
    /// How many were left alone, because they may be another patient's.
    pub left: usize,
    /// Why others were not saved: the first reason that was met.
    pub error: Option<WardError>,
}

impl Ward {
    /// Saves again every entry that this program alone still holds, of every patient. One patient who cannot be written to
    /// keeps nobody else waiting. `at` is now, for the backup of the day.
    pub fn save_again(&mut self, at: Moment) -> SavedAgain {
        let lacks = |patient: &&Arc<Patient>| patient.only_here().next().is_some();
        let ids: Vec<PatientId> = self.patients.iter().filter(lacks).map(|patient| patient.id.clone()).collect();
        let mut all = SavedAgain::default();
        for id in ids {
            if let Err(error) = self.save_again_for(&id, at, &mut all) {
                all.error.get_or_insert(error);
            }
        }
        all
    }

    fn save_again_for(&mut self, id: &PatientId, at: Moment, all: &mut SavedAgain) -> Result<(), WardError> {
        // The files may be back.
        let look = self.read_before_writing(id)?;
        if look.is_ok() {
            self.store.find(id)?;
        }
        let patient = self.patient(id).ok_or(WardError::Gone)?;
        let mut entries: Vec<Entry> = patient.only_here().cloned().collect();
        let found = entries.len();
        let of_others = self.held_by_others(id, &entries);
        entries.retain(|entry| !of_others.contains(&entry.id));
        all.left += found - entries.len();
        if entries.is_empty() {
            return Ok(());
        }
        let written = self.write_entries(id, entries, look, at)?;
        all.written.extend(written.into_iter().map(|entry| entry.id));
        Ok(())
    }

    /// Somebody knows why these files of a patient are missing, or shorter than they were. They are not told of again on this
    /// workstation, and a patient of whom nothing is left leaves the ward. Returns the files.
    ///
    /// # Errors
    /// Those of [`Store::acknowledge_missing`](crate::store::Store::acknowledge_missing).
    pub fn acknowledge_missing(
        &mut self,
        id: &PatientId,
        told: &[PathBuf],
        by: &Initials,
        at: Moment,
    ) -> Result<Vec<PathBuf>, WardError> {
        let known = self.store.acknowledge_missing(id, told, by, at)?;
        self.read_again(id)?;
        if self.store.find(id).is_err() {
            self.patients.retain(|patient| patient.id != *id || !patient.is_nothing());
        }
        self.version += 1;
        Ok(known)
    }

    /// Those of a patient's entries that stand in another patient's record as well.
    fn held_by_others(&self, id: &PatientId, entries: &[Entry]) -> BTreeSet<EntryId> {
        let ids: HashSet<&EntryId> = entries.iter().map(|entry| &entry.id).collect();
        let others = self.patients.iter().filter(|other| other.id != *id);
        others.flat_map(|other| other.having(&ids)).collect()
    }
}
