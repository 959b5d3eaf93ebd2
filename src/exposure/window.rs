//! Windows: the stretch of time that a figure is over, and each dose's share in it.

use super::{Exact, Judged};
use crate::record::{Chart, Given, Infusion, Moment, Zone, standing, time};
use chrono::{Datelike, NaiveDate, TimeDelta, Timelike, Weekday};
use std::cmp::{max, min};
use thiserror::Error;

/// Which window a figure is over.
///
/// ```
/// use corticurve::exposure::Window;
/// use corticurve::record::time;
/// let at = |text| time::parse_moment(text, &chrono::FixedOffset::east_opt(0).unwrap()).unwrap();
/// let last_day = Window::LastHours(24).span(None, at("2026-11-22 14:30"));
/// assert!(!last_day.contains(at("2026-11-21 14:30")) && last_day.contains(at("2026-11-21 14:31")));
/// assert_eq!(Window::Day0.shown(true), "Day 0 to now");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// Day 0 to the as-of time; without an infusion the whole record.
    Day0,
    /// Days 0 to 30; without an infusion the whole record.
    Day30,
    /// The hours before the as-of time, `(t − hours, t]`.
    LastHours(i64),
    /// The whole record.
    All,
    /// From one edge to another.
    Between(Edge, Edge),
    /// The episode that this infusion opened, counted from 1: from its own Day 0 to the day before the next infusion.
    Episode(usize),
}

/// One edge of a window.
///
/// A date stands for midnight on the wall clock of the dose itself. A dose at the instant of a window's start belongs to
/// the window before, so that two windows that meet never count a dose twice: `(from, to]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// The beginning of that date for a start, its end for an end.
    Date(NaiveDate),
    /// An instant.
    Instant(Moment),
}

/// Why a text is not a window.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WindowError {
    /// Not one of the words, and no range.
    #[error(
        "'{0}' is not a window; write day0, day30, 24h, 72h, 7d, all, episode1 for the first infusion's own, or FROM..TO with dates like 2026-11-13..2026-11-20"
    )]
    Form(String),
    /// A range that ends before it begins.
    #[error("the window '{0}' ends before it begins; turn the two around")]
    Reversed(String),
    /// A date or time in it.
    #[error("in the window '{window}': {error}")]
    Time {
        /// What was written.
        window: String,
        /// What is wrong with it.
        error: time::TimeError,
    },
}

impl Window {
    /// Reads a window as the command line writes it. Source: design, section 9.
    ///
    /// ```
    /// use corticurve::exposure::Window;
    /// let zone = chrono::FixedOffset::east_opt(0).unwrap();
    /// assert_eq!(Window::parse("72h", &zone), Ok(Window::LastHours(72)));
    /// assert!(Window::parse("2026-11-20..2026-11-13", &zone).is_err());
    /// ```
    ///
    /// # Errors
    /// [`WindowError`] says what would be taken.
    pub fn parse(text: &str, zone: &dyn Zone) -> Result<Self, WindowError> {
        match text {
            "day0" => return Ok(Self::Day0),
            "day30" => return Ok(Self::Day30),
            "24h" => return Ok(Self::LastHours(24)),
            "72h" => return Ok(Self::LastHours(72)),
            "7d" => return Ok(Self::LastHours(168)),
            "all" => return Ok(Self::All),
            _ => {}
        }
        let number = text.strip_prefix("episode").filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
        if let Some(number) = number.and_then(|number| number.parse().ok()).filter(|number| *number > 0) {
            return Ok(Self::Episode(number));
        }
        let shown: String = text.chars().take(60).collect();
        let (from, to) = text.split_once("..").ok_or_else(|| WindowError::Form(shown.clone()))?;
        let edge = |part: &str| match part.len() {
            10 => time::parse_date(part).map(Edge::Date),
            _ => time::parse_moment(part, zone).map(Edge::Instant),
        };
        let named = |error| WindowError::Time { window: shown.clone(), error };
        let (from, to) = (edge(from).map_err(named)?, edge(to).map_err(named)?);
        let reversed = match (from, to) {
            (Edge::Date(from), Edge::Date(to)) => to < from,
            (Edge::Instant(from), Edge::Instant(to)) => to <= from,
            (Edge::Date(from), Edge::Instant(to)) => to.date_naive() < from,
            (Edge::Instant(from), Edge::Date(to)) => to < from.date_naive(),
        };
        if reversed { Err(WindowError::Reversed(shown)) } else { Ok(Self::Between(from, to)) }
    }

