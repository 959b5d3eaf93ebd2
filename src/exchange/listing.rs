//! The log and the curve as rows, for CSV and JSON.

use super::summary::{Number, number};
use crate::exposure::{CurvePoint, Exact, Exposure, LogRow, Table};
use crate::record::{Administration, Change, EntryId, Given, Moment, Mrn, Quantity, Status, Zone, time, visible};
use serde::Serialize;

/// The columns of the log, the same in CSV and JSON.
#[derive(Debug, Serialize)]
struct LogRecord<'a, N> {
    id: &'a EntryId,
    given_at: Moment,
    given_until: Option<Moment>,
    recorded_at: Moment,
    recorded_by: &'a str,
    drug: String,
    amount: Option<String>,
    mg: Option<N>,
    due: Option<String>,
    expressed: &'static str,
    route: Option<&'static str>,
    status: &'static str,
    purpose: Option<&'static str>,
    day: Option<i64>,
    state: &'static str,
    reason: Option<String>,
    counted: &'static str,
    running_total_mg: Option<N>,
    note: Option<String>,
    source_id: Option<String>,
    changed_at: Option<Moment>,
    changed_by: Option<&'a str>,
    /// What the entry said first, in words, once it was corrected.
    was: Option<String>,
    /// Every change with what it made of the entry; only in JSON, as CSV has no room for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<Vec<ChangeRecord<'a>>>,
}

/// One correction or strike-out.
#[derive(Debug, Serialize)]
struct ChangeRecord<'a> {
    id: &'a EntryId,
    at: Moment,
    by: &'a str,
    change: &'static str,
    reason: &'a str,
    /// What the entry said before.
    before: String,
}

impl<'a, N> LogRecord<'a, N> {
    /// A record whose numbers and texts are written in the way of the format.
    fn of(row: &'a LogRow, write: fn(Exact) -> N, word: fn(&str) -> String, with_changes: bool) -> Self {
        let (recorded, dose) = (&row.recorded, &row.recorded.value);
        let last = recorded.changes.last();
        let until = match dose.given {
            Given::At(_) => None,
            Given::Over(_, end) => Some(end),
        };
        Self {
            id: &recorded.stamp.id,
            given_at: dose.given.start(),
            given_until: until,
            recorded_at: recorded.written_at(),
            recorded_by: recorded.stamp.by.as_str(),
            drug: word(dose.drug.as_str()),
            amount: dose.amount.as_ref().map(|amount| word(&amount.to_string())),
            mg: dose.amount.as_ref().and_then(Quantity::mass).map(|amount| write(Exact::milligrams(amount))),
            due: dose.due.as_ref().map(|due| word(&due.to_string())),
            expressed: dose.expressed.word(),
            route: dose.route.map(crate::record::Route::word),
            status: dose.status.word(),
            purpose: dose.purpose.map(crate::record::Purpose::word),
            day: row.day.map(|day| day.0),
            state: recorded.state().word(),
            reason: last.map(|change| word(&change.reason)),
            counted: row.counted,
            running_total_mg: row.running.map(write),
            note: dose.note.as_deref().map(word),
            source_id: dose.source_id.as_deref().map(|id| word(&visible::shown(id))),
            changed_at: last.map(|change| change.stamp.at),
            changed_by: last.map(|change| change.stamp.by.as_str()),
            was: (*recorded.original() != recorded.value).then(|| word(&in_words(recorded.original()))),
            changes: with_changes.then(|| changes(&recorded.changes, recorded.original())),
        }
    }
}

/// The changes of an entry, each with what the entry said before it.
fn changes<'a>(changes: &'a [Change<Administration>], original: &Administration) -> Vec<ChangeRecord<'a>> {
    let mut said = original;
    let mut records = Vec::with_capacity(changes.len());
    for change in changes {
        records.push(ChangeRecord {
            id: &change.stamp.id,
            at: change.stamp.at,
            by: change.stamp.by.as_str(),
            change: change_word(change),
            reason: &change.reason,
            before: in_words(said),
        });
        said = change.replacement.as_ref().unwrap_or(said);
    }
    records
}

