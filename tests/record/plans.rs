//! Plans as they are typed.

use super::{at, planned, planned_at, says};
use corticurve::record::{Interval, Plan, Route, StageEnd};

/// Each stage: its words, without the drug's name, and how many doses it has.
fn stages(plan: &Plan) -> Vec<(String, usize)> {
    let doses = |stage: &corticurve::record::Stage| stage.times(&super::Berlin).unwrap().len();
    plan.stages.iter().map(|stage| (stage.shown(), doses(stage))).collect()
}

#[test]
fn a_staged_plan_is_read_with_its_beginnings_worked_out() {
    let plan = planned("dex 10 iv q6h x8 then 4 q12h for 3d then 2 daily until 2026-12-01").unwrap();
    let expected = [
        ("dexamethasone 10 mg IV every 6 h, 8 doses, from 22-Nov-2026 14:32", 8),
        // One interval of 6 hours after the last dose of 24 November 08:32.
        ("dexamethasone 4 mg IV every 12 h, for 3 d, from 24-Nov-2026 14:32", 6),
        ("dexamethasone 2 mg IV daily, until 01-Dec-2026, from 27-Nov-2026 14:32", 5),
    ];
    assert_eq!(stages(&plan), expected.map(|(words, doses)| (words.to_owned(), doses)));
    assert_eq!(plan.shown().matches("; then ").count(), 2);
}

#[test]
fn the_same_plan_can_be_written_in_many_ways() {
    let plan = planned("dex 10 iv q12h x6").unwrap();
    for line in [
        "dexamethasone 10mg intravenous BID x 6",
        "DEX 10 mg every 12 hours iv ×6",
        "dex iv bd 10 6 doses",
        "dex 10 iv twice a day for 3d",
        "dex 10 iv q12h for 3 days",
        "dex 10 iv q12h for 72 hours, from now",
        "dex 10 iv q12h until 2026-11-25 02:32",
        "dex 10 iv q12h from 14:32 until 2026-11-25T02:32+01:00",
    ] {
        let other = planned(line).unwrap_or_else(|error| panic!("{line}: {error}"));
        assert_eq!(other.stages.len(), 1, "{line}");
        let (one, other) = (&plan.stages[0], &other.stages[0]);
        assert_eq!((&one.drug, one.amount, one.route), (&other.drug, other.amount, other.route), "{line}");
        assert_eq!(one.times(&super::Berlin), other.times(&super::Berlin), "{line}");
    }
}

#[test]
fn times_of_day_begin_with_the_next_of_them() {
    let plan = planned("ana 100 sc at 08:00,20:00 for 2d then at 08:00, 20:00 50 until 2026-11-26").unwrap();
    let firsts: Vec<_> = plan
        .stages
        .iter()
        .map(|stage| stage.times(&super::Berlin).unwrap()[0].format("%d %H:%M").to_string())
        .collect();
    assert_eq!(firsts, ["22 20:00", "24 20:00"]);
    let tomorrow = planned("ana 100 sc at 08:00 from tomorrow x3").unwrap();
    assert_eq!(tomorrow.stages[0].times(&super::Berlin).unwrap()[0], at("2026-11-23T08:00+01:00"));
}

#[test]
fn a_later_stage_has_the_drug_and_route_before_it_unless_it_names_another() {
    let plan = planned("dex 10 iv q6h x4 then ana 100 q6h x4 then 50 sc bid x2 then ana 25 daily x1").unwrap();
    let seen: Vec<_> = plan.stages.iter().map(|stage| (stage.drug.as_str(), stage.route)).collect();
    let sc = Some(Route::Subcutaneous);
    let expected =
        [("dexamethasone", Some(Route::Intravenous)), ("anakinra", None), ("anakinra", sc), ("anakinra", sc)];
    assert_eq!(seen, expected);
}

#[test]
fn a_dose_per_kilogram_is_worked_out_and_kept_as_it_was_ordered() {
    let plan = planned("dex 0.2mg/kg iv q6h x4 then 0.1 mg/kg q12h x2").unwrap();
    assert_eq!(plan.stages[0].amount.to_string(), "10.46 mg");
    assert_eq!(plan.stages[1].ordered.unwrap().to_string(), "0.1 mg/kg");
}

