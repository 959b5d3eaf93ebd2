//! Times in the quick-entry language.

use super::QuickError;
use crate::record::Given;
use crate::record::time::{self, Moment, Now, TimeError, on_the_clock_of, on_the_wall, parse_offset, split_offset};
use crate::record::visible::brief;
use chrono::{NaiveDate, TimeDelta, Timelike};

/// Reads a time that starts with `word`, and says how many of the words after it belong to it. `None` when the word
/// does not look like a time at all.
pub(super) fn read(word: &str, rest: &[&str], now: Now<'_>) -> Result<Option<(Given, usize)>, QuickError> {
    let lower = word.to_lowercase();
    if lower == "now" {
        return Ok(Some((Given::At(now.at), 0)));
    }
    if let Some(ago) = lower.strip_prefix(['-', '−']) {
        let at = duration(ago).and_then(|span| now.at.checked_sub_signed(span));
        return match at {
            Some(at) => Ok(Some((Given::At(on_the_clock_of(now.zone, at)), 0))),
            None if meant_as_ago(ago) => Err(TimeError::Form(brief(word)).into()),
            None => Ok(None),
        };
    }
    let today = now.at.date_naive();
    let named = match lower.as_str() {
        "today" => Some(today),
        "yesterday" => today.pred_opt(),
        "tomorrow" => today.succ_opt(),
        _ => None,
    };
    if let Some(date) = named {
        let clock = rest.first().filter(|next| next.contains(':'));
        let clock = clock.ok_or_else(|| TimeError::Form(format!("{} without a clock time", brief(word))))?;
        return Ok(Some((clocks(clock, date, now)?, 1)));
    }
    if let Some((date, clock)) = word.split_once('T').filter(|(date, _)| looks_like_date(date)) {
        return Ok(Some((instant(clock, time::parse_date(date)?, now)?, 0)));
    }
    if looks_like_date(word) {
        let date = time::parse_date(word)?;
        let clock = rest.first().filter(|next| next.contains(':'));
        let clock = clock.ok_or_else(|| TimeError::Form(format!("{} without a clock time", brief(word))))?;
        return Ok(Some((clocks(clock, date, now)?, 1)));
    }
    if word.contains(':') && word.starts_with(|c: char| c.is_ascii_digit()) {
        return Ok(Some((clocks(word, today, now)?, 0)));
    }
    Ok(None)
}

/// `2days`, `200h`: a number with a unit of time, and not an amount with a wrong sign.
fn meant_as_ago(text: &str) -> bool {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','));
    unit.len() < text.len()
        && unit.starts_with(['d', 'h', 'm', 's', 'w'])
        && !unit.starts_with("mg")
        && !unit.starts_with("mc")
}

/// `2026-11-22` or `22-Nov-2026`, also with digits that the calendar does not have, so that the message can be about the
/// date.
pub(super) fn looks_like_date(word: &str) -> bool {
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = word.split('-').collect();
    parts.len() == 3 && parts.iter().all(|part| is_number(part) || time::is_month(part)) || lacks_its_year(word)
}

/// `22-Nov`: nobody guesses which.
fn lacks_its_year(word: &str) -> bool {
    word.split_once('-').is_some_and(|(day, month)| day.parse::<u8>().is_ok() && time::is_month(month))
}

/// `14:30` or `14:30+01:00` on a date, after a `T`: what follows a minus is an offset.
fn instant(text: &str, date: NaiveDate, now: Now<'_>) -> Result<Given, QuickError> {
    let (clock, offset) = split_offset(text);
    let wall = date.and_time(time::parse_clock(clock)?);
    let Some(offset) = offset else { return Ok(Given::At(on_the_wall(now.zone, wall)?)) };
    let offset = parse_offset(offset).ok_or_else(|| TimeError::Form(brief(text)))?;
    let moment = wall.and_local_timezone(offset).single();
    Ok(Given::At(moment.ok_or_else(|| TimeError::NoSuchTime(brief(text)))?))
}

/// `14:30`, `14:30+01:00` or `14:00-18:00` on a date. A range that ends before it begins ends on the next day.
fn clocks(text: &str, date: NaiveDate, now: Now<'_>) -> Result<Given, QuickError> {
    let Some((from, until)) = text.split_once('-') else { return instant(text, date, now) };
    let (from, until) = (time::parse_clock(from)?, time::parse_clock(until)?);
    // West of Greenwich `14:30-05:00` could be an offset: nobody's infusion is made of a guess.
    let own_offset = i64::from(now.at.offset().local_minus_utc());
    if own_offset < 0 && (i64::from(until.num_seconds_from_midnight()) + own_offset).abs() <= 3600 {
        return Err(QuickError::RangeOrOffset(brief(text)));
    }
    let end_date = if until > from { Some(date) } else { date.succ_opt() };
    let end_date = end_date.ok_or_else(|| TimeError::NoSuchTime(brief(text)))?;
    let start = on_the_wall(now.zone, date.and_time(from))?;
    Ok(Given::Over(start, on_the_wall(now.zone, end_date.and_time(until))?))
}

/// `4h`, `30m`, `30min` or `1h30m`; more than nothing and at most 7 days.
pub(super) fn duration(text: &str) -> Option<TimeDelta> {
    let (hours, rest) = match text.split_once('h') {
        Some((hours, rest)) => (whole(hours)?, rest),
        None => (0, text),
    };
    let minutes = match rest.strip_suffix("min").or_else(|| rest.strip_suffix('m')) {
        Some(minutes) => whole(minutes)?,
        None if rest.is_empty() && text.contains('h') => 0,
        None => return None,
    };
    let total = hours * 60 + minutes;
    (1..=7 * 24 * 60).contains(&total).then(|| TimeDelta::minutes(total))
}

fn whole(text: &str) -> Option<i64> {
    let digits = (1..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

/// Joins a time and `over`: without a time the dose is now, and an infusion begins then.
pub(super) fn spread(
    when: Option<(&str, Given)>,
    over: Option<(&str, TimeDelta)>,
    now: Now<'_>,
) -> Result<Given, QuickError> {
    let given = when.map_or(Given::At(now.at), |(_, given)| given);
    let Some((_, span)) = over else { return Ok(given) };
    match given {
        Given::Over(..) => Err(QuickError::RangeAndOver(brief(when.map_or("", |(word, _)| word)))),
        Given::At(start) => {
            let end: Option<Moment> = start.checked_add_signed(span);
            let end = end.ok_or_else(|| TimeError::NoSuchTime("the infusion's end".to_owned()))?;
            // A start that was typed with another place's offset keeps it for its end.
            let on_the_ward = on_the_clock_of(now.zone, start).offset() == start.offset();
            Ok(Given::Over(start, if on_the_ward { on_the_clock_of(now.zone, end) } else { end }))
        }
    }
}
