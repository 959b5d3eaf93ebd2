//! Explaining: for any figure the doses that make it, each with its factor and product, and what was left out and why.

mod recipe;

use super::sparing::share_before;
use super::{Edge, Exact, Exposure, Judged, Overflow, Reason, Rules, Span, Table, base_of_phosphate, judge};
use crate::record::{Chart, Class, DrugId, EntryId, Given, Moment, time, visible::brief};
use chrono::NaiveDate;
use recipe::recipe;
use thiserror::Error;

/// A figure that can be explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FigureName {
    /// The total over the window.
    Total,
    /// The same, dexamethasone told as base.
    AsBase,
    /// What is undecided beside it.
    Undecided,
    /// The total before Day 0.
    BeforeDay0,
    /// The smaller end of the range.
    RangeLeast,
    /// The larger end of the range.
    RangeMost,
    /// The total per kilogram.
    PerKg,
    /// The same by the other choice of weight.
    PerKgOtherwise,
    /// The total per square metre.
    PerM2,
    /// The last 24 hours.
    Last24h,
    /// The last 72 hours.
    Last72h,
    /// The last 7 days.
    Last7d,
    /// The day with the largest total.
    PeakDay,
    /// The number of dates with a dose.
    SteroidDays,
    /// The dates from the first to the last.
    SpanDays,
    /// The first dose.
    FirstDose,
    /// The last dose.
    LastDose,
    /// What is counted without a route.
    WithoutRoute,
    /// What is not in the total.
    LeftOut,
    /// Days 0 to a landmark.
    Landmark(i64),
    /// A course, counted from 1.
    Course(usize),
    /// An episode, counted from 1.
    Episode(usize),
    /// Milligrams of anakinra.
    Anakinra,
    /// Anakinra per day.
    AnakinraPerDay,
    /// The day with the most anakinra.
    AnakinraPeak,
    /// The first anakinra, and how long after the first steroid it was.
    FirstAnakinra,
    /// The steroid per day before the first anakinra.
    SparingBefore,
    /// The steroid per day from the first anakinra on.
    SparingAfter,
}

/// A word that is not the name of a figure.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "'{0}' is not a figure that can be explained; write total, as_base, undecided, before_day0, range_least, range_most, \
     mg_per_kg, mg_per_kg_otherwise, mg_per_m2, last_24h, last_72h, last_7d, peak_day, steroid_days, span_days, first_dose, \
     last_dose, without_route, not_counted, anakinra, anakinra_per_day, anakinra_peak, first_anakinra, sparing_before, \
     sparing_after, day7 (or 14, 28, 30), course1 or episode1"
)]
pub struct FigureNameError(String);

/// Figures without a number, by the name that `summary --json` has for them, without its unit.
const NAMES: [(&str, FigureName); 26] = [
    ("dexamethasone_equivalent", FigureName::Total),
    ("total", FigureName::Total),
    ("as_base", FigureName::AsBase),
    ("undecided", FigureName::Undecided),
    ("before_day0", FigureName::BeforeDay0),
    ("range_least", FigureName::RangeLeast),
    ("range_most", FigureName::RangeMost),
    ("mg_per_kg", FigureName::PerKg),
    ("mg_per_kg_otherwise", FigureName::PerKgOtherwise),
    ("mg_per_m2", FigureName::PerM2),
    ("last_24h", FigureName::Last24h),
    ("last_72h", FigureName::Last72h),
    ("last_7d", FigureName::Last7d),
    ("peak_day", FigureName::PeakDay),
    ("steroid_days", FigureName::SteroidDays),
    ("span_days", FigureName::SpanDays),
    ("first_dose", FigureName::FirstDose),
    ("last_dose", FigureName::LastDose),
    ("without_route", FigureName::WithoutRoute),
    ("not_counted", FigureName::LeftOut),
    ("anakinra", FigureName::Anakinra),
    ("anakinra_per_day", FigureName::AnakinraPerDay),
    ("anakinra_peak", FigureName::AnakinraPeak),
    ("first_anakinra", FigureName::FirstAnakinra),
    ("sparing_before", FigureName::SparingBefore),
    ("sparing_after", FigureName::SparingAfter),
];

