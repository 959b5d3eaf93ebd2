//! What stands over the window, in whatever room there is: a dialog that is larger than the window scrolls.

use super::palette::Palette;
use super::scroll;
use super::words;
use crate::app::{Action, App};
use egui::{Context, Id, Modal, ModalResponse, ScrollArea, Ui, Vec2, vec2};

/// What stays free of the window around a dialog.
const AROUND: f32 = 40.0;

/// The height that every dialog has room in.
const ENOUGH: f32 = 600.0;

/// The height of what stands above and below a list in its dialog.
const BESIDE_LIST: f32 = 264.0;

/// The height of a window in which every list is as high as it would be.
const HIGH: f32 = 720.0;

/// The height of a row of buttons with what is free above it.
const BUTTONS: f32 = 30.0;

/// A dialog of a width over the window, or narrower where the window is: what is in it folds its lines.
pub fn modal_ui<R>(context: &Context, id: Id, width: f32, add: impl FnOnce(&mut Ui) -> R) -> ModalResponse<R> {
    let room = context.content_rect().size() - vec2(AROUND, AROUND);
    Modal::new(id).show(context, |ui| in_room(ui, width, room, add))
}

/// The same with a row of buttons below, which is always seen whole, however much scrolls above it.
pub fn modal_over_buttons_ui<R>(
    context: &Context,
    id: Id,
    width: f32,
    add: impl FnOnce(&mut Ui),
    buttons: impl FnOnce(&mut Ui) -> R,
) -> ModalResponse<R> {
    let room = context.content_rect().size() - vec2(AROUND, AROUND);
    Modal::new(id).show(context, |ui| {
        in_room(ui, width, room - vec2(0.0, BUTTONS), add);
        ui.horizontal(buttons).inner
    })
}

fn in_room<R>(ui: &mut Ui, width: f32, room: Vec2, add: impl FnOnce(&mut Ui) -> R) -> R {
    let width = width.min(room.x);
    if room.y >= ENOUGH {
        ui.set_width(width);
        return add(ui);
    }
    // As large as there is room for, also where it was smaller when it was shown for the first time.
    ui.set_max_size(room);
    let area = ScrollArea::both().max_width(room.x).max_height(room.y).animated(false);
    let scrolled = area.show(ui, |ui| {
        ui.set_width(width);
        let inner = add(ui);
        scroll::to_focus(ui);
        inner
    });
    scrolled.inner
}

/// What stands for a dialog about the open patient while what it shows is being worked out.
pub fn awaited_ui(ui: &Ui, app: &App, id: Id) -> Vec<Action> {
    let mut actions = Vec::new();
    let modal = modal_ui(ui.ctx(), id, 320.0, |ui| {
        super::identity::line_ui(ui, app);
        ui.label(words("The figures are being worked out…", 12.5, Palette::of(ui).quiet));
        if ui.button("Close").on_hover_text("Escape").clicked() {
            actions.push(Action::Cancel);
        }
    });
    if modal.should_close() {
        actions.push(Action::Cancel);
    }
    actions
}

/// The height of a list in a dialog: this, or less in a small window.
pub fn list_height(ui: &Ui, most: f32) -> f32 {
    let height = ui.ctx().content_rect().height();
    if height >= HIGH { most } else { most.min((height - BESIDE_LIST).max(80.0)) }
}
