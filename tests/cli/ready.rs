//! Before any verb: help, wrong usage, no display, the demo, and where the data folder is.

use super::{Done, Station, has};
use std::fs;

const READING: [&[&str]; 5] =
    [&["summary"], &["verify"], &["log", "40 017"], &["curve", "40 017"], &["summary", "40 017", "--json"]];

#[test]
fn help_names_every_verb_option_and_exit_code() {
    let station = Station::new();
    let help = station.run(&["--help"]).ok();
    has(&help, &["register", "record", "import", "log", "summary", "curve", "convert", "verify"]);
    has(&help, &["--data", "--by", "--as-of", "--json", "--demo", "Exit codes:", "Not a certified medical device"]);
    for verb in ["register", "record", "import", "log", "summary", "curve", "convert", "verify"] {
        has(&station.run(&[verb, "--help"]).ok(), &["Usage: corticurve", "Common options:"]);
    }
    assert!(station.run(&["--version"]).ok().starts_with("corticurve "));
    assert_eq!(station.snapshot(), None);
}

#[test]
fn without_a_display_the_window_says_so_and_names_the_verbs() {
    let station = Station::new();
    for arguments in [&[][..], &["--demo"]] {
        let done = Done::of(station.bare().args(arguments));
        assert_eq!((done.code, done.out.as_str()), (2, ""));
        has(&done.err, &["no display", "DISPLAY", "register", "summary", "verify", "--demo summary"]);
    }
    assert_eq!(station.snapshot(), None);
}

#[test]
fn where_nothing_answers_at_the_display_the_window_says_where_it_looked_and_what_to_do() {
    let station = Station::new();
    for (name, value) in [("DISPLAY", ":987"), ("WAYLAND_DISPLAY", "wayland-987")] {
        let done = Done::of(station.bare().env(name, value).arg("--demo"));
        assert_eq!((done.code, done.out.as_str()), (2, ""));
        has(&done.err, &[&format!("{name} is '{value}'"), "nothing answers there", "summary", "--demo summary"]);
        assert!(!done.err.contains(".rs:") && !done.err.contains("not set"), "{}", done.err);
    }
    // Empty is as good as not set.
    let done = Done::of(station.bare().env("DISPLAY", "").arg("--demo"));
    assert_eq!(done.code, 2);
    has(&done.err, &["are not set", "register"]);
    assert_eq!(station.snapshot(), None);
}

#[test]
fn the_entry_of_the_desktop_menu_names_the_program_and_an_icon_that_is_there() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let entry = fs::read_to_string(root.join("assets/corticurve.desktop")).unwrap();
    let mut lines = entry.lines();
    assert_eq!(lines.next(), Some("[Desktop Entry]"));
    let keys: Vec<(&str, &str)> = lines.map(|line| line.split_once('=').unwrap()).collect();
    let value = |key: &str| keys.iter().find(|(name, _)| *name == key).map(|(_, value)| *value);
    assert_eq!(
        (value("Type"), value("Name"), value("Terminal")),
        (Some("Application"), Some("Corticurve"), Some("false"))
    );
    assert_eq!(value("Exec"), Some(env!("CARGO_PKG_NAME")), "the name under which cargo install puts it on the path");
    // Without it the task bar would show the window beside the entry and not as its own.
    let window = fs::read_to_string(root.join("src/cli/window.rs")).unwrap();
    let icon = value("Icon").unwrap();
    assert!(window.contains(&format!(".with_app_id(\"{}\")", value("StartupWMClass").unwrap())));
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    for file in [format!("assets/{icon}.svg"), "assets/corticurve.desktop".to_owned()] {
        assert!(root.join(&file).is_file() && readme.contains(&file), "{file}");
    }
    // Every list of the format ends so.
    assert!(value("Categories").unwrap().ends_with(';'));
}

