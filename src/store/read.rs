//! Reading patients: the union of their segments.

use super::cache::{Cache, SeenNames, Slot};
use super::finding::{Finding, FindingKind};
use super::format::{self, Place, SEGMENT_MOST};
use super::loss::Loss;
use super::older::Older;
use super::parallel::in_parallel;
use super::segment::{self, End, Segment};
use super::{PATIENTS, Store, StoreError};
use crate::record::{Entry, EntryId, PatientId};
use std::collections::{BTreeSet, HashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// As many segments are held in memory at once; of a folder with more, one after the other is.
const HELD_MOST: usize = 16;
/// How often a segment that keeps changing is read, 5 ms apart, before it is taken as it is.
const READS_MOST: usize = 100;

/// Everything that is kept of one patient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatientRecord {
    /// The patient.
    pub id: PatientId,
    /// The entries of all segments, each id once, by recorded time and then id.
    pub entries: Vec<Entry>,
    /// What was not as it was written, sorted.
    pub findings: Vec<Finding>,
    /// The names of the segments that are there and hold anything.
    pub segments: Vec<String>,
    /// Why nothing may be saved for this patient, if so.
    pub read_only: Option<String>,
    /// The entries that stand in a file of which it is not known whose it is, because its header is damaged.
    pub unvouched: BTreeSet<EntryId>,
}

impl PatientRecord {
    /// The record of a patient in whose folder nothing was read.
    pub fn nothing_of(id: &PatientId) -> Self {
        Self {
            id: id.clone(),
            entries: Vec::new(),
            findings: Vec::new(),
            segments: Vec::new(),
            read_only: None,
            unvouched: BTreeSet::new(),
        }
    }
}

/// A segment with its bytes, where they are held.
pub(super) type Found<'a> = (&'a Place, Option<Vec<u8>>);

/// A look at a segment that another program may be writing.
struct Look {
    /// What it holds; `None` when that is the same as at the look before.
    segment: Option<Segment>,
    /// The digits of its bytes, when it has to be looked at again.
    digits: Option<String>,
    /// How many looks alike there were.
    alike: usize,
}

impl Store {
    /// Every patient's record, sorted by id. A patient whose files are damaged or newer keeps nobody else from being read.
    /// A folder that holds nothing at all, as an interrupted first save leaves it, is passed over.
    pub fn read_all(&self) -> Result<Vec<PatientRecord>, StoreError> {
        self.read_each(|record| record)
    }

    /// What is made of every patient's record, sorted by id; the records of a large ward would not all fit beside it. Here,
    /// and only here, a patient may come out of the [cache](Self::with_cache).
    pub fn read_each<T: Send>(&self, make: impl Fn(PatientRecord) -> T + Sync) -> Result<Vec<T>, StoreError> {
        let (patients, _) = self.patients()?;
        self.names.as_ref().map(SeenNames::refresh);
        let cache = self.cache.as_ref().map(|folder| Cache::new(folder, &self.id));
        let is_there = |patient: &PatientId| patients.binary_search(patient).is_ok();
        let all: Vec<PatientId> = self.with_seen(&patients);
        self.progress.begin(all.len());
        let each = in_parallel(&all, |patient| {
            self.progress.step()?;
            let record =
                if is_there(patient) { self.record(patient, cache.as_ref()).0 } else { self.without_folder(patient) };
            if let Some(names) = &self.names {
                names.add(patient, &record.segments);
            }
            Ok((!record.entries.is_empty() || !record.findings.is_empty()).then(|| make(record)))
        });
        let each: Vec<Option<T>> = each.into_iter().collect::<Result<_, StoreError>>()?;
        if let Some(cache) = cache {
            cache.forget_others(&patients);
        }
        if let Some(names) = &self.names {
            names.keep();
        }
        Ok(each.into_iter().flatten().collect())
    }

    /// One patient's record.
    ///
    /// # Errors
    /// [`StoreError::NoPatient`] without a folder of that name. What else keeps it from being read is a finding.
    pub fn read(&self, id: &PatientId) -> Result<PatientRecord, StoreError> {
        if let Err(error @ StoreError::NoPatient { .. }) = self.find(id) {
            return Err(error);
        }
        let (mut record, _) = self.record(id, None);
        // Another program of this workstation may have been told that it is known.
        if record.findings.iter().any(Finding::is_remembered) && self.names.as_ref().is_some_and(SeenNames::refresh) {
            record = self.record(id, None).0;
        }
        if let Some(names) = &self.names {
            names.add(id, &record.segments);
            names.keep();
        }
        Ok(record)
    }

    /// Reads one segment, as [`read_segments`](Self::read_segments) does.
    pub(super) fn read_segment(&self, place: &Place) -> Segment {
        self.read_segments(std::slice::from_ref(place)).pop().unwrap_or_default()
    }

