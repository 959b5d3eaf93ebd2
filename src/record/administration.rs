//! One administration: what was given, held, refused or left open.

use super::{DrugId, Expressed, Moment, PerKg, Purpose, Quantity, Route, Status};
use serde::{Deserialize, Serialize};

/// When a dose was given: at an instant, or as an infusion spread evenly over its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Given {
    /// A tablet, an injection, a short infusion.
    At(Moment),
    /// An infusion; the end is after the start.
    Over(Moment, Moment),
}

impl Given {
    /// When it began: the time that orders the chart.
    pub const fn start(self) -> Moment {
        match self {
            Self::At(at) | Self::Over(at, _) => at,
        }
    }

    /// When it was complete.
    pub const fn end(self) -> Moment {
        match self {
            Self::At(at) | Self::Over(_, at) => at,
        }
    }
}

/// What the medication chart says of one dose. Facts only: whether and how it counts is decided in `exposure`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Administration {
    /// Which drug.
    pub drug: DrugId,
    /// How much: what went in, or what was charted. `None` where the chart has no amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Quantity>,
    /// How much was due, where the source says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Quantity>,
    /// How the amount is expressed.
    #[serde(default = "as_labelled", skip_serializing_if = "is_as_labelled")]
    pub expressed: Expressed,
    /// By which route, where stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<Route>,
    /// When.
    pub given: Given,
    /// What became of it.
    pub status: Status,
    /// What for, where stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
    /// A free note: the reason where it was not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The dose per kilogram that it was ordered as, if so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ordered: Option<PerKg>,
    /// When the source system saved it, for an imported dose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charted_at: Option<Moment>,
    /// The source's own id, so that the same row is never imported twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_id: Option<String>,
}

const fn as_labelled() -> Expressed {
    Expressed::AsLabelled
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
const fn is_as_labelled(expressed: &Expressed) -> bool {
    matches!(expressed, Expressed::AsLabelled)
}

impl Administration {
    /// A dose given now, with everything optional left out.
    ///
    /// ```
    /// use corticurve::record::{Administration, DrugId, Given, time};
    /// let zone = chrono::FixedOffset::east_opt(0).unwrap();
    /// let at = time::parse_moment("2026-11-22 14:30", &zone).unwrap();
    /// let dose = Administration::given(DrugId::new("dexamethasone"), "10 mg".parse().unwrap(), Given::At(at));
    /// assert_eq!(dose.amount_shown(), "10 mg");
    /// ```
    pub fn given(drug: DrugId, amount: super::Amount, given: Given) -> Self {
        Self {
            drug,
            amount: Some(Quantity::Mass(amount)),
            due: None,
            expressed: Expressed::AsLabelled,
            route: None,
            given,
            status: Status::Given,
            purpose: None,
            note: None,
            ordered: None,
            charted_at: None,
            source_id: None,
        }
    }

    /// What was charted, else what was due.
    pub fn charted_or_due(&self) -> Option<&Quantity> {
        self.amount.as_ref().or(self.due.as_ref())
    }

    /// The amount for people: `4.5 mg`, `10 mg due`, or `no amount`.
    pub fn amount_shown(&self) -> String {
        let salt = match self.expressed {
            Expressed::AsLabelled => String::new(),
            other => format!(" as {}", other.word()),
        };
        match (&self.amount, &self.due) {
            (Some(amount), _) => format!("{}{salt}", amount.shown()),
            (None, Some(due)) => format!("{} due{salt}", due.shown()),
            (None, None) => "no amount".to_owned(),
        }
    }

    /// The route for tables, and in words that it is missing.
    pub fn route_shown(&self) -> &'static str {
        self.route.map_or("not stated", Route::short)
    }

    /// The purpose for tables.
    pub fn purpose_shown(&self) -> &'static str {
        self.purpose.map_or("not stated", Purpose::word)
    }
}
