//! One patient as read, with what waits on this workstation.
//!
//! **A ledger only grows**, so a reading that lacks an entry of the reading before is a loss and never news: the entry stays
//! in the chart, because its digits were right when it was read, and a finding says what is missing. A dose must not
//! vanish from a total because a file did.

use super::WardError;
use crate::record::{Administration, Chart, Entry, EntryId, Fact, Identity, Moment, Mrn, PatientId, Unplaced};
use crate::safety::{self, Concern};
use crate::store::{Finding, FindingKind, PatientRecord};
use std::collections::{BTreeSet, HashSet};

/// One patient as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patient {
    /// The id.
    pub id: PatientId,
    /// What the entries say, also those that wait.
    pub chart: Chart,
    /// What is wrong with the files.
    pub findings: Vec<Finding>,
    /// Why nothing can be written, where that is so.
    pub read_only: Option<String>,
    /// The entries that are kept on this workstation until they are known to be on the disk of the ward's folder.
    pub waiting: BTreeSet<EntryId>,
    /// Who it is and was, as written down: a chart keeps only what that says now.
    identities: Vec<Entry>,
    /// The names of the segments from which it was read.
    segments: BTreeSet<String>,
    /// The entries that were read before, can be read nowhere now, and do not wait either: this program alone holds them.
    only_here: Vec<Entry>,
    /// Entries from files that do not say whose they are.
    unvouched: BTreeSet<EntryId>,
}

impl Patient {
    /// A patient of the data folder, with the entries that wait, and with those that were read `before` and are gone.
    pub(super) fn read(record: PatientRecord, outbox: &[&Entry], before: Option<&Self>) -> Self {
        let there = record.entries.iter().map(|entry| &entry.id);
        let needed = before.is_some() || !outbox.is_empty();
        let mut there: HashSet<&EntryId> = if needed { there.collect() } else { HashSet::new() };
        let absent: Vec<&Entry> = outbox.iter().filter(|entry| !there.contains(&entry.id)).copied().collect();
        there.extend(absent.iter().map(|entry| &entry.id));
        let lost = before.map(|before| before.not_among(&there)).unwrap_or_default();
        let all = || record.entries.iter().chain(absent.iter().copied()).chain(&lost);
        let chart = Chart::fold(all());
        let mut unvouched = record.unvouched;
        unvouched.extend(before.into_iter().flat_map(|before| before.unvouched.iter().cloned()));
        let identities = identities(all());
        // Also what can be read in the folder: without a sync that succeeded it may be in memory only.
        let waiting = outbox.iter().map(|entry| entry.id.clone()).collect();
        let (mut findings, mut segments) = (record.findings, BTreeSet::from_iter(record.segments));
        if let Some(before) = before.filter(|_| !lost.is_empty()) {
            let is_listed =
                !findings.iter().any(|finding| is_unread(finding) && finding.file.ends_with(record.id.as_str()));
            let gone = before.segments.difference(&segments).filter(|_| is_listed).cloned().collect();
            findings.push(Finding::no_longer_read(&record.id, lost.len(), gone));
            findings.sort();
            segments.extend(before.segments.iter().cloned());
        }
        let only_here = lost;
        let (id, read_only) = (record.id, record.read_only);
        Self { id, chart, findings, read_only, waiting, identities, segments, only_here, unvouched }
    }

    /// The entries that are not among these.
    fn not_among(&self, ids: &HashSet<&EntryId>) -> Vec<Entry> {
        let identities = self.identities.iter().filter(|entry| !ids.contains(&entry.id)).cloned();
        identities.chain(self.chart.not_among(ids)).collect()
    }

    /// The entries that this program alone still holds and that are this patient's for certain, as they were written.
    pub fn only_here(&self) -> impl Iterator<Item = &Entry> {
        self.only_here.iter().filter(|entry| !self.unvouched.contains(&entry.id))
    }

    /// Whether nothing at all is known of them.
    pub(super) fn is_nothing(&self) -> bool {
        self.chart.every_id().is_empty()
            && self.identities.is_empty()
            && self.waiting.is_empty()
            && self.findings.is_empty()
    }

    /// Those of these ids that the record has an entry of.
    pub(super) fn having(&self, ids: &HashSet<&EntryId>) -> Vec<EntryId> {
        let identities = self.identities.iter().map(|entry| &entry.id);
        self.chart.every_id().into_iter().chain(identities).filter(|id| ids.contains(id)).cloned().collect()
    }

