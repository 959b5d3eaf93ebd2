//! Delivery: what the data folder did not take is in it once it was delivered, whenever the power fails and whatever fails.
//!
//! Data folder and outbox are on one simulated disk, so that the order of what happens on both can be cut anywhere.

use super::crash::once_each;
use super::power_cut::crash_states;
use super::share::{Mood, Share};
use super::simulated::{Fault, Operation, Tree, Trouble, hash};
use super::stories::{DATA, EIO, strike_out};
use super::*;
use corticurve::app::Places;
use corticurve::app::ward;
use corticurve::record::Chart;
use corticurve::store::{OsStorage, Storage};
use std::collections::HashSet;

/// Nothing of the config folder but the outbox is on the simulated disk, and this one cannot be made on the real one.
const CONFIG: &str = "/dev/null/config";

fn program_on(disk: &SimulatedStorage) -> ward::Ward {
    let places = Places { data: DATA.into(), config: CONFIG.into(), cache: None };
    ward::Ward::open_with_outbox_on(Arc::new(disk.clone()), Arc::new(disk.clone()), &places).unwrap()
}

fn holding(tree: &Tree) -> SimulatedStorage {
    SimulatedStorage::holding(tree)
}

/// A disk with EXAMPLE, Robin on it, and the program that runs there.
fn with_robin() -> (SimulatedStorage, ward::Ward) {
    let disk = SimulatedStorage::default();
    for folder in ["/ward", "/dev", "/dev/null", CONFIG] {
        disk.create_folder(Path::new(folder)).unwrap();
        disk.sync_folder(Path::new(folder).parent().unwrap()).unwrap();
    }
    let mut ward = program_on(&disk);
    ward.write(&patient(), vec![robin()], &author(), at()).unwrap();
    (disk, ward)
}

/// Two doses that the data folder did not take for sure: no sync there succeeds, neither the first nor the second attempt's.
/// They can be read there all the same, as the system has them in its memory.
fn kept_here(disk: &SimulatedStorage, ward: &mut ward::Ward) -> Vec<Entry> {
    disk.plan(vec![Fault { of: Some(Operation::Sync), from: 0, times: 2, trouble: Trouble::Fails(EIO) }]);
    let kept = ward.write(&patient(), vec![dose(10), dose(4)], &author(), at()).unwrap();
    disk.plan(vec![]);
    kept
}

fn in_the_folder(disk: &SimulatedStorage) -> Vec<Entry> {
    Store::open_on(Arc::new(disk.clone()), Path::new(DATA)).unwrap().read(&patient()).unwrap().entries
}

/// What the next program shows, and what is in the data folder once it has delivered what waits: these entries, once each.
fn nothing_is_lost(tree: &Tree, kept: &[Entry], when: &str) {
    let disk = holding(tree);
    let mut next = program_on(&disk);
    let shown = &next.patient(&patient()).unwrap().chart.administrations;
    assert_eq!(shown.len(), kept.len(), "{when}: shown");
    let there = in_the_folder(&disk);
    let waits: Vec<Entry> = next.waiting().into_iter().map(|(_, entry)| entry).collect();
    assert!(kept.iter().all(|entry| there.contains(entry) || waits.contains(entry)), "{when}: lost");
    next.deliver().unwrap_or_else(|error| panic!("{when}: {error}"));
    assert_eq!(next.waiting(), vec![], "{when}");
    once_each(&in_the_folder(&disk), kept).unwrap_or_else(|what| panic!("{when}: {what}"));
}

/// Every disk that a power cut leaves at this point of the history, and at any after it.
fn cut_everywhere(disk: &SimulatedStorage, from: usize, cuts: usize, look: &mut dyn FnMut(&Tree, usize)) -> usize {
    let (history, mut seen) = (disk.history(), HashSet::new());
    for point in std::iter::once(from).chain(history.points().filter(|point| *point > from)) {
        crash_states(&history, point, cuts, &mut |tree| {
            if seen.insert(hash(&tree)) {
                look(&tree, point);
            }
        });
    }
    seen.len()
}

#[test]
fn a_dose_that_can_be_read_but_was_not_synced_waits_until_it_was_delivered() {
    let (disk, mut ward) = with_robin();
    let kept = kept_here(&disk, &mut ward);
    assert_eq!(in_the_folder(&disk).len(), 3, "it can be read in the data folder");
    assert_eq!(ward.waiting().len(), 2, "and waits all the same");
    for mut ward in [program_on(&disk.another_program()), ward] {
        assert_eq!(ward.patient(&patient()).unwrap().waiting, ids(&kept), "marked in the log");
        ward.reload().unwrap();
        ward.read_again(&patient()).unwrap();
        assert_eq!(ward.waiting().len(), 2, "reading it again is no reason to stop waiting");
    }
}

