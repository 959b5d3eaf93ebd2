//! Speed and memory of opening a large ward: 2,000 patients with 200,000 administrations, from the data folder to the rows
//! of the ward list.
//!
//! Each opening is a process of its own, as it is for a user, so that its memory is its own too. The ward is made once,
//! through the store, below `target`. Everything is told beside the reading of the same files' bytes in the same run:
//! `cargo bench --bench opening`. The system has the files in its memory then; a slow disk adds what it adds to that line.
//! On a machine that is busy otherwise the processor time says more than the clock.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a benchmark that cannot be set up has nothing to measure"
)]

use chrono::{FixedOffset, TimeDelta};
use corticurve::app::view::WardRow;
use corticurve::app::ward::Ward;
use corticurve::app::{Places, Reference};
use corticurve::record::{
    Administration, Amount, ChartCheck, Correction, DrugId, Fact, Given, Identity, Infusion, Measure, Measurement,
    Moment, Name, PatientId, Purpose, Route, Sex, StrikeOut, time,
};
use corticurve::store::{Author, Store, in_parallel, new_entry};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

const PATIENTS: u32 = 2_000;
const DOSES: u32 = 100;
const RUNS: usize = 7;
const MEMORY_MIB: u64 = 250;

fn at(text: &str) -> Moment {
    time::parse_moment(text, &FixedOffset::east_opt(0).unwrap()).unwrap()
}

/// A dose as a ward writes it: with route and purpose, some over hours, some with a note.
fn dose(patient: u32, number: u32) -> Administration {
    let start = at("2026-10-13T11:00Z") + TimeDelta::minutes(i64::from(360 * number + patient % 300));
    let given = if number % 10 == 9 { Given::Over(start, start + TimeDelta::hours(4)) } else { Given::At(start) };
    let (drug, micrograms) = match number % 4 {
        0 | 1 => ("dexamethasone", 10_000),
        2 => ("methylprednisolone", 62_500),
        _ => ("anakinra", 100_000),
    };
    let plain = Administration::given(DrugId::new(drug), Amount::from_micrograms(micrograms), given);
    let note = (number % 8 == 5).then(|| "given after the evening round".to_owned());
    Administration { route: Some(Route::Intravenous), purpose: Some(Purpose::Icans), note, ..plain }
}

fn facts(patient: u32) -> Vec<Fact> {
    let name = |text: String| Name::parse(&text).unwrap();
    let identity = Identity {
        mrn: format!("4{patient:05}").parse().unwrap(),
        family: name(format!("Example {patient}")),
        given: name("Robin".to_owned()),
        born: None,
        sex: Sex::Other,
        dates_shifted: false,
    };
    let day0 = at("2026-10-13T10:40Z");
    let weight = Measure::Weight("52.3 kg".parse().unwrap());
    let mut facts = vec![
        Fact::PatientRegistered(identity),
        Fact::Measured(Measurement { what: weight, at: day0 }),
        Fact::Infused(Infusion { product: "tisagenlecleucel".to_owned(), at: day0 }),
        Fact::ChartChecked(ChartCheck { up_to: at("2026-11-20T08:00Z") }),
    ];
    facts.extend((0..DOSES).map(|number| Fact::Administered(dose(patient, number))));
    facts
}

/// Two workstations write each patient; of a hundred doses, five are corrected and two struck out.
fn make(folder: &Path) {
    let _ = fs::remove_dir_all(folder);
    let mut stations = ["a", "b"].map(|config| {
        let mut store = Store::open_or_create(&folder.join("data"), "Ward 4").unwrap();
        store.become_writer(&folder.join(config)).unwrap();
        store
    });
    let author = Author { by: "NK".parse().unwrap(), workstation: "WARD4-PC02".to_owned() };
    for patient in 0..PATIENTS {
        let id: PatientId = stations[0].new_patient_id().unwrap();
        let recorded =
            |number: usize| at("2026-10-13T11:30Z") + TimeDelta::minutes(360 * i64::try_from(number).unwrap());
        let mut entries: Vec<_> = facts(patient)
            .into_iter()
            .enumerate()
            .map(|(number, fact)| new_entry(fact, &author, recorded(number)).unwrap())
            .collect();
        for number in [10, 30, 50, 70, 90, 20, 60] {
            let (target, seen, reason) = (entries[number].id.clone(), Vec::new(), "charted twice".to_owned());
            let fact = if number % 20 == 10 {
                let replacement = Box::new(Fact::Administered(dose(patient, 1)));
                Fact::Corrected(Correction { target, replacement, reason, seen })
            } else {
                Fact::StruckOut(StrikeOut { target, reason, seen })
            };
            entries.push(new_entry(fact, &author, recorded(number + 1)).unwrap());
        }
        let (one, other) = entries.split_at(60);
        stations[0].append(&id, one).unwrap();
        stations[1].append(&id, other).unwrap();
    }
    fs::write(folder.join("whole"), "").unwrap();
}

