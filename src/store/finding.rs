//! What a reader met that should not be there. A finding never stops anything else from being read.

use super::loss::Loss;
use crate::record::{EntryId, Moment, PatientId, time, visible};
use std::fmt;
use std::path::{Path, PathBuf};

/// One thing that is not as it was written, with its place. Sorted by file, line and kind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file, relative to the data folder.
    pub file: PathBuf,
    /// The line, counted from 1, where it is about one line.
    pub line: Option<usize>,
    /// What is wrong.
    pub kind: FindingKind,
}

/// The kinds of findings.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum FindingKind {
    /// The end of the file is missing or not complete.
    Interrupted,
    /// So many complete lines behind a bad one, in a file whose end is missing, that may be another patient's.
    Unvouched(usize),
    /// A file of the outbox whose end is missing.
    NotKeptWhole,
    /// A file in which a first save came to nothing, or that was cut later.
    Leftover,
    /// A line that cannot be read.
    Unreadable,
    /// A line that reads well and is not what was written.
    Changed,
    /// A line that is as it was written and says something that this version does not know.
    NotUnderstood,
    /// A line longer than any this program writes.
    LineTooLong,
    /// A file larger than any this program writes.
    FileTooLarge,
    /// So many more lines that cannot be used.
    More(usize),
    /// So many bytes behind thousands of damaged lines.
    NotLookedAt(usize),
    /// Line ends were changed; every entry could be read.
    LineEnds,
    /// The first entry comes without a header before it.
    NoHeader,
    /// The header names another patient than the folder.
    OtherPatient,
    /// The header names another store than STORE.ron.
    OtherStore,
    /// The header names another file name.
    Renamed,
    /// A newer program wrote it.
    Newer(u32),
    /// Two different entries with one id.
    TwoOfOneId(EntryId),
    /// Not a name that this program makes.
    UnknownName,
    /// So many more of these in one folder.
    MoreNames(usize),
    /// A link, folder or device where a file should be, or the reverse.
    WrongKind,
    /// The system would not let it be read.
    CannotRead(String),
    /// Something that was here is not here any more.
    Lost(Loss),
    /// An entry that says it was recorded later than now.
    InTheFuture(Moment),
    /// An entry whose id stands in the files of another patient as well.
    OfTwoPatients(EntryId, PatientId),
    /// A patient of whom there is another chart: both have the same number.
    SameMrn(PatientId),
    /// STORE.ron is not what it was when the folder was opened.
    StoreFile(String),
    /// Others than the owner may read or write it; its mode.
    Loose(u32),
    /// In a copy: so many entries that only the other folder holds.
    Lacks(usize),
    /// In a copy: entries that could not be added.
    NotAdded(String),
    /// So many more files and folders of too loose a mode.
    MoreLoose(usize),
    /// A change of the unit's settings, or a whole file of them, that cannot be used.
    Settings(String),
    /// A program's file of the unit's settings that is not as it was saved.
    DamagedSettings,
    /// A program's file of the unit's settings in which a change came to nothing, or that was cut later.
    SettingsLeftover,
    /// In a copy: other settings are in force in the other folder.
    OtherSettings,
}

impl Finding {
    pub(super) fn new(file: &Path, line: Option<usize>, kind: FindingKind) -> Self {
        Self { file: file.to_owned(), line, kind }
    }

    /// For a patient of whom so many entries were read before and cannot be any more.
    pub fn no_longer_read(patient: &PatientId, entries: usize, gone: Vec<String>) -> Self {
        let folder = Path::new(super::PATIENTS).join(patient.as_str());
        Self::new(&folder, None, FindingKind::Lost(Loss::NoLongerRead { entries, gone }))
    }

    /// For a patient of whom there is another chart, of the same number.
    pub fn second_chart(patient: &PatientId, other: &PatientId) -> Self {
        Self::new(&Path::new(super::PATIENTS).join(patient.as_str()), None, FindingKind::SameMrn(other.clone()))
    }

    /// Whether it is about this patient's folder, or a file in it.
    pub fn is_of(&self, patient: &PatientId) -> bool {
        self.file.starts_with(Path::new(super::PATIENTS).join(patient.as_str()))
    }

    /// Whether only this workstation can tell it, which remembers the file, and would go on telling it: see
    /// [`Store::acknowledge_missing`](super::Store::acknowledge_missing).
    pub const fn is_remembered(&self) -> bool {
        matches!(self.kind, FindingKind::Lost(Loss::SeenFile | Loss::Shorter))
    }

