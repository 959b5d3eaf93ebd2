//! The lock screen: nothing of any patient, and the way back.

use super::palette::Palette;
use super::{bold, text, words};
use crate::app::lock::Unlocking;
use crate::app::{Action, App, Overlay};
use egui::{CentralPanel, Frame, Key, Label, TextEdit, Ui, vec2};

/// The width of the fields and of what is said.
const WIDTH: f32 = 420.0;

/// The whole window while it is locked.
pub fn lock_ui(ui: &mut Ui, app: &App) -> Vec<Action> {
    let colours = Palette::of(ui);
    let mut actions = Vec::new();
    CentralPanel::default().frame(Frame::new().fill(colours.ground)).show(ui, |ui| {
        ui.vertical_centered(|ui| {
            ui.add_space(ui.available_height() * 0.22);
            ui.label(bold("Corticurve is locked", 24.0, colours.accent));
            ui.label(words(text::LOCKED, 13.0, colours.text));
            ui.add_space(18.0);
            ui.allocate_ui(vec2(WIDTH, 0.0), |ui| {
                colours.card().show(ui, |ui| {
                    ui.set_width(WIDTH - 24.0);
                    ui.vertical(|ui| fields_ui(ui, app, colours, &mut actions));
                });
                for line in aside(app) {
                    ui.add(Label::new(bold(line, 12.0, colours.bad)).wrap());
                }
                ui.add_space(8.0);
                ui.add(Label::new(words(text::FORGOTTEN, 11.5, colours.quiet)).wrap());
            });
        });
    });
    actions
}

/// A field: its name, what it holds, and what a change of it is.
type Entry<'a> = (&'static str, &'a str, fn(String) -> Unlocking);

fn fields_ui(ui: &mut Ui, app: &App, colours: Palette, actions: &mut Vec<Action>) {
    let lock = &app.lock;
    let mut enter = false;
    let pins: [Entry<'_>; 2] = [
        ("PIN", lock.pin.as_str(), |text| Unlocking::Pin(text.into())),
        ("PIN again", lock.again.as_str(), |text| Unlocking::Again(text.into())),
    ];
    let shown = if lock.sets_new { 2 } else { 1 };
    let initials: Entry<'_> = ("Your initials", &lock.initials, Unlocking::Initials);
    let fields = std::iter::once(&initials).chain(pins.iter().take(shown));
    let (mut is_given, mut pin) = (false, None);
    for (label, value, changed) in fields {
        let name = ui.label(*label);
        let mut typed = (*value).to_owned();
        // Another field for each time: what undo remembers of an earlier PIN must not come back.
        let edit = TextEdit::singleline(&mut typed).id_salt((*label, lock.times)).password(label.starts_with("PIN"));
        let edit = edit.hint_text(if *label == "PIN" {
            "4 to 12 digits; the first that you type here becomes yours"
        } else {
            ""
        });
        let response = ui.add(edit.desired_width(f32::INFINITY)).labelled_by(name.id);
        // Asked after the field is drawn, which takes the keyboard from the button before it when Tab brings it here.
        let nobody = ui.memory(|memory| memory.focused().is_none());
        if nobody && !is_given && value.is_empty() && !response.lost_focus() {
            response.request_focus();
            is_given = true;
        }
        // Escape leaves a text field, and there is nothing here to leave it for.
        if response.lost_focus() && ui.input(|input| input.key_pressed(Key::Escape)) {
            response.request_focus();
        }
        if response.changed() {
            actions.push(Action::Unlock(changed(typed)));
        }
        enter |= response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        is_given |= response.lost_focus();
        pin = pin.or_else(|| (label == &"PIN").then_some(response));
    }
    // Also where each is filled in, what is typed next goes somewhere.
    if let Some(pin) = pin.filter(|_| !is_given && ui.memory(|memory| memory.focused().is_none())) {
        pin.request_focus();
    }
    let said = if lock.is_checking() { Some("checking…") } else { lock.said.as_deref() };
    if let Some(said) = said {
        ui.add(Label::new(bold(said, 12.5, if lock.is_checking() { colours.quiet } else { colours.bad })).wrap());
    }
    if ui.button(bold("Unlock", 13.0, colours.text)).on_hover_text("Enter").clicked() || enter {
        actions.push(Action::Unlock(Unlocking::Submit));
    }
}

/// What must not be forgotten while the window is locked, without a name.
fn aside(app: &App) -> Vec<String> {
    let waiting = app.ward.as_ref().map_or(0, |ward| ward.waiting.len());
    let mut lines = Vec::new();
    match waiting {
        0 => {}
        1 => lines.push("⚠ 1 entry waits on this workstation, not yet in the ward's folder.".to_owned()),
        many => lines.push(format!("⚠ {many} entries wait on this workstation, not yet in the ward's folder.")),
    }
    if app.overlay == Some(Overlay::Quit) {
        lines.push("⚠ Something would be left behind by closing now. Unlock to see what.".to_owned());
    }
    lines
}
