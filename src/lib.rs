//! Corticurve
pub mod record;
