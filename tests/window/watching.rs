//! What others record appears by itself, disturbs nothing, and a share that hangs or is gone never stops the window.

use super::desk::{Desk, Hands, now, over_share, with_robin};
use super::tasks::{doses_on_disk, on_disk};
use crate::store::share::{Mood, Share};
use chrono::TimeDelta;
use corticurve::app::Action;
use corticurve::app::ward::Ward;
use corticurve::app::worker::Wake;
use corticurve::record::{Administration, DrugId, Given, PatientId};
use corticurve::store::Author;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// LT records dexamethasone on WARD4-PC02 for the first patient of the ward, given some minutes ago.
pub fn another_records(folder: &TempDir, milligrams: u32, minutes_ago: i64) {
    let config = folder.path().join("WARD4-PC02");
    let mut ward = Ward::open_to_write(&folder.path().join("data"), &config).unwrap();
    let id = ward.patients()[0].id.clone();
    let given = Given::At(now() - TimeDelta::minutes(minutes_ago));
    let dose = Administration::given(DrugId::new("dexamethasone"), format!("{milligrams} mg").parse().unwrap(), given);
    let author = Author { by: "LT".parse().unwrap(), workstation: "WARD4-PC02".to_owned() };
    ward.record(&id, dose, &author, now() + TimeDelta::seconds(20)).unwrap();
}

/// One look of the worker that has no thread.
fn look(desk: &mut Desk) {
    desk.state_mut().app.update(Action::Tick);
    desk.run();
}

/// The window over a share with the worker on a thread of its own, once the ward is open.
pub fn over_threaded(folder: &TempDir, share: &Share) -> Desk {
    let (_, wake) = counting();
    let mut desk = over_share(folder, share, Some(wake));
    wait_for(&mut desk, "the ward to be open", |desk| desk.state().app.shown().is_some());
    desk
}

/// Draws frames, as a window that is woken does, until something is true.
pub fn wait_for(desk: &mut Desk, what: &str, mut is_true: impl FnMut(&Desk) -> bool) {
    let began = Instant::now();
    while !is_true(desk) {
        assert!(began.elapsed() < Duration::from_secs(30), "waited in vain for: {what}");
        std::thread::sleep(Duration::from_millis(10));
        desk.step();
    }
}

/// The first line of the log: what its state says.
fn state_of_first(desk: &Desk) -> String {
    desk.state().app.shown().unwrap().log[0].cells[9].clone()
}

/// A wake that counts.
pub fn counting() -> (Arc<AtomicUsize>, Wake) {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    (
        count,
        Arc::new(move || {
            counted.fetch_add(1, Ordering::SeqCst);
        }),
    )
}

#[test]
fn a_dose_from_another_workstation_is_marked_until_it_is_chosen() {
    let (folder, mut desk) = with_robin();
    another_records(&folder, 10, 30);
    look(&mut desk);
    assert_eq!(desk.figure("Cumulative"), "10 mg");
    assert_eq!(state_of_first(&desk), "new from WARD4-PC02 · 14:32");
    assert!(desk.notice().contains("dexAMETHasone 10 mg") && desk.notice().contains("new from WARD4-PC02 · 14:32"));
    look(&mut desk);
    assert_eq!(state_of_first(&desk), "new from WARD4-PC02 · 14:32", "it stays while nobody has chosen it");
    desk.press_with(Modifiers::COMMAND, Key::ArrowDown);
    assert_eq!(state_of_first(&desk), "");
}

#[test]
fn what_is_recorded_here_is_never_marked_as_new() {
    let (folder, mut desk) = with_robin();
    desk.quick("dex 10 iv 14:00");
    desk.press(Key::Enter);
    look(&mut desk);
    assert_eq!(state_of_first(&desk), "");
    assert_eq!(doses_on_disk(&folder), 1);
}

#[test]
fn the_mark_is_gone_when_the_patient_is_opened_anew() {
    let (folder, mut desk) = with_robin();
    let other = register_avery(&mut desk);
    let robin = on_disk(&folder).patients()[0].id.clone();
    assert_eq!(desk.state().app.selected.as_ref(), Some(&other), "the new patient is open");
    another_records(&folder, 10, 30);
    look(&mut desk);
    desk.state_mut().app.update(Action::Select(robin.clone()));
    assert_eq!(state_of_first(&desk), "new from WARD4-PC02 · 14:32", "nobody has seen it here yet");
    desk.state_mut().app.update(Action::Select(other));
    desk.state_mut().app.update(Action::Select(robin));
    assert_eq!(state_of_first(&desk), "");
}

