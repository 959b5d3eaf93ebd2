//! The typed language: right lines and what they mean, wrong lines and what the message says.

use super::{Berlin, at, says, typed, typed_at};
use corticurve::record::{Administration, Expressed, Formulary, Given, Now, Purpose, Route, Scale, Status, quick};
use std::collections::BTreeSet;

/// A dose in one line, so that a table shows everything that was read.
fn read(dose: &Administration) -> String {
    let clock = |moment: chrono::DateTime<chrono::FixedOffset>| moment.format("%m-%dT%H:%M%:z").to_string();
    let given = match dose.given {
        Given::At(moment) => clock(moment),
        Given::Over(start, end) => format!("{} to {}", clock(start), clock(end)),
    };
    let mut parts = vec![dose.drug.to_string(), dose.amount_shown()];
    parts.extend(dose.route.map(|route| route.short().to_owned()));
    parts.push(given);
    parts.push(dose.status.word().to_owned());
    parts.extend(dose.purpose.map(|purpose| purpose.word().to_owned()));
    parts.extend(dose.ordered.map(|ordered| format!("ordered {ordered}")));
    parts.extend(dose.note.clone().map(|note| format!("note {note}")));
    parts.join(" | ")
}

#[test]
fn right_lines_mean_what_they_say() {
    for (line, meaning) in [
        ("dex 10 iv 14:30 icans", "dexamethasone | 10 mg | IV | 11-22T14:30+01:00 | given | ICANS"),
        ("dex 10", "dexamethasone | 10 mg | 11-22T14:32+01:00 | given"),
        ("DEX 10MG IV".to_lowercase().as_str(), "dexamethasone | 10 mg | IV | 11-22T14:32+01:00 | given"),
        ("dex icans 14:30 iv 10", "dexamethasone | 10 mg | IV | 11-22T14:30+01:00 | given | ICANS"),
        ("ana 100 sc -2h", "anakinra | 100 mg | SC | 11-22T12:32+01:00 | given"),
        ("ana 100 sc −90m", "anakinra | 100 mg | SC | 11-22T13:02+01:00 | given"),
        ("ana 100mg SC now", "anakinra | 100 mg | SC | 11-22T14:32+01:00 | given"),
        ("methyl 1 g iv", "methylprednisolone | 1,000 mg | IV | 11-22T14:32+01:00 | given"),
        ("dex 500mcg po", "dexamethasone | 0.5 mg | PO | 11-22T14:32+01:00 | given"),
        ("dex 500 micrograms ng", "dexamethasone | 0.5 mg | tube | 11-22T14:32+01:00 | given"),
        ("dex 0.2mg/kg iv", "dexamethasone | 10.46 mg | IV | 11-22T14:32+01:00 | given | ordered 0.2 mg/kg"),
        ("dex 0.2 mg/kg iv", "dexamethasone | 10.46 mg | IV | 11-22T14:32+01:00 | given | ordered 0.2 mg/kg"),
        ("dex 200mcg/kg iv", "dexamethasone | 10.46 mg | IV | 11-22T14:32+01:00 | given | ordered 0.2 mg/kg"),
        ("dex 4 phosphate iv", "dexamethasone | 4 mg as phosphate | IV | 11-22T14:32+01:00 | given"),
        ("dex 4 base iv", "dexamethasone | 4 mg as base | IV | 11-22T14:32+01:00 | given"),
        ("dex 4 phosphate", "dexamethasone | 4 mg as phosphate | 11-22T14:32+01:00 | given"),
        ("dex 3.3 base", "dexamethasone | 3.3 mg as base | 11-22T14:32+01:00 | given"),
        ("dex 3.3mg base iv", "dexamethasone | 3.3 mg as base | IV | 11-22T14:32+01:00 | given"),
        ("ana 100mg/h iv 10:00-14:00", "anakinra | 400 mg | IV | 11-22T10:00+01:00 to 11-22T14:00+01:00 | given"),
        ("ana 100 mg/h iv 14:00-18:00", "anakinra | 400 mg | IV | 11-22T14:00+01:00 to 11-22T18:00+01:00 | running"),
        (
            "hydro 10 mg/h iv over 12h",
            "hydrocortisone | 120 mg | IV | 11-22T14:32+01:00 to 11-23T02:32+01:00 | running",
        ),
        ("hydro over 90m 10:00 10mg/hr", "hydrocortisone | 15 mg | 11-22T10:00+01:00 to 11-22T11:30+01:00 | given"),
        (
            "dex 0.05mg/kg/h 10:00 over 4h",
            "dexamethasone | 10.46 mg | 11-22T10:00+01:00 to 11-22T14:00+01:00 | given | ordered 0.2 mg/kg",
        ),
        (
            "dex 50mcg/kg/h 10:00 over 4h",
            "dexamethasone | 10.46 mg | 11-22T10:00+01:00 to 11-22T14:00+01:00 | given | ordered 0.2 mg/kg",
        ),
        ("ana 100mg/h 10:00-11:15 stopped", "anakinra | 125 mg | 11-22T10:00+01:00 to 11-22T11:15+01:00 | stopped"),
        // Six hours of the clock are seven of the infusion when it is turned back.
        (
            "hydro 10mg/h 2026-10-24 22:00-04:00",
            "hydrocortisone | 70 mg | 10-24T22:00+02:00 to 10-25T04:00+01:00 | given",
        ),
        ("dex 10 yesterday 22:00", "dexamethasone | 10 mg | 11-21T22:00+01:00 | given"),
        ("dex 10 today 9:05", "dexamethasone | 10 mg | 11-22T09:05+01:00 | given"),
        ("dex 10 2026-11-20 08:00", "dexamethasone | 10 mg | 11-20T08:00+01:00 | given"),
        ("dex 10 20-Nov-2026 08:00", "dexamethasone | 10 mg | 11-20T08:00+01:00 | given"),
        ("dex 10 1-OCT-2026 08:00", "dexamethasone | 10 mg | 10-01T08:00+02:00 | given"),
        ("dex 10 2026-07-20 08:00", "dexamethasone | 10 mg | 07-20T08:00+02:00 | given"),
        ("dex 10 2026-11-20T08:00Z", "dexamethasone | 10 mg | 11-20T08:00+00:00 | given"),
        ("dex 10 2026-11-20T08:00-05:00", "dexamethasone | 10 mg | 11-20T08:00-05:00 | given"),
        ("dex 10 14:30+01:00", "dexamethasone | 10 mg | 11-22T14:30+01:00 | given"),
        ("hydro 100 iv 10:00-14:00", "hydrocortisone | 100 mg | IV | 11-22T10:00+01:00 to 11-22T14:00+01:00 | given"),
        ("hydro 100 iv 10:00 over 4h", "hydrocortisone | 100 mg | IV | 11-22T10:00+01:00 to 11-22T14:00+01:00 | given"),
        ("hydro 100 10:00 over 4 h", "hydrocortisone | 100 mg | 11-22T10:00+01:00 to 11-22T14:00+01:00 | given"),
        ("hydro 100 10:00 over 1h30m", "hydrocortisone | 100 mg | 11-22T10:00+01:00 to 11-22T11:30+01:00 | given"),
        ("hydro 100 -2h over 30min", "hydrocortisone | 100 mg | 11-22T12:32+01:00 to 11-22T13:02+01:00 | given"),
        ("hydro 100 yesterday 22:00-02:00", "hydrocortisone | 100 mg | 11-21T22:00+01:00 to 11-22T02:00+01:00 | given"),
        (
            "hydro 200 2026-11-20 22:00-06:00 iv",
            "hydrocortisone | 200 mg | IV | 11-20T22:00+01:00 to 11-21T06:00+01:00 | given",
        ),
        ("hydro 100 over 4h", "hydrocortisone | 100 mg | 11-22T14:32+01:00 to 11-22T18:32+01:00 | running"),
        ("hydro 100 14:00-18:00", "hydrocortisone | 100 mg | 11-22T14:00+01:00 to 11-22T18:00+01:00 | running"),
        ("hydro 50 10:00-12:00 stopped", "hydrocortisone | 50 mg | 11-22T10:00+01:00 to 11-22T12:00+01:00 | stopped"),
        ("hold dex 14:00 refused", "dexamethasone | no amount | 11-22T14:00+01:00 | refused"),
        ("hold dex", "dexamethasone | no amount | 11-22T14:32+01:00 | held"),
        ("dex held", "dexamethasone | no amount | 11-22T14:32+01:00 | held"),
        ("dex 10 14:00 missed", "dexamethasone | 10 mg due | 11-22T14:00+01:00 | missed"),
        ("hold dex 10 iv 14:00", "dexamethasone | 10 mg due | IV | 11-22T14:00+01:00 | held"),
        ("dex 14:00 unknown", "dexamethasone | no amount | 11-22T14:00+01:00 | unknown"),
        ("dex 10 14:00 unknown", "dexamethasone | 10 mg | 11-22T14:00+01:00 | unknown"),
        ("dex 10 for crs", "dexamethasone | 10 mg | 11-22T14:32+01:00 | given | CRS"),
        ("dex 10 hlh", "dexamethasone | 10 mg | 11-22T14:32+01:00 | given | IEC-HS"),
        ("dex 10 it ppx", "dexamethasone | 10 mg | intrathecal | 11-22T14:32+01:00 | given | prophylaxis"),
        (
            "dex 10 iv ; before CT; told Dr X",
            "dexamethasone | 10 mg | IV | 11-22T14:32+01:00 | given | note before CT; told Dr X",
        ),
        ("dex 10 ;   ", "dexamethasone | 10 mg | 11-22T14:32+01:00 | given"),
        ("  dex\t10   iv  ", "dexamethasone | 10 mg | IV | 11-22T14:32+01:00 | given"),
    ] {
        let dose = typed(line).unwrap_or_else(|error| panic!("{line}: {error}"));
        assert_eq!(read(&dose), meaning, "{line}");
    }
}

