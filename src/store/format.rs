//! The frozen types of format 1 and the digest of a line. The words of the format are in the room's documentation.

use crate::record::{Entry, EntryId, Fact, Initials, Moment, PatientId, id_letters, is_id};
use ron::ser::PrettyConfig;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use smol_str::SmolStr;
use std::fmt;

/// The format that this program writes, and the newest that it reads.
pub const FORMAT: u32 = 1;
/// The longest line, with its digest and without the line end, in bytes.
pub const LINE_MOST: usize = 64 * 1024;
/// The most of one file that is ever read, in bytes.
pub const SEGMENT_MOST: usize = 4 * 1024 * 1024;
/// No segment is made longer than this, in bytes.
pub const ROTATE_AT: usize = 256 * 1024;
/// The highest number of a segment. No writer gets near it, and a file that somebody gave a higher one is not ours.
pub(super) const SEGMENTS_MOST: u32 = 999_999;

/// Most lines are shorter than this.
const MOST_LINES: usize = 512;
/// A header is never longer than this.
pub(super) const HEADER_MOST: usize = 4096;
pub(super) const OPENING: &str = "[\n";
pub(super) const CLOSING: &str = "]\n";
const MARK: &str = " //#";
/// How many hexadecimal digits of the SHA-256 are kept.
const DIGITS: usize = 16;
/// SHA-256 works on as many bytes at once, also for a shorter text.
const BLOCK: usize = 64;
/// The mark and the digits.
pub(super) const TRAILER: usize = MARK.len() + DIGITS;

/// One element of a segment file, which as a whole is a RON list of these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::large_enum_variant, reason = "a line is made and taken apart at once, never kept")]
pub enum Line {
    /// The first element: whose segment this is.
    Segment {
        /// 1.
        format: u32,
        /// The id in STORE.ron.
        store: StoreId,
        /// The name of the folder.
        patient: PatientId,
        /// The first part of the file's name.
        writer: WriterId,
        /// The second part of the file's name, from 1.
        segment: u32,
        /// The version of the program that made the file; for people.
        app: String,
    },
    /// Every other element.
    Entry {
        /// The entry's id.
        id: EntryId,
        /// When it was written down, RFC 3339.
        recorded_at: Moment,
        /// By whom.
        recorded_by: Initials,
        /// On which workstation.
        workstation: SmolStr,
        /// What it says.
        fact: Fact,
    },
}

/// The one thing that every format's header has: its number.
#[derive(Deserialize)]
enum AnyHeader {
    Segment { format: u32 },
}

/// STORE.ron.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "Store", deny_unknown_fields)]
pub(super) struct StoreFile {
    pub format: u32,
    pub app: String,
    pub store: StoreId,
    pub unit: String,
}

/// What STORE.ron has in every format.
#[derive(Deserialize)]
#[serde(rename = "Store")]
struct AnyStore {
    format: u32,
}

