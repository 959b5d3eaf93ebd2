//! What counts: each recorded dose is counted, not counted for a reason, or left undecided beside the total.

use super::window::spread;
use super::{Exact, Overflow, Rules, Span};
use crate::record::time::wall_of;
use crate::record::{Administration, Chart, Class, DrugId, Expressed, Given, Moment, Quantity, Recorded, Status};
use chrono::NaiveDate;

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
    /// Given for a purpose that is switched out of the total.
    PurposeOut,
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
    /// The words in every output. Source: design, section 9.
    ///
    /// ```
    /// # use corticurve::exposure::Reason;
    /// assert_eq!([Reason::NotGiven, Reason::NotInTable].map(Reason::words), ["not given", "not in table"]);
    /// ```
    pub const fn words(self) -> &'static str {
        match self {
            Self::NotGiven => "not given",
            Self::StruckOut => "struck out",
            Self::NotSystemic => "not systemic",
            Self::Mineralocorticoid => "mineralocorticoid",
            Self::PurposeOut => "purpose switched out",
            Self::StatusUnknown => "status unknown",
            Self::NoAmount => "no amount",
            Self::NotAMass => "not a mass",
            Self::NotInTable => "not in table",
        }
    }

    /// Whether the dose may belong in the total: it is shown beside it. Otherwise it is known not to.
    /// Source: design, section 5.
    ///
    /// ```
    /// # use corticurve::exposure::Reason;
    /// // A held dose is known not to count; one with an unknown status may.
    /// assert_eq!([Reason::NotGiven, Reason::StatusUnknown].map(Reason::is_undecided), [false, true]);
    /// ```
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
    /// The wall-clock date on which it began.
    pub(super) date: NaiveDate,
    /// Its drug's place among those of the chart, by which doses of one drug are told at once.
    pub(super) drug: usize,
}

/// What a dose is to the total.
pub(super) struct Verdict {
    class: Option<Class>,
    mg: Option<Exact>,
    equivalent: Option<Exact>,
    left_out: Option<Reason>,
    drug: usize,
}

impl Verdict {
    /// The dexamethasone-equivalent of a counted glucocorticoid.
    pub(super) fn counted(&self) -> Option<Exact> {
        self.equivalent.filter(|_| self.left_out.is_none() && self.class == Some(Class::Glucocorticoid))
    }
}

/// What one drug is under the rules.
#[derive(Debug, Clone, Copy)]
struct Kind {
    class: Option<Class>,
    /// Dexamethasone-equivalent of one milligram.
    factor: Option<Exact>,
}

/// Judges doses one after another. A chart has few drugs, so what each is gets looked up once.
pub(super) struct Judge<'a, 'r> {
    rules: Rules<'r>,
    drugs: Vec<(&'a DrugId, Kind)>,
}

impl<'a, 'r> Judge<'a, 'r> {
    pub(super) fn new(rules: Rules<'r>) -> Self {
        Self { rules, drugs: Vec::new() }
    }

    pub(super) fn dose(&mut self, recorded: &'a Recorded<Administration>) -> Result<Judged<'a>, Overflow> {
        let dose = &recorded.value;
        let Verdict { class, mg, equivalent, left_out, drug } = self.verdict(recorded)?;
        let date = wall_of(dose.given.start()).date();
        Ok(Judged { recorded, class, mg, equivalent, left_out, date, drug })
    }

    pub(super) fn verdict(&mut self, recorded: &'a Recorded<Administration>) -> Result<Verdict, Overflow> {
        let dose = &recorded.value;
        let known = self.drugs.iter().enumerate().find(|(_, (drug, _))| **drug == dose.drug);
        let known = known.map(|(place, (_, kind))| (place, *kind));
        let (drug, kind) = known.unwrap_or_else(|| {
            let kind = kind(&dose.drug, self.rules);
            self.drugs.push((&dose.drug, kind));
            (self.drugs.len() - 1, kind)
        });
        let mg = dose.charted_or_due().and_then(Quantity::mass).map(Exact::milligrams);
        let equivalent = match (mg, kind.factor) {
            (Some(mg), Some(factor)) => Some(mg.times(factor)?),
            _ => None,
        };
        let struck_out = recorded.struck_out.then_some(Reason::StruckOut);
        let left_out = struck_out.or_else(|| reason(dose, kind, self.rules));
        Ok(Verdict { class: kind.class, mg, equivalent, left_out, drug })
    }
}

fn kind(drug: &DrugId, rules: Rules<'_>) -> Kind {
    let class = rules.formulary.class(drug);
    let factor = match class {
        Some(Class::Glucocorticoid) => rules.table.factor(drug, &DrugId::new("dexamethasone")),
        _ => None,
    };
    // In lowest terms, so that doses of one drug share a short denominator.
    Kind { class, factor: factor.map(Exact::reduced) }
}

/// Judges every dose of a chart under the rules. Source: design, section 5: counted, not counted, undecided.
///
/// ```
/// use corticurve::exposure::{examples, judge};
/// let chart = examples::chart(&["dex 10 iv 2026-11-14T08:00Z", "dex 10 it 2026-11-14T09:00Z"]).unwrap();
/// let judged = judge(&chart, examples::rules().unwrap()).unwrap();
/// assert!(judged[0].counts_as_steroid());
/// assert_eq!(judged[1].left_out.unwrap().words(), "not systemic");
/// ```
///
/// # Errors
/// [`Overflow`].
pub fn judge<'a>(chart: &'a Chart, rules: Rules<'_>) -> Result<Vec<Judged<'a>>, Overflow> {
    let mut judge = Judge::new(rules);
    chart.administrations.iter().map(|recorded| judge.dose(recorded)).collect()
}

impl Judged<'_> {
    /// Whether it is a counted glucocorticoid. Source: design, section 5.
    ///
    /// ```
    /// # use corticurve::exposure::{examples, judge};
    /// let lines = ["dex 10 iv 2026-11-14T08:00Z", "hydro 50 it 2026-11-14T09:00Z", "ana 100 sc 2026-11-14T10:00Z"];
    /// let chart = examples::chart(&lines).unwrap();
    /// let judged = judge(&chart, examples::rules().unwrap()).unwrap();
    /// // The second is intrathecal, the third is no steroid.
    /// let counts: Vec<_> = judged.iter().map(|dose| dose.counts_as_steroid()).collect();
    /// assert_eq!(counts, [true, false, false]);
    /// ```
    pub fn counts_as_steroid(&self) -> bool {
        self.left_out.is_none() && self.class == Some(Class::Glucocorticoid)
    }

