//! A dose: typing it, saving it, the same again.

use super::submit::ids_of;
use crate::app::drafts::Saving;
use crate::app::form::{Form, FormKind};
use crate::app::ward::{Ward, WardError};
use crate::app::{Action, App, Draft, Echo, Pending, QuickEntry, Undoable, dose_form};
use crate::record::{Administration, EntryId, Moment, PatientId, Recorded, counted, quick};

/// A line that is being saved.
#[derive(Clone)]
struct Entered {
    line: String,
    /// As what it was kept before, where it was.
    kept: Option<Draft>,
    /// When Enter was pressed.
    at: Moment,
    /// How often the window had been locked by then.
    locks: u32,
}

impl App {
    pub(in crate::app) fn type_quick(&mut self, line: String) {
        let changed = line != self.quick.line;
        // There is one line for each patient: another in its place would be the end of it.
        if changed && self.quick.held.is_some() {
            return self.tell_error(
                "a line that is kept of this patient is not shown while names are hidden; show them (Ctrl+H) to go on with it, \
                 or record the dose in the form (Ctrl+N)",
            );
        }
        let line = if changed && line.is_empty() { self.take_next() } else { line };
        // A line that was kept stays one of its time, however it is changed, until it is cleared.
        if changed && self.quick.kept.is_none() {
            self.quick.typed_at = Some(self.now);
        }
        let echo = if line.trim().is_empty() { None } else { Some(self.echo(&line)) };
        // What a colleague has recorded meanwhile may ask something else, which nobody has confirmed.
        let questions = |echo: &Option<Result<Echo, String>>| {
            echo.as_ref().and_then(|echo| echo.as_ref().ok()).map(|echo| echo.questions.clone())
        };
        let same = questions(&echo) == questions(&self.quick.echo);
        self.quick.confirmed &= !changed && same;
        self.quick.completions = quick::completions(&line, &self.reference.formulary);
        self.quick.line = line;
        self.quick.echo = echo;
        self.keep_draft();
    }

    /// The line that waits behind this one, which is done with; as this one, it may be one of another time.
    fn take_next(&mut self) -> String {
        let was_kept = self.quick.kept.take().is_some();
        let Some(next) = self.quick.next.take() else { return String::new() };
        if was_kept {
            self.quick.typed_at = Some(next.typed_at);
            self.quick.kept = Some(next.clone());
        }
        next.line
    }

    /// Finishes the word that is being typed.
    pub(super) fn complete(&mut self) {
        let Some(word) = self.quick.completions.first() else { return };
        let before = self.quick.line.rfind(char::is_whitespace).map_or(0, |at| at + 1);
        let before = self.quick.line.get(..before).unwrap_or_default();
        self.type_quick(format!("{before}{word} "));
    }

    pub(super) fn save_quick(&mut self) {
        // Enter a second time while the first is under way must not save twice; the line behind that one waits for its turn,
        // as "now" in it is when Enter is pressed.
        if self.is_busy() {
            if self.pending().is_some_and(|pending| pending.is_quick) && !self.quick.line.trim().is_empty() {
                self.tell_error(
                    "this line is NOT saved: the dose before it is still being saved; press Enter again when that is done",
                );
            }
            return;
        }
        // The line is read again: "now" is when Enter is pressed.
        self.type_quick(self.quick.line.clone());
        let echo = match &self.quick.echo {
            None | Some(Err(_)) => return,
            Some(Ok(echo)) => echo.clone(),
        };
        if !echo.questions.is_empty() && !self.quick.confirmed {
            self.quick.confirmed = true;
            return;
        }
        if !self.is_sure_who(!echo.questions.is_empty(), Action::SaveQuick) {
            return;
        }
        if self.author().is_none() {
            self.show_form(Form::initials(""));
            self.after_initials = Some(Action::SaveQuick);
            return;
        }
        let Some(id) = self.selected.clone() else { return self.tell_error("open a patient first") };
        // The next dose can be typed at once.
        self.lines_taken += 1;
        let saving = QuickEntry { saving: Some(echo.words.clone()), ..QuickEntry::default() };
        let QuickEntry { line, kept, next, .. } = std::mem::replace(&mut self.quick, saving);
        (self.quick.kept, self.quick.next) = (kept.clone(), next);
        let next = self.take_next();
        self.type_quick(next);
        let entered = Entered { line, kept, at: self.now, locks: self.lock.times };
        let not_sent = entered.clone();
        let words = self.doses_words(&echo);
        self.drafts.saving = Some(Saving { patient: id.clone(), words, was_left: false });
        let patient = id.clone();
        let saved = self.save_dose(id, echo, move |app, error| app.line_is_answered(&patient, entered, error));
        match saved {
            Ok(()) => self.pending = self.pending.take().map(|pending| Pending { is_quick: true, ..pending }),
            Err(error) => {
                self.drafts.saving = None;
                self.put_back(not_sent, false);
                self.tell_error(&error);
            }
        }
    }

