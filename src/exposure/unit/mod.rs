//! The unit's own settings: which table, which tables of its own, and the choices that definitions leave to it, as a
//! history of dated changes.
//!
//! This room reads and writes the text; [`store`](crate::store) keeps it in files, and says how.

mod text;
mod write;

use super::table::TableFault;
use super::{DEFAULT_TABLE, Reading, Table, TableError, Tables, TextPlace};
use crate::record::{IdentityError, Initials, Moment, WordError, time};
use thiserror::Error;

/// Everything that a unit can choose about its figures. The default is the design's own choice of each.
///
/// ```
/// use corticurve::exposure::{DEFAULT_TABLE, UnitSettings};
/// let text = r#"(table: "bnf", purposes_out: ["replacement"], course_gap_hours: 72)"#;
/// let settings = UnitSettings::parse(text).unwrap();
/// assert_eq!((settings.table.as_str(), settings.reading.course_gap_hours), ("bnf", 72));
/// assert_eq!(UnitSettings::default().table, DEFAULT_TABLE);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitSettings {
    /// The id of the table in use.
    pub table: String,
    /// The unit's own tables, beside those that ship.
    pub tables: Vec<Table>,
    /// How facts are read.
    pub reading: Reading,
}

impl Default for UnitSettings {
    fn default() -> Self {
        Self { table: DEFAULT_TABLE.to_owned(), tables: Vec::new(), reading: Reading::default() }
    }
}

impl UnitSettings {
    /// Every table at hand: those that ship, and the unit's own. Source: design, section 6.
    ///
    /// ```
    /// use corticurve::exposure::{Tables, UnitSettings};
    /// let shipped = Tables::shipped().unwrap();
    /// let own = r#"(tables: [(id: "ward-4", version: "1", source: "our protocol", confirmed: true,
    ///     equivalents: [("dexamethasone", "0.75"), ("prednisolone", "5")])])"#;
    /// let tables = UnitSettings::parse(own).unwrap().all_tables(&shipped);
    /// assert_eq!(tables.iter().last().unwrap().named(), "ward-4 version 1");
    /// ```
    pub fn all_tables(&self, shipped: &Tables) -> Tables {
        shipped.with(&self.tables)
    }

    /// The table in use. Source: design, section 6.
    ///
    /// ```
    /// use corticurve::exposure::{Tables, UnitSettings};
    /// let table = UnitSettings::default().table_in_use(&Tables::shipped().unwrap()).unwrap();
    /// assert_eq!(table.named(), "fda-label version 1"); // design, section 5
    /// ```
    ///
    /// # Errors
    /// [`TableError::Unknown`], never for settings that were read from a file.
    pub fn table_in_use(&self, shipped: &Tables) -> Result<Table, TableError> {
        self.all_tables(shipped).get(&self.table).cloned()
    }
}

/// Settings that were put into force at a time by somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitChange {
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: Initials,
    /// Why; empty where nobody wrote it down.
    pub reason: String,
    /// All settings from then on.
    pub settings: UnitSettings,
}

/// All changes of a unit's settings, from however many files, by the time at which they came into force. The last is in
/// force.
///
/// **Limitations**: the order is that of the clocks of the workstations. A change that would not come into force because a
/// clock is wrong is refused by [`check`](Self::check), before anything is written.
///
/// ```
/// use corticurve::exposure::UnitHistory;
/// let history = UnitHistory::parse(r#"[(changed_at: "2026-11-22T14:30:00+00:00", changed_by: "NK", table: "bnf")]"#).unwrap();
/// assert_eq!(history.in_force().table, "bnf");
/// assert_eq!(history.last().unwrap().by.as_str(), "NK");
/// // A unit without a history has the design's settings.
/// assert_eq!(UnitHistory::default().in_force().table, "fda-label");
/// let wrong = "[\n(changed_at: \"2026-11-22T14:30:00+00:00\", changed_by: \"NK\", table: \"BNF\")]";
/// let error = UnitHistory::parse(wrong).unwrap_err();
/// assert!(error.to_string().starts_with("line 2, column 69: 'BNF' is not a conversion table; take one of fda-label,"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnitHistory {
    changes: Vec<UnitChange>,
}

