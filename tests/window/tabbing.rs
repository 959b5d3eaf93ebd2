//! The Tab key goes through every control, in the order in which the window is read, and back again with Shift.

use super::desk::{Desk, Hands, SMALL, demo, over, with_robin};
use super::locking::lock_now;
use corticurve::app::{Overlay, Theme};
use egui::accesskit::{self, Role};
use egui::{Key, Modifiers, Rect};
use egui_kittest::kittest::{NodeT, Queryable};
use std::collections::BTreeSet;

/// More controls than any window has.
const MANY: usize = 200;

/// Something that the keyboard can be on.
#[derive(Debug, Clone, PartialEq)]
pub struct Stop {
    id: String,
    role: Role,
    pub name: String,
    pub rect: Rect,
}

/// Everything that takes the keyboard, in no order.
fn controls(desk: &Desk) -> Vec<Stop> {
    let nodes = desk.root().children_recursive();
    let takes = |node: &egui_kittest::Node<'_>| {
        let node = node.accesskit_node();
        !node.is_disabled() && node.data().supports_action(accesskit::Action::Focus)
    };
    nodes.filter(takes).map(|node| stop(&node)).collect()
}

fn stop(node: &egui_kittest::Node<'_>) -> Stop {
    let (rect, node) = (node.rect(), node.accesskit_node());
    let name = node.label().or_else(|| node.value()).unwrap_or_default();
    Stop { id: format!("{:?}", node.id()), role: node.role(), name, rect }
}

pub fn focused(desk: &Desk) -> Option<Stop> {
    desk.root().children_recursive().find(egui_kittest::Node::is_focused).map(|node| stop(&node))
}

fn ids(stops: &[Stop]) -> BTreeSet<String> {
    stops.iter().map(|stop| stop.id.clone()).collect()
}

/// From where the keyboard is, with this key, until it is there again; each stop once, with a name and a role.
pub fn round(desk: &mut Desk, modifiers: Modifiers) -> Vec<Stop> {
    let first = focused(desk).expect("the keyboard is somewhere");
    let mut stops = vec![first.clone()];
    while stops.len() < MANY {
        desk.press_with(modifiers, Key::Tab);
        let here = focused(desk).unwrap_or_else(|| panic!("nowhere after {:?}", stops.last()));
        if here.id == first.id {
            break;
        }
        assert!(!ids(&stops).contains(&here.id), "twice in one round: {here:?}, after {:?}", stops.last());
        assert!(!here.name.is_empty(), "without a name: {here:?}, after {:?}", stops.last());
        assert!(!matches!(here.role, Role::Unknown | Role::GenericContainer), "without a role: {here:?}");
        stops.push(here);
    }
    assert!(stops.len() < MANY, "never back at {first:?}");
    stops
}

/// Forwards and backwards: the same stops, and none of what takes the keyboard is left out.
fn both_ways(desk: &mut Desk, behind: &BTreeSet<String>) -> Vec<Stop> {
    let forwards = round(desk, Modifiers::NONE);
    let mut backwards = round(desk, Modifiers::SHIFT);
    // Both begin at the same stop.
    backwards.get_mut(1..).unwrap_or_default().reverse();
    let names = |stops: &[Stop]| stops.iter().map(|stop| stop.name.clone()).collect::<Vec<String>>();
    assert_eq!(names(&forwards), names(&backwards));
    let visited = ids(&forwards);
    let left_out = controls(desk).into_iter().filter(|stop| !behind.contains(&stop.id) && !visited.contains(&stop.id));
    let left_out: Vec<Stop> = left_out.collect();
    assert!(left_out.is_empty(), "never reached: {left_out:?}");
    // What opens over the window begins in its first field, which is not always its first control.
    let height = |stop: &Stop| stop.rect.center().y;
    let top = (0..forwards.len()).min_by(|a, b| height(&forwards[*a]).total_cmp(&height(&forwards[*b]))).unwrap_or(0);
    let mut from_the_top = forwards.clone();
    from_the_top.rotate_left(top);
    assert_reads(&from_the_top);
    forwards
}

/// No stop stands above the one before it, or left of it in the same line, but where another part of the window begins.
fn assert_reads(stops: &[Stop]) {
    for (before, after) in stops.iter().zip(stops.iter().skip(1)) {
        let same_line = before.rect.y_range().contains(after.rect.center().y);
        let below = after.rect.center().y > before.rect.center().y;
        // The figures scroll while the keyboard goes through them, so that each is seen.
        let are_figures = [before, after].iter().all(|stop| stop.name.ends_with("where it comes from"));
        let reads = if same_line { after.rect.left() >= before.rect.left() } else { below };
        assert!(
            reads || are_figures || begins(&after.name),
            "{} {} after {} {}",
            after.name,
            after.rect,
            before.name,
            before.rect
        );
    }
}

/// The first control of each part of the window, in the order of the parts.
const PARTS: [(&str, &str); 8] = [
    ("menu", "Ward"),
    ("patient strip", "recorded as DEMO ▾"),
    ("ward list", "The ward list is sorted"),
    ("quick entry", "Quick entry of a dose"),
    ("figures", "Copy as text"),
    ("chart", "D0–30"),
    ("log", "struck out, earlier"),
    ("middle, where nobody is open", "Register a patient…   Ctrl+Shift+I"),
];

fn begins(name: &str) -> bool {
    PARTS.iter().any(|(_, first)| *first == name)
}

