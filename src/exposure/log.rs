//! The log: every administration with whether it counts and the running total.

use super::body::Body;
use super::totals::part;
use super::{Exact, Exposure, Judged, Overflow, Rules, judge};
use crate::record::{Administration, Chart, Class, Day, Moment, Recorded, Weight};

/// One row of the log.
#[derive(Debug, Clone)]
pub struct LogRow {
    /// The dose with everything it has been.
    pub recorded: Recorded<Administration>,
    /// The drug's shown name.
    pub drug: String,
    /// The day it was given.
    pub day: Option<Day>,
    /// Its own milligrams per kilogram, by the weight that the unit chose.
    pub mg_per_kg: Option<Exact>,
    /// Whether it counts, or why not, in words.
    pub counted: &'static str,
    /// The total of its kind (dexamethasone-equivalent or anakinra) with this dose; `None` where it adds nothing.
    pub running: Option<Exact>,
}

impl LogRow {
    /// Whether the dose is in the total of the window. Source: design, section 5.
    ///
    /// ```
    /// # use corticurve::exposure::{Exposure, Window, examples, log};
    /// # let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let chart = examples::chart(&["dex 10 iv 2026-11-14T08:00Z", "hold dex 10 2026-11-14T14:00Z"]).unwrap();
    /// let exposure = Exposure::of(&chart, rules, Window::All, now).unwrap();
    /// let rows = log(&chart, rules, &exposure).unwrap();
    /// assert_eq!((rows[0].counts(), rows[1].counts()), (true, false));
    /// ```
    pub fn counts(&self) -> bool {
        self.running.is_some()
    }

    /// When the dose was given. Source: design, section 2.
    ///
    /// ```
    /// # use corticurve::exposure::{Exposure, Window, examples, log};
    /// # let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// // Written down on 22-Nov-2026, given eight days before.
    /// let chart = examples::chart(&["dex 10 iv 2026-11-14T08:00Z"]).unwrap();
    /// let exposure = Exposure::of(&chart, rules, Window::All, now).unwrap();
    /// assert_eq!(log(&chart, rules, &exposure).unwrap()[0].given(), examples::at("2026-11-14 08:00").unwrap());
    /// ```
    pub fn given(&self) -> Moment {
        self.recorded.value.given.start()
    }
}

/// The log of a chart, oldest first. The last running total of the glucocorticoids is the total of the window.
/// Source: design, section 7.
///
/// ```
/// use corticurve::exposure::examples;
/// use corticurve::exposure::{Exposure, Window, log};
/// let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
/// let chart = examples::chart(&["dex 10 iv 2026-11-14T08:00Z", "hold dex 10 2026-11-14T14:00Z", "dex 4 iv 2026-11-14T20:00Z"]).unwrap();
/// let exposure = Exposure::of(&chart, rules, Window::All, now).unwrap();
/// let rows = log(&chart, rules, &exposure).unwrap();
/// assert_eq!((rows[1].counted, rows[1].running), ("not given", None));
/// assert_eq!((rows[2].counted, rows[2].running), ("counted", Some(exposure.total)));
/// ```
///
/// # Errors
/// [`Overflow`].
pub fn log(chart: &Chart, rules: Rules<'_>, exposure: &Exposure) -> Result<Vec<LogRow>, Overflow> {
    let body = Body::of(chart, exposure.day0());
    let (mut steroid, mut anakinra) = (Exact::ZERO, Exact::ZERO);
    let mut rows = Vec::new();
    for dose in judge(chart, rules)? {
        let sum = if dose.counts_as_anakinra() { Some((&mut anakinra, dose.mg)) } else { None };
        let sum = if dose.counts_as_steroid() { Some((&mut steroid, dose.equivalent)) } else { sum };
        let running = match sum {
            Some((sum, mg)) => {
                let inside = part(mg, &dose, &exposure.span)?;
                *sum = sum.plus(inside)?;
                inside.is_positive().then_some(*sum)
            }
            None => None,
        };
        let weight = body.weight_of(&dose, exposure.weight_by);
        rows.push(row(&dose, rules, exposure, (running, weight))?);
    }
    Ok(rows)
}

fn row(
    dose: &Judged<'_>,
    rules: Rules<'_>,
    exposure: &Exposure,
    (running, weight): (Option<Exact>, Option<Weight>),
) -> Result<LogRow, Overflow> {
    let value = &dose.recorded.value;
    let per_kg = |weight: Weight| dose.mg.map(|mg| mg.over(super::body::kilograms(weight)));
    let after = value.given.start() > exposure.as_of;
    let inside = exposure.span.contains(value.given.start());
    Ok(LogRow {
        drug: rules.formulary.shown(&value.drug).to_owned(),
        day: exposure.day_of(value.given.start().date_naive()),
        mg_per_kg: weight.and_then(per_kg).transpose()?,
        counted: match (dose.left_out, running) {
            (Some(reason), _) => reason.words(),
            (None, Some(_)) if dose.class == Some(Class::Anakinra) => "counted as anakinra",
            (None, Some(_)) => "counted",
            (None, None) if after => "after the as-of time",
            (None, None) if dose.mg.is_some_and(Exact::is_zero) => "zero amount",
            // An infusion that has just begun.
            (None, None) if inside => "nothing in yet",
            (None, None) => "outside the window",
        },
        running,
        recorded: dose.recorded.clone(),
    })
}
