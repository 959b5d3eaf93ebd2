//! The first screen: start, import, or try the demo.

use super::palette::Palette;
use super::work::work_ui;
use super::{bold, text, words};
use crate::app::form::FormKind;
use crate::app::{Action, App};
use egui::{Button, Ui, vec2};

/// The first-run screen.
pub fn first_run_ui(ui: &mut Ui, app: &App) -> Vec<Action> {
    let colours = Palette::of(ui);
    let mut actions = Vec::new();
    ui.vertical_centered(|ui| {
        ui.add_space(ui.available_height() * 0.1);
        ui.label(bold("Corticurve", 30.0, colours.accent));
        ui.label(words(text::WELCOME, 14.0, colours.text));
        ui.add_space(22.0);
        if app.pending().is_some() {
            actions.extend(work_ui(ui, app));
            return;
        }
        let folder = app.places.data.display().to_string();
        let choices = [
            ("Start a ward", text::START.to_owned(), Action::StartWard),
            ("Import medication records…", text::IMPORT.to_owned(), Action::Open(FormKind::Import)),
            ("Try the demo ward", text::DEMO.to_owned(), Action::TryDemo),
            ("Open another folder…", format!("Now: {folder}"), Action::Open(FormKind::OpenFolder)),
        ];
        for (heading, about, action) in choices {
            let button = Button::new(bold(heading, 14.0, colours.text)).min_size(vec2(320.0, 38.0));
            if ui.add(button).clicked() {
                actions.push(action);
            }
            ui.label(words(about, 12.0, colours.quiet));
            ui.add_space(12.0);
        }
        ui.add_space(12.0);
        ui.allocate_ui(vec2(640.0, 60.0), |ui| ui.label(words(text::ABOUT, 11.5, colours.quiet)));
    });
    actions
}
