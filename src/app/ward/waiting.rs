//! What the data folder did not take: kept on this workstation, shown, and delivered when the folder is back.

use super::{Patient, Ward, WardError};
use crate::record::{Entry, EntryId, Fact, PatientId};
use crate::store::{Batch, Elsewhere, FindingKind, PatientRecord, StoreError};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

impl Ward {
    /// Keeps entries on this workstation that the data folder did not take.
    pub(super) fn keep_here(&mut self, id: &PatientId, entries: &[Entry], error: StoreError) -> Result<(), WardError> {
        let keeps = self.keeps_here && error.may_pass();
        let Some(outbox) = self.outbox.as_ref().filter(|_| keeps) else { return Err(error.into()) };
        let kept = outbox.keep(id, entries).map_err(|here| WardError::NotKept { folder: error, here })?;
        // It waits from now on, also where the outbox cannot be read just now.
        self.kept.extend(entries.iter().map(|entry| entry.id.clone()));
        self.batches.extend(kept);
        self.fresh = None;
        Ok(())
    }

    /// Reads the outbox again. Another program of this workstation may have kept or delivered something.
    pub fn look_in_outbox(&mut self) {
        let Some(outbox) = &self.outbox else { return };
        let elsewhere = outbox.waiting_elsewhere();
        if elsewhere != self.elsewhere {
            self.elsewhere = elsewhere;
            self.version += 1;
        }
        let listed = outbox.waiting();
        let problem = listed.as_ref().err().map(ToString::to_string);
        if problem != self.outbox_problem {
            self.outbox_problem = problem;
            self.version += 1;
        }
        let mut batches = match listed {
            Ok(listed) => self.with_unread(listed),
            // An outbox that cannot be read just now keeps what it has; what was seen there still waits.
            Err(_) => self.batches.clone(),
        };
        for Batch { file, entries, .. } in &mut batches {
            entries.retain(|entry| !self.has_arrived(file, &entry.id));
        }
        if batches == self.batches {
            return;
        }
        let changed: BTreeSet<PatientId> =
            batches.iter().chain(&self.batches).map(|batch| batch.patient.clone()).collect();
        self.batches = batches;
        self.fresh = None;
        self.version += 1;
        for id in changed {
            if self.read_again(&id).is_err() {
                self.show_waiting(&id);
            }
        }
    }

    /// What was listed, with what was seen to wait in a file that cannot be read just now.
    fn with_unread(&self, mut listed: Vec<Batch>) -> Vec<Batch> {
        let unread: BTreeSet<PatientId> =
            listed.iter().filter(|batch| is_unread_batch(batch)).map(|batch| batch.patient.clone()).collect();
        let there: BTreeSet<EntryId> =
            listed.iter().flat_map(|batch| &batch.entries).map(|entry| entry.id.clone()).collect();
        let mut before: Vec<Batch> =
            self.batches.iter().filter(|batch| unread.contains(&batch.patient)).cloned().collect();
        for batch in &mut before {
            batch.findings.clear();
            batch.lines.clear();
            batch.entries.retain(|entry| !there.contains(&entry.id));
        }
        listed.extend(before.into_iter().filter(|batch| !batch.entries.is_empty()));
        listed
    }

    /// Why it is not known what waits, where the outbox cannot be read.
    pub fn outbox_problem(&self) -> Option<&str> {
        self.outbox_problem.as_deref()
    }

    /// Shows entries that wait while the folder cannot be read.
    pub(super) fn show_waiting(&mut self, id: &PatientId) {
        self.show_written(id, &[]);
    }

    /// Shows what waits, and what was `saved` just now, in the chart as it is known, while the folder cannot be read.
    pub(super) fn show_written(&mut self, id: &PatientId, saved: &[Entry]) {
        let waiting = self.outbox_of(id);
        let patient = match self.patient(id) {
            Some(known) => known.with(&waiting, saved),
            None => Patient::read(PatientRecord::nothing_of(id), &waiting, None).with(&waiting, saved),
        };
        self.show(Arc::new(patient));
    }

    /// The entries of a patient that wait.
    pub(super) fn outbox_of(&self, id: &PatientId) -> Vec<&Entry> {
        outbox_of(&self.batches, id)
    }

    /// Patients that only the outbox knows: their registration waits.
    pub(super) fn waiting_patients(&self, known: &[Arc<Patient>]) -> Vec<Arc<Patient>> {
        let ids: BTreeSet<&PatientId> = self.batches.iter().map(|batch| &batch.patient).collect();
        let unknown = ids.into_iter().filter(|id| known.iter().all(|patient| patient.id != **id));
        unknown.map(|id| as_shown(&self.batches, PatientRecord::nothing_of(id), self.patient(id))).collect()
    }

