//! Where a figure comes from: the doses that make it, and what was left out.

use super::chart_table::height as height_of;
use super::over::{awaited_ui, list_height, modal_over_buttons_ui};
use super::palette::Palette;
use super::{bold, words};
use crate::app::view::ExplanationView;
use crate::app::{Action, App};
use egui::{Id, Label, Ui};
use egui_extras::{Column, TableBuilder};

/// How wide it is where there is room.
const WIDTH: f32 = 830.0;

/// The widths of the columns, with room for an infusion with both its dates.
const WHEN: f32 = 252.0;
const OF_DOSES: [f32; 6] = [WHEN, 150.0, 150.0, 90.0, 70.0, 70.0];
const OF_LEFT_OUT: [f32; 4] = [WHEN, 150.0, 150.0, 200.0];
/// The same in large type on a small screen: lines fold, and no name of a drug does.
const FEW_WHEN: f32 = 118.0;
const FEW_OF_DOSES: [f32; 6] = [FEW_WHEN, 134.0, 90.0, 74.0, 60.0, 60.0];
const FEW_OF_LEFT_OUT: [f32; 4] = [FEW_WHEN, 134.0, 100.0, 190.0];

/// The explanation over the window.
pub fn explanation_ui(ui: &mut Ui, app: &App) -> Vec<Action> {
    let colours = Palette::of(ui);
    if app.awaits_figures() {
        return awaited_ui(ui, app, Id::unique("explanation"));
    }
    let Some((explanation, patient)) = app.explanation.as_ref().zip(app.patient()) else { return vec![Action::Cancel] };
    let mut actions = Vec::new();
    let doses = |ui: &mut Ui| {
        super::identity::line_ui(ui, app);
        ui.add(Label::new(bold(&explanation.title, 16.0, colours.text)).wrap());
        ui.add(Label::new(words(&explanation.rule, 12.0, colours.quiet)).wrap());
        ui.separator();
        doses_ui(ui, explanation, colours);
        ui.separator();
    };
    let buttons = |ui: &mut Ui| {
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
    };
    let modal = modal_over_buttons_ui(ui.ctx(), Id::unique("explanation"), WIDTH, doses, buttons);
    if modal.should_close() {
        actions.push(Action::Cancel);
    }
    actions
}

/// The doses above, what is done with their sum, and below what was left out: each list scrolls by itself, so that what was
/// left out is seen however many doses there are.
fn doses_ui(ui: &mut Ui, explanation: &ExplanationView, colours: Palette) {
    let is_few = ui.available_width() < WIDTH;
    if explanation.doses.is_empty() {
        ui.label(words("No dose makes this figure.", 12.5, colours.text));
    } else {
        let widths = if is_few { FEW_OF_DOSES } else { OF_DOSES };
        rows_ui(
            ui,
            "doses",
            ExplanationView::COLUMNS,
            widths,
            &explanation.doses,
            list_height(ui, 330.0),
            colours.text,
        );
    }
    for step in &explanation.steps {
        ui.add(Label::new(bold(step, 12.0, colours.text)).wrap());
    }
    if !explanation.left_out.is_empty() {
        ui.separator();
        let headings = ["Left out", "Drug", "Dose", "Why"];
        let widths = if is_few { FEW_OF_LEFT_OUT } else { OF_LEFT_OUT };
        rows_ui(ui, "left out", headings, widths, &explanation.left_out, 110.0, colours.quiet);
    }
}

/// Rows under their headings. Only those that are seen are drawn: an explanation may have hundreds.
fn rows_ui<const N: usize>(
    ui: &mut Ui,
    id: &str,
    headings: [&str; N],
    widths: [f32; N],
    rows: &[[String; N]],
    height: f32,
    colour: egui::Color32,
) {
    let (quiet, folds) = (Palette::of(ui).quiet, widths.first().is_some_and(|first| *first < WHEN));
    ui.spacing_mut().item_spacing.y = 1.0;
    let table = TableBuilder::new(ui).id_salt(id).striped(true).auto_shrink([false, true]);
    let table = table.min_scrolled_height(0.0).max_scroll_height(height).animate_scrolling(false);
    let table = widths.iter().fold(table, |table, width| table.column(Column::exact(*width)));
    let table = table.header(18.0, |mut header| {
        for heading in headings {
            header.col(|ui| {
                ui.label(words(heading, 11.0, quiet));
            });
        }
    });
    table.body(|mut body| {
        super::scroll::by_keys(body.ui_mut());
        // One line where there is room for it; else as many as its cells fold into.
        let heights = rows.iter().map(|cells| if folds { height_of(cells, widths) } else { 19.0 });
        body.heterogeneous_rows(heights, |mut row| {
            for cell in rows.get(row.index()).into_iter().flatten() {
                row.col(|ui| {
                    let label = Label::new(words(cell, 12.0, colour));
                    ui.add(if folds { label.wrap() } else { label });
                });
            }
        });
    });
}
