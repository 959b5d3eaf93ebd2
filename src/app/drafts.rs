//! Lines of the quick entry, and forms, that are not saved yet, kept through a lock, a crash and a restart. Forms are in
//! `form_draft`.
//!
//! They lie in one file beside the settings, by data folder and patient id: no name, and never with the records. The file is
//! written beside the window's thread (`writer`), a moment after the last key. A line is forgotten when it is cleared, or when its dose
//! is on the disk.
//!
//! A line that comes back was typed at another time. What it says relative to then (`now`, `-2h`, `14:30` of that day) would
//! shift in silence, so such a line is not taken before the time is written again ([`App::time_still_holds`]).

use super::form::{Field, STOPPED_AT};
use super::form_draft::KeptForm;
use super::worker::Seen;
use super::writer::ToWrite;
use super::{App, QuickEntry, local};
use crate::exposure::as_of;
use crate::record::{Given, Moment, Now, PatientId, quick, time};
use chrono::{TimeDelta, Timelike};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The fields of forms that hold a time of the past; the first means now when it is left empty.
const GIVEN_AT: &str = "Given at";
const TIMES: [&str; 4] = [GIVEN_AT, "Time", STOPPED_AT, "Checked up to"];

/// A line that was typed and not saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// As it was typed.
    pub line: String,
    /// When it was changed last.
    pub typed_at: Moment,
}

/// One line of the file.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    store: String,
    patient: PatientId,
    typed_at: Moment,
    line: String,
    /// The line that waits behind it; files of before know none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    next: Option<Draft>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    form: Option<KeptForm>,
}

/// What became of a patient's line and form.
pub(super) struct Change {
    file: PathBuf,
    store: String,
    patient: PatientId,
    lines: Option<Lines>,
    form: Option<KeptForm>,
}

/// What is typed for one patient: the line that is typed or being saved, and what was typed while that is not done with.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Lines {
    first: Draft,
    next: Option<Draft>,
}

/// A line whose dose is being saved. It lies in the file until the dose is on the disk, but is no draft meanwhile.
pub(super) struct Saving {
    pub patient: PatientId,
    /// The dose, in words.
    pub words: String,
    /// Whether another patient was opened meanwhile.
    pub was_left: bool,
}

/// The lines that are kept of the open ward.
#[derive(Default)]
pub struct Drafts {
    /// The one that is being saved.
    pub(super) saving: Option<Saving>,
    known: BTreeMap<PatientId, Lines>,
    pub(super) forms: BTreeMap<PatientId, KeptForm>,
    /// Whose form is open, of those that are kept.
    pub(super) form_of: Option<PatientId>,
}

fn read(file: &Path) -> Result<Vec<Kept>, String> {
    let bytes = local::read(file).map_err(|error| error.to_string())?;
    if bytes.is_empty() { Ok(Vec::new()) } else { ron::de::from_bytes(&bytes).map_err(|error| error.to_string()) }
}

/// Brings the file up to date. What another window keeps of other patients stays.
pub(super) fn write(changes: &[Change]) -> Result<(), String> {
    let Some(file) = changes.last().map(|change| &change.file) else { return Ok(()) };
    let mut all = read(file).unwrap_or_default();
    for change in changes.iter().filter(|change| change.file == *file) {
        all.retain(|kept| kept.store != change.store || kept.patient != change.patient);
        let lines = change.lines.as_ref();
        let typed_at = lines.map(|lines| lines.first.typed_at);
        all.extend(typed_at.or_else(|| change.form.as_ref().map(KeptForm::typed_at)).map(|typed_at| Kept {
            store: change.store.clone(),
            patient: change.patient.clone(),
            typed_at,
            line: lines.map(|lines| lines.first.line.clone()).unwrap_or_default(),
            next: lines.and_then(|lines| lines.next.clone()),
            form: change.form.clone(),
        }));
    }
    let text =
        ron::ser::to_string_pretty(&all, ron::ser::PrettyConfig::default()).map_err(|error| error.to_string())?;
    local::replace(file, &text).map_err(|error| error.to_string())
}

impl App {
    fn drafts_file(&self) -> PathBuf {
        self.local_folder().join("drafts.ron")
    }

    /// Reads what is kept of the ward that was opened.
    pub(super) fn load_drafts(&mut self) {
        self.drafts.known.clear();
        self.drafts.forms.clear();
        self.drafts.form_of = None;
        let Some(store) = self.ward.as_ref().map(|ward| ward.store().to_owned()) else { return };
        let file = self.drafts_file();
        match read(&file) {
            Ok(all) => {
                for kept in all.into_iter().filter(|kept| kept.store == store) {
                    if let Some(form) = kept.form {
                        self.drafts.forms.insert(kept.patient.clone(), form);
                    }
                    if !kept.line.is_empty() {
                        let first = Draft { line: kept.line, typed_at: kept.typed_at };
                        self.drafts.known.insert(kept.patient, Lines { first, next: kept.next });
                    }
                }
            }
            Err(error) => self.tell_error(&format!(
                "lines of the quick entry that were kept in {} cannot be read ({error}); look there before typing another",
                file.display()
            )),
        }
    }

