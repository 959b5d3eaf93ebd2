//! Draws a sheet as PDF. The file says nothing of the patient outside the page: its title is the program's name.

use super::sheet::{Area, Ink, Item, Sheet, Text};
use super::{Report, ReportError};
use crate::exchange::fonts;
use krilla::Document;
use krilla::color::rgb::Color;
use krilla::geom::{Path, PathBuilder, Point};
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, Stroke, StrokeDash};
use krilla::surface::Surface;
use krilla::text::{Font, TextDirection};

/// The page as PDF.
///
/// # Errors
/// [`ReportError`].
pub fn pdf(report: &Report) -> Result<Vec<u8>, ReportError> {
    drawn(&report.sheet()?)
}

fn drawn(sheet: &Sheet) -> Result<Vec<u8>, ReportError> {
    let font = |bytes: &'static [u8]| Font::new(bytes.into(), 0).ok_or(ReportError::Fonts);
    let fonts = [font(fonts::REGULAR)?, font(fonts::BOLD)?];
    let size = PageSettings::from_wh(short(Sheet::WIDTH), short(Sheet::HEIGHT));
    let size = size.ok_or_else(|| ReportError::Pdf("A4 is no size".to_owned()))?;
    let mut document = Document::new();
    let words = Metadata::new().title("Corticurve".to_owned()).creator("Corticurve".to_owned());
    document.set_metadata(words.language("en".to_owned()));
    let mut page = document.start_page_with(size);
    let mut surface = page.surface();
    for item in &sheet.items {
        draw(&mut surface, item, &fonts);
    }
    surface.finish();
    page.finish();
    document.finish().map_err(|error| ReportError::Pdf(format!("{error:?}")))
}

fn draw(surface: &mut Surface<'_>, item: &Item, fonts: &[Font; 2]) {
    match item {
        Item::Text(text) => draw_text(surface, text, fonts),
        Item::Line(points, width, ink, dash) => {
            let Some(path) = path(points, false) else { return };
            let dash = dash.map(|dash| StrokeDash { array: dash.map(short).to_vec(), offset: 0.0 });
            surface.set_fill(None);
            surface.set_stroke(Some(Stroke { paint: colour(*ink), width: short(*width), dash, ..Stroke::default() }));
            surface.draw_path(&path);
        }
        Item::Fill(points, ink) => {
            let Some(path) = path(points, true) else { return };
            surface.set_stroke(None);
            surface.set_fill(Some(Fill { paint: colour(*ink), ..Fill::default() }));
            surface.draw_path(&path);
        }
        Item::Clip(area) => {
            if let Some(path) = outline(*area) {
                surface.push_clip_path(&path, &FillRule::default());
            }
        }
        Item::Unclip => surface.pop(),
    }
}

fn draw_text(surface: &mut Surface<'_>, text: &Text, [regular, bold]: &[Font; 2]) {
    let font = if text.bold { bold } else { regular };
    surface.set_stroke(None);
    surface.set_fill(Some(Fill { paint: colour(text.ink), ..Fill::default() }));
    let start = Point::from_xy(short(text.x), short(text.y));
    surface.draw_text(start, font.clone(), short(text.size), &text.text, false, TextDirection::Auto);
}

fn outline(area: Area) -> Option<Path> {
    path(&area.corners(), true)
}

fn path(points: &[[f64; 2]], is_closed: bool) -> Option<Path> {
    let mut builder = PathBuilder::new();
    let (first, rest) = points.split_first()?;
    builder.move_to(short(first[0]), short(first[1]));
    for [x, y] in rest {
        builder.line_to(short(*x), short(*y));
    }
    if is_closed {
        builder.close();
    }
    builder.finish()
}

fn colour(Ink(red, green, blue): Ink) -> krilla::paint::Paint {
    Color::new(red, green, blue).into()
}

#[allow(clippy::cast_possible_truncation, reason = "points of a page, where a float is finer than any printer")]
const fn short(points: f64) -> f32 {
    points as f32
}
