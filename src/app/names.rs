//! Names on the screen: as they are, or hidden at the bedside, where others look over the shoulder.
//!
//! Hidden, a patient is told by the first letters and a mark, `E. R. · q2mz`. The mark is the beginning of the random id of
//! the record: it stays the same for ever, says nothing about the patient, and tells two patients with the same letters
//! apart. Dates of birth and MRNs are not shown, and forms that are filled with them do not open. What somebody wrote into a
//! note or a reason may be a name: it is shown as being there, not what it says, also in what is copied. What is copied keeps
//! the patient's own name: a text without one could be pasted for anybody. What is being typed is seen as it is typed; what was
//! typed before and is kept, a line or a form, comes back when the names do.

use super::form::FormKind;
use super::ward::Patient;
use super::worker::Seen;
use super::{App, Overlay};
use crate::record::{Chart, EntryId, Fact};
use std::borrow::Cow;

/// `E. R. · q2mz`.
pub fn mark(patient: &Patient) -> String {
    let first = |name: String| name.chars().next().map(|letter| format!("{}. ", letter.to_uppercase()));
    let letters = patient.identity().map(|identity| {
        [identity.family.shown(), identity.given.shown()].into_iter().filter_map(first).collect::<String>()
    });
    let id = patient.id.as_str();
    let mark: String = id.strip_prefix("p-").unwrap_or(id).chars().take(4).collect();
    match letters.as_deref().map(str::trim_end) {
        None | Some("") => format!("patient · {mark}"),
        Some(letters) => format!("{letters} · {mark}"),
    }
}

/// A patient for the screen: without what notes and reasons say while names are hidden.
pub(super) fn as_may_be_seen(patient: &Patient, names_hidden: bool) -> Cow<'_, Patient> {
    if !names_hidden {
        return Cow::Borrowed(patient);
    }
    let mut shown = patient.clone();
    shown.chart = patient.chart.with_free_text_hidden();
    Cow::Owned(shown)
}

impl App {
    /// What stands for a patient on the screen.
    pub fn name_of(&self, patient: &Patient) -> String {
        if self.bedside.names_hidden { mark(patient) } else { patient.shown_name() }
    }

    /// Hides the names, or shows them again.
    pub(super) fn hide_names(&mut self) {
        self.bedside.names_hidden = !self.bedside.names_hidden;
        // What went well was told in words that nobody looked through.
        if let Some(mut notice) = self.notice.take().filter(|notice| notice.is_error) {
            notice.text = self.as_may_be_seen(notice.text);
            self.notice = Some(notice);
        }
        // It says who the patient was, and quotes what was written.
        self.overlay = self.overlay.filter(|overlay| *overlay != Overlay::Review);
        if self.bedside.names_hidden {
            // What was searched for is a name.
            self.search_for(String::new());
            self.type_command(String::new());
        }
        self.refresh_view();
        self.show_held_line();
    }

    /// A fact in words, for the screen.
    pub fn fact_words(&self, fact: &Fact) -> String {
        let formulary = &self.reference.formulary;
        if self.bedside.names_hidden {
            fact.clone().with_free_text_hidden().named(formulary)
        } else {
            fact.named(formulary)
        }
    }

    /// A text for the screen: without the names and MRNs of the ward while they are hidden.
    pub(super) fn as_may_be_seen(&self, mut text: String) -> String {
        let patients = self.ward.as_ref().filter(|_| self.bedside.names_hidden).map(Seen::patients);
        for patient in patients.unwrap_or_default() {
            let mark = mark(patient);
            text = text.replace(&patient.shown_name(), &mark);
            if let Some(identity) = patient.identity() {
                text = text.replace(identity.mrn.as_str(), &mark);
            }
        }
        text
    }

    /// Whether a form does not open while names are hidden: it would show them, or a note.
    pub(super) fn would_show_names(&self, kind: &FormKind) -> bool {
        let has_note = |chart: &Chart, id: &EntryId| {
            let dose = chart.administrations.iter().find(|dose| dose.stamp.id == *id);
            dose.is_some_and(|dose| dose.value.note.is_some())
        };
        self.bedside.names_hidden
            && match kind {
                FormKind::Register | FormKind::Amend | FormKind::Import => true,
                FormKind::Correct(id) => self.patient().is_some_and(|patient| has_note(&patient.chart, id)),
                _ => false,
            }
    }
}
