//! Published steroid exposure: what other patients got, as data with its source.

use super::Exact;
use crate::record::{DecimalError, decimal};
use serde::Deserialize;
use thiserror::Error;

/// The list that ships with the program.
const SHIPPED: &str = include_str!("../../assets/published.ron");

/// From this age on a patient is compared with adults first.
const ADULT_YEARS: u32 = 18;

/// Whose figures they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum AgeGroup {
    /// 18 years and over.
    Adults,
    /// Under 18.
    Children,
}

impl AgeGroup {
    /// The group of an age in completed years. Source: clinical reference, section 4.
    ///
    /// ```
    /// use corticurve::exposure::AgeGroup;
    /// assert_eq!((AgeGroup::of(17), AgeGroup::of(18)), (AgeGroup::Children, AgeGroup::Adults));
    /// ```
    pub const fn of(age: u32) -> Self {
        if age < ADULT_YEARS { Self::Children } else { Self::Adults }
    }

    /// `adults` or `children`. Source: clinical reference, section 4.
    ///
    /// ```
    /// assert_eq!(corticurve::exposure::AgeGroup::of(16).word(), "children");
    /// ```
    pub const fn word(self) -> &'static str {
        match self {
            Self::Adults => "adults",
            Self::Children => "children",
        }
    }
}

/// Which figure of a patient is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Yardstick {
    /// Milligrams over the whole treatment: here from Day 0 on.
    Whole,
    /// Milligrams on Days 0 to 30.
    Days0To30,
    /// Milligrams per kilogram of body weight over the whole treatment.
    PerKg,
}

impl Yardstick {
    /// `mg` or `mg/kg`. Source: clinical reference, section 4.
    ///
    /// ```
    /// use corticurve::exposure::Yardstick;
    /// // Clinical reference, section 4: 60 mg on Days 0 to 30; 0.56 mg/kg.
    /// assert_eq!((Yardstick::Days0To30.unit(), Yardstick::PerKg.unit()), ("mg", "mg/kg"));
    /// ```
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Whole | Self::Days0To30 => "mg",
            Self::PerKg => "mg/kg",
        }
    }

    /// The word for scripts. Source: clinical reference, section 4.
    ///
    /// ```
    /// assert_eq!(corticurve::exposure::Yardstick::Days0To30.word(), "mg on days 0 to 30");
    /// ```
    pub const fn word(self) -> &'static str {
        match self {
            Self::Whole => "mg",
            Self::Days0To30 => "mg on days 0 to 30",
            Self::PerKg => "mg/kg",
        }
    }
}

/// One published series of patients. Dexamethasone-equivalent, in the unit of its [`Yardstick`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// Its short name: `strati-2021`.
    pub id: String,
    /// Its version; a series with other numbers is another version.
    pub version: String,
    /// Where it was published.
    pub source: String,
    /// Whether the source itself was seen.
    pub confirmed: bool,
    /// Who the patients were.
    pub who: String,
    /// Their age group.
    pub group: AgeGroup,
    /// How many patients.
    pub patients: u32,
    /// How many of them had steroids, where printed.
    pub with_steroids: Option<u32>,
    /// Which figure.
    pub figure: Yardstick,
    /// The median, where printed.
    pub median: Option<Exact>,
    /// The smallest and the largest, where printed.
    pub range: Option<(Exact, Exact)>,
    /// Days of treatment: median, least and most, where printed.
    pub duration_days: Option<(u32, u32, u32)>,
    /// The most that was called a low dose, where the series was divided so.
    pub low_dose_at_most: Option<Exact>,
    /// What else is to be known of it.
    pub found: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSeries {
    id: String,
    version: String,
    source: String,
    confirmed: bool,
    who: String,
    group: AgeGroup,
    patients: u32,
    #[serde(default)]
    with_steroids: Option<u32>,
    figure: Yardstick,
    #[serde(default)]
    median: Option<String>,
    #[serde(default)]
    range: Option<(String, String)>,
    #[serde(default)]
    duration_days: Option<(u32, u32, u32)>,
    #[serde(default)]
    low_dose_at_most: Option<String>,
    found: String,
}

/// Why the list cannot be used.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum PublishedError {
    /// The file is not what it should be.
    #[error("published exposure: {0}")]
    Form(#[from] ron::error::SpannedError),
    /// A value is not a plain number.
    #[error("published exposure {id}: {error}")]
    Value {
        /// The series.
        id: String,
        /// Why.
        error: DecimalError,
    },
    /// A range that its median is not in.
    #[error("published exposure {0}: the range must go from the smallest to the largest, with the median in it")]
    Range(String),
    /// Nothing to compare with.
    #[error("published exposure {0}: give a median, or low_dose_at_most")]
    Nothing(String),
}

