//! The power fails at any moment: no entry that was called saved is lost, and nothing appears that nobody asked for.
//!
//! Each story below is a kind of save, recorded on a [`SimulatedStorage`]. Every disk that a power cut could leave at any
//! point of every story is then opened by the next program. The second half takes one rule of the protocol out at a time
//! and shows that the same test then finds a loss.

use super::simulated::{Event, Fault, History, Operation, Tree, Trouble, crash_states, hash};
use super::*;
use corticurve::exposure::{UnitChange, UnitHistory, UnitSettings};
use corticurve::record::{Correction, StrikeOut};
use corticurve::store::{Item, OpenFile, Protocol, Storage, StoreError, UnitRecord, new_entry};
use std::collections::{BTreeMap, HashSet};
use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

pub const EIO: i32 = 5;
const ENOSPC: i32 = 28;
pub const DATA: &str = "/ward/data";

/// A rule taken out of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Without {
    #[default]
    Nothing,
    FileSync,
    FolderSync,
    Checksum,
    LeavingAfterErrors,
    ReadBack,
}

impl Without {
    fn protocol(self) -> Protocol {
        Protocol { digits_checked: self != Self::Checksum, left_after_error: self != Self::LeavingAfterErrors }
    }
}

type Asked = BTreeMap<PathBuf, (u64, Vec<u8>)>;

/// A program's storage with a rule taken out: syncs that do nothing, or read-backs answered with what was to be written.
#[derive(Clone)]
struct Sabotaged {
    under: SimulatedStorage,
    without: Without,
    /// Of each file, where it was last written to and what.
    asked: Arc<Mutex<Asked>>,
}

struct SabotagedFile {
    path: PathBuf,
    storage: Sabotaged,
    under: Box<dyn OpenFile>,
}

impl Sabotaged {
    fn file(&self, path: &Path, under: Box<dyn OpenFile>) -> Box<dyn OpenFile> {
        Box::new(SabotagedFile { path: path.to_owned(), storage: self.clone(), under })
    }
}

impl Storage for Sabotaged {
    fn list(&self, folder: &Path) -> io::Result<Vec<Item>> {
        self.under.list(folder)
    }

    fn read(&self, file: &Path, from: u64, most: usize) -> io::Result<Vec<u8>> {
        let found = self.under.read(file, from, most)?;
        let asked = self.asked.lock().unwrap();
        let read_back = asked.get(file).filter(|(at, bytes)| (*at, bytes.len() + 1) == (from, most));
        Ok(read_back.filter(|_| self.without == Without::ReadBack).map_or(found, |(_, bytes)| bytes.clone()))
    }

    fn create_folder(&self, folder: &Path) -> io::Result<()> {
        self.under.create_folder(folder)
    }

    fn create_file(&self, file: &Path) -> io::Result<Box<dyn OpenFile>> {
        Ok(self.file(file, self.under.create_file(file)?))
    }

    fn open_file(&self, file: &Path) -> io::Result<Box<dyn OpenFile>> {
        Ok(self.file(file, self.under.open_file(file)?))
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        if self.without == Without::FolderSync { Ok(()) } else { self.under.sync_folder(folder) }
    }

    fn pause(&self, _time: std::time::Duration) {}
}

impl OpenFile for SabotagedFile {
    fn write_at(&self, at: u64, bytes: &[u8]) -> io::Result<()> {
        self.storage.asked.lock().unwrap().insert(self.path.clone(), (at, bytes.to_vec()));
        self.under.write_at(at, bytes)
    }

    fn sync(&self) -> io::Result<()> {
        if self.storage.without == Without::FileSync { Ok(()) } else { self.under.sync() }
    }
}

/// A ward on a simulated disk, whose history knows what was asked and what was acknowledged.
pub struct SimulatedWard {
    pub disk: SimulatedStorage,
    without: Without,
    config: TempDir,
}

