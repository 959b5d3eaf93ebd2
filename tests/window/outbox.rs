//! What the folder does not take waits on this workstation: shown, counted, said, and delivered once.

use super::desk::{Desk, Hands, now, over, over_share, with_robin};
use super::tasks::{doses_on_disk, on_disk};
use super::watching::{another_records, over_threaded, wait_for};
use crate::store::share::{Mood, Share};
use corticurve::app::{Action, Overlay};
use corticurve::record::EntryId;
use egui::{Key, Modifiers, ViewportEvent, ViewportId};
use egui_kittest::kittest::Queryable;
use std::fs;
use tempfile::TempDir;

pub const WAITS: &str = "waiting here, not in the ward's folder yet";

/// EXAMPLE, Robin on a share that works so far.
pub fn on_share() -> (TempDir, Share, Desk) {
    let (folder, desk) = with_robin();
    drop(desk);
    let share = Share::new();
    let desk = over_share(&folder, &share, None);
    (folder, share, desk)
}

pub fn record(desk: &mut Desk, line: &str) {
    desk.quick(line);
    desk.press(Key::Enter);
}

/// Ctrl+R tries what waits again at once.
pub fn read_again(desk: &mut Desk) {
    desk.press_with(Modifiers::COMMAND, Key::R);
}

fn dose_ids(folder: &TempDir) -> Vec<EntryId> {
    let ward = on_disk(folder);
    ward.patients()[0].chart.administrations.iter().map(|dose| dose.stamp.id.clone()).collect()
}

#[test]
fn an_entry_that_the_folder_does_not_take_is_shown_counted_and_delivered_once() {
    for mood in [Mood::Full, Mood::ReadOnly, Mood::Gone, Mood::NeverSyncs] {
        let (folder, share, mut desk) = on_share();
        share.becomes(mood);
        record(&mut desk, "dex 10 iv 14:00");
        assert_eq!(desk.figure("Cumulative"), "10 mg", "{mood:?}: counted");
        assert!(desk.state().app.shown().unwrap().log[0].cells[9].contains(WAITS), "{mood:?}: marked");
        let banner = "1 entry waits on this workstation: EXAMPLE, Robin: dexAMETHasone 10 mg, 22-Nov-2026 14:00, \
            not yet in the ward's folder.";
        assert!(desk.sees(banner), "{mood:?}: {:?}", desk.state().app.waiting_words());
        assert!(!desk.notice().starts_with("Saved"), "{mood:?}: {}", desk.notice());
        let id = desk.state().app.shown().unwrap().log[0].id.clone();
        desk.state_mut().app.update(Action::Tick);
        desk.run();
        assert_eq!(desk.figure("Cumulative"), "10 mg", "{mood:?}: it does not vanish");
        share.becomes(Mood::Well);
        read_again(&mut desk);
        assert_eq!(dose_ids(&folder), [id], "{mood:?}: on the disk, under its own id");
        assert!(!desk.sees("not yet in the ward's folder") && !desk.sees(WAITS), "{mood:?}");
        assert!(desk.notice().starts_with("Delivered to the ward's folder: EXAMPLE, Robin"), "{}", desk.notice());
        read_again(&mut desk);
        drop(desk);
        drop(over(&folder));
        assert_eq!(doses_on_disk(&folder), 1, "{mood:?}: once");
    }
}

#[test]
fn a_correction_and_a_strike_out_wait_as_well() {
    let (folder, share, mut desk) = on_share();
    record(&mut desk, "dex 45 iv 14:00");
    share.becomes(Mood::Gone);
    desk.press_with(Modifiers::COMMAND, Key::E);
    desk.fill("Amount", "4.5");
    desk.fill("Reason", "the point was lost");
    desk.press(Key::Enter);
    assert_eq!(desk.figure("Cumulative"), "4.5 mg");
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::E);
    desk.fill("Reason", "wrong patient");
    desk.press(Key::Enter);
    assert_eq!(desk.figure("Cumulative"), "0 mg");
    assert!(desk.sees("2 entries waiting here") && desk.sees("2 entries wait on this workstation"));
    share.becomes(Mood::Well);
    read_again(&mut desk);
    let chart = on_disk(&folder).patients()[0].chart.clone();
    assert_eq!((chart.administrations[0].changes.len(), chart.administrations[0].struck_out), (2, true));
    assert!(chart.unplaced.is_empty() && !chart.administrations[0].is_disputed());
}

