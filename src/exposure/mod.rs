//! What it means: conversion tables, what counts, totals, the curve, daily totals, landmarks, and the figure.
//!
//! This room is pure: it takes a [`Chart`](crate::record::Chart), the [`Rules`] by which facts are read, a [`Window`] and
//! an as-of time, and gives numbers. There is one function for each number, and every place that shows the number calls
//! it. Definitions are those of the design, section 5; numbers in tables come from the clinical reference.
//!
//! Start at [`Exposure`], all figures of one patient, and [`figure::Figure`], the chart as plain data. [`Judged`] says
//! why a dose is or is not in the total. [`Exact`] is the number that never rounds.
//!
//! ```
//! use corticurve::exposure::{DEFAULT_TABLE, Rules, Tables};
//! use corticurve::record::{Chart, EntryId, Formulary, Now, Stamp, quick, time};
//! let (formulary, tables) = (Formulary::shipped().unwrap(), Tables::shipped().unwrap());
//! let rules = Rules { formulary: &formulary, tables: &tables, table: tables.get(DEFAULT_TABLE).unwrap() };
//! let zone = chrono::FixedOffset::east_opt(0).unwrap();
//! let now = Now { at: time::parse_moment("2026-11-22 14:30", &zone).unwrap(), zone: &zone };
//! let (id, by) = (EntryId::from_random([0; 16]), "NK".parse().unwrap());
//! let stamp = Stamp { id, at: now.at, by, workstation: "WARD4-PC02".to_owned() };
//! let record = |chart: Chart, line| {
//!     let context = quick::Context { formulary: &formulary, now, weight: None };
//!     chart.supposing(&quick::parse(line, context).unwrap(), stamp.clone(), None)
//! };
//! use corticurve::exposure::{Exposure, Window};
//! let doses = ["dex 10 iv 2026-11-14T08:00Z", "methylpred 80 iv 2026-11-15T08:00Z"];
//! let chart = doses.into_iter().fold(Chart::default(), record);
//! let exposure = Exposure::of(&chart, rules, Window::All, now.at).unwrap();
//! assert_eq!(exposure.total.shown(2), "25");
//! ```

mod anakinra;
mod breakdown;
mod curve;
mod daily;
mod exact;
pub mod figure;
mod judge;
mod log;
mod table;
mod totals;
mod window;

pub use anakinra::Anakinra;
pub use breakdown::{DrugTotal, Landmark, LeftOut, Share};
pub use curve::{CurvePoint, curve};
pub use daily::Daily;
pub use exact::{Exact, Overflow};
pub use judge::{Judged, Reason, base_of_phosphate, left_out};
pub use log::{LogRow, log};
pub use table::{DEFAULT_TABLE, Table, TableError, Tables};
pub use totals::{Exposure, Rules, as_of, judge, total};
pub use window::{Edge, Span, Window, WindowError};
