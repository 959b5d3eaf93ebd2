//! Staged plans: which doses are expected. Planned is not given, and nothing here is ever counted.

use super::{Amount, DrugId, Formulary, Moment, PerKg, Route, time};
use serde::{Deserialize, Serialize};

/// A staged plan. Its doses are expected, never given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The stages, in order.
    pub stages: Vec<Stage>,
}

/// One stage of a plan: an amount, how often, from when until when. When its doses are due is [`Stage::times`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// Which drug.
    pub drug: DrugId,
    /// How much each time.
    pub amount: Amount,
    /// By which route, if stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<Route>,
    /// The dose per kilogram that it was ordered as, if so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ordered: Option<PerKg>,
    /// How often.
    pub every: Interval,
    /// The first dose; with times of day, the time from which they count.
    pub from: Moment,
    /// When the stage ends.
    pub until: StageEnd,
}

/// How often a planned dose is due.
///
/// ```
/// use corticurve::record::Interval;
/// assert_eq!(Interval::Minutes(360).shown(), "every 6 h");
/// assert_eq!(Interval::OverDays { doses: 5, days: 7 }.shown(), "5 times in 7 days");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Interval {
    /// Every so many minutes, by instants: what is due 6 hours later stays 6 hours later when the clocks change.
    Minutes(u32),
    /// So many doses evenly over 24 hours, by instants.
    PerDay(u32),
    /// So many doses evenly over so many days, each on a whole day and at the first dose's time of day on the wall clock.
    OverDays {
        /// How many doses; at most one a day.
        doses: u32,
        /// Over how many days.
        days: u32,
    },
    /// Every day at these times on the wall clock.
    TimesOfDay(Vec<chrono::NaiveTime>),
    /// One dose and no other.
    Once,
}

/// When a stage ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum StageEnd {
    /// At a time; a dose due then is still one of the stage.
    At(Moment),
    /// With the last dose of a date on the wall clock.
    On(chrono::NaiveDate),
    /// After so many minutes; a dose due at their end is no longer one of the stage, so that every 12 h for 3 days is 6
    /// doses.
    For(u32),
    /// After so many doses.
    Doses(u32),
}

/// Days of a mean month and a mean year of the Julian calendar, as the frequency vocabulary counts them: 30.4375 is
/// 487/16, and 365.25 is 1461/4.
const MONTH: (u32, u32) = (487, 16);
const YEAR: (u32, u32) = (1461, 4);

impl Interval {
    /// Whether doses are due on whole days, so that a date says enough of when the stage ends.
    pub const fn is_by_day(&self) -> bool {
        matches!(self, Self::OverDays { .. } | Self::TimesOfDay(_) | Self::Once)
    }

    /// In words: `every 6 h`, `daily`, `every other day`, `at 08:00, 20:00`.
    pub fn shown(&self) -> String {
        match self {
            Self::Minutes(minutes) => format!("every {}", span_words(*minutes)),
            Self::PerDay(doses) => format!("{doses} times a day"),
            Self::OverDays { doses, days } => over_days_words(*doses, *days),
            Self::TimesOfDay(times) => {
                let times: Vec<String> = times.iter().map(|time| time.format("%H:%M").to_string()).collect();
                format!("at {}", times.join(", "))
            }
            Self::Once => "once".to_owned(),
        }
    }
}

fn over_days_words(doses: u32, days: u32) -> String {
    // A number of months or years, where the days are one.
    let in_units = |(unit, per): (u32, u32)| {
        (days > 0 && days.is_multiple_of(unit) && doses > 0 && doses.is_multiple_of(per))
            .then_some((doses / per, days / unit))
    };
    let words = |doses, number, one: &str, many: &str| match (doses, number) {
        (1, 1) => format!("every {one}"),
        (1, number) => format!("every {number} {many}"),
        (doses, 1) => format!("{doses} times in a {one}"),
        (doses, number) => format!("{doses} times in {number} {many}"),
    };
    match (doses, days) {
        (1, 1) => "daily".to_owned(),
        (1, 2) => "every other day".to_owned(),
        (1, 7) => "weekly".to_owned(),
        _ => match (in_units(MONTH), in_units(YEAR)) {
            (Some((doses, months)), _) => words(doses, months, "month", "months"),
            (_, Some((doses, years))) => words(doses, years, "year", "years"),
            _ => words(doses, days, "day", "days"),
        },
    }
}

/// `6 h`, `45 min`, `3 d`.
fn span_words(minutes: u32) -> String {
    match minutes {
        minutes if minutes > 0 && minutes.is_multiple_of(1440) && minutes > 2880 => format!("{} d", minutes / 1440),
        minutes if minutes > 0 && minutes.is_multiple_of(60) => format!("{} h", minutes / 60),
        minutes => format!("{minutes} min"),
    }
}

impl StageEnd {
    /// In words: `8 doses`, `for 3 d`, `until 01-Dec-2026`.
    pub fn shown(self) -> String {
        match self {
            Self::At(at) => format!("until {}", time::shown(at)),
            Self::On(date) => format!("until {}", time::shown_date(date)),
            Self::For(minutes) => format!("for {}", span_words(minutes)),
            Self::Doses(1) => "1 dose".to_owned(),
            Self::Doses(doses) => format!("{doses} doses"),
        }
    }
}

impl Stage {
    /// In words: `dexamethasone 10 mg IV every 6 h, 8 doses, from 22-Nov-2026 14:30`.
    pub fn shown(&self) -> String {
        self.named(self.drug.as_str())
    }

    /// When it begins, and the time at which it ends where it states one; a date as its midnight.
    pub(super) fn bounds(&self) -> Vec<Moment> {
        let end = match self.until {
            StageEnd::At(at) => Some(at),
            StageEnd::On(date) => Some(date.and_time(chrono::NaiveTime::MIN).and_utc().fixed_offset()),
            StageEnd::For(_) | StageEnd::Doses(_) => None,
        };
        std::iter::once(self.from).chain(end).collect()
    }

    /// The same with a name for the drug.
    fn named(&self, drug: &str) -> String {
        let route = self.route.map(|route| format!(" {}", route.short())).unwrap_or_default();
        let (amount, every) = (self.amount.shown(), self.every.shown());
        let from = time::shown(self.from);
        match self.every {
            Interval::Once => format!("{drug} {amount}{route} once, {from}"),
            _ => format!("{drug} {amount}{route} {every}, {}, from {from}", self.until.shown()),
        }
    }
}

impl Plan {
    /// In words, stage by stage.
    pub fn shown(&self) -> String {
        let stages: Vec<String> = self.stages.iter().map(Stage::shown).collect();
        stages.join("; then ")
    }

    /// The same with the drugs' shown names.
    pub fn named(&self, formulary: &Formulary) -> String {
        let stages: Vec<String> = self.stages.iter().map(|stage| stage.named(formulary.shown(&stage.drug))).collect();
        stages.join("; then ")
    }
}
