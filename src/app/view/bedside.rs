//! The five figures of the bedside view: how much, how fast, since when, how much at most, and anakinra. They are lines of
//! the figure panel, so that no two places can disagree.

use super::{FigureLine, lines};
use crate::exposure::FigureName;

/// The five figures, with what is undecided directly under the total.
pub(super) fn figures(panel: &[FigureLine]) -> Vec<FigureLine> {
    let figure = |name: FigureName| panel.iter().find(|line| line.explains == Some(name)).cloned();
    let or_none = |name, label| figure(name).unwrap_or_else(|| lines::line(label, "none".to_owned(), ""));
    let mut figures = vec![or_none(FigureName::Total, "Cumulative")];
    figures.extend(figure(FigureName::Undecided));
    figures.extend([
        or_none(FigureName::Last24h, "Last 24 h"),
        or_none(FigureName::LastDose, "Since last dose"),
        or_none(FigureName::PeakDay, "Peak day"),
        or_none(FigureName::Anakinra, "Anakinra total"),
    ]);
    figures
}
