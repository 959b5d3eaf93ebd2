//! The fold of entries into a chart.
//!
//! A chart is made from the set of a patient's entries, whoever wrote them and in whatever order they are read: entries
//! are taken by id, and everything that depends on order uses the recorded time and then the id. So two workstations
//! that have read the same files show the same chart.

use super::{
    Acknowledgement, Administration, Archive, ChartCheck, Entry, EntryId, Fact, Given, Graded, Identity, Infusion,
    Initials, Measure, Measurement, Moment, Noted, Plan, Review, Weight,
};
use std::collections::{BTreeMap, BTreeSet};

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
    pub workstation: String,
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
    seen: Vec<EntryId>,
}

/// A fact as it stands now, with everything it has been.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded<T> {
    /// Who wrote it down first.
    pub stamp: Stamp,
    /// What it says now; for a struck-out one, what it said last.
    pub value: T,
    /// What it said first.
    pub original: T,
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

impl<T> Recorded<T> {
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
        let seen: BTreeSet<&EntryId> = self.changes.iter().flat_map(|change| &change.seen).collect();
        let heads = self.changes.iter().filter(|change| !seen.contains(&change.stamp.id));
        heads.map(|change| change.stamp.id.clone()).collect()
    }

    /// Whether two changes were made without seeing each other: an open question.
    pub fn is_disputed(&self) -> bool {
        self.heads().len() > 1
    }
}

/// Something in a chart's entries that could not be placed. Nothing is dropped in silence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unplaced {
    /// A change whose target is not there (yet).
    TargetMissing {
        /// The change.
        entry: EntryId,
        /// Its target.
        target: EntryId,
    },
    /// A correction that would make a dose into something else.
    OtherKind {
        /// The change.
        entry: EntryId,
    },
    /// A second registration of the same patient.
    RegisteredTwice {
        /// The later one.
        entry: EntryId,
    },
    /// Changes that change each other in a circle.
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
}

/// A kind of fact that a chart keeps in a list of its own.
trait Kind: Clone + Sized {
    fn of(fact: &Fact) -> Option<&Self>;
    /// What orders the list, before the recorded time and the id.
    fn time(&self) -> Option<Moment>;
}

macro_rules! kinds {
    ($($kind:ident = $variant:ident, $time:expr;)+) => {$(
        impl Kind for $kind {
            fn of(fact: &Fact) -> Option<&Self> {
                if let Fact::$variant(value) = fact { Some(value) } else { None }
            }

            fn time(&self) -> Option<Moment> {
                let time: fn(&Self) -> Option<Moment> = $time;
                time(self)
            }
        }
    )+};
}

kinds! {
    Administration = Administered, |dose| Some(dose.given.start());
    Measurement = Measured, |measurement| Some(measurement.at);
    Infusion = Infused, |infusion| Some(infusion.at);
    Graded = Graded, |grade| Some(grade.at);
    Noted = Noted, |event| Some(event.at);
    Plan = Planned, |_| None;
    ChartCheck = ChartChecked, |check| Some(check.up_to);
    Review = Reviewed, |_| None;
    Acknowledgement = Acknowledged, |_| None;
    Archive = Archived, |_| None;
}

/// A change as it stands in the entries, before its target is known.
struct RawChange<'a> {
    entry: &'a Entry,
    target: &'a EntryId,
    replacement: Option<&'a Fact>,
    reason: &'a str,
    seen: &'a [EntryId],
}

impl RawChange<'_> {
    fn of(entry: &Entry) -> Option<RawChange<'_>> {
        match &entry.fact {
            Fact::Corrected(change) => Some(RawChange {
                entry,
                target: &change.target,
                replacement: Some(&change.replacement),
                reason: &change.reason,
                seen: &change.seen,
            }),
            Fact::StruckOut(change) => Some(RawChange {
                entry,
                target: &change.target,
                replacement: None,
                reason: &change.reason,
                seen: &change.seen,
            }),
            _ => None,
        }
    }
}

impl Chart {
    /// Makes the chart of a set of entries. The result does not depend on their order, nor on copies among them.
    pub fn fold<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Self {
        let entries: BTreeMap<&EntryId, &Entry> = entries.into_iter().map(|entry| (&entry.id, entry)).collect();
        let mut folding = Folding { changes: BTreeMap::new(), unplaced: Vec::new() };
        for change in entries.values().filter_map(|entry| RawChange::of(entry)) {
            folding.place(&entries, change);
        }
        let mut chart = Self {
            administrations: folding.list(&entries),
            measurements: folding.list(&entries),
            infusions: folding.list(&entries),
            grades: folding.list(&entries),
            events: folding.list(&entries),
            plans: folding.list(&entries),
            checks: folding.list(&entries),
            reviews: folding.list(&entries),
            acknowledgements: folding.list(&entries),
            archived: folding.list(&entries),
            ..Self::default()
        };
        chart.identity = folding.identity(&entries);
        folding.unplaced.sort();
        chart.unplaced = folding.unplaced;
        chart
    }

