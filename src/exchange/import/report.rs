//! What an import did, row by row in the sum: nothing is dropped without a line here.

use crate::exposure::{Reason, Rules, left_out};
use crate::record::{Administration, DrugId, Mrn};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// Why a row is not among the imported doses. None of these is an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Skip {
    /// Its drug is not one that is recorded here.
    #[serde(rename = "drug not recorded here")]
    NotRecorded,
    /// The same row stands in the file already, with the same source id.
    #[serde(rename = "the same row twice in the file")]
    Repeated,
    /// The patient's chart has this source id.
    #[serde(rename = "already imported")]
    Known,
    /// The patient's chart has this source id with something else in it.
    #[serde(rename = "changed in the source since it was imported: not taken over, look at it and correct it by hand")]
    Changed,
    /// Nothing in it.
    #[serde(rename = "blank row")]
    Blank,
}

impl Skip {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NotRecorded => "drug not recorded here",
            Self::Repeated => "the same row twice in the file",
            Self::Known => "already imported",
            Self::Changed => {
                "changed in the source since it was imported: not taken over, look at it and correct it by hand"
            }
            Self::Blank => "blank row",
        }
    }
}

/// How many rows became doses of one drug.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// The drug.
    pub drug: DrugId,
    /// Its name for people.
    #[serde(skip)]
    pub shown: String,
    /// How many.
    pub rows: usize,
}

/// Rows that were left out, for one reason and one drug.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// Why.
    pub reason: Skip,
    /// The drug: the source's text where it is not recorded here.
    pub drug: String,
    /// How many.
    pub rows: usize,
    /// The first of their lines.
    pub lines: Vec<u64>,
}

/// Imported doses that stand beside the total until somebody decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Undecided {
    /// The drug.
    pub drug: DrugId,
    /// Its name for people.
    #[serde(skip)]
    pub shown: String,
    /// `status unknown`, `no amount` or `not a mass`.
    pub reason: &'static str,
    /// How many.
    pub rows: usize,
    /// The first of their lines.
    pub lines: Vec<u64>,
}

/// The whole account of one file: rows read = rows imported + rows skipped.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The file.
    pub file: String,
    /// The profile.
    pub profile: String,
    /// Rows below the header that are not blank lines.
    pub rows_read: usize,
    /// Rows that became doses, by drug.
    pub imported: Vec<Imported>,
    /// Rows that did not.
    pub skipped: Vec<Skipped>,
    /// Of those imported, the ones that cannot be counted as they stand.
    pub undecided: Vec<Undecided>,
    /// Patients that the ward did not have; filled by whoever saves.
    pub registered: Vec<Mrn>,
    /// Columns of the file that the profile says nothing about.
    pub ignored_columns: Vec<String>,
}

impl Report {
    /// How many rows became doses.
    pub fn rows_imported(&self) -> usize {
        self.imported.iter().map(|imported| imported.rows).sum()
    }

    /// How many rows did not.
    pub fn rows_skipped(&self) -> usize {
        self.skipped.iter().map(|skipped| skipped.rows).sum()
    }
}

/// How many lines are named as examples.
const EXAMPLES: usize = 5;

/// Rows counted, with the first of their lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Count {
    rows: usize,
    lines: Vec<u64>,
}

impl Count {
    fn add(&mut self, line: u64) {
        self.rows += 1;
        if self.lines.len() < EXAMPLES {
            self.lines.push(line);
        }
    }
}

/// Where a dose came from, for the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Origin {
    line: u64,
    drug: DrugId,
    shown: String,
    undecided: Option<&'static str>,
}

impl Origin {
    pub(super) fn new(line: u64, dose: &Administration, rules: Rules<'_>) -> Self {
        let shown = rules.formulary.shown(&dose.drug).to_owned();
        let reason = left_out(dose, rules).filter(|reason| reason.is_undecided());
        Self { line, drug: dose.drug.clone(), shown, undecided: reason.map(Reason::words) }
    }
}

/// The account while it is being made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tally {
    skipped: BTreeMap<(Skip, String), Count>,
}

