//! Where records are kept: plain files in one data folder, on a disk or a shared folder, written by many and locked by
//! nobody.
//!
//! Start at [`Store`]. `storage` is the disk, `format` the types of a line, `segment` and `read` the reader, `writer` and
//! `save` the writer, `unit` the unit's settings. This room knows entries and not what they mean. What follows is the format, complete enough to
//! write another reader from.
//!
//! # The data folder
//!
//! ```text
//! STORE.ron                              one line, never written again once it is whole
//! unit.ron                               the unit's settings, as people write them; see "The unit's settings"
//! unit/k3f9q2ha-0001.ron                 the same, as programs do; one file for each change
//! patients/p-7f3k9q2mzt4c/               one folder for each patient
//!     k3f9q2ha-0001.ron                  segments: <writer>-<number>.ron
//! writers/k3f9q2ha-0002                  empty; see "Writers"
//! ```
//!
//! Ids are random and consist of the letters `0-9a-hjkmnp-tv-z`: a store has 16, a writer 8, an entry 16, and a patient 12
//! after `p-`. A segment's number counts from 1 and has at least four digits, with no more leading zeros than that needs.
//! Names that are formed otherwise, links, and folders in the place of files are ignored and reported.
//!
//! STORE.ron is `Store(format: 1, app: "0.1.0", store: "<id>", unit: "<the unit's name>")`. A reader refuses a larger
//! `format`. All files are UTF-8 with `\n` as line end.
//!
//! # Segments
//!
//! Whenever no save is under way, a segment is a RON document without extensions: a list of [`Line`]s, one on each line.
//!
//! ```text
//! [
//! Segment(format: 1, store: "…", patient: "p-7f3k9q2mzt4c", writer: "k3f9q2ha", segment: 1, app: "0.1.0"), //#5b0c99f12a77e013
//! Entry(id: "…", recorded_at: "2026-03-29T08:02:11+01:00", recorded_by: "NK", workstation: "WARD4-PC02", fact: Administered(…)), //#927419d40b5e6c88
//! ]
//! ```
//!
//! The first line is `[`, the last `]`, both with a line end and nothing else. Every line between is: its **text**, which
//! is one RON value and a comma; then a space, `//#` and 16 **digits**, small hexadecimal letters; then the line end. The
//! text holds no line end, as strings escape theirs. The digits are the first 16 of
//!
//! ```text
//! SHA-256( the 16 digits of the line before, none for the first ‖ the text, comma included, space and //# excluded )
//! ```
//!
//! The first of these lines is a `Segment`, the header, and must agree with the place: `store` with STORE.ron, `patient`
//! with the folder, `writer` and `segment` with the file's name. All others are `Entry`, as [`Line`] and [`Fact`] spell
//! them; unknown fields are errors. In every later format the header keeps the name `Segment`, a field `format`, and
//! digits formed in this way, so that a newer file is told apart from a damaged one.
//!
//! Limits: a line has at most 64 KiB with its digits, and a reader reads at most 4 MiB of a segment. Writers start a new
//! segment rather than let one pass 256 KiB.
//!
//! # Reading
//!
//! A record is the union of the entries of all segments, by id, ordered by `recorded_at` and then id; the order of files
//! does not matter. Of two different entries with one id, the one whose text sorts first is kept, and it is reported.
//!
//! A line counts when its digits follow from its text and the digits before it. Any other is reported with file and line
//! and not used, even if it reads well, because it may be a changed dose; it costs no line but its own:
//!
//! * The line after it may follow from the digits that it should have had, or from those before it. It may also follow from
//!   the digits that the bad line shows, but only in a file that ends with `]`: behind an interrupted save may stand an old
//!   block of another patient's file, whose lines follow from each other as well.
//! * When a bad line starts with a good one whose line end was changed to another byte, both are used.
//! * When the file does not end with `]` and a line end, the bad lines after the last good one are an **interrupted save**:
//!   reported as one, from the first of them that is not vouched for, and left as they are.
//! * With a header of another patient nothing of the file is used. With one of a newer format neither, and the patient is
//!   read-only. With one that disagrees otherwise, or is damaged, the entries are used.
//!
//! A reader may meet another program in the middle of a save, and then sees the end missing, or the old end followed by a
//! part of the new lines. So a segment with anything to report is read again until its bytes stay the same.
//!
//! # Saving
//!
//! New lines and `]` are written over the final `]` in one positioned write; no byte before it is ever touched, and no file
//! is ever removed, shortened or renamed. In order: before the first save of a run for a patient, STORE.ron, the data folder,
//! `patients` and the patient's folder are synced, whoever made them; the headers of segments that are new since the last
//! save are read, for a newer format; each line is read back in memory and compared with its entry; the end of the own
//! segment is compared with how this program left it; then write, sync of the file, for a new segment also of its folder, and
//! read-back from the disk. Only then is it saved. After any error the segment is never written again, and the same lines,
//! with the same ids, go to a new one.
//!
//! # What is promised
//!
//! An entry that was called saved is read by every later reader, exactly once, as it was entered: after a power cut at any
//! moment, after any number of killed programs, with other writers beside it, and after any operation has failed. An entry
//! that was not called saved is there whole or not at all. What a power cut left half done is reported and stays as it is, and
//! the next save works. The tests lay out more than 100,000 disks after a power cut to show it, and show a loss as soon as one
//! of these rules is left out: sync of files, sync of folders, the digits, never writing on after an error, reading back.
//!
//! It rests on these assumptions:
//!
//! * What a sync reported as done stays, and a sync of a folder keeps the names in it. A share must pass both on to the disk.
//! * A write that is cut short damages no byte outside its range. Inside it anything may happen: any part may be missing, in
//!   any order, or be zeros, rubbish or what an old block held.
//! * After a sync that failed, nothing is taken for granted about what was written before it, even when a later sync of the
//!   same file succeeds. The one exception is STORE.ron: when the disk fails while a new folder is made, make another.
//! * Making a file fails if it is there, also between two workstations on one share.
//! * What is damaged later, by whatever does not follow these rules, is reported with its line and costs no other, unless a
//!   save was interrupted in the same file as well: then the lines behind the first of the two are not used.
//!
//! STORE.ron is whole on the disk before anything else is made, and the data folder's own name before STORE.ron. So where
//! STORE.ron is damaged and nothing stands beside it, the making of the store was interrupted, and it is written again.
//!
//! # Writers
//!
//! **No file ever has two writers.** A segment is made by a call that fails if the name exists. In the same run it is only
//! appended to while it ends as that run left it. A later run of the same writer appends to it only if
//!
//! * the run before ended well, which the writer's slot in the local config folder says, with all of its saves confirmed;
//! * the host has the same name;
//! * this run made the file `writers/<writer>-<run>`, with its own number of the run, by a call that fails if it exists; so
//!   that of several copies of one config folder only one can go on;
//! * and the segment is without any finding.
//!
//! Otherwise it takes a fresh writer id. The file `<config>/writers/<store id>-<slot>.ron` is locked while in use.
//!
//! # The outbox
//!
//! What could not be saved in the data folder is kept in the config folder of the workstation's user, one file for each
//! attempt, until it can be:
//!
//! ```text
//! <config>/outbox/<store id>/<patient id>/k3f9q2ha-0001.ron         a segment, written once and never again
//! <config>/outbox/<store id>/<patient id>/k3f9q2ha-0001.delivered   empty; the entries are in the data folder
//! ```
//!
//! Such a file is a segment in every respect, under a writer id made for it alone. So it has the same digits, is read by the
//! same rules, and can be delivered by hand, by copying it to the patient's folder. It is made by a call that fails if the
//! name exists, written, synced with all folders above it, and read back; only then do its entries wait. One that does not
//! end as it should and holds no entry was interrupted before that, and is passed over.
//!
//! Any program that uses the config folder delivers what waits there: it reads the patient's record, saves the entries that
//! the record does not have, with the ids that they have in the outbox, and makes the mark once they are saved. No file is
//! removed. Two programs may do this at the same moment, and a program may be stopped between saving and marking; then an
//! entry stands in two segments, and as a record is a union by id, it is still one entry. A batch of which a line is damaged
//! is delivered as far as it can be read, and never marked, so that what is missing is not forgotten.
//!
//! # The unit's settings
//!
//! Without `unit.ron` and the folder `unit` everything is as designed. **`unit.ron` is for people, and no program ever
//! writes it. Each change made in a program is a file of its own**, `unit/<8 random letters>-0001.ron`, made by a call that
//! fails if the name exists, and never written again: here too, no file ever has two writers. All these files have one
//! form: a RON list of blocks, at most 1 MiB; a program's holds one. A block is a change of the settings, whole.
//!
//! ```text
//! [
//! (
//!     changed_at: "2026-11-22T14:30:00+00:00", changed_by: "NK", reason: "protocol 12",
//!     table: "ward-4", tables: [
//!         (
//!             id: "ward-4", version: "1", confirmed: true,
//!             source: "…",
//!             equivalents: [("dexamethasone", "0.75"), ("prednisone", "5"), ("hydrocortisone", "20")],
//!         ),
//!     ],
//!     purposes_out: ["replacement", "not stated"], course_gap_hours: 48, weight: "Day 0", surface: "Mosteller",
//! ),
//! ]
//! ```
//!
//! | field | holds | where it is absent |
//! |---|---|---|
//! | `changed_at`, `changed_by` | a time with its offset, and initials | refused |
//! | `reason` | at most 300 characters | no reason |
//! | `table` | the id of the table in use, a shipped one or one of `tables` | `fda-label` |
//! | `tables` | the unit's own tables, with ids that no shipped one has; a value is a decimal or a ratio, `"20/30"` | none |
//! | `purposes_out` | what is switched out of the total: the words of a purpose, and `not stated` | none |
//! | `course_gap_hours` | the longest gap in a course, 1 to 999 | 48 |
//! | `weight` | for figures per kilogram: `Day 0` or `each dose` | `Day 0` |
//! | `surface` | `Mosteller`, `Du Bois`, `Haycock` or `Gehan–George` | `Mosteller` |
//!
//! The history is the union of all blocks, ordered by `changed_at`; those of one instant by the file, `unit.ron` first and
//! then by name, and then by the place in it. **The last is in force.** The order of files does not matter otherwise.
//!
//! What cannot be used is reported with file and line, and everything else stands:
//!
//! * A block with a field that is unknown, doubled or wrong is not used, in whichever file; no part of it is.
//! * A file that is not a list of blocks, as an interrupted save or copy leaves it, is not used at all. No beginning of a
//!   file is a list, so what is cut off never gives other settings.
//! * Of two blocks that give one version of a table different numbers, the later is not used: a table's name and version
//!   stand for the same numbers everywhere.
//! * Where nothing at all is left, no figure is printed, and the window shows figures under the designed settings, with a
//!   strip. Where something is left, that is in force, also when it is `unit.ron` that is broken and holds, perhaps, a
//!   later change: **the last settings of the unit that can be read come nearer to what it wants than those that shipped,
//!   or than no figure at the bedside.** But no such figure is quiet: the strip names the settings that stand, and verbs
//!   that print figures say it and end with 1.
//! * A file in the folder `unit` ends with `//#` and the first 16 hex digits of SHA-256 of what stands before. Without them, or
//!   with others, it is not used: a power cut in the middle of a save may leave a text that still reads well.
//! * Other names in the folder `unit` are ignored and reported by `verify` only.
//!
//! A change is saved in this order: all files are read again; if the last block is not the one that the change was made
//! over, or if the new one would not be the last because a clock is wrong, nothing is written; then the file is made,
//! written, synced, the folder `unit` and the data folder are synced, and the file is read back. Two programs that do this
//! at the same moment are both saved, and the later time is in force. A change may be made over files that cannot be used
//! as long as some can: it is whole, and was made over the settings that stand.

