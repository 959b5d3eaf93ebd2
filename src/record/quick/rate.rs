//! Amounts as they are typed: whole, per kilogram, by time, or per kilogram and time.

use super::QuickError;
use crate::record::{Administration, Amount, Given, PerKg, Quantity, Weight};

/// What stands after a unit for an amount by time.
const PER_HOUR: [&str; 2] = ["/h", "/hr"];

/// An amount as it was typed. What it comes to is known with the time and the weight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dosing {
    /// As it was written, for messages.
    written: String,
    size: Size,
    /// Whether it is so much an hour.
    by_rate: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Size {
    Mass(Amount),
    PerKg(PerKg),
}

/// A unit without its `/h`, where it has one.
fn without_hour(unit: &str) -> Option<&str> {
    PER_HOUR.iter().find_map(|ending| unit.strip_suffix(ending))
}

/// Whether a unit is of an amount by time: `mg/h`, `mg/kg/h`.
pub fn is_rate(unit: &str) -> bool {
    without_hour(unit).is_some()
}

impl Dosing {
    /// Reads an amount whose number and unit were told apart: `("100", "mg/h")`.
    ///
    /// # Errors
    /// [`QuickError`] names the number or the unit.
    pub fn parse(number: &str, unit: &str) -> Result<Self, QuickError> {
        let hourly = without_hour(unit);
        let unit_of_size = hourly.unwrap_or(unit);
        let size = match unit_of_size.strip_suffix("/kg") {
            Some(mass) => Size::PerKg(format!("{number} {mass}/kg").parse()?),
            None => Size::Mass(Amount::from_parts(number, unit_of_size)?),
        };
        Ok(Self { written: format!("{number} {unit}"), size, by_rate: hourly.is_some() })
    }

    /// Whether it is so much an hour.
    pub const fn is_by_rate(&self) -> bool {
        self.by_rate
    }

    /// What it comes to over the time that it was given, and the dose per kilogram that it was ordered as, if so.
    ///
    /// An amount by time is multiplied exactly, in whole micrograms. An amount per kilogram is rounded to the microgram by
    /// [`PerKg::times`], as everywhere.
    ///
    /// # Errors
    /// [`QuickError`] where the time or the weight is missing, or the product is no whole number of micrograms.
    pub fn over(&self, given: Given, weight: Option<Weight>) -> Result<(Amount, Option<PerKg>), QuickError> {
        let too_large = || QuickError::TooLarge(self.written.clone());
        match self.size {
            Size::Mass(amount) => {
                let whole = self.in_time(amount.micrograms(), given)?;
                Ok((Amount::from_micrograms(whole).checked().ok_or_else(too_large)?, None))
            }
            Size::PerKg(per_kg) => {
                let ordered = PerKg::from_micrograms(self.in_time(per_kg.micrograms(), given)?);
                let weight = weight.ok_or_else(|| QuickError::NoWeight(self.written.clone()))?;
                Ok((ordered.times(weight).ok_or_else(too_large)?, Some(ordered)))
            }
        }
    }

    /// Micrograms times hours, where it is a rate.
    fn in_time(&self, micrograms: u64, given: Given) -> Result<u64, QuickError> {
        if !self.by_rate {
            return Ok(micrograms);
        }
        let seconds = seconds(given).ok_or_else(|| QuickError::RateWithoutTime(self.written.clone()))?;
        let product = u128::from(micrograms) * u128::from(seconds);
        if !product.is_multiple_of(3600) {
            return Err(QuickError::RateNotWhole { rate: self.written.clone(), span: span_words(seconds) });
        }
        u64::try_from(product / 3600).map_err(|_| QuickError::TooLarge(self.written.clone()))
    }
}

/// How long an infusion takes, in seconds; nothing for a point dose, or one that a damaged chart turned around.
fn seconds(given: Given) -> Option<u64> {
    match given {
        Given::At(_) => None,
        Given::Over(start, end) => u64::try_from(end.timestamp() - start.timestamp()).ok().filter(|span| *span > 0),
    }
}

/// `4 h`, `30 min`, `1 h 30 min`.
fn span_words(seconds: u64) -> String {
    match (seconds / 3600, seconds / 60 % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// How an infusion's rate makes its amount: `100 mg/h for 4 h = 400 mg`, or `0.05 mg/kg/h for 4 h = 0.2 mg/kg`. Nothing for
/// a point dose, and where the rate is no whole number of micrograms an hour.
///
/// ```
/// use corticurve::record::{Administration, DrugId, Given, quick, time};
/// let at = |text| time::parse_moment(text, &chrono::FixedOffset::east_opt(0).unwrap()).unwrap();
/// let given = Given::Over(at("2026-11-22 14:00"), at("2026-11-22 18:00"));
/// let dose = Administration::given(DrugId::new("anakinra"), "400 mg".parse().unwrap(), given);
/// assert_eq!(quick::rate_words(&dose).unwrap(), "100 mg/h for 4 h = 400 mg");
/// ```
pub fn rate_words(dose: &Administration) -> Option<String> {
    let seconds = seconds(dose.given)?;
    let hourly = |micrograms: u64| {
        let product = u128::from(micrograms) * 3600;
        let whole = product.is_multiple_of(u128::from(seconds)).then(|| product / u128::from(seconds));
        whole.and_then(|whole| u64::try_from(whole).ok())
    };
    let span = span_words(seconds);
    if let Some(ordered) = dose.ordered {
        let rate = PerKg::from_micrograms(hourly(ordered.micrograms())?);
        return Some(format!("{rate}/h for {span} = {ordered}"));
    }
    let amount = dose.amount.as_ref().and_then(Quantity::mass)?;
    let rate = Amount::from_micrograms(hourly(amount.micrograms())?);
    Some(format!("{}/h for {span} = {}", rate.shown(), amount.shown()))
}
