//! `corticurve record`

use super::{Station, has, robin};
use corticurve::record::Fact;
use corticurve::store::Line;
use std::fs;

#[test]
fn a_recorded_dose_is_in_the_summary_of_another_process_at_once() {
    let station = Station::with_robin();
    let id = station.record("dex 10 iv 2026-01-22T14:30+00:00 icans").saved();
    assert_eq!(id.len(), 16);
    station.record("ana 100 sc 2026-01-22 19:00").saved();
    let figures = station.figures("40 017");
    assert_eq!(figures["dexamethasone_equivalent_mg"].as_i64(), Some(10));
    assert_eq!(figures["first_dose_at"], "2026-01-22T14:30:00Z");
    assert_eq!(figures["anakinra"]["hours_after_first_steroid"].as_f64(), Some(4.5));
    let row = station.run(&["log", "40 017", "--json"]).json()["administrations"][0].clone();
    assert_eq!((row["id"].as_str(), row["amount"].as_str()), (Some(id.as_str()), Some("10 mg")));
    assert_eq!((row["purpose"].as_str(), row["recorded_by"].as_str()), (Some("ICANS"), Some("NK")));
}

#[test]
fn every_segment_file_is_plain_ron_and_verify_is_clean() {
    let station = Station::with_robin();
    for line in
        ["dex 10 iv -3h icans; said \"no\" // first, */ then }]", "hold dex -2h refused; asleep", "ana 100 sc -1h"]
    {
        station.record(line).saved();
    }
    let mut doses = 0;
    for file in station.segments() {
        let lines: Vec<Line> = ron::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        doses += lines.iter().filter(|line| matches!(line, Line::Entry { fact: Fact::Administered(_), .. })).count();
    }
    assert_eq!(doses, 3);
    let verified = station.run(&["verify", "--json"]).json();
    assert_eq!(verified["findings"].as_array().map(Vec::len), Some(0));
}

#[test]
fn the_initials_are_asked_once_and_the_last_ones_are_the_default() {
    let station = Station::with_robin();
    station.run(&["record", "--patient", "40 017", "dex 10 -3h", "--by", "lt"]).saved();
    station.record("dex 10 -2h").saved();
    let log = station.run(&["log", "40 017", "--json"]).json();
    let by: Vec<_> = log["administrations"].as_array().unwrap().iter().map(|row| &row["recorded_by"]).collect();
    assert_eq!(by, ["LT", "LT"]);
}

#[test]
fn a_dose_per_kilogram_shows_the_weight_it_was_worked_out_with() {
    let station = Station::with_robin();
    let done = station.record("dex 0.2mg/kg iv now");
    assert_eq!(done.code, 0);
    has(&done.err, &["0.2 mg/kg × 52.3 kg = 10.46 mg"]);
    assert_eq!(station.figures("40 017")["dexamethasone_equivalent_mg"].as_f64(), Some(10.46));
}

#[test]
fn the_same_dose_again_is_saved_and_asked_about() {
    let station = Station::with_robin();
    station.record("dex 10 iv 2026-01-22 14:30").saved();
    let again = station.record("dex 10 iv 2026-01-22 14:30");
    assert_eq!(again.code, 0);
    has(&again.out, &["saved "]);
    has(&again.err, &["please check: the same dose at 14:30 is already recorded by NK"]);
}

#[test]
fn as_of_is_the_now_of_the_line_and_never_the_time_of_writing() {
    let station = Station::with_robin();
    station.run(&["record", "--patient", "40 017", "--as-of", "2026-01-22 14:30", "dex 10 iv"]).saved();
    station.run(&["record", "--patient", "40 017", "--as-of", "2026-01-22 14:30", "dex 4 iv -2h"]).saved();
    let log = station.run(&["log", "40 017", "--json"]).json();
    let rows = log["administrations"].as_array().unwrap();
    let given: Vec<_> = rows.iter().map(|row| row["given_at"].as_str().unwrap()).collect();
    assert_eq!(given, ["2026-01-22T12:30:00Z", "2026-01-22T14:30:00Z"]);
    assert!(rows.iter().all(|row| row["recorded_at"].as_str().unwrap() > "2026-01-22T14:31"));
    for (as_of, line) in [("2090-01-01 08:00", "dex 10"), ("2090-01-01 08:00", "hydro 100 iv 2026-01-22T14:30 over 4h")]
    {
        let words = ["record", "--patient", "40 017", "--as-of", as_of, line];
        has(&station.refused(1, &words), &["--as-of 01-Jan-2090 08:00 is in the future"]);
    }
}

#[test]
fn json_names_the_saved_entry() {
    let station = Station::with_robin();
    let id = station.run(&["--json", "record", "--patient", "40 017", "dex 10 iv -1h"]).json()["saved"].clone();
    assert_eq!(station.run(&["log", "40 017", "--json"]).json()["administrations"][0]["id"], id);
}

