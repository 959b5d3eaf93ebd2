//! Forms, the list of keys, and About.

use super::form_focus::FormFocus;
use super::over::{list_height, modal_ui};
use super::palette::Palette;
use super::work::work_ui;
use super::{bold, explanation, files, guard, identity, keys, outbox, scroll, text, words};
use crate::app::form::{Field, Form, FormKind};
use crate::app::{Action, App, Overlay};
use crate::record::Fact;
use egui::text::{CCursor, CCursorRange};
use egui::{ComboBox, Context, Grid, Id, Key, Label, Role, ScrollArea, TextEdit, Ui};

/// Whatever is open over the window.
pub fn dialogs_ui(ui: &mut Ui, app: &App, focus: &mut FormFocus) -> Vec<Action> {
    let mut actions = Vec::new();
    if let Some(asked) = &app.guard.asked {
        actions.extend(guard::guard_ui(ui, asked, app));
    } else if app.overlay == Some(Overlay::Quit) {
        actions.extend(outbox::quit_ui(ui, app));
    } else if let Some(form) = &app.form {
        actions.extend(form_ui(ui, form, app, focus));
    } else if let Some(overlay) = app.overlay {
        actions.extend(match overlay {
            Overlay::Keys => help_ui(ui, app),
            Overlay::About => about_ui(ui, app),
            Overlay::Entries => entries_ui(ui, app),
            Overlay::Report => report_ui(ui, app),
            Overlay::Damaged => outbox::damaged_ui(ui, app),
            Overlay::Review => super::review::review_ui(ui, app),
            Overlay::Files => files::files_ui(ui, app),
            Overlay::Explanation => explanation::explanation_ui(ui, app),
            Overlay::ChartTable => super::chart_table::chart_table_ui(ui, app),
            Overlay::Commands => super::commands::commands_ui(ui, app),
            Overlay::Quit => Vec::new(),
        });
    } else if !app.bedside.is_on
        && ui.input(|input| input.key_pressed(Key::Escape))
        && ui.memory(|memory| memory.focused().is_none())
    {
        actions.push(Action::Cancel);
    }
    actions
}

fn form_ui(ui: &mut Ui, form: &Form, app: &App, focus: &mut FormFocus) -> Vec<Action> {
    let colours = Palette::of(ui);
    let mut actions = Vec::new();
    let modal = modal_ui(
        ui.ctx(),
        Id::unique(("form", &form.title)),
        if form.comparison.is_some() { 700.0 } else { 560.0 },
        |ui| {
            if form.is_about_a_patient() {
                identity::line_ui(ui, app);
            }
            ui.add(Label::new(bold(&form.title, 16.0, colours.text)).wrap());
            ui.add(Label::new(words(&form.about, 12.0, colours.quiet)).wrap());
            ui.separator();
            if let Some(comparison) = &form.comparison {
                super::settings::comparison_ui(ui, comparison, app.bedside.names_hidden);
                ui.separator();
            }
            if focus.submits_at_enter(ui) {
                actions.push(Action::Submit);
            }
            Grid::new("fields").num_columns(2).spacing([14.0, 7.0]).show(ui, |ui| {
                focus.fields.clear();
                for (at, field) in form.fields.iter().enumerate() {
                    field_ui(ui, (form.number, at), field, focus, &mut actions);
                    ui.end_row();
                }
            });
            match &form.preview {
                // The same words once are enough.
                Some(Err(error)) if form.error.as_ref() == Some(error) => ui.label(""),
                Some(Ok(preview)) => ui.add(Label::new(words(preview, 12.5, colours.good)).wrap()),
                Some(Err(error)) => ui.add(Label::new(words(error, 12.5, colours.quiet)).wrap()),
                None => ui.label(""),
            };
            if let Some(error) = &form.error {
                ui.add(Label::new(bold(format!("✗ {error}"), 12.5, colours.bad)).wrap());
            }
            ui.separator();
            ui.horizontal(|ui| {
                actions.extend(work_ui(ui, app));
                if ui.button(bold(form.submit, 13.0, colours.text)).on_hover_text("Enter").clicked() {
                    actions.push(Action::Submit);
                }
                if ui.button("Cancel").on_hover_text("Escape").clicked() {
                    actions.push(Action::Cancel);
                }
            });
            let in_a_list = egui::Popup::is_any_open(ui.ctx());
            if !in_a_list && ui.input(|input| input.key_pressed(Key::Enter)) && !a_button_has_focus(ui) {
                actions.push(Action::Submit);
            }
        },
    );
    if modal.should_close() {
        actions.push(Action::Cancel);
    }
    actions
}

