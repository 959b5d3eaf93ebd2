//! Every test of the program, in one binary: one folder per room, and `window` for what the user sees.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod cli;
mod exchange;
mod exposure;
mod fuzz;
mod house;
mod record;
mod safety;
mod store;
mod window;
