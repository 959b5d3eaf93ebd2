//! The one-line language in which doses are typed, in the window and on the command line.
//!
//! ```text
//! [hold] DRUG AMOUNT[unit | unit/kg | unit/h | unit/kg/h] [base|phosphate] [ROUTE] [TIME | TIME-TIME] [over 4h] [PURPOSE]
//!        [held|refused|missed|running|stopped|unknown] [; note]
//! ```
//!
//! `dex 10 iv 14:30 icans`, `ana 100 sc -2h`, `dex 0.2mg/kg iv`, `hold dex 14:00 refused`, `hydro 100 iv 14:00-18:00`.
//! After the drug the order is free. Milligrams and now are the only defaults; both are echoed in words. Each word that
//! is not understood is named, with what would be taken. A word that could mean two things is asked, never guessed.

mod complete;
mod parts;
mod plan;
mod rate;
mod several;
mod when;

pub use complete::completions;
pub use parts::{checked, infusion_for, infusion_from, line_of, parse_given, parse_note};
pub use plan::{PlanError, parse_plan};
pub use rate::{Dosing, is_rate, rate_words};
pub use several::{MOST_AT_ONCE, SeveralError, parse_each};

use super::amount::split_unit;
use super::visible::brief;
use super::{
    Administration, AmountError, Chart, DecimalError, DrugError, Expressed, Formulary, Given, Now, Purpose, Quantity,
    Route, Status, TimeError, Weight,
};
use thiserror::Error;

/// What the language needs to know besides the line itself.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The drugs.
    pub formulary: &'a Formulary,
    /// The present and the workstation's time zone.
    pub now: Now<'a>,
    /// The patient's weight, for doses per kilogram.
    pub weight: Option<Weight>,
}

/// Why a line is not a dose. Every message names the word and says what would be taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum QuickError {
    /// Nothing was typed.
    #[error("type a dose, like: dex 10 iv 14:30 icans")]
    Empty,
    /// The line is longer than any dose.
    #[error("the line is longer than 500 characters; shorten the note after ';'")]
    TooLong,
    /// The drug.
    #[error(transparent)]
    Drug(#[from] DrugError),
    /// The amount.
    #[error(transparent)]
    Amount(#[from] AmountError),
    /// The time.
    #[error(transparent)]
    Time(#[from] TimeError),
    /// A given dose without an amount.
    #[error("how much {drug}? write an amount after the drug, like 10 or 500mcg")]
    NoAmount {
        /// The drug's shown name.
        drug: String,
    },
    /// A given dose of nothing.
    #[error("a dose of 0 mg was not given: write 'hold {drug}' instead")]
    Zero {
        /// The drug's shown name.
        drug: String,
    },
    /// A dose per kilogram without a weight.
    #[error("'{0}' needs the patient's weight; record a weight first, or write the dose in mg")]
    NoWeight(String),
    /// A dose per kilogram or by time whose product is beyond any dose.
    #[error("'{0}' times the weight or the time is too large")]
    TooLarge(String),
    /// An amount by time without a time to multiply it with.
    #[error("'{0}' needs how long it ran; write 14:00-18:00 or over 4h")]
    RateWithoutTime(String),
    /// An amount by time that does not come to a whole number of micrograms.
    #[error("'{rate}' for {span} is no whole number of micrograms; write what it came to in mg, and the same time")]
    RateNotWhole {
        /// The amount by time.
        rate: String,
        /// For how long.
        span: String,
    },
    /// Two words for one thing.
    #[error("'{second}' after '{first}': only one {what} is taken; leave one out")]
    Twice {
        /// What there are two of.
        what: &'static str,
        /// The earlier word.
        first: String,
        /// The later word.
        second: String,
    },
    /// A word that is nothing of this.
    #[error(
        "'{0}' is not understood; taken are a route (iv, po, sc, …), a time (14:30, -2h, yesterday 22:00), 'over 4h', a purpose (icans, crs, …), held/refused/missed, and a note after ';'"
    )]
    Word(String),
    /// A number with a word after it that could be a unit of time, and is not said to be how long.
    #[error(
        "'{unit}' after '{number}' is not understood; how long it ran is written with over, and min or h: over 30 min, over 4h"
    )]
    UnitOfTime {
        /// The number.
        number: String,
        /// The word.
        unit: String,
    },
    /// `over` without a duration.
    #[error("'over {0}' is not a duration; write min or h, like over 30 min, over 4h or over 1h30m")]
    Duration(String),
    /// `over` beside a range of times.
    #[error("'{0}' already says from when until when; leave out 'over'")]
    RangeAndOver(String),
    /// West of Greenwich, a range that could be a time with its offset.
    #[error(
        "'{0}' could be an infusion or a time with its offset; write the date with T for an offset (2026-11-22T14:30-05:00), or the start and 'over 4h' for an infusion"
    )]
    RangeOrOffset(String),
    /// Base or phosphate of another drug than dexamethasone.
    #[error("'{word}' is only told apart for dexAMETHasone; leave it out for {drug}")]
    Salt {
        /// Base or phosphate.
        word: String,
        /// The drug's shown name.
        drug: String,
    },
    /// A note with characters that do not show.
    #[error("the note holds a character that does not show; write it again by hand")]
    Note,
    /// Running, with nothing to run until.
    #[error("'running' needs a duration or an end; write over 4h or 14:00-18:00")]
    RunningPoint,
    /// An infusion that is said to be complete and is not.
    #[error(
        "the infusion ends at {0}, which is still to come; write 'running', or 'stopped' with the amount that went in and its end"
    )]
    NotOver(String),
}

