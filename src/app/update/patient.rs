//! A patient: opening, forms about them, handing over.

use crate::app::form::{Form, FormKind};
use crate::app::{App, Overlay};
use crate::exposure::{FigureName, Window, went_in};
use crate::record::{Administration, EntryId, Formulary, PatientId, Recorded, time};

impl App {
    pub(super) fn select(&mut self, id: PatientId) {
        self.list.is_open = false;
        if self.selected.as_ref() == Some(&id) {
            return self.guard.somebody_chose();
        }
        self.leave_for(id);
    }

    /// Opens another patient, with the line that is kept of them; the one of the patient before stays with them.
    pub(in crate::app) fn open_patient(&mut self, id: PatientId) {
        self.leave_patient();
        if let Some(saving) = &mut self.drafts.saving {
            saving.was_left = true;
        }
        self.undoable.clear();
        self.guard.begin_anew(self.lock.is_on());
        self.selected = Some(id);
        self.watch_selected();
        // Another patient has other episodes.
        if matches!(self.window, Window::Episode(_)) {
            self.window = Window::Day0;
        }
        self.scroll = true;
        self.chosen = None;
        self.chart.leave();
        self.what_if = None;
        self.quick = self.restored_entry();
        self.refresh();
        self.restore_form();
    }

    /// Shows the open patient alone, or the whole window again.
    pub(super) fn stand_at_the_bedside(&mut self) {
        if !self.bedside.is_on && self.patient().is_none() {
            return self.tell_error("open a patient first");
        }
        self.bedside.is_on = !self.bedside.is_on;
        self.overlay = self.late.take();
        self.restore_form();
    }

    pub(super) fn select_by(&mut self, rows: i32) {
        let ids: Vec<PatientId> = self.found_rows().map(|row| row.id.clone()).collect();
        let here = ids.iter().position(|id| Some(id) == self.selected.as_ref());
        let steps = usize::try_from(rows.unsigned_abs()).unwrap_or(0);
        let there = match here {
            None => 0,
            Some(at) if rows < 0 => at.saturating_sub(steps),
            Some(at) => (at + steps).min(ids.len().saturating_sub(1)),
        };
        // Who is at the end of the list already stays, and nobody chose anything.
        if let Some(id) = ids.get(there).filter(|id| Some(*id) != self.selected.as_ref()) {
            self.select(id.clone());
        }
    }

    /// The forms that are about the open patient.
    pub(in crate::app) fn patient_form(&self, kind: &FormKind) -> Option<Form> {
        let patient = self.patient()?;
        let dose = |id: &EntryId| patient.chart.administrations.iter().find(|recorded| recorded.stamp.id == *id);
        let other = |id: &EntryId| {
            let mut others = patient.chart.other_entries().into_iter();
            others.find(|(stamp, ..)| stamp.id == *id).map(|(_, fact, _)| fact)
        };
        let formulary = &self.reference.formulary;
        Some(match kind {
            FormKind::Amend => Form::identity(Some(patient.identity()?)),
            FormKind::Dose => Form::dose(formulary),
            FormKind::Correct(id) => {
                let dose = dose(id)?;
                Form::correct(formulary, id, &dose.value, &which_dose(dose, formulary), self.clock.zone())
            }
            FormKind::StrikeOut(id) => {
                let words = match dose(id) {
                    Some(dose) => which_dose(dose, formulary),
                    None => self.fact_words(&other(id)?),
                };
                Form::strike_out(id, &words)
            }
            FormKind::Stop(id) => {
                let dose = self.running(id)?;
                let words = format!("{} {}", formulary.shown(&dose.drug), dose.amount_shown());
                // One whose end has passed was stopped by then, or it is not this form that says so.
                let (now, end) = (self.now_here().at, dose.given.end());
                let (at, shown) =
                    if end <= now { (end, time::written(end, self.clock.zone())) } else { (now, "now".to_owned()) };
                let share = went_in(dose, at)?;
                Form::stop(id, &words, shown, &share.milligrams())
            }
            FormKind::Measure => Form::measure(),
            FormKind::Infusion => Form::infusion(),
            FormKind::Grade => Form::grade(),
            FormKind::Event => Form::event(),
            FormKind::Checked => Form::checked(),
            FormKind::Archive => Form::archive(),
            FormKind::Plan => Form::plan(),
            FormKind::WhatIf => {
                let (line, reach) = self.what_if.as_ref().map_or(("", ""), |it| (it.line.as_str(), it.reach.as_str()));
                Form::what_if(line, reach)
            }
            FormKind::Initials
            | FormKind::Register
            | FormKind::Import
            | FormKind::OpenFolder
            | FormKind::Backup
            | FormKind::Workstation
            | FormKind::Settings
            | FormKind::ReviewSettings(_) => return None,
        })
    }

    pub(super) fn explain_by(&mut self, lines: i32) {
        let figures = self.shown().map(crate::app::view::PatientView::explained).unwrap_or_default();
        let here = self.explanation.as_ref().filter(|_| self.overlay == Some(Overlay::Explanation));
        let here = here.and_then(|shown| figures.iter().position(|figure| *figure == shown.figure));
        let steps = usize::try_from(lines.unsigned_abs()).unwrap_or(0);
        let there = match here {
            None => figures.iter().position(|figure| *figure == FigureName::Total),
            Some(at) if lines < 0 => at.checked_sub(steps),
            Some(at) => Some(at + steps),
        };
        if let Some(figure) = there.and_then(|at| figures.get(at)) {
            self.open_explanation(*figure);
        } else if here.is_none() {
            self.tell_error("open a patient with figures first");
        }
    }

    pub(super) fn copy_text(&mut self) {
        let (patient, view) = match (self.patient(), self.settled()) {
            (Some(patient), Ok(view)) => (patient, view),
            (_, Err(why)) => return self.tell_error(why),
            (None, Ok(_)) => return self.tell_error("open a patient first"),
        };
        let name = match patient.identity() {
            Some(identity) => format!("{}, MRN {}", identity.shown_name(), identity.mrn),
            None => patient.shown_name(),
        };
        self.clipboard = Some(view.as_text(&name, self.reference.rules()));
        self.tell("The figures are on the clipboard as text.");
    }
}

/// A dose so that it is not taken for another one like it: `dexAMETHasone 5 mg, 22-Nov-2026 14:00, recorded by NK`. The date is
/// whole, because a form may stay open past midnight.
fn which_dose(dose: &Recorded<Administration>, formulary: &Formulary) -> String {
    let (value, at) = (&dose.value, time::shown(dose.value.given.start()));
    format!("{} {}, {at}, recorded by {}", formulary.shown(&value.drug), value.amount_shown(), dose.stamp.by)
}
