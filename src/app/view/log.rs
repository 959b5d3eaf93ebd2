//! The log as the window shows it: what each entry says, and what it said before.

use super::LogLine;
use crate::exposure::{Exposure, LogRow};
use crate::record::{Formulary, Moment, Now, State, Status, time};
use crate::safety::is_past_its_end;

/// What an entry says now, and below it what it said before: each with who wrote that and when.
pub(super) fn log_lines(row: &LogRow, formulary: &Formulary, exposure: &Exposure, now: Now<'_>) -> Vec<LogLine> {
    let recorded = &row.recorded;
    let mut versions = vec![(recorded.original(), &recorded.stamp)];
    versions.extend(recorded.changes.iter().filter_map(|change| Some((change.replacement.as_ref()?, &change.stamp))));
    let mut lines = Vec::new();
    for (at, (dose, stamp)) in versions.into_iter().rev().enumerate() {
        let is_last = at == 0;
        let state = if is_last { state_words(row, exposure.as_of) } else { "before the correction".to_owned() };
        let running = row.running.filter(|_| is_last).map(|mg| format!("{} mg", mg.brief()));
        let per_kg = row.mg_per_kg.filter(|_| is_last && !recorded.struck_out).map(|mg| mg.shown(2));
        // What was imported was written down in the source system, by somebody whose initials it does not give.
        let written = match dose.charted_at {
            Some(at) => format!("import {}", time::shown_beside(at, dose.given.start(), now.zone)),
            None => format!("{} {}", stamp.by, time::shown_beside(stamp.at, dose.given.start(), now.zone)),
        };
        let day = exposure.day_of(dose.given.start().date_naive());
        lines.push(LogLine {
            id: recorded.stamp.id.clone(),
            is_old: !is_last || recorded.struck_out,
            is_dim: running.is_none(),
            begins_date: false,
            cells: [
                dose.given.shown(now.zone),
                day.map_or_else(String::new, |day| day.to_string()),
                formulary.shown(&dose.drug).to_owned(),
                dose.amount_shown(),
                per_kg.unwrap_or_default(),
                dose.route_shown().to_owned(),
                dose.purpose_shown().to_owned(),
                running.unwrap_or_default(),
                written,
                state,
            ],
        });
    }
    lines
}

/// Why an entry is as it is: status, note, correction, strike-out, open question.
fn state_words(row: &LogRow, as_of: Moment) -> String {
    let recorded = &row.recorded;
    let mut words: Vec<String> = Vec::new();
    if recorded.is_disputed() {
        words.push("? changed twice unseen: correct it again".to_owned());
    }
    match (recorded.state(), recorded.changes.last()) {
        (State::Current, _) | (_, None) => {}
        (state, Some(change)) => words.push(format!("{}: {} ({})", state.word(), change.reason, change.stamp.by)),
    }
    let status = recorded.value.status;
    // An unknown status is the reason that follows why the dose is not counted.
    if !matches!(status, Status::Given | Status::Unknown) {
        let is_asked = is_past_its_end(recorded, as_of);
        words.push(match status {
            _ if is_asked => "? running past its end".to_owned(),
            Status::Held | Status::Refused | Status::Missed => format!("not given: {}", status.word()),
            _ => status.word().to_owned(),
        });
    }
    if row.running.is_none() && !status.not_given() && !recorded.struck_out {
        words.push(row.counted.to_owned());
    }
    words.extend(recorded.value.note.clone());
    words.join(" · ")
}