#[test]
fn what_waits_is_delivered_after_the_program_was_started_again() {
    let (folder, share, mut desk) = on_share();
    share.becomes(Mood::Full);
    record(&mut desk, "dex 10 iv 14:00");
    drop(desk);
    assert_eq!(doses_on_disk(&folder), 0);
    let mut desk = over_share(&folder, &share, None);
    assert!(desk.sees(WAITS) && desk.figure("Cumulative") == "10 mg", "the next run shows it");
    share.becomes(Mood::Well);
    read_again(&mut desk);
    assert_eq!(doses_on_disk(&folder), 1);
    assert!(!desk.sees(WAITS));
}

#[test]
fn two_windows_of_one_workstation_show_and_deliver_what_either_kept() {
    let (folder, share, mut first) = on_share();
    let mut second = over_share(&folder, &share, None);
    share.becomes(Mood::ReadOnly);
    record(&mut first, "dex 10 iv 14:00");
    second.state_mut().app.update(Action::Tick);
    second.run();
    assert!(second.sees(WAITS), "the other window sees it in the outbox");
    share.becomes(Mood::Well);
    read_again(&mut second);
    read_again(&mut first);
    assert_eq!(doses_on_disk(&folder), 1);
    assert!(!first.sees(WAITS) && !second.sees(WAITS));
    assert_eq!(first.figure("Cumulative"), "10 mg");
}

#[test]
fn delivered_twice_is_still_one_entry() {
    let (folder, share, mut desk) = on_share();
    share.becomes(Mood::Gone);
    record(&mut desk, "dex 10 iv 14:00");
    share.becomes(Mood::Well);
    read_again(&mut desk);
    drop(desk);
    // As after a crash between saving and marking, and with a reader that could not see the first copy.
    let outbox = folder.path().join("config/outbox");
    let files = || walk(&outbox).into_iter();
    let kept = files().find(|file| file.extension().is_some_and(|end| end == "ron")).unwrap();
    fs::remove_file(files().find(|file| file.extension().is_some_and(|end| end == "delivered")).unwrap()).unwrap();
    let patient = on_disk(&folder).patients()[0].id.clone();
    let segment = folder.path().join("data/patients").join(patient.as_str()).join(kept.file_name().unwrap());
    fs::copy(&kept, segment).unwrap();
    let mut desk = over(&folder);
    assert!(desk.sees(WAITS), "that it can be read there is no proof that it is on the disk");
    read_again(&mut desk);
    assert!(!desk.sees(WAITS), "delivered once more");
    assert_eq!((doses_on_disk(&folder), desk.figure("Cumulative").as_str()), (1, "10 mg"));
    assert!(on_disk(&folder).patients()[0].findings.is_empty());
}

pub fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let items = fs::read_dir(folder).unwrap().map(|item| item.unwrap().path());
    items.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[test]
fn with_the_folder_gone_a_dose_is_still_checked_against_what_is_known() {
    let (_folder, share, mut desk) = on_share();
    record(&mut desk, "dex 10 iv 14:00");
    share.becomes(Mood::Gone);
    record(&mut desk, "dex 10 iv 14:00");
    assert!(desk.sees("is already recorded by NK") && desk.sees("Press Enter again"));
    desk.press(Key::Enter);
    desk.fill("Day and month of birth", "04-03");
    desk.press(Key::Enter);
    assert_eq!(desk.figure("Cumulative"), "20 mg");
    assert!(desk.sees("folder not reachable since 14:32, showing data as of then, 1 entry waiting here"));
}

#[test]
fn nobody_is_registered_while_nobody_can_see_who_is_registered_already() {
    let (_folder, share, mut desk) = on_share();
    share.becomes(Mood::Gone);
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::I);
    desk.fill("MRN", "40 018");
    desk.fill("Family name", "Sample");
    desk.press(Key::Enter);
    let error = desk.state().app.form.as_ref().and_then(|form| form.error.clone()).unwrap_or_default();
    assert!(error.contains("cannot read") && error.contains("STORE.ron"), "{error}");
}

#[test]
fn a_patient_registered_on_a_full_folder_waits_and_is_delivered_whole() {
    let (folder, share, mut desk) = on_share();
    share.becomes(Mood::Full);
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::I);
    desk.fill("MRN", "40 018");
    desk.fill("Family name", "Sample");
    desk.fill("Weight in kg", "61");
    desk.press(Key::Enter);
    assert!(desk.sees("SAMPLE") && desk.sees("2 entries wait on this workstation"));
    record(&mut desk, "dex 10 iv 14:00");
    drop(desk);
    share.becomes(Mood::Well);
    let mut desk = over_share(&folder, &share, None);
    read_again(&mut desk);
    let ward = on_disk(&folder);
    let avery = ward.by_mrn(&"40 018".parse().unwrap()).unwrap();
    assert_eq!((avery.chart.administrations.len(), avery.chart.measurements.len()), (1, 1));
}

