//! `corticurve summary` and `corticurve curve`

use super::{Station, has, names};
use serde_json::Value;

const NAMES: [&str; 21] = [
    "anakinra",
    "before_day0_mg",
    "by_drug",
    "day",
    "dexamethasone_equivalent_mg",
    "first_dose_at",
    "landmarks",
    "last_24h_mg",
    "last_dose_at",
    "mg_per_kg",
    "mrn",
    "not_counted",
    "peak_day",
    "position",
    "range_mg",
    "span_days",
    "sparing",
    "steroid_days",
    "undecided",
    "undecided_mg",
    "without_route",
];

/// Doses around the infusion of 13 November 2025.
fn station() -> Station {
    let station = Station::with_robin();
    for line in [
        "dex 4 iv 2025-11-12 08:00 premed",
        "dex 10 iv 2025-11-13T14:30+00:00 icans",
        "methylpred 125 iv 2025-11-14 08:00",
        "dex 10 2025-11-15 08:00",
        "hold dex 8 2025-11-15 20:00",
        "predniSONE 40 po 2025-11-16 08:00 unknown",
        "ana 100 sc 2025-11-13 19:00",
    ] {
        station.record(line).saved();
    }
    station
}

#[test]
fn json_has_the_names_and_numbers_of_the_contract() {
    let station = station();
    let done = station.run(&["summary", "--json", "--as-of", "2025-11-23 08:00"]);
    let text = done.out.clone();
    let json = done.json();
    for name in ["as_of", "patients", "table", "table_version"] {
        assert!(names(&json).contains(&name), "{name}");
    }
    assert_eq!((json["table"].as_str(), json["as_of"].as_str()), (Some("fda-label"), Some("2025-11-23T08:00:00Z")));
    let robin = &json["patients"][0];
    for name in NAMES {
        assert!(names(robin).contains(&name), "{name}: {text}");
    }
    assert_eq!((robin["mrn"].as_str(), robin["day"].as_i64()), (Some("40 017"), Some(10)));
    has(
        &text,
        &[
            "\"dexamethasone_equivalent_mg\":43.4375,",
            "\"undecided_mg\":6,",
            "\"before_day0_mg\":4,",
            "\"last_24h_mg\":0,",
            "\"mg_per_kg\":0.830545,",
            "\"first_dose_at\":\"2025-11-13T14:30:00Z\"",
            "\"last_dose_at\":\"2025-11-15T08:00:00Z\"",
            "\"steroid_days\":3,\"span_days\":3,",
            "\"peak_day\":{\"date\":\"2025-11-14\",\"day\":1,\"mg\":23.4375}",
            "\"landmarks\":[{\"day\":7,\"mg\":43.4375,\"complete\":false}]",
            "\"without_route\":{\"doses\":1,\"mg\":10}",
            "\"hours_after_first_steroid\":4.5",
        ],
    );
    let drugs: Vec<_> =
        robin["by_drug"].as_array().unwrap().iter().map(|drug| (&drug["drug"], &drug["doses"])).collect();
    assert_eq!(drugs, [(&Value::from("dexamethasone"), &Value::from(2)), (&"methylprednisolone".into(), &1.into())]);
    let left = |list: &str| robin[list][0].clone();
    for (list, drug, reason, mg) in
        [("not_counted", "dexamethasone", "not given", 8), ("undecided", "prednisone", "status unknown", 40)]
    {
        let left = left(list);
        assert_eq!((left["drug"].as_str(), left["reason"].as_str()), (Some(drug), Some(reason)));
        assert_eq!((left["doses"].as_i64(), left["mg"].as_i64()), (Some(1), Some(mg)));
    }
    assert_eq!(robin["range_mg"].as_array().map(Vec::len), Some(2));
    assert_eq!((robin["anakinra"]["mg"].as_i64(), robin["anakinra"]["days"].as_i64()), (Some(100), Some(1)));
}

#[test]
fn readers_see_the_record_as_of_the_time_asked_for() {
    let station = station();
    let total = |as_of: &str| {
        let json = station.run(&["summary", "--json", "--as-of", as_of]).json();
        json["patients"][0]["dexamethasone_equivalent_mg"].as_f64().unwrap()
    };
    for (as_of, mg) in [
        ("2025-11-13 14:29", 0.0),
        ("2025-11-13 14:30", 10.0),
        ("2025-11-13T15:30:00+01:00", 10.0),
        ("2025-11-14T08:00Z", 33.4375),
        ("2025-11-23 08:00", 43.4375),
    ] {
        assert!((total(as_of) - mg).abs() < 1e-9, "{as_of}");
    }
}

