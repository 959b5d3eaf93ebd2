//! The lock: after some minutes without input, or when asked to, the window shows nothing of any patient.
//!
//! What is typed or open stays in the [`App`] as it is; only nothing of it is drawn. Whoever unlocks gives initials and a PIN
//! and records under these initials from then on, so a colleague can always go on. Initials without a PIN on this
//! workstation set one by typing it twice.
//!
//! **Limits, on purpose.** The lock hides; it does not encrypt, and it is not a login. The files are protected by the
//! workstation's account and by nothing else. Whoever can use that account can give initials that have no PIN yet, or start
//! the program again, which opens unlocked. That is also the way out for a forgotten PIN: start again, set a new one with
//! Ctrl+Shift+U. Nobody is ever kept from a patient's record by this lock. A wrong PIN makes the next check of the same
//! initials slower, up to half a minute, until the program ends; it never shuts anybody out.
//!
//! Idle time is told by the workstation's clock, so time asleep counts too, and a clock that stands still (`--as-of`) never
//! locks by itself.

mod pin;
mod workstation;

pub use pin::{Found, Pin, PinError, Pins, Secret};

use super::App;
use super::worker::Wake;
use crate::record::{Initials, Moment};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::sync::{Arc, OnceLock};
use std::thread::Builder;
use std::time::Duration;

/// After how long without input the window locks: a setting of this workstation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum IdleLock {
    /// After so many minutes.
    After(u16),
    /// Only when asked to.
    Never,
}

impl Default for IdleLock {
    fn default() -> Self {
        Self::After(3)
    }
}

impl IdleLock {
    /// Reads `never`, or 1 to 60 minutes.
    ///
    /// ```
    /// use corticurve::app::lock::IdleLock;
    /// assert_eq!(IdleLock::parse("10"), Ok(IdleLock::After(10)));
    /// assert_eq!(IdleLock::parse("Never"), Ok(IdleLock::Never));
    /// assert!(IdleLock::parse("0").is_err() && IdleLock::parse("61").is_err());
    /// ```
    ///
    /// # Errors
    /// What would be taken.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.trim().eq_ignore_ascii_case("never") {
            return Ok(Self::Never);
        }
        let minutes = text.trim().parse().ok().filter(|minutes| (1..=60).contains(minutes));
        minutes.map(Self::After).ok_or_else(|| format!("'{}' is not taken; write 1 to 60, or never", text.trim()))
    }

    /// As it is written in the form.
    pub fn shown(self) -> String {
        match self {
            Self::After(minutes) => minutes.to_string(),
            Self::Never => "never".to_owned(),
        }
    }

    /// The time itself. What a settings file written by hand says is brought into what the form would take.
    fn limit(self) -> Option<TimeDelta> {
        match self {
            Self::After(minutes) => Some(TimeDelta::minutes(minutes.clamp(1, 60).into())),
            Self::Never => None,
        }
    }
}

/// One thing that is done on the lock screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unlocking {
    /// The initials were changed.
    Initials(String),
    /// The PIN was changed.
    Pin(Secret),
    /// The PIN for the second time was changed.
    Again(Secret),
    /// Unlock.
    Submit,
}

/// What is worked out beside the window's thread.
struct Checked {
    initials: Initials,
    /// What was found; `None` where a new PIN was set.
    found: Result<Option<Found>, PinError>,
}

/// The state of the lock.
#[derive(Default)]
pub struct Lock {
    is_on: bool,
    /// How often it was turned on: the fields of each time forget what was typed in those before.
    pub times: u32,
    /// What is typed as initials.
    pub initials: String,
    /// What is typed as PIN.
    pub pin: Secret,
    /// The same again, where a new PIN is set.
    pub again: Secret,
    /// Whether a new PIN is being set.
    pub sets_new: bool,
    /// What is said about the last try.
    pub said: Option<String>,
    last_input: Option<Moment>,
    /// The last input before the lock: when what is open was last looked at.
    left_at: Option<Moment>,
    wrong: BTreeMap<Initials, u32>,
    checking: Option<Receiver<Checked>>,
    checking_for: Option<Initials>,
    wake: Waker,
}

