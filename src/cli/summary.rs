//! `corticurve summary`

use super::{Failure, Outcome, Setting, findings, print_json, say, tell};
use crate::app::view::{ExplanationView, FigureLine, figure_lines, questions, statements};
use crate::app::ward::{Patient, Ward};
use crate::exchange::explanation::ExplanationJson;
use crate::exchange::summary::{PatientSummary, SummaryJson};
use crate::exposure::{self, Exposure, FigureName, Overflow, Published, Rules, Window, parse_purpose, positions};
use crate::record::{Identity, Moment, Mrn, Now, Zone, time};

/// The figures of some or all patients.
#[derive(Debug, clap::Args)]
pub struct Summary {
    /// The patients' MRNs [default: all]
    #[arg(value_name = "MRN")]
    mrns: Vec<Mrn>,
    /// The stretch of time: day0, day30, 24h, 72h, 7d, all, episode1, or FROM..TO like 2026-11-13..2026-11-20
    #[arg(long, default_value = "day0")]
    window: String,
    /// The conversion table, a shipped one or one of the unit's [default: the one in the unit's settings, else fda-label]
    #[arg(long, value_name = "ID")]
    table: Option<String>,
    /// Count no dose for this purpose ("not stated" for those without one); may be given more than once
    #[arg(long, value_name = "PURPOSE")]
    without: Vec<String>,
    /// The doses that make one figure, with factors and products, like total, undecided or day7
    #[arg(long, value_name = "FIGURE")]
    explain: Option<String>,
}

impl Summary {
    pub fn run(self, setting: &Setting) -> Outcome {
        let rules = setting.reference.rules_with(self.table.as_deref()).map_err(Failure::unusable)?;
        let mut reading = rules.reading.clone();
        let without = self.without.iter().map(|word| parse_purpose(word));
        for purpose in without.collect::<Result<Vec<_>, _>>().map_err(Failure::unusable)? {
            if !reading.purposes_out.contains(&purpose) {
                reading.purposes_out.push(purpose);
            }
        }
        let rules = Rules { reading: &reading, ..rules };
        let figure = self.explain.as_deref().map(FigureName::parse).transpose().map_err(Failure::unusable)?;
        let now = setting.now();
        let window = Window::parse(&self.window, now.zone).map_err(Failure::unusable)?;
        let ward = setting.ward()?;
        let patients = Setting::patients(&ward, &self.mrns)?;
        let (patients, without_episode) = of_episode(patients, window, |patient| setting.as_of(patient));
        if let Some(figure) = figure {
            return explain(setting, (rules, window, figure), &ward, &patients);
        }
        let mut json = SummaryJson::new(rules, &self.window, now.at);
        let (mut text, mut failed) = (Vec::new(), 0);
        for patient in &patients {
            let as_of = setting.as_of(patient);
            let asked = questions(&patient.chart, rules.formulary, as_of, Now { at: as_of, zone: now.zone });
            let asked: Vec<String> = asked.into_iter().map(|question| question.words).collect();
            let shown = Exposure::of(&patient.chart, rules, window, as_of).and_then(|exposure| {
                if setting.common.json {
                    let positions = positions(&patient.chart, rules, &exposure, &setting.reference.published)?;
                    let summary = PatientSummary::of(&patient.id, patient.identity(), &exposure);
                    json.patients.push(summary.with_positions(&positions).with_questions(asked));
                } else {
                    let figures = paragraph(patient, (rules, now.zone), &exposure, &setting.reference.published)?;
                    let asked = asked.iter().map(|words| format!("  ? {words}\n"));
                    text.push(std::iter::once(figures).chain(asked).collect::<String>());
                }
                Ok(())
            });
            match shown {
                Ok(()) => {}
                // One patient whose amounts cannot be added up does not hide the others.
                Err(error) => {
                    tell(format!("patient {}: {error}", patient.id));
                    failed += 1;
                }
            }
        }
        if setting.common.json {
            print_json(&json)?;
        } else if ward.patients().is_empty() {
            say("no patient is registered\n")?;
        } else {
            say(text.join("\n"))?;
        }
        findings(&ward, &patients)?;
        if failed + without_episode > 0 { Err(Failure::refused("not every patient is shown")) } else { Ok(()) }
    }
}

