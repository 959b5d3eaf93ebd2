//! PINs: read from a text once, kept only as argon2id hashes, in a file of their own beside the settings.

use crate::app::local;
use crate::record::Initials;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why a PIN cannot be taken, checked or kept.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PinError {
    /// Not 4 to 12 digits.
    #[error("a PIN is 4 to 12 digits")]
    Form,
    /// The file of PINs is there and cannot be read.
    #[error(
        "the PINs of this workstation cannot be read ({0}); close the program, start it again, and set a new PIN with \
         Ctrl+Shift+U"
    )]
    Unreadable(String),
    /// The file of PINs cannot be written.
    #[error("the PIN could not be kept in {0}: {1}; look whether that folder can be written")]
    Unwritable(String, String),
    /// The computer could not make a hash.
    #[error("the PIN could not be hashed ({0}); try again")]
    Hash(String),
}

/// What somebody types as a PIN. It is never shown, also not in a debug text.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// 4 to 12 digits.
///
/// ```
/// use corticurve::app::lock::{Pin, PinError};
/// assert!(Pin::parse("4071").is_ok());
/// assert_eq!(Pin::parse("407").unwrap_err(), PinError::Form);
/// assert_eq!(format!("{:?}", Pin::parse("4071").unwrap()), "Pin(Secret(…))");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin(Secret);

impl Pin {
    /// Reads what was typed; spaces around it do not count.
    ///
    /// # Errors
    /// [`PinError::Form`].
    pub fn parse(text: &str) -> Result<Self, PinError> {
        let digits = text.trim();
        let right = (4..=12).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        if right { Ok(Self(Secret(digits.to_owned()))) } else { Err(PinError::Form) }
    }
}

/// What a check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// It is the PIN of these initials.
    Right,
    /// It is not.
    Wrong,
    /// These initials have no PIN on this workstation.
    NoPin,
}

/// One line of the file.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    initials: Initials,
    hash: String,
}

/// The PINs of a workstation.
#[derive(Debug, Clone)]
pub struct Pins {
    file: PathBuf,
}

impl Pins {
    /// Those of a config folder. Nothing is read yet.
    pub fn of(config: &Path) -> Self {
        Self { file: config.join("pins.ron") }
    }

    fn read(&self) -> Result<Vec<Kept>, PinError> {
        let bytes = local::read(&self.file).map_err(|error| PinError::Unreadable(error.to_string()))?;
        if bytes.is_empty() {
            return Ok(Vec::new());
        }
        ron::de::from_bytes(&bytes).map_err(|error| PinError::Unreadable(error.to_string()))
    }

    /// Whether this is the PIN of somebody. Takes about a tenth of a second, on purpose.
    ///
    /// # Errors
    /// [`PinError::Unreadable`].
    pub fn check(&self, initials: &Initials, pin: &Pin) -> Result<Found, PinError> {
        let Some(kept) = self.read()?.into_iter().find(|kept| kept.initials == *initials) else {
            return Ok(Found::NoPin);
        };
        let hash = PasswordHash::new(&kept.hash).map_err(|error| PinError::Unreadable(error.to_string()))?;
        let right = Argon2::default().verify_password(pin.0.0.as_bytes(), &hash).is_ok();
        Ok(if right { Found::Right } else { Found::Wrong })
    }

    /// Keeps a PIN in the place of the one that these initials had. A file that cannot be read is begun anew: it is the only
    /// way out of it, and nothing but PINs is lost.
    ///
    /// # Errors
    /// [`PinError::Unwritable`].
    pub fn set(&self, initials: &Initials, pin: &Pin) -> Result<(), PinError> {
        let hash = Argon2::default().hash_password(pin.0.0.as_bytes());
        let hash = hash.map_err(|error| PinError::Hash(error.to_string()))?.to_string();
        let mut all = self.read().unwrap_or_default();
        all.retain(|kept| kept.initials != *initials);
        all.push(Kept { initials: initials.clone(), hash });
        let folder = || self.file.parent().unwrap_or(&self.file).display().to_string();
        let text = ron::ser::to_string_pretty(&all, ron::ser::PrettyConfig::default());
        let text = text.map_err(|error| PinError::Unwritable(folder(), error.to_string()))?;
        local::replace(&self.file, &text).map_err(|error| PinError::Unwritable(folder(), error.to_string()))
    }
}
