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
    ///
    /// # Errors
    /// [`StoreError`] where the folder cannot be reached; what was read before then stays. A folder that is away holds no
    /// settings, and looks like one whose unit never changed any.
    pub fn read_unit(&mut self) -> Result<(), StoreError> {
        self.store.look()?;
        let unit = self.store.unit_record();
        // It may have gone away in between.
        self.store.look()?;
        let same = match (&unit, &self.unit) {
            (Ok(new), Ok(old)) => new == old,
            (Err(new), Err(old)) => new.to_string() == old.to_string(),
            _ => false,
        };
        self.version += u64::from(!same);
        self.unit = unit;
        Ok(())
    }

    /// Puts settings into force, over those that were `seen`.
    ///
    /// # Errors
    /// [`WardError::Store`]; what is on the disk then is read again, where it can be.
    pub fn change_unit(&mut self, seen: &UnitRecord, change: &UnitChange) -> Result<(), WardError> {
        let changed = self.store.change_unit(seen, change);
        // A change that is saved stays so where the folder goes away just then; the next look reads it.
        let _ = self.read_unit();
        changed?;
        Ok(())
    }
}
