//! What is still to run of infusions that are under way.

use super::{Exact, Judged, Overflow, Span};
use crate::record::{Class, DrugId, Given, Moment};

/// The rest of a counted infusion that is running at the as-of time. It is in no total yet, and in every projection.
///
/// ```
/// use corticurve::exposure::{Exposure, Window, examples};
/// let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
/// // 100 mg of hydrocortisone over 4 hours, half of it given: 1.875 mg so far and 1.875 mg to come (design, section 5).
/// let chart = examples::treated(&["hydro 100 iv 2026-11-22T12:30Z over 4h"]).unwrap();
/// let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
/// assert_eq!(exposure.total.decimal(), "1.875");
/// assert_eq!(exposure.running[0].equivalent.unwrap().decimal(), "1.875");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// Its drug.
    pub drug: DrugId,
    /// When it will be complete, or leaves the window.
    pub end: Moment,
    /// Its own milligrams still to come.
    pub mg: Exact,
    /// The same as dexamethasone-equivalent; `None` for anakinra.
    pub equivalent: Option<Exact>,
}

pub(super) fn running(doses: &[Judged<'_>], span: &Span) -> Result<Vec<Running>, Overflow> {
    let mut running = Vec::new();
    for dose in doses.iter().filter(|dose| dose.left_out.is_none()) {
        let given @ Given::Over(start, end) = super::window::spread(dose.recorded.value.given) else { continue };
        if start > span.as_of || end <= span.as_of {
            continue;
        }
        let later = Span { as_of: end, ..*span };
        let (Some(mg), Some((_, end))) = (dose.mg, later.stretch(start, end)) else { continue };
        let share = later.share(given).minus(span.share(given))?;
        if share.is_positive() {
            let anakinra = dose.class == Some(Class::Anakinra);
            let equivalent = dose.equivalent.filter(|_| !anakinra).map(|mg| mg.times(share)).transpose()?;
            running.push(Running { drug: dose.recorded.value.drug.clone(), end, mg: mg.times(share)?, equivalent });
        }
    }
    Ok(running)
}

impl Running {
    /// Its rest in pieces that end at the breakpoints inside it, and at its end: each with the share of the rest.
    pub(super) fn pieces(&self, from: Moment, breaks: &[Moment]) -> Vec<(Moment, Exact)> {
        let whole = (self.end - from).num_seconds().max(1);
        let inside = breaks.iter().copied().filter(|at| *at > from && *at < self.end);
        let (mut last, mut pieces) = (0, Vec::new());
        for at in inside.chain([self.end]) {
            let gone = (at - from).num_seconds();
            pieces.push((at, Exact::new(i128::from(gone - last), i128::from(whole))));
            last = gone;
        }
        pieces
    }
}
