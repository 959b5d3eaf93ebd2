//! Profiles: which column of another system's file holds what, and what its words mean.

use super::ImportError;
use crate::record::visible::brief;
use crate::record::{DrugId, Formulary, Moment, Route, Status, Zone, time};
use chrono::format::{Item, StrftimeItems};
use chrono::{DateTime, Datelike, FixedOffset, NaiveDateTime};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::io::Read;

/// The profiles that ship with the program, by name.
const SHIPPED: [(&str, &str); 2] = [
    ("generic", include_str!("../../../assets/profiles/generic.ron")),
    ("mimic-iv-demo", include_str!("../../../assets/profiles/mimic-iv-demo.ron")),
];

/// No profile is longer than this, in bytes.
const LONGEST: u64 = 256 * 1024;

/// What a column of the file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
pub(super) enum Column {
    /// The medical record number.
    Patient,
    /// When the dose was given, or begun.
    GivenAt,
    /// When an infusion ended.
    GivenUntil,
    /// When the source saved it.
    RecordedAt,
    /// The drug, as the source names it.
    Drug,
    /// What became of the dose, in the source's word.
    Action,
    /// The number that was given.
    Amount,
    /// Its unit.
    Unit,
    /// The number that was due.
    AmountDue,
    /// Its unit; that of the amount given where there is no such column.
    UnitDue,
    /// The route, in the source's word.
    Route,
    /// What the dose was for.
    Purpose,
    /// The source's own id of the row.
    SourceId,
    /// Family name.
    Family,
    /// Given name.
    Given,
    /// Date of birth, YYYY-MM-DD.
    Born,
    /// Free text.
    Note,
}

/// The columns without which there is no dose.
const NEEDED: [Column; 5] = [Column::Patient, Column::GivenAt, Column::Drug, Column::Amount, Column::Unit];

/// How to read one system's files. Made by hand as a RON file; see `assets/profiles/generic.ron` for the form.
///
/// Words are compared without regard to case. A word that neither the profile nor the program knows refuses the file:
/// it is for a person to say what it means.
///
/// ```
/// use corticurve::exchange::import::Profile;
/// assert_eq!(Profile::named("generic").unwrap().name(), "generic");
/// assert!(Profile::named("genric").unwrap_err().to_string().contains("generic, mimic-iv-demo"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Part of every source id: letters, digits, `-`, `_`, `.`.
    name: String,
    /// What is in which column, by the header's word.
    pub(super) columns: Vec<(Column, String)>,
    /// Columns that a file may leave out.
    #[serde(default)]
    pub(super) optional: Vec<Column>,
    /// What the source's action words mean.
    #[serde(default)]
    actions: Vec<(String, Status)>,
    /// What a blank action means.
    blank_action: Status,
    /// What an action not listed means; `None` takes the program's own words and refuses the rest.
    #[serde(default)]
    other_action: Option<Status>,
    /// What the source's route words mean, before the program's own.
    #[serde(default)]
    routes: Vec<(String, Route)>,
    /// Drug texts whose drug the program would not find by itself; `None` for one that it must not record.
    #[serde(default)]
    drugs: Vec<(String, Option<DrugId>)>,
    /// `strftime` forms of its times; none means `2026-11-22 14:30`, with seconds and an offset if there.
    #[serde(default)]
    times: Vec<String>,
    /// The offset of times without one, like `+01:00`; `None` is the workstation's time zone.
    #[serde(default)]
    offset: Option<String>,
    /// The source shifted its dates to hide its patients: they may lie in the future.
    #[serde(default)]
    pub(super) dates_shifted: bool,
}

impl Profile {
    /// A shipped profile by its name, or one from a RON file by a path that ends in `.ron`.
    ///
    /// # Errors
    /// [`ImportError`] when there is none, it cannot be read, or it is not a profile.
    pub fn named(name_or_path: &str) -> Result<Self, ImportError> {
        if let Some((name, text)) = SHIPPED.iter().find(|(name, _)| *name == name_or_path) {
            return Self::from_ron(text, name);
        }
        if !name_or_path.to_lowercase().ends_with(".ron") {
            let known = SHIPPED.map(|(name, _)| name).join(", ");
            return Err(ImportError::NoSuchProfile { name: name_or_path.to_owned(), known });
        }
        let unreadable =
            |error: std::io::Error| ImportError::ProfileUnreadable { path: name_or_path.to_owned(), error };
        let mut text = String::new();
        let file = std::fs::File::open(name_or_path).map_err(unreadable)?;
        file.take(LONGEST + 1).read_to_string(&mut text).map_err(unreadable)?;
        if text.len() as u64 > LONGEST {
            return Err(invalid(name_or_path, &"it is longer than 256 KiB"));
        }
        Self::from_ron(&text, name_or_path)
    }

    /// Reads a profile's text; `whence` names it in messages.
    ///
    /// # Errors
    /// [`ImportError::Profile`] names the place in the text or the field.
    pub fn from_ron(text: &str, whence: &str) -> Result<Self, ImportError> {
        let profile: Self = ron::from_str(text).map_err(|error| invalid(whence, &error))?;
        profile.check().map_err(|problem| invalid(whence, &problem))?;
        Ok(profile)
    }

