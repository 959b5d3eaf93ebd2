//! Writing the small files of this workstation, settings and drafts, beside the window's thread: a config folder that hangs
//! must not freeze the window.
//!
//! One thread writes them in the order in which they were changed, a moment after the last change. Of settings that were
//! changed several times meanwhile the last ones are written. The end of the program waits for what is not written yet.

use super::drafts::{self, Change};
use super::lock::Waker;
use super::{App, Settings};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SendError, Sender, channel};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

/// How long after a key a file is written, if no other key follows; and at the latest.
const QUIET: Duration = Duration::from_millis(300);
const LATEST: Duration = Duration::from_secs(2);
/// How long the end of the program waits for the files.
const LAST_WRITE: Duration = Duration::from_secs(1);

/// Something to be written.
pub(super) enum ToWrite {
    /// Lines of the quick entry, or a form, of a patient.
    Draft(Box<Change>),
    /// The settings, and the config folder.
    Settings(Box<Settings>, PathBuf),
}

/// What could not be written, and why.
enum NotWritten {
    Drafts(String),
    Settings(String),
}

/// The window's end.
pub(super) struct Writer {
    changes: Option<Sender<ToWrite>>,
    errors: Receiver<NotWritten>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.changes.take();
        let began = Instant::now();
        while self.thread.as_ref().is_some_and(|thread| !thread.is_finished()) && began.elapsed() < LAST_WRITE {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// Brings the files up to date.
fn write(changes: Vec<ToWrite>) -> Vec<NotWritten> {
    let (mut drafts, mut settings) = (Vec::new(), None);
    for change in changes {
        match change {
            ToWrite::Draft(change) => drafts.push(*change),
            ToWrite::Settings(last, config) => settings = Some((last, config)),
        }
    }
    let drafts = drafts::write(&drafts).map_err(NotWritten::Drafts);
    let settings = settings.map_or(Ok(()), |(settings, config)| {
        settings.save(&config).map_err(|error| NotWritten::Settings(error.to_string()))
    });
    drafts.err().into_iter().chain(settings.err()).collect()
}

/// The thread: waits until nothing was changed for a moment, and writes.
fn run(changes: &Receiver<ToWrite>, errors: &Sender<NotWritten>, wake: &Waker) {
    while let Ok(first) = changes.recv() {
        let (began, mut waiting) = (Instant::now(), vec![first]);
        let mut is_last = false;
        while began.elapsed() < LATEST && !is_last {
            match changes.recv_timeout(QUIET) {
                Ok(change) => waiting.push(change),
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => is_last = true,
            }
        }
        for error in write(waiting) {
            // The window may be gone; then nobody is left to be told.
            let _ = errors.send(error);
            wake.wake();
        }
    }
}

impl Writer {
    fn new(wake: Waker) -> Self {
        let (changes, to_write) = channel();
        let (tell, errors) = channel();
        let thread = Builder::new().name("small files".to_owned()).spawn(move || run(&to_write, &tell, &wake)).ok();
        Self { changes: Some(changes), errors, thread }
    }
}

impl App {
    /// Has something written. A worker without a thread writes it at once.
    pub(super) fn have_written(&mut self, change: ToWrite) {
        let mut at_once = Some(change);
        if self.worker.watches() {
            let wake = self.lock.waker();
            let writer = self.writer.get_or_insert_with(|| Writer::new(wake));
            let sent = writer.changes.as_ref().zip(at_once.take()).map(|(changes, change)| changes.send(change));
            // Where the system gave no thread, nothing listens.
            at_once = sent.and_then(Result::err).map(|SendError(change)| change);
        }
        for error in at_once.map(|change| write(vec![change])).unwrap_or_default() {
            self.tell_not_written(&error);
        }
    }

    /// Says what could not be written.
    pub(super) fn hear_writer(&mut self) {
        while let Some(error) = self.writer.as_ref().and_then(|writer| writer.errors.try_recv().ok()) {
            self.tell_not_written(&error);
        }
    }

    fn tell_not_written(&mut self, error: &NotWritten) {
        match error {
            NotWritten::Drafts(error) => self.drafts_not_kept(error),
            NotWritten::Settings(error) => {
                let config = self.places.config.display().to_string();
                self.tell_error(&format!("the settings could not be kept in {config}: {error}"));
            }
        }
    }
}
