//! Lists that scroll by the keyboard: a window that is used without a pointer has nothing that cannot be seen.

use egui::{Key, Modifiers, Ui, style::ScrollAnimation, vec2};

/// A line of a list.
const LINE: f32 = 20.0;

/// Further than any list is long.
const ALL: f32 = 1e7;
const ENDS: [(Key, f32); 2] = [(Key::End, ALL), (Key::Home, -ALL)];

/// Scrolls the list that is being drawn by the arrows, by pages, and to its ends. Called inside its scroll area, which is
/// not animated: a key is answered at once.
pub fn by_keys(ui: &Ui) {
    // An open list of choices is moved through with the same keys.
    if egui::Popup::is_any_open(ui.ctx()) {
        return;
    }
    let typing = ui.ctx().text_edit_focused();
    // Between buttons the arrows move the keyboard.
    let on_a_button = !typing && ui.memory(|memory| memory.focused().is_some());
    let page = (ui.clip_rect().height() - LINE).max(LINE);
    let mut keys = vec![(Key::PageDown, page), (Key::PageUp, -page)];
    keys.extend([(Key::ArrowDown, LINE), (Key::ArrowUp, -LINE)].into_iter().filter(|_| !on_a_button));
    keys.extend(ENDS.into_iter().filter(|_| !typing));
    by(ui, &keys);
}

/// Scrolls the list that is being drawn by pages, and to its ends where these keys are not those of a text. A row that one
/// page cuts is whole on the next. Returns whether it did.
pub fn by_pages_and_ends(ui: &Ui, row: f32, ends: bool) -> bool {
    let page = (ui.clip_rect().height() - row).max(LINE);
    let mut keys = vec![(Key::PageDown, page), (Key::PageUp, -page)];
    keys.extend(ENDS.into_iter().filter(|_| ends));
    by(ui, &keys)
}

/// Scrolls by the keys that are pressed, each so far down. Returns whether any is.
fn by(ui: &Ui, keys: &[(Key, f32)]) -> bool {
    let pressed = |key| ui.input(|input| input.modifiers == Modifiers::NONE && input.key_pressed(key));
    let mut any = false;
    for (_, down) in keys.iter().filter(|(key, _)| pressed(*key)) {
        ui.scroll_with_delta_animation(vec2(0.0, -down), ScrollAnimation::none());
        // This frame is drawn as it was before.
        ui.ctx().request_repaint();
        any = true;
    }
    any
}

/// Scrolls to what the Tab key has just reached, where that is out of sight. Called last in a scroll area.
pub fn to_focus(ui: &Ui) {
    let focused = ui.memory(egui::Memory::focused).and_then(|id| ui.ctx().read_response(id));
    let Some(reached) = focused.filter(|reached| reached.gained_focus() && reached.layer_id == ui.layer_id()) else {
        return;
    };
    // What stands beside the area, and not in it, is seen outside of it.
    let seen = reached.interact_rect;
    let is_elsewhere = seen.is_positive() && !ui.clip_rect().expand(1.0).contains_rect(seen);
    let is_cut = !ui.clip_rect().contains_rect(reached.rect);
    if is_cut && !is_elsewhere && ui.min_rect().contains(reached.rect.center()) {
        ui.scroll_to_rect(reached.rect, None);
    }
}

/// Scrolls the list that is being drawn by pages, whatever the keyboard is on. Called last: a list in it would scroll instead.
pub fn by_pages(ui: &Ui) {
    by_pages_and_ends(ui, LINE, false);
}
