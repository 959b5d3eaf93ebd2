//! Corticurve
pub mod exposure;
pub mod exchange;
pub mod record;
