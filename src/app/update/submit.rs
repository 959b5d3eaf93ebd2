//! Submitting a form: its fields become facts, or an error that names the field.

use crate::app::form::{Form, FormKind};
use crate::app::{Action, App};
use crate::record::{
    ChartCheck, EntryId, Event, Fact, Grade, Graded, Height, Identity, Infusion, Initials, Measure, Measurement,
    Moment, Mrn, Name, Noted, PatientId, Quantity, Scale, Score, Sex, Weight, quick, time,
};
use std::fmt::Display;
use std::path::PathBuf;

/// Names the field that an error is about.
fn of<T>(label: &str, result: Result<T, impl Display>) -> Result<T, String> {
    result.map_err(|error| format!("{label}: {error}"))
}

impl App {
    pub(super) fn submit(&mut self) {
        let Some(form) = self.form.clone() else { return };
        let result = match &form.kind {
            FormKind::Initials => self.submit_initials(&form),
            FormKind::Import => self.submit_import(&form),
            FormKind::OpenFolder => self.submit_folder(&form),
            FormKind::Backup => self.submit_backup(&form),
            FormKind::Settings => self.submit_settings(&form),
            FormKind::ReviewSettings(draft) => self.submit_review(&form, draft),
            FormKind::WhatIf => self.submit_what_if(&form),
            _ if self.author().is_none() => {
                self.form = Some(Form::initials(""));
                self.after_initials = Some(Action::SubmitFilled(Box::new(form.clone())));
                return;
            }
            FormKind::Register => self.submit_register(&form),
            FormKind::Amend => self.submit_amend(&form),
            FormKind::Dose => self.submit_dose(&form),
            FormKind::Correct(target) => self.submit_correction(&form, target),
            FormKind::StrikeOut(target) => self.submit_strike_out(&form, target),
            FormKind::Stop(target) => self.submit_stop(&form, target),
            FormKind::Measure => self.measurements(&form).and_then(|facts| self.write(facts)),
            FormKind::Infusion => self.infusion(&form).and_then(|fact| self.write(vec![fact])),
            FormKind::Grade => self.grade(&form).and_then(|fact| self.write(vec![fact])),
            FormKind::Event => self.event(&form).and_then(|fact| self.write(vec![fact])),
            FormKind::Plan => self.plan(&form).and_then(|fact| self.write(vec![fact])),
            FormKind::Checked => self.checked(&form).and_then(|fact| self.write(vec![fact])),
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
        if let Some(next) = self.after_initials.take() {
            self.update(next);
        }
        Ok(())
    }

    fn submit_folder(&mut self, form: &Form) -> Result<(), String> {
        let folder = form.value("Data folder");
        if folder.is_empty() {
            return Err("Data folder: write the path of a folder".to_owned());
        }
        self.notice = None;
        self.open_folder(PathBuf::from(folder));
        match self.notice.take() {
            Some(notice) if notice.is_error => Err(notice.text),
            _ => Ok(()),
        }
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
        let ward = self.ward.as_mut().ok_or("open a ward first")?;
        let id = ward.register(identity, facts, &author, self.now).map_err(|error| error.to_string())?;
        self.saved("patient registered");
        self.search.clear();
        self.select(id);
        Ok(())
    }

    fn submit_amend(&mut self, form: &Form) -> Result<(), String> {
        let shifted = self.patient().and_then(|patient| patient.identity()).is_some_and(|known| known.dates_shifted);
        let identity = identity(form, shifted)?;
        let (id, author) = self.here()?;
        let ward = self.ward.as_mut().ok_or("open a ward first")?;
        ward.amend(&id, identity, &author, self.now).map_err(|error| error.to_string())?;
        self.saved("patient amended");
        Ok(())
    }

    fn submit_dose(&mut self, form: &Form) -> Result<(), String> {
        self.see_what_others_wrote();
        let echo = self.form_echo(form)?;
        self.ask_again(&echo.questions)?;
        self.save_dose(echo.dose)?;
        self.form = None;
        self.refresh();
        Ok(())
    }

    fn submit_correction(&mut self, form: &Form, target: &EntryId) -> Result<(), String> {
        self.see_what_others_wrote();
        let echo = self.form_echo(form)?;
        if !form.value("Reason").is_empty() {
            self.ask_again(&echo.questions)?;
        }
        let (id, author) = self.here()?;
        let ward = self.ward.as_mut().ok_or("open a ward first")?;
        let replacement = Fact::Administered(echo.dose);
        let written = ward.correct(&id, target, replacement, form.value("Reason"), &author, self.now);
        written.map_err(|error| error.to_string())?;
        self.saved("correction");
        Ok(())
    }

    fn submit_strike_out(&mut self, form: &Form, target: &EntryId) -> Result<(), String> {
        let (id, author) = self.here()?;
        let ward = self.ward.as_mut().ok_or("open a ward first")?;
        let written = ward.strike_out(&id, target, form.value("Reason"), &author, self.now);
        written.map_err(|error| error.to_string())?;
        self.saved("strike-out");
        Ok(())
    }

    fn here(&self) -> Result<(PatientId, crate::store::Author), String> {
        let id = self.selected.clone().ok_or("open a patient first")?;
        Ok((id, self.author().ok_or("who is recording? give your initials at the top right")?))
    }

    fn write(&mut self, facts: Vec<Fact>) -> Result<(), String> {
        let formulary = &self.reference.formulary;
        let what: Vec<String> = facts.iter().map(|fact| fact.named(formulary)).collect();
        let (id, author) = self.here()?;
        let ward = self.ward.as_mut().ok_or("open a ward first")?;
        ward.write(&id, facts, &author, self.now).map_err(|error| error.to_string())?;
        self.saved(&what.join(", "));
        Ok(())
    }

    fn saved(&mut self, what: &str) {
        self.form = None;
        self.saved_at = Some(self.now);
        self.tell(&format!("Saved: {what}."));
        self.refresh();
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

    fn checked(&self, form: &Form) -> Result<Fact, String> {
        Ok(Fact::ChartChecked(ChartCheck { up_to: self.past(form, "Checked up to")? }))
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
