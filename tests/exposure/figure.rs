//! The chart as plain data: what stands where, and what the crosshair reads.

use super::{after_infusion, chart_of, checked, doses, given, infused, over, rules, weighed};
use crate::record::at;
use corticurve::exposure::Window;
use corticurve::exposure::figure::{Axis, Figure};
use corticurve::record::{Chart, Event, Fact, Grade, Graded, Noted, Scale};

const NOW: &str = "2026-11-22T12:00Z";

#[track_caller]
fn figure(chart: &Chart, as_of: &str) -> Figure {
    Figure::of(chart, rules(), &over(chart, Window::Day0, as_of)).unwrap()
}

fn graded(scale: Scale, grade: u8, when: &str) -> Fact {
    Fact::Graded(Graded { scale, grade: Grade::new(grade).unwrap(), at: at(when), score: None })
}

/// A patient with everything that has a lane.
fn busy() -> Chart {
    let mut facts = vec![
        infused("2026-11-13T10:00Z"),
        weighed("50 kg", "2026-11-12T08:00Z"),
        graded(Scale::Icans, 2, "2026-11-17T06:00Z"),
        graded(Scale::Icans, 3, "2026-11-18T06:00Z"),
        graded(Scale::Icans, 0, "2026-11-20T06:00Z"),
        graded(Scale::Crs, 1, "2026-11-21T06:00Z"),
        checked("2026-11-21T00:00Z"),
        Fact::Noted(Noted {
            event: Event::Agent { name: "tocilizumab".to_owned(), amount: "560 mg".parse().ok() },
            at: at("2026-11-16T08:00Z"),
        }),
    ];
    facts.extend(
        [
            "dex 10 iv 2026-11-17T08:00Z",
            "methylpred 80 iv 2026-11-17T20:00Z",
            "ana 100 sc 2026-11-17T12:30Z",
            "dex 8 iv 2026-11-18T22:00Z over 4h",
        ]
        .map(given),
    );
    chart_of(facts)
}

#[test]
fn the_four_lanes_stand_on_one_axis() {
    let figure = figure(&busy(), NOW);
    assert!((figure.now - 9.5).abs() < 1e-9 && figure.axis.has_days);
    assert_eq!(figure.infusion, Some(10.0 / 24.0));
    assert_eq!(figure.curve.last(), Some(&[9.5, 33.0]));
    let bars: Vec<_> = figure.daily.iter().map(|bar| (bar.from.floor(), bar.base, bar.top, bar.drug)).collect();
    assert_eq!(bars, [(4.0, 0.0, 10.0, 0), (4.0, 10.0, 25.0, 1), (5.0, 0.0, 4.0, 0), (6.0, 0.0, 4.0, 0)]);
    assert_eq!(figure.daily[1].words, "Day +4: 15 mg from methylPREDNISolone");
    assert_eq!(figure.anakinra[0].words, "Day +4: 100 mg anakinra");
    let grades: Vec<_> =
        figure.grades.iter().map(|cell| (cell.scale, cell.grade.number(), cell.from, cell.to)).collect();
    assert_eq!(grades, [(Scale::Crs, 1, 8.25, 9.5), (Scale::Icans, 2, 4.25, 5.25), (Scale::Icans, 3, 5.25, 7.25),]);
    assert_eq!(figure.marks[0].words, "tocilizumab 560 mg");
    assert_eq!(figure.unchecked, Some((8.0, figure.view.1)));
}

#[test]
fn the_crosshair_reads_the_dose_and_the_running_total() {
    let figure = figure(&busy(), NOW);
    for (x, expected) in [
        (0.0, &["Day 0 00:00", "→ 0 mg so far (0 mg/kg)"][..]),
        (3.0 + 8.0 / 24.0, &["Day +3 08:00", "→ 0 mg so far (0 mg/kg)", "tocilizumab 560 mg"]),
        (4.0 + 8.0 / 24.0, &["Day +4 08:00", "dexAMETHasone 10 mg IV", "→ 10 mg so far (0.2 mg/kg)", "ICANS grade 2"]),
        (
            4.0 + 12.5 / 24.0,
            &["Day +4 12:30", "anakinra 100 mg SC", "→ 10 mg of steroid so far (0.2 mg/kg)", "ICANS grade 2"],
        ),
        (5.0 + 23.0 / 24.0, &["Day +5 23:00", "→ 27 mg so far (0.54 mg/kg)", "ICANS grade 3"]),
        (6.0, &["Day +6 00:00", "→ 29 mg so far (0.58 mg/kg)", "ICANS grade 3"]),
        (9.5, &["Day +9 12:00", "→ 33 mg so far (0.66 mg/kg)", "CRS grade 1"]),
        (9.6, &["Day +9 14:24", "after the as-of time"]),
    ] {
        let day_totals = |line: &String| line.starts_with("Day") && line.contains(": ");
        let read: Vec<String> = figure.read_out(x, 0.005).into_iter().filter(|line| !day_totals(line)).collect();
        assert_eq!(read, expected);
    }
}

#[test]
fn the_crosshair_reads_the_sums_of_its_day() {
    let read = figure(&busy(), NOW).read_out(4.0 + 8.0 / 24.0, 0.005);
    for sum in ["Day +4: 10 mg from dexAMETHasone", "Day +4: 15 mg from methylPREDNISolone", "Day +4: 100 mg anakinra"]
    {
        assert!(read.iter().any(|line| line == sum), "{sum}: {read:?}");
    }
}

