//! Every figure of one patient over one window. Window, log, command line and exports all read this one value.

use super::anakinra::{self, Anakinra};
use super::body::{Body, Surface};
use super::breakdown::{self, DrugTotal, Landmark, LeftOut, Share};
use super::course::{self, Course};
use super::daily::{self, Daily};
use super::episode::{self, Episode};
use super::range::{self, Range};
use super::running::{self, Running};
use super::sparing::{self, NoSparing, Sparing};
use super::{Exact, Inside, Judged, Overflow, Rules, Span, Undecided, WeightBy, Window, judge};
use crate::record::{Chart, Day, Infusion, Moment, Weight, time::wall_of};
use chrono::{NaiveDate, TimeDelta};

/// The figures of one patient. Milligrams of dexamethasone-equivalent unless a field says otherwise.
#[derive(Debug, Clone)]
pub struct Exposure {
    /// Nothing after this was counted.
    pub as_of: Moment,
    /// The window asked for.
    pub window: Window,
    /// The stretch of time that it is for this patient.
    pub span: Span,
    /// The infusion that Day 0 is counted from.
    pub infusion: Option<Infusion>,
    /// The as-of time's day.
    pub day: Option<Day>,
    /// The total over the window.
    pub total: Exact,
    /// The same when dexamethasone that is not stated as base is read as phosphate and told as base.
    pub total_as_base: Exact,
    /// The purposes that are switched out of every figure: `, without replacement`, or nothing.
    pub without: String,
    /// Beside the total: what may belong in it.
    pub undecided: Undecided,
    /// The total before Day 0; zero without an infusion.
    pub before_day0: Exact,
    /// Milligrams of anakinra before Day 0; zero without an infusion.
    pub anakinra_before_day0: Exact,
    /// The smallest and the largest total over tables and salt readings.
    pub range: Range,
    /// Which weight [`Exposure::mg_per_kg`] rests on.
    pub weight_by: WeightBy,
    /// The total per kilogram.
    pub mg_per_kg: Option<Exact>,
    /// The total per kilogram by the other choice of weight.
    pub mg_per_kg_otherwise: Option<Exact>,
    /// The last weight dated at or before Day 0, else the first after; without an infusion the last one.
    pub weight: Option<(Weight, Moment)>,
    /// The total per square metre of [`Exposure::surface`].
    pub mg_per_m2: Option<Exact>,
    /// Body surface by the unit's formula, from the weight and height of Day 0.
    pub surface: Option<Surface>,
    /// `(as-of − 24 h, as-of]`, whatever the window.
    pub last_24h: Exact,
    /// The last 72 hours, whatever the window.
    pub last_72h: Exact,
    /// The last 168 hours, whatever the window.
    pub last_7d: Exact,
    /// What is still to run of infusions under way; in no total.
    pub running: Vec<Running>,
    /// Counted milligrams per wall-clock date and drug.
    pub daily: Daily,
    /// The day with the largest total, the earliest of equals.
    pub peak_day: Option<(NaiveDate, Exact)>,
    /// Wall-clock dates with a counted dose.
    pub steroid_days: usize,
    /// Last such date minus first, plus 1.
    pub span_days: i64,
    /// Doses without a long gap between them.
    pub courses: Vec<Course>,
    /// The longest gap inside a course, in hours.
    pub course_gap_hours: u32,
    /// The start of the first counted dose; of an infusion that the window cuts, where it begins inside.
    pub first_dose_at: Option<Moment>,
    /// The end of the last counted dose, or the as-of time while one is running; of an infusion that the window cuts, where
    /// it ends inside.
    pub last_dose_at: Option<Moment>,
    /// The same of the whole record up to the as-of time, whatever the window.
    pub last_of_record_at: Option<Moment>,
    /// Totals of Days 0..=7, 14, 28 and 30 that have been reached, whatever the window.
    pub landmarks: Vec<Landmark>,
    /// What each infusion opened.
    pub episodes: Vec<Episode>,
    /// Counted glucocorticoids, by drug.
    pub by_drug: Vec<DrugTotal>,
    /// What is not in the total, and why; sorted by drug, then reason.
    pub left_out: Vec<LeftOut>,
    /// Counted glucocorticoid doses with no route stated.
    pub without_route: Share,
    /// Anakinra.
    pub anakinra: Anakinra,
    /// The steroid per day before and after the first anakinra, or why there is no such figure.
    pub sparing: Result<Sparing, NoSparing>,
}

