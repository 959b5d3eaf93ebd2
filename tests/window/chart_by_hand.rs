//! The dose curve by mouse: a stretch by drag and wheel, and a dose by a click.

use super::chart::{SHIFT, chosen, figure, seen};
use super::desk::{Desk, Hands, SMALL, demo};
use corticurve::app::Theme;
use corticurve::exposure::figure::Stretch;
use egui::accesskit::Role;
use egui::{Event, Modifiers, MouseWheelSource, MouseWheelUnit, PointerButton, Pos2, TouchPhase, Vec2, pos2, vec2};
use egui_kittest::kittest::Queryable;

fn button(desk: &mut Desk, at: Pos2, button: PointerButton, pressed: bool, modifiers: Modifiers) {
    desk.event_modifiers(Event::PointerButton { pos: at, button, pressed, modifiers }, modifiers);
    desk.run();
}

fn drag(desk: &mut Desk, with: PointerButton, modifiers: Modifiers, from: Pos2, to: Pos2) {
    desk.event(Event::PointerMoved(from));
    desk.run();
    button(desk, from, with, true, modifiers);
    for at in [from.lerp(to, 0.5), to] {
        desk.event_modifiers(Event::PointerMoved(at), modifiers);
        desk.run();
    }
    button(desk, to, with, false, modifiers);
}

#[test]
fn a_drag_shows_the_stretch_and_with_shift_or_the_right_button_it_moves_the_chart() {
    let mut desk = demo(Theme::Light, SMALL);
    let whole = seen(&desk);
    let area = desk.get_by_role(Role::Image).rect();
    // Over any lane: here from the curve down to the grades.
    let (from, to) =
        (pos2(area.left() + area.width() * 0.25, area.top() + 40.0), pos2(area.center().x, area.bottom() - 8.0));
    drag(&mut desk, PointerButton::Primary, Modifiers::NONE, from, to);
    let dragged = seen(&desk);
    assert!((dragged.from - (whole.from + whole.length() * 0.25)).abs() < 0.05, "{dragged:?}");
    assert!((dragged.to - (whole.from + whole.length() * 0.5)).abs() < 0.05, "{dragged:?}");
    for (with, modifiers) in [(PointerButton::Primary, Modifiers::SHIFT), (PointerButton::Secondary, Modifiers::NONE)] {
        let before = seen(&desk);
        drag(&mut desk, with, modifiers, from, to);
        let moved = (before.from - seen(&desk).from) / before.length();
        assert!((seen(&desk).length() - before.length()).abs() < 1e-9 && (0.1..0.5).contains(&moved), "{moved}");
    }
    desk.click("All");
    assert_eq!(seen(&desk), whole);
    desk.click("D0–30");
    assert_eq!(seen(&desk), Stretch::DAYS_0_TO_30);
}

fn wheel(desk: &mut Desk, at: Pos2, delta: Vec2, modifiers: Modifiers) {
    desk.event(Event::PointerMoved(at));
    desk.run();
    let (unit, phase) = (MouseWheelUnit::Point, TouchPhase::Move);
    desk.event_modifiers(
        Event::MouseWheel { unit, delta, phase, modifiers, source: MouseWheelSource::Wheel },
        modifiers,
    );
    desk.run();
}

#[test]
fn the_wheel_goes_closer_around_the_pointer_and_back_and_sideways_or_with_shift_it_moves() {
    let mut desk = demo(Theme::Light, SMALL);
    desk.click("D0–30");
    let whole = seen(&desk);
    let area = desk.get_by_role(Role::Image).rect();
    let at = pos2(area.left() + area.width() * 0.25, area.center().y);
    let under = |seen: Stretch| seen.from + seen.length() * 0.25;
    wheel(&mut desk, at, vec2(0.0, 200.0), Modifiers::NONE);
    let closer = seen(&desk);
    assert!((whole.length() / closer.length() - 2.0).abs() < 0.05, "{whole:?}, {closer:?}");
    assert!(
        (under(closer) - under(whole)).abs() < 0.05,
        "what is under the pointer stays there: {whole:?}, {closer:?}"
    );
    for (delta, modifiers) in [(vec2(-30.0, 0.0), Modifiers::NONE), (vec2(0.0, -30.0), SHIFT)] {
        let before = seen(&desk);
        wheel(&mut desk, at, delta, modifiers);
        let moved = (seen(&desk).from - before.from) / before.length() * f64::from(area.width());
        assert!((moved - 30.0).abs() < 1.0 && (seen(&desk).length() - before.length()).abs() < 1e-6, "{moved}");
    }
    wheel(&mut desk, at, vec2(0.0, -200.0), Modifiers::NONE);
    assert!((seen(&desk).length() / whole.length() - 1.0).abs() < 0.05, "{:?}", seen(&desk));
    let before = seen(&desk);
    wheel(&mut desk, pos2(area.left() - 40.0, area.center().y), vec2(0.0, 200.0), Modifiers::NONE);
    assert_eq!(seen(&desk), before, "beside the chart it does not");
}

#[test]
fn a_click_on_a_dose_of_the_chart_chooses_its_row_and_brings_it_into_the_log() {
    let mut desk = demo(Theme::Light, SMALL);
    let (first, others) = {
        let doses = &figure(&desk).doses;
        (doses.first().unwrap().clone(), doses.iter().skip(1).map(|dose| dose.x).fold(f64::INFINITY, f64::min))
    };
    let row = desk.state().app.shown().unwrap().log.iter().find(|line| line.id == first.id).unwrap().cells.join(", ");
    let is_drawn = |desk: &Desk| desk.query_by_label(&row).is_some();
    assert!(!is_drawn(&desk), "the oldest is below what the log shows");
    let area = desk.get_by_role(Role::Image).rect();
    let seen = seen(&desk);
    #[allow(clippy::cast_possible_truncation, reason = "a place on the screen")]
    let x_of = |x: f64| area.left() + area.width() * ((x - seen.from) / seen.length()) as f32;
    let at = pos2(x_of(first.x), area.top() + 40.0);
    assert!(x_of(others) - at.x > 6.0, "no other dose is as near");
    // Not quite on it, as by an unsteady hand.
    let at = pos2(at.x + 2.0, at.y);
    desk.event(Event::PointerMoved(at));
    desk.run();
    for pressed in [true, false] {
        let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
        desk.event(Event::PointerButton { pos: at, button, pressed, modifiers });
        // One frame each: what is held for longer is no click.
        desk.step();
    }
    desk.run();
    assert_eq!(desk.state().app.chosen.as_ref(), Some(&first.id), "{first:?}, {}", chosen(&desk));
    assert!(is_drawn(&desk), "the log was scrolled to it");
}
