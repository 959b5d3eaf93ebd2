//! Plans of the open patient: what is typed, and what it would come to.

use super::App;
use super::form::Form;
use super::view::plan::{plan_lines, reached_words, still_standing, still_standing_words};
use crate::exposure::{Exact, Exposure, Projection, due_words};
use crate::record::{Amount, Plan, quick, standing};

/// Another plan for the open patient. It is drawn on the chart and never stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhatIf {
    /// The line that was typed.
    pub line: String,
    /// The total that was asked about, as typed.
    pub reach: String,
    /// What the line says.
    pub plan: Plan,
}

impl App {
    /// Reads a plan for the open patient, with the weight in force now.
    pub(super) fn read_plan(&self, line: &str) -> Result<Plan, String> {
        let (chart, now) = (&self.patient().ok_or("open a patient first")?.chart, self.now_here());
        let weight = chart.weight_at(now.at).map(|(weight, _)| weight);
        let context = quick::Context { formulary: &self.reference.formulary, now, weight };
        quick::parse_plan(line, &self.reference.frequencies, context).map_err(|error| error.to_string())
    }

    /// What a plan that is being typed comes to, in lines.
    pub(super) fn plan_echo(&self, form: &Form) -> Result<String, String> {
        let plan = self.read_plan(form.value("Plan"))?;
        let mut lines = self.lines_of(&plan)?;
        let (chart, now) = (&self.patient().ok_or("open a patient first")?.chart, self.now_here());
        let others = still_standing(chart, &plan, now.at, now.zone);
        lines.extend(still_standing_words(&others).map(|words| format!("? {words} (Ctrl+B).")));
        Ok(lines.join("\n"))
    }

    /// The answers to a form that only asks: what its plan comes to, and when its total is reached. Without a line it is
    /// about the recorded plans.
    pub(super) fn what_if_echo(&self, form: &Form) -> Result<String, String> {
        let (line, reach) = (form.value("What if"), form.value("Reach, in mg"));
        let target = match reach {
            "" => None,
            text => Some(Amount::from_parts(text, "mg").map_err(|error| format!("Reach, in mg: {error}"))?),
        };
        let exposure = &self.settled()?.exposure;
        let chart = &self.patient().ok_or("open a patient first")?.chart;
        let mut lines = Vec::new();
        let mut asked: Vec<(&str, Projection)> = Vec::new();
        let recorded: Vec<&Plan> = standing(&chart.plans).collect();
        if !recorded.is_empty() {
            asked.push(("As planned: ", self.project(exposure, &recorded)?));
        }
        if !line.is_empty() {
            let plan = self.read_plan(line)?;
            lines.extend(self.lines_of(&plan)?);
            let (rules, zone) = (self.reference.rules(), self.clock.zone());
            let supposed = Projection::supposing(exposure, &plan, rules, zone).map_err(|error| error.to_string())?;
            asked.push(("What if: ", supposed));
        }
        if asked.is_empty() {
            return Err("no plan is recorded yet; write one here to look at it".to_owned());
        }
        if let Some(target) = target.map(Exact::milligrams) {
            let due = |plan: &Projection| due_words(plan.due_steroid).map(|due| format!("; {due}")).unwrap_or_default();
            let reached = |plan: &Projection| reached_words(plan, target, exposure) + &due(plan);
            lines.extend(asked.iter().map(|(whose, plan)| format!("{whose}{}.", reached(plan))));
        }
        if lines.is_empty() {
            lines.push("Write a total in mg to see when the recorded plan reaches it, or another plan.".to_owned());
        }
        Ok(lines.join("\n"))
    }

    fn project(&self, exposure: &Exposure, plans: &[&Plan]) -> Result<Projection, String> {
        let (rules, zone) = (self.reference.rules(), self.clock.zone());
        Projection::of(exposure, plans, rules, zone).map_err(|error| error.to_string())
    }

    fn lines_of(&self, plan: &Plan) -> Result<Vec<String>, String> {
        let exposure = &self.settled()?.exposure;
        let (rules, zone) = (self.reference.rules(), self.clock.zone());
        plan_lines(plan, exposure, rules, zone).map_err(|error| error.to_string())
    }
}
