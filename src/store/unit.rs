//! The unit's settings on the disk: reading `unit.ron`, and adding a change to it.

use super::finding::{Finding, FindingKind};
use super::{OpenFile, Storage, Store, StoreError};
use crate::exposure::{UnitChange, UnitError, UnitHistory};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The file's name.
const UNIT_FILE: &str = "unit.ron";
/// The most of it that is ever read, in bytes.
pub const UNIT_MOST: usize = 1024 * 1024;
/// How often a file that cannot be read is looked at again, 5 ms apart, while it keeps changing.
const READS_MOST: usize = 60;
/// How often it must be found unchanged before it is taken for damaged: a save waits for the disk in the middle.
const SAME_READS: usize = 10;
/// How long after a save the file is looked at once more.
const SECOND_LOOK: Duration = Duration::from_millis(50);
/// How many closing brackets from the end are tried as the one that closes the list; the others stand in comments.
const BRACKETS_TRIED: usize = 50;

const HEADER: &str = "\
// The unit's own settings. The last block is in force, and the file is the history: add a block, do not edit one.
";

/// `unit.ron` as it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnitFile {
    /// Its text; `None` where there is no such file.
    text: Option<String>,
    /// What it says.
    pub history: UnitHistory,
}

impl UnitFile {
    /// Reads the settings in a data folder, which need not be one of records.
    ///
    /// # Errors
    /// [`StoreError::Unit`] with the place, for a file of which anything cannot be used.
    pub fn read(folder: &Path) -> Result<Self, StoreError> {
        Self::read_on(&super::OsStorage, folder)
    }

    fn read_on(storage: &dyn Storage, folder: &Path) -> Result<Self, StoreError> {
        let file = folder.join(UNIT_FILE);
        let (mut before, mut same): (Option<Vec<u8>>, usize) = (None, 0);
        for _ in 0..READS_MOST {
            let Some(bytes) = bytes(storage, &file)? else { return Ok(Self::default()) };
            let error = match UnitHistory::of_file(&bytes) {
                Ok((text, history)) => return Ok(Self { text: Some(text), history }),
                Err(error) => error,
            };
            // Another program may be in the middle of a save; a file that stays as it is is not.
            same = if before.as_ref() == Some(&bytes) { same + 1 } else { 0 };
            if same == SAME_READS {
                return Err(StoreError::Unit { file, error: Box::new(error) });
            }
            before = Some(bytes);
            storage.pause(Duration::from_millis(5));
        }
        Err(StoreError::UnitKeepsChanging { file })
    }
}

/// The file's bytes; `None` where there is no file.
fn bytes(storage: &dyn Storage, file: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    match storage.read(file, 0, UNIT_MOST + 1) {
        Ok(bytes) if bytes.len() > UNIT_MOST => {
            Err(StoreError::UnitTooLarge { file: file.to_owned(), most: UNIT_MOST })
        }
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(StoreError::io("read", file)(error)),
    }
}

impl Store {
    /// Reads the unit's settings.
    ///
    /// # Errors
    /// As [`UnitFile::read`].
    pub fn unit_file(&self) -> Result<UnitFile, StoreError> {
        UnitFile::read_on(self.storage.as_ref(), &self.folder)
    }

