//! Charts that nobody should have made: no panic, no hang, no number that is silently wrong.

use super::{chart_of, dose, doses, infused, mg, over, rules, weighed};
use crate::record::{at, entry, offset};
use chrono::{DateTime, Datelike, FixedOffset, TimeDelta};
use corticurve::exposure::figure::Figure;
use corticurve::exposure::{Edge, Exposure, Overflow, Window, log};
use corticurve::record::{
    Administration, Amount, Chart, ChartCheck, Event, Fact, Given, Grade, Graded, Infusion, Measure, Measurement,
    Moment, Noted, Scale,
};
use proptest::prelude::*;
use std::time::Instant;

/// Times that a file may hold but no ward has: the ends of the calendar among them.
fn far_moments() -> impl Strategy<Value = Moment> {
    let (first, last) = (DateTime::<chrono::Utc>::MIN_UTC.timestamp(), DateTime::<chrono::Utc>::MAX_UTC.timestamp());
    let seconds = prop_oneof![first..=first + 200_000, last - 200_000..=last, 0..4_000_000_000_i64];
    let offset = prop_oneof![Just(0), -14..=14_i32].prop_map(|hours| FixedOffset::east_opt(hours * 3600).unwrap());
    (seconds, offset).prop_filter_map("beyond the calendar", |(seconds, offset)| {
        let utc = DateTime::from_timestamp(seconds, 0)?.naive_utc();
        utc.checked_add_offset(offset)?;
        Some(utc.and_utc().with_timezone(&offset))
    })
}

/// Everything that is worked out of a chart; an error is an answer.
fn everything(chart: &Chart, window: Window, as_of: Moment) {
    let Ok(exposure) = Exposure::of(chart, rules(), window, as_of) else { return };
    let figure = Figure::of(chart, rules(), &exposure).unwrap();
    figure.axis.ticks(figure.view.0, figure.view.1, 12, true);
    for x in [figure.now, figure.view.0, figure.view.1, f64::NAN, f64::MAX] {
        figure.read_out(x, 1.0);
    }
    assert_eq!(log(chart, rules(), &exposure).unwrap().len(), chart.administrations.len());
    let _ = (exposure.first_dose_early(), exposure.infusion_to_first_dose(), exposure.since_last_dose());
}

proptest! {
    #[test]
    fn no_times_in_a_chart_make_it_panic_or_hang(
        moments in proptest::collection::vec(far_moments(), 8), as_of in far_moments(), hours in any::<i64>(),
    ) {
        let plain = dose("dex 10 iv 2026-11-14T08:00Z");
        let at = |nth: usize| moments[nth];
        let chart = chart_of([
            Fact::Administered(Administration { given: Given::At(at(0)), ..plain.clone() }),
            Fact::Administered(Administration { given: Given::Over(at(1), at(2)), ..plain }),
            Fact::Infused(Infusion { product: "axi-cel".to_owned(), at: at(3) }),
            Fact::Graded(Graded { scale: Scale::Crs, grade: Grade::new(2).unwrap(), at: at(4), score: None }),
            Fact::Noted(Noted { event: Event::IntensiveCareIn, at: at(5) }),
            Fact::ChartChecked(ChartCheck { up_to: at(6) }),
            Fact::Measured(Measurement { what: Measure::Weight("0.5 kg".parse().unwrap()), at: at(7) }),
        ]);
        let edges = [at(0), at(3)].map(|at| [Edge::Instant(at), Edge::Date(at.date_naive())]);
        let between = |from: usize, to: usize| Window::Between(edges[0][from], edges[1][to]);
        for window in [Window::Day0, Window::Day30, Window::All, Window::LastHours(hours), Window::LastHours(24),
            between(0, 0), between(1, 1), between(0, 1), between(1, 0)] {
            everything(&chart, window, as_of);
        }
    }
}

#[test]
fn an_infusion_over_centuries_is_an_error_at_once_and_not_a_hang() {
    let given = Given::Over(at("1900-01-01T00:00Z"), at("9000-01-01T00:00Z"));
    let chart = chart_of([Fact::Administered(Administration { given, ..dose("dex 10 iv 2026-11-14T08:00Z") })]);
    let start = Instant::now();
    assert_eq!(Exposure::of(&chart, rules(), Window::All, at("9000-01-01T00:00Z")).map(|_| ()), Err(Overflow));
    // No file can hold such a dose; over a short window it is the same error, as every date of the record is looked at.
    let day = Exposure::of(&chart, rules(), Window::LastHours(24), at("2026-11-14T08:00Z"));
    assert_eq!(day.map(|_| ()), Err(Overflow));
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}