    /// Whether entries may be missing from what is read because of it.
    pub const fn may_hide_entries(&self) -> bool {
        match self.kind {
            FindingKind::Interrupted
            | FindingKind::Unvouched(_)
            | FindingKind::NotKeptWhole
            | FindingKind::Unreadable
            | FindingKind::Changed
            | FindingKind::NotUnderstood
            | FindingKind::LineTooLong
            | FindingKind::FileTooLarge
            | FindingKind::More(_)
            | FindingKind::NotLookedAt(_)
            | FindingKind::OtherPatient
            | FindingKind::Newer(_)
            | FindingKind::WrongKind
            | FindingKind::CannotRead(_)
            | FindingKind::Lost(_) => true,
            // A first save that came to nothing stays for ever; one that was cut later is missed by who has read it.
            FindingKind::Leftover
            // Every entry is used.
            | FindingKind::LineEnds
            | FindingKind::NoHeader
            | FindingKind::OtherStore
            | FindingKind::Renamed
            | FindingKind::TwoOfOneId(_)
            | FindingKind::InTheFuture(_)
            | FindingKind::OfTwoPatients(..)
            | FindingKind::SameMrn(_)
            // These are no files of entries.
            | FindingKind::UnknownName
            | FindingKind::MoreNames(_)
            | FindingKind::StoreFile(_)
            | FindingKind::Loose(_)
            | FindingKind::MoreLoose(_)
            | FindingKind::Lacks(_)
            | FindingKind::NotAdded(_)
            | FindingKind::Settings(_)
            | FindingKind::DamagedSettings
            | FindingKind::SettingsLeftover
            | FindingKind::OtherSettings => false,
        }
    }

    /// The file and line, like `unit.ron:4`.
    pub fn place(&self) -> String {
        let file = shown_path(&self.file);
        self.line.map_or_else(|| file.clone(), |line| format!("{file}:{line}"))
    }
}

/// How many names of one folder are listed that do not belong there.
const NAMES_LISTED: usize = 100;

/// The first of what does not belong in a folder, and how many more there are: a folder full of rubbish fills neither the
/// memory nor the window.
pub(super) fn not_too_many(mut strangers: Vec<Finding>, folder: &Path) -> Vec<Finding> {
    let more = strangers.len().saturating_sub(NAMES_LISTED);
    if more > 0 {
        strangers.truncate(NAMES_LISTED);
        strangers.push(Finding::new(folder, None, FindingKind::MoreNames(more)));
    }
    strangers
}

/// The first of some findings, and how many more there are: for a place with little room.
pub fn listed(findings: &[Finding]) -> String {
    let first = findings.first().map_or_else(String::new, ToString::to_string);
    let more = findings.len().saturating_sub(1);
    if more == 0 { first } else { format!("{first}, and {more} more, which `corticurve verify` lists") }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place(), visible::shown(&self.kind.to_string()))
    }
}

/// A path for a message, with every invisible character as its number.
pub(super) fn shown_path(path: &Path) -> String {
    visible::shown(&path.display().to_string())
}

