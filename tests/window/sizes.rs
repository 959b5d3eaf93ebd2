//! The window in little room, and with much in it.

use super::desk::{Desk, Hands, SMALL, demo, demo_on, demo_scaled, now, over};
use super::tabbing::{focused, round};
use chrono::TimeDelta;
use corticurve::app::{Action, Theme};
use corticurve::record::{Administration, DrugId, Fact, Given, Identity, Infusion, Name, Route, Sex};
use corticurve::store::{Author, Store};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, Pos2, Rect, pos2};
use egui_kittest::kittest::{NodeT, Queryable};
use tempfile::TempDir;

/// A patient with an infusion sixteen days ago and so many doses since, a third of them anakinra.
fn facts(number: usize, doses: usize) -> Vec<Fact> {
    let families = ["Example", "Sample", "Specimen", "Template", "Placeholder", "Muster"];
    let identity = Identity {
        mrn: format!("4{number:05}").parse().unwrap(),
        family: Name::parse(&format!("{} {number}", families[number % families.len()])).unwrap(),
        given: Name::parse("Robin").unwrap(),
        born: None,
        sex: Sex::Other,
        dates_shifted: false,
    };
    let day0 = now() - TimeDelta::days(16);
    let infusion = Infusion { at: day0, product: "tisagenlecleucel".to_owned() };
    let every = TimeDelta::seconds(i64::try_from(15 * 86_400 / doses.max(1)).unwrap());
    let dose = |at: usize| {
        let (drug, amount) = if at % 3 == 2 { ("anakinra", "100 mg") } else { ("dexamethasone", "4.5 mg") };
        let given = Given::At(day0 + every * i32::try_from(at).unwrap());
        let plain = Administration::given(DrugId::new(drug), amount.parse().unwrap(), given);
        Fact::Administered(Administration { route: Some(Route::Intravenous), ..plain })
    };
    [Fact::PatientRegistered(identity), Fact::Infused(infusion)].into_iter().chain((0..doses).map(dose)).collect()
}

/// A window over a ward of so many patients with so many doses each.
pub fn ward_of(patients: usize, doses: usize) -> (TempDir, Desk) {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open_or_create(&folder.path().join("data"), "Ward 4").unwrap();
    store.become_writer(&folder.path().join("config")).unwrap();
    let author = Author { by: "NK".parse().unwrap(), workstation: "WARD4-PC02".to_owned() };
    for number in 0..patients {
        let id = store.new_patient_id().unwrap();
        store.save(&id, facts(number, doses), &author, now() - TimeDelta::hours(2)).unwrap();
    }
    drop(store);
    let mut desk = over(&folder);
    desk.fill("Your initials", "nk");
    desk.press(Key::Enter);
    (folder, desk)
}

#[test]
fn the_command_palette_looks_like_this() {
    let mut desk = demo(Theme::Light, SMALL);
    desk.press_with(Modifiers::COMMAND, Key::K);
    desk.event(Event::Text("exam".to_owned()));
    desk.run();
    assert!(desk.sees("open EXAMPLE, Robin") && desk.sees("MRN 40 017"));
    desk.snapshot("palette");
}

#[test]
fn a_ward_of_nobody_looks_like_this() {
    let (_folder, mut desk) = ward_of(0, 0);
    assert!(desk.sees("Nobody is registered yet"));
    desk.snapshot("empty_ward");
}

#[test]
fn a_ward_of_five_hundred_looks_like_this_and_the_last_of_them_is_opened_by_typing() {
    let (_folder, mut desk) = ward_of(500, 6);
    assert_eq!(desk.state().app.found_rows().count(), 500);
    desk.snapshot("ward_of_500");
    desk.press_with(Modifiers::COMMAND, Key::F);
    desk.event(Event::Text("400499".to_owned()));
    desk.run();
    desk.press(Key::Enter);
    assert_eq!(desk.state().app.patient().unwrap().shown_name(), "SAMPLE 499, Robin");
    assert!(desk.sees("SAMPLE 499, Robin, D+16, 18 mg"), "the list shows who is open");
}

#[test]
fn a_patient_of_five_hundred_doses_looks_like_this() {
    let (_folder, mut desk) = ward_of(1, 500);
    // 334 of them are 4.5 mg of dexamethasone.
    assert_eq!(desk.figure("Cumulative"), "1,503 mg");
    desk.snapshot("doses_500");
}

/// Between the last figure that is seen and the field of the quick entry, in points: the edges of two cards.
const EDGES: f32 = 26.0;

