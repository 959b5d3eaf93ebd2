//! Saving: nothing returns from here as saved that is not on the disk and read back.

use super::format::{self, CLOSING, HEADER_MOST, LINE_MOST, OPENING, Place, ROTATE_AT, SEGMENTS_MOST, TRAILER};
use super::read::newer;
use super::segment::End;
use super::writer::{Current, NAMES_TRIED, Writer};
use super::{Line, OpenFile, PATIENTS, Store, StoreError, cached_bytes};
use crate::record::{Entry, EntryId, Fact, Initials, Moment, PatientId};
use std::io;
use std::path::{Path, PathBuf};

/// Who writes an entry down, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// Their initials.
    pub by: Initials,
    /// The workstation's name.
    pub workstation: String,
}

impl Store {
    /// Saves facts of one patient as entries, in their order, and returns them once they are on the disk and read back.
    ///
    /// All go to one segment in one write, as long as they fit into one. The patient's folder is made when needed. When
    /// writing fails, the same entries are tried once more in a new segment.
    ///
    /// # Errors
    /// [`StoreError::NotSaved`] when the folder or the disk failed, for writing twice: the entries may or may not show
    /// later. After any other error nothing was written.
    pub fn save(
        &mut self,
        patient: &PatientId,
        facts: Vec<Fact>,
        author: &Author,
        at: Moment,
    ) -> Result<Vec<Entry>, StoreError> {
        let entries: Vec<Entry> =
            facts.into_iter().map(|fact| new_entry(fact, author, at)).collect::<Result<_, _>>()?;
        self.append(patient, &entries)?;
        Ok(entries)
    }

    /// Makes a patient's folder where there is none. Nothing above it is made but `patients`, in a data folder that is there.
    pub(super) fn make_patient_folder(&self, patient: &PatientId) -> Result<PathBuf, StoreError> {
        let folder = self.patient_folder(patient);
        for folder in [&self.folder.join(PATIENTS), &folder] {
            self.storage.create_folder(folder).map_err(StoreError::io("make the folder", folder))?;
        }
        Ok(folder)
    }

    /// Whether this run has saved for a patient, so that their folder is not made any more: where it is gone, a save fails.
    pub fn has_saved(&self, patient: &PatientId) -> bool {
        self.writer.as_ref().is_some_and(|writer| writer.saved.contains(patient))
    }

    /// Saves entries of one patient that already have their ids (see [`new_entry`]), in their order.
    ///
    /// # Errors
    /// As [`Store::save`].
    pub fn append(&mut self, patient: &PatientId, entries: &[Entry]) -> Result<(), StoreError> {
        let mut writer = self.writer.take().ok_or(StoreError::NotAWriter)?;
        let saved = Saving { store: self, writer: &mut writer, patient }.save(entries);
        self.writer = Some(writer);
        saved
    }
}

/// One save under way.
struct Saving<'a> {
    store: &'a Store,
    writer: &'a mut Writer,
    patient: &'a PatientId,
}

/// An entry with an id of its own, not saved yet.
///
/// # Errors
/// [`StoreError::Random`] when the system gives no random numbers.
pub fn new_entry(fact: Fact, author: &Author, at: Moment) -> Result<Entry, StoreError> {
    let mut random = [0; 16];
    getrandom::fill(&mut random)?;
    let (recorded_by, workstation) = (author.by.clone(), author.workstation.as_str().into());
    Ok(Entry { id: EntryId::from_random(random), recorded_at: at, recorded_by, workstation, fact })
}

