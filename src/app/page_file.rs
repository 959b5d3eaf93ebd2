//! Printed pages as files: each in a folder of its own below the system's temporary folder, for as long as the window that made
//! it is open.
//!
//! A program that is killed cannot remove its pages, and they are about patients. So each folder also holds a file that its
//! program keeps locked: the system lets go of the lock whatever ends the program, and the next one that starts removes the
//! folders that nobody holds.

use crate::exchange::report::write_new;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What the name of each folder begins with.
const PREFIX: &str = "corticurve-page-";
/// The name says nothing of whose page it is.
const NAME: &str = "corticurve-page.pdf";
/// The file that is locked while the program of the page runs.
const HELD: &str = "held";

/// A page in a folder of its own, which goes with it.
pub(super) struct Page {
    /// Where the page is.
    pub file: PathBuf,
    /// Before the folder, because Windows removes no file that is open.
    _held: File,
    _folder: TempDir,
}

impl Page {
    /// Writes the page into a fresh folder that only this user can open.
    ///
    /// # Errors
    /// Where nothing can be written, in words.
    pub fn write(bytes: &[u8]) -> Result<Self, String> {
        let place = std::env::temp_dir();
        Self::write_in(&place, bytes)
            .map_err(|error| format!("nothing can be written to {}: {error}; free some space there", place.display()))
    }

    fn write_in(place: &Path, bytes: &[u8]) -> io::Result<Self> {
        let mut folder = tempfile::Builder::new();
        folder.prefix(PREFIX);
        #[cfg(unix)]
        folder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let folder = folder.tempdir_in(place)?;
        // Held before there is a page, so that one that is there and not held is left behind.
        let held = OpenOptions::new().write(true).create_new(true).open(folder.path().join(HELD))?;
        held.lock()?;
        let file = folder.path().join(NAME);
        write_new(&file, bytes)?;
        Ok(Self { file, _held: held, _folder: folder })
    }
}

/// Removes the pages below a folder whose program no longer runs. What cannot be looked at or removed, as the page of another
/// user, stays.
pub fn remove_left_behind(place: &Path) {
    for item in fs::read_dir(place).into_iter().flatten().flatten() {
        let is_ours = item.file_name().to_string_lossy().starts_with(PREFIX);
        // Nothing is followed to another place.
        if is_ours && item.file_type().is_ok_and(|kind| kind.is_dir()) && is_left_behind(&item.path()) {
            remove(&item.path());
        }
    }
}

fn is_left_behind(folder: &Path) -> bool {
    let is_file = |name| folder.join(name).symlink_metadata().is_ok_and(|known| known.is_file());
    if !is_file(NAME) {
        return false;
    }
    // Before there were locks, pages lay without one.
    !is_file(HELD) || OpenOptions::new().write(true).open(folder.join(HELD)).is_ok_and(|held| held.try_lock().is_ok())
}

/// Only what this program puts there is removed, and the folder where it is empty then. What fails is tried at the next start.
fn remove(folder: &Path) {
    for name in [NAME, HELD] {
        let _ = fs::remove_file(folder.join(name));
    }
    let _ = fs::remove_dir(folder);
}
