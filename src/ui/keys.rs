//! Which key does what: one list, read by the keyboard and shown under F1.

use crate::app::form::FormKind;
use crate::app::{Action, Answer, App, ChartAction, Overlay};
use egui::{Key, KeyboardShortcut, Modifiers};

/// A key with its action and what it is called.
pub struct Binding {
    /// The key.
    pub shortcut: KeyboardShortcut,
    /// What it does, in words.
    pub words: &'static str,
    /// What it does.
    pub action: Action,
}

const fn with(modifiers: Modifiers, key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(modifiers, key)
}

/// The key of the command palette.
pub const COMMANDS: KeyboardShortcut = with(Modifiers::COMMAND, Key::K);

/// Every key that is an action. Ctrl+F and Ctrl+L move the keyboard to a field and are listed beside these.
pub fn bindings(app: &App) -> Vec<Binding> {
    let ctrl = |key, words, action| Binding { shortcut: with(Modifiers::COMMAND, key), words, action };
    let plain = |key, words, action| Binding { shortcut: with(Modifiers::NONE, key), words, action };
    let beside = |key, words, action| Binding { shortcut: with(Modifiers::SHIFT, key), words, action };
    let shift =
        |key, words, action| Binding { shortcut: with(Modifiers::COMMAND.plus(Modifiers::SHIFT), key), words, action };
    vec![
        shift(Key::E, "strike out the chosen dose of the log", Action::StrikeOutChosen),
        shift(Key::R, "stop the chosen infusion, or change its rate", Action::StopChosen),
        shift(Key::K, "check every file of the data folder", Action::CheckFiles),
        shift(Key::B, "backups: where they go, and one now", Action::Open(FormKind::Backup)),
        ctrl(Key::E, "correct the chosen dose of the log", Action::CorrectChosen),
        ctrl(Key::ArrowDown, "choose the next dose of the log", Action::ChooseBy(1)),
        ctrl(Key::ArrowUp, "choose the dose above it", Action::ChooseBy(-1)),
        shift(Key::C, "copy the figures as text", Action::CopyText),
        shift(Key::P, "amend the patient", Action::Open(FormKind::Amend)),
        shift(Key::N, "record a plan", Action::Open(FormKind::Plan)),
        shift(Key::W, "what if: another plan on the chart, never stored", Action::Open(FormKind::WhatIf)),
        ctrl(Key::Num1, "recorded twice? both were given", Action::Answer(Answer::BothGiven)),
        ctrl(Key::Num2, "recorded twice? strike out the first entry", Action::Answer(Answer::StrikeOutFirst)),
        ctrl(Key::Num3, "recorded twice? strike out the second entry", Action::Answer(Answer::StrikeOutSecond)),
        ctrl(Key::N, "record a dose in a form", Action::Open(FormKind::Dose)),
        ctrl(Key::D, "same again: the last dose, now", Action::SameAgain),
        ctrl(Key::G, "record a grade", Action::Open(FormKind::Grade)),
        ctrl(Key::T, "record tocilizumab or another event", Action::Open(FormKind::Event)),
        ctrl(Key::M, "record a weight or height", Action::Open(FormKind::Measure)),
        ctrl(Key::I, "record the infusion", Action::Open(FormKind::Infusion)),
        ctrl(Key::H, "chart checked to", Action::Open(FormKind::Checked)),
        ctrl(Key::P, "register a patient", Action::Open(FormKind::Register)),
        ctrl(Key::O, "import a file", Action::Open(FormKind::Import)),
        ctrl(
            Key::B,
            "weights, infusions, grades, events, plans, checks: strike out",
            Action::Overlay(Overlay::Entries),
        ),
        ctrl(Key::R, "read the data folder again", Action::Reload),
        ctrl(Key::Comma, "the unit's settings, with before and after", Action::Open(FormKind::Settings)),
        ctrl(Key::U, "who is recording", Action::Open(FormKind::Initials)),
        ctrl(Key::PageDown, "next patient", Action::SelectBy(1)),
        ctrl(Key::PageUp, "previous patient", Action::SelectBy(-1)),
        ctrl(Key::Plus, "larger", Action::Zoom(10)),
        ctrl(Key::Equals, "larger", Action::Zoom(10)),
        ctrl(Key::Minus, "smaller", Action::Zoom(-10)),
        ctrl(Key::Num0, "usual size", Action::Zoom(0)),
        Binding {
            shortcut: with(Modifiers::SHIFT, Key::F2),
            words: "where the figure above comes from",
            action: Action::ExplainBy(-1),
        },
        beside(Key::F4, "mg or mg/kg on the chart", Action::Chart(ChartAction::Unit)),
        beside(Key::F6, "linear or logarithmic total on the chart", Action::Chart(ChartAction::Spacing)),
        beside(Key::F7, "the chart as a table", Action::Overlay(Overlay::ChartTable)),
        beside(Key::F8, "published medians on the chart, on or off", Action::Chart(ChartAction::Published)),
        plain(Key::F2, "where the total comes from; again: where the next figure does", Action::ExplainBy(1)),
        plain(Key::F4, "days or dates on the axis", Action::ByDay(!app.by_day)),
        plain(Key::F6, "the figures over the next window", Action::Window(app.next_window())),
        plain(Key::F7, "show or hide struck out and earlier entries", Action::ShowStruckOut(!app.show_struck_out)),
        plain(Key::F8, "about", Action::Overlay(Overlay::About)),
        plain(Key::F9, "light, dark, or as the system", Action::NextTheme),
        Binding {
            shortcut: COMMANDS,
            words: "every command and every patient, by typing a part of the name",
            action: Action::Overlay(Overlay::Commands),
        },
        plain(Key::F1, "list of all keys", Action::Overlay(Overlay::Keys)),
    ]
}

/// The keys that move the keyboard or belong to one place.
pub const OTHER_KEYS: [(&str, &str); 9] = [
    ("Ctrl+L", "to the quick entry"),
    ("Ctrl+F", "to the search of the ward"),
    ("Ctrl+J", "to the chart"),
    ("← → Home End, in the chart", "from dose to dose; Enter finds it in the log"),
    ("+ − 0 F, in the chart", "closer, further, all of it, Days 0 to 30"),
    ("Shift+← →, in the chart", "earlier, later"),
    ("Enter", "save what is typed, or submit the form"),
    ("Escape", "clear what is typed, or close the form"),
    ("PageDown, PageUp", "through a list over the window, as with arrows, Home and End"),
];
