//! The unit's own settings as text: what is taken, and what is refused with its place and what to write.

use crate::record::{at, says};
use corticurve::exposure::{
    NO_PURPOSE, Reading, SurfaceFormula, Tables, UnitChange, UnitHistory, UnitSettings, WeightBy, parse_purpose,
};
use corticurve::record::Purpose;
use proptest::prelude::*;

const STAMP: &str = "changed_at: \"2026-11-22T14:30:00+00:00\", changed_by: \"NK\"";

fn read(text: &str) -> Result<UnitHistory, String> {
    UnitHistory::parse(text).map_err(|error| error.to_string())
}

/// One change with its fields on line 3.
fn change(fields: &str) -> String {
    format!("[\n({STAMP},\n{fields}),\n]\n")
}

fn own_table(version: &str, prednisone: &str) -> String {
    format!(
        "tables: [(id: \"ward-4\", version: \"{version}\", source: \"our protocol\", confirmed: true, equivalents: \
         [(\"dexamethasone\", \"0.75\"), (\"prednisone\", \"{prednisone}\")])]"
    )
}

#[test]
fn what_a_change_does_not_say_is_as_designed() {
    let history = read(&change("")).unwrap();
    assert_eq!(history.in_force(), UnitSettings::default());
    let last = history.last().unwrap();
    assert_eq!((last.by.as_str(), last.at, last.reason.as_str()), ("NK", at("2026-11-22T14:30Z"), ""));
    assert_eq!(read("[]").unwrap(), UnitHistory::default());
}

#[test]
fn every_setting_is_read_and_comments_may_stand_anywhere() {
    let fields = format!(
        "/* protocol 12 */ table: \"ward-4\", {},\n purposes_out: [\"not stated\", \"Replacement\"], // both\n \
         course_gap_hours: 72, weight: \"each dose\", surface: \"gehan-george\"",
        own_table("2", "20/4")
    );
    let settings = read(&change(&fields)).unwrap().in_force();
    let reading = Reading {
        purposes_out: vec![Some(Purpose::Replacement), None],
        course_gap_hours: 72,
        weight_by: WeightBy::EachDose,
        surface_by: SurfaceFormula::GehanGeorge,
    };
    assert_eq!(settings.reading, reading);
    let table = settings.table_in_use(&Tables::shipped().unwrap()).unwrap();
    assert_eq!((table.named().as_str(), table.written().count()), ("ward-4 version 2", 2));
}

#[test]
fn the_change_of_the_latest_time_is_in_force_wherever_it_stands() {
    let block = |at: &str, table: &str| format!("(changed_at: \"{at}\", changed_by: \"NK\", table: \"{table}\")");
    let later = block("2026-11-22T14:30:01+00:00", "katzung");
    // 15:30 in Berlin is 14:30 in London.
    let earlier = block("2026-11-22T15:30:00+01:00", "bnf");
    for text in [format!("[{later}, {earlier}]"), format!("[{earlier}, {later}]")] {
        let history = read(&text).unwrap();
        assert_eq!((history.changes().len(), history.in_force().table.as_str()), (2, "katzung"), "{text}");
    }
    let same = [block("2026-11-22T14:30Z", "bnf"), block("2026-11-22T15:30+01:00", "katzung")];
    assert_eq!(read(&format!("[{}]", same.join(", "))).unwrap().in_force().table, "katzung", "the later in the file");
    let files = same.map(|block| format!("[{block}]"));
    for (names, table) in [(["a", "b"], "katzung"), (["b", "a"], "bnf")] {
        let mut files: Vec<_> = names.into_iter().zip(files.iter().map(String::as_bytes)).collect();
        files.sort();
        let (history, faults) = UnitHistory::of_files(files);
        assert_eq!((history.in_force().table.as_str(), faults), (table, vec![]), "the later by name");
    }
}

