//! How far a long piece of work is, for whoever waits for it and may stop it.

use super::StoreError;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// How many patients a long piece of work has done, and of how many. A clone is of the same work: one end counts, the other
/// looks, and may stop it between two patients.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    done: AtomicUsize,
    of: AtomicUsize,
    is_stopped: AtomicBool,
}

impl Progress {
    /// Other work begins. What was stopped before is no reason to stop it.
    pub fn start_anew(&self) {
        self.0.is_stopped.store(false, Ordering::Relaxed);
        self.begin(0);
    }

    /// So many patients are to be done now.
    pub fn begin(&self, of: usize) {
        self.0.done.store(0, Ordering::Relaxed);
        self.0.of.store(of, Ordering::Relaxed);
    }

    /// The next patient is taken up.
    ///
    /// # Errors
    /// [`StoreError::Stopped`] where somebody stopped the work.
    pub fn step(&self) -> Result<(), StoreError> {
        if self.0.is_stopped.load(Ordering::Relaxed) {
            return Err(StoreError::Stopped);
        }
        self.0.done.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// Stops the work before the next patient.
    pub fn stop(&self) {
        self.0.is_stopped.store(true, Ordering::Relaxed);
    }

    /// How many were taken up, and of how many; (0, 0) of work that does not count.
    pub fn counts(&self) -> (usize, usize) {
        (self.0.done.load(Ordering::Relaxed), self.0.of.load(Ordering::Relaxed))
    }
}
