//! `corticurve plan`

use super::record::print_saved;
use super::{Failure, Outcome, Setting, tell};
use crate::app::view::plan::{plan_lines, still_standing, still_standing_words};
use crate::app::ward::Patient;
use crate::record::{Fact, Moment, Mrn, Now, quick};

/// A plan in stages.
#[derive(Debug, clap::Args)]
pub struct Plan {
    /// The patient's MRN
    #[arg(long, value_name = "MRN")]
    patient: Mrn,
    /// The plan: "dex 10 iv q6h x8 then 4 q12h for 3d then 2 daily until 2026-12-01"
    line: String,
    /// Only there to say what is missing.
    #[arg(hide = true)]
    unquoted: Vec<String>,
}

/// Reads a plan for a patient, with the weight in force now.
pub(super) fn read(
    line: &str,
    patient: &Patient,
    now: Now<'_>,
    setting: &Setting,
) -> Result<crate::record::Plan, Failure> {
    let weight = patient.chart.weight_at(now.at).map(|(weight, _): (_, Moment)| weight);
    let context = quick::Context { formulary: &setting.reference.formulary, now, weight };
    quick::parse_plan(line, &setting.reference.frequencies, context).map_err(Failure::refused)
}

impl Plan {
    pub fn run(self, setting: &Setting) -> Outcome {
        if !self.unquoted.is_empty() {
            let line = [&[self.line], self.unquoted.as_slice()].concat().join(" ");
            let line: String = line.chars().take(200).collect();
            return Err(Failure::unusable(format!("put the whole plan in quotation marks: \"{line}\"")));
        }
        let (mut ward, author) = setting.ward_for_patients()?;
        let patient = ward.by_mrn(&self.patient)?;
        let now = setting.now_for(patient)?;
        let plan = read(&self.line, patient, now, setting)?;
        let exposure = setting.exposure(patient)?;
        let mut said = plan_lines(&plan, &exposure, setting.reference.rules(), now.zone).map_err(Failure::refused)?;
        let standing = still_standing(&patient.chart, &plan, now.at, now.zone);
        said.extend(still_standing_words(&standing).map(|words| format!("please check: {words}")));
        let id = patient.id.clone();
        let written = ward.write(&id, vec![Fact::Planned(plan)], &author, setting.recorded_at());
        let written = written.map_err(Failure::not_saved)?;
        said.iter().for_each(tell);
        setting.after_writing(&mut ward, &author);
        match written.first() {
            Some(entry) => print_saved("plan", &entry.id, setting),
            None => Ok(()),
        }
    }
}
