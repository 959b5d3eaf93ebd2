//! What stands at the right edge, drawn from left to right. egui's own layout from right to left would also take the
//! keyboard from right to left, against the way the window is read.

use egui::{Align, Layout, Rect, Ui, UiBuilder, pos2, vec2};

/// Draws `left` in the room that `right` leaves it, and then `right` at the right edge: the Tab key goes through both as
/// they are read. How wide the right side is, is known from the frame before; where that is wrong, the frame is drawn again.
pub fn sides_ui<State>(
    ui: &mut Ui,
    align: Align,
    state: &mut State,
    left: impl FnOnce(&mut Ui, &mut State),
    right: impl FnOnce(&mut Ui, &mut State),
) {
    let layout = Layout::left_to_right(align);
    ui.allocate_ui_with_layout(vec2(ui.available_width(), ui.spacing().interact_size.y), layout, |ui| {
        let (key, whole, gap) =
            (ui.unique_id().with("right side"), ui.available_rect_before_wrap(), ui.spacing().item_spacing.x);
        let known: f32 = ui.data(|data| data.get_temp(key)).unwrap_or_default();
        let edge = whole.right() - known;
        let room = Rect::from_min_max(whole.min, pos2((edge - gap).max(whole.left()), whole.bottom()));
        ui.scope_builder(UiBuilder::new().max_rect(room).layout(layout), |ui| left(ui, state));
        let room = Rect::from_min_max(pos2(edge, whole.top()), whole.max);
        let mut drawn = ui.new_child(UiBuilder::new().max_rect(room).layout(layout));
        right(&mut drawn, state);
        let (width, seen) = (drawn.min_rect().width(), drawn.min_rect());
        // What stands out over the edge, until the width is known, must not make the whole wider.
        ui.expand_to_include_rect(Rect::from_x_y_ranges(whole.x_range().intersection(seen.x_range()), seen.y_range()));
        if (width - known).abs() > 0.5 {
            ui.data_mut(|data| data.insert_temp(key, width));
            ui.ctx().request_discard("the right side has another width");
            ui.ctx().request_repaint();
        }
    });
}