impl SimulatedWard {
    /// On a disk that holds nothing but the folder of the data folder.
    pub fn new(without: Without) -> Self {
        let disk = SimulatedStorage::default();
        disk.create_folder(Path::new("/ward")).unwrap();
        disk.sync_folder(Path::new("/")).unwrap();
        Self { disk, without, config: TempDir::new().unwrap() }
    }

    fn storage(&self, disk: &SimulatedStorage) -> Arc<dyn Storage> {
        Arc::new(Sabotaged { under: disk.clone(), without: self.without, asked: Arc::default() })
    }

    pub fn open(&self, disk: &SimulatedStorage) -> Result<Store, StoreError> {
        let store = Store::open_or_create_on(self.storage(disk), Path::new(DATA), "Ward 4")?;
        Ok(store.without(self.without.protocol()))
    }

    /// A program on this disk with a writer id for this run only.
    pub fn writer_on(&self, disk: &SimulatedStorage) -> Result<Store, StoreError> {
        let mut store = self.open(disk)?;
        store.become_writer(no_config())?;
        Ok(store)
    }

    fn writer(&self) -> Store {
        self.writer_on(&self.disk).unwrap()
    }

    /// A program that goes on under the id that its config folder keeps.
    fn kept_writer(&self) -> Store {
        let mut store = self.open(&self.disk).unwrap();
        store.become_writer(self.config.path()).unwrap();
        store
    }

    pub fn try_save(&self, store: &mut Store, patient: &PatientId, facts: Vec<Fact>) -> Result<Vec<Entry>, StoreError> {
        let entries: Vec<Entry> = facts.into_iter().map(|fact| new_entry(fact, &author(), at()).unwrap()).collect();
        self.disk.note(Event::Asked(entries.clone()));
        store.append(patient, &entries)?;
        self.disk.note(Event::Acknowledged(entries.clone()));
        Ok(entries)
    }

    fn save(&self, store: &mut Store, facts: Vec<Fact>) -> Vec<Entry> {
        self.try_save(store, &patient(), facts).unwrap()
    }

    fn change_settings(&self, store: &Store, seen: &UnitRecord, change: &UnitChange) -> UnitRecord {
        let blocks = seen.history.changes().iter().chain([change]).map(|change| change.text() + ",\n");
        let asked = UnitHistory::parse(&format!("[\n{}]\n", blocks.collect::<String>())).unwrap();
        self.disk.note(Event::SettingsAsked(asked));
        store.change_unit(seen, change).unwrap();
        self.disk.note(Event::SettingsAcknowledged);
        store.unit_record().unwrap()
    }
}

/// A folder that cannot be made, so that nothing is kept from run to run, as after a power cut.
fn no_config() -> &'static Path {
    Path::new("/dev/null/config")
}

fn another_patient() -> PatientId {
    "p-2a2b2c2d2e2f".parse().unwrap()
}

fn correction(target: &Entry) -> Fact {
    let (target, reason) = (target.id.clone(), "wrong dose".to_owned());
    Fact::Corrected(Correction { target, replacement: Box::new(dose(8)), reason, seen: vec![] })
}

fn strike_out(target: &Entry) -> Fact {
    Fact::StruckOut(StrikeOut { target: target.id.clone(), reason: "other patient".to_owned(), seen: vec![] })
}

/// A recorded story, and at how many places of each write it is torn.
struct Story {
    name: String,
    history: History,
    cuts: usize,
}

/// Everything that the stories are made of.
type Telling = Box<dyn Fn(&SimulatedWard)>;

fn story(name: &str, cuts: usize, telling: impl Fn(&SimulatedWard) + 'static) -> (String, usize, Telling) {
    (name.to_owned(), cuts, Box::new(telling))
}

