//! What interprets the facts.

use super::{Reading, Table, Tables, reading};
use crate::record::Formulary;

/// The drug list, the conversion tables with the one in use, and the unit's choices.
///
/// ```
/// use corticurve::exposure::{DEFAULT_TABLE, Rules, Tables};
/// use corticurve::record::Formulary;
/// let (formulary, tables) = (Formulary::shipped().unwrap(), Tables::shipped().unwrap());
/// let rules = Rules::new(&formulary, &tables, tables.get(DEFAULT_TABLE).unwrap());
/// assert_eq!((rules.table.id.as_str(), rules.reading.course_gap_hours), ("fda-label", 48));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// The drugs.
    pub formulary: &'a Formulary,
    /// All tables, for the range.
    pub tables: &'a Tables,
    /// The table in use.
    pub table: &'a Table,
    /// The unit's choices.
    pub reading: &'a Reading,
}

impl<'a> Rules<'a> {
    /// A table with the choices that the design makes. Source: design, section 5.
    ///
    /// ```
    /// use corticurve::exposure::{Rules, Tables, WeightBy};
    /// use corticurve::record::Formulary;
    /// let (formulary, tables) = (Formulary::shipped().unwrap(), Tables::shipped().unwrap());
    /// let rules = Rules::new(&formulary, &tables, tables.get("bnf").unwrap());
    /// assert_eq!(rules.reading.weight_by, WeightBy::Day0);
    /// ```
    pub fn new(formulary: &'a Formulary, tables: &'a Tables, table: &'a Table) -> Self {
        Self { formulary, tables, table, reading: &reading::AS_DESIGNED }
    }
}
