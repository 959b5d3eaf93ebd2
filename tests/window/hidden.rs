//! What is hidden with the names, wherever it would show.

use super::desk::{Desk, Hands, SMALL, demo, over_share, with_robin};
use super::guarding::save;
use super::kept::kept;
use super::locking::all_words;
use super::outbox::{on_share, record};
use crate::store::share::Mood;
use corticurve::app::{Overlay, Theme};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::Queryable;
use std::fs;

const CTRL_SHIFT: Modifiers = Modifiers { ctrl: true, shift: true, command: true, ..Modifiers::NONE };

/// The names and numbers of the ward that are on the screen or told.
fn seen_of_anybody(desk: &Desk) -> Vec<String> {
    let words = all_words(desk);
    let rows = desk.state().app.rows.iter();
    rows.flat_map(|row| [row.name.clone(), row.mrn.clone()]).filter(|part| words.contains(part)).collect()
}

#[test]
fn a_patient_who_is_found_in_the_palette_is_told_by_the_mark_alone() {
    let mut desk = demo(Theme::Light, SMALL);
    for hidden in [false, true] {
        if hidden {
            desk.press_with(Modifiers::COMMAND, Key::H);
        }
        desk.press_with(Modifiers::COMMAND, Key::K);
        desk.event(Event::Text("avery".to_owned()));
        desk.run();
        let row = desk.state().app.rows.iter().find(|row| row.name.contains("Avery")).unwrap().clone();
        assert!(desk.sees(&format!("open {}", row.shown(hidden))), "hidden: {hidden}");
        let numbers = all_words(&desk).lines().filter(|line| line.contains("MRN 40")).count();
        assert_eq!((numbers > 0, seen_of_anybody(&desk).is_empty()), (!hidden, hidden));
        desk.press(Key::Escape);
    }
}

#[test]
fn the_report_of_an_import_is_hidden_under_the_eyes_of_who_reads_it() {
    let (folder, mut desk) = with_robin();
    let file = folder.path().join("mar.csv");
    let rows = "mrn,given_at,drug,amount,unit,family,given\n40 018,2026-11-20 08:00,dexamethasone,10,mg,Sample,Avery\n";
    fs::write(&file, rows).unwrap();
    desk.press_with(Modifiers::COMMAND, Key::O);
    desk.fill("File", file.to_str().unwrap());
    desk.press(Key::Enter);
    assert!(desk.state().app.overlay == Some(Overlay::Report) && desk.state().app.report.contains("40 018"));
    assert!(all_words(&desk).contains("40 018"));
    desk.press_with(Modifiers::COMMAND, Key::H);
    assert_eq!(desk.state().app.overlay, Some(Overlay::Report));
    assert!(desk.sees("The report names patients") && seen_of_anybody(&desk).is_empty(), "{}", all_words(&desk));
}

#[test]
fn what_new_settings_move_is_told_by_marks() {
    for hidden in [false, true] {
        let mut desk = demo(Theme::Light, SMALL);
        if hidden {
            desk.press_with(Modifiers::COMMAND, Key::H);
        }
        desk.press_with(Modifiers::COMMAND, Key::Comma);
        desk.fill("Purposes out of the total", "CRS, ICANS, IEC-HS, not stated");
        desk.press(Key::Enter);
        assert!(desk.sees("Before and after, for every patient"));
        let moved = desk.state().app.form.as_ref().unwrap().comparison.clone().unwrap().moved;
        assert!(!moved.is_empty());
        assert_eq!(desk.sees(&format!("MRN {}", moved[0].mrn)), !hidden);
        assert_eq!(seen_of_anybody(&desk).is_empty(), hidden, "{:?}", seen_of_anybody(&desk));
        assert!(!hidden || desk.sees(&moved[0].mark));
    }
}

#[test]
fn a_damaged_line_of_the_outbox_is_not_shown_as_it_stands() {
    let (folder, share, mut desk) = on_share();
    share.becomes(Mood::Full);
    record(&mut desk, "dex 10 iv 14:00; for Avery");
    drop(desk);
    let file = kept(&folder, "ron").remove(0);
    let text = fs::read_to_string(&file).unwrap().replacen("10 mg", "90 mg", 1);
    fs::write(&file, &text).unwrap();
    let mut desk = over_share(&folder, &share, None);
    desk.press_with(CTRL_SHIFT, Key::D);
    assert!(all_words(&desk).contains("for Avery") && !seen_of_anybody(&desk).is_empty());
    desk.press_with(Modifiers::COMMAND, Key::H);
    assert!(desk.state().app.overlay == Some(Overlay::Damaged) && desk.sees("Damaged lines may name patients"));
    assert!(!all_words(&desk).contains("for Avery") && seen_of_anybody(&desk).is_empty(), "{}", all_words(&desk));
}

#[test]
fn hiding_the_names_closes_the_review_that_is_open() {
    let (_folder, mut desk) = with_robin();
    save(&mut desk, "dex 10 iv 14:00; for Avery");
    desk.press_with(CTRL_SHIFT, Key::V);
    assert_eq!(desk.state().app.overlay, Some(Overlay::Review));
    desk.press_with(Modifiers::COMMAND, Key::H);
    assert_eq!(desk.state().app.overlay, None);
    assert!(!all_words(&desk).contains("Avery") && seen_of_anybody(&desk).is_empty(), "{}", all_words(&desk));
    desk.press_with(CTRL_SHIFT, Key::V);
    assert!(desk.state().app.overlay.is_none() && desk.notice().contains("show the names first"));
}

#[test]
fn a_command_that_is_refused_leaves_the_keyboard_where_it_was() {
    let search = "Search the ward by name or MRN";
    for (hidden, modifiers, key, said) in [
        (true, CTRL_SHIFT, Key::I, "names are hidden, and this form shows them"),
        (true, CTRL_SHIFT, Key::P, "names are hidden, and this form shows them"),
        (true, Modifiers::COMMAND, Key::O, "names are hidden, and this form shows them"),
        (true, Modifiers::COMMAND, Key::E, "names are hidden, and this form shows them"),
        (true, Modifiers::COMMAND, Key::P, "names are hidden, and a page without a name"),
        (true, CTRL_SHIFT, Key::V, "show the names first"),
        (true, CTRL_SHIFT, Key::R, "choose an infusion that is running"),
        (false, CTRL_SHIFT, Key::R, "choose an infusion that is running"),
    ] {
        let (_folder, mut desk) = with_robin();
        save(&mut desk, "dex 10 iv 14:00; for Avery");
        if hidden {
            desk.press_with(Modifiers::COMMAND, Key::H);
        }
        desk.press_with(Modifiers::COMMAND, Key::F);
        desk.press_with(modifiers, key);
        assert!(desk.notice().contains(said), "{key:?}: {}", desk.notice());
        assert!(desk.get_by_role_and_label(Role::TextInput, search).is_focused(), "{key:?}, hidden: {hidden}");
        desk.event(Event::Text("rob".to_owned()));
        desk.run();
        let app = &desk.state().app;
        assert_eq!((app.search.as_str(), app.quick.line.as_str()), ("rob", ""), "{key:?}");
    }
}
