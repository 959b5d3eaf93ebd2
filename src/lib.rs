//! Corticurve
pub mod exposure;
pub mod record;