    /// The name that source ids begin with.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What serde cannot check.
    fn check(&self) -> Result<(), String> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if !(1..=40).contains(&self.name.len()) || !self.name.chars().all(plain) {
            return Err("name: write 1 to 40 letters, digits, '-', '_' or '.'".to_owned());
        }
        unique("columns", self.columns.iter().map(|(column, _)| format!("{column:?}")))?;
        unique("columns", self.columns.iter().map(|(_, header)| folded(header)))?;
        unique("actions", self.actions.iter().map(|(word, _)| folded(word)))?;
        unique("routes", self.routes.iter().map(|(word, _)| folded(word)))?;
        unique("drugs", self.drugs.iter().map(|(text, _)| folded(text)))?;
        let named = |column: &Column| self.columns.iter().any(|(named, _)| named == column);
        if let Some(missing) = NEEDED.iter().find(|column| !named(column)) {
            return Err(format!("columns: {missing:?} is missing; say which column holds it"));
        }
        if let Some(odd) = self.optional.iter().find(|column| !named(column) || NEEDED.contains(column)) {
            return Err(format!("optional: {odd:?} is not in columns, or cannot be left out"));
        }
        if let Some(bad) = self.times.iter().find(|form| StrftimeItems::new(form).any(|item| item == Item::Error)) {
            return Err(format!("times: '{bad}' is not a form like \"%d.%m.%Y %H:%M\""));
        }
        match &self.offset {
            Some(text) if time::parse_offset(text).is_none() => {
                Err(format!("offset: '{text}' is not an offset; write Some(\"+01:00\"), or None for local time"))
            }
            _ => Ok(()),
        }
    }

    /// Refuses a dictionary that names drugs which the list does not have.
    pub(super) fn check_drugs(&self, formulary: &Formulary) -> Result<(), ImportError> {
        let unknown = |id: &&DrugId| formulary.get(id).is_none();
        match self.drugs.iter().filter_map(|(_, id)| id.as_ref()).find(unknown) {
            Some(id) => Err(invalid(&self.name, &format!("drugs: '{id}' is not a drug recorded here"))),
            None => Ok(()),
        }
    }

    /// What an action's word means.
    pub(super) fn status(&self, word: &str) -> Result<Status, String> {
        if word.is_empty() {
            return Ok(self.blank_action);
        }
        match (find(&self.actions, word), self.other_action) {
            (Some(status), _) => Ok(*status),
            (None, Some(status)) => Ok(status),
            (None, None) => Status::parse(word).map_err(|error| error.to_string()),
        }
    }

    /// What a route's word means.
    pub(super) fn route(&self, word: &str) -> Result<Route, String> {
        find(&self.routes, word)
            .map_or_else(|| Route::parse(word).map_err(|error| error.to_string()), |route| Ok(*route))
    }

    /// What the dictionary says of a drug's text; the inner `None` is a drug that is not recorded.
    pub(super) fn drug(&self, text: &str) -> Option<&Option<DrugId>> {
        find(&self.drugs, text)
    }

    /// The zone of times without an offset, where the profile states one.
    pub(super) fn zone(&self) -> Option<FixedOffset> {
        self.offset.as_deref().and_then(time::parse_offset)
    }

    /// Reads a time. A text that two of the profile's forms read differently is refused, not guessed.
    pub(super) fn moment(&self, text: &str, zone: &dyn Zone) -> Result<Moment, String> {
        if self.times.is_empty() {
            return time::parse_moment(text, zone).map_err(|error| match error {
                time::TimeError::Form(_) => {
                    format!("'{}' is not a time; write it like 2026-11-22 14:30", brief(text))
                }
                other => other.to_string(),
            });
        }
        let mut read: Vec<Moment> = Vec::new();
        let mut problem = format!(
            "'{}' is not a time of the form {}, or does not exist in the calendar",
            brief(text),
            self.times.join(" or ")
        );
        for form in &self.times {
            match by_form(text, form, zone) {
                Some(Ok(moment)) => read.push(moment),
                Some(Err(error)) => problem = error.to_string(),
                None => {}
            }
        }
        read.dedup();
        match read.as_slice() {
            [moment] => Ok(*moment),
            [] => Err(problem),
            _ => Err(format!("'{}' could be two different times; leave one form in the profile", brief(text))),
        }
    }
}

/// A time by one form; `None` when it has another, or the calendar no such day.
fn by_form(text: &str, form: &str, zone: &dyn Zone) -> Option<Result<Moment, time::TimeError>> {
    // Years of two digits under %Y, and chrono's leap second, are slips of the pen here.
    let sensible = |wall: &NaiveDateTime| {
        (1900..=9000).contains(&wall.year()) && wall.and_utc().timestamp_subsec_nanos() < 1_000_000_000
    };
    if form.contains("%z") || form.contains("%:z") {
        let moment = DateTime::parse_from_str(text, form).ok()?;
        return sensible(&moment.naive_local()).then_some(Ok(moment));
    }
    let wall = NaiveDateTime::parse_from_str(text, form).ok().filter(sensible)?;
    Some(time::on_the_wall(zone, wall))
}

fn find<'a, T>(list: &'a [(String, T)], word: &str) -> Option<&'a T> {
    let wanted = folded(word);
    list.iter().find(|(known, _)| folded(known) == wanted).map(|(_, meaning)| meaning)
}

/// For comparing words and headers: case and the spaces around do not matter.
pub(super) fn folded(word: &str) -> String {
    word.trim().to_lowercase()
}

fn unique(list: &str, mut words: impl Iterator<Item = String>) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    match words.find(|word| !seen.insert(word.clone())) {
        Some(word) => Err(format!("{list}: '{word}' is there twice; leave one out")),
        None => Ok(()),
    }
}

fn invalid(whence: &str, problem: &dyn std::fmt::Display) -> ImportError {
    ImportError::Profile { whence: whence.to_owned(), problem: problem.to_string() }
}
