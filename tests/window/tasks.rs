//! What a pharmacist does in the window, by keyboard and by name, and what is on the disk then.

use super::desk::{Hands, now, over, over_at, with_robin};
use chrono::TimeDelta;
use corticurve::app::Action;
use corticurve::app::ward::Ward;
use corticurve::record::Given;
use egui::{Key, Modifiers};
use tempfile::TempDir;

/// The open ward as another process would read it.
pub fn on_disk(folder: &TempDir) -> Ward {
    Ward::open(&folder.path().join("data")).unwrap()
}

pub fn doses_on_disk(folder: &TempDir) -> usize {
    on_disk(folder).patients().iter().map(|patient| patient.chart.administrations.len()).sum()
}

#[test]
fn a_patient_registered_by_keyboard_is_open_and_on_the_disk() {
    let (folder, desk) = with_robin();
    assert!(desk.sees("EXAMPLE, Robin") && desk.sees("Day +9") && desk.sees("recorded as NK"));
    assert!(desk.sees("52.3 kg") && desk.sees("tisagenlecleucel"));
    let ward = on_disk(&folder);
    assert_eq!(ward.patients()[0].shown_name(), "EXAMPLE, Robin");
}

#[test]
fn a_second_patient_with_the_same_mrn_is_refused_in_words() {
    let (folder, mut desk) = with_robin();
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::I);
    desk.fill("MRN", "40 017");
    desk.fill("Family name", "Sample");
    desk.press(Key::Enter);
    assert!(desk.sees("MRN 40 017 is already registered"));
    assert_eq!(on_disk(&folder).patients().len(), 1);
}

#[test]
fn a_dose_is_one_line_and_enter() {
    let (folder, mut desk) = with_robin();
    desk.quick("dex 4.5 iv 14:30 icans");
    assert!(desk.sees("dexAMETHasone 4.5 mg, intravenous, today 14:30, for ICANS"));
    assert!(desk.sees("total 0 → 4.5 mg"));
    assert_eq!(doses_on_disk(&folder), 0, "nothing is saved before Enter");
    desk.press(Key::Enter);
    assert_eq!(doses_on_disk(&folder), 1);
    assert_eq!(desk.figure("Cumulative"), "4.5 mg");
    assert!(desk.sees("Saved: dexAMETHasone 4.5 mg."));
    // The keyboard stays in the line for the next dose.
    desk.event(egui::Event::Text("ana 100 sc -2h".to_owned()));
    desk.run();
    assert!(desk.sees("anakinra 100 mg, subcutaneous, today 12:32"));
    desk.press(Key::Enter);
    assert_eq!(desk.figure("Anakinra total"), "100 mg");
}

#[test]
fn ten_milligrams_now_for_icans_takes_at_most_twenty_key_presses() {
    let (folder, mut desk) = with_robin();
    let line = "dex 10 iv icans";
    let presses = 1 + line.chars().count() + 1;
    assert!(presses <= 20, "{presses}");
    desk.quick(line);
    desk.press(Key::Enter);
    let ward = on_disk(&folder);
    let dose = &ward.patients()[0].chart.administrations[0].value;
    assert_eq!((dose.amount_shown().as_str(), dose.given.start()), ("10 mg", now()));
}

#[test]
fn a_line_that_is_not_understood_says_why_and_saves_nothing() {
    let (folder, mut desk) = with_robin();
    for (line, said) in [
        ("dex 1,5 iv", "write 1.5"),
        ("pred 5", "predniSONE or prednisoLONE"),
        ("dex 10 iv 23:30", "in the future"),
        ("dex 10 xv", "'xv' is not understood"),
    ] {
        desk.quick(line);
        assert!(desk.sees(said), "{line}");
        desk.press(Key::Enter);
        assert_eq!(doses_on_disk(&folder), 0, "{line}");
        desk.press(Key::Escape);
        assert_eq!(desk.state().app.quick.line, "", "Escape clears the line");
    }
}

