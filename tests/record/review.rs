//! Signed reviews: what they name, how many they take, and which doses changed after the last one.

use super::{at, dose, entry, id};
use chrono::TimeDelta;
use corticurve::record::{
    Administration, Chart, Correction, Did, Entry, EntryId, Fact, Given, Identity, Name, Review, Sex, StrikeOut,
    unseen_identities,
};
use std::collections::BTreeSet;

/// A dose given so many minutes after noon, and recorded at another minute.
fn given(number: u32, recorded: i64, minute: i64) -> Entry {
    let given = Given::At(at("2026-11-22T12:00Z") + TimeDelta::minutes(minute));
    entry(number, recorded, Fact::Administered(Administration { given, ..dose(10) }))
}

fn review(number: u32, minute: i64, seen: &[u32]) -> Entry {
    let seen = seen.iter().copied().map(id).collect();
    entry(number, minute, Fact::Reviewed(Review { up_to: id(1), seen }))
}

fn corrected(number: u32, minute: i64, target: u32, to: i64) -> Entry {
    let Fact::Administered(to) = given(99, 0, to).fact else { unreachable!() };
    let replacement = Box::new(Fact::Administered(Administration { amount: "4 mg".parse().ok(), ..to }));
    let change = Correction { target: id(target), replacement, reason: "typing".to_owned(), seen: Vec::new() };
    entry(number, minute, Fact::Corrected(change))
}

fn struck_out(number: u32, minute: i64, target: u32) -> Entry {
    let change = StrikeOut { target: id(target), reason: "other patient".to_owned(), seen: Vec::new() };
    entry(number, minute, Fact::StruckOut(change))
}

fn changed(entries: &[Entry]) -> Option<Vec<EntryId>> {
    let chart = Chart::fold(entries);
    chart.changed_after_review().map(|(_, ids)| ids.into_iter().cloned().collect())
}

fn identity(family: &str) -> Identity {
    Identity {
        mrn: "40 017".parse().unwrap(),
        family: Name::parse(family).unwrap(),
        given: Name::parse("Robin").unwrap(),
        born: None,
        sex: Sex::Unknown,
        dates_shifted: false,
    }
}

#[test]
fn only_what_changed_inside_the_reviewed_stretch_is_marked() {
    let before = [given(1, 0, 0), given(2, 5, 5)];
    let signed = review(3, 60, &[1, 2]);
    let cases = [
        ("nothing since", None, vec![]),
        ("a dose that was given later", Some(given(4, 90, 90)), vec![]),
        ("a back-dated dose", Some(given(4, 90, 30)), vec![4]),
        ("one that arrived late", Some(given(4, 30, 30)), vec![4]),
        ("a correction", Some(corrected(4, 90, 2, 5)), vec![2]),
        ("a correction that moves it out of the stretch", Some(corrected(4, 90, 2, 80)), vec![2]),
        ("a strike-out", Some(struck_out(4, 90, 1)), vec![1]),
    ];
    for (what, more, expected) in cases {
        let entries: Vec<Entry> = before.iter().cloned().chain([signed.clone()]).chain(more).collect();
        assert_eq!(changed(&entries), Some(expected.into_iter().map(id).collect()), "{what}");
    }
    assert_eq!(changed(&before), None, "without a review nothing is after it");
}

#[test]
fn the_mark_goes_when_anybody_has_reviewed_the_change() {
    let mut entries = vec![given(1, 0, 0), review(2, 60, &[1]), struck_out(3, 90, 1)];
    assert_eq!(changed(&entries), Some(vec![id(1)]));
    entries.push(Entry { recorded_by: "LT".parse().unwrap(), ..review(4, 100, &[3]) });
    assert_eq!(changed(&entries), Some(vec![]));
    entries.push(struck_out(5, 110, 4));
    assert_eq!(changed(&entries), Some(vec![id(1)]), "a review that is struck out vouches for nothing");
}

