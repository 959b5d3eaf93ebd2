//! How entries become a chart: which change belongs to which entry, and what stands in the end.

use super::chart::heads;
use super::visible::{Visible, shown};
use super::{
    Acknowledgement, Administration, Archive, Change, Chart, ChartCheck, Entry, EntryId, Fact, Graded, Identity,
    Infusion, Measurement, Moment, Noted, Plan, Recorded, Review, Stamp, Unplaced,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

impl Chart {
    /// Makes the chart of a set of entries. The result does not depend on their order, nor on copies among them. Every
    /// character of its texts shows, whatever the files hold, but for names, which see to that themselves.
    pub fn fold<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Self {
        let (entries, unplaced) = once_each(entries);
        let mut folding = Folding { changes: BTreeMap::new(), unplaced, aside: Vec::new() };
        let changes: Vec<RawChange<'_>> = entries.iter().filter_map(|entry| RawChange::of(entry)).collect();
        if !changes.is_empty() {
            let by_id = entries.iter().map(|entry| (&entry.id, *entry)).collect();
            for change in changes {
                folding.place(&by_id, change);
            }
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
        chart.aside = folding.aside.into_iter().cloned().collect();
        chart.aside.sort_by(|a, b| a.id.cmp(&b.id));
        chart
    }
}

impl Chart {
    /// Takes in more entries, whose ids nothing in it has, as folding all of them again would. `false`, with nothing
    /// changed, where only folding can place them: a change of another, or of who the patient is.
    pub fn take_in(&mut self, entries: &[Entry]) -> bool {
        // What waited for its target may meet it now.
        if !self.unplaced.is_empty() || !entries.iter().all(|entry| stands_alone(&entry.fact)) {
            return false;
        }
        for entry in entries {
            let is_as_written = match &entry.fact {
                Fact::Administered(fact) => insert(&mut self.administrations, entry, fact),
                Fact::Measured(fact) => insert(&mut self.measurements, entry, fact),
                Fact::Infused(fact) => insert(&mut self.infusions, entry, fact),
                Fact::Graded(fact) => insert(&mut self.grades, entry, fact),
                Fact::Noted(fact) => insert(&mut self.events, entry, fact),
                Fact::Planned(fact) => insert(&mut self.plans, entry, fact),
                Fact::ChartChecked(fact) => insert(&mut self.checks, entry, fact),
                Fact::Reviewed(fact) => insert(&mut self.reviews, entry, fact),
                Fact::Acknowledged(fact) => insert(&mut self.acknowledgements, entry, fact),
                Fact::Archived(fact) => insert(&mut self.archived, entry, fact),
                Fact::PatientRegistered(_) | Fact::PatientAmended(_) | Fact::Corrected(_) | Fact::StruckOut(_) => true,
            };
            if !is_as_written {
                let place = self.aside.partition_point(|other| other.id < entry.id);
                self.aside.insert(place, entry.clone());
            }
        }
        true
    }
}

/// Whether a fact is a line of its own in one of a chart's lists.
const fn stands_alone(fact: &Fact) -> bool {
    !matches!(fact, Fact::PatientRegistered(_) | Fact::PatientAmended(_) | Fact::Corrected(_) | Fact::StruckOut(_))
}

/// Puts an entry that nobody has changed into its place in a list; whether it stands there as it was written.
fn insert<T: Kind>(list: &mut Vec<Recorded<T>>, entry: &Entry, fact: &T) -> bool {
    let ((stamp, is_own), (value, is_plain)) = (stamp(entry), visible(fact));
    let is_as_written = is_own && is_plain;
    let recorded = Recorded { stamp, value, first: None, changes: Vec::new(), struck_out: false };
    let place = list.partition_point(|other| order(other) <= order(&recorded));
    list.insert(place, recorded);
    is_as_written
}

/// What a list is ordered by.
fn order<T: Kind>(recorded: &Recorded<T>) -> (Option<Moment>, Moment, &EntryId) {
    (recorded.value.time(), recorded.stamp.at, &recorded.stamp.id)
}

/// Entries, each id once and in the order in which they were met, which is near that of every list. Of different entries
/// with one id the one recorded first is used, whichever was read first.
fn once_each<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> (Vec<&'a Entry>, Vec<Unplaced>) {
    let entries = entries.into_iter();
    let (mut found, mut twice): (Vec<&Entry>, _) = (Vec::with_capacity(entries.size_hint().0), BTreeSet::new());
    let mut places: HashMap<&EntryId, usize> = HashMap::with_capacity(entries.size_hint().0);
    for entry in entries {
        let place = *places.entry(&entry.id).or_insert(found.len());
        match found.get_mut(place) {
            None => found.push(entry),
            Some(kept) if *kept != entry => {
                twice.insert(&entry.id);
                let order = |entry: &Entry| (entry.recorded_at, format!("{entry:?}"));
                if order(entry) < order(kept) {
                    *kept = entry;
                }
            }
            Some(_) => {}
        }
    }
    (found, twice.into_iter().map(|id| Unplaced::TwoVersions { entry: id.clone() }).collect())
}

/// A kind of fact that a chart keeps in a list of its own.
trait Kind: Clone + PartialEq + Visible {
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

struct Folding<'a> {
    /// Changes by the entry that they change in the end.
    changes: BTreeMap<&'a EntryId, Vec<RawChange<'a>>>,
    unplaced: Vec<Unplaced>,
    /// What the chart does not hold as it was written.
    aside: Vec<&'a Entry>,
}

impl<'a> Folding<'a> {
    /// Files a change under the first entry that it changes: a correction of a correction changes what that one changed.
    fn place(&mut self, entries: &HashMap<&'a EntryId, &'a Entry>, change: RawChange<'a>) {
        let id = &change.entry.id;
        let mut target = change.target;
        let mut passed = BTreeSet::from([id]);
        loop {
            let Some(entry) = entries.get(target) else {
                self.unplaced.push(Unplaced::TargetMissing { entry: id.clone(), target: target.clone() });
                self.aside.push(change.entry);
                return;
            };
            if !passed.insert(target) {
                self.unplaced.push(Unplaced::Circle { entry: id.clone() });
                self.aside.push(change.entry);
                return;
            }
            match RawChange::of(entry) {
                Some(earlier) => target = earlier.target,
                None => break,
            }
        }
        self.changes.entry(target).or_default().push(change);
    }

    fn list<T: Kind>(&mut self, entries: &[&'a Entry]) -> Vec<Recorded<T>> {
        let of_kind = entries.iter().filter_map(|entry| Some((*entry, T::of(&entry.fact)?)));
        // Those that nobody changed are put in order while they are still light to move; the few others may have another time
        // now, and are put between them.
        let (changed, mut plain): (Vec<_>, Vec<_>) =
            of_kind.partition(|(entry, _)| self.changes.contains_key(&entry.id));
        plain.sort_by_key(|(entry, original)| (original.time(), entry.recorded_at, &entry.id));
        // A ward of thousands would otherwise keep room for half as many again.
        let mut list: Vec<Recorded<T>> = Vec::with_capacity(plain.len() + changed.len());
        let mut changed: Vec<Recorded<T>> =
            changed.into_iter().map(|(entry, original)| self.recorded(entry, original)).collect();
        changed.sort_by(|a, b| order(a).cmp(&order(b)));
        let mut changed = changed.into_iter().peekable();
        for (entry, original) in plain {
            let place = (original.time(), entry.recorded_at, &entry.id);
            while let Some(before) = changed.next_if(|next| order(next) <= place) {
                list.push(before);
            }
            list.push(self.recorded(entry, original));
        }
        list.extend(changed);
        list
    }

    fn recorded<T: Kind>(&mut self, entry: &'a Entry, original: &T) -> Recorded<T> {
        let mut changes = Vec::new();
        let raw = if self.changes.is_empty() { None } else { self.changes.remove(&entry.id) };
        for raw in raw.unwrap_or_default() {
            let replacement = match raw.replacement.map(T::of) {
                Some(None) => {
                    self.unplaced.push(Unplaced::OtherKind { entry: raw.entry.id.clone() });
                    self.aside.push(raw.entry);
                    continue;
                }
                Some(Some(value)) => Some(visible(value)),
                None => None,
            };
            let (replacement, is_plain) = replacement.unzip();
            let ((stamp, is_own), reason, seen) = (stamp(raw.entry), shown(raw.reason), raw.seen.to_vec());
            // What changed a change is listed with what stands in the end.
            let is_direct = *raw.target == entry.id;
            if !(is_direct && is_own && is_plain.unwrap_or(true) && raw.reason == reason) {
                self.aside.push(raw.entry);
            }
            changes.push(Change { stamp, replacement, reason, seen });
        }
        changes.sort_by(|a, b| (a.stamp.at, &a.stamp.id).cmp(&(b.stamp.at, &b.stamp.id)));
        // A change that somebody saw and changed again is earlier than theirs, also where a slow clock says otherwise.
        if changes.len() > 1 {
            let heads = heads(&changes);
            changes.sort_by_key(|change| heads.contains(&change.stamp.id));
        }
        let replacement = changes.iter().rev().find_map(|change| change.replacement.as_ref());
        let ((stamp, is_own), (original, is_plain)) = (stamp(entry), visible(original));
        if !(is_own && is_plain) {
            self.aside.push(entry);
        }
        let (value, first) = match replacement {
            Some(replacement) => (replacement.clone(), Some(Box::new(original))),
            None => (original, None),
        };
        let struck_out = changes.last().is_some_and(|change| change.replacement.is_none());
        Recorded { stamp, value, first, changes, struck_out }
    }

    /// The registration, replaced whole by the amendment recorded last.
    fn identity(&mut self, entries: &[&'a Entry]) -> Option<Identity> {
        let by_time = |a: &&Entry, b: &&Entry| (a.recorded_at, &a.id).cmp(&(b.recorded_at, &b.id));
        let mut registered: Vec<&Entry> =
            entries.iter().copied().filter(|entry| matches!(entry.fact, Fact::PatientRegistered(_))).collect();
        registered.sort_by(by_time);
        for later in registered.iter().skip(1) {
            self.unplaced.push(Unplaced::RegisteredTwice { entry: later.id.clone() });
        }
        let amended =
            entries.iter().copied().filter(|entry| matches!(entry.fact, Fact::PatientAmended(_))).max_by(by_time);
        // What changed a registration or an amendment has no list to be placed in.
        let left: Vec<&Entry> =
            std::mem::take(&mut self.changes).into_values().flatten().map(|change| change.entry).collect();
        self.unplaced.extend(left.iter().map(|entry| Unplaced::OtherKind { entry: entry.id.clone() }));
        self.aside.extend(left);
        match amended.or(registered.first().copied()).map(|entry| &entry.fact) {
            Some(Fact::PatientRegistered(identity) | Fact::PatientAmended(identity)) => Some(identity.clone()),
            _ => None,
        }
    }
}

/// An entry's stamp, in which every character shows, and whether it is as it was written.
fn stamp(entry: &Entry) -> (Stamp, bool) {
    let Entry { id, recorded_at: at, recorded_by: by, workstation, .. } = entry;
    let mut stamp = Stamp { id: id.clone(), at: *at, by: by.clone(), workstation: workstation.clone() };
    let was_hiding = stamp.workstation.make_visible();
    (stamp, !was_hiding)
}

/// A copy in which every character of a text shows, and whether it is as it was written.
fn visible<T: Kind>(fact: &T) -> (T, bool) {
    let mut copy = fact.clone();
    let was_hiding = copy.make_visible();
    (copy, !was_hiding)
}
