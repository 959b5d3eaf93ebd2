//! What is shown of the open patient: worked out at once where that takes less time than anyone notices, and beside the
//! window's thread for a patient of many doses.
//!
//! Until it is there, figures of the minute before stay, whole. Other figures of the same patient (of another window, or
//! without what was saved just now) give way to "…" in their places, and those of another patient go. So no number is read
//! that is not right any more, and the keyboard stays where it is.

use super::names::as_may_be_seen;
use super::view::{ChartTable, ExplanationView, Look, PatientView, ReviewView, since_words};
use super::ward::Patient;
use super::{App, Commands, Overlay, Reference};
use crate::exposure::{FigureName, Window};
use crate::record::{Initials, Moment, Now, PatientId, Plan, Zone};
use std::sync::Arc;

/// A patient of so many doses is worked out at once: in some 3 ms on a slow workstation, with a review.
const FEW: usize = 250;

/// What is said where a number is asked for that is being worked out.
const AWAITED: &str = "the figures are being worked out; try again in a moment";

/// What all of it is worked out from.
#[derive(Clone)]
struct Source {
    patient: Arc<Patient>,
    names_hidden: bool,
    by: Option<Initials>,
    window: Window,
    look: Look,
    what_if: Option<Plan>,
    rules: u64,
    at: Moment,
    over: Over,
}

/// What is shown over the window, or is to be shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Over {
    Nothing,
    Explanation(FigureName),
    Table,
    Review,
}

/// All that was worked out.
struct Worked {
    view: Result<PatientView, String>,
    over: Result<OverShown, String>,
}

enum OverShown {
    Nothing,
    Explanation(Box<ExplanationView>),
    Table(Box<ChartTable>),
    Review(Box<ReviewView>),
}

/// How far that is.
#[derive(Default)]
pub(super) struct Working {
    /// What is shown.
    shown: Option<Source>,
    /// The number of what is asked for and not there yet.
    asked: Option<u64>,
    /// The number of what was wanted last: one after the other is worked out, and what nobody wants any more is passed over.
    number: u64,
    /// Whether what is shown is not right any more.
    is_awaited: bool,
    /// What opens when it is there.
    opening: Option<Opening>,
    /// Whether the review begins anew, as after signing.
    pub review_anew: bool,
    /// Whether the chosen dose is still to be brought into sight.
    brings_chosen: bool,
}

/// What is to open over the window, where nothing else was opened meanwhile.
struct Opening {
    over: Over,
    patient: PatientId,
    beside: Beside,
}

/// What there is over the window: the form, what is shown, and whether it is locked, shows one patient alone, or hides names.
type Beside = (Option<u64>, Option<Overlay>, [bool; 3]);

impl Source {
    fn is_light(&self) -> bool {
        self.patient.chart.administrations.len() <= FEW
    }

    /// Whether what this says may stand until the other is there.
    fn may_stand_for(&self, other: &Self) -> bool {
        let minute = |source: &Self| source.at.timestamp().div_euclid(60);
        let look = |look: Look| (look.unit, look.published);
        Arc::ptr_eq(&self.patient, &other.patient)
            && (self.names_hidden, &self.by, self.rules) == (other.names_hidden, &other.by, other.rules)
            && (self.window, look(self.look)) == (other.window, look(other.look))
            && (0..=1).contains(&(minute(other) - minute(self)))
    }

    fn work_out(&self, reference: &Reference, zone: &dyn Zone) -> Worked {
        let now = Now { at: self.at, zone };
        let patient = as_may_be_seen(&self.patient, self.names_hidden);
        let view = PatientView::of(&patient, reference, (self.window, self.look), now, self.what_if.as_ref());
        let mut view = view.map_err(|error| error.to_string());
        if let Ok(view) = &mut view {
            view.since_review = self.by.as_ref().and_then(|by| since_words(&self.patient, by, now));
        }
        let over = self.over(&patient, &view, reference, now);
        Worked { view, over }
    }

