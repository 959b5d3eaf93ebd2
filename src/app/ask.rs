//! Asking the worker, and hearing from it: the only place where what it sends becomes what is shown.

use super::form::Form;
use super::pending::READING;
use super::ward::{Patient, Ward, WardError};
use super::worker::{Job, News, Pulse, Seen};
use super::{Action, App, Life, Places};
use crate::record::{EntryId, Fact, Moment, PatientId, time, visible};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// What the log says of an entry that is in the outbox.
const WAITS_HERE: &str = "waiting here, not in the ward's folder yet";

/// Why not to close while a save is under way: a share that hangs may never answer.
const SAVING: &str = "An entry is being saved, and the folder has not answered yet. If you close now it may be lost: look \
    whether it shows in the log before recording it again.";

/// What others have written and nobody has looked at here: the words by the line of the log.
pub type Marks = BTreeMap<PatientId, BTreeMap<EntryId, String>>;

/// How fresh what is shown is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freshness {
    /// In words.
    pub words: String,
    /// Whether the folder could be read at the last look.
    pub is_reachable: bool,
    /// Whether a look is overdue.
    pub is_late: bool,
}

impl App {
    /// Asks for something to be read or written, and goes on with `then` when it is done. One thing is asked for at a time.
    pub(super) fn ask<T: Send + 'static>(
        &mut self,
        words: &'static str,
        task: impl FnOnce(&mut Ward) -> Result<T, WardError> + Send + 'static,
        then: impl FnOnce(&mut Self, Result<T, WardError>) + Send + 'static,
    ) -> Result<(), String> {
        if self.ward.is_none() {
            return Err("open a ward first".to_owned());
        }
        self.wait_for(words, false)?;
        self.worker.send(Job::Do(Box::new(move |ward| {
            let result = task(ward);
            Box::new(move |app| then(app, result))
        })));
        self.listen();
        Ok(())
    }

    /// The same for what goes over the whole ward, or another folder: it is told how far it is, and it can be stopped.
    pub(super) fn ask_long<T: Send + 'static>(
        &mut self,
        words: &'static str,
        task: impl FnOnce(&mut Ward) -> Result<T, WardError> + Send + 'static,
        then: impl FnOnce(&mut Self, Result<T, WardError>) + Send + 'static,
    ) -> Result<(), String> {
        let asked = self.ask(words, task, then);
        if let Some(pending) = self.pending.as_mut().filter(|_| asked.is_ok()) {
            pending.is_long = true;
        }
        asked
    }

    /// Does something for a form that needs no ward, as reading a file that may be large or on a share; `then` goes on with it
    /// while the form is open. Nothing waits for it: doses are saved meanwhile.
    pub(super) fn ask_beside<T: Send + 'static>(
        &mut self,
        form: u64,
        task: impl FnOnce() -> T + Send + 'static,
        then: impl FnOnce(&mut Self, T) + Send + 'static,
    ) -> Result<(), String> {
        if self.reading == Some(form) {
            return Err(format!("still {READING}"));
        }
        self.reading = Some(form);
        let asked = self.worker.beside(move || {
            let result = task();
            Box::new(move |app: &mut Self| {
                if app.reading.take_if(|reading| *reading == form).is_some() && app.form_number() == Some(form) {
                    then(app, result);
                }
            })
        });
        self.listen();
        asked.map_err(|error| error.to_string())
    }

    /// Opens a data folder; `then` is told whether there is one, where it is not to be made.
    pub(super) fn ask_open(
        &mut self,
        folder: PathBuf,
        only_if_there: bool,
        then: impl FnOnce(&mut Self, Result<bool, String>) + Send + 'static,
    ) {
        if let Err(words) = self.wait_for("opening the ward…", true) {
            return self.tell_error(&words);
        }
        let places = Places { data: folder, ..self.places.clone() };
        self.worker.send(Job::Open { places, only_if_there, then: Box::new(then) });
        self.listen();
    }

    /// Takes in what the worker has sent. The window calls it on every frame, which costs nothing where there is no news.
    pub fn listen(&mut self) {
        self.hear_lock();
        self.hear_writer();
        while let Some(News { seen, then, beside }) = self.worker.hear() {
            if let Some(beside) = beside {
                self.now = self.clock.now();
                beside(self);
            }
            if let Some(seen) = seen {
                self.take_in(seen, then.is_some());
                if then.is_none() {
                    self.tell_of_backup();
                }
            }
            if let Some(then) = then {
                let before = std::mem::replace(&mut self.now, self.clock.now());
                self.pending = None;
                then(self);
                self.keep_form();
                self.tell_of_backup();
                // What is relative to now must not stay behind with the minute.
                if before.timestamp() / 60 != self.now.timestamp() / 60 {
                    self.refresh();
                }
            }
        }
        // Before a key is looked at, and after what may have emptied it.
        self.close_what_is_empty();
    }

    /// Shows the ward as it is now, sent with an answer or by itself. What is typed, chosen or open stays as it is.
    fn take_in(&mut self, mut seen: Seen, is_answer: bool) {
        self.now = self.clock.now();
        let before = self.ward.take().filter(|before| before.store() == seen.store());
        let delivered = std::mem::take(&mut seen.delivered);
        self.unreachable_since = match (seen.is_reachable, self.unreachable_since) {
            (true, _) => None,
            (false, since @ Some(_)) => since,
            (false, None) => Some(self.last_checked()),
        };
        self.ward = Some(seen);
        let Some(before) = before else { return };
        let new = self.mark_news(&before);
        if !delivered.is_empty() {
            let what: Vec<String> = delivered.iter().map(|(id, entry)| self.entry_words(id, &entry.fact)).collect();
            self.saved_at = Some(self.now);
            self.tell(&format!("Delivered to the ward's folder: {}.", what.join("; ")));
            self.back_up_delivered();
        } else if let Some(new) = new.filter(|_| self.notice.as_ref().is_none_or(|notice| !notice.is_error)) {
            self.tell(&new);
        }
        let units = (before.unit().ok(), self.ward.as_ref().and_then(|ward| ward.unit().ok()));
        if units.0 != units.1 {
            self.use_unit_settings();
            // What was asked for tells it in its own words.
            if !is_answer {
                self.tell_of_new_settings();
            }
        }
        self.refresh();
    }

    /// Marks what others wrote since, and says it in one line.
    fn mark_news(&mut self, before: &Seen) -> Option<String> {
        let ward = self.ward.as_ref()?;
        let mut told = Vec::new();
        let before: BTreeMap<&PatientId, &Arc<Patient>> =
            before.patients().iter().map(|patient| (&patient.id, patient)).collect();
        for patient in ward.patients() {
            let Some(old) = before.get(&patient.id).filter(|old| !Arc::ptr_eq(old, patient)) else { continue };
            for entry in patient.chart.added_since(&old.chart) {
                if ward.written.contains(&entry.id) {
                    continue;
                }
                let clock = if entry.recorded_at.date_naive() == self.now.date_naive() {
                    entry.recorded_at.format("%H:%M").to_string()
                } else {
                    time::shown(entry.recorded_at)
                };
                let words = format!("new from {} · {clock}", entry.workstation);
                told.push(format!("{}: {}, {words}", self.name_of(patient), self.fact_words(&entry.fact)));
                let line = match &entry.fact {
                    Fact::Corrected(change) => change.target.clone(),
                    Fact::StruckOut(change) => change.target.clone(),
                    _ => entry.id.clone(),
                };
                self.marks.entry(patient.id.clone()).or_default().insert(line, words);
            }
        }
        let more = told.len().saturating_sub(1);
        let first = told.into_iter().next()?;
        Some(if more == 0 { format!("{first}.") } else { format!("{first}, and {more} more.") })
    }

    /// `EXAMPLE, Robin: dexAMETHasone 10 mg, 22-Nov-2026 14:30`.
    pub(super) fn entry_words(&self, id: &PatientId, fact: &Fact) -> String {
        let name = self.ward.as_ref().and_then(|ward| ward.patient(id)).map(|patient| self.name_of(patient));
        format!("{}: {}", name.unwrap_or_else(|| id.to_string()), self.fact_words(fact))
    }

    /// When the folder was last seen to be as it is shown.
    fn last_checked(&self) -> Moment {
        let age = self.worker.age().unwrap_or(Duration::ZERO);
        chrono::TimeDelta::from_std(age).map_or(self.now, |age| self.clock.now() - age)
    }

    /// How fresh what is shown is; `None` without a ward.
    pub fn freshness(&self) -> Option<Freshness> {
        let waiting = self.ward.as_ref()?.waiting.len();
        if let Some(since) = self.unreachable_since {
            let since = if since.date_naive() == self.now.date_naive() {
                since.format("%H:%M").to_string()
            } else {
                time::shown(since)
            };
            let entries = match waiting {
                0 => String::new(),
                1 => ", 1 entry waiting here".to_owned(),
                many => format!(", {many} entries waiting here"),
            };
            let folder = visible::shown(&self.ward.as_ref()?.folder().display().to_string());
            let words = format!(
                "folder not reachable since {since}, showing data as of then{entries}. It cannot be reached at {folder}: connect \
                 the share or the disk that it is on"
            );
            return Some(Freshness { words, is_reachable: false, is_late: true });
        }
        let age = self.worker.age()?;
        let (mut words, mut is_late) = (Pulse::words(age), Pulse::is_late(age));
        if self.patient().is_some_and(Patient::is_incomplete) {
            words += ": entries are missing";
            is_late = true;
        }
        Some(Freshness { words, is_reachable: true, is_late })
    }

    /// Whether something would be left behind by closing the window now: entries that wait or are nowhere else, or a save that
    /// is under way.
    pub fn reason_to_stay(&self) -> Option<String> {
        let saving = self.pending.as_ref().filter(|pending| pending.words.starts_with("saving"));
        let waits = |ward: &&Seen| !ward.waiting.is_empty() || ward.outbox_problem.is_some();
        let here = self.ward.as_ref().filter(waits).and_then(|_| self.waiting_words());
        let waiting: Vec<String> =
            self.only_here_words().into_iter().chain(here).chain(self.waiting_elsewhere()).collect();
        let waiting = Some(waiting.join("\n")).filter(|waiting| !waiting.is_empty());
        match (saving, waiting) {
            (Some(_), _) => Some(SAVING.to_owned()),
            (None, waiting) => waiting,
        }
    }

    /// Marks in the log what is new from others, and what waits here: a dose, or a change of it.
    pub(super) fn mark_the_log(&mut self) {
        let waiting = self.patient().map(|patient| {
            let waits = |id: &EntryId| patient.waiting.contains(id);
            let doses = patient.chart.administrations.iter();
            let waiting =
                doses.filter(|dose| waits(&dose.stamp.id) || dose.changes.iter().any(|change| waits(&change.stamp.id)));
            waiting.map(|dose| dose.stamp.id.clone()).collect::<Vec<_>>()
        });
        let new = self.new_here().cloned().unwrap_or_default();
        if let Some(Ok(view)) = &mut self.view {
            for (id, words) in &new {
                view.mark(id, words);
            }
            for id in waiting.unwrap_or_default() {
                view.mark(&id, WAITS_HERE);
            }
        }
    }

    /// Opens a form, about the patient who is open now.
    pub(super) fn show_form(&mut self, mut form: Form) {
        self.forms += 1;
        form.number = self.forms;
        form.patient = self.selected.clone().filter(|_| form.is_about_a_patient());
        self.form = Some(form);
    }

    /// Opens a form that had to be waited for, unless another was opened meanwhile, or one patient is shown alone.
    pub(super) fn show_late_form(&mut self, form: Form) {
        if self.form.is_some() {
            return self.tell_error("another form was opened meanwhile; close it and try again");
        }
        if self.bedside.is_on {
            return self
                .tell_error("the form that was asked for does not open in the bedside view; leave it and try again");
        }
        self.show_form(form);
    }

    /// Closes the form that was submitted, and no other that was opened since; returns whether it was open still.
    pub(super) fn close_form(&mut self, submitted: &Form) -> bool {
        let is_open = self.form.as_ref().is_some_and(|form| form.number == submitted.number);
        if is_open {
            self.form = None;
        }
        is_open
    }

    /// `EXAMPLE, Robin: Record a dose (dexAMETHasone 10 mg, today 14:02)`.
    fn form_words(&self, form: &Form) -> String {
        let patient = form.patient.as_ref().zip(self.ward.as_ref()).and_then(|(id, ward)| ward.patient(id));
        let whose = patient.map(|patient| format!("{}: ", self.name_of(patient))).unwrap_or_default();
        let preview = form.preview.as_ref().and_then(|preview| preview.as_ref().ok());
        let first = preview.and_then(|preview| preview.lines().next()?.split(" · ").next());
        let what = first.map(|words| format!(" ({words})")).unwrap_or_default();
        format!("{whose}{}{what}", form.title)
    }

    /// Why a form could not be saved: in the form, or as a message where it was closed meanwhile.
    pub(super) fn form_failed(&mut self, submitted: &Form, error: &WardError) {
        // A part may be on the disk: whoever looks before trying again must see it.
        self.refresh();
        let is_question = matches!(error, WardError::Asks(_));
        match self.form.as_mut().filter(|form| form.number == submitted.number) {
            Some(form) if is_question => {
                form.confirmed = true;
                self.preview_form();
                if let Some(form) = &mut self.form {
                    form.error = Some(format!("{error}. Save again to record it all the same"));
                }
            }
            Some(form) => form.error = Some(error.to_string()),
            None => self.tell_error(&format!("{} was not saved: {error}", self.form_words(submitted))),
        }
    }

    /// The patient who is open was looked at: what was new there is no longer when they are opened again.
    pub(super) fn leave_patient(&mut self) {
        if let Some(id) = &self.selected {
            self.marks.remove(id);
        }
    }

    /// Tells the worker whose record to look at most often.
    pub(super) fn watch_selected(&mut self) {
        self.worker.send(Job::Watch(self.selected.clone()));
    }

    /// Looks at the folder now.
    pub(super) fn look(&mut self) {
        self.worker.send(Job::Look);
        self.listen();
    }

    /// Closes the window although something waits.
    pub(super) fn quit(&mut self) {
        self.overlay = None;
        self.life = Life::Closing;
    }

    /// Whether the window is to be closed now.
    pub fn is_quitting(&self) -> bool {
        self.life == Life::Closing
    }

    /// The marks of the open patient.
    pub fn new_here(&self) -> Option<&BTreeMap<EntryId, String>> {
        self.marks.get(self.selected.as_ref()?).filter(|marks| !marks.is_empty())
    }

    /// Carries out what was asked for before the initials were known, where it is still to be done.
    pub(super) fn go_on(&mut self, next: Option<Action>) {
        if let Some(next) = next {
            self.update(next);
        }
    }
}
