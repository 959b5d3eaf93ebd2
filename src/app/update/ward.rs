//! The ward: opening, reading again, importing.

use crate::app::form::Form;
use crate::app::guard::Guard;
use crate::app::known;
use crate::app::ward::{IMPORTED_BESIDE_A_GAP, Ward, WardError, Written};
use crate::app::worker::Job;
use crate::app::{Action, App, Overlay, QuickEntry};
use crate::exchange::import::{self, Profile};
use crate::exposure::Window;
use crate::store::{OsStorage, Outbox, Storage};
use std::path::{Path, PathBuf};
use std::sync::Arc;

impl App {
    pub(super) fn start_ward(&mut self) {
        if let Err(error) = self.open_folder(self.places.data.clone(), None, None) {
            self.tell_error(&error);
        }
    }

    /// Opens the folder of the last time, where there is a ward in it. Nothing is made.
    pub fn open_what_is_there(&mut self) {
        let folder = self.places.data.clone();
        self.ask_open(folder.clone(), true, move |app, result| match result {
            Ok(true) => app.opened(folder, None),
            Ok(false) => app.tell_what_waits(&folder, ""),
            Err(error) => app.tell_what_waits(&folder, &error),
        });
    }

    /// What waits on this workstation is not forgotten while its ward cannot be opened.
    fn tell_what_waits(&mut self, folder: &Path, error: &str) {
        let storage: Arc<dyn Storage> = Arc::new(OsStorage);
        let wait = match Outbox::waiting_anywhere(&storage, &self.places.config) {
            0 if error.is_empty() && known::ward_at(&self.places.config, folder).is_some() => {
                let (folder, file) = (folder.to_owned(), known::file(&self.places.config));
                return self.tell_error(&WardError::WardGone { folder, file }.to_string());
            }
            0 if error.is_empty() => return,
            0 => return self.tell_error(error),
            1 => "1 entry waits".to_owned(),
            many => format!("{many} entries wait"),
        };
        let error = if error.is_empty() { String::new() } else { format!("{error}. ") };
        let folder = folder.display();
        self.tell_error(&format!(
            "{error}{wait} on this workstation for a ward that is not open now. There is no ward in {folder} at the moment: \
             connect the share and open the folder again; what waits is delivered then. Do not start a ward in its place."
        ));
    }

    /// Opens the folder of a form. Where there is no ward in it yet, it is asked about before one is begun there.
    pub(super) fn open_or_ask(&mut self, folder: PathBuf, form: &Form) -> Result<(), String> {
        if form.confirmed {
            return self.open_folder(folder, Some(form.number), None);
        }
        self.may_open()?;
        let number = form.number;
        self.ask_open(folder.clone(), true, move |app, result| match result {
            Ok(true) => app.opened(folder, None),
            Ok(false) => {
                let shown = folder.display();
                let asks = format!("There is no ward in {shown}. Press Enter again to begin a new, empty one there");
                match app.form.as_mut().filter(|form| form.number == number) {
                    Some(form) => (form.confirmed, form.error) = (true, Some(asks)),
                    None => app.tell_error(&format!("There is no ward in {shown}, and none was begun there.")),
                }
            }
            Err(error) => app.folder_not_opened(Some(number), error),
        });
        Ok(())
    }

    /// A line that is typed would go with the ward that it is for.
    fn may_open(&self) -> Result<(), String> {
        if self.quick.line.trim().is_empty() {
            return Ok(());
        }
        Err("A dose is typed for the open patient. Save it with Enter or clear it with Escape before opening another folder."
            .to_owned())
    }

    /// Why a folder could not be opened: in the form, or as a message where it was closed meanwhile.
    fn folder_not_opened(&mut self, form: Option<u64>, error: String) {
        match self.form.as_mut().filter(|open| Some(open.number) == form) {
            Some(form) => form.error = Some(error),
            None => self.tell_error(&error),
        }
    }

    /// Opens a folder, asked for by a form or not, and goes on with what needed it.
    pub(super) fn open_folder(
        &mut self,
        folder: PathBuf,
        form: Option<u64>,
        next: Option<Action>,
    ) -> Result<(), String> {
        self.may_open()?;
        self.ask_open(folder.clone(), false, move |app, result| match result {
            Ok(_) => app.opened(folder, next),
            Err(error) => app.folder_not_opened(form, error),
        });
        Ok(())
    }

    fn opened(&mut self, folder: PathBuf, next: Option<Action>) {
        self.places.data = folder;
        self.settings = self.kept_settings.clone();
        self.show_ward();
        self.tell_of_new_settings();
        self.tell_of_drafts();
        if next.is_some() {
            self.go_on(next);
        } else if self.initials().is_none() {
            self.show_form(Form::initials(""));
        }
    }