    /// The quick entry of the open patient, with the line that is kept of them. While names are hidden it is held back.
    pub(super) fn restored_entry(&self) -> QuickEntry {
        let Some(patient) = &self.selected else { return QuickEntry::default() };
        let lines = self.drafts.known.get(patient).cloned();
        let saving = self.drafts.saving.as_ref().filter(|saving| saving.patient == *patient);
        let lines = match saving {
            Some(_) => lines.and_then(|lines| lines.next).map(|first| Lines { first, next: None }),
            None => lines,
        };
        let saving = saving.map(|saving| saving.words.clone());
        let Some(Lines { first, next }) = lines else { return QuickEntry { saving, ..QuickEntry::default() } };
        if self.bedside.names_hidden {
            return QuickEntry { held: Some(first), saving, ..QuickEntry::default() };
        }
        QuickEntry {
            line: first.line.clone(),
            typed_at: Some(first.typed_at),
            kept: Some(first),
            next,
            saving,
            ..QuickEntry::default()
        }
    }

    /// The dose of the first line is on the disk: what was typed behind it is all that is left.
    pub(super) fn is_done_with_line(&mut self, patient: &PatientId) {
        if let Some(first) = self.drafts.known.remove(patient).and_then(|lines| lines.next) {
            self.drafts.known.insert(patient.clone(), Lines { first, next: None });
        }
        self.write_draft(patient.clone());
    }

    /// A line whose dose was not saved after its patient was left is a draft of that patient again.
    pub(super) fn is_draft_again(&mut self, patient: &PatientId, first: Draft) {
        let next = self.drafts.known.remove(patient).and_then(|lines| lines.next);
        self.drafts.known.insert(patient.clone(), Lines { first, next });
        self.write_draft(patient.clone());
        if self.selected.as_ref() == Some(patient) {
            self.quick = self.restored_entry();
        }
    }

