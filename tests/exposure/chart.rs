//! The chart's choices: which stretch is seen, from dose to dose, milligrams or per kilogram, even or logarithmic, and
//! which published median may stand beside the curve.

use super::{after_infusion, chart_of, checked, date, given, infused, over, rules, weighed};
use crate::record::at;
use corticurve::exposure::figure::{AmountUnit, Bar, Figure, MarkKind, Spacing, Stop, Stretch};
use corticurve::exposure::{
    Exposure, Projection, Published, Reading, Rules, WeightBy, Window, examples, planned_days, positions,
};
use corticurve::record::{Chart, Event, Fact, Grade, Graded, Identity, Name, Noted, Scale, Sex};
use proptest::collection::vec;
use proptest::prelude::*;

const NOW: &str = "2026-11-22T12:00Z";

fn figure(chart: &Chart, unit: AmountUnit) -> Figure {
    Figure::in_unit(chart, rules(), &over(chart, Window::Day0, NOW), unit).unwrap()
}

/// A patient with as many doses as are wished, each so many hours after the infusion, every third one anakinra.
fn with_doses(hours: &[i64]) -> Chart {
    let start = at("2026-11-13T10:00Z");
    let line = |(number, hours): (usize, &i64)| {
        let when = (start + chrono::TimeDelta::hours(*hours)).to_rfc3339();
        if number % 3 == 2 { format!("ana 100 sc {when}") } else { format!("dex 10 iv {when}") }
    };
    let lines: Vec<String> = hours.iter().enumerate().map(line).collect();
    after_infusion(&lines.iter().map(String::as_str).collect::<Vec<_>>())
}

proptest! {
    #[test]
    fn the_crosshair_visits_every_dose_once_from_the_first_to_the_last_and_back(hours in vec(-48_i64..200, 0..12)) {
        let figure = figure(&with_doses(&hours), AmountUnit::Mg);
        let mut wanted: Vec<i64> = hours.clone();
        wanted.sort_unstable();
        wanted.dedup();
        let walk = |start: Stop, step: Stop| {
            let mut visited: Vec<f64> = figure.stop(None, start).into_iter().collect();
            while let Some(next) = figure.stop(visited.last().copied(), step).filter(|x| visited.last() != Some(x)) {
                visited.push(next);
            }
            visited
        };
        let (there, mut back) = (walk(Stop::First, Stop::Next), walk(Stop::Last, Stop::Previous));
        back.reverse();
        prop_assert_eq!(there.len(), wanted.len());
        prop_assert_eq!(&there, &back);
        prop_assert!(there.iter().all(|x| !figure.entries_at(*x).is_empty()));
        prop_assert_eq!(there.iter().map(|x| figure.entries_at(*x).len()).sum::<usize>(), hours.len());
    }

    #[test]
    fn closer_and_further_keep_the_place_and_nobody_loses_the_chart(
        from in -1e4_f64..1e4, length in 1e-6_f64..1e4, times in 0.01_f64..100.0, share in -20.0_f64..20.0, x in -1e4_f64..1e4,
    ) {
        let seen = Stretch { from, to: from + length };
        let around = from + length * 0.3;
        let closer = seen.closer(times, around);
        prop_assert!(((around - closer.from) / closer.length() - 0.3).abs() < 1e-6);
        prop_assert!((closer.closer(1.0 / times, around).length() - length).abs() < 1e-6 * length.max(1.0));
        let showing = seen.showing(x);
        prop_assert!(showing.from <= x && x <= showing.to && (showing.length() - length).abs() < 1e-6);
        let figure = figure(&with_doses(&[20, 100]), AmountUnit::Mg);
        for wished in [seen, closer, seen.moved(share), showing] {
            let shown = figure.shown_stretch(wished);
            prop_assert!(shown.length() >= 1.0 / 24.0 - 1e-9 && shown.length() < 200.0, "{:?}", shown);
            let middle = f64::midpoint(shown.from, shown.to);
            prop_assert!((-1.0..=31.0).contains(&middle), "{:?}", shown);
        }
    }

    #[test]
    fn a_logarithmic_curve_never_falls_and_ends_at_its_last_dose(amounts in vec(1_u32..2000, 1..8)) {
        let lines: Vec<String> = amounts.iter().zip(14..).map(|(mg, day)| format!("dex {mg} iv 2026-11-{day}T08:00Z")).collect();
        let chart = after_infusion(&lines.iter().map(String::as_str).collect::<Vec<_>>());
        let (even, log) = (figure(&chart, AmountUnit::Mg), figure(&chart, AmountUnit::Mg).spaced(Spacing::Log));
        prop_assert!(log.curve.is_sorted_by(|one, other| one[0] <= other[0] && one[1] <= other[1]));
        prop_assert!(log.curve.iter().all(|point| point[1] <= log.curve_top) && log.curve[0][1].abs() < 1e-12);
        prop_assert!((log.curve.last().unwrap()[1] - log.doses.last().unwrap().y).abs() < 1e-12);
        let ticks = log.curve_ticks(5);
        prop_assert!(ticks.len() >= 2 && ticks.len() <= 9, "{:?}", ticks);
        prop_assert!(ticks.is_sorted_by(|one, other| one.y < other.y) && ticks.last().unwrap().y <= log.curve_top);
        // Bars are sums, and stay even.
        prop_assert_eq!((&even.daily, even.daily_top), (&log.daily, log.daily_top));
    }
}

