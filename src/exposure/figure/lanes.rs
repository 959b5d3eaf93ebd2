//! What stands in each lane, worked out one kind at a time.

use super::unit::Amounts;
use super::{Axis, Bar, Beside, DoseMark, GradeCell, Mark, MarkKind};
use crate::exposure::{CurvePoint, Edge, Exact, Exposure, Judged, Overflow, Reason, Rules, Span};
use crate::record::{Chart, Class, DrugId, Given, Moment, Scale, standing, time};
use chrono::NaiveDate;

/// Room above the highest value, so that a line at the top is not on the frame; 1 for an empty lane.
pub(super) fn headroom(top: f64) -> f64 {
    if top > 0.0 { top * 1.25 } else { 1.0 }
}

pub(super) fn axis_of(chart: &Chart, day0: Option<NaiveDate>, span: &Span) -> Axis {
    if let Some(day0) = day0 {
        return Axis { origin: day0, has_days: true };
    }
    let first = chart.administrations.iter().find(|dose| span.share(dose.value.given).is_positive());
    let start = first.map_or(span.as_of, |dose| dose.value.given.start());
    Axis { origin: start.date_naive(), has_days: false }
}

/// The position of the as-of time. A dose is never after it, also where its own wall clock was ahead: in autumn's repeated
/// hour.
pub(super) fn now(axis: Axis, points: &[CurvePoint], span: &Span) -> f64 {
    points.iter().map(|point| axis.x(point.at)).fold(axis.x(span.as_of), f64::max)
}

/// Where an edge of a window lies.
pub(super) fn edge_x(axis: Axis, edge: Edge) -> Option<f64> {
    let x = match edge {
        Edge::Date(date) => axis.date_x(date),
        Edge::Instant(at) => axis.x(at),
    };
    x.is_finite().then_some(x)
}

/// A day before the first thing to see, and a quarter more than has passed after the as-of time. Before the infusion that
/// is also what was given so far, none of which is in the window.
pub(super) fn view(
    axis: Axis,
    exposure: &Exposure,
    begins: Option<f64>,
    points: &[CurvePoint],
    beside: &[Beside],
    now: f64,
) -> (f64, f64) {
    let first_bar = exposure.daily.steroids.keys().chain(exposure.daily.anakinra.keys()).min();
    let firsts = [first_bar.map(|date| axis.date_x(*date)), points.first().map(|point| axis.x(point.at))];
    let waits = begins.is_some_and(|begins| now < begins);
    let early = beside.iter().map(|dose| dose.x).filter(|_| waits);
    let first = firsts.into_iter().flatten().chain(early).fold(begins.unwrap_or(now).min(now), f64::min);
    let last = points.last().map_or(now, |point| axis.x(point.at)).max(first);
    let length = (last - first).max(1.0);
    // The whole of the last day, so that no bar reaches beyond and every lane opens with the same stretch.
    let end = if now < 0.0 { 1.0 } else { (last + (length * 0.25).clamp(0.5, 5.0)).max(last.floor() + 1.0) };
    (first.floor() - if length > 60.0 { length * 0.02 } else { 1.0 }, end)
}

