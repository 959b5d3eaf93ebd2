//! The lines of the figure panel about anakinra.

use super::lines::line;
use super::{FigureLine, day_label};
use crate::exposure::{Exact, Exposure, FigureName, WeightBy};
use crate::record::time;

/// What the line of anakinra before Day 0 is called.
pub(super) const BEFORE_DAY0: &str = "Anakinra before Day 0";

/// The lines about anakinra. `inside` says that they are over the window alone, where that leaves doses out.
pub(super) fn lines(exposure: &Exposure, inside: &str) -> Vec<FigureLine> {
    let anakinra = &exposure.anakinra;
    let mut lines = Vec::new();
    if let Some(span) = anakinra.after_first_steroid {
        let within = match anakinra.within_24h() {
            Some(true) => "within 24 h ✓",
            _ => "more than 24 h",
        };
        let first = if span < chrono::TimeDelta::zero() { "Anakinra → steroid" } else { "Steroid → anakinra" };
        lines.push(
            line(&format!("{first}{inside}"), time::shown_span(span.abs()), within).of(FigureName::FirstAnakinra),
        );
    }
    let per_kg = |mg: Option<Exact>| {
        // Anakinra is told by one weight, also where the unit takes the weight at each dose for the steroid.
        let by = if exposure.weight_by == WeightBy::Day0 { "" } else { " by the weight of Day 0" };
        mg.filter(|mg| mg.is_positive()).map(|mg| format!("{} mg/kg{by}", mg.shown(1))).unwrap_or_default()
    };
    let total = format!("{} mg", anakinra.mg.brief());
    lines.push(line("Anakinra total", total, per_kg(anakinra.mg_per_kg)).of(FigureName::Anakinra));
    if let Some(words) = anakinra.undecided.words() {
        lines.push(line("? Anakinra undecided, beside it", words, ""));
    }
    if exposure.anakinra_before_day0.is_positive() {
        lines.push(line(BEFORE_DAY0, format!("{} mg", exposure.anakinra_before_day0.brief()), ""));
    }
    if let Some(mg) = anakinra.per_day {
        let label = format!("Anakinra per day ({} d)", anakinra.days);
        lines.push(
            line(&label, format!("{} mg", mg.brief()), per_kg(anakinra.per_kg_per_day)).of(FigureName::AnakinraPerDay),
        );
    }
    if let Some((date, mg)) = anakinra.peak {
        let day = exposure.day_of(date).map_or_else(|| time::shown_date(date), day_label);
        let label = format!("Anakinra peak day ({day})");
        lines.push(
            line(&label, format!("{} mg", mg.brief()), per_kg(anakinra.peak_per_kg)).of(FigureName::AnakinraPeak),
        );
    }
    for around in &anakinra.grades {
        let label = format!("{} at anakinra, 48 h later", around.scale.word());
        lines.push(line(&label, around.shown(), around.change()));
    }
    lines
}