#[test]
fn the_sentence_says_what_the_curve_says() {
    assert_eq!(
        figure(&busy(), NOW).sentence,
        "33 mg dexamethasone-equivalent, Day 0 to now, in 3 doses on 3 days; the largest day was Day +4 with 25 mg; \
         0 mg in the last 24 h; anakinra 100 mg, first 4 h 30 min after the first steroid."
    );
    let undecided = after_infusion(&["dex 6 iv 2026-11-17T08:00Z unknown", "deflazacort 6 po 2026-11-17T08:00Z"]);
    assert_eq!(
        figure(&undecided, NOW).sentence,
        "0 mg dexamethasone-equivalent, Day 0 to now; 0 mg in the last 24 h; undecided beside it: 6 mg in 1 dose and 1 dose that \
         cannot be converted."
    );
}

#[test]
fn an_empty_chart_has_a_figure() {
    for chart in [Chart::default(), after_infusion(&[])] {
        let figure = figure(&chart, NOW);
        assert!(figure.doses.is_empty() && figure.daily.is_empty() && figure.curve_top > 0.0);
        assert_eq!(figure.read_out(figure.now, 0.1).last().unwrap(), "→ 0 mg so far");
    }
}

#[test]
fn without_an_infusion_the_axis_shows_dates() {
    let figure = figure(&doses(&["dex 10 iv 2026-11-17T08:00Z"]), NOW);
    assert!(!figure.axis.has_days);
    assert_eq!(figure.read_out(8.0 / 24.0, 0.01)[0], "17-Nov 08:00");
    assert_eq!(figure.daily[0].words, "17-Nov-2026: 10 mg from dexAMETHasone");
}

#[test]
fn the_total_never_falls_nor_overshoots_on_the_nights_of_the_clock_changes() {
    // Spring: 02:00 to 03:00 is skipped in Berlin, so the wall clock shows 6 hours of a 5-hour infusion.
    let spring = chart_of([super::given_over("dex 10 iv", "2026-03-29T00:00+01:00", "2026-03-29T06:00+02:00")]);
    // Autumn: 02:45 (1st) comes before 02:15 (2nd).
    let autumn = doses(&["dex 10 iv 2026-10-25T02:45+02:00", "dex 4 iv 2026-10-25T02:15+01:00"]);
    for (chart, as_of, total) in
        [(spring, "2026-03-29T12:00+02:00", 10.0), (autumn.clone(), "2026-10-25T12:00+01:00", 14.0)]
    {
        let figure = figure(&chart, as_of);
        let mut last = 0.0;
        for minute in 0..720 {
            let read = figure.read_out(f64::from(minute) / 1440.0, 0.0);
            let shown = read.iter().find_map(|line| line.strip_prefix("→ ")).unwrap();
            let mg: f64 = shown.split(' ').next().unwrap().parse().unwrap();
            assert!(mg >= last && mg <= total, "{mg} after {last} at minute {minute}");
            last = mg;
        }
        assert!((last - total).abs() < 1e-9, "{last}");
    }
    // Looked at in the second pass, a dose of the first pass is not in the future.
    let figure = figure(&autumn, "2026-10-25T02:20+01:00");
    let read = figure.read_out(2.75 / 24.0, 0.001);
    assert!(read.contains(&"→ 14 mg so far".to_owned()), "{read:?}");
}

#[test]
fn ticks_are_few_and_named_by_day_or_date() {
    let origin = super::date("2026-11-13");
    let days = Axis { origin, has_days: true };
    let labels = |axis: Axis, from: f64, to: f64, by_day: bool| -> Vec<String> {
        axis.ticks(from, to, 8, by_day).into_iter().map(|tick| tick.label).collect()
    };
    assert_eq!(labels(days, -2.0, 4.0, true), ["−2", "−1", "D0", "+1", "+2", "+3", "+4"]);
    assert_eq!(
        labels(days, 0.0, 1.0, true),
        ["D0", "03:00", "06:00", "09:00", "12:00", "15:00", "18:00", "21:00", "+1"]
    );
    assert_eq!(labels(days, 0.0, 30.0, false)[..2], ["13-Nov", "20-Nov"]);
    assert_eq!(labels(days, 0.0, 700.0, false)[..2], ["Nov 2026", "Feb 2027"]);
    for (from, to) in [(0.0, 0.0), (5.0, 1.0), (-1e9, 1e9), (1e300, 2e300), (0.0, 1e-12), (f64::NAN, 1.0)] {
        assert!(days.ticks(from, to, 8, true).len() <= 9, "{from} to {to}");
    }
}

#[test]
fn every_lane_fits_the_stretch_that_the_chart_opens_with() {
    for window in [Window::Day0, Window::LastHours(24), Window::LastHours(168), Window::All] {
        let chart = busy();
        let exposure = over(&chart, window, NOW);
        let figure = Figure::of(&chart, rules(), &exposure).unwrap();
        let (from, to) = figure.view;
        let bars = figure.daily.iter().chain(&figure.anakinra);
        assert!(bars.clone().all(|bar| bar.from >= from && bar.to <= to), "{window:?}");
        assert!(figure.curve.iter().all(|point| point[0] >= from && point[0] <= to), "{window:?}");
    }
}
