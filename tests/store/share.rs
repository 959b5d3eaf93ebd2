//! A network share that works, hangs, fills up, or is taken away, while programs use it.

use corticurve::store::{Item, OpenFile, OsStorage, Storage};
use std::io;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// What the share does with whoever uses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Well,
    /// Nothing returns until the mood changes.
    Hangs,
    /// Each operation takes its time.
    Slow,
    /// As after a cable was pulled: no path is there.
    Gone,
    /// Well until somebody reads the unit's settings, and gone from then on.
    GoneAtTheSettings,
    /// Reading works, and files can be made, but no byte finds room.
    Full,
    ReadOnly,
    /// Files can be written but never reach the disk.
    NeverSyncs,
}

/// Every clone is the same share.
#[derive(Clone)]
pub struct Share(Arc<(Mutex<Mood>, Condvar)>, Arc<Mutex<Option<String>>>);

impl Share {
    pub fn new() -> Self {
        Self(Arc::new((Mutex::new(Mood::Well), Condvar::new())), Arc::default())
    }

    /// From now on the file or folder of this name cannot be read, as after somebody else took the right to; `None`: all can.
    pub fn cannot_read(&self, name: Option<String>) {
        *self.1.lock().unwrap() = name;
    }

    pub fn becomes(&self, mood: Mood) {
        *self.0.0.lock().unwrap() = mood;
        self.0.1.notify_all();
    }

    /// The mood, once it is not to hang.
    fn mood(&self) -> io::Result<Mood> {
        let mood = *self.0.1.wait_while(self.0.0.lock().unwrap(), |mood| *mood == Mood::Hangs).unwrap();
        if mood == Mood::Slow {
            std::thread::sleep(Duration::from_millis(12));
        }
        if mood == Mood::Gone { Err(io::ErrorKind::NotFound.into()) } else { Ok(mood) }
    }

    fn may_read(&self, path: &Path) -> io::Result<()> {
        let denied = self.1.lock().unwrap().clone();
        let is_denied = denied.is_some() && path.file_name().and_then(|name| name.to_str()) == denied.as_deref();
        if is_denied { Err(io::ErrorKind::PermissionDenied.into()) } else { Ok(()) }
    }

    fn to_change_names(&self) -> io::Result<()> {
        if self.mood()? == Mood::ReadOnly { Err(io::ErrorKind::ReadOnlyFilesystem.into()) } else { Ok(()) }
    }
}

impl Storage for Share {
    fn list(&self, folder: &Path) -> io::Result<Vec<Item>> {
        self.mood()?;
        self.may_read(folder)?;
        OsStorage.list(folder)
    }

    fn read(&self, file: &Path, from: u64, most: usize) -> io::Result<Vec<u8>> {
        if self.mood()? == Mood::GoneAtTheSettings && file.ends_with("unit.ron") {
            self.becomes(Mood::Gone);
        }
        self.mood()?;
        self.may_read(file)?;
        OsStorage.read(file, from, most)
    }

    fn create_folder(&self, folder: &Path) -> io::Result<()> {
        self.to_change_names()?;
        OsStorage.create_folder(folder)
    }

    fn create_file(&self, file: &Path) -> io::Result<Box<dyn OpenFile>> {
        self.to_change_names()?;
        Ok(Box::new(OnShare { share: self.clone(), file: OsStorage.create_file(file)? }))
    }

    fn open_file(&self, file: &Path) -> io::Result<Box<dyn OpenFile>> {
        self.to_change_names()?;
        Ok(Box::new(OnShare { share: self.clone(), file: OsStorage.open_file(file)? }))
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.mood()?;
        OsStorage.sync_folder(folder)
    }
}

struct OnShare {
    share: Share,
    file: Box<dyn OpenFile>,
}

impl OpenFile for OnShare {
    fn read_at(&self, from: u64, most: usize) -> io::Result<Vec<u8>> {
        self.share.mood()?;
        self.file.read_at(from, most)
    }

    fn write_at(&self, at: u64, bytes: &[u8]) -> io::Result<()> {
        if self.share.mood()? == Mood::Full {
            Err(io::ErrorKind::StorageFull.into())
        } else {
            self.file.write_at(at, bytes)
        }
    }

    fn sync(&self) -> io::Result<()> {
        match self.share.mood()? {
            Mood::NeverSyncs => Err(io::Error::from_raw_os_error(5)),
            _ => self.file.sync(),
        }
    }
}
