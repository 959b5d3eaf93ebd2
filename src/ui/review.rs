//! What changed since the last signed review: each entry, how the total moved, and the button that signs.

use super::narrow::is_narrow;
use super::over::{awaited_ui, list_height, modal_over_buttons_ui};
use super::palette::Palette;
use super::{bold, words};
use crate::app::view::{ReviewRow, ReviewView};
use crate::app::{Action, App};
use egui::{Align, Button, Grid, Id, Key, Label, Modifiers, Role, TextWrapMode, Ui};
use egui_extras::{Column, TableBuilder};

const HEADINGS: [&str; 4] = ["", "Entry", "Total", "Recorded"];

/// The width of the dialog, and of its columns: room for what was done, the entry, what it did to the total, and who, when
/// and where.
const WIDTH: f32 = 950.0;
const WIDTHS: [f32; 4] = [90.0, 470.0, 92.0, 250.0];

/// The same in a small window, whose dialog is as wide as there is room; what does not fit in a column is folded.
const NARROW: f32 = 590.0;
const NARROW_WIDTHS: [f32; 4] = [84.0, 232.0, 84.0, 150.0];

/// As many rows as a page has.
const PAGE: isize = 8;

/// Further than any list is long.
const ALL: isize = 1_000_000;

/// The review over the window.
pub fn review_ui(ui: &mut Ui, app: &App) -> Vec<Action> {
    let colours = Palette::of(ui);
    if app.awaits_figures() {
        return awaited_ui(ui, app, Id::unique("review"));
    }
    let Some(review) = app.review.as_ref().filter(|_| app.patient().is_some()) else { return vec![Action::Cancel] };
    let mut actions = Vec::new();
    // One widget, so that the keyboard stays on the buttons below however many there are in it.
    let changes = |ui: &mut Ui| {
        ui.vertical(|ui| changes_ui(ui, app, review));
    };
    let buttons = |ui: &mut Ui| {
        let can_sign = app.pending().is_none() && !review.reviews().is_empty();
        let sign = Button::new(bold(format!("Sign as {}", review.by), 13.0, colours.text));
        if ui.add_enabled(can_sign, sign).on_hover_text("that this was reviewed").clicked() {
            actions.push(Action::SignReview);
        }
        if ui.button("Close").on_hover_text("Escape").clicked() {
            actions.push(Action::Cancel);
        }
        if let Some(pending) = app.pending() {
            ui.label(words(pending.words, 12.5, colours.quiet));
        }
        actions.extend(walked(ui).map(Action::ReviewBy));
    };
    let width = if is_narrow(ui) { NARROW } else { WIDTH };
    let modal = modal_over_buttons_ui(ui.ctx(), Id::unique("review"), width, changes, buttons);
    if modal.should_close() {
        actions.push(Action::Cancel);
    }
    actions
}

/// What changed, and how the total moved.
fn changes_ui(ui: &mut Ui, app: &App, review: &ReviewView) {
    let colours = Palette::of(ui);
    super::identity::line_ui(ui, app);
    ui.add(Label::new(bold(review.heading(), 16.0, colours.text)).wrap());
    ui.separator();
    if !review.rows.is_empty() {
        rows_ui(ui, app, review, colours);
        ui.separator();
    }
    ui.add(Label::new(words(&review.rule, 12.0, colours.quiet)).wrap());
    Grid::new("totals").num_columns(2).spacing([14.0, 3.0]).show(ui, |ui| {
        for [what, total] in &review.totals {
            ui.label(words(what, 12.5, colours.quiet));
            ui.label(bold(total, 12.5, colours.text));
            ui.end_row();
        }
    });
    ui.separator();
    if review.arrived > 0 {
        let more = format!("{} more arrived since; to be reviewed after this is signed", review.arrived);
        ui.add(Label::new(bold(more, 12.5, colours.bad)).wrap());
    }
    if let Some(error) = &review.error {
        ui.add(Label::new(bold(format!("✗ {error}"), 12.5, colours.bad)).wrap());
    }
}

/// How far a key moves through the list. Between buttons the arrows move the keyboard.
fn walked(ui: &Ui) -> Option<isize> {
    let on_a_button = ui.memory(|memory| memory.focused().is_some());
    let keys = [
        (Key::ArrowDown, 1, !on_a_button),
        (Key::ArrowUp, -1, !on_a_button),
        (Key::PageDown, PAGE, true),
        (Key::PageUp, -PAGE, true),
        (Key::Home, -ALL, true),
        (Key::End, ALL, true),
    ];
    let pressed = |key| ui.input(|input| input.modifiers == Modifiers::NONE && input.key_pressed(key));
    keys.into_iter().find(|(key, _, moves)| *moves && pressed(*key)).map(|(_, lines, _)| lines)
}

/// The entries under each other. Only those that are seen are drawn: a first review may have thousands.
fn rows_ui(ui: &mut Ui, app: &App, review: &ReviewView, colours: Palette) {
    ui.spacing_mut().item_spacing.y = 1.0;
    let (seen, is_narrow) = (list_height(ui, 330.0), is_narrow(ui));
    let table = TableBuilder::new(ui).id_salt("to review").striped(true).auto_shrink([false, true]);
    let mut table = table.min_scrolled_height(0.0).max_scroll_height(seen).animate_scrolling(false);
    let widths = if is_narrow { NARROW_WIDTHS } else { WIDTHS };
    for width in widths {
        table = table.column(Column::exact(width));
    }
    if app.scroll {
        table = table.scroll_to_row(review.chosen, Some(Align::Center));
    }
    let table = table.header(18.0, |mut header| {
        for heading in HEADINGS {
            header.col(|ui| {
                ui.label(words(heading, 11.0, colours.quiet));
            });
        }
    });
    table.body(|body| {
        body.heterogeneous_rows(review.rows.iter().map(|row| row_height(row, widths)), |mut row| {
            let at = row.index();
            let Some(entry) = review.rows.get(at) else { return };
            row.set_selected(at == review.chosen);
            let ReviewRow { kind, what, moved, recorded } = entry;
            for (at, cell) in [kind, what.as_str(), moved, recorded].into_iter().enumerate() {
                let text = if at == 0 { bold(cell, 12.0, colours.text) } else { words(cell, 12.0, colours.text) };
                row.col(|ui| {
                    ui.add(Label::new(text).wrap_mode(TextWrapMode::Wrap).selectable(false));
                });
            }
            let label = format!("{kind}: {}, {moved} {recorded}", what.replace('\n', " "));
            super::ward::name(&row.response(), Role::ListBoxOption, &label);
        });
    });
}

/// High enough for the words of every column: they name doses, so they are folded and never cut.
#[allow(clippy::cast_precision_loss, reason = "a number of letters")]
fn row_height(row: &ReviewRow, widths: [f32; 4]) -> f32 {
    let folded = |line: &str, width: f32| (line.chars().count() as f32 * 7.2 / width).ceil();
    let lines = |text: &str, width: f32| text.lines().map(|line| folded(line, width)).sum::<f32>();
    let [_, what, _, recorded] = widths;
    5.0 + 15.0 * lines(&row.what, what).max(lines(&row.recorded, recorded)).max(1.0)
}
