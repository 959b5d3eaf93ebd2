//! What the user does with the chart: the crosshair from dose to dose, and the stretch of the axis that is seen.

use super::App;
use crate::exposure::figure::{Figure, Stop, Stretch};

/// How much closer or further one key press goes.
const ZOOM: f64 = 1.5;

/// By how much of the stretch one key press moves.
const MOVE: f64 = 0.25;

/// The state of the chart. Which stretch is seen and where the crosshair is belong to the open patient.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ChartState {
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
        let Some(Ok(view)) = &self.view else { return };
        let (figure, chart) = (&view.figure, &mut self.chart);
        let seen = chart.seen(figure);
        let middle = f64::midpoint(seen.from, seen.to);
        let here = chart.crosshair.as_ref().map(|crosshair| crosshair.x);
        let around = here.filter(|x| (seen.from..=seen.to).contains(x)).unwrap_or(middle);
        let wished = match action {
            ChartAction::To(stop) => {
                if let Some(x) = figure.stop(here, stop) {
                    chart.read(figure, x);
                }
                return;
            }
            ChartAction::Enter => {
                let chosen = self.chosen.as_ref().and_then(|id| figure.spot(id)).map(|spot| spot.from);
                if let Some(x) = chosen.or(here).or_else(|| figure.stop(None, Stop::Last)) {
                    chart.read(figure, x);
                }
                return;
            }
            ChartAction::Choose => {
                let entries = here.map(|x| figure.entries_at(x)).unwrap_or_default();
                let chosen = entries.iter().position(|id| Some(*id) == self.chosen.as_ref());
                let next = chosen.map_or(0, |at| (at + 1) % entries.len().max(1));
                let entry = entries.get(next).map(|id| (*id).clone());
                if entry.is_some() {
                    self.choose(entry);
                }
                return;
            }
            ChartAction::Closer => seen.closer(ZOOM, around),
            ChartAction::Further => seen.closer(1.0 / ZOOM, around),
            ChartAction::Earlier => seen.moved(-MOVE),
            ChartAction::Later => seen.moved(MOVE),
            ChartAction::Show(stretch) => stretch,
            ChartAction::Reset => return chart.stretch = None,
            ChartAction::FitDays0To30 if figure.axis.has_days => Stretch::DAYS_0_TO_30,
            ChartAction::FitDays0To30 => {
                return self.tell_error("Days 0 to 30 need a Day 0: record the infusion (Ctrl+I)");
            }
        };
        chart.stretch = Some(figure.shown_stretch(wished));
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
        let Some(Ok(view)) = &self.view else { return };
        if let Some(spot) = self.chosen.as_ref().and_then(|id| view.figure.spot(id)) {
            self.chart.bring(&view.figure, spot.from);
        }
    }
}
