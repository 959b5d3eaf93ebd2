//! The chart as a table: walked row by row with the arrows, each row read out as one line.

use super::over::{awaited_ui, list_height, modal_ui};
use super::palette::Palette;
use super::{bold, words};
use crate::app::{Action, App, ChartAction};
use egui::{Align, EventFilter, Id, Key, Modifiers, Response, Role, Sense, Ui, WidgetInfo};
use egui_extras::{Column, TableBuilder};

/// How wide it is where there is room.
const WIDTH: f32 = 880.0;

/// How high a line of a row is, and how high all rows are that are seen at once.
const LINE: f32 = 15.0;
const SEEN: f32 = 420.0;
/// About how wide a letter is.
const LETTER: f32 = 6.8;
/// How many rows a page is.
const PAGE: isize = 18;

/// The widths of the columns of the doses, and of the days.
const OF_DOSES: [f32; 6] = [252.0, 44.0, 160.0, 96.0, 90.0, 160.0];
const OF_DAYS: [f32; 6] = [96.0, 44.0, 240.0, 110.0, 130.0, 190.0];
/// The same in large type on a small screen: lines fold, and no name of a drug does.
const FEW_OF_DOSES: [f32; 6] = [118.0, 36.0, 134.0, 80.0, 64.0, 100.0];
const FEW_OF_DAYS: [f32; 6] = [92.0, 36.0, 140.0, 90.0, 80.0, 94.0];

