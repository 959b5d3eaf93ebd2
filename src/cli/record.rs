//! `corticurve record`

use super::{Failure, Outcome, Setting, print_json, say, tell, tell_findings};
use crate::app::view::questions;
use crate::record::{EntryId, Mrn, quick};
use crate::safety::check_vials;
use serde::Serialize;

/// A dose in the quick-entry language.
#[derive(Debug, clap::Args)]
pub struct Record {
    /// The patient's MRN
    #[arg(long, value_name = "MRN")]
    patient: Mrn,
    /// The dose: "dex 10 iv 14:30 icans", "ana 100 sc -2h", "dex 0.2mg/kg iv", "hydro 100 iv 14:00-18:00", "ana
    /// 100mg/h iv over 4h", "hold dex 14:00 refused; asleep". One dose: several in one line ("06:00, 12:00", "q6h x4 from
    /// 06:00") hold in the window only
    #[arg(allow_hyphen_values = true)]
    dose: String,
    /// Only there to say what is missing: without quotation marks a shell takes `;` and `-2h` for something else.
    #[arg(hide = true)]
    unquoted: Vec<String>,
}

#[derive(Serialize)]
struct Saved<'a> {
    saved: &'a str,
}

/// Says that an entry is on the disk. A script that sees a failure may record it again, so that says so too.
pub(super) fn print_saved(what: &str, id: &EntryId, setting: &Setting) -> Outcome {
    let printed =
        if setting.common.json { print_json(&Saved { saved: id.as_str() }) } else { say(format!("saved {id}\n")) };
    if printed.is_err() {
        tell(format!("the {what} IS saved, as {id}; do not record it again"));
    }
    printed
}

impl Record {
    pub fn run(self, setting: &Setting) -> Outcome {
        if !self.unquoted.is_empty() {
            let dose = [&[self.dose], self.unquoted.as_slice()].concat().join(" ");
            let dose: String = dose.chars().take(200).collect();
            return Err(Failure::unusable(format!("put the whole dose in quotation marks: \"{dose}\"")));
        }
        let (mut ward, author) = setting.ward_for_patients()?;
        let patient = ward.by_mrn(&self.patient)?;
        let now = setting.now_for(patient)?;
        let reference = &setting.reference;
        let typed = quick::parse_for(&self.dose, &reference.formulary, now, &patient.chart).map_err(|error| {
            let each = quick::parse_each(&self.dose, &reference.formulary, &reference.frequencies, now, &patient.chart);
            match each.map(|each| each.len()).unwrap_or_default() {
                0 | 1 => Failure::refused(error),
                // A script must know of each dose by itself whether it is saved.
                doses => Failure::refused(format!(
                    "these are {doses} doses, and several in one line hold in the window only; record each by itself; \
                     nothing was saved"
                )),
            }
        })?;
        let id = patient.id.clone();
        let dose = typed.dose;
        if let Some(rate) = quick::rate_words(&dose).filter(|_| typed.by_rate) {
            tell(rate);
        }
        if let Some(ordered) = dose.ordered {
            let weight = typed.weight.map(|weight| weight.to_string()).unwrap_or_default();
            tell(format!("{ordered} × {weight} = {}", dose.amount_shown()));
        }
        let vials = check_vials(&dose, &setting.reference.formulary);
        let (entry, concerns) = ward.record(&id, dose, &author, setting.recorded_at()).map_err(Failure::not_saved)?;
        for concern in concerns.iter().chain(&vials) {
            tell(format!("please check: {}", concern.words()));
        }
        if let Some(patient) = ward.patient(&id) {
            let formulary = &setting.reference.formulary;
            let asked = questions(&patient.chart, formulary, now.at, now).into_iter();
            let asked = asked.filter(|question| question.is_about(&entry.id));
            asked.for_each(|question| tell(format!("please check: {}", question.words)));
        }
        if let Some(problem) = ward.outbox_problem() {
            tell(format!(
                "what waits on this workstation cannot be read, so the dose was not compared with it: {problem}"
            ));
        }
        // Nobody records on a chart that lacks something without being told.
        if let Some(patient) = ward.patient(&id) {
            let in_files = tell_findings(&ward, &[patient]).in_files;
            if in_files || patient.may_lack() {
                let so = if patient.may_lack() { ", so the chart may lack doses" } else { "" };
                tell(format!("there are findings in this patient's files{so}; `corticurve verify` lists them all"));
            }
            ward.beside_a_gap(&[patient]).iter().for_each(tell);
        }
        setting.after_writing(&mut ward, &author);
        print_saved("dose", &entry.id, setting)
    }
}