    /// The entries that say who it is and was.
    pub fn identities(&self) -> &[Entry] {
        &self.identities
    }

    /// Whether a file of theirs cannot be read.
    pub fn is_unread(&self) -> bool {
        self.findings.iter().any(is_unread)
    }

    /// Whether entries may be missing from the files as they are now, or from what is shown of them.
    pub fn is_incomplete(&self) -> bool {
        let is_lost = |finding: &Finding| matches!(finding.kind, FindingKind::Lost(_));
        self.is_unread() || self.findings.iter().any(is_lost)
    }

    /// Whether the chart may lack anything that was recorded: an incomplete one, and one with lines that cannot be used, with a
    /// change of what is not here, or without anything that says whose it is.
    pub fn may_lack(&self) -> bool {
        let lacks_a_target = |unplaced: &Unplaced| matches!(unplaced, Unplaced::TargetMissing { .. });
        self.findings.iter().any(Finding::may_hide_entries)
            || self.chart.unplaced.iter().any(lacks_a_target)
            || (self.identity().is_none() && !self.chart.every_id().is_empty())
    }

    /// Whether this may be a patient of any number: what says which may be missing.
    pub fn may_have_any_number(&self) -> bool {
        self.is_incomplete() || (self.identity().is_none() && self.may_lack())
    }

    /// Where what the chart may lack was or is: the files, or the folder.
    pub(super) fn gaps(&self) -> Vec<String> {
        let files: Vec<String> =
            self.findings.iter().filter(|found| found.may_hide_entries()).map(Finding::place).collect();
        if files.is_empty() { vec![format!("patients/{}", self.id)] } else { files }
    }

    /// The patient with all entries that wait, and those that were saved just now, while the folder cannot be read.
    pub(super) fn with(&self, waiting: &[&Entry], saved: &[Entry]) -> Self {
        let more: Vec<Entry> = waiting.iter().copied().chain(saved).cloned().collect();
        let known: HashSet<&EntryId> = self.identities.iter().map(|entry| &entry.id).collect();
        let mut patient = self.clone();
        // With the registration and amendments, of which the last one says who it is.
        let entries: Vec<Entry> = self.identities.iter().chain(&more).cloned().collect();
        patient.chart = self.chart.with(&entries);
        patient.waiting = waiting.iter().map(|entry| entry.id.clone()).collect();
        patient.only_here.retain(|entry| more.iter().all(|other| other.id != entry.id));
        patient.identities.extend(identities(&more).into_iter().filter(|entry| !known.contains(&entry.id)));
        patient
    }

    /// Who it is; `None` when the registration could not be read.
    pub fn identity(&self) -> Option<&Identity> {
        self.chart.identity.as_ref()
    }

    pub fn has_mrn(&self, mrn: &Mrn) -> bool {
        self.identity().is_some_and(|identity| identity.mrn.is_same(mrn))
    }

    /// The name for lists, also of a patient whose registration cannot be read.
    pub fn shown_name(&self) -> String {
        self.identity().map_or_else(|| format!("unreadable patient {}", self.id), Identity::shown_name)
    }

    /// What should be looked at before a dose is saved.
    ///
    /// # Errors
    /// [`WardError::Refused`] for what cannot be true.
    pub fn concerns(
        &self,
        dose: &Administration,
        corrects: Option<&EntryId>,
        at: Moment,
    ) -> Result<Vec<Concern>, WardError> {
        // A patient whose dates are shifted lives in another year: nothing there is in the future.
        let as_of = crate::exposure::as_of(&self.chart, at).max(at);
        let concerns = safety::check(dose, corrects, &self.chart, as_of);
        match concerns.iter().find(|concern| concern.refuses()) {
            Some(concern) => Err(WardError::Refused(concern.clone())),
            None => Ok(concerns),
        }
    }
}

fn is_unread(finding: &Finding) -> bool {
    matches!(finding.kind, FindingKind::CannotRead(_))
}

fn identities<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Vec<Entry> {
    let is_identity = |entry: &&Entry| matches!(entry.fact, Fact::PatientRegistered(_) | Fact::PatientAmended(_));
    entries.into_iter().filter(is_identity).cloned().collect()
}