    /// In words, for every output. Source: design, section 8.
    ///
    /// ```
    /// use corticurve::exposure::Window;
    /// assert_eq!([Window::Day0.shown(true), Window::Day0.shown(false)], ["Day 0 to now", "whole record"]);
    /// let week = Window::parse("2026-11-13..2026-11-20", &chrono::FixedOffset::east_opt(0).unwrap()).unwrap();
    /// assert_eq!(week.shown(true), "13-Nov-2026 to 20-Nov-2026");
    /// ```
    pub fn shown(self, with_infusion: bool) -> String {
        let edge = |edge| match edge {
            Edge::Date(date) => time::shown_date(date),
            Edge::Instant(moment) => time::shown(moment),
        };
        match self {
            Self::Day0 if with_infusion => "Day 0 to now".to_owned(),
            Self::Day30 if with_infusion => "Day 0 to 30".to_owned(),
            Self::Day0 | Self::Day30 | Self::All => "whole record".to_owned(),
            Self::LastHours(168) => "last 7 days".to_owned(),
            Self::LastHours(hours) => format!("last {hours} h"),
            Self::Between(from, to) => format!("{} to {}", edge(from), edge(to)),
            Self::Episode(number) => format!("episode {number}"),
        }
    }

    /// The infusion that Day 0 is counted from, and the stretch that this window is, for a chart seen from the as-of
    /// time. An episode that the chart does not have (yet) is a stretch without a dose. Source: design, section 5.
    ///
    /// ```
    /// use corticurve::exposure::{Window, examples};
    /// let chart = examples::treated(&["dex 10 iv 2026-11-14T08:00Z"]).unwrap();
    /// let (infusion, span) = Window::Episode(1).place(&chart, examples::now().unwrap());
    /// assert_eq!(infusion.unwrap().product, "tisagenlecleucel");
    /// assert!(span.contains(examples::at("2026-11-13 00:01").unwrap()), "Day 0 begins at midnight");
    /// ```
    pub fn place(self, chart: &Chart, as_of: Moment) -> (Option<&Infusion>, Span) {
        let Self::Episode(number) = self else {
            let infusion = chart.infusion(as_of);
            return (infusion, self.span(infusion.map(|infusion| infusion.at.date_naive()), as_of));
        };
        let mut after = past_infusions(chart, as_of).skip(number.saturating_sub(1));
        match (after.next(), after.next()) {
            (None, _) => (None, Span { from: Some(Edge::Instant(as_of)), to: None, as_of }),
            (Some(infusion), next) => {
                let eve = next.and_then(|next| next.at.date_naive().pred_opt()).map(Edge::Date);
                (Some(infusion), Span { from: Some(Edge::Date(infusion.at.date_naive())), to: eve, as_of })
            }
        }
    }

    /// The stretch that this window is, for a patient with this Day 0, seen from the as-of time.
    /// Source: design, section 5.
    ///
    /// ```
    /// use corticurve::exposure::{Window, examples::at};
    /// let (day0, now) = (at("2026-11-13 10:40").unwrap().date_naive(), at("2026-11-22 14:30").unwrap());
    /// let premedication = at("2026-11-12 08:00").unwrap();
    /// assert!(!Window::Day0.span(Some(day0), now).contains(premedication));
    /// assert!(Window::Day0.span(None, now).contains(premedication), "without an infusion it is the whole record");
    /// ```
    pub fn span(self, day0: Option<NaiveDate>, as_of: Moment) -> Span {
        let all = Span { from: None, to: None, as_of };
        match (self, day0) {
            (Self::Day0, Some(day0)) => Span { from: Some(Edge::Date(day0)), ..all },
            (Self::Day30, Some(day0)) => {
                let last = day0.checked_add_signed(TimeDelta::days(30)).map(Edge::Date);
                Span { from: Some(Edge::Date(day0)), to: last, as_of }
            }
            (Self::Day0 | Self::Day30, None) | (Self::All, _) => all,
            (Self::LastHours(hours), _) => {
                let from = TimeDelta::try_hours(hours).and_then(|span| as_of.checked_sub_signed(span));
                Span { from: from.map(Edge::Instant), ..all }
            }
            (Self::Between(from, to), _) => Span { from: Some(from), to: Some(to), as_of },
            // Which days an episode has is known from the chart alone: see `place`.
            (Self::Episode(_), _) => Span { from: Some(Edge::Instant(as_of)), to: None, as_of },
        }
    }
}