    /// A patient's record. A folder that went away in the middle of reading would leave a part of it, which must not be
    /// shown as the whole.
    pub(super) fn read_record(&self, id: &PatientId) -> Result<PatientRecord, StoreError> {
        self.store.look()?;
        let record = match self.store.read(id) {
            // A folder that is gone has lost what was read from it, which a ledger never does: what was read stays.
            Err(StoreError::NoPatient { .. }) if self.patient(id).is_some() || !self.outbox_of(id).is_empty() => {
                self.store.without_folder(id)
            }
            other => other?,
        };
        if is_unread(&record) {
            self.store.look()?;
        }
        Ok(record)
    }

    /// Reads a patient again before something is written. With an outbox, a folder out of reach is no reason to refuse: what
    /// is known is checked, and the entry waits. What was met is handed on, so that it is not saved there unseen.
    pub(super) fn read_before_writing(&mut self, id: &PatientId) -> Result<Result<(), StoreError>, WardError> {
        match self.read_to_write(id) {
            Err(WardError::Store(error)) if self.keeps_here && error.may_pass() => Ok(Err(error)),
            other => other.map(Ok),
        }
    }

    /// Appends entries. Only for a patient who is registered by them, or by what waits, is a folder made: without a
    /// registration it was there, and a new one would stand in the way of whoever puts it back.
    pub(super) fn append(&mut self, id: &PatientId, entries: &[Entry]) -> Result<(), StoreError> {
        let registers = |entry: &Entry| matches!(entry.fact, Fact::PatientRegistered(_));
        if !self.store.has_saved(id) && !entries.iter().chain(self.outbox_of(id)).any(registers) {
            let not_saved = |cause| StoreError::NotSaved { saved: 0, of: entries.len(), cause: Box::new(cause) };
            self.store.find(id).map_err(not_saved)?;
        }
        self.store.append(id, entries)
    }

    /// What waits for a patient and must not be missing beside these entries: who it is, and what they change. Others would
    /// meet a dose of nobody, or a change of nothing. It is delivered with its mark in its turn, and counts once.
    pub(super) fn needed_first(&self, id: &PatientId, entries: &[Entry]) -> Vec<Entry> {
        let waiting: Vec<&Entry> = self.outbox_of(id).into_iter().filter(|entry| !entries.contains(entry)).collect();
        let mut changed: BTreeSet<EntryId> = entries.iter().flat_map(|entry| entry.fact.about()).collect();
        // A change of a change needs both, in whatever order they wait.
        loop {
            let before = changed.len();
            let more = waiting.iter().filter(|entry| changed.contains(&entry.id)).flat_map(|entry| entry.fact.about());
            changed.extend(more.collect::<Vec<_>>());
            if changed.len() == before {
                break;
            }
        }
        let says_who = |entry: &&Entry| matches!(entry.fact, Fact::PatientRegistered(_) | Fact::PatientAmended(_));
        let is_needed = |entry: &&Entry| says_who(entry) || changed.contains(&entry.id);
        waiting.into_iter().filter(is_needed).cloned().collect()
    }

    /// What waits on this workstation: everything that was kept and not delivered since. That an entry can be read in the
    /// ward's folder is no reason to stop waiting, because what a sync did not confirm may be gone after a power cut.
    pub fn waiting(&self) -> Vec<(PatientId, Entry)> {
        let mut seen = BTreeSet::new();
        let entries = self.batches.iter().flat_map(|batch| batch.entries.iter().map(|entry| (&batch.patient, entry)));
        entries
            .filter(|(_, entry)| seen.insert(entry.id.clone()))
            .map(|(id, entry)| (id.clone(), entry.clone()))
            .collect()
    }

    /// The batches of which something cannot be read.
    pub fn damaged_batches(&self) -> Vec<Batch> {
        self.batches.iter().filter(|batch| !batch.findings.is_empty()).cloned().collect()
    }

    /// What waits on this workstation for other data folders.
    pub fn waiting_elsewhere(&self) -> &[Elsewhere] {
        &self.elsewhere
    }

    /// What cannot be read in a file of the outbox was recorded again, so it is told no longer. Nothing is removed.
    ///
    /// # Errors
    /// [`WardError::Store`]; it is then told as before.
    pub fn recorded_again(&mut self, file: &Path) -> Result<(), WardError> {
        let batch = self.batches.iter().find(|batch| batch.file == file);
        if let Some((outbox, batch)) = self.outbox.as_ref().zip(batch) {
            outbox.mark_recorded(batch)?;
        }
        self.look_in_outbox();
        Ok(())
    }