impl Exposure {
    /// Works out every figure of a chart over a window, seen from an as-of time (see [`super::as_of`]).
    /// Source: design, section 5.
    ///
    /// ```
    /// use corticurve::exposure::{Exposure, Window, examples};
    /// let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let doses = ["dex 10 iv 2026-11-14T08:00Z", "methylpred 1000 iv 2026-11-15T08:00Z", "hold dex 10 2026-11-16T08:00Z"];
    /// let chart = examples::chart(&doses).unwrap();
    /// let exposure = Exposure::of(&chart, rules, Window::All, now).unwrap();
    /// assert_eq!(exposure.total.shown(2), "197.5");
    /// assert_eq!((exposure.steroid_days, exposure.left_out[0].reason.words()), (2, "not given"));
    /// assert!(!exposure.undecided.is_any());
    /// ```
    ///
    /// # Errors
    /// [`Overflow`] when amounts are too large to be added exactly.
    pub fn of(chart: &Chart, rules: Rules<'_>, window: Window, as_of: Moment) -> Result<Self, Overflow> {
        let doses = judge(chart, rules)?;
        let (infusion, span) = window.place(chart, as_of);
        let day0 = infusion.map(|infusion| infusion.at.date_naive());
        let inside = Inside::of_all(&doses, &span)?;
        let steroids: Vec<&Inside<'_, '_>> = inside.iter().filter(|inside| inside.counts()).collect();
        let by_drug = breakdown::by_drug(&steroids, rules.table)?;
        let total = Exact::sum(by_drug.iter().map(|part| part.equivalent))?;
        let whole = Span { from: None, to: None, as_of };
        let record = daily::daily(&doses, &whole)?;
        let eve = day0.and_then(|date| date.pred_opt());
        let before_day0 = eve.map_or(Ok(Exact::ZERO), |eve| record.steroids_between(None, Some(eve)))?;
        let anakinra_before_day0 = eve.map_or(Ok(Exact::ZERO), |eve| record.anakinra_until(eve))?;
        let landmarks = breakdown::landmarks(chart, &doses, &record, infusion, as_of)?;
        let episodes = episode::episodes(chart, &record, as_of)?;
        let daily = match span.whole_dates() {
            Some((from, to)) => record.within(from, to),
            None => daily::daily(&doses, &span)?,
        };
        let body = Body::of(chart, day0);
        let surface = body.surface(rules.reading.surface_by);
        let first_dose_at = steroids.iter().map(|dose| dose.start).min();
        let dates = (daily.steroids.keys().next(), daily.steroids.keys().next_back());
        let hours = |hours| Window::LastHours(hours).span(day0, as_of);
        let last_week = hours(168);
        let lately: Vec<&Judged<'_>> = doses.iter().filter(|dose| last_week.touches(dose)).collect();
        let last = |span: &Span| super::total(lately.iter().copied(), span);
        Ok(Self {
            as_of,
            window,
            span,
            day: day0.map(|day0| Day::of(as_of.date_naive(), day0)),
            total,
            without: rules.reading.out_words(),
            total_as_base: range::total_as_base(&by_drug, rules)?,
            undecided: Undecided::of(&doses, &span)?,
            before_day0,
            anakinra_before_day0,
            range: range::range(&by_drug, rules)?,
            weight_by: rules.reading.weight_by,
            mg_per_kg: body.per_kg(total, &steroids, rules.reading.weight_by)?,
            mg_per_kg_otherwise: body.per_kg(total, &steroids, rules.reading.weight_by.other())?,
            weight: body.weight(),
            mg_per_m2: surface.map(|surface| total.over(surface.square_metres)).transpose()?,
            surface,
            last_24h: last(&hours(24))?,
            last_72h: last(&hours(72))?,
            last_7d: last(&last_week)?,
            peak_day: daily.peak()?,
            steroid_days: daily.steroids.len(),
            span_days: dates.0.zip(dates.1).map_or(0, |(first, last)| (*last - *first).num_days() + 1),
            courses: course::courses(&steroids, &span, rules.reading.course_gap_hours)?,
            course_gap_hours: rules.reading.course_gap_hours,
            first_dose_at,
            last_dose_at: steroids.iter().map(|dose| dose.end).max(),
            last_of_record_at: last_end(&doses, &whole),
            landmarks,
            episodes,
            left_out: breakdown::left_out(&inside)?,
            without_route: breakdown::without_route(&steroids)?,
            anakinra: anakinra::anakinra(chart, &inside, as_of, &daily, first_dose_at, body.weight())?,
            sparing: sparing::sparing_inside(&doses, &inside, &span),
            running: running::running(&doses, &span)?,
            by_drug,
            daily,
            infusion: infusion.cloned(),
        })
    }

