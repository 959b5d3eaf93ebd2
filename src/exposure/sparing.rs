//! The steroid-sparing read-out: the steroid per day before the first anakinra and after it.

use super::window::{midnight, spread};
use super::{Edge, Exact, Inside, Judged, Overflow, Reason, Span, Undecided};
use crate::record::{Class, Given, Moment, time};
use chrono::TimeDelta;
use thiserror::Error;

/// The line that stands with every such figure, in every place (design, section 5).
pub const NOT_AN_EFFECT: &str = "arithmetic, not an effect: other treatment changed too";

/// How many hours of steroid before the first anakinra make a daily dose to compare with (design, section 5).
const LEAST_HOURS: i64 = 24;

const SECONDS_A_DAY: i128 = 86_400;

/// The steroid per day before the first anakinra and after it, in milligrams of dexamethasone-equivalent.
///
/// *Before* is what was given from the first counted steroid up to the first counted anakinra, by the exact time between
/// them. *After* is what was given from that anakinra on, by the time up to the midnight that ends the last steroid day, or
/// up to the as-of time where that is earlier. The midnight, and not the last dose, because a last dose is meant for the rest
/// of its day; the as-of time, because a day that is not over has not had its doses. A dose at the minute of the first
/// anakinra belongs to *after*. An infusion gives each stretch the share of its time.
///
/// The *difference* is what the earlier daily dose would have come to over the later stretch, less what was given in it.
///
/// **Limitations**: see [`NOT_AN_EFFECT`]. Over a short stretch a mean per day follows the hour of a single dose, so both
/// stretches are shown with it. An infusion that began before the window is taken from the window's start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sparing {
    /// The first counted steroid.
    pub from: Moment,
    /// The first counted anakinra.
    pub anakinra_from: Moment,
    /// The end of the later stretch.
    pub until: Moment,
    /// What was given before the first anakinra.
    pub before: Exact,
    /// What was given from the first anakinra on.
    pub after: Exact,
    /// The mean per day before.
    pub before_per_day: Exact,
    /// The mean per day after.
    pub after_per_day: Exact,
    /// How much less was given after than if the earlier daily dose had gone on until the last steroid day; negative for more.
    pub difference: Exact,
    /// Undecided steroid before the first anakinra, also before the first counted steroid.
    pub undecided_before: Undecided,
    /// Undecided steroid from the first anakinra on.
    pub undecided_after: Undecided,
    /// Undecided doses of anakinra before the first counted one: if one of them was given, the stretches are others.
    pub undecided_anakinra: usize,
}

/// Why there is no steroid-sparing read-out.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoSparing {
    /// No counted steroid.
    #[error("needs steroid before the first anakinra: no steroid is counted in this window")]
    NoSteroid,
    /// No counted anakinra.
    #[error("needs anakinra: none is counted in this window")]
    NoAnakinra,
    /// Anakinra came first.
    #[error("needs steroid before the first anakinra: anakinra came first, by {}", time::shown_span(*.0))]
    AnakinraFirst(TimeDelta),
    /// Less than a day of steroid to compare with.
    #[error("needs at least 24 h of steroid before the first anakinra: there were {}", time::shown_span(*.0))]
    TooSoon(TimeDelta),
    /// Nothing to compare.
    #[error("needs steroid after the first anakinra: none is counted")]
    NothingAfter,
    /// The first anakinra was this minute.
    #[error("needs time after the first anakinra: it is given at this moment")]
    NoTimeYet,
    /// The fractions are beyond what is kept exactly; the totals, which are simpler, may still be shown.
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

impl Sparing {
    /// `30 mg less than if the earlier daily dose had gone on until the last steroid day`. Source: design, section 5.
    ///
    /// ```
    /// use corticurve::exposure::{Exposure, Window, examples};
    /// let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// // 40 mg in 2 days, then 10 mg in 2 days (design, section 5).
    /// let doses = [
    ///     "dex 40 iv 2026-11-14T00:00Z", "ana 100 sc 2026-11-16T00:00Z", "dex 10 iv 2026-11-17T00:00Z",
    /// ];
    /// let exposure = Exposure::of(&examples::chart(&doses).unwrap(), rules, Window::All, now).unwrap();
    /// assert!(exposure.sparing.unwrap().difference_words().starts_with("30 mg less than"));
    /// ```
    pub fn difference_words(&self) -> String {
        let against = "if the earlier daily dose had gone on until the last steroid day";
        let amount = |mg: Exact| format!("{} mg", mg.brief());
        match self.difference.cmp(&Exact::ZERO) {
            std::cmp::Ordering::Greater => format!("{} less than {against}", amount(self.difference)),
            std::cmp::Ordering::Equal => format!("the same as {against}"),
            std::cmp::Ordering::Less => {
                format!("{} more than {against}", amount(Exact::ZERO.minus(self.difference).unwrap_or(self.difference)))
            }
        }
    }
}