#[test]
fn wishes_that_are_no_stretch_show_the_whole_chart() {
    let figure = figure(&with_doses(&[20]), AmountUnit::Mg);
    for wished in [(f64::NAN, 1.0), (0.0, f64::INFINITY), (5.0, 5.0)] {
        let shown = figure.shown_stretch(Stretch { from: wished.0, to: wished.1 });
        assert!(shown.from.is_finite() && shown.length() >= 1.0 / 24.0 - 1e-9, "{wished:?}: {shown:?}");
    }
    let seen = figure.opens_with();
    for times in [0.0, -1.0, f64::NAN] {
        assert_eq!(seen.closer(times, 1.0), seen, "{times}");
    }
}

#[test]
fn without_a_dose_the_crosshair_stops_nowhere() {
    for chart in [Chart::default(), after_infusion(&[]), after_infusion(&["hold dex 10 2026-11-14T08:00Z"])] {
        let figure = figure(&chart, AmountUnit::Mg);
        for stop in [Stop::Next, Stop::Previous, Stop::First, Stop::Last] {
            assert_eq!(figure.stop(Some(1.0), stop), None);
        }
    }
}

#[test]
fn a_dose_is_found_in_the_lane_of_its_drug_and_what_was_not_given_in_none() {
    let lines = [
        "dex 10 iv 2026-11-14T08:00Z over 2h",
        "ana 100 sc 2026-11-14T12:00Z",
        "ana 100 sc 2026-11-15T12:00Z unknown",
        "dex 6 iv 2026-11-16T08:00Z unknown",
        "dex 4 iv 2026-11-12T08:00Z",
        "hold dex 10 2026-11-17T08:00Z",
    ];
    let chart = after_infusion(&lines);
    let figure = figure(&chart, AmountUnit::Mg);
    let spots: Vec<_> = chart.administrations.iter().map(|dose| figure.spot(&dose.stamp.id)).collect();
    let told = spots.iter().map(|spot| spot.map(|spot| (spot.on_curve.is_some(), spot.anakinra, spot.beside)));
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            Some((false, false, true)),
            Some((true, false, false)),
            Some((false, true, false)),
            Some((false, true, true)),
            Some((false, false, true)),
            None,
        ],
        "by the time given: the dose before Day 0 is the first"
    );
    let infusion = spots[1].unwrap();
    assert!((infusion.to - infusion.from - 2.0 / 24.0).abs() < 1e-9);
}

/// 50 kg on the day before Day 0, 40 kg from Day 4 on; 10 mg under each.
fn lighter() -> Chart {
    let mut facts = vec![
        infused("2026-11-13T10:00Z"),
        weighed("50 kg", "2026-11-12T08:00Z"),
        weighed("40 kg", "2026-11-17T08:00Z"),
    ];
    facts.extend(
        ["dex 10 iv 2026-11-14T08:00Z", "dex 10 iv 2026-11-18T08:00Z", "ana 100 sc 2026-11-18T08:00Z"].map(given),
    );
    chart_of(facts)
}

