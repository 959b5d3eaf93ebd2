//! What counts: each recorded dose is counted, not counted for a reason, or left undecided beside the total.

use super::{Exact, Overflow, Table};
use crate::record::{Administration, Class, DrugId, Expressed, Formulary, Recorded, Status};

/// Why a dose is not in the total.
///
/// ```
/// use corticurve::exposure::Reason;
/// assert!(!Reason::NotGiven.is_undecided());
/// assert_eq!((Reason::NoAmount.words(), Reason::NoAmount.is_undecided()), ("no amount", true));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Held, refused, missed.
    NotGiven,
    /// Struck out.
    StruckOut,
    /// Into the spinal canal, eye, ear, nose, joint, on the skin, inhaled, rectal.
    NotSystemic,
    /// Fludrocortisone.
    Mineralocorticoid,
    /// The chart does not say whether it was given.
    StatusUnknown,
    /// Given, and nobody wrote how much.
    NoAmount,
    /// Drops, applications, tablets: cannot be added up.
    NotAMass,
    /// The conversion table does not list the drug.
    NotInTable,
}

impl Reason {
    /// The words in every output.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NotGiven => "not given",
            Self::StruckOut => "struck out",
            Self::NotSystemic => "not systemic",
            Self::Mineralocorticoid => "mineralocorticoid",
            Self::StatusUnknown => "status unknown",
            Self::NoAmount => "no amount",
            Self::NotAMass => "not a mass",
            Self::NotInTable => "not in table",
        }
    }

    /// Whether the dose may belong in the total: it is shown beside it. Otherwise it is known not to.
    pub const fn is_undecided(self) -> bool {
        matches!(self, Self::StatusUnknown | Self::NoAmount | Self::NotAMass | Self::NotInTable)
    }
}

/// One dose with what it is to the total.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'a> {
    /// The dose.
    pub recorded: &'a Recorded<Administration>,
    /// What its drug is.
    pub class: Option<Class>,
    /// Its own milligrams, charted or due, where it is a mass.
    pub mg: Option<Exact>,
    /// The same as dexamethasone-equivalent, where the table lists the drug.
    pub equivalent: Option<Exact>,
    /// Why it is left out; `None` when it is counted.
    pub left_out: Option<Reason>,
}

impl<'a> Judged<'a> {
    /// Judges one dose under a table.
    ///
    /// # Errors
    /// [`Overflow`] when the amount cannot be converted exactly.
    pub fn new(recorded: &'a Recorded<Administration>, formulary: &Formulary, table: &Table) -> Result<Self, Overflow> {
        let dose = &recorded.value;
        let class = formulary.class(&dose.drug);
        let mg = dose.charted_or_due().and_then(crate::record::Quantity::mass).map(Exact::milligrams);
        let factor = match class {
            Some(Class::Glucocorticoid) => table.factor(&dose.drug, &DrugId::new("dexamethasone")),
            _ => None,
        };
        let equivalent = match (mg, factor) {
            (Some(mg), Some(factor)) => Some(mg.times(factor)?),
            _ => None,
        };
        let struck_out = recorded.struck_out.then_some(Reason::StruckOut);
        let left_out = struck_out.or_else(|| reason(dose, class, factor.is_some()));
        Ok(Self { recorded, class, mg, equivalent, left_out })
    }

    /// Whether it is a counted glucocorticoid.
    pub fn counts_as_steroid(&self) -> bool {
        self.left_out.is_none() && self.class == Some(Class::Glucocorticoid)
    }

    /// Whether it is counted anakinra.
    pub fn counts_as_anakinra(&self) -> bool {
        self.left_out.is_none() && self.class == Some(Class::Anakinra)
    }

    /// Whether it is undecided and may be a glucocorticoid: a drug that the list does not know could be one, anakinra
    /// cannot.
    pub fn may_be_steroid_undecided(&self) -> bool {
        self.class != Some(Class::Anakinra) && self.left_out.is_some_and(Reason::is_undecided)
    }

    /// The dexamethasone-equivalent when every amount that is not stated as base is read as phosphate.
    ///
    /// # Errors
    /// [`Overflow`].
    pub fn equivalent_as_base(&self) -> Result<Option<Exact>, Overflow> {
        let dose = &self.recorded.value;
        match self.equivalent {
            Some(mg) if dose.drug.as_str() == "dexamethasone" && dose.expressed != Expressed::Base => {
                Ok(Some(mg.times(base_of_phosphate())?))
            }
            other => Ok(other),
        }
    }
}

/// Dexamethasone base in one part of dexamethasone phosphate: 392.46/472.44 (clinical reference, section 1).
///
/// ```
/// use corticurve::exposure::{Exact, base_of_phosphate};
/// let base = Exact::whole(4).times(base_of_phosphate()).unwrap();
/// assert_eq!(base.shown(2), "3.32");
/// ```
pub const fn base_of_phosphate() -> Exact {
    Exact::new(39_246, 47_244)
}

/// Why a dose that is not struck out is left out under a table; `None` when it is counted.
pub fn left_out(dose: &Administration, formulary: &Formulary, table: &Table) -> Option<Reason> {
    reason(dose, formulary.class(&dose.drug), table.equivalent(&dose.drug).is_some())
}

/// The first reason that applies, in the order in which a pharmacist would give it.
fn reason(dose: &Administration, class: Option<Class>, in_table: bool) -> Option<Reason> {
    if dose.status.not_given() {
        return Some(Reason::NotGiven);
    }
    if class == Some(Class::Mineralocorticoid) {
        return Some(Reason::Mineralocorticoid);
    }
    if dose.route.is_some_and(|route| !route.systemic()) {
        return Some(Reason::NotSystemic);
    }
    if dose.status == Status::Unknown {
        return Some(Reason::StatusUnknown);
    }
    match &dose.amount {
        None => return Some(Reason::NoAmount),
        Some(amount) if amount.mass().is_none() => return Some(Reason::NotAMass),
        Some(_) => {}
    }
    (class != Some(Class::Anakinra) && !in_table).then_some(Reason::NotInTable)
}
