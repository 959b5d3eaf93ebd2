//! Plans and projections in words, for the window and the command line; and on the chart.

use super::lines::line;
use super::{FigureLine, day_label};
use crate::exposure::figure::Figure;
use crate::exposure::{
    Exact, Exposure, PlanSum, PlannedError, Projection, Reached, Rules, StageSum, due_words, planned_days,
};
use crate::record::{Chart, Formulary, Moment, Plan, Recorded, Stage, Zone, counted, standing, time};

/// Said where a number has a dose in it that will not be in it any more once the plan is saved.
const AT_ONCE: &str = "The dose of now is in it; of a plan that is saved it counts once it is recorded.";
/// The letter of what is only supposed, on the chart; drugs have the letters from A on.
pub const WHAT_IF: char = 'W';

/// The figure with what is planned, and what the panel says of it. A plan that cannot be worked out hides nothing else.
pub(super) fn drawn(
    figure: Figure,
    chart: &Chart,
    exposure: &Exposure,
    (rules, zone): (Rules<'_>, &dyn Zone),
    what_if: Option<&Plan>,
) -> (Figure, Vec<FigureLine>) {
    let plans: Vec<&Plan> = standing(&chart.plans).collect();
    let project = |plans: &[&Plan]| Projection::of(exposure, plans, rules, zone);
    let (mut figure, mut lines) = (figure, Vec::new());
    match project(&plans).and_then(|projection| Ok((projection, planned_days(exposure, &plans, rules, zone)?))) {
        Ok((projection, days)) => {
            figure = figure.continued(None, &projection).with_planned_days(&days, exposure);
            lines = panel_lines(&projection, exposure, rules.formulary);
        }
        Err(error) => lines.push(line(&format!("? Plans: {error}"), "not drawn".to_owned(), "")),
    }
    // What is wrong with a line that is only supposed is said where it is typed.
    if let Some(Ok(supposed)) = what_if.map(|plan| Projection::supposing(exposure, plan, rules, zone)) {
        figure = figure.continued(Some(WHAT_IF), &supposed);
    }
    (figure, lines)
}

/// The lines of the figure panel.
fn panel_lines(projection: &Projection, exposure: &Exposure, formulary: &Formulary) -> Vec<FigureLine> {
    let by = |at: Moment| match exposure.day_of(at.date_naive()) {
        Some(day) => format!("by {}", day_label(day)),
        None => format!("by {}", time::shown_date(at.date_naive())),
    };
    let mg = |mg: Exact| format!("{} mg", mg.brief());
    let steroid = projection.steps.last();
    let anakinra = projection.anakinra.last();
    let note = |due| due_words(due).map_or_else(|| "not given".to_owned(), |due| format!("not given; {due}"));
    let mut lines = Vec::new();
    lines
        .extend(steroid.map(|step| {
            line(&format!("With the plan, {}", by(step.at)), mg(step.total), note(projection.due_steroid))
        }));
    lines.extend(anakinra.map(|step| {
        line(&format!("Anakinra with the plan, {}", by(step.at)), mg(step.total), note(projection.due_anakinra))
    }));
    let beyond = beyond_words(projection, formulary);
    lines.extend(beyond.into_iter().map(|words| line(&format!("? Planned: {words}"), "not converted".to_owned(), "")));
    lines
}

/// A plan stage by stage, with what each comes to; then what the whole would make of the total.
///
/// # Errors
/// [`PlannedError`].
pub fn plan_lines(
    plan: &Plan,
    exposure: &Exposure,
    rules: Rules<'_>,
    zone: &dyn Zone,
) -> Result<Vec<String>, PlannedError> {
    let sum = PlanSum::of(plan, rules, zone)?;
    let projection = Projection::supposing(exposure, plan, rules, zone)?;
    let mut lines = stage_lines(plan, &sum, rules);
    let mut whole = Vec::new();
    if sum.equivalent.is_positive() {
        whole.push(format!("{} mg dexamethasone-equivalent", sum.equivalent.brief()));
    }
    if sum.anakinra.is_positive() {
        whole.push(format!("{} mg anakinra", sum.anakinra.brief()));
    }
    if !whole.is_empty() {
        lines.push(format!("In all {} planned, not given.", whole.join(" and ")));
    }
    lines.push(to_come(&projection, rules.formulary));
    Ok(lines)
}

/// Each stage with what it comes to.
pub fn stage_lines(plan: &Plan, sum: &PlanSum, rules: Rules<'_>) -> Vec<String> {
    plan.stages.iter().zip(&sum.stages).map(|(stage, sum)| stage_line(stage, sum, rules)).collect()
}

/// `dexAMETHasone 10 mg IV every 6 h: 8 doses, 22-Nov-2026 14:32 to 24-Nov-2026 08:32, 80 mg`
fn stage_line(stage: &Stage, sum: &StageSum, rules: Rules<'_>) -> String {
    let ordered = stage.ordered.map(|ordered| format!(" ({ordered})")).unwrap_or_default();
    let route = stage.route.map_or("route not stated", crate::record::Route::short);
    let drug = rules.formulary.shown(&stage.drug);
    let doses = counted(sum.doses, "dose");
    let between = match sum.between {
        Some((first, last)) if first == last => format!(", {}", time::shown(first)),
        Some((first, last)) => format!(", {} to {}", time::shown(first), time::shown(last)),
        None => String::new(),
    };
    let comes_to = match sum.left_out {
        Some(reason) => format!("; no total can hold them: {}", reason.words()),
        None if sum.equivalent.is_positive() && sum.equivalent != sum.mg => {
            format!(" = {} mg dexamethasone-equivalent", sum.equivalent.brief())
        }
        None => String::new(),
    };
    let (amount, every) = (stage.amount.shown(), stage.every.shown());
    format!("{drug} {amount}{ordered} {route} {every}: {doses}{between}, {} mg{comes_to}", sum.mg.brief())
}

/// What the doses still to come would make of the total: `To come: total 118 → 191 mg by 24-Nov-2026 08:32.` Doses that
/// were due by now are given and recorded, or they are not; how many that are is said.
pub fn to_come(projection: &Projection, formulary: &Formulary) -> String {
    let mut parts = Vec::new();
    if let Some(last) = projection.steps.last() {
        let (start, end) = (projection.start.brief(), projection.end().brief());
        parts.push(format!("total {start} → {end} mg by {}", time::shown(last.at)));
    }
    if let Some(last) = projection.anakinra.last() {
        let (start, end) = (projection.anakinra_start.brief(), projection.anakinra_end().brief());
        parts.push(format!("anakinra {start} → {end} mg by {}", time::shown(last.at)));
    }
    parts.extend(beyond_words(projection, formulary));
    let due = due_words(projection.due).map(|due| format!(" {due}.")).unwrap_or_default();
    let due = if projection.at_once > 0 { format!(" {AT_ONCE}{due}") } else { due };
    let running = projection.steps.iter().chain(&projection.anakinra).any(|step| step.running);
    let due = if running { format!(" What is still to run of an infusion is in it.{due}") } else { due };
    if parts.is_empty() { format!("Nothing is to come.{due}") } else { format!("To come: {}.{due}", parts.join("; ")) }
}

/// `18 mg deflazacort in 3 doses, not in table`, for each drug that no total can hold.
fn beyond_words(projection: &Projection, formulary: &Formulary) -> Vec<String> {
    let words = |beyond: &crate::exposure::Beyond| {
        let (mg, drug, doses) = (beyond.mg.brief(), formulary.shown(&beyond.drug), counted(beyond.doses, "dose"));
        format!("{mg} mg {drug} in {doses}, {}", beyond.reason.words())
    };
    projection.beyond.iter().map(words).collect()
}

/// When a chosen total is reached: `150 mg is reached on Day +12, 25-Nov-2026 08:00, with 152 mg`.
pub fn reached_words(projection: &Projection, target: Exact, exposure: &Exposure) -> String {
    let mg = target.brief();
    match projection.reaches(target) {
        Reached::Already { total } => format!("{mg} mg is already reached: {} mg so far", total.brief()),
        Reached::At { at, total } => {
            let day = exposure.day_of(at.date_naive()).map(|day| format!("Day {day}, ")).unwrap_or_default();
            format!("{mg} mg is reached on {day}{}, with {} mg", time::shown(at), total.brief())
        }
        Reached::NotByTheEnd { total } => {
            format!("{mg} mg is not reached by the end of the plan, which makes {} mg", total.brief())
        }
    }
}

/// The recorded plans for a drug of this plan that still have doses to come: they stand beside it and are added to it.
pub fn still_standing<'a>(chart: &'a Chart, plan: &Plan, as_of: Moment, zone: &dyn Zone) -> Vec<&'a Recorded<Plan>> {
    let is_of_a_drug = |stage: &Stage| plan.stages.iter().any(|planned| planned.drug == stage.drug);
    let to_come = |stage: &Stage| stage.times(zone).is_ok_and(|times| times.last().is_some_and(|last| *last > as_of));
    let stands = |other: &&Recorded<Plan>| {
        !other.struck_out && other.value.stages.iter().any(|stage| is_of_a_drug(stage) && to_come(stage))
    };
    chart.plans.iter().filter(stands).collect()
}

/// What to look at before a plan is recorded beside others.
pub fn still_standing_words(standing: &[&Recorded<Plan>]) -> Option<String> {
    let last = standing.last()?;
    let when = time::shown(last.stamp.at);
    let which = match standing.len() {
        1 => format!("the plan that {} recorded {when} still stands", last.stamp.by),
        plans => format!("{plans} plans still stand, the last recorded {when} by {}", last.stamp.by),
    };
    Some(format!("{which}, and this one is added to it; strike out what this one replaces"))
}