impl FigureName {
    /// Reads the name of a figure: the one that `summary --json` has for it, with or without its unit.
    /// Source: design, section 9.
    ///
    /// ```
    /// use corticurve::exposure::FigureName;
    /// assert_eq!(FigureName::parse("dexamethasone_equivalent_mg"), FigureName::parse("total"));
    /// assert_eq!(FigureName::parse("day7"), Ok(FigureName::Landmark(7)));
    /// assert!(FigureName::parse("slope").unwrap_err().to_string().contains("peak_day"));
    /// ```
    ///
    /// # Errors
    /// [`FigureNameError`] lists the names.
    pub fn parse(text: &str) -> Result<Self, FigureNameError> {
        let lower = text.to_lowercase().replace('-', "_");
        let bare = lower.strip_suffix("_mg").or_else(|| lower.strip_suffix("_at")).unwrap_or(&lower);
        if let Some((_, figure)) = NAMES.iter().find(|(name, _)| *name == bare) {
            return Ok(*figure);
        }
        let number = |prefix: &str| bare.strip_prefix(prefix).and_then(|number| number.parse::<u16>().ok());
        match (number("day"), number("course"), number("episode")) {
            (Some(day @ (7 | 14 | 28 | 30)), ..) => Ok(Self::Landmark(i64::from(day))),
            (_, Some(course @ 1..), _) => Ok(Self::Course(usize::from(course))),
            (.., Some(episode @ 1..)) => Ok(Self::Episode(usize::from(episode))),
            _ => Err(FigureNameError(brief(text))),
        }
    }

    /// The name that [`FigureName::parse`] reads, for files. Source: design, section 9.
    ///
    /// ```
    /// use corticurve::exposure::FigureName;
    /// assert_eq!([FigureName::Total.word(), FigureName::Course(2).word()], ["dexamethasone_equivalent", "course2"]);
    /// ```
    pub fn word(self) -> String {
        match self {
            Self::Landmark(day) => format!("day{day}"),
            Self::Course(number) => format!("course{number}"),
            Self::Episode(number) => format!("episode{number}"),
            named => NAMES.iter().find(|(_, figure)| *figure == named).map_or("", |(name, _)| name).to_owned(),
        }
    }
}

/// One dose of an explanation.
#[derive(Debug, Clone)]
pub struct ExplainedDose {
    /// Its entry.
    pub id: EntryId,
    /// When it was given.
    pub given: Given,
    /// The drug.
    pub drug: DrugId,
    /// The dose as it was charted, or was due.
    pub charted: String,
    /// Its own milligrams inside the figure's stretch of time; `None` where it is not a mass.
    pub mg: Option<Exact>,
    /// Which share of the dose lies inside: 1, or a part of an infusion.
    pub share: Exact,
    /// By what its milligrams are multiplied.
    pub factor: Option<Exact>,
    /// What it adds to the figure.
    pub product: Option<Exact>,
    /// Why it is left out; `None` for a dose that makes the figure.
    pub reason: Option<Reason>,
}

