//! Carrying out what is done to the settings.

use super::form::{INITIALS, REASON, chosen};
use super::words::by_whom;
use super::{Comparison, Draft, compare, differences, gone, overtaken, reason, standing};
use crate::app::App;
use crate::app::form::{Form, FormKind};
use crate::app::ward::{Patient, Ward};
use crate::app::worker::Seen;
use crate::exposure::{UnitChange, UnitHistory, UnitSettings, as_of};
use crate::record::Initials;
use crate::store::listed;

impl App {
    /// What cannot be used of the unit's settings, and what is in force: for a strip that stays until it is put right.
    pub fn unit_problem(&self) -> Option<String> {
        let table = self.reference.rules().table.named();
        match self.ward.as_ref()?.unit() {
            Ok(unit) => {
                let unusable = standing(unit, &table).map(|stands| format!("{}. {stands}.", listed(&unit.findings)));
                let gone = self.gone_settings().map(|seen| gone(&seen, unit, &table));
                let all: Vec<String> = unusable.into_iter().chain(gone).collect();
                (!all.is_empty()).then(|| all.join(" "))
            }
            Err(error) => Some(format!(
                "{error}. Until this is put right, every figure here is under the program's own settings, with table {table}."
            )),
        }
    }

    /// Puts the settings of the open ward into force, or the design's where they cannot be used.
    pub(in crate::app) fn use_unit_settings(&mut self) {
        let unit = self.ward.as_ref().and_then(|ward| ward.unit().ok());
        let settings = unit.map(|unit| unit.history.in_force()).unwrap_or_default();
        match self.reference.under(&settings) {
            Ok(reference) => {
                if !self.reference.reads_as(&reference) {
                    self.rules_have_changed();
                }
                self.reference = reference;
            }
            Err(error) => self.tell_error(&error.to_string()),
        }
    }

    /// The settings that were in force here and are in no file any more.
    fn gone_settings(&self) -> Option<UnitChange> {
        let ward = self.ward.as_ref().filter(|ward| !ward.is_demo())?;
        self.settings.gone_settings(ward.store(), ward.unit().ok()?)
    }

    /// Says that the settings are not those that this workstation last saw, and remembers them.
    pub(in crate::app) fn tell_of_new_settings(&mut self) {
        let Some(ward) = self.ward.as_ref().filter(|ward| !ward.is_demo()) else { return };
        let Some(last) = ward.unit().ok().and_then(|unit| unit.history.last()).cloned() else { return };
        // What is lost is told by a strip that stays, and is not forgotten.
        if self.gone_settings().is_some() {
            return;
        }
        let store = ward.store().to_owned();
        // The whole text, so that a block that was edited in its place is noticed too.
        let before = self.settings.unit_seen.insert(store, last.text());
        if before.as_ref() == Some(&last.text()) {
            return;
        }
        let before =
            before.and_then(|text| UnitHistory::parse(&format!("[{text}]")).ok()).unwrap_or_default().in_force();
        let words = differences(&before, &last.settings, &self.reference).join("; ");
        let moves = self.compared(&before, &last.settings).map(|comparison| comparison.moved_in_words());
        self.tell(&format!(
            "The unit's settings were changed {}. {words}. {}.",
            by_whom(&last),
            moves.unwrap_or_default()
        ));
        self.keep_settings();
    }

    /// Opens the form with what is in force now, read again from the disk.
    pub(in crate::app) fn open_settings(&mut self) {
        self.overlay = None;
        let task = |ward: &mut Ward| Ok(ward.read_unit()?);
        let asked = self.ask("reading the unit's settings…", task, |app, read| {
            let form = read.map_err(|error| error.to_string()).and_then(|()| app.settings_form());
            match form {
                Ok(form) => app.show_late_form(form),
                Err(error) => app.tell_error(&error),
            }
        });
        if let Err(error) = asked {
            self.tell_error(&error);
        }
    }

