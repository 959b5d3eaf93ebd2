//! The demo ward shows what the design asks of it, at whatever moment it is opened.

use chrono::{FixedOffset, MappedLocalTime, NaiveDateTime, TimeDelta, Timelike};
use corticurve::exchange::demo::{DemoPatient, DemoStep, demo_ward};
use corticurve::record::{
    Administration, Amount, Chart, Correction, Day, Entry, EntryId, Event, Fact, Moment, Now, Purpose, Quantity, Route,
    Scale, Status, StrikeOut, Zone, standing, time,
};

fn offset() -> FixedOffset {
    FixedOffset::east_opt(3600).unwrap()
}

fn ward_at(text: &str) -> Vec<DemoPatient> {
    demo_ward(Now { at: time::parse_moment(text, &offset()).unwrap(), zone: &offset() }).unwrap()
}

/// The ward as in the picture of the main window.
fn ward() -> Vec<DemoPatient> {
    ward_at("2026-11-22 14:32")
}

/// What the caller does: gives ids, and points each change at the entry before it.
fn chart(patient: &DemoPatient) -> Chart {
    let entry = |number: usize, at: Moment, by: &_, fact: Fact| Entry {
        id: format!("{number:016}").parse().unwrap(),
        recorded_at: at,
        recorded_by: Clone::clone(by),
        workstation: "TEST".into(),
        fact,
    };
    let registered = Fact::PatientRegistered(patient.identity.clone());
    let mut entries = vec![entry(0, patient.registered_at, &patient.registered_by, registered)];
    let mut last: Option<EntryId> = None;
    for (number, written) in patient.entries.iter().enumerate() {
        let fact = match written.step.clone() {
            DemoStep::Record(fact) => fact,
            DemoStep::Correct { replacement, reason } => Fact::Corrected(Correction {
                target: last.clone().unwrap(),
                replacement: Box::new(replacement),
                reason,
                seen: Vec::new(),
            }),
            DemoStep::StrikeOut { reason } => {
                Fact::StruckOut(StrikeOut { target: last.clone().unwrap(), reason, seen: Vec::new() })
            }
        };
        entries.push(entry(number + 1, written.recorded_at, &written.recorded_by, fact));
        if matches!(written.step, DemoStep::Record(_)) {
            last = entries.last().map(|entry| entry.id.clone());
        }
    }
    let chart = Chart::fold(&entries);
    assert!(chart.unplaced.is_empty());
    chart
}

fn named(ward: &[DemoPatient], family: &str) -> Chart {
    let found = ward.iter().find(|patient| patient.identity.family.shown() == family);
    chart(found.unwrap_or_else(|| panic!("no {family}")))
}

fn doses<'a>(chart: &'a Chart, drug: &'a str) -> impl Iterator<Item = &'a Administration> {
    standing(&chart.administrations).filter(move |dose| dose.drug.as_str() == drug)
}

/// Milligrams of a drug that were given, by systemic routes.
fn given(chart: &Chart, drug: &str) -> String {
    let counted = doses(chart, drug)
        .filter(|dose| dose.status == Status::Given && dose.route.is_none_or(Route::systemic))
        .filter_map(|dose| dose.amount.as_ref().and_then(Quantity::mass));
    Amount::from_micrograms(counted.map(Amount::micrograms).sum()).milligrams()
}

fn day(chart: &Chart, moment: Moment) -> i64 {
    Day::of(moment.date_naive(), chart.infusion(moment).unwrap().at.date_naive()).0
}

#[test]
fn eight_invented_patients_with_long_and_non_latin_names() {
    let ward = ward();
    let names: Vec<String> = ward.iter().map(|patient| patient.identity.shown_name()).collect();
    assert_eq!(
        names,
        [
            "EXAMPLE, Robin",
            "SAMPLE, Avery",
            "SPECIMEN, Kit",
            "TEMPLATE, Jo",
            "PLACEHOLDER, Sam",
            "ПРИМЕР, Алекс",
            "EXAMPLETON-PLACEHOLDERWORTH-SPECIMENBURY, Maximiliana-Wilhelmina Josephine",
            "NGUYỄN-VÍ-DỤ, Mẫu",
        ]
    );
    let mut mrns: Vec<_> = ward.iter().map(|patient| &patient.identity.mrn).collect();
    mrns.sort();
    mrns.dedup();
    assert_eq!(mrns.len(), 8);
}

