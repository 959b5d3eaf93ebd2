//! Medication administration records of other systems (CSV) become administrations, by a [`Profile`].
//!
//! The whole file is checked before anything is handed out: one cell that cannot be taken refuses it, with every bad
//! cell named. Rows of drugs that are not recorded here are left out and listed. [`Report`] accounts for every row.
//! Nothing is saved here.
//!
//! **Source ids** keep a row from being imported twice: the profile's name and the source's own id, else a digest of what
//! the row says and a running number among equal rows of the file. Two equal rows of one file are two doses; the same
//! file again adds nothing.
//!
//! **Limitations**: a row without an id that was changed in the source is another row, and comes in as a new dose.
//! Two rows that are equal without an id are one dose when they come in two different files. A file is read whole, and
//! takes at most 32 times its length of memory.

mod error;
mod profile;
mod report;
mod row;
mod table;

pub use error::{BadCell, ImportError};
pub use profile::Profile;
pub use report::{Imported, Report, Skip, Skipped, Undecided};

use crate::exposure::{DEFAULT_TABLE, Rules, Tables};
use crate::record::{Administration, Formulary, Identity, Mrn, Name, Now, Sex};
use chrono::NaiveDate;
use profile::Column;
use report::{Origin, Tally};
use row::{CONTENT_ID, Dose, Outcome, Reader};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use table::{Header, Lines};

/// No file is longer, in bytes; the caller looks at the length before it reads one.
pub const LARGEST_FILE: usize = 256 * 1024 * 1024;

/// No line is longer, in bytes.
pub const LONGEST_LINE: usize = 64 * 1024;

/// How many bad cells are listed; the rest are counted.
pub const MOST_CELLS: usize = 20;

/// What one file holds, checked and not yet saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Patients with at least one dose, by MRN.
    pub patients: Vec<BatchPatient>,
    /// The account of the file's rows.
    pub report: Report,
    tally: Tally,
    /// By source id.
    origins: BTreeMap<String, Origin>,
}

/// One patient of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchPatient {
    /// What the file says of them; names are empty where it has none.
    pub identity: Identity,
    /// Their doses by given time, each with its source id.
    pub administrations: Vec<Administration>,
}

/// Reads a whole file. `file` names it in messages; `now` decides what is in the future and what local time is.
///
/// ```
/// use chrono::FixedOffset;
/// use corticurve::exchange::import::{self, Profile};
/// use corticurve::record::{Formulary, Now, time};
/// let zone = FixedOffset::east_opt(0).unwrap();
/// let now = Now { at: time::parse_moment("2026-11-22 14:30", &zone).unwrap(), zone: &zone };
/// let file = "mrn,given_at,drug,amount,unit\n40017,2026-11-22 08:00,dexamethasone,4.5,mg\n";
/// let formulary = Formulary::shipped().unwrap();
/// let batch = import::read(file.as_bytes(), "mar.csv", &Profile::named("generic").unwrap(), &formulary, now).unwrap();
/// assert_eq!(batch.patients[0].administrations[0].amount_shown(), "4.5 mg");
/// ```
///
/// # Errors
/// [`ImportError`] says what, where and what to do; nothing of the file is then handed out.
pub fn read(
    bytes: &[u8],
    file: &str,
    profile: &Profile,
    formulary: &Formulary,
    now: Now<'_>,
) -> Result<Batch, ImportError> {
    profile.check_drugs(formulary)?;
    let mut lines = Lines::of(bytes, file)?;
    let header = Header::find(&mut lines, profile)?;
    let reader = Reader { header: &header, profile, formulary, now, offset: profile.zone() };
    let mut gathered = Gathered::default();
    for line in lines {
        let (line, cells) = line?;
        gathered.rows_read += 1;
        match reader.read(line, &cells, &mut gathered.bad) {
            Outcome::Dose(dose) => gathered.dose(*dose, &header, profile, formulary),
            Outcome::Skipped(reason, drug) => gathered.tally.skip(reason, &drug, line),
            Outcome::Bad => {}
        }
    }
    let report = Report {
        file: file.to_owned(),
        profile: profile.name().to_owned(),
        rows_read: gathered.rows_read,
        ignored_columns: header.unused(),
        ..Report::default()
    };
    gathered.finish(report, formulary, profile.dates_shifted)
}

