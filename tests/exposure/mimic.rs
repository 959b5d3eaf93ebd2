//! Real medication records, from the file to the figures: exactly the totals that were computed without this program.

use super::{chart_of, drug, rules, seen, shared};
use crate::record::{at, offset};
use corticurve::exchange::import::{self, Profile};
use corticurve::exchange::summary::PatientSummary;
use corticurve::exposure::{Exact, Exposure, Reason, Window, as_of};
use corticurve::record::{Chart, Fact, Formulary, Now, PatientId};
use std::collections::BTreeMap;

/// The columns of `expected_totals.csv` after patient and drug.
type Totals = [String; 8];

/// Every patient's chart and figures over the whole record.
fn patients() -> Option<Vec<(Chart, Exposure)>> {
    let zone = offset(1);
    let now = Now { at: at("2026-11-22T14:30+01:00"), zone: &zone };
    let profile = Profile::named("mimic-iv-demo").unwrap();
    let file = shared("mimic-iv-demo/mar.csv")?;
    let batch = import::read(file.as_bytes(), "mar.csv", &profile, &Formulary::shipped().unwrap(), now).unwrap();
    let charts = batch.patients.into_iter().map(|patient| {
        let registered = Fact::PatientRegistered(patient.identity);
        chart_of(std::iter::once(registered).chain(patient.administrations.into_iter().map(Fact::Administered)))
    });
    let figures = |chart: Chart| {
        let exposure = seen(&chart, rules(), Window::All, as_of(&chart, now.at));
        (chart, exposure)
    };
    Some(charts.map(figures).collect())
}

fn totals(exposure: &Exposure, name: &str) -> Totals {
    let drug = drug(name);
    let counted = exposure.by_drug.iter().find(|total| total.drug == drug);
    let left = |reason: Reason| exposure.left_out.iter().find(|left| left.drug == drug && left.reason == reason);
    let undecided = left(Reason::StatusUnknown);
    let undecided_mg = undecided.and_then(|left| left.mg).unwrap_or(Exact::ZERO);
    let factor = rules().table.factor(&drug, &super::drug("dexamethasone")).unwrap();
    let rows = |number: Option<usize>| number.unwrap_or(0).to_string();
    [
        rows(counted.map(|total| total.doses)),
        counted.map_or(Exact::ZERO, |total| total.mg).decimal(),
        counted.map_or(Exact::ZERO, |total| total.equivalent).decimal(),
        rows(left(Reason::NotGiven).map(|left| left.doses)),
        rows(undecided.map(|left| left.doses)),
        undecided_mg.decimal(),
        undecided_mg.times(factor).unwrap().decimal(),
        rows(counted.map(|total| total.without_route)),
    ]
}

#[test]
fn every_patient_and_drug_has_exactly_the_independent_totals() {
    let (Some(patients), Some(file)) = (patients(), shared("mimic-iv-demo/expected_totals.csv")) else { return };
    let mut expected: BTreeMap<(String, String), Totals> = BTreeMap::new();
    for row in csv::Reader::from_reader(file.as_bytes()).records() {
        let row = row.unwrap();
        let totals: Vec<String> = row.iter().skip(2).map(str::to_owned).collect();
        expected.insert((row[0].to_owned(), row[1].to_owned()), totals.try_into().unwrap());
    }
    assert_eq!(expected.len(), 8);
    let mut found = BTreeMap::new();
    for (chart, exposure) in &patients {
        let mrn = chart.identity.as_ref().unwrap().mrn.to_string();
        for total in &exposure.by_drug {
            let name = total.drug.to_string();
            found.insert((mrn.clone(), name.clone()), totals(exposure, &name));
        }
    }
    assert_eq!(found, expected, "every row, and no drug that is not listed");
}

#[test]
fn a_patients_totals_are_the_sums_of_their_drugs() {
    let Some(patients) = patients() else { return };
    let found: Vec<_> = patients
        .iter()
        .map(|(chart, exposure)| {
            let mrn = chart.identity.as_ref().unwrap().mrn.to_string();
            assert_eq!((exposure.infusion.as_ref(), exposure.day, exposure.landmarks.len()), (None, None, 0));
            assert_eq!(exposure.anakinra.doses, 0);
            (mrn, exposure.total.decimal(), exposure.undecided.mg.decimal(), exposure.undecided.without_mg)
        })
        .collect();
    let expected = [
        ("10005817", "128", "0", 0),
        ("10014354", "93", "0", 0),
        ("10019003", "45.9375", "0", 0),
        ("10035631", "170.4375", "0", 0),
        ("10040025", "61.5", "6", 0),
    ];
    let listed = found.iter().filter(|(.., total, _, _)| total != "0");
    let listed: Vec<_> =
        listed.map(|(mrn, total, beside, n)| (mrn.as_str(), total.as_str(), beside.as_str(), *n)).collect();
    assert_eq!(listed, expected);
}

#[test]
fn the_figures_are_seen_from_the_end_of_a_shifted_record() {
    let Some(patients) = patients() else { return };
    for (chart, exposure) in &patients {
        assert_eq!(Some(exposure.as_of), chart.end_of_record());
        assert!(exposure.as_of > at("2100-01-01T00:00Z"), "{}", exposure.as_of);
    }
}

#[test]
fn the_json_holds_the_same_digits() {
    let Some(patients) = patients() else { return };
    for (chart, exposure) in &patients {
        let json = serde_json::to_string(&PatientSummary::of(
            &PatientId::from_random([0; 12]),
            chart.identity.as_ref(),
            exposure,
        ))
        .unwrap();
        let total = format!("\"dexamethasone_equivalent_mg\":{},", exposure.total.decimal());
        assert!(json.contains(&total), "{total} in {json}");
        assert!(json.contains(&format!("\"undecided_mg\":{},", exposure.undecided.mg.decimal())), "{json}");
        assert!(json.contains("\"day\":null,"), "{json}");
    }
}
