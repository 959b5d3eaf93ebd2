//! Anakinra beside the steroid: how much, on how many days, how soon after the first steroid, and the grades around it.

use super::body::kilograms;
use super::{Daily, Exact, Inside, Judged, Overflow, Undecided};
use crate::record::{Chart, Grade, Moment, Scale, Weight, standing};
use chrono::{NaiveDate, TimeDelta};

/// The hours from first steroid to first anakinra within which the seed cohort started it.
const EARLY_HOURS: i64 = 24;

/// How long after the first anakinra the grade is looked at again: all of the seed cohort had responded by then.
const LATER_HOURS: i64 = 48;

/// Anakinra over a window. Milligrams of anakinra. Definitions: design, section 5.
///
/// ```
/// use corticurve::exposure::examples;
/// use corticurve::exposure::{Exposure, Window};
/// let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
/// let lines = ["dex 10 iv 2026-11-14T08:00Z", "ana 100 sc 2026-11-14T12:30Z", "ana 200 iv 2026-11-16T08:00Z"];
/// let chart = examples::treated(&lines).unwrap();
/// let anakinra = Exposure::of(&chart, rules, Window::All, now).unwrap().anakinra;
/// assert_eq!((anakinra.mg.shown(2).as_str(), anakinra.days), ("300", 2));
/// assert_eq!(anakinra.hours_after_first_steroid().unwrap().decimal(), "4.5");
/// assert_eq!(anakinra.within_24h(), Some(true));
/// // 300 mg on 2 days, by 52.3 kg; the most on one day was 200 mg.
/// assert_eq!(anakinra.per_day.unwrap().decimal(), "150");
/// assert_eq!(anakinra.per_kg_per_day.unwrap().shown(2), "2.87");
/// assert_eq!(anakinra.peak_per_kg.unwrap().shown(2), "3.82");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anakinra {
    /// The total.
    pub mg: Exact,
    /// How many doses.
    pub doses: usize,
    /// Beside the total: anakinra whose status or amount is not known.
    pub undecided: Undecided,
    /// Wall-clock dates with a counted dose.
    pub days: usize,
    /// The first dose.
    pub first_at: Option<Moment>,
    /// From the first steroid to the first anakinra; negative when anakinra came first.
    pub after_first_steroid: Option<TimeDelta>,
    /// The total per kilogram of body weight.
    pub mg_per_kg: Option<Exact>,
    /// The mean over the days with anakinra: total by days. Days without it in between are not counted in.
    pub per_day: Option<Exact>,
    /// The same per kilogram of body weight.
    pub per_kg_per_day: Option<Exact>,
    /// The wall-clock date with the most anakinra, the earliest of equals.
    pub peak: Option<(NaiveDate, Exact)>,
    /// That date's milligrams per kilogram of body weight.
    pub peak_per_kg: Option<Exact>,
    /// The grade of each scale at the first anakinra and 48 hours later.
    pub grades: Vec<GradeAround>,
}

/// The grade in force on a scale at the first anakinra and 48 hours later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GradeAround {
    /// The scale.
    pub scale: Scale,
    /// The grade at the first anakinra; `None` where the scale had no grade yet.
    pub at_first: Option<Grade>,
    /// The grade 48 hours later; `None` while those have not passed. Once they have, there is one: a scale without any
    /// grade by then is not listed.
    pub after_48h: Option<Grade>,
}

impl GradeAround {
    /// `3 → 2`, `3 → not yet`, `not graded → 2`. Source: design, section 5.
    ///
    /// ```
    /// # use corticurve::exposure::GradeAround;
    /// # use corticurve::record::{Grade, Scale};
    /// let around = GradeAround { scale: Scale::Icans, at_first: Grade::new(3), after_48h: Grade::new(2) };
    /// assert_eq!(around.shown(), "3 → 2");
    /// assert_eq!(GradeAround { after_48h: None, ..around }.shown(), "3 → not yet");
    /// assert_eq!(GradeAround { at_first: None, ..around }.shown(), "not graded → 2");
    /// ```
    pub fn shown(&self) -> String {
        let word = |grade: Option<Grade>, none: &str| grade.map_or_else(|| none.to_owned(), |g| g.number().to_string());
        format!("{} → {}", word(self.at_first, "not graded"), word(self.after_48h, "not yet"))
    }

    /// Which way it went, where both are known. Source: design, section 5.
    ///
    /// ```
    /// # use corticurve::exposure::GradeAround;
    /// # use corticurve::record::{Grade, Scale};
    /// let from_3 = |after_48h| GradeAround { scale: Scale::Icans, at_first: Grade::new(3), after_48h };
    /// let changes = [1, 3, 4].map(|grade| from_3(Grade::new(grade)).change());
    /// assert_eq!((changes, from_3(None).change()), (["lower", "unchanged", "higher"], ""));
    /// ```
    pub fn change(&self) -> &'static str {
        match self.after_48h.zip(self.at_first).map(|(after, first)| after.cmp(&first)) {
            Some(std::cmp::Ordering::Less) => "lower",
            Some(std::cmp::Ordering::Equal) => "unchanged",
            Some(std::cmp::Ordering::Greater) => "higher",
            None => "",
        }
    }
}

