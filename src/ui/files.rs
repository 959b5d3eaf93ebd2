//! What a look at every file found, and how the backups stand.

use super::over::{list_height, modal_ui};
use super::palette::Palette;
use super::{bold, scroll, words};
use crate::app::form::FormKind;
use crate::app::ward::Backups;
use crate::app::{Action, App};
use egui::{Id, Label, ScrollArea, Ui};

/// Each file with a finding, what it means and what to do.
pub fn files_ui(ui: &mut Ui, app: &App) -> Vec<Action> {
    let colours = Palette::of(ui);
    let mut actions = Vec::new();
    let Some(files) = &app.files else { return actions };
    let modal = modal_ui(ui.ctx(), Id::unique("files"), 760.0, |ui| {
        ui.label(bold("Every file of the data folder", 16.0, colours.text));
        let (sign, colour) = if files.is_well { ("✓", colours.good) } else { ("⚠", colours.bad) };
        ui.add(Label::new(bold(format!("{sign} {}", files.summary), 12.5, colour)).wrap());
        ui.separator();
        ScrollArea::vertical().max_height(list_height(ui, 420.0)).auto_shrink([false, true]).animated(false).show(
            ui,
            |ui| {
                scroll::by_keys(ui);
                for (place, what) in &files.findings {
                    ui.add(Label::new(bold(place, 12.0, colours.accent)).wrap());
                    ui.add(Label::new(words(what, 12.5, colours.text)).wrap());
                    ui.add_space(4.0);
                }
            },
        );
        ui.horizontal(|ui| {
            if ui.button("Copy the result").clicked() {
                actions.push(Action::CopyFiles);
            }
            ui.button("Close").clicked()
        })
        .inner
    });
    if modal.inner || modal.should_close() {
        actions.push(Action::Cancel);
    }
    actions
}

/// Said as long as it is so: there is no backup, or there is something to look at.
pub fn backup_ui(ui: &mut Ui, app: &App) -> Vec<Action> {
    let colours = Palette::of(ui);
    let (short, long, colour) = match app.ward.as_ref().map(|ward| &ward.backups) {
        Some(Backups::Off) => {
            ("⚠ no backup", "No folder for backups is chosen on this workstation (Ctrl+Shift+B)", colours.quiet)
        }
        Some(Backups::On { problem: Some(problem), .. }) => ("⚠ backup", problem.as_str(), colours.bad),
        _ => return Vec::new(),
    };
    let clicked = ui.small_button(bold(short, 10.5, colour)).on_hover_text(long).clicked();
    if clicked { vec![Action::Open(FormKind::Backup)] } else { Vec::new() }
}
