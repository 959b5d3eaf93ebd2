//! What a look at every file found, to be read, and copied as text.

use crate::record::{Moment, time};
use crate::store::{StoreError, Verified};

/// The result of a look at every file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilesView {
    /// What came of it, in one line.
    pub summary: String,
    /// Whether nothing was found.
    pub is_well: bool,
    /// Each file, with its line, and what is wrong there and what to do about it.
    pub findings: Vec<(String, String)>,
}

impl FilesView {
    pub(super) fn of(verified: Result<Verified, StoreError>, folder: &str, at: Moment) -> Self {
        let when = format!("checked {}, {folder}", time::shown(at));
        match verified {
            Ok(verified) => Self {
                summary: format!("{verified}; {when}"),
                is_well: verified.findings.is_empty(),
                findings: verified.findings.iter().map(|found| (found.place(), found.kind.to_string())).collect(),
            },
            Err(error) => Self { summary: format!("{error}; {when}"), is_well: false, findings: Vec::new() },
        }
    }

    /// The same as text.
    pub fn text(&self) -> String {
        let findings = self.findings.iter().map(|(place, what)| format!("{place}: {what}\n"));
        format!("{}\n{}", self.summary, findings.collect::<String>())
    }
}
