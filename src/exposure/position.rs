//! Position: where a patient's exposure lies against published distributions. Never a limit, never a target.

use super::body::Body;
use super::{
    AgeGroup, Edge, Exact, Exposure, Inside, Judged, Overflow, Published, Rules, Series, Span, Undecided, Window,
    Yardstick, judge, total,
};
use crate::record::{Chart, Day};
use chrono::NaiveDate;
use std::cmp::Ordering;
use thiserror::Error;

/// The words that stand with every position, in every place (clinical reference, section 4).
pub const NOT_A_LIMIT: &str = "median of these patients, not a limit";

/// The same for a series that was divided by a dose and prints no median.
const NO_LIMIT_EITHER: &str = "how these patients were divided, not a limit";

/// How far the published series can be trusted (clinical reference, section 4).
pub const EVIDENCE: &str = "the evidence conflicts and is confounded by severity";

/// Whether a series is of the patient's own age group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Population {
    /// It is.
    Own,
    /// It is of the other one.
    Other,
    /// The date of birth is not known, so nobody can say.
    Unknown,
}

/// Where a figure lies in a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Below, at or above the median, where one is printed.
    pub to_median: Option<Ordering>,
    /// Whether inside the range, where one is printed; its ends are inside.
    pub in_range: Option<bool>,
    /// Whether at or below what was called a low dose, where the series was divided so.
    pub is_low_dose: Option<bool>,
}

/// Why a patient has no position in a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NoPosition {
    /// The series count from the infusion.
    #[error("needs Day 0: no infusion is recorded")]
    NoDay0,
    /// The series is per kilogram.
    #[error("needs a weight: none is recorded")]
    NoWeight,
    /// Nothing to place.
    #[error("no steroid is counted from Day 0 on, and the series are of patients who had some")]
    NoSteroid,
}

/// A patient's figure beside one published series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position<'p> {
    /// The series.
    pub series: &'p Series,
    /// Whether it is of the patient's own age group.
    pub population: Population,
    /// The patient's figure in the series' unit, and where it lies.
    pub found: Result<(Exact, Place), NoPosition>,
    /// The last day that is in the figure.
    pub up_to: Option<Day>,
    /// What is undecided beside the figure.
    pub undecided: Undecided,
}

