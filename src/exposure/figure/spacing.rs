//! A logarithmic axis for the curve, for totals from 1 to 2,000 mg on one chart.
//!
//! A logarithm has no place for zero, where every curve begins. So the axis is logarithmic only above a power of ten that
//! is not more than the first total, and even below it, down to zero; where it changes is a line, and the caption says so.
//! Bars stay on an even axis in either case: their height is the amount, and a stack of logarithms is no sum.

use super::{Figure, axis};
use crate::record::decimal;
use serde::{Deserialize, Serialize};

/// How totals are spaced on the curve's axis.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Spacing {
    /// Evenly from zero.
    #[default]
    Linear,
    /// Logarithmically above a power of ten.
    Log,
}

impl Spacing {
    /// The other one. Source: design, section 7.
    ///
    /// ```
    /// use corticurve::exposure::figure::Spacing;
    /// assert_eq!(Spacing::Linear.other(), Spacing::Log);
    /// ```
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Linear => Self::Log,
            Self::Log => Self::Linear,
        }
    }
}

/// A labelled place on an axis of amounts.
#[derive(Debug, Clone, PartialEq)]
pub struct AmountTick {
    /// Where.
    pub y: f64,
    /// The amount, with commas between thousands.
    pub label: String,
}

/// The even part below the logarithmic one is as high as half a power of ten.
const EVEN: f64 = 0.5;

/// The most powers of ten on the axis: what is smaller lies in its even part.
const MOST_POWERS: f64 = 6.0;

/// Room above the curve, which is nearly level at the top of such an axis and would touch its frame.
const ROOM: f64 = 1.06;

/// Into how many straight pieces the rise of an infusion is cut, which is a curve on this axis.
const PIECES: u32 = 24;

/// The place of an amount on an axis that is logarithmic above `from`.
fn place(amount: f64, from: f64) -> f64 {
    let amount = amount.max(0.0);
    if amount <= from { amount / from * EVEN } else { EVEN + (amount / from).log10() }
}

/// A line through places; what rises between two points is cut into pieces.
fn placed(line: &[[f64; 2]], from: f64) -> Vec<[f64; 2]> {
    let mut placed: Vec<[f64; 2]> = Vec::with_capacity(line.len());
    let mut before: Option<[f64; 2]> = None;
    for &[x, y] in line {
        if let Some([x0, y0]) = before.filter(|[x0, y0]| x > *x0 && y > *y0) {
            for piece in 1..PIECES {
                let share = f64::from(piece) / f64::from(PIECES);
                placed.push([x0 + (x - x0) * share, place(y0 + (y - y0) * share, from)]);
            }
        }
        placed.push([x, place(y, from)]);
        before = Some([x, y]);
    }
    placed
}

impl Figure {
    /// With the curve's axis spaced in this way; done last, after plans and published lines. A chart without a total stays
    /// as it is. Source: design, section 7.
    ///
    /// ```
    /// use corticurve::exposure::{Exposure, Window, examples, figure::{Figure, Spacing}};
    /// let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// // 10 mg, then 187.5 mg from methylPREDNISolone (clinical reference, section 1).
    /// let chart = examples::treated(&["dex 10 iv 2026-11-14T06:00Z", "methylpred 1000 iv 2026-11-15T06:00Z"]).unwrap();
    /// let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
    /// let figure = Figure::of(&chart, rules, &exposure).unwrap().spaced(Spacing::Log);
    /// let labels: Vec<_> = figure.curve_ticks(5).into_iter().map(|tick| tick.label).collect();
    /// assert_eq!(labels, ["0", "10", "20", "50", "100", "200"]);
    /// // From 0 to 10 as far as from 10 to 32, from 10 to 100 twice as far.
    /// assert_eq!((figure.doses[0].y, figure.curve[0][1]), (0.5, 0.0));
    /// ```
    #[must_use]
    pub fn spaced(mut self, spacing: Spacing) -> Self {
        let totals = self.curve.iter().map(|point| point[1]).filter(|y| *y > 0.0);
        let steps = self.doses.iter().map(|dose| dose.y).filter(|y| *y > 0.0);
        let planned = self.continuations.iter().flat_map(|plan| &plan.line).map(|point| point[1]).filter(|y| *y > 0.0);
        let least = steps.chain(planned).fold(f64::INFINITY, f64::min);
        let least = if least.is_finite() { least } else { totals.fold(f64::INFINITY, f64::min) };
        if spacing == Spacing::Linear || !least.is_finite() || self.log_from.is_some() {
            return self;
        }
        let power = least.log10().floor().max((self.curve_top.log10() - MOST_POWERS).ceil());
        let from = 10.0_f64.powf(power);
        self.curve = placed(&self.curve, from);
        for dose in self.doses.iter_mut().filter(|dose| !dose.anakinra) {
            dose.y = place(dose.y, from);
        }
        for plan in &mut self.continuations {
            plan.line = placed(&plan.line, from);
            plan.label_at[1] = place(plan.label_at[1], from);
        }
        for line in &mut self.published {
            line.y = place(line.y, from);
        }
        self.curve_top = place(self.curve_top, from) * ROOM;
        self.log_from = Some(from);
        self
    }

