//! The unit's settings in a copy: their files as they are, and each change that the other folder still lacks.

use super::Copy;
use crate::store::StoreError;
use crate::store::format::{Place, WriterId};
use crate::store::unit::{self, UNIT_FOLDER, UnitRecord};
use std::path::Path;

impl Copy<'_> {
    pub(super) fn settings(&mut self) -> Result<(), StoreError> {
        // Reading waits for a change that is being saved.
        let from = UnitRecord::stable(self.from.storage.as_ref(), &self.from.folder);
        let before = UnitRecord::stable(self.into.storage.as_ref(), &self.into.folder).history;
        self.copied.findings.extend(from.findings);
        let there = unit::files(self.into.storage.as_ref(), &self.into.folder);
        for (name, bytes) in unit::files(self.from.storage.as_ref(), &self.from.folder) {
            // One that cannot be read is among the findings.
            let Ok(bytes) = bytes else { continue };
            // Where the name is taken, changes that only this one holds are added below, each as a file of its own.
            if there.iter().all(|(other, _)| *other != name) {
                self.copied.files += 1;
                self.copied.named.push(name.clone());
                if self.writes {
                    self.make_settings(&name, &bytes)?;
                }
            }
        }
        let new = from.history.changes().iter().filter(|change| !before.changes().contains(change));
        self.copied.settings = new.clone().count();
        if !self.writes {
            return Ok(());
        }
        let there = UnitRecord::stable(self.into.storage.as_ref(), &self.into.folder).history;
        for change in new.filter(|change| !there.changes().contains(change)) {
            let name = format!("{UNIT_FOLDER}/{}", Place::file_name(&WriterId::random()?, 1));
            self.make_settings(&name, unit::change_file(change).as_bytes())?;
        }
        Ok(())
    }

    fn make_settings(&self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        let mut folders = vec![self.into.folder.clone()];
        if name.starts_with(UNIT_FOLDER) && name.contains('/') {
            let folder = self.into.folder.join(UNIT_FOLDER);
            self.into.storage.create_folder(&folder).map_err(StoreError::io("make the folder", &folder))?;
            folders.insert(0, folder);
        }
        self.make(Path::new(name), bytes)?;
        self.sync(&folders.iter().collect::<Vec<_>>())
    }
}
