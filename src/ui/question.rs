//! An open question, with its answers: by button, and by key from anywhere.

use super::palette::Palette;
use super::{bold, words};
use crate::app::view::Asks;
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
            // What is saved at once names the entries that were looked at; the others open a form, which names them.
            let (choices, at_once) = match &question.asks {
                Asks::Twice { first, second } => (
                    [
                        "Both were given".to_owned(),
                        format!("Strike out {}…", first.1),
                        format!("Strike out {}…", second.1),
                    ],
                    Action::BothGiven(first.0.clone(), second.0.clone()),
                ),
                Asks::Ended(id) => (
                    ["It ran to its end", "It was stopped before…", "It still runs…"].map(str::to_owned),
                    Action::RanToItsEnd(id.clone()),
                ),
            };
            let answers = [at_once, Action::Answer(Answer::Second), Action::Answer(Answer::Third)];
            for ((word, key), answer) in choices.iter().zip(["Ctrl+1", "Ctrl+2", "Ctrl+3"]).zip(answers) {
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