/// A stretch of time with the as-of time, after which nothing counts.
///
/// ```
/// use corticurve::exposure::{Edge, Exact, Span};
/// use corticurve::record::{Given, time};
/// let at = |text| time::parse_moment(text, &chrono::FixedOffset::east_opt(0).unwrap()).unwrap();
/// let date = time::parse_date("2026-11-14").unwrap();
/// let span = Span { from: Some(Edge::Date(date)), to: Some(Edge::Date(date)), as_of: at("2026-11-22 14:30") };
/// let overnight = Given::Over(at("2026-11-14 22:00"), at("2026-11-15 04:00"));
/// assert_eq!(span.share(overnight), Exact::new(1, 3));
/// assert_eq!(span.share_on(overnight, date), Exact::new(1, 3));
/// assert_eq!(span.share(Given::At(at("2026-11-15 00:00"))), Exact::ZERO);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Its start; `None` for the beginning of the record.
    pub from: Option<Edge>,
    /// Its end; `None` for the as-of time.
    pub to: Option<Edge>,
    /// Nothing after this is counted.
    pub as_of: Moment,
}

/// The infusions that stand and have happened, by time, that open an episode: of several on one date, which is one Day 0,
/// the first.
pub(super) fn past_infusions(chart: &Chart, as_of: Moment) -> impl Iterator<Item = &Infusion> {
    let mut last = None;
    standing(&chart.infusions).filter(move |infusion| infusion.at <= as_of).filter(move |infusion| {
        let date = Some(infusion.at.date_naive());
        std::mem::replace(&mut last, date) != date
    })
}

/// Midnight at the beginning of a date, on the wall clock that a dose began by.
pub(super) fn midnight(date: NaiveDate, clock_of: Moment) -> Option<Moment> {
    let wall = date.and_time(chrono::NaiveTime::MIN);
    wall.and_local_timezone(*clock_of.offset()).single()
}

/// Midnight at the beginning of a date during an infusion, which may run across a clock change: on the clock that it began
/// by until then, on the clock that it ended by afterwards.
pub(super) fn midnight_during(date: NaiveDate, start: Moment, end: Moment) -> Option<Moment> {
    midnight(date, if clock_changed_before(date, start, end) { end } else { start })
}

/// The hour by which clocks have been changed on the night of a change.
const CHANGED_BY_HOUR: u32 = 3;

/// Whether the clock change inside an infusion was before a date. The two offsets of an infusion say that the clock was
/// changed and not when; clocks are changed in the small hours of a Sunday. Without a Sunday there, it is taken to be later.
fn clock_changed_before(date: NaiveDate, start: Moment, end: Moment) -> bool {
    if start.offset() == end.offset() {
        return false;
    }
    let (begun, ended) = (time::wall_of(start), time::wall_of(end).date());
    let first = if begun.hour() < CHANGED_BY_HOUR { Some(begun.date()) } else { begun.date().succ_opt() };
    let sunday = first.and_then(|first| first.iter_days().take(7).find(|date| date.weekday() == Weekday::Sun));
    sunday.is_some_and(|sunday| sunday < date && sunday <= ended)
}

/// The date of an instant during an infusion: the last one whose midnight is not after it.
pub(super) fn date_during(at: Moment, start: Moment, end: Moment) -> Option<NaiveDate> {
    let on = |clock: Moment| at.naive_utc().checked_add_offset(*clock.offset()).map(|wall| wall.date());
    let latest = on(start).max(on(end))?;
    let not_after = |date: &NaiveDate| midnight_during(*date, start, end).is_some_and(|midnight| midnight <= at);
    std::iter::successors(Some(latest), NaiveDate::pred_opt).take(3).find(not_after)
}

/// What a dose is to a window: an infusion that takes no time, as only a damaged chart has it, is a dose at its start,
/// and so is never lost.
pub(super) fn spread(given: Given) -> Given {
    match given {
        Given::Over(start, end) if end.timestamp() <= start.timestamp() => Given::At(start),
        other => other,
    }
}

impl Span {
    /// Whether an instant lies inside: `(from, to]`, and whole dates. Source: design, section 5.
    ///
    /// ```
    /// use corticurve::exposure::{Window, examples::at};
    /// let last_day = Window::LastHours(24).span(None, at("2026-11-22 14:30").unwrap());
    /// assert!(!last_day.contains(at("2026-11-21 14:30").unwrap()));
    /// assert!(last_day.contains(at("2026-11-22 14:30").unwrap()));
    /// ```
    pub fn contains(&self, at: Moment) -> bool {
        let after = match self.from {
            None => true,
            Some(Edge::Date(date)) => time::wall_of(at).date() >= date,
            Some(Edge::Instant(from)) => at > from,
        };
        let before = match self.to {
            None => true,
            Some(Edge::Date(date)) => time::wall_of(at).date() <= date,
            Some(Edge::Instant(to)) => at <= to,
        };
        after && before && at <= self.as_of
    }

