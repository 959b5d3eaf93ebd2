//! The ward list.

use super::palette::Palette;
use super::{bold, text, words};
use crate::app::form::FormKind;
use crate::app::view::WardRow;
use crate::app::{Action, App, Order};
use egui::{
    Align, Align2, ComboBox, FontId, Galley, Key, Layout, Modifiers, Painter, Rect, Response, Role, Sense, Shape,
    Stroke, TextEdit, Ui, Vec2, WidgetInfo, vec2,
};
use egui_extras::{Column, TableBuilder};
use std::sync::Arc;

/// The height of a line of a name, and of what is below and around the name.
const NAME_LINE: f32 = 15.0;
const BELOW_NAME: f32 = 33.0;
/// The height of a line that few rows have: that somebody is archived, has a similar name or the same number, or what was
/// given before Day 0.
const RARE_LINE: f32 = 14.0;
/// The room inside a row at its sides, and between a name and the day.
const INSIDE: f32 = 8.0;
const BEFORE_DAY: f32 = 6.0;
const BESIDE_FLAGS: f32 = 8.0;

/// The list with its search.
pub fn ward_ui(ui: &mut Ui, app: &App) -> Vec<Action> {
    let colours = Palette::of(ui);
    let mut actions = Vec::new();
    ui.set_min_size(ui.available_size());
    ui.horizontal(|ui| {
        actions.extend(order_ui(ui, app));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            actions.extend(super::files::backup_ui(ui, app));
        });
    });
    let mut search = app.search.clone();
    let edit = TextEdit::singleline(&mut search).hint_text("name or MRN   Ctrl+F").desired_width(f32::INFINITY);
    let response = ui.add(edit);
    name(&response, Role::TextInput, "Search the ward by name or MRN");
    if !app.is_covered() && ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::F)) {
        response.request_focus();
    }
    if response.gained_focus() {
        super::dialogs::select_all(ui.ctx(), response.id, &search);
    }
    if response.changed() {
        actions.push(Action::Search(search));
    }
    if response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
        actions.extend(app.found_rows().next().map(|row| Action::Select(row.id.clone())));
        actions.push(Action::Search(String::new()));
    }
    let rows: Vec<&WardRow> = app.found_rows().collect();
    // The buttons below the list.
    let below = if app.archived() > 0 { 70.0 } else { 48.0 };
    let room = ui.available_height() - below;
    ui.allocate_ui(vec2(ui.available_width(), room), |ui| {
        ui.set_min_height(room);
        if rows.is_empty() && !app.rows.is_empty() {
            actions.extend(nothing_found_ui(ui, colours));
        }
        actions.extend(rows_ui(ui, &rows, app, &response));
    });
    ui.horizontal(|ui| {
        for (word, key, kind) in [
            ("Register…", "a patient (Ctrl+Shift+I)", FormKind::Register),
            ("Import…", "medication records (Ctrl+O)", FormKind::Import),
        ] {
            if ui.button(word).on_hover_text(key).clicked() {
                actions.push(Action::Open(kind));
            }
        }
    });
    let archived = app.archived();
    if archived > 0 {
        let mut shown = app.list.has_archived;
        if ui.checkbox(&mut shown, words(format!("{archived} archived"), 11.5, colours.quiet)).changed() {
            actions.push(Action::ShowArchived(shown));
        }
    }
    if let Some(fresh) = app.freshness().filter(|fresh| fresh.is_reachable) {
        let late = bold(&fresh.words, 11.5, colours.bad);
        let text = if fresh.is_late { late } else { words(&fresh.words, 11.0, colours.quiet) };
        ui.label(text).on_hover_text(text::FRESHNESS);
    }
    actions
}

/// What the list is sorted by.
fn order_ui(ui: &mut Ui, app: &App) -> Vec<Action> {
    let mut actions = Vec::new();
    let chosen = app.settings.order;
    ui.spacing_mut().button_padding.y = 1.0;
    // As short as it can be: that there is no backup stands beside it.
    let heading = if chosen == Order::Name { "Ward".to_owned() } else { format!("Ward {}", chosen.word()) };
    let list = ComboBox::from_id_salt("order").selected_text(bold(heading, 12.5, Palette::of(ui).text)).width(40.0);
    let list = list.show_ui(ui, |ui| {
        for order in Order::ALL {
            if ui.selectable_label(order == chosen, order.word()).clicked() {
                actions.push(Action::SortBy(order));
            }
        }
    });
    name(&list.response, Role::ComboBox, "The ward list is sorted");
    actions
}

