//! The chart as plain data: lanes, steps, bars, bands and marks, with every position worked out.
//!
//! Whoever draws is handed this and does no arithmetic. Positions are binary numbers, because they end as pixels; every
//! number that is shown as digits is made from an [`Exact`].

mod axis;
mod sentence;

pub use axis::{Axis, Tick};
pub use sentence::{sentence, undecided_words};

use super::{CurvePoint, Exact, Exposure, Judged, Overflow, Rules, Span, curve, judge};
use crate::record::{Chart, Class, DrugId, EntryId, Given, Grade, Moment, Scale, standing, time};

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
    /// The stretch that is not yet checked against the medication chart.
    pub unchecked: Option<(f64, f64)>,
    /// The chart as words.
    pub sentence: String,
    points: Vec<CurvePoint>,
    mg_per_kg_of: Option<crate::record::Weight>,
}

/// A counted dose on the chart.
#[derive(Debug, Clone)]
pub struct DoseMark {
    /// Its entry.
    pub id: EntryId,
    /// When it was given; for an infusion, when it began.
    pub x: f64,
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
    /// Which of [`Figure::drugs`]; 0 in the anakinra lane.
    pub drug: usize,
    /// What it says: `Day +4: 40 mg dexAMETHasone`.
    pub words: String,
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

/// An event.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// When.
    pub x: f64,
    /// In words.
    pub words: String,
}

impl Figure {
    /// Makes the figure of an exposure.
    ///
    /// ```
    /// # use corticurve::exposure::{DEFAULT_TABLE, Rules, Tables};
    /// # use corticurve::record::{Chart, EntryId, Formulary, Now, Stamp, quick, time};
    /// # let (formulary, tables) = (Formulary::shipped().unwrap(), Tables::shipped().unwrap());
    /// # let rules = Rules { formulary: &formulary, tables: &tables, table: tables.get(DEFAULT_TABLE).unwrap() };
    /// # let zone = chrono::FixedOffset::east_opt(0).unwrap();
    /// # let now = Now { at: time::parse_moment("2026-11-22 14:30", &zone).unwrap(), zone: &zone };
    /// # let (id, by) = (EntryId::from_random([0; 16]), "NK".parse().unwrap());
    /// # let stamp = Stamp { id, at: now.at, by, workstation: "WARD4-PC02".to_owned() };
    /// # let record = |chart: Chart, line| {
    /// #     let context = quick::Context { formulary: &formulary, now, weight: None };
    /// #     chart.supposing(&quick::parse(line, context).unwrap(), stamp.clone())
    /// # };
    /// use corticurve::exposure::{Exposure, Window, figure::Figure};
    /// let doses = ["dex 10 iv 2026-11-14T08:00Z"];
    /// let chart = doses.into_iter().fold(Chart::default(), record);
    /// let exposure = Exposure::of(&chart, rules, Window::All, now.at).unwrap();
    /// let figure = Figure::of(&chart, rules, &exposure).unwrap();
    /// assert_eq!(figure.curve.last().unwrap()[1], 10.0);
    /// assert_eq!(figure.daily[0].words, "14-Nov-2026: 10 mg from dexAMETHasone");
    /// ```
    ///
    /// # Errors
    /// [`Overflow`].
    pub fn of(chart: &Chart, rules: Rules<'_>, exposure: &Exposure) -> Result<Self, Overflow> {
        let span = exposure.window.span(exposure.day0(), exposure.as_of);
        let judged = judge(chart, rules)?;
        let points = curve(&judged, &span)?;
        let axis = axis_of(chart, exposure, &span);
        // A dose is never after the as-of time, also where its own wall clock was ahead: in autumn's repeated hour.
        let now = points.iter().map(|point| axis.x(point.at)).fold(axis.x(exposure.as_of), f64::max);
        let view = view(axis, exposure, &points, now);
        let drugs: Vec<DrugId> = exposure.by_drug.iter().map(|total| total.drug.clone()).collect();
        let daily = daily_bars(axis, exposure, &drugs, rules)?;
        let anakinra = anakinra_bars(axis, exposure, rules);
        let top = |bars: &[Bar]| headroom(bars.iter().map(|bar| bar.top).fold(0.0, f64::max));
        let start = if exposure.infusion.is_some() { 0.0 } else { view.0 };
        let unchecked_from = chart.checked_to().map_or(start, |at| axis.x(at));
        Ok(Self {
            view,
            now,
            infusion: exposure.infusion.as_ref().map(|infusion| axis.x(infusion.at)),
            curve: joined(axis, &points, start.min(now)),
            curve_top: headroom(exposure.total.to_plot()),
            doses: dose_marks(axis, &judged, &points, rules, &span),
            daily_top: top(&daily),
            anakinra_top: top(&anakinra),
            daily,
            anakinra,
            drugs,
            grades: grades(axis, chart, exposure.as_of),
            marks: marks(axis, chart, exposure.as_of),
            unchecked: (unchecked_from < view.1).then_some((unchecked_from, view.1)),
            sentence: sentence(exposure, rules.formulary),
            points,
            mg_per_kg_of: exposure.weight.map(|(weight, _)| weight),
            axis,
        })
    }