    /// Which weight [`Exposure::weight`] is, in words. Source: design, section 5.
    ///
    /// ```
    /// # use corticurve::exposure::{Exposure, Window, examples};
    /// # let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let chart = examples::treated(&["dex 10 iv 2026-11-14T08:00Z"]).unwrap();
    /// let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
    /// // 52.3 kg on the morning of Day 0.
    /// assert_eq!(exposure.weight_words(), "the last weight up to Day 0");
    /// ```
    pub fn weight_words(&self) -> &'static str {
        match (self.weight, self.day0()) {
            (Some((_, at)), Some(day0)) if at.date_naive() > day0 => "the first weight after Day 0",
            (_, Some(_)) => "the last weight up to Day 0",
            (_, None) => "the last weight",
        }
    }

    /// The wall-clock date of Day 0. Source: design, section 4.
    ///
    /// ```
    /// # use corticurve::exposure::{Exposure, Window, examples};
    /// # let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let chart = examples::treated(&["dex 10 iv 2026-11-14T08:00Z"]).unwrap();
    /// let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
    /// assert_eq!(exposure.day0().unwrap().to_string(), "2026-11-13");
    /// ```
    pub fn day0(&self) -> Option<NaiveDate> {
        self.infusion.as_ref().map(|infusion| infusion.at.date_naive())
    }

    /// The day of a date. Source: design, section 4.
    ///
    /// ```
    /// # use corticurve::exposure::{Exposure, Window, examples};
    /// # let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let chart = examples::treated(&["dex 10 iv 2026-11-14T08:00Z"]).unwrap();
    /// let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
    /// assert_eq!(exposure.day_of(now.date_naive()).unwrap().to_string(), "+9");
    /// ```
    pub fn day_of(&self, date: NaiveDate) -> Option<Day> {
        self.day0().map(|day0| Day::of(date, day0))
    }

    /// From the infusion to the first dose; negative when the dose was first. Source: design, section 5.
    ///
    /// ```
    /// # use corticurve::exposure::{Exposure, Window, examples};
    /// # let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let chart = examples::treated(&["dex 10 iv 2026-11-14T08:40Z"]).unwrap();
    /// let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
    /// assert_eq!(exposure.infusion_to_first_dose().unwrap().num_hours(), 22);
    /// ```
    pub fn infusion_to_first_dose(&self) -> Option<TimeDelta> {
        Some(self.first_dose_at? - self.infusion.as_ref()?.at)
    }

    /// Whether the first dose was on Day 0 to 7. Source: Strati, Blood 2021;137:3272, and design, section 5.
    ///
    /// ```
    /// # use corticurve::exposure::{Exposure, Window, examples};
    /// # let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let early = |dose| {
    ///     let chart = examples::treated(&[dose]).unwrap();
    ///     Exposure::of(&chart, rules, Window::Day0, now).unwrap().first_dose_early()
    /// };
    /// assert_eq!(early("dex 10 iv 2026-11-20T23:59Z"), Some(true));
    /// assert_eq!(early("dex 10 iv 2026-11-21T00:00Z"), Some(false));
    /// ```
    pub fn first_dose_early(&self) -> Option<bool> {
        let day = self.day_of(wall_of(self.first_dose_at?).date())?;
        Some((0..=7).contains(&day.0))
    }

    /// Since the end of the last dose of the whole record, whatever the window; from instants, so correct across a clock
    /// change. Source: design, section 5.
    ///
    /// ```
    /// # use corticurve::exposure::{Exposure, Window, examples};
    /// # let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let chart = examples::chart(&["dex 10 iv 2026-11-22T08:30+01:00"]).unwrap();
    /// let exposure = Exposure::of(&chart, rules, Window::All, now).unwrap();
    /// assert_eq!(exposure.since_last_dose().unwrap().num_hours(), 7);
    /// ```
    pub fn since_last_dose(&self) -> Option<TimeDelta> {
        self.last_of_record_at.map(|at| self.as_of - at)
    }
}

/// The end of the last counted steroid of a span.
pub(super) fn last_end(doses: &[Judged<'_>], span: &Span) -> Option<Moment> {
    let counts = |dose: &&Judged<'_>| dose.counts_as_steroid() && dose.equivalent.is_some_and(Exact::is_positive);
    doses.iter().filter(counts).filter_map(|dose| dose.inside(span)).map(|(_, end)| end).max()
}
