//! One dose that was recorded twice, on two workstations or by two people on one, without seeing each other's entry.
//!
//! Both entries are kept and counted, because only somebody who was there knows whether it was one dose or two. Until they
//! say so it is a question to whoever looks at the chart. "Both were given" is an [`Acknowledgement`] whose rule names the
//! two entries; "it was one" is the strike-out of one of them. So an answer is an entry like any other, is seen by every
//! workstation, and the question does not come back.

use super::is_same_dose;
use crate::record::{Acknowledgement, Administration, Chart, EntryId, Initials, Recorded, Stamp, standing};
use std::collections::BTreeSet;

/// What the rule of an answer begins with; the two ids follow, the smaller first.
const RULE: &str = "recorded-twice";

/// Two entries that may be one dose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twice<'a> {
    /// The one that was recorded first.
    pub first: &'a Recorded<Administration>,
    /// The one that was recorded after it.
    pub second: &'a Recorded<Administration>,
}

/// The answer that both of two doses were given.
pub fn both_given(first: &EntryId, second: &EntryId) -> Acknowledgement {
    Acknowledgement { rule: rule(first, second), reason: "both were given".to_owned(), until: None }
}

/// Whether an entry comes from elsewhere than another: from another workstation, or from another person, as many people may
/// share the name of one server.
pub fn is_from_elsewhere(entry: &Stamp, by: &Initials, workstation: &str) -> bool {
    entry.workstation != workstation || entry.by != *by
}

fn rule(first: &EntryId, second: &EntryId) -> String {
    let (smaller, larger) = if first < second { (first, second) } else { (second, first) };
    format!("{RULE} {smaller} {larger}")
}

/// The pairs of a chart that stand, are the same dose as [`check`](super::check) understands it, come from two
/// workstations or people, and were not answered; by the time they were given.
pub fn recorded_twice(chart: &Chart) -> Vec<Twice<'_>> {
    let answered: BTreeSet<&str> = standing(&chart.acknowledgements).map(|answer| answer.rule.as_str()).collect();
    let doses: Vec<&Recorded<Administration>> = chart.administrations.iter().filter(|dose| !dose.struck_out).collect();
    let mut pairs = Vec::new();
    for (at, one) in doses.iter().enumerate() {
        // Doses are sorted by the time they were given, so those of the same minute follow at once.
        let minute = |dose: &Recorded<Administration>| dose.value.given.start().timestamp() / 60;
        let same_minute = doses.iter().skip(at + 1).take_while(|other| minute(other) == minute(one));
        for other in same_minute {
            let elsewhere = is_from_elsewhere(&one.stamp, &other.stamp.by, &other.stamp.workstation);
            let asked = !answered.contains(rule(&one.stamp.id, &other.stamp.id).as_str());
            if elsewhere && asked && is_same_dose(&one.value, &other.value) {
                let order = |dose: &Recorded<Administration>| (dose.stamp.at, dose.stamp.id.clone());
                let (first, second) = if order(one) <= order(other) { (*one, *other) } else { (*other, *one) };
                pairs.push(Twice { first, second });
            }
        }
    }
    pairs
}
