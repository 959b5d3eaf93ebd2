//! A ward list of hundreds and thousands: only what is in sight is laid out, and every row can be brought there.

use super::desk::{Desk, Hands, SMALL, demo};
use super::sizes::ward_of;
use corticurve::app::{Action, Theme};
use corticurve::record::PatientId;
use egui::accesskit::{Role, Toggled};
use egui::{Event, Key, Modifiers, MouseWheelSource, MouseWheelUnit, Rect, TouchPhase, pos2, vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use std::collections::BTreeSet;
use std::sync::Arc;

/// No row is lower.
const LOWEST_ROW: f32 = 48.0;

/// The demo ward with each of its rows again and again, named by its number: `row 0001 of EXAMPLE, Robin`.
fn of(many: usize) -> Desk {
    let mut desk = demo(Theme::Light, SMALL);
    let rows = desk.state().app.rows.clone();
    let row = |number: usize| {
        let mut row = rows[number % rows.len()].as_ref().clone();
        let mut random = [0; 12];
        random[..8].copy_from_slice(&number.to_le_bytes());
        row.name = format!("row {number:04} of {}", row.name);
        row.id = PatientId::from_random(random);
        Arc::new(row)
    };
    desk.state_mut().app.rows = (0..many).map(row).collect();
    desk.state_mut().app.update(Action::Search(String::new()));
    desk.run();
    assert_eq!(desk.state().app.found_rows().count(), many);
    desk
}

/// Where the rows of the list are seen: under its search, and over its buttons.
fn list(desk: &Desk) -> Rect {
    let search = desk.get_by_role_and_label(Role::TextInput, "Search the ward by name or MRN").rect();
    let buttons = desk.get_by_label("Register…").rect();
    Rect::from_min_max(search.left_bottom(), pos2(search.right(), buttons.top()))
}

/// The rows that are laid out, by their labels, each with its place.
fn laid_out(desk: &Desk) -> Vec<(String, Rect)> {
    let list = list(desk);
    let rows = desk.query_all_by_role(Role::ListBoxOption).filter(|row| row.rect().right() <= list.right() + 1.0);
    rows.map(|row| (row.accesskit_node().label().unwrap_or_default(), row.rect())).collect()
}

/// The numbers of the rows that are seen whole.
fn in_sight(desk: &Desk) -> BTreeSet<usize> {
    let list = list(desk).expand(2.0);
    let whole = laid_out(desk).into_iter().filter(|(_, rect)| list.contains_rect(*rect));
    whole.map(|(label, _)| label["row ".len().."row 0000".len()].parse().unwrap()).collect()
}

fn wheel(desk: &mut Desk, lines: f32) {
    desk.event(Event::PointerMoved(list(desk).center()));
    desk.event(Event::MouseWheel {
        unit: MouseWheelUnit::Line,
        delta: vec2(0.0, lines),
        phase: TouchPhase::Move,
        source: MouseWheelSource::Wheel,
        modifiers: Modifiers::NONE,
    });
    desk.run();
}

#[test]
fn only_the_rows_in_sight_are_laid_out_however_many_there_are_and_wherever_the_list_is() {
    let mut shapes = Vec::new();
    for many in [500, 2_000] {
        let mut desk = of(many);
        let most = (list(&desk).height() / LOWEST_ROW).ceil() + 2.0;
        let mut drawn = 0;
        for step in 0..60 {
            let rows = laid_out(&desk);
            let count = u16::try_from(rows.len()).unwrap();
            assert!(count >= 4 && f32::from(count) <= most, "{count} of {many} at step {step}, at most {most}");
            drawn = drawn.max(desk.output().shapes.len());
            // Slowly at first, then in leaps to the end and on.
            wheel(&mut desk, if step < 30 { -3.0 } else { -200.0 });
        }
        assert!(in_sight(&desk).contains(&(many - 1)), "the wheel reaches the end of {many}: {:?}", in_sight(&desk));
        shapes.push(drawn);
    }
    assert!(shapes[1] <= shapes[0] + shapes[0] / 10, "what is painted does not grow with the ward: {shapes:?}");
}

#[test]
fn the_ends_of_the_list_are_one_key_away_and_by_pages_no_row_is_left_out() {
    let mut desk = of(500);
    desk.press_with(Modifiers::COMMAND, Key::F);
    desk.press(Key::End);
    assert!(in_sight(&desk).contains(&499), "{:?}", in_sight(&desk));
    desk.press(Key::Home);
    assert!(in_sight(&desk).contains(&0), "{:?}", in_sight(&desk));
    for (key, last) in [(Key::PageDown, 499), (Key::PageUp, 0)] {
        let mut seen = BTreeSet::new();
        for _ in 0..120 {
            seen.extend(in_sight(&desk));
            desk.press(key);
        }
        assert!(in_sight(&desk).contains(&last) && seen.len() == 500, "{key:?}: {} of 500", seen.len());
    }
    assert!(desk.get_by_role_and_label(Role::TextInput, "Search the ward by name or MRN").is_focused());
}

#[test]
fn home_and_end_move_in_what_is_typed_into_the_search_and_pages_in_what_it_found() {
    let mut desk = of(500);
    desk.press_with(Modifiers::COMMAND, Key::F);
    desk.event(Event::Text("example robin".to_owned()));
    desk.run();
    let first = in_sight(&desk);
    desk.press(Key::End);
    assert_eq!(in_sight(&desk), first);
    desk.press(Key::PageDown);
    assert!(in_sight(&desk).first() > first.first(), "{:?}", in_sight(&desk));
}

#[test]
fn from_a_row_the_same_keys_work_and_the_keyboard_stays_with_the_list() {
    let mut desk = of(500);
    let third = laid_out(&desk)[2].0.clone();
    desk.get_by_role_and_label(Role::ListBoxOption, &third).focus();
    desk.run();
    desk.press(Key::End);
    assert!(in_sight(&desk).contains(&499), "{:?}", in_sight(&desk));
    desk.press(Key::PageUp);
    assert!(!in_sight(&desk).contains(&499) && in_sight(&desk).first() > Some(&400), "{:?}", in_sight(&desk));
}

#[test]
fn the_open_patient_is_in_sight_however_they_were_chosen() {
    let (_folder, mut desk) = ward_of(40, 1);
    let is_seen = |desk: &Desk| {
        let selected = desk.query_all_by_role(Role::ListBoxOption).find(|row| {
            row.rect().right() <= list(desk).right() + 1.0 && row.accesskit_node().toggled() == Some(Toggled::True)
        });
        let whose = desk.state().app.patient().unwrap().shown_name();
        let seen = selected.is_some_and(|row| {
            row.accesskit_node().label().unwrap_or_default().starts_with(&whose)
                && list(desk).expand(2.0).contains_rect(row.rect())
        });
        assert!(seen, "{whose} is not in sight: {:?}", laid_out(desk));
    };
    let first = desk.state().app.patient().unwrap().shown_name();
    for _ in 0..39 {
        desk.press_with(Modifiers::COMMAND, Key::PageDown);
        is_seen(&desk);
    }
    assert_ne!(desk.state().app.patient().unwrap().shown_name(), first);
    let ids: Vec<PatientId> = desk.state().app.rows.iter().map(|row| row.id.clone()).collect();
    for at in [0, 39, 20] {
        desk.state_mut().app.update(Action::Select(ids[at].clone()));
        desk.run();
        is_seen(&desk);
    }
}
