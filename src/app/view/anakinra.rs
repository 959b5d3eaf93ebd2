//! The lines of the figure panel about anakinra.

use super::FigureLine;
use super::lines::line;
use crate::exposure::Exposure;
use crate::record::{Chart, Moment, Scale, standing, time};

/// The lines about anakinra. `inside` says that they are over the window alone, where that leaves doses out.
pub(super) fn lines(chart: &Chart, exposure: &Exposure, inside: &str) -> Vec<FigureLine> {
    let anakinra = &exposure.anakinra;
    let mut lines = Vec::new();
    if let Some(span) = anakinra.after_first_steroid {
        let within = match anakinra.within_24h() {
            Some(true) => "within 24 h ✓",
            _ => "more than 24 h",
        };
        let first = if span < chrono::TimeDelta::zero() { "Anakinra → steroid" } else { "Steroid → anakinra" };
        lines.push(line(&format!("{first}{inside}"), time::shown_span(span.abs()), within));
    }
    let per_kg = anakinra.mg_per_kg.filter(|mg| mg.is_positive()).map(|mg| format!("{} mg/kg", mg.shown(1)));
    let total = format!("{} mg", anakinra.mg.brief());
    lines.push(line("Anakinra total", total, per_kg.unwrap_or_default()));
    lines.extend(grade_line(chart, exposure));
    lines
}

/// The ICANS grade in force at the first anakinra and 48 hours later, once those have passed.
fn grade_line(chart: &Chart, exposure: &Exposure) -> Option<FigureLine> {
    let first = exposure.anakinra.first_at?;
    let later = first + chrono::TimeDelta::hours(48);
    let grade_at = |at: Moment| {
        let icans = standing(&chart.grades).filter(|graded| graded.scale == Scale::Icans && graded.at <= at);
        icans.last().map(|graded| graded.grade.number())
    };
    let (before, after) = (grade_at(first)?, grade_at(later).filter(|_| later <= exposure.as_of)?);
    let note = match after.cmp(&before) {
        std::cmp::Ordering::Less => "lower",
        std::cmp::Ordering::Equal => "unchanged",
        std::cmp::Ordering::Greater => "higher",
    };
    Some(line("ICANS at anakinra, 48 h later", format!("{before} → {after}"), note))
}
