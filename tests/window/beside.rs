//! What is written or asked beside the window's thread: settings, and the system's dialogs.

use super::desk::{Desk, Hands, TestClock, over_share_with, with_robin};
use super::watching::{counting, over_threaded, wait_for};
use crate::store::share::Share;
use chrono::TimeDelta;
use corticurve::app::{Action, Browse, Settings, Theme, WindowSize};
use egui::{Key, Modifiers};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};
use tempfile::TempDir;

fn kept(folder: &TempDir) -> Settings {
    Settings::load(&folder.path().join("config"))
}

/// The window with a thread of its own for what is written, as in the program.
fn threaded() -> (TempDir, Desk) {
    let (folder, desk) = with_robin();
    drop(desk);
    let desk = over_threaded(&folder, &Share::new());
    (folder, desk)
}

#[test]
fn settings_are_written_beside_the_window_and_the_last_change_wins_also_at_the_end() {
    let (folder, mut desk) = threaded();
    for _ in 0..3 {
        desk.state_mut().app.update(Action::Zoom(10));
    }
    assert_eq!(kept(&folder).zoom_percent, None, "not on the window's thread");
    wait_for(&mut desk, "the settings", |_| kept(&folder).zoom_percent == Some(130));
    desk.state_mut().app.settings.theme = Theme::Light;
    desk.state_mut().app.update(Action::NextTheme);
    let size = WindowSize { width: 1400, height: 900, maximized: false };
    desk.state_mut().app.remember_window(size);
    drop(desk);
    assert_eq!((kept(&folder).theme, kept(&folder).window), (Theme::Dark, Some(size)), "the end waits for them");
}

#[test]
fn a_ward_that_is_opened_after_the_demo_has_the_settings_that_were_changed_a_moment_before() {
    let (_folder, mut desk) = threaded();
    desk.state_mut().app.update(Action::Zoom(10));
    desk.state_mut().app.update(Action::TryDemo);
    wait_for(&mut desk, "the demo", |desk| desk.state().app.is_demo() && desk.state().app.pending().is_none());
    desk.state_mut().app.update(Action::Zoom(50));
    desk.state_mut().app.update(Action::StartWard);
    wait_for(&mut desk, "the ward", |desk| !desk.state().app.is_demo() && desk.state().app.pending().is_none());
    let app = &desk.state().app;
    assert_eq!(
        (app.settings.zoom_percent, app.initials().map(ToString::to_string)),
        (Some(110), Some("NK".to_owned()))
    );
}

/// Has the writing of a file hang for 3 s: a pipe, in the place of the file that is written first, waits until somebody reads.
#[cfg(unix)]
fn hangs(folder: &TempDir, file: &str) -> (PathBuf, std::thread::JoinHandle<()>) {
    let pipe = folder.path().join("config").join(format!("{file}.{}.new", std::process::id()));
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let waits = pipe.clone();
    let reader = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_secs(3));
        let _ = std::fs::read(waits);
    });
    (pipe, reader)
}

#[cfg(unix)]
#[test]
fn drafts_that_hang_never_freeze_the_window_and_it_is_told_that_they_could_not_be_kept() {
    let (folder, mut desk) = threaded();
    let began = Instant::now();
    let (pipe, reader) = hangs(&folder, "drafts");
    desk.quick("dex 10 iv 14:00");
    std::thread::sleep(Duration::from_millis(500));
    desk.quick(" icans");
    assert!(desk.sees("dexAMETHasone 10 mg, intravenous, today 14:00, for ICANS"));
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    wait_for(&mut desk, "the answer of the folder", |desk| desk.notice().contains("what is typed could not be kept"));
    reader.join().unwrap();
    std::fs::remove_file(&pipe).unwrap();
    desk.quick("; given late");
    let drafts = folder.path().join("config/drafts.ron");
    let is_kept =
        |_: &Desk| std::fs::read_to_string(&drafts).is_ok_and(|text| text.contains("14:00 icans; given late"));
    wait_for(&mut desk, "the line", is_kept);
}

