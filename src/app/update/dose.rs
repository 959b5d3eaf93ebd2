//! A dose: typing it, saving it, the same again.

use crate::app::form::{Form, FormKind};
use crate::app::{Action, App, QuickEntry};
use crate::record::{Administration, EntryId};

impl App {
    pub(super) fn type_quick(&mut self, line: String) {
        let changed = line != self.quick.line;
        let echo = if line.trim().is_empty() { None } else { Some(self.echo(&line)) };
        self.quick.confirmed &= !changed;
        self.quick.line = line;
        self.quick.echo = echo;
    }

    pub(super) fn save_quick(&mut self) {
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
        if self.author().is_none() {
            self.form = Some(Form::initials(""));
            self.after_initials = Some(Action::SaveQuick);
            return;
        }
        match self.save_dose(echo.dose) {
            Ok(()) => {
                self.quick = QuickEntry::default();
                self.refresh();
            }
            Err(message) => self.tell_error(&message),
        }
    }

    /// Saves a dose for the open patient, and says so only once it is on the disk.
    pub(super) fn save_dose(&mut self, dose: Administration) -> Result<(), String> {
        let author = self.author().ok_or("who is recording? give your initials at the top right")?;
        let id = self.selected.clone().ok_or("open a patient first")?;
        let words = format!("{} {}", self.reference.formulary.shown(&dose.drug), dose.amount_shown());
        let ward = self.ward.as_mut().ok_or("open a ward first")?;
        let (entry, _) = ward.record(&id, dose, &author, self.now).map_err(|error| error.to_string())?;
        self.saved_at = Some(self.now);
        self.chosen = Some(entry.id);
        self.tell(&format!("Saved: {words}."));
        Ok(())
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
        let Some(last) = last else { return self.tell_error("no dose to repeat is recorded yet") };
        let mut form = Form::correct(&self.reference.formulary, &last.stamp.id, &last.value);
        for field in &mut form.fields {
            match field.label {
                "Given at" | "Note" => field.value.clear(),
                "Status" => "given".clone_into(&mut field.value),
                _ => {}
            }
        }
        self.type_quick(form.line());
    }

    /// Chooses an entry; the log scrolls to it once.
    pub(super) fn choose(&mut self, entry: Option<EntryId>) {
        self.chosen = entry;
        self.scroll = self.chosen.is_some();
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
    pub(super) fn preview_form(&mut self) {
        let Some(form) = &self.form else { return };
        if !matches!(form.kind, FormKind::Dose | FormKind::Correct(_)) {
            return;
        }
        let preview = self.form_dose(form).map(|(words, _)| words);
        if let Some(form) = &mut self.form {
            form.preview = Some(preview);
        }
    }

    /// The dose of a form, with what it would do in words.
    pub(super) fn form_dose(&self, form: &Form) -> Result<(String, Administration), String> {
        let echo = self.echo(&form.line())?;
        let words = match form.kind {
            // The old dose is still in the total, so the effect of a correction is not that of one more dose.
            FormKind::Correct(_) => echo.words,
            _ => format!("{} · {}", echo.words, echo.effect),
        };
        Ok((words, echo.dose))
    }
}
