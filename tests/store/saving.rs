use super::*;
use corticurve::store::{LINE_MOST, Line, ROTATE_AT, StoreError};
use proptest::prelude::*;

#[test]
fn saved_entries_are_read_back_by_another_store() {
    let ward = Ward::new();
    let mut store = ward.writer();
    let mut saved = save_all(&mut store, vec![robin(), dose(10)]);
    saved.push(save(&mut store, dose(4)));
    let record = ward.read();
    assert_eq!(ids(&record.entries), ids(&saved));
    assert!(saved.iter().all(|entry| record.entries.contains(entry)));
    assert_eq!((record.findings, record.read_only), (vec![], None));
}

#[test]
fn several_facts_of_one_save_are_lines_of_one_segment_in_their_order() {
    let ward = Ward::new();
    let saved = save_all(&mut ward.writer(), vec![robin(), dose(10), dose(8)]);
    let lines: Vec<Line> = ron::from_str(&fs::read_to_string(ward.segment()).unwrap()).unwrap();
    let written: Vec<EntryId> = lines
        .iter()
        .filter_map(|line| if let Line::Entry { id, .. } = line { Some(id.clone()) } else { None })
        .collect();
    assert_eq!(written, saved.iter().map(|entry| entry.id.clone()).collect::<Vec<_>>());
}

#[test]
fn every_segment_is_a_plain_ron_document_after_every_save() {
    let ward = Ward::new();
    let mut store = ward.writer();
    for count in 1..=20 {
        save(&mut store, dose_with_note("before \"meals\" //# ]\n"));
        let lines: Vec<Line> = ron::from_str(&fs::read_to_string(ward.segment()).unwrap()).unwrap();
        assert_eq!(lines.len(), count + 1);
        assert!(matches!(lines[0], Line::Segment { format: 1, segment: 1, .. }));
    }
}

#[test]
fn earlier_bytes_are_never_touched_by_a_later_save() {
    let ward = Ward::new();
    let mut store = ward.writer();
    save(&mut store, dose(10));
    let before = fs::read(ward.segment()).unwrap();
    save(&mut store, dose(4));
    let after = fs::read(ward.segment()).unwrap();
    assert!(after.starts_with(&before[..before.len() - 2]));
}

#[test]
fn segments_rotate_at_256_kib_and_nothing_is_lost() {
    let ward = Ward::new();
    let mut store = ward.writer();
    let note = "n".repeat(60_000);
    let saved: Vec<Entry> = (0..10).map(|_| save(&mut store, dose_with_note(&note))).collect();
    let sizes: Vec<u64> = ward.segments().iter().map(|file| fs::metadata(file).unwrap().len()).collect();
    assert_eq!(sizes.len(), 3);
    assert!(sizes.iter().all(|size| *size <= ROTATE_AT as u64), "{sizes:?}");
    let record = ward.read();
    assert_eq!((ids(&record.entries), record.findings), (ids(&saved), vec![]));
}

#[test]
fn a_save_larger_than_a_segment_goes_to_several() {
    let ward = Ward::new();
    let note = "n".repeat(1_000);
    let saved = save_all(&mut ward.writer(), (0..1_000).map(|_| dose_with_note(&note)).collect());
    let record = ward.read();
    assert_eq!((ids(&record.entries), record.findings), (ids(&saved), vec![]));
    assert!(ward.segments().iter().all(|file| fs::metadata(file).unwrap().len() <= ROTATE_AT as u64));
}

#[test]
fn an_entry_too_long_for_a_line_is_refused_and_nothing_is_written() {
    let ward = Ward::new();
    let mut store = ward.writer();
    let facts = vec![dose(4), dose_with_note(&"n".repeat(LINE_MOST))];
    let refused = store.save(&patient(), facts, &author(), at()).unwrap_err();
    assert!(matches!(refused, StoreError::TooLong { .. }), "{refused}");
    assert_eq!(fs::read_dir(ward.data().join("patients")).unwrap().count(), 0);
}

#[test]
fn a_reader_cannot_save() {
    let ward = Ward::new();
    drop(ward.writer());
    let refused = ward.reader().save(&patient(), vec![dose(4)], &author(), at()).unwrap_err();
    assert!(matches!(refused, StoreError::NotAWriter));
}

