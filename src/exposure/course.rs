//! Courses: doses that follow each other without a long gap.

use super::window::spread;
use super::{Exact, Inside, Overflow, Span, Sum, daily};
use crate::record::Moment;
use chrono::{NaiveDate, TimeDelta};

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
pub(super) fn courses(steroids: &[&Inside<'_, '_>], span: &Span, gap_hours: u32) -> Result<Vec<Course>, Overflow> {
    let gap = TimeDelta::hours(i64::from(gap_hours));
    let mut courses: Vec<Course> = Vec::new();
    let mut sum = Sum::default();
    let mut dates: Vec<NaiveDate> = Vec::new();
    for inside in steroids {
        let dose = inside.dose;
        let given = spread(dose.recorded.value.given);
        let (start, end) = (given.start(), given.end().min(span.as_of));
        let mg = inside.equivalent.unwrap_or(Exact::ZERO);
        let Some((first, last)) = daily::dates(dose, span)? else { continue };
        let touched = first.iter_days().take_while(|date| *date <= last);
        if let Some(course) = courses.last_mut().filter(|course| start - course.end <= gap) {
            sum.add(mg)?;
            for date in touched {
                // Doses come by time, so that a date is nearly always the last one or new.
                if dates.last() != Some(&date)
                    && let Err(place) = dates.binary_search(&date)
                {
                    dates.insert(place, date);
                }
            }
            let between = (course.dates.0.min(first), course.dates.1.max(last));
            (course.end, course.dates, course.days) = (course.end.max(end), between, dates.len());
            course.doses += 1;
        } else {
            close(courses.last_mut(), &mut sum)?;
            sum.add(mg)?;
            dates = touched.collect();
            courses.push(Course { start, end, dates: (first, last), days: dates.len(), doses: 1, mg: Exact::ZERO });
        }
    }
    close(courses.last_mut(), &mut sum)?;
    Ok(courses)
}

/// Gives the last course its total, once the next one begins.
fn close(course: Option<&mut Course>, sum: &mut Sum) -> Result<(), Overflow> {
    let mg = std::mem::take(sum).total()?;
    if let Some(course) = course {
        course.mg = mg;
    }
    Ok(())
}