/// Enter on a focused button is that button's click, not a submission. Text fields give the focus up on Enter.
fn a_button_has_focus(ui: &Ui) -> bool {
    ui.memory(|memory| memory.focused().is_some())
}

/// A field, by the number of its form and its place there: what undo remembers is of this form and of no other.
fn field_ui(ui: &mut Ui, place: (u64, usize), field: &Field, focus: &mut FormFocus, actions: &mut Vec<Action>) {
    let at = place.1;
    let label = ui.label(field.label);
    if field.choices.is_empty() {
        ui.horizontal(|ui| {
            let mut value = field.value.clone();
            let width = if field.path {
                300.0
            } else if field.long {
                470.0
            } else {
                380.0
            };
            let edit =
                TextEdit::singleline(&mut value).id_salt(("field", place)).hint_text(field.hint).desired_width(width);
            let edit = edit.password(field.secret);
            let response = ui.add(edit).labelled_by(label.id);
            focus.fields.push(response.id);
            if response.gained_focus() {
                select_all(ui.ctx(), response.id, &value);
            }
            if response.changed() {
                actions.push(Action::Field(at, value));
            }
            if field.path && ui.button("Look for it…").clicked() {
                actions.push(Action::Browse(at));
            }
        });
        return;
    }
    let combo = ComboBox::from_id_salt(("field", place)).selected_text(&field.value).width(200.0);
    let response = combo.show_ui(ui, |ui| {
        for choice in &field.choices {
            if ui.selectable_label(*choice == field.value, choice).clicked() {
                actions.push(Action::Field(at, choice.clone()));
                focus.has_chosen = true;
                // A click closes the list by itself, the space bar does not.
                ui.close();
            }
        }
    });
    focus.fields.push(response.response.id);
    super::ward::name(&response.response, Role::ComboBox, field.label);
}

/// What a field held before is replaced by typing: appended to, 10 would become 104.5.
pub fn select_all(context: &Context, id: Id, text: &str) {
    let Some(mut state) = TextEdit::load_state(context, id) else { return };
    let all = CCursorRange::two(CCursor::new(0), CCursor::new(text.chars().count()));
    state.cursor.set_char_range(Some(all));
    state.store(context, id);
}

/// Weights, infusions, grades, events, plans and chart checks, each of which can be struck out.
fn entries_ui(ui: &mut Ui, app: &App) -> Vec<Action> {
    let colours = Palette::of(ui);
    let mut actions = Vec::new();
    let Some(patient) = app.patient() else { return actions };
    let modal = modal_ui(ui.ctx(), Id::unique("entries"), 700.0, |ui| {
        identity::line_ui(ui, app);
        ui.label(bold("Weights, infusions, grades, events, plans, chart checks", 16.0, colours.text));
        ui.label(words("A wrong one is struck out with a reason, and recorded again.", 12.0, colours.quiet));
        ui.separator();
        ScrollArea::vertical().max_height(list_height(ui, 420.0)).auto_shrink([false, true]).animated(false).show(
            ui,
            |ui| {
                scroll::by_keys(ui);
                let entries = patient.chart.other_entries();
                if entries.is_empty() {
                    ui.label(words("None of these is recorded.", 12.5, colours.quiet));
                }
                for (stamp, fact, struck_out) in entries {
                    ui.horizontal_wrapped(|ui| {
                        let what = app.fact_words(&fact);
                        let what = words(what, 12.5, if struck_out { colours.quiet } else { colours.text });
                        ui.label(if struck_out { what.strikethrough() } else { what });
                        let by = format!("{} {}", stamp.by, stamp.at.format("%d-%b-%Y %H:%M"));
                        ui.label(words(by, 11.0, colours.quiet));
                        if !struck_out && ui.small_button(format!("Strike out {}…", kind_word(&fact))).clicked() {
                            actions.push(Action::Open(FormKind::StrikeOut(stamp.id.clone())));
                        }
                    });
                }
            },
        );
        ui.button("Close").clicked()
    });
    if modal.inner || modal.should_close() {
        actions.push(Action::Cancel);
    }
    actions
}

