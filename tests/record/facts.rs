//! Facts as text: what is written to a record file is read back, and nothing else is read.

use super::{amounts::amounts, at, dose, entry, id};
use chrono::{DateTime, FixedOffset, NaiveTime};
use corticurve::record::{
    Acknowledgement, Administration, Archive, ChartCheck, Correction, DrugId, Event, Expressed, Fact, Given, Grade,
    Graded, Identity, Infusion, Interval, Measure, Measurement, Moment, Name, Noted, Plan, Purpose, Quantity, Review,
    Route, Scale, Score, Sex, Stage, StageEnd, Status, StrikeOut,
};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

pub fn moments() -> impl Strategy<Value = Moment> {
    let offsets = (-14 * 60..=14 * 60).prop_map(|minutes| FixedOffset::east_opt(minutes * 60).unwrap());
    (-1_000_000_000..7_000_000_000_i64, offsets)
        .prop_map(|(seconds, offset)| DateTime::from_timestamp(seconds, 0).unwrap().with_timezone(&offset))
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof!["[ -~]{0,20}", any::<String>()]
}

fn quantities() -> impl Strategy<Value = Quantity> {
    let other = ("[0-9]{1,3}", "[A-Za-z]{1,5}").prop_map(|(number, unit)| Quantity::other(number, unit));
    prop_oneof![amounts().prop_map(Quantity::Mass), other]
}

pub fn administrations() -> impl Strategy<Value = Administration> {
    let given = prop_oneof![
        moments().prop_map(Given::At),
        (moments(), 1..10_000_i64)
            .prop_map(|(start, minutes)| Given::Over(start, start + chrono::TimeDelta::minutes(minutes)))
    ];
    let words = (select(Expressed::ALL), of(select(Route::ALL)), select(Status::ALL), of(select(Purpose::ALL)));
    let ordered = of(amounts().prop_map(|amount| format!("{amount}/kg").parse().unwrap()));
    let drug = prop_oneof![Just("dexamethasone"), Just("anakinra"), Just("not in the list")];
    let source = (of(moments()), of(texts()));
    (drug, of(quantities()), of(quantities()), given, words, of(texts()), ordered, source).prop_map(
        |(drug, amount, due, given, (expressed, route, status, purpose), note, ordered, (charted_at, source_id))| {
            Administration {
                drug: DrugId::new(drug),
                amount,
                due,
                expressed,
                route,
                given,
                status,
                purpose,
                note,
                ordered,
                charted_at,
                source_id,
            }
        },
    )
}

fn identities() -> impl Strategy<Value = Identity> {
    let name = || "\\PC{0,30}".prop_map(|text| Name::parse(&text).unwrap_or_default());
    let born = of((0..40_000).prop_map(|days| chrono::NaiveDate::from_epoch_days(days).unwrap()));
    ("[A-Z0-9]{1,12}", name(), name(), born, select(&Sex::ALL[..]), any::<bool>()).prop_map(
        |(mrn, family, given, born, sex, dates_shifted)| Identity {
            mrn: mrn.parse().unwrap(),
            family,
            given,
            born,
            sex,
            dates_shifted,
        },
    )
}

fn plans() -> impl Strategy<Value = Plan> {
    let times = proptest::collection::vec(
        (0..1440_u32).prop_map(|minute| NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).unwrap()),
        0..4,
    );
    let every = prop_oneof![
        any::<u32>().prop_map(Interval::Minutes),
        any::<u32>().prop_map(Interval::PerDay),
        any::<(u32, u32)>().prop_map(|(doses, days)| Interval::OverDays { doses, days }),
        times.prop_map(Interval::TimesOfDay),
        Just(Interval::Once),
    ];
    let until = prop_oneof![
        moments().prop_map(StageEnd::At),
        moments().prop_map(|at| StageEnd::On(at.date_naive())),
        any::<u32>().prop_map(StageEnd::For),
        any::<u32>().prop_map(StageEnd::Doses),
    ];
    let stage =
        (amounts(), of(select(Route::ALL)), every, moments(), until).prop_map(|(amount, route, every, from, until)| {
            Stage {
                drug: DrugId::new("prednisone"),
                amount,
                route,
                ordered: "1 mg/kg".parse().ok(),
                every,
                from,
                until,
            }
        });
    proptest::collection::vec(stage, 0..3).prop_map(|stages| Plan { stages })
}

