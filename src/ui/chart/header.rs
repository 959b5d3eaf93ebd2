//! Above the chart: what it is of, and how it is looked at.

use crate::app::{Action, App, ChartAction, Overlay};
use crate::exposure::figure::{AmountUnit, Figure, Spacing};
use crate::ui::narrow::is_narrow;
use crate::ui::palette::Palette;
use crate::ui::sides::sides_ui;
use crate::ui::{bold, words};
use egui::{Align, Button, Label, Ui};

/// The least width of the chart at which its heading stands beside the choices.
const BESIDE_HEADING: f32 = 630.0;
/// The same at the bedside, where the choices are fewer.
const BESIDE_HEADING_ALONE: f32 = 520.0;

/// The heading, the buttons of the stretch, and the choices of the axis.
pub fn header_ui(ui: &mut Ui, app: &App, figure: &Figure, colours: Palette) -> Vec<Action> {
    let mut actions = Vec::new();
    // In a low window the height is for the lanes: a smaller heading folds beside the choices.
    let is_low = !app.bedside.is_on && is_narrow(ui);
    let size = if is_low { 11.5 } else { 14.0 };
    let heading =
        |ui: &mut Ui| ui.add(Label::new(bold("Cumulative systemic glucocorticoid", size, colours.text)).wrap());
    // Where there is no room beside it, the heading has a line of its own.
    let is_above =
        !is_low && ui.available_width() < if app.bedside.is_on { BESIDE_HEADING_ALONE } else { BESIDE_HEADING };
    if is_above {
        heading(ui);
    }
    sides_ui(
        ui,
        Align::Center,
        &mut actions,
        |ui, _| {
            if !is_above {
                heading(ui);
            }
        },
        |ui, actions| choices_ui(ui, app, figure, actions),
    );
    actions
}

fn choices_ui(ui: &mut Ui, app: &App, figure: &Figure, actions: &mut Vec<Action>) {
    // On the smallest screen all of it stands beside the heading.
    ui.spacing_mut().item_spacing.x = 2.0;
    ui.spacing_mut().button_padding.x = 5.0;
    if app.what_if.is_some() && ui.small_button("✕ what if").on_hover_text("Escape").clicked() {
        actions.push(Action::CloseWhatIf);
    }
    // In large type the heading needs the room; the keys, the wheel and dragging work as ever. The way back is always shown.
    let (all, is_moved) = (stretch_buttons(figure), app.chart.stretch.is_some());
    let shown = all.filter(|(_, _, action)| !app.bedside.is_on || (is_moved && *action == ChartAction::Reset));
    stretch_ui(ui, shown, actions);
    view_ui(ui, app, actions);
    let weighed = app.shown().is_some_and(|view| view.exposure.weight.is_some());
    let per_kg = if weighed { "Shift+F4" } else { "needs a weight: none is recorded (Ctrl+M)" };
    for (unit, hint) in [(AmountUnit::Mg, "Shift+F4"), (AmountUnit::MgPerKg, per_kg)] {
        let is_it = figure.unit() == unit;
        let choice = Button::selectable(is_it, unit.word());
        let choice = ui.add_enabled(weighed || unit == AmountUnit::Mg, choice);
        if choice.on_hover_text(hint).on_disabled_hover_text(hint).clicked() && !is_it {
            actions.push(Action::Chart(ChartAction::Unit));
        }
    }
    if figure.axis.has_days {
        for (word, by_day) in [("Day", true), ("Date", false)] {
            if ui.selectable_label(app.settings.dates != by_day, word).on_hover_text("F4").clicked() {
                actions.push(Action::ByDay(by_day));
            }
        }
    }
}

/// What is on the chart, and how its total is spaced.
fn view_ui(ui: &mut Ui, app: &App, actions: &mut Vec<Action>) {
    ui.menu_button("View ▾", |ui| {
        let log = app.settings.spacing == Spacing::Log;
        for (is_on, words, action) in [
            (log, "Logarithmic total   Shift+F6", ChartAction::Spacing),
            (!app.settings.hides_published, "Published medians   Shift+F8", ChartAction::Published),
        ] {
            let mut on = is_on;
            if ui.checkbox(&mut on, words).changed() {
                actions.push(Action::Chart(action));
                ui.close();
            }
        }
        // That is a window over the main one.
        if !app.bedside.is_on && ui.button("As a table…   Shift+F7").clicked() {
            actions.push(Action::Overlay(Overlay::ChartTable));
            ui.close();
        }
    });
}

/// What stands on a button, its help, and what it does.
type StretchButton = (&'static str, &'static str, ChartAction);

/// Days 0 to 30, all of it, further and closer.
fn stretch_buttons(figure: &Figure) -> impl Iterator<Item = StretchButton> {
    let buttons = [
        ("D0–30", "Days 0 to 30: F in the chart (Ctrl+J)", ChartAction::FitDays0To30),
        ("All", "as the chart opened: 0 in the chart (Ctrl+J), or double-click", ChartAction::Reset),
        ("−", "further away: − in the chart (Ctrl+J), or the wheel", ChartAction::Further),
        ("+", "closer: + in the chart (Ctrl+J), the wheel, or drag over a stretch", ChartAction::Closer),
    ];
    buttons.into_iter().skip(usize::from(!figure.axis.has_days))
}

fn stretch_ui(ui: &mut Ui, buttons: impl Iterator<Item = StretchButton>, actions: &mut Vec<Action>) {
    for (word, hint, action) in buttons {
        if ui.add(Button::new(words(word, 11.5, Palette::of(ui).text)).small()).on_hover_text(hint).clicked() {
            actions.push(Action::Chart(action));
        }
    }
}
