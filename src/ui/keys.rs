//! Which key does what: one list, read by the keyboard, and shown in the menus, in the command palette and under F1.

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

/// One menu: its name, and what is in it.
pub type Menu = (&'static str, Vec<Binding>);

/// Every action that has a key, as it stands in the menus.
pub fn menus(app: &App) -> [Menu; 5] {
    [("Ward", ward()), ("Patient", patient()), ("Record", record()), ("View", view(app)), ("Help", help())]
}

/// The same as the keyboard asks for them: a key with Shift before the same key without, which would take it.
pub fn bindings(app: &App) -> Vec<Binding> {
    let mut bindings: Vec<Binding> = menus(app).into_iter().flat_map(|(_, bindings)| bindings).collect();
    bindings.sort_by_key(|binding| !binding.shortcut.modifiers.shift);
    bindings
}

const fn plain(key: Key, words: &'static str, action: Action) -> Binding {
    Binding { shortcut: with(Modifiers::NONE, key), words, action }
}

const fn ctrl(key: Key, words: &'static str, action: Action) -> Binding {
    Binding { shortcut: with(Modifiers::COMMAND, key), words, action }
}

const fn shift(key: Key, words: &'static str, action: Action) -> Binding {
    Binding { shortcut: with(Modifiers::COMMAND.plus(Modifiers::SHIFT), key), words, action }
}

const fn beside(key: Key, words: &'static str, action: Action) -> Binding {
    Binding { shortcut: with(Modifiers::SHIFT, key), words, action }
}

const fn alt(key: Key, words: &'static str, action: Action) -> Binding {
    Binding { shortcut: with(Modifiers::ALT, key), words, action }
}

fn ward() -> Vec<Binding> {
    vec![
        shift(Key::I, "register a patient", Action::Open(FormKind::Register)),
        ctrl(Key::O, "import a file", Action::Open(FormKind::Import)),
        shift(Key::T, "what the last import did", Action::Overlay(Overlay::Report)),
        ctrl(Key::R, "read the data folder again", Action::Reload),
        shift(Key::O, "open another folder", Action::Open(FormKind::OpenFolder)),
        shift(Key::K, "check every file of the data folder", Action::CheckFiles),
        shift(Key::F, "what the last check of every file found", Action::Overlay(Overlay::Files)),
        ctrl(Key::Period, "stop what takes long: reading, checking, importing, backing up", Action::Stop),
        shift(Key::B, "backups: where they go, and one now", Action::Open(FormKind::Backup)),
        shift(Key::M, "save again what is missing in the files", Action::SaveAgain),
        shift(Key::D, "what is damaged of what waits on this workstation", Action::Overlay(Overlay::Damaged)),
        ctrl(Key::Comma, "the unit's settings, with before and after", Action::Open(FormKind::Settings)),
        shift(Key::U, "this workstation: idle lock and PIN", Action::Open(FormKind::Workstation)),
        shift(Key::L, "lock now", Action::Lock),
        ctrl(Key::U, "who is recording", Action::Open(FormKind::Initials)),
        ctrl(Key::Q, "close the window", Action::Close),
    ]
}

fn patient() -> Vec<Binding> {
    vec![
        ctrl(Key::PageDown, "next patient", Action::SelectBy(1)),
        ctrl(Key::PageUp, "previous patient", Action::SelectBy(-1)),
        shift(Key::P, "amend the patient", Action::Open(FormKind::Amend)),
        shift(Key::A, "archive the patient, who leaves the ward list", Action::Open(FormKind::Archive)),
        shift(Key::G, "it is known why files of the patient are missing", Action::MissingIsKnown),
        shift(Key::C, "copy the figures as text", Action::CopyText),
        ctrl(Key::P, "print one page: the curve, the figures, the latest doses", Action::Print),
        shift(Key::V, "review what changed since my last signed review", Action::Overlay(Overlay::Review)),
        plain(Key::F2, "where the total comes from; again: where the next figure does", Action::ExplainBy(1)),
        beside(Key::F2, "where the figure above comes from", Action::ExplainBy(-1)),
        ctrl(Key::Num1, "an open question: both were given; it ran to its end", Action::Answer(Answer::First)),
        ctrl(
            Key::Num2,
            "an open question: strike out the first entry; it was stopped before",
            Action::Answer(Answer::Second),
        ),
        ctrl(Key::Num3, "an open question: strike out the second entry; it still runs", Action::Answer(Answer::Third)),
    ]
}

fn record() -> Vec<Binding> {
    vec![
        ctrl(Key::N, "record a dose in a form", Action::Open(FormKind::Dose)),
        ctrl(Key::D, "same again: the last dose, now", Action::SameAgain),
        ctrl(Key::Z, "undo, within a minute: strike out the dose that was saved", Action::Undo),
        ctrl(Key::E, "correct the chosen dose of the log", Action::CorrectChosen),
        shift(Key::E, "strike out the chosen dose of the log", Action::StrikeOutChosen),
        shift(Key::R, "stop the chosen infusion, or change its rate", Action::StopChosen),
        shift(Key::N, "record a plan", Action::Open(FormKind::Plan)),
        shift(Key::W, "what if: another plan on the chart, never stored", Action::Open(FormKind::WhatIf)),
        ctrl(Key::G, "record a grade", Action::Open(FormKind::Grade)),
        ctrl(Key::T, "record tocilizumab or another event", Action::Open(FormKind::Event)),
        ctrl(Key::M, "record a weight or height", Action::Open(FormKind::Measure)),
        ctrl(Key::I, "record the infusion", Action::Open(FormKind::Infusion)),
        plain(Key::F3, "chart checked to", Action::Open(FormKind::Checked)),
        ctrl(
            Key::B,
            "weights, infusions, grades, events, plans, checks: strike out",
            Action::Overlay(Overlay::Entries),
        ),
    ]
}

fn view(app: &App) -> Vec<Binding> {
    vec![
        shift(Key::S, "sort the ward list by something else", Action::SortBy(app.settings.order.next())),
        shift(Key::H, "show or hide archived patients", Action::ShowArchived(!app.list.has_archived)),
        plain(Key::F11, "bedside view: this patient alone, in large type", Action::Bedside),
        ctrl(Key::H, "hide the names, or show them again", Action::HideNames),
        beside(Key::F4, "mg or mg/kg on the chart", Action::Chart(ChartAction::Unit)),
        beside(Key::F6, "linear or logarithmic total on the chart", Action::Chart(ChartAction::Spacing)),
        beside(Key::F7, "the chart as a table", Action::Overlay(Overlay::ChartTable)),
        beside(Key::F8, "published medians on the chart, on or off", Action::Chart(ChartAction::Published)),
        plain(Key::F4, "days or dates on the axis", Action::ByDay(app.settings.dates)),
        plain(Key::F6, "the figures over the next window", Action::Window(app.next_window())),
        plain(Key::F7, "show or hide struck out and earlier entries", Action::ShowStruckOut(!app.show_struck_out)),
        ctrl(Key::ArrowDown, "choose the next dose of the log", Action::ChooseBy(1)),
        ctrl(Key::ArrowUp, "choose the dose above it", Action::ChooseBy(-1)),
        plain(Key::F12, "take hold of the next border: lanes, log, ward list", Action::HoldNextBorder),
        alt(Key::ArrowUp, "the held border up, or to the left", Action::StepBorder(-1)),
        alt(Key::ArrowDown, "the held border down, or to the right", Action::StepBorder(1)),
        beside(Key::F12, "usual heights and widths", Action::UsualSizes),
        ctrl(Key::Plus, "larger", Action::Zoom(10)),
        ctrl(Key::Equals, "larger", Action::Zoom(10)),
        ctrl(Key::Minus, "smaller", Action::Zoom(-10)),
        ctrl(Key::Num0, "usual size", Action::Zoom(0)),
        plain(Key::F9, app.settings.theme.words(), Action::NextTheme),
    ]
}

fn help() -> Vec<Binding> {
    vec![
        plain(Key::F1, "list of all keys", Action::Overlay(Overlay::Keys)),
        Binding {
            shortcut: COMMANDS,
            words: "every command and every patient, by typing a part of the name",
            action: Action::Overlay(Overlay::Commands),
        },
        plain(Key::F8, "about", Action::Overlay(Overlay::About)),
    ]
}

/// The keys that move the keyboard or belong to one place.
pub const OTHER_KEYS: [(&str, &str); 11] = [
    ("Ctrl+L", "to the quick entry"),
    ("Ctrl+F", "to the search of the ward"),
    ("F10", "to the menus; Down opens one, arrows move in it, Enter chooses"),
    ("Ctrl+J", "to the chart"),
    ("← → Home End, in the chart", "from dose to dose; Enter finds it in the log"),
    ("+ − 0 F, in the chart", "closer, further, all of it, Days 0 to 30"),
    ("Shift+← →, in the chart", "earlier, later"),
    (
        "mouse, in the chart",
        "drag: show that stretch; Shift+drag or right button: move; wheel: closer; Shift+wheel: move; double-click: all of \
         it; click a dose: find it in the log",
    ),
    ("Enter", "save what is typed, or submit the form"),
    ("Escape", "clear what is typed, or close the form"),
    (
        "PageDown, PageUp",
        "through the ward list from its search, or a list over the window, as with arrows, Home and End",
    ),
];

/// What a key does while something is shown over the window that is no form: what belongs to that, and how everything looks.
/// Anything else would be done behind it, where nobody sees it.
pub fn works_over(overlay: Overlay, action: &Action) -> bool {
    match action {
        Action::Lock | Action::Stop | Action::Zoom(_) | Action::NextTheme | Action::HideNames => true,
        Action::Overlay(shown) => *shown == overlay,
        Action::ExplainBy(_) => overlay == Overlay::Explanation,
        // Each patient has a review, which follows and says whose it is.
        Action::SelectBy(_) => overlay == Overlay::Review,
        Action::Close => overlay == Overlay::Quit,
        _ => false,
    }
}

/// What can be done in the bedside view, which is only read: leave it, go to another patient, and change how it looks.
pub const fn works_at_the_bedside(action: &Action) -> bool {
    matches!(
        action,
        Action::Bedside
            | Action::SelectBy(_)
            | Action::HideNames
            | Action::Lock
            | Action::Zoom(_)
            | Action::NextTheme
            | Action::ByDay(_)
            | Action::Chart(ChartAction::Unit | ChartAction::Spacing | ChartAction::Published)
    )
}
