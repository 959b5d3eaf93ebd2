//! A form that is not saved yet: kept through a crash and a restart in the same file as the lines of the quick entry, and
//! opened again with its patient.
//!
//! Kept are the forms that take the longest to fill in: of a dose, of a correction, of a plan. Of each only the fields that
//! were changed: what the form shows by itself is shown anew. A time is written out when the form comes back, as it is after a
//! lock, and the form says from when it is.

use super::form::{Form, FormKind};
use super::{Action, App};
use crate::record::{EntryId, Moment, PatientId, time};
use serde::{Deserialize, Serialize};

/// Which forms are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Which {
    Dose,
    Correct(EntryId),
    Plan,
}

/// A form that was filled in and not saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeptForm {
    which: Which,
    /// When it was changed last.
    typed_at: Moment,
    /// The changed fields: name and value.
    fields: Vec<(String, String)>,
}

impl KeptForm {
    /// What is to be kept of a form; nothing while nobody has changed it.
    fn of(form: &Form, now: Moment) -> Option<Self> {
        let which = match &form.kind {
            FormKind::Dose => Which::Dose,
            FormKind::Correct(id) => Which::Correct(id.clone()),
            FormKind::Plan => Which::Plan,
            _ => return None,
        };
        let changed = form.fields.iter().filter(|field| field.value != field.initial);
        let fields: Vec<_> = changed.map(|field| (field.label.to_owned(), field.value.clone())).collect();
        (!fields.is_empty()).then_some(Self { which, typed_at: now, fields })
    }

    /// When it was changed last.
    pub(super) const fn typed_at(form: &Self) -> Moment {
        form.typed_at
    }

    /// What it is about, for somebody who does not see it.
    pub(super) const fn is_of_a_dose(&self) -> bool {
        matches!(self.which, Which::Dose | Which::Correct(_))
    }

    fn says_the_same_as(&self, other: &Self) -> bool {
        self.which == other.which && self.fields == other.fields
    }

    fn kind(&self) -> FormKind {
        match &self.which {
            Which::Dose => FormKind::Dose,
            Which::Correct(id) => FormKind::Correct(id.clone()),
            Which::Plan => FormKind::Plan,
        }
    }
}

impl App {
    /// Notes the open form as it is now, and forgets it once it is closed: saved, or given up.
    pub(super) fn keep_form(&mut self) {
        // A form that waits until the initials are known is still being filled in.
        let waiting = match &self.after_initials {
            Some(Action::SubmitFilled(form)) => Some(form.as_ref()),
            _ => None,
        };
        let open = waiting
            .or(self.form.as_ref())
            .and_then(|form| Some((form.patient.clone()?, KeptForm::of(form, self.now)?)));
        let open_of: Option<PatientId> = open.as_ref().map(|(patient, _)| patient.clone());
        if let Some(before) = self.drafts.form_of.clone().filter(|before| Some(before) != open_of.as_ref()) {
            self.drafts.forms.remove(&before);
            self.write_draft(before);
        }
        self.drafts.form_of = open_of;
        let Some((patient, form)) = open else { return };
        if !self.drafts.forms.get(&patient).is_some_and(|kept| kept.says_the_same_as(&form)) {
            self.drafts.forms.insert(patient.clone(), form);
            self.write_draft(patient);
        }
    }

    /// Opens the form that is kept of the open patient. While names are hidden it waits: it might show one. It waits too
    /// while the patient is shown alone, to be read only.
    pub(super) fn restore_form(&mut self) {
        let kept = self.selected.as_ref().and_then(|id| self.drafts.forms.get(id)).cloned();
        let waits = self.form.is_some() || self.bedside.names_hidden || self.bedside.is_on;
        let Some(kept) = kept.filter(|_| !waits) else { return };
        // What it corrects may be gone from the files; then there is nothing to go on with, and it stays kept.
        let Some(mut form) = self.patient_form(&kept.kind()) else { return };
        for (label, value) in &kept.fields {
            if let Some(field) = form.fields.iter_mut().find(|field| field.label == label) {
                field.value.clone_from(value);
            }
        }
        self.show_form(form);
        self.come_back_to_the_form(kept.typed_at);
        if let Some(form) = &mut self.form {
            let when = time::shown(kept.typed_at);
            form.error =
                Some(format!("Kept from {when} and not saved. Look at it, and at its times, before saving it."));
        }
        self.preview_form();
        self.drafts.form_of = self.selected.clone();
    }
}