/// Facts that are not about another entry.
pub fn plain_facts() -> impl Strategy<Value = Fact> {
    let measure = prop_oneof![
        (500..400_000_u32)
            .prop_map(|grams| Measure::Weight(format!("{}.{:03} kg", grams / 1000, grams % 1000).parse().unwrap())),
        (20..260_u32).prop_map(|cm| Measure::Height(format!("{cm} cm").parse().unwrap())),
    ];
    let score = of(prop_oneof![(0..=10_u8).prop_map(Score::Ice), (0..=32_u8).prop_map(Score::Capd)]);
    let graded = (select(Scale::ALL), (0..=5_u8).prop_map(|grade| Grade::new(grade).unwrap()), moments(), score);
    let event = prop_oneof![
        (texts(), of(quantities())).prop_map(|(name, amount)| Event::Agent { name, amount }),
        Just(Event::IntensiveCareIn),
        Just(Event::IntensiveCareOut),
        texts().prop_map(Event::Response),
        texts().prop_map(Event::Text),
    ];
    prop_oneof![
        identities().prop_map(Fact::PatientRegistered),
        identities().prop_map(Fact::PatientAmended),
        (measure, moments()).prop_map(|(what, at)| Fact::Measured(Measurement { what, at })),
        (texts(), moments()).prop_map(|(product, at)| Fact::Infused(Infusion { product, at })),
        administrations().prop_map(Fact::Administered),
        graded.prop_map(|(scale, grade, at, score)| Fact::Graded(Graded { scale, grade, at, score })),
        (event, moments()).prop_map(|(event, at)| Fact::Noted(Noted { event, at })),
        plans().prop_map(Fact::Planned),
        moments().prop_map(|up_to| Fact::ChartChecked(ChartCheck { up_to })),
        (texts(), texts(), of(moments())).prop_map(|(rule, reason, until)| Fact::Acknowledged(Acknowledgement {
            rule,
            reason,
            until
        })),
        texts().prop_map(|reason| Fact::Archived(Archive { reason })),
        (0..50_u32)
            .prop_map(|number| Fact::Reviewed(Review { up_to: id(number), seen: (0..number).map(id).collect() })),
    ]
}

fn facts() -> impl Strategy<Value = Fact> {
    let corrected = (plain_facts(), texts(), 0..9_u32).prop_map(|(fact, reason, seen)| {
        let seen = (0..seen).map(id).collect();
        Fact::Corrected(Correction { target: id(1), replacement: Box::new(fact), reason, seen })
    });
    let struck_out = texts().prop_map(|reason| Fact::StruckOut(StrikeOut { target: id(1), reason, seen: vec![id(2)] }));
    prop_oneof![8 => plain_facts(), 1 => corrected, 1 => struck_out]
}

proptest! {
    #[test]
    fn every_fact_is_read_back_as_it_was_written(fact in facts()) {
        let text = ron::to_string(&fact).unwrap();
        prop_assert!(!text.contains('\n'), "a fact is one line: {}", text);
        prop_assert_eq!(ron::from_str::<Fact>(&text).unwrap(), fact, "{}", text);
    }
}

/// One of each kind, in the order of the design.
fn one_of_each() -> Vec<Fact> {
    let at = at("2026-11-22T08:00+01:00");
    let robin = Identity {
        mrn: "40 017".parse().unwrap(),
        family: Name::parse("Example").unwrap(),
        given: Name::parse("Robin").unwrap(),
        born: chrono::NaiveDate::from_ymd_opt(1961, 4, 30),
        sex: Sex::Female,
        dates_shifted: false,
    };
    let stage = Stage {
        drug: DrugId::new("prednisone"),
        amount: "40 mg".parse().unwrap(),
        route: Some(Route::Oral),
        ordered: None,
        every: Interval::TimesOfDay(vec![NaiveTime::from_hms_opt(8, 0, 0).unwrap()]),
        from: at,
        until: StageEnd::Doses(3),
    };
    let agent = Event::Agent { name: "tocilizumab".to_owned(), amount: "560 mg".parse().ok() };
    vec![
        Fact::PatientRegistered(robin.clone()),
        Fact::PatientAmended(robin),
        Fact::Measured(Measurement { what: Measure::Weight("52.3 kg".parse().unwrap()), at }),
        Fact::Infused(Infusion { product: "axi-cel".to_owned(), at }),
        Fact::Administered(dose(10)),
        Fact::Graded(Graded { scale: Scale::Icans, grade: Grade::new(3).unwrap(), at, score: Some(Score::Ice(2)) }),
        Fact::Noted(Noted { event: agent, at }),
        Fact::Planned(Plan { stages: vec![stage] }),
        Fact::Corrected(Correction {
            target: id(1),
            replacement: Box::new(Fact::Administered(dose(4))),
            reason: "typing".to_owned(),
            seen: vec![id(2)],
        }),
        Fact::StruckOut(StrikeOut { target: id(1), reason: "wrong patient".to_owned(), seen: Vec::new() }),
        Fact::ChartChecked(ChartCheck { up_to: at }),
        Fact::Reviewed(Review { up_to: id(7), seen: vec![id(3), id(7)] }),
        Fact::Acknowledged(Acknowledgement {
            rule: "two routes".to_owned(),
            reason: "checked".to_owned(),
            until: Some(at),
        }),
        Fact::Archived(Archive { reason: "home".to_owned() }),
    ]
}

