//! What only a person can answer: whether two entries are one dose.

use crate::record::Chart;
use crate::record::{Administration, EntryId, Formulary, Moment, Recorded, time};
use crate::safety::recorded_twice;

/// Two entries that may be one dose, in words, with the choices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What is asked.
    pub words: String,
    /// The entry that was recorded first, and whose it is.
    pub first: (EntryId, String),
    /// The entry that was recorded after it, and whose it is.
    pub second: (EntryId, String),
}

/// The open questions of a chart, by the time of the doses.
pub fn questions(chart: &Chart, formulary: &Formulary, now: Moment) -> Vec<Question> {
    let recorded = |dose: &Recorded<Administration>| {
        let stamp = &dose.stamp;
        format!("by {} on {}, {}", stamp.by, stamp.workstation, time::shown_near(stamp.at, now))
    };
    let whose = |dose: &Recorded<Administration>, other: &Recorded<Administration>| {
        let stamp = &dose.stamp;
        let whose = if stamp.by != other.stamp.by {
            format!("that of {}", stamp.by)
        } else if stamp.workstation != other.stamp.workstation {
            format!("that from {}", stamp.workstation)
        } else {
            format!("that recorded {}", time::shown_near(stamp.at, now))
        };
        (stamp.id.clone(), whose)
    };
    recorded_twice(chart)
        .iter()
        .map(|twice| {
            let said = |dose: &Recorded<Administration>| {
                format!("{}, {}", dose.value.amount_shown(), time::shown_near(dose.value.given.start(), now))
            };
            let (first, second) = (said(twice.first), said(twice.second));
            let differs = if first == second { String::new() } else { format!("{second}: ") };
            let asked =
                if twice.is_of_one_row() { "Imported twice, from one row of a source:" } else { "Recorded twice?" };
            let words = format!(
                "{asked} {} {first}: {}; and {differs}{}.",
                formulary.shown(&twice.first.value.drug),
                recorded(twice.first),
                recorded(twice.second)
            );
            Question { words, first: whose(twice.first, twice.second), second: whose(twice.second, twice.first) }
        })
        .collect()
}
