//! Conversion tables: how many milligrams of each glucocorticoid have the same anti-inflammatory effect.

mod fault;

pub use fault::{TableError, TableFault};

use super::place::TextPlace;
use super::{Exact, Overflow};
use crate::record::visible::{brief, invisible};
use crate::record::{Class, DecimalError, DrugId, Formulary, decimal};
use serde::Deserialize;

/// The tables that ship with the program.
const SHIPPED: &str = include_str!("../../../assets/tables.ron");

/// The table that is used unless another is asked for.
pub const DEFAULT_TABLE: &str = "fda-label";

/// How many decimals a value may have.
const PLACES: u32 = 6;

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
    equivalents: Vec<Equivalent>,
}

/// One drug of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Equivalent {
    drug: DrugId,
    /// As it stands in the file, to be written back without a change: `0.75`, or `20/30`.
    written: String,
    mg: Exact,
}

/// A table as a file holds it. The texts that a check may refuse are slices of the file, so that their place is known.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename = "Table")]
pub(super) struct RawTable<'a> {
    pub(super) id: &'a str,
    version: String,
    source: String,
    confirmed: bool,
    #[serde(borrow)]
    equivalents: Vec<(&'a str, &'a str)>,
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
    /// The shipped tables. Source: clinical reference, section 1.
    ///
    /// ```
    /// # use corticurve::exposure::{Exact, Tables};
    /// # use corticurve::record::DrugId;
    /// let tables = Tables::shipped().unwrap();
    /// // 1,000 mg of methylPREDNISolone are 187.5 mg of dexamethasone.
    /// let (methylpred, dex) = (DrugId::new("methylprednisolone"), DrugId::new("dexamethasone"));
    /// let mg = tables.get("fda-label").unwrap().convert(Exact::whole(1000), &methylpred, &dex);
    /// assert_eq!(mg.unwrap().unwrap().decimal(), "187.5");
    /// ```
    ///
    /// # Errors
    /// Never in a tested build: the file is compiled in and a test reads it.
    pub fn shipped() -> Result<Self, TableError> {
        Self::from_ron(SHIPPED, &Formulary::shipped()?)
    }

    /// Reads tables, each of drugs that the list knows. Source: design, section 5.
    ///
    /// ```
    /// use corticurve::exposure::Tables;
    /// use corticurve::record::Formulary;
    /// let formulary = Formulary::shipped().unwrap();
    /// let table = r#"[(id: "ward-4", version: "1", source: "our protocol", confirmed: true,
    ///     equivalents: [("dexamethasone", "0.75"), ("prednisolone", "-5")])]"#;
    /// let error = Tables::from_ron(table, &formulary).unwrap_err().to_string();
    /// assert!(error.starts_with("conversion tables, line 2, column"));
    /// assert!(error.contains("conversion table ward-4, prednisolone: '-5': amounts are never negative"));
    /// assert_eq!(Tables::from_ron(&table.replace("-5", "5"), &formulary).unwrap().iter().count(), 1);
    /// ```
    ///
    /// # Errors
    /// [`TableError`] names the line, the table and the drug.
    pub fn from_ron(text: &str, formulary: &Formulary) -> Result<Self, TableError> {
        let raw: Vec<RawTable<'_>> = ron::from_str(text)?;
        let checked = Self(Vec::new()).and(text, raw, formulary);
        checked.map_err(|(place, fault)| TableError::At { place, fault })
    }

    /// These tables and more of them, read from a text.
    pub(super) fn and(
        mut self,
        text: &str,
        raw: Vec<RawTable<'_>>,
        formulary: &Formulary,
    ) -> Result<Self, (TextPlace, TableFault)> {
        for raw in raw {
            if self.0.iter().any(|table| table.id == raw.id) {
                return Err((TextPlace::of(text, raw.id), TableFault::SameId { table: raw.id.to_owned() }));
            }
            self.0.push(Table::checked(text, raw, formulary)?);
        }
        Ok(self)
    }

    /// These tables and a unit's own. Source: design, section 6.
    ///
    /// ```
    /// use corticurve::exposure::Tables;
    /// let tables = Tables::shipped().unwrap();
    /// let own = tables.get("fda-label").unwrap().clone();
    /// assert_eq!(tables.with(&[own]).iter().count(), tables.iter().count() + 1);
    /// ```
    #[must_use]
    pub fn with(&self, more: &[Table]) -> Self {
        Self(self.0.iter().chain(more).cloned().collect())
    }

    /// The table of this name. Source: design, section 5.
    ///
    /// ```
    /// # use corticurve::exposure::Tables;
    /// let tables = Tables::shipped().unwrap();
    /// assert_eq!(tables.get("bnf").unwrap().id, "bnf");
    /// let error = tables.get("BNF 2").unwrap_err().to_string();
    /// assert!(error.starts_with("'BNF 2' is not a conversion table; take one of fda-label, bnf,"));
    /// ```
    ///
    /// # Errors
    /// [`TableError::Unknown`] lists the names.
    pub fn get(&self, id: &str) -> Result<&Table, TableError> {
        self.0.iter().find(|table| table.id == id).ok_or_else(|| TableError::Unknown {
            name: brief(id),
            known: self.0.iter().map(|table| table.id.as_str()).collect::<Vec<_>>().join(", "),
        })
    }

    /// Every table, in the file's order. Source: clinical reference, section 1.
    ///
    /// ```
    /// # use corticurve::exposure::Tables;
    /// let tables = Tables::shipped().unwrap();
    /// let ids: Vec<_> = tables.iter().map(|table| table.id.as_str()).collect();
    /// assert_eq!(ids, ["fda-label", "bnf", "katzung", "globalrph-low", "potency-25", "potency-30"]);
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = &Table> {
        self.0.iter()
    }
}