    /// The read-out at a position: the time, the dose nearest within `reach`, and the running total.
    ///
    /// ```
    /// # use corticurve::exposure::{DEFAULT_TABLE, Rules, Tables};
    /// # use corticurve::record::{Chart, EntryId, Formulary, Now, Stamp, quick, time};
    /// # let (formulary, tables) = (Formulary::shipped().unwrap(), Tables::shipped().unwrap());
    /// # let rules = Rules { formulary: &formulary, tables: &tables, table: tables.get(DEFAULT_TABLE).unwrap() };
    /// # let zone = chrono::FixedOffset::east_opt(0).unwrap();
    /// # let now = Now { at: time::parse_moment("2026-11-22 14:30", &zone).unwrap(), zone: &zone };
    /// # let (id, by) = (EntryId::from_random([0; 16]), "NK".parse().unwrap());
    /// # let stamp = Stamp { id, at: now.at, by, workstation: "WARD4-PC02".to_owned() };
    /// # let record = |chart: Chart, line| {
    /// #     let context = quick::Context { formulary: &formulary, now, weight: None };
    /// #     chart.supposing(&quick::parse(line, context).unwrap(), stamp.clone())
    /// # };
    /// use corticurve::exposure::{Exposure, Window, figure::Figure};
    /// let doses = ["dex 10 iv 2026-11-14T08:00Z"];
    /// let chart = doses.into_iter().fold(Chart::default(), record);
    /// let exposure = Exposure::of(&chart, rules, Window::All, now.at).unwrap();
    /// let figure = Figure::of(&chart, rules, &exposure).unwrap();
    /// let eight_o_clock = figure.doses[0].x;
    /// let read = figure.read_out(eight_o_clock + 0.001, 0.01);
    /// assert_eq!(read, ["14-Nov 08:00", "dexAMETHasone 10 mg IV", "→ 10 mg so far"]);
    /// ```
    pub fn read_out(&self, x: f64, reach: f64) -> Vec<String> {
        let near = self.doses.iter().filter(|dose| (dose.x - x).abs() <= reach);
        let nearest = near.min_by(|a, b| (a.x - x).abs().total_cmp(&(b.x - x).abs()));
        let at = nearest.map_or(x, |dose| dose.x);
        let mut lines = vec![self.axis.named(at)];
        lines.extend(self.doses.iter().filter(|dose| (dose.x - at).abs() < 1e-9).map(|dose| dose.words.clone()));
        lines.push(match self.total_at(at) {
            Some(total) => format!("→ {} mg so far{}", total.shown(2), self.per_kg(total)),
            None => "after the as-of time".to_owned(),
        });
        lines.extend(self.grades_at(at).map(|cell| format!("{} grade {}", cell.scale.word(), cell.grade.number())));
        lines.extend(self.marks.iter().filter(|mark| (mark.x - at).abs() <= reach).map(|mark| mark.words.clone()));
        lines
    }

