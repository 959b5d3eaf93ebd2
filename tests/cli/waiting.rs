//! What the window keeps on this workstation is missing in every figure of the command line, which says so.

use super::Station;
use crate::record::{dose, entry, says};
use corticurve::record::{Fact, Identity, PatientId};
use corticurve::store::{OsStorage, Outbox, Store};
use std::sync::Arc;

/// A ward of one patient, with a dose of 4 mg in the folder and so many that wait.
pub fn station(waiting: u32) -> (Station, Outbox) {
    let station = Station::with_robin();
    station.record("dex 4 iv 2026-11-14 08:00").saved();
    let store = Store::open(&station.data()).unwrap();
    let id: PatientId = station.segments()[0].parent().unwrap().file_name().unwrap().to_str().unwrap().parse().unwrap();
    let outbox = Outbox::new(Arc::new(OsStorage), &station.path("config").join("corticurve"), store.id());
    let entries: Vec<_> = (0..waiting).map(|at| entry(at, at.into(), Fact::Administered(dose(10)))).collect();
    if !entries.is_empty() {
        outbox.keep(&id, &entries).unwrap();
    }
    (station, outbox)
}

#[test]
fn every_verb_that_reads_says_what_waits_and_does_not_succeed() {
    let (station, outbox) = station(1);
    let to = station.path("backup");
    for verb in [
        vec!["summary"],
        vec!["summary", "40 017", "--json"],
        vec!["log", "40 017"],
        vec!["curve", "40 017"],
        vec!["project", "40 017"],
        vec!["verify"],
        vec!["backup", "--to", to.to_str().unwrap()],
    ] {
        let done = station.run(&verb);
        assert_eq!(done.code, 1, "{verb:?}: {}", done.err);
        says(&done.err, &["p-", ": 1 entry waits on this workstation", "in no figure", "open the window"]);
        assert!(!done.out.is_empty(), "{verb:?}: what there is, is shown");
    }
    outbox.mark_delivered(&outbox.waiting().unwrap()[0]).unwrap();
    station.run(&["summary"]).ok();
}

#[test]
fn a_verb_that_writes_says_what_waits_and_succeeds_as_whoever_sees_a_failure_does_it_again() {
    for words in [
        vec!["record", "--patient", "40 018", "dex 6 iv 2026-11-14 12:00"],
        vec!["plan", "--patient", "40 018", "dex 4 iv q6h x4"],
        super::robin("40 019"),
    ] {
        let (station, _outbox) = station(2);
        station.run(&super::robin("40 018"));
        let done = station.run(&words);
        assert_eq!(done.code, 0, "{words:?}: {}", done.err);
        says(&done.err, &["p-", ": 2 entries wait on this workstation", "open the window"]);
    }
    let (station, _outbox) = station(1);
    let refused = station.run(&["record", "--patient", "40 017", "dex 1e3"]);
    assert_eq!(refused.code, 1);
    says(&refused.err, &["1 entry waits on this workstation"]);
}

#[test]
fn who_a_patient_is_goes_before_their_first_dose_though_it_waited_and_that_is_told() {
    let (station, outbox) = station(0);
    let store = Store::open(&station.data()).unwrap();
    let registered = Store::read_all(&store).unwrap()[0].entries.iter().find_map(|entry| match &entry.fact {
        Fact::PatientRegistered(robin) => Some(robin.clone()),
        _ => None,
    });
    let sam = Identity { mrn: "40 018".parse().unwrap(), ..registered.unwrap() };
    let waiting = entry(9, 9, Fact::PatientRegistered(sam));
    outbox.keep(&"p-7f3k9q2mzt4c".parse().unwrap(), &[waiting]).unwrap();
    let done = station.run(&["record", "--patient", "40 018", "dex 6 iv 2026-11-14 12:00"]);
    assert_eq!(done.code, 0, "{}", done.err);
    says(&done.err, &["p-7f3k9q2mzt4c: 1 entry that waited on this workstation is saved as well"]);
    assert!(!done.err.contains("waits on this workstation"), "{}", done.err);
    let log = station.run(&["log", "40 018", "--csv"]).ok();
    assert_eq!(log.lines().count(), 2, "the header and 6 mg: {log}");
    station.run(&["verify"]).ok();
}

#[test]
fn what_is_in_the_folder_does_not_wait_and_the_demo_knows_of_nothing() {
    let (station, outbox) = station(1);
    station.demo(&["summary"]).ok();
    let waiting = outbox.waiting().unwrap();
    let store = Store::open(&station.data()).unwrap();
    let there = store.read(&waiting[0].patient).unwrap().entries;
    outbox.mark_delivered(&waiting[0]).unwrap();
    outbox.keep(&waiting[0].patient, &there).unwrap();
    station.run(&["summary"]).ok();
}
