//! What did not change is not worked out again, however often the window is drawn; at rest it is not drawn at all.

use super::desk::{Desk, TestClock, over_clock};
use super::sizes::ward_of;
use chrono::TimeDelta;
use corticurve::app::Action;
use corticurve::app::view::WardRow;
use egui::{Event, Galley, PointerButton, Pos2, Shape, ViewportId, pos2};
use egui_kittest::kittest::Queryable;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// A window over a patient of 500 doses and two more patients, with a clock that goes on when it is told to.
fn at_rest() -> (TempDir, TestClock, Desk) {
    let (folder, before) = ward_of(3, 500);
    drop(before);
    let clock = TestClock::new();
    let mut desk = over_clock(&folder, &clock);
    // A pointer from the beginning: none of what follows is its first appearance.
    moved(&mut desk, pos2(640.0, 5.0));
    (folder, clock, desk)
}

fn moved(desk: &mut Desk, to: Pos2) {
    desk.event(Event::PointerMoved(to));
    desk.step();
}

/// Everything that is worked out for drawing, held so that nothing new can take its place in memory.
struct Made {
    view: u64,
    places: [usize; 5],
    rows: Vec<Arc<WardRow>>,
}

fn made(desk: &Desk) -> Made {
    let app = &desk.state().app;
    let view = app.shown().unwrap();
    let figure = &view.figure;
    assert!(figure.curve.len() > 300 && view.log.len() == 500, "{} {}", figure.curve.len(), view.log.len());
    let places = [
        figure.curve.as_ptr().addr(),
        figure.daily.as_ptr().addr(),
        figure.doses.as_ptr().addr(),
        view.log.as_ptr().addr(),
        view.lines.as_ptr().addr(),
    ];
    Made { view: app.view_number(), places, rows: app.rows.clone() }
}

impl Made {
    fn is(&self, other: &Self) -> bool {
        let same_rows = self.rows.iter().zip(&other.rows).all(|(row, other)| Arc::ptr_eq(row, other));
        (self.view, self.places) == (other.view, other.places) && self.rows.len() == other.rows.len() && same_rows
    }
}

/// Every text that the last frame painted, as it was laid out.
fn texts(desk: &Desk) -> Vec<Arc<Galley>> {
    fn gather(shape: &Shape, found: &mut Vec<Arc<Galley>>) {
        match shape {
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| gather(shape, found)),
            Shape::Text(text) => found.push(Arc::clone(&text.galley)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    desk.output().shapes.iter().for_each(|clipped| gather(&clipped.shape, &mut found));
    found
}

/// The texts of the last frame that were not there before. One that is faded is painted from a copy, of the same layout.
fn laid_out_anew(desk: &Desk, before: &[Arc<Galley>]) -> Vec<String> {
    let is_known = |galley: &Arc<Galley>| before.iter().any(|known| Arc::ptr_eq(&known.job, &galley.job));
    texts(desk).iter().filter(|galley| !is_known(galley)).map(|galley| galley.text().to_owned()).collect()
}

#[test]
fn a_pointer_that_moves_works_nothing_out_and_lays_out_no_text_but_the_read_out() {
    let (_folder, _clock, mut desk) = at_rest();
    let (before, known) = (made(&desk), texts(&desk));
    assert!(known.len() > 60, "{} texts", known.len());
    let lanes = desk.get_by_role(egui::accesskit::Role::Image).rect();
    for step in 0..20_u8 {
        let share = f32::from(step) / 20.0;
        // Over the menu bar, where nothing is said of what is pointed at, and then across the chart.
        moved(&mut desk, pos2(500.0 + 200.0 * share, 5.0));
        assert_eq!(laid_out_anew(&desk, &known), [""; 0], "step {step}");
        moved(&mut desk, lanes.lerp_inside(egui::vec2(share, 0.3)));
        let new = laid_out_anew(&desk, &known);
        assert!(new.len() <= 4, "no more than the read-out, step {step}: {new:?}");
        assert!(made(&desk).is(&before), "step {step}");
    }
}

#[test]
fn the_minute_works_each_thing_out_once() {
    let (_folder, clock, mut desk) = at_rest();
    // With the third the window would lock.
    for minute in 1..=2 {
        let before = made(&desk);
        clock.goes_on(TimeDelta::minutes(1));
        desk.step();
        let ticked = made(&desk);
        assert_eq!(ticked.view, before.view + 1, "minute {minute}");
        assert!(ticked.rows.iter().zip(&before.rows).all(|(row, old)| !Arc::ptr_eq(row, old)), "minute {minute}");
        // What it brought is drawn by the frame that follows.
        desk.step();
        let known = texts(&desk);
        desk.run_steps(5);
        // Nor with the seconds in between.
        clock.goes_on(TimeDelta::seconds(20));
        desk.step();
        clock.goes_on(TimeDelta::seconds(-20));
        desk.step();
        assert!(made(&desk).is(&ticked), "minute {minute}");
        assert_eq!(laid_out_anew(&desk, &known), [""; 0], "minute {minute}");
    }
}

#[test]
fn another_choice_of_entry_or_list_works_out_no_figure() {
    let (_folder, _clock, mut desk) = at_rest();
    let before = made(&desk);
    let entry = desk.state().app.shown().unwrap().log[250].id.clone();
    for action in [Action::Choose(Some(entry)), Action::Search("sample".to_owned()), Action::Search(String::new())] {
        let told = format!("{action:?}");
        desk.state_mut().app.update(action);
        desk.run();
        assert!(made(&desk).is(&before), "{told}");
    }
}

#[test]
fn at_rest_the_next_frame_is_that_of_the_minute() {
    let (_folder, clock, mut desk) = at_rest();
    let delay = |desk: &Desk| desk.output().viewport_output[&ViewportId::ROOT].repaint_delay;
    for (gone, left) in [(0, 60), (23, 37), (36, 1)] {
        clock.goes_on(TimeDelta::seconds(gone));
        desk.run();
        assert_eq!(delay(&desk), Duration::from_secs(left), "{gone} s on");
    }
    // Nor does a pointer leave anything that goes on by itself.
    clock.goes_on(TimeDelta::seconds(-59));
    for pressed in [true, false] {
        let (pos, button) = (pos2(640.0, 5.0), PointerButton::Primary);
        desk.event(Event::PointerButton { pos, button, pressed, modifiers: egui::Modifiers::NONE });
        desk.run();
    }
    desk.event(Event::PointerGone);
    desk.run();
    assert_eq!(delay(&desk), Duration::from_mins(1));
}
