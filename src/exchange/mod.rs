//! In and out: records of other systems come in here, as facts that nobody has saved yet; figures go out as JSON, CSV, text
//! and a printed page.
//!
//! [`import`] reads medication administration records (CSV) by a [`import::Profile`]; [`demo`] makes the invented ward;
//! [`report`] lays out one page of a patient and makes a PDF of it. This room parses and reports. It saves nothing to a
//! record and counts nothing: the caller hands the facts to `store`, and what they amount to is `exposure`'s.

mod anakinra;
pub mod demo;
pub mod explanation;
pub mod fonts;
pub mod import;
pub mod listing;
pub mod projection;
pub mod report;
pub mod summary;
