//! One printed page from the window: one key, a thread of its own, and nothing where nobody may see it.

use super::desk::{Desk, Hands, SMALL, demo, over, with_robin};
use super::locking::{all_words, lock_now, unlock_first};
use super::menu::menu;
use super::tasks::doses_on_disk;
use super::watching::{over_threaded, wait_for};
use crate::store::share::Share;
use corticurve::app::page_file::remove_left_behind;
use corticurve::app::{Action, Theme, Viewer};
use egui::{Key, Modifiers};
use std::fs;
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

const CTRL: Modifiers = Modifiers::COMMAND;

/// A viewer that keeps what it was asked to open, and whether it was there then.
#[derive(Default)]
struct Opened(Mutex<Vec<(PathBuf, Vec<u8>)>>);

impl Opened {
    fn files(&self) -> Vec<PathBuf> {
        self.0.lock().unwrap().iter().map(|(file, _)| file.clone()).collect()
    }
}

impl Viewer for Opened {
    fn show(&self, file: &Path) -> std::io::Result<()> {
        self.0.lock().unwrap().push((file.to_owned(), fs::read(file)?));
        Ok(())
    }
}

/// A computer where nothing opens a page.
struct Nothing;

impl Viewer for Nothing {
    fn show(&self, _file: &Path) -> std::io::Result<()> {
        Err(Error::new(ErrorKind::NotFound, "xdg-open is not there"))
    }
}

/// A viewer that takes its time, until it is told to go on.
struct Slow(Mutex<Receiver<()>>);

impl Viewer for Slow {
    fn show(&self, _file: &Path) -> std::io::Result<()> {
        self.0.lock().unwrap().recv().map_err(Error::other)
    }
}

fn slow() -> (Sender<()>, Arc<Slow>) {
    let (go_on, waits) = channel();
    (go_on, Arc::new(Slow(Mutex::new(waits))))
}

/// Looks at what would be opened.
fn watched(desk: &mut Desk) -> Arc<Opened> {
    let opened = Arc::new(Opened::default());
    desk.state_mut().app.show_pages_with(Arc::clone(&opened) as Arc<dyn Viewer>);
    opened
}

#[test]
fn t5_one_page_is_printed_with_one_key() {
    let (folder, mut desk) = with_robin();
    let opened = watched(&mut desk);
    desk.quick("dex 10 iv 08:00 icans");
    desk.press(Key::Enter);
    desk.press_with(CTRL, Key::P);
    assert_eq!(desk.notice(), "The page of EXAMPLE, Robin is open in this computer's viewer; print it from there.");
    let (file, bytes) = opened.0.lock().unwrap()[0].clone();
    assert!(bytes.starts_with(b"%PDF-"));
    assert_eq!(file.file_name().unwrap(), "corticurve-page.pdf");
    assert!(file.starts_with(std::env::temp_dir()) && !file.to_string_lossy().contains("40"), "{}", file.display());
    #[cfg(unix)]
    for (path, mode) in [(file.as_path(), 0o600), (file.parent().unwrap(), 0o700)] {
        let permissions = fs::metadata(path).unwrap().permissions();
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&permissions) & 0o777, mode, "{}", path.display());
    }
    assert_eq!(doses_on_disk(&folder), 1, "looking at a page records nothing");
    desk.press_with(CTRL, Key::P);
    let files = opened.files();
    assert!(files.len() == 2 && files[0] != files[1], "each page has a folder of its own");
    drop(desk);
    assert!(files.iter().all(|file| !file.parent().unwrap().exists()), "they go with the window");
}