#[test]
fn one_dose_needs_no_end() {
    let plan = planned("dex 10 iv once from tomorrow 08:00").unwrap();
    assert_eq!((plan.stages[0].every.clone(), plan.stages[0].until), (Interval::Once, StageEnd::Doses(1)));
    assert_eq!(plan.stages[0].shown(), "dexamethasone 10 mg IV once, 23-Nov-2026 08:00");
}

#[test]
fn what_is_missing_or_not_understood_is_named() {
    for (line, parts) in [
        ("", vec!["type a plan"]),
        ("dex 10 iv q6h x8 then", vec!["type a plan"]),
        ("10 iv q6h x8", vec!["'10' is not a drug"]),
        ("pred 5 po daily x3", vec!["predniSONE or prednisoLONE"]),
        ("dex iv q6h x8", vec!["how much each time, in 'dex iv q6h x8'?"]),
        ("dex 0 iv q6h x8", vec!["plans doses of 0 mg"]),
        ("ana 100mg/h iv q6h x8", vec!["'100 mg/h' is a rate, and a plan is made of doses"]),
        ("dex 10 iv x8", vec!["how often, in 'dex 10 iv x8'?", "q6h"]),
        ("dex 10 iv q6h", vec!["until when", "for 3d"]),
        ("dex 10 iv q6h x8 then 4 x4", vec!["how often, in '4 x4'?"]),
        ("dex 10 iv q6h x0", vec!["'x0' is not a number of doses"]),
        ("dex 10 iv q6h x2001", vec!["'x2001' is not a number of doses"]),
        ("dex 10 iv q6h x8 for 3d", vec!["only one end is taken"]),
        ("dex 10 iv q6h bid x8", vec!["only one frequency is taken"]),
        ("dex 10 iv once x8", vec!["'x8' after 'once'", "only one number of doses"]),
        ("dex 10 iv q6h for 3 moons", vec!["'for 3' is not a duration"]),
        ("dex 10 iv q6h for 0d", vec!["'for 0d' is not a duration"]),
        ("dex 10 iv at noon x3", vec!["'at noon' is not a list of times of day"]),
        ("dex 10 iv at 25:00 x3", vec!["does not exist"]),
        ("dex 10 iv q6h sometimes x3", vec!["'sometimes' is not understood in a plan", "'then' before the next stage"]),
        ("dex 10 iv q6h x3 then sometimes 4 q12h x2", vec!["'sometimes' is not a drug recorded here"]),
        ("dex 10 iv q6h until 2026-11-20 08:00", vec!["no dose of", "is due before its end"]),
        ("dex 10 iv once then 4 daily x3", vec!["nothing comes one interval after a single dose"]),
        ("dex 10 iv daily until 2062-12-01", vec!["01-Dec-2062 is more than a year from now"]),
        ("dex 10 iv daily until 2026-02-30", vec!["does not exist"]),
        ("dex 1,5 iv daily x3", vec!["a comma is not taken"]),
        // A date says too little of a frequency in hours, and of the first dose of a daily one.
        ("dex 10 iv q12h until 2026-12-01", vec!["'every 12 h' needs the time of day"]),
        ("dex 10 iv daily from 2026-12-01 x3", vec!["'daily' needs the time of day", "2026-12-01 08:00"]),
    ] {
        let error = planned(line).err().unwrap_or_else(|| panic!("{line} was taken"));
        says(&error.to_string(), &parts);
    }
    assert!(planned(&"dex 10 iv q6h x8 then ".repeat(30)).unwrap_err().to_string().contains("longer than 500"));
}

#[test]
fn a_plan_across_the_clock_change_keeps_its_times_of_day() {
    let plan = planned_at("dex 4 iv daily x3 from 2026-10-24 08:00", "2026-10-24T07:00+02:00").unwrap();
    let times = plan.stages[0].times(&super::Berlin).unwrap();
    assert_eq!(times[1], at("2026-10-25T08:00+01:00"));
}
