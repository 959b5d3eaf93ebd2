//! Keys and clicks that come all at once, as in a frame that was late: each has its turn.

use super::chart::seen;
use super::desk::{Desk, Hands, SMALL, demo, with_robin};
use super::drafts::line;
use super::guarding::{open, with_two};
use super::tasks::on_disk;
use corticurve::app::Theme;
use corticurve::record::PatientId;
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, PointerButton, Pos2};
use egui_kittest::kittest::Queryable;
use tempfile::TempDir;

fn text(text: &str) -> Event {
    Event::Text(text.to_owned())
}

fn key(key: Key, modifiers: Modifiers, pressed: bool) -> Event {
    Event::Key { key, pressed, modifiers, repeat: false, physical_key: None }
}

/// A key that is pressed and let go.
fn stroke(pressed: Key) -> Vec<Event> {
    chord(Modifiers::NONE, pressed)
}

fn chord(modifiers: Modifiers, pressed: Key) -> Vec<Event> {
    let keys = [key(pressed, modifiers, true), key(pressed, modifiers, false)];
    let held = [Event::ModifiersChanged(modifiers)].into_iter().chain(keys);
    held.chain([Event::ModifiersChanged(Modifiers::NONE)]).collect()
}

fn button(pos: Pos2, pressed: bool) -> Event {
    Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE }
}

fn click(at: Pos2) -> Vec<Event> {
    vec![Event::PointerMoved(at), button(at, true), button(at, false)]
}

/// All of it in one frame, and then frames until nothing waits.
fn at_once(desk: &mut Desk, events: impl IntoIterator<Item = Vec<Event>>) {
    desk.input_mut().events.extend(events.into_iter().flatten());
    desk.step();
    desk.run_ok();
}

fn doses_of(folder: &TempDir, patient: &PatientId) -> Vec<String> {
    let ward = on_disk(folder);
    let doses = &ward.patient(patient).unwrap().chart.administrations;
    doses.iter().map(|dose| dose.value.amount_shown()).collect()
}

#[test]
fn a_dose_is_saved_for_the_patient_for_whom_it_was_typed() {
    for by_click in [false, true] {
        let (folder, mut desk) = with_two("Sample", "Avery");
        let rows: Vec<PatientId> = desk.state().app.rows.iter().map(|row| row.id.clone()).collect();
        let (first, second) = (rows[0].clone(), rows[1].clone());
        open(&mut desk, "EXAMPLE, Robin");
        let row = desk.get_all_by_role(Role::ListBoxOption).nth(1).unwrap().rect().center();
        let onwards = if by_click { click(row) } else { chord(Modifiers::COMMAND, Key::PageDown) };
        at_once(&mut desk, [vec![text("dex 2 iv now crs")], stroke(Key::Enter), onwards]);
        assert_eq!(desk.state().app.selected, Some(second.clone()), "{by_click}");
        assert_eq!((doses_of(&folder, &first), doses_of(&folder, &second)), (vec!["2 mg".to_owned()], vec![]));
    }
}

#[test]
fn two_lines_are_two_doses() {
    let (folder, mut desk) = with_robin();
    let id = desk.state().app.selected.clone().unwrap();
    desk.press_with(Modifiers::COMMAND, Key::L);
    let lines = ["ana 51 sc -10m", "ana 52 sc -20m"];
    at_once(&mut desk, lines.into_iter().flat_map(|line| [vec![text(line)], stroke(Key::Enter)]));
    let mut doses = doses_of(&folder, &id);
    doses.sort();
    assert_eq!((doses, line(&desk)), (vec!["51 mg".to_owned(), "52 mg".to_owned()], String::new()));
}

#[test]
fn a_correction_that_is_typed_ahead_goes_into_its_form() {
    let (_folder, mut desk) = with_robin();
    desk.quick("dex 10 iv 14:00");
    desk.press(Key::Enter);
    let strokes = [
        chord(Modifiers::COMMAND, Key::E),
        vec![text("4.5")],
        stroke(Key::Tab),
        stroke(Key::Tab),
        vec![text("the chart "), text("says so")],
        stroke(Key::Enter),
    ];
    at_once(&mut desk, strokes);
    assert_eq!((desk.figure("Cumulative").as_str(), line(&desk).as_str()), ("4.5 mg", ""));
    assert!(desk.state().app.form.is_none() && desk.sees("the chart says so"));
}

#[test]
fn what_is_opened_right_after_something_was_closed_stays_open() {
    let (_folder, mut desk) = with_robin();
    desk.press_with(Modifiers::COMMAND, Key::K);
    let strokes = [stroke(Key::Escape), chord(Modifiers::COMMAND, Key::N), vec![text("dexa")]];
    at_once(&mut desk, strokes);
    let app = &desk.state().app;
    assert!(app.overlay.is_none() && app.form.is_some() && app.quick.line.is_empty());
}

#[test]
fn a_key_that_is_held_does_not_go_on_after_it_was_let_go() {
    let (_folder, mut desk) = with_robin();
    for minutes in 1..=9 {
        desk.quick(&format!("ana 10 sc -{minutes}h"));
        desk.press(Key::Enter);
    }
    let before = row(&desk);
    let held = (0..40).map(|_| key(Key::ArrowUp, Modifiers::COMMAND, true));
    at_once(&mut desk, [held.chain([key(Key::ArrowUp, Modifiers::COMMAND, false)]).collect()]);
    let after = row(&desk);
    assert!(after < before && after + 2 >= before, "{before} {after}");
    at_once(&mut desk, (0..3).map(|_| chord(Modifiers::COMMAND, Key::ArrowUp)));
    assert_eq!(row(&desk), after - 3, "pressed three times");
}

fn row(desk: &Desk) -> usize {
    let app = &desk.state().app;
    app.shown().unwrap().log.iter().position(|line| Some(&line.id) == app.chosen.as_ref()).unwrap_or_default()
}

#[test]
fn a_drag_that_is_over_within_a_frame_shows_its_stretch() {
    let mut desk = demo(Theme::Light, SMALL);
    let whole = seen(&desk);
    let area = desk.get_by_role(Role::Image).rect();
    let (from, to) = (area.left_center() + egui::vec2(area.width() * 0.25, 0.0), area.center());
    let moves = [from.lerp(to, 0.5), to].map(Event::PointerMoved).to_vec();
    at_once(&mut desk, [vec![Event::PointerMoved(from), button(from, true)], moves, vec![button(to, false)]]);
    let dragged = seen(&desk);
    assert!((dragged.from - (whole.from + whole.length() * 0.25)).abs() < 0.05, "{dragged:?}");
    assert!((dragged.to - (whole.from + whole.length() * 0.5)).abs() < 0.05, "{dragged:?}");
}
