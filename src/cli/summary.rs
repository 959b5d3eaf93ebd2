//! `corticurve summary`

use super::{Failure, Outcome, Setting, findings, print_json, say};
use crate::app::view::figure_lines;
use crate::exchange::summary::{PatientSummary, SummaryJson};
use crate::exposure::{DEFAULT_TABLE, Exposure, Window};
use crate::record::{Mrn, time};

/// The figures of some or all patients.
#[derive(Debug, clap::Args)]
pub struct Summary {
    /// The patients' MRNs [default: all]
    mrns: Vec<Mrn>,
    /// The stretch of time: day0, day30, 24h, 72h, 7d, all, or FROM..TO
    #[arg(long, default_value = "day0")]
    window: String,
    /// The conversion table
    #[arg(long, default_value = DEFAULT_TABLE, value_name = "ID")]
    table: String,
}

impl Summary {
    pub fn run(self, setting: &Setting) -> Outcome {
        let rules = setting.reference.rules_with(&self.table).map_err(Failure::unusable)?;
        let now = setting.now();
        let window = Window::parse(&self.window, now.zone).map_err(Failure::unusable)?;
        let ward = setting.ward()?;
        let patients = Setting::patients(&ward, &self.mrns)?;
        let mut json = SummaryJson::new(rules.table, window, now.at);
        for patient in &patients {
            let as_of = setting.as_of(patient);
            let exposure = Exposure::of(&patient.chart, rules, window, as_of)
                .map_err(|error| Failure::refused(format!("patient {}: {error}", patient.id)))?;
            if setting.common.json {
                json.patients.extend(patient.identity().map(|identity| PatientSummary::of(identity, &exposure)));
                continue;
            }
            let mrn = patient.identity().map_or_else(String::new, |identity| format!(", MRN {}", identity.mrn));
            say(format!("{}{mrn}, as of {}, table {}\n", patient.shown_name(), time::shown(as_of), rules.table.id))?;
            for line in figure_lines(&patient.chart, rules, &exposure) {
                let note = if line.note.is_empty() { String::new() } else { format!("  ({})", line.note) };
                say(format!("  {:<34} {}{note}\n", line.label, line.value))?;
            }
        }
        if setting.common.json {
            print_json(&json)?;
        }
        findings(&patients)
    }
}
