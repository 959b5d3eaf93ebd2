//! Days: landmarks, steroid days, first and last dose, the peak, the weight, the infusion that Day 0 is.

use super::{after_infusion, chart_of, checked, date, doses, given, infused, mg, over, weighed};
use crate::record::at;
use chrono::TimeDelta;
use corticurve::exposure::{Exact, Exposure, Window, as_of};
use corticurve::record::{Chart, Day, Fact, Identity, Name, Sex};

const NOW: &str = "2026-11-22T12:00Z";

fn landmarks(exposure: &Exposure) -> Vec<(i64, String, bool)> {
    exposure.landmarks.iter().map(|mark| (mark.day.0, mark.mg.decimal(), mark.complete)).collect()
}

#[test]
fn landmarks_are_shown_when_reached_and_complete_when_checked_to_the_end_of_the_day() {
    // Day 7 is 20 November.
    let with_check = |check: Option<&str>| {
        let doses = ["dex 1 iv 2026-11-12T08:00Z", "dex 10 iv 2026-11-13T00:00Z", "dex 4 iv 2026-11-20T23:59Z"];
        let facts = std::iter::once(infused("2026-11-13T10:00Z")).chain(doses.map(given));
        chart_of(facts.chain(check.map(checked)))
    };
    for (as_of, check, expected) in [
        ("2026-11-19T23:59Z", None, &[][..]),
        ("2026-11-20T00:00Z", None, &[(7, "10", false)]),
        ("2026-11-20T12:00Z", Some("2026-11-21T00:00Z"), &[(7, "10", false)]),
        ("2026-11-22T12:00Z", None, &[(7, "14", false)]),
        ("2026-11-22T12:00Z", Some("2026-11-20T23:59Z"), &[(7, "14", false)]),
        ("2026-11-22T12:00Z", Some("2026-11-21T00:00Z"), &[(7, "14", true)]),
        ("2026-11-27T12:00Z", Some("2026-11-22T00:00Z"), &[(7, "14", true), (14, "14", false)]),
        (
            "2026-12-31T12:00Z",
            Some("2026-12-31T00:00Z"),
            &[(7, "14", true), (14, "14", true), (28, "14", true), (30, "14", true)],
        ),
    ] {
        let expected: Vec<_> = expected.iter().map(|(day, mg, complete)| (*day, (*mg).to_owned(), *complete)).collect();
        for window in [Window::Day0, Window::LastHours(24), Window::All] {
            let exposure = over(&with_check(check), window, as_of);
            assert_eq!(landmarks(&exposure), expected, "{as_of}, checked to {check:?}, {window:?}");
        }
    }
}

#[test]
fn a_landmark_of_summer_is_complete_when_checked_on_the_summer_clock() {
    // Day 7 is 24 October 2026; the clocks go back in the night after it. Its end is 24:00 summer time, also when it is
    // looked at in winter time.
    let chart = chart_of([
        infused("2026-10-17T10:00+02:00"),
        given("dex 10 iv 2026-10-18T08:00+02:00"),
        checked("2026-10-25T00:00+02:00"),
    ]);
    assert_eq!(landmarks(&over(&chart, Window::Day0, "2026-10-26T12:00+01:00")), [(7, "10".to_owned(), true)]);
}

#[test]
fn steroid_days_are_dates_with_a_dose_and_the_span_is_from_first_to_last() {
    let chart = after_infusion(&[
        "dex 10 iv 2026-11-14T08:00Z",
        "dex 10 iv 2026-11-14T20:00Z",
        "hold dex 10 2026-11-15T08:00Z",
        "dex 10 it 2026-11-16T08:00Z",
        "ana 100 sc 2026-11-17T08:00Z",
        "dex 10 iv 2026-11-18T23:00Z over 2h",
    ]);
    let exposure = over(&chart, Window::Day0, NOW);
    assert_eq!((exposure.steroid_days, exposure.span_days), (3, 6));
    let none = over(&after_infusion(&[]), Window::Day0, NOW);
    assert_eq!((none.steroid_days, none.span_days, none.total), (0, 0, Exact::ZERO));
}