mod create;
mod error;
mod finding;
mod format;
mod outbox;
mod protocol;
mod read;
mod save;
mod segment;
mod storage;
mod unit;
mod watch;
mod writer;

pub use error::StoreError;
pub use finding::{Finding, FindingKind, listed};
pub use format::{FORMAT, LINE_MOST, Line, ROTATE_AT, SEGMENT_MOST, StoreId, WriterId};
pub use outbox::{Batch, Outbox};
#[doc(hidden)]
pub use protocol::Protocol;
pub use read::{PatientRecord, Verified};
pub use save::{Author, new_entry};
pub use storage::{Item, ItemKind, OpenFile, OsStorage, Storage};
pub use unit::{UNIT_MOST, UnitRecord, sealed};
pub use watch::Glance;

#[cfg(doc)]
use crate::record::Fact;
use crate::record::PatientId;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use writer::Writer;

const STORE_FILE: &str = "STORE.ron";
const PATIENTS: &str = "patients";
/// STORE.ron is one short line.
const STORE_MOST: usize = 64 * 1024;
/// How often STORE.ron is looked at again while another program is making it, 50 ms apart.
const LOOKS: usize = 20;

/// An open data folder.
///
/// Reading needs nothing else and changes nothing. For saving, [`become_writer`](Self::become_writer) comes first.
///
/// **Limitations**: a `Store` holds no records; every read goes to the disk.
pub struct Store {
    storage: Arc<dyn Storage>,
    folder: PathBuf,
    id: StoreId,
    unit: String,
    writer: Option<Writer>,
    protocol: Protocol,
}

