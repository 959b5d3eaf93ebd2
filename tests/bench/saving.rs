//! What a save costs beyond what the disk asks for it.
//!
//! "Saved" means on the disk and read back, so each save is held against a bare write and `sync_all` of the same bytes to a
//! file on the same disk, and the read-back of them: `cargo bench --bench saving`. Two saves are measured. `Store::append`
//! is the save itself; `Ward::record` is everything between Enter and "Saved": the chart is read again as others left it,
//! the dose is checked, saved, and the chart is read again with it.
//!
//! It is measured on the disk of the `target` folder, because `/tmp` may be memory, where a sync costs nothing.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a benchmark that cannot be set up has nothing to measure"
)]

use corticurve::app::ward::Ward;
use corticurve::record::{Administration, DrugId, Fact, Given, Identity, Moment, Name, PatientId, Route, Sex};
use corticurve::store::{Author, Store, new_entry};
use std::fs::{self, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How many times a bare write with its sync and read-back a save may cost.
const MOST: f64 = 1.5;
/// How many saves are measured; the middle one counts, because a disk has good and bad moments.
const RUNS: usize = 501;

fn at(minute: usize) -> Moment {
    let start: Moment = "2026-03-29T08:00:00+01:00".parse().unwrap();
    start + chrono::TimeDelta::minutes(i64::try_from(minute).unwrap())
}

fn dose(minute: usize) -> Administration {
    let given = Given::At(at(minute));
    let plain = Administration::given(DrugId::new("dexamethasone"), "10 mg".parse().unwrap(), given);
    Administration { route: Some(Route::Intravenous), ..plain }
}

fn author() -> Author {
    Author { by: "NK".parse().unwrap(), workstation: "WARD4-PC02".to_owned() }
}

fn robin() -> Fact {
    Fact::PatientRegistered(Identity {
        mrn: "40 017".parse().unwrap(),
        family: Name::parse("Example").unwrap(),
        given: Name::parse("Robin").unwrap(),
        born: None,
        sex: Sex::Other,
        dates_shifted: false,
    })
}

/// A folder on a real disk, with a patient's chart of so many entries.
struct Place {
    folder: TempDir,
    patient: PatientId,
}

impl Place {
    fn with(entries: usize) -> Self {
        let folder = tempfile::Builder::new().prefix("bench-").tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let mut store = Store::open_or_create(&folder.path().join("data"), "Ward 4").unwrap();
        store.become_writer(&folder.path().join("config")).unwrap();
        let patient = store.new_patient_id().unwrap();
        let facts = std::iter::once(robin()).chain((1..entries).map(|minute| Fact::Administered(dose(minute))));
        store.save(&patient, facts.collect(), &author(), at(entries)).unwrap();
        drop(store);
        Self { folder, patient }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn config(&self) -> PathBuf {
        self.folder.path().join("config")
    }

    /// How many bytes one save of a dose adds to the segments.
    fn line(&self) -> usize {
        let patient = self.data().join("patients").join(self.patient.as_str());
        let newest = fs::read_dir(patient).unwrap().map(|item| item.unwrap().path()).max().unwrap();
        fs::read_to_string(newest).unwrap().lines().rev().nth(1).unwrap().len() + 3
    }
}

/// A bare write, sync and read-back of so many bytes at the end of a file that grows.
struct Bare {
    file: PathBuf,
    bytes: Vec<u8>,
}

impl Bare {
    fn new(folder: &Path, length: usize) -> Self {
        let file = folder.join("bare");
        fs::write(&file, vec![b'n'; 128 * 1024]).unwrap();
        Self { file, bytes: vec![b'x'; length] }
    }

    fn save(&self) {
        let mut open = OpenOptions::new().append(true).open(&self.file).unwrap();
        open.write_all(&self.bytes).unwrap();
        open.sync_all().unwrap();
        drop(open);
        let mut open = OpenOptions::new().read(true).open(&self.file).unwrap();
        open.seek(SeekFrom::End(-i64::try_from(self.bytes.len()).unwrap())).unwrap();
        let mut back = Vec::new();
        open.read_to_end(&mut back).unwrap();
        assert_eq!(back, self.bytes);
    }
}

fn timed(what: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    what();
    begun.elapsed()
}

/// The middle times of a save and of the bare one, by turns, so that both meet the same disk.
fn compared(bare: &Bare, mut save: impl FnMut(usize)) -> (Duration, Duration) {
    // The first save of a run also makes sure of the folders.
    save(0);
    bare.save();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for run in 1..=RUNS {
        ours.push(timed(|| save(run)));
        theirs.push(timed(|| bare.save()));
    }
    ours.sort();
    theirs.sort();
    (ours[RUNS / 2], theirs[RUNS / 2])
}

fn told(what: &str, (took, baseline): (Duration, Duration)) {
    let ratio = took.as_secs_f64() / baseline.as_secs_f64().max(1e-9);
    let met = if ratio <= MOST { "met" } else { "MISSED" };
    println!("{what}: {took:?}, {ratio:.2} times a bare write, sync and read-back ({baseline:?}); aim {MOST} {met}");
}

fn main() {
    for entries in [10, 5_000] {
        let place = Place::with(entries);
        let bare = Bare::new(place.folder.path(), place.line());
        let mut store = Store::open(&place.data()).unwrap();
        store.become_writer(&place.config()).unwrap();
        let append = compared(&bare, |run| {
            let entry = new_entry(Fact::Administered(dose(entries + run)), &author(), at(entries + run)).unwrap();
            store.append(&place.patient, &[entry]).unwrap();
        });
        told(&format!("Store::append, {entries} entries in the chart"), append);
        drop(store);

        let place = Place::with(entries);
        let bare = Bare::new(place.folder.path(), place.line());
        let mut ward = Ward::open_to_write(&place.data(), &place.config()).unwrap();
        let record = compared(&bare, |run| {
            let now = at(entries + 2 * RUNS);
            ward.record(&place.patient, dose(entries + run), &author(), now).unwrap();
        });
        told(&format!("Ward::record, {entries} entries in the chart"), record);
    }
}
