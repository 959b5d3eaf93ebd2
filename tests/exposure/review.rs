//! What changed since a review: which entries, what each did to the total, and that nothing else moved it.

use super::laws::{administrations, as_ofs, facts};
use super::{given, given_over, infused, mg, rules};
use crate::record::{at, entry, id};
use chrono::TimeDelta;
use corticurve::exposure::{Exact, Exposure, SinceReview, Window, since_review, unseen_since_review};
use corticurve::record::{Chart, Correction, Entry, Fact, Initials, Moment, Review, StrikeOut};
use proptest::prelude::*;

const NOW: &str = "2026-11-22T14:32Z";

fn by() -> Initials {
    "NK".parse().unwrap()
}

/// A review at a time, of the entries with these numbers.
fn review(number: u32, when: &str, seen: &[u32]) -> Entry {
    let seen: Vec<_> = seen.iter().copied().map(id).collect();
    let fact = Fact::Reviewed(Review { up_to: seen.last().unwrap().clone(), seen });
    Entry { recorded_at: at(when), ..entry(number, 0, fact) }
}

fn by_lt(number: u32, when: &str, fact: Fact) -> Entry {
    let (recorded_by, workstation) = ("LT".parse().unwrap(), "WARD4-PC05".into());
    Entry { recorded_at: at(when), recorded_by, workstation, ..entry(number, 0, fact) }
}

fn corrected(target: u32, to: Fact) -> Fact {
    let (reason, seen) = ("the point was lost".to_owned(), Vec::new());
    Fact::Corrected(Correction { target: id(target), replacement: Box::new(to), reason, seen })
}

fn struck_out(target: u32) -> Fact {
    Fact::StruckOut(StrikeOut { target: id(target), reason: "other patient".to_owned(), seen: Vec::new() })
}

#[track_caller]
fn since(entries: &[Entry]) -> SinceReview {
    since_review(&Chart::fold(entries), &[], &by(), rules(), at(NOW)).unwrap()
}

/// What each entry did to the total, with its id and whether it is back-dated.
fn moved(since: &SinceReview) -> Vec<(String, String, bool)> {
    let change = |change: &corticurve::exposure::Changed| {
        let number = change.entry.stamp.id.as_str().trim_start_matches('0').to_owned();
        (number, change.mg.decimal(), change.is_back_dated)
    };
    since.changes.iter().map(change).collect()
}

/// Day 0 on 13-Nov, 45 mg and 10 mg, and a review by NK on 20-Nov at 12:00 that saw all three.
fn reviewed() -> Vec<Entry> {
    vec![
        by_lt(1, "2026-11-13T11:00Z", infused("2026-11-13T10:00Z")),
        by_lt(2, "2026-11-15T08:05Z", given("dex 45 iv 2026-11-15T08:00Z")),
        by_lt(3, "2026-11-16T08:05Z", given("dex 10 iv 2026-11-16T08:00Z")),
        review(4, "2026-11-20T12:00Z", &[1, 2, 3]),
    ]
}

#[test]
fn nothing_has_changed_right_after_a_review() {
    let since = since(&reviewed());
    let (stamp, then) = since.then.as_ref().unwrap();
    assert_eq!((stamp.by.as_str(), then.as_of, then.mg), ("NK", at("2026-11-20T12:00Z"), mg("55")));
    assert_eq!((since.now.mg, since.by_time, since.by_window), (mg("55"), Exact::ZERO, Exact::ZERO));
    assert!(since.changes.is_empty());
    assert_eq!(unseen_since_review(&Chart::fold(&reviewed()), &[], &by()), Some(0));
}

