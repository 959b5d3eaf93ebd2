//! Whatever is typed or read, no parser panics, takes long, or answers at length.

use super::{Berlin, planned, typed};
use corticurve::record::{
    Amount, Chart, EntryId, Fact, Formulary, Height, Initials, Mrn, Name, PatientId, PerKg, Purpose, Quantity, Route,
    Sex, Status, Weight, decimal, time,
};
use proptest::prelude::*;
use std::fmt::Display;
use std::time::Instant;

/// The longest that a message may be: a few lines of the window.
const LONGEST_MESSAGE: usize = 500;

fn message<T, E: Display>(result: Result<T, E>) -> usize {
    result.map_or_else(|error| error.to_string().chars().count(), |_| 0)
}

/// The longest message that any parser of single values gives for a text.
fn longest_message(text: &str) -> usize {
    [
        message(text.parse::<Amount>()),
        message(text.parse::<Quantity>()),
        message(Quantity::from_chart(text, "mg")),
        message(Quantity::from_chart("1", text)),
        message(text.parse::<Weight>()),
        message(text.parse::<Height>()),
        message(text.parse::<PerKg>()),
        message(text.parse::<Mrn>()),
        message(text.parse::<Initials>()),
        message(text.parse::<Sex>()),
        message(text.parse::<PatientId>()),
        message(text.parse::<EntryId>()),
        message(Name::parse(text)),
        message(Route::parse(text)),
        message(Purpose::parse(text)),
        message(Status::parse(text)),
        message(decimal::parse(text, 0)),
        message(decimal::parse(text, 6)),
        message(time::parse_date(text)),
        message(time::parse_clock(text)),
        message(time::parse_moment(text, &Berlin)),
        message(Formulary::shipped().unwrap().find(text)),
        message(typed(text)),
        message(planned(text)),
    ]
    .into_iter()
    .max()
    .unwrap()
}

/// Pieces that mean something to one parser or another.
const PIECES: &[&str] = &[
    "dex",
    "hold",
    "pred",
    "10",
    "1,5",
    "0.2",
    "-2h",
    "−",
    "mg",
    "mg/kg",
    "/kg",
    "g",
    "kg",
    "cm",
    "iv",
    "icans",
    "over",
    "4h",
    "14:30",
    "-18:00",
    "25:00",
    "2026-11-22",
    "T",
    "Z",
    "+01:00",
    "yesterday",
    ";",
    " ",
    " ",
    " ",
    ".",
    "e3",
    "NaN",
    "µ",
    "５",
    "\u{202e}",
    "\u{0}",
    "p-",
    "İ",
    "ß",
    "🦀",
    "000000000",
    "999999999999999999999",
];

/// Text made of the pieces.
fn pieces() -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(PIECES).prop_map(str::to_owned), 0..30)
        .prop_map(|words| words.concat())
}

/// Words of plans, in any order.
fn plan_words() -> impl Strategy<Value = String> {
    let words = [
        "q6h",
        "bid",
        "daily",
        "weekly",
        "once",
        "every 2 days",
        "7 times a day",
        "at 08:00,20:00",
        "at",
        "x8",
        "x 3",
        "2000 doses",
        "for 3d",
        "for 366 days",
        "for",
        "until 2026-12-01",
        "until",
        "from now",
        "from tomorrow 02:30",
        "from 2026-10-25T02:30+01:00",
        "then",
        "then 4",
        "then ana 100",
        "10",
        "0.2mg/kg",
        "iv",
        "sc",
        "every",
    ];
    proptest::collection::vec(proptest::sample::select(words.to_vec()), 0..9).prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn no_text_makes_a_parser_panic_or_answer_at_length(text in prop_oneof![any::<String>(), "\\PC{0,60}", pieces()]) {
        prop_assert!(longest_message(&text) <= LONGEST_MESSAGE, "{}", text);
    }

    #[test]
    fn what_a_line_says_can_be_written_down_and_read_back(text in pieces()) {
        for line in [text.clone(), format!("dex 10 {text}"), format!("ana {text} sc")] {
            if let Ok(dose) = typed(&line) {
                prop_assert!(dose.given.start() <= dose.given.end());
                let fact = Fact::Administered(dose);
                let written = ron::to_string(&fact).unwrap();
                prop_assert_eq!(ron::from_str::<Fact>(&written).unwrap(), fact);
            }
        }
    }

    #[test]
    fn what_a_plan_says_can_be_written_down_and_its_doses_are_in_order(words in plan_words()) {
        for line in [words.clone(), format!("dex 10 {words}"), format!("dex 10 q6h x3 then 4 {words}")] {
            if let Ok(plan) = planned(&line) {
                for stage in &plan.stages {
                    let times = stage.times(&Berlin).unwrap();
                    prop_assert!(!times.is_empty() && times.is_sorted(), "{}", line);
                }
                let fact = Fact::Planned(plan);
                prop_assert_eq!(ron::from_str::<Fact>(&ron::to_string(&fact).unwrap()).unwrap(), fact);
            } else {
                prop_assert!(message(planned(&line)) <= LONGEST_MESSAGE, "{}", line);
            }
        }
    }

    #[test]
    fn no_text_makes_the_reader_of_facts_panic(text in prop_oneof![any::<String>(), "[A-Za-z0-9_():,\". ]{0,200}"]) {
        drop(ron::from_str::<Fact>(&text));
        let _ = Formulary::shipped().unwrap().named_in(&text);
    }
}

#[test]
fn very_long_texts_get_short_answers_at_once() {
    let start = Instant::now();
    for piece in [
        "9", "0", "1,", "1.", ",", ".", "-", "mg ", "a", "é", " ", "1:", "2026-", "h", "1h", "5 0 ", "0.0", ",000",
        "\u{0}",
    ] {
        let text = piece.repeat(100_000 / piece.len());
        for text in [
            text.clone(),
            format!("1{text}"),
            format!("{text} mg"),
            format!("0.{text} mg"),
            format!("{text}."),
            format!("dex {text}"),
        ] {
            let longest = longest_message(&text);
            assert!(longest <= LONGEST_MESSAGE, "{longest} characters for many {piece:?}");
        }
    }
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

#[test]
fn a_line_of_500_characters_is_read_at_once_and_a_longer_one_refused() {
    let start = Instant::now();
    for piece in ["dex ", "10 ", "iv ", "14:30 ", "over 4h ", "2026-11-22 ", "a", "-", "1-", "mg/kg ", "for ", "é"] {
        let tail: String = piece.chars().cycle().take(400).collect();
        for line in [format!("dex 10 {tail}"), format!("hold {tail}"), format!("dex 10 ; {tail}"), tail] {
            drop(typed(&line));
        }
    }
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
    let line = |letters: usize| format!("dex 10 ;{}", "x".repeat(letters));
    assert!(typed(&line(492)).is_ok());
    let refused = typed(&line(493)).unwrap_err().to_string();
    assert!(refused.contains("longer than 500 characters"), "{refused}");
}

#[test]
fn deeply_nested_corrections_are_refused_without_a_crash() {
    let open = "Corrected((target:\"0000000000000001\",replacement:";
    let text = format!("{}{}", open.repeat(5_000), ",reason:\"\"))".repeat(5_000));
    assert!(ron::from_str::<Fact>(&text).is_err());
    assert_eq!(Chart::fold(&[]).open_questions(), 0);
}