#[test]
fn a_block_that_is_wrong_costs_no_other_block_and_a_file_that_is_no_list_no_other_file() {
    let ours = "[\n(changed_at: \"2026-11-20T09:00Z\", changed_by: \"NK\", table: \"bnf\"),\n\
        (changed_at: \"2026-11-21T09:00Z\", changed_by: \"NK\", tabel: \"katzung\"),\n]";
    let files = [("ours", ours.as_bytes()), ("torn", b"[("), ("not text", b"\xff"), ("theirs", b"[]")];
    let (history, faults) = UnitHistory::of_files(files);
    assert_eq!((history.changes().len(), history.in_force().table.as_str()), (1, "bnf"));
    let told: Vec<String> = faults.iter().map(|(file, error)| format!("{file}, {error}")).collect();
    assert!(told[0].starts_with("ours, line 3, column 53: Unexpected field named `tabel`"), "{}", told[0]);
    assert!(told[1].starts_with("torn, line 1, column 3: the file is empty or ends in the middle"), "{}", told[1]);
    assert!(told[2].starts_with("not text, line 1, column 1: this character is not UTF-8"), "{}", told[2]);
    assert_eq!(told.len(), 3);
}

#[test]
fn a_change_that_would_not_come_into_force_is_refused_before_it_is_made() {
    let history = read(&change("table: \"bnf\"")).unwrap();
    let settings = UnitSettings::default();
    assert_eq!(history.check(&settings, at("2026-11-22T14:30:01Z")), Ok(()));
    for early in ["2026-11-22T14:30Z", "2026-11-22T15:30+01:00", "2026-11-22T14:29:59Z"] {
        let error = history.check(&settings, at(early)).expect_err(early).to_string();
        says(&error, &["the settings in force are of 22-Nov-2026 14:30, changed by NK", "set the clock that is wrong"]);
    }
}

#[test]
fn what_is_wrong_is_refused_with_its_place_and_what_to_write() {
    for (fields, says_) in [
        ("table: \"BNF\"", "line 3, column 9: 'BNF' is not a conversion table; take one of fda-label, bnf,"),
        ("table: bnf", "line 3, column 7: Expected string; put it in quotation marks"),
        ("purposes_out: [\"pain\"]", "line 3, column 17: 'pain' is not taken for a purpose; write CRS, ICANS,"),
        ("purposes_out: [\"CRS\", \"crs\"]", "line 3, column 24: 'CRS' is there twice"),
        ("purposes_out: [\"CRS\", CRS]", "line 3, column 23: Expected string"),
        (
            "course_gap_hours: 0",
            "line 3, column 19: '0' is not taken for the longest gap in a course; write whole hours",
        ),
        ("course_gap_hours: 1000", "line 3, column 19: '1000' is not taken"),
        (
            "course_gap_hours: 1_2",
            "line 3, column 19: '1_2' is not taken for the longest gap in a course; write whole hours",
        ),
        ("course_gap_hours: 0x30", "line 3, column 19: '0x30' is not taken"),
        ("course_gap_hours: 0b110000", "line 3, column 19: '0b110000' is not taken"),
        ("course_gap_hours: 48u32", "line 3, column 19: '48u32' is not taken"),
        ("course_gap_hours: +48", "line 3, column 19: '+48' is not taken"),
        ("course_gap_hours: -48", "line 3, column 19: '-48' is not taken"),
        ("course_gap_hours: 4.5", "line 3, column 19: '4.5' is not taken"),
        ("course_gap_hours: 4e1", "line 3, column 19: '4e1' is not taken"),
        ("course_gap_hours: /* two days */ \"48\"", "line 3, column 34: '\"48\"' is not taken"),
        ("course_gap_hours: 99999999999", "line 3, column 19: '99999999999' is not taken"),
        ("weight: \"day 7\"", "line 3, column 10: 'day 7' is not taken for the weight of a figure per kilogram"),
        (
            "surface: \"Boyd\"",
            "line 3, column 11: 'Boyd' is not taken for a formula for body surface; write Mosteller,",
        ),
        ("tabel: \"bnf\"", "line 3, column 1: Unexpected field named `tabel` in `Change`, expected one of"),
        ("table: \"bnf\", table: \"bnf\"", "line 3, column 15: Unexpected duplicate field named `table`"),
        ("table: Some(\"bnf\")", "line 3"),
    ] {
        says(&read(&change(fields)).expect_err(fields), &[says_]);
    }
    for (text, says_) in [
        ("[(changed_by: \"NK\")]", "line 1, column 2: changed_at is missing; every change says who made it and when"),
        ("[\n // nobody\n (changed_at: \"2026-11-22T14:30Z\")]", "line 3, column 2: changed_by is missing"),
        (
            "[(changed_at: \"2026-11-22 14:30\", changed_by: \"NK\")]",
            "line 1, column 16: '2026-11-22 14:30' is not a time",
        ),
        (
            "[(changed_at: \"22.11.2026\", changed_by: \"NK\")]",
            "line 1, column 16: '22.11.2026' is not a time with its",
        ),
        ("[(changed_at: \"2026-02-30T14:30Z\", changed_by: \"NK\")]", "is not a time with its offset"),
        ("[(changed_at: \"2026-11-22T14:30Z\", changed_by: \"N. K.\")]", "line 1, column 49: 'N. K.'"),
        ("(changed_by: \"NK\")", "line 1, column 1: Expected opening `[`"),
        ("[] []", "line 1, column 3: Non-whitespace trailing characters"),
        ("hello", "Expected opening `[`"),
    ] {
        says(&read(text).expect_err(text), &[says_]);
    }
}

