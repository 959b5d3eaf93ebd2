//! Looking at every file of the data folder, and changing nothing.

use super::cache::SeenNames;
use super::finding::{Finding, FindingKind};
use super::format::{Place, WriterId};
use super::lacking::is_identity;
use super::listing::stranger;
use super::read::PatientRecord;
use super::storage::ItemKind;
use super::{PATIENTS, STORE_FILE, Store, StoreError, format, unit, writer};
use crate::record::{Chart, Entry, EntryId, Moment, Mrn, PatientId};
use chrono::TimeDelta;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Clocks of workstations may differ by this much before an entry is called recorded in the future.
const SKEW: TimeDelta = TimeDelta::minutes(1);
/// What a save may take on a slow share, from the first name that it makes to the last byte.
const A_SAVE: Duration = Duration::from_secs(1);
/// How many files with too loose a mode are listed one by one: a folder that was copied by hand has nothing else.
const LOOSE_LISTED: usize = 20;
/// What nobody but the owner may do.
const OF_OTHERS: u32 = 0o077;
/// `unit.ron` holds no patient and is made with an editor, which lets others read it.
const WRITE_OF_OTHERS: u32 = 0o022;

/// The result of [`Store::verify`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// How many patients' folders there are.
    pub patients: usize,
    /// How many segments.
    pub segments: usize,
    /// How many entries, each counted once.
    pub entries: usize,
    /// Everything that is not as it should be, sorted; empty when all is well.
    pub findings: Vec<Finding>,
}

impl fmt::Display for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counted = [
            counted(self.patients, "patient", "patients"),
            counted(self.entries, "entry", "entries"),
            counted(self.segments, "file", "files"),
        ]
        .join(", ");
        if self.findings.is_empty() {
            return write!(f, "all well: {counted}");
        }
        write!(f, "{} in {counted}", counted_findings(self.findings.len()))
    }
}

fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

fn counted_findings(number: usize) -> String {
    counted(number, "finding", "findings")
}

impl Store {
    /// Reads every file of the data folder and says what is not as this program made it; changes nothing.
    ///
    /// `now` is for entries that say they were recorded later than that. Beside what reading reports, it looks at names
    /// that nobody made, at modes, at STORE.ron as it is by now, at ids and numbers that two patients share, and at what the files that
    /// are there say of files that are not.
    ///
    /// # Errors
    /// [`StoreError::OutOfReach`] while there is nothing to look at: a folder that is away has lost nothing.
    pub fn verify(&self, now: Moment) -> Result<Verified, StoreError> {
        let store_file = self.store_file_finding()?;
        self.names.as_ref().map(SeenNames::refresh);
        // Before the patients: who begins to save from now on is not held against what is read then.
        let claims = self.claims();
        let (patients, findings) = self.patients()?;
        let mut verified = Verified { patients: patients.len(), findings, ..Verified::default() };
        let mut owners = Owners { now, known: BTreeMap::new() };
        self.progress.begin(patients.len());
        let mut looks = Vec::with_capacity(patients.len());
        for patient in &patients {
            self.progress.step()?;
            looks.push(self.look_at_patient(patient, &mut owners));
        }
        let mut writers: BTreeSet<WriterId> = looks.iter().flat_map(PatientLook::writers).collect();
        let mut without_files = self.writers_without_files(&claims, &writers);
        if !without_files.is_empty() || !looks.iter().all(PatientLook::is_settled) {
            self.storage.pause(A_SAVE);
            for (patient, look) in patients.iter().zip(&mut looks).filter(|(_, look)| !look.is_settled()) {
                *look = self.look_at_patient(patient, &mut owners);
            }
        }
        if !without_files.is_empty() {
            // Also in the folders that were made since.
            let listed =
                self.patients()?.0.iter().map(|patient| self.list_patient(patient)).collect::<io::Result<Vec<_>>>();
            // A folder that cannot be listed may hold files of anybody, and is told for itself.
            without_files = listed.map_or_else(
                |_| Vec::new(),
                |folders| {
                    writers.extend(folders.into_iter().flat_map(|folder| folder.segments).map(|place| place.writer));
                    self.writers_without_files(&claims, &writers)
                },
            );
        }
        let mut numbers: Vec<(Mrn, &PatientId)> = Vec::new();
        for (patient, look) in patients.iter().zip(looks) {
            numbers.extend(look.mrn.map(|mrn| (mrn, patient)));
            verified.segments += look.places.len();
            verified.entries += look.entries;
            verified.findings.extend(look.findings);
        }
        let gone = self.with_seen(&[]).into_iter().filter(|patient| patients.binary_search(patient).is_err());
        verified.findings.extend(gone.flat_map(|patient| self.without_folder(&patient).findings));
        verified.findings.extend(same_numbers(&numbers));
        verified.findings.extend(store_file);
        verified.findings.extend(self.unit_findings());
        verified.findings.extend(without_files);
        verified.findings.extend(self.names());
        verified.findings.extend(self.modes());
        verified.findings.sort();
        verified.findings.dedup();
        Ok(verified)
    }