#[test]
fn per_kilogram_is_by_the_weight_that_the_unit_chose() {
    let chart = lighter();
    for (by, ends, day, anakinra, caption) in [
        (WeightBy::Day0, 0.4, "Day +5: 0.2 mg/kg from dexAMETHasone", "2 mg/kg", "50 kg, the last weight up to Day 0"),
        (WeightBy::EachDose, 0.45, "Day +5: 0.25 mg/kg from dexAMETHasone", "2.5 mg/kg", "the weight at each dose"),
    ] {
        let reading = Reading { weight_by: by, ..Reading::default() };
        let rules = Rules { reading: &reading, ..rules() };
        let exposure = Exposure::of(&chart, rules, Window::Day0, at(NOW)).unwrap();
        let figure = Figure::in_unit(&chart, rules, &exposure, AmountUnit::MgPerKg).unwrap();
        assert!((exposure.mg_per_kg.unwrap().to_plot() - ends).abs() < 1e-12);
        assert!((figure.curve.last().unwrap()[1] - ends).abs() < 1e-12);
        assert_eq!(figure.daily[1].words, day);
        assert_eq!(figure.anakinra[0].words, format!("Day +5: {anakinra} anakinra"));
        assert_eq!(figure.curve_caption(), format!("total mg/kg dexamethasone-equivalent by {caption}"));
        let read = figure.read_out(5.0 + 8.0 / 24.0, 0.01);
        assert!(read.iter().any(|line| line.ends_with("so far (20 mg)")), "{read:?}");
    }
}

#[test]
fn a_month_of_daily_weights_has_a_curve_per_kilogram() {
    let mut facts = vec![infused("2026-10-20T10:00Z")];
    for day in 21..31 {
        facts.push(weighed(&format!("{}.{day:03} kg", 60 - day), &format!("2026-10-{day}T06:00Z")));
        facts.push(given(&format!("dex 7 iv 2026-10-{day}T08:00Z over 7h")));
    }
    for day in 1..21 {
        facts.push(weighed(&format!("{}.{day:03} kg", 40 + day), &format!("2026-11-{day:02}T06:00Z")));
        facts.push(given(&format!("dex 7 iv 2026-11-{day:02}T08:00Z over 7h")));
    }
    let chart = chart_of(facts);
    let reading = Reading { weight_by: WeightBy::EachDose, ..Reading::default() };
    let rules = Rules { reading: &reading, ..rules() };
    let exposure = Exposure::of(&chart, rules, Window::Day0, at(NOW)).unwrap();
    let figure = Figure::in_unit(&chart, rules, &exposure, AmountUnit::MgPerKg).unwrap();
    let ends = figure.curve.last().unwrap()[1];
    assert!((ends - exposure.mg_per_kg.unwrap().to_plot()).abs() < 1e-9, "{ends}");
}

#[test]
fn the_rise_of_an_infusion_is_a_bent_line_on_a_logarithmic_axis() {
    let chart = after_infusion(&["dex 1 iv 2026-11-14T00:00Z", "dex 99 iv 2026-11-15T00:00Z over 24h"]);
    let figure = figure(&chart, AmountUnit::Mg).spaced(Spacing::Log);
    // Half of the infusion: 1 + 49.5 mg, which is log10(50.5) above the 1 mg where the axis changes.
    let half = figure.curve.iter().find(|point| (point[0] - 2.5).abs() < 1e-9).unwrap();
    assert!((half[1] - (0.5 + 50.5_f64.log10())).abs() < 1e-9, "{half:?}");
    assert_eq!(figure.curve_caption(), "total mg dexamethasone-equivalent, log scale above 1 mg");
}

#[test]
fn a_logarithmic_axis_is_labelled_with_zero_and_powers_of_ten() {
    for (mg, labels) in [("2", &["0", "1", "2"][..]), ("20", &["0", "10", "20"]), ("0.5", &["0", "0.1", "0.2", "0.5"])]
    {
        let chart = after_infusion(&[&format!("dex {mg} iv 2026-11-14T08:00Z")]);
        let ticks = figure(&chart, AmountUnit::Mg).spaced(Spacing::Log).curve_ticks(5);
        assert_eq!(ticks.into_iter().map(|tick| tick.label).collect::<Vec<_>>(), labels, "{mg} mg");
    }
    let outlier = after_infusion(&["dex 0.5 iv 2026-11-14T08:00Z", "dex 2000 iv 2026-11-15T08:00Z"]);
    let ticks = figure(&outlier, AmountUnit::Mg).spaced(Spacing::Log).curve_ticks(5);
    assert_eq!(ticks.into_iter().map(|tick| tick.label).collect::<Vec<_>>(), ["0", "0.1", "1", "10", "100", "1,000"]);
    // Nothing to take a logarithm of.
    let empty = figure(&after_infusion(&[]), AmountUnit::Mg).spaced(Spacing::Log);
    assert_eq!((empty.log_line(), empty.curve_caption().as_str()), (None, "total mg dexamethasone-equivalent"));
}

