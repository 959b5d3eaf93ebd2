//! Above the chart: what it is of, and how it is looked at.

use crate::app::{Action, App, ChartAction};
use crate::exposure::figure::Figure;
use crate::ui::palette::Palette;
use crate::ui::{bold, words};
use egui::{Align, Button, Layout, Ui};

/// The heading, the choices of the axis, and the buttons of the stretch.
pub fn header_ui(ui: &mut Ui, app: &App, figure: &Figure, colours: Palette) -> Vec<Action> {
    let mut actions = Vec::new();
    ui.horizontal(|ui| {
        ui.label(bold("Cumulative systemic glucocorticoid", 14.0, colours.text));
        ui.label(words("dexamethasone-equivalent", 11.5, colours.quiet));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            if figure.axis.has_days {
                for (word, by_day) in [("Date", false), ("Day", true)] {
                    if ui.selectable_label(app.by_day == by_day, word).on_hover_text("F4").clicked() {
                        actions.push(Action::ByDay(by_day));
                    }
                }
            }
            stretch_ui(ui, figure, &mut actions);
            if app.what_if.is_some() && ui.small_button("✕ what if").on_hover_text("Escape").clicked() {
                actions.push(Action::CloseWhatIf);
            }
        });
    });
    actions
}

/// Closer, further, all of it, and Days 0 to 30. From right to left.
fn stretch_ui(ui: &mut Ui, figure: &Figure, actions: &mut Vec<Action>) {
    let mut buttons = vec![
        ("+", "closer: + in the chart (Ctrl+J), the wheel, or drag over a stretch", ChartAction::Closer),
        ("−", "further away: − in the chart (Ctrl+J), or the wheel", ChartAction::Further),
        ("All", "as the chart opened: 0 in the chart (Ctrl+J), or double-click", ChartAction::Reset),
    ];
    if figure.axis.has_days {
        buttons.push(("D0–30", "Days 0 to 30: F in the chart (Ctrl+J)", ChartAction::FitDays0To30));
    }
    for (word, hint, action) in buttons {
        if ui.add(Button::new(words(word, 11.5, Palette::of(ui).text)).small()).on_hover_text(hint).clicked() {
            actions.push(Action::Chart(action));
        }
    }
}
