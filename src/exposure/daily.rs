//! Milligrams per wall-clock date and drug.

use super::totals::part;
use super::window::{date_during, spread};
use super::{Exact, Judged, Overflow, Span};
use crate::record::{Class, DrugId, Given, Moment};
use chrono::{NaiveDate, TimeDelta};
use std::collections::BTreeMap;

/// Counted milligrams of each date. Dates without a counted dose are absent.
///
/// ```
/// use corticurve::exposure::examples;
/// use corticurve::exposure::{Exact, Exposure, Window};
/// let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
/// let chart = examples::chart(&["dex 8 iv 2026-11-14T22:00Z over 4h", "ana 100 sc 2026-11-15T08:00Z"]).unwrap();
/// let exposure = Exposure::of(&chart, rules, Window::All, now).unwrap();
/// let date = examples::at("2026-11-14 22:00").unwrap().date_naive();
/// // 4 mg before midnight and 4 mg after it: the earlier of equals is the peak.
/// assert_eq!((exposure.daily.steroids.len(), exposure.peak_day), (2, Some((date, Exact::whole(4)))));
/// assert_eq!(exposure.daily.anakinra.values().copied().collect::<Vec<_>>(), [Exact::whole(100)]);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Daily {
    /// Dexamethasone-equivalent of each date and glucocorticoid.
    pub steroids: BTreeMap<NaiveDate, BTreeMap<DrugId, Exact>>,
    /// Milligrams of anakinra of each date.
    pub anakinra: BTreeMap<NaiveDate, Exact>,
}

impl Daily {
    /// What of it lies on the dates from one to another.
    pub(super) fn within(mut self, from: Option<NaiveDate>, to: Option<NaiveDate>) -> Self {
        let inside = |date: &NaiveDate| from.is_none_or(|from| *date >= from) && to.is_none_or(|to| *date <= to);
        self.steroids.retain(|date, _| inside(date));
        self.anakinra.retain(|date, _| inside(date));
        self
    }

    /// The dexamethasone-equivalent of the dates from one to another.
    pub(super) fn steroids_between(&self, from: Option<NaiveDate>, to: Option<NaiveDate>) -> Result<Exact, Overflow> {
        Exact::sum(between(&self.steroids, from, to).flat_map(|(_, drugs)| drugs.values().copied()))
    }

    /// The anakinra up to a date.
    pub(super) fn anakinra_until(&self, to: NaiveDate) -> Result<Exact, Overflow> {
        Exact::sum(between(&self.anakinra, None, Some(to)).map(|(_, mg)| *mg))
    }

    /// The date with the largest total of glucocorticoids, the earliest of equals.
    ///
    /// # Errors
    /// [`Overflow`].
    pub(super) fn peak(&self) -> Result<Option<(NaiveDate, Exact)>, Overflow> {
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

/// The entries of the dates from one to another, both of them in.
pub(super) fn between<T>(
    map: &BTreeMap<NaiveDate, T>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
) -> impl Iterator<Item = (&NaiveDate, &T)> {
    let from = map.iter().skip_while(move |(date, _)| from.is_some_and(|from| **date < from));
    from.take_while(move |(date, _)| to.is_none_or(|to| **date <= to))
}

/// Adds up every date of a span. An infusion gives each date the share of its time before midnight.
///
/// # Errors
/// [`Overflow`].
pub(super) fn daily(doses: &[Judged<'_>], span: &Span) -> Result<Daily, Overflow> {
    let (mut steroids, mut anakinra) = (Runs::default(), Runs::default());
    for dose in doses.iter().filter(|dose| dose.left_out.is_none()) {
        let given = dose.recorded.value.given;
        let Some((first, last)) = dates(dose, span)? else { continue };
        let (runs, mg) = if dose.class == Some(Class::Anakinra) {
            (&mut anakinra, dose.mg)
        } else {
            (&mut steroids, dose.equivalent)
        };
        let mg = mg.unwrap_or(Exact::ZERO);
        if first == last {
            runs.add(first, dose, part(Some(mg), dose, span)?)?;
            continue;
        }
        for date in first.iter_days().take_while(|date| *date <= last) {
            runs.add(date, dose, mg.times(span.share_on(given, date))?)?;
        }
    }
    let mut daily = Daily::default();
    for (date, dose, mg) in steroids.0 {
        let drug = dose.recorded.value.drug.clone();
        let sum = daily.steroids.entry(date).or_default().entry(drug).or_insert(Exact::ZERO);
        *sum = sum.plus(mg)?;
    }
    for (date, _, mg) in anakinra.0 {
        let sum = daily.anakinra.entry(date).or_insert(Exact::ZERO);
        *sum = sum.plus(mg)?;
    }
    Ok(daily)
}

/// Sums of a date and drug. Doses come by time, so that most belong to one of the last few; a sum that is begun twice is
/// made one in the end.
#[derive(Default)]
struct Runs<'j, 'a>(Vec<(NaiveDate, &'j Judged<'a>, Exact)>);

impl<'j, 'a> Runs<'j, 'a> {
    fn add(&mut self, date: NaiveDate, dose: &'j Judged<'a>, mg: Exact) -> Result<(), Overflow> {
        if !mg.is_positive() {
            return Ok(());
        }
        let mut last = self.0.iter_mut().rev().take(4);
        match last.find(|(of, other, _)| *of == date && other.drug == dose.drug) {
            Some((_, _, sum)) => *sum = sum.plus(mg)?,
            None => self.0.push((date, dose, mg)),
        }
        Ok(())
    }
}

/// No infusion that a file may hold touches more dates; one made in memory is refused rather than counted for ever.
const MOST_DATES: i64 = 400;

/// The first and the last date of a span that a dose touches, on the clock that it began by.
pub(super) fn dates(dose: &Judged<'_>, span: &Span) -> Result<Option<(NaiveDate, NaiveDate)>, Overflow> {
    let given = dose.recorded.value.given;
    let (begun, ended) = match spread(given) {
        Given::At(at) => return Ok(span.contains_on(at, dose.date).then_some((dose.date, dose.date))),
        Given::Over(start, end) => (start, end),
    };
    let Some((start, end)) = span.stretch(begun, ended) else { return Ok(None) };
    let date = |at: Moment| date_during(at, begun, ended).ok_or(Overflow);
    // An infusion up to midnight has nothing of the date that begins then.
    let (first, last) = (date(start)?, date(end.checked_sub_signed(TimeDelta::nanoseconds(1)).unwrap_or(end))?);
    if (last - first).num_days() > MOST_DATES { Err(Overflow) } else { Ok(Some((first, last))) }
}
