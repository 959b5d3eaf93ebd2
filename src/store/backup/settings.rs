//! The unit's settings in a copy: their files as they are, and each change that the other folder still lacks.

use super::Copy;
use crate::store::StoreError;
use crate::store::finding::{Finding, FindingKind};
use crate::store::format::{Place, WriterId};
use crate::store::unit::{self, Kept, UNIT_FILE, UNIT_FOLDER, UnitRecord};
use std::path::Path;

impl Copy<'_> {
    pub(super) fn settings(&mut self) -> Result<(), StoreError> {
        // Reading waits for a change that is being saved.
        let from = UnitRecord::stable(self.from.storage.as_ref(), &self.from.folder);
        let mut there = unit::files(self.into.storage.as_ref(), &self.into.folder);
        let before = unit::spelled(&there);
        self.copied.findings.extend(from.findings.clone());
        for (name, bytes) in unit::files(self.from.storage.as_ref(), &self.from.folder) {
            // One that cannot be read is among the findings.
            let Ok(bytes) = bytes else { continue };
            // Where the name is taken, changes that only this one holds are added below, each as a file of its own.
            if there.iter().all(|(other, _)| *other != name) {
                self.copied.files += 1;
                self.copied.named.push(name.clone());
                self.put_settings(&mut there, name, bytes)?;
            }
        }
        // One that is spelled there and not used is not added once more at every copy.
        let new = || from.history.changes().iter().filter(|change| !before.contains(change));
        self.copied.settings = new().count();
        let made = unit::spelled(&there);
        for change in new().filter(|change| !made.contains(change)) {
            let name = format!("{UNIT_FOLDER}/{}", Place::file_name(&WriterId::random()?, 1));
            self.put_settings(&mut there, name, unit::change_file(change).into_bytes())?;
        }
        there.sort_by(|(a, _), (b, _)| (a != UNIT_FILE, a).cmp(&(b != UNIT_FILE, b)));
        // What cannot be read here says nothing of what should be in force.
        let is_known = from.history.last().is_some() || from.findings.is_empty();
        if is_known && UnitRecord::of(&there).history.in_force() != from.history.in_force() {
            self.copied.findings.push(Finding::new(Path::new(UNIT_FILE), None, FindingKind::OtherSettings));
        }
        Ok(())
    }

    /// Puts a file among those of the other folder, and makes it there.
    fn put_settings(&mut self, there: &mut Vec<Kept>, name: String, bytes: Vec<u8>) -> Result<(), StoreError> {
        if self.writes {
            self.make_settings(&name, &bytes)?;
        }
        there.push((name, Ok(bytes)));
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