    /// What is typed for a patient who is not open, and not saved: `a dose`.
    pub fn typed_for_another(&self, id: &PatientId) -> Option<&'static str> {
        if self.selected.as_ref() == Some(id) {
            return None;
        }
        let form = self.drafts.forms.get(id);
        let is_saving = self.drafts.saving.as_ref().is_some_and(|saving| saving.patient == *id);
        let line = self.drafts.known.get(id).filter(|lines| !is_saving || lines.next.is_some());
        let is_a_dose = line.is_some() || form.is_some_and(KeptForm::is_of_a_dose);
        if is_a_dose { Some("a dose") } else { form.map(|_| "a plan") }
    }

    /// Says of whom something was typed and not saved, of those who are not open: nobody sees it. It stays until it is
    /// dismissed, behind what was told of the opening.
    pub(super) fn tell_of_drafts(&mut self) {
        let patients = self.ward.as_ref().map(Seen::patients).unwrap_or_default();
        let of = patients.iter().filter_map(|patient| Some((self.typed_for_another(&patient.id)?, patient)));
        let (kinds, names): (BTreeSet<&str>, Vec<String>) =
            of.map(|(typed, patient)| (typed, self.name_of(patient))).unzip();
        let who = match names.len() {
            0 => return,
            1 => "1 patient has".to_owned(),
            many => format!("{many} patients have"),
        };
        let what = kinds.into_iter().collect::<Vec<_>>().join(" or ");
        let before = self.notice.take().map(|notice| format!("{} ", notice.text)).unwrap_or_default();
        self.tell_error(&format!("{before}{who} {what} that was typed and not saved: {}.", names.join("; ")));
    }

    /// Shows the line that was held back while names were hidden.
    pub(super) fn show_held_line(&mut self) {
        if !self.bedside.names_hidden && self.quick.held.is_some() {
            self.quick = self.restored_entry();
            self.type_quick(self.quick.line.clone());
        }
    }

    /// The line stays as it is and counts as typed at another time: somebody comes back to it.
    pub(super) fn come_back_to_the_line(&mut self) {
        if let Some(typed_at) = self.quick.typed_at.filter(|_| self.quick.kept.is_none() && !self.quick.line.is_empty())
        {
            self.quick.kept = Some(Draft { line: self.quick.line.clone(), typed_at });
        }
    }

    /// A form that was left behind the lock keeps the times that it said then: `now` is written out, and said.
    pub(super) fn come_back_to_the_form(&mut self, left_at: Moment) {
        let (here, was) = (self.now_here(), self.patient().map_or(left_at, |patient| as_of(&patient.chart, left_at)));
        let told = |field: &Field| {
            let text =
                if field.value.trim().is_empty() && field.label == GIVEN_AT { "now" } else { field.value.trim() };
            let at = |text: &str, now| {
                let given = quick::parse_given(text, "", Now { at: now, zone: here.zone }).ok();
                given.map(to_the_minute)
            };
            let then = at(text, was)?;
            let written = match then {
                (start, end) if start == end => start.format("%Y-%m-%d %H:%M").to_string(),
                (start, end) => format!("{}-{}", start.format("%Y-%m-%d %H:%M"), end.format("%H:%M")),
            };
            // Written out it must say the same as it did.
            (at(text, here.at) != Some(then) && at(&written, here.at) == Some(then)).then_some(written)
        };
        let Some(form) = &self.form else { return };
        let fields = form.fields.iter().enumerate().filter(|(_, field)| TIMES.contains(&field.label));
        let written: Vec<(usize, String)> = fields.filter_map(|(at, field)| Some((at, told(field)?))).collect();
        let Some(form) = self.form.as_mut().filter(|_| !written.is_empty()) else { return };
        for (at, time) in written {
            if let Some(field) = form.fields.get_mut(at) {
                field.value = time;
            }
        }
        form.confirmed = false;
        form.error = Some("The time is the one from before the lock. Change it if another is meant.".to_owned());
        self.preview_form();
    }

    /// What is typed in the quick entry.
    pub(super) fn typed(&self) -> Option<Draft> {
        let (line, typed_at) = (self.quick.line.clone(), self.quick.typed_at.unwrap_or(self.now));
        (!line.trim().is_empty()).then_some(Draft { line, typed_at })
    }

    /// Notes the line as it is now, with the one behind it. While a dose is being saved its line is kept, as only what is on
    /// the disk is done with, and what is typed meanwhile is the one behind it. So is a line that is held back.
    pub(super) fn keep_draft(&mut self) {
        let Some(patient) = self.selected.clone().filter(|_| self.quick.held.is_none()) else { return };
        let (known, typed) = (self.drafts.known.get(&patient), self.typed());
        let lines = match known.filter(|_| self.quick.saving.is_some()) {
            Some(saving) => Some(Lines { first: saving.first.clone(), next: typed }),
            None => typed.map(|first| Lines { first, next: self.quick.next.clone() }),
        };
        if known == lines.as_ref() {
            return;
        }
        match lines {
            Some(lines) => drop(self.drafts.known.insert(patient.clone(), lines)),
            None => drop(self.drafts.known.remove(&patient)),
        }
        self.write_draft(patient);
    }

    /// Has it written what is kept of a patient.
    pub(super) fn write_draft(&mut self, patient: PatientId) {
        let Some(store) = self.ward.as_ref().map(|ward| ward.store().to_owned()) else { return };
        let (lines, form) = (self.drafts.known.get(&patient).cloned(), self.drafts.forms.get(&patient).cloned());
        let change = Change { file: self.drafts_file(), store, patient, lines, form };
        self.have_written(ToWrite::Draft(Box::new(change)));
    }

    /// Says that a line could not be written.
    pub(super) fn drafts_not_kept(&mut self, error: &str) {
        let file = self.drafts_file();
        self.tell_error(&format!(
            "what is typed could not be kept in {} ({error}) and would be lost with the window; save it, or look whether \
             that folder can be written",
            file.display()
        ));
    }

    /// Whether a line that was typed at another time still says the time that it said then: to the minute, or with its date
    /// in full. `now` written anew is taken too.
    ///
    /// # Errors
    /// What to write.
    pub(super) fn time_still_holds(&self, line: &str, read: &[quick::Typed]) -> Result<(), String> {
        let (Some(kept), Some(patient)) = (&self.quick.kept, self.patient()) else { return Ok(()) };
        let here = self.now_here();
        let same_at = |moment: Moment| {
            let now = Now { at: as_of(&patient.chart, moment), zone: here.zone };
            self.read_line(line, now).is_ok_and(|then| times_of(&then) == times_of(read))
        };
        let says_now = line != kept.line && line.split_whitespace().any(|word| word.eq_ignore_ascii_case("now"));
        if says_now || same_at(kept.typed_at) || same_at(here.at + TimeDelta::days(1)) {
            return Ok(());
        }
        let (when, example) = (time::shown(kept.typed_at), kept.typed_at.format("%Y-%m-%d %H:%M"));
        Err(format!(
            "kept from {when}, and what it says of the time is not the same now. Write when it was given, like {example}, or now"
        ))
    }
}

fn minute(at: Moment) -> Moment {
    at.with_second(0).unwrap_or(at)
}

fn times_of(read: &[quick::Typed]) -> Vec<(Moment, Moment)> {
    read.iter().map(|typed| to_the_minute(typed.dose.given)).collect()
}

fn to_the_minute(given: Given) -> (Moment, Moment) {
    (minute(given.start()), minute(given.end()))
}
