//! What changed since a review, in words.

use super::LogLine;
use crate::app::ward::Patient;
use crate::exposure::{Changed, Exact, Overflow, Rules, SinceReview, TotalAt, since_review};
use crate::record::{
    Administration, Chart, Did, EntryId, Fact, Formulary, Identity, Initials, Moment, Now, PatientId, Review, Status,
    time,
};
use std::collections::BTreeSet;

/// What is shown of the changes since somebody's last review, and is signed.
///
/// It stays as it was opened: what arrives meanwhile is counted and not mixed in, so that what is signed was shown.
#[derive(Debug, Clone)]
pub struct ReviewView {
    /// Whose record.
    pub patient: PatientId,
    /// Whose review.
    pub by: Initials,
    /// When it was, and how much has changed since.
    pub title: String,
    /// As of when that is said.
    at: Moment,
    /// The changes, in the order in which they were recorded.
    pub rows: Vec<ReviewRow>,
    /// Which total it is: table, version, and what is switched out of it.
    pub rule: String,
    /// The total then and now, and what moved it.
    pub totals: Vec<[String; 2]>,
    /// The chosen row.
    pub chosen: usize,
    /// What has arrived since this was opened.
    pub arrived: usize,
    /// Why it could not be signed.
    pub error: Option<String>,
    /// The entries of the rows.
    pub seen: Vec<EntryId>,
    /// The last of them; where nothing has changed, the one up to which the last review went.
    up_to: Option<EntryId>,
}

const TOTAL_NOW: &str = "Total now";

/// One entry to be reviewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewRow {
    /// What was done: `corrected`.
    pub kind: &'static str,
    /// What to, and why: a line each.
    pub what: String,
    /// What that did to the total; empty where nothing.
    pub moved: String,
    /// By whom, when and where.
    pub recorded: String,
}

impl ReviewView {
    /// What a patient's record has that these initials have not signed.
    ///
    /// # Errors
    /// [`Overflow`] when amounts are too large to be added up.
    pub fn of(patient: &Patient, by: &Initials, rules: Rules<'_>, now: Now<'_>) -> Result<Self, Overflow> {
        let chart = &patient.chart;
        let since = since_review(chart, patient.identities(), by, rules, now.at)?;
        let seen: Vec<EntryId> = since.changes.iter().map(|change| change.entry.stamp.id.clone()).collect();
        let before = || {
            let last = since.then.as_ref().map(|(stamp, _)| &stamp.id)?;
            chart.reviews.iter().find(|review| review.stamp.id == *last).map(|review| review.value.up_to.clone())
        };
        Ok(Self {
            patient: patient.id.clone(),
            by: by.clone(),
            title: title(&since, by),
            at: now.at,
            rows: since.changes.iter().map(|change| row(change, rules.formulary, now)).collect(),
            rule: format!(
                "Dexamethasone-equivalent {}, then and now under {}{}",
                if chart.infusion(since.now.as_of).is_some() { "from Day 0" } else { "of the whole record" },
                rules.table.named(),
                rules.reading.out_words()
            ),
            totals: totals(&since),
            chosen: 0,
            arrived: 0,
            error: None,
            up_to: seen.last().cloned().or_else(before),
            seen,
        })
    }

    /// The same, with what has arrived since it was opened.
    pub(in crate::app) fn with_arrived(self, arrived: usize) -> Self {
        let mut totals = self.totals;
        for [what, _] in &mut totals {
            if let Some(when) = what.strip_prefix(TOTAL_NOW) {
                *what = format!("Total without what arrived since{when}");
            }
        }
        Self { totals, arrived, ..self }
    }

    /// The title; where more has arrived, it says as of when it is true.
    pub fn heading(&self) -> String {
        if self.arrived == 0 {
            return self.title.clone();
        }
        format!("As of {}, before what arrived since: {}", time::shown(self.at), self.title)
    }

    /// What signing writes down; nothing where there is nothing at all to review.
    pub fn reviews(&self) -> Vec<Review> {
        self.up_to.as_ref().map(|up_to| Review::naming(up_to, &self.seen)).unwrap_or_default()
    }
}

/// How the record stands to somebody's last review, in few words; `None` where they have signed nothing.
pub(in crate::app) fn since_words(patient: &Patient, by: &Initials, now: Now<'_>) -> Option<String> {
    let chart = &patient.chart;
    match crate::exposure::unseen_since_review(chart, patient.identities(), by)? {
        0 => Some(format!("you reviewed it {}", time::shown_near(chart.reviewed_by(by)?.last.at, now.at))),
        several => Some(format!("{several} since your review")),
    }
}

