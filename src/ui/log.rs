//! The log: every dose, newest first, with the running total.

use super::palette::Palette;
use super::place::{self, Drawn};
use super::sides::sides_ui;
use super::{bold, words};
use crate::app::form::FormKind;
use crate::app::view::LogLine;
use crate::app::{Action, App, Overlay};
use egui::{Align, Button, Id, Label, Role, Sense, StrokeKind, TextWrapMode, Ui};
use egui_extras::{Column, TableBuilder};

/// The columns' headings.
const HEADINGS: [&str; 10] =
    ["Given", "Day", "Drug", "Dose", "mg/kg", "Route", "For", "Running total", "Recorded", "State"];

/// The columns' least widths.
const WIDTHS: [f32; 10] = [132.0, 32.0, 132.0, 76.0, 44.0, 62.0, 88.0, 92.0, 70.0, 160.0];

/// Where there is no room for all of it, the same line with fewer columns: what a dose is stands in columns of its own, and
/// route, purpose, who recorded it and its state are folded in the last one. The day and the mg/kg are in the chart.
const FEW_HEADINGS: [&str; 5] = ["Given", "Drug", "Dose", "Running total", "Route, for, by, state"];
const FEW_WIDTHS: [f32; 5] = [118.0, 132.0, 70.0, 88.0, 150.0];

/// The width at which all buttons stand beside each other.
const ONE_LINE: f32 = 1000.0;

/// The log.
pub fn log_ui(ui: &mut Ui, app: &App) -> Vec<Action> {
    let colours = Palette::of(ui);
    let mut actions = Vec::new();
    ui.set_min_size(ui.available_size());
    let Some(view) = app.shown() else {
        if let Some(Err(error)) = &app.view {
            ui.add(Label::new(bold(error, 13.0, colours.bad)).wrap());
        } else if app.awaits_figures() {
            ui.label(words("The figures are being worked out…", 12.5, colours.quiet));
        }
        return actions;
    };
    toolbar_ui(ui, app, colours, &mut actions);
    let lines: Vec<&LogLine> = view.log.iter().filter(|line| app.show_struck_out || !line.is_old).collect();
    if lines.is_empty() {
        ui.add_space(8.0);
        ui.label(words("No dose is recorded yet. Type one above, like: dex 10 iv icans", 12.5, colours.quiet));
        return actions;
    }
    ui.spacing_mut().item_spacing.y = 1.0;
    let gaps = ui.spacing().item_spacing.x * 9.0;
    let is_few = ui.available_width() < WIDTHS.iter().sum::<f32>() + gaps;
    // A long entry makes the table wider than its card; nothing of it is cut off.
    egui::ScrollArea::horizontal().auto_shrink(false).show(ui, |ui| actions.extend(table_ui(ui, app, &lines, is_few)));
    actions
}

fn table_ui(ui: &mut Ui, app: &App, lines: &[&LogLine], is_few: bool) -> Vec<Action> {
    let (mut actions, colours) = (Vec::new(), Palette::of(ui));
    let (mut place, spacing) = (place::of(ui), ui.spacing().item_spacing.y);
    let drawn = Drawn { view: app.view_number(), shows_old: app.show_struck_out, room: 0.0 };
    let table = TableBuilder::new(ui).id_salt("log").sense(Sense::CLICK).auto_shrink(false);
    let mut table = table.min_scrolled_height(0.0).animate_scrolling(false);
    let (headings, widths): (&[&str], &[f32]) =
        if is_few { (&FEW_HEADINGS, &FEW_WIDTHS) } else { (&HEADINGS, &WIDTHS) };
    let row_height = |line: &LogLine, room: f32| if is_few { few_height(line, room) } else { row_height(line, room) };
    for (at, width) in widths.iter().enumerate() {
        let last = at == widths.len() - 1;
        table = table.column(if last { Column::remainder().at_least(*width) } else { Column::auto().at_least(*width) });
    }
    if app.scroll
        && let Some(at) = lines.iter().position(|line| app.chosen.as_ref() == Some(&line.id))
    {
        table = table.scroll_to_row(at, Some(Align::Center));
    }
    let moved = place.moved(drawn, lines, row_height, spacing).filter(|_| !app.scroll);
    if let Some(offset) = moved {
        table = table.vertical_scroll_offset(offset);
    }
    let output = table
        .header(18.0, |mut header| {
            for heading in headings {
                header.col(|ui| {
                    ui.label(bold(*heading, 11.5, colours.quiet));
                });
            }
        })
        .body(|body| {
            let room = body.widths().last().copied().unwrap_or(160.0);
            let heights = place.heights(Drawn { room, ..drawn }, lines, row_height, spacing);
            body.heterogeneous_rows(heights.iter().copied(), |mut row| {
                let Some(line) = lines.get(row.index()) else { return };
                row.set_selected(app.chosen.as_ref() == Some(&line.id));
                row.set_overline(line.begins_date);
                let (number, mut entered) = (row.index(), false);
                let cells = if is_few { few(line).to_vec() } else { line.cells.to_vec() };
                for (at, cell) in cells.iter().enumerate() {
                    let cell = if at == 0 { folded(cell) } else { cell.clone() };
                    row.col(|ui| {
                        if at == 0 {
                            entered = whole_row_ui(ui, number, line, colours);
                        }
                        cell_ui(ui, line, &cell, at == widths.len() - 1, colours);
                    });
                }
                let response = row.response();
                if response.clicked() || entered {
                    actions.push(Action::Choose(Some(line.id.clone())));
                }
                if response.double_clicked() {
                    actions.push(Action::Open(FormKind::Correct(line.id.clone())));
                }
            });
        });
    if moved.is_some() {
        // A list that has just grown is drawn past its old end in the next pass only.
        ui.ctx().request_discard("the log has other lines");
    }
    place.keep(ui, output.state.clamped_offset().y);
    actions
}