impl Saving<'_> {
    fn save(&mut self, entries: &[Entry]) -> Result<(), StoreError> {
        let texts: Vec<String> = entries.iter().map(faithful_text).collect::<Result<_, _>>()?;
        if texts.is_empty() {
            return Ok(());
        }
        let mut saved = 0;
        match self.write_all(&texts, &mut saved) {
            Ok(()) => Ok(()),
            Err(refused @ StoreError::ReadOnly { .. }) => Err(refused),
            Err(cause) => Err(StoreError::NotSaved { saved, of: texts.len(), cause: Box::new(cause) }),
        }
    }

    fn write_all(&mut self, texts: &[String], saved: &mut usize) -> Result<(), StoreError> {
        self.writer.heed_end(self.store.storage.as_ref(), &self.store.folder)?;
        self.prepare_folder()?;
        self.refuse_newer()?;
        while let Some(rest) = texts.get(*saved..).filter(|rest| !rest.is_empty()) {
            let group = fitting(rest);
            self.write_twice(group)?;
            *saved += group.len();
        }
        Ok(())
    }

    /// Until this run has saved for the patient: their folder is there, and its name is on the disk. An attempt that came to
    /// nothing may have made it in an empty folder that a share left behind.
    fn prepare_folder(&self) -> Result<(), StoreError> {
        if self.writer.saved.contains(self.patient) {
            return Ok(());
        }
        // Another share may be connected in the place of the one that was opened.
        self.store.look()?;
        self.store.settle()?;
        let folder = self.store.make_patient_folder(self.patient)?;
        let storage = &self.store.storage;
        // Also the names that another program made, because it may have been killed before it saw to that.
        for folder in [self.store.folder.clone(), self.store.folder.join(PATIENTS), folder] {
            storage.sync_folder(&folder).map_err(StoreError::io("write to the disk", &folder))?;
        }
        Ok(())
    }

    /// Whatever another program has added since is looked at before anything is written beside it.
    fn refuse_newer(&mut self) -> Result<(), StoreError> {
        for place in self.list()? {
            if self.writer.known.contains(&place) {
                continue;
            }
            let file = self.store.folder.join(place.file());
            // A file that cannot be read, or has no header yet, is not known to be newer; it is looked at again next time.
            let Ok(bytes) = self.store.storage.read(&file, 0, HEADER_MOST) else { continue };
            let header = bytes.strip_prefix(OPENING.as_bytes()).unwrap_or_default();
            let line = header.split(|byte| *byte == b'\n').next().unwrap_or_default();
            let Some((text, digits)) = format::split_sealed(line) else { continue };
            if format::digest("", text) != digits {
                continue;
            }
            match format::format_of(text) {
                Some(number) if number > format::FORMAT => {
                    return Err(StoreError::ReadOnly { why: newer(&place, number) });
                }
                Some(_) => self.writer.known.insert(place),
                None => continue,
            };
        }
        Ok(())
    }

    fn list(&self) -> Result<Vec<Place>, StoreError> {
        let listed = self.store.list_patient(self.patient);
        Ok(listed.map_err(self.store.not_listed(self.patient))?.segments)
    }

    /// After any error the segment is left alone for ever, and the same lines go to a new one. Where that fails as well, the
    /// attempt after which they may be on the disk is the one to tell of: a disk often turns read-only after a failed sync.
    fn write_twice(&mut self, texts: &[String]) -> Result<(), StoreError> {
        let Err(first) = self.write(texts) else { return Ok(()) };
        self.leave();
        self.write(texts).map_err(|second| {
            self.leave();
            if first.may_be_written() && !second.may_be_written() { first } else { second }
        })
    }

    fn leave(&mut self) {
        if self.store.protocol.left_after_error {
            self.writer.abandon(self.patient);
        } else {
            self.writer.current.remove(self.patient);
        }
    }

    fn write(&mut self, texts: &[String]) -> Result<(), StoreError> {
        self.find_current()?;
        let current = self.writer.current.get(self.patient);
        let Some((place, end)) = current.and_then(|current| Some((current.place.clone(), current.end.clone()?))) else {
            return self.create(texts);
        };
        // One that only this run writes ends as this run left it. The tail tells both the length and, by the chain, everything
        // before it.
        let file = self.store.folder.join(place.file());
        let open = self.store.storage.open_file(&file).map_err(StoreError::io("open", &file))?;
        let tail = format!("{}\n{CLOSING}", end.digits);
        let from = end.length - as_u64(tail.len());
        if open.read_at(from, tail.len() + 1).map_err(StoreError::io("read", &file))? != tail.as_bytes() {
            self.writer.renew()?;
            return self.create(texts);
        }
        if end.length + size(texts) > as_u64(ROTATE_AT) {
            return self.create(texts);
        }
        self.append(place, end, (file, open), texts)
    }

    /// Where this run has saved nothing for the patient yet, it goes on in the last segment, when that is spotless, and no older
    /// state of itself: what it lacks would not be missed any more once it is longer, and it may be put back.
    fn find_current(&mut self) -> Result<(), StoreError> {
        if self.writer.current.contains_key(self.patient) {
            return Ok(());
        }
        let own = self.list()?.into_iter().filter(|place| place.writer == self.writer.id);
        if let Some(place) = own.max_by_key(|place| place.segment) {
            let (bytes, segment) = self.store.stable_segment(&place).unwrap_or_default();
            let end = segment.end.filter(|_| !self.store.is_older_than_seen(&place, &bytes));
            self.writer.current.insert(self.patient.clone(), Current { place, end });
        }
        Ok(())
    }

    /// Writes lines and the closing bracket over the closing bracket.
    fn append(
        &mut self,
        place: Place,
        End { length, mut digits, .. }: End,
        (file, open): (PathBuf, Box<dyn OpenFile>),
        texts: &[String],
    ) -> Result<(), StoreError> {
        let mut lines = String::new();
        format::push_sealed(&mut lines, &mut digits, texts);
        lines.push_str(CLOSING);
        let at = length - as_u64(CLOSING.len());
        open.write_at(at, lines.as_bytes()).map_err(StoreError::io("write to", &file))?;
        open.sync().map_err(StoreError::io("write to the disk", &file))?;
        drop(open);
        self.read_back(&file, at, lines.as_bytes())?;
        self.is_saved(place, End { length: at + as_u64(lines.len()), digits, last: last_of(texts) });
        Ok(())
    }

    /// Starts the next segment with its header and lines.
    fn create(&mut self, texts: &[String]) -> Result<(), StoreError> {
        let mut tried = 0;
        let (place, file, open) = loop {
            self.writer.claim(self.store)?;
            let Some(place) = self.next_place()? else {
                self.writer.renew()?;
                continue;
            };
            let file = self.store.folder.join(place.file());
            match self.store.storage.create_file(&file) {
                Ok(open) => break (place, file, open),
                // The name was free a moment ago, so somebody else writes under this id.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && tried < NAMES_TRIED => {
                    self.writer.renew()?;
                    tried += 1;
                }
                Err(error) => return Err(StoreError::io("make", &file)(error)),
            }
        };
        self.writer.current.insert(self.patient.clone(), Current { place: place.clone(), end: None });
        let header = format::text(&place.header()).map_err(|_| StoreError::Unfaithful)?;
        let (mut bytes, mut digits) = (OPENING.to_owned(), String::new());
        format::push_sealed(&mut bytes, &mut digits, &[header]);
        format::push_sealed(&mut bytes, &mut digits, texts);
        bytes.push_str(CLOSING);
        open.write_at(0, bytes.as_bytes()).map_err(StoreError::io("write to", &file))?;
        open.sync().map_err(StoreError::io("write to the disk", &file))?;
        drop(open);
        let folder = self.store.patient_folder(self.patient);
        self.store.storage.sync_folder(&folder).map_err(StoreError::io("write to the disk", &folder))?;
        self.store.look_after_writing(&file)?;
        self.read_back(&file, 0, bytes.as_bytes())?;
        self.is_saved(place, End { length: as_u64(bytes.len()), digits, last: last_of(texts) });
        Ok(())
    }

    /// The segment ends here now: it is gone on with from there, and missed where it is gone.
    fn is_saved(&mut self, place: Place, end: End) {
        if let Some(names) = &self.store.names {
            names.add_end(self.patient, Place::file_name(&place.writer, place.segment), &end);
        }
        self.writer.current.insert(self.patient.clone(), Current { place, end: Some(end) });
        self.writer.saved.insert(self.patient.clone());
    }

    /// The place of the next segment; `None` where this writer has used up the numbers, or somebody made a file of the last.
    fn next_place(&self) -> Result<Option<Place>, StoreError> {
        let own = self.list()?.into_iter().filter(|place| place.writer == self.writer.id);
        let last = own.map(|place| place.segment).max().unwrap_or(0);
        let seen = self.store.names.as_ref().map_or(0, |names| names.last_of(self.patient, &self.writer.id));
        let (store, patient, writer) = (self.store.id.clone(), self.patient.clone(), self.writer.id.clone());
        let next = last.max(seen).checked_add(1).filter(|number| *number <= SEGMENTS_MOST);
        Ok(next.map(|segment| Place { store, patient, writer, segment }))
    }

    fn read_back(&self, file: &Path, at: u64, written: &[u8]) -> Result<(), StoreError> {
        // Opened anew, as a share may then ask its server. One byte more than was written, so that anything behind it is
        // noticed too.
        let open = self.store.storage.open_file(file);
        let found = open.and_then(|open| open.read_at(at, written.len() + 1));
        let found = found.map_err(StoreError::io("read back", file))?;
        if found == written { Ok(()) } else { Err(StoreError::ReadBack { file: file.to_owned() }) }
    }
}

