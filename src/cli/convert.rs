//! `corticurve convert`

use super::{Failure, Outcome, Setting, print_json, say};
use crate::exchange::summary::ConvertJson;
use crate::exposure::{Exact, Table};
use crate::record::{Amount, Class, DrugId};

/// One conversion.
#[derive(Debug, clap::Args)]
pub struct Convert {
    /// The amount and its drug: "7.96 mg dexamethasone"
    #[arg(allow_hyphen_values = true)]
    amount: String,
    /// The other drug
    #[arg(long, value_name = "DRUG")]
    to: String,
    /// The conversion table, a shipped one or one of the unit's [default: the one in the unit's settings, else fda-label]
    #[arg(long, value_name = "ID")]
    table: Option<String>,
}

impl Convert {
    pub fn run(self, setting: &Setting) -> Outcome {
        setting.unit()?;
        setting.has_ward()?;
        let table = setting.reference.rules_with(self.table.as_deref()).map_err(Failure::unusable)?.table;
        let words: Vec<&str> = self.amount.split_whitespace().collect();
        let (drug, amount) = match words.as_slice() {
            [amount @ .., drug] if !amount.is_empty() => (*drug, amount.join(" ")),
            _ => return Err(Failure::unusable("write the amount and its drug, like \"7.96 mg dexamethasone\"")),
        };
        let amount: Amount = amount.parse().map_err(Failure::unusable)?;
        let formulary = &setting.reference.formulary;
        let from = &formulary.find(drug).map_err(Failure::unusable)?.id;
        let to = &formulary.find(&self.to).map_err(Failure::unusable)?.id;
        let lacking = |drug: &DrugId| {
            let listing = |table: &&Table| [from, to].iter().all(|drug| table.equivalent(drug).is_some());
            let others: Vec<&str> =
                setting.reference.tables.iter().filter(listing).map(|table| table.id.as_str()).collect();
            let shown = formulary.shown(drug);
            let why = match formulary.class(drug) {
                Some(Class::Glucocorticoid) if others.is_empty() => "no other table lists both drugs either".to_owned(),
                Some(Class::Glucocorticoid) => format!("take another with --table: {}", others.join(", ")),
                _ => format!("{shown} is not a glucocorticoid, so there is no equivalent amount"),
            };
            Failure::refused(format!("table {} does not list {shown}, and nothing is guessed: {why}", table.id))
        };
        for drug in [from, to] {
            table.equivalent(drug).ok_or_else(|| lacking(drug))?;
        }
        let mg = table.convert(Exact::milligrams(amount), from, to).ok_or_else(|| lacking(to))?;
        let mg = mg.map_err(Failure::refused)?;
        if setting.common.json {
            return print_json(&ConvertJson::new(from, amount, to, mg, table));
        }
        say(format!(
            "{} {} = {} mg {} (table {})\n",
            amount.shown(),
            formulary.shown(from),
            mg.shown(6),
            formulary.shown(to),
            table.named()
        ))
    }
}
