//! Anakinra beside the steroid.

use super::{chart_of, date, doses, given, infused, mg, over, total, weighed};
use corticurve::exposure::{Exact, Window};
use corticurve::record::{Administration, Fact, Status};

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
    assert_eq!((exposure.total, exposure.undecided, exposure.undecided_without_mg), (mg("0"), mg("0"), 0));
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
