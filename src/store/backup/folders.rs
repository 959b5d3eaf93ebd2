//! Which folder may be copied into, and making it a store with the same id.

use super::Copy;
use crate::store::format::{self, HEADER_MOST, Line};
use crate::store::spelling::resolved;
use crate::store::unit::{UNIT_FILE, UNIT_FOLDER};
use crate::store::writer::WRITERS;
use crate::store::{PATIENTS, Protocol, STORE_FILE, Store, StoreError, StoreId, create};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

impl Store {
    /// The folder to be copied into, and whether it has yet to be made a store.
    pub(super) fn other_folder(&self, folder: &Path) -> Result<(Store, bool), StoreError> {
        let (own, other) = (resolved(&self.folder), resolved(folder));
        if own.starts_with(&other) || other.starts_with(&own) {
            return Err(StoreError::Inside { folder: folder.to_owned(), data: self.folder.clone() });
        }
        match Self::open_on(Arc::clone(&self.storage), folder) {
            Ok(other) if other.id == self.id => Ok((other, false)),
            Ok(other) => Err(StoreError::AnotherStore { folder: folder.to_owned(), found: other.id.to_string() }),
            Err(StoreError::NoStore { .. }) => Ok((self.to_be_made(folder), true)),
            // A folder that lost its STORE.ron is what restoring is for.
            Err(error @ (StoreError::NotAStore { .. } | StoreError::DamagedStoreFile { .. })) => {
                let other = self.to_be_made(folder);
                if other.is_remains_of_itself()? { Ok((other, true)) } else { Err(error) }
            }
            Err(error) => Err(error),
        }
    }

    /// A folder as if it were this store's; it may hold some of it, without a STORE.ron.
    fn to_be_made(&self, folder: &Path) -> Store {
        Store {
            progress: crate::store::Progress::default(),
            storage: Arc::clone(&self.storage),
            folder: folder.to_owned(),
            id: self.id.clone(),
            unit: self.unit.clone(),
            stated: self.stated.clone(),
            writer: None,
            protocol: Protocol::default(),
            names: None,
            seen_patients: AtomicBool::new(false),
            cache: None,
        }
    }

    /// Whether a folder without a STORE.ron holds nothing but what belongs to a store, and no file of another store.
    fn is_remains_of_itself(&self) -> Result<bool, StoreError> {
        let items = self.storage.list(&self.folder).map_err(StoreError::io("read", &self.folder))?;
        let known = [STORE_FILE, UNIT_FILE, UNIT_FOLDER, PATIENTS, WRITERS];
        if !items.iter().all(|item| known.iter().any(|name| item.name == *name)) {
            return Ok(false);
        }
        let (patients, strangers) = match self.patients() {
            // They may be what is to be restored.
            Err(StoreError::NoPatients { .. }) => Default::default(),
            other => other?,
        };
        let mut places = Vec::new();
        for patient in &patients {
            let folder = self.patient_folder(patient);
            places.extend(self.list_patient(patient).map_err(StoreError::io("read", folder))?.segments);
        }
        let other = |file: PathBuf| self.store_in_header(&self.folder.join(file)).is_some_and(|id| id != self.id);
        Ok(strangers.is_empty() && !places.iter().any(|place| other(place.file())))
    }

    /// The store that a segment's header names, as far as it can be read.
    fn store_in_header(&self, file: &Path) -> Option<StoreId> {
        let bytes = self.storage.read(file, 0, HEADER_MOST).ok()?;
        let (text, _) = format::split_sealed(bytes.split(|byte| *byte == b'\n').nth(1)?)?;
        match format::parse(text)? {
            Line::Segment { store, .. } => Some(store),
            Line::Entry { .. } => None,
        }
    }
}

impl Copy<'_> {
    /// Makes the other folder a store with the same id. STORE.ron is whole on the disk before anything else is made.
    pub(super) fn make_store(&mut self) -> Result<(), StoreError> {
        let (storage, folder) = (Arc::clone(&self.into.storage), self.into.folder.clone());
        // Another program may have made it a moment ago.
        if Store::open_on(Arc::clone(&storage), &folder).is_err() {
            create::create_as(storage.as_ref(), &folder, &self.from.id, &self.from.unit)?;
        }
        self.into = Store::open_on(storage, &folder)?;
        if self.into.id == self.from.id {
            return Ok(());
        }
        Err(StoreError::AnotherStore { folder, found: self.into.id.to_string() })
    }
}