/// The rows; one with a long name is higher, so that no name is cut.
fn rows_ui(ui: &mut Ui, rows: &[&WardRow], app: &App, search: &Response) -> Vec<Action> {
    let (mut actions, colours) = (Vec::new(), Palette::of(ui));
    let list = ui.available_rect_before_wrap();
    ui.spacing_mut().item_spacing.y = 0.0;
    let table = TableBuilder::new(ui).id_salt("ward").column(Column::remainder()).auto_shrink(false);
    let table = match rows.iter().position(|row| app.selected.as_ref() == Some(&row.id)) {
        Some(at) if app.scroll => table.scroll_to_row(at, None),
        _ => table,
    };
    table.min_scrolled_height(0.0).animate_scrolling(false).body(|mut body| {
        let painter = body.ui_mut().painter().clone();
        let width = body.widths().first().copied().unwrap_or(0.0);
        let hidden = app.bedside.names_hidden;
        let height = |row: &WardRow| {
            let similar = if row.warning().is_some() { RARE_LINE } else { 0.0 };
            let archived = if row.is_archived { RARE_LINE } else { 0.0 };
            name_height(&painter, row, hidden, width, colours) + archived + similar + BELOW_NAME + below_total(row)
        };
        let heights: Vec<f32> = rows.iter().map(|row| height(row)).collect();
        let highest = heights.iter().copied().fold(0.0, f32::max);
        scroll_by_keys(body.ui_mut(), app, search, (list, highest));
        body.heterogeneous_rows(heights.into_iter(), |mut cell| {
            let Some(row) = rows.get(cell.index()) else { return };
            cell.col(|ui| {
                if row_ui(ui, row, app, colours) {
                    actions.push(Action::Select(row.id.clone()));
                }
            });
        });
    });
    actions
}

/// Pages and ends of the list, while the keyboard is in its search or on a row. The row may scroll away and its keyboard
/// with it, so the search has it then.
fn scroll_by_keys(ui: &Ui, app: &App, search: &Response, (list, row): (Rect, f32)) {
    let focused = ui.memory(egui::Memory::focused).and_then(|id| ui.ctx().read_response(id));
    let on_a_row = focused.is_some_and(|focused| list.contains(focused.rect.center()));
    let is_here = !app.is_covered() && (search.has_focus() || on_a_row);
    // In what is being typed Home and End are those of the text.
    let ends = on_a_row || app.search.is_empty();
    if is_here && super::scroll::by_pages_and_ends(ui, row, ends) && on_a_row {
        search.request_focus();
    }
}

/// How high a name is. Only one that may need a second line is laid out: a list of thousands is not, on every frame.
fn name_height(painter: &Painter, row: &WardRow, hidden: bool, width: f32, colours: Palette) -> f32 {
    let wide = |letter: char| match letter {
        '\u{2e80}'.. => 13.0,
        _ if letter.is_uppercase() => 9.6,
        _ => 7.4,
    };
    if row.shown(hidden).chars().map(wide).sum::<f32>() < 120.0 {
        return NAME_LINE;
    }
    let day = painter.layout_no_wrap(row.day.clone(), small_font(), colours.quiet);
    name_galley(painter, row.shown(hidden), width - 2.0 * INSIDE - day.size().x - BEFORE_DAY, colours)
        .size()
        .y
        .max(NAME_LINE)
}

/// How high the line under the total is.
fn below_total(row: &WardRow) -> f32 {
    if row.before_day0.is_empty() { 0.0 } else { RARE_LINE }
}

/// The name, folded to the room that the day leaves it.
fn name_galley(painter: &Painter, name: &str, room: f32, colours: Palette) -> Arc<Galley> {
    painter.layout(name.to_owned(), super::fonts::bold(12.0), colours.text, room)
}

const fn small_font() -> FontId {
    FontId::proportional(11.0)
}

fn nothing_found_ui(ui: &mut Ui, colours: Palette) -> Vec<Action> {
    ui.label(words("Nobody of that name or MRN.", 12.0, colours.quiet));
    if ui.button("Show everybody").clicked() { vec![Action::Search(String::new())] } else { Vec::new() }
}

/// Names a widget for screen readers.
pub fn name(response: &Response, kind: Role, label: &str) {
    response.widget_info(|| WidgetInfo::labeled(kind, true, label));
}

