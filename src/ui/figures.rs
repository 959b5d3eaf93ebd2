//! The figure panel: every number with what it is over.

use super::palette::Palette;
use super::{bold, words};
use crate::app::form::FormKind;
use crate::app::view::{FigureLine, Statement};
use crate::app::{Action, App};
use egui::text::{LayoutJob, TextFormat};
use egui::{
    Align, CollapsingHeader, ComboBox, FontId, Label, Layout, Role, ScrollArea, Sense, TextWrapMode, Ui, UiBuilder,
    vec2,
};

/// The figure panel.
pub fn figures_ui(ui: &mut Ui, app: &App) -> Vec<Action> {
    let colours = Palette::of(ui);
    let mut actions = Vec::new();
    ui.set_min_size(ui.available_size());
    ui.horizontal(|ui| {
        ui.label(bold("Exposure", 14.0, colours.text));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui.small_button("Copy as text").on_hover_text("Ctrl+Shift+C").clicked() {
                actions.push(Action::CopyText);
            }
        });
    });
    let Some(view) = app.shown() else { return actions };
    let with_infusion = view.exposure.infusion.is_some();
    // A longer name than the shipped ones have stands below, in full.
    let beside = table_in_words(app).chars().count() <= 24;
    ui.horizontal(|ui| {
        ui.label(words("over", 11.5, colours.quiet));
        let combo = ComboBox::from_id_salt("window").selected_text(app.window.shown(with_infusion)).width(130.0);
        let response = combo.show_ui(ui, |ui| {
            for window in app.windows() {
                if ui.selectable_label(app.window == window, window.shown(with_infusion)).clicked() {
                    actions.push(Action::Window(window));
                }
            }
        });
        super::ward::name(&response.response, Role::ComboBox, "Window that the figures are over");
        if beside {
            actions.extend(table_ui(ui, app, colours));
        }
    });
    if !beside {
        actions.extend(table_ui(ui, app, colours));
    }
    ui.separator();
    actions.extend(landmarks_ui(ui, &view.landmarks, colours));
    ScrollArea::vertical().id_salt("figures").auto_shrink(false).show(ui, |ui| {
        for line in &view.lines {
            actions.extend(explained_ui(ui, line, |ui| line_ui(ui, line, colours)));
        }
        for statement in &view.statements {
            actions.extend(statement_ui(ui, statement, colours));
        }
        super::scroll::to_focus(ui);
    });
    actions
}

/// The five figures of the bedside view in a line that folds between them, so that no number is parted from its words.
pub fn five_ui(ui: &mut Ui, app: &App) {
    let colours = Palette::of(ui);
    let Some(view) = app.shown() else { return };
    ui.spacing_mut().item_spacing = vec2(14.0, 1.0);
    ui.spacing_mut().interact_size.y = 15.0;
    ui.horizontal_wrapped(|ui| {
        for line in &view.bedside {
            let mut text = LayoutJob::default();
            let colour = if line.label.starts_with('?') { colours.bad } else { colours.text };
            let quiet = TextFormat::simple(FontId::proportional(11.0), colours.quiet);
            text.append(&line.label, 0.0, quiet.clone());
            text.append(&line.value.replace(' ', "\u{a0}"), 5.0, TextFormat::simple(super::fonts::bold(12.5), colour));
            text.append(&line.note, if line.note.is_empty() { 0.0 } else { 5.0 }, quiet);
            text.wrap.max_width = ui.max_rect().width();
            let galley = ui.painter().layout_job(text);
            let (rect, response) = ui.allocate_exact_size(galley.size(), Sense::hover());
            let read_out = format!("{} {} {}", line.label, line.value, line.note);
            super::ward::name(&response, Role::Label, read_out.trim_end());
            ui.painter().galley(rect.min, galley, colours.text);
        }
    });
}

fn table_in_words(app: &App) -> String {
    let rules = app.reference.rules();
    format!("table {} v{}{}{}", rules.table.id, rules.table.version, rules.table.mark(), rules.reading.out_words())
}

/// The table in use, which a click changes.
fn table_ui(ui: &mut Ui, app: &App, colours: Palette) -> Option<Action> {
    let label = Label::new(words(table_in_words(app), 11.5, colours.quiet)).wrap().sense(Sense::click());
    let source = &app.reference.rules().table.source;
    let response = ui.add(label).on_hover_text(format!("{source}\nThe unit's settings: Ctrl+Comma"));
    response.clicked().then_some(Action::Open(FormKind::Settings))
}

