//! The two steps of a change: choosing, and looking at what it moves before it is saved.

use super::Comparison;
use crate::app::Reference;
use crate::app::form::{Form, FormKind, choice, text};
use crate::exposure::{SurfaceFormula, Table, UnitSettings, WeightBy, parse_purpose, purpose_word};
use crate::store::UnitRecord;

/// Settings that are chosen and not saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What they were chosen over.
    pub seen: UnitRecord,
    /// What would be in force.
    pub settings: UnitSettings,
}

const TABLE: &str = "Conversion table";
const OUT: &str = "Purposes out of the total";
const GAP: &str = "Longest gap in a course, hours";
const WEIGHT: &str = "Weight for mg/kg";
const SURFACE: &str = "Body surface by";
pub(super) const REASON: &str = "Reason";
pub(super) const INITIALS: &str = "Your initials";

impl Form {
    /// Chooses the unit's settings.
    pub fn settings(reference: &Reference, now: &UnitSettings, since: &str) -> Self {
        let reading = &now.reading;
        let out: Vec<&str> = reading.purposes_out.iter().map(|purpose| purpose_word(*purpose)).collect();
        let tables: Vec<String> = reference.tables.iter().map(Table::named).collect();
        let fields = vec![
            choice(TABLE, &reference.rules().table.named(), tables.iter().map(String::as_str)),
            text(OUT, out.join(", "), "replacement, not stated; or leave empty"),
            text(GAP, reading.course_gap_hours.to_string(), "48"),
            choice(WEIGHT, reading.weight_by.word(), WeightBy::ALL.iter().map(|by| by.word())),
            choice(SURFACE, reading.surface_by.word(), SurfaceFormula::ALL.iter().map(|by| by.word())),
        ];
        let about = format!(
            "{since} They hold for every patient and every workstation of this data folder. What a change moves is shown before \
             it is saved. The unit's own tables are written into unit.ron in the data folder."
        );
        Self::new(FormKind::Settings, "The unit's settings", &about, fields, "Show what moves")
    }

    /// Shows what a draft moves, and asks who changes it and why.
    pub fn review_settings(draft: Draft, differences: &[String], comparison: Comparison, initials: &str) -> Self {
        let fields = vec![text(REASON, "", "why the settings change"), text(INITIALS, initials, "NK")];
        let about = differences.join("\n");
        let kind = FormKind::ReviewSettings(Box::new(draft));
        let form = Self::new(kind, "Before and after, for every patient", &about, fields, "Save the settings");
        Self { comparison: Some(comparison), ..form }
    }
}

/// What a filled-in form chooses; what it does not show stays as it is.
pub(super) fn chosen(form: &Form, reference: &Reference, now: &UnitSettings) -> Result<UnitSettings, String> {
    let named = form.value(TABLE);
    let table = reference.tables.iter().find(|table| table.named() == named);
    let table = table.ok_or_else(|| format!("{TABLE}: choose one of the list"))?.id.clone();
    let mut settings = UnitSettings { table, ..now.clone() };
    let reading = &mut settings.reading;
    let words = form.value(OUT).split(',').map(str::trim).filter(|word| !word.is_empty());
    let out: Result<Vec<_>, _> = words.map(parse_purpose).collect();
    reading.purposes_out = out.map_err(|error| format!("{OUT}: {error}"))?;
    let gap = form.value(GAP);
    reading.course_gap_hours = gap.parse().map_err(|_| format!("{GAP}: '{gap}' is not whole hours; write 48"))?;
    reading.weight_by = WeightBy::parse(form.value(WEIGHT)).map_err(|error| format!("{WEIGHT}: {error}"))?;
    reading.surface_by = SurfaceFormula::parse(form.value(SURFACE)).map_err(|error| format!("{SURFACE}: {error}"))?;
    // The file's own reader has the last word on what can be chosen, and puts it in its own order.
    UnitSettings::parse(&settings.text()).map_err(|error| error.fault.to_string())
}
