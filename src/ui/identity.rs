//! The strip at the top: whose chart this is, who records, what is saved. Always visible.

use super::palette::Palette;
use super::sides::sides_ui;
use super::{bold, text, words};
use crate::app::form::FormKind;
use crate::app::guard::Wanted;
use crate::app::view::identity;
use crate::app::ward::Patient;
use crate::app::{Action, App, Overlay};
use crate::record::{Identity, time};
use egui::{Align, Button, FontId, Label, Layout, Ui};

/// The width of a window in which the details of the patient leave room for a button.
const AMEND_WIDTH: f32 = 1100.0;

/// The identity strip.
pub fn identity_ui(ui: &mut Ui, app: &App) -> Vec<Action> {
    let colours = Palette::of(ui);
    let mut actions = Vec::new();
    // A long name folds in the room that is left and hides nothing.
    sides_ui(
        ui,
        Align::Min,
        &mut actions,
        |ui, _| {
            let name = app.patient().map_or_else(|| "Corticurve".to_owned(), |patient| app.name_of(patient));
            let size = if name.chars().count() > 42 { 13.5 } else { 19.0 };
            ui.add(Label::new(bold(name, size, colours.text)).wrap());
        },
        |ui, actions| {
            if let Some(day) = app.shown().and_then(|view| view.exposure.day) {
                ui.add(Label::new(bold(format!("Day {day}"), 19.0, colours.accent)));
                ui.add_space(10.0);
            }
            buttons_ui(ui, app, colours, actions);
        },
    );
    sides_ui(
        ui,
        Align::Min,
        &mut actions,
        |ui, actions| {
            let Some(patient) = app.patient().filter(|patient| patient.identity().is_some()) else { return };
            ui.horizontal_wrapped(|ui| {
                super::unparted_ui(ui, &details_of(app, patient), FontId::proportional(12.0), colours.quiet);
                // In little room it stands in the menu alone.
                let has_room = ui.ctx().content_rect().width() >= AMEND_WIDTH;
                if has_room && ui.small_button("Amend…").on_hover_text("Ctrl+Shift+P").clicked() {
                    actions.push(Action::Open(FormKind::Amend));
                }
            });
        },
        |ui, actions| saved_ui(ui, app, colours, actions),
    );
    findings_ui(ui, app, colours);
    if !app.missing_files().is_empty()
        && ui.small_button("It is known why files are missing…").on_hover_text("Ctrl+Shift+G").clicked()
    {
        actions.push(Action::MissingIsKnown);
    }
    actions
}

fn buttons_ui(ui: &mut Ui, app: &App, colours: Palette, actions: &mut Vec<Action>) {
    actions.extend(super::narrow::list_button_ui(ui, app));
    // Beside whose review it is, where there is more room than beside the details of the patient.
    let since = app.shown().and_then(|view| view.since_review.as_ref());
    if let Some(since) = since
        && ui.button(format!("{since} …")).on_hover_text(text::SINCE_REVIEW).clicked()
    {
        actions.push(Action::Overlay(Overlay::Review));
    }
    let by = app.initials().map_or_else(|| "nobody yet".to_owned(), ToString::to_string);
    let button = Button::new(bold(format!("recorded as {by} ▾"), 12.5, colours.text));
    if ui.add(button).on_hover_text("who is recording (Ctrl+U)").clicked() {
        actions.push(Action::Open(FormKind::Initials));
    }
    if app.ward.is_some() && ui.button("Lock").on_hover_text("Ctrl+Shift+L").clicked() {
        actions.push(Action::Lock);
    }
    if app.bedside.names_hidden && ui.button("Show names").on_hover_text("Ctrl+H").clicked() {
        actions.push(Action::HideNames);
    }
}

