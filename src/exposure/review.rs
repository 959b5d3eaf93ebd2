//! What changed since somebody's last signed review, and how the total moved by it.

use super::judge::Judge;
use super::totals::part;
use super::{Exact, Overflow, Rules, Span, Undecided, Window, as_of, judge, total};
use crate::record::{
    Administration, Chart, Entry, EntryId, Initials, Moment, Recorded, Stamp, Unseen, unseen_identities,
};
use std::collections::{BTreeSet, HashMap};

/// What changed since a review. What was seen is told by the reviews themselves, entry by entry; see [`crate::record::Review`].
///
/// The totals of then and now are worked out in the same way, under the rules of now: what moved between them is
/// exactly what time did, what a moved Day 0 did, and what each entry did.
///
/// ```
/// use corticurve::exposure::{examples, since_review};
/// let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
/// let chart = examples::treated(&["dex 10 iv 2026-11-14T08:00Z", "dex 4.5 iv 2026-11-15T08:00Z"]).unwrap();
/// // Nothing is signed yet, so all is new: weight, height, Day 0 and two doses (design, section 4).
/// let since = since_review(&chart, &[], &"NK".parse().unwrap(), rules, now).unwrap();
/// assert!(since.then.is_none());
/// assert_eq!((since.changes.len(), since.now.mg.decimal().as_str()), (5, "14.5"));
/// assert_eq!(since.changes[4].mg.decimal(), "4.5");
/// ```
#[derive(Debug, Clone)]
pub struct SinceReview {
    /// The last review, and the total as of then, of what was seen then; `None` where nothing was signed.
    pub then: Option<(Stamp, TotalAt)>,
    /// The total of everything as of now.
    pub now: TotalAt,
    /// What time alone added to what had been seen: infusions that ran on.
    pub by_time: Exact,
    /// What another Day 0, or another end of a record with shifted dates, did to what had been seen.
    pub by_window: Exact,
    /// What all the entries that were not seen did together.
    pub by_changes: Exact,
    /// Every entry that was not seen, in their [`Unseen::order`].
    pub changes: Vec<Changed>,
}

/// A total from Day 0, or of the whole record without an infusion, at one time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TotalAt {
    /// Nothing after this was counted.
    pub as_of: Moment,
    /// Milligrams of dexamethasone-equivalent.
    pub mg: Exact,
    /// Beside it.
    pub undecided: Undecided,
}

/// An entry that was not seen, with what it did to the total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The entry.
    pub entry: Unseen,
    /// Whether it says what happened before the review.
    pub is_back_dated: bool,
    /// Whether it was recorded before the review, by its own clock, and arrived after it.
    pub arrived_late: bool,
    /// What it added to the total, or took from it.
    pub mg: Exact,
}

/// What changed since the last review that these initials signed: every entry that none of their reviews names.
/// `identities` are the entries that say who the patient is, of which a chart keeps only the outcome.
/// Source: design, sections 1 and 4.
///
/// ```
/// use corticurve::exposure::{examples, since_review};
/// let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
/// // Without an infusion the total is that of the whole record.
/// let chart = examples::chart(&["dex 10 iv 2026-11-14T08:00Z", "hold dex 10 2026-11-14T14:00Z"]).unwrap();
/// let since = since_review(&chart, &[], &"NK".parse().unwrap(), rules, now).unwrap();
/// // 10 mg by the dose that was given, nothing by the one that was held.
/// let by_each: Vec<_> = since.changes.iter().map(|change| change.mg.decimal()).collect();
/// assert_eq!((by_each, since.now.mg.decimal()), (vec!["10".to_owned(), "0".to_owned()], "10".to_owned()));
/// ```
///
/// # Errors
/// [`Overflow`].
pub fn since_review(
    chart: &Chart,
    identities: &[Entry],
    by: &Initials,
    rules: Rules<'_>,
    now: Moment,
) -> Result<SinceReview, Overflow> {
    let reviewed = chart.reviewed_by(by);
    let (last, seen) = reviewed.map_or_else(Default::default, |reviewed| (Some(reviewed.last), reviewed.seen));
    let known = chart.as_seen(&seen);
    // Shifted dates say nothing beside the time of a review.
    let shifted = chart.identity.as_ref().is_some_and(|identity| identity.dates_shifted);
    let is_before = |at, last: &Stamp| !shifted && at < last.at;
    let span = day0_span(chart, now);
    let then = last.map(|last| total_at(&known, rules, day0_span(&known, last.at))).transpose()?;
    let before = then.map_or(Exact::ZERO, |then| then.mg);
    let by_time_too = total_at(&known, rules, day0_span(&known, now))?.mg;
    let known_now = total_at(&known, rules, span)?.mg;
    let unseen = unseen_identities(identities, &seen).into_iter().chain(chart.unseen(&seen));
    let by_entry = by_entry(chart, &seen, rules, &span)?;
    let mut changes: Vec<Changed> = unseen
        .map(|entry| Changed {
            is_back_dated: last.is_some_and(|last| entry.added_at().is_some_and(|at| is_before(at, last))),
            arrived_late: last.is_some_and(|last| entry.stamp.at < last.at),
            mg: by_entry.get(&entry.stamp.id).copied().unwrap_or(Exact::ZERO),
            entry,
        })
        .collect();
    changes.sort_by(|a, b| a.entry.order().cmp(&b.entry.order()));
    Ok(SinceReview {
        now: total_at(chart, rules, span)?,
        by_time: by_time_too.minus(before)?,
        by_window: known_now.minus(by_time_too)?,
        by_changes: Exact::sum(changes.iter().map(|change| change.mg))?,
        then: last.cloned().zip(then),
        changes,
    })
}

