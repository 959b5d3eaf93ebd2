//! What of each dose lies inside a stretch of time: worked out once, and read by every figure of that stretch.

use super::window::spread;
use super::{Exact, Judged, Overflow, Span};
use crate::record::{Given, Moment};

/// A dose with its part inside a span.
#[derive(Debug, Clone, Copy)]
pub(super) struct Inside<'j, 'a> {
    /// The dose.
    pub(super) dose: &'j Judged<'a>,
    /// The first instant of it inside.
    pub(super) start: Moment,
    /// The last instant of it inside.
    pub(super) end: Moment,
    /// Its own milligrams inside, where it is a mass.
    pub(super) mg: Option<Exact>,
    /// The same as dexamethasone-equivalent, where the table lists the drug.
    pub(super) equivalent: Option<Exact>,
}

impl<'j, 'a> Inside<'j, 'a> {
    /// The part of a dose; `None` where it has none.
    pub(super) fn of(dose: &'j Judged<'a>, span: &Span) -> Result<Option<Self>, Overflow> {
        let Some((start, end)) = dose.inside(span) else { return Ok(None) };
        let (mg, equivalent) = match spread(dose.recorded.value.given) {
            Given::At(_) => (dose.mg, dose.equivalent),
            over @ Given::Over(..) => {
                let share = span.share(over);
                let part = |mg: Option<Exact>| mg.map(|mg| mg.times(share)).transpose();
                (part(dose.mg)?, part(dose.equivalent)?)
            }
        };
        Ok(Some(Self { dose, start, end, mg, equivalent }))
    }

    /// The parts of all doses that have one, in the order of the doses.
    pub(super) fn of_all(doses: &'j [Judged<'a>], span: &Span) -> Result<Vec<Self>, Overflow> {
        let mut inside = Vec::with_capacity(doses.len());
        for dose in doses {
            inside.extend(Self::of(dose, span)?);
        }
        Ok(inside)
    }

    /// Whether it has a share in the figures of steroids. A dose of zero milligrams has none.
    pub(super) fn counts(&self) -> bool {
        self.dose.counts_as_steroid() && self.dose.equivalent.is_some_and(Exact::is_positive)
    }
}
