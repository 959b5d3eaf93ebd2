//! Reading a unit's settings. Whatever a check may refuse is a slice of the text, so that its place is known.

use super::{UnitChange, UnitError, UnitFault, UnitHistory, UnitSettings};
use crate::exposure::place::{self, TextPlace};
use crate::exposure::reading::{course_gap, parse_purpose, purpose_word};
use crate::exposure::table::RawTable;
use crate::exposure::{DEFAULT_TABLE, Reading, SurfaceFormula, TableError, Tables, WeightBy};
use crate::record::visible::{brief, invisible};
use crate::record::{Formulary, Initials, Moment, Purpose, time};
use chrono::FixedOffset;
use ron::error::SpannedError;
use ron::value::RawValue;
use serde::{Deserialize, Deserializer};

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
    #[serde(borrow, default, deserialize_with = "some")]
    course_gap_hours: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "some")]
    weight: Option<&'a str>,
    #[serde(borrow, default, deserialize_with = "some")]
    surface: Option<&'a str>,
}

/// A field that may be absent, and is written without `Some(…)` where it is not.
fn some<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// The file as text.
fn utf8(bytes: &[u8]) -> Result<&str, UnitError> {
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

/// A change, and where the ids of its tables stand.
type Checked = (UnitChange, Vec<TextPlace>);

/// A change as it stands in a file.
struct Written<'f> {
    file: &'f str,
    change: UnitChange,
    tables_at: Vec<TextPlace>,
}

/// The changes of all files in the order in which they came into force, and what cannot be used.
pub(super) fn union<'f>(
    files: impl IntoIterator<Item = (&'f str, &'f [u8])>,
) -> (UnitHistory, Vec<(&'f str, UnitError)>) {
    let known = Known::shipped();
    let (mut all, mut faults) = (Vec::new(), Vec::new());
    for (file, bytes) in files {
        match known.as_ref().map_err(Clone::clone).and_then(|known| blocks(utf8(bytes)?, known)) {
            Ok(blocks) => {
                for block in blocks {
                    match block {
                        Ok((change, tables_at)) => all.push(Written { file, change, tables_at }),
                        Err((place, fault)) => faults.push((file, UnitError { place, fault })),
                    }
                }
            }
            Err(error) => faults.push((file, error)),
        }
    }
    // Changes of one time stay in the order of the files, and of the places in a file.
    all.sort_by_key(|written| written.change.at);
    let mut history = UnitHistory::default();
    for Written { file, change, tables_at } in all {
        match history.table_with_other_numbers(&change.settings) {
            None => history.changes.push(change),
            Some((table, fault)) => {
                let place = tables_at.into_iter().nth(table).unwrap_or_else(|| TextPlace::at("", 0));
                faults.push((file, UnitError { place, fault }));
            }
        }
    }
    (history, faults)
}

/// The most changes of one file. Each is looked for in the whole text, so a file of nothing but brackets would take hours.
const CHANGES_MOST: usize = 1_000;

/// The blocks of one file, each read by itself: a mistake in one costs no other.
fn blocks(file: &str, known: &Known) -> Result<Vec<Result<Checked, Faulty>>, UnitError> {
    // Some editors put this mark at the beginning of a file.
    let text = file.strip_prefix('\u{feff}').unwrap_or(file);
    let blocks: Vec<&RawValue> = ron::from_str(text).map_err(|error| not_the_form(text, &error))?;
    if let Some(one_more) = blocks.get(CHANGES_MOST) {
        let place = TextPlace::of(text, one_more.trim().get_ron());
        return Err(UnitError { place, fault: UnitFault::TooMany });
    }
    Ok(blocks.into_iter().map(|block| checked(text, block.trim().get_ron(), known)).collect())
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

fn checked(text: &str, block: &str, known: &Known) -> Result<Checked, Faulty> {
    let own = TextPlace::of(text, block);
    let raw: RawChange<'_> = ron::from_str(block).map_err(|error| {
        let (place, form) = place::form(&error);
        (own.and(place), UnitFault::Form(form))
    })?;
    let missing = |field, example| (own, UnitFault::Missing(field, example));
    let at = raw.changed_at.ok_or_else(|| missing("changed_at", "changed_at: \"2026-11-22T14:30:00+00:00\""))?;
    let by = raw.changed_by.ok_or_else(|| missing("changed_by", "changed_by: \"NK\""))?;
    let reason = raw.reason.clone().unwrap_or_default();
    if reason.chars().count() > 300 || reason.contains(invisible) {
        return Err((own, UnitFault::Reason));
    }
    let (by, at) = (
        by.parse::<Initials>().map_err(|error| (TextPlace::of(text, by), error.into()))?,
        moment(at).ok_or_else(|| (TextPlace::of(text, at), UnitFault::Time(brief(at))))?,
    );
    let tables_at = raw.tables.iter().map(|table| TextPlace::of(text, table.id)).collect();
    let settings = settings(text, raw, known)?;
    Ok((UnitChange { at, by, reason, settings }, tables_at))
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
    let gap = raw.course_gap_hours.map(|hours| chosen(text, hours.trim().get_ron(), course_gap)).transpose()?;
    let reading = Reading {
        purposes_out: purposes(text, &raw.purposes_out)?,
        course_gap_hours: gap.unwrap_or(design.course_gap_hours),
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
    if ends_early(text, error) {
        let place = TextPlace::at(text, text.trim_end().len());
        return UnitError { place, fault: UnitFault::EndsEarly };
    }
    let (place, form) = place::form(error);
    UnitError { place, fault: UnitFault::Form(form) }
}

/// Whether the reader met the end of the text, and not something wrong in it.
fn ends_early(text: &str, error: &SpannedError) -> bool {
    use ron::Error::{Eof, ExpectedStringEnd, UnclosedBlockComment};
    let end = TextPlace::at(text, text.trim_end().len());
    let reached = TextPlace { line: error.span.end.line, column: error.span.end.col };
    reached >= end || matches!(error.code, Eof | ExpectedStringEnd | UnclosedBlockComment)
}
