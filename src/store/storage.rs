//! The few operations on files that this room needs, so that tests can put a simulated disk in the place of the real one.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::path::Path;
use std::time::Duration;

/// A disk. There is deliberately no way to remove, shorten or rename anything.
pub trait Storage: Send + Sync {
    /// What a folder holds, sorted by name; links are not followed.
    fn list(&self, folder: &Path) -> io::Result<Vec<Item>>;
    /// At most `most` bytes of a file, starting `from` bytes after its beginning. Never waits for what is no file.
    fn read(&self, file: &Path, from: u64, most: usize) -> io::Result<Vec<u8>>;
    /// Makes a folder in one that is there; one that is there already is left as it is. Where the folder above it is missing,
    /// as with a share that is gone, it fails: nothing is ever made in the place of a data folder.
    fn create_folder(&self, folder: &Path) -> io::Result<()>;
    /// Makes a folder and those above it: where a user wants a new place, and on the workstation itself.
    fn create_folders(&self, folder: &Path) -> io::Result<()> {
        let made = self.create_folder(folder);
        let above = folder.parent().filter(|above| !above.as_os_str().is_empty());
        match (made, above) {
            (Err(error), Some(above)) if error.kind() == io::ErrorKind::NotFound => {
                self.create_folders(above)?;
                self.create_folder(folder)
            }
            (made, _) => made,
        }
    }
    /// Makes a new, empty file and opens it for writing; fails with `AlreadyExists` when anything has that name.
    fn create_file(&self, file: &Path) -> io::Result<Box<dyn OpenFile>>;
    /// Opens an existing file for writing, and for looking at what it holds before that.
    fn open_file(&self, file: &Path) -> io::Result<Box<dyn OpenFile>>;
    /// Returns once the names in a folder are on the disk.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;
    /// Who may do what with a file or folder, as the last nine bits of its mode; `None` where the system has no modes.
    fn mode(&self, _path: &Path) -> io::Result<Option<u32>> {
        Ok(None)
    }
    /// Waits for what another program may be doing to the disk; a simulated disk need not.
    fn pause(&self, time: Duration) {
        std::thread::sleep(time);
    }
}

/// A file open for writing. Writing and syncing share one handle, because some systems report a failed write only there.
pub trait OpenFile {
    /// At most `most` bytes, starting `from` bytes after its beginning.
    fn read_at(&self, from: u64, most: usize) -> io::Result<Vec<u8>>;
    /// Writes all bytes at a position, in one operation where the system takes them at once.
    fn write_at(&self, at: u64, bytes: &[u8]) -> io::Result<()>;
    /// Returns once everything written is on the disk.
    fn sync(&self) -> io::Result<()>;
}

/// One name in a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Item {
    /// The name, without the folder.
    pub name: OsString,
    /// What it names.
    pub kind: ItemKind,
}

/// What a name in a folder stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ItemKind {
    /// A plain file.
    File,
    /// A folder.
    Folder,
    /// A link to something else.
    Link,
    /// A pipe, a device or the like.
    Other,
}

/// The real disk. Files are made with mode 0600 and folders with 0700, where the system has modes.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsStorage;

impl Storage for OsStorage {
    fn list(&self, folder: &Path) -> io::Result<Vec<Item>> {
        let mut items = Vec::new();
        for item in fs::read_dir(folder)? {
            let item = item?;
            let found = item.file_type()?;
            let kind = if found.is_symlink() {
                ItemKind::Link
            } else if found.is_dir() {
                ItemKind::Folder
            } else if found.is_file() {
                ItemKind::File
            } else {
                ItemKind::Other
            };
            items.push(Item { name: item.file_name(), kind });
        }
        items.sort();
        Ok(items)
    }

    fn read(&self, file: &Path, from: u64, most: usize) -> io::Result<Vec<u8>> {
        use io::{Read, Seek, SeekFrom};
        // To open a pipe would wait for somebody to write into it, and a device may do anything.
        let found = fs::metadata(file)?;
        if !found.is_file() && !found.is_dir() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is a pipe or a device and not a file"));
        }
        let mut open = File::open(file)?;
        if from > 0 {
            open.seek(SeekFrom::Start(from))?;
        }
        // At once what seems to be there, and then what another program has added meanwhile.
        let length = found.len().saturating_sub(from);
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(usize::MAX).min(most)];
        let read = match open.read(&mut bytes) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => 0,
            other => other?,
        };
        bytes.truncate(read);
        open.take(u64::try_from(most - read).unwrap_or(u64::MAX)).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn create_folder(&self, folder: &Path) -> io::Result<()> {
        #[cfg(unix)]
        let builder = {
            let mut builder = DirBuilder::new();
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            builder
        };
        #[cfg(not(unix))]
        let builder = DirBuilder::new();
        match builder.create(folder) {
            // Systems give several errors for a folder that is there.
            Err(_) if folder.is_dir() => Ok(()),
            other => other,
        }
    }

    fn create_file(&self, file: &Path) -> io::Result<Box<dyn OpenFile>> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        Ok(Box::new(OsFile(options.open(file)?)))
    }

    fn open_file(&self, file: &Path) -> io::Result<Box<dyn OpenFile>> {
        Ok(Box::new(OsFile(OpenOptions::new().read(true).write(true).open(file)?)))
    }

    #[cfg(unix)]
    fn mode(&self, path: &Path) -> io::Result<Option<u32>> {
        Ok(Some(std::os::unix::fs::PermissionsExt::mode(&fs::symlink_metadata(path)?.permissions()) & 0o777))
    }

    #[cfg(unix)]
    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        match File::open(folder)?.sync_all() {
            // Some network shares have no such operation; they write names through by themselves.
            Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
            other => other,
        }
    }

    /// Windows keeps names in its journal and offers nothing to wait for.
    #[cfg(not(unix))]
    fn sync_folder(&self, _folder: &Path) -> io::Result<()> {
        Ok(())
    }
}

struct OsFile(File);

impl OpenFile for OsFile {
    fn read_at(&self, from: u64, most: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; most];
        let mut read = 0;
        while let Some(left) = bytes.get_mut(read..).filter(|left| !left.is_empty()) {
            let at = from.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
            #[cfg(unix)]
            let more = std::os::unix::fs::FileExt::read_at(&self.0, left, at);
            #[cfg(windows)]
            let more = std::os::windows::fs::FileExt::seek_read(&self.0, left, at);
            match more {
                Ok(0) => break,
                Ok(more) => read += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        bytes.truncate(read);
        Ok(bytes)
    }

    #[cfg(unix)]
    fn write_at(&self, at: u64, bytes: &[u8]) -> io::Result<()> {
        std::os::unix::fs::FileExt::write_all_at(&self.0, bytes, at)
    }

    #[cfg(windows)]
    fn write_at(&self, mut at: u64, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let written = std::os::windows::fs::FileExt::seek_write(&self.0, bytes, at)?;
            bytes = bytes.get(written..).filter(|_| written > 0).ok_or(io::ErrorKind::WriteZero)?;
            at += u64::try_from(written).unwrap_or(u64::MAX);
        }
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        self.0.sync_all()
    }
}
