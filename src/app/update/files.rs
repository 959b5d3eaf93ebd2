//! The files of the open ward: looking at every one, and backups.

use super::submit::whole_path;
use crate::app::form::{Form, FormKind};
use crate::app::ward::Ward;
use crate::app::{App, FilesView, Overlay, Settings};
use crate::store::{Copied, listed, whole};
use std::path::PathBuf;

impl App {
    /// Looks at every file and shows what was found.
    pub(super) fn check_files(&mut self) {
        let now = self.now;
        let look = move |ward: &mut Ward| {
            let folder = whole(ward.folder());
            Ok(FilesView::of(ward.store().verify(now), &folder.display().to_string(), now))
        };
        let asked = self.ask_long("checking every file…", look, |app, files| {
            app.files = files.ok();
            let is_waited_for =
                app.quick.line.trim().is_empty() && (!app.is_covered() || app.overlay == Some(Overlay::Files));
            let found = app.files.as_ref().map(|files| (files.is_well, format!("The files: {}.", files.summary)));
            match found.filter(|_| !is_waited_for) {
                Some((true, words)) => app.tell(&words),
                // At the bottom of the window, where it is seen beside the line that is typed.
                Some((false, words)) => app.tell_error(&words),
                None => {}
            }
            app.show_late(Overlay::Files, is_waited_for, "Ctrl+Shift+F");
        });
        if let Err(why) = asked {
            self.tell_error(&why);
        }
    }

    pub(super) fn copy_files(&mut self) {
        if let Some(files) = &self.files {
            self.clipboard = Some(files.text());
        }
    }

    /// Opens the form for the folder of backups, with how they stand now.
    pub(super) fn open_backup(&mut self) {
        if self.is_demo() {
            return self.tell_error("the demo ward is removed when the window closes and has no backup");
        }
        let look = |ward: &mut Ward| {
            ward.look_at_backups();
            Ok((ward.backups().clone(), ward.offered_backup()))
        };
        let asked = self.ask("looking at the backups…", look, |app, stand| {
            if let Ok((backups, offered)) = stand {
                app.overlay = None;
                app.show_late_form(Form::backup(&backups, offered.as_deref()));
                app.preview_form();
            }
        });
        if let Err(why) = asked {
            self.tell_error(&why);
        }
    }

    /// Backs up at once to the folder of the form, and from then on every day: a folder that does not work is not chosen.
    pub(super) fn submit_backup(&mut self, form: &Form) -> Result<(), String> {
        let (submitted, now) = (form.clone(), self.now);
        let folder = whole_path(form, Form::BACKUP_FOLDER)?;
        let (into, config) = (folder.clone(), self.places.config.clone());
        let copy = move |ward: &mut Ward| {
            let copied = into.as_ref().map(|folder| ward.back_up(folder, now)).transpose()?;
            let chosen = Settings::choose_backup(&config, ward.store().id().as_str(), into);
            Ok((copied, chosen.map_err(|error| error.to_string())))
        };
        self.ask_long("backing up…", copy, move |app, copied| match copied {
            Ok((copied, chosen)) => {
                app.close_form(&submitted);
                app.backed_up(folder, copied, chosen);
            }
            Err(error) => app.form_failed(&submitted, &error),
        })
    }

    fn backed_up(&mut self, folder: Option<PathBuf>, copied: Option<Copied>, chosen: Result<(), String>) {
        let said = match folder.zip(copied) {
            None => "There are no backups now.".to_owned(),
            Some((folder, copied)) => {
                let shown = folder.display().to_string();
                let found = if copied.findings.is_empty() {
                    String::new()
                } else {
                    format!(" To look at: {}", listed(&copied.findings))
                };
                format!("Backed up to {shown}: {copied}.{found}")
            }
        };
        match chosen {
            Ok(()) => self.tell(&said),
            Err(error) => {
                let config = self.places.config.display().to_string();
                self.tell_error(&format!("the folder of the backups could not be kept in {config}: {error}"));
            }
        }
        // What was chosen is in the settings only now.
        let look = |ward: &mut Ward| {
            ward.look_at_backups();
            Ok(())
        };
        let _ = self.ask("looking at the backups…", look, |_, _| ());
    }

    /// Says once what was wrong with a backup, beside what was said about the save that it followed.
    pub(in crate::app) fn tell_of_backup(&mut self) {
        let Some(problem) = self.ward.as_mut().and_then(|ward| ward.backup_problem.take()) else { return };
        let saved = self.notice.take().map(|notice| notice.text + " ").unwrap_or_default();
        self.tell_error(&format!("{saved}{problem}"));
    }

    /// Whether a form is about the files of the ward.
    pub(in crate::app) const fn is_of_the_files(kind: &FormKind) -> bool {
        matches!(kind, FormKind::Import | FormKind::OpenFolder | FormKind::Backup)
    }
}
