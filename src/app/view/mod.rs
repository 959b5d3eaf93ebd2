//! What the window shows of a patient, worked out once after each change and not on every frame.

mod anakinra;
mod bedside;
mod explanation;
pub mod identity;
mod lines;
mod log;
pub mod plan;
mod questions;
mod readings;
mod review;
mod table;

pub use explanation::ExplanationView;
pub use lines::{figure_lines, panel_lines};
pub use questions::{Asks, Question, questions};
pub use readings::{Statement, statements};
pub(super) use review::since_words;
pub use review::{ReviewRow, ReviewView};
pub use table::ChartTable;

use super::ward::Patient;
use super::{Reference, names};
use crate::exposure::figure::{AmountUnit, Brief, Figure, Spacing};
use crate::exposure::{self, Exact, Exposure, FigureName, Overflow, Rules, Window, as_of, positions};
use crate::record::{Day, EntryId, Moment, Now, PatientId, Plan, time};
use crate::store::Finding;

/// What stands under every text and page that leaves the program.
pub const NOT_ADVICE: &str = "Arithmetic from recorded doses; not advice and not a certified medical device.";

/// One line of the figure panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureLine {
    /// What it is.
    pub label: String,
    /// The number with its unit.
    pub value: String,
    /// What to know beside it.
    pub note: String,
    /// The figure whose doses can be shown, where there is one.
    pub explains: Option<FigureName>,
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

/// How the chart is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// The unit of its amounts.
    pub unit: AmountUnit,
    /// How the totals are spaced.
    pub spacing: Spacing,
    /// Whether published medians are drawn.
    pub published: bool,
}

/// The open patient.
#[derive(Debug, Clone)]
pub struct PatientView {
    /// The figures.
    pub exposure: Exposure,
    /// The chart.
    pub figure: Figure,
    /// The same evenly spaced.
    even: Figure,
    /// The log, newest first, with what each entry was before.
    pub log: Vec<LogLine>,
    /// What only a person can answer.
    pub questions: Vec<Question>,
    /// The figure panel.
    pub lines: Vec<FigureLine>,
    /// The figures of the bedside view.
    pub bedside: Vec<FigureLine>,
    /// The landmarks.
    pub landmarks: Vec<FigureLine>,
    /// Figures that stand only with their words.
    pub statements: Vec<Statement>,
    /// How the record stands to the last review of whoever records, where there is one: `3 since your review`.
    pub since_review: Option<String>,
}

/// One row of the ward list.
#[derive(Debug, Clone)]
pub struct WardRow {
    /// Whose.
    pub id: PatientId,
    /// The name.
    pub name: String,
    /// What stands for the name while names are hidden.
    pub mark: String,
    /// Whether another patient of the ward has a similar name.
    pub similar: bool,
    /// That another patient of the ward has the same MRN: two charts of one person, or a wrong number.
    pub second_chart: Option<Finding>,
    /// The MRN.
    pub mrn: String,
    /// The day, or that there is none.
    pub day: String,
    /// The total, with what is undecided.
    pub total: String,
    /// What was given before Day 0 and is not in the total: `+ 24 mg before Day 0`, or nothing.
    pub before_day0: String,
    /// What to know beside any total: that something is undecided, or left out.
    pub beside: String,
    /// Whether something needs a look: undecided doses, open questions, findings in the files.
    pub attention: bool,
    /// How many questions are open.
    pub questions: usize,
    /// Whether the patient has left the ward list.
    pub is_archived: bool,
    /// What the list can be sorted by: the day, the totals, and the end of the last dose.
    pub day_number: Option<Day>,
    /// The cumulative total; `None` where it cannot be added up.
    pub mg: Option<Exact>,
    /// That of the last 24 hours.
    pub last_24h_mg: Option<Exact>,
    /// The end of the last dose that counts.
    pub last_dose_at: Option<Moment>,
    /// Name and MRN as a search looks for them.
    sought: String,
    /// How many entries of other workstations nobody has looked at here.
    pub new: usize,
    /// The curve, between 0 and 1.
    pub curve: Vec<[f64; 2]>,
}

/// Which figure a row of the ward list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// The cumulative total.
    Total,
    /// The total of the last 24 hours.
    Last24h,
    /// When the last dose ended.
    LastDose,
}

