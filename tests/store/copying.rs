//! Backing up and restoring on a disk that fails, or whose power is cut.

use super::backup::change;
use super::power_cut::crash_states;
use super::simulated::{Fault, History, Tree, Trouble, hash};
use super::stories::{DATA, EIO, SimulatedWard, Without};
use super::*;
use corticurve::exposure::{UnitChange, UnitSettings};
use corticurve::store::{Storage, StoreError, UnitRecord};
use std::collections::HashSet;

const BACKUP: &str = "/ward/backup";
const RESTORED: &str = "/ward/restored";

/// A ward on a simulated disk, and the history of a program that backs it up twice and restores it.
fn simulated() -> (SimulatedWard, TempDir) {
    let ward = SimulatedWard::new(Without::Nothing);
    let mut store = ward.writer_on(&ward.disk).unwrap();
    ward.try_save(&mut store, &patient(), vec![robin(), dose(10)]).unwrap();
    let settings = UnitSettings { table: "bnf".to_owned(), ..UnitSettings::default() };
    let change = UnitChange { settings, ..change("bnf", 0) };
    store.change_unit(&UnitRecord::default(), &change).unwrap();
    (ward, TempDir::new().unwrap())
}

/// Backs up, goes on, backs up again and restores; returns the points of the history after each, and what was found.
fn copies(
    ward: &SimulatedWard,
    program: &SimulatedStorage,
    config: &Path,
) -> Result<(Vec<usize>, Vec<Finding>), StoreError> {
    let mut store = ward.writer_on(&ward.disk)?;
    let (mut points, mut findings) = (vec![ward.disk.history().events.len()], Vec::new());
    let mut copy = |from: &str, into: &str| -> Result<(), StoreError> {
        let from = Store::open_on(Arc::new(program.clone()), Path::new(from))?;
        findings.extend(from.copy_into(Path::new(into), config)?.findings);
        points.push(ward.disk.history().events.len());
        Ok(())
    };
    copy(DATA, BACKUP)?;
    ward.try_save(&mut store, &patient(), vec![dose(4)])?;
    copy(DATA, BACKUP)?;
    copy(BACKUP, RESTORED)?;
    Ok((points, findings))
}

/// What stands below a folder of a disk, with its doses.
fn doses_of(disk: &SimulatedStorage, folder: &str) -> Vec<Entry> {
    let store = Store::open_on(Arc::new(disk.clone()), Path::new(folder));
    store.and_then(|store| store.read(&patient())).map(|record| record.entries).unwrap_or_default()
}

fn below(tree: &Tree, folder: &str) -> Tree {
    tree.iter().filter(|(path, _)| path.starts_with(folder)).map(|(path, file)| (path.clone(), file.clone())).collect()
}

/// On a disk after a power cut: the data folder has all its entries, a copy that was done has them too, and copying once
/// more makes every copy complete.
fn look(tree: &Tree, done: usize, saved: &[Entry]) {
    let disk = SimulatedStorage::holding(tree);
    let data = doses_of(&disk, DATA);
    assert!(saved.iter().all(|entry| data.contains(entry)), "the data folder suffers");
    let least = [0, 2, 3, 3][done];
    assert!(doses_of(&disk, BACKUP).len() >= least, "after {done} copies");
    let restored = [0, 0, 0, 3][done];
    assert!(doses_of(&disk, RESTORED).len() >= restored, "after {done} copies");
    let config = Path::new("/dev/null/config");
    let open = |folder: &str| Store::open_on(Arc::new(disk.clone()), Path::new(folder)).unwrap();
    for (from, into) in [(DATA, BACKUP), (BACKUP, RESTORED)] {
        match open(from).copy_into(Path::new(into), config) {
            // STORE.ron has no digits: garbled while it was made, it may name another store or a newer format. Nothing is
            // written over that, and nothing stands beside it.
            Err(StoreError::AnotherStore { .. } | StoreError::NewerStore { .. }) => {
                assert_eq!(below(tree, into).len(), 2);
                return;
            }
            done => drop(done.unwrap()),
        }
    }
    for folder in [BACKUP, RESTORED] {
        assert_eq!(ids(&doses_of(&disk, folder)), ids(&data), "{folder}");
        assert_eq!(doses_of(&disk, folder).len(), data.len(), "{folder}");
        let settings = open(folder).unit_record().unwrap().history;
        assert_eq!(settings, open(DATA).unit_record().unwrap().history, "{folder}");
    }
    assert!(open(DATA).preview_copy(Path::new(RESTORED)).unwrap().is_nothing());
}

