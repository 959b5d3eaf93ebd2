//! The names of the files that this workstation has read, and how each ended: so that one that is gone, or is an older state of
//! itself, is noticed also by a program that was started since. No figure comes from here, and nothing of a patient is in it but
//! random ids.
//!
//! Somebody who knows why a file is missing can have it forgotten. Other programs of this workstation may remember it still and
//! keep what they remember after this one, so a file that was forgotten is not merely left out: how often it was forgotten and
//! read again is counted, and of two memories the one that has counted further is the later one.

use crate::record::PatientId;
use crate::store::format::{self, Place, StoreId, WriterId};
use crate::store::segment::End;
use crate::store::spelling::{older_spellings, spellings};
use crate::store::storage::{OsStorage, Storage};
use std::collections::BTreeMap;
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Some 200,000 names.
const NAMES_MOST: usize = 16 * 1024 * 1024;
/// How often a program asks for its turn to keep them, 5 ms apart; keeping takes a few.
const TRIES_MOST: usize = 100;

/// Files with the longest end that was read of each, where it was ever spotless.
pub(in crate::store) type Ends = BTreeMap<String, Option<End>>;
type Names = BTreeMap<PatientId, BTreeMap<String, Known>>;

/// What a line begins with that says how often a file was forgotten and read again, and who had it forgotten.
const KNOWN: &str = "known ";

/// In the place of a file's name, the patient's folder: forgotten where it is known why there is no entry in it.
const FOLDER: &str = ".";

/// What is known of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Known {
    /// The longest end that was read of it, where it was ever spotless.
    end: Option<End>,
    /// How often it was forgotten and read again; odd while it is forgotten.
    turns: u32,
    /// Who had it forgotten last, and when.
    by: String,
}

impl Known {
    const fn is_remembered(&self) -> bool {
        self.turns.is_multiple_of(2)
    }

    /// Takes in what another program, or this one later, knows of the same file; whether that says more.
    fn merge(&mut self, other: &Self) -> bool {
        if other.turns > self.turns {
            self.clone_from(other);
            return true;
        }
        other.turns == self.turns && lengthen(&mut self.end, other.end.as_ref())
    }

    /// The file was read. Whether that is news.
    fn is_read(&mut self, end: Option<&End>) -> bool {
        let was_forgotten = !self.is_remembered();
        // The file may hold any number.
        self.turns = self.turns.saturating_add(u32::from(was_forgotten));
        lengthen(&mut self.end, end) || was_forgotten
    }

    /// It is known that the file is gone, or ends here now.
    fn is_known(&mut self, end: Option<End>, by: &str) {
        self.turns = self.turns.saturating_add(if end.is_some() { 2 } else { 1 });
        self.end = end;
        by.clone_into(&mut self.by);
    }
}

/// The names of one data folder, at one place: a copy of it elsewhere holds what it holds.
pub(in crate::store) struct SeenNames {
    file: PathBuf,
    /// The file of the folder as it is spelled with links, where there are any; a copy, for when they lead elsewhere.
    by_links: Option<PathBuf>,
    names: Mutex<Names>,
    /// What was read in the file last: the same says nothing new.
    text: Mutex<String>,
    /// Whether anything was added since they were kept.
    has_more: AtomicBool,
}

/// What was saved is remembered also by a program that reads nothing after it.
impl Drop for SeenNames {
    fn drop(&mut self) {
        self.keep();
    }
}

impl SeenNames {
    /// What is remembered of a data folder.
    pub fn of(cache: &Path, store: &StoreId, data: &Path) -> Self {
        let file_of = |data: PathBuf| {
            let place = format::digest("", data.as_os_str().as_encoded_bytes());
            cache.join(format!("{store}-{place}.names"))
        };
        let [file, by_links] = spellings(data).map(file_of);
        let text = read(&file);
        let mut names = parse(&text);
        let mut has_more = false;
        for other in older_spellings(data).map(file_of).iter().chain([&by_links]).filter(|other| **other != file) {
            has_more |= merge(&mut names, &parse(&read(other)));
        }
        let by_links = Some(by_links).filter(|other| *other != file);
        let (names, text) = (Mutex::new(names), Mutex::new(text));
        Self { file, by_links, names, text, has_more: AtomicBool::new(has_more) }
    }

    /// Where they are kept.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The patients of whom any file was read.
    pub fn patients(&self) -> Vec<PatientId> {
        let Ok(names) = self.names.lock() else { return Vec::new() };
        let remembered = names.iter().filter(|(_, files)| files.values().any(Known::is_remembered));
        remembered.map(|(patient, _)| patient.clone()).collect()
    }

    /// The files of a patient that were read before and are not among these.
    pub fn missing(&self, patient: &PatientId, there: &[String]) -> Vec<String> {
        self.ends(patient).into_keys().filter(|name| !there.contains(name)).collect()
    }

    /// The files of a patient, with how they ended.
    pub fn ends(&self, patient: &PatientId) -> Ends {
        let Ok(names) = self.names.lock() else { return Ends::new() };
        let remembered = names.get(patient).into_iter().flatten().filter(|(_, known)| known.is_remembered());
        remembered.map(|(name, known)| (name.clone(), known.end.clone())).collect()
    }

