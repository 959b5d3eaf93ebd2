//! One patient as read, with what waits on this workstation.

use super::WardError;
use crate::record::{Administration, Chart, Entry, EntryId, Identity, Moment, Mrn, PatientId};
use crate::safety::{self, Concern};
use crate::store::{Finding, PatientRecord};
use std::collections::BTreeSet;

/// One patient as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patient {
    /// The id.
    pub id: PatientId,
    /// What the entries say, also those that wait.
    pub chart: Chart,
    /// What is wrong with the files.
    pub findings: Vec<Finding>,
    /// Why nothing can be written, where that is so.
    pub read_only: Option<String>,
    /// The entries that are kept on this workstation until they are known to be on the disk of the ward's folder.
    pub waiting: BTreeSet<EntryId>,
}

impl Patient {
    /// A patient of the data folder, with the entries that wait.
    pub(super) fn read(record: PatientRecord, outbox: &[&Entry]) -> Self {
        let there = record.entries.iter().map(|entry| &entry.id);
        let there: BTreeSet<&EntryId> = if outbox.is_empty() { BTreeSet::new() } else { there.collect() };
        let absent = outbox.iter().filter(|entry| !there.contains(&entry.id)).copied();
        let chart = Chart::fold(record.entries.iter().chain(absent));
        // Also what can be read in the folder: without a sync that succeeded it may be in memory only.
        let waiting = outbox.iter().map(|entry| entry.id.clone()).collect();
        Self { id: record.id, chart, findings: record.findings, read_only: record.read_only, waiting }
    }

    /// The patient with all entries that wait, while the folder cannot be read.
    pub(super) fn with(&self, entries: &[Entry]) -> Self {
        let mut patient = self.clone();
        patient.chart = self.chart.with(entries);
        patient.waiting = entries.iter().map(|entry| entry.id.clone()).collect();
        patient
    }

    /// Who it is; `None` when the registration could not be read.
    pub fn identity(&self) -> Option<&Identity> {
        self.chart.identity.as_ref()
    }

    pub(super) fn has_mrn(&self, mrn: &Mrn) -> bool {
        self.identity().is_some_and(|identity| identity.mrn.is_same(mrn))
    }

    /// The name for lists, also of a patient whose registration cannot be read.
    pub fn shown_name(&self) -> String {
        self.identity().map_or_else(|| format!("unreadable patient {}", self.id), Identity::shown_name)
    }

    /// What should be looked at before a dose is saved.
    ///
    /// # Errors
    /// [`WardError::Refused`] for what cannot be true.
    pub fn concerns(
        &self,
        dose: &Administration,
        corrects: Option<&EntryId>,
        at: Moment,
    ) -> Result<Vec<Concern>, WardError> {
        // A patient whose dates are shifted lives in another year: nothing there is in the future.
        let as_of = crate::exposure::as_of(&self.chart, at).max(at);
        let concerns = safety::check(dose, corrects, &self.chart, as_of);
        match concerns.iter().find(|concern| concern.refuses()) {
            Some(concern) => Err(WardError::Refused(concern.clone())),
            None => Ok(concerns),
        }
    }
}