#[test]
fn after_a_delivery_a_power_cut_costs_nothing() {
    let (disk, mut ward) = with_robin();
    let kept = kept_here(&disk, &mut ward);
    let arrived = ward.deliver().unwrap();
    assert_eq!(arrived.len(), 2, "also what could be read there was delivered");
    assert_eq!((ward.waiting(), ward.has_to_deliver()), (vec![], false));
    let delivered = disk.history().events.len();
    let states = cut_everywhere(&disk, delivered, 40, &mut |tree, _| {
        let disk = holding(tree);
        once_each(&in_the_folder(&disk), &kept).unwrap();
        assert_eq!(program_on(&disk).waiting(), vec![]);
    });
    assert!(states > 10, "{states} disks");
}

#[test]
fn whenever_the_power_fails_in_a_delivery_what_was_kept_is_there_once() {
    let (disk, mut ward) = with_robin();
    let kept = kept_here(&disk, &mut ward);
    let begun = disk.history().events.len();
    ward.deliver().unwrap();
    let states = cut_everywhere(&disk, begun, 40, &mut |tree, point| {
        nothing_is_lost(tree, &kept, &format!("power cut after {point} events"));
    });
    println!("{states} disks");
    assert!(states > 500, "only {states} disks");
}

#[test]
fn whichever_operation_of_a_delivery_fails_what_was_kept_is_there_once() {
    let (mut runs, mut states) = (0, 0);
    // Input or output, no space, no permission, read-only, stale handle of a share.
    for code in [EIO, 28, 13, 30, 116] {
        for trouble in [Trouble::Fails(code), Trouble::FailsHalfway(code)] {
            for times in [1, 2, usize::MAX] {
                for from in 0.. {
                    let (disk, mut ward) = with_robin();
                    let kept = kept_here(&disk, &mut ward);
                    disk.plan(vec![Fault { of: None, from, times, trouble }]);
                    let delivered = ward.deliver();
                    let operations = disk.operations();
                    disk.plan(vec![]);
                    let when = format!("{trouble:?} at operation {from}, {times} times, {delivered:?}");
                    // Where the record could not be read just then, the window says so.
                    let shown = ward.patient(&patient()).unwrap();
                    let is_whole = shown.chart.administrations.len() == kept.len();
                    assert!(is_whole || !shown.findings.is_empty(), "{when}: shown");
                    // The errors differ only in their words.
                    if code == EIO {
                        let end = disk.history().events.len();
                        states += cut_everywhere(&disk, end, 2, &mut |tree, _| nothing_is_lost(tree, &kept, &when));
                    }
                    // The same program tries again, once the disk is well.
                    ward.deliver().unwrap_or_else(|error| panic!("{when}: {error}"));
                    assert_eq!((ward.waiting(), ward.has_to_deliver()), (vec![], false), "{when}");
                    once_each(&in_the_folder(&disk), &kept).unwrap_or_else(|what| panic!("{when}: {what}"));
                    runs += 1;
                    if from > operations {
                        break;
                    }
                }
            }
        }
    }
    println!("{runs} runs, each with another failure, and {states} disks after a power cut on top of it");
    assert!(runs > 500 && states > 1_000, "only {runs} runs and {states} disks");
}

#[test]
fn whatever_fails_in_a_delivery_no_dose_arrives_before_its_patient_and_nothing_is_written_twice() {
    // Files of the outbox have random names, and are delivered in their order.
    for _ in 0..4 {
        for from in 0.. {
            let (disk, mut ward) = with_robin();
            let stranger: PatientId = "p-000000000009".parse().unwrap();
            let mut keep = |fact| {
                let full = Trouble::Fails(28);
                disk.plan(vec![Fault { of: Some(Operation::MakeFile), from: 0, times: 2, trouble: full }]);
                let entries = ward.write(&stranger, vec![fact], &author(), at()).unwrap();
                disk.plan(vec![]);
                entries.into_iter().next().unwrap()
            };
            keep(of_mrn("9"));
            let given = keep(dose(10));
            keep(strike_out(&given));
            assert_eq!(ward.waiting().len(), 3);
            disk.plan(vec![Fault { of: None, from, times: usize::MAX, trouble: Trouble::Fails(EIO) }]);
            let delivered = ward.deliver();
            let operations = disk.operations();
            disk.plan(vec![]);
            let there = || Store::open_on(Arc::new(disk.clone()), Path::new(DATA)).unwrap().read(&stranger);
            if let Ok(record) = there() {
                let who = record.entries.iter().any(|entry| matches!(entry.fact, Fact::PatientRegistered(_)));
                assert!(who || record.entries.is_empty(), "operation {from}, {delivered:?}: a dose of nobody");
                assert_eq!(Chart::fold(&record.entries).unplaced, vec![], "operation {from}: a change of nothing");
            }
            if from > operations {
                assert_eq!(there().unwrap().entries.len(), 3);
                let folder = Path::new(DATA).join("patients").join(stranger.as_str());
                let files = disk.list(&folder).unwrap();
                let texts = files.iter().map(|file| disk.read(&folder.join(&file.name), 0, usize::MAX).unwrap());
                let lines: usize = texts.map(|text| String::from_utf8(text).unwrap().matches("Entry(").count()).sum();
                assert_eq!((lines, ward.waiting(), ward.has_to_deliver()), (3, vec![], false));
                break;
            }
            ward.deliver().unwrap();
            assert_eq!((there().unwrap().entries.len(), ward.waiting()), (3, vec![]), "operation {from}");
        }
    }
}

