//! `corticurve convert`

use super::{Station, has, names, shared};

#[test]
fn the_published_conversions_are_met() {
    let Some(file) = shared("medcalc-bench/steroid_conversions.csv") else { return };
    let station = Station::new();
    let mut cases = 0;
    for row in csv::Reader::from_path(file).unwrap().records() {
        let row = row.unwrap();
        let drug = |text: &str| text.split_whitespace().next().unwrap().to_owned();
        let amount = format!("{} mg {}", &row[1], drug(&row[0]));
        let json = station.run(&["convert", &amount, "--to", &drug(&row[2]), "--json"]).json();
        let (mg, limit) = (json["mg"].as_f64().unwrap(), |at: usize| row[at].parse::<f64>().unwrap());
        assert!(limit(4) <= mg && mg <= limit(5), "{row:?}: {mg}");
        cases += 1;
    }
    assert_eq!(cases, 8);
    assert_eq!(station.snapshot(), None);
}

#[test]
fn it_names_its_table_and_prints_exact_decimals() {
    let station = Station::new();
    let words = ["convert", "7.96 mg dexamethasone", "--to", "prednisolone"];
    assert_eq!(
        station.run(&words).ok(),
        "7.96 mg dexAMETHasone = 53.066667 mg prednisoLONE (table fda-label version 1)\n"
    );
    let json = station.run(&[&words[..], &["--json"]].concat());
    let text = json.out.clone();
    let json = json.json();
    assert_eq!(names(&json), ["from_drug", "from_mg", "mg", "table", "to_drug"]);
    has(&text, &["\"from_mg\":7.96,", "\"mg\":53.066667,"]);
}

#[test]
fn a_drug_that_a_table_does_not_list_is_not_guessed() {
    let station = Station::new();
    let deflazacort = ["convert", "10 mg deflazacort", "--to", "prednisolone"];
    has(
        &station.refused(1, &deflazacort),
        &["does not list deflazacort", "nothing is guessed", "take another with --table: bnf"],
    );
    station.run(&[&deflazacort[..], &["--table", "bnf"]].concat()).ok();
    has(&station.refused(1, &["convert", "100 mg anakinra", "--to", "dex"]), &["anakinra is not a glucocorticoid"]);
    has(
        &station.refused(2, &[&deflazacort[..], &["--table", "who"]].concat()),
        &["'who' is not a conversion table; take one of"],
    );
}