    /// Whether anything is left to deliver, or to mark as delivered.
    pub fn has_to_deliver(&self) -> bool {
        self.batches.iter().any(|batch| batch.findings.is_empty() || !batch.entries.is_empty())
    }

    /// Saves what waits in the data folder, with the same ids, and returns what arrived. A patient who cannot be written to,
    /// as after a newer program wrote there, keeps nobody else's entries waiting.
    ///
    /// # Errors
    /// [`WardError::Store`] where nothing arrived and something still waits.
    pub fn deliver(&mut self) -> Result<Vec<(PatientId, Entry)>, WardError> {
        let (mut arrived, mut failed) = (Vec::new(), None);
        for batch in self.batches.clone() {
            match self.deliver_batch(&batch) {
                Ok(entries) => arrived.extend(entries.into_iter().map(|entry| (batch.patient.clone(), entry))),
                Err(error) => {
                    // Each attempt on a folder that takes nothing may leave an empty file there, so one is enough.
                    // One patient's folder that is gone keeps nobody else's entries from being delivered.
                    let folder_failed =
                        matches!(&error, WardError::Store(error) if error.may_pass() && !error.is_of_one_patient());
                    failed = Some(error);
                    if folder_failed {
                        break;
                    }
                }
            }
        }
        self.look_in_outbox();
        match failed {
            Some(error) if arrived.is_empty() => Err(error),
            _ => Ok(arrived),
        }
    }

    /// Whether an entry was saved since this file of the outbox was seen to hold it. Where it was lost since and is kept again, in
    /// another file, it waits again.
    fn has_arrived(&self, file: &Path, entry: &EntryId) -> bool {
        self.arrived.get(file).is_some_and(|ids| ids.contains(entry))
    }

    /// Saves all of a batch, also what can be read in the data folder already: only a save that succeeded in this program is
    /// known to be on the disk. Ids are kept, so to a reader each is one entry still.
    ///
    /// What it needs of other batches goes before it, and is not delivered once more in its turn.
    fn deliver_batch(&mut self, batch: &Batch) -> Result<Vec<Entry>, WardError> {
        let is_left = |batch: &Batch, entry: &Entry| !self.has_arrived(&batch.file, &entry.id);
        let own: Vec<Entry> = batch.entries.iter().filter(|entry| is_left(batch, entry)).cloned().collect();
        let waits =
            |entry: &Entry| self.batches.iter().any(|batch| batch.entries.contains(entry) && is_left(batch, entry));
        let needed = self.needed_first(&batch.patient, &own).into_iter().filter(waits);
        let all: Vec<Entry> = needed.chain(own).collect();
        if !all.is_empty() {
            self.save(&batch.patient, &all)?;
        }
        let saved: BTreeSet<&EntryId> = all.iter().map(|entry| &entry.id).collect();
        for Batch { file, entries, .. } in &self.batches {
            let held = entries.iter().map(|entry| &entry.id).filter(|id| saved.contains(id));
            self.arrived.entry(file.clone()).or_default().extend(held.cloned());
        }
        // Of a file that cannot be read just now nobody knows what else is in it.
        let hides = |other: &Batch| is_unread_batch(other) && batch.file.starts_with(&other.file);
        let is_whole = batch.findings.is_empty() && !self.batches.iter().any(hides);
        if let Some(outbox) = self.outbox.as_ref().filter(|_| is_whole) {
            // Without the mark a later program delivers it once more, which changes nothing.
            let _ = outbox.mark_delivered(batch);
        }
        Ok(all)
    }
}

/// A record as it is shown, with what waits and what was read before.
pub(super) fn as_shown(batches: &[Batch], record: PatientRecord, before: Option<&Patient>) -> Arc<Patient> {
    let outbox = outbox_of(batches, &record.id);
    Arc::new(Patient::read(record, &outbox, before))
}

/// Whether a file of the outbox, or a patient's folder there, cannot be read just now.
fn is_unread_batch(batch: &Batch) -> bool {
    batch.findings.iter().any(|found| matches!(found.kind, FindingKind::CannotRead(_)))
}

/// Whether a part of it could not be read, as when the folder has gone away.
pub(super) fn is_unread(record: &PatientRecord) -> bool {
    record.findings.iter().any(|finding| matches!(finding.kind, FindingKind::CannotRead(_)))
}

fn outbox_of<'a>(batches: &'a [Batch], id: &PatientId) -> Vec<&'a Entry> {
    batches.iter().filter(|batch| batch.patient == *id).flat_map(|batch| &batch.entries).collect()
}
