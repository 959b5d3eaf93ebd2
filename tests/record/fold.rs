//! Laws of the fold: a chart is made from a set of entries, whoever wrote them and in whatever order they are read.

use super::facts::{administrations, plain_facts};
use super::{dose, entry, id};
use corticurve::record::{Chart, Correction, Entry, Fact, StrikeOut, Unplaced};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::HashSet;

/// What a random change does: its target, what it saw, when it was recorded, and its replacement if it corrects.
type Draft = (u32, Vec<u32>, i64, Option<Fact>);

/// A ward's entries: facts, and changes of any of them or of each other, of nothing, or in circles, by several writers
/// within few minutes so that ties occur.
fn records() -> impl Strategy<Value = Vec<Entry>> {
    let fact = prop_oneof![administrations().prop_map(Fact::Administered), plain_facts()];
    let facts = vec((fact, 0..3_i64), 1..8);
    let replacement = prop_oneof![
        2 => Just(None),
        3 => (1..50_u64).prop_map(|milligrams| Some(Fact::Administered(dose(milligrams)))),
        1 => plain_facts().prop_map(Some),
    ];
    let changes = vec((0..22_u32, vec(0..22_u32, 0..4), 0..5_i64, replacement), 0..12);
    (facts, changes).prop_map(|(facts, changes)| {
        let mut entries: Vec<Entry> =
            (0..).zip(facts).map(|(number, (fact, minute))| entry(number, minute, fact)).collect();
        for (target, seen, minute, replacement) in changes {
            let number = u32::try_from(entries.len()).unwrap();
            entries.push(change(number, (target, seen, minute, replacement)));
        }
        entries
    })
}

fn change(number: u32, (target, seen, minute, replacement): Draft) -> Entry {
    let (target, seen, reason) = (id(target), seen.into_iter().map(id).collect(), "reason".to_owned());
    let fact = match replacement {
        Some(fact) => Fact::Corrected(Correction { target, replacement: Box::new(fact), reason, seen }),
        None => Fact::StruckOut(StrikeOut { target, reason, seen }),
    };
    let mut entry = entry(number, minute, fact);
    entry.workstation = format!("WARD4-PC{:02}", number % 3).into();
    entry
}

