//! What is written or asked beside the window's thread: settings, and the system's dialogs.

use super::desk::{Desk, Hands, with_robin};
use super::watching::{over_threaded, wait_for};
use crate::store::share::Share;
use corticurve::app::{Action, Settings, Theme, WindowSize};
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

/// A pipe in the place of the file that is written first hangs for as long as nobody reads from it.
#[cfg(unix)]
#[test]
fn a_config_folder_that_hangs_never_freezes_the_window_and_it_is_told_what_could_not_be_kept() {
    use std::time::{Duration, Instant};
    let (folder, mut desk) = threaded();
    let pipe = folder.path().join("config").join(format!("settings.{}.new", std::process::id()));
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let began = Instant::now();
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || {
            std::thread::sleep(Duration::from_secs(3));
            let _ = std::fs::read(pipe);
        }
    });
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
