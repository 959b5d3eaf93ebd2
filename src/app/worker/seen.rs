//! What the window holds of the ward: a picture of what was read, cheap to send.

use crate::app::ward::{Backups, Patient, Ward};
use crate::record::{Entry, EntryId, PatientId};
use crate::store::{Batch, Elsewhere, UnitRecord};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The ward as it was last read. Nothing in it changes, and nothing in it touches a file.
#[derive(Debug, Clone)]
pub struct Seen {
    folder: PathBuf,
    store: String,
    is_demo: bool,
    patients: Vec<Arc<Patient>>,
    unit: Result<UnitRecord, String>,
    /// What waits on this workstation, with whose it is.
    pub waiting: Vec<(PatientId, Entry)>,
    /// The files of the outbox of which something cannot be read.
    pub damaged: Vec<Batch>,
    /// What waits on this workstation for other data folders.
    pub waiting_elsewhere: Vec<Elsewhere>,
    /// Every entry that this window wrote.
    pub written: BTreeSet<EntryId>,
    /// Those of them that were kept on this workstation because the data folder did not take them.
    pub kept: BTreeSet<EntryId>,
    /// Why it is not known what waits, where the outbox cannot be read.
    pub outbox_problem: Option<String>,
    /// What was delivered from the outbox since the last message.
    pub delivered: Vec<(PatientId, Entry)>,
    /// How the backups stand.
    pub backups: Backups,
    /// What went wrong with a backup since the last message.
    pub backup_problem: Option<String>,
    last_save_failed: bool,
    /// Whether the folder could be read at the last look.
    pub is_reachable: bool,
}

impl Seen {
    pub(super) fn of(ward: &mut Ward, is_reachable: bool, delivered: Vec<(PatientId, Entry)>) -> Self {
        Self {
            folder: ward.folder().to_owned(),
            store: ward.store().id().to_string(),
            is_demo: ward.is_demo(),
            patients: ward.patients().to_vec(),
            unit: ward.unit().cloned().map_err(ToString::to_string),
            waiting: ward.waiting(),
            damaged: ward.damaged_batches(),
            waiting_elsewhere: ward.waiting_elsewhere().to_vec(),
            written: ward.written().clone(),
            kept: ward.kept().clone(),
            outbox_problem: ward.outbox_problem().map(ToOwned::to_owned),
            delivered,
            backups: ward.backups().clone(),
            backup_problem: ward.take_backup_problem(),
            last_save_failed: ward.last_save_failed(),
            is_reachable,
        }
    }

    /// Whether this is the invented ward.
    pub const fn is_demo(&self) -> bool {
        self.is_demo
    }

    /// Where the records are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The id of the data folder.
    pub fn store(&self) -> &str {
        &self.store
    }

    /// Every patient, by name and MRN.
    pub fn patients(&self) -> &[Arc<Patient>] {
        &self.patients
    }

    /// The patient of an id.
    pub fn patient(&self, id: &PatientId) -> Option<&Arc<Patient>> {
        self.patients.iter().find(|patient| patient.id == *id)
    }

    /// The unit's settings.
    ///
    /// # Errors
    /// Why they cannot be used, with file and line.
    pub const fn unit(&self) -> Result<&UnitRecord, &String> {
        self.unit.as_ref()
    }

    /// Whether the last attempt to write failed: what was entered then is neither on the disk nor on this workstation.
    pub const fn last_save_failed(&self) -> bool {
        self.last_save_failed
    }
}