#[test]
fn what_each_entry_did_to_the_total_is_said_of_that_entry() {
    let mut entries = reviewed();
    entries.extend([
        by_lt(5, "2026-11-21T09:00Z", given("dex 6 iv 2026-11-21T08:00Z")),
        by_lt(6, "2026-11-21T09:05Z", given("methylpred 80 iv 2026-11-18T08:00Z")),
        by_lt(7, "2026-11-21T09:10Z", corrected(2, given("dex 4.5 iv 2026-11-15T08:00Z"))),
        by_lt(8, "2026-11-21T09:15Z", struck_out(3)),
        by_lt(9, "2026-11-21T09:20Z", given("ana 100 sc 2026-11-21T09:00Z")),
        by_lt(10, "2026-11-21T09:25Z", given("hold dex 10 2026-11-21T09:00Z")),
    ]);
    let since = since(&entries);
    let expected = [
        ("5", "6", false),
        // 80 mg of methylprednisolone are 15 mg (clinical reference, section 1), given before the review.
        ("6", "15", true),
        ("7", "-40.5", false),
        ("8", "-10", false),
        ("9", "0", false),
        ("10", "0", false),
    ];
    let expected = expected.map(|(number, mg, back)| (number.to_owned(), mg.to_owned(), back));
    assert_eq!(moved(&since), expected);
    assert_eq!((since.then.unwrap().1.mg, since.now.mg), (mg("55"), mg("25.5")));
}

#[test]
fn an_entry_that_was_seen_is_not_new_and_one_that_was_not_is_whatever_the_clocks_say() {
    // Recorded on a workstation whose clock is behind, or kept there in the outbox: it arrives after the review.
    let late = by_lt(5, "2026-11-19T08:05Z", given("dex 8 iv 2026-11-19T08:00Z"));
    // Recorded on one whose clock is ahead, and seen by the review all the same.
    let ahead = by_lt(6, "2026-11-20T12:30Z", given("dex 2 iv 2026-11-20T11:00Z"));
    let mut entries = reviewed();
    entries.extend([late, ahead, review(7, "2026-11-20T12:01Z", &[6])]);
    for order in [false, true] {
        if order {
            entries.reverse();
        }
        let since = since(&entries);
        assert_eq!(moved(&since), [("5".to_owned(), "8".to_owned(), true)], "by id, never by place");
        assert!(since.changes[0].arrived_late);
        assert_eq!((since.then.unwrap().1.mg, since.now.mg), (mg("57"), mg("65")));
    }
}

#[test]
fn a_correction_that_arrives_after_a_later_one_is_shown_and_changes_nothing() {
    let mut entries = reviewed();
    let seen = vec![id(6)];
    let reason = "read again".to_owned();
    let later = Correction { target: id(2), replacement: Box::new(given("dex 4 iv 2026-11-15T08:00Z")), reason, seen };
    entries.extend([
        by_lt(5, "2026-11-19T09:10Z", Fact::Corrected(later)),
        review(7, "2026-11-20T13:00Z", &[5]),
        by_lt(6, "2026-11-18T09:10Z", corrected(2, given("dex 4.5 iv 2026-11-15T08:00Z"))),
    ]);
    let since = since(&entries);
    assert_eq!(moved(&since), [("6".to_owned(), "0".to_owned(), false)]);
    assert_eq!((since.then.unwrap().1.mg, since.now.mg), (mg("14"), mg("14")));
}

#[test]
fn a_review_is_its_authors_own() {
    let mut entries = reviewed();
    let theirs = Review { up_to: id(5), seen: vec![id(5)] };
    entries.extend([
        by_lt(5, "2026-11-21T09:00Z", given("dex 6 iv 2026-11-21T08:00Z")),
        by_lt(6, "2026-11-21T10:00Z", Fact::Reviewed(theirs)),
    ]);
    assert_eq!(moved(&since(&entries)).len(), 1, "LT has seen it, NK has not");
    let chart = Chart::fold(&entries);
    let lt = since_review(&chart, &[], &"LT".parse().unwrap(), rules(), at(NOW)).unwrap();
    assert_eq!(moved(&lt).len(), 3, "LT named one entry only, and never those that NK had seen");
}