#[test]
fn wrong_lines_are_refused_with_the_word_and_what_to_write() {
    for (line, parts) in [
        ("", &["type a dose, like"][..]),
        ("  ; only a note", &["type a dose"]),
        ("hold", &["type a dose"]),
        ("10 dex", &["'10' is not a drug", "dexAMETHasone"]),
        ("pred 5 po", &["'pred' could be predniSONE or prednisoLONE"]),
        ("toci 8 iv", &["'toci' is not a drug recorded here"]),
        ("dex", &["how much dexAMETHasone", "10 or 500mcg"]),
        ("dex iv 14:30", &["how much dexAMETHasone"]),
        ("dex 0 iv", &["0 mg was not given", "hold dexAMETHasone"]),
        ("dex 1,5 iv", &["'1,5'", "1.5"]),
        ("dex 1,5 mg", &["'1,5'", "1.5"]),
        ("dex 5 0 mg", &["'0' after '5'", "only one amount"]),
        ("dex -3 mg", &["'-3'", "without a sign"]),
        ("dex -3", &["'-3'", "without a sign"]),
        ("dex +3mg", &["'+3'", "without a sign"]),
        ("dex NaN", &["'NaN'", "not a number"]),
        ("dex 1e3 mg", &["'1e3'", "plain digits"]),
        ("dex .5 mg", &["'.5'", "0.5"]),
        ("dex 5. mg", &["'5.'", "write 5"]),
        ("dex 05", &["'05'", "write 5"]),
        ("dex 10 mgs", &["'mgs'", "mg, g or mcg"]),
        ("dex 10mgs", &["'mgs'", "mg, g or mcg"]),
        ("dex 10 MG", &["'MG'", "mg, g or mcg"]),
        ("dex 5 µg", &["'µg'", "mcg"]),
        ("dex 5ml", &["'ml'", "mg, g or mcg"]),
        ("dex 2 tablets", &["'tablets'", "mg, g or mcg"]),
        ("dex ５", &["'５'", "not a number"]),
        ("dex 10 iv po", &["'po' after 'iv'", "only one route"]),
        ("dex 10 crs icans", &["'icans' after 'crs'", "only one purpose"]),
        ("dex 10 14:00 15:00", &["'15:00' after '14:00'", "only one time"]),
        ("dex 10 held missed", &["'missed' after 'held'", "only one status"]),
        ("hold dex running", &["'running' after 'hold'", "only one status"]),
        ("dex 10 over 1h over 2h", &["only one duration"]),
        ("dex 10 4 base phosphate", &["'4' after '10'"]),
        ("dex 4 base phosphate", &["'phosphate' after 'base'", "only one form"]),
        ("methyl 40 phosphate", &["'phosphate'", "leave it out for methylPREDNISolone"]),
        ("dex 10 banana", &["'banana' is not understood", "a route", "a time", "a purpose"]),
        ("decortin h 5", &["'h' is not understood"]),
        ("dex 10 for", &["'for' is not understood"]),
        ("dex 10 25:00", &["'25:00'", "does not exist"]),
        ("dex 10 24:00", &["'24:00'", "does not exist"]),
        ("dex 10 2026-02-30 10:00", &["'2026-02-30'", "does not exist"]),
        ("dex 10 2026-02-30T10:00", &["'2026-02-30'", "does not exist"]),
        ("dex 10 2026-11-20", &["2026-11-20 without a clock time", "2026-11-22 14:30"]),
        ("dex 10 yesterday", &["yesterday without a clock time"]),
        ("dex 10 22-11-2026 10:00", &["'22-11-2026' is not a date", "2009-03-04"]),
        ("dex 10 20-Nov 10:00", &["'20-Nov' is not a date", "04-Mar-2009"]),
        ("dex 10 31-Nov-2026 10:00", &["'31-Nov-2026'", "does not exist"]),
        ("dex 10 20-Nov-2026", &["20-Nov-2026 without a clock time"]),
        ("dex 10 14:3", &["'14:3' is not a time"]),
        ("dex 10 2:30pm", &["'2:30pm' is not a time"]),
        ("dex 10 14:00-25:00", &["'25:00'", "does not exist"]),
        ("dex 10 -2days", &["'-2days' is not a time", "-2h"]),
        ("dex 10 -200h", &["'-200h' is not a time", "yesterday 22:00"]),
        ("dex 10 over", &["is not a duration", "over 4h"]),
        ("dex 10 over 4", &["'over 4' is not a duration"]),
        ("dex 10 iv 30 mn", &["'mn' after '30' is not understood", "with over, and min or h"]),
        ("dex 10 iv 30mn", &["'mn' after '30' is not understood"]),
        ("dex 10 iv 30 min", &["'min' after '30'", "over 30 min"]),
        ("dex 10 iv over 30 mn", &["'over 30 mn' is not a duration", "min or h"]),
        ("dex 10 iv over 30 icans", &["'over 30' is not a duration"]),
        ("dex 10 iv 30 icans", &["'30' after '10'", "only one amount"]),
        ("dex 10 over 0h", &["'over 0h' is not a duration"]),
        ("dex 10 over 8000h", &["is not a duration"]),
        ("dex 10 over 1,5h", &["'over 1,5h' is not a duration", "over 1h30m"]),
        ("dex 10 14:00-18:00 over 4h", &["'14:00-18:00' already says", "leave out 'over'"]),
        ("dex 10 running", &["'running' needs a duration or an end"]),
        ("dex 10 14:00-18:00 given", &["today 18:00", "still to come", "running"]),
        ("dex 10 14:00-18:00 stopped", &["today 18:00", "still to come"]),
        ("dex 10 ; a\u{7}b", &["does not show"]),
        ("dex 10 ; a\u{202e}b", &["does not show"]),
        ("dex 9999999mg/kg", &["too large"]),
        ("ana 100mg/h iv", &["'100 mg/h' needs how long it ran", "14:00-18:00 or over 4h"]),
        ("ana 100mg/h iv 14:00", &["'100 mg/h' needs how long"]),
        ("hold ana 100mg/h", &["'100 mg/h' needs how long"]),
        ("hydro 10mg/h over 20m", &["'10 mg/h' for 20 min is no whole number of micrograms", "came to in mg"]),
        ("dex 0.01mg/kg/h over 10m", &["'0.01 mg/kg/h' for 10 min is no whole number"]),
        ("ana 100ml/h over 4h", &["'ml'", "mg, g or mcg"]),
        ("ana 100mg/min over 4h", &["'mg/min'"]),
        ("ana 100mg/h 50mg over 4h", &["'50mg' after '100mg/h'", "only one amount"]),
        ("ana 1,5mg/h over 4h", &["'1,5'", "1.5"]),
        ("ana 9999999mg/h over 160h", &["too large"]),
    ] {
        let error = typed(line).err().unwrap_or_else(|| panic!("{line} was taken"));
        says(&error.to_string(), parts);
    }
}

