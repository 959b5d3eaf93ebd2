//! What hand and keyboard do with the chart: all lanes are one place, so that a stretch is dragged over any of them.

use super::lanes::{LaidOut, Lanes};
use crate::app::{Action, App, ChartAction};
use crate::exposure::figure::{Stop, Stretch};
use crate::record::EntryId;
use egui::{
    Context, Event, EventFilter, Id, Key, Modifiers, PointerButton, Rect, Response, Role, Sense, Ui, WidgetInfo,
};

/// How near the pointer must be to a dose to click it, in points.
const NEAR: f32 = 6.0;

/// A shorter drag is a click of an unsteady hand, in points.
const SHORT: f32 = 5.0;

/// How far the wheel turns for each doubling, in points.
const WHEEL: f64 = 200.0;

/// The letters that are keys of the chart.
const LETTERS: [char; 5] = ['+', '-', '=', '0', 'f'];

/// Gives the keyboard from the chart to the line where something is typed that is no key of the chart: as anywhere else,
/// whoever types is recording a dose. Before either is drawn, so that the line has the first letter too.
pub fn hand_over(context: &Context, line: Id) {
    let is_meant_for_a_dose = |event: &Event| match event {
        Event::Text(text) => text.chars().any(|letter| !letter.is_whitespace() && !LETTERS.contains(&letter)),
        _ => false,
    };
    let in_chart = context.memory(|memory| memory.has_focus(id()));
    if in_chart && context.input(|input| input.events.iter().any(is_meant_for_a_dose)) {
        context.memory_mut(|memory| memory.request_focus(line));
    }
}

fn id() -> Id {
    Id::unique("chart")
}

/// Where the crosshair of this frame comes from.
pub enum Reads {
    /// From nothing: there is none.
    Nothing,
    /// From the pointer, at this place.
    Pointer(egui::Pos2),
    /// From the keys.
    Keys,
}

/// Takes what is done with the lanes. The chart is one stop of the Tab key; its name is what the curve says as a sentence,
/// its value what the crosshair reads.
pub fn hand_ui(ui: &Ui, app: &App, lanes: &Lanes<'_>, laid: &LaidOut, actions: &mut Vec<Action>) -> Reads {
    let area = laid.frames.iter().copied().reduce(Rect::union).unwrap_or(Rect::NOTHING);
    let response = ui.interact(area, id(), Sense::click_and_drag());
    let read = app.chart.crosshair.as_ref().map(|crosshair| crosshair.lines.join(", "));
    let value = read.filter(|_| response.has_focus());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Image, true, &lanes.figure.sentence);
        info.current_text_value.clone_from(&value);
        info
    });
    let covered = app.is_covered();
    if !covered && ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::J)) {
        response.request_focus();
    }
    if response.gained_focus() {
        actions.push(Action::Chart(ChartAction::Enter));
        // Only a frame that begins with the keyboard here keeps the arrows, and none comes by itself.
        ui.ctx().request_repaint();
    }
    let by_key = !covered && response.has_focus() && keys(ui, &response, actions);
    pointer(ui, lanes, laid, &response, actions);
    if response.has_focus() {
        ui.painter().rect_stroke(area, 2.0, (2.0, lanes.colours.accent), egui::StrokeKind::Inside);
    }
    reads(ui, &response, by_key, covered)
}

/// Whoever did something last leads the crosshair: the pointer when it moved over the chart, else the keys.
fn reads(ui: &Ui, response: &Response, by_key: bool, covered: bool) -> Reads {
    let leads = response.id.with("the pointer leads");
    let over = response.hover_pos().filter(|_| !covered);
    let has_moved = over.is_some() && ui.input(|input| input.pointer.delta() != egui::Vec2::ZERO);
    if by_key || has_moved || response.gained_focus() {
        ui.data_mut(|data| data.insert_temp(leads, has_moved && !by_key));
    }
    let pointer_leads = ui.data(|data| data.get_temp(leads)).unwrap_or(true);
    match over {
        _ if covered => Reads::Nothing,
        Some(at) if pointer_leads || !response.has_focus() => Reads::Pointer(at),
        _ if response.has_focus() => Reads::Keys,
        _ => Reads::Nothing,
    }
}

/// Carries out the keys of this frame; whether there was one.
fn keys(ui: &Ui, response: &Response, actions: &mut Vec<Action>) -> bool {
    let filter = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let pressed: Vec<ChartAction> = ui.input(|input| input.events.iter().filter_map(action_of).collect());
    actions.extend(pressed.iter().copied().map(Action::Chart));
    !pressed.is_empty()
}