/// Reads one line.
///
/// ```
/// use chrono::FixedOffset;
/// use corticurve::record::{Formulary, Now, Purpose, Route, quick, time};
/// let formulary = Formulary::shipped().unwrap();
/// let zone = FixedOffset::east_opt(0).unwrap();
/// let at = time::parse_moment("2026-11-22 14:32", &zone).unwrap();
/// let context = quick::Context { formulary: &formulary, now: Now { at, zone: &zone }, weight: None };
/// let dose = quick::parse("dex 4.5 iv 14:30 icans", context).unwrap();
/// assert_eq!(dose.amount_shown(), "4.5 mg");
/// assert_eq!((dose.route, dose.purpose), (Some(Route::Intravenous), Some(Purpose::Icans)));
/// let asked = quick::parse("pred 5 po", context).unwrap_err();
/// assert_eq!(asked.to_string(), "'pred' could be predniSONE or prednisoLONE; write more of the name");
/// ```
///
/// # Errors
/// [`QuickError`] names the word and says what would be taken.
pub fn parse(line: &str, context: Context<'_>) -> Result<Administration, QuickError> {
    read(line, context).map(|(dose, _)| dose)
}

/// The dose of a line, and whether its amount was written by time.
fn read(line: &str, context: Context<'_>) -> Result<(Administration, bool), QuickError> {
    if line.chars().count() > 500 {
        return Err(QuickError::TooLong);
    }
    let (body, note) = line.split_once(';').map_or((line, None), |(body, note)| (body, Some(note.trim())));
    let words: Vec<&str> = body.split_whitespace().collect();
    let mut reader = Reader { words: &words, context, found: Found::default() };
    reader.first_words()?;
    while let Some(word) = reader.take() {
        reader.word(word)?;
    }
    let by_rate = reader.found.amount.as_ref().is_some_and(|(_, dosing)| dosing.is_by_rate());
    let mut administration = reader.finish()?;
    administration.note = parse_note(note.unwrap_or(""))?;
    Ok((administration, by_rate))
}

/// A dose as it was typed for a patient, with what its amount was worked out from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// The dose.
    pub dose: Administration,
    /// The weight in force when it was given.
    pub weight: Option<Weight>,
    /// Whether its amount was written by time; [`rate_words`] says then what it comes to.
    pub by_rate: bool,
}