impl WardRow {
    /// The row of a patient whose figures are still being worked out.
    pub fn awaited(patient: &Patient) -> Self {
        let name = patient.shown_name();
        let mrn = patient.identity().map_or_else(String::new, |identity| identity.mrn.to_string());
        let sought = format!("{name} {mrn} {}", mrn.replace(' ', "")).to_lowercase();
        Self {
            id: patient.id.clone(),
            sought,
            name,
            mark: names::mark(patient),
            similar: false,
            second_chart: None,
            mrn,
            day: String::new(),
            total: "being worked out".to_owned(),
            before_day0: String::new(),
            beside: String::new(),
            attention: false,
            questions: 0,
            is_archived: patient.chart.is_archived(),
            day_number: None,
            mg: None,
            last_24h_mg: None,
            last_dose_at: None,
            new: 0,
            curve: Vec::new(),
        }
    }

    /// Makes the row of a patient.
    pub fn of(patient: &Patient, rules: Rules<'_>, now: Moment) -> Self {
        let mut row = Self { total: "cannot be added up".to_owned(), attention: true, ..Self::awaited(patient) };
        let chart = &patient.chart;
        let as_of = as_of(chart, now);
        let Ok(brief) = Brief::of(chart, rules, Window::Day0, as_of) else { return row };
        let undecided = brief.undecided.is_any();
        row.day = brief.day.map_or_else(|| "no Day 0".to_owned(), day_label);
        row.beside = format!("{}{}", if undecided { " + undecided" } else { "" }, brief.without);
        row.total = format!("{} mg{}", brief.total.brief(), row.beside);
        if brief.before_day0.is_positive() {
            row.before_day0 = format!("+ {} mg before Day 0", brief.before_day0.brief());
        }
        row.questions = chart.open_questions() + questions::count(chart, as_of);
        row.attention = undecided || row.questions > 0 || !patient.findings.is_empty();
        row.day_number = brief.day;
        row.mg = Some(brief.total);
        row.last_24h_mg = Some(brief.last_24h);
        row.last_dose_at = brief.last_of_record_at;
        row.curve = brief.curve;
        row
    }

    /// The name, or the mark that stands for it.
    pub fn shown(&self, names_hidden: bool) -> &str {
        if names_hidden { &self.mark } else { &self.name }
    }

    /// Whether something needs a look, in the chart or beside another.
    pub const fn needs_look(&self) -> bool {
        self.attention || self.second_chart.is_some()
    }

    /// What stands under the name where another of the ward may be taken for this one.
    pub const fn warning(&self) -> Option<&'static str> {
        match (self.second_chart.is_some(), self.similar) {
            (true, _) => Some("= same MRN as another"),
            (false, true) => Some("≈ similar name"),
            (false, false) => None,
        }
    }

    /// What stands beside the curve: `2 new  1 ?`, or `!` where something else needs a look.
    pub fn flags(&self) -> String {
        let mut flags = Vec::new();
        if self.new > 0 {
            flags.push(format!("{} new", self.new));
        }
        if self.questions > 0 {
            flags.push(format!("{} ?", self.questions));
        } else if self.needs_look() {
            flags.push("!".to_owned());
        }
        flags.join("  ")
    }

    /// Whether a search finds it: every word of the search, in small letters, is in the name or the MRN.
    pub fn matches(&self, words: &[String]) -> bool {
        words.iter().all(|word| self.sought.contains(word))
    }

    /// One of its figures in words.
    pub fn figure(&self, shown: Shown, now: Moment) -> String {
        match (shown, self.last_24h_mg, self.last_dose_at) {
            (Shown::Last24h, Some(mg), _) => format!("{} mg in 24 h{}", mg.brief(), self.beside),
            (Shown::LastDose, _, Some(at)) => time::shown_near(at, now),
            (Shown::LastDose, Some(_), None) => "no dose".to_owned(),
            _ => self.total.clone(),
        }
    }
}

/// `D+9`, `D0`, `D−2`.
pub fn day_label(day: Day) -> String {
    format!("D{day}")
}

impl PatientView {
    /// Works out everything that is shown of a patient. `what_if` is drawn beside the recorded plans and is in no line.
    ///
    /// # Errors
    /// [`Overflow`] when amounts are too large to be added up.
    pub fn of(
        patient: &Patient,
        reference: &Reference,
        (window, look): (Window, Look),
        now: Now<'_>,
        what_if: Option<&Plan>,
    ) -> Result<Self, Overflow> {
        Self::seen_from(as_of(&patient.chart, now.at), patient, reference, (window, look), now, what_if)
    }

