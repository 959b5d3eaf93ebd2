//! Windows: which doses are in, to the second at their edges.

use super::{after_infusion, date, doses, mg, over, total};
use crate::record::{at, offset};
use corticurve::exposure::{Edge, Window, WindowError};

const NOW: &str = "2026-11-22T12:00Z";

pub fn window(text: &str) -> Window {
    Window::parse(text, &offset(0)).unwrap()
}

#[test]
fn each_window_takes_the_doses_inside_it() {
    let chart = after_infusion(&[
        "dex 1 iv 2026-11-11T08:00Z",
        "dex 2 iv 2026-11-12T23:59Z",
        "dex 4 iv 2026-11-13T00:00Z",
        "dex 8 iv 2026-11-13T10:00Z",
        "dex 16 iv 2026-11-19T12:00Z",
        "dex 32 iv 2026-11-21T12:00Z",
        "dex 64 iv 2026-11-21T12:01Z",
        "dex 128 iv 2026-11-22T12:00Z",
        "dex 256 iv 2026-11-22T12:01Z",
    ]);
    for (text, inside) in [
        ("day0", 4 + 8 + 16 + 32 + 64 + 128),
        ("day30", 4 + 8 + 16 + 32 + 64 + 128),
        ("24h", 64 + 128),
        ("72h", 32 + 64 + 128),
        ("7d", 16 + 32 + 64 + 128),
        ("all", 1 + 2 + 4 + 8 + 16 + 32 + 64 + 128),
        ("2026-11-12..2026-11-13", 2 + 4 + 8),
        ("2026-11-13..2026-11-13", 4 + 8),
        ("2026-11-13..2027-01-31", 4 + 8 + 16 + 32 + 64 + 128),
        ("2026-11-13T00:00..2026-11-19T12:00", 8 + 16),
        ("2026-11-12T23:59..2026-11-13T00:00", 4),
        ("2026-11-13..2026-11-21T12:00", 4 + 8 + 16 + 32),
        ("2026-11-21T12:00..2026-11-22", 64 + 128),
        ("2027-01-01..2027-01-31", 0),
    ] {
        assert_eq!(total(&chart, window(text), NOW), inside.to_string(), "{text}");
    }
    let exposure = over(&chart, Window::Day0, NOW);
    assert_eq!((exposure.before_day0, exposure.last_24h), (mg("3"), mg("192")));
    assert_eq!(over(&chart, window("2026-11-13..2026-11-13"), NOW).last_24h, mg("192"), "whatever the window");
}

#[test]
fn days_0_to_30_end_with_day_30_on_the_wall_clock() {
    let chart = after_infusion(&["dex 10 iv 2026-12-13T23:59Z", "dex 4 iv 2026-12-14T00:00Z"]);
    assert_eq!(total(&chart, Window::Day30, "2026-12-31T12:00Z"), "10");
    assert_eq!(total(&chart, Window::Day0, "2026-12-31T12:00Z"), "14");
}

#[test]
fn without_an_infusion_day_windows_are_the_whole_record() {
    let chart = doses(&["dex 10 iv 2020-11-13T10:00Z", "dex 4 iv 2026-11-22T11:00Z"]);
    for window in [Window::Day0, Window::Day30, Window::All] {
        let exposure = over(&chart, window, NOW);
        assert_eq!((exposure.total, exposure.before_day0, exposure.day), (mg("14"), mg("0"), None), "{window:?}");
        assert_eq!(window.shown(false), "whole record");
    }
}

#[test]
fn a_dose_belongs_to_its_own_wall_clock_date() {
    // 23:30 in Berlin is 22:30 in UTC; 00:30 there is still the day before in UTC.
    let chart = after_infusion(&["dex 10 iv 2026-11-12T23:30+01:00", "dex 4 iv 2026-11-13T00:30+01:00"]);
    let exposure = over(&chart, Window::Day0, NOW);
    assert_eq!((exposure.total, exposure.before_day0), (mg("4"), mg("10")));
}

#[test]
fn a_point_dose_at_midnight_belongs_to_the_day_that_begins() {
    let chart = doses(&["dex 10 iv 2026-11-14T00:00Z"]);
    let exposure = over(&chart, Window::All, NOW);
    assert_eq!(exposure.peak_day, Some((date("2026-11-14"), mg("10"))));
    assert_eq!(
        total(&chart, Window::Between(Edge::Date(date("2026-11-13")), Edge::Date(date("2026-11-13"))), NOW),
        "0"
    );
}

#[test]
fn nothing_after_the_as_of_time_counts() {
    let chart = after_infusion(&["dex 10 iv 2026-11-14T08:00Z", "dex 4 iv 2026-11-15T08:00Z"]);
    for (as_of, mg) in [
        ("2026-11-14T07:59:59Z", "0"),
        ("2026-11-14T08:00Z", "10"),
        ("2026-11-15T07:59:59Z", "10"),
        ("2026-11-15T08:00Z", "14"),
    ] {
        assert_eq!(total(&chart, Window::Day0, as_of), mg, "{as_of}");
    }
}

#[test]
fn a_text_that_is_no_window_is_refused_with_what_to_write() {
    for text in ["", "day1", "24", "48h", "ALL", "2026-11-13", "..", "a..b", "2026-11-13..", "2026-02-30..2026-03-01"] {
        let error = Window::parse(text, &offset(0)).expect_err(text).to_string();
        assert!(error.contains("write") || error.contains("check"), "{text}: {error}");
    }
    for text in ["2026-11-20..2026-11-13", "2026-11-13T10:00..2026-11-13T10:00", "2026-11-14..2026-11-13T10:00"] {
        assert!(matches!(Window::parse(text, &offset(0)), Err(WindowError::Reversed(_))), "{text}");
    }
}

#[test]
fn a_window_is_named_in_words() {
    for (text, shown) in [
        ("day0", "Day 0 to now"),
        ("day30", "Day 0 to 30"),
        ("24h", "last 24 h"),
        ("72h", "last 72 h"),
        ("7d", "last 7 days"),
        ("all", "whole record"),
        ("2026-11-13..2026-11-20", "13-Nov-2026 to 20-Nov-2026"),
        ("2026-11-13T08:00..2026-11-20T09:30", "13-Nov-2026 08:00 to 20-Nov-2026 09:30"),
    ] {
        assert_eq!(window(text).shown(true), shown);
    }
}

#[test]
fn hours_are_instants_across_the_clock_change() {
    // In Berlin on 25 October 2026 the day has 25 hours: 24 h before 12:00 winter time is 13:00 summer time the day before.
    let chart = doses(&["dex 10 iv 2026-10-24T13:00+02:00", "dex 4 iv 2026-10-24T13:01+02:00"]);
    assert_eq!(over(&chart, Window::All, "2026-10-25T12:00+01:00").last_24h, mg("4"));
    assert_eq!(at("2026-10-25T12:00+01:00") - at("2026-10-24T13:00+02:00"), chrono::TimeDelta::hours(24));
}
