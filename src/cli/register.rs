//! `corticurve register`

use super::{Failure, Outcome, Setting, print_json, say};
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
    /// Body weight, like "52.3 kg"
    #[arg(long)]
    weight: Option<Weight>,
    /// Body height, like "160 cm"
    #[arg(long)]
    height: Option<Height>,
    /// When the CAR T-cells were or will be infused: Day 0
    #[arg(long, value_name = "TIME", value_parser = super::moment, requires = "product")]
    infused: Option<Moment>,
    /// The CAR T-cell product
    #[arg(long, value_name = "NAME", requires = "infused")]
    product: Option<String>,
}

#[derive(Serialize)]
struct Registered<'a> {
    registered: &'a str,
    mrn: &'a str,
}

impl Register {
    pub fn run(self, setting: &Setting) -> Outcome {
        let at = setting.now().at;
        if self.born > at.date_naive() {
            return Err(Failure::refused(format!("born {} is in the future; check the date", self.born)));
        }
        let (mut ward, author) = setting.ward_to_write()?;
        let measured = |what| Fact::Measured(Measurement { what, at });
        let mut facts: Vec<Fact> = Vec::new();
        facts.extend(self.weight.map(|weight| measured(Measure::Weight(weight))));
        facts.extend(self.height.map(|height| measured(Measure::Height(height))));
        if let (Some(at), Some(product)) = (self.infused, self.product) {
            facts.push(Fact::Infused(Infusion { product, at }));
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
        let id = ward.register(identity, facts, &author, setting.recorded_at())?;
        setting.keep_initials(&author);
        if setting.common.json {
            return print_json(&Registered { registered: id.as_str(), mrn: mrn.as_str() });
        }
        say(format!("registered {id}\n"))
    }
}
