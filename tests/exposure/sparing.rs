//! The steroid-sparing read-out: the daily dose before the first anakinra, the daily dose after, and when there is none.

use super::{chart_of, doses, given_over, mg, over};
use crate::record::at;
use corticurve::exposure::{Edge, NoSparing, Sparing, Window};
use corticurve::record::{Administration, Chart, Fact, Status};

const NOW: &str = "2026-11-22T12:00Z";

#[track_caller]
fn sparing(chart: &Chart, as_of: &str) -> Result<Sparing, NoSparing> {
    over(chart, Window::All, as_of).sparing
}

/// Before per day, after per day, difference.
#[track_caller]
fn figures(chart: &Chart, as_of: &str) -> [String; 3] {
    let sparing = sparing(chart, as_of).unwrap_or_else(|reason| panic!("{reason}"));
    [sparing.before_per_day, sparing.after_per_day, sparing.difference].map(corticurve::exposure::Exact::decimal)
}

/// 20 mg a day for two days; then anakinra and 15 mg on two dates.
const TWO_DAYS: [&str; 7] = [
    "dex 10 iv 2026-11-14T08:00Z",
    "dex 10 iv 2026-11-14T20:00Z",
    "dex 10 iv 2026-11-15T08:00Z",
    "dex 10 iv 2026-11-15T20:00Z",
    "ana 100 sc 2026-11-16T08:00Z",
    "dex 10 iv 2026-11-16T08:00Z",
    "dex 5 iv 2026-11-17T08:00Z",
];

#[test]
fn the_daily_doses_before_and_after_and_their_difference_are_exact() {
    for (lines, as_of, expected) in [
        // 40 mg in 48 h; 15 mg in the 40 h to the midnight after the last dose; 20 × 40/24 − 15.
        (&TWO_DAYS[..], NOW, ["20", "9", "18.333333"]),
        // The same seen before that midnight: 36 h.
        (&TWO_DAYS[..], "2026-11-17T20:00Z", ["20", "10", "15"]),
        // More after than before: 4 mg in 24 h, 20 mg in 16 h.
        (
            &["dex 4 iv 2026-11-14T08:00Z", "ana 100 sc 2026-11-15T08:00Z", "dex 20 iv 2026-11-15T08:00Z"],
            NOW,
            ["4", "30", "-17.333333"],
        ),
        (
            &["dex 10 iv 2026-11-14T00:00Z", "ana 100 sc 2026-11-15T00:00Z", "dex 10 iv 2026-11-15T00:00Z"],
            NOW,
            ["10", "10", "0"],
        ),
        // Other drugs by their equivalent: 80 mg of methylprednisolone are 15 mg.
        (
            &["methylpred 80 iv 2026-11-14T00:00Z", "ana 100 sc 2026-11-15T00:00Z", "dex 5 iv 2026-11-15T06:00Z"],
            NOW,
            ["15", "5", "10"],
        ),
    ] {
        assert_eq!(figures(&doses(lines), as_of), expected, "{lines:?} at {as_of}");
    }
}

#[test]
fn an_infusion_gives_each_stretch_its_share_and_no_day_after_its_midnight() {
    // 1 mg an hour for 48 h, to midnight; anakinra after 36 h.
    let chart = doses(&["dex 48 iv 2026-11-14T00:00Z over 48h", "ana 100 sc 2026-11-15T12:00Z"]);
    assert_eq!(figures(&chart, NOW), ["24", "24", "0"]);
    assert_eq!(sparing(&chart, NOW).unwrap().until, at("2026-11-16T00:00Z"));
    // Seen while it runs, 6 h after the anakinra.
    assert_eq!(figures(&chart, "2026-11-15T18:00Z"), ["24", "24", "0"]);
}

#[test]
fn days_are_days_of_24_hours_also_when_the_clocks_change() {
    // 25 hours lie between 08:00 on these two days.
    let chart = doses(&[
        "dex 25 iv 2026-10-24T08:00+02:00",
        "ana 100 sc 2026-10-25T08:00+01:00",
        "dex 12 iv 2026-10-25T08:00+01:00",
    ]);
    assert_eq!(figures(&chart, NOW), ["24", "18", "4"]);
    assert_eq!(sparing(&chart, NOW).unwrap().until, at("2026-10-26T00:00+01:00"));
}

