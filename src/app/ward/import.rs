//! Writing what an import read: only what is new, and only for the patients it is about.

use super::{Ward, WardError};
use crate::exchange::import::{Batch, BatchPatient, Report};
use crate::record::{Fact, Moment, Mrn, time};
use crate::store::Author;
use std::collections::{BTreeMap, BTreeSet};

impl Ward {
    /// What of a batch the ward does not have yet; the patients that it would register are named in the report.
    pub fn new_in(&self, batch: Batch) -> Batch {
        let known: BTreeMap<&Mrn, BTreeSet<&str>> = self
            .patients
            .iter()
            .filter_map(|patient| Some((&patient.identity()?.mrn, patient.chart.source_ids().collect())))
            .collect();
        let mut batch = batch.against(|mrn, id| known.get(mrn).is_some_and(|ids| ids.contains(id)));
        let unknown = |patient: &&BatchPatient| !known.contains_key(&patient.identity.mrn);
        batch.report.registered = batch.patients.iter().filter(unknown).map(|new| new.identity.mrn.clone()).collect();
        batch
    }

    /// Whether the patients of a batch are those that the ward knows by their numbers.
    ///
    /// # Errors
    /// [`WardError::OtherPerson`], [`WardError::ShiftedDates`] and [`WardError::TwoPatients`].
    pub fn check_import(&self, batch: &Batch) -> Result<(), WardError> {
        for BatchPatient { identity: file, .. } in &batch.patients {
            let ward = match self.by_mrn(&file.mrn) {
                Ok(patient) => patient.identity(),
                Err(WardError::NoPatient(_)) => None,
                Err(error) => return Err(error),
            };
            let Some(ward) = ward else { continue };
            if ward.dates_shifted != file.dates_shifted {
                return Err(WardError::ShiftedDates(file.mrn.clone()));
            }
            if let (Some(theirs), Some(ours)) = (file.born, ward.born)
                && theirs != ours
            {
                let (file_says, ward_says) = (time::shown_date(theirs), time::shown_date(ours));
                return Err(WardError::OtherPerson { mrn: file.mrn.clone(), file: file_says, ward: ward_says });
            }
        }
        Ok(())
    }

    /// Writes an imported batch: what is new for known patients, and patients that the ward does not have yet.
    ///
    /// # Errors
    /// Those of [`Ward::check_import`], with nothing written; [`WardError::Store`], where patients before the one that
    /// failed are imported, and importing again adds the rest.
    pub fn import(&mut self, batch: Batch, author: &Author, at: Moment) -> Result<Report, WardError> {
        self.reload()?;
        self.check_import(&batch)?;
        let Batch { patients, report, .. } = self.new_in(batch);
        for patient in patients {
            let facts = patient.administrations.into_iter().map(Fact::Administered).collect();
            match self.by_mrn(&patient.identity.mrn).map(|known| known.id.clone()) {
                Ok(id) => {
                    self.write(&id, facts, author, at)?;
                }
                Err(WardError::NoPatient(_)) => {
                    self.register(patient.identity, facts, author, at)?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(report)
    }
}
