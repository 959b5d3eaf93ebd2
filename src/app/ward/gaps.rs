//! What may be missing beside what is written. A row that stood in a damaged line looks like a new one, and a patient whose
//! folder is gone like one who was never registered: nobody imports or registers beside a gap without being told.

use super::{Patient, Ward, WardError};
use crate::record::{Entry, EntryId, Fact, Mrn, PatientId};
use std::collections::HashSet;
use std::sync::Arc;

/// Said where something is imported beside a gap.
pub const IMPORTED_BESIDE_A_GAP: &str =
    "entries may be missing here that the files hold as well: what is imported now counts twice once they are back";
/// Said where somebody is registered beside a gap.
pub const REGISTERED_BESIDE_A_GAP: &str = "entries of other patients are missing, and this patient may be one of them";

/// How many files are named in a message.
const NAMED: usize = 3;

/// What came of something that writes.
pub struct Written<T> {
    /// Its result.
    pub result: T,
    /// What it wrote.
    pub written: Vec<EntryId>,
    /// The patients whose gaps bear on that.
    pub gaps: Vec<PatientId>,
}

impl Ward {
    /// The patients whose gaps bear on what is to be written for these numbers. A number that nobody has is to be registered.
    pub fn gaps_beside_numbers(&self, numbers: &[&Mrn]) -> Vec<&Patient> {
        let has_any = |patient: &Patient| numbers.iter().any(|mrn| patient.has_mrn(mrn));
        let registers = numbers.iter().any(|mrn| !self.patients.iter().any(|patient| patient.has_mrn(mrn)));
        self.gaps(has_any, registers)
    }

    /// The patients whose gaps bear on what was written just now.
    pub fn gaps_beside(&self, written: &[EntryId]) -> Vec<&Patient> {
        let written: HashSet<&EntryId> = written.iter().collect();
        let registers = |entry: &Entry| matches!(entry.fact, Fact::PatientRegistered(_)) && written.contains(&entry.id);
        let registers = self.patients.iter().any(|patient| patient.identities().iter().any(registers));
        self.gaps(|patient| !patient.having(&written).is_empty(), registers)
    }

    /// The same by their ids, with what was done, for the window.
    ///
    /// # Errors
    /// Those of what is done.
    pub fn noting_gaps<T>(
        &mut self,
        done: impl FnOnce(&mut Self) -> Result<T, WardError>,
    ) -> Result<Written<T>, WardError> {
        let (result, written) = self.noting(done)?;
        let gaps = self.gaps_beside(&written).into_iter().map(|patient| patient.id.clone()).collect();
        Ok(Written { result, written, gaps })
    }

    /// What to say where some patients are shown and of others, who may be the same people, it is not known who they are: whoever
    /// was registered since their files were missed has a second chart.
    pub fn beside_a_gap(&self, shown: &[&Patient]) -> Option<String> {
        let is_shown = |patient: &Patient| shown.iter().any(|shown| shown.id == patient.id);
        let is_nobody = |patient: &Patient| patient.identity().is_none() && patient.may_have_any_number();
        let files = self.files_of_gaps(|patient| is_nobody(patient) && !is_shown(patient))?;
        Some(format!(
            "{files}: missing, or cannot be read, so it is not known whose they are: whoever was registered since may be the \
             same patient, and then doses are missing from what is shown; `corticurve verify` lists all findings, with what to do"
        ))
    }

    /// Why nobody has a number. Whoever is told to register a patient whose files are missing makes a second chart.
    pub(super) fn not_found(&self, mrn: &Mrn) -> WardError {
        let mrn = mrn.clone();
        match self.files_of_gaps(Patient::may_have_any_number) {
            Some(files) => WardError::NotFoundBesideAGap { mrn, files },
            None => WardError::NoPatient(mrn),
        }
    }

    /// The first of the files in which these patients may lack something.
    fn files_of_gaps(&self, of: impl Fn(&Patient) -> bool) -> Option<String> {
        let gaps = self.patients.iter().map(Arc::as_ref).filter(|patient| of(patient));
        let files: Vec<String> = gaps.flat_map(Patient::gaps).collect();
        let named = files.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
        match files.len().saturating_sub(NAMED) {
            _ if files.is_empty() => None,
            0 => Some(named),
            more => Some(format!("{named}, and {more} more")),
        }
    }

    fn gaps(&self, is_written_to: impl Fn(&Patient) -> bool, registers: bool) -> Vec<&Patient> {
        let bears = |patient: &&Patient| {
            (registers && patient.may_have_any_number()) || (patient.may_lack() && is_written_to(patient))
        };
        self.patients.iter().map(Arc::as_ref).filter(bears).collect()
    }
}
