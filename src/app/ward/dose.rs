//! Recording and changing doses: what is checked, asked and written, for window and command line alike.

use super::{Ward, WardError};
use crate::record::{Administration, Correction, Entry, EntryId, Fact, Moment, PatientId, StrikeOut};
use crate::safety::{self, Concern};
use crate::store::{Author, new_entry};
use std::collections::BTreeSet;

/// What a dose should have said, over what its author has seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoseCorrection {
    /// The entry that was wrong.
    pub target: EntryId,
    /// What it should have said.
    pub dose: Administration,
    /// Why.
    pub reason: String,
    /// The changes of the entry that nobody had changed when it was looked at.
    pub known: Vec<EntryId>,
    /// The questions that it raised then.
    pub seen: Vec<String>,
}

impl Ward {
    /// Records a dose, and returns it with what should be looked at again.
    ///
    /// # Errors
    /// [`WardError::Refused`] when it cannot be true.
    pub fn record(
        &mut self,
        id: &PatientId,
        dose: Administration,
        author: &Author,
        at: Moment,
    ) -> Result<(Entry, Vec<Concern>), WardError> {
        // A colleague may have recorded the same dose meanwhile.
        let look = self.read_before_writing(id)?;
        let concerns = self.concerns(id, &dose, None, at)?;
        let entry = new_entry(Fact::Administered(dose), author, at)?;
        let written = self.write_entries(id, vec![entry], look, at)?;
        written.into_iter().next().map(|entry| (entry, concerns)).ok_or(WardError::Gone)
    }

    /// Records doses that raise no other question than those that were `seen` by whoever records them: all, in one save, or
    /// none.
    ///
    /// # Errors
    /// [`WardError::Asks`] with the first other question; nothing is written then.
    pub fn record_unless_it_asks(
        &mut self,
        id: &PatientId,
        doses: &[Administration],
        seen: &[String],
        author: &Author,
        at: Moment,
    ) -> Result<Vec<Entry>, WardError> {
        let look = self.read_before_writing(id)?;
        for dose in doses {
            self.ask_about(id, dose, None, seen, at)?;
        }
        let chart = &self.patient(id).ok_or(WardError::Gone)?.chart;
        let are_several = doses.len() > 1;
        if let Some(near) = safety::near_question(doses, chart).filter(|near| are_several && !seen.contains(near)) {
            return Err(WardError::Asks(near));
        }
        let elsewhere = |stamp| safety::is_from_elsewhere(stamp, &author.by, &author.workstation);
        let (mut entries, mut answers) = (Vec::new(), Vec::new());
        for dose in doses {
            // Whoever records it has seen the same dose from elsewhere, and was asked: that answers it for good. Of several it
            // was asked about all that are near.
            let same = safety::same_doses(dose, None, chart);
            let near = safety::near_doses(dose, chart).filter(|_| are_several);
            let twice = same.chain(near).filter(|other| elsewhere(&other.stamp));
            let twice: BTreeSet<EntryId> = twice.map(|other| other.stamp.id.clone()).collect();
            let entry = new_entry(Fact::Administered(dose.clone()), author, at)?;
            for other in &twice {
                answers.push(new_entry(Fact::Acknowledged(safety::both_given(other, &entry.id)), author, at)?);
            }
            entries.push(entry);
        }
        self.write_entries(id, entries.iter().cloned().chain(answers).collect(), look, at)?;
        Ok(entries)
    }

    fn ask_about(
        &self,
        id: &PatientId,
        dose: &Administration,
        corrects: Option<&EntryId>,
        seen: &[String],
        at: Moment,
    ) -> Result<(), WardError> {
        let concerns = self.concerns(id, dose, corrects, at)?;
        let other = concerns.iter().map(Concern::words).find(|words| !seen.contains(words));
        other.map_or(Ok(()), |words| Err(WardError::Asks(words)))
    }

    /// What should be looked at before a dose is saved.
    ///
    /// # Errors
    /// [`WardError::Refused`] for what cannot be true.
    pub fn concerns(
        &self,
        id: &PatientId,
        dose: &Administration,
        corrects: Option<&EntryId>,
        at: Moment,
    ) -> Result<Vec<Concern>, WardError> {
        self.patient(id).ok_or(WardError::Gone)?.concerns(dose, corrects, at)
    }

    /// Says what an entry should have said.
    ///
    /// # Errors
    /// [`WardError::NoReason`]; [`WardError::Refused`] for a dose that cannot be true.
    pub fn correct(
        &mut self,
        id: &PatientId,
        target: &EntryId,
        replacement: Fact,
        reason: &str,
        author: &Author,
        at: Moment,
    ) -> Result<Vec<Entry>, WardError> {
        let (reason, seen) = self.change(id, target, reason)?;
        if let Fact::Administered(dose) = &replacement {
            self.concerns(id, dose, Some(target), at)?;
        }
        let correction = Correction { target: target.clone(), replacement: Box::new(replacement), reason, seen };
        self.write(id, vec![Fact::Corrected(correction)], author, at)
    }

    /// Corrects a dose that is as whoever corrects it has seen it.
    ///
    /// # Errors
    /// [`WardError::Asks`] where it is not; nothing is written then.
    pub fn correct_as_seen(
        &mut self,
        id: &PatientId,
        correction: DoseCorrection,
        author: &Author,
        at: Moment,
    ) -> Result<Vec<Entry>, WardError> {
        let DoseCorrection { target, dose, reason, known, seen } = correction;
        let (reason, heads) = self.change(id, &target, &reason)?;
        if heads != known {
            return Err(WardError::Asks("this entry was changed meanwhile; look at it again".to_owned()));
        }
        self.ask_about(id, &dose, Some(&target), &seen, at)?;
        self.correct(id, &target, Fact::Administered(dose), &reason, author, at)
    }

    /// Says that an entry should not be there.
    ///
    /// # Errors
    /// [`WardError::NoReason`].
    pub fn strike_out(
        &mut self,
        id: &PatientId,
        target: &EntryId,
        reason: &str,
        author: &Author,
        at: Moment,
    ) -> Result<Vec<Entry>, WardError> {
        let (reason, seen) = self.change(id, target, reason)?;
        self.write(id, vec![Fact::StruckOut(StrikeOut { target: target.clone(), reason, seen })], author, at)
    }

    /// The same of entries that nobody has changed since they were written: all of them or none.
    ///
    /// # Errors
    /// [`WardError::Asks`] where one was changed.
    pub fn strike_out_unchanged(
        &mut self,
        id: &PatientId,
        targets: &[EntryId],
        reason: &str,
        author: &Author,
        at: Moment,
    ) -> Result<Vec<Entry>, WardError> {
        let mut facts = Vec::new();
        for target in targets {
            let (reason, seen) = self.change(id, target, reason)?;
            if !seen.is_empty() {
                return Err(WardError::Asks("this entry was changed meanwhile; look at it again".to_owned()));
            }
            facts.push(Fact::StruckOut(StrikeOut { target: target.clone(), reason, seen }));
        }
        self.write(id, facts, author, at)
    }

    /// The reason, and the changes that its author has seen.
    fn change(&mut self, id: &PatientId, target: &EntryId, reason: &str) -> Result<(String, Vec<EntryId>), WardError> {
        // Whoever writes the change looks once more, and keeps it here where the folder is out of reach.
        let _ = self.read_before_writing(id)?;
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(WardError::NoReason);
        }
        let chart = &self.patient(id).ok_or(WardError::Gone)?.chart;
        let seen = chart.heads(target).ok_or_else(|| WardError::NoEntry(target.clone()))?;
        Ok((reason.to_owned(), seen))
    }
}