fn register_avery(desk: &mut Desk) -> PatientId {
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::I);
    desk.fill("MRN", "40 018");
    desk.fill("Family name", "Sample");
    desk.press(Key::Enter);
    desk.state().app.selected.clone().unwrap()
}

#[test]
fn news_disturbs_neither_what_is_typed_nor_a_form_nor_the_choice() {
    let (folder, mut desk) = with_robin();
    desk.quick("dex 4 iv 13:00");
    desk.press(Key::Enter);
    let chosen = desk.state().app.chosen.clone();
    assert!(chosen.is_some());
    desk.quick("ana 100 sc");
    another_records(&folder, 10, 30);
    look(&mut desk);
    assert_eq!(desk.figure("Cumulative"), "14 mg");
    assert_eq!((desk.state().app.quick.line.as_str(), &desk.state().app.chosen), ("ana 100 sc", &chosen));
    desk.press(Key::Escape);
    desk.press_with(Modifiers::COMMAND, Key::E);
    desk.fill("Reason", "half written");
    another_records(&folder, 6, 20);
    look(&mut desk);
    let form = desk.state().app.form.clone().unwrap();
    assert_eq!((form.value("Reason"), form.value("Amount")), ("half written", "4"));
    desk.fill("Amount", "5");
    desk.press(Key::Enter);
    assert_eq!(desk.figure("Cumulative"), "21 mg", "{:?}", desk.state().app.form);
}

#[test]
fn a_log_that_is_scrolled_down_stays_where_it_is() {
    let mut desk = super::desk::demo(corticurve::app::Theme::Light, super::desk::SMALL);
    for _ in 0..20 {
        desk.press_with(Modifiers::COMMAND, Key::ArrowDown);
    }
    let row =
        desk.state().app.shown().unwrap().log.iter().find(|line| Some(&line.id) == desk.state().app.chosen.as_ref());
    let label = row.unwrap().cells.join(", ");
    let top = |desk: &Desk| desk.get_by_label(&label).rect().top();
    let before = top(&desk);
    let data = desk.state().app.ward.as_ref().unwrap().folder().to_owned();
    let mut other = Ward::open_to_write(&data, &data.with_file_name("WARD4-PC02")).unwrap();
    let id = desk.state().app.selected.clone().unwrap();
    let lines = desk.state().app.shown().unwrap().log.len();
    for minutes in [10, 20, 30] {
        let given = Given::At(now() - TimeDelta::minutes(minutes));
        let dose = Administration::given(DrugId::new("anakinra"), "100 mg".parse().unwrap(), given);
        let author = Author { by: "LT".parse().unwrap(), workstation: "WARD4-PC02".to_owned() };
        other.record(&id, dose, &author, now()).unwrap();
    }
    look(&mut desk);
    assert_eq!(desk.state().app.shown().unwrap().log.len(), lines + 3);
    assert!((top(&desk) - before).abs() < 1.0, "{before} and then {}", top(&desk));
}

#[test]
fn a_question_that_nobody_has_seen_is_not_confirmed_by_an_enter_that_was_for_another() {
    let (folder, mut desk) = with_robin();
    desk.quick("dex 4 base iv 14:02");
    desk.press(Key::Enter);
    assert!(desk.sees("Press Enter again"), "about the vial");
    another_records(&folder, 4, 30);
    desk.press(Key::Enter);
    assert!(desk.sees("is already recorded by LT") && desk.sees("Press Enter again"));
    assert_eq!(doses_on_disk(&folder), 1, "the colleague's only");
    desk.press(Key::Enter);
    assert_eq!(doses_on_disk(&folder), 2);
}

