//! The figures as JSON. Amounts are exact decimal numbers, times RFC 3339; both come from the one [`Exposure`].

use super::anakinra::{AnakinraJson, PositionJson, SparingJson};
use crate::exposure::{Course, Episode, Exact, Exposure, LeftOut, Position, RangeEnd, Reason, Rules, Table};
use crate::record::{Amount, DrugId, Identity, Moment, PatientId};
use chrono::{NaiveDate, TimeDelta};
use serde::Serialize;
use serde_json::value::RawValue;

/// A number that is written digit by digit, never through binary floating point.
pub type Number = Box<RawValue>;

/// An exact number for JSON.
pub fn number(value: Exact) -> Number {
    // A decimal is always valid JSON; nothing else could be written in its place.
    RawValue::from_string(value.decimal()).unwrap_or_default()
}

/// What `summary --json` prints.
#[derive(Debug, Serialize)]
pub struct SummaryJson {
    table: String,
    table_version: String,
    table_confirmed: bool,
    window: String,
    as_of: Moment,
    /// The purposes that are switched out of every total.
    purposes_out: Vec<&'static str>,
    /// One element per patient, in the ward's order.
    pub patients: Vec<PatientSummary>,
}

impl SummaryJson {
    /// Without patients yet. The window is the word that was asked for.
    pub fn new(rules: Rules<'_>, window: &str, as_of: Moment) -> Self {
        Self {
            table: rules.table.id.clone(),
            table_version: rules.table.version.clone(),
            table_confirmed: rules.table.confirmed,
            window: window.to_owned(),
            as_of,
            purposes_out: rules.reading.purposes_out_words(),
            patients: Vec::new(),
        }
    }
}

/// One patient's figures.
#[derive(Debug, Serialize)]
pub struct PatientSummary {
    /// `null` where the registration cannot be read: the doses that can be are not left out for that.
    mrn: Option<String>,
    patient: String,
    as_of: Moment,
    dates_shifted: bool,
    day: Option<i64>,
    dexamethasone_equivalent_mg: Number,
    as_base_mg: Number,
    undecided_mg: Number,
    undecided_doses_without_mg: usize,
    before_day0_mg: Number,
    anakinra_before_day0_mg: Number,
    range_mg: [Number; 2],
    range_from: [RangeJson; 2],
    weight_kg: Option<Number>,
    mg_per_kg: Option<Number>,
    mg_per_kg_by: &'static str,
    mg_per_kg_otherwise: Option<Number>,
    surface_m2: Option<Number>,
    surface_by: Option<&'static str>,
    mg_per_m2: Option<Number>,
    last_24h_mg: Number,
    last_72h_mg: Number,
    last_7d_mg: Number,
    peak_day: Option<PeakDay>,
    steroid_days: usize,
    span_days: i64,
    course_gap_hours: u32,
    courses: Vec<CourseJson>,
    first_dose_at: Option<Moment>,
    first_dose_day: Option<i64>,
    first_dose_hours_after_infusion: Option<Number>,
    first_dose_early: Option<bool>,
    last_dose_at: Option<Moment>,
    hours_since_last_dose: Option<Number>,
    landmarks: Vec<LandmarkJson>,
    episodes: Vec<EpisodeJson>,
    by_drug: Vec<DrugJson>,
    not_counted: Vec<LeftOutJson>,
    undecided: Vec<LeftOutJson>,
    without_route: WithoutRoute,
    anakinra: AnakinraJson,
    sparing: SparingJson,
    position: Vec<PositionJson>,
    /// What only a person can answer, in words.
    open_questions: Vec<String>,
}

#[derive(Debug, Serialize)]
struct PeakDay {
    date: NaiveDate,
    day: Option<i64>,
    mg: Number,
}

#[derive(Debug, Serialize)]
struct RangeJson {
    table: String,
    table_version: String,
    table_confirmed: bool,
    dexamethasone: &'static str,
}

#[derive(Debug, Serialize)]
struct CourseJson {
    start: Moment,
    end: Moment,
    first_date: NaiveDate,
    last_date: NaiveDate,
    days: usize,
    doses: usize,
    mg: Number,
}

#[derive(Debug, Serialize)]
struct EpisodeJson {
    episode: usize,
    product: String,
    infused_at: Moment,
    last_date: Option<NaiveDate>,
    dexamethasone_equivalent_mg: Number,
    steroid_days: usize,
    anakinra_mg: Number,
}

#[derive(Debug, Serialize)]
struct LandmarkJson {
    day: i64,
    mg: Number,
    complete: bool,
}

#[derive(Debug, Serialize)]
struct DrugJson {
    drug: DrugId,
    mg: Number,
    dexamethasone_equivalent_mg: Number,
    doses: usize,
    without_route: usize,
}

#[derive(Debug, Serialize)]
struct LeftOutJson {
    drug: DrugId,
    reason: &'static str,
    doses: usize,
    mg: Option<Number>,
    doses_without_mg: usize,
}

#[derive(Debug, Serialize)]
struct WithoutRoute {
    doses: usize,
    mg: Number,
}

