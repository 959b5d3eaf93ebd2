//! `corticurve summary --explain`, `--without` and the episodes.

use super::{Station, has};

fn station() -> Station {
    let station = Station::with_robin();
    station.record("dex 10 iv 2025-11-13T14:30 icans").saved();
    station.record("methylpred 125 iv 2025-11-14T08:00 crs").saved();
    station.record("hydro 100 iv 2025-11-15T08:00 replacement").saved();
    station.record("hold dex 10 2025-11-15T14:30").saved();
    station
}

const AS_OF: [&str; 2] = ["--as-of", "2025-11-20 08:00"];

#[test]
fn a_figure_is_explained_dose_by_dose_with_factor_and_product() {
    let station = station();
    let text = station.run(&[&["summary", "40 017", "--explain", "total"], &AS_OF[..]].concat()).ok();
    has(&text, &["Cumulative, Day 0 to now: 37.1875 mg", "factors of table fda-label version", "× 0.1875", "23.4375"]);
    has(&text, &["left out", "not given"]);
    let json = station.run(&[&["summary", "--json", "--explain", "dexamethasone_equivalent_mg"], &AS_OF[..]].concat());
    let json = json.json();
    let explained = &json["patients"][0];
    assert_eq!(
        (json["figure"].as_str(), explained["mrn"].as_str()),
        (Some("dexamethasone_equivalent"), Some("40 017"))
    );
    assert_eq!(explained["sum_mg"].to_string(), "37.1875");
    let doses: Vec<_> = explained["doses"].as_array().unwrap().iter().collect();
    let told = |name: &str| doses.iter().map(|dose| dose[name].to_string()).collect::<Vec<_>>();
    assert_eq!((told("mg"), told("factor")), (strings(["10", "125", "100"]), strings(["1", "0.1875", "0.0375"])));
    assert_eq!(told("product_mg"), strings(["10", "23.4375", "3.75"]));
    assert_eq!(explained["left_out"][0]["reason"], "not given");
    // The log has the same ids.
    let log = station.run(&["log", "40 017", "--csv"]).ok();
    assert!(doses.iter().all(|dose| log.contains(dose["id"].as_str().unwrap())));
}

fn strings<const N: usize>(all: [&str; N]) -> Vec<String> {
    all.map(str::to_owned).into()
}

#[test]
fn every_number_of_the_summary_has_an_explanation() {
    let station = station();
    for (figure, said) in [
        ("peak_day", "23.4375 mg"),
        ("last_24h_mg", "Last 24 h: 0 mg"),
        ("range_least", "phosphate"),
        ("steroid_days", "13-Nov-2025, 14-Nov-2025, 15-Nov-2025"),
        ("mg_per_kg", "37.1875 mg ÷ 52.3 kg (the first weight after Day 0"),
        ("day7", "so far"),
        ("course1", "at most 48 h"),
        ("episode1", "37.1875 mg"),
        ("not_counted", "1 dose for 1 reason"),
    ] {
        has(&station.run(&[&["summary", "40 017", "--explain", figure], &AS_OF[..]].concat()).ok(), &[said]);
    }
    let wrong = station.refused(2, &["summary", "--explain", "slope"]);
    has(&wrong, &["'slope' is not a figure that can be explained", "range_least"]);
    let none = station.refused(1, &[&["summary", "40 017", "--explain", "day28"], &AS_OF[..]].concat());
    has(&none, &["1 of the patients have no such figure: day28"]);
}

#[test]
fn a_purpose_can_be_left_out_and_is_named() {
    let station = station();
    let run = station.run(&[&["summary", "--without", "replacement"], &AS_OF[..]].concat()).ok();
    has(
        &run,
        &[
            "Cumulative, Day 0 to now",
            "33.4375 mg, 0.64 mg/kg, without replacement",
            "purpose switched out: hydroCORTISone",
        ],
    );
    let json =
        station.run(&[&["summary", "--json", "--without", "CRS", "--without", "not stated"], &AS_OF[..]].concat());
    let json = json.json();
    assert_eq!(json["purposes_out"], serde_json::json!(["CRS", "not stated"]));
    assert_eq!(json["patients"][0]["dexamethasone_equivalent_mg"].to_string(), "13.75");
    has(&station.refused(2, &["summary", "--without", "fever"]), &["not taken for a purpose", "or not stated"]);
}

#[test]
fn an_episode_is_a_window_and_one_that_is_not_there_is_named() {
    let station = station();
    let json = station.run(&[&["summary", "--json", "--window", "episode1"], &AS_OF[..]].concat()).json();
    let patient = &json["patients"][0];
    assert_eq!(patient["dexamethasone_equivalent_mg"].to_string(), "37.1875");
    assert_eq!(patient["episodes"][0]["dexamethasone_equivalent_mg"].to_string(), "37.1875");
    has(&station.refused(1, &["summary", "--window", "episode2"]), &["there is no episode 2"]);
}
