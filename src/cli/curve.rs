//! `corticurve curve`

use super::{Failure, Outcome, Setting, csv_or_json, findings, print_json, say};
use crate::exchange::listing::{curve_csv, curve_json};
use crate::exposure::{curve, judge};
use crate::record::Mrn;

/// The cumulative curve of a patient.
#[derive(Debug, clap::Args)]
pub struct Curve {
    /// The patient's MRN
    mrn: Mrn,
    /// Print CSV; this is also what is printed without it
    #[arg(long)]
    csv: bool,
}

impl Curve {
    pub fn run(self, setting: &Setting) -> Outcome {
        csv_or_json(self.csv, setting)?;
        let ward = setting.ward()?;
        let patient = ward.by_mrn(&self.mrn)?;
        let rules = setting.reference.rules();
        let exposure = setting.exposure(patient)?;
        let doses = judge(&patient.chart, rules).map_err(Failure::refused)?;
        let points = curve(&doses, &exposure.span).map_err(Failure::refused)?;
        if setting.common.json {
            print_json(&curve_json(&self.mrn, rules.table, &exposure, &points))?;
        } else {
            say(curve_csv(&exposure, &points).map_err(Failure::unusable)?)?;
        }
        findings(&ward, &[patient])
    }
}
