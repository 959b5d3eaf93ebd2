//! Backups of the open ward: after each day's first save, to the folder that was chosen on this workstation.
//!
//! **Until a folder was chosen nothing is copied**, and the window says so: records of patients are not put anywhere that
//! nobody decided on, and beside the data folder, which is what is offered, they share its disk or its share. A backup
//! that fails never fails a save.

use super::{Ward, WardError};
use crate::app::{Settings, local};
use crate::record::Moment;
use crate::store::{Copied, Finding, FindingKind, Progress, Store, StoreError, listed, spellings, whole};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// A folder that cannot be reached may take its time to say so; it is not tried at every save.
const TRY_AGAIN: TimeDelta = TimeDelta::minutes(10);

/// How the backups of the open ward stand on this workstation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Backups {
    /// The invented ward, and one that is open for reading only.
    #[default]
    NotHere,
    /// No folder was chosen.
    Off,
    /// A folder was chosen.
    On {
        /// Which.
        folder: PathBuf,
        /// When the last copy was complete.
        last: Option<Moment>,
        /// What was wrong with the last attempt.
        problem: Option<String>,
    },
}

/// The backups of the open ward.
#[derive(Debug, Default)]
pub(super) struct Daily {
    state: Backups,
    /// What went wrong and was not told yet.
    untold: Option<String>,
}

/// What is remembered of the backups of one data folder in each folder that they went to, beside the settings of the
/// workstation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "Backup", default)]
struct Kept {
    last: Option<Moment>,
    tried: Option<Moment>,
    problem: Option<String>,
}

impl Kept {
    /// What cannot be read is as if nothing was backed up yet: the next save then makes one.
    fn read(file: &Path, folder: &Path) -> Self {
        let spellings = spellings(folder);
        let mut all = Self::all(file).into_iter();
        all.find_map(|(place, kept)| spellings.contains(&whole(&place)).then_some(kept)).unwrap_or_default()
    }

    fn all(file: &Path) -> BTreeMap<PathBuf, Self> {
        let bytes = local::read(file).unwrap_or_default();
        ron::de::from_bytes(&bytes).unwrap_or_default()
    }

    fn write(&self, file: &Path, folder: &Path) -> io::Result<()> {
        let mut all = Self::all(file);
        let spellings = spellings(folder);
        all.retain(|place, _| !spellings.contains(&whole(place)));
        all.insert(folder.to_owned(), self.clone());
        local::replace(file, &ron::to_string(&all).map_err(io::Error::other)?)
    }

    /// Whether the first save of this time's day has been followed by a backup, or by an attempt a moment ago.
    fn is_enough_at(&self, at: Moment) -> bool {
        let done = self.last.is_some_and(|last| last.date_naive() == at.date_naive());
        let tried = self.tried.is_some_and(|tried| (at - tried).abs() < TRY_AGAIN);
        done || (tried && self.problem.is_some())
    }
}

impl Ward {
    /// How the backups stand.
    pub const fn backups(&self) -> &Backups {
        if self.temporary.is_some() { &Backups::NotHere } else { &self.daily.state }
    }

    /// What is offered as the folder for backups: beside the data folder, where there is a place beside it. A data folder
    /// that is the root of a share or a disk has none.
    pub fn offered_backup(&self) -> Option<PathBuf> {
        let folder = whole(self.folder());
        let mut name = folder.file_name()?.to_owned();
        name.push("-backup");
        Some(folder.parent()?.join(name))
    }

    /// The folder that was chosen on this workstation.
    pub fn chosen_backup(&self) -> Option<PathBuf> {
        Settings::load(self.config.as_deref()?).backups.get(self.store.id().as_str()).cloned()
    }

    /// What went wrong with a backup since this was last asked.
    pub const fn take_backup_problem(&mut self) -> Option<String> {
        self.daily.untold.take()
    }

    /// Looks again at which folder is chosen, and at what is remembered of it.
    pub fn look_at_backups(&mut self) {
        let Some(file) = self.kept_file() else { return };
        let state = match self.chosen_backup() {
            None => Backups::Off,
            Some(folder) => {
                let Kept { last, problem, .. } = Kept::read(&file, &folder);
                Backups::On { folder, last, problem }
            }
        };
        if state != self.daily.state {
            self.daily.state = state;
            self.version += 1;
        }
    }

    /// Copies everything that is new to a folder, and remembers how it went.
    ///
    /// # Errors
    /// [`WardError::Store`]; [`WardError::BackupPart`] for a part of a path; [`WardError::BackupGone`] where the backup that was made there is not there now.
    pub fn back_up(&mut self, folder: &Path, at: Moment) -> Result<Copied, WardError> {
        let (Some(config), Some(file)) = (self.config.clone(), self.kept_file()) else {
            return Err(StoreError::NotAWriter.into());
        };
        let mut kept = Kept::read(&file, folder);
        let copied = match kept.last {
            // It would be another folder for each place from which the program is started.
            _ if !folder.is_absolute() => Err(WardError::BackupPart(folder.to_owned())),
            // An empty folder where there was a backup is the place of a disk that is not connected.
            Some(last) if matches!(Store::open(folder), Err(StoreError::NoStore { .. })) => {
                Err(WardError::BackupGone { folder: folder.to_owned(), last })
            }
            _ => self.store.copy_into(folder, &config).map_err(WardError::from),
        };
        kept.tried = Some(at);
        kept.problem = match &copied {
            Err(error) => Some(error.to_string()),
            Ok(copied) if copied.findings.is_empty() => None,
            Ok(copied) => Some(format!("it was made, with something to look at: {}", listed(&copied.findings))),
        };
        // One that lacks what could not be read is tried again, in a while.
        let could_not_read = |found: &Finding| matches!(found.kind, FindingKind::CannotRead(_));
        if copied.as_ref().is_ok_and(|copied| !copied.findings.iter().any(could_not_read)) {
            kept.last = Some(at);
        }
        // Without it the next save backs up once more, which does no harm.
        let _ = kept.write(&file, folder);
        self.look_at_backups();
        copied
    }

    /// After each day's first save, and after what waited was delivered.
    pub(in crate::app) fn back_up_daily(&mut self, at: Moment) {
        if self.is_demo() {
            return;
        }
        // Another window of this workstation may have chosen a folder, or made the backup of the day.
        let (Some(folder), Some(file)) = (self.chosen_backup(), self.kept_file()) else {
            return self.look_at_backups();
        };
        if Kept::read(&file, &folder).is_enough_at(at) {
            return self.look_at_backups();
        }
        // Nobody asked for it, so it neither counts as what was asked for nor stops with it.
        let asked_for = self.store.report_to(Progress::default());
        let _ = self.back_up(&folder, at);
        self.store.report_to(asked_for);
        if let Backups::On { problem: Some(problem), .. } = &self.daily.state {
            self.daily.untold = Some(format!("The backup to {}: {problem}", folder.display()));
        }
    }

    fn kept_file(&self) -> Option<PathBuf> {
        Some(self.config.as_ref()?.join("backups").join(format!("{}.ron", self.store.id())))
    }
}