#[test]
fn a_correction_over_what_a_colleague_has_changed_meanwhile_is_asked_about() {
    let (folder, mut desk) = with_robin();
    desk.quick("dex 45 iv 14:00");
    desk.press(Key::Enter);
    desk.press_with(Modifiers::COMMAND, Key::E);
    desk.fill("Amount", "5");
    desk.fill("Reason", "the point was lost");
    let mut other = Ward::open_to_write(&folder.path().join("data"), &folder.path().join("WARD4-PC02")).unwrap();
    let patient = other.patients()[0].clone();
    let target = patient.chart.administrations[0].stamp.id.clone();
    let author = Author { by: "LT".parse().unwrap(), workstation: "WARD4-PC02".to_owned() };
    other.strike_out(&patient.id, &target, "another patient's", &author, now()).unwrap();
    desk.press(Key::Enter);
    let error = desk.state().app.form.as_ref().and_then(|form| form.error.clone()).unwrap_or_default();
    assert!(error.contains("was changed meanwhile"), "{error}");
    assert_eq!(desk.figure("Cumulative"), "0 mg", "what the colleague did is shown behind the form");
    desk.press(Key::Enter);
    assert_eq!(desk.figure("Cumulative"), "5 mg");
}

#[test]
fn a_share_that_hangs_never_freezes_the_window_and_nothing_is_saved_twice() {
    let (folder, desk) = with_robin();
    drop(desk);
    let share = Share::new();
    let mut desk = over_threaded(&folder, &share);
    share.becomes(Mood::Hangs);
    let began = Instant::now();
    desk.quick("dex 10 iv 14:00");
    desk.press(Key::Enter);
    assert!(desk.sees("saving…") && desk.sees("dexAMETHasone 10 mg"));
    desk.press(Key::Enter);
    assert_eq!(desk.notice(), "", "a second Enter on what is being saved is nothing to be told of");
    desk.quick("ana 100 sc 13:00");
    desk.press(Key::Enter);
    assert!(desk.sees("this line is NOT saved") && desk.sees("press Enter again when that is done"));
    assert!(began.elapsed() < Duration::from_secs(10), "frames went on: {:?}", began.elapsed());
    assert_eq!(desk.state().app.quick.line, "ana 100 sc 13:00", "typing goes on, and waits for its turn");
    assert_eq!(doses_on_disk(&folder), 0);
    wait_for(&mut desk, "the overdue look to be said", |desk| {
        desk.state().app.freshness().is_some_and(|fresh| fresh.is_late && fresh.words.starts_with("checked "))
    });
    share.becomes(Mood::Well);
    wait_for(&mut desk, "the save to be confirmed", |desk| desk.state().app.pending().is_none());
    assert_eq!(doses_on_disk(&folder), 1, "one Enter, one dose");
    assert!(!desk.sees("this line is NOT saved"), "the line can be saved now");
    assert_eq!(desk.state().app.quick.line, "ana 100 sc 13:00");
    assert_eq!(desk.figure("Cumulative"), "10 mg");
    desk.press(Key::Enter);
    wait_for(&mut desk, "the second dose", |desk| {
        desk.state().app.quick.line.is_empty() && desk.state().app.pending().is_none()
    });
    assert_eq!(doses_on_disk(&folder), 2);
    wait_for(&mut desk, "fresh again", |desk| desk.state().app.freshness().is_some_and(|fresh| !fresh.is_late));
    assert!(desk.sees("checked less than 3 s ago"));
}

#[test]
fn the_program_s_own_thread_shows_what_another_program_wrote_and_wakes_the_window_for_nothing_else() {
    let (folder, desk) = with_robin();
    drop(desk);
    let (woken, wake) = counting();
    let mut desk = over_share(&folder, &Share::new(), Some(wake));
    wait_for(&mut desk, "the ward to be open", |desk| desk.state().app.shown().is_some());
    std::thread::sleep(Duration::from_millis(500));
    desk.step();
    let before = woken.load(Ordering::SeqCst);
    std::thread::sleep(Duration::from_secs(5));
    assert_eq!(woken.load(Ordering::SeqCst), before, "at rest, with no news");
    let began = Instant::now();
    another_records(&folder, 10, 30);
    wait_for(&mut desk, "the colleague's dose", |desk| !desk.state().app.shown().unwrap().log.is_empty());
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    assert!(woken.load(Ordering::SeqCst) > before);
    assert_eq!(state_of_first(&desk), "new from WARD4-PC02 · 14:32");
}

