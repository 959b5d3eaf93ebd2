//! Answering an open question, and whether two entries are one dose; of infusions see [`infusion`](super::infusion).

use super::submit::ids_of;
use crate::app::form::{Form, FormKind};
use crate::app::view::Asks;
use crate::app::view::Question;
use crate::app::ward::Ward;
use crate::app::{Action, Answer, App};
use crate::record::{EntryId, Fact};
use crate::safety::both_given;

impl App {
    /// The question that is asked of the open patient: the first that is open.
    pub fn question(&self) -> Option<&Question> {
        self.shown()?.questions.first()
    }

    pub(super) fn answer(&mut self, answer: Answer) {
        let Some(Question { asks, .. }) = self.question().cloned() else { return };
        match (asks, answer) {
            (Asks::Twice { first, second }, Answer::First) => self.answer_both(&first.0, &second.0),
            (Asks::Twice { first, .. }, Answer::Second) => self.strike_out_twice(first.0),
            (Asks::Twice { second, .. }, Answer::Third) => self.strike_out_twice(second.0),
            (Asks::Ended(id), Answer::First) => self.answer_ran_to_its_end(&id),
            (Asks::Ended(id), Answer::Second) => self.stopped_before(id),
            (Asks::Ended(id), Answer::Third) => self.still_runs(id),
        }
    }

    /// Answers the question about these two entries, where it is still open.
    pub(super) fn answer_both_given(&mut self, first: &EntryId, second: &EntryId) {
        let is_it =
            |asks: &Asks| matches!(asks, Asks::Twice { first: a, second: b } if a.0 == *first && b.0 == *second);
        if self.is_still_asked(is_it) {
            self.answer_both(first, second);
        }
    }

    /// Whether a question is open still that was looked at when it was answered; where it is not, that is told.
    pub(super) fn is_still_asked(&mut self, is_it: impl Fn(&Asks) -> bool) -> bool {
        let open = self.shown().is_some_and(|shown| shown.questions.iter().any(|question| is_it(&question.asks)));
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
            "recorded twice".clone_into(&mut reason.value);
        }
    }

    fn answer_both(&mut self, first: &EntryId, second: &EntryId) {
        // What is asked in between must not make this the answer to another question.
        let answer = Action::BothGiven(first.clone(), second.clone());
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
        let fact = Fact::Acknowledged(both_given(first, second));
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
