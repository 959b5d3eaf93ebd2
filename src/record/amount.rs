//! Amounts of drug: exact, never binary floating point.

use super::decimal::{self, DecimalError};
use super::visible::brief;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// A mass of drug, kept as whole micrograms.
///
/// Everything a ward gives is a whole number of micrograms, so sums of amounts never round. On disk it is a string like
/// `"4.5 mg"`, because RON's own numbers accept `NaN`, `1e999` and `1_0.5`.
///
/// ```
/// use corticurve::record::Amount;
/// let dose: Amount = "4.5 mg".parse().unwrap();
/// assert_eq!(dose.micrograms(), 4500);
/// assert_eq!(dose.to_string(), "4.5 mg");
/// assert_eq!("1 g".parse::<Amount>().unwrap().shown(), "1,000 mg");
/// ```
///
/// **Limitations**: finer than 1 microgram is refused; 10 kg or more is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Amount(u64);

/// The units of mass that are taken, with their size in micrograms as a power of ten.
const MASS_UNITS: [(&str, u32); 5] = [("mg", 3), ("mcg", 0), ("g", 6), ("microgram", 0), ("micrograms", 0)];

/// Ten kilograms: the first amount that is more than any dose.
const TOO_MUCH: u64 = 10_000_000_000;

/// Why a text is not an [`Amount`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AmountError {
    /// The number is not a plain decimal.
    #[error(transparent)]
    Number(#[from] DecimalError),
    /// No unit.
    #[error("'{0}' has no unit; write mg, g or mcg after the number")]
    NoUnit(String),
    /// A unit that is not a mass, or not written as expected.
    #[error("'{0}' is not a unit of mass that is taken here; write mg, g or mcg")]
    Unit(String),
    /// Not a dose per kilogram.
    #[error("'{0}' is not a dose per kilogram; write it like 0.2 mg/kg")]
    NotPerKg(String),
}

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// From whole micrograms.
    pub const fn from_micrograms(micrograms: u64) -> Self {
        Self(micrograms)
    }

    /// Whole micrograms.
    pub const fn micrograms(self) -> u64 {
        self.0
    }

    /// Reads a number and its unit that were already told apart: `("4.5", "mg")`.
    ///
    /// # Errors
    /// [`AmountError`] when the number is not plain or the unit is no mass.
    pub fn from_parts(number: &str, unit: &str) -> Result<Self, AmountError> {
        let known = MASS_UNITS.iter().find(|(name, _)| *name == unit);
        let (_, places) = known.ok_or_else(|| AmountError::Unit(brief(unit)))?;
        let amount = Self(decimal::parse(number, *places)?);
        amount.checked().ok_or_else(|| DecimalError::TooLarge { text: brief(number) }.into())
    }

    /// The same, where it is less than the 10 kg that cannot be written down.
    pub(super) fn checked(self) -> Option<Self> {
        (self.0 < TOO_MUCH).then_some(self)
    }

    /// For people: thousands with a comma from 1,000.
    pub fn shown(self) -> String {
        format!("{} mg", decimal::grouped(&self.milligrams()))
    }

    /// The bare number of milligrams, as an exact decimal.
    pub fn milligrams(self) -> String {
        decimal::plain(self.0, 3)
    }
}

/// `"4.5 mg"` or `"4.5mg"` into its number and its unit.
pub(crate) fn split_unit(text: &str) -> (&str, &str) {
    let text = text.trim();
    // Units start with a letter. What is before it is the number, also `5 0` or `1e3`, which the decimal reader then
    // refuses by name.
    let exponent = |at: usize| {
        text.get(at..).is_some_and(|rest| {
            let mut rest = rest.chars();
            matches!(rest.next(), Some('e' | 'E'))
                && rest.next().is_some_and(|c| c.is_ascii_digit() || c == '-' || c == '+')
        })
    };
    let end = text
        .char_indices()
        .find(|(at, c)| (c.is_alphabetic() || *c == '%') && !exponent(*at))
        .map_or(text.len(), |(at, _)| at);
    let (number, unit) = text.split_at(end);
    (number.trim_end(), unit)
}

