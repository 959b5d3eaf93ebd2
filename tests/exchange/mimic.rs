//! Real medication records: the MIMIC-IV demo, held against totals that were computed without this program.

use corticurve::exchange::import::{self, Batch, Profile, Skip};
use corticurve::record::{Administration, Amount, Formulary, Now, Quantity, Route, Status, time};
use std::path::Path;

/// A file of the shared data; `None`, and said so, where it is absent.
fn shared(name: &str) -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/mimic-iv-demo").join(name);
    let text = std::fs::read_to_string(&path);
    if text.is_err() {
        println!("skipped: {} is not there", path.display());
    }
    text.ok()
}

fn mar() -> Option<Batch> {
    let zone = chrono::FixedOffset::east_opt(3600).unwrap();
    let now = Now { at: time::parse_moment("2026-11-22 14:30", &zone).unwrap(), zone: &zone };
    let profile = Profile::named("mimic-iv-demo").unwrap();
    Some(import::read(shared("mar.csv")?.as_bytes(), "mar.csv", &profile, &Formulary::shipped().unwrap(), now).unwrap())
}

fn systemic(dose: &Administration) -> bool {
    dose.route.is_none_or(Route::systemic)
}

fn milligrams<'a>(doses: impl Iterator<Item = &'a Administration>) -> String {
    let micrograms =
        doses.filter_map(Administration::charted_or_due).filter_map(Quantity::mass).map(Amount::micrograms);
    Amount::from_micrograms(micrograms.sum()).milligrams()
}

#[test]
fn rows_and_milligrams_agree_with_the_independent_totals() {
    let (Some(batch), Some(expected)) = (mar(), shared("expected_totals.csv")) else { return };
    for row in csv::Reader::from_reader(expected.as_bytes()).records() {
        let row = row.unwrap();
        let patient = batch.patients.iter().find(|patient| patient.identity.mrn.as_str() == &row[0]).unwrap();
        assert!(patient.identity.dates_shifted);
        let of_drug = || patient.administrations.iter().filter(|dose| dose.drug.as_str() == &row[1]);
        let counted = || of_drug().filter(|dose| systemic(dose)).filter(|dose| dose.status == Status::Given);
        let undecided = || of_drug().filter(|dose| systemic(dose)).filter(|dose| dose.status == Status::Unknown);
        let found = [
            counted().count().to_string(),
            milligrams(counted()),
            of_drug().filter(|dose| dose.status == Status::NotGiven).count().to_string(),
            undecided().count().to_string(),
            milligrams(undecided()),
            counted().filter(|dose| dose.route.is_none()).count().to_string(),
        ];
        assert_eq!(found, [&row[2], &row[3], &row[5], &row[6], &row[7], &row[9]], "{row:?}");
    }
}

#[test]
fn the_account_names_what_was_skipped_and_what_is_undecided() {
    let Some(batch) = mar() else { return };
    let report = &batch.report;
    assert_eq!((report.rows_read, report.rows_imported(), report.rows_skipped()), (230, 228, 2));
    let skipped: Vec<_> = report.skipped.iter().map(|s| (s.reason, s.drug.as_str(), s.rows)).collect();
    assert_eq!(skipped, [(Skip::NotRecorded, "Fosaprepitant", 1), (Skip::NotRecorded, "Ondansetron", 1)]);
    let undecided: Vec<_> = report.undecided.iter().map(|u| (u.drug.as_str(), u.reason, u.rows)).collect();
    assert_eq!(undecided, [("methylprednisolone", "status unknown", 2)]);
    assert_eq!(batch.patients.len(), 6);
}

#[test]
fn the_traps_in_the_file_are_read_as_they_are() {
    let Some(batch) = mar() else { return };
    let doses: Vec<_> = batch.patients.iter().flat_map(|patient| &patient.administrations).collect();
    let of = |id: &str| *doses.iter().find(|dose| dose.source_id.as_deref() == Some(id)).unwrap();
    let leap = doses.iter().filter(|dose| time::shown(dose.given.start()) == "29-Feb-2116 16:09");
    let bag: Vec<_> = leap.map(|dose| (dose.drug.as_str(), dose.amount_shown())).collect();
    assert_eq!(bag, [("dexamethasone", "12 mg".to_owned())]);
    let held = of("mimic-iv-demo:10035631-1615");
    assert_eq!((held.status, held.amount_shown().as_str()), (Status::NotGiven, "75 mg due"));
    let late = of("mimic-iv-demo:10035631-1626");
    assert_eq!((late.status, late.route), (Status::Given, Some(Route::Intravenous)));
    assert_eq!(late.charted_at.unwrap().to_rfc3339(), "2116-03-10T13:03:00+00:00");
    let without_status = of("mimic-iv-demo:10040025-551");
    assert_eq!((without_status.status, without_status.amount_shown().as_str()), (Status::Unknown, "24 mg"));
}

#[test]
fn the_same_file_again_adds_nothing() {
    let (Some(first), Some(second)) = (mar(), mar()) else { return };
    let again = second.against(|mrn, id| {
        let patient = first.patients.iter().find(|patient| patient.identity.mrn == *mrn).unwrap();
        patient.administrations.iter().find(|dose| dose.source_id.as_deref() == Some(id))
    });
    assert!(again.patients.is_empty());
    assert_eq!((again.report.rows_imported(), again.report.rows_skipped()), (0, 230));
}
