//! Which segments are older states of themselves: they lack what this workstation has read of them before.

use super::cache::Ends;
use super::format::{Place, SEGMENT_MOST, WriterId};
use super::segment::{self, End};
use super::writer::{self, WRITERS};
use super::{Store, read};
use crate::record::EntryId;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What a segment lacks of what was read of it before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Older {
    /// Nothing, as far as is known.
    No,
    /// Something; whether the file is shorter than it was.
    Lacking { is_shorter: bool },
    /// Something that stands in a file which was not there then: a copy was restored in its place.
    Restored,
}

impl Store {
    /// For each segment whether it lacks what was read of it, and no other file holds that. Those whose bytes are not held are
    /// read for this alone, one at a time.
    ///
    /// A copy that is restored in the place of the folder holds shorter files, and what they lack in files of other writers,
    /// so that nothing is lost. Whether that is so is told by the last entry. Where it stands in a file of the same writer,
    /// that says nothing: what could not be saved at the end of one segment is tried again in the next. Nor does it in a file
    /// that was known before: what waited may be delivered by two programs. And as what waited is most often the last entry,
    /// it says nothing either unless the folder holds a copy of the writer's files, which only a copy by this program says: a
    /// snapshot that a server put back does not.
    pub(super) fn are_older(&self, found: &[read::Found<'_>], ends: &Ends) -> Vec<Older> {
        let lacking: Vec<Option<Lacking<'_>>> =
            found.iter().map(|found| lacking(|| self.bytes_of(found), found.0, ends)).collect();
        let lasts =
            found.iter().zip(&lacking).filter_map(|((place, _), one)| Some((one.as_ref()?.end.last.as_ref()?, *place)));
        let mut elsewhere: BTreeMap<&EntryId, (&WriterId, bool)> =
            lasts.map(|(last, place)| (last, (&place.writer, false))).collect();
        if !elsewhere.is_empty() {
            let is_new = |place: &Place| !ends.contains_key(&Place::file_name(&place.writer, place.segment));
            for one in found.iter().filter(|(place, _)| is_new(place)) {
                let bytes = self.bytes_of(one).unwrap_or_default();
                for (_, entry) in segment::read(&bytes, one.0, &one.0.file(), self.protocol).entries {
                    if let Some((writer, stands)) = elsewhere.get_mut(&entry.id) {
                        *stands |= **writer != one.0.writer && self.holds_copies_of(writer);
                    }
                }
            }
        }
        let stands = |last: &EntryId| elsewhere.get(last).is_some_and(|(_, stands)| *stands);
        let older = |one: Option<Lacking<'_>>| match one {
            None => Older::No,
            Some(Lacking { end, .. }) if end.last.as_ref().is_some_and(stands) => Older::Restored,
            Some(Lacking { is_shorter, .. }) => Older::Lacking { is_shorter },
        };
        lacking.into_iter().map(older).collect()
    }

    /// Whether bytes lack what this workstation has read of the segment before, or lacked it once and that was known.
    pub(super) fn is_older_than_seen(&self, place: &Place, bytes: &[u8]) -> bool {
        let Some(names) = &self.names else { return false };
        let name = Place::file_name(&place.writer, place.segment);
        names.was_known(&place.patient, &name)
            || lacking(|| Some(Cow::Borrowed(bytes)), place, &names.ends(&place.patient)).is_some()
    }

    /// Whether a copy of a writer's files was put here by a program.
    fn holds_copies_of(&self, writer: &WriterId) -> bool {
        self.storage.read(&self.folder.join(WRITERS).join(writer::end_name(writer)), 0, 1).is_ok()
    }

    fn bytes_of<'b>(&self, (place, held): &'b read::Found<'_>) -> Option<Cow<'b, [u8]>> {
        let read = || self.storage.read(&self.folder.join(place.file()), 0, SEGMENT_MOST + 1).ok();
        held.as_deref().map(Cow::Borrowed).or_else(|| read().map(Cow::Owned))
    }
}

/// The longest end that was ever read of a segment, which its bytes lack.
struct Lacking<'e> {
    end: &'e End,
    is_shorter: bool,
}

fn lacking<'b, 'e>(
    bytes: impl FnOnce() -> Option<Cow<'b, [u8]>>,
    place: &Place,
    ends: &'e Ends,
) -> Option<Lacking<'e>> {
    let end = ends.get(&Place::file_name(&place.writer, place.segment))?.as_ref()?;
    let bytes = bytes().filter(|bytes| !end.is_in(bytes))?;
    let is_shorter = u64::try_from(bytes.len()).is_ok_and(|length| length < end.length);
    Some(Lacking { end, is_shorter })
}
