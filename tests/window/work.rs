//! What takes long is told with how far it is, can be stopped, and freezes nothing.

use super::desk::{Desk, Hands, over_share, with_robin};
use super::watching::{counting, over_threaded, wait_for};
use crate::store::share::{Mood, Share};
use corticurve::app::ward::Ward;
use corticurve::store::Store;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const PATIENTS: usize = 60;

/// A file of one dose for each of many patients.
fn doses(folder: &TempDir) -> PathBuf {
    let mut rows = "mrn,given_at,drug,amount,unit,source_id\n".to_owned();
    for number in 0..PATIENTS {
        writeln!(rows, "5{number:04},2026-11-20 08:00,dexamethasone,10,mg,id-{number}").unwrap();
    }
    let file = folder.path().join("doses.csv");
    std::fs::write(&file, rows).unwrap();
    file
}

fn import(desk: &mut Desk, file: &Path) {
    desk.press_with(Modifiers::COMMAND, Key::O);
    desk.fill("File", file.to_str().unwrap());
    desk.key_press(Key::Enter);
    desk.step();
}

/// How many patients and entries the folder holds, without anything to report.
fn held(folder: &TempDir) -> (usize, usize) {
    let verified = Store::open(&folder.path().join("data")).unwrap().verify(super::desk::now()).unwrap();
    assert_eq!(verified.findings, []);
    (verified.patients, verified.entries)
}

/// A ward of many patients on a share, opened by a program with a thread of its own.
fn large(share: &Share) -> (TempDir, Desk) {
    let (folder, desk) = with_robin();
    drop(desk);
    let mut desk = over_threaded(&folder, share);
    let file = doses(&folder);
    import(&mut desk, &file);
    wait_for(&mut desk, "the import", |desk| desk.sees("imported: 60 rows"));
    desk.press(Key::Escape);
    (folder, desk)
}

fn stop(desk: &mut Desk) {
    desk.key_press_modifiers(Modifiers::COMMAND, Key::Period);
    desk.step();
}

#[test]
fn a_look_at_every_file_says_how_far_it_is_disturbs_no_typing_and_is_stopped_by_a_key() {
    let share = Share::new();
    let (_folder, mut desk) = large(&share);
    share.becomes(Mood::Slow);
    desk.key_press_modifiers(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::K);
    wait_for(&mut desk, "how far it is", |desk| desk.sees("checking every file…") && desk.sees(" of 61 patients"));
    desk.quick("dex 10 iv 14:00");
    assert!(desk.sees("dexAMETHasone 10 mg"), "what is typed is read while it goes on");
    stop(&mut desk);
    wait_for(&mut desk, "the end", |desk| desk.sees("it was stopped before it was done"));
    assert_eq!(desk.state().app.quick.line, "dex 10 iv 14:00");
    share.becomes(Mood::Well);
    desk.press(Key::Escape);
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::K);
    wait_for(&mut desk, "the whole look", |desk| desk.sees("all well: 61 patients"));
}

#[test]
fn an_import_that_is_stopped_keeps_what_it_wrote_and_importing_again_adds_the_rest_once() {
    let (folder, desk) = with_robin();
    drop(desk);
    let share = Share::new();
    let mut desk = over_threaded(&folder, &share);
    let file = doses(&folder);
    share.becomes(Mood::Slow);
    import(&mut desk, &file);
    wait_for(&mut desk, "some patients to be written", |desk| {
        let words = desk.state().app.pending_words().unwrap_or_default();
        let done = words.strip_prefix("saving… ").and_then(|words| words.strip_suffix(" of 60 patients"));
        done.is_some_and(|done| done.parse::<usize>().unwrap() > 2)
    });
    desk.get_by_label("Stop").click();
    desk.step();
    let said = "it was stopped before it was done; doing it again does the rest";
    wait_for(&mut desk, "the end", |desk| desk.sees(said));
    let (patients, _) = held(&folder);
    assert!((4..PATIENTS).contains(&patients), "{patients}");
    share.becomes(Mood::Well);
    desk.key_press(Key::Enter);
    wait_for(&mut desk, "the rest", |desk| desk.sees("already imported"));
    assert_eq!(held(&folder), (PATIENTS + 1, 2 * PATIENTS + 3));
}

#[test]
fn opening_a_large_ward_can_be_stopped_and_done_again() {
    let share = Share::new();
    let (folder, desk) = large(&share);
    drop(desk);
    share.becomes(Mood::Slow);
    let mut desk = over_share(&folder, &share, Some(counting().1));
    wait_for(&mut desk, "how far it is", |desk| desk.sees("opening the ward…") && desk.sees(" of 61 patients"));
    desk.get_by_label("Stop").click();
    desk.step();
    wait_for(&mut desk, "the first screen", |desk| desk.sees("it was stopped") && desk.sees("Start a ward"));
    share.becomes(Mood::Well);
    desk.get_by_label("Start a ward").click();
    desk.step();
    wait_for(&mut desk, "the ward", |desk| desk.state().app.ward.is_some());
    assert_eq!(Ward::open(&folder.path().join("data")).unwrap().patients().len(), PATIENTS + 1);
}

/// A file that nobody writes to yet is opened for as long as nobody does.
#[cfg(unix)]
#[test]
fn a_file_that_takes_long_to_read_does_not_freeze_the_window_and_is_not_imported_once_its_form_is_closed() {
    let (folder, desk) = with_robin();
    drop(desk);
    let mut desk = over_threaded(&folder, &Share::new());
    let (whole, pipe) = (doses(&folder), folder.path().join("pipe.csv"));
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    import(&mut desk, &pipe);
    assert!(desk.sees("reading the file…"));
    desk.press(Key::Escape);
    desk.quick("dex 10 iv 14:00");
    assert!(desk.sees("dexAMETHasone 10 mg"));
    std::fs::write(&pipe, std::fs::read(whole).unwrap()).unwrap();
    let said = "The form was closed before the file was read, so nothing was imported.";
    wait_for(&mut desk, "the end", |desk| desk.sees(said));
    assert_eq!(held(&folder).0, 1);
}
