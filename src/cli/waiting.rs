//! What waits on this workstation: whoever reads figures on the command line must know that they lack it.

use super::{Failure, Outcome, Setting, tell};
use crate::record::EntryId;
use crate::store::{OsStorage, Outbox, Store, StoreError};
use std::collections::BTreeSet;
use std::sync::Arc;

impl Setting {
    /// The outcome of a verb that reads. What the window has kept on this workstation, and the data folder has not, is told
    /// and is no success.
    pub(super) fn complete(&self, outcome: Outcome) -> Outcome {
        let (false, Ok(store)) = (self.common.demo, Store::open(&self.places.data)) else { return outcome };
        let outbox = Outbox::new(Arc::new(OsStorage), &self.places.config, store.id());
        let batches = match outbox.waiting() {
            Ok(batches) => batches,
            Err(error) => return outcome.and(Err(Failure::unusable(error))),
        };
        let mut complete = true;
        for batch in &batches {
            batch.findings.iter().for_each(tell);
            let there: BTreeSet<EntryId> = match store.read(&batch.patient) {
                Ok(record) => record.entries.into_iter().map(|entry| entry.id).collect(),
                Err(StoreError::NoPatient { .. }) => BTreeSet::new(),
                Err(error) => return outcome.and(Err(Failure::unusable(error))),
            };
            let missing = batch.entries.iter().filter(|entry| !there.contains(&entry.id)).count();
            complete &= missing == 0 && batch.findings.is_empty();
            if missing > 0 {
                let entries = if missing == 1 { "1 entry waits".to_owned() } else { format!("{missing} entries wait") };
                tell(format!(
                    "{}: {entries} on this workstation, in no figure and no backup; open the window, which saves what \
                     waits in the data folder",
                    batch.patient
                ));
            }
        }
        if complete { outcome } else { outcome.and(Err(Failure::Refused(String::new()))) }
    }
}
