//! Infusions whose recorded end has passed.

use super::robin;
use crate::record::{at, entry, id, typed};
use corticurve::record::{Administration, Chart, Entry, Fact, Status, StrikeOut};
use corticurve::safety::past_their_end;

/// A dose with a status that the line may not say.
fn dose(number: u32, line: &str, status: Status) -> Entry {
    entry(number, 1, Fact::Administered(Administration { status, ..typed(line).unwrap() }))
}

#[test]
fn only_what_stands_as_running_and_was_to_have_ended_is_asked_about() {
    let line = "hydro 100 iv 10:00-14:00";
    for (status, as_of, is_asked) in [
        (Status::Running, "2026-11-22T13:59:59+01:00", false),
        (Status::Running, "2026-11-22T14:00+01:00", true),
        (Status::Running, "2026-11-29T14:00+01:00", true),
        (Status::Given, "2026-11-22T15:00+01:00", false),
        (Status::Stopped, "2026-11-22T15:00+01:00", false),
        (Status::Unknown, "2026-11-22T15:00+01:00", false),
    ] {
        let mut entries = vec![entry(0, 0, robin()), dose(1, line, status)];
        let asked = |entries: &[Entry]| {
            let chart = Chart::fold(entries);
            past_their_end(&chart, at(as_of)).map(|dose| dose.stamp.id.clone()).collect::<Vec<_>>()
        };
        assert_eq!(asked(&entries), if is_asked { vec![id(1)] } else { vec![] }, "{status:?} as of {as_of}");
        let reason = "not this patient's".to_owned();
        entries.push(entry(2, 2, Fact::StruckOut(StrikeOut { target: id(1), reason, seen: Vec::new() })));
        assert_eq!(asked(&entries), vec![], "{status:?}, struck out");
    }
}
