//! What a set of entries says: one patient's chart, and what each fact in it has been. It is made in `fold`.
//!
//! A chart is made from the set of a patient's entries, whoever wrote them and in whatever order they are read: entries
//! are taken by id, and everything that depends on order uses the recorded time and then the id. So two workstations
//! that have read the same files show the same chart.

use super::{
    Acknowledgement, Administration, Archive, ChartCheck, Entry, EntryId, Fact, Graded, Identity, Infusion, Initials,
    Measure, Measurement, Moment, Noted, Plan, Review, Weight,
};
use smol_str::SmolStr;
use std::collections::BTreeSet;
use thiserror::Error;

/// Who wrote something down, when and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// The entry.
    pub id: EntryId,
    /// When it was written down.
    pub at: Moment,
    /// By whom.
    pub by: Initials,
    /// On which workstation.
    pub workstation: SmolStr,
}

impl Stamp {
    /// The stamp of what is only supposed: nobody has written it down, and it is never stored.
    pub fn supposed(at: Moment) -> Self {
        Self { id: EntryId::from_random([0; 16]), at, by: Initials::nobody(), workstation: SmolStr::default() }
    }
}

/// A later change of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change<T> {
    /// Who changed it, and when.
    pub stamp: Stamp,
    /// What it should have said; `None` for a strike-out.
    pub replacement: Option<T>,
    /// Why.
    pub reason: String,
    pub(super) seen: Vec<EntryId>,
}

/// A fact as it stands now, with everything it has been.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded<T> {
    /// Who wrote it down first.
    pub stamp: Stamp,
    /// What it says now; for a struck-out one, what it said last.
    pub value: T,
    /// What it said first, where a correction changed that; see [`Recorded::original`].
    pub first: Option<Box<T>>,
    /// Corrections and strike-outs, in the order in which they were recorded.
    pub changes: Vec<Change<T>>,
    /// Whether the last change struck it out.
    pub struck_out: bool,
}

/// How a fact stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// As first recorded.
    Current,
    /// Replaced by a correction.
    Corrected,
    /// Struck out.
    StruckOut,
}

impl State {
    /// The word in the log.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Corrected => "corrected",
            Self::StruckOut => "struck out",
        }
    }
}

/// The changes that no other change has seen.
pub(super) fn heads<T>(changes: &[Change<T>]) -> Vec<EntryId> {
    // A change that names itself, as only a damaged one could, has not been seen by anyone for that.
    let by_others = |change: &'_ Change<T>, id: &&EntryId| **id != change.stamp.id;
    let seen: BTreeSet<&EntryId> =
        changes.iter().flat_map(|change| change.seen.iter().filter(|id| by_others(change, id))).collect();
    changes.iter().filter(|change| !seen.contains(&change.stamp.id)).map(|change| change.stamp.id.clone()).collect()
}

impl<T> Recorded<T> {
    /// What it said first.
    pub fn original(&self) -> &T {
        self.first.as_deref().unwrap_or(&self.value)
    }

    /// How it stands.
    pub fn state(&self) -> State {
        match (self.struck_out, self.changes.is_empty()) {
            (true, _) => State::StruckOut,
            (false, true) => State::Current,
            (false, false) => State::Corrected,
        }
    }

    /// The changes that nobody has changed since: what the author of a further change has seen.
    pub fn heads(&self) -> Vec<EntryId> {
        heads(&self.changes)
    }

    /// Whether two changes were made without seeing each other: an open question.
    pub fn is_disputed(&self) -> bool {
        self.changes.len() > 1 && self.heads().len() > 1
    }
}

