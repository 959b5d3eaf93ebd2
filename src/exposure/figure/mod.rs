//! The chart as plain data: lanes, steps, bars, bands and marks, with every position worked out.
//!
//! Whoever draws is handed this and does no arithmetic. Positions are binary numbers, because they end as pixels; every
//! number that is shown as digits is made from an [`Exact`].

pub mod axis;
mod brief;
mod days;
mod lanes;
mod legend;
mod mark;
mod planned;
mod published;
mod sentence;
mod spacing;
mod stops;
mod stretch;
mod unit;

pub use axis::{Axis, Tick};
pub use brief::Brief;
pub use days::LaneDay;
pub use legend::{GradeRow, letter};
pub use mark::{Mark, MarkKind};
pub use planned::Continuation;
pub use published::PublishedLine;
pub use sentence::sentence;
pub use spacing::{AmountTick, Spacing, even_ticks};
pub use stops::{Spot, Stop};
pub use stretch::Stretch;
pub use unit::AmountUnit;

use super::{CurvePoint, Exact, Exposure, Overflow, Rules, WeightBy, curve, judge};
use crate::record::{Chart, DrugId, EntryId, Grade, Scale, time};
use lanes::headroom;
use unit::Amounts;

/// The four lanes of one patient over one window, on one axis.
#[derive(Debug, Clone)]
pub struct Figure {
    /// The time axis.
    pub axis: Axis,
    /// From where to where the chart opens.
    pub view: (f64, f64),
    /// The as-of time.
    pub now: f64,
    /// The infusion.
    pub infusion: Option<f64>,
    /// The cumulative curve, ready to be joined by straight lines.
    pub curve: Vec<[f64; 2]>,
    /// The top of the curve's lane.
    pub curve_top: f64,
    /// Counted doses, by time, for the points on the curve and the read-out.
    pub doses: Vec<DoseMark>,
    /// The glucocorticoids of the daily lane, in the order in which they are stacked.
    pub drugs: Vec<DrugId>,
    /// Daily dexamethasone-equivalent, stacked by drug.
    pub daily: Vec<Bar>,
    /// The top of the daily lane.
    pub daily_top: f64,
    /// Daily anakinra.
    pub anakinra: Vec<Bar>,
    /// The top of the anakinra lane.
    pub anakinra_top: f64,
    /// Grades in force.
    pub grades: Vec<GradeCell>,
    /// Other events.
    pub marks: Vec<Mark>,
    /// Doses that are beside the curve: undecided ones, and counted ones before Day 0 or outside the window.
    pub beside: Vec<Beside>,
    /// The curve as plans would continue it; none of it is given.
    pub continuations: Vec<Continuation>,
    /// Published medians beside the curve.
    pub published: Vec<PublishedLine>,
    /// What is planned on each date, beside what was given on it.
    pub planned_daily: Vec<Bar>,
    /// Planned anakinra of each date.
    pub planned_anakinra: Vec<Bar>,
    /// The stretch that is not yet checked against the medication chart.
    pub unchecked: Option<(f64, f64)>,
    /// The chart as words.
    pub sentence: String,
    points: Vec<CurvePoint>,
    amounts: Amounts,
    log_from: Option<f64>,
    mg_per_kg_of: Option<crate::record::Weight>,
}

/// A counted dose on the chart.
#[derive(Debug, Clone)]
pub struct DoseMark {
    /// Its entry.
    pub id: EntryId,
    /// When it was given; for an infusion, when it began.
    pub x: f64,
    /// When an infusion ended; else the same.
    pub until: f64,
    /// The total with it; for anakinra, zero.
    pub y: f64,
    /// Whether it is anakinra.
    pub anakinra: bool,
    /// The dose in words.
    pub words: String,
}

/// A bar of a daily lane.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// Its left edge.
    pub from: f64,
    /// Its right edge.
    pub to: f64,
    /// Where it begins: the top of the drug below it.
    pub base: f64,
    /// Its top.
    pub top: f64,
    /// The drug's place in the list of drugs; 0 in the anakinra lane.
    pub drug: usize,
    /// What it says: `Day +4: 40 mg dexAMETHasone`.
    pub words: String,
}

