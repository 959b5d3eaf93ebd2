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

/// The shipped drugs and tables, read as the design says.
///
/// # Errors
/// Never in a tested build.
pub fn rules() -> Result<Rules<'static>, Box<dyn Error>> {
    let (formulary, tables) = SHIPPED.as_ref().map_err(Clone::clone)?;
    Ok(Rules::new(formulary, tables, tables.get(DEFAULT_TABLE)?))
}

/// The ward's clock in Greenwich, as a zone.
///
/// # Errors
/// Never.
pub fn zone() -> Result<FixedOffset, Box<dyn Error>> {
    Ok(FixedOffset::east_opt(0).ok_or("no offset is an offset")?)
}

/// A time as it is written: `2026-11-22 14:30`.
///
/// # Errors
/// For a text that is not a time.
pub fn at(text: &str) -> Result<Moment, Box<dyn Error>> {
    Ok(time::parse_moment(text, &zone()?)?)
}

/// The present of every example: Sunday, 22 November 2026, 14:30.
///
/// # Errors
/// Never.
pub fn now() -> Result<Moment, Box<dyn Error>> {
    at("2026-11-22 14:30")
}

/// A chart of typed doses, without an infusion.
///
/// # Errors
/// For a line that is not a dose.
pub fn chart(lines: &[&str]) -> Result<Chart, Box<dyn Error>> {
    Ok(Chart::fold(&entries(Vec::new(), lines)?))
}

/// A chart of typed doses of a patient of 52.3 kg and 160 cm who was infused on Friday, 13 November 2026 at 10:40, Day 0.
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

/// A plan as it is typed at the present, for a patient of 52.3 kg: `dex 10 iv q6h x8`.
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
        Ok(Entry { id, recorded_at: now()?, recorded_by, workstation: "WARD4-PC02".to_owned(), fact })
    };
    (0..).zip(facts).map(entry).collect()
}
