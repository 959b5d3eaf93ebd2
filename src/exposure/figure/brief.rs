//! What a row of the ward list says of a patient: a few figures and a small curve, for a ward of thousands.

use super::lanes;
use crate::exposure::patient::last_end;
use crate::exposure::{Edge, Exact, Overflow, Rules, Span, Undecided, Window, curve, judge, total};
use crate::record::{Chart, Day, Moment};

/// A few figures of one patient, without working out the others. Each is what [`Exposure`](crate::exposure::Exposure) and
/// [`Figure`](super::Figure) have under the same name.
#[derive(Debug, Clone, PartialEq)]
pub struct Brief {
    /// The as-of time's day.
    pub day: Option<Day>,
    /// The total over the window, in milligrams of dexamethasone-equivalent.
    pub total: Exact,
    /// The total before Day 0, which a window from Day 0 on leaves out.
    pub before_day0: Exact,
    /// Beside the total: what may belong in it.
    pub undecided: Undecided,
    /// The purposes that are switched out of the total: `, without replacement`, or nothing.
    pub without: String,
    /// The cumulative curve, between 0 and 1. Without a beginning of the window it begins with the first dose's date.
    pub curve: Vec<[f64; 2]>,
    /// The total over the last 24 hours.
    pub last_24h: Exact,
    /// The end of the last dose of the whole record that counts as steroid.
    pub last_of_record_at: Option<Moment>,
}

impl Brief {
    /// Works the figures out over a window, seen from an as-of time (see [`as_of`](crate::exposure::as_of)).
    /// Source: design, sections 5 and 7.
    ///
    /// ```
    /// # use corticurve::exposure::{Window, examples};
    /// # use corticurve::exposure::figure::Brief;
    /// # let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let chart = examples::treated(&["dex 10 iv 2026-11-14T08:00Z", "dex 10 iv 2026-11-15T08:00Z"]).unwrap();
    /// let brief = Brief::of(&chart, rules, Window::Day0, now).unwrap();
    /// assert_eq!((brief.total.shown(2), brief.day.unwrap().to_string()), ("20".to_owned(), "+9".to_owned()));
    /// let (first, last) = (brief.curve[0], brief.curve[brief.curve.len() - 1]);
    /// assert_eq!((first, last[0]), ([0.0, 0.0], 1.0));
    /// // The first of two equal doses is half as high as both.
    /// assert!(brief.curve.iter().any(|point| point[1] == last[1] / 2.0));
    /// ```
    ///
    /// # Errors
    /// [`Overflow`] when amounts are too large to be added exactly.
    pub fn of(chart: &Chart, rules: Rules<'_>, window: Window, as_of: Moment) -> Result<Self, Overflow> {
        let doses = judge(chart, rules)?;
        let (infusion, span) = window.place(chart, as_of);
        let day0 = infusion.map(|infusion| infusion.at.date_naive());
        let total = total(&doses, &span)?;
        let eve = day0.and_then(|day0| day0.pred_opt());
        let before = eve.map(|eve| Span { from: None, to: Some(Edge::Date(eve)), as_of });
        let points = curve(&doses, &span)?;
        let axis = lanes::axis_of(chart, day0, &span);
        let now = lanes::now(axis, &points, &span);
        let begins = span.from.and_then(|edge| lanes::edge_x(axis, edge));
        let first = points.first().map_or(now, |point| axis.x(point.at).floor());
        let line = lanes::joined(axis, &points, begins.unwrap_or(first).min(now));
        Ok(Self {
            day: day0.map(|day0| Day::of(as_of.date_naive(), day0)),
            before_day0: before.map_or(Ok(Exact::ZERO), |before| crate::exposure::total(&doses, &before))?,
            undecided: Undecided::of(&doses, &span)?,
            last_24h: crate::exposure::total(&doses, &Window::LastHours(24).span(None, as_of))?,
            last_of_record_at: last_end(&doses, &Window::All.span(None, as_of)),
            without: rules.reading.out_words(),
            curve: small(&line, now, lanes::headroom(total.to_plot())),
            total,
        })
    }
}

/// A curve as points between 0 and 1.
fn small(line: &[[f64; 2]], now: f64, top: f64) -> Vec<[f64; 2]> {
    let (from, top) = (line.first().map_or(0.0, |point| point[0]), top.max(f64::MIN_POSITIVE));
    let length = (now - from).max(f64::MIN_POSITIVE);
    line.iter().map(|[x, y]| [((x - from) / length).clamp(0.0, 1.0), (y / top).clamp(0.0, 1.0)]).collect()
}
