//! Several doses in one line.

use super::{Berlin, at, says};
use corticurve::record::{Chart, Formulary, Frequencies, Now, Purpose, quick};

fn read(line: &str, now: &str) -> Result<Vec<String>, String> {
    let (formulary, frequencies) = (Formulary::shipped().unwrap(), Frequencies::shipped().unwrap());
    let now = Now { at: at(now), zone: &Berlin };
    let each = quick::parse_each(line, &formulary, &frequencies, now, &Chart::fold([]));
    let words = |typed: &quick::Typed| {
        let dose = &typed.dose;
        assert!(dose.note.as_deref().is_none_or(|note| note == "caught up"), "{dose:?}");
        let purpose = dose.purpose.map_or("", Purpose::word);
        format!("{} {} {} {purpose}", dose.amount_shown(), dose.route_shown(), dose.given.shown(&Berlin))
            .trim()
            .to_owned()
    };
    each.map(|each| each.iter().map(words).collect()).map_err(|error| error.to_string())
}

const NOW: &str = "2026-11-22T20:00+01:00";

#[test]
fn a_list_of_times_is_the_same_dose_at_each() {
    for (line, expected) in [
        ("dex 10 iv 06:00, 12:00, 18:00", vec!["22-Nov-2026 06:00", "22-Nov-2026 12:00", "22-Nov-2026 18:00"]),
        ("dex 10 iv 06:00,12:00,18:00", vec!["22-Nov-2026 06:00", "22-Nov-2026 12:00", "22-Nov-2026 18:00"]),
        ("dex 10 06:00 , 12:00 iv", vec!["22-Nov-2026 06:00", "22-Nov-2026 12:00"]),
        // A time has the date of the one before it.
        (
            "dex 10 iv yesterday 18:00, 22:00, today 06:00, 12:00 ; caught up",
            vec!["21-Nov-2026 18:00", "21-Nov-2026 22:00", "22-Nov-2026 06:00", "22-Nov-2026 12:00"],
        ),
        ("dex 10 iv 2026-11-20 22:00, 23:00", vec!["20-Nov-2026 22:00", "20-Nov-2026 23:00"]),
    ] {
        let expected: Vec<String> = expected.iter().map(|time| format!("10 mg IV {time}")).collect();
        assert_eq!(read(line, NOW), Ok(expected), "{line}");
    }
    let icans = read("dex 10 iv 06:00, 12:00 icans", NOW).unwrap();
    assert!(icans.len() == 2 && icans.iter().all(|line| line.ends_with("ICANS")), "{icans:?}");
    let infusions = read("hydro 50 iv 06:00-08:00, 12:00-14:00", NOW).unwrap();
    assert!(infusions[1].starts_with("50 mg IV 22-Nov-2026 12:00") && infusions[1].contains("14:00"), "{infusions:?}");
}

#[test]
fn every_so_often_is_one_dose_for_each_time_that_was_due() {
    let expected =
        ["22-Nov-2026 02:00", "22-Nov-2026 08:00", "22-Nov-2026 14:00"].map(|time| format!("10 mg IV {time}"));
    for line in [
        "dex 10 iv q6h x3 from 02:00",
        "dex 10 iv q6h × 3 from 02:00",
        "dex q6h 10 x3 iv from today 02:00",
        "dex 10 iv q6h x3 02:00; caught up",
    ] {
        assert_eq!(read(line, NOW), Ok(expected.to_vec()), "{line}");
    }
}

#[test]
fn across_a_clock_change_every_six_hours_stays_six_hours() {
    let doses = read("dex 10 iv q6h x3 from 2026-10-24 20:00", "2026-10-26T12:00+01:00").unwrap();
    assert_eq!(
        doses,
        ["24-Oct-2026 20:00", "25-Oct-2026 02:00 (1st)", "25-Oct-2026 07:00"].map(|time| format!("10 mg IV {time}"))
    );
}

#[test]
fn one_dose_is_read_as_ever() {
    assert_eq!(read("dex 10 iv 14:30 icans", NOW).unwrap(), ["10 mg IV 22-Nov-2026 14:30 ICANS"]);
    for line in ["dex ten iv", "dex 10 iv; held, then given", "dex 0,5 iv"] {
        let now = Now { at: at(NOW), zone: &Berlin };
        let one = quick::parse_for(line, &Formulary::shipped().unwrap(), now, &Chart::fold([]));
        let each = quick::parse_each(
            line,
            &Formulary::shipped().unwrap(),
            &Frequencies::shipped().unwrap(),
            now,
            &Chart::fold([]),
        );
        assert_eq!(each, one.map(|typed| vec![typed]).map_err(Into::into), "{line}");
    }
}

#[test]
fn what_cannot_be_read_names_the_word_and_says_what_to_write() {
    for (line, parts) in [
        ("dex 10 iv 12:00, 06:00", &["'06:00' is not after '12:00'", "with its date"][..]),
        ("dex 10 iv 12:00, 12:00", &["not after"]),
        ("dex 10 iv 06:00, icans", &["'icans' after the comma is not a time"]),
        ("dex 10 iv 06:00,", &["after the comma is not a time"]),
        ("dex 10 iv q6h x8", &["q6h from when?", "from 08:00"]),
        ("dex 10 iv q1h x49 from 2026-11-19 08:00", &["more than 48 doses"]),
        ("dex 10 iv q6h from 08:00", &["'q6h' is not understood"]),
        ("dex 10 iv x8 from 08:00", &["'x8' is not understood"]),
    ] {
        says(&read(line, NOW).unwrap_err(), parts);
    }
}
