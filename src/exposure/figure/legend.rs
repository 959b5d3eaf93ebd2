//! What the signs of the chart mean, and which rows its lane of grades has: the same on the screen and on paper.

use super::{Figure, MarkKind};
use crate::record::{Formulary, Scale};

/// The letter of a drug in the daily lane, by its place in the list of drugs. Source: design, section 7: never colour alone.
///
/// ```
/// use corticurve::exposure::{examples, figure::letter};
/// use corticurve::record::DrugId;
/// let formulary = examples::rules().unwrap().formulary;
/// let letters = ["dexamethasone", "methylprednisolone"].map(|drug| letter(formulary.place(&DrugId::new(drug))));
/// assert_eq!(letters, ['A', 'B']);
/// ```
pub fn letter(drug: usize) -> char {
    ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I'].get(drug).copied().unwrap_or('J')
}

/// A row of the lane of grades.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GradeRow {
    /// Events.
    Events,
    /// The grades on a scale.
    Of(Scale),
}

impl GradeRow {
    /// What stands beside the row. Source: design, section 7.
    ///
    /// ```
    /// use corticurve::{exposure::figure::GradeRow, record::Scale};
    /// assert_eq!([GradeRow::Events, GradeRow::Of(Scale::Icans)].map(GradeRow::word), ["events", "ICANS"]);
    /// ```
    pub const fn word(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Of(scale) => scale.word(),
        }
    }
}

impl Figure {
    /// The rows of the lane of grades from top to bottom: events where there are any, CRS and ICANS always, IEC-HS where it
    /// was graded. Source: design, section 7.
    ///
    /// ```
    /// # use corticurve::exposure::{Exposure, Window, examples, figure::{Figure, GradeRow}};
    /// # use corticurve::record::Scale;
    /// # let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let chart = examples::treated(&["dex 10 iv 2026-11-14T06:00Z"]).unwrap();
    /// let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
    /// let figure = Figure::of(&chart, rules, &exposure).unwrap();
    /// assert_eq!(figure.grade_rows(), [GradeRow::Of(Scale::Crs), GradeRow::Of(Scale::Icans)]);
    /// ```
    pub fn grade_rows(&self) -> Vec<GradeRow> {
        let graded = |scale: &Scale| self.grades.iter().any(|cell| cell.scale == *scale);
        let scales = Scale::ALL.iter().copied().filter(|scale| *scale != Scale::IecHs || graded(scale));
        let events = (!self.marks.is_empty()).then_some(GradeRow::Events);
        events.into_iter().chain(scales.map(GradeRow::Of)).collect()
    }

    /// What the signs mean, of those that are on the chart. Source: design, section 7.
    ///
    /// ```
    /// # use corticurve::exposure::{Exposure, Window, examples, figure::Figure};
    /// # let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let lines = ["dex 10 iv 2026-11-14T06:00Z", "dex 6 iv 2026-11-15T06:00Z unknown"];
    /// let chart = examples::treated(&lines).unwrap();
    /// let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
    /// let legend = Figure::of(&chart, rules, &exposure).unwrap().legend(rules.formulary);
    /// let unchecked = "/// not yet checked against the medication chart";
    /// assert_eq!(legend, ["A dexAMETHasone", "┊ infusion", unchecked, "? undecided dose"]);
    /// ```
    pub fn legend(&self, formulary: &Formulary) -> Vec<String> {
        let drug = |drug| format!("{} {}", letter(formulary.place(drug)), formulary.shown(drug));
        let mut parts: Vec<String> = self.drugs.iter().map(drug).collect();
        if self.infusion.is_some() {
            parts.push("┊ infusion".to_owned());
        }
        if self.unchecked.is_some() {
            parts.push("/// not yet checked against the medication chart".to_owned());
        }
        for (letter, what) in [('?', "? undecided dose"), ('○', "○ dose outside the window")] {
            if self.beside.iter().any(|dose| dose.letter == letter) {
                parts.push(what.to_owned());
            }
        }
        let seen = MarkKind::ALL.into_iter().filter(|kind| self.marks.iter().any(|mark| mark.kind == *kind));
        parts.extend(seen.map(|kind| format!("{} {}", kind.glyph(), kind.word())));
        if self.has_plan() {
            let due = self.continuations.iter().find(|plan| plan.letter.is_none()).map_or("", |plan| &plan.due);
            parts.push(format!("┄ planned, not given{due}"));
        }
        let supposed = self.continuations.iter().filter_map(|plan| Some((plan.letter?, &plan.due)));
        parts.extend(supposed.map(|(letter, due)| format!("┈ {letter} what if{due}")));
        parts
    }

    fn has_plan(&self) -> bool {
        self.continuations.iter().any(|plan| plan.letter.is_none())
            || !self.planned_daily.is_empty()
            || !self.planned_anakinra.is_empty()
    }
}
