//! What is kept on this workstation and needs somebody: entries for another data folder, and files that are damaged.

use super::ward::Ward;
use super::worker::{Job, Seen};
use super::{App, Overlay};
use crate::record::visible;
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
