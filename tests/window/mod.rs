//! Tests of the window, without a display: what is on the screen, by name and by picture.

mod changes;
mod cpu;
mod drawing;
mod explain;

use cpu::CpuRenderer;
use egui::{FontData, FontDefinitions, FontFamily, Theme, Ui, UiBuilder};
use egui_kittest::{Harness, HarnessBuilder, SnapshotOptions};
use std::sync::Arc;

/// The fonts that ship with the program; egui's own are left out of it.
pub fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::empty();
    let regular = FontData::from_static(include_bytes!("../../assets/fonts/DejaVuSans.ttf"));
    fonts.font_data.insert("DejaVu Sans".to_owned(), Arc::new(regular));
    for family in [FontFamily::Proportional, FontFamily::Monospace] {
        fonts.families.insert(family, vec!["DejaVu Sans".to_owned()]);
    }
    fonts
}

/// A harness with our fonts, renderer and snapshot folder.
pub fn builder<State>(size: [f32; 2], theme: Theme) -> HarnessBuilder<State> {
    let snapshots = SnapshotOptions::new().threshold(0.6).max_failed_pixels(8).output_path("tests/window/snapshots");
    Harness::builder()
        .with_size(size)
        .with_theme(theme)
        .with_render_cursor(false)
        .with_options(snapshots)
        .with_context_setup(|ctx| ctx.set_fonts(fonts()))
        .renderer(CpuRenderer::default())
}

/// A whole window over `state`, drawn by `draw` to its corners: the harness alone would leave a margin.
pub fn window<'a, State: 'a>(
    builder: HarnessBuilder<State>,
    state: State,
    mut draw: impl FnMut(&mut Ui, &mut State) + 'a,
) -> Harness<'a, State> {
    let draw = move |ui: &mut Ui, state: &mut State| {
        let whole = ui.ctx().content_rect();
        ui.scope_builder(UiBuilder::new().max_rect(whole), |ui| draw(ui, state));
    };
    builder.build_ui_state(draw, state)
}

mod bedside;
mod behind;
mod beside;
mod chart;
mod chart_by_hand;
mod colours;
mod commands;
mod desk;
mod drafts;
mod echo;
mod emptied;
mod files;
mod five;
mod form_focus;
mod gaps;
mod guarding;
mod heights;
mod hidden;
mod hostile;
mod infusion;
mod kept;
mod keyboard;
mod late;
mod letters;
mod locking;
mod lost;
mod many;
mod menu;
mod missing;
mod needed;
mod on_chart;
mod outbox;
mod pictures;
mod plans;
mod print;
mod questions;
mod rest;
mod review;
mod room;
mod rows;
mod settings;
mod several;
pub mod sight;
mod sizes;
mod statements;
mod tabbing;
mod tasks;
mod turns;
mod twice;
mod undo;
mod ward;
mod watching;
mod who;
mod whole;
mod work;
mod working;
