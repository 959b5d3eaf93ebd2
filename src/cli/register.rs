//! `corticurve register`

use super::{Failure, Outcome, Setting, print_json, say, tell_gaps, to_come};
use crate::app::ward::REGISTERED_BESIDE_A_GAP;
use crate::record::{Fact, Height, Identity, Infusion, Measure, Measurement, Moment, Mrn, Name, Sex, Weight, time};
use chrono::NaiveDate;
use serde::Serialize;

/// A new patient.
#[derive(Debug, clap::Args)]
pub struct Register {
    /// Medical record number
    #[arg(long)]
    mrn: Mrn,
    /// Family name
    #[arg(long, value_parser = Name::parse)]
    family: Name,
    /// Given name
    #[arg(long, value_parser = Name::parse)]
    given: Name,
    /// Date of birth
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = time::parse_date)]
    born: NaiveDate,
    /// female, male, other or unknown
    #[arg(long)]
    sex: Sex,
    /// Body weight now, or at the time of --as-of, like "52.3 kg"
    #[arg(long)]
    weight: Option<Weight>,
    /// Body height, like "160 cm"
    #[arg(long)]
    height: Option<Height>,
    /// When the CAR T-cells were or will be infused: Day 0
    #[arg(long, value_name = "TIME", value_parser = super::moment, requires = "product", allow_hyphen_values = true)]
    infused: Option<Moment>,
    /// The CAR T-cell product
    #[arg(long, value_name = "NAME", requires = "infused", value_parser = Name::parse)]
    product: Option<Name>,
}

#[derive(Serialize)]
struct Registered<'a> {
    registered: &'a str,
    mrn: &'a str,
}

impl Register {
    pub fn run(self, setting: &Setting) -> Outcome {
        let (at, present) = (setting.now().at, setting.recorded_at());
        if at > present {
            return Err(Failure::refused(to_come(at, present)));
        }
        if self.born > present.date_naive() {
            let born = time::shown_date(self.born);
            return Err(Failure::refused(format!("born {born} is in the future; check the date")));
        }
        if self.family.is_empty() && self.given.is_empty() {
            return Err(Failure::refused("a patient without any name cannot be told from others; give one"));
        }
        if self.product.as_ref().is_some_and(Name::is_empty) {
            return Err(Failure::refused("--product is blank; write the CAR T-cell product's name"));
        }
        let (mut ward, author) = setting.ward_to_write()?;
        let measured = |what| Fact::Measured(Measurement { what, at });
        let mut facts: Vec<Fact> = Vec::new();
        facts.extend(self.weight.map(|weight| measured(Measure::Weight(weight))));
        facts.extend(self.height.map(|height| measured(Measure::Height(height))));
        if let (Some(at), Some(product)) = (self.infused, self.product) {
            facts.push(Fact::Infused(Infusion { product: product.shown(), at }));
        }
        let mrn = self.mrn.clone();
        let identity = Identity {
            mrn: self.mrn,
            family: self.family,
            given: self.given,
            born: Some(self.born),
            sex: self.sex,
            dates_shifted: false,
        };
        let saved = ward.noting(|ward| ward.register(identity, facts, &author, setting.recorded_at()));
        let (id, written) = saved.map_err(Failure::not_saved)?;
        tell_gaps(&ward, &ward.gaps_beside(&written), REGISTERED_BESIDE_A_GAP);
        setting.after_writing(&mut ward, &author);
        if setting.common.json {
            return print_json(&Registered { registered: id.as_str(), mrn: mrn.as_str() });
        }
        say(format!("registered {id}\n"))
    }
}
