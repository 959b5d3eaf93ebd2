//! Plans on the chart: dashed continuations of the curve and hollow bars. They stand beside what was given and change none
//! of it; what is widened for them is the view.

use super::lanes::{AIR, day_words, headroom};
use super::{AmountUnit, Bar, Figure};
use crate::exposure::{Exact, Exposure, PlannedDay, Projection, due_words};
use crate::record::time;

/// The curve as it would go on: from the total at the as-of time, a step for each expected dose.
#[derive(Debug, Clone, PartialEq)]
pub struct Continuation {
    /// The letter of what is only supposed; none for what is recorded as planned.
    pub letter: Option<char>,
    /// The steps, ready to be joined by straight lines.
    pub line: Vec<[f64; 2]>,
    /// Where its label stands: at its end, or where it leaves the view.
    pub label_at: [f64; 2],
    /// What the label says: `127 mg with the plan`.
    pub label: String,
    /// Whether the label stands under the line, because another one stands above it.
    pub label_below: bool,
    /// What is said beside its number of the doses that were due by now: `; 1 dose due by now …`, or nothing.
    pub(super) due: String,
    steps: Vec<(f64, Exact)>,
    unit: AmountUnit,
}

impl Continuation {
    /// The total by a position; `None` before it begins.
    fn total_at(&self, x: f64) -> Option<Exact> {
        self.steps.iter().rfind(|(step, _)| *step <= x + 1e-9).map(|(_, total)| *total)
    }

    /// What it says of a position in the read-out.
    pub(super) fn words_at(&self, x: f64) -> Option<String> {
        let total = self.unit.shown(self.total_at(x)?);
        Some(match self.letter {
            None => format!("with the plan: {total} by then, not given{}", self.due),
            Some(letter) => format!("{letter} what if: {total} by then{}", self.due),
        })
    }
}

/// How far the view reaches after the as-of time for the sake of a plan, in days: as far as it reaches before it, and a
/// week at least. A longer plan is seen by moving the chart.
const AT_LEAST: f64 = 7.0;

impl Figure {
    /// With the curve's continuation by a projection; without glucocorticoid doses to come there is none. `letter` marks
    /// what is only supposed. Source: design, sections 5 and 7.
    ///
    /// ```
    /// use corticurve::exposure::{Exposure, Projection, Window, examples, figure::Figure};
    /// let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let chart = examples::treated(&["dex 10 iv 2026-11-14T08:00Z"]).unwrap();
    /// let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
    /// let plan = examples::plan("dex 4 iv daily from tomorrow 08:00 x2").unwrap();
    /// let projection = Projection::of(&exposure, &[&plan], rules, &examples::zone().unwrap()).unwrap();
    /// let figure = Figure::of(&chart, rules, &exposure).unwrap().continued(None, &projection);
    /// assert_eq!(figure.continuations[0].label, "18 mg with the plan");
    /// assert_eq!(figure.continuations[0].line.last().unwrap()[1], 18.0);
    /// assert_eq!(figure.curve.last().unwrap()[1], 10.0);
    /// ```
    #[must_use]
    pub fn continued(mut self, letter: Option<char>, projection: &Projection) -> Self {
        let Some(last) = projection.steps.last() else { return self };
        let mut reached = self.now;
        // In milligrams these are the projection's own totals.
        let start = self.amounts.total();
        let of_unit = |mg: Exact| start.plus(self.amounts.of_planned(mg.minus(projection.start)?)?);
        let Ok(totals) = projection.steps.iter().map(|step| of_unit(step.total)).collect::<Result<Vec<_>, _>>() else {
            return self;
        };
        let mut steps = vec![(reached, start)];
        let mut line = vec![[reached, start.to_plot()]];
        for (step, total) in projection.steps.iter().zip(totals) {
            // Within the repeated hour of autumn the line waits rather than turn back, as the curve does.
            reached = self.axis.x(step.at).max(reached);
            // A running infusion rises evenly; a dose is a step.
            line.extend(line.last().filter(|_| !step.running).map(|[_, before]| [reached, *before]));
            line.push([reached, total.to_plot()]);
            steps.push((reached, total));
        }
        self.show_until(reached);
        let end = projection.end().brief();
        let unit = self.unit();
        let label = unit.shown(steps.last().map_or(start, |(_, total)| *total));
        let label = match letter {
            None => format!("{label} with the plan"),
            Some(letter) => format!("{letter} {label} what if"),
        };
        let due = due_words(projection.due_steroid).map(|due| format!("; {due}")).unwrap_or_default();
        if letter.is_none() {
            let sentence = self.sentence.trim_end_matches('.').to_owned();
            self.sentence =
                format!("{sentence}; with the plan, not given, it would be {end} mg by {}{due}.", time::shown(last.at));
        }
        let label_x = reached.min(self.view.1);
        let seen = steps.iter().rfind(|(x, _)| *x <= label_x).map_or(start, |(_, total)| *total).to_plot();
        let mut label_below = false;
        for other in &mut self.continuations {
            other.label_below = other.label_at[1] <= seen;
            label_below = !other.label_below;
        }
        let continuation =
            Continuation { letter, line, label_at: [label_x, seen], label, label_below, due, steps, unit };
        // Of an empty curve there is no top: its 1 would be far above a plan of a tenth of a mg/kg.
        let others = self.continuations.iter().map(|plan| plan.label_at[1]);
        self.curve_top = headroom(others.fold(seen.max(start.to_plot()), f64::max));
        self.continuations.push(continuation);
        self
    }