fn change_word(change: &Change<Administration>) -> &'static str {
    if change.replacement.is_some() { "corrected" } else { "struck out" }
}

/// `dexamethasone 45 mg IV, 22-Nov-2026 13:20, given`: what an entry said before it was changed.
fn in_words(dose: &Administration) -> String {
    let until = match dose.given {
        Given::At(_) => String::new(),
        Given::Over(start, end) => format!(" until {}", time::shown_beside(end, start, end.offset())),
    };
    let route = dose.route.map_or_else(String::new, |route| format!(" {}", route.short()));
    let purpose = dose.purpose.map_or_else(String::new, |purpose| format!(", for {}", purpose.word()));
    let (amount, start) = (dose.amount_shown(), time::shown(dose.given.start()));
    format!("{} {amount}{route}, {start}{until}, {}{purpose}", dose.drug, dose.status.word())
}

/// The log for people: a table, and below a row its note and what it was before.
pub fn log_text(rows: &[LogRow], zone: &dyn Zone) -> String {
    let mut table: Vec<Vec<String>> = vec![
        ["entry", "given", "day", "drug", "dose", "route", "for", "counts", "running total", "recorded"]
            .map(str::to_owned)
            .into(),
    ];
    table.extend(rows.iter().map(|row| cells(row, zone)));
    let columns = table.first().map_or(0, Vec::len);
    let width = |at: usize| table.iter().filter_map(|cells| cells.get(at)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|at| width(at).unwrap_or_default()).collect();
    let mut text = String::new();
    // The header has no row of its own, so nothing stands below it.
    let below = std::iter::once(Vec::new()).chain(rows.iter().map(remarks));
    for (cells, remarks) in table.iter().zip(below) {
        let padded = cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        text += padded.collect::<Vec<_>>().join("  ").trim_end();
        text.push('\n');
        for remark in remarks {
            text.extend(["    ", &remark, "\n"]);
        }
    }
    text
}

fn cells(row: &LogRow, zone: &dyn Zone) -> Vec<String> {
    let (recorded, dose) = (&row.recorded, &row.recorded.value);
    vec![
        recorded.stamp.id.to_string(),
        dose.given.shown(zone),
        row.day.map_or_else(String::new, |day| day.to_string()),
        row.drug.clone(),
        dose.amount_shown(),
        dose.route_shown().to_owned(),
        dose.purpose_shown().to_owned(),
        row.counted.to_owned(),
        row.running.map_or_else(|| "–".to_owned(), |mg| format!("{} mg", mg.shown(6))),
        format!("{} {}", recorded.stamp.by, time::shown(recorded.written_at())),
    ]
}

/// What stands below a row: its status and note, and each change with what the entry said before.
fn remarks(row: &LogRow) -> Vec<String> {
    let (recorded, dose) = (&row.recorded, &row.recorded.value);
    let status = (dose.status != Status::Given).then(|| dose.status.word().to_owned());
    let said: Vec<String> = status.into_iter().chain(dose.note.clone()).collect();
    let mut remarks = Vec::new();
    if !said.is_empty() {
        remarks.push(said.join(": "));
    }
    remarks.extend(changes(&recorded.changes, recorded.original()).into_iter().map(|change| {
        let ChangeRecord { at, by, change, reason, before, .. } = change;
        format!("{change} by {by} {}: {reason} (before: {before})", time::shown(at))
    }));
    if recorded.is_disputed() {
        remarks.push("changed twice by people who had not seen each other's change: correct it again".to_owned());
    }
    remarks
}

/// A text for a cell of CSV. Spreadsheets run a cell that begins like a formula; with an apostrophe before it, it is text.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if formula { format!("'{text}") } else { text.to_owned() }
}

/// What `log --json` prints.
#[derive(Debug, Serialize)]
pub struct LogJson<'a> {
    mrn: &'a Mrn,
    table: &'a str,
    table_version: &'a str,
    table_confirmed: bool,
    window: String,
    without: String,
    as_of: Moment,
    administrations: Vec<LogRecord<'a, Number>>,
}

