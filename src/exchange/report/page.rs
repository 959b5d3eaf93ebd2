//! Where everything stands on the page: who it is at the top, then the chart, the figures, the doses, and the foot.

use super::figures::Columns;
use super::sheet::{Area, Ink, Sheet};
use super::words::{Fonts, Side, Style};
use super::{Report, StatementRows, chart, lanes, table};

/// The edge of the paper on which nothing stands; printers need some of it.
const MARGIN: f64 = 34.0;
const LEFT: f64 = MARGIN;
const RIGHT: f64 = Sheet::WIDTH - MARGIN;
const WIDTH: f64 = RIGHT - LEFT;

/// How much smaller everything below the chart is set until it fits.
const SCALES: [f64; 6] = [1.0, 0.93, 0.87, 0.8, 0.74, 0.68];
/// What the doses need at least: their headings, some of them, and the line that says how many are not on the page.
const LEAST_TABLE: f64 = 84.0;
/// The height of the chart, and how much it may shrink with the rest.
const CHART: f64 = 236.0;
const LEAST_CHART: f64 = 170.0;
/// The words at the foot.
const FOOT: Style = Style::quiet(6.8);
/// How many of these are told one by one.
const ATTENTION: usize = 6;
const EVENTS: usize = 24;

/// Lays a report out on one page.
pub fn lay_out(report: &Report, fonts: &Fonts) -> Sheet {
    let mut smallest = Page { report, fonts, scale: 1.0, sheet: Sheet::default() };
    for scale in SCALES {
        let page = Page { report, fonts, scale, sheet: Sheet::default() };
        match page.laid_out(false) {
            Ok(sheet) => return sheet,
            Err(page) => smallest = page,
        }
    }
    // At the smallest size what still finds no room is told.
    let page = Page { sheet: Sheet::default(), ..smallest };
    page.laid_out(true).unwrap_or_else(|page| page.sheet)
}

struct Page<'a> {
    report: &'a Report,
    fonts: &'a Fonts,
    scale: f64,
    sheet: Sheet,
}

impl<'a> Page<'a> {
    /// The whole page; itself where the figures leave no room for doses and must not be left out.
    fn laid_out(mut self, may_leave_out: bool) -> Result<Sheet, Self> {
        let (foot_lines, bottom) = self.foot_lines();
        let foot = bottom - 3.0;
        let mut y = self.identity();
        y = self.chart(y);
        let size = 7.4 * self.scale;
        let statements = self.statements_height();
        let columns = Columns::of(self.fonts, &self.report.figures, WIDTH, size);
        let room = foot - y - statements - LEAST_TABLE;
        let (lines, left_out) = columns.lines(room);
        if (left_out > 0 || room < 0.0) && !may_leave_out {
            return Err(self);
        }
        y = columns.draw(&mut self.sheet, self.fonts, [LEFT, y], lines) + 3.0;
        if left_out > 0 {
            let words = format!("{left_out} more figures are not on this page: corticurve summary prints them.");
            y = self.paragraph(y, &words, Style::bold(size));
        }
        y = self.statements(y);
        self.rule(y);
        let area = Area { left: LEFT, top: y + 3.0, right: RIGHT, bottom: foot - 3.0 };
        table::draw(&mut self.sheet, self.fonts, self.report, area, self.scale);
        self.foot(&foot_lines, bottom);
        Ok(self.sheet)
    }

    fn paragraph(&mut self, y: f64, text: &str, style: Style) -> f64 {
        self.sheet.paragraph(self.fonts, [LEFT, y], WIDTH, text, style)
    }

    fn rule(&mut self, y: f64) {
        self.sheet.line(&[[LEFT, y], [RIGHT, y]], 0.5, Ink::EDGE);
    }

    /// Who it is, first of all; a long name is set smaller, and then folded.
    fn identity(&mut self) -> f64 {
        let (fonts, report) = (self.fonts, self.report);
        let day = Style::bold(16.0);
        let room = WIDTH - fonts.width(&report.day, day) - 14.0;
        let fits = |size: &f64| fonts.width(&report.name, Style::bold(*size)) <= room;
        let name = Style::bold([16.0, 13.5, 11.5].into_iter().find(fits).unwrap_or(11.5));
        let below = self.sheet.paragraph(fonts, [LEFT, MARGIN - 3.0], room, &report.name, name);
        self.sheet.words_at(fonts, [RIGHT, MARGIN + 13.0], Side::Right, &report.day, day);
        let mut y = self.paragraph(below.max(MARGIN + 18.0), &report.details.join("   ·   "), Style::plain(8.5));
        let whole =
            report.name.chars().chain(report.details.iter().flat_map(|detail| detail.chars())).collect::<String>();
        if fonts.lack(&whole) {
            let words = "Letters that this page cannot print stand as boxes: go by MRN and date of birth, and write the name by hand.";
            y = self.paragraph(y + 1.0, words, Style::bold(8.0));
        }
        for line in report.attention.iter().take(ATTENTION) {
            y = self.paragraph(y + 1.0, &format!("⚠ {line}"), Style::bold(7.6));
        }
        if let Some(more @ 1..) = report.attention.len().checked_sub(ATTENTION) {
            y = self.paragraph(y + 1.0, &format!("⚠ and {more} more: corticurve verify"), Style::bold(7.6));
        }
        self.rule(y + 2.0);
        y + 5.0
    }

