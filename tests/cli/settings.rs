//! `corticurve settings`, and the unit's settings under every other verb.

use super::{Done, Station, has, names, robin};
use corticurve::store::Store;
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;

const OWN: &str = "tables: [(id: \"ward-4\", version: \"3\", source: \"our protocol\", confirmed: true, equivalents: \
    [(\"dexamethasone\", \"20/25\"), (\"methylprednisolone\", \"4\"), (\"prednisolone\", \"5\")])]";

impl Station {
    /// Robin with a gram of methylprednisolone and 10 mg of dexamethasone: 197.5 mg, or 210 mg at potency 25.
    fn with_methylprednisolone() -> Self {
        let station = Self::with_robin();
        station.record("methylpred 1000 iv 2025-11-15 08:00").saved();
        station.record("dex 10 iv 2025-11-16 08:00").saved();
        station
    }

    fn unit(&self, fields: &str) {
        let stamp = "changed_at: \"2025-11-20T09:00:00+00:00\", changed_by: \"AB\"";
        fs::write(self.data().join("unit.ron"), format!("[\n({stamp},\n{fields}),\n]\n")).unwrap();
    }

    /// A change that another program made, in a file of its own, which is returned.
    fn made(&self, at: &str, fields: &str) -> PathBuf {
        fs::create_dir_all(self.data().join("unit")).unwrap();
        let file = self.data().join(format!("unit/{}{}abcd-0001.ron", &at[5..7], &at[8..10]));
        let list = format!("[\n(changed_at: \"{at}T09:00Z\", changed_by: \"CD\",\n{fields}),\n]\n");
        fs::write(&file, corticurve::store::sealed(&list)).unwrap();
        file
    }

    fn settings(&self, more: &[&str]) -> Done {
        self.run(&[&["settings"], more].concat())
    }
}

#[test]
fn without_a_file_everything_is_as_designed() {
    let station = Station::with_robin();
    has(
        &station.settings(&[]).ok(),
        &[
            "The unit's settings, as designed; the unit has changed nothing\n",
            "  Conversion table           fda-label version 1\n",
            "  Longest gap in a course    48 h\n",
        ],
    );
    let json = station.settings(&["--json"]).json();
    assert_eq!(names(&json), ["history", "in_force"]);
    assert_eq!((json["in_force"]["table"].as_str(), json["history"].as_array().unwrap().len()), (Some("fda-label"), 0));
    assert!(!station.data().join("unit.ron").exists());
}

#[test]
fn a_change_prints_before_and_after_and_is_kept_with_author_time_and_reason() {
    let station = Station::with_methylprednisolone();
    station.run(&robin("40 018")).saved();
    let file = station.file("new.ron", "// more potent\n(table: \"potency-25\", course_gap_hours: 72)");
    let change = ["--change", file.to_str().unwrap()];
    let shown = [
        "Conversion table: fda-label version 1 → potency-25 version 1 (not confirmed)\n",
        "Longest gap in a course: 48 h → 72 h\n",
        "EXAMPLE, Robin, MRN 40 017\n  Cumulative, Day 0 to now: 197.5 mg, 3.78 mg/kg → 210 mg, 4.02 mg/kg\n",
        "  Peak day (D+2): 187.5 mg → 200 mg\n",
        "nothing moves for 1 patient\n",
    ];
    let before = station.snapshot();
    let dry = station.settings(&[&change[..], &["--dry-run"]].concat()).ok();
    has(&dry, &shown);
    has(&dry, &["dry run: nothing was changed\n"]);
    assert!(station.snapshot() == before);
    for reason in [&[][..], &["--reason", " "]] {
        let error = station.refused(1, &[&["settings"], &change[..], reason].concat());
        has(&error, &["a reason is needed", "--reason; nothing was changed"]);
    }
    let saved = station.settings(&[&change[..], &["--reason", "protocol \"12\"", "--by", "kl"]].concat()).ok();
    has(&saved, &shown);
    has(&saved, &["saved: in force since ", ", changed by KL\n"]);
    has(
        &station.settings(&[]).ok(),
        &["in force since ", "changed by KL\n", "course    72 h\n", "(protocol \"12\")\n"],
    );
    let json = station.settings(&["--json"]).json();
    let change_ = &json["history"][0];
    assert_eq!((change_["changed_by"].as_str(), change_["reason"].as_str()), (Some("KL"), Some("protocol \"12\"")));
    assert_eq!(json["in_force"]["table_confirmed"], json!(false));
    assert_eq!(station.figures("40 017")["dexamethasone_equivalent_mg"], json!(210));
    let error = station.refused(1, &[&["settings"], &change[..], &["--reason", "again"]].concat());
    has(&error, &["these settings are in force already"]);
}