#[test]
fn every_kind_of_fact_is_read_back() {
    for fact in one_of_each() {
        let text = ron::to_string(&fact).unwrap();
        assert_eq!(ron::from_str::<Fact>(&text).unwrap(), fact, "{text}");
    }
}

#[test]
fn an_unknown_field_is_refused_wherever_it_stands() {
    let mut places = 0;
    for fact in one_of_each() {
        let text = ron::to_string(&fact).unwrap();
        // A field more before every field that is there, at every depth.
        for (at, _) in text.match_indices(['(', ',']) {
            let rest = &text[at + 1..];
            let name = rest.split(':').next().unwrap_or("");
            if rest.contains(':') && !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
                places += 1;
                let wrong = format!("{}surprise:1,{rest}", &text[..=at]);
                assert!(ron::from_str::<Fact>(&wrong).is_err(), "{wrong}");
            }
        }
    }
    assert!(places > 45, "only {places} fields were tried");
}

#[test]
fn rons_own_ways_of_writing_numbers_are_refused_in_facts() {
    let text = ron::to_string(&Fact::Administered(dose(10))).unwrap();
    for wrong in ["10", "10.0", "\"NaN mg\"", "\"1e999 mg\"", "\"1_0 mg\"", "\"10\"", "inf", "\"-10 mg\"", "\"1,5 mg\""]
    {
        let changed = text.replace("\"10 mg\"", wrong);
        assert_ne!(changed, text);
        assert!(ron::from_str::<Fact>(&changed).is_err(), "{changed}");
    }
    for grade in ["6", "-1", "300", "2.0", "\"2\""] {
        let text = format!("Graded((scale:Icans,grade:{grade},at:\"2026-11-22T08:00:00+01:00\"))");
        assert!(ron::from_str::<Fact>(&text).is_err(), "{text}");
    }
}

#[test]
fn a_field_written_twice_is_refused() {
    let text = ron::to_string(&Fact::Archived(Archive { reason: "home".to_owned() })).unwrap();
    let twice = text.replace("reason:", "reason:\"a\",reason:");
    assert!(ron::from_str::<Fact>(&twice).is_err(), "{twice}");
}

#[test]
fn a_dose_without_its_optional_fields_is_short() {
    let text = ron::to_string(&entry(1, 0, Fact::Administered(dose(10))).fact).unwrap();
    assert_eq!(
        text,
        "Administered((drug:\"dexamethasone\",amount:Some(Mass(\"10 mg\")),given:At(\"2026-11-22T08:00:00Z\"),status:Given))"
    );
}

#[test]
fn an_infusion_that_no_ward_could_have_given_is_refused_on_reading() {
    let read = |given: &str| {
        let text = format!("Administered((drug:\"dexamethasone\",given:{given},status:Given))");
        ron::from_str::<Fact>(&text).map_err(|error| error.to_string())
    };
    for (given, says) in [
        ("Over(\"2026-11-22T14:00:00Z\",\"2026-11-22T14:00:00Z\")", "not after it began"),
        ("Over(\"2026-11-22T14:00:00Z\",\"2026-11-22T13:59:59Z\")", "not after it began"),
        ("Over(\"2026-11-22T14:00:00.1Z\",\"2026-11-22T14:00:00.9Z\")", "not after it began"),
        // 02:45 in summer time comes before 02:30 in winter time.
        ("Over(\"2026-10-25T02:30:00+01:00\",\"2026-10-25T02:45:00+02:00\")", "not after it began"),
        ("Over(\"2026-11-22T14:00:00Z\",\"2062-11-22T18:00:00Z\")", "longer than a year"),
        ("At(\"0026-11-22T14:00:00Z\")", "1900 and 9000"),
        ("At(\"-262142-11-22T14:00:00Z\")", "1900 and 9000"),
        ("Over(\"2026-11-22T14:00:00Z\",\"+9999-11-22T14:00:00Z\")", "1900 and 9000"),
    ] {
        let message = read(given).expect_err(given);
        assert!(message.contains(says), "{given}: {message}");
    }
    for right in [
        "At(\"2026-11-22T14:00:00Z\")",
        "Over(\"2026-11-22T14:00:00Z\",\"2026-11-22T14:00:01Z\")",
        "Over(\"2026-10-25T02:45:00+02:00\",\"2026-10-25T02:30:00+01:00\")",
        "Over(\"2116-02-29T16:09:00Z\",\"2117-03-01T16:09:00Z\")",
    ] {
        assert!(read(right).is_ok(), "{right}");
    }
}