#[test]
fn printing_is_in_the_menu_of_the_patient_under_f1_and_in_the_palette() {
    let mut desk = demo(Theme::Light, SMALL);
    let opened = watched(&mut desk);
    let words = "print one page: the curve, the figures, the latest doses";
    desk.press(Key::F1);
    assert!(desk.sees(words));
    desk.press(Key::Escape);
    desk.press_with(CTRL, Key::K);
    desk.event(egui::Event::Text("print one".to_owned()));
    desk.run();
    desk.press(Key::Enter);
    assert_eq!(opened.files().len(), 1);
    menu(&mut desk, "Patient", "Print one page: the curve, the figures, the latest doses");
    assert_eq!(opened.files().len(), 2);
}

#[test]
fn a_slow_viewer_holds_nothing_up_and_one_page_is_made_at_a_time() {
    let (folder, desk) = with_robin();
    drop(desk);
    let mut desk = over_threaded(&folder, &Share::new());
    let (go_on, viewer) = slow();
    desk.state_mut().app.show_pages_with(viewer);
    desk.key_press_modifiers(CTRL, Key::P);
    desk.step();
    desk.step();
    assert_eq!(desk.notice(), "Making the page…");
    desk.state_mut().app.update(Action::Print);
    assert_eq!(desk.notice(), "still making the page; try again when it is done");
    desk.quick("dex 10 iv 14:00");
    desk.press(Key::Enter);
    wait_for(&mut desk, "the dose to be saved", |desk| desk.notice().starts_with("Saved"));
    go_on.send(()).unwrap();
    wait_for(&mut desk, "the viewer", |desk| desk.notice().starts_with("The page of EXAMPLE, Robin is open"));
    assert_eq!(doses_on_disk(&folder), 1);
}

#[test]
fn without_a_viewer_the_message_says_where_the_page_is_and_what_to_do() {
    let (_folder, mut desk) = with_robin();
    desk.state_mut().app.show_pages_with(Arc::new(Nothing));
    desk.press_with(CTRL, Key::P);
    let said = desk.notice();
    let file = PathBuf::from(said.split("It is ").nth(1).unwrap().split(" until this window closes").next().unwrap());
    assert!(fs::read(&file).unwrap().starts_with(b"%PDF-"), "{said}");
    assert!(said.contains("no program opened it (xdg-open is not there)"), "{said}");
    assert!(said.ends_with("open it there with a program that shows PDF files, and print it"), "{said}");
    assert!(desk.state().app.notice.as_ref().unwrap().is_error && desk.sees("xdg-open is not there"), "it stays");
}

#[test]
fn nothing_is_printed_while_the_window_is_locked() {
    let (_folder, mut desk) = with_robin();
    let opened = watched(&mut desk);
    lock_now(&mut desk);
    desk.press_with(CTRL, Key::P);
    desk.state_mut().app.update(Action::Print);
    desk.run();
    assert!(opened.files().is_empty());
    unlock_first(&mut desk, "2468");
    desk.press_with(CTRL, Key::P);
    assert_eq!(opened.files().len(), 1, "{}", desk.notice());
}

#[test]
fn a_page_that_is_made_after_the_window_was_locked_is_not_opened() {
    let (folder, desk) = with_robin();
    drop(desk);
    let mut desk = over_threaded(&folder, &Share::new());
    let opened = watched(&mut desk);
    desk.state_mut().app.update(Action::Print);
    desk.state_mut().app.update(Action::Lock);
    wait_for(&mut desk, "the page", |desk| desk.notice().starts_with("the window was locked before the page"));
    assert!(opened.files().is_empty());
    assert!(!all_words(&desk).contains("EXAMPLE"), "and nothing says whose it was");
    assert!(desk.notice().ends_with("print it again with Ctrl+P"), "it is told to whoever unlocks");
}

#[test]
fn with_hidden_names_no_page_is_made_and_it_is_said_why() {
    let (_folder, mut desk) = with_robin();
    let opened = watched(&mut desk);
    desk.press_with(CTRL, Key::H);
    desk.press_with(CTRL, Key::P);
    let why = "names are hidden, and a page without a name is dangerous; show them first with Ctrl+H";
    assert_eq!((desk.notice().as_str(), opened.files().len()), (why, 0));
    desk.press_with(CTRL, Key::H);
    desk.press_with(CTRL, Key::P);
    assert_eq!(opened.files().len(), 1);
}

