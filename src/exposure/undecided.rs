//! What is undecided beside a figure that has a stretch of its own.

use super::{Exact, Inside, Judged, Overflow, Reason, Span};
use crate::record::{Class, Given, counted};

/// Undecided doses that may belong in a figure. Unknown is not zero, so they are said beside it (design, section 5).
///
/// ```
/// use corticurve::exposure::examples;
/// use corticurve::exposure::{Undecided, Window, judge};
/// let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
/// let chart = examples::chart(&["predniSONE 40 po 2026-11-14T08:00Z unknown", "dex po 2026-11-15T08:00Z unknown"]).unwrap();
/// let undecided = Undecided::of(&judge(&chart, rules).unwrap(), &Window::All.span(None, now)).unwrap();
/// // 40 mg of prednisone are 6 mg of dexamethasone (clinical reference, section 1).
/// assert_eq!(undecided.words().unwrap(), "6 mg in 1 dose and 1 dose that cannot be converted");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undecided {
    /// The dexamethasone-equivalent of those that can be converted.
    pub mg: Exact,
    /// How many of them.
    pub doses: usize,
    /// How many have no amount that could be converted.
    pub without_mg: usize,
}

impl Undecided {
    /// The undecided doses of a span that may be glucocorticoids; an infusion with its share, as if it were counted.
    /// Source: design, section 5.
    ///
    /// ```
    /// # use corticurve::exposure::{Undecided, Window, examples, judge};
    /// # let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let doses = ["predniSONE 40 po 2026-11-14T08:00Z unknown", "dex 10 iv 2026-11-15T08:00Z"];
    /// let chart = examples::chart(&doses).unwrap();
    /// let undecided = Undecided::of(&judge(&chart, rules).unwrap(), &Window::All.span(None, now)).unwrap();
    /// assert_eq!((undecided.doses, undecided.mg.decimal().as_str()), (1, "6"));
    /// ```
    ///
    /// # Errors
    /// [`Overflow`].
    pub fn of(doses: &[Judged<'_>], span: &Span) -> Result<Self, Overflow> {
        Self::by(doses, |given| Ok(span.share(given)))
    }

    /// The same, where another rule says which share of a dose belongs in.
    pub(super) fn by(doses: &[Judged<'_>], share: impl Fn(Given) -> Result<Exact, Overflow>) -> Result<Self, Overflow> {
        let mut found = Self { mg: Exact::ZERO, doses: 0, without_mg: 0 };
        for dose in doses.iter().filter(|dose| dose.may_be_steroid_undecided()) {
            let share = share(dose.recorded.value.given)?;
            match dose.equivalent {
                _ if !share.is_positive() => {}
                Some(mg) => {
                    found.mg = found.mg.plus(mg.times(share)?)?;
                    found.doses += 1;
                }
                None => found.without_mg += 1,
            }
        }
        Ok(found)
    }

    /// The undecided doses of anakinra, in milligrams of anakinra.
    pub(super) fn of_anakinra(inside: &[Inside<'_, '_>]) -> Result<Self, Overflow> {
        let mut found = Self { mg: Exact::ZERO, doses: 0, without_mg: 0 };
        let undecided = |dose: &Judged<'_>| dose.left_out.is_some_and(Reason::is_undecided);
        let anakinra = inside.iter().filter(|inside| inside.dose.class == Some(Class::Anakinra));
        for inside in anakinra.filter(|inside| undecided(inside.dose)) {
            match inside.mg {
                Some(mg) => {
                    found.mg = found.mg.plus(mg)?;
                    found.doses += 1;
                }
                None => found.without_mg += 1,
            }
        }
        Ok(found)
    }

    /// What to say beside the figure; nothing where nothing is undecided. Source: design, section 2.
    ///
    /// ```
    /// # use corticurve::exposure::{Exact, Undecided};
    /// let undecided = Undecided { mg: Exact::whole(6), doses: 1, without_mg: 0 };
    /// assert_eq!(undecided.words().unwrap(), "6 mg in 1 dose");
    /// assert_eq!(Undecided { doses: 0, ..undecided }.words(), None);
    /// ```
    pub fn words(&self) -> Option<String> {
        let with = (self.doses > 0).then(|| format!("{} mg in {}", self.mg.brief(), counted(self.doses, "dose")));
        let parts: Vec<String> = with.into_iter().chain(self.without_words()).collect();
        (!parts.is_empty()).then(|| parts.join(" and "))
    }

    /// What to say of those that no milligrams can tell; nothing where there are none. Source: design, section 5.
    ///
    /// ```
    /// # use corticurve::exposure::{Exact, Undecided};
    /// let undecided = Undecided { mg: Exact::whole(6), doses: 1, without_mg: 2 };
    /// assert_eq!(undecided.without_words().unwrap(), "2 doses that cannot be converted");
    /// ```
    pub fn without_words(&self) -> Option<String> {
        (self.without_mg > 0).then(|| format!("{} that cannot be converted", counted(self.without_mg, "dose")))
    }

    /// Whether any dose is undecided. Source: design, section 2.
    ///
    /// ```
    /// # use corticurve::exposure::{Exact, Undecided};
    /// assert!(Undecided { mg: Exact::ZERO, doses: 0, without_mg: 1 }.is_any());
    /// ```
    pub const fn is_any(&self) -> bool {
        self.doses > 0 || self.without_mg > 0
    }
}
