//! `corticurve verify`

use super::{Failure, Outcome, Setting, print_json, say};
use crate::app::ward::Ward;
use crate::record::{PatientId, visible};
use serde::Serialize;
use std::path::PathBuf;

/// Changes no record.
#[derive(Debug, clap::Args)]
pub struct Verify {
    /// It is known why files of this patient are gone, or older than they were, or why there is no entry: this workstation
    /// misses them no longer.
    /// Patients by their ids, as the findings name them
    #[arg(long, value_name = "PATIENT", num_args = 1..)]
    known: Vec<PatientId>,
}

#[derive(Serialize)]
struct VerifyJson {
    /// The files of which it is known from now on that they are gone, or end earlier.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    known: Vec<String>,
    patients: usize,
    segments: usize,
    entries: usize,
    findings: Vec<FindingJson>,
}

#[derive(Serialize)]
struct FindingJson {
    file: String,
    line: Option<usize>,
    what: String,
}

impl Verify {
    pub fn run(self, setting: &Setting) -> Outcome {
        let mut ward = setting.ward_as_it_is()?;
        let known = keep_known(&self.known, &mut ward, setting)?;
        print(known, &ward, setting)
    }
}

/// Has this workstation forget what it misses of these patients; the files.
fn keep_known(patients: &[PatientId], ward: &mut Ward, setting: &Setting) -> Result<Vec<String>, Failure> {
    let mut all = Vec::new();
    if patients.is_empty() {
        return Ok(all);
    }
    let author = setting.author()?;
    let told_of = |ward: &Ward, id: &PatientId| -> Vec<PathBuf> {
        let findings = ward.patient(id).map(|patient| patient.findings.as_slice()).unwrap_or_default();
        let files = findings.iter().filter(|finding| finding.is_remembered()).map(|finding| finding.file.clone());
        files.chain(ward.store().empty_folder_of(id)).collect()
    };
    // All of them, or none.
    if let Some(id) = patients.iter().find(|id| told_of(ward, id).is_empty()) {
        return Err(Failure::refused(format!(
            "{id}: this workstation misses no file of this patient, so nothing was changed; give the id that a finding names"
        )));
    }
    for id in patients {
        let told = told_of(ward, id);
        let known = ward.acknowledge_missing(id, &told, &author.by, setting.recorded_at())?;
        all.extend(known.iter().map(|file| visible::shown(&file.display().to_string())));
    }
    Ok(all)
}

fn print(known: Vec<String>, ward: &Ward, setting: &Setting) -> Outcome {
    let verified = ward.store().verify(setting.now().at).map_err(Failure::unusable)?;
    // No file can tell it: a folder without settings is as good as one from which they were removed.
    let gone = setting.gone_settings().map(|what| visible::shown(&what));
    let gone_json = gone.iter().map(|what| FindingJson { file: "unit".to_owned(), line: None, what: what.clone() });
    let json = VerifyJson {
        known,
        patients: verified.patients,
        segments: verified.segments,
        entries: verified.entries,
        findings: verified
            .findings
            .iter()
            .map(|finding| FindingJson {
                file: visible::shown(&finding.file.display().to_string()),
                line: finding.line,
                what: finding.to_string(),
            })
            .chain(gone_json)
            .collect(),
    };
    if setting.common.json {
        print_json(&json)?;
    } else {
        for file in &json.known {
            say(format!("known, and not told of again on this workstation: {file}\n"))?;
        }
        let count = |number: usize, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
        say(format!(
            "{}, {}, {}\n",
            count(json.patients, "patient", "patients"),
            count(json.segments, "file", "files"),
            count(json.entries, "entry", "entries")
        ))?;
        for finding in verified.findings.iter().map(ToString::to_string).chain(gone) {
            say(format!("{finding}\n"))?;
        }
        if json.findings.is_empty() {
            say("no findings\n")?;
        }
    }
    // The findings are the output; a message of their own would only repeat them.
    if json.findings.is_empty() { Ok(()) } else { Err(Failure::Refused(String::new())) }
}
