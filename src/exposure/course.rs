//! Courses: doses that follow each other without a long gap.

use super::totals::part;
use super::window::spread;
use super::{Exact, Judged, Overflow, Span, daily};
use crate::record::Moment;
use chrono::{NaiveDate, TimeDelta};
use std::collections::BTreeSet;

/// Counted doses of which each begins at most the unit's gap (48 hours as designed) after the end of those before it
/// (design, section 5).
///
/// ```
/// use corticurve::exposure::{Exposure, Window, examples};
/// let doses = ["dex 10 iv 2026-11-14T08:00Z", "dex 10 iv 2026-11-16T08:00Z", "dex 4 iv 2026-11-18T08:01Z"];
/// let chart = examples::chart(&doses).unwrap();
/// let exposure = Exposure::of(&chart, examples::rules().unwrap(), Window::All, examples::now().unwrap()).unwrap();
/// // 48 hours apart are one course; a minute more is two.
/// let courses: Vec<_> = exposure.courses.iter().map(|course| (course.mg.shown(2), course.days)).collect();
/// assert_eq!(courses, [("20".to_owned(), 2), ("4".to_owned(), 1)]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Course {
    /// The start of its first dose.
    pub start: Moment,
    /// The end of its last dose, or the as-of time while that is running.
    pub end: Moment,
    /// The first and the last wall-clock date with a dose.
    pub dates: (NaiveDate, NaiveDate),
    /// Wall-clock dates with a dose.
    pub days: usize,
    /// How many doses.
    pub doses: usize,
    /// The total inside the window, in milligrams of dexamethasone-equivalent.
    pub mg: Exact,
}

/// Parts counted doses, which come by their start, into courses.
pub(super) fn courses(steroids: &[&Judged<'_>], span: &Span, gap_hours: u32) -> Result<Vec<Course>, Overflow> {
    let gap = TimeDelta::hours(i64::from(gap_hours));
    let mut courses: Vec<Course> = Vec::new();
    let mut dates = BTreeSet::new();
    for dose in steroids {
        let given = spread(dose.recorded.value.given);
        let (start, end) = (given.start(), given.end().min(span.as_of));
        let mg = part(dose.equivalent, dose, span)?;
        let Some((first, last)) = daily::dates(dose, span)? else { continue };
        let touched = first.iter_days().take_while(|date| *date <= last);
        if let Some(course) = courses.last_mut().filter(|course| start - course.end <= gap) {
            dates.extend(touched);
            let between = (course.dates.0.min(first), course.dates.1.max(last));
            let (end, mg) = (course.end.max(end), course.mg.plus(mg)?);
            *course =
                Course { start: course.start, end, dates: between, days: dates.len(), doses: course.doses + 1, mg };
        } else {
            dates = touched.collect();
            courses.push(Course { start, end, dates: (first, last), days: dates.len(), doses: 1, mg });
        }
    }
    Ok(courses)
}