#[test]
fn a_unit_s_own_table_is_checked_like_any_other_and_cannot_take_a_shipped_name() {
    let first = change(&format!("table: \"ward-4\", {}", own_table("1", "5")));
    assert!(read(&first).is_ok());
    says(&read(&first.replace("\"5\"", "\"-5\"")).unwrap_err(), &["line 3, column", "ward-4, prednisone: '-5'"]);
    says(
        &read(&first.replace("ward-4", "fda-label")).unwrap_err(),
        &["line 3", "there is already a conversion table fda-label"],
    );
    says(&read(&change(&own_table("1", "5")).replace("\"0.75\"", "\"0\"")).unwrap_err(), &["dexamethasone: the value"]);
}

#[test]
fn a_table_with_other_numbers_must_be_another_version() {
    let both = |second: &str| {
        let block = |table: &str| format!("({STAMP},\n{table}),\n");
        format!("[{}{}]", block(&own_table("1", "5")), block(second))
    };
    assert!(read(&both(&own_table("1", "5"))).is_ok());
    assert!(read(&both(&own_table("2", "6"))).is_ok());
    says(
        &read(&both(&own_table("1", "6"))).unwrap_err(),
        &["line 4, column 16: conversion table ward-4 version 1 had other numbers in the change of 22-Nov-2026 14:30"],
    );
    // Also in another file, whichever is read first; the later change is the one that is not used.
    let files = [("a", both(&own_table("1", "5"))), ("b", change(&own_table("1", "6")).replace("14:30", "14:29"))];
    let (history, faults) = UnitHistory::of_files(files.iter().map(|(name, text)| (*name, text.as_bytes())));
    assert_eq!((history.changes().len(), history.in_force().tables[0].written().nth(1).unwrap().1), (1, "6"));
    assert_eq!(faults.iter().map(|(file, _)| *file).collect::<Vec<_>>(), ["a", "a"]);
    let new = UnitSettings::parse(&format!("({})", own_table("1", "7"))).unwrap();
    let error = history.check(&new, at("2026-12-01T08:00Z")).unwrap_err().to_string();
    says(&error, &["had other numbers in the change of 22-Nov-2026 14:29", "is another version"]);
}

#[test]
fn a_text_that_ends_in_the_middle_says_so_and_what_to_do() {
    let whole = format!("[\n({STAMP},\n {}),\n", own_table("1", "5"));
    for rest in
        ["", "(", "(changed_at: \"2026-12-", "(changed_at: \"2026-12-01T08:00Z\", course_gap_hours: 4", "/* and"]
    {
        says(
            &read(&format!("{whole}{rest}")).expect_err(rest),
            &["ends in the middle of a change", "take out what is not whole and end the file with ]"],
        );
    }
    for nothing in ["", "\n", "[", "[(", "[(changed_at: \"20"] {
        says(
            &read(nothing).expect_err(nothing),
            &["is empty or ends in the middle of a change", "or move the file away"],
        );
    }
}

