//! Infusions: spread evenly over their time, every window and day takes its share.

use super::{chart_of, date, dose, doses, given, given_over, infused, mg, over, rules, total};
use crate::record::at;
use corticurve::exposure::{Edge, Exact, Window, curve, judge, went_in};
use corticurve::record::{Administration, Amount, Chart, Fact, Given, Status};

const NOW: &str = "2026-11-22T12:00Z";

/// Milligrams of each date.
fn days(chart: &Chart) -> Vec<(String, String)> {
    let daily = over(chart, Window::All, NOW).daily;
    let sum = |drugs: &std::collections::BTreeMap<_, Exact>| Exact::sum(drugs.values().copied()).unwrap().decimal();
    daily.steroids.iter().map(|(date, drugs)| (date.format("%d").to_string(), sum(drugs))).collect()
}

fn of_days(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(day, mg)| ((*day).to_owned(), (*mg).to_owned())).collect()
}

#[test]
fn each_day_takes_the_share_before_its_midnight() {
    for (line, expected) in [
        ("dex 8 iv 2026-11-14T22:00Z over 4h", &[("14", "4"), ("15", "4")][..]),
        ("dex 8 iv 2026-11-14T23:00Z over 4h", &[("14", "2"), ("15", "6")]),
        ("dex 8 iv 2026-11-14T20:00Z over 4h", &[("14", "8")]),
        ("dex 8 iv 2026-11-15T00:00Z over 4h", &[("15", "8")]),
        ("methylpred 480 iv 2026-11-14T12:00Z over 48h", &[("14", "22.5"), ("15", "45"), ("16", "22.5")]),
        ("dex 10 iv 2026-11-14T23:00Z over 3h", &[("14", "3.333333"), ("15", "6.666667")]),
    ] {
        assert_eq!(days(&doses(&[line])), of_days(expected), "{line}");
    }
}

#[test]
fn each_window_takes_its_share_over_both_edges() {
    let chart = chart_of([infused("2026-11-15T10:00Z"), given("dex 24 iv 2026-11-14T12:00Z over 24h")]);
    let instants = |from: &str, to: &str| Window::Between(Edge::Instant(at(from)), Edge::Instant(at(to)));
    for (window, as_of, mg) in [
        (Window::Day0, NOW, "12"),
        (Window::All, NOW, "24"),
        (Window::All, "2026-11-14T18:00Z", "6"),
        (Window::Day0, "2026-11-15T06:00Z", "6"),
        (instants("2026-11-14T15:00Z", "2026-11-14T16:30Z"), NOW, "1.5"),
        (instants("2026-11-13T15:00Z", "2026-11-14T16:30Z"), NOW, "4.5"),
        (instants("2026-11-15T11:59:59Z", "2026-11-16T00:00Z"), NOW, "0.000278"),
        (instants("2026-11-15T12:00Z", "2026-11-16T00:00Z"), NOW, "0"),
        (instants("2026-11-13T12:00Z", "2026-11-14T12:00Z"), NOW, "0"),
        (Window::LastHours(24), "2026-11-16T06:00Z", "6"),
        (Window::Between(Edge::Date(date("2026-11-14")), Edge::Date(date("2026-11-14"))), NOW, "12"),
    ] {
        assert_eq!(total(&chart, window, as_of), mg, "{window:?} at {as_of}");
    }
    assert_eq!(over(&chart, Window::Day0, NOW).before_day0, mg("12"));
}

#[test]
fn a_running_infusion_counts_what_has_gone_in_by_the_as_of_time() {
    let running = Administration { status: Status::Running, ..dose("dex 8 iv 2026-11-14T08:00Z over 4h") };
    let chart = chart_of([Fact::Administered(running)]);
    for (as_of, gone_in) in [
        ("2026-11-14T08:00Z", "0"),
        ("2026-11-14T09:00Z", "2"),
        ("2026-11-14T11:30Z", "7"),
        ("2026-11-14T12:00Z", "8"),
        ("2026-11-14T20:00Z", "8"),
    ] {
        let exposure = over(&chart, Window::All, as_of);
        assert_eq!(exposure.total.decimal(), gone_in, "{as_of}");
        let last = at(as_of).min(at("2026-11-14T12:00Z"));
        assert_eq!(exposure.last_dose_at, exposure.total.is_positive().then_some(last), "{as_of}");
    }
}

