//! Which doses make which figure, for the explanations.

use super::{FigureName, Part, Recipe, Takes, shown_mg, span_words};
use crate::exposure::body::Body;
use crate::exposure::{Edge, Exact, Exposure, Inside, NOT_AN_EFFECT, Overflow, Rules, Span, WeightBy, Window, judge};
use crate::record::{Chart, Day, counted, time};

impl<'a> Recipe<'a> {
    /// The counted doses of a stretch of time, under the table in use.
    fn counted(rules: Rules<'a>, span: Span, value: Exact) -> Self {
        Self {
            span,
            part: Part::Whole,
            table: Some(rules.table),
            as_base: false,
            takes: Takes::Counted,
            beside: true,
            value: shown_mg(value),
            rule: format!("the counted doses {}, each times its factor, added up", span_words(&span)),
            steps: Vec::new(),
        }
    }

    fn taking(self, takes: Takes) -> Self {
        Self { takes, beside: false, ..self }
    }

    fn valued(self, value: String, rule: &str) -> Self {
        let rule = format!("{rule}, {}", span_words(&self.span));
        Self { value, rule, ..self }
    }

    fn then(mut self, step: String) -> Self {
        self.steps.push(step);
        self
    }
}

/// The recipe of a figure; `None` where the patient has no such figure.
pub(super) fn recipe<'a>(
    chart: &'a Chart,
    rules: Rules<'a>,
    exposure: &'a Exposure,
    figure: FigureName,
) -> Result<Option<Recipe<'a>>, Overflow> {
    let whole = || Recipe::counted(rules, exposure.span, exposure.total);
    let hours = |hours, value| Recipe::counted(rules, Window::LastHours(hours).span(None, exposure.as_of), value);
    Ok(match figure {
        FigureName::Total => Some(whole()),
        FigureName::AsBase => {
            Some(as_base(Recipe { as_base: true, value: shown_mg(exposure.total_as_base), ..whole() }))
        }
        FigureName::Undecided => Some(
            whole()
                .taking(Takes::Undecided)
                .valued(shown_mg(exposure.undecided.mg), "doses that may belong in the total, beside it"),
        ),
        FigureName::BeforeDay0 => before_day0(rules, exposure),
        FigureName::RangeLeast | FigureName::RangeMost => Some(range(rules, exposure, figure, whole())),
        FigureName::PerKg => per_kg(chart, rules, exposure, exposure.weight_by, exposure.mg_per_kg, whole())?,
        FigureName::PerKgOtherwise => {
            per_kg(chart, rules, exposure, exposure.weight_by.other(), exposure.mg_per_kg_otherwise, whole())?
        }
        FigureName::PerM2 => per_m2(exposure, whole()),
        FigureName::Last24h => Some(hours(24, exposure.last_24h)),
        FigureName::Last72h => Some(hours(72, exposure.last_72h)),
        FigureName::Last7d => Some(hours(168, exposure.last_7d)),
        FigureName::PeakDay => exposure.peak_day.map(|(date, mg)| {
            let rule = format!(
                "the wall-clock date with the largest total, the earliest of equals: {}",
                time::shown_date(date)
            );
            Recipe { part: Part::OnDate(date), ..whole() }.valued(shown_mg(mg), &rule)
        }),
        FigureName::SteroidDays | FigureName::SpanDays => Some(steroid_days(exposure, figure, whole())),
        FigureName::FirstDose => exposure.first_dose_at.map(|at| {
            let first = whole().taking(Takes::From(at));
            first.valued(time::shown(at), "the start of the first counted dose")
        }),
        FigureName::LastDose => exposure.last_of_record_at.map(|at| {
            let record = Recipe::counted(rules, Window::All.span(None, exposure.as_of), Exact::ZERO);
            let last = record.taking(Takes::Ending(at));
            last.valued(time::shown(at), "the end of the last counted dose of the whole record")
        }),
        FigureName::WithoutRoute => Some(
            whole()
                .taking(Takes::WithoutRoute)
                .valued(shown_mg(exposure.without_route.mg), "counted doses whose route is not stated"),
        ),
        FigureName::LeftOut => {
            let (doses, groups) =
                (exposure.left_out.iter().map(|left| left.doses).sum::<usize>(), exposure.left_out.len());
            let none = Recipe { takes: Takes::Nothing, ..whole() };
            Some(none.valued(
                format!("{} for {}", counted(doses, "dose"), counted(groups, "reason")),
                "doses that are not in the total",
            ))
        }
        FigureName::Landmark(day) => landmark(rules, exposure, day),
        FigureName::Course(number) => course(exposure, number, whole()),
        FigureName::Episode(number) => {
            let episode = exposure.episodes.iter().find(|episode| episode.number == number);
            episode.map(|episode| {
                let (_, span) = Window::Episode(number).place(chart, exposure.as_of);
                Recipe::counted(rules, span, episode.mg)
            })
        }
        FigureName::Anakinra | FigureName::AnakinraPerDay | FigureName::AnakinraPeak | FigureName::FirstAnakinra => {
            anakinra(exposure, figure, Recipe { table: None, takes: Takes::Anakinra, ..whole() })
        }
        FigureName::SparingBefore | FigureName::SparingAfter => sparing(exposure, figure, whole()),
    })
}

