//! The figures in columns: what each is on the left, its number in bold on the right, and what to know beside it.

use super::FigureRow;
use super::sheet::{Ink, Sheet};
use super::words::{Fonts, Side, Style};

/// How many columns, and the air between them.
const COLUMNS: usize = 3;
const AIR: f64 = 14.0;
/// Between two words on one line.
const SPACE: f64 = 5.0;

/// One line of a figure: words with the side of the column at which they stand, and how far from it.
type Line = Vec<(Side, f64, String, Style)>;

/// The figures, folded to columns.
pub struct Columns {
    rows: Vec<Vec<Line>>,
    leading: f64,
    width: f64,
}

impl Columns {
    /// Folds figures to the width of all columns together.
    pub fn of(fonts: &Fonts, figures: &[FigureRow], width: f64, size: f64) -> Self {
        let width = (width + AIR) / 3.0 - AIR;
        let rows = figures.iter().map(|row| lines(fonts, row, width, size)).collect();
        Self { rows, leading: Style::plain(size).leading(), width }
    }

    /// The least number of lines in which they stand, none of them below `most`; and how many figures find no room then.
    pub fn lines(&self, most: f64) -> (usize, usize) {
        let whole: usize = self.rows.iter().map(Vec::len).sum();
        let fits = (1..whole).take_while(|lines| self.leading * lines_high(*lines) <= most).last().unwrap_or(1);
        let mut lines = whole.div_ceil(COLUMNS).clamp(1, fits);
        loop {
            let left = self.rows.len() - self.ends(lines).into_iter().max().unwrap_or(0);
            let next = self.leading * lines_high(lines + 1);
            if left == 0 || next > most {
                return (lines, left);
            }
            lines += 1;
        }
    }

    /// Where each column of so many lines ends, as the number of rows up to there.
    fn ends(&self, lines: usize) -> [usize; COLUMNS] {
        let mut rows = self.rows.iter().peekable();
        let mut taken = 0;
        [(); COLUMNS].map(|()| {
            let mut used = 0;
            while let Some(row) = rows.next_if(|row| used + row.len() <= lines) {
                used += row.len();
                taken += 1;
            }
            taken
        })
    }

    /// Draws them in so many lines; returns where they end.
    pub fn draw(&self, sheet: &mut Sheet, fonts: &Fonts, [left, top]: [f64; 2], lines: usize) -> f64 {
        let height = self.leading * lines_high(lines);
        let (mut x, mut from) = (left, 0);
        for to in self.ends(lines) {
            let mut y = top;
            for line in self.rows.iter().skip(from).take(to - from).flatten() {
                for (side, away, text, style) in line {
                    let at = if *side == Side::Right { x + self.width - away } else { x + away };
                    sheet.words_at(fonts, [at, y + style.size], *side, text, *style);
                }
                y += self.leading;
            }
            (from, x) = (to, x + self.width + AIR);
            if from < self.rows.len() {
                sheet.line(&[[x - AIR / 2.0, top], [x - AIR / 2.0, top + height]], 0.3, Ink::GRID);
            }
        }
        top + height
    }
}

#[allow(clippy::cast_precision_loss, reason = "lines of a page")]
const fn lines_high(lines: usize) -> f64 {
    lines as f64
}

fn lines(fonts: &Fonts, row: &FigureRow, width: f64, size: f64) -> Vec<Line> {
    let asks = row.label.starts_with('?');
    let label_style = if asks { Style::bold(size) } else { Style { ink: Ink::QUIET, ..Style::plain(size) } };
    let (value_style, note_style) = (Style::bold(size), Style::quiet(size * 0.92));
    let wide = |text: &str, style| fonts.width(text, style);
    let (label, value) = (wide(&row.label, label_style), wide(&row.value, value_style));
    let note = if row.note.is_empty() { 0.0 } else { wide(&row.note, note_style) + SPACE };
    if label + SPACE + value <= width {
        let beside = label + SPACE + value + note <= width;
        let away = if beside { note } else { 0.0 };
        let mut first = vec![
            (Side::Left, 0.0, row.label.clone(), label_style),
            (Side::Right, away, row.value.clone(), value_style),
        ];
        if beside && note > 0.0 {
            first.push((Side::Right, 0.0, row.note.clone(), note_style));
        }
        let mut lines = vec![first];
        if !beside {
            lines.extend(folded(fonts, &row.note, note_style, width));
        }
        return lines;
    }
    let mut lines: Vec<Line> = Vec::new();
    for line in fonts.fold(&row.label, label_style, width) {
        lines.push(vec![(Side::Left, 0.0, line, label_style)]);
    }
    // The number may stand beside the last words of its label.
    let room = lines.last().and_then(|line| line.first()).map_or(width, |(_, _, text, style)| wide(text, *style));
    if let Some(last) = lines.last_mut().filter(|_| room + SPACE + value <= width) {
        last.push((Side::Right, 0.0, row.value.clone(), value_style));
    } else {
        lines.extend(folded(fonts, &row.value, value_style, width));
    }
    lines.extend(folded(fonts, &row.note, note_style, width));
    lines
}

/// Lines that end at the right side; none of an empty text.
fn folded(fonts: &Fonts, text: &str, style: Style, width: f64) -> Vec<Line> {
    if text.is_empty() {
        return Vec::new();
    }
    fonts.fold(text, style, width).into_iter().map(|line| vec![(Side::Right, 0.0, line, style)]).collect()
}
