//! What a data folder lacks, as far as can be told: nothing in it says which files there should be, but the files that are
//! left speak of those that are not, and a workstation remembers which it has read.

use super::cache::SeenNames;
use super::finding::{Finding, FindingKind};
use super::format::{Place, WriterId};
use super::loss::Loss;
use super::read::PatientRecord;
use super::storage::Item;
use super::writer::{self, WRITERS};
use super::{PATIENTS, Store, StoreError};
use crate::record::{Entry, EntryId, Fact, Initials, Moment, PatientId};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

impl Store {
    /// What one patient's files lack. The entries that are about others which no file holds are found on a second reading,
    /// with their lines.
    pub(super) fn lacking(&self, record: &PatientRecord, places: &[Place]) -> Vec<Finding> {
        let folder = Path::new(PATIENTS).join(record.id.as_str());
        // One of which it is known why it is gone is told no longer.
        let is_forgotten = |place: &Place| {
            let name = Place::file_name(&place.writer, place.segment);
            self.names.as_ref().is_some_and(|names| names.is_forgotten(&record.id, &name))
        };
        let numbers = missing_numbers(places).filter(|place| !is_forgotten(place));
        let mut findings: Vec<Finding> =
            numbers.map(|place| Finding::new(&place.file(), None, FindingKind::Lost(Loss::File))).collect();
        // Of a file that is there and cannot be used, nobody knows what it holds, and it is reported for itself.
        let is_read = record.findings.iter().all(|finding| finding.kind == FindingKind::Leftover);
        let loss = if record.entries.is_empty() {
            (!self.is_known_to_be_empty(&record.id)).then_some(Loss::Entries)
        } else {
            (!record.entries.iter().any(is_identity)).then_some(Loss::Identity)
        };
        findings.extend(loss.filter(|_| is_read).map(|loss| Finding::new(&folder, None, FindingKind::Lost(loss))));
        let known: BTreeSet<&EntryId> = record.entries.iter().map(|entry| &entry.id).collect();
        let unknown =
            |entry: &Entry| entry.fact.about().into_iter().filter(|id| !known.contains(id)).collect::<Vec<_>>();
        if record.entries.iter().any(|entry| !unknown(entry).is_empty()) {
            let mut look = |entry: &Entry| {
                // A review may name thousands; one that is missing is enough to say that the file of many is.
                let most = if matches!(entry.fact, Fact::Reviewed(_)) { 1 } else { usize::MAX };
                unknown(entry).into_iter().take(most).map(|id| FindingKind::Lost(Loss::Named(id))).collect()
            };
            let again = self.record_looking(&record.id, None, &mut look).0.findings;
            findings
                .extend(again.into_iter().filter(|finding| matches!(finding.kind, FindingKind::Lost(Loss::Named(_)))));
        }
        findings
    }

    /// The record of a patient without a folder: nothing, and which files of theirs this workstation has read.
    pub fn without_folder(&self, id: &PatientId) -> PatientRecord {
        let mut record = PatientRecord::nothing_of(id);
        record.findings = self.no_longer_here(&record);
        record
    }

    /// The patients who have a folder, and those of whom this workstation has read any file; sorted.
    pub(super) fn with_seen(&self, patients: &[PatientId]) -> Vec<PatientId> {
        let seen = self.names.as_ref().map(SeenNames::patients).unwrap_or_default();
        let all: BTreeSet<PatientId> = patients.iter().cloned().chain(seen).collect();
        all.into_iter().collect()
    }

    /// The files of a patient that this workstation has read before and that are gone now.
    pub(super) fn no_longer_here(&self, record: &PatientRecord) -> Vec<Finding> {
        let folder = Path::new(PATIENTS).join(record.id.as_str());
        // A folder that cannot be listed says nothing of what is in it.
        if record.findings.iter().any(|finding| finding.file == folder) {
            return Vec::new();
        }
        let missing = self.names.as_ref().map(|names| names.missing(&record.id, &record.segments)).unwrap_or_default();
        let kind = FindingKind::Lost(Loss::SeenFile);
        missing.into_iter().map(|name| Finding::new(&folder.join(name), None, kind.clone())).collect()
    }

    /// Whether somebody knows why a patient's folder holds no entry.
    pub(super) fn is_known_to_be_empty(&self, patient: &PatientId) -> bool {
        self.names.as_ref().is_some_and(|names| names.is_folder_forgotten(patient))
    }

    /// The folder of a patient, where it holds no entry and nobody has said that this is known: a registration was interrupted,
    /// or files were removed. Nothing of it can be told apart from nothing, so it is no patient of the ward.
    pub fn empty_folder_of(&self, patient: &PatientId) -> Option<PathBuf> {
        let record = self.read(patient).ok()?;
        let is_empty = record.entries.is_empty() && record.findings.iter().all(Finding::is_remembered);
        let is_told = is_empty && !self.is_known_to_be_empty(patient);
        is_told.then(|| Path::new(PATIENTS).join(patient.as_str()))
    }