impl FromStr for Amount {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, AmountError> {
        let (number, unit) = split_unit(text);
        if number.is_empty() && !unit.is_empty() {
            return Err(DecimalError::NotANumber { text: brief(text) }.into());
        }
        if unit.is_empty() {
            decimal::parse(number, 3)?;
            return Err(AmountError::NoUnit(number.to_owned()));
        }
        Self::from_parts(number, unit)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} mg", self.milligrams())
    }
}

/// What was charted: a mass, or something that cannot be added up such as drops or an application of cream.
///
/// A quantity that is not a mass is kept as it was written and leaves the total undecided.
///
/// ```
/// use corticurve::record::Quantity;
/// assert!(matches!("10 mg".parse(), Ok(Quantity::Mass(_))));
/// assert_eq!(Quantity::from_chart("1", "DROP").unwrap().to_string(), "1 DROP");
/// assert!(Quantity::from_chart("ten", "mg").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub enum Quantity {
    /// A mass.
    Mass(Amount),
    /// A number of something else. It is rare, and would make every dose larger.
    Other(Box<Counted>),
}

/// A number of drops, applications or whatever else is no mass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// The number, as the source wrote it.
    pub number: String,
    /// The unit, as the source wrote it.
    pub unit: String,
}

/// A quantity as a file has it.
#[derive(Serialize, Deserialize)]
#[serde(rename = "Quantity", deny_unknown_fields)]
enum Written {
    Mass(Amount),
    Other {
        // Each on a line of its own, as the test of the format reads them.
        number: String,
        unit: String,
    },
}

impl From<Quantity> for Written {
    fn from(quantity: Quantity) -> Self {
        match quantity {
            Quantity::Mass(amount) => Self::Mass(amount),
            Quantity::Other(other) => Self::Other { number: other.number, unit: other.unit },
        }
    }
}

impl From<Written> for Quantity {
    fn from(written: Written) -> Self {
        match written {
            Written::Mass(amount) => Self::Mass(amount),
            Written::Other { number, unit } => Self::other(number, unit),
        }
    }
}

impl Quantity {
    /// What is no mass.
    pub fn other(number: String, unit: String) -> Self {
        Self::Other(Box::new(Counted { number, unit }))
    }

    /// The mass, where it is one.
    pub const fn mass(&self) -> Option<Amount> {
        match self {
            Self::Mass(amount) => Some(*amount),
            Self::Other(_) => None,
        }
    }

    /// Reads a number and a unit from another system's chart, where a unit may be no mass.
    ///
    /// # Errors
    /// [`AmountError`] when the number is not a plain decimal or the unit is missing.
    pub fn from_chart(number: &str, unit: &str) -> Result<Self, AmountError> {
        let lower = unit.to_lowercase();
        match Amount::from_parts(number, &lower) {
            Ok(amount) => Ok(Self::Mass(amount)),
            Err(AmountError::Unit(_)) if unit.is_empty() => {
                decimal::parse(number, 6)?;
                Err(AmountError::NoUnit(number.to_owned()))
            }
            Err(AmountError::Unit(_)) => {
                decimal::parse(number, 6)?;
                Ok(Self::other(number.to_owned(), unit.to_owned()))
            }
            Err(error) => Err(error),
        }
    }

    /// For people.
    pub fn shown(&self) -> String {
        match self {
            Self::Mass(amount) => amount.shown(),
            Self::Other(other) => format!("{} {}", other.number, other.unit),
        }
    }
}

impl FromStr for Quantity {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, AmountError> {
        let (number, unit) = split_unit(text);
        Self::from_chart(number, unit)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mass(amount) => amount.fmt(f),
            Self::Other(other) => write!(f, "{} {}", other.number, other.unit),
        }
    }
}
