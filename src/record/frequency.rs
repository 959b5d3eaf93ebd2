//! The vocabulary of how often a planned dose is due, as data.

use super::Interval;
use super::visible::brief;
use serde::Deserialize;
use thiserror::Error;

/// The vocabulary that ships with the program.
const SHIPPED: &str = include_str!("../../assets/frequencies.ron");

/// One term of the vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Frequency {
    /// The term: of CDISC's terminology where it is listed there, `Q6H`.
    pub term: String,
    /// Its code in the NCI Thesaurus, where the source has one.
    #[serde(default)]
    pub nci: Option<String>,
    /// What it means.
    pub every: Interval,
    /// Everyday spellings.
    #[serde(default)]
    pub words: Vec<String>,
}

/// Why a vocabulary cannot be used, or a word is not in it.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum FrequencyError {
    /// The file is not what it should be.
    #[error("the frequencies cannot be read: {0}")]
    Form(#[from] ron::error::SpannedError),
    /// One word for two things.
    #[error("the frequency '{0}' is there twice; keep one of them")]
    Twice(String),
    /// A period of nothing, or doses more often than daily that are counted in days.
    #[error("the frequency '{0}' has no time between its doses; give whole minutes, or at most one dose a day")]
    NoInterval(String),
    /// Not in the vocabulary.
    #[error("'{word}' is not a frequency; write one of {known}")]
    Unknown {
        /// What was written.
        word: String,
        /// Every term.
        known: String,
    },
}

/// How often planned doses may be due. Words are found in any case and with any spaces between their parts.
///
/// ```
/// use corticurve::record::{Frequencies, Interval};
/// let list = Frequencies::shipped().unwrap();
/// assert_eq!(list.find("bd").unwrap().every, Interval::Minutes(720));
/// assert_eq!(list.find("every 6 hours").unwrap().term, "Q6H");
/// assert!(list.find("sometimes").unwrap_err().to_string().contains("write one of ONCE"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frequencies(Vec<Frequency>);

impl Frequencies {
    /// The shipped vocabulary: every term of the CDISC dosing frequencies that the source lists, and ONCE.
    ///
    /// # Errors
    /// Never in a tested build: the list is compiled in and a test reads it.
    pub fn shipped() -> Result<Self, FrequencyError> {
        Self::from_ron(SHIPPED)
    }

    /// Reads a vocabulary.
    ///
    /// ```
    /// use corticurve::record::{Frequencies, Interval};
    /// let own = Frequencies::from_ron(r#"[(term: "Q90MIN", every: Minutes(90))]"#).unwrap();
    /// let all = Frequencies::shipped().unwrap().and(own).unwrap();
    /// assert_eq!(all.find("q90min").unwrap().every, Interval::Minutes(90));
    /// ```
    ///
    /// # Errors
    /// [`FrequencyError`] names the term.
    pub fn from_ron(text: &str) -> Result<Self, FrequencyError> {
        Self(ron::from_str(text)?).checked()
    }

    /// With the terms of another vocabulary.
    ///
    /// # Errors
    /// [`FrequencyError::Twice`] for a word that both have.
    pub fn and(mut self, other: Self) -> Result<Self, FrequencyError> {
        self.0.extend(other.0);
        self.checked()
    }

    fn checked(self) -> Result<Self, FrequencyError> {
        let mut seen = std::collections::BTreeSet::new();
        for frequency in &self.0 {
            let has_none = match &frequency.every {
                Interval::Minutes(every) => *every == 0,
                Interval::PerDay(doses) => *doses == 0,
                Interval::OverDays { doses, days } => *doses == 0 || doses > days,
                Interval::TimesOfDay(times) => times.is_empty(),
                Interval::Once => false,
            };
            if has_none {
                return Err(FrequencyError::NoInterval(frequency.term.clone()));
            }
            for word in frequency.spellings() {
                if !seen.insert(plain(word)) {
                    return Err(FrequencyError::Twice(word.to_owned()));
                }
            }
        }
        Ok(self)
    }

    /// Every term, in the file's order.
    pub fn iter(&self) -> impl Iterator<Item = &Frequency> {
        self.0.iter()
    }

    /// The term of a word.
    ///
    /// # Errors
    /// [`FrequencyError::Unknown`] lists the terms.
    pub fn find(&self, word: &str) -> Result<&Frequency, FrequencyError> {
        self.named(&plain(word)).ok_or_else(|| FrequencyError::Unknown {
            word: brief(word),
            known: self.0.iter().map(|frequency| frequency.term.as_str()).collect::<Vec<_>>().join(", "),
        })
    }

    /// The term that the first of some words spell, the longest that there is, and how many words it takes.
    ///
    /// ```
    /// let list = corticurve::record::Frequencies::shipped().unwrap();
    /// let (found, words) = list.first_of(&["every", "6", "hours", "x8"]).unwrap();
    /// assert_eq!((found.term.as_str(), words), ("Q6H", 3));
    /// ```
    pub fn first_of(&self, words: &[&str]) -> Option<(&Frequency, usize)> {
        let spelled = |taken: usize| Some((self.named(&plain(&words.get(..taken)?.join(" ")))?, taken));
        (1..=words.len().min(MOST_WORDS)).rev().find_map(spelled)
    }

    fn named(&self, word: &str) -> Option<&Frequency> {
        self.0.iter().find(|frequency| frequency.spellings().any(|spelling| plain(spelling) == word))
    }
}

/// No term has more words.
const MOST_WORDS: usize = 5;

impl Frequency {
    fn spellings(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.term).chain(&self.words).map(String::as_str)
    }
}

/// In small letters, with one space between words.
fn plain(word: &str) -> String {
    word.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}
