//! What is kept on this workstation and needs somebody: entries for another data folder, and files that are damaged.

use super::ward::Ward;
use super::worker::{Job, Seen};
use super::{App, Overlay};
use crate::record::{EntryId, PatientId, visible};
use crate::store::{Batch, Elsewhere};
use std::path::PathBuf;

/// A file of the outbox of which something cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DamagedFile {
    /// The file.
    pub file: PathBuf,
    /// Its full path in words.
    pub path: String,
    /// Whose entries it holds: the name, where the ward knows it.
    pub whose: String,
    /// What is wrong, each with the line as it stands in the file where it is about one.
    pub lines: Vec<(String, Option<String>)>,
}

impl App {
    /// The files of the outbox of which something cannot be read.
    pub fn damaged_files(&self) -> Vec<DamagedFile> {
        let Some(ward) = &self.ward else { return Vec::new() };
        ward.damaged.iter().map(|batch| damaged(ward, batch)).collect()
    }

    /// What waits here for other data folders, each in a sentence.
    pub fn waiting_elsewhere(&self) -> Vec<String> {
        let elsewhere = self.ward.as_ref().map(|ward| ward.waiting_elsewhere.as_slice()).unwrap_or_default();
        elsewhere.iter().map(in_words).collect()
    }

    /// Whether anything waits on this workstation, for whichever data folder.
    pub fn waits(&self) -> bool {
        self.waiting_words().is_some() || !self.waiting_elsewhere().is_empty()
    }

    /// What waits on this workstation, for a banner that stays until it is delivered; also that nobody knows what waits.
    pub fn waiting_words(&self) -> Option<String> {
        let problem = self.ward.as_ref()?.outbox_problem.as_ref().map(|problem| {
            format!(
                "The outbox of this workstation cannot be read, so entries may wait there that are not shown, and are not in \
                 the ward's folder yet: {}.",
                visible::shown(problem)
            )
        });
        let words: Vec<String> = self.known_waiting_words().into_iter().chain(problem).collect();
        Some(words.join(" ")).filter(|words| !words.is_empty())
    }

    fn known_waiting_words(&self) -> Option<String> {
        let ward = self.ward.as_ref()?;
        let broken = match ward.damaged.len() {
            0 => String::new(),
            1 => " Lines of 1 file of it cannot be read and are not delivered (Ctrl+Shift+D).".to_owned(),
            many => format!(" Lines of {many} files of it cannot be read and are not delivered (Ctrl+Shift+D)."),
        };
        let first: Vec<String> =
            ward.waiting.iter().take(2).map(|(id, entry)| self.entry_words(id, &entry.fact)).collect();
        let more = match ward.waiting.len().saturating_sub(first.len()) {
            0 => String::new(),
            more => format!("; and {more} more"),
        };
        let which = format!("{}{more}", first.join("; "));
        match ward.waiting.len() {
            0 if broken.is_empty() => None,
            0 => Some(format!("What waits on this workstation is damaged.{broken}")),
            1 => Some(format!("1 entry waits on this workstation: {which}, not yet in the ward's folder.{broken}")),
            many => {
                Some(format!("{many} entries wait on this workstation: {which}, not yet in the ward's folder.{broken}"))
            }
        }
    }

    /// The same of entries of one patient: named, where another is open by now.
    pub(super) fn tell_written_of(&mut self, patient: &PatientId, ids: &[EntryId], what: &str) {
        let other = self.ward.as_ref().filter(|_| self.selected.as_ref() != Some(patient));
        let name = other.and_then(|ward| ward.patient(patient)).map(|patient| format!("{}: ", self.name_of(patient)));
        self.tell_written(ids, &format!("{}{what}", name.unwrap_or_default()));
    }

