//! What is asked over everything else: so that nothing is recorded for the wrong patient, and whether a loss is known.

use super::over::modal_ui;
use super::palette::Palette;
use super::{bold, identity, scroll, text, words};
use crate::app::guard::{Asked, Guarding, Wanted, Who};
use crate::app::{Action, App};
use crate::record::PatientId;
use crate::store::{Finding, FindingKind, Loss};
use egui::{Id, Key, Label, ScrollArea, TextEdit, Ui};

/// The question over everything else.
pub fn guard_ui(ui: &mut Ui, asked: &Asked, app: &App) -> Vec<Action> {
    let mut actions = Vec::new();
    let modal = modal_ui(ui.ctx(), Id::unique("guard"), 520.0, |ui| {
        identity::line_ui(ui, app);
        match asked {
            Asked::Who(who) => who_ui(ui, who, app, &mut actions),
            Asked::Leave(id) => leave_ui(ui, id, app, &mut actions),
            Asked::Known(_, files) => known_ui(ui, files, app, &mut actions),
        }
    });
    if modal.should_close() {
        actions.push(Action::Guard(Guarding::GoBack));
    }
    actions
}

fn who_ui(ui: &mut Ui, who: &Who, app: &App, actions: &mut Vec<Action>) {
    let colours = Palette::of(ui);
    ui.label(bold("Is it the right patient?", 16.0, colours.text));
    ui.add(Label::new(words(app.why_words(&who.why), 12.5, colours.text)).wrap());
    let (label, hint) = match who.wanted {
        Wanted::Birthday => ("Day and month of birth", "31-12 or 31 Dec"),
        Wanted::MrnEnd => ("Last 4 characters of the MRN", ""),
    };
    ui.add(Label::new(words("Type it from the medication chart or the wristband.", 12.0, colours.quiet)).wrap());
    ui.separator();
    let mut enter = false;
    ui.horizontal(|ui| {
        let name = ui.label(label);
        let mut typed = who.typed.clone();
        let edit = TextEdit::singleline(&mut typed).id_salt(("who", who.times)).hint_text(hint).desired_width(280.0);
        let response = ui.add(edit).labelled_by(name.id);
        enter = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        if ui.memory(|memory| memory.focused().is_none()) && !response.lost_focus() {
            response.request_focus();
        }
        if response.changed() {
            actions.push(Action::Guard(Guarding::Typed(typed)));
        }
    });
    if let Some(error) = &who.error {
        ui.add(Label::new(bold(format!("✗ {error}"), 12.5, colours.bad)).wrap());
    }
    let clicked = buttons_ui(ui, "Go on", actions);
    if enter || clicked {
        actions.push(Action::Guard(Guarding::Confirm));
    }
}

fn leave_ui(ui: &mut Ui, id: &PatientId, app: &App, actions: &mut Vec<Action>) {
    let colours = Palette::of(ui);
    let name = |id: Option<&PatientId>| {
        let patient = id.and_then(|id| app.ward.as_ref()?.patient(id));
        patient.map(|patient| app.name_of(patient)).unwrap_or_default()
    };
    let (here, there) = (name(app.selected.as_ref()), name(Some(id)));
    ui.label(bold("A dose is typed and not saved", 16.0, colours.text));
    let behind = app.quick.next.as_ref().map(|next| next.line.as_str());
    for line in std::iter::once(app.quick.line.as_str()).chain(behind) {
        ui.add(Label::new(bold(line, 13.0, colours.accent)).wrap());
    }
    let (stays, is) = if behind.is_some() { ("The lines stay", "are") } else { ("The line stays", "is") };
    let about =
        format!("{stays} with {here} and {is} there again when {here} is opened. {there} begins with an empty line.");
    ui.add(Label::new(words(about, 12.5, colours.text)).wrap());
    ui.separator();
    confirm_ui(ui, &format!("Keep it and open {there}"), actions);
}

fn known_ui(ui: &mut Ui, files: &[Finding], app: &App, actions: &mut Vec<Action>) {
    let colours = Palette::of(ui);
    ui.label(bold("Is it known why these files are missing?", 16.0, colours.text));
    ScrollArea::vertical().max_height(200.0).auto_shrink([false, true]).animated(false).show(ui, |ui| {
        scroll::by_keys(ui);
        for file in files {
            let what =
                if file.kind == FindingKind::Lost(Loss::Shorter) { "older than it was" } else { "gone or empty" };
            ui.add(Label::new(bold(format!("{}: {what}", file.place()), 12.0, colours.accent)).wrap());
        }
    });
    ui.add(Label::new(words(text::KNOWN, 12.5, colours.text)).wrap());
    if app.holds_alone() {
        ui.add(Label::new(bold(text::KNOWN_AND_HELD, 12.5, colours.bad)).wrap());
    }
    ui.separator();
    confirm_ui(ui, "It is known", actions);
}

/// The two answers, the first of which Enter gives from anywhere.
fn confirm_ui(ui: &mut Ui, go_on: &str, actions: &mut Vec<Action>) {
    let nothing_chosen = ui.memory(|memory| memory.focused().is_none());
    let enter = nothing_chosen && ui.input(|input| input.key_pressed(Key::Enter));
    let clicked = buttons_ui(ui, go_on, actions);
    if enter || clicked {
        actions.push(Action::Guard(Guarding::Confirm));
    }
}

/// Whether the first was clicked; the second goes back.
fn buttons_ui(ui: &mut Ui, go_on: &str, actions: &mut Vec<Action>) -> bool {
    let text = Palette::of(ui).text;
    ui.horizontal_wrapped(|ui| {
        let clicked = ui.button(bold(go_on, 13.0, text)).on_hover_text("Enter").clicked();
        if ui.button("Go back").on_hover_text("Escape").clicked() {
            actions.push(Action::Guard(Guarding::GoBack));
        }
        clicked
    })
    .inner
}
