//! Weight, height, and doses ordered per kilogram.

use super::amount::split_unit;
use super::decimal::{self, DecimalError};
use super::visible::brief;
use super::{Amount, AmountError};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// Why a text is not a weight or a height.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BodyError {
    /// The number is not a plain decimal.
    #[error(transparent)]
    Number(#[from] DecimalError),
    /// The unit is missing or another one.
    #[error("'{text}': write it in {unit}, like \"{example}\"")]
    Unit {
        /// What was written.
        text: String,
        /// The one unit taken.
        unit: &'static str,
        /// A right one.
        example: &'static str,
    },
    /// Zero, or beyond any person.
    #[error("'{text}' is not a person's {what}; it must be between {least} and {most}")]
    Implausible {
        /// What was written.
        text: String,
        /// Weight or height.
        what: &'static str,
        /// The smallest taken.
        least: &'static str,
        /// The largest taken.
        most: &'static str,
    },
}

fn parse_body(text: &str, unit: &'static str, example: &'static str, places: u32) -> Result<u64, BodyError> {
    let (number, written) = split_unit(text);
    if written != unit {
        return Err(BodyError::Unit { text: brief(text), unit, example });
    }
    Ok(decimal::parse(number, places)?)
}

/// A body weight in whole grams, between 0.5 kg and 400 kg.
///
/// ```
/// use corticurve::record::Weight;
/// assert_eq!("52.3 kg".parse::<Weight>().unwrap().grams(), 52_300);
/// assert!("52,3 kg".parse::<Weight>().unwrap_err().to_string().contains("52.3"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Weight(u64);

impl Weight {
    /// Whole grams; never zero.
    pub const fn grams(self) -> u64 {
        self.0
    }
}

impl FromStr for Weight {
    type Err = BodyError;

    fn from_str(text: &str) -> Result<Self, BodyError> {
        let grams = parse_body(text, "kg", "52.3 kg", 3)?;
        if !(500..=400_000).contains(&grams) {
            let text = brief(text);
            return Err(BodyError::Implausible { text, what: "weight", least: "0.5 kg", most: "400 kg" });
        }
        Ok(Self(grams))
    }
}

impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} kg", decimal::plain(self.0, 3))
    }
}

/// A body height in whole millimetres, between 20 cm and 260 cm.
///
/// ```
/// use corticurve::record::Height;
/// assert_eq!("160 cm".parse::<Height>().unwrap().millimetres(), 1_600);
/// assert!("1.6 m".parse::<Height>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Height(u64);

impl Height {
    /// Whole millimetres; never zero.
    pub const fn millimetres(self) -> u64 {
        self.0
    }
}

impl FromStr for Height {
    type Err = BodyError;

    fn from_str(text: &str) -> Result<Self, BodyError> {
        let millimetres = parse_body(text, "cm", "160 cm", 1)?;
        if !(200..=2_600).contains(&millimetres) {
            let text = brief(text);
            return Err(BodyError::Implausible { text, what: "height", least: "20 cm", most: "260 cm" });
        }
        Ok(Self(millimetres))
    }
}

impl fmt::Display for Height {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cm", decimal::plain(self.0, 1))
    }
}

/// A dose per kilogram of body weight, as it was ordered, in whole micrograms per kilogram.
///
/// ```
/// use corticurve::record::{PerKg, Weight};
/// let ordered: PerKg = "0.2 mg/kg".parse().unwrap();
/// let weight: Weight = "52.3 kg".parse().unwrap();
/// assert_eq!(ordered.times(weight).unwrap().to_string(), "10.46 mg");
/// ```
///
/// **Limitations**: the product is rounded half-even to a whole microgram, the finest amount that is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PerKg(u64);

impl PerKg {
    /// From whole micrograms per kilogram.
    pub const fn from_micrograms(micrograms: u64) -> Self {
        Self(micrograms)
    }

    /// Whole micrograms per kilogram.
    pub const fn micrograms(self) -> u64 {
        self.0
    }

    /// The amount for a patient of this weight; `None` when it is beyond what an [`Amount`] holds.
    pub fn times(self, weight: Weight) -> Option<Amount> {
        let thousandths = self.0.checked_mul(weight.grams())?;
        let (whole, rest) = (thousandths / 1000, thousandths % 1000);
        let up = rest > 500 || (rest == 500 && whole % 2 == 1);
        Amount::from_micrograms(whole + u64::from(up)).checked()
    }
}

impl FromStr for PerKg {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, AmountError> {
        let (number, unit) = split_unit(text);
        let mass = unit.strip_suffix("/kg").ok_or_else(|| AmountError::NotPerKg(brief(text)))?;
        Ok(Self(Amount::from_parts(number, mass)?.micrograms()))
    }
}

impl fmt::Display for PerKg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} mg/kg", decimal::plain(self.0, 3))
    }
}

/// A type that is a checked string on disk reads and writes itself through its parser.
macro_rules! as_text {
    ($($name:ty),+) => {$(
        impl TryFrom<String> for $name {
            type Error = <$name as FromStr>::Err;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.to_string()
            }
        }
    )+};
}
pub(crate) use as_text;

as_text!(Weight, Height, PerKg, Amount);