#[test]
fn a_stopped_infusion_counts_the_amount_that_went_in() {
    let stopped = Administration { status: Status::Stopped, ..dose("dex 3 iv 2026-11-14T08:00Z over 90m") };
    assert_eq!(total(&chart_of([Fact::Administered(stopped)]), Window::All, NOW), "3");
}

#[test]
fn an_undecided_infusion_takes_its_share_beside_the_total() {
    let unknown = Administration { status: Status::Unknown, ..dose("dex 24 iv 2026-11-14T12:00Z over 24h") };
    let chart = chart_of([infused("2026-11-15T10:00Z"), Fact::Administered(unknown)]);
    let exposure = over(&chart, Window::Day0, NOW);
    assert_eq!((exposure.total, exposure.undecided.mg, exposure.left_out[0].mg), (mg("0"), mg("12"), Some(mg("12"))));
    assert_eq!(over(&chart, Window::All, NOW).undecided.mg, mg("24"));
}

#[test]
fn an_infusion_without_length_is_a_dose_at_its_start() {
    let start = at("2026-11-14T08:00Z");
    for end in ["2026-11-14T08:00Z", "2026-11-14T07:00Z", "1950-01-01T00:00Z"] {
        let wrong = Administration { given: Given::Over(start, at(end)), ..dose("dex 8 iv 2026-11-14T08:00Z") };
        let exposure = over(&chart_of([Fact::Administered(wrong)]), Window::All, NOW);
        assert_eq!((exposure.total, exposure.peak_day), (mg("8"), Some((date("2026-11-14"), mg("8")))), "{end}");
    }
}

#[test]
fn the_curve_steps_at_doses_and_ramps_along_infusions() {
    let chart = doses(&[
        "dex 10 iv 2026-11-14T08:00Z",
        "dex 8 iv 2026-11-14T10:00Z over 4h",
        "dex 4 iv 2026-11-14T12:00Z",
        "dex 2 iv 2026-11-14T13:00Z over 2h",
    ]);
    let span = Window::All.span(None, at(NOW));
    let points = curve(&judge(&chart, rules()).unwrap(), &span).unwrap();
    let found: Vec<_> = points
        .iter()
        .map(|point| (point.at.format("%d %H:%M").to_string(), point.before.decimal(), point.after.decimal()))
        .collect();
    let expected = [
        ("14 08:00", "0", "10"),
        ("14 10:00", "10", "10"),
        ("14 12:00", "14", "18"),
        ("14 13:00", "20", "20"),
        ("14 14:00", "23", "23"),
        ("14 15:00", "24", "24"),
        ("22 12:00", "24", "24"),
    ];
    let expected: Vec<_> =
        expected.iter().map(|(at, before, after)| (at.to_string(), before.to_string(), after.to_string())).collect();
    assert_eq!(found, expected);
}

#[test]
fn shares_are_whole_seconds_so_that_windows_that_meet_lose_nothing() {
    let parts = |text: &str| chrono::DateTime::parse_from_rfc3339(text).unwrap();
    let given = Given::Over(parts("2026-11-14T08:00:00.600Z"), parts("2026-11-14T08:00:11.100Z"));
    let chart = chart_of([Fact::Administered(Administration { given, ..dose("dex 11 iv 2026-11-14T08:00Z") })]);
    let cut = parts("2026-11-14T08:00:04.900Z");
    let before = Window::Between(Edge::Date(date("2026-11-14")), Edge::Instant(cut));
    let after = Window::Between(Edge::Instant(cut), Edge::Date(date("2026-11-14")));
    let sums = [before, after].map(|window| over(&chart, window, NOW).total.decimal());
    assert_eq!(sums, ["4", "7"]);
}

/// The curve as time and total.
fn points(chart: &Chart, as_of: &str) -> Vec<(String, String)> {
    let points = curve(&judge(chart, rules()).unwrap(), &Window::All.span(None, at(as_of))).unwrap();
    assert!(points.iter().all(|point| point.before == point.after), "a ramp has no step");
    points.iter().map(|point| (point.at.format("%H:%M").to_string(), point.after.decimal())).collect()
}

fn of_points(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(at, mg)| ((*at).to_owned(), (*mg).to_owned())).collect()
}

