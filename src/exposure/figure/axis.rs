//! The time axis that all lanes share.

use crate::record::{Day, Moment, time};
use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta};

/// Seconds of a day on the axis. A day of a clock change is drawn as long as the others.
const DAY: f64 = 86_400.0;

/// Positions are wall-clock days from midnight of an origin: of Day 0, or of the record's first date.
///
/// ```
/// use corticurve::exposure::figure::Axis;
/// use corticurve::record::time;
/// let axis = Axis { origin: time::parse_date("2026-11-13").unwrap(), has_days: true };
/// let at = time::parse_moment("2026-11-19T18:00+01:00", &chrono::FixedOffset::east_opt(0).unwrap()).unwrap();
/// assert_eq!(axis.x(at), 6.75);
/// assert_eq!(axis.named(6.75), "Day +6 18:00");
/// assert_eq!(axis.ticks(0.0, 3.0, 4, true)[1].label, "+1");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Axis {
    /// Position 0 is midnight at the beginning of this date.
    pub origin: NaiveDate,
    /// Whether the origin is Day 0, so that days can be shown.
    pub has_days: bool,
}

/// A labelled position.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// Where.
    pub x: f64,
    /// With what label.
    pub label: String,
}

/// Steps between ticks, in days: hours first, then days, weeks, about months and years.
const STEPS: [f64; 14] =
    [1.0 / 24.0, 3.0 / 24.0, 0.25, 0.5, 1.0, 2.0, 7.0, 14.0, 28.0, 91.0, 182.0, 365.0, 1826.0, 3652.0];

impl Axis {
    /// The position of an instant, by its own wall clock. Source: design, section 7.
    ///
    /// ```
    /// # use corticurve::exposure::{examples, figure::Axis};
    /// let axis = Axis { origin: examples::at("2026-11-13 10:40").unwrap().date_naive(), has_days: true };
    /// // 18:00 on Day 9.
    /// assert_eq!(axis.x(examples::at("2026-11-22 18:00").unwrap()), 9.75);
    /// ```
    pub fn x(&self, at: Moment) -> f64 {
        self.wall_x(time::wall_of(at))
    }

    /// The position of the beginning of a date.
    pub(super) fn date_x(&self, date: NaiveDate) -> f64 {
        self.wall_x(date.and_time(chrono::NaiveTime::MIN))
    }

    #[allow(clippy::cast_precision_loss, reason = "seconds of some centuries fit a double exactly")]
    fn wall_x(self, wall: NaiveDateTime) -> f64 {
        (wall - self.origin.and_time(chrono::NaiveTime::MIN)).num_seconds() as f64 / DAY
    }

    /// The wall-clock time of a position.
    #[allow(clippy::cast_possible_truncation, reason = "a position beyond the calendar gives none")]
    pub(super) fn wall(&self, x: f64) -> Option<NaiveDateTime> {
        let span = TimeDelta::try_seconds((x * DAY).round() as i64)?;
        self.origin.and_time(chrono::NaiveTime::MIN).checked_add_signed(span)
    }

    /// At most so many ticks between two positions, at whole hours, days or weeks from the origin.
    /// Source: design, section 7.
    ///
    /// ```
    /// # use corticurve::exposure::{examples, figure::Axis};
    /// let axis = Axis { origin: examples::at("2026-11-13 10:40").unwrap().date_naive(), has_days: true };
    /// let labels = |by_day| axis.ticks(0.0, 30.0, 6, by_day).into_iter().map(|tick| tick.label).collect::<Vec<_>>();
    /// assert_eq!(labels(true), ["D0", "+7", "+14", "+21", "+28"]);
    /// assert_eq!(labels(false), ["13-Nov", "20-Nov", "27-Nov", "04-Dec", "11-Dec"]);
    /// ```
    pub fn ticks(&self, from: f64, to: f64, most: usize, by_day: bool) -> Vec<Tick> {
        let step = self.step(from, to, most);
        let mut x = (from / step).ceil() * step;
        let mut ticks = Vec::new();
        while x <= to && ticks.len() <= most {
            ticks.push(Tick { x, label: self.label(x, step, by_day) });
            x += step;
        }
        ticks
    }

    /// The distance between ticks for a stretch of the axis. Source: design, section 7.
    ///
    /// ```
    /// # use corticurve::exposure::{examples, figure::Axis};
    /// let axis = Axis { origin: examples::at("2026-11-13 10:40").unwrap().date_naive(), has_days: true };
    /// // Days 0 to 30 in weeks, one day in hours.
    /// assert_eq!((axis.step(0.0, 30.0, 6), axis.step(9.0, 10.0, 4)), (7.0, 0.25));
    /// ```
    #[allow(clippy::cast_precision_loss, reason = "a number of ticks")]
    pub fn step(&self, from: f64, to: f64, most: usize) -> f64 {
        let wanted = (to - from) / most.max(1) as f64;
        STEPS.into_iter().find(|step| *step >= wanted).unwrap_or(wanted)
    }

