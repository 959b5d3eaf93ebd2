//! What is planned, over the lanes: dashed lines and hollow bars, never the look of what was given.
//!
//! All of it is painted and is no item of the plot, or it would widen the stretch of its lane and of no other.

use super::lanes::{Lane, Lanes, bar_rect};
use egui::{Align2, FontId, Painter, Pos2, Shape, Stroke, StrokeKind, pos2, vec2};
use egui_plot::{PlotPoint, PlotTransform};

impl Lanes<'_> {
    /// The plans in one lane.
    pub(super) fn planned(&self, painter: &Painter, transform: &PlotTransform, lane: Lane) {
        let (bars, colour) = match lane {
            Lane::Daily => (&self.figure.planned_daily, self.colours.accent),
            Lane::Anakinra => (&self.figure.planned_anakinra, self.colours.anakinra),
            Lane::Curve => return self.continuations(painter, transform),
            Lane::Grades => return,
        };
        for bar in bars {
            painter.rect_stroke(bar_rect(transform, bar), 0.0, Stroke::new(1.0, colour), StrokeKind::Inside);
        }
    }

    fn continuations(&self, painter: &Painter, transform: &PlotTransform) {
        for plan in &self.figure.continuations {
            let place = |[x, y]: [f64; 2]| transform.position_from_point(&PlotPoint::new(x, y));
            let points: Vec<Pos2> = plan.line.iter().copied().map(place).collect();
            let at = place(plan.label_at);
            // The two are told apart by their dashes and by a letter, not by colour alone.
            let (colour, dash, gap) = match plan.letter {
                None => (self.colours.accent, 6.0, 4.0),
                Some(_) => (self.colours.bad, 2.0, 3.0),
            };
            let (anchor, away) = if plan.label_below { (Align2::RIGHT_TOP, 4.0) } else { (Align2::RIGHT_BOTTOM, -4.0) };
            painter.extend(Shape::dashed_line(&points, Stroke::new(1.8, colour), dash, gap));
            let label = painter.layout_no_wrap(plan.label.clone(), FontId::proportional(11.0), colour);
            let frame = transform.frame();
            if points.first().is_none_or(|first| first.x > frame.right()) || at.x < frame.left() {
                continue;
            }
            // A label names an amount: where the end of the line is not seen, it stands at the edge, whole.
            let rect = anchor.anchor_size(pos2(at.x - 3.0, at.y + away), label.size());
            let rect = rect.translate(vec2((frame.right() - 3.0 - rect.right()).min(0.0), 0.0));
            let rect = rect.translate(vec2(0.0, (frame.top() + 1.0 - rect.top()).max(0.0)));
            // Under the title of the lane, where there is no room beside it: the title is drawn over it.
            let title = self.caption_on(painter, transform, Lane::Curve).map(|(_, ground)| ground);
            let title = title.filter(|title| title.intersects(rect));
            let rect = title.map_or(rect, |title| rect.translate(vec2(0.0, title.bottom() + 1.0 - rect.top())));
            // The hatch of time that is not checked would make the number hard to read; a curve under it is seen.
            let ground = if title.is_some() { self.colours.card.gamma_multiply(0.5) } else { self.colours.card };
            painter.rect_filled(rect.expand2(vec2(2.0, 0.0)), 2.0, ground);
            painter.galley(rect.min, label, colour);
        }
    }
}
