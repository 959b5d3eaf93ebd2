//! An explanation as it is read: in the window, and on the command line.

use super::FigureLine;
use super::lines::panel_lines;
use crate::exposure::{Exact, ExplainedDose, Explanation, Exposure, FigureName, Overflow, Rules, explain};
use crate::record::{Chart, Formulary, Zone};

/// Where a figure comes from, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplanationView {
    /// The figure.
    pub figure: FigureName,
    /// What the panel says of the figure, and the explained number where it is another one.
    pub title: String,
    /// The rule, the stretch of time and the conversion table.
    pub rule: String,
    /// The doses that make the figure: given, drug, dose, factor, what it adds, running sum.
    pub doses: Vec<[String; 6]>,
    /// What is left out: given, drug, dose, why.
    pub left_out: Vec<[String; 4]>,
    /// What is done with the sum.
    pub steps: Vec<String>,
}

impl ExplanationView {
    /// The columns of the doses.
    pub const COLUMNS: [&str; 6] = ["Given", "Drug", "Dose", "× factor", "= mg", "Sum, mg"];

    /// Explains a figure in words; `None` where the patient has no such figure.
    ///
    /// # Errors
    /// [`Overflow`].
    pub fn of(
        chart: &Chart,
        rules: Rules<'_>,
        exposure: &Exposure,
        figure: FigureName,
        zone: &dyn Zone,
    ) -> Result<Option<Self>, Overflow> {
        let Some(explanation) = explain(chart, rules, exposure, figure)? else { return Ok(None) };
        let Explanation { figure, value, rule, table, doses, left_out, steps, .. } = explanation;
        let table = table.map_or_else(String::new, |table| format!("; factors of table {}", table.named()));
        let mut running = Exact::ZERO;
        let mut rows = Vec::with_capacity(doses.len());
        for dose in &doses {
            running = running.plus(dose.product.unwrap_or(Exact::ZERO))?;
            rows.push(row(dose, running, rules.formulary, zone));
        }
        Ok(Some(Self {
            figure,
            title: title(rules, exposure, figure, value),
            rule: format!("{rule}{table}"),
            doses: rows,
            left_out: left_out.iter().map(|dose| left_out_row(dose, rules.formulary, zone)).collect(),
            steps,
        }))
    }

    /// The same as lines of text.
    pub fn as_text(&self) -> String {
        let mut text = format!("{}\n  {}\n", self.title, self.rule);
        text += &columns(std::iter::once(&Self::COLUMNS.map(str::to_owned)).chain(&self.doses));
        for step in &self.steps {
            text += &format!("  {step}\n");
        }
        if !self.left_out.is_empty() {
            text += "  left out\n";
            text += &columns(&self.left_out);
        }
        text
    }
}

/// The panel's own lines that are explained, word for word, then the explained value where none of them says it: of the
/// time since the last dose, when that dose was.
fn title(rules: Rules<'_>, exposure: &Exposure, figure: FigureName, value: String) -> String {
    let lines: Vec<_> = panel_lines(rules, exposure).into_iter().filter(|line| line.explains == Some(figure)).collect();
    let told = lines.iter().any(|line| line.value == value);
    let shown = |line: &FigureLine| {
        let label = match figure {
            // The panel has room for the letter alone.
            FigureName::Landmark(day) => line.label.replacen(&format!("D{day}"), &format!("Days 0 to +{day}"), 1),
            _ => line.label.clone(),
        };
        format!("{}: {}", label.trim(), line.value)
    };
    let mut parts: Vec<String> = lines.iter().map(shown).collect();
    if lines.is_empty() {
        parts.push(format!("{}: {value}", figure.word().replace('_', " ")));
    } else if !told {
        parts.push(value);
    }
    parts.join(" · ")
}

/// Rows under each other, each column as wide as its widest cell.
pub(super) fn columns<'c, const N: usize>(rows: impl IntoIterator<Item = &'c [String; N]>) -> String {
    let rows: Vec<&[String; N]> = rows.into_iter().collect();
    let mut widths = [0; N];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(*row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |row: &&[String; N]| {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
        format!("  {}", cells.collect::<Vec<_>>().join("  ")).trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}

fn row(dose: &ExplainedDose, running: Exact, formulary: &Formulary, zone: &dyn Zone) -> [String; 6] {
    // Of an infusion that is cut by an edge, the part inside.
    let part = match dose.mg {
        Some(mg) if dose.share != Exact::whole(1) => format!(", of it {} mg", mg.brief()),
        _ => String::new(),
    };
    [
        dose.given.shown(zone),
        formulary.shown(&dose.drug).to_owned(),
        format!("{}{part}", dose.charted),
        dose.factor.map_or_else(|| "not in table".to_owned(), |factor| format!("× {}", factor.shown(6))),
        dose.product.map_or_else(|| "?".to_owned(), Exact::brief),
        running.brief(),
    ]
}

fn left_out_row(dose: &ExplainedDose, formulary: &Formulary, zone: &dyn Zone) -> [String; 4] {
    let why = dose.reason.map_or("", |reason| reason.words());
    [dose.given.shown(zone), formulary.shown(&dose.drug).to_owned(), dose.charted.clone(), why.to_owned()]
}
