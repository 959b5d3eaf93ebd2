//! The window where there is little room for it: large type on a small screen. At 200 % on 1280 by 720 it is 640 by 360
//! points. The five figures that matter stay in sight, folded into a line; the chart, all figures and the log scroll as one
//! below it, and the ward list stands alone when it is asked for.

use super::palette::Palette;
use super::{chart, figures, log, quick, scroll, ward};
use crate::app::{Action, App};
use egui::{CentralPanel, Event, Frame, Key, Layout, Margin, Modifiers, Panel, ScrollArea, Ui, vec2};

/// Below this the usual window has no room.
const LEAST_WIDTH: f32 = 980.0;
const LEAST_HEIGHT: f32 = 540.0;

/// How much is seen of what comes below the chart, so that nobody takes it for the end.
const NEXT_CARD: f32 = 16.0;

/// Below this the figure panel scrolls before anakinra.
const ALL_FIGURES: f32 = 715.0;

/// What a card takes around what is in it.
const CARD: f32 = 22.0;

/// The width of the figures, at which no number is far from its words, and the least heights of figures and log.
const FIGURES: f32 = 330.0;
const FIGURES_HEIGHT: f32 = 220.0;
const LOG_HEIGHT: f32 = 220.0;

/// Whether the window is to be drawn so.
pub fn is_narrow(ui: &Ui) -> bool {
    let size = ui.ctx().content_rect().size();
    size.x < LEAST_WIDTH || size.y < LEAST_HEIGHT
}

/// Whether the window is so low that the figure panel does not show the figures that matter at one look.
pub fn is_low(ui: &Ui) -> bool {
    ui.ctx().content_rect().height() < ALL_FIGURES || is_narrow(ui)
}

/// The five figures that matter, in sight however low the window is.
pub fn five_ui(ui: &mut Ui, app: &App) {
    let strip = Frame::new().fill(Palette::of(ui).card).inner_margin(Margin::symmetric(12, 3));
    Panel::top("five figures").frame(strip).show_separator_line(false).show(ui, |ui| figures::five_ui(ui, app));
}

/// Whether it is the key of the ward list. The event says what was held with it; by the end of the frame that may be let go.
fn asks_for_the_list(event: &Event) -> bool {
    let Event::Key { key: Key::F, pressed: true, modifiers, .. } = event else { return false };
    modifiers.matches_logically(Modifiers::COMMAND)
}

/// All that is below the identity strip.
pub fn narrow_ui(ui: &mut Ui, app: &App, ground: Frame, actions: &mut Vec<Action>) {
    let colours = Palette::of(ui);
    // The list takes the key itself, and the keyboard into its search.
    let asked = !app.is_covered() && ui.input(|input| input.events.iter().any(asks_for_the_list));
    if app.patient().is_none() || app.list.is_open || asked {
        if !app.list.is_open && asked {
            actions.push(Action::ShowList(true));
        }
        CentralPanel::default().frame(ground).show(ui, |ui| {
            colours.card().show(ui, |ui| actions.extend(ward::ward_ui(ui, app)));
        });
        return;
    }
    Panel::bottom("quick").resizable(false).frame(ground).show_separator_line(false).show(ui, |ui| {
        let frame = colours.card().stroke((1.5, colours.accent));
        frame.show(ui, |ui| actions.extend(quick::quick_ui(ui, app)));
    });
    five_ui(ui, app);
    CentralPanel::default().frame(ground).show(ui, |ui| {
        let seen = ui.available_height();
        ScrollArea::vertical().id_salt("narrow").auto_shrink(false).animated(false).show(ui, |ui| {
            let width = ui.available_width();
            let chart_height = (seen - NEXT_CARD).max(chart::least_height(ui, app, width - CARD) + CARD);
            ui.allocate_ui_with_layout(vec2(width, chart_height), Layout::default(), |ui| {
                colours.card().show(ui, |ui| actions.extend(chart::chart_ui(ui, app)));
            });
            let figures = vec2(width.min(FIGURES), seen.max(FIGURES_HEIGHT));
            ui.allocate_ui_with_layout(figures, Layout::default(), |ui| {
                colours.card().show(ui, |ui| actions.extend(figures::figures_ui(ui, app)));
            });
            ui.allocate_ui(vec2(ui.available_width(), seen.max(LOG_HEIGHT)), |ui| {
                colours.card().show(ui, |ui| actions.extend(log::log_ui(ui, app)));
            });
            if !app.is_covered() {
                scroll::by_pages(ui);
            }
            scroll::to_focus(ui);
        });
    });
}

/// Opens and closes the list, which is always there in a larger window.
pub fn list_button_ui(ui: &mut Ui, app: &App) -> Option<Action> {
    let is_needed = is_narrow(ui) && app.patient().is_some();
    let clicked = is_needed && ui.selectable_label(app.list.is_open, "Ward list").on_hover_text("Ctrl+F").clicked();
    clicked.then_some(Action::ShowList(!app.list.is_open))
}
