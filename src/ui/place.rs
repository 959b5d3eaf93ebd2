//! Where the log is scrolled to: at an entry, and not at a number of points. So a dose that a colleague records moves nothing
//! under the eyes of whoever reads further down.

use crate::app::view::LogLine;
use crate::record::EntryId;
use egui::{Id, Ui};
use std::sync::Arc;

/// What the lines were drawn from: the same again means the same lines, each as high as before.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Drawn {
    /// The number of the view.
    pub view: u64,
    /// Whether struck-out and earlier entries are among them.
    pub shows_old: bool,
    /// How wide the column is that folds.
    pub room: f32,
}

/// The line at the top of the log's view in the last frame.
#[derive(Debug, Clone, Default)]
pub struct Place {
    drawn: Drawn,
    /// All lines then, in their order.
    lines: Arc<Vec<EntryId>>,
    /// How high each was.
    heights: Arc<Vec<f32>>,
    /// Where each began.
    tops: Arc<Vec<f32>>,
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
    pub fn moved(
        &self,
        drawn: Drawn,
        lines: &[&LogLine],
        height: impl Fn(&LogLine, f32) -> f32,
        spacing: f32,
    ) -> Option<f32> {
        let same = Drawn { room: self.drawn.room, ..drawn } == self.drawn;
        if self.offset <= 0.0 || same || self.is_of(lines) {
            return None;
        }
        let at = self.tops.iter().rposition(|top| *top <= self.offset)?;
        let (line, top) = self.lines.get(at).zip(self.tops.get(at))?;
        let above = lines.iter().position(|now| now.id == *line)?;
        let new_top: f32 = lines.iter().take(above).map(|line| height(line, self.drawn.room) + spacing).sum();
        Some(new_top + self.offset - top)
    }

    fn is_of(&self, lines: &[&LogLine]) -> bool {
        self.lines.len() == lines.len() && self.lines.iter().zip(lines).all(|(known, line)| *known == line.id)
    }

    /// How high each line is: worked out where anything is drawn otherwise than in the last frame.
    pub fn heights(
        &mut self,
        drawn: Drawn,
        lines: &[&LogLine],
        height: impl Fn(&LogLine, f32) -> f32,
        spacing: f32,
    ) -> Arc<Vec<f32>> {
        if drawn != self.drawn || self.heights.len() != lines.len() {
            let heights: Vec<f32> = lines.iter().map(|line| height(line, drawn.room)).collect();
            let tops = heights.iter().scan(0.0, |below, height| {
                let top = *below;
                *below += height + spacing;
                Some(top)
            });
            self.tops = Arc::new(tops.collect());
            self.heights = Arc::new(heights);
            self.lines = Arc::new(lines.iter().map(|line| line.id.clone()).collect());
            self.drawn = drawn;
        }
        Arc::clone(&self.heights)
    }

    /// Remembers the place of this frame.
    pub fn keep(mut self, ui: &Ui, offset: f32) {
        self.offset = offset;
        ui.data_mut(|data| data.insert_temp(key(), self));
    }
}