/// Where a figure comes from.
///
/// ```
/// use corticurve::exposure::{Exposure, FigureName, Window, examples, explain};
/// let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
/// let doses = ["dex 10 iv 2026-11-14T08:00Z", "methylpred 80 iv 2026-11-15T08:00Z", "hold dex 10 2026-11-16T08:00Z"];
/// let chart = examples::treated(&doses).unwrap();
/// let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
/// let total = explain(&chart, rules, &exposure, FigureName::Total).unwrap().unwrap();
/// let products: Vec<_> = total.doses.iter().map(|dose| dose.product.unwrap().shown(2)).collect();
/// assert_eq!((total.value.as_str(), products), ("25 mg", vec!["10".to_owned(), "15".to_owned()]));
/// assert_eq!(total.left_out[0].reason.unwrap().words(), "not given");
/// ```
#[derive(Debug, Clone)]
pub struct Explanation {
    /// The figure.
    pub figure: FigureName,
    /// The figure with its unit.
    pub value: String,
    /// What the products of the doses add up to.
    pub sum: Exact,
    /// The rule in a sentence, with the stretch of time.
    pub rule: String,
    /// The conversion table that the factors come from; `None` for anakinra.
    pub table: Option<Table>,
    /// The doses that make the figure, by time.
    pub doses: Vec<ExplainedDose>,
    /// The doses of the same stretch of time that are left out, with the reason.
    pub left_out: Vec<ExplainedDose>,
    /// What is done with the sum, in lines.
    pub steps: Vec<String>,
}

/// Which doses make a figure.
#[derive(Debug, Clone, Copy)]
enum Takes {
    /// Counted glucocorticoids.
    Counted,
    /// The same, beginning from one time to another.
    Beginning(Moment, Moment),
    /// The same, of which what is inside begins at a time.
    From(Moment),
    /// The same, of which what is inside ends at a time.
    Ending(Moment),
    /// The same, with no route stated.
    WithoutRoute,
    /// Undecided doses that may be glucocorticoids.
    Undecided,
    /// Counted anakinra.
    Anakinra,
    /// The same, of which what is inside begins at a time.
    AnakinraFrom(Moment),
    /// None: the figure is of what is left out.
    Nothing,
}

impl Takes {
    fn takes(self, dose: &Judged<'_>, span: &Span) -> bool {
        let value = &dose.recorded.value;
        let fits = match self {
            Self::Counted => true,
            Self::Beginning(from, to) => (from..=to).contains(&value.given.start()),
            Self::From(at) => dose.inside(span).is_some_and(|(start, _)| start == at),
            Self::Ending(at) => dose.inside(span).is_some_and(|(_, end)| end == at),
            Self::WithoutRoute => value.route.is_none(),
            Self::Undecided => return dose.may_be_steroid_undecided(),
            Self::Anakinra => return dose.counts_as_anakinra(),
            Self::AnakinraFrom(at) => {
                return dose.counts_as_anakinra() && dose.inside(span).is_some_and(|(start, _)| start == at);
            }
            Self::Nothing => false,
        };
        fits && dose.counts_as_steroid()
    }
}

/// Which part of a dose inside the stretch of time.
#[derive(Debug, Clone, Copy)]
enum Part {
    Whole,
    OnDate(NaiveDate),
    Before(Moment),
    From(Moment),
}

impl Part {
    fn share(self, given: Given, span: &Span) -> Result<Exact, Overflow> {
        match self {
            Self::Whole => Ok(span.share(given)),
            Self::OnDate(date) => Ok(span.share_on(given, date)),
            Self::Before(at) => Ok(share_before(given, at, span)),
            Self::From(at) => span.share(given).minus(share_before(given, at, span)),
        }
    }
}

/// Which doses make a figure, and how.
struct Recipe<'a> {
    span: Span,
    part: Part,
    table: Option<&'a Table>,
    as_base: bool,
    takes: Takes,
    /// Whether what is left out belongs beside the figure.
    beside: bool,
    value: String,
    rule: String,
    steps: Vec<String>,
}

