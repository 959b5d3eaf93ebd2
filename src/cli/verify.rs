//! `corticurve verify`

use super::{Failure, Outcome, Setting, print_json};
use serde::Serialize;

#[derive(Serialize)]
struct VerifyJson {
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

pub fn run(setting: &Setting) -> Outcome {
    let ward = setting.ward()?;
    let verified = ward.store().verify().map_err(Failure::unusable)?;
    let json = VerifyJson {
        patients: verified.patients,
        segments: verified.segments,
        entries: verified.entries,
        findings: verified
            .findings
            .iter()
            .map(|finding| FindingJson {
                file: finding.file.display().to_string(),
                line: finding.line,
                what: finding.to_string(),
            })
            .collect(),
    };
    if setting.common.json {
        print_json(&json)?;
    } else {
        println!("{} patients, {} files, {} entries", json.patients, json.segments, json.entries);
        for finding in &verified.findings {
            println!("{finding}");
        }
        if json.findings.is_empty() {
            println!("no findings");
        }
    }
    // The findings are the output; a message of their own would only repeat them.
    if json.findings.is_empty() { Ok(()) } else { Err(Failure::Refused(String::new())) }
}
