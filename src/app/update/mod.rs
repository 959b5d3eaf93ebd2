//! Carries actions out. Split by noun: the ward, a patient, a dose, settings.

mod dose;
mod files;
mod infusion;
mod missing;
mod patient;
mod plan;
mod print;
mod review;
mod submit;
mod twice;
mod ward;

use super::form::{Form, FormKind};
use super::writer::ToWrite;
use super::{Action, App, Notice, Overlay};
use std::sync::Arc;

impl App {
    /// Carries out one action.
    pub fn update(&mut self, action: Action) {
        self.now = self.clock.now();
        let going_on = matches!(action, Action::Quick(_) | Action::Select(_) | Action::SelectBy(_) | Action::Open(_));
        if going_on && self.notice.as_ref().is_some_and(|notice| !notice.is_error) {
            self.notice = None;
        }
        match action {
            Action::StartWard => self.start_ward(),
            Action::TryDemo => self.try_demo(),
            Action::Reload => self.reload(),
            Action::Tick => {
                // A worker with a thread looks by itself, and more often.
                if !self.worker.watches() {
                    self.look();
                }
                self.refresh();
            }
            Action::Open(FormKind::Settings) => self.open_settings(),
            Action::Open(FormKind::Backup) => self.open_backup(),
            Action::Open(kind) => self.open(&kind),
            Action::Field(at, value) => self.change_field(at, value),
            Action::Browse(at) => self.browse_for(at),
            Action::Submit => self.submit(),
            Action::SubmitFilled(form) => {
                self.form = Some(*form);
                self.submit();
            }
            Action::Cancel => self.cancel(),
            Action::Stop => self.stop(),
            Action::Search(text) => self.search_for(text),
            Action::SortBy(order) => self.sort_by(order),
            Action::ShowArchived(show) => self.show_archived(show),
            Action::ShowList(show) => self.list.is_open = show,
            Action::Select(id) => self.select(id),
            Action::SelectBy(rows) => self.select_by(rows),
            Action::Quick(line) => self.type_quick(line),
            Action::SaveQuick => self.save_quick(),
            Action::SameAgain => self.same_again(),
            Action::Undo => self.undo(),
            Action::Complete => self.complete(),
            Action::Dismiss => self.notice = None,
            Action::Choose(entry) => self.choose(entry),
            Action::ChooseBy(lines) => self.choose_by(lines),
            Action::CorrectChosen => self.change_chosen(FormKind::Correct),
            Action::StrikeOutChosen => self.change_chosen(FormKind::StrikeOut),
            Action::StopChosen => self.stop_chosen(),
            Action::Window(window) => {
                self.window = window;
                self.chart.stretch = None;
                self.refresh();
            }
            Action::ByDay(by_day) => {
                self.settings.dates = !by_day;
                self.keep_settings();
            }
            Action::HoldNextBorder => self.hold_next_border(),
            Action::StepBorder(steps) => self.step_border(steps),
            Action::MoveBorder(border, by) => self.move_border(border, by),
            Action::LetGo => self.keep_settings(),
            Action::UsualSizes => self.usual_sizes(),
            Action::Chart(action) => self.change_chart(action),
            Action::ShowStruckOut(show) => self.show_struck_out = show,
            Action::NextTheme => {
                self.settings.theme = self.settings.theme.next();
                self.keep_settings();
            }
            Action::Zoom(percent) => self.zoom(percent),
            Action::CopyText => self.copy_text(),
            Action::Print => self.print(),
            Action::CloseWhatIf => self.close_what_if(),
            Action::Explain(figure) => self.open_explanation(figure),
            Action::ExplainBy(lines) => self.explain_by(lines),
            Action::Answer(answer) => self.answer(answer),
            Action::AnswerTo(asks, answer) => self.answer_to(asks, answer),
            Action::SaveAgain => self.save_again(),
            Action::MissingIsKnown => self.ask_whether_known(),
            Action::Close if self.reason_to_stay().is_some() => self.show_overlay(Overlay::Quit),
            Action::Close | Action::Quit => self.quit(),
            Action::RecordedAgain(file) => self.recorded_again(file),
            Action::Guard(answer) => self.answer_guard(answer),
            Action::HideNames => self.hide_names(),
            Action::Bedside => self.stand_at_the_bedside(),
            Action::Lock => self.turn_lock_on(),
            Action::Unlock(what) => self.unlock(what),
            Action::Command(text) => self.type_command(text),
            Action::CommandBy(lines, of) => self.choose_command(lines, of),
            Action::CheckFiles => self.check_files(),
            Action::CopyFiles => self.copy_files(),
            Action::ReviewBy(lines) => self.review_by(lines),
            Action::SignReview => self.sign_review(),
            Action::Overlay(Overlay::Review) => self.show_review(),
            Action::Overlay(overlay) => self.show_overlay(overlay),
        }
        self.keep_form();
    }

