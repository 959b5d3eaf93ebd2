//! Tests of the room `exchange`.

mod cells;
mod demo;
mod files;
mod laws;
mod mimic;
mod profile;
mod report;

use corticurve::exchange::import::{self, Batch, ImportError, Profile};
use corticurve::record::{Administration, Formulary, Now, time};

/// Reads a file with the generic profile, on 22 November 2026 at 14:30 where clocks are one hour ahead of UTC.
fn generic(file: &[u8]) -> Result<Batch, ImportError> {
    with_profile(file, &Profile::named("generic").unwrap())
}

fn with_profile(file: &[u8], profile: &Profile) -> Result<Batch, ImportError> {
    let zone = chrono::FixedOffset::east_opt(3600).unwrap();
    let at = time::parse_moment("2026-11-22 14:30", &zone).unwrap();
    import::read(file, "mar.csv", profile, &Formulary::shipped().unwrap(), Now { at, zone: &zone })
}

/// The only dose of a file.
fn only(batch: &Batch) -> &Administration {
    assert_eq!(batch.report.rows_imported(), 1, "{}", batch.report);
    &batch.patients[0].administrations[0]
}

/// The message of a file that must be refused.
fn refusal(file: &[u8]) -> String {
    generic(file).expect_err(&String::from_utf8_lossy(file)).to_string()
}