    /// What becomes of a line whose save is answered. Where its patient was left meanwhile it is not put before whoever looks
    /// at another now: it is a draft of its patient, and the error says whose dose it is.
    fn line_is_answered(&mut self, patient: &PatientId, entered: Entered, error: Option<WardError>) {
        let saving = self.drafts.saving.take();
        if self.selected.as_ref() == Some(patient) {
            self.quick.saving = None;
        }
        let Some(error) = error else {
            self.is_done_with_line(patient);
            return self.refresh();
        };
        let Some(saving) = saving.filter(|saving| saving.was_left) else {
            let asks = matches!(error, WardError::Asks(_));
            self.put_back(entered, asks);
            if !asks {
                self.tell_error(&error.to_string());
            }
            return;
        };
        let Entered { line, kept, at, .. } = entered;
        self.is_draft_again(patient, Draft { line, typed_at: kept.map_or(at, |kept| kept.typed_at) });
        self.refresh();
        let whose = self.ward.as_ref().and_then(|ward| ward.patient(patient)).map(|patient| self.name_of(patient));
        let (whose, dose) = (whose.unwrap_or_default(), saving.words);
        self.tell_error(&format!("{whose}: {dose} is NOT saved: {error}. The line is kept with {whose}."));
    }

    /// A line that was not saved comes back. What was typed meanwhile follows when that line is done with.
    fn put_back(&mut self, entered: Entered, confirmed: bool) {
        let Entered { line, kept, at, locks } = entered;
        self.quick.saving = None;
        self.quick.next = self.typed();
        // Over a lock it is a line of the time at which Enter was pressed, and so is the one behind it one of its time.
        let is_left = kept.is_none() && self.lock.times != locks;
        let kept = if is_left { Some(Draft { line: line.clone(), typed_at: at }) } else { kept };
        self.quick.typed_at = Some(kept.as_ref().map_or(at, |kept| kept.typed_at));
        self.quick.kept = kept;
        self.quick.line = line;
        self.refresh();
        self.quick.confirmed = confirmed;
    }

    /// `dexAMETHasone 10 mg`, and how many where they are several; without the rest, which may name somebody.
    fn doses_words(&self, echo: &Echo) -> String {
        let dose = echo.doses.first().map_or_else(String::new, |first| {
            format!("{} {}", self.reference.formulary.shown(&first.drug), first.amount_shown())
        });
        if echo.doses.len() > 1 { format!("{} of {dose}", counted(echo.doses.len(), "dose")) } else { dose }
    }