    /// Brings what is shown up to date: after a change, and when the minute changes.
    pub(in crate::app) fn refresh(&mut self) {
        self.refresh_rows();
        self.refresh_view();
        self.type_quick(self.quick.line.clone());
    }

    pub(in crate::app) fn open(&mut self, kind: &FormKind) {
        self.overlay = None;
        if self.would_show_names(kind) {
            return self
                .tell_error("names are hidden, and this form shows them, or a note; show them first with Ctrl+H");
        }
        let form = match kind {
            FormKind::Initials => Form::initials(self.initials().map_or("", crate::record::Initials::as_str)),
            FormKind::Import => Form::import(),
            FormKind::OpenFolder => Form::open_folder(&self.places.data.display().to_string()),
            FormKind::Register => Form::identity(None),
            FormKind::Workstation => self.workstation_form(),
            _ => match self.patient_form(kind) {
                Some(form) => form,
                None => return self.tell_error("open a patient first"),
            },
        };
        self.show_form(form);
        self.preview_form();
    }

    fn change_field(&mut self, at: usize, value: String) {
        if let Some(field) = self.form.as_mut().and_then(|form| form.fields.get_mut(at)) {
            field.value = value;
        }
        if let Some(form) = &mut self.form {
            form.confirmed = false;
        }
        self.fill_what_went_in();
        self.preview_form();
    }

    fn browse_for(&mut self, at: usize) {
        let Some(form) = &self.form else { return };
        if self.is_browsing {
            return self.tell_error("a window to look for a file or a folder is open already; close it first");
        }
        let (number, is_folder) = (form.number, matches!(form.kind, FormKind::OpenFolder | FormKind::Backup));
        let browse = Arc::clone(&self.browse);
        self.is_browsing = true;
        let asked = self.worker.beside(move || {
            let found = if is_folder { browse.folder() } else { browse.file() };
            Box::new(move |app| {
                app.is_browsing = false;
                // The form may have been closed meanwhile.
                if let Some(path) = found.filter(|_| app.form_number() == Some(number)) {
                    app.change_field(at, path.display().to_string());
                }
            })
        });
        if let Err(error) = asked {
            self.is_browsing = false;
            self.tell_error(&format!("no window to look for it can be opened ({error}); write the path"));
        }
        self.listen();
    }

    fn cancel(&mut self) {
        if self.overlay.take().is_some() {
            return;
        }
        if let Some(form) = self.form.take() {
            // Who records was asked for in the middle of another form, which is not given up with the answer.
            if let Some(Action::SubmitFilled(filled)) = self.after_initials.take() {
                self.form = Some(*filled);
                return self.preview_form();
            }
            if form.kind == FormKind::WhatIf {
                self.close_what_if();
            }
        } else if self.held.take().is_some() {
            self.notice = None;
        } else if self.notice.take().is_none() {
            if self.what_if.is_some() {
                return self.close_what_if();
            }
            if std::mem::take(&mut self.list.is_open) {
                return;
            }
            self.chosen = None;
        }
    }

    fn zoom(&mut self, percent: i16) {
        let now = self.settings.zoom_percent.unwrap_or(100);
        let changed = if percent == 0 { 100 } else { now.saturating_add_signed(percent) };
        self.settings.zoom_percent = Some(changed.clamp(60, 250));
        self.keep_settings();
    }

    pub(in crate::app) fn keep_settings(&mut self) {
        if self.is_demo() {
            return;
        }
        self.kept_settings = self.settings.clone();
        self.have_written(ToWrite::Settings(Box::new(self.settings.clone()), self.places.config.clone()));
    }

    pub(in crate::app) fn tell(&mut self, text: &str) {
        let text = self.as_may_be_seen(text.to_owned());
        self.notice = Some(Notice { text, is_error: false, is_kept_here: false });
    }

    pub(in crate::app) fn tell_error(&mut self, text: &str) {
        let text = self.as_may_be_seen(text.to_owned());
        self.notice = Some(Notice { text, is_error: true, is_kept_here: false });
    }
}