#[test]
fn a_dose_per_kilogram_shows_the_weight_that_it_used() {
    let (_folder, mut desk) = with_robin();
    desk.quick("dex 0.2mg/kg iv");
    assert!(desk.sees("10.46 mg (0.2 mg/kg × 52.3 kg)"));
}

#[test]
fn a_dose_by_form_is_the_same_as_by_line() {
    let (folder, mut desk) = with_robin();
    desk.press_with(Modifiers::COMMAND, Key::N);
    desk.choose("Drug", "methylPREDNISolone");
    desk.fill("Amount", "1,000");
    assert!(desk.sees("a comma is not taken"));
    desk.fill("Amount", "1000");
    desk.choose("Route", "intravenous");
    desk.fill("Given at", "yesterday 22:00");
    desk.fill("Infused over", "4h");
    desk.choose("For", "IEC-HS");
    assert!(
        desk.sees("methylPREDNISolone 1,000 mg, intravenous, from yesterday 22:00 until 22-Nov-2026 02:00, for IEC-HS")
    );
    desk.press(Key::Enter);
    assert_eq!(desk.figure("Cumulative"), "187.5 mg");
    let ward = on_disk(&folder);
    assert!(matches!(ward.patients()[0].chart.administrations[0].value.given, Given::Over(..)));
}

#[test]
fn search_finds_by_name_and_by_mrn_and_enter_opens() {
    let mut desk = super::desk::demo(corticurve::app::Theme::Light, super::desk::SMALL);
    for (search, found) in [("sam", "PLACEHOLDER, Sam"), ("40 021", "SPECIMEN, Kit"), ("40021", "SPECIMEN, Kit")] {
        desk.fill("Search the ward by name or MRN", search);
        desk.press(Key::Enter);
        assert_eq!(desk.state().app.patient().unwrap().shown_name(), found, "{search}");
    }
    desk.fill("Search the ward by name or MRN", "nobody of this name");
    assert!(desk.sees("Nobody of that name or MRN."));
    desk.click("Show everybody");
    assert_eq!(desk.state().app.found_rows().count(), 8);
}

#[test]
fn everything_is_there_after_closing_and_reopening() {
    let (folder, mut desk) = with_robin();
    desk.quick("dex 10 po 08:00 icans; with breakfast");
    desk.press(Key::Enter);
    drop(desk);
    let desk = over_at(&folder, now() + TimeDelta::days(1));
    assert!(desk.sees("EXAMPLE, Robin") && desk.sees("Day +10") && desk.sees("recorded as NK"));
    assert_eq!(desk.figure("Cumulative"), "10 mg");
    assert!(desk.sees("with breakfast"));
}

#[test]
fn a_dose_typed_for_one_patient_is_never_saved_for_another() {
    let mut desk = super::desk::demo(corticurve::app::Theme::Light, super::desk::SMALL);
    desk.quick("dex 10 iv");
    desk.press_with(Modifiers::COMMAND, Key::PageDown);
    assert!(desk.sees("A dose is typed and not saved"));
    assert_eq!(desk.state().app.patient().unwrap().shown_name(), "EXAMPLE, Robin");
}

#[test]
fn weights_grades_events_infusions_and_chart_checks_are_recorded() {
    let (folder, mut desk) = with_robin();
    desk.press_with(Modifiers::COMMAND, Key::M);
    desk.fill("Weight in kg", "51.8");
    desk.press(Key::Enter);
    desk.press_with(Modifiers::COMMAND, Key::G);
    desk.click("Save");
    assert!(desk.sees("Scale: '' is not taken for a scale"), "nothing is chosen by default");
    desk.choose("Scale", "ICANS");
    desk.choose("Grade", "3");
    desk.fill("ICE or CAPD score", "ICE 2");
    desk.fill("Time", "-2h");
    desk.press(Key::Enter);
    assert!(desk.sees("Saved: ICANS grade 3, 22-Nov-2026 12:32."));
    desk.press_with(Modifiers::COMMAND, Key::T);
    desk.choose("Event", "tocilizumab");
    desk.fill("Amount", "400 mg");
    desk.fill("Time", "13:00");
    desk.press(Key::Enter);
    desk.press(Key::F3);
    desk.fill("Checked up to", "14:00");
    desk.press(Key::Enter);
    assert!(desk.sees("chart checked to today 14:00"));
    let ward = on_disk(&folder);
    let chart = &ward.patients()[0].chart;
    assert_eq!((chart.measurements.len(), chart.grades.len(), chart.events.len()), (2, 1, 1));
    assert_eq!(chart.events[0].value.event.shown(), "tocilizumab 400 mg");
    desk.press_with(Modifiers::COMMAND, Key::I);
    desk.fill("CAR T-cell product", "axicabtagene ciloleucel");
    desk.fill("Infusion time", "2026-11-20 09:00");
    desk.press(Key::Enter);
    assert!(desk.sees("Day +2"), "a later infusion is the new Day 0");
}