#[test]
fn the_tab_key_goes_through_the_whole_window_part_by_part() {
    let mut desk = demo(Theme::Light, SMALL);
    desk.press(Key::F10);
    let stops = both_ways(&mut desk, &BTreeSet::new());
    let parts =
        stops.iter().filter_map(|stop| PARTS.iter().find(|(_, first)| *first == stop.name)).map(|(part, _)| *part);
    assert_eq!(
        parts.collect::<Vec<_>>(),
        ["menu", "patient strip", "ward list", "quick entry", "figures", "chart", "log"]
    );
    let after = |first: &str| {
        let at = stops.iter().position(|stop| stop.name == first).unwrap();
        stops.iter().skip(at + 1).map(|stop| stop.name.as_str()).take_while(|name| !begins(name)).collect::<Vec<_>>()
    };
    assert_eq!(after("Ward"), ["Patient", "Record", "View", "Help"]);
    assert_eq!(after("recorded as DEMO ▾"), ["Lock", "Amend…", "chart checked to today 14:02 …"]);
    assert_eq!(after("Quick entry of a dose"), ["Save  Enter", "Same again  Ctrl+D", "Form…  Ctrl+N"]);
    let chart = after("D0–30");
    assert_eq!(chart[..8], ["All", "−", "+", "View ▾", "mg", "mg/kg", "Day", "Date"]);
    assert!(chart[8].starts_with("118 mg dexamethasone-equivalent"), "the curve itself: {}", chart[8]);
    let log = after("struck out, earlier");
    assert_eq!(log[..7], ["Plan…", "What if…", "Grade…", "Event…", "Weight…", "Infusion…", "Entries…"]);
    assert!(log[7].starts_with("22-Nov-2026 08:00"), "then the doses: {}", log[7]);
    desk.get_by_role_and_label(Role::ListBoxOption, log[8]).focus();
    desk.press(Key::Enter);
    let second = desk.state().app.shown().unwrap().log[1].id.clone();
    assert_eq!(desk.state().app.chosen, Some(second), "Enter chooses the dose");
}

#[test]
fn the_tab_key_goes_through_a_ward_of_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = over(&folder);
    desk.click("Start a ward");
    desk.fill("Your initials", "nk");
    desk.press(Key::Enter);
    desk.press(Key::F10);
    let stops = both_ways(&mut desk, &BTreeSet::new());
    assert_eq!(stops.last().map(|stop| stop.name.as_str()), Some("Import medication records…   Ctrl+O"));
}

/// The names of what Tab goes through in what a key opens over the window, from where the keyboard is then.
fn over_the_window(desk: &mut Desk, modifiers: Modifiers, key: Key) -> Vec<String> {
    let behind = ids(&controls(desk));
    desk.press_with(modifiers, key);
    if focused(desk).is_none_or(|stop| behind.contains(&stop.id)) {
        desk.press(Key::Tab);
    }
    both_ways(desk, &behind).into_iter().map(|stop| stop.name).collect()
}

#[test]
fn the_tab_key_stays_in_an_open_form_and_goes_through_all_of_it() {
    let mut desk = demo(Theme::Light, SMALL);
    let mut names = over_the_window(&mut desk, Modifiers::COMMAND, Key::N);
    // The form opens with the keyboard in the amount.
    assert_eq!(names[0], "Amount");
    names.rotate_right(1);
    assert_eq!((names[0].as_str(), names[names.len() - 1].as_str()), ("Drug", "Cancel"), "{names:?}");
}

#[test]
fn the_tab_key_stays_in_the_review_and_goes_first_to_the_button_that_signs() {
    let (_folder, mut desk) = with_robin();
    desk.quick("dex 10 iv 08:00 icans");
    desk.press(Key::Enter);
    let names = over_the_window(&mut desk, Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::V);
    assert_eq!(desk.state().app.overlay, Some(Overlay::Review));
    assert_eq!(names, ["Sign as NK", "Close"]);
}

#[test]
fn the_tab_key_goes_through_the_lock_screen_and_nothing_behind_it() {
    let (_folder, mut desk) = with_robin();
    lock_now(&mut desk);
    let names: Vec<String> = both_ways(&mut desk, &BTreeSet::new()).into_iter().map(|stop| stop.name).collect();
    assert_eq!(names.len(), 3, "{names:?}");
    assert!(["Your initials", "PIN", "Unlock"].iter().all(|name| names.iter().any(|other| other == name)), "{names:?}");
}

#[test]
fn tab_finishes_a_word_that_can_be_finished_and_leaves_the_line_where_there_is_none() {
    let (_folder, mut desk) = with_robin();
    desk.quick("dexa");
    desk.press(Key::Tab);
    assert_eq!(desk.state().app.quick.line, "dexamethasone ");
    let line = |desk: &Desk| desk.get_by_role_and_label(Role::TextInput, "Quick entry of a dose").is_focused();
    assert!(line(&desk), "the keyboard is still in the line");
    desk.quick("dexamethasone 10 iv");
    assert!(desk.state().app.quick.completions.is_empty());
    desk.press(Key::Tab);
    assert!(!line(&desk) && desk.get_by_label("Save  Enter").is_focused());
    desk.press_with(Modifiers::SHIFT, Key::Tab);
    assert!(line(&desk));
    // Back is never taken for a word.
    desk.quick("dexa");
    desk.press_with(Modifiers::SHIFT, Key::Tab);
    assert!(!line(&desk), "Shift+Tab leaves");
}
