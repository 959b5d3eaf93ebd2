//! What to question: checks before saving, what may have been recorded twice, and infusions whose end has passed.
//!
//! A concern either refuses (the entry cannot be true) or asks (it may be true, and then it can be recorded). This room is
//! pure and sets no clinical limits of its own: limits belong to the unit's rules, with their source.

mod ended;
mod twice;

pub use ended::{is_past_its_end, past_their_end};
pub use twice::{Twice, both_given, is_from_elsewhere, near_doses, near_question, recorded_twice};

use crate::record::{
    Administration, Amount, Chart, EntryId, Expressed, Formulary, Given, Moment, Quantity, Recorded, Route, Vial, time,
};

/// Something about a dose that the person recording it should see first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Concern {
    /// It would have been given after now.
    InTheFuture {
        /// When.
        given: Moment,
        /// The present.
        now: Moment,
    },
    /// An infusion that ends before it begins, or at once.
    EndsBeforeStart,
    /// It would have been given before the patient was born.
    BeforeBirth,
    /// The same drug and amount at the same minute is already there.
    SameDose {
        /// Who recorded the other.
        by: String,
        /// When it was given.
        given: Moment,
    },
    /// The patient has left the ward list.
    Archived,
    /// The amount of an injection is a whole number of vials whose label states another form of the drug than the dose.
    OtherVial {
        /// How many millilitres of that strength.
        vials: u64,
        /// The amount.
        amount: Amount,
        /// That strength.
        vial: Vial,
        /// What the dose was written as.
        expressed: Expressed,
    },
}

impl Concern {
    /// Whether the entry cannot be true, and is not saved.
    pub const fn refuses(&self) -> bool {
        matches!(self, Self::InTheFuture { .. } | Self::EndsBeforeStart)
    }

    /// What is wrong and what to do.
    pub fn words(&self) -> String {
        match self {
            Self::InTheFuture { given, now } => format!(
                "{} is in the future (it is {}); a dose is recorded after it was given. For an earlier day write \
                 'yesterday {}' or the date",
                time::shown_near(*given, *now),
                now.format("%H:%M"),
                given.format("%H:%M")
            ),
            Self::EndsBeforeStart => "the infusion ends before it begins; check both times".to_owned(),
            Self::BeforeBirth => {
                "this is before the patient's date of birth; check the date, or the patient".to_owned()
            }
            Self::SameDose { by, given } => format!(
                "the same dose at {} is already recorded by {by}; if it is the same one, strike one of them out",
                given.format("%H:%M")
            ),
            Self::Archived => "archived patient: check that this dose is for the patient who is open".to_owned(),
            Self::OtherVial { vials, amount, vial, expressed } => {
                let is = match vials {
                    1 => "is the strength of a vial".to_owned(),
                    many => format!("is {many} times the strength of a vial"),
                };
                let labelled = vial.labelled.word();
                let then = match expressed {
                    Expressed::AsLabelled => format!("write '{labelled}' if so"),
                    other => format!("check that this is {}", other.word()),
                };
                format!("{} {is} labelled as {labelled} ({}/mL); {then}", amount.shown(), vial.per_ml.shown())
            }
        }
    }
}

/// Everything to see about a dose before it is saved. A dose that corrects an entry is not compared with that entry.
pub fn check(dose: &Administration, corrects: Option<&EntryId>, chart: &Chart, now: Moment) -> Vec<Concern> {
    let start = dose.given.start();
    let mut concerns = Vec::new();
    if start > now {
        concerns.push(Concern::InTheFuture { given: start, now });
    }
    if matches!(dose.given, Given::Over(start, end) if end <= start) {
        concerns.push(Concern::EndsBeforeStart);
    }
    let born = chart.identity.as_ref().and_then(|identity| identity.born);
    if born.is_some_and(|born| start.date_naive() < born) {
        concerns.push(Concern::BeforeBirth);
    }
    // What is already in the chart is this patient's, and is corrected after the discharge as well.
    if corrects.is_none() && chart.is_archived() {
        concerns.push(Concern::Archived);
    }
    if let Some(other) = same_doses(dose, corrects, chart).next() {
        concerns.push(Concern::SameDose { by: other.stamp.by.to_string(), given: start });
    }
    concerns
}

/// The entries that stand and say the same as a dose. A dose that corrects an entry is not compared with that entry.
pub fn same_doses<'a>(
    dose: &'a Administration,
    corrects: Option<&'a EntryId>,
    chart: &'a Chart,
) -> impl Iterator<Item = &'a Recorded<Administration>> {
    // A chart's doses are in the order in which they were given.
    let minute = |dose: &Administration| dose.given.start().timestamp().div_euclid(60);
    let first = chart.administrations.partition_point(|other| minute(&other.value) < minute(dose));
    let at_that_minute = chart.administrations.iter().skip(first).take_while(move |o| minute(&o.value) == minute(dose));
    at_that_minute
        .filter(move |other| !other.struck_out && Some(&other.stamp.id) != corrects && is_same_dose(&other.value, dose))
}

/// Whether two doses of one minute may be one: the same drug, amount and status, by whatever route.
fn is_same_dose(one: &Administration, other: &Administration) -> bool {
    let mass = |dose: &Administration| dose.amount.as_ref().and_then(Quantity::mass);
    one.drug == other.drug && mass(one) == mass(other) && one.status == other.status
}

/// Whether an amount looks like vials of another form of the drug than it was written as: 4 mg are a vial labelled as
/// phosphate, and 3.3 mg one labelled as base. Tablets and liquids for the mouth are not told apart, and an amount that is
/// whole vials of its own form too raises no question.
///
/// An amount as labelled is the usual way to write phosphate where 4 mg/mL is on the shelf, so only what is whole vials of base
/// alone is asked about.
pub fn check_vials(dose: &Administration, formulary: &Formulary) -> Option<Concern> {
    let amount = dose.amount.as_ref().and_then(Quantity::mass).filter(|amount| *amount != Amount::ZERO)?;
    if matches!(dose.route, Some(Route::Oral | Route::Tube)) {
        return None;
    }
    let own = match dose.expressed {
        Expressed::AsLabelled => Expressed::Phosphate,
        stated => stated,
    };
    let times = |vial: &&Vial| {
        let per_ml = vial.per_ml.micrograms();
        per_ml > 0 && amount.micrograms().is_multiple_of(per_ml)
    };
    let vials = &formulary.get(&dose.drug)?.vials;
    if vials.iter().filter(times).any(|vial| vial.labelled == own) {
        return None;
    }
    let vial = vials.iter().find(times)?;
    let vials = amount.micrograms() / vial.per_ml.micrograms();
    Some(Concern::OtherVial { vials, amount, vial: *vial, expressed: dose.expressed })
}
