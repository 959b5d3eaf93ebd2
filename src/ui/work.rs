//! What is waited for: in words, with how far it is, and a way to stop what takes long.

use super::palette::Palette;
use super::words;
use crate::app::{Action, App};
use egui::Ui;

/// Nothing where nothing is waited for.
pub fn work_ui(ui: &mut Ui, app: &App) -> Vec<Action> {
    let Some(waits_for) = app.pending_words() else { return Vec::new() };
    let colours = Palette::of(ui);
    ui.label(words(waits_for, 12.5, colours.text));
    let is_long = app.pending().is_some_and(|pending| pending.is_long);
    let is_stopped = is_long && ui.button("Stop").on_hover_text("Ctrl + . What was done until then stays.").clicked();
    if is_stopped { vec![Action::Stop] } else { Vec::new() }
}
