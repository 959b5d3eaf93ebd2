//! Every figure of one patient over one window. Window, log, command line and exports all read this one value.

use super::anakinra::{self, Anakinra};
use super::breakdown::{self, DrugTotal, Landmark, LeftOut, Share};
use super::daily::{self, Daily};
use super::sparing::{self, NoSparing, Sparing};
use super::{Edge, Exact, Judged, Overflow, Reading, Span, Table, Tables, Window, reading};
use crate::record::{Chart, Day, Formulary, Infusion, Moment, Weight};
use chrono::{NaiveDate, TimeDelta};

/// What interprets the facts: the drug list and the conversion tables, with the one in use.
///
/// ```
/// use corticurve::exposure::{DEFAULT_TABLE, Rules, Tables};
/// use corticurve::record::Formulary;
/// let (formulary, tables) = (Formulary::shipped().unwrap(), Tables::shipped().unwrap());
/// let rules = Rules::new(&formulary, &tables, tables.get(DEFAULT_TABLE).unwrap());
/// assert_eq!((rules.table.id.as_str(), rules.reading.course_gap_hours), ("fda-label", 48));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// The drugs.
    pub formulary: &'a Formulary,
    /// All tables, for the range.
    pub tables: &'a Tables,
    /// The table in use.
    pub table: &'a Table,
    /// The unit's choices.
    pub reading: &'a Reading,
}

impl<'a> Rules<'a> {
    /// A table with the choices that the design makes.
    pub fn new(formulary: &'a Formulary, tables: &'a Tables, table: &'a Table) -> Self {
        Self { formulary, tables, table, reading: &reading::AS_DESIGNED }
    }
}

/// The figures of one patient. Milligrams of dexamethasone-equivalent unless a field says otherwise.
#[derive(Debug, Clone)]
pub struct Exposure {
    /// Nothing after this was counted.
    pub as_of: Moment,
    /// The window asked for.
    pub window: Window,
    /// The infusion that Day 0 is counted from.
    pub infusion: Option<Infusion>,
    /// The as-of time's day.
    pub day: Option<Day>,
    /// The total over the window.
    pub total: Exact,
    /// Beside the total: what may belong in it.
    pub undecided: Exact,
    /// How many undecided glucocorticoid doses have no amount that could be converted.
    pub undecided_without_mg: usize,
    /// The total before Day 0; zero without an infusion.
    pub before_day0: Exact,
    /// The smallest and the largest total over both salt readings and the tables that list every counted drug.
    pub range: (Exact, Exact),
    /// The total per kilogram, by the weight of [`Exposure::weight`].
    pub mg_per_kg: Option<Exact>,
    /// The last weight dated at or before Day 0, else the first after; without an infusion the last one.
    pub weight: Option<(Weight, Moment)>,
    /// `(as-of − 24 h, as-of]`, whatever the window.
    pub last_24h: Exact,
    /// Counted milligrams per wall-clock date and drug.
    pub daily: Daily,
    /// The day with the largest total, the earliest of equals.
    pub peak_day: Option<(NaiveDate, Exact)>,
    /// Wall-clock dates with a counted dose.
    pub steroid_days: usize,
    /// Last such date minus first, plus 1.
    pub span_days: i64,
    /// The first counted dose.
    pub first_dose_at: Option<Moment>,
    /// The end of the last counted dose, or the as-of time while one is running.
    pub last_dose_at: Option<Moment>,
    /// Totals of Days 0..=7, 14, 28 and 30 that have been reached, whatever the window.
    pub landmarks: Vec<Landmark>,
    /// Counted glucocorticoids, by drug.
    pub by_drug: Vec<DrugTotal>,
    /// What is not in the total, and why; sorted by drug, then reason.
    pub left_out: Vec<LeftOut>,
    /// Counted glucocorticoid doses with no route stated.
    pub without_route: Share,
    /// Anakinra.
    pub anakinra: Anakinra,
    /// The steroid per day before and after the first anakinra, or why there is no such figure.
    pub sparing: Result<Sparing, NoSparing>,
}

/// The as-of time of a chart: now, or the end of the record where the source shifted its dates.
///
/// ```
/// use corticurve::record::{Chart, time};
/// let now = time::parse_moment("2026-11-22 14:30", &chrono::FixedOffset::east_opt(0).unwrap()).unwrap();
/// assert_eq!(corticurve::exposure::as_of(&Chart::default(), now), now);
/// ```
pub fn as_of(chart: &Chart, now: Moment) -> Moment {
    let shifted = chart.identity.as_ref().is_some_and(|identity| identity.dates_shifted);
    chart.end_of_record().filter(|_| shifted).unwrap_or(now)
}