#[test]
fn robin_has_icans_early_anakinra_a_corrected_and_a_refused_dose() {
    let robin = named(&ward(), "Example");
    assert_eq!((given(&robin, "dexamethasone"), given(&robin, "anakinra")), ("118".to_owned(), "2300".to_owned()));
    let to_day7: u64 = doses(&robin, "dexamethasone")
        .filter(|dose| dose.status == Status::Given && day(&robin, dose.given.start()) <= 7)
        .filter_map(|dose| dose.amount.as_ref()?.mass())
        .map(Amount::micrograms)
        .sum();
    assert_eq!(to_day7, 104_500);
    let first = doses(&robin, "dexamethasone").next().unwrap().given.start();
    assert_eq!((day(&robin, first), first.format("%H:%M").to_string().as_str()), (3, "07:12"));
    assert_eq!(doses(&robin, "anakinra").next().unwrap().given.start() - first, TimeDelta::minutes(270));
    assert_eq!(robin.weights().next().unwrap().0.to_string(), "52.3 kg");
    assert!([Scale::Crs, Scale::Icans].iter().all(|scale| standing(&robin.grades).any(|grade| grade.scale == *scale)));
    assert!(
        standing(&robin.events).any(|noted| matches!(&noted.event, Event::Agent { name, .. } if name == "tocilizumab"))
    );
    let corrected: Vec<_> = robin.administrations.iter().filter(|dose| !dose.changes.is_empty()).collect();
    let [corrected] = corrected.as_slice() else { panic!("one correction") };
    assert_eq!(
        (corrected.original().amount_shown().as_str(), corrected.value.amount_shown().as_str()),
        ("45 mg", "4.5 mg")
    );
    assert_eq!(standing(&robin.administrations).filter(|dose| dose.status == Status::Refused).count(), 1);
    assert_eq!(time::shown(robin.checked_to().unwrap()), "22-Nov-2026 14:02");
    assert_eq!(time::shown(robin.infusions[0].value.at), "13-Nov-2026 10:40");
}

#[test]
fn kit_had_the_taper_of_iec_hs_and_nothing_struck_out_counts() {
    let kit = named(&ward(), "Specimen");
    assert_eq!(given(&kit, "methylprednisolone"), "4500");
    // The default table: 0.75 mg of dexamethasone for 4 mg.
    assert_eq!(4_500_000_u64 * 75 / 400, 843_750);
    let of = |amount: &str| doses(&kit, "methylprednisolone").filter(|dose| dose.amount_shown() == amount).count();
    assert_eq!((of("500 mg"), of("250 mg"), of("125 mg")), (6, 4, 4));
    assert_eq!(kit.administrations.iter().filter(|dose| dose.struck_out).count(), 1);
    assert!(doses(&kit, "methylprednisolone").all(|dose| dose.purpose == Some(Purpose::IecHs)));
}

#[test]
fn avery_had_prophylaxis_on_days_0_to_2() {
    let avery = named(&ward(), "Sample");
    let found: Vec<_> = doses(&avery, "dexamethasone")
        .map(|dose| (day(&avery, dose.given.start()), dose.amount_shown(), dose.route, dose.purpose))
        .collect();
    let expected = [0, 1, 2].map(|day| (day, "10 mg".to_owned(), Some(Route::Oral), Some(Purpose::Prophylaxis)));
    assert_eq!(found, expected);
}

#[test]
fn sam_had_an_intrathecal_dose_beside_counted_ones() {
    let sam = named(&ward(), "Placeholder");
    let routes: Vec<_> = doses(&sam, "hydrocortisone").map(|dose| dose.route).collect();
    assert_eq!((routes, given(&sam, "hydrocortisone").as_str()), (vec![Some(Route::Intrathecal)], "0"));
    assert_eq!(given(&sam, "dexamethasone"), "60");
}

