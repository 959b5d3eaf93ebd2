//! Where the keyboard is in the open form.
//!
//! egui takes the keyboard from a field at Enter, and from a list with what was chosen there. It is given back to the field
//! that had it, or to the one that a refusal names, once the actions of the frame are carried out: the next key is not lost.
//! What stands in a field is selected only where the form wrote it itself: letters never replace what somebody typed.

use super::dialogs::select_all;
use crate::app::{Action, App, Overlay};
use egui::{Context, Event, Id, Key, Modifiers, Popup, Ui};

/// The keyboard in the open form.
#[derive(Default)]
pub struct FormFocus {
    /// The number of the form.
    form: Option<u64>,
    /// Its fields, as they were drawn last.
    pub fields: Vec<Id>,
    /// The field that had the keyboard last.
    last: Option<usize>,
    /// Whether something was just chosen in a list.
    pub has_chosen: bool,
    /// The list box that has just been chosen in, as long as the keyboard is on it.
    chosen_in: Option<Id>,
    /// Whether it was submitted, and has not been answered yet.
    is_submitted: bool,
}

impl FormFocus {
    /// Whether Enter submits although the keyboard is on a list box: a second time, after what was chosen there. Any other
    /// list box is opened by it, so that no form is saved by who wanted to choose.
    pub fn submits_at_enter(&self, ui: &Ui) -> bool {
        let is_there = self.chosen_in.is_some_and(|chosen| ui.memory(|memory| memory.has_focus(chosen)));
        let is_anew = |event: &Event| matches!(event, Event::Key { key: Key::Enter, pressed: true, repeat: false, .. });
        is_there
            && !Popup::is_any_open(ui.ctx())
            && ui.input_mut(|input| input.events.iter().any(is_anew) && input.consume_key(Modifiers::NONE, Key::Enter))
    }

    /// Notes what the user did to the form, before it is carried out.
    pub fn note(&mut self, actions: &[Action]) {
        self.is_submitted |= actions.contains(&Action::Submit);
    }

    /// Puts the keyboard where it belongs now.
    pub fn settle(&mut self, context: &Context, app: &App) {
        let Some(form) = &app.form else {
            *self = Self::default();
            return;
        };
        if self.form != Some(form.number) {
            // Its fields are drawn in the next frame.
            *self = Self { form: Some(form.number), ..Self::default() };
            context.request_repaint();
            return;
        }
        let is_behind = app.guard.asked.is_some() || app.overlay == Some(Overlay::Quit);
        if is_behind || self.fields.is_empty() {
            return;
        }
        let focused = context.memory(egui::Memory::focused);
        let here = self.fields.iter().position(|field| Some(*field) == focused);
        let opens = self.last.is_none();
        self.last = here.or(self.last);
        let is_refused = self.is_submitted && app.pending().is_none() && form.error.is_some();
        let is_free = focused.is_none() && !Popup::is_any_open(context);
        let has_chosen = std::mem::take(&mut self.has_chosen);
        let on_list = self.last.and_then(|last| self.fields.get(last)).copied();
        self.chosen_in = if has_chosen { on_list } else { self.chosen_in.filter(|chosen| Some(*chosen) == focused) };
        let back = self.last.filter(|_| is_free || has_chosen);
        let to = if opens {
            form.at_fault().or_else(|| form.opens_in())
        } else if is_refused {
            form.at_fault().or(back)
        } else {
            back
        };
        self.is_submitted &= !is_refused;
        if let Some((to, id)) = to.and_then(|to| Some((to, *self.fields.get(to)?))) {
            self.last = Some(to);
            context.memory_mut(|memory| memory.request_focus(id));
            if let Some(field) = form.fields.get(to).filter(|field| opens && field.value == field.initial) {
                select_all(context, id, &field.value);
            }
            context.request_repaint();
        }
    }
}
