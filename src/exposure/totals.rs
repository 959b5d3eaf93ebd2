//! The one sum that every total is made of: counted doses inside a stretch of time.

use super::window::spread;
use super::{Exact, Judged, Overflow, Span, Sum};
use crate::record::{Chart, Given, Moment};

/// The as-of time of a chart: now, or the end of the record where the source shifted its dates.
/// Source: design, section 5.
///
/// ```
/// use corticurve::exposure::{as_of, examples};
/// let chart = examples::chart(&["dex 10 iv 2026-11-14T08:00Z"]).unwrap();
/// let now = examples::now().unwrap();
/// assert_eq!(as_of(&chart, now), now);
/// ```
pub fn as_of(chart: &Chart, now: Moment) -> Moment {
    let shifted = chart.identity.as_ref().is_some_and(|identity| identity.dates_shifted);
    if shifted { chart.end_of_record().unwrap_or(now) } else { now }
}

/// The dexamethasone-equivalent of the counted doses inside a span. Source: design, section 5.
///
/// ```
/// use corticurve::exposure::{Window, examples, judge, total};
/// let chart = examples::chart(&["predniSONE 60 po 2026-11-14T08:00Z", "dex 8 iv 2026-11-22T12:30Z over 4h"]).unwrap();
/// let judged = judge(&chart, examples::rules().unwrap()).unwrap();
/// // 9 mg from predniSONE, and half of the 8 mg that are still running.
/// assert_eq!(total(&judged, &Window::All.span(None, examples::now().unwrap())).unwrap().decimal(), "13");
/// ```
///
/// # Errors
/// [`Overflow`].
pub fn total<'j, 'a: 'j>(doses: impl IntoIterator<Item = &'j Judged<'a>>, span: &Span) -> Result<Exact, Overflow> {
    let mut sum = Sum::default();
    for dose in doses {
        if dose.counts_as_steroid() && span.touches(dose) {
            sum.add(part(dose.equivalent, dose, span)?)?;
        }
    }
    sum.total()
}

/// The total of a whole chart over a span, without keeping what was judged: for a ward of many patients.
/// Source: design, section 5.
///
/// ```
/// use corticurve::exposure::{Window, examples, total_of};
/// let chart = examples::chart(&["methylpred 1000 iv 2026-11-14T08:00Z", "dex 10 iv 2026-11-15T08:00Z"]).unwrap();
/// let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
/// // 187.5 mg (clinical reference, section 1) and 10 mg.
/// assert_eq!(total_of(&chart, rules, &Window::All.span(None, now)).unwrap().decimal(), "197.5");
/// ```
///
/// # Errors
/// [`Overflow`].
pub fn total_of(chart: &Chart, rules: super::Rules<'_>, span: &Span) -> Result<Exact, Overflow> {
    let mut judge = super::judge::Judge::new(rules);
    let mut sum = Sum::default();
    for recorded in &chart.administrations {
        if let Some(mg) = judge.verdict(recorded)?.counted() {
            match spread(recorded.value.given) {
                Given::At(at) if span.contains(at) => sum.add(mg)?,
                Given::At(_) => {}
                over @ Given::Over(..) => sum.add(mg.times(span.share(over))?)?,
            }
        }
    }
    sum.total()
}

/// A dose's milligrams inside a span.
pub(super) fn part(mg: Option<Exact>, dose: &Judged<'_>, span: &Span) -> Result<Exact, Overflow> {
    let Some(mg) = mg else { return Ok(Exact::ZERO) };
    match spread(dose.recorded.value.given) {
        Given::At(at) => Ok(if span.contains_on(at, dose.date) { mg } else { Exact::ZERO }),
        over @ Given::Over(..) => mg.times(span.share(over)),
    }
}
