//! Submitting a form: its fields become facts, or an error that names the field.

use crate::app::form::{Form, FormKind};
use crate::app::ward::{DoseCorrection, REGISTERED_BESIDE_A_GAP, Ward, WardError, Written};
use crate::app::{Action, App, Echo};
use crate::record::{
    Archive, ChartCheck, Entry, EntryId, Event, Fact, Grade, Graded, Height, Identity, Infusion, Initials, Measure,
    Measurement, Moment, Mrn, Name, Noted, PatientId, Quantity, Scale, Score, Sex, Weight, quick, time,
};
use crate::store::{Author, whole};
use std::fmt::Display;
use std::path::PathBuf;

/// Names the field that an error is about.
fn of<T>(label: &str, result: Result<T, impl Display>) -> Result<T, String> {
    result.map_err(|error| format!("{label}: {error}"))
}

/// The ids of entries that were written.
pub(super) fn ids_of(entries: &[Entry]) -> Vec<EntryId> {
    entries.iter().map(|entry| entry.id.clone()).collect()
}

impl App {
    pub(super) fn submit(&mut self) {
        // What is being saved must not be saved twice.
        let Some(form) = self.form.clone().filter(|_| self.pending().is_none()) else { return };
        if form.is_about_a_patient() && form.patient != self.selected {
            let error =
                "this form was opened for another patient than the one who is open now, so nothing was saved; close it";
            if let Some(form) = &mut self.form {
                form.error = Some(error.to_owned());
            }
            return;
        }
        let writes = form.is_about_a_patient() && !matches!(form.kind, FormKind::WhatIf);
        if writes && !self.is_sure_who(form.confirmed, Action::Submit) {
            return;
        }
        let result = match &form.kind {
            FormKind::Initials => self.submit_initials(&form),
            FormKind::Import => self.submit_import(&form),
            FormKind::OpenFolder => self.submit_folder(&form),
            FormKind::Backup => self.submit_backup(&form),
            FormKind::Workstation => self.submit_workstation(&form),
            FormKind::Settings => self.submit_settings(&form),
            FormKind::ReviewSettings(draft) => self.submit_review(&form, draft),
            FormKind::WhatIf => self.submit_what_if(&form),
            _ if self.author().is_none() => {
                self.show_form(Form::initials(""));
                self.after_initials = Some(Action::SubmitFilled(Box::new(form.clone())));
                return;
            }
            FormKind::Register => self.submit_register(&form),
            FormKind::Amend => self.submit_amend(&form),
            FormKind::Dose => self.submit_dose(&form),
            FormKind::Correct(target) => self.submit_correction(&form, target),
            FormKind::StrikeOut(target) => self.submit_strike_out(&form, target),
            FormKind::Stop(target) => self.submit_stop(&form, target),
            FormKind::Measure => self.measurements(&form).and_then(|facts| self.write(&form, facts)),
            FormKind::Infusion => self.infusion(&form).and_then(|fact| self.write(&form, vec![fact])),
            FormKind::Grade => self.grade(&form).and_then(|fact| self.write(&form, vec![fact])),
            FormKind::Event => self.event(&form).and_then(|fact| self.write(&form, vec![fact])),
            FormKind::Plan => self.plan(&form).and_then(|fact| self.write(&form, vec![fact])),
            FormKind::Checked => self.checked(&form).and_then(|fact| self.write(&form, vec![fact])),
            FormKind::Archive => Self::archive(&form).and_then(|fact| self.write(&form, vec![fact])),
        };
        if let Err(error) = result {
            // A part may be on the disk: whoever looks before trying again must see it.
            self.refresh();
            if let Some(form) = &mut self.form {
                form.error = Some(error);
            }
        }
    }

    fn submit_initials(&mut self, form: &Form) -> Result<(), String> {
        let initials: Initials = of("Your initials", form.value("Your initials").parse())?;
        self.record_as(initials);
        let next = self.after_initials.take();
        self.go_on(next);
        Ok(())
    }

    fn submit_folder(&mut self, form: &Form) -> Result<(), String> {
        let folder = whole_path(form, "Data folder")?.ok_or("Data folder: write the path of a folder")?;
        self.open_or_ask(folder, form)
    }

