//! Plans day by day: planned against given, and several projections beside each other.

use super::projection::inside;
use super::{Exact, Exposure, PlannedError, Projection, Rules};
use crate::record::{Plan, Zone};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// What was planned for a date and what was given on it. Milligrams of dexamethasone-equivalent; anakinra apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedDay {
    /// The wall-clock date.
    pub date: NaiveDate,
    /// Planned, over the whole date.
    pub planned: Exact,
    /// Given, up to the as-of time; `None` for a date to come.
    pub given: Option<Exact>,
    /// Planned anakinra.
    pub planned_anakinra: Exact,
    /// Given anakinra; `None` for a date to come.
    pub given_anakinra: Option<Exact>,
    /// Planned doses of this date that are in neither, because no total can hold them.
    pub beyond: usize,
}

/// Planned against given for each date from the first planned one on, also past ones; dates with neither are absent.
/// Source: design, section 5, and issue 3, point 7.
///
/// ```
/// use corticurve::exposure::{Exposure, Window, examples, planned_days};
/// let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
/// let chart = examples::treated(&["dex 10 iv 2026-11-21T08:00Z"]).unwrap();
/// let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
/// let plan = examples::plan("dex 10 iv bid from yesterday 08:00 for 2d").unwrap();
/// let days = planned_days(&exposure, &[&plan], rules, &examples::zone().unwrap()).unwrap();
/// let seen: Vec<_> = days.iter().map(|day| (day.planned.decimal(), day.given.unwrap().decimal())).collect();
/// assert_eq!(seen, [("20".to_owned(), "10".to_owned()), ("20".to_owned(), "0".to_owned())]);
/// ```
///
/// # Errors
/// [`PlannedError`].
pub fn planned_days(
    exposure: &Exposure,
    plans: &[&Plan],
    rules: Rules<'_>,
    zone: &dyn Zone,
) -> Result<Vec<PlannedDay>, PlannedError> {
    let mut planned: BTreeMap<NaiveDate, (Exact, Exact, usize)> = BTreeMap::new();
    for dose in inside(exposure, plans, rules, zone)? {
        let (steroid, anakinra, beyond) = planned.entry(dose.at.date_naive()).or_insert((Exact::ZERO, Exact::ZERO, 0));
        *beyond += usize::from(dose.left_out.is_some());
        *steroid = steroid.plus(dose.equivalent.unwrap_or(Exact::ZERO))?;
        *anakinra = anakinra.plus(dose.anakinra().unwrap_or(Exact::ZERO))?;
    }
    let Some(first) = planned.keys().next().copied() else { return Ok(Vec::new()) };
    let daily = &exposure.daily;
    let given = daily.steroids.keys().chain(daily.anakinra.keys()).copied().filter(|date| *date >= first);
    let dates: BTreeSet<NaiveDate> = planned.keys().copied().chain(given).collect();
    let mut days = Vec::new();
    for date in dates {
        let (steroid, anakinra, beyond) = planned.get(&date).copied().unwrap_or((Exact::ZERO, Exact::ZERO, 0));
        let has_come = date <= exposure.as_of.date_naive();
        days.push(PlannedDay {
            date,
            planned: steroid,
            given: has_come
                .then(|| Exact::sum(daily.steroids.get(&date).into_iter().flatten().map(|(_, mg)| *mg)))
                .transpose()?,
            planned_anakinra: anakinra,
            given_anakinra: has_come.then(|| daily.anakinra.get(&date).copied().unwrap_or(Exact::ZERO)),
            beyond,
        });
    }
    Ok(days)
}

/// The totals of several projections, in their order, at the end of each date on which one of them expects a
/// glucocorticoid: two plans on the same axis. Source: design, section 5, and issue 3, point 7.
///
/// ```
/// use corticurve::exposure::{Exposure, Projection, Window, compared, examples};
/// let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
/// let exposure = Exposure::of(&examples::treated(&[]).unwrap(), rules, Window::Day0, now).unwrap();
/// let zone = examples::zone().unwrap();
/// let of = |line| Projection::of(&exposure, &[&examples::plan(line).unwrap()], rules, &zone).unwrap();
/// let (fast, slow) = (of("dex 8 iv daily from tomorrow 08:00 x1"), of("dex 4 iv daily from tomorrow 08:00 x2"));
/// let totals: Vec<_> = compared(&[&fast, &slow]).into_iter().map(|(_, totals)| totals).collect();
/// assert_eq!(totals, [[8, 4], [8, 8]].map(|mg| mg.map(corticurve::exposure::Exact::whole)));
/// ```
pub fn compared(projections: &[&Projection]) -> Vec<(NaiveDate, Vec<Exact>)> {
    let steps = projections.iter().flat_map(|projection| &projection.steps);
    let dates: BTreeSet<NaiveDate> = steps.map(|step| step.at.date_naive()).collect();
    let by = |projection: &&Projection, date: NaiveDate| {
        let last = projection.steps.iter().rfind(|step| step.at.date_naive() <= date);
        last.map_or(projection.start, |step| step.total)
    };
    dates.into_iter().map(|date| (date, projections.iter().map(|projection| by(projection, date)).collect())).collect()
}