    /// The label of a position: a day or a date, with the clock where ticks are closer than days.
    /// Source: design, section 7.
    ///
    /// ```
    /// # use corticurve::exposure::{examples, figure::Axis};
    /// let axis = Axis { origin: examples::at("2026-11-13 10:40").unwrap().date_naive(), has_days: true };
    /// assert_eq!((axis.label(9.0, 1.0, true), axis.label(9.0, 1.0, false)), ("+9".to_owned(), "22-Nov".to_owned()));
    /// assert_eq!(axis.label(9.25, 0.25, true), "06:00");
    /// ```
    pub fn label(&self, x: f64, step: f64, by_day: bool) -> String {
        let Some(wall) = self.wall(x) else { return String::new() };
        // Between midnights the clock is enough: the day stands beside it.
        if step < 1.0 && wall.time() != chrono::NaiveTime::MIN {
            return wall.format("%H:%M").to_string();
        }
        if by_day && self.has_days {
            return match Day::of(wall.date(), self.origin) {
                Day(0) => "D0".to_owned(),
                day => day.to_string(),
            };
        }
        if step >= 91.0 { wall.format("%b %Y").to_string() } else { wall.format("%d-%b").to_string() }
    }

    /// A position as the read-out names it: `Day +6 19:12`, or the date. Source: design, section 7.
    ///
    /// ```
    /// # use corticurve::exposure::{examples, figure::Axis};
    /// let axis = Axis { origin: examples::at("2026-11-13 10:40").unwrap().date_naive(), has_days: true };
    /// let x = axis.x(examples::at("2026-11-22 14:30").unwrap());
    /// assert_eq!(axis.named(x), "Day +9 14:30");
    /// assert_eq!(Axis { has_days: false, ..axis }.named(x), "22-Nov 14:30");
    /// ```
    pub fn named(&self, x: f64) -> String {
        let Some(wall) = self.wall(x) else { return String::new() };
        let clock = wall.format("%H:%M");
        if self.has_days {
            format!("Day {} {clock}", Day::of(wall.date(), self.origin))
        } else if wall.year() == self.origin.year() {
            format!("{} {clock}", wall.format("%d-%b"))
        } else {
            format!("{} {clock}", time::shown_date(wall.date()))
        }
    }
}

/// A step of 1, 2 or 5 times a power of ten that divides `top` into at most about so many parts.
/// Source: design, section 7.
///
/// ```
/// use corticurve::exposure::figure::axis::{multiples, round_step};
/// assert_eq!(multiples(round_step(118.0, 4), 118.0), [0.0, 50.0, 100.0]);
/// ```
pub fn round_step(top: f64, most: u32) -> f64 {
    let rough = (top / f64::from(most.max(1))).max(f64::MIN_POSITIVE);
    let power = 10.0_f64.powf(rough.log10().floor());
    let factor = [1.0, 2.0, 5.0].into_iter().find(|factor| factor * power >= rough * 0.999).unwrap_or(10.0);
    factor * power
}

/// The multiples of a round step that label an axis of amounts: at most about `most` above zero, and one of them not far
/// below `top`, so that the highest bar can be read. Source: design, section 7.
///
/// ```
/// use corticurve::exposure::figure::axis::amount_ticks;
/// // A day of 9.375 mg, which is 50 mg of methylPREDNISolone (clinical reference, section 1), with room above it.
/// assert_eq!(amount_ticks(11.7, 3), [0.0, 3.0, 6.0, 9.0]);
/// assert_eq!(amount_ticks(147.5, 5), [0.0, 50.0, 100.0]);
/// ```
pub fn amount_ticks(top: f64, most: u32) -> Vec<f64> {
    // A number at the very top would touch the zero of the lane above.
    let highest = top * 0.82;
    let usual = multiples(round_step(top, most), highest);
    let reach = |ticks: &[f64]| ticks.last().copied().unwrap_or(0.0);
    if reach(&usual) >= top * 0.6 {
        return usual;
    }
    let power = 10.0_f64.powf((highest / f64::from(most.max(1))).max(f64::MIN_POSITIVE).log10().floor());
    let finer = [1.0, 2.0, 3.0, 4.0, 5.0, 10.0].map(|factor| multiples(factor * power, highest));
    let few = finer.into_iter().filter(|ticks| u32::try_from(ticks.len()).is_ok_and(|ticks| ticks <= most + 1));
    few.fold(usual, |best, ticks| if reach(&ticks) > reach(&best) { ticks } else { best })
}

/// Zero and its multiples up to `top`. Source: design, section 7.
///
/// ```
/// use corticurve::exposure::figure::axis::multiples;
/// // The grid below 187.5 mg: 1,000 mg of methylPREDNISolone (clinical reference, section 1).
/// assert_eq!(multiples(50.0, 187.5), [0.0, 50.0, 100.0, 150.0]);
/// ```
pub fn multiples(step: f64, top: f64) -> Vec<f64> {
    let mut values = vec![0.0];
    for count in 1..=50_u32 {
        // Multiplying keeps 0.1 × 3 from being the sum of three roundings.
        let value = (f64::from(count) * step * 1e6).round() / 1e6;
        if value > top {
            break;
        }
        values.push(value);
    }
    values
}
