//! What is lost in the files: saving again what this window still holds, and saying that a loss is known.

use crate::app::form::Form;
use crate::app::guard::Asked;
use crate::app::ward::{Patient, SavedAgain, Ward};
use crate::app::worker::Seen;
use crate::app::{Action, App};
use crate::record::PatientId;
use crate::store::Finding;

impl App {
    /// What this window alone still holds, for a banner that stays until it is saved or back: the only copy may go with the
    /// window.
    pub fn only_here_words(&self) -> Option<String> {
        let patients = self.ward.as_ref().map(Seen::patients).unwrap_or_default();
        let held =
            patients.iter().map(|patient| (patient, patient.only_here().count())).filter(|(_, count)| *count > 0);
        let held: Vec<_> = held.collect();
        let (first, _) = held.first()?;
        let whose = match held.len() {
            1 => self.name_of(first),
            many => format!("{} and {} more", self.name_of(first), many - 1),
        };
        let (which, are) = match held.iter().map(|(_, count)| count).sum() {
            1 => ("1 entry".to_owned(), "is"),
            many => (format!("{many} entries"), "are"),
        };
        Some(format!(
            "{which} of {whose} {are} in this window only: the files in the ward's folder that held what was read are gone or \
             damaged, or cannot be read. Save again what is missing before you close the window; it does no harm when the files \
             come back."
        ))
    }

    /// Has everything saved again that this window alone still holds. Nobody's initials are needed: each entry keeps its own.
    pub(super) fn save_again(&mut self) {
        if self.only_here_words().is_none() {
            return self.tell("Nothing is missing that this window could save again.");
        }
        let now = self.now;
        let task = move |ward: &mut Ward| Ok(ward.save_again(now));
        let asked = self.ask("saving…", task, |app, result| {
            app.refresh();
            match result {
                Ok(saved) => app.tell_saved_again(&saved),
                Err(error) => app.tell_error(&error.to_string()),
            }
        });
        if let Err(error) = asked {
            self.tell_error(&error);
        }
    }

    fn tell_saved_again(&mut self, saved: &SavedAgain) {
        let count = saved.written.len();
        let what = if count == 1 { "1 entry that was missing".to_owned() } else { format!("{count} missing entries") };
        let written = (count > 0).then_some(what);
        let left = (saved.left > 0).then(|| {
            format!(
                "Not saved: {} found in another patient's record as well; check both medication charts.",
                if saved.left == 1 { "1 entry".to_owned() } else { format!("{} entries", saved.left) }
            )
        });
        let failed = saved.error.as_ref().map(|error| {
            format!("Not all could be saved again: {error}. Where a patient's folder is gone and nobody can put it back, make an \
                empty folder of its name, and save again.")
        });
        let problems: Vec<String> = failed.into_iter().chain(left).collect();
        match (&written, problems.is_empty()) {
            (Some(what), true) => self.tell_written(&saved.written, what),
            (None, true) => self.tell("Nothing is missing any more: the files are back."),
            (Some(what), false) => self.tell_error(&format!("Saved again: {what}. {}", problems.join(" "))),
            (None, false) => self.tell_error(&problems.join(" ")),
        }
    }

    /// The files of the open patient that this workstation has read and misses: gone, or shorter than they were.
    pub fn missing_files(&self) -> Vec<Finding> {
        let findings = self.patient().map(|patient| patient.findings.as_slice()).unwrap_or_default();
        findings.iter().filter(|finding| finding.is_remembered()).cloned().collect()
    }

    /// Asks whether it is known why they are missing, with their names.
    pub(super) fn ask_whether_known(&mut self) {
        let files = self.missing_files();
        let Some(id) = self.selected.clone().filter(|_| !files.is_empty()) else {
            return self.tell("This workstation misses no file of the open patient.");
        };
        if self.author().is_none() {
            self.show_form(Form::initials(""));
            self.after_initials = Some(Action::MissingIsKnown);
            return;
        }
        self.overlay = None;
        if !self.is_sure_who(false, Action::MissingIsKnown) {
            return;
        }
        self.guard.asked = Some(Asked::Known(id, files));
    }

    /// It is known: this workstation does not tell of these files again.
    pub(in crate::app) fn keep_known(&mut self, id: PatientId, files: Vec<Finding>) {
        // The question may have stood through a lock; then it is asked again, of somebody who knows whose files they are.
        if !self.is_sure_who(false, Action::MissingIsKnown) {
            return;
        }
        let Some(by) = self.initials().cloned() else { return };
        let now = self.now;
        let told: Vec<_> = files.into_iter().map(|finding| finding.file).collect();
        let task = move |ward: &mut Ward| ward.acknowledge_missing(&id, &told, &by, now);
        let asked = self.ask("keeping what is known…", task, |app, result| {
            if app.patient().is_none() {
                app.selected = None;
                app.watch_selected();
            }
            app.refresh();
            match result.map(|known| known.len()) {
                Ok(0) => app.tell("Nothing is missing any more: the files are back."),
                Ok(1) => app.tell("1 file is known to be missing, and is not told of again on this workstation."),
                Ok(many) => {
                    app.tell(&format!(
                        "{many} files are known to be missing, and are not told of again on this workstation."
                    ));
                }
                Err(error) => app.tell_error(&error.to_string()),
            }
        });
        if let Err(error) = asked {
            self.tell_error(&error);
        }
    }

    /// Whether the open patient has entries that this window alone still holds.
    pub fn holds_alone(&self) -> bool {
        self.patient().is_some_and(|patient: &Patient| patient.only_here().next().is_some())
    }
}
