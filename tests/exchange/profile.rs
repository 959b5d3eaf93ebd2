//! Profiles: their own mistakes, and what they change.

use super::{only, with_profile};
use corticurve::exchange::import::Profile;
use corticurve::record::{Route, Status};

const COLUMNS: &str = "(Patient, \"id\"), (GivenAt, \"when\"), (Drug, \"what\"), (Amount, \"n\"), (Unit, \"u\")";

fn profile(more: &str) -> String {
    format!("(name: \"own\", columns: [{COLUMNS}, (Route, \"by\"), (Action, \"did\")], blank_action: Unknown, {more})")
}

#[test]
fn a_profile_with_a_mistake_is_refused_with_the_place() {
    for (text, problem) in [
        (profile("colour: 1"), "Unexpected field named `colour`"),
        (profile("offset: Some(\"+1\")"), "offset: '+1' is not an offset"),
        (profile("offset: None, offset: None"), "duplicate field"),
        (profile("times: [\"%Q\"]"), "times: '%Q' is not a form"),
        (profile("routes: [(\"X\", Oral), (\"x\", Eye)]"), "routes: 'x' is there twice"),
        (profile("routes: [(\"X\", Nowhere)]"), "Nowhere"),
        (profile("optional: [Drug]"), "optional: Drug"),
        (profile("optional: [Note]"), "optional: Note"),
        (profile("").replace("\"own\"", "\"my own\""), "name: write 1 to 40 letters"),
        (profile("").replace("(Unit, \"u\"), ", ""), "columns: Unit is missing"),
        (profile("").replace("\"did\"", "\"by\""), "columns: 'by' is there twice"),
        ("not a profile".to_owned(), "own.ron is not usable: 1:"),
    ] {
        let message = Profile::from_ron(&text, "own.ron").expect_err(&text).to_string();
        assert!(message.contains(problem), "{problem}: {message}");
    }
}

#[test]
fn a_profile_is_found_by_name_or_by_path() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.ron");
    std::fs::write(&path, profile("")).unwrap();
    assert_eq!(Profile::named(path.to_str().unwrap()).unwrap().name(), "own");
    for (name, problem) in [
        ("ward", "there is no import profile 'ward'; shipped are generic, mimic-iv-demo"),
        ("/nowhere/own.ron", "/nowhere/own.ron cannot be read"),
    ] {
        assert!(Profile::named(name).unwrap_err().to_string().contains(problem));
    }
}

#[test]
fn a_profile_says_what_words_drugs_and_times_mean() {
    let own = Profile::from_ron(
        &profile(
            "actions: [(\"done\", Given)], routes: [(\"vein\", Intravenous)], offset: Some(\"-05:00\"),
             drugs: [(\"Dexa 4\", Some(\"dexamethasone\")), (\"Hydrocortisone cream\", None)],
             times: [\"%d.%m.%Y %H:%M\"]",
        ),
        "own",
    )
    .unwrap();
    let read = |row: &str| with_profile(format!("id,when,what,n,u,by,did\n{row}\n").as_bytes(), &own);
    let batch = read("1,21.11.2026 08:00,DEXA 4,4,mg,Vein,DONE").unwrap();
    let dose = only(&batch);
    assert_eq!(
        (dose.drug.as_str(), dose.route, dose.status),
        ("dexamethasone", Some(Route::Intravenous), Status::Given)
    );
    assert_eq!(dose.given.start().to_rfc3339(), "2026-11-21T08:00:00-05:00");
    assert_eq!(only(&read("1,21.11.2026 08:00,anakinra,4,mg,,").unwrap()).status, Status::Unknown);
    assert_eq!(read("1,x,hydrocortisone CREAM,4,mg,,").unwrap().report.rows_skipped(), 1);
    for (row, problem) in [
        ("1,30.02.2026 08:00,anakinra,4,mg,,", "not a time of the form %d.%m.%Y %H:%M, or does not exist"),
        ("1,21.11.26 08:00,anakinra,4,mg,,", "not a time of the form"),
        ("1,21.11.2026 08:00,anakinra,4,mg,,dunno", "'dunno' is not taken for a status"),
    ] {
        let message = read(row).expect_err(row).to_string();
        assert!(message.contains(problem), "{row}: {message}");
    }
}

#[test]
fn a_date_that_two_forms_read_differently_is_not_guessed() {
    let own = Profile::from_ron(&profile("times: [\"%d/%m/%Y %H:%M\", \"%m/%d/%Y %H:%M\"]"), "own").unwrap();
    let read =
        |when: &str| with_profile(format!("id,when,what,n,u,by,did\n1,{when},anakinra,4,mg,,\n").as_bytes(), &own);
    assert!(read("03/04/2026 08:00").unwrap_err().to_string().contains("could be two different times"));
    assert!(read("13/04/2026 08:00").is_ok() && read("04/04/2026 08:00").is_ok());
}

#[test]
fn a_dictionary_names_only_drugs_that_are_recorded() {
    let own = Profile::from_ron(&profile("drugs: [(\"x\", Some(\"ondansetron\"))]"), "own").unwrap();
    let message = with_profile(b"id,when,what,n,u,by,did\n", &own).unwrap_err().to_string();
    assert!(message.contains("drugs: 'ondansetron' is not a drug recorded here"), "{message}");
}
