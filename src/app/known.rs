//! Which wards were opened on this workstation, and where: so that an empty folder, as a share that is not connected leaves it,
//! is not taken for the place of a new ward.

use super::local;
use crate::store::{StoreId, spellings, whole};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// The file, in the config folder: the id of a ward by the path of its folder.
const KNOWN: &str = "wards.ron";

/// The file that holds them.
pub fn file(config: &Path) -> PathBuf {
    config.join(KNOWN)
}

/// The ward that was last opened in a folder; `None` where there was none, or what is known cannot be read.
pub fn ward_at(config: &Path, folder: &Path) -> Option<String> {
    let spellings = spellings(folder);
    // Older versions remembered it as it was given.
    read(config).into_iter().find_map(|(place, ward)| spellings.contains(&whole(Path::new(&place))).then_some(ward))
}

/// Remembers that a ward is in a folder.
///
/// # Errors
/// [`io::Error`] when the config folder cannot be written.
pub fn remember(config: &Path, folder: &Path, ward: &StoreId) -> io::Result<()> {
    let before = read(config);
    let mut known = before.clone();
    known.extend(spellings(folder).map(|place| (place.display().to_string(), ward.to_string())));
    if known == before {
        return Ok(());
    }
    let pretty = ron::ser::PrettyConfig::default();
    local::replace(&file(config), &ron::ser::to_string_pretty(&known, pretty).map_err(io::Error::other)?)
}

fn read(config: &Path) -> BTreeMap<String, String> {
    local::read(&file(config)).ok().and_then(|bytes| ron::de::from_bytes(&bytes).ok()).unwrap_or_default()
}
