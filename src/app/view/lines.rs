//! The figure panel as lines, for the window, the clipboard and the command line.

use super::{FigureLine, anakinra, day_label};
use crate::exposure::{Course, Episode, Exact, Exposure, FigureName, Rules, WeightBy, Window};
use crate::record::{Day, counted, time};
use chrono::NaiveDate;

pub(super) fn line(label: &str, value: String, note: impl Into<String>) -> FigureLine {
    FigureLine { label: label.to_owned(), value, note: note.into(), explains: None }
}

impl FigureLine {
    /// The same, with the figure that explains it.
    pub(super) fn of(self, figure: FigureName) -> Self {
        Self { explains: Some(figure), ..self }
    }
}

fn mg(value: Exact) -> String {
    format!("{} mg", value.brief())
}

fn mg_per_kg(value: Exact) -> String {
    format!("{} mg/kg", value.shown(2))
}

/// The figure panel as lines, for the window, the clipboard and the command line.
pub fn figure_lines(rules: Rules<'_>, exposure: &Exposure) -> Vec<FigureLine> {
    // A figure that is worked out of the window alone says so where the window leaves doses out.
    let before_day0 = exposure.before_day0.is_positive() || exposure.anakinra_before_day0.is_positive();
    let inside = match exposure.window {
        Window::Day0 if before_day0 => " since Day 0",
        Window::Day0 | Window::All => "",
        _ => " in this window",
    };
    // What is asked at the bedside stands above, where it is seen without scrolling.
    let mut lines = totals(exposure);
    lines.extend(days(exposure));
    lines.extend(first_and_last(exposure, inside));
    lines.extend(anakinra::lines(exposure, inside));
    lines.extend(left_out(rules, exposure));
    lines.extend(more_hours(exposure));
    lines.extend(courses(exposure));
    lines.extend(episodes(exposure));
    lines.extend(range_ends(exposure));
    lines.extend(by_body(exposure));
    lines
}

fn totals(exposure: &Exposure) -> Vec<FigureLine> {
    let window = exposure.window.shown(exposure.infusion.is_some());
    let beside = exposure.mg_per_kg.map(mg_per_kg).unwrap_or_default() + &exposure.without;
    let label = format!("Cumulative, {window}");
    let beside = beside.trim_start_matches([',', ' ']);
    let mut lines = vec![line(&label, mg(exposure.total), beside).of(FigureName::Total)];
    if exposure.undecided.is_any() {
        // What cannot be converted is not 0 mg.
        let (value, unknown) = match exposure.undecided.without_words() {
            Some(words) if !exposure.undecided.mg.is_positive() => (words, String::new()),
            words => (mg(exposure.undecided.mg), words.map_or_else(String::new, |words| format!("and {words}"))),
        };
        let undecided = line("? Undecided, beside the total", value, unknown);
        lines.push(undecided.of(FigureName::Undecided));
    }
    if exposure.infusion.is_some() && exposure.before_day0.is_positive() {
        lines.push(line("Before Day 0", mg(exposure.before_day0), "").of(FigureName::BeforeDay0));
    }
    lines.push(range(exposure));
    lines.push(line("Last 24 h", mg(exposure.last_24h), "").of(FigureName::Last24h));
    lines
}

fn range(exposure: &Exposure) -> FigureLine {
    let (least, most) = (exposure.range.least.mg, exposure.range.most.mg);
    let value = if least == most { "no change".to_owned() } else { format!("{}–{}", least.brief(), mg(most)) };
    line("Range: tables, salt form", value, "").of(FigureName::RangeMost)
}

/// Which reading gives each end of the range.
fn range_ends(exposure: &Exposure) -> Vec<FigureLine> {
    let (least, most) = (&exposure.range.least, &exposure.range.most);
    if least.mg == most.mg {
        return Vec::new();
    }
    let mut lines = vec![
        line("Range, least", mg(least.mg), least.shown()).of(FigureName::RangeLeast),
        line("Range, most", mg(most.mg), most.shown()).of(FigureName::RangeMost),
    ];
    if exposure.total_as_base != exposure.total {
        lines.push(line("Total, told as base", mg(exposure.total_as_base), "").of(FigureName::AsBase));
    }
    lines
}

