//! How facts are read: the choices that a definition leaves to the unit.

use crate::record::{Purpose, list_words};
use thiserror::Error;

/// The choices by which figures are made from the same facts. Each is named on every output that rests on it.
///
/// ```
/// use corticurve::exposure::Reading;
/// let reading = Reading::default();
/// // Design, section 5: every purpose is in, and a course ends with a gap of more than 48 hours.
/// assert_eq!((reading.purposes_out.len(), reading.course_gap_hours), (0, 48));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The purposes that are switched out of the total; `None` stands for doses that state no purpose.
    pub purposes_out: Vec<Option<Purpose>>,
    /// The longest gap between two doses of one course, in hours.
    pub course_gap_hours: u32,
    /// Which weight a figure per kilogram rests on.
    pub weight_by: WeightBy,
    /// By which formula body surface is worked out.
    pub surface_by: SurfaceFormula,
}

/// The design's own choices.
pub(super) static AS_DESIGNED: Reading = Reading {
    purposes_out: Vec::new(),
    course_gap_hours: 48,
    weight_by: WeightBy::Day0,
    surface_by: SurfaceFormula::Mosteller,
};

impl Default for Reading {
    fn default() -> Self {
        AS_DESIGNED.clone()
    }
}

/// Which weight a figure per kilogram rests on.
///
/// ```
/// use corticurve::exposure::WeightBy;
/// // Design, section 5.
/// assert_eq!(WeightBy::ALL.iter().map(|by| by.word()).collect::<Vec<_>>(), ["Day 0", "each dose"]);
/// assert_eq!(WeightBy::parse("each dose"), Ok(WeightBy::EachDose));
/// assert!(WeightBy::parse("day 7").unwrap_err().to_string().ends_with("write Day 0 or each dose"));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WeightBy {
    /// The last weight dated at or before Day 0, else the first after it; without an infusion the last one.
    #[default]
    Day0,
    /// For each dose the weight in force when it was given, else the first after it.
    EachDose,
}

/// A formula for body surface from height and weight (clinical reference, section 5).
///
/// ```
/// use corticurve::exposure::SurfaceFormula;
/// assert_eq!(SurfaceFormula::default().word(), "Mosteller");
/// assert_eq!(SurfaceFormula::parse("Gehan-George"), Ok(SurfaceFormula::GehanGeorge));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SurfaceFormula {
    /// √(H·W/3600).
    #[default]
    Mosteller,
    /// 0.007184·H^0.725·W^0.425.
    DuBois,
    /// 0.024265·H^0.3964·W^0.5378.
    Haycock,
    /// 0.0235·H^0.42246·W^0.51456.
    GehanGeorge,
}

/// Words for a choice of the unit, the same in unit.ron, on the command line and in the window.
macro_rules! choices {
    ($name:ident, $what:literal: $($variant:ident = $word:literal [$($other:literal),*],)+) => {
        impl $name {
            /// Every choice, the design's own first.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its word.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The choice that a word stands for, in any case.
            ///
            /// # Errors
            /// [`ChoiceError`] lists the words.
            pub fn parse(word: &str) -> Result<Self, ChoiceError> {
                let lower = word.trim().to_lowercase();
                let named = |choice: &&Self| {
                    let others: &[&str] = match choice { $(Self::$variant => &[$($other),*],)+ };
                    choice.word().to_lowercase() == lower || others.contains(&lower.as_str())
                };
                let found = Self::ALL.iter().find(named).copied();
                let words: Vec<&str> = Self::ALL.iter().map(|choice| choice.word()).collect();
                found.ok_or_else(|| ChoiceError::of(word, $what, &words))
            }
        }
    };
}

choices! {
    WeightBy, "which weight a figure per kilogram rests on":
    Day0 = "Day 0" ["day0"],
    EachDose = "each dose" ["each-dose"],
}

choices! {
    SurfaceFormula, "a formula for body surface":
    Mosteller = "Mosteller" [],
    DuBois = "Du Bois" ["dubois"],
    Haycock = "Haycock" [],
    GehanGeorge = "Gehan–George" ["gehan-george", "gehan george"],
}

/// A word that is none of the choices.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{word}' is not taken for {what}; write {accepted}")]
pub struct ChoiceError {
    word: String,
    what: &'static str,
    accepted: String,
}

impl ChoiceError {
    fn of(word: &str, what: &'static str, words: &[&str]) -> Self {
        Self { word: word.chars().take(40).collect(), what, accepted: list_words(words, "or") }
    }
}

/// The word for doses that state no purpose.
pub const NO_PURPOSE: &str = "not stated";

/// The word of what a dose was for.
///
/// ```
/// use corticurve::exposure::purpose_word;
/// use corticurve::record::Purpose;
/// assert_eq!((purpose_word(Some(Purpose::Icans)), purpose_word(None)), ("ICANS", "not stated"));
/// ```
pub const fn purpose_word(purpose: Option<Purpose>) -> &'static str {
    match purpose {
        Some(purpose) => purpose.word(),
        None => NO_PURPOSE,
    }
}

/// Reads what a dose was for, `not stated` among the words.
///
/// ```
/// use corticurve::exposure::parse_purpose;
/// use corticurve::record::Purpose;
/// assert_eq!(parse_purpose("replacement"), Ok(Some(Purpose::Replacement)));
/// assert_eq!(parse_purpose("not stated"), Ok(None));
/// assert!(parse_purpose("pain").unwrap_err().to_string().contains("CRS, ICANS, IEC-HS"));
/// ```
///
/// # Errors
/// [`ChoiceError`] lists the words.
pub fn parse_purpose(word: &str) -> Result<Option<Purpose>, ChoiceError> {
    let word = word.trim();
    if word.to_lowercase() == NO_PURPOSE {
        return Ok(None);
    }
    let words: Vec<&str> = Purpose::ALL.iter().map(|purpose| purpose.word()).chain([NO_PURPOSE]).collect();
    Purpose::find(word).map(Some).ok_or_else(|| ChoiceError::of(word, "a purpose", &words))
}

/// The longest course gap that is taken, in hours.
const GAP_MOST: u32 = 999;

/// Whether a number of hours can be a course gap; the message says what can.
pub(super) fn course_gap(hours: u32) -> Result<u32, ChoiceError> {
    let accepted = format!("whole hours from 1 to {GAP_MOST}, like 48");
    let wrong = || ChoiceError { word: hours.to_string(), what: "the longest gap in a course", accepted };
    if (1..=GAP_MOST).contains(&hours) { Ok(hours) } else { Err(wrong()) }
}
