//! `corticurve log`

use super::{Failure, Outcome, Setting, csv_or_json, findings, print_json, say};
use crate::exchange::listing::{log_csv, log_json, log_text};
use crate::exposure::log;
use crate::record::{Mrn, time};

/// Every administration of a patient.
#[derive(Debug, clap::Args)]
pub struct Log {
    /// The patient's MRN
    mrn: Mrn,
    /// Print CSV
    #[arg(long)]
    csv: bool,
}

impl Log {
    pub fn run(self, setting: &Setting) -> Outcome {
        csv_or_json(self.csv, setting)?;
        let ward = setting.ward()?;
        let patient = ward.by_mrn(&self.mrn)?;
        let rules = setting.reference.rules();
        let exposure = setting.exposure(patient)?;
        let rows = log(&patient.chart, rules, &exposure).map_err(Failure::refused)?;
        if setting.common.json {
            print_json(&log_json(&self.mrn, rules.table, &exposure, &rows))?;
        } else if self.csv {
            say(log_csv(&rows).map_err(Failure::unusable)?)?;
        } else if rows.is_empty() {
            say("no administration is recorded\n")?;
        } else {
            let (window, as_of) = (exposure.window.shown(exposure.infusion.is_some()), time::shown(exposure.as_of));
            let (table, without) = (rules.table.named(), &exposure.without);
            let name = patient.shown_name();
            let head = format!("{name}, {window}, as of {as_of}, table {table}{without}\n");
            say(head + &log_text(&rows, setting.now().zone))?;
        }
        findings(&ward, &[patient])
    }
}
