//! The bedside view: one patient over the whole window, in large type, to be read and not written.

use super::palette::Palette;
use super::{bold, chart, identity, outbox, settings, words};
use crate::app::view::FigureLine;
use crate::app::{Action, App, ChartAction};
use egui::{
    Align, CentralPanel, Color32, Context, FontId, Frame, Id, Key, Label, Layout, Margin, Modifiers, Panel, ScrollArea,
    Ui, Vec2, vec2,
};

/// How much larger everything is than in the main window, at most.
const LARGER: f32 = 1.5;

/// The sizes of the figures, of which the largest is taken that shows all of them at one look; and of those beside them.
const SIZES: [f32; 3] = [22.0, 17.0, 14.0];
const LEAST_SIZE: f32 = 12.0;
const BESIDE_SIZE: f32 = 15.0;

/// The sizes of what stands above a figure and below it, and what part of its size is free under it.
const LABEL: f32 = 11.0;
const NOTE: f32 = 10.5;
const UNDER: f32 = 0.2;
/// What is free between lines.
const LINES: f32 = 2.0;

/// The room that the view needs.
const LEAST: Vec2 = vec2(850.0, 476.0);

/// How much larger everything is than in the main window at this zoom: never so large that the view has no room.
pub fn larger(context: &Context, zoom: f32) -> f32 {
    let room = context.content_rect().size() * context.zoom_factor() / zoom;
    (room / LEAST).min_elem().clamp(1.0, LARGER)
}

/// The view, with what its keys did.
pub fn bedside_ui(ui: &mut Ui, app: &App) -> Vec<Action> {
    let colours = Palette::of(ui);
    // In a menu the arrows and Escape are the menu's.
    let in_menu = egui::Popup::is_any_open(ui.ctx());
    let mut actions = if app.is_covered() || in_menu { Vec::new() } else { keys(ui) };
    let top = Frame::new().fill(colours.card).stroke((1.0, colours.edge)).inner_margin(Margin::symmetric(12, 6));
    let strip = Panel::top("bedside identity").frame(top).show_separator_line(false).show(ui, |ui| {
        strip_ui(ui, app, colours);
        ui.min_rect().height()
    });
    // The strip is as high as it was a frame ago: where it has grown it would stay cut.
    let known = ui.data_mut(|data| data.get_temp_mut_or(Id::unique("height of the strip"), strip.inner).to_owned());
    if known.to_bits() != strip.inner.to_bits() {
        ui.data_mut(|data| data.insert_temp(Id::unique("height of the strip"), strip.inner));
        ui.ctx().request_repaint();
    }
    if app.unit_problem().is_some() {
        Panel::top("unit problem").frame(super::strip(super::palette::ALARM)).show(ui, |ui| {
            settings::problem_ui(ui, app);
        });
    }
    outbox::banner_ui(ui, app);
    if let Some(question) = app.question() {
        Panel::top("bedside question").frame(super::strip(colours.note)).show(ui, |ui| {
            ui.add(Label::new(bold(format!("? {}", question.words), 11.0, colours.text)).wrap());
        });
    }
    if app.notice.as_ref().is_some_and(|notice| notice.is_error) {
        Panel::bottom("bedside notice").frame(super::strip(colours.note)).show(ui, |ui| {
            actions.extend(identity::notice_ui(ui, app));
        });
    }
    let ground = Frame::new().fill(colours.ground).inner_margin(Margin::symmetric(4, 4));
    Panel::bottom("bedside keys").frame(ground).show_separator_line(false).show(ui, |ui| {
        ui.horizontal(|ui| {
            for (word, action) in [
                ("← Previous", Action::SelectBy(-1)),
                ("Next →", Action::SelectBy(1)),
                ("Leave  Escape", Action::Bedside),
            ] {
                if ui.button(word).clicked() {
                    actions.push(action);
                }
            }
            if let Some(fresh) = app.freshness().filter(|fresh| fresh.is_reachable) {
                ui.label(words(fresh.words, 10.0, if fresh.is_late { colours.bad } else { colours.quiet }));
            }
        });
    });
    Panel::right("bedside figures").exact_size(218.0).resizable(false).frame(ground).show_separator_line(false).show(
        ui,
        |ui| {
            colours.card().show(ui, |ui| figures_ui(ui, app, colours));
        },
    );
    CentralPanel::default().frame(ground).show(ui, |ui| {
        colours.card().show(ui, |ui| {
            // How it is looked at; a dose that is chosen here would be for the log.
            let looks = |action: &Action| match action {
                Action::Chart(chart) => *chart != ChartAction::Choose,
                action => matches!(action, Action::ByDay(_)),
            };
            actions.extend(chart::chart_ui(ui, app).into_iter().filter(looks));
        });
    });
    actions
}