/// What is saved, and up to when the medication chart was checked.
fn saved_ui(ui: &mut Ui, app: &App, colours: Palette, actions: &mut Vec<Action>) {
    if app.ward.as_ref().is_some_and(crate::app::worker::Seen::last_save_failed) {
        ui.label(bold("✗ NOT saved", 12.5, colours.bad));
    } else if let Some(at) = app.saved_at {
        ui.label(words(format!("● Saved {}", at.format("%H:%M:%S")), 12.0, colours.good));
    }
    if let Some(patient) = app.patient() {
        if let Some(why) = &patient.read_only {
            ui.label(bold("READ ONLY", 12.0, colours.bad)).on_hover_text(why);
        }
        if ui.small_button(format!("{} …", checked_words(app, patient))).on_hover_text("F3").clicked() {
            actions.push(Action::Open(FormKind::Checked));
        }
    }
}

/// Up to when the medication chart was checked.
pub fn checked_words(app: &App, patient: &Patient) -> String {
    identity::checked_words(&patient.chart, |at| time::shown_near(at, app.now))
}

/// What is wrong with the patient's files, with file and line: figures may lack something.
pub fn findings_ui(ui: &mut Ui, app: &App, colours: Palette) {
    let Some(patient) = app.patient() else { return };
    let row = app.rows.iter().find(|row| row.id == patient.id);
    let findings = row.and_then(|row| row.second_chart.as_ref()).into_iter().chain(&patient.findings);
    let findings = findings.map(ToString::to_string);
    let all: Vec<String> = findings.chain(patient.chart.unplaced.iter().map(ToString::to_string)).collect();
    let Some(first) = all.first() else { return };
    let more = if all.len() > 1 { format!(" (and {} more: corticurve verify)", all.len() - 1) } else { String::new() };
    ui.add(Label::new(bold(format!("⚠ {first}{more}"), 11.5, colours.bad)).wrap()).on_hover_text(all.join("\n"));
}

/// Date of birth and MRN, as far as they may be seen now.
fn numbers(app: &App, whose: &Identity) -> Vec<String> {
    let hidden = app.guard.hides();
    let mut parts = Vec::new();
    if !app.bedside.names_hidden && hidden != Some(Wanted::Birthday) {
        parts.extend(identity::born_words(whose, app.now));
    }
    if !app.bedside.names_hidden && hidden != Some(Wanted::MrnEnd) {
        parts.push(identity::mrn_words(whose));
    }
    parts
}

/// The open patient in one line, for what stands over the window.
pub fn line_ui(ui: &mut Ui, app: &App) {
    let colours = Palette::of(ui);
    let Some(patient) = app.patient() else { return };
    ui.horizontal_wrapped(|ui| {
        ui.add(Label::new(bold(app.name_of(patient), 13.0, colours.accent)).wrap());
        let mut parts: Vec<String> = identity::archived_word(&patient.chart).into_iter().collect();
        parts.extend(patient.identity().map(|identity| numbers(app, identity)).unwrap_or_default());
        parts.extend(app.shown().and_then(|view| view.exposure.day).map(|day| format!("Day {day}")));
        ui.add(Label::new(words(parts.join("   ·   "), 12.0, colours.text)).wrap());
    });
}

/// That the patient is archived, born and age, MRN, sex, weight with its date, product and infusion.
pub fn details_of(app: &App, patient: &Patient) -> String {
    let Some(whose) = patient.identity() else { return String::new() };
    let mut parts: Vec<String> = identity::archived_word(&patient.chart).into_iter().collect();
    parts.extend(numbers(app, whose));
    parts.extend(identity::details(whose, app.shown().map(|view| &view.exposure), app.now));
    parts.join("   ·   ")
}

/// The message at the bottom.
pub fn notice_ui(ui: &mut Ui, app: &App) -> Vec<Action> {
    let colours = Palette::of(ui);
    let mut actions = Vec::new();
    let Some(notice) = &app.notice else { return actions };
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
            if ui.small_button("Dismiss").clicked() {
                actions.push(Action::Dismiss);
            }
            ui.with_layout(Layout::left_to_right(Align::Min), |ui| {
                let colour = if notice.is_error { colours.bad } else { colours.text };
                egui::ScrollArea::vertical().max_height(150.0).show(ui, |ui| {
                    ui.add(Label::new(words(&notice.text, 12.5, colour)).wrap());
                });
            });
        });
    });
    actions
}
