//! `corticurve plan` and `corticurve project`

use super::{Station, has, names, robin};

const AS_OF: [&str; 2] = ["--as-of", "2026-01-22 14:30"];

/// EXAMPLE, Robin with 10 mg given on the morning of 22 January 2026.
fn with_a_dose() -> Station {
    let station = Station::with_robin();
    station.record("dex 10 iv 2026-01-22 08:00").saved();
    station
}

fn words<'a>(verb: &[&'a str]) -> Vec<&'a str> {
    [verb, &AS_OF[..]].concat()
}

#[test]
fn a_plan_is_recorded_and_changes_no_figure() {
    let station = with_a_dose();
    let before = station.run(&words(&["summary", "40 017", "--json"])).ok();
    let line = "dex 10 iv q6h x8 then 4 q12h for 3d then 2 daily until 2026-01-31";
    let done = station.run(&words(&["plan", "--patient", "40 017", line]));
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(done.out.starts_with("saved ") && done.out.trim().len() == "saved ".len() + 16, "{}", done.out);
    has(
        &done.err,
        &[
            "dexAMETHasone 10 mg IV every 6 h: 8 doses, 22-Jan-2026 14:30 to 24-Jan-2026 08:30, 80 mg",
            "dexAMETHasone 4 mg IV every 12 h: 6 doses, 24-Jan-2026 14:30 to 27-Jan-2026 02:30, 24 mg",
            "dexAMETHasone 2 mg IV daily: 5 doses, 27-Jan-2026 14:30 to 31-Jan-2026 14:30, 10 mg",
            "In all 114 mg dexamethasone-equivalent planned, not given.",
            // The dose of 14:30 is due in this minute, and still to come.
            "To come: total 10 → 124 mg by 31-Jan-2026 14:30. The dose of now is in it; of a plan that is saved it counts once it",
        ],
    );
    assert_eq!(station.run(&words(&["summary", "40 017", "--json"])).ok(), before);
    assert_eq!(station.run(&["verify", "--json"]).json()["findings"].as_array().map(Vec::len), Some(0));
    let second = station.run(&words(&["plan", "--patient", "40 017", "dex 1 po daily x3", "--json"]));
    has(&second.err, &["please check: the plan that NK recorded", "still stands", "strike out what this one replaces"]);
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&second.out).unwrap()["saved"].as_str().map(str::len),
        Some(16)
    );
}

#[test]
fn where_a_plan_leads_is_printed_step_by_step_and_never_stored() {
    let station = with_a_dose();
    station.run(&words(&["plan", "--patient", "40 017", "dex 10 iv bid from 2026-01-22 08:00 x4"])).out.clear();
    let kept = station.snapshot();
    let project = ["project", "40 017", "--what-if", "prednisone 60 po daily from tomorrow 08:00 x2", "--reach", "30"];
    let text = station.run(&words(&project)).ok();
    has(
        &text,
        &[
            "10 mg, Day 0 to now, as of 22-Jan-2026 14:30, table fda-label version 1",
            "22-Jan-2026",
            "To come: total 10 → 40 mg by 23-Jan-2026 20:00. 1 dose due by now is in it only if recorded.",
            "30 mg is reached on Day +71, 23-Jan-2026 08:00, with 30 mg.",
            "A (what if: prednisone 60 po daily from tomorrow 08:00 x2)",
            "30 mg is not reached by the end of the plan, which makes 28 mg.",
            "predniSONE 60 mg → 19 mg",
            "Planned is not given",
        ],
    );
    let json = station.run(&words(&[&project[..], &["--json"]].concat())).json();
    let fields = [
        "as_of",
        "compared",
        "days",
        "dexamethasone_equivalent_mg",
        "mrn",
        "plans",
        "projections",
        "table",
        "table_version",
    ];
    assert_eq!(names(&json), fields);
    let of = |name: usize, field: &str| json["projections"][name][field].clone();
    assert_eq!((of(0, "name"), of(1, "name")), ("plan".into(), "A".into()));
    assert_eq!((of(0, "end_mg").as_i64(), of(1, "end_mg").as_i64()), (Some(40), Some(28)));
    assert_eq!((of(0, "due_by_now").as_i64(), of(1, "due_by_now").as_i64()), (Some(1), Some(0)));
    assert_eq!(of(0, "reach")["at"], "2026-01-23T08:00:00Z");
    assert_eq!((of(1, "reach")["reached"].as_str(), of(1, "reach")["at"].is_null()), (Some("not by the end"), true));
    let day = &json["days"][0];
    assert_eq!(
        (day["planned_mg"].as_i64(), day["given_mg"].as_i64(), day["day"].as_i64()),
        (Some(20), Some(10), Some(70))
    );
    assert!(json["days"][1]["given_mg"].is_null(), "tomorrow is not known");
    assert_eq!(json["compared"][0]["total_mg"].to_string(), "[20,10]");
    assert!(station.snapshot() == kept, "what if is never stored");
}

#[test]
fn without_a_plan_the_answer_says_how_to_look_at_one() {
    let station = with_a_dose();
    has(&station.run(&words(&["project", "40 017"])).ok(), &["no plan is recorded", "--what-if"]);
    let demo = station.demo(&["--as-of", "2026-11-22T14:32+00:00", "project", "40 017"]).ok();
    has(&demo, &["To come: total 118 → 127 mg by"]);
}

#[test]
fn a_line_that_is_no_plan_is_refused_and_nothing_is_written() {
    let station = with_a_dose();
    for (line, part) in [
        ("dex 10 iv q6h", "until when, in 'dex 10 iv q6h'?"),
        ("dex 10 iv sometimes x3", "'sometimes' is not understood in a plan"),
        ("dex 10 iv daily until 2062-12-01", "check the year"),
        ("dex 10 iv q12h until 2026-01-25", "needs the time of day"),
    ] {
        has(&station.refused(1, &words(&["plan", "--patient", "40 017", line])), &[part]);
        has(&station.refused(1, &words(&["project", "40 017", "--what-if", line])), &[part]);
    }
    has(&station.refused(2, &["plan", "--patient", "40 017", "dex", "10"]), &["the whole plan in quotation marks"]);
    has(&station.refused(2, &["project", "40 017", "--reach", "lots"]), &["lots"]);
    has(&station.refused(2, &["--demo", "plan", "--patient", "40 017", "dex 10 q6h x3"]), &["--demo"]);
    has(&Station::new().refused(2, &["plan", "--by", "NK", "--patient", "40 017", "dex 10 q6h x3"]), &["no records"]);
    let mut two = robin("40 018");
    two.truncate(13);
    station.run(&two).saved();
    has(&station.refused(1, &["plan", "--patient", "40 018", "dex 0.2mg/kg q6h x3"]), &["needs the patient's weight"]);
}
