//! The clock, which every room above takes as an argument.

use crate::record::{Moment, Now, Zone};
use chrono::{Local, MappedLocalTime, NaiveDateTime, TimeZone};

/// Where "now" comes from.
pub trait Clock {
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
        Local.from_local_datetime(&wall).map(|moment| moment.fixed_offset())
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