impl UnitHistory {
    /// Reads one file of which everything must be right. Source: design, section 6.
    ///
    /// ```
    /// # use corticurve::exposure::UnitHistory;
    /// let file = r#"[(changed_at: "2026-11-22T14:30:00+00:00", changed_by: "NK", course_gap_hours: 72)]"#;
    /// assert_eq!(UnitHistory::parse(file).unwrap().in_force().reading.course_gap_hours, 72);
    /// let error = UnitHistory::parse(&file.replace("72", "0")).unwrap_err();
    /// assert!(error.to_string().contains("whole hours from 1 to 999"));
    /// ```
    ///
    /// # Errors
    /// [`UnitError`] says where and what to write; settings of which a part is wrong are not used in part.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let (history, faults) = Self::of_files([("", text.as_bytes())]);
        let first = faults.into_iter().map(|(_, error)| error).min_by_key(|error| error.place);
        first.map_or(Ok(history), Err)
    }

    /// The changes of all files by time; those of one time in the order of the files, which have a name, and then of the
    /// places in the file. Beside it, what cannot be used, in no order.
    ///
    /// A change of which anything is wrong is not used, whereas a file that is not a list at all is not used at all. Of two
    /// that give one version of a table different numbers, the later is not used, so that a table's name and version
    /// always stand for the same numbers. Source: design, section 6.
    ///
    /// ```
    /// use corticurve::exposure::UnitHistory;
    /// let file = br#"[(changed_at: "2026-11-20T09:00:00+00:00", changed_by: "NK", table: "bnf")]"#;
    /// let earlier = br#"[(changed_at: "2026-11-19T09:00:00+00:00", changed_by: "NK", table: "katzung")]"#;
    /// let files = [("a.ron", &file[..]), ("b.ron", &earlier[..]), ("c.ron", &b"[\n\xff]"[..])];
    /// let (history, faults) = UnitHistory::of_files(files);
    /// assert_eq!((history.changes().len(), history.in_force().table.as_str()), (2, "bnf"));
    /// let (file, error) = &faults[0];
    /// assert_eq!((*file, error.to_string().as_str()), ("c.ron",
    ///     "line 2, column 1: this character is not UTF-8; save the file as UTF-8"));
    /// ```
    pub fn of_files<'f>(files: impl IntoIterator<Item = (&'f str, &'f [u8])>) -> (Self, Vec<(&'f str, UnitError)>) {
        text::union(files)
    }

    /// Every change, the earliest first. Source: design, section 6.
    ///
    /// ```
    /// # use corticurve::exposure::UnitHistory;
    /// let file = r#"[(changed_at: "2026-11-20T09:00:00+00:00", changed_by: "NK", table: "bnf"),
    ///     (changed_at: "2026-11-22T14:30:00+00:00", changed_by: "NK", table: "katzung")]"#;
    /// let history = UnitHistory::parse(file).unwrap();
    /// let tables: Vec<_> = history.changes().iter().map(|change| change.settings.table.as_str()).collect();
    /// assert_eq!(tables, ["bnf", "katzung"]);
    /// ```
    pub fn changes(&self) -> &[UnitChange] {
        &self.changes
    }

    /// The change that is in force; `None` where the unit has made none. Source: design, section 6.
    ///
    /// ```
    /// # use corticurve::exposure::UnitHistory;
    /// let file = r#"[(changed_at: "2026-11-20T09:00:00+00:00", changed_by: "NK", table: "bnf"),
    ///     (changed_at: "2026-11-22T14:30:00+00:00", changed_by: "NK", table: "katzung")]"#;
    /// let history = UnitHistory::parse(file).unwrap();
    /// assert_eq!(history.last().unwrap().at.to_rfc3339(), "2026-11-22T14:30:00+00:00");
    /// assert_eq!(UnitHistory::default().last(), None);
    /// ```
    pub fn last(&self) -> Option<&UnitChange> {
        self.changes.last()
    }

    /// The settings in force. Source: design, section 6.
    ///
    /// ```
    /// # use corticurve::exposure::UnitHistory;
    /// let file = r#"[(changed_at: "2026-11-20T09:00:00+00:00", changed_by: "NK", table: "bnf"),
    ///     (changed_at: "2026-11-22T14:30:00+00:00", changed_by: "NK", table: "katzung")]"#;
    /// assert_eq!(UnitHistory::parse(file).unwrap().in_force().table, "katzung");
    /// assert_eq!(UnitHistory::default().in_force().table, "fda-label"); // design, section 5
    /// ```
    pub fn in_force(&self) -> UnitSettings {
        self.last().map(|change| change.settings.clone()).unwrap_or_default()
    }

    /// Whether settings can be put into force at a time. Source: design, section 6.
    ///
    /// ```
    /// use corticurve::exposure::{UnitHistory, UnitSettings, examples};
    /// let now = examples::now().unwrap();
    /// let file = r#"[(changed_at: "2099-11-20T09:00:00+00:00", changed_by: "AB", table: "bnf")]"#;
    /// assert_eq!(UnitHistory::default().check(&UnitSettings::default(), now), Ok(()));
    /// let error = UnitHistory::parse(file).unwrap().check(&UnitSettings::default(), now).unwrap_err().to_string();
    /// assert!(error.starts_with("the settings in force are of 20-Nov-2099 09:00, changed by AB, and it is not later than that"));
    /// ```
    ///
    /// # Errors
    /// [`UnitFault::SameVersion`]; [`UnitFault::NotLater`] where they would not come into force.
    pub fn check(&self, settings: &UnitSettings, at: Moment) -> Result<(), UnitFault> {
        if let Some((_, fault)) = self.table_with_other_numbers(settings) {
            return Err(fault);
        }
        match self.last().filter(|last| last.at >= at) {
            Some(last) => Err(UnitFault::NotLater { at: time::shown(last.at), by: last.by.clone() }),
            None => Ok(()),
        }
    }

    /// The first of the settings' tables that had other numbers under the same version, by its position.
    fn table_with_other_numbers(&self, settings: &UnitSettings) -> Option<(usize, UnitFault)> {
        settings.tables.iter().enumerate().find_map(|(position, table)| {
            let other =
                |old: &Table| old.id == table.id && old.version == table.version && !old.written().eq(table.written());
            let change = self.changes.iter().find(|change| change.settings.tables.iter().any(other))?;
            let (table, version, earlier) = (table.id.clone(), table.version.clone(), time::shown(change.at));
            Some((position, UnitFault::SameVersion { table, version, earlier }))
        })
    }
}

