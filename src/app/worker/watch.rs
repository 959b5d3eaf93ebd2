//! Carrying out jobs, and between them looking at what others wrote.
//!
//! Every 2 s the folder, the outbox and the open patient; and patient by patient the whole ward, so that each has been looked
//! at within 10 s, with a job never waiting for more than one patient. A look compares bytes; only what changed is read.

use super::{Job, News, Pulse, Seen, Then};
use crate::app::ward::{Ward, WardError};
use crate::record::{Entry, PatientId};
use crate::store::{Glance, Item, Progress, Storage};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// How often the open patient is looked at.
const TURN: Duration = Duration::from_secs(2);
/// In how many turns the whole ward is looked at once. With the time that a turn itself takes this stays below 10 s.
const TURNS: usize = 4;
/// How long after a delivery that failed the next is tried: at first, and at most. Each attempt on a folder that is full may
/// leave an empty file there, as nothing is ever removed.
const FIRST_WAIT: Duration = Duration::from_secs(10);
const LONGEST_WAIT: Duration = Duration::from_mins(5);

pub(super) struct Watcher {
    storage: Arc<dyn Storage>,
    pulse: Arc<Mutex<Option<Pulse>>>,
    progress: Progress,
    ward: Option<Ward>,
    /// The version that the window has.
    sent: u64,
    open: Option<PatientId>,
    glances: BTreeMap<PatientId, Glance>,
    next_turn: Instant,
    /// The patients of this round that were not looked at yet, and how many are due in this turn.
    round: VecDeque<PatientId>,
    due: usize,
    is_reachable: bool,
    next_delivery: Instant,
    wait: Duration,
    delivered: Vec<(PatientId, Entry)>,
}

impl Watcher {
    pub fn new(storage: Arc<dyn Storage>, pulse: Arc<Mutex<Option<Pulse>>>, progress: Progress) -> Self {
        Self {
            storage,
            pulse,
            progress,
            ward: None,
            sent: 0,
            open: None,
            glances: BTreeMap::new(),
            next_turn: Instant::now(),
            round: VecDeque::new(),
            due: 0,
            is_reachable: true,
            next_delivery: Instant::now(),
            wait: FIRST_WAIT,
            delivered: Vec::new(),
        }
    }

    /// Does a job; a job is always answered, others send news only where there is any.
    pub fn carry_out(&mut self, job: Job) -> Option<News> {
        self.progress.start_anew();
        match job {
            Job::Open { places, only_if_there, then } => {
                let result = if only_if_there && !self.storage.list(&places.data).is_ok_and(|items| is_ward(&items)) {
                    Ok(false)
                } else {
                    let opened = Ward::open_with_outbox(Arc::clone(&self.storage), &places, &self.progress);
                    self.opened(opened).map(|()| true)
                };
                Some(self.answer(Some(Box::new(move |app| then(app, result)))))
            }
            Job::Make(make, then) => {
                let result = self.opened(make()).map(|()| true);
                Some(self.answer(Some(Box::new(move |app| then(app, result)))))
            }
            Job::Do(task) => {
                let then = self.ward.as_mut().map(task);
                // A job is often the first to meet a folder that is gone.
                let is_reachable = self.ward.as_ref().is_none_or(|ward| ward.look().is_ok());
                self.reached(is_reachable);
                Some(self.answer(then))
            }
            Job::Look => self.look_at_everything(),
            Job::BackUp(at) => {
                if let Some(ward) = &mut self.ward {
                    ward.back_up_daily(at);
                }
                self.news()
            }
            Job::Watch(patient) => {
                self.open = patient;
                self.next_turn = Instant::now();
                None
            }
        }
    }

    fn opened(&mut self, ward: Result<Ward, WardError>) -> Result<(), String> {
        ward.map(|ward| self.take_over(ward)).map_err(|error| error.to_string())
    }

    fn take_over(&mut self, ward: Ward) {
        self.sent = ward.version().wrapping_sub(1);
        self.ward = Some(ward);
        self.open = None;
        self.glances.clear();
        self.round.clear();
        (self.is_reachable, self.due, self.wait) = (true, 0, FIRST_WAIT);
        (self.next_turn, self.next_delivery) = (Instant::now(), Instant::now());
        self.beat();
    }

    /// What is shown is as the folder was just now.
    fn beat(&self) {
        if let Ok(mut pulse) = self.pulse.lock() {
            *pulse = Some(Pulse::now());
        }
    }

    /// The ward, where the window does not have it as it is now.
    fn seen_if_changed(&mut self) -> Option<Seen> {
        let ward = self.ward.as_mut().filter(|ward| ward.version() != self.sent)?;
        self.sent = ward.version();
        Some(Seen::of(ward, self.is_reachable, std::mem::take(&mut self.delivered)))
    }

    fn answer(&mut self, then: Option<Then>) -> News {
        News { seen: self.seen_if_changed(), then, beside: None }
    }

