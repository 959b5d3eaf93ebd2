//! What can be wrong with a conversion table, and where.

use crate::exposure::place::{self, TextPlace};
use crate::record::DecimalError;
use ron::error::SpannedError;
use thiserror::Error;

/// Why the tables cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TableError {
    /// Something in the file.
    #[error("conversion tables, {place}: {fault}")]
    At {
        /// Where.
        place: TextPlace,
        /// What.
        fault: TableFault,
    },
    /// Nothing of this name.
    #[error("'{name}' is not a conversion table; take one of {known}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
}

impl From<SpannedError> for TableError {
    fn from(error: SpannedError) -> Self {
        let (place, form) = place::form(&error);
        Self::At { place, fault: TableFault::Form(form) }
    }
}

/// What is wrong with a table.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TableFault {
    /// The file is not what it should be.
    #[error("{0}")]
    Form(String),
    /// A value is not a plain number.
    #[error("conversion table {table}, {drug}: {error}, or a ratio like 20/30")]
    Value {
        /// The table.
        table: String,
        /// The drug.
        drug: String,
        /// Why.
        error: DecimalError,
    },
    /// A value is zero.
    #[error("conversion table {table}, {drug}: the value must be above zero")]
    Zero {
        /// The table.
        table: String,
        /// The drug.
        drug: String,
    },
    /// A drug is there twice.
    #[error("conversion table {table}: {drug} is there twice; it must be there once")]
    Twice {
        /// The table.
        table: String,
        /// The drug.
        drug: String,
    },
    /// Not a drug that can be in a table.
    #[error("conversion table {table}: '{drug}' is not a glucocorticoid of the drug list; write one of {known}")]
    NotADrug {
        /// The table.
        table: String,
        /// What was written.
        drug: String,
        /// What can be.
        known: String,
    },
    /// No dexamethasone, so that nothing could be converted.
    #[error("conversion table {table}: dexamethasone is missing, into which every other drug is converted")]
    NoDexamethasone {
        /// The table.
        table: String,
    },
    /// Two tables of one id.
    #[error("there is already a conversion table {table}; give this one an id of its own")]
    SameId {
        /// The id.
        table: String,
    },
    /// An id that could not be asked for by name.
    #[error("'{id}' cannot be the id of a conversion table; write 1 to 40 small letters, digits and hyphens")]
    Id {
        /// What was written.
        id: String,
    },
    /// No version or source.
    #[error("conversion table {table}: the {what} must have 1 to 300 characters that show")]
    Blank {
        /// The table.
        table: String,
        /// Which.
        what: &'static str,
    },
}
