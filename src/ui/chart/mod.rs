//! The dose curve: four lanes on one time axis, one crosshair, one read-out.
//!
//! The lanes are drawn from [`Figure`], which has every position worked out. What is left here is where on the screen.

mod lanes;
mod pattern;
mod planned;

use super::palette::Palette;
use super::{bold, words};
use crate::app::{Action, App};
use crate::exposure::figure::Figure;
use egui::{Align, Align2, Id, Layout, Role, Ui, WidgetInfo, pos2, vec2};
use egui_plot::PlotTransform;

/// How near the pointer must be to a dose for its read-out, in points.
const REACH: f64 = 6.0;

/// The chart of the open patient.
pub fn chart_ui(ui: &mut Ui, app: &App) -> Vec<Action> {
    let colours = Palette::of(ui);
    let mut actions = Vec::new();
    ui.set_min_size(ui.available_size());
    let Some(view) = app.shown() else { return actions };
    let figure = &view.figure;
    ui.horizontal(|ui| {
        ui.label(bold("Cumulative systemic glucocorticoid", 14.0, colours.text));
        ui.label(words("dexamethasone-equivalent mg", 11.5, colours.quiet));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if figure.axis.has_days {
                for (word, by_day) in [("Date", false), ("Day", true)] {
                    if ui.selectable_label(app.by_day == by_day, word).clicked() {
                        actions.push(Action::ByDay(by_day));
                    }
                }
            }
            if app.what_if.is_some() && ui.small_button("✕ what if").on_hover_text("Escape").clicked() {
                actions.push(Action::CloseWhatIf);
            }
        });
    });
    let below = 18.0;
    let lanes = lanes::Lanes {
        figure,
        colours,
        by_day: app.by_day,
        chosen: app.chosen.as_ref(),
        // Another patient or window has another view of the axis.
        group: Id::unique(("lanes", &app.selected, app.window.shown(true))),
    };
    let response = ui.vertical(|ui| lanes.show(ui, ui.available_height() - below)).inner;
    if let Some(id) = response.clicked_dose {
        actions.push(Action::Choose(Some(id)));
    }
    if let Some((transform, pointer)) = response.hovered.filter(|_| !app.is_covered()) {
        read_out_ui(ui, figure, &response.frames, &transform, pointer, colours);
    }
    legend_ui(ui, figure, app, colours);
    // The chart as one sentence is its name for a screen reader.
    let name = ui.interact(ui.min_rect(), Id::unique("chart sentence"), egui::Sense::empty());
    name.widget_info(|| WidgetInfo::labeled(Role::Image, true, &figure.sentence));
    actions
}

/// The crosshair across all lanes, and the read-out beside the pointer.
fn read_out_ui(
    ui: &Ui,
    figure: &Figure,
    frames: &[egui::Rect],
    transform: &PlotTransform,
    pointer: egui::Pos2,
    colours: Palette,
) {
    let [per_point, _] = transform.dvalue_dpos();
    let (x, reach) = (transform.value_from_position(pointer).x, per_point.abs() * REACH);
    let lines = figure.read_out(x, reach);
    let crosshair = transform.position_from_point_x(figure.snap(x, reach));
    for frame in frames {
        ui.painter().vline(crosshair, frame.y_range(), (1.0, colours.text));
    }
    let layer = ui.ctx().layer_painter(egui::LayerId::new(egui::Order::Tooltip, Id::unique("read-out")));
    let galley = layer.layout_no_wrap(lines.join("\n"), egui::FontId::proportional(11.5), colours.text);
    let left = pointer.x + 24.0 + galley.size().x > ui.max_rect().right();
    let anchor = if left { Align2::RIGHT_TOP } else { Align2::LEFT_TOP };
    let at = pos2(if left { pointer.x - 12.0 } else { pointer.x + 12.0 }, pointer.y + 8.0);
    let rect = anchor.anchor_size(at, galley.size()).expand2(vec2(6.0, 4.0));
    layer.rect(rect, 3.0, colours.note, (1.0, colours.edge), egui::StrokeKind::Outside);
    layer.galley(rect.min + vec2(6.0, 4.0), galley, colours.text);
}

fn legend_ui(ui: &mut Ui, figure: &Figure, app: &App, colours: Palette) {
    let mut parts: Vec<String> = figure
        .drugs
        .iter()
        .map(|drug| {
            let place = app.reference.formulary.place(drug);
            format!("{} {}", lanes::letter(place), app.reference.formulary.shown(drug))
        })
        .collect();
    if figure.infusion.is_some() {
        parts.push("┊ infusion".to_owned());
    }
    if figure.unchecked.is_some() {
        parts.push("/// not yet checked against the medication chart".to_owned());
    }
    for (letter, what) in [('?', "? undecided dose"), ('○', "○ dose outside the window")] {
        if figure.beside.iter().any(|dose| dose.letter == letter) {
            parts.push(what.to_owned());
        }
    }
    if !figure.marks.is_empty() {
        parts.push("▼ event".to_owned());
    }
    parts.extend(planned::legend(figure));
    ui.add(egui::Label::new(words(parts.join("    "), 10.5, colours.quiet)))
        .on_hover_text("drag: move · wheel: zoom · double-click: reset · click a dose: find it in the log");
}
