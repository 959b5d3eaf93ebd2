//! Where plans lead: the total that their doses would make of the total so far, day by day.
//!
//! A projection begins where the figures end. Doses of a recorded plan that were due at or before the as-of time are not in
//! it: they were given, and are in the total, or they were not; how many those are is said beside the number. What is still
//! to run of an infusion under way is. Nothing of a plan is in any figure of [`Exposure`].

use super::window::midnight;
use super::{Exact, Expected, Exposure, PlannedError, Reason, Rules, Span, expected};
use crate::record::{Class, DrugId, Moment, Plan, Zone, counted};
use std::collections::BTreeMap;

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
    /// Whether it is a piece of an infusion that is running already: the total grows evenly until then.
    pub running: bool,
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
    /// How many of them would count in the total.
    pub due_steroid: usize,
    /// How many of them would count as anakinra.
    pub due_anakinra: usize,
    /// How many doses of a plan that is being written are due in this very minute, and in the projection all the same.
    pub at_once: usize,
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

/// What is said beside a number that a plan leads to, of the doses that were due by the as-of time. Source: design, section 5.
///
/// ```
/// use corticurve::exposure::due_words;
/// assert_eq!(due_words(0), None);
/// assert_eq!(due_words(1).unwrap(), "1 dose due by now is in it only if recorded");
/// assert_eq!(due_words(6).unwrap(), "6 doses due by now are in it only if recorded");
/// ```
pub fn due_words(doses: usize) -> Option<String> {
    let verb = if doses == 1 { "is" } else { "are" };
    (doses > 0).then(|| format!("{} due by now {verb} in it only if recorded", counted(doses, "dose")))
}

/// Whether an expected dose falls into the window of an exposure. A dose to come is measured by the window's edges alone.
fn is_inside(exposure: &Exposure, at: Moment) -> bool {
    let span = exposure.window.span(exposure.day0(), exposure.as_of);
    Span { as_of: at.max(span.as_of), ..span }.contains(at)
}

/// The expected doses of some plans inside the exposure's window, by time.
pub(super) fn inside(
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

/// What is still to run of infusions under way, in pieces that end where a dose is due and where a date ends, so that the
/// total at each of those is exact. Without a dose to come there is nothing to project.
fn running_pieces(exposure: &Exposure, to_come: &[Expected]) -> Result<Vec<(Expected, bool)>, PlannedError> {
    let mut pieces = Vec::new();
    for infusion in exposure.running.iter().filter(|_| !to_come.is_empty()) {
        let first = exposure.as_of.date_naive();
        let midnights = first.iter_days().skip(1).take_while(|date| *date <= infusion.end.date_naive());
        let mut breaks: Vec<Moment> = midnights.filter_map(|date| midnight(date, infusion.end)).collect();
        breaks.extend(to_come.iter().map(|dose| dose.at));
        breaks.sort();
        breaks.dedup();
        for (at, share) in infusion.pieces(exposure.as_of, &breaks) {
            let equivalent = infusion.equivalent.map(|mg| mg.times(share)).transpose()?;
            let class = if equivalent.is_some() { Class::Glucocorticoid } else { Class::Anakinra };
            let (drug, mg) = (infusion.drug.clone(), infusion.mg.times(share)?);
            pieces.push((Expected { at, stage: 0, drug, class: Some(class), mg, equivalent, left_out: None }, true));
        }
    }
    Ok(pieces)
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
        let now = exposure.as_of;
        Self::with_doses(exposure, plans, rules, zone, |dose| dose.at > now)
    }

    /// The same for a plan that is being written: a dose that is due in this very minute is still to come, and is told.
    /// Source: design, section 5.
    ///
    /// ```
    /// use corticurve::exposure::{Exposure, Projection, Window, examples};
    /// let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let exposure = Exposure::of(&examples::treated(&[]).unwrap(), rules, Window::Day0, now).unwrap();
    /// // Dexamethasone 10 mg every 6 hours, 8 times: 80 mg (clinical reference, section 1).
    /// let plan = examples::plan("dex 10 iv q6h x8").unwrap();
    /// let supposed = Projection::supposing(&exposure, &plan, rules, &examples::zone().unwrap()).unwrap();
    /// assert_eq!((supposed.end().decimal().as_str(), supposed.at_once), ("80", 1));
    /// ```
    ///
    /// # Errors
    /// [`PlannedError`].
    pub fn supposing(
        exposure: &Exposure,
        plan: &Plan,
        rules: Rules<'_>,
        zone: &dyn Zone,
    ) -> Result<Self, PlannedError> {
        let minute = exposure.as_of.timestamp().div_euclid(60);
        Self::with_doses(exposure, &[plan], rules, zone, |dose| dose.at.timestamp().div_euclid(60) >= minute)
    }

    fn with_doses(
        exposure: &Exposure,
        plans: &[&Plan],
        rules: Rules<'_>,
        zone: &dyn Zone,
        is_to_come: impl Fn(&Expected) -> bool,
    ) -> Result<Self, PlannedError> {
        let mut projection = Self {
            from: exposure.as_of,
            start: exposure.total,
            due: 0,
            due_steroid: 0,
            due_anakinra: 0,
            at_once: 0,
            steps: Vec::new(),
            anakinra_start: exposure.anakinra.mg,
            anakinra: Vec::new(),
            beyond: Vec::new(),
        };
        let mut beyond: BTreeMap<(DrugId, Reason), (usize, Exact)> = BTreeMap::new();
        let (mut total, mut anakinra) = (projection.start, projection.anakinra_start);
        let (to_come, due): (Vec<_>, Vec<_>) = inside(exposure, plans, rules, zone)?.into_iter().partition(is_to_come);
        projection.at_once = to_come.iter().filter(|dose| dose.at <= exposure.as_of).count();
        projection.due = due.len();
        projection.due_steroid = due.iter().filter(|dose| dose.equivalent.is_some()).count();
        projection.due_anakinra = due.iter().filter(|dose| dose.anakinra().is_some()).count();
        let mut parts: Vec<(Expected, bool)> = running_pieces(exposure, &to_come)?;
        parts.extend(to_come.into_iter().map(|dose| (dose, false)));
        // At one instant what has run by then stands before the dose.
        parts.sort_by_key(|(dose, running)| (dose.at, !running));
        for (dose, running) in parts {
            let Expected { at, drug, mg, .. } = dose.clone();
            if let Some(reason) = dose.left_out {
                let sum = beyond.entry((drug, reason)).or_insert((0, Exact::ZERO));
                *sum = (sum.0 + 1, sum.1.plus(mg)?);
            } else if let Some(equivalent) = dose.equivalent {
                total = total.plus(equivalent)?;
                projection.steps.push(Step { at, drug, mg, total, running });
            } else if let Some(mg) = dose.anakinra() {
                anakinra = anakinra.plus(mg)?;
                projection.anakinra.push(Step { at, drug, mg, total: anakinra, running });
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
