//! Position: where a patient lies against published exposure, and that it is never called a limit.

use super::{chart_of, given, infused, over, rules, weighed};
use crate::record::says;
use corticurve::exposure::{NOT_A_LIMIT, Population, Published, Window, positions};
use corticurve::record::{Administration, Chart, Fact, Identity, Name, Sex, Status};

const NOW: &str = "2027-01-22T12:00Z";

fn born(date: Option<&str>) -> Fact {
    Fact::PatientRegistered(Identity {
        mrn: "40 017".parse().unwrap(),
        family: Name::parse("Example").unwrap(),
        given: Name::parse("Robin").unwrap(),
        born: date.map(super::date),
        sex: Sex::Unknown,
        dates_shifted: false,
    })
}

/// Robin, infused on 13 November 2026 with 50 kg.
fn robin(birth: Option<&str>, lines: &[&str]) -> Chart {
    let facts = [born(birth), infused("2026-11-13T10:00Z"), weighed("50 kg", "2026-11-12T08:00Z")];
    chart_of(facts.into_iter().chain(lines.iter().map(|line| given(line))))
}

/// Each series with the figure and the place in it.
fn places(chart: &Chart, as_of: &str) -> Vec<(String, String)> {
    let published = Published::shipped().unwrap();
    let exposure = over(chart, Window::LastHours(24), as_of);
    let positions = positions(chart, rules(), &exposure, &published).unwrap();
    positions.iter().map(|position| (position.series.id.clone(), position.short())).collect()
}

#[track_caller]
fn place(chart: &Chart, series: &str, expected: &str) {
    let places = places(chart, NOW);
    let (_, short) = places.iter().find(|(id, _)| id == series).unwrap();
    assert!(short.starts_with(expected), "{short:?} does not start with {expected:?}");
}

#[test]
fn the_shipped_series_hold_the_numbers_of_the_reference() {
    let published = Published::shipped().unwrap();
    let found: Vec<String> = published
        .iter()
        .map(|series| {
            let number = |value: Option<corticurve::exposure::Exact>| {
                value.map_or("–".to_owned(), corticurve::exposure::Exact::decimal)
            };
            let range = series
                .range
                .map_or("–".to_owned(), |(least, most)| format!("{}–{}", least.decimal(), most.decimal()));
            let (median, low) = (number(series.median), number(series.low_dose_at_most));
            format!("{} | {} | {} | {median} | {range} | {low}", series.source, series.patients, series.figure.word())
        })
        .collect();
    assert_eq!(
        found,
        [
            "Strati, Blood 2021;137:3272 | 100 | mg | 186 | 8–1803 | –",
            "ASH 2023 #4889 (Blood 142 S1) | 292 | mg on days 0 to 30 | 60 | 1–1982 | –",
            "Yang, Front Pediatr 2024;12:1485402 | 194 | mg/kg | 0.56 | – | –",
            "Front Immunol 2025;16:1604866 | 120 | mg/kg | – | – | 8",
        ]
    );
}

#[test]
fn a_total_is_below_at_or_above_the_median_and_inside_or_outside_the_range() {
    for (milligrams, series, expected) in [
        ("185", "strati-2021", "185 mg: below the median of 186 mg and inside the range of 8–1,803 mg"),
        ("186", "strati-2021", "186 mg: at the median of 186 mg and inside the range"),
        ("186.001", "strati-2021", "186.001 mg: above the median of 186 mg"),
        ("8", "strati-2021", "8 mg: below the median of 186 mg and inside the range"),
        ("7.5", "strati-2021", "7.5 mg: below the median of 186 mg and outside the range"),
        ("1803.5", "strati-2021", "1,803.5 mg: above the median of 186 mg and outside the range"),
        ("60", "ash-2023-4889", "60 mg on Days 0 to +30: at the median of 60 mg"),
        ("28", "yang-2024", "0.56 mg/kg: at the median of 0.56 mg/kg of 194 children"),
        ("28.001", "yang-2024", "0.56002 mg/kg: above the median of 0.56 mg/kg"),
        ("400", "front-immunol-2025", "8 mg/kg: at or below 8 mg/kg, the low dose of 120 children"),
        ("400.5", "front-immunol-2025", "8.01 mg/kg: above 8 mg/kg, the low dose"),
    ] {
        place(&robin(None, &[&format!("dex {milligrams} iv 2026-11-15T08:00Z")]), series, expected);
    }
}

#[test]
fn each_series_gets_its_own_figure_whatever_the_window() {
    let lines = ["dex 100 iv 2026-11-12T08:00Z", "dex 50 iv 2026-12-13T23:59Z", "dex 200 iv 2026-12-14T00:00Z"];
    let chart = robin(None, &lines);
    place(&chart, "strati-2021", "250 mg: above");
    place(&chart, "ash-2023-4889", "50 mg on Days 0 to +30: below");
    place(&chart, "yang-2024", "5 mg/kg: above");
    let early = places(&chart, "2026-12-13T23:59Z");
    says(&early[1].1, &["50 mg on Days 0 to +30"]);
    says(&places(&robin(None, &["dex 6 iv 2026-11-14T08:00Z"]), "2026-11-16T08:00Z")[1].1, &["on Days 0 to +3:"]);
}

