//! The lane of the cumulative curve.

use super::lanes::Lanes;
use egui::{Align2, FontId, Painter, Rect, Shape, Stroke, Vec2, pos2, vec2};
use egui_plot::{PlotPoints, PlotTransform, PlotUi, Points};

/// How much room the curve and its doses have beside a label, and how far two labels stand apart, in points.
const BESIDE: f32 = 3.0;
const APART: Vec2 = vec2(14.0, 1.0);
/// In how many rows and at how many places of each a label is tried, and how far these are apart, in points.
const ROWS: u8 = 5;
const PLACES: u8 = 48;
const STEP: f32 = 16.0;

/// How high over its line a label begins, in points.
const LABEL: f32 = 14.0;

/// How large the sign of a dose beside the curve is, in points.
const SIGN: f32 = 15.0;

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

    /// Thin lines with their words: unbroken, as neither the infusion nor a plan is. Returns the words that have no place where
    /// nothing was given or is planned.
    pub(super) fn published(&self, painter: &Painter, transform: &PlotTransform) -> Vec<String> {
        let frame = *transform.frame();
        let mut taken: Vec<Rect> =
            self.plan_labels(painter, transform).into_iter().map(|(rect, ..)| rect.expand2(APART)).collect();
        let mut without_place = Vec::new();
        let (above, lines): (Vec<_>, Vec<_>) = self.figure.published.iter().partition(|line| line.is_above);
        // What has a place of its own first.
        for line in lines {
            let y = transform.position_from_point_y(line.y);
            let to = if line.to.is_finite() { transform.position_from_point_x(line.to) } else { frame.right() };
            let (from, to) = (transform.position_from_point_x(line.from).max(frame.left()), to.min(frame.right()));
            if from >= to {
                continue;
            }
            painter.hline(from..=to, y, (1.0, self.colours.quiet));
            let rows = [y - LABEL, y + 1.0];
            if !self.label(painter, transform, &line.label, (from + 4.0, to, &rows), &mut taken) {
                without_place.push(line.in_legend());
            }
        }
        for line in above {
            let rows: Vec<f32> = (0..ROWS).map(|row| frame.top() + 2.0 + LABEL * f32::from(row)).collect();
            let words = format!("↑ {}", line.label);
            if !self.label(painter, transform, &words, (frame.left() + 4.0, frame.right(), &rows), &mut taken) {
                without_place.push(line.in_legend());
            }
        }
        without_place
    }

    /// Words on a ground of their own, in the first of their rows, and there at the first place from the left, where nothing runs
    /// through them. Whether there is such a place: words on the curve would hide what was given.
    fn label(
        &self,
        painter: &Painter,
        transform: &PlotTransform,
        words: &str,
        (from, to, rows): (f32, f32, &[f32]),
        taken: &mut Vec<Rect>,
    ) -> bool {
        let galley = painter.layout_no_wrap(words.to_owned(), FontId::proportional(10.5), self.colours.quiet);
        let place = |row: f32, step: u8| Rect::from_min_size(pos2(from + STEP * f32::from(step), row), galley.size());
        let heights = transform.frame().y_range();
        // A long curve has thousands of pieces, of which few are in a row.
        let free_in = |row: f32| {
            let band = place(row, 0).with_max_x(to);
            if !heights.contains(band.top()) || !heights.contains(band.bottom()) {
                return None;
            }
            let in_way: Vec<Rect> = self
                .drawn(transform, band)
                .chain(taken.iter().copied())
                .filter(|other| other.intersects(band))
                .collect();
            let is_free = |at: &Rect| at.right() <= to && !in_way.iter().any(|other| other.intersects(*at));
            (0..PLACES).map(|step| place(row, step)).find(is_free)
        };
        let Some(rect) = rows.iter().find_map(|row| free_in(*row)) else { return false };
        taken.push(rect.expand2(APART));
        // The hatch would run through them.
        painter.rect_filled(rect.expand2(vec2(2.0, 0.0)), 2.0, self.colours.card.gamma_multiply(0.6));
        painter.galley(rect.min, galley, self.colours.quiet);
        true
    }

    /// What is drawn in the lane: the curve and the plans, a piece each, the infusion, the published lines, and the signs of
    /// doses beside the curve; near a band.
    fn drawn(&self, transform: &PlotTransform, band: Rect) -> impl Iterator<Item = Rect> {
        let frame = *transform.frame();
        let at = |[x, y]: &[f64; 2]| pos2(transform.position_from_point_x(*x), transform.position_from_point_y(*y));
        let near = band.expand(BESIDE);
        let (low, high) =
            (transform.value_from_position(near.left_bottom()), transform.value_from_position(near.right_top()));
        let plans = self.figure.continuations.iter().flat_map(|plan| plan.line.windows(2));
        let pieces = self.figure.curve.windows(2).chain(plans).filter_map(move |pair| {
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
        let beside = self.figure.beside.iter().filter(|dose| !dose.anakinra).map(move |dose| {
            let at = pos2(transform.position_from_point_x(dose.x), frame.bottom() - SIGN / 2.0);
            Rect::from_center_size(at, Vec2::splat(SIGN)).expand(BESIDE)
        });
        pieces.chain(infusions).chain(published).chain(beside)
    }

    /// Doses that are not in the totals, in the lane of their drug: undecided, or outside the window.
    pub(super) fn beside(&self, painter: &Painter, transform: &PlotTransform, anakinra: bool) {
        for dose in self.figure.beside.iter().filter(|dose| dose.anakinra == anakinra) {
            let at = pos2(transform.position_from_point_x(dose.x), transform.frame().bottom() - 2.0);
            let colour = if dose.letter == '?' { self.colours.bad } else { self.colours.quiet };
            painter.text(at, Align2::CENTER_BOTTOM, dose.letter, crate::ui::fonts::bold(SIGN), colour);
        }
    }
}