    /// Somebody knows why these files of a patient are gone, or shorter than they were: this workstation does not miss them any
    /// more. Files that were not told of, or are as they were, are passed over. The [folder](Self::empty_folder_of) may be among
    /// them. Returns those that are known now.
    ///
    /// Nothing is written into the data folder, and other workstations go on telling what they miss. A file that comes back
    /// is remembered again.
    ///
    /// # Errors
    /// [`StoreError`] where the folder cannot be read, so that nobody knows what is gone, or what is known cannot be kept.
    pub fn acknowledge_missing(
        &self,
        patient: &PatientId,
        told: &[PathBuf],
        by: &Initials,
        at: Moment,
    ) -> Result<Vec<PathBuf>, StoreError> {
        let Some(names) = &self.names else { return Ok(Vec::new()) };
        self.look()?;
        self.patients()?;
        let record = match self.read(patient) {
            Err(StoreError::NoPatient { .. }) => self.without_folder(patient),
            other => other?,
        };
        let (mut known, mut files) = (Vec::new(), Vec::new());
        for finding in record.findings.into_iter().filter(|found| found.is_remembered() && told.contains(&found.file)) {
            let Some(name) = finding.file.file_name().and_then(|name| name.to_str()) else { continue };
            let end = if finding.kind == FindingKind::Lost(Loss::Shorter) {
                let Some((writer, segment)) = Place::parse_file_name(name) else { continue };
                let place = Place { store: self.id.clone(), patient: patient.clone(), writer, segment };
                // One that was damaged meanwhile is told of for that.
                let Some(end) = self.read_segment(&place).end else { continue };
                Some(end)
            } else {
                None
            };
            files.push((name.to_owned(), end));
            known.push(finding.file);
        }
        let empty = self.empty_folder_of(patient);
        let cannot_keep = |error| StoreError::io("remember that it is known in", names.file())(error);
        let by = format!("{by} {}", at.to_rfc3339());
        names.forget(patient, files, &by).map_err(&cannot_keep)?;
        if let Some(folder) = empty.filter(|folder| told.contains(folder)) {
            names.forget_folder(patient, &by).map_err(&cannot_keep)?;
            known.push(folder);
        }
        Ok(known)
    }

    /// Whether there were patients in this folder, so that it is a loss when `patients` is not there: this program has seen
    /// them, or programs have run as writers, for which that folder is made first.
    pub(super) fn had_patients(&self) -> bool {
        let claims = || self.storage.list(&self.folder.join(WRITERS)).unwrap_or_default();
        let is_claim = |item: &Item| item.name.to_str().and_then(writer::writer_of_claim).is_some();
        let seen = || self.names.as_ref().is_some_and(|names| !names.patients().is_empty());
        self.seen_patients.load(Ordering::Relaxed) || seen() || claims().iter().any(is_claim)
    }

    /// The writers that have run here, each with the name that says so.
    pub(super) fn claims(&self) -> BTreeMap<WriterId, String> {
        let items = self.storage.list(&self.folder.join(WRITERS)).unwrap_or_default();
        let names = items.into_iter().filter_map(|item| item.name.into_string().ok());
        names.filter_map(|name| Some((writer::writer_of_claim(&name)?, name))).collect()
    }

    /// Those of whom there is no file: `writers` have some.
    pub(super) fn writers_without_files(
        &self,
        claims: &BTreeMap<WriterId, String>,
        writers: &BTreeSet<WriterId>,
    ) -> Vec<Finding> {
        let folder = Path::new(WRITERS);
        let is_known = |writer: &WriterId| self.names.as_ref().is_some_and(|names| names.is_known_to_be_gone(writer));
        let left = claims.iter().filter(|(writer, _)| !writers.contains(*writer) && !is_known(writer));
        left.map(|(_, name)| Finding::new(&folder.join(name), None, FindingKind::Lost(Loss::FilesOfWriter))).collect()
    }
}

/// Files whose numbers a writer must have used, because it used a later one.
fn missing_numbers(places: &[Place]) -> impl Iterator<Item = Place> + '_ {
    let follows = |place: &&Place| {
        place.segment > 1
            && !places.iter().any(|other| other.writer == place.writer && other.segment == place.segment - 1)
    };
    places.iter().filter(follows).map(|place| Place { segment: place.segment - 1, ..place.clone() })
}

pub(super) fn is_identity(entry: &Entry) -> bool {
    matches!(entry.fact, Fact::PatientRegistered(_) | Fact::PatientAmended(_))
}