    /// Looks at one patient's files.
    fn look_at_patient(&self, patient: &PatientId, owners: &mut Owners) -> PatientLook {
        let (record, _) = self.record_looking(patient, None, &mut |entry| owners.look(patient, entry));
        let places = self.list_patient(patient).map(|folder| folder.segments).unwrap_or_default();
        let mut findings = self.lacking(&record, &places);
        findings.extend(self.no_longer_here(&record));
        let (mrn, entries) = (mrn_of(&record), record.entries.len());
        // What a first save left that came to nothing is known with the folder.
        let is_known = entries == 0 && self.is_known_to_be_empty(patient);
        findings.extend(record.findings.into_iter().filter(|found| !is_known || found.kind != FindingKind::Leftover));
        PatientLook { findings, entries, places, mrn }
    }

    /// STORE.ron was read when the folder was opened, perhaps hours ago.
    fn store_file_finding(&self) -> Result<Option<Finding>, StoreError> {
        let bytes = self.storage.read(&self.folder.join(STORE_FILE), 0, super::STORE_MOST);
        let why = match bytes.as_deref().map(format::parse_store) {
            Ok(Ok(found)) if found.store == self.id => return Ok(None),
            Ok(Ok(found)) => format!("it names the store {}, and this is {}", found.store, self.id),
            Ok(Err(_)) => "it is damaged".to_owned(),
            // Only beside other files is it missing.
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.holds_anything() => {
                "it is missing".to_owned()
            }
            Err(_) => return Err(StoreError::OutOfReach { folder: self.folder.clone() }),
        };
        Ok(Some(Finding::new(Path::new(STORE_FILE), None, FindingKind::StoreFile(why))))
    }

    /// A share that is gone often leaves an empty folder in its place.
    fn holds_anything(&self) -> bool {
        self.storage.list(&self.folder).is_ok_and(|items| !items.is_empty())
    }

    /// What stands beside the files that are read, where this program puts nothing.
    fn names(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for item in self.storage.list(&self.folder).unwrap_or_default() {
            let kind = match item.name.to_str() {
                // What they are is found out where they are read; a link to a file that a hospital keeps elsewhere is one.
                Some(STORE_FILE | unit::UNIT_FILE) => continue,
                Some(PATIENTS | unit::UNIT_FOLDER | writer::WRITERS) => Some(ItemKind::Folder),
                _ => None,
            };
            if kind != Some(item.kind) {
                findings.push(stranger(PathBuf::from(item.name), kind.is_some()));
            }
        }
        for item in self.storage.list(&self.folder.join(writer::WRITERS)).unwrap_or_default() {
            let known = item.name.to_str().is_some_and(writer::is_run_name);
            if !known || item.kind != ItemKind::File {
                findings.push(stranger(Path::new(writer::WRITERS).join(item.name), known));
            }
        }
        findings
    }