/// Why a unit's settings cannot be used, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{place}: {fault}")]
pub struct UnitError {
    /// Where in the text.
    pub place: TextPlace,
    /// What.
    pub fault: UnitFault,
}

/// What is wrong with a unit's settings.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum UnitFault {
    /// Not the form.
    #[error("{0}")]
    Form(String),
    /// The end is missing.
    #[error(
        "the file is empty or ends in the middle of a change, as an interrupted save leaves it; take out what is not whole and \
         end the file with ], or move the file away, and make the change again"
    )]
    EndsEarly,
    /// More changes than anybody makes.
    #[error("a file may hold 1,000 changes, and here begins one more; keep the oldest in a file elsewhere")]
    TooMany,
    /// A conversion table.
    #[error(transparent)]
    Table(Box<TableFault>),
    /// No such table.
    #[error(transparent)]
    NoTable(Box<TableError>),
    /// Other numbers under the same name.
    #[error(
        "conversion table {table} version {version} had other numbers in the change of {earlier}; a table with other numbers is \
         another version"
    )]
    SameVersion {
        /// The table.
        table: String,
        /// Its version.
        version: String,
        /// When the earlier one came into force.
        earlier: String,
    },
    /// A change that would stand before the one in force.
    #[error(
        "the settings in force are of {at}, changed by {by}, and it is not later than that on this workstation, so this change \
         would not come into force; try again, and if this is said again, set the clock that is wrong, or correct that time in \
         its file"
    )]
    NotLater {
        /// When the settings in force were changed.
        at: String,
        /// By whom.
        by: Initials,
    },
    /// No author or time.
    #[error("{0} is missing; every change says who made it and when, like {1}")]
    Missing(&'static str, &'static str),
    /// Author, time or reason in a text that is to be put into force by the program.
    #[error("leave out {0}: the program writes it when the change is made")]
    NotYet(&'static str),
    /// A time without an offset, or none at all.
    #[error("'{0}' is not a time with its offset; write it like 2026-11-22T14:30:00+00:00")]
    Time(String),
    /// Not initials.
    #[error(transparent)]
    Who(#[from] IdentityError),
    /// Not one of the words.
    #[error(transparent)]
    Choice(#[from] WordError),
    /// A purpose twice.
    #[error("'{0}' is there twice; write it once")]
    Twice(String),
    /// A reason that would not show, or fills pages.
    #[error("the reason must have at most 300 characters, all of which show")]
    Reason,
}

impl From<TableFault> for UnitFault {
    fn from(fault: TableFault) -> Self {
        Self::Table(Box::new(fault))
    }
}

impl From<TableError> for UnitFault {
    fn from(error: TableError) -> Self {
        Self::NoTable(Box::new(error))
    }
}