/// All kinds of saves on a disk that works.
fn plain_stories() -> Tales {
    vec![
        story("a new ward, its first patient and doses one by one", 400, |ward| {
            let mut store = ward.writer();
            ward.save(&mut store, vec![robin()]);
            ward.save(&mut store, vec![dose(10)]);
            ward.save(&mut store, vec![dose_with_note("before \"meals\" //# ]\n")]);
        }),
        story("several facts at once, in a new file and in one that is there", 300, |ward| {
            let mut store = ward.writer();
            ward.save(&mut store, vec![robin(), dose(10), dose(4)]);
            ward.save(&mut store, vec![dose(8), dose(6), dose(2)]);
        }),
        story("two patients in one run", 200, |ward| {
            let mut store = ward.writer();
            ward.save(&mut store, vec![robin(), dose(10)]);
            ward.try_save(&mut store, &another_patient(), vec![robin()]).unwrap();
            ward.try_save(&mut store, &another_patient(), vec![dose(4), dose(8)]).unwrap();
        }),
        story("a correction, then a strike-out", 200, |ward| {
            let mut store = ward.writer();
            let first = ward.save(&mut store, vec![dose(10)]).remove(0);
            ward.save(&mut store, vec![correction(&first)]);
            ward.save(&mut store, vec![strike_out(&first)]);
        }),
        story("a segment that is full is followed by the next", 5, |ward| {
            let mut store = ward.writer();
            let note = "n".repeat(60_000);
            ward.save(&mut store, (0..4).map(|_| dose_with_note(&note)).collect());
            ward.save(&mut store, vec![dose_with_note(&note)]);
        }),
        story("a later run goes on in the same segment", 200, |ward| {
            ward.save(&mut ward.kept_writer(), vec![robin()]);
            ward.save(&mut ward.kept_writer(), vec![dose(10)]);
            ward.save(&mut ward.kept_writer(), vec![dose(4)]);
        }),
        story("another workstation's run", 200, |ward| {
            ward.save(&mut ward.writer(), vec![robin()]);
            ward.save(&mut ward.writer(), vec![dose(10)]);
        }),
        story("the unit's settings", 200, |ward| {
            let store = ward.writer();
            let change = |table: &str, minutes: i64| {
                let settings = UnitSettings { table: table.to_owned(), ..UnitSettings::default() };
                let at = at() + chrono::TimeDelta::minutes(minutes);
                UnitChange { at, by: "NK".parse().unwrap(), reason: "protocol 12".to_owned(), settings }
            };
            let first = ward.change_settings(&store, &UnitRecord::default(), &change("bnf", 0));
            ward.change_settings(&store, &first, &change("katzung", 1));
        }),
    ]
}

/// Saves on a disk on which one operation, or two, go wrong.
fn failing_stories() -> Tales {
    let mut stories = Vec::new();
    for (of, trouble) in [
        (Operation::Write, Trouble::Fails(ENOSPC)),
        (Operation::Write, Trouble::FailsHalfway(ENOSPC)),
        (Operation::Write, Trouble::Dropped),
        (Operation::Write, Trouble::Flipped),
        (Operation::Write, Trouble::Shortened),
        (Operation::Sync, Trouble::Fails(EIO)),
        (Operation::SyncFolder, Trouble::Fails(EIO)),
        (Operation::MakeFile, Trouble::FailsHalfway(EIO)),
        (Operation::Open, Trouble::Fails(EIO)),
        (Operation::Read, Trouble::Fails(EIO)),
        (Operation::List, Trouble::Fails(EIO)),
    ] {
        for times in [1, 2] {
            for first in [true, false] {
                let name = format!("{times} × {of:?} {trouble:?}, in a new file: {first}");
                stories.push(story(&name, 44, move |ward| {
                    let mut store = ward.writer();
                    if !first {
                        ward.save(&mut store, vec![robin()]);
                    }
                    ward.disk.plan(vec![Fault { of: Some(of), from: 0, times, trouble }]);
                    // What is not acknowledged may be there or not.
                    let _ = ward.try_save(&mut store, &patient(), vec![dose(10), dose(4)]);
                    ward.disk.plan(vec![]);
                    ward.save(&mut store, vec![dose(8)]);
                    ward.save(&mut store, vec![dose(6)]);
                }));
            }
        }
    }
    stories
}

