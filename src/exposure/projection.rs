//! Where plans lead: the total that their doses would make of the total so far, day by day.
//!
//! A projection begins where the figures end. Doses that were due at or before the as-of time are not in it: they were
//! given, and are in the total, or they were not. Nothing of a plan is in any figure of [`Exposure`].

use super::{Exact, Expected, Exposure, PlannedError, Reason, Rules, Span, expected};
use crate::record::{DrugId, Moment, Plan, Zone};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// The total after one expected dose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// When the dose is due.
    pub at: Moment,
    /// Its drug.
    pub drug: DrugId,
    /// Its own milligrams.
    pub mg: Exact,
    /// The total with it, in milligrams of dexamethasone-equivalent; for anakinra, of anakinra.
    pub total: Exact,
}

/// Expected doses that no total can hold, and why; they are named, never dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beyond {
    /// The drug.
    pub drug: DrugId,
    /// Why.
    pub reason: Reason,
    /// How many doses.
    pub doses: usize,
    /// The drug's own milligrams.
    pub mg: Exact,
}

/// The continuation of a total by the doses that plans expect after the as-of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Projection {
    /// The as-of time: the projection begins after it.
    pub from: Moment,
    /// The total of the window up to then.
    pub start: Exact,
    /// How many doses were due at or before then, and are therefore not in the projection.
    pub due: usize,
    /// The expected glucocorticoid doses, by time, with the total that each makes.
    pub steps: Vec<Step>,
    /// The anakinra of the window up to then, in milligrams.
    pub anakinra_start: Exact,
    /// The expected doses of anakinra, by time.
    pub anakinra: Vec<Step>,
    /// Expected doses that are in neither, by drug and reason.
    pub beyond: Vec<Beyond>,
}

/// When a chosen total is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// The total so far is as much or more.
    Already {
        /// The total so far.
        total: Exact,
    },
    /// With an expected dose.
    At {
        /// When that dose is due.
        at: Moment,
        /// The total with it.
        total: Exact,
    },
    /// Not by the last expected dose.
    NotByTheEnd {
        /// The total with the last expected dose.
        total: Exact,
    },
}

/// Whether an expected dose falls into the window of an exposure. A dose to come is measured by the window's edges alone.
fn is_inside(exposure: &Exposure, at: Moment) -> bool {
    let span = exposure.window.span(exposure.day0(), exposure.as_of);
    Span { as_of: at.max(span.as_of), ..span }.contains(at)
}

/// The expected doses of some plans inside the exposure's window, by time.
fn inside(
    exposure: &Exposure,
    plans: &[&Plan],
    rules: Rules<'_>,
    zone: &dyn Zone,
) -> Result<Vec<Expected>, PlannedError> {
    let mut doses = Vec::new();
    for plan in plans {
        doses.extend(expected(plan, rules, zone)?.into_iter().filter(|dose| is_inside(exposure, dose.at)));
    }
    // Doses due at one instant keep the order in which they were planned.
    doses.sort_by_key(|dose| dose.at);
    Ok(doses)
}

impl Projection {
    /// Continues the total of an exposure with the doses that some plans, together, expect after its as-of time. Times
    /// of day are those of the zone's wall clock. Source: design, section 5.
    ///
    /// ```
    /// use corticurve::exposure::{Exposure, Projection, Window, examples};
    /// let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let chart = examples::treated(&["dex 10 iv 2026-11-22T08:00Z"]).unwrap();
    /// let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
    /// // 10 mg given; 10 mg every 6 hours, of which the first dose is due now and no longer to come.
    /// let plan = examples::plan("dex 10 iv q6h x8").unwrap();
    /// let projection = Projection::of(&exposure, &[&plan], rules, &examples::zone().unwrap()).unwrap();
    /// assert_eq!((projection.due, projection.steps.len(), projection.end().decimal().as_str()), (1, 7, "80"));
    /// assert_eq!(exposure.total.decimal(), "10");
    /// ```
    ///
    /// # Errors
    /// [`PlannedError`].
    pub fn of(exposure: &Exposure, plans: &[&Plan], rules: Rules<'_>, zone: &dyn Zone) -> Result<Self, PlannedError> {
        let mut projection = Self {
            from: exposure.as_of,
            start: exposure.total,
            due: 0,
            steps: Vec::new(),
            anakinra_start: exposure.anakinra.mg,
            anakinra: Vec::new(),
            beyond: Vec::new(),
        };
        let mut beyond: BTreeMap<(DrugId, Reason), (usize, Exact)> = BTreeMap::new();
        let (mut total, mut anakinra) = (projection.start, projection.anakinra_start);
        let (due, to_come): (Vec<_>, Vec<_>) =
            inside(exposure, plans, rules, zone)?.into_iter().partition(|dose| dose.at <= exposure.as_of);
        projection.due = due.len();
        for dose in to_come {
            let Expected { at, drug, mg, .. } = dose.clone();
            if let Some(reason) = dose.left_out {
                let sum = beyond.entry((drug, reason)).or_insert((0, Exact::ZERO));
                *sum = (sum.0 + 1, sum.1.plus(mg)?);
            } else if let Some(equivalent) = dose.equivalent {
                total = total.plus(equivalent)?;
                projection.steps.push(Step { at, drug, mg, total });
            } else if let Some(mg) = dose.anakinra() {
                anakinra = anakinra.plus(mg)?;
                projection.anakinra.push(Step { at, drug, mg, total: anakinra });
            }
        }
        projection.beyond =
            beyond.into_iter().map(|((drug, reason), (doses, mg))| Beyond { drug, reason, doses, mg }).collect();
        Ok(projection)
    }

