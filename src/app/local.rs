//! Small files of this workstation: settings, PINs, drafts, and which wards were opened here. Never a record.

use crate::store::{OsStorage, Storage};
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// The most of such a file that is ever read, in bytes.
const MOST: usize = 1024 * 1024;

/// What a file holds; nothing where there is none.
///
/// # Errors
/// [`io::Error`] when it is there and cannot be read, or is too large to be one of ours.
pub(super) fn read(file: &Path) -> io::Result<Vec<u8>> {
    match OsStorage.read(file, 0, MOST + 1) {
        Ok(bytes) if bytes.len() > MOST => Err(io::Error::new(io::ErrorKind::InvalidData, "it is larger than 1 MiB")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        other => other,
    }
}

/// Puts a text in the place of a file, whole or not at all: a crash leaves the old one. Only this user can read it.
///
/// # Errors
/// [`io::Error`] when the folder cannot be written.
pub(super) fn replace(file: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        OsStorage.create_folders(folder)?;
    }
    // Two windows of one user may write at the same time, each under a name of its own.
    let new = file.with_extension(format!("{}.new", std::process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut open = options.open(&new)?;
    open.write_all(text.as_bytes())?;
    open.sync_all()?;
    fs::rename(new, file)
}
