//! What the user does with the chart: the crosshair from dose to dose, and the stretch of the axis that is seen.

use super::App;
use super::view::{ChartTable, Look};
use crate::exposure::figure::{Figure, Stop, Stretch};

/// How much closer or further one key press goes.
const ZOOM: f64 = 1.5;

/// By how much of the stretch one key press moves.
const MOVE: f64 = 0.25;

/// The state of the chart. Which stretch is seen and where the crosshair is belong to the open patient.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ChartState {
    /// Whether the table is of days instead of doses.
    pub days: bool,
    /// The row of the table that the keyboard is in.
    pub row: usize,
    /// The crosshair that keys have moved, with what it reads.
    pub crosshair: Option<Crosshair>,
    /// The stretch that was zoomed or moved to; the chart opens without one.
    pub stretch: Option<Stretch>,
}

/// The crosshair on a dose.
#[derive(Debug, Clone, PartialEq)]
pub struct Crosshair {
    /// Where.
    pub x: f64,
    /// What it reads, line by line.
    pub lines: Vec<String>,
}

/// One thing that is done with the chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ChartAction {
    /// The crosshair goes to another dose.
    To(Stop),
    /// The keyboard came to the chart: the crosshair appears where something is chosen, or at the last dose.
    Enter,
    /// The dose under the crosshair is chosen in the log; of several, the one after the one that is chosen.
    Choose,
    /// Closer, around the crosshair.
    Closer,
    /// Further away.
    Further,
    /// Earlier times.
    Earlier,
    /// Later times.
    Later,
    /// This stretch.
    Show(Stretch),
    /// As the chart opened.
    Reset,
    /// Days 0 to 30, where there is a Day 0.
    FitDays0To30,
    /// Milligrams, or milligrams per kilogram; remembered.
    Unit,
    /// Even, or logarithmic; remembered.
    Spacing,
    /// Published medians on or off; remembered.
    Published,
    /// In the table, so many rows further down.
    RowBy(isize),
    /// In the table, the days instead of the doses.
    Days(bool),
    /// The table on the clipboard as text.
    CopyText,
    /// The table on the clipboard as CSV.
    CopyCsv,
}

impl ChartState {
    /// The stretch that is seen of a figure.
    pub fn seen(&self, figure: &Figure) -> Stretch {
        self.stretch.unwrap_or_else(|| figure.opens_with())
    }

    /// Another patient has another axis.
    pub(super) fn leave(&mut self) {
        (self.crosshair, self.stretch) = (None, None);
    }

    /// Moves the crosshair, and the stretch so that it is seen.
    fn read(&mut self, figure: &Figure, x: f64) {
        // A dose and nothing beside it: the position is that of a dose.
        self.crosshair = Some(Crosshair { x, lines: figure.read_out(x, 1e-6) });
        self.bring(figure, x);
    }

    /// Moves a zoomed axis so that a position is seen.
    fn bring(&mut self, figure: &Figure, x: f64) {
        let (before, after) = (self.seen(figure), self.seen(figure).showing(x));
        if before != after {
            self.stretch = Some(figure.shown_stretch(after));
        }
    }
}

impl App {
    pub(super) fn change_chart(&mut self, action: ChartAction) {
        match action {
            ChartAction::Unit => self.change_unit(),
            ChartAction::Spacing => {
                self.settings.spacing = self.settings.spacing.other();
                self.keep_settings();
                self.space_chart();
            }
            ChartAction::Published => {
                self.settings.hides_published ^= true;
                self.keep_settings();
                self.refresh_view();
            }
            ChartAction::RowBy(rows) => self.row_by(rows),
            ChartAction::Days(days) => (self.chart.days, self.chart.row, self.scroll) = (days, 0, true),
            ChartAction::CopyText => self.copy_table(|table| Ok(table.as_text())),
            ChartAction::CopyCsv => self.copy_table(ChartTable::as_csv),
            ChartAction::Choose => self.choose_here(),
            ChartAction::Reset => self.chart.stretch = None,
            ChartAction::FitDays0To30 if self.shown().is_some_and(|view| !view.figure.axis.has_days) => {
                self.tell_error("Days 0 to 30 need a Day 0: record the infusion (Ctrl+I)");
            }
            action => self.move_chart(action),
        }
    }

