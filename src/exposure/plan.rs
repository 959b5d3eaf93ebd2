//! The doses that a plan expects, and what they would come to. Planned is not given: nothing here enters another figure.

use super::{Exact, Overflow, Reason, Rules, judge};
use crate::record::{
    Administration, Chart, Class, DrugId, Given, Moment, Plan, Recorded, ScheduleError, Stage, Stamp, Zone,
};
use thiserror::Error;

/// Why a plan's doses cannot be worked out.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PlannedError {
    /// Their times.
    #[error(transparent)]
    Schedule(#[from] ScheduleError),
    /// Their amounts.
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

/// One dose that a plan expects, judged as the same dose would be if it were given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// When it is due.
    pub at: Moment,
    /// Of which stage of its plan, counted from 0.
    pub stage: usize,
    /// The drug.
    pub drug: DrugId,
    /// What the drug is.
    pub class: Option<Class>,
    /// Its own milligrams.
    pub mg: Exact,
    /// The same as dexamethasone-equivalent, where it would count as a glucocorticoid.
    pub equivalent: Option<Exact>,
    /// Why it would not count: no route into the whole body, no conversion in the table.
    pub left_out: Option<Reason>,
}

impl Expected {
    /// Its milligrams, where it would count as anakinra. Source: design, section 5.
    ///
    /// ```
    /// # use corticurve::exposure::{Exact, examples, expected};
    /// # let (rules, zone) = (examples::rules().unwrap(), examples::zone().unwrap());
    /// let first = |line| expected(&examples::plan(line).unwrap(), rules, &zone).unwrap().remove(0);
    /// assert_eq!(first("ana 100 sc q6h x4").anakinra(), Some(Exact::whole(100)));
    /// assert_eq!(first("dex 10 iv q6h x8").anakinra(), None);
    /// ```
    pub fn anakinra(&self) -> Option<Exact> {
        (self.left_out.is_none() && self.class == Some(Class::Anakinra)).then_some(self.mg)
    }
}

/// The doses of a plan in the order of their stages, each at its time on the zone's wall clock.
/// Source: design, sections 4 and 5.
///
/// ```
/// use corticurve::exposure::{examples, expected};
/// let plan = examples::plan("dex 10 iv q6h x8 then methylpred 125 iv bid for 2d").unwrap();
/// let doses = expected(&plan, examples::rules().unwrap(), &examples::zone().unwrap()).unwrap();
/// // Design, section 5: 125 mg of methylprednisolone are 23.4375 mg under the fda-label table.
/// assert_eq!((doses.len(), doses[8].equivalent.unwrap().decimal().as_str()), (12, "23.4375"));
/// assert_eq!(doses[8].at, examples::at("2026-11-24 14:30").unwrap());
/// ```
///
/// # Errors
/// [`PlannedError`].
pub fn expected(plan: &Plan, rules: Rules<'_>, zone: &dyn Zone) -> Result<Vec<Expected>, PlannedError> {
    let mut due = Vec::new();
    let mut supposed = Chart::default();
    for (number, stage) in plan.stages.iter().enumerate() {
        for at in stage.times(zone)? {
            due.push((number, at));
            supposed.administrations.push(as_given(stage, at));
        }
    }
    // One function says what counts, for what was given and for what is planned.
    let judged = judge(&supposed, rules)?;
    let of = |((stage, at), dose): ((usize, Moment), &super::Judged<'_>)| Expected {
        at,
        stage,
        drug: dose.recorded.value.drug.clone(),
        class: dose.class,
        mg: dose.mg.unwrap_or(Exact::ZERO),
        equivalent: dose.equivalent.filter(|_| dose.counts_as_steroid()),
        left_out: dose.left_out,
    };
    Ok(due.into_iter().zip(&judged).map(of).collect())
}

/// The dose of a stage as if it had been given when it is due.
fn as_given(stage: &Stage, at: Moment) -> Recorded<Administration> {
    let given = Administration::given(stage.drug.clone(), stage.amount, Given::At(at));
    let value = Administration { route: stage.route, ordered: stage.ordered, ..given };
    Recorded { stamp: Stamp::supposed(at), value, first: None, changes: Vec::new(), struck_out: false }
}

/// What one stage of a plan comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageSum {
    /// The drug.
    pub drug: DrugId,
    /// How many doses.
    pub doses: usize,
    /// The first and the last of them.
    pub between: Option<(Moment, Moment)>,
    /// The drug's own milligrams.
    pub mg: Exact,
    /// The dexamethasone-equivalent of the doses that would count.
    pub equivalent: Exact,
    /// Why its doses would not count.
    pub left_out: Option<Reason>,
}

/// What a plan comes to, stage by stage, from its first dose to its last, whatever is past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanSum {
    /// Its stages.
    pub stages: Vec<StageSum>,
    /// The dexamethasone-equivalent of all doses that would count.
    pub equivalent: Exact,
    /// The milligrams of anakinra of all doses that would count.
    pub anakinra: Exact,
}

impl PlanSum {
    /// Adds up a plan. Source: design, section 5.
    ///
    /// ```
    /// use corticurve::exposure::{PlanSum, examples};
    /// let (rules, zone) = (examples::rules().unwrap(), examples::zone().unwrap());
    /// // The ASCO grade 4 taper (clinical reference, section 1): 4,500 mg are 843.75 mg dexamethasone-equivalent.
    /// let plan = examples::plan("methylpred 500 iv q12h for 3d then 250 q12h for 2d then 125 q12h for 2d").unwrap();
    /// let sum = PlanSum::of(&plan, rules, &zone).unwrap();
    /// assert_eq!(sum.stages.iter().map(|stage| stage.doses).collect::<Vec<_>>(), [6, 4, 4]);
    /// assert_eq!(sum.equivalent.decimal(), "843.75");
    /// ```
    ///
    /// # Errors
    /// [`PlannedError`].
    pub fn of(plan: &Plan, rules: Rules<'_>, zone: &dyn Zone) -> Result<Self, PlannedError> {
        let doses = expected(plan, rules, zone)?;
        let mut stages = Vec::new();
        for (number, stage) in plan.stages.iter().enumerate() {
            let of_stage = || doses.iter().filter(|dose| dose.stage == number);
            stages.push(StageSum {
                drug: stage.drug.clone(),
                doses: of_stage().count(),
                between: of_stage().map(|dose| dose.at).next().zip(of_stage().map(|dose| dose.at).next_back()),
                mg: Exact::sum(of_stage().map(|dose| dose.mg))?,
                equivalent: Exact::sum(of_stage().filter_map(|dose| dose.equivalent))?,
                left_out: of_stage().find_map(|dose| dose.left_out),
            });
        }
        Ok(Self {
            stages,
            equivalent: Exact::sum(doses.iter().filter_map(|dose| dose.equivalent))?,
            anakinra: Exact::sum(doses.iter().filter_map(Expected::anakinra))?,
        })
    }
}
