//! Times on the ward's clock, and days counted from the infusion.

use super::{Berlin, at, offset, says};
use chrono::{NaiveDate, TimeDelta};
use corticurve::record::{Day, time};
use proptest::prelude::*;

#[test]
fn every_form_of_a_moment_is_taken() {
    for (text, moment) in [
        ("2026-11-22 14:30", "2026-11-22T14:30:00+01:00"),
        ("2026-11-22T14:30", "2026-11-22T14:30:00+01:00"),
        (" 2026-11-22  9:05 ", "2026-11-22T09:05:00+01:00"),
        ("2026-11-22 14:30:59", "2026-11-22T14:30:59+01:00"),
        ("2026-11-22T14:30Z", "2026-11-22T14:30:00+00:00"),
        ("2026-11-22T14:30-05:00", "2026-11-22T14:30:00-05:00"),
        ("2026-11-22T14:30+0530", "2026-11-22T14:30:00+05:30"),
        ("2026-07-01 00:00", "2026-07-01T00:00:00+02:00"),
        ("2028-02-29 23:59", "2028-02-29T23:59:00+01:00"),
        ("2204-01-01 12:00", "2204-01-01T12:00:00+01:00"),
    ] {
        assert_eq!(time::parse_moment(text, &Berlin).unwrap().to_rfc3339(), moment, "{text}");
    }
}

#[test]
fn what_is_no_time_is_refused_with_the_text_and_what_to_write() {
    for (text, parts) in [
        ("2026-02-30 10:00", &["2026-02-30", "does not exist"][..]),
        ("2026-02-29 10:00", &["does not exist"]),
        ("2026-13-01 10:00", &["does not exist"]),
        ("2026-00-10 10:00", &["does not exist"]),
        ("2026-11-22 24:00", &["24:00", "does not exist"]),
        ("2026-11-22 25:00", &["25:00", "does not exist"]),
        ("2026-11-22 14:60", &["does not exist"]),
        ("2026-11-22 14:30:60", &["does not exist"]),
        ("1899-12-31 10:00", &["does not exist"]),
        ("2026-11-22", &["'2026-11-22'", "is not a time", "2026-11-22 14:30"]),
        ("22.11.2026 14:30", &["is not a time"]),
        ("22/11/2026 14:30", &["is not a time"]),
        ("2026-11-22 14.30", &["'2026-11-22 14.30'", "is not a time"]),
        ("2026-11-22 2:30pm", &["is not a time"]),
        ("2026-11-22 1４:30", &["is not a time"]),
        ("2026-11-22T14:30+1:00", &["is not a time"]),
        ("2026-11-22T14:30+15:00", &["is not a time"]),
        ("2026-11-22T14:30+01:60", &["is not a time"]),
        ("2026-11-22T14:30+:0100", &["is not a time"]),
        ("2026-11-22T14:30+0:1:0:0", &["is not a time"]),
        ("", &["is not a time"]),
        ("NaN", &["'NaN'", "is not a time"]),
    ] {
        says(&time::parse_moment(text, &Berlin).expect_err(text).to_string(), parts);
    }
}

#[test]
fn the_repeated_hour_is_asked_and_the_offered_forms_are_taken() {
    let asked = time::parse_moment("2026-10-25 02:30", &Berlin).unwrap_err().to_string();
    says(&asked, &["02:30 happened twice", "2026-10-25T02:30+02:00 for the 1st", "2026-10-25T02:30+01:00 for the 2nd"]);
    let first = time::parse_moment("2026-10-25T02:30+02:00", &Berlin).unwrap();
    let second = time::parse_moment("2026-10-25T02:30+01:00", &Berlin).unwrap();
    assert_eq!(second - first, TimeDelta::hours(1));
    for single in ["2026-10-25 01:59", "2026-10-25 03:00"] {
        assert!(time::parse_moment(single, &Berlin).is_ok(), "{single}");
    }
}

#[test]
fn the_skipped_hour_is_refused() {
    for skipped in ["2026-03-29 02:00", "2026-03-29 02:59"] {
        says(&time::parse_moment(skipped, &Berlin).unwrap_err().to_string(), &[skipped, "was skipped"]);
    }
    assert_eq!(time::parse_moment("2026-03-29 03:00", &Berlin).unwrap(), at("2026-03-29T01:00Z"));
}

#[test]
fn a_time_is_also_taken_as_it_is_shown() {
    for day in ["2026-01-01", "2026-05-31", "2026-08-09", "2026-10-22", "2026-12-31"] {
        let moment = time::parse_moment(&format!("{day} 14:30"), &Berlin).unwrap();
        let shown = time::shown(moment);
        for text in [shown.clone(), shown.to_uppercase(), shown.to_lowercase()] {
            assert_eq!(time::parse_moment(&text, &Berlin), Ok(moment), "{text}");
        }
    }
    for wrong in ["1-2-2026", "22-November-2026", "22-Nov-26", "022-Nov-2026", "Nov-22-2026", "22-Nov", "22-Nov-2026-"]
    {
        says(&time::parse_date(wrong).unwrap_err().to_string(), &[wrong, "is not a date"]);
    }
}

