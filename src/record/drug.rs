//! The drugs that are recorded, as data, and how they are found from what a person types or another system prints.

use super::visible::brief;
use super::{Amount, Expressed};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use std::fmt;
use std::ops::Range;
use thiserror::Error;

/// The list that ships with the program.
const SHIPPED: &str = include_str!("../../assets/drugs.ron");

/// The id of a drug: its international name in small letters. An entry may hold an id that this version does not know;
/// it is then kept and shown, and never counted. Every name of the list is short enough to be kept without a piece of
/// memory of its own, so that a million doses are quick to add up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DrugId(SmolStr);

impl DrugId {
    /// From a drug's international name in small letters.
    pub fn new(name: &str) -> Self {
        Self(SmolStr::new(name))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for DrugId {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl fmt::Display for DrugId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a drug is to the exposure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Class {
    /// Counted by its dexamethasone-equivalent.
    Glucocorticoid,
    /// Known and never counted.
    Mineralocorticoid,
    /// Anakinra, with figures of its own.
    Anakinra,
}

/// One drug of the list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drug {
    /// The id.
    pub id: DrugId,
    /// How it is shown: lower case, with tall-man letters where the list of look-alike names has them.
    pub shown: String,
    /// What it is to the exposure.
    pub class: Class,
    /// Other names, in small letters: trade names and salts.
    pub synonyms: Vec<String>,
    /// WHO ATC code.
    pub atc: String,
    /// RxNorm ingredient, where confirmed.
    #[serde(default)]
    pub rxnorm: Option<String>,
    /// The strengths of its injections whose labels state base or phosphate.
    #[serde(default)]
    pub vials: Vec<Vial>,
}

/// A strength of injection with what its label states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vial {
    /// How much is in a millilitre.
    pub per_ml: Amount,
    /// Of which form of the drug.
    pub labelled: Expressed,
}

/// Why a word does not name one drug.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DrugError {
    /// Nothing in the list starts so.
    #[error("'{word}' is not a drug recorded here; write one of {known}")]
    Unknown {
        /// What was written.
        word: String,
        /// All names.
        known: String,
    },
    /// Several drugs start so.
    #[error("'{word}' could be {choices}; write more of the name")]
    Ambiguous {
        /// What was written.
        word: String,
        /// The drugs it could be.
        choices: String,
    },
}

/// The list of drugs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formulary {
    drugs: Vec<Drug>,
}

impl Formulary {
    /// The shipped list.
    ///
    /// # Errors
    /// Never in a tested build: the list is compiled in and a test reads it.
    pub fn shipped() -> Result<Self, ron::error::SpannedError> {
        Ok(Self { drugs: ron::from_str(SHIPPED)? })
    }

    /// Every drug, in the list's order.
    pub fn drugs(&self) -> &[Drug] {
        &self.drugs
    }

    /// The drug with this id.
    pub fn get(&self, id: &DrugId) -> Option<&Drug> {
        self.drugs.iter().find(|drug| drug.id == *id)
    }

    /// The place of a drug in the list, by which it keeps its letter and colour whatever else a patient gets; the length
    /// of the list for one that is not in it.
    pub fn place(&self, id: &DrugId) -> usize {
        self.drugs.iter().position(|drug| drug.id == *id).unwrap_or(self.drugs.len())
    }

    /// The name to show for an id, also one that is not in the list.
    pub fn shown<'a>(&'a self, id: &'a DrugId) -> &'a str {
        self.get(id).map_or(id.as_str(), |drug| &drug.shown)
    }

    /// What an id is to the exposure; `None` where the list does not have it.
    pub fn class(&self, id: &DrugId) -> Option<Class> {
        self.get(id).map(|drug| drug.class)
    }

    /// Finds the drug that a typed word names: by name, synonym, or any beginning that only one drug has.
    ///
    /// ```
    /// use corticurve::record::Formulary;
    /// let list = Formulary::shipped().unwrap();
    /// assert_eq!(list.find("dex").unwrap().id.as_str(), "dexamethasone");
    /// assert!(list.find("pred").unwrap_err().to_string().contains("predniSONE or prednisoLONE"));
    /// ```
    ///
    /// # Errors
    /// [`DrugError`]; an ambiguous word names its candidates.
    pub fn find(&self, word: &str) -> Result<&Drug, DrugError> {
        let lower = word.to_lowercase();
        let named = |drug: &&Drug| drug.id.0 == lower || drug.synonyms.contains(&lower);
        if let Some(drug) = self.drugs.iter().find(named) {
            return Ok(drug);
        }
        let begins =
            |drug: &&Drug| drug.id.0.starts_with(&lower) || drug.synonyms.iter().any(|name| name.starts_with(&lower));
        let found: Vec<&Drug> = if lower.is_empty() { Vec::new() } else { self.drugs.iter().filter(begins).collect() };
        match found.as_slice() {
            [drug] => Ok(drug),
            [] => Err(DrugError::Unknown { word: brief(word), known: names(&self.all()) }),
            several => Err(DrugError::Ambiguous { word: word.to_owned(), choices: names(several) }),
        }
    }

    /// Finds the one drug whose name or synonym stands as whole words in another system's text, like
    /// `PrednisoLONE Acetate 1% Ophth. Susp.`; `None` where there is none or more than one.
    ///
    /// ```
    /// use corticurve::record::Formulary;
    /// let list = Formulary::shipped().unwrap();
    /// assert_eq!(list.named_in("MethylPREDNISolone Sodium Succ").unwrap().id.as_str(), "methylprednisolone");
    /// assert!(list.named_in("Ondansetron").is_none());
    /// ```
    pub fn named_in(&self, text: &str) -> Option<&Drug> {
        let lower = text.to_lowercase();
        let words: Vec<&str> = split_words(&lower).collect();
        // Where each name stands, so that `Decortin H` is not also read as the `Decortin` inside it.
        let mut places: Vec<(Range<usize>, &Drug)> = Vec::new();
        for drug in &self.drugs {
            for name in std::iter::once(drug.id.as_str()).chain(drug.synonyms.iter().map(String::as_str)) {
                let wanted: Vec<&str> = split_words(name).collect();
                let at =
                    words.windows(wanted.len().max(1)).enumerate().filter(|(_, window)| *window == wanted.as_slice());
                places.extend(at.map(|(start, window)| (start..start + window.len(), drug)));
            }
        }
        let inside = |a: &Range<usize>, b: &Range<usize>| a != b && b.start <= a.start && a.end <= b.end;
        let whole = places.iter().filter(|(place, _)| !places.iter().any(|(other, _)| inside(place, other)));
        let mut found = whole.map(|(_, drug)| *drug);
        let first = found.next()?;
        found.all(|drug| drug.id == first.id).then_some(first)
    }

    fn all(&self) -> Vec<&Drug> {
        self.drugs.iter().collect()
    }
}

fn split_words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

fn names(drugs: &[&Drug]) -> String {
    let shown: Vec<&str> = drugs.iter().map(|drug| drug.shown.as_str()).collect();
    list_words(&shown, "or")
}

/// `a, b or c`.
pub(crate) fn list_words(words: &[&str], last: &str) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., end] => format!("{} {last} {end}", most.join(", ")),
    }
}
