//! `corticurve register`

use super::{Station, has, robin};
use std::fs;

#[test]
fn a_registered_patient_is_there_for_the_next_process() {
    let station = Station::new();
    let id = station.run(&robin("40 017")).saved();
    assert!(id.starts_with("p-"), "{id}");
    let figures = station.figures("40 017");
    assert_eq!((figures["mrn"].as_str(), figures["dexamethasone_equivalent_mg"].as_i64()), (Some("40 017"), Some(0)));
    assert_eq!(figures["weight_kg"].as_f64(), Some(52.3));
    assert!(figures["day"].as_i64().unwrap() > 300);
    let path = station.segments().pop().unwrap();
    assert!(path.parent().unwrap().ends_with(&id));
    let json = station.run(&[&robin("40018")[..], &["--json"]].concat()).json();
    assert_eq!(json["mrn"], "40018");
}

#[test]
fn without_initials_nothing_is_written_and_nothing_is_made() {
    let station = Station::new();
    let nobody: Vec<&str> = robin("40 017").into_iter().filter(|word| !["--by", "nk"].contains(word)).collect();
    has(&station.refused(1, &nobody), &["give your initials once with --by"]);
    assert!(!station.data().exists() && !station.path("config").exists());
    station.run(&robin("40 017")).saved();
    let mut next = nobody;
    next[2] = "40 018";
    station.run(&next).saved();
    let log = station.record("dex 10 iv -1h");
    assert_eq!(log.code, 0);
    assert_eq!(station.run(&["log", "40 017", "--json"]).json()["administrations"][0]["recorded_by"], "NK");
}

#[test]
fn in_the_place_of_a_ward_that_is_not_there_no_new_one_begins() {
    let station = Station::with_robin();
    let away = station.path("away");
    fs::rename(station.data(), &away).unwrap();
    for is_there in [false, true] {
        if is_there {
            fs::create_dir(station.data()).unwrap();
        }
        let told = ["a ward was in ", "none is there now", "connect the share", "wards.ron"];
        has(&station.refused(1, &robin("40 018")), &told);
        assert_eq!((station.data().exists(), fs::read_dir(station.data()).map_or(0, Iterator::count)), (is_there, 0));
    }
    fs::remove_dir(station.data()).unwrap();
    fs::rename(&away, station.data()).unwrap();
    station.run(&robin("40 018")).saved();
    // Whoever means it takes the line out.
    fs::rename(station.data(), &away).unwrap();
    fs::write(station.path("config").join("corticurve").join("wards.ron"), "{}").unwrap();
    station.run(&robin("40 017")).saved();
}

#[test]
fn a_second_patient_of_one_mrn_is_refused() {
    let station = Station::with_robin();
    has(&station.refused(1, &robin("40 017")), &["MRN 40 017 is already registered", "check the number"]);
}

#[test]
fn what_cannot_be_true_of_a_patient_is_refused() {
    let station = Station::new();
    for (option, value, code, said) in [
        ("--born", "2009-02-30", 2, "does not exist in the calendar"),
        ("--born", "04.03.2009", 2, "is not a date"),
        ("--born", "2090-03-04", 1, "is in the future"),
        ("--sex", "f", 2, "female, male, other or unknown"),
        ("--weight", "52,3 kg", 2, "write 52.3"),
        ("--weight", "-3 kg", 2, "'-3"),
        ("--infused", "2025-02-30 10:00", 2, "does not exist in the calendar"),
        ("--mrn", "", 2, "is not an MRN"),
        ("--family", "Exa\u{202e}mple", 2, "does not show"),
        ("--product", "tisa\ncel", 2, "does not show"),
        ("--product", "", 1, "--product is blank"),
    ] {
        let mut words = robin("40 017");
        let at = words.iter().position(|word| *word == option).unwrap();
        let joined = format!("{option}={value}");
        words.splice(at..=at + 1, [joined.as_str()]);
        has(&station.refused(code, &words), &[said]);
        assert!(!station.data().exists(), "{option} {value}");
    }
    let mut nameless = robin("40 017");
    for name in ["Example", "Robin"] {
        let at = nameless.iter().position(|word| *word == name).unwrap();
        nameless[at] = "";
    }
    has(&station.refused(1, &nameless), &["without any name"]);
    let later = [&robin("40 017")[..], &["--as-of", "2090-01-01 08:00"]].concat();
    has(&station.refused(1, &later), &["--as-of 01-Jan-2090 08:00 is in the future"]);
}