/// Marks in the log what changed inside a stretch that somebody has reviewed, until that is reviewed too.
pub(super) fn mark_changed(chart: &Chart, log: &mut [LogLine]) {
    let Some((review, changed)) = chart.changed_after_review() else { return };
    let mut changed: BTreeSet<&EntryId> = changed.into_iter().collect();
    for line in log {
        // Of several lines of an entry the first is what it says now.
        if changed.remove(&line.id)
            && let Some(state) = line.cells.last_mut()
        {
            let words = format!("after the review of {} {}", review.by, time::shown(review.at));
            *state = if state.is_empty() { words } else { format!("{words} · {state}") };
        }
    }
}

fn entries(number: usize) -> String {
    if number == 1 { "1 entry".to_owned() } else { format!("{number} entries") }
}

fn title(since: &SinceReview, by: &Initials) -> String {
    match (&since.then, since.changes.len()) {
        (None, 0) => format!("{by} has not reviewed this record; there is nothing in it"),
        (None, several) => format!("{by} has not reviewed this record: {}", entries(several)),
        (Some((stamp, _)), 0) => format!("reviewed {} by {by}, nothing since", time::shown(stamp.at)),
        (Some((stamp, _)), several) => {
            format!("reviewed {} by {by}, {} since", time::shown(stamp.at), entries(several))
        }
    }
}

fn totals(since: &SinceReview) -> Vec<[String; 2]> {
    let line = |which: &str, total: &TotalAt| {
        let undecided = total.undecided.words().map_or_else(String::new, |words| format!(", and {words} undecided"));
        [format!("{which}, as of {}", time::shown(total.as_of)), format!("{} mg{undecided}", total.mg.brief())]
    };
    let mut lines = Vec::new();
    lines.extend(since.then.as_ref().map(|(_, then)| line("Total then", then)));
    if since.then.is_some() {
        let moved = [
            ("by these entries", since.by_changes),
            ("by time: infusions that ran on", since.by_time),
            ("by another Day 0", since.by_window),
        ];
        let moved = moved.into_iter().filter(|(_, mg)| !mg.is_zero());
        lines.extend(moved.map(|(what, mg)| [what.to_owned(), signed(mg)]));
    }
    lines.push(line(TOTAL_NOW, &since.now));
    lines
}

/// `+6 mg`, `−40.5 mg`, or nothing for nothing.
fn signed(mg: Exact) -> String {
    match (mg.is_zero(), mg.is_positive()) {
        (true, _) => String::new(),
        (false, true) => format!("+{} mg", mg.brief()),
        (false, false) => format!("{} mg", mg.brief().replace('-', "−")),
    }
}

fn row(change: &Changed, formulary: &Formulary, now: Now<'_>) -> ReviewRow {
    let stamp = &change.entry.stamp;
    let said = |fact: &Fact| said(fact, formulary, now);
    let (kind, what) = match &change.entry.did {
        Did::Added(fact) if change.arrived_late => ("arrived late", said(fact)),
        Did::Added(fact) if change.is_back_dated => ("back-dated", said(fact)),
        Did::Added(fact @ Fact::PatientRegistered(_)) => ("registered", said(fact)),
        Did::Added(fact) => ("added", said(fact)),
        Did::Corrected { from, to, reason } => {
            let (from, to) = (said(from), said(to));
            let to = if from == to { "the same, with other details" } else { to.as_str() };
            ("corrected", below(format!("{from}\n→ {to}"), reason))
        }
        Did::StruckOut { what, reason } => ("struck out", below(said(what), reason)),
    };
    let recorded = format!("{} {}, {}", stamp.by, time::shown_exactly(stamp.at, now.zone), stamp.workstation);
    ReviewRow { kind, what, moved: signed(change.mg), recorded }
}

/// What was done, and below it why.
fn below(what: String, reason: &str) -> String {
    if reason.is_empty() { what } else { format!("{what}\n“{reason}”") }
}

fn said(fact: &Fact, formulary: &Formulary, now: Now<'_>) -> String {
    match fact {
        Fact::Administered(dose) => dose_said(dose, formulary, now),
        Fact::PatientRegistered(identity) | Fact::PatientAmended(identity) => who(identity),
        other => other.named(formulary),
    }
}

/// Everything of a dose that a correction may change and a log shows.
fn dose_said(dose: &Administration, formulary: &Formulary, now: Now<'_>) -> String {
    let mut parts = vec![format!("{} {}", formulary.shown(&dose.drug), dose.amount_shown())];
    parts.extend(dose.route.map(|route| route.short().to_owned()));
    parts.push(dose.given.shown(now.zone));
    parts.extend(dose.purpose.map(|purpose| format!("for {}", purpose.word())));
    if dose.status != Status::Given {
        parts.push(dose.status.word().to_owned());
    }
    parts.extend(dose.note.clone());
    parts.join(", ")
}

fn who(identity: &Identity) -> String {
    let born = identity.born.map_or_else(|| "not known".to_owned(), time::shown_date);
    format!("{}, born {born}, MRN {}, sex {}", identity.shown_name(), identity.mrn, identity.sex.word())
}
