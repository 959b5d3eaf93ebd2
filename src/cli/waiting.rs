//! What waits on this workstation: whoever reads figures on the command line must know that they lack it.

use super::{Failure, Outcome, Setting, tell};
use crate::record::{EntryId, PatientId};
use crate::store::{Finding, OsStorage, Outbox, Store, StoreError};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What waits.
#[derive(Default)]
struct Waiting {
    /// The entries that the data folder has not, by patient.
    entries: BTreeMap<PatientId, BTreeSet<EntryId>>,
    /// What is wrong with the files in which they wait.
    findings: Vec<Finding>,
}

impl Setting {
    /// The outcome of a verb that reads. What the window has kept on this workstation, and the data folder has not, is told
    /// and is no success.
    pub(super) fn complete(&self, outcome: Outcome) -> Outcome {
        match self.waiting() {
            Ok(waiting) if waiting.tell() => outcome.and(Err(Failure::Refused(String::new()))),
            Ok(_) => outcome,
            Err(error) => outcome.and(Err(error)),
        }
    }

    /// The outcome of a verb that writes. It says the same, and what of it was saved on the way, as who a patient is
    /// goes before their first dose. It ends as it does: whoever sees a failure after a save would do the same again.
    pub(super) fn telling_what_waits(&self, verb: impl FnOnce() -> Outcome) -> Outcome {
        let before = self.waiting().unwrap_or_default();
        let outcome = verb();
        match self.waiting() {
            Ok(after) => {
                for (patient, entries) in &before.entries {
                    let left = after.entries.get(patient);
                    let saved = entries.iter().filter(|id| left.is_none_or(|left| !left.contains(*id))).count();
                    match saved {
                        0 => {}
                        1 => tell(format!("{patient}: 1 entry that waited on this workstation is saved as well")),
                        many => {
                            tell(format!(
                                "{patient}: {many} entries that waited on this workstation are saved as well"
                            ));
                        }
                    }
                }
                after.tell();
            }
            Err(Failure::Refused(words) | Failure::Unusable(words)) => {
                tell(format!("it is not known what waits on this workstation: {words}"));
            }
        }
        outcome
    }

    fn waiting(&self) -> Result<Waiting, Failure> {
        let mut waiting = Waiting::default();
        let (false, Ok(store)) = (self.common.demo, Store::open(&self.places.data)) else { return Ok(waiting) };
        let outbox = Outbox::new(Arc::new(OsStorage), &self.places.config, store.id());
        for batch in outbox.waiting().map_err(Failure::unusable)? {
            waiting.findings.extend(batch.findings);
            let there: BTreeSet<EntryId> = match store.read(&batch.patient) {
                Ok(record) => record.entries.into_iter().map(|entry| entry.id).collect(),
                Err(StoreError::NoPatient { .. }) => BTreeSet::new(),
                Err(error) => return Err(Failure::unusable(error)),
            };
            let missing: Vec<EntryId> =
                batch.entries.into_iter().map(|entry| entry.id).filter(|id| !there.contains(id)).collect();
            if !missing.is_empty() {
                waiting.entries.entry(batch.patient).or_default().extend(missing);
            }
        }
        Ok(waiting)
    }
}

impl Waiting {
    /// Says it; whether there is anything to say.
    fn tell(&self) -> bool {
        self.findings.iter().for_each(tell);
        for (patient, entries) in &self.entries {
            let entries = match entries.len() {
                1 => "1 entry waits".to_owned(),
                many => format!("{many} entries wait"),
            };
            tell(format!(
                "{patient}: {entries} on this workstation, in no figure and no backup; open the window, which saves what \
                 waits in the data folder"
            ));
        }
        !(self.findings.is_empty() && self.entries.is_empty())
    }
}
