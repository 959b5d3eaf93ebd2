//! Writing a change as a block of the file, with every setting spelt out: what was in force then must not follow from
//! what a later version of the program takes for granted.

use super::{UnitChange, UnitSettings};
use crate::exposure::Table;
use crate::exposure::reading::purpose_word;
use crate::record::visible::invisible;

impl UnitChange {
    /// The block, without a comma after it. Source: design, section 6.
    ///
    /// ```
    /// use corticurve::exposure::{UnitChange, UnitHistory, UnitSettings, examples};
    /// let (at, by) = (examples::now().unwrap(), "NK".parse().unwrap());
    /// let change = UnitChange { at, by, reason: "protocol 12".to_owned(), settings: UnitSettings::default() };
    /// assert_eq!(UnitHistory::parse(&format!("[{}]", change.text())).unwrap().changes(), [change]);
    /// ```
    pub fn text(&self) -> String {
        let stamp = format!(
            "    changed_at: {}, changed_by: {}, reason: {},\n",
            quoted(&self.at.to_rfc3339()),
            quoted(self.by.as_str()),
            quoted(&self.reason)
        );
        format!("(\n{stamp}{})", self.settings.fields())
    }
}

impl UnitSettings {
    /// The settings as a block that is not in force yet: what [`UnitSettings::parse`] reads. Source: design, section 6.
    ///
    /// ```
    /// use corticurve::exposure::UnitSettings;
    /// let settings = UnitSettings::default();
    /// assert!(settings.text().contains("course_gap_hours: 48, weight: \"Day 0\", surface: \"Mosteller\""));
    /// assert_eq!(UnitSettings::parse(&settings.text()), Ok(settings));
    /// ```
    pub fn text(&self) -> String {
        format!("(\n{})", self.fields())
    }

    fn fields(&self) -> String {
        let out: Vec<String> = self.reading.purposes_out.iter().map(|out| quoted(purpose_word(*out))).collect();
        let tables: String = self.tables.iter().map(table).collect();
        let tables = if tables.is_empty() { String::new() } else { format!("\n{tables}    ") };
        let (weight, surface) = (self.reading.weight_by.word(), self.reading.surface_by.word());
        format!(
            "    table: {}, tables: [{tables}],\n    purposes_out: [{}], course_gap_hours: {}, weight: {}, surface: {},\n",
            quoted(&self.table),
            out.join(", "),
            self.reading.course_gap_hours,
            quoted(weight),
            quoted(surface)
        )
    }
}

fn table(table: &Table) -> String {
    let pairs: Vec<String> =
        table.written().map(|(drug, value)| format!("({}, {})", quoted(drug.as_str()), quoted(value))).collect();
    format!(
        "        (\n            id: {}, version: {}, confirmed: {},\n            source: {},\n            equivalents: [{}],\n        ),\n",
        quoted(&table.id),
        quoted(&table.version),
        table.confirmed,
        quoted(&table.source),
        pairs.join(", ")
    )
}

/// A text in quotation marks. What RON would only read back from an escape is escaped, and nothing else: the file is for
/// people too.
fn quoted(text: &str) -> String {
    let escaped: String = text
        .chars()
        .flat_map(|c| if c == '"' || c == '\\' || invisible(c) { c.escape_default().collect() } else { vec![c] })
        .collect();
    format!("\"{escaped}\"")
}