/// Something in a chart's entries that could not be placed. Nothing is dropped in silence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Error)]
pub enum Unplaced {
    /// A change whose target is not there (yet).
    #[error("change {entry} is of entry {target}, which is not here (yet); it has no effect")]
    TargetMissing {
        /// The change.
        entry: EntryId,
        /// Its target.
        target: EntryId,
    },
    /// A correction that would make a dose into something else.
    #[error("correction {entry} would make an entry into one of another kind; it has no effect")]
    OtherKind {
        /// The change.
        entry: EntryId,
    },
    /// A second registration of the same patient.
    #[error("entry {entry} registers this patient a second time; the first registration is used")]
    RegisteredTwice {
        /// The later one.
        entry: EntryId,
    },
    /// Two different entries with one id: a copy was changed by hand or by damage. One of them is used.
    #[error(
        "there are two different entries with the id {entry}; the one recorded first is used, check it against the chart"
    )]
    TwoVersions {
        /// Their id.
        entry: EntryId,
    },
    /// Changes that change each other in a circle.
    #[error("change {entry} is part of changes that change each other in a circle; it has no effect")]
    Circle {
        /// One of them.
        entry: EntryId,
    },
}

/// One patient's record as it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chart {
    /// Who the patient is; `None` when the registration could not be read.
    pub identity: Option<Identity>,
    /// Doses, by given time.
    pub administrations: Vec<Recorded<Administration>>,
    /// Weights and heights, by time.
    pub measurements: Vec<Recorded<Measurement>>,
    /// CAR T-cell infusions, by time.
    pub infusions: Vec<Recorded<Infusion>>,
    /// Grades, by time.
    pub grades: Vec<Recorded<Graded>>,
    /// Other events, by time.
    pub events: Vec<Recorded<Noted>>,
    /// Plans, by the time they were recorded.
    pub plans: Vec<Recorded<Plan>>,
    /// Checks of the medication chart, by the time they reach.
    pub checks: Vec<Recorded<ChartCheck>>,
    /// Signed reviews, by the time they were recorded.
    pub reviews: Vec<Recorded<Review>>,
    /// Answers to rules, by the time they were recorded.
    pub acknowledgements: Vec<Recorded<Acknowledgement>>,
    /// Discharges from the ward list, by the time they were recorded.
    pub archived: Vec<Recorded<Archive>>,
    /// What could not be placed.
    pub unplaced: Vec<Unplaced>,
    /// The entries that the lists above do not hold as they were written, sorted by their ids: those with a character that
    /// does not show, changes of changes, and changes that found no place. See [`Chart::not_among`].
    pub aside: Vec<Entry>,
}

impl Chart {
    /// The infusion that Day 0 is counted from, seen from an instant: the last one up to then, else the next planned one.
    pub fn infusion(&self, as_of: Moment) -> Option<&Infusion> {
        let past = standing(&self.infusions).filter(|infusion| infusion.at <= as_of).last();
        past.or_else(|| standing(&self.infusions).next())
    }

    /// The weight in force at an instant: the last one dated at or before it.
    pub fn weight_at(&self, at: Moment) -> Option<(Weight, Moment)> {
        self.weights().filter(|(_, when)| *when <= at).last()
    }

    /// All weights that stand, by time.
    pub fn weights(&self) -> impl Iterator<Item = (Weight, Moment)> {
        standing(&self.measurements).filter_map(|measurement| match measurement.what {
            Measure::Weight(weight) => Some((weight, measurement.at)),
            Measure::Height(_) => None,
        })
    }

    /// Up to when the medication chart was checked, where it was.
    pub fn checked_to(&self) -> Option<Moment> {
        standing(&self.checks).map(|check| check.up_to).max()
    }

    /// The last time that the record speaks of: the as-of time of a patient whose dates were shifted.
    pub fn end_of_record(&self) -> Option<Moment> {
        let doses = standing(&self.administrations).map(|dose| dose.given.end());
        let others = standing(&self.infusions).map(|infusion| infusion.at);
        let grades = standing(&self.grades).map(|grade| grade.at);
        let events = standing(&self.events).map(|event| event.at);
        let checks = standing(&self.checks).map(|check| check.up_to);
        doses.chain(others).chain(grades).chain(events).chain(checks).max()
    }

