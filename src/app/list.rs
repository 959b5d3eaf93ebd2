//! The ward list: in which order, and which of the patients. Worked out after a change and not on a frame.

use super::App;
use super::view::{Shown, WardRow};
use super::ward::second_charts;
use super::worker::Seen;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::sync::Arc;

/// What the ward list is sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Order {
    /// The name.
    #[default]
    Name,
    /// The day, the latest first; patients without Day 0 last.
    Day,
    /// The cumulative total, the highest first.
    Total,
    /// The total of the last 24 hours, the highest first.
    Last24h,
    /// The end of the last dose, the latest first.
    LastDose,
    /// How much there is to look at, the most first.
    Questions,
}

impl Order {
    /// Every order, as they are offered.
    pub const ALL: [Self; 6] = [Self::Name, Self::Day, Self::Total, Self::Last24h, Self::LastDose, Self::Questions];

    /// What it goes by.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Name => "by name",
            Self::Day => "by day",
            Self::Total => "by total",
            Self::Last24h => "by last 24 h",
            Self::LastDose => "by last dose",
            Self::Questions => "by question",
        }
    }

    /// The order after it.
    #[must_use]
    pub fn next(self) -> Self {
        let place = Self::ALL.iter().position(|order| *order == self).map_or(0, |place| place + 1);
        Self::ALL.get(place).copied().unwrap_or_default()
    }

    /// What a row shows of its patient: the figure that the list is sorted by.
    pub const fn shows(self) -> Shown {
        match self {
            Self::Last24h => Shown::Last24h,
            Self::LastDose => Shown::LastDose,
            Self::Name | Self::Day | Self::Total | Self::Questions => Shown::Total,
        }
    }

    /// Sorts rows that are in the order of their names.
    fn sort(self, rows: &mut [(usize, &WardRow)]) {
        match self {
            Self::Name => {}
            Self::Day => rows.sort_by_key(|(_, row)| Reverse(row.day_number)),
            Self::Total => rows.sort_by_key(|(_, row)| Reverse(row.mg)),
            Self::Last24h => rows.sort_by_key(|(_, row)| Reverse(row.last_24h_mg)),
            Self::LastDose => rows.sort_by_key(|(_, row)| Reverse(row.last_dose_at)),
            Self::Questions => rows.sort_by_key(|(_, row)| Reverse((row.questions, row.needs_look()))),
        }
    }
}

/// Which rows of the ward list are shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WardList {
    /// Whether patients who left it are shown.
    pub has_archived: bool,
    /// Whether the list is shown where the window has no room for it beside the patient.
    pub is_open: bool,
    /// The places of the rows that are found, in the chosen order.
    found: Vec<usize>,
}

impl App {
    /// The rows that the search leaves, in the chosen order.
    pub fn found_rows(&self) -> impl Iterator<Item = &WardRow> {
        self.list.found.iter().filter_map(|at| self.rows.get(*at)).map(Arc::as_ref)
    }

    /// Finds patients of one number, and marks their rows.
    pub(super) fn mark_second_charts(&mut self) {
        let found = second_charts(self.ward.as_ref().map(Seen::patients).unwrap_or_default());
        for row in &mut self.rows {
            let second = found.iter().find(|finding| finding.is_of(&row.id));
            if row.second_chart.as_ref() != second {
                Arc::make_mut(row).second_chart = second.cloned();
            }
        }
    }

    /// Works out which rows are found, and in which order.
    pub(super) fn find_rows(&mut self) {
        let words: Vec<String> = self.search.to_lowercase().split_whitespace().map(ToOwned::to_owned).collect();
        let is_shown = |row: &WardRow| (self.list.has_archived || !row.is_archived) && row.matches(&words);
        let mut rows: Vec<(usize, &WardRow)> =
            self.rows.iter().map(Arc::as_ref).enumerate().filter(|(_, row)| is_shown(row)).collect();
        self.settings.order.sort(&mut rows);
        self.list.found = rows.into_iter().map(|(at, _)| at).collect();
    }

    /// How many patients left the ward list.
    pub fn archived(&self) -> usize {
        self.rows.iter().filter(|row| row.is_archived).count()
    }

    pub(super) fn sort_by(&mut self, order: Order) {
        self.settings.order = order;
        self.keep_settings();
        self.find_rows();
        self.scroll = true;
    }

    pub(super) fn search_for(&mut self, text: String) {
        self.search = text;
        self.find_rows();
    }

    pub(super) fn show_archived(&mut self, show: bool) {
        self.list.has_archived = show;
        self.find_rows();
    }
}
