//! Figures per kilogram and per square metre.

use super::{Exact, Inside, Judged, Overflow, Sum, SurfaceFormula, WeightBy};
use crate::record::{Chart, Height, Measure, Moment, Weight, standing};
use chrono::NaiveDate;

/// A body surface, with what it was worked out from.
///
/// ```
/// use corticurve::exposure::{Exposure, Window, examples};
/// let chart = examples::treated(&["dex 10 iv 2026-11-14T08:00Z"]).unwrap();
/// let exposure = Exposure::of(&chart, examples::rules().unwrap(), Window::Day0, examples::now().unwrap()).unwrap();
/// // 160 cm and 52.3 kg by Mosteller (clinical reference, section 5).
/// assert_eq!(exposure.surface.unwrap().square_metres.decimal(), "1.5246");
/// assert_eq!(exposure.mg_per_m2.unwrap().shown(2), "6.56");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Surface {
    /// By which formula.
    pub formula: SurfaceFormula,
    /// Rounded half-even to four decimals, as such tables print it, so that a figure per square metre can be worked out again by
    /// hand.
    pub square_metres: Exact,
    /// From which height.
    pub height: Height,
    /// From which weight.
    pub weight: Weight,
}

/// The weight or height that a figure of Day 0 rests on: the last one dated at or before Day 0, else the first after it;
/// without an infusion the last one.
fn of_day0<T: Copy>(all: &[(T, Moment)], day0: Option<NaiveDate>) -> Option<(T, Moment)> {
    let Some(day0) = day0 else { return all.last().copied() };
    let before = all.iter().rev().find(|(_, at)| at.date_naive() <= day0);
    before.or_else(|| all.first()).copied()
}

/// What was measured of a patient, by time.
pub(super) struct Body {
    weights: Vec<(Weight, Moment)>,
    heights: Vec<(Height, Moment)>,
    day0: Option<NaiveDate>,
}

impl Body {
    pub(super) fn of(chart: &Chart, day0: Option<NaiveDate>) -> Self {
        let heights = standing(&chart.measurements).filter_map(|measurement| match measurement.what {
            Measure::Height(height) => Some((height, measurement.at)),
            Measure::Weight(_) => None,
        });
        Self { weights: chart.weights().collect(), heights: heights.collect(), day0 }
    }

    pub(super) fn weight(&self) -> Option<(Weight, Moment)> {
        of_day0(&self.weights, self.day0)
    }

    /// The weight in force at an instant, else the first after it.
    pub(super) fn weight_at(&self, at: Moment) -> Option<Weight> {
        let after = self.weights.partition_point(|(_, when)| *when <= at);
        self.weights.get(after.saturating_sub(1)).map(|(weight, _)| *weight)
    }

    /// The weight that a dose is divided by.
    pub(super) fn weight_of(&self, dose: &Judged<'_>, by: WeightBy) -> Option<Weight> {
        match by {
            WeightBy::Day0 => self.weight().map(|(weight, _)| weight),
            WeightBy::EachDose => self.weight_at(dose.recorded.value.given.start()),
        }
    }

    pub(super) fn surface(&self, formula: SurfaceFormula) -> Option<Surface> {
        let ((height, _), (weight, _)) = (of_day0(&self.heights, self.day0)?, self.weight()?);
        Some(Surface { formula, square_metres: surface(formula, height, weight), height, weight })
    }

    /// The milligrams of doses by the weight that each is divided by, in the order of the doses; `None`
    /// without a weight.
    pub(super) fn by_weight(
        &self,
        doses: &[&Inside<'_, '_>],
        by: WeightBy,
    ) -> Result<Option<Vec<(Weight, Exact)>>, Overflow> {
        if self.weights.is_empty() {
            return Ok(None);
        }
        let mut groups: Vec<(Weight, Sum)> = Vec::new();
        for inside in doses {
            let Some(weight) = self.weight_of(inside.dose, by) else { continue };
            let mg = inside.equivalent.unwrap_or(Exact::ZERO);
            // Doses come by time, and weights change rarely.
            let place = groups.iter().rposition(|(other, _)| *other == weight).unwrap_or_else(|| {
                groups.push((weight, Sum::default()));
                groups.len() - 1
            });
            if let Some((_, sum)) = groups.get_mut(place) {
                sum.add(mg)?;
            }
        }
        groups.into_iter().map(|(weight, sum)| Ok((weight, sum.total()?))).collect::<Result<_, _>>().map(Some)
    }

