//! The crosshair across all lanes, and the read-out beside it.

use super::lanes::{LaidOut, Lanes};
use crate::app::Crosshair;
use egui::{Align2, Id, Pos2, Ui, pos2, vec2};

/// How near the pointer must be to a dose for its read-out, in points.
const REACH: f64 = 6.0;

/// The read-out at the pointer, drawn to the dose beside it.
pub fn at_pointer_ui(ui: &Ui, chart: &Lanes<'_>, laid: &LaidOut, pointer: Pos2) {
    let [per_point, _] = laid.transform.dvalue_dpos();
    let (x, reach) = (laid.transform.value_from_position(pointer).x, per_point.abs() * REACH);
    draw(ui, chart, laid, chart.figure.snap(x, reach), &chart.figure.read_out(x, reach), pointer);
}

/// The read-out of the crosshair that keys have moved.
pub fn at_crosshair_ui(ui: &Ui, chart: &Lanes<'_>, laid: &LaidOut, crosshair: &Crosshair) {
    let (x, frame) = (laid.transform.position_from_point_x(crosshair.x), laid.transform.frame());
    if frame.x_range().expand(1.0).contains(x) {
        let beside = pos2(x, frame.top() + frame.height() * 0.3);
        draw(ui, chart, laid, crosshair.x, &crosshair.lines, beside);
    }
}

fn draw(ui: &Ui, chart: &Lanes<'_>, laid: &LaidOut, x: f64, lines: &[String], beside: Pos2) {
    let colours = chart.colours;
    let crosshair = laid.transform.position_from_point_x(x);
    for frame in &laid.frames {
        ui.painter().vline(crosshair, frame.y_range(), (1.0, colours.text));
    }
    let layer = ui.ctx().layer_painter(egui::LayerId::new(egui::Order::Tooltip, Id::unique("read-out")));
    let galley = layer.layout_no_wrap(lines.join("\n"), egui::FontId::proportional(11.5), colours.text);
    let left = beside.x + 24.0 + galley.size().x > ui.max_rect().right();
    let anchor = if left { Align2::RIGHT_TOP } else { Align2::LEFT_TOP };
    let at = pos2(if left { beside.x - 12.0 } else { beside.x + 12.0 }, beside.y + 8.0);
    let rect = anchor.anchor_size(at, galley.size()).expand2(vec2(6.0, 4.0));
    // Never over the line that is being typed below the chart.
    let under = (rect.bottom() - ui.max_rect().bottom()).max(0.0);
    let rect = rect.translate(vec2(0.0, -under));
    layer.rect(rect, 3.0, colours.note, (1.0, colours.edge), egui::StrokeKind::Outside);
    layer.galley(rect.min + vec2(6.0, 4.0), galley, colours.text);
}