#[test]
fn before_and_after_as_json_say_which_figures_move() {
    let station = Station::with_methylprednisolone();
    let file = station.file("new.ron", "(table: \"potency-25\")");
    let json = station.settings(&["--change", file.to_str().unwrap(), "--dry-run", "--json"]).json();
    assert_eq!((&json["saved"], &json["changed_at"]), (&json!(false), &Value::Null));
    let robin = &json["moved"][0];
    assert_eq!((robin["mrn"].as_str(), robin["patient"].as_str()), (Some("40 017"), Some("EXAMPLE, Robin")));
    let peak = robin["figures"].as_array().unwrap().iter().find(|figure| figure["figure"] == "Peak day (D+2)");
    assert_eq!(peak.unwrap(), &json!({"figure": "Peak day (D+2)", "before": "187.5 mg", "after": "200 mg"}));
}

#[test]
fn the_demo_ward_can_be_looked_at_under_other_settings() {
    let station = Station::new();
    let file = station.file("new.ron", "(table: \"potency-25\")");
    let change = ["settings", "--change", file.to_str().unwrap()];
    has(&station.demo(&[&change[..], &["--dry-run"]].concat()).ok(), &["843.75 mg, 10.04 mg/kg → 900 mg, 10.71 mg/kg"]);
    let real = station.demo(&[&change[..], &["--reason", "try"]].concat());
    assert_eq!((real.code, real.out.as_str()), (2, ""));
    has(&real.err, &["--demo is for looking"]);
}

#[test]
fn every_verb_obeys_the_unit_s_table_and_names_it() {
    let station = Station::with_methylprednisolone();
    station.unit(&format!("table: \"ward-4\", {OWN}"));
    has(&station.run(&["summary"]).ok(), &["table ward-4 version 3\n", "210 mg"]);
    for verb in [&["summary", "--json"][..], &["log", "40 017", "--json"], &["curve", "40 017", "--json"]] {
        let json = station.run(verb).json();
        let named = (json["table"].as_str(), json["table_version"].as_str(), &json["table_confirmed"]);
        assert_eq!(named, (Some("ward-4"), Some("3"), &json!(true)), "{verb:?}");
    }
    has(&station.run(&["curve", "40 017"]).ok(), &[",210"]);
    has(&station.run(&["log", "40 017"]).ok(), &["210 mg"]);
    let convert = ["convert", "10 mg dexamethasone", "--to", "prednisolone"];
    has(&station.run(&convert).ok(), &["62.5 mg prednisoLONE (table ward-4 version 3)"]);
    has(
        &station.run(&[&convert[..], &["--table", "fda-label"]].concat()).ok(),
        &["66.666667 mg", "table fda-label version 1)"],
    );
    has(&station.refused(2, &[&convert[..], &["--table", "ward-5"]].concat()), &["potency-30, ward-4"]);
    station.unit(OWN);
    has(&station.run(&["summary"]).ok(), &["table fda-label version 1\n", "197.5 mg"]);
    has(&station.run(&["summary", "--table", "ward-4"]).ok(), &["table ward-4 version 3\n", "210 mg"]);
}

