//! What can go wrong with the data folder, in words for whoever has to put it right.

use super::finding::{Finding, listed, shown_path};
use crate::exposure::UnitFault;
use crate::record::PatientId;
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// Why the store cannot be opened, read or written. Messages name paths and random ids, never a name or an MRN.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The folder is absent or empty.
    #[error("there are no records in {folder}; check the path, or start the window or `register` to begin a new ward there",
        folder = shown_path(folder))]
    NoStore {
        /// The folder that was asked for.
        folder: PathBuf,
    },
    /// The folder holds other things.
    #[error("{folder} holds other files and no STORE.ron, so nothing is written there; choose an empty folder, or put back \
        STORE.ron from a backup if this was a data folder", folder = shown_path(folder))]
    NotAStore {
        /// The folder that was asked for.
        folder: PathBuf,
    },
    /// STORE.ron cannot be read as what it should be.
    #[error("{file} is damaged; put it back from a backup, or write it again as Store(format: 1, app: \"\", \
        store: \"…\", unit: \"…\") with the store's id, which stands in the second line of every file under patients",
        file = shown_path(file))]
    DamagedStoreFile {
        /// STORE.ron.
        file: PathBuf,
    },
    /// The folder holds another store than when it was opened.
    #[error("{file} is no longer that of the ward that was opened; check that the right share is connected",
        file = shown_path(file))]
    OtherStore {
        /// STORE.ron.
        file: PathBuf,
    },
    /// A newer program made the folder.
    #[error("{file} has format {format}, which is newer than this program reads; update the program on this workstation",
        file = shown_path(file))]
    NewerStore {
        /// STORE.ron.
        file: PathBuf,
        /// Its format.
        format: u32,
    },
    /// The system refused an operation.
    #[error("cannot {doing} {path}: {source}; {advice}", path = shown_path(path), advice = advice(source))]
    Io {
        /// What was tried.
        doing: &'static str,
        /// Where.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// No folder of that patient.
    #[error(
        "there is no folder patients/{patient} in the data folder; put it back, or bring it back from a backup with \
        `corticurve restore`"
    )]
    NoPatient {
        /// The id asked for.
        patient: PatientId,
    },
    /// The folder of all patients is gone.
    #[error("the folder `patients` is missing in {folder}, where records were kept: connect the share whole, or put the folder \
        back, or bring it back from a backup with `corticurve restore`; if nobody was registered here yet, make an empty folder \
        of that name", folder = shown_path(folder))]
    NoPatients {
        /// The data folder.
        folder: PathBuf,
    },
    /// The data folder is not there, or is empty where a share was.
    #[error("{folder} cannot be reached; connect the share or the disk that it is on, and try again",
        folder = shown_path(folder))]
    OutOfReach {
        /// The data folder.
        folder: PathBuf,
    },
    /// Somebody who waited for it stopped it.
    #[error("it was stopped before it was done; doing it again does the rest")]
    Stopped,
    /// A newer program wrote for this patient.
    #[error("nothing was saved: {why}")]
    ReadOnly {
        /// Which file, and what to do.
        why: String,
    },
    /// Saving without [`become_writer`](super::Store::become_writer).
    #[error("nothing was saved: this data folder was opened for reading only; open it for writing first")]
    NotAWriter,
    /// An entry that would not fit on a line.
    #[error("nothing was saved: the entry takes {bytes} bytes and at most {most} are kept; shorten the note")]
    TooLong {
        /// The length of its line.
        bytes: usize,
        /// The most that a line may have.
        most: usize,
    },
    /// An entry that would be read back as something else.
    #[error("nothing was saved: it would not be read back as it was entered; enter it again, in plainer words")]
    Unfaithful,
    /// The system gave no random numbers.
    #[error("nothing was saved: the system gives no random numbers ({0}); restart the workstation")]
    Random(getrandom::Error),
    /// Both attempts to write failed.
    #[error("NOT saved: {left} of {of} entries could not be confirmed on the disk ({cause}); look whether they show \
        in the log before recording them again", left = of - saved)]
    NotSaved {
        /// How many of the entries are on the disk and read back.
        saved: usize,
        /// How many were to be saved.
        of: usize,
        /// What was met: by the last attempt, or by the one before it where only that may have left something on the disk.
        cause: Box<StoreError>,
    },
    /// Entries in the outbox that may or may not be on this workstation's disk.
    #[error(
        "nor did this workstation's disk confirm what was to wait on it ({cause}); it may still show in the log as waiting, and \
        is then delivered: look there before recording it again"
    )]
    MayBeKept {
        /// What was met, and in which file.
        cause: Box<StoreError>,
    },
    /// What was read back is not what was written.
    #[error("{file} does not hold what was just written to it; the disk or the share is not reliable", file = shown_path(file))]
    ReadBack {
        /// The segment.
        file: PathBuf,
    },
    /// A folder that would be copied into itself.
    #[error("{folder} and the data folder {data} lie in each other, so nothing is copied; choose a folder beside it, on \
        another disk if there is one", folder = shown_path(folder), data = shown_path(data))]
    Inside {
        /// The folder that was to be copied into.
        folder: PathBuf,
        /// The folder that was to be copied.
        data: PathBuf,
    },
    /// A folder of another ward.
    #[error("{folder} holds the records of another data folder (its id is {found}), so nothing is copied there; choose an \
        empty folder", folder = shown_path(folder))]
    AnotherStore {
        /// The folder that was to be copied into.
        folder: PathBuf,
        /// The id in its STORE.ron.
        found: String,
    },
    /// A copy that was not finished.
    #[error("the copy into {folder} is not complete: {cause}. What was copied stays; copy again to add the rest",
        folder = shown_path(folder))]
    NotCopied {
        /// The folder that was to be copied into.
        folder: PathBuf,
        /// What was met.
        cause: Box<StoreError>,
    },
    /// There are settings of the unit, and none that can be used.
    #[error("the unit's settings in {folder} cannot be used: {}", listed(.findings), folder = shown_path(folder))]
    Unit {
        /// The data folder.
        folder: PathBuf,
        /// Where in it and what is wrong; at least one.
        findings: Vec<Finding>,
    },
    /// The unit's settings are no longer what the change was made for.
    #[error(
        "nothing was saved: the unit's settings were changed meanwhile{by}; look at them again before you change them"
    )]
    UnitChanged {
        /// Who changed them, where that is known.
        by: String,
    },
    /// A change that contradicts the history of the settings.
    #[error("nothing was saved: {0}")]
    UnitRefused(Box<UnitFault>),
    /// A change of settings that may or may not be on the disk.
    #[error("NOT saved: the change of settings could not be confirmed on the disk ({cause}); look whether it is in the history \
        of the settings before you make it again; it is in {file} if anywhere", file = shown_path(file))]
    UnitNotSaved {
        /// Its own file.
        file: PathBuf,
        /// What was met.
        cause: Box<StoreError>,
    },
}