/// The patients that have the episode that is asked for, and how many have not; each of those is named.
fn of_episode(patients: Vec<&Patient>, window: Window, as_of: impl Fn(&Patient) -> Moment) -> (Vec<&Patient>, usize) {
    let Window::Episode(number) = window else { return (patients, 0) };
    let has = |patient: &&Patient| window.place(&patient.chart, as_of(patient)).0.is_some();
    let (with, without): (Vec<_>, Vec<_>) = patients.into_iter().partition(has);
    for patient in &without {
        tell(format!("patient {}: no infusion {number} is recorded, so there is no episode {number}", patient.id));
    }
    (with, without.len())
}

/// What `--explain` prints.
fn explain(
    setting: &Setting,
    (rules, window, figure): (Rules<'_>, Window, FigureName),
    ward: &Ward,
    patients: &[&Patient],
) -> Outcome {
    let mut explained = Vec::new();
    let mut text = Vec::new();
    for patient in patients {
        let (chart, as_of) = (&patient.chart, setting.as_of(patient));
        let exposure = Exposure::of(chart, rules, window, as_of).map_err(Failure::refused)?;
        if setting.common.json {
            let explanation = exposure::explain(chart, rules, &exposure, figure).map_err(Failure::refused)?;
            let named = |found| ExplanationJson::of(&patient.id, patient.identity(), as_of, found);
            explained.extend(explanation.map(named));
        } else {
            let view = ExplanationView::of(chart, rules, &exposure, figure, setting.now().zone);
            let named = |view: ExplanationView| {
                format!("{}, as of {}\n{}", patient.shown_name(), time::shown(as_of), view.as_text())
            };
            text.extend(view.map_err(Failure::refused)?.map(named));
        }
    }
    let shown = explained.len() + text.len();
    if setting.common.json {
        print_json(&serde_json::json!({ "figure": figure.word(), "patients": explained }))?;
    } else {
        say(text.join("\n"))?;
    }
    findings(ward, patients)?;
    if shown < patients.len() {
        let without = patients.len() - shown;
        return Err(Failure::refused(format!("{without} of the patients have no such figure: {}", figure.word())));
    }
    Ok(())
}

/// One patient for people.
fn paragraph(
    patient: &Patient,
    (rules, zone): (Rules<'_>, &dyn Zone),
    exposure: &Exposure,
    published: &Published,
) -> Result<String, Overflow> {
    // A patient without a name is shown by the MRN already.
    let named = |identity: &&Identity| !(identity.family.is_empty() && identity.given.is_empty());
    let mrn = patient.identity().filter(named).map_or_else(String::new, |identity| format!(", MRN {}", identity.mrn));
    let shifted = patient.identity().is_some_and(|identity| identity.dates_shifted);
    let shifted = if shifted { " (the source shifted its dates)" } else { "" };
    let (name, as_of, table) = (patient.shown_name(), time::shown_exactly(exposure.as_of, zone), rules.table.named());
    let mut text = vec![format!("{name}{mrn}, as of {as_of}{shifted}, table {table}{}\n", exposure.without)];
    let mut lines = figure_lines(rules, exposure);
    lines.extend(exposure.landmarks.iter().map(|landmark| FigureLine {
        label: format!("Days 0 to {}", landmark.day),
        value: format!("{} mg", landmark.mg.brief()),
        note: if landmark.complete { String::new() } else { "so far".to_owned() },
        explains: None,
    }));
    let width = lines.iter().map(|line| line.label.chars().count()).max().unwrap_or_default();
    for line in lines {
        let note = if line.note.is_empty() { String::new() } else { format!(", {}", line.note) };
        text.push(format!("  {:<width$}  {}{note}\n", line.label, line.value));
    }
    for statement in statements(&patient.chart, rules, exposure, published)? {
        text.extend(statement.as_text().lines().map(|line| format!("  {line}\n")));
    }
    Ok(text.concat())
}
