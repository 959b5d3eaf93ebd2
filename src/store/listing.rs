//! Which patients have a folder, and which segments are in it.

use super::finding::{Finding, FindingKind, not_too_many};
use super::format::Place;
use super::storage::ItemKind;
use super::{PATIENTS, Store, StoreError};
use crate::record::PatientId;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

/// The names in a patient's folder.
pub(super) struct Folder {
    /// Its segments, by writer and number.
    pub segments: Vec<Place>,
    /// Everything else.
    pub findings: Vec<Finding>,
}

impl Store {
    /// Whether a patient has a folder.
    ///
    /// # Errors
    /// [`StoreError::NoPatient`] where there is none; [`StoreError::Io`] where that cannot be told.
    pub fn find(&self, id: &PatientId) -> Result<(), StoreError> {
        self.storage.list(&self.patient_folder(id)).map(|_| ()).map_err(self.not_listed(id))
    }

    /// Why a patient's folder could not be listed.
    pub(super) fn not_listed(&self, id: &PatientId) -> impl FnOnce(io::Error) -> StoreError {
        let (patient, folder) = (id.clone(), self.patient_folder(id));
        |error| match error.kind() {
            io::ErrorKind::NotFound => StoreError::NoPatient { patient },
            _ => StoreError::io("read", folder)(error),
        }
    }

    /// The patients that have a folder, sorted, and everything beside them.
    pub(super) fn patients(&self) -> Result<(Vec<PatientId>, Vec<Finding>), StoreError> {
        let folder = self.folder.join(PATIENTS);
        let items = match self.storage.list(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && !self.had_patients() => Vec::new(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(StoreError::NoPatients { folder: self.folder.clone() });
            }
            other => other.map_err(StoreError::io("read", folder))?,
        };
        self.seen_patients.fetch_or(!items.is_empty(), Ordering::Relaxed);
        let (mut patients, mut findings) = (Vec::new(), Vec::new());
        for item in items {
            let id = item.name.to_str().and_then(|name| name.parse().ok());
            match (id, item.kind) {
                (Some(id), ItemKind::Folder) => patients.push(id),
                (id, _) => findings.push(stranger(Path::new(PATIENTS).join(item.name), id.is_some())),
            }
        }
        Ok((patients, not_too_many(findings, Path::new(PATIENTS))))
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
        folder.findings = not_too_many(folder.findings, &Path::new(PATIENTS).join(patient.as_str()));
        Ok(folder)
    }
}

pub(super) fn stranger(file: PathBuf, known_name: bool) -> Finding {
    Finding { file, line: None, kind: if known_name { FindingKind::WrongKind } else { FindingKind::UnknownName } }
}
