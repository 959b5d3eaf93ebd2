//! Corrections and strike-outs: who wins, what stays visible, and what is an open question.

use super::{dose, entry, id};
use corticurve::record::{
    Archive, Chart, ChartCheck, Correction, Entry, Fact, Identity, Name, Recorded, Sex, State, StrikeOut, Unplaced,
    standing,
};

fn corrected(number: u32, minute: i64, target: u32, milligrams: u64, seen: &[u32]) -> Entry {
    replaced(number, minute, target, Fact::Administered(dose(milligrams)), seen)
}

fn replaced(number: u32, minute: i64, target: u32, fact: Fact, seen: &[u32]) -> Entry {
    let seen = seen.iter().copied().map(id).collect();
    let change =
        Correction { target: id(target), replacement: Box::new(fact), reason: "wrong amount".to_owned(), seen };
    entry(number, minute, Fact::Corrected(change))
}

fn struck_out(number: u32, minute: i64, target: u32, seen: &[u32]) -> Entry {
    let seen = seen.iter().copied().map(id).collect();
    entry(number, minute, Fact::StruckOut(StrikeOut { target: id(target), reason: "wrong patient".to_owned(), seen }))
}

fn given(number: u32, minute: i64, milligrams: u64) -> Entry {
    entry(number, minute, Fact::Administered(dose(milligrams)))
}

/// The chart's only dose: how it stands and what it says.
fn only(entries: &[Entry]) -> (State, String, Recorded<corticurve::record::Administration>) {
    let chart = Chart::fold(entries);
    let [dose] = chart.administrations.as_slice() else { panic!("not one dose") };
    (dose.state(), dose.value.amount_shown(), dose.clone())
}

#[test]
fn a_corrected_dose_says_the_new_amount_and_keeps_the_old() {
    let (state, amount, dose) = only(&[given(1, 0, 10), corrected(2, 1, 1, 4, &[])]);
    assert_eq!((state, amount.as_str()), (State::Corrected, "4 mg"));
    assert_eq!(dose.original().amount_shown(), "10 mg");
    assert_eq!((dose.changes.len(), dose.changes[0].reason.as_str()), (1, "wrong amount"));
    assert!(!dose.is_disputed());
}

#[test]
fn a_struck_out_dose_leaves_what_stands_but_stays_in_the_list() {
    let entries = [given(1, 0, 10), struck_out(2, 1, 1, &[])];
    let (state, amount, dose) = only(&entries);
    assert_eq!((state, amount.as_str(), dose.struck_out), (State::StruckOut, "10 mg", true));
    assert_eq!(standing(&Chart::fold(&entries).administrations).count(), 0);
}

#[test]
fn the_change_recorded_last_wins_and_ties_go_by_id() {
    let (_, amount, _) = only(&[given(1, 0, 10), corrected(3, 1, 1, 4, &[2]), corrected(2, 2, 1, 6, &[3])]);
    assert_eq!(amount, "6 mg");
    let (_, amount, _) = only(&[given(1, 0, 10), corrected(3, 1, 1, 4, &[2]), corrected(2, 1, 1, 6, &[])]);
    assert_eq!(amount, "4 mg");
}

#[test]
fn a_correction_after_a_strike_out_brings_the_dose_back() {
    let entries = [given(1, 0, 10), struck_out(2, 1, 1, &[]), corrected(3, 2, 1, 8, &[2])];
    let (state, amount, dose) = only(&entries);
    assert_eq!((state, amount.as_str(), dose.is_disputed()), (State::Corrected, "8 mg", false));
    let (state, amount, _) = only(&[given(1, 0, 10), corrected(2, 1, 1, 8, &[]), struck_out(3, 2, 1, &[2])]);
    assert_eq!((state, amount.as_str()), (State::StruckOut, "8 mg"));
}

#[test]
fn a_change_of_a_change_changes_the_dose() {
    let (state, amount, _) = only(&[given(1, 0, 10), corrected(2, 1, 1, 4, &[]), corrected(3, 2, 2, 5, &[2])]);
    assert_eq!((state, amount.as_str()), (State::Corrected, "5 mg"));
    let (state, _, _) = only(&[given(1, 0, 10), corrected(2, 1, 1, 4, &[]), struck_out(3, 2, 2, &[2])]);
    assert_eq!(state, State::StruckOut);
}