    /// The highest number of a writer's files of a patient that was ever known here; 0 without any. The name of one that is
    /// gone is given to no other: it would be put back in its place.
    pub fn last_of(&self, patient: &PatientId, writer: &WriterId) -> u32 {
        let Ok(names) = self.names.lock() else { return 0 };
        let files = names.get(patient).into_iter().flat_map(|names| names.keys());
        let own = files.filter_map(|name| Place::parse_file_name(name)).filter(|(of, _)| of == writer);
        own.map(|(_, number)| number).max().unwrap_or(0)
    }

    /// Whether files of a writer were read here, and somebody has said of each that it is known to be gone.
    pub fn is_known_to_be_gone(&self, writer: &WriterId) -> bool {
        let Ok(names) = self.names.lock() else { return false };
        let is_theirs = |name: &str| Place::parse_file_name(name).is_some_and(|(of, _)| of == *writer);
        let mut theirs = names.values().flatten().filter(|(name, _)| is_theirs(name)).peekable();
        theirs.peek().is_some() && theirs.all(|(_, known)| !known.is_remembered())
    }

    /// Remembers how a file ended, unless it was longer before.
    pub fn add_end(&self, patient: &PatientId, name: String, end: &End) {
        let Ok(mut names) = self.names.lock() else { return };
        if names.entry(patient.clone()).or_default().entry(name).or_default().is_read(Some(end)) {
            self.has_more.store(true, Ordering::Relaxed);
        }
    }

    /// Remembers how a file ends that was restored from a copy, which may be shorter than it was.
    pub fn add_restored(&self, patient: &PatientId, name: String, end: &End) {
        let Ok(mut names) = self.names.lock() else { return };
        names.entry(patient.clone()).or_default().entry(name).or_default().is_known(Some(end.clone()), "restored");
        self.has_more.store(true, Ordering::Relaxed);
    }

    /// Whether it was ever known that a file is gone, or ends earlier than it did.
    pub fn was_known(&self, patient: &PatientId, name: &str) -> bool {
        let Ok(names) = self.names.lock() else { return false };
        names.get(patient).and_then(|names| names.get(name)).is_some_and(|known| known.turns > 0)
    }

    /// Whether it is known that a file is gone.
    pub fn is_forgotten(&self, patient: &PatientId, name: &str) -> bool {
        let Ok(names) = self.names.lock() else { return false };
        names.get(patient).and_then(|names| names.get(name)).is_some_and(|known| !known.is_remembered())
    }

    /// Remembers the files of a patient.
    pub fn add(&self, patient: &PatientId, there: &[String]) {
        let Ok(mut names) = self.names.lock() else { return };
        let is_remembered = |name: &String| names.get(patient)?.get(name).filter(|known| known.is_remembered());
        if there.iter().all(|name| is_remembered(name).is_some()) {
            return;
        }
        let known = names.entry(patient.clone()).or_default();
        for name in there {
            known.entry(name.clone()).or_default().is_read(None);
        }
        self.has_more.store(true, Ordering::Relaxed);
    }

    /// Forgets files of a patient, of which `by` knows why they are gone; or remembers how they end now, of which `by` knows
    /// why they are shorter. Files that were not remembered are passed over.
    ///
    /// # Errors
    /// [`io::Error`] where that cannot be kept; this program has forgotten them then, and the next one has not.
    pub fn forget(&self, patient: &PatientId, files: Vec<(String, Option<End>)>, by: &str) -> io::Result<()> {
        self.refresh();
        if let Ok(mut names) = self.names.lock() {
            let known = names.entry(patient.clone()).or_default();
            for (name, end) in files {
                if let Some(known) = known.get_mut(&name).filter(|known| known.is_remembered()) {
                    known.is_known(end, by);
                }
            }
        }
        self.try_keep()
    }

    /// Has it known why a patient's folder holds no entry.
    ///
    /// # Errors
    /// [`io::Error`] where that cannot be kept.
    pub fn forget_folder(&self, patient: &PatientId, by: &str) -> io::Result<()> {
        self.refresh();
        if let Ok(mut names) = self.names.lock() {
            let folder = names.entry(patient.clone()).or_default().entry(FOLDER.to_owned()).or_default();
            if folder.is_remembered() {
                folder.is_known(None, by);
            }
        }
        self.try_keep()
    }

    /// Whether it is known why a patient's folder holds no entry.
    pub fn is_folder_forgotten(&self, patient: &PatientId) -> bool {
        self.is_forgotten(patient, FOLDER)
    }

    /// Takes in what other programs have kept meanwhile; whether that says anything new.
    pub fn refresh(&self) -> bool {
        let kept = read(&self.file);
        let Ok(mut text) = self.text.lock() else { return false };
        if *text == kept {
            return false;
        }
        *text = kept;
        self.names.lock().is_ok_and(|mut names| merge(&mut names, &parse(&text)))
    }

