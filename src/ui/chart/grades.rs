//! The lane of grades, as numbers on colour, with a row of its own for events where there are any.

use super::lanes::{Lanes, rect_of};
use crate::exposure::figure::GradeRow;
use crate::record::Scale;
use egui::{Align2, Color32, FontId, Painter, pos2, vec2};
use egui_plot::PlotTransform;

impl Lanes<'_> {
    /// The lane has no vertical axis: the names of its rows stand where the others' numbers are.
    pub(super) fn grades(&self, painter: &Painter, beside: &Painter, transform: &PlotTransform) {
        let (rows, frame) = (self.figure.grade_rows(), *transform.frame());
        let mut top = transform.bounds().max()[1];
        for row in rows {
            let (high, low) = (top, top - 1.0);
            top = low;
            match row {
                GradeRow::Events => {
                    self.events(painter, transform, rect_of(transform, self.figure.view, (low, high)).center().y);
                }
                GradeRow::Of(scale) => self.cells(painter, transform, scale, (low, high)),
            }
            let at = pos2(frame.left() - 5.0, rect_of(transform, self.figure.view, (low, high)).center().y);
            beside.text(at, Align2::RIGHT_CENTER, row.word(), FontId::proportional(10.5), self.colours.quiet);
        }
    }

    fn cells(&self, painter: &Painter, transform: &PlotTransform, scale: Scale, y: (f64, f64)) {
        let frame = *transform.frame();
        for cell in self.figure.grades.iter().filter(|cell| cell.scale == scale) {
            let rect = rect_of(transform, (cell.from, cell.to), y).shrink2(vec2(0.0, 1.0));
            let colour = usize::from(cell.grade.number()).checked_sub(1);
            let colour = colour.and_then(|at| self.colours.grades.get(at)).copied();
            let fill = colour.unwrap_or(self.colours.card);
            painter.rect(rect, 0.0, fill, (1.0, self.colours.card), egui::StrokeKind::Inside);
            let colour = if cell.grade.number() >= 4 { Color32::WHITE } else { self.colours.on_grade };
            let (at, font) = (rect.intersect(frame).center(), FontId::proportional(11.5));
            painter.text(at, Align2::CENTER_CENTER, cell.grade.number(), font, colour);
        }
    }

    fn events(&self, painter: &Painter, transform: &PlotTransform, y: f32) {
        let mut taken = f32::NEG_INFINITY;
        for mark in &self.figure.marks {
            // Events of one hour stand beside each other, none on top of another.
            let x = transform.position_from_point_x(mark.x).max(taken);
            taken = x + 10.0;
            painter.text(
                pos2(x, y),
                Align2::CENTER_CENTER,
                mark.kind.glyph(),
                FontId::proportional(12.0),
                self.colours.text,
            );
        }
    }
}
