//! The format as other programs see it, and the files of every released version.

use super::*;
use corticurve::record::{Chart, State};
use corticurve::store::{Line, StoreError};

/// A segment file made by hand, with right digits.
fn segment(lines: &[String]) -> String {
    String::from_utf8(sealed_lines(lines.iter().map(String::as_bytes))).unwrap()
}

fn header(ward: &Ward, format: u32, more: &str) -> String {
    let store = ward.reader().id().clone();
    format!(
        r#"Segment(format: {format}, store: "{store}", patient: "{}", writer: "k3f9q2ha", segment: 1, app: "9"{more}),"#,
        patient()
    )
}

fn put(ward: &Ward, name: &str, text: &str) {
    let folder = ward.data().join("patients").join(patient().as_str());
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(name), text).unwrap();
}

const ENTRY: &str = r#"Entry(id: "0123456789abcdef", recorded_at: "2026-03-29T08:02:11+01:00", recorded_by: "NK", workstation: "WARD4-PC02", fact: Administered((drug: "dexamethasone", amount: Some(Mass("10 mg")), given: At("2026-03-29T08:00:00+01:00"), status: Given))),"#;

#[test]
fn a_segment_written_by_another_program_after_the_documentation_is_read() {
    let ward = Ward::new();
    drop(ward.writer());
    put(&ward, "k3f9q2ha-0001.ron", &segment(&[header(&ward, 1, ""), ENTRY.to_owned()]));
    let record = ward.read();
    assert_eq!((record.entries.len(), record.findings), (1, vec![]));
}

#[test]
fn a_newer_format_is_read_only_and_the_rest_is_still_shown() {
    let ward = Ward::new();
    let mut store = ward.writer();
    save(&mut store, dose(10));
    let newer = segment(&[header(&ward, 2, ", shard: 3"), "Dose(who: 1),".to_owned()]);
    put(&ward, "k3f9q2ha-0001.ron", &newer);
    let record = ward.read();
    assert_eq!(record.entries.len(), 1);
    assert!(record.read_only.as_ref().unwrap().contains("k3f9q2ha-0001.ron"));
    assert_eq!(kinds(&record.findings), [(Some(2), FindingKind::Newer(2))]);
    let refused = store.save(&patient(), vec![dose(4)], &author(), at()).unwrap_err();
    assert!(matches!(&refused, StoreError::ReadOnly { why } if why.contains("update the program")), "{refused}");
    let other = store.new_patient_id().unwrap();
    store.save(&other, vec![dose(4)], &author(), at()).unwrap();
}

#[test]
fn a_damaged_format_number_is_not_taken_for_a_newer_format() {
    let ward = Ward::new();
    drop(ward.writer());
    let file = segment(&[header(&ward, 1, ""), ENTRY.to_owned()]).replace("format: 1", "format: 3");
    put(&ward, "k3f9q2ha-0001.ron", &file);
    let record = ward.read();
    assert_eq!((record.entries.len(), record.read_only), (1, None));
    assert_eq!(kinds(&record.findings), [(Some(2), FindingKind::Changed)]);
}

#[test]
fn a_fact_of_a_kind_not_known_here_is_reported_and_the_rest_is_used() {
    let ward = Ward::new();
    drop(ward.writer());
    let unknown = ENTRY.replace("Administered(", "Transfused(").replace("0123456789abcdef", "0123456789abcdeg");
    put(&ward, "k3f9q2ha-0001.ron", &segment(&[header(&ward, 1, ""), unknown, ENTRY.to_owned()]));
    let record = ward.read();
    assert_eq!(record.entries.len(), 1);
    assert_eq!(kinds(&record.findings), [(Some(3), FindingKind::NotUnderstood)]);
}

#[test]
fn of_two_entries_with_one_id_every_reader_keeps_the_same_and_says_so() {
    let ward = Ward::new();
    drop(ward.writer());
    let name = |writer| header(&ward, 1, "").replace("k3f9q2ha", writer);
    let other = ENTRY.replace("10 mg", "90 mg");
    for (first, second) in [(ENTRY, other.as_str()), (other.as_str(), ENTRY)] {
        put(&ward, "aaaaaaaa-0001.ron", &segment(&[name("aaaaaaaa"), first.to_owned()]));
        put(&ward, "bbbbbbbb-0001.ron", &segment(&[name("bbbbbbbb"), second.to_owned()]));
        let record = ward.read();
        assert_eq!(record.entries.len(), 1);
        assert!(format!("{:?}", record.entries).contains("Amount(10000)"));
        let id = "0123456789abcdef".parse().unwrap();
        assert_eq!(kinds(&record.findings), [(Some(3), FindingKind::TwoOfOneId(id))]);
        assert!(record.findings[0].file.ends_with("bbbbbbbb-0001.ron"));
    }
}

#[test]
fn the_files_of_format_1_load_for_ever() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/store/fixtures/format-1");
    let store = Store::open(&folder).unwrap();
    assert_eq!((store.id().as_str(), store.unit()), ("4d0q8zr2tk7m1v9c", "Ward 4"));
    assert_eq!(verified(&store), vec![]);
    let [record] = store.read_all().unwrap().try_into().unwrap();
    assert_eq!(record.entries.len(), 24);
    let mut kinds = Vec::new();
    for kind in record.entries.iter().map(|entry| std::mem::discriminant(&entry.fact)) {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    assert_eq!(kinds.len(), 14, "the fixture holds every kind of fact that format 1 has");
    let chart = Chart::fold(&record.entries);
    assert_eq!(chart.identity.unwrap().shown_name(), "EXAMPLE, Robin");
    assert_eq!(chart.unplaced, vec![]);
    let doses: Vec<(String, State)> =
        chart.administrations.iter().map(|dose| (dose.value.amount_shown(), dose.state())).collect();
    let expected = [
        ("10 mg as phosphate", State::Current),
        ("8 mg as base", State::Current),
        ("10 mg due", State::Current),
        ("1 DROP", State::Current),
        ("4.5 mg", State::Corrected),
        ("6 mg", State::StruckOut),
        ("100 mg", State::Current),
    ];
    assert_eq!(doses, expected.map(|(amount, state)| (amount.to_owned(), state)));
    let written = record.entries.iter().filter_map(|entry| match &entry.fact {
        Fact::Administered(dose) => dose.note.as_deref(),
        _ => None,
    });
    assert_eq!(written.collect::<Vec<_>>(), ["line one\nline \"two\" //#0123456789abcdef ] \u{2028} µ"]);
    let note = chart.administrations[0].value.note.as_deref();
    assert_eq!(note, Some("line one\\u{a}line \"two\" //#0123456789abcdef ] \\u{2028} µ"), "shown, and nothing hidden");
    let file = folder.join("patients/p-7f3k9q2mzt4c/k3f9q2ha-0001.ron");
    let lines: Vec<Line> = ron::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    assert_eq!(lines.len(), 16);
}