    /// Whether no dose is to come. Source: design, section 5.
    ///
    /// ```
    /// # use corticurve::exposure::{Exposure, Projection, Window, examples};
    /// # let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let exposure = Exposure::of(&examples::treated(&[]).unwrap(), rules, Window::Day0, now).unwrap();
    /// let is_empty = |line| {
    ///     let plan = examples::plan(line).unwrap();
    ///     Projection::of(&exposure, &[&plan], rules, &examples::zone().unwrap()).unwrap().is_empty()
    /// };
    /// // The second was due yesterday.
    /// assert!(!is_empty("dex 10 iv q6h from 20:00 x8") && is_empty("dex 10 iv daily from yesterday 08:00 x1"));
    /// ```
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.anakinra.is_empty() && self.beyond.is_empty()
    }

    /// The total with the last expected dose. Source: design, section 5.
    ///
    /// ```
    /// # use corticurve::exposure::{Exact, Exposure, Projection, Window, examples};
    /// # let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let chart = examples::treated(&["dex 10 iv 2026-11-22T08:00Z"]).unwrap();
    /// let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
    /// let plan = examples::plan("dex 10 iv q6h from 20:00 x8").unwrap();
    /// let projection = Projection::of(&exposure, &[&plan], rules, &examples::zone().unwrap()).unwrap();
    /// assert_eq!(projection.end(), Exact::whole(90));
    /// ```
    pub fn end(&self) -> Exact {
        self.steps.last().map_or(self.start, |step| step.total)
    }

    /// The anakinra with the last expected dose. Source: design, section 5.
    ///
    /// ```
    /// # use corticurve::exposure::{Exact, Exposure, Projection, Window, examples};
    /// # let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let chart = examples::treated(&["ana 100 sc 2026-11-22T08:00Z"]).unwrap();
    /// let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
    /// let plan = examples::plan("ana 100 sc q6h from 20:00 x4").unwrap();
    /// let projection = Projection::of(&exposure, &[&plan], rules, &examples::zone().unwrap()).unwrap();
    /// assert_eq!(projection.anakinra_end(), Exact::whole(500));
    /// ```
    pub fn anakinra_end(&self) -> Exact {
        self.anakinra.last().map_or(self.anakinra_start, |step| step.total)
    }

    /// The last expected dose of all. Source: design, section 5.
    ///
    /// ```
    /// # use corticurve::exposure::{Exposure, Projection, Window, examples};
    /// # let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let chart = examples::treated(&[]).unwrap();
    /// let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
    /// let plan = examples::plan("dex 10 iv q6h from 20:00 x8").unwrap();
    /// let projection = Projection::of(&exposure, &[&plan], rules, &examples::zone().unwrap()).unwrap();
    /// assert_eq!(projection.last(), Some(examples::at("2026-11-24 14:00").unwrap()));
    /// ```
    pub fn last(&self) -> Option<Moment> {
        self.steps.iter().chain(&self.anakinra).map(|step| step.at).max()
    }

    /// The total by an instant, with the doses due then. Source: design, section 5.
    ///
    /// ```
    /// use corticurve::exposure::{Exposure, Projection, Window, examples};
    /// let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let exposure = Exposure::of(&examples::treated(&[]).unwrap(), rules, Window::Day0, now).unwrap();
    /// // 60 mg of prednisone a day are 9 mg (clinical reference, section 1).
    /// let plan = examples::plan("prednisone 60 po daily from tomorrow 08:00 x3").unwrap();
    /// let projection = Projection::of(&exposure, &[&plan], rules, &examples::zone().unwrap()).unwrap();
    /// assert_eq!(projection.total_by(examples::at("2026-11-24 08:00").unwrap()).decimal(), "18");
    /// ```
    pub fn total_by(&self, at: Moment) -> Exact {
        self.steps.iter().rfind(|step| step.at <= at).map_or(self.start, |step| step.total)
    }

    /// The first expected dose with which a chosen total is reached. Source: design, section 5.
    ///
    /// ```
    /// use corticurve::exposure::{Exact, Exposure, Projection, Reached, Window, examples};
    /// let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let chart = examples::treated(&["dex 10 iv 2026-11-22T08:00Z"]).unwrap();
    /// let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
    /// let plan = examples::plan("dex 10 iv q6h from 20:00 x8").unwrap();
    /// let projection = Projection::of(&exposure, &[&plan], rules, &examples::zone().unwrap()).unwrap();
    /// let (at, total) = (examples::at("2026-11-23 08:00").unwrap(), Exact::whole(40));
    /// assert_eq!(projection.reaches(Exact::whole(35)), Reached::At { at, total });
    /// assert_eq!(projection.reaches(Exact::whole(10)), Reached::Already { total: Exact::whole(10) });
    /// assert_eq!(projection.reaches(Exact::whole(500)), Reached::NotByTheEnd { total: Exact::whole(90) });
    /// ```
    pub fn reaches(&self, target: Exact) -> Reached {
        if self.start >= target {
            return Reached::Already { total: self.start };
        }
        match self.steps.iter().find(|step| step.total >= target) {
            Some(step) => Reached::At { at: step.at, total: step.total },
            None => Reached::NotByTheEnd { total: self.end() },
        }
    }
}

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
