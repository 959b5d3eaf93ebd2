//! Writing the page where nothing is yet.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// Writes a new file for its owner alone, to the disk. A file that is there stays as it is.
///
/// # Errors
/// [`io::Error`], of the kind `AlreadyExists` where the name is taken. What was begun is removed.
pub fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if written.is_err() {
        // Half a page says less than the message, which is about the write.
        let _ = fs::remove_file(path);
    }
    written
}