#[test]
fn a_table_that_is_not_confirmed_says_so_wherever_it_is_named() {
    let station = Station::with_methylprednisolone();
    station.unit("table: \"potency-30\"");
    has(&station.run(&["summary"]).ok(), &["table potency-30 version 1 (not confirmed)\n"]);
    assert_eq!(station.run(&["summary", "--json"]).json()["table_confirmed"], json!(false));
    let convert = ["convert", "30 mg hydrocortisone", "--to", "dexamethasone"];
    has(&station.run(&convert).ok(), &["= 1 mg dexAMETHasone (table potency-30 version 1 (not confirmed))"]);
    let json = station.run(&[&convert[..], &["--json"]].concat()).json();
    assert_eq!((&json["mg"], &json["table_confirmed"]), (&json!(1), &json!(false)));
}

#[test]
fn settings_that_cannot_be_used_stop_every_figure_and_no_record() {
    let station = Station::with_methylprednisolone();
    station.unit("table: \"potency\"");
    let says = ["unit.ron:3: column 9: 'potency' is not a conversion table; take one of", "No figure is printed"];
    for verb in [
        &["summary"][..],
        &["summary", "--json", "--table", "bnf"],
        &["log", "40 017"],
        &["curve", "40 017"],
        &["convert", "1 mg dex", "--to", "hydrocortisone"],
        &["settings"],
    ] {
        has(&station.refused(2, verb), &says);
    }
    let verify = station.run(&["verify", "--json"]);
    assert_eq!(verify.code, 1);
    let found: Value = serde_json::from_str(&verify.out).unwrap();
    assert_eq!((found["findings"][0]["file"].as_str(), &found["findings"][0]["line"]), (Some("unit.ron"), &json!(3)));
    station.record("dex 10 iv 2025-11-17 08:00").saved();
    station.run(&robin("40 018")).saved();
    let mar = station.file("mar.csv", "mrn,given_at,drug,amount,unit\n40 017,2025-11-18 08:00,dexamethasone,10,mg\n");
    station.run(&["import", mar.to_str().unwrap()]).ok();
    station.unit("table: \"bnf\"");
    assert_eq!(station.figures("40 017")["dexamethasone_equivalent_mg"], json!(217.5));
}

#[test]
fn a_file_that_is_no_change_is_refused_with_its_place() {
    let station = Station::with_robin();
    for (text, says) in [
        ("(table: \"bmf\")", "new.ron, line 1, column 10: 'bmf' is not a conversion table"),
        ("(\n\ncourse_gap: 3)", "new.ron, line 3, column 1: Unexpected field named `course_gap`"),
        ("(changed_by: \"NK\")", "leave out changed_by: the program writes it"),
        ("", "new.ron, line 1, column 1"),
    ] {
        let file = station.file("new.ron", text);
        has(&station.refused(2, &["settings", "--change", file.to_str().unwrap(), "--reason", "x"]), &[says]);
    }
    has(&station.refused(2, &["settings", "--change", "absent.ron", "--reason", "x"]), &["absent.ron cannot be read"]);
    station.refused(2, &["settings", "--reason", "x"]);
}

