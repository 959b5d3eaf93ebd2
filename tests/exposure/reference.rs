//! Conversion tables against the clinical reference and published answers.

use super::{after_infusion, chart_of, dose, drug, mg, rules, shared, total, under};
use corticurve::exposure::{Exact, Tables, Window};
use corticurve::record::{Fact, Formulary};

#[track_caller]
fn converted(milligrams: &str, from: &str, to: &str) -> Exact {
    rules().table.convert(mg(milligrams), &drug(from), &drug(to)).unwrap().unwrap()
}

#[test]
fn the_check_values_of_the_clinical_reference_are_met() {
    for (milligrams, from, to, answer) in [
        ("1000", "methylprednisolone", "dexamethasone", "187.5"),
        ("60", "prednisone", "dexamethasone", "9"),
        ("100", "hydrocortisone", "dexamethasone", "3.75"),
        ("10", "dexamethasone", "prednisone", "66.666667"),
        ("6", "dexamethasone", "prednisolone", "40"),
        ("4500", "methylprednisolone", "dexamethasone", "843.75"),
        ("15", "prednisolone", "cortisone", "75"),
        ("15", "prednisolone", "hydrocortisone", "60"),
        ("15", "prednisolone", "triamcinolone", "12"),
        ("15", "prednisolone", "betamethasone", "2.25"),
        ("245", "prednisone", "dexamethasone", "36.75"),
    ] {
        assert_eq!(converted(milligrams, from, to).decimal(), answer, "{milligrams} mg {from}");
    }
    assert_eq!(converted("10", "dexamethasone", "prednisone").shown(2), "66.67");
}

#[test]
fn the_eight_published_conversions_lie_within_their_limits() {
    let Some(file) = shared("medcalc-bench/steroid_conversions.csv") else { return };
    let formulary = Formulary::shipped().unwrap();
    let mut cases = 0;
    for row in csv::Reader::from_reader(file.as_bytes()).records() {
        let row = row.unwrap();
        let named = |text: &str| formulary.named_in(text).unwrap().id.to_string();
        let answer = converted(&row[1], &named(&row[0]), &named(&row[2]));
        let [lower, upper] = [&row[4], &row[5]].map(|limit| {
            let scaled = corticurve::record::decimal::parse(limit, 6).unwrap();
            Exact::new(i128::from(scaled), 1_000_000)
        });
        assert!(lower <= answer && answer <= upper, "{row:?}: {}", answer.decimal());
        cases += 1;
    }
    assert_eq!(cases, 8);
}

/// A dose every so many hours from a start, in doses.
fn course(line: &str, start: &str, every_hours: i64, number: i64) -> Vec<Fact> {
    let first = crate::record::at(start);
    let when = |nth: i64| (first + chrono::TimeDelta::hours(every_hours * nth)).format("%Y-%m-%dT%H:%MZ").to_string();
    (0..number).map(|nth| Fact::Administered(dose(&format!("{line} {}", when(nth))))).collect()
}

#[test]
fn the_grade_4_taper_is_843_75_mg() {
    let mut taper = course("methylpred 500 iv", "2026-11-14T08:00Z", 12, 6);
    taper.extend(course("methylpred 250 iv", "2026-11-17T08:00Z", 12, 4));
    taper.extend(course("methylpred 125 iv", "2026-11-19T08:00Z", 12, 4));
    assert_eq!(total(&chart_of(taper), Window::All, "2026-11-22T08:00Z"), "843.75");
}

#[test]
fn dexamethasone_10_mg_every_6_hours_for_8_doses_is_80_mg() {
    let chart = chart_of(course("dex 10 iv", "2026-11-14T08:00Z", 6, 8));
    assert_eq!(total(&chart, Window::All, "2026-11-22T08:00Z"), "80");
}

#[test]
fn a_gram_and_micrograms_are_the_same_mass() {
    let chart = after_infusion(&["methylpred 1 g iv 2026-11-14T08:00Z", "dex 500mcg po 2026-11-14T20:00Z"]);
    assert_eq!(total(&chart, Window::All, "2026-11-22T08:00Z"), "188");
}

