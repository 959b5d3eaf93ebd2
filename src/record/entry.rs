//! Entries: the immutable lines of which every chart is made.

use super::{
    Administration, EntryId, Formulary, Height, Identity, Initials, Moment, Plan, Quantity, Scale, Stage, Weight,
};
use chrono::Datelike;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use thiserror::Error;

/// One thing that somebody wrote down. Never changed and never deleted; a correction is another entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The id, the same in every copy.
    pub id: EntryId,
    /// When it was written down here.
    pub recorded_at: Moment,
    /// By whom.
    pub recorded_by: Initials,
    /// On which workstation.
    pub workstation: SmolStr,
    /// What happened.
    pub fact: Fact,
}

/// What an entry says. Patients' facts only; what they mean is worked out when reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fact {
    /// A patient was registered: the first entry of a chart.
    PatientRegistered(Identity),
    /// Who the patient is, whole again.
    PatientAmended(Identity),
    /// A weight or a height.
    Measured(Measurement),
    /// CAR T-cells were infused: this is Day 0.
    Infused(Infusion),
    /// A dose was given, held, refused, or left open.
    Administered(Administration),
    /// A grade of toxicity.
    Graded(Graded),
    /// Another event worth a mark.
    Noted(Noted),
    /// A staged plan; never counted as given.
    Planned(Plan),
    /// Another entry was wrong, and this is what it should have said.
    Corrected(Correction),
    /// Another entry should not be there.
    StruckOut(StrikeOut),
    /// The medication chart was checked up to a time.
    ChartChecked(ChartCheck),
    /// Everything up to an entry was reviewed and signed.
    Reviewed(Review),
    /// A rule's question was answered.
    Acknowledged(Acknowledgement),
    /// Off the ward list.
    Archived(Archive),
}

/// A weight or a height, at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measurement {
    /// What was measured.
    pub what: Measure,
    /// When.
    pub at: Moment,
}

/// The measurements that exposure uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Measure {
    /// Body weight.
    Weight(Weight),
    /// Body height.
    Height(Height),
}

/// An infusion of CAR T-cells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Infusion {
    /// The product's name.
    pub product: String,
    /// When it was infused.
    pub at: Moment,
}

/// A grade on a scale, 0 to 5, that holds until the next one on that scale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Graded {
    /// The scale.
    pub scale: Scale,
    /// The grade.
    pub grade: Grade,
    /// From when.
    pub at: Moment,
    /// The ICE or CAPD score that it rests on, if one was used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Score>,
}

/// A grade from 0 (none) to 5 (death).
///
/// ```
/// use corticurve::record::Grade;
/// assert_eq!(Grade::new(3).unwrap().number(), 3);
/// assert!(Grade::new(6).is_none());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Grade(u8);

impl Grade {
    /// From a number; `None` above 5.
    pub const fn new(number: u8) -> Option<Self> {
        if number <= 5 { Some(Self(number)) } else { None }
    }

    /// The number.
    pub const fn number(self) -> u8 {
        self.0
    }
}

/// A grade that no scale has.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0} is not a grade; write 0 to 5")]
pub struct GradeError(u8);

impl TryFrom<u8> for Grade {
    type Error = GradeError;

    fn try_from(number: u8) -> Result<Self, GradeError> {
        Self::new(number).ok_or(GradeError(number))
    }
}

impl From<Grade> for u8 {
    fn from(grade: Grade) -> Self {
        grade.0
    }
}

/// The bedside score that a grade of neurotoxicity rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Score {
    /// Immune effector cell encephalopathy score, 0–10 (age 12 and over).
    Ice(u8),
    /// Cornell assessment of paediatric delirium, 0–32 (under 12).
    Capd(u8),
}

/// Another event worth a mark on the chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Noted {
    /// What happened.
    pub event: Event,
    /// When.
    pub at: Moment,
}

/// The events that have a mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Event {
    /// Tocilizumab or another agent that is not counted.
    Agent {
        /// Its name.
        name: String,
        /// How much, if known.
        amount: Option<Quantity>,
    },
    /// Into intensive care.
    IntensiveCareIn,
    /// Out of intensive care.
    IntensiveCareOut,
    /// A response: measurable residual disease, remission.
    Response(String),
    /// Anything else.
    Text(String),
}

impl Event {
    /// In words, for the mark's label.
    pub fn shown(&self) -> String {
        match self {
            Self::Agent { name, amount: Some(amount) } => format!("{name} {}", amount.shown()),
            Self::Agent { name, amount: None } => name.clone(),
            Self::IntensiveCareIn => "into intensive care".to_owned(),
            Self::IntensiveCareOut => "out of intensive care".to_owned(),
            Self::Response(text) | Self::Text(text) => text.clone(),
        }
    }
}

/// A correction: the target should have said this.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// The entry that was wrong.
    pub target: EntryId,
    /// What it should have said; of the same kind.
    pub replacement: Box<Fact>,
    /// Why.
    pub reason: String,
    /// The changes of the same entry that the author had seen; two changes unseen by each other are an open question.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen: Vec<EntryId>,
}