    /// A total per kilogram. What was given under one weight is added up before it is divided.
    pub(super) fn per_kg(
        &self,
        total: Exact,
        doses: &[&Inside<'_, '_>],
        by: WeightBy,
    ) -> Result<Option<Exact>, Overflow> {
        match (by, self.weight()) {
            (_, None) => Ok(None),
            (WeightBy::Day0, Some((weight, _))) => total.over(kilograms(weight)).map(Some),
            (WeightBy::EachDose, _) => self.by_weight(doses, by)?.map(|groups| sum_of_quotients(&groups)).transpose(),
        }
    }
}

/// Decimals that are kept of each quotient where the exact fraction is too long: nine more than are ever shown.
const KEPT: i128 = 1_000_000_000_000_000;

/// Adds up milligrams by weight, each over its weight. A few different weights are added exactly; the fraction of a month
/// of daily weights is beyond any number that the program holds, and is then told to the fifteenth decimal.
fn sum_of_quotients(groups: &[(Weight, Exact)]) -> Result<Exact, Overflow> {
    let quotients = || groups.iter().map(|(weight, mg)| mg.over(kilograms(*weight)));
    // More weights than these never fit, and trying takes longer than everything else.
    let exact = match groups.len() {
        0..=12 => quotients().try_fold(Exact::ZERO, |sum, quotient| sum.plus(quotient?)),
        _ => Err(Overflow),
    };
    exact.or_else(|_| quotients().try_fold(Exact::ZERO, |sum, quotient| sum.plus(kept(quotient?)?)))
}

/// A quotient to the decimals that are kept.
pub(super) fn kept(quotient: Exact) -> Result<Exact, Overflow> {
    quotient.rounded_to(KEPT)
}

/// A weight in kilograms.
pub(super) fn kilograms(weight: Weight) -> Exact {
    Exact::new(i128::from(weight.grams()), 1000)
}

/// Body surface in square metres, rounded half-even to four decimals. Source: clinical reference, section 5.
///
/// ```
/// use corticurve::exposure::{SurfaceFormula, surface};
/// let (height, weight) = ("170 cm".parse().unwrap(), "60 kg".parse().unwrap());
/// let by = |formula| surface(formula, height, weight).decimal();
/// assert_eq!([by(SurfaceFormula::Mosteller), by(SurfaceFormula::DuBois)], ["1.6833", "1.6949"]);
/// assert_eq!([by(SurfaceFormula::Haycock), by(SurfaceFormula::GehanGeorge)], ["1.6804", "1.6916"]);
/// ```
#[allow(clippy::cast_precision_loss, reason = "grams and tenths of a millimetre are far below 2^53")]
#[allow(clippy::cast_possible_truncation, reason = "no person has more than 10 square metres")]
pub fn surface(formula: SurfaceFormula, height: Height, weight: Weight) -> Exact {
    let (cm, kg) = (height.millimetres() as f64 / 10.0, weight.grams() as f64 / 1000.0);
    let by_powers = |factor: f64, of_height: f64, of_weight: f64| factor * cm.powf(of_height) * kg.powf(of_weight);
    // Roots and powers have no exact value: this is the one number that is worked out in binary, and rounded at once.
    let square_metres = match formula {
        SurfaceFormula::Mosteller => (cm * kg / 3600.0).sqrt(),
        SurfaceFormula::DuBois => by_powers(0.007_184, 0.725, 0.425),
        SurfaceFormula::Haycock => by_powers(0.024_265, 0.3964, 0.5378),
        SurfaceFormula::GehanGeorge => by_powers(0.0235, 0.422_46, 0.514_56),
    };
    Exact::new((square_metres * 10_000.0).round_ties_even() as i128, 10_000)
}
