//! What the window shows of a patient, worked out once after each change and not on every frame.

use super::ward::Patient;
use crate::exposure::figure::{Figure, small_curve};
use crate::exposure::{Exposure, LogRow, Overflow, Rules, Window, as_of, log};
use crate::record::{
    Administration, Chart, Day, EntryId, Formulary, Given, Moment, Now, PatientId, Scale, State, Status, standing, time,
};

/// One line of the figure panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureLine {
    /// What it is.
    pub label: String,
    /// The number with its unit.
    pub value: String,
    /// What to know beside it.
    pub note: String,
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// The entry.
    pub id: EntryId,
    /// Whether this is what the entry says no more: struck out, or replaced by a correction.
    pub is_old: bool,
    /// Whether it adds nothing to a total.
    pub is_dim: bool,
    /// Whether it begins another date than the line above.
    pub begins_date: bool,
    /// Given, day, drug, dose, mg/kg, route, for, running total, recorded, state.
    pub cells: [String; 10],
}

/// The open patient.
#[derive(Debug, Clone)]
pub struct PatientView {
    /// The figures.
    pub exposure: Exposure,
    /// The chart.
    pub figure: Figure,
    /// The log, newest first, with what each entry was before.
    pub log: Vec<LogLine>,
    /// The figure panel.
    pub lines: Vec<FigureLine>,
    /// The landmarks: label and value.
    pub landmarks: Vec<(String, String)>,
}

/// One row of the ward list.
#[derive(Debug, Clone)]
pub struct WardRow {
    /// Whose.
    pub id: PatientId,
    /// The name.
    pub name: String,
    /// The MRN.
    pub mrn: String,
    /// The day, or that there is none.
    pub day: String,
    /// The total, with what is undecided.
    pub total: String,
    /// Whether something needs a look: undecided doses, open questions, findings in the files.
    pub attention: bool,
    /// The curve, between 0 and 1.
    pub curve: Vec<[f64; 2]>,
}

impl WardRow {
    /// Makes the row of a patient.
    pub fn of(patient: &Patient, rules: Rules<'_>, now: Moment) -> Self {
        let name = patient.shown_name();
        let mrn = patient.identity().map_or_else(String::new, |identity| identity.mrn.to_string());
        let mut row = Self {
            id: patient.id.clone(),
            name,
            mrn,
            day: String::new(),
            total: "cannot be added up".to_owned(),
            attention: true,
            curve: Vec::new(),
        };
        let chart = &patient.chart;
        let Ok(exposure) = Exposure::of(chart, rules, Window::Day0, as_of(chart, now)) else { return row };
        let undecided = exposure.undecided.is_positive() || exposure.undecided_without_mg > 0;
        row.day = exposure.day.map_or_else(|| "no Day 0".to_owned(), day_label);
        row.total = format!("{} mg{}", exposure.total.brief(), if undecided { " + undecided" } else { "" });
        row.attention = undecided || chart.open_questions() > 0 || !patient.findings.is_empty();
        row.curve = Figure::of(chart, rules, &exposure).map(|figure| small_curve(&figure)).unwrap_or_default();
        row
    }

    /// Whether a search finds it: every word of the search is in the name or the MRN.
    pub fn matches(&self, search: &str) -> bool {
        let text = format!("{} {} {}", self.name, self.mrn, self.mrn.replace(' ', "")).to_lowercase();
        search.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }
}

/// `D+9`, `D0`, `D−2`.
pub fn day_label(day: Day) -> String {
    format!("D{day}")
}

impl PatientView {
    /// Works out everything that is shown of a patient.
    ///
    /// # Errors
    /// [`Overflow`] when amounts are too large to be added up.
    pub fn of(patient: &Patient, rules: Rules<'_>, window: Window, now: Now<'_>) -> Result<Self, Overflow> {
        let chart = &patient.chart;
        let exposure = Exposure::of(chart, rules, window, as_of(chart, now.at))?;
        let figure = Figure::of(chart, rules, &exposure)?;
        let rows = log(chart, rules, &exposure)?;
        let mut log: Vec<LogLine> =
            rows.iter().rev().flat_map(|row| log_lines(row, rules.formulary, &exposure, now)).collect();
        let mut date = None;
        for line in &mut log {
            let own = line.cells.first().map(|given| given.chars().take(11).collect::<String>());
            line.begins_date = date.is_some() && own != date;
            date = own;
        }
        let lines = figure_lines(chart, rules, &exposure);
        let landmarks = landmarks(&exposure);
        Ok(Self { exposure, figure, log, lines, landmarks })
    }