/// The row as one stop of the Tab key, which no cell is: Enter chooses it. Returns whether it was.
fn whole_row_ui(ui: &Ui, number: usize, line: &LogLine, colours: Palette) -> bool {
    let rect = ui.max_rect().with_max_x(ui.clip_rect().right());
    let response = ui.interact(rect, Id::unique(("row of the log", number)), Sense::click());
    super::ward::name(&response, Role::ListBoxOption, &line.cells.join(", "));
    if response.has_focus() {
        ui.painter().rect_stroke(rect, 2.0, (1.5, colours.accent), StrokeKind::Inside);
    }
    response.clicked()
}

/// An infusion that ends on another date has its end below its start: beside it, it would push the last column out of sight.
fn folded(given: &str) -> String {
    given.replace(" – ", "\n– ")
}

/// High enough for the words of the last column: they may name a dose, so they are folded and never cut.
#[allow(clippy::cast_precision_loss, reason = "a number of letters")]
fn row_height(line: &LogLine, room: f32) -> f32 {
    let letters = line.cells.last().map_or(0, |state| state.chars().count()) as f32;
    let given = line.cells.first().map_or(1, |given| folded(given).lines().count()) as f32;
    let lines = (letters * 7.2 / room.max(100.0)).ceil().max(given);
    5.0 + 15.0 * lines
}

/// The cells of the few columns.
fn few(line: &LogLine) -> [String; 5] {
    let [given, _, drug, dose, _, route, purpose, running, recorded, state] = &line.cells;
    let rest: Vec<&str> =
        [route, purpose, recorded, state].into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    [given.clone(), drug.clone(), dose.clone(), running.clone(), rest.join(" · ")]
}

/// High enough for the words of the last of the few columns.
#[allow(clippy::cast_precision_loss, reason = "a number of letters")]
fn few_height(line: &LogLine, room: f32) -> f32 {
    let [given, .., rest] = few(line);
    let letters = rest.chars().count() as f32;
    let lines = (letters * 7.2 / room.max(100.0)).ceil().max(folded(&given).lines().count() as f32);
    5.0 + 15.0 * lines
}

fn cell_ui(ui: &mut Ui, line: &LogLine, cell: &str, folds: bool, colours: Palette) {
    let colour = if line.is_dim { colours.quiet } else { colours.text };
    let mut text = words(cell, 12.0, colour);
    if line.is_old {
        text = text.strikethrough();
    }
    let mode = if folds { TextWrapMode::Wrap } else { TextWrapMode::Extend };
    // Clear of the line above it that begins a date.
    ui.add_space(3.0);
    ui.add(Label::new(text).wrap_mode(mode));
}

/// What is done with the chosen entry, and what else is recorded of the patient.
fn toolbar_ui(ui: &mut Ui, app: &App, colours: Palette, actions: &mut Vec<Action>) {
    let left = |ui: &mut Ui, actions: &mut Vec<Action>| chosen_ui(ui, app, colours, actions);
    if ui.available_width() >= ONE_LINE {
        return sides_ui(ui, Align::Center, actions, left, entries_ui);
    }
    ui.horizontal_wrapped(|ui| {
        left(ui, actions);
        entries_ui(ui, actions);
    });
}

fn chosen_ui(ui: &mut Ui, app: &App, colours: Palette, actions: &mut Vec<Action>) {
    ui.label(bold("Log", 13.0, colours.text));
    let chosen = app.chosen.is_some();
    if ui.add_enabled(chosen, Button::new("Correct…")).on_hover_text("the chosen entry (Ctrl+E)").clicked() {
        actions.push(Action::CorrectChosen);
    }
    let strike = Button::new("Strike out…");
    if ui.add_enabled(chosen, strike).on_hover_text("the chosen entry (Ctrl+Shift+E)").clicked() {
        actions.push(Action::StrikeOutChosen);
    }
    // Only an infusion that is running can be stopped; the button is there when one is chosen. Its words are few: on the
    // smallest screen all the others stand beside it.
    if app.chosen.as_ref().is_some_and(|id| app.running(id).is_some())
        && ui
            .button("Stop, rate…")
            .on_hover_text("stop the chosen infusion, or change its rate (Ctrl+Shift+R)")
            .clicked()
    {
        actions.push(Action::StopChosen);
    }
    let mut show = app.show_struck_out;
    if ui.checkbox(&mut show, "struck out, earlier").changed() {
        actions.push(Action::ShowStruckOut(show));
    }
}

fn entries_ui(ui: &mut Ui, actions: &mut Vec<Action>) {
    for (word, key, kind) in [
        ("Plan…", "Ctrl+Shift+N", FormKind::Plan),
        ("What if…", "Ctrl+Shift+W", FormKind::WhatIf),
        ("Grade…", "Ctrl+G", FormKind::Grade),
        ("Event…", "Ctrl+T", FormKind::Event),
        ("Weight…", "Ctrl+M", FormKind::Measure),
        ("Infusion…", "Ctrl+I", FormKind::Infusion),
    ] {
        if ui.button(word).on_hover_text(key).clicked() {
            actions.push(Action::Open(kind));
        }
    }
    let entries = "weights, infusions, grades, events, plans, chart checks (Ctrl+B)";
    if ui.button("Entries…").on_hover_text(entries).clicked() {
        actions.push(Action::Overlay(Overlay::Entries));
    }
}