/// Reads one line for a patient, with the weight in force when the dose was given.
///
/// # Errors
/// [`QuickError`] names the word and says what would be taken.
pub fn parse_for(line: &str, formulary: &Formulary, now: Now<'_>, chart: &Chart) -> Result<Typed, QuickError> {
    let weight_at = |at| chart.weight_at(at).map(|(weight, _)| weight);
    let weight = weight_at(now.at);
    let (dose, by_rate) = read(line, Context { formulary, now, weight })?;
    // The time is known only now; a weight recorded later than that is better than none.
    match weight_at(dose.given.start()).filter(|then| dose.ordered.is_some() && Some(*then) != weight) {
        Some(then) => {
            let weight = Some(then);
            Ok(Typed { dose: parse(line, Context { formulary, now, weight })?, weight, by_rate })
        }
        None => Ok(Typed { dose, weight, by_rate }),
    }
}

/// Reads one instant as the language writes times: `now`, `-2h`, `14:30`, `yesterday 22:00`, `2026-11-22 14:30`.
///
/// # Errors
/// [`QuickError`] names the word; a range is refused.
pub fn parse_time(text: &str, now: Now<'_>) -> Result<super::Moment, QuickError> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let form = || QuickError::Time(TimeError::Form(brief(text)));
    let (first, rest) = words.split_first().ok_or_else(form)?;
    match when::read(first, rest, now)? {
        Some((Given::At(at), taken)) if taken == rest.len() => Ok(at),
        _ => Err(form()),
    }
}

/// A word's meaning, with the word for a later message.
type Said<'a, T> = Option<(&'a str, T)>;

#[derive(Default)]
struct Found<'a> {
    drug: Option<&'a super::Drug>,
    amount: Said<'a, Dosing>,
    salt: Said<'a, Expressed>,
    route: Said<'a, Route>,
    purpose: Said<'a, Purpose>,
    status: Said<'a, Status>,
    held: bool,
    when: Said<'a, Given>,
    over: Said<'a, chrono::TimeDelta>,
}

struct Reader<'a, 'w> {
    words: &'w [&'a str],
    context: Context<'a>,
    found: Found<'a>,
}

/// Keeps a meaning, refusing a second one.
fn keep<'a, T>(slot: &mut Said<'a, T>, what: &'static str, word: &'a str, value: T) -> Result<(), QuickError> {
    if let Some((first, _)) = slot {
        return Err(QuickError::Twice { what, first: (*first).to_owned(), second: brief(word) });
    }
    *slot = Some((word, value));
    Ok(())
}

