//! The four lanes.

use super::pattern;
use crate::exposure::figure::{Bar, Figure, axis};
use crate::record::{EntryId, Scale, decimal};
use crate::ui::palette::Palette;
use egui::layers::ShapeIdx;
use egui::{Align2, Color32, FontId, Id, Pos2, Rect, Shape, Stroke, Ui, pos2, vec2};
use egui_plot::{AxisHints, GridMark, Plot, PlotPoint, PlotPoints, PlotTransform, PlotUi, Points, Polygon};

/// The room for the labels of the vertical axes, the same in every lane so that times stand under each other; more where
/// one of them has long numbers.
const AXIS_WIDTH: f32 = 46.0;
const WIDE_AXIS: f32 = 76.0;

/// Everything that the lanes are drawn from.
pub struct Lanes<'a> {
    /// What is drawn.
    pub figure: &'a Figure,
    /// In which colours.
    pub colours: Palette,
    /// Whether times are shown as days.
    pub by_day: bool,
    /// The chosen entry.
    pub chosen: Option<&'a EntryId>,
    /// What the lanes' zoom is shared under.
    pub group: Id,
}

/// What the user did with the lanes.
pub struct LanesResponse {
    /// A dose was clicked.
    pub clicked_dose: Option<EntryId>,
    /// The pointer is over a lane: how its positions are times, and where it is.
    pub hovered: Option<(PlotTransform, Pos2)>,
    /// The lanes' frames, for the crosshair across all of them.
    pub frames: Vec<Rect>,
}

/// The letter of a drug in the daily lane: never colour alone.
pub fn letter(drug: usize) -> char {
    ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I'].get(drug).copied().unwrap_or('J')
}

fn closed(from: f64, to: f64, base: f64, top: f64) -> PlotPoints<'static> {
    vec![[from, base], [to, base], [to, top], [from, top]].into()
}