    fn submit_register(&mut self, form: &Form) -> Result<(), String> {
        let identity = identity(form, false)?;
        let mut facts = Vec::new();
        if !form.value("Weight in kg").is_empty() {
            facts.push(Self::weight(form, self.now)?);
        }
        if !form.value("Infusion time").is_empty() || !form.value("CAR T-cell product").is_empty() {
            facts.push(self.infusion(form)?);
        }
        let author = self.author().ok_or("who is recording?")?;
        let (now, submitted, locks) = (self.now, form.clone(), self.lock.times);
        let task = move |ward: &mut Ward| ward.noting_gaps(|ward| ward.register(identity, facts, &author, now));
        self.ask("saving…", task, move |app, result| match result {
            Ok(Written { result: id, written, gaps }) => {
                let was_waited_for = app.close_form(&submitted);
                app.search.clear();
                app.refresh();
                // Whoever went on to something else is not taken from their patient; nor is who came back after a lock, who may
                // be somebody else and has not typed who the new patient is.
                if was_waited_for
                    && app.lock.times == locks
                    && app.quick.line.trim().is_empty()
                    && app.guard.asked.is_none()
                {
                    app.select(id);
                    app.guard.is_registered_here();
                    app.tell_written(&written, "patient registered");
                } else {
                    app.tell_written(&written, "patient registered, to be opened in the ward list");
                }
                app.tell_gaps(&gaps, REGISTERED_BESIDE_A_GAP);
            }
            Err(error) => app.form_failed(&submitted, &error),
        })
    }

    fn submit_amend(&mut self, form: &Form) -> Result<(), String> {
        let shifted = self.patient().and_then(|patient| patient.identity()).is_some_and(|known| known.dates_shifted);
        let identity = identity(form, shifted)?;
        self.save(form, "patient amended", move |ward, id, author, now| ward.amend(id, identity, author, now))
    }

    fn submit_dose(&mut self, form: &Form) -> Result<(), String> {
        let echo = self.form_echo(form)?;
        self.ask_again(&echo.questions)?;
        let (submitted, (id, _)) = (form.clone(), self.here(form)?);
        self.save_dose(id, echo, move |app, error| match error {
            None => {
                app.close_form(&submitted);
                app.refresh();
            }
            Some(error) => app.form_failed(&submitted, &error),
        })
    }

    fn submit_correction(&mut self, form: &Form, target: &EntryId) -> Result<(), String> {
        let echo = self.form_echo(form)?;
        let told = echo.told("correction");
        let Echo { doses, questions, .. } = echo;
        let dose = doses.into_iter().next().ok_or("nothing is filled in yet")?;
        let reason = form.value("Reason").to_owned();
        if !reason.is_empty() {
            self.ask_again(&questions)?;
        }
        let known = self.heads(target);
        let correction = DoseCorrection { target: target.clone(), dose, reason, known, seen: questions };
        self.save(form, &told, move |ward, id, author, now| ward.correct_as_seen(id, correction, author, now))
    }

    fn submit_strike_out(&mut self, form: &Form, target: &EntryId) -> Result<(), String> {
        let (target, reason) = (target.clone(), form.value("Reason").to_owned());
        self.save(form, "strike-out", move |ward, id, author, now| ward.strike_out(id, &target, &reason, author, now))
    }

    /// Whose record a form writes to, and who writes.
    pub(super) fn here(&self, form: &Form) -> Result<(PatientId, Author), String> {
        let id = form.patient.clone().ok_or("open a patient first")?;
        Ok((id, self.author().ok_or("who is recording? give your initials at the top right")?))
    }

    /// The changes of an entry that nobody has changed since, as far as this window knows.
    pub(super) fn heads(&self, target: &EntryId) -> Vec<EntryId> {
        self.patient().and_then(|patient| patient.chart.heads(target)).unwrap_or_default()
    }

    fn write(&mut self, form: &Form, facts: Vec<Fact>) -> Result<(), String> {
        let what: Vec<String> = facts.iter().map(|fact| self.fact_words(fact)).collect();
        self.save(form, &what.join(", "), move |ward, id, author, now| ward.write(id, facts, author, now))
    }

    /// Has a form saved for the open patient, and closes it once that is done.
    fn save(
        &mut self,
        form: &Form,
        what: &str,
        task: impl FnOnce(&mut Ward, &PatientId, &Author, Moment) -> Result<Vec<Entry>, WardError> + Send + 'static,
    ) -> Result<(), String> {
        let (id, author) = self.here(form)?;
        let (now, submitted, what, patient) = (self.now, form.clone(), what.to_owned(), id.clone());
        let task = move |ward: &mut Ward| task(ward, &id, &author, now);
        self.ask("saving…", task, move |app, result| match result {
            Ok(entries) => {
                app.close_form(&submitted);
                app.refresh();
                app.tell_written_of(&patient, &ids_of(&entries), &what);
            }
            Err(error) => app.form_failed(&submitted, &error),
        })
    }

    /// A time of the past, in the words of the quick entry.
    fn past(&self, form: &Form, label: &'static str) -> Result<Moment, String> {
        let at = of(label, quick::parse_time(form.value(label), self.now_here()))?;
        if at > self.now_here().at {
            return Err(format!("{label}: {} is in the future", time::shown(at)));
        }
        Ok(at)
    }

    fn weight(form: &Form, at: Moment) -> Result<Fact, String> {
        let label = "Weight in kg";
        let weight: Weight = of(label, format!("{} kg", form.value(label)).parse())?;
        Ok(Fact::Measured(Measurement { what: Measure::Weight(weight), at }))
    }