/// Makes an id of random letters with a fixed length.
macro_rules! random_id {
    ($(#[$doc:meta])* $name:ident, $length:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            pub(super) fn random() -> Result<Self, getrandom::Error> {
                let mut bytes = [0; $length];
                getrandom::fill(&mut bytes)?;
                Ok(Self(id_letters(&bytes)))
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = &'static str;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                if is_id(&text, $length) { Ok(Self(text)) } else { Err(concat!("not an id of ", $length, " letters")) }
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

random_id! {
    /// The random id of a data folder.
    StoreId, 16
}
random_id! {
    /// The random id of a writer, the first part of its segments' names.
    WriterId, 8
}

/// Where a segment is: what its header must say.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub store: StoreId,
    pub patient: PatientId,
    pub writer: WriterId,
    pub segment: u32,
}

impl Place {
    pub(super) fn header(&self) -> Line {
        Line::Segment {
            format: FORMAT,
            store: self.store.clone(),
            patient: self.patient.clone(),
            writer: self.writer.clone(),
            segment: self.segment,
            app: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    /// `k3f9q2ha-0001.ron`.
    pub(super) fn file_name(writer: &WriterId, segment: u32) -> String {
        format!("{writer}-{segment:04}.ron")
    }

    /// The writer and number in a segment's name; `None` for any other name.
    pub(super) fn parse_file_name(name: &str) -> Option<(WriterId, u32)> {
        let (writer, number) = name.strip_suffix(".ron")?.split_once('-')?;
        let writer = WriterId::try_from(writer.to_owned()).ok()?;
        let number = number.parse().ok().filter(|number| (1..=SEGMENTS_MOST).contains(number))?;
        // Only the one spelling that this program makes, so that no segment has two names.
        (Self::file_name(&writer, number) == name).then_some((writer, number))
    }
}

impl From<Entry> for Line {
    fn from(entry: Entry) -> Self {
        let Entry { id, recorded_at, recorded_by, workstation, fact } = entry;
        Self::Entry { id, recorded_at, recorded_by, workstation, fact }
    }
}

impl Line {
    /// The entry of a line that is one.
    pub(super) fn into_entry(self) -> Option<Entry> {
        let Self::Entry { id, recorded_at, recorded_by, workstation, fact } = self else { return None };
        Some(Entry { id, recorded_at, recorded_by, workstation, fact })
    }
}

/// The text of a line: one line of RON and the comma, without the digest.
pub(super) fn text(line: &impl Serialize) -> Result<String, ron::Error> {
    let one_line =
        PrettyConfig::new().struct_names(false).compact_structs(true).compact_arrays(true).compact_maps(true);
    let mut text = String::with_capacity(MOST_LINES);
    ron::Options::default().to_writer_pretty(&mut text, line, one_line)?;
    text.push(',');
    Ok(text)
}

/// Reads the text of a line; `None` where it is none.
pub(super) fn parse(text: &[u8]) -> Option<Line> {
    let line = ron::from_str(without_comma(text)?).ok()?;
    if let Line::Entry { id, recorded_at, recorded_by, workstation, fact } = line {
        let entry = Entry { id, recorded_at, recorded_by, workstation, fact };
        return entry.is_in_the_calendar().then(|| Line::from(entry));
    }
    Some(line)
}

/// The id of the entry that a line holds as this program writes it, without reading the rest.
pub(super) fn id_of(line: &[u8]) -> Option<EntryId> {
    let id = line.strip_prefix(b"Entry(id: \"")?.split(|byte| *byte == b'"').next()?;
    std::str::from_utf8(id).ok()?.parse().ok()
}

/// The format that a header's text states, also one of a newer format.
pub(super) fn format_of(text: &[u8]) -> Option<u32> {
    let AnyHeader::Segment { format } = ron::from_str(without_comma(text)?).ok()?;
    Some(format)
}

fn without_comma(text: &[u8]) -> Option<&str> {
    std::str::from_utf8(text).ok()?.strip_suffix(',')
}

/// STORE.ron as text.
pub(super) fn store_text(store: &StoreFile) -> Result<String, ron::Error> {
    let one_line = PrettyConfig::new().struct_names(true).compact_structs(true);
    Ok(format!("{}\n", ron::ser::to_string_pretty(store, one_line)?))
}

/// Reads STORE.ron. `Err` holds the format where it is a newer one.
pub(super) fn parse_store(bytes: &[u8]) -> Result<StoreFile, Option<u32>> {
    let text = std::str::from_utf8(bytes).map_err(|_| None)?;
    let AnyStore { format } = ron::from_str(text).map_err(|_| None)?;
    if format > FORMAT {
        return Err(Some(format));
    }
    ron::from_str(text).ok().filter(|store: &StoreFile| store.format == FORMAT).ok_or(None)
}

/// The digits of a line: the first 16 of SHA-256 over the digits before it and its text.
pub(super) fn digest(before: &str, text: &[u8]) -> String {
    let mut sha = Sha256::new();
    sha.update(before.as_bytes());
    sha.update(text);
    let mut digits = String::with_capacity(DIGITS);
    for byte in sha.finalize().iter().take(DIGITS / 2) {
        digits.extend([byte >> 4, byte & 15].into_iter().filter_map(|digit| char::from_digit(digit.into(), 16)));
    }
    digits
}

/// Whether a text has these digits, or has them once one bit of it is turned, one byte taken out, or one changed to or put in
/// that stands on a keyboard. Each try costs `budget` the bytes it hashes; nothing is found once it is spent.
///
/// Of some 100,000 tries, one in 10^14 would find digits that are not the text's own.
pub(super) fn is_one_byte_off(before: &str, text: &[u8], digits: &str, budget: &mut usize) -> bool {
    let Ok(wanted) = u64::from_str_radix(digits, 16) else { return false };
    // What is cheap first, so that it is found in a long line as well.
    [false, true].into_iter().any(|thoroughly| {
        let mut front = Sha256::new_with_prefix(before);
        (0..=text.len()).any(|at| {
            let rest = text.get(at..).unwrap_or_default();
            let (byte, behind) = rest.split_first().map_or((0, rest), |(byte, behind)| (*byte, behind));
            let mut makes = |put: &[u8], behind: &[u8]| {
                let Some(left) = budget.checked_sub(behind.len() + BLOCK) else { return false };
                *budget = left;
                let digest = front.clone().chain_update(put).chain_update(behind).finalize();
                digest.first_chunk().is_some_and(|first| u64::from_be_bytes(*first) == wanted)
            };
            let is_found = if thoroughly {
                (b' '..=b'~').any(|put| makes(&[put], behind) || makes(&[put], rest))
            } else {
                makes(&[], rest) || makes(&[], behind) || (0..8).any(|bit| makes(&[byte ^ (1 << bit)], behind))
            };
            front.update(rest.get(..1).unwrap_or_default());
            is_found
        })
    })
}

/// Adds lines, each with its digits and line end, and makes the last one's digits the last.
pub(super) fn push_sealed(bytes: &mut String, last: &mut String, texts: &[String]) {
    for text in texts {
        *last = digest(last, text.as_bytes());
        bytes.push_str(text);
        bytes.push_str(MARK);
        bytes.push_str(last);
        bytes.push('\n');
    }
}

/// The text and the digits of a line that ends as a line should.
pub(super) fn split_sealed(line: &[u8]) -> Option<(&[u8], &str)> {
    let (text, trailer) = line.split_at_checked(line.len().checked_sub(TRAILER)?)?;
    Some((text, digits(trailer.strip_prefix(MARK.as_bytes())?)?))
}

/// The digits at the very end, whatever stands before them.
pub(super) fn last_digits(line: &[u8]) -> Option<&str> {
    digits(line.get(line.len().checked_sub(DIGITS)?..)?)
}

fn digits(bytes: &[u8]) -> Option<&str> {
    let right = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    std::str::from_utf8(bytes).ok().filter(|text| text.len() == DIGITS && text.bytes().all(|byte| right(&byte)))
}

/// Every place in a line where digits end, in order.
pub(super) fn seals(line: &[u8]) -> impl Iterator<Item = usize> + '_ {
    let seal = |(at, window): (usize, &[u8])| split_sealed(window).map(|_| at + TRAILER);
    line.windows(TRAILER).enumerate().filter_map(seal)
}

/// The text before the last mark, where the digits after it may be damaged.
pub(super) fn before_mark(line: &[u8]) -> Option<&[u8]> {
    line.get(..line.windows(MARK.len()).rposition(|window| window == MARK.as_bytes())?)
}