fn as_base(recipe: Recipe<'_>) -> Recipe<'_> {
    recipe.then("dexamethasone that is not stated as base is read as phosphate: × 392.46/472.44".to_owned())
}

fn before_day0<'a>(rules: Rules<'a>, exposure: &Exposure) -> Option<Recipe<'a>> {
    let eve = exposure.day0()?.pred_opt()?;
    let span = Span { from: None, to: Some(Edge::Date(eve)), as_of: exposure.as_of };
    Some(Recipe::counted(rules, span, exposure.before_day0))
}

fn range<'a>(rules: Rules<'a>, exposure: &Exposure, figure: FigureName, whole: Recipe<'a>) -> Recipe<'a> {
    let (least, most) = (&exposure.range.least, &exposure.range.most);
    let end = if figure == FigureName::RangeLeast { least } else { most };
    let table = rules.tables.get(&end.table).unwrap_or(rules.table);
    let recipe = Recipe { table: Some(table), as_base: end.as_base, value: shown_mg(end.mg), ..whole };
    let recipe = if end.as_base { as_base(recipe) } else { recipe };
    let ends =
        format!("least {} ({}), most {} ({})", shown_mg(least.mg), least.shown(), shown_mg(most.mg), most.shown());
    recipe.then(format!("over all tables that list every counted drug, and both readings of the salt: {ends}"))
}

fn per_kg<'a>(
    chart: &Chart,
    rules: Rules<'a>,
    exposure: &Exposure,
    by: WeightBy,
    value: Option<Exact>,
    mut whole: Recipe<'a>,
) -> Result<Option<Recipe<'a>>, Overflow> {
    let Some(value) = value else { return Ok(None) };
    let shown = format!("{} mg/kg", value.shown(2));
    if let (WeightBy::Day0, Some((weight, at))) = (by, exposure.weight) {
        let (when, total) = (time::shown_date(at.date_naive()), shown_mg(exposure.total));
        whole = whole.then(format!("{total} ÷ {weight} ({}, {when}) = {shown}", exposure.weight_words()));
    } else {
        let judged = judge(chart, rules)?;
        let inside = Inside::of_all(&judged, &exposure.span)?;
        let counted: Vec<&Inside<'_, '_>> = inside.iter().filter(|inside| inside.counts()).collect();
        let groups = Body::of(chart, exposure.day0()).by_weight(&counted, by)?.unwrap_or_default();
        for (weight, mg) in groups.into_iter().filter(|(_, mg)| mg.is_positive()) {
            whole = whole.then(format!("{} ÷ {weight}", shown_mg(mg)));
        }
        whole = whole.then(format!("added up: {shown}"));
    }
    Ok(Some(Recipe { value: shown, ..whole }))
}

fn per_m2<'a>(exposure: &Exposure, whole: Recipe<'a>) -> Option<Recipe<'a>> {
    let (value, surface) = exposure.mg_per_m2.zip(exposure.surface)?;
    let shown = format!("{} mg/m²", value.shown(2));
    let square = surface.square_metres.shown(4);
    let from = format!("{square} m² ({} from {} and {})", surface.formula.word(), surface.height, surface.weight);
    let step = format!("{} ÷ {from} = {shown}", shown_mg(exposure.total));
    Some(Recipe { value: shown, ..whole }.then(step))
}