/// What the window does until the ward list can be drawn; prints how long it took and the most memory it had.
fn open(data: &Path, cache: Option<&Path>) {
    let begun = Instant::now();
    let reference = Reference::shipped().unwrap();
    let places = Places { data: data.to_owned(), config: PathBuf::new(), cache: cache.map(Path::to_owned) };
    let ward = Ward::open_at(&places).unwrap();
    let now = at("2026-11-22T14:32Z");
    let opened = begun.elapsed();
    let rows = in_parallel(ward.patients(), |patient| WardRow::of(patient, reference.rules(), now));
    let took = begun.elapsed();
    let doses: usize = ward.patients().iter().map(|patient| patient.chart.administrations.len()).sum();
    assert_eq!((rows.len(), doses), (2_000, 200_000));
    assert!(rows.iter().all(|row| row.total.ends_with(" mg") && !row.attention && row.curve.len() > 50));
    let (memory, busy) = (most_memory().unwrap_or(0), processor_time().unwrap_or_default());
    println!("{} {} {} {memory}", took.as_nanos(), opened.as_nanos(), busy.as_nanos());
}

/// The most memory that this process had, in KiB; only Linux tells.
fn most_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.split_whitespace().next()?.parse().ok()
}

/// How long this process has kept processors busy, all threads together; only Linux tells, in hundredths of a second.
fn processor_time() -> Option<Duration> {
    let line = fs::read_to_string("/proc/self/stat").ok()?;
    // Behind the name, which may hold spaces, these are the twelfth and thirteenth.
    let fields: Vec<&str> = line.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: u64 = fields.get(11..13)?.iter().filter_map(|field| field.parse::<u64>().ok()).sum();
    Some(Duration::from_millis(ticks * 10))
}

/// What one process that opens the ward tells: the time until the rows, until the charts, the time for which processors
/// were busy, and its memory in KiB.
type Opened = (Duration, Duration, Duration, u64);

fn opened(data: &Path, cache: Option<&Path>) -> Opened {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let output = command.arg("--open").arg(data).args(cache).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let numbers: Vec<u64> = text.split_whitespace().map(|number| number.parse().unwrap()).collect();
    let [rows, charts, busy, memory] = numbers[..] else { panic!("{text}") };
    (Duration::from_nanos(rows), Duration::from_nanos(charts), Duration::from_nanos(busy), memory)
}

/// The bytes of every segment, read once.
fn read_bytes(data: &Path) -> u64 {
    let mut sum = 0;
    for patient in fs::read_dir(data.join("patients")).unwrap() {
        for file in fs::read_dir(patient.unwrap().path()).unwrap() {
            sum += u64::try_from(fs::read(file.unwrap().path()).unwrap().len()).unwrap();
        }
    }
    sum
}

fn told(what: &str, baseline: Duration, aim: Duration, open: impl Fn() -> Opened) {
    let mut runs: Vec<Opened> = (0..RUNS).map(|_| open()).collect();
    runs.sort();
    let ((best, charts, busy, _), (median, ..)) = (runs[0], runs[RUNS / 2]);
    let memory = runs.iter().map(|(.., memory)| memory / 1024).max().unwrap_or(0);
    let ratio = best.as_secs_f64() / baseline.as_secs_f64().max(1e-9);
    let met = |met| if met { "met" } else { "MISSED" };
    println!(
        "{what}: {best:.2?} (median {median:.2?}; charts after {charts:.2?}; {busy:.2?} of processor time), \
         {ratio:.1} times reading the same files' \
         bytes ({baseline:.2?}); aim {aim:?} {}",
        met(best <= aim)
    );
    println!("{what}: at most {memory} MiB; aim {MEMORY_MIB} MiB {}", met(memory <= MEMORY_MIB));
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, verb, data, cache @ ..] = &arguments[..]
        && verb == "--open"
    {
        return open(Path::new(data), cache.first().map(Path::new));
    }
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("large-ward");
    if !folder.join("whole").exists() {
        println!("making {PATIENTS} patients with {} administrations in {}", PATIENTS * DOSES, folder.display());
        make(&folder);
    }
    let data = folder.join("data");
    let bytes = read_bytes(&data);
    let baseline = (0..RUNS).map(|_| {
        let begun = Instant::now();
        assert_eq!(read_bytes(&data), bytes);
        begun.elapsed()
    });
    let baseline = baseline.min().unwrap_or_default();
    println!("{} MiB in the segments", bytes / 1024 / 1024);
    let cache = folder.join("cache");
    told("opening without a cache", baseline, Duration::from_secs(2), || opened(&data, None));
    told("opening with an empty cache, which is filled", baseline, Duration::from_secs(2), || {
        let _ = fs::remove_dir_all(&cache);
        opened(&data, Some(&cache))
    });
    told("opening with the cache", baseline, Duration::from_millis(300), || opened(&data, Some(&cache)));
}