#[test]
fn the_shipped_tables_hold_the_numbers_of_the_reference() {
    let drugs = [
        "hydrocortisone",
        "cortisone",
        "prednisone",
        "prednisolone",
        "methylprednisolone",
        "triamcinolone",
        "dexamethasone",
        "betamethasone",
        "deflazacort",
    ];
    for (table, numbers) in [
        ("fda-label", ["20", "25", "5", "5", "4", "4", "0.75", "0.75", "–"]),
        ("bnf", ["20", "25", "–", "5", "4", "4", "0.75", "0.75", "6"]),
        ("katzung", ["20", "25", "5", "5", "4", "4", "0.75", "0.6", "–"]),
        ("globalrph-low", ["20", "25", "5", "5", "4", "4", "0.75", "0.6", "–"]),
        // Computed from the printed potency: where the tables above do not agree, these two say nothing.
        ("potency-25", ["20", "25", "5", "5", "4", "4", "0.8", "–", "–"]),
        ("potency-30", ["20", "25", "5", "5", "4", "4", "0.666667", "–", "–"]),
    ] {
        let table = under(table).table;
        let found = drugs.map(|name| table.equivalent(&drug(name)).map_or("–".to_owned(), Exact::decimal));
        assert_eq!(found, numbers, "{}", table.id);
        assert!(!table.version.is_empty() && !table.source.is_empty(), "{}", table.id);
        assert_eq!(table.confirmed, !table.id.starts_with("potency"), "{}", table.id);
        assert_eq!(table.equivalent(&drug("fludrocortisone")), None, "never counted");
    }
}

#[test]
fn every_drug_of_a_table_is_a_glucocorticoid_of_the_list() {
    let formulary = Formulary::shipped().unwrap();
    for drug in formulary.drugs() {
        let listed = rules().tables.iter().any(|table| table.equivalent(&drug.id).is_some());
        assert_eq!(listed, drug.class == corticurve::record::Class::Glucocorticoid, "{}", drug.id);
    }
}

fn read(text: &str) -> Result<Tables, String> {
    Tables::from_ron(text, rules().formulary).map_err(|error| error.to_string())
}

/// Two tables, so that a drug stands in the text more than once; the second begins on line 6.
fn two_tables(second: &str) -> String {
    let first = "(\n  id: \"first\", version: \"1\", source: \"ours\", confirmed: true,\n  \
        equivalents: [(\"dexamethasone\", \"0.75\"), (\"prednisone\", \"5\")],\n),";
    format!("[\n{first}\n{second}\n]")
}

fn unit_table(equivalents: &str) -> String {
    two_tables(&format!(
        "(\n  id: \"unit\", version: \"1\", source: \"us\", confirmed: false,\n  equivalents: [\n{equivalents}\n  ],\n)"
    ))
}

#[test]
fn a_table_with_a_bad_value_is_refused_by_line_table_and_drug() {
    let dex = "(\"dexamethasone\", \"0.75\"),";
    assert_eq!(read(&unit_table(dex)).unwrap().iter().count(), 2);
    for (value, says) in [
        ("\"\"", "unit, prednisone: a number is missing"),
        ("\"0\"", "unit, prednisone: the value must be above zero"),
        ("\"0.000\"", "above zero"),
        ("\"0/5\"", "above zero"),
        ("\"5/0\"", "above zero"),
        ("\"5/\"", "a number is missing"),
        ("\"1/2/3\"", "'2/3' is not a number"),
        ("\"-5\"", "unit, prednisone: '-5': amounts are never negative"),
        ("\"0,75\"", "unit, prednisone: '0,75': a comma is not taken, because it can mean two things; write 0.75"),
        ("\"NaN\"", "unit, prednisone: 'NaN' is not a number"),
        ("\"inf\"", "'inf' is not a number"),
        ("\"1e3\"", "'1e3' is not a number"),
        ("\"1_0\"", "'1_0' is not a number"),
        ("\"0.7500001\"", "'0.7500001' has more than 6 decimals"),
        ("5", "Expected string; put it in quotation marks"),
    ] {
        let error = read(&unit_table(&format!("{dex}\n    (\"prednisone\", {value}),"))).expect_err(value);
        crate::record::says(&error, &["conversion tables, line 10, column", says]);
    }
}

