//! The unit's settings on the disk: the union of what people and programs wrote, and one new file for each change.

use super::finding::{Finding, FindingKind, not_too_many};
use super::format::{self, Place, WriterId};
use super::listing::stranger;
use super::storage::ItemKind;
use super::{OpenFile, Storage, Store, StoreError};
use crate::exposure::{UnitChange, UnitHistory};
use std::io;
use std::path::Path;
use std::time::Duration;

/// The file that people write, and no program.
pub(super) const UNIT_FILE: &str = "unit.ron";
/// The folder of the files that programs make, one for each change.
pub(super) const UNIT_FOLDER: &str = "unit";
/// The most of one file that is ever read, in bytes.
pub const UNIT_MOST: usize = 1024 * 1024;
/// How often files of which anything cannot be used are read, 5 ms apart, while they keep changing.
const READS_MOST: usize = 40;
/// How many reads alike are taken for the end of a save. A busy machine may stop for some time between making a file and
/// writing it.
const ALIKE: usize = 6;

const HEADER: &str = "\
// A change of the unit's settings, made by the program. Do not edit it: make another change, or write one into unit.ron.
";

/// Everything that is kept of the unit's settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnitRecord {
    /// The changes of all files.
    pub history: UnitHistory,
    /// What cannot be used, sorted. What the other files say stands.
    pub findings: Vec<Finding>,
    /// The files in which a change came to nothing, or that were cut later: nobody can tell. They are told of and stop nothing.
    pub leftovers: Vec<Finding>,
}

/// A file's name from the data folder, and its bytes or why there are none.
pub(super) type Kept = (String, Result<Vec<u8>, String>);

impl UnitRecord {
    /// Reads the settings in a data folder, which need not be one of records.
    ///
    /// # Errors
    /// [`StoreError::Unit`] where there are settings and nothing of them can be used.
    pub fn read(folder: &Path) -> Result<Self, StoreError> {
        Self::read_on(&super::OsStorage, folder)
    }

    fn read_on(storage: &dyn Storage, folder: &Path) -> Result<Self, StoreError> {
        let record = Self::stable(storage, folder);
        if record.history.last().is_none() && !record.findings.is_empty() {
            return Err(StoreError::Unit { folder: folder.to_owned(), findings: record.findings });
        }
        Ok(record)
    }

    /// Another program may be in the middle of a save. So files with any finding are read again until they stay the same.
    pub(super) fn stable(storage: &dyn Storage, folder: &Path) -> Self {
        let mut kept = files(storage, folder);
        let (mut record, mut alike) = (Self::of(&kept), 1);
        for _ in 1..READS_MOST {
            if (record.findings.is_empty() && record.leftovers.is_empty()) || alike == ALIKE {
                break;
            }
            storage.pause(Duration::from_millis(5));
            let again = files(storage, folder);
            if again == kept {
                alike += 1;
            } else {
                (record, alike, kept) = (Self::of(&again), 1, again);
            }
        }
        record
    }

    pub(super) fn of(files: &[Kept]) -> Self {
        let read = || files.iter().filter_map(|(name, bytes)| Some((name.as_str(), bytes.as_deref().ok()?)));
        let (history, unusable) = UnitHistory::of_files(read().filter(|(name, bytes)| is_whole(name, bytes)));
        let (left, damaged): (Vec<_>, Vec<_>) =
            read().filter(|(name, bytes)| !is_whole(name, bytes)).partition(|(_, bytes)| is_leftover(bytes));
        let found = |kind: FindingKind| move |(name, _)| Finding::new(Path::new(name), None, kind.clone());
        let damaged = damaged.into_iter().map(found(FindingKind::DamagedSettings));
        let unread = files.iter().filter_map(|(name, bytes)| {
            let why = bytes.as_ref().err()?.clone();
            Some(Finding::new(Path::new(name), None, FindingKind::Settings(why)))
        });
        let faulty = unusable.into_iter().map(|(name, error)| {
            let kind = FindingKind::Settings(format!("column {}: {}", error.place.column, error.fault));
            Finding::new(Path::new(name), Some(error.place.line), kind)
        });
        let mut findings: Vec<Finding> = unread.chain(faulty).chain(damaged).collect();
        findings.sort();
        Self { history, findings, leftovers: left.into_iter().map(found(FindingKind::SettingsLeftover)).collect() }
    }
}

