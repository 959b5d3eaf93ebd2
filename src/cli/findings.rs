//! What is wrong with the files of the patients that were shown.

use super::{Failure, Outcome, tell};
use crate::app::ward::{Patient, Ward, second_charts};
use crate::record::Unplaced;
use crate::safety::recorded_twice;

/// What was told of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Told {
    /// Anything at all.
    pub anything: bool,
    /// Something that is wrong with the files, which `verify` lists.
    pub in_files: bool,
}

/// Prints what is wrong with the files of the patients that were shown, which of them has a second chart, and what counts twice:
/// their figures are not to be relied on.
pub fn findings(ward: &Ward, patients: &[&Patient]) -> Outcome {
    let mut told = tell_findings(ward, patients);
    if let Some(gap) = ward.beside_a_gap(patients) {
        tell(gap);
        told.anything = true;
    }
    match told {
        Told { in_files: true, .. } => {
            Err(Failure::refused("there are findings in the files; `corticurve verify` lists them all"))
        }
        // It was said already, and is in no file.
        Told { anything: true, .. } => Err(Failure::Refused(String::new())),
        _ => Ok(()),
    }
}

/// The same; returns what was told of.
pub fn tell_findings(ward: &Ward, patients: &[&Patient]) -> Told {
    let mut told = Told::default();
    for patient in patients {
        for finding in &patient.findings {
            tell(finding);
            told.in_files = true;
        }
        for unplaced in &patient.chart.unplaced {
            tell(format!("{}: {unplaced}", patient.id));
            told.anything = true;
            // What it is about may be lost, and that is looked for.
            told.in_files |= matches!(unplaced, Unplaced::TargetMissing { .. });
        }
        for twice in recorded_twice(&patient.chart).iter().filter(|twice| twice.is_of_one_row()) {
            let (first, second) = (&twice.first.stamp.id, &twice.second.stamp.id);
            tell(format!(
                "{}: one row of a source was imported twice, as the entries {first} and {second}, and both count; strike out \
                 one of them",
                patient.id
            ));
            told.anything = true;
        }
    }
    // Of two charts of one number each is told of, or the first that a reader looks at would seem whole.
    for finding in second_charts(ward.patients())
        .iter()
        .filter(|finding| patients.iter().any(|patient| finding.is_of(&patient.id)))
    {
        tell(finding);
        told.in_files = true;
    }
    told.anything |= told.in_files;
    told
}

/// Says what may be missing of these patients, in whose gaps something is written, and what comes of it.
pub fn tell_gaps(ward: &Ward, gaps: &[&Patient], what: &str) {
    if !gaps.is_empty() {
        tell_findings(ward, gaps);
        tell(format!("{what}; `corticurve verify` lists all findings"));
    }
}
