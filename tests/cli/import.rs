//! `corticurve import`

use super::{Done, Station, has, robin, shared};
use serde_json::Value;
use std::fs;
use std::path::Path;

const HEADER: &str = "mrn,given_at,drug,amount,unit,source_id\n";

fn import(station: &Station, files: &[&Path], options: &[&str]) -> Done {
    let files = files.iter().map(|file| file.to_str().unwrap());
    station.run(&std::iter::once("import").chain(files).chain(options.iter().copied()).collect::<Vec<_>>())
}

/// A file of one dose for a patient.
fn dose(station: &Station, name: &str, row: &str) -> std::path::PathBuf {
    station.file(name, format!("{HEADER}{row}\n"))
}

/// The exact text of a number, as it was printed.
fn exact(value: &Value) -> String {
    value.as_number().map_or_else(|| "0".to_owned(), ToString::to_string)
}

#[test]
fn the_mimic_file_gives_the_independent_totals_exactly() {
    let (Some(mar), Some(expected)) = (shared("mimic-iv-demo/mar.csv"), shared("mimic-iv-demo/expected_totals.csv"))
    else {
        return;
    };
    let station = Station::new();
    let report = import(&station, &[&mar], &["--profile", "mimic-iv-demo", "--by", "NK"]).ok();
    has(
        &report,
        &["230 rows read", "imported: 228 rows", "Fosaprepitant", "status unknown: 2 rows", "10005817, 10014354"],
    );
    let summary = station.run(&["summary", "--json", "--window", "all"]).json();
    let patients = summary["patients"].as_array().unwrap();
    let mut rows = 0;
    for row in csv::Reader::from_path(expected).unwrap().records() {
        let row = row.unwrap();
        rows += 1;
        let patient = patients.iter().find(|patient| patient["mrn"] == row[0]).unwrap();
        let of = |list: &str, reason: Option<&str>| -> Value {
            let rows = patient[list].as_array().unwrap();
            let found = rows
                .iter()
                .find(|found| found["drug"] == row[1] && reason.is_none_or(|reason| found["reason"] == reason));
            found.cloned().unwrap_or_default()
        };
        let (counted, not_given) = (of("by_drug", None), of("not_counted", Some("not given")));
        let undecided = of("undecided", Some("status unknown"));
        let found = [
            exact(&counted["doses"]),
            exact(&counted["mg"]),
            exact(&counted["dexamethasone_equivalent_mg"]),
            exact(&not_given["doses"]),
            exact(&undecided["doses"]),
            exact(&undecided["mg"]),
            exact(&counted["without_route"]),
        ];
        assert_eq!(found, [&row[2], &row[3], &row[4], &row[5], &row[6], &row[7], &row[9]], "{row:?}");
    }
    assert!(rows >= 8);
    for (mrn, total, undecided) in [("10040025", "61.5", "6"), ("10035631", "170.4375", "0")] {
        let patient = patients.iter().find(|patient| patient["mrn"] == mrn).unwrap();
        assert_eq!(exact(&patient["dexamethasone_equivalent_mg"]), total);
        assert_eq!(exact(&patient["undecided_mg"]), undecided);
        assert_eq!(patient["day"], Value::Null);
    }
}

#[test]
fn the_same_file_again_adds_nothing_and_touches_nothing() {
    let Some(mar) = shared("mimic-iv-demo/mar.csv") else { return };
    let station = Station::new();
    import(&station, &[&mar], &["--profile", "mimic-iv-demo", "--by", "NK"]).ok();
    let before = station.snapshot();
    let again = import(&station, &[&mar], &["--profile", "mimic-iv-demo"]).ok();
    has(&again, &["imported: 0 rows", "already imported", "newly registered patients: none"]);
    assert!(station.snapshot() == before);
    station.run(&["verify"]).ok();
}

