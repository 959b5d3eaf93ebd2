//! The guard against the wrong patient.
//!
//! Before the first save for a patient, once for each time that the patient is opened, day and month of birth are typed where
//! a mix-up is likeliest: the patient stood open through a lock; somebody else on the ward has a similar name; nobody chose the
//! patient, who was only the first of the list when the ward was opened; or something is to be saved although the program
//! asked about it. What is typed comes from the medication chart or the wristband, so the
//! screen does not show it meanwhile. Whoever has just registered the patient has typed it already. An ordinary dose for an
//! ordinary patient costs no key.
//!
//! Without a date of birth the last characters of the MRN are typed. A registration that cannot be read has neither: there is
//! nothing to compare with, and the strip says so.
//!
//! A patient is also not left with a line in the quick entry before it is said what becomes of the line: it stays with the
//! patient whom it is about.
//!
//! Whether a loss of files is known is asked here too, because it is asked over everything else in the same way.

mod similar;

pub use similar::similar;

use super::worker::Seen;
use super::{Action, App};
use crate::record::{Identity, PatientId};
use crate::store::Finding;
use chrono::Datelike;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many characters at the end of an MRN are typed.
const MRN_END: usize = 4;

/// What is typed to show that it is the right patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Day and month of birth.
    Birthday,
    /// The end of the MRN.
    MrnEnd,
}

/// Why it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The patient stood open while the window was locked.
    Lock,
    /// Another patient has a similar name.
    Similar(PatientId),
    /// Nobody chose the patient, and others are on the ward.
    NotChosen,
    /// Something is saved although it was asked about.
    Override,
}

/// The question who it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Who {
    /// Why it is asked.
    pub why: Why,
    /// What is typed.
    pub wanted: Wanted,
    /// What is typed so far.
    pub typed: String,
    /// What was wrong with it.
    pub error: Option<String>,
    /// The how manieth time it is asked: the field forgets what was typed in those before.
    pub times: u32,
    /// What goes on then.
    next: Action,
}

/// What is asked over everything else.
#[derive(Debug, Clone, PartialEq)]
pub enum Asked {
    /// Who the open patient is.
    Who(Box<Who>),
    /// Whether to leave the line that is typed, and open this patient.
    Leave(PatientId),
    /// Whether it is known why these files of this patient are missing.
    Known(PatientId, Vec<Finding>),
}

/// An answer to what is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guarding {
    /// What is typed was changed.
    Typed(String),
    /// Go on.
    Confirm,
    /// Go back; nothing happens.
    GoBack,
}

/// The state of the guard.
#[derive(Debug, Default)]
pub struct Guard {
    /// What is asked.
    pub asked: Option<Asked>,
    /// Whether somebody has shown, since the patient was opened, that it is the right one.
    is_sure: bool,
    was_locked: bool,
    /// Whether the program opened the patient by itself, and nobody chose them since.
    is_unchosen: bool,
    /// How often it was asked who it is, and hidden while it was.
    times: u32,
    /// The names that were compared last, and what was found.
    compared: Vec<(PatientId, String)>,
    similar: BTreeMap<PatientId, PatientId>,
}

impl Guard {
    /// What must not be on the screen while it is asked for.
    pub fn hides(&self) -> Option<Wanted> {
        match &self.asked {
            Some(Asked::Who(who)) => Some(who.wanted),
            _ => None,
        }
    }

    /// Another patient is opened; nothing is known of whether it is the right one. Behind the lock nobody sees who is opened.
    pub(super) fn begin_anew(&mut self, behind_the_lock: bool) {
        (self.is_sure, self.was_locked, self.asked) = (false, behind_the_lock, None);
        self.is_unchosen = false;
    }

    /// The patient was opened by the program, as the first of the list.
    pub(super) const fn nobody_chose(&mut self) {
        self.is_unchosen = true;
    }

    /// Somebody chose the patient who is open already.
    pub(super) const fn somebody_chose(&mut self) {
        self.is_unchosen = false;
    }

    /// Who registered the patient has typed who it is.
    pub(super) const fn is_registered_here(&mut self) {
        self.is_sure = true;
    }

    /// Whoever comes back may think of another patient.
    pub(super) fn is_locked(&mut self) {
        (self.is_sure, self.was_locked) = (false, true);
        if let Some(Asked::Who(who)) = &mut self.asked {
            self.times += 1;
            (who.times, who.typed) = (self.times, String::new());
        }
    }
}

/// Day and month: `04-03`, `4.3.`, `0403`, `4 Mar`; a year after them is not looked at.
///
/// ```
/// use corticurve::app::guard::day_and_month;
/// for text in ["04-03", "4.3.", "4/3", "0403", "4 Mar", "04-Mar-2009", "4 march"] {
///     assert_eq!(day_and_month(text), Some((4, 3)), "{text}");
/// }
/// assert_eq!((day_and_month("4"), day_and_month("4 Mai"), day_and_month("40-17")), (None, None, None));
/// ```
pub fn day_and_month(text: &str) -> Option<(u32, u32)> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let text = text.trim().to_lowercase();
    let (day, month) = match text.split_at_checked(2) {
        Some((day, month)) if text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit()) => (day, month),
        _ => {
            let mut parts = text.split(|letter: char| !letter.is_alphanumeric()).filter(|part| !part.is_empty());
            (parts.next()?, parts.next()?)
        }
    };
    let named = || {
        let at = MONTHS.iter().position(|name| month.starts_with(name))?;
        u32::try_from(at + 1).ok()
    };
    let (day, month): (u32, u32) = (day.parse().ok()?, month.parse().ok().or_else(named)?);
    ((1..=31).contains(&day) && (1..=12).contains(&month)).then_some((day, month))
}