#[test]
fn without_a_day_of_steroid_before_anakinra_there_is_no_figure_and_it_says_why() {
    for (lines, as_of, reason) in [
        (&["ana 100 sc 2026-11-14T08:00Z"][..], NOW, "no steroid is counted in this window"),
        (&["dex 10 iv 2026-11-14T08:00Z"], NOW, "needs anakinra: none is counted in this window"),
        (
            &["dex 10 iv 2026-11-14T08:00Z", "ana 100 sc 2026-11-14T12:30Z", "dex 10 iv 2026-11-15T08:00Z"],
            NOW,
            "needs at least 24 h of steroid before the first anakinra: there were 4 h 30 min",
        ),
        (
            &["dex 10 iv 2026-11-14T08:00Z", "ana 100 sc 2026-11-15T07:59Z", "dex 10 iv 2026-11-15T08:00Z"],
            NOW,
            "there were 23 h 59 min",
        ),
        (&["ana 100 sc 2026-11-13T08:00Z", "dex 10 iv 2026-11-14T08:00Z"], NOW, "anakinra came first, by 24 h 0 min"),
        (
            &["dex 10 iv 2026-11-14T08:00Z", "ana 100 sc 2026-11-16T08:00Z"],
            NOW,
            "needs steroid after the first anakinra: none is counted",
        ),
        (
            &["dex 10 iv 2026-11-14T08:00Z", "ana 100 sc 2026-11-16T08:00Z", "dex 5 iv 2026-11-16T08:00Z"],
            "2026-11-16T08:00Z",
            "it is given at this moment",
        ),
    ] {
        let refused = sparing(&doses(lines), as_of).expect_err(reason).to_string();
        crate::record::says(&refused, &[reason]);
    }
    let held = ["hold ana 100 2026-11-14T09:00Z", "dex 10 iv 2026-11-14T08:00Z"];
    assert_eq!(sparing(&doses(&held), NOW), Err(NoSparing::NoAnakinra), "what was held never began");
}

#[test]
fn exactly_24_hours_are_enough() {
    let lines = ["dex 10 iv 2026-11-14T08:00Z", "ana 100 sc 2026-11-15T08:00Z", "dex 5 iv 2026-11-15T20:00Z"];
    assert!(sparing(&doses(&lines), NOW).is_ok());
}

#[test]
fn it_is_of_the_window_alone() {
    let chart = doses(&TWO_DAYS);
    let instants = |from: &str, to: &str| Window::Between(Edge::Instant(at(from)), Edge::Instant(at(to)));
    let from_the_second_dose = over(&chart, instants("2026-11-14T12:00Z", "2026-11-17T02:00Z"), NOW).sparing.unwrap();
    // 30 mg in 36 h; 10 mg in the 16 h to the end of the 16th.
    assert_eq!((from_the_second_dose.before_per_day, from_the_second_dose.after_per_day), (mg("20"), mg("15")));
    let cut = over(&chart, instants("2026-11-14T12:00Z", "2026-11-16T20:00Z"), NOW).sparing.unwrap();
    assert_eq!((cut.until, cut.after_per_day), (at("2026-11-16T20:00Z"), mg("20")), "a window ends its last day");
    let straddling = chart_of([
        given_over("dex 48 iv", "2026-11-14T00:00Z", "2026-11-16T00:00Z"),
        super::given("ana 100 sc 2026-11-15T12:00Z"),
    ]);
    let late = over(&straddling, instants("2026-11-14T12:00Z", NOW), NOW).sparing.unwrap();
    assert_eq!((late.from, late.before_per_day), (at("2026-11-14T12:00Z"), mg("24")), "from the window's start");
}

#[test]
fn undecided_doses_of_either_stretch_are_said_beside_it() {
    let unknown = |line: &str| Fact::Administered(Administration { status: Status::Unknown, ..super::dose(line) });
    let mut facts: Vec<Fact> = TWO_DAYS.iter().map(|line| super::given(line)).collect();
    facts.extend([
        unknown("predniSONE 40 po 2026-11-13T08:00Z"),
        unknown("predniSONE 20 po 2026-11-16T08:00Z"),
        unknown("dex 24 iv 2026-11-15T20:00Z over 24h"),
        unknown("ana 100 sc 2026-11-14T08:00Z"),
        unknown("ana 100 sc 2026-11-18T08:00Z"),
    ]);
    let without_amount = Administration { amount: None, ..super::dose("dex 1 po 2026-11-17T08:00Z") };
    facts.push(Fact::Administered(without_amount));
    let sparing = sparing(&chart_of(facts), NOW).unwrap();
    // 6 mg of prednisone and half the infusion; 3 mg, the other half, and one without an amount.
    assert_eq!(sparing.undecided_before.words().unwrap(), "18 mg in 2 doses");
    assert_eq!(sparing.undecided_after.words().unwrap(), "15 mg in 2 doses and 1 dose that cannot be converted");
    assert_eq!(sparing.undecided_anakinra, 1);
    assert_eq!((sparing.before, sparing.after), (mg("40"), mg("15")), "never added in");
}

#[test]
fn the_difference_is_said_as_less_or_more_and_never_as_an_effect() {
    let less = sparing(&doses(&TWO_DAYS), NOW).unwrap().difference_words();
    assert_eq!(less, "18.33 mg less than if the earlier daily dose had gone on until the last steroid day");
    let lines = ["dex 4 iv 2026-11-14T08:00Z", "ana 100 sc 2026-11-15T08:00Z", "dex 20 iv 2026-11-15T08:00Z"];
    crate::record::says(&sparing(&doses(&lines), NOW).unwrap().difference_words(), &["17.33 mg more than if"]);
    let lines = ["dex 10 iv 2026-11-14T00:00Z", "ana 100 sc 2026-11-15T00:00Z", "dex 10 iv 2026-11-15T00:00Z"];
    crate::record::says(&sparing(&doses(&lines), NOW).unwrap().difference_words(), &["the same as if"]);
}
