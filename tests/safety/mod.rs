//! What is questioned before a dose is saved, and what cannot be true.

mod ended;
mod twice;

use crate::record::{at, entry, id, says, typed};
use corticurve::record::{
    Administration, Archive, Chart, Entry, EntryId, Fact, Formulary, Given, Identity, Moment, Name, Sex, StrikeOut,
};
use corticurve::safety::{Concern, check, check_vials};
use proptest::prelude::*;

const NOW: &str = "2026-11-22T14:32+01:00";

fn now() -> Moment {
    at(NOW)
}

fn robin() -> Fact {
    Fact::PatientRegistered(Identity {
        mrn: "40 017".parse().unwrap(),
        family: Name::parse("Example").unwrap(),
        given: Name::parse("Robin").unwrap(),
        born: Some("2009-03-04".parse().unwrap()),
        sex: Sex::Unknown,
        dates_shifted: false,
    })
}

/// Robin's chart with these lines recorded.
fn chart(lines: &[&str]) -> Chart {
    let doses = lines.iter().map(|line| Fact::Administered(typed(line).unwrap()));
    let facts = std::iter::once(robin()).chain(doses);
    let entries: Vec<_> = facts.enumerate().map(|(at, fact)| entry(u32::try_from(at).unwrap(), 0, fact)).collect();
    Chart::fold(&entries)
}

#[test]
fn what_cannot_be_true_is_refused_and_what_may_be_true_is_asked() {
    let chart = chart(&["dex 10 iv 14:00"]);
    for (line, refuses, said) in [
        ("dex 10 iv 14:33", true, "is in the future (it is 14:32)"),
        ("hold dex 23:00", true, "is in the future"),
        ("dex 10 iv 2008-12-24 08:00", false, "before the patient's date of birth"),
        ("dex 10 iv 14:00", false, "already recorded by NK"),
        ("dex 10 po 14:00", false, "already recorded by NK"),
    ] {
        let concerns = check(&typed(line).unwrap(), None, &chart, now());
        let [concern] = concerns.as_slice() else { panic!("{line}: {concerns:?}") };
        assert_eq!(concern.refuses(), refuses, "{line}");
        says(&concern.words(), &[said]);
    }
}

#[test]
fn a_new_dose_of_an_archived_patient_is_asked_about_and_a_correction_of_an_old_one_is_not() {
    let archived = Fact::Archived(Archive { reason: "discharged home".to_owned() });
    let mut entries = vec![
        entry(0, 0, robin()),
        entry(1, 1, Fact::Administered(typed("dex 10 iv 14:00").unwrap())),
        entry(2, 2, archived),
    ];
    let dose = typed("dex 4 iv 14:05").unwrap();
    let old = id(1);
    let asked = |entries: &[Entry], corrects: Option<&EntryId>| {
        check(&dose, corrects, &Chart::fold(entries), now()).iter().map(Concern::words).collect::<Vec<_>>()
    };
    let said = asked(&entries, None);
    assert!(said.len() == 1 && said[0].starts_with("archived patient"), "{said:?}");
    assert_eq!(asked(&entries, Some(&old)), Vec::<String>::new());
    // Who has come back is a patient of the ward.
    let came_back = StrikeOut { target: id(2), reason: "came back".to_owned(), seen: Vec::new() };
    entries.push(entry(3, 3, Fact::StruckOut(came_back)));
    assert_eq!(asked(&entries, None), Vec::<String>::new());
}

#[test]
fn an_ordinary_dose_raises_no_question() {
    let chart = chart(&["dex 10 iv 14:00"]);
    for line in ["dex 10 iv 14:01", "dex 4 iv 14:00", "ana 100 sc 14:00", "hold dex 14:00", "dex 10 iv"] {
        assert_eq!(check(&typed(line).unwrap(), None, &chart, now()), [], "{line}");
    }
}

#[test]
fn a_correction_is_not_held_against_the_entry_that_it_corrects() {
    let chart = chart(&["dex 10 iv 14:00"]);
    let mut dose = typed("dex 10 iv 14:00").unwrap();
    dose.note = Some("with the right note".to_owned());
    assert_eq!(check(&dose, Some(&id(1)), &chart, now()), []);
}

#[test]
fn a_struck_out_dose_is_no_double() {
    let strike = StrikeOut { target: id(1), reason: "wrong patient".to_owned(), seen: Vec::new() };
    let dose = typed("dex 10 iv 14:00").unwrap();
    let entries =
        [entry(0, 0, robin()), entry(1, 0, Fact::Administered(dose.clone())), entry(2, 1, Fact::StruckOut(strike))];
    assert_eq!(check(&dose, None, &Chart::fold(&entries), now()), []);
}

proptest! {
    #[test]
    fn whatever_was_given_by_now_can_be_recorded(minutes in 0..5_000_000_i64, milligrams in 1..5_000_u64) {
        let given = Given::At(now() - chrono::TimeDelta::minutes(minutes));
        let dose = Administration { given, ..crate::record::dose(milligrams) };
        let concerns = check(&dose, None, &chart(&["dex 10 iv 14:00"]), now());
        prop_assert!(concerns.iter().all(|concern| !concern.refuses()), "{:?}", concerns);
    }
}

#[test]
fn whole_vials_of_the_other_form_of_dexamethasone_are_asked_about() {
    let formulary = Formulary::shipped().unwrap();
    let asked = |line: &str| check_vials(&typed(line).unwrap(), &formulary);
    for (line, said) in [
        ("dex 4 base", "4 mg is the strength of a vial labelled as phosphate (4 mg/mL); check that this is base"),
        (
            "dex 8 base iv",
            "8 mg is 2 times the strength of a vial labelled as phosphate (4 mg/mL); check that this is base",
        ),
        (
            "dex 3.3 phosphate im",
            "3.3 mg is the strength of a vial labelled as base (3.3 mg/mL); check that this is phosphate",
        ),
        ("dex 7.6 phosphate iv", "7.6 mg is 2 times the strength of a vial labelled as base (3.8 mg/mL)"),
        ("dex 3.3 iv", "3.3 mg is the strength of a vial labelled as base (3.3 mg/mL); write 'base' if so"),
        ("dex 3.8", "labelled as base (3.8 mg/mL); write 'base' if so"),
        ("dex 6.6mg iv", "6.6 mg is 2 times the strength of a vial labelled as base (3.3 mg/mL); write 'base' if so"),
        ("dex 3300mcg sc", "write 'base' if so"),
    ] {
        let concern = asked(line).unwrap_or_else(|| panic!("{line} is not asked about"));
        says(&concern.words(), &[said]);
        assert!(!concern.refuses(), "{line} may be true");
    }
    for line in [
        "dex 4 iv",
        "dex 4 phosphate iv",
        "dex 8",
        "dex 3.3 base iv",
        "dex 3.8 base iv",
        "dex 10 base iv",
        // By mouth there is no vial.
        "dex 4 base po",
        "dex 3.3 phosphate ng",
        "dex 6.6 po",
        // Whole vials of both: 40 × 3.3 mg and 33 × 4 mg.
        "dex 132 base iv",
        "dex 132 phosphate iv",
        "dex 132 iv",
        "methylpred 4 iv",
        "hold dex 3.3",
        "ana 3.3 sc",
    ] {
        assert_eq!(asked(line), None, "{line}");
    }
}
