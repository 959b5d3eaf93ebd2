//! What is kept on this workstation and needs somebody: entries for another data folder, damaged files, and the backup of what
//! was delivered.

use super::desk::{Desk, Hands, now, over_at, over_share, with_robin};
use super::outbox::{WAITS, ask_to_close, on_share, read_again, record, walk};
use super::tasks::doses_on_disk;
use super::watching::{counting, wait_for};
use crate::store::share::{Mood, Share};
use chrono::TimeDelta;
use corticurve::app::form::FormKind;
use corticurve::app::ward::Ward;
use corticurve::app::{Action, Overlay};
use egui::{Key, Modifiers};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Duration;
use tempfile::TempDir;

/// The files of the outbox with this ending.
pub fn kept(folder: &TempDir, ending: &str) -> Vec<PathBuf> {
    let files = walk(&folder.path().join("config/outbox")).into_iter();
    files.filter(|file| file.extension().is_some_and(|found| found == ending)).collect()
}

fn open_folder(desk: &mut Desk, folder: &Path) {
    desk.state_mut().app.update(Action::Open(FormKind::OpenFolder));
    desk.run();
    desk.fill("Data folder", folder.to_str().unwrap());
    desk.press(Key::Enter);
    if desk.sees("Press Enter again to begin a new, empty one there") {
        desk.press(Key::Enter);
    }
    assert_eq!(desk.state().app.form.as_ref().and_then(|form| form.error.clone()), None);
}

fn back_up_to(desk: &mut Desk, folder: &Path) {
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::B);
    desk.fill("Backup folder", folder.to_str().unwrap());
    desk.press(Key::Enter);
}

#[test]
fn what_waits_for_another_data_folder_is_told_with_its_place_and_asked_about() {
    let (folder, share, mut desk) = on_share();
    let other = folder.path().join("other");
    open_folder(&mut desk, &other);
    ask_to_close(&mut desk);
    assert_eq!(desk.state().app.overlay, None, "nothing waits yet");
    open_folder(&mut desk, &folder.path().join("data"));
    share.becomes(Mood::Full);
    record(&mut desk, "dex 10 iv 14:00");
    share.becomes(Mood::Well);
    open_folder(&mut desk, &other);
    assert!(!desk.sees(WAITS), "it is nothing of this ward");
    let data = folder.path().join("data");
    let told =
        format!("1 entry is kept on this workstation for another data folder, {}: open that folder", data.display());
    assert!(desk.sees(&told), "{:?}", desk.state().app.waiting_elsewhere());
    ask_to_close(&mut desk);
    assert_eq!(desk.state().app.overlay, Some(Overlay::Quit));
    assert!(desk.state().app.reason_to_stay().unwrap().contains(&told));
    desk.press(Key::Escape);
    open_folder(&mut desk, &data);
    read_again(&mut desk);
    assert_eq!(doses_on_disk(&folder), 1);
    open_folder(&mut desk, &other);
    assert!(!desk.sees("kept on this workstation"), "delivered");
}

#[test]
fn a_dose_that_another_window_of_this_workstation_has_just_kept_is_asked_about() {
    for mood in [Mood::ReadOnly, Mood::Gone] {
        let (folder, share, mut first) = on_share();
        let mut second = over_share(&folder, &share, None);
        share.becomes(mood);
        record(&mut first, "dex 10 iv 14:00");
        record(&mut second, "dex 10 iv 14:00");
        assert!(second.sees("is already recorded by NK"), "{mood:?}");
        assert_eq!(kept(&folder, "ron").len(), 1, "{mood:?}");
    }
}

#[test]
fn a_damaged_line_is_shown_as_it_stands_until_somebody_has_recorded_it_again() {
    let (folder, share, mut desk) = on_share();
    share.becomes(Mood::Full);
    record(&mut desk, "dex 10 iv 14:00");
    drop(desk);
    let file = kept(&folder, "ron").remove(0);
    let text = fs::read_to_string(&file).unwrap().replacen("10 mg", "90 mg", 1);
    fs::write(&file, &text).unwrap();
    let mut desk = over_share(&folder, &share, None);
    record(&mut desk, "dex 4 iv 14:10");
    assert!(desk.sees("Lines of 1 file of it cannot be read and are not delivered (Ctrl+Shift+D)"));
    share.becomes(Mood::Well);
    read_again(&mut desk);
    assert_eq!((doses_on_disk(&folder), desk.figure("Cumulative").as_str()), (1, "4 mg"));
    let notice = desk.state().app.notice.clone().unwrap();
    assert!(notice.text.starts_with("Delivered") && !notice.is_error && !notice.is_kept_here, "good news is not red");
    assert!(desk.sees("What waits on this workstation is damaged"));
    desk.click("What is damaged…");
    assert_eq!(desk.state().app.overlay, Some(Overlay::Damaged));
    assert!(desk.sees("EXAMPLE, Robin") && desk.sees(file.to_str().unwrap()) && desk.sees("line 3: "));
    assert!(desk.sees(text.lines().nth(2).unwrap()), "the line as it stands");
    desk.press(Key::Escape);
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::D);
    desk.click("I have recorded it again");
    assert_eq!((desk.notice().as_str(), desk.state().app.overlay), ("Marked as recorded again: EXAMPLE, Robin.", None));
    assert!(!desk.sees("is damaged") && desk.state().app.reason_to_stay().is_none());
    assert_eq!(fs::read_to_string(&file).unwrap(), text, "the file stays");
    assert_eq!(kept(&folder, "recorded"), [file.with_extension("recorded")]);
    drop(desk);
    let desk = over_share(&folder, &share, None);
    assert!(!desk.sees("is damaged") && !desk.sees("cannot be read"));
}

