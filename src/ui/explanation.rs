//! Where a figure comes from: the doses that make it, and what was left out.

use super::palette::Palette;
use super::{bold, words};
use crate::app::view::ExplanationView;
use crate::app::{Action, App};
use egui::{Grid, Id, Label, Modal, ScrollArea, Ui};

/// The explanation over the window.
pub fn explanation_ui(ui: &mut Ui, app: &App) -> Vec<Action> {
    let colours = Palette::of(ui);
    let Some((explanation, patient)) = app.explanation.as_ref().zip(app.patient()) else { return vec![Action::Cancel] };
    let mut actions = Vec::new();
    let modal = Modal::new(Id::unique("explanation")).show(ui.ctx(), |ui| {
        ui.set_width(780.0);
        ui.label(bold(patient.shown_name(), 13.0, colours.accent));
        ui.add(Label::new(bold(&explanation.title, 16.0, colours.text)).wrap());
        ui.add(Label::new(words(&explanation.rule, 12.0, colours.quiet)).wrap());
        ui.separator();
        ScrollArea::vertical().max_height(430.0).auto_shrink([false, true]).show(ui, |ui| {
            doses_ui(ui, explanation, colours);
        });
        ui.separator();
        ui.horizontal(|ui| {
            for (word, key, lines) in [("Figure above", "Shift+F2", -1), ("Next figure", "F2", 1)] {
                if ui.button(word).on_hover_text(key).clicked() {
                    actions.push(Action::ExplainBy(lines));
                }
            }
            if ui.button("Copy as text").clicked() {
                ui.ctx().copy_text(format!("{}\n{}", patient.shown_name(), explanation.as_text()));
            }
            if ui.button("Close").on_hover_text("Escape").clicked() {
                actions.push(Action::Cancel);
            }
        });
    });
    if modal.should_close() {
        actions.push(Action::Cancel);
    }
    actions
}

fn doses_ui(ui: &mut Ui, explanation: &ExplanationView, colours: Palette) {
    if explanation.doses.is_empty() {
        ui.label(words("No dose makes this figure.", 12.5, colours.text));
    } else {
        Grid::new("explained").num_columns(6).spacing([16.0, 3.0]).striped(true).show(ui, |ui| {
            for column in ExplanationView::COLUMNS {
                ui.label(words(column, 11.0, colours.quiet));
            }
            ui.end_row();
            for row in &explanation.doses {
                for cell in row {
                    ui.label(words(cell, 12.0, colours.text));
                }
                ui.end_row();
            }
        });
    }
    for step in &explanation.steps {
        ui.add(Label::new(bold(step, 12.0, colours.text)).wrap());
    }
    if explanation.left_out.is_empty() {
        return;
    }
    ui.separator();
    ui.label(bold("Left out", 12.5, colours.text));
    Grid::new("left out").num_columns(4).spacing([16.0, 3.0]).striped(true).show(ui, |ui| {
        for row in &explanation.left_out {
            for cell in row {
                ui.label(words(cell, 12.0, colours.quiet));
            }
            ui.end_row();
        }
    });
}