/// How long a check waits after so many wrong ones in a row.
///
/// ```
/// use corticurve::app::lock::pause_after;
/// let seconds: Vec<u64> = (0..7).map(|wrong| pause_after(wrong).as_secs()).collect();
/// assert_eq!(seconds, [0, 1, 2, 4, 8, 16, 30]);
/// ```
pub fn pause_after(wrong: u32) -> Duration {
    let seconds = wrong.checked_sub(1).map_or(0, |doubled| 1_u64.checked_shl(doubled).unwrap_or(u64::MAX));
    Duration::from_secs(if wrong > 32 { 30 } else { seconds.min(30) })
}

/// Wakes the window from another thread, once the window has said how.
#[derive(Clone, Default)]
pub(super) struct Waker(Arc<OnceLock<Wake>>);

impl Waker {
    pub(super) fn wake(&self) {
        self.0.get().into_iter().for_each(|wake| wake());
    }
}

impl Lock {
    pub(super) fn waker(&self) -> Waker {
        self.wake.clone()
    }

    /// Whether nothing of any patient may be shown.
    pub const fn is_on(&self) -> bool {
        self.is_on
    }

    /// Whether a PIN is being checked.
    pub const fn is_checking(&self) -> bool {
        self.checking.is_some()
    }
}

impl App {
    /// What wakes the window when something beside its thread is done.
    pub fn wake_by(&mut self, wake: Wake) {
        // Said once: whoever was given a waker before wakes by it too.
        let _ = self.lock.wake.0.set(wake);
    }

    /// The folder of what this workstation remembers; the demo's own, which goes with it.
    pub(super) fn local_folder(&self) -> PathBuf {
        let demo = self.ward.as_ref().filter(|ward| ward.is_demo());
        demo.map_or_else(|| self.places.config.clone(), |ward| ward.folder().with_file_name("config"))
    }

    /// Called at the beginning of each frame: locks when nobody was here for long enough, else notes who is. Input that comes
    /// after that time finds the window locked already.
    pub fn keep_watch(&mut self, has_input: bool) {
        let now = self.clock.now();
        let last = self.lock.last_input.filter(|last| *last <= now);
        let idle = last.map_or(TimeDelta::zero(), |last| now - last);
        if self.settings.lock.limit().is_some_and(|limit| idle >= limit) {
            self.turn_lock_on();
        }
        if has_input || last.is_none() {
            self.lock.last_input = Some(now);
        }
    }

    /// When the window is to be looked at again to be locked; `None` where it never is.
    pub fn seconds_to_lock(&self) -> Option<u64> {
        let limit = self.settings.lock.limit().filter(|_| !self.lock.is_on && self.ward.is_some())?;
        let gone = self.clock.now() - self.lock.last_input?;
        Some(u64::try_from((limit - gone).num_seconds()).unwrap_or(0).max(1))
    }

    /// Hides everything. Without a ward there is nothing to hide.
    pub(super) fn turn_lock_on(&mut self) {
        if self.lock.is_on || self.ward.is_none() {
            return;
        }
        let initials = self.initials().map(ToString::to_string).unwrap_or_default();
        self.lock.is_on = true;
        self.lock.times += 1;
        self.lock.left_at = self.lock.last_input;
        self.guard.is_locked();
        // Whoever comes back may be somebody else.
        self.undoable.clear();
        self.lock.initials = initials;
        self.lock.said = None;
        self.forget_pin();
    }

    fn forget_pin(&mut self) {
        self.lock.pin = Secret::default();
        self.lock.again = Secret::default();
        self.lock.sets_new = false;
    }

    /// What is done on the lock screen.
    pub(super) fn unlock(&mut self, what: Unlocking) {
        match what {
            Unlocking::Initials(initials) => {
                self.lock.initials = initials;
                self.lock.sets_new = false;
                self.lock.again = Secret::default();
            }
            Unlocking::Pin(pin) => self.lock.pin = pin,
            Unlocking::Again(pin) => self.lock.again = pin,
            Unlocking::Submit => {
                if let Err(error) = self.try_to_unlock() {
                    self.lock.said = Some(error);
                }
            }
        }
    }