/// A program that ends at any of its operations, without a power cut, and another that goes on.
fn killed_stories() -> Tales {
    let whole = |ward: &SimulatedWard, disk: &SimulatedStorage| -> Result<(), StoreError> {
        let mut store = ward.writer_on(disk)?;
        ward.try_save(&mut store, &patient(), vec![robin()])?;
        ward.try_save(&mut store, &patient(), vec![dose(10)])?;
        Ok(())
    };
    let ward = SimulatedWard::new(Without::Nothing);
    let program = ward.disk.another_program();
    whole(&ward, &program).unwrap();
    (0..program.operations())
        .map(|from| {
            story(&format!("a program killed at its operation {from}, and another"), 48, move |ward| {
                let killed = ward.disk.another_program();
                // A write may be cut short by the kill as well.
                let half = Fault { of: None, from, times: 1, trouble: Trouble::KilledHalfway };
                killed.plan(vec![half, Fault { times: usize::MAX, trouble: Trouble::Killed, ..half }]);
                let _ = whole(ward, &killed);
                ward.save(&mut ward.writer(), vec![robin(), dose(4)]);
            })
        })
        .collect()
}

/// Two programs that begin in one empty folder and save for one patient, their operations mixed in several ways.
fn stories_of_two() -> Tales {
    let mixed = |random: u64| {
        story(&format!("two programs at once, mixed as {random}"), 64, move |ward| {
            let programs = ward.disk.two_at_once(random.wrapping_mul(0x9e37_79b9_7f4a_7c15));
            std::thread::scope(|scope| {
                for (program, milligrams) in programs.iter().zip([1, 2]) {
                    scope.spawn(move || {
                        let mut store = ward.writer_on(program).unwrap();
                        ward.save(&mut store, vec![dose(milligrams)]);
                        ward.save(&mut store, vec![dose(milligrams + 2), dose(milligrams + 4)]);
                        program.ends();
                    });
                }
            });
        })
    };
    (1..=12).map(mixed).collect()
}

type Tales = Vec<(String, usize, Telling)>;

/// The stories as they happen to programs that lack a rule.
fn told(tales: Tales, without: Without) -> Vec<Story> {
    let tell = |(name, cuts, telling): (String, usize, Telling)| {
        let ward = SimulatedWard::new(without);
        telling(&ward);
        Story { name, cuts, history: ward.disk.history() }
    };
    tales.into_iter().map(tell).collect()
}

/// What a program may count on at a point of a history.
#[derive(Default)]
struct Expected {
    acknowledged: Vec<Entry>,
    asked: BTreeMap<EntryId, Entry>,
    /// The settings that were acknowledged last, then those asked for since.
    settings: Vec<UnitHistory>,
}

fn expected(history: &History, point: usize) -> Expected {
    let mut expected = Expected { settings: vec![UnitHistory::default()], ..Expected::default() };
    for event in &history.events[..point] {
        match event {
            Event::Asked(entries) => {
                expected.asked.extend(entries.iter().map(|entry| (entry.id.clone(), entry.clone())));
            }
            Event::Acknowledged(entries) => expected.acknowledged.extend(entries.iter().cloned()),
            Event::SettingsAsked(settings) => expected.settings.push(settings.clone()),
            Event::SettingsAcknowledged => expected.settings = expected.settings.split_off(1),
            _ => {}
        }
    }
    expected
}

