//! The window: one file per screen or panel.
//!
//! A view is a function ending in `_ui` that takes the [`App`] and returns what the user did as [`Action`]s, which are
//! carried out in one place after everything is drawn. Views do no arithmetic on doses: positions and digits come worked
//! out from `exposure` and `app::view`. All colours are in `palette.rs`, longer words in [`text`], keys in [`keys`].

mod bedside;
mod borders;
mod chart;
mod chart_table;
mod commands;
mod dialogs;
mod explanation;
mod figures;
mod files;
mod first_run;
mod fonts;
mod form_focus;
mod guard;
mod identity;
pub mod keys;
mod lock;
mod log;
mod menu;
mod narrow;
mod outbox;
mod over;
pub mod palette;
mod place;
mod question;
mod quick;
mod review;
mod scroll;
mod settings;
mod sides;
pub mod text;
mod turns;
mod ward;
mod work;

use crate::app::{Action, App, Border, Overlay, WindowSize};
use egui::{CentralPanel, Color32, Frame, Id, Margin, Panel, Popup, Rect, Ui, UiBuilder, ViewportCommand};
use form_focus::FormFocus;
use palette::Palette;
use std::sync::Arc;
use std::time::Duration;
use turns::Turns;

/// The window around the [`App`].
pub struct MainWindow {
    /// The state.
    pub app: App,
    installed: bool,
    /// Where the keyboard is in the open form.
    form_focus: FormFocus,
    /// What was over the window in the last frame: the form by its number, else what is shown, and whether it is asked who
    /// the patient is.
    last_over: (Option<u64>, Option<Overlay>, bool),
    /// The field of the quick entry in the last frame.
    last_line: Option<Id>,
}

impl MainWindow {
    /// A window over this state. Fonts and colours are installed with the first frame.
    pub fn new(app: App) -> Self {
        let form_focus = FormFocus::default();
        Self { app, installed: false, form_focus, last_over: (None, None, false), last_line: None }
    }

    /// Draws one frame and carries out what the user did.
    pub fn show(&mut self, ui: &mut Ui) {
        let context = ui.ctx().clone();
        if !self.installed {
            self.installed = true;
            palette::install(&context);
            fonts::install(&context);
            context.add_plugin(Turns::default());
            let window = context.clone();
            self.app.wake_by(Arc::new(move || window.request_repaint()));
            // Fonts are there from the next frame on.
            context.request_discard("fonts were installed");
            context.request_repaint();
            return;
        }
        palette::apply(&context, self.app.settings.theme);
        self.app.listen();
        self.app.keep_watch(ui.input(has_input));
        self.keep_the_keyboard_in_the_line(&context);
        let zoom = f32::from(self.app.settings.zoom_percent.unwrap_or(100)) / 100.0;
        let larger = if self.is_at_the_bedside() { bedside::larger(&context, zoom) } else { 1.0 };
        context.set_zoom_factor(zoom * larger);
        let mut actions = self.keys(ui);
        if actions.contains(&Action::Lock) {
            // At once: what the frame would still draw is what must not be seen.
            actions.clear();
            self.app.update(Action::Lock);
        }
        if self.app.lock.is_on() {
            return self.show_locked(ui, actions);
        }
        self.close_lists(&context);
        let mut asked = None;
        if self.is_at_the_bedside() {
            actions.extend(bedside::bedside_ui(ui, &self.app));
        } else {
            if !self.app.is_covered() {
                chart::hand_over(&context, quick::id(&self.app));
            }
            self.panels(ui, &mut actions);
            asked = self.app.question().map(|question| question.asks.clone());
        }
        actions.extend(dialogs::dialogs_ui(ui, &self.app, &mut self.form_focus));
        // Both lists have scrolled to what is chosen in this frame.
        self.app.scroll = false;
        self.form_focus.note(&actions);
        for action in actions {
            self.app.update(action);
        }
        self.app.has_asked(asked);
        self.form_focus.settle(&context, &self.app);
        if let Some(text) = self.app.clipboard.take() {
            context.copy_text(text);
        }
        self.wait_for_the_minute(&context);
        if let Some(time) = self.app.until_progress_is_told() {
            context.request_repaint_after(time);
        }
        self.close_or_ask(&context);
    }

