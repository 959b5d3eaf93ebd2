//! Where the log is scrolled to: at an entry, and not at a number of points. So a dose that a colleague records moves nothing
//! under the eyes of whoever reads further down.

use crate::app::view::LogLine;
use crate::record::EntryId;
use egui::{Id, Ui};

/// The line at the top of the log's view in the last frame.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// All lines then, in their order.
    lines: Vec<EntryId>,
    /// Where each began.
    tops: Vec<f32>,
    /// How wide the column was that folds.
    room: f32,
    /// How far the log was scrolled.
    offset: f32,
}

fn key() -> Id {
    Id::unique("place in the log")
}

/// The place of the last frame.
pub fn of(ui: &Ui) -> Place {
    ui.data(|data| data.get_temp(key())).unwrap_or_default()
}

impl Place {
    /// How far to scroll so that the same line stays where it is, with the height of a line in a column so wide; `None`
    /// where the lines are the same, the log was at its top, or the line is not there any more.
    pub fn moved(&self, lines: &[&LogLine], height: impl Fn(&LogLine, f32) -> f32) -> Option<f32> {
        if self.offset <= 0.0 || self.is_of(lines) {
            return None;
        }
        let at = self.tops.iter().rposition(|top| *top <= self.offset)?;
        let (line, top) = self.lines.get(at).zip(self.tops.get(at))?;
        let above = lines.iter().position(|now| now.id == *line)?;
        let new_top: f32 = lines.iter().take(above).map(|line| height(line, self.room)).sum();
        Some(new_top + self.offset - top)
    }

    fn is_of(&self, lines: &[&LogLine]) -> bool {
        self.lines.len() == lines.len() && self.lines.iter().zip(lines).all(|(known, line)| *known == line.id)
    }

    /// Remembers the place of this frame: where each line begins, and how wide the column is that folds.
    pub fn keep(mut self, ui: &Ui, lines: &[&LogLine], tops: Vec<f32>, room: f32, offset: f32) {
        if !self.is_of(lines) {
            self.lines = lines.iter().map(|line| line.id.clone()).collect();
        }
        (self.tops, self.room, self.offset) = (tops, room, offset);
        ui.data_mut(|data| data.insert_temp(key(), self));
    }
}
