//! When the doses of a stage are due, worked out from the facts alone.
//!
//! Dose *k*, counted from 0, is due at the start plus the whole minutes of *k* periods; where the frequency is by day, plus
//! the whole days of *k* periods, at the same time on the wall clock. So a daily dose of 08:00 stays at 08:00 when the clocks
//! change, and one every 6 hours stays 6 hours after the one before. A wall-clock time that the clock shows twice means
//! its first; one that the clock skips means the same instant as if the clock had not changed yet.

use super::{Interval, Moment, Stage, StageEnd, Zone, time};
use chrono::{MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use thiserror::Error;

/// The most doses that one stage may have: every 6 hours for more than a year. A slip is an error, not a window that hangs.
pub const MOST_DOSES: usize = 2_000;

/// Why a stage has no doses that could be listed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ScheduleError {
    /// An interval of nothing, or more than one dose a day in a frequency by day.
    #[error("'{0}' is no interval between doses; write how often, like q6h, bid, daily or at 08:00,20:00")]
    NoInterval(String),
    /// A date alone, for a frequency that is counted in hours.
    #[error("'{0}' needs the time of day as well as the date; write it like 2026-12-01 08:00")]
    NeedsTime(String),
    /// More than [`MOST_DOSES`].
    #[error("a stage of the plan has more than {MOST_DOSES} doses; check how often, and until when")]
    TooMany,
    /// Beyond the calendar.
    #[error("the plan leads out of the calendar; check its dates")]
    Calendar,
}

/// What an interval says of dose *k*.
enum Due {
    /// So many minutes after the first.
    After(u64),
    /// So many days after the first's date, at a time of the wall clock.
    OnDay(u64, NaiveTime),
    /// There is none.
    Never,
}

impl Interval {
    /// When dose `k` of a stage that begins at a wall-clock time is due.
    fn due(&self, k: u64, begins: NaiveTime) -> Result<Due, ScheduleError> {
        let none = || ScheduleError::NoInterval(self.shown());
        let periods = |length: u32, parts: u32| Some(k.checked_mul(u64::from(length))? / u64::from(parts));
        let minutes = |minutes: Option<u64>| minutes.map(Due::After).ok_or(ScheduleError::Calendar);
        match self {
            Self::Minutes(0) | Self::PerDay(0) => Err(none()),
            // More often than daily at one time of day would be two doses at one instant.
            Self::OverDays { doses, days } if *doses == 0 || doses > days => Err(none()),
            Self::Minutes(every) => minutes(periods(*every, 1)),
            Self::PerDay(doses) => minutes(periods(1440, *doses)),
            Self::OverDays { doses, days } => {
                Ok(Due::OnDay(periods(*days, *doses).ok_or(ScheduleError::Calendar)?, begins))
            }
            Self::TimesOfDay(times) => {
                let mut times = times.clone();
                times.sort_unstable();
                times.dedup();
                let gone = times.iter().filter(|time| **time < begins).count();
                let (gone, a_day) = (gone as u64, times.len() as u64);
                let at = k.checked_add(gone).ok_or(ScheduleError::Calendar)?;
                let time = at.checked_rem(a_day).and_then(|at| times.get(usize::try_from(at).ok()?));
                Ok(Due::OnDay(at.checked_div(a_day).ok_or_else(none)?, *time.ok_or_else(none)?))
            }
            Self::Once => Ok(if k == 0 { Due::After(0) } else { Due::Never }),
        }
    }

    /// The dates on which doses are due, where only the dates of the first day and of the last one are known.
    ///
    /// ```
    /// use corticurve::record::{Interval, time};
    /// let date = |text| time::parse_date(text).unwrap();
    /// let every_other_day = Interval::OverDays { doses: 1, days: 2 };
    /// assert_eq!(every_other_day.dates(date("2026-12-01"), date("2026-12-04")).unwrap(), [date("2026-12-01"), date("2026-12-03")]);
    /// let asked = Interval::Minutes(720).dates(date("2026-12-01"), date("2026-12-04")).unwrap_err();
    /// assert!(asked.to_string().contains("needs the time of day"));
    /// ```
    ///
    /// # Errors
    /// [`ScheduleError::NeedsTime`] for a frequency that is not by whole days.
    pub fn dates(&self, from: NaiveDate, until: NaiveDate) -> Result<Vec<NaiveDate>, ScheduleError> {
        if !matches!(self, Self::OverDays { .. } | Self::Once) {
            return Err(ScheduleError::NeedsTime(self.shown()));
        }
        let mut dates = Vec::new();
        loop {
            let days = match self.due(dates.len() as u64, NaiveTime::MIN)? {
                Due::OnDay(days, _) => days,
                Due::After(_) => 0,
                Due::Never => return Ok(dates),
            };
            let date = add_days(from, days)?;
            if date > until {
                return Ok(dates);
            }
            if dates.len() == MOST_DOSES {
                return Err(ScheduleError::TooMany);
            }
            dates.push(date);
        }
    }
}