impl Lanes<'_> {
    /// Draws the lanes below each other in a height.
    pub fn show(&self, ui: &mut Ui, height: f32) -> LanesResponse {
        ui.spacing_mut().item_spacing.y = 3.0;
        let scales = self.scales();
        #[allow(clippy::cast_precision_loss, reason = "at most three scales")]
        let grades_height = 22.0 + 20.0 * scales.len().max(1) as f32;
        let room = (height - grades_height - 12.0).max(120.0);
        let mut response = LanesResponse { clicked_dose: None, hovered: None, frames: Vec::new() };
        self.lane(ui, "curve", room * 0.56, self.figure.curve_top, &mut response, |plot| self.curve(plot));
        self.lane(ui, "daily", room * 0.22, self.figure.daily_top, &mut response, |plot| {
            for bar in &self.figure.daily {
                let colour = self.colours.drugs.get(bar.drug % 4).copied().unwrap_or(self.colours.accent);
                Self::bar(plot, bar, colour);
            }
        });
        self.lane(ui, "anakinra", room * 0.22, self.figure.anakinra_top, &mut response, |plot| {
            for bar in &self.figure.anakinra {
                Self::bar(plot, bar, self.colours.anakinra);
            }
        });
        self.grades_lane(ui, grades_height, &scales, &mut response);
        response
    }

    /// The scales that have a row: CRS and ICANS always, IEC-HS where it was graded.
    fn scales(&self) -> Vec<Scale> {
        let graded = |scale: &Scale| self.figure.grades.iter().any(|cell| cell.scale == *scale);
        Scale::ALL.iter().copied().filter(|scale| *scale != Scale::IecHs || graded(scale)).collect()
    }

    fn plot(&self, name: &str, height: f32, top: f64) -> Plot<'_> {
        let (from, to) = self.figure.view;
        Plot::new((self.group, name))
            .height(height)
            .show_background(false)
            .show_axes([name == "grades", true])
            .show_grid([true, name != "grades"])
            .show_x(false)
            .show_y(false)
            .label_formatter(|_| None)
            .grid_color(self.colours.edge)
            .custom_y_axes(vec![self.y_axis(name)])
            .y_grid_spacer(move |input| y_marks(input.bounds.1, height))
            .set_margin_fraction(egui::Vec2::ZERO)
            .include_x(from)
            .include_x(to)
            .include_y(0.0)
            .include_y(top)
            .allow_drag([true, false])
            .allow_zoom([true, false])
            .allow_scroll(false)
            .allow_boxed_zoom(false)
            .allow_axis_zoom_drag(false)
            .link_axis(self.group, [true, false])
            .x_grid_spacer(|input| self.marks(input.bounds))
            .custom_x_axes(vec![self.x_axis()])
    }

    fn x_axis(&self) -> AxisHints<'_> {
        let font = FontId::proportional(11.0);
        let hints = AxisHints::new_x().label_spacing(24.0..=30.0).tick_label_font(font);
        hints.formatter(|mark, _| self.figure.axis.label(mark.value, mark.step_size, self.by_day))
    }

    /// The same width in every lane; the grades have words of their own instead of numbers.
    fn y_axis(&self, name: &str) -> AxisHints<'static> {
        let with_numbers = match name {
            "grades" => false,
            "curve" => !self.figure.continuations.is_empty() || self.figure.curve.iter().any(|point| point[1] > 0.0),
            "daily" => !self.figure.daily.is_empty() || !self.figure.planned_daily.is_empty(),
            "anakinra" => !self.figure.anakinra.is_empty() || !self.figure.planned_anakinra.is_empty(),
            _ => true,
        };
        let label = move |mark: GridMark| {
            if with_numbers { decimal::grouped(&mark.value.to_string()) } else { String::new() }
        };
        let font = FontId::proportional(11.0);
        AxisHints::new_y()
            .tick_label_font(font)
            .min_thickness(self.axis_width())
            .label_spacing(12.0..=16.0)
            .formatter(move |mark, _| label(mark))
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

    fn lane(
        &self,
        ui: &mut Ui,
        name: &str,
        height: f32,
        top: f64,
        response: &mut LanesResponse,
        draw: impl FnOnce(&mut PlotUi<'_>),
    ) {
        // The hatch belongs under the curve, and its place is known only after the lane is laid out.
        let under = ui.painter().add(Shape::Noop);
        let shown = self.plot(name, height, top).show(ui, |plot| {
            Self::wheel_zooms(plot);
            draw(plot);
        });
        let painter = ui.painter_at(*shown.transform.frame());
        self.hatch(ui, under, &shown.transform);
        if name == "anakinra" {
            for bar in &self.figure.anakinra {
                pattern::dots(&painter, bar_rect(&shown.transform, bar), self.colours.card);
            }
        }
        self.infusion(&painter, &shown.transform);
        self.planned(&painter, &shown.transform, name);
        match name {
            "daily" => self.letters(&painter, &shown.transform),
            "curve" => self.beside(&painter, &shown.transform),
            _ => {}
        }
        let caption = match name {
            "curve" => "total mg",
            "daily" => "steroid mg/day",
            _ => "anakinra mg/day",
        };
        let title = painter.layout_no_wrap(caption.to_owned(), FontId::proportional(10.5), self.colours.quiet);
        let corner = shown.transform.frame().left_top() + vec2(4.0, 2.0);
        // A bar or the infusion under it would make the title hard to read; through the ground they are still seen.
        let ground = Rect::from_min_size(corner, title.size()).expand2(vec2(3.0, 1.0));
        painter.rect_filled(ground, 2.0, self.colours.card.gamma_multiply(0.85));
        painter.galley(corner, title, self.colours.quiet);
        self.pointer(&shown.response, shown.transform, response);
    }

    /// The infusion, over what is drawn: as an item of the plot it would widen this lane's stretch and no other's.
    fn infusion(&self, painter: &egui::Painter, transform: &PlotTransform) {
        if let Some(x) = self.figure.infusion {
            let (x, frame) = (transform.position_from_point_x(x), transform.frame());
            let ends = [pos2(x, frame.top()), pos2(x, frame.bottom())];
            painter.extend(Shape::dashed_line(&ends, Stroke::new(1.5, self.colours.text), 4.0, 3.0));
        }
    }

    /// The wheel zooms the time axis around the pointer.
    fn wheel_zooms(plot: &mut PlotUi<'_>) {
        if plot.response().hovered() {
            let wheel = plot.ctx().input(|input| input.smooth_scroll_delta.y);
            if wheel != 0.0 {
                plot.zoom_bounds_around_hovered(vec2((wheel / 200.0).exp(), 1.0));
            }
        }
    }

    fn curve(&self, plot: &mut PlotUi<'_>) {
        let stroke = Stroke::new(2.2, self.colours.accent);
        let line = egui_plot::Line::new("", PlotPoints::from(self.figure.curve.clone())).stroke(stroke);
        // A band would draw the steps of one day as one thick diagonal.
        let line = line.allow_band(false);
        plot.line(line.fill(0.0).fill_alpha(0.10).allow_hover(false));
        let steroid = || self.figure.doses.iter().filter(|dose| !dose.anakinra);
        let places: Vec<[f64; 2]> = steroid().map(|dose| [dose.x, dose.y]).collect();
        plot.points(Points::new("", places).radius(2.6).color(self.colours.accent).allow_hover(false));
        let chosen: Vec<[f64; 2]> =
            steroid().filter(|dose| Some(&dose.id) == self.chosen).map(|dose| [dose.x, dose.y]).collect();
        plot.points(Points::new("", chosen).radius(6.0).color(self.colours.bad).filled(false).allow_hover(false));
    }

    fn bar(plot: &mut PlotUi<'_>, bar: &Bar, colour: Color32) {
        let shape = Polygon::new("", closed(bar.from, bar.to, bar.base, bar.top));
        plot.polygon(shape.fill_color(colour).stroke(Stroke::NONE).allow_hover(false));
    }

    /// The letter of its drug on each bar that has room, where there is more than one drug.
    fn letters(&self, painter: &egui::Painter, transform: &PlotTransform) {
        for bar in self.figure.daily.iter().filter(|_| self.figure.drugs.len() > 1) {
            let rect = bar_rect(transform, bar);
            if rect.height() > 11.0 && rect.width() > 9.0 {
                let font = FontId::proportional(10.0);
                painter.text(rect.center(), Align2::CENTER_CENTER, letter(bar.drug), font, self.colours.card);
            }
        }
    }

    /// Doses that are not in the curve: undecided, or outside the window.
    fn beside(&self, painter: &egui::Painter, transform: &PlotTransform) {
        for dose in &self.figure.beside {
            let at = pos2(transform.position_from_point_x(dose.x), transform.frame().bottom() - 2.0);
            let colour = if dose.letter == '?' { self.colours.bad } else { self.colours.quiet };
            painter.text(at, Align2::CENTER_BOTTOM, dose.letter, crate::ui::fonts::bold(15.0), colour);
        }
    }

    fn grades_lane(&self, ui: &mut Ui, height: f32, scales: &[Scale], response: &mut LanesResponse) {
        #[allow(clippy::cast_precision_loss, reason = "at most three scales")]
        let rows = scales.len().max(1) as f64;
        let under = ui.painter().add(Shape::Noop);
        let shown = self.plot("grades", height, rows).show(ui, |plot| Self::wheel_zooms(plot));
        let frame = *shown.transform.frame();
        // The lane has no vertical axis: its names stand where the others' numbers are.
        let beside = ui.painter();
        let painter = ui.painter_at(frame);
        self.hatch(ui, under, &shown.transform);
        for (row, scale) in scales.iter().enumerate() {
            #[allow(clippy::cast_precision_loss, reason = "at most three scales")]
            let (bottom, top) = (rows - 1.0 - row as f64, rows - row as f64);
            for cell in self.figure.grades.iter().filter(|cell| cell.scale == *scale) {
                let rect = rect_of(&shown.transform, (cell.from, cell.to), (bottom, top)).shrink2(vec2(0.0, 1.0));
                let colour = usize::from(cell.grade.number()).checked_sub(1);
                let colour = colour.and_then(|at| self.colours.grades.get(at)).copied();
                painter.rect(
                    rect,
                    0.0,
                    colour.unwrap_or(self.colours.card),
                    (1.0, self.colours.card),
                    egui::StrokeKind::Inside,
                );
                let at = rect.intersect(frame).center();
                let colour = if cell.grade.number() >= 4 { Color32::WHITE } else { self.colours.on_grade };
                painter.text(at, Align2::CENTER_CENTER, cell.grade.number(), FontId::proportional(11.5), colour);
            }
            let middle = rect_of(&shown.transform, self.figure.view, (bottom, top)).center().y;
            let at = pos2(frame.left() - 5.0, middle);
            beside.text(at, Align2::RIGHT_CENTER, scale.word(), FontId::proportional(10.5), self.colours.quiet);
        }
        self.infusion(&painter, &shown.transform);
        for mark in &self.figure.marks {
            let x = shown.transform.position_from_point_x(mark.x);
            painter.text(pos2(x, frame.top()), Align2::CENTER_TOP, "▼", FontId::proportional(11.0), self.colours.text);
        }
        self.pointer(&shown.response, shown.transform, response);
    }

    fn hatch(&self, ui: &Ui, under: ShapeIdx, transform: &PlotTransform) {
        if let Some((from, to)) = self.figure.unchecked {
            let bounds = transform.bounds();
            let to = if to >= self.figure.view.1 { to.max(bounds.max()[0]) } else { to };
            let rect = rect_of(transform, (from, to), (bounds.min()[1], bounds.max()[1]));
            let rect = rect.intersect(*transform.frame());
            ui.painter_at(rect).set(under, pattern::hatch(rect, self.colours.hatch));
        }
    }

    fn pointer(&self, plot: &egui::Response, transform: PlotTransform, response: &mut LanesResponse) {
        response.frames.push(*transform.frame());
        let Some(pointer) = plot.hover_pos() else { return };
        if plot.clicked() {
            let near = |dose: &&crate::exposure::figure::DoseMark| {
                (transform.position_from_point_x(dose.x) - pointer.x).abs() <= 6.0
            };
            let beside = |dose: &&crate::exposure::figure::Beside| {
                (transform.position_from_point_x(dose.x) - pointer.x).abs() <= 6.0
            };
            let counted = self.figure.doses.iter().rfind(near).map(|dose| dose.id.clone());
            response.clicked_dose =
                counted.or_else(|| self.figure.beside.iter().rfind(beside).map(|dose| dose.id.clone()));
        }
        response.hovered = Some((transform, pointer));
    }
}

/// Grid lines at round amounts, as many as the lane has room for.
fn y_marks(top: f64, height: f32) -> Vec<GridMark> {
    let most = if height > 120.0 { 5 } else { 3 };
    let ticks = axis::amount_ticks(top, most);
    let step_size = ticks.get(1).copied().unwrap_or(top);
    ticks.into_iter().map(|value| GridMark { value, step_size }).collect()
}

fn rect_of(transform: &PlotTransform, x: (f64, f64), y: (f64, f64)) -> Rect {
    transform.rect_from_values(&PlotPoint::new(x.0, y.0), &PlotPoint::new(x.1, y.1))
}

pub(super) fn bar_rect(transform: &PlotTransform, bar: &Bar) -> Rect {
    rect_of(transform, (bar.from, bar.to), (bar.base, bar.top))
}