    /// The height from which on the curve's axis is logarithmic, where it is: a line is drawn there.
    /// Source: design, section 7.
    ///
    /// ```
    /// # use corticurve::exposure::{Exposure, Window, examples, figure::{Figure, Spacing}};
    /// # let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let chart = examples::treated(&["dex 10 iv 2026-11-14T06:00Z"]).unwrap();
    /// let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
    /// let figure = Figure::of(&chart, rules, &exposure).unwrap();
    /// assert_eq!(figure.log_line(), None);
    /// assert_eq!(figure.spaced(Spacing::Log).log_line(), Some(0.5));
    /// ```
    pub fn log_line(&self) -> Option<f64> {
        self.log_from.map(|from| place(from, from))
    }

    /// `, log scale above 10 mg`, or nothing.
    pub(super) fn log_words(&self) -> String {
        let unit = self.amounts.unit.word();
        self.log_from.map_or_else(String::new, |from| format!(", log scale above {} {unit}", digits(from)))
    }

    /// Where the curve's axis is labelled, at most about so many times. Source: design, section 7.
    ///
    /// ```
    /// # use corticurve::exposure::{Exposure, Window, examples, figure::Figure};
    /// # let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let chart = examples::treated(&["dex 118 iv 2026-11-14T06:00Z"]).unwrap();
    /// let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
    /// let labels: Vec<_> = Figure::of(&chart, rules, &exposure).unwrap().curve_ticks(5);
    /// let labels: Vec<_> = labels.into_iter().map(|tick| tick.label).collect();
    /// assert_eq!(labels, ["0", "50", "100"]);
    /// ```
    pub fn curve_ticks(&self, most: u32) -> Vec<AmountTick> {
        let Some(from) = self.log_from else { return even_ticks(self.curve_top, most) };
        let powers = (self.curve_top - EVEN).max(0.0);
        let fine: &[f64] = if powers * 3.0 <= f64::from(most) { &[1.0, 2.0, 5.0] } else { &[1.0] };
        let step = if powers > f64::from(most) { 2 } else { 1 };
        let mut ticks = vec![AmountTick { y: 0.0, label: "0".to_owned() }];
        for power in (0..=12).step_by(step) {
            for factor in fine {
                let amount = from * 10.0_f64.powi(power) * factor;
                let y = place(amount, from);
                if y <= self.curve_top {
                    ticks.push(AmountTick { y, label: digits(amount) });
                }
            }
        }
        ticks
    }
}

/// The labels of an even axis: round amounts from zero. Source: design, section 7.
///
/// ```
/// use corticurve::exposure::figure::even_ticks;
/// let labels: Vec<_> = even_ticks(2000.0, 5).into_iter().map(|tick| tick.label).collect();
/// assert_eq!(labels, ["0", "500", "1,000", "1,500"]);
/// ```
pub fn even_ticks(top: f64, most: u32) -> Vec<AmountTick> {
    let amounts = axis::amount_ticks(top, most).into_iter();
    amounts.map(|amount| AmountTick { y: amount, label: digits(amount) }).collect()
}

/// A round amount of an axis as digits: multiplied powers of ten are not quite what they are written as.
fn digits(amount: f64) -> String {
    decimal::grouped(&((amount * 1e9).round() / 1e9).to_string())
}