#[test]
fn a_patient_who_is_not_there_is_refused() {
    let station = Station::new();
    has(&station.refused(2, &["record", "--by", "NK", "--patient", "40 017", "dex 10"]), &["there are no records in"]);
    station.run(&robin("40 018")).saved();
    let message = station.refused(1, &["record", "--patient", "40 017", "dex 10"]);
    has(&message, &["no patient with MRN 40 017", "register the patient first"]);
}

#[test]
#[cfg(target_os = "linux")]
fn a_saved_dose_that_could_not_be_printed_is_not_called_lost() {
    let station = Station::with_robin();
    let mut command = std::process::Command::new("sh");
    let program = env!("CARGO_BIN_EXE_corticurve");
    let script = format!(
        "'{program}' --data '{}' record --patient '40 017' 'dex 10 iv -1h' > /dev/full",
        station.data().display()
    );
    command
        .args(["-c", &script])
        .env("HOME", station.path("home"))
        .env("XDG_CONFIG_HOME", station.path("config"))
        .env("XDG_CACHE_HOME", station.path("cache"));
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    has(&String::from_utf8(output.stderr).unwrap(), &["the dose IS saved", "do not record it again"]);
    assert_eq!(station.figures("40 017")["dexamethasone_equivalent_mg"].as_i64(), Some(10));
}

/// Central European time, spelled out so that the computer needs no zone files: summer time ends on 25 October 2026.
const BERLIN: &str = "CET-1CEST,M3.5.0,M10.5.0/3";

#[test]
fn the_repeated_hour_is_asked_with_its_1st_and_2nd_the_right_way_round() {
    let station = Station::with_robin();
    let berlin = |words: &[&str]| super::Done::of(station.command(words).env("TZ", BERLIN));
    let asked = berlin(&["record", "--patient", "40 017", "dex 10 iv 2026-10-25 02:30"]);
    assert_eq!(asked.code, 1);
    has(&asked.err, &["write 2026-10-25T02:30+02:00 for the 1st or 2026-10-25T02:30+01:00 for the 2nd"]);
    for line in ["dex 1 iv 2026-10-25T02:30+02:00", "dex 2 iv 2026-10-25T02:30+01:00", "dex 4 iv 2026-10-25 03:00"] {
        berlin(&["record", "--patient", "40 017", line]).saved();
    }
    let log = berlin(&["log", "40 017"]).ok();
    let rows: Vec<&str> = log.lines().skip(2).map(|row| &row[18..]).collect();
    assert!(rows[0].starts_with("25-Oct-2026 02:30 (1st)  ") && rows[0].contains(" 1 mg "), "{log}");
    assert!(rows[1].starts_with("25-Oct-2026 02:30 (2nd)  ") && rows[1].contains(" 2 mg "), "{log}");
    assert!(rows[2].starts_with("25-Oct-2026 03:00        "), "{log}");
    has(&berlin(&["log", "40 017", "--csv"]).ok(), &["2026-10-25T03:00:00+01:00"]);
}

#[test]
fn every_minute_of_the_skipped_hour_is_refused() {
    let station = Station::with_robin();
    for (clock, code) in [("01:59", 0), ("02:00", 1), ("02:30", 1), ("02:59", 1), ("03:00", 0)] {
        let line = format!("dex 1 iv 2026-03-29 {clock}");
        let done = super::Done::of(station.command(&["record", "--patient", "40 017", &line]).env("TZ", BERLIN));
        assert_eq!(done.code, code, "{clock}: {}", done.err);
        assert!(code == 0 || done.err.contains("was skipped when the clocks changed"), "{}", done.err);
    }
}

#[test]
fn a_dose_without_quotation_marks_is_not_pieced_together() {
    let station = Station::with_robin();
    let message = station.refused(2, &["record", "--patient", "40 017", "dex", "10", "iv", "--by", "lt"]);
    has(&message, &["put the whole dose in quotation marks: \"dex 10 iv\""]);
}

#[test]
fn an_amount_of_the_other_vial_is_saved_and_asked_about() {
    let station = Station::with_robin();
    let done = station.record("dex 4 base iv 2026-01-22 14:30");
    assert_eq!(done.code, 0);
    has(&done.out, &["saved "]);
    has(
        &done.err,
        &["please check: 4 mg is the strength of a vial labelled as phosphate (4 mg/mL); check that this is base"],
    );
    station.record("dex 3.3 base iv 2026-01-22 15:30").saved();
    has(&station.run(&["log", "40 017"]).ok(), &["4 mg as base", "3.3 mg as base"]);
}