#[test]
fn what_time_and_another_day_0_did_is_said_of_no_entry() {
    let mut entries = reviewed();
    // 100 mg of hydrocortisone are 3.75 mg; half of it had run at the review.
    let running = given_over("hydro 100 iv", "2026-11-20T10:00Z", "2026-11-20T14:00Z");
    entries.extend([by_lt(5, "2026-11-20T10:05Z", running), review(6, "2026-11-20T12:00Z", &[5])]);
    let ran_on = since(&entries);
    assert_eq!((ran_on.then.unwrap().1.mg, ran_on.by_time, ran_on.now.mg), (mg("56.875"), mg("1.875"), mg("58.75")));
    assert!(ran_on.changes.is_empty());
    entries.push(by_lt(7, "2026-11-21T09:00Z", infused("2026-11-16T09:00Z")));
    let another = since(&entries);
    assert_eq!(another.by_window.decimal(), "-45", "what was given on 15-Nov is before the new Day 0");
    assert_eq!((moved(&another)[0].1.as_str(), another.now.mg), ("0", mg("13.75")));
}

#[test]
fn what_is_undecided_stands_beside_both_totals() {
    let mut entries = reviewed();
    entries.push(by_lt(5, "2026-11-21T09:00Z", given("predniSONE 40 po 2026-11-21T08:00Z unknown")));
    let since = since(&entries);
    assert!(!since.then.unwrap().1.undecided.is_any());
    assert_eq!(since.now.undecided.mg, mg("6"), "40 mg of predniSONE");
    assert_eq!(since.changes[0].mg, Exact::ZERO, "never added in");
}

/// A record with corrections of doses, each by a dose of its own.
fn records() -> impl Strategy<Value = Vec<Entry>> {
    let corrections = proptest::collection::vec((administrations(), 1..13_u32), 0..4);
    (facts(), corrections, proptest::collection::vec(0..25_000_i64, 40)).prop_map(
        |(mut facts, corrections, minutes)| {
            facts.extend(corrections.into_iter().map(|(dose, target)| corrected(target, Fact::Administered(dose))));
            let recorded = |minute| at("2026-11-05T00:00Z") + TimeDelta::minutes(minute);
            let entries = (1..).zip(facts).zip(minutes);
            entries
                .map(|((number, fact), minute)| Entry { recorded_at: recorded(minute), ..entry(number, 0, fact) })
                .collect()
        },
    )
}

fn day0_total(entries: &[Entry], when: Moment) -> Exact {
    Exposure::of(&Chart::fold(entries), rules(), Window::Day0, when).unwrap().total
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Seen is any part of the record, whatever the times: so it is with several workstations.
    #[test]
    fn then_and_every_contribution_are_now(
        entries in records(),
        seen in proptest::collection::vec(any::<bool>(), 40),
        (signed, more) in (as_ofs(), 0..9_000_i64),
    ) {
        let now = signed + TimeDelta::minutes(more);
        let known: Vec<Entry> = entries.iter().zip(seen).filter(|(_, seen)| *seen).map(|(entry, _)| entry.clone()).collect();
        // A change is shown with what it changes, or not at all.
        let placed = Chart::fold(&known);
        let all: Vec<Entry> = known.into_iter().filter(|entry| placed.ids().contains(&&entry.id)).collect();
        prop_assume!(!all.is_empty());
        let ids: Vec<_> = all.iter().map(|entry| entry.id.clone()).collect();
        let fact = Fact::Reviewed(Review { up_to: ids[0].clone(), seen: ids.clone() });
        let review = Entry { recorded_at: signed, ..entry(900, 0, fact) };
        let record: Vec<Entry> = entries.iter().cloned().chain([review]).collect();
        let chart = Chart::fold(&record);
        let since = since_review(&chart, &[], &by(), rules(), now).unwrap();
        let then = since.then.as_ref().unwrap().1.mg;
        prop_assert_eq!(then, day0_total(&all, signed), "the total that was shown then");
        prop_assert_eq!(since.now.mg, day0_total(&entries, now), "the total that is shown now");
        let parts = since.changes.iter().map(|change| change.mg).chain([then, since.by_time, since.by_window]);
        prop_assert_eq!(Exact::sum(parts).unwrap(), since.now.mg, "nothing else moved it");
        prop_assert_eq!(since.changes.len() + ids.len(), chart.ids().len(), "each entry is seen or shown");
        prop_assert_eq!(unseen_since_review(&chart, &[], &by()), Some(since.changes.len()));
        prop_assert!(since.changes.iter().all(|change| !ids.contains(&change.entry.stamp.id)));
        prop_assert!(since.changes.is_sorted_by_key(|change| change.entry.stamp.at));
    }
}
