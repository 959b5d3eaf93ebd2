//! In and out: records of other systems come in here, as facts that nobody has saved yet.
//!
//! [`import`] reads medication administration records (CSV) by a [`import::Profile`]; [`demo`] makes the invented ward.
//! This room parses and reports. It saves nothing and counts nothing: the caller hands the facts to `store`, and what
//! they amount to is `exposure`'s.

mod anakinra;
pub mod demo;
pub mod explanation;
pub mod import;
pub mod listing;
pub mod projection;
pub mod summary;