#[test]
fn the_key_does_nothing_without_a_patient_behind_a_form_and_at_the_bedside() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = over(&folder);
    desk.press_with(CTRL, Key::P);
    assert_eq!(desk.notice(), "open a patient first");
    let (_folder, mut desk) = with_robin();
    let opened = watched(&mut desk);
    desk.press_with(CTRL, Key::N);
    desk.press_with(CTRL, Key::P);
    desk.press(Key::Escape);
    desk.press(Key::F11);
    desk.press_with(CTRL, Key::P);
    assert!(opened.files().is_empty());
}

#[test]
fn the_page_has_the_window_and_the_look_that_the_chart_has() {
    let mut desk = demo(Theme::Light, SMALL);
    let opened = watched(&mut desk);
    let size = |opened: &Opened| opened.0.lock().unwrap().last().map(|(_, bytes)| bytes.len());
    desk.press_with(CTRL, Key::P);
    let usual = size(&opened);
    for (modifiers, key) in [(Modifiers::NONE, Key::F6), (Modifiers::SHIFT, Key::F4), (Modifiers::NONE, Key::F4)] {
        let before = size(&opened);
        desk.press_with(modifiers, key);
        desk.press_with(CTRL, Key::P);
        assert_ne!(size(&opened), before, "{key:?} shows on the page");
    }
    assert_ne!(size(&opened), usual);
}

#[test]
fn a_page_of_a_program_that_was_killed_is_removed_and_one_that_is_open_is_not() {
    let (_folder, mut desk) = with_robin();
    let opened = watched(&mut desk);
    desk.press_with(CTRL, Key::P);
    let page = opened.files().remove(0);
    let place = tempfile::tempdir().unwrap();
    let folder = |name: &str| {
        let folder = place.path().join(name);
        fs::create_dir(&folder).unwrap();
        folder
    };
    // A copy of the folder as the program left it: nobody holds it, as when its program was killed.
    let left = folder("corticurve-page-left");
    for file in fs::read_dir(page.parent().unwrap()).unwrap().map(Result::unwrap) {
        fs::copy(file.path(), left.join(file.file_name())).unwrap();
    }
    assert_eq!(fs::read_dir(&left).unwrap().count(), 2, "the page, and what is held");
    let older = folder("corticurve-page-older");
    fs::copy(&page, older.join("corticurve-page.pdf")).unwrap();
    let just_made = folder("corticurve-page-just-made");
    let with_more = folder("corticurve-page-with-more");
    for name in ["corticurve-page.pdf", "saved-by-hand.pdf"] {
        fs::copy(&page, with_more.join(name)).unwrap();
    }
    let other = folder("another-program");
    fs::copy(&page, other.join("corticurve-page.pdf")).unwrap();
    remove_left_behind(place.path());
    assert!(!left.exists() && !older.exists());
    assert!(just_made.exists() && other.join("corticurve-page.pdf").exists());
    assert!(!with_more.join("corticurve-page.pdf").exists() && with_more.join("saved-by-hand.pdf").exists());
    // That of a window that is open stays, whoever starts meanwhile.
    remove_left_behind(&std::env::temp_dir());
    assert!(page.exists());
    drop(desk);
    assert!(!page.parent().unwrap().exists());
}

#[cfg(unix)]
#[test]
fn what_only_looks_like_a_page_leads_nowhere() {
    let (place, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::write(elsewhere.path().join("corticurve-page.pdf"), "kept").unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), place.path().join("corticurve-page-link")).unwrap();
    remove_left_behind(place.path());
    assert_eq!(fs::read_to_string(elsewhere.path().join("corticurve-page.pdf")).unwrap(), "kept");
}
