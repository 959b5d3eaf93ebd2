//! Answering whether two entries are one dose.

use super::submit::ids_of;
use crate::app::form::{Form, FormKind};
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
        let Some(question) = self.question().cloned() else { return };
        match answer {
            Answer::BothGiven => self.answer_both(&question),
            Answer::StrikeOutFirst => self.strike_out_twice(question.first.0),
            Answer::StrikeOutSecond => self.strike_out_twice(question.second.0),
        }
    }

    /// Answers the question about these two entries, where it is still open.
    pub(super) fn answer_both_given(&mut self, first: &EntryId, second: &EntryId) {
        let is_it = |question: &&Question| question.first.0 == *first && question.second.0 == *second;
        match self.shown().and_then(|shown| shown.questions.iter().find(is_it)).cloned() {
            Some(question) => self.answer_both(&question),
            None => self.tell_error(
                "the question that was answered is no longer open here, so nothing was saved; look at the log",
            ),
        }
    }

    fn strike_out_twice(&mut self, id: EntryId) {
        self.choose(Some(id.clone()));
        self.open(&FormKind::StrikeOut(id));
        if let Some(reason) = self.form.as_mut().and_then(|form| form.fields.first_mut()) {
            "recorded twice".clone_into(&mut reason.value);
        }
    }

    fn answer_both(&mut self, question: &Question) {
        // What is asked in between must not make this the answer to another question.
        let answer = Action::BothGiven(question.first.0.clone(), question.second.0.clone());
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
        let fact = Fact::Acknowledged(both_given(&question.first.0, &question.second.0));
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
