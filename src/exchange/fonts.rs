//! The bundled fonts, which the window and the printed page share. Their licence is in `assets/fonts`.

/// For all text: Latin with Vietnamese, Greek, Cyrillic, and the signs of the chart.
pub static REGULAR: &[u8] = include_bytes!("../../assets/fonts/DejaVuSans.ttf");

/// For headings and figures.
pub static BOLD: &[u8] = include_bytes!("../../assets/fonts/DejaVuSans-Bold.ttf");
