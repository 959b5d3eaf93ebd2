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
    ] {
        let table = under(table).table;
        let found = drugs.map(|name| table.equivalent(&drug(name)).map_or("–".to_owned(), Exact::decimal));
        assert_eq!(found, numbers, "{}", table.id);
        assert!(!table.version.is_empty() && !table.source.is_empty() && table.confirmed, "{}", table.id);
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

#[test]
fn a_table_with_a_bad_number_is_refused_by_table_and_drug() {
    let read = |equivalents: &str| {
        Tables::from_ron(&format!(
            "[(id: \"unit\", version: \"1\", confirmed: true, source: \"us\", equivalents: [{equivalents}])]"
        ))
    };
    assert!(read("(\"dexamethasone\", \"0.75\")").is_ok());
    for (equivalents, says) in [
        ("(\"dexamethasone\", \"0\")", &["unit", "dexamethasone", "above zero"][..]),
        ("(\"dexamethasone\", \"0.000\")", &["above zero"]),
        ("(\"dexamethasone\", \"0.75\"), (\"dexamethasone\", \"0.8\")", &["dexamethasone must be there once"]),
        ("(\"dexamethasone\", \"-0.75\")", &["unit, dexamethasone", "-0.75"]),
        ("(\"dexamethasone\", \"0,75\")", &["unit, dexamethasone", "write 0.75"]),
        ("(\"dexamethasone\", \"NaN\")", &["unit, dexamethasone", "NaN"]),
        ("(\"dexamethasone\", \"1e3\")", &["unit, dexamethasone", "1e3"]),
        ("(\"dexamethasone\", \"0.7500001\")", &["unit, dexamethasone", "0.7500001"]),
        ("(\"dexamethasone\", 0.75)", &["conversion tables"]),
        ("\"dexamethasone\"", &["conversion tables"]),
    ] {
        crate::record::says(&read(equivalents).expect_err(equivalents).to_string(), says);
    }
    let unknown = "[(id: \"unit\", version: \"1\", confirmed: true, source: \"\", equivalents: [], note: \"\")]";
    assert!(Tables::from_ron(unknown).is_err(), "an unknown field");
}

#[test]
fn an_unknown_table_is_refused_with_the_names_there_are() {
    let error = Tables::shipped().unwrap().get("fda").unwrap_err().to_string();
    crate::record::says(&error, &["'fda' is not a conversion table", "fda-label, bnf, katzung, globalrph-low"]);
}

#[test]
fn what_a_table_does_not_list_is_not_converted() {
    for (from, to) in [("deflazacort", "dexamethasone"), ("dexamethasone", "deflazacort"), ("anakinra", "prednisone")] {
        assert_eq!(rules().table.convert(mg("6"), &drug(from), &drug(to)), None, "{from} to {to}");
    }
    let six = under("bnf").table.convert(mg("6"), &drug("deflazacort"), &drug("dexamethasone"));
    assert_eq!(six.unwrap().unwrap().decimal(), "0.75");
}
