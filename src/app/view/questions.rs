//! What only a person can answer: whether two entries are one dose, and whether an infusion has ended.

use crate::record::{Administration, Chart, EntryId, Formulary, Given, Moment, Now, Recorded, time};
use crate::safety::{Twice, past_their_end, recorded_twice};

/// An open question, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What is asked.
    pub words: String,
    /// What can be answered, in words.
    pub answers: [String; 3],
    /// What it is about.
    pub asks: Asks,
}

/// What a question is about, whatever its words are by now.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Asks {
    /// Whether two entries are one dose.
    Twice {
        /// The entry that was recorded first.
        first: EntryId,
        /// The entry that was recorded after it.
        second: EntryId,
    },
    /// Whether an infusion has ended that is recorded as running, and was to have ended.
    Ended(EntryId),
}

impl Asks {
    /// Whether nobody has answered it as of a time.
    pub fn is_open(&self, chart: &Chart, as_of: Moment) -> bool {
        match self {
            Self::Twice { first, second } => {
                let asked = (first, second);
                recorded_twice(chart).iter().any(|twice| (&twice.first.stamp.id, &twice.second.stamp.id) == asked)
            }
            Self::Ended(id) => past_their_end(chart, as_of).any(|dose| dose.stamp.id == *id),
        }
    }
}

impl Question {
    /// Whether it is about this entry.
    pub fn is_about(&self, id: &EntryId) -> bool {
        match &self.asks {
            Asks::Twice { first, second } => [first, second].contains(&id),
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
        if stamp.by != other.stamp.by {
            format!("that of {}", stamp.by)
        } else if stamp.workstation != other.stamp.workstation {
            format!("that from {}", stamp.workstation)
        } else {
            format!("that recorded {}", time::shown_near(stamp.at, now.at))
        }
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
    let strike_out = |whose: String| format!("Strike out {whose}…");
    let answers = [
        "Both were given".to_owned(),
        strike_out(whose(twice.first, twice.second)),
        strike_out(whose(twice.second, twice.first)),
    ];
    let asks = Asks::Twice { first: twice.first.stamp.id.clone(), second: twice.second.stamp.id.clone() };
    Question { words, answers, asks }
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
    let answers = ["It ran to its end", "It was stopped before…", "It still runs…"].map(str::to_owned);
    Question { words, answers, asks: Asks::Ended(dose.stamp.id.clone()) }
}
