//! The five figures of the bedside view: how much, how fast, since when, how much at most, and anakinra. They are lines of
//! the figure panel, so that no two places can disagree.

use super::{FigureLine, anakinra, lines};
use crate::exposure::FigureName;

impl FigureLine {
    /// Whether it stands smaller beside one of the five: what may belong in it, or was given before Day 0.
    pub fn is_beside(&self) -> bool {
        matches!(self.explains, Some(FigureName::Undecided | FigureName::BeforeDay0))
            || self.label == anakinra::BEFORE_DAY0
    }
}

/// The five figures, with what is undecided and what was given before Day 0 directly under the total that leaves them out.
pub(super) fn figures(panel: &[FigureLine]) -> Vec<FigureLine> {
    let figure = |name: FigureName| panel.iter().find(|line| line.explains == Some(name)).cloned();
    let or_none = |name, label| figure(name).unwrap_or_else(|| lines::line(label, "none".to_owned(), ""));
    let mut figures = vec![or_none(FigureName::Total, "Cumulative")];
    figures.extend(figure(FigureName::Undecided));
    figures.extend(figure(FigureName::BeforeDay0));
    figures.extend([
        or_none(FigureName::Last24h, "Last 24 h"),
        or_none(FigureName::LastDose, "Since last dose"),
        or_none(FigureName::PeakDay, "Peak day"),
        or_none(FigureName::Anakinra, "Anakinra total"),
    ]);
    figures.extend(panel.iter().find(|line| line.label == anakinra::BEFORE_DAY0).cloned());
    figures
}