    /// Adds a change to the settings that were `seen`, and returns the settings once they are on the disk and read back.
    ///
    /// Everything that stands in the file stays, comments too. The new block is written behind the bracket that closes the
    /// list, together with a bracket and what followed the old one; when that is on the disk, the old one is written over.
    ///
    /// # Errors
    /// [`StoreError::UnitChanged`] when the file is not as it was seen any more; nothing was written then, as after every
    /// other error but [`StoreError::UnitNotSaved`].
    pub fn change_unit(&self, seen: &UnitFile, change: &UnitChange) -> Result<UnitFile, StoreError> {
        let file = self.folder.join(UNIT_FILE);
        let now = self.unit_file()?;
        if now.text != seen.text {
            return Err(changed(file, &now));
        }
        let wanted = seen.history.and(change.clone());
        let (at, added) = match &seen.text {
            Some(text) => addition(text, change, &wanted).ok_or_else(|| StoreError::UnitForm { file: file.clone() })?,
            None => (0, format!("{HEADER}[\n{},\n]\n", change.text())),
        };
        let text = seen.text.as_deref().unwrap_or_default().get(..at).unwrap_or_default().to_owned() + &added;
        if UnitHistory::parse(&text).as_ref() != Ok(&wanted) {
            return Err(StoreError::UnitForm { file });
        }
        if text.len() > UNIT_MOST {
            return Err(StoreError::UnitTooLarge { file, most: UNIT_MOST });
        }
        let not_saved = |cause| StoreError::UnitNotSaved { file: file.clone(), cause: Box::new(cause) };
        self.settle().map_err(not_saved)?;
        let open = match seen.text {
            Some(_) => self.storage.open_file(&file).map_err(StoreError::io("open", &file))?,
            None => match self.storage.create_file(&file) {
                // Somebody made it a moment ago.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    return Err(changed(file, &UnitFile::default()));
                }
                other => other.map_err(StoreError::io("make", &file))?,
            },
        };
        self.write_unit(&file, open.as_ref(), at, &added, seen, &text).map_err(not_saved)?;
        Ok(UnitFile { text: Some(text), history: wanted })
    }

    /// Writes `added` from `at` on, so that the file is `text`.
    ///
    /// There are no digits to tell a block that a power cut garbled, so the byte at `at`, the bracket that closes the old
    /// list, is left for last: until it goes, whatever stands behind it is no part of the settings.
    fn write_unit(
        &self,
        file: &Path,
        open: &dyn OpenFile,
        at: usize,
        added: &str,
        seen: &UnitFile,
        text: &str,
    ) -> Result<(), StoreError> {
        let write = |at: usize, bytes: &[u8]| {
            let from = u64::try_from(at).unwrap_or(u64::MAX);
            open.write_at(from, bytes).map_err(StoreError::io("write to", file))?;
            open.sync().map_err(StoreError::io("write to the disk", file))
        };
        let is = |wanted: &[u8]| match bytes(self.storage.as_ref(), file)? {
            Some(found) if found == wanted => Ok(()),
            _ => Err(StoreError::ReadBack { file: file.to_owned() }),
        };
        let (first, behind) = added.as_bytes().split_at_checked(1).unwrap_or_default();
        // Where the file is new, there is nothing at that place yet.
        let old = seen.text.as_deref().and_then(|text| text.as_bytes().get(at)).copied().unwrap_or_default();
        let waiting: Vec<u8> = text.bytes().take(at).chain([old]).chain(behind.iter().copied()).collect();
        write(at + 1, behind)?;
        self.storage.sync_folder(&self.folder).map_err(StoreError::io("write to the disk", &self.folder))?;
        is(&waiting)?;
        write(at, first)?;
        // Two programs that compare at the same moment both write, and the later one is seen here by the earlier.
        for wait in [Duration::ZERO, SECOND_LOOK] {
            self.storage.pause(wait);
            is(text.as_bytes())?;
        }
        Ok(())
    }

    /// What is wrong with the unit's settings, as a finding.
    pub(super) fn unit_finding(&self) -> Option<Finding> {
        let file = Path::new(UNIT_FILE);
        match self.unit_file().err()? {
            StoreError::Unit { error, .. } => {
                let UnitError { place, fault } = *error;
                let kind = FindingKind::Settings(format!("column {}: {fault}", place.column));
                Some(Finding::new(file, Some(place.line), kind))
            }
            other => Some(Finding::new(file, None, FindingKind::Settings(other.to_string()))),
        }
    }
}

fn changed(file: PathBuf, now: &UnitFile) -> StoreError {
    let by = now.history.last().map_or_else(String::new, |last| format!(" by {}", last.by));
    StoreError::UnitChanged { file, by }
}

/// Where the file is written from and what: the new block, then what stands there now from the bracket that closes the
/// list.
///
/// Which bracket that is, and whether a comma is needed before the block, is found by trying: a place is right when the
/// whole file is then read as the history with the change.
fn addition(text: &str, change: &UnitChange, wanted: &UnitHistory) -> Option<(usize, String)> {
    for (at, _) in text.rmatch_indices(']').take(BRACKETS_TRIED) {
        let (before, rest) = text.split_at_checked(at)?;
        for comma in ["", ","] {
            let line = if before.ends_with('\n') { "" } else { "\n" };
            let added = format!("{comma}{line}{},\n{rest}", change.text());
            if UnitHistory::parse(&format!("{before}{added}")).as_ref() == Ok(wanted) {
                return Some((at, added));
            }
        }
    }
    None
}
