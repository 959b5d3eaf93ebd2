//! The unit's settings on the disk: adding to them, and everything that may have happened to the file meanwhile.

use super::*;
use corticurve::exposure::{UnitChange, UnitSettings};
use corticurve::store::UnitFile;

fn change(table: &str, by: &str) -> UnitChange {
    let settings = UnitSettings { table: table.to_owned(), ..UnitSettings::default() };
    UnitChange { at: at(), by: by.parse().unwrap(), reason: "protocol 12 [draft]".to_owned(), settings }
}

fn file(ward: &Ward) -> PathBuf {
    ward.data().join("unit.ron")
}

/// The tables of the changes in the file, the earliest first; the message where it cannot be used.
fn tables(ward: &Ward) -> Result<Vec<String>, String> {
    let read = UnitFile::read(&ward.data()).map_err(|error| error.to_string())?;
    Ok(read.history.changes().iter().map(|change| change.settings.table.clone()).collect())
}

fn store(ward: &Ward) -> Store {
    Store::open_or_create(&ward.data(), "Ward 4").unwrap()
}

#[test]
fn a_unit_without_a_file_has_the_design_s_settings_and_reading_makes_none() {
    let ward = Ward::new();
    let read = store(&ward).unit_file().unwrap();
    assert_eq!((read.history.in_force(), read.history.last()), (UnitSettings::default(), None));
    assert!(!file(&ward).exists());
}

#[test]
fn a_change_is_added_and_the_earlier_ones_stay_as_the_history() {
    let ward = Ward::new();
    let store = store(&ward);
    let first = store.change_unit(&store.unit_file().unwrap(), &change("bnf", "NK")).unwrap();
    let before = fs::read_to_string(file(&ward)).unwrap();
    let second = store.change_unit(&first, &change("katzung", "AB")).unwrap();
    assert_eq!(store.unit_file().unwrap(), second);
    assert_eq!(tables(&ward).unwrap(), ["bnf", "katzung"]);
    let after = fs::read_to_string(file(&ward)).unwrap();
    assert!(after.starts_with(before.trim_end().trim_end_matches(']')), "earlier bytes are never touched:\n{after}");
    assert_eq!(second.history.last().unwrap().by.as_str(), "AB");
}

