//! Work over a whole ward, shared out over the processors.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// How many patients are taken at a time: few enough that no thread waits long for another.
const TAKEN: usize = 16;
/// More threads than this only wait for the disk.
const THREADS: usize = 8;

/// What `work` makes of each item, in the items' order. A few items are not worth a thread.
pub fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(THREADS).min(items.len() / TAKEN);
    if threads < 2 {
        return items.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let parts: Vec<&[T]> = items.chunks(TAKEN).collect();
    let take_turns = || {
        let mut done = Vec::new();
        while let number = next.fetch_add(1, Ordering::Relaxed)
            && let Some(part) = parts.get(number)
        {
            done.push((number, part.iter().map(&work).collect::<Vec<R>>()));
        }
        done
    };
    let mut done: Vec<(usize, Vec<R>)> = thread::scope(|scope| {
        let started: Vec<_> = (0..threads).map(|_| scope.spawn(take_turns)).collect();
        let ended = started.into_iter().map(thread::ScopedJoinHandle::join);
        ended.flat_map(|done| done.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    done.sort_unstable_by_key(|(number, _)| *number);
    done.into_iter().flat_map(|(_, part)| part).collect()
}
