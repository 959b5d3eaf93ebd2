//! Answering an open question, and whether two entries are one dose; of infusions see [`infusion`](super::infusion).

use super::submit::ids_of;
use crate::app::form::{Form, FormKind};
use crate::app::view::{Asks, Question};
use crate::app::ward::Ward;
use crate::app::{Action, Answer, App};
use crate::record::{EntryId, Fact};
use crate::safety::both_given;

impl App {
    /// The question that is asked of the open patient: the one that is being read, as long as it is open, else the first.
    pub fn question(&self) -> Option<&Question> {
        let questions = &self.shown()?.questions;
        let read = questions.iter().find(|question| Some(&question.asks) == self.asked.as_ref());
        read.or_else(|| questions.first())
    }

    /// Keeps which question the window has shown, for the keys that answer it. One whose patient is being worked out again
    /// is only out of sight for a moment.
    pub fn has_asked(&mut self, question: Option<Asks>) {
        if question.is_some() || !self.awaits_figures() {
            self.asked = question;
        }
    }

    pub(super) fn answer(&mut self, answer: Answer) {
        if let Some(asks) = self.asked.clone() {
            self.answer_to(asks, answer);
        }
    }

    pub(super) fn answer_to(&mut self, asks: Asks, answer: Answer) {
        if !self.is_still_asked(&asks) {
            return;
        }
        match (asks, answer) {
            (Asks::Twice { first, second }, Answer::First) => self.answer_both(first, second),
            (Asks::Twice { first: entry, .. }, Answer::Second) | (Asks::Twice { second: entry, .. }, Answer::Third) => {
                self.strike_out_twice(entry);
            }
            (Asks::Ended(id), Answer::First) => self.answer_ran_to_its_end(&id),
            (Asks::Ended(id), Answer::Second) => self.stopped_before(id),
            (Asks::Ended(id), Answer::Third) => self.still_runs(id),
        }
    }

    /// Whether a question is open still that was looked at when it was answered; where it is not, that is told. The chart
    /// knows, also while the figures are being worked out.
    fn is_still_asked(&mut self, asks: &Asks) -> bool {
        let open = self.patient().is_some_and(|patient| asks.is_open(&patient.chart, self.now));
        if !open {
            self.tell_error(
                "the question that was answered is no longer open here, so nothing was saved; look at the log",
            );
        }
        open
    }

    fn strike_out_twice(&mut self, id: EntryId) {
        self.choose(Some(id.clone()));
        self.open(&FormKind::StrikeOut(id));
        if let Some(reason) = self.form.as_mut().and_then(|form| form.fields.first_mut()) {
            // Written by the form, so that it is selected as it opens and typing replaces it.
            "recorded twice".clone_into(&mut reason.initial);
            reason.value.clone_from(&reason.initial);
        }
    }

    fn answer_both(&mut self, first: EntryId, second: EntryId) {
        let fact = Fact::Acknowledged(both_given(&first, &second));
        // What is asked in between must not make this the answer to another question.
        let answer = Action::AnswerTo(Asks::Twice { first, second }, Answer::First);
        if !self.is_sure_who(false, answer.clone()) {
            return;
        }
        let Some(author) = self.author() else {
            self.show_form(Form::initials(""));
            self.after_initials = Some(answer);
            return;
        };
        let Some(id) = self.selected.clone() else { return };
        let now = self.now;
        let patient = id.clone();
        let task = move |ward: &mut Ward| ward.write(&id, vec![fact], &author, now);
        let asked = self.ask("saving…", task, move |app, result| match result {
            Ok(entries) => {
                app.refresh();
                app.tell_written_of(&patient, &ids_of(&entries), "both were given");
            }
            Err(error) => {
                app.refresh();
                app.tell_error(&error.to_string());
            }
        });
        if let Err(error) = asked {
            self.tell_error(&error);
        }
    }
}
