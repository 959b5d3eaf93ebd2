//! `corticurve import`

use super::{Failure, Outcome, Setting, print_json, say};
use crate::app::clock::Clock;
use crate::exchange::import::{self, Batch, ImportError, Profile};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Files of medication administration records.
#[derive(Debug, clap::Args)]
pub struct Import {
    /// CSV files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// How the files are read: generic, mimic-iv-demo, or a path ending in .ron
    #[arg(long, default_value = "generic", value_name = "NAME|FILE.ron")]
    profile: String,
    /// Read and report, and write nothing
    #[arg(long)]
    dry_run: bool,
}

impl Import {
    pub fn run(self, setting: &Setting) -> Outcome {
        let profile = Profile::named(&self.profile).map_err(Failure::unusable)?;
        // Every file is read whole before anything is written.
        let batches: Vec<Batch> =
            self.files.iter().map(|file| read(file, &profile, setting)).collect::<Result<_, _>>()?;
        let mut reports = Vec::new();
        if self.dry_run {
            let known = crate::app::ward::Ward::open(&setting.places.data).ok();
            for batch in batches {
                reports.push(match &known {
                    Some(ward) => ward.new_in(batch).report,
                    None => batch.report,
                });
            }
        } else {
            let (mut ward, author) = setting.ward_to_write()?;
            for batch in batches {
                reports.push(ward.import(batch, &author, setting.recorded_at())?);
            }
            setting.keep_initials(&author);
        }
        if setting.common.json {
            return print_json(&reports);
        }
        for report in reports {
            say(format!("{report}\n"))?;
        }
        Ok(())
    }
}

fn read(path: &Path, profile: &Profile, setting: &Setting) -> Result<Batch, Failure> {
    let cannot =
        |error: &dyn std::fmt::Display| Failure::unusable(format!("{} cannot be read: {error}", path.display()));
    let mut bytes = Vec::new();
    // One byte more than is taken, so that a larger file is noticed without being loaded.
    let most = u64::try_from(import::LARGEST_FILE).unwrap_or(u64::MAX).saturating_add(1);
    let file = File::open(path).map_err(|error| cannot(&error))?;
    file.take(most).read_to_end(&mut bytes).map_err(|error| cannot(&error))?;
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let batch = import::read(&bytes, &name, profile, &setting.reference.formulary, setting.clock.present());
    batch.map_err(|error| match error {
        ImportError::Cells { .. } => Failure::refused(error),
        _ => Failure::unusable(error),
    })
}
