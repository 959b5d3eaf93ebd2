//! The invented ward.
