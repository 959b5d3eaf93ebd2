//! Two workstations that import the same file at the same time.

use super::*;
use corticurve::app::{Places, ward as app};
use corticurve::exchange::import::{self, Batch, Profile};
use corticurve::record::{Formulary, Now};
use corticurve::safety::recorded_twice;
use corticurve::store::{Item, OpenFile, OsStorage, Storage};
use std::io;
use std::sync::Mutex;

/// A disk on which something happens just before the first file is opened or made.
#[derive(Default)]
struct Interrupted(Mutex<Option<Box<dyn FnOnce() + Send>>>);

impl Interrupted {
    fn happen(&self) {
        let what = self.0.lock().unwrap().take();
        if let Some(what) = what {
            what();
        }
    }
}

impl Storage for Interrupted {
    fn list(&self, folder: &Path) -> io::Result<Vec<Item>> {
        OsStorage.list(folder)
    }

    fn read(&self, file: &Path, from: u64, most: usize) -> io::Result<Vec<u8>> {
        OsStorage.read(file, from, most)
    }

    fn create_folder(&self, folder: &Path) -> io::Result<()> {
        OsStorage.create_folder(folder)
    }

    fn create_file(&self, file: &Path) -> io::Result<Box<dyn OpenFile>> {
        self.happen();
        OsStorage.create_file(file)
    }

    fn open_file(&self, file: &Path) -> io::Result<Box<dyn OpenFile>> {
        self.happen();
        OsStorage.open_file(file)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        OsStorage.sync_folder(folder)
    }
}

const FILE: &str = "mrn,given_at,drug,amount,unit,source_id\n\
                    50 017,2026-01-22 08:00,dexamethasone,10,mg,a\n\
                    60 017,2026-01-22 08:00,dexamethasone,10,mg,b\n\
                    60 017,2026-01-23 08:00,dexamethasone,4,mg,c\n";

fn batch() -> Batch {
    let zone = at().offset().to_owned();
    let now = Now { at: "2026-11-22T14:30:00+00:00".parse().unwrap(), zone: &zone };
    let (profile, formulary) = (Profile::named("generic").unwrap(), Formulary::shipped().unwrap());
    import::read(FILE.as_bytes(), "mar.csv", &profile, &formulary, now).unwrap()
}

/// The rows of a patient of a ward, and how many questions they raise.
fn rows(ward: &Ward, mrn: &str) -> (Vec<String>, usize) {
    let ward = app::Ward::open(&ward.data()).unwrap();
    let patient = ward.by_mrn(&mrn.parse().unwrap()).unwrap();
    let ids = patient.chart.imported().map(|(id, _)| id.to_owned()).collect();
    (ids, recorded_twice(&patient.chart).iter().filter(|twice| twice.is_of_one_row()).count())
}

#[test]
fn what_another_workstation_imports_meanwhile_is_left_out_and_what_slips_through_is_asked_about() {
    let ward = Ward::new();
    let mut first = ward.writer();
    for mrn in ["50 017", "60 017"] {
        let id = first.new_patient_id().unwrap();
        let Fact::PatientRegistered(robin) = robin() else { panic!("a registration") };
        let who = Identity { mrn: mrn.parse().unwrap(), ..robin };
        first.save(&id, vec![Fact::PatientRegistered(who)], &author(), at()).unwrap();
    }
    drop(first);
    let disk = Arc::new(Interrupted::default());
    let places = Places { data: ward.data(), config: ward.config(), cache: None };
    let mut one =
        app::Ward::open_with_outbox_on(Arc::clone(&disk) as Arc<dyn Storage>, Arc::new(OsStorage), &places).unwrap();
    let (data, config) = (ward.data(), ward.folder.path().join("other"));
    *disk.0.lock().unwrap() = Some(Box::new(move || {
        let mut other = app::Ward::open_to_write(&data, &config).unwrap();
        assert_eq!(other.import(batch(), &author(), at()).unwrap().imported[0].rows, 3);
    }));
    // The other one imports everything at the moment in which the first patient is being saved here.
    let report = one.import(batch(), &author(), at()).unwrap();
    assert_eq!(report.imported.iter().map(|drug| drug.rows).sum::<usize>(), 1, "{report}");
    let all = |ids: &[&str]| ids.iter().map(|id| format!("generic:{id}")).collect::<Vec<_>>();
    assert_eq!(rows(&ward, "50 017"), (all(&["a", "a"]), 1), "the one that slipped through is asked about");
    assert_eq!(rows(&ward, "60 017"), (all(&["b", "c"]), 0));
}

#[test]
fn new_patients_whom_another_workstation_imports_meanwhile_are_not_registered_twice() {
    let ward = Ward::new();
    ward.writer().save(&patient(), vec![of_mrn("1")], &author(), at()).unwrap();
    let disk = Arc::new(Interrupted::default());
    let places = Places { data: ward.data(), config: ward.config(), cache: None };
    let mut one =
        app::Ward::open_with_outbox_on(Arc::clone(&disk) as Arc<dyn Storage>, Arc::new(OsStorage), &places).unwrap();
    let (data, config) = (ward.data(), ward.folder.path().join("other"));
    // The other one imports the second patient, at the moment in which the first is being saved here.
    *disk.0.lock().unwrap() = Some(Box::new(move || {
        let mut other = app::Ward::open_to_write(&data, &config).unwrap();
        let mut batch = batch();
        batch.patients.remove(0);
        other.import(batch, &author(), at()).unwrap();
    }));
    let report = one.import(batch(), &author(), at()).unwrap();
    assert_eq!(report.registered.iter().map(ToString::to_string).collect::<Vec<_>>(), ["50 017"], "{report}");
    assert_eq!(rows(&ward, "50 017"), (vec!["generic:a".to_owned()], 0));
    assert_eq!(rows(&ward, "60 017").0.len(), 2);
    assert_eq!(rows(&ward, "60 017").1, 0);
}