    /// Keeps what is remembered, with what other programs have remembered meanwhile. What cannot be kept is left out, in
    /// silence, as everything in the cache is.
    pub fn keep(&self) {
        if self.has_more.swap(false, Ordering::Relaxed)
            && self.try_keep().is_ok()
            && let Some(by_links) = &self.by_links
        {
            let _ = copy_whole(&self.file, by_links);
        }
    }

    fn try_keep(&self) -> io::Result<()> {
        let folder = self.file.parent().unwrap_or(Path::new("."));
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
        let _turn = self.turn();
        self.refresh();
        let all = self.names.lock().map(|names| names.clone()).unwrap_or_default();
        // Beside it and then in its place, as what is sealed.
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        let mut text = io::BufWriter::new(file.as_file_mut());
        for (patient, names) in &all {
            for (name, Known { end, turns, by }) in names {
                let end = end.as_ref().map_or_else(String::new, line_of);
                if turns.is_multiple_of(2) {
                    writeln!(text, "{patient}/{name}{end}")?;
                }
                if *turns > 0 {
                    writeln!(text, "{KNOWN}{turns} {patient}/{name} {by}")?;
                }
            }
        }
        text.flush()?;
        drop(text);
        file.persist(&self.file)?;
        Ok(())
    }

    /// Held from reading what others have kept until it is kept with one's own: of two programs that read first and keep then,
    /// the later would put its memory in the place of the other's, which it has not seen. To look afterwards would not be enough,
    /// because the other may have looked before. Without a turn, as where a stopped program holds it, it is kept all the same.
    fn turn(&self) -> Option<File> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(self.file.with_extension("lock")).ok()?;
        for _ in 0..TRIES_MOST {
            match file.try_lock() {
                Ok(()) => return Some(file),
                Err(TryLockError::WouldBlock) => OsStorage.pause(Duration::from_millis(5)),
                Err(TryLockError::Error(_)) => break,
            }
        }
        None
    }
}

/// Puts the same into another file, whole or not at all.
fn copy_whole(file: &Path, other: &Path) -> io::Result<()> {
    let mut copy = tempfile::NamedTempFile::new_in(other.parent().unwrap_or(Path::new(".")))?;
    io::copy(&mut File::open(file)?, &mut copy)?;
    copy.persist(other)?;
    Ok(())
}

/// What is in a file; nothing where it cannot be read.
fn read(file: &Path) -> String {
    OsStorage.read(file, 0, NAMES_MOST).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// The names in the text of a file; a line that is none is passed over.
fn parse(text: &str) -> Names {
    let mut names = Names::new();
    for line in text.lines() {
        let (turns, line) = match line.strip_prefix(KNOWN).and_then(|line| line.split_once(' ')) {
            Some((turns, line)) => (turns.parse().ok(), line),
            None => (None, line),
        };
        let Some((patient, file)) = line.split_once('/') else { continue };
        // Older versions kept names only.
        let (name, rest) = file.split_once(' ').map_or((file, None), |(name, rest)| (name, Some(rest)));
        let is_name = name == FOLDER || Place::parse_file_name(name).is_some();
        let (Ok(patient), true) = (patient.parse::<PatientId>(), is_name) else { continue };
        let known = names.entry(patient).or_default().entry(name.to_owned()).or_default();
        if let Some(turns) = turns {
            (known.turns, known.by) = (turns, rest.unwrap_or_default().to_owned());
        } else {
            known.end = rest.and_then(end_of);
        }
    }
    names
}

/// An end as it stands behind a name.
fn line_of(end: &End) -> String {
    let last = end.last.as_ref().map_or_else(String::new, |last| format!(" {last}"));
    format!(" {} {}{last}", end.length, end.digits)
}

/// What stands behind a name; older versions kept no last entry.
fn end_of(rest: &str) -> Option<End> {
    let mut words = rest.split(' ');
    let (length, digits) = (words.next()?.parse().ok()?, words.next()?.to_owned());
    Some(End { length, digits, last: words.next().and_then(|last| last.parse().ok()) })
}

/// Takes names into others; whether they say anything new.
fn merge(all: &mut Names, more: &Names) -> bool {
    let mut is_new = false;
    for (patient, files) in more {
        let all = all.entry(patient.clone()).or_default();
        for (name, known) in files {
            is_new |= match all.get_mut(name) {
                Some(old) => old.merge(known),
                None => all.insert(name.clone(), known.clone()).is_none(),
            };
        }
    }
    is_new
}

/// Takes an end that is longer than what is known, or says more of the same; whether it is.
fn lengthen(known: &mut Option<End>, end: Option<&End>) -> bool {
    let says_more = |known: &End, end: &End| {
        let is_same = known.length == end.length && known.digits == end.digits;
        known.length < end.length || (is_same && known.last.is_none() && end.last.is_some())
    };
    let more = end.filter(|end| known.as_ref().is_none_or(|known| says_more(known, end)));
    if let Some(end) = more {
        *known = Some(end.clone());
    }
    more.is_some()
}