#[test]
fn a_patient_who_is_not_open_is_looked_at_within_ten_seconds() {
    let (folder, mut desk) = with_robin();
    register_avery(&mut desk);
    drop(desk);
    let mut desk = over_threaded(&folder, &Share::new());
    let avery = desk.state().app.rows[1].id.clone();
    desk.state_mut().app.update(Action::Select(avery));
    let began = Instant::now();
    another_records(&folder, 10, 30);
    wait_for(&mut desk, "the row of the other patient", |desk| desk.state().app.rows[0].total == "10 mg");
    assert!(began.elapsed() < Duration::from_secs(11), "{:?}", began.elapsed());
}

#[test]
fn a_folder_that_is_gone_is_named_with_its_time_and_what_was_read_stays() {
    let (folder, mut desk) = with_robin();
    desk.quick("dex 10 iv 14:00");
    desk.press(Key::Enter);
    drop(desk);
    let share = Share::new();
    let mut desk = over_share(&folder, &share, None);
    share.becomes(Mood::Gone);
    look(&mut desk);
    assert!(desk.sees("folder not reachable since 14:32, showing data as of then"));
    assert_eq!(desk.figure("Cumulative"), "10 mg", "the data as of then");
    desk.press_with(Modifiers::COMMAND, Key::R);
    assert_eq!(desk.figure("Cumulative"), "10 mg", "also after reading again was asked for");
    share.becomes(Mood::Well);
    look(&mut desk);
    assert!(!desk.sees("not reachable") && desk.sees("checked less than 3 s ago"));
}

#[test]
fn an_empty_folder_in_the_place_of_the_share_is_not_taken_for_an_empty_ward() {
    let (folder, mut desk) = with_robin();
    let (data, away) = (folder.path().join("data"), folder.path().join("away"));
    fs::rename(&data, &away).unwrap();
    fs::create_dir(&data).unwrap();
    look(&mut desk);
    assert!(desk.sees("EXAMPLE, Robin") && desk.sees("folder not reachable"));
    desk.quick("dex 10 iv 14:00");
    desk.press(Key::Enter);
    assert_eq!(fs::read_dir(&data).unwrap().count(), 0, "nothing is written into it");
    fs::remove_dir(&data).unwrap();
    fs::rename(&away, &data).unwrap();
    look(&mut desk);
    assert_eq!(doses_on_disk(&folder), 1, "it waited here");
}

#[test]
fn the_log_scrolls_to_the_dose_that_was_just_saved_wherever_it_was_scrolled_to() {
    for (presses, line) in [(30, "ana 100 sc 14:30"), (1, "dex 4 iv 2026-11-11 07:11")] {
        let mut desk = super::desk::demo(corticurve::app::Theme::Light, super::desk::SMALL);
        for _ in 0..presses {
            desk.press_with(Modifiers::COMMAND, Key::ArrowDown);
        }
        desk.quick(line);
        for _ in 0..3 {
            desk.press(Key::Enter);
        }
        assert!(desk.notice().starts_with("Saved: "), "{line}: {}", desk.notice());
        let app = &desk.state().app;
        let row = app.shown().unwrap().log.iter().find(|line| Some(&line.id) == app.chosen.as_ref()).unwrap();
        let place = desk.query_by_label(&row.cells.join(", ")).unwrap_or_else(|| panic!("{line}: not in sight")).rect();
        assert!(place.bottom() < super::desk::SMALL[1], "{line}: {place:?}");
    }
}

#[test]
fn a_row_says_that_its_new_entries_are_those_of_others_and_the_review_says_what_it_counts() {
    let (folder, mut desk) = with_robin();
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::V);
    desk.press(Key::Tab);
    desk.press(Key::Enter);
    desk.press(Key::Escape);
    desk.quick("dex 4 iv 13:00");
    desk.press(Key::Enter);
    another_records(&folder, 10, 30);
    look(&mut desk);
    assert!(desk.sees(", 1 new") && desk.sees("2 since your review"), "one of them is of this workstation");
    for (label, says) in [(", 1 new", "1 new: from other workstations"), ("2 since your", "from here and elsewhere")] {
        desk.get_by_label_contains(label).hover();
        for _ in 0..6 {
            desk.step();
        }
        assert!(desk.sees(says), "{label}");
    }
}