    /// The quick entry is another field for another patient, and after a save: it has the keyboard where the one before it
    /// had. Before any key is looked at, so that none is lost.
    fn keep_the_keyboard_in_the_line(&mut self, context: &egui::Context) {
        let field = quick::id(&self.app);
        let before = self.last_line.replace(field).filter(|before| *before != field);
        if before.is_some_and(|before| context.memory(|memory| memory.has_focus(before))) {
            context.memory_mut(|memory| memory.request_focus(field));
        }
    }

    /// A menu or a list of choices does not stay open below what has come over it, whose keys it would take.
    fn close_lists(&mut self, context: &egui::Context) {
        let form = self.app.form.as_ref().map(|form| form.number);
        let over = (form, self.app.overlay, self.app.guard.asked.is_some());
        if std::mem::replace(&mut self.last_over, over) != over && self.app.is_covered() {
            Popup::close_all(context);
        }
    }

    /// Whether one patient is shown alone; not without a patient, and not behind the lock.
    fn is_at_the_bedside(&self) -> bool {
        self.app.bedside.is_on && self.app.patient().is_some() && !self.app.lock.is_on()
    }

    /// Draws the lock screen alone, and wakes for nothing but what the worker has to say.
    fn show_locked(&mut self, ui: &mut Ui, mut actions: Vec<Action>) {
        actions.extend(lock::lock_ui(ui, &self.app));
        self.app.has_asked(None);
        for action in actions {
            self.app.update(action);
        }
        if !self.app.lock.is_on() {
            ui.ctx().request_repaint();
        }
        self.close_or_ask(&ui.ctx().clone());
    }

    /// A window that would leave something behind asks before it closes.
    fn close_or_ask(&mut self, context: &egui::Context) {
        let is_closed = context.input(|input| input.viewport().close_requested());
        if self.app.is_quitting() {
            self.remember_size(context);
            context.send_viewport_cmd(ViewportCommand::Close);
        } else if is_closed && self.app.reason_to_stay().is_some() {
            context.send_viewport_cmd(ViewportCommand::CancelClose);
            if self.app.overlay != Some(Overlay::Quit) {
                self.app.update(Action::Overlay(Overlay::Quit));
            }
        } else if is_closed {
            self.remember_size(context);
        }
    }