/// The changes that any of the files spells, also those that are not used beside others.
pub(super) fn spelled(files: &[Kept]) -> Vec<UnitChange> {
    let read = files.iter().filter_map(|(name, bytes)| Some((name.as_str(), bytes.as_deref().ok()?)));
    let whole = read.filter(|(name, bytes)| is_whole(name, bytes));
    whole.flat_map(|file| UnitHistory::of_files([file]).0.changes().to_vec()).collect()
}

/// Whether a file is one that people write, or is as a program saved it.
fn is_whole(name: &str, bytes: &[u8]) -> bool {
    name == UNIT_FILE || is_sealed(bytes)
}

/// Whether a program's file holds no more than a beginning of its list, as a save leaves it that was interrupted or for which
/// the disk had no room.
fn is_leftover(bytes: &[u8]) -> bool {
    let begins = HEADER.as_bytes().starts_with(bytes) || bytes.starts_with(HEADER.as_bytes());
    // Of a list that is closed or sealed, something was taken away later; and zeros are no beginning.
    let holds = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
    begins && ![b"\n]".as_slice(), SEAL.as_bytes(), b"\0"].into_iter().any(holds)
}

/// The digits behind the list tell a file that was saved whole from one that a power cut left garbled and still readable.
const SEAL: &str = "//#";

/// A list of changes as a program keeps it: with the digits of its text in a last line.
#[doc(hidden)]
pub fn sealed(list: &str) -> String {
    format!("{list}{SEAL}{}\n", format::digest("", list.as_bytes()))
}

/// The whole file of one change.
pub(super) fn change_file(change: &UnitChange) -> String {
    sealed(&format!("{HEADER}[\n{},\n]\n", change.text()))
}

fn is_sealed(bytes: &[u8]) -> bool {
    let text = str::from_utf8(bytes).unwrap_or_default();
    text.rsplit_once(SEAL).is_some_and(|(list, _)| sealed(list) == text)
}

/// The file that people write, then those that programs made, by name.
pub(super) fn files(storage: &dyn Storage, folder: &Path) -> Vec<Kept> {
    let mut files: Vec<Kept> = kept(storage, folder, UNIT_FILE.to_owned()).into_iter().collect();
    match listed(storage, folder) {
        Ok((names, _)) => files.extend(names.into_iter().filter_map(|name| kept(storage, folder, name))),
        Err(error) => files.push((UNIT_FOLDER.to_owned(), Err(unread(&error)))),
    }
    files
}

/// One file; `None` where there is none.
fn kept(storage: &dyn Storage, folder: &Path, name: String) -> Option<Kept> {
    let bytes = match storage.read(&folder.join(&name), 0, UNIT_MOST + 1) {
        Err(error) if is_absent(&error) => return None,
        Err(error) => Err(unread(&error)),
        Ok(bytes) if bytes.len() > UNIT_MOST => {
            Err(format!("this file is larger than {UNIT_MOST} bytes; take out what is no change of settings"))
        }
        Ok(bytes) => Ok(bytes),
    };
    Some((name, bytes))
}