#[test]
fn changes_that_did_not_see_each_other_are_disputed_until_someone_saw_both() {
    let mut entries = vec![given(1, 0, 10), corrected(2, 1, 1, 4, &[]), struck_out(3, 2, 1, &[])];
    let (_, _, dose) = only(&entries);
    assert!(dose.is_disputed());
    assert_eq!(dose.heads(), [id(2), id(3)]);
    assert_eq!(Chart::fold(&entries).open_questions(), 1);

    entries.push(corrected(4, 3, 1, 5, &[2]));
    assert!(only(&entries).2.is_disputed(), "4 saw 2 but not 3");

    entries.push(corrected(5, 4, 1, 6, &[3, 4]));
    let (state, amount, dose) = only(&entries);
    assert_eq!((state, amount.as_str(), dose.heads()), (State::Corrected, "6 mg", vec![id(5)]));
    assert_eq!(Chart::fold(&entries).open_questions(), 0);
}

#[test]
fn a_change_that_claims_to_have_seen_itself_hides_no_dispute() {
    let (_, _, dose) = only(&[given(1, 0, 10), corrected(2, 1, 1, 4, &[2]), corrected(3, 2, 1, 5, &[])]);
    assert!(dose.is_disputed());
}

#[test]
fn a_change_whose_target_is_missing_is_listed() {
    let chart = Chart::fold(&[given(1, 0, 10), struck_out(2, 1, 9, &[])]);
    assert_eq!(chart.unplaced, [Unplaced::TargetMissing { entry: id(2), target: id(9) }]);
    assert_eq!(chart.open_questions(), 1);
    let found = Chart::fold(&[given(1, 0, 10), struck_out(2, 1, 9, &[]), given(9, 0, 4)]);
    assert_eq!((found.unplaced.len(), standing(&found.administrations).count()), (0, 1));
}

#[test]
fn changes_in_a_circle_are_listed_and_change_nothing() {
    let (_, amount, _) =
        only(&[given(1, 0, 10), struck_out(2, 1, 3, &[]), struck_out(3, 1, 2, &[]), struck_out(4, 1, 4, &[])]);
    assert_eq!(amount, "10 mg");
    let chart = Chart::fold(&[struck_out(2, 1, 3, &[]), corrected(3, 1, 2, 4, &[]), struck_out(4, 1, 4, &[])]);
    let circle = |number| Unplaced::Circle { entry: id(number) };
    assert_eq!(chart.unplaced, [circle(2), circle(3), circle(4)]);
}

#[test]
fn a_correction_into_another_kind_is_listed_and_the_dose_stays() {
    let check = Fact::ChartChecked(ChartCheck { up_to: dose(1).given.start() });
    let nested = Fact::StruckOut(StrikeOut { target: id(1), reason: String::new(), seen: Vec::new() });
    for fact in [check, nested, Fact::Archived(Archive { reason: "home".to_owned() })] {
        let entries = [given(1, 0, 10), replaced(2, 1, 1, fact, &[])];
        let (state, amount, _) = only(&entries);
        assert_eq!((state, amount.as_str()), (State::Current, "10 mg"));
        assert_eq!(Chart::fold(&entries).unplaced, [Unplaced::OtherKind { entry: id(2) }]);
    }
}

fn robin(given: &str) -> Identity {
    Identity {
        mrn: "40 017".parse().unwrap(),
        family: Name::parse("Example").unwrap(),
        given: Name::parse(given).unwrap(),
        born: None,
        sex: Sex::Unknown,
        dates_shifted: false,
    }
}

#[test]
fn the_amendment_recorded_last_says_who_the_patient_is() {
    let amended = |number, minute, given| entry(number, minute, Fact::PatientAmended(robin(given)));
    let registered = entry(1, 0, Fact::PatientRegistered(robin("Robyn")));
    let chart = Chart::fold(&[amended(2, 5, "Robin"), registered.clone(), amended(3, 4, "Robert")]);
    assert_eq!(chart.identity, Some(robin("Robin")));
    assert_eq!(Chart::fold(&[registered]).identity, Some(robin("Robyn")));
    assert_eq!(Chart::fold(&[]).identity, None);
}

#[test]
fn a_second_registration_and_a_struck_out_one_are_listed() {
    let registered = |number, minute| entry(number, minute, Fact::PatientRegistered(robin("Robin")));
    let chart = Chart::fold(&[registered(2, 0), registered(1, 5)]);
    assert_eq!(chart.unplaced, [Unplaced::RegisteredTwice { entry: id(1) }]);
    let chart = Chart::fold(&[registered(1, 0), struck_out(2, 1, 1, &[])]);
    assert_eq!(chart.unplaced, [Unplaced::OtherKind { entry: id(2) }]);
    assert_eq!(chart.identity, Some(robin("Robin")));
}