#[test]
fn an_amended_patient_shows_the_new_details() {
    let (_folder, mut desk) = with_robin();
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::P);
    desk.fill("Given name", "Robyn");
    desk.press(Key::Enter);
    assert!(desk.sees("EXAMPLE, Robyn"));
}

#[test]
fn same_again_repeats_the_last_dose_of_the_typed_drug_now() {
    let (_folder, mut desk) = with_robin();
    for line in ["dex 4.5 iv 08:00 icans", "ana 100 sc 10:00"] {
        desk.quick(line);
        desk.press(Key::Enter);
    }
    desk.quick("dex");
    desk.press_with(Modifiers::COMMAND, Key::D);
    assert!(desk.sees("dexAMETHasone 4.5 mg, intravenous, today 14:32 (now), for ICANS"));
}

#[test]
fn an_error_of_the_store_reaches_the_user_in_words_and_keeps_the_line() {
    let (folder, mut desk) = with_robin();
    let patients = folder.path().join("data/patients");
    std::fs::rename(&patients, folder.path().join("data/elsewhere")).unwrap();
    std::fs::write(&patients, "not a folder").unwrap();
    // Nor can this workstation keep it.
    std::fs::write(folder.path().join("config/outbox"), "not a folder").unwrap();
    desk.quick("dex 10 iv");
    desk.press(Key::Enter);
    assert!(desk.notice().contains("NOT saved"), "{}", desk.notice());
    assert_eq!(desk.state().app.quick.line, "dex 10 iv");
}

#[test]
fn importing_the_same_file_twice_says_that_nothing_was_added() {
    let (folder, mut desk) = with_robin();
    let file = folder.path().join("mar.csv");
    std::fs::write(&file, "mrn,given_at,drug,amount,unit\n40 017,2026-11-20 08:00,dexamethasone,10,mg\n").unwrap();
    for rows in ["imported: 1 row", "already imported"] {
        desk.press_with(Modifiers::COMMAND, Key::O);
        desk.fill("File", file.to_str().unwrap());
        desk.press(Key::Enter);
        assert!(desk.sees(rows), "{}", desk.state().app.report);
        desk.press(Key::Escape);
    }
    assert_eq!(desk.figure("Cumulative"), "10 mg");
}

#[test]
fn the_figures_are_copied_as_text_with_their_table_and_window() {
    let mut desk = super::desk::demo(corticurve::app::Theme::Light, super::desk::SMALL);
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::C);
    assert_eq!(desk.notice(), "The figures are on the clipboard as text.");
    // The harness does not keep what a frame put on the clipboard; the app hands it to the window.
    desk.state_mut().app.update(Action::CopyText);
    let text = desk.state().app.clipboard.clone().unwrap();
    assert!(text.contains("Cumulative, Day 0 to now: 118 mg") && text.contains("fda-label version 1"));
    assert!(text.contains("not a certified medical device"));
}

#[test]
fn a_window_at_rest_repaints_only_with_the_minute() {
    let desk = super::desk::demo(corticurve::app::Theme::Light, super::desk::SMALL);
    let delay = desk.output().viewport_output[&egui::ViewportId::ROOT].repaint_delay;
    assert!(delay >= std::time::Duration::from_secs(50), "{delay:?}");
}

