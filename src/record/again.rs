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

    /// The entries that have a place here and are not among these, in no particular order: for whoever reads the chart again
    /// and finds less than before.
    pub fn not_among(&self, ids: &HashSet<&EntryId>) -> Vec<Entry> {
        fn all<T>(list: &[Recorded<T>], ids: &HashSet<&EntryId>) -> bool {
            let is_there = |stamp: &Stamp| ids.contains(&stamp.id);
            list.iter().all(|line| is_there(&line.stamp) && line.changes.iter().all(|change| is_there(&change.stamp)))
        }
        // Nearly always none is missing, and that costs no copy.
        let complete = all(&self.administrations, ids)
            && all(&self.measurements, ids)
            && all(&self.infusions, ids)
            && all(&self.grades, ids)
            && all(&self.events, ids)
            && all(&self.plans, ids)
            && all(&self.checks, ids)
            && all(&self.reviews, ids)
            && all(&self.acknowledgements, ids)
            && all(&self.archived, ids);
        let placed = if complete { Vec::new() } else { self.placed() };
        placed.into_iter().filter(|entry| !ids.contains(&entry.id)).collect()
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