#[cfg(unix)]
#[test]
fn the_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let ward = Ward::new();
    store(&ward).change_unit(&UnitFile::default(), &change("bnf", "NK")).unwrap();
    assert_eq!(fs::metadata(file(&ward)).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn whatever_people_wrote_around_the_list_stays() {
    let old = "(changed_at: \"2026-11-22T14:30:00+00:00\", changed_by: \"NK\", table: \"bnf\")";
    for text in [
        format!("[{old}]"),
        format!("[\n{old},\n]\n"),
        format!("[\r\n{old}\r\n]\r\n"),
        format!("// ours [see protocol]\n[{old}, // the first\n\n]\n// end ] of [ it ]\n/* ] */"),
        format!("[{old} /* no comma, ] */ ]"),
        format!("#![enable(implicit_some)]\n[{old}]"),
        format!("\u{feff}[{old}]"),
        "[]".to_owned(),
        "/* nothing yet [] */ [ ]".to_owned(),
    ] {
        let ward = Ward::new();
        let store = store(&ward);
        fs::write(file(&ward), &text).unwrap();
        let before = tables(&ward).unwrap();
        store.change_unit(&store.unit_file().unwrap(), &change("katzung", "AB")).expect(&text);
        assert_eq!(tables(&ward).unwrap(), [before, vec!["katzung".to_owned()]].concat(), "{text}");
        let after = fs::read_to_string(file(&ward)).unwrap();
        let split = (0..=text.len())
            .find(|at| text.is_char_boundary(*at) && after.starts_with(&text[..*at]) && after.ends_with(&text[*at..]));
        assert!(split.is_some(), "every character of\n{text}\nis in\n{after}");
    }
}

#[test]
fn a_change_made_for_settings_that_somebody_changed_meanwhile_is_refused() {
    let ward = Ward::new();
    let store = store(&ward);
    let seen = store.unit_file().unwrap();
    let first = store.change_unit(&seen, &change("bnf", "AB")).unwrap();
    for stale in [&seen, &UnitFile::default()] {
        let error = store.change_unit(stale, &change("katzung", "NK")).unwrap_err().to_string();
        assert!(error.starts_with("nothing was saved: ") && error.contains("was changed meanwhile by AB"), "{error}");
    }
    // Also by an editor, and also where only a comment changed.
    let text = fs::read_to_string(file(&ward)).unwrap();
    fs::write(file(&ward), format!("{text}// looked at\n")).unwrap();
    assert!(store.change_unit(&first, &change("katzung", "NK")).is_err());
    assert_eq!(tables(&ward).unwrap(), ["bnf"]);
}

#[test]
fn no_end_cut_off_the_file_ever_gives_other_settings() {
    let ward = Ward::new();
    let store = store(&ward);
    let first = store.change_unit(&UnitFile::default(), &change("bnf", "NK")).unwrap();
    let second = store.change_unit(&first, &change("katzung", "AB")).unwrap();
    let whole = fs::read(file(&ward)).unwrap();
    let last = whole.iter().rposition(|byte| *byte == b']').unwrap();
    let (disk, reader) = in_memory(&ward, &file(&ward));
    for length in 0..whole.len() {
        disk.damage(&file(&ward), whole[..length].to_vec());
        match reader.unit_file() {
            Ok(read) => assert!(length > last && read.history == second.history, "{length}"),
            Err(error) => {
                let error = error.to_string();
                assert!(length <= last && error.contains("unit.ron, line "), "{length}: {error}");
                assert!(error.contains("ends in the middle"), "{length}: {error}");
            }
        }
    }
}

#[test]
fn a_save_that_is_torn_at_any_byte_leaves_the_old_settings_or_a_file_that_is_refused() {
    let ward = Ward::new();
    let store = store(&ward);
    let first = store.change_unit(&UnitFile::default(), &change("bnf", "NK")).unwrap();
    let mut text = fs::read(file(&ward)).unwrap();
    text.extend_from_slice(b"// end of ] our settings [\n");
    fs::write(file(&ward), &text).unwrap();
    let second = store.change_unit(&store.unit_file().unwrap(), &change("katzung", "AB")).unwrap();
    let new = fs::read(file(&ward)).unwrap();
    let (disk, reader) = in_memory(&ward, &file(&ward));
    for arrived in 0..=new.len() {
        // As much of the new bytes as arrived, then what was there before.
        let mut torn = new[..arrived].to_vec();
        torn.extend_from_slice(text.get(arrived..).unwrap_or_default());
        disk.damage(&file(&ward), torn);
        if let Ok(read) = reader.unit_file() {
            assert!([&first.history, &second.history].contains(&&read.history), "{arrived}");
        }
    }
}

#[test]
fn verify_reports_settings_that_cannot_be_used_with_their_line() {
    let ward = Ward::new();
    let store = store(&ward);
    assert_eq!(store.verify().unwrap().findings, vec![]);
    fs::write(file(&ward), "[\n(changed_at: \"2026-11-22T14:30Z\", changed_by: \"NK\",\n weight: \"day 9\")]").unwrap();
    let findings = store.verify().unwrap().findings;
    assert_eq!((findings.len(), findings[0].line), (1, Some(3)));
    assert!(findings[0].to_string().starts_with("unit.ron:3: column 11: 'day 9' is not taken"), "{}", findings[0]);
    fs::write(file(&ward), b"[\n\xff]").unwrap();
    assert!(
        store.verify().unwrap().findings[0]
            .to_string()
            .starts_with("unit.ron:2: column 1: this character is not UTF-8")
    );
    fs::write(file(&ward), vec![b' '; 1024 * 1024 + 1]).unwrap();
    assert!(store.verify().unwrap().findings[0].to_string().contains("is larger than 1048576 bytes"));
}

#[test]
fn settings_that_cannot_be_used_keep_no_dose_from_being_recorded() {
    let ward = Ward::new();
    let mut store = ward.writer();
    fs::write(file(&ward), "[(").unwrap();
    save_all(&mut store, vec![robin(), dose(10)]);
    assert_eq!(ward.read().entries.len(), 2);
    assert_eq!(fs::read(file(&ward)).unwrap(), b"[(", "what is torn is left as it is");
}