#[test]
fn the_first_screen_offers_to_start_to_import_and_to_try_the_demo() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = over(&folder);
    assert!(desk.sees("Start a ward") && desk.sees("Import medication records") && desk.sees("Try the demo ward"));
    assert!(!folder.path().join("data").exists(), "looking creates nothing");
    desk.click("Try the demo ward");
    assert!(desk.sees("every patient here is invented"));
    assert!(!folder.path().join("data").exists(), "the demo is elsewhere");
}

#[test]
fn typing_goes_to_the_quick_entry_whatever_was_done_before() {
    let (folder, mut desk) = with_robin();
    for _ in 0..2 {
        desk.event(egui::Event::Text("dex 4 po".to_owned()));
        desk.run();
        assert_eq!(desk.state().app.quick.line, "dex 4 po");
        desk.press(Key::Escape);
        assert_eq!(desk.state().app.quick.line, "");
    }
    desk.press_with(Modifiers::COMMAND, Key::N);
    desk.press(Key::Escape);
    desk.event(egui::Event::Text("dex 4 po".to_owned()));
    desk.run();
    desk.press(Key::Enter);
    assert_eq!(doses_on_disk(&folder), 1);
}

#[test]
fn the_mimic_patients_show_the_independent_totals() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/mimic-iv-demo/mar.csv");
    if !file.exists() {
        println!("skipped: {} is not there", file.display());
        return;
    }
    let (_folder, mut desk) = with_robin();
    desk.press_with(Modifiers::COMMAND, Key::O);
    desk.fill("File", file.to_str().unwrap());
    desk.fill("Profile", "mimic-iv-demo");
    desk.press(Key::Enter);
    desk.press(Key::Escape);
    for (mrn, total, undecided) in
        [("10040025", "61.5 mg", "6 mg"), ("10035631", "170.4375 mg", ""), ("10005817", "128 mg", "")]
    {
        desk.fill("Search the ward by name or MRN", mrn);
        desk.press(Key::Enter);
        assert_eq!(desk.figure("Cumulative"), total, "{mrn}");
        assert_eq!(desk.figure("? Undecided"), undecided, "{mrn}");
        assert!(desk.sees("dates shifted by the source"), "{mrn}");
    }
}

#[test]
fn every_window_and_view_of_the_chart_has_a_key() {
    let mut desk = super::desk::demo(corticurve::app::Theme::Light, super::desk::SMALL);
    for _ in 0..2 {
        desk.press(Key::F6);
    }
    assert_eq!(desk.figure("Cumulative"), "9 mg", "the last 24 h");
    assert!(desk.sees("First dose in this window"), "a figure of the window alone says so");
    for _ in 0..4 {
        desk.press(Key::F6);
    }
    assert_eq!(desk.figure("Cumulative"), "118 mg");
    desk.press(Key::F4);
    assert!(desk.state().app.settings.dates);
    desk.press(Key::F7);
    assert!(desk.state().app.show_struck_out);
}

#[test]
fn a_rate_is_echoed_with_what_it_comes_to_in_line_and_form() {
    let (folder, mut desk) = with_robin();
    desk.quick("ana 100mg/h iv 10:00-14:00");
    assert!(desk.sees("anakinra 400 mg (100 mg/h for 4 h = 400 mg), intravenous, from today 10:00 until 14:00"));
    desk.press(Key::Enter);
    assert_eq!(desk.figure("Anakinra total"), "400 mg");
    desk.press_with(Modifiers::COMMAND, Key::N);
    desk.choose("Drug", "hydroCORTISone");
    desk.fill("Amount", "10");
    desk.choose("Unit", "mg/h");
    assert!(desk.sees("Amount: '10 mg/h' needs how long it ran"));
    desk.fill("Given at", "yesterday 20:00");
    desk.fill("Infused over", "12h");
    assert!(desk.sees("hydroCORTISone 120 mg (10 mg/h for 12 h = 120 mg)"));
    desk.press(Key::Enter);
    assert_eq!(doses_on_disk(&folder), 2);
    assert_eq!(desk.figure("Cumulative"), "4.5 mg", "120 mg of hydrocortisone");
}