    /// Moves the crosshair, or the stretch that is seen.
    fn move_chart(&mut self, action: ChartAction) {
        let Some(Ok(view)) = &self.view else { return };
        let (figure, chart) = (&view.figure, &mut self.chart);
        let seen = chart.seen(figure);
        let here = chart.crosshair.as_ref().map(|crosshair| crosshair.x);
        let inside = here.filter(|x| (seen.from..=seen.to).contains(x));
        let around = inside.unwrap_or(f64::midpoint(seen.from, seen.to));
        let to = match action {
            ChartAction::To(stop) => figure.stop(here, stop),
            ChartAction::Enter => {
                let chosen = self.chosen.as_ref().and_then(|id| figure.spot(id)).map(|spot| spot.from);
                chosen.or(here).or_else(|| figure.stop(None, Stop::Last))
            }
            _ => None,
        };
        if let Some(x) = to {
            chart.read(figure, x);
        }
        let wished = match action {
            ChartAction::Closer => seen.closer(ZOOM, around),
            ChartAction::Further => seen.closer(1.0 / ZOOM, around),
            ChartAction::Earlier => seen.moved(-MOVE),
            ChartAction::Later => seen.moved(MOVE),
            ChartAction::Show(stretch) => stretch,
            ChartAction::FitDays0To30 => Stretch::DAYS_0_TO_30,
            _ => return,
        };
        chart.stretch = Some(figure.shown_stretch(wished));
    }

    /// Chooses the dose under the crosshair.
    fn choose_here(&mut self) {
        let Some((view, crosshair)) = self.shown().zip(self.chart.crosshair.as_ref()) else { return };
        let entries = view.figure.entries_at(crosshair.x);
        let chosen = entries.iter().position(|id| Some(*id) == self.chosen.as_ref());
        let next = chosen.map_or(0, |at| (at + 1) % entries.len().max(1));
        if let Some(entry) = entries.get(next).map(|id| (*id).clone()) {
            self.choose(Some(entry));
        }
    }

    /// Without a weight the chart stays in milligrams, and it is said why.
    fn change_unit(&mut self) {
        if self.shown().is_some_and(|view| view.exposure.weight.is_none()) {
            return self.tell_error("mg/kg needs a weight: none is recorded for this patient (Ctrl+M)");
        }
        self.settings.unit = self.settings.unit.other();
        self.keep_settings();
        self.refresh_view();
    }

    /// The row is one of the table, which may have become shorter.
    pub(super) fn keep_row(&mut self) {
        let Some(table) = &self.chart_table else { return };
        let of = if self.chart.days { table.days.len() } else { table.doses.len() };
        self.chart.row = self.chart.row.min(of.saturating_sub(1));
    }

    fn row_by(&mut self, rows: isize) {
        self.chart.row = self.chart.row.saturating_add_signed(rows);
        self.keep_row();
        self.scroll = true;
    }

    fn copy_table(&mut self, text: impl Fn(&ChartTable) -> Result<String, csv::Error>) {
        if let Err(why) = self.settled() {
            return self.tell_error(why);
        }
        let Some((table, patient)) = self.chart_table.as_ref().zip(self.patient()) else { return };
        match text(table) {
            Ok(text) => {
                let whose = patient.shown_name();
                self.clipboard = Some(format!("{whose}\n{text}"));
                self.tell("The table is on the clipboard.");
            }
            Err(error) => self.tell_error(&error.to_string()),
        }
    }

    /// How the chart is looked at.
    pub(super) fn chart_look(&self) -> Look {
        Look { unit: self.settings.unit, spacing: self.settings.spacing, published: !self.settings.hides_published }
    }

    /// Draws the chart with the other scale, from amounts that are worked out already.
    fn space_chart(&mut self) {
        if let Some(Ok(view)) = &mut self.view {
            view.space(self.settings.spacing);
        }
        self.view_number += 1;
        self.refresh_chart();
    }

    /// After the figure has changed: the crosshair reads anew, and goes where there is no dose any more.
    pub(super) fn refresh_chart(&mut self) {
        let Some(Ok(view)) = &self.view else { return self.chart.crosshair = None };
        let figure = &view.figure;
        let kept = self.chart.crosshair.take().filter(|crosshair| !figure.entries_at(crosshair.x).is_empty());
        self.chart.crosshair = kept.map(|Crosshair { x, .. }| Crosshair { x, lines: figure.read_out(x, 1e-6) });
    }

    /// Brings the chosen dose into a zoomed chart.
    pub(super) fn bring_chosen(&mut self) {
        self.bring_chosen_then();
        let Some(Ok(view)) = &self.view else { return };
        if let Some(spot) = self.chosen.as_ref().and_then(|id| view.figure.spot(id)) {
            self.chart.bring(&view.figure, spot.from);
        }
    }
}