/// Explains a figure; `None` where the patient has no such figure.
/// Source: design, section 2: every number can be traced.
///
/// ```
/// use corticurve::exposure::{Exposure, FigureName, Window, examples, explain};
/// let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
/// let chart = examples::treated(&["dex 10 iv 2026-11-14T08:00Z", "dex 10 iv 2026-11-14T20:00Z"]).unwrap();
/// let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
/// let per_kg = explain(&chart, rules, &exposure, FigureName::PerKg).unwrap().unwrap();
/// assert_eq!(per_kg.steps, ["20 mg ÷ 52.3 kg (the last weight up to Day 0, 13-Nov-2026) = 0.38 mg/kg"]);
/// assert!(explain(&chart, rules, &exposure, FigureName::Landmark(14)).unwrap().is_none(), "not reached");
/// ```
///
/// # Errors
/// [`Overflow`].
pub fn explain(
    chart: &Chart,
    rules: Rules<'_>,
    exposure: &Exposure,
    figure: FigureName,
) -> Result<Option<Explanation>, Overflow> {
    let Some(recipe) = recipe(chart, rules, exposure, figure)? else { return Ok(None) };
    let (mut doses, mut left_out, mut sum) = (Vec::new(), Vec::new(), Exact::ZERO);
    let (mut outside, mut outside_mg) = (0, Exact::ZERO);
    for dose in judge(chart, rules)? {
        let given = dose.recorded.value.given;
        let share = recipe.part.share(given, &recipe.span)?;
        if !share.is_positive() {
            if recipe.beside && dose.counts_as_steroid() && recipe.table.is_some() && given.start() <= exposure.as_of {
                (outside, outside_mg) = (outside + 1, outside_mg.plus(dose.equivalent.unwrap_or(Exact::ZERO))?);
            }
            continue;
        }
        let takes = recipe.takes.takes(&dose, &recipe.span);
        let of_kind = (dose.class == Some(Class::Anakinra)) == recipe.table.is_none();
        if takes {
            let row = explained(&dose, share, &recipe)?;
            sum = sum.plus(row.product.unwrap_or(Exact::ZERO))?;
            doses.push(row);
        } else if recipe.beside && of_kind && dose.left_out.is_some() {
            left_out.push(explained(&dose, share, &recipe)?);
        }
    }
    let Recipe { value, rule, mut steps, table, .. } = recipe;
    if outside > 0 {
        let doses = if outside == 1 { "1 counted dose".to_owned() } else { format!("{outside} counted doses") };
        steps.push(format!("outside this stretch of time: {doses}, {}", shown_mg(outside_mg)));
    }
    let rule = format!("{rule}{}", exposure.without);
    let table = table.cloned();
    Ok(Some(Explanation { figure, value, sum, rule, table, doses, left_out, steps }))
}

fn explained(dose: &Judged<'_>, share: Exact, recipe: &Recipe<'_>) -> Result<ExplainedDose, Overflow> {
    let value = &dose.recorded.value;
    let mg = dose.mg.map(|mg| mg.times(share)).transpose()?;
    let factor = match recipe.table {
        None => Some(Exact::whole(1)),
        Some(table) => table.factor(&value.drug, &DrugId::new("dexamethasone")),
    };
    let as_base = recipe.as_base && dose.is_told_as_base();
    let factor = if as_base { factor.map(|factor| factor.times(base_of_phosphate())).transpose()? } else { factor };
    let product = mg.zip(factor).map(|(mg, factor)| mg.times(factor)).transpose()?;
    Ok(ExplainedDose {
        id: dose.recorded.stamp.id.clone(),
        given: value.given,
        drug: value.drug.clone(),
        charted: value.amount_shown(),
        mg,
        share,
        factor,
        product,
        reason: dose.left_out,
    })
}

fn shown_mg(mg: Exact) -> String {
    format!("{} mg", mg.brief())
}

/// `from 13-Nov-2026 00:00 to 22-Nov-2026 14:30`.
fn span_words(span: &Span) -> String {
    let from = match span.from {
        None => "from the first dose".to_owned(),
        Some(Edge::Date(date)) => format!("from {} 00:00", time::shown_date(date)),
        Some(Edge::Instant(at)) => format!("after {}", time::shown(at)),
    };
    let to = match span.to {
        Some(Edge::Date(date)) if date < span.as_of.date_naive() => format!("to the end of {}", time::shown_date(date)),
        Some(Edge::Instant(at)) if at < span.as_of => format!("to {}", time::shown(at)),
        _ => format!("to {}", time::shown(span.as_of)),
    };
    format!("{from} {to}")
}