#[test]
fn the_patients_own_age_group_comes_first_and_the_other_is_called_another_population() {
    let (adults, children) = (["strati-2021", "ash-2023-4889"], ["yang-2024", "front-immunol-2025"]);
    for (birth, order, populations) in [
        // 18 on the day of the infusion, and on the day after.
        (Some("2008-11-13"), [adults, children], [Population::Own, Population::Other]),
        (Some("2008-11-14"), [children, adults], [Population::Own, Population::Other]),
        (None, [adults, children], [Population::Unknown, Population::Unknown]),
    ] {
        let chart = robin(birth, &["dex 10 iv 2026-11-15T08:00Z"]);
        let published = Published::shipped().unwrap();
        let exposure = over(&chart, Window::Day0, NOW);
        let positions = positions(&chart, rules(), &exposure, &published).unwrap();
        let found: Vec<_> = positions.iter().map(|position| position.series.id.as_str()).collect();
        assert_eq!(found, order.concat(), "{birth:?}");
        assert_eq!([positions[0].population, positions[2].population], populations, "{birth:?}");
        let is_another = positions[2].words().starts_with("another population (");
        assert_eq!(is_another, birth.is_some(), "{}", positions[2].words());
    }
}

#[test]
fn every_position_names_its_source_and_says_that_it_is_no_limit() {
    let chart = robin(None, &["dex 10 iv 2026-11-15T08:00Z"]);
    let published = Published::shipped().unwrap();
    let exposure = over(&chart, Window::Day0, NOW);
    for position in positions(&chart, rules(), &exposure, &published).unwrap() {
        let words = position.words();
        says(&words, &[&position.series.source, &position.series.who, "not a limit"]);
        assert!(position.series.median.is_none() || words.ends_with(NOT_A_LIMIT), "{words}");
    }
}

#[test]
fn without_day_0_weight_or_steroid_there_is_no_position_and_it_says_why() {
    let dose = || given("dex 10 iv 2026-11-15T08:00Z");
    for (chart, reasons) in [
        (chart_of([dose(), weighed("50 kg", "2026-11-12T08:00Z")]), ["needs Day 0", "needs Day 0"]),
        (chart_of([dose(), infused("2026-11-13T10:00Z")]), ["10 mg: below", "needs a weight: none is recorded"]),
        (robin(None, &["dex 10 iv 2026-11-12T08:00Z"]), ["no steroid is counted from Day 0", "no steroid is counted"]),
    ] {
        let places = places(&chart, NOW);
        says(&places[0].1, &[reasons[0]]);
        says(&places[2].1, &[reasons[1]]);
    }
}

#[test]
fn what_is_undecided_is_said_with_the_position_and_not_in_it() {
    let unknown = Administration { status: Status::Unknown, ..super::dose("predniSONE 40 po 2026-11-16T08:00Z") };
    let mut facts = vec![infused("2026-11-13T10:00Z"), given("dex 10 iv 2026-11-15T08:00Z")];
    facts.push(Fact::Administered(unknown));
    let chart = chart_of(facts);
    let published = Published::shipped().unwrap();
    let exposure = over(&chart, Window::Day0, NOW);
    let positions = positions(&chart, rules(), &exposure, &published).unwrap();
    assert!(positions[0].short().starts_with("10 mg: below"));
    says(&positions[0].words(), &["; undecided: 6 mg in 1 dose; "]);
}

#[test]
fn a_published_list_with_a_bad_number_is_refused_by_its_series() {
    let read = |numbers: &str| {
        Published::from_ron(&format!(
            "[(id: \"own\", version: \"1\", confirmed: true, source: \"us\", who: \"10 adults\", group: Adults, \
             patients: 10, figure: Whole, found: \"\", {numbers})]"
        ))
    };
    assert!(read("median: Some(\"60\"), range: Some((\"1\", \"90\"))").is_ok());
    for (numbers, parts) in [
        ("median: Some(\"60,5\")", &["own", "60.5"][..]),
        ("median: Some(\"NaN\")", &["own", "NaN"]),
        ("median: Some(\"60\"), range: Some((\"61\", \"90\"))", &["own", "with the median in it"]),
        ("median: Some(\"60\"), range: Some((\"90\", \"1\"))", &["own", "from the smallest"]),
        ("", &["own", "give a median"]),
        ("median: Some(\"60\"), mean: Some(\"60\")", &["published exposure"]),
    ] {
        says(&read(numbers).expect_err(numbers).to_string(), parts);
    }
}
