//! The dose of a form: each field read by the quick entry's own readers.
//!
//! A correction begins with the dose as it is, and takes from the form only the fields that were changed: what a form does
//! not show, or shows less exactly, is never lost by correcting something else.

use super::form::{Form, NONE};
use crate::record::{
    Administration, Amount, Chart, Expressed, Formulary, Given, Now, Purpose, Quantity, Route, Status, quick,
    split_unit,
};
use std::fmt::Display;

/// What reading a dose form needs besides the form.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub formulary: &'a Formulary,
    pub now: Now<'a>,
    pub chart: &'a Chart,
}

/// The infusion that goes on at another rate from where one was stopped; nothing where no new rate is given.
///
/// # Errors
/// A message that names the field and says what would be taken.
pub(super) fn next_rate(
    form: &Form,
    stopped: &Administration,
    context: Context<'_>,
) -> Result<Option<Administration>, String> {
    let (rate, over) = (form.value("New rate"), form.value("For how long"));
    if rate.is_empty() {
        let nothing = over.is_empty().then_some(None);
        return nothing.ok_or_else(|| "New rate: write it like 50 mg/h, or leave out for how long".to_owned());
    }
    let (number, unit) = split_unit(rate);
    if !quick::is_rate(unit) {
        return Err(format!("New rate: '{rate}' is not an amount by time; write it like 50 mg/h"));
    }
    if over.is_empty() {
        return Err("For how long: write it like 4h or 1h30m".to_owned());
    }
    let start = stopped.given.end();
    let given = of("For how long", quick::infusion_from(start, over, context.now))?;
    let weight = context.chart.weight_at(start).or_else(|| context.chart.weight_at(context.now.at));
    let dosing = of("New rate", quick::Dosing::parse(number, unit))?;
    let (amount, ordered) = of("New rate", dosing.over(given, weight.map(|(weight, _)| weight)))?;
    let next = Administration {
        amount: Some(Quantity::Mass(amount)),
        due: None,
        ordered,
        given,
        status: Status::Given,
        note: None,
        charted_at: None,
        source_id: None,
        ..stopped.clone()
    };
    quick::checked(next, false, context.formulary, context.now).map(Some).map_err(|error| error.to_string())
}

/// Names the field that an error is about.
fn of<T>(label: &str, result: Result<T, impl Display>) -> Result<T, String> {
    result.map_err(|error| format!("{label}: {error}"))
}

/// When the dose of a form was given. A field that was not changed says what it said, with the seconds and the offset that
/// it does not show.
fn given(form: &Form, old: Option<Given>, now: Now<'_>) -> Result<Given, String> {
    let (at, over) = (form.value("Given at"), form.value("Infused over"));
    if let Some(start) = old.map(Given::start).filter(|_| !form.is_changed("Given at")) {
        return if over.is_empty() {
            Ok(Given::At(start))
        } else {
            of("Infused over", quick::infusion_from(start, over, now))
        };
    }
    let at = if at.is_empty() { "now" } else { at };
    match old {
        Some(Given::Over(from, until)) if !form.is_changed("Infused over") => {
            match of("Given at", quick::parse_given(at, "", now))? {
                Given::At(start) => of("Given at", quick::infusion_for(start, until - from, now)),
                Given::Over(..) => of("Given at", quick::parse_given(at, over, now)),
            }
        }
        _ => of("Given at", quick::parse_given(at, over, now)),
    }
}

/// Reads the dose of a form; `old` is the dose that it corrects.
///
/// # Errors
/// A message that names the field and says what would be taken.
pub(super) fn administration(
    form: &Form,
    old: Option<&Administration>,
    context: Context<'_>,
) -> Result<Administration, String> {
    let takes = |labels: &[&str]| old.is_none() || labels.iter().any(|label| form.is_changed(label));
    let stated = |label| Some(form.value(label)).filter(|value| !value.is_empty() && *value != NONE);
    let mut dose = old.cloned().unwrap_or_else(|| {
        Administration::given(crate::record::DrugId::new(""), Amount::ZERO, Given::At(context.now.at))
    });
    let mut is_checked = old.is_none();
    if takes(&["Drug"]) {
        dose.drug = of("Drug", context.formulary.find(form.value("Drug")))?.id.clone();
        is_checked = true;
    }
    if takes(&["Given at", "Infused over"]) {
        dose.given = given(form, old.map(|old| old.given), context.now)?;
        is_checked = true;
    }
    if takes(&["Amount", "Unit"]) {
        let weight = context.chart.weight_at(dose.given.start()).or_else(|| context.chart.weight_at(context.now.at));
        (dose.amount, dose.ordered) = match form.value("Amount") {
            "" => (None, None),
            number => {
                let weight = weight.map(|(weight, _)| weight);
                let dosing = of("Amount", quick::Dosing::parse(number, form.value("Unit")))?;
                let (amount, ordered) = of("Amount", dosing.over(dose.given, weight))?;
                (Some(Quantity::Mass(amount)), ordered)
            }
        };
        is_checked = true;
    }
    if takes(&["Expressed as"]) {
        dose.expressed = of("Expressed as", Expressed::parse(form.value("Expressed as")))?;
        is_checked = true;
    }
    if takes(&["Route"]) {
        dose.route = stated("Route").map(|word| of("Route", Route::parse(word))).transpose()?;
    }
    if takes(&["For"]) {
        dose.purpose = stated("For").map(|word| of("For", Purpose::parse(word))).transpose()?;
    }
    if takes(&["Status"]) {
        dose.status = of("Status", Status::parse(form.value("Status")))?;
        is_checked = true;
    }
    if takes(&["Note"]) {
        dose.note = of("Note", quick::parse_note(form.value("Note")))?;
    }
    if !is_checked {
        return Ok(dose);
    }
    // "given" stands in a new form before anybody chose it.
    let is_said = form.is_changed("Status");
    quick::checked(dose, is_said, context.formulary, context.now).map_err(|error| error.to_string())
}
