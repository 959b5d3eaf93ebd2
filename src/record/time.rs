//! Times as a ward writes them: a wall clock with its offset, days counted from the infusion, and words for both.
//!
//! This room has no clock. "Now" and the workstation's time zone come in from outside as [`Now`].

use super::visible::brief;
use chrono::{DateTime, Datelike, FixedOffset, MappedLocalTime, Month, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use std::fmt;
use thiserror::Error;

/// An instant together with the offset that the ward's clock had: both the order and the wall clock are known.
pub type Moment = DateTime<FixedOffset>;

/// Which offset a wall clock had. The workstation's own zone is in `app`; a [`FixedOffset`] is one too.
pub trait Zone {
    /// The one, two (an hour that is repeated) or no (an hour that is skipped) instants of a wall-clock time.
    fn moments(&self, wall: NaiveDateTime) -> MappedLocalTime<Moment>;
}

impl Zone for FixedOffset {
    fn moments(&self, wall: NaiveDateTime) -> MappedLocalTime<Moment> {
        self.from_local_datetime(&wall)
    }
}

/// The present, as handed in by whoever has a clock.
#[derive(Clone, Copy)]
pub struct Now<'a> {
    /// The instant, on the workstation's wall clock.
    pub at: Moment,
    /// The workstation's time zone.
    pub zone: &'a dyn Zone,
}

/// Why a text is not a time.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TimeError {
    /// Not a form that is taken.
    #[error("'{0}' is not a time; write 14:30, -2h, yesterday 22:00, or 2026-11-22 14:30")]
    Form(String),
    /// Not a date.
    #[error("'{0}' is not a date; write it like 2009-03-04, year first, or 04-Mar-2009")]
    Date(String),
    /// 30 February, or 25:00.
    #[error("'{0}' does not exist in the calendar or on the clock; check day, month, hour and minute")]
    NoSuchTime(String),
    /// The hour that is repeated in autumn.
    #[error("{wall} happened twice when the clocks changed; write {first} for the 1st or {second} for the 2nd")]
    Twice {
        /// The wall-clock time.
        wall: String,
        /// The same with the earlier offset.
        first: String,
        /// The same with the later offset.
        second: String,
    },
    /// The hour that is skipped in spring.
    #[error("{0} was skipped when the clocks changed; check the hour")]
    Skipped(String),
}

/// A wall-clock time in a zone, refusing what the clock change makes ambiguous or impossible.
///
/// # Errors
/// [`TimeError::Twice`] in the repeated hour, [`TimeError::Skipped`] in the skipped one.
pub fn on_the_wall(zone: &dyn Zone, wall: NaiveDateTime) -> Result<Moment, TimeError> {
    match zone.moments(wall) {
        MappedLocalTime::Single(moment) => Ok(moment),
        MappedLocalTime::None => Err(TimeError::Skipped(wall.format("%Y-%m-%d %H:%M").to_string())),
        MappedLocalTime::Ambiguous(first, second) => Err(TimeError::Twice {
            wall: wall.format("%H:%M").to_string(),
            first: first.format("%Y-%m-%dT%H:%M%:z").to_string(),
            second: second.format("%Y-%m-%dT%H:%M%:z").to_string(),
        }),
    }
}

/// The same instant with the offset that the zone's clock had then: what was 5 hours ago may have been in summer time.
///
/// An instant that the zone cannot place keeps its own offset.
pub fn on_the_clock_of(zone: &dyn Zone, moment: Moment) -> Moment {
    let wall = wall_of(moment);
    // The clock may have stood up to three hours from where this offset has it.
    let near = (-12..=12_i64).filter_map(|quarters| wall.checked_add_signed(chrono::TimeDelta::minutes(15 * quarters)));
    let on_the_clock = near.flat_map(|wall| match zone.moments(wall) {
        MappedLocalTime::Single(one) => [Some(one), None],
        MappedLocalTime::Ambiguous(first, second) => [Some(first), Some(second)],
        MappedLocalTime::None => [None, None],
    });
    on_the_clock.flatten().find(|candidate| *candidate == moment).unwrap_or(moment)
}

/// Reads `YYYY-MM-DD`, or a date as it is shown: `22-Nov-2026`.
///
/// ```
/// use corticurve::record::time;
/// assert_eq!(time::parse_date("2026-02-28"), time::parse_date("28-Feb-2026"));
/// assert!(time::parse_date("2026-02-30").unwrap_err().to_string().contains("does not exist"));
/// ```
///
/// # Errors
/// [`TimeError`] when the form is another or the calendar has no such day.
pub fn parse_date(text: &str) -> Result<NaiveDate, TimeError> {
    let digits = |part: &str, length| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = text.split('-').collect();
    let format = match parts.as_slice() {
        [year, month, day] if digits(year, 4) && digits(month, 2) && digits(day, 2) => "%Y-%m-%d",
        [day, month, year] if digits(year, 4) && is_month(month) && (digits(day, 2) || digits(day, 1)) => "%d-%b-%Y",
        _ => return Err(TimeError::Date(brief(text))),
    };
    let date = NaiveDate::parse_from_str(text, format).ok().filter(|date| (1900..=9000).contains(&date.year()));
    date.ok_or_else(|| TimeError::NoSuchTime(brief(text)))
}

