//! `corticurve summary`

use super::{Failure, Outcome, Setting, findings, print_json, say, tell};
use crate::app::view::{FigureLine, figure_lines};
use crate::app::ward::Patient;
use crate::exchange::summary::{PatientSummary, SummaryJson};
use crate::exposure::{Exposure, Rules, Window};
use crate::record::{Identity, Mrn, time};

/// The figures of some or all patients.
#[derive(Debug, clap::Args)]
pub struct Summary {
    /// The patients' MRNs [default: all]
    #[arg(value_name = "MRN")]
    mrns: Vec<Mrn>,
    /// The stretch of time: day0, day30, 24h, 72h, 7d, all, or FROM..TO like 2026-11-13..2026-11-20
    #[arg(long, default_value = "day0")]
    window: String,
    /// The conversion table, a shipped one or one of the unit's [default: the one in the unit's settings, else fda-label]
    #[arg(long, value_name = "ID")]
    table: Option<String>,
}

impl Summary {
    pub fn run(self, setting: &Setting) -> Outcome {
        let rules = setting.reference.rules_with(self.table.as_deref()).map_err(Failure::unusable)?;
        let now = setting.now();
        let window = Window::parse(&self.window, now.zone).map_err(Failure::unusable)?;
        let ward = setting.ward()?;
        let patients = Setting::patients(&ward, &self.mrns)?;
        let mut json = SummaryJson::new(rules.table, &self.window, now.at);
        let (mut text, mut failed) = (Vec::new(), 0);
        for patient in &patients {
            match Exposure::of(&patient.chart, rules, window, setting.as_of(patient)) {
                Ok(exposure) if setting.common.json => {
                    json.patients.push(PatientSummary::of(&patient.id, patient.identity(), &exposure));
                }
                Ok(exposure) => text.push(paragraph(patient, rules, &exposure)),
                // One patient whose amounts cannot be added up does not hide the others.
                Err(error) => {
                    tell(format!("patient {}: {error}", patient.id));
                    failed += 1;
                }
            }
        }
        if setting.common.json {
            print_json(&json)?;
        } else if patients.is_empty() {
            say("no patient is registered\n")?;
        } else {
            say(text.join("\n"))?;
        }
        findings(&patients)?;
        if failed > 0 { Err(Failure::refused("not every patient is shown")) } else { Ok(()) }
    }
}

/// One patient for people.
fn paragraph(patient: &Patient, rules: Rules<'_>, exposure: &Exposure) -> String {
    // A patient without a name is shown by the MRN already.
    let named = |identity: &&Identity| !(identity.family.is_empty() && identity.given.is_empty());
    let mrn = patient.identity().filter(named).map_or_else(String::new, |identity| format!(", MRN {}", identity.mrn));
    let shifted = patient.identity().is_some_and(|identity| identity.dates_shifted);
    let shifted = if shifted { " (the source shifted its dates)" } else { "" };
    let (name, as_of, table) = (patient.shown_name(), time::shown(exposure.as_of), rules.table.named());
    let mut text = vec![format!("{name}{mrn}, as of {as_of}{shifted}, table {table}\n")];
    let mut lines = figure_lines(&patient.chart, rules, exposure);
    lines.extend(exposure.landmarks.iter().map(|landmark| FigureLine {
        label: format!("Days 0 to {}", landmark.day),
        value: format!("{} mg", landmark.mg.shown(2)),
        note: if landmark.complete { String::new() } else { "so far".to_owned() },
    }));
    let width = lines.iter().map(|line| line.label.chars().count()).max().unwrap_or_default();
    for line in lines {
        let note = if line.note.is_empty() { String::new() } else { format!(", {}", line.note) };
        text.push(format!("  {:<width$}  {}{note}\n", line.label, line.value));
    }
    text.concat()
}
