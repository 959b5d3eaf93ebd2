//! The four lanes below each other: their frames, their axes, and what they have in common. What stands in each is drawn
//! in `curve.rs`, `bars.rs` and `grades.rs`; what is done with them is read in `hand.rs`.

use super::pattern;
use crate::app::{Border, Sizes};
use crate::exposure::figure::{AmountTick, Bar, Figure, Spot, Stretch, even_ticks};
use crate::ui::borders::share;
use crate::ui::palette::Palette;
use egui::layers::ShapeIdx;
use egui::{FontId, Galley, Id, Painter, Rect, Sense, Shape, Stroke, Ui, pos2, vec2};
use egui_plot::{AxisHints, GridMark, Plot, PlotPoint, PlotTransform, PlotUi};
use std::sync::Arc;

/// The room for the labels of the vertical axes, the same in every lane so that times stand under each other; more where
/// one of them has long numbers.
const AXIS_WIDTH: f32 = 46.0;
const WIDE_AXIS: f32 = 76.0;

/// What is free at the right for the half of the last date under the axis that is beyond its tick.
const LAST_LABEL: f32 = 10.0;

/// The least heights, with their titles: of the three lanes above the grades together, of the curve, of each lane of bars,
/// and of a row of grades; and what the axis below the grades takes.
const LANES_LEAST: f32 = 148.0;
const CURVE_LEAST: f32 = 68.0;
const BARS_LEAST: f32 = 38.0;
const GRADE_ROW_LEAST: f32 = 18.0;
const AROUND_GRADES: f32 = 22.0;

/// What a line of text has free below it.
const UNDER_TITLE: f32 = 1.0;

/// What is free before a title, where the frame of a chart with the keyboard runs.
const BESIDE_FRAME: f32 = 4.0;

/// The distance between the lanes, and of all of them together.
const APART: f32 = 2.0;
const ALL_APART: f32 = 6.0;

/// Everything that the lanes are drawn from.
pub struct Lanes<'a> {
    /// What is drawn.
    pub figure: &'a Figure,
    /// In which colours.
    pub colours: Palette,
    /// Whether times are shown as days.
    pub by_day: bool,
    /// Where the chosen entry is, if it is in a lane.
    pub chosen: Option<Spot>,
    /// The stretch of the axis that is seen.
    pub seen: Stretch,
    /// How the lanes share the height.
    pub sizes: Sizes,
}

/// The lanes as they were laid out.
pub struct LaidOut {
    /// Where positions are; times are at the same place in every lane.
    pub transform: PlotTransform,
    /// The lanes' frames, for the crosshair across all of them.
    pub frames: Vec<Rect>,
    /// The borders between them, each with how many points it moves for one step.
    pub borders: [(Border, Rect, f32); 3],
    /// The words of published medians for which there is no place beside the curve: the legend says them.
    pub told_below: Vec<String>,
}

/// One of the lanes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Lane {
    Curve,
    Daily,
    Anakinra,
    Grades,
}

/// The least height of all lanes of a figure.
pub fn least_height(figure: &Figure) -> f32 {
    let grades = f32::from(u8::try_from(figure.grade_rows().len()).unwrap_or(u8::MAX)) * GRADE_ROW_LEAST;
    LANES_LEAST + ALL_APART + AROUND_GRADES + grades
}