#[test]
fn what_this_workstation_misses_of_others_is_told_to_whoever_registers() {
    let station = Station::with_robin();
    let folder = station.segments()[0].parent().unwrap().to_owned();
    station.run(&["summary"]).ok();
    let away = station.path("away");
    fs::rename(&folder, &away).unwrap();
    let done = station.run(&robin("40 017"));
    assert_eq!((done.code, done.out.starts_with("registered p-")), (0, true), "{}", done.err);
    let id = folder.file_name().unwrap().to_str().unwrap().to_owned();
    has(&done.err, &[&id, "this file was read on this workstation before", "this patient may be one of them"]);
    // Once the folder is back there are two charts.
    fs::rename(&away, &folder).unwrap();
    let new = done.out.trim().rsplit(' ').next().unwrap().to_owned();
    let verified = station.run(&["verify"]);
    assert_eq!(verified.code, 1);
    has(&verified.out, &["has the same MRN as p-", &id, &new]);
    assert!(!verified.out.contains("Robin") && !verified.out.contains("EXAMPLE"), "{}", verified.out);
    station.run(&robin("40 018")).saved();
}

#[test]
fn a_patient_whose_files_are_missing_is_not_called_unregistered_and_whoever_is_registered_beside_them_is_shown_with_that()
 {
    for is_damaged in [false, true] {
        let station = Station::with_robin();
        station.record("dex 1 iv 2026-01-22 08:00").saved();
        station.run(&robin("40 018")).saved();
        let folder = station.path("data/patients").join(station.figures("40 017")["patient"].as_str().unwrap());
        let (file, away) = (fs::read_dir(&folder).unwrap().next().unwrap().unwrap().path(), station.path("away"));
        let (name, whole) =
            (file.strip_prefix(station.data()).unwrap().display().to_string(), fs::read(&file).unwrap());
        if is_damaged {
            let text = String::from_utf8(whole.clone()).unwrap();
            fs::write(&file, text.replace("Example", "Exampel")).unwrap();
        } else {
            fs::rename(&folder, &away).unwrap();
        }
        let pdf = station.path("page.pdf");
        let verbs = [
            &["record", "--patient", "40 017", "dex 1 iv 2026-01-22 08:00"][..],
            &["plan", "--patient", "40 017", "dex 10 iv q6h x4"],
            &["summary", "40 017"],
            &["log", "40 017"],
            &["report", "40 017", "--pdf", pdf.to_str().unwrap()],
        ];
        for verb in verbs {
            let said = station.refused(1, verb);
            has(&said, &["no patient with MRN 40 017 is found here", &name, "do not register", "corticurve verify"]);
        }
        assert_eq!(station.run(&robin("40 017")).code, 0);
        let gap = [&name, ": missing, or cannot be read", "doses are missing from what is shown", "corticurve verify"];
        let recorded = station.record("dex 2 iv 2026-01-22 09:00");
        assert_eq!(recorded.code, 0, "{}", recorded.err);
        has(&recorded.err, &gap);
        for verb in [&["summary", "40 017"][..], &["log", "40 017"], &["curve", "40 017"], &["project", "40 017"]] {
            let shown = station.run(verb);
            assert_eq!(shown.code, 1, "{verb:?}: {}", shown.out);
            has(&shown.err, &gap);
        }
        let all = station.run(&["summary"]);
        assert!(all.code == 1 && all.err.contains(&name) && !all.err.contains(gap[1]), "told once: {}", all.err);
        // Once they are back it is known who they are.
        if is_damaged {
            fs::write(&file, whole).unwrap();
        } else {
            fs::rename(&away, &folder).unwrap();
        }
        station.run(&["summary", "40 018"]).ok();
        has(&station.refused(1, verbs[0]), &["two patients have MRN 40 017"]);
    }
}
