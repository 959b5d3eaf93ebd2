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
use crate::exposure::figure::{Figure, PublishedLine};
use egui::{FontId, Layout, ScrollArea, Ui, vec2};
use hand::Reads;
pub use hand::hand_over;

/// The height of the heading with its choices, and what is free around the legend.
const HEADING: f32 = 32.0;
const AROUND_LEGEND: f32 = 6.0;

/// The size of the legend, and what stands between two of its signs.
const LEGEND: f32 = 10.5;
const BETWEEN: &str = "    ";

/// The chart of the open patient; where its room is too low it scrolls, so that no lane is cut.
pub fn chart_ui(ui: &mut Ui, app: &App) -> Vec<Action> {
    let (room, least) = (ui.available_size(), least_height(ui, app, ui.available_width()));
    if room.y >= least {
        return whole_ui(ui, app);
    }
    let area = ScrollArea::vertical().id_salt("the whole chart").auto_shrink(false).animated(false);
    let scrolled = area.show(ui, |ui| {
        let whole = vec2(ui.available_width(), least);
        let actions = ui.allocate_ui_with_layout(whole, Layout::default(), |ui| whole_ui(ui, app)).inner;
        if !app.is_covered() {
            scroll::by_pages(ui);
        }
        scroll::to_focus(ui);
        actions
    });
    scrolled.inner
}

/// The height that all lanes need in a width, with what stands above and below them.
pub fn least_height(ui: &Ui, app: &App, width: f32) -> f32 {
    let Some(view) = app.shown() else { return HEADING };
    HEADING + lanes::least_height(&view.figure) + legend_height(ui, app, &view.figure, width)
}

/// How high the legend is at most: also with what may find no place in the lanes, or the two would depend on each other.
fn legend_height(ui: &Ui, app: &App, figure: &Figure, width: f32) -> f32 {
    let told = figure.published.iter().map(PublishedLine::in_legend);
    let most: Vec<String> = figure.legend(&app.reference.formulary).into_iter().chain(told).collect();
    let font = FontId::proportional(LEGEND);
    ui.painter().layout(most.join(BETWEEN), font, Palette::of(ui).quiet, width).size().y + AROUND_LEGEND
}

fn whole_ui(ui: &mut Ui, app: &App) -> Vec<Action> {
    let colours = Palette::of(ui);
    ui.set_min_size(ui.available_size());
    let Some(view) = app.shown() else { return Vec::new() };
    let figure = &view.figure;
    // In a low window every point is for the lanes.
    ui.spacing_mut().item_spacing.y = 0.0;
    let mut actions = header::header_ui(ui, app, figure, colours);
    let mut legend = figure.legend(&app.reference.formulary);
    // A legend of two lines takes its room from the lanes.
    let below = legend_height(ui, app, figure, ui.available_width());
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
    // Their heights are remembered, and nobody who stands at a bed means that.
    for (border, line, step) in laid.borders.into_iter().filter(|_| !app.bedside.is_on) {
        actions.extend(borders::border_ui(ui, app, border, line, step));
    }
    legend.extend(laid.told_below);
    ui.add(egui::Label::new(words(legend.join(BETWEEN), LEGEND, colours.quiet)).wrap());
    actions
}