#[test]
fn a_segment_that_another_program_changed_is_never_written_again() {
    let ward = Ward::new();
    let mut store = ward.writer();
    save(&mut store, dose(10));
    let (first, id) = (ward.segment(), store.writer_id().unwrap().clone());
    let mut changed = fs::read(&first).unwrap();
    changed.extend_from_slice(b"by hand\n");
    fs::write(&first, &changed).unwrap();
    save(&mut store, dose(4));
    assert_eq!(fs::read(&first).unwrap(), changed);
    assert_eq!(ward.segments().len(), 2);
    assert_ne!(store.writer_id().unwrap(), &id, "somebody may be writing under the old id");
    assert_eq!(ward.read().entries.len(), 2);
}

#[test]
fn a_segment_that_disappears_is_followed_by_a_new_one() {
    let ward = Ward::new();
    let mut store = ward.writer();
    save(&mut store, dose(10));
    fs::remove_file(ward.segment()).unwrap();
    let saved = save(&mut store, dose(4));
    assert_eq!(ward.read().entries, vec![saved]);
}

#[cfg(unix)]
#[test]
fn files_are_0600_and_folders_0700() {
    use std::os::unix::fs::PermissionsExt;
    let ward = Ward::new();
    save(&mut ward.writer(), dose(10));
    drop(ward.writer());
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let mut folders = vec![ward.data(), ward.config()];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        assert_eq!(mode(&folder), 0o700, "{folder:?}");
        for item in fs::read_dir(folder).unwrap().map(|item| item.unwrap().path()) {
            if item.is_dir() {
                folders.push(item);
            } else {
                assert_eq!(mode(&item), 0o600, "{item:?}");
                seen += 1;
            }
        }
    }
    assert_eq!(seen, 5, "STORE.ron, a segment, two runs and a slot");
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_says_not_saved() {
    let ward = Ward::new();
    let mut store = ward.writer();
    // A file in the place of the folder fails for everyone, also where tests run as root.
    fs::remove_dir(ward.data().join("patients")).unwrap();
    fs::write(ward.data().join("patients"), "").unwrap();
    let error = store.save(&patient(), vec![dose(4)], &author(), at()).unwrap_err();
    assert!(error.to_string().starts_with("NOT saved: 1 of 1"), "{error}");
}

#[test]
fn hostile_notes_stay_on_one_line() {
    let ward = Ward::new();
    let mut store = ward.writer();
    for note in [
        "a\nb",
        "a\r\nb",
        "\"",
        "\\",
        "//#0123456789abcdef",
        "]\n",
        "\u{2028}\u{2029}\u{85}",
        "\0\u{7f}\u{202e}",
        "r#\"",
        "'",
    ] {
        save(&mut store, dose_with_note(note));
    }
    let text = fs::read_to_string(ward.segment()).unwrap();
    assert_eq!(text.chars().filter(|c| matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}' | '\u{85}')).count(), 13);
    assert_eq!(ward.read().entries.len(), 10);
    assert_eq!(ward.read().findings, []);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_note_is_read_back_as_it_was_written(notes in prop::collection::vec(any::<String>(), 1..8)) {
        let ward = Ward::new();
        let saved = save_all(&mut ward.writer(), notes.iter().map(|note| dose_with_note(note)).collect());
        let record = ward.read();
        prop_assert_eq!(record.findings, vec![]);
        prop_assert!(saved.iter().all(|entry| record.entries.contains(entry)));
        let lines: Vec<Line> = ron::from_str(&fs::read_to_string(ward.segment()).unwrap()).unwrap();
        prop_assert_eq!(lines.len(), notes.len() + 1);
    }
}

#[test]
fn a_time_that_no_text_can_hold_is_refused_and_nothing_is_written() {
    let ward = Ward::new();
    // As Amsterdam had it until 1937: the text of a time holds no seconds of an offset.
    let offset = chrono::FixedOffset::east_opt(1_172).unwrap();
    let given = Given::At(at().with_timezone(&offset));
    let dose = Administration::given(DrugId::new("dexamethasone"), "4 mg".parse().unwrap(), given);
    let refused = ward.writer().save(&patient(), vec![Fact::Administered(dose)], &author(), at()).unwrap_err();
    assert!(matches!(refused, StoreError::Unfaithful), "{refused}");
    assert_eq!(fs::read_dir(ward.data().join("patients")).unwrap().count(), 0);
}
