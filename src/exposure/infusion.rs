//! What of an infusion has gone in.

use crate::record::{Administration, Amount, Given, Moment, Quantity};

/// What has gone in of an infusion by an instant, were it even: its amount by its time, rounded half-even to a whole
/// microgram, the finest that is recorded. Nothing for a dose that is no infusion or no mass.
///
/// It is what a form offers when an infusion is stopped; what the pump says is better. Source: design, section 5, "linear".
///
/// ```
/// use corticurve::exposure::{examples, went_in};
/// let chart = examples::chart(&["hydro 100 iv 2026-11-22T12:00Z over 4h"]).unwrap();
/// let infusion = &chart.administrations[0].value;
/// let at = |text| went_in(infusion, examples::at(text).unwrap()).unwrap().to_string();
/// assert_eq!(at("2026-11-22 13:30"), "37.5 mg");
/// assert_eq!((at("2026-11-22 11:00"), at("2026-11-22 18:00")), ("0 mg".to_owned(), "100 mg".to_owned()));
/// ```
pub fn went_in(dose: &Administration, at: Moment) -> Option<Amount> {
    let Given::Over(start, end) = dose.given else { return None };
    let amount = dose.amount.as_ref().and_then(Quantity::mass)?;
    let seconds = |from: Moment, until: Moment| u128::try_from(until.timestamp() - from.timestamp()).unwrap_or(0);
    let whole = seconds(start, end);
    if whole == 0 {
        return None;
    }
    let product = u128::from(amount.micrograms()) * seconds(start, at).min(whole);
    let (part, rest) = (product / whole, product % whole);
    let up = rest * 2 > whole || (rest * 2 == whole && part % 2 == 1);
    u64::try_from(part + u128::from(up)).ok().map(Amount::from_micrograms)
}
