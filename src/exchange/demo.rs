//! The invented demo ward of `assets/demo.ron`, set to the moment at which it is opened.
//!
//! The patients are invented, all of them. This makes their facts; the caller gives them ids and saves them.

use crate::record::{
    Administration, Event, Fact, Formulary, Frequencies, FrequencyError, Grade, Graded, Height, Identity,
    IdentityError, Infusion, Initials, Measure, Measurement, Moment, Name, Noted, Now, Scale, Score, Sex, Status,
    TimeError, Weight, quick, time,
};
use crate::record::{ChartCheck, Mrn};
use chrono::{Datelike, MappedLocalTime, NaiveDate, NaiveTime, TimeDelta};
use serde::Deserialize;
use thiserror::Error;

const WARD: &str = include_str!("../../assets/demo.ron");

/// How long after a dose the invented nurses write it down, and how long they take to see a slip.
const WRITTEN_AFTER: TimeDelta = TimeDelta::minutes(4);
const CHANGED_AFTER: TimeDelta = TimeDelta::minutes(10);

/// One invented patient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoPatient {
    /// Who they would be.
    pub identity: Identity,
    /// When they were registered.
    pub registered_at: Moment,
    /// By whom.
    pub registered_by: Initials,
    /// Everything after the registration, in the order in which it was recorded.
    pub entries: Vec<DemoEntry>,
}

/// One thing that was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoEntry {
    /// When it was written down: never before the entry above it, never after now.
    pub recorded_at: Moment,
    /// By whom.
    pub recorded_by: Initials,
    /// What.
    pub step: DemoStep,
}

/// A fact, or a change of the fact recorded just before: its entry has no id until the caller has saved it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DemoStep {
    /// A fact.
    Record(Fact),
    /// The last [`DemoStep::Record`] should have said this.
    Correct {
        /// What.
        replacement: Fact,
        /// Why.
        reason: String,
    },
    /// The last [`DemoStep::Record`] should not be there.
    StrikeOut {
        /// Why.
        reason: String,
    },
}

