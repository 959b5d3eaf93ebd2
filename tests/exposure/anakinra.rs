//! Anakinra beside the steroid.

use super::{after_infusion, chart_of, date, doses, given, infused, mg, over, total, weighed};
use crate::record::at;
use corticurve::exposure::{Exact, Window};
use corticurve::record::{Administration, Fact, Grade, Graded, Scale, Status};

const NOW: &str = "2026-11-22T12:00Z";

#[test]
fn totals_doses_and_days_are_of_counted_anakinra() {
    let unknown = Administration { status: Status::Unknown, ..super::dose("ana 100 sc 2026-11-17T08:00Z") };
    let mut facts = vec![infused("2026-11-13T10:00Z"), weighed("50 kg", "2026-11-12T08:00Z")];
    facts.extend(
        [
            "ana 100 sc 2026-11-12T08:00Z",
            "ana 100 sc 2026-11-14T08:00Z",
            "ana 200 iv 2026-11-14T20:00Z",
            "hold ana 100 2026-11-15T08:00Z",
            "ana 100 it 2026-11-16T08:00Z",
            "ana 240 iv 2026-11-18T22:00Z over 4h",
        ]
        .map(given),
    );
    facts.push(Fact::Administered(unknown));
    let exposure = over(&chart_of(facts), Window::Day0, NOW);
    let anakinra = &exposure.anakinra;
    assert_eq!((anakinra.mg, anakinra.doses, anakinra.days), (mg("540"), 3, 3));
    assert_eq!(anakinra.mg_per_kg, Some(mg("10.8")));
    assert_eq!(exposure.daily.anakinra.get(&date("2026-11-18")), Some(&mg("120")));
    assert_eq!((exposure.total, exposure.undecided.mg, exposure.undecided.without_mg), (mg("0"), mg("0"), 0));
    assert_eq!(exposure.left_out.len(), 3, "held, intrathecal, unknown");
}

#[test]
fn the_hours_after_the_first_steroid_are_negative_when_anakinra_came_first() {
    for (anakinra, hours, within) in [
        ("2026-11-14T12:30Z", "4.5", true),
        ("2026-11-14T08:00Z", "0", true),
        ("2026-11-15T08:00Z", "24", true),
        ("2026-11-15T08:01Z", "24.016667", false),
        ("2026-11-14T02:00Z", "-6", true),
        ("2026-11-13T08:00Z", "-24", true),
        ("2026-11-13T07:59Z", "-24.016667", false),
    ] {
        let chart = doses(&["dex 10 iv 2026-11-14T08:00Z", &format!("ana 100 sc {anakinra}")]);
        let found = over(&chart, Window::All, NOW).anakinra;
        assert_eq!(found.hours_after_first_steroid().map(Exact::decimal).as_deref(), Some(hours), "{anakinra}");
        assert_eq!(found.within_24h(), Some(within), "{anakinra}");
    }
    let alone = over(&doses(&["ana 100 sc 2026-11-14T08:00Z"]), Window::All, NOW).anakinra;
    assert_eq!((alone.hours_after_first_steroid(), alone.within_24h()), (None, None));
}

#[test]
fn anakinra_never_adds_to_the_steroid_curve() {
    let chart = doses(&["ana 100 sc 2026-11-14T08:00Z", "dex 10 iv 2026-11-14T09:00Z"]);
    assert_eq!(total(&chart, Window::All, NOW), "10");
}

