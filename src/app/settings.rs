//! What the program remembers for this workstation: never a record, never a patient.

use super::local;
use super::lock::IdleLock;
use super::{Order, Sizes};
use crate::exposure::figure::{AmountUnit, Spacing};
use crate::record::Initials;
use crate::store::{OsStorage, Storage};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The most of the settings that is ever read, in bytes: room for the last settings seen of several units.
const SETTINGS_MOST: usize = 4 * 1024 * 1024;

/// Light, dark, or as the system has it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// The next of the three.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }

    /// What it is, and what comes next.
    pub const fn words(self) -> &'static str {
        match self {
            Self::System => "colours as the system has them; next: light",
            Self::Light => "light colours; next: dark",
            Self::Dark => "dark colours; next: as the system has them",
        }
    }
}

/// The size of the window, in points of the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowSize {
    /// From side to side.
    pub width: u16,
    /// From top to bottom.
    pub height: u16,
    /// Whether it filled the screen; width and height are then those of before.
    pub maximized: bool,
}

/// The settings of one workstation's user.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Who recorded last: the default for the next entry.
    pub initials: Option<Initials>,
    /// Light or dark.
    pub theme: Theme,
    /// The size of everything in the window, in percent.
    pub zoom_percent: Option<u16>,
    /// What the ward list is sorted by.
    pub order: Order,
    /// How large the window was when it was last closed.
    pub window: Option<WindowSize>,
    /// After how long without input the window locks.
    pub lock: IdleLock,
    /// Whether the chart leaves published medians out.
    pub hides_published: bool,
    /// The unit of the chart's amounts, where the patient has a weight.
    pub unit: AmountUnit,
    /// How the chart's totals are spaced.
    pub spacing: Spacing,
    /// Whether the chart's axis shows dates also where there is a Day 0.
    pub dates: bool,
    /// How the lanes, the log and the ward list share the room.
    pub sizes: Sizes,
    /// The change of the unit's settings that was last seen here, as it stands in the file, for each data folder by its id.
    pub unit_seen: BTreeMap<String, String>,
    /// Where backups go, for each data folder by its id; a folder that is not here has none.
    pub backups: BTreeMap<String, PathBuf>,
}

/// Where the platform keeps a user's data and configuration.
#[derive(Debug, Clone)]
pub struct Places {
    /// Records.
    pub data: PathBuf,
    /// Settings, and the writer ids of this installation.
    pub config: PathBuf,
    /// What the store keeps to open quicker the next time; `None` where nothing of the kind is to be kept.
    pub cache: Option<PathBuf>,
}

impl Places {
    /// The platform's folders; `None` where the user has no home folder.
    pub fn of_this_user() -> Option<Self> {
        let folders = directories::ProjectDirs::from("", "", "corticurve")?;
        let (data, config) = (folders.data_dir().to_owned(), folders.config_dir().to_owned());
        Some(Self { data, config, cache: Some(folders.cache_dir().to_owned()) })
    }
}

impl Settings {
    /// Reads the settings of a config folder. Settings that cannot be read are the defaults: they hold no record.
    pub fn load(config: &Path) -> Self {
        let bytes = OsStorage.read(&file(config), 0, SETTINGS_MOST + 1).unwrap_or_default();
        if bytes.len() > SETTINGS_MOST { Self::default() } else { ron::de::from_bytes(&bytes).unwrap_or_default() }
    }

    /// Keeps the settings, but for where backups go: another program of this workstation may have chosen that meanwhile.
    ///
    /// # Errors
    /// [`io::Error`] when the config folder cannot be written.
    pub fn save(&self, config: &Path) -> io::Result<()> {
        let _alone = alone();
        Self { backups: Self::load(config).backups, ..self.clone() }.write(config)
    }

    /// Keeps where the backups of a data folder go; `None` for nowhere. Everything else is as it was last kept.
    ///
    /// # Errors
    /// [`io::Error`] when the config folder cannot be written.
    pub fn choose_backup(config: &Path, store: &str, folder: Option<PathBuf>) -> io::Result<()> {
        let _alone = alone();
        let mut settings = Self::load(config);
        match folder {
            Some(folder) => settings.backups.insert(store.to_owned(), folder),
            None => settings.backups.remove(store),
        };
        settings.write(config)
    }

    fn write(&self, config: &Path) -> io::Result<()> {
        let text = ron::ser::to_string_pretty(self, ron::ser::PrettyConfig::default()).map_err(io::Error::other)?;
        local::replace(&file(config), &text)
    }
}

/// The file is read and then written by two threads of this program, one of them at a time.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn file(config: &Path) -> PathBuf {
    config.join("settings.ron")
}
