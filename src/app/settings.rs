//! What the program remembers for this workstation: never a record, never a patient.

use crate::record::Initials;
use crate::store::{OsStorage, Storage};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

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

    /// The word on the button.
    pub const fn word(self) -> &'static str {
        match self {
            Self::System => "system colours",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
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
    /// Whether the chart leaves published medians out.
    pub hides_published: bool,
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

    /// Keeps the settings.
    ///
    /// # Errors
    /// [`io::Error`] when the config folder cannot be written.
    pub fn save(&self, config: &Path) -> io::Result<()> {
        OsStorage.create_folder(config)?;
        let text = ron::ser::to_string_pretty(self, ron::ser::PrettyConfig::default()).map_err(io::Error::other)?;
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(file(config))?.write_all(text.as_bytes())
    }
}

fn file(config: &Path) -> PathBuf {
    config.join("settings.ron")
}
