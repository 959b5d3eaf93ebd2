//! The JSON of anakinra, of the steroid-sparing read-out and of the position.

use super::summary::{Number, number};
use crate::exposure::{
    Anakinra, Exact, GradeAround, NOT_AN_EFFECT, NoSparing, Population, Position, Sparing, Undecided,
};
use crate::record::Moment;
use chrono::NaiveDate;
use serde::Serialize;

/// Anakinra; milligrams of anakinra.
#[derive(Debug, Serialize)]
pub(super) struct AnakinraJson {
    mg: Number,
    doses: usize,
    undecided_mg: Number,
    undecided_doses: usize,
    days: usize,
    first_at: Option<Moment>,
    hours_after_first_steroid: Option<Number>,
    within_24h: Option<bool>,
    mg_per_day: Option<Number>,
    mg_per_kg_per_day: Option<Number>,
    peak_date: Option<NaiveDate>,
    peak_mg_per_day: Option<Number>,
    peak_mg_per_kg_per_day: Option<Number>,
    grades: Vec<GradeJson>,
}

/// The grade of one scale; `after_48h` is `null` while the 48 hours have not passed.
#[derive(Debug, Serialize)]
struct GradeJson {
    scale: &'static str,
    at_first: Option<u8>,
    after_48h: Option<u8>,
}

impl AnakinraJson {
    pub(super) fn of(anakinra: &Anakinra) -> Self {
        Self {
            mg: number(anakinra.mg),
            doses: anakinra.doses,
            undecided_mg: number(anakinra.undecided.mg),
            undecided_doses: anakinra.undecided.doses + anakinra.undecided.without_mg,
            days: anakinra.days,
            first_at: anakinra.first_at,
            hours_after_first_steroid: anakinra.hours_after_first_steroid().map(number),
            within_24h: anakinra.within_24h(),
            mg_per_day: anakinra.per_day.map(number),
            mg_per_kg_per_day: anakinra.per_kg_per_day.map(number),
            peak_date: anakinra.peak.map(|(date, _)| date),
            peak_mg_per_day: anakinra.peak.map(|(_, mg)| number(mg)),
            peak_mg_per_kg_per_day: anakinra.peak_per_kg.map(number),
            grades: anakinra.grades.iter().map(GradeJson::of).collect(),
        }
    }
}

impl GradeJson {
    fn of(around: &GradeAround) -> Self {
        Self {
            scale: around.scale.word(),
            at_first: around.at_first.map(crate::record::Grade::number),
            after_48h: around.after_48h.map(crate::record::Grade::number),
        }
    }
}

/// The steroid-sparing read-out, or why there is none.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum SparingJson {
    Figure(Box<SparingFigure>),
    Refused { refused: String },
}

#[derive(Debug, Serialize)]
pub(super) struct SparingFigure {
    before_mg_per_day: Number,
    after_mg_per_day: Number,
    difference_mg: Number,
    before_mg: Number,
    after_mg: Number,
    from: Moment,
    anakinra_from: Moment,
    until: Moment,
    undecided_before: UndecidedJson,
    undecided_after: UndecidedJson,
    undecided_anakinra_doses_before: usize,
    note: &'static str,
}

#[derive(Debug, Serialize)]
struct UndecidedJson {
    mg: Number,
    doses: usize,
    doses_without_mg: usize,
}

impl UndecidedJson {
    fn of(undecided: Undecided) -> Self {
        Self { mg: number(undecided.mg), doses: undecided.doses, doses_without_mg: undecided.without_mg }
    }
}

impl SparingJson {
    pub(super) fn of(sparing: &Result<Sparing, NoSparing>) -> Self {
        match sparing {
            Err(reason) => Self::Refused { refused: reason.to_string() },
            Ok(sparing) => Self::Figure(Box::new(SparingFigure {
                before_mg_per_day: number(sparing.before_per_day),
                after_mg_per_day: number(sparing.after_per_day),
                difference_mg: number(sparing.difference),
                before_mg: number(sparing.before),
                after_mg: number(sparing.after),
                from: sparing.from,
                anakinra_from: sparing.anakinra_from,
                until: sparing.until,
                undecided_before: UndecidedJson::of(sparing.undecided_before),
                undecided_after: UndecidedJson::of(sparing.undecided_after),
                undecided_anakinra_doses_before: sparing.undecided_anakinra,
                note: NOT_AN_EFFECT,
            })),
        }
    }
}

/// The position in one published series; those of the patient's own age group come first.
#[derive(Debug, Serialize)]
pub(super) struct PositionJson {
    series: String,
    source: String,
    confirmed: bool,
    population: String,
    age_group: &'static str,
    own_age_group: Option<bool>,
    patients: u32,
    figure: &'static str,
    value: Option<Number>,
    up_to_day: Option<i64>,
    undecided: UndecidedJson,
    place: Option<&'static str>,
    in_range: Option<bool>,
    median: Option<Number>,
    range: Option<[Number; 2]>,
    low_dose_at_most: Option<Number>,
    refused: Option<String>,
    text: String,
    note: &'static str,
}

impl PositionJson {
    pub(super) fn of(position: &Position<'_>) -> Self {
        let series = position.series;
        let found = position.found.as_ref();
        let value: Option<Exact> = found.ok().map(|(figure, _)| *figure);
        Self {
            series: series.id.clone(),
            source: series.source.clone(),
            confirmed: series.confirmed,
            population: series.who.clone(),
            age_group: series.group.word(),
            own_age_group: match position.population {
                Population::Own => Some(true),
                Population::Other => Some(false),
                Population::Unknown => None,
            },
            patients: series.patients,
            figure: series.figure.word(),
            value: value.map(number),
            up_to_day: position.up_to.map(|day| day.0),
            undecided: UndecidedJson::of(position.undecided),
            place: position.place_word(),
            in_range: found.ok().and_then(|(_, place)| place.in_range),
            median: series.median.map(number),
            range: series.range.map(|(least, most)| [number(least), number(most)]),
            low_dose_at_most: series.low_dose_at_most.map(number),
            refused: found.err().map(ToString::to_string),
            text: position.words(),
            note: position.note(),
        }
    }
}