impl PatientSummary {
    /// The figures of a patient; positions in published series, which are no figure of the exposure, come by
    /// [`PatientSummary::with_positions`].
    pub fn of(id: &PatientId, identity: Option<&Identity>, exposure: &Exposure) -> Self {
        let left_out = |undecided: bool| {
            let wanted = exposure.left_out.iter().filter(|left| left.reason.is_undecided() == undecided);
            wanted.map(LeftOutJson::of).collect()
        };
        Self {
            mrn: identity.map(|identity| identity.mrn.to_string()),
            patient: id.to_string(),
            as_of: exposure.as_of,
            dates_shifted: identity.is_some_and(|identity| identity.dates_shifted),
            day: exposure.day.map(|day| day.0),
            dexamethasone_equivalent_mg: number(exposure.total),
            as_base_mg: number(exposure.total_as_base),
            undecided_mg: number(exposure.undecided.mg),
            undecided_doses_without_mg: exposure.undecided.without_mg,
            before_day0_mg: number(exposure.before_day0),
            anakinra_before_day0_mg: number(exposure.anakinra_before_day0),
            range_mg: [number(exposure.range.least.mg), number(exposure.range.most.mg)],
            range_from: [RangeJson::of(&exposure.range.least), RangeJson::of(&exposure.range.most)],
            weight_kg: exposure.weight.map(|(weight, _)| number(Exact::new(i128::from(weight.grams()), 1000))),
            mg_per_kg: exposure.mg_per_kg.map(number),
            mg_per_kg_by: exposure.weight_by.word(),
            mg_per_kg_otherwise: exposure.mg_per_kg_otherwise.map(number),
            surface_m2: exposure.surface.map(|surface| number(surface.square_metres)),
            surface_by: exposure.surface.map(|surface| surface.formula.word()),
            mg_per_m2: exposure.mg_per_m2.map(number),
            last_24h_mg: number(exposure.last_24h),
            last_72h_mg: number(exposure.last_72h),
            last_7d_mg: number(exposure.last_7d),
            peak_day: exposure.peak_day.map(|(date, mg)| PeakDay {
                date,
                day: exposure.day_of(date).map(|day| day.0),
                mg: number(mg),
            }),
            steroid_days: exposure.steroid_days,
            span_days: exposure.span_days,
            course_gap_hours: exposure.course_gap_hours,
            courses: exposure.courses.iter().map(CourseJson::of).collect(),
            first_dose_at: exposure.first_dose_at,
            first_dose_day: exposure.first_dose_at.and_then(|at| exposure.day_of(at.date_naive())).map(|day| day.0),
            first_dose_hours_after_infusion: exposure.infusion_to_first_dose().map(hours),
            first_dose_early: exposure.first_dose_early(),
            last_dose_at: exposure.last_dose_at,
            hours_since_last_dose: exposure.since_last_dose().map(hours),
            episodes: exposure.episodes.iter().map(EpisodeJson::of).collect(),
            landmarks: exposure
                .landmarks
                .iter()
                .map(|landmark| LandmarkJson {
                    day: landmark.day.0,
                    mg: number(landmark.mg),
                    complete: landmark.complete,
                })
                .collect(),
            by_drug: exposure
                .by_drug
                .iter()
                .map(|total| DrugJson {
                    drug: total.drug.clone(),
                    mg: number(total.mg),
                    dexamethasone_equivalent_mg: number(total.equivalent),
                    doses: total.doses,
                    without_route: total.without_route,
                })
                .collect(),
            not_counted: left_out(false),
            undecided: left_out(true),
            without_route: WithoutRoute { doses: exposure.without_route.doses, mg: number(exposure.without_route.mg) },
            anakinra: AnakinraJson::of(&exposure.anakinra),
            sparing: SparingJson::of(&exposure.sparing),
            position: Vec::new(),
            open_questions: Vec::new(),
        }
    }

    /// The same, with where the patient lies in published series.
    #[must_use]
    pub fn with_positions(self, positions: &[Position<'_>]) -> Self {
        Self { position: positions.iter().map(PositionJson::of).collect(), ..self }
    }

    /// The same, with what is asked about the chart.
    #[must_use]
    pub fn with_questions(self, open_questions: Vec<String>) -> Self {
        Self { open_questions, ..self }
    }
}

/// A span of time in hours.
fn hours(span: TimeDelta) -> Number {
    number(Exact::new(i128::from(span.num_seconds()), 3600))
}

impl RangeJson {
    fn of(end: &RangeEnd) -> Self {
        let (table, version) = (end.table.clone(), end.version.clone());
        Self { table, table_version: version, table_confirmed: end.confirmed, dexamethasone: end.salt() }
    }
}

impl CourseJson {
    fn of(course: &Course) -> Self {
        let Course { start, end, dates: (first_date, last_date), days, doses, mg } = *course;
        Self { start, end, first_date, last_date, days, doses, mg: number(mg) }
    }
}

impl EpisodeJson {
    fn of(episode: &Episode) -> Self {
        Self {
            episode: episode.number,
            product: episode.infusion.product.clone(),
            infused_at: episode.infusion.at,
            last_date: episode.last_date,
            dexamethasone_equivalent_mg: number(episode.mg),
            steroid_days: episode.steroid_days,
            anakinra_mg: number(episode.anakinra_mg),
        }
    }
}

impl LeftOutJson {
    fn of(left: &LeftOut) -> Self {
        let reason: Reason = left.reason;
        Self {
            drug: left.drug.clone(),
            reason: reason.words(),
            doses: left.doses,
            mg: left.mg.map(number),
            doses_without_mg: left.without_mg,
        }
    }
}

/// What `convert --json` prints.
#[derive(Debug, Serialize)]
pub struct ConvertJson<'a> {
    from_drug: &'a DrugId,
    from_mg: Number,
    to_drug: &'a DrugId,
    mg: Number,
    table: &'a str,
    /// Only said of a table that is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    table_confirmed: Option<bool>,
}

impl<'a> ConvertJson<'a> {
    /// One conversion.
    pub fn new(from: &'a DrugId, amount: Amount, to: &'a DrugId, mg: Exact, table: &'a Table) -> Self {
        let from_mg = number(Exact::milligrams(amount));
        let table_confirmed = if table.confirmed { None } else { Some(false) };
        Self { from_drug: from, from_mg, to_drug: to, mg: number(mg), table: &table.id, table_confirmed }
    }
}
