//! One row: from cells to an administration, or to the reasons why not.

use super::profile::{Column, Profile};
use super::table::Header;
use super::{BadCell, Skip};
use crate::record::visible::{brief, invisible, shown};
use crate::record::{
    Administration, AmountError, Drug, DrugError, DrugId, Expressed, Formulary, Given, Moment, Mrn, Name, Now, Purpose,
    Quantity, Status, Zone, time,
};
use chrono::{FixedOffset, NaiveDate};
use sha2::{Digest, Sha256};

/// The longest note, unit and source id that are taken, in characters. A ledger line has room for all of them.
const LONGEST_NOTE: usize = 2_000;
const LONGEST_WORD: usize = 100;

/// What is the same for every row.
pub(super) struct Reader<'a> {
    pub(super) header: &'a Header,
    pub(super) profile: &'a Profile,
    pub(super) formulary: &'a Formulary,
    pub(super) now: Now<'a>,
    /// The zone of times without an offset, where the profile states one.
    pub(super) offset: Option<FixedOffset>,
}

/// A row that is a dose.
pub(super) struct Dose {
    pub(super) line: u64,
    pub(super) mrn: Mrn,
    pub(super) family: Name,
    pub(super) given: Name,
    pub(super) born: Option<NaiveDate>,
    pub(super) administration: Administration,
}

/// What a row came to.
pub(super) enum Outcome {
    Dose(Box<Dose>),
    /// The reason, and the source's text for the drug.
    Skipped(Skip, String),
    Bad,
}

impl Reader<'_> {
    /// Reads one row, adding what is wrong with it to `bad`.
    pub(super) fn read(&self, line: u64, cells: &[String], bad: &mut Vec<BadCell>) -> Outcome {
        let before = bad.len();
        if cells.iter().all(String::is_empty) {
            return Outcome::Skipped(Skip::Blank, String::new());
        }
        if cells.len() != self.header.width() {
            let (is, should) = (cells.len(), self.header.width());
            let problem = format!(
                "the row has {is} cells and the header {should}; a comma inside a cell needs quotation marks around the cell"
            );
            bad.push(BadCell { line, column: "(whole row)".to_owned(), problem });
            return Outcome::Bad;
        }
        let mut row = Row { reader: self, line, cells, bad };
        let text = row.cell(Column::Drug);
        let drug = match self.drug(text) {
            Ok(Some(drug)) => drug,
            Ok(None) => return Outcome::Skipped(Skip::NotRecorded, shown(text)),
            Err(problem) => {
                row.refuse(Column::Drug, problem);
                // For the other bad cells of the row: they are named together.
                row.dose(DrugId::new(text));
                return Outcome::Bad;
            }
        };
        let dose = row.dose(drug.id.clone());
        match dose {
            Some(dose) if bad.len() == before => Outcome::Dose(Box::new(dose)),
            _ => Outcome::Bad,
        }
    }

    /// The drug that a text names; `None` for one that is not recorded here.
    fn drug(&self, text: &str) -> Result<Option<&Drug>, String> {
        if text.is_empty() {
            return Err("the drug is blank; write its name".to_owned());
        }
        if let Some(entry) = self.profile.drug(text) {
            return Ok(entry.as_ref().and_then(|id| self.formulary.get(id)));
        }
        if let Some(drug) = self.formulary.named_in(text) {
            return Ok(Some(drug));
        }
        let in_profile = "or say what it is under `drugs` in the import profile";
        let mut words = text.split(|c: char| !c.is_alphanumeric());
        if words.clone().any(|word| self.formulary.named_in(word).is_some()) {
            return Err(format!("'{}' names more than one drug; write one drug per row, {in_profile}", brief(text)));
        }
        // `Dexamethason`, `prednisolon 5mg` or a bare `dex` is a steroid in other words: leaving it out would lose
        // doses. A short word inside a longer text, like `Methyl salicylate`, is not.
        let begins = |word: &str| !matches!(self.formulary.find(word), Err(DrugError::Unknown { .. }));
        let nearly = |word: &&str| begins(word) && (word.len() >= 7 || (word.len() >= 3 && *word == text));
        match words.find(nearly) {
            Some(word) => {
                Err(format!("'{}' could be a drug recorded here; write its full name, {in_profile}", brief(word)))
            }
            None => Ok(None),
        }
    }
}