/// The table over the window.
pub fn chart_table_ui(ui: &mut Ui, app: &App) -> Vec<Action> {
    let colours = Palette::of(ui);
    if app.awaits_figures() {
        return awaited_ui(ui, app, Id::unique("chart table"));
    }
    let Some((table, view)) = app.chart_table.as_ref().zip(app.shown()) else {
        return vec![Action::Cancel];
    };
    let mut actions = Vec::new();
    let modal = modal_ui(ui.ctx(), Id::unique("chart table"), WIDTH, |ui| {
        super::identity::line_ui(ui, app);
        ui.label(bold("The chart as a table", 16.0, colours.text));
        ui.add(egui::Label::new(words(&view.figure.sentence, 12.0, colours.quiet)).wrap());
        ui.horizontal(|ui| {
            for (word, days) in [("Doses", false), ("Days", true)] {
                if ui.selectable_label(app.chart.days == days, word).on_hover_text("← →").clicked() {
                    actions.push(Action::Chart(ChartAction::Days(days)));
                }
            }
        });
        ui.separator();
        let is_few = ui.available_width() < WIDTH;
        let (headings, rows, widths) = if app.chart.days {
            (&table.day_headings, &table.days, if is_few { FEW_OF_DAYS } else { OF_DAYS })
        } else {
            (&table.dose_headings, &table.doses, if is_few { FEW_OF_DOSES } else { OF_DOSES })
        };
        if rows.is_empty() {
            ui.label(words("Nothing is on the chart.", 12.5, colours.quiet));
        } else {
            rows_ui(ui, app, (headings, widths), rows, &mut actions);
        }
        ui.separator();
        ui.horizontal(|ui| {
            if ui.button("Copy the table").clicked() {
                actions.push(Action::Chart(ChartAction::CopyText));
            }
            if ui.button("Copy the table as CSV").clicked() {
                actions.push(Action::Chart(ChartAction::CopyCsv));
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

fn rows_ui(
    ui: &mut Ui,
    app: &App,
    (headings, widths): (&[String; 6], [f32; 6]),
    rows: &[[String; 6]],
    actions: &mut Vec<Action>,
) {
    let colours = Palette::of(ui);
    ui.spacing_mut().item_spacing.y = 1.0;
    // The keyboard is in the rows from the start, and in a button once Tab has taken it there.
    let nobody = ui.memory(|memory| memory.focused().is_none());
    let heights: Vec<f32> = rows.iter().map(|cells| height(cells, widths)).collect();
    let seen = list_height(ui, SEEN);
    let table = TableBuilder::new(ui).id_salt(("chart table", app.chart.days)).striped(true).sense(Sense::CLICK);
    let table = table.auto_shrink([false, true]).min_scrolled_height(0.0).max_scroll_height(seen);
    let mut table =
        widths.iter().fold(table.animate_scrolling(false), |table, width| table.column(Column::exact(*width)));
    if app.scroll {
        table = table.scroll_to_row(app.chart.row, Some(Align::Center));
    }
    let table = table.header(18.0, |mut header| {
        for heading in headings {
            header.col(|ui| {
                ui.label(words(heading, 11.0, colours.quiet));
            });
        }
    });
    table.body(|body| {
        body.heterogeneous_rows(heights.into_iter(), |mut row| {
            let at = row.index();
            let Some(cells) = rows.get(at) else { return };
            row.set_selected(at == app.chart.row);
            let read: Vec<String> = headings
                .iter()
                .zip(cells)
                .filter(|(_, cell)| !cell.is_empty())
                .map(|(heading, cell)| format!("{heading} {cell}"))
                .collect();
            let mut whole = None;
            for cell in cells {
                row.col(|ui| {
                    whole.get_or_insert_with(|| whole_row_ui(ui, at, at == app.chart.row, &read.join(", ")));
                    ui.add(egui::Label::new(words(cell, 12.0, colours.text)).wrap());
                });
            }
            if row.response().clicked() {
                actions.push(Action::Chart(ChartAction::RowBy(by(app.chart.row, at))));
            }
            let Some(response) = whole else { return };
            if at == app.chart.row && (nobody || app.scroll) {
                response.request_focus();
                // Only a frame that begins with the keyboard here keeps the arrows.
                response.ctx.request_repaint();
            }
            if response.has_focus() {
                actions.extend(keys(&response).into_iter().map(Action::Chart));
            }
        });
    });
}

/// The row as a whole: one stop of the Tab key where it is the chosen one, and read out as one line.
fn whole_row_ui(ui: &Ui, at: usize, is_chosen: bool, read: &str) -> Response {
    let rect = ui.max_rect().with_max_x(ui.clip_rect().right());
    let sense = if is_chosen { Sense::click() } else { Sense::CLICK };
    let response = ui.interact(rect, Id::unique(("row of the chart", at)), sense);
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_chosen, read));
    response
}

/// High enough for every cell: they name drugs and doses, so they are folded and never cut.
#[allow(clippy::cast_precision_loss, reason = "a number of letters")]
pub fn height<const N: usize>(cells: &[String; N], widths: [f32; N]) -> f32 {
    let lines = |(cell, width): (&String, f32)| (cell.chars().count() as f32 * LETTER / width).ceil();
    5.0 + LINE * cells.iter().zip(widths).map(lines).fold(1.0, f32::max)
}

/// From one row to another.
fn by(from: usize, to: usize) -> isize {
    let apart = isize::try_from(to.abs_diff(from)).unwrap_or(isize::MAX);
    if to < from { -apart } else { apart }
}

/// What the keys do in a row.
fn keys(response: &egui::Response) -> Vec<ChartAction> {
    let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
    response.ctx.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let keys = [
        (Key::ArrowDown, ChartAction::RowBy(1)),
        (Key::ArrowUp, ChartAction::RowBy(-1)),
        (Key::PageDown, ChartAction::RowBy(PAGE)),
        (Key::PageUp, ChartAction::RowBy(-PAGE)),
        (Key::Home, ChartAction::RowBy(isize::MIN)),
        (Key::End, ChartAction::RowBy(isize::MAX)),
        (Key::ArrowRight, ChartAction::Days(true)),
        (Key::ArrowLeft, ChartAction::Days(false)),
    ];
    let pressed = |key| response.ctx.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    keys.into_iter().filter(|(key, _)| pressed(*key)).map(|(_, action)| action).collect()
}
