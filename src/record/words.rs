//! Small closed vocabularies: how a dose was given, what became of it, what it was for.
//!
//! Each has one word for files of other systems and the command line, and short forms for typing. Nothing here is
//! guessed: an unknown word is an error that lists what is taken.

use super::drug::list_words;
use super::visible::brief;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A number of things: `1 dose`, `2 doses`.
///
/// ```
/// use corticurve::record::counted;
/// assert_eq!([counted(1, "dose"), counted(2, "day")], ["1 dose", "2 days"]);
/// ```
pub fn counted(number: usize, thing: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{ending}")
}

/// Why a word is not in a vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{word}' is not taken for {what}; write {accepted}")]
pub struct WordError {
    /// What was written.
    pub word: String,
    /// Which vocabulary.
    pub what: &'static str,
    /// Its words.
    pub accepted: String,
}

/// Makes a closed vocabulary: an enum with its word, and the other words that are taken for it.
macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident, $what:literal: $($(#[$each:meta])* $variant:ident = $word:literal [$($other:literal),*],)+) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$each])* $variant,)+ }

        impl $name {
            /// Every value, in the order of the forms.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word on screen, on the command line and in imported files.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The value that a word stands for, in any case.
            pub fn find(word: &str) -> Option<Self> {
                match word.to_lowercase().as_str() {
                    $($word $(| $other)* => Some(Self::$variant),)+
                    _ => None,
                }
            }

            /// The same, as an error that lists the words.
            ///
            /// # Errors
            /// [`WordError`] for a word that is not in the vocabulary.
            pub fn parse(word: &str) -> Result<Self, WordError> {
                let words: Vec<&str> = Self::ALL.iter().map(|value| value.word()).collect();
                Self::find(word).ok_or_else(|| WordError {
                    word: brief(word),
                    what: $what,
                    accepted: list_words(&words, "or"),
                })
            }
        }
    };
}

pub(crate) use vocabulary;

vocabulary! {
    /// How a dose was given.
    Route, "a route":
    /// By mouth.
    Oral = "oral" ["po", "mouth"],
    /// By feeding tube.
    Tube = "tube" ["ng", "peg", "nj", "ngt"],
    /// Into a vein.
    Intravenous = "intravenous" ["iv"],
    /// Into a muscle.
    Intramuscular = "intramuscular" ["im"],
    /// Under the skin.
    Subcutaneous = "subcutaneous" ["sc", "sq", "subcut"],
    /// Into the spinal canal: recorded, never in the systemic total.
    Intrathecal = "intrathecal" ["it"],
    /// Into the eye.
    Eye = "eye" ["ophthalmic"],
    /// Into the ear.
    Ear = "ear" ["otic"],
    /// Into the nose.
    Nose = "nose" ["nasal", "intranasal"],
    /// On the skin.
    Skin = "skin" ["topical", "top"],
    /// Breathed in.
    Inhaled = "inhaled" ["inh", "neb"],
    /// Into the rectum.
    Rectal = "rectal" ["pr"],
    /// Into a joint.
    Joint = "joint" ["intraarticular"],
}

impl Route {
    /// Whether a dose by this route reaches the whole body and is counted.
    pub const fn systemic(self) -> bool {
        matches!(self, Self::Oral | Self::Tube | Self::Intravenous | Self::Intramuscular | Self::Subcutaneous)
    }

    /// The abbreviation for tables: `IV`.
    pub const fn short(self) -> &'static str {
        match self {
            Self::Oral => "PO",
            Self::Tube => "tube",
            Self::Intravenous => "IV",
            Self::Intramuscular => "IM",
            Self::Subcutaneous => "SC",
            other => other.word(),
        }
    }
}

vocabulary! {
    /// What became of an administration.
    Status, "a status":
    /// Given whole.
    Given = "given" [],
    /// An infusion still under way: what has gone in by the as-of time counts.
    Running = "running" [],
    /// Partly given: the amount is what went in.
    Stopped = "stopped" ["partly"],
    /// Deliberately left out.
    Held = "held" ["hold"],
    /// Refused by the patient.
    Refused = "refused" [],
    /// Not given and nobody decided so.
    Missed = "missed" [],
    /// Not given, and the source does not say why.
    NotGiven = "not given" ["not-given", "notgiven"],
    /// The chart does not say: it stays beside the total until somebody decides.
    Unknown = "unknown" [],
}

impl Status {
    /// Whether nothing of the dose went in.
    pub const fn not_given(self) -> bool {
        matches!(self, Self::Held | Self::Refused | Self::Missed | Self::NotGiven)
    }
}

vocabulary! {
    /// What a dose was for.
    Purpose, "a purpose":
    /// Cytokine release syndrome.
    Crs = "CRS" ["crs"],
    /// Immune effector cell-associated neurotoxicity syndrome.
    Icans = "ICANS" ["icans"],
    /// Haemophagocytic lymphohistiocytosis-like syndrome.
    IecHs = "IEC-HS" ["iec-hs", "iechs", "hlh"],
    /// Before toxicity, to prevent it.
    Prophylaxis = "prophylaxis" ["proph", "ppx"],
    /// Before a product that may cause a reaction.
    Premedication = "premedication" ["premed"],
    /// Against vomiting.
    Antiemetic = "antiemetic" ["emesis"],
    /// In place of the body's own cortisol.
    Replacement = "replacement" [],
    /// Anything else.
    Other = "other" [],
}

vocabulary! {
    /// How the amount of dexamethasone is expressed.
    Expressed, "how the amount is expressed":
    /// As the label or the source states it.
    AsLabelled = "as labelled" ["labelled"],
    /// As dexamethasone base.
    Base = "base" [],
    /// As dexamethasone phosphate.
    Phosphate = "phosphate" ["phos"],
}

vocabulary! {
    /// A scale of toxicity.
    Scale, "a scale":
    /// Cytokine release syndrome, ASTCT (Lee 2019).
    Crs = "CRS" ["crs"],
    /// Neurotoxicity, ASTCT (Lee 2019).
    Icans = "ICANS" ["icans"],
    /// IEC-HS (Hines 2023).
    IecHs = "IEC-HS" ["iec-hs", "iechs", "hlh"],
}