#[test]
fn the_child_is_twelve_and_every_dose_was_ordered_per_kilogram() {
    for month in 1..=12 {
        for date in [1, 20, 21, 28] {
            let ward = ward_at(&format!("2027-{month:02}-{date:02} 12:00"));
            let today = chrono::NaiveDate::from_ymd_opt(2027, month, date).unwrap();
            assert_eq!(ward[5].identity.age_on(today), Some(12));
        }
    }
    let child = named(&ward(), "Пример");
    assert!(standing(&child.administrations).all(|dose| dose.ordered.is_some() && dose.note.is_some()));
    let shown: Vec<_> = doses(&child, "dexamethasone").map(Administration::amount_shown).collect();
    assert_eq!(shown, ["7.7 mg", "7.7 mg", "7.7 mg", "7.7 mg", "3.85 mg"]);
}

#[test]
fn one_chart_was_last_checked_two_days_ago_and_the_others_today() {
    let now = time::parse_moment("2026-11-22 14:32", &offset()).unwrap();
    let behind: Vec<_> =
        ward().iter().map(|patient| (now - chart(patient).checked_to().unwrap()).num_hours()).collect();
    assert_eq!(behind, [0, 0, 0, 1, 1, 0, 48, 0]);
}

#[test]
fn two_doses_of_prednisone_are_undecided() {
    let undecided = named(&ward(), "Nguyễn-Ví-Dụ");
    let unknown = doses(&undecided, "prednisone").filter(|dose| dose.status == Status::Unknown);
    assert_eq!(unknown.map(Administration::amount_shown).collect::<Vec<_>>(), ["32 mg", "no amount"]);
    assert_eq!(given(&undecided, "prednisone"), "90");
}

#[test]
fn jo_is_two_days_before_the_infusion_and_nothing_else_lies_ahead() {
    let ward = ward();
    let now = time::parse_moment("2026-11-22 14:32", &offset()).unwrap();
    let jo = named(&ward, "Template");
    assert_eq!(day(&jo, now), -2);
    assert_eq!(given(&jo, "dexamethasone"), "24");
    for (at, patient) in ward.iter().enumerate() {
        let chart = chart(patient);
        assert_eq!(chart.end_of_record().unwrap() > now, at == 3);
        assert!(standing(&chart.administrations).all(|dose| dose.given.end() <= now));
    }
}

#[test]
fn early_in_the_day_later_doses_are_left_out() {
    assert_eq!(given(&named(&ward_at("2026-11-22 07:59"), "Example"), "dexamethasone"), "113.5");
    assert_eq!(given(&named(&ward_at("2026-11-22 00:00"), "Example"), "anakinra"), "2200");
}

/// A clock that skips 02:00–03:00 and repeats 01:00–02:00 every night: worse than any real one.
struct Restless;

impl Zone for Restless {
    fn moments(&self, wall: NaiveDateTime) -> MappedLocalTime<Moment> {
        let first = wall.and_local_timezone(FixedOffset::east_opt(7200).unwrap()).unwrap();
        let second = wall.and_local_timezone(offset()).unwrap();
        match wall.hour() {
            1 => MappedLocalTime::Ambiguous(first, second),
            2 => MappedLocalTime::None,
            _ => MappedLocalTime::Single(second),
        }
    }
}

#[test]
fn the_ward_opens_at_every_hour_and_through_every_change_of_the_clock() {
    for hour in 0..24 {
        let at = time::parse_moment(&format!("2028-02-29 {hour:02}:07"), &offset()).unwrap();
        for zone in [&Restless as &dyn Zone, &offset()] {
            for patient in demo_ward(Now { at, zone }).unwrap() {
                let written: Vec<Moment> = patient.entries.iter().map(|entry| entry.recorded_at).collect();
                assert!(written.is_sorted() && written[0] >= patient.registered_at && *written.last().unwrap() <= at);
                chart(&patient);
            }
        }
    }
}