#[test]
fn the_first_dose_is_early_on_days_0_to_7() {
    for (line, early, hours) in [
        ("dex 10 iv 2026-11-13T00:00Z", true, -10),
        ("dex 10 iv 2026-11-13T14:00Z", true, 4),
        ("dex 10 iv 2026-11-20T23:00Z", true, 181),
        ("dex 10 iv 2026-11-21T00:00Z", false, 182),
    ] {
        let exposure = over(&after_infusion(&[line]), Window::Day0, NOW);
        assert_eq!(exposure.first_dose_early(), Some(early), "{line}");
        assert_eq!(exposure.infusion_to_first_dose(), Some(TimeDelta::hours(hours)), "{line}");
    }
    let before = over(&after_infusion(&["dex 10 iv 2026-11-12T23:59Z"]), Window::All, NOW);
    assert_eq!(before.first_dose_early(), Some(false), "the day before is not Days 0 to 7");
    let without = over(&doses(&["dex 10 iv 2026-11-13T00:00Z"]), Window::Day0, NOW);
    assert_eq!((without.first_dose_early(), without.infusion_to_first_dose()), (None, None));
}

#[test]
fn the_peak_day_is_the_earliest_of_equals() {
    let chart = after_infusion(&[
        "dex 10 iv 2026-11-14T08:00Z",
        "dex 20 iv 2026-11-15T08:00Z",
        "predniSONE 100 po 2026-11-16T08:00Z",
        "dex 5 iv 2026-11-16T20:00Z",
        "dex 19 iv 2026-11-17T08:00Z",
    ]);
    assert_eq!(over(&chart, Window::Day0, NOW).peak_day, Some((date("2026-11-15"), mg("20"))));
    assert_eq!(over(&after_infusion(&[]), Window::Day0, NOW).peak_day, None);
}

#[test]
fn the_time_since_the_last_dose_is_right_across_a_clock_change() {
    let chart = doses(&["dex 10 iv 2026-10-25T00:30+02:00"]);
    let exposure = over(&chart, Window::All, "2026-10-25T06:30+01:00");
    assert_eq!(exposure.since_last_dose(), Some(TimeDelta::hours(7)));
    let chart = doses(&["dex 10 iv 2026-03-29T00:30+01:00"]);
    let exposure = over(&chart, Window::All, "2026-03-29T06:30+02:00");
    assert_eq!(exposure.since_last_dose(), Some(TimeDelta::hours(5)));
    assert_eq!(over(&doses(&[]), Window::All, NOW).since_last_dose(), None);
}

#[test]
fn the_night_of_the_clock_change_keeps_its_four_doses_in_order() {
    // London, 25 October 2026: 01:30 comes twice.
    let chart = doses(&[
        "dex 4 iv 2026-10-25T00:30+01:00",
        "dex 4 iv 2026-10-25T01:30+01:00",
        "dex 4 iv 2026-10-25T01:30+00:00",
        "dex 4 iv 2026-10-25T02:30+00:00",
    ]);
    let given: Vec<_> = chart.administrations.iter().map(|dose| dose.value.given.start()).collect();
    let intervals: Vec<_> = given.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert_eq!(intervals, [TimeDelta::hours(1); 3], "four doses at three one-hour intervals");
    for (as_of, mg, since) in [
        ("2026-10-25T01:29+01:00", "4", 59),
        ("2026-10-25T01:45+01:00", "8", 15),
        ("2026-10-25T01:15+00:00", "8", 45),
        ("2026-10-25T01:45+00:00", "12", 15),
        ("2026-10-25T03:00+00:00", "16", 30),
    ] {
        let exposure = over(&chart, Window::All, as_of);
        assert_eq!(exposure.total.decimal(), mg, "{as_of}");
        assert_eq!(exposure.since_last_dose(), Some(TimeDelta::minutes(since)), "{as_of}");
        assert_eq!(exposure.steroid_days, 1);
    }
}