/// Whether a word is a month as it is shown: `Nov`.
pub(crate) fn is_month(word: &str) -> bool {
    word.len() == 3 && word.parse::<Month>().is_ok()
}

/// Reads `HH:MM` or `HH:MM:SS`; one digit for the hour is taken.
///
/// # Errors
/// [`TimeError`] when the form is another or the clock has no such time.
pub fn parse_clock(text: &str) -> Result<NaiveTime, TimeError> {
    let parts: Vec<&str> = text.split(':').collect();
    let shape = |(at, part): (usize, &&str)| {
        (part.len() == 2 || (at == 0 && part.len() == 1)) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !(2..=3).contains(&parts.len()) || !parts.iter().enumerate().all(shape) {
        return Err(TimeError::Form(brief(text)));
    }
    let format = if parts.len() == 3 { "%H:%M:%S" } else { "%H:%M" };
    // Chrono takes ":60" as a leap second; a ward's clock has none.
    let leap = parts.get(2).is_some_and(|seconds| *seconds > "59");
    NaiveTime::parse_from_str(text, format).ok().filter(|_| !leap).ok_or_else(|| TimeError::NoSuchTime(brief(text)))
}

/// Reads a whole moment: `2026-11-22 14:30`, with `T` for the space, with seconds, with `+01:00` or `Z`, or a date alone
/// where `midnight` allows it. Without an offset the zone decides.
///
/// ```
/// use chrono::FixedOffset;
/// use corticurve::record::time;
/// let zone = FixedOffset::east_opt(3600).unwrap();
/// let moment = time::parse_moment("2026-11-22 14:30", &zone).unwrap();
/// assert_eq!(moment.to_rfc3339(), "2026-11-22T14:30:00+01:00");
/// assert_eq!(time::parse_moment("2026-11-22T13:30Z", &zone).unwrap(), moment);
/// ```
///
/// # Errors
/// [`TimeError`] that says what would be taken.
pub fn parse_moment(text: &str, zone: &dyn Zone) -> Result<Moment, TimeError> {
    let text = text.trim();
    let (date, rest) =
        text.split_once(' ').or_else(|| text.split_once('T')).ok_or_else(|| TimeError::Form(brief(text)))?;
    let date = parse_date(date).map_err(|error| whole(error, text))?;
    let (clock, offset) = split_offset(rest.trim());
    let wall = date.and_time(parse_clock(clock).map_err(|error| whole(error, text))?);
    match offset {
        None => on_the_wall(zone, wall),
        Some(offset) => {
            let offset = parse_offset(offset).ok_or_else(|| TimeError::Form(brief(text)))?;
            offset.from_local_datetime(&wall).single().ok_or_else(|| TimeError::NoSuchTime(brief(text)))
        }
    }
}

/// The same error, naming the whole text that was written.
fn whole(error: TimeError, text: &str) -> TimeError {
    match error {
        TimeError::Form(_) | TimeError::Date(_) => TimeError::Form(brief(text)),
        TimeError::NoSuchTime(_) => TimeError::NoSuchTime(brief(text)),
        other => other,
    }
}

/// `14:30+01:00` into `14:30` and `+01:00`.
pub(crate) fn split_offset(clock: &str) -> (&str, Option<&str>) {
    match clock.find(['+', '-', 'Z']) {
        Some(at) => {
            let (clock, offset) = clock.split_at(at);
            (clock, Some(offset))
        }
        None => (clock, None),
    }
}

/// `+01:00`, `-0500` or `Z`; whole minutes below 15 hours.
pub(crate) fn parse_offset(text: &str) -> Option<FixedOffset> {
    if text == "Z" {
        return FixedOffset::east_opt(0);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits = text.strip_prefix(['+', '-'])?;
    let (hours, minutes) = digits.split_once(':').or_else(|| digits.split_at_checked(2))?;
    let two_digits = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    if !two_digits(hours) || !two_digits(minutes) {
        return None;
    }
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    if hours > 14 || minutes > 59 {
        return None;
    }
    FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60))
}

/// Days counted from the infusion: the wall-clock date of the dose minus the wall-clock date of the infusion.
///
/// ```
/// use chrono::NaiveDate;
/// use corticurve::record::Day;
/// let date = |d| NaiveDate::from_ymd_opt(2026, 11, d).unwrap();
/// assert_eq!(Day::of(date(22), date(13)).to_string(), "+9");
/// assert_eq!(Day::of(date(13), date(13)).to_string(), "0");
/// assert_eq!(Day::of(date(11), date(13)).to_string(), "−2");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i64);

impl Day {
    /// The day of a date, where `day0` is the date of the infusion.
    pub fn of(date: NaiveDate, day0: NaiveDate) -> Self {
        Self((date - day0).num_days())
    }

