//! Episodes: each infusion opens one, with its own Day 0.

use super::daily::between;
use super::window::past_infusions;
use super::{Daily, Exact, Overflow, Window};
use crate::record::{Chart, Infusion, Moment};

/// The stretch from one infusion's Day 0 to the day before the next infusion, or to the as-of time (design, section 4).
///
/// ```
/// use corticurve::exposure::{Exposure, Window, examples};
/// let chart = examples::treated(&["dex 10 iv 2026-11-14T08:00Z"]).unwrap();
/// let exposure = Exposure::of(&chart, examples::rules().unwrap(), Window::Day0, examples::now().unwrap()).unwrap();
/// assert_eq!((exposure.episodes.len(), exposure.episodes[0].mg.shown(2).as_str()), (1, "10"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Episode {
    /// Its place, counted from 1; [`Window::Episode`] with this number gives every figure of it.
    pub number: usize,
    /// The infusion that opened it.
    pub infusion: Infusion,
    /// Its last date, where another infusion ended it.
    pub last_date: Option<chrono::NaiveDate>,
    /// Dexamethasone-equivalent in it.
    pub mg: Exact,
    /// Wall-clock dates with a counted steroid.
    pub steroid_days: usize,
    /// Milligrams of anakinra in it.
    pub anakinra_mg: Exact,
}

/// The episodes of a chart. `record` is the whole record by date.
pub(super) fn episodes(chart: &Chart, record: &Daily, as_of: Moment) -> Result<Vec<Episode>, Overflow> {
    let mut episodes = Vec::new();
    for (at, infusion) in past_infusions(chart, as_of).enumerate() {
        let number = at + 1;
        let (_, span) = Window::Episode(number).place(chart, as_of);
        let (from, last_date) = span.whole_dates().unwrap_or_default();
        episodes.push(Episode {
            number,
            infusion: infusion.clone(),
            last_date,
            mg: record.steroids_between(from, last_date)?,
            steroid_days: between(&record.steroids, from, last_date).count(),
            anakinra_mg: Exact::sum(between(&record.anakinra, from, last_date).map(|(_, mg)| *mg))?,
        });
    }
    Ok(episodes)
}