/// Opens a file and reads it as [`read`] does.
///
/// # Errors
/// [`ImportError::Unreadable`], and what [`read`] gives.
pub fn read_file(path: &Path, profile: &Profile, formulary: &Formulary, now: Now<'_>) -> Result<Batch, ImportError> {
    let name = path.display().to_string();
    let unreadable = |error| ImportError::Unreadable { file: name.clone(), error };
    let mut bytes = Vec::new();
    // One byte more than is taken, so that a larger file is noticed without being loaded.
    let most = u64::try_from(LARGEST_FILE).unwrap_or(u64::MAX).saturating_add(1);
    File::open(path).map_err(unreadable)?.take(most).read_to_end(&mut bytes).map_err(unreadable)?;
    read(&bytes, &name, profile, formulary, now)
}

impl Batch {
    /// Leaves out the doses whose source id a patient's chart has. `known` gives such a dose as it was imported; one that
    /// the source has changed since is counted apart, because a person must look at it.
    #[must_use]
    pub fn against<'a>(mut self, known: impl Fn(&Mrn, &str) -> Option<&'a Administration>) -> Self {
        let mut patients = std::mem::take(&mut self.patients);
        for patient in &mut patients {
            let mrn = patient.identity.mrn.clone();
            self.leave_out(patient, |id| known(&mrn, id));
        }
        patients.retain(|patient| !patient.administrations.is_empty());
        self.patients = patients;
        self.tally.tell(self.origins.values(), &mut self.report);
        self
    }

    /// The same for one of its patients, who was taken out of it.
    pub fn leave_out<'a>(&mut self, patient: &mut BatchPatient, known: impl Fn(&str) -> Option<&'a Administration>) {
        patient.administrations.retain(|dose| {
            let Some(id) = dose.source_id.as_deref() else { return true };
            let Some(before) = known(id) else { return true };
            if let Some(origin) = self.origins.remove(id) {
                self.tally.skip_known(&origin, before == dose);
            }
            false
        });
    }

    /// The account of its rows, where these patients were registered.
    pub fn into_report(mut self, registered: Vec<Mrn>) -> Report {
        self.tally.tell(self.origins.values(), &mut self.report);
        Report { registered, ..self.report }
    }
}

/// What the file says of one patient, with the line that said it first.
#[derive(Default)]
struct Said {
    family: Option<(Name, u64)>,
    given: Option<(Name, u64)>,
    born: Option<(NaiveDate, u64)>,
    /// With their lines.
    doses: Vec<(u64, Administration)>,
}

/// The file while it is being read.
#[derive(Default)]
struct Gathered {
    rows_read: usize,
    tally: Tally,
    bad: Vec<BadCell>,
    patients: BTreeMap<Mrn, Said>,
    /// Where each source id is: whose, and which of the patient's doses.
    ids: BTreeMap<String, (Mrn, usize)>,
    /// How many rows said exactly this, by digest.
    equal: BTreeMap<String, usize>,
}

