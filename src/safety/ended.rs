//! An infusion that is still recorded as running when the end that was recorded for it has passed.
//!
//! By then the record takes all of it as gone in. Whether it ended then, was stopped before or is still running is known at
//! the bedside only, so it is a question to whoever looks at the chart, as is a dose that may be recorded twice. It is answered
//! by a correction: of the status, of what went in, or of how long the infusion takes. The only time that is looked at is the
//! recorded one, so a longer infusion is asked about again when that has passed too.

use crate::record::{Administration, Chart, Moment, Recorded, Status};

/// The doses of a chart that are [past their end](is_past_its_end), by the time they began.
pub fn past_their_end(chart: &Chart, as_of: Moment) -> impl Iterator<Item = &Recorded<Administration>> {
    chart.administrations.iter().filter(move |dose| is_past_its_end(dose, as_of))
}

/// Whether a dose stands, is recorded as running, and was to have ended by an instant.
pub fn is_past_its_end(dose: &Recorded<Administration>, as_of: Moment) -> bool {
    !dose.struck_out && dose.value.status == Status::Running && dose.value.given.end() <= as_of
}
