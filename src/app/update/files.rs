//! The files of the open ward: looking at every one, and backups.

use crate::app::form::{Form, FormKind};
use crate::app::{App, FilesView, Overlay};
use crate::store::listed;
use std::path::{Path, PathBuf};

impl App {
    /// Looks at every file and shows what was found.
    pub(super) fn check_files(&mut self) {
        let Some(ward) = &self.ward else { return self.tell_error("open a ward first") };
        let folder = std::path::absolute(ward.folder()).unwrap_or_else(|_| ward.folder().to_owned());
        let folder = folder.display().to_string();
        self.files = Some(FilesView::of(ward.store().verify(self.now), &folder, self.now));
        self.overlay = Some(Overlay::Files);
    }

    pub(super) fn copy_files(&mut self) {
        if let Some(files) = &self.files {
            self.clipboard = Some(files.text());
        }
    }

    /// The form for the folder of backups; the message where there can be none.
    pub(super) fn open_backup(&mut self) -> Result<Form, &'static str> {
        let ward = self.ward.as_mut().ok_or("open a ward first")?;
        if ward.is_demo() {
            return Err("the demo ward is removed when the window closes and has no backup");
        }
        ward.look_at_backups();
        Ok(Form::backup(ward.backups(), ward.offered_backup().as_deref()))
    }

    /// Backs up at once to the folder of the form, and from then on every day: a folder that does not work is not chosen.
    pub(super) fn submit_backup(&mut self, form: &Form) -> Result<(), String> {
        let ward = self.ward.as_mut().ok_or("open a ward first")?;
        let id = ward.store().id().to_string();
        let folder = form.value(Form::BACKUP_FOLDER);
        let said = if folder.is_empty() {
            self.settings.backups.remove(&id);
            "There are no backups now.".to_owned()
        } else {
            let folder = std::path::absolute(Path::new(folder)).unwrap_or_else(|_| PathBuf::from(folder));
            let copied = ward.back_up(&folder, self.now).map_err(|error| error.to_string())?;
            let shown = folder.display().to_string();
            self.settings.backups.insert(id, folder);
            let found = if copied.findings.is_empty() {
                String::new()
            } else {
                format!(" To look at: {}", listed(&copied.findings))
            };
            format!("Backed up to {shown}: {copied}.{found}")
        };
        self.form = None;
        self.tell(&said);
        self.keep_settings();
        if let Some(ward) = &mut self.ward {
            ward.look_at_backups();
        }
        Ok(())
    }

    /// Says once what was wrong with a backup, beside what was said about the save that it followed.
    pub(super) fn tell_of_backup(&mut self) {
        let Some(problem) = self.ward.as_mut().and_then(crate::app::ward::Ward::take_backup_problem) else { return };
        let saved = self.notice.take().map(|notice| notice.text + " ").unwrap_or_default();
        self.tell_error(&format!("{saved}{problem}"));
    }

    /// Whether a form is about the files of the ward.
    pub(in crate::app) const fn is_of_the_files(kind: &FormKind) -> bool {
        matches!(kind, FormKind::Import | FormKind::OpenFolder | FormKind::Backup)
    }
}