/// Steps and ramps as one line from the axis's start to the as-of time. Within the repeated hour of autumn the wall
/// clock goes back; the line waits there rather than turn back.
pub(super) fn joined(axis: Axis, points: &[CurvePoint], start: f64) -> Vec<[f64; 2]> {
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

pub(super) fn dose_marks(
    axis: Axis,
    judged: &[Judged<'_>],
    points: &[CurvePoint],
    rules: Rules<'_>,
    span: &Span,
) -> Vec<DoseMark> {
    let counted = judged.iter().filter(|dose| dose.left_out.is_none());
    let inside = counted.filter(|dose| span.share(dose.recorded.value.given).is_positive());
    let mark = |dose: &Judged<'_>| {
        let start = dose.recorded.value.given.start();
        let anakinra = dose.class == Some(Class::Anakinra);
        let point = points.binary_search_by_key(&start, |point| point.at).ok().and_then(|at| points.get(at));
        DoseMark {
            id: dose.recorded.stamp.id.clone(),
            x: axis.x(start),
            until: axis.x(dose.recorded.value.given.end()).max(axis.x(start)),
            y: if anakinra { 0.0 } else { point.map_or(0.0, |point| point.after.to_plot()) },
            anakinra,
            words: dose_words(dose, rules),
        }
    };
    inside.map(mark).collect()
}

/// `dexAMETHasone 10 mg IV`, with its end for an infusion.
fn dose_words(dose: &Judged<'_>, rules: Rules<'_>) -> String {
    let value = &dose.recorded.value;
    let ends = match value.given {
        Given::At(_) => String::new(),
        Given::Over(start, end) => format!(" until {}", time::shown_beside(end, start, end.offset())),
    };
    let route = value.route.map_or("route not stated", crate::record::Route::short);
    format!("{} {} {route}{ends}", rules.formulary.shown(&value.drug), value.amount_shown())
}

/// Undecided doses up to the as-of time, and counted ones that the window leaves out.
pub(super) fn beside(axis: Axis, judged: &[Judged<'_>], rules: Rules<'_>, span: &Span) -> Vec<Beside> {
    let mut beside = Vec::new();
    for dose in judged {
        let given = dose.recorded.value.given;
        let why = match dose.left_out {
            Some(reason) if reason.is_undecided() => Some(('?', reason.words())),
            Some(reason @ Reason::PurposeOut) => Some(('○', reason.words())),
            None if given.start() <= span.as_of && !span.share(given).is_positive() => {
                Some(('○', "outside the window"))
            }
            _ => None,
        };
        if let Some((letter, why)) = why.filter(|_| given.start() <= span.as_of) {
            let (id, x) = (dose.recorded.stamp.id.clone(), axis.x(given.start()));
            let anakinra = dose.class == Some(Class::Anakinra);
            let words = format!("{}: {why}", dose_words(dose, rules));
            beside.push(Beside { id, x, letter, anakinra, words });
        }
    }
    beside
}

/// Bars leave a little air between days.
pub(super) const AIR: f64 = 0.1;

pub(super) fn daily_bars(
    axis: Axis,
    exposure: &Exposure,
    amounts: &Amounts,
    drugs: &[DrugId],
    rules: Rules<'_>,
) -> Result<Vec<Bar>, Overflow> {
    let mut bars = Vec::new();
    for (date, parts) in &amounts.daily.steroids {
        let mut sum = Exact::ZERO;
        for drug in drugs {
            let Some(mg) = parts.get(drug) else { continue };
            let base = sum;
            sum = sum.plus(*mg)?;
            bars.push(Bar {
                from: axis.date_x(*date) + AIR,
                to: axis.date_x(*date) + 1.0 - AIR,
                base: base.to_plot(),
                top: sum.to_plot(),
                drug: rules.formulary.place(drug),
                words: format!(
                    "{}: {} from {}",
                    day_words(exposure, *date),
                    amounts.unit.shown(*mg),
                    rules.formulary.shown(drug)
                ),
            });
        }
    }
    Ok(bars)
}

pub(super) fn anakinra_bars(axis: Axis, exposure: &Exposure, amounts: &Amounts, rules: Rules<'_>) -> Vec<Bar> {
    let name = rules.formulary.shown(&DrugId::new("anakinra")).to_owned();
    let bar = |(date, mg): (&chrono::NaiveDate, &Exact)| Bar {
        from: axis.date_x(*date) + AIR,
        to: axis.date_x(*date) + 1.0 - AIR,
        base: 0.0,
        top: mg.to_plot(),
        drug: 0,
        words: format!("{}: {} {name}", day_words(exposure, *date), amounts.unit.shown(*mg)),
    };
    amounts.daily.anakinra.iter().map(bar).collect()
}

/// `Day +4`, or the date.
pub(super) fn day_words(exposure: &Exposure, date: chrono::NaiveDate) -> String {
    exposure.day_of(date).map_or_else(|| time::shown_date(date), |day| format!("Day {day}"))
}

/// Each grade holds until the next one on its scale; grade 0 ends a stretch and is not drawn.
pub(super) fn grades(axis: Axis, chart: &Chart, as_of: Moment) -> Vec<GradeCell> {
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

pub(super) fn marks(axis: Axis, chart: &Chart, as_of: Moment) -> Vec<Mark> {
    let seen = standing(&chart.events).filter(|noted| noted.at <= as_of);
    seen.map(|noted| Mark { x: axis.x(noted.at), kind: MarkKind::of(&noted.event), words: noted.event.shown() })
        .collect()
}
