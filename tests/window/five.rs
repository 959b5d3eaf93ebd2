//! The five tasks that decide whether the program is good (design, section 1), each from the started window with the ward
//! to its end: no mouse, and every key press counted.

use super::desk::{Desk, Hands, now, over, over_at, with_robin};
use super::tasks::{doses_on_disk, on_disk};
use super::watching::another_records;
use chrono::TimeDelta;
use corticurve::app::Overlay;
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, OutputCommand};
use egui_kittest::kittest::{NodeT, Queryable};
use tempfile::TempDir;

const CTRL: Modifiers = Modifiers::COMMAND;
const CTRL_SHIFT: Modifiers = Modifiers { ctrl: true, shift: true, command: true, ..Modifiers::NONE };

/// Somebody at the keyboard. A key with Ctrl or Shift is one press, as is a letter.
struct Typist {
    desk: Desk,
    presses: usize,
    copied: Vec<String>,
}

impl Typist {
    fn at(desk: Desk) -> Self {
        Self { desk, presses: 0, copied: Vec::new() }
    }

    fn press(&mut self, key: Key) {
        self.press_with(Modifiers::NONE, key);
    }

    /// What the frame of the key puts on the clipboard is kept here: the harness forgets it with the next frame.
    fn press_with(&mut self, modifiers: Modifiers, key: Key) {
        self.presses += 1;
        let event = |pressed| Event::Key { key, physical_key: None, pressed, repeat: false, modifiers };
        self.desk.event(Event::ModifiersChanged(modifiers));
        self.desk.event(event(true));
        self.desk.step();
        let commands = &self.desk.output().platform_output.commands;
        self.copied.extend(commands.iter().filter_map(|command| match command {
            OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        }));
        self.desk.event(event(false));
        self.desk.event(Event::ModifiersChanged(Modifiers::NONE));
        self.desk.run();
    }

    fn types(&mut self, text: &str) {
        for letter in text.chars() {
            self.presses += 1;
            self.desk.event(Event::Text(letter.to_string()));
            self.desk.run();
        }
    }

    fn total(&self) -> String {
        self.desk.figure("Cumulative")
    }
}

fn look_for_robin(desk: &mut Desk) {
    desk.fill("Search the ward by name or MRN", "robin");
    desk.press(Key::Enter);
}

/// A ward with EXAMPLE, Robin, who had these doses, and SAMPLE, Avery; the window is started again over it, and Robin is looked
/// for, so that it is known who is meant: what is counted is counted from the open patient.
fn started(doses: &[&str]) -> (TempDir, Typist) {
    let (folder, mut desk) = with_robin();
    for line in doses {
        desk.quick(line);
        desk.press(Key::Enter);
        desk.press(Key::Enter);
    }
    assert_eq!(doses_on_disk(&folder), doses.len(), "{}", desk.notice());
    desk.press_with(CTRL_SHIFT, Key::I);
    desk.fill("MRN", "40 018");
    desk.fill("Family name", "Sample");
    desk.fill("Given name", "Avery");
    desk.press(Key::Enter);
    drop(desk);
    let mut desk = over(&folder);
    assert_eq!(desk.state().app.patient().unwrap().shown_name(), "EXAMPLE, Robin", "the first of the list is open");
    look_for_robin(&mut desk);
    (folder, Typist::at(desk))
}

#[test]
fn t1_ten_milligrams_now_for_icans_are_recorded_with_sixteen_key_presses() {
    let (folder, mut typist) = started(&[]);
    typist.types("dex 10 iv icans");
    assert!(typist.desk.sees("dexAMETHasone 10 mg, intravenous, today 14:32 (now), for ICANS"));
    assert!(typist.desk.sees("total 0 → 10 mg"), "what it does is told before Enter");
    typist.press(Key::Enter);
    assert_eq!(typist.presses, 16, "at most 20");
    assert_eq!(typist.desk.notice(), "Saved: dexAMETHasone 10 mg.");
    let ward = on_disk(&folder);
    let dose = &ward.patients()[0].chart.administrations[0].value;
    assert_eq!((dose.amount_shown().as_str(), dose.given.start()), ("10 mg", now()));
    assert_eq!(typist.total(), "10 mg");
}

/// Where the line of a figure is, of which the panel shows no part where it is scrolled out of sight.
fn line_bottom(desk: &Desk, label: &str) -> f32 {
    let lines = desk.query_all_by_role(Role::Button);
    let is_it = |name: &str| name.starts_with(label) && name.ends_with("where it comes from");
    let mut lines = lines.filter(|line| line.accesskit_node().label().is_some_and(|name| is_it(&name)));
    lines.next().unwrap_or_else(|| panic!("no line of {label}")).rect().bottom()
}

#[test]
fn t2_after_opening_with_five_key_presses_the_exposure_is_read_at_one_look_without_scrolling() {
    let doses = ["dex 10 iv 2026-11-21 08:00 icans", "ana 100 sc 2026-11-21 12:00", "dex 10 iv 08:00 icans"];
    let (folder, mut typist) = started(&doses);
    typist.press_with(CTRL, Key::PageDown);
    assert_eq!(typist.desk.state().app.patient().unwrap().shown_name(), "SAMPLE, Avery");
    typist.presses = 0;
    typist.press_with(CTRL, Key::F);
    typist.types("rob");
    typist.press(Key::Enter);
    assert_eq!(typist.presses, 5);
    let desk = &typist.desk;
    assert!(desk.sees("EXAMPLE, Robin") && desk.sees("Day +9"));
    let panel_ends = desk.get_by_role_and_label(Role::TextInput, "Quick entry of a dose").rect().top() - 20.0;
    for (label, value) in [
        ("Cumulative", "20 mg"),
        ("Last 24 h", "10 mg"),
        ("Peak day", "10 mg"),
        ("Since last dose", "6 h 32 min"),
        ("Steroid → anakinra", "4 h 0 min"),
        ("Anakinra total", "100 mg"),
    ] {
        assert_eq!(desk.figure(label), value, "{label}");
        let bottom = line_bottom(desk, label);
        assert!(bottom <= panel_ends, "{label} ends at {bottom}, its panel at {panel_ends}");
    }
    let slope = desk.get_by_role(Role::Image).accesskit_node().label().unwrap_or_default();
    assert!(slope.contains("20 mg"), "the curve in words: {slope}");
    drop(folder);
}

