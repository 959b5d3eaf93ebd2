//! The shipped data that interprets facts, read once at start.

use crate::exposure::{DEFAULT_TABLE, Published, PublishedError, Rules, Table, TableError, Tables};
use crate::record::{Formulary, Frequencies, FrequencyError};
use thiserror::Error;

/// The drug list, the conversion tables, the vocabulary of plans and the published exposure.
#[derive(Debug, Clone)]
pub struct Reference {
    /// The drugs.
    pub formulary: Formulary,
    /// The conversion tables.
    pub tables: Tables,
    /// How often planned doses may be due.
    pub frequencies: Frequencies,
    /// What other patients got.
    pub published: Published,
    default: Table,
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
    /// Reads the shipped data.
    ///
    /// # Errors
    /// [`ReferenceError`], never in a tested build.
    pub fn shipped() -> Result<Self, ReferenceError> {
        let tables = Tables::shipped()?;
        let default = tables.get(DEFAULT_TABLE)?.clone();
        let (formulary, frequencies) = (Formulary::shipped()?, Frequencies::shipped()?);
        Ok(Self { formulary, tables, frequencies, published: Published::shipped()?, default })
    }

    /// The rules with the default table.
    pub fn rules(&self) -> Rules<'_> {
        Rules::new(&self.formulary, &self.tables, &self.default)
    }

    /// The rules with a table of this name.
    ///
    /// # Errors
    /// [`TableError::Unknown`] lists the names.
    pub fn rules_with(&self, table: &str) -> Result<Rules<'_>, TableError> {
        Ok(Rules { table: self.tables.get(table)?, ..self.rules() })
    }
}