proptest! {
    #[test]
    fn a_chart_does_not_depend_on_the_order_of_reading_nor_on_copies(
        (entries, shuffled) in records().prop_flat_map(|entries| {
            let twice: Vec<Entry> = entries.iter().chain(entries.iter().step_by(2)).cloned().collect();
            (Just(entries), Just(twice).prop_shuffle())
        })
    ) {
        prop_assert_eq!(Chart::fold(&entries), Chart::fold(&shuffled));
    }

    #[test]
    fn every_entry_is_in_the_chart_or_listed_as_unplaced(entries in records()) {
        let chart = Chart::fold(&entries);
        let text = format!("{chart:?}");
        for entry in &entries {
            // Who the patient is has no list of its own, and the amendment recorded last replaces the others.
            if !matches!(entry.fact, Fact::PatientRegistered(_) | Fact::PatientAmended(_)) {
                prop_assert!(text.contains(entry.id.as_str()), "{:?} is lost", entry);
            }
        }
    }

    #[test]
    fn the_last_recorded_change_of_a_dose_wins(
        changes in vec((Just(0_u32), Just(Vec::new()), 0..4_i64, proptest::option::of((1..50_u64).prop_map(|mg| Fact::Administered(dose(mg))))), 0..8)
    ) {
        let mut entries = vec![entry(0, 0, Fact::Administered(dose(99)))];
        let mut number = 0;
        for draft in changes {
            number += 1;
            entries.push(change(number, draft));
        }
        let last = entries.iter().skip(1).max_by_key(|entry| (entry.recorded_at, entry.id.clone()));
        let chart = Chart::fold(&entries);
        let result = &chart.administrations[0];
        prop_assert_eq!(result.is_disputed(), entries.len() > 2);
        match last.map(|entry| &entry.fact) {
            Some(Fact::Corrected(correction)) => {
                prop_assert!(!result.struck_out);
                prop_assert_eq!(Fact::Administered(result.value.clone()), (*correction.replacement).clone());
            }
            Some(_) => prop_assert!(result.struck_out),
            None => prop_assert_eq!(&result.value, &dose(99)),
        }
    }

    #[test]
    fn a_chart_taken_apart_and_made_again_says_the_same(entries in records(), more in 0..20_usize) {
        let whole = Chart::fold(&entries);
        prop_assert_eq!(&whole.with(&[]), &whole);
        let (known, new) = entries.split_at(entries.len().saturating_sub(more));
        let known = Chart::fold(known);
        // What could not be placed at first is the one thing that more entries do not put right.
        prop_assume!(known.unplaced.is_empty());
        let again = known.with(new);
        prop_assert_eq!(&again.administrations, &whole.administrations);
        prop_assert_eq!((&again.grades, &again.events, &again.plans), (&whole.grades, &whole.events, &whole.plans));
        prop_assert_eq!(again.added_since(&whole), vec![]);
        let added = whole.added_since(&known);
        prop_assert!(added.iter().all(|entry| new.iter().any(|new| new.id == entry.id)));
    }

    #[test]
    fn what_a_later_reading_lacks_comes_out_of_a_chart_as_it_was_written(
        (mut entries, note, taken_in) in (records(), "[a-z\u{202e}\u{200b}]{0,3}", 0..20_usize)
    ) {
        for (number, entry) in entries.iter_mut().enumerate() {
            match &mut entry.fact {
                Fact::Administered(dose) if number % 2 == 0 => dose.note = Some(note.clone()),
                Fact::StruckOut(change) => change.reason.push_str(&note),
                _ if number % 5 == 0 => entry.workstation = format!("{}{note}", entry.workstation).into(),
                _ => {}
            }
        }
        let mut chart = Chart::fold(&entries[..entries.len().saturating_sub(taken_in)]);
        if !chart.take_in(&entries[entries.len().saturating_sub(taken_in)..]) {
            chart = Chart::fold(&entries);
        }
        // Who the patient is is kept beside the chart.
        entries.retain(|entry| !matches!(entry.fact, Fact::PatientRegistered(_) | Fact::PatientAmended(_)));
        entries.sort_by(|a, b| (a.recorded_at, &a.id).cmp(&(b.recorded_at, &b.id)));
        for chart in [chart.with(&[]), chart] {
            prop_assert_eq!(format!("{:?}", chart.not_among(&HashSet::new())), format!("{entries:?}"));
            let ids: HashSet<_> = entries.iter().step_by(2).map(|entry| &entry.id).collect();
            let lacks: Vec<_> = entries.iter().filter(|entry| !ids.contains(&entry.id)).cloned().collect();
            prop_assert_eq!(chart.not_among(&ids), lacks);
            prop_assert_eq!(chart.every_id().into_iter().collect::<HashSet<_>>().len(), entries.len());
        }
    }

    #[test]
    fn more_entries_never_lose_a_dose(entries in records(), more in 0..20_usize) {
        let fewer = &entries[..entries.len().saturating_sub(more)];
        prop_assert!(Chart::fold(fewer).administrations.len() <= Chart::fold(&entries).administrations.len());
    }
}

#[test]
fn two_different_entries_with_one_id_give_one_chart_and_are_listed() {
    let one = entry(1, 0, Fact::Administered(dose(10)));
    let other = entry(1, 0, Fact::Administered(dose(40)));
    let (chart, turned) = (Chart::fold([&one, &other]), Chart::fold([&other, &one, &other]));
    assert_eq!(chart, turned);
    assert_eq!(chart.unplaced, [Unplaced::TwoVersions { entry: id(1) }]);
    assert_eq!(Chart::fold([&one, &one]).unplaced, []);
}

#[test]
fn no_entries_make_an_empty_chart() {
    assert_eq!(Chart::fold(&[]), Chart::default());
}

#[test]
fn a_long_chain_of_changes_is_followed_in_reasonable_time() {
    let mut entries = vec![entry(0, 0, Fact::Administered(dose(1)))];
    entries.extend((1..2_000).map(|number| {
        let minute = i64::from(number);
        change(number, (number - 1, vec![number - 1], minute, Some(Fact::Administered(dose(u64::from(number))))))
    }));
    let start = std::time::Instant::now();
    let chart = Chart::fold(&entries);
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
    assert_eq!(chart.administrations[0].value, dose(1_999));
    assert!(!chart.administrations[0].is_disputed());
}

proptest! {
    #[test]
    fn entries_taken_in_one_after_another_make_the_same_chart(entries in records(), known in 0..20_usize) {
        let (before, new) = entries.split_at(known.min(entries.len()));
        let mut chart = Chart::fold(before);
        let was = chart.clone();
        if chart.take_in(new) {
            prop_assert_eq!(chart, Chart::fold(&entries));
        } else {
            prop_assert_eq!(&chart, &was);
            let of_others = |entry: &Entry| {
                let fact = &entry.fact;
                matches!(fact, Fact::Corrected(_) | Fact::StruckOut(_) | Fact::PatientRegistered(_) | Fact::PatientAmended(_))
            };
            prop_assert!(new.iter().any(of_others) || !was.unplaced.is_empty());
        }
    }
}
