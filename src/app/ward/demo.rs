//! The invented ward, in a folder of its own.

use super::{Ward, WardError};
use crate::exchange::demo::{DemoStep, demo_ward};
use crate::record::{Correction, EntryId, Fact, Initials, Now, StrikeOut};
use crate::store::{Author, new_entry};

impl Ward {
    /// The invented ward, in a temporary folder that goes when the ward is closed.
    ///
    /// # Errors
    /// [`WardError`].
    pub fn demo(now: Now<'_>) -> Result<Self, WardError> {
        let mut folder = tempfile::Builder::new();
        folder.prefix("corticurve-demo-");
        // Invented or not, a ward is for its user alone, as every data folder is.
        #[cfg(unix)]
        folder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let temporary = folder.tempdir()?;
        let mut ward = Self::open_to_write(&temporary.path().join("data"), &temporary.path().join("config"))?;
        ward.store.become_writer(&temporary.path().join("config"))?;
        ward.temporary = Some(temporary);
        for patient in demo_ward(now)? {
            let id = ward.store.new_patient_id()?;
            let author = |by: &Initials| Author { by: by.clone(), workstation: "DEMO".to_owned() };
            let registered = Fact::PatientRegistered(patient.identity);
            let mut entries = vec![new_entry(registered, &author(&patient.registered_by), patient.registered_at)?];
            // What a change in the demo changes: the fact recorded last.
            let mut target = None;
            for demo in patient.entries {
                let recorded = matches!(demo.step, DemoStep::Record(_));
                let Some(fact) = fact_of(demo.step, target.clone()) else { continue };
                let entry = new_entry(fact, &author(&demo.recorded_by), demo.recorded_at)?;
                if recorded {
                    target = Some(entry.id.clone());
                }
                entries.push(entry);
            }
            ward.store.append(&id, &entries)?;
        }
        ward.reload()?;
        Ok(ward)
    }
}

/// The fact of a step; `None` for a change of nothing, which the demo does not hold.
fn fact_of(step: DemoStep, target: Option<EntryId>) -> Option<Fact> {
    Some(match step {
        DemoStep::Record(fact) => fact,
        DemoStep::Correct { replacement, reason } => {
            let replacement = Box::new(replacement);
            Fact::Corrected(Correction { target: target?, replacement, reason, seen: Vec::new() })
        }
        DemoStep::StrikeOut { reason } => Fact::StruckOut(StrikeOut { target: target?, reason, seen: Vec::new() }),
    })
}