    /// The infusion that Day 0 is counted from: the last one that is not struck out.
    ///
    /// Earlier ones begin earlier episodes; until the window shows episodes, the newest is the one at the bedside.
    pub fn infusion(&self) -> Option<&Infusion> {
        standing(&self.infusions).last()
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

    /// The source ids of all imported doses, also of struck-out ones: an import never brings those back.
    pub fn source_ids(&self) -> impl Iterator<Item = &str> {
        self.administrations.iter().filter_map(|dose| dose.original.source_id.as_deref())
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

struct Folding<'a> {
    /// Changes by the entry that they change in the end.
    changes: BTreeMap<&'a EntryId, Vec<RawChange<'a>>>,
    unplaced: Vec<Unplaced>,
}

impl<'a> Folding<'a> {
    /// Files a change under the first entry that it changes: a correction of a correction changes what that one changed.
    fn place(&mut self, entries: &BTreeMap<&'a EntryId, &'a Entry>, change: RawChange<'a>) {
        let id = &change.entry.id;
        let mut target = change.target;
        let mut passed = BTreeSet::from([id]);
        loop {
            let Some(entry) = entries.get(target) else {
                self.unplaced.push(Unplaced::TargetMissing { entry: id.clone(), target: target.clone() });
                return;
            };
            if !passed.insert(target) {
                self.unplaced.push(Unplaced::Circle { entry: id.clone() });
                return;
            }
            match RawChange::of(entry) {
                Some(earlier) => target = earlier.target,
                None => break,
            }
        }
        self.changes.entry(target).or_default().push(change);
    }

    fn list<T: Kind>(&mut self, entries: &BTreeMap<&'a EntryId, &'a Entry>) -> Vec<Recorded<T>> {
        let mut list: Vec<Recorded<T>> = Vec::new();
        for entry in entries.values() {
            if let Some(original) = T::of(&entry.fact) {
                list.push(self.recorded(entry, original));
            }
        }
        list.sort_by(|a, b| (a.value.time(), a.stamp.at, &a.stamp.id).cmp(&(b.value.time(), b.stamp.at, &b.stamp.id)));
        list
    }

    fn recorded<T: Kind>(&mut self, entry: &Entry, original: &T) -> Recorded<T> {
        let mut changes = Vec::new();
        for raw in self.changes.remove(&entry.id).unwrap_or_default() {
            let replacement = match raw.replacement.map(T::of) {
                Some(None) => {
                    self.unplaced.push(Unplaced::OtherKind { entry: raw.entry.id.clone() });
                    continue;
                }
                Some(Some(value)) => Some(value.clone()),
                None => None,
            };
            let (stamp, reason, seen) = (stamp(raw.entry), raw.reason.to_owned(), raw.seen.to_vec());
            changes.push(Change { stamp, replacement, reason, seen });
        }
        changes.sort_by(|a, b| (a.stamp.at, &a.stamp.id).cmp(&(b.stamp.at, &b.stamp.id)));
        let value = changes.iter().rev().find_map(|change| change.replacement.as_ref()).unwrap_or(original).clone();
        let struck_out = changes.last().is_some_and(|change| change.replacement.is_none());
        Recorded { stamp: stamp(entry), value, original: original.clone(), changes, struck_out }
    }

    /// The registration, replaced whole by the amendment recorded last.
    fn identity(&mut self, entries: &BTreeMap<&'a EntryId, &'a Entry>) -> Option<Identity> {
        let by_time = |a: &&Entry, b: &&Entry| (a.recorded_at, &a.id).cmp(&(b.recorded_at, &b.id));
        let mut registered: Vec<&Entry> =
            entries.values().copied().filter(|entry| matches!(entry.fact, Fact::PatientRegistered(_))).collect();
        registered.sort_by(by_time);
        for later in registered.iter().skip(1) {
            self.unplaced.push(Unplaced::RegisteredTwice { entry: later.id.clone() });
        }
        let amended =
            entries.values().copied().filter(|entry| matches!(entry.fact, Fact::PatientAmended(_))).max_by(by_time);
        // What changed a registration or an amendment has no list to be placed in.
        let left: Vec<EntryId> =
            std::mem::take(&mut self.changes).into_values().flatten().map(|change| change.entry.id.clone()).collect();
        self.unplaced.extend(left.into_iter().map(|entry| Unplaced::OtherKind { entry }));
        match amended.or(registered.first().copied()).map(|entry| &entry.fact) {
            Some(Fact::PatientRegistered(identity) | Fact::PatientAmended(identity)) => Some(identity.clone()),
            _ => None,
        }
    }
}

fn stamp(entry: &Entry) -> Stamp {
    Stamp {
        id: entry.id.clone(),
        at: entry.recorded_at,
        by: entry.recorded_by.clone(),
        workstation: entry.workstation.clone(),
    }
}

impl Recorded<Administration> {
    /// When it was written down: by the source system for an imported dose, else here.
    pub fn written_at(&self) -> Moment {
        self.value.charted_at.unwrap_or(self.stamp.at)
    }

    /// Whether the dose is an infusion.
    pub const fn is_infusion(&self) -> bool {
        matches!(self.value.given, Given::Over(..))
    }
}
