//! The clock, which every room above takes as an argument.

use crate::record::{Moment, Now, Zone};
use chrono::{FixedOffset, Local, MappedLocalTime, NaiveDateTime, Offset, TimeDelta, TimeZone};

/// Where "now" comes from.
pub trait Clock: Send + Sync {
    /// The present, on the workstation's wall clock, to the second.
    fn now(&self) -> Moment;

    /// The workstation's time zone.
    fn zone(&self) -> &dyn Zone;

    /// Both.
    fn present(&self) -> Now<'_> {
        Now { at: self.now(), zone: self.zone() }
    }
}

/// The workstation's own clock and zone.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Zone for SystemClock {
    fn moments(&self, wall: NaiveDateTime) -> MappedLocalTime<Moment> {
        moments_by(wall, |utc| Local.offset_from_utc_datetime(&utc).fix())
    }
}

/// The instants at which a wall clock showed a time, from the offset that is in force at each instant.
///
/// Chrono's own way from the wall clock to the instant (0.4.45, on Unix) gives the two of the repeated hour in the wrong
/// order, repeats the minute after it too, and lets the first minute of the skipped hour pass. Its way from the instant to
/// the offset is right, so only that is used.
fn moments_by(wall: NaiveDateTime, offset_at: impl Fn(NaiveDateTime) -> FixedOffset) -> MappedLocalTime<Moment> {
    // Within a day of a clock change both offsets are seen; zones are at most 15 hours from UTC.
    let near = [-24, -12, 0, 12, 24].into_iter().filter_map(|hours| wall.checked_add_signed(TimeDelta::hours(hours)));
    let mut moments: Vec<Moment> = near
        .map(&offset_at)
        .filter_map(|offset| wall.and_local_timezone(offset).single())
        .filter(|moment| offset_at(moment.naive_utc()) == *moment.offset())
        .collect();
    moments.sort();
    moments.dedup();
    match moments.as_slice() {
        [] => MappedLocalTime::None,
        [one] => MappedLocalTime::Single(*one),
        [first, .., last] => MappedLocalTime::Ambiguous(*first, *last),
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        let now = Local::now().fixed_offset();
        // Records hold whole seconds; a fraction would make a time read back differ from the one shown.
        chrono::DateTime::from_timestamp(now.timestamp(), 0).map_or(now, |whole| whole.with_timezone(now.offset()))
    }

    fn zone(&self) -> &dyn Zone {
        self
    }
}

/// A clock that stands still, for tests, pictures and `--as-of`.
#[derive(Debug, Clone, Copy)]
pub struct FixedClock(pub Moment);

impl Clock for FixedClock {
    fn now(&self) -> Moment {
        self.0
    }

    fn zone(&self) -> &dyn Zone {
        self.0.offset()
    }
}
