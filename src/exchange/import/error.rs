//! Why a file was refused. Every message says what, where and what to do.

use serde::Serialize;
use std::fmt;
use thiserror::Error;

/// One cell that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct BadCell {
    /// The line in the file, from 1; the header is a line too.
    pub line: u64,
    /// The column's name in the header.
    pub column: String,
    /// What is wrong with it, and what to write.
    pub problem: String,
}

impl fmt::Display for BadCell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.problem)
    }
}

/// Why nothing was imported. A file is taken whole or not at all.
#[derive(Debug, Error)]
pub enum ImportError {
    /// A name that no shipped profile has.
    #[error(
        "there is no import profile '{name}'; shipped are {known}; a profile of your own is given by a path ending in .ron"
    )]
    NoSuchProfile {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// The profile's file cannot be read.
    #[error("the import profile {path} cannot be read: {error}; check the path")]
    ProfileUnreadable {
        /// Its path.
        path: String,
        /// What the system says.
        error: std::io::Error,
    },
    /// The profile's text is not a profile.
    #[error("the import profile {whence} is not usable: {problem}")]
    Profile {
        /// Its name or path.
        whence: String,
        /// What is wrong, and where.
        problem: String,
    },
    /// The program was built with conversion tables that it cannot read; a tested build never is.
    #[error("{0}; install the program again")]
    Tables(#[from] crate::exposure::TableError),
    /// The file is not there, or may not be read.
    #[error("{file} cannot be read: {error}; check the path")]
    Unreadable {
        /// The file.
        file: String,
        /// What the system says.
        error: std::io::Error,
    },
    /// Longer than any medication record.
    #[error("{file} is {bytes} bytes long, more than the 268,435,456 that are taken; split it")]
    TooLarge {
        /// The file.
        file: String,
        /// Its length.
        bytes: usize,
    },
    /// Nothing in it.
    #[error("{file} is empty; expected is a CSV file with a header line")]
    Empty {
        /// The file.
        file: String,
    },
    /// Not text: a spreadsheet, a picture, another encoding.
    #[error(
        "{file}, line {line}: this is not plain UTF-8 text, so it is not a CSV file that can be read; save the table as \"CSV UTF-8\""
    )]
    NotText {
        /// The file.
        file: String,
        /// The first line that is not.
        line: u64,
    },
    /// A line longer than any row.
    #[error(
        "{file}, line {line}: the line is {bytes} bytes long, more than the 65,536 that are taken; check that this is a CSV file with one dose per line"
    )]
    LongLine {
        /// The file.
        file: String,
        /// The line.
        line: u64,
        /// Its length.
        bytes: usize,
    },
    /// A quotation mark that would swallow the lines after it.
    #[error(
        "{file}, line {line}: a quotation mark (\") is opened and not closed on this line; close it, double a mark that belongs to the text, and put no line break inside a cell"
    )]
    OpenQuote {
        /// The file.
        file: String,
        /// The line.
        line: u64,
    },
    /// Separated by something else than commas.
    #[error(
        "{file}, line {line}: the columns look separated by {separator}, and commas are needed; save the table with commas between the columns, and a point in decimal numbers"
    )]
    Separator {
        /// The file.
        file: String,
        /// The header's line.
        line: u64,
        /// What separates them.
        separator: &'static str,
    },
    /// Columns that the profile needs are not there.
    #[error(
        "{file}, line {line}: the header has no column {missing}; its columns are {found}; add it, or choose the profile that fits this file (this is {profile})"
    )]
    MissingColumn {
        /// The file.
        file: String,
        /// The header's line.
        line: u64,
        /// The missing columns.
        missing: String,
        /// Those that are there.
        found: String,
        /// The profile.
        profile: String,
    },
    /// One name twice in the header.
    #[error("{file}, line {line}: the column '{column}' is there twice; rename or remove one")]
    DuplicateColumn {
        /// The file.
        file: String,
        /// The header's line.
        line: u64,
        /// Its name.
        column: String,
    },
    /// Cells that cannot be taken.
    #[error("{}", listing(file, cells, *total))]
    Cells {
        /// The file.
        file: String,
        /// The first of them, by line; at most [`super::MOST_CELLS`].
        cells: Vec<BadCell>,
        /// How many there are.
        total: usize,
    },
}

fn listing(file: &str, cells: &[BadCell], total: usize) -> String {
    let lines: Vec<String> = cells.iter().map(BadCell::to_string).collect();
    let lines = lines.join("\n  ");
    let more = match total - cells.len().min(total) {
        0 => String::new(),
        more => format!("\n  and {more} more"),
    };
    let cells = if total == 1 { "1 cell".to_owned() } else { format!("{total} cells") };
    format!("{file}: nothing was imported, because {cells} cannot be taken:\n  {lines}{more}")
}
