//! The daily lanes: steroid stacked by drug, each with its letter, and anakinra with its dots.

use super::lanes::{Lanes, bar_rect};
use super::pattern;
use crate::exposure::figure::{Bar, letter};
use egui::{Align2, Color32, FontId, Painter, Rect, Stroke, Vec2, vec2};
use egui_plot::{PlotPoints, PlotTransform, PlotUi, Polygon};

/// The ground of a letter.
const LETTER: Vec2 = vec2(9.0, 10.0);

impl Lanes<'_> {
    pub(super) fn daily(&self, plot: &mut PlotUi<'_>) {
        for bar in &self.figure.daily {
            let colour = self.colours.drugs.get(bar.drug % 4).copied().unwrap_or(self.colours.accent);
            draw(plot, bar, colour);
        }
    }

    pub(super) fn anakinra(&self, plot: &mut PlotUi<'_>) {
        for bar in &self.figure.anakinra {
            draw(plot, bar, self.colours.anakinra);
        }
    }

    /// The letter of its drug on each bar that has room, where there is more than one drug.
    pub(super) fn over_daily(&self, painter: &Painter, transform: &PlotTransform) {
        for bar in self.figure.daily.iter().filter(|_| self.figure.drugs.len() > 1) {
            let rect = bar_rect(transform, bar);
            // In grey two drugs may look alike: a line parts them also where a letter has no room.
            painter.hline(rect.x_range(), rect.top(), (1.0, self.colours.card));
            if rect.height() > 11.0 && rect.width() > 9.0 {
                // On a ground of its own: no colour of text is read well on every drug's.
                let font = FontId::proportional(10.0);
                painter.rect_filled(Rect::from_center_size(rect.center(), LETTER), 1.0, self.colours.card);
                painter.text(rect.center(), Align2::CENTER_CENTER, letter(bar.drug), font, self.colours.text);
            }
        }
    }

    pub(super) fn over_anakinra(&self, painter: &Painter, transform: &PlotTransform) {
        for bar in &self.figure.anakinra {
            pattern::dots(painter, bar_rect(transform, bar), self.colours.card);
        }
        self.beside(painter, transform, true);
    }
}

fn draw(plot: &mut PlotUi<'_>, bar: &Bar, colour: Color32) {
    let corners = vec![[bar.from, bar.base], [bar.to, bar.base], [bar.to, bar.top], [bar.from, bar.top]];
    let shape = Polygon::new("", PlotPoints::from(corners));
    plot.polygon(shape.fill_color(colour).stroke(Stroke::NONE).allow_hover(false));
}