/// The log as JSON.
pub fn log_json<'a>(mrn: &'a Mrn, table: &'a Table, exposure: &Exposure, rows: &'a [LogRow]) -> LogJson<'a> {
    let administrations = rows.iter().map(|row| LogRecord::of(row, number, str::to_owned, true)).collect();
    LogJson {
        mrn,
        table: &table.id,
        table_version: &table.version,
        table_confirmed: table.confirmed,
        window: exposure.window.shown(exposure.infusion.is_some()),
        without: exposure.without.trim_start_matches(", ").to_owned(),
        as_of: exposure.as_of,
        administrations,
    }
}

/// The log as CSV with a header. No text in it begins like a formula.
///
/// # Errors
/// [`csv::Error`], which writing to memory does not give.
pub fn log_csv(rows: &[LogRow]) -> Result<String, csv::Error> {
    if rows.is_empty() {
        return Ok(LOG_HEADER.to_owned());
    }
    text(rows.iter().map(|row| LogRecord::of(row, Exact::decimal, cell, false)))
}

/// The header of a log without a dose.
const LOG_HEADER: &str = "id,given_at,given_until,recorded_at,recorded_by,drug,amount,mg,due,expressed,route,status,\
    purpose,day,state,reason,counted,running_total_mg,note,source_id,changed_at,changed_by,was\n";

/// One point of the curve.
#[derive(Debug, Serialize)]
struct CurveRecord<N> {
    at: Moment,
    day: Option<i64>,
    hours_after_infusion: Option<N>,
    before_mg: N,
    after_mg: N,
}

impl<N> CurveRecord<N> {
    fn of(point: &CurvePoint, exposure: &Exposure, write: fn(Exact) -> N) -> Self {
        let hours = exposure
            .infusion
            .as_ref()
            .map(|infusion| Exact::new(i128::from((point.at - infusion.at).num_seconds()), 3600));
        Self {
            at: point.at,
            day: exposure.day_of(point.at.date_naive()).map(|day| day.0),
            hours_after_infusion: hours.map(write),
            before_mg: write(point.before),
            after_mg: write(point.after),
        }
    }
}

/// What `curve --json` prints.
#[derive(Debug, Serialize)]
pub struct CurveJson<'a> {
    mrn: &'a Mrn,
    table: &'a str,
    table_version: &'a str,
    table_confirmed: bool,
    window: String,
    without: String,
    as_of: Moment,
    points: Vec<CurveRecord<Number>>,
}

/// The curve as JSON. The total rises straight from one point's `after_mg` to the next one's `before_mg`.
pub fn curve_json<'a>(mrn: &'a Mrn, table: &'a Table, exposure: &Exposure, points: &[CurvePoint]) -> CurveJson<'a> {
    let points = points.iter().map(|point| CurveRecord::of(point, exposure, number)).collect();
    CurveJson {
        mrn,
        table: &table.id,
        table_version: &table.version,
        table_confirmed: table.confirmed,
        window: exposure.window.shown(exposure.infusion.is_some()),
        without: exposure.without.trim_start_matches(", ").to_owned(),
        as_of: exposure.as_of,
        points,
    }
}

/// The curve as CSV with a header. The last point is the as-of time and the total.
///
/// # Errors
/// [`csv::Error`], which writing to memory does not give.
pub fn curve_csv(exposure: &Exposure, points: &[CurvePoint]) -> Result<String, csv::Error> {
    text(points.iter().map(|point| CurveRecord::of(point, exposure, Exact::decimal)))
}

/// Rows of words under their headings as CSV. No text in it begins like a formula.
///
/// # Errors
/// [`csv::Error`], which writing to memory does not give.
pub fn rows_csv<const N: usize>(headings: &[String; N], rows: &[[String; N]]) -> Result<String, csv::Error> {
    // A day of `+3` is a number and no formula.
    let written = |text: &String| if text.parse::<i64>().is_ok() { text.clone() } else { cell(text) };
    let cells = |row: &[String; N]| row.each_ref().map(written);
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in std::iter::once(headings).chain(rows) {
        writer.write_record(cells(row))?;
    }
    let bytes = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn text(records: impl Iterator<Item = impl Serialize>) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for record in records {
        writer.serialize(record)?;
    }
    let bytes = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
