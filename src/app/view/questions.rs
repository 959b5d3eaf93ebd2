//! What only a person can answer: whether two entries are one dose, and whether an infusion has ended.

use crate::record::{Administration, Chart, EntryId, Formulary, Given, Moment, Now, Recorded, time};
use crate::safety::{Twice, past_their_end, recorded_twice};

/// An open question, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What is asked.
    pub words: String,
    /// What it is about, with what its answers need.
    pub asks: Asks,
}

/// What a question is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asks {
    /// Whether two entries are one dose.
    Twice {
        /// The entry that was recorded first, and whose it is.
        first: (EntryId, String),
        /// The entry that was recorded after it, and whose it is.
        second: (EntryId, String),
    },
    /// Whether an infusion has ended that is recorded as running, and was to have ended.
    Ended(EntryId),
}

impl Question {
    /// Whether it is about this entry.
    pub fn is_about(&self, id: &EntryId) -> bool {
        match &self.asks {
            Asks::Twice { first, second } => [&first.0, &second.0].contains(&id),
            Asks::Ended(entry) => entry == id,
        }
    }
}

/// The questions of a chart that are open as of a time: first what may be recorded twice, then infusions, each by the time of
/// the doses.
pub fn questions(chart: &Chart, formulary: &Formulary, as_of: Moment, now: Now<'_>) -> Vec<Question> {
    let twice = recorded_twice(chart);
    let twice = twice.iter().map(|twice| about_two(twice, formulary, now));
    twice.chain(past_their_end(chart, as_of).map(|dose| about_the_end(dose, formulary, now))).collect()
}

/// How many there are.
pub(super) fn count(chart: &Chart, as_of: Moment) -> usize {
    recorded_twice(chart).len() + past_their_end(chart, as_of).count()
}

fn recorded(dose: &Recorded<Administration>, now: Now<'_>) -> String {
    let stamp = &dose.stamp;
    format!("by {} on {}, {}", stamp.by, stamp.workstation, time::shown_near(stamp.at, now.at))
}

fn about_two(twice: &Twice<'_>, formulary: &Formulary, now: Now<'_>) -> Question {
    let whose = |dose: &Recorded<Administration>, other: &Recorded<Administration>| {
        let stamp = &dose.stamp;
        let whose = if stamp.by != other.stamp.by {
            format!("that of {}", stamp.by)
        } else if stamp.workstation != other.stamp.workstation {
            format!("that from {}", stamp.workstation)
        } else {
            format!("that recorded {}", time::shown_near(stamp.at, now.at))
        };
        (stamp.id.clone(), whose)
    };
    let said = |dose: &Recorded<Administration>| {
        format!("{}, {}", dose.value.amount_shown(), time::shown_near(dose.value.given.start(), now.at))
    };
    let (first, second) = (said(twice.first), said(twice.second));
    let differs = if first == second { String::new() } else { format!("{second}: ") };
    let asked = if twice.is_of_one_row() { "Imported twice, from one row of a source:" } else { "Recorded twice?" };
    let words = format!(
        "{asked} {} {first}: {}; and {differs}{}.",
        formulary.shown(&twice.first.value.drug),
        recorded(twice.first, now),
        recorded(twice.second, now)
    );
    let asks = Asks::Twice { first: whose(twice.first, twice.second), second: whose(twice.second, twice.first) };
    Question { words, asks }
}

fn about_the_end(dose: &Recorded<Administration>, formulary: &Formulary, now: Now<'_>) -> Question {
    let value = &dose.value;
    let from = time::shown_near(value.given.start(), now.at);
    let when = match value.given {
        Given::At(_) => from,
        Given::Over(start, until) => format!("from {from} until {}", time::shown_beside(until, start, now.zone)),
    };
    let words = format!(
        "Has it ended? {} {}, {when}: recorded as running {}, and that time has passed. Record its end, or how long it \
         still runs.",
        formulary.shown(&value.drug),
        value.amount_shown(),
        recorded(dose, now)
    );
    Question { words, asks: Asks::Ended(dose.stamp.id.clone()) }
}
