//! Hatches and dots, so that nothing is told by colour alone.

use egui::{Color32, Painter, Rect, Shape, Stroke, pos2};

/// The distance between hatch lines and between dots, in points.
const PITCH: f32 = 9.0;

/// Diagonal lines over a rectangle, to be clipped to it: time that is not checked.
pub fn hatch(rect: Rect, colour: Color32) -> Shape {
    let height = rect.height();
    let mut lines = Vec::new();
    let mut x = (rect.left() / PITCH).floor() * PITCH - height;
    while x < rect.right() {
        let ends = [pos2(x, rect.bottom()), pos2(x + height, rect.top())];
        lines.push(Shape::line_segment(ends, Stroke::new(1.0, colour)));
        x += PITCH;
    }
    Shape::Vec(lines)
}

/// Dots over a rectangle: anakinra.
pub fn dots(painter: &Painter, rect: Rect, colour: Color32) {
    let mut shapes = Vec::new();
    let mut y = rect.bottom() - PITCH * 0.5;
    while y > rect.top() + 1.5 {
        let mut x = rect.left() + PITCH * 0.5;
        while x < rect.right() - 1.0 {
            shapes.push(Shape::circle_filled(pos2(x, y), 1.1, colour));
            x += PITCH;
        }
        y -= PITCH;
    }
    painter.with_clip_rect(rect.intersect(painter.clip_rect())).extend(shapes);
}