#[test]
fn settings_that_cannot_be_used_beside_others_that_can_are_said_after_the_figures_and_end_with_1() {
    let station = Station::with_methylprednisolone();
    station.made("2025-11-20", "table: \"potency-25\"");
    let torn = station.made("2025-11-21", "table: \"bnf\"");
    let figures = |dexamethasone: &str, says: &[&str]| {
        for verb in [
            &["summary"][..],
            &["summary", "--json"],
            &["summary", "--explain", "total"],
            &["log", "40 017", "--csv"],
            &["curve", "40 017"],
            &["project", "40 017"],
            &["settings"],
            &["convert", "25 mg methylprednisolone", "--to", "dexamethasone"],
        ] {
            let done = station.run(verb);
            assert_eq!(done.code, i32::from(!says.is_empty()), "{verb:?}: {}", done.err);
            assert!(!done.out.is_empty());
            has(&done.err, says);
            if verb == ["summary"] {
                has(&done.out, &[dexamethasone]);
            }
        }
    };
    figures("table bnf version 1", &[]);
    fs::write(&torn, "[\n(changed_at: \"2025-11-21T09").unwrap();
    let stands = "Every figure is under the unit's settings that were changed by CD on 20-Nov-2025 09:00, with table \
        potency-25 version 1 (not confirmed); later ones may be among those that cannot be read\n";
    figures("210 mg", &["corticurve: unit/1121abcd-0001.ron: this file of a change", "make the change again", stands]);
    let verify = station.run(&["verify"]);
    assert_eq!(verify.code, 1);
    has(&verify.out, &["unit/1121abcd-0001.ron: this file of a change"]);
    fs::remove_file(torn).unwrap();
    // What people wrote is broken: the unit's last settings that can be read stand, not those that shipped.
    fs::write(station.data().join("unit.ron"), "[(").unwrap();
    figures("210 mg", &["corticurve: unit.ron:1: column ", stands]);
    let file = station.file("new.ron", "(table: \"katzung\")");
    let change = ["settings", "--change", file.to_str().unwrap()];
    let dry = station.run(&[&change[..], &["--dry-run"]].concat());
    assert_eq!(dry.code, 1);
    has(&dry.err, &[stands]);
    has(&station.run(&[&change[..], &["--reason", "protocol 13"]].concat()).ok(), &["saved: in force since "]);
    assert_eq!(fs::read_to_string(station.data().join("unit.ron")).unwrap(), "[(", "no program writes that file");
    figures("table katzung version 1", &["with table katzung version 1; "]);
    station.record("dex 10 iv 2025-11-17 08:00").saved();
}

#[test]
fn settings_whose_file_was_removed_are_missed_by_every_verb_until_others_are_put_into_force() {
    let station = Station::with_methylprednisolone();
    let change = |text: &str| {
        let file = station.file("new.ron", text);
        station.settings(&["--change", file.to_str().unwrap(), "--reason", "protocol 12"]).ok()
    };
    change("(table: \"potency-25\")");
    has(&station.run(&["summary"]).ok(), &["210 mg"]);
    let file = fs::read_dir(station.data().join("unit")).unwrap().next().unwrap().unwrap().path();
    let away = station.path("away.ron");
    fs::rename(&file, &away).unwrap();
    let gone = [
        "changed by NK on ",
        "(protocol 12), are in no file any more",
        "under the program's own settings, with table fda",
    ];
    let page = station.path("page.pdf");
    for verb in [
        &["summary"][..],
        &["summary", "--json"],
        &["log", "40 017"],
        &["curve", "40 017"],
        &["project", "40 017"],
        &["report", "40 017", "--pdf", page.to_str().unwrap()],
        &["settings"],
        &["convert", "25 mg methylprednisolone", "--to", "dexamethasone"],
    ] {
        let done = station.run(verb);
        assert_eq!((done.code, done.out.is_empty()), (1, false), "{verb:?}: {}", done.err);
        has(&done.err, &gone);
    }
    has(&station.settings(&[]).out, &["as designed; what was changed is in no file any more\n"]);
    let verify = station.run(&["verify"]);
    assert_eq!((verify.code, verify.out.contains("no findings")), (1, false));
    has(&verify.out, &gone);
    let found: Value = serde_json::from_str(&station.run(&["verify", "--json"]).out).unwrap();
    assert_eq!(found["findings"][0]["file"], "unit");
    // The file is back.
    fs::rename(&away, &file).unwrap();
    has(&station.run(&["summary"]).ok(), &["210 mg"]);
    station.run(&["verify"]).ok();
    // That the design's settings are right is said by putting them into force.
    fs::remove_file(&file).unwrap();
    has(&change("()"), &["no change\n", "saved: in force since "]);
    has(&station.run(&["summary"]).ok(), &["197.5 mg"]);
    station.run(&["verify"]).ok();
}

