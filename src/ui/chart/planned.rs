//! What is planned, over the lanes: dashed lines and hollow bars, never the look of what was given.
//!
//! All of it is painted and is no item of the plot, or it would widen the stretch of its lane and of no other.

use super::lanes::{Lane, Lanes, bar_rect};
use crate::exposure::figure::Continuation;
use egui::{Align2, Color32, FontId, Galley, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, pos2, vec2};
use egui_plot::{PlotPoint, PlotTransform};
use std::sync::Arc;

impl Lanes<'_> {
    /// The plans in one lane; returns the grounds of their words, which belong under what was given.
    pub(super) fn planned(&self, painter: &Painter, transform: &PlotTransform, lane: Lane) -> Vec<Shape> {
        let (bars, colour) = match lane {
            Lane::Daily => (&self.figure.planned_daily, self.colours.accent),
            Lane::Anakinra => (&self.figure.planned_anakinra, self.colours.anakinra),
            Lane::Curve => return self.continuations(painter, transform),
            Lane::Grades => return Vec::new(),
        };
        for bar in bars {
            painter.rect_stroke(bar_rect(transform, bar), 0.0, Stroke::new(1.0, colour), StrokeKind::Inside);
        }
        Vec::new()
    }

    fn continuations(&self, painter: &Painter, transform: &PlotTransform) -> Vec<Shape> {
        for plan in &self.figure.continuations {
            // The two are told apart by their dashes and by a letter, not by colour alone.
            let (dash, gap) = if plan.letter.is_none() { (6.0, 4.0) } else { (2.0, 3.0) };
            let points: Vec<Pos2> = plan.line.iter().map(|point| place(transform, *point)).collect();
            painter.extend(Shape::dashed_line(&points, Stroke::new(1.8, self.colour_of(plan)), dash, gap));
        }
        let mut grounds = Vec::new();
        for (rect, label, colour) in self.plan_labels(painter, transform) {
            // The hatch of time that is not checked would make the number hard to read.
            grounds.push(Shape::rect_filled(rect.expand2(vec2(2.0, 0.0)), 2.0, self.colours.card));
            painter.galley(rect.min, label, colour);
        }
        grounds
    }

    const fn colour_of(&self, plan: &Continuation) -> Color32 {
        if plan.letter.is_none() { self.colours.accent } else { self.colours.bad }
    }

    /// The words at the ends of the plans, and where they stand.
    pub(super) fn plan_labels(
        &self,
        painter: &Painter,
        transform: &PlotTransform,
    ) -> Vec<(Rect, Arc<Galley>, Color32)> {
        let frame = *transform.frame();
        let label = |plan: &Continuation| {
            let (at, colour) = (place(transform, plan.label_at), self.colour_of(plan));
            let begins = plan.line.first().map(|first| place(transform, *first).x);
            if begins.is_none_or(|begins| begins > frame.right()) || at.x < frame.left() {
                return None;
            }
            let label = painter.layout_no_wrap(plan.label.clone(), FontId::proportional(11.0), colour);
            // Alone it goes below its line too, where a low lane has no room above it.
            let is_alone = self.figure.continuations.len() == 1;
            let below = plan.label_below || (is_alone && at.y - label.size().y - 5.0 < frame.top());
            let (anchor, away) = if below { (Align2::RIGHT_TOP, 4.0) } else { (Align2::RIGHT_BOTTOM, -4.0) };
            // A label names an amount: where the end of the line is not seen, it stands at the edge, whole.
            let rect = anchor.anchor_size(pos2(at.x - 3.0, at.y + away), label.size());
            let rect = rect.translate(vec2((frame.right() - 3.0 - rect.right()).min(0.0), 0.0));
            Some((rect.translate(vec2(0.0, (frame.top() + 1.0 - rect.top()).max(0.0))), label, colour))
        };
        self.figure.continuations.iter().filter_map(label).collect()
    }
}

fn place(transform: &PlotTransform, [x, y]: [f64; 2]) -> Pos2 {
    transform.position_from_point(&PlotPoint::new(x, y))
}
