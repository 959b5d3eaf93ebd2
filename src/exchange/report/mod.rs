//! One printed page of a patient: who it is, the curve with its lanes, the figures, and the latest doses.
//!
//! Whoever asks for the page fills in a [`Report`] with words that are made already: the same lines as the window's panel
//! and the text that is copied have, so that no two places can disagree. Here nothing is worked out but where each word and
//! line stands. [`Report::sheet`] lays the page out as plain data (`page`, `chart`), and [`pdf`] draws that; a test looks
//! at the first and needs no PDF reader.
//!
//! **Nothing is cut short.** What is long is folded; a very long name is set smaller. The page stays one page: fewer doses
//! are listed then, and a line says how many are not on it; where even the figures do not fit, they are set smaller first.
//!
//! **On black and white** the page says the same: drugs have letters and patterns, grades are numbers, lines are dashed.
//!
//! Limitations: letters that the bundled fonts lack are printed as a box, and the page says so. One line of text has one
//! direction.

mod chart;
mod figures;
mod file;
mod lanes;
mod page;
mod pdf;
mod sheet;
mod table;
mod words;

pub use file::write_new;
pub use pdf::pdf;
pub use sheet::{Area, Ink, Item, Sheet, Text};

use crate::exposure::figure::Figure;
use thiserror::Error;

/// What the page says of a dose: given, day, drug, dose, route, for, running total, recorded, state.
pub type DoseRow = [String; 9];

/// The words that stand on the page.
#[derive(Debug, Clone)]
pub struct Report {
    /// SURNAME, Given.
    pub name: String,
    /// `Day +9`; empty without an infusion.
    pub day: String,
    /// Born and age, MRN, sex, weight and its date, product and infusion.
    pub details: Vec<String>,
    /// What needs a look: findings in the files, open questions.
    pub attention: Vec<String>,
    /// As of when, and under which table.
    pub heading: String,
    /// The chart.
    pub figure: Figure,
    /// Whether its axis is labelled with days where there are any.
    pub by_day: bool,
    /// What its signs mean; first its drugs.
    pub legend: Vec<String>,
    /// The place of each of them in the list of drugs, which gives it its pattern.
    pub drugs: Vec<usize>,
    /// The figures.
    pub figures: Vec<FigureRow>,
    /// Figures that stand only with their words.
    pub statements: Vec<StatementRows>,
    /// The doses of the log, the latest first, without those that were struck out.
    pub doses: Vec<DoseRow>,
    /// How many were struck out.
    pub struck_out: usize,
    /// What stands at the foot, line by line.
    pub foot: Vec<String>,
}

/// One figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureRow {
    /// What it is.
    pub label: String,
    /// The number with its unit.
    pub value: String,
    /// What to know beside it.
    pub note: String,
}

/// A figure with the words that it must not be shown without.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementRows {
    /// What it is about.
    pub heading: String,
    /// What it says.
    pub lines: Vec<String>,
    /// The words that always stand with it.
    pub always: Vec<String>,
}

/// Why a page could not be made.
#[derive(Debug, Error)]
pub enum ReportError {
    /// The bundled fonts.
    #[error("the fonts that came with the program cannot be read; install the program again")]
    Fonts,
    /// The PDF.
    #[error("the page could not be written as PDF ({0}); copy the figures as text instead")]
    Pdf(String),
}

impl Report {
    /// The page as plain data: an A4 sheet with every word and line in its place.
    ///
    /// # Errors
    /// [`ReportError::Fonts`].
    pub fn sheet(&self) -> Result<Sheet, ReportError> {
        let fonts = words::Fonts::bundled().ok_or(ReportError::Fonts)?;
        Ok(page::lay_out(self, &fonts))
    }
}