#[test]
fn what_is_not_saved_is_counted_without_what_had_to_go_before_it() {
    let (disk, mut ward) = with_robin();
    let stranger: PatientId = "p-000000000009".parse().unwrap();
    let fault = |of, times| vec![Fault { of: Some(of), from: 0, times, trouble: Trouble::Fails(28) }];
    disk.plan(fault(Operation::MakeFile, 2));
    ward.write(&stranger, vec![of_mrn("9")], &author(), at()).unwrap();
    assert_eq!(ward.waiting().len(), 1, "the registration");
    disk.plan(fault(Operation::Sync, usize::MAX));
    let error = ward.write(&stranger, vec![dose(10)], &author(), at()).unwrap_err().to_string();
    assert!(error.contains("NOT saved: 1 of 1 entries"), "{error}");
}

#[test]
fn a_dose_that_was_delivered_and_lost_again_waits_again_where_it_is_kept_once_more() {
    for by_another in [false, true] {
        let shown = format!("kept by another window: {by_another}");
        let (ward, share) = (Ward::new(), Share::new());
        let places = Places { data: ward.data(), config: ward.config(), cache: None };
        let open = || ward::Ward::open_with_outbox_on(Arc::new(share.clone()), Arc::new(OsStorage), &places).unwrap();
        let mut window = open();
        window.write(&patient(), vec![robin()], &author(), at()).unwrap();
        share.becomes(Mood::Full);
        let kept = window.write(&patient(), vec![dose(10)], &author(), at()).unwrap();
        share.becomes(Mood::Well);
        assert_eq!(window.deliver().unwrap(), [(patient(), kept[0].clone())]);
        let mut another = open();
        // The server puts back an older state, without the file of the dose.
        let holds = |file: &PathBuf| fs::read_to_string(file).unwrap().contains(kept[0].id.as_str());
        fs::remove_file(ward.segments().into_iter().find(holds).unwrap()).unwrap();
        for program in [&mut window, &mut another] {
            program.read_again(&patient()).unwrap();
            assert_eq!(program.patient(&patient()).unwrap().only_here().count(), 1, "{shown}");
        }
        share.becomes(Mood::Full);
        let keeps = if by_another { &mut another } else { &mut window };
        assert_eq!(keeps.save_again(at()).written, [kept[0].id.clone()], "{shown}");
        share.becomes(Mood::Well);
        for look in 0..2 {
            window.look_in_outbox();
            assert_eq!(window.waiting(), [(patient(), kept[0].clone())], "{shown}, look {look}");
        }
        assert_eq!(window.deliver().unwrap().len(), 1, "{shown}");
        assert!(ward.read().entries.contains(&kept[0]), "{shown}: it was called saved, or waiting");
        assert_eq!((window.waiting(), window.deliver().unwrap()), (vec![], vec![]), "{shown}");
        drop((window, another));
        assert_eq!(open().waiting(), [], "{shown}: its file is marked");
    }
}

#[test]
fn what_was_delivered_while_its_file_could_not_be_read_is_marked_once_it_can_be() {
    let ward = Ward::new();
    let (share, here) = (Share::new(), Share::new());
    let places = Places { data: ward.data(), config: ward.config(), cache: None };
    let open = || ward::Ward::open_with_outbox_on(Arc::new(share.clone()), Arc::new(here.clone()), &places).unwrap();
    let mut window = open();
    window.write(&patient(), vec![robin()], &author(), at()).unwrap();
    share.becomes(Mood::Full);
    window.write(&patient(), vec![dose(10)], &author(), at()).unwrap();
    share.becomes(Mood::Well);
    let marks = || {
        let folder = ward.config().join("outbox").join(ward.reader().id().as_str()).join(patient().as_str());
        let files = fs::read_dir(folder).unwrap().map(|item| item.unwrap().path());
        files.filter(|file| file.extension().unwrap() == "delivered").count()
    };
    here.cannot_read(Some(patient().as_str().to_owned()));
    window.look_in_outbox();
    assert_eq!(window.deliver().unwrap().len(), 1);
    assert_eq!((marks(), window.waiting()), (0, vec![]), "nobody knows what else is in the file");
    here.cannot_read(None);
    window.look_in_outbox();
    assert_eq!((window.deliver().unwrap(), marks(), window.waiting()), (vec![], 1, vec![]));
}