#[test]
fn sums_beyond_what_can_be_held_are_an_error_that_says_what_to_do() {
    // Thirty infusions of about half an hour under way at once, whose lengths in seconds share no divisor.
    let primes = (2..2_000_i64).filter(|n| (2..*n).all(|d| n % d != 0)).skip(200).take(30);
    let start = at("2026-11-14T08:00Z");
    let facts = primes.map(|prime| {
        let given = Given::Over(start, start + TimeDelta::seconds(prime));
        Fact::Administered(Administration { given, ..dose("dex 10 iv 2026-11-14T08:00Z") })
    });
    let chart = chart_of(facts);
    let error = Exposure::of(&chart, rules(), Window::All, start + TimeDelta::seconds(1)).unwrap_err();
    assert!(error.to_string().contains("check the doses"), "{error}");
    let whole = Exposure::of(&chart, rules(), Window::LastHours(720), at("2026-11-22T12:00Z"));
    assert!(whole.is_ok_and(|exposure| exposure.total == mg("300")), "once they have ended their sum is plain");
}

#[test]
fn the_largest_and_smallest_amounts_and_weights_stay_exact() {
    let most = Amount::from_micrograms(9_999_999_999);
    let chart = chart_of([
        infused("2026-11-13T10:00Z"),
        weighed("0.5 kg", "2026-11-12T10:00Z"),
        Fact::Administered(Administration {
            amount: Some(corticurve::record::Quantity::Mass(most)),
            ..dose("dex 1 iv 2026-11-14T08:00Z")
        }),
        Fact::Administered(dose("methylpred 1mcg iv 2026-11-14T08:00Z")),
    ]);
    let exposure = over(&chart, Window::Day0, "2026-11-22T12:00Z");
    assert_eq!(exposure.total.decimal(), "9999999.9991875");
    assert_eq!(exposure.mg_per_kg.unwrap().decimal(), "19999999.998375");
    let heavy = chart_of([weighed("400 kg", "2026-11-12T10:00Z"), super::given("dex 10 iv 2026-11-14T08:00Z")]);
    assert_eq!(over(&heavy, Window::All, "2026-11-22T12:00Z").mg_per_kg.unwrap().decimal(), "0.025");
}

#[test]
fn any_amount_in_memory_is_added_exactly_or_refused() {
    let chart = chart_of((0..3).map(|_| {
        let amount = Amount::from_micrograms(u64::MAX);
        Fact::Administered(Administration {
            amount: Some(corticurve::record::Quantity::Mass(amount)),
            ..dose("dex 1 iv 2026-11-14T08:00Z")
        })
    }));
    assert_eq!(over(&chart, Window::All, "2026-11-22T12:00Z").total.decimal(), "55340232221128654.845");
}

#[test]
fn ten_thousand_doses_are_worked_out_in_a_moment() {
    let start = at("2024-01-01T00:00Z");
    let dose = |nth: i64| {
        let from = start + TimeDelta::hours(3 * nth);
        let given = if nth % 5 == 0 { Given::Over(from, from + TimeDelta::minutes(300)) } else { Given::At(from) };
        let name = if nth % 3 == 0 { "methylpred 7.3 iv" } else { "dex 4 iv" };
        Fact::Administered(Administration { given, ..super::dose(&format!("{name} 2026-11-14T08:00Z")) })
    };
    let entries: Vec<_> = (0..10_000).map(|nth| entry(u32::try_from(nth).unwrap(), nth, dose(nth))).collect();
    let chart = Chart::fold(&entries);
    let clock = Instant::now();
    everything(&chart, Window::All, at("2028-01-01T00:00Z"));
    let took = clock.elapsed();
    println!("10,000 doses: {took:?}");
    assert!(took.as_secs() < 60, "a hang, not slowness, fails this: {took:?}");
}

#[test]
fn what_is_seen_from_another_time_zone_is_the_same_amount() {
    let chart = doses(&["dex 10 iv 2026-11-14T08:00Z", "dex 8 iv 2026-11-14T22:00Z over 4h"]);
    for hours in -14..=14 {
        let as_of = at("2026-11-22T12:00Z").with_timezone(&offset(hours));
        let exposure = super::seen(&chart, rules(), Window::All, as_of);
        assert_eq!((exposure.total, exposure.peak_day.unwrap().0.day()), (mg("18"), 14), "{hours}");
    }
}