impl Store {
    /// Opens a data folder for reading; makes nothing.
    ///
    /// # Errors
    /// [`StoreError::NoStore`] for a folder that is absent or empty; others when STORE.ron is absent, damaged or newer.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        Self::open_on(Arc::new(OsStorage), folder)
    }

    /// Opens a data folder, and makes it first where it is absent or empty.
    ///
    /// # Errors
    /// [`StoreError::NotAStore`] for a folder with other things in it.
    pub fn open_or_create(folder: &Path, unit: &str) -> Result<Self, StoreError> {
        Self::open_or_create_on(Arc::new(OsStorage), folder, unit)
    }

    /// [`open`](Self::open) on any storage.
    pub fn open_on(storage: Arc<dyn Storage>, folder: &Path) -> Result<Self, StoreError> {
        let file = folder.join(STORE_FILE);
        let bytes = match storage.read(&file, 0, STORE_MOST) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(absent(storage.as_ref(), folder)),
            Err(error) => return Err(StoreError::io("read", file)(error)),
        };
        let found = format::parse_store(&bytes).map_err(|newer| match newer {
            Some(format) => StoreError::NewerStore { file: file.clone(), format },
            None => StoreError::DamagedStoreFile { file },
        })?;
        Ok(Self {
            storage,
            folder: folder.to_owned(),
            id: found.store,
            unit: found.unit,
            writer: None,
            protocol: Protocol::default(),
        })
    }

    /// [`open_or_create`](Self::open_or_create) on any storage.
    pub fn open_or_create_on(storage: Arc<dyn Storage>, folder: &Path, unit: &str) -> Result<Self, StoreError> {
        // Of two programs that start in one empty folder, either may find the other's STORE.ron half written, or just
        // made where there was none a moment ago.
        for _ in 0..LOOKS {
            match Self::open_on(Arc::clone(&storage), folder) {
                Err(StoreError::NoStore { .. }) => create::create(storage.as_ref(), folder, unit)?,
                Err(StoreError::DamagedStoreFile { .. }) => storage.pause(Duration::from_millis(50)),
                other => return other,
            }
        }
        if create::interrupted(storage.as_ref(), folder) {
            create::create_again(storage.as_ref(), folder, unit)?;
        }
        Self::open_on(storage, folder)
    }

    /// The same folder with a rule taken out, for the tests that show what the rule is for.
    #[doc(hidden)]
    #[must_use]
    pub fn without(mut self, protocol: Protocol) -> Self {
        self.protocol = protocol;
        self
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The id in STORE.ron.
    pub const fn id(&self) -> &StoreId {
        &self.id
    }

    /// The unit's name in STORE.ron, as it was when the folder was made.
    pub fn unit(&self) -> &str {
        &self.unit
    }

    /// Takes a writer slot, held until the store is dropped. A program that ends without dropping it gets a fresh writer id
    /// next time.
    pub fn become_writer(&mut self, config_folder: &Path) -> Result<(), StoreError> {
        if self.writer.is_none() {
            // Where this fails, the first save says so.
            let _ = self.settle();
            self.writer = Some(Writer::take(self.storage.as_ref(), &self.folder, &self.id, config_folder)?);
        }
        Ok(())
    }

    /// The id under which this program writes, once it is a writer. It may change when somebody else writes under it.
    pub fn writer_id(&self) -> Option<&WriterId> {
        self.writer.as_ref().map(|writer| &writer.id)
    }

    /// A random id that no patient of this folder has.
    pub fn new_patient_id(&self) -> Result<PatientId, StoreError> {
        let (taken, _) = self.patients()?;
        loop {
            let mut random = [0; 12];
            getrandom::fill(&mut random)?;
            let id = PatientId::from_random(random);
            if taken.binary_search(&id).is_err() {
                return Ok(id);
            }
        }
    }
}

/// Why there is no STORE.ron.
fn absent(storage: &dyn Storage, folder: &Path) -> StoreError {
    let folder = folder.to_owned();
    match storage.list(&folder) {
        // Another program may have made it since it was looked for.
        Ok(items) if items.iter().any(|item| item.name == STORE_FILE) => StoreError::NoStore { folder },
        Ok(items) if !items.is_empty() => StoreError::NotAStore { folder },
        Err(error) if error.kind() != io::ErrorKind::NotFound => StoreError::io("read", folder)(error),
        _ => StoreError::NoStore { folder },
    }
}