    /// The same as of a time that was asked for.
    ///
    /// # Errors
    /// [`Overflow`].
    pub fn seen_from(
        as_of: Moment,
        patient: &Patient,
        reference: &Reference,
        (window, look): (Window, Look),
        now: Now<'_>,
        what_if: Option<&Plan>,
    ) -> Result<Self, Overflow> {
        let rules = reference.rules();
        let chart = &patient.chart;
        let exposure = Exposure::of(chart, rules, window, as_of)?;
        let figure = Figure::in_unit(chart, rules, &exposure, look.unit)?;
        let (mut even, planned) = plan::drawn(figure, chart, &exposure, (rules, now.zone), what_if);
        let positions = positions(chart, rules, &exposure, &reference.published)?;
        if look.published {
            even = even.with_published(&positions, &exposure);
        }
        let figure = even.clone().spaced(look.spacing);
        let rows = exposure::log(chart, rules, &exposure)?;
        let mut log: Vec<LogLine> =
            rows.iter().rev().flat_map(|row| log::log_lines(row, rules.formulary, &exposure, now)).collect();
        let mut date = None;
        for line in &mut log {
            let own = line.cells.first().map(|given| given.chars().take(11).collect::<String>());
            line.begins_date = date.is_some() && own != date;
            date = own;
        }
        review::mark_changed(chart, &mut log);
        let mut lines = figure_lines(rules, &exposure);
        // Under the total that the plan would continue; what is undecided stays directly beside that total.
        let place = 1 + lines.iter().skip(1).take_while(|line| line.label.starts_with('?')).count();
        let place = place.min(lines.len());
        lines.splice(place..place, planned);
        let landmarks = lines::landmarks(&exposure);
        let statements = readings::said(&exposure, &positions);
        let questions = questions(chart, rules.formulary, as_of, now);
        let bedside = bedside::figures(&lines);
        let since_review = None;
        Ok(Self { exposure, figure, even, log, questions, lines, bedside, landmarks, statements, since_review })
    }

    /// Spaces the same chart otherwise; no amount is worked out again.
    pub(super) fn space(&mut self, spacing: Spacing) {
        self.figure = self.even.clone().spaced(spacing);
    }

    /// Takes every number away that another view will say otherwise, and leaves its place.
    pub(super) fn await_others(&mut self) {
        for line in self.lines.iter_mut().chain(&mut self.bedside).chain(&mut self.landmarks) {
            (line.value, line.note) = ("…".to_owned(), String::new());
        }
        for total in self.log.iter_mut().filter_map(|line| line.cells.get_mut(7)) {
            "…".clone_into(total);
        }
        self.figure.clear();
        self.even.clear();
        self.statements.clear();
        self.questions.clear();
        self.since_review = None;
    }

    /// Puts words before what the log says of an entry: that it is new, or that it waits.
    pub fn mark(&mut self, id: &EntryId, words: &str) {
        if let Some(state) = self.log.iter_mut().find(|line| line.id == *id).and_then(|line| line.cells.last_mut()) {
            *state = if state.is_empty() { words.to_owned() } else { format!("{words} · {state}") };
        }
    }

    /// The figures of the panel that can be explained, from top to bottom.
    pub fn explained(&self) -> Vec<FigureName> {
        let mut figures = Vec::new();
        let stated = self.statements.iter().flat_map(|statement| &statement.figures);
        for figure in self.landmarks.iter().chain(&self.lines).chain(stated).filter_map(|line| line.explains) {
            if !figures.contains(&figure) {
                figures.push(figure);
            }
        }
        figures
    }

    /// As of when the figures are, and under which table: with what is left out of them.
    pub fn heading(&self, rules: Rules<'_>) -> String {
        let (as_of, table) = (time::shown(self.exposure.as_of), rules.table.named());
        format!("as of {as_of}; dexamethasone-equivalent under {table}{}", self.exposure.without)
    }

    /// The figures as plain text, to be pasted into a note.
    pub fn as_text(&self, name: &str, rules: Rules<'_>) -> String {
        let mut text = format!("{name}\n{}\n", self.heading(rules));
        for line in &self.lines {
            let note = if line.note.is_empty() { String::new() } else { format!(" ({})", line.note) };
            text += &format!("{}: {}{note}\n", line.label, line.value);
        }
        for landmark in &self.landmarks {
            text += &format!("{}: {}\n", landmark.label, landmark.value);
        }
        text.extend(self.statements.iter().map(Statement::as_text));
        text + NOT_ADVICE + "\n"
    }
}