#[test]
fn of_shifted_dates_only_what_was_seen_is_inside_a_review() {
    let identity =
        |dates_shifted| entry(9, 0, Fact::PatientRegistered(Identity { dates_shifted, ..identity("Example") }));
    let rest = [given(1, 0, 0), review(2, 60, &[1]), given(3, 90, 30), struck_out(4, 90, 1)];
    for (shifted, expected) in [(false, vec![id(1), id(3)]), (true, vec![id(1)])] {
        let entries: Vec<Entry> = rest.iter().cloned().chain([identity(shifted)]).collect();
        assert_eq!(changed(&entries), Some(expected), "{shifted}");
    }
}

#[test]
fn a_review_of_more_entries_than_fit_a_line_becomes_several_that_name_them_all() {
    let ids: Vec<EntryId> = (0..4_500).map(id).collect();
    let reviews = Review::naming(&id(4_499), &ids);
    assert_eq!(reviews.iter().map(|review| review.seen.len()).collect::<Vec<_>>(), [2_000, 2_000, 500]);
    let text = ron::to_string(&reviews[0]).unwrap();
    assert!(text.len() < 60_000, "{} bytes are well within a line", text.len());
    let entries: Vec<Entry> =
        (5_000..).zip(reviews).map(|(number, review)| entry(number, 60, Fact::Reviewed(review))).collect();
    let chart = Chart::fold(&entries);
    assert_eq!(chart.reviewed_by(&"NK".parse().unwrap()).unwrap().seen, ids.iter().collect::<BTreeSet<_>>());
    assert_eq!(Review::naming(&id(7), &[]), [Review { up_to: id(7), seen: Vec::new() }], "nothing new is signed too");
}

#[test]
fn a_review_without_a_list_vouches_for_the_one_entry_that_it_names() {
    let text = "Reviewed((up_to:\"0000000000000001\"))";
    let fact: Fact = ron::from_str(text).unwrap();
    assert_eq!(ron::to_string(&fact).unwrap(), text, "and is written as it was");
    let chart = Chart::fold(&[given(1, 0, 0), given(2, 5, 5), entry(3, 60, fact)]);
    let seen = chart.reviewed_by(&"NK".parse().unwrap()).unwrap().seen;
    let unseen: Vec<_> = chart.unseen(&seen).into_iter().map(|unseen| unseen.stamp.id).collect();
    assert_eq!(unseen, [id(2)]);
}

#[test]
fn a_correction_says_what_stood_before_it_also_of_one_that_was_corrected_already() {
    let entries = [given(1, 0, 0), corrected(2, 10, 1, 0), corrected(3, 20, 1, 3), struck_out(4, 30, 1)];
    let chart = Chart::fold(&entries);
    let said: Vec<_> = chart.unseen(&BTreeSet::from([&id(1), &id(2)])).into_iter().map(|unseen| unseen.did).collect();
    let [Did::Corrected { from, to, reason }, Did::StruckOut { what, reason: why }] = said.as_slice() else {
        panic!("{said:?}")
    };
    let minute = |minute| Some(at("2026-11-22T12:00Z") + TimeDelta::minutes(minute));
    assert_eq!((from.happened_at(), to.happened_at(), reason.as_str()), (minute(0), minute(3), "typing"));
    assert_eq!((what.happened_at(), why.as_str()), (minute(3), "other patient"));
}

#[test]
fn who_the_patient_is_is_reviewed_too() {
    let registered = entry(1, 0, Fact::PatientRegistered(identity("Exampel")));
    let amended = entry(2, 10, Fact::PatientAmended(identity("Example")));
    let entries = [amended, registered.clone()];
    let unseen = unseen_identities(&entries, &BTreeSet::from([&id(1)]));
    assert_eq!(unseen.len(), 1);
    assert!(matches!(&unseen[0].did, Did::Corrected { from, .. } if **from == registered.fact));
    assert_eq!(unseen_identities(&entries, &BTreeSet::new()).len(), 2);
}
