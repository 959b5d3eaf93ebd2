//! Several doses in one line, for catching up: the same dose at a list of times, or every so often.
//!
//! ```text
//! DOSE TIME, TIME, TIME          dex 10 iv 06:00, 12:00, 18:00 icans
//! DOSE FREQUENCY xN from TIME    dex 10 iv q6h x4 from yesterday 20:00
//! ```
//!
//! A time without a date has that of the time before it. Each is read as a line of its own, so that each has its own weight,
//! and what is refused of one is refused of all.

use super::{QuickError, Typed, parse_for, when};
use crate::record::visible::brief;
use crate::record::{
    Amount, Chart, DrugId, Formulary, Frequencies, Given, Moment, Now, ScheduleError, Stage, StageEnd,
};
use thiserror::Error;

/// The most doses that one line may be: a slip in a number is not fifty entries.
pub const MOST_AT_ONCE: usize = 48;

/// Why a line is not one dose or several.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SeveralError {
    /// One of the doses.
    #[error(transparent)]
    Quick(#[from] QuickError),
    /// What their times cannot be worked out of.
    #[error(transparent)]
    Schedule(#[from] ScheduleError),
    /// A time of the list that is not after the one before it.
    #[error("'{later}' is not after '{earlier}'; write the times in their order, each new date with its date")]
    Order {
        /// The time before it.
        earlier: String,
        /// The time.
        later: String,
    },
    /// A time without a date, which with that of the time before it is not after it.
    #[error(
        "the last time is read as '{later}', on the date of the time before it, and is not after '{earlier}'; write its own date"
    )]
    DatedBefore {
        /// The time before it.
        earlier: String,
        /// The time, with the date that it has.
        later: String,
    },
    /// A comma with no time after it.
    #[error("'{0}' after the comma is not a time; write 06:00, 12:00, 18:00")]
    NoTime(String),
    /// Every so often, with no beginning.
    #[error("{0} from when? write the time of the first dose, like: from 08:00")]
    NoFrom(String),
    /// More than [`MOST_AT_ONCE`].
    #[error("these are more than {MOST_AT_ONCE} doses; record them in parts")]
    TooMany,
}

/// Reads a line that is one dose or several, in the order in which they were given.
///
/// ```
/// use corticurve::record::{Chart, Formulary, Frequencies, Now, quick, time};
/// let (formulary, frequencies) = (Formulary::shipped().unwrap(), Frequencies::shipped().unwrap());
/// let zone = chrono::FixedOffset::east_opt(0).unwrap();
/// let now = Now { at: time::parse_moment("2026-11-22 20:00", &zone).unwrap(), zone: &zone };
/// let chart = Chart::fold([]);
/// let read = |line| quick::parse_each(line, &formulary, &frequencies, now, &chart).unwrap();
/// let times = |line| read(line).iter().map(|typed| typed.dose.given.start().format("%d %H:%M").to_string()).collect::<Vec<_>>();
/// assert_eq!(times("dex 10 iv 06:00, 12:00, 18:00 icans"), ["22 06:00", "22 12:00", "22 18:00"]);
/// assert_eq!(times("dex 10 iv q6h x4 from yesterday 20:00"), ["21 20:00", "22 02:00", "22 08:00", "22 14:00"]);
/// assert_eq!(times("dex 10 iv 14:30"), ["22 14:30"]);
/// ```
///
/// # Errors
/// [`SeveralError`] names the word and says what would be taken.
pub fn parse_each(
    line: &str,
    formulary: &Formulary,
    frequencies: &Frequencies,
    now: Now<'_>,
    chart: &Chart,
) -> Result<Vec<Typed>, SeveralError> {
    if line.chars().count() > 500 {
        return Err(QuickError::TooLong.into());
    }
    let (body, note) = line.split_once(';').map_or((line, String::new()), |(body, note)| (body, format!(" ;{note}")));
    let lines = match listed(body, now)? {
        Some(lines) => Some(lines),
        None => repeated(body, frequencies, now)?,
    };
    let Some(lines) = lines else { return Ok(vec![parse_for(line, formulary, now, chart)?]) };
    if lines.len() > MOST_AT_ONCE {
        return Err(SeveralError::TooMany);
    }
    let each = lines.into_iter().map(|line| parse_for(&(line + &note), formulary, now, chart));
    Ok(each.collect::<Result<_, _>>()?)
}

/// A time in a line: where it begins, how many words it is, and what it says.
struct Found {
    at: usize,
    words: usize,
    given: Given,
}

fn time_at(words: &[&str], at: usize, now: Now<'_>) -> Result<Option<Found>, QuickError> {
    let Some((word, rest)) = words.get(at..).and_then(<[&str]>::split_first) else { return Ok(None) };
    Ok(when::read(word, rest, now)?.map(|(given, taken)| Found { at, words: taken + 1, given }))
}