    /// Saves a dose for the patient whom it was typed for; it is called saved only once it is on the disk. `then` learns why it was not.
    pub(super) fn save_dose(
        &mut self,
        id: PatientId,
        echo: Echo,
        then: impl FnOnce(&mut Self, Option<WardError>) + Send + 'static,
    ) -> Result<(), String> {
        let author = self.author().ok_or("who is recording? give your initials at the top right")?;
        let words = self.doses_words(&echo);
        let told = echo.told(&words);
        let Echo { doses, questions, .. } = echo;
        let (now, patient) = (self.now, id.clone());
        let (by, locks) = (author.by.clone(), self.lock.times);
        let task = move |ward: &mut Ward| ward.record_unless_it_asks(&id, &doses, &questions, &author, now);
        self.ask("saving…", task, move |app, result| {
            let error = match result {
                Ok(entries) => {
                    let ids = ids_of(&entries);
                    if app.selected.as_ref() == Some(&patient) {
                        app.chosen = ids.last().cloned();
                        app.scroll = true;
                        app.bring_chosen_then();
                    }
                    let (now, mut before) = (app.now, std::mem::take(&mut app.undoable));
                    app.tell_written_of(&patient, &ids, &told);
                    if app.initials() == Some(&by) && app.lock.times == locks {
                        before.retain(|undoable| undoable.patient == patient && undoable.is_recent(now));
                        before.push(Undoable { patient, ids, words, at: now });
                        app.undoable = before;
                    }
                    None
                }
                Err(error) => Some(error),
            };
            then(app, error);
        })
    }

    /// Whether the last thing that was saved here can be taken back: doses of the open patient, a minute ago at most.
    pub fn can_undo(&self) -> bool {
        let undoable = self.undoable.last().filter(|undoable| undoable.is_recent(self.clock.now()));
        undoable.is_some_and(|undoable| Some(&undoable.patient) == self.selected.as_ref())
    }

    /// Strikes out what was saved just now, as long as nothing else was and nobody has changed it; the next time what was saved
    /// before that. After a minute, a lock or other initials it is no longer the same person's slip, and is struck out in the
    /// log.
    pub(super) fn undo(&mut self) {
        if self.is_busy() {
            return;
        }
        let now = self.now;
        let Some(undoable) = self.undoable.last().filter(|undoable| undoable.is_recent(now)).cloned() else {
            return self.tell_error(
                "there is nothing to undo: that goes for the doses of the last minute, while nothing else is done; choose an \
                 entry in the log to strike it out (Ctrl+Shift+E)",
            );
        };
        let Undoable { patient, ids, words, .. } = undoable;
        if Some(&patient) != self.selected.as_ref() {
            return self.tell_error("what was saved last is of another patient; strike it out there (Ctrl+Shift+E)");
        }
        if !self.is_sure_who(false, Action::Undo) {
            return;
        }
        let Some(author) = self.author() else { return self.tell_error("who is recording? give your initials first") };
        self.undoable.pop();
        let (id, are) = (patient.clone(), if ids.len() == 1 { "is" } else { "are" });
        let task = move |ward: &mut Ward| ward.strike_out_unchanged(&patient, &ids, "undone at once", &author, now);
        let asked = self.ask("saving…", task, move |app, result| {
            app.refresh();
            match result {
                Ok(entries) => {
                    let before = std::mem::take(&mut app.undoable);
                    app.tell_written_of(&id, &ids_of(&entries), &format!("{words} {are} struck out, undone at once"));
                    app.undoable = before;
                }
                Err(error) => app.tell_error(&error.to_string()),
            }
        });
        if let Err(error) = asked {
            self.tell_error(&error);
        }
    }

    /// Puts the last dose that was given into the quick entry, with the time now. Nothing is saved yet.
    pub(super) fn same_again(&mut self) {
        let Some(patient) = self.patient() else { return self.tell_error("open a patient first") };
        let typed = self.quick.line.split_whitespace().next().map(|word| self.reference.formulary.find(word));
        let wanted = match typed {
            Some(Err(error)) => return self.tell_error(&error.to_string()),
            Some(Ok(drug)) => Some(drug.id.clone()),
            None => None,
        };
        let last = patient.chart.administrations.iter().rev().find(|dose| {
            !dose.struck_out
                && !dose.value.status.not_given()
                && wanted.as_ref().is_none_or(|drug| dose.value.drug == *drug)
        });
        let Some(last) = last else {
            let of = wanted.map(|drug| format!(" of {}", self.reference.formulary.shown(&drug))).unwrap_or_default();
            return self.tell_error(&format!("no dose{of} to repeat is recorded yet"));
        };
        let line = quick::line_of(&last.value);
        self.quick.kept = None;
        self.type_quick(line);
    }