    fn measurements(&self, form: &Form) -> Result<Vec<Fact>, String> {
        let at = self.past(form, "Time")?;
        let mut facts = Vec::new();
        if !form.value("Weight in kg").is_empty() {
            facts.push(Self::weight(form, at)?);
        }
        let label = "Height in cm";
        if !form.value(label).is_empty() {
            let height: Height = of(label, format!("{} cm", form.value(label)).parse())?;
            facts.push(Fact::Measured(Measurement { what: Measure::Height(height), at }));
        }
        if facts.is_empty() { Err("write a weight, a height, or both".to_owned()) } else { Ok(facts) }
    }

    fn infusion(&self, form: &Form) -> Result<Fact, String> {
        let product = form.value("CAR T-cell product");
        if product.is_empty() {
            return Err("CAR T-cell product: write its name".to_owned());
        }
        let at = of("Infusion time", quick::parse_time(form.value("Infusion time"), self.now_here()))?;
        if (at - self.now_here().at).num_days() > 366 {
            return Err(format!("Infusion time: {} is more than a year ahead; check the year", time::shown(at)));
        }
        Ok(Fact::Infused(Infusion { product: product.to_owned(), at }))
    }

    fn grade(&self, form: &Form) -> Result<Fact, String> {
        let scale = of("Scale", Scale::parse(form.value("Scale")))?;
        let grade = form.value("Grade").parse().ok().and_then(Grade::new).ok_or("Grade: choose 0 to 5")?;
        let score = score(form.value("ICE or CAPD score"))?;
        Ok(Fact::Graded(Graded { scale, grade, at: self.past(form, "Time")?, score }))
    }

    fn event(&self, form: &Form) -> Result<Fact, String> {
        let what = form.value("What").to_owned();
        let amount = match form.value("Amount") {
            "" => None,
            text => Some(of("Amount", text.parse::<Quantity>())?),
        };
        let event = match form.value("Event") {
            "" => return Err("Event: choose what happened".to_owned()),
            "tocilizumab" => Event::Agent { name: "tocilizumab".to_owned(), amount },
            "into intensive care" => Event::IntensiveCareIn,
            "out of intensive care" => Event::IntensiveCareOut,
            _ if what.is_empty() => return Err("What: write what it was".to_owned()),
            "other agent" => Event::Agent { name: what, amount },
            "response" => Event::Response(what),
            _ => Event::Text(what),
        };
        Ok(Fact::Noted(Noted { event, at: self.past(form, "Time")? }))
    }

    fn archive(form: &Form) -> Result<Fact, String> {
        match form.value("Reason") {
            "" => Err("Reason: write why the patient leaves the ward list".to_owned()),
            reason => Ok(Fact::Archived(Archive { reason: reason.to_owned() })),
        }
    }

    fn checked(&self, form: &Form) -> Result<Fact, String> {
        Ok(Fact::ChartChecked(ChartCheck { up_to: self.past(form, "Checked up to")? }))
    }
}

/// The path in a field, where there is one.
///
/// # Errors
/// For a part of a path: what it means depends on where the program was started.
pub(super) fn whole_path(form: &Form, label: &str) -> Result<Option<PathBuf>, String> {
    let path = PathBuf::from(form.value(label));
    if path.as_os_str().is_empty() {
        Ok(None)
    } else if path.is_absolute() {
        Ok(Some(whole(&path)))
    } else {
        Err(format!("{label}: '{}' is a part of a path; write all of it, or look for it", path.display()))
    }
}

fn identity(form: &Form, dates_shifted: bool) -> Result<Identity, String> {
    let born = match form.value("Date of birth") {
        "" => None,
        text => Some(of("Date of birth", time::parse_date(text))?),
    };
    Ok(Identity {
        mrn: of("MRN", form.value("MRN").parse::<Mrn>())?,
        family: of("Family name", Name::parse(form.value("Family name")))?,
        given: of("Given name", Name::parse(form.value("Given name")))?,
        born,
        sex: of("Sex", form.value("Sex").parse::<Sex>())?,
        dates_shifted,
    })
}

/// `ICE 7` or `CAPD 9`.
fn score(text: &str) -> Result<Option<Score>, String> {
    let mut words = text.split_whitespace();
    let wrong = || format!("ICE or CAPD score: '{text}' is not one; write ICE 0 to 10, CAPD 0 to 32, or nothing");
    match (words.next().map(str::to_uppercase).as_deref(), words.next(), words.next()) {
        (None, ..) => Ok(None),
        (Some("ICE"), Some(number), None) => {
            let points = number.parse().ok().filter(|points| *points <= 10).ok_or_else(wrong)?;
            Ok(Some(Score::Ice(points)))
        }
        (Some("CAPD"), Some(number), None) => {
            let points = number.parse().ok().filter(|points| *points <= 32).ok_or_else(wrong)?;
            Ok(Some(Score::Capd(points)))
        }
        _ => Err(wrong()),
    }
}
