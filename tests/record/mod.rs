//! Tests of `record`: exact amounts, times on the ward's clock, the typed language, and the fold of entries.

mod amounts;
mod body;
mod changes;
mod facts;
mod fold;
mod formulary;
mod frequencies;
mod hostile;
mod identity;
mod plans;
mod quick_entry;
mod review;
mod schedules;
mod several;
mod times;

use chrono::{FixedOffset, MappedLocalTime, NaiveDate, NaiveDateTime, TimeDelta};
use corticurve::record::{
    Administration, Amount, DrugId, Entry, EntryId, Fact, Formulary, Frequencies, Given, Moment, Now, Plan, Weight,
    Zone, quick, time,
};

/// The wall clock of a ward in Berlin in 2026: 02:00–03:00 is skipped on 29 March and repeated on 25 October.
pub struct Berlin;

impl Zone for Berlin {
    fn moments(&self, wall: NaiveDateTime) -> MappedLocalTime<Moment> {
        let (winter, summer) = (offset(1), offset(2));
        let (spring, autumn) = (wall_clock(2026, 3, 29, 2), wall_clock(2026, 10, 25, 2));
        let hour = TimeDelta::hours(1);
        let on = |offset: FixedOffset| wall.and_local_timezone(offset).single().unwrap();
        if (spring..spring + hour).contains(&wall) {
            MappedLocalTime::None
        } else if (autumn..autumn + hour).contains(&wall) {
            MappedLocalTime::Ambiguous(on(summer), on(winter))
        } else if (spring..autumn).contains(&wall) {
            MappedLocalTime::Single(on(summer))
        } else {
            MappedLocalTime::Single(on(winter))
        }
    }
}

fn wall_clock(year: i32, month: u32, day: u32, hour: u32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(year, month, day).unwrap().and_hms_opt(hour, 0, 0).unwrap()
}

pub fn offset(hours: i32) -> FixedOffset {
    FixedOffset::east_opt(hours * 3600).unwrap()
}

/// A moment with its offset written out.
pub fn at(text: &str) -> Moment {
    time::parse_moment(text, &offset(0)).unwrap()
}

/// Reads a line typed in Berlin at a moment, for a patient of 52.3 kg.
pub fn typed_at(line: &str, now: &str) -> Result<Administration, quick::QuickError> {
    let formulary = Formulary::shipped().unwrap();
    let now = Now { at: at(now), zone: &Berlin };
    let weight = Some("52.3 kg".parse::<Weight>().unwrap());
    quick::parse(line, quick::Context { formulary: &formulary, now, weight })
}

/// Reads a line typed in Berlin on Sunday, 22 November 2026 at 14:32.
pub fn typed(line: &str) -> Result<Administration, quick::QuickError> {
    typed_at(line, "2026-11-22T14:32+01:00")
}

/// Reads a plan typed in Berlin at a moment, for a patient of 52.3 kg.
pub fn planned_at(line: &str, now: &str) -> Result<Plan, quick::PlanError> {
    planned_in(&Berlin, line, now)
}

/// The same in another zone.
pub fn planned_in(zone: &dyn Zone, line: &str, now: &str) -> Result<Plan, quick::PlanError> {
    let (formulary, frequencies) = (Formulary::shipped().unwrap(), Frequencies::shipped().unwrap());
    let now = Now { at: at(now), zone };
    let weight = Some("52.3 kg".parse::<Weight>().unwrap());
    quick::parse_plan(line, &frequencies, quick::Context { formulary: &formulary, now, weight })
}

/// Reads a plan typed in Berlin on Sunday, 22 November 2026 at 14:32.
pub fn planned(line: &str) -> Result<Plan, quick::PlanError> {
    planned_at(line, "2026-11-22T14:32+01:00")
}

pub fn id(number: u32) -> EntryId {
    format!("{number:016}").parse().unwrap()
}

/// An entry with a number for its id, written down so many minutes after noon.
pub fn entry(number: u32, minute: i64, fact: Fact) -> Entry {
    Entry {
        id: id(number),
        recorded_at: at("2026-11-22T12:00Z") + TimeDelta::minutes(minute),
        recorded_by: "NK".parse().unwrap(),
        workstation: "WARD4-PC02".into(),
        fact,
    }
}

/// A dose of dexamethasone in milligrams at 08:00.
pub fn dose(milligrams: u64) -> Administration {
    let amount = Amount::from_micrograms(milligrams * 1000);
    Administration::given(DrugId::new("dexamethasone"), amount, Given::At(at("2026-11-22T08:00Z")))
}

/// Asserts that a message holds each part.
#[track_caller]
pub fn says(message: &str, parts: &[&str]) {
    for part in parts {
        assert!(message.contains(part), "{message:?} does not say {part:?}");
    }
}
