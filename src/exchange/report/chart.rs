//! The four lanes on one time axis, as in the window: every position comes from the figure, and what is left here is where on
//! the paper. What stands in the lanes of bars and grades is drawn in `lanes.rs`.

use super::Report;
use super::lanes;
use super::sheet::{Area, Ink, Sheet};
use super::words::{Fonts, Side, Style};
use crate::exposure::figure::{AmountTick, Figure, Stretch, even_ticks};

/// The room for the labels of the vertical axes.
const AXIS: f64 = 38.0;
/// The room for the title over a lane, and for the labels below the last.
const TITLE: f64 = 10.0;
const LABELS: f64 = 10.0;
/// The height of a row of grades.
const ROW: f64 = 11.0;
/// How the curve, the steroid and the anakinra lane share what is left.
const SHARES: [f64; 3] = [0.58, 0.23, 0.19];
/// The distance of the lines that hatch what is not checked.
const HATCH: f64 = 6.0;

/// A lane in its place.
pub(super) struct Lane<'a> {
    pub figure: &'a Figure,
    pub fonts: &'a Fonts,
    /// Its frame.
    pub area: Area,
    seen: Stretch,
    top: f64,
}

impl Lane<'_> {
    pub fn x(&self, at: f64) -> f64 {
        self.area.left + (at - self.seen.from) / self.seen.length().max(f64::MIN_POSITIVE) * self.area.width()
    }

    pub fn y(&self, amount: f64) -> f64 {
        self.area.bottom - amount / self.top.max(f64::MIN_POSITIVE) * self.area.height()
    }

    pub fn place(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        [self.x(x), self.y(y)]
    }

    /// From one position and amount to another; `None` where nothing of it is in the lane.
    pub fn area_of(&self, (from, to): (f64, f64), (low, high): (f64, f64)) -> Option<Area> {
        let area = Area { left: self.x(from), top: self.y(high), right: self.x(to), bottom: self.y(low) };
        area.within(self.area)
    }
}

/// Draws the chart in a place.
pub fn draw(sheet: &mut Sheet, fonts: &Fonts, report: &Report, area: Area) {
    let figure = &report.figure;
    let rows = figure.grade_rows();
    #[allow(clippy::cast_precision_loss, reason = "at most four rows")]
    let count = rows.len() as f64;
    let room = area.height() - 3.0 * TITLE - count * ROW - LABELS - 3.0;
    let unit = figure.unit().word();
    let has_steroid = !figure.daily.is_empty() || !figure.planned_daily.is_empty();
    let has_anakinra = !figure.anakinra.is_empty() || !figure.planned_anakinra.is_empty();
    let has_curve = !figure.continuations.is_empty() || figure.curve.iter().any(|point| point[1] > 0.0);
    let tops = [figure.curve_top, figure.daily_top, figure.anakinra_top];
    let titles = [figure.curve_caption(), format!("steroid {unit}/day"), format!("anakinra {unit}/day")];
    let ticks = [figure.curve_ticks(5), even_ticks(figure.daily_top, 3), even_ticks(figure.anakinra_top, 3)];
    let mut y = area.top;
    let lanes = titles.into_iter().zip(ticks).zip([has_curve, has_steroid, has_anakinra]).zip(tops).zip(SHARES);
    for (at, ((((title, ticks), has_amounts), top), share)) in lanes.enumerate() {
        sheet.words_at(fonts, [area.left + AXIS, y + 7.5], Side::Left, &title, Style::quiet(7.0));
        let frame =
            Area { left: area.left + AXIS, top: y + TITLE, right: area.right, bottom: y + TITLE + room * share };
        let lane = Lane { figure, fonts, area: frame, seen: figure.opens_with(), top };
        let ticks = if has_amounts { ticks } else { Vec::new() };
        lane.ground(sheet, report.by_day, &ticks);
        sheet.inside(frame, |sheet| match at {
            0 => lane.curve(sheet),
            1 => lanes::steroid(sheet, &lane),
            _ => lanes::anakinra(sheet, &lane),
        });
        lane.over(sheet);
        y = frame.bottom;
    }
    let frame = Area { left: area.left + AXIS, top: y + 3.0, right: area.right, bottom: y + 3.0 + count * ROW };
    let lane = Lane { figure, fonts, area: frame, seen: figure.opens_with(), top: count };
    lane.ground(sheet, report.by_day, &[]);
    lanes::grades(sheet, &lane, &rows, ROW);
    lane.over(sheet);
    lane.labels(sheet, report.by_day);
}