#[test]
fn a_dose_per_kilogram_without_a_weight_is_refused() {
    let formulary = Formulary::shipped().unwrap();
    let context =
        quick::Context { formulary: &formulary, now: Now { at: at("2026-11-22T14:32Z"), zone: &Berlin }, weight: None };
    let error = quick::parse("dex 0.2 mg/kg iv", context).unwrap_err();
    says(&error.to_string(), &["'0.2 mg/kg' needs the patient's weight", "record a weight first"]);
    assert!(quick::parse("dex 10 mg iv", context).is_ok());
    let error = quick::parse("dex 0.05 mg/kg/h iv 10:00-14:00", context).unwrap_err();
    says(&error.to_string(), &["'0.05 mg/kg/h' needs the patient's weight"]);
}

#[test]
fn a_time_still_to_come_is_read_and_left_for_others_to_refuse() {
    for (line, moment) in
        [("dex 10 23:59", "2026-11-22T23:59+01:00"), ("dex 10 2027-01-01 08:00", "2027-01-01T08:00+01:00")]
    {
        let dose = typed(line).unwrap();
        assert_eq!((dose.given, dose.status), (Given::At(at(moment)), Status::Given), "{line}");
    }
}

#[test]
fn the_hours_of_a_clock_change_are_asked_or_refused() {
    says(&typed("dex 10 2026-10-25 02:30").unwrap_err().to_string(), &["happened twice", "2026-10-25T02:30+02:00"]);
    says(&typed("dex 10 2026-03-29 02:30").unwrap_err().to_string(), &["was skipped"]);
    assert_eq!(typed("dex 10 2026-10-25T02:30+02:00").unwrap().given, Given::At(at("2026-10-25T00:30Z")));
}

