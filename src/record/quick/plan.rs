//! The one-line language in which plans are typed.
//!
//! ```text
//! STAGE [then STAGE]...
//! STAGE: DRUG AMOUNT[unit | unit/kg] [ROUTE] FREQUENCY | at 08:00,20:00  [from TIME] (x8 | 8 doses | for 3d | until TIME)
//! ```
//!
//! `dex 10 iv q6h x8 then 4 q12h for 3d then 2 daily until 2026-12-01`. After the drug the order is free. The first stage
//! begins now unless it says from when; a later one begins one interval after the last dose of the stage before it, and
//! has its drug and route. A date alone is taken where doses are due on whole days; elsewhere the time is asked.

use super::parts::is_unit;
use super::{Context, Dosing, QuickError, Said, is_rate, keep, when};
use crate::record::amount::split_unit;
use crate::record::time::{self, Moment, Now, TimeError, on_the_wall};
use crate::record::visible::brief;
use crate::record::{
    Amount, DrugId, Frequencies, Given, Interval, MOST_DOSES, PerKg, Plan, Route, ScheduleError, Stage, StageEnd,
};
use chrono::{NaiveDate, NaiveTime, TimeDelta, Timelike};
use thiserror::Error;

/// Why a line is not a plan. Every message names the word and says what would be taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PlanError {
    /// Nothing was typed, or nothing after `then`.
    #[error("type a plan, like: dex 10 iv q6h x8 then 4 q12h for 3d then 2 daily until 2026-12-01")]
    Empty,
    /// The line is longer than any plan.
    #[error("the plan is longer than 500 characters; record it as two")]
    TooLong,
    /// A drug, an amount, a time, or two words for one thing.
    #[error(transparent)]
    Quick(#[from] QuickError),
    /// What the doses' times cannot be worked out of.
    #[error(transparent)]
    Schedule(#[from] ScheduleError),
    /// No amount.
    #[error("how much each time, in '{0}'? write an amount after the drug, like 10 or 500mcg")]
    NoAmount(String),
    /// An amount of nothing.
    #[error("'{0}' plans doses of 0 mg; leave the stage out")]
    Zero(String),
    /// An amount by time.
    #[error("'{0}' is a rate, and a plan is made of doses; write how much each time, like 10 or 0.2mg/kg")]
    Rate(String),
    /// No frequency.
    #[error("how often, in '{0}'? write q6h, bid, daily, every 2 days, or at 08:00,20:00")]
    NoFrequency(String),
    /// No end.
    #[error("until when, in '{0}'? write x8, for 3d, or until 2026-12-01")]
    NoEnd(String),
    /// A stage without a dose.
    #[error("no dose of '{0}' is due before its end; check from when until when")]
    NoDose(String),
    /// Nothing comes one interval after a single dose.
    #[error("from when, in '{0}'? nothing comes one interval after a single dose; write from 2026-12-01 08:00")]
    NoFrom(String),
    /// `for` without a duration.
    #[error("'for {0}' is not a duration of a plan; write for 3d, for 48h or for 2 weeks, at most 366 days")]
    Duration(String),
    /// `x` without a number.
    #[error("'{0}' is not a number of doses; write x8, from x1 to x{MOST_DOSES}")]
    Count(String),
    /// `at` without times of day.
    #[error("'at {0}' is not a list of times of day; write at 08:00,20:00")]
    TimesOfDay(String),
    /// A slip in the year.
    #[error("{} is more than a year from now; check the year", time::shown_date(*.0))]
    FarAway(NaiveDate),
    /// A word that is nothing of this.
    #[error(
        "'{0}' is not understood in a plan; taken are an amount, a route (iv, po, sc, …), how often (q6h, bid, daily, at 08:00,20:00), 'from' a time, x8, 'for 3d' or 'until' a time or date, and 'then' before the next stage"
    )]
    Word(String),
}