#[test]
fn what_neither_folder_nor_workstation_takes_is_not_saved_and_does_not_show() {
    let (folder, share, mut desk) = on_share();
    fs::write(folder.path().join("config/outbox"), "not a folder").unwrap();
    share.becomes(Mood::ReadOnly);
    record(&mut desk, "dex 10 iv 14:00");
    assert!(desk.notice().starts_with("NOT saved") && desk.notice().contains("could not be kept on this workstation"));
    assert_eq!(desk.state().app.quick.line, "dex 10 iv 14:00", "the line is kept to try again");
    assert_eq!(desk.figure("Cumulative"), "0 mg");
    share.becomes(Mood::Well);
    desk.press(Key::Enter);
    assert_eq!(doses_on_disk(&folder), 1);
}

pub fn ask_to_close(desk: &mut Desk) {
    let viewport = desk.input_mut().viewports.entry(ViewportId::ROOT).or_default();
    viewport.events.push(ViewportEvent::Close);
    desk.step();
    desk.input_mut().viewports.entry(ViewportId::ROOT).or_default().events.clear();
    desk.run();
}

#[test]
fn closing_the_window_asks_while_something_waits_and_not_otherwise() {
    let (_folder, share, mut desk) = on_share();
    ask_to_close(&mut desk);
    assert_eq!(desk.state().app.overlay, None);
    share.becomes(Mood::Full);
    record(&mut desk, "dex 10 iv 14:00");
    desk.press_with(Modifiers::COMMAND, Key::N);
    desk.fill("Amount", "6");
    ask_to_close(&mut desk);
    assert_eq!(desk.state().app.overlay, Some(Overlay::Quit));
    assert!(desk.sees("Close the window?") && desk.sees("delivered when Corticurve is opened here again"));
    desk.press(Key::Escape);
    assert_eq!(desk.state().app.overlay, None);
    assert_eq!(desk.state().app.form.as_ref().map(|form| form.value("Amount").to_owned()).as_deref(), Some("6"));
    ask_to_close(&mut desk);
    desk.get_by_label("Close all the same").click();
    // From here on every frame asks the system to close the window, so it is never at rest.
    desk.run_steps(3);
    assert!(desk.state().app.is_quitting());
}

#[test]
fn with_its_own_thread_what_waits_is_delivered_by_itself_when_the_folder_is_back() {
    let (folder, desk) = with_robin();
    drop(desk);
    let share = Share::new();
    let mut desk = over_threaded(&folder, &share);
    share.becomes(Mood::Gone);
    wait_for(&mut desk, "the folder to be missed", |desk| {
        desk.state().app.freshness().is_some_and(|fresh| !fresh.is_reachable)
    });
    record(&mut desk, "dex 10 iv 14:00");
    wait_for(&mut desk, "the entry to wait", |desk| desk.state().app.waiting_words().is_some());
    assert!(desk.sees(WAITS));
    share.becomes(Mood::Well);
    wait_for(&mut desk, "the delivery", |desk| desk.state().app.waiting_words().is_none());
    assert_eq!(doses_on_disk(&folder), 1);
    assert!(!desk.sees(WAITS) && desk.sees("● Saved"));
    another_records(&folder, 4, 10);
    wait_for(&mut desk, "the ward to be watched as before", |desk| desk.figure("Cumulative") == "14 mg");
    assert_eq!(desk.state().app.now, now());
}

#[test]
fn what_waits_is_said_also_where_its_ward_cannot_be_opened() {
    let (folder, share, mut desk) = on_share();
    share.becomes(Mood::Gone);
    record(&mut desk, "dex 10 iv 14:00");
    drop(desk);
    let desk = over_share(&folder, &share, None);
    assert!(desk.notice().starts_with("1 entry waits on this workstation"), "{}", desk.notice());
    assert!(desk.notice().contains("Do not start a ward in its place"));
}

#[test]
fn closing_while_a_save_hangs_says_that_it_may_be_lost() {
    let (folder, desk) = with_robin();
    drop(desk);
    let share = Share::new();
    let mut desk = over_threaded(&folder, &share);
    share.becomes(Mood::Hangs);
    desk.quick("dex 10 iv 14:00");
    desk.press(Key::Enter);
    ask_to_close(&mut desk);
    assert!(desk.sees("If you close now it may be lost") && !desk.sees("They are kept on this workstation"));
    share.becomes(Mood::Well);
    wait_for(&mut desk, "the save", |desk| desk.state().app.pending().is_none());
}