impl Bar {
    /// Whether any of a stretch of time is on the bar's date: of a dose, from when to when it was given.
    /// Source: design, section 5.
    ///
    /// ```
    /// # use corticurve::exposure::{Exposure, Window, examples, figure::Figure};
    /// # let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// // Half of it after midnight of Day 1.
    /// let chart = examples::treated(&["dex 8 iv 2026-11-14T22:00Z over 4h"]).unwrap();
    /// let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
    /// let figure = Figure::of(&chart, rules, &exposure).unwrap();
    /// let dose = &figure.doses[0];
    /// assert!(figure.daily.len() == 2 && figure.daily.iter().all(|bar| bar.covers(dose.x, dose.until)));
    /// ```
    pub fn covers(&self, from: f64, to: f64) -> bool {
        let date = f64::midpoint(self.from, self.to).floor();
        from < date + 1.0 && (to > date || from >= date)
    }
}

/// A stretch of one grade.
#[derive(Debug, Clone, PartialEq)]
pub struct GradeCell {
    /// On which scale.
    pub scale: Scale,
    /// The grade, 1 to 5.
    pub grade: Grade,
    /// From when.
    pub from: f64,
    /// Until the next grade, or the as-of time.
    pub to: f64,
}

/// A dose that is not in the curve and may not be forgotten.
#[derive(Debug, Clone, PartialEq)]
pub struct Beside {
    /// Its entry.
    pub id: EntryId,
    /// When.
    pub x: f64,
    /// `?` for an undecided one, `○` for one outside the window.
    pub letter: char,
    /// Whether it is anakinra.
    pub anakinra: bool,
    /// The dose in words, with why it is beside.
    pub words: String,
}

impl Figure {
    /// Takes everything off the axes that another figure will say otherwise.
    pub(crate) fn clear(&mut self) {
        self.curve.clear();
        self.doses.clear();
        self.daily.clear();
        self.anakinra.clear();
        self.grades.clear();
        self.marks.clear();
        self.beside.clear();
        self.continuations.clear();
        self.published.clear();
        self.planned_daily.clear();
        self.planned_anakinra.clear();
        self.points.clear();
        "The chart is being worked out.".clone_into(&mut self.sentence);
    }

    /// Makes the figure of an exposure. Source: design, section 7.
    ///
    /// ```
    /// use corticurve::exposure::examples;
    /// use corticurve::exposure::{Exposure, Window, figure::Figure};
    /// let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let chart = examples::chart(&["dex 10 iv 2026-11-14T08:00Z"]).unwrap();
    /// let exposure = Exposure::of(&chart, rules, Window::All, now).unwrap();
    /// let figure = Figure::of(&chart, rules, &exposure).unwrap();
    /// assert_eq!(figure.curve.last().unwrap()[1], 10.0);
    /// assert_eq!(figure.daily[0].words, "14-Nov-2026: 10 mg from dexAMETHasone");
    /// ```
    ///
    /// # Errors
    /// [`Overflow`].
    pub fn of(chart: &Chart, rules: Rules<'_>, exposure: &Exposure) -> Result<Self, Overflow> {
        Self::in_unit(chart, rules, exposure, AmountUnit::Mg)
    }