impl fmt::Display for FindingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Interrupted => {
                "a save was interrupted here; every complete line before it is used; check against the medication chart \
                 that the last dose is in the log"
            }
            Self::Unvouched(count) => return unvouched(f, *count),
            Self::NotKeptWhole => {
                "keeping this file here was interrupted, or it was cut since; look in the medication chart whether a dose is \
                 missing from the log, and record it again"
            }
            Self::Leftover => {
                "this file is empty or cut within its first lines and holds no entry: a first save into it never finished, or \
                 it was cut since; if doses of this patient are missing, bring them back from a backup with \
                 `corticurve restore`"
            }
            Self::Unreadable => {
                "this line is damaged and is not used; all others are; compare the log with the medication chart or a backup"
            }
            Self::Changed => {
                "this line, or the one before it, was changed or taken out after it was saved, so it is not used; compare \
                 the log with the medication chart, and record what is missing"
            }
            Self::NotUnderstood => {
                "this line says something that this version does not know and is not shown; update the program on this \
                 workstation"
            }
            Self::LineTooLong => "this line is longer than any entry can be and is not used; all others are",
            Self::FileTooLarge => "this file is larger than any this program writes; only its first 4 MiB are used",
            Self::More(count) => return write!(f, "{count} more damaged lines in this file are not listed"),
            Self::NotLookedAt(bytes) => return not_looked_at(f, *bytes),
            Self::LineEnds => "the line ends were changed by another program; every entry is used",
            Self::NoHeader => "the first line that says whose entries these are is missing; they are used",
            Self::OtherPatient => {
                "this file belongs to another patient and was put here by hand, so none of it is used; move it back to the \
                 folder that its second line names"
            }
            Self::OtherStore => "this file was written for another data folder; its entries are used",
            Self::Renamed => "this file was renamed by hand; its entries are used",
            Self::Newer(format) => {
                return write!(
                    f,
                    "this file has format {format}, which is newer than this program reads, so none of it is shown and this \
                     patient is read-only here; update the program on this workstation"
                );
            }
            Self::TwoOfOneId(id) => {
                return write!(
                    f,
                    "another file holds a different entry with the id {id}; one of the two was changed; compare with the \
                     medication chart"
                );
            }
            Self::InTheFuture(at) => {
                return write!(
                    f,
                    "this entry says that it was recorded at {}, which is still to come; it is used; set the clock of its \
                     workstation, and compare the time given with the medication chart",
                    time::shown(*at)
                );
            }
            Self::OfTwoPatients(id, other) => {
                return write!(
                    f,
                    "the entry {id} stands in the files of {other} as well, so one of the two was copied by hand; it counts \
                     for both; compare with both medication charts, and strike out the wrong one"
                );
            }
            Self::SameMrn(other) => return same_mrn(f, other),
            Self::StoreFile(why) => {
                return write!(
                    f,
                    "{why}, so this folder cannot be opened any more; put it back with `corticurve restore` from a backup"
                );
            }
            Self::Loose(mode) => {
                return write!(
                    f,
                    "others on this computer may read or change this (mode {mode:03o}); take that away with `chmod go-rwx`"
                );
            }
            Self::Lacks(count) => return lacks(f, *count),
            Self::NotAdded(why) => return write!(f, "entries could not be added here: {why}"),
            Self::MoreLoose(count) => return more_loose(f, *count),
            Self::UnknownName => "this was not made by this program and is ignored",
            Self::MoreNames(count) => return write!(f, "{count} more names in this folder are ignored and not listed"),
            Self::WrongKind => "this is a link, a folder or a file where none belongs, and is ignored",
            Self::Settings(why) => return write!(f, "{why}; not in force until this is put right"),
            Self::DamagedSettings => DAMAGED_SETTINGS,
            Self::SettingsLeftover => SETTINGS_LEFTOVER,
            Self::OtherSettings => OTHER_SETTINGS,
            Self::CannotRead(why) => {
                return write!(
                    f,
                    "cannot be read ({why}); what was not read from it before is missing from what is shown; ask for the \
                     right to read it, or check that the disk or the share is well"
                );
            }
            Self::Lost(loss) => return write!(f, "{loss}"),
        })
    }
}

const DAMAGED_SETTINGS: &str = "this file of a change of the settings is damaged (the digits at its end are missing or do \
     not fit), so the change is not in force; move the file out of the data folder and make the change again; people write \
     unit.ron";
const SETTINGS_LEFTOVER: &str = "this file is empty or cut before its end: a change of the settings never finished here, or it \
     was cut since; no figure and no change is stopped by it; see with `corticurve settings` whether what you want is in \
     force, and make the change again if it is not; then the file may be moved out of the data folder";
const OTHER_SETTINGS: &str = "other settings of the unit are in force in the folder that was copied into, so a ward that is \
     restored from it would count under those: a change was taken out or edited here, or lost; instead of taking one out, \
     make another (a corrected table needs a new version) and copy again; what was lost comes back with `corticurve restore`";

fn not_looked_at(f: &mut fmt::Formatter<'_>, bytes: usize) -> fmt::Result {
    write!(
        f,
        "so many lines of this file are damaged that its last {bytes} bytes were not looked at; all good lines before them \
         are used; see whether `corticurve restore` brings back more from a backup, and compare with the medication chart"
    )
}

fn same_mrn(f: &mut fmt::Formatter<'_>, other: &PatientId) -> fmt::Result {
    write!(
        f,
        "this patient has the same MRN as {other}: two charts of one patient, as after a restore or two registrations, or a \
         wrong number; each shows a part of the doses; look at both by their ids: amend the number if it is wrong, and else record \
         the doses of the one in the other, and then strike them out where they were and amend the number there, in the \
         window, to one that nobody has (such as this one with DOUBLE behind it)"
    )
}

fn unvouched(f: &mut fmt::Formatter<'_>, count: usize) -> fmt::Result {
    let lines = if count == 1 { "1 line".to_owned() } else { format!("{count} lines") };
    write!(
        f,
        "{lines} behind this damaged one, in a file whose end is missing, may be another patient's and are not used; \
         compare the log with the medication chart, and see whether `corticurve restore` brings back more"
    )
}

fn lacks(f: &mut fmt::Formatter<'_>, count: usize) -> fmt::Result {
    write!(
        f,
        "the folder that is copied into holds entries of this patient that this one has not: {count}; they stay \
         there, and `corticurve restore` brings back what was lost"
    )
}

fn more_loose(f: &mut fmt::Formatter<'_>, count: usize) -> fmt::Result {
    write!(
        f,
        "{count} more files and folders may be read or changed by others; take that away from all with \
         `chmod -R go-rwx` and the data folder"
    )
}
