//! The latest doses, as they stand in the log, and what of the log is not on the page.

use super::sheet::{Area, Ink, Sheet};
use super::words::{Fonts, Side, Style};
use super::{DoseRow, Report};
use crate::record::counted;

/// The headings.
const COLUMNS: [&str; 9] = ["Given", "Day", "Drug", "Dose", "Route", "For", "Running total", "Recorded", "State"];
/// What stays free between two columns.
const GAP: f64 = 5.0;
/// The share of the width that is left to the last column, which holds notes and reasons in free words, where it needs more:
/// those are folded before any drug, dose or time is.
const LEAST_STATE: f64 = 0.12;
/// No page holds more doses than this: what later ones would need of the width is not asked.
const MOST: usize = 60;

/// Draws as many doses as there is room for, and says what is left out.
pub fn draw(sheet: &mut Sheet, fonts: &Fonts, report: &Report, area: Area, scale: f64) {
    let (style, head) = (Style::plain(7.2 * scale), Style { ink: Ink::QUIET, ..Style::bold(6.8 * scale) });
    let line = Style::bold(7.4 * scale);
    let bottom = area.bottom - line.leading() - 1.0;
    let mut y = area.top;
    let mut listed = 0;
    if !report.doses.is_empty() {
        let columns = columns(fonts, &report.doses, area, (head, style));
        for ((x, _), word) in columns.into_iter().zip(COLUMNS) {
            sheet.words_at(fonts, [x, y + head.size], Side::Left, word, head);
        }
        y += head.leading() + 1.5;
        for row in &report.doses {
            let cells = cells(fonts, row, columns, style);
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

/// Where each column begins, and its width.
fn columns(fonts: &Fonts, rows: &[DoseRow], area: Area, (head, style): (Style, Style)) -> [(f64, f64); 9] {
    let mut needed = COLUMNS.map(|word| fonts.width(word, head));
    for row in rows.iter().take(MOST) {
        for (needed, cell) in needed.iter_mut().zip(row) {
            *needed = needed.max(fonts.width(cell, style));
        }
    }
    let [facts @ .., state] = needed.map(|width| width + GAP);
    let facts = shares(facts, area.width() - state.min(LEAST_STATE * area.width()));
    let left_over = area.width() - facts.iter().sum::<f64>();
    let spare = (left_over - state).max(0.0) / 9.0;
    let mut x = area.left;
    let mut widths = facts.into_iter().chain([left_over - 9.0 * spare]);
    needed.map(|_| {
        let (left, width) = (x, widths.next().unwrap_or(0.0) + spare);
        x += width;
        (left, width - GAP)
    })
}

/// What each column gets of the room: what it needs. Where the room is too small, those that need most get the same, and are
/// folded.
fn shares(needed: [f64; 8], mut room: f64) -> [f64; 8] {
    let mut narrowest_first = needed;
    narrowest_first.sort_by(f64::total_cmp);
    let mut columns = 8.0;
    for width in narrowest_first {
        let share = room / columns;
        if width > share {
            return needed.map(|width| width.min(share));
        }
        room -= width;
        columns -= 1.0;
    }
    needed
}

/// The folded cells of a row, each with its left end.
fn cells(fonts: &Fonts, row: &DoseRow, columns: [(f64, f64); 9], style: Style) -> Vec<(f64, Vec<String>)> {
    // What just fits must not be folded for how a fraction is rounded.
    let fold = |cell: &String, width: f64| fonts.fold(cell, style, width + 0.01);
    columns.into_iter().zip(row).map(|((x, width), cell)| (x, fold(cell, width))).collect()
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