    /// The same with its amounts in a unit; per kilogram by the weight that the unit chose. Without a weight they stay
    /// milligrams, and [`Figure::unit`] says so. Source: design, sections 5 and 7.
    ///
    /// ```
    /// use corticurve::exposure::{Exposure, Window, examples, figure::{AmountUnit, Figure}};
    /// let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let chart = examples::treated(&["dex 10 iv 2026-11-14T08:00Z", "ana 100 sc 2026-11-14T12:00Z"]).unwrap();
    /// let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
    /// let figure = Figure::in_unit(&chart, rules, &exposure, AmountUnit::MgPerKg).unwrap();
    /// // 10 mg and 100 mg for 52.3 kg.
    /// assert_eq!(figure.daily[0].words, "Day +1: 0.19 mg/kg from dexAMETHasone");
    /// assert_eq!(figure.anakinra[0].words, "Day +1: 1.91 mg/kg anakinra");
    /// assert_eq!(figure.curve.last().unwrap()[1], exposure.mg_per_kg.unwrap().to_plot());
    /// ```
    ///
    /// # Errors
    /// [`Overflow`].
    pub fn in_unit(chart: &Chart, rules: Rules<'_>, exposure: &Exposure, unit: AmountUnit) -> Result<Self, Overflow> {
        let span = exposure.span;
        let judged = judge(chart, rules)?;
        let points = curve(&judged, &span)?;
        let per_kg = match unit {
            AmountUnit::Mg => None,
            AmountUnit::MgPerKg => Amounts::per_kg(chart, rules, exposure, &judged)?,
        };
        let amounts = per_kg.unwrap_or_else(|| Amounts::in_mg(points.clone(), exposure));
        let axis = lanes::axis_of(chart, exposure.day0(), &span);
        let now = lanes::now(axis, &points, &span);
        let beside = lanes::beside(axis, &judged, rules, &span);
        let begins = span.from.and_then(|edge| lanes::edge_x(axis, edge));
        let view = lanes::view(axis, exposure, begins, &points, &beside, now);
        let drugs: Vec<DrugId> = exposure.by_drug.iter().map(|total| total.drug.clone()).collect();
        let daily = lanes::daily_bars(axis, exposure, &amounts, &drugs, rules)?;
        let anakinra = lanes::anakinra_bars(axis, exposure, &amounts, rules);
        let top = |bars: &[Bar]| headroom(bars.iter().map(|bar| bar.top).fold(0.0, f64::max));
        let start = begins.unwrap_or(view.0);
        let unchecked_from = chart.checked_to().map_or(start, |at| axis.x(at));
        Ok(Self {
            view,
            now,
            infusion: exposure.infusion.as_ref().map(|infusion| axis.x(infusion.at)),
            curve: lanes::joined(axis, &amounts.points, start.min(now)),
            curve_top: headroom(amounts.total().to_plot()),
            doses: lanes::dose_marks(axis, &judged, &amounts.points, rules, &span),
            daily_top: top(&daily),
            anakinra_top: top(&anakinra),
            daily,
            anakinra,
            drugs,
            grades: lanes::grades(axis, chart, exposure.as_of),
            marks: lanes::marks(axis, chart, exposure.as_of),
            beside,
            continuations: Vec::new(),
            published: Vec::new(),
            planned_daily: Vec::new(),
            planned_anakinra: Vec::new(),
            unchecked: (unchecked_from < view.1).then_some((unchecked_from, view.1)),
            sentence: sentence(exposure, rules.formulary),
            points,
            amounts,
            log_from: None,
            // By the weight of each dose the total of a moment has no one weight.
            mg_per_kg_of: exposure.weight.map(|(weight, _)| weight).filter(|_| exposure.weight_by == WeightBy::Day0),
            axis,
        })
    }

    /// The position of the dose nearest to another position, or that position itself where none is within `reach`.
    /// Source: design, section 7.
    ///
    /// ```
    /// # use corticurve::exposure::{Exposure, Window, examples, figure::Figure};
    /// # let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let chart = examples::treated(&["dex 10 iv 2026-11-14T06:00Z"]).unwrap();
    /// let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
    /// let figure = Figure::of(&chart, rules, &exposure).unwrap();
    /// // 06:00 on Day 1 from 07:12, and nothing from noon.
    /// assert_eq!((figure.snap(1.3, 0.1), figure.snap(1.5, 0.1)), (1.25, 1.5));
    /// ```
    pub fn snap(&self, x: f64, reach: f64) -> f64 {
        let all = self.doses.iter().map(|dose| dose.x).chain(self.beside.iter().map(|dose| dose.x));
        let near = all.filter(|dose| (dose - x).abs() <= reach);
        near.min_by(|a, b| (a - x).abs().total_cmp(&(b - x).abs())).unwrap_or(x)
    }

