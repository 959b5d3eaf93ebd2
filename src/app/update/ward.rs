//! The ward: opening, reading again, importing.

use crate::app::form::Form;
use crate::app::ward::Ward;
use crate::app::{Action, App, Overlay, Places, QuickEntry, Settings};
use crate::exchange::import::{self, Profile};
use crate::exposure::Window;
use std::path::{Path, PathBuf};

impl App {
    pub(super) fn start_ward(&mut self) {
        self.open_folder(self.places.data.clone());
    }

    pub(super) fn open_folder(&mut self, folder: PathBuf) {
        if !self.quick.line.trim().is_empty() {
            return self.tell_error(
                "A dose is typed for the open patient. Save it with Enter or clear it with Escape before opening another folder.",
            );
        }
        let places = Places { data: folder, ..self.places.clone() };
        match Ward::open_to_write_at(&places) {
            Ok(ward) => {
                self.places = places;
                self.settings = Settings::load(&self.places.config);
                self.show_ward(ward);
                self.tell_of_new_settings();
                if self.initials().is_none() {
                    self.form = Some(Form::initials(""));
                }
            }
            Err(error) => self.tell_error(&error.to_string()),
        }
    }

    pub(super) fn try_demo(&mut self) {
        match Ward::demo(self.clock.present()) {
            Ok(ward) => {
                self.settings.initials = "DEMO".parse().ok();
                self.show_ward(ward);
            }
            Err(error) => self.tell_error(&error.to_string()),
        }
    }

    fn show_ward(&mut self, ward: Ward) {
        self.ward = Some(ward);
        self.use_unit_settings();
        // Nothing of the ward before may stand over this one.
        self.form = None;
        self.selected = None;
        self.chosen = None;
        self.what_if = None;
        self.saved_at = None;
        self.search.clear();
        self.quick = QuickEntry::default();
        self.window = Window::Day0;
        self.refresh();
        self.selected = self.rows.first().map(|row| row.id.clone());
        self.refresh();
    }

    pub(super) fn reload(&mut self) {
        let Some(ward) = &mut self.ward else { return };
        match ward.reload() {
            Ok(()) => {
                self.tell("The data folder was read again.");
                self.look_at_settings();
            }
            Err(error) => self.tell_error(&error.to_string()),
        }
        self.refresh();
    }

    /// Imports the file of the open form; the report is the message.
    pub(super) fn submit_import(&mut self, form: &Form) -> Result<(), String> {
        let path = form.value("File");
        if path.is_empty() {
            return Err("File: write the path of a CSV file, or look for it".to_owned());
        }
        let profile = Profile::named(form.value("Profile")).map_err(|error| error.to_string())?;
        let formulary = &self.reference.formulary;
        let batch = import::read_file(Path::new(path), &profile, formulary, self.clock.present());
        let batch = batch.map_err(|error| error.to_string())?;
        // Only a file that can be imported is a reason to begin a ward.
        if self.ward.is_none() {
            self.notice = None;
            self.start_ward();
            if let Some(notice) = self.notice.take().filter(|notice| notice.is_error) {
                return Err(notice.text);
            }
        }
        let Some(author) = self.author() else {
            self.form = Some(Form::initials(""));
            self.after_initials = Some(Action::SubmitFilled(Box::new(form.clone())));
            return Ok(());
        };
        let ward = self.ward.as_mut().ok_or("open a ward first")?;
        let report = ward.import(batch, &author, self.now).map_err(|error| error.to_string());
        // What the patients before the one that failed got is on the disk.
        self.refresh();
        let report = report?;
        self.form = None;
        self.saved_at = Some(self.now);
        self.report = report.to_string();
        self.overlay = Some(Overlay::Report);
        self.tell("The import is done.");
        self.refresh();
        if self.selected.is_none() {
            self.select_by(0);
        }
        Ok(())
    }
}