#[test]
fn milligrams_per_kilogram_use_the_last_weight_up_to_day_0_else_the_first_after() {
    let with = |weights: &[(&str, &str)], infusion: bool| {
        let facts = weights.iter().map(|(weight, when)| weighed(weight, when));
        let infusion = infusion.then(|| infused("2026-11-13T10:00Z"));
        chart_of(facts.chain(infusion).chain([given("dex 104.6 iv 2026-11-14T08:00Z")]))
    };
    let (before, on_day0, after, later) = (
        ("50 kg", "2026-11-01T08:00Z"),
        ("52.3 kg", "2026-11-13T23:59Z"),
        ("40 kg", "2026-11-14T00:00Z"),
        ("20 kg", "2026-11-20T08:00Z"),
    );
    for (weights, infusion, per_kg) in [
        (&[before, on_day0, after, later][..], true, Some("2")),
        (&[later, after, on_day0, before], true, Some("2")),
        (&[before, after], true, Some("2.092")),
        (&[after, later], true, Some("2.615")),
        (&[before, on_day0, after, later], false, Some("5.23")),
        (&[], true, None),
    ] {
        let exposure = over(&with(weights, infusion), Window::Day0, NOW);
        assert_eq!(exposure.mg_per_kg.map(Exact::decimal).as_deref(), per_kg, "{weights:?}");
    }
}

#[test]
fn day_0_is_the_last_infusion_up_to_now_else_the_next_planned_one() {
    let two = |lines: &[&str]| {
        let infusions = [infused("2026-05-13T10:00Z"), infused("2026-11-13T10:00Z")];
        chart_of(infusions.into_iter().chain(lines.iter().map(|line| given(line))))
    };
    let chart = two(&["dex 10 iv 2026-05-14T08:00Z", "dex 4 iv 2026-11-14T08:00Z"]);
    for (as_of, day, total, before) in [
        ("2026-05-01T08:00Z", -12, "0", "0"),
        ("2026-05-20T08:00Z", 7, "10", "0"),
        ("2026-11-13T09:59Z", 184, "10", "0"),
        ("2026-11-13T10:00Z", 0, "0", "10"),
        ("2026-11-22T12:00Z", 9, "4", "10"),
    ] {
        let exposure = over(&chart, Window::Day0, as_of);
        assert_eq!(exposure.day, Some(Day(day)), "{as_of}");
        assert_eq!(
            (exposure.total.decimal(), exposure.before_day0.decimal()),
            (total.into(), before.into()),
            "{as_of}"
        );
    }
}

#[test]
fn before_a_planned_infusion_everything_is_before_day_0() {
    let chart = chart_of([infused("2026-12-01T10:00Z"), given("dex 10 iv 2026-11-20T08:00Z")]);
    let exposure = over(&chart, Window::Day0, NOW);
    assert_eq!((exposure.day, exposure.total, exposure.before_day0), (Some(Day(-9)), mg("0"), mg("10")));
    assert_eq!(landmarks(&exposure), []);
}

fn shifted(shifted: bool) -> Chart {
    let mrn = "10040025".parse().unwrap();
    let (family, given_name) = (Name::default(), Name::default());
    let identity = Identity { mrn, family, given: given_name, born: None, sex: Sex::Unknown, dates_shifted: shifted };
    let doses = ["dex 8 iv 2116-02-28T08:00Z", "dex 12 iv 2116-02-29T16:09Z"].map(|line| {
        let (line, when) = line.rsplit_once(' ').unwrap();
        let mut dose = super::dose(&format!("{line} 2026-11-14T08:00Z"));
        dose.given = corticurve::record::Given::At(at(when));
        Fact::Administered(dose)
    });
    chart_of(std::iter::once(Fact::PatientRegistered(identity)).chain(doses))
}

#[test]
fn a_record_with_shifted_dates_is_seen_from_its_end() {
    let now = at(NOW);
    let chart = shifted(true);
    assert_eq!(as_of(&chart, now), at("2116-02-29T16:09Z"));
    let exposure = super::seen(&chart, super::rules(), Window::LastHours(24), as_of(&chart, now));
    assert_eq!(exposure.total, mg("12"));
    assert_eq!(as_of(&shifted(false), now), now, "only where the source says so");
    let identity = chart.identity;
    assert_eq!(as_of(&Chart { identity, ..Chart::default() }, now), now, "a record without times has no end");
}
