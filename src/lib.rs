//! Corticurve
pub mod exchange;
pub mod record;