    fn remember_size(&mut self, context: &egui::Context) {
        let (rect, maximized) = context.input(|input| (input.viewport().inner_rect, input.viewport().maximized));
        let (Some(rect), maximized) = (rect, maximized == Some(true)) else { return };
        let before = self.app.settings.window.filter(|_| maximized);
        // The system knows nothing of the zoom.
        let size = rect.size() * context.zoom_factor();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "no screen is that large")]
        let (width, height) = before.map_or((size.x as u16, size.y as u16), |before| (before.width, before.height));
        self.app.remember_window(WindowSize { width, height, maximized });
    }

    /// Times that are shown relative to now change with the minute; nothing else repaints a window at rest.
    fn wait_for_the_minute(&mut self, context: &egui::Context) {
        if self.app.minute_has_changed() {
            self.app.update(Action::Tick);
        }
        for seconds in self.app.seconds_to_next_minute().into_iter().chain(self.app.seconds_to_lock()) {
            context.request_repaint_after(Duration::from_secs(seconds));
        }
    }

    fn keys(&self, ui: &mut Ui) -> Vec<Action> {
        let mut actions = Vec::new();
        for binding in keys::bindings(&self.app) {
            // What else a key would open or change is behind the form, where nobody sees it.
            let zooms = matches!(binding.action, Action::Zoom(_));
            let always = zooms || matches!(binding.action, Action::Lock | Action::Stop);
            let open = (self.app.form.is_some() || self.app.guard.asked.is_some()) && !always;
            let open = open || self.app.overlay.is_some_and(|overlay| !keys::works_over(overlay, &binding.action));
            let open = open || (self.is_at_the_bedside() && !keys::works_at_the_bedside(&binding.action));
            let hidden = self.app.lock.is_on() && !zooms;
            let hidden = hidden || (binding.action == Action::Undo && !self.undoes_what_was_saved(ui));
            // An answer is to one question: a key that is held does not answer the next one, which nobody has read.
            let answers = matches!(binding.action, Action::Answer(_));
            let hidden = hidden || (answers && !ui.input(|input| is_pressed_anew(input, binding.shortcut.logical_key)));
            if !open && !hidden && ui.input_mut(|input| input.consume_shortcut(&binding.shortcut)) {
                actions.push(binding.action);
            }
        }
        actions
    }

    /// Whether the key of undo takes back what was saved: in whatever is being typed it is the key of the text field, and
    /// over the window nobody sees what it would strike out.
    fn undoes_what_was_saved(&self, ui: &Ui) -> bool {
        let in_quick_entry = ui.memory(|memory| memory.has_focus(quick::id(&self.app)));
        let types_elsewhere = ui.ctx().text_edit_focused() && !in_quick_entry;
        self.app.quick.line.is_empty() && !types_elsewhere && !self.app.is_covered()
    }

    fn panels(&self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let colours = Palette::of(ui);
        let top = Frame::new().fill(colours.card).stroke((1.0, colours.edge)).inner_margin(Margin::symmetric(12, 7));
        let bar = Frame::new().fill(colours.ground).inner_margin(Margin::symmetric(6, 1));
        Panel::top("menus").frame(bar).show_separator_line(false).show(ui, |ui| {
            actions.extend(menu::menu_ui(ui, &self.app));
        });
        Panel::top("identity").frame(top).show_separator_line(false).show(ui, |ui| {
            actions.extend(identity::identity_ui(ui, &self.app));
        });
        self.list_ui(ui, actions);
        if self.app.unit_problem().is_some() {
            Panel::top("unit problem").frame(strip(palette::ALARM)).show(ui, |ui| settings::problem_ui(ui, &self.app));
        }
        // A form and the first screen say so themselves.
        if self.app.takes_long() && self.app.form.is_none() && self.app.ward.is_some() {
            Panel::top("work").frame(strip(colours.note)).show(ui, |ui| {
                actions.extend(ui.horizontal(|ui| work::work_ui(ui, &self.app)).inner);
            });
        }
        actions.extend(outbox::banner_ui(ui, &self.app));
        actions.extend(question::question_ui(ui, &self.app));
        // What went well is told where the next dose is typed, and takes no room of its own.
        let no_quick_entry = self.app.patient().is_none();
        if self.app.notice.as_ref().is_some_and(|notice| notice.is_error || no_quick_entry) {
            let frame = Frame::new().fill(colours.note).inner_margin(Margin::symmetric(12, 5));
            Panel::bottom("notice").frame(frame).show(ui, |ui| actions.extend(identity::notice_ui(ui, &self.app)));
        }
        // The fields below are the same ones with and without a strip above them: one that has the keyboard keeps it when a
        // message comes or goes.
        let below = UiBuilder::new().scope_id(Id::unique("below the strips"));
        ui.scope_builder(below, |ui| self.below_the_strips(ui, actions));
    }

    /// The ward list, where it stands beside the patient. A strip that comes by itself stands beside it as well: no patient
    /// slips under the pointer of somebody who is about to click on another.
    fn list_ui(&self, ui: &mut Ui, actions: &mut Vec<Action>) {
        if self.app.ward.is_none() || narrow::is_narrow(ui) {
            return;
        }
        let colours = Palette::of(ui);
        let width = borders::list_width(self.app.settings.sizes, ui.available_width());
        let ground = Frame::new().fill(colours.ground).inner_margin(GROUND);
        Panel::left("ward").exact_size(width).resizable(false).frame(ground).show_separator_line(false).show(
            ui,
            |ui| {
                colours.card().show(ui, |ui| actions.extend(ward::ward_ui(ui, &self.app)));
            },
        );
    }

    fn below_the_strips(&self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let colours = Palette::of(ui);
        let ground = Frame::new().fill(colours.ground).inner_margin(GROUND);
        if self.app.ward.is_none() {
            CentralPanel::default().frame(ground).show(ui, |ui| actions.extend(first_run::first_run_ui(ui, &self.app)));
            return;
        }
        if narrow::is_narrow(ui) {
            return narrow::narrow_ui(ui, &self.app, ground, actions);
        }
        let whole = ui.available_rect_before_wrap();
        if self.app.patient().is_none() {
            CentralPanel::default().frame(ground).show(ui, |ui| {
                colours.card().show(ui, |ui| actions.extend(ward::nobody_ui(ui, &self.app)));
            });
            return;
        }
        if narrow::is_low(ui) {
            narrow::five_ui(ui, &self.app);
        }
        // The log stands below and is drawn last: the Tab key goes through the window in the order in which it is drawn.
        let room = ui.available_rect_before_wrap();
        let log = borders::log_height(self.app.settings.sizes, room.height());
        let (above, below) = room.split_top_bottom_at_y(room.bottom() - log);
        ui.scope_builder(UiBuilder::new().max_rect(above), |ui| self.above_the_log(ui, ground, actions));
        ui.scope_builder(UiBuilder::new().max_rect(below), |ui| {
            CentralPanel::default().frame(ground).show(ui, |ui| {
                colours.card().show(ui, |ui| actions.extend(log::log_ui(ui, &self.app)));
            });
        });
        let over_log = Rect::from_x_y_ranges(room.x_range(), below.top()..=below.top());
        let beside_list = Rect::from_x_y_ranges(room.left()..=room.left(), whole.y_range());
        actions.extend(borders::border_ui(ui, &self.app, Border::OverLog, over_log, room.height() / 1000.0));
        actions.extend(borders::border_ui(ui, &self.app, Border::BesideList, beside_list, 1.0));
    }

    /// The quick entry, the figures and the chart.
    fn above_the_log(&self, ui: &mut Ui, ground: Frame, actions: &mut Vec<Action>) {
        let colours = Palette::of(ui);
        Panel::bottom("quick").resizable(false).frame(ground).show_separator_line(false).show(ui, |ui| {
            let frame = colours.card().stroke((1.5, colours.accent));
            frame.show(ui, |ui| actions.extend(quick::quick_ui(ui, &self.app)));
        });
        Panel::right("figures").exact_size(312.0).resizable(false).frame(ground).show_separator_line(false).show(
            ui,
            |ui| {
                colours.card().show(ui, |ui| actions.extend(figures::figures_ui(ui, &self.app)));
            },
        );
        CentralPanel::default().frame(ground).show(ui, |ui| {
            colours.card().show(ui, |ui| actions.extend(chart::chart_ui(ui, &self.app)));
        });
    }
}

