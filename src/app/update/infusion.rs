//! A running infusion: stopping it with what went in, going on at another rate, and saying what became of one whose end has
//! passed.

use super::submit::ids_of;
use crate::app::dose_form::Context;
use crate::app::form::{Form, FormKind, STOPPED_AT, WENT_IN};
use crate::app::view::Asks;
use crate::app::ward::{DoseCorrection, Ward};
use crate::app::{Action, Answer, App, dose_form};
use crate::exposure::went_in;
use crate::record::quick::{self, QuickError};
use crate::record::{Administration, EntryId, Given, Moment, Now, Quantity, Status, time};

/// What a filled-in form comes to.
struct Stop {
    /// What the entry should say now.
    stopped: Administration,
    /// The infusion that begins where it ends, at another rate.
    next: Option<Administration>,
    /// Why.
    reason: String,
    /// What should be looked at before saving.
    questions: Vec<String>,
}

impl App {
    /// The infusion of an entry, where it is running.
    pub fn running(&self, id: &EntryId) -> Option<&Administration> {
        let entry = self.patient()?.chart.administrations.iter().find(|recorded| recorded.stamp.id == *id)?;
        let is_running = entry.value.status == Status::Running && !entry.struck_out;
        Some(&entry.value).filter(|dose| is_running && went_in(dose, self.now).is_some())
    }

    pub(super) fn stop_chosen(&mut self) {
        match self.chosen.clone().filter(|id| self.running(id).is_some()) {
            Some(id) => self.update(Action::Open(FormKind::Stop(id))),
            None => self.tell_error("choose an infusion that is running in the log first: click it, or press Ctrl+↓"),
        }
    }

    /// Says of an infusion whose end has passed that it ran until then.
    pub(super) fn answer_ran_to_its_end(&mut self, id: &EntryId) {
        let answer = Action::AnswerTo(Asks::Ended(id.clone()), Answer::First);
        if !self.is_sure_who(false, answer.clone()) {
            return;
        }
        let Some(author) = self.author() else {
            self.show_form(Form::initials(""));
            self.after_initials = Some(answer);
            return;
        };
        let mut doses = self.patient().into_iter().flat_map(|patient| &patient.chart.administrations);
        let dose = doses.find(|dose| dose.stamp.id == *id).map(|dose| dose.value.clone());
        let Some((patient, dose)) = self.selected.clone().zip(dose) else { return };
        let ended = DoseCorrection {
            target: id.clone(),
            dose: Administration { status: Status::Given, ..dose },
            reason: "ran to its end".to_owned(),
            known: self.heads(id),
            seen: Vec::new(),
        };
        let (now, whose) = (self.now, patient.clone());
        let task = move |ward: &mut Ward| ward.correct_as_seen(&patient, ended, &author, now);
        let asked = self.ask("saving…", task, move |app, result| {
            app.refresh();
            match result {
                Ok(entries) => app.tell_written_of(&whose, &ids_of(&entries), "the infusion ran to its end"),
                Err(error) => app.tell_error(&format!("{error}. Correct the infusion in the log (Ctrl+E)")),
            }
        });
        if let Err(error) = asked {
            self.tell_error(&error);
        }
    }

    /// Asks when an infusion whose end has passed was stopped. What is no infusion, or no mass, has no share that went in.
    pub(super) fn stopped_before(&mut self, id: EntryId) {
        self.choose(Some(id.clone()));
        let is_shared = self.running(&id).is_some();
        self.open(&if is_shared { FormKind::Stop(id) } else { FormKind::Correct(id) });
    }

    /// Asks how long an infusion takes whose end has passed and that still runs.
    pub(super) fn still_runs(&mut self, id: EntryId) {
        self.choose(Some(id.clone()));
        self.open(&FormKind::Correct(id));
        let Some(form) = &mut self.form else { return };
        "Write in 'Infused over' how long it takes in all, and the amount for that time. The earlier entry stays in the log, \
         struck through."
            .clone_into(&mut form.about);
        if let Some(reason) = form.fields.iter_mut().find(|field| field.label == "Reason") {
            "it still runs".clone_into(&mut reason.value);
        }
    }

    /// Works the amount out again when the time was changed, unless it was already written by hand.
    pub(super) fn fill_what_went_in(&mut self) {
        let Some(form) = &self.form else { return };
        let FormKind::Stop(id) = &form.kind else { return };
        if form.is_changed(WENT_IN) {
            return;
        }
        let share = self.running(id).and_then(|dose| went_in(dose, stopped_at(form, dose, self.now_here()).ok()?));
        let shown = share.map(crate::record::Amount::milligrams);
        if let Some((shown, form)) = shown.zip(self.form.as_mut()) {
            for field in form.fields.iter_mut().filter(|field| field.label == WENT_IN) {
                (field.value, field.initial) = (shown.clone(), shown.clone());
            }
        }
    }