impl Anakinra {
    /// The hours after the first steroid, exactly. Source: design, section 5.
    ///
    /// ```
    /// # use corticurve::exposure::{Exposure, Window, examples};
    /// # let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let chart = examples::chart(&["dex 10 iv 2026-11-14T08:00Z", "ana 100 sc 2026-11-14T12:30Z"]).unwrap();
    /// let anakinra = Exposure::of(&chart, rules, Window::All, now).unwrap().anakinra;
    /// assert_eq!(anakinra.hours_after_first_steroid().unwrap().decimal(), "4.5");
    /// ```
    pub fn hours_after_first_steroid(&self) -> Option<Exact> {
        self.after_first_steroid.map(|span| Exact::new(i128::from(span.num_seconds()), 3600))
    }

    /// Whether first steroid and first anakinra were at most 24 hours apart, whichever came first.
    /// Source: design, section 5.
    ///
    /// ```
    /// # use corticurve::exposure::{Exposure, Window, examples};
    /// # let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let with_anakinra_at = |time| {
    ///     let chart = examples::chart(&["dex 10 iv 2026-11-15T08:00Z", &format!("ana 100 sc {time}")]).unwrap();
    ///     Exposure::of(&chart, rules, Window::All, now).unwrap().anakinra.within_24h()
    /// };
    /// assert_eq!(with_anakinra_at("2026-11-16T08:00Z"), Some(true));
    /// assert_eq!(with_anakinra_at("2026-11-16T08:01Z"), Some(false));
    /// // Also when anakinra came first.
    /// assert_eq!(with_anakinra_at("2026-11-14T08:00Z"), Some(true));
    /// assert_eq!(with_anakinra_at("2026-11-14T07:59Z"), Some(false));
    /// ```
    pub fn within_24h(&self) -> Option<bool> {
        self.after_first_steroid.map(|span| span.abs() <= TimeDelta::hours(EARLY_HOURS))
    }
}

pub(super) fn anakinra(
    chart: &Chart,
    inside: &[Inside<'_, '_>],
    as_of: Moment,
    daily: &Daily,
    first_steroid: Option<Moment>,
    weight: Option<(Weight, Moment)>,
) -> Result<Anakinra, Overflow> {
    let counted = |dose: &Judged<'_>| dose.counts_as_anakinra() && dose.mg.is_some_and(Exact::is_positive);
    let doses = || inside.iter().filter(|inside| counted(inside.dose));
    let mg = Exact::sum(doses().filter_map(|inside| inside.mg))?;
    let first_at = doses().map(|inside| inside.start).min();
    let days = daily.anakinra.len();
    let per_day = match i128::try_from(days) {
        Ok(days) if days > 0 => Some(mg.over(Exact::whole(days))?),
        _ => None,
    };
    let peak = peak(daily);
    Ok(Anakinra {
        mg,
        doses: doses().count(),
        undecided: Undecided::of_anakinra(inside)?,
        days,
        first_at,
        after_first_steroid: first_at.zip(first_steroid).map(|(anakinra, steroid)| anakinra - steroid),
        mg_per_kg: per_kg(Some(mg), weight)?,
        per_day,
        per_kg_per_day: per_kg(per_day, weight)?,
        peak,
        peak_per_kg: per_kg(peak.map(|(_, mg)| mg), weight)?,
        grades: first_at.map_or_else(Vec::new, |first| grades(chart, first, as_of)),
    })
}

/// Milligrams per kilogram; nothing without a weight.
fn per_kg(mg: Option<Exact>, weight: Option<(Weight, Moment)>) -> Result<Option<Exact>, Overflow> {
    mg.zip(weight).map(|(mg, (weight, _))| mg.over(kilograms(weight))).transpose()
}

fn peak(daily: &Daily) -> Option<(NaiveDate, Exact)> {
    let mut peak: Option<(NaiveDate, Exact)> = None;
    for (date, mg) in &daily.anakinra {
        if peak.is_none_or(|(_, most)| *mg > most) {
            peak = Some((*date, *mg));
        }
    }
    peak
}

/// Each scale that has a grade by then, in the order of the scales.
fn grades(chart: &Chart, first: Moment, as_of: Moment) -> Vec<GradeAround> {
    let later = first.checked_add_signed(TimeDelta::hours(LATER_HOURS)).filter(|later| *later <= as_of);
    let in_force = |scale: Scale, at: Moment| {
        let by_then = standing(&chart.grades).filter(|graded| graded.scale == scale && graded.at <= at);
        by_then.last().map(|graded| graded.grade)
    };
    let around = |scale: &Scale| {
        let (at_first, after_48h) = (in_force(*scale, first), later.and_then(|later| in_force(*scale, later)));
        let has_a_grade = in_force(*scale, later.unwrap_or(as_of)).is_some();
        has_a_grade.then_some(GradeAround { scale: *scale, at_first, after_48h })
    };
    Scale::ALL.iter().filter_map(around).collect()
}
