//! Two workstations that import the same file at the same time.

use super::*;
use corticurve::app::{Places, ward as app};
use corticurve::exchange::import::{self, Batch, Profile};
use corticurve::record::{Formulary, Now};
use corticurve::safety::recorded_twice;
use corticurve::store::{Item, OpenFile, OsStorage, Storage};
use std::collections::VecDeque;
use std::io;
use std::sync::Mutex;

/// What happens meanwhile.
type Step = Box<dyn FnOnce() + Send>;
/// What the other workstation does.
type Other = fn(&mut app::Ward);

/// A disk on which the next thing happens just before a file of a patient is made.
#[derive(Default)]
struct Interrupted(Mutex<VecDeque<Step>>);

impl Interrupted {
    /// The ward, in which another workstation does these things meanwhile.
    fn meanwhile(ward: &Ward, steps: Vec<Other>) -> app::Ward {
        let step = |step: Other| -> Step {
            let (data, config) = (ward.data(), ward.folder.path().join("other"));
            Box::new(move || step(&mut app::Ward::open_to_write(&data, &config).unwrap()))
        };
        Self::meanwhile_on_disk(ward, steps.into_iter().map(step).collect())
    }

    /// The same with what happens to the files.
    fn meanwhile_on_disk(ward: &Ward, steps: VecDeque<Step>) -> app::Ward {
        let disk = Arc::new(Self(Mutex::new(steps)));
        let places = Places { data: ward.data(), config: ward.folder.path().join("one"), cache: None };
        app::Ward::open_with_outbox_on(disk, Arc::new(OsStorage), &places).unwrap()
    }

    fn happen(&self, file: &Path) {
        if !file.components().any(|part| part.as_os_str() == "patients") {
            return;
        }
        let what = self.0.lock().unwrap().pop_front();
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
        self.happen(file);
        OsStorage.create_file(file)
    }

    fn open_file(&self, file: &Path) -> io::Result<Box<dyn OpenFile>> {
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

/// Imports one of the patients.
fn import_one(ward: &mut app::Ward, which: usize) {
    let mut batch = batch();
    batch.patients = vec![batch.patients.remove(which)];
    ward.import(batch, &author(), at()).unwrap();
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
    // The other one imports everything at the moment in which the first patient is being saved here.
    let mut one = Interrupted::meanwhile(
        &ward,
        vec![|other| assert_eq!(other.import(batch(), &author(), at()).unwrap().imported[0].rows, 3)],
    );
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
    // The other one imports the second patient, at the moment in which the first is being saved here.
    let mut one = Interrupted::meanwhile(&ward, vec![|other| import_one(other, 1)]);
    let report = one.import(batch(), &author(), at()).unwrap();
    assert_eq!(report.registered.iter().map(ToString::to_string).collect::<Vec<_>>(), ["50 017"], "{report}");
    assert_eq!(rows(&ward, "50 017"), (vec!["generic:a".to_owned()], 0));
    assert_eq!(rows(&ward, "60 017").0.len(), 2);
    assert_eq!(rows(&ward, "60 017").1, 0);
}

#[test]
fn two_imports_of_one_file_that_keep_in_step_make_one_chart_without_rows_and_what_is_told_to_be_done_about_it_works() {
    // The other one registers the same patient just before this one does: the first, or the second.
    let cases: [(&str, Vec<Other>, &str); 2] = [
        ("50 017", vec![|other| import_one(other, 0), |other| import_one(other, 1)], "two patients have MRN 50 017"),
        (
            "60 017",
            vec![|_| {}, |other| import_one(other, 1)],
            "1 row of 1 patient is imported and saved. From there on: two",
        ),
    ];
    for (doubled, steps, said) in cases {
        let ward = Ward::new();
        ward.writer().save(&patient(), vec![of_mrn("1")], &author(), at()).unwrap();
        let mut one = Interrupted::meanwhile(&ward, steps);
        let error = one.import(batch(), &author(), at()).unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
        drop(one);
        let mut all = app::Ward::open_to_write(&ward.data(), &ward.config()).unwrap();
        let charts = |ward: &app::Ward, mrn: &str| {
            let mrn = mrn.parse().unwrap();
            let charts = ward.patients().iter().filter(|patient| patient.has_mrn(&mrn));
            let mut charts: Vec<_> = charts.map(|one| (one.chart.imported().count(), one.id.clone())).collect();
            charts.sort();
            charts
        };
        let two = charts(&all, doubled);
        assert_eq!(two.len(), 2, "{doubled}");
        let (rows_left, empty) = (two[1].0, &two[0]);
        assert!(empty.0 == 0 && rows_left > 0, "of one of the charts there are no rows: {two:?}");
        for id in [&two[0].1, &two[1].1] {
            assert!(error.contains(id.as_str()), "{error}");
        }
        assert!(
            all.patients().iter().all(|one| charts(&all, &one.identity().unwrap().mrn.to_string()).len() == 1
                || one.has_mrn(&doubled.parse().unwrap())),
            "nobody else has two"
        );
        // As the message says: the number of the chart that is left is amended, and importing again adds the rest.
        assert!(error.contains("such as this one with DOUBLE behind it"), "{error}");
        let identity = all.patient(&empty.1).unwrap().identity().unwrap().clone();
        let double = Identity { mrn: format!("{doubled} DOUBLE").parse().unwrap(), ..identity };
        all.amend(&empty.1, double, &author(), at()).unwrap();
        all.import(batch(), &author(), at()).unwrap();
        assert_eq!((rows(&ward, "50 017").0.len(), rows(&ward, "60 017").0.len()), (1, 2));
        assert_eq!(all.store().verify(at()).unwrap().findings, []);
    }
}

#[test]
fn a_registration_that_was_half_written_when_the_ward_was_read_is_read_again_once_it_is_whole() {
    let ward = Ward::new();
    ward.writer().save(&patient(), vec![of_mrn("1")], &author(), at()).unwrap();
    let mut other = app::Ward::open_to_write(&ward.data(), &ward.folder.path().join("other")).unwrap();
    import_one(&mut other, 0);
    let id = other.by_mrn(&"50 017".parse().unwrap()).unwrap().id.clone();
    let folder = ward.data().join("patients").join(id.as_str());
    let file = fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    let whole = fs::read(&file).unwrap();
    let header = whole.iter().enumerate().filter(|(_, byte)| **byte == b'\n').nth(1).unwrap().0;
    fs::write(&file, &whole[..header + 90]).unwrap();
    let goes_on: Step = Box::new(move || fs::write(file, whole).unwrap());
    let mut one = Interrupted::meanwhile_on_disk(&ward, VecDeque::from([goes_on]));
    let error = one.import(batch(), &author(), at()).unwrap_err().to_string();
    assert!(error.contains("two patients have MRN 50 017") && error.contains(id.as_str()), "{error}");
    let ward = app::Ward::open(&ward.data()).unwrap();
    let rows = ward.patients().iter().filter(|one| one.chart.imported().count() > 0).count();
    assert_eq!(rows, 1, "of the two charts one has rows");
}
