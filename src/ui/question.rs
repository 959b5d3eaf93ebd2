//! An open question, with its answers: by button, and by key from anywhere.

use super::palette::Palette;
use super::{bold, words};
use crate::app::{Action, Answer, App};
use egui::{Label, Panel, Ui};

/// By the keys Ctrl+1 to Ctrl+3.
const ANSWERS: [Answer; 3] = [Answer::First, Answer::Second, Answer::Third];

/// The open question of the open patient, where there is one.
pub fn question_ui(ui: &mut Ui, app: &App) -> Vec<Action> {
    let colours = Palette::of(ui);
    let mut actions = Vec::new();
    let Some(question) = app.question() else { return actions };
    Panel::top("question").frame(super::strip(colours.note)).show(ui, |ui| {
        ui.add(Label::new(bold(format!("? {}", question.words), 12.0, colours.text)).wrap());
        ui.horizontal(|ui| {
            for ((word, key), answer) in question.answers.iter().zip(["Ctrl+1", "Ctrl+2", "Ctrl+3"]).zip(ANSWERS) {
                // A button of another question is another button: no click falls on one that came under the pointer.
                let clicked = ui.push_id((&question.asks, key), |ui| ui.button(format!("{word}  {key}")).clicked());
                if clicked.inner {
                    actions.push(Action::AnswerTo(question.asks.clone(), answer));
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
