//! Plans and where they lead, as JSON.

use super::summary::{Number, number};
use crate::exposure::{Exact, Exposure, PlannedDay, Projection, Reached, Step, Table, compared};
use crate::record::{DrugId, EntryId, Moment, Mrn, Plan, Recorded};
use chrono::NaiveDate;
use serde::Serialize;

/// A projection with its name: `plan` for what is recorded, a letter for what is only supposed.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    /// The name.
    pub name: &'a str,
    /// The line that it was typed as; `None` for recorded plans.
    pub line: Option<&'a str>,
    /// Where it leads.
    pub projection: &'a Projection,
}

#[derive(Debug, Serialize)]
struct ProjectionsJson<'a> {
    mrn: &'a Mrn,
    table: &'a str,
    table_version: &'a str,
    as_of: Moment,
    dexamethasone_equivalent_mg: Number,
    plans: Vec<PlanJson<'a>>,
    days: Vec<DayJson>,
    projections: Vec<ProjectionJson<'a>>,
    compared: Vec<ComparedJson>,
}

#[derive(Debug, Serialize)]
struct PlanJson<'a> {
    id: &'a EntryId,
    recorded_at: Moment,
    recorded_by: &'a str,
    plan: String,
}

#[derive(Debug, Serialize)]
struct DayJson {
    date: NaiveDate,
    day: Option<i64>,
    planned_mg: Number,
    given_mg: Option<Number>,
    planned_anakinra_mg: Number,
    given_anakinra_mg: Option<Number>,
    planned_doses_not_converted: usize,
}

#[derive(Debug, Serialize)]
struct ProjectionJson<'a> {
    name: &'a str,
    line: Option<&'a str>,
    end_mg: Number,
    anakinra_end_mg: Number,
    due_by_now: usize,
    last_at: Option<Moment>,
    steps: Vec<StepJson<'a>>,
    anakinra_steps: Vec<StepJson<'a>>,
    not_converted: Vec<BeyondJson<'a>>,
    reach: Option<ReachJson>,
}

#[derive(Debug, Serialize)]
struct StepJson<'a> {
    at: Moment,
    drug: &'a DrugId,
    mg: Number,
    total_mg: Number,
    /// Whether it is a piece of an infusion that is running already.
    running: bool,
}

#[derive(Debug, Serialize)]
struct BeyondJson<'a> {
    drug: &'a DrugId,
    reason: &'static str,
    doses: usize,
    mg: Number,
}

#[derive(Debug, Serialize)]
struct ReachJson {
    mg: Number,
    /// `already`, `at`, or `not by the end`.
    reached: &'static str,
    at: Option<Moment>,
    total_mg: Number,
}

#[derive(Debug, Serialize)]
struct ComparedJson {
    date: NaiveDate,
    /// In the order of the projections.
    total_mg: Vec<Number>,
}

impl<'a> StepJson<'a> {
    fn of(step: &'a Step) -> Self {
        Self { at: step.at, drug: &step.drug, mg: number(step.mg), total_mg: number(step.total), running: step.running }
    }
}

impl ReachJson {
    fn of(projection: &Projection, target: Exact) -> Self {
        let (reached, at, total) = match projection.reaches(target) {
            Reached::Already { total } => ("already", None, total),
            Reached::At { at, total } => ("at", Some(at), total),
            Reached::NotByTheEnd { total } => ("not by the end", None, total),
        };
        Self { mg: number(target), reached, at, total_mg: number(total) }
    }
}

/// What `project --json` prints: the plans that stand, planned against given for each date, each projection step by step,
/// and all of them at the end of each date. Amounts are dexamethasone-equivalent unless the name says otherwise.
pub fn projections_json<'a>(
    mrn: &'a Mrn,
    table: &'a Table,
    exposure: &Exposure,
    plans: &[&'a Recorded<Plan>],
    days: &[PlannedDay],
    projections: &[Named<'a>],
    reach: Option<Exact>,
) -> impl Serialize + 'a {
    let plan = |recorded: &&'a Recorded<Plan>| PlanJson {
        id: &recorded.stamp.id,
        recorded_at: recorded.stamp.at,
        recorded_by: recorded.stamp.by.as_str(),
        plan: recorded.value.shown(),
    };
    let day = |day: &PlannedDay| DayJson {
        date: day.date,
        day: exposure.day_of(day.date).map(|day| day.0),
        planned_mg: number(day.planned),
        given_mg: day.given.map(number),
        planned_anakinra_mg: number(day.planned_anakinra),
        given_anakinra_mg: day.given_anakinra.map(number),
        planned_doses_not_converted: day.beyond,
    };
    let named = |named: &Named<'a>| {
        let projection = named.projection;
        let beyond = projection.beyond.iter().map(|beyond| BeyondJson {
            drug: &beyond.drug,
            reason: beyond.reason.words(),
            doses: beyond.doses,
            mg: number(beyond.mg),
        });
        ProjectionJson {
            name: named.name,
            line: named.line,
            end_mg: number(projection.end()),
            anakinra_end_mg: number(projection.anakinra_end()),
            due_by_now: projection.due,
            last_at: projection.last(),
            steps: projection.steps.iter().map(StepJson::of).collect(),
            anakinra_steps: projection.anakinra.iter().map(StepJson::of).collect(),
            not_converted: beyond.collect(),
            reach: reach.map(|target| ReachJson::of(projection, target)),
        }
    };
    let together: Vec<&Projection> = projections.iter().map(|named| named.projection).collect();
    let at_the_end_of = |(date, totals): (NaiveDate, Vec<Exact>)| ComparedJson {
        date,
        total_mg: totals.into_iter().map(number).collect(),
    };
    ProjectionsJson {
        mrn,
        table: &table.id,
        table_version: &table.version,
        as_of: exposure.as_of,
        dexamethasone_equivalent_mg: number(exposure.total),
        plans: plans.iter().map(plan).collect(),
        days: days.iter().map(day).collect(),
        projections: projections.iter().map(named).collect(),
        compared: compared(&together).into_iter().map(at_the_end_of).collect(),
    }
}
