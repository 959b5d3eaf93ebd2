//! Anakinra beside the steroid: how much, on how many days, how soon after the first steroid.

use super::body::kilograms;
use super::totals::part;
use super::{Daily, Exact, Judged, Overflow, Span};
use crate::record::{Moment, Weight};
use chrono::TimeDelta;

/// The hours from first steroid to first anakinra within which the seed cohort started it.
const EARLY_HOURS: i64 = 24;

/// Anakinra over a window. Milligrams of anakinra.
///
/// ```
/// use corticurve::exposure::examples;
/// use corticurve::exposure::{Exposure, Window};
/// let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
/// let chart = examples::chart(&["dex 10 iv 2026-11-14T08:00Z", "ana 100 sc 2026-11-14T12:30Z"]).unwrap();
/// let anakinra = Exposure::of(&chart, rules, Window::All, now).unwrap().anakinra;
/// assert_eq!((anakinra.mg.shown(2).as_str(), anakinra.days), ("100", 1));
/// assert_eq!(anakinra.hours_after_first_steroid().unwrap().decimal(), "4.5");
/// assert_eq!(anakinra.within_24h(), Some(true));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anakinra {
    /// The total.
    pub mg: Exact,
    /// How many doses.
    pub doses: usize,
    /// Wall-clock dates with a counted dose.
    pub days: usize,
    /// The first dose.
    pub first_at: Option<Moment>,
    /// From the first steroid to the first anakinra; negative when anakinra came first.
    pub after_first_steroid: Option<TimeDelta>,
    /// The total per kilogram of body weight.
    pub mg_per_kg: Option<Exact>,
}

impl Anakinra {
    /// The hours after the first steroid, exactly.
    pub fn hours_after_first_steroid(&self) -> Option<Exact> {
        self.after_first_steroid.map(|span| Exact::new(i128::from(span.num_seconds()), 3600))
    }

    /// Whether first steroid and first anakinra were at most 24 hours apart, whichever came first.
    pub fn within_24h(&self) -> Option<bool> {
        self.after_first_steroid.map(|span| span.abs() <= TimeDelta::hours(EARLY_HOURS))
    }
}

pub(super) fn anakinra(
    inside: &[&Judged<'_>],
    span: &Span,
    daily: &Daily,
    first_steroid: Option<Moment>,
    weight: Option<(Weight, Moment)>,
) -> Result<Anakinra, Overflow> {
    let counted = |dose: &&&Judged<'_>| dose.counts_as_anakinra() && dose.mg.is_some_and(Exact::is_positive);
    let doses: Vec<&&Judged<'_>> = inside.iter().filter(counted).collect();
    let mut mg = Exact::ZERO;
    for dose in &doses {
        mg = mg.plus(part(dose.mg, dose, span)?)?;
    }
    let first_at = doses.iter().map(|dose| dose.recorded.value.given.start()).min();
    Ok(Anakinra {
        mg,
        doses: doses.len(),
        days: daily.anakinra.len(),
        first_at,
        after_first_steroid: first_at.zip(first_steroid).map(|(anakinra, steroid)| anakinra - steroid),
        mg_per_kg: weight.map(|(weight, _)| mg.over(kilograms(weight))).transpose()?,
    })
}