/// How much of the lanes is the curve's at least, in points.
const CURVE_SEEN: f32 = 76.0;

/// Large type on the smallest screen: 640 by 360 points.
fn at_200_percent() -> Desk {
    demo_scaled(Theme::Light, 2.0)
}

#[test]
fn at_200_percent_the_window_looks_like_this() {
    at_200_percent().snapshot("scale_200");
}

/// Where words stand, once or more often.
fn places(desk: &Desk, words: &str) -> Vec<Rect> {
    desk.query_all_by_label_contains(words).map(|node| node.rect()).collect()
}

#[test]
fn the_five_figures_and_the_curve_are_seen_at_one_look_on_every_screen_and_scale() {
    let scales = [1.0, 1.1, 1.25, 1.5, 1.75, 2.0];
    let large = [[1280.0, 720.0], [1366.0, 768.0], [1920.0, 1080.0]].map(|screen| (screen, &scales[..]));
    // No window is smaller before it is scaled.
    let screens = large.into_iter().chain([([1024.0, 640.0], &scales[..1])]);
    for (screen, scales) in screens {
        for scale in scales.iter().copied() {
            let mut desk = demo_on(Theme::Light, screen, scale);
            let whole = Rect::from_min_size(Pos2::ZERO, screen.map(|side| side / scale).into());
            let ids: Vec<_> = desk.state().app.rows.iter().map(|row| row.id.clone()).collect();
            for id in ids {
                desk.state_mut().app.update(Action::Select(id));
                desk.run();
                let name = desk.state().app.patient().unwrap().shown_name();
                let where_ = format!("{name} on {screen:?} at {scale}");
                let below = desk.get_by_role_and_label(Role::TextInput, "Quick entry of a dose").rect().top();
                let above = Rect { max: pos2(whole.right(), below - EDGES), ..whole };
                let figures = desk.state().app.shown().unwrap().bedside.clone();
                assert!(figures.len() >= 5, "{where_}");
                for figure in figures.iter().filter(|figure| figure.value != "none") {
                    let places = [&figure.label, &figure.value].map(|words| places(&desk, words));
                    let is_seen = places.iter().all(|places| places.iter().any(|place| above.contains_rect(*place)));
                    assert!(is_seen, "{} {} of {where_}: {places:?}", figure.label, figure.value);
                }
                let lanes = desk.get_by_role(Role::Image).rect();
                assert!(
                    lanes.top() + CURVE_SEEN < below,
                    "the curve of {where_} begins at {} over {below}",
                    lanes.top()
                );
                assert!(lanes.left() >= 0.0 && lanes.right() <= whole.right(), "{where_}");
            }
        }
    }
}

#[test]
fn how_a_dose_is_written_is_told_where_there_is_height_for_it() {
    let tells = |scale| demo_scaled(Theme::Light, scale).sees("drug, amount, route, time, purpose");
    assert!(tells(1.0) && !tells(2.0));
}

#[test]
fn at_200_percent_the_tab_key_brings_every_control_into_sight() {
    let mut desk = at_200_percent();
    desk.press(Key::F10);
    let stops = round(&mut desk, Modifiers::NONE);
    let names: Vec<&str> = stops.iter().map(|stop| stop.name.as_str()).collect();
    for name in ["Ward list", "Save", "Copy as text", "D0–30", "Date", "Plan…", "Entries…"] {
        assert!(names.contains(&name), "{name} in {names:?}");
    }
    assert!(names.iter().any(|name| name.starts_with("22-Nov-2026 08:00, +9, dexAMETHasone, 4.5 mg")), "{names:?}");
    for stop in &stops {
        let (rect, middle) = (stop.rect, stop.rect.center().y);
        assert!((0.0..360.0).contains(&middle), "{} at {rect} is out of sight", stop.name);
        assert!(rect.left() >= 0.0 && rect.right() <= 640.0, "{} at {rect} is cut", stop.name);
    }
}

/// The words that stand over the left or the right edge of a window of 640 points.
fn cut(desk: &Desk) -> Vec<String> {
    let labels = desk.root().children_recursive().filter(|node| node.accesskit_node().role() == Role::Label);
    let cut = labels.filter(|label| label.rect().left() < 0.0 || label.rect().right() > 640.0);
    cut.map(|label| format!("{:?} at {}", label.accesskit_node().label().or(label.value()), label.rect())).collect()
}