impl Table {
    /// Checks a table that stands in a text.
    fn checked(text: &str, raw: RawTable<'_>, formulary: &Formulary) -> Result<Self, (TextPlace, TableFault)> {
        let (own, table) = (TextPlace::of(text, raw.id), raw.id.to_owned());
        let right = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !(1..=40).contains(&raw.id.len()) || !raw.id.chars().all(right) {
            return Err((own, TableFault::Id { id: brief(raw.id) }));
        }
        for (what, words) in [("version", &raw.version), ("source", &raw.source)] {
            if words.trim().is_empty() || words.chars().count() > 300 || words.contains(invisible) {
                return Err((own, TableFault::Blank { table, what }));
            }
        }
        let mut equivalents: Vec<Equivalent> = Vec::new();
        for (name, written) in raw.equivalents {
            let (table, drug) = (table.clone(), brief(name));
            let id = DrugId::new(name);
            if formulary.class(&id) != Some(Class::Glucocorticoid) {
                let known = known_drugs(formulary);
                return Err((TextPlace::of(text, name), TableFault::NotADrug { table, drug, known }));
            }
            if equivalents.iter().any(|earlier| earlier.drug == id) {
                return Err((TextPlace::of(text, name), TableFault::Twice { table, drug }));
            }
            let mg = match value(written) {
                Ok(Some(mg)) => mg,
                Ok(None) => return Err((TextPlace::of(text, written), TableFault::Zero { table, drug })),
                Err(error) => return Err((TextPlace::of(text, written), TableFault::Value { table, drug, error })),
            };
            equivalents.push(Equivalent { drug: id, written: written.to_owned(), mg });
        }
        let checked =
            Self { id: table, version: raw.version, source: raw.source, confirmed: raw.confirmed, equivalents };
        match checked.equivalent(&DrugId::new("dexamethasone")) {
            Some(_) => Ok(checked),
            None => Err((own, TableFault::NoDexamethasone { table: checked.id })),
        }
    }