/// Why the shipped ward cannot be made. A test makes it at every hour; at the bedside this is a damaged program.
#[derive(Debug, Error)]
pub enum DemoError {
    /// The asset, or the drug list, is not what it should be.
    #[error("the demo ward that ships with the program cannot be read: {0}; install the program again")]
    Asset(#[from] ron::error::SpannedError),
    /// A person or initials that nobody can have.
    #[error("the demo ward: {0}; install the program again")]
    Identity(#[from] IdentityError),
    /// A time that no clock shows.
    #[error("the demo ward: {0}; check the clock of this workstation")]
    Time(#[from] TimeError),
    /// A dose that the quick-entry language does not take.
    #[error("the demo ward: '{line}': {error}; install the program again")]
    Dose {
        /// The line.
        line: String,
        /// What is wrong with it.
        error: quick::QuickError,
    },
    /// A plan that the plan language does not take.
    #[error("the demo ward: '{line}': {error}; install the program again")]
    Plan {
        /// The line.
        line: String,
        /// What is wrong with it.
        error: quick::PlanError,
    },
    /// The vocabulary of plans.
    #[error("the demo ward: {0}; install the program again")]
    Frequencies(#[from] FrequencyError),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ward {
    /// From which clock time on, and who; before the first of a day it is still the last.
    shifts: Vec<(NaiveTime, Initials)>,
    patients: Vec<Patient>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Patient {
    mrn: Mrn,
    family: String,
    given: String,
    sex: Sex,
    /// Completed years, and month and day of birth.
    age: (i32, u32, u32),
    /// The Day N of now.
    day: i64,
    registered: (i64, NaiveTime),
    checked_minutes_ago: Option<i64>,
    steps: Vec<Step>,
}

/// Each names its Day and clock time first.
#[derive(Deserialize)]
enum Step {
    Weight(i64, NaiveTime, Weight),
    Height(i64, NaiveTime, Height),
    Infused(i64, NaiveTime, String),
    /// On each of these days at each of these times.
    Doses(Vec<i64>, Vec<NaiveTime>, String),
    /// What was written, what was meant, and the reason.
    Corrected(i64, NaiveTime, String, String, String),
    /// What was written, and the reason why it should not be there.
    StruckOut(i64, NaiveTime, String, String),
    Graded(i64, NaiveTime, Scale, Grade, Option<Score>),
    Event(i64, NaiveTime, Event),
    /// A plan as it was typed then.
    Planned(i64, NaiveTime, String),
}

/// A fact at its time, with the change that followed.
struct Happened {
    at: Moment,
    fact: Fact,
    change: Option<DemoStep>,
}

/// Makes the ward as it would be now: nothing in it is later, but for an infusion still to come.
///
/// ```
/// use corticurve::exchange::demo::demo_ward;
/// use corticurve::record::{Now, time};
/// let zone = chrono::FixedOffset::east_opt(0).unwrap();
/// let now = Now { at: time::parse_moment("2026-11-22 14:30", &zone).unwrap(), zone: &zone };
/// assert_eq!(demo_ward(now).unwrap()[0].identity.shown_name(), "EXAMPLE, Robin");
/// ```
///
/// # Errors
/// [`DemoError`]; never in a tested build.
pub fn demo_ward(now: Now<'_>) -> Result<Vec<DemoPatient>, DemoError> {
    let ward: Ward = ron::from_str(WARD)?;
    let formulary = Formulary::shipped()?;
    let making = Making { now, formulary, shifts: ward.shifts };
    ward.patients.into_iter().map(|patient| making.patient(patient)).collect()
}

struct Making<'a> {
    now: Now<'a>,
    formulary: Formulary,
    shifts: Vec<(NaiveTime, Initials)>,
}

impl Making<'_> {
    fn patient(&self, patient: Patient) -> Result<DemoPatient, DemoError> {
        let day0 = self.now.at.date_naive() - TimeDelta::days(patient.day);
        let registered_at = self.at(day0, patient.registered.0, patient.registered.1)?.min(self.now.at);
        let mut happened = self.happened(day0, patient.steps)?;
        // An infusion that is planned is known from the start; everything else that is still to come is left out.
        happened.retain(|it| it.at <= self.now.at || matches!(it.fact, Fact::Infused(_)));
        if let Some(minutes) = patient.checked_minutes_ago {
            let at = self.now.at - TimeDelta::minutes(minutes);
            happened.push(Happened { at, fact: Fact::ChartChecked(ChartCheck { up_to: at }), change: None });
        }
        happened.sort_by_key(|it| if it.at > self.now.at { registered_at } else { it.at });
        Ok(DemoPatient {
            identity: Identity {
                mrn: patient.mrn,
                family: Name::parse(&patient.family)?,
                given: Name::parse(&patient.given)?,
                born: self.born(patient.age),
                sex: patient.sex,
                dates_shifted: false,
            },
            registered_at,
            registered_by: self.on_shift(registered_at)?,
            entries: self.recorded(registered_at, happened)?,
        })
    }

    /// Whoever is of this age now: the last birthday was in this year or in the one before.
    fn born(&self, (years, month, day): (i32, u32, u32)) -> Option<NaiveDate> {
        let today = self.now.at.date_naive();
        let to_come = (month, day) > (today.month(), today.day());
        NaiveDate::from_ymd_opt(today.year() - years - i32::from(to_come), month, day)
    }

    /// A wall-clock time of a Day. The demo opens on every day of the year, also where this hour is skipped or repeated.
    fn at(&self, day0: NaiveDate, day: i64, clock: NaiveTime) -> Result<Moment, TimeError> {
        let wall = (day0 + TimeDelta::days(day)).and_time(clock);
        match self.now.zone.moments(wall) {
            MappedLocalTime::Single(moment) | MappedLocalTime::Ambiguous(moment, _) => Ok(moment),
            MappedLocalTime::None => time::on_the_wall(self.now.zone, wall + TimeDelta::hours(1)),
        }
    }

    fn happened(&self, day0: NaiveDate, steps: Vec<Step>) -> Result<Vec<Happened>, DemoError> {
        let when = |day, clock| self.at(day0, day, clock);
        let mut weight = None;
        let mut happened = Vec::new();
        let mut add = |at: Moment, fact: Fact, change| happened.push(Happened { at, fact, change });
        for step in steps {
            match step {
                Step::Weight(day, clock, value) => {
                    weight = Some(value);
                    let at = when(day, clock)?;
                    add(at, Fact::Measured(Measurement { what: Measure::Weight(value), at }), None);
                }
                Step::Height(day, clock, value) => {
                    let at = when(day, clock)?;
                    add(at, Fact::Measured(Measurement { what: Measure::Height(value), at }), None);
                }
                Step::Infused(day, clock, product) => {
                    let at = when(day, clock)?;
                    add(at, Fact::Infused(Infusion { product, at }), None);
                }
                Step::Doses(on, clocks, line) => {
                    for (day, clock) in on.iter().flat_map(|day| clocks.iter().map(|clock| (*day, *clock))) {
                        let at = when(day, clock)?;
                        add(at, self.dose(at, weight, &line)?, None);
                    }
                }
                Step::Corrected(day, clock, wrong, right, reason) => {
                    let at = when(day, clock)?;
                    let change = DemoStep::Correct { replacement: self.dose(at, weight, &right)?, reason };
                    add(at, self.dose(at, weight, &wrong)?, Some(change));
                }
                Step::StruckOut(day, clock, line, reason) => {
                    let at = when(day, clock)?;
                    add(at, self.dose(at, weight, &line)?, Some(DemoStep::StrikeOut { reason }));
                }
                Step::Graded(day, clock, scale, grade, score) => {
                    let at = when(day, clock)?;
                    add(at, Fact::Graded(Graded { scale, grade, at, score }), None);
                }
                Step::Event(day, clock, event) => {
                    let at = when(day, clock)?;
                    add(at, Fact::Noted(Noted { event, at }), None);
                }
                Step::Planned(day, clock, line) => {
                    let at = when(day, clock)?;
                    add(at, self.plan(at, weight, &line)?, None);
                }
            }
        }
        Ok(happened)
    }

    /// A dose typed at the moment at which it was given.
    fn dose(&self, at: Moment, weight: Option<Weight>, line: &str) -> Result<Fact, DemoError> {
        let now = Now { at, zone: self.now.zone };
        let context = quick::Context { formulary: &self.formulary, now, weight };
        let parsed: Result<Administration, _> = quick::parse(line, context);
        let mut dose = parsed.map_err(|error| DemoError::Dose { line: line.to_owned(), error })?;
        // An infusion was running when it was typed, and is long over.
        if dose.status == Status::Running && dose.given.end() <= self.now.at {
            dose.status = Status::Given;
        }
        Ok(Fact::Administered(dose))
    }

    /// A plan typed at the moment at which it was recorded.
    fn plan(&self, at: Moment, weight: Option<Weight>, line: &str) -> Result<Fact, DemoError> {
        let context = quick::Context { formulary: &self.formulary, now: Now { at, zone: self.now.zone }, weight };
        let plan = quick::parse_plan(line, &Frequencies::shipped()?, context);
        Ok(Fact::Planned(plan.map_err(|error| DemoError::Plan { line: line.to_owned(), error })?))
    }

    fn recorded(&self, registered_at: Moment, happened: Vec<Happened>) -> Result<Vec<DemoEntry>, DemoError> {
        let mut entries = Vec::new();
        let mut last = registered_at;
        let mut write = |at: Moment, after: TimeDelta, step: DemoStep| -> Result<(), DemoError> {
            let recorded_at = if at > self.now.at { last } else { (at + after).min(self.now.at).max(last) };
            last = recorded_at;
            entries.push(DemoEntry { recorded_at, recorded_by: self.on_shift(recorded_at)?, step });
            Ok(())
        };
        for Happened { at, fact, change } in happened {
            write(at, WRITTEN_AFTER, DemoStep::Record(fact))?;
            if let Some(change) = change {
                write(at, CHANGED_AFTER, change)?;
            }
        }
        Ok(entries)
    }

    fn on_shift(&self, at: Moment) -> Result<Initials, DemoError> {
        let began = self.shifts.iter().rfind(|(from, _)| *from <= at.time());
        let on_shift = began.or(self.shifts.last()).map(|(_, who)| who.clone());
        on_shift.ok_or_else(|| DemoError::Identity(IdentityError::Initials(String::new())))
    }
}