/// What stays free around a card.
const GROUND: Margin = Margin::same(4);

/// Whether somebody did something, and not only the system.
fn has_input(input: &egui::InputState) -> bool {
    use egui::Event::{PointerGone, WindowFocused};
    input.raw.events.iter().any(|event| !matches!(event, PointerGone | WindowFocused(_)))
}

/// Whether a key went down, and is not only held.
fn is_pressed_anew(input: &egui::InputState, sought: egui::Key) -> bool {
    let is_it = |event: &egui::Event| matches!(event, egui::Event::Key { key, pressed: true, repeat: false, .. } if *key == sought);
    input.events.iter().any(is_it)
}

/// A strip across the window.
fn strip(colour: Color32) -> Frame {
    Frame::new().fill(colour).inner_margin(Margin::symmetric(12, 4))
}

impl eframe::App for MainWindow {
    /// What shows for a frame where a panel has just become smaller.
    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        self.show(ui);
    }
}

/// A folded text in which no number is parted from its unit; read out with plain spaces.
fn unparted_ui(ui: &mut Ui, text: &str, font: egui::FontId, colour: Color32) {
    let mut shown = String::with_capacity(text.len());
    for (at, letter) in text.char_indices() {
        let after_number = shown.ends_with(|before: char| before.is_ascii_digit());
        let is_unit = text.get(at + 1..).is_some_and(|after| after.starts_with(|next: char| next.is_ascii_lowercase()));
        shown.push(if letter == ' ' && after_number && is_unit { '\u{a0}' } else { letter });
    }
    let galley = ui.painter().layout(shown, font, colour, ui.max_rect().width());
    let (rect, response) = ui.allocate_exact_size(galley.size(), egui::Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, text));
    ui.painter().galley(rect.min, galley, colour);
}

/// Text of a size in a colour.
fn words(text: impl Into<String>, size: f32, colour: egui::Color32) -> egui::RichText {
    egui::RichText::new(text).size(size).color(colour)
}

/// The same in bold.
fn bold(text: impl Into<String>, size: f32, colour: egui::Color32) -> egui::RichText {
    egui::RichText::new(text).font(fonts::bold(size)).color(colour)
}
