//! Making a data folder, so that a power cut never leaves one that cannot be opened.

use super::format::{self, FORMAT, StoreFile, StoreId};
use super::{OpenFile, STORE_FILE, STORE_MOST, Storage, Store, StoreError};
use std::io;
use std::path::Path;

/// Makes an empty store; one that another program has just made is left as it is.
pub(super) fn create(storage: &dyn Storage, folder: &Path, unit: &str) -> Result<(), StoreError> {
    create_with(storage, folder, &text(StoreId::random()?, unit)?).map(|_| ())
}

/// Makes the folder and STORE.ron; false where there is one.
fn create_with(storage: &dyn Storage, folder: &Path, text: &str) -> Result<bool, StoreError> {
    storage.create_folders(folder).map_err(StoreError::io("make the folder", folder))?;
    // A folder that is there already may have been made a moment ago by a program that was killed then, so its name is
    // seen to in any case, before STORE.ron says that this is a store.
    for above in folder.ancestors().skip(1) {
        let above = if above.as_os_str().is_empty() { Path::new(".") } else { above };
        match storage.sync_folder(above) {
            // Whoever may not look into a folder did not make it.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
            other => other.map_err(StoreError::io("write to the disk", above))?,
        }
    }
    let file = folder.join(STORE_FILE);
    let open = match storage.create_file(&file) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
        other => other.map_err(StoreError::io("make", &file))?,
    };
    write(storage, folder, open.as_ref(), text)?;
    Ok(true)
}

/// Makes a store of an id that there is already, for a copy; writes over a STORE.ron that cannot be read.
pub(super) fn create_as(storage: &dyn Storage, folder: &Path, id: &StoreId, unit: &str) -> Result<(), StoreError> {
    let text = text(id.clone(), unit)?;
    if create_with(storage, folder, &text)? { Ok(()) } else { write_over(storage, folder, &text) }
}

/// Whether a program was stopped while it made the store: STORE.ron is all there is. Nothing else is ever made before
/// STORE.ron is whole on the disk.
pub(super) fn interrupted(storage: &dyn Storage, folder: &Path) -> bool {
    storage.list(folder).is_ok_and(|items| items.iter().all(|item| item.name == STORE_FILE))
}

/// Writes STORE.ron over what an interrupted program left of it.
pub(super) fn create_again(storage: &dyn Storage, folder: &Path, unit: &str) -> Result<(), StoreError> {
    write_over(storage, folder, &text(StoreId::random()?, unit)?)
}

fn write_over(storage: &dyn Storage, folder: &Path, text: &str) -> Result<(), StoreError> {
    let file = folder.join(STORE_FILE);
    let left = storage.read(&file, 0, STORE_MOST).map_err(StoreError::io("read", &file))?;
    // Nothing can be made shorter, and blanks at the end are nothing to a reader.
    let text = format!("{text:<0$}", left.len());
    let open = storage.open_file(&file).map_err(StoreError::io("open", &file))?;
    write(storage, folder, open.as_ref(), &text)
}

fn text(store: StoreId, unit: &str) -> Result<String, StoreError> {
    let app = env!("CARGO_PKG_VERSION").to_owned();
    let store = StoreFile { format: FORMAT, app, store, unit: unit.to_owned() };
    format::store_text(&store).map_err(|_| StoreError::Unfaithful)
}

fn write(storage: &dyn Storage, folder: &Path, open: &dyn OpenFile, text: &str) -> Result<(), StoreError> {
    let file = folder.join(STORE_FILE);
    open.write_at(0, text.as_bytes()).map_err(StoreError::io("write to", &file))?;
    if let Err(error) = open.sync() {
        // It would read well until the power goes, and a later sync could not be trusted. Blank, it is made again by the
        // next program; where this fails too, the disk is beyond what a program can mend.
        let _ = open.write_at(0, " ".repeat(text.len()).as_bytes());
        return Err(StoreError::io("write to the disk", &file)(error));
    }
    storage.sync_folder(folder).map_err(StoreError::io("write to the disk", folder))
}

impl Store {
    /// Returns once STORE.ron is on the disk: whoever made it may have been killed before that. Nothing is written into the
    /// folder before.
    pub(super) fn settle(&self) -> Result<(), StoreError> {
        let file = self.folder.join(STORE_FILE);
        match self.storage.open_file(&file) {
            Ok(open) => open.sync().map_err(StoreError::io("write to the disk", &file))?,
            // One that may not be written to was not made just now.
            Err(error)
                if matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem) => {}
            Err(error) => return Err(StoreError::io("open", file)(error)),
        }
        self.storage.sync_folder(&self.folder).map_err(StoreError::io("write to the disk", &self.folder))
    }
}