    /// The read-out at a position: the time, the dose nearest within `reach`, and the running total.
    /// Source: design, section 7.
    ///
    /// ```
    /// use corticurve::exposure::examples;
    /// use corticurve::exposure::{Exposure, Window, figure::Figure};
    /// let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let chart = examples::chart(&["dex 10 iv 2026-11-14T08:00Z"]).unwrap();
    /// let exposure = Exposure::of(&chart, rules, Window::All, now).unwrap();
    /// let figure = Figure::of(&chart, rules, &exposure).unwrap();
    /// let eight_o_clock = figure.doses[0].x;
    /// let read = figure.read_out(eight_o_clock + 0.001, 0.01);
    /// assert_eq!(read, ["14-Nov 08:00", "dexAMETHasone 10 mg IV", "→ 10 mg so far", "14-Nov-2026: 10 mg from dexAMETHasone"]);
    /// ```
    pub fn read_out(&self, x: f64, reach: f64) -> Vec<String> {
        let at = self.snap(x, reach);
        let mut lines = vec![self.axis.named(at)];
        lines.extend(self.doses.iter().filter(|dose| (dose.x - at).abs() < 1e-9).map(|dose| dose.words.clone()));
        let beside = self.beside.iter().filter(|dose| (dose.x - at).abs() < 1e-9);
        lines.extend(beside.map(|dose| format!("{} {}", dose.letter, dose.words)));
        // Beside a dose of anakinra it must be plain whose total this is.
        let only_anakinra = self.doses.iter().any(|dose| dose.anakinra && (dose.x - at).abs() < 1e-9)
            && !self.doses.iter().any(|dose| !dose.anakinra && (dose.x - at).abs() < 1e-9);
        let whose = if only_anakinra { " of steroid" } else { "" };
        lines.push(match (self.total_at(&self.points, at), self.total_at(&self.amounts.points, at)) {
            (Some(total), Some(of_unit)) if self.unit() == AmountUnit::MgPerKg => {
                format!("→ {}{whose} so far ({} mg)", self.unit().shown(of_unit), total.brief())
            }
            (Some(total), _) => format!("→ {} mg{whose} so far{}", total.brief(), self.per_kg(total)),
            (None, _) => "after the as-of time".to_owned(),
        });
        lines.extend(self.continuations.iter().filter(|_| at > self.now).filter_map(|plan| plan.words_at(at)));
        let of_day = |bar: &&Bar| (bar.from..=bar.to).contains(&at);
        let planned = self.planned_daily.iter().chain(&self.planned_anakinra);
        let bars = self.daily.iter().chain(&self.anakinra).chain(planned);
        lines.extend(bars.filter(of_day).map(|bar| bar.words.clone()));
        lines.extend(self.grades_at(at).map(|cell| format!("{} grade {}", cell.scale.word(), cell.grade.number())));
        lines.extend(self.marks.iter().filter(|mark| (mark.x - at).abs() <= reach).map(|mark| mark.words.clone()));
        lines
    }

    /// The total at a position; exact also inside a ramp, to the second. In autumn's repeated hour it is that of the
    /// second time the clock showed it; a ramp across a clock change is straight, as it is drawn.
    fn total_at(&self, points: &[CurvePoint], x: f64) -> Option<Exact> {
        if x > self.now + 1e-9 {
            return None;
        }
        let Some(at) = points.iter().rposition(|point| self.axis.x(point.at) <= x + 1e-9) else {
            return Some(Exact::ZERO);
        };
        let (earlier, later) = (points.get(at)?, points.get(at + 1));
        let Some((wall, later)) = self.axis.wall(x).zip(later) else { return Some(earlier.after) };
        let since = |wall: chrono::NaiveDateTime| (wall - time::wall_of(earlier.at)).num_seconds();
        let (gone, whole) = (since(wall).max(0), since(time::wall_of(later.at)).max(1));
        let rise = later.before.minus(earlier.after).ok()?;
        let share = rise.times(Exact::new(i128::from(gone.min(whole)), i128::from(whole))).ok()?;
        earlier.after.plus(share).ok()
    }

    /// The grades in force at a position; at the as-of time the last ones still are.
    fn grades_at(&self, x: f64) -> impl Iterator<Item = &GradeCell> {
        let until_now = move |cell: &GradeCell| cell.to >= self.now && x <= cell.to;
        self.grades.iter().filter(move |cell| cell.from <= x && (x < cell.to || until_now(cell)))
    }

    fn per_kg(&self, total: Exact) -> String {
        let per_kg = self.mg_per_kg_of.and_then(|weight| total.over(super::body::kilograms(weight)).ok());
        per_kg.map_or(String::new(), |mg| format!(" ({} mg/kg)", mg.shown(2)))
    }
}
