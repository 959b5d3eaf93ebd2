//! The one-line language in which doses are typed, in the window and on the command line.
//!
//! ```text
//! [hold] DRUG AMOUNT[unit | unit/kg] [base|phosphate] [ROUTE] [TIME | TIME-TIME] [over 4h] [PURPOSE]
//!        [held|refused|missed|running|stopped|unknown] [; note]
//! ```
//!
//! `dex 10 iv 14:30 icans`, `ana 100 sc -2h`, `dex 0.2mg/kg iv`, `hold dex 14:00 refused`, `hydro 100 iv 14:00-18:00`.
//! After the drug the order is free. Milligrams and now are the only defaults; both are echoed in words. Each word that
//! is not understood is named, with what would be taken. A word that could mean two things is asked, never guessed.

mod when;

use super::amount::split_unit;
use super::identity::invisible;
use super::{
    Administration, Amount, AmountError, DecimalError, DrugError, Expressed, Formulary, Given, Now, PerKg, Purpose,
    Quantity, Route, Status, TimeError, Weight,
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
    /// A dose per kilogram whose product is beyond any dose.
    #[error("'{0}' times the weight is too large")]
    TooLarge(String),
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
    /// `over` without a duration.
    #[error("'over {0}' is not a duration; write over 30m, over 4h or over 1h30m")]
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
    let mut administration = reader.finish()?;
    administration.note = match note {
        Some(text) if text.chars().any(invisible) => return Err(QuickError::Note),
        Some(text) if !text.is_empty() => Some(text.to_owned()),
        _ => None,
    };
    Ok(administration)
}

/// Reads one instant as the language writes times: `now`, `-2h`, `14:30`, `yesterday 22:00`, `2026-11-22 14:30`.
///
/// # Errors
/// [`QuickError`] names the word; a range is refused.
pub fn parse_time(text: &str, now: Now<'_>) -> Result<super::Moment, QuickError> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let form = || QuickError::Time(TimeError::Form(short(text)));
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
    amount: Said<'a, (Amount, Option<PerKg>)>,
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
        return Err(QuickError::Twice { what, first: (*first).to_owned(), second: short(word) });
    }
    *slot = Some((word, value));
    Ok(())
}

fn short(word: &str) -> String {
    word.chars().take(40).collect()
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
        Err(QuickError::Word(short(word)))
    }

    fn over(&mut self, word: &'a str) -> Result<(), QuickError> {
        let next = self.take().unwrap_or("");
        // `over 4 h` is as clear as `over 4h`.
        let unit = self.peek().filter(|unit| matches!(*unit, "h" | "m" | "min") && next.parse::<u32>().is_ok());
        let text = format!("{next}{}", unit.unwrap_or(""));
        if unit.is_some() {
            self.take();
        }
        let duration = when::duration(&text).ok_or_else(|| QuickError::Duration(short(&text)))?;
        keep(&mut self.found.over, "duration", word, duration)
    }

    fn amount(&mut self, word: &'a str) -> Result<(), QuickError> {
        let (number, mut unit) = split_unit(word);
        if number.is_empty() {
            return Err(DecimalError::NotANumber { text: short(word) }.into());
        }
        let separate = self.peek().filter(|next| unit.is_empty() && is_unit(next));
        if let Some(next) = separate {
            self.take();
            unit = next;
        }
        let unit = if unit.is_empty() { "mg" } else { unit };
        let value = match unit.strip_suffix("/kg") {
            None => (Amount::from_parts(number, unit)?, None),
            Some(mass) => {
                let ordered: PerKg = format!("{number} {mass}/kg").parse()?;
                let written = format!("{number} {unit}");
                let weight = self.context.weight.ok_or_else(|| QuickError::NoWeight(written.clone()))?;
                (ordered.times(weight).ok_or(QuickError::TooLarge(written))?, Some(ordered))
            }
        };
        keep(&mut self.found.amount, "amount", word, value)
    }

    fn finish(self) -> Result<Administration, QuickError> {
        let (found, now) = (self.found, self.context.now);
        let drug = found.drug.ok_or(QuickError::Empty)?;
        let status = status(&found)?;
        let given = when::spread(found.when, found.over, now)?;
        if let (Some((word, _)), true) = (found.salt, drug.id.as_str() != "dexamethasone") {
            return Err(QuickError::Salt { word: word.to_owned(), drug: drug.shown.clone() });
        }
        match found.amount {
            _ if status.not_given() || status == Status::Unknown => {}
            None => return Err(QuickError::NoAmount { drug: drug.shown.clone() }),
            Some((_, (Amount::ZERO, _))) => return Err(QuickError::Zero { drug: drug.shown.clone() }),
            Some(_) => {}
        }
        let status = settle(status, found.status.is_some(), given, now)?;
        let (amount, ordered) = found.amount.map_or((None, None), |(_, (amount, ordered))| (Some(amount), ordered));
        // What was not given was at most due: the amount typed with it is what was due.
        let due = amount.filter(|_| status.not_given()).map(Quantity::Mass);
        Ok(Administration {
            drug: drug.id.clone(),
            amount: amount.filter(|_| !status.not_given()).map(Quantity::Mass),
            due,
            expressed: found.salt.map_or(Expressed::AsLabelled, |(_, salt)| salt),
            route: found.route.map(|(_, route)| route),
            given,
            status,
            purpose: found.purpose.map(|(_, purpose)| purpose),
            note: None,
            ordered,
            charted_at: None,
            source_id: None,
        })
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

/// An infusion whose end is still to come is running; one said to be complete then is asked about.
fn settle(status: Status, said: bool, given: Given, now: Now<'_>) -> Result<Status, QuickError> {
    let to_come = given.end() > now.at && given.start() <= now.at;
    match (status, given) {
        (Status::Running, Given::At(_)) => Err(QuickError::RunningPoint),
        (Status::Given, Given::Over(..)) if to_come && !said => Ok(Status::Running),
        (Status::Given | Status::Stopped, Given::Over(_, end)) if to_come => {
            Err(QuickError::NotOver(super::time::shown_near(end, now.at)))
        }
        _ => Ok(status),
    }
}

/// Whether a word after a number is its unit, right or wrong: a wrong one is refused as a unit.
fn is_unit(word: &str) -> bool {
    let word = word.to_lowercase();
    word.chars().next().is_some_and(|c| c.is_alphabetic() || c == '%')
        && (matches!(word.as_str(), "mg" | "g" | "mcg" | "mgs" | "ug" | "ml" | "units" | "%" | "tablets" | "tablet")
            || word.starts_with("microgram")
            || word.contains('µ')
            || word.contains('μ')
            || word.ends_with("/kg"))
}

impl From<DecimalError> for QuickError {
    fn from(error: DecimalError) -> Self {
        Self::Amount(error.into())
    }
}
