//! The lane of the cumulative curve.

use super::lanes::{Lane, Lanes};
use egui::{Align2, FontId, Painter, Rect, Shape, Stroke, pos2, vec2};
use egui_plot::{PlotPoints, PlotTransform, PlotUi, Points};

/// How far under the top of the lane its caption ends, in points.
const BELOW_CAPTION: f32 = 17.0;

/// How much room the curve has beside a label, in points.
const BESIDE: f32 = 2.0;
/// In how many rows and at how many places of each a label is tried, and how far these are apart, in points.
const ROWS: u8 = 5;
const PLACES: u8 = 48;
const STEP: f32 = 16.0;

/// How high over its line a label begins, in points.
const LABEL: f32 = 14.0;

impl Lanes<'_> {
    pub(super) fn curve(&self, plot: &mut PlotUi<'_>) {
        let stroke = Stroke::new(2.2, self.colours.accent);
        let line = egui_plot::Line::new("", PlotPoints::from(self.figure.curve.clone())).stroke(stroke);
        // A band would draw the steps of one day as one thick diagonal.
        let line = line.allow_band(false);
        plot.line(line.fill(0.0).fill_alpha(0.10).allow_hover(false));
        let steroid = self.figure.doses.iter().filter(|dose| !dose.anakinra);
        let places: Vec<[f64; 2]> = steroid.map(|dose| [dose.x, dose.y]).collect();
        plot.points(Points::new("", places).radius(2.6).color(self.colours.accent).allow_hover(false));
    }

    pub(super) fn over_curve(&self, painter: &Painter, transform: &PlotTransform) {
        let frame = *transform.frame();
        if let Some(y) = self.figure.log_line() {
            let y = transform.position_from_point_y(y);
            let ends = [pos2(frame.left(), y), pos2(frame.right(), y)];
            painter.extend(Shape::dotted_line(&ends, self.colours.quiet, 5.0, 0.8));
        }
        self.beside(painter, transform, false);
    }

    /// Thin lines with their words: unbroken, as neither the infusion nor a plan is.
    pub(super) fn published(&self, painter: &Painter, transform: &PlotTransform) {
        let frame = *transform.frame();
        let title = self.caption_on(painter, transform, Lane::Curve).map(|(_, ground)| ground);
        let mut taken: Vec<Rect> = title.into_iter().collect();
        let (above, lines): (Vec<_>, Vec<_>) = self.figure.published.iter().partition(|line| line.is_above);
        // What has a place of its own first.
        for line in lines {
            let y = transform.position_from_point_y(line.y);
            let to = if line.to.is_finite() { transform.position_from_point_x(line.to) } else { frame.right() };
            let from = transform.position_from_point_x(line.from).max(frame.left());
            if from >= to.min(frame.right()) {
                continue;
            }
            painter.hline(from..=to.min(frame.right()), y, (1.0, self.colours.quiet));
            // Under its line where the caption has the place over it.
            let over = Some(y - LABEL).filter(|over| *over > frame.top() + BELOW_CAPTION);
            let rows: Vec<f32> = over.into_iter().chain([y + 1.0]).collect();
            self.label(painter, transform, &line.label, (from + 4.0, to.min(frame.right()), &rows), &mut taken);
        }
        for line in above {
            let rows: Vec<f32> = (0..ROWS).map(|row| frame.top() + 2.0 + LABEL * f32::from(row)).collect();
            self.label(
                painter,
                transform,
                &format!("↑ {}", line.label),
                (frame.left() + 4.0, frame.right(), &rows),
                &mut taken,
            );
        }
    }

    /// Words on a ground of their own, in the first of their rows, and there at the first place from the left, where nothing runs
    /// through them. Where there is no such place they stand below each other, and the curve under them is seen.
    fn label(
        &self,
        painter: &Painter,
        transform: &PlotTransform,
        words: &str,
        (from, to, rows): (f32, f32, &[f32]),
        taken: &mut Vec<Rect>,
    ) {
        let galley = painter.layout_no_wrap(words.to_owned(), FontId::proportional(10.5), self.colours.quiet);
        let place = |row: f32, step: u8| Rect::from_min_size(pos2(from + STEP * f32::from(step), row), galley.size());
        let lowest = transform.frame().bottom();
        // A long curve has thousands of pieces, of which few are in a row.
        let free_in = |row: f32| {
            let band = place(row, 0).with_max_x(to);
            let in_way: Vec<Rect> = self
                .drawn(transform, band)
                .chain(taken.iter().copied())
                .filter(|other| other.intersects(band))
                .collect();
            let is_free = |at: &Rect| at.right() <= to && !in_way.iter().any(|other| other.intersects(*at));
            (0..PLACES).map(|step| place(row, step)).take_while(|_| band.bottom() <= lowest).find(is_free)
        };
        let found = rows.iter().find_map(|row| free_in(*row));
        let mut rect = place(rows.first().copied().unwrap_or_default(), 0);
        for other in taken.iter() {
            if other.intersects(rect) {
                rect = rect.translate(vec2(0.0, other.bottom() + 1.0 - rect.top()));
            }
        }
        rect = found.unwrap_or(rect);
        taken.push(rect);
        painter.rect_filled(rect.expand2(vec2(2.0, 0.0)), 2.0, self.colours.card.gamma_multiply(0.6));
        painter.galley(rect.min, galley, self.colours.quiet);
    }

    /// What is drawn in the lane: the curve, a piece each, the infusion, and the published lines; near a band.
    fn drawn(&self, transform: &PlotTransform, band: Rect) -> impl Iterator<Item = Rect> {
        let frame = *transform.frame();
        let at = |[x, y]: &[f64; 2]| pos2(transform.position_from_point_x(*x), transform.position_from_point_y(*y));
        let near = band.expand(BESIDE);
        let (low, high) =
            (transform.value_from_position(near.left_bottom()), transform.value_from_position(near.right_top()));
        let pieces = self.figure.curve.windows(2).filter_map(move |pair| {
            let [one, other] = pair else { return None };
            // Most of thousands are told apart by their amounts alone.
            let is_near = one[1].max(other[1]) >= low.y
                && one[1].min(other[1]) <= high.y
                && other[0] >= low.x
                && one[0] <= high.x;
            if !is_near {
                return None;
            }
            Some(Rect::from_two_pos(at(one), at(other)).expand(BESIDE))
        });
        let infusions = self.figure.infusion.iter().map(move |x| {
            let x = transform.position_from_point_x(*x);
            Rect::from_x_y_ranges(x..=x, frame.y_range()).expand(BESIDE)
        });
        let published = self.figure.published.iter().filter(|line| !line.is_above).map(move |line| {
            let y = transform.position_from_point_y(line.y);
            Rect::from_x_y_ranges(frame.x_range(), y..=y)
        });
        pieces.chain(infusions).chain(published)
    }

    /// Doses that are not in the totals, in the lane of their drug: undecided, or outside the window.
    pub(super) fn beside(&self, painter: &Painter, transform: &PlotTransform, anakinra: bool) {
        for dose in self.figure.beside.iter().filter(|dose| dose.anakinra == anakinra) {
            let at = pos2(transform.position_from_point_x(dose.x), transform.frame().bottom() - 2.0);
            let colour = if dose.letter == '?' { self.colours.bad } else { self.colours.quiet };
            painter.text(at, Align2::CENTER_BOTTOM, dose.letter, crate::ui::fonts::bold(15.0), colour);
        }
    }
}
