//! `corticurve backup`

use super::{Failure, Outcome, Setting, print_json, say, tell};
use crate::app::Settings;
use crate::app::ward::Ward;
use crate::store::{Copied, FindingKind, whole};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// A copy of what is new. A backup is a data folder itself: --data reads it.
#[derive(Debug, clap::Args)]
pub struct Backup {
    /// The folder for the copy [default: the one chosen on this workstation]
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
    /// Back up to this folder from now on, after each day's first save on this workstation
    #[arg(long, requires = "to")]
    daily: bool,
}

#[derive(Serialize)]
struct CopiedJson<'a> {
    into: String,
    done: bool,
    entries: usize,
    files: usize,
    settings: usize,
    patients: Vec<PatientJson<'a>>,
    findings: Vec<String>,
}

#[derive(Serialize)]
struct PatientJson<'a> {
    patient: &'a str,
    entries: usize,
    files: usize,
}

impl Backup {
    pub fn run(self, setting: &Setting) -> Outcome {
        if setting.common.demo {
            return Err(Failure::unusable("--demo is for looking; leave it out to back up a data folder"));
        }
        // Nothing is made for a folder that is not there.
        Ward::check_at(&setting.places)?;
        let mut ward = Ward::open_to_write(&setting.places.data, &setting.places.config)?;
        let Some(to) = self.to.as_deref().map(whole).or_else(|| ward.chosen_backup()) else {
            let offered = ward.offered_backup().unwrap_or_else(|| PathBuf::from("DIR"));
            return Err(Failure::refused(format!(
                "no folder for backups is chosen on this workstation, so there are none; name one, on another disk if there \
                 is one: corticurve backup --to {} --daily",
                offered.display()
            )));
        };
        let copied = ward.back_up(&to, setting.recorded_at())?;
        if self.daily {
            let store = ward.store().id().as_str();
            Settings::choose_backup(&setting.places.config, store, Some(to.clone())).map_err(|error| {
                let folder = setting.places.config.display();
                Failure::refused(format!(
                    "the backup is made; the choice of its folder could not be kept in {folder}: {error}"
                ))
            })?;
        }
        print(&copied, &to, true, setting)?;
        findings(&copied, true)
    }
}

/// What a copy did, or would do, with its patients by their ids: names stay in the records.
pub fn print(copied: &Copied, into: &Path, done: bool, setting: &Setting) -> Outcome {
    if setting.common.json {
        return print_json(&CopiedJson {
            into: into.display().to_string(),
            done,
            entries: copied.entries(),
            files: copied.files,
            settings: copied.settings,
            patients: copied
                .patients
                .iter()
                .map(|patient| PatientJson {
                    patient: patient.id.as_str(),
                    entries: patient.entries,
                    files: patient.files,
                })
                .collect(),
            findings: copied.findings.iter().map(ToString::to_string).collect(),
        });
    }
    let mut text = String::new();
    for file in &copied.named {
        text.push_str(&format!("{file}\n"));
    }
    for patient in &copied.patients {
        let what = match patient.entries {
            0 => count(patient.files, "file", "files"),
            entries => count(entries, "entry", "entries"),
        };
        text.push_str(&format!("{}: {what}\n", patient.id));
    }
    text.push_str(&format!("{copied} {} {}\n", if done { "added to" } else { "to be added to" }, into.display()));
    say(text)
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// What was found beside the copying, or beside working out what is to be copied, on standard error.
pub fn findings(copied: &Copied, done: bool) -> Outcome {
    copied.findings.iter().for_each(tell);
    if copied.findings.is_empty() {
        return Ok(());
    }
    let rest = if done { "everything else was copied" } else { "nothing was copied yet, and everything else can be" };
    Err(Failure::refused(format!("{rest}; `corticurve verify` says more about the files of either folder")))
}

/// The same for restoring, where it is no finding that the ward went on since the backup, also with its settings.
pub fn findings_in_source(mut copied: Copied, done: bool) -> Outcome {
    copied.findings.retain(|finding| !matches!(finding.kind, FindingKind::Lacks(_) | FindingKind::OtherSettings));
    findings(&copied, done)
}