    fn over(
        &self,
        seen: &Patient,
        view: &Result<PatientView, String>,
        reference: &Reference,
        now: Now<'_>,
    ) -> Result<OverShown, String> {
        let rules = reference.rules();
        let view = || view.as_ref().map_err(Clone::clone);
        match self.over {
            Over::Nothing => Ok(OverShown::Nothing),
            Over::Explanation(figure) => {
                let explanation = ExplanationView::of(&seen.chart, rules, &view()?.exposure, figure, now.zone);
                let explanation = explanation.map_err(|error| error.to_string())?;
                let none = || "open a patient with figures first".to_owned();
                explanation.map(Box::new).map(OverShown::Explanation).ok_or_else(none)
            }
            Over::Table => {
                let view = view()?;
                let table = ChartTable::of(&seen.chart, rules, &view.exposure, &view.figure, now.zone);
                table.map(Box::new).map(OverShown::Table).map_err(|error| error.to_string())
            }
            Over::Review => {
                let by = self.by.as_ref().ok_or("say who you are first (Ctrl+Shift+U)")?;
                let review = ReviewView::of(&self.patient, by, rules, now);
                review.map(Box::new).map(OverShown::Review).map_err(|error| error.to_string())
            }
        }
    }
}

impl App {
    /// Works out again what is shown of the open patient.
    pub(super) fn refresh_view(&mut self) {
        let Some(source) = self.source() else { return self.show_nothing() };
        // A worker without a thread does everything at once.
        if source.is_light() || !self.worker.watches() {
            let worked = source.work_out(&self.reference, self.clock.zone());
            return self.show(source, worked);
        }
        self.let_stand(&source);
        self.working.number += 1;
        let number = self.working.number;
        if self.working.asked.is_some() {
            return;
        }
        self.working.asked = Some(number);
        let (beside, reference, clock) = (source.clone(), self.reference.clone(), Arc::clone(&self.clock));
        let asked = self.worker.beside(move || {
            let worked = beside.work_out(&reference, clock.zone());
            Box::new(move |app| app.take_worked(number, beside, worked))
        });
        if asked.is_err() {
            let worked = source.work_out(&self.reference, self.clock.zone());
            self.show(source, worked);
        }
    }

    /// Shows what was worked out beside the window, unless it is not right any more.
    fn take_worked(&mut self, number: u64, source: Source, worked: Worked) {
        if self.working.asked != Some(number) {
            return;
        }
        self.working.asked = None;
        if self.working.number == number { self.show(source, worked) } else { self.refresh_view() }
    }

    /// Leaves what is shown as it is until the other is there, where that is right still.
    fn let_stand(&mut self, source: &Source) {
        let shown = self.working.shown.as_ref();
        if shown.is_some_and(|shown| shown.may_stand_for(source)) && !self.working.is_awaited {
            return;
        }
        self.working.is_awaited = true;
        // The log may show notes that are hidden from now on.
        let is_same =
            |shown: &Source| (&shown.patient.id, shown.names_hidden) == (&source.patient.id, source.names_hidden);
        if !shown.is_some_and(is_same) {
            self.view = None;
        } else if let Some(Ok(view)) = &mut self.view {
            view.await_others();
        }
        self.view_number += 1;
    }

    fn source(&self) -> Option<Source> {
        let patient = self.ward.as_ref()?.patient(self.selected.as_ref()?)?;
        let opening = self.working.opening.as_ref().filter(|opening| opening.patient == patient.id);
        Some(Source {
            patient: Arc::clone(patient),
            names_hidden: self.bedside.names_hidden,
            by: self.initials().cloned(),
            window: self.window,
            look: self.chart_look(),
            what_if: self.what_if.as_ref().map(|what_if| what_if.plan.clone()),
            rules: self.rules_number(),
            at: self.clock.now(),
            over: opening.map_or_else(|| self.over(), |opening| opening.over),
        })
    }

