//! Who the patient is, who wrote it down, and the ids of patients and entries.

use super::body::as_text;
use super::visible::{self, brief, invisible};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// Why a text cannot stand for a person or an id.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IdentityError {
    /// Not a medical record number.
    #[error("'{0}' is not an MRN; write 1 to 32 letters, digits, '-', '/', '.' or spaces")]
    Mrn(String),
    /// Not initials.
    #[error("'{0}' are not initials; write 1 to 6 letters, like NK")]
    Initials(String),
    /// Not one of the words for sex.
    #[error("'{0}' is not taken for sex; write female, male, other or unknown")]
    Sex(String),
    /// A name with characters that would not show.
    #[error("the name holds a character that does not show, or is longer than 100; write it again by hand")]
    Name,
    /// Not an id that this program makes.
    #[error("'{0}' is not an id of this program")]
    Id(String),
}

/// The hospital's medical record number, trimmed, as it was written.
///
/// ```
/// use corticurve::record::Mrn;
/// assert_eq!(" 40 017 ".parse::<Mrn>().unwrap().to_string(), "40 017");
/// assert!("".parse::<Mrn>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Mrn(String);

impl Mrn {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Mrn {
    /// Whether two numbers are the same but for spaces and capitals: `40 017` and `40017` are one patient.
    ///
    /// ```
    /// use corticurve::record::Mrn;
    /// let mrn = |text: &str| text.parse::<Mrn>().unwrap();
    /// assert!(mrn("40 017").is_same(&mrn("40017")));
    /// assert!(!mrn("40017").is_same(&mrn("40018")));
    /// ```
    pub fn is_same(&self, other: &Self) -> bool {
        self.letters().eq(other.letters())
    }

    /// What is the same for every way to write it.
    ///
    /// ```
    /// # use corticurve::record::Mrn;
    /// let mrn: Mrn = "40 017 A".parse().unwrap();
    /// assert_eq!(mrn.bare(), "40017a");
    /// ```
    pub fn bare(&self) -> String {
        self.letters().collect()
    }

    fn letters(&self) -> impl Iterator<Item = char> + '_ {
        self.0.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase)
    }
}

impl FromStr for Mrn {
    type Err = IdentityError;

    fn from_str(text: &str) -> Result<Self, IdentityError> {
        let trimmed = text.trim();
        let right = |c: char| c.is_alphanumeric() || matches!(c, '-' | '/' | '.' | ' ' | '_');
        if trimmed.is_empty() || trimmed.chars().count() > 32 || !trimmed.chars().all(right) {
            return Err(IdentityError::Mrn(brief(trimmed)));
        }
        Ok(Self(trimmed.to_owned()))
    }
}

/// The initials of who records, in capitals.
///
/// ```
/// use corticurve::record::Initials;
/// assert_eq!("nk".parse::<Initials>().unwrap().to_string(), "NK");
/// assert!("N. K.".parse::<Initials>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "SmolStr", into = "String")]
pub struct Initials(SmolStr);

impl Initials {
    /// Of nobody: for what is only supposed. No text is read as these.
    pub(super) fn nobody() -> Self {
        Self(SmolStr::default())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Initials {
    type Err = IdentityError;

    fn from_str(text: &str) -> Result<Self, IdentityError> {
        // As files have them, by the hundred thousand.
        if (1..=6).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Ok(Self(text.into()));
        }
        // Some letters become two as capitals: what is kept is what must be right, or it could not be read back.
        let capitals = text.trim().to_uppercase();
        if !(1..=6).contains(&capitals.chars().count()) || !capitals.chars().all(char::is_alphabetic) {
            return Err(IdentityError::Initials(brief(text.trim())));
        }
        Ok(Self(capitals.into()))
    }
}

/// A family or given name. Typed names hold no invisible characters; names read from a file show theirs escaped.
///
/// ```
/// use corticurve::record::Name;
/// assert_eq!(Name::parse(" Robin ").unwrap().shown(), "Robin");
/// assert!(Name::parse("Ro\u{202e}bin").is_err());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Name(String);

impl Name {
    /// A typed or imported name, trimmed; may be empty where a source has none.
    ///
    /// # Errors
    /// [`IdentityError::Name`] for control and bidirectional characters and more than 100 characters.
    pub fn parse(text: &str) -> Result<Self, IdentityError> {
        let trimmed = text.trim();
        if trimmed.chars().count() > 100 || trimmed.chars().any(invisible) {
            return Err(IdentityError::Name);
        }
        Ok(Self(trimmed.to_owned()))
    }

    /// A name as a file of records has it, where nobody can be asked to write it again.
    pub const fn from_record(text: String) -> Self {
        Self(text)
    }

    /// As it was written; not for people.
    pub fn as_written(&self) -> &str {
        &self.0
    }

    /// For people: invisible characters, which only a file could have brought, are shown by their number.
    pub fn shown(&self) -> String {
        visible::shown(&self.0)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Sex, as the hospital's record states it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Sex {
    Female,
    Male,
    Other,
    #[default]
    Unknown,
}

impl Sex {
    /// Every value, in the order of the form.
    pub const ALL: [Self; 4] = [Self::Female, Self::Male, Self::Other, Self::Unknown];

    /// The word on screen and command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Female => "female",
            Self::Male => "male",
            Self::Other => "other",
            Self::Unknown => "unknown",
        }
    }
}

impl FromStr for Sex {
    type Err = IdentityError;

