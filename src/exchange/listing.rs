//! The log and the curve as rows, for CSV and JSON.

use super::summary::{Number, number};
use crate::exposure::{CurvePoint, Exact, Exposure, LogRow};
use crate::record::{DrugId, EntryId, Given, Moment, Mrn, Quantity};
use serde::Serialize;

/// The columns of the log, the same in CSV and JSON.
#[derive(Debug, Serialize)]
struct LogRecord<'a, N> {
    id: &'a EntryId,
    given_at: Moment,
    given_until: Option<Moment>,
    recorded_at: Moment,
    recorded_by: &'a str,
    drug: &'a DrugId,
    amount: Option<String>,
    mg: Option<N>,
    due: Option<String>,
    expressed: &'static str,
    route: Option<&'static str>,
    status: &'static str,
    purpose: Option<&'static str>,
    day: Option<i64>,
    state: &'static str,
    reason: Option<&'a str>,
    counted: &'static str,
    running_total_mg: Option<N>,
    note: Option<&'a str>,
    source_id: Option<&'a str>,
}

impl<'a, N> LogRecord<'a, N> {
    fn of(row: &'a LogRow, write: fn(Exact) -> N) -> Self {
        let (recorded, dose) = (&row.recorded, &row.recorded.value);
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
            drug: &dose.drug,
            amount: dose.amount.as_ref().map(ToString::to_string),
            mg: dose.amount.as_ref().and_then(Quantity::mass).map(|amount| write(Exact::milligrams(amount))),
            due: dose.due.as_ref().map(ToString::to_string),
            expressed: dose.expressed.word(),
            route: dose.route.map(crate::record::Route::word),
            status: dose.status.word(),
            purpose: dose.purpose.map(crate::record::Purpose::word),
            day: row.day.map(|day| day.0),
            state: recorded.state().word(),
            reason: recorded.changes.last().map(|change| change.reason.as_str()),
            counted: row.counted,
            running_total_mg: row.running.map(write),
            note: dose.note.as_deref(),
            source_id: dose.source_id.as_deref(),
        }
    }
}

/// What `log --json` prints.
#[derive(Debug, Serialize)]
pub struct LogJson<'a> {
    mrn: &'a Mrn,
    administrations: Vec<LogRecord<'a, Number>>,
}

/// The log as JSON.
pub fn log_json<'a>(mrn: &'a Mrn, rows: &'a [LogRow]) -> LogJson<'a> {
    LogJson { mrn, administrations: rows.iter().map(|row| LogRecord::of(row, number)).collect() }
}

/// The log as CSV with a header.
///
/// # Errors
/// [`csv::Error`], which writing to memory does not give.
pub fn log_csv(rows: &[LogRow]) -> Result<String, csv::Error> {
    if rows.is_empty() {
        return Ok(LOG_HEADER.to_owned());
    }
    text(rows.iter().map(|row| LogRecord::of(row, Exact::decimal)))
}

/// The header of a log without a dose.
const LOG_HEADER: &str = "id,given_at,given_until,recorded_at,recorded_by,drug,amount,mg,due,expressed,route,status,\
    purpose,day,state,reason,counted,running_total_mg,note,source_id\n";

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
    points: Vec<CurveRecord<Number>>,
}

/// The curve as JSON. The total rises straight from one point's `after_mg` to the next one's `before_mg`.
pub fn curve_json<'a>(mrn: &'a Mrn, exposure: &Exposure, points: &[CurvePoint]) -> CurveJson<'a> {
    CurveJson { mrn, points: points.iter().map(|point| CurveRecord::of(point, exposure, number)).collect() }
}

/// The curve as CSV with a header. The last point is the as-of time and the total.
///
/// # Errors
/// [`csv::Error`], which writing to memory does not give.
pub fn curve_csv(exposure: &Exposure, points: &[CurvePoint]) -> Result<String, csv::Error> {
    text(points.iter().map(|point| CurveRecord::of(point, exposure, Exact::decimal)))
}

fn text(records: impl Iterator<Item = impl Serialize>) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for record in records {
        writer.serialize(record)?;
    }
    let bytes = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