    /// Chooses an entry; the log scrolls to it once.
    pub(in crate::app) fn choose(&mut self, entry: Option<EntryId>) {
        if let Some((marks, entry)) = self.selected.as_ref().and_then(|id| self.marks.get_mut(id)).zip(entry.as_ref())
            && marks.remove(entry).is_some()
        {
            self.refresh_view();
        }
        self.chosen = entry;
        self.scroll = self.chosen.is_some();
        self.bring_chosen();
    }

    pub(super) fn choose_by(&mut self, lines: i32) {
        let Some(view) = self.shown() else { return };
        let mut ids: Vec<EntryId> =
            view.log.iter().filter(|line| self.show_struck_out || !line.is_old).map(|line| line.id.clone()).collect();
        ids.dedup();
        let here = ids.iter().position(|id| Some(id) == self.chosen.as_ref());
        let steps = usize::try_from(lines.unsigned_abs()).unwrap_or(0);
        let there = match here {
            None => 0,
            Some(at) if lines < 0 => at.saturating_sub(steps),
            Some(at) => (at + steps).min(ids.len().saturating_sub(1)),
        };
        let there = ids.get(there).cloned();
        self.choose(there);
    }

    pub(super) fn change_chosen(&mut self, form: fn(EntryId) -> FormKind) {
        match self.chosen.clone() {
            Some(id) => self.update(Action::Open(form(id))),
            None => self.tell_error("choose a dose in the log first: click it, or press Ctrl+↓"),
        }
    }

    /// What the open form would save, where it is about a dose.
    pub(in crate::app) fn preview_form(&mut self) {
        let Some(form) = &self.form else { return };
        if matches!(form.kind, FormKind::Plan | FormKind::WhatIf) {
            return self.preview_plan();
        }
        if let FormKind::Stop(id) = &form.kind {
            let preview = self.stop_preview(form, id);
            if let Some(form) = &mut self.form {
                form.preview = Some(preview);
            }
            return;
        }
        if !matches!(form.kind, FormKind::Dose | FormKind::Correct(_)) {
            return;
        }
        let preview = self.form_echo(form).map(|echo| {
            let effect = format!("{} · {}", echo.words, echo.effect);
            let asked = echo.questions.iter().map(|question| format!("? {question}."));
            std::iter::once(effect).chain(asked).collect::<Vec<_>>().join("\n")
        });
        if let Some(form) = &mut self.form {
            form.preview = Some(preview);
        }
    }

    /// The dose of a form, with what it would do.
    pub(super) fn form_echo(&self, form: &Form) -> Result<Echo, String> {
        let chart = &self.patient().ok_or("open a patient first")?.chart;
        let corrects = match &form.kind {
            FormKind::Correct(id) => Some(id),
            _ => None,
        };
        let is_it = |recorded: &&Recorded<Administration>| Some(&recorded.stamp.id) == corrects;
        let old = chart.administrations.iter().find(is_it).map(|recorded| &recorded.value);
        let context = dose_form::Context { formulary: &self.reference.formulary, now: self.now_here(), chart };
        let dose = dose_form::administration(form, old, context)?;
        if old.is_some_and(|old| *old == dose) {
            return Err("nothing is changed yet; change a field, or strike the entry out".to_owned());
        }
        let weight = chart.weight_at(dose.given.start()).or_else(|| chart.weight_at(self.now_here().at));
        let by_rate = quick::is_rate(form.value("Unit"));
        self.echo_of(quick::Typed { dose, weight: weight.map(|(weight, _)| weight), by_rate }, corrects)
    }

    /// Asks once more before a dose that raises a question is saved from a form.
    pub(super) fn ask_again(&mut self, questions: &[String]) -> Result<(), String> {
        let Some(form) = self.form.as_mut().filter(|form| !questions.is_empty() && !form.confirmed) else {
            return Ok(());
        };
        form.confirmed = true;
        Err(format!("{}. Save again to record it all the same", questions.join(". ")))
    }
}
