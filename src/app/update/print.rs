//! Printing one page: made and written on a thread of its own, and opened with the computer's own viewer, which prints it.

use crate::app::page::{Printed, report};
use crate::app::page_file::{Page, remove_left_behind};
use crate::app::view::PatientView;
use crate::app::worker::Then;
use crate::app::{App, Viewer, workstation};
use crate::exchange::report::pdf;
use crate::record::Now;
use std::sync::Arc;

impl App {
    /// Prints with this viewer from now on.
    pub fn show_pages_with(&mut self, viewer: Arc<dyn Viewer>) {
        self.printing.viewer = viewer;
    }

    /// Removes the pages of programs that were killed, beside the window.
    pub fn remove_pages_left_behind(&mut self) {
        // Where no thread can be started, the next start removes them.
        let _ = self.worker.beside(|| {
            remove_left_behind(&std::env::temp_dir());
            Box::new(|_| ())
        });
    }

    /// Makes one page of the open patient and opens it in the viewer.
    pub(super) fn print(&mut self) {
        // Nothing of any patient leaves a window that is locked.
        if self.lock.is_on() {
            return;
        }
        if self.printing.is_busy {
            return self.tell_error("still making the page; try again when it is done");
        }
        if self.bedside.names_hidden {
            return self
                .tell_error("names are hidden, and a page without a name is dangerous; show them first with Ctrl+H");
        }
        let patient = self.ward.as_ref().zip(self.selected.as_ref()).and_then(|(ward, id)| ward.patient(id)).cloned();
        let Some(patient) = patient else { return self.tell_error("open a patient first") };
        let row = self.rows.iter().find(|row| row.id == patient.id);
        let printed = Printed {
            at: self.now,
            by: self.initials().cloned(),
            workstation: workstation(),
            by_day: !self.settings.dates,
            is_demo: self.is_demo(),
            attention: row.and_then(|row| row.second_chart.as_ref()).map(ToString::to_string).into_iter().collect(),
        };
        let (reference, clock, whose) = (self.reference.clone(), Arc::clone(&self.clock), self.name_of(&patient));
        let (window, look, at) = (self.window, self.chart_look(), self.now);
        let make = move || {
            let now = Now { at, zone: clock.zone() };
            let view = PatientView::of(&patient, &reference, (window, look), now, None);
            let view = view.map_err(|error| error.to_string())?;
            let bytes = pdf(&report(&patient, &view, &reference, &printed)).map_err(|error| error.to_string())?;
            Page::write(&bytes)
        };
        let asked = self.worker.beside(move || {
            let page = make();
            Box::new(move |app: &mut Self| app.show_page(&whose, page))
        });
        match asked {
            Ok(()) => {
                self.printing.is_busy = true;
                self.tell("Making the page…");
            }
            Err(error) => self.tell_error(&format!("the page could not be made: {error}")),
        }
        self.listen();
    }

    /// Opens a page that is made; not over a window that was locked meanwhile.
    fn show_page(&mut self, whose: &str, page: Result<Page, String>) {
        let page = match page {
            Ok(page) => page,
            Err(error) => {
                self.printing.is_busy = false;
                return self.tell_error(&format!("the page of {whose} could not be made: {error}"));
            }
        };
        if self.lock.is_on() {
            self.printing.is_busy = false;
            return self.tell_error(&format!(
                "the window was locked before the page of {whose} was made, so it was not opened; print it again with Ctrl+P"
            ));
        }
        let (viewer, file, named) = (Arc::clone(&self.printing.viewer), page.file.clone(), whose.to_owned());
        let path = file.clone();
        self.printing.pages.push(page);
        let opened = self.worker.beside(move || -> Then {
            let opened = viewer.show(&file).map_err(|error| error.to_string());
            Box::new(move |app: &mut Self| app.tell_of_page(&named, &file, opened))
        });
        if let Err(error) = opened {
            self.tell_of_page(whose, &path, Err(error.to_string()));
        }
    }

    fn tell_of_page(&mut self, whose: &str, file: &std::path::Path, opened: Result<(), String>) {
        self.printing.is_busy = false;
        match opened {
            Ok(()) => self.tell(&format!("The page of {whose} is open in this computer's viewer; print it from there.")),
            Err(error) => self.tell_error(&format!(
                "the page of {whose} is made, but no program opened it ({error}). It is {} until this window closes: open it \
                 there with a program that shows PDF files, and print it",
                file.display()
            )),
        }
    }
}