#[test]
fn at_200_percent_log_keys_table_and_explanation_fold_and_stand_over_no_edge() {
    let mut desk = at_200_percent();
    // Down to the log, past the chart and the figures.
    for _ in 0..5 {
        desk.press(Key::PageDown);
    }
    assert!(desk.sees("dexAMETHasone") && desk.sees("anakinra") && desk.sees("Route, for, by, state"));
    assert!(desk.sees("IV · ICANS · NK 08:04"), "what has no column of its own");
    assert_eq!(cut(&desk), [""; 0]);
    desk.snapshot("scale_200_log");
    for (modifiers, key, sees) in [
        (Modifiers::NONE, Key::F1, "to the quick entry"),
        (Modifiers::SHIFT, Key::F7, "The chart as a table"),
        (Modifiers::NONE, Key::F2, "Sum, mg"),
        (Modifiers::COMMAND, Key::B, "Weights, infusions, grades, events, plans, chart checks"),
    ] {
        desk.press_with(modifiers, key);
        // A dialog finds its size in its second frame.
        desk.run();
        assert!(desk.sees(sees), "{key:?}");
        for page in [None, Some(Key::End), Some(Key::ArrowRight), Some(Key::End)] {
            if let Some(key) = page {
                desk.press(key);
            }
            assert_eq!(cut(&desk), [""; 0], "{key:?} {page:?}");
        }
        if key == Key::F2 {
            desk.snapshot("scale_200_explanation");
        }
        desk.press(Key::Escape);
    }
}

#[test]
fn at_200_percent_a_dose_is_recorded_and_its_echo_is_whole() {
    let mut desk = at_200_percent();
    desk.quick("dex 10 iv icans");
    for part in ["DOSE  dexAMETHasone 10 mg, intravenous", "→  total 118 → 128 mg"] {
        let rect = desk.get_by_label_contains(part).rect();
        assert!(rect.left() >= 0.0 && rect.right() <= 640.0 && rect.bottom() <= 360.0, "{part} at {rect}");
    }
    desk.press(Key::Enter);
    assert_eq!(desk.figure("Cumulative"), "128 mg");
}

#[test]
fn where_there_is_no_room_for_it_the_ward_list_comes_with_its_key_and_goes_with_the_choice_or_escape() {
    let mut desk = at_200_percent();
    let is_there = |desk: &Desk| desk.query_by_label("Search the ward by name or MRN").is_some();
    assert!(!is_there(&desk));
    desk.press_with(Modifiers::COMMAND, Key::F);
    assert!(is_there(&desk));
    desk.press(Key::Escape);
    assert!(!is_there(&desk) && desk.state().app.patient().unwrap().shown_name() == "EXAMPLE, Robin");
    desk.press_with(Modifiers::COMMAND, Key::F);
    desk.event(Event::Text("avery".to_owned()));
    desk.run();
    desk.press(Key::Enter);
    assert!(!is_there(&desk) && desk.state().app.patient().unwrap().shown_name() == "SAMPLE, Avery");
}

#[test]
fn a_key_that_is_let_go_in_the_same_frame_still_brings_the_ward_list_and_what_is_typed_is_sought_there() {
    for pixels in [1.5, 2.0] {
        let mut desk = demo_scaled(Theme::Light, pixels);
        assert!(desk.query_by_label("Search the ward by name or MRN").is_none(), "at {pixels}");
        desk.press_with(Modifiers::COMMAND, Key::L);
        // Ctrl is up by the end of the frame.
        for pressed in [true, false] {
            let modifiers = Modifiers::COMMAND;
            let key = Event::Key { key: Key::F, physical_key: None, pressed, repeat: false, modifiers };
            desk.input_mut().events.push(key);
        }
        desk.step();
        desk.event(Event::Text("avery".to_owned()));
        desk.run();
        let app = &desk.state().app;
        assert_eq!((app.search.as_str(), app.quick.line.as_str()), ("avery", ""), "at {pixels}");
    }
}

#[test]
fn a_dialog_that_is_larger_than_the_window_shows_the_button_that_tab_reaches() {
    let mut desk = at_200_percent();
    desk.press_with(Modifiers::COMMAND, Key::N);
    desk.press_with(Modifiers::SHIFT, Key::Tab);
    desk.press_with(Modifiers::SHIFT, Key::Tab);
    let stop = focused(&desk).unwrap();
    assert_eq!(stop.name, "Cancel", "back over the first field to the last button");
    assert!(stop.rect.bottom() <= 360.0, "{}", stop.rect);
}
