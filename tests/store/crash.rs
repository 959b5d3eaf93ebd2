//! The power fails at any moment: no entry that was called saved is lost, and nothing appears that nobody asked for.
//!
//! Each of the [`stories`](super::stories) is a kind of save, recorded on a [`SimulatedStorage`]. Every disk that a power cut
//! could leave at any point of every story is then opened by the next program. The last test takes one rule of the protocol
//! out at a time and shows that the same test then finds a loss.

use super::power_cut::crash_states;
use super::simulated::{Event, History, Tree, hash};
use super::stories::{
    DATA, SimulatedWard, Story, Without, failing_stories, killed_stories, no_config, plain_stories, stories_of_two,
    told,
};
use super::*;
use corticurve::exposure::UnitHistory;
use corticurve::store::{Loss, StoreError, new_entry};
use std::collections::{BTreeMap, HashSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

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
    once_each(&before.entries, &expected.acknowledged)?;
    if let Some(entry) = before.entries.iter().find(|found| expected.asked.get(&found.id) != Some(found)) {
        return Err(format!("nobody asked for {entry:?}"));
    }
    for (path, content) in tree {
        let Ok(file) = path.strip_prefix(folder.join("patients")) else { continue };
        let file = Path::new("patients").join(file);
        let reported = before.findings.iter().any(|finding| finding.file == file);
        let is_torn = |bytes: &Vec<u8>| !history.meant(bytes) && !came_to_nothing(bytes);
        if content.as_ref().is_some_and(is_torn) && !reported {
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

/// Whether a file holds only a part of the header of a segment, of which only a look at every file speaks.
pub fn came_to_nothing(bytes: &[u8]) -> bool {
    let begins = b"[\nSegment(".starts_with(bytes) || bytes.starts_with(b"[\nSegment(");
    let holds_entry = bytes.windows(6).any(|window| window == b"Entry(");
    begins && !holds_entry && !bytes.iter().skip(2).any(|byte| *byte == b'\n')
}

/// Whether each of these is among what was found, exactly once.
pub fn once_each(found: &[Entry], acknowledged: &[Entry]) -> Result<(), String> {
    for entry in acknowledged {
        match found.iter().filter(|found| *found == entry).count() {
            1 => {}
            count => return Err(format!("the acknowledged entry {} is there {count} times", entry.id)),
        }
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
fn wherever_a_segment_is_on_the_disk_the_file_that_says_so_of_its_writer_is_too() {
    let ward = SimulatedWard::new(Without::Nothing);
    let mut store = ward.kept_writer();
    ward.save(&mut store, vec![robin()]);
    ward.try_save(&mut store, &"p-2a2b2c2d2e2f".parse().unwrap(), vec![robin()]).unwrap();
    let writer = store.writer_id().unwrap();
    let folder = Path::new(DATA);
    let claim = folder.join(format!("writers/{writer}-0001"));
    let (history, mut seen, mut between) = (ward.disk.history(), HashSet::new(), 0);
    for point in history.points() {
        crash_states(&history, point, 20, &mut |tree| {
            if !seen.insert(hash(&tree)) {
                return;
            }
            let is_noted = tree.contains_key(&claim);
            let has_segment =
                tree.keys().any(|path| path.extension().is_some() && path.starts_with(folder.join("patients")));
            assert!(is_noted || !has_segment, "power cut after {point} events: {:?}", tree.keys());
            assert!(tree.contains_key(&folder.join("patients")) || !is_noted, "power cut after {point} events");
            if is_noted && !has_segment {
                between += 1;
                let store = Store::open_on(Arc::new(SimulatedStorage::holding(&tree)), folder).unwrap();
                let lost = |found: &Finding| found.kind == FindingKind::Lost(Loss::FilesOfWriter);
                assert!(store.verify(at()).unwrap().findings.iter().any(lost), "power cut after {point} events");
            }
        });
    }
    assert!(seen.len() > 100 && between > 0, "{} disks, {between} between the two", seen.len());
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
