//! `corticurve import`

use super::{Failure, Outcome, Setting, print_json, say, tell, tell_gaps};
use crate::app::clock::Clock;
use crate::app::ward::{IMPORTED_BESIDE_A_GAP, Ward, WardError, check_same};
use crate::exchange::import::{self, Batch, BatchPatient, ImportError, Profile, Report};
use crate::record::{Administration, Identity, Mrn};
use crate::store::{Author, StoreError};
use std::collections::{BTreeMap, BTreeSet};
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
        let author = if self.dry_run && !setting.common.demo { None } else { Some(setting.author()?) };
        let profile = Profile::named(&self.profile).map_err(Failure::unusable)?;
        // Every file is read whole, and held against the ward, before anything is written.
        let batches: Vec<Batch> =
            self.files.iter().map(|file| read(file, &profile, setting)).collect::<Result<_, _>>()?;
        let batches = new_in_the_ward(batches, setting)?;
        match author {
            Some(author) if batches.iter().any(|batch| !batch.patients.is_empty()) => write(batches, &author, setting),
            _ => {
                if self.dry_run && !setting.common.json {
                    say("dry run: nothing is written; an import would report this\n\n")?;
                }
                print(&batches.into_iter().map(|batch| batch.report).collect::<Vec<_>>(), setting)
            }
        }
    }
}

/// What each file would add, to the ward and to the files before it. That nothing contradicts the ward, what waits for it
/// on this workstation, or another of the files is found out before anything is written.
fn new_in_the_ward(batches: Vec<Batch>, setting: &Setting) -> Result<Vec<Batch>, Failure> {
    let ward = match Ward::open_with_waiting_at(&setting.places) {
        Ok(ward) => Some(ward),
        Err(WardError::Store(StoreError::NoStore { .. })) => None,
        Err(error) => return Err(Failure::not_saved(error)),
    };
    check_identities(&batches)?;
    let mut doses: BTreeMap<(String, String), Administration> = BTreeMap::new();
    let mut registered: BTreeSet<String> = BTreeSet::new();
    let mut new = Vec::with_capacity(batches.len());
    for mut batch in batches {
        if let Some(ward) = &ward {
            ward.check_import(&batch).map_err(|error| in_file(&batch.report.file, error))?;
            batch = ward.new_in(batch);
        } else {
            batch.report.registered = batch.patients.iter().map(|patient| patient.identity.mrn.clone()).collect();
        }
        batch = batch.against(|mrn, id| doses.get(&(mrn.bare(), id.to_owned())));
        batch.report.registered.retain(|mrn| registered.insert(mrn.bare()));
        for patient in &batch.patients {
            for dose in &patient.administrations {
                let id = dose.source_id.clone().unwrap_or_default();
                doses.insert((patient.identity.mrn.bare(), id), dose.clone());
            }
        }
        new.push(batch);
    }
    if let Some(ward) = &ward {
        // Those of whom nothing is new get nothing that could count twice.
        let numbers: Vec<&Mrn> =
            new.iter().flat_map(|batch| &batch.patients).map(|patient| &patient.identity.mrn).collect();
        tell_gaps(ward, &ward.gaps_beside_numbers(&numbers), IMPORTED_BESIDE_A_GAP);
    }
    Ok(new)
}

/// The files against each other: each may be right by itself, and only one of them can be.
fn check_identities(batches: &[Batch]) -> Outcome {
    let mut said: BTreeMap<String, Vec<(&str, &Identity)>> = BTreeMap::new();
    for batch in batches {
        for BatchPatient { identity, .. } in &batch.patients {
            let before = said.entry(identity.mrn.bare()).or_default();
            for (file, other) in before.iter() {
                check_same(identity, other, file).map_err(|error| in_file(&batch.report.file, error))?;
            }
            before.push((&batch.report.file, identity));
        }
    }
    Ok(())
}

fn in_file(file: &str, error: WardError) -> Failure {
    match Failure::not_saved(error) {
        Failure::Refused(words) => Failure::Refused(format!("{file}: {words}")),
        Failure::Unusable(words) => Failure::Unusable(format!("{file}: {words}")),
    }
}

/// What shows is in the chart, so an import takes it for imported.
const UNCONFIRMED: &str = "what could not be confirmed may show in the log all the same, and importing again does not write it \
    once more: a power cut can still take it. Once the disk is well, restart the computer that holds the folder, and import \
    again then";

fn is_unconfirmed(error: &WardError) -> bool {
    match error {
        WardError::NotAllImported { cause, .. } => is_unconfirmed(cause),
        WardError::Store(error) => error.is_unconfirmed(),
        _ => false,
    }
}

fn write(batches: Vec<Batch>, author: &Author, setting: &Setting) -> Outcome {
    let (mut ward, _) = setting.ward_to_write()?;
    let mut reports = Vec::new();
    for batch in batches {
        let file = batch.report.file.clone();
        match ward.import(batch, author, setting.recorded_at()) {
            Ok(report) => reports.push(report),
            Err(error) => {
                if is_unconfirmed(&error) {
                    tell(UNCONFIRMED);
                }
                // What the files before this one added stays, so it is accounted for, and nothing is unreadable.
                if !reports.is_empty() {
                    print(&reports, setting)?;
                    return Err(Failure::refused(format!("{file}: {error}. The files before it are imported")));
                }
                return Err(in_file(&file, error));
            }
        }
    }
    setting.after_writing(&mut ward, author);
    print(&reports, setting)
}

fn print(reports: &[Report], setting: &Setting) -> Outcome {
    if setting.common.json {
        return print_json(&reports);
    }
    for (at, report) in reports.iter().enumerate() {
        say(format!("{}{report}", if at == 0 { "" } else { "\n" }))?;
    }
    Ok(())
}

fn read(path: &Path, profile: &Profile, setting: &Setting) -> Result<Batch, Failure> {
    let batch = import::read_file(path, profile, &setting.reference.formulary, setting.clock.present());
    batch.map_err(|error| match error {
        ImportError::Cells { .. } => Failure::refused(error),
        _ => Failure::unusable(error),
    })
}
