//! `corticurve project`

use super::{Failure, Outcome, Setting, findings, plan, print_json, say};
use crate::app::view::plan::{reached_words, stage_lines, to_come};
use crate::exchange::projection::{Named, projections_json};
use crate::exposure::{Exact, Exposure, PlanSum, PlannedDay, Projection, Rules, compared, planned_days};
use crate::record::{Amount, Mrn, Plan, Recorded, Zone, time};

/// Where the recorded plans lead, and where others would.
#[derive(Debug, clap::Args)]
pub struct Project {
    /// The patient's MRN
    mrn: Mrn,
    /// Another plan to compare, written as for `plan`; it is never stored. Can be given several times
    #[arg(long, value_name = "LINE")]
    what_if: Vec<String>,
    /// A total in mg: says with which expected dose it is reached
    #[arg(long, value_name = "MG", value_parser = milligrams)]
    reach: Option<Amount>,
}

/// `150` or `150 mg`.
fn milligrams(text: &str) -> Result<Amount, String> {
    let bare = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let amount = if bare { Amount::from_parts(text, "mg") } else { text.parse() };
    amount.map_err(|error| error.to_string())
}

/// The names of what is only supposed; more are not told apart at a glance.
const LETTERS: [&str; 8] = ["A", "B", "C", "D", "E", "F", "G", "H"];

impl Project {
    pub fn run(self, setting: &Setting) -> Outcome {
        if self.what_if.len() > LETTERS.len() {
            return Err(Failure::unusable(format!("at most {} plans are compared; leave some out", LETTERS.len())));
        }
        let ward = setting.ward()?;
        let patient = ward.by_mrn(&self.mrn)?;
        let (rules, exposure) = (setting.reference.rules(), setting.exposure(patient)?);
        let now = crate::record::Now { at: exposure.as_of, ..setting.now() };
        let recorded: Vec<&Recorded<Plan>> = patient.chart.plans.iter().filter(|plan| !plan.struck_out).collect();
        let plans: Vec<&Plan> = recorded.iter().map(|plan| &plan.value).collect();
        let projected = |plans: &[&Plan]| Projection::of(&exposure, plans, rules, now.zone).map_err(Failure::refused);
        let mut found: Vec<(&str, Option<&str>, Projection)> = Vec::new();
        if !plans.is_empty() {
            found.push(("plan", None, projected(&plans)?));
        }
        for (name, line) in LETTERS.into_iter().zip(&self.what_if) {
            let plan = plan::read(line, patient, now, setting)?;
            let supposed = Projection::supposing(&exposure, &plan, rules, now.zone).map_err(Failure::refused)?;
            found.push((name, Some(line), supposed));
        }
        let days = planned_days(&exposure, &plans, rules, now.zone).map_err(Failure::refused)?;
        let named: Vec<Named<'_>> =
            found.iter().map(|(name, line, projection)| Named { name, line: *line, projection }).collect();
        let reach = self.reach.map(Exact::milligrams);
        if setting.common.json {
            print_json(&projections_json(&self.mrn, rules.table, &exposure, &recorded, &days, &named, reach))?;
        } else if named.is_empty() {
            say("no plan is recorded; look at one with --what-if \"dex 4 iv daily x3\"\n")?;
        } else {
            say(text(&exposure, (rules, now.zone), &recorded, &days, &named, reach)?)?;
        }
        findings(&ward, &[patient])
    }
}

/// Everything for people.
fn text(
    exposure: &Exposure,
    (rules, zone): (Rules<'_>, &dyn Zone),
    plans: &[&Recorded<Plan>],
    days: &[PlannedDay],
    named: &[Named<'_>],
    reach: Option<Exact>,
) -> Result<String, Failure> {
    let (as_of, table) = (time::shown_exactly(exposure.as_of, zone), rules.table.named());
    let window = exposure.window.shown(exposure.infusion.is_some());
    let (total, out) = (exposure.total.brief(), rules.reading.out_words());
    let mut text = vec![format!("{total} mg, {window}, as of {as_of}, table {table}{out}\n")];
    for plan in plans {
        let (by, at) = (&plan.stamp.by, time::shown(plan.stamp.at));
        text.push(format!("plan recorded by {by} {at}\n"));
        let sum = PlanSum::of(&plan.value, rules, zone).map_err(Failure::refused)?;
        text.extend(stage_lines(&plan.value, &sum, rules).into_iter().map(|line| format!("  {line}\n")));
    }
    text.extend(days_table(days, exposure));
    for it in named {
        let name = it.line.map_or_else(|| it.name.to_owned(), |line| format!("{} (what if: {line})", it.name));
        text.push(format!("\n{name}\n  {}\n", to_come(it.projection, rules.formulary)));
        text.extend(reach.map(|target| format!("  {}.\n", reached_words(it.projection, target, exposure))));
        for step in it.projection.steps.iter().chain(&it.projection.anakinra) {
            let (at, drug) = (time::shown_exactly(step.at, zone), rules.formulary.shown(&step.drug));
            let running = if step.running { ", still running" } else { "" };
            text.push(format!("  {at}  {drug} {} mg{running} → {} mg\n", step.mg.brief(), step.total.brief()));
        }
    }
    text.extend(compared_table(named));
    text.push("\nPlanned is not given: none of it is in any total. Arithmetic, not advice.\n".to_owned());
    Ok(text.concat())
}

/// Planned against given, one date a line.
fn days_table(days: &[PlannedDay], exposure: &Exposure) -> Vec<String> {
    if days.is_empty() {
        return Vec::new();
    }
    let mut lines = vec!["\nmg per day    Day    planned    given    planned anakinra    given anakinra\n".to_owned()];
    for day in days {
        let number = exposure.day_of(day.date).map(|day| day.to_string()).unwrap_or_default();
        // What will be given on a day to come is not known, and not zero.
        let [planned, given, planned_anakinra, given_anakinra] =
            [Some(day.planned), day.given, Some(day.planned_anakinra), day.given_anakinra]
                .map(|mg| mg.map_or_else(|| "–".to_owned(), Exact::brief));
        let beyond = if day.beyond > 0 { format!("    ? and {} not converted", day.beyond) } else { String::new() };
        lines.push(format!(
            "{}  {number:>4} {planned:>10} {given:>8} {planned_anakinra:>19} {given_anakinra:>17}{beyond}\n",
            time::shown_date(day.date)
        ));
    }
    lines
}

/// All projections at the end of each date, where there are several.
fn compared_table(named: &[Named<'_>]) -> Vec<String> {
    if named.len() < 2 {
        return Vec::new();
    }
    let heading: Vec<String> = named.iter().map(|it| format!("{:>10}", it.name)).collect();
    let mut lines = vec![format!("\ntotal mg by the end of{}\n", heading.concat())];
    let projections: Vec<&Projection> = named.iter().map(|it| it.projection).collect();
    for (date, totals) in compared(&projections) {
        let totals: Vec<String> = totals.iter().map(|mg| format!("{:>10}", mg.brief())).collect();
        lines.push(format!("{:<22}{}\n", time::shown_date(date), totals.concat()));
    }
    lines
}