#[test]
fn a_rate_change_is_two_ramps_of_two_slopes_that_meet() {
    let first = "dex 2mg/h iv 2026-11-14T08:00Z over 4h";
    let second = "dex 0.5mg/h iv 2026-11-14T12:00Z over 6h";
    let chart = doses(&[first, second]);
    let noon = "2026-11-14T12:00Z";
    assert_eq!(points(&chart, "2026-11-14T18:00Z"), of_points(&[("08:00", "0"), ("12:00", "8"), ("18:00", "11")]));
    // The second is running and seen half-way; its rate has not changed by that.
    let running = Administration { status: Status::Running, ..dose(second) };
    let chart = chart_of([given(first), Fact::Administered(running)]);
    assert_eq!(points(&chart, "2026-11-14T15:00Z"), of_points(&[("08:00", "0"), ("12:00", "8"), ("15:00", "9.5")]));
    assert_eq!(total(&chart, Window::All, noon), "8", "where they meet nothing is counted twice");
    // The first was to run for 6 h and was stopped after 4, with what had gone in.
    let stopped = Administration { status: Status::Stopped, ..dose("dex 7.9 iv 2026-11-14T08:00Z over 4h") };
    let chart = chart_of([Fact::Administered(stopped), given(second)]);
    assert_eq!(points(&chart, "2026-11-14T18:00Z"), of_points(&[("08:00", "0"), ("12:00", "7.9"), ("18:00", "10.9")]));
}

#[test]
fn what_has_gone_in_is_the_running_total_to_the_microgram() {
    let running = Administration { status: Status::Running, ..dose("dex 10 iv 2026-11-14T08:00Z over 7h") };
    let chart = chart_of([Fact::Administered(running.clone())]);
    for (as_of, gone_in) in [
        ("2026-11-14T07:00Z", "0"),
        ("2026-11-14T08:00Z", "0"),
        ("2026-11-14T09:00Z", "1.429"),
        ("2026-11-14T11:30Z", "5"),
        ("2026-11-14T14:00Z", "8.571"),
        ("2026-11-14T15:00Z", "10"),
        ("2026-11-15T15:00Z", "10"),
    ] {
        let amount = went_in(&running, at(as_of)).unwrap();
        assert_eq!(amount.milligrams(), gone_in, "{as_of}");
        let exact = over(&chart, Window::All, as_of).total;
        assert_eq!(exact.shown(3), Exact::milligrams(amount).shown(3), "{as_of}");
    }
    // A half goes to the even microgram.
    for (micrograms, gone_in) in [(1, 0), (3, 2), (5, 2), (7, 4)] {
        let amount = Some(corticurve::record::Quantity::Mass(Amount::from_micrograms(micrograms)));
        let half = went_in(&Administration { amount, ..running.clone() }, at("2026-11-14T11:30Z"));
        assert_eq!(half, Some(Amount::from_micrograms(gone_in)), "{micrograms} mcg");
    }
    assert_eq!(went_in(&dose("dex 10 iv 2026-11-14T08:00Z"), at(NOW)), None);
}

#[test]
fn an_infusion_across_a_clock_change_has_the_days_of_the_wall_clock() {
    // Berlin: 24 hours from 01:00 in summer time to midnight in winter time are all on Sunday, 25 October.
    let autumn = chart_of([given_over("methylpred 1000 iv", "2026-10-25T01:00+02:00", "2026-10-26T00:00+01:00")]);
    let exposure = over(&autumn, Window::All, "2026-11-01T00:00+01:00");
    assert_eq!((exposure.steroid_days, exposure.peak_day.unwrap().1), (1, mg("187.5")));
    // From Saturday noon to Monday noon: 12 hours, a Sunday of 25 hours, and 12 hours.
    let long = chart_of([given_over("methylpred 980 iv", "2026-10-24T12:00+02:00", "2026-10-26T12:00+01:00")]);
    let daily: Vec<String> = over(&long, Window::All, "2026-11-01T00:00+01:00")
        .daily
        .steroids
        .values()
        .map(|drugs| Exact::sum(drugs.values().copied()).unwrap().decimal())
        .collect();
    assert_eq!(daily, ["45", "93.75", "45"]);
    // Spring: a Sunday of 23 hours.
    let spring = chart_of([given_over("methylpred 920 iv", "2026-03-28T12:00+01:00", "2026-03-30T11:00+02:00")]);
    let sunday = Window::parse("2026-03-29..2026-03-29", &crate::record::offset(1)).unwrap();
    assert_eq!(over(&spring, sunday, "2026-04-01T00:00+02:00").total, mg("86.25"));
}