    /// The total at a position; exact also inside a ramp, to the second. In autumn's repeated hour it is that of the
    /// second time the clock showed it; a ramp across a clock change is straight, as it is drawn.
    fn total_at(&self, x: f64) -> Option<Exact> {
        if x > self.now + 1e-9 {
            return None;
        }
        let Some(at) = self.points.iter().rposition(|point| self.axis.x(point.at) <= x + 1e-9) else {
            return Some(Exact::ZERO);
        };
        let (earlier, later) = (self.points.get(at)?, self.points.get(at + 1));
        let Some((wall, later)) = self.axis.wall(x).zip(later) else { return Some(earlier.after) };
        let since = |wall: chrono::NaiveDateTime| (wall - earlier.at.naive_local()).num_seconds();
        let (gone, whole) = (since(wall).max(0), since(later.at.naive_local()).max(1));
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
        let per_kg = self.mg_per_kg_of.and_then(|weight| total.over(super::totals::kilograms(weight)).ok());
        per_kg.map_or(String::new(), |mg| format!(" ({} mg/kg)", mg.shown(2)))
    }
}

/// Room above the highest value, so that a line at the top is not on the frame; 1 for an empty lane.
fn headroom(top: f64) -> f64 {
    if top > 0.0 { top * 1.15 } else { 1.0 }
}

fn axis_of(chart: &Chart, exposure: &Exposure, span: &Span) -> Axis {
    let first = chart.administrations.iter().find(|dose| span.share(dose.value.given).is_positive());
    let start = first.map_or(exposure.as_of, |dose| dose.value.given.start());
    match exposure.day0() {
        Some(day0) => Axis { origin: day0, has_days: true },
        None => Axis { origin: start.date_naive(), has_days: false },
    }
}

/// A day before the first thing to see, and a quarter more than has passed after the as-of time.
fn view(axis: Axis, exposure: &Exposure, points: &[CurvePoint], now: f64) -> (f64, f64) {
    let first_bar = exposure.daily.steroids.keys().chain(exposure.daily.anakinra.keys()).min();
    let firsts = [first_bar.map(|date| axis.date_x(*date)), points.first().map(|point| axis.x(point.at))];
    let first = firsts.into_iter().flatten().fold(now.min(0.0), f64::min);
    let last = points.last().map_or(now, |point| axis.x(point.at)).max(now.min(0.0));
    let length = (last - first).max(1.0);
    let end = if now < 0.0 { 1.0 } else { last + (length * 0.25).clamp(0.5, 5.0) };
    (first.floor() - if length > 60.0 { length * 0.02 } else { 1.0 }, end)
}

/// Steps and ramps as one line from the axis's start to the as-of time. Within the repeated hour of autumn the wall
/// clock goes back; the line waits there rather than turn back.
fn joined(axis: Axis, points: &[CurvePoint], start: f64) -> Vec<[f64; 2]> {
    let mut line = vec![[start, 0.0]];
    let mut reached = start;
    for point in points {
        reached = axis.x(point.at).max(reached);
        line.push([reached, point.before.to_plot()]);
        if point.after != point.before {
            line.push([reached, point.after.to_plot()]);
        }
    }
    line
}

fn dose_marks(
    axis: Axis,
    judged: &[Judged<'_>],
    points: &[CurvePoint],
    rules: Rules<'_>,
    span: &Span,
) -> Vec<DoseMark> {
    let counted = judged.iter().filter(|dose| dose.left_out.is_none());
    let inside = counted.filter(|dose| span.share(dose.recorded.value.given).is_positive());
    let mark = |dose: &Judged<'_>| {
        let value = &dose.recorded.value;
        let start = value.given.start();
        let anakinra = dose.class == Some(Class::Anakinra);
        let point = points.binary_search_by_key(&start, |point| point.at).ok().and_then(|at| points.get(at));
        let ends = match value.given {
            Given::At(_) => String::new(),
            Given::Over(_, end) => format!(" until {}", end.format("%H:%M")),
        };
        DoseMark {
            id: dose.recorded.stamp.id.clone(),
            x: axis.x(start),
            y: if anakinra { 0.0 } else { point.map_or(0.0, |point| point.after.to_plot()) },
            anakinra,
            words: format!(
                "{} {} {}{ends}",
                rules.formulary.shown(&value.drug),
                value.amount_shown(),
                value.route.map_or("route not stated", crate::record::Route::short)
            ),
        }
    };
    inside.map(mark).collect()
}