fn born(when: &str) -> Fact {
    Fact::PatientRegistered(Identity {
        mrn: "40 017".parse().unwrap(),
        family: Name::parse("Example").unwrap(),
        given: Name::parse("Robin").unwrap(),
        born: Some(date(when)),
        sex: Sex::Unknown,
        dates_shifted: false,
    })
}

fn published(birth: &str, dose: &str, window: Window, unit: AmountUnit) -> Vec<(String, bool)> {
    let line = format!("dex {dose} iv 2026-11-15T08:00Z");
    let facts = [born(birth), infused("2026-11-13T10:00Z"), weighed("50 kg", "2026-11-12T08:00Z"), given(&line)];
    let chart = chart_of(facts);
    let (list, exposure) = (Published::shipped().unwrap(), over(&chart, window, NOW));
    let found = positions(&chart, rules(), &exposure, &list).unwrap();
    let figure = Figure::in_unit(&chart, rules(), &exposure, unit).unwrap().with_published(&found, &exposure);
    assert!(figure.published.iter().all(|line| line.label.ends_with(", not a limit")));
    assert!(figure.published.iter().all(|line| line.is_above != (line.y <= figure.curve_top)), "a true place or none");
    figure.published.into_iter().map(|line| (line.label.split(':').next().unwrap().to_owned(), line.is_above)).collect()
}

#[test]
fn a_published_median_stands_only_where_the_comparison_holds() {
    use AmountUnit::{Mg, MgPerKg};
    let (adult, child) = ("1970-01-01", "2015-01-01");
    let (whole, month) = ("186 mg".to_owned(), "60 mg on Days 0 to 30".to_owned());
    let children = "0.56 mg/kg".to_owned();
    for (birth, dose, window, unit, expected) in [
        (adult, "118", Window::Day0, Mg, vec![(whole.clone(), false), (month.clone(), false)]),
        (adult, "40", Window::Day0, Mg, vec![(whole.clone(), true), (month.clone(), false)]),
        // The curve of Days 0 to 30 has not the whole treatment in it.
        (adult, "118", Window::Day30, Mg, vec![(month, false)]),
        (adult, "118", Window::Day0, MgPerKg, vec![]),
        (child, "118", Window::Day0, Mg, vec![]),
        (child, "118", Window::Day0, MgPerKg, vec![(children.clone(), false)]),
        (child, "4", Window::Day0, MgPerKg, vec![(children, true)]),
        // These do not count from Day 0.
        (adult, "118", Window::All, Mg, vec![]),
        (adult, "118", Window::LastHours(168), Mg, vec![]),
    ] {
        assert_eq!(published(birth, dose, window, unit), expected, "{birth} {dose} {window:?} {unit:?}");
    }
}

#[test]
fn a_median_stays_at_its_amount_on_a_logarithmic_axis() {
    let facts = [born("1970-01-01"), infused("2026-11-13T10:00Z"), given("dex 118 iv 2026-11-15T08:00Z")];
    let chart = chart_of(facts);
    let (list, exposure) = (Published::shipped().unwrap(), over(&chart, Window::Day0, NOW));
    let found = positions(&chart, rules(), &exposure, &list).unwrap();
    let figure = Figure::of(&chart, rules(), &exposure).unwrap().with_published(&found, &exposure).spaced(Spacing::Log);
    // The axis is logarithmic above 100 mg, so 186 mg is log10(1.86) above that.
    assert!((figure.published[0].y - (0.5 + 1.86_f64.log10())).abs() < 1e-9);
}

#[test]
fn every_kind_of_event_has_a_shape_and_a_word_of_its_own() {
    let agent = |name: &str| Event::Agent { name: name.to_owned(), amount: None };
    let events = [
        agent("tocilizumab"),
        agent("siltuximab"),
        Event::IntensiveCareIn,
        Event::IntensiveCareOut,
        Event::Response("MRD negative".to_owned()),
        Event::Text("seizure".to_owned()),
    ];
    let noted = |event: &Event| Fact::Noted(Noted { event: event.clone(), at: at("2026-11-16T08:00Z") });
    let chart = chart_of(events.iter().map(noted).chain([infused("2026-11-13T10:00Z")]));
    let kinds: Vec<MarkKind> = figure(&chart, AmountUnit::Mg).marks.iter().map(|mark| mark.kind).collect();
    assert_eq!(kinds, MarkKind::ALL);
    for told in [MarkKind::ALL.map(MarkKind::glyph), MarkKind::ALL.map(MarkKind::word)] {
        let mut one_of_each = told.to_vec();
        one_of_each.sort_unstable();
        one_of_each.dedup();
        assert_eq!(one_of_each.len(), told.len());
    }
}

