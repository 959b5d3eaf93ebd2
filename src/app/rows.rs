//! The rows of the ward list: each is worked out where something has changed for it, and many of them beside the window's
//! thread.
//!
//! A row goes by the patient's chart, the unit's rules and the minute; not by the window that the open patient's figures are
//! over. A few rows are worked out at once, as are that of the open patient, which agrees with the figures beside it at any
//! moment, and that of a patient of whom something was saved. The others are asked for and all taken at once when they are
//! there.
//!
//! Until then a row of the minute before stays as it was, whole. One that would say what is no longer right (under other
//! rules, of another chart, or from longer ago, as after a lock) says that it is being worked out, so figures of two tables
//! never stand under one another.

use super::App;
use super::view::WardRow;
use super::ward::Patient;
use super::worker::Seen;
use crate::record::PatientId;
use crate::store::in_parallel;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// So many doses are worked out in less time than it takes to notice, and rather at once than beside the window.
const FEW: usize = 2_000;

/// What a row is worked out from.
#[derive(Clone)]
struct Source {
    patient: Arc<Patient>,
    minute: i64,
    rules: u64,
}

impl Source {
    fn is(&self, other: &Self) -> bool {
        self.is_of(&other.patient) && (self.minute, self.rules) == (other.minute, other.rules)
    }

    fn is_of(&self, patient: &Arc<Patient>) -> bool {
        Arc::ptr_eq(&self.patient, patient)
    }

    /// Whether what this says may stand until the other is there.
    fn may_stand_for(&self, other: &Self) -> bool {
        self.is_of(&other.patient) && self.rules == other.rules && (0..=1).contains(&(other.minute - self.minute))
    }
}

/// Where the rows come from.
#[derive(Default)]
pub(super) struct Rows {
    /// Of those that are shown; none of one that is being worked out.
    shown: BTreeMap<PatientId, Source>,
    /// Of those that are asked for and not there yet.
    asked: BTreeMap<PatientId, Source>,
    /// Grows with every change of the rules.
    rules: u64,
}

impl App {
    /// From now on every row is one of other rules.
    pub(super) const fn rules_have_changed(&mut self) {
        self.rows_from.rules += 1;
    }

    /// Whether rows are being worked out beside the window.
    pub(super) fn awaits_rows(&self) -> bool {
        !self.rows_from.asked.is_empty()
    }

    /// A number of the rules: the same as long as those are the same.
    pub(super) const fn rules_number(&self) -> u64 {
        self.rows_from.rules
    }

    /// Brings the rows up to date: those that are right already stay what they are.
    pub(super) fn refresh_rows(&mut self) {
        let patients = self.ward.as_ref().map(Seen::patients).unwrap_or_default();
        let (minute, rules) = (self.now.timestamp().div_euclid(60), self.rows_from.rules);
        let sources: Vec<Source> =
            patients.iter().map(|patient| Source { patient: Arc::clone(patient), minute, rules }).collect();
        let at_once = self.worked_out_at_once(&sources);
        let from = &mut self.rows_from;
        let mut before: BTreeMap<PatientId, Arc<WardRow>> =
            self.rows.drain(..).map(|row| (row.id.clone(), row)).collect();
        let mut to_ask = Vec::new();
        for source in sources {
            let id = source.patient.id.clone();
            let known = before.remove(&id);
            let is_right = from.shown.get(&id).is_some_and(|shown| shown.is(&source));
            let row = match known.filter(|_| is_right || !at_once.contains(&id)) {
                Some(row) if is_right => row,
                None if at_once.contains(&id) => {
                    let row = WardRow::of(&source.patient, self.reference.rules(), self.now);
                    from.asked.remove(&id);
                    from.shown.insert(id, source);
                    Arc::new(row)
                }
                known => {
                    let stands = from.shown.get(&id).is_some_and(|shown| shown.may_stand_for(&source));
                    let row = known.filter(|_| stands);
                    if row.is_none() {
                        from.shown.remove(&id);
                    }
                    let row = row.unwrap_or_else(|| Arc::new(WardRow::awaited(&source.patient)));
                    if !from.asked.get(&id).is_some_and(|asked| asked.is(&source)) {
                        from.asked.insert(id, source.clone());
                        to_ask.push(source);
                    }
                    row
                }
            };
            self.rows.push(row);
        }
        // Who is left is no longer in this ward.
        for id in before.keys() {
            from.shown.remove(id);
            from.asked.remove(id);
        }
        self.mark_rows();
        self.ask_for_rows(to_ask);
    }

    /// Whose rows are worked out at once, of those that are not right any more.
    fn worked_out_at_once(&self, sources: &[Source]) -> BTreeSet<PatientId> {
        let shown = |source: &Source| self.rows_from.shown.get(&source.patient.id);
        let doses = |stale: &[&Source]| -> usize {
            stale.iter().map(|source| source.patient.chart.administrations.len()).sum()
        };
        let mut stale: Vec<&Source> =
            sources.iter().filter(|source| !shown(source).is_some_and(|shown| shown.is(source))).collect();
        // A worker without a thread does everything at once.
        if self.worker.watches() && doses(&stale) > FEW {
            let is_changed = |source: &&&Source| !shown(source).is_some_and(|shown| shown.is_of(&source.patient));
            let changed: Vec<&Source> = stale.iter().filter(is_changed).copied().collect();
            let few = if doses(&changed) <= FEW { changed } else { Vec::new() };
            let open = stale.into_iter().filter(|source| self.selected.as_ref() == Some(&source.patient.id));
            stale = open.chain(few).collect();
        }
        stale.into_iter().map(|source| source.patient.id.clone()).collect()
    }

    /// Has rows worked out beside the window.
    fn ask_for_rows(&mut self, sources: Vec<Source>) {
        if sources.is_empty() {
            return;
        }
        let (reference, now) = (self.reference.clone(), self.now);
        let asked = self.worker.beside(move || {
            let rows = in_parallel(&sources, |source| WardRow::of(&source.patient, reference.rules(), now));
            let rows: Vec<(Source, WardRow)> = sources.into_iter().zip(rows).collect();
            Box::new(move |app| app.take_rows(rows))
        });
        if let Err(error) = asked {
            self.rows_from.asked.clear();
            self.tell_error(&format!(
                "the ward list could not be worked out: {error}; close other programs and try again"
            ));
        }
    }

    /// Shows rows that were asked for, and are not asked for anew since.
    fn take_rows(&mut self, rows: Vec<(Source, WardRow)>) {
        let from = &mut self.rows_from;
        let mut taken = BTreeMap::new();
        for (source, row) in rows {
            let id = source.patient.id.clone();
            if from.asked.get(&id).is_some_and(|asked| asked.is(&source)) {
                from.asked.remove(&id);
                from.shown.insert(id.clone(), source);
                taken.insert(id, row);
            }
        }
        for row in &mut self.rows {
            if let Some(new) = taken.remove(&row.id) {
                *row = Arc::new(new);
            }
        }
        self.mark_rows();
    }

    /// What a row says beside its patient's own figures: what is new, and who may be taken for another.
    fn mark_rows(&mut self) {
        for row in &mut self.rows {
            let new = self.marks.get(&row.id).map_or(0, BTreeMap::len);
            if row.new != new {
                Arc::make_mut(row).new = new;
            }
        }
        self.mark_second_charts();
        self.find_rows();
        self.mark_similar();
    }
}
