//! Texts that would hide something, command a terminal or run in a spreadsheet: shown for what they are, wherever they are
//! shown. And files of a newer program, which are looked at and never written to.

use super::{Station, has};
use corticurve::record::visible::invisible;
use corticurve::record::{
    Acknowledgement, Administration, Archive, Correction, DrugId, Event, Fact, Given, Identity, Infusion, Moment, Name,
    Noted, PatientId, Plan, Quantity, Sex, StrikeOut,
};
use corticurve::store::{Author, Store};
use std::fs;
use std::path::Path;

/// Turns the direction, rings a bell, clears the screen, takes no room, and begins like a formula.
pub const NASTY: &str = "=\u{202e}\u{7}\u{1b}[2J\u{200b}\n+evil";

fn nasty() -> String {
    NASTY.to_owned()
}

/// The demo's own words, as a file may hold them.
fn from_ron<T: serde::de::DeserializeOwned>(text: &str) -> T {
    ron::from_str(text).unwrap()
}

/// A patient with something nasty in every text that a record file can hold.
pub fn nasty_patient(data: &Path, config: &Path) -> PatientId {
    let mut store = Store::open_or_create(data, NASTY).unwrap();
    store.become_writer(config).unwrap();
    let author = Author { by: "NK".parse().unwrap(), workstation: nasty() };
    let at = |text: &str| -> Moment { text.parse().unwrap() };
    let name: Name = from_ron(&ron::to_string(NASTY).unwrap());
    let identity = Identity {
        mrn: "40 017".parse().unwrap(),
        family: name.clone(),
        given: name,
        born: None,
        sex: Sex::Unknown,
        dates_shifted: false,
    };
    let dose = |drug: &str, hour: u32| Administration {
        note: Some(nasty()),
        source_id: Some(nasty()),
        due: Some(Quantity::other("1".to_owned(), nasty())),
        ..Administration::given(
            DrugId::new(drug),
            "10 mg".parse().unwrap(),
            Given::At(at(&format!("2025-11-15T{hour:02}:00:00+00:00"))),
        )
    };
    let noted = |event| Fact::Noted(Noted { event, at: at("2025-11-15T09:00:00+00:00") });
    let other = Quantity::other(nasty(), nasty());
    let patient: PatientId = "p-7f3k9q2mzt4c".parse().unwrap();
    let mut save = |facts| store.save(&patient, facts, &author, at("2025-11-16T08:00:00+00:00")).unwrap();
    let saved = save(vec![
        Fact::PatientRegistered(identity),
        Fact::Infused(Infusion { product: nasty(), at: at("2025-11-13T10:00:00+00:00") }),
        Fact::Administered(dose("dexamethasone", 8)),
        Fact::Administered(dose(NASTY, 9)),
        Fact::Administered(Administration { amount: Some(other.clone()), ..dose("dexamethasone", 10) }),
        Fact::Administered(dose("dexamethasone", 11)),
        noted(Event::Agent { name: nasty(), amount: Some(other) }),
        noted(Event::Response(nasty())),
        noted(Event::Text(nasty())),
        Fact::Acknowledged(Acknowledgement { rule: nasty(), reason: nasty(), until: None }),
        Fact::Planned(from_ron::<Plan>(&format!(
            "(stages: [(drug: {}, amount: \"4 mg\", every: Minutes(360), from: \"2025-11-16T14:00:00+00:00\", \
             until: Doses(4))])",
            ron::to_string(NASTY).unwrap()
        ))),
    ]);
    let target = |at: usize| saved[at].id.clone();
    let replacement = Box::new(Fact::Administered(dose("dexamethasone", 12)));
    save(vec![
        Fact::Corrected(Correction { target: target(2), replacement, reason: nasty(), seen: vec![] }),
        Fact::StruckOut(StrikeOut { target: target(5), reason: nasty(), seen: vec![] }),
        Fact::Archived(Archive { reason: nasty() }),
    ]);
    patient
}

#[track_caller]
fn shows_everything(what: &str, text: &str) {
    let hidden = text.chars().find(|c| *c != '\n' && invisible(*c));
    assert_eq!(hidden, None, "{what}: {text:?}");
}

#[test]
fn no_verb_prints_a_character_that_does_not_show_whatever_the_files_hold() {
    let station = Station::new();
    nasty_patient(&station.data(), &station.path("config"));
    fs::write(station.data().join("patients").join("=\u{202e}\u{1b}[2J.ron"), "").unwrap();
    let mut shown = 0;
    for verb in [
        &["log", "40 017"][..],
        &["log", "40 017", "--csv"],
        &["summary"],
        &["summary", "40 017"],
        &["curve", "40 017"],
        &["project", "40 017"],
        &["verify"],
        &["settings"],
        &["summary", NASTY],
        &["log", NASTY],
        &["record", "--by", "NK", "--patient", "40 017", NASTY],
        &["record", "--by", "NK", "--patient", "40 017", &format!("dex 10 ; {NASTY}")],
        &["import", "--by", "NK", NASTY],
        &["convert", NASTY, "--to", NASTY],
    ] {
        let said = station.run(verb);
        shows_everything(&format!("{verb:?}"), &said.out);
        shows_everything(&format!("{verb:?}"), &said.err);
        shown += usize::from((said.out.clone() + &said.err).contains("\\u{202e}"));
        if !verb.contains(&"--csv") && said.code == 0 {
            let json = station.run(&[verb, &["--json"]].concat());
            shows_everything(&format!("{verb:?} --json"), &json.out);
        }
    }
    assert!(shown >= 8, "{shown} of them show the text");
}

