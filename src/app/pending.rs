//! What is waited for: one job at a time, with how far it is where it takes long.

use super::App;
use std::time::{Duration, Instant};

/// What is waited for as long as this is said across the window, and how far it is, this often.
const NOTICED: Duration = Duration::from_millis(500);
const TOLD_EVERY: Duration = Duration::from_millis(200);

/// What is done for a form before anything else is.
pub(super) const READING: &str = "reading the file…";

/// A job that is under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// What is done: `saving…`.
    pub words: &'static str,
    /// Whether it is a dose of the quick entry.
    pub is_quick: bool,
    /// Whether it may take long, and may be stopped.
    pub is_long: bool,
    /// Since when.
    pub since: Instant,
}

impl App {
    /// One thing is waited for at a time.
    pub(super) fn wait_for(&mut self, words: &'static str, is_long: bool) -> Result<(), String> {
        if let Some(pending) = &self.pending {
            return Err(format!("still {} try again when it is done", pending.words));
        }
        self.pending = Some(Pending { words, is_quick: false, is_long, since: Instant::now() });
        Ok(())
    }

    /// What is waited for before anything else can be saved.
    pub const fn pending(&self) -> Option<&Pending> {
        self.pending.as_ref()
    }

    /// The same in words, with how far it is: `checking every file… 340 of 2000 patients`; also that a file is being read for
    /// the open form.
    pub fn pending_words(&self) -> Option<String> {
        let Some(pending) = self.pending.as_ref() else {
            return self.form_number().filter(|form| self.reading == Some(*form)).map(|_| READING.to_owned());
        };
        Some(match self.worker.progress().counts() {
            (done, of) if pending.is_long && of > 0 => format!("{} {done} of {of} patients", pending.words),
            _ => pending.words.to_owned(),
        })
    }

    /// The number of the open form.
    pub(super) fn form_number(&self) -> Option<u64> {
        self.form.as_ref().map(|form| form.number)
    }

    /// Says why something cannot be done just now, where another thing is under way; whether there is one. A second Enter on
    /// what is being saved is no reason to say anything.
    pub(super) fn is_busy(&mut self) -> bool {
        let Some(pending) = self.pending.clone() else { return false };
        if !pending.is_quick {
            self.tell_error(&format!("still {} try again when it is done", pending.words));
        }
        true
    }

    /// Whether something is waited for that has taken so long that it is said across the window.
    pub fn takes_long(&self) -> bool {
        self.pending.as_ref().is_some_and(|pending| pending.is_long && pending.since.elapsed() >= NOTICED)
    }

    /// When what is said of it is to be said anew.
    pub fn until_progress_is_told(&self) -> Option<Duration> {
        let pending = self.pending.as_ref().filter(|pending| pending.is_long)?;
        Some(NOTICED.saturating_sub(pending.since.elapsed()).max(TOLD_EVERY))
    }

    /// Stops what takes long. It is heard of when the patient who is being read or written is done.
    pub(super) fn stop(&mut self) {
        if self.pending.as_ref().is_some_and(|pending| pending.is_long) {
            self.worker.progress().stop();
        }
    }
}