#[test]
fn every_window_has_its_total() {
    let station = station();
    for (window, mg) in [
        ("day0", 43.4375),
        ("day30", 43.4375),
        ("all", 47.4375),
        ("24h", 10.0),
        ("72h", 43.4375),
        ("7d", 47.4375),
        ("2025-11-13..2025-11-14", 33.4375),
        ("2025-11-13 14:30..2025-11-15", 33.4375),
        ("2025-11-12..2025-11-12", 4.0),
    ] {
        let words = ["summary", "--json", "--as-of", "2025-11-16 07:00", "--window", window];
        let json = station.run(&words).json();
        assert_eq!(json["window"], window);
        assert_eq!(json["patients"][0]["dexamethasone_equivalent_mg"].as_f64(), Some(mg), "{window}");
    }
}

#[test]
fn text_says_who_when_and_by_which_table() {
    let station = station();
    let text = station.run(&["summary", "40 017", "--as-of", "2025-11-23 08:00"]).ok();
    has(
        &text,
        &[
            "EXAMPLE, Robin, MRN 40 017, as of 23-Nov-2025 08:00, table fda-label version 1\n",
            "43.4375 mg, 0.83 mg/kg",
            "Undecided, beside the total",
            "not given: dexAMETHasone",
            "Days 0 to +7",
        ],
    );
    let other = station.run(&["summary", "--table", "katzung"]).ok();
    has(&other, &["table katzung version"]);
}

#[test]
fn one_unknown_mrn_refuses_the_whole_question() {
    let station = station();
    for words in
        [&["summary", "40 017", "40 018"][..], &["summary", "--json", "40 018"], &["log", "1"], &["curve", "1"]]
    {
        has(&station.refused(1, words), &["no patient with MRN", "check the number"]);
    }
}

#[test]
fn the_last_point_of_the_curve_is_the_total() {
    let station = station();
    station.record("hydro 100 iv 2025-11-17T08:00 over 4h").saved();
    for as_of in ["2025-11-13 14:30", "2025-11-17 09:00", "2025-11-23 08:00"] {
        let total = station.run(&["summary", "--json", "--as-of", as_of]).json();
        let total = total["patients"][0]["dexamethasone_equivalent_mg"].to_string();
        let csv = station.run(&["curve", "40 017", "--csv", "--as-of", as_of]).ok();
        assert!(csv.starts_with("at,day,hours_after_infusion,before_mg,after_mg\n"), "{csv}");
        let rows: Vec<_> = csv::Reader::from_reader(csv.as_bytes()).into_records().map(Result::unwrap).collect();
        let last = rows.last().unwrap();
        assert_eq!(&last[4], total.trim_end_matches(".0"), "{as_of}");
        assert!(last[0].starts_with(&as_of.replace(' ', "T")), "{last:?}");
        let json = station.run(&["curve", "40 017", "--json", "--as-of", as_of]).json();
        let points = json["points"].as_array().unwrap();
        assert_eq!(points.len(), rows.len());
        assert_eq!(points.last().unwrap()["after_mg"].as_f64(), last[4].parse().ok());
    }
    let curve =
        |format: &[&str]| station.run(&[&["curve", "40 017", "--as-of", "2025-11-23 08:00"], format].concat()).ok();
    assert_eq!(curve(&[]), curve(&["--csv"]));
}

#[test]
fn a_ward_without_a_dose_has_zeros_and_a_header() {
    let station = Station::with_robin();
    let figures = station.figures("40 017");
    assert_eq!((figures["first_dose_at"].clone(), figures["peak_day"].clone()), (Value::Null, Value::Null));
    has(&station.run(&["log", "40 017", "--csv"]).ok(), &["id,given_at,given_until,recorded_at"]);
    has(&station.run(&["log", "40 017"]).ok(), &["no administration is recorded"]);
    assert_eq!(station.run(&["curve", "40 017", "--csv"]).ok().lines().count(), 2);
}

/// 20 mg a day for two days, then anakinra, with grades around it.
fn spared() -> Station {
    let station = Station::with_robin();
    for line in [
        "dex 10 iv 2025-11-14 08:00",
        "dex 10 iv 2025-11-14 20:00",
        "dex 10 iv 2025-11-15 08:00",
        "dex 10 iv 2025-11-15 20:00",
        "ana 100 sc 2025-11-16 08:00",
        "ana 200 iv 2025-11-17 08:00",
        "dex 10 iv 2025-11-16 08:00",
        "dex 5 iv 2025-11-17 08:00",
        "predniSONE 40 po 2025-11-15 12:00 unknown",
    ] {
        station.record(line).saved();
    }
    station
}