impl Lanes<'_> {
    /// Draws the lanes below each other in a height.
    pub fn show(&self, ui: &mut Ui, height: f32) -> LaidOut {
        ui.spacing_mut().item_spacing.y = APART;
        ui.set_max_width(ui.available_width() - LAST_LABEL);
        let (rows, sizes) = (self.figure.grade_rows(), self.sizes.in_limits());
        #[allow(clippy::cast_precision_loss, reason = "at most four rows")]
        let (rows, grades_top) = (rows.len() as f32, rows.len() as f64);
        // High rows must leave the other lanes what they need.
        let row = f32::from(sizes.grade_row).min((height - AROUND_GRADES - LANES_LEAST - ALL_APART) / rows);
        let grades_height = AROUND_GRADES + row.max(GRADE_ROW_LEAST) * rows;
        let room = (height - grades_height - ALL_APART).max(LANES_LEAST);
        let (steroid, below) = (share(sizes.steroid), share(sizes.anakinra));
        let curve_height = (room * (1.0 - steroid - below)).min(room - 2.0 * BARS_LEAST).max(CURVE_LEAST);
        let left = room - curve_height;
        let steroid_height = (left * steroid / (steroid + below)).min(left - BARS_LEAST).max(BARS_LEAST);
        let curve = self.lane(ui, Lane::Curve, curve_height, self.figure.curve_top);
        let daily = self.lane(ui, Lane::Daily, steroid_height, self.figure.daily_top);
        let anakinra = self.lane(ui, Lane::Anakinra, left - steroid_height, self.figure.anakinra_top);
        let grades = self.lane(ui, Lane::Grades, grades_height, grades_top);
        let frames = [&curve, &daily, &anakinra, &grades].map(|transform| *transform.frame());
        let [first, second, third, _] = frames;
        // Over the title of the lane below, which is read and not taken hold of.
        let under = |above: Rect| {
            let y = above.bottom() + APART / 2.0;
            Rect::from_x_y_ranges(above.x_range(), y..=y)
        };
        let step = room / 1000.0;
        let borders = [
            (Border::UnderCurve, under(first), step),
            (Border::UnderSteroid, under(second), step),
            (Border::UnderAnakinra, under(third), rows),
        ];
        let told_below = self.published(&ui.painter_at(first), &curve);
        LaidOut { frames: frames.into(), transform: curve, borders, told_below }
    }

    fn plot(&self, lane: Lane, height: f32) -> Plot<'_> {
        let is_grades = lane == Lane::Grades;
        // What is dragged, scrolled and clicked is read over all lanes together.
        Plot::new(Id::unique(("lane", lane)))
            .sense(Sense::hover())
            .height(height)
            .show_background(false)
            .show_axes([is_grades, true])
            .show_grid([true, !is_grades])
            .show_x(false)
            .show_y(false)
            .label_formatter(|_| None)
            .grid_color(self.colours.edge)
            .custom_y_axes(vec![self.y_axis(lane, height)])
            .y_grid_spacer(move |input| y_marks(&self.ticks(lane, height), input.bounds.1))
            .set_margin_fraction(egui::Vec2::ZERO)
            .auto_bounds(false)
            .allow_drag(false)
            .allow_zoom(false)
            .allow_scroll(false)
            .allow_boxed_zoom(false)
            .allow_axis_zoom_drag(false)
            .allow_double_click_reset(false)
            .x_grid_spacer(|input| self.marks(input.bounds))
            .custom_x_axes(vec![self.x_axis()])
    }

    fn x_axis(&self) -> AxisHints<'_> {
        let font = FontId::proportional(11.0);
        let hints = AxisHints::new_x().label_spacing(24.0..=30.0).tick_label_font(font);
        hints.formatter(|mark, _| self.figure.axis.label(mark.value, mark.step_size, self.by_day))
    }

    /// The same width in every lane; the grades have words of their own instead of numbers.
    fn y_axis(&self, lane: Lane, height: f32) -> AxisHints<'static> {
        let with_numbers = match lane {
            Lane::Grades => false,
            Lane::Curve => {
                !self.figure.continuations.is_empty() || self.figure.curve.iter().any(|point| point[1] > 0.0)
            }
            Lane::Daily => !self.figure.daily.is_empty() || !self.figure.planned_daily.is_empty(),
            Lane::Anakinra => !self.figure.anakinra.is_empty() || !self.figure.planned_anakinra.is_empty(),
        };
        let ticks = if with_numbers { self.ticks(lane, height) } else { Vec::new() };
        let label = move |mark: GridMark| {
            let tick = ticks.iter().find(|tick| (tick.y - mark.value).abs() < f64::EPSILON);
            tick.map_or_else(String::new, |tick| tick.label.clone())
        };
        let font = FontId::proportional(11.0);
        AxisHints::new_y()
            .tick_label_font(font)
            .min_thickness(self.axis_width())
            .label_spacing(9.0..=11.0)
            .formatter(move |mark, _| label(mark))
    }

    /// Where a lane's axis is labelled, as often as it has room for.
    fn ticks(&self, lane: Lane, height: f32) -> Vec<AmountTick> {
        let most = match height {
            120.0.. => 5,
            50.0.. => 3,
            36.0.. => 2,
            _ => 1,
        };
        match lane {
            Lane::Curve => self.figure.curve_ticks(most),
            Lane::Daily => even_ticks(self.figure.daily_top, most),
            Lane::Anakinra => even_ticks(self.figure.anakinra_top, most),
            Lane::Grades => Vec::new(),
        }
    }

    fn axis_width(&self) -> f32 {
        let tops = [self.figure.curve_top, self.figure.daily_top, self.figure.anakinra_top];
        if tops.iter().any(|top| *top >= 10_000.0) { WIDE_AXIS } else { AXIS_WIDTH }
    }

    fn marks(&self, (from, to): (f64, f64)) -> Vec<GridMark> {
        let axis = &self.figure.axis;
        // Dates take more room than days.
        let most = if self.by_day && axis.has_days { 14 } else { 10 };
        let step_size = axis.step(from, to, most);
        let ticks = axis.ticks(from, to, most, self.by_day);
        ticks.into_iter().map(|tick| GridMark { value: tick.x, step_size }).collect()
    }

    fn lane(&self, ui: &mut Ui, lane: Lane, height: f32, top: f64) -> PlotTransform {
        // Over the lane and not in it, where it would stand on what was given.
        let title = self.title(ui, lane);
        let strip = title.as_ref().map_or(0.0, |title| title.size().y - UNDER_TITLE);
        let above = ui.cursor().top();
        ui.add_space(strip);
        // The hatch belongs under the curve, and its place is known only after the lane is laid out; so do the grounds of words.
        let under = ui.painter().add(Shape::Noop);
        let grounds = ui.painter().add(Shape::Noop);
        let shown = self.plot(lane, height - strip).show(ui, |plot| {
            plot.set_plot_bounds_x(self.seen.from..=self.seen.to);
            plot.set_plot_bounds_y(0.0..=top);
            self.items(plot, lane);
        });
        let (transform, beside) = (shown.transform, ui.painter());
        let painter = ui.painter_at(*transform.frame());
        self.hatch(ui, under, &transform);
        match lane {
            Lane::Curve => self.over_curve(&painter, &transform),
            Lane::Daily => self.over_daily(&painter, &transform),
            Lane::Anakinra => self.over_anakinra(&painter, &transform),
            Lane::Grades => self.grades(&painter, beside, &transform),
        }
        self.infusion(&painter, &transform);
        painter.set(grounds, Shape::Vec(self.planned(&painter, &transform, lane)));
        self.chosen(&painter, &transform, lane);
        if let Some(title) = title {
            beside.galley(pos2(transform.frame().left() + BESIDE_FRAME, above), title, self.colours.quiet);
        }
        transform
    }

    fn items(&self, plot: &mut PlotUi<'_>, lane: Lane) {
        match lane {
            Lane::Curve => self.curve(plot),
            Lane::Daily => self.daily(plot),
            Lane::Anakinra => self.anakinra(plot),
            Lane::Grades => {}
        }
    }

    /// The title of a lane, folded to its width.
    fn title(&self, ui: &Ui, lane: Lane) -> Option<Arc<Galley>> {
        let caption = match lane {
            Lane::Curve => self.figure.curve_caption(),
            Lane::Daily => format!("steroid {}/day", self.figure.unit().word()),
            Lane::Anakinra => format!("anakinra {}/day", self.figure.unit().word()),
            Lane::Grades => return None,
        };
        let width = ui.available_width() - self.axis_width() - BESIDE_FRAME;
        Some(ui.painter().layout(caption, FontId::proportional(10.5), self.colours.quiet, width))
    }

    /// The infusion, over what is drawn.
    fn infusion(&self, painter: &Painter, transform: &PlotTransform) {
        if let Some(x) = self.figure.infusion {
            let (x, frame) = (transform.position_from_point_x(x), transform.frame());
            let ends = [pos2(x, frame.top()), pos2(x, frame.bottom())];
            painter.extend(Shape::dashed_line(&ends, Stroke::new(1.5, self.colours.text), 4.0, 3.0));
        }
    }

    fn hatch(&self, ui: &Ui, under: ShapeIdx, transform: &PlotTransform) {
        if let Some((from, to)) = self.figure.unchecked {
            let bounds = transform.bounds();
            let to = if to >= self.figure.view.1 { to.max(bounds.max()[0]) } else { to };
            let rect = rect_of(transform, (from, to), (bounds.min()[1], bounds.max()[1]));
            let rect = rect.intersect(*transform.frame());
            // Left of the checked time there is nothing to hatch when the chart is moved there.
            if rect.is_positive() {
                ui.painter_at(rect).set(under, pattern::hatch(rect, self.colours.hatch));
            }
        }
    }

    /// The chosen dose, in every lane where it is: a ring on the curve, its bar framed, and an arrowhead at its time.
    fn chosen(&self, painter: &Painter, transform: &PlotTransform, lane: Lane) {
        let Some(spot) = self.chosen else { return };
        let (x, frame) = (transform.position_from_point_x(spot.from), *transform.frame());
        let bars = match lane {
            Lane::Curve => {
                return if let Some(y) = spot.on_curve {
                    let at = transform.position_from_point(&PlotPoint::new(spot.from, y));
                    painter.circle_stroke(at, 6.0, (2.0, self.colours.bad));
                } else if spot.beside && !spot.anakinra {
                    painter.circle_stroke(pos2(x, frame.bottom() - 10.0), 10.0, (2.0, self.colours.bad));
                };
            }
            Lane::Daily if spot.on_curve.is_some() => &self.figure.daily,
            Lane::Anakinra if spot.anakinra => &self.figure.anakinra,
            Lane::Daily | Lane::Anakinra | Lane::Grades => return,
        };
        if spot.beside {
            painter.circle_stroke(pos2(x, frame.bottom() - 10.0), 10.0, (2.0, self.colours.bad));
            return;
        }
        let mut whole: Option<Rect> = None;
        for bar in bars.iter().filter(|bar| bar.covers(spot.from, spot.to)) {
            let rect = bar_rect(transform, bar);
            // The stacked bars of a day are framed as one.
            match &mut whole {
                Some(day) if (day.left() - rect.left()).abs() < 0.5 => *day = day.union(rect),
                _ => frame_bar(painter, whole.replace(rect), self.colours),
            }
        }
        frame_bar(painter, whole, self.colours);
        let tip = pos2(x, frame.bottom() - 9.0);
        let head = vec![tip, tip + vec2(5.0, 9.0), tip + vec2(-5.0, 9.0)];
        painter.add(Shape::convex_polygon(head, self.colours.bad, (1.0, self.colours.card)));
    }
}

fn frame_bar(painter: &Painter, bar: Option<Rect>, colours: Palette) {
    if let Some(bar) = bar {
        painter.rect_stroke(bar.expand(1.0), 0.0, (2.0, colours.bad), egui::StrokeKind::Outside);
    }
}

/// Grid lines at the labelled amounts.
fn y_marks(ticks: &[AmountTick], step_size: f64) -> Vec<GridMark> {
    // How many there are is chosen by the height already: each is as strong as one alone, and none is left out, also in a
    // low lane and on a logarithmic axis, where they have no one distance.
    ticks.iter().map(|tick| GridMark { value: tick.y, step_size }).collect()
}

pub(super) fn rect_of(transform: &PlotTransform, x: (f64, f64), y: (f64, f64)) -> Rect {
    transform.rect_from_values(&PlotPoint::new(x.0, y.0), &PlotPoint::new(x.1, y.1))
}

pub(super) fn bar_rect(transform: &PlotTransform, bar: &Bar) -> Rect {
    rect_of(transform, (bar.from, bar.to), (bar.base, bar.top))
}
