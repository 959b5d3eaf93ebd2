//! The lane of the cumulative curve.

use super::lanes::Lanes;
use egui::{Align2, Painter, Stroke, pos2};
use egui_plot::{PlotPoints, PlotTransform, PlotUi, Points};

impl Lanes<'_> {
    pub(super) fn curve(&self, plot: &mut PlotUi<'_>) {
        let stroke = Stroke::new(2.2, self.colours.accent);
        let line = egui_plot::Line::new("", PlotPoints::from(self.figure.curve.clone())).stroke(stroke);
        // A band would draw the steps of one day as one thick diagonal.
        let line = line.allow_band(false);
        plot.line(line.fill(0.0).fill_alpha(0.10).allow_hover(false));
        let steroid = self.figure.doses.iter().filter(|dose| !dose.anakinra);
        let places: Vec<[f64; 2]> = steroid.map(|dose| [dose.x, dose.y]).collect();
        plot.points(Points::new("", places).radius(2.6).color(self.colours.accent).allow_hover(false));
    }

    pub(super) fn over_curve(&self, painter: &Painter, transform: &PlotTransform) {
        self.beside(painter, transform, false);
    }

    /// Doses that are not in the totals, in the lane of their drug: undecided, or outside the window.
    pub(super) fn beside(&self, painter: &Painter, transform: &PlotTransform, anakinra: bool) {
        for dose in self.figure.beside.iter().filter(|dose| dose.anakinra == anakinra) {
            let at = pos2(transform.position_from_point_x(dose.x), transform.frame().bottom() - 2.0);
            let colour = if dose.letter == '?' { self.colours.bad } else { self.colours.quiet };
            painter.text(at, Align2::CENTER_BOTTOM, dose.letter, crate::ui::fonts::bold(15.0), colour);
        }
    }
}
