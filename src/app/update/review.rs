//! Reviewing what changed since one's last signed review, and signing that.

use super::submit::ids_of;
use crate::app::form::Form;
use crate::app::view::ReviewView;
use crate::app::ward::Ward;
use crate::app::{Action, App, Overlay};
use crate::record::Fact;

impl App {
    /// Opens the review of the open patient, or closes it. Whose last review it is must be known first.
    pub(super) fn show_review(&mut self) {
        if self.overlay == Some(Overlay::Review) {
            self.overlay = None;
            return;
        }
        if self.patient().is_none() {
            return self.tell_error("open a patient first");
        }
        if self.bedside.names_hidden {
            return self.tell_error("a review may say who the patient was: show the names first (Ctrl+H)");
        }
        if self.initials().is_none() {
            self.overlay = None;
            self.form = Some(Form::initials(""));
            self.after_initials = Some(Action::Overlay(Overlay::Review));
            return;
        }
        self.open_review();
    }

    pub(super) fn review_by(&mut self, lines: isize) {
        if let Some(review) = &mut self.review {
            let last = review.rows.len().saturating_sub(1);
            review.chosen = review.chosen.saturating_add_signed(lines).min(last);
            self.scroll = true;
        }
    }

    /// Takes a review that was worked out again. What is shown stays, as it may be about to be signed, and what it does not
    /// show is counted; but for one that begins anew.
    pub(in crate::app) fn take_review(&mut self, now: Option<ReviewView>) {
        let is_anew = std::mem::take(&mut self.working.review_anew);
        let shown = self.review.take().filter(|_| !is_anew);
        self.review = match (now, shown) {
            (Some(mut now), Some(shown)) if (&now.patient, &now.by) == (&shown.patient, &shown.by) => {
                let arrived = now.seen.iter().filter(|id| !shown.seen.contains(id)).count();
                if now.seen == shown.seen {
                    (now.chosen, now.error) = (shown.chosen, shown.error);
                    Some(now)
                } else {
                    Some(shown.with_arrived(arrived))
                }
            }
            (now, _) => now,
        };
    }

    pub(super) fn sign_review(&mut self) {
        if let Err(why) = self.settled() {
            return self.review_failed(why);
        }
        let (Some(review), Some(author)) = (self.review.clone(), self.author()) else { return };
        let (patient, now) = (review.patient.clone(), self.now);
        let facts: Vec<Fact> = review.reviews().into_iter().map(Fact::Reviewed).collect();
        let is_theirs = self.selected.as_ref() == Some(&patient) && author.by == review.by;
        if self.pending().is_some() || facts.is_empty() || !is_theirs || !self.is_sure_who(false, Action::SignReview) {
            return;
        }
        let id = patient.clone();
        let task = move |ward: &mut Ward| ward.write(&patient, facts, &author, now);
        let asked = self.ask("saving…", task, move |app, result| match result {
            Ok(entries) => {
                // What arrived meanwhile is shown as what is still to be reviewed.
                app.working.review_anew = true;
                app.refresh();
                app.tell_written_of(&id, &ids_of(&entries), "review signed");
            }
            Err(error) => {
                app.refresh();
                app.review_failed(&error.to_string());
            }
        });
        if let Err(error) = asked {
            self.review_failed(&error);
        }
    }

    /// In the review, where the message at the bottom would be behind it.
    fn review_failed(&mut self, error: &str) {
        match &mut self.review {
            Some(review) => review.error = Some(format!("the review is NOT signed: {error}")),
            None => self.tell_error(error),
        }
    }
}