/// Every published series at hand. Source: clinical reference, section 4.
///
/// ```
/// use corticurve::exposure::Published;
/// let list = Published::shipped().unwrap();
/// let strati = list.iter().find(|series| series.id == "strati-2021").unwrap();
/// assert_eq!((strati.median.unwrap().decimal().as_str(), strati.duration_days), ("186", Some((9, 1, 30))));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published(Vec<Series>);

impl Published {
    /// The shipped list. Source: clinical reference, section 4.
    ///
    /// ```
    /// # use corticurve::exposure::{Exact, Published};
    /// let published = Published::shipped().unwrap();
    /// let yang = published.iter().find(|series| series.id == "yang-2024").unwrap();
    /// assert_eq!((yang.patients, yang.median), (194, Some(Exact::new(56, 100))));
    /// ```
    ///
    /// # Errors
    /// Never in a tested build: the file is compiled in and a test reads it.
    pub fn shipped() -> Result<Self, PublishedError> {
        Self::from_ron(SHIPPED)
    }

    /// Reads a list. Source: clinical reference, section 4.
    ///
    /// ```
    /// use corticurve::exposure::Published;
    /// let series = |median| format!("[(id: \"ours\", version: \"1\", confirmed: true, source: \"our unit\", \
    ///     who: \"20 adults\", group: Adults, patients: 20, figure: Whole, median: Some(\"{median}\"), found: \"\")]");
    /// assert!(Published::from_ron(&series("186")).is_ok());
    /// assert!(Published::from_ron(&series("1,5")).unwrap_err().to_string().contains("write 1.5"));
    /// ```
    ///
    /// # Errors
    /// [`PublishedError`] names the series.
    pub fn from_ron(text: &str) -> Result<Self, PublishedError> {
        let raw: Vec<RawSeries> = ron::from_str(text)?;
        raw.into_iter().map(Series::checked).collect::<Result<_, _>>().map(Self)
    }

    /// Every series, in the file's order. Source: clinical reference, section 4.
    ///
    /// ```
    /// # use corticurve::exposure::Published;
    /// let published = Published::shipped().unwrap();
    /// let patients: Vec<_> = published.iter().map(|series| series.patients).collect();
    /// assert_eq!(patients, [100, 292, 194, 120]);
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = &Series> {
        self.0.iter()
    }
}

impl Series {
    /// The patients of the median with the first name of the source, for where there is little room.
    /// Source: clinical reference, section 4.
    ///
    /// ```
    /// # use corticurve::exposure::Published;
    /// let published = Published::shipped().unwrap();
    /// let short: Vec<_> = published.iter().map(|series| series.short()).collect();
    /// assert_eq!(short[0], "60 adults with LBCL (Strati 2021)");
    /// assert_eq!(short[1..3], ["49 adults with B-NHL (ASH 2023)", "194 children with B-ALL (Yang 2024)"]);
    /// ```
    pub fn short(&self) -> String {
        // A series of patients of whom some had steroids has the median of those.
        let whole = self.who.split(',').next().unwrap_or(&self.who);
        let kind = whole.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start();
        let patients = self.with_steroids.unwrap_or(self.patients);
        let digit = |c: char| c.is_ascii_digit();
        let name = self.source.split(|c: char| c == ',' || digit(c)).next().unwrap_or_default().trim();
        let year = self.source.split(|c: char| !digit(c)).find(|part| part.len() == 4).unwrap_or_default();
        format!("{patients} {kind} ({})", format!("{name} {year}").trim())
    }

    fn checked(raw: RawSeries) -> Result<Self, PublishedError> {
        let number = |text: String| match decimal::parse(&text, 6) {
            Ok(value) => Ok(Exact::new(i128::from(value), 1_000_000)),
            Err(error) => Err(PublishedError::Value { id: raw.id.clone(), error }),
        };
        let median = raw.median.map(number).transpose()?;
        let low_dose_at_most = raw.low_dose_at_most.map(number).transpose()?;
        let range = match raw.range {
            Some((least, most)) => Some((number(least)?, number(most)?)),
            None => None,
        };
        if range.is_some_and(|(least, most)| least > most || median.is_some_and(|mid| mid < least || mid > most)) {
            return Err(PublishedError::Range(raw.id));
        }
        if median.is_none() && low_dose_at_most.is_none() {
            return Err(PublishedError::Nothing(raw.id));
        }
        Ok(Self {
            id: raw.id,
            version: raw.version,
            source: raw.source,
            confirmed: raw.confirmed,
            who: raw.who,
            group: raw.group,
            patients: raw.patients,
            with_steroids: raw.with_steroids,
            figure: raw.figure,
            median,
            range,
            duration_days: raw.duration_days,
            low_dose_at_most,
            found: raw.found,
        })
    }
}
