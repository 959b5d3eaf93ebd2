//! What stands in the lanes of bars and in the lane of grades. Drugs are told apart by pattern and letter, anakinra by its
//! dots, grades by their number.

use super::chart::{Lane, dot, hatch};
use super::sheet::{Area, Ink, Sheet};
use super::words::{Side, Style};
use crate::exposure::figure::{Bar, GradeRow, letter};
use crate::record::Scale;

/// From dot to dot of the bars of anakinra.
const DOTS: f64 = 4.5;

/// Grades from 1 to 5: darker as they are worse, also in grey.
const GRADES: [Ink; 5] =
    [Ink(0xfd, 0xe8, 0xcb), Ink(0xf8, 0xc0, 0x70), Ink(0xe8, 0x80, 0x2a), Ink(0xc0, 0x46, 0x24), Ink(0x7d, 0x16, 0x16)];

/// Daily steroid, stacked by drug.
pub(super) fn steroid(sheet: &mut Sheet, lane: &Lane<'_>) {
    for bar in &lane.figure.daily {
        let Some(area) = lane.area_of((bar.from, bar.to), (bar.base, bar.top)) else { continue };
        swatch(sheet, area, bar.drug);
        if lane.figure.drugs.len() > 1 && area.height() > 8.0 && area.width() > 7.0 {
            let (x, y) = (f64::midpoint(area.left, area.right), f64::midpoint(area.top, area.bottom));
            sheet.fill(Area { left: x - 3.2, top: y - 3.6, right: x + 3.2, bottom: y + 3.6 }, Ink::PAPER);
            let letter = letter(bar.drug).to_string();
            sheet.words_at(lane.fonts, [x, y + 2.5], Side::Middle, &letter, Style::bold(6.8));
        }
    }
    planned(sheet, lane, &lane.figure.planned_daily, Ink::STEROID);
}

/// The pattern of a drug: full, hatched, lined or empty.
pub(super) fn swatch(sheet: &mut Sheet, area: Area, drug: usize) {
    match drug % 4 {
        0 => sheet.fill(area, Ink::STEROID),
        1 => {
            sheet.fill(area, Ink::PAPER);
            sheet.inside(area, |sheet| hatch(sheet, area, 2.6, Ink::STEROID));
        }
        2 => {
            sheet.fill(area, Ink::UNDER);
            let mut y = area.bottom - 1.3;
            while y > area.top {
                sheet.line(&[[area.left, y], [area.right, y]], 0.5, Ink::STEROID);
                y -= 2.6;
            }
        }
        _ => sheet.fill(area, Ink::PAPER),
    }
    sheet.frame(area, 0.7, Ink::STEROID);
}

/// Daily anakinra.
pub(super) fn anakinra(sheet: &mut Sheet, lane: &Lane<'_>) {
    for bar in &lane.figure.anakinra {
        let Some(area) = lane.area_of((bar.from, bar.to), (bar.base, bar.top)) else { continue };
        sheet.fill(area, Ink::ANAKINRA_GROUND);
        sheet.inside(area, |sheet| dots(sheet, area));
        sheet.frame(area, 0.7, Ink::ANAKINRA);
    }
    planned(sheet, lane, &lane.figure.planned_anakinra, Ink::ANAKINRA);
    beside(sheet, lane, true);
}

fn dots(sheet: &mut Sheet, area: Area) {
    let mut y = area.bottom - DOTS / 2.0;
    while y > area.top {
        let mut x = area.left + DOTS / 2.0;
        while x < area.right {
            dot(sheet, [x, y], 0.8, Ink::ANAKINRA);
            x += DOTS;
        }
        y -= DOTS;
    }
}

/// Empty dashed bars: never the look of what was given.
fn planned(sheet: &mut Sheet, lane: &Lane<'_>, bars: &[Bar], ink: Ink) {
    for bar in bars {
        if let Some(area) = lane.area_of((bar.from, bar.to), (bar.base, bar.top)) {
            let [first, second, third, last] = area.corners();
            sheet.dashed(&[last, first, second, third, last], 0.7, ink, [2.0, 1.5]);
        }
    }
}

/// Doses that are not in the totals: undecided, or outside the window.
pub(super) fn beside(sheet: &mut Sheet, lane: &Lane<'_>, anakinra: bool) {
    for dose in lane.figure.beside.iter().filter(|dose| dose.anakinra == anakinra) {
        let at = [lane.x(dose.x), lane.area.bottom - 2.0];
        sheet.words_at(lane.fonts, at, Side::Middle, &dose.letter.to_string(), Style::bold(9.0));
    }
}

/// Grades as numbers on their stretch, and events as their signs.
pub(super) fn grades(sheet: &mut Sheet, lane: &Lane<'_>, rows: &[GradeRow], height: f64) {
    let frame = lane.area;
    let mut top = frame.top;
    for row in rows {
        let area = Area { top, bottom: top + height, ..frame };
        top = area.bottom;
        let at = [frame.left - 3.0, area.bottom - 3.4];
        sheet.words_at(lane.fonts, at, Side::Right, row.word(), Style::quiet(6.5));
        match row {
            GradeRow::Events => events(sheet, lane, area.bottom - 2.8),
            GradeRow::Of(scale) => cells(sheet, lane, *scale, area),
        }
    }
}

fn cells(sheet: &mut Sheet, lane: &Lane<'_>, scale: Scale, row: Area) {
    for cell in lane.figure.grades.iter().filter(|cell| cell.scale == scale) {
        let whole =
            Area { left: lane.x(cell.from), right: lane.x(cell.to), top: row.top + 1.0, bottom: row.bottom - 1.0 };
        let Some(area) = whole.within(row) else { continue };
        let number = cell.grade.number();
        let ground = usize::from(number).checked_sub(1).and_then(|at| GRADES.get(at)).copied();
        sheet.fill(area, ground.unwrap_or(Ink::PAPER));
        sheet.frame(area, 0.4, Ink::TEXT);
        let ink = if number >= 4 { Ink::PAPER } else { Ink::TEXT };
        let at = [f64::midpoint(area.left, area.right), area.bottom - 2.2];
        sheet.words_at(lane.fonts, at, Side::Middle, &number.to_string(), Style { ink, ..Style::bold(7.0) });
    }
}

fn events(sheet: &mut Sheet, lane: &Lane<'_>, y: f64) {
    let mut taken = f64::NEG_INFINITY;
    for mark in &lane.figure.marks {
        // Events of one hour stand beside each other, none on top of another.
        let x = lane.x(mark.x).max(taken);
        taken = x + 8.0;
        sheet.words_at(lane.fonts, [x, y], Side::Middle, mark.kind.glyph(), Style::plain(8.0));
    }
}
