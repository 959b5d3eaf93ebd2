//! `corticurve convert`

use super::{Done, Station, has, names, shared};

#[test]
fn the_published_conversions_are_met() {
    let Some(file) = shared("medcalc-bench/steroid_conversions.csv") else { return };
    let station = Station::with_robin();
    let before = station.snapshot();
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
    assert!(station.snapshot() == before);
}

#[test]
fn it_names_its_table_and_prints_exact_decimals() {
    let station = Station::with_robin();
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
    let station = Station::with_robin();
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

#[test]
fn without_a_ward_it_says_that_the_factors_are_the_shipped_ones_and_a_named_folder_must_hold_one() {
    let station = Station::new();
    let convert = ["convert", "6 mg dexamethasone", "--to", "prednisolone"];
    for (words, printed) in
        [(&convert[..], "6 mg dexAMETHasone = 40 mg prednisoLONE"), (&["settings"], ", as shipped\n")]
    {
        let shipped = Done::of(station.bare().args(words));
        assert_eq!(shipped.code, 0, "{}", shipped.err);
        has(&shipped.out, &[printed]);
        assert!(!shipped.out.contains("the unit has changed nothing"));
        has(&shipped.err, &["no ward is in ", "these are the settings as shipped"]);
        has(&station.refused(2, words), &["there are no records in "]);
    }
    station.run(&super::robin("40 017")).saved();
    station.run(&convert).ok();
    has(&station.run(&["settings"]).ok(), &["the unit has changed nothing"]);
    let store = station.data().join("STORE.ron");
    let newer = std::fs::read_to_string(&store).unwrap().replace("format: 1", "format: 2");
    std::fs::write(&store, newer).unwrap();
    for words in [&convert[..], &["settings"]] {
        has(&station.refused(2, words), &["format 2, which is newer than this program reads"]);
    }
}