#[test]
fn a_time_ago_has_the_offset_that_the_clock_had_then() {
    for (line, now, moment) in [
        ("dex 10 -3h30m", "2026-03-29T04:00+02:00", "2026-03-28T23:30+01:00"),
        ("dex 10 -4h", "2026-10-25T05:00+01:00", "2026-10-25T02:00+02:00"),
        ("dex 10 -5h", "2026-10-25T04:30+01:00", "2026-10-25T00:30+02:00"),
    ] {
        let Given::At(given) = typed_at(line, now).unwrap().given else { panic!("{line}") };
        assert_eq!(given.to_rfc3339(), at(moment).to_rfc3339(), "{line} at {now}");
    }
}

#[test]
fn an_infusion_over_a_clock_change_runs_its_hours_and_ends_on_the_wall_clock() {
    let over = typed("hydro 100 2026-03-29T00:00+01:00 over 4h").unwrap().given;
    assert_eq!(over.end().to_rfc3339(), "2026-03-29T05:00:00+02:00");
    let range = typed("hydro 100 2026-03-28 22:00-06:00").unwrap().given;
    assert_eq!((range.end() - range.start()).num_hours(), 7);
}

#[test]
fn west_of_greenwich_a_range_that_could_be_an_offset_is_asked() {
    let formulary = Formulary::shipped().unwrap();
    let zone = super::offset(-5);
    let context = quick::Context {
        formulary: &formulary,
        now: Now { at: at("2026-11-22T20:00-05:00"), zone: &zone },
        weight: None,
    };
    says(&quick::parse("dex 10 14:30-05:00", context).unwrap_err().to_string(), &["'14:30-05:00' could be", "over 4h"]);
    assert!(quick::parse("dex 10 10:00-14:00", context).is_ok());
}