/// Judges every dose of a chart under a table.
///
/// ```
/// use corticurve::exposure::examples;
/// let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
/// let chart = examples::chart(&["dex 10 iv 2026-11-14T08:00Z", "dex 10 it 2026-11-14T09:00Z"]).unwrap();
/// let judged = corticurve::exposure::judge(&chart, rules).unwrap();
/// assert!(judged[0].counts_as_steroid());
/// assert_eq!(judged[1].left_out.unwrap().words(), "not systemic");
/// ```
///
/// # Errors
/// [`Overflow`].
pub fn judge<'a>(chart: &'a Chart, rules: Rules<'_>) -> Result<Vec<Judged<'a>>, Overflow> {
    chart.administrations.iter().map(|recorded| Judged::new(recorded, rules.formulary, rules.table)).collect()
}

/// The dexamethasone-equivalent of the counted doses inside a span.
///
/// ```
/// use corticurve::exposure::examples;
/// use corticurve::exposure::{Window, judge, total};
/// let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
/// let chart = examples::chart(&["predniSONE 60 po 2026-11-14T08:00Z", "dex 8 iv 2026-11-22T12:30Z over 4h"]).unwrap();
/// let judged = judge(&chart, rules).unwrap();
/// assert_eq!(total(&judged, &Window::All.span(None, now)).unwrap().decimal(), "13");
/// ```
///
/// # Errors
/// [`Overflow`].
pub fn total(doses: &[Judged<'_>], span: &Span) -> Result<Exact, Overflow> {
    let mut sum = Exact::ZERO;
    for dose in doses.iter().filter(|dose| dose.counts_as_steroid()) {
        sum = sum.plus(part(dose.equivalent, dose, span)?)?;
    }
    Ok(sum)
}

/// A dose's milligrams inside a span.
pub(super) fn part(mg: Option<Exact>, dose: &Judged<'_>, span: &Span) -> Result<Exact, Overflow> {
    match mg {
        Some(mg) => mg.times(span.share(dose.recorded.value.given)),
        None => Ok(Exact::ZERO),
    }
}

impl Exposure {
    /// Works out every figure of a chart over a window, seen from an as-of time (see [`as_of`]).
    ///
    /// ```
    /// use corticurve::exposure::examples;
    /// use corticurve::exposure::{Exact, Exposure, Window};
    /// let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let chart = examples::chart(&["dex 10 iv 2026-11-14T08:00Z", "methylpred 1000 iv 2026-11-15T08:00Z", "hold dex 10 2026-11-16T08:00Z"]).unwrap();
    /// let exposure = Exposure::of(&chart, rules, Window::All, now).unwrap();
    /// assert_eq!(exposure.total.shown(2), "197.5");
    /// assert_eq!((exposure.steroid_days, exposure.left_out[0].reason.words()), (2, "not given"));
    /// assert_eq!(exposure.undecided, Exact::ZERO);
    /// ```
    ///
    /// # Errors
    /// [`Overflow`] when amounts are too large to be added exactly.
    pub fn of(chart: &Chart, rules: Rules<'_>, window: Window, as_of: Moment) -> Result<Self, Overflow> {
        let doses = judge(chart, rules)?;
        let infusion = chart.infusion(as_of).cloned();
        let day0 = infusion.as_ref().map(|infusion| infusion.at.date_naive());
        let span = window.span(day0, as_of);
        let inside: Vec<&Judged<'_>> =
            doses.iter().filter(|dose| span.share(dose.recorded.value.given).is_positive()).collect();
        // A dose of zero milligrams has no share in any figure.
        let steroids: Vec<&Judged<'_>> = inside
            .iter()
            .copied()
            .filter(|dose| dose.counts_as_steroid() && dose.equivalent.is_some_and(Exact::is_positive))
            .collect();
        let total = total(&doses, &span)?;
        let daily = daily::daily(&doses, &span)?;
        let dates = daily.steroid_dates();
        let weight = weight(chart, day0);
        let per_kg = |mg: Exact| weight.map(|(weight, _)| mg.over(kilograms(weight))).transpose();
        let before = day0.and_then(|date| date.pred_opt());
        let before = before.map(|eve| Span { from: None, to: Some(Edge::Date(eve)), as_of });
        let first_dose_at = steroids.iter().map(|dose| dose.recorded.value.given.start()).min();
        Ok(Self {
            as_of,
            window,
            day: day0.map(|day0| Day::of(as_of.date_naive(), day0)),
            total,
            undecided: undecided(&inside, &span)?,
            undecided_without_mg: inside
                .iter()
                .filter(|dose| dose.may_be_steroid_undecided() && dose.equivalent.is_none())
                .count(),
            before_day0: before.map_or(Ok(Exact::ZERO), |before| self::total(&doses, &before))?,
            range: range(chart, rules, &span, &steroids)?,
            mg_per_kg: per_kg(total)?,
            weight,
            last_24h: self::total(&doses, &Window::LastHours(24).span(day0, as_of))?,
            peak_day: daily.peak()?,
            steroid_days: dates.len(),
            span_days: dates.first().zip(dates.last()).map_or(0, |(first, last)| (*last - *first).num_days() + 1),
            first_dose_at,
            last_dose_at: steroids.iter().map(|dose| dose.recorded.value.given.end().min(as_of)).max(),
            landmarks: breakdown::landmarks(chart, &doses, day0, as_of)?,
            by_drug: breakdown::by_drug(&steroids, &span)?,
            left_out: breakdown::left_out(&inside, &span)?,
            without_route: breakdown::without_route(&steroids, &span)?,
            anakinra: anakinra::anakinra(chart, &inside, &span, &daily, first_dose_at, weight)?,
            sparing: sparing::sparing(&doses, &span),
            daily,
            infusion,
        })
    }

    /// The wall-clock date of Day 0.
    pub fn day0(&self) -> Option<NaiveDate> {
        self.infusion.as_ref().map(|infusion| infusion.at.date_naive())
    }

    /// The day of a date.
    pub fn day_of(&self, date: NaiveDate) -> Option<Day> {
        self.day0().map(|day0| Day::of(date, day0))
    }

    /// From the infusion to the first dose; negative when the dose was first.
    pub fn infusion_to_first_dose(&self) -> Option<TimeDelta> {
        Some(self.first_dose_at? - self.infusion.as_ref()?.at)
    }

    /// Whether the first dose was on Day 0 to 7 (Strati, Blood 2021;137:3272).
    pub fn first_dose_early(&self) -> Option<bool> {
        let day = self.day_of(self.first_dose_at?.date_naive())?;
        Some((0..=7).contains(&day.0))
    }

    /// Since the end of the last dose, from instants, so correct across a clock change.
    pub fn since_last_dose(&self) -> Option<TimeDelta> {
        self.last_dose_at.map(|at| self.as_of - at)
    }
}

/// A weight in kilograms.
pub(super) fn kilograms(weight: Weight) -> Exact {
    Exact::new(i128::from(weight.grams()), 1000)
}

fn weight(chart: &Chart, day0: Option<NaiveDate>) -> Option<(Weight, Moment)> {
    let Some(day0) = day0 else { return chart.weights().last() };
    let before = chart.weights().filter(|(_, at)| at.date_naive() <= day0).last();
    before.or_else(|| chart.weights().next())
}

/// The undecided milligrams inside the span; an infusion with its share, as if it were counted.
fn undecided(inside: &[&Judged<'_>], span: &Span) -> Result<Exact, Overflow> {
    let mut sum = Exact::ZERO;
    for dose in inside.iter().filter(|dose| dose.may_be_steroid_undecided()) {
        sum = sum.plus(part(dose.equivalent, dose, span)?)?;
    }
    Ok(sum)
}

/// The total under one table in both readings of the salt.
fn range(chart: &Chart, rules: Rules<'_>, span: &Span, steroids: &[&Judged<'_>]) -> Result<(Exact, Exact), Overflow> {
    let mut totals = Vec::new();
    let lists_all = |table: &&Table| steroids.iter().all(|dose| table.equivalent(&dose.recorded.value.drug).is_some());
    for table in rules.tables.iter().filter(lists_all).chain([rules.table]) {
        let doses = judge(chart, Rules { table, ..rules })?;
        // The same doses as in the total: a drug that only another table lists stays undecided.
        let counted = doses
            .iter()
            .filter(|dose| dose.counts_as_steroid() && rules.table.equivalent(&dose.recorded.value.drug).is_some());
        let (mut labelled, mut base) = (Exact::ZERO, Exact::ZERO);
        for dose in counted {
            labelled = labelled.plus(part(dose.equivalent, dose, span)?)?;
            base = base.plus(part(dose.equivalent_as_base()?, dose, span)?)?;
        }
        totals.extend([labelled, base]);
    }
    Ok((totals.iter().copied().min().unwrap_or(Exact::ZERO), totals.into_iter().max().unwrap_or(Exact::ZERO)))
}
