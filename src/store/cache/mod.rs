//! The cache: what was read of a patient, kept on this workstation so that the next opening is quicker.
//!
//! So that a large ward opens at once, a program may keep what it has read of each patient in the user's own cache folder on
//! the workstation, `<cache folder>/<store id>/<patient id>`. **It is no record, and deleting it changes nothing.** It is
//! used when all patients are read, and by nothing that saves or verifies.
//!
//! * First all segments of the patient are read from the disk, whole, whatever the cache holds; no time stamp is asked. A
//!   key is made of them: SHA-256 over the version of the program and of its rules of reading, the store, the patient, and
//!   the names, lengths and bytes of all segments.
//! * What is kept is sealed with that key (ChaCha20-Poly1305, RFC 8439), and the key is kept nowhere. So it opens exactly
//!   when it was made by this version from these bytes, in this order. What is stale, cut, damaged or of another store does
//!   not open; then the segments are read as if there were no cache, and it is made anew.
//! * It holds the entries that the reader took from those bytes, in a form that is quicker to read than RON. Before they
//!   are kept, they are read back in memory and compared. Figures are worked out from them each time.
//! * A patient whose record has any finding, or is read-only, or had to be read again, is not kept.
//! * It is written beside and put in place, without a sync. What cannot be written is left out, in silence. What is no
//!   longer in the store is removed. Of all this the record knows nothing: its storage still has no operation that removes
//!   or renames.
//!
//! Beside it, in `<cache folder>/<store id>-<digest of the folder's path without links>.names`, stand the names of all segments that this
//! workstation has read in a data folder, one `<patient id>/<segment> <length> <last digits> <last entry>` on a line. No figure comes from
//! them: they are there so that a file, or a patient's whole folder, that is gone when a program is started is missed by it,
//! and a file that was put back to an older state of itself is noticed, unless its last entry stands in a file of another
//! writer and `writers` says that its own was copied, as after restoring a backup. Whoever has moved or restored files on purpose says
//! that it is known, in the window or with `corticurve verify --known`: the file is forgotten, which is a line as well,
//! `known <count> <patient id>/<segment> <initials> <time>`. The count is how often the file was forgotten and read again, and is
//! odd while it is forgotten, so that a program that remembers it still does not bring it back. In the place of a segment stands
//! `.` where it is known why the folder holds no entry at all. Programs keep the names one after the other; whose turn it is
//! holds the empty file `….lock` beside them.
//!
//! A copy of patients' data on the local disk is a thing to be weighed where the data folder is on a share. Because the key
//! is made of the record itself, **only somebody who can read the record can open what is kept of it**: a stolen
//! workstation without the share holds random ids and lengths. Files are 0600, folders 0700. The demo ward keeps nothing.
//!
//! Somebody who can read the record and write in the user's own folders could seal something false; they could as well
//! replace the program.
//!
//! It does not go through the record's [`Storage`](super::Storage), which has no such operation. Everything that fails here
//! fails in silence: the record is then read as if there were no cache.

mod names;
mod words;

pub(super) use names::{Ends, SeenNames};
pub use words::{cached_bytes, from_cached_bytes};

use super::format::{Place, StoreId};
use super::read::Found;
use super::storage::{OsStorage, Storage};
use crate::record::{Entry, PatientId};
use chacha20poly1305::aead::{Aead, AeadInOut};
use chacha20poly1305::{ChaCha20Poly1305, Key, KeyInit, Nonce};
use sha2::{Digest, Sha256};
use std::fs::{self, DirBuilder};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Raised whenever [`words`] or the rules of [`segment`](super::segment) change, so that nothing is used that was read under
/// other rules.
const RULES: u32 = 2;
/// What the seal of a message takes.
const SEAL: usize = 16;

/// The cache of one store.
pub(super) struct Cache<'a> {
    folder: PathBuf,
    store: &'a StoreId,
    version: &'static str,
}

impl<'a> Cache<'a> {
    pub fn new((folder, version): &(PathBuf, &'static str), store: &'a StoreId) -> Self {
        Self { folder: folder.join(store.as_str()), store, version }
    }

    /// The place of a patient whose segments have these bytes; `None` where one of them could not be read.
    pub fn slot(&self, patient: &PatientId, segments: &[Found<'_>]) -> Option<Slot<'_>> {
        let mut sha = Sha256::new();
        let mut add = |part: &[u8]| {
            // With its length, so that no two lists of parts are the same bytes.
            sha.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
            sha.update(part);
        };
        let rules = RULES.to_string();
        for part in ["corticurve cache", &rules, self.version, words::SHAPE, self.store.as_str(), patient.as_str()] {
            add(part.as_bytes());
        }
        let mut most = SEAL;
        for (place, bytes) in segments {
            let bytes = bytes.as_ref()?;
            add(Place::file_name(&place.writer, place.segment).as_bytes());
            add(bytes);
            // An entry is shorter here than as a line of its segment.
            most = most.saturating_add(bytes.len());
        }
        let file = self.folder.join(patient.as_str());
        Some(Slot { folder: &self.folder, file, key: sha.finalize().into(), most })
    }

    /// Removes what is kept of patients that the store no longer has, and what killed programs left.
    pub fn forget_others(&self, patients: &[PatientId]) {
        let Ok(items) = fs::read_dir(&self.folder) else { return };
        for item in items.flatten() {
            let name = item.file_name();
            let id = name.to_str().and_then(|name| name.parse::<PatientId>().ok());
            if id.is_none_or(|id| patients.binary_search(&id).is_err()) {
                // Where this fails, it stays sealed.
                let _ = fs::remove_file(item.path());
            }
        }
    }
}

/// Where one patient's entries are kept, and the key to them.
pub(super) struct Slot<'a> {
    folder: &'a Path,
    file: PathBuf,
    /// Made of everything that the entries follow from. It is nowhere but in the record's own bytes, so what is sealed with
    /// it opens exactly when it is of these bytes, and only to somebody who can read the record anyway.
    key: [u8; 32],
    most: usize,
}

impl Slot<'_> {
    /// The entries as they were kept; `None` where nothing is kept, or something else than is asked for.
    pub fn entries(&self) -> Option<Vec<Entry>> {
        let mut bytes = OsStorage.read(&self.file, 0, self.most + 1).ok().filter(|bytes| bytes.len() <= self.most)?;
        self.cipher().decrypt_in_place(&Nonce::default(), &[], &mut bytes).ok()?;
        from_cached_bytes(&bytes)
    }

    /// Keeps entries, in the place of what was kept before.
    pub fn keep(&self, entries: &[Entry]) {
        let _ = self.try_keep(entries);
    }

    fn try_keep(&self, entries: &[Entry]) -> io::Result<()> {
        let plain = cached_bytes(entries);
        // What would not come back as it is, is not kept.
        if plain.len() > self.most - SEAL || from_cached_bytes(&plain).as_deref() != Some(entries) {
            return Ok(());
        }
        let sealed = self.cipher().encrypt(&Nonce::default(), plain.as_slice()).map_err(io::Error::other)?;
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(self.folder)?;
        // Beside it and then in its place, so that another program reads the one or the other. There is no sync: what a power
        // cut tears does not open.
        let mut file = tempfile::NamedTempFile::new_in(self.folder)?;
        file.write_all(&sealed)?;
        file.persist(&self.file)?;
        Ok(())
    }

    /// Each key is for one message only, which follows from the same bytes as the key, so the nonce need not differ.
    fn cipher(&self) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new(&Key::from(self.key))
    }
}