/// Looks at a disk after a power cut as the next program would; says what is wrong.
fn look(tree: &Tree, history: &History, expected: &Expected, without: Without) -> Result<(), String> {
    let disk = SimulatedStorage::holding(tree);
    let folder = Path::new(DATA);
    let open = |disk: &SimulatedStorage| -> Result<Store, String> {
        let store = Store::open_or_create_on(Arc::new(disk.clone()), folder, "Ward 4").map_err(|e| e.to_string())?;
        Ok(store.without(without.protocol()))
    };
    let store_file = tree.get(&folder.join("STORE.ron")).cloned().flatten().unwrap_or_default();
    let mut store = match Store::open_or_create_on(Arc::new(disk.clone()), folder, "Ward 4") {
        // STORE.ron has no digits, so garbled it may name a format that a newer program may really have made; that is never
        // written over. Nothing was recorded yet.
        Err(StoreError::NewerStore { .. }) if !history.meant(&store_file) && expected.acknowledged.is_empty() => {
            return Ok(());
        }
        _ => open(&disk)?,
    };
    let before = read_all(&store)?;
    for entry in &expected.acknowledged {
        match before.entries.iter().filter(|found| *found == entry).count() {
            1 => {}
            count => return Err(format!("the acknowledged entry {} is there {count} times", entry.id)),
        }
    }
    if let Some(entry) = before.entries.iter().find(|found| expected.asked.get(&found.id) != Some(found)) {
        return Err(format!("nobody asked for {entry:?}"));
    }
    for (path, content) in tree {
        let Ok(file) = path.strip_prefix(folder.join("patients")) else { continue };
        let file = Path::new("patients").join(file);
        let reported = before.findings.iter().any(|finding| finding.file == file);
        if content.as_ref().is_some_and(|bytes| !history.meant(bytes)) && !reported {
            return Err(format!("{} is torn and not reported", file.display()));
        }
    }
    look_at_settings(&store, expected)?;
    store.become_writer(no_config()).map_err(|error| error.to_string())?;
    let next = new_entry(dose(16), &author(), at()).unwrap();
    store.append(&patient(), std::slice::from_ref(&next)).map_err(|error| format!("the next save: {error}"))?;
    let after = read_all(&open(&disk)?)?;
    if after.entries.iter().filter(|entry| **entry == next).count() != 1 {
        return Err("the next save is not read back".to_owned());
    }
    if after.entries.len() != before.entries.len() + 1 || before.entries.iter().any(|old| !after.entries.contains(old))
    {
        return Err("the next save costs an entry".to_owned());
    }
    if after.findings != before.findings {
        return Err(format!("the next save changes what is reported: {:?}, {:?}", before.findings, after.findings));
    }
    Ok(())
}

struct Everything {
    entries: Vec<Entry>,
    findings: Vec<Finding>,
}

fn read_all(store: &Store) -> Result<Everything, String> {
    let mut all = Everything { entries: Vec::new(), findings: Vec::new() };
    for record in store.read_all().map_err(|error| error.to_string())? {
        all.entries.extend(record.entries);
        all.findings.extend(record.findings);
    }
    Ok(all)
}

/// The settings are those before a save or after it, or are refused and reported.
fn look_at_settings(store: &Store, expected: &Expected) -> Result<(), String> {
    match store.unit_record() {
        Ok(record) if expected.settings.contains(&record.history) => Ok(()),
        Ok(record) => Err(format!("nobody asked for the settings {:?}", record.history)),
        Err(error) => {
            let findings = store.verify(at()).map_err(|error| error.to_string())?.findings;
            let under_way = expected.settings.len() > 1;
            if under_way && !findings.is_empty() { Ok(()) } else { Err(error.to_string()) }
        }
    }
}

/// Looks at the disks that a power cut may leave at the end of what happened in a ward; returns how many.
pub fn survives_a_power_cut_now(ward: &SimulatedWard, cuts: usize) -> usize {
    let history = ward.disk.history();
    let point = history.events.len();
    let (expected, mut seen) = (expected(&history, point), HashSet::new());
    crash_states(&history, point, cuts, &mut |tree| {
        if seen.insert(hash(&tree)) {
            look(&tree, &history, &expected, ward.without).unwrap();
        }
    });
    seen.len()
}

/// What came of looking at every disk.
struct Outcome {
    states: usize,
    wrong: Vec<String>,
}

