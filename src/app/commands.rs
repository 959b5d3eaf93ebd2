//! What is typed into the command palette, and which of the commands found is chosen.

use super::guard::Asked;
use super::{App, Overlay};
use crate::record::PatientId;

/// The state of the command palette.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Commands {
    /// What is searched for.
    pub text: String,
    /// The place of the chosen one among those found.
    pub chosen: usize,
}

impl Commands {
    /// Whether what is typed finds these words: each part of it stands somewhere in them.
    pub fn finds(&self, words: &str) -> bool {
        let words = words.to_lowercase();
        self.text.to_lowercase().split_whitespace().all(|part| words.contains(part))
    }
}

impl App {
    pub(super) fn type_command(&mut self, text: String) {
        self.commands = Commands { text, chosen: 0 };
    }

    /// Chooses the command so many further down, of as many as were found.
    pub(super) fn choose_command(&mut self, lines: isize, of: usize) {
        let last = of.saturating_sub(1);
        self.commands.chosen = self.commands.chosen.saturating_add_signed(lines).min(last);
        self.scroll = true;
    }

    /// Shows what had to be waited for to whoever still waits for it; others go on typing, and are told of its `key`. Over one
    /// patient who is shown alone it is not shown, but afterwards.
    pub(super) fn show_late(&mut self, overlay: Overlay, is_waited_for: bool, key: &str) {
        if self.bedside.is_on {
            self.late = Some(overlay);
        } else if is_waited_for {
            self.overlay = Some(overlay);
        } else if let Some(notice) = &mut self.notice {
            notice.text += &format!(" {key} shows the result.");
        }
    }

    /// Closes what has nothing to show any more: nobody would see what to close, and the keys would be behind it.
    pub(super) fn close_what_is_empty(&mut self) {
        let is_empty = match self.overlay {
            Some(Overlay::Explanation) => self.explanation.is_none(),
            Some(Overlay::Review) => self.review.is_none(),
            Some(Overlay::ChartTable) => self.chart_table.is_none(),
            Some(Overlay::Entries) => self.patient().is_none(),
            Some(Overlay::Files) => self.files.is_none(),
            Some(Overlay::Report) => self.report.is_empty(),
            _ => false,
        };
        if is_empty {
            self.overlay = None;
        }
        self.close_what_is_of_nobody();
    }

    /// Closes the form and the question of a patient who is no longer in the ward. What is being saved has its own answer.
    fn close_what_is_of_nobody(&mut self) {
        let is_gone = |id: &PatientId| self.ward.as_ref().is_none_or(|ward| ward.patient(id).is_none());
        let nobody_is_asked_about = match &self.guard.asked {
            Some(Asked::Who(_)) => self.patient().is_none(),
            Some(Asked::Leave(id) | Asked::Known(id, _)) => is_gone(id),
            None => false,
        };
        let form = self.form.as_ref().filter(|form| form.patient.as_ref().is_some_and(is_gone));
        let closed = form.filter(|_| self.pending.is_none()).map(|form| form.title.clone());
        if nobody_is_asked_about {
            self.guard.asked = None;
        }
        if let Some(title) = closed {
            self.form = None;
            self.what_if = None;
            self.tell_error(&format!("'{title}' was closed: its patient is not in this ward any more"));
        }
    }

    /// Opens the palette empty, or closes it. What has no content yet says so.
    pub(super) fn show_overlay(&mut self, overlay: Overlay) {
        match overlay {
            Overlay::Report if self.report.is_empty() => {
                return self.tell("Nothing was imported since this window was opened.");
            }
            Overlay::Files if self.files.is_none() => {
                return self.tell("The files were not checked since this window was opened (Ctrl+Shift+K).");
            }
            _ => {}
        }
        self.commands = Commands::default();
        let is_open = self.overlay == Some(overlay);
        match overlay {
            Overlay::ChartTable if !is_open => self.open_chart_table(),
            _ => self.overlay = Some(overlay).filter(|_| !is_open),
        }
    }
}