#[test]
fn a_power_cut_at_any_moment_of_a_backup_or_of_restoring_is_harmless() {
    let (ward, config) = simulated();
    let saved = doses_of(&ward.disk, DATA);
    let (points, _) = copies(&ward, &ward.disk, config.path()).unwrap();
    let history: History = ward.disk.history();
    let mut seen = HashSet::new();
    for point in history.points().filter(|point| *point >= points[0]) {
        let done = points.iter().filter(|done| point >= **done).count() - 1;
        crash_states(&history, point, 16, &mut |tree| {
            if seen.insert((hash(&tree), done)) {
                look(&tree, done, &saved);
            }
        });
    }
    println!("{} distinct disks after a power cut", seen.len());
    assert!(seen.len() > 500, "only {}", seen.len());
}

#[test]
fn whichever_operation_of_a_copy_fails_the_cause_is_told_and_the_source_is_as_it_was() {
    for trouble in [Trouble::Fails(EIO), Trouble::FailsHalfway(28), Trouble::Flipped, Trouble::Shortened] {
        for times in [1, usize::MAX] {
            let mut from = 0;
            loop {
                let (ward, config) = simulated();
                let program = ward.disk.another_program();
                program.plan(vec![Fault { of: None, from, times, trouble }]);
                let done = copies(&ward, &program, config.path());
                if program.operations() <= from {
                    break;
                }
                let data = doses_of(&ward.disk, DATA);
                assert!(data.len() >= 2, "{trouble:?} at operation {from}");
                // What cannot be read is told, and everything else is copied.
                if done.is_ok_and(|(_, findings)| findings.is_empty()) {
                    let backed_up = ids(&doses_of(&ward.disk, BACKUP));
                    assert_eq!(backed_up, ids(&data), "{trouble:?} at operation {from}, {times} times");
                    assert_eq!(ids(&doses_of(&ward.disk, RESTORED)), backed_up, "{trouble:?} at operation {from}");
                }
                // The disk is well again.
                let store = Store::open_on(Arc::new(ward.disk.clone()), Path::new(DATA)).unwrap();
                store.copy_into(Path::new(BACKUP), config.path()).unwrap();
                assert_eq!(ids(&doses_of(&ward.disk, BACKUP)), ids(&data), "{trouble:?} at operation {from}");
                from += 1;
            }
            assert!(from > 60, "{trouble:?}: only {from} operations");
        }
    }
}

#[test]
fn copying_writes_to_no_file_of_the_source() {
    let (ward, config) = simulated();
    let before = below(&tree_of(&ward.disk), DATA);
    copies(&ward, &ward.disk.another_program(), config.path()).unwrap();
    let after = below(&tree_of(&ward.disk), DATA);
    let grown: Vec<_> = before.iter().filter(|(path, file)| after.get(*path) != Some(file)).collect();
    assert_eq!(grown, vec![]);
}

/// Everything on a disk as programs see it.
fn tree_of(disk: &SimulatedStorage) -> Tree {
    let mut tree = Tree::new();
    let mut folders = vec![PathBuf::from("/ward")];
    while let Some(folder) = folders.pop() {
        for item in disk.list(&folder).unwrap() {
            let path = folder.join(item.name);
            if item.kind == corticurve::store::ItemKind::Folder {
                folders.push(path.clone());
                tree.insert(path, None);
            } else {
                let bytes = disk.read(&path, 0, usize::MAX).unwrap();
                tree.insert(path, Some(bytes));
            }
        }
    }
    tree
}