fn more_hours(exposure: &Exposure) -> [FigureLine; 2] {
    [
        line("Last 72 h", mg(exposure.last_72h), "").of(FigureName::Last72h),
        line("Last 7 days", mg(exposure.last_7d), "").of(FigureName::Last7d),
    ]
}

fn episodes(exposure: &Exposure) -> Vec<FigureLine> {
    // One episode is the whole window.
    let several = exposure.episodes.iter().filter(|_| exposure.episodes.len() > 1);
    let episode = |episode: &Episode| {
        let from = time::shown_date(episode.infusion.at.date_naive());
        let to = episode.last_date.map_or_else(String::new, |date| format!("to {}", time::shown_date(date)));
        let label = format!("Episode {}, from {from}", episode.number);
        line(&label, mg(episode.mg), to).of(FigureName::Episode(episode.number))
    };
    several.map(episode).collect()
}

fn days(exposure: &Exposure) -> Vec<FigureLine> {
    let mut lines = Vec::new();
    if let Some((date, most)) = exposure.peak_day {
        let day = exposure.day_of(date).map_or_else(|| time::shown_date(date), day_label);
        lines.push(line(&format!("Peak day ({day})"), mg(most), "").of(FigureName::PeakDay));
    }
    lines.push(line("Steroid days", format!("{} d", exposure.steroid_days), "").of(FigureName::SteroidDays));
    lines.push(line("Span, first to last day", format!("{} d", exposure.span_days), "").of(FigureName::SpanDays));
    lines
}

fn courses(exposure: &Exposure) -> Vec<FigureLine> {
    let mut lines = Vec::new();
    let gap = exposure.course_gap_hours;
    match exposure.courses.as_slice() {
        [] => {}
        [one] => {
            let label = format!("One course, no gap over {gap} h");
            lines.push(line(&label, from_to(exposure, one), "").of(FigureName::Course(1)));
        }
        several => lines.extend((1..).zip(several).map(|(number, course)| {
            let label = format!("Course {number}, gap over {gap} h");
            let note = format!("{}, {} d", from_to(exposure, course), course.days);
            line(&label, mg(course.mg), note).of(FigureName::Course(number))
        })),
    }
    lines
}

fn from_to(exposure: &Exposure, course: &Course) -> String {
    let (from, to) = (date_or_day(exposure, course.dates.0), date_or_day(exposure, course.dates.1));
    if from == to { from } else { format!("{from} to {to}") }
}

fn date_or_day(exposure: &Exposure, date: NaiveDate) -> String {
    exposure.day_of(date).map_or_else(|| time::shown_date(date), day_label)
}

fn first_and_last(exposure: &Exposure, inside: &str) -> Vec<FigureLine> {
    let mut lines = Vec::new();
    if let Some(at) = exposure.first_dose_at {
        let day = exposure.day_of(at.date_naive());
        let value = day.map_or_else(|| time::shown(at), |day| format!("{} {}", day_label(day), at.format("%H:%M")));
        let early = match exposure.first_dose_early() {
            Some(true) => "early (D0 to D+7)",
            Some(false) => "not in D0 to D+7",
            None => "",
        };
        lines.push(line(&format!("First dose{inside}"), value, early).of(FigureName::FirstDose));
    }
    if let Some(span) = exposure.infusion_to_first_dose() {
        let order = if span < chrono::TimeDelta::zero() { "before" } else { "after" };
        let label = format!("First dose, {order} the infusion");
        lines.push(line(&label, time::shown_span(span.abs()), "").of(FigureName::FirstDose));
    }
    if let Some(span) = exposure.since_last_dose() {
        lines.push(line("Since last dose", time::shown_span(span), "").of(FigureName::LastDose));
    }
    lines
}

