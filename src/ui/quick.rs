//! The quick entry: one line, echoed in words with what it does to the total.

use super::palette::Palette;
use super::sides::sides_ui;
use super::{bold, text, unparted_ui, words};
use crate::app::form::FormKind;
use crate::app::{Action, App, Each};
use crate::record::time;
use egui::text::{CCursor, CCursorRange};
use egui::{Align, FontId, Id, Key, Label, Modifiers, Role, ScrollArea, TextEdit, Ui, vec2};

/// How much of several doses is seen at once, in points; Page Up and Page Down show the others.
const EACH_HEIGHT: f32 = 96.0;

/// The quick entry.
pub fn quick_ui(ui: &mut Ui, app: &App) -> Vec<Action> {
    let colours = Palette::of(ui);
    let mut actions = Vec::new();
    sides_ui(
        ui,
        Align::Center,
        &mut actions,
        |ui, actions| {
            ui.label(bold("+", 17.0, colours.accent));
            line_ui(ui, app, actions);
        },
        |ui, actions| {
            for (word, key, action) in [
                ("Save", "Enter", Action::SaveQuick),
                ("Same again", "Ctrl+D", Action::SameAgain),
                ("Form…", "Ctrl+N", Action::Open(FormKind::Dose)),
            ] {
                // The line needs the room more than the keys do.
                let short = super::narrow::is_narrow(ui);
                let button = if short { ui.button(word) } else { ui.button(format!("{word}  {key}")) };
                if button.on_hover_text(key).clicked() {
                    actions.push(action);
                }
            }
        },
    );
    echo_ui(ui, app, colours);
    actions
}

/// The field of the line: another for each patient and after each save, so that undo in it brings back no line of another
/// patient, and none that is saved.
pub fn id(app: &App) -> Id {
    Id::unique(("quick entry", &app.selected, app.lines_taken()))
}

fn line_ui(ui: &mut Ui, app: &App, actions: &mut Vec<Action>) {
    let mut line = app.quick.line.clone();
    let edit = TextEdit::singleline(&mut line)
        .id(id(app))
        .hint_text(text::QUICK_HINT)
        .font(FontId::proportional(15.0))
        .desired_width(ui.available_width());
    // Tab finishes the word that is being typed; where there is nothing to finish it goes on to the next control.
    let response = ui.add(edit.lock_focus(!app.quick.completions.is_empty()));
    super::ward::name(&response, Role::TextInput, "Quick entry of a dose");
    if response.has_focus()
        && !app.quick.completions.is_empty()
        && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Tab))
    {
        actions.push(Action::Complete);
        cursor_to_end(ui, response.id);
    }
    if !app.is_covered() && ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::L)) {
        response.request_focus();
    }
    if response.changed() {
        actions.push(Action::Quick(line));
    }
    if response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
        actions.push(Action::SaveQuick);
        response.request_focus();
    }
    if response.lost_focus() && ui.input(|input| input.key_pressed(Key::Escape)) {
        let nothing_typed = app.quick.line.is_empty();
        actions.push(if nothing_typed { Action::Cancel } else { Action::Quick(String::new()) });
    }
    // Whoever types without having chosen a field is recording a dose.
    let nothing_open = !app.is_covered();
    if nothing_open && ui.memory(|memory| memory.focused().is_none()) {
        response.request_focus();
    }
}

/// Where a word was finished, typing goes on behind it.
fn cursor_to_end(ui: &Ui, id: egui::Id) {
    if let Some(mut state) = egui::TextEdit::load_state(ui.ctx(), id) {
        state.cursor.set_char_range(Some(CCursorRange::one(CCursor::new(usize::MAX))));
        state.store(ui.ctx(), id);
    }
}

/// Each of several doses, before any of them is saved.
fn each_ui(ui: &mut Ui, each: &[Each], colours: Palette) {
    if each.is_empty() {
        return;
    }
    ScrollArea::vertical().max_height(EACH_HEIGHT).auto_shrink([false, true]).animated(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        for (key, by) in [(Key::PageDown, -EACH_HEIGHT), (Key::PageUp, EACH_HEIGHT)] {
            if ui.input_mut(|input| input.consume_key(Modifiers::NONE, key)) {
                ui.scroll_with_delta(vec2(0.0, by));
            }
        }
        for (at, dose) in each.iter().enumerate() {
            ui.label(words(format!("{}.  {}", at + 1, dose.words), 12.0, colours.good));
            for near in &dose.near {
                ui.label(bold(format!("      ? {near}"), 12.0, colours.bad));
            }
        }
    });
}

fn echo_ui(ui: &mut Ui, app: &App, colours: Palette) {
    let wrapped = |text: egui::RichText| Label::new(text).wrap();
    if let Some(saving) = &app.quick.saving {
        ui.add(wrapped(words(format!("saving…  {saving}"), 12.5, colours.accent)));
    }
    if let Some(next) = &app.quick.next {
        ui.add(wrapped(words(format!("behind it:  {}", next.line), 11.5, colours.quiet)));
    }
    if !app.quick.completions.is_empty() {
        let offered = format!("Tab  {}", app.quick.completions.join("  ·  "));
        ui.add(wrapped(words(offered, 11.5, colours.quiet)));
    }
    match &app.quick.echo {
        None if app.quick.saving.is_some() => {}
        None if app.quick.held.is_some() => {
            ui.add(wrapped(words(text::LINE_HELD, 12.0, colours.quiet)));
        }
        None => {
            let told = app.notice.as_ref().filter(|notice| !notice.is_error);
            ui.add(match told {
                Some(notice) => {
                    let colour = if notice.is_kept_here { colours.bad } else { colours.good };
                    wrapped(words(&notice.text, 12.5, colour))
                }
                // In little room the chart needs it more; the line itself shows an example.
                None if super::narrow::is_low(ui) => return,
                None => wrapped(words(text::QUICK_HELP, 11.5, colours.quiet)),
            });
        }
        Some(Err(error)) => {
            ui.add(wrapped(words(format!("✗ {error}"), 12.0, colours.bad)));
        }
        Some(Ok(echo)) => {
            ui.horizontal_wrapped(|ui| {
                if let Some(kept) = &app.quick.kept {
                    let from = time::shown_near(kept.typed_at, app.now);
                    ui.label(words(format!("kept from {from}:"), 12.5, colours.quiet));
                }
                unparted_ui(ui, &format!("DOSE  {}", echo.words), FontId::proportional(12.5), colours.good);
                let effect = if echo.is_left_out { colours.bad } else { colours.good };
                unparted_ui(ui, &format!("→  {}", echo.effect), super::fonts::bold(12.5), effect);
            });
            each_ui(ui, &echo.each, colours);
            for question in &echo.questions {
                let again = if app.quick.confirmed { "  Press Enter again to record it all the same." } else { "" };
                ui.add(wrapped(bold(format!("? {question}.{again}"), 12.0, colours.bad)));
            }
        }
    }
}