#[test]
fn json_has_the_figures_of_anakinra_the_read_out_and_the_positions() {
    let station = spared();
    let done = station.run(&["summary", "--json", "--as-of", "2025-11-23 08:00"]);
    has(
        &done.out,
        &[
            "\"anakinra\":{\"mg\":300,\"doses\":2,\"undecided_mg\":0,\"undecided_doses\":0,\"days\":2,\"first_at\":\"2025-11-16T08:00:00Z\",\
             \"hours_after_first_steroid\":48,\"within_24h\":false,\"mg_per_day\":150,\"mg_per_kg_per_day\":2.868069,\
             \"peak_date\":\"2025-11-17\",\"peak_mg_per_day\":200,\"peak_mg_per_kg_per_day\":3.824092,\"grades\":[]}",
            "\"sparing\":{\"before_mg_per_day\":20,\"after_mg_per_day\":9,\"difference_mg\":18.333333,",
            "\"from\":\"2025-11-14T08:00:00Z\",\"anakinra_from\":\"2025-11-16T08:00:00Z\",\"until\":\"2025-11-18T00:00:00Z\"",
            "\"undecided_before\":{\"mg\":6,\"doses\":1,\"doses_without_mg\":0}",
            "\"note\":\"arithmetic, not an effect: other treatment changed too\"}",
            "\"note\":\"median of these patients, not a limit\"",
        ],
    );
    let json = done.json();
    let position = json["patients"][0]["position"].as_array().unwrap();
    let found: Vec<_> = position.iter().map(|row| [&row["series"], &row["place"], &row["own_age_group"]]).collect();
    // Robin, born in 2009, was 16 at Day 0.
    assert_eq!(found[0], [&"yang-2024".into(), &"above the median".into(), &Value::Bool(true)]);
    assert_eq!(found[2], [&"strati-2021".into(), &"below the median".into(), &Value::Bool(false)]);
    assert_eq!((position[2]["value"].as_i64(), position[2]["up_to_day"].as_i64()), (Some(55), Some(10)));
    let early = station.run(&["summary", "--json", "--as-of", "2025-11-15 07:00"]).json();
    assert_eq!(
        early["patients"][0]["sparing"],
        serde_json::json!({"refused": "needs anakinra: none is counted in this window"})
    );
}

#[test]
fn text_has_the_read_out_and_the_positions_with_their_words() {
    let station = spared();
    let text = station.run(&["summary", "40 017", "--as-of", "2025-11-23 08:00"]).ok();
    has(
        &text,
        &[
            "Anakinra per day (2 d)          150 mg, 2.9 mg/kg\n",
            "Anakinra peak day (D+4)         200 mg, 3.8 mg/kg\n",
            "20 mg/day before the first anakinra: 40 mg in 2 d 0 h, 14-Nov-2025 08:00 to 16-Nov-2025 08:00\n",
            "9 mg/day after the first anakinra: 15 mg in 40 h 0 min, 16-Nov-2025 08:00 to 18-Nov-2025 00:00\n",
            "18.33 mg less than if the earlier daily dose had gone on until the last steroid day\n",
            "undecided before the first anakinra: 6 mg in 1 dose\n",
            "(arithmetic, not an effect: other treatment changed too)\n",
            "1.05 mg/kg: above the median of 0.56 mg/kg of 194 children with B-ALL (Yang, Front Pediatr 2024;12:1485402;",
            "another population (adults): 55 mg: below the median of 186 mg",
            "undecided from Day 0 on: 6 mg in 1 dose\n",
            "(median of these patients, not a limit)\n",
        ],
    );
}

#[test]
fn an_infusion_whose_end_has_passed_is_asked_about_until_its_end_is_recorded() {
    let station = Station::with_robin();
    let done = station.record("hydro 100 iv 2025-11-14 08:00 over 4h running");
    has(&done.err, &["please check: Has it ended? hydroCORTISone 100 mg, from 14-Nov-2025 08:00 until 12:00"]);
    let asked = "Has it ended? hydroCORTISone 100 mg, from today 08:00 until 12:00: recorded as running by NK on ";
    for (as_of, is_asked) in [("2025-11-14 11:59", false), ("2025-11-14 12:00", true)] {
        let text = station.run(&["summary", "--as-of", as_of]).ok();
        assert_eq!(text.contains(&format!("\n  ? {asked}")), is_asked, "{text}");
        let json = station.run(&["summary", "--json", "--as-of", as_of]).json();
        let questions = json["patients"][0]["open_questions"].as_array().unwrap().clone();
        assert_eq!(questions.len(), usize::from(is_asked), "{questions:?}");
        assert!(questions.iter().all(|words| words.as_str().unwrap().starts_with(asked)), "{questions:?}");
    }
}