#[test]
fn no_word_stands_for_two_things() {
    let vocabularies: [Vec<&str>; 5] = [
        Route::ALL.iter().map(|value| value.word()).collect(),
        Purpose::ALL.iter().map(|value| value.word()).collect(),
        Status::ALL.iter().map(|value| value.word()).collect(),
        Expressed::ALL.iter().map(|value| value.word()).collect(),
        vec!["over", "for", "now", "today", "yesterday", "hold", "mg", "g", "mcg", "h", "m", "min"],
    ];
    let mut seen = BTreeSet::new();
    for word in vocabularies.iter().flatten() {
        assert!(seen.insert(word.to_lowercase()), "{word}");
        let meanings = [
            Route::find(word).is_some(),
            Purpose::find(word).is_some(),
            Status::find(word).is_some() && *word != "hold",
            Expressed::find(word).is_some(),
        ];
        assert!(meanings.iter().filter(|meaning| **meaning).count() <= 1, "{word}");
    }
}

#[test]
fn every_value_of_a_vocabulary_is_found_by_its_word_in_any_case() {
    for route in Route::ALL {
        assert_eq!(Route::parse(&route.word().to_uppercase()), Ok(*route));
    }
    for purpose in Purpose::ALL {
        assert_eq!(Purpose::parse(&purpose.word().to_lowercase()), Ok(*purpose));
    }
    for status in Status::ALL {
        assert_eq!(Status::parse(status.word()), Ok(*status));
    }
    for scale in Scale::ALL {
        assert_eq!(Scale::parse(scale.word()), Ok(*scale));
    }
    says(&Route::parse("sideways").unwrap_err().to_string(), &["'sideways'", "a route", "oral, tube, intravenous"]);
}

#[test]
fn a_rate_is_said_with_what_it_comes_to() {
    for (line, words) in [
        ("ana 100mg/h iv 10:00-14:00", Some("100 mg/h for 4 h = 400 mg")),
        ("hydro 10mg/h iv 10:00 over 90m", Some("10 mg/h for 1 h 30 min = 15 mg")),
        ("hydro 1200mg/h 10:00 over 30m", Some("1,200 mg/h for 30 min = 600 mg")),
        ("dex 0.05mg/kg/h 10:00 over 4h", Some("0.05 mg/kg/h for 4 h = 0.2 mg/kg")),
        ("hydro 100 10:00 over 7h", None),
        ("dex 10 iv", None),
    ] {
        assert_eq!(quick::rate_words(&typed(line).unwrap()).as_deref(), words, "{line}");
    }
}