/// How many entries none of the reviews of these initials names; `None` where they have signed nothing.
/// Source: design, sections 1 and 4.
///
/// ```
/// use corticurve::exposure::{examples, unseen_since_review};
/// let chart = examples::chart(&["dex 10 iv 2026-11-14T08:00Z"]).unwrap();
/// // NK has never signed a review of this patient.
/// assert_eq!(unseen_since_review(&chart, &[], &"NK".parse().unwrap()), None);
/// ```
pub fn unseen_since_review(chart: &Chart, identities: &[Entry], by: &Initials) -> Option<usize> {
    let seen = chart.reviewed_by(by)?.seen;
    let identities = identities.iter().map(|entry| &entry.id);
    Some(chart.ids().into_iter().chain(identities).filter(|id| !seen.contains(id)).count())
}

fn day0_span(chart: &Chart, now: Moment) -> Span {
    Window::Day0.place(chart, as_of(chart, now)).1
}

fn total_at(chart: &Chart, rules: Rules<'_>, span: Span) -> Result<TotalAt, Overflow> {
    let doses = judge(chart, rules)?;
    Ok(TotalAt { as_of: span.as_of, mg: total(&doses, &span)?, undecided: Undecided::of(&doses, &span)? })
}

/// What each entry of a dose that was not seen did to the total. Of several of one dose each did what it changes when they
/// are taken in one after another, in the order in which the chart has them.
fn by_entry<'a>(
    chart: &'a Chart,
    seen: &BTreeSet<&'a EntryId>,
    rules: Rules<'_>,
    span: &Span,
) -> Result<HashMap<&'a EntryId, Exact>, Overflow> {
    let mut by_entry = HashMap::new();
    for line in &chart.administrations {
        let unseen: Vec<&EntryId> = line.ids().filter(|id| !seen.contains(id)).collect();
        match unseen.as_slice() {
            [] => {}
            // Nearly every dose is one entry.
            [only] if line.changes.is_empty() => {
                by_entry.insert(*only, counted(line, rules, span)?);
            }
            several => {
                let mut taken: BTreeSet<&EntryId> = line.ids().filter(|id| seen.contains(id)).collect();
                let mut before = counted_as_seen(line, &taken, rules, span)?;
                for id in several {
                    taken.insert(id);
                    let after = counted_as_seen(line, &taken, rules, span)?;
                    by_entry.insert(*id, after.minus(before)?);
                    before = after;
                }
            }
        }
    }
    Ok(by_entry)
}

fn counted_as_seen(
    line: &Recorded<Administration>,
    seen: &BTreeSet<&EntryId>,
    rules: Rules<'_>,
    span: &Span,
) -> Result<Exact, Overflow> {
    line.as_seen(seen).map_or(Ok(Exact::ZERO), |line| counted(&line, rules, span))
}

/// What one dose has in the total.
fn counted(line: &Recorded<Administration>, rules: Rules<'_>, span: &Span) -> Result<Exact, Overflow> {
    let dose = Judge::new(rules).dose(line)?;
    if dose.counts_as_steroid() { part(dose.equivalent, &dose, span) } else { Ok(Exact::ZERO) }
}
