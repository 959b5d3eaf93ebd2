//! Signed reviews: which entries their author has seen, what else the chart has, and the chart as it was seen.
//!
//! **A review names every entry that it is the first of its author's to have seen**; all of an author's reviews together
//! name all that the author has seen. Neither times nor places in a list could say that: the clocks of two workstations
//! differ, an entry may wait in an outbox and arrive after others that were recorded later, and a digest of what was seen
//! would say that something is new and not what.
//!
//! **Limitations**: a review without a list, as only other programs could have written it, vouches for the entry that it
//! names and for no other. What could not be placed in the chart is seen by nobody until it can be.

use super::again::entries_of;
use super::{Administration, Chart, Entry, EntryId, Fact, Initials, Moment, Recorded, Review, Stamp};
use std::collections::BTreeSet;

impl Review {
    /// The most entries that one review names, so that it stays well within the longest line of a file.
    pub const MOST_SEEN: usize = 2_000;

    /// The reviews which say that these entries were seen: one, or as many as it takes to name them all.
    pub fn naming(up_to: &EntryId, seen: &[EntryId]) -> Vec<Self> {
        let review = |seen: &[EntryId]| Self { up_to: up_to.clone(), seen: seen.to_vec() };
        if seen.is_empty() { vec![review(&[])] } else { seen.chunks(Self::MOST_SEEN).map(review).collect() }
    }

    /// Every entry that it names; the last one of them may come twice.
    pub fn names(&self) -> impl Iterator<Item = &EntryId> {
        std::iter::once(&self.up_to).chain(&self.seen)
    }
}

/// What somebody has signed: all of their reviews that stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviewed<'a> {
    /// Who signed last, and when.
    pub last: &'a Stamp,
    /// Every entry that was seen.
    pub seen: BTreeSet<&'a EntryId>,
}

/// An entry that a reviewer has not seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unseen {
    /// Who wrote it down, when and where.
    pub stamp: Stamp,
    /// What it did.
    pub did: Did,
}

/// What an entry did to the chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Did {
    /// Wrote something down.
    Added(Fact),
    /// Said what another should have said.
    Corrected {
        /// What that said before.
        from: Box<Fact>,
        /// What it should have said.
        to: Box<Fact>,
        /// Why.
        reason: String,
    },
    /// Said that another should not be there.
    StruckOut {
        /// What that said.
        what: Fact,
        /// Why.
        reason: String,
    },
}

impl Fact {
    /// When it happened, of what happens at a time.
    pub fn happened_at(&self) -> Option<Moment> {
        match self {
            Self::Administered(dose) => Some(dose.given.start()),
            Self::Measured(measurement) => Some(measurement.at),
            Self::Infused(infusion) => Some(infusion.at),
            Self::Graded(graded) => Some(graded.at),
            Self::Noted(noted) => Some(noted.at),
            _ => None,
        }
    }
}

impl Unseen {
    /// The order of reading: as recorded, and of what was recorded at once, as it happened.
    pub fn order(&self) -> (Moment, Option<Moment>, &EntryId) {
        (self.stamp.at, self.added_at(), &self.stamp.id)
    }

    /// When that happened which it was the first to write down.
    pub fn added_at(&self) -> Option<Moment> {
        match &self.did {
            Did::Added(fact) => fact.happened_at(),
            Did::Corrected { .. } | Did::StruckOut { .. } => None,
        }
    }
}

impl Recorded<Administration> {
    /// The dose as it was for whoever has seen these entries of it; `None` where its own is not among them.
    pub fn as_seen(&self, seen: &BTreeSet<&EntryId>) -> Option<Self> {
        let mut entries = Vec::new();
        entries_of(self, Fact::Administered, &mut entries);
        entries.retain(|entry| seen.contains(&entry.id));
        Chart::fold(&entries).administrations.pop()
    }
}

impl<T> Recorded<T> {
    /// The ids of every entry of it: its own, and then those of its changes in their order.
    pub fn ids(&self) -> impl Iterator<Item = &EntryId> {
        std::iter::once(&self.stamp.id).chain(self.changes.iter().map(|change| &change.stamp.id))
    }
}

