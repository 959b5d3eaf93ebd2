//! The range: how much the total depends on the conversion table and on how dexamethasone is labelled.

use super::{DrugTotal, Exact, Overflow, Rules, Table};

/// The smallest and the largest total over all tables that list every counted drug, and over both readings of the salt
/// (design, section 5).
///
/// ```
/// use corticurve::exposure::{Exposure, Window, examples};
/// let chart = examples::chart(&["dex 4 iv 2026-11-14T08:00Z"]).unwrap();
/// let range = Exposure::of(&chart, examples::rules().unwrap(), Window::All, examples::now().unwrap()).unwrap().range;
/// assert_eq!((range.least.mg.shown(2).as_str(), range.most.mg.shown(2).as_str()), ("3.32", "4"));
/// assert_eq!(range.least.shown(), "fda-label v1, as base");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// The smallest total.
    pub least: RangeEnd,
    /// The largest total.
    pub most: RangeEnd,
}

/// One end of a range: a total, and the reading that gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RangeEnd {
    /// The total.
    pub mg: Exact,
    /// The id of the conversion table.
    pub table: String,
    /// Its version.
    pub version: String,
    /// Whether its source itself was seen.
    pub confirmed: bool,
    /// Whether every amount of dexamethasone that is not stated as base was read as phosphate and told as base.
    pub as_base: bool,
}

impl RangeEnd {
    /// The reading in words, for every output. Source: design, section 2: every number can be traced.
    ///
    /// ```
    /// use corticurve::exposure::{Exact, RangeEnd};
    /// // 80 mg of methylPREDNISolone under the table with 0.8 mg of dexamethasone.
    /// let end = RangeEnd { mg: Exact::whole(16), table: "potency-25".to_owned(), version: "1".to_owned(), confirmed: false, as_base: false };
    /// assert_eq!(end.shown(), "potency-25 v1 (not confirmed), as labelled");
    /// ```
    pub fn shown(&self) -> String {
        let mark = if self.confirmed { "" } else { " (not confirmed)" };
        format!("{} v{}{mark}, {}", self.table, self.version, self.salt())
    }

    /// How dexamethasone was read: `as labelled` or `as base`. Source: clinical reference, section 1.
    ///
    /// ```
    /// use corticurve::exposure::{Exact, RangeEnd};
    /// let end = RangeEnd { mg: Exact::new(332, 100), table: "fda-label".to_owned(), version: "1".to_owned(), confirmed: true, as_base: true };
    /// assert_eq!(end.salt(), "as base");
    /// ```
    pub const fn salt(&self) -> &'static str {
        if self.as_base { "as base" } else { "as labelled" }
    }
}

/// Of equal totals the reading in use stands, then the earlier of the list.
pub(super) fn range(parts: &[DrugTotal], rules: Rules<'_>) -> Result<Range, Overflow> {
    let first = (total(parts, rules.table, false)?, rules.table, false);
    let (mut least, mut most) = (first, first);
    let lists_all = |table: &&Table| parts.iter().all(|part| table.equivalent(&part.drug).is_some());
    for table in std::iter::once(rules.table).chain(rules.tables.iter()).filter(lists_all) {
        for as_base in [false, true] {
            let mg = total(parts, table, as_base)?;
            if mg < least.0 {
                least = (mg, table, as_base);
            } else if mg > most.0 {
                most = (mg, table, as_base);
            }
        }
    }
    Ok(Range { least: end(least), most: end(most) })
}

/// The total in use, told as base.
pub(super) fn total_as_base(parts: &[DrugTotal], rules: Rules<'_>) -> Result<Exact, Overflow> {
    total(parts, rules.table, true)
}

fn end((mg, table, as_base): (Exact, &Table, bool)) -> RangeEnd {
    let (id, version) = (table.id.clone(), table.version.clone());
    RangeEnd { mg, table: id, version, confirmed: table.confirmed, as_base }
}

fn total(parts: &[DrugTotal], table: &Table, as_base: bool) -> Result<Exact, Overflow> {
    let dexamethasone = crate::record::DrugId::new("dexamethasone");
    let mut mg = Exact::ZERO;
    for part in parts {
        let own = if as_base { part.mg_as_base } else { part.mg };
        if let Some(converted) = table.convert(own, &part.drug, &dexamethasone) {
            mg = mg.plus(converted?)?;
        }
    }
    Ok(mg)
}