#[test]
fn no_cell_of_the_exported_log_begins_like_a_formula() {
    let station = Station::new();
    nasty_patient(&station.data(), &station.path("config"));
    let log = station.run(&["log", "40 017", "--csv"]);
    let mut reader = csv::Reader::from_reader(log.out.as_bytes());
    let mut guarded = 0;
    for row in reader.records() {
        for cell in &row.unwrap() {
            guarded += usize::from(cell.starts_with("'="));
            assert!(!cell.starts_with(['=', '+', '@', '\t', '\r']), "{cell}");
            assert!(!cell.starts_with('-') || cell.parse::<f64>().is_ok(), "{cell}");
        }
    }
    assert!(guarded >= 10, "{guarded} of note, drug, reason and the others: {}", log.out);
    let json = station.run(&["log", "40 017", "--json"]).out;
    assert!(json.contains("\"note\":\"=\\\\u{202e}"), "JSON is for programs, and has the text as it is shown: {json}");
}

#[test]
fn an_import_shows_what_it_leaves_out_and_refuses_what_would_not_show() {
    let station = Station::with_robin();
    let csv = |drug: &str, note: &str| {
        let row = format!("40 017,2025-11-15 08:00,{drug},10,mg,{note}");
        station.file("mar.csv", format!("mrn,given_at,drug,amount,unit,note,x\u{202e}y\n{row},\n"))
    };
    let file = csv("onda\u{202e}setron", "");
    let said = station.run(&["import", "--by", "NK", file.to_str().unwrap()]);
    has(&said.out, &["'onda\\u{202e}setron'", "x\\u{202e}y"]);
    shows_everything("report", &said.out);
    let file = csv("dexamethasone", "before\u{202e}meals");
    let refused = station.refused(1, &["import", "--by", "NK", file.to_str().unwrap()]);
    has(&refused, &["line 2, column note", "a character that does not show"]);
}

/// A header as a later version may write it, with right digits.
pub fn newer_segment(data: &Path, patient: &PatientId) {
    let store = Store::open(data).unwrap();
    let text = format!(
        "Segment(format: 2, store: \"{}\", patient: \"{patient}\", writer: \"k3f9q2ha\", segment: 1, shard: 3),",
        store.id()
    );
    let file = data.join("patients").join(patient.as_str()).join("k3f9q2ha-0001.ron");
    fs::write(file, crate::store::sealed_lines([text.as_bytes()])).unwrap();
}

#[test]
fn a_patient_that_a_newer_program_wrote_is_shown_as_far_as_it_goes_and_never_written() {
    let station = Station::with_robin();
    station.record("dex 10 iv 2025-11-15T08:00Z").saved();
    let folder = station.segments()[0].parent().unwrap().to_owned();
    let patient = folder.file_name().unwrap().to_str().unwrap().parse().unwrap();
    newer_segment(&station.data(), &patient);
    let before: Vec<Vec<u8>> = station.segments().into_iter().map(|file| fs::read(file).unwrap()).collect();
    let update = "this file has format 2, which is newer than this program reads";
    for refused in [
        &["record", "--patient", "40 017", "dex 4 iv 2025-11-16T08:00Z"][..],
        &["plan", "--patient", "40 017", "dex 4 iv q6h x4"],
    ] {
        let done = station.run(refused);
        assert_eq!((done.code, done.out.as_str()), (1, ""), "{}", done.err);
        has(&done.err, &["nothing was saved", update, "update the program"]);
    }
    let file = station.file("mar.csv", "mrn,given_at,drug,amount,unit\n40 017,2025-11-16 09:00,dexamethasone,10,mg\n");
    has(&station.run(&["import", file.to_str().unwrap()]).err, &["nothing was saved", update]);
    assert_eq!(station.segments().into_iter().map(|file| fs::read(file).unwrap()).collect::<Vec<_>>(), before);
    let log = station.run(&["log", "40 017"]);
    has(&log.out, &["10 mg"]);
    has(&log.err, &[update, "this patient is read-only here"]);
    assert_eq!((log.code, station.run(&["verify"]).code), (1, 1));
    // Nobody else is held up.
    station.run(&super::robin("50 017")).saved();
}
