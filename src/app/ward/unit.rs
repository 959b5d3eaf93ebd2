//! The unit's settings of the open ward.

use super::{Ward, WardError};
use crate::exposure::UnitChange;
use crate::store::{StoreError, UnitRecord};

impl Ward {
    /// The settings as they were last read; the error where they cannot be used.
    ///
    /// # Errors
    /// [`StoreError`], with file and line for a fault in the file.
    pub fn unit(&self) -> Result<&UnitRecord, &StoreError> {
        self.unit.as_ref()
    }

    /// Reads the settings again.
    pub fn read_unit(&mut self) {
        let unit = self.store.unit_record();
        let same = match (&unit, &self.unit) {
            (Ok(new), Ok(old)) => new == old,
            (Err(new), Err(old)) => new.to_string() == old.to_string(),
            _ => false,
        };
        self.version += u64::from(!same);
        self.unit = unit;
    }

    /// Puts settings into force, over those that were `seen`.
    ///
    /// # Errors
    /// [`WardError::Store`]; what is on the disk then is read again.
    pub fn change_unit(&mut self, seen: &UnitRecord, change: &UnitChange) -> Result<(), WardError> {
        let changed = self.store.change_unit(seen, change);
        self.read_unit();
        changed?;
        Ok(())
    }
}