impl Tally {
    pub(super) fn skip(&mut self, reason: Skip, drug: &str, line: u64) {
        self.skipped.entry((reason, drug.to_owned())).or_default().add(line);
    }

    pub(super) fn skip_known(&mut self, origin: &Origin, is_the_same: bool) {
        self.skip(if is_the_same { Skip::Known } else { Skip::Changed }, &origin.shown, origin.line);
    }

    /// Writes the account of these doses and of what was skipped into a report.
    pub(super) fn tell<'a>(&self, origins: impl Iterator<Item = &'a Origin>, report: &mut Report) {
        let mut origins: Vec<&Origin> = origins.collect();
        origins.sort_by_key(|origin| origin.line);
        let mut imported: BTreeMap<(&DrugId, &str), usize> = BTreeMap::new();
        let mut open: BTreeMap<(&DrugId, &str, &'static str), Count> = BTreeMap::new();
        for origin in origins {
            *imported.entry((&origin.drug, &origin.shown)).or_default() += 1;
            if let Some(reason) = origin.undecided {
                open.entry((&origin.drug, &origin.shown, reason)).or_default().add(origin.line);
            }
        }
        let owned = |drug: &DrugId, shown: &str| (drug.clone(), shown.to_owned());
        report.imported = imported
            .into_iter()
            .map(|((drug, shown), rows)| (owned(drug, shown), rows))
            .map(|((drug, shown), rows)| Imported { drug, shown, rows })
            .collect();
        report.undecided = open
            .into_iter()
            .map(|((drug, shown, reason), count)| (owned(drug, shown), reason, count))
            .map(|((drug, shown), reason, count)| Undecided {
                drug,
                shown,
                reason,
                rows: count.rows,
                lines: count.lines,
            })
            .collect();
        let skipped = self.skipped.iter().map(|((reason, drug), count)| Skipped {
            reason: *reason,
            drug: drug.clone(),
            rows: count.rows,
            lines: count.lines.clone(),
        });
        report.skipped = skipped.collect();
    }
}

fn rows(number: usize) -> String {
    if number == 1 { "1 row".to_owned() } else { format!("{number} rows") }
}

/// `line 12`, or `lines 3, 4 and more`.
fn example_lines(lines: &[u64], of: usize) -> String {
    let listed: Vec<String> = lines.iter().map(u64::to_string).collect();
    let more = if of > lines.len() { " and more" } else { "" };
    format!("line{} {}{more}", if of == 1 { "" } else { "s" }, listed.join(", "))
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}, profile {}: {} read", self.file, self.profile, rows(self.rows_read))?;
        writeln!(f, "imported: {}", rows(self.rows_imported()))?;
        for drug in &self.imported {
            writeln!(f, "  {}: {}", drug.shown, rows(drug.rows))?;
        }
        writeln!(f, "skipped: {}", rows(self.rows_skipped()))?;
        for skipped in &self.skipped {
            let drug = if skipped.drug.is_empty() { String::new() } else { format!(" '{}'", skipped.drug) };
            let lines = example_lines(&skipped.lines, skipped.rows);
            writeln!(f, "  {}{drug}: {} ({lines})", skipped.reason.words(), rows(skipped.rows))?;
        }
        let open: usize = self.undecided.iter().map(|undecided| undecided.rows).sum();
        writeln!(f, "undecided among the imported (shown beside the total, not in it): {}", rows(open))?;
        for undecided in &self.undecided {
            let lines = example_lines(&undecided.lines, undecided.rows);
            writeln!(f, "  {}, {}: {} ({lines})", undecided.shown, undecided.reason, rows(undecided.rows))?;
        }
        let registered: Vec<&str> = self.registered.iter().map(Mrn::as_str).collect();
        writeln!(
            f,
            "newly registered patients: {}",
            if registered.is_empty() { "none".to_owned() } else { registered.join(", ") }
        )?;
        if !self.ignored_columns.is_empty() {
            writeln!(f, "columns not used: {}", self.ignored_columns.join(", "))?;
        }
        Ok(())
    }
}
