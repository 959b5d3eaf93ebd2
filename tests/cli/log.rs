//! `corticurve log`

use super::{Station, has};
use corticurve::app::ward::Ward;
use corticurve::record::{Administration, DrugId, Fact, Given, Moment};
use corticurve::store::Author;

const HEADER: [&str; 23] = [
    "id",
    "given_at",
    "given_until",
    "recorded_at",
    "recorded_by",
    "drug",
    "amount",
    "mg",
    "due",
    "expressed",
    "route",
    "status",
    "purpose",
    "day",
    "state",
    "reason",
    "counted",
    "running_total_mg",
    "note",
    "source_id",
    "changed_at",
    "changed_by",
    "was",
];

/// Three doses: as it was recorded, corrected from 45 mg to 4.5 mg, and struck out.
fn station() -> Station {
    let station = Station::with_robin();
    station.record("dex 10 iv 2025-11-13 14:30 icans; \"slow\", over 5 min").saved();
    let wrong = station.record("dex 45 iv 2025-11-14 08:00").saved();
    let twice = station.record("dex 8 iv 2025-11-15 08:00").saved();
    let mut ward = Ward::open_to_write(&station.data(), &station.path("other-config")).unwrap();
    let patient = ward.by_mrn(&"40 017".parse().unwrap()).unwrap().id.clone();
    let author = Author { by: "LT".parse().unwrap(), workstation: "WARD4-PC02".to_owned() };
    let at: Moment = "2025-11-15T09:00:00Z".parse().unwrap();
    let given = Given::At("2025-11-14T08:00:00Z".parse().unwrap());
    let right = Administration::given(DrugId::new("dexamethasone"), "4.5 mg".parse().unwrap(), given);
    let right = Fact::Administered(right);
    ward.correct(&patient, &wrong.parse().unwrap(), right, "a point was lost", &author, at).unwrap();
    ward.strike_out(&patient, &twice.parse().unwrap(), "recorded twice", &author, at).unwrap();
    station
}

#[test]
fn csv_has_every_administration_with_what_became_of_it() {
    let station = station();
    let csv = station.run(&["log", "40 017", "--csv"]).ok();
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(reader.headers().unwrap(), &csv::StringRecord::from(HEADER.to_vec()));
    let rows: Vec<_> = reader.into_records().map(Result::unwrap).collect();
    let cell = |row: usize, name: &str| &rows[row][HEADER.iter().position(|header| *header == name).unwrap()];
    let column = |name: &str| [cell(0, name), cell(1, name), cell(2, name)];
    assert_eq!(column("state"), ["current", "corrected", "struck out"]);
    assert_eq!(column("amount"), ["10 mg", "4.5 mg", "8 mg"]);
    assert_eq!(column("running_total_mg"), ["10", "14.5", ""]);
    assert_eq!(column("counted"), ["counted", "counted", "struck out"]);
    assert_eq!(column("reason"), ["", "a point was lost", "recorded twice"]);
    assert_eq!(column("changed_by"), ["", "LT", "LT"]);
    assert_eq!(cell(0, "note"), "\"slow\", over 5 min");
    assert_eq!(cell(1, "was"), "dexamethasone 45 mg IV, 14-Nov-2025 08:00, given");
}

#[test]
fn json_keeps_every_change_and_what_was_before_it() {
    let station = station();
    let json = station.run(&["log", "40 017", "--json"]).json();
    assert_eq!((json["mrn"].as_str(), json["table"].as_str()), (Some("40 017"), Some("fda-label")));
    let corrected = &json["administrations"][1];
    assert_eq!(corrected["mg"].as_f64(), Some(4.5));
    let change = &corrected["changes"][0];
    assert_eq!((change["change"].as_str(), change["by"].as_str()), (Some("corrected"), Some("LT")));
    has(change["before"].as_str().unwrap(), &["45 mg"]);
    assert_eq!(json["administrations"][2]["changes"][0]["change"], "struck out");
}

#[test]
fn text_is_a_table_with_the_old_entry_below_the_new() {
    let station = station();
    let text = station.run(&["log", "40 017"]).ok();
    has(
        &text,
        &[
            "running total",
            "13-Nov-2025 14:30  0 ",
            "corrected by LT 15-Nov-2025 09:00: a point was lost (before: dexamethasone 45 mg IV",
            "struck out by LT 15-Nov-2025 09:00: recorded twice (before: dexamethasone 8 mg IV",
            "\"slow\", over 5 min",
        ],
    );
    assert_eq!(station.figures("40 017")["dexamethasone_equivalent_mg"].as_f64(), Some(14.5));
}

#[test]
fn two_charts_of_one_number_are_never_shown_as_one() {
    let station = Station::with_robin();
    let id = station.run(&super::robin("40 018")).saved();
    let mut ward = Ward::open_to_write(&station.data(), &station.path("other-config")).unwrap();
    let id = id.parse().unwrap();
    let mut identity = ward.patient(&id).unwrap().identity().unwrap().clone();
    identity.mrn = "40 017".parse().unwrap();
    let author = Author { by: "LT".parse().unwrap(), workstation: "WARD4-PC02".to_owned() };
    let amended = Fact::PatientAmended(identity);
    ward.write(&id, vec![amended], &author, "2026-01-15T09:00:00Z".parse().unwrap()).unwrap();
    for words in [&["log", "40 017"][..], &["summary", "40 017"], &["record", "--patient", "40 017", "dex 10 iv"]] {
        has(&station.refused(1, words), &["two patients have MRN 40 017: p-", "look at each by its id"]);
    }
    let other = ward.patients().iter().find(|patient| patient.id != id).unwrap().id.to_string();
    let told =
        |mine: &str, other: &str| format!("patients/{mine}: this patient has the same MRN as {other}: two charts");
    let (of_one, of_other) = (told(id.as_str(), &other), told(&other, id.as_str()));
    let advice =
        "amend the number if it is wrong, and else record the doses of the one in the other, and then strike them out";
    let log = station.run(&["log", id.as_str()]);
    assert_eq!(log.code, 1);
    has(&log.err, &[&of_one, advice]);
    assert!(!log.err.contains(&of_other), "{}", log.err);
    for words in [&["summary", "--json"][..], &["summary"], &["summary", "--explain", "total"]] {
        let done = station.run(words);
        assert_eq!(done.code, 1, "{words:?}");
        assert!(!done.out.is_empty(), "both are shown");
        has(&done.err, &[&of_one, &of_other]);
        assert!(!done.err.contains("40 017"), "by the ids alone: {}", done.err);
    }
    station.run(&super::robin("50 017")).saved();
    station.run(&["summary", "50 017"]).ok();
}
