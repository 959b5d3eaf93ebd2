//! `corticurve log`

use super::{Failure, Outcome, Setting, findings, print_json, say};
use crate::exchange::listing::{log_csv, log_json};
use crate::exposure::{Exposure, Window, log};
use crate::record::{Mrn, time};

/// Every administration of a patient.
#[derive(Debug, clap::Args)]
pub struct Log {
    /// The patient's MRN
    mrn: Mrn,
    /// Print CSV
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

impl Log {
    pub fn run(self, setting: &Setting) -> Outcome {
        let ward = setting.ward()?;
        let patient = ward.by_mrn(&self.mrn)?;
        let rules = setting.reference.rules();
        let exposure =
            Exposure::of(&patient.chart, rules, Window::Day0, setting.as_of(patient)).map_err(Failure::refused)?;
        let rows = log(&patient.chart, rules, &exposure).map_err(Failure::refused)?;
        if setting.common.json {
            print_json(&log_json(&self.mrn, &rows))?;
        } else if self.csv {
            say(log_csv(&rows).map_err(Failure::unusable)?)?;
        } else {
            for row in &rows {
                let running = row.running.map_or_else(|| "–".to_owned(), |mg| format!("{} mg", mg.shown(6)));
                say(format!(
                    "{}  {}  {} {} {} for {}  {}  running total {running}  {}  by {}\n",
                    row.recorded.stamp.id,
                    time::shown_exactly(row.given(), setting.now().zone),
                    row.drug,
                    row.recorded.value.amount_shown(),
                    row.recorded.value.route_shown(),
                    row.recorded.value.purpose_shown(),
                    row.counted,
                    row.recorded.state().word(),
                    row.recorded.stamp.by,
                ))?;
            }
        }
        findings(&[patient])
    }
}
