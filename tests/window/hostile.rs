//! What the window does with files that nobody should have made, and with those of a newer program.

use super::desk::{Desk, Hands, over, with_robin};
use crate::cli::hostile::{nasty_patient, newer_segment};
use corticurve::app::{Action, Overlay};
use corticurve::record::visible::invisible;
use egui::Key;
use egui_kittest::kittest::{By, Queryable};
use std::cell::RefCell;

/// Every text that the window shows or reads out.
fn texts(desk: &Desk) -> Vec<String> {
    let texts = RefCell::new(Vec::new());
    let all = By::new().predicate(|node| {
        texts.borrow_mut().extend(node.label());
        texts.borrow_mut().extend(node.value());
        false
    });
    assert_eq!(desk.query_all(all).count(), 0);
    texts.into_inner()
}

#[test]
fn the_window_shows_every_character_of_whatever_the_files_hold() {
    let folder = tempfile::tempdir().unwrap();
    let patient = nasty_patient(&folder.path().join("data"), &folder.path().join("other config"));
    let mut desk = over(&folder);
    let mut seen = 0;
    let mut check = |desk: &Desk| {
        for text in texts(desk) {
            assert!(!text.contains(|c| c != '\n' && invisible(c)), "{text:?}");
            seen += text.matches("\\u{202e}").count();
        }
    };
    check(&desk);
    desk.state_mut().app.update(Action::Select(patient));
    desk.state_mut().app.update(Action::ShowStruckOut(true));
    desk.run();
    check(&desk);
    for overlay in [Overlay::Entries, Overlay::Explanation] {
        desk.state_mut().app.overlay = Some(overlay);
        desk.run();
        check(&desk);
    }
    desk.state_mut().app.overlay = None;
    desk.state_mut().app.update(Action::CopyText);
    let copied = desk.state_mut().app.clipboard.take().unwrap();
    assert!(copied.contains("\\u{202e}") && !copied.contains(|c| c != '\n' && invisible(c)), "{copied:?}");
    assert!(seen > 10, "{seen}");
}

#[test]
fn a_patient_that_a_newer_program_wrote_is_read_only_in_the_window_and_says_why() {
    let (folder, mut desk) = with_robin();
    desk.quick("dex 10 iv 14:00");
    desk.press(Key::Enter);
    let patient = desk.state().app.selected.clone().unwrap();
    newer_segment(&folder.path().join("data"), &patient);
    desk.quick("dex 4 iv 14:10");
    desk.press(Key::Enter);
    assert!(desk.notice().contains("nothing was saved") && desk.notice().contains("format 2"), "{}", desk.notice());
    assert!(desk.sees("READ ONLY") && desk.sees("update the program on this workstation"));
    assert_eq!(super::tasks::doses_on_disk(&folder), 1);
    assert_eq!(desk.figure("Cumulative"), "10 mg", "what can be read is shown");
}
