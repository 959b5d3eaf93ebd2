//! What it means: conversion tables, what counts, totals, the curve, daily totals, landmarks, and the figure.
//!
//! This room is pure: it takes a [`Chart`](crate::record::Chart), the [`Rules`] by which facts are read, a [`Window`] and
//! an as-of time, and gives numbers. There is one function for each number, and every place that shows the number calls
//! it. Definitions are those of the design, section 5; numbers in tables come from the clinical reference.
//!
//! Start at [`Exposure`], all figures of one patient, and [`figure::Figure`], the chart as plain data. [`Judged`] says
//! why a dose is or is not in the total. [`Exact`] is the number that never rounds. [`Projection`] says where a plan leads;
//! planned doses are in no other figure.
//!
//! Every public function names its source and shows an example that runs; a test of the house fails for one that does not.
//!
//! ```
//! use corticurve::exposure::{Exposure, Window, examples};
//! let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
//! let chart = examples::chart(&["dex 10 iv 2026-11-14T08:00Z", "methylpred 80 iv 2026-11-15T08:00Z"]).unwrap();
//! let exposure = Exposure::of(&chart, rules, Window::All, now).unwrap();
//! assert_eq!(exposure.total.shown(2), "25");
//! ```

mod anakinra;
mod body;
mod breakdown;
mod course;
mod curve;
mod daily;
mod episode;
mod exact;
pub mod examples;
mod explain;
pub mod figure;
mod infusion;
mod inside;
mod judge;
mod log;
mod patient;
mod place;
mod plan;
mod planned_days;
mod position;
mod projection;
mod published;
mod range;
mod reading;
mod review;
mod rules;
mod running;
mod sparing;
mod table;
mod totals;
mod undecided;
mod unit;
mod window;

pub use anakinra::{Anakinra, GradeAround};
pub use body::{Surface, surface};
pub use breakdown::{DrugTotal, Landmark, LeftOut, Share};
pub use course::Course;
pub use curve::{CurvePoint, curve};
pub use daily::Daily;
pub use episode::Episode;
use exact::Sum;
pub use exact::{Exact, Overflow};
pub use explain::{ExplainedDose, Explanation, FigureName, FigureNameError, explain};
pub use infusion::went_in;
use inside::Inside;
pub use judge::{Judged, Reason, base_of_phosphate, judge, left_out};
pub use log::{LogRow, log};
pub use patient::Exposure;
pub use place::TextPlace;
pub use plan::{Expected, PlanSum, PlannedError, StageSum, expected};
pub use planned_days::{PlannedDay, compared, planned_days};
pub use position::{EVIDENCE, NOT_A_LIMIT, NoPosition, Place, Population, Position, positions};
pub use projection::{Beyond, Projection, Reached, Step, due_words};
pub use published::{AgeGroup, Published, PublishedError, Series, Yardstick};
pub use range::{Range, RangeEnd};
pub use reading::{NO_PURPOSE, Reading, SurfaceFormula, WeightBy, parse_purpose, purpose_word};
pub use review::{Changed, SinceReview, TotalAt, since_review, unseen_since_review};
pub use rules::Rules;
pub use running::Running;
pub use sparing::{NOT_AN_EFFECT, NoSparing, Sparing, sparing};
pub use table::{DEFAULT_TABLE, Table, TableError, TableFault, Tables};
pub use totals::{as_of, total, total_of};
pub use undecided::Undecided;
pub use unit::{UnitChange, UnitError, UnitFault, UnitHistory, UnitSettings};
pub use window::{Edge, Span, Window, WindowError};