    fn news(&mut self) -> Option<News> {
        self.seen_if_changed().map(|seen| News { seen: Some(seen), then: None, beside: None })
    }

    /// How long until there is something to look at.
    pub fn until_next_look(&self) -> Duration {
        match &self.ward {
            None => Duration::from_hours(1),
            Some(_) if self.due > 0 => Duration::ZERO,
            Some(_) => self.next_turn.saturating_duration_since(Instant::now()),
        }
    }

    /// The next look that is due: a short one, so that a job need not wait.
    pub fn step(&mut self) -> Option<News> {
        if Instant::now() < self.next_turn {
            self.due = self.due.saturating_sub(1);
            match self.round.pop_front() {
                Some(patient) => {
                    self.look_at(&patient);
                }
                None => self.due = 0,
            }
            return self.news();
        }
        self.turn();
        self.next_turn = Instant::now() + TURN;
        self.news()
    }

    /// The folder, the outbox and the open patient.
    fn turn(&mut self) {
        let Some(ward) = &mut self.ward else { return };
        ward.look_in_outbox();
        let reachable = ward.look().is_ok();
        self.reached(reachable);
        if !reachable {
            self.due = 0;
            return;
        }
        // What is shown of the open patient is not called fresh where any file of theirs could not be looked at.
        let whole = self.open.clone().is_none_or(|open| self.look_at(&open));
        self.deliver();
        // A folder that went away in the middle is found out here, and not called fresh either.
        if whole && self.ward.as_ref().is_some_and(|ward| ward.look().is_ok()) {
            self.beat();
        }
        self.begin_round();
    }

    fn reached(&mut self, is_reachable: bool) {
        if let Some(pulse) = self.pulse.lock().ok().as_mut().and_then(|pulse| pulse.as_mut()).filter(|_| !is_reachable)
        {
            *pulse = pulse.lost();
        }
        if self.is_reachable != is_reachable {
            self.is_reachable = is_reachable;
            // The window has another word for it; and what waits goes at once when the folder is back.
            self.sent = self.sent.wrapping_sub(1);
            self.next_delivery = Instant::now();
        }
    }

    /// Takes up the next share of the ward, and the unit's settings at the beginning of each round.
    fn begin_round(&mut self) {
        let Some(ward) = &mut self.ward else { return };
        if self.round.is_empty() {
            // Where the folder is away, the next turn finds that out and says so.
            let _ = ward.read_unit();
            // Also those whose folders are gone: that is to be noticed, and that they are back.
            let known = ward.patients().iter().map(|patient| patient.id.clone());
            let all: BTreeSet<PatientId> =
                ward.store().patient_ids().unwrap_or_default().into_iter().chain(known).collect();
            self.round = all.into_iter().collect();
        }
        let all = self.glances.len().max(self.round.len());
        self.due = all.div_ceil(TURNS);
    }

    /// Reads a patient again whose files hold something else than at the last look, or cannot be looked at: what was read
    /// stays, and the file is named. Returns whether every file was looked at; if not, the next look reads again.
    fn look_at(&mut self, id: &PatientId) -> bool {
        let Some(ward) = &mut self.ward else { return false };
        let glance = ward.store().glance(id).ok();
        let is_shown = ward.patient(id).is_some();
        if glance.is_some() && self.glances.get(id) == glance.as_ref() && is_shown {
            return true;
        }
        if glance.as_ref().is_some_and(Glance::is_empty) && !is_shown {
            return true;
        }
        let read = ward.read_again(id).is_ok();
        let whole = read && ward.patient(id).is_some_and(|patient| !patient.is_unread());
        if let Some(glance) = glance.filter(|_| whole) {
            self.glances.insert(id.clone(), glance);
            true
        } else {
            self.glances.remove(id);
            false
        }
    }

    /// Delivers what waits. After a failure the next attempt comes later and later.
    fn deliver(&mut self) {
        let Some(ward) = self.ward.as_mut().filter(|ward| ward.has_to_deliver()) else { return };
        if Instant::now() < self.next_delivery {
            return;
        }
        if let Ok(arrived) = ward.deliver() {
            self.wait = FIRST_WAIT;
            self.delivered.extend(arrived);
        } else {
            self.next_delivery = Instant::now() + self.wait;
            self.wait = (self.wait * 2).min(LONGEST_WAIT);
        }
    }

    /// Everything at once: after the user asked for it, and in tests.
    fn look_at_everything(&mut self) -> Option<News> {
        self.next_delivery = Instant::now();
        self.round.clear();
        self.turn();
        for patient in std::mem::take(&mut self.round) {
            self.look_at(&patient);
        }
        self.due = 0;
        self.news()
    }
}

fn is_ward(items: &[Item]) -> bool {
    items.iter().any(|item| item.name == "STORE.ron")
}
