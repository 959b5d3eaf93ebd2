//! Reading patients: the union of their segments.

use super::finding::{Finding, FindingKind};
use super::format::{self, Place, SEGMENT_MOST};
use super::segment::{self, Segment};
use super::storage::ItemKind;
use super::{PATIENTS, Store, StoreError};
use crate::record::{Entry, EntryId, PatientId};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

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
    /// Why nothing may be saved for this patient, if so.
    pub read_only: Option<String>,
}

/// The names in a patient's folder.
pub(super) struct Folder {
    /// Its segments, by writer and number.
    pub segments: Vec<Place>,
    /// Everything else.
    pub findings: Vec<Finding>,
}

impl Store {
    /// Every patient's record, sorted by id. A patient whose files are damaged or newer keeps nobody else from being read.
    /// A folder that holds nothing at all, as an interrupted first save leaves it, is passed over.
    pub fn read_all(&self) -> Result<Vec<PatientRecord>, StoreError> {
        let (patients, _) = self.patients()?;
        let records = patients.iter().map(|patient| self.record(patient).0);
        Ok(records.filter(|record| !record.entries.is_empty() || !record.findings.is_empty()).collect())
    }

    /// One patient's record.
    pub fn read(&self, id: &PatientId) -> Result<PatientRecord, StoreError> {
        match self.storage.list(&self.patient_folder(id)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(StoreError::NoPatient { patient: id.clone() }),
            _ => Ok(self.record(id).0),
        }
    }

    /// The patients that have a folder, sorted, and everything beside them.
    pub(super) fn patients(&self) -> Result<(Vec<PatientId>, Vec<Finding>), StoreError> {
        let folder = self.folder.join(PATIENTS);
        let items = match self.storage.list(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            other => other.map_err(StoreError::io("read", folder))?,
        };
        let (mut patients, mut findings) = (Vec::new(), Vec::new());
        for item in items {
            let id = item.name.to_str().and_then(|name| name.parse().ok());
            match (id, item.kind) {
                (Some(id), ItemKind::Folder) => patients.push(id),
                (id, _) => findings.push(stranger(Path::new(PATIENTS).join(item.name), id.is_some())),
            }
        }
        Ok((patients, findings))
    }

    pub(super) fn patient_folder(&self, patient: &PatientId) -> PathBuf {
        self.folder.join(PATIENTS).join(patient.as_str())
    }

    /// The names in a patient's folder, told apart.
    pub(super) fn list_patient(&self, patient: &PatientId) -> io::Result<Folder> {
        let mut folder = Folder { segments: Vec::new(), findings: Vec::new() };
        for item in self.storage.list(&self.patient_folder(patient))? {
            match (item.name.to_str().and_then(Place::parse_file_name), item.kind) {
                (Some((writer, segment)), ItemKind::File) => {
                    let (store, patient) = (self.id.clone(), patient.clone());
                    folder.segments.push(Place { store, patient, writer, segment });
                }
                (name, _) => {
                    let file = Path::new(PATIENTS).join(patient.as_str()).join(item.name);
                    folder.findings.push(stranger(file, name.is_some()));
                }
            }
        }
        Ok(folder)
    }

    /// Reads one segment. A reader may meet a save of another program half done: the end missing, or the old end followed
    /// by the rest of the new one. So a segment with any finding is read again until it stays the same.
    pub(super) fn read_segment(&self, place: &Place) -> Segment {
        match self.stable_segment(place) {
            Ok((_, segment)) => segment,
            Err(error) => {
                let finding = Finding::new(&place.file(), None, FindingKind::CannotRead(error.to_string()));
                Segment { findings: vec![finding], ..Segment::default() }
            }
        }
    }

    /// The same, with the bytes.
    pub(super) fn stable_segment(&self, place: &Place) -> io::Result<(Vec<u8>, Segment)> {
        let file = place.file();
        let path = self.folder.join(&file);
        let mut before: Option<(Vec<u8>, Segment)> = None;
        for _ in 0..READS_MOST {
            let bytes = self.storage.read(&path, 0, SEGMENT_MOST + 1)?;
            if let Some(same) = before.take_if(|(same, _)| *same == bytes) {
                return Ok(same);
            }
            let segment = segment::read(&bytes, place, &file, self.protocol);
            if segment.findings.is_empty() {
                return Ok((bytes, segment));
            }
            before = Some((bytes, segment));
            self.storage.pause(Duration::from_millis(5));
        }
        Ok(before.unwrap_or_default())
    }

    /// A patient's record and the number of its segments.
    pub(super) fn record(&self, id: &PatientId) -> (PatientRecord, usize) {
        self.record_looking(id, &mut |_| Vec::new())
    }

    /// The same; what `look` says of an entry is reported with the file and line where it stands.
    pub(super) fn record_looking(
        &self,
        id: &PatientId,
        look: &mut dyn FnMut(&Entry) -> Vec<FindingKind>,
    ) -> (PatientRecord, usize) {
        let mut record = PatientRecord { id: id.clone(), entries: Vec::new(), findings: Vec::new(), read_only: None };
        let folder = match self.list_patient(id) {
            Ok(folder) => folder,
            Err(error) => {
                let file = Path::new(PATIENTS).join(id.as_str());
                record.findings.push(Finding::new(&file, None, FindingKind::CannotRead(error.to_string())));
                return (record, 0);
            }
        };
        record.findings = folder.findings;
        let mut union: BTreeMap<EntryId, Entry> = BTreeMap::new();
        for place in &folder.segments {
            let segment = self.read_segment(place);
            record.read_only = record.read_only.or_else(|| segment.newer.map(|format| newer(place, format)));
            record.findings.extend(segment.findings);
            for (line, entry) in segment.entries {
                let said = look(&entry).into_iter();
                record.findings.extend(said.map(|kind| Finding::new(&place.file(), Some(line), kind)));
                unite(&mut union, entry, line, &place.file(), &mut record.findings);
            }
        }
        record.entries = union.into_values().collect();
        record.entries.sort_by(|a, b| (a.recorded_at, &a.id).cmp(&(b.recorded_at, &b.id)));
        record.findings.sort();
        (record, folder.segments.len())
    }
}

impl Place {
    /// The segment's file, relative to the data folder.
    pub(super) fn file(&self) -> PathBuf {
        Path::new(PATIENTS).join(self.patient.as_str()).join(Self::file_name(&self.writer, self.segment))
    }
}

/// Why a patient is read-only, with the file.
pub(super) fn newer(place: &Place, format: u32) -> String {
    Finding::new(&place.file(), None, FindingKind::Newer(format)).to_string()
}

/// Adds an entry to the union. Of two that differ under one id, the one whose text sorts first is kept, so that every
/// workstation keeps the same; the finding stands at the line that was read later.
fn unite(union: &mut BTreeMap<EntryId, Entry>, entry: Entry, line: usize, file: &Path, findings: &mut Vec<Finding>) {
    let Some(kept) = union.get(&entry.id) else {
        union.insert(entry.id.clone(), entry);
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
        union.insert(entry.id.clone(), entry);
    }
}

pub(super) fn stranger(file: PathBuf, known_name: bool) -> Finding {
    Finding { file, line: None, kind: if known_name { FindingKind::WrongKind } else { FindingKind::UnknownName } }
}