#[test]
fn a_dose_without_a_date_goes_to_the_end_of_a_record_with_shifted_dates() {
    let Some(mar) = shared("mimic-iv-demo/mar.csv") else { return };
    let station = Station::new();
    import(&station, &[&mar], &["--profile", "mimic-iv-demo", "--by", "NK"]).ok();
    let end = station.figures("10040025")["as_of"].clone();
    station.run(&["record", "--patient", "10040025", "dex 8 iv"]).saved();
    let figures = station.figures("10040025");
    assert_eq!((&figures["as_of"], &figures["last_dose_at"]), (&end, &end));
    assert_eq!(figures["dexamethasone_equivalent_mg"].as_f64(), Some(69.5));
    has(&station.run(&["summary", "10040025"]).ok(), &["(the source shifted its dates)"]);
}

#[test]
fn a_dry_run_reports_and_makes_nothing() {
    let station = Station::new();
    let file = dose(&station, "mar.csv", "40 017,2026-01-22 08:00,dexamethasone,10,mg,a");
    let report = import(&station, &[&file, &file], &["--dry-run"]).ok();
    has(
        &report,
        &[
            "dry run: nothing is written",
            "newly registered patients: 40 017",
            "already imported 'dexAMETHasone': 1 row",
        ],
    );
    assert!(!station.data().exists() && !station.path("config").exists());
    let json = import(&station, &[&file], &["--dry-run", "--json"]).json();
    assert_eq!((&json[0]["rows_read"], &json[0]["registered"][0]), (&1.into(), &"40 017".into()));
}

#[test]
fn of_several_files_none_is_imported_when_one_cannot_be() {
    let station = Station::new();
    let good = dose(&station, "good.csv", "40 017,2026-01-22 08:00,dexamethasone,10,mg,a");
    let bad = dose(&station, "bad.csv", "40 017,2026-01-22 09:00,dexamethasone,1e3,mg,b");
    let [good, bad] = [good.to_str().unwrap(), bad.to_str().unwrap()];
    let message = station.refused(1, &["import", "--by", "NK", good, bad]);
    has(&message, &["bad.csv: nothing was imported", "line 2, column amount: '1e3' is not a number"]);
    assert!(!station.data().exists());
    has(&station.refused(2, &["import", "--by", "NK", good, "absent.csv"]), &["absent.csv cannot be read"]);
    has(&station.refused(1, &["import", good]), &["give your initials once with --by"]);
}

#[test]
fn doses_of_a_known_patient_are_added_and_other_people_of_the_number_refused() {
    let station = Station::with_robin();
    let file = dose(&station, "mar.csv", "40 017,2026-01-22 08:00,Dexamethasone 10 mg,10,mg,a");
    has(&import(&station, &[&file], &[]).ok(), &["imported: 1 row\n", "newly registered patients: none"]);
    assert_eq!(station.figures("40 017")["dexamethasone_equivalent_mg"].as_i64(), Some(10));
    let other = "mrn,given_at,drug,amount,unit,born\n40 017,2026-01-22 09:00,dexamethasone,10,mg,2009-04-03\n";
    let other = station.file("other.csv", other);
    let message = station.refused(1, &["import", other.to_str().unwrap()]);
    has(&message, &["born 03-Apr-2009 in the file and EXAMPLE, Robin, born 04-Mar-2009 in the ward"]);
}

#[test]
fn real_and_shifted_dates_are_not_mixed_in_one_chart() {
    let station = Station::new();
    station.run(&robin("10005817")).saved();
    let row = "subject_id,emar_id,charttime,storetime,medication,event_txt,dose_due,dose_due_unit,dose_given,\
        dose_given_unit,route,product_description\n\
        10005817,1,2135-01-04 18:17:00,2135-01-04 18:18:00,Dexamethasone,Administered,8,mg,8,mg,IV,\n";
    let file = station.file("mar.csv", row);
    let words = ["import", "--profile", "mimic-iv-demo", file.to_str().unwrap()];
    has(&station.refused(1, &words), &["the dates of MRN 10005817 are shifted in one"]);
}