impl Wanted {
    /// What is wanted of a patient.
    const fn of(identity: &Identity) -> Self {
        if identity.born.is_some() { Self::Birthday } else { Self::MrnEnd }
    }

    fn is_met(self, identity: &Identity, typed: &str) -> bool {
        let born = identity.born.map(|date| (date.day(), date.month()));
        match self {
            Self::Birthday => born.is_some() && day_and_month(typed) == born,
            Self::MrnEnd => {
                let (end, typed) = (end_of(identity.mrn.as_str()), end_of(typed));
                !end.is_empty() && end == typed
            }
        }
    }
}

/// The last letters and digits of an MRN.
fn end_of(mrn: &str) -> String {
    let bare: Vec<char> = mrn.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    bare.iter().skip(bare.len().saturating_sub(MRN_END)).collect()
}

impl App {
    /// Whether it is sure whose record is written to. If not, it is asked, and `next` follows once it is.
    pub(super) fn is_sure_who(&mut self, overrides: bool, next: Action) -> bool {
        let Some(identity) = self.patient().and_then(|patient| patient.identity()) else { return true };
        let similar = self.selected.as_ref().and_then(|id| self.guard.similar.get(id)).cloned();
        let why = match similar {
            _ if self.guard.is_sure => return true,
            _ if self.guard.was_locked => Why::Lock,
            Some(other) => Why::Similar(other),
            // Of the invented patients there is no wristband, and no harm.
            None if self.guard.is_unchosen && !self.is_demo() && self.has_others() => Why::NotChosen,
            None if overrides => Why::Override,
            None => return true,
        };
        let wanted = Wanted::of(identity);
        self.guard.times += 1;
        let who = Who { why, wanted, typed: String::new(), error: None, times: self.guard.times, next };
        self.guard.asked = Some(Asked::Who(Box::new(who)));
        false
    }

    /// Whether there are more patients on the ward list than one.
    fn has_others(&self) -> bool {
        self.rows.iter().filter(|row| !row.is_archived).nth(1).is_some()
    }

    pub(super) fn answer_guard(&mut self, answer: Guarding) {
        match answer {
            Guarding::GoBack => self.guard.asked = None,
            Guarding::Typed(text) => {
                if let Some(Asked::Who(who)) = &mut self.guard.asked {
                    who.typed = text;
                }
            }
            Guarding::Confirm => match self.guard.asked.take() {
                None => {}
                Some(Asked::Leave(id)) => self.open_patient(id),
                Some(Asked::Known(id, files)) => self.keep_known(id, files),
                Some(Asked::Who(who)) => self.compare_who(*who),
            },
        }
    }

    fn compare_who(&mut self, mut who: Who) {
        let identity = self.patient().and_then(|patient| patient.identity());
        if identity.is_none_or(|identity| who.wanted.is_met(identity, &who.typed)) {
            self.guard.is_sure = true;
            return self.update(who.next);
        }
        who.error = Some(match who.wanted {
            _ if who.typed.trim().is_empty() => "Nothing is typed yet.".to_owned(),
            Wanted::Birthday if day_and_month(&who.typed).is_none() => {
                format!("'{}' is not a day and a month; write them like 31-12 or 31 Dec.", who.typed.trim())
            }
            Wanted::Birthday => "That is not the date of birth of the patient who is open here.".to_owned(),
            Wanted::MrnEnd => "That is not the end of the MRN of the patient who is open here.".to_owned(),
        });
        who.typed.clear();
        self.guard.asked = Some(Asked::Who(Box::new(who)));
    }

    /// Opens a patient; a line that is typed for another is asked about first.
    pub(super) fn leave_for(&mut self, id: PatientId) {
        if self.quick.line.trim().is_empty() {
            self.open_patient(id);
        } else {
            self.guard.asked = Some(Asked::Leave(id));
        }
    }

    /// Finds similar names again, where a name of the ward has changed, and marks the rows.
    pub(super) fn mark_similar(&mut self) {
        let now = self.rows.iter().map(|row| (&row.id, &row.name));
        if !now.eq(self.guard.compared.iter().map(|(id, name)| (id, name))) {
            self.guard.compared = self.rows.iter().map(|row| (row.id.clone(), row.name.clone())).collect();
            let patients = self.ward.as_ref().map(Seen::patients).unwrap_or_default();
            let names: Vec<(String, String)> = patients
                .iter()
                .map(|patient| {
                    let identity = patient.identity();
                    identity.map(|known| (known.family.shown(), known.given.shown())).unwrap_or_default()
                })
                .collect();
            let id = |at: usize| patients.get(at).map(|patient| patient.id.clone());
            let found = similar(&names).into_iter().enumerate();
            self.guard.similar = found.filter_map(|(at, other)| id(at).zip(id(other?))).collect();
        }
        for row in &mut self.rows {
            let similar = self.guard.similar.contains_key(&row.id);
            if row.similar != similar {
                Arc::make_mut(row).similar = similar;
            }
        }
    }

    /// Whether something over the window takes the keys.
    pub const fn is_covered(&self) -> bool {
        self.form.is_some() || self.overlay.is_some() || self.guard.asked.is_some()
    }

    /// Why it is asked who the patient is, in words.
    pub fn why_words(&self, why: &Why) -> String {
        match why {
            Why::Lock => "This patient stood open while the window was locked.".to_owned(),
            Why::NotChosen => {
                "Nobody has chosen this patient yet: it is the one that the program opened first. Another is opened from the \
                 ward list."
                    .to_owned()
            }
            Why::Override => "This is saved although something was asked about it.".to_owned(),
            Why::Similar(other) => {
                let other = self.ward.as_ref().and_then(|ward| ward.patient(other)).map(|other| self.name_of(other));
                format!("Another patient of this ward has a similar name: {}.", other.unwrap_or_default())
            }
        }
    }
}
