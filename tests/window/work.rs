//! What takes long is told with how far it is, can be stopped, and freezes nothing.

use super::desk::{Desk, Hands, over_share, with_robin};
use super::watching::{counting, over_threaded, wait_for};
use crate::store::share::{Mood, Share};
use corticurve::app::ward::{Patient, Ward};
use corticurve::app::{Action, Places, Reference, Settings};
use corticurve::exchange::import::{self, Profile};
use corticurve::record::{Identity, Now};
use corticurve::store::{Author, OsStorage, Progress, Store};
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
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
fn what_takes_long_draws_the_window_again_by_itself_until_it_is_done() {
    let share = Share::new();
    let (_folder, mut desk) = large(&share);
    let delay = |desk: &Desk| desk.output().viewport_output.values().map(|view| view.repaint_delay).min().unwrap();
    desk.run();
    assert!(delay(&desk) > Duration::from_secs(1), "at rest: {:?}", delay(&desk));
    share.becomes(Mood::Hangs);
    desk.key_press_modifiers(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::K);
    for _ in 0..10 {
        desk.step();
    }
    assert!(delay(&desk) <= Duration::from_millis(500), "until it is said: {:?}", delay(&desk));
    std::thread::sleep(Duration::from_millis(600));
    for _ in 0..10 {
        desk.step();
    }
    let next = delay(&desk);
    assert!(desk.sees("checking every file…") && next <= Duration::from_millis(200), "how far it is: {next:?}");
    assert!(next >= Duration::from_millis(100), "and no more often than that: {next:?}");
    share.becomes(Mood::Well);
    wait_for(&mut desk, "the end", |desk| desk.state().app.pending().is_none());
    desk.press(Key::Escape);
    desk.run();
    assert!(delay(&desk) > Duration::from_secs(1), "at rest again: {:?}", delay(&desk));
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
fn a_file_that_hangs_keeps_no_dose_from_being_saved_and_is_not_imported_once_its_form_is_closed() {
    let (folder, desk) = with_robin();
    drop(desk);
    let mut desk = over_threaded(&folder, &Share::new());
    let (whole, pipe) = (doses(&folder), folder.path().join("pipe.csv"));
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    import(&mut desk, &pipe);
    assert!(desk.sees("reading the file…"));
    desk.state_mut().app.update(Action::Submit);
    desk.run();
    assert!(desk.sees("still reading the file…"), "once is enough");
    desk.press(Key::Escape);
    desk.quick("dex 10 iv 14:00");
    desk.press(Key::Enter);
    wait_for(&mut desk, "the dose to be saved", |desk| desk.notice().starts_with("Saved"));
    std::fs::write(&pipe, std::fs::read(&whole).unwrap()).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    desk.run();
    assert_eq!(held(&folder), (1, 4), "Robin with one dose");
    import(&mut desk, &whole);
    wait_for(&mut desk, "the next import", |desk| desk.sees("imported: 60 rows"));
}

#[test]
fn enter_on_a_dose_while_the_whole_ward_is_looked_at_says_what_is_waited_for_and_keeps_the_line() {
    let share = Share::new();
    let (_folder, mut desk) = large(&share);
    share.becomes(Mood::Slow);
    desk.key_press_modifiers(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::K);
    wait_for(&mut desk, "the look", |desk| desk.sees("checking every file…"));
    desk.quick("dex 10 iv 14:00");
    desk.press(Key::Enter);
    assert_eq!(desk.notice(), "still checking every file… try again when it is done");
    assert_eq!(desk.state().app.quick.line, "dex 10 iv 14:00");
    stop(&mut desk);
    wait_for(&mut desk, "the end", |desk| desk.state().app.pending().is_none());
}

#[test]
fn whoever_is_registered_by_another_workstation_during_an_import_is_not_registered_twice() {
    let (folder, desk) = with_robin();
    drop(desk);
    let share = Share::new();
    let mut desk = over_threaded(&folder, &share);
    let file = doses(&folder);
    share.becomes(Mood::Slow);
    import(&mut desk, &file);
    wait_for(&mut desk, "the import to be under way", |desk| {
        desk.state().app.pending_words().is_some_and(|words| words.ends_with(" of 60 patients"))
    });
    let mut other = Ward::open_to_write(&folder.path().join("data"), &folder.path().join("WARD4-PC02")).unwrap();
    let robin = other.patients()[0].identity().unwrap().clone();
    let last = Identity { mrn: format!("5{:04}", PATIENTS - 1).parse().unwrap(), ..robin };
    let author = Author { by: "LT".parse().unwrap(), workstation: "WARD4-PC02".to_owned() };
    other.register(last, Vec::new(), &author, super::desk::now()).unwrap();
    share.becomes(Mood::Well);
    wait_for(&mut desk, "the import", |desk| desk.sees("imported: 60 rows"));
    let ward = Ward::open(&folder.path().join("data")).unwrap();
    let theirs = |patient: &&Arc<Patient>| mrn(patient) == format!("5{:04}", PATIENTS - 1);
    let charts: Vec<_> = ward.patients().iter().filter(theirs).map(|patient| patient.chart.clone()).collect();
    assert_eq!(charts.iter().map(|chart| chart.administrations.len()).collect::<Vec<_>>(), [1], "in the one chart");
}

fn mrn(patient: &Patient) -> String {
    patient.identity().unwrap().mrn.to_string()
}

#[test]
fn the_backup_of_the_day_does_not_count_as_patients_of_an_import() {
    let folder = tempfile::tempdir().unwrap();
    let (data, config) = (folder.path().join("data"), folder.path().join("config"));
    let (places, progress) = (Places { data, config, cache: None }, Progress::default());
    let mut ward = Ward::open_with_outbox(Arc::new(OsStorage), &places, &progress).unwrap();
    Settings::choose_backup(&places.config, ward.store().id().as_str(), Some(folder.path().join("backup"))).unwrap();
    let (reference, now) = (Reference::shipped().unwrap(), super::desk::now());
    let profile = Profile::named("generic").unwrap();
    let present = Now { at: now, zone: now.offset() };
    let batch = import::read_file(&doses(&folder), &profile, &reference.formulary, present).unwrap();
    let author = Author { by: "NK".parse().unwrap(), workstation: "WARD4-PC01".to_owned() };
    ward.import(batch, &author, now).unwrap();
    assert_eq!(progress.counts(), (PATIENTS, PATIENTS));
    assert!(Store::open(&folder.path().join("backup")).is_ok(), "it was made");
}