#[cfg(unix)]
#[test]
fn a_config_folder_that_hangs_never_freezes_the_window_and_it_is_told_what_could_not_be_kept() {
    let (folder, mut desk) = threaded();
    let began = Instant::now();
    let (pipe, reader) = hangs(&folder, "settings");
    desk.state_mut().app.update(Action::Zoom(10));
    std::thread::sleep(Duration::from_millis(500));
    desk.state_mut().app.update(Action::Zoom(10));
    desk.quick("dex 10 iv 14:00");
    assert!(desk.sees("dexAMETHasone 10 mg") && kept(&folder).zoom_percent.is_none());
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    wait_for(&mut desk, "the answer of the folder", |desk| desk.notice().contains("settings could not be kept"));
    reader.join().unwrap();
    std::fs::remove_file(&pipe).unwrap();
    desk.state_mut().app.update(Action::Zoom(10));
    wait_for(&mut desk, "the settings", |_| kept(&folder).zoom_percent == Some(130));
}

/// Dialogs that stay open until a test answers.
struct Slow(Mutex<Receiver<Option<PathBuf>>>);

impl Browse for Slow {
    fn file(&self) -> Option<PathBuf> {
        self.0.lock().unwrap().recv().unwrap()
    }

    fn folder(&self) -> Option<PathBuf> {
        self.file()
    }
}

fn with_slow_dialogs() -> (TempDir, TestClock, Sender<Option<PathBuf>>, Desk) {
    let (folder, desk) = with_robin();
    drop(desk);
    let (clock, (answer, answers)) = (TestClock::new(), channel());
    let (dialogs, wake) = (Box::new(Slow(Mutex::new(answers))), Some(counting().1));
    let mut desk = over_share_with(&folder, &Share::new(), wake, Box::new(clock.clone()), dialogs);
    wait_for(&mut desk, "the ward", |desk| desk.state().app.shown().is_some());
    (folder, clock, answer, desk)
}

fn file(desk: &Desk) -> String {
    desk.state().app.form.as_ref().unwrap().value("File").to_owned()
}

#[test]
fn while_the_system_s_dialog_is_open_the_window_goes_on_and_its_answer_is_taken_when_it_comes() {
    let (_folder, _clock, answer, mut desk) = with_slow_dialogs();
    desk.press_with(Modifiers::COMMAND, Key::O);
    desk.click("Look for it…");
    desk.click("Look for it…");
    assert!(desk.notice().contains("is open already"), "one at a time");
    assert_eq!(file(&desk), "");
    answer.send(Some(PathBuf::from("/share/doses.csv"))).unwrap();
    wait_for(&mut desk, "the answer", |desk| file(desk) == "/share/doses.csv");
    desk.click("Look for it…");
    answer.send(None).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    desk.run();
    desk.click("Look for it…");
    answer.send(Some(PathBuf::from("/share/other.csv"))).unwrap();
    wait_for(&mut desk, "the next answer", |desk| file(desk) == "/share/other.csv");
    desk.click("Look for it…");
    desk.press(Key::Escape);
    desk.press_with(Modifiers::COMMAND, Key::O);
    answer.send(Some(PathBuf::from("/share/doses.csv"))).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    desk.run();
    assert_eq!(file(&desk), "", "it was for the form before");
}

#[test]
fn behind_the_system_s_dialog_the_window_locks_and_its_answer_is_taken_all_the_same() {
    let (_folder, clock, answer, mut desk) = with_slow_dialogs();
    desk.press_with(Modifiers::COMMAND, Key::O);
    desk.click("Look for it…");
    clock.goes_on(TimeDelta::minutes(4));
    desk.step();
    desk.step();
    assert!(desk.state().app.lock.is_on());
    assert!(!desk.sees("EXAMPLE, Robin"));
    answer.send(Some(PathBuf::from("/share/doses.csv"))).unwrap();
    wait_for(&mut desk, "the answer", |desk| file(desk) == "/share/doses.csv");
    assert!(desk.state().app.lock.is_on() && !desk.sees("doses.csv"), "it is there after the lock");
}
