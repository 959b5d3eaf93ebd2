//! Starts the window or a verb of the command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    corticurve::cli::run(std::env::args_os())
}
