//! `corticurve verify`

use super::{Failure, Outcome, Setting, print_json, say};
use crate::record::visible;
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
    let ward = setting.ward_as_it_is()?;
    let verified = ward.store().verify(setting.now().at).map_err(Failure::unusable)?;
    let json = VerifyJson {
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
            .collect(),
    };
    if setting.common.json {
        print_json(&json)?;
    } else {
        let count = |number: usize, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
        say(format!(
            "{}, {}, {}\n",
            count(json.patients, "patient", "patients"),
            count(json.segments, "file", "files"),
            count(json.entries, "entry", "entries")
        ))?;
        for finding in &verified.findings {
            say(format!("{finding}\n"))?;
        }
        if json.findings.is_empty() {
            say("no findings\n")?;
        }
    }
    // The findings are the output; a message of their own would only repeat them.
    if json.findings.is_empty() { Ok(()) } else { Err(Failure::Refused(String::new())) }
}
