//! The parts of a typed dose, for the line and for the form, and the rules that both keep.

use super::{QuickError, is_rate, when};
use crate::record::visible::{brief, invisible};
use crate::record::{
    Administration, Amount, Expressed, Formulary, Given, Moment, Now, Purpose, Quantity, Route, Status, TimeError, time,
};
use chrono::TimeDelta;

/// Reads when a dose was given: a time or a range, and how long it ran, where that is not empty.
///
/// # Errors
/// [`QuickError`] names the word.
pub fn parse_given(time: &str, over: &str, now: Now<'_>) -> Result<Given, QuickError> {
    let words: Vec<&str> = time.split_whitespace().collect();
    let form = || QuickError::Time(TimeError::Form(brief(time)));
    let (first, rest) = words.split_first().ok_or_else(form)?;
    let given = match when::read(first, rest, now)? {
        Some((given, taken)) if taken == rest.len() => given,
        _ => return Err(form()),
    };
    let over = if over.trim().is_empty() { None } else { Some(("over", duration(over)?)) };
    when::spread(Some((time, given)), over, now)
}

/// An infusion that begins at an instant and takes so long: `4h`, `1h30m`.
///
/// # Errors
/// [`QuickError`] names the duration.
pub fn infusion_from(start: Moment, over: &str, now: Now<'_>) -> Result<Given, QuickError> {
    infusion_for(start, duration(over)?, now)
}

/// The same for a span that is known.
///
/// # Errors
/// [`QuickError`] where the calendar ends before the infusion does.
pub fn infusion_for(start: Moment, span: TimeDelta, now: Now<'_>) -> Result<Given, QuickError> {
    when::spread(Some(("", Given::At(start))), Some(("over", span)), now)
}

/// `4h`, `4 h`, `30m`, `1h30m`.
fn duration(text: &str) -> Result<TimeDelta, QuickError> {
    let text: String = text.split_whitespace().collect();
    when::duration(&text).ok_or_else(|| QuickError::Duration(brief(&text)))
}

/// Reads a note: nothing where it is empty.
///
/// # Errors
/// [`QuickError::Note`] for characters that do not show.
pub fn parse_note(text: &str) -> Result<Option<String>, QuickError> {
    match text.trim() {
        text if text.chars().any(invisible) => Err(QuickError::Note),
        "" => Ok(None),
        text => Ok(Some(text.to_owned())),
    }
}

/// Keeps a typed dose to the rules that hold by line and by form: what was given has an amount, what was not given was at
/// most due, an infusion that is still to end is running.
///
/// # Errors
/// [`QuickError`] says what would be taken.
pub fn checked(
    mut dose: Administration,
    status_is_said: bool,
    formulary: &Formulary,
    now: Now<'_>,
) -> Result<Administration, QuickError> {
    let drug = || formulary.shown(&dose.drug).to_owned();
    if dose.expressed != Expressed::AsLabelled && dose.drug.as_str() != "dexamethasone" {
        return Err(QuickError::Salt { word: dose.expressed.word().to_owned(), drug: drug() });
    }
    match &dose.amount {
        _ if dose.status.not_given() || dose.status == Status::Unknown => {}
        None => return Err(QuickError::NoAmount { drug: drug() }),
        Some(Quantity::Mass(Amount::ZERO)) => return Err(QuickError::Zero { drug: drug() }),
        Some(_) => {}
    }
    dose.status = settle(dose.status, status_is_said, dose.given, now)?;
    if dose.status.not_given() && dose.due.is_none() {
        dose.due = dose.amount.take();
    }
    Ok(dose)
}

/// An infusion whose end is still to come is running; one said to be complete then is asked about.
fn settle(status: Status, said: bool, given: Given, now: Now<'_>) -> Result<Status, QuickError> {
    let to_come = given.end() > now.at && given.start() <= now.at;
    match (status, given) {
        (Status::Running, Given::At(_)) => Err(QuickError::RunningPoint),
        (Status::Given, Given::Over(..)) if to_come && !said => Ok(Status::Running),
        (Status::Given | Status::Stopped, Given::Over(_, end)) if to_come => {
            Err(QuickError::NotOver(time::shown_near(end, now.at)))
        }
        _ => Ok(status),
    }
}

/// Whether a word after a number is its unit, right or wrong: a wrong one is refused as a unit.
pub(super) fn is_unit(word: &str) -> bool {
    let word = word.to_lowercase();
    word.chars().next().is_some_and(|c| c.is_alphabetic() || c == '%')
        && (matches!(word.as_str(), "mg" | "g" | "mcg" | "mgs" | "ug" | "ml" | "units" | "%" | "tablets" | "tablet")
            || word.starts_with("microgram")
            || word.contains('µ')
            || word.contains('μ')
            || word.ends_with("/kg")
            || is_rate(&word))
}

/// Whether a word of letters, before these others, has no meaning in this language.
pub(super) fn is_unknown(word: &str, rest: &[&str], now: Now<'_>) -> bool {
    let is_known = Route::find(word).is_some()
        || Purpose::find(word).is_some()
        || Status::find(word).is_some()
        || Expressed::find(word).is_some()
        || matches!(word.to_lowercase().as_str(), "over" | "for")
        || !matches!(when::read(word, rest, now), Ok(None));
    word.starts_with(char::is_alphabetic) && !is_known
}

/// The line that would record the same dose again, now: without its time, status and note.
pub fn line_of(dose: &Administration) -> String {
    let mut words = vec![dose.drug.to_string()];
    words.extend(dose.amount.as_ref().and_then(Quantity::mass).map(|amount| amount.to_string()));
    words.extend(Some(dose.expressed).filter(|form| *form != Expressed::AsLabelled).map(|form| form.word().to_owned()));
    words.extend(dose.route.map(|route| route.word().to_owned()));
    if let Given::Over(from, until) = dose.given {
        words.push(format!("over {}", time::shown_duration(until - from)));
    }
    words.extend(dose.purpose.map(|purpose| purpose.word().to_owned()));
    words.join(" ")
}