    /// The id with the version, and with the mark of a source that nobody has seen: for wherever a table is named.
    /// Source: design, section 2.
    ///
    /// ```
    /// use corticurve::exposure::Tables;
    /// let tables = Tables::shipped().unwrap();
    /// assert_eq!(tables.get("fda-label").unwrap().named(), "fda-label version 1");
    /// assert_eq!(tables.get("potency-25").unwrap().named(), "potency-25 version 1 (not confirmed)");
    /// ```
    pub fn named(&self) -> String {
        format!("{} version {}{}", self.id, self.version, self.mark())
    }

    /// The mark of a source that nobody has seen; empty for a confirmed table. Source: clinical reference, section 1.
    ///
    /// ```
    /// use corticurve::exposure::Tables;
    /// let tables = Tables::shipped().unwrap();
    /// // Clinical reference, section 1: both potencies are printed, and the values computed from them.
    /// assert_eq!(tables.get("potency-30").unwrap().mark(), " (not confirmed)");
    /// assert_eq!(tables.get("bnf").unwrap().mark(), "");
    /// ```
    pub const fn mark(&self) -> &'static str {
        if self.confirmed { "" } else { " (not confirmed)" }
    }

    /// The drugs with their values, as they are written in a file. Source: clinical reference, section 1.
    ///
    /// ```
    /// use corticurve::exposure::Tables;
    /// let tables = Tables::shipped().unwrap();
    /// // Clinical reference, section 1.
    /// let dexamethasone = |table| tables.get(table).unwrap().written().find(|(drug, _)| drug.as_str() == "dexamethasone").unwrap().1;
    /// assert_eq!((dexamethasone("fda-label"), dexamethasone("potency-30")), ("0.75", "20/30"));
    /// ```
    pub fn written(&self) -> impl Iterator<Item = (&DrugId, &str)> {
        self.equivalents.iter().map(|listed| (&listed.drug, listed.written.as_str()))
    }

    /// The milligrams of a drug that the table sets equal to the others'; `None` where it does not list the drug.
    /// Source: clinical reference, section 1.
    ///
    /// ```
    /// use corticurve::exposure::{Exact, Tables};
    /// use corticurve::record::DrugId;
    /// let (tables, dex) = (Tables::shipped().unwrap(), DrugId::new("dexamethasone"));
    /// // Clinical reference, section 1.
    /// assert_eq!(tables.get("fda-label").unwrap().equivalent(&dex), Some(Exact::new(3, 4)));
    /// assert_eq!(tables.get("potency-30").unwrap().equivalent(&dex), Some(Exact::new(20, 30)));
    /// assert_eq!(tables.get("bnf").unwrap().equivalent(&DrugId::new("prednisone")), None);
    /// ```
    pub fn equivalent(&self, drug: &DrugId) -> Option<Exact> {
        self.equivalents.iter().find(|listed| listed.drug == *drug).map(|listed| listed.mg)
    }

    /// What one milligram of `from` is in milligrams of `to`; `None` where the table lacks one of them.
    /// Source: design, section 5.
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

    /// Converts milligrams of one drug into another's. Source: clinical reference, section 1.
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

/// A value as a decimal, `0.75`, or as an exact ratio, `20/30`; `None` for zero.
fn value(written: &str) -> Result<Option<Exact>, DecimalError> {
    let (above, below) = match written.split_once('/') {
        Some((above, below)) => (decimal::parse(above, PLACES)?, decimal::parse(below, PLACES)?),
        None => (decimal::parse(written, PLACES)?, 10_u64.pow(PLACES)),
    };
    // The quotient comes in its lowest terms, and is none where the divisor is zero.
    let quotient = Exact::whole(i128::from(above)).over(Exact::whole(i128::from(below)));
    Ok(quotient.ok().filter(|quotient| quotient.is_positive()))
}

fn known_drugs(formulary: &Formulary) -> String {
    let known = formulary.drugs().iter().filter(|drug| drug.class == Class::Glucocorticoid);
    known.map(|drug| drug.id.as_str()).collect::<Vec<_>>().join(", ")
}
