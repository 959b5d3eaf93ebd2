//! What the axes of amounts are in: milligrams, or milligrams per kilogram.

use super::Figure;
use crate::exposure::body::{Body, kept, kilograms};
use crate::exposure::daily::{Daily, daily};
use crate::exposure::{CurvePoint, Exact, Exposure, Judged, Overflow, Rules, WeightBy, curve};
use crate::record::{Chart, Weight};
use serde::{Deserialize, Serialize};

/// The unit of the chart's amounts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum AmountUnit {
    /// Milligrams.
    #[default]
    Mg,
    /// Milligrams per kilogram of body weight, by the weight that the unit chose: of Day 0, or at each dose.
    MgPerKg,
}

impl AmountUnit {
    /// The unit in words. Source: design, section 8.
    ///
    /// ```
    /// use corticurve::exposure::figure::AmountUnit;
    /// assert_eq!([AmountUnit::Mg, AmountUnit::MgPerKg].map(AmountUnit::word), ["mg", "mg/kg"]);
    /// ```
    pub const fn word(self) -> &'static str {
        match self {
            Self::Mg => "mg",
            Self::MgPerKg => "mg/kg",
        }
    }

    /// The other one. Source: design, section 7.
    ///
    /// ```
    /// use corticurve::exposure::figure::AmountUnit;
    /// assert_eq!(AmountUnit::Mg.other(), AmountUnit::MgPerKg);
    /// ```
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Mg => Self::MgPerKg,
            Self::MgPerKg => Self::Mg,
        }
    }

    /// An amount in this unit, with it. Source: design, section 8.
    ///
    /// ```
    /// use corticurve::exposure::{Exact, figure::AmountUnit};
    /// // 118 mg for 52.3 kg, as in the picture of the design.
    /// assert_eq!(AmountUnit::MgPerKg.shown(Exact::new(1180, 523)), "2.26 mg/kg");
    /// ```
    pub fn shown(self, amount: Exact) -> String {
        match self {
            Self::Mg => format!("{} mg", amount.brief()),
            Self::MgPerKg => format!("{} mg/kg", amount.shown(2)),
        }
    }
}

/// A chart's amounts in the unit of its axes.
#[derive(Debug, Clone)]
pub(super) struct Amounts {
    pub unit: AmountUnit,
    pub points: Vec<CurvePoint>,
    pub daily: Daily,
    /// The weight that planned doses are divided by: that of Day 0, or the one in force.
    planned_by: Option<Weight>,
    /// Which weight it is, in words; empty for milligrams.
    pub by: String,
}

impl Amounts {
    pub(super) fn in_mg(points: Vec<CurvePoint>, exposure: &Exposure) -> Self {
        Self { unit: AmountUnit::Mg, points, daily: exposure.daily.clone(), planned_by: None, by: String::new() }
    }

    /// Everything per kilogram; `None` without a weight.
    pub(super) fn per_kg(
        chart: &Chart,
        rules: Rules<'_>,
        exposure: &Exposure,
        judged: &[Judged<'_>],
    ) -> Result<Option<Self>, Overflow> {
        let body = Body::of(chart, exposure.day0());
        let Some((weight, _)) = body.weight() else { return Ok(None) };
        let by = rules.reading.weight_by;
        let made = |quotient: fn(Exact, Weight) -> Result<Exact, Overflow>| {
            let divided = judged.iter().map(|dose| {
                let of = |mg: Option<Exact>| match (mg, body.weight_of(dose, by)) {
                    (Some(mg), Some(weight)) => quotient(mg, weight).map(Some),
                    _ => Ok(None),
                };
                Ok(Judged { mg: of(dose.mg)?, equivalent: of(dose.equivalent)?, ..*dose })
            });
            let divided: Vec<Judged<'_>> = divided.collect::<Result<_, _>>()?;
            Ok((curve(&divided, &exposure.span)?, daily(&divided, &exposure.span)?))
        };
        // A month of daily weights has no exact sum that the program holds; it is then told as the panel tells it.
        let exact = made(|mg, weight| mg.over(kilograms(weight)));
        let (points, daily) = exact.or_else(|_: Overflow| made(|mg, weight| kept(mg.over(kilograms(weight))?)))?;
        let (planned_by, by) = match by {
            WeightBy::Day0 => (Some(weight), format!("{weight}, {}", exposure.weight_words())),
            WeightBy::EachDose => (body.weight_at(exposure.as_of), "the weight at each dose".to_owned()),
        };
        Ok(Some(Self { unit: AmountUnit::MgPerKg, points, daily, planned_by, by }))
    }

    /// The total at the as-of time.
    pub(super) fn total(&self) -> Exact {
        self.points.last().map_or(Exact::ZERO, |point| point.after)
    }

    /// Planned milligrams in this unit.
    pub(super) fn of_planned(&self, mg: Exact) -> Result<Exact, Overflow> {
        self.planned_by.map_or(Ok(mg), |weight| mg.over(kilograms(weight)))
    }
}

impl Figure {
    /// The unit of the axes of amounts. Source: design, section 7.
    ///
    /// ```
    /// # use corticurve::exposure::{Exposure, Window, examples, figure::{AmountUnit, Figure}};
    /// # let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// // Nobody has been weighed, so there is nothing to divide by.
    /// let chart = examples::chart(&["dex 10 iv 2026-11-14T06:00Z"]).unwrap();
    /// let exposure = Exposure::of(&chart, rules, Window::All, now).unwrap();
    /// let figure = Figure::in_unit(&chart, rules, &exposure, AmountUnit::MgPerKg).unwrap();
    /// assert_eq!(figure.unit(), AmountUnit::Mg);
    /// ```
    pub fn unit(&self) -> AmountUnit {
        self.amounts.unit
    }

    /// What the lane of the curve is of: `total mg`, with the weight and the spacing where they are other than usual.
    /// Source: design, section 5: the choice of weight is stated.
    ///
    /// ```
    /// # use corticurve::exposure::{Exposure, Window, examples, figure::{AmountUnit, Figure, Spacing}};
    /// # let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let chart = examples::treated(&["dex 20 iv 2026-11-14T06:00Z"]).unwrap();
    /// let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
    /// let figure = Figure::in_unit(&chart, rules, &exposure, AmountUnit::MgPerKg).unwrap();
    /// assert_eq!(figure.curve_caption(), "total mg/kg dexamethasone-equivalent by 52.3 kg, the last weight up to Day 0");
    /// let figure = Figure::of(&chart, rules, &exposure).unwrap().spaced(Spacing::Log);
    /// assert_eq!(figure.curve_caption(), "total mg dexamethasone-equivalent, log scale above 10 mg");
    /// ```
    pub fn curve_caption(&self) -> String {
        let unit = self.amounts.unit.word();
        let by = if self.amounts.by.is_empty() { String::new() } else { format!(" by {}", self.amounts.by) };
        format!("total {unit} dexamethasone-equivalent{by}{}", self.log_words())
    }
}