    /// The same, for a dose whose own date is known.
    pub(super) fn contains_on(&self, at: Moment, own_date: NaiveDate) -> bool {
        match self.whole_dates() {
            Some((from, to)) => {
                from.is_none_or(|from| own_date >= from) && to.is_none_or(|to| own_date <= to) && at <= self.as_of
            }
            None => self.contains(at),
        }
    }

    /// Its first and last date, where neither edge cuts one.
    pub(super) fn whole_dates(&self) -> Option<(Option<NaiveDate>, Option<NaiveDate>)> {
        let date = |edge: Option<Edge>| match edge {
            None => Some(None),
            Some(Edge::Date(date)) => Some(Some(date)),
            Some(Edge::Instant(_)) => None,
        };
        date(self.from).zip(date(self.to))
    }

    /// Whether any of a dose lies inside.
    pub(super) fn touches(&self, dose: &Judged<'_>) -> bool {
        match spread(dose.recorded.value.given) {
            Given::At(at) => self.contains_on(at, dose.date),
            Given::Over(start, end) => self.stretch(start, end).is_some(),
        }
    }

    /// The share of a dose that lies inside: 0 or 1 for a point dose, the share of time for an infusion, to the second.
    /// Source: design, section 5.
    ///
    /// ```
    /// use corticurve::exposure::{Exact, Window, examples::at};
    /// use corticurve::record::Given;
    /// // An infusion of 4 hours that has run for 1.
    /// let running = Given::Over(at("2026-11-22 13:30").unwrap(), at("2026-11-22 17:30").unwrap());
    /// let record = Window::All.span(None, at("2026-11-22 14:30").unwrap());
    /// assert_eq!(record.share(running), Exact::new(1, 4));
    /// assert_eq!(record.share(Given::At(at("2026-11-22 08:00").unwrap())), Exact::whole(1));
    /// ```
    pub fn share(&self, given: Given) -> Exact {
        match spread(given) {
            Given::At(at) => Exact::whole(i128::from(self.contains(at))),
            Given::Over(start, end) => match self.stretch(start, end) {
                Some((from, to)) => share_of((from, to), (start, end)),
                None => Exact::ZERO,
            },
        }
    }

    /// The share of a dose that lies inside and on one date. The days of an infusion end at midnight on the clock that
    /// it began by. Source: design, section 5.
    ///
    /// ```
    /// use corticurve::exposure::{Exact, Window, examples::at};
    /// use corticurve::record::Given;
    /// let (start, end) = (at("2026-11-14 22:00").unwrap(), at("2026-11-15 04:00").unwrap());
    /// let record = Window::All.span(None, at("2026-11-22 14:30").unwrap());
    /// let on = |date| record.share_on(Given::Over(start, end), date);
    /// assert_eq!((on(start.date_naive()), on(end.date_naive())), (Exact::new(1, 3), Exact::new(2, 3)));
    /// ```
    pub fn share_on(&self, given: Given, date: NaiveDate) -> Exact {
        match spread(given) {
            Given::At(at) => Exact::whole(i128::from(at.date_naive() == date && self.contains(at))),
            Given::Over(start, end) => {
                let next = date.succ_opt().and_then(|next| midnight_during(next, start, end));
                let day = midnight_during(date, start, end).zip(next);
                match self.stretch(start, end).zip(day) {
                    Some(((from, to), (dawn, dusk))) => share_of((max(from, dawn), min(to, dusk)), (start, end)),
                    None => Exact::ZERO,
                }
            }
        }
    }

    /// The stretch of an infusion that lies inside. A date at the end of the calendar has no midnight and cuts nothing.
    pub(super) fn stretch(&self, start: Moment, end: Moment) -> Option<(Moment, Moment)> {
        let from = match self.from {
            None => None,
            Some(Edge::Date(date)) => midnight_during(date, start, end),
            Some(Edge::Instant(from)) => Some(from),
        };
        let to = match self.to {
            None => None,
            Some(Edge::Date(date)) => date.succ_opt().and_then(|next| midnight_during(next, start, end)),
            Some(Edge::Instant(to)) => Some(to),
        };
        let (from, to) = (from.map_or(start, |from| max(from, start)), to.map_or(end, |to| min(to, end)));
        let to = min(to, self.as_of);
        (from < to).then_some((from, to))
    }
}

/// What part of `whole` the stretch `inside` is; nothing where it ends before it begins. Instants are taken to the whole
/// second each, so that two stretches that meet are together what they are as one.
fn share_of(inside: (Moment, Moment), whole: (Moment, Moment)) -> Exact {
    let seconds = |(from, to): (Moment, Moment)| i128::from(to.timestamp()) - i128::from(from.timestamp());
    let (part, all) = (seconds(inside).max(0), seconds(whole));
    if part >= all { Exact::whole(1) } else { Exact::new(part, all) }
}