fn first_time(words: &[&str], now: Now<'_>) -> Option<Found> {
    (0..words.len()).find_map(|at| time_at(words, at, now).ok().flatten())
}

/// The lines of `06:00, 12:00, 18:00`; `None` where there is no comma after a time.
fn listed(body: &str, now: Now<'_>) -> Result<Option<Vec<String>>, SeveralError> {
    // A comma beside a clock time parts times; every other is left to the reader of one dose.
    let mut words: Vec<&str> = Vec::new();
    let mut commas = Vec::new();
    for word in body.split_whitespace() {
        if !word.contains(':') && word != "," {
            words.push(word);
            continue;
        }
        for (at, part) in word.split(',').enumerate() {
            if at > 0 {
                commas.push(words.len());
            }
            if !part.is_empty() {
                words.push(part);
            }
        }
    }
    let (Some(first), Some(_)) = (first_time(&words, now), commas.first()) else { return Ok(None) };
    let prefix = words.get(..first.at).unwrap_or_default().join(" ");
    let mut date = date_of(&words, &first);
    let mut times = vec![(words.get(first.at..first.at + first.words).unwrap_or_default().join(" "), first.given)];
    let mut next = first.at + first.words;
    while commas.contains(&next) {
        let said = words.get(next).copied().unwrap_or_default();
        let found = time_at(&words, next, now)?.ok_or_else(|| SeveralError::NoTime(brief(said)))?;
        let mut text = words.get(next..next + found.words).unwrap_or_default().join(" ");
        next += found.words;
        let (mut given, mut is_dated) = (found.given, false);
        match (date_of(&words, &found), date) {
            (None, Some(date)) if text.starts_with(|first: char| first.is_ascii_digit()) && !text.contains('T') => {
                let dated = [date, text.as_str()];
                given = time_at(&dated, 0, now)?.map_or(given, |found| found.given);
                (text, is_dated) = (dated.join(" "), true);
            }
            (Some(own), _) => date = Some(own),
            _ => {}
        }
        if let Some((earlier, before)) = times.last()
            && given.start() <= before.start()
        {
            let (earlier, later) = (brief(earlier), brief(&text));
            return Err(if is_dated {
                SeveralError::DatedBefore { earlier, later }
            } else {
                SeveralError::Order { earlier, later }
            });
        }
        times.push((text, given));
    }
    let suffix = words.get(next..).unwrap_or_default().join(" ");
    Ok(Some(times.into_iter().map(|(time, _)| format!("{prefix} {time} {suffix}")).collect()))
}

/// The word for the date that stands before a clock time.
fn date_of<'a>(words: &[&'a str], found: &Found) -> Option<&'a str> {
    words.get(found.at).copied().filter(|_| found.words > 1)
}

/// The lines of `q6h x4 from 08:00`; `None` where nothing is said of how often and how many times.
fn repeated(body: &str, frequencies: &Frequencies, now: Now<'_>) -> Result<Option<Vec<String>>, SeveralError> {
    let mut words: Vec<&str> = body.split_whitespace().collect();
    let Some(doses) = take_count(&mut words) else { return Ok(None) };
    let Some(at) = words.iter().position(|word| frequencies.find(word).is_ok()) else { return Ok(None) };
    let often = words.remove(at);
    let every = match frequencies.find(often) {
        Ok(frequency) => frequency.every.clone(),
        Err(_) => return Ok(None),
    };
    words.retain(|word| !word.eq_ignore_ascii_case("from"));
    let first = first_time(&words, now).ok_or_else(|| SeveralError::NoFrom(brief(often)))?;
    let from = first.given.start();
    words.drain(first.at..first.at + first.words);
    let stage = Stage {
        drug: DrugId::new(""),
        amount: Amount::ZERO,
        route: None,
        ordered: None,
        every,
        from,
        until: StageEnd::Doses(doses),
    };
    let line = words.join(" ");
    let instant = |at: Moment| format!("{line} {}", at.format("%Y-%m-%dT%H:%M%:z"));
    Ok(Some(stage.times(now.zone)?.into_iter().map(instant).collect()))
}

/// Takes `x8` or `× 8` out of the words.
fn take_count(words: &mut Vec<&str>) -> Option<u32> {
    let number = |text: &str| text.parse::<u32>().ok().filter(|number| *number > 0 && text.len() <= 4);
    let sign = |word: &str| word.strip_prefix(['x', 'X', '×']).map(str::len);
    for at in 0..words.len() {
        let (word, next) = (*words.get(at)?, words.get(at + 1).copied().unwrap_or_default());
        match sign(word) {
            Some(0) if number(next).is_some() => {
                words.drain(at..at + 2);
                return number(next);
            }
            Some(length) if length > 0 => {
                if let Some(count) = word.get(word.len() - length..).and_then(number) {
                    words.remove(at);
                    return Some(count);
                }
            }
            _ => {}
        }
    }
    None
}