#[test]
fn a_table_with_a_bad_drug_is_refused_by_its_line_also_where_another_table_holds_the_same_drug() {
    let dex = "    (\"dexamethasone\", \"0.75\"),";
    for (line, drug, says) in [
        (10, "(\"prednisone\", \"5\"), (\"prednisone\", \"6\")", "conversion table unit: prednisone is there twice"),
        (10, "(\"dexamethasone\", \"0.8\")", "conversion table unit: dexamethasone is there twice"),
        (10, "(\"\", \"5\")", "'' is not a glucocorticoid of the drug list"),
        (10, "(\"predni\", \"5\")", "'predni' is not a glucocorticoid of the drug list; write one of dexamethasone,"),
        (10, "(\"anakinra\", \"5\")", "'anakinra' is not a glucocorticoid"),
        (10, "(\"fludrocortisone\", \"5\")", "'fludrocortisone' is not a glucocorticoid"),
        (10, "(\"prednisone\")", "Expected a tuple of size 2"),
        (10, "\"prednisone\"", "Expected"),
        (10, "(\"predni\\u{73}one\", \"5\")", "write it without a backslash"),
    ] {
        let error = read(&unit_table(&format!("{dex}\n    {drug},"))).expect_err(drug);
        crate::record::says(&error, &[&format!("line {line}, "), says]);
    }
    let error = read(&unit_table("    (\"prednisone\", \"5\")")).unwrap_err();
    assert!(error.starts_with("conversion tables, line 7, column 8: conversion table unit: dexamethasone is missing"));
}

#[test]
fn a_table_without_a_name_version_or_source_and_one_of_a_name_that_is_taken_are_refused_by_line() {
    let right =
        "id: \"unit\", version: \"1\", source: \"us\", confirmed: true, equivalents: [(\"dexamethasone\", \"1\")]";
    assert!(read(&two_tables(&format!("(\n{right})"))).is_ok());
    for (from, to, says) in [
        ("\"unit\"", "\"first\"", "line 7, column 6: there is already a conversion table first"),
        ("\"unit\"", "\"\"", "line 7, column 6: '' cannot be the id"),
        ("\"unit\"", "\"Our table\"", "'Our table' cannot be the id of a conversion table; write 1 to 40 small"),
        ("version: \"1\"", "version: \" \"", "line 7, column 6: conversion table unit: the version must have"),
        ("source: \"us\"", "source: \"\"", "line 7, column 6: conversion table unit: the source must have"),
        ("version: \"1\", ", "", "missing field named `version`"),
        ("confirmed: true, ", "", "missing field named `confirmed`"),
        ("confirmed", "note: \"\", confirmed", "line 7, column 41: Unexpected field named `note`"),
        ("confirmed", "version: \"2\", confirmed", "line 7, column 41: Unexpected duplicate field named `version`"),
        ("confirmed: true", "confirmed: maybe", "line 7, column 51: Expected boolean"),
    ] {
        let error = read(&two_tables(&format!("(\n{})", right.replacen(from, to, 1)))).expect_err(to);
        crate::record::says(&error, &[says]);
    }
}

#[test]
fn a_ratio_is_kept_exactly() {
    let tables = read(&unit_table(
        "(\"dexamethasone\", \"20/30\"), (\"hydrocortisone\", \"20\"), (\"cortisone\", \"0.5/0.02\")",
    ));
    let tables = tables.unwrap();
    let unit = tables.get("unit").unwrap();
    assert_eq!(unit.equivalent(&drug("dexamethasone")), Some(Exact::new(2, 3)));
    assert_eq!(unit.equivalent(&drug("cortisone")), Some(Exact::whole(25)));
    let two = unit.convert(mg("60"), &drug("hydrocortisone"), &drug("dexamethasone")).unwrap();
    assert_eq!(two, Ok(Exact::whole(2)));
}

#[test]
fn an_unknown_table_is_refused_with_the_names_there_are() {
    let error = Tables::shipped().unwrap().get("fda").unwrap_err().to_string();
    crate::record::says(
        &error,
        &["'fda' is not a conversion table", "fda-label, bnf, katzung, globalrph-low, potency-25, potency-30"],
    );
}

#[test]
fn what_a_table_does_not_list_is_not_converted() {
    for (from, to) in [("deflazacort", "dexamethasone"), ("dexamethasone", "deflazacort"), ("anakinra", "prednisone")] {
        assert_eq!(rules().table.convert(mg("6"), &drug(from), &drug(to)), None, "{from} to {to}");
    }
    let six = under("bnf").table.convert(mg("6"), &drug("deflazacort"), &drug("dexamethasone"));
    assert_eq!(six.unwrap().unwrap().decimal(), "0.75");
}