    fn over(&self) -> Over {
        match (self.overlay, &self.explanation) {
            (Some(Overlay::Explanation), Some(explanation)) => Over::Explanation(explanation.figure),
            (Some(Overlay::ChartTable), _) => Over::Table,
            (Some(Overlay::Review), _) => Over::Review,
            _ => Over::Nothing,
        }
    }

    fn show_nothing(&mut self) {
        self.view = None;
        self.view_number += 1;
        self.working = Working { number: self.working.number, ..Working::default() };
        (self.explanation, self.chart_table, self.review) = (None, None, None);
        self.refresh_chart();
    }

    fn show(&mut self, source: Source, worked: Worked) {
        self.view = Some(worked.view);
        self.view_number += 1;
        self.working.asked = None;
        self.working.shown = Some(source);
        let was_awaited = std::mem::take(&mut self.working.is_awaited);
        self.refresh_chart();
        self.mark_the_log();
        self.show_over(worked.over);
        if was_awaited && std::mem::take(&mut self.working.brings_chosen) {
            self.scroll = self.chosen.is_some();
            self.bring_chosen();
        }
        if was_awaited {
            self.preview_form();
        }
    }

    /// Shows what lies over the window, and opens what is to be opened.
    fn show_over(&mut self, over: Result<OverShown, String>) {
        let opening = self.working.opening.take();
        let is_to_open = opening.is_some_and(|opening| opening.beside == self.beside());
        let (explanation, table, review, overlay) = match over {
            Ok(OverShown::Explanation(shown)) => (Some(*shown), None, None, Some(Overlay::Explanation)),
            Ok(OverShown::Table(table)) => (None, Some(*table), None, Some(Overlay::ChartTable)),
            Ok(OverShown::Review(review)) => (None, None, Some(*review), Some(Overlay::Review)),
            Err(error) if is_to_open => return self.tell_error(&error),
            // What has nothing to show any more goes from the window.
            Ok(OverShown::Nothing) | Err(_) => (None, None, None, None),
        };
        if is_to_open && overlay.is_some() {
            self.commands = Commands::default();
            self.overlay = overlay;
            self.working.review_anew = true;
        }
        // What did not open is not kept.
        let is_shown = overlay.is_some() && self.overlay == overlay;
        self.explanation = explanation.filter(|_| is_shown);
        self.chart_table = table.filter(|_| is_shown);
        self.keep_row();
        self.take_review(review.filter(|_| is_shown));
    }

    /// Opens something over the window as soon as it is worked out.
    fn open_over(&mut self, over: Over) {
        let Some(patient) = self.selected.clone() else { return self.tell_error("open a patient first") };
        self.working.opening = Some(Opening { over, patient, beside: self.beside() });
        self.refresh_view();
    }

    fn beside(&self) -> Beside {
        (self.form_number(), self.overlay, [self.lock.is_on(), self.bedside.is_on, self.bedside.names_hidden])
    }

    pub(super) fn open_explanation(&mut self, figure: FigureName) {
        self.open_over(Over::Explanation(figure));
    }

    pub(super) fn open_chart_table(&mut self) {
        self.open_over(Over::Table);
    }

    pub(super) fn open_review(&mut self) {
        self.open_over(Over::Review);
    }

    /// The open patient's figures, where they are right.
    pub(super) fn settled(&self) -> Result<&PatientView, &'static str> {
        if self.awaits_figures() { Err(AWAITED) } else { self.shown().ok_or("open a patient first") }
    }

    /// Whether what is shown of the open patient is not right any more, and is being worked out.
    pub const fn awaits_figures(&self) -> bool {
        self.working.is_awaited
    }

    /// Whether nothing that is shown is being worked out beside the window.
    pub fn is_worked_out(&self) -> bool {
        self.working.asked.is_none() && !self.awaits_rows()
    }

    /// Has the chosen dose brought into sight when the figures are there.
    pub(super) const fn bring_chosen_then(&mut self) {
        self.working.brings_chosen = self.working.is_awaited;
    }
}
