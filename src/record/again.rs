//! A chart taken apart again: who wrote what in it, and the same chart with more entries.

use super::{Chart, Correction, Entry, EntryId, Fact, Recorded, Stamp, StrikeOut};
use std::collections::{BTreeSet, HashSet};

/// The entries that made one line of a chart.
pub(super) fn entries_of<T: Clone>(recorded: &Recorded<T>, fact: fn(T) -> Fact, into: &mut Vec<Entry>) {
    let entry = |stamp: &Stamp, fact: Fact| Entry {
        id: stamp.id.clone(),
        recorded_at: stamp.at,
        recorded_by: stamp.by.clone(),
        workstation: stamp.workstation.clone(),
        fact,
    };
    into.push(entry(&recorded.stamp, fact(recorded.original().clone())));
    for change in &recorded.changes {
        let (target, reason, seen) = (recorded.stamp.id.clone(), change.reason.clone(), change.seen.clone());
        let fact = match &change.replacement {
            Some(value) => {
                let replacement = Box::new(fact(value.clone()));
                Fact::Corrected(Correction { target, replacement, reason, seen })
            }
            None => Fact::StruckOut(StrikeOut { target, reason, seen }),
        };
        into.push(entry(&change.stamp, fact));
    }
}

impl Chart {
    /// Every entry that has a place in the chart, corrections and strike-outs too, in no particular order. Of the
    /// registration and its amendments a chart keeps only what they say, so they are not among these.
    pub(super) fn placed(&self) -> Vec<Entry> {
        fn all<T: Clone>(list: &[Recorded<T>], fact: fn(T) -> Fact, into: &mut Vec<Entry>) {
            for recorded in list {
                entries_of(recorded, fact, into);
            }
        }
        let mut entries = Vec::new();
        all(&self.administrations, Fact::Administered, &mut entries);
        all(&self.measurements, Fact::Measured, &mut entries);
        all(&self.infusions, Fact::Infused, &mut entries);
        all(&self.grades, Fact::Graded, &mut entries);
        all(&self.events, Fact::Noted, &mut entries);
        all(&self.plans, Fact::Planned, &mut entries);
        all(&self.checks, Fact::ChartChecked, &mut entries);
        all(&self.reviews, Fact::Reviewed, &mut entries);
        all(&self.acknowledgements, Fact::Acknowledged, &mut entries);
        all(&self.archived, Fact::Archived, &mut entries);
        entries
    }

    /// The ids of all entries of the chart, also of reviews and of changes that found no place; but for those that say who
    /// the patient is.
    pub fn every_id(&self) -> Vec<&EntryId> {
        let mut ids = self.ids();
        ids.extend(self.reviews.iter().flat_map(Recorded::ids));
        ids.extend(self.aside.iter().map(|entry| &entry.id));
        ids
    }

    /// The entries of this chart that are not among these, each as it was written, by the time they were recorded: for
    /// whoever reads the chart again and finds less than before. Of two different entries with one id it is the one that
    /// the chart shows.
    pub fn not_among(&self, ids: &HashSet<&EntryId>) -> Vec<Entry> {
        // Nearly always none is missing, and that costs no copy.
        if self.every_id().into_iter().all(|id| ids.contains(id)) {
            return Vec::new();
        }
        let is_aside = |entry: &Entry| self.aside.binary_search_by(|other| other.id.cmp(&entry.id)).is_ok();
        let mut entries = self.placed();
        entries.retain(|entry| !is_aside(entry));
        entries.extend(self.aside.iter().cloned());
        entries.retain(|entry| !ids.contains(&entry.id));
        entries.sort_by(|a, b| (a.recorded_at, &a.id).cmp(&(b.recorded_at, &b.id)));
        entries
    }

    /// The chart with more entries, for when its own cannot be read again because the folder is out of reach. Entries that
    /// it has already change nothing.
    ///
    /// **Limitation**: what could not be placed before stays so, also where its target is among the new entries.
    #[must_use]
    pub fn with(&self, more: &[Entry]) -> Self {
        let placed = self.placed();
        let mut chart = Self::fold(placed.iter().chain(more));
        chart.identity = chart.identity.or_else(|| self.identity.clone());
        chart.unplaced.extend(self.unplaced.iter().cloned());
        chart.unplaced.sort();
        chart.unplaced.dedup();
        chart.aside.extend(self.aside.iter().cloned());
        chart.aside.sort_by(|a, b| a.id.cmp(&b.id));
        chart.aside.dedup_by(|a, b| a.id == b.id);
        chart
    }

    /// Who wrote down what an earlier reading of this chart does not have: entries and changes, by recorded time.
    pub fn added_since(&self, earlier: &Self) -> Vec<Entry> {
        let known: BTreeSet<_> = earlier.placed().into_iter().map(|entry| entry.id).collect();
        let mut added: Vec<Entry> = self.placed().into_iter().filter(|entry| !known.contains(&entry.id)).collect();
        added.sort_by(|a, b| (a.recorded_at, &a.id).cmp(&(b.recorded_at, &b.id)));
        added
    }
}
