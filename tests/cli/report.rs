//! `corticurve report`: one page as a file, and nothing of the patient in anything that is printed.

use super::{Station, has};
use std::fs;

#[test]
fn a_page_is_written_for_its_owner_alone_and_said_in_one_line_without_a_name() {
    let station = Station::with_robin();
    station.record("dex 10 iv 2025-11-14 08:00 icans").saved();
    let out = station.run(&["report", "40 017", "--pdf", "page.pdf"]).ok();
    let file = station.path("page.pdf");
    assert_eq!(
        out,
        format!("written {}: one page, readable by you alone\n", fs::canonicalize(&file).unwrap().display())
    );
    let bytes = fs::read(&file).unwrap();
    assert!(bytes.starts_with(b"%PDF-") && bytes.len() > 5_000, "{}", bytes.len());
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file).unwrap().permissions()) & 0o777, 0o600);
}

#[test]
fn a_file_that_is_there_is_refused_and_stays_as_it_was() {
    let station = Station::with_robin();
    let file = station.file("page.pdf", "of another patient");
    let said = station.refused(1, &["report", "40 017", "--pdf", "page.pdf"]);
    has(
        &said,
        &["page.pdf is there already and was not overwritten", "give another name to --pdf, or remove it first"],
    );
    assert_eq!(fs::read_to_string(file).unwrap(), "of another patient");
}

#[test]
fn what_cannot_be_asked_for_or_written_is_said_with_what_to_do_and_names_nobody() {
    let station = Station::with_robin();
    for (code, arguments, parts) in [
        (1, &["report", "40 018", "--pdf", "page.pdf"][..], &["40 018"][..]),
        (2, &["report", "40 017"], &["--pdf"]),
        (2, &["report", "40 017", "--pdf", "nowhere/page.pdf"], &["its folder is not there", "make it first"]),
        (2, &["report", "40 017", "--pdf", "page.pdf", "--window", "yesterdays"], &["yesterdays"]),
        (1, &["report", "40 017", "--pdf", "page.pdf", "--window", "episode3"], &["there is no episode 3"]),
    ] {
        let said = station.refused(code, arguments);
        has(&said, parts);
        assert!(!said.to_lowercase().contains("robin") && !said.to_lowercase().contains("example"), "{said}");
    }
    assert!(!station.path("page.pdf").exists(), "nothing was begun");
}

#[test]
fn the_demo_ward_has_a_page_for_everyone_over_any_window_and_as_json() {
    let station = Station::new();
    for (at, window) in ["day0", "day30", "24h", "all"].into_iter().enumerate() {
        let file = format!("page-{at}.pdf");
        let done =
            station.demo(&["report", "40 017", "--pdf", &file, "--window", window, "--as-of", "2026-11-22 14:32"]);
        assert!(!done.ok().contains("EXAMPLE"));
        assert!(fs::read(station.path(&file)).unwrap().starts_with(b"%PDF-"), "{window}");
    }
    let json = station.demo(&["report", "40 017", "--pdf", "page.pdf", "--json"]).json();
    assert_eq!(json["pages"], 1);
    assert!(json["written"].as_str().unwrap().ends_with("page.pdf"));
}