#[test]
fn other_numbers_under_one_version_are_refused_alike_by_a_dry_run_and_by_the_change() {
    let station = Station::with_methylprednisolone();
    station.unit(&format!("table: \"ward-4\", {OWN}"));
    let other = format!("(table: \"ward-4\", {})", OWN.replace("20/25", "3/4"));
    let file = station.file("new.ron", &other);
    let says = [
        "new.ron: conversion table ward-4 version 3 had other numbers in the change of 20-Nov-2025 09:00; a table with other \
         numbers is another version; nothing was changed",
    ];
    for how in [&["--dry-run"][..], &["--reason", "protocol 13"]] {
        let error = station.refused(1, &[&["settings", "--change", file.to_str().unwrap()], how].concat());
        has(&error, &says);
    }
    let next = station.file("new.ron", other.replace("version: \"3\"", "version: \"4\""));
    let change = ["--change", next.to_str().unwrap(), "--reason", "protocol 13"];
    has(&station.settings(&change).ok(), &["ward-4 version 3 → ward-4 version 4"]);
}

#[test]
fn a_change_that_an_earlier_clock_would_put_behind_the_one_in_force_is_refused() {
    let station = Station::with_robin();
    station.made("2099-11-20", "table: \"bnf\"");
    let file = station.file("new.ron", "(table: \"katzung\")");
    for how in [&["--dry-run"][..], &["--reason", "protocol 13"]] {
        let error = station.refused(1, &[&["settings", "--change", file.to_str().unwrap()], how].concat());
        has(&error, &["the settings in force are of 20-Nov-2099 09:00, changed by CD", "nothing was changed"]);
    }
}

#[test]
fn two_programs_that_change_the_settings_at_once_leave_whole_files_and_no_false_message() {
    for round in 0..8 {
        let station = Station::new();
        Store::open_or_create(&station.data(), "Ward 4").unwrap();
        let own = format!("(table: \"ward-4\", {OWN}, purposes_out: [\"replacement\", \"not stated\"])");
        let programs = [("NK", "(table: \"bnf\")".to_owned()), ("AB", own)];
        let done: Vec<Done> = std::thread::scope(|scope| {
            let started: Vec<_> = programs
                .iter()
                .map(|(by, text)| {
                    let file = station.file(&format!("{by}.ron"), text);
                    let station = &station;
                    let run =
                        move || station.settings(&["--change", file.to_str().unwrap(), "--by", by, "--reason", "new"]);
                    scope.spawn(run)
                })
                .collect();
            started.into_iter().map(|program| program.join().unwrap()).collect()
        });
        let saved = done.iter().filter(|done| done.code == 0).count();
        for done in &done {
            if done.code == 0 {
                has(&done.out, &["saved: in force since "]);
            } else {
                assert_eq!(done.code, 1, "round {round}: {}", done.err);
                has(&done.err, &["nothing was "]);
            }
        }
        let history = station.settings(&["--json"]).json()["history"].as_array().unwrap().len();
        assert_eq!(
            (history, saved > 0),
            (saved, true),
            "round {round}: what was called saved is there, and nothing else"
        );
        assert_eq!(station.run(&["verify"]).code, 0);
    }
}

#[test]
fn a_change_that_the_disk_does_not_take_says_that_nothing_was_changed() {
    let station = Station::with_robin();
    let change = station.file("change.ron", "(course_gap_hours: 72)");
    // No folder can be made where a file is, as none can on a disk that is read-only.
    std::fs::write(station.data().join("unit"), "").unwrap();
    let said = station.refused(1, &["settings", "--change", change.to_str().unwrap(), "--reason", "local guideline"]);
    has(&said, &["NOT saved: cannot make the folder ", "; nothing was changed"]);
}
