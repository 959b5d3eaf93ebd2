//! How fresh what is shown is, and waking the window when it no longer says so rightly.

use super::Wake;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// Up to this age the words stay the same, so that nothing is drawn again while all is well.
const FRESH: Duration = Duration::from_secs(3);

/// In what steps a greater age is told, in seconds: each step draws the window again.
const STEP: u64 = 10;

/// The last look that succeeded.
#[derive(Debug, Clone, Copy)]
pub struct Pulse {
    at: Instant,
    /// Whether the last look of all succeeded too.
    is_reachable: bool,
}

impl Pulse {
    /// A look that succeeded now.
    pub fn now() -> Self {
        Self { at: Instant::now(), is_reachable: true }
    }

    /// The same after a look that found the folder out of reach.
    #[must_use]
    pub const fn lost(self) -> Self {
        Self { is_reachable: false, ..self }
    }

    /// How long ago it was.
    pub fn age(self) -> Duration {
        self.at.elapsed()
    }

    /// Whether a look is overdue at this age.
    pub fn is_late(age: Duration) -> bool {
        age >= FRESH
    }

    /// `checked less than 3 s ago`, and from then on how long ago it was, in steps.
    ///
    /// ```
    /// # use corticurve::app::worker::Pulse;
    /// # use std::time::Duration;
    /// let words = |seconds| Pulse::words(Duration::from_secs(seconds));
    /// assert_eq!(words(0), "checked less than 3 s ago");
    /// assert_eq!(words(2), words(0));
    /// assert_eq!(words(4), "checked more than 3 s ago");
    /// assert_eq!(words(14), "checked more than 10 s ago");
    /// assert_eq!(words(19), words(14));
    /// assert_eq!(words(150), "checked more than 2 min ago");
    /// ```
    pub fn words(age: Duration) -> String {
        match age.as_secs() {
            _ if !Self::is_late(age) => format!("checked less than {} s ago", FRESH.as_secs()),
            ..STEP => format!("checked more than {} s ago", FRESH.as_secs()),
            seconds @ ..120 => format!("checked more than {} s ago", seconds / STEP * STEP),
            seconds => format!("checked more than {} min ago", seconds / 60),
        }
    }
}

/// Wakes the window whenever the words have changed, until the worker is gone. It has a thread of its own, because the
/// worker's may be the one that waits for a share.
pub(super) fn wake_when_late(pulse: &Mutex<Option<Pulse>>, gone: &Receiver<()>, wake: &Wake) {
    let words = || {
        let pulse = pulse.lock().ok().and_then(|pulse| *pulse);
        // Of a folder out of reach the window says since when, which does not change.
        pulse.map(|pulse| pulse.is_reachable.then(|| Pulse::words(pulse.age())))
    };
    let mut shown = words();
    loop {
        if !matches!(gone.recv_timeout(Duration::from_millis(500)), Err(RecvTimeoutError::Timeout)) {
            return;
        }
        let now = words();
        if now != shown {
            shown = now;
            wake();
        }
    }
}