/// The steroid-sparing read-out of the doses inside a span. Source: design, section 5.
///
/// ```
/// use corticurve::exposure::examples;
/// use corticurve::exposure::{Window, judge, sparing};
/// let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
/// let read_out = |lines: &[&str]| {
///     let chart = examples::chart(lines).unwrap();
///     sparing(&judge(&chart, rules).unwrap(), &Window::All.span(None, now))
/// };
/// // 40 mg in the 2 days before anakinra; 10 mg in the 2 days from then to the end of the last steroid day.
/// let doses = [
///     "dex 20 iv 2026-11-14T00:00Z", "dex 20 iv 2026-11-15T00:00Z", "ana 100 sc 2026-11-16T00:00Z",
///     "dex 5 iv 2026-11-16T00:00Z", "dex 5 iv 2026-11-17T00:00Z",
/// ];
/// let sparing = read_out(&doses).unwrap();
/// assert_eq!((sparing.before_per_day.decimal(), sparing.after_per_day.decimal()), ("20".to_owned(), "5".to_owned()));
/// assert_eq!(sparing.difference.decimal(), "30");
/// let refused = read_out(&["dex 10 iv 2026-11-14T08:00Z", "ana 100 sc 2026-11-14T12:30Z"]).unwrap_err();
/// assert!(refused.to_string().ends_with("there were 4 h 30 min"));
/// ```
///
/// # Errors
/// [`NoSparing`] says why there is no figure.
pub fn sparing(doses: &[Judged<'_>], span: &Span) -> Result<Sparing, NoSparing> {
    sparing_inside(doses, &Inside::of_all(doses, span)?, span)
}

/// The same, where what is inside of each dose is known.
pub(super) fn sparing_inside(
    doses: &[Judged<'_>],
    inside: &[Inside<'_, '_>],
    span: &Span,
) -> Result<Sparing, NoSparing> {
    let steroids = || inside.iter().filter(|inside| inside.counts());
    let from = steroids().map(|steroid| steroid.start).min().ok_or(NoSparing::NoSteroid)?;
    let anakinra = |dose: &Judged<'_>| dose.counts_as_anakinra() && dose.mg.is_some_and(Exact::is_positive);
    let starts = inside.iter().filter(|inside| anakinra(inside.dose)).map(|anakinra| anakinra.start);
    let anakinra_from = starts.min().ok_or(NoSparing::NoAnakinra)?;
    let between = anakinra_from - from;
    if between < TimeDelta::zero() {
        return Err(NoSparing::AnakinraFirst(between.abs()));
    }
    if between < TimeDelta::hours(LEAST_HOURS) {
        return Err(NoSparing::TooSoon(between));
    }
    let earlier_share = |given: Given| share_before(given, anakinra_from, span);
    let later_share = |given: Given| span.share(given).minus(earlier_share(given));
    let mut before = Exact::ZERO;
    for dose in steroids().map(|steroid| steroid.dose) {
        let mg = dose.equivalent.unwrap_or(Exact::ZERO);
        before = before.plus(mg.times(earlier_share(dose.recorded.value.given))?)?;
    }
    let after = Exact::sum(steroids().filter_map(|steroid| steroid.equivalent))?.minus(before)?;
    if !after.is_positive() {
        return Err(NoSparing::NothingAfter);
    }
    let ends = steroids().map(|steroid| end_of_day((steroid.start, steroid.end), span));
    let until = ends.max().ok_or(NoSparing::NoSteroid)?;
    let (earlier, later) = (seconds(from, anakinra_from), seconds(anakinra_from, until));
    if later <= 0 {
        return Err(NoSparing::NoTimeYet);
    }
    let is_open_anakinra = |dose: &&Judged<'_>| {
        dose.class == Some(Class::Anakinra)
            && dose.left_out.is_some_and(Reason::is_undecided)
            && earlier_share(dose.recorded.value.given).is_positive()
    };
    Ok(Sparing {
        from,
        anakinra_from,
        until,
        before,
        after,
        before_per_day: before.times(Exact::new(SECONDS_A_DAY, earlier))?,
        after_per_day: after.times(Exact::new(SECONDS_A_DAY, later))?,
        difference: before.times(Exact::new(later, earlier))?.minus(after)?,
        undecided_before: Undecided::by(doses, |given| Ok(earlier_share(given)))?,
        undecided_after: Undecided::by(doses, later_share)?,
        undecided_anakinra: doses.iter().filter(is_open_anakinra).count(),
    })
}

/// The share of a dose that lies inside a span and before an instant: a dose at that instant has none.
pub(super) fn share_before(given: Given, instant: Moment, span: &Span) -> Exact {
    match spread(given) {
        Given::At(at) => Exact::whole(i128::from(at < instant && span.contains(at))),
        over @ Given::Over(..) => Span { as_of: instant.min(span.as_of), ..*span }.share(over),
    }
}

/// The midnight that ends the last day of a dose, on the clock that it began by, or where the span ends before that.
fn end_of_day((start, end): (Moment, Moment), span: &Span) -> Moment {
    // An infusion up to midnight has nothing of the day that begins then.
    let last = if end > start { end.checked_sub_signed(TimeDelta::nanoseconds(1)).unwrap_or(end) } else { end };
    let date = last.naive_utc().checked_add_offset(*start.offset()).map(|wall| wall.date());
    let dusk = date.and_then(|date| date.succ_opt()).and_then(|next| midnight(next, start)).unwrap_or(end);
    let cut = match span.to {
        Some(Edge::Instant(to)) => to.min(span.as_of),
        _ => span.as_of,
    };
    dusk.min(cut)
}

fn seconds(from: Moment, until: Moment) -> i128 {
    i128::from(until.timestamp()) - i128::from(from.timestamp())
}