fn action_of(event: &Event) -> Option<ChartAction> {
    let Event::Key { key, pressed: true, modifiers, .. } = event else { return None };
    if modifiers.command || modifiers.ctrl || modifiers.alt {
        return None;
    }
    Some(match (key, modifiers.shift) {
        (Key::ArrowRight, false) => ChartAction::To(Stop::Next),
        (Key::ArrowLeft, false) => ChartAction::To(Stop::Previous),
        (Key::ArrowRight, true) => ChartAction::Later,
        (Key::ArrowLeft, true) => ChartAction::Earlier,
        (Key::Home, _) => ChartAction::To(Stop::First),
        (Key::End, _) => ChartAction::To(Stop::Last),
        (Key::Enter, _) => ChartAction::Choose,
        // With or without Shift: it is another key on another keyboard.
        (Key::Plus | Key::Equals, _) => ChartAction::Closer,
        (Key::Minus, _) => ChartAction::Further,
        (Key::Num0, _) => ChartAction::Reset,
        (Key::F, false) => ChartAction::FitDays0To30,
        _ => return None,
    })
}

fn pointer(ui: &Ui, lanes: &Lanes<'_>, laid: &LaidOut, response: &Response, actions: &mut Vec<Action>) {
    let transform = &laid.transform;
    if response.double_clicked() {
        actions.push(Action::Chart(ChartAction::Reset));
    } else if response.clicked()
        && let Some(at) = response.interact_pointer_pos()
    {
        actions.extend(dose_at(lanes, laid, at.x).map(|id| Action::Choose(Some(id))));
    }
    wheel(ui, lanes, laid, response, actions);
    // Dragging shows what is dragged over; with Shift or another button the chart goes with the hand.
    let (start, shift) = (response.id.with("dragged from"), ui.input(|input| input.modifiers.shift));
    if response.drag_started_by(PointerButton::Primary)
        && !shift
        && let Some(from) = ui.input(|input| input.pointer.press_origin())
    {
        ui.data_mut(|data| data.insert_temp(start, from.x));
    }
    let from: Option<f32> = ui.data(|data| data.get_temp(start));
    match (from, response.interact_pointer_pos()) {
        (Some(from), Some(to)) if response.dragged() => {
            for frame in &laid.frames {
                let (left, right) = (from.min(to.x).max(frame.left()), from.max(to.x).min(frame.right()));
                let band = Rect::from_x_y_ranges(left..=right, frame.y_range());
                ui.painter().rect(
                    band,
                    0.0,
                    lanes.colours.accent.gamma_multiply(0.15),
                    (1.0, lanes.colours.accent),
                    egui::StrokeKind::Inside,
                );
            }
        }
        (Some(from), to) => {
            ui.data_mut(|data| data.remove_temp::<f32>(start));
            let to = to.or_else(|| ui.input(|input| input.pointer.latest_pos()));
            let to = to.map(|to| to.x.clamp(transform.frame().left(), transform.frame().right()));
            if let Some(to) = to.filter(|to| (to - from).abs() > SHORT) {
                let time = |x: f32| transform.value_from_position(egui::pos2(x, transform.frame().top())).x;
                actions.push(Action::Chart(ChartAction::Show(Stretch::between(time(from), time(to)))));
            }
        }
        (None, _) if response.dragged() => {
            let share = f64::from(-response.drag_delta().x / transform.frame().width().max(1.0));
            if share != 0.0 {
                actions.push(Action::Chart(ChartAction::Show(lanes.seen.moved(share))));
            }
        }
        (None, _) => {}
    }
}

/// The wheel goes closer around the pointer; sideways, or with Shift, it moves.
fn wheel(ui: &Ui, lanes: &Lanes<'_>, laid: &LaidOut, response: &Response, actions: &mut Vec<Action>) {
    let Some(at) = response.hover_pos() else { return };
    let turned = ui.input(egui::InputState::smooth_scroll_delta);
    let mut wished = lanes.seen;
    if turned.y != 0.0 {
        wished = wished.closer((f64::from(turned.y) / WHEEL).exp2(), laid.transform.value_from_position(at).x);
    }
    if turned.x != 0.0 {
        wished = wished.moved(f64::from(-turned.x / laid.transform.frame().width().max(1.0)));
    }
    if wished != lanes.seen {
        actions.push(Action::Chart(ChartAction::Show(wished)));
    }
}

/// The dose that is clicked, the nearest first; of equals the one drawn last.
fn dose_at(lanes: &Lanes<'_>, laid: &LaidOut, x: f32) -> Option<EntryId> {
    let distance = |at: f64| (laid.transform.position_from_point_x(at) - x).abs();
    let counted = lanes.figure.doses.iter().map(|dose| (distance(dose.x), &dose.id));
    let beside = lanes.figure.beside.iter().map(|dose| (distance(dose.x), &dose.id));
    let near = beside.chain(counted).filter(|(distance, _)| *distance <= NEAR);
    near.rev().min_by(|(one, _), (other, _)| one.total_cmp(other)).map(|(_, id)| id.clone())
}
