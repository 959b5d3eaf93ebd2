//! Every operation fails in its turn, once and for ever, with every error that disks and shares give.

use super::crash::survives_a_power_cut_now;
use super::simulated::{Fault, Trouble};
use super::stories::{DATA, SimulatedWard, Without};
use super::*;
use corticurve::store::StoreError;
use std::io;

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

/// The entries that a reader finds, and whether it reports anything.
fn read(ward: &SimulatedWard) -> (Vec<Entry>, bool) {
    let store = Store::open_on(Arc::new(ward.disk.clone()), Path::new(DATA));
    let record = store.and_then(|store| store.read(&patient()));
    record.map_or((vec![], false), |record| (record.entries, !record.findings.is_empty()))
}

/// One run in which operations go wrong from one on; returns how many operations it made.
fn run(trouble: Trouble, code: i32, from: usize, times: usize) -> usize {
    let shown = format!("{trouble:?} at operation {from}, {times} times");
    let ward = SimulatedWard::new(Without::Nothing);
    let program = ward.disk.another_program();
    program.plan(vec![Fault { of: None, from, times, trouble }]);
    let said = whole_run(&ward, &program);
    let operations = program.operations();
    let errors = match &said {
        Ok(said) => said.iter().filter_map(|(_, result)| result.as_ref().err()).collect(),
        Err(error) => vec![error],
    };
    let cause = io::Error::from_raw_os_error(code).to_string();
    for words in errors.into_iter().map(ToString::to_string) {
        assert!(words.contains(&cause), "{shown}: {words}");
        assert!(said.is_err() || words.starts_with("NOT saved: "), "{shown}: {words}");
    }
    let (found, reported) = read(&ward);
    for (facts, result) in said.iter().flatten() {
        let there = |fact: &Fact| found.iter().filter(|entry| entry.fact == *fact).count();
        let counts: Vec<usize> = facts.iter().map(there).collect();
        let whole = counts.iter().all(|count| *count == 1);
        let absent = counts.iter().all(|count| *count == 0);
        // What was not acknowledged is there whole, or not at all, or is reported.
        let half = counts.iter().all(|count| *count <= 1) && reported;
        let right = if result.is_ok() { whole } else { whole || absent || half };
        assert!(right, "{shown}: {counts:?} of {facts:?}");
        // What shows although it was not acknowledged is said to be unconfirmed, so that it is not recorded again unseen.
        let is_told = absent || result.as_ref().err().is_none_or(StoreError::is_unconfirmed);
        assert!(is_told, "{shown}: {result:?} and {counts:?}");
    }
    // Also when the power fails on top of it; the errors differ only in their words.
    if code == ERRORS[0] {
        survives_a_power_cut_now(&ward, 3);
    }
    // The disk is well again: the next run saves and loses nothing.
    let mut store = ward.writer_on(&ward.disk).unwrap();
    let next = ward.try_save(&mut store, &patient(), vec![dose(16)]).unwrap();
    let (after, _) = read(&ward);
    assert!(found.iter().chain(&next).all(|entry| after.contains(entry)), "{shown}");
    operations
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
