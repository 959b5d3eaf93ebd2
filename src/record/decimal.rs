//! One strict reader for every number a person types or a file holds.
//!
//! RON, CSV and people all write numbers in ways that a general parser accepts and a ward must not: `1_0.5`, `NaN`,
//! `1e3`, `1,5`, `.5`. This reader takes plain decimals only and says how to write the rest.

use super::visible::brief;
use thiserror::Error;

/// Why a piece of text is not a plain decimal number. The message says what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DecimalError {
    /// Nothing was written.
    #[error("a number is missing")]
    Empty,
    /// A comma, which is a decimal mark in some countries and a thousands mark in others.
    #[error("'{text}': a comma is not taken, because it can mean two things; write {suggestion}")]
    Comma {
        /// What was written.
        text: String,
        /// The reading or readings offered.
        suggestion: String,
    },
    /// `.5`: the point is easily overlooked.
    #[error("'{text}': write a digit before the point: 0{text}")]
    NoLeadingDigit {
        /// What was written.
        text: String,
    },
    /// `5.`: nothing after the point.
    #[error("'{text}': write {whole} without a point, or the digits after it")]
    NoTrailingDigit {
        /// What was written.
        text: String,
        /// The same without its point.
        whole: String,
    },
    /// `05`: could be a slip for 0.5 or for 5.
    #[error("'{text}': a leading zero can hide a lost point; write {plain}, or the point")]
    LeadingZero {
        /// What was written.
        text: String,
        /// The same without leading zeros.
        plain: String,
    },
    /// A sign.
    #[error("'{text}': amounts are never negative; write it without a sign")]
    Negative {
        /// What was written.
        text: String,
    },
    /// Letters, exponents, `NaN`, other scripts' digits, underscores.
    #[error("'{text}' is not a number; write plain digits with a point if needed, like 4.5")]
    NotANumber {
        /// What was written.
        text: String,
    },
    /// More decimals than the quantity is kept in.
    #[error("'{text}' has more than {places} decimals, the finest that is recorded")]
    TooFine {
        /// What was written.
        text: String,
        /// How many decimals are kept.
        places: u32,
    },
    /// More than any dose, weight or height.
    #[error("'{text}' is too large")]
    TooLarge {
        /// What was written.
        text: String,
    },
}

/// The largest number of digits before the point; what a quantity holds may be less.
const MOST_DIGITS: usize = 9;

/// Reads a plain decimal and returns it times `10^places`, exactly.
///
/// ```
/// use corticurve::record::decimal;
/// assert_eq!(decimal::parse("4.5", 3), Ok(4500));
/// assert!(decimal::parse("1,5", 3).unwrap_err().to_string().contains("write 1.5"));
/// ```
///
/// # Errors
/// [`DecimalError`] names the text and says how to write it.
pub fn parse(text: &str, places: u32) -> Result<u64, DecimalError> {
    let shown = || brief(text);
    if text.is_empty() {
        return Err(DecimalError::Empty);
    }
    if let Some(rest) = text.strip_prefix(['-', '−', '+']) {
        let numeric = rest.starts_with(|c: char| c.is_ascii_digit() || c == '.');
        return Err(if numeric { DecimalError::Negative { text: shown() } } else { not_a_number(shown()) });
    }
    if text.contains(',') {
        return Err(comma(text, shown()));
    }
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !fraction.is_none_or(digits) || text == "." {
        return Err(not_a_number(shown()));
    }
    match fraction {
        _ if whole.is_empty() => return Err(DecimalError::NoLeadingDigit { text: shown() }),
        Some("") => return Err(DecimalError::NoTrailingDigit { text: shown(), whole: brief(&without_zeros(whole)) }),
        _ => {}
    }
    if whole.len() > 1 && whole.starts_with('0') {
        return Err(DecimalError::LeadingZero { text: shown(), plain: brief(&without_zeros(text)) });
    }
    if whole.len() > MOST_DIGITS {
        return Err(DecimalError::TooLarge { text: shown() });
    }
    scale(whole, fraction.unwrap_or(""), places).ok_or(DecimalError::TooFine { text: shown(), places })
}

/// `whole.fraction` times `10^places`; `None` when the fraction is finer than that.
fn scale(whole: &str, fraction: &str, places: u32) -> Option<u64> {
    let fraction = fraction.trim_end_matches('0');
    let spare = places.checked_sub(u32::try_from(fraction.len()).ok()?)?;
    let whole: u64 = whole.parse().ok()?;
    let part: u64 = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
    whole.checked_mul(10_u64.checked_pow(places)?)?.checked_add(part.checked_mul(10_u64.checked_pow(spare)?)?)
}

/// Writes `value / 10^places` with no trailing zeros: the reverse of [`parse`].
///
/// ```
/// use corticurve::record::decimal;
/// assert_eq!(decimal::plain(4500, 3), "4.5");
/// assert_eq!(decimal::plain(6000, 3), "6");
/// ```
pub fn plain(value: u64, places: u32) -> String {
    let unit = 10_u64.saturating_pow(places).max(1);
    let (whole, part) = (value / unit, value % unit);
    if part == 0 {
        return whole.to_string();
    }
    let digits = format!("{part:0width$}", width = places as usize);
    format!("{whole}.{}", digits.trim_end_matches('0'))
}

/// Puts a comma between thousands from 1,000 on, in a number that [`plain`] or a decimal of any length wrote.
///
/// ```
/// use corticurve::record::decimal;
/// assert_eq!(decimal::grouped("1234567.5"), "1,234,567.5");
/// assert_eq!(decimal::grouped("-999"), "-999");
/// ```
pub fn grouped(plain: &str) -> String {
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain), |rest| ("-", rest));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let mut out = String::from(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// `05.5` as `5.5`, `00.5` as `0.5`, `000` as `0`.
fn without_zeros(text: &str) -> String {
    let rest = text.trim_start_matches('0');
    if rest.is_empty() || rest.starts_with('.') { format!("0{rest}") } else { rest.to_owned() }
}

fn not_a_number(text: String) -> DecimalError {
    DecimalError::NotANumber { text }
}

fn comma(text: &str, shown: String) -> DecimalError {
    let groups: Vec<&str> = text.split(',').collect();
    let numeric =
        groups.iter().all(|group| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit() || b == b'.'));
    if !numeric {
        return not_a_number(shown);
    }
    // Thousands: one to three digits that do not begin with 0, groups of three, and a point in the last group at most.
    let thousands = matches!(groups.as_slice(), [first, middle @ .., last]
        if first.len() <= 3 && !first.starts_with('0') && !first.contains('.')
            && middle.iter().all(|group| group.len() == 3 && !group.contains('.'))
            && last.split_once('.').map_or(last.len() == 3, |(whole, part)| whole.len() == 3 && !part.contains('.')));
    let joined = groups.concat();
    let suggestion = match (groups.len(), thousands) {
        (2, _) if !text.contains('.') => {
            let decimal = without_zeros(&text.replace(',', "."));
            if thousands { format!("{} or {}", brief(&joined), brief(&decimal)) } else { brief(&decimal) }
        }
        (_, true) => brief(&joined),
        _ => "plain digits with one point".to_owned(),
    };
    DecimalError::Comma { text: shown, suggestion }
}
