//! Laws that hold of every file.

use super::generic;
use corticurve::exchange::import::Batch;
use corticurve::record::{Administration, Mrn};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Rows that are all readable, of recorded and other drugs, with and without ids, some of them equal.
fn rows() -> impl Strategy<Value = Vec<String>> {
    let drug = prop::sample::select(vec!["dexamethasone", "Anakinra 100 mg/0.67 mL", "Ondansetron", "prednisone"]);
    let row = (0..3_u8, 0..3_u8, drug, 0..3_u8, prop::option::of(0..40_u8), any::<bool>());
    let text = |(mrn, hour, drug, amount, id, blank): (u8, u8, &str, u8, Option<u8>, bool)| {
        let amount = if blank { String::new() } else { amount.to_string() };
        // What has an id must be the same wherever the id is.
        match id {
            Some(id) => format!("{},2026-11-21 0{}:00,dexamethasone,{id},mg,e{id}", id % 3, id % 7),
            None if hour == 0 && blank => ",,,,,".to_owned(),
            None => format!("{mrn},2026-11-21 0{hour}:00,{drug},{amount},mg,"),
        }
    };
    prop::collection::vec(row.prop_map(text), 0..40)
}

fn read(rows: &[String]) -> Batch {
    generic(format!("mrn,given_at,drug,amount,unit,source_id\n{}", rows.join("\n")).as_bytes()).unwrap()
}

/// The dose of a source id, as a chart that has some of a batch would give it.
fn dose_of<'a>(batch: &'a Batch, mrn: &Mrn, id: &str) -> Option<&'a Administration> {
    let patient = batch.patients.iter().find(|patient| patient.identity.mrn == *mrn)?;
    patient.administrations.iter().find(|dose| dose.source_id.as_deref() == Some(id))
}

fn ids(batch: &Batch) -> Vec<(Mrn, String)> {
    let doses = batch.patients.iter().flat_map(|p| p.administrations.iter().map(|dose| (&p.identity.mrn, dose)));
    doses.map(|(mrn, dose)| (mrn.clone(), dose.source_id.clone().unwrap())).collect()
}

proptest! {
    #[test]
    fn every_row_is_accounted_for_and_every_dose_has_its_own_id(rows in rows()) {
        let batch = read(&rows);
        let report = &batch.report;
        prop_assert_eq!(report.rows_read, rows.len());
        prop_assert_eq!(report.rows_read, report.rows_imported() + report.rows_skipped());
        let ids = ids(&batch);
        prop_assert_eq!(report.rows_imported(), ids.len());
        prop_assert_eq!(ids.iter().map(|(_, id)| id).collect::<BTreeSet<_>>().len(), ids.len());
        prop_assert!(batch.patients.iter().all(|patient| !patient.administrations.is_empty()));
    }

    #[test]
    fn what_a_chart_has_is_counted_and_not_imported_again(rows in rows(), part in 0..40_usize) {
        let first = read(&rows);
        let known: BTreeSet<_> = ids(&first).into_iter().take(part).collect();
        let again = read(&rows).against(|mrn, id| {
            dose_of(&first, mrn, id).filter(|_| known.contains(&(mrn.clone(), id.to_owned())))
        });
        prop_assert_eq!(ids(&again).len(), ids(&first).len() - known.len());
        prop_assert_eq!(again.report.rows_read, again.report.rows_imported() + again.report.rows_skipped());
        let nothing = read(&rows).against(|mrn, id| dose_of(&first, mrn, id));
        prop_assert!(nothing.patients.is_empty() && nothing.report.undecided.is_empty());
    }

    #[test]
    fn the_order_of_rows_changes_no_source_id(rows in rows().prop_shuffle()) {
        let mut sorted = rows.clone();
        sorted.sort();
        let (mut one, mut other) = (ids(&read(&rows)), ids(&read(&sorted)));
        one.sort();
        other.sort();
        prop_assert_eq!(one, other);
    }

    #[test]
    fn no_file_however_broken_makes_the_reader_fail(bytes in prop::collection::vec(any::<u8>(), 0..300), text in "[mrn,given_at\"\n;0-9 ]{0,200}") {
        let _ = generic(&bytes);
        let _ = generic(text.as_bytes());
        let _ = generic(format!("mrn,given_at,drug,amount,unit\n{text}").as_bytes());
    }
}

#[test]
fn two_equal_rows_of_one_file_are_two_doses_and_the_same_file_again_adds_nothing() {
    let row = "1,2026-11-21 08:00,dexamethasone,10,mg,".to_owned();
    let batch = read(&[row.clone(), row.clone()]);
    assert_eq!(batch.report.rows_imported(), 2);
    let again = read(&[row.clone(), row]).against(|mrn, id| dose_of(&batch, mrn, id));
    assert_eq!((again.report.rows_imported(), again.report.rows_skipped()), (0, 2));
    assert!(again.report.to_string().contains("already imported 'dexAMETHasone': 2 rows (lines 2, 3)"));
}

#[test]
fn a_row_that_the_source_changed_since_is_named_and_not_taken_over() {
    let row = |amount| format!("1,2026-11-21 08:00,dexamethasone,{amount},mg,a-1");
    let before = read(&[row("10")]);
    let after = read(&[row("12")]).against(|mrn, id| dose_of(&before, mrn, id));
    assert!(after.patients.is_empty());
    let report = after.report.to_string();
    assert!(report.contains("changed in the source since it was imported") && report.contains("line 2"), "{report}");
}

#[test]
fn a_drug_that_the_table_lacks_is_undecided_in_the_report_too() {
    let batch = read(&["1,2026-11-21 08:00,deflazacort,6,mg,a-1".to_owned()]);
    assert!(batch.report.to_string().contains("not in table"), "{}", batch.report);
}
