//! One administration: what was given, held, refused or left open.

use super::{DrugId, Expressed, Moment, PerKg, Purpose, Quantity, Route, Status, Zone, time};
use chrono::{Datelike, TimeDelta};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// When a dose was given: at an instant, or as an infusion spread evenly over its time. What is read from a file has been
/// through [`Given::checked`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written")]
pub enum Given {
    /// A tablet, an injection, a short infusion.
    At(Moment),
    /// An infusion; the end is after the start.
    Over(Moment, Moment),
}

/// The same as a file has it.
#[derive(Deserialize)]
enum Written {
    At(Moment),
    Over(Moment, Moment),
}

impl TryFrom<Written> for Given {
    type Error = GivenError;

    fn try_from(written: Written) -> Result<Self, GivenError> {
        match written {
            Written::At(at) => Self::At(at),
            Written::Over(start, end) => Self::Over(start, end),
        }
        .checked()
    }
}

/// Why a dose cannot have been given then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum GivenError {
    /// An infusion without a second between its start and its end, or turned around.
    #[error("the infusion that began {began} ended {ended}, not after it began; check both times",
        began = super::time::shown(*start), ended = super::time::shown(*end))]
    EndsBeforeStart {
        /// Its start.
        start: Moment,
        /// Its end.
        end: Moment,
    },
    /// No infusion takes longer than a year.
    #[error("an infusion from {began} until {ended} is longer than a year; check both times",
        began = super::time::shown(*start), ended = super::time::shown(*end))]
    TooLong {
        /// Its start.
        start: Moment,
        /// Its end.
        end: Moment,
    },
    /// Outside the years that times are taken from.
    #[error("{at} is not between the years 1900 and 9000; check the date", at = super::time::shown(*at))]
    Year {
        /// The time.
        at: Moment,
    },
}

/// The longest infusion that is taken, in days: so that no loop over its days is long.
const LONGEST_DAYS: i64 = 366;

impl Given {
    /// The same, where a ward could have written it.
    ///
    /// ```
    /// use corticurve::record::{Given, time};
    /// let at = |text| time::parse_moment(text, &chrono::FixedOffset::east_opt(0).unwrap()).unwrap();
    /// assert!(Given::Over(at("2026-11-22 14:00"), at("2026-11-22 18:00")).checked().is_ok());
    /// let turned = Given::Over(at("2026-11-22 18:00"), at("2026-11-22 14:00")).checked();
    /// assert!(turned.unwrap_err().to_string().contains("not after it began"));
    /// ```
    ///
    /// # Errors
    /// [`GivenError`] for an infusion that ends no second after it begins or more than 366 days later, and for years
    /// outside 1900 to 9000.
    pub fn checked(self) -> Result<Self, GivenError> {
        let (start, end) = (self.start(), self.end());
        if let Some(at) = [start, end].into_iter().find(|at| !(1900..=9000).contains(&at.year())) {
            return Err(GivenError::Year { at });
        }
        match self {
            Self::Over(..) if end.timestamp() <= start.timestamp() => Err(GivenError::EndsBeforeStart { start, end }),
            Self::Over(..) if end - start > TimeDelta::days(LONGEST_DAYS) => Err(GivenError::TooLong { start, end }),
            _ => Ok(self),
        }
    }

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

    /// As it is read in a list: an infusion with its end, which has its date where that is another one.
    ///
    /// ```
    /// use corticurve::record::{Given, time};
    /// let zone = chrono::FixedOffset::east_opt(0).unwrap();
    /// let at = |text| time::parse_moment(text, &zone).unwrap();
    /// let over = |end| Given::Over(at("2026-10-05 08:00"), at(end)).shown(&zone);
    /// assert_eq!(over("2026-10-05 10:00"), "05-Oct-2026 08:00–10:00");
    /// assert_eq!(over("2026-10-06 10:00"), "05-Oct-2026 08:00 – 06-Oct-2026 10:00");
    /// ```
    pub fn shown(self, zone: &dyn Zone) -> String {
        let start = time::shown_exactly(self.start(), zone);
        match self {
            Self::At(_) => start,
            Self::Over(from, until) => {
                let end = time::shown_beside(until, from, zone);
                // A date is longer than a clock, and its own hyphens want air around the dash.
                let dash = if end.contains('-') { " – " } else { "–" };
                format!("{start}{dash}{end}")
            }
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