#[test]
fn while_the_folder_is_away_a_dose_waits_and_nothing_is_made_in_its_place() {
    let (folder, desk) = with_robin();
    drop(desk);
    for is_empty_mount_point in [false, true] {
        let mut desk = over(&folder);
        let before = doses_on_disk(&folder);
        let (data, away) = (folder.path().join("data"), folder.path().join("away"));
        fs::rename(&data, &away).unwrap();
        if is_empty_mount_point {
            fs::create_dir(&data).unwrap();
        }
        record(&mut desk, if is_empty_mount_point { "dex 4 iv 13:00" } else { "dex 10 iv 14:00" });
        assert!(desk.sees(WAITS) && desk.sees("1 entry waits on this workstation"), "{}", desk.notice());
        assert_eq!(walk_if_there(&data), is_empty_mount_point.then(Vec::new));
        if is_empty_mount_point {
            fs::remove_dir(&data).unwrap();
        }
        fs::rename(&away, &data).unwrap();
        read_again(&mut desk);
        assert_eq!(doses_on_disk(&folder), before + 1);
    }
}

fn walk_if_there(folder: &std::path::Path) -> Option<Vec<std::path::PathBuf>> {
    folder.exists().then(|| walk(folder))
}

#[test]
fn a_folder_without_its_store_file_gets_nothing_and_the_dose_is_kept_once() {
    for damage in ["gone", "garbled"] {
        let (folder, mut desk) = with_robin();
        record(&mut desk, "dex 10 iv 14:00");
        let file = folder.path().join("data/STORE.ron");
        let bytes = fs::read(&file).unwrap();
        if damage == "gone" {
            fs::remove_file(&file).unwrap();
        } else {
            fs::write(&file, "garbled").unwrap();
        }
        record(&mut desk, "dex 6 iv now");
        assert!(desk.notice().starts_with("Kept on this workstation"), "{damage}: {}", desk.notice());
        assert_eq!(desk.state().app.quick.line, "", "{damage}: the line is done with");
        desk.press(Key::Enter);
        desk.press(Key::Enter);
        assert_eq!(desk.figure("Cumulative"), "16 mg", "{damage}");
        fs::write(&file, bytes).unwrap();
        read_again(&mut desk);
        assert_eq!((doses_on_disk(&folder), desk.figure("Cumulative").as_str()), (2, "16 mg"), "{damage}");
        assert!(!desk.sees(WAITS), "{damage}");
    }
}

#[test]
fn what_is_kept_in_an_outbox_that_cannot_be_listed_is_not_called_saved() {
    let (folder, share, mut desk) = on_share();
    share.becomes(Mood::Full);
    let store = desk.state().app.ward.as_ref().unwrap().store().to_owned();
    let outbox = folder.path().join("config/outbox").join(store);
    fs::create_dir_all(&outbox).unwrap();
    // What should be a folder is a file, which cannot be listed.
    let stray = outbox.join("p-000000000000");
    fs::write(&stray, "x").unwrap();
    record(&mut desk, "dex 4 iv 14:10");
    assert!(desk.notice().starts_with("Kept on this workstation"), "{}", desk.notice());
    assert_eq!(desk.state().app.saved_at, None);
    assert_eq!(desk.figure("Cumulative"), "4 mg");
    assert!(desk.state().app.shown().unwrap().log[0].cells[9].contains(WAITS));
    for _ in 0..2 {
        assert!(desk.sees("1 entry waits on this workstation"), "{:?}", desk.state().app.waiting_words());
        assert!(desk.sees("of it cannot be read"), "{:?}", desk.state().app.waiting_words());
        desk.state_mut().app.update(Action::Tick);
        desk.run();
    }
    assert!(desk.state().app.reason_to_stay().unwrap().contains("cannot be read"));
    // The next run says both as well.
    let next = over_share(&folder, &share, None);
    for said in ["1 entry waits on this workstation", "of it cannot be read"] {
        assert!(next.sees(said), "{:?}", next.state().app.waiting_words());
    }
    fs::remove_file(stray).unwrap();
    share.becomes(Mood::Well);
    read_again(&mut desk);
    assert_eq!(doses_on_disk(&folder), 1);
    assert_eq!(desk.state().app.waiting_words(), None);
}
