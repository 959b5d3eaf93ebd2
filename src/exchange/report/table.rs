//! The latest doses, as they stand in the log, and what of the log is not on the page.

use super::sheet::{Area, Ink, Sheet};
use super::words::{Fonts, Side, Style};
use super::{DoseRow, Report};
use crate::record::counted;

/// The headings with the share of the width that each column has.
const COLUMNS: [(&str, f64); 9] = [
    ("Given", 0.145),
    ("Day", 0.04),
    ("Drug", 0.155),
    ("Dose", 0.10),
    ("Route", 0.085),
    ("For", 0.09),
    ("Running total", 0.115),
    ("Recorded", 0.10),
    ("State", 0.17),
];

/// Draws as many doses as there is room for, and says what is left out.
pub fn draw(sheet: &mut Sheet, fonts: &Fonts, report: &Report, area: Area, scale: f64) {
    let (style, head) = (Style::plain(7.2 * scale), Style { ink: Ink::QUIET, ..Style::bold(6.8 * scale) });
    let line = Style::bold(7.4 * scale);
    let bottom = area.bottom - line.leading() - 1.0;
    let mut y = area.top;
    let mut listed = 0;
    if !report.doses.is_empty() {
        for (x, _, (word, _)) in columns(area) {
            sheet.words_at(fonts, [x, y + head.size], Side::Left, word, head);
        }
        y += head.leading() + 1.5;
        for row in &report.doses {
            let cells = cells(fonts, row, area, style);
            let height = cells.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0);
            let height = (0..height).fold(0.0, |y, _| y + style.leading());
            if y + height > bottom {
                break;
            }
            for (x, lines) in cells {
                for (at, line) in (0_u16..).zip(lines) {
                    let base = y + style.size + f64::from(at) * style.leading();
                    sheet.words_at(fonts, [x, base], Side::Left, &line, style);
                }
            }
            y += height + 1.0;
            sheet.line(&[[area.left, y], [area.right, y]], 0.25, Ink::GRID);
            y += 1.0;
            listed += 1;
        }
    }
    let words = left_out(report.doses.len(), listed, report.struck_out);
    sheet.paragraph(fonts, [area.left, y + 0.5], area.width(), &words, line);
}

fn columns(area: Area) -> impl Iterator<Item = (f64, f64, (&'static str, f64))> {
    COLUMNS.into_iter().scan(area.left, move |x, column| {
        let (left, width) = (*x, column.1 * area.width());
        *x += width;
        Some((left, width - 4.0, column))
    })
}

/// The folded cells of a row, each with its left end.
fn cells(fonts: &Fonts, row: &DoseRow, area: Area, style: Style) -> Vec<(f64, Vec<String>)> {
    columns(area).zip(row).map(|((x, width, _), cell)| (x, fonts.fold(cell, style, width))).collect()
}

/// What the log has and the page has not.
fn left_out(doses: usize, listed: usize, struck_out: usize) -> String {
    let earlier = doses - listed;
    let earlier_words = if earlier == 1 { "1 earlier dose".to_owned() } else { format!("{earlier} earlier doses") };
    let struck_words = format!("{} struck out", counted(struck_out, "dose"));
    match (doses, earlier, struck_out) {
        (0, _, 0) => "No dose is recorded.".to_owned(),
        (_, 0, 0) => format!("Every dose of the record is on this page: {}.", counted(doses, "dose")),
        (_, 1, 0) => format!("{earlier_words} is not on this page."),
        (_, _, 0) => format!("{earlier_words} are not on this page."),
        (_, 0, 1) => format!("{struck_words} is not on this page; every other is."),
        (_, 0, _) => format!("{struck_words} are not on this page; every other is."),
        _ => format!("{earlier_words} and {struck_words} are not on this page."),
    }
}