fn left_out(rules: Rules<'_>, exposure: &Exposure) -> Vec<FigureLine> {
    let mut lines = Vec::new();
    if exposure.without_route.doses > 0 {
        let (doses, share) = (counted(exposure.without_route.doses, "dose"), mg(exposure.without_route.mg));
        lines.push(line("Counted without a route", share, doses).of(FigureName::WithoutRoute));
    }
    for left in &exposure.left_out {
        let amount = left.mg.map_or_else(|| "amount unknown".to_owned(), mg);
        let label = format!("{}: {}", left.reason.words(), rules.formulary.shown(&left.drug));
        let without = if left.mg.is_some() && left.without_mg > 0 {
            format!(", {} of them without an amount", left.without_mg)
        } else {
            String::new()
        };
        lines.push(line(&label, amount, counted(left.doses, "dose") + &without).of(FigureName::LeftOut));
    }
    lines
}

/// The whole panel as lines: the figures, then the landmarks.
pub fn panel_lines(rules: Rules<'_>, exposure: &Exposure) -> Vec<FigureLine> {
    let mut lines = figure_lines(rules, exposure);
    lines.extend(sparing(exposure));
    let difference =
        exposure.sparing.as_ref().map(|sparing| line("Steroid-sparing difference", sparing.difference_words(), ""));
    lines.extend(difference);
    lines.into_iter().chain(landmarks(exposure)).collect()
}

/// Both sides of the steroid-sparing read-out.
pub(super) fn sparing(exposure: &Exposure) -> Vec<FigureLine> {
    let Ok(sparing) = &exposure.sparing else { return Vec::new() };
    let side = |label, mg: Exact, figure| line(label, format!("{} mg/day", mg.brief()), "").of(figure);
    vec![
        side("Steroid before the first anakinra", sparing.before_per_day, FigureName::SparingBefore),
        side("Steroid from the first anakinra on", sparing.after_per_day, FigureName::SparingAfter),
    ]
}

/// The figures by weight and surface, and what they rest on: that is part of the figure.
fn by_body(exposure: &Exposure) -> Vec<FigureLine> {
    let mut lines = Vec::new();
    let by_weight = |by: WeightBy| match by {
        WeightBy::Day0 => exposure.weight_words().to_owned(),
        WeightBy::EachDose => "the weight at each dose".to_owned(),
    };
    if let Some(mg) = exposure.mg_per_kg {
        let by = by_weight(exposure.weight_by);
        lines.push(line("Per kilogram", mg_per_kg(mg), by).of(FigureName::PerKg));
    }
    if let Some(mg) = exposure.mg_per_kg_otherwise.filter(|other| Some(*other) != exposure.mg_per_kg) {
        let by = by_weight(exposure.weight_by.other());
        lines.push(line("Per kilogram otherwise", mg_per_kg(mg), by).of(FigureName::PerKgOtherwise));
    }
    if let Some((mg, surface)) = exposure.mg_per_m2.zip(exposure.surface) {
        let by = format!("{} m², {}", surface.square_metres.shown(4), surface.formula.word());
        lines.push(line("Per square metre", format!("{} mg/m²", mg.shown(2)), by).of(FigureName::PerM2));
    }
    if let Some((weight, at)) = exposure.weight {
        let which = format!("{}, {}", time::shown_date(at.date_naive()), exposure.weight_words());
        lines.push(line("Weight", weight.to_string(), which));
    }
    lines
}

pub(super) fn landmarks(exposure: &Exposure) -> Vec<FigureLine> {
    let landmark = |day: i64| {
        let Some(landmark) = exposure.landmarks.iter().find(|landmark| landmark.day == Day(day)) else {
            return line(&format!("D{day}"), "—".to_owned(), "");
        };
        let so_far = if landmark.complete { "" } else { " so far" };
        let undecided = if landmark.undecided_doses > 0 { " + ?" } else { "" };
        line(&format!("D{day}{so_far}"), format!("{}{undecided}", mg(landmark.mg)), "").of(FigureName::Landmark(day))
    };
    match exposure.infusion {
        Some(_) => [7, 14, 28, 30].map(landmark).into(),
        None => Vec::new(),
    }
}
