//! Every operation fails in its turn, once and for ever, with every error that disks and shares give.

use super::crash::{DATA, SimulatedWard, Without};
use super::simulated::{Fault, SimulatedStorage, Trouble};
use super::*;
use corticurve::store::StoreError;
use std::io;
use std::sync::Arc;

/// The errors by their Linux numbers: input or output, no space, no permission, read-only, stale handle of a share.
const ERRORS: [i32; 5] = [5, 28, 13, 30, 116];

/// What a program does in these tests, as far as the disk lets it; each save with what was said to it.
type Said = Vec<(Vec<Fact>, Result<Vec<Entry>, StoreError>)>;

fn whole_run(ward: &SimulatedWard, disk: &SimulatedStorage) -> Result<Said, StoreError> {
    let mut store = ward.writer_on(disk)?;
    let mut said = Vec::new();
    for facts in [vec![robin()], vec![dose(10), dose(4)], vec![dose(8)]] {
        let result = ward.try_save(&mut store, &patient(), facts.clone());
        said.push((facts, result));
    }
    Ok(said)
}

fn read(ward: &SimulatedWard) -> Option<PatientRecord> {
    match Store::open_on(Arc::new(ward.disk.clone()), Path::new(DATA)) {
        Ok(store) => store.read(&patient()).ok(),
        Err(_) => None,
    }
}

/// One run in which operations go wrong from one on; returns how many operations it made.
fn run(trouble: Trouble, code: i32, from: usize, times: usize) -> usize {
    let shown = format!("{trouble:?} at operation {from}, {times} times");
    let cause = io::Error::from_raw_os_error(code).to_string();
    let ward = SimulatedWard::new(Without::Nothing);
    let program = ward.disk.another_program();
    program.plan(vec![Fault { of: None, from, times, trouble }]);
    let said = match whole_run(&ward, &program) {
        Ok(said) => said,
        Err(error) => {
            assert!(error.to_string().contains(&cause), "{shown}: {error}");
            vec![]
        }
    };
    let record = read(&ward);
    let found: &[Entry] = record.as_ref().map_or(&[], |record| &record.entries);
    let mut whole = 0;
    for (facts, result) in &said {
        match result {
            Ok(entries) => {
                for entry in entries {
                    assert_eq!(found.iter().filter(|found| *found == entry).count(), 1, "{shown}");
                }
                whole += entries.len();
            }
            Err(error) => {
                let words = error.to_string();
                assert!(words.contains(&cause), "{shown}: {words}");
                let (saved, of) = (0, facts.len());
                assert!(
                    matches!(error, StoreError::NotSaved { saved: s, of: o, .. } if (*s, *o) == (saved, of)),
                    "{shown}: {words}"
                );
            }
        }
    }
    // What was not acknowledged is there whole, or not at all, or is reported.
    if found.len() != whole {
        let asked: Vec<&Fact> = said.iter().flat_map(|(facts, _)| facts).collect();
        assert!(found.iter().all(|entry| asked.contains(&&entry.fact)), "{shown}");
    }
    if let Some(record) = &record {
        let half = |(facts, result): &(Vec<Fact>, Result<_, _>)| {
            let there = facts.iter().filter(|fact| found.iter().any(|entry| entry.fact == **fact)).count();
            result.is_err() && there != 0 && there != facts.len()
        };
        assert!(!said.iter().any(half) || !record.findings.is_empty(), "{shown}: {:?}", record.findings);
    }
    // The disk is well again: the next run saves and loses nothing.
    if said.iter().any(|(_, result)| result.is_ok()) || record.is_some() {
        let before = found.to_vec();
        let mut store = ward.writer_on(&ward.disk).unwrap();
        let next = ward.try_save(&mut store, &patient(), vec![dose(16)]).unwrap();
        let after = read(&ward).unwrap();
        assert!(before.iter().chain(&next).all(|entry| after.entries.contains(entry)), "{shown}");
    }
    program.operations()
}

#[test]
fn whichever_operation_fails_no_acknowledged_entry_is_lost_and_the_message_names_the_cause() {
    let mut runs = 0;
    for code in ERRORS {
        for trouble in [Trouble::Fails(code), Trouble::FailsHalfway(code)] {
            for times in [1, 2, usize::MAX] {
                let mut from = 0;
                while run(trouble, code, from, times) > from {
                    from += 1;
                }
                runs += from;
            }
        }
    }
    println!("{runs} runs, each with another failure");
    assert!(runs > 1_000, "only {runs}");
}
