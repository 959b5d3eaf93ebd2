//! The parts of an exposure that are lists: landmarks, drugs, and what was left out.

use super::window::past_infusions;
use super::{Daily, Edge, Exact, Inside, Judged, Overflow, Reason, Span, Table, base_of_phosphate};
use crate::record::{Chart, Day, DrugId, Infusion, Moment};
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
    /// The same, where dexamethasone that is not stated as base is read as phosphate and told as base.
    pub mg_as_base: Exact,
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

/// The landmarks of an infusion. `record` is the whole record by date.
pub(super) fn landmarks(
    chart: &Chart,
    doses: &[Judged<'_>],
    record: &Daily,
    infusion: Option<&Infusion>,
    as_of: Moment,
) -> Result<Vec<Landmark>, Overflow> {
    let mut landmarks = Vec::new();
    let Some(infusion) = infusion else { return Ok(landmarks) };
    let day0 = infusion.at.date_naive();
    // The next infusion begins to count days anew: this one's later days are never reached.
    let next = past_infusions(chart, as_of).find(|next| next.at.date_naive() > day0).map(|next| next.at.date_naive());
    let reached = |date: &NaiveDate| *date <= as_of.date_naive() && next.is_none_or(|next| *date < next);
    let undecided: Vec<&Judged<'_>> = doses.iter().filter(|dose| dose.may_be_steroid_undecided()).collect();
    for day in [7, 14, 28, 30].map(Day) {
        let Some(date) = day.date(day0).filter(reached) else { continue };
        let span = Span { from: Some(Edge::Date(day0)), to: Some(Edge::Date(date)), as_of };
        // By each one's own wall clock: a summer's day has ended also when it is checked or looked at in winter time.
        let ended = |at: Moment| at.date_naive() > date;
        let complete = ended(as_of) && chart.checked_to().is_some_and(ended);
        let undecided_doses = undecided.iter().filter(|dose| span.touches(dose)).count();
        landmarks.push(Landmark {
            day,
            mg: record.steroids_between(Some(day0), Some(date))?,
            complete,
            undecided_doses,
        });
    }
    Ok(landmarks)
}

pub(super) fn by_drug(steroids: &[&Inside<'_, '_>], table: &Table) -> Result<Vec<DrugTotal>, Overflow> {
    let mut drugs: Vec<(usize, DrugTotal)> = Vec::new();
    for inside in steroids {
        let dose = inside.dose;
        let at = drugs.iter().position(|(drug, _)| *drug == dose.drug).unwrap_or_else(|| {
            drugs.push((dose.drug, DrugTotal::none_of(&dose.recorded.value.drug)));
            drugs.len() - 1
        });
        let Some((_, total)) = drugs.get_mut(at) else { continue };
        // A drug's own milligrams first; what they are worth is worked out once, in the end.
        let own = inside.mg.unwrap_or(Exact::ZERO);
        total.mg = total.mg.plus(own)?;
        if !dose.is_told_as_base() {
            total.mg_as_base = total.mg_as_base.plus(own)?;
        }
        total.doses += 1;
        total.without_route += usize::from(dose.recorded.value.route.is_none());
    }
    let mut drugs: Vec<DrugTotal> = drugs.into_iter().map(|(_, total)| total).collect();
    for total in &mut drugs {
        let told = total.mg.minus(total.mg_as_base)?.times(base_of_phosphate())?;
        total.mg_as_base = total.mg_as_base.plus(told)?;
        let factor = table.factor(&total.drug, &DrugId::new("dexamethasone")).map_or(Exact::ZERO, Exact::reduced);
        total.equivalent = total.mg.times(factor)?;
    }
    drugs.sort_by(|a, b| a.drug.cmp(&b.drug));
    Ok(drugs)
}

impl DrugTotal {
    fn none_of(drug: &DrugId) -> Self {
        let (mg, mg_as_base, equivalent) = (Exact::ZERO, Exact::ZERO, Exact::ZERO);
        Self { drug: drug.clone(), mg, mg_as_base, equivalent, doses: 0, without_route: 0 }
    }
}

pub(super) fn left_out(inside: &[Inside<'_, '_>]) -> Result<Vec<LeftOut>, Overflow> {
    let mut groups: BTreeMap<(&DrugId, &'static str), LeftOut> = BTreeMap::new();
    for Inside { dose, mg, .. } in inside {
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
        match mg {
            Some(mg) => group.mg = Some(group.mg.unwrap_or(Exact::ZERO).plus(*mg)?),
            None => group.without_mg += 1,
        }
    }
    Ok(groups.into_values().collect())
}

pub(super) fn without_route(steroids: &[&Inside<'_, '_>]) -> Result<Share, Overflow> {
    let mut share = Share { doses: 0, mg: Exact::ZERO };
    for inside in steroids.iter().filter(|inside| inside.dose.recorded.value.route.is_none()) {
        share.doses += 1;
        share.mg = share.mg.plus(inside.equivalent.unwrap_or(Exact::ZERO))?;
    }
    Ok(share)
}