/// Reads one line.
///
/// ```
/// use corticurve::record::{Formulary, Frequencies, Now, quick, time};
/// let (formulary, frequencies) = (Formulary::shipped().unwrap(), Frequencies::shipped().unwrap());
/// let zone = chrono::FixedOffset::east_opt(0).unwrap();
/// let at = time::parse_moment("2026-11-22 14:30", &zone).unwrap();
/// let context = quick::Context { formulary: &formulary, now: Now { at, zone: &zone }, weight: None };
/// let plan = quick::parse_plan("dex 10 iv q6h x8 then 4 q12h for 3d", &frequencies, context).unwrap();
/// assert_eq!(plan.stages[0].shown(), "dexamethasone 10 mg IV every 6 h, 8 doses, from 22-Nov-2026 14:30");
/// assert_eq!(plan.stages[1].shown(), "dexamethasone 4 mg IV every 12 h, for 3 d, from 24-Nov-2026 14:30");
/// let asked = quick::parse_plan("dex 10 iv q6h", &frequencies, context).unwrap_err();
/// assert!(asked.to_string().starts_with("until when"));
/// ```
///
/// # Errors
/// [`PlanError`] names the word and says what would be taken.
pub fn parse_plan(line: &str, frequencies: &Frequencies, context: Context<'_>) -> Result<Plan, PlanError> {
    if line.chars().count() > 500 {
        return Err(PlanError::TooLong);
    }
    let words: Vec<&str> =
        line.split_whitespace().map(|word| word.trim_end_matches(',')).filter(|word| !word.is_empty()).collect();
    let mut stages: Vec<Stage> = Vec::new();
    for words in words.split(|word| word.eq_ignore_ascii_case("then")) {
        let text: String = words.join(" ").chars().take(60).collect();
        let mut reader = Reader { words, frequencies, context, found: Found::default() };
        reader.read(stages.is_empty())?;
        let stage = reader.finish(text, stages.last())?;
        stages.push(stage);
    }
    Ok(Plan { stages })
}

/// A time, or a date alone.
#[derive(Clone, Copy)]
enum When {
    At(Moment),
    On(NaiveDate),
}

#[derive(Default)]
struct Found<'a> {
    drug: Option<DrugId>,
    amount: Said<'a, (Amount, Option<PerKg>)>,
    route: Said<'a, Route>,
    every: Said<'a, Interval>,
    from: Said<'a, When>,
    until: Said<'a, End>,
}

#[derive(Clone, Copy)]
enum End {
    When(When),
    Known(StageEnd),
}

struct Reader<'a, 'w> {
    words: &'w [&'a str],
    frequencies: &'a Frequencies,
    context: Context<'a>,
    found: Found<'a>,
}