impl Position<'_> {
    /// The words that must stand with this position. Source: clinical reference, section 4.
    ///
    /// ```
    /// # use corticurve::exposure::{Exposure, Published, Window, examples, positions};
    /// # let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// # let published = Published::shipped().unwrap();
    /// let chart = examples::treated(&["dex 40 iv 2026-11-15T08:00Z", "dex 40 iv 2026-11-16T08:00Z"]).unwrap();
    /// # let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
    /// let found = positions(&chart, rules, &exposure, &published).unwrap();
    /// // The fourth series prints no median.
    /// let notes = ["median of these patients, not a limit", "how these patients were divided, not a limit"];
    /// assert_eq!([found[0].note(), found[3].note()], notes);
    /// ```
    pub const fn note(&self) -> &'static str {
        if self.series.median.is_some() { NOT_A_LIMIT } else { NO_LIMIT_EITHER }
    }

    /// `118 mg: below the median of 186 mg of 100 adults with LBCL, 60 of them with steroids`.
    /// Source: clinical reference, section 4.
    ///
    /// ```
    /// # use corticurve::exposure::{Exposure, Published, Window, examples, positions};
    /// # let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// # let published = Published::shipped().unwrap();
    /// let chart = examples::treated(&["dex 40 iv 2026-11-15T08:00Z", "dex 40 iv 2026-11-16T08:00Z"]).unwrap();
    /// # let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
    /// let found = positions(&chart, rules, &exposure, &published).unwrap();
    /// let (median, range) = ("below the median of 186 mg", "inside the range of 8–1,803 mg");
    /// let who = "100 adults with LBCL, 60 of them with steroids";
    /// assert_eq!(found[0].short(), format!("80 mg: {median} and {range} of {who}"));
    /// ```
    pub fn short(&self) -> String {
        let who = &self.series.who;
        match &self.found {
            Err(reason) => format!("no position among {who}: {reason}"),
            Ok((figure, place)) => format!("{}: {} of {who}", self.figure_words(*figure), self.place_words(*place)),
        }
    }

    /// The same with whose population it is, where it was published, and what else was found there.
    /// Source: clinical reference, section 4.
    ///
    /// ```
    /// # use corticurve::exposure::{Exposure, Published, Window, examples, positions};
    /// # let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// # let published = Published::shipped().unwrap();
    /// let chart = examples::treated(&["dex 40 iv 2026-11-15T08:00Z", "dex 40 iv 2026-11-16T08:00Z"]).unwrap();
    /// # let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
    /// let found = positions(&chart, rules, &exposure, &published).unwrap();
    /// assert!(found[0].sourced().starts_with("adults, and the patient's age is not known: 80 mg: below the median"));
    /// assert!(found[2].sourced().contains("(Yang, Front Pediatr 2024;12:1485402; no difference by dose)"));
    /// ```
    pub fn sourced(&self) -> String {
        let series = self.series;
        let population = match self.population {
            Population::Own => String::new(),
            Population::Other => format!("another population ({}): ", series.group.word()),
            Population::Unknown => format!("{}, and the patient's age is not known: ", series.group.word()),
        };
        let days = series.duration_days.map(|(median, least, most)| {
            format!("; they were treated for {median} days in the median ({least}–{most})")
        });
        let seen = if series.confirmed { "" } else { ", not confirmed" };
        let (short, days) = (self.short(), days.unwrap_or_default());
        format!("{population}{short} ({}{seen}{days}; {})", series.source, series.found)
    }

    /// The whole of it, to stand alone: also what is undecided beside the figure, and what a position is not.
    /// Source: clinical reference, section 4.
    ///
    /// ```
    /// # use corticurve::exposure::{Exposure, Published, Window, examples, positions};
    /// # let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// # let published = Published::shipped().unwrap();
    /// let chart = examples::treated(&["dex 40 iv 2026-11-15T08:00Z", "dex 6 iv 2026-11-16T08:00Z unknown"]).unwrap();
    /// # let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
    /// let found = positions(&chart, rules, &exposure, &published).unwrap();
    /// let words = found[0].words();
    /// assert!(words.contains("40 mg: below the median of 186 mg"));
    /// assert!(words.ends_with("; undecided: 6 mg in 1 dose; median of these patients, not a limit"));
    /// ```
    pub fn words(&self) -> String {
        let undecided = self.undecided.words().map_or_else(String::new, |words| format!("; undecided: {words}"));
        format!("{}{undecided}; {}", self.sourced(), self.note())
    }

    /// Below, at or above the median, or at or below a low dose, in one word; for scripts.
    /// Source: clinical reference, section 4.
    ///
    /// ```
    /// # use corticurve::exposure::{Exposure, Published, Window, examples, positions};
    /// # let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// # let published = Published::shipped().unwrap();
    /// let chart = examples::treated(&["dex 40 iv 2026-11-15T08:00Z", "dex 40 iv 2026-11-16T08:00Z"]).unwrap();
    /// # let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
    /// let found = positions(&chart, rules, &exposure, &published).unwrap();
    /// // 80 mg beside medians of 186 and 60 mg, and 1.53 mg/kg beside a low dose of at most 8 mg/kg.
    /// let places = [&found[0], &found[1], &found[3]].map(|position| position.place_word().unwrap());
    /// assert_eq!(places, ["below the median", "above the median", "at or below the low dose"]);
    /// ```
    pub fn place_word(&self) -> Option<&'static str> {
        let (_, place) = self.found.as_ref().ok()?;
        Some(match (place.to_median, place.is_low_dose) {
            (Some(Ordering::Less), _) => "below the median",
            (Some(Ordering::Equal), _) => "at the median",
            (Some(Ordering::Greater), _) => "above the median",
            (None, Some(true)) => "at or below the low dose",
            (None, _) => "above the low dose",
        })
    }

    /// `118 mg`, `118 mg on Days 0 to +9`, `2.26 mg/kg`.
    fn figure_words(&self, figure: Exact) -> String {
        let series = self.series;
        // Two figures that differ are never shown as the same.
        let compared = series.median.or(series.low_dose_at_most);
        let looks_equal = compared.is_some_and(|other| other != figure && other.shown(2) == figure.shown(2));
        match (series.figure, self.up_to) {
            (Yardstick::PerKg, _) if looks_equal => format!("{} mg/kg", figure.decimal()),
            (Yardstick::PerKg, _) => format!("{} mg/kg", figure.shown(2)),
            (Yardstick::Days0To30, Some(day)) => format!("{} mg on Days 0 to {day}", figure.brief()),
            _ => format!("{} mg", figure.brief()),
        }
    }

    fn place_words(&self, place: Place) -> String {
        let (series, unit) = (self.series, self.series.figure.unit());
        let mut parts = Vec::new();
        if let Some((order, median)) = place.to_median.zip(series.median) {
            let side = match order {
                Ordering::Less => "below",
                Ordering::Equal => "at",
                Ordering::Greater => "above",
            };
            parts.push(format!("{side} the median of {} {unit}", median.brief()));
        }
        if let Some((inside, (least, most))) = place.in_range.zip(series.range) {
            let side = if inside { "inside" } else { "outside" };
            parts.push(format!("{side} the range of {}–{} {unit}", least.brief(), most.brief()));
        }
        if let Some((is_low, most)) = place.is_low_dose.zip(series.low_dose_at_most) {
            let side = if is_low { "at or below" } else { "above" };
            parts.push(format!("{side} {} {unit}, the low dose", most.brief()));
        }
        parts.join(" and ")
    }
}

