//! The file as lines and cells, before anything in it has a meaning.
//!
//! A row is one line. CSV also allows line breaks inside quoted cells, but then one forgotten quotation mark swallows
//! every dose up to the next one without an error; so they are refused, and line numbers are those of the file.

use super::profile::{Column, Profile, folded};
use super::{ImportError, LARGEST_FILE, LONGEST_LINE};
use crate::record::visible::brief;
use std::collections::BTreeSet;

/// The lines of a file as cells, with their numbers from 1. Blank lines are left out.
pub(super) struct Lines<'a> {
    file: &'a str,
    rest: Option<&'a str>,
    number: u64,
}

impl<'a> Lines<'a> {
    /// Checks what must hold of the whole file: its size, and that it is text.
    pub(super) fn of(bytes: &'a [u8], file: &'a str) -> Result<Self, ImportError> {
        if bytes.len() > LARGEST_FILE {
            return Err(ImportError::TooLarge { file: file.to_owned(), bytes: bytes.len() });
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let line = good.split(|byte| *byte == b'\n').count() as u64;
            ImportError::NotText { file: file.to_owned(), line }
        })?;
        if text.trim().is_empty() {
            return Err(ImportError::Empty { file: file.to_owned() });
        }
        Ok(Self { file, rest: Some(text), number: 0 })
    }

    fn line(&mut self) -> Option<&'a str> {
        let rest = self.rest?;
        self.number += 1;
        let (line, rest) = rest.split_once('\n').map_or((rest, None), |(line, rest)| (line, Some(rest)));
        self.rest = rest;
        Some(line.strip_suffix('\r').unwrap_or(line))
    }

    fn cells(&self, line: &str) -> Result<Vec<String>, ImportError> {
        let (file, number) = (self.file.to_owned(), self.number);
        if line.len() > LONGEST_LINE {
            return Err(ImportError::LongLine { file, line: number, bytes: line.len() });
        }
        if line.chars().any(|c| c.is_control() && c != '\t') {
            return Err(ImportError::NotText { file, line: number });
        }
        if line.matches('"').count() % 2 == 1 {
            return Err(ImportError::OpenQuote { file, line: number });
        }
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .buffer_capacity(line.len().max(64))
            .from_reader(line.as_bytes());
        let mut record = csv::StringRecord::new();
        reader.read_record(&mut record).map_err(|_| ImportError::NotText { file, line: number })?;
        Ok(record.iter().map(|cell| cell.trim().to_owned()).collect())
    }
}

impl Iterator for Lines<'_> {
    type Item = Result<(u64, Vec<String>), ImportError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let line = self.line()?;
            if !line.trim().is_empty() {
                return Some(self.cells(line).map(|cells| (self.number, cells)));
            }
        }
    }
}

/// Where the profile's columns are in this file.
pub(super) struct Header {
    names: Vec<String>,
    places: Vec<(Column, usize)>,
}

impl Header {
    /// Finds the profile's columns in the header line.
    pub(super) fn find(lines: &mut Lines<'_>, profile: &Profile) -> Result<Self, ImportError> {
        let file = lines.file.to_owned();
        let first = lines.next().ok_or_else(|| ImportError::Empty { file: file.clone() })?;
        let (line, names) = first?;
        let mut seen = BTreeSet::new();
        if let Some(twice) = names.iter().find(|name| !name.is_empty() && !seen.insert(folded(name))) {
            return Err(ImportError::DuplicateColumn { file, line, column: brief(twice) });
        }
        let place = |header: &str| names.iter().position(|name| folded(name) == folded(header));
        let found = profile.columns.iter().filter_map(|(column, header)| Some((*column, place(header)?)));
        let places: Vec<(Column, usize)> = found.collect();
        let wanting =
            |(column, header): &&(Column, String)| place(header).is_none() && !profile.optional.contains(column);
        let missing: Vec<&str> = profile.columns.iter().filter(wanting).map(|(_, header)| header.as_str()).collect();
        if missing.is_empty() {
            return Ok(Self { names, places });
        }
        let marks = [("'|'", '|'), ("tabs", '\t'), ("';'", ';')];
        let separates = |mark: char| names.len() == 1 && names.iter().any(|name| name.contains(mark));
        if let Some((separator, _)) = marks.into_iter().rfind(|(_, mark)| separates(*mark)) {
            return Err(ImportError::Separator { file, line, separator });
        }
        let (missing, profile) = (quoted(&missing), profile.name().to_owned());
        Err(ImportError::MissingColumn { file, line, missing, found: quoted(&names), profile })
    }

    /// How many cells each row has.
    pub(super) fn width(&self) -> usize {
        self.names.len()
    }

    /// The header's own word for a column.
    pub(super) fn name(&self, column: Column) -> &str {
        self.place(column).and_then(|at| self.names.get(at)).map_or("(none)", String::as_str)
    }

    /// A row's cell; blank where the file has no such column.
    pub(super) fn cell<'a>(&self, cells: &'a [String], column: Column) -> &'a str {
        self.place(column).and_then(|at| cells.get(at)).map_or("", String::as_str)
    }

    /// Whether the file has this column.
    pub(super) fn has(&self, column: Column) -> bool {
        self.place(column).is_some()
    }

    /// The columns that the profile says nothing about.
    pub(super) fn unused(&self) -> Vec<String> {
        let used = |at: usize| self.places.iter().any(|(_, place)| *place == at);
        let unused = self.names.iter().enumerate().filter(|(at, _)| !used(*at));
        unused.map(|(at, name)| if name.is_empty() { format!("column {}", at + 1) } else { brief(name) }).collect()
    }

    fn place(&self, column: Column) -> Option<usize> {
        self.places.iter().find(|(known, _)| *known == column).map(|(_, at)| *at)
    }
}

/// `'a', 'b'` and how many more; a file that is no CSV may have very long "columns".
fn quoted(names: &[impl AsRef<str>]) -> String {
    let shown: Vec<String> = names.iter().take(30).map(|name| format!("'{}'", brief(name.as_ref()))).collect();
    let more = names.len() - shown.len();
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}
