//! Published medians as thin lines in the lane of the curve: a position, never a limit.

use super::lanes::headroom;
use super::{AmountUnit, Figure};
use crate::exposure::{Edge, Exposure, Population, Position, Window, Yardstick};

/// A line further above the curve than this many times is told and not drawn: it would press the curve flat.
const FAR: f64 = 2.0;

/// A published median beside the curve.
#[derive(Debug, Clone, PartialEq)]
pub struct PublishedLine {
    /// From where to where the comparison holds.
    pub from: f64,
    /// The end; infinite for a series over the whole treatment.
    pub to: f64,
    /// Its height.
    pub y: f64,
    /// The figure, whose median it is, the source, and that it is not a limit.
    pub label: String,
    /// Whether it is too far above the curve to be drawn; it is then only told.
    pub is_above: bool,
}

impl PublishedLine {
    /// Its words where they stand in the legend, the number whole with its unit: `─ 186 mg: median of …`.
    /// Source: design, sections 7 and 8.
    ///
    /// ```
    /// use corticurve::exposure::figure::PublishedLine;
    /// let label = "186 mg: median of 60 adults with LBCL (Strati 2021), not a limit".to_owned();
    /// let line = PublishedLine { from: 0.0, to: f64::INFINITY, y: 186.0, label, is_above: false };
    /// assert!(line.in_legend().starts_with("─\u{a0}186\u{a0}mg: median of 60 adults"));
    /// ```
    pub fn in_legend(&self) -> String {
        let sign = if self.is_above { '↑' } else { '─' };
        format!("{sign}\u{a0}{}", self.label.replacen(' ', "\u{a0}", 1))
    }
}

impl Figure {
    /// With the medians that the curve can be compared with: of the patient's own age group (or of any while the date of
    /// birth is not known), in the unit of the axis, and counted from Day 0 as the series are. The axis reaches up to a
    /// median that is not far above the curve. Source: design, section 5, and clinical reference, section 4.
    ///
    /// ```
    /// use corticurve::exposure::{Exposure, Published, Window, examples, figure::Figure, positions};
    /// let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let published = Published::shipped().unwrap();
    /// // 118 mg, as in the picture of the design.
    /// let chart = examples::treated(&["dex 118 iv 2026-11-15T08:00Z"]).unwrap();
    /// let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
    /// let found = positions(&chart, rules, &exposure, &published).unwrap();
    /// let figure = Figure::of(&chart, rules, &exposure).unwrap().with_published(&found, &exposure);
    /// let line = &figure.published[0];
    /// assert_eq!((line.y, line.is_above), (186.0, false));
    /// assert_eq!(line.label, "186 mg: median of 60 adults with LBCL (Strati 2021), not a limit");
    /// assert!(figure.curve_top > 186.0);
    /// ```
    #[must_use]
    pub fn with_published(mut self, positions: &[Position<'_>], exposure: &Exposure) -> Self {
        let day0 = exposure.day0();
        // Every series counts from the infusion; a curve that begins elsewhere has another total.
        let from_day0 = day0.is_some() && exposure.span.from == day0.map(Edge::Date);
        for position in positions.iter().filter(|_| from_day0) {
            let series = position.series;
            let compared = position.found.is_ok() && position.population != Population::Other;
            let Some(median) = series.median.filter(|_| compared) else { continue };
            let (unit, to) = match series.figure {
                Yardstick::Whole => (AmountUnit::Mg, f64::INFINITY),
                Yardstick::Days0To30 => (AmountUnit::Mg, 31.0),
                Yardstick::PerKg => (AmountUnit::MgPerKg, f64::INFINITY),
            };
            // Up to Day 30 the curve has not the whole treatment in it.
            let whole = to.is_finite() || exposure.window != Window::Day30;
            if unit != self.unit() || !whole {
                continue;
            }
            let y = median.to_plot();
            let is_above = y > self.curve_top * FAR;
            let of_days = if to.is_finite() { " on Days 0 to 30" } else { "" };
            let (shown, short) = (format!("{} {}", median.brief(), unit.word()), series.short());
            let label = format!("{shown}{of_days}: median of {short}, not a limit");
            self.published.push(PublishedLine { from: 0.0, to, y, label, is_above });
        }
        let drawn = self.published.iter().filter(|line| !line.is_above).map(|line| headroom(line.y));
        self.curve_top = drawn.fold(self.curve_top, f64::max);
        self
    }
}