    /// Whether it is counted anakinra. Source: design, section 5.
    ///
    /// ```
    /// # use corticurve::exposure::{examples, judge};
    /// let lines = ["ana 100 sc 2026-11-14T08:00Z", "hold ana 100 2026-11-14T14:00Z", "dex 10 iv 2026-11-14T15:00Z"];
    /// let chart = examples::chart(&lines).unwrap();
    /// let judged = judge(&chart, examples::rules().unwrap()).unwrap();
    /// let counts: Vec<_> = judged.iter().map(|dose| dose.counts_as_anakinra()).collect();
    /// assert_eq!(counts, [true, false, false]);
    /// ```
    pub fn counts_as_anakinra(&self) -> bool {
        self.left_out.is_none() && self.class == Some(Class::Anakinra)
    }

    /// Whether it is undecided and may be a glucocorticoid: a drug that the list does not know could be one, anakinra
    /// cannot.
    pub(super) fn may_be_steroid_undecided(&self) -> bool {
        self.class != Some(Class::Anakinra) && self.left_out.is_some_and(Reason::is_undecided)
    }

    /// The first and the last instant of it inside a span.
    pub(super) fn inside(&self, span: &Span) -> Option<(Moment, Moment)> {
        match spread(self.recorded.value.given) {
            Given::At(at) => span.contains_on(at, self.date).then_some((at, at)),
            Given::Over(start, end) => span.stretch(start, end),
        }
    }

    /// Whether it is dexamethasone that is not stated as base: read as phosphate, it is less told as base (clinical
    /// reference, section 1).
    pub(super) fn is_told_as_base(&self) -> bool {
        let dose = &self.recorded.value;
        dose.drug.as_str() == "dexamethasone" && dose.expressed != Expressed::Base
    }
}

/// Dexamethasone base in one part of dexamethasone phosphate: 392.46/472.44. Source: clinical reference, section 1.
///
/// ```
/// use corticurve::exposure::{Exact, base_of_phosphate};
/// let base = Exact::whole(4).times(base_of_phosphate()).unwrap();
/// assert_eq!(base.shown(2), "3.32");
/// ```
pub const fn base_of_phosphate() -> Exact {
    Exact::new(39_246, 47_244)
}

/// Why a dose that is not struck out is left out under the rules; `None` when it is counted. Source: design, section 5.
///
/// ```
/// use corticurve::exposure::{Reason, examples, left_out};
/// let chart = examples::chart(&["hold dex 10 2026-11-14T08:00Z", "dex 10 iv 2026-11-14T09:00Z"]).unwrap();
/// let rules = examples::rules().unwrap();
/// let reasons: Vec<_> = chart.administrations.iter().map(|dose| left_out(&dose.value, rules)).collect();
/// assert_eq!(reasons, [Some(Reason::NotGiven), None]);
/// ```
pub fn left_out(dose: &Administration, rules: Rules<'_>) -> Option<Reason> {
    reason(dose, kind(&dose.drug, rules), rules)
}

/// The first reason that applies, in the order in which a pharmacist would give it.
fn reason(dose: &Administration, kind: Kind, rules: Rules<'_>) -> Option<Reason> {
    if dose.status.not_given() {
        return Some(Reason::NotGiven);
    }
    if kind.class == Some(Class::Mineralocorticoid) {
        return Some(Reason::Mineralocorticoid);
    }
    if dose.route.is_some_and(|route| !route.systemic()) {
        return Some(Reason::NotSystemic);
    }
    let anakinra = kind.class == Some(Class::Anakinra);
    if !anakinra && rules.reading.purposes_out.contains(&dose.purpose) {
        return Some(Reason::PurposeOut);
    }
    if dose.status == Status::Unknown {
        return Some(Reason::StatusUnknown);
    }
    match &dose.amount {
        None => return Some(Reason::NoAmount),
        Some(amount) if amount.mass().is_none() => return Some(Reason::NotAMass),
        Some(_) => {}
    }
    (!anakinra && kind.factor.is_none()).then_some(Reason::NotInTable)
}
