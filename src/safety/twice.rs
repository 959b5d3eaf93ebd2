//! One dose that was recorded twice, on two workstations or by two people on one, without seeing each other's entry; or that
//! was imported twice from one row of a source.
//!
//! Both entries are kept and counted, because only somebody who was there knows whether it was one dose or two. Until they
//! say so it is a question to whoever looks at the chart. "Both were given" is an [`Acknowledgement`] whose rule names the
//! two entries; "it was one" is the strike-out of one of them. So an answer is an entry like any other, is seen by every
//! workstation, and the question does not come back.

use super::is_same_dose;
use crate::record::{Acknowledgement, Administration, Chart, EntryId, Initials, Recorded, Stamp, standing, time};
use chrono::TimeDelta;
use std::collections::{BTreeMap, BTreeSet};

/// What the rule of an answer begins with; the two ids follow, the smaller first.
const RULE: &str = "recorded-twice";

/// How far apart two records of one dose may stand. One person writes the minute of the prescription, another that of the
/// syringe; no interval of a dosing schedule is this short. It is a rule of attention and no clinical limit.
const NEAR: TimeDelta = TimeDelta::minutes(30);

/// Two entries that may be one dose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twice<'a> {
    /// The one that was recorded first.
    pub first: &'a Recorded<Administration>,
    /// The one that was recorded after it.
    pub second: &'a Recorded<Administration>,
}

impl Twice<'_> {
    /// Whether both were imported from one row of a source, so that one of them is too many.
    pub fn is_of_one_row(&self) -> bool {
        row(self.first).is_some_and(|id| row(self.second) == Some(id))
    }
}

/// The source's id of a dose that was imported.
fn row(dose: &Recorded<Administration>) -> Option<&str> {
    dose.value.source_id.as_deref()
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

/// The entries that stand, and say that the drug of a dose was given within half an hour of it, whoever recorded them; none for a dose
/// that was not given. They are compared before saving with each dose of a list: its times are those of the schedule, so
/// one of them may be a dose that was recorded when it was given, also by oneself.
pub fn near_doses<'a>(
    dose: &'a Administration,
    chart: &'a Chart,
) -> impl Iterator<Item = &'a Recorded<Administration>> {
    let start = dose.given.start();
    // A chart's doses are in the order in which they were given.
    let first = chart.administrations.partition_point(|other| start - other.value.given.start() > NEAR);
    let near = chart.administrations.iter().skip(first).take_while(move |o| o.value.given.start() - start <= NEAR);
    near.filter(|other| {
        !dose.status.not_given()
            && !other.struck_out
            && !other.value.status.not_given()
            && other.value.drug == dose.drug
    })
}

/// What to ask before several doses are saved of which some are [near](near_doses) a recorded one. One that is the same as it is
/// asked about already, by [`check`](super::check).
pub fn near_question(doses: &[Administration], chart: &Chart) -> Option<String> {
    let is_near = |dose: &&Administration| near_doses(dose, chart).any(|other| !is_same_dose(&other.value, dose));
    let near: Vec<String> = doses.iter().filter(is_near).map(|dose| time::shown(dose.given.start())).collect();
    let of = |other: &Recorded<Administration>| (time::shown(other.value.given.start()), other.stamp.by.to_string());
    let others = doses.iter().filter(is_near).flat_map(|dose| near_doses(dose, chart)).map(of);
    let mut others: Vec<String> = others.map(|(at, by)| format!("{at} by {by}")).collect();
    others.dedup();
    (!near.is_empty()).then(|| {
        format!(
            "{} may be recorded already, as {}: leave out what is the same dose",
            near.join(" and "),
            others.join(" and ")
        )
    })
}

/// The pairs of a chart that stand, may be one dose, come from two workstations or people, and were not answered; by the
/// time they were given.
///
/// Two entries may be one dose when drug and hour agree: both say that something was given, and began at most 30 minutes
/// apart. Amount and route are not compared, as one of two records may hold the slip. Two that were imported from one row of a
/// source are asked about whoever imported them, and whenever they say that the dose was given.
pub fn recorded_twice(chart: &Chart) -> Vec<Twice<'_>> {
    let answered: BTreeSet<&str> = standing(&chart.acknowledgements).map(|answer| answer.rule.as_str()).collect();
    let doses: Vec<&Recorded<Administration>> = chart
        .administrations
        .iter()
        .filter(|dose| !dose.struck_out)
        .filter(|dose| !dose.value.status.not_given())
        .collect();
    let mut rows: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, dose) in doses.iter().enumerate() {
        if let Some(id) = row(dose) {
            rows.entry(id).or_default().push(at);
        }
    }
    let mut pairs = Vec::new();
    for (at, one) in doses.iter().enumerate() {
        // Doses are sorted by the time they were given, so those that are near follow at once.
        let start = |dose: &Recorded<Administration>| dose.value.given.start();
        let near = doses.iter().enumerate().skip(at + 1).take_while(|(_, other)| start(other) - start(one) <= NEAR);
        let may_be_one = |other: &Recorded<Administration>| {
            one.value.drug == other.value.drug
                && is_from_elsewhere(&one.stamp, &other.stamp.by, &other.stamp.workstation)
        };
        let mut others: BTreeSet<usize> = near.filter(|(_, other)| may_be_one(other)).map(|(other, _)| other).collect();
        let same_row = row(one).and_then(|id| rows.get(id)).into_iter().flatten();
        others.extend(same_row.filter(|other| **other > at));
        for other in others.into_iter().filter_map(|other| doses.get(other)) {
            if !answered.contains(rule(&one.stamp.id, &other.stamp.id).as_str()) {
                let order = |dose: &Recorded<Administration>| (dose.stamp.at, dose.stamp.id.clone());
                let (first, second) = if order(one) <= order(other) { (*one, *other) } else { (*other, *one) };
                pairs.push(Twice { first, second });
            }
        }
    }
    pairs
}
