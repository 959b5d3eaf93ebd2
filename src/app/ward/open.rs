//! Opening a ward.

use super::{Ward, WardError};
use crate::app::{Places, known};
use crate::store::{OsStorage, Outbox, Progress, Storage, Store, StoreError};
use std::path::Path;
use std::sync::Arc;

impl Ward {
    /// Opens a data folder for reading. Nothing is created.
    ///
    /// # Errors
    /// [`WardError::Store`].
    pub fn open(folder: &Path) -> Result<Self, WardError> {
        Self::of(Store::open(folder)?)
    }

    /// Opens a data folder for writing, and creates it if it is absent or empty. In a folder that is there, nothing is
    /// touched before the first entry is written: a refused dose leaves no trace.
    ///
    /// # Errors
    /// [`WardError::Store`].
    pub fn open_to_write(folder: &Path, config: &Path) -> Result<Self, WardError> {
        Self::open_to_write_at(&Places { data: folder.to_owned(), config: config.to_owned(), cache: None })
    }

    /// [`open`](Self::open) for the places of a user, with what is kept there to be quicker.
    /// A folder in which there was a ward, as of a share that is not connected, is no place for a new one.
    ///
    /// # Errors
    /// [`WardError::Store`] and [`WardError::WardGone`].
    pub fn open_at(places: &Places) -> Result<Self, WardError> {
        Self::of(Self::store_at(Arc::new(OsStorage), places)?.with_cache(places.cache.as_deref()))
    }

    /// The same with what waits on this workstation in the charts, so that it is seen what would be written twice.
    ///
    /// # Errors
    /// Those of [`open_at`](Self::open_at).
    pub fn open_with_waiting_at(places: &Places) -> Result<Self, WardError> {
        let mut ward = Self::open_at(places)?;
        ward.outbox = Some(Outbox::new(Arc::new(OsStorage), &places.config, ward.store.id()).of_folder(&places.data));
        ward.look_in_outbox();
        Ok(ward)
    }

    /// Whether a ward is there and can be opened; its records are not read.
    ///
    /// # Errors
    /// Those of [`open_at`](Self::open_at).
    pub fn check_at(places: &Places) -> Result<(), WardError> {
        Self::store_at(Arc::new(OsStorage), places).map(drop)
    }

    fn store_at(storage: Arc<dyn Storage>, places: &Places) -> Result<Store, WardError> {
        match Store::open_on(storage, &places.data) {
            Err(StoreError::NoStore { .. }) if known::ward_at(&places.config, &places.data).is_some() => {
                let (folder, file) = (places.data.clone(), known::file(&places.config));
                Err(WardError::WardGone { folder, file })
            }
            other => Ok(other?),
        }
    }

    /// [`open_to_write`](Self::open_to_write) for the places of a user. What the window has kept on this workstation is in the
    /// charts, so that a dose which waits is asked about; nothing is kept, and what waits is saved only with what is new for the
    /// same patient.
    pub fn open_to_write_at(places: &Places) -> Result<Self, WardError> {
        let (storage, here) = (Arc::new(OsStorage), Arc::new(OsStorage));
        Self::with_outbox(storage, here, places, &Progress::default(), false)
    }

    /// The same on any storage, with an outbox in the config folder for what the data folder does not take.
    ///
    /// # Errors
    /// [`WardError::Store`].
    pub fn open_with_outbox(
        storage: Arc<dyn Storage>,
        places: &Places,
        progress: &Progress,
    ) -> Result<Self, WardError> {
        Self::with_outbox(storage, Arc::new(OsStorage), places, progress, true)
    }

    /// The same with the outbox on any storage too, for the tests.
    #[doc(hidden)]
    pub fn open_with_outbox_on(
        storage: Arc<dyn Storage>,
        here: Arc<dyn Storage>,
        places: &Places,
    ) -> Result<Self, WardError> {
        Self::with_outbox(storage, here, places, &Progress::default(), true)
    }

    fn with_outbox(
        storage: Arc<dyn Storage>,
        here: Arc<dyn Storage>,
        places: &Places,
        progress: &Progress,
        keeps_here: bool,
    ) -> Result<Self, WardError> {
        let store = Self::open_or_begin(storage, places)?.reporting_to(progress);
        let mut ward = Self::of(store)?;
        ward.keeps_here = keeps_here;
        ward.outbox = Some(Outbox::new(here, &places.config, ward.store.id()).of_folder(&places.data));
        ward.config = Some(places.config.clone());
        ward.look_in_outbox();
        ward.look_at_backups();
        Ok(ward)
    }

    /// Opens the ward of a folder, or begins one in a folder in which this workstation has never seen another.
    fn open_or_begin(storage: Arc<dyn Storage>, places: &Places) -> Result<Store, WardError> {
        if let Err(gone @ WardError::WardGone { .. }) = Self::store_at(Arc::clone(&storage), places) {
            return Err(gone);
        }
        let store = Store::open_or_create_on(storage, &places.data, "ward")?;
        // Without it an empty folder is only taken for an empty folder.
        let _ = known::remember(&places.config, &places.data, store.id());
        Ok(store.with_cache(places.cache.as_deref()))
    }
}
