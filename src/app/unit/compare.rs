//! What a change of settings moves: the lines of the figure panel under the old and the new rules, held side by side.
//! No number is worked out here.

use crate::app::view::{FigureLine, panel_lines};
use crate::app::ward::Patient;
use crate::exposure::{Exposure, Position, Projection, Published, Rules, Window, positions};
use crate::record::{Moment, Plan, standing};
use std::sync::Arc;

/// Before and after for every patient.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// The patients of whom at least one figure moves, in the ward's order.
    pub moved: Vec<Moved>,
    /// How many patients keep every figure.
    pub still: usize,
}

/// One patient whose figures move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Who.
    pub name: String,
    /// What stands for them while names are hidden.
    pub mark: String,
    /// Their number; empty where the registration cannot be read.
    pub mrn: String,
    /// The figures that move, in the order of the panel.
    pub figures: Vec<MovedFigure>,
}

/// One figure that moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedFigure {
    /// Its name in the panel.
    pub label: String,
    /// What the panel shows; `None` where it does not have this line.
    pub before: Option<String>,
    /// What it would show.
    pub after: Option<String>,
}

impl MovedFigure {
    /// `118 mg → 110.5 mg`; a dash stands for a line that is not there.
    pub fn shown(&self) -> String {
        let side = |value: &Option<String>| value.clone().unwrap_or_else(|| "—".to_owned());
        format!("{} → {}", side(&self.before), side(&self.after))
    }
}

impl Comparison {
    /// `Figures move for 2 of 8 patients`.
    pub fn moved_in_words(&self) -> String {
        let (moved, all) = (self.moved.len(), self.moved.len() + self.still);
        format!("Figures move for {moved} of {all} patient{}", if all == 1 { "" } else { "s" })
    }

    /// `nothing moves for 6 patients`; empty where something moves for all.
    pub fn still_in_words(&self) -> String {
        match (self.still, self.moved.is_empty()) {
            (0, false) => String::new(),
            (0, true) => "no patient is registered".to_owned(),
            (1, _) => "nothing moves for 1 patient".to_owned(),
            (still, _) => format!("nothing moves for {still} patients"),
        }
    }
}

/// Compares the figures of all patients, over the window that the panel opens with, each as of their own time.
pub fn compare(
    patients: &[Arc<Patient>],
    before: Rules<'_>,
    after: Rules<'_>,
    published: &Published,
    as_of: impl Fn(&Patient) -> Moment,
) -> Comparison {
    let mut comparison = Comparison::default();
    for patient in patients {
        let at = as_of(patient);
        let figures = moved(lines(patient, (before, published), at), lines(patient, (after, published), at));
        if figures.is_empty() {
            comparison.still += 1;
            continue;
        }
        let mrn = patient.identity().map_or_else(String::new, |identity| identity.mrn.to_string());
        comparison.moved.push(Moved {
            name: patient.shown_name(),
            mark: crate::app::names::mark(patient),
            mrn,
            figures,
        });
    }
    comparison
}

fn lines(patient: &Patient, (rules, published): (Rules<'_>, &Published), at: Moment) -> Vec<FigureLine> {
    match Exposure::of(&patient.chart, rules, Window::Day0, at) {
        Ok(exposure) => {
            let mut lines = panel_lines(rules, &exposure);
            lines.extend(position_lines(patient, (rules, published), &exposure));
            lines.extend(plan_line(patient, rules, &exposure));
            lines
        }
        Err(error) => {
            let (label, value) = ("All figures".to_owned(), error.to_string());
            vec![FigureLine { label, value, note: String::new(), explains: None }]
        }
    }
}

/// Where the patient lies in each published series.
fn position_lines(
    patient: &Patient,
    (rules, published): (Rules<'_>, &Published),
    exposure: &Exposure,
) -> Vec<FigureLine> {
    let positions = positions(&patient.chart, rules, exposure, published).unwrap_or_default();
    let figure_line = |position: &Position<'_>| {
        let label = format!("Position, {}", position.series.source);
        FigureLine { label, value: position.short(), note: String::new(), explains: None }
    };
    positions.iter().map(figure_line).collect()
}

/// What the recorded plans make of the total. Their times of day are told by the offset of the as-of time: no total depends
/// on that.
fn plan_line(patient: &Patient, rules: Rules<'_>, exposure: &Exposure) -> Option<FigureLine> {
    let plans: Vec<&Plan> = standing(&patient.chart.plans).collect();
    let projection = Projection::of(exposure, &plans, rules, exposure.as_of.offset()).ok()?;
    let value = format!("{} mg", projection.end().brief());
    let label = "With the plan, not given".to_owned();
    (!projection.steps.is_empty()).then_some(FigureLine { label, value, note: String::new(), explains: None })
}

/// The lines that differ; those that only the new side has come last.
fn moved(before: Vec<FigureLine>, after: Vec<FigureLine>) -> Vec<MovedFigure> {
    let mut after: Vec<Option<FigureLine>> = after.into_iter().map(Some).collect();
    let mut figures = Vec::new();
    for old in before {
        let same = after.iter().position(|new| new.as_ref().is_some_and(|new| new.label == old.label));
        let new = same.and_then(|at| after.get_mut(at)).and_then(Option::take);
        // Which table gives an end of the range is said beside the end: the end itself may be the same.
        if new.as_ref().is_some_and(|new| new.value == old.value) {
            continue;
        }
        // What is said beside both numbers alike tells nothing about the change.
        let same_note = new.as_ref().is_some_and(|new| new.note == old.note);
        let after = new.map(|new| shown(new, same_note));
        figures.push(MovedFigure { label: old.label.clone(), before: Some(shown(old, same_note)), after });
    }
    figures.extend(after.into_iter().flatten().map(|new| MovedFigure {
        label: new.label.clone(),
        before: None,
        after: Some(shown(new, false)),
    }));
    figures
}

fn shown(line: FigureLine, without_note: bool) -> String {
    if without_note || line.note.is_empty() { line.value } else { format!("{}, {}", line.value, line.note) }
}