#[test]
fn t3_a_wrong_amount_is_corrected_in_two_steps_and_a_reason_and_stays_visible() {
    let (folder, mut typist) = started(&["dex 45 iv 14:10 icans", "dex 6 iv 08:00 icans"]);
    assert_eq!(typist.total(), "51 mg");
    typist.press_with(CTRL, Key::ArrowDown);
    typist.press_with(CTRL, Key::E);
    typist.types("4.5");
    typist.press(Key::Tab);
    typist.press(Key::Tab);
    typist.types("point lost");
    typist.press(Key::Enter);
    assert_eq!(typist.presses, 18, "8 of them are not the amount or the reason: {:?}", typist.desk.state().app.form);
    assert_eq!(typist.total(), "10.5 mg");
    assert!(typist.desk.sees("corrected: point lost (NK)"));
    typist.press(Key::F7);
    assert!(typist.desk.sees("before the correction") && typist.desk.sees("45 mg"), "the old entry stays visible");
    assert_eq!(on_disk(&folder).patients()[0].chart.administrations.len(), 2);
}

#[test]
fn t3_a_dose_of_another_patient_is_struck_out_in_two_steps_and_a_reason_and_stays_visible() {
    let (_folder, mut typist) = started(&["dex 10 iv 14:00", "dex 6 iv 08:00"]);
    typist.press_with(CTRL, Key::ArrowDown);
    typist.press_with(CTRL_SHIFT, Key::E);
    typist.types("other patient");
    typist.press(Key::Enter);
    assert_eq!(typist.presses, 16, "3 of them are not the reason: {:?}", typist.desk.state().app.form);
    assert_eq!(typist.total(), "6 mg");
    typist.press(Key::F7);
    assert!(typist.desk.sees("struck out: other patient (NK)"));
}

#[test]
fn t4_what_changed_since_my_last_review_is_one_screen_and_is_signed_with_three_key_presses() {
    let (folder, mut typist) = started(&["dex 10 iv 2026-11-21 08:00 icans"]);
    typist.press_with(CTRL_SHIFT, Key::V);
    typist.press(Key::Tab);
    typist.press(Key::Enter);
    assert_eq!(on_disk(&folder).patients()[0].chart.reviews.len(), 1, "{:?}", typist.desk.state().app.review);
    drop(typist);
    another_records(&folder, 6, 90);
    let mut typist = Typist::at(over_at(&folder, now() + TimeDelta::hours(1)));
    look_for_robin(&mut typist.desk);
    assert!(typist.desk.sees("1 since your review"));
    typist.press_with(CTRL_SHIFT, Key::V);
    let review = typist.desk.state().app.review.clone().unwrap();
    let rows: Vec<(&str, &str)> = review.rows.iter().map(|row| (row.what.as_str(), row.moved.as_str())).collect();
    assert_eq!(rows, [("dexAMETHasone 6 mg, 22-Nov-2026 13:02", "+6 mg")]);
    assert_eq!(typist.desk.state().app.overlay, Some(Overlay::Review));
    typist.press(Key::Tab);
    assert!(typist.desk.get_by_label("Sign as NK").is_focused(), "Tab goes to the button that signs");
    typist.press(Key::Enter);
    assert_eq!(typist.presses, 3);
    assert!(typist.desk.sees("reviewed 22-Nov-2026 15:32 by NK, nothing since"));
    assert_eq!(on_disk(&folder).patients()[0].chart.reviews.len(), 2);
}

/// Printing has no key yet: it is not part of the window as it was asked for (issue 5). What is there is tested: the curve
/// at the bedside, the next patient, and the figures as text.
#[test]
fn t5_handing_over_at_the_bedside_and_as_text_takes_one_key_each() {
    let (_folder, mut typist) = started(&["dex 10 iv 08:00 icans"]);
    let name = |typist: &Typist| typist.desk.state().app.patient().unwrap().shown_name();
    typist.press(Key::F11);
    assert!(typist.desk.state().app.bedside.is_on && typist.desk.sees("EXAMPLE, Robin"));
    typist.press(Key::ArrowRight);
    assert_eq!(name(&typist), "SAMPLE, Avery");
    typist.press(Key::ArrowLeft);
    assert_eq!(name(&typist), "EXAMPLE, Robin");
    typist.press(Key::F11);
    assert!(!typist.desk.state().app.bedside.is_on);
    typist.press_with(CTRL_SHIFT, Key::C);
    assert_eq!(typist.presses, 5, "one for each step");
    let [text] = typist.copied.as_slice() else { panic!("one copy: {:?}", typist.copied) };
    assert!(text.contains("EXAMPLE, Robin, MRN 40 017") && text.contains("Cumulative, Day 0 to now: 10 mg"), "{text}");
    assert!(text.contains("not a certified medical device"));
}
