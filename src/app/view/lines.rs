//! The figure panel as lines, for the window, the clipboard and the command line.

use super::{FigureLine, anakinra, day_label};
use crate::exposure::{Exact, Exposure, Rules, Window};
use crate::record::{Chart, Day, time};

pub(super) fn line(label: &str, value: String, note: impl Into<String>) -> FigureLine {
    FigureLine { label: label.to_owned(), value, note: note.into() }
}

/// The figure panel as lines, for the window, the clipboard and the command line.
pub fn figure_lines(chart: &Chart, rules: Rules<'_>, exposure: &Exposure) -> Vec<FigureLine> {
    let window = exposure.window.shown(exposure.infusion.is_some());
    // A figure that is worked out of the window alone says so where the window leaves doses out.
    let inside = if matches!(exposure.window, Window::Day0 | Window::All) { "" } else { " in this window" };
    let mg = |value: Exact| format!("{} mg", value.brief());
    let per_kg = exposure.mg_per_kg.map(|mg| format!("{} mg/kg", mg.shown(2)));
    let mut lines = vec![line(&format!("Cumulative, {window}"), mg(exposure.total), per_kg.unwrap_or_default())];
    if exposure.undecided.is_positive() || exposure.undecided_without_mg > 0 {
        let unknown = match exposure.undecided_without_mg {
            0 => String::new(),
            1 => "and 1 dose that cannot be converted".to_owned(),
            doses => format!("and {doses} doses that cannot be converted"),
        };
        lines.push(line("? Undecided, beside the total", mg(exposure.undecided), unknown));
    }
    if exposure.infusion.is_some() && exposure.before_day0.is_positive() {
        lines.push(line("Before Day 0", mg(exposure.before_day0), ""));
    }
    let (least, most) = exposure.range;
    let range = if least == most { "no change".to_owned() } else { format!("{}–{}", least.brief(), mg(most)) };
    lines.push(line("Range: tables, base/phosphate", range, ""));
    lines.push(line("Last 24 h", mg(exposure.last_24h), ""));
    if let Some((date, most)) = exposure.peak_day {
        let day = exposure.day_of(date).map_or_else(|| time::shown_date(date), day_label);
        lines.push(line(&format!("Peak day ({day})"), mg(most), ""));
    }
    lines.push(line("Steroid days / span", format!("{} / {} d", exposure.steroid_days, exposure.span_days), ""));
    if let Some(at) = exposure.first_dose_at {
        let day = exposure.day_of(at.date_naive());
        let value = day.map_or_else(|| time::shown(at), |day| format!("{} {}", day_label(day), at.format("%H:%M")));
        let early = match exposure.first_dose_early() {
            Some(true) => "early (D0 to D+7)",
            Some(false) => "not in D0 to D+7",
            None => "",
        };
        lines.push(line(&format!("First dose{inside}"), value, early));
    }
    if let Some(span) = exposure.infusion_to_first_dose() {
        let order = if span < chrono::TimeDelta::zero() { "before" } else { "after" };
        lines.push(line(&format!("First dose, {order} the infusion"), time::shown_span(span.abs()), ""));
    }
    if let Some(span) = exposure.since_last_dose() {
        lines.push(line("Since last dose", time::shown_span(span), ""));
    }
    lines.extend(anakinra::lines(chart, exposure, inside));
    if exposure.without_route.doses > 0 {
        let doses = exposure.without_route.doses;
        lines.push(line("Counted without a route", mg(exposure.without_route.mg), doses_words(doses)));
    }
    for left in &exposure.left_out {
        let amount = left.mg.map_or_else(|| "amount unknown".to_owned(), mg);
        let label = format!("{}: {}", left.reason.words(), rules.formulary.shown(&left.drug));
        let without = if left.mg.is_some() && left.without_mg > 0 {
            format!(", {} of them without an amount", left.without_mg)
        } else {
            String::new()
        };
        lines.push(line(&label, amount, doses_words(left.doses) + &without));
    }
    // Which weight the figures per kilogram rest on is part of the figure.
    if let Some((weight, at)) = exposure.weight {
        lines.push(line("mg/kg by the weight of", time::shown_date(at.date_naive()), weight.to_string()));
    }
    lines
}

/// The whole panel as lines: the figures, then the landmarks.
pub fn panel_lines(chart: &Chart, rules: Rules<'_>, exposure: &Exposure) -> Vec<FigureLine> {
    let landmarks = landmarks(exposure).into_iter().map(|(day, mg)| line(&day, mg, ""));
    figure_lines(chart, rules, exposure).into_iter().chain(landmarks).collect()
}

fn doses_words(doses: usize) -> String {
    if doses == 1 { "1 dose".to_owned() } else { format!("{doses} doses") }
}

pub(super) fn landmarks(exposure: &Exposure) -> Vec<(String, String)> {
    let landmark = |day: i64| {
        let Some(landmark) = exposure.landmarks.iter().find(|landmark| landmark.day == Day(day)) else {
            return (format!("D{day}"), "—".to_owned());
        };
        let so_far = if landmark.complete { "" } else { " so far" };
        let undecided = if landmark.undecided_doses > 0 { " + ?" } else { "" };
        (format!("D{day}{so_far}"), format!("{} mg{undecided}", landmark.mg.brief()))
    };
    match exposure.infusion {
        Some(_) => [7, 14, 28, 30].map(landmark).into(),
        None => Vec::new(),
    }
}