    /// The same, with the bytes.
    pub(super) fn stable_segment(&self, place: &Place) -> io::Result<(Vec<u8>, Segment)> {
        let file = place.file();
        let path = self.path(place);
        let (mut before, mut alike): (Option<(Vec<u8>, Segment)>, _) = (None, 1);
        for _ in 0..READS_MOST {
            let bytes = self.storage.read(&path, 0, SEGMENT_MOST + 1)?;
            if before.as_ref().is_some_and(|(same, _)| *same == bytes) {
                alike += 1;
            } else {
                let segment = segment::read(&bytes, place, &file, self.protocol);
                (before, alike) = (Some((bytes, segment)), 1);
            }
            if before.as_ref().is_some_and(|(_, segment)| segment.findings.is_empty() || alike >= segment.alike()) {
                break;
            }
            self.storage.pause(Duration::from_millis(5));
        }
        Ok(before.unwrap_or_default())
    }

    /// Reads segments, in their order. A reader may meet a save of another program half done: the end missing, or the old
    /// end followed by the rest of the new one. So those with any finding are read again until they stay the same; all of
    /// them together, because a folder may be full of damaged ones.
    fn read_segments(&self, places: &[Place]) -> Vec<Segment> {
        let mut looks: Vec<Look> = places.iter().map(|place| self.look_at(place, None)).collect();
        for _ in 1..READS_MOST {
            if looks.iter().all(|look| look.digits.is_none()) {
                break;
            }
            self.storage.pause(Duration::from_millis(5));
            for (place, look) in places.iter().zip(&mut looks) {
                if let Some(digits) = look.digits.take() {
                    let again = self.look_at(place, Some(&digits));
                    // Without a segment it is still what it was, and settled when that was seen often enough.
                    if again.segment.is_some() {
                        *look = again;
                    } else {
                        look.alike += 1;
                        let is_settled = look.segment.as_ref().is_none_or(|segment| look.alike >= segment.alike());
                        look.digits = Some(digits).filter(|_| !is_settled);
                    }
                }
            }
        }
        looks.into_iter().map(|look| look.segment.unwrap_or_default()).collect()
    }

    /// Looks at a segment once; `before` are the digits of the bytes of the last look.
    fn look_at(&self, place: &Place, before: Option<&str>) -> Look {
        let file = place.file();
        let bytes = match self.storage.read(&self.path(place), 0, SEGMENT_MOST + 1) {
            Ok(bytes) => bytes,
            Err(error) => {
                let finding = Finding::new(&file, None, FindingKind::CannotRead(error.to_string()));
                return Look {
                    segment: Some(Segment { findings: vec![finding], ..Segment::default() }),
                    digits: None,
                    alike: 1,
                };
            }
        };
        if before.is_some_and(|digits| format::digest("", &bytes) == digits) {
            return Look { segment: None, digits: None, alike: 1 };
        }
        let segment = segment::read(&bytes, place, &file, self.protocol);
        let digits = (!segment.findings.is_empty()).then(|| format::digest("", &bytes));
        Look { segment: Some(segment), digits, alike: 1 }
    }

    /// A patient's record and the number of its segments.
    pub(super) fn record(&self, id: &PatientId, cache: Option<&Cache>) -> (PatientRecord, usize) {
        let (mut record, segments) = self.record_looking(id, cache, &mut |_| Vec::new());
        record.findings.retain(|finding| finding.kind != FindingKind::Leftover);
        record.findings.extend(self.no_longer_here(&record));
        record.findings.sort();
        (record, segments)
    }

