//! What was in a data folder and is not there any more. Nothing in the program removes a record, so each is the work of
//! something else, and each is said with where it may be had back.

use crate::record::EntryId;
use std::fmt;

/// How many files are named that are gone.
const GONE_NAMED: usize = 3;

/// What was lost.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loss {
    /// So many entries were read here before and cannot be any more; the names of files that are gone.
    NoLongerRead {
        /// How many.
        entries: usize,
        /// Segments that were there.
        gone: Vec<String>,
    },
    /// A segment that was read on this workstation before.
    SeenFile,
    /// What was read of a segment on this workstation before, and is not in it now.
    Shorter,
    /// A segment that a later one of the same writer follows, and that is not there.
    File,
    /// All entries of a patient who has a folder.
    Entries,
    /// Who the patient is: of the entries none says that.
    Identity,
    /// An entry that another is about, and that no file of the patient holds.
    Named(EntryId),
    /// Every file of a writer whose mark is there.
    FilesOfWriter,
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoLongerRead { entries, gone } => return no_longer_read(f, *entries, gone),
            Self::SeenFile => {
                "this file was read on this workstation before, and is gone or empty now, with what it held; nothing was \
                 removed by this program; put the file back, or bring it back from a backup with `corticurve restore`; if it was moved \
                 away on purpose, say that it is known (in the window, or `corticurve verify --known`)"
            }
            Self::Shorter => {
                "this file no longer holds what was read of it on this workstation before, so it was cut, or an older state of it \
                 was put in its place; nothing was removed by this program; bring back what is missing from a backup with `corticurve restore`, and \
                 compare with the medication chart; if this was on purpose, say that it is known (in the window, or `corticurve \
                 verify --known`)"
            }
            Self::File => {
                "this file is not there, and the next one of the same workstation is: it was removed, or its first save came to \
                 nothing; compare with a backup (`corticurve restore` shows what it would bring back), and with the medication \
                 chart"
            }
            Self::Entries => {
                "this patient's folder holds no entry: a registration was interrupted here, or files were removed; compare with \
                 a backup (`corticurve restore` shows what it would bring back); if nothing is missing, say that it is known \
                 (`corticurve verify --known`)"
            }
            Self::Identity => {
                "no entry here says who this patient is: a file was removed, or the registration still waits on the workstation \
                 that made it; open the window there, or bring it back from a backup with `corticurve restore`, or amend who it \
                 is"
            }
            Self::Named(id) => {
                return write!(
                    f,
                    "this entry is about the entry {id}, which no file of this patient holds, so a file was removed; bring it \
                     back from a backup with `corticurve restore`, and compare with the medication chart"
                );
            }
            Self::FilesOfWriter => {
                "a workstation has saved under this id, or tried to, and no patient has a file of it: unless that save failed, \
                 files were removed; compare with a backup (`corticurve restore` shows what it would bring back)"
            }
        })
    }
}

fn no_longer_read(f: &mut fmt::Formatter<'_>, entries: usize, gone: &[String]) -> fmt::Result {
    let which = if entries == 1 { "1 entry that was".to_owned() } else { format!("{entries} entries that were") };
    write!(f, "{which} shown before can no longer be read in this folder")?;
    let named: Vec<&str> = gone.iter().take(GONE_NAMED).map(String::as_str).collect();
    match gone.len().saturating_sub(named.len()) {
        _ if gone.is_empty() => Ok(()),
        0 => write!(f, " (gone or empty: {})", named.join(", ")),
        more => write!(f, " (gone or empty: {}, and {more} more)", named.join(", ")),
    }?;
    f.write_str(
        "; nothing was removed by this program; what was shown stays until this program is closed; put the files back, bring \
         them back from a backup with `corticurve restore`, or save again from here what is missing",
    )
}
