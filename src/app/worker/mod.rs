//! Reading and writing records away from the window, so that a share that hangs never freezes it.
//!
//! The [`Worker`] has the open [`Ward`] to itself. The window asks it for jobs and shows what it was last sent, a [`Seen`];
//! everything that comes back is one kind of message, [`News`]. Between jobs the worker looks at the folder (`watch`).
//!
//! Two kinds: [`Worker::threaded`] for the program, and [`Worker::inline`], which does a job before `send` returns, so that
//! tests need no waiting. Both run the same code.

mod pulse;
mod seen;
mod watch;

pub use pulse::Pulse;
pub use seen::Seen;

use super::ward::{Ward, WardError};
use super::{App, Places};
use crate::record::{Moment, PatientId};
use crate::store::{Progress, Storage};
use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};
use watch::Watcher;

/// How long the end of the program waits for a job that is under way. A share that hangs for longer is left alone.
const LAST_JOB: Duration = Duration::from_secs(3);

/// What the window does with the result of a job.
pub type Then = Box<dyn FnOnce(&mut App) + Send>;

/// What the window does when a folder was opened, or was not there to be opened, or could not be.
pub type Opened = Box<dyn FnOnce(&mut App, Result<bool, String>) + Send>;

/// Something for the worker to do.
pub enum Job {
    /// Open a data folder.
    Open {
        /// Which, and where this workstation keeps writer ids, outbox and cache.
        places: Places,
        /// Whether a folder without a ward is left as it is.
        only_if_there: bool,
        /// What follows; told whether it was opened.
        then: Opened,
    },
    /// Make a ward of one's own, as the demo, and open it.
    Make(Box<dyn FnOnce() -> Result<Ward, WardError> + Send>, Opened),
    /// Read or write; it returns what the window does next.
    Do(Box<dyn FnOnce(&mut Ward) -> Then + Send>),
    /// Look at everything now.
    Look,
    /// Make the day's backup, if it is to be made at this time: something was delivered.
    BackUp(Moment),
    /// This patient is open in the window.
    Watch(Option<PatientId>),
}

/// What comes back from the worker.
pub struct News {
    /// The ward as it is now known, where it is not what was sent last.
    pub seen: Option<Seen>,
    /// The answer, where it is one to a job.
    pub then: Option<Then>,
    /// What came of something that was done beside the jobs.
    pub beside: Option<Then>,
}

/// Wakes the window.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// The window's end.
pub struct Worker {
    kind: Kind,
    pulse: Arc<Mutex<Option<Pulse>>>,
    progress: Progress,
}

enum Kind {
    Inline { watcher: Box<Watcher>, news: VecDeque<News> },
    Threaded { jobs: Option<Sender<Job>>, news: Receiver<News>, thread: Option<JoinHandle<()>>, beside: Beside },
}

/// How a thread of its own tells what it did.
struct Beside {
    tell: Sender<News>,
    wake: Wake,
}

impl Worker {
    /// A worker that does each job at once, on the caller's thread, and looks at the folder only when asked to.
    pub fn inline(storage: Arc<dyn Storage>) -> Self {
        let pulse = Arc::new(Mutex::new(None));
        let progress = Progress::default();
        let watcher = Box::new(Watcher::new(storage, Arc::clone(&pulse), progress.clone()));
        Self { kind: Kind::Inline { watcher, news: VecDeque::new() }, pulse, progress }
    }

    /// A worker on a thread of its own, which also watches the folder. `wake` is called, from that thread, whenever there is
    /// news or what the window says of its freshness is no longer right.
    ///
    /// # Errors
    /// [`std::io::Error`] when the system gives no more threads.
    pub fn threaded(storage: Arc<dyn Storage>, wake: Wake) -> std::io::Result<Self> {
        let pulse = Arc::new(Mutex::new(None));
        let progress = Progress::default();
        let watcher = Watcher::new(storage, Arc::clone(&pulse), progress.clone());
        let (jobs, to_do) = channel();
        let (tell, news) = channel();
        let (alive, gone) = channel();
        let (seen, wake_late) = (Arc::clone(&pulse), Arc::clone(&wake));
        let beside = Beside { tell: tell.clone(), wake: Arc::clone(&wake) };
        let work = move || {
            run(watcher, &to_do, &tell, &wake);
            drop(alive);
        };
        let thread = Builder::new().name("records".to_owned()).spawn(work)?;
        Builder::new().name("freshness".to_owned()).spawn(move || pulse::wake_when_late(&seen, &gone, &wake_late))?;
        Ok(Self { kind: Kind::Threaded { jobs: Some(jobs), news, thread: Some(thread), beside }, pulse, progress })
    }

    /// Asks for a job.
    pub fn send(&mut self, job: Job) {
        match &mut self.kind {
            Kind::Inline { watcher, news } => news.extend(watcher.carry_out(job)),
            Kind::Threaded { jobs, .. } => {
                // The thread ends only with this end of the channel.
                let _ = jobs.as_ref().map(|jobs| jobs.send(job));
            }
        }
    }

    /// Does something that needs no ward, as reading a file: on a thread of its own, so that one that hangs keeps no dose
    /// from being saved.
    ///
    /// # Errors
    /// [`std::io::Error`] when the system gives no more threads.
    pub fn beside(&mut self, task: impl FnOnce() -> Then + Send + 'static) -> std::io::Result<()> {
        match &mut self.kind {
            Kind::Inline { news, .. } => news.push_back(News { seen: None, then: None, beside: Some(task()) }),
            Kind::Threaded { beside: Beside { tell, wake }, .. } => {
                let (tell, wake) = (tell.clone(), Arc::clone(wake));
                Builder::new().name("beside".to_owned()).spawn(move || {
                    // Nobody hears it where the window was closed meanwhile.
                    let _ = tell.send(News { seen: None, then: None, beside: Some(task()) });
                    wake();
                })?;
            }
        }
        Ok(())
    }

    /// The next message, where there is one.
    pub fn hear(&mut self) -> Option<News> {
        match &mut self.kind {
            Kind::Inline { news, .. } => news.pop_front(),
            Kind::Threaded { news, .. } => news.try_recv().ok(),
        }
    }

    /// How far the job under way is, which may be stopped by it.
    pub const fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Whether it looks at the folder by itself.
    pub const fn watches(&self) -> bool {
        matches!(self.kind, Kind::Threaded { .. })
    }

    /// How long ago the open patient's files were last looked at; `None` before a ward is open.
    pub fn age(&self) -> Option<Duration> {
        let pulse = self.pulse.lock().ok().and_then(|pulse| *pulse)?;
        Some(if matches!(self.kind, Kind::Inline { .. }) { Duration::ZERO } else { pulse.age() })
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let Kind::Threaded { jobs, thread, .. } = &mut self.kind else { return };
        jobs.take();
        let began = Instant::now();
        while thread.as_ref().is_some_and(|thread| !thread.is_finished()) && began.elapsed() < LAST_JOB {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// The thread: jobs as they come, and in between the next look that is due.
fn run(mut watcher: Watcher, jobs: &Receiver<Job>, tell: &Sender<News>, wake: &Wake) {
    loop {
        let news = match jobs.recv_timeout(watcher.until_next_look()) {
            Ok(job) => watcher.carry_out(job),
            Err(RecvTimeoutError::Timeout) => watcher.step(),
            Err(RecvTimeoutError::Disconnected) => return,
        };
        if let Some(news) = news {
            if tell.send(news).is_err() {
                return;
            }
            wake();
        }
    }
}
