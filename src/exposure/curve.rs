//! The cumulative curve: a step for each dose, a ramp for each infusion.

use super::window::spread;
use super::{Exact, Judged, Overflow, Span};
use crate::record::{Given, Moment};

/// The total at one instant. Between two points the curve is straight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CurvePoint {
    /// When.
    pub at: Moment,
    /// The total just before, in milligrams of dexamethasone-equivalent.
    pub before: Exact,
    /// The total with the doses given at this instant.
    pub after: Exact,
}

/// The curve of the counted doses inside a span. It starts with the first dose inside, its last point is at the span's
/// end, and its last total is the total of the span. Source: design, section 5.
///
/// ```
/// use corticurve::exposure::examples;
/// use corticurve::exposure::{Window, curve, judge};
/// let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
/// let chart = examples::chart(&["dex 10 iv 2026-11-14T08:00Z", "dex 8 iv 2026-11-14T22:00Z over 4h"]).unwrap();
/// let points = curve(&judge(&chart, rules).unwrap(), &Window::All.span(None, now)).unwrap();
/// let totals: Vec<_> = points.iter().map(|point| (point.before.decimal(), point.after.decimal())).collect();
/// // A step, the foot and the top of a ramp, and the as-of time.
/// assert_eq!(totals.iter().map(|(_, after)| after.as_str()).collect::<Vec<_>>(), ["10", "10", "18", "18"]);
/// assert_eq!(totals[0].0, "0");
/// ```
///
/// # Errors
/// [`Overflow`].
pub fn curve(doses: &[Judged<'_>], span: &Span) -> Result<Vec<CurvePoint>, Overflow> {
    let counted = || doses.iter().filter(|dose| dose.counts_as_steroid());
    let last = end(span);
    let mut instants: Vec<Moment> = Vec::new();
    for dose in counted() {
        match spread(dose.recorded.value.given) {
            Given::At(at) if span.contains(at) => {
                instants.push(at);
            }
            Given::Over(start, end) => {
                if let Some((from, to)) = span.stretch(start, end) {
                    instants.extend([from, to]);
                }
            }
            Given::At(_) => {}
        }
    }
    instants.push(last);
    // Of one instant on two wall clocks the first that was met stands for both.
    instants.sort();
    instants.dedup();
    let mut pending: Vec<&Judged<'_>> = counted().collect();
    pending.sort_by_key(|dose| dose.recorded.value.given.start());
    let mut pending = pending.into_iter().peekable();
    let (mut complete, mut running) = (Exact::ZERO, Vec::new());
    let mut points = Vec::with_capacity(instants.len());
    for at in instants {
        let mut steps = Exact::ZERO;
        while let Some(dose) = pending.next_if(|dose| dose.recorded.value.given.start() <= at) {
            match spread(dose.recorded.value.given) {
                Given::At(_) => steps = steps.plus(whole(dose, span)?)?,
                Given::Over(..) => running.push(dose),
            }
        }
        // Complete infusions are added whole, so that their fractions do not pile up in the denominator.
        let mut still = Vec::with_capacity(running.len());
        for dose in running {
            if dose.recorded.value.given.end() <= at {
                complete = complete.plus(whole(dose, span)?)?;
            } else {
                still.push(dose);
            }
        }
        running = still;
        let mut ramps = Exact::ZERO;
        let until = Span { as_of: at.min(span.as_of), ..*span };
        for dose in &running {
            ramps = ramps.plus(whole(dose, &until)?)?;
        }
        let before = complete.plus(ramps)?;
        complete = complete.plus(steps)?;
        points.push(CurvePoint { at, before, after: before.plus(steps)? });
    }
    Ok(points)
}

/// A dose's milligrams inside a span.
fn whole(dose: &Judged<'_>, span: &Span) -> Result<Exact, Overflow> {
    super::totals::part(dose.equivalent, dose, span)
}

/// The last instant of a span.
fn end(span: &Span) -> Moment {
    let to = match span.to {
        Some(super::Edge::Instant(to)) => Some(to),
        Some(super::Edge::Date(date)) => date.succ_opt().and_then(|next| super::window::midnight(next, span.as_of)),
        None => None,
    };
    to.map_or(span.as_of, |to| to.min(span.as_of))
}