    fn from_str(text: &str) -> Result<Self, IdentityError> {
        let lower = text.trim().to_lowercase();
        Self::ALL.into_iter().find(|sex| sex.word() == lower).ok_or_else(|| IdentityError::Sex(brief(text)))
    }
}

/// Who the patient is. Held by the first entry of a chart and, whole again, by every amendment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// Medical record number.
    pub mrn: Mrn,
    /// Family name; empty where the source had none.
    #[serde(default)]
    pub family: Name,
    /// Given name; empty where the source had none.
    #[serde(default)]
    pub given: Name,
    /// Date of birth, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub born: Option<NaiveDate>,
    /// Sex.
    #[serde(default)]
    pub sex: Sex,
    /// The source shifted this patient's dates to hide them, so "now" is the end of the record.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dates_shifted: bool,
}

impl Identity {
    /// `EXAMPLE, Robin`, or the MRN where there is no name.
    ///
    /// ```
    /// use corticurve::record::{Identity, Name, Sex};
    /// let mut robin = Identity {
    ///     mrn: "40 017".parse().unwrap(),
    ///     family: Name::parse("Example").unwrap(),
    ///     given: Name::parse("Robin").unwrap(),
    ///     born: None,
    ///     sex: Sex::Unknown,
    ///     dates_shifted: false,
    /// };
    /// assert_eq!(robin.shown_name(), "EXAMPLE, Robin");
    /// robin.family = Name::default();
    /// robin.given = Name::default();
    /// assert_eq!(robin.shown_name(), "MRN 40 017");
    /// ```
    pub fn shown_name(&self) -> String {
        match (self.family.is_empty(), self.given.is_empty()) {
            (true, true) => format!("MRN {}", self.mrn),
            (true, false) => self.given.shown(),
            (false, true) => self.family.shown().to_uppercase(),
            (false, false) => format!("{}, {}", self.family.shown().to_uppercase(), self.given.shown()),
        }
    }

    /// Age in completed years on a date; `None` before birth or without a date of birth.
    pub fn age_on(&self, date: NaiveDate) -> Option<u32> {
        let born = self.born?;
        let before_birthday = (date.month(), date.day()) < (born.month(), born.day());
        u32::try_from(date.year() - born.year() - i32::from(before_birthday)).ok()
    }
}

/// The letters of ids: digits and lower-case letters without those easily misread.
const ID_LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Writes random bytes as id letters; each byte gives one of 32 letters with equal chance.
pub fn id_letters(random: &[u8]) -> String {
    random.iter().map(|byte| char::from(id_letter(*byte))).collect()
}

fn id_letter(random: u8) -> u8 {
    // There are 32 of them.
    ID_LETTERS.get(usize::from(random % 32)).copied().unwrap_or(b'0')
}

/// Whether a text is as many letters as [`id_letters`] makes.
pub fn is_id(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(is_id_letter)
}

/// Whether it is one of [`ID_LETTERS`].
#[allow(clippy::needless_bitwise_bool, reason = "without branches, all letters of an id are looked at at once")]
const fn is_id_letter(byte: u8) -> bool {
    let is_misread = (byte == b'i') | (byte == b'l') | (byte == b'o') | (byte == b'u');
    byte.is_ascii_digit() | (byte.is_ascii_lowercase() & !is_misread)
}

/// A random id of a patient: `p-` and 12 letters. It is the name of the patient's folder, so it says nothing about them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PatientId(String);

impl PatientId {
    /// From 12 random bytes.
    pub fn from_random(random: [u8; 12]) -> Self {
        Self(format!("p-{}", id_letters(&random)))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PatientId {
    type Err = IdentityError;

    fn from_str(text: &str) -> Result<Self, IdentityError> {
        match text.strip_prefix("p-") {
            Some(rest) if is_id(rest, 12) => Ok(Self(text.to_owned())),
            _ => Err(IdentityError::Id(brief(text))),
        }
    }
}

/// A random id of an entry: 16 letters. Two copies of one entry have the same id and count once. It is kept without a piece
/// of memory of its own, as a ward has hundreds of thousands.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "SmolStr", into = "String")]
pub struct EntryId([u8; 16]);

impl EntryId {
    /// From 16 random bytes.
    pub fn from_random(random: [u8; 16]) -> Self {
        Self(random.map(id_letter))
    }

    /// From the letters of its text; `None` where one of them is none of an id.
    pub fn from_letters(letters: [u8; 16]) -> Option<Self> {
        // A ward has half a million ids to look at: all letters at once, without stopping at a wrong one.
        letters.iter().fold(true, |all, letter| all & is_id_letter(*letter)).then_some(Self(letters))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        // Id letters are always a text.
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Debug for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("EntryId").field(&self.as_str()).finish()
    }
}

impl FromStr for EntryId {
    type Err = IdentityError;

    fn from_str(text: &str) -> Result<Self, IdentityError> {
        let letters = text.as_bytes().try_into().ok();
        letters.and_then(Self::from_letters).ok_or_else(|| IdentityError::Id(brief(text)))
    }
}

/// A newtype of text shows its text.
macro_rules! shows_text {
    ($($name:ty),+) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )+};
}

shows_text!(Mrn, Initials, PatientId, EntryId);
as_text!(Mrn, Initials, PatientId, EntryId);

/// The same from a short text, as files have them by the hundred thousand.
macro_rules! from_short_text {
    ($($name:ty),+) => {$(
        impl TryFrom<SmolStr> for $name {
            type Error = IdentityError;

            fn try_from(text: SmolStr) -> Result<Self, IdentityError> {
                text.parse()
            }
        }
    )+};
}

from_short_text!(Initials, EntryId);
