//! Settings in the words of the window and the command line.

use crate::app::Reference;
use crate::exposure::{NO_PURPOSE, UnitChange, UnitSettings, purpose_word};
use crate::record::time;
use crate::record::visible::invisible;
use crate::store::UnitRecord;

/// Each setting with what is chosen.
pub fn in_words(settings: &UnitSettings, reference: &Reference) -> Vec<(&'static str, String)> {
    let tables = reference.under(settings).map(|reference| reference.rules().table.named());
    let reading = &settings.reading;
    let out: Vec<&str> = reading.purposes_out.iter().map(|purpose| purpose_word(*purpose)).collect();
    let own: Vec<String> = settings.tables.iter().map(crate::exposure::Table::named).collect();
    let or_none = |words: String| if words.is_empty() { "none".to_owned() } else { words };
    vec![
        ("Conversion table", tables.unwrap_or_else(|error| error.to_string())),
        ("The unit's own tables", or_none(own.join(", "))),
        ("Purposes out of the total", or_none(out.join(", ").replace(NO_PURPOSE, "purpose not stated"))),
        ("Longest gap in a course", format!("{} h", reading.course_gap_hours)),
        ("Weight for mg/kg", reading.weight_by.word().to_owned()),
        ("Body surface by", reading.surface_by.word().to_owned()),
    ]
}

/// The settings that differ, each with before and after. Own tables of the same names with other sources differ too.
pub fn differences(before: &UnitSettings, after: &UnitSettings, reference: &Reference) -> Vec<String> {
    let pairs = in_words(before, reference).into_iter().zip(in_words(after, reference));
    let mut words: Vec<String> = pairs
        .filter(|((_, old), (_, new))| old != new)
        .map(|((label, old), (_, new))| format!("{label}: {old} → {new}"))
        .collect();
    if words.is_empty() && before != after {
        words.push("The unit's own tables: same names, other contents".to_owned());
    }
    words
}

/// Which settings, with which table, are in force although some cannot be used; `None` where all can be.
pub fn standing(unit: &UnitRecord, table: &str) -> Option<String> {
    let last = unit.history.last().filter(|_| !unit.findings.is_empty())?;
    Some(format!(
        "Every figure is under the unit's settings that were changed {}, with table {table}; later \
         ones may be among those that cannot be read",
        by_whom(last)
    ))
}

/// Settings that were in force here are in no file any more; what is in force in their place.
pub fn gone(seen: &UnitChange, unit: &UnitRecord, table: &str) -> String {
    let now = unit.history.last().map_or_else(
        || "the program's own settings".to_owned(),
        |last| format!("those that were changed {}", by_whom(last)),
    );
    format!(
        "The unit's settings that were in force on this workstation, changed {}, are in no file any more: it was cut or \
         removed. Every figure is under {now}, with table {table}. Put the file back, from a backup with `corticurve restore`, or \
         save the settings that are right.",
        by_whom(seen)
    )
}

/// Said after a change was saved that another one overtook at the same moment.
pub fn overtaken(last: &UnitChange) -> String {
    format!("The settings in force are others: they were changed at the same time {}", by_whom(last))
}

/// `by NK on 22-Nov-2026 14:30 (protocol 12)`.
pub(super) fn by_whom(change: &UnitChange) -> String {
    let why = if change.reason.is_empty() { String::new() } else { format!(" ({})", change.reason) };
    format!("by {} on {}{why}", change.by, time::shown(change.at))
}

/// Why settings are changed, as it goes into the file.
///
/// # Errors
/// A message that says what to write.
pub fn reason(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 300 || text.contains(invisible) {
        return Err("a reason is needed: say in at most 300 characters why the settings change".to_owned());
    }
    Ok(text.to_owned())
}