#[test]
fn wrong_usage_is_exit_2_with_what_would_be_right() {
    let station = Station::with_robin();
    for (arguments, said) in [
        (&["sumary"][..], "summary"),
        (&["summary", "--windw", "all"], "--window"),
        (&["summary", "--window", "all day"], "day0, day30, 24h, 72h, 7d, all, episode1"),
        (&["summary", "--window", "episode0"], "is not a window"),
        (&["summary", "--window", "2026-11-20..2026-11-13"], "turn the two around"),
        (&["summary", "--window", "2026-11-31..2026-12-13"], "does not exist in the calendar"),
        (&["summary", "--table", "who"], "fda-label"),
        (&["summary", "a?b"], "is not an MRN"),
        (&["summary", "--as-of", "noon"], "is not a time"),
        (&["summary", "--as-of", "2026-11-22"], "without a clock time"),
        (&["summary", "--as-of", "2026-02-30 08:00"], "does not exist in the calendar"),
        (&["log"], "<MRN>"),
        (&["log", "40 017", "--csv", "--json"], "one of them"),
        (&["--json", "curve", "40 017", "--csv"], "one of them"),
        (&["record", "dex 10"], "--patient"),
        (&["record", "--patient", "40 017", "--by", "N. K.", "dex 10"], "1 to 6 letters"),
        (&["import"], "<FILE>"),
        (&["import", "--profile", "genric", "x.csv"], "generic, mimic-iv-demo"),
        (&["--demo", "summary"], "leave out --data"),
    ] {
        has(&station.refused(2, arguments), &[said]);
    }
}

#[test]
#[cfg(unix)]
fn an_argument_that_is_no_text_or_very_long_is_answered_in_a_few_lines() {
    use std::os::unix::ffi::OsStrExt;
    let station = Station::with_robin();
    let bytes = std::ffi::OsStr::from_bytes(b"\xff\xfe");
    has(&station.refused(2, &["log".as_ref(), bytes]), &["invalid UTF-8"]);
    let long = "x?".repeat(50_000);
    has(&station.refused(2, &["summary", &long]), &["is not an MRN"]);
    has(&station.refused(1, &["record", "--patient", "40 017", &long]), &["longer than 500 characters"]);
}

#[test]
fn the_demo_is_read_by_every_reading_verb_and_written_by_none() {
    let station = Station::new();
    for arguments in READING {
        assert!(!station.demo(arguments).ok().is_empty());
    }
    let csv = station.file("mar.csv", "mrn,given_at,drug,amount,unit\n");
    let register = super::robin("1");
    for arguments in
        [&register[..], &["record", "--patient", "40 017", "dex 10"], &["import", csv.to_str().unwrap(), "--by", "NK"]]
    {
        let done = station.demo(arguments);
        assert_eq!((done.code, done.out.as_str()), (2, ""), "{arguments:?}");
        has(&done.err, &["--demo is for looking"]);
    }
    assert_eq!((station.snapshot(), station.path("own-data").exists()), (None, false));
}

#[test]
fn a_folder_that_is_no_ward_is_neither_read_nor_written() {
    let station = Station::new();
    for arguments in READING {
        has(&station.refused(2, arguments), &["there are no records in", "check the path"]);
    }
    fs::create_dir(station.data()).unwrap();
    fs::write(station.data().join("holiday.txt"), "Ullapool").unwrap();
    for arguments in READING.into_iter().chain([&super::robin("1")[..]]) {
        has(&station.refused(2, arguments), &["holds other files and no STORE.ron", "choose an empty folder"]);
    }
    let file = station.file("a-file", "x");
    let done = Done::of(station.bare().arg("--data").arg(&file).arg("summary"));
    assert_eq!(done.code, 2);
    has(&done.err, &["a-file is a file; --data takes the folder"]);
}

#[test]
fn without_data_the_platforms_folder_is_used() {
    let station = Station::new();
    let done = Done::of(station.bare().args(super::robin("40 017")));
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(station.path("own-data").join("corticurve").join("STORE.ron").exists());
    has(&Done::of(station.bare().arg("summary")).ok(), &["EXAMPLE, Robin, MRN 40 017"]);
}
