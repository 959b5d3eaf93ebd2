//! What waits on this workstation, or is in this window only: the banner that stays until it is delivered
//! or saved, and the question before closing.

use super::over::{list_height, modal_ui};
use super::palette::{self, Palette};
use super::{bold, scroll, text, words};
use crate::app::{Action, App, Overlay};
use egui::{Color32, Id, Key, Label, Panel, ScrollArea, Ui};

/// The banner, where anything waits or the folder is out of reach.
pub fn banner_ui(ui: &mut Ui, app: &App) -> Vec<Action> {
    let mut actions = Vec::new();
    let away = app.freshness().filter(|fresh| !fresh.is_reachable).map(|fresh| fresh.words);
    let lost = app.only_here_words();
    let is_lost = lost.is_some();
    let waiting = app.waiting_words().into_iter().chain(app.waiting_elsewhere());
    let lines: Vec<String> = away.into_iter().chain(lost).chain(waiting).collect();
    if lines.is_empty() {
        return actions;
    }
    Panel::top("outbox").frame(super::strip(palette::ALARM)).show(ui, |ui| {
        for line in lines {
            ui.add(Label::new(bold(format!("⚠ {line}"), 12.0, Color32::WHITE)).wrap());
        }
        if is_lost && ui.small_button("Save again what is missing  Ctrl+Shift+M").clicked() {
            actions.push(Action::SaveAgain);
        }
        if app.ward.as_ref().is_some_and(|ward| !ward.damaged.is_empty())
            && ui.small_button("What is damaged…").clicked()
        {
            actions.push(Action::Overlay(Overlay::Damaged));
        }
    });
    actions
}

/// What is damaged of what waits here, as it stands in the files, so that it can be recorded again.
pub fn damaged_ui(ui: &mut Ui, app: &App) -> Vec<Action> {
    let colours = Palette::of(ui);
    let mut actions = Vec::new();
    // The lines stand here as they are in the files, with what they say of whom.
    let files = if app.bedside.names_hidden { Vec::new() } else { app.damaged_files() };
    let modal = modal_ui(ui.ctx(), Id::unique("damaged"), 760.0, |ui| {
        ui.label(bold("What is damaged of what waits on this workstation", 16.0, colours.text));
        let about = match files.is_empty() {
            _ if app.bedside.names_hidden => text::NAMES_IN_LINES,
            true => text::NOTHING_DAMAGED,
            false => text::DAMAGED,
        };
        ui.add(Label::new(words(about, 12.5, colours.text)).wrap());
        ui.separator();
        ScrollArea::vertical().max_height(list_height(ui, 420.0)).auto_shrink([false, true]).animated(false).show(
            ui,
            |ui| {
                scroll::by_keys(ui);
                for file in &files {
                    ui.label(bold(&file.whose, 13.0, colours.accent));
                    ui.add(Label::new(words(&file.path, 12.0, colours.text)).wrap());
                    for (what, raw) in &file.lines {
                        ui.add(Label::new(bold(what, 12.0, colours.bad)).wrap());
                        if let Some(raw) = raw {
                            ui.add(Label::new(words(raw, 12.0, colours.text).monospace()).wrap());
                        }
                    }
                    if ui.button("I have recorded it again").clicked() {
                        actions.push(Action::RecordedAgain(file.file.clone()));
                    }
                    ui.add_space(6.0);
                }
            },
        );
        ui.button("Close").clicked()
    });
    if modal.inner || modal.should_close() {
        actions.push(Action::Cancel);
    }
    actions
}

/// Whether to close the window all the same.
pub fn quit_ui(ui: &mut Ui, app: &App) -> Vec<Action> {
    let colours = Palette::of(ui);
    let mut actions = Vec::new();
    let Some(reason) = app.reason_to_stay() else { return vec![Action::Quit] };
    let modal = modal_ui(ui.ctx(), Id::unique("quit"), 520.0, |ui| {
        ui.label(bold("Close the window?", 16.0, colours.text));
        ui.add(Label::new(bold(&reason, 12.5, colours.bad)).wrap());
        if app.pending().is_none() && app.waits() {
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
