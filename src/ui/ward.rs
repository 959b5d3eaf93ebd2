//! The ward list.

use super::palette::Palette;
use super::{bold, words};
use crate::app::form::FormKind;
use crate::app::view::WardRow;
use crate::app::{Action, App};
use egui::{
    Align2, Key, Modifiers, Rect, Role, ScrollArea, Sense, Shape, Stroke, TextEdit, Ui, Vec2, WidgetInfo, vec2,
};

/// A row's height.
const ROW: f32 = 50.0;

/// The list with its search.
pub fn ward_ui(ui: &mut Ui, app: &App) -> Vec<Action> {
    let colours = Palette::of(ui);
    let mut actions = Vec::new();
    ui.set_min_size(ui.available_size());
    ui.label(bold("Ward", 13.0, colours.text));
    let mut search = app.search.clone();
    let edit = TextEdit::singleline(&mut search).hint_text("search name or MRN   Ctrl+F").desired_width(f32::INFINITY);
    let response = ui.add(edit);
    name(&response, Role::TextInput, "Search the ward by name or MRN");
    if ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::F)) {
        response.request_focus();
    }
    if response.changed() {
        actions.push(Action::Search(search));
    }
    if response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
        actions.extend(app.found_rows().next().map(|row| Action::Select(row.id.clone())));
    }
    let rows: Vec<&WardRow> = app.found_rows().collect();
    let below = 32.0;
    ScrollArea::vertical().max_height(ui.available_height() - below).auto_shrink(false).show_rows(
        ui,
        ROW,
        rows.len(),
        |ui, range| {
            for row in rows.iter().skip(range.start).take(range.len()) {
                if row_ui(ui, row, app.selected.as_ref() == Some(&row.id), colours) {
                    actions.push(Action::Select(row.id.clone()));
                }
            }
        },
    );
    if rows.is_empty() && !app.rows.is_empty() {
        actions.extend(nothing_found_ui(ui, colours));
    }
    ui.horizontal(|ui| {
        if ui.button("Register…").on_hover_text("Ctrl+P").clicked() {
            actions.push(Action::Open(FormKind::Register));
        }
        if ui.button("Import…").on_hover_text("Ctrl+O").clicked() {
            actions.push(Action::Open(FormKind::Import));
        }
        if ui.button("Folder…").on_hover_text("open another data folder").clicked() {
            actions.push(Action::Open(FormKind::OpenFolder));
        }
    });
    actions
}

fn nothing_found_ui(ui: &mut Ui, colours: Palette) -> Vec<Action> {
    ui.label(words("Nobody of that name or MRN.", 12.0, colours.quiet));
    if ui.button("Show everybody").clicked() { vec![Action::Search(String::new())] } else { Vec::new() }
}

/// Names a widget for screen readers.
pub fn name(response: &egui::Response, kind: Role, label: &str) {
    response.widget_info(|| WidgetInfo::labeled(kind, true, label));
}

/// One patient. Returns whether they were clicked.
fn row_ui(ui: &mut Ui, row: &WardRow, selected: bool, colours: Palette) -> bool {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW - 4.0), Sense::click());
    let label = format!("{}, {}, {}", row.name, row.day, row.total);
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, selected, &label));
    let painter = ui.painter_at(rect);
    if selected || response.hovered() || response.has_focus() {
        let fill = if selected { colours.chosen } else { colours.ground };
        let stroke = if selected || response.has_focus() { colours.accent } else { colours.edge };
        painter.rect(rect.shrink(0.5), 4.0, fill, Stroke::new(1.0, stroke), egui::StrokeKind::Inside);
    }
    let inner = rect.shrink2(vec2(8.0, 5.0));
    let font = egui::FontId::proportional(11.0);
    let day = painter.text(inner.right_top(), Align2::RIGHT_TOP, &row.day, font.clone(), colours.quiet);
    let room = Rect::from_min_max(inner.min, egui::pos2(day.left() - 6.0, inner.bottom()));
    // A name longer than the row is folded onto a second line rather than cut.
    let galley = painter.layout(row.name.clone(), super::fonts::bold(12.0), colours.text, room.width());
    let folded = galley.rows.len() > 1;
    let size = if folded { 9.5 } else { 12.0 };
    let galley = painter.layout(row.name.clone(), super::fonts::bold(size), colours.text, room.width());
    let name_bottom = inner.top() + galley.size().y;
    ui.painter_at(room).galley(inner.min, galley, colours.text);
    let total = painter.text(inner.left_bottom(), Align2::LEFT_BOTTOM, &row.total, font, colours.accent);
    let small = Rect::from_min_max(
        egui::pos2(total.right() + 8.0, inner.bottom() - 16.0),
        inner.max - vec2(if row.attention { 14.0 } else { 0.0 }, 2.0),
    );
    if !folded && small.width() > 20.0 && small.top() >= name_bottom - 4.0 {
        painter.add(small_curve(row, small, colours));
    }
    if row.attention {
        painter.text(inner.right_bottom(), Align2::RIGHT_BOTTOM, "!", super::fonts::bold(13.0), colours.bad);
    }
    if selected && response.gained_focus() {
        response.scroll_to_me(None);
    }
    response.clicked()
}

fn small_curve(row: &WardRow, rect: Rect, colours: Palette) -> Shape {
    let place = |point: &[f64; 2]| {
        #[allow(clippy::cast_possible_truncation, reason = "positions between 0 and 1")]
        let share = Vec2::new(point[0] as f32, 1.0 - point[1] as f32);
        rect.lerp_inside(share)
    };
    Shape::line(row.curve.iter().map(place).collect(), Stroke::new(1.3, colours.accent))
}

/// The middle of the window while nobody is open.
pub fn nobody_ui(ui: &mut Ui, app: &App) -> Vec<Action> {
    let colours = Palette::of(ui);
    let mut actions = Vec::new();
    ui.set_min_size(ui.available_size());
    ui.vertical_centered(|ui| {
        ui.add_space(80.0);
        let heading = if app.rows.is_empty() { "Nobody is registered yet" } else { "Open a patient from the list" };
        ui.label(bold(heading, 18.0, colours.text));
        ui.add_space(10.0);
        if ui.button("Register a patient…   Ctrl+P").clicked() {
            actions.push(Action::Open(FormKind::Register));
        }
        if ui.button("Import medication records…   Ctrl+O").clicked() {
            actions.push(Action::Open(FormKind::Import));
        }
    });
    actions
}
