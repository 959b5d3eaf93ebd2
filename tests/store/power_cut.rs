//! The disks that a power cut could leave.
//!
//! From any point of a history [`crash_states`] makes them: what was synced is there; of everything else each part may be
//! there or not, in any order, torn, zeroed, garbled or stale. A write never damages a byte outside its own range, which is
//! the one thing that the store asks of a disk.

use super::simulated::{Event, History, Tree, put};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// How a write that was not synced may have arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Arrival {
    Absent,
    Whole,
    /// The bytes before this place; behind it is what was there before.
    Front(usize),
    /// The same, and the rest is zeros.
    FrontThenZeros(usize),
    /// The same, and the rest is rubbish.
    FrontThenRubbish(usize),
    /// The same, and the rest is what another file holds at the same place: a block that was used before.
    FrontThenStale(usize),
    /// The bytes from this place on; before it is what was there before.
    Back(usize),
    /// All but one bit of one byte.
    Flipped(usize),
}

/// A write that came before the power cut.
struct Write<'a> {
    file: usize,
    at: usize,
    bytes: &'a [u8],
    synced: bool,
}

/// Calls `found` with every disk that a power cut after the first `point` events may leave. Of a write, about `cuts` places
/// are tried.
pub fn crash_states(history: &History, point: usize, cuts: usize, found: &mut dyn FnMut(Tree)) {
    let events = &history.events[..point];
    let (mut names, mut pending_names, mut writes) = (BTreeMap::new(), Vec::new(), Vec::new());
    for (at, event) in events.iter().enumerate() {
        let later = &events[at + 1..];
        match event {
            Event::Named { path, file } => {
                let synced = |event: &Event| matches!(event, Event::FolderSynced { folder } if Some(folder.as_path()) == path.parent());
                if later.iter().any(synced) {
                    names.insert(path.clone(), *file);
                } else {
                    pending_names.push((path, *file));
                }
            }
            Event::Written { file, at, bytes } => {
                let outcome = later.iter().find_map(|event| match event {
                    Event::Synced { file: synced } if synced == file => Some(true),
                    Event::SyncFailed { file: failed } if failed == file => Some(false),
                    _ => None,
                });
                writes.push(Write { file: *file, at: *at, bytes, synced: outcome == Some(true) });
            }
            _ => {}
        }
    }
    let pending: Vec<&Write> = writes.iter().filter(|write| !write.synced).collect();
    let count = pending_names.len() + pending.len();
    let mut lay = |there: &dyn Fn(usize) -> bool, torn: Option<(usize, Arrival)>, reversed: bool| {
        let mut names: BTreeMap<PathBuf, Option<usize>> = names.clone();
        let arrived = pending_names.iter().enumerate().filter(|(at, _)| there(*at));
        names.extend(arrived.map(|(_, (path, file))| ((*path).clone(), *file)));
        let mut files = BTreeMap::<usize, Vec<u8>>::new();
        // What was not synced may have reached the disk in another order than it was written in.
        let mut order: Vec<usize> = (0..pending.len()).collect();
        if reversed {
            order.reverse();
        }
        let mut order = order.into_iter();
        for write in &writes {
            if write.synced {
                put(files.entry(write.file).or_default(), write.at, write.bytes);
                continue;
            }
            let which = order.next().unwrap();
            let Write { file, at, bytes, .. } = *pending[which];
            let arrival = match torn {
                Some((torn, arrival)) if torn == which => arrival,
                _ if there(pending_names.len() + which) => Arrival::Whole,
                _ => Arrival::Absent,
            };
            let stale = files.iter().rev().find(|(other, _)| **other != file).map(|(_, bytes)| bytes.clone());
            arrive(files.entry(file).or_default(), at, bytes, arrival, stale.as_deref());
        }
        found(reachable(&names, &files));
    };
    let pending_files: BTreeSet<usize> = pending.iter().map(|write| write.file).collect();
    let orders: &[bool] = if pending_files.len() < pending.len() { &[false, true] } else { &[false] };
    for reversed in orders {
        if count <= 6 {
            for subset in 0_u32..1 << count {
                lay(&|at| subset >> at & 1 == 1, None, *reversed);
            }
        } else {
            for one in 0..=count {
                lay(&|at| at == one, None, *reversed);
                lay(&|at| at != one, None, *reversed);
            }
        }
        for (which, write) in pending.iter().enumerate() {
            let length = write.bytes.len();
            for cut in (0..length).step_by(length.div_ceil(cuts)) {
                for arrival in [
                    Arrival::Front(cut),
                    Arrival::FrontThenZeros(cut),
                    Arrival::FrontThenRubbish(cut),
                    Arrival::FrontThenStale(cut),
                    Arrival::Back(cut),
                    Arrival::Flipped(cut),
                ] {
                    lay(&|_| true, Some((which, arrival)), *reversed);
                }
                if pending.len() > 1 {
                    lay(&|at| at < pending_names.len(), Some((which, Arrival::Front(cut))), *reversed);
                }
            }
        }
    }
}

fn arrive(content: &mut Vec<u8>, from: usize, bytes: &[u8], arrival: Arrival, stale: Option<&[u8]>) {
    let mut arriving = bytes.to_vec();
    match arrival {
        Arrival::Absent => return,
        Arrival::Whole => {}
        Arrival::Front(cut) => arriving.truncate(cut),
        Arrival::FrontThenZeros(cut) => arriving[cut..].fill(0),
        Arrival::FrontThenRubbish(cut) => {
            let rubbish = arriving[cut..].iter_mut().enumerate();
            rubbish.for_each(|(at, byte)| *byte = byte.wrapping_mul(31).wrapping_add(u8::try_from(at % 251).unwrap()));
        }
        Arrival::FrontThenStale(cut) => {
            arriving[cut..].fill(0);
            copy(stale.unwrap_or_default(), from + cut, &mut arriving[cut..]);
        }
        Arrival::Back(cut) => {
            arriving[..cut].fill(0);
            copy(content, from, &mut arriving[..cut]);
        }
        Arrival::Flipped(cut) => arriving[cut] ^= 8,
    }
    if !arriving.is_empty() {
        put(content, from, &arriving);
    }
}

/// Copies what there is from a place on.
fn copy(from: &[u8], at: usize, to: &mut [u8]) {
    let there = from.get(at..).unwrap_or_default();
    let count = there.len().min(to.len());
    to[..count].copy_from_slice(&there[..count]);
}

/// The names whose folders are there up to the root, with their contents.
fn reachable(names: &BTreeMap<PathBuf, Option<usize>>, files: &BTreeMap<usize, Vec<u8>>) -> Tree {
    let there = |path: &Path| {
        let mut above = path.ancestors().skip(1).filter(|path| path.parent().is_some());
        above.all(|folder| names.get(folder) == Some(&None))
    };
    let kept = names.iter().filter(|(path, _)| there(path));
    kept.map(|(path, file)| (path.clone(), file.map(|file| files.get(&file).cloned().unwrap_or_default()))).collect()
}