#[test]
fn a_profile_of_ones_own_is_given_by_its_path() {
    let station = Station::new();
    let profile = "(name: \"ward-9\", columns: [(Patient, \"pid\"), (GivenAt, \"time\"), (Drug, \"drug\"), (Amount, \"dose\"), \
        (Unit, \"unit\")], times: [\"%d.%m.%Y %H:%M\"], blank_action: Given)";
    let profile = station.file("ward-9.ron", profile);
    let file = station.file("mar.csv", "pid,time,drug,dose,unit\n40 017,22.01.2026 08:00,anakinra,100,mg\n");
    import(&station, &[&file], &["--by", "NK", "--profile", profile.to_str().unwrap()]).ok();
    assert_eq!(station.figures("40 017")["anakinra"]["mg"].as_i64(), Some(100));
    fs::write(&profile, "(name: \"ward-9\", colums: [])").unwrap();
    let words = ["import", file.to_str().unwrap(), "--profile", profile.to_str().unwrap()];
    has(&station.refused(2, &words), &["ward-9.ron", "not usable"]);
}

#[test]
fn files_that_are_no_such_table_are_refused_whole() {
    let station = Station::with_robin();
    let line = "x".repeat(10 * 1024 * 1024);
    for (bytes, said) in [
        (b"".as_slice(), "is empty; expected is a CSV file"),
        (b"PK\x03\x04\x00\xff", "not a CSV file that can be read; save the table as \"CSV UTF-8\""),
        (b"Dear colleague, please see below.\n", "the header has no column"),
        (b"mrn,given_at,drug,unit\n40 017,2026-01-22 08:00,dexamethasone,mg\n", "has no column 'amount'"),
        (line.as_bytes(), "line 1: the line is 10485760 bytes long"),
    ] {
        let file = station.file("mar.csv", bytes);
        has(&station.refused(2, &["import", file.to_str().unwrap()]), &["mar.csv", said]);
    }
}

#[test]
fn a_patient_who_cannot_be_written_to_keeps_an_import_from_beginning_only_where_something_is_new_for_them() {
    let station = Station::with_robin();
    let other = station.run(&robin("50 017")).saved().parse().unwrap();
    let known = "50 017,2026-01-22 08:00,dexamethasone,10,mg,a";
    import(&station, &[&dose(&station, "first.csv", known)], &[]).ok();
    super::hostile::newer_segment(&station.data(), &other);
    let new = |id: &str| format!("{id} 017,2026-01-22 09:00,dexamethasone,4,mg,{id}");
    let both = dose(&station, "both.csv", &format!("{}\n{}", new("40"), new("50")));
    for option in [&[][..], &["--dry-run"]] {
        let words = [&["import", both.to_str().unwrap()], option].concat();
        has(&station.refused(1, &words), &["both.csv: nothing was saved: ", "has format 2, which is newer"]);
    }
    let one = dose(&station, "one.csv", &format!("{known}\n{}", new("40")));
    let done = import(&station, &[&one], &[]);
    assert_eq!(done.code, 0, "{}", done.err);
    has(&done.out, &["imported: 1 row\n", "already imported"]);
    assert_eq!(done.err, "", "nothing is written where something is missing");
}