impl Chart {
    /// The id of every entry that has a place in the chart, but for reviews and for who the patient is.
    pub fn ids(&self) -> Vec<&EntryId> {
        fn all<'a, T>(list: &'a [Recorded<T>], into: &mut Vec<&'a EntryId>) {
            into.extend(list.iter().flat_map(Recorded::ids));
        }
        let mut ids = Vec::new();
        all(&self.administrations, &mut ids);
        all(&self.measurements, &mut ids);
        all(&self.infusions, &mut ids);
        all(&self.grades, &mut ids);
        all(&self.events, &mut ids);
        all(&self.plans, &mut ids);
        all(&self.checks, &mut ids);
        all(&self.acknowledgements, &mut ids);
        all(&self.archived, &mut ids);
        ids
    }

    /// What these initials have signed; `None` where nothing.
    pub fn reviewed_by(&self, by: &Initials) -> Option<Reviewed<'_>> {
        self.reviewed(|stamp| stamp.by == *by)
    }

    fn reviewed(&self, counts: impl Fn(&Stamp) -> bool) -> Option<Reviewed<'_>> {
        let standing = || self.reviews.iter().filter(|review| !review.struck_out && counts(&review.stamp));
        let last = standing().map(|review| &review.stamp).max_by_key(|stamp| (stamp.at, &stamp.id))?;
        Some(Reviewed { last, seen: standing().flat_map(|review| review.value.names()).collect() })
    }

    /// The chart as it was for whoever has seen these entries. Who the patient is stays as it is now.
    #[must_use]
    pub fn as_seen(&self, seen: &BTreeSet<&EntryId>) -> Self {
        let mut entries = self.placed();
        entries.retain(|entry| seen.contains(&entry.id));
        Self { identity: self.identity.clone(), ..Self::fold(&entries) }
    }

    /// Every entry of the chart that is not among those seen, in their [`Unseen::order`]. Reviews are not among them:
    /// they say something of the record and nothing of the patient. Nor is who the patient is, of which a chart keeps only
    /// what that says now.
    pub fn unseen(&self, seen: &BTreeSet<&EntryId>) -> Vec<Unseen> {
        fn all<T: Clone>(list: &[Recorded<T>], fact: fn(T) -> Fact, seen: &BTreeSet<&EntryId>, into: &mut Vec<Unseen>) {
            for line in list.iter().filter(|line| line.ids().any(|id| !seen.contains(id))) {
                let mut before = line.original();
                if !seen.contains(&line.stamp.id) {
                    into.push(Unseen { stamp: line.stamp.clone(), did: Did::Added(fact(before.clone())) });
                }
                for change in &line.changes {
                    if !seen.contains(&change.stamp.id) {
                        let (said, reason) = (fact(before.clone()), change.reason.clone());
                        let did = match &change.replacement {
                            Some(to) => Did::Corrected { from: Box::new(said), to: Box::new(fact(to.clone())), reason },
                            None => Did::StruckOut { what: said, reason },
                        };
                        into.push(Unseen { stamp: change.stamp.clone(), did });
                    }
                    before = change.replacement.as_ref().unwrap_or(before);
                }
            }
        }
        let mut unseen = Vec::new();
        all(&self.administrations, Fact::Administered, seen, &mut unseen);
        all(&self.measurements, Fact::Measured, seen, &mut unseen);
        all(&self.infusions, Fact::Infused, seen, &mut unseen);
        all(&self.grades, Fact::Graded, seen, &mut unseen);
        all(&self.events, Fact::Noted, seen, &mut unseen);
        all(&self.plans, Fact::Planned, seen, &mut unseen);
        all(&self.checks, Fact::ChartChecked, seen, &mut unseen);
        all(&self.acknowledgements, Fact::Acknowledged, seen, &mut unseen);
        all(&self.archived, Fact::Archived, seen, &mut unseen);
        unseen.sort_by(|a, b| a.order().cmp(&b.order()));
        unseen
    }

    /// The doses inside the stretch that was reviewed last, whoever signed, of which nobody has seen all: they were
    /// back-dated, corrected or struck out after that review, or arrived after it. With the last review.
    pub fn changed_after_review(&self) -> Option<(&Stamp, Vec<&EntryId>)> {
        let Reviewed { last, seen } = self.reviewed(|_| true)?;
        // Shifted dates say nothing beside the time of a review; a dose that was seen was inside it.
        let shifted = self.identity.as_ref().is_some_and(|identity| identity.dates_shifted);
        let is_inside = |line: &&Recorded<Administration>| {
            let starts = [line.original(), &line.value].map(|dose| dose.given.start());
            if shifted { seen.contains(&line.stamp.id) } else { starts.iter().any(|start| *start <= last.at) }
        };
        let is_unseen = |line: &&Recorded<Administration>| line.ids().any(|id| !seen.contains(id));
        let changed = self.administrations.iter().filter(is_inside).filter(is_unseen);
        Some((last, changed.map(|line| &line.stamp.id).collect()))
    }
}

/// The same of entries that say who the patient is: each replaces the one before whole.
pub fn unseen_identities(identities: &[Entry], seen: &BTreeSet<&EntryId>) -> Vec<Unseen> {
    let mut identities: Vec<&Entry> = identities.iter().collect();
    identities.sort_by(|a, b| (a.recorded_at, &a.id).cmp(&(b.recorded_at, &b.id)));
    let earlier = std::iter::once(None).chain(identities.iter().map(|entry| Some(*entry)));
    let pairs = identities.iter().zip(earlier).filter(|(entry, _)| !seen.contains(&entry.id));
    let unseen = pairs.map(|(entry, earlier)| {
        let did = match earlier {
            Some(earlier) => Did::Corrected {
                from: Box::new(earlier.fact.clone()),
                to: Box::new(entry.fact.clone()),
                reason: String::new(),
            },
            None => Did::Added(entry.fact.clone()),
        };
        let Entry { id, recorded_at, recorded_by, workstation, .. } = (*entry).clone();
        Unseen { stamp: Stamp { id, at: recorded_at, by: recorded_by, workstation }, did }
    });
    unseen.collect()
}