#[test]
fn a_day_is_the_wall_clock_date_minus_the_date_of_the_infusion() {
    let date = |text: &str| time::parse_date(text).unwrap();
    for (dose, infusion, shown) in [
        ("2026-11-22", "2026-11-22", "0"),
        ("2026-11-23", "2026-11-22", "+1"),
        ("2026-11-21", "2026-11-22", "−1"),
        ("2026-03-01", "2026-02-28", "+1"),
        ("2028-03-01", "2028-02-28", "+2"),
        ("2027-01-01", "2026-12-31", "+1"),
        ("2026-12-01", "2026-10-31", "+31"),
        ("2026-03-30", "2026-03-28", "+2"),
        ("2026-10-26", "2026-10-24", "+2"),
    ] {
        let day = Day::of(date(dose), date(infusion));
        assert_eq!((day.to_string().as_str(), day.date(date(infusion))), (shown, Some(date(dose))));
    }
    assert_eq!(Day(i64::MAX).date(date("2026-11-22")), None);
}

#[test]
fn a_dose_keeps_its_day_across_the_clock_change() {
    // 23:30 in summer time and 23:30 in winter time are a day and an hour apart, and one day by the wall clock.
    let before = time::parse_moment("2026-10-24 23:30", &Berlin).unwrap();
    let after = time::parse_moment("2026-10-25 23:30", &Berlin).unwrap();
    assert_eq!(after - before, TimeDelta::hours(25));
    assert_eq!(Day::of(after.date_naive(), before.date_naive()), Day(1));
}

#[test]
fn an_instant_has_the_offset_that_the_wards_clock_had_then() {
    for (instant, wall) in [
        ("2026-03-28T22:30Z", "2026-03-28T23:30:00+01:00"),
        ("2026-03-29T00:59Z", "2026-03-29T01:59:00+01:00"),
        ("2026-03-29T01:00Z", "2026-03-29T03:00:00+02:00"),
        ("2026-10-24T22:30Z", "2026-10-25T00:30:00+02:00"),
        ("2026-10-25T00:30Z", "2026-10-25T02:30:00+02:00"),
        ("2026-10-25T01:30Z", "2026-10-25T02:30:00+01:00"),
        ("2026-10-25T02:30Z", "2026-10-25T03:30:00+01:00"),
    ] {
        for hours in [0, 1, 2] {
            let moment = at(instant).with_timezone(&offset(hours));
            assert_eq!(time::on_the_clock_of(&Berlin, moment).to_rfc3339(), wall, "from {hours} h");
        }
    }
}

#[test]
fn times_are_shown_as_the_ward_writes_them() {
    let now = at("2026-03-29T08:00+02:00");
    for (moment, shown) in [
        ("2026-03-29T08:00+02:00", "today 08:00"),
        ("2026-03-28T22:00+01:00", "yesterday 22:00"),
        ("2026-03-27T22:00+01:00", "27-Mar-2026 22:00"),
        ("2026-03-30T06:00+02:00", "30-Mar-2026 06:00"),
    ] {
        assert_eq!(time::shown_near(at(moment), now), shown);
    }
    for (minutes, shown) in
        [(-5, "0 min"), (59, "59 min"), (60, "1 h 0 min"), (47 * 60, "47 h 0 min"), (2880, "2 d 0 h")]
    {
        assert_eq!(time::shown_span(TimeDelta::minutes(minutes)), shown);
    }
}

proptest! {
    #[test]
    fn a_day_and_its_date_are_each_others_reverse(day0 in -30_000..90_000_i64, day in -5_000..5_000_i64) {
        let epoch = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap();
        let day0 = Day(day0).date(epoch).unwrap();
        prop_assert_eq!(Day::of(Day(day).date(day0).unwrap(), day0), Day(day));
    }

    #[test]
    fn a_moment_is_read_back_from_how_it_is_stored(seconds in 0..7_000_000_000_i64, hours in -14..=14_i32) {
        let moment = chrono::DateTime::from_timestamp(seconds, 0).unwrap().with_timezone(&offset(hours));
        let read = time::parse_moment(&moment.to_rfc3339(), &Berlin).unwrap();
        prop_assert_eq!((read, *read.offset()), (moment, offset(hours)));
    }
}

#[test]
fn a_moment_is_written_as_it_is_read_again_with_its_offset_where_the_clock_does_not_say_it() {
    for (moment, written) in [
        ("2026-11-22T14:30:00+01:00", "2026-11-22 14:30"),
        ("2026-07-01T14:30:00+02:00", "2026-07-01 14:30"),
        ("2026-11-22T13:30:00+00:00", "2026-11-22T13:30+00:00"),
        ("2026-07-01T14:30:00+01:00", "2026-07-01T14:30+01:00"),
        ("2026-10-25T02:30:00+02:00", "2026-10-25T02:30+02:00"),
        ("2026-10-25T02:30:00+01:00", "2026-10-25T02:30+01:00"),
        ("2026-03-29T02:30:00+01:00", "2026-03-29T02:30+01:00"),
        ("2026-11-22T14:30:00-05:00", "2026-11-22T14:30-05:00"),
    ] {
        let read = time::parse_moment(moment, &Berlin).unwrap();
        assert_eq!(time::written(read, &Berlin), written);
        assert_eq!(time::parse_moment(written, &Berlin).unwrap().to_rfc3339(), moment);
    }
}
