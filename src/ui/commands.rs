//! The command palette: every action with its key, and every patient, found by typing a part of its words.

use super::over::{list_height, modal_ui};
use super::palette::Palette;
use super::{bold, keys, words};
use crate::app::{Action, App};
use egui::{Button, Id, Key, Modifiers, Role, ScrollArea, TextEdit, Ui, vec2};

/// The height of a line, and how many of them are seen at once.
const LINE: f32 = 24.0;
const SEEN: f32 = 14.0;
/// How many lines a page is.
const PAGE: isize = 13;

/// One line of the palette.
struct Command {
    words: String,
    key: String,
    action: Action,
}

/// The palette over the window.
pub fn commands_ui(ui: &mut Ui, app: &App) -> Vec<Action> {
    let colours = Palette::of(ui);
    let found = found(ui, app);
    // Fewer may be found than when it was chosen: patients come and go.
    let chosen_line = app.commands.chosen.min(found.len().saturating_sub(1));
    let mut actions = Vec::new();
    let modal = modal_ui(ui.ctx(), Id::unique("commands"), 560.0, |ui| {
        // Before the field sees the key, which would move its cursor.
        let keys = [(Key::ArrowDown, 1), (Key::ArrowUp, -1), (Key::PageDown, PAGE), (Key::PageUp, -PAGE)];
        for (key, lines) in keys {
            if ui.input_mut(|input| input.consume_key(Modifiers::NONE, key)) {
                actions.push(Action::CommandBy(lines, found.len()));
            }
        }
        let enter = ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Enter));
        let mut text = app.commands.text.clone();
        let edit = TextEdit::singleline(&mut text).hint_text("what to do, or a patient's name or MRN");
        let field = ui.add(edit.desired_width(f32::INFINITY));
        super::ward::name(&field, Role::TextInput, "What to do, or a patient");
        if !field.has_focus() {
            field.request_focus();
        }
        if field.changed() {
            actions.push(Action::Command(text));
        }
        let chosen = if found.is_empty() {
            ui.label(words("Nothing has these words in its name.", 12.5, colours.quiet));
            None
        } else {
            list_ui(ui, &found, (app, chosen_line), colours)
        };
        if let Some(command) = chosen.or(if enter { found.get(chosen_line) } else { None }) {
            // Closed first, because the command may open something in its place.
            actions.extend([Action::Cancel, command.action.clone()]);
        }
    });
    if modal.should_close() {
        actions.push(Action::Cancel);
    }
    actions
}

fn list_ui<'a>(
    ui: &mut Ui,
    found: &'a [Command],
    (app, chosen): (&App, usize),
    colours: Palette,
) -> Option<&'a Command> {
    let mut clicked = None;
    ui.spacing_mut().item_spacing.y = 0.0;
    let mut area =
        ScrollArea::vertical().max_height(list_height(ui, LINE * SEEN)).auto_shrink([false, true]).animated(false);
    if app.scroll {
        area = area.vertical_scroll_offset(offset(chosen));
    }
    area.show_rows(ui, LINE, found.len(), |ui, rows| {
        for (at, command) in found.iter().enumerate().skip(rows.start).take(rows.len()) {
            let line = Button::selectable(at == chosen, words(&command.words, 12.5, colours.text))
                .right_text(bold(&command.key, 11.5, colours.accent))
                .truncate();
            if ui.add_sized(vec2(ui.available_width(), LINE), line).clicked() {
                clicked = Some(command);
            }
        }
    });
    clicked
}

/// Where the list is scrolled to so that a line is seen with some before it.
#[allow(clippy::cast_precision_loss, reason = "a list of fewer than 2^23 lines")]
fn offset(line: usize) -> f32 {
    line.saturating_sub(6) as f32 * LINE
}

/// What has the typed words: actions first, as they stand in the list of keys; then patients, once anything is typed.
fn found(ui: &Ui, app: &App) -> Vec<Command> {
    let mut found: Vec<Command> = Vec::new();
    for binding in keys::menus(app).into_iter().flat_map(|(_, bindings)| bindings) {
        let is_there = found.iter().any(|command| command.words == binding.words);
        if !is_there && binding.shortcut != keys::COMMANDS && app.commands.finds(binding.words) {
            let key = ui.ctx().format_shortcut(&binding.shortcut);
            found.push(Command { words: binding.words.to_owned(), key, action: binding.action });
        }
    }
    let typed = !app.commands.text.trim().is_empty();
    let patients = app.rows.iter().filter(|row| typed && app.commands.finds(&format!("{} {}", row.name, row.mrn)));
    let hidden = app.bedside.names_hidden;
    found.extend(patients.map(|row| Command {
        words: format!("open {}", row.shown(hidden)),
        // At the edge, where no long name takes its room.
        key: if hidden { String::new() } else { format!("MRN {}", row.mrn) },
        action: Action::Select(row.id.clone()),
    }));
    found
}
