//! Reading a unit's settings. Whatever a check may refuse is a slice of the text, so that its place is known.

use super::{UnitChange, UnitError, UnitFault, UnitHistory, UnitSettings};
use crate::exposure::place::{self, TextPlace};
use crate::exposure::reading::{course_gap, parse_purpose, purpose_word};
use crate::exposure::table::RawTable;
use crate::exposure::{DEFAULT_TABLE, Reading, SurfaceFormula, TableError, Tables, WeightBy};
use crate::record::{Formulary, Initials, Moment, Purpose, time};
use chrono::FixedOffset;
use ron::error::SpannedError;
use ron::value::RawValue;
use serde::{Deserialize, Deserializer, de};

/// One change as the file holds it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename = "Change")]
struct RawChange<'a> {
    #[serde(borrow, default, deserialize_with = "some")]
    changed_at: Option<&'a str>,
    #[serde(borrow, default, deserialize_with = "some")]
    changed_by: Option<&'a str>,
    #[serde(default, deserialize_with = "some")]
    reason: Option<String>,
    #[serde(borrow, default, deserialize_with = "some")]
    table: Option<&'a str>,
    #[serde(borrow, default)]
    tables: Vec<RawTable<'a>>,
    #[serde(borrow, default)]
    purposes_out: Vec<&'a str>,
    #[serde(default, deserialize_with = "gap")]
    course_gap_hours: Option<u32>,
    #[serde(borrow, default, deserialize_with = "some")]
    weight: Option<&'a str>,
    #[serde(borrow, default, deserialize_with = "some")]
    surface: Option<&'a str>,
}

/// A field that may be absent, and is written without `Some(…)` where it is not.
fn some<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// A number has no place of its own in the text, so RON must be the one to refuse it.
fn gap<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u32>, D::Error> {
    course_gap(u32::deserialize(from)?).map(Some).map_err(de::Error::custom)
}

/// The file as text.
pub(super) fn utf8(bytes: &[u8]) -> Result<&str, UnitError> {
    std::str::from_utf8(bytes).map_err(|error| {
        let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let good = String::from_utf8_lossy(good);
        let fault = UnitFault::Form("this character is not UTF-8; save the file as UTF-8".to_owned());
        UnitError { place: TextPlace::at(&good, good.len()), fault }
    })
}

/// The drugs and tables that ship, which the unit's are held against.
struct Known {
    formulary: Formulary,
    tables: Tables,
}

impl Known {
    fn shipped() -> Result<Self, UnitError> {
        let read = || Ok(Self { formulary: Formulary::shipped()?, tables: Tables::shipped()? });
        read().map_err(|error: TableError| UnitError { place: TextPlace::at("", 0), fault: error.into() })
    }
}

type Faulty = (TextPlace, UnitFault);

pub(super) fn history(file: &str) -> Result<UnitHistory, UnitError> {
    // Some editors put this mark at the beginning of a file.
    let text = file.strip_prefix('\u{feff}').unwrap_or(file);
    let raw: Vec<RawChange<'_>> = ron::from_str(text).map_err(|error| not_the_form(text, &error))?;
    let places: Vec<&RawValue> = ron::from_str(text).map_err(|error| not_the_form(text, &error))?;
    let known = Known::shipped()?;
    let mut history = UnitHistory::default();
    for (raw, whole) in raw.into_iter().zip(places) {
        let own = TextPlace::of(text, whole.trim().get_ron());
        let change = checked(text, own, raw, &known, &history.changes);
        history.changes.push(change.map_err(|(place, fault)| UnitError { place, fault })?);
    }
    Ok(history)
}

impl UnitSettings {
    /// Reads one change that is not in force yet: a block of the file without author, time and reason.
    /// Source: design, section 6.
    ///
    /// ```
    /// use corticurve::exposure::UnitSettings;
    /// assert_eq!(UnitSettings::parse("(course_gap_hours: 72)").unwrap().reading.course_gap_hours, 72);
    /// assert!(UnitSettings::parse("(course_gap_hours: 0)").unwrap_err().to_string().contains("whole hours from 1 to 999"));
    /// ```
    ///
    /// # Errors
    /// [`UnitError`] says where and what to write.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let raw: RawChange<'_> = ron::from_str(text).map_err(|error| {
            let (place, form) = place::form(&error);
            UnitError { place, fault: UnitFault::Form(form) }
        })?;
        let early = [
            ("changed_at", raw.changed_at.is_some()),
            ("changed_by", raw.changed_by.is_some()),
            ("reason", raw.reason.is_some()),
        ];
        if let Some((field, _)) = early.into_iter().find(|(_, is_there)| *is_there) {
            // Its value may read like anything; the name of the field is what is looked for by eye.
            return Err(UnitError { place: TextPlace::at(text, 0), fault: UnitFault::NotYet(field) });
        }
        settings(text, raw, &Known::shipped()?).map_err(|(place, fault)| UnitError { place, fault })
    }
}

