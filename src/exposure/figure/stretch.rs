//! The stretch of the time axis that is on the screen: zoomed, moved, never lost.

use super::Figure;

/// The shortest stretch, in days: an hour.
const SHORTEST: f64 = 1.0 / 24.0;

/// How much longer than the whole chart a stretch may be.
const LONGEST: f64 = 4.0;

/// A stretch of the time axis, all lanes together. Positions are those of the [`Axis`](super::Axis).
///
/// ```
/// use corticurve::exposure::figure::Stretch;
/// // Days 0 to 30, the second landmark window of the design (section 5), are 31 whole days.
/// assert_eq!((Stretch::DAYS_0_TO_30.from, Stretch::DAYS_0_TO_30.to), (0.0, 31.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch {
    /// Its left end.
    pub from: f64,
    /// Its right end.
    pub to: f64,
}

impl Stretch {
    /// From midnight of Day 0 to the end of Day 30.
    pub const DAYS_0_TO_30: Self = Self { from: 0.0, to: 31.0 };

    /// The stretch between two positions, in whichever order they come: what was dragged over. Source: design, section 7.
    ///
    /// ```
    /// use corticurve::exposure::figure::Stretch;
    /// assert_eq!(Stretch::between(9.0, 3.0), Stretch { from: 3.0, to: 9.0 });
    /// ```
    #[must_use]
    pub fn between(one: f64, other: f64) -> Self {
        Self { from: one.min(other), to: one.max(other) }
    }

    /// Its length in days. Source: design, section 7.
    ///
    /// ```
    /// use corticurve::exposure::figure::Stretch;
    /// assert_eq!(Stretch::DAYS_0_TO_30.length(), 31.0);
    /// ```
    pub fn length(self) -> f64 {
        self.to - self.from
    }

    /// So many times closer around a position, which stays where it is on the screen. Source: design, section 7.
    ///
    /// ```
    /// use corticurve::exposure::figure::Stretch;
    /// // Twice as close around noon of Day 2.
    /// assert_eq!(Stretch { from: 0.0, to: 10.0 }.closer(2.0, 2.5), Stretch { from: 1.25, to: 6.25 });
    /// ```
    #[must_use]
    pub fn closer(self, times: f64, around: f64) -> Self {
        if !(times.is_finite() && times > 0.0) {
            return self;
        }
        Self { from: around - (around - self.from) / times, to: around + (self.to - around) / times }
    }

    /// Moved by a share of its length; to the right for a positive one. Source: design, section 7.
    ///
    /// ```
    /// use corticurve::exposure::figure::Stretch;
    /// assert_eq!(Stretch { from: 0.0, to: 8.0 }.moved(-0.25), Stretch { from: -2.0, to: 6.0 });
    /// ```
    #[must_use]
    pub fn moved(self, share: f64) -> Self {
        let by = self.length() * share;
        Self { from: self.from + by, to: self.to + by }
    }

    /// As long as before, and moved so that a position is well inside, if it is not. Source: design, section 7.
    ///
    /// ```
    /// use corticurve::exposure::figure::Stretch;
    /// let two_days = Stretch { from: 3.0, to: 5.0 };
    /// assert_eq!(two_days.showing(4.0), two_days);
    /// assert_eq!(two_days.showing(9.5), Stretch { from: 8.5, to: 10.5 });
    /// ```
    #[must_use]
    pub fn showing(self, x: f64) -> Self {
        let edge = self.length() * 0.02;
        if (self.from + edge..=self.to - edge).contains(&x) {
            return self;
        }
        let half = self.length() / 2.0;
        Self { from: x - half, to: x + half }
    }

    /// The nearest stretch that is neither too short nor too long and has its middle on the chart, so that nobody loses it.
    fn kept_on(self, whole: Self) -> Self {
        if !(self.from.is_finite() && self.to.is_finite()) {
            return whole;
        }
        let length = self.length().clamp(SHORTEST, whole.length().max(Self::DAYS_0_TO_30.length()) * LONGEST);
        let ends = Self::between(whole.from.min(0.0), whole.to.max(0.0));
        let middle = f64::midpoint(self.from, self.to).clamp(ends.from, ends.to.max(Self::DAYS_0_TO_30.to / 2.0));
        Self { from: middle - length / 2.0, to: middle + length / 2.0 }
    }
}

impl Figure {
    /// The stretch that the chart opens with. Source: design, section 7.
    ///
    /// ```
    /// # use corticurve::exposure::{Exposure, Window, examples, figure::Figure};
    /// # let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let chart = examples::treated(&["dex 10 iv 2026-11-14T06:00Z"]).unwrap();
    /// let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
    /// // From the day before the infusion on.
    /// assert_eq!(Figure::of(&chart, rules, &exposure).unwrap().opens_with().from, -1.0);
    /// ```
    pub fn opens_with(&self) -> Stretch {
        Stretch { from: self.view.0, to: self.view.1 }
    }

    /// A wished-for stretch as it can be shown: between an hour and some times the chart, with its middle where something
    /// can be, also a plan that goes on for longer than the chart opens with. Source: design, section 7.
    ///
    /// ```
    /// # use corticurve::exposure::{Exposure, Window, examples, figure::{Figure, Stretch}};
    /// # let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let chart = examples::treated(&["dex 10 iv 2026-11-14T06:00Z"]).unwrap();
    /// let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
    /// let figure = Figure::of(&chart, rules, &exposure).unwrap();
    /// let two_days = Stretch { from: 0.0, to: 2.0 };
    /// assert_eq!(figure.shown_stretch(two_days), two_days);
    /// // Nobody gets lost a year later.
    /// assert!(figure.shown_stretch(two_days.moved(180.0)).from < 20.0);
    /// ```
    pub fn shown_stretch(&self, wished: Stretch) -> Stretch {
        let planned = self.planned_daily.iter().chain(&self.planned_anakinra).map(|bar| bar.to);
        let steps = self.continuations.iter().filter_map(|plan| plan.line.last()).map(|point| point[0]);
        let doses = self.stops().last().into_iter();
        let last = planned.chain(steps).chain(doses).fold(self.view.1, f64::max);
        let first = self.stops().next().map_or(self.view.0, |x| x.min(self.view.0));
        wished.kept_on(Stretch { from: first, to: last })
    }
}