    fn chart(&mut self, top: f64) -> f64 {
        let report = self.report;
        let mut y = self.paragraph(top, "Cumulative systemic glucocorticoid", Style::bold(9.5));
        y = self.paragraph(y - 0.5, &report.heading, Style::quiet(7.4));
        let area =
            Area { left: LEFT, top: y + 1.0, right: RIGHT, bottom: y + 1.0 + (CHART * self.scale).max(LEAST_CHART) };
        chart::draw(&mut self.sheet, self.fonts, report, area);
        let mut x = LEFT;
        y = area.bottom + 2.0;
        let style = Style::quiet(7.0);
        for (at, part) in report.legend.iter().enumerate() {
            let pattern = report.drugs.get(at);
            let width = self.fonts.width(part, style) + if pattern.is_some() { 13.0 } else { 0.0 };
            if x > LEFT && x + width > RIGHT {
                (x, y) = (LEFT, y + style.leading());
            }
            let mut words = x;
            if let Some(drug) = pattern {
                let swatch = Area { left: x, top: y + 1.2, right: x + 9.0, bottom: y + 7.2 };
                lanes::swatch(&mut self.sheet, swatch, *drug);
                words += 12.0;
            }
            // A name longer than the page is folded.
            if width > WIDTH {
                y = self.sheet.paragraph(self.fonts, [words, y], RIGHT - words, part, style) - style.leading();
                x = RIGHT;
                continue;
            }
            self.sheet.words_at(self.fonts, [words, y + style.size], Side::Left, part, style);
            x += width + 14.0;
        }
        y += style.leading();
        y = self.events(y);
        for line in report.figure.published.iter().filter(|line| line.is_above) {
            y = self.paragraph(y, &format!("Above the chart: {}", line.label), style);
        }
        self.rule(y + 2.0);
        y + 5.0
    }

    /// What the signs in the row of events stand for, one by one.
    fn events(&mut self, y: f64) -> f64 {
        let figure = &self.report.figure;
        if figure.marks.is_empty() {
            return y;
        }
        let mark = |mark: &crate::exposure::figure::Mark| {
            format!("{} {} {}", mark.kind.glyph(), figure.axis.named(mark.x), mark.words)
        };
        let mut words: Vec<String> = figure.marks.iter().take(EVENTS).map(mark).collect();
        if let Some(more @ 1..) = figure.marks.len().checked_sub(EVENTS) {
            words.push(format!("and {more} more events that are not told here"));
        }
        self.paragraph(y, &format!("Events: {}", words.join("; ")), Style::quiet(7.0))
    }

    /// Figures that stand only with their words, across the page.
    fn statement_lines(&self) -> impl Iterator<Item = (String, Style)> + use<'a> {
        let size = 6.7 * self.scale;
        self.report.statements.iter().flat_map(move |StatementRows { heading, lines, always }| {
            let head = (format!("{heading}:"), Style::bold(size));
            let lines = lines.iter().map(move |line| (line.clone(), Style::plain(size)));
            let always = always.iter().map(move |words| (format!("({words})"), Style::quiet(size)));
            std::iter::once(head).chain(lines).chain(always)
        })
    }

    fn statements_height(&self) -> f64 {
        let mut nowhere = Sheet::default();
        let lines = self.statement_lines();
        lines.fold(4.0, |y, (line, style)| nowhere.paragraph(self.fonts, [LEFT, y], WIDTH, &line, style))
    }

    fn statements(&mut self, top: f64) -> f64 {
        let mut y = top;
        for (line, style) in self.statement_lines() {
            y = self.paragraph(y, &line, style);
        }
        y + 3.0
    }

    /// The lines of the foot, and where the first of them begins: they stand at the bottom.
    fn foot_lines(&self) -> (Vec<String>, f64) {
        let lines: Vec<String> = self.report.foot.iter().flat_map(|line| self.fonts.fold(line, FOOT, WIDTH)).collect();
        let top = lines.iter().fold(Sheet::HEIGHT - MARGIN * 0.75, |y, _| y - FOOT.leading());
        (lines, top)
    }

    fn foot(&mut self, lines: &[String], top: f64) {
        self.rule(top - 2.0);
        let mut y = top;
        for line in lines {
            self.sheet.words_at(self.fonts, [LEFT, y + FOOT.size], Side::Left, line, FOOT);
            y += FOOT.leading();
        }
    }
}
