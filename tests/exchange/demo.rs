//! The demo ward.