    fn try_to_unlock(&mut self) -> Result<(), String> {
        if !self.lock.is_on {
            return Ok(());
        }
        let initials: Initials = self.lock.initials.parse().map_err(|error| format!("Initials: {error}"))?;
        let sentence = |error: PinError| format!("{error}.").replacen("a PIN", "A PIN", 1);
        let pin = match Pin::parse(self.lock.pin.as_str()) {
            Ok(pin) => pin,
            // Typed anew, and not behind what was there.
            Err(error) => {
                self.lock.pin = Secret::default();
                return Err(sentence(error));
            }
        };
        if self.lock.checking_for.as_ref() == Some(&initials) {
            return Ok(());
        }
        if !self.lock.sets_new {
            let pause = pause_after(self.lock.wrong.get(&initials).copied().unwrap_or(0));
            self.check_beside(initials, move |pins, initials| pins.check(initials, &pin).map(Some), pause);
            return Ok(());
        }
        let again = Pin::parse(self.lock.again.as_str());
        if again.as_ref() != Ok(&pin) {
            self.lock.again = Secret::default();
            return Err("The two are not the same. Type the PIN again.".to_owned());
        }
        self.check_beside(initials, move |pins, initials| pins.set(initials, &pin).map(|()| None), Duration::ZERO);
        Ok(())
    }

    /// Sets the PIN of these initials, asked for by a form.
    pub(super) fn set_pin(&mut self, initials: Initials, pin: Pin) {
        self.check_beside(initials, move |pins, initials| pins.set(initials, &pin).map(|()| None), Duration::ZERO);
    }

    /// Works with the PINs beside the window's thread, where the program has threads; a pause before it is taken there.
    fn check_beside(
        &mut self,
        initials: Initials,
        task: impl FnOnce(&Pins, &Initials) -> Result<Option<Found>, PinError> + Send + 'static,
        pause: Duration,
    ) {
        let pins = Pins::of(&self.local_folder());
        let (tell, hear) = channel();
        self.lock.checking = Some(hear);
        self.lock.checking_for = Some(initials.clone());
        let has_threads = self.worker.watches();
        let wake = self.lock.wake.clone();
        let work = move || {
            if has_threads {
                std::thread::sleep(pause);
            }
            let found = task(&pins, &initials);
            // Nobody listens any more when other initials were given meanwhile.
            let _ = tell.send(Checked { initials, found });
            wake.wake();
        };
        if has_threads {
            // Without a thread the receiver is told that nobody will answer.
            let _ = Builder::new().name("pin".to_owned()).spawn(work);
        } else {
            work();
        }
        self.hear_lock();
    }

    /// Takes in what was found about a PIN.
    pub(super) fn hear_lock(&mut self) {
        let Some(checking) = &self.lock.checking else { return };
        let checked = match checking.try_recv() {
            Ok(checked) => Some(checked),
            Err(TryRecvError::Empty) => return,
            Err(TryRecvError::Disconnected) => None,
        };
        self.lock.checking = None;
        self.lock.checking_for = None;
        let said = match checked {
            None => "The PIN could not be checked; try again.".to_owned(),
            Some(Checked { initials, found }) => match found {
                Ok(Some(Found::Right)) => return self.turn_lock_off(initials),
                Ok(None) if self.lock.is_on => return self.turn_lock_off(initials),
                Ok(None) => return self.tell(&format!("The PIN of {initials} is set.")),
                Ok(Some(Found::Wrong)) => {
                    self.forget_pin();
                    let wrong = self.lock.wrong.entry(initials.clone()).or_insert(0);
                    *wrong += 1;
                    let pause = pause_after(*wrong).as_secs();
                    format!("That is not the PIN of {initials}. The next one is checked after {pause} s.")
                }
                Ok(Some(Found::NoPin)) => {
                    self.lock.sets_new = true;
                    format!(
                        "{initials} has no PIN on this workstation yet. Type the same digits again, and they are the PIN."
                    )
                }
                Err(error) => error.to_string(),
            },
        };
        if self.lock.is_on {
            self.lock.said = Some(said);
        } else {
            self.tell_error(&said);
        }
    }

    /// Shows everything again as it was, and records under these initials from now on.
    fn turn_lock_off(&mut self, initials: Initials) {
        let left_at = self.lock.left_at.take();
        self.lock.wrong.remove(&initials);
        self.lock.is_on = false;
        self.lock.said = None;
        self.forget_pin();
        self.now = self.clock.now();
        self.lock.last_input = Some(self.now);
        if self.initials() != Some(&initials) {
            // A form that is open stays open, also the one that asks for initials.
            self.settings.initials = Some(initials);
            self.keep_settings();
        }
        self.come_back_to_the_line();
        if let Some(left_at) = left_at {
            self.come_back_to_the_form(left_at);
        }
        self.refresh();
    }
}
