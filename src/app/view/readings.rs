//! Figures that stand only with their words: the steroid-sparing read-out and the position in published series.

use super::{FigureLine, lines};
use crate::exposure::{
    EVIDENCE, Exact, Exposure, NOT_A_LIMIT, NOT_AN_EFFECT, NoPosition, Overflow, Population, Position, Published,
    Rules, Sparing, Undecided, positions,
};
use crate::record::{Chart, time};

/// A figure with the words that it must not be shown without.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// What it is about.
    pub heading: &'static str,
    /// The figures that it is about; each can be explained.
    pub figures: Vec<FigureLine>,
    /// What it says beside them where there is little room.
    pub brief: Vec<String>,
    /// The same in full, where there is more to say: stretches, sources, other populations.
    pub full: Vec<String>,
    /// What is undecided beside the figure, in either form.
    pub undecided: Vec<String>,
    /// The words that always stand with it; empty where there is no figure.
    pub always: Vec<&'static str>,
}

impl Statement {
    fn refused(heading: &'static str, reason: impl std::fmt::Display) -> Self {
        let brief = vec![format!("none: {reason}")];
        Self { heading, figures: Vec::new(), brief, full: Vec::new(), undecided: Vec::new(), always: Vec::new() }
    }

    /// What it says in full, where there is a full form.
    pub fn whole(&self) -> &[String] {
        if self.full.is_empty() { &self.brief } else { &self.full }
    }

    /// As plain text, whole.
    pub fn as_text(&self) -> String {
        let mut text = format!("{}:\n", self.heading);
        for line in self.whole().iter().chain(&self.undecided) {
            text += &format!("  {line}\n");
        }
        for words in &self.always {
            text += &format!("  ({words})\n");
        }
        text
    }
}

/// The statements about a patient.
///
/// # Errors
/// [`Overflow`].
pub fn statements(
    chart: &Chart,
    rules: Rules<'_>,
    exposure: &Exposure,
    published: &Published,
) -> Result<Vec<Statement>, Overflow> {
    Ok(said(exposure, &positions(chart, rules, exposure, published)?))
}

/// The same where the positions are at hand.
pub(super) fn said(exposure: &Exposure, positions: &[Position<'_>]) -> Vec<Statement> {
    vec![sparing(exposure), position(positions)]
}

fn sparing(exposure: &Exposure) -> Statement {
    let heading = "Steroid-sparing read-out";
    let sparing = match &exposure.sparing {
        Ok(sparing) => sparing,
        Err(reason) => return Statement::refused(heading, reason),
    };
    let (before, after) = (sparing.before_per_day.brief(), sparing.after_per_day.brief());
    let (from, cut, until) = (sparing.from, sparing.anakinra_from, sparing.until);
    let stretch = |per_day: &str, when: &str, mg: Exact, from, until| {
        let (mg, span) = (mg.brief(), time::shown_span(until - from));
        format!(
            "{per_day} mg/day {when} the first anakinra: {mg} mg in {span}, {} to {}",
            time::shown(from),
            time::shown(until)
        )
    };
    let difference = sparing.difference_words();
    Statement {
        heading,
        figures: lines::sparing(exposure),
        brief: vec![difference.clone()],
        full: vec![
            stretch(&before, "before", sparing.before, from, cut),
            stretch(&after, "after", sparing.after, cut, until),
            difference,
        ],
        undecided: undecided(sparing),
        always: vec![NOT_AN_EFFECT],
    }
}

fn undecided(sparing: &Sparing) -> Vec<String> {
    let stretch = |when: &str, undecided: Undecided| {
        undecided.words().map(|words| format!("undecided {when} the first anakinra: {words}"))
    };
    let anakinra = match sparing.undecided_anakinra {
        0 => None,
        1 => Some("1 undecided dose of anakinra is earlier than the first that is counted".to_owned()),
        doses => Some(format!("{doses} undecided doses of anakinra are earlier than the first that is counted")),
    };
    let stretches = [stretch("before", sparing.undecided_before), stretch("after", sparing.undecided_after)];
    stretches.into_iter().flatten().chain(anakinra).collect()
}

fn position(positions: &[Position<'_>]) -> Statement {
    let heading = "Against published exposure";
    // What is missing for every series is said once.
    let common = positions.iter().find_map(|position| match position.found {
        Err(reason @ (NoPosition::NoDay0 | NoPosition::NoSteroid)) => Some(reason),
        _ => None,
    });
    if let Some(reason) = common.filter(|_| positions.iter().all(|position| position.found.is_err())) {
        return Statement::refused(heading, reason);
    }
    let own = positions.iter().filter(|position| position.population != Population::Other);
    let undecided = positions.iter().find_map(|position| position.undecided.words());
    Statement {
        heading,
        figures: Vec::new(),
        brief: own.map(Position::short).collect(),
        full: positions.iter().map(Position::sourced).collect(),
        undecided: undecided.map(|words| format!("undecided from Day 0 on: {words}")).into_iter().collect(),
        always: vec![NOT_A_LIMIT, EVIDENCE],
    }
}
