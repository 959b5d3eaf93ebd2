//! Why something was not written.

use crate::exchange::demo::DemoError;
use crate::record::visible::shown;
use crate::record::{EntryId, Moment, Mrn, PatientId, time};
use crate::safety::Concern;
use crate::store::StoreError;
use std::path::PathBuf;
use thiserror::Error;

/// Why something was not written, or not all of it: what was written until then is said by the error or stays, and doing
/// the same again adds nothing twice.
#[derive(Debug, Error)]
pub enum WardError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A second patient of the same number.
    #[error("MRN {0} is already registered; open that patient, or check the number")]
    DuplicateMrn(Mrn),
    /// Nobody of this number.
    #[error("no patient with MRN {0} is registered here; check the number, or register the patient first")]
    NoPatient(Mrn),
    /// Nobody of this number, beside files that may hold them.
    #[error(
        "no patient with MRN {mrn} is found here, and files that may be theirs are missing or cannot be read: {files}. Check the \
         number; if it is right, do not register the patient again, but bring the files back first; `corticurve verify` lists \
         all findings, with what to do"
    )]
    NotFoundBesideAGap {
        /// The number.
        mrn: Mrn,
        /// The first of the files.
        files: String,
    },
    /// Two charts of the same number, as two workstations that could not see each other may make.
    #[error(
        "two patients have MRN {mrn}: {first} and {second}; look at each by its id: amend the number if it is wrong, and else \
         record the doses of the one in the other, and then strike them out where they were and amend the number there, in the \
         window, to one that nobody has (such as this one with DOUBLE behind it)"
    )]
    TwoPatients {
        /// The number.
        mrn: Mrn,
        /// One of them.
        first: PatientId,
        /// The other.
        second: PatientId,
    },
    /// An import for somebody else of the same number.
    #[error(
        "nothing was imported: MRN {mrn} is {file} in the file and {other} in {place}; make sure that it is the same \
         patient, and correct what is wrong"
    )]
    OtherPerson {
        /// The number.
        mrn: Mrn,
        /// Who it is in the file.
        file: String,
        /// Who it is elsewhere.
        other: String,
        /// Where that is: "the ward", or another file.
        place: String,
    },
    /// Real and shifted dates for one patient.
    #[error(
        "nothing was imported: the dates of MRN {mrn} are shifted in one of the file and {place} and real in the other, so \
         they cannot be put in one order; import into another data folder, or choose another profile"
    )]
    ShiftedDates {
        /// The number.
        mrn: Mrn,
        /// Where else the patient has dates: "the ward", or another file.
        place: String,
    },
    /// An import that ended after it had saved something.
    #[error("{} imported and saved. From there on: {cause}. Importing again adds the rest", rows_of(*rows, *patients))]
    NotAllImported {
        /// How many patients have all that the file has of them.
        patients: usize,
        /// How many rows these are.
        rows: usize,
        /// What was met then.
        cause: Box<WardError>,
    },
    /// A folder in which there was a ward, and is none now.
    #[error(
        "a ward was in {} when it was last opened here, and none is there now; connect the share or the disk that it is on. \
         To begin a new ward in its place, take its line, and others with the same id, out of {}", shown(&folder.display().to_string()),
        shown(&file.display().to_string())
    )]
    WardGone {
        /// The folder.
        folder: PathBuf,
        /// Where it is remembered.
        file: PathBuf,
    },
    /// A folder of backups in which there is none now.
    #[error(
        "nothing was backed up: a backup was made in {folder} on {last}, and none is there now; connect the disk or the \
         share that it is on, or choose another folder to begin a new backup", folder = shown(&folder.display().to_string()),
        last = time::shown(*last)
    )]
    BackupGone {
        /// The folder that was chosen.
        folder: PathBuf,
        /// When the last backup there was complete.
        last: Moment,
    },
    /// A folder for backups that is another one for each place from which the program is started.
    #[error(
        "'{folder}' is a part of a path, so nothing was backed up; choose the folder for backups again, with its whole path \
         (Ctrl+Shift+B in the window, or corticurve backup --to DIR --daily)",
        folder = shown(&.0.display().to_string())
    )]
    BackupPart(PathBuf),
    /// The patient's folder is there, but not this patient.
    #[error("this patient is no longer in the data folder; reload the ward")]
    Gone,
    /// Neither the data folder nor this workstation took it.
    #[error("{folder}; {}", not_kept(here))]
    NotKept {
        /// What the data folder met.
        folder: StoreError,
        /// What this workstation met.
        here: StoreError,
    },
    /// A colleague has changed the entry, or recorded the same dose, since the window last read the chart.
    #[error("{0}")]
    Asks(String),
    /// The dose cannot be true.
    #[error("{}", .0.words())]
    Refused(Concern),
    /// No reason for a change.
    #[error("a reason is needed: say in a few words why the entry was wrong")]
    NoReason,
    /// A target that is not in this chart.
    #[error("entry {0} is not in this patient's chart")]
    NoEntry(EntryId),
    /// The shipped demo.
    #[error("the demo ward that came with the program cannot be used ({0}); install the program again")]
    Demo(#[from] DemoError),
    /// No temporary folder.
    #[error("no temporary folder can be made for the demo ward: {0}")]
    Temporary(#[from] std::io::Error),
}

fn rows_of(rows: usize, patients: usize) -> String {
    let counted = |number: usize, one: &str| if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") };
    let is = if rows == 1 { "is" } else { "are" };
    format!("{} of {} {is}", counted(rows, "row"), counted(patients, "patient"))
}

/// What this workstation met. Words that say "not kept" would have recorded twice what shows up here later after all.
fn not_kept(here: &StoreError) -> String {
    match here {
        StoreError::MayBeKept { .. } => here.to_string(),
        _ => format!("it could not be kept on this workstation either ({here})"),
    }
}