/// A strike-out: the target should not be there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StrikeOut {
    /// The entry that was wrong.
    pub target: EntryId,
    /// Why.
    pub reason: String,
    /// The changes of the same entry that the author had seen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen: Vec<EntryId>,
}

/// The medication chart was checked: every dose given up to this time is recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChartCheck {
    /// Up to when.
    pub up_to: Moment,
}

/// A signed review of the whole record, by whom and when its entry says. What was seen is in it, and not what it came to: the
/// totals of then follow from these entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// The last entry that was reviewed.
    pub up_to: EntryId,
    /// The entries that this review is the first of its author's to have seen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen: Vec<EntryId>,
}

/// The answer to a rule's question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acknowledgement {
    /// The rule.
    pub rule: String,
    /// Why it is answered.
    pub reason: String,
    /// Until when the answer holds, if it does not hold for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
}

/// The patient left the ward list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Archive {
    /// Why.
    pub reason: String,
}

impl Entry {
    /// Whether every time in it is one that a ward could have written, from the year 1900 to 9000. A file may hold the ends
    /// of the calendar, beyond which no other offset can be shown.
    pub fn is_in_the_calendar(&self) -> bool {
        let near = |at: &Moment| (1900..=9000).contains(&at.year());
        near(&self.recorded_at) && self.fact.times().iter().all(near)
    }
}

impl Fact {
    /// Every time in it, also of what replaces another fact. The time of day of a date does not matter.
    fn times(&self) -> Vec<Moment> {
        match self {
            Self::PatientRegistered(_)
            | Self::PatientAmended(_)
            | Self::StruckOut(_)
            | Self::Reviewed(_)
            | Self::Archived(_) => Vec::new(),
            Self::Measured(measurement) => vec![measurement.at],
            Self::Infused(infusion) => vec![infusion.at],
            Self::Administered(dose) => {
                [dose.given.start(), dose.given.end()].into_iter().chain(dose.charted_at).collect()
            }
            Self::Graded(graded) => vec![graded.at],
            Self::Noted(noted) => vec![noted.at],
            Self::Planned(plan) => plan.stages.iter().flat_map(Stage::bounds).collect(),
            Self::Corrected(correction) => correction.replacement.times(),
            Self::ChartChecked(check) => vec![check.up_to],
            Self::Acknowledged(answer) => answer.until.into_iter().collect(),
        }
    }

    /// The entries that it is about.
    pub fn about(&self) -> Vec<EntryId> {
        match self {
            Self::Corrected(Correction { target, seen, .. }) | Self::StruckOut(StrikeOut { target, seen, .. }) => {
                std::iter::once(target).chain(seen).cloned().collect()
            }
            Self::Reviewed(review) => review.names().cloned().collect(),
            // A rule that is about entries names them by their ids.
            Self::Acknowledged(answer) => answer.rule.split(' ').filter_map(|word| word.parse().ok()).collect(),
            _ => Vec::new(),
        }
    }

    /// The same as [`Fact::shown`], with the shown names of drugs, and of a correction what it says.
    pub fn named(&self, formulary: &Formulary) -> String {
        match self {
            Self::Administered(dose) => {
                let (drug, given) = (formulary.shown(&dose.drug), super::time::shown(dose.given.start()));
                format!("{drug} {}, {given}", dose.amount_shown())
            }
            Self::Corrected(change) => format!("correction to {}", change.replacement.named(formulary)),
            Self::Planned(plan) => format!("plan of {}", plan.named(formulary)),
            other => other.shown(),
        }
    }

    /// In words, for messages and the list of entries; never who the patient is.
    pub fn shown(&self) -> String {
        let near = super::time::shown;
        match self {
            Self::PatientRegistered(_) => "patient registered".to_owned(),
            Self::PatientAmended(_) => "patient amended".to_owned(),
            Self::Measured(measurement) => match measurement.what {
                Measure::Weight(weight) => format!("weight {weight}, {}", near(measurement.at)),
                Measure::Height(height) => format!("height {height}, {}", near(measurement.at)),
            },
            Self::Infused(infusion) => format!("infusion of {}, {}", infusion.product, near(infusion.at)),
            Self::Administered(dose) => format!("{} {}, {}", dose.drug, dose.amount_shown(), near(dose.given.start())),
            Self::Graded(graded) => {
                format!("{} grade {}, {}", graded.scale.word(), graded.grade.number(), near(graded.at))
            }
            Self::Noted(noted) => format!("{}, {}", noted.event.shown(), near(noted.at)),
            Self::Planned(plan) => format!("plan of {}", plan.shown()),
            Self::Corrected(_) => "correction".to_owned(),
            Self::StruckOut(_) => "strike-out".to_owned(),
            Self::ChartChecked(check) => format!("chart checked to {}", near(check.up_to)),
            Self::Reviewed(_) => "review".to_owned(),
            Self::Acknowledged(answer) => format!("answered: {}", answer.reason),
            Self::Archived(archive) => format!("archived: {}", archive.reason),
        }
    }
}