/// The files that programs made, and everything else in their folder.
fn listed(storage: &dyn Storage, folder: &Path) -> io::Result<(Vec<String>, Vec<Finding>)> {
    let items = match storage.list(&folder.join(UNIT_FOLDER)) {
        Err(error) if is_absent(&error) => Vec::new(),
        other => other?,
    };
    let (mut names, mut strangers) = (Vec::new(), Vec::new());
    for item in items {
        let name = item.name.to_str().filter(|name| Place::parse_file_name(name).is_some());
        match (name, item.kind) {
            (Some(name), ItemKind::File) => names.push(format!("{UNIT_FOLDER}/{name}")),
            (name, _) => strangers.push(stranger(Path::new(UNIT_FOLDER).join(&item.name), name.is_some())),
        }
    }
    Ok((names, not_too_many(strangers, Path::new(UNIT_FOLDER))))
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn unread(error: &io::Error) -> String {
    format!("cannot be read ({error})")
}

impl Store {
    /// Reads the unit's settings.
    ///
    /// # Errors
    /// As [`UnitRecord::read`].
    pub fn unit_record(&self) -> Result<UnitRecord, StoreError> {
        UnitRecord::read_on(self.storage.as_ref(), &self.folder)
    }

    /// Puts settings into force, over those that were `seen`; returns once they are on the disk and read back.
    ///
    /// The change is a new file that nobody else writes, so nothing that is there can be torn or lost, and two programs
    /// that change the settings at the same moment are both saved.
    ///
    /// # Errors
    /// [`StoreError::UnitChanged`] when other settings than those seen are in force by now, [`StoreError::UnitRefused`] for
    /// a change that contradicts the history. Nothing was saved then, as after every other error but
    /// [`StoreError::UnitNotSaved`].
    pub fn change_unit(&self, seen: &UnitRecord, change: &UnitChange) -> Result<(), StoreError> {
        // A folder that is gone would look like one without settings.
        self.look()?;
        let now = self.unit_record()?.history;
        if now.last() != seen.history.last() {
            let by = now.last().map_or_else(String::new, |last| format!(" by {}", last.by));
            return Err(StoreError::UnitChanged { by });
        }
        now.check(&change.settings, change.at).map_err(|fault| StoreError::UnitRefused(Box::new(fault)))?;
        let text = change_file(change);
        if text.len() > UNIT_MOST {
            return Err(StoreError::TooLong { bytes: text.len(), most: UNIT_MOST });
        }
        if !UnitHistory::parse(&text).is_ok_and(|read| read.changes() == std::slice::from_ref(change)) {
            return Err(StoreError::Unfaithful);
        }
        let folder = self.folder.join(UNIT_FOLDER);
        self.storage.create_folder(&folder).map_err(StoreError::io("make the folder", &folder))?;
        // A random name rather than this program's own: it is taken once, and needs no writer to be held.
        let file = folder.join(Place::file_name(&WriterId::random()?, 1));
        let open = self.storage.create_file(&file).map_err(StoreError::io("make", &file))?;
        self.fill(open.as_ref(), &file, text.as_bytes())
            .map_err(|cause| StoreError::UnitNotSaved { file, cause: Box::new(cause) })
    }

    /// Writes the whole of a new file of settings and makes sure of it and its name.
    fn fill(&self, open: &dyn OpenFile, file: &Path, bytes: &[u8]) -> Result<(), StoreError> {
        open.write_at(0, bytes).map_err(StoreError::io("write to", file))?;
        open.sync().map_err(StoreError::io("write to the disk", file))?;
        // The folder may be as new as the file.
        for folder in [&self.folder.join(UNIT_FOLDER), &self.folder] {
            self.storage.sync_folder(folder).map_err(StoreError::io("write to the disk", folder))?;
        }
        self.look_after_writing(file)?;
        let found = self.storage.read(file, 0, bytes.len() + 1).map_err(StoreError::io("read back", file))?;
        if found == bytes { Ok(()) } else { Err(StoreError::ReadBack { file: file.to_owned() }) }
    }

    /// What is wrong with the unit's settings, and what else lies among their files.
    pub(super) fn unit_findings(&self) -> Vec<Finding> {
        let UnitRecord { mut findings, leftovers, .. } = UnitRecord::stable(self.storage.as_ref(), &self.folder);
        findings.extend(leftovers);
        findings.extend(
            listed(self.storage.as_ref(), &self.folder).map_or_else(|_| Vec::new(), |(_, strangers)| strangers),
        );
        findings
    }
}
