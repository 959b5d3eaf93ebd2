//! An invented patient for the examples of this room: doses as a ward types them, at a fixed present.

use super::{DEFAULT_TABLE, Rules, TableError, Tables};
use crate::record::{
    Chart, Entry, EntryId, Fact, Formulary, Frequencies, Infusion, Measure, Measurement, Moment, Now, Plan, quick, time,
};
use chrono::FixedOffset;
use std::error::Error;
use std::sync::LazyLock;

static SHIPPED: LazyLock<Result<(Formulary, Tables), TableError>> =
    LazyLock::new(|| Ok((Formulary::shipped()?, Tables::shipped()?)));

/// The shipped drugs and tables, read as the design says. Source: design, section 5.
///
/// ```
/// use corticurve::exposure::examples;
/// let rules = examples::rules().unwrap();
/// assert_eq!((rules.table.id.as_str(), rules.reading.course_gap_hours), ("fda-label", 48));
/// ```
///
/// # Errors
/// Never in a tested build.
pub fn rules() -> Result<Rules<'static>, Box<dyn Error>> {
    let (formulary, tables) = SHIPPED.as_ref().map_err(Clone::clone)?;
    Ok(Rules::new(formulary, tables, tables.get(DEFAULT_TABLE)?))
}

/// The ward's clock in Greenwich, as a zone. Source: design, section 4.
///
/// ```
/// use corticurve::exposure::examples;
/// assert_eq!(examples::zone().unwrap().local_minus_utc(), 0);
/// ```
///
/// # Errors
/// Never.
pub fn zone() -> Result<FixedOffset, Box<dyn Error>> {
    Ok(FixedOffset::east_opt(0).ok_or("no offset is an offset")?)
}

/// A time as it is written: `2026-11-22 14:30`. Source: design, section 4.
///
/// ```
/// use corticurve::exposure::examples;
/// assert_eq!(examples::at("2026-11-22 14:30").unwrap().to_rfc3339(), "2026-11-22T14:30:00+00:00");
/// ```
///
/// # Errors
/// For a text that is not a time.
pub fn at(text: &str) -> Result<Moment, Box<dyn Error>> {
    Ok(time::parse_moment(text, &zone()?)?)
}

/// The present of every example: Sunday, 22 November 2026, 14:30. Source: design, section 4.
///
/// ```
/// use corticurve::exposure::examples;
/// use corticurve::record::time;
/// assert_eq!(time::shown(examples::now().unwrap()), "22-Nov-2026 14:30");
/// ```
///
/// # Errors
/// Never.
pub fn now() -> Result<Moment, Box<dyn Error>> {
    at("2026-11-22 14:30")
}

/// A chart of typed doses, without an infusion. Source: design, section 7.
///
/// ```
/// use corticurve::exposure::examples;
/// let chart = examples::chart(&["dex 10 iv 2026-11-14T08:00Z", "ana 100 sc 2026-11-14T12:30Z"]).unwrap();
/// let given: Vec<_> = chart.administrations.iter().map(|dose| dose.value.amount_shown()).collect();
/// assert_eq!(given, ["10 mg", "100 mg"]);
/// assert!(chart.infusions.is_empty());
/// ```
///
/// # Errors
/// For a line that is not a dose.
pub fn chart(lines: &[&str]) -> Result<Chart, Box<dyn Error>> {
    Ok(Chart::fold(&entries(Vec::new(), lines)?))
}

/// A chart of typed doses of a patient of 52.3 kg and 160 cm who was infused on Friday, 13 November 2026 at 10:40, Day 0.
/// Source: design, section 4.
///
/// ```
/// use corticurve::exposure::examples;
/// use corticurve::record::Day;
/// let chart = examples::treated(&["dex 10 iv 2026-11-14T08:00Z"]).unwrap();
/// let day0 = chart.infusions[0].value.at.date_naive();
/// assert_eq!(Day::of(examples::now().unwrap().date_naive(), day0), Day(9));
/// assert_eq!(chart.weights().next().unwrap().0.to_string(), "52.3 kg");
/// ```
///
/// # Errors
/// For a line that is not a dose.
pub fn treated(lines: &[&str]) -> Result<Chart, Box<dyn Error>> {
    let morning = at("2026-11-13 08:00")?;
    let measured = |what| Fact::Measured(Measurement { what, at: morning });
    let infused = Infusion { product: "tisagenlecleucel".to_owned(), at: at("2026-11-13 10:40")? };
    let facts = vec![
        measured(Measure::Weight("52.3 kg".parse()?)),
        measured(Measure::Height("160 cm".parse()?)),
        Fact::Infused(infused),
    ];
    Ok(Chart::fold(&entries(facts, lines)?))
}

/// A plan as it is typed at the present, for a patient of 52.3 kg: `dex 10 iv q6h x8`. Source: design, section 4.
///
/// ```
/// use corticurve::exposure::examples;
/// // 0.2 mg for each of 52.3 kg.
/// let plan = examples::plan("dex 0.2mg/kg iv q6h x8").unwrap();
/// assert_eq!(plan.stages[0].amount.to_string(), "10.46 mg");
/// ```
///
/// # Errors
/// For a line that is not a plan.
pub fn plan(line: &str) -> Result<Plan, Box<dyn Error>> {
    let (formulary, zone) = (rules()?.formulary, zone()?);
    let context = quick::Context { formulary, now: Now { at: now()?, zone: &zone }, weight: "52.3 kg".parse().ok() };
    Ok(quick::parse_plan(line, &Frequencies::shipped()?, context)?)
}

fn entries(mut facts: Vec<Fact>, lines: &[&str]) -> Result<Vec<Entry>, Box<dyn Error>> {
    let (formulary, zone) = (rules()?.formulary, zone()?);
    let context = quick::Context { formulary, now: Now { at: now()?, zone: &zone }, weight: None };
    for line in lines {
        facts.push(Fact::Administered(quick::parse(line, context)?));
    }
    let entry = |(number, fact): (u8, Fact)| {
        let (id, recorded_by) = (EntryId::from_random([number; 16]), "NK".parse()?);
        Ok(Entry { id, recorded_at: now()?, recorded_by, workstation: "WARD4-PC02".into(), fact })
    };
    (0..).zip(facts).map(entry).collect()
}