fn steroid_days<'a>(exposure: &Exposure, figure: FigureName, whole: Recipe<'a>) -> Recipe<'a> {
    let dates: Vec<String> = exposure.daily.steroids.keys().map(|date| time::shown_date(*date)).collect();
    let step = dates.join(", ");
    if figure == FigureName::SteroidDays {
        whole.valued(format!("{} days", exposure.steroid_days), "wall-clock dates with a counted dose").then(step)
    } else {
        whole.valued(format!("{} days", exposure.span_days), "last such date − first + 1").then(step)
    }
}

fn landmark<'a>(rules: Rules<'a>, exposure: &Exposure, day: i64) -> Option<Recipe<'a>> {
    let (landmark, day0) = exposure.landmarks.iter().find(|landmark| landmark.day.0 == day).zip(exposure.day0())?;
    let date = Day(day).date(day0)?;
    let span = Span { from: Some(Edge::Date(day0)), to: Some(Edge::Date(date)), as_of: exposure.as_of };
    let checked = if landmark.complete {
        "the medication chart is checked to the end of that day"
    } else {
        "so far: the medication chart is not checked to the end of that day"
    };
    Some(Recipe::counted(rules, span, landmark.mg).then(checked.to_owned()))
}

fn course<'a>(exposure: &Exposure, number: usize, whole: Recipe<'a>) -> Option<Recipe<'a>> {
    let course = *exposure.courses.get(number.checked_sub(1)?)?;
    let gap = format!("doses that begin at most {} h after the end of those before", exposure.course_gap_hours);
    Some(whole.taking(Takes::Beginning(course.start, course.end)).valued(shown_mg(course.mg), &gap))
}

fn anakinra<'a>(exposure: &Exposure, figure: FigureName, whole: Recipe<'a>) -> Option<Recipe<'a>> {
    let anakinra = &exposure.anakinra;
    let total = shown_mg(anakinra.mg);
    match figure {
        FigureName::AnakinraPerDay => {
            let value = shown_mg(anakinra.per_day?);
            let step = format!("{total} ÷ {} with anakinra = {value}", counted(anakinra.days, "day"));
            Some(whole.valued(value, "milligrams of anakinra per wall-clock date with a dose").then(step))
        }
        FigureName::AnakinraPeak => {
            let (date, mg) = anakinra.peak?;
            let rule = format!("the date with the most anakinra, the earliest of equals: {}", time::shown_date(date));
            Some(Recipe { part: Part::OnDate(date), ..whole }.valued(shown_mg(mg), &rule))
        }
        FigureName::FirstAnakinra => {
            let first = anakinra.first_at?;
            let recipe = whole.taking(Takes::AnakinraFrom(first));
            let recipe = recipe.valued(time::shown(first), "the start of the first counted dose of anakinra");
            let Some((span, steroid)) = anakinra.after_first_steroid.zip(exposure.first_dose_at) else {
                return Some(recipe);
            };
            let order = if span < chrono::TimeDelta::zero() { "before" } else { "after" };
            let after = time::shown_span(span.abs());
            Some(recipe.then(format!("{after} {order} the first steroid, {}", time::shown(steroid))))
        }
        _ => Some(whole.valued(total, "the counted doses of anakinra, added up")),
    }
}

/// The two stretches of the steroid-sparing read-out.
fn sparing<'a>(exposure: &Exposure, figure: FigureName, whole: Recipe<'a>) -> Option<Recipe<'a>> {
    let sparing = exposure.sparing.as_ref().ok()?;
    let (part, mg, per_day, from, until) = if figure == FigureName::SparingBefore {
        (
            Part::Before(sparing.anakinra_from),
            sparing.before,
            sparing.before_per_day,
            sparing.from,
            sparing.anakinra_from,
        )
    } else {
        (Part::From(sparing.anakinra_from), sparing.after, sparing.after_per_day, sparing.anakinra_from, sparing.until)
    };
    let value = format!("{} mg/day", per_day.brief());
    let length = time::shown_span(until - from);
    let step = format!("{} in {length}, {} to {} = {value}", shown_mg(mg), time::shown(from), time::shown(until));
    let recipe = Recipe { part, ..whole }.valued(value, "the counted doses of one side of the first anakinra");
    Some(recipe.then(step).then(NOT_AN_EFFECT.to_owned()))
}