    /// The date of this day, where the calendar still has it.
    pub fn date(self, day0: NaiveDate) -> Option<NaiveDate> {
        day0.checked_add_signed(chrono::TimeDelta::try_days(self.0)?)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => f.write_str("0"),
            1.. => write!(f, "+{}", self.0),
            _ => write!(f, "−{}", self.0.unsigned_abs()),
        }
    }
}

/// The wall clock of a moment. At the calendar's very ends, where the offset leads out of it, the clock of Greenwich.
pub fn wall_of(moment: Moment) -> NaiveDateTime {
    let utc = moment.naive_utc();
    utc.checked_add_offset(*moment.offset()).unwrap_or(utc)
}

/// `29-Mar-2026`.
pub fn shown_date(date: NaiveDate) -> String {
    date.format("%d-%b-%Y").to_string()
}

/// `29-Mar-2026 08:00`.
pub fn shown(moment: Moment) -> String {
    moment.format("%d-%b-%Y %H:%M").to_string()
}

/// The same, with `(1st)` or `(2nd)` in the hour that the zone repeats in autumn.
pub fn shown_exactly(moment: Moment, zone: &dyn Zone) -> String {
    shown(moment) + which_of_two(moment, zone)
}

/// A moment that stands after another one, as an infusion's end after its start: the clock alone where both are on one
/// date, else the date too.
///
/// ```
/// use corticurve::record::time;
/// let zone = chrono::FixedOffset::east_opt(3600).unwrap();
/// let at = |text| time::parse_moment(text, &zone).unwrap();
/// let start = at("2026-10-05 08:00");
/// assert_eq!(time::shown_beside(at("2026-10-05 10:00"), start, &zone), "10:00");
/// assert_eq!(time::shown_beside(at("2026-10-06 10:00"), start, &zone), "06-Oct-2026 10:00");
/// ```
pub fn shown_beside(moment: Moment, other: Moment, zone: &dyn Zone) -> String {
    if wall_of(moment).date() == wall_of(other).date() {
        moment.format("%H:%M").to_string() + which_of_two(moment, zone)
    } else {
        shown_exactly(moment, zone)
    }
}

/// A moment as a time that is read in a zone says it: with its offset where the zone's clock shows that time at another
/// instant, or twice. Seconds are dropped.
///
/// ```
/// use corticurve::record::time;
/// let zone = chrono::FixedOffset::east_opt(3600).unwrap();
/// let at = |text| time::parse_moment(text, &zone).unwrap();
/// assert_eq!(time::written(at("2026-11-22 14:30"), &zone), "2026-11-22 14:30");
/// assert_eq!(time::written(at("2026-11-22T13:30Z"), &zone), "2026-11-22T13:30+00:00");
/// ```
pub fn written(moment: Moment, zone: &dyn Zone) -> String {
    let is_on_the_clock = zone.moments(wall_of(moment)).single() == Some(moment);
    moment.format(if is_on_the_clock { "%Y-%m-%d %H:%M" } else { "%Y-%m-%dT%H:%M%:z" }).to_string()
}

/// In the hour that the zone repeats in autumn, whether it is the first or the second time.
fn which_of_two(moment: Moment, zone: &dyn Zone) -> &'static str {
    match zone.moments(wall_of(moment)) {
        MappedLocalTime::Ambiguous(first, _) if first == moment => " (1st)",
        MappedLocalTime::Ambiguous(_, second) if second == moment => " (2nd)",
        _ => "",
    }
}

/// `today 14:30`, `yesterday 22:00`, or the date and time.
pub fn shown_near(moment: Moment, now: Moment) -> String {
    match (now.date_naive() - moment.date_naive()).num_days() {
        0 => moment.format("today %H:%M").to_string(),
        1 => moment.format("yesterday %H:%M").to_string(),
        _ => shown(moment),
    }
}

/// A span as `5 h 12 min`, `3 d 4 h` or `12 min`; never negative.
///
/// ```
/// use chrono::TimeDelta;
/// use corticurve::record::time;
/// assert_eq!(time::shown_span(TimeDelta::minutes(312)), "5 h 12 min");
/// assert_eq!(time::shown_span(TimeDelta::hours(76)), "3 d 4 h");
/// ```
pub fn shown_span(span: chrono::TimeDelta) -> String {
    let minutes = span.num_minutes().max(0);
    let (days, hours, rest) = (minutes / 1440, minutes / 60, minutes % 60);
    match (days, hours) {
        (0, 0) => format!("{rest} min"),
        (0..=1, _) => format!("{hours} h {rest} min"),
        _ => format!("{days} d {} h", hours % 24),
    }
}

/// A duration as the quick entry reads it: `4h`, `30m`, `1h30m`; seconds are dropped.
pub fn shown_duration(span: chrono::TimeDelta) -> String {
    match (span.num_minutes() / 60, span.num_minutes() % 60) {
        (0, minutes) => format!("{minutes}m"),
        (hours, 0) => format!("{hours}h"),
        (hours, minutes) => format!("{hours}h{minutes}m"),
    }
}