/// A row being read.
struct Row<'a, 'b> {
    reader: &'b Reader<'a>,
    line: u64,
    cells: &'b [String],
    bad: &'b mut Vec<BadCell>,
}

impl<'b> Row<'_, 'b> {
    fn cell(&self, column: Column) -> &'b str {
        self.reader.header.cell(self.cells, column)
    }

    fn refuse(&mut self, column: Column, problem: String) {
        let column = self.reader.header.name(column).to_owned();
        self.bad.push(BadCell { line: self.line, column, problem });
    }

    /// Reads a cell that may be blank.
    fn optional<T, E: ToString>(&mut self, column: Column, read: impl FnOnce(&'b str) -> Result<T, E>) -> Option<T> {
        let text = self.cell(column);
        if text.is_empty() {
            return None;
        }
        match read(text) {
            Ok(value) => Some(value),
            Err(problem) => {
                self.refuse(column, problem.to_string());
                None
            }
        }
    }

    /// The same for a cell that may not.
    fn needed<T, E: ToString>(&mut self, column: Column, read: impl FnOnce(&'b str) -> Result<T, E>) -> Option<T> {
        if self.cell(column).is_empty() {
            self.refuse(column, "the cell is blank, and the dose needs it; write it".to_owned());
        }
        self.optional(column, read)
    }

    /// Reads everything, so that every bad cell of the row is named at once. `None` when one was needed.
    fn dose(&mut self, drug: DrugId) -> Option<Dose> {
        let mrn = self.needed(Column::Patient, str::parse::<Mrn>);
        let status = self.status();
        let given = self.given(status);
        let recorded = self.optional(Column::RecordedAt, |text| self.reader.past(text));
        let amount = self.quantity(Column::Amount, Column::Unit);
        let unit_due = if self.reader.header.has(Column::UnitDue) { Column::UnitDue } else { Column::Unit };
        let due = self.quantity(Column::AmountDue, unit_due);
        let route = self.optional(Column::Route, |word| self.reader.profile.route(word));
        let purpose = self.optional(Column::Purpose, Purpose::parse);
        let note = self.optional(Column::Note, |text| plain(text, LONGEST_NOTE));
        let id = self.optional(Column::SourceId, |text| plain(text, LONGEST_WORD));
        let family = self.optional(Column::Family, Name::parse).unwrap_or_default();
        let given_name = self.optional(Column::Given, Name::parse).unwrap_or_default();
        let born = self.optional(Column::Born, |text| self.reader.born(text));
        let administration = Administration {
            amount,
            due,
            expressed: self.expressed(&drug),
            drug,
            route,
            given: given?,
            status: status?,
            purpose,
            note,
            ordered: None,
            charted_at: recorded,
            source_id: Some(id.unwrap_or_else(|| self.content_id())),
        };
        Some(Dose { line: self.line, mrn: mrn?, family, given: given_name, born, administration })
    }

    /// Whether the source's own words say that the amount is base or phosphate; both words say neither.
    fn expressed(&self, drug: &DrugId) -> Expressed {
        let text = self.cell(Column::Drug).to_lowercase();
        let says = |word: &str| text.split(|c: char| !c.is_alphanumeric()).any(|own| own == word);
        match (drug.as_str() == "dexamethasone", says("base"), says("phosphate")) {
            (true, true, false) => Expressed::Base,
            (true, false, true) => Expressed::Phosphate,
            _ => Expressed::AsLabelled,
        }
    }

    fn status(&mut self) -> Option<Status> {
        // A blank action has a meaning of its own.
        match self.reader.profile.status(self.cell(Column::Action)) {
            Ok(status) => Some(status),
            Err(problem) => {
                self.refuse(Column::Action, problem);
                None
            }
        }
    }

    fn given(&mut self, status: Option<Status>) -> Option<Given> {
        let start = self.needed(Column::GivenAt, |text| self.reader.past(text));
        let running = status == Some(Status::Running);
        let end = self.optional(Column::GivenUntil, |text| {
            // Only an infusion still under way may end later than now.
            if running { self.reader.moment(text) } else { self.reader.past(text) }
        });
        match (start?, end) {
            (start, Some(end)) if end < start => {
                let began = time::shown(start);
                self.refuse(Column::GivenUntil, format!("it ended before it began at {began}; check both times"));
                None
            }
            (start, Some(end)) if end > start => match Given::Over(start, end).checked() {
                Ok(given) => Some(given),
                Err(problem) => {
                    self.refuse(Column::GivenUntil, problem.to_string());
                    None
                }
            },
            (start, _) => {
                if running && self.cell(Column::GivenUntil).is_empty() {
                    self.refuse(
                        Column::Action,
                        "an infusion that is running needs its planned end in given_until; write it".to_owned(),
                    );
                }
                Some(Given::At(start))
            }
        }
    }

    fn quantity(&mut self, number: Column, unit: Column) -> Option<Quantity> {
        let (text, unit_text) = (self.cell(number), self.cell(unit));
        if text.is_empty() {
            return None;
        }
        if let Err(problem) = plain(unit_text, LONGEST_WORD) {
            self.refuse(unit, problem);
            return None;
        }
        match Quantity::from_chart(text, unit_text) {
            Ok(quantity) => Some(quantity),
            Err(error @ AmountError::Number(_)) => {
                self.refuse(number, error.to_string());
                None
            }
            Err(error) => {
                self.refuse(unit, error.to_string());
                None
            }
        }
    }

    /// An id for a row whose source gives none, from what it says. Equal rows are told apart by a running number later.
    fn content_id(&self) -> String {
        let columns = [
            Column::Patient,
            Column::GivenAt,
            Column::Drug,
            Column::Amount,
            Column::Unit,
            Column::Route,
            Column::Action,
        ];
        let mut hash = Sha256::new();
        for column in columns {
            let cell = self.cell(column);
            // The length keeps `1` `23` and `12` `3` apart.
            hash.update((cell.len() as u64).to_be_bytes());
            hash.update(cell.as_bytes());
        }
        let digest = hash.finalize();
        let digest = digest.iter().take(8).fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
        format!("{CONTENT_ID}{digest:016x}")
    }
}

/// How an id made from a row's content begins. No text of a file can: the character does not pass [`plain`].
pub(super) const CONTENT_ID: &str = "\u{1}";

impl Reader<'_> {
    fn moment(&self, text: &str) -> Result<Moment, String> {
        let zone = self.offset.as_ref().map_or(self.now.zone, |offset| offset as &dyn Zone);
        self.profile.moment(text, zone)
    }

    /// A time that is not in the future, unless the source shifted its dates.
    fn past(&self, text: &str) -> Result<Moment, String> {
        let moment = self.moment(text)?;
        if moment > self.now.at && !self.profile.dates_shifted {
            let (moment, now) = (time::shown(moment), time::shown(self.now.at));
            return Err(format!("{moment} is in the future (it is {now}); check the date and the time"));
        }
        Ok(moment)
    }

    fn born(&self, text: &str) -> Result<NaiveDate, String> {
        let date = time::parse_date(text).map_err(|error| match error {
            time::TimeError::Form(_) => format!("'{}' is not a date; write it like 2009-03-04", brief(text)),
            other => other.to_string(),
        })?;
        if date > self.now.at.date_naive() && !self.profile.dates_shifted {
            return Err(format!("a date of birth in the future ({}); check it", time::shown_date(date)));
        }
        Ok(date)
    }
}

/// Free text without characters that would not show.
fn plain(text: &str, longest: usize) -> Result<String, String> {
    if text.chars().count() > longest {
        return Err(format!("the text is longer than {longest} characters; shorten it"));
    }
    if text.contains(invisible) {
        return Err("the text holds a character that does not show, perhaps a tab; write it again by hand".to_owned());
    }
    Ok(text.to_owned())
}