    pub(super) fn try_demo(&mut self) {
        if let Err(words) = self.wait_for("making the demo ward…", false) {
            return self.tell_error(&words);
        }
        let clock = Arc::clone(&self.clock);
        let show = |app: &mut Self, made: Result<bool, String>| match made {
            Ok(_) => {
                app.settings.initials = "DEMO".parse().ok();
                app.show_ward();
            }
            Err(error) => app.tell_error(&error),
        };
        self.worker.send(Job::Make(Box::new(move || Ward::demo(clock.present())), Box::new(show)));
        self.listen();
    }

    /// Shows another ward.
    fn show_ward(&mut self) {
        self.use_unit_settings();
        self.marks.clear();
        self.guard = Guard::default();
        self.guard.begin_anew(self.lock.is_on());
        // Nothing of the ward before may stand over this one, nor in the place of its first patient.
        (self.form, self.late, self.files) = (None, None, None);
        self.report.clear();
        self.bedside.is_on = false;
        self.selected = None;
        self.chosen = None;
        self.chart.leave();
        self.what_if = None;
        self.saved_at = None;
        self.undoable.clear();
        self.search.clear();
        self.quick = QuickEntry::default();
        self.window = Window::Day0;
        self.refresh();
        let first = self.found_rows().next().map(|row| row.id.clone());
        self.selected = first;
        self.guard.nobody_chose();
        self.watch_selected();
        self.load_drafts();
        self.quick = self.restored_entry();
        self.refresh();
        self.restore_form();
    }

    pub(super) fn reload(&mut self) {
        let task = |ward: &mut Ward| {
            let read = ward.reload();
            ward.look_in_outbox();
            read
        };
        let asked = self.ask_long("reading the data folder…", task, |app, result| {
            match result {
                Ok(()) => {
                    app.tell("The data folder was read again.");
                    app.use_unit_settings();
                    app.tell_of_new_settings();
                }
                Err(error) => app.tell_error(&error.to_string()),
            }
            app.refresh();
            // What waits is tried again at once.
            app.look();
        });
        if let Err(error) = asked {
            self.tell_error(&error);
        }
    }

    /// Imports the file of the open form; the report is the message.
    pub(super) fn submit_import(&mut self, form: &Form) -> Result<(), String> {
        let path = form.value("File");
        if path.is_empty() {
            return Err("File: write the path of a CSV file, or look for it".to_owned());
        }
        let profile = Profile::named(form.value("Profile")).map_err(|error| error.to_string())?;
        let (path, formulary, clock) = (PathBuf::from(path), self.reference.formulary.clone(), Arc::clone(&self.clock));
        let read = move || import::read_file(&path, &profile, &formulary, clock.present());
        let submitted = form.clone();
        self.ask_beside(form.number, read, move |app, batch| {
            let imported = batch.map_err(|error| error.to_string()).and_then(|batch| app.import(&submitted, batch));
            if let (Err(error), Some(form)) = (imported, &mut app.form) {
                form.error = Some(error);
            }
        })
    }

    fn import(&mut self, form: &Form, batch: import::Batch) -> Result<(), String> {
        // Only a file that can be imported is a reason to begin a ward.
        if self.ward.is_none() {
            let next = Action::SubmitFilled(Box::new(form.clone()));
            return self.open_folder(self.places.data.clone(), Some(form.number), Some(next));
        }
        let Some(author) = self.author() else {
            self.show_form(Form::initials(""));
            self.after_initials = Some(Action::SubmitFilled(Box::new(form.clone())));
            return Ok(());
        };
        let (now, submitted) = (self.now, form.clone());
        let task = move |ward: &mut Ward| ward.noting_gaps(|ward| ward.import(batch, &author, now));
        self.ask_long("saving…", task, move |app, result| match result {
            Ok(Written { result: report, written, gaps }) => {
                let was_waited_for = app.close_form(&submitted);
                app.report = report.to_string();
                if written.is_empty() {
                    app.tell("The import is done; nothing in it is new.");
                } else {
                    app.tell_written(&written, "what was imported");
                }
                if let Some(words) = app.tell_gaps(&gaps, IMPORTED_BESIDE_A_GAP) {
                    app.report += &format!("\n{words}\n");
                }
                app.show_late(Overlay::Report, was_waited_for, "Ctrl+Shift+T");
                app.refresh();
                if app.selected.is_none() && was_waited_for {
                    app.select_by(0);
                    app.guard.nobody_chose();
                }
            }
            // What the patients before the one that failed got is on the disk.
            Err(error) => app.form_failed(&submitted, &error),
        })
    }
}
