//! The data that interprets facts: what ships, read once at start, and what the unit made of it.

use crate::exposure::{
    DEFAULT_TABLE, Published, PublishedError, Reading, Rules, Table, TableError, Tables, UnitSettings,
};
use crate::record::{Formulary, Frequencies, FrequencyError};
use thiserror::Error;

/// The drug list, the conversion tables, the vocabulary of plans, the published exposure, and the choices in force. Every
/// place that makes figures takes its rules from here, so that none can forget the unit's settings.
#[derive(Debug, Clone)]
pub struct Reference {
    /// The drugs.
    pub formulary: Formulary,
    /// The conversion tables: those that ship, then the unit's own.
    pub tables: Tables,
    /// How often planned doses may be due.
    pub frequencies: Frequencies,
    /// What other patients got.
    pub published: Published,
    shipped: Tables,
    table: Table,
    reading: Reading,
}

/// The program was built with data that it cannot read; a tested build never is.
#[derive(Debug, Error)]
pub enum ReferenceError {
    /// The drug list.
    #[error("the drug list that came with the program cannot be read ({0}); install the program again")]
    Drugs(#[from] ron::error::SpannedError),
    /// The tables.
    #[error("the conversion tables that came with the program cannot be read ({0}); install the program again")]
    Tables(#[from] TableError),
    /// The vocabulary of plans.
    #[error("{0}; install the program again")]
    Frequencies(#[from] FrequencyError),
    /// What other patients got.
    #[error("the published exposure that came with the program cannot be read ({0}); install the program again")]
    Published(#[from] PublishedError),
}

impl Reference {
    /// Reads the shipped data, with the choices of the design.
    ///
    /// # Errors
    /// [`ReferenceError`], never in a tested build.
    pub fn shipped() -> Result<Self, ReferenceError> {
        let (formulary, shipped) = (Formulary::shipped()?, Tables::shipped()?);
        let table = shipped.get(DEFAULT_TABLE)?.clone();
        Ok(Self {
            formulary,
            tables: shipped.clone(),
            shipped,
            frequencies: Frequencies::shipped()?,
            published: Published::shipped()?,
            table,
            reading: Reading::default(),
        })
    }

    /// The same data under a unit's settings, in place of those that were in force here.
    ///
    /// # Errors
    /// [`TableError::Unknown`], never for settings that were read from a file.
    pub fn under(&self, settings: &UnitSettings) -> Result<Self, TableError> {
        let tables = settings.all_tables(&self.shipped);
        let table = tables.get(&settings.table)?.clone();
        Ok(Self { tables, table, reading: settings.reading.clone(), ..self.clone() })
    }

    /// Whether the same figures come of both: of the same shipped data with the same choices.
    pub fn reads_as(&self, other: &Self) -> bool {
        self.table == other.table && self.tables == other.tables && self.reading == other.reading
    }

    /// The rules in force.
    pub fn rules(&self) -> Rules<'_> {
        Rules { reading: &self.reading, ..Rules::new(&self.formulary, &self.tables, &self.table) }
    }

    /// The rules in force with a table of this name instead; without a name, with the table in force.
    ///
    /// # Errors
    /// [`TableError::Unknown`] lists the names.
    pub fn rules_with(&self, table: Option<&str>) -> Result<Rules<'_>, TableError> {
        match table {
            Some(table) => Ok(Rules { table: self.tables.get(table)?, ..self.rules() }),
            None => Ok(self.rules()),
        }
    }
}