/// One patient. Returns whether they were clicked.
fn row_ui(ui: &mut Ui, row: &WardRow, app: &App, colours: Palette) -> bool {
    let (selected, hidden) = (app.selected.as_ref() == Some(&row.id), app.bedside.names_hidden);
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), ui.available_height() - 3.0), Sense::click());
    let look = if row.needs_look() { ", needs a look" } else { "" };
    let questions = match row.questions {
        0 => String::new(),
        1 => ", 1 open question".to_owned(),
        many => format!(", {many} open questions"),
    };
    let new = if row.new > 0 { format!(", {} new", row.new) } else { String::new() };
    let archived = if row.is_archived { ", archived" } else { "" };
    let similar = if row.similar { ", similar name" } else { "" };
    let second = if row.second_chart.is_some() { ", same MRN as another patient" } else { "" };
    let typed = app.typed_for_another(&row.id).map(|what| format!("{what} is typed here and not saved"));
    let unsaved = typed.as_ref().map(|typed| format!(", {typed}")).unwrap_or_default();
    let (name, day, total) = (row.shown(hidden), &row.day, &row.total);
    let before = if row.before_day0.is_empty() { String::new() } else { format!(" {}", row.before_day0) };
    let label = format!("{name}, {day}, {total}{before}{look}{questions}{new}{archived}{similar}{second}{unsaved}");
    let hints = typed.into_iter().chain((row.new > 0).then(|| format!("{} {}", row.new, text::NEW)));
    let hints = hints.collect::<Vec<_>>().join("\n");
    let response = if hints.is_empty() { response } else { response.on_hover_text(hints) };
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, selected, &label));
    let painter = ui.painter_at(rect);
    if selected || response.hovered() || response.has_focus() {
        let fill = if selected { colours.chosen } else { colours.ground };
        let stroke = if selected || response.has_focus() { colours.accent } else { colours.edge };
        painter.rect(rect.shrink(0.5), 4.0, fill, Stroke::new(1.0, stroke), egui::StrokeKind::Inside);
    }
    let inner = rect.shrink2(vec2(INSIDE, 5.0));
    let font = small_font();
    let day = painter.text(inner.right_top(), Align2::RIGHT_TOP, &row.day, font.clone(), colours.quiet);
    let room = Rect::from_min_max(inner.min, egui::pos2(day.left() - BEFORE_DAY, inner.bottom()));
    let galley = name_galley(&painter, row.shown(hidden), room.width(), colours);
    let mut under_name = inner.min + vec2(0.0, galley.size().y.max(NAME_LINE) + 1.0);
    ui.painter_at(room).galley(inner.min, galley, colours.text);
    if row.is_archived {
        painter.text(under_name, Align2::LEFT_TOP, "archived", font.clone(), colours.text);
        under_name.y += RARE_LINE;
    }
    if let Some(warning) = row.warning() {
        painter.text(under_name, Align2::LEFT_TOP, warning, font.clone(), colours.bad);
    }
    painter.text(inner.left_bottom(), Align2::LEFT_BOTTOM, &row.before_day0, font.clone(), colours.accent);
    let inner = inner.with_max_y(inner.bottom() - below_total(row));
    let figure = row.figure(app.settings.order.shows(), app.now);
    let total = painter.text(inner.left_bottom(), Align2::LEFT_BOTTOM, figure, font, colours.accent);
    let flags = [row.flags(), if unsaved.is_empty() { String::new() } else { "✎".to_owned() }];
    let flags = flags.iter().filter(|flag| !flag.is_empty()).map(String::as_str).collect::<Vec<_>>().join("  ");
    let colour = if row.needs_look() { colours.bad } else { colours.accent };
    let flags = painter.text(inner.right_bottom(), Align2::RIGHT_BOTTOM, flags, super::fonts::bold(13.0), colour);
    let beside = if flags.width() > 0.0 { flags.width() + BESIDE_FLAGS } else { 0.0 };
    let small =
        Rect::from_min_max(egui::pos2(total.right() + 8.0, inner.bottom() - 16.0), inner.max - vec2(beside, 2.0));
    if small.width() > 20.0 {
        painter.add(small_curve(row, small, colours));
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
        if ui.button("Register a patient…   Ctrl+Shift+I").clicked() {
            actions.push(Action::Open(FormKind::Register));
        }
        if ui.button("Import medication records…   Ctrl+O").clicked() {
            actions.push(Action::Open(FormKind::Import));
        }
    });
    actions
}
