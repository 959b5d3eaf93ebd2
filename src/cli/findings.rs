//! What is wrong with the files of the patients that were shown.

use super::{Failure, Outcome, tell};
use crate::app::ward::{Patient, Ward, second_charts};
use crate::safety::recorded_twice;

/// Prints what is wrong with the files of the patients that were shown, and which of them has a second chart: their figures
/// may lack something.
pub fn findings(ward: &Ward, patients: &[&Patient]) -> Outcome {
    if tell_findings(ward, patients) {
        Err(Failure::refused("there are findings in the files; `corticurve verify` lists them all"))
    } else {
        Ok(())
    }
}

/// The same; returns whether there are any.
pub fn tell_findings(ward: &Ward, patients: &[&Patient]) -> bool {
    let mut any = false;
    for patient in patients {
        for finding in &patient.findings {
            tell(finding);
            any = true;
        }
        for unplaced in &patient.chart.unplaced {
            tell(format!("{}: {unplaced}", patient.id));
            any = true;
        }
        for twice in recorded_twice(&patient.chart).iter().filter(|twice| twice.is_of_one_row()) {
            let (first, second) = (&twice.first.stamp.id, &twice.second.stamp.id);
            tell(format!(
                "{}: one row of a source was imported twice, as the entries {first} and {second}, and both count; strike out \
                 one of them",
                patient.id
            ));
            any = true;
        }
    }
    // Of two charts of one number each is told of, or the first that a reader looks at would seem whole.
    for finding in second_charts(ward.patients())
        .iter()
        .filter(|finding| patients.iter().any(|patient| finding.is_of(&patient.id)))
    {
        tell(finding);
        any = true;
    }
    any
}
