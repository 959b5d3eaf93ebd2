//! A chart taken apart again: who wrote what in it, and the same chart with more entries.

use super::{Chart, Correction, Entry, Fact, Recorded, Stamp, StrikeOut};
use std::collections::BTreeSet;

/// The entries that made one line of a chart.
fn entries_of<T: Clone>(recorded: &Recorded<T>, fact: fn(T) -> Fact, into: &mut Vec<Entry>) {
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
    fn placed(&self) -> Vec<Entry> {
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