    /// With hollow bars for what is planned on each date. Source: design, sections 5 and 7.
    ///
    /// ```
    /// # use corticurve::exposure::{Exposure, Window, examples, figure::Figure, planned_days};
    /// # let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let chart = examples::treated(&["dex 10 iv 2026-11-22T08:00Z"]).unwrap();
    /// let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
    /// let plan = examples::plan("predniSONE 60 po daily from tomorrow 08:00 x3").unwrap();
    /// let days = planned_days(&exposure, &[&plan], rules, &examples::zone().unwrap()).unwrap();
    /// let figure = Figure::of(&chart, rules, &exposure).unwrap().with_planned_days(&days, &exposure);
    /// // 9 mg of dexamethasone-equivalent a day (clinical reference, section 1), beside the 10 mg that were given.
    /// assert_eq!((figure.planned_daily.len(), figure.planned_daily[0].words.as_str()), (3, "Day +10: 9 mg planned"));
    /// assert_eq!((figure.daily.len(), figure.daily[0].top), (1, 10.0));
    /// ```
    #[must_use]
    pub fn with_planned_days(mut self, days: &[PlannedDay], exposure: &Exposure) -> Self {
        let bar = |day: &PlannedDay, mg: Exact, of: &str| {
            let (from, date) = (self.axis.date_x(day.date), day_words(exposure, day.date));
            let mg = self.amounts.of_planned(mg).ok()?;
            let words = format!("{date}: {}{of} planned", self.unit().shown(mg));
            mg.is_positive().then(|| Bar {
                from: from + AIR,
                to: from + 1.0 - AIR,
                base: 0.0,
                top: mg.to_plot(),
                drug: 0,
                words,
            })
        };
        let daily: Vec<Bar> = days.iter().filter_map(|day| bar(day, day.planned, "")).collect();
        let anakinra: Vec<Bar> = days.iter().filter_map(|day| bar(day, day.planned_anakinra, " anakinra")).collect();
        let last = daily.iter().chain(&anakinra).map(|bar| bar.to).fold(self.now, f64::max);
        self.show_until(last);
        // Of both together: that of an empty lane alone is 1, which is far above the doses of a day per kilogram.
        let top = |given: &[Bar], planned: &[Bar]| {
            let seen = planned.iter().filter(|bar| bar.from < self.view.1);
            headroom(given.iter().chain(seen).map(|bar| bar.top).fold(0.0, f64::max))
        };
        self.daily_top = top(&self.daily, &daily);
        self.anakinra_top = top(&self.anakinra, &anakinra);
        self.planned_daily = daily;
        self.planned_anakinra = anakinra;
        self
    }

    /// Widens the view so that a position is seen, as far as that is sensible.
    fn show_until(&mut self, x: f64) {
        let most = self.now + (self.now - self.view.0).max(AT_LEAST);
        let end = (x.floor() + 1.0).min(most.ceil()).max(self.view.1);
        if let Some((_, to)) = self.unchecked.as_mut().filter(|(_, to)| *to >= self.view.1) {
            *to = end;
        }
        self.view.1 = end;
    }
}