    /// What saving the form would do, in words.
    pub(super) fn stop_preview(&self, form: &Form, id: &EntryId) -> Result<String, String> {
        let stop = self.stop_of(form, id)?;
        let mut words = format!("now: {}", self.in_words(&typed(stop.stopped.clone(), false)));
        if let Some(next) = stop.next {
            words += &format!("\nthen: {}", self.in_words(&typed(next, true)));
        }
        for question in &stop.questions {
            words += &format!("\n? {question}.");
        }
        Ok(words)
    }

    pub(super) fn submit_stop(&mut self, form: &Form, id: &EntryId) -> Result<(), String> {
        let stop = self.stop_of(form, id)?;
        self.ask_again(&stop.questions)?;
        let (patient, author) = self.here(form)?;
        let (now, submitted, whose) = (self.now, form.clone(), patient.clone());
        let Stop { stopped, next, reason, questions } = stop;
        let known = self.heads(id);
        let stop = DoseCorrection { target: id.clone(), dose: stopped, reason, known, seen: questions.clone() };
        let task = move |ward: &mut Ward| {
            let mut ids = ids_of(&ward.correct_as_seen(&patient, stop, &author, now)?);
            let next = next.map(|next| ward.record_unless_it_asks(&patient, &[next], &questions, &author, now));
            let goes_on = next.is_some();
            let failed = match next.transpose() {
                Ok(entries) => {
                    ids.extend(ids_of(&entries.unwrap_or_default()));
                    None
                }
                Err(error) => Some(error),
            };
            Ok((ids, goes_on, failed))
        };
        self.ask("saving…", task, move |app, result| match result {
            Ok((_, _, Some(error))) => {
                // The form would stop an infusion that is stopped already.
                app.close_form(&submitted);
                app.refresh();
                app.tell_error(&format!("the stop is saved, and the new rate is NOT: {error}"));
            }
            Ok((ids, goes_on, None)) => {
                app.close_form(&submitted);
                if let Some(next) = ids.last().filter(|_| goes_on) {
                    app.chosen = Some(next.clone());
                }
                app.refresh();
                let told = if goes_on { "the infusion goes on at the new rate" } else { "the infusion is stopped" };
                app.tell_written_of(&whose, &ids, told);
            }
            Err(error) => app.form_failed(&submitted, &error),
        })
    }

    fn stop_of(&self, form: &Form, id: &EntryId) -> Result<Stop, String> {
        let chart = &self.patient().ok_or("open a patient first")?.chart;
        let dose = self.running(id).ok_or("this infusion is not running any more; look at the log")?;
        let now = self.now_here();
        let time = stopped_at(form, dose, now).map_err(|error| format!("{STOPPED_AT}: {error}"))?;
        if time > now.at {
            return Err(format!("{STOPPED_AT}: this is still to come; write it down once it has happened"));
        }
        if time > dose.given.end() {
            return Err(format!("{STOPPED_AT}: the infusion had run before; correct its status to 'given'"));
        }
        let given = Given::Over(dose.given.start(), time).checked();
        let given = given.map_err(|error| format!("{STOPPED_AT}: {error}"))?;
        let in_milligrams = quick::Dosing::parse(form.value(WENT_IN), "mg").and_then(|dosing| dosing.over(given, None));
        let (amount, _) = in_milligrams.map_err(|error| format!("{WENT_IN}: {error}"))?;
        if amount == crate::record::Amount::ZERO {
            return Err(format!("{WENT_IN}: nothing went in; correct the dose to 'held', or strike it out"));
        }
        let whole = dose.amount.as_ref().and_then(Quantity::mass).filter(|whole| amount > *whole);
        let more =
            whole.map(|whole| format!("{} is more than the {} that were to go in", amount.shown(), whole.shown()));
        let stopped = Administration {
            amount: Some(Quantity::Mass(amount)),
            due: dose.due.clone().or_else(|| dose.amount.clone()),
            ordered: None,
            given,
            status: Status::Stopped,
            ..dose.clone()
        };
        let context = Context { formulary: &self.reference.formulary, now, chart };
        let next = dose_form::next_rate(form, &stopped, context)?;
        let mut questions: Vec<String> = more.into_iter().collect();
        if let Some(next) = &next {
            questions.extend(self.echo_of(typed(next.clone(), true), None)?.questions);
        }
        let reason = match (form.value("Reason"), &next) {
            ("", None) => "stopped".to_owned(),
            ("", Some(_)) => format!("rate changed to {}", form.value("New rate")),
            (written, _) => written.to_owned(),
        };
        Ok(Stop { stopped, next, reason, questions })
    }
}

/// When the form says that it was stopped. The end that is recorded is offered without its seconds, and keeps them.
fn stopped_at(form: &Form, dose: &Administration, now: Now<'_>) -> Result<Moment, QuickError> {
    let (text, end) = (form.value(STOPPED_AT), dose.given.end());
    if text == time::written(end, now.zone) { Ok(end) } else { quick::parse_time(text, now) }
}

fn typed(dose: Administration, by_rate: bool) -> quick::Typed {
    quick::Typed { dose, weight: None, by_rate }
}
