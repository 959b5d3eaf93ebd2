//! The parts of an exposure that are lists: landmarks, drugs, and what was left out.

use super::totals::{part, total};
use super::{Edge, Exact, Judged, Overflow, Reason, Span};
use crate::record::{Chart, Day, DrugId, Moment};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// The total of Days 0 to a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Landmark {
    /// The last day that is counted in.
    pub day: Day,
    /// The total.
    pub mg: Exact,
    /// Whether the chart is checked to the end of that day; otherwise this is "so far".
    pub complete: bool,
    /// How many doses of those days are undecided, and stand beside the total.
    pub undecided_doses: usize,
}

/// A number of doses and their milligrams.
///
/// ```
/// use corticurve::exposure::examples;
/// use corticurve::exposure::{Exposure, Window};
/// let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
/// let chart = examples::chart(&["methylpred 80 2026-11-14T08:00Z", "dex 10 iv 2026-11-14T20:00Z"]).unwrap();
/// let share = Exposure::of(&chart, rules, Window::All, now).unwrap().without_route;
/// assert_eq!((share.doses, share.mg.decimal().as_str()), (1, "15"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// How many doses.
    pub doses: usize,
    /// How much together.
    pub mg: Exact,
}

/// One drug's part of the total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrugTotal {
    /// The drug.
    pub drug: DrugId,
    /// Its own milligrams.
    pub mg: Exact,
    /// The same as dexamethasone-equivalent.
    pub equivalent: Exact,
    /// How many doses.
    pub doses: usize,
    /// How many of them state no route.
    pub without_route: usize,
}

/// Doses of one drug that are left out for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The drug.
    pub drug: DrugId,
    /// Why.
    pub reason: Reason,
    /// How many doses.
    pub doses: usize,
    /// The drug's own milligrams, charted or due; `None` where no dose states them.
    pub mg: Option<Exact>,
    /// How many of the doses state no mass.
    pub without_mg: usize,
}

pub(super) fn landmarks(
    chart: &Chart,
    doses: &[Judged<'_>],
    day0: Option<NaiveDate>,
    as_of: Moment,
) -> Result<Vec<Landmark>, Overflow> {
    let mut landmarks = Vec::new();
    let Some(day0) = day0 else { return Ok(landmarks) };
    for day in [7, 14, 28, 30].map(Day) {
        let Some(date) = day.date(day0).filter(|date| *date <= as_of.date_naive()) else { continue };
        let span = Span { from: Some(Edge::Date(day0)), to: Some(Edge::Date(date)), as_of };
        // By each one's own wall clock: a summer's day has ended also when it is checked or looked at in winter time.
        let ended = |at: Moment| at.date_naive() > date;
        let complete = ended(as_of) && chart.checked_to().is_some_and(ended);
        let undecided =
            |dose: &&Judged<'_>| dose.may_be_steroid_undecided() && span.share(dose.recorded.value.given).is_positive();
        let undecided_doses = doses.iter().filter(undecided).count();
        landmarks.push(Landmark { day, mg: total(doses, &span)?, complete, undecided_doses });
    }
    Ok(landmarks)
}

pub(super) fn by_drug(steroids: &[&Judged<'_>], span: &Span) -> Result<Vec<DrugTotal>, Overflow> {
    let mut drugs: BTreeMap<&DrugId, DrugTotal> = BTreeMap::new();
    for dose in steroids {
        let drug = &dose.recorded.value.drug;
        let entry = drugs.entry(drug).or_insert_with(|| DrugTotal {
            drug: drug.clone(),
            mg: Exact::ZERO,
            equivalent: Exact::ZERO,
            doses: 0,
            without_route: 0,
        });
        entry.mg = entry.mg.plus(part(dose.mg, dose, span)?)?;
        entry.equivalent = entry.equivalent.plus(part(dose.equivalent, dose, span)?)?;
        entry.doses += 1;
        entry.without_route += usize::from(dose.recorded.value.route.is_none());
    }
    Ok(drugs.into_values().collect())
}

pub(super) fn left_out(inside: &[&Judged<'_>], span: &Span) -> Result<Vec<LeftOut>, Overflow> {
    let mut groups: BTreeMap<(&DrugId, &'static str), LeftOut> = BTreeMap::new();
    for dose in inside {
        let Some(reason) = dose.left_out else { continue };
        let drug = &dose.recorded.value.drug;
        let group = groups.entry((drug, reason.words())).or_insert_with(|| LeftOut {
            drug: drug.clone(),
            reason,
            doses: 0,
            mg: None,
            without_mg: 0,
        });
        group.doses += 1;
        match dose.mg {
            Some(_) => group.mg = Some(group.mg.unwrap_or(Exact::ZERO).plus(part(dose.mg, dose, span)?)?),
            None => group.without_mg += 1,
        }
    }
    Ok(groups.into_values().collect())
}

pub(super) fn without_route(steroids: &[&Judged<'_>], span: &Span) -> Result<Share, Overflow> {
    let mut share = Share { doses: 0, mg: Exact::ZERO };
    for dose in steroids.iter().filter(|dose| dose.recorded.value.route.is_none()) {
        share.doses += 1;
        share.mg = share.mg.plus(part(dose.equivalent, dose, span)?)?;
    }
    Ok(share)
}