/// The entry's line, when it is short enough and is read back as the same entry.
pub(super) fn faithful_text(entry: &Entry) -> Result<String, StoreError> {
    let line = Line::from(entry.clone());
    let text = format::text(&line).map_err(|_| StoreError::Unfaithful)?;
    let bytes = text.len() + TRAILER;
    if bytes > LINE_MOST {
        return Err(StoreError::TooLong { bytes, most: LINE_MOST });
    }
    let back = format::parse(text.as_bytes()).filter(|back| *back == line && !text.contains(['\n', '\r']));
    // Equal times may differ in their offset, which the words of the cache hold as well.
    let words = |entry: &Entry| cached_bytes(std::slice::from_ref(entry));
    let same = back.and_then(Line::into_entry).is_some_and(|back| words(&back) == words(entry));
    if same { Ok(text) } else { Err(StoreError::Unfaithful) }
}

/// As many of the lines, from the first, as fit into one segment; at least one.
pub(super) fn fitting(texts: &[String]) -> &[String] {
    let mut room = as_u64(ROTATE_AT - HEADER_MOST);
    let fits = |text: &&String| {
        let left = room.checked_sub(line_size(text));
        room = left.unwrap_or_default();
        left.is_some()
    };
    let count = texts.iter().take_while(fits).count();
    texts.get(..count.max(1)).unwrap_or(texts)
}

fn size(texts: &[String]) -> u64 {
    texts.iter().map(|text| line_size(text)).sum()
}

/// A line with its digits and line end.
fn line_size(text: &str) -> u64 {
    as_u64(text.len() + TRAILER + 1)
}

/// The entry of the last of some lines.
fn last_of(texts: &[String]) -> Option<EntryId> {
    format::id_of(texts.last()?.as_bytes())
}

fn as_u64(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
