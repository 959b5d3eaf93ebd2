//! How the window's room is shared out: the lanes of the chart, the log below it, the ward list beside it.
//!
//! Shares are remembered in thousandths and not in points: the same choice serves another screen. The window keeps the least
//! that each part needs, so that no share can hide one.

use super::App;
use serde::{Deserialize, Serialize};

/// How much one key press moves a border: in thousandths, or in points.
const STEP: i16 = 30;

/// What each part has at the least and at the most.
const LANE: (u16, u16) = (140, 400);
const GRADE_ROW: (u16, u16) = (18, 40);
const LOG: (u16, u16) = (150, 600);
const LIST: (u16, u16) = (200, 420);

/// A border that can be moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Border {
    /// Between the curve and the steroid of each day.
    UnderCurve,
    /// Between the steroid and the anakinra of each day.
    UnderSteroid,
    /// Between the anakinra and the grades.
    UnderAnakinra,
    /// Between the quick entry and the log.
    OverLog,
    /// Between the ward list and the patient.
    BesideList,
}

impl Border {
    /// From the top of the chart downwards, then the ward list.
    pub const ALL: [Self; 5] =
        [Self::UnderCurve, Self::UnderSteroid, Self::UnderAnakinra, Self::OverLog, Self::BesideList];

    /// Which border it is.
    pub const fn words(self) -> &'static str {
        match self {
            Self::UnderCurve => "the border under the curve",
            Self::UnderSteroid => "the border under the steroid of each day",
            Self::UnderAnakinra => "the border under the anakinra of each day",
            Self::OverLog => "the border over the log",
            Self::BesideList => "the border beside the ward list",
        }
    }

    /// Whether it moves to the left and to the right.
    pub const fn is_upright(self) -> bool {
        matches!(self, Self::BesideList)
    }

    /// The one after it; none after the last.
    fn next(held: Option<Self>) -> Option<Self> {
        let after = held.and_then(|held| Self::ALL.iter().position(|border| *border == held)).map_or(0, |at| at + 1);
        Self::ALL.get(after).copied()
    }
}

/// How the room is shared out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sizes {
    /// The lane of steroid of each day, in thousandths of the three lanes above the grades; the curve has what is left.
    pub steroid: u16,
    /// The lane of anakinra, in the same.
    pub anakinra: u16,
    /// Each row of the lane of grades, in points.
    pub grade_row: u16,
    /// The log, in thousandths of what is below the identity strip.
    pub log: u16,
    /// The ward list, in points.
    pub list: u16,
}

impl Default for Sizes {
    fn default() -> Self {
        Self { steroid: 220, anakinra: 220, grade_row: 18, log: 310, list: 228 }
    }
}

impl Sizes {
    /// The same after a border was moved down or to the right: so many thousandths of what is shared out; points for the
    /// ward list and for a row of grades. Beyond its limits nothing moves.
    #[must_use]
    pub fn moved(self, border: Border, by: i16) -> Self {
        let Self { steroid, anakinra, grade_row, log, list } = self;
        match border {
            // What the curve gains the lane below it loses.
            Border::UnderCurve => Self { steroid: changed(steroid, -by, LANE), ..self },
            Border::UnderSteroid => {
                let wished = changed(steroid, by, LANE);
                let below = changed(anakinra, signed(steroid) - signed(wished), LANE);
                // The curve stays as it is: both lanes move by what both can.
                Self { steroid: steroid.saturating_add(anakinra).saturating_sub(below), anakinra: below, ..self }
            }
            Border::UnderAnakinra => Self { grade_row: changed(grade_row, -by, GRADE_ROW), ..self },
            Border::OverLog => Self { log: changed(log, -by, LOG), ..self },
            Border::BesideList => Self { list: changed(list, by, LIST), ..self },
        }
    }

    /// The same inside the limits: a settings file can be written by hand.
    #[must_use]
    pub fn in_limits(self) -> Self {
        let lanes = |share: u16| share.clamp(LANE.0, LANE.1);
        Self {
            steroid: lanes(self.steroid),
            anakinra: lanes(self.anakinra),
            grade_row: self.grade_row.clamp(GRADE_ROW.0, GRADE_ROW.1),
            log: self.log.clamp(LOG.0, LOG.1),
            list: self.list.clamp(LIST.0, LIST.1),
        }
    }
}

fn signed(share: u16) -> i16 {
    i16::try_from(share).unwrap_or(i16::MAX)
}

fn changed(share: u16, by: i16, (least, most): (u16, u16)) -> u16 {
    share.saturating_add_signed(by).clamp(least, most)
}

impl App {
    /// Takes hold of the next border, for the keys that move it.
    pub(super) fn hold_next_border(&mut self) {
        self.held = Border::next(self.held);
        match self.held {
            Some(border) => self.tell(&format!(
                "{}: Alt+Up and Alt+Down move it, F12 takes the next, Escape lets go.",
                capital(border.words())
            )),
            None => self.notice = None,
        }
    }

    /// Moves the held border by a key press, and remembers it.
    pub(super) fn step_border(&mut self, steps: i16) {
        let Some(border) = self.held else { return self.hold_next_border() };
        // A row of grades is two points higher or lower: it is small, and there are several.
        let step = if border == Border::UnderAnakinra { 2 } else { STEP };
        self.move_border(border, step.saturating_mul(steps));
        self.keep_settings();
    }

    /// Moves a border; it is remembered when it is let go ([`App::keep_settings`]), not with every point of the way.
    pub(super) fn move_border(&mut self, border: Border, by: i16) {
        self.settings.sizes = self.settings.sizes.in_limits().moved(border, by);
    }

    /// As it was before anything was moved.
    pub(super) fn usual_sizes(&mut self) {
        (self.settings.sizes, self.held) = (Sizes::default(), None);
        self.keep_settings();
        self.tell("Lanes, log and ward list are as high and wide as usual.");
    }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
