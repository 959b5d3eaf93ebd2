//! The bundled fonts. Other scripts come from the system's fonts.

use crate::exchange::fonts;
use egui::{Context, FontData, FontDefinitions, FontFamily};
use std::sync::Arc;

/// The family of headings and figures.
pub const BOLD: &str = "bold";

/// Installs the bundled fonts.
pub fn install(context: &Context) {
    let mut definitions = FontDefinitions::empty();
    let regular = FontData::from_static(fonts::REGULAR);
    let bold = FontData::from_static(fonts::BOLD);
    definitions.font_data.insert("DejaVu Sans".to_owned(), Arc::new(regular));
    definitions.font_data.insert("DejaVu Sans Bold".to_owned(), Arc::new(bold));
    let regular = || vec!["DejaVu Sans".to_owned()];
    definitions.families.insert(FontFamily::Proportional, regular());
    definitions.families.insert(FontFamily::Monospace, regular());
    let bold = vec!["DejaVu Sans Bold".to_owned(), "DejaVu Sans".to_owned()];
    definitions.families.insert(FontFamily::Name(BOLD.into()), bold);
    context.set_fonts(definitions);
}

/// Bold text of a size.
pub fn bold(size: f32) -> egui::FontId {
    egui::FontId::new(size, FontFamily::Name(BOLD.into()))
}