    /// Says what became of entries that were written: saved, or kept here. The ward has said which of them it kept; what it
    /// did not keep it has saved.
    pub(super) fn tell_written(&mut self, ids: &[EntryId], what: &str) {
        // Only what was saved last can be undone at once: who saves or undoes a dose notes it behind this.
        self.undoable.clear();
        let kept = self.ward.as_ref().map_or(0, |ward| ids.iter().filter(|id| ward.kept.contains(id)).count());
        if kept < ids.len() {
            self.saved_at = Some(self.now);
        }
        match kept {
            0 if self.unreachable_since.is_some() => {
                self.tell(&format!("Saved: {what}. The ward's folder cannot be read just now."));
            }
            0 => self.tell(&format!("Saved: {what}.")),
            _ => {
                let part = if kept < ids.len() { "Saved in part; the rest is kept" } else { "Kept" };
                self.tell(&format!("{part} on this workstation, not in the ward's folder yet: {what}."));
                self.notice.iter_mut().for_each(|notice| notice.is_kept_here = true);
            }
        }
    }

    /// Says, beside what was saved, what may be missing there and what comes of it; returns the words.
    pub(super) fn tell_gaps(&mut self, gaps: &[PatientId], what: &str) -> Option<String> {
        let patients = self.ward.as_ref().map(Seen::patients).unwrap_or_default();
        let names = patients.iter().filter(|patient| gaps.contains(&patient.id)).map(|patient| self.name_of(patient));
        let names = names.collect::<Vec<_>>().join("; ");
        let words = (!names.is_empty()).then(|| format!("Please check {names}: {what}."))?;
        if let Some(notice) = &mut self.notice {
            notice.text += &format!(" {words}");
            notice.is_error = true;
        }
        Some(words)
    }

    /// Marks a damaged file as recorded again.
    pub(super) fn recorded_again(&mut self, file: PathBuf) {
        let whose = self.damaged_files().into_iter().find(|damaged| damaged.file == file).map(|damaged| damaged.whose);
        let task = move |ward: &mut Ward| ward.recorded_again(&file);
        let asked = self.ask("marking…", task, move |app, marked| match marked {
            Ok(()) => {
                app.tell(&format!("Marked as recorded again: {}.", whose.unwrap_or_default()));
                let is_last = app.damaged_files().is_empty();
                app.overlay = app.overlay.filter(|overlay| *overlay != Overlay::Damaged || !is_last);
            }
            Err(error) => app.tell_error(&error.to_string()),
        });
        if let Err(why) = asked {
            self.tell_error(&why);
        }
    }

    /// Has the day's backup made, if it is to be made yet, after something was delivered.
    pub(super) fn back_up_delivered(&mut self) {
        self.worker.send(Job::BackUp(self.now));
    }
}

fn damaged(ward: &Seen, batch: &Batch) -> DamagedFile {
    let whose = ward.patient(&batch.patient).map_or_else(|| batch.patient.to_string(), |patient| patient.shown_name());
    let lines = batch.findings.iter().map(|finding| {
        let raw = batch.lines.iter().find(|(number, _)| Some(*number) == finding.line).map(|(_, raw)| raw.clone());
        let line = finding.line.map_or_else(String::new, |line| format!("line {line}: "));
        (format!("{line}{}", finding.kind), raw)
    });
    let path = std::path::absolute(&batch.file).unwrap_or_else(|_| batch.file.clone());
    let path = visible::shown(&path.display().to_string());
    DamagedFile { lines: lines.collect(), file: batch.file.clone(), path, whose }
}

fn in_words(elsewhere: &Elsewhere) -> String {
    let Elsewhere { store, folder, entries, damaged } = elsewhere;
    let place = match folder {
        Some(folder) => format!("another data folder, {folder}"),
        None => format!("another data folder, whose id is {store}"),
    };
    let what = match (entries, damaged) {
        (0, 1) => "1 damaged file is".to_owned(),
        (0, many) => format!("{many} damaged files are"),
        (1, _) => "1 entry is".to_owned(),
        (many, _) => format!("{many} entries are"),
    };
    format!("{what} kept on this workstation for {place}: open that folder to deliver what waits.")
}
