//! Names on the screen: as they are, or hidden at the bedside, where others look over the shoulder.
//!
//! Hidden, a patient is told by the first letters and a mark, `E. R. · q2mz`. The mark is the beginning of the random id of
//! the record: it stays the same for ever, says nothing about the patient, and tells two patients with the same letters
//! apart. Dates of birth and MRNs are not shown, and forms that are filled with them do not open. What somebody wrote into a
//! note is not looked through. What is copied keeps the name: a text without one could be pasted for anybody.

use super::App;
use super::form::FormKind;
use super::ward::Patient;
use super::worker::Seen;

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

impl App {
    /// What stands for a patient on the screen.
    pub fn name_of(&self, patient: &Patient) -> String {
        if self.bedside.names_hidden { mark(patient) } else { patient.shown_name() }
    }

    /// Hides the names, or shows them again.
    pub(super) fn hide_names(&mut self) {
        self.bedside.names_hidden = !self.bedside.names_hidden;
        if let Some(mut notice) = self.notice.take() {
            notice.text = self.as_may_be_seen(notice.text);
            self.notice = Some(notice);
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

    /// Why a form does not open while names are hidden: it would show them.
    pub(super) fn would_show_names(&self, kind: &FormKind) -> bool {
        self.bedside.names_hidden && matches!(kind, FormKind::Register | FormKind::Amend | FormKind::Import)
    }
}