    /// The same; what `look` says of an entry is reported with the file and line where it stands. What comes out of the
    /// cache is not looked at.
    pub(super) fn record_looking(
        &self,
        id: &PatientId,
        cache: Option<&Cache>,
        look: &mut dyn FnMut(&Entry) -> Vec<FindingKind>,
    ) -> (PatientRecord, usize) {
        let mut record = PatientRecord::nothing_of(id);
        // Before anything is read, so that what another thread reads later is not held against it.
        let ends = self.names.as_ref().map(|names| names.ends(id)).unwrap_or_default();
        let folder = match self.list_patient(id) {
            Ok(folder) => folder,
            Err(error) => {
                let file = Path::new(PATIENTS).join(id.as_str());
                record.findings.push(Finding::new(&file, None, FindingKind::CannotRead(error.to_string())));
                return (record, 0);
            }
        };
        record.findings = folder.findings;
        let bytes = |place: &Place| self.storage.read(&self.path(place), 0, SEGMENT_MOST + 1).ok();
        let few = folder.segments.len() <= HELD_MOST;
        let found: Vec<Found<'_>> =
            folder.segments.iter().map(|place| (place, few.then(|| bytes(place)).flatten())).collect();
        let older = self.are_older(&found, &ends);
        let slot = cache.filter(|_| record.findings.is_empty()).and_then(|cache| cache.slot(id, &found));
        if let Some(entries) = slot.as_ref().and_then(Slot::entries) {
            record.entries = entries;
            let holds = |bytes: &Option<Vec<u8>>| bytes.as_ref().is_none_or(|bytes| !segment::is_leftover(bytes));
            let held = found.iter().filter(|(_, bytes)| holds(bytes));
            record.segments = held.map(|(place, _)| place.file_name_here()).collect();
            for ((place, bytes), older) in found.iter().zip(older) {
                record.findings.extend(self.compared(place, bytes.as_deref().and_then(End::of).as_ref(), older));
            }
            return (record, folder.segments.len());
        }
        let at_once = |(place, bytes): Found<'_>| {
            let segment = bytes.map(|bytes| segment::read(&bytes, place, &place.file(), self.protocol));
            segment.filter(Segment::is_settled)
        };
        let spotless: Vec<Option<Segment>> = found.into_iter().map(at_once).collect();
        let others = folder.segments.iter().zip(&spotless).filter(|(_, segment)| segment.is_none());
        let others: Vec<Place> = others.map(|(place, _)| place.clone()).collect();
        let mut again = self.read_segments(&others).into_iter();
        let mut union = Union::default();
        for ((place, segment), older) in folder.segments.iter().zip(spotless).zip(older) {
            let file = place.file();
            let segment = segment.or_else(|| again.next()).unwrap_or_default();
            // What is damaged as well is told for that.
            record.findings.extend(self.compared(place, segment.end.as_ref(), older));
            record.read_only = record.read_only.or_else(|| segment.newer.map(|format| newer(place, format)));
            if segment.findings.iter().all(|finding| finding.kind != FindingKind::Leftover) {
                record.segments.push(place.file_name_here());
            }
            record.findings.extend(segment.findings);
            if !segment.is_vouched {
                record.unvouched.extend(segment.entries.iter().map(|(_, entry)| entry.id.clone()));
            }
            for (line, entry) in segment.entries {
                let said = look(&entry).into_iter();
                record.findings.extend(said.map(|kind| Finding::new(&file, Some(line), kind)));
                union.add(entry, line, &file, &mut record.findings);
            }
        }
        record.entries = union.entries;
        record.entries.sort_by(|a, b| (a.recorded_at, &a.id).cmp(&(b.recorded_at, &b.id)));
        record.findings.sort();
        // What was read again may not be what the slot is for.
        let is_well = record.findings.iter().all(|finding| finding.kind == FindingKind::Leftover);
        if let Some(slot) = slot.filter(|_| others.is_empty() && is_well && record.read_only.is_none()) {
            slot.keep(&record.entries);
        }
        (record, folder.segments.len())
    }

    /// Remembers how a spotless segment ends, or reports one that is an older state of itself. A file that does not end as it
    /// should is one where it is shorter than it was; else it is told for its damage alone.
    fn compared(&self, place: &Place, end: Option<&End>, older: Older) -> Option<Finding> {
        let names = self.names.as_ref();
        match (end, older) {
            (Some(end), Older::No) => names?.add_end(&place.patient, place.file_name_here(), end),
            (Some(end), Older::Restored) => names?.add_restored(&place.patient, place.file_name_here(), end),
            (Some(_), Older::Lacking { .. }) | (None, Older::Lacking { is_shorter: true }) => {
                return Some(Finding::new(&place.file(), None, FindingKind::Lost(Loss::Shorter)));
            }
            (None, _) => {}
        }
        None
    }

    fn path(&self, place: &Place) -> PathBuf {
        self.folder.join(place.file())
    }
}

impl Place {
    /// The segment's file, relative to the data folder.
    pub(super) fn file(&self) -> PathBuf {
        Path::new(PATIENTS).join(self.patient.as_str()).join(self.file_name_here())
    }

    fn file_name_here(&self) -> String {
        Self::file_name(&self.writer, self.segment)
    }
}

/// Why a patient is read-only, with the file.
pub(super) fn newer(place: &Place, format: u32) -> String {
    Finding::new(&place.file(), None, FindingKind::Newer(format)).to_string()
}

/// Entries of several segments, each id once.
#[derive(Default)]
struct Union {
    entries: Vec<Entry>,
    /// Where an id stands among them.
    places: HashMap<EntryId, usize>,
}

impl Union {
    /// Adds an entry. Of two that differ under one id, the one whose text sorts first is kept, so that every workstation
    /// keeps the same; the finding stands at the line that was read later.
    fn add(&mut self, entry: Entry, line: usize, file: &Path, findings: &mut Vec<Finding>) {
        let next = self.entries.len();
        let place = *self.places.entry(entry.id.clone()).or_insert(next);
        let Some(kept) = self.entries.get_mut(place) else {
            self.entries.push(entry);
            return;
        };
        // Compared as text, because two times that are the same instant may still differ in their offset.
        let written = |entry: &Entry| format::text(&super::Line::from(entry.clone())).unwrap_or_default();
        let (old, new) = (written(kept), written(&entry));
        if old == new {
            return;
        }
        findings.push(Finding::new(file, Some(line), FindingKind::TwoOfOneId(entry.id.clone())));
        if new < old {
            *kept = entry;
        }
    }
}