/// Where a patient lies in every published series: first those of the patient's own age group at Day 0, then the others.
/// The figures are those of the series, from Day 0 on, whatever the window of the exposure; per kilogram by its weight.
/// Source: design, section 5, and clinical reference, section 4.
///
/// ```
/// use corticurve::exposure::examples;
/// use corticurve::exposure::{Exposure, NOT_A_LIMIT, Published, Window, positions};
/// let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
/// let published = Published::shipped().unwrap();
/// // 80 mg, as much as dexamethasone 10 mg every 6 hours, 8 times (clinical reference, section 1).
/// let chart = examples::treated(&["dex 40 iv 2026-11-15T08:00Z", "dex 40 iv 2026-11-16T08:00Z"]).unwrap();
/// let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
/// let found = positions(&chart, rules, &exposure, &published).unwrap();
/// let places: Vec<_> = found.iter().map(|position| position.place_word().unwrap()).collect();
/// assert_eq!(places, ["below the median", "above the median", "above the median", "at or below the low dose"]);
/// assert!(found[0].short().starts_with("80 mg: below the median of 186 mg"));
/// assert!(found[0].words().ends_with(NOT_A_LIMIT));
/// ```
///
/// # Errors
/// [`Overflow`].
pub fn positions<'p>(
    chart: &Chart,
    rules: Rules<'_>,
    exposure: &Exposure,
    published: &'p Published,
) -> Result<Vec<Position<'p>>, Overflow> {
    let doses = judge(chart, rules)?;
    let day0 = exposure.day0();
    let age = day0.zip(chart.identity.as_ref()).and_then(|(day0, identity)| identity.age_on(day0));
    let own = age.map(AgeGroup::of);
    let body = Body::of(chart, day0);
    let mut found = Vec::new();
    for series in published.iter() {
        let window = match series.figure {
            Yardstick::Whole | Yardstick::PerKg => Window::Day0,
            Yardstick::Days0To30 => Window::Day30,
        };
        let span = ended_by_the_next_infusion(window.span(day0, exposure.as_of), exposure);
        let mg = total(&doses, &span)?;
        let figure = match (series.figure, exposure.weight) {
            _ if day0.is_none() => Err(NoPosition::NoDay0),
            _ if !mg.is_positive() => Err(NoPosition::NoSteroid),
            (Yardstick::PerKg, None) => Err(NoPosition::NoWeight),
            (Yardstick::PerKg, Some(_)) => per_kg(&body, &doses, mg, &span, rules)?,
            _ => Ok(mg),
        };
        let last = if series.figure == Yardstick::Days0To30 { Day(30) } else { Day(i64::MAX) };
        found.push(Position {
            series,
            population: match own {
                None => Population::Unknown,
                Some(own) if own == series.group => Population::Own,
                Some(_) => Population::Other,
            },
            found: figure.map(|figure| (figure, place(figure, series))),
            up_to: exposure.day.map(|day| day.min(last).min(last_day(&span, day0).unwrap_or(last))),
            undecided: Undecided::of(&doses, &span)?,
        });
    }
    found.sort_by_key(|position| position.population == Population::Other);
    Ok(found)
}

/// The figure per kilogram, by the weight that the unit chose.
fn per_kg(
    body: &Body,
    doses: &[Judged<'_>],
    mg: Exact,
    span: &Span,
    rules: Rules<'_>,
) -> Result<Result<Exact, NoPosition>, Overflow> {
    let inside = Inside::of_all(doses, span)?;
    let counted: Vec<&Inside<'_, '_>> = inside.iter().filter(|inside| inside.counts()).collect();
    let figure = body.per_kg(mg, &counted, rules.reading.weight_by)?;
    Ok(figure.ok_or(NoPosition::NoWeight))
}

/// An episode ends the day before the next infusion, whatever is told of it.
fn ended_by_the_next_infusion(span: Span, exposure: &Exposure) -> Span {
    let own = exposure.episodes.iter().find(|episode| Some(episode.infusion.at.date_naive()) == exposure.day0());
    let to = match (span.to, own.and_then(|episode| episode.last_date)) {
        (Some(Edge::Date(to)), Some(last)) => Some(Edge::Date(to.min(last))),
        (None, Some(last)) => Some(Edge::Date(last)),
        (to, _) => to,
    };
    Span { to, ..span }
}

/// The last day of a span that ends with a date.
fn last_day(span: &Span, day0: Option<NaiveDate>) -> Option<Day> {
    match (span.to, day0) {
        (Some(Edge::Date(to)), Some(day0)) => Some(Day::of(to, day0)),
        _ => None,
    }
}

fn place(figure: Exact, series: &Series) -> Place {
    Place {
        to_median: series.median.map(|median| figure.cmp(&median)),
        in_range: series.range.map(|(least, most)| least <= figure && figure <= most),
        is_low_dose: series.low_dose_at_most.map(|most| figure <= most),
    }
}