#[test]
fn no_text_cut_short_is_read_as_other_settings() {
    let settings = |table: &str| UnitSettings { table: table.to_owned(), ..UnitSettings::default() };
    let change = |table: &str| {
        let (at, by) = (at("2026-11-22T14:30Z"), "NK".parse().unwrap());
        UnitChange { at, by, reason: "]), (".to_owned(), settings: settings(table) }.text()
    };
    let text = format!("[\n{},\n{},\n]\n", change("bnf"), change("katzung"));
    let whole = read(&text).unwrap();
    for (length, _) in text.char_indices() {
        let cut = &text[..length];
        match read(cut) {
            Ok(history) => assert_eq!((history, cut), (whole.clone(), text.trim_end())),
            Err(error) => assert!(error.contains("ends in the middle"), "{length}: {error}"),
        }
    }
}

#[test]
fn what_is_written_is_read_back_whatever_the_words() {
    let own = read(&change(&own_table("1 \\\"draft\\\"", "20/3"))).unwrap().in_force().tables;
    for reason in
        ["", "protocol \"12\"", "C:\\protocol", "naïve – 中文 ] ) (", "e\u{301} // no comment", "/* nor this */"]
    {
        for (surface, weight) in SurfaceFormula::ALL.iter().zip(WeightBy::ALL.iter().cycle()) {
            let purposes = Purpose::ALL.iter().map(|purpose| Some(*purpose)).chain([None]).collect();
            let reading =
                Reading { purposes_out: purposes, course_gap_hours: 999, weight_by: *weight, surface_by: *surface };
            let settings = UnitSettings { table: "ward-4".to_owned(), tables: own.clone(), reading };
            let (at, by) = (at("2026-11-22T14:30+05:45"), "NK".parse().unwrap());
            let change = UnitChange { at, by, reason: reason.to_owned(), settings: settings.clone() };
            assert_eq!(read(&format!("[{}]", change.text())).unwrap().changes(), [change]);
            let draft = UnitSettings::parse(&settings.text());
            assert_eq!(draft.unwrap(), settings);
        }
    }
}

#[test]
fn a_change_that_is_not_in_force_yet_has_no_author_and_time() {
    let draft = UnitSettings::parse;
    assert_eq!(draft("(table: \"bnf\")").unwrap().table, "bnf");
    assert_eq!(draft("()").unwrap(), UnitSettings::default());
    says(&draft(&format!("({STAMP})")).unwrap_err().to_string(), &["leave out changed_at: the program writes it"]);
    says(&draft("(reason: \"why\")").unwrap_err().to_string(), &["leave out reason"]);
    says(&draft("[(table: \"bnf\")]").unwrap_err().to_string(), &["line 1, column 1"]);
}

#[test]
fn every_choice_is_found_by_its_word() {
    for purpose in Purpose::ALL {
        assert_eq!(parse_purpose(purpose.word()), Ok(Some(*purpose)));
    }
    assert_eq!(parse_purpose(NO_PURPOSE), Ok(None));
    for (choice, word) in SurfaceFormula::ALL.iter().zip(["Mosteller", "Du Bois", "Haycock", "Gehan–George"]) {
        assert_eq!((SurfaceFormula::parse(word), choice.word()), (Ok(*choice), word));
    }
    for (choice, word) in WeightBy::ALL.iter().zip(["Day 0", "each dose"]) {
        assert_eq!((WeightBy::parse(word), choice.word()), (Ok(*choice), word));
    }
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic_or_hang(parts in proptest::collection::vec(
        prop_oneof![
            Just("["), Just("]"), Just("("), Just(")"), Just(","), Just(": "), Just("\""), Just("\n"), Just("//"), Just("/*"),
            Just("*/"), Just("table"), Just("tables"), Just("changed_at"), Just("\"bnf\""), Just("48"), Just("1e999"), Just("NaN"),
            Just("\\"), Just("é"), Just("\u{feff}"), Just("Some"), Just("r#\""), Just(STAMP), Just("equivalents: ["),
        ], 0..40))
    {
        let text = parts.concat();
        if let Err(error) = UnitHistory::parse(&text) {
            prop_assert!(error.place.line >= 1 && error.place.line <= text.matches('\n').count() + 1, "{error}");
        }
        let _ = UnitSettings::parse(&text);
    }
}
