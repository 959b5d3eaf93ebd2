//! Borders that are dragged: between the lanes of the chart, over the log, and beside the ward list. Keys move the one that is
//! held (F12). A border is no stop of the Tab key, which goes through what is read and filled in.

use super::palette::Palette;
use crate::app::{Action, App, Border, Sizes};
use egui::{CursorIcon, Id, Rect, Sense, Ui};

/// How far from its middle a border can be taken, in points.
const NEAR: f32 = 4.0;

/// The least height of the log, and of what stands above it, with every lane of the chart. The usual share is taken of any
/// height: in a low window the chart scrolls.
const LOG_LEAST: f32 = 110.0;
const ABOVE_LOG: f32 = 392.0;

/// What the ward list leaves the patient beside it: the figures and a chart that is not narrower than its heading.
const BESIDE_LIST: f32 = 740.0;

/// The height of the log, of all that is below the identity strip.
pub fn log_height(sizes: Sizes, whole: f32) -> f32 {
    let most = (whole - ABOVE_LOG).max(whole * share(Sizes::default().log));
    (whole * share(sizes.in_limits().log)).min(most).max(LOG_LEAST)
}

/// The width of the ward list in a window of this width.
pub fn list_width(sizes: Sizes, whole: f32) -> f32 {
    let least = f32::from(Sizes::default().list).min(f32::from(sizes.in_limits().list));
    f32::from(sizes.in_limits().list).min(whole - BESIDE_LIST).max(least)
}

/// A share in thousandths.
pub fn share(thousandths: u16) -> f32 {
    f32::from(thousandths) / 1000.0
}

/// A border on a line. `step` is how many points it moves for one step of its size.
pub fn border_ui(ui: &Ui, app: &App, border: Border, line: Rect, step: f32) -> Option<Action> {
    let colours = Palette::of(ui);
    let response = ui.interact(line.expand(NEAR), Id::unique(("border", border)), Sense::CLICK | Sense::DRAG);
    if response.hovered() || response.dragged() {
        ui.set_cursor_icon(if border.is_upright() { CursorIcon::ResizeHorizontal } else { CursorIcon::ResizeVertical });
    }
    if response.hovered() || response.dragged() || app.held == Some(border) {
        ui.painter().line_segment(ends(line, border), (2.0, colours.accent));
    }
    if response.double_clicked() {
        return Some(Action::UsualSizes);
    }
    if response.drag_stopped() {
        return Some(Action::LetGo);
    }
    let at = response.interact_pointer_pos().filter(|_| response.dragged())?;
    let moved = if border.is_upright() { at.x - line.center().x } else { at.y - line.center().y };
    #[allow(clippy::cast_possible_truncation, reason = "the cast stops at the ends of an i16, further than any screen")]
    let steps = (moved / step.max(0.1)).round() as i16;
    (steps != 0).then_some(Action::MoveBorder(border, steps))
}

fn ends(line: Rect, border: Border) -> [egui::Pos2; 2] {
    if border.is_upright() {
        [line.center_top(), line.center_bottom()]
    } else {
        [line.left_center(), line.right_center()]
    }
}
