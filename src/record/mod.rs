//! What happened: amounts, drugs, routes, times, entries, and the fold of entries into a chart.
//!
//! This room is pure. It has no clock, opens no files and knows no widget: "now", time zones, random bytes and text all
//! come in as arguments, so everything here can be tested with a fixed time. It holds facts and never says what they
//! amount to; that is `exposure`'s.
//!
//! Start at [`Entry`], the immutable line of every record, and [`Chart`], what a set of entries says. [`Amount`] is the
//! exact amount that everything else adds up. [`quick`] reads the one-line languages in which doses and plans are typed;
//! [`Frequencies`] is the vocabulary of how often a planned dose is due.

mod administration;
mod again;
mod amount;
mod body;
mod chart;
pub mod decimal;
mod drug;
mod entry;
mod fold;
mod frequency;
mod identity;
mod plan;
mod private;
pub mod quick;
mod review;
mod schedule;
pub mod time;
pub mod visible;
mod words;

pub(crate) use drug::list_words;

pub use administration::{Administration, Given, GivenError};
pub(crate) use amount::split_unit;
pub use amount::{Amount, AmountError, Counted, Quantity};
pub use body::{BodyError, Height, PerKg, Weight};
pub use chart::{Change, Chart, Recorded, Stamp, State, Unplaced, standing};
pub use decimal::DecimalError;
pub use drug::{Class, Drug, DrugError, DrugId, Formulary, Vial};
pub use entry::{
    Acknowledgement, Archive, ChartCheck, Correction, Entry, Event, Fact, Grade, Graded, Infusion, Measure,
    Measurement, Noted, Review, Score, StrikeOut,
};
pub use frequency::{Frequencies, Frequency, FrequencyError};
pub use identity::{EntryId, Identity, IdentityError, Initials, Mrn, Name, PatientId, Sex, id_letters, is_id};
pub use plan::{Interval, Plan, Stage, StageEnd};
pub use review::{Did, Reviewed, Unseen, unseen_identities};
pub use schedule::{MOST_DOSES, ScheduleError};
pub use time::{Day, Moment, Now, TimeError, Zone};
pub(crate) use words::vocabulary;
pub use words::{Expressed, Purpose, Route, Scale, Status, WordError, counted};
