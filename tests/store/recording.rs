//! Recording a dose as the window does it, with every operation failing in its turn: what is called recorded is there once
//! when all is well again, and what is not is not there unseen.
//!
//! The data folder and the outbox are on disks of their own, so that either can fail alone.

use super::simulated::{Fault, Trouble};
use super::stories::{DATA, EIO};
use super::*;
use corticurve::app::Places;
use corticurve::app::ward::{self, WardError};
use corticurve::safety::Concern;
use corticurve::store::Storage;

/// Nothing of the config folder but the outbox is on a simulated disk, and this one cannot be made on the real one.
const CONFIG: &str = "/dev/null/config";

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fails {
    /// An operation on the data folder.
    Data,
    /// An operation on the outbox, while the data folder takes nothing.
    Outbox,
    /// Every operation on the data folder from one on, and the same of the outbox.
    Both,
}

/// How a dose is recorded.
#[derive(Debug, Clone, Copy, PartialEq)]
enum How {
    Recorded,
    UnlessItAsks,
    /// As a second one, by a program that has saved before.
    Second,
    /// As a fact of any kind.
    Written,
}

struct Disks {
    data: SimulatedStorage,
    here: SimulatedStorage,
}

impl Disks {
    /// With EXAMPLE, Robin.
    fn with_robin() -> Self {
        let disk = |folders: &[&str]| {
            let disk = SimulatedStorage::default();
            for folder in folders {
                disk.create_folder(Path::new(folder)).unwrap();
            }
            disk
        };
        let disks = Self { data: disk(&["/ward"]), here: disk(&["/dev", "/dev/null", CONFIG]) };
        disks.program().write(&patient(), vec![robin()], &author(), at()).unwrap();
        disks
    }

    fn program(&self) -> ward::Ward {
        let places = Places { data: DATA.into(), config: CONFIG.into(), cache: None };
        let (data, here) = (self.data.another_program(), self.here.another_program());
        ward::Ward::open_with_outbox_on(Arc::new(data), Arc::new(here), &places).unwrap()
    }

    fn over(&self) -> ward::Ward {
        let places = Places { data: DATA.into(), config: CONFIG.into(), cache: None };
        ward::Ward::open_with_outbox_on(Arc::new(self.data.clone()), Arc::new(self.here.clone()), &places).unwrap()
    }

    /// How often the dose is in the data folder.
    fn in_the_folder(&self) -> usize {
        let store = Store::open_on(Arc::new(self.data.another_program()), Path::new(DATA)).unwrap();
        let entries = store.read(&patient()).unwrap().entries;
        entries.iter().filter(|entry| entry.fact == dose(10)).count()
    }
}

fn record(ward: &mut ward::Ward, how: How) -> Result<EntryId, WardError> {
    let Fact::Administered(ten) = dose(10) else { unreachable!() };
    let first = |entries: Vec<Entry>| entries[0].id.clone();
    match how {
        How::Recorded => ward.record(&patient(), ten, &author(), at()).map(|(entry, _)| entry.id),
        How::UnlessItAsks | How::Second => {
            let seen = ward.concerns(&patient(), &ten, None, at())?.iter().map(Concern::words).collect::<Vec<_>>();
            ward.record_unless_it_asks(&patient(), &[ten], &seen, &author(), at()).map(first)
        }
        How::Written => ward.write(&patient(), vec![dose(10)], &author(), at()).map(first),
    }
}

fn shown(ward: &ward::Ward) -> usize {
    let doses = &ward.patient(&patient()).unwrap().chart.administrations;
    doses.iter().filter(|recorded| Fact::Administered(recorded.value.clone()) == dose(10)).count()
}

/// One run; `false` once the operation that fails would be after the last.
fn run(fails: Fails, how: How, times: usize, from: usize) -> bool {
    let disks = Disks::with_robin();
    let mut ward = disks.over();
    if how == How::Second {
        ward.write(&patient(), vec![dose(4)], &author(), at()).unwrap();
    }
    let fault = |from, times| vec![Fault { of: None, from, times, trouble: Trouble::Fails(EIO) }];
    match fails {
        Fails::Data => disks.data.plan(fault(from, times)),
        Fails::Outbox => {
            disks.data.plan(fault(0, usize::MAX));
            disks.here.plan(fault(from, times));
        }
        Fails::Both => {
            disks.data.plan(fault(from, usize::MAX));
            disks.here.plan(fault(from, times));
        }
    }
    let result = record(&mut ward, how);
    let operations = if fails == Fails::Data { disks.data.operations() } else { disks.here.operations() };
    disks.data.plan(vec![]);
    disks.here.plan(vec![]);
    let when = format!("{how:?}, {fails:?} at operation {from}, {times} times: {result:?}");
    let (waits, there) = (ward.waiting().len(), disks.in_the_folder());
    match &result {
        Ok(id) => {
            assert_eq!(shown(&ward), 1, "{when}: shown");
            let is_kept = ward.kept().contains(id);
            assert_eq!(ward.waiting().iter().any(|(_, entry)| entry.id == *id), is_kept, "{when}: waits when kept");
            assert!(is_kept || there == 1, "{when}: called saved");
        }
        // What could not be confirmed may be there all the same; then it is said to be unsure, and it is shown.
        Err(error) if waits > 0 || there > 0 => {
            assert!(error.to_string().starts_with("NOT saved: "), "{when}");
            ward.read_again(&patient()).unwrap();
            assert_eq!(shown(&ward), 1, "{when}: not unseen");
        }
        Err(_) => assert_eq!(shown(&ward), 0, "{when}: nothing"),
    }
    if fails == Fails::Data && from == 0 {
        assert_eq!(there, 0, "{when}: nothing is written where nobody could look first");
    }
    // All is well again.
    ward.reload().unwrap();
    ward.look_in_outbox();
    ward.deliver().unwrap();
    assert_eq!((ward.waiting(), ward.has_to_deliver(), ward.outbox_problem()), (vec![], false, None), "{when}");
    drop(ward);
    let next = disks.program();
    let later = disks.in_the_folder();
    assert_eq!((shown(&next), next.waiting().len()), (later, 0), "{when}: the next program");
    assert!(later == 1 || (result.is_err() && later == 0), "{when}: {later} times in the end");
    from < operations
}

#[test]
fn whichever_operation_fails_a_recorded_dose_is_there_once_and_is_never_called_unsaved() {
    let mut runs = 0;
    for how in [How::Recorded, How::UnlessItAsks, How::Second, How::Written] {
        for fails in [Fails::Data, Fails::Outbox, Fails::Both] {
            for times in [1, 2, usize::MAX] {
                let mut from = 0;
                while run(fails, how, times, from) {
                    from += 1;
                }
                runs += from;
            }
        }
    }
    println!("{runs} runs, each with another failure");
    assert!(runs > 200, "only {runs}");
}
