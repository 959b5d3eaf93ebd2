//! Writing what an import read: only what is new, and only for the patients it is about.

use super::{Ward, WardError};
use crate::exchange::import::{Batch, BatchPatient, Report};
use crate::record::{Administration, Fact, Identity, Moment, Mrn, Name, time};
use crate::store::Author;
use std::collections::BTreeMap;

impl Ward {
    /// What of a batch the ward does not have yet; the patients that it would register are named in the report.
    pub fn new_in(&self, batch: Batch) -> Batch {
        let known: Vec<(&Mrn, BTreeMap<&str, &Administration>)> = self
            .patients
            .iter()
            .filter_map(|patient| Some((&patient.identity()?.mrn, patient.chart.imported().collect())))
            .collect();
        let chart_of = |mrn: &Mrn| known.iter().find(|(theirs, _)| theirs.is_same(mrn)).map(|(_, doses)| doses);
        let mut batch = batch.against(|mrn, id| chart_of(mrn).and_then(|doses| doses.get(id)).copied());
        let unknown = |patient: &&BatchPatient| chart_of(&patient.identity.mrn).is_none();
        batch.report.registered = batch.patients.iter().filter(unknown).map(|new| new.identity.mrn.clone()).collect();
        batch
    }

    /// Whether the patients of a batch are those that the ward knows by their numbers.
    ///
    /// # Errors
    /// [`WardError::OtherPerson`], [`WardError::ShiftedDates`] and [`WardError::TwoPatients`].
    pub fn check_import(&self, batch: &Batch) -> Result<(), WardError> {
        batch.patients.iter().try_for_each(|patient| self.check_is_them(&patient.identity))
    }

    /// Whether whom a file names is who has the number here, where anybody has.
    fn check_is_them(&self, file: &Identity) -> Result<(), WardError> {
        let ward = match self.by_mrn(&file.mrn) {
            Ok(patient) => patient.identity(),
            Err(WardError::NoPatient(_)) => None,
            Err(error) => return Err(error),
        };
        let Some(ward) = ward else { return Ok(()) };
        if ward.dates_shifted != file.dates_shifted {
            return Err(WardError::ShiftedDates(file.mrn.clone()));
        }
        if is_somebody_else(file, ward) {
            let (mrn, file, ward) = (file.mrn.clone(), in_words(file), in_words(ward));
            return Err(WardError::OtherPerson { mrn, file, ward });
        }
        Ok(())
    }

    /// Writes an imported batch: what is new for known patients, and patients that the ward does not have yet.
    ///
    /// # Errors
    /// Those of [`Ward::check_import`], with nothing written; [`WardError::Store`], where patients before the one that
    /// failed, or before it was stopped, are imported, and importing again adds the rest.
    pub fn import(&mut self, batch: Batch, author: &Author, at: Moment) -> Result<Report, WardError> {
        self.reload()?;
        self.check_import(&batch)?;
        let Batch { patients, report, .. } = self.new_in(batch);
        self.store.progress().begin(patients.len());
        for patient in patients {
            self.store.progress().step()?;
            // Another workstation may have registered them meanwhile.
            self.check_is_them(&patient.identity)?;
            let facts = patient.administrations.into_iter().map(Fact::Administered).collect();
            // By the number alone: a number that looks like a patient id names nobody's folder.
            match self.patients.iter().find(|known| known.has_mrn(&patient.identity.mrn)).map(|known| known.id.clone())
            {
                Some(id) => {
                    self.write(&id, facts, author, at)?;
                }
                None => {
                    self.register_beside(patient.identity, facts, author, at)?;
                }
            }
        }
        Ok(report)
    }
}

/// Whether what both state of a person contradicts; what only one of them states does not.
fn is_somebody_else(file: &Identity, ward: &Identity) -> bool {
    let other_name = |theirs: &Name, ours: &Name| {
        !theirs.is_empty() && !ours.is_empty() && theirs.shown().to_lowercase() != ours.shown().to_lowercase()
    };
    file.born.zip(ward.born).is_some_and(|(theirs, ours)| theirs != ours)
        || other_name(&file.family, &ward.family)
        || other_name(&file.given, &ward.given)
}

fn in_words(identity: &Identity) -> String {
    let born = identity.born.map(|date| format!(", born {}", time::shown_date(date))).unwrap_or_default();
    format!("{}{born}", identity.shown_name())
}
