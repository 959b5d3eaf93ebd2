//! What `summary --explain FIGURE --json` prints.

use super::summary::{Number, number};
use crate::exposure::{Exact, ExplainedDose, Explanation, Reason};
use crate::record::{DrugId, EntryId, Given, Identity, Moment, PatientId};
use serde::Serialize;

/// One patient's explanation.
#[derive(Debug, Serialize)]
pub struct ExplanationJson {
    mrn: Option<String>,
    patient: String,
    as_of: Moment,
    figure: String,
    /// The figure with its unit.
    value: String,
    /// What the products of the doses add up to.
    sum_mg: Number,
    rule: String,
    /// The table that the factors come from; `null` for anakinra.
    table: Option<String>,
    table_version: Option<String>,
    table_confirmed: Option<bool>,
    doses: Vec<DoseJson>,
    left_out: Vec<DoseJson>,
    steps: Vec<String>,
}

#[derive(Debug, Serialize)]
struct DoseJson {
    id: EntryId,
    given_at: Moment,
    given_until: Option<Moment>,
    drug: DrugId,
    charted: String,
    mg: Option<Number>,
    share: Number,
    factor: Option<Number>,
    product_mg: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

impl ExplanationJson {
    /// The explanation of a patient's figure.
    pub fn of(id: &PatientId, identity: Option<&Identity>, as_of: Moment, explanation: Explanation) -> Self {
        let Explanation { figure, value, sum, rule, table, doses, left_out, steps } = explanation;
        Self {
            mrn: identity.map(|identity| identity.mrn.to_string()),
            patient: id.to_string(),
            as_of,
            figure: figure.word(),
            value,
            sum_mg: number(sum),
            rule,
            table_version: table.as_ref().map(|table| table.version.clone()),
            table_confirmed: table.as_ref().map(|table| table.confirmed),
            table: table.map(|table| table.id),
            doses: doses.into_iter().map(DoseJson::of).collect(),
            left_out: left_out.into_iter().map(DoseJson::of).collect(),
            steps,
        }
    }
}

impl DoseJson {
    fn of(dose: ExplainedDose) -> Self {
        let until = match dose.given {
            Given::At(_) => None,
            Given::Over(_, end) => Some(end),
        };
        Self {
            id: dose.id,
            given_at: dose.given.start(),
            given_until: until,
            drug: dose.drug,
            charted: dose.charted,
            mg: dose.mg.map(number),
            share: number(dose.share),
            factor: dose.factor.map(number),
            product_mg: dose.product.map(|mg: Exact| number(mg)),
            reason: dose.reason.map(Reason::words),
        }
    }
}
