//! The dose curve: four lanes on one time axis, one crosshair, one read-out.
//!
//! The lanes are drawn from [`Figure`], which has every position worked out. What is left here is where on the screen.

mod bars;
mod curve;
mod grades;
mod hand;
mod header;
mod lanes;
mod pattern;
mod planned;
mod read_out;

use super::palette::Palette;
use super::{borders, scroll, words};
use crate::app::{Action, App};
use egui::{Layout, ScrollArea, Ui, vec2};
use hand::Reads;

/// The height that all lanes need with what stands above and below them.
const LEAST_HEIGHT: f32 = 310.0;

/// Between two signs of the legend.
const BETWEEN: &str = "    ";

/// The chart of the open patient; where its room is too low it scrolls, so that no lane is cut.
pub fn chart_ui(ui: &mut Ui, app: &App) -> Vec<Action> {
    let room = ui.available_size();
    if room.y >= LEAST_HEIGHT {
        return whole_ui(ui, app);
    }
    let area = ScrollArea::vertical().id_salt("the whole chart").auto_shrink(false).animated(false);
    let scrolled = area.show(ui, |ui| {
        let whole = vec2(ui.available_width(), LEAST_HEIGHT);
        let actions = ui.allocate_ui_with_layout(whole, Layout::default(), |ui| whole_ui(ui, app)).inner;
        if !app.is_covered() {
            scroll::by_pages(ui);
        }
        scroll::to_focus(ui);
        actions
    });
    scrolled.inner
}

fn whole_ui(ui: &mut Ui, app: &App) -> Vec<Action> {
    let colours = Palette::of(ui);
    ui.set_min_size(ui.available_size());
    let Some(view) = app.shown() else { return Vec::new() };
    let figure = &view.figure;
    let mut actions = header::header_ui(ui, app, figure, colours);
    let mut legend = figure.legend(&app.reference.formulary);
    // A legend of two lines takes its room from the lanes; also what may find no place in them, or the two would depend on
    // each other.
    let told = figure.published.iter().map(|line| format!("─ {}", line.label));
    let most = legend.iter().cloned().chain(told).collect::<Vec<_>>().join(BETWEEN);
    let font = egui::FontId::proportional(10.5);
    let folded = ui.painter().layout(most, font, colours.quiet, ui.available_width());
    let below = folded.size().y + 6.0;
    let lanes = lanes::Lanes {
        figure,
        colours,
        by_day: !app.settings.dates,
        chosen: app.chosen.as_ref().and_then(|id| figure.spot(id)),
        seen: app.chart.seen(figure),
        sizes: app.settings.sizes,
    };
    let laid = ui.vertical(|ui| lanes.show(ui, ui.available_height() - below)).inner;
    let reads = hand::hand_ui(ui, app, &lanes, &laid, &mut actions);
    match reads {
        // There is nothing on the axes to be read.
        _ if app.awaits_figures() => {}
        Reads::Pointer(at) => read_out::at_pointer_ui(ui, &lanes, &laid, at),
        Reads::Keys => {
            if let Some(crosshair) = &app.chart.crosshair {
                read_out::at_crosshair_ui(ui, &lanes, &laid, crosshair);
            }
        }
        Reads::Nothing => {}
    }
    for (border, line, step) in laid.borders {
        actions.extend(borders::border_ui(ui, app, border, line, step));
    }
    legend.extend(laid.told_below);
    ui.add(egui::Label::new(words(legend.join(BETWEEN), 10.5, colours.quiet)).wrap());
    actions
}
