//! Writing what an import read: only what is new, and only for the patients it is about.

use super::{Ward, WardError};
use crate::exchange::import::{Batch, BatchPatient, Report};
use crate::record::{Administration, Fact, Identity, Moment, Mrn, Name, time};
use crate::store::{Author, StoreError};
use std::collections::BTreeMap;

impl Ward {
    /// What of a batch the ward does not have yet; the patients that it would register are named in the report.
    pub fn new_in(&self, batch: Batch) -> Batch {
        let mut known: BTreeMap<String, BTreeMap<&str, &Administration>> = BTreeMap::new();
        for patient in &self.patients {
            if let Some(identity) = patient.identity() {
                known.entry(identity.mrn.bare()).or_insert_with(|| patient.chart.imported().collect());
            }
        }
        let chart_of = |mrn: &Mrn| known.get(&mrn.bare());
        let mut batch = batch.against(|mrn, id| chart_of(mrn).and_then(|doses| doses.get(id)).copied());
        let unknown = |patient: &&BatchPatient| chart_of(&patient.identity.mrn).is_none();
        batch.report.registered = batch.patients.iter().filter(unknown).map(|new| new.identity.mrn.clone()).collect();
        batch
    }

    /// Whether the patients of a batch are those that the ward knows by their numbers, and what is new can be written for
    /// each of them.
    ///
    /// # Errors
    /// [`WardError::OtherPerson`], [`WardError::ShiftedDates`], [`WardError::TwoPatients`] and [`StoreError::ReadOnly`].
    pub fn check_import(&self, batch: &Batch) -> Result<(), WardError> {
        batch.patients.iter().try_for_each(|patient| self.check_takes(patient))
    }

    /// Whether whom a file names is who has the number here, where anybody has, and may be written to.
    fn check_takes(&self, patient: &BatchPatient) -> Result<(), WardError> {
        let known = match self.by_mrn(&patient.identity.mrn) {
            Ok(known) => known,
            Err(WardError::NoPatient(_) | WardError::NotFoundBesideAGap { .. }) => return Ok(()),
            Err(error) => return Err(error),
        };
        if let Some(ward) = known.identity() {
            check_same(&patient.identity, ward, "the ward")?;
        }
        // A file that holds nothing new of them stands in nobody's way.
        let has = |id: &str| known.chart.imported().any(|(theirs, _)| theirs == id);
        let is_new = |dose: &Administration| dose.source_id.as_deref().is_none_or(|id| !has(id));
        match &known.read_only {
            Some(why) if patient.administrations.iter().any(is_new) => {
                Err(StoreError::ReadOnly { why: why.clone() }.into())
            }
            _ => Ok(()),
        }
    }

    /// Writes an imported batch: what is new for known patients, and patients that the ward does not have yet.
    ///
    /// # Errors
    /// Those of [`Ward::check_import`], and [`WardError::Store`], with nothing imported; [`WardError::NotAllImported`] where
    /// patients before the one that failed, or before it was stopped, are imported, and importing again adds the rest.
    pub fn import(&mut self, batch: Batch, author: &Author, at: Moment) -> Result<Report, WardError> {
        self.reload()?;
        self.check_import(&batch)?;
        let mut batch = self.new_in(batch);
        let patients = std::mem::take(&mut batch.patients);
        self.store.progress().begin(patients.len());
        let (mut saved, mut rows, mut registered) = (0, 0, Vec::new());
        for patient in patients {
            let mrn = patient.identity.mrn.clone();
            match self.import_patient(patient, &mut batch, author, at) {
                Ok(Taken { rows: new, is_new }) => {
                    saved += usize::from(new > 0);
                    rows += new;
                    registered.extend(is_new.then_some(mrn));
                }
                Err(cause) if saved == 0 => return Err(cause),
                Err(cause) => return Err(WardError::NotAllImported { patients: saved, rows, cause: Box::new(cause) }),
            }
        }
        Ok(batch.into_report(registered))
    }

    fn import_patient(
        &mut self,
        mut patient: BatchPatient,
        batch: &mut Batch,
        author: &Author,
        at: Moment,
    ) -> Result<Taken, WardError> {
        self.store.progress().step()?;
        // By the number alone: a number that looks like a patient id names nobody's folder.
        let mrn = &patient.identity.mrn;
        let of_number =
            |ward: &Self| ward.patients.iter().find(|known| known.has_mrn(mrn)).map(|known| known.id.clone());
        // Another workstation may have imported or registered them meanwhile, and the outbox may hold what it did.
        if of_number(self).is_none() {
            self.read_newcomers()?;
        }
        let known = of_number(self);
        let look = known.as_ref().map_or(Ok(Ok(())), |id| self.read_before_writing(id))?;
        self.check_takes(&patient)?;
        if let Some(known) = known.as_ref().and_then(|id| self.patient(id)) {
            let doses: BTreeMap<&str, &Administration> = known.chart.imported().collect();
            batch.leave_out(&mut patient, |id| doses.get(id).copied());
        }
        let (rows, is_new) = (patient.administrations.len(), known.is_none());
        let facts: Vec<Fact> = patient.administrations.into_iter().map(Fact::Administered).collect();
        match known {
            Some(_) if facts.is_empty() => {}
            Some(id) => drop(self.write_after(&id, facts, look, author, at)?),
            None => self.import_newcomer(patient.identity, facts, author, at)?,
        }
        Ok(Taken { rows, is_new })
    }

    /// Registers a patient first, and writes their rows only where nobody else has registered them at the same moment. Two
    /// programs that import one file would keep in step otherwise, and give each patient two charts with all doses.
    ///
    /// Of two at least one sees the other's chart, as each looks after its own is on the disk; so at most one of the charts gets
    /// any rows. Both may stop. Nothing in the charts could choose the one that goes on: whether the other program has
    /// looked before this chart was there, and goes on as well, cannot be seen in them.
    fn import_newcomer(
        &mut self,
        identity: Identity,
        rows: Vec<Fact>,
        author: &Author,
        at: Moment,
    ) -> Result<(), WardError> {
        let mrn = identity.mrn.clone();
        let id = self.register_beside(identity, Vec::new(), author, at)?;
        self.read_newcomers()?;
        if let Err(two @ WardError::TwoPatients { .. }) = self.by_mrn(&mrn) {
            return Err(two);
        }
        if !rows.is_empty() {
            self.write(&id, rows, author, at)?;
        }
        Ok(())
    }
}

/// What was imported of one patient.
struct Taken {
    rows: usize,
    /// Whether they were registered by it.
    is_new: bool,
}

/// Whether two can be one person, of whom a file says this and another `place` that.
///
/// # Errors
/// [`WardError::OtherPerson`] and [`WardError::ShiftedDates`].
pub fn check_same(file: &Identity, other: &Identity, place: &str) -> Result<(), WardError> {
    let (mrn, place) = (file.mrn.clone(), place.to_owned());
    if other.dates_shifted != file.dates_shifted {
        return Err(WardError::ShiftedDates { mrn, place });
    }
    if is_somebody_else(file, other) {
        return Err(WardError::OtherPerson { mrn, file: in_words(file), other: in_words(other), place });
    }
    Ok(())
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