    /// All imported doses by source id, as they were imported, also struck-out ones: an import never brings those back.
    pub fn imported(&self) -> impl Iterator<Item = (&str, &Administration)> {
        self.administrations.iter().filter_map(|dose| Some((dose.original().source_id.as_deref()?, dose.original())))
    }

    /// The changes of an entry that nobody has changed since; `None` when the chart has no such entry.
    pub fn heads(&self, target: &EntryId) -> Option<Vec<EntryId>> {
        fn find<T>(list: &[Recorded<T>], target: &EntryId) -> Option<Vec<EntryId>> {
            list.iter().find(|recorded| recorded.stamp.id == *target).map(Recorded::heads)
        }
        find(&self.administrations, target)
            .or_else(|| find(&self.measurements, target))
            .or_else(|| find(&self.infusions, target))
            .or_else(|| find(&self.grades, target))
            .or_else(|| find(&self.events, target))
            .or_else(|| find(&self.plans, target))
            .or_else(|| find(&self.checks, target))
            .or_else(|| find(&self.acknowledgements, target))
            .or_else(|| find(&self.archived, target))
    }

    /// The chart as it would be with one more dose, or with it in the place of the entry that it corrects: what is shown
    /// before anything is saved.
    #[must_use]
    pub fn supposing(&self, dose: &Administration, stamp: Stamp, corrects: Option<&EntryId>) -> Self {
        let mut chart = self.clone();
        chart.administrations.retain(|other| Some(&other.stamp.id) != corrects);
        let value = dose.clone();
        let recorded = Recorded { stamp, value, first: None, changes: Vec::new(), struck_out: false };
        let place = chart.administrations.partition_point(|other| other.value.given.start() <= dose.given.start());
        chart.administrations.insert(place, recorded);
        chart
    }

    /// Everything but doses, newest first: the entry, what it says, who wrote it down and whether it is struck out.
    pub fn other_entries(&self) -> Vec<(&Stamp, Fact, bool)> {
        fn all<'a, T: Clone>(list: &'a [Recorded<T>], fact: fn(T) -> Fact, into: &mut Vec<(&'a Stamp, Fact, bool)>) {
            into.extend(list.iter().map(|entry| (&entry.stamp, fact(entry.value.clone()), entry.struck_out)));
        }
        let mut entries = Vec::new();
        all(&self.measurements, Fact::Measured, &mut entries);
        all(&self.infusions, Fact::Infused, &mut entries);
        all(&self.grades, Fact::Graded, &mut entries);
        all(&self.events, Fact::Noted, &mut entries);
        all(&self.plans, Fact::Planned, &mut entries);
        all(&self.checks, Fact::ChartChecked, &mut entries);
        all(&self.acknowledgements, Fact::Acknowledged, &mut entries);
        all(&self.archived, Fact::Archived, &mut entries);
        entries.sort_by(|a, b| (b.0.at, &b.0.id).cmp(&(a.0.at, &a.0.id)));
        entries
    }

    /// Whether the patient has left the ward list.
    pub fn is_archived(&self) -> bool {
        standing(&self.archived).next().is_some()
    }

    /// Doses whose corrections contradict each other, and entries that found no place.
    pub fn open_questions(&self) -> usize {
        self.administrations.iter().filter(|dose| dose.is_disputed()).count() + self.unplaced.len()
    }
}

/// The values of a list that are not struck out.
pub fn standing<T>(list: &[Recorded<T>]) -> impl Iterator<Item = &T> {
    list.iter().filter(|recorded| !recorded.struck_out).map(|recorded| &recorded.value)
}

impl Recorded<Administration> {
    /// When it was written down: by the source system for an imported dose, else here.
    pub fn written_at(&self) -> Moment {
        self.value.charted_at.unwrap_or(self.stamp.at)
    }
}
