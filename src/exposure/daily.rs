//! Milligrams per wall-clock date and drug.

use super::window::spread;
use super::{Exact, Judged, Overflow, Span};
use crate::record::{Class, DrugId, Given, Moment};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Counted milligrams of each date. Dates without a counted dose are absent.
///
/// ```
/// use corticurve::exposure::examples;
/// use corticurve::exposure::{Exact, Exposure, Window};
/// let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
/// let chart = examples::chart(&["dex 8 iv 2026-11-14T22:00Z over 4h", "ana 100 sc 2026-11-15T08:00Z"]).unwrap();
/// let daily = Exposure::of(&chart, rules, Window::All, now).unwrap().daily;
/// assert_eq!(daily.steroid_dates().len(), 2);
/// // 4 mg before midnight and 4 mg after it: the earlier of equals.
/// let date = chrono::NaiveDate::from_ymd_opt(2026, 11, 14).unwrap();
/// assert_eq!(daily.peak(), Ok(Some((date, Exact::whole(4)))));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Daily {
    /// Dexamethasone-equivalent of each date and glucocorticoid.
    pub steroids: BTreeMap<NaiveDate, BTreeMap<DrugId, Exact>>,
    /// Milligrams of anakinra of each date.
    pub anakinra: BTreeMap<NaiveDate, Exact>,
}

impl Daily {
    /// The dates with a counted glucocorticoid.
    pub fn steroid_dates(&self) -> Vec<NaiveDate> {
        self.steroids.keys().copied().collect()
    }

    /// The date with the largest total of glucocorticoids, the earliest of equals.
    ///
    /// # Errors
    /// [`Overflow`].
    pub fn peak(&self) -> Result<Option<(NaiveDate, Exact)>, Overflow> {
        let mut peak: Option<(NaiveDate, Exact)> = None;
        for (date, drugs) in &self.steroids {
            let sum = Exact::sum(drugs.values().copied())?;
            if peak.is_none_or(|(_, most)| sum > most) {
                peak = Some((*date, sum));
            }
        }
        Ok(peak)
    }
}

/// Adds up every date of a span. An infusion gives each date the share of its time before midnight.
///
/// # Errors
/// [`Overflow`].
pub(super) fn daily(doses: &[Judged<'_>], span: &Span) -> Result<Daily, Overflow> {
    let mut daily = Daily::default();
    for dose in doses.iter().filter(|dose| dose.left_out.is_none()) {
        let given = dose.recorded.value.given;
        for date in dates(given, span)? {
            let mg = if dose.class == Some(Class::Anakinra) { dose.mg } else { dose.equivalent };
            let inside = mg.unwrap_or(Exact::ZERO).times(span.share_on(given, date))?;
            if !inside.is_positive() {
                continue;
            }
            let sum = if dose.class == Some(Class::Anakinra) {
                daily.anakinra.entry(date).or_insert(Exact::ZERO)
            } else {
                let drugs = daily.steroids.entry(date).or_default();
                drugs.entry(dose.recorded.value.drug.clone()).or_insert(Exact::ZERO)
            };
            *sum = sum.plus(inside)?;
        }
    }
    Ok(daily)
}

/// No infusion that a file may hold touches more dates; one made in memory is refused rather than counted for ever.
const MOST_DATES: usize = 400;

/// The dates of a span that a dose touches, on the clock that it began by.
fn dates(given: Given, span: &Span) -> Result<Vec<NaiveDate>, Overflow> {
    let stretch = match spread(given) {
        Given::At(at) => return Ok(vec![at.date_naive()]),
        Given::Over(start, end) => span.stretch(start, end),
    };
    let Some((start, end)) = stretch else { return Ok(Vec::new()) };
    let offset = *given.start().offset();
    let date = |at: Moment| at.naive_utc().checked_add_offset(offset).map(|wall| wall.date()).ok_or(Overflow);
    let (first, last) = (date(start)?, date(end)?);
    let dates: Vec<NaiveDate> = first.iter_days().take_while(|date| *date <= last).take(MOST_DATES + 1).collect();
    if dates.len() > MOST_DATES { Err(Overflow) } else { Ok(dates) }
}