#[test]
fn the_days_of_the_table_are_those_of_the_lanes() {
    let icans = |grade: u8, when: &str| {
        Fact::Graded(Graded { scale: Scale::Icans, grade: Grade::new(grade).unwrap(), at: at(when), score: None })
    };
    let mut facts = vec![
        infused("2026-11-13T10:00Z"),
        icans(2, "2026-11-17T06:00Z"),
        icans(3, "2026-11-17T18:00Z"),
        icans(0, "2026-11-19T00:00Z"),
        checked("2026-11-21T00:00Z"),
        Fact::Noted(Noted { event: Event::IntensiveCareIn, at: at("2026-11-18T08:00Z") }),
    ];
    facts.extend(
        ["dex 10 iv 2026-11-17T08:00Z", "methylpred 80 iv 2026-11-17T20:00Z", "ana 100 sc 2026-11-20T12:30Z"]
            .map(given),
    );
    let figure = figure(&chart_of(facts), AmountUnit::Mg);
    let told: Vec<String> = figure
        .days()
        .iter()
        .map(|day| {
            let steroids: Vec<_> =
                day.steroids.iter().map(|(drug, mg)| format!("{} {}", drug.as_str(), mg.brief())).collect();
            let grades: Vec<_> = day.grades.iter().map(|(_, grade)| grade.number().to_string()).collect();
            let anakinra = day.anakinra.map(corticurve::exposure::Exact::brief).unwrap_or_default();
            format!(
                "{} | {} | {anakinra} | {} | {}",
                day.date,
                steroids.join(", "),
                grades.join(", "),
                day.events.join(", ")
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "2026-11-17 | dexamethasone 10, methylprednisolone 15 |  | 3 | ",
            "2026-11-18 |  |  | 3 | into intensive care",
            "2026-11-20 |  | 100 |  | ",
        ]
    );
}

#[test]
fn axes_per_kilogram_end_not_far_above_their_largest_dose_with_and_without_a_plan() {
    let facts = |lines: &[&str]| {
        let before = [infused("2026-11-13T10:00Z"), weighed("52.3 kg", "2026-11-12T08:00Z")];
        chart_of(before.into_iter().chain(lines.iter().map(|line| given(line))).collect::<Vec<_>>())
    };
    let chart = facts(&["dex 4.5 iv 2026-11-14T08:00Z", "ana 10 sc 2026-11-14T09:00Z"]);
    let empty = facts(&[]);
    let plan = examples::plan("dex 4 iv daily from tomorrow 08:00 x2").unwrap();
    let zone = examples::zone().unwrap();
    for (chart, plans, has_anakinra) in
        [(&chart, &[][..], true), (&chart, &[&plan][..], true), (&empty, &[&plan][..], false)]
    {
        let exposure = Exposure::of(chart, rules(), Window::Day0, at(NOW)).unwrap();
        let days = planned_days(&exposure, plans, rules(), &zone).unwrap();
        let projection = Projection::of(&exposure, plans, rules(), &zone).unwrap();
        let figure =
            figure(chart, AmountUnit::MgPerKg).continued(None, &projection).with_planned_days(&days, &exposure);
        assert_eq!(figure.unit(), AmountUnit::MgPerKg);
        let highest = |bars: &[&[Bar]]| bars.iter().copied().flatten().map(|bar| bar.top).fold(0.0, f64::max);
        let totals = figure.continuations.iter().map(|plan| plan.label_at[1]);
        let total = totals.fold(figure.curve.last().unwrap()[1], f64::max);
        let lanes = [
            ("curve", figure.curve_top, total),
            ("daily", figure.daily_top, highest(&[&figure.daily, &figure.planned_daily])),
            ("anakinra", figure.anakinra_top, highest(&[&figure.anakinra, &figure.planned_anakinra])),
        ];
        for (lane, top, highest) in lanes.into_iter().filter(|(lane, ..)| has_anakinra || *lane != "anakinra") {
            assert!(highest > 0.0 && top >= highest && top <= highest * 1.5, "{lane}: {highest} below {top}");
        }
    }
}