impl Stage {
    /// When the doses of the stage are due, in order; none where it ends before it begins.
    ///
    /// ```
    /// use corticurve::record::{Interval, Stage, StageEnd, time};
    /// let zone = chrono::FixedOffset::east_opt(0).unwrap();
    /// let from = time::parse_moment("2026-11-22 14:30", &zone).unwrap();
    /// let (every, until) = (Interval::Minutes(360), StageEnd::Doses(8));
    /// let drug = corticurve::record::DrugId::new("dexamethasone");
    /// let stage = Stage { drug, amount: "10 mg".parse().unwrap(), route: None, ordered: None, every, from, until };
    /// let times = stage.times(&zone).unwrap();
    /// assert_eq!((times.len(), time::shown(times[7]).as_str()), (8, "24-Nov-2026 08:30"));
    /// ```
    ///
    /// # Errors
    /// [`ScheduleError`] for an interval of nothing, for more than [`MOST_DOSES`], and beyond the calendar.
    pub fn times(&self, zone: &dyn Zone) -> Result<Vec<Moment>, ScheduleError> {
        let (from, mut times) = (time::on_the_clock_of(zone, self.from), Vec::new());
        while let Some(at) = self.dose(times.len() as u64, from, zone)? {
            if !self.holds(times.len() as u64, at) {
                break;
            }
            if times.len() == MOST_DOSES {
                return Err(ScheduleError::TooMany);
            }
            times.push(at);
        }
        // A time in the skipped hour is due an hour later on the clock, perhaps after the next one of that day.
        times.sort_unstable();
        Ok(times)
    }

    /// When the dose after the last one would be due, had the stage gone on: one interval after it. `None` after a single
    /// dose and after a stage without any.
    ///
    /// # Errors
    /// Those of [`Stage::times`].
    pub fn next_after(&self, zone: &dyn Zone) -> Result<Option<Moment>, ScheduleError> {
        match self.times(zone)?.len() {
            0 => Ok(None),
            doses => self.dose(doses as u64, time::on_the_clock_of(zone, self.from), zone),
        }
    }

    /// When dose `k` of a stage that begins at `from` is due, whether or not the stage has ended by then.
    fn dose(&self, k: u64, from: Moment, zone: &dyn Zone) -> Result<Option<Moment>, ScheduleError> {
        let wall = time::wall_of(from);
        Ok(match self.every.due(k, wall.time())? {
            Due::Never => None,
            Due::After(minutes) => {
                let span = i64::try_from(minutes).ok().and_then(TimeDelta::try_minutes);
                let at = span.and_then(|span| from.checked_add_signed(span)).ok_or(ScheduleError::Calendar)?;
                // Between two clock changes the offset stays what it was; looking for another takes longer.
                let stays = zone.moments(time::wall_of(at)).single() == Some(at);
                Some(if stays { at } else { time::on_the_clock_of(zone, at) })
            }
            // The first dose is the instant that was written, also in the repeated hour.
            Due::OnDay(0, at) if at == wall.time() => Some(from),
            Due::OnDay(days, at) => {
                let wall = add_days(wall.date(), days)?.and_time(at);
                Some(on_the_wall(zone, wall).ok_or(ScheduleError::Calendar)?)
            }
        })
    }

    /// Whether dose `k`, due at `at`, is before the stage's end.
    fn holds(&self, k: u64, at: Moment) -> bool {
        match self.until {
            StageEnd::At(end) => at <= end,
            StageEnd::On(date) => at.date_naive() <= date,
            StageEnd::Doses(doses) => k < u64::from(doses),
            StageEnd::For(minutes) => {
                let gone = match self.every {
                    // Three days are three days on the wall clock, also when one of them has 23 hours.
                    Interval::OverDays { .. } | Interval::TimesOfDay(_) => time::wall_of(at) - time::wall_of(self.from),
                    _ => at - self.from,
                };
                gone < TimeDelta::minutes(i64::from(minutes))
            }
        }
    }
}

fn add_days(date: NaiveDate, days: u64) -> Result<NaiveDate, ScheduleError> {
    date.checked_add_days(chrono::Days::new(days)).ok_or(ScheduleError::Calendar)
}

/// The instant of a wall-clock time, also of one that the clock shows twice or never.
fn on_the_wall(zone: &dyn Zone, wall: NaiveDateTime) -> Option<Moment> {
    match zone.moments(wall) {
        MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => Some(at),
        MappedLocalTime::None => {
            // The clock before the change: no change skips more than a day.
            let mut earlier =
                (1..=96).filter_map(|quarters| wall.checked_sub_signed(TimeDelta::minutes(15 * quarters)));
            let before = earlier.find_map(|wall| zone.moments(wall).latest())?;
            let at = wall.and_local_timezone(*before.offset()).single()?;
            Some(time::on_the_clock_of(zone, at))
        }
    }
}