impl<'a> Reader<'a, '_> {
    fn take(&mut self) -> Option<&'a str> {
        let (word, rest) = self.words.split_first()?;
        self.words = rest;
        Some(word)
    }

    fn peek(&self) -> &'a str {
        self.words.first().copied().unwrap_or("")
    }

    fn skip(&mut self, words: usize) {
        self.words = self.words.get(words..).unwrap_or_default();
    }

    /// Reads every word of a stage. A first stage begins with its drug; a later one may.
    fn read(&mut self, is_first: bool) -> Result<(), PlanError> {
        let first = self.words.first().copied().ok_or(PlanError::Empty)?;
        if is_first {
            self.found.drug = Some(self.context.formulary.find(first).map_err(QuickError::from)?.id.clone());
            self.skip(1);
        }
        let mut may_be_drug = !is_first;
        while let Some(word) = self.words.first().copied() {
            match self.word(word) {
                Err(PlanError::Word(_)) if may_be_drug => {
                    self.found.drug = Some(self.context.formulary.find(word).map_err(QuickError::from)?.id.clone());
                }
                other => other?,
            }
            may_be_drug = false;
        }
        Ok(())
    }

    /// Reads one word, with those after it that belong to it.
    fn word(&mut self, word: &'a str) -> Result<(), PlanError> {
        if let Some((frequency, taken)) = self.frequencies.first_of(self.words) {
            self.skip(taken);
            return Ok(keep(&mut self.found.every, "frequency", word, frequency.every.clone())?);
        }
        self.skip(1);
        let lower = word.to_lowercase();
        let counted = lower.strip_prefix(['x', '×']).filter(|count| count.bytes().all(|byte| byte.is_ascii_digit()));
        if let Some(count) = counted {
            let count = if count.is_empty() { self.take().unwrap_or("") } else { count };
            return self.doses(word, count);
        }
        if matches!(self.peek().to_lowercase().as_str(), "dose" | "doses") {
            self.skip(1);
            return self.doses(word, word);
        }
        match lower.as_str() {
            "for" => self.lasting(word),
            "until" | "till" | "to" => {
                let end = End::When(self.when()?);
                Ok(keep(&mut self.found.until, "end", word, end)?)
            }
            "from" | "starting" => {
                let from = self.when()?;
                Ok(keep(&mut self.found.from, "beginning", word, from)?)
            }
            "at" => self.times_of_day(word),
            _ => match Route::find(word) {
                Some(route) => Ok(keep(&mut self.found.route, "route", word, route)?),
                None if word.starts_with(|c: char| c.is_numeric() || matches!(c, '-' | '+' | '.' | ',' | '−')) => {
                    self.amount(word)
                }
                None => Err(PlanError::Word(brief(word))),
            },
        }
    }

    fn doses(&mut self, word: &'a str, count: &str) -> Result<(), PlanError> {
        let wrong = || PlanError::Count(brief(word));
        let doses: u32 = count.parse().map_err(|_| wrong())?;
        if doses == 0 || usize::try_from(doses).map_or(true, |doses| doses > MOST_DOSES) {
            return Err(wrong());
        }
        Ok(keep(&mut self.found.until, "end", word, End::Known(StageEnd::Doses(doses)))?)
    }

    /// `for 3d`, `for 3 days`, `for 48h`, `for 2 weeks`.
    fn lasting(&mut self, word: &'a str) -> Result<(), PlanError> {
        let said = self.take().unwrap_or("");
        let (number, mut unit) = split_unit(said);
        if unit.is_empty() {
            unit = self.take().unwrap_or("");
        }
        let minutes = match unit.to_lowercase().as_str() {
            "h" | "hour" | "hours" => 60,
            "d" | "day" | "days" => 1440,
            "w" | "wk" | "week" | "weeks" => 7 * 1440,
            _ => 0,
        };
        let minutes = number.parse::<u32>().ok().and_then(|number| number.checked_mul(minutes));
        let minutes = minutes.filter(|minutes| (1..=366 * 1440).contains(minutes));
        let minutes = minutes.ok_or_else(|| PlanError::Duration(brief(said)))?;
        Ok(keep(&mut self.found.until, "end", word, End::Known(StageEnd::For(minutes)))?)
    }

    /// `at 08:00,20:00`, also with spaces.
    fn times_of_day(&mut self, word: &'a str) -> Result<(), PlanError> {
        let mut times: Vec<NaiveTime> = Vec::new();
        let said = self.peek();
        while self.peek().contains(':') {
            for clock in self.take().unwrap_or("").split(',') {
                times.push(time::parse_clock(clock).map_err(QuickError::from)?);
            }
        }
        times.sort_unstable();
        times.dedup();
        if times.is_empty() {
            return Err(PlanError::TimesOfDay(brief(said)));
        }
        Ok(keep(&mut self.found.every, "frequency", word, Interval::TimesOfDay(times))?)
    }

    /// A time as doses have it, or a date alone, neither more than a year from now.
    fn when(&mut self) -> Result<When, PlanError> {
        let now = self.context.now;
        let today = now.at.date_naive();
        let word = self.take().unwrap_or("");
        let date = match word.to_lowercase().as_str() {
            "today" => Some(today),
            "tomorrow" => today.succ_opt(),
            "yesterday" => today.pred_opt(),
            _ if when::looks_like_date(word) => Some(time::parse_date(word).map_err(QuickError::from)?),
            _ => None,
        };
        let when = match date.filter(|_| !self.peek().contains(':')) {
            Some(date) => When::On(date),
            None => match when::read(word, self.words, now)? {
                Some((Given::At(at), taken)) => {
                    self.skip(taken);
                    When::At(at)
                }
                _ => return Err(QuickError::from(TimeError::Form(brief(word))).into()),
            },
        };
        let date = match when {
            When::At(at) => at.date_naive(),
            When::On(date) => date,
        };
        if (date - today).abs() > TimeDelta::days(366) { Err(PlanError::FarAway(date)) } else { Ok(when) }
    }

    fn amount(&mut self, word: &'a str) -> Result<(), PlanError> {
        let (number, mut unit) = split_unit(word);
        if unit.is_empty() && is_unit(self.peek()) {
            unit = self.take().unwrap_or("");
        }
        let unit = if unit.is_empty() { "mg" } else { unit };
        if is_rate(unit) {
            return Err(PlanError::Rate(brief(&format!("{number} {unit}"))));
        }
        let given = Given::At(self.context.now.at);
        let amount = Dosing::parse(number, unit)?.over(given, self.context.weight)?;
        Ok(keep(&mut self.found.amount, "amount", word, amount)?)
    }

    fn finish(self, text: String, previous: Option<&Stage>) -> Result<Stage, PlanError> {
        let (found, now) = (self.found, self.context.now);
        let is_same_drug = found.drug.is_none() || found.drug.as_ref() == previous.map(|stage| &stage.drug);
        let drug = found.drug.or_else(|| previous.map(|stage| stage.drug.clone())).ok_or(PlanError::Empty)?;
        let inherited = previous.filter(|_| is_same_drug).and_then(|stage| stage.route);
        let Some((_, (amount, ordered))) = found.amount else { return Err(PlanError::NoAmount(text)) };
        if amount == Amount::ZERO {
            return Err(PlanError::Zero(text));
        }
        let Some((_, every)) = found.every else { return Err(PlanError::NoFrequency(text)) };
        let from = match found.from {
            Some((_, When::At(at))) => at,
            Some((_, When::On(date))) => first_of(date, &every, now)?,
            None => match previous {
                None => now.at.with_second(0).unwrap_or(now.at),
                Some(stage) => stage.next_after(now.zone)?.ok_or_else(|| PlanError::NoFrom(text.clone()))?,
            },
        };
        let until = match found.until {
            Some((word, _)) if every == Interval::Once => {
                let (first, second) = ("once".to_owned(), brief(word));
                return Err(QuickError::Twice { what: "number of doses", first, second }.into());
            }
            None if every == Interval::Once => StageEnd::Doses(1),
            None => return Err(PlanError::NoEnd(text)),
            Some((_, End::Known(end))) => end,
            Some((_, End::When(When::At(at)))) => StageEnd::At(at),
            Some((_, End::When(When::On(date)))) if every.is_by_day() => StageEnd::On(date),
            Some((_, End::When(When::On(_)))) => return Err(ScheduleError::NeedsTime(every.shown()).into()),
        };
        let route = found.route.map(|(_, route)| route).or(inherited);
        let stage = Stage { drug, amount, route, ordered, every, from, until };
        if stage.times(now.zone)?.is_empty() { Err(PlanError::NoDose(text)) } else { Ok(stage) }
    }
}

/// The beginning of a date, for times of day; every other frequency needs to be told the time of its first dose.
fn first_of(date: NaiveDate, every: &Interval, now: Now<'_>) -> Result<Moment, PlanError> {
    match every {
        Interval::TimesOfDay(_) => Ok(on_the_wall(now.zone, date.and_time(NaiveTime::MIN)).map_err(QuickError::from)?),
        other => Err(ScheduleError::NeedsTime(other.shown()).into()),
    }
}
