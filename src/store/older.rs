//! Which segments are older states of themselves: they lack what this workstation has read of them before.

use super::cache::{Ends, SeenNames};
use super::format::{self, Place, SEGMENT_MOST, WriterId};
use super::segment::End;
use super::{Store, read};
use crate::record::EntryId;
use std::borrow::Cow;
use std::collections::BTreeMap;

impl Store {
    /// For each segment whether it lacks what was read of it, and no other file holds that. Those whose bytes are not held are
    /// read for this alone, one at a time.
    ///
    /// A copy that is restored in the place of the folder holds shorter files, and what they lack in files of other writers,
    /// so that nothing is lost. Whether that is so is told by the last entry. Where it stands in a file of the same writer,
    /// that says nothing: what could not be saved at the end of one segment is tried again in the next.
    pub(super) fn are_older(&self, found: &[read::Found<'_>], ends: &Ends) -> Vec<bool> {
        let ends: Vec<Option<&End>> =
            found.iter().map(|found| lacking(|| self.bytes_of(found), found.0, ends)).collect();
        let lasts =
            found.iter().zip(&ends).filter_map(|((place, _), end)| Some((end.as_ref()?.last.as_ref()?, *place)));
        let mut elsewhere: BTreeMap<&EntryId, (&WriterId, bool)> =
            lasts.map(|(last, place)| (last, (&place.writer, false))).collect();
        if !elsewhere.is_empty() {
            for one in found {
                for id in format::ids(&self.bytes_of(one).unwrap_or_default()) {
                    if let Some((writer, stands)) = elsewhere.get_mut(&id) {
                        *stands |= **writer != one.0.writer;
                    }
                }
            }
        }
        let stands = |last: &EntryId| elsewhere.get(last).is_some_and(|(_, stands)| *stands);
        ends.into_iter().map(|end| end.is_some_and(|end| !end.last.as_ref().is_some_and(stands))).collect()
    }

    /// Whether bytes lack what this workstation has read of the segment before.
    pub(super) fn is_older_than_seen(&self, place: &Place, bytes: &[u8]) -> bool {
        let ends = self.names.as_ref().map(|names: &SeenNames| names.ends(&place.patient)).unwrap_or_default();
        lacking(|| Some(Cow::Borrowed(bytes)), place, &ends).is_some()
    }

    fn bytes_of<'b>(&self, (place, held): &'b read::Found<'_>) -> Option<Cow<'b, [u8]>> {
        let read = || self.storage.read(&self.folder.join(place.file()), 0, SEGMENT_MOST + 1).ok();
        held.as_deref().map(Cow::Borrowed).or_else(|| read().map(Cow::Owned))
    }
}

/// The longest end that was ever read of the segment, where its bytes lack it.
fn lacking<'b, 'e>(bytes: impl FnOnce() -> Option<Cow<'b, [u8]>>, place: &Place, ends: &'e Ends) -> Option<&'e End> {
    let end = ends.get(&Place::file_name(&place.writer, place.segment))?.as_ref()?;
    bytes().is_some_and(|bytes| !end.is_in(&bytes)).then_some(end)
}
