//! The chart as one sentence, for screen readers and for reading aloud at the bedside.

use super::lanes::day_words;
use crate::exposure::Exposure;
use crate::record::{DrugId, Formulary, counted, time};

/// What the curve says, in words. Source: design, section 7.
///
/// ```
/// # use corticurve::exposure::{Exposure, Window, examples, figure::sentence};
/// # let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
/// let chart = examples::treated(&["dex 10 iv 2026-11-14T08:00Z", "dex 4 iv 2026-11-22T08:00Z"]).unwrap();
/// let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
/// let words = "14 mg dexamethasone-equivalent, Day 0 to now, in 2 doses on 2 days; \
///     the largest day was Day +1 with 10 mg; 4 mg in the last 24 h.";
/// assert_eq!(sentence(&exposure, rules.formulary), words);
/// ```
pub fn sentence(exposure: &Exposure, formulary: &Formulary) -> String {
    let window = exposure.window.shown(exposure.infusion.is_some());
    let doses: usize = exposure.by_drug.iter().map(|total| total.doses).sum();
    let (total, without) = (exposure.total.brief(), &exposure.without);
    let mut parts = vec![format!("{total} mg dexamethasone-equivalent, {window}{without}")];
    if doses > 0 {
        parts.push(format!(", in {} on {}", counted(doses, "dose"), counted(exposure.steroid_days, "day")));
    }
    if let Some((date, mg)) = exposure.peak_day {
        parts.push(format!("; the largest day was {} with {} mg", day_words(exposure, date), mg.brief()));
    }
    parts.push(format!("; {} mg in the last 24 h", exposure.last_24h.brief()));
    parts.extend(exposure.undecided.words().map(|words| format!("; undecided beside it: {words}")));
    if exposure.anakinra.mg.is_positive() {
        let name = formulary.shown(&DrugId::new("anakinra")).to_owned();
        parts.push(format!("; {name} {} mg", exposure.anakinra.mg.brief()));
        if let Some(span) = exposure.anakinra.after_first_steroid {
            let order = if span < chrono::TimeDelta::zero() { "before" } else { "after" };
            parts.push(format!(", first {} {order} the first steroid", time::shown_span(span.abs())));
        }
    }
    parts.concat() + "."
}