fn checked(
    text: &str,
    own: TextPlace,
    raw: RawChange<'_>,
    known: &Known,
    earlier: &[UnitChange],
) -> Result<UnitChange, Faulty> {
    let missing = |field, example| (own, UnitFault::Missing(field, example));
    let at = raw.changed_at.ok_or_else(|| missing("changed_at", "changed_at: \"2026-11-22T14:30:00+00:00\""))?;
    let by = raw.changed_by.ok_or_else(|| missing("changed_by", "changed_by: \"NK\""))?;
    let reason = raw.reason.clone().unwrap_or_default();
    if reason.chars().count() > 300 || reason.chars().any(char::is_control) {
        return Err((own, UnitFault::Reason));
    }
    let (by, at) = (
        by.parse::<Initials>().map_err(|error| (TextPlace::of(text, by), error.into()))?,
        moment(at).ok_or_else(|| (TextPlace::of(text, at), UnitFault::Time(at.chars().take(40).collect())))?,
    );
    let ids: Vec<&str> = raw.tables.iter().map(|table| table.id).collect();
    let settings = settings(text, raw, known)?;
    for (table, id) in settings.tables.iter().zip(ids) {
        let other = |change: &&UnitChange| {
            let same = |old: &&crate::exposure::Table| old.id == table.id && old.version == table.version;
            change.settings.tables.iter().find(same).is_some_and(|old| !old.written().eq(table.written()))
        };
        if let Some(change) = earlier.iter().find(other) {
            let (table, version, earlier) = (table.id.clone(), table.version.clone(), time::shown(change.at));
            return Err((TextPlace::of(text, id), UnitFault::SameVersion { table, version, earlier }));
        }
    }
    Ok(UnitChange { at, by, reason, settings })
}

fn settings(text: &str, raw: RawChange<'_>, known: &Known) -> Result<UnitSettings, Faulty> {
    let all =
        known.tables.clone().and(text, raw.tables, &known.formulary).map_err(|(place, fault)| (place, fault.into()))?;
    let tables = all.iter().skip(known.tables.iter().count()).cloned().collect();
    let table = raw.table.unwrap_or(DEFAULT_TABLE);
    all.get(table).map_err(|error| (TextPlace::of(text, table), error.into()))?;
    let design = Reading::default();
    let weight_by = raw.weight.map(|word| chosen(text, word, WeightBy::parse)).transpose()?;
    let surface_by = raw.surface.map(|word| chosen(text, word, SurfaceFormula::parse)).transpose()?;
    let reading = Reading {
        purposes_out: purposes(text, &raw.purposes_out)?,
        course_gap_hours: raw.course_gap_hours.unwrap_or(design.course_gap_hours),
        weight_by: weight_by.unwrap_or(design.weight_by),
        surface_by: surface_by.unwrap_or(design.surface_by),
    };
    Ok(UnitSettings { table: table.to_owned(), tables, reading })
}

fn chosen<T, E: Into<UnitFault>>(text: &str, word: &str, read: fn(&str) -> Result<T, E>) -> Result<T, Faulty> {
    read(word).map_err(|error| (TextPlace::of(text, word), error.into()))
}

/// In the order of the vocabulary, whatever the order in the file, so that equal choices are equal.
fn purposes(text: &str, words: &[&str]) -> Result<Vec<Option<Purpose>>, Faulty> {
    let mut purposes: Vec<Option<Purpose>> = Vec::new();
    for word in words {
        let purpose = chosen(text, word, parse_purpose)?;
        if purposes.contains(&purpose) {
            return Err((TextPlace::of(text, word), UnitFault::Twice(purpose_word(purpose).to_owned())));
        }
        purposes.push(purpose);
    }
    purposes.sort_by_key(|purpose| (purpose.is_none(), *purpose));
    Ok(purposes)
}

/// A time that states its offset: the file may be read on a workstation in another zone.
fn moment(text: &str) -> Option<Moment> {
    let offset = time::split_offset(text.split_once(['T', ' '])?.1).1?;
    time::parse_offset(offset)?;
    time::parse_moment(text, &FixedOffset::east_opt(0)?).ok()
}

fn not_the_form(text: &str, error: &SpannedError) -> UnitError {
    let (place, form) = place::form(error);
    if !ends_early(text, error) {
        return UnitError { place, fault: UnitFault::Form(form) };
    }
    let end = TextPlace::at(text, text.trim_end().len());
    let fault = last_whole(text).map_or(UnitFault::NothingWhole, |complete| UnitFault::EndsEarly { complete });
    UnitError { place: end, fault }
}

/// Whether the reader met the end of the text, and not something wrong in it.
fn ends_early(text: &str, error: &SpannedError) -> bool {
    use ron::Error::{Eof, ExpectedStringEnd, UnclosedBlockComment};
    let end = TextPlace::at(text, text.trim_end().len());
    let reached = TextPlace { line: error.span.end.line, column: error.span.end.col };
    reached >= end || matches!(error.code, Eof | ExpectedStringEnd | UnclosedBlockComment)
}

/// In words, the last change that is whole in a text whose end is missing. A change ends with a bracket, so each bracket
/// from the end is tried as the last one.
fn last_whole(text: &str) -> Option<String> {
    /// More brackets than one change has.
    const TRIED: usize = 500;
    for (at, _) in text.rmatch_indices(')').take(TRIED) {
        let closed = format!("{}]", text.get(..=at)?);
        let Ok(changes) = ron::from_str::<Vec<RawChange<'_>>>(&closed) else { continue };
        let last = changes.last()?;
        let line = TextPlace::at(text, at).line;
        let (when, who) = (last.changed_at.unwrap_or_default(), last.changed_by.unwrap_or_default());
        return Some(format!("{when} by {who}, ending on line {line}"));
    }
    None
}
