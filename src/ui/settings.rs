//! What a change of the unit's settings moves, and the strip that says that settings cannot be used.

use super::palette::Palette;
use super::{bold, words};
use crate::app::App;
use crate::app::unit::{Comparison, Moved};
use egui::{Color32, Grid, Label, ScrollArea, Ui};

/// Before and after, patient by patient.
pub fn comparison_ui(ui: &mut Ui, comparison: &Comparison, names_hidden: bool) {
    let colours = Palette::of(ui);
    ScrollArea::vertical()
        .max_height(super::over::list_height(ui, 300.0))
        .auto_shrink([false, true])
        .animated(false)
        .show(ui, |ui| {
            super::scroll::by_keys(ui);
            for (at, patient) in comparison.moved.iter().enumerate() {
                moved_ui(ui, at, patient, names_hidden, colours);
            }
        });
    let still = comparison.still_in_words();
    if !still.is_empty() {
        ui.add(Label::new(words(still, 12.5, colours.quiet)).wrap());
    }
}

fn moved_ui(ui: &mut Ui, at: usize, patient: &Moved, names_hidden: bool, colours: Palette) {
    let name = if names_hidden { &patient.mark } else { &patient.name };
    let mrn = if patient.mrn.is_empty() || names_hidden { String::new() } else { format!("   MRN {}", patient.mrn) };
    ui.add_space(4.0);
    ui.add(Label::new(bold(format!("{name}{mrn}"), 12.5, colours.accent)).wrap());
    Grid::new(("moved", at)).num_columns(2).spacing([14.0, 3.0]).show(ui, |ui| {
        for figure in &patient.figures {
            ui.label(words(&figure.label, 12.0, colours.quiet));
            ui.label(bold(figure.shown(), 12.0, colours.text));
            ui.end_row();
        }
    });
}

/// Settings that cannot be used; the strip stays until the file is put right.
pub fn problem_ui(ui: &mut Ui, app: &App) {
    if let Some(problem) = app.unit_problem() {
        ui.add(Label::new(bold(format!("⚠ {problem}"), 12.0, Color32::WHITE)).wrap());
    }
}