impl StoreError {
    /// Whether it is about what was to be saved, and not about what cannot be read.
    pub const fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::NotSaved { .. }
                | Self::MayBeKept { .. }
                | Self::ReadOnly { .. }
                | Self::TooLong { .. }
                | Self::Unfaithful
                | Self::UnitChanged { .. }
                | Self::UnitRefused(_)
                | Self::UnitNotSaved { .. }
                | Self::Inside { .. }
                | Self::AnotherStore { .. }
                | Self::NotCopied { .. }
        )
    }

    /// Whether it is about a folder that cannot be reached or does not take what is written, so that the same may succeed
    /// later.
    pub const fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::NotSaved { .. }
                | Self::Io { .. }
                | Self::OtherStore { .. }
                | Self::NoStore { .. }
                | Self::NoPatient { .. }
                | Self::NoPatients { .. }
                | Self::OutOfReach { .. }
        )
    }

    /// Whether what was to be saved may be on the disk all the same, or in the computer's memory.
    pub fn is_unconfirmed(&self) -> bool {
        matches!(self, Self::NotSaved { cause, .. } if cause.may_be_written())
    }

    /// Whether an attempt to save that ended with this may have left on the disk what was to be saved.
    pub(super) fn may_be_written(&self) -> bool {
        match self {
            Self::ReadBack { .. } => true,
            Self::Io { doing, .. } => ["write to", "write to the disk", "read back"].contains(doing),
            _ => false,
        }
    }

    /// The same of the last so many of what was to be saved: what went before them had waited.
    #[must_use]
    pub fn of_last(self, last: usize) -> Self {
        match self {
            Self::NotSaved { saved, of, cause } => {
                Self::NotSaved { saved: saved.saturating_sub(of.saturating_sub(last)), of: last, cause }
            }
            other => other,
        }
    }

    /// Whether one patient's folder is not there, while the others may be.
    pub fn is_of_one_patient(&self) -> bool {
        match self {
            Self::NoPatient { .. } => true,
            Self::NotSaved { cause, .. } => cause.is_of_one_patient(),
            _ => false,
        }
    }

    /// Wraps the system's reason with what was tried and where.
    pub(super) fn io(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { doing, path, source }
    }
}

/// What to do about the system's reason.
fn advice(reason: &io::Error) -> &'static str {
    use io::ErrorKind::{FileTooLarge, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    match reason.kind() {
        StorageFull | QuotaExceeded | FileTooLarge => "make room on that disk or share",
        PermissionDenied => "ask for the right to read and write there",
        ReadOnlyFilesystem => "that disk or share is read-only; ask for it to be made writable",
        _ => "check that the folder can be reached and the disk is well",
    }
}

impl From<getrandom::Error> for StoreError {
    fn from(error: getrandom::Error) -> Self {
        Self::Random(error)
    }
}
