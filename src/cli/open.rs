//! Opening the ward for a verb.

use super::{Failure, Setting, tell};
use crate::app::ward::{Ward, WardError};
use crate::store::{Author, StoreError};

impl Setting {
    /// The ward, for figures: without settings that can be used, there are none.
    pub(super) fn ward(&self) -> Result<Ward, Failure> {
        let ward = self.ward_as_it_is()?;
        self.unit()?;
        Ok(ward)
    }

    /// The ward, for reading.
    pub(super) fn ward_as_it_is(&self) -> Result<Ward, Failure> {
        if self.common.demo { Ok(Ward::demo(self.now())?) } else { Ok(Ward::open_at(&self.places)?) }
    }

    /// The ward, for writing, with who writes.
    pub(super) fn ward_to_write(&self) -> Result<(Ward, Author), Failure> {
        let author = self.author()?;
        Ok((Ward::open_to_write_at(&self.places).map_err(Failure::not_saved)?, author))
    }

    /// The ward that already exists, for writing, with who writes: nothing is created for a patient who is not there.
    pub(super) fn ward_for_patients(&self) -> Result<(Ward, Author), Failure> {
        self.author()?;
        Ward::check_at(&self.places).map_err(Failure::not_saved)?;
        self.ward_to_write()
    }

    /// Whether the settings are those of a ward, for a verb that needs no patient; without one, says that they are not. A
    /// folder that was named, or in which there was a ward, must hold it: its factors are not the shipped ones.
    pub(super) fn has_ward(&self) -> Result<bool, Failure> {
        if self.common.demo {
            return Ok(true);
        }
        match Ward::check_at(&self.places) {
            Ok(()) => Ok(true),
            Err(WardError::Store(StoreError::NoStore { folder })) if self.common.data.is_none() => {
                tell(format!("no ward is in {}; these are the settings as shipped", folder.display()));
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }
}