#[test]
fn an_amount_by_time_says_what_it_comes_to() {
    let station = Station::with_robin();
    let done = station.record("ana 100mg/h iv 2026-01-22 14:00-18:00");
    assert_eq!(done.code, 0);
    has(&done.err, &["corticurve: 100 mg/h for 4 h = 400 mg\n"]);
    let done = station.record("dex 0.05mg/kg/h iv 2026-01-22 14:00-18:00");
    has(&done.err, &["0.05 mg/kg/h for 4 h = 0.2 mg/kg\n", "0.2 mg/kg × 52.3 kg = 10.46 mg\n"]);
    let figures = station.figures("40 017");
    assert_eq!(figures["anakinra"]["mg"].as_i64(), Some(400));
    assert_eq!(figures["dexamethasone_equivalent_mg"].as_f64(), Some(10.46));
    has(&station.refused(1, &["record", "--patient", "40 017", "ana 100mg/h iv"]), &["needs how long it ran"]);
}

#[test]
fn a_dose_that_waits_on_this_workstation_is_asked_about_when_it_is_recorded_again() {
    for (by, line, asked) in [
        ("nk", "dex 10 iv 2026-11-22 08:00", "the same dose at 08:00 is already recorded by NK"),
        ("lt", "dex 8 iv 2026-11-22 08:20", "Recorded twice? dexAMETHasone 10 mg, today 08:00: by NK on WARD4-PC02"),
        ("lt", "dex 8 iv 2026-11-22 09:00", ""),
    ] {
        let (station, outbox) = super::waiting::station(1);
        let done = station.run(&["record", "--as-of", "2026-11-22 12:00", "--patient", "40 017", "--by", by, line]);
        assert_eq!(done.code, 0, "{}", done.err);
        has(&done.out, &["saved "]);
        has(&done.err, &[asked, "1 entry waits on this workstation, in no figure"]);
        assert_eq!(done.err.lines().count() == 1, asked.is_empty(), "{}", done.err);
        assert_eq!(outbox.waiting().unwrap().len(), 1, "it waits for the window as before");
        let read = station.run(&["summary", "--json", "40 017"]);
        let total = if line.starts_with("dex 10") { 14 } else { 12 };
        has(&read.out, &[&format!("\"dexamethasone_equivalent_mg\":{total},")]);
    }
}

#[test]
fn a_dose_of_another_person_near_in_time_is_asked_about() {
    let station = Station::with_robin();
    station.record("dex 10 iv 2026-01-22 14:30").saved();
    let near = station.run(&["record", "--patient", "40 017", "--by", "lt", "dex 8 iv 2026-01-22 14:10"]);
    has(
        &near.err,
        &[
            "please check: Recorded twice? dexAMETHasone ",
            "10 mg, 22-Jan-2026 14:30: by NK",
            "8 mg, 22-Jan-2026 14:10: by LT",
        ],
    );
    station.run(&["record", "--patient", "40 017", "--by", "lt", "dex 2 iv 2026-01-22 20:00"]).saved();
}

#[test]
fn an_outbox_that_cannot_be_read_is_told_and_keeps_no_dose_from_being_saved() {
    let (station, _outbox) = super::waiting::station(1);
    let outbox = station.path("config").join("corticurve/outbox");
    let store = std::fs::read_dir(&outbox).unwrap().next().unwrap().unwrap().path();
    std::fs::rename(&store, station.path("away")).unwrap();
    std::fs::write(&store, "no folder").unwrap();
    let done = station.record("dex 6 iv 2026-11-14 12:00");
    assert_eq!(done.code, 0, "{}", done.err);
    has(&done.out, &["saved "]);
    has(&done.err, &["what waits on this workstation cannot be read, so the dose was not compared with it"]);
}

#[test]
fn several_doses_in_one_line_are_refused_with_the_word_that_they_hold_in_the_window() {
    let station = Station::with_robin();
    for (line, doses) in [
        ("dex 10 iv 2026-01-22 06:00, 12:00, 18:00", "these are 3 doses"),
        ("dex 10 iv q6h x4 from 2026-01-22 06:00", "these are 4 doses"),
    ] {
        let said = station.refused(1, &["record", "--patient", "40 017", line]);
        has(&said, &[doses, "hold in the window only", "record each by itself", "nothing was saved"]);
    }
    has(&station.run(&["record", "--help"]).out, &["hold in the window only"]);
}

#[test]
fn a_share_that_is_not_connected_is_no_place_for_a_new_ward_and_nothing_is_saved() {
    let station = Station::with_robin();
    std::fs::rename(station.data(), station.path("away")).unwrap();
    for is_there in [false, true] {
        if is_there {
            std::fs::create_dir(station.data()).unwrap();
        }
        let told = ["a ward was in ", "none is there now; connect the share"];
        for words in [
            &["record", "--patient", "40 017", "dex 10 iv 2026-01-22 14:30"][..],
            &["plan", "--patient", "40 017", "dex 4 iv q6h x4"],
            &super::robin("40 018"),
        ] {
            let said = station.refused(1, words);
            has(&said, &told);
            has(&said, &["NOT saved: "]);
            assert!(!said.contains("begin a new ward there"), "{said}");
        }
        for words in [&["summary"][..], &["log", "40 017"], &["verify"], &["settings"], &["backup", "--to", "x"]] {
            has(&station.refused(2, words), &told);
        }
    }
}
