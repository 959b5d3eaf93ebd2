//! The menu bar: every action, with its key, under five words. Beside it stands that a ward is invented.

use super::narrow::is_narrow;
use super::palette::Palette;
use super::{bold, keys, text};
use crate::app::{Action, App};
use egui::{Align, Button, EventFilter, Key, Layout, MenuBar, Modifiers, Popup, Ui};

/// The menus. F10 puts the keyboard on the first of them.
pub fn menu_ui(ui: &mut Ui, app: &App) -> Vec<Action> {
    let mut actions = Vec::new();
    let wanted = !app.is_covered() && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::F10));
    MenuBar::new().ui(ui, |ui| {
        for (at, (name, bindings)) in keys::menus(app).into_iter().enumerate() {
            let menu = ui.menu_button(name, |ui| actions.extend(items_ui(ui, app, bindings)));
            if wanted && at == 0 {
                menu.response.request_focus();
            }
            // Down opens the menu; the arrow would else take the keyboard to what lies below it.
            if menu.response.has_focus() {
                let popup = Popup::default_response_id(&menu.response);
                let is_closed = !Popup::is_id_open(ui.ctx(), popup);
                let filter = EventFilter { vertical_arrows: is_closed, ..EventFilter::default() };
                ui.memory_mut(|memory| memory.set_focus_lock_filter(menu.response.id, filter));
                if is_closed && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::ArrowDown)) {
                    Popup::open_id(ui.ctx(), popup);
                }
            }
        }
        if app.is_demo() {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let banner = if is_narrow(ui) { text::DEMO_SHORT } else { text::DEMO_BANNER };
                ui.label(bold(banner, 11.0, Palette::of(ui).bad));
            });
        }
    });
    actions
}

fn items_ui(ui: &mut Ui, app: &App, bindings: Vec<keys::Binding>) -> Vec<Action> {
    let mut actions = Vec::new();
    let mut above = "";
    for binding in bindings {
        // A second key of one action needs no second line, and an answer needs a question.
        if binding.words == above || matches!(binding.action, Action::Answer(_)) && app.question().is_none() {
            continue;
        }
        above = binding.words;
        let key = ui.ctx().format_shortcut(&binding.shortcut);
        if ui.add(Button::new(sentence(binding.words)).shortcut_text(key)).clicked() {
            actions.push(binding.action);
            ui.close();
        }
    }
    actions
}

/// The words of an action as a line of their own: with a capital.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
