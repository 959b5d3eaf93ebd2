//! What waits on this workstation: the banner that stays until it is delivered, and the question before closing.

use super::palette::{self, Palette};
use super::{bold, text, words};
use crate::app::{Action, App};
use egui::{Color32, Id, Key, Label, Modal, Panel, Ui};

/// The banner, where anything waits or the folder is out of reach.
pub fn banner_ui(ui: &mut Ui, app: &App) {
    let away = app.freshness().filter(|fresh| !fresh.is_reachable).map(|fresh| fresh.words);
    let lines: Vec<String> = away.into_iter().chain(app.waiting_words()).collect();
    if lines.is_empty() {
        return;
    }
    Panel::top("outbox").frame(super::strip(palette::ALARM)).show(ui, |ui| {
        for line in lines {
            ui.add(Label::new(bold(format!("⚠ {line}"), 12.0, Color32::WHITE)).wrap());
        }
    });
}

/// Whether to close the window all the same.
pub fn quit_ui(ui: &mut Ui, app: &App) -> Vec<Action> {
    let colours = Palette::of(ui);
    let mut actions = Vec::new();
    let Some(reason) = app.reason_to_stay() else { return vec![Action::Quit] };
    let modal = Modal::new(Id::unique("quit")).show(ui.ctx(), |ui| {
        ui.set_width(520.0);
        ui.label(bold("Close the window?", 16.0, colours.text));
        ui.add(Label::new(bold(&reason, 12.5, colours.bad)).wrap());
        if app.pending().is_none() {
            ui.add(Label::new(words(text::QUIT, 12.5, colours.text)).wrap());
        }
        ui.separator();
        ui.horizontal(|ui| {
            let stay = ui.button(bold("Stay", 13.0, colours.text)).on_hover_text("Enter, Escape");
            let enter =
                ui.input(|input| input.key_pressed(Key::Enter)) && ui.memory(|memory| memory.focused().is_none());
            if stay.clicked() || enter {
                actions.push(Action::Cancel);
            }
            if ui.button("Close all the same").clicked() {
                actions.push(Action::Quit);
            }
        });
    });
    if modal.should_close() {
        actions.push(Action::Cancel);
    }
    actions
}