#[test]
fn an_import_that_fails_in_the_middle_says_what_is_saved_and_goes_on_from_there() {
    let station = Station::with_robin();
    let row = |mrn: &str, day: usize| format!("{mrn} 017,2026-01-{day:02} 08:00,dexamethasone,1,mg,{mrn}-{day}");
    let rows: Vec<String> =
        [row("30", 1), row("30", 2)].into_iter().chain((1..=30).map(|day| row("60", day))).collect();
    let file = dose(&station, "mar.csv", &rows.join("\n"));
    let mut limited = std::process::Command::new("sh");
    // No file may grow beyond 4 KiB, as on a disk that is full.
    limited.args(["-c", r#"trap '' XFSZ; ulimit -f 8; exec "$0" "$@""#]).arg(env!("CARGO_BIN_EXE_corticurve"));
    limited.envs(station.bare().get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = limited.arg("--data").arg(station.data()).arg("import").arg(&file).output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(1), b"".as_slice()), "{err}");
    has(
        &err,
        &[
            "mar.csv: 2 rows of 1 patient are imported and saved. From there on: NOT saved: ",
            "Importing again adds the rest",
            "what could not be confirmed may show in the log all the same",
        ],
    );
    assert_eq!(station.figures("30 017")["steroid_days"].as_i64(), Some(2));
    let again = import(&station, &[&file], &[]);
    has(&again.out, &["already imported"]);
    has(&again.err, &["a save was interrupted here"]);
    for (mrn, days) in [("30 017", 2), ("60 017", 30)] {
        // What the failure left half written is told, and is in no figure.
        let summary: Value = serde_json::from_str(&station.run(&["summary", "--json", mrn]).out).unwrap();
        let figures = &summary["patients"][0];
        let found = [&figures["steroid_days"], &figures["dexamethasone_equivalent_mg"]].map(Value::as_i64);
        assert_eq!(found, [Some(days); 2], "{mrn}");
    }
}

#[test]
fn files_that_contradict_each_other_in_who_a_patient_is_are_refused_before_anything_is_written() {
    let station = Station::with_robin();
    let file = |name: &str, id: &str, born: &str| {
        let header = "mrn,given_at,drug,amount,unit,source_id,born\n";
        station.file(name, format!("{header}50 017,2026-01-22 08:00,dexamethasone,10,mg,{id},{born}\n"))
    };
    let files = [file("a.csv", "a", "2009-03-04"), file("b.csv", "b", ""), file("c.csv", "c", "2009-04-03")];
    let files: Vec<&str> = files.iter().map(|file| file.to_str().unwrap()).collect();
    for option in [&[][..], &["--dry-run"]] {
        let message = station.refused(1, &[&["import"], files.as_slice(), option].concat());
        has(&message, &["c.csv: nothing was imported: MRN 50 017 is ", "born 03-Apr-2009 in the file and "]);
        has(&message, &["born 04-Mar-2009 in /", "a.csv; make sure"]);
    }
    let known = "mrn,given_at,drug,amount,unit,born\n40 017,2026-01-22 08:00,dexamethasone,10,mg,2009-04-03\n";
    let known = station.file("known.csv", known);
    let message = station.refused(1, &["import", files[0], known.to_str().unwrap()]);
    has(&message, &["known.csv: nothing was imported: MRN 40 017", "in the ward"]);
}

#[test]
fn a_dry_run_knows_what_waits_on_this_workstation() {
    let station = Station::with_robin();
    let file = dose(&station, "mar.csv", "40 017,2026-01-22 08:00,dexamethasone,10,mg,a");
    // The dose waits: the window kept it on this workstation, and the folder is as it was before.
    let before = station.snapshot().unwrap();
    import(&station, &[&file], &[]).ok();
    let store = corticurve::store::Store::open(&station.data()).unwrap();
    let id: corticurve::record::PatientId =
        station.segments()[0].parent().unwrap().file_name().unwrap().to_str().unwrap().parse().unwrap();
    let entries = store.read(&id).unwrap().entries;
    let config = station.path("config").join("corticurve");
    let outbox = corticurve::store::Outbox::new(std::sync::Arc::new(corticurve::store::OsStorage), &config, store.id());
    let imported = entries.into_iter().filter(|entry| matches!(entry.fact, corticurve::record::Fact::Administered(_)));
    outbox.keep(&id, &imported.collect::<Vec<_>>()).unwrap();
    for (path, bytes) in before.iter().filter(|(path, _)| path.is_file()) {
        fs::write(path, bytes).unwrap();
    }
    fs::remove_dir_all(station.path("cache")).unwrap();
    let done = import(&station, &[&file], &["--dry-run"]);
    assert_eq!(done.code, 0, "{}", done.err);
    has(&done.out, &["imported: 0 rows", "already imported"]);
    has(&done.err, &["1 entry waits on this workstation"]);
}

#[test]
fn what_is_imported_onto_a_chart_that_lacks_something_is_told_and_counts_no_dose_twice_in_silence() {
    let station = Station::with_robin();
    let file = dose(&station, "mar.csv", "40 017,2026-01-22 08:00,dexamethasone,10,mg,a");
    import(&station, &[&file], &[]).ok();
    let segment = station.segments().remove(0);
    let (whole, damaged) = (fs::read_to_string(&segment).unwrap(), fs::read_to_string(&segment).unwrap());
    fs::write(&segment, damaged.replace("10 mg", "20 mg")).unwrap();
    for option in ["--dry-run", "--json"] {
        let done = import(&station, &[&file], &[option]);
        assert_eq!(done.code, 0);
        has(&done.err, &["-0001.ron:", "what is imported now counts twice once they are back"]);
    }
    // Of the row that is in now nothing is new, so nothing more counts twice.
    assert_eq!(import(&station, &[&file], &[]).ok().matches("imported: 0 rows").count(), 1);
    fs::write(&segment, whole).unwrap();
    let twice = "one row of a source was imported twice, as the entries ";
    for verb in [&["summary"][..], &["log", "40 017"]] {
        let done = station.run(verb);
        assert_eq!((done.code, done.err.lines().count()), (1, 1), "{}", done.err);
        has(&done.err, &[twice]);
    }
    station.run(&["verify"]).ok();
    let recorded = station.record("dex 4 iv 2026-01-23 08:00");
    assert_eq!((recorded.code, recorded.err.lines().count()), (0, 1), "{}", recorded.err);
    has(&recorded.err, &[twice]);
    import(&station, &[&file], &[]).ok();
    // A patient whose folder is gone would be registered anew.
    let folder = segment.parent().unwrap();
    fs::rename(folder, station.path("away")).unwrap();
    let other = dose(&station, "other.csv", "50 017,2026-01-22 08:00,dexamethasone,10,mg,b");
    has(
        &import(&station, &[&other], &[]).err,
        &["this file was read on this workstation before", "counts twice once they are back"],
    );
}

#[test]
fn a_finding_that_hides_no_entry_is_told_for_what_it_is_and_no_dose_is_said_to_be_missing() {
    let station = Station::with_robin();
    let segment = station.segments().remove(0);
    fs::rename(&segment, segment.with_file_name("zzzzzzzz-0001.ron")).unwrap();
    fs::remove_dir_all(station.path("cache")).unwrap();
    let renamed = "this file was renamed by hand; its entries are used";
    let recorded = station.record("dex 4 iv 2026-01-23 08:00");
    assert_eq!(recorded.code, 0);
    has(&recorded.err, &[renamed, "there are findings in this patient's files; `corticurve verify` lists them all"]);
    assert!(!recorded.err.contains("may lack"), "{}", recorded.err);
    let file = dose(&station, "mar.csv", "40 017,2026-01-22 08:00,dexamethasone,10,mg,a");
    has(&import(&station, &[&file], &[]).ok(), &["imported: 1 row\n"]);
    station.run(&robin("40 018")).saved();
}

#[test]
fn a_number_that_two_files_spell_differently_is_one_patient_in_a_dry_run_too() {
    let station = Station::with_robin();
    let row = |mrn: &str| format!("{mrn},2026-01-22 08:00,dexamethasone,10,mg,a");
    let files = [dose(&station, "a.csv", &row("40017")), dose(&station, "b.csv", &row("40 017"))];
    let files: Vec<&Path> = files.iter().map(AsRef::as_ref).collect();
    for option in [&["--dry-run"][..], &[]] {
        let report = import(&station, &files, option).ok();
        assert_eq!(
            (report.matches("imported: 1 row\n").count(), report.matches("imported: 0 rows").count()),
            (1, 1),
            "{report}"
        );
    }
}
