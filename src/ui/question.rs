//! The question whether two entries are one dose, with its answers: by button, and by key from anywhere.

use super::palette::Palette;
use super::{bold, words};
use crate::app::{Action, Answer, App};
use egui::{Label, Panel, Ui};

/// The first open question of the open patient, where there is one.
pub fn question_ui(ui: &mut Ui, app: &App) -> Vec<Action> {
    let colours = Palette::of(ui);
    let mut actions = Vec::new();
    let Some(question) = app.question() else { return actions };
    Panel::top("question").frame(super::strip(colours.note)).show(ui, |ui| {
        ui.add(Label::new(bold(format!("? {}", question.words), 12.0, colours.text)).wrap());
        ui.horizontal(|ui| {
            let (first, second) = (&question.first, &question.second);
            let both_given = Action::BothGiven(first.0.clone(), second.0.clone());
            let choices = [
                ("Both were given".to_owned(), "Ctrl+1", both_given),
                (format!("Strike out {}…", first.1), "Ctrl+2", Action::Answer(Answer::StrikeOutFirst)),
                (format!("Strike out {}…", second.1), "Ctrl+3", Action::Answer(Answer::StrikeOutSecond)),
            ];
            for (word, key, answer) in choices {
                if ui.button(format!("{word}  {key}")).clicked() {
                    actions.push(answer);
                }
            }
            let more = app.shown().map_or(0, |view| view.questions.len()).saturating_sub(1);
            if more > 0 {
                ui.label(words(format!("and {more} more after this"), 11.5, colours.quiet));
            }
        });
    });
    actions
}