impl<'a> Reader<'a, '_> {
    fn take(&mut self) -> Option<&'a str> {
        let (word, rest) = self.words.split_first()?;
        self.words = rest;
        Some(word)
    }

    fn peek(&self) -> Option<&'a str> {
        self.words.first().copied()
    }

    /// `hold`, if it is there, and the drug.
    fn first_words(&mut self) -> Result<(), QuickError> {
        let mut word = self.take().ok_or(QuickError::Empty)?;
        if matches!(word.to_lowercase().as_str(), "hold" | "held") {
            self.found.held = true;
            word = self.take().ok_or(QuickError::Empty)?;
        }
        self.found.drug = Some(self.context.formulary.find(word)?);
        Ok(())
    }

    fn word(&mut self, word: &'a str) -> Result<(), QuickError> {
        let lower = word.to_lowercase();
        if lower == "over" {
            return self.over(word);
        }
        if lower == "for" && self.peek().is_some_and(|next| Purpose::find(next).is_some()) {
            return Ok(());
        }
        if let Some(route) = Route::find(word) {
            return keep(&mut self.found.route, "route", word, route);
        }
        if let Some(purpose) = Purpose::find(word) {
            return keep(&mut self.found.purpose, "purpose", word, purpose);
        }
        if let Some(status) = Status::find(word) {
            return keep(&mut self.found.status, "status", word, status);
        }
        if let Some(salt) = Expressed::find(word) {
            return keep(&mut self.found.salt, "form of the drug", word, salt);
        }
        if let Some((given, taken)) = when::read(word, self.words, self.context.now)? {
            self.words = self.words.get(taken..).unwrap_or_default();
            return keep(&mut self.found.when, "time", word, given);
        }
        if word.starts_with(|c: char| c.is_numeric() || matches!(c, '-' | '+' | '.' | ',' | '−')) || lower == "nan" {
            return self.amount(word);
        }
        Err(QuickError::Word(brief(word)))
    }

    /// The next word, where it has no meaning of its own.
    fn peek_unknown(&self) -> Option<&'a str> {
        let (next, rest) = self.words.split_first()?;
        parts::is_unknown(next, rest, self.context.now).then_some(*next)
    }

    fn over(&mut self, word: &'a str) -> Result<(), QuickError> {
        let next = self.take().unwrap_or("");
        // `over 4 h` is as clear as `over 4h`.
        let unit = self.peek_unknown().filter(|_| next.parse::<u32>().is_ok());
        let text = match unit {
            None => next.to_owned(),
            Some("h" | "m" | "min") => format!("{next}{}", self.take().unwrap_or("")),
            Some(other) => return Err(QuickError::Duration(brief(&format!("{next} {other}")))),
        };
        let duration = when::duration(&text).ok_or_else(|| QuickError::Duration(brief(&text)))?;
        keep(&mut self.found.over, "duration", word, duration)
    }

    fn amount(&mut self, word: &'a str) -> Result<(), QuickError> {
        let (number, mut unit) = split_unit(word);
        if number.is_empty() {
            return Err(DecimalError::NotANumber { text: brief(word) }.into());
        }
        let separate = self.peek().filter(|next| unit.is_empty() && parts::is_unit(next));
        if let Some(next) = separate {
            self.take();
            unit = next;
        }
        // A second number is no amount where a unit of time follows, or what may be meant as one.
        let other = self.peek_unknown().filter(|_| unit.is_empty());
        let other = other.or(Some(unit).filter(|unit| !unit.is_empty() && !parts::is_unit(unit)));
        if let Some(unit) = other.filter(|_| self.found.amount.is_some()) {
            return Err(QuickError::UnitOfTime { number: brief(number), unit: brief(unit) });
        }
        let unit = if unit.is_empty() { "mg" } else { unit };
        let value = Dosing::parse(number, unit)?;
        keep(&mut self.found.amount, "amount", word, value)
    }

    fn finish(self) -> Result<Administration, QuickError> {
        let (found, now, weight) = (self.found, self.context.now, self.context.weight);
        let drug = found.drug.ok_or(QuickError::Empty)?;
        let status = status(&found)?;
        let given = when::spread(found.when, found.over, now)?;
        let (amount, ordered) = match &found.amount {
            None => (None, None),
            Some((_, dosing)) => dosing.over(given, weight).map(|(amount, ordered)| (Some(amount), ordered))?,
        };
        let dose = Administration {
            drug: drug.id.clone(),
            amount: amount.map(Quantity::Mass),
            due: None,
            expressed: found.salt.map_or(Expressed::AsLabelled, |(_, salt)| salt),
            route: found.route.map(|(_, route)| route),
            given,
            status,
            purpose: found.purpose.map(|(_, purpose)| purpose),
            note: None,
            ordered,
            charted_at: None,
            source_id: None,
        };
        checked(dose, found.status.is_some(), self.context.formulary, now)
    }
}

/// `hold` before the drug and a status after it: the word after it says why it was held.
fn status(found: &Found<'_>) -> Result<Status, QuickError> {
    match found.status {
        Some((word, status)) if found.held && !status.not_given() => {
            Err(QuickError::Twice { what: "status", first: "hold".to_owned(), second: word.to_owned() })
        }
        Some((_, status)) => Ok(status),
        None if found.held => Ok(Status::Held),
        None => Ok(Status::Given),
    }
}

impl From<DecimalError> for QuickError {
    fn from(error: DecimalError) -> Self {
        Self::Amount(error.into())
    }
}
