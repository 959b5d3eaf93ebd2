//! Watching: whether a record is still as it was read. Told by the bytes of its files and never by their time stamps, which
//! a share may give by another clock, round, or leave as they were.

use super::format::parse_store;
use super::storage::ItemKind;
use super::{SEGMENT_MOST, STORE_FILE, STORE_MOST, Store, StoreError};
use crate::record::PatientId;
use sha2::{Digest, Sha256};
use std::ffi::OsString;
use std::io;
use std::path::Path;

/// What a patient's files held at one look: equal to that of a later look exactly when nothing has changed since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glance(Vec<(OsString, ItemKind, [u8; 32])>);

impl Glance {
    /// Whether there are no files at all.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Store {
    /// Whether the folder can be reached and is still this store. A share that is gone often leaves an empty folder in its
    /// place, which must not be taken for a ward without patients.
    ///
    /// # Errors
    /// [`StoreError::Io`] where STORE.ron cannot be read; [`StoreError::OtherStore`] where it is another one.
    pub fn look(&self) -> Result<(), StoreError> {
        let file = self.folder.join(STORE_FILE);
        let bytes = self.storage.read(&file, 0, STORE_MOST).map_err(StoreError::io("read", &file))?;
        if bytes == self.stated {
            return Ok(());
        }
        match parse_store(&bytes) {
            Ok(found) if found.store == self.id => Ok(()),
            _ => Err(StoreError::OtherStore { file }),
        }
    }

    /// The same, before what was written to a new `file` is read back: a share that went away in the middle of a save leaves an
    /// empty folder, in which everything can be made and reads well. To a file that was there before, this cannot happen.
    ///
    /// # Errors
    /// Those of reading back: what was written may be in the folder all the same.
    pub(super) fn look_after_writing(&self, file: &Path) -> Result<(), StoreError> {
        self.look().map_err(|error| match error {
            StoreError::Io { path, source, .. } => StoreError::io("read back", path)(source),
            _ => StoreError::ReadBack { file: file.to_owned() },
        })
    }

    /// What a patient's files hold now.
    ///
    /// # Errors
    /// [`StoreError::Io`] where any of them cannot be read.
    pub fn glance(&self, patient: &PatientId) -> Result<Glance, StoreError> {
        let folder = self.patient_folder(patient);
        let items = match self.storage.list(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            other => other.map_err(StoreError::io("read", &folder))?,
        };
        let mut seen = Vec::with_capacity(items.len());
        for item in items {
            let bytes = match item.kind {
                ItemKind::File => {
                    let file = folder.join(&item.name);
                    self.storage.read(&file, 0, SEGMENT_MOST + 1).map_err(StoreError::io("read", &file))?
                }
                _ => Vec::new(),
            };
            seen.push((item.name, item.kind, Sha256::digest(&bytes).into()));
        }
        Ok(Glance(seen))
    }

    /// The patients that have a folder now, sorted.
    ///
    /// # Errors
    /// [`StoreError::Io`] where the list cannot be read.
    pub fn patient_ids(&self) -> Result<Vec<PatientId>, StoreError> {
        Ok(self.patients()?.0)
    }
}