/// Bars leave a little air between days.
const AIR: f64 = 0.1;

fn daily_bars(axis: Axis, exposure: &Exposure, drugs: &[DrugId], rules: Rules<'_>) -> Result<Vec<Bar>, Overflow> {
    let mut bars = Vec::new();
    for (date, parts) in &exposure.daily.steroids {
        let mut sum = Exact::ZERO;
        for (place, drug) in drugs.iter().enumerate() {
            let Some(mg) = parts.get(drug) else { continue };
            let base = sum;
            sum = sum.plus(*mg)?;
            bars.push(Bar {
                from: axis.date_x(*date) + AIR,
                to: axis.date_x(*date) + 1.0 - AIR,
                base: base.to_plot(),
                top: sum.to_plot(),
                drug: place,
                words: format!(
                    "{}: {} mg from {}",
                    day_words(exposure, *date),
                    mg.shown(2),
                    rules.formulary.shown(drug)
                ),
            });
        }
    }
    Ok(bars)
}

fn anakinra_bars(axis: Axis, exposure: &Exposure, rules: Rules<'_>) -> Vec<Bar> {
    let name = rules.formulary.shown(&DrugId::new("anakinra")).to_owned();
    let bar = |(date, mg): (&chrono::NaiveDate, &Exact)| Bar {
        from: axis.date_x(*date) + AIR,
        to: axis.date_x(*date) + 1.0 - AIR,
        base: 0.0,
        top: mg.to_plot(),
        drug: 0,
        words: format!("{}: {} mg {name}", day_words(exposure, *date), mg.shown(2)),
    };
    exposure.daily.anakinra.iter().map(bar).collect()
}

/// `Day +4`, or the date.
pub(super) fn day_words(exposure: &Exposure, date: chrono::NaiveDate) -> String {
    exposure.day_of(date).map_or_else(|| time::shown_date(date), |day| format!("Day {day}"))
}

/// Each grade holds until the next one on its scale; grade 0 ends a stretch and is not drawn.
fn grades(axis: Axis, chart: &Chart, as_of: Moment) -> Vec<GradeCell> {
    let mut cells: Vec<GradeCell> = Vec::new();
    for scale in Scale::ALL {
        let on_scale = standing(&chart.grades).filter(|graded| graded.scale == *scale && graded.at <= as_of);
        let mut on_scale = on_scale.peekable();
        while let Some(graded) = on_scale.next() {
            let until = on_scale.peek().map_or(as_of, |next| next.at);
            let from = axis.x(graded.at);
            let to = axis.x(until).max(from);
            match cells.last_mut() {
                Some(last) if last.scale == *scale && last.grade == graded.grade && last.to >= from => last.to = to,
                _ if graded.grade.number() == 0 => {}
                _ => cells.push(GradeCell { scale: *scale, grade: graded.grade, from, to }),
            }
        }
    }
    cells
}

fn marks(axis: Axis, chart: &Chart, as_of: Moment) -> Vec<Mark> {
    let seen = standing(&chart.events).filter(|noted| noted.at <= as_of);
    seen.map(|noted| Mark { x: axis.x(noted.at), words: noted.event.shown() }).collect()
}

/// The curve as points between 0 and 1, for the small picture in the ward list.
pub fn small_curve(figure: &Figure) -> Vec<[f64; 2]> {
    let (from, top) = (figure.curve.first().map_or(0.0, |point| point[0]), figure.curve_top.max(f64::MIN_POSITIVE));
    let length = (figure.now - from).max(f64::MIN_POSITIVE);
    figure.curve.iter().map(|[x, y]| [((x - from) / length).clamp(0.0, 1.0), (y / top).clamp(0.0, 1.0)]).collect()
}
