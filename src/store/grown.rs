//! What was added to a patient's files since they were read: so that a save into a long record, or a colleague's, costs no
//! more than into a short one.

use super::format::{self, CLOSING, LINE_MOST, Place};
use super::storage::ItemKind;
use super::{SEGMENT_MOST, Store, StoreError, segment};
use crate::record::{Entry, PatientId};
use std::ffi::{OsStr, OsString};

/// The length of the digits at the end of a line.
const DIGITS: usize = 16;

/// How a patient's files ended at one reading. The last digits of a segment follow from everything before them, so its end
/// tells whether a program has written to it since; what was changed by anything else is found by
/// [`glance`](Store::glance), which compares all bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held(Vec<(OsString, ItemKind, End)>);

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct End {
    length: usize,
    digits: String,
}

impl End {
    /// Of a file in which a save came to nothing, an end of no length.
    fn of(bytes: &[u8]) -> Option<Self> {
        if segment::is_leftover(bytes) {
            return Some(Self::default());
        }
        let last = bytes.strip_suffix(CLOSING.as_bytes())?.strip_suffix(b"\n")?.rsplit(|byte| *byte == b'\n').next()?;
        Some(Self { length: bytes.len(), digits: format::split_sealed(last)?.1.to_owned() })
    }
}

impl Store {
    /// How a patient's files end now; `None` where one of them does not end as it should.
    ///
    /// # Errors
    /// [`StoreError::Io`] where any of them cannot be read.
    pub fn held(&self, patient: &PatientId) -> Result<Option<Held>, StoreError> {
        let folder = self.patient_folder(patient);
        let mut held = Vec::new();
        for item in self.storage.list(&folder).map_err(StoreError::io("read", &folder))? {
            let mut end = Some(End::default());
            if item.kind == ItemKind::File {
                let file = folder.join(&item.name);
                let bytes = self.storage.read(&file, 0, SEGMENT_MOST + 1).map_err(StoreError::io("read", &file))?;
                end = End::of(&bytes);
            }
            let Some(end) = end else { return Ok(None) };
            held.push((item.name, item.kind, end));
        }
        Ok(Some(Held(held)))
    }

    /// How the files end now, and the entries that were added since, in the order of the files. `None` where anything else
    /// was done to the files, what was added is not as it was written, or they cannot be read: then all of it is to be read
    /// again. `before` is of a record that was read without a finding. A segment that was
    /// followed by another of the same writer then is not looked into: nobody writes to it any more, so a long record costs no
    /// more than a short one.
    pub fn grown(&self, patient: &PatientId, before: &Held) -> Option<(Held, Vec<Entry>)> {
        let folder = self.patient_folder(patient);
        let mut old = before.0.iter().peekable();
        let (mut held, mut added) = (Vec::new(), Vec::new());
        for item in self.storage.list(&folder).ok()? {
            let read = |from: usize| {
                let from = u64::try_from(from).ok()?;
                self.storage.read(&folder.join(&item.name), from, SEGMENT_MOST + 1).ok()
            };
            let end = match old.next_if(|(name, ..)| *name == item.name) {
                Some((_, kind, _)) if *kind != item.kind => return None,
                Some((name, _, end)) if end.length > 0 && old.peek().is_some_and(|next| follows(&next.0, name)) => {
                    end.clone()
                }
                Some((_, ItemKind::File, end)) if end.length > 0 => {
                    let from = end.length.checked_sub(DIGITS + 1 + CLOSING.len())?;
                    lines_after(end, from, &read(from)?, &mut added)?
                }
                Some((_, kind, end)) if *kind != ItemKind::File => end.clone(),
                None if item.kind != ItemKind::File => return None,
                // A new file, or one in which nothing was saved yet.
                Some(_) | None => match read(0)? {
                    bytes if segment::is_leftover(&bytes) => End::default(),
                    bytes => self.new_segment(patient, item.name.to_str()?, &bytes, &mut added)?,
                },
            };
            held.push((item.name, item.kind, end));
        }
        // None has gone.
        old.next().is_none().then_some((Held(held), added))
    }

    fn new_segment(&self, patient: &PatientId, name: &str, bytes: &[u8], added: &mut Vec<Entry>) -> Option<End> {
        let (writer, number) = Place::parse_file_name(name)?;
        let place = Place { store: self.id.clone(), patient: patient.clone(), writer, segment: number };
        let segment = segment::read(bytes, &place, &place.file(), self.protocol);
        let end = segment.end?;
        added.extend(segment.entries.into_iter().map(|(_, entry)| entry));
        Some(End { length: bytes.len(), digits: end.digits })
    }
}

/// Whether a name is that of the next segment of the same writer.
fn follows(next: &OsStr, name: &OsStr) -> bool {
    let place = |name: &OsStr| name.to_str().and_then(Place::parse_file_name);
    let is_next = |((writer, number), (next, later))| writer == next && later == number + 1;
    place(name).zip(place(next)).is_some_and(is_next)
}

/// The entries of the lines by which a segment has grown, each of which follows from the one before it. `bytes` begin with
/// the digits by which it ended.
fn lines_after(end: &End, from: usize, bytes: &[u8], added: &mut Vec<Entry>) -> Option<End> {
    let rest = bytes.strip_prefix(end.digits.as_bytes())?.strip_prefix(b"\n")?.strip_suffix(CLOSING.as_bytes())?;
    let mut digits = end.digits.as_str();
    for line in rest.split_inclusive(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\n").filter(|line| line.len() <= LINE_MOST)?;
        let (text, sealed) = format::split_sealed(line)?;
        if format::digest(digits, text) != sealed {
            return None;
        }
        added.push(format::parse(text)?.into_entry()?);
        digits = sealed;
    }
    let length = from + bytes.len();
    (length <= SEGMENT_MOST).then(|| End { length, digits: digits.to_owned() })
}