/// Looks at every disk that a power cut may leave at any point of the stories, each disk once, until what is wrong
/// is enough.
fn look_at_all(stories: &[Story], without: Without, enough: impl Fn(&[String]) -> bool + Sync) -> Outcome {
    let points: Vec<(&Story, usize)> =
        stories.iter().flat_map(|story| story.history.points().map(move |point| (story, point))).collect();
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (seen, wrong) = (Mutex::new(HashSet::new()), Mutex::new(Vec::new()));
    let work = || {
        while let Some((story, point)) = points.get(next.fetch_add(1, Ordering::Relaxed)) {
            let expected = expected(&story.history, *point);
            crash_states(&story.history, *point, story.cuts, &mut |tree| {
                let known = (hash(&tree), expected.acknowledged.len(), expected.settings.len());
                if stop.load(Ordering::Relaxed) || !seen.lock().unwrap().insert(known) {
                    return;
                }
                let looked = std::panic::catch_unwind(|| look(&tree, &story.history, &expected, without));
                if let Err(what) = looked.unwrap_or_else(|_| Err("a panic".to_owned())) {
                    let mut wrong = wrong.lock().unwrap();
                    wrong.push(format!("{}, power cut after {point} events: {what}", story.name));
                    stop.fetch_or(enough(&wrong), Ordering::Relaxed);
                }
            });
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(work);
        }
    });
    Outcome { states: seen.into_inner().unwrap().len(), wrong: wrong.into_inner().unwrap() }
}

#[test]
fn whenever_the_power_fails_every_acknowledged_entry_is_there_once_and_nothing_else() {
    let tales =
        [plain_stories(), failing_stories(), killed_stories(), stories_of_two()].into_iter().flatten().collect();
    let outcome = look_at_all(&told(tales, Without::Nothing), Without::Nothing, |wrong| wrong.len() >= 20);
    println!("{} distinct disks after a power cut", outcome.states);
    assert!(outcome.wrong.is_empty(), "{}", outcome.wrong.join("\n"));
    assert!(outcome.states >= 100_000, "only {} disks", outcome.states);
}

#[test]
fn a_run_that_was_begun_is_known_after_a_power_cut_so_no_copy_of_its_config_folder_writes_its_files() {
    let ward = SimulatedWard::new(Without::Nothing);
    ward.save(&mut ward.kept_writer(), vec![robin()]);
    let copy = ward.config.path().join("copy");
    super::writers::copy_folder(&ward.config.path().join("writers"), &copy.join("writers"));
    let mut original = ward.kept_writer();
    let run = ward.disk.history().events.len();
    ward.save(&mut original, vec![dose(10)]);
    let history = ward.disk.history();
    let mut copies = 0;
    for point in history.points().filter(|point| *point > run) {
        let writes = history.events[run..point].iter().any(|event| matches!(event, Event::Written { .. }));
        crash_states(&history, point, 1, &mut |tree| {
            copies += 1;
            let config = ward.config.path().join(format!("copy-{copies}"));
            super::writers::copy_folder(&copy, &config);
            let disk = Arc::new(SimulatedStorage::holding(&tree));
            let mut store = Store::open_on(disk, Path::new(DATA)).unwrap();
            store.become_writer(&config).unwrap();
            assert!(!writes || store.writer_id() != original.writer_id(), "power cut after {point} events");
        });
    }
    assert!(copies > 5, "{copies}");
}

#[test]
fn without_any_one_rule_the_crash_test_finds_a_loss() {
    for (without, tales, named, loss) in [
        (Without::FileSync, plain_stories(), "new ward", "is there 0 times"),
        (Without::FolderSync, plain_stories(), "new ward", "is there 0 times"),
        (Without::Checksum, plain_stories(), "new ward", "nobody asked for"),
        (Without::LeavingAfterErrors, failing_stories(), "1 × Sync", "is there 0 times"),
        (Without::ReadBack, failing_stories(), "1 × Write Dropped", "is there 0 times"),
    ] {
        // Those in which it shows soonest; all of them are part of the whole test above.
        let tales = tales.into_iter().filter(|(name, ..)| name.contains(named)).collect();
        let lost = |wrong: &String| wrong.contains(loss);
        let outcome = look_at_all(&told(tales, without), without, |wrong| wrong.iter().any(lost));
        let found = outcome.wrong.iter().find(|wrong| lost(wrong));
        println!("without {without:?}, after {} disks: {found:?}", outcome.states);
        assert!(found.is_some(), "without {without:?} nothing of {} disks shows it", outcome.states);
    }
}