    /// The figures as plain text, to be pasted into a note.
    pub fn as_text(&self, name: &str, rules: Rules<'_>) -> String {
        let mut text = format!(
            "{name}\nas of {}; dexamethasone-equivalent under {} version {}\n",
            time::shown(self.exposure.as_of),
            rules.table.id,
            rules.table.version
        );
        for line in &self.lines {
            let note = if line.note.is_empty() { String::new() } else { format!(" ({})", line.note) };
            text += &format!("{}: {}{note}\n", line.label, line.value);
        }
        for (day, mg) in &self.landmarks {
            text += &format!("{day}: {mg}\n");
        }
        text + "Arithmetic from recorded doses; not advice and not a certified medical device.\n"
    }
}

/// What an entry says now, and below it what it said before: each with who wrote that and when.
fn log_lines(row: &LogRow, formulary: &Formulary, exposure: &Exposure, now: Now<'_>) -> Vec<LogLine> {
    let recorded = &row.recorded;
    let mut versions = vec![(&recorded.original, &recorded.stamp)];
    versions.extend(recorded.changes.iter().filter_map(|change| Some((change.replacement.as_ref()?, &change.stamp))));
    let mut lines = Vec::new();
    for (at, (dose, stamp)) in versions.into_iter().rev().enumerate() {
        let is_last = at == 0;
        let state = if is_last { state_words(row) } else { "before the correction".to_owned() };
        let running = row.running.filter(|_| is_last).map(|mg| format!("{} mg", mg.brief()));
        let per_kg = row.mg_per_kg.filter(|_| is_last && !recorded.struck_out).map(|mg| mg.shown(2));
        // What was imported was written down in the source system, by somebody whose initials it does not give.
        let written = match dose.charted_at {
            Some(at) => format!("import {}", written_words(at, dose)),
            None => format!("{} {}", stamp.by, written_words(stamp.at, dose)),
        };
        let until = match dose.given {
            Given::At(_) => String::new(),
            Given::Over(_, end) => format!("–{}", end.format("%H:%M")),
        };
        let day = exposure.day_of(dose.given.start().date_naive());
        lines.push(LogLine {
            id: recorded.stamp.id.clone(),
            is_old: !is_last || recorded.struck_out,
            is_dim: running.is_none(),
            begins_date: false,
            cells: [
                time::shown_exactly(dose.given.start(), now.zone) + &until,
                day.map_or_else(String::new, |day| day.to_string()),
                formulary.shown(&dose.drug).to_owned(),
                dose.amount_shown(),
                per_kg.unwrap_or_default(),
                dose.route_shown().to_owned(),
                dose.purpose_shown().to_owned(),
                running.unwrap_or_default(),
                written,
                state,
            ],
        });
    }
    lines
}

/// The clock alone on the day of the dose, else the date too.
fn written_words(at: Moment, dose: &Administration) -> String {
    if at.date_naive() == dose.given.start().date_naive() {
        at.format("%H:%M").to_string()
    } else {
        at.format("%d-%b-%Y %H:%M").to_string()
    }
}

/// Why an entry is as it is: status, note, correction, strike-out, open question.
fn state_words(row: &LogRow) -> String {
    let recorded = &row.recorded;
    let mut words: Vec<String> = Vec::new();
    if recorded.is_disputed() {
        words.push("? changed twice unseen: correct it again".to_owned());
    }
    match (recorded.state(), recorded.changes.last()) {
        (State::Current, _) | (_, None) => {}
        (state, Some(change)) => words.push(format!("{}: {} ({})", state.word(), change.reason, change.stamp.by)),
    }
    let status = recorded.value.status;
    // An unknown status is the reason that follows why the dose is not counted.
    if !matches!(status, Status::Given | Status::Unknown) {
        words.push(status.word().to_owned());
    }
    if row.running.is_none() && !status.not_given() && !recorded.struck_out {
        words.push(row.counted.to_owned());
    }
    words.extend(recorded.value.note.clone());
    words.join(" · ")
}

fn line(label: &str, value: String, note: impl Into<String>) -> FigureLine {
    FigureLine { label: label.to_owned(), value, note: note.into() }
}

/// The figure panel as lines, for the window, the clipboard and the command line.
pub fn figure_lines(chart: &Chart, rules: Rules<'_>, exposure: &Exposure) -> Vec<FigureLine> {
    let window = exposure.window.shown(exposure.infusion.is_some());
    // A figure that is worked out of the window alone says so where the window leaves doses out.
    let inside = if matches!(exposure.window, Window::Day0 | Window::All) { "" } else { " in this window" };
    let mg = |value: crate::exposure::Exact| format!("{} mg", value.brief());
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
    lines.extend(anakinra_lines(exposure, inside));
    lines.extend(grade_line(chart, exposure));
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

fn doses_words(doses: usize) -> String {
    if doses == 1 { "1 dose".to_owned() } else { format!("{doses} doses") }
}

fn anakinra_lines(exposure: &Exposure, inside: &str) -> Vec<FigureLine> {
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

fn landmarks(exposure: &Exposure) -> Vec<(String, String)> {
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
