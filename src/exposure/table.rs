//! Conversion tables: how many milligrams of each glucocorticoid have the same anti-inflammatory effect.

use super::{Exact, Overflow};
use crate::record::{DecimalError, DrugId, decimal};
use serde::Deserialize;
use thiserror::Error;

/// The tables that ship with the program.
const SHIPPED: &str = include_str!("../../assets/tables.ron");

/// The table that is used unless another is asked for.
pub const DEFAULT_TABLE: &str = "fda-label";

/// A conversion table with its origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its short name: `fda-label`.
    pub id: String,
    /// Its version; a table with other numbers is another version.
    pub version: String,
    /// Where its numbers were read.
    pub source: String,
    /// Whether the source itself was seen.
    pub confirmed: bool,
    equivalents: Vec<(DrugId, Exact)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTable {
    id: String,
    version: String,
    source: String,
    confirmed: bool,
    equivalents: Vec<(DrugId, String)>,
}

/// Why the tables cannot be used.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum TableError {
    /// The file is not what it should be.
    #[error("conversion tables: {0}")]
    Form(#[from] ron::error::SpannedError),
    /// A value is not a plain number.
    #[error("conversion table {table}, {drug}: {error}")]
    Value {
        /// The table.
        table: String,
        /// The drug.
        drug: DrugId,
        /// Why.
        error: DecimalError,
    },
    /// A value is zero, or a drug is there twice.
    #[error("conversion table {table}: {drug} must be there once, with a value above zero")]
    Drug {
        /// The table.
        table: String,
        /// The drug.
        drug: DrugId,
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

/// All tables at hand.
///
/// ```
/// use corticurve::exposure::{DEFAULT_TABLE, Tables};
/// let tables = Tables::shipped().unwrap();
/// assert_eq!(tables.get(DEFAULT_TABLE).unwrap().version, "1");
/// assert!(tables.get("aunt minnie's").unwrap_err().to_string().contains("fda-label, bnf"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tables(Vec<Table>);

impl Tables {
    /// The shipped tables.
    ///
    /// # Errors
    /// Never in a tested build: the file is compiled in and a test reads it.
    pub fn shipped() -> Result<Self, TableError> {
        Self::from_ron(SHIPPED)
    }

    /// Reads tables.
    ///
    /// # Errors
    /// [`TableError`] names the table and the drug.
    pub fn from_ron(text: &str) -> Result<Self, TableError> {
        let raw: Vec<RawTable> = ron::from_str(text)?;
        raw.into_iter().map(Table::checked).collect::<Result<_, _>>().map(Self)
    }

    /// The table of this name.
    ///
    /// # Errors
    /// [`TableError::Unknown`] lists the names.
    pub fn get(&self, id: &str) -> Result<&Table, TableError> {
        self.0.iter().find(|table| table.id == id).ok_or_else(|| TableError::Unknown {
            name: id.chars().take(40).collect(),
            known: self.0.iter().map(|table| table.id.as_str()).collect::<Vec<_>>().join(", "),
        })
    }

    /// Every table, in the file's order.
    pub fn iter(&self) -> impl Iterator<Item = &Table> {
        self.0.iter()
    }
}

impl Table {
    fn checked(raw: RawTable) -> Result<Self, TableError> {
        let mut equivalents: Vec<(DrugId, Exact)> = Vec::new();
        for (drug, text) in raw.equivalents {
            let value = decimal::parse(&text, 6).map_err(|error| TableError::Value {
                table: raw.id.clone(),
                drug: drug.clone(),
                error,
            })?;
            if value == 0 || equivalents.iter().any(|(earlier, _)| *earlier == drug) {
                return Err(TableError::Drug { table: raw.id, drug });
            }
            equivalents.push((drug, Exact::new(i128::from(value), 1_000_000)));
        }
        Ok(Self { id: raw.id, version: raw.version, source: raw.source, confirmed: raw.confirmed, equivalents })
    }

    /// The milligrams of a drug that the table sets equal to the others'; `None` where it does not list the drug.
    pub fn equivalent(&self, drug: &DrugId) -> Option<Exact> {
        self.equivalents.iter().find(|(listed, _)| listed == drug).map(|(_, value)| *value)
    }

    /// What one milligram of `from` is in milligrams of `to`; `None` where the table lacks one of them.
    ///
    /// ```
    /// use corticurve::exposure::Tables;
    /// use corticurve::record::DrugId;
    /// let tables = Tables::shipped().unwrap();
    /// let factor = tables.get("fda-label").unwrap().factor(&DrugId::new("prednisone"), &DrugId::new("dexamethasone"));
    /// assert_eq!(factor.unwrap().decimal(), "0.15");
    /// ```
    pub fn factor(&self, from: &DrugId, to: &DrugId) -> Option<Exact> {
        self.equivalent(to)?.over(self.equivalent(from)?).ok()
    }

    /// Converts milligrams of one drug into another's.
    ///
    /// ```
    /// use corticurve::exposure::{Exact, Tables};
    /// use corticurve::record::DrugId;
    /// let tables = Tables::shipped().unwrap();
    /// let (dex, pred) = (DrugId::new("dexamethasone"), DrugId::new("prednisolone"));
    /// let converted = tables.get("fda-label").unwrap().convert(Exact::whole(6), &dex, &pred);
    /// assert_eq!(converted, Some(Ok(Exact::whole(40))));
    /// ```
    ///
    /// # Errors
    /// [`Overflow`]; `None` where the table lacks one of them.
    pub fn convert(&self, mg: Exact, from: &DrugId, to: &DrugId) -> Option<Result<Exact, Overflow>> {
        Some(mg.times(self.factor(from, to)?))
    }
}