/// Side by side, each as wide as its number, so that no number is parted from its unit; above the lines, so that they are
/// seen at one look however many lines there are.
fn landmarks_ui(ui: &mut Ui, landmarks: &[FigureLine], colours: Palette) -> Vec<Action> {
    let mut actions = Vec::new();
    if landmarks.is_empty() {
        return actions;
    }
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 12.0;
        for landmark in landmarks {
            let clicked = explained_ui(ui, landmark, |ui| {
                ui.vertical(|ui| {
                    ui.spacing_mut().item_spacing.y = 1.0;
                    ui.add(Label::new(words(&landmark.label, 11.0, colours.quiet)).wrap_mode(TextWrapMode::Extend));
                    ui.add(Label::new(bold(&landmark.value, 11.5, colours.text)).wrap_mode(TextWrapMode::Extend));
                });
            });
            actions.extend(clicked);
        }
    });
    ui.separator();
    actions
}

/// Something about a figure that can be clicked, or reached with Tab and opened with Enter, for the doses that make it.
fn explained_ui(ui: &mut Ui, line: &FigureLine, add: impl FnOnce(&mut Ui)) -> Option<Action> {
    let figure = line.explains;
    let drawn = ui.scope_builder(UiBuilder::new().sense(Sense::hover()), add).response;
    let figure = figure?;
    let response = ui.interact(drawn.rect, drawn.id.with("explain"), Sense::click());
    let label = format!("{} {}: where it comes from", line.label.trim(), line.value);
    super::ward::name(&response, Role::Button, &label);
    if response.hovered() || response.has_focus() {
        let stroke = Palette::of(ui).accent;
        ui.painter().rect_stroke(drawn.rect.expand(1.0), 2.0, (1.0, stroke), egui::StrokeKind::Outside);
    }
    let response = response.on_hover_cursor(egui::CursorIcon::PointingHand);
    response.clicked().then_some(Action::Explain(figure))
}

fn line_ui(ui: &mut Ui, line: &FigureLine, colours: Palette) {
    ui.spacing_mut().interact_size.y = 15.5;
    // What does not fit beside its number stands above it.
    let letters = line.label.chars().count() + line.value.chars().count() + line.note.chars().count();
    let label = Label::new(words(&line.label, 11.5, colours.quiet)).wrap();
    if line.note.chars().count() > 30 {
        // A long note is folded below: kept on one line it would push the numbers out of the panel.
        let short = FigureLine { note: String::new(), ..line.clone() };
        line_ui(ui, &short, colours);
        ui.add(Label::new(words(&line.note, 10.5, colours.quiet)).wrap());
        return;
    }
    if letters > 46 {
        ui.add(label);
        ui.with_layout(Layout::right_to_left(Align::Min), |ui| numbers_ui(ui, line, colours));
        return;
    }
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 5.0;
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            numbers_ui(ui, line, colours);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| ui.add(label));
        });
    });
}

/// A figure with the words that it must not be shown without; in full when its heading is opened. Never in a colour of
/// alarm: it asks for nothing.
fn statement_ui(ui: &mut Ui, statement: &Statement, colours: Palette) -> Vec<Action> {
    let wrapped = |ui: &mut Ui, text: &str, colour| {
        ui.add(Label::new(words(text, 11.0, colour)).wrap());
    };
    ui.separator();
    let heading = bold(statement.heading, 11.5, colours.text);
    let mut is_open = false;
    if statement.full.is_empty() {
        ui.label(heading);
    } else {
        let whole = CollapsingHeader::new(heading).id_salt(statement.heading).show_unindented(ui, |ui| {
            for line in &statement.full {
                wrapped(ui, line, colours.text);
            }
        });
        is_open = whole.fully_open();
    }
    let figures = statement.figures.iter();
    let actions = figures.filter_map(|line| explained_ui(ui, line, |ui| line_ui(ui, line, colours))).collect();
    for line in statement.brief.iter().filter(|_| !is_open).chain(&statement.undecided) {
        wrapped(ui, line, colours.text);
    }
    for line in &statement.always {
        wrapped(ui, line, colours.quiet);
    }
    actions
}

fn numbers_ui(ui: &mut Ui, line: &FigureLine, colours: Palette) {
    ui.spacing_mut().item_spacing.x = 5.0;
    if !line.note.is_empty() {
        ui.add(Label::new(words(&line.note, 10.5, colours.quiet)).wrap_mode(TextWrapMode::Extend));
    }
    let colour = if line.label.starts_with('?') { colours.bad } else { colours.text };
    ui.add(Label::new(bold(&line.value, 12.5, colour)).wrap_mode(TextWrapMode::Extend));
}