    /// Files and folders that others than their owner may read or write.
    fn modes(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        self.look_at_mode(Path::new(""), &mut findings);
        self.modes_below(Path::new(""), &mut findings);
        if let Some(more) = findings.len().checked_sub(LOOSE_LISTED).filter(|more| *more > 0) {
            findings.truncate(LOOSE_LISTED);
            findings.push(Finding::new(Path::new("."), None, FindingKind::MoreLoose(more)));
        }
        findings
    }

    fn modes_below(&self, folder: &Path, findings: &mut Vec<Finding>) {
        // A folder that cannot be listed is reported where its files are read.
        for item in self.storage.list(&self.folder.join(folder)).unwrap_or_default() {
            let path = folder.join(item.name);
            match item.kind {
                ItemKind::File => self.look_at_mode(&path, findings),
                ItemKind::Folder => {
                    self.look_at_mode(&path, findings);
                    self.modes_below(&path, findings);
                }
                ItemKind::Link | ItemKind::Other => {}
            }
        }
    }

    fn look_at_mode(&self, path: &Path, findings: &mut Vec<Finding>) {
        let forbidden = if path == Path::new(unit::UNIT_FILE) { WRITE_OF_OTHERS } else { OF_OTHERS };
        if let Ok(Some(mode)) = self.storage.mode(&self.folder.join(path))
            && mode & forbidden != 0
        {
            let shown = if path.as_os_str().is_empty() { Path::new(".") } else { path };
            findings.push(Finding::new(shown, None, FindingKind::Loose(mode)));
        }
    }
}

/// What one patient's files came to.
struct PatientLook {
    findings: Vec<Finding>,
    entries: usize,
    places: Vec<Place>,
    mrn: Option<Mrn>,
}

impl PatientLook {
    fn writers(&self) -> impl Iterator<Item = WriterId> + '_ {
        self.places.iter().map(|place| place.writer.clone())
    }

    /// Whether nothing was found that another program which was saving meanwhile leaves as well, as with a folder or a file that
    /// it has made and not filled yet, or with the file of an entry that came after its folder was listed.
    fn is_settled(&self) -> bool {
        let may_pass = |found: &Finding| {
            matches!(found.kind, FindingKind::Lost(_) | FindingKind::Leftover | FindingKind::Interrupted)
        };
        !self.findings.iter().any(may_pass)
    }
}

/// The number that a patient has by now.
fn mrn_of(record: &PatientRecord) -> Option<Mrn> {
    Chart::fold(record.entries.iter().filter(|entry| is_identity(entry))).identity.map(|identity| identity.mrn)
}

/// Patients of one number: each is told at the later of the two, by the ids alone.
fn same_numbers(numbers: &[(Mrn, &PatientId)]) -> Vec<Finding> {
    let mut first: BTreeMap<String, &PatientId> = BTreeMap::new();
    let mut findings = Vec::new();
    for (mrn, patient) in numbers {
        let other = *first.entry(mrn.bare()).or_insert(patient);
        if other != *patient {
            findings.push(Finding::second_chart(patient, other));
        }
    }
    findings
}

/// What every entry is held against: the present, and the patients in whose files its id was seen.
struct Owners {
    now: Moment,
    known: BTreeMap<EntryId, PatientId>,
}

impl Owners {
    fn look(&mut self, patient: &PatientId, entry: &Entry) -> Vec<FindingKind> {
        let mut kinds = Vec::new();
        if entry.recorded_at > self.now + SKEW {
            kinds.push(FindingKind::InTheFuture(entry.recorded_at));
        }
        let owner = self.known.entry(entry.id.clone()).or_insert_with(|| patient.clone());
        if owner != patient {
            kinds.push(FindingKind::OfTwoPatients(entry.id.clone(), owner.clone()));
        }
        kinds
    }
}
