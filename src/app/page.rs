//! The printed page of a patient: what the window's panel, its log and the copied text say, in the same words.

use super::Reference;
use super::view::{NOT_ADVICE, PatientView, identity};
use super::ward::Patient;
use crate::exchange::report::{DoseRow, FigureRow, Report, StatementRows};
use crate::record::{Identity, Initials, Moment, counted, time};

/// What stands on a page besides the patient.
#[derive(Debug, Clone)]
pub struct Printed {
    /// When it is printed.
    pub at: Moment,
    /// By whom; `None` where nobody has given initials.
    pub by: Option<Initials>,
    /// On which computer.
    pub workstation: String,
    /// Whether the chart's axis is labelled with days where there are any.
    pub by_day: bool,
    /// Whether the patient is invented.
    pub is_demo: bool,
    /// What needs a look, besides what the patient's own record says.
    pub attention: Vec<String>,
}

/// The words of the page.
pub fn report(patient: &Patient, view: &PatientView, reference: &Reference, printed: &Printed) -> Report {
    let (rules, exposure, chart) = (reference.rules(), &view.exposure, &patient.chart);
    let who = patient.identity();
    let now = exposure.as_of;
    let details = |who: &Identity| {
        let born = identity::born_words(who, now).unwrap_or_else(|| "date of birth not recorded".to_owned());
        let mut parts: Vec<String> = identity::archived_word(chart).into_iter().collect();
        parts.extend([born, identity::mrn_words(who)]);
        parts.extend(identity::details(who, Some(exposure), now));
        parts
    };
    let row = |line: &super::view::FigureLine| FigureRow {
        label: line.label.clone(),
        value: line.value.clone(),
        note: line.note.clone(),
    };
    let statement = |statement: &super::view::Statement| StatementRows {
        heading: statement.heading.to_owned(),
        lines: statement.whole().iter().chain(&statement.undecided).cloned().collect(),
        always: statement.always.iter().map(|words| (*words).to_owned()).collect(),
    };
    let dose = |[given, day, drug, dose, _, route, purpose, running, recorded, state]: &[String; 10]| -> DoseRow {
        [given, day, drug, dose, route, purpose, running, recorded, state].map(Clone::clone)
    };
    Report {
        name: patient.shown_name(),
        day: exposure.day.map_or_else(String::new, |day| format!("Day {day}")),
        details: who.map_or_else(|| vec!["the registration cannot be read".to_owned()], details),
        attention: attention(patient, view, printed),
        heading: view.heading(rules),
        figure: view.figure.clone(),
        by_day: printed.by_day,
        legend: view.figure.legend(rules.formulary),
        drugs: view.figure.drugs.iter().map(|drug| rules.formulary.place(drug)).collect(),
        figures: view.lines.iter().chain(&view.landmarks).map(row).collect(),
        statements: view.statements.iter().map(statement).collect(),
        doses: view.log.iter().filter(|line| !line.is_old).map(|line| dose(&line.cells)).collect(),
        struck_out: chart.administrations.iter().filter(|dose| dose.struck_out).count(),
        foot: foot(patient, view, reference, printed),
    }
}

/// What needs a look before anybody acts on the page.
fn attention(patient: &Patient, view: &PatientView, printed: &Printed) -> Vec<String> {
    let mut lines = Vec::new();
    if printed.is_demo {
        lines.push("DEMO: this patient is invented".to_owned());
    }
    lines.extend(printed.attention.iter().cloned());
    lines.extend(patient.findings.iter().map(ToString::to_string));
    lines.extend(patient.chart.unplaced.iter().map(ToString::to_string));
    lines.extend(view.questions.iter().map(|question| question.words.clone()));
    if !patient.waiting.is_empty() {
        let entries = match patient.waiting.len() {
            1 => "1 entry waits".to_owned(),
            many => format!("{many} entries wait"),
        };
        lines.push(format!("{entries} on this workstation and not in the ward's folder yet"));
    }
    let disputed = patient.chart.open_questions();
    if disputed > 0 {
        lines.push(format!(
            "{} changed twice unseen: see the log",
            counted(disputed, "entry").replace("entrys", "entries")
        ));
    }
    lines
}

fn foot(patient: &Patient, view: &PatientView, reference: &Reference, printed: &Printed) -> Vec<String> {
    let (table, exposure) = (reference.rules().table, &view.exposure);
    let by = printed.by.as_ref().map_or_else(|| "by nobody named".to_owned(), |by| format!("by {by}"));
    let at = time::shown(printed.at);
    vec![
        format!(
            "Figures over {}, from conversion table {} ({}); {}.",
            exposure.window.shown(exposure.infusion.is_some()),
            table.named(),
            table.source,
            identity::checked_words(&patient.chart, time::shown)
        ),
        format!(
            "Printed {at} {by} on {} with Corticurve {}. {NOT_ADVICE}",
            printed.workstation,
            env!("CARGO_PKG_VERSION")
        ),
    ]
}