#[test]
fn a_line_beside_a_damaged_one_is_delivered_and_the_damaged_one_still_told() {
    let (folder, share, mut desk) = on_share();
    share.becomes(Mood::Full);
    desk.press_with(Modifiers::COMMAND, Key::M);
    desk.fill("Weight in kg", "53.1");
    desk.fill("Height in cm", "161");
    desk.press(Key::Enter);
    drop(desk);
    let file = kept(&folder, "ron").remove(0);
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replacen("53.1", "35.1", 1)).unwrap();
    let measured = || Ward::open(&folder.path().join("data")).unwrap().patients()[0].chart.measurements.len();
    let before = measured();
    share.becomes(Mood::Well);
    let mut desk = over_share(&folder, &share, None);
    for _ in 0..3 {
        read_again(&mut desk);
        assert!(desk.sees("What waits on this workstation is damaged"));
        assert_eq!((measured(), kept(&folder, "delivered")), (before + 1, vec![]));
    }
    let files = || walk(&folder.path().join("data/patients"));
    let sizes = || files().iter().map(|file| fs::metadata(file).unwrap().len()).sum::<u64>();
    let size = sizes();
    read_again(&mut desk);
    assert_eq!(sizes(), size, "what has arrived is not delivered again and again");
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::D);
    desk.click("I have recorded it again");
    read_again(&mut desk);
    assert_eq!(kept(&folder, "delivered").len(), 1, "now all of it is done");
}

#[test]
fn what_was_delivered_is_in_the_backup_of_the_day() {
    let (folder, desk) = with_robin();
    drop(desk);
    let backup = folder.path().join("backup");
    let mut desk = over_at(&folder, now() - TimeDelta::days(1));
    back_up_to(&mut desk, &backup);
    assert!(desk.notice().starts_with("Backed up to"), "{}", desk.notice());
    drop(desk);
    let share = Share::new();
    let mut desk = over_share(&folder, &share, None);
    let doses_in_backup = || Ward::open(&backup).unwrap().patients()[0].chart.administrations.len();
    share.becomes(Mood::Full);
    record(&mut desk, "dex 10 iv 14:00");
    assert_eq!(doses_in_backup(), 0);
    share.becomes(Mood::Well);
    read_again(&mut desk);
    assert!(desk.notice().starts_with("Delivered"), "{}", desk.notice());
    assert_eq!(doses_in_backup(), 1);
}

#[test]
fn a_backup_disk_that_is_not_connected_is_told_and_nothing_is_made_in_its_place() {
    let (folder, mut desk) = with_robin();
    let backup = folder.path().join("backup");
    back_up_to(&mut desk, &backup);
    drop(desk);
    fs::rename(&backup, folder.path().join("away")).unwrap();
    for (days, is_there) in [(1, false), (2, true)] {
        if is_there {
            fs::create_dir(&backup).unwrap();
        }
        let mut desk = over_at(&folder, now() + TimeDelta::days(days));
        record(&mut desk, "dex 10 iv -1h");
        let told = "a backup was made in ";
        assert!(desk.notice().contains(told) && desk.notice().contains("none is there now"), "{}", desk.notice());
        assert!(desk.notice().contains("22-Nov-2026 14:32") && desk.sees("⚠ backup"));
        assert_eq!((backup.exists(), fs::read_dir(&backup).map_or(0, Iterator::count)), (is_there, 0));
        back_up_to(&mut desk, &backup);
        let error = desk.state().app.form.as_ref().and_then(|form| form.error.clone()).unwrap_or_default();
        assert!(error.contains("none is there now"), "{error}");
    }
    fs::remove_dir(&backup).unwrap();
    fs::rename(folder.path().join("away"), &backup).unwrap();
    let mut desk = over_at(&folder, now() + TimeDelta::days(3));
    record(&mut desk, "dex 4 iv -1h");
    assert!(desk.notice().starts_with("Saved") && !desk.sees("⚠ backup"), "{}", desk.notice());
    assert_eq!(Ward::open(&backup).unwrap().patients()[0].chart.administrations.len(), 3);
}

#[test]
fn while_the_folder_is_away_nothing_is_drawn_again_and_again() {
    let (folder, desk) = with_robin();
    drop(desk);
    let share = Share::new();
    let (wakes, wake) = counting();
    let mut desk = over_share(&folder, &share, Some(wake));
    wait_for(&mut desk, "the ward to be open", |desk| desk.state().app.shown().is_some());
    share.becomes(Mood::Gone);
    wait_for(&mut desk, "the folder to be missed", |desk| {
        desk.state().app.freshness().is_some_and(|fresh| !fresh.is_reachable)
    });
    // What may still be under way.
    std::thread::sleep(Duration::from_millis(700));
    let before = wakes.load(Ordering::SeqCst);
    std::thread::sleep(Duration::from_secs(7));
    assert_eq!(wakes.load(Ordering::SeqCst), before);
    share.becomes(Mood::Well);
    wait_for(&mut desk, "the folder to be back", |desk| {
        desk.state().app.freshness().is_some_and(|fresh| fresh.is_reachable)
    });
}