    fn settings_form(&mut self) -> Result<Form, String> {
        let ward = self.ward.as_ref().ok_or("open a ward first")?;
        let history = ward.unit().map_err(|error| format!("{error}; put the file right first"))?.history.clone();
        self.use_unit_settings();
        let since = history.last().map_or_else(
            || {
                if self.gone_settings().is_some() {
                    "As designed; what was changed is in no file any more."
                } else {
                    "As designed; the unit has changed nothing yet."
                }
                .to_owned()
            },
            |last| format!("In force since they were changed {}.", by_whom(last)),
        );
        Ok(Form::settings(&self.reference, &history.in_force(), &since))
    }

    /// Goes on to what the chosen settings move.
    pub(in crate::app) fn submit_settings(&mut self, form: &Form) -> Result<(), String> {
        let ward = self.ward.as_ref().ok_or("open a ward first")?;
        let seen = ward.unit().cloned().map_err(ToOwned::to_owned)?;
        let now = seen.history.in_force();
        let settings = chosen(form, &self.reference, &now)?;
        // Where a change is gone, saving what is in force says that it is known.
        if settings == now && self.gone_settings().is_none() {
            return Err("nothing is changed yet; change a field, or press Escape".to_owned());
        }
        let comparison = self.compared(&now, &settings)?;
        let words = differences(&now, &settings, &self.reference);
        let initials = self.initials().map_or("", Initials::as_str);
        self.show_form(Form::review_settings(Draft { seen, settings }, &words, comparison, initials));
        Ok(())
    }

    /// Before and after for every patient, each as of their own time.
    fn compared(&self, before: &UnitSettings, after: &UnitSettings) -> Result<Comparison, String> {
        let patients = self.ward.as_ref().map(Seen::patients).unwrap_or_default();
        let under = |settings| self.reference.under(settings).map_err(|error| error.to_string());
        let at = |patient: &Patient| as_of(&patient.chart, self.now);
        Ok(compare(patients, under(before)?.rules(), under(after)?.rules(), &self.reference.published, at))
    }

    /// Saves a draft under the initials of the form.
    pub(in crate::app) fn submit_review(&mut self, form: &Form, draft: &Draft) -> Result<(), String> {
        let reason = reason(form.value(REASON))?;
        let by: Initials = form.value(INITIALS).parse().map_err(|error| format!("{INITIALS}: {error}"))?;
        let words = differences(&draft.seen.history.in_force(), &draft.settings, &self.reference).join("; ");
        let change = UnitChange { at: self.now, by: by.clone(), reason, settings: draft.settings.clone() };
        let (seen, submitted) = (draft.seen.clone(), form.clone());
        let made = change.clone();
        let task = move |ward: &mut Ward| ward.change_unit(&seen, &made);
        self.ask("saving…", task, move |app, result| {
            // Also after a failure: somebody else may have changed them, and that is in force now.
            app.use_unit_settings();
            match result {
                Ok(()) => app.settings_saved(&submitted, &change, &by, &words),
                Err(error) => app.form_failed(&submitted, &error),
            }
        })
    }

    fn settings_saved(&mut self, submitted: &Form, change: &UnitChange, by: &Initials, words: &str) {
        let Some(ward) = &self.ward else { return };
        let last = ward.unit().ok().and_then(|unit| unit.history.last()).filter(|last| last.at >= change.at);
        // What is earlier was read before, as the folder went away right after the save.
        let last = last.unwrap_or(change).clone();
        let overtaken = if last == *change { String::new() } else { format!(" {}.", overtaken(&last)) };
        self.settings.unit_seen.insert(ward.store().to_owned(), last.text());
        self.keep_settings();
        self.close_form(submitted);
        self.saved_at = Some(self.now);
        self.tell(&format!("Saved: the unit's settings, changed by {by}. {words}.{overtaken}"));
        self.refresh();
    }

    /// Whether a form is about the unit and nobody's chart.
    pub(in crate::app) const fn is_of_the_unit(kind: &FormKind) -> bool {
        matches!(kind, FormKind::Settings | FormKind::ReviewSettings(_))
    }
}
