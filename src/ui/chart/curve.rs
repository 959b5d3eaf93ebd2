//! The lane of the cumulative curve.

use super::lanes::Lanes;
use egui::{Align2, FontId, Painter, Pos2, Rect, Shape, Stroke, pos2, vec2};
use egui_plot::{PlotPoints, PlotTransform, PlotUi, Points};

/// How far under the top of the lane its caption ends, in points.
const BELOW_CAPTION: f32 = 17.0;

/// How high over its line a label begins, in points.
const LABEL: f32 = 14.0;

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
        let frame = *transform.frame();
        if let Some(y) = self.figure.log_line() {
            let y = transform.position_from_point_y(y);
            let ends = [pos2(frame.left(), y), pos2(frame.right(), y)];
            painter.extend(Shape::dotted_line(&ends, self.colours.quiet, 5.0, 0.8));
        }
        self.beside(painter, transform, false);
    }

    /// Thin lines with their words: unbroken, as neither the infusion nor a plan is.
    pub(super) fn published(&self, painter: &Painter, transform: &PlotTransform) {
        let (frame, mut taken) = (*transform.frame(), Vec::new());
        let (above, lines): (Vec<_>, Vec<_>) = self.figure.published.iter().partition(|line| line.is_above);
        for line in above {
            let at = frame.left_top() + vec2(4.0, BELOW_CAPTION);
            self.label(painter, &format!("↑ {}", line.label), at, &mut taken);
        }
        for line in lines {
            let y = transform.position_from_point_y(line.y);
            let to = if line.to.is_finite() { transform.position_from_point_x(line.to) } else { frame.right() };
            let from = transform.position_from_point_x(line.from).max(frame.left());
            if from >= to.min(frame.right()) {
                continue;
            }
            painter.hline(from..=to.min(frame.right()), y, (1.0, self.colours.quiet));
            // Under its line where the caption has the place over it.
            let over = y - LABEL;
            let at = if over > frame.top() + BELOW_CAPTION { over } else { y + 1.0 };
            self.label(painter, &line.label, pos2(from + 4.0, at), &mut taken);
        }
    }

    /// Words on a ground of their own, further down where others stand already. A curve under it is seen.
    fn label(&self, painter: &Painter, words: &str, at: Pos2, taken: &mut Vec<Rect>) {
        let galley = painter.layout_no_wrap(words.to_owned(), FontId::proportional(10.5), self.colours.quiet);
        let mut rect = Rect::from_min_size(at, galley.size());
        for other in taken.iter() {
            if other.intersects(rect) {
                rect = rect.translate(vec2(0.0, other.bottom() + 1.0 - rect.top()));
            }
        }
        taken.push(rect);
        painter.rect_filled(rect.expand2(vec2(2.0, 0.0)), 2.0, self.colours.card.gamma_multiply(0.6));
        painter.galley(rect.min, galley, self.colours.quiet);
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