/// The word for an entry on its button.
fn kind_word(fact: &Fact) -> &'static str {
    match fact {
        Fact::Measured(_) => "measurement",
        Fact::Infused(_) => "infusion",
        Fact::Graded(_) => "grade",
        Fact::Planned(_) => "plan",
        Fact::ChartChecked(_) => "check",
        Fact::Acknowledged(_) => "answer",
        Fact::Archived(_) => "archiving",
        _ => "event",
    }
}

fn report_ui(ui: &mut Ui, app: &App) -> Vec<Action> {
    let colours = Palette::of(ui);
    let modal = modal_ui(ui.ctx(), Id::unique("report"), 700.0, |ui| {
        ui.label(bold("Import", 16.0, colours.text));
        ScrollArea::vertical().max_height(list_height(ui, 460.0)).auto_shrink([false, true]).animated(false).show(
            ui,
            |ui| {
                scroll::by_keys(ui);
                let report = if app.bedside.names_hidden { text::NAMES_IN_REPORT } else { &app.report };
                ui.add(Label::new(words(report, 12.5, colours.text)).wrap());
            },
        );
        ui.button("Close").clicked()
    });
    if modal.inner || modal.should_close() { vec![Action::Cancel] } else { Vec::new() }
}

/// The room of a key in the list of keys.
const KEYS: f32 = 210.0;

fn help_ui(ui: &mut Ui, app: &App) -> Vec<Action> {
    let colours = Palette::of(ui);
    let modal = modal_ui(ui.ctx(), Id::unique("help"), 520.0, |ui| {
        ui.label(bold("Keys", 16.0, colours.text));
        ScrollArea::vertical().max_height(list_height(ui, 480.0)).auto_shrink([false, true]).animated(false).show(
            ui,
            |ui| {
                scroll::by_keys(ui);
                ui.spacing_mut().item_spacing.y = 4.0;
                let named = keys::OTHER_KEYS.iter().map(|(key, what)| ((*key).to_owned(), *what));
                let bindings = keys::menus(app).into_iter().flat_map(|(_, bindings)| bindings);
                let shown = |shortcut| ui.ctx().format_shortcut(&shortcut);
                let bound: Vec<_> = bindings.map(|binding| (shown(binding.shortcut), binding.words)).collect();
                for (at, (key, what)) in named.chain(bound).enumerate() {
                    key_ui(ui, at, key, what);
                }
            },
        );
        ui.button("Close").clicked()
    });
    if modal.inner || modal.should_close() { vec![Action::Cancel] } else { Vec::new() }
}

/// One key and what it does; a long line folds, and every second one is on another ground.
fn key_ui(ui: &mut Ui, at: usize, key: String, what: &str) {
    let colours = Palette::of(ui);
    let under = ui.painter().add(egui::Shape::Noop);
    let row = ui.horizontal_top(|ui| {
        ui.allocate_ui_with_layout(egui::vec2(KEYS, 0.0), egui::Layout::default(), |ui| {
            ui.set_width(KEYS);
            ui.add(Label::new(bold(key, 12.0, colours.accent)).wrap());
        });
        ui.add(Label::new(what).wrap());
    });
    if at % 2 == 1 {
        let ground = row.response.rect.with_max_x(ui.max_rect().right()).expand2(egui::vec2(0.0, 2.0));
        ui.painter().set(under, egui::Shape::rect_filled(ground, 0.0, ui.visuals().faint_bg_color));
    }
}

fn about_ui(ui: &mut Ui, app: &App) -> Vec<Action> {
    let colours = Palette::of(ui);
    let modal = modal_ui(ui.ctx(), Id::unique("about"), 520.0, |ui| {
        ui.label(bold(format!("Corticurve {}", env!("CARGO_PKG_VERSION")), 16.0, colours.text));
        ui.add(Label::new(words(text::ABOUT, 12.5, colours.text)).wrap());
        ui.separator();
        ui.label(bold("Conversion tables", 12.5, colours.text));
        for table in app.reference.tables.iter() {
            let line = format!("{}: {}", table.named(), table.source);
            ui.add(Label::new(words(line, 11.5, colours.quiet)).wrap());
        }
        let folder = app.ward.as_ref().map(|ward| ward.folder().display().to_string()).unwrap_or_default();
        ui.add(Label::new(words(format!("Data folder: {folder}"), 11.5, colours.quiet)).wrap());
        ui.button("Close").clicked()
    });
    if modal.inner || modal.should_close() { vec![Action::Cancel] } else { Vec::new() }
}
