//! The bundled fonts. Other scripts come from the system's fonts.

use egui::{Context, FontData, FontDefinitions, FontFamily};
use std::sync::Arc;

/// The family of headings and figures.
pub const BOLD: &str = "bold";

/// Installs the bundled fonts.
pub fn install(context: &Context) {
    let mut fonts = FontDefinitions::empty();
    let regular = FontData::from_static(include_bytes!("../../assets/fonts/DejaVuSans.ttf"));
    let bold = FontData::from_static(include_bytes!("../../assets/fonts/DejaVuSans-Bold.ttf"));
    fonts.font_data.insert("DejaVu Sans".to_owned(), Arc::new(regular));
    fonts.font_data.insert("DejaVu Sans Bold".to_owned(), Arc::new(bold));
    let regular = || vec!["DejaVu Sans".to_owned()];
    fonts.families.insert(FontFamily::Proportional, regular());
    fonts.families.insert(FontFamily::Monospace, regular());
    let bold = vec!["DejaVu Sans Bold".to_owned(), "DejaVu Sans".to_owned()];
    fonts.families.insert(FontFamily::Name(BOLD.into()), bold);
    context.set_fonts(fonts);
}

/// Bold text of a size.
pub fn bold(size: f32) -> egui::FontId {
    egui::FontId::new(size, FontFamily::Name(BOLD.into()))
}