#[test]
fn the_mean_is_over_the_days_with_anakinra_and_the_peak_is_the_largest_day() {
    let chart = chart_of([
        infused("2026-11-13T10:00Z"),
        weighed("50 kg", "2026-11-12T08:00Z"),
        given("ana 100 sc 2026-11-14T08:00Z"),
        // 50 mg before midnight and 150 mg after it.
        given("ana 200 iv 2026-11-15T22:00Z over 8h"),
        given("ana 100 sc 2026-11-16T20:00Z"),
        given("ana 250 sc 2026-11-20T20:00Z"),
    ]);
    let anakinra = over(&chart, Window::Day0, NOW).anakinra;
    assert_eq!((anakinra.mg, anakinra.days), (mg("650"), 4));
    assert_eq!(anakinra.per_day, Some(mg("162.5")), "four days with it, not seven");
    assert_eq!(anakinra.per_kg_per_day, Some(mg("3.25")));
    assert_eq!(anakinra.peak, Some((date("2026-11-16"), mg("250"))), "the earliest of equals");
    assert_eq!(anakinra.peak_per_kg, Some(mg("5")));
    let none = over(&doses(&["dex 10 iv 2026-11-14T08:00Z"]), Window::All, NOW).anakinra;
    assert_eq!((none.per_day, none.peak, none.peak_per_kg), (None, None, None));
    let without_weight = over(&doses(&["ana 100 sc 2026-11-14T08:00Z"]), Window::All, NOW).anakinra;
    assert_eq!((without_weight.per_day, without_weight.per_kg_per_day), (Some(mg("100")), None));
}

fn graded(scale: Scale, grade: u8, when: &str) -> Fact {
    Fact::Graded(Graded { scale, grade: Grade::new(grade).unwrap(), at: at(when), score: None })
}

#[test]
fn each_scale_with_a_grade_is_read_at_the_first_anakinra_and_48_hours_later() {
    let chart = chart_of([
        given("ana 100 sc 2026-11-14T12:00Z"),
        given("ana 100 sc 2026-11-15T12:00Z"),
        graded(Scale::Icans, 1, "2026-11-13T08:00Z"),
        graded(Scale::Icans, 3, "2026-11-14T12:00Z"),
        graded(Scale::Icans, 1, "2026-11-16T12:00Z"),
        graded(Scale::Icans, 4, "2026-11-16T12:01Z"),
        graded(Scale::Crs, 2, "2026-11-15T08:00Z"),
        graded(Scale::IecHs, 2, "2026-11-18T08:00Z"),
    ]);
    for (as_of, expected) in [
        ("2026-11-14T13:00Z", &["ICANS 3 → not yet "][..]),
        ("2026-11-16T11:59Z", &["CRS not graded → not yet ", "ICANS 3 → not yet "]),
        ("2026-11-16T12:00Z", &["CRS not graded → 2 ", "ICANS 3 → 1 lower"]),
        ("2026-11-20T12:00Z", &["CRS not graded → 2 ", "ICANS 3 → 1 lower"]),
    ] {
        let grades = over(&chart, Window::All, as_of).anakinra.grades;
        let found: Vec<_> = grades
            .iter()
            .map(|around| format!("{} {} {}", around.scale.word(), around.shown(), around.change()))
            .collect();
        assert_eq!(found, expected, "{as_of}");
    }
    let without_anakinra = chart_of([graded(Scale::Icans, 3, "2026-11-14T12:00Z")]);
    assert_eq!(over(&without_anakinra, Window::All, NOW).anakinra.grades, []);
}

#[test]
fn a_struck_out_grade_is_in_force_for_nobody() {
    let strike = corticurve::record::StrikeOut {
        target: crate::record::id(2),
        reason: "wrong patient".to_owned(),
        seen: Vec::new(),
    };
    let chart = chart_of([
        given("ana 100 sc 2026-11-14T12:00Z"),
        graded(Scale::Icans, 3, "2026-11-14T08:00Z"),
        Fact::StruckOut(strike),
    ]);
    assert_eq!(over(&chart, Window::All, NOW).anakinra.grades, []);
}

#[test]
fn anakinra_that_is_undecided_or_before_day_0_is_not_forgotten() {
    let chart = after_infusion(&[
        "ana 100 sc 2026-11-12T20:00Z",
        "ana 100 sc 2026-11-15T09:00Z",
        "ana 100 sc 2026-11-16T09:00Z unknown",
        "ana sc 2026-11-17T09:00Z unknown",
    ]);
    let exposure = over(&chart, Window::Day0, "2026-11-22T12:00Z");
    assert_eq!((exposure.anakinra.mg, exposure.anakinra_before_day0), (mg("100"), mg("100")));
    assert_eq!(exposure.anakinra.undecided.words().unwrap(), "100 mg in 1 dose and 1 dose that cannot be converted");
}
