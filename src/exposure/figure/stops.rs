//! From dose to dose: where the crosshair stops, which entries are there, and where an entry is in the lanes.

use super::Figure;
use crate::record::EntryId;

/// Two positions that are the same instant: a thousandth of a second apart.
const SAME: f64 = 1e-8;

/// Where the crosshair goes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// To the next dose.
    Next,
    /// To the dose before.
    Previous,
    /// To the first dose.
    First,
    /// To the last dose.
    Last,
}

/// An entry in the lanes, to be marked there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    /// When it began.
    pub from: f64,
    /// When it ended; the same for a dose at a point in time.
    pub to: f64,
    /// Where it is on the cumulative curve, for a counted glucocorticoid.
    pub on_curve: Option<f64>,
    /// Whether it is anakinra, which has a lane of its own.
    pub anakinra: bool,
    /// Whether it stands beside the totals.
    pub beside: bool,
}

impl Figure {
    /// Every position with a dose, from left to right; several doses of one instant are one stop.
    pub(super) fn stops(&self) -> impl DoubleEndedIterator<Item = f64> {
        let counted = self.doses.iter().map(|dose| dose.x);
        let mut stops: Vec<f64> = counted.chain(self.beside.iter().map(|dose| dose.x)).collect();
        stops.sort_by(f64::total_cmp);
        stops.dedup_by(|later, earlier| (*later - *earlier).abs() <= SAME);
        stops.into_iter()
    }

    /// Where the crosshair stops next, seen from a position; from nowhere, the nearest end. At the last dose it stays
    /// there. `None` where there is no dose. Source: design, section 7.
    ///
    /// ```
    /// use corticurve::exposure::{Exposure, Window, examples, figure::{Figure, Stop}};
    /// # let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let chart = examples::treated(&["dex 10 iv 2026-11-14T06:00Z", "ana 100 sc 2026-11-14T12:00Z"]).unwrap();
    /// let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
    /// let figure = Figure::of(&chart, rules, &exposure).unwrap();
    /// assert_eq!(figure.stop(None, Stop::First), Some(1.25));
    /// assert_eq!(figure.stop(Some(1.25), Stop::Next), Some(1.5));
    /// assert_eq!(figure.stop(Some(1.5), Stop::Next), Some(1.5));
    /// ```
    pub fn stop(&self, from: Option<f64>, to: Stop) -> Option<f64> {
        let (first, last) = (self.stops().next()?, self.stops().next_back()?);
        Some(match (to, from) {
            (Stop::First, _) => first,
            (Stop::Last, _) | (Stop::Next | Stop::Previous, None) => last,
            (Stop::Next, Some(x)) => self.stops().find(|stop| *stop > x + SAME).unwrap_or(last),
            (Stop::Previous, Some(x)) => self.stops().rfind(|stop| *stop < x - SAME).unwrap_or(first),
        })
    }

    /// The entries of the doses at a position, counted ones first. Source: design, section 7.
    ///
    /// ```
    /// # use corticurve::exposure::{Exposure, Window, examples, figure::Figure};
    /// # let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// // Anakinra 100 mg with the dexamethasone, and a dose nobody knows was given.
    /// let lines = ["dex 10 iv 2026-11-14T06:00Z", "ana 100 sc 2026-11-14T06:00Z", "dex 6 iv 2026-11-15T06:00Z unknown"];
    /// let chart = examples::treated(&lines).unwrap();
    /// let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
    /// let figure = Figure::of(&chart, rules, &exposure).unwrap();
    /// assert_eq!([1.25, 2.25, 3.0].map(|x| figure.entries_at(x).len()), [2, 1, 0]);
    /// ```
    pub fn entries_at(&self, x: f64) -> Vec<&EntryId> {
        let counted = self.doses.iter().map(|dose| (dose.x, &dose.id));
        let all = counted.chain(self.beside.iter().map(|dose| (dose.x, &dose.id)));
        all.filter(|(at, _)| (at - x).abs() <= SAME).map(|(_, id)| id).collect()
    }

    /// Where an entry is in the lanes; `None` where it is in none, as what was struck out or not given.
    /// Source: design, section 7.
    ///
    /// ```
    /// # use corticurve::exposure::{Exposure, Window, examples, figure::Figure};
    /// # let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let chart = examples::treated(&["dex 10 iv 2026-11-14T06:00Z", "ana 100 sc 2026-11-14T12:00Z"]).unwrap();
    /// let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
    /// let figure = Figure::of(&chart, rules, &exposure).unwrap();
    /// let spot = |at: usize| figure.spot(&figure.doses[at].id).unwrap();
    /// assert_eq!((spot(0).from, spot(0).on_curve, spot(0).anakinra), (1.25, Some(10.0), false));
    /// assert_eq!((spot(1).from, spot(1).on_curve, spot(1).anakinra), (1.5, None, true));
    /// ```
    pub fn spot(&self, id: &EntryId) -> Option<Spot> {
        let counted = self.doses.iter().find(|dose| dose.id == *id).map(|dose| Spot {
            from: dose.x,
            to: dose.until,
            on_curve: (!dose.anakinra).then_some(dose.y),
            anakinra: dose.anakinra,
            beside: false,
        });
        counted.or_else(|| {
            let dose = self.beside.iter().find(|dose| dose.id == *id)?;
            Some(Spot { from: dose.x, to: dose.x, on_curve: None, anakinra: dose.anakinra, beside: true })
        })
    }
}
