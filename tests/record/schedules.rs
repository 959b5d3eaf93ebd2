//! When planned doses are due: by instants, by whole days, across clock changes, and never without end.

use super::{Berlin, at, offset};
use chrono::NaiveTime;
use corticurve::record::{DrugId, Interval, Moment, ScheduleError, Stage, StageEnd, Zone};

fn stage(every: Interval, from: &str, until: StageEnd) -> Stage {
    let drug = DrugId::new("dexamethasone");
    Stage { drug, amount: "10 mg".parse().unwrap(), route: None, ordered: None, every, from: at(from), until }
}

fn clock(text: &str) -> NaiveTime {
    corticurve::record::time::parse_clock(text).unwrap()
}

fn shown(times: &[Moment]) -> Vec<String> {
    times.iter().map(|at| at.format("%d %H:%M%z").to_string()).collect()
}

#[track_caller]
fn due(stage: &Stage, zone: &dyn Zone, expected: &[&str]) {
    assert_eq!(shown(&stage.times(zone).unwrap()), expected, "{}", stage.shown());
}

#[test]
fn a_daily_dose_stays_at_its_time_of_day_when_the_clocks_change() {
    let daily = |from, doses| stage(Interval::OverDays { doses: 1, days: 1 }, from, StageEnd::Doses(doses));
    due(&daily("2026-10-24T08:00+02:00", 3), &Berlin, &["24 08:00+0200", "25 08:00+0100", "26 08:00+0100"]);
    due(&daily("2026-03-28T08:00+01:00", 3), &Berlin, &["28 08:00+0100", "29 08:00+0200", "30 08:00+0200"]);
}

#[test]
fn an_interval_in_hours_goes_by_instants() {
    let q6h = stage(Interval::Minutes(360), "2026-10-24T20:00+02:00", StageEnd::Doses(4));
    due(&q6h, &Berlin, &["24 20:00+0200", "25 02:00+0200", "25 07:00+0100", "25 13:00+0100"]);
    let times = q6h.times(&Berlin).unwrap();
    assert!(times.windows(2).all(|two| two[1] - two[0] == chrono::TimeDelta::hours(6)));
}

#[test]
fn the_repeated_hour_means_its_first_and_the_skipped_one_the_same_instant_as_before_the_change() {
    let daily = |from, doses| stage(Interval::OverDays { doses: 1, days: 1 }, from, StageEnd::Doses(doses));
    due(&daily("2026-10-24T02:30+02:00", 3), &Berlin, &["24 02:30+0200", "25 02:30+0200", "26 02:30+0100"]);
    due(&daily("2026-03-28T02:30+01:00", 3), &Berlin, &["28 02:30+0100", "29 03:30+0200", "30 02:30+0200"]);
    // A first dose written as the second time of the repeated hour is that instant.
    due(&daily("2026-10-25T02:30+01:00", 2), &Berlin, &["25 02:30+0100", "26 02:30+0100"]);
}

#[test]
fn times_of_day_count_from_the_first_that_is_not_before_the_beginning() {
    let at_eight = Interval::TimesOfDay(vec![clock("20:00"), clock("08:00"), clock("08:00")]);
    let three = stage(at_eight.clone(), "2026-11-22T14:32+01:00", StageEnd::Doses(3));
    due(&three, &Berlin, &["22 20:00+0100", "23 08:00+0100", "23 20:00+0100"]);
    let from_eight = stage(at_eight, "2026-11-22T08:00+01:00", StageEnd::For(1440));
    due(&from_eight, &Berlin, &["22 08:00+0100", "22 20:00+0100"]);
    // In the skipped hour 02:30 is due at 03:30, after 03:15 of the same morning; the list stays in order.
    let early = Interval::TimesOfDay(vec![clock("02:30"), clock("03:15")]);
    due(&stage(early, "2026-03-29T00:00+01:00", StageEnd::Doses(2)), &Berlin, &["29 03:15+0200", "29 03:30+0200"]);
}

#[test]
fn ends_hold_what_they_say() {
    let q12h = |until| stage(Interval::Minutes(720), "2026-11-22T08:00+01:00", until).times(&Berlin).unwrap().len();
    let midday = at("2026-11-23T08:00+01:00");
    assert_eq!(q12h(StageEnd::At(midday)), 3, "a dose due at the end is still one of the stage");
    assert_eq!(q12h(StageEnd::For(3 * 1440)), 6, "every 12 hours for 3 days is 6 doses");
    assert_eq!(q12h(StageEnd::On(midday.date_naive())), 4);
    assert_eq!(q12h(StageEnd::Doses(0)), 0);
    assert_eq!(q12h(StageEnd::At(at("2026-11-21T08:00+01:00"))), 0, "it ends before it begins");
    // Three days on the clock, one of which has 25 hours.
    let daily = stage(Interval::OverDays { doses: 1, days: 1 }, "2026-10-24T08:00+02:00", StageEnd::For(3 * 1440));
    assert_eq!(daily.times(&Berlin).unwrap().len(), 3);
}

#[test]
fn seven_times_a_day_is_spread_over_the_day_in_whole_minutes() {
    let seven = stage(Interval::PerDay(7), "2026-11-22T00:00+00:00", StageEnd::Doses(8));
    let expected = ["00:00", "03:25", "06:51", "10:17", "13:42", "17:08", "20:34", "00:00"];
    let times: Vec<String> = seven.times(&offset(0)).unwrap().iter().map(|at| at.format("%H:%M").to_string()).collect();
    assert_eq!(times, expected);
}

#[test]
fn what_would_come_next_is_one_interval_after_the_last_dose() {
    let q6h = stage(Interval::Minutes(360), "2026-11-22T08:00+01:00", StageEnd::Doses(8));
    assert_eq!(q6h.next_after(&Berlin).unwrap(), Some(at("2026-11-24T08:00+01:00")));
    assert_eq!(stage(Interval::Once, "2026-11-22T08:00+01:00", StageEnd::Doses(1)).next_after(&Berlin), Ok(None));
}

#[test]
fn a_plan_without_end_or_without_interval_is_an_error_and_never_hangs() {
    let from = "2026-11-22T08:00+01:00";
    let far = StageEnd::At(at("8999-01-01T00:00Z"));
    for (every, until, error) in [
        (Interval::Minutes(0), StageEnd::Doses(3), ScheduleError::NoInterval("every 0 min".to_owned())),
        (Interval::PerDay(0), StageEnd::Doses(3), ScheduleError::NoInterval("0 times a day".to_owned())),
        (Interval::OverDays { doses: 0, days: 0 }, far, ScheduleError::NoInterval("0 times in 0 days".to_owned())),
        (Interval::OverDays { doses: 2, days: 1 }, far, ScheduleError::NoInterval("2 times in a day".to_owned())),
        (Interval::TimesOfDay(Vec::new()), far, ScheduleError::NoInterval("at ".to_owned())),
        (Interval::Minutes(1), far, ScheduleError::TooMany),
        (Interval::Minutes(1), StageEnd::Doses(u32::MAX), ScheduleError::TooMany),
        (Interval::Minutes(u32::MAX), StageEnd::Doses(u32::MAX), ScheduleError::Calendar),
        (Interval::OverDays { doses: 1, days: u32::MAX }, StageEnd::Doses(9), ScheduleError::Calendar),
    ] {
        assert_eq!(stage(every, from, until).times(&Berlin), Err(error));
    }
}
