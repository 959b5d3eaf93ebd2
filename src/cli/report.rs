//! `corticurve report`

use super::{Failure, Outcome, Setting, findings, print_json, say};
use crate::app::page::{Printed, report};
use crate::app::view::{Look, PatientView};
use crate::app::ward::second_charts;
use crate::app::{Settings, workstation};
use crate::exchange::report::{pdf, write_new};
use crate::exposure::Window;
use crate::exposure::figure::{AmountUnit, Spacing};
use crate::record::Mrn;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// One page of a patient as PDF, to be printed.
#[derive(Debug, clap::Args)]
pub struct Report {
    /// The patient's MRN
    mrn: Mrn,
    /// The file to write; one that is there is never overwritten
    #[arg(long, value_name = "FILE")]
    pdf: PathBuf,
    /// The stretch of time: day0, day30, 24h, 72h, 7d, all, episode1, or FROM..TO like 2026-11-13..2026-11-20
    #[arg(long, default_value = "day0")]
    window: String,
}

impl Report {
    pub fn run(self, setting: &Setting) -> Outcome {
        let now = setting.now();
        let window = Window::parse(&self.window, now.zone).map_err(Failure::unusable)?;
        let ward = setting.ward()?;
        let patient = ward.by_mrn(&self.mrn)?;
        let as_of = setting.as_of(patient);
        if let Window::Episode(number) = window
            && window.place(&patient.chart, as_of).0.is_none()
        {
            return Err(Failure::refused(format!("no infusion {number} is recorded, so there is no episode {number}")));
        }
        let look = Look { unit: AmountUnit::Mg, spacing: Spacing::Linear, published: true };
        let view = PatientView::seen_from(as_of, patient, &setting.reference, (window, look), now, None);
        let known = || Settings::load(&setting.places.config).initials;
        let second = second_charts(ward.patients()).into_iter().filter(|finding| finding.is_of(&patient.id));
        let printed = Printed {
            at: setting.recorded_at(),
            by: setting.common.by.clone().or_else(known),
            workstation: workstation(),
            by_day: true,
            is_demo: setting.common.demo,
            attention: second.map(|finding| finding.to_string()).collect(),
        };
        let page = report(patient, &view.map_err(Failure::refused)?, &setting.reference, &printed);
        let bytes = pdf(&page).map_err(Failure::unusable)?;
        write_new(&self.pdf, &bytes).map_err(|error| not_written(&self.pdf, &error))?;
        let file = std::path::absolute(&self.pdf).unwrap_or(self.pdf);
        if setting.common.json {
            print_json(&serde_json::json!({ "written": file, "pages": 1 }))?;
        } else {
            say(format!("written {}: one page, readable by you alone\n", file.display()))?;
        }
        findings(&ward, &[patient])
    }
}

fn not_written(file: &Path, error: &std::io::Error) -> Failure {
    let shown = file.display();
    match error.kind() {
        ErrorKind::AlreadyExists => Failure::refused(format!(
            "{shown} is there already and was not overwritten; give another name to --pdf, or remove it first"
        )),
        ErrorKind::NotFound => Failure::unusable(format!(
            "{shown} could not be written: its folder is not there; make it first, or give another"
        )),
        _ => {
            Failure::unusable(format!("{shown} could not be written: {error}; give --pdf a file in a folder of yours"))
        }
    }
}