impl Lane<'_> {
    /// How many labels the axis has room for; dates take more of it than days.
    fn ticks(&self, by_day: bool) -> Vec<crate::exposure::figure::Tick> {
        let axis = &self.figure.axis;
        let most = if by_day && axis.has_days { 16 } else { 12 };
        axis.ticks(self.seen.from, self.seen.to, most, by_day)
    }

    /// Hatched time, the grid, and the amounts beside it.
    fn ground(&self, sheet: &mut Sheet, by_day: bool, ticks: &[AmountTick]) {
        let frame = self.area;
        if let Some(area) = self.figure.unchecked.and_then(|stretch| self.area_of(stretch, (0.0, self.top))) {
            sheet.inside(area, |sheet| hatch(sheet, area, HATCH, Ink::HATCH));
        }
        for tick in self.ticks(by_day) {
            let x = self.x(tick.x);
            sheet.line(&[[x, frame.top], [x, frame.bottom]], 0.3, Ink::GRID);
        }
        for tick in ticks {
            let y = self.y(tick.y);
            sheet.line(&[[frame.left, y], [frame.right, y]], 0.3, Ink::GRID);
            sheet.words_at(self.fonts, [frame.left - 3.0, y + 2.3], Side::Right, &tick.label, Style::quiet(6.5));
        }
    }

    /// The infusion over what is drawn, and the frame.
    fn over(&self, sheet: &mut Sheet) {
        let frame = self.area;
        if let Some(x) = self.figure.infusion.filter(|x| (self.seen.from..=self.seen.to).contains(x)) {
            let x = self.x(x);
            sheet.dashed(&[[x, frame.top], [x, frame.bottom]], 1.0, Ink::TEXT, [3.0, 2.0]);
        }
        sheet.frame(frame, 0.5, Ink::EDGE);
    }

    fn labels(&self, sheet: &mut Sheet, by_day: bool) {
        let (frame, style) = (self.area, Style::quiet(6.5));
        for tick in self.ticks(by_day) {
            let half = self.fonts.width(&tick.label, style) / 2.0;
            let x = self.x(tick.x).clamp(frame.left + half, frame.right - half);
            sheet.words_at(self.fonts, [x, frame.bottom + 8.0], Side::Middle, &tick.label, style);
        }
    }

    fn curve(&self, sheet: &mut Sheet) {
        let figure = self.figure;
        let points: Vec<[f64; 2]> = figure.curve.iter().map(|point| self.place(*point)).collect();
        if let Some(([first, _], [last, _])) = points.first().zip(points.last()) {
            let mut under = points.clone();
            under.extend([[*last, self.area.bottom], [*first, self.area.bottom]]);
            sheet.items.push(super::Item::Fill(under, Ink::UNDER));
        }
        if let Some(y) = figure.log_line().map(|y| self.y(y)) {
            sheet.dashed(&[[self.area.left, y], [self.area.right, y]], 0.4, Ink::QUIET, [0.8, 3.0]);
        }
        // The hatch under the filled curve is seen through nothing: it is drawn again over the part that is not checked.
        if let Some(area) = figure.unchecked.and_then(|stretch| self.area_of(stretch, (0.0, self.top))) {
            sheet.inside(area, |sheet| hatch(sheet, area, HATCH, Ink::HATCH));
        }
        // Under the curve: the ground of their words must hide none of it.
        self.published(sheet);
        sheet.line(&points, 1.5, Ink::STEROID);
        for dose in figure.doses.iter().filter(|dose| !dose.anakinra) {
            dot(sheet, self.place([dose.x, dose.y]), 1.7, Ink::STEROID);
        }
        for plan in &figure.continuations {
            let points: Vec<[f64; 2]> = plan.line.iter().map(|point| self.place(*point)).collect();
            sheet.dashed(&points, 1.2, Ink::STEROID, [4.0, 2.5]);
        }
        lanes::beside(sheet, self, false);
        self.plan_labels(sheet);
    }

    /// Thin unbroken lines, each with its words over it. What is far above the curve is told below the chart.
    fn published(&self, sheet: &mut Sheet) {
        let style = Style::quiet(6.5);
        let mut lines: Vec<_> = self.figure.published.iter().filter(|line| !line.is_above).collect();
        lines.sort_by(|one, other| one.y.total_cmp(&other.y));
        let mut taken: Vec<Area> = Vec::new();
        for line in lines {
            let (from, y) = (self.x(line.from).max(self.area.left), self.y(line.y));
            let to = if line.to.is_finite() { self.x(line.to) } else { self.area.right };
            sheet.line(&[[from, y], [to, y]], 0.5, Ink::QUIET);
            let bottom = if y - 9.0 > self.area.top { y - 1.0 } else { y + 9.0 };
            let width = self.fonts.width(&line.label, style);
            let left = self.beside_the_curve(from, width, bottom);
            let mut ground = Area { left, top: bottom - 8.0, right: left + width, bottom };
            while let Some(other) = taken.iter().find(|other| other.within(ground).is_some()) {
                (ground.top, ground.bottom) = (other.top - 8.5, other.top - 0.5);
            }
            taken.push(ground);
            sheet.fill(Area { left: left - 1.0, right: ground.right + 1.0, ..ground }, Ink::PAPER);
            sheet.words_at(self.fonts, [left, ground.top + 6.4], Side::Left, &line.label, style);
        }
    }

    /// Where words of a width begin so that neither the infusion nor the curve strikes through a digit of them: before the
    /// curve is as high as they are, else after it is above them.
    fn beside_the_curve(&self, from: f64, width: f64, bottom: f64) -> f64 {
        let left = self.figure.infusion.map_or(from, |x| self.x(x)).max(from) + 4.0;
        let left = left.min(self.area.right - width - 2.0);
        let reaches = |y: f64| {
            let point = self.figure.curve.iter().map(|point| self.place(*point)).find(|point| point[1] <= y);
            point.map_or(f64::INFINITY, |point| point[0])
        };
        let right = self.area.right - width - 3.0;
        if left + width > reaches(bottom) - 2.0 && right > reaches(bottom - 9.0) + 3.0 { right } else { left }
    }

    /// A label names an amount: it stands whole, on a ground of its own.
    fn plan_labels(&self, sheet: &mut Sheet) {
        let style = Style { ink: Ink::STEROID, ..Style::plain(7.0) };
        for plan in &self.figure.continuations {
            let [x, y] = self.place(plan.label_at);
            let width = self.fonts.width(&plan.label, style);
            let right = x.min(self.area.right - 3.0).max(self.area.left + width + 3.0);
            let top = if plan.label_below { y + 2.0 } else { y - 10.5 };
            let top = top.clamp(self.area.top + 1.0, self.area.bottom - 9.5);
            let ground = Area { left: right - width - 1.0, top, right: right + 1.0, bottom: top + 8.5 };
            sheet.fill(ground, Ink::PAPER);
            sheet.words_at(self.fonts, [right, top + 6.8], Side::Right, &plan.label, style);
        }
    }
}

/// Diagonal lines over an area, to be clipped to it.
pub(super) fn hatch(sheet: &mut Sheet, area: Area, distance: f64, ink: Ink) {
    let height = area.height();
    let mut x = (area.left / distance).floor() * distance - height;
    while x < area.right {
        sheet.line(&[[x, area.bottom], [x + height, area.top]], 0.5, ink);
        x += distance;
    }
}

/// A small square on its corner: a dose on the curve, or a dot of a pattern.
pub(super) fn dot(sheet: &mut Sheet, [x, y]: [f64; 2], radius: f64, ink: Ink) {
    let corners = vec![[x - radius, y], [x, y - radius], [x + radius, y], [x, y + radius]];
    sheet.items.push(super::Item::Fill(corners, ink));
}