/// To the patient before and after, and out. Before any widget sees them.
fn keys(ui: &mut Ui) -> Vec<Action> {
    let keys = [
        (Key::ArrowRight, Action::SelectBy(1)),
        (Key::ArrowDown, Action::SelectBy(1)),
        (Key::ArrowLeft, Action::SelectBy(-1)),
        (Key::ArrowUp, Action::SelectBy(-1)),
        (Key::Escape, Action::Bedside),
    ];
    let pressed = |ui: &mut Ui, key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    keys.into_iter().filter_map(|(key, action)| pressed(ui, key).then_some(action)).collect()
}

/// Who it is, large, and what is wrong with the files.
fn strip_ui(ui: &mut Ui, app: &App, colours: Palette) {
    let Some(patient) = app.patient() else { return };
    ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
        if let Some(day) = app.shown().and_then(|view| view.exposure.day) {
            ui.add(Label::new(bold(format!("Day {day}"), 24.0, colours.accent)));
        }
        let name = app.name_of(patient);
        let size = if name.chars().count() > 34 { 15.0 } else { 24.0 };
        ui.with_layout(Layout::left_to_right(Align::Min), |ui| {
            ui.add(Label::new(bold(name, size, colours.text)).wrap());
        });
    });
    let details = format!("{}   ·   {}", identity::details_of(app, patient), identity::checked_words(app, patient));
    super::unparted_ui(ui, &details, FontId::proportional(11.5), colours.text);
    identity::findings_ui(ui, app, colours);
    if app.is_demo() {
        ui.label(bold(super::text::DEMO_BANNER, 9.0, colours.bad));
    }
}

fn figures_ui(ui: &mut Ui, app: &App, colours: Palette) {
    ui.set_min_size(ui.available_size());
    let view = match &app.view {
        Some(Ok(view)) => view,
        Some(Err(error)) => {
            ui.add(Label::new(bold(format!("⚠ {error}"), 12.0, colours.bad)).wrap());
            return;
        }
        None => return,
    };
    let room = ui.available_height();
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = LINES;
        let fits = |size: &f32| view.bedside.iter().map(|line| height(ui, line, *size)).sum::<f32>() <= room;
        let size = SIZES.into_iter().find(fits).unwrap_or(LEAST_SIZE);
        for line in &view.bedside {
            figure_ui(ui, line, size, colours);
        }
    });
}

/// The size of a figure where the five are of a size.
fn size_of(line: &FigureLine, size: f32) -> f32 {
    if line.is_beside() { size.min(BESIDE_SIZE) } else { size }
}

/// How high a figure is with what belongs to it.
fn height(ui: &Ui, line: &FigureLine, size: f32) -> f32 {
    let (label, note) = (FontId::proportional(LABEL), FontId::proportional(NOTE));
    let parts =
        [(&line.label, label), (&line.value, super::fonts::bold(size_of(line, size))), (&line.note, note)].into_iter();
    let parts = parts.filter(|(text, _)| !text.is_empty()).map(|(text, font)| {
        ui.painter().layout(text.clone(), font, Color32::PLACEHOLDER, ui.available_width()).size().y + LINES
    });
    parts.sum::<f32>() + UNDER * size + LINES
}

fn figure_ui(ui: &mut Ui, line: &FigureLine, size: f32, colours: Palette) {
    let colour = if line.label.starts_with('?') { colours.bad } else { colours.text };
    ui.add(Label::new(words(&line.label, LABEL, colours.quiet)).wrap());
    ui.add(Label::new(bold(&line.value, size_of(line, size), colour)).wrap());
    if !line.note.is_empty() {
        ui.add(Label::new(words(&line.note, NOTE, colours.quiet)).wrap());
    }
    ui.add_space(UNDER * size);
}
