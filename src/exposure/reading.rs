//! How facts are read: the choices that a definition leaves to the unit.

use crate::record::{Purpose, WordError, list_words, visible::brief, vocabulary};
use serde::{Deserialize, Serialize};

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

impl Reading {
    /// The purposes that are switched out, in words. Source: design, section 5: what is out is named.
    ///
    /// ```
    /// use corticurve::exposure::Reading;
    /// use corticurve::record::Purpose;
    /// let reading = Reading { purposes_out: vec![Some(Purpose::Replacement), None], ..Reading::default() };
    /// assert_eq!(reading.purposes_out_words(), ["replacement", "not stated"]);
    /// ```
    pub fn purposes_out_words(&self) -> Vec<&'static str> {
        self.purposes_out.iter().map(|purpose| purpose_word(*purpose)).collect()
    }

    /// The same for the head of an output: `, without replacement`, or nothing. Source: design, section 5.
    ///
    /// ```
    /// use corticurve::exposure::Reading;
    /// use corticurve::record::Purpose;
    /// let reading = Reading { purposes_out: vec![Some(Purpose::Replacement), None], ..Reading::default() };
    /// assert_eq!(reading.out_words(), ", without replacement, not stated");
    /// assert_eq!(Reading::default().out_words(), "");
    /// ```
    pub fn out_words(&self) -> String {
        let out = self.purposes_out_words();
        if out.is_empty() { String::new() } else { format!(", without {}", out.join(", ")) }
    }
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

vocabulary! {
    /// Which weight a figure per kilogram rests on. Source: design, section 5.
    ///
    /// ```
    /// use corticurve::exposure::WeightBy;
    /// assert_eq!((WeightBy::parse("day0"), WeightBy::Day0.word()), (Ok(WeightBy::Day0), "Day 0"));
    /// assert_eq!((WeightBy::find("each-dose"), WeightBy::find("last")), (Some(WeightBy::EachDose), None));
    /// ```
    WeightBy, "the weight of a figure per kilogram":
    /// The last weight dated at or before Day 0, else the first after it; without an infusion the last one.
    Day0 = "Day 0" ["day 0", "day0"],
    /// For each dose the weight in force when it was given, else the first after it.
    EachDose = "each dose" ["each-dose"],
}

impl WeightBy {
    /// The other choice, which stands beside the one in use. Source: design, section 5.
    ///
    /// ```
    /// use corticurve::exposure::WeightBy;
    /// assert_eq!(WeightBy::Day0.other().word(), "each dose");
    /// ```
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Day0 => Self::EachDose,
            Self::EachDose => Self::Day0,
        }
    }
}

vocabulary! {
    /// A formula for body surface from height and weight. Source: clinical reference, section 5.
    ///
    /// ```
    /// use corticurve::exposure::SurfaceFormula;
    /// assert_eq!(SurfaceFormula::find("du bois").unwrap().word(), "Du Bois");
    /// let error = SurfaceFormula::parse("Boyd").unwrap_err().to_string();
    /// assert!(error.contains("Mosteller, Du Bois, Haycock"));
    /// ```
    SurfaceFormula, "a formula for body surface":
    /// √(H·W/3600).
    Mosteller = "Mosteller" ["mosteller"],
    /// 0.007184·H^0.725·W^0.425.
    DuBois = "Du Bois" ["du bois", "dubois"],
    /// 0.024265·H^0.3964·W^0.5378.
    Haycock = "Haycock" ["haycock"],
    /// 0.0235·H^0.42246·W^0.51456.
    GehanGeorge = "Gehan–George" ["gehan–george", "gehan-george", "gehan george"],
}

/// The word for doses that state no purpose.
pub const NO_PURPOSE: &str = "not stated";

/// The word of what a dose was for. Source: design, section 5.
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

/// Reads what a dose was for, `not stated` among the words. Source: design, section 5.
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
/// [`WordError`] lists the words.
pub fn parse_purpose(word: &str) -> Result<Option<Purpose>, WordError> {
    let word = word.trim();
    if word.to_lowercase() == NO_PURPOSE {
        return Ok(None);
    }
    let words: Vec<&str> = Purpose::ALL.iter().map(|purpose| purpose.word()).chain([NO_PURPOSE]).collect();
    Purpose::find(word).map(Some).ok_or_else(|| not_taken(word, "a purpose", &words))
}

fn not_taken(word: &str, what: &'static str, words: &[&str]) -> WordError {
    WordError { word: brief(word), what, accepted: list_words(words, "or") }
}

/// The longest course gap that is taken, in hours.
const GAP_MOST: u32 = 999;

/// Reads a number of hours as a course gap; the message says what can be one. Plain digits only: RON itself would take
/// `1_2` for 12 and `0x30` for 48.
pub(super) fn course_gap(hours: &str) -> Result<u32, WordError> {
    let plain = hours.bytes().all(|byte| byte.is_ascii_digit());
    let read = hours.parse().ok().filter(|hours| plain && (1..=GAP_MOST).contains(hours));
    let accepted = format!("whole hours from 1 to {GAP_MOST}, like 48");
    read.ok_or_else(|| WordError { word: brief(hours), what: "the longest gap in a course", accepted })
}
