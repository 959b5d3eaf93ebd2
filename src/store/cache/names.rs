//! The names of the files that this workstation has read, and how each ended: so that one that is gone, or is an older state of
//! itself, is noticed also by a program that was started since. No figure comes from here, and nothing of a patient is in it but random ids.

use crate::record::PatientId;
use crate::store::format::{self, Place, StoreId};
use crate::store::segment::End;
use crate::store::storage::{OsStorage, Storage};
use std::collections::BTreeMap;
use std::fs::DirBuilder;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// Some 200,000 names.
const NAMES_MOST: usize = 16 * 1024 * 1024;

/// Files with the longest end that was read of each, where it was ever spotless.
pub(in crate::store) type Ends = BTreeMap<String, Option<End>>;
type Names = BTreeMap<PatientId, Ends>;

/// The names of one data folder, at one place: a copy of it elsewhere holds what it holds.
pub(in crate::store) struct SeenNames {
    file: PathBuf,
    names: Mutex<Names>,
    /// Whether any was added since they were kept.
    has_more: AtomicBool,
}

impl SeenNames {
    /// What is remembered of a data folder.
    pub fn of(cache: &Path, store: &StoreId, data: &Path) -> Self {
        let data = std::path::absolute(data).unwrap_or_else(|_| data.to_owned());
        let place = format::digest("", data.as_os_str().as_encoded_bytes());
        let file = cache.join(format!("{store}-{place}.names"));
        let names = Mutex::new(read(&file));
        Self { file, names, has_more: AtomicBool::new(false) }
    }

    /// The patients of whom any file was read.
    pub fn patients(&self) -> Vec<PatientId> {
        self.names.lock().map(|names| names.keys().cloned().collect()).unwrap_or_default()
    }

    /// The files of a patient that were read before and are not among these.
    pub fn missing(&self, patient: &PatientId, there: &[String]) -> Vec<String> {
        self.ends(patient).into_keys().filter(|name| !there.contains(name)).collect()
    }

    /// The files of a patient, with how they ended.
    pub fn ends(&self, patient: &PatientId) -> Ends {
        self.names.lock().ok().and_then(|names| names.get(patient).cloned()).unwrap_or_default()
    }

    /// Remembers how a file ended, unless it was longer before.
    pub fn add_end(&self, patient: &PatientId, name: String, end: &End) {
        let Ok(mut names) = self.names.lock() else { return };
        if lengthen(names.entry(patient.clone()).or_default().entry(name).or_default(), Some(end)) {
            self.has_more.store(true, Ordering::Relaxed);
        }
    }

    /// Remembers the files of a patient.
    pub fn add(&self, patient: &PatientId, there: &[String]) {
        let Ok(mut names) = self.names.lock() else { return };
        if there.is_empty() || names.get(patient).is_some_and(|known| there.iter().all(|name| known.contains_key(name)))
        {
            return;
        }
        let known = names.entry(patient.clone()).or_default();
        for name in there {
            known.entry(name.clone()).or_default();
        }
        self.has_more.store(true, Ordering::Relaxed);
    }

    /// Keeps what is remembered, with what other programs have remembered meanwhile. What cannot be kept is left out, in
    /// silence, as everything in the cache is.
    pub fn keep(&self) {
        if self.has_more.swap(false, Ordering::Relaxed) {
            let _ = self.try_keep();
        }
    }

    fn try_keep(&self) -> io::Result<()> {
        let mut all = read(&self.file);
        if let Ok(names) = self.names.lock() {
            for (patient, names) in names.iter() {
                let all = all.entry(patient.clone()).or_default();
                for (name, end) in names {
                    lengthen(all.entry(name.clone()).or_default(), end.as_ref());
                }
            }
        }
        let folder = self.file.parent().unwrap_or(Path::new("."));
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
        // Beside it and then in its place, as what is sealed.
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        let mut text = io::BufWriter::new(file.as_file_mut());
        for (patient, names) in &all {
            for (name, end) in names {
                let end = end.as_ref().map_or_else(String::new, |end| format!(" {} {}", end.length, end.digits));
                writeln!(text, "{patient}/{name}{end}")?;
            }
        }
        text.flush()?;
        drop(text);
        file.persist(&self.file)?;
        Ok(())
    }
}

/// The names in a file; a line that is none is passed over.
fn read(file: &Path) -> Names {
    let text =
        OsStorage.read(file, 0, NAMES_MOST).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    let mut names = Names::new();
    for (patient, file) in text.lines().filter_map(|line| line.split_once('/')) {
        // Older versions kept names only.
        let (name, end) = file.split_once(' ').map_or((file, None), |(name, end)| (name, end.split_once(' ')));
        let end =
            end.and_then(|(length, digits)| Some(End { length: length.parse().ok()?, digits: digits.to_owned() }));
        if let (Ok(patient), Some(_)) = (patient.parse(), Place::parse_file_name(name)) {
            names.entry(patient).or_default().insert(name.to_owned(), end);
        }
    }
    names
}

/// Takes an end that is longer than what is known; whether it is.
fn lengthen(known: &mut Option<End>, end: Option<&End>) -> bool {
    let longer = end.filter(|end| known.as_ref().is_none_or(|known| known.length < end.length));
    if let Some(end) = longer {
        *known = Some(end.clone());
    }
    longer.is_some()
}
