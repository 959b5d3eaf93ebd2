//! One dose recorded on two workstations.

use super::robin;
use crate::record::{entry, id, typed};
use corticurve::record::{Chart, Entry, EntryId, Fact, StrikeOut};
use corticurve::safety::{Twice, both_given, recorded_twice};

/// A dose as typed, recorded so many minutes in on a workstation.
fn dose(number: u32, minute: i64, line: &str, workstation: &str) -> Entry {
    let mut entry = entry(number, minute, Fact::Administered(typed(line).unwrap()));
    entry.workstation = workstation.into();
    entry
}

/// The pairs that are asked about.
fn asked(entries: &[Entry]) -> Vec<(EntryId, EntryId)> {
    let chart = Chart::fold(entries);
    recorded_twice(&chart).iter().map(|twice| (twice.first.stamp.id.clone(), twice.second.stamp.id.clone())).collect()
}

#[test]
fn what_two_workstations_recorded_alike_is_asked_and_nothing_else() {
    for (first, second, workstation, is_asked) in [
        ("dex 10 iv 14:00", "dex 10 iv 14:00", "WARD4-PC02", true),
        ("dex 10 iv 14:00", "dex 10 po 14:00", "WARD4-PC02", true),
        ("dex 10 iv 14:00", "dex 10 iv 14:00", "WARD4-PC01", false),
        ("dex 10 iv 14:00", "dex 10 iv 13:59", "WARD4-PC02", true),
        ("dex 10 iv 14:00", "dex 10 iv 14:30", "WARD4-PC02", true),
        ("dex 10 iv 14:00", "dex 10 iv 13:29", "WARD4-PC02", false),
        ("dex 10 iv 14:00", "dex 10 iv 14:31", "WARD4-PC02", false),
        ("dex 10 iv 14:00", "dex 8 iv 14:00", "WARD4-PC02", true),
        ("hydro 100 iv 14:00-16:00", "hydro 100 iv 14:05", "WARD4-PC02", true),
        ("hydro 100 iv 14:00-16:00", "hydro 100 iv 15:00", "WARD4-PC02", false),
        ("hold dex 14:00", "hold dex 14:00", "WARD4-PC02", false),
        ("dex 10 iv 14:00", "ana 10 sc 14:00", "WARD4-PC02", false),
        ("dex 10 iv 14:00", "hold dex 14:00", "WARD4-PC02", false),
    ] {
        let entries = [entry(0, 0, robin()), dose(1, 1, first, "WARD4-PC01"), dose(2, 2, second, workstation)];
        let expected = if is_asked { vec![(id(1), id(2))] } else { vec![] };
        assert_eq!(asked(&entries), expected, "{first}, {second} on {workstation}");
        let backwards: Vec<Entry> = entries.iter().rev().cloned().collect();
        assert_eq!(asked(&backwards), expected, "whatever the order of reading");
    }
}

#[test]
fn two_people_on_one_server_are_asked_as_well() {
    let one = dose(1, 1, "dex 10 iv 14:00", "WARDS-SERVER");
    let mut other = dose(2, 2, "dex 10 iv 14:00", "WARDS-SERVER");
    assert_eq!(asked(&[one.clone(), other.clone()]), vec![]);
    other.recorded_by = "LT".parse().unwrap();
    assert_eq!(asked(&[one, other]), [(id(1), id(2))]);
}

#[test]
fn two_of_one_row_of_a_source_are_asked_about_whoever_imported_them_and_whenever_they_were_given() {
    let imported = |number: u32, line: &str, row: Option<&str>| {
        let mut entry = dose(number, 1, line, "WARD4-PC01");
        let Fact::Administered(dose) = &mut entry.fact else { unreachable!("it is a dose") };
        dose.source_id = row.map(ToOwned::to_owned);
        entry
    };
    for (first, second, asked_about) in [
        (Some("generic:a"), Some("generic:a"), vec![(id(1), id(2))]),
        (Some("generic:a"), Some("generic:b"), vec![]),
        (Some("generic:a"), None, vec![]),
        (None, None, vec![]),
    ] {
        for line in ["dex 10 iv 14:00", "dex 10 iv 08:00"] {
            let entries = [imported(1, "dex 10 iv 14:00", first), imported(2, line, second)];
            assert_eq!(asked(&entries), asked_about, "{first:?} {second:?} {line}");
            let chart = Chart::fold(&entries);
            assert!(recorded_twice(&chart).iter().all(Twice::is_of_one_row));
        }
    }
}

#[test]
fn an_answer_holds_whoever_gave_it_and_a_strike_out_is_one_too() {
    let two = [dose(1, 1, "dex 10 iv 14:00", "WARD4-PC01"), dose(2, 2, "dex 10 iv 14:00", "WARD4-PC02")];
    for answer in [
        Fact::Acknowledged(both_given(&id(1), &id(2))),
        Fact::Acknowledged(both_given(&id(2), &id(1))),
        Fact::StruckOut(StrikeOut { target: id(1), reason: "recorded twice".to_owned(), seen: Vec::new() }),
        Fact::StruckOut(StrikeOut { target: id(2), reason: "recorded twice".to_owned(), seen: Vec::new() }),
    ] {
        let mut entries = two.to_vec();
        entries.push(entry(3, 3, answer.clone()));
        assert_eq!(asked(&entries), vec![], "{answer:?}");
        // A third workstation's entry is another question.
        entries.push(dose(4, 4, "dex 10 iv 14:00", "WARD4-PC03"));
        assert!(!asked(&entries).is_empty(), "{answer:?}");
    }
}

#[test]
fn of_three_alike_each_pair_is_asked_about() {
    let stations = ["WARD4-PC01", "WARD4-PC02", "WARD4-PC03"];
    let entries: Vec<Entry> = (1..).zip(stations).map(|(at, pc)| dose(at, 1, "dex 10 iv 14:00", pc)).collect();
    assert_eq!(asked(&entries), [(id(1), id(2)), (id(1), id(3)), (id(2), id(3))]);
}