impl Gathered {
    /// Takes a row's dose, holding it against the rows before it.
    fn dose(&mut self, mut dose: Dose, header: &Header, profile: &Profile, formulary: &Formulary) {
        self.identity(&mut dose, header);
        let id = self.source_id(&dose.administration.source_id.take().unwrap_or_default(), profile);
        dose.administration.source_id = Some(id.clone());
        let earlier = self.ids.get(&id).and_then(|(mrn, at)| Some((mrn, self.patients.get(mrn)?.doses.get(*at)?)));
        if let Some((mrn, (line, same))) = earlier {
            if *mrn == dose.mrn && *same == dose.administration {
                self.tally.skip(Skip::Repeated, formulary.shown(&same.drug), dose.line);
            } else {
                let problem =
                    format!("line {line} has the same id and says something else; each dose needs its own id");
                self.refuse(dose.line, header.name(Column::SourceId), problem);
            }
            return;
        }
        let doses = &mut self.patients.entry(dose.mrn.clone()).or_default().doses;
        self.ids.insert(id, (dose.mrn, doses.len()));
        doses.push((dose.line, dose.administration));
    }

    /// Holds what a row says of its patient against what the rows before it said.
    fn identity(&mut self, dose: &mut Dose, header: &Header) {
        let said = self.patients.entry(dose.mrn.clone()).or_default();
        let name = |name: &mut Name| Some(std::mem::take(name)).filter(|name| !name.is_empty());
        let clashes = [
            (Column::Family, agree(&mut said.family, name(&mut dose.family), dose.line)),
            (Column::Given, agree(&mut said.given, name(&mut dose.given), dose.line)),
            (Column::Born, agree(&mut said.born, dose.born, dose.line)),
        ];
        for (column, clash) in clashes {
            if let Some(line) = clash {
                let mrn = &dose.mrn;
                let problem = format!("line {line} says something else of MRN {mrn}; one patient has one identity");
                self.refuse(dose.line, header.name(column), problem);
            }
        }
    }

    fn refuse(&mut self, line: u64, column: &str, problem: String) {
        self.bad.push(BadCell { line, column: column.to_owned(), problem });
    }

    /// The profile's name and the source's id, or the digest and a running number.
    fn source_id(&mut self, id: &str, profile: &Profile) -> String {
        match id.strip_prefix(CONTENT_ID) {
            None => format!("{}:{id}", profile.name()),
            Some(digest) => {
                let number = self.equal.entry(digest.to_owned()).or_default();
                *number += 1;
                format!("{}:row-{digest}-{number}", profile.name())
            }
        }
    }

    fn finish(mut self, mut report: Report, formulary: &Formulary, dates_shifted: bool) -> Result<Batch, ImportError> {
        if !self.bad.is_empty() {
            self.bad.sort();
            let total = self.bad.len();
            self.bad.truncate(MOST_CELLS);
            return Err(ImportError::Cells { file: report.file, cells: self.bad, total });
        }
        let tables = Tables::shipped()?;
        let rules = Rules::new(formulary, &tables, tables.get(DEFAULT_TABLE)?);
        let mut origins = BTreeMap::new();
        let mut patients = Vec::new();
        for (mrn, mut said) in self.patients {
            said.doses.sort_by_key(|(line, dose)| (dose.given.start(), *line));
            for (line, dose) in &said.doses {
                origins.insert(dose.source_id.clone().unwrap_or_default(), Origin::new(*line, dose, rules));
            }
            let identity = Identity {
                mrn,
                family: said.family.map(|(name, _)| name).unwrap_or_default(),
                given: said.given.map(|(name, _)| name).unwrap_or_default(),
                born: said.born.map(|(date, _)| date),
                sex: Sex::Unknown,
                dates_shifted,
            };
            let administrations = said.doses.into_iter().map(|(_, dose)| dose).collect();
            patients.push(BatchPatient { identity, administrations });
        }
        self.tally.tell(origins.values(), &mut report);
        Ok(Batch { patients, report, tally: self.tally, origins })
    }
}

/// Keeps what was said first; the line of it when something else is said now.
fn agree<T: PartialEq>(first: &mut Option<(T, u64)>, now: Option<T>, line: u64) -> Option<u64> {
    let now = now?;
    if let Some((value, said)) = first {
        return (*value != now).then_some(*said);
    }
    *first = Some((now, line));
    None
}
