//! The printed page: every word that is on it, and the file that it becomes.

use corticurve::app::Reference;
use corticurve::app::page::{Printed, report};
use corticurve::app::view::{Look, NOT_ADVICE, PatientView, panel_lines};
use corticurve::app::ward::{Patient, Ward};
use corticurve::exchange::report::{Report, Sheet, Text, pdf, write_new};
use corticurve::exposure::Window;
use corticurve::exposure::figure::{AmountUnit, Spacing};
use corticurve::record::{
    Administration, DrugId, Fact, Given, Identity, Infusion, Moment, Name, Now, Purpose, Route, Sex, Status, time,
};
use corticurve::store::Author;
use std::path::Path;
use tempfile::TempDir;

/// The edge of the paper on which nothing may stand.
const EDGE: f64 = 20.0;

fn now() -> Moment {
    time::parse_moment("2026-11-22 14:32", &chrono::FixedOffset::east_opt(3600).unwrap()).unwrap()
}

fn demo() -> Ward {
    Ward::demo(Now { at: now(), zone: now().offset() }).unwrap()
}

fn printed() -> Printed {
    Printed {
        at: now(),
        by: Some("NK".parse().unwrap()),
        workstation: "WARD4-PC02".to_owned(),
        by_day: true,
        is_demo: false,
        attention: Vec::new(),
    }
}

/// A patient's page, beside what the window shows of them.
fn page(patient: &Patient) -> (Report, PatientView) {
    let reference = Reference::shipped().unwrap();
    let look = Look { unit: AmountUnit::Mg, spacing: Spacing::Linear, published: true };
    let now = Now { at: now(), zone: &chrono::FixedOffset::east_opt(3600).unwrap() };
    let view = PatientView::of(patient, &reference, (Window::Day0, look), now, None).unwrap();
    (report(patient, &view, &reference, &printed()), view)
}

fn author() -> Author {
    Author { by: "NK".parse().unwrap(), workstation: "WARD4-PC02".to_owned() }
}

fn named(family: &str, given: &str) -> Identity {
    Identity {
        mrn: "40 017".parse().unwrap(),
        family: Name::parse(family).unwrap(),
        given: Name::parse(given).unwrap(),
        born: time::parse_date("2009-03-04").ok(),
        sex: Sex::Female,
        dates_shifted: false,
    }
}

/// A ward with one patient, and what is recorded of them.
fn with(identity: Identity, facts: Vec<Fact>) -> (TempDir, Ward) {
    let folder = tempfile::tempdir().unwrap();
    let (data, config) = (folder.path().join("data"), folder.path().join("config"));
    let mut ward = Ward::open_to_write(&data, &config).unwrap();
    ward.register(identity, facts, &author(), now()).unwrap();
    (folder, ward)
}

fn infused() -> Fact {
    let at = now() - chrono::TimeDelta::days(30);
    Fact::Infused(Infusion { product: "tisagenlecleucel".into(), at })
}

/// So many doses of 4 mg, one every hour and the last an hour ago.
fn doses(count: usize) -> Vec<Fact> {
    let hours_ago = (1..=i64::try_from(count).unwrap()).rev();
    let dose = |hours| {
        let given = Given::At(now() - chrono::TimeDelta::hours(hours));
        Fact::Administered(Administration::given(DrugId::new("dexamethasone"), "4 mg".parse().unwrap(), given))
    };
    hours_ago.map(dose).collect()
}

/// A text without its spaces: a fold takes some of them.
fn joined(text: &str) -> String {
    text.split_whitespace().collect()
}

#[track_caller]
fn says(sheet: &Sheet, words: &str) {
    assert!(joined(&sheet.words()).contains(&joined(words)), "'{words}' is not on the page:\n{}", sheet.words());
}

/// Everything is on the paper, and no words stand on others.
#[track_caller]
fn is_tidy(sheet: &Sheet) {
    let texts: Vec<&Text> = sheet.texts().filter(|text| !text.text.is_empty()).collect();
    for text in &texts {
        let (right, top) = (text.x + text.width, text.y - text.size);
        assert!(text.x >= EDGE && right <= Sheet::WIDTH - EDGE, "beside the paper: {text:?}");
        assert!(top >= EDGE && text.y <= Sheet::HEIGHT - EDGE, "above or below the paper: {text:?}");
    }
    for (at, one) in texts.iter().enumerate() {
        for other in texts.iter().skip(at + 1) {
            let across = one.x + 0.1 < other.x + other.width && other.x + 0.1 < one.x + one.width;
            // The height of a capital letter.
            let along = one.y > other.y - 0.7 * other.size && other.y > one.y - 0.7 * one.size;
            // Signs of one place are drawn over each other, as `?` of two undecided doses of one hour.
            let is_sign = |text: &Text| text.text.chars().count() <= 2;
            assert!(!(across && along) || is_sign(one) || is_sign(other), "{one:?} stands on {other:?}");
        }
    }
}

/// How many of the doses stand in the table.
fn listed(sheet: &Sheet, page: &Report) -> usize {
    page.doses.iter().filter(|dose| sheet.texts().any(|text| text.text == dose[0])).count()
}

#[test]
fn the_page_has_every_figure_in_the_words_of_the_panel_and_of_the_copied_text() {
    let ward = demo();
    let reference = Reference::shipped().unwrap();
    for patient in ward.patients() {
        let (page, view) = page(patient);
        let sheet = page.sheet().unwrap();
        for line in view.lines.iter().chain(&view.landmarks) {
            let told = page.figures.iter().find(|row| row.label == line.label).unwrap();
            assert_eq!((&told.value, &told.note), (&line.value, &line.note));
            says(&sheet, &line.label);
            says(&sheet, &line.value);
            says(&sheet, &line.note);
        }
        let copied = view.as_text(&patient.shown_name(), reference.rules());
        for statement in &view.statements {
            statement.as_text().lines().for_each(|line| says(&sheet, line));
        }
        says(&sheet, copied.lines().nth(1).unwrap());
        // What `corticurve summary` prints comes from the same lines.
        let lines = panel_lines(reference.rules(), &view.exposure);
        let total = lines.iter().find(|line| line.label.starts_with("Cumulative")).unwrap();
        says(&sheet, &format!("{} {}", total.label, total.value));
        assert!(!sheet.words().contains('…') && !sheet.words().contains("..."), "nothing is cut short");
        is_tidy(&sheet);
        // The words of a column fit into it: none of them is folded inside.
        for [given, _, drug, dose, route, purpose, running, ..] in page.doses.iter().take(listed(&sheet, &page)) {
            for cell in [drug, dose, route, purpose, running] {
                assert!(cell.is_empty() || sheet.texts().any(|text| text.text == *cell), "{cell} of {given}");
            }
        }
    }
}

#[test]
fn the_page_begins_with_who_it_is_and_ends_with_what_the_figures_rest_on() {
    let ward = demo();
    let sheet = page(&ward.patients()[0]).0.sheet().unwrap();
    let words = sheet.words();
    assert!(
        words.starts_with("EXAMPLE, Robin Day +9 born 04-Mar-2009 (17 y) · MRN 40 017 · female · 52.3 kg"),
        "{words}"
    );
    says(&sheet, "tisagenlecleucel 13-Nov-2026 10:40");
    says(&sheet, "as of 22-Nov-2026 14:32; dexamethasone-equivalent under fda-label version 1");
    says(&sheet, "Figures over Day 0 to now, from conversion table fda-label version 1");
    says(&sheet, "chart checked to 22-Nov-2026 14:02");
    says(&sheet, "Printed 22-Nov-2026 14:32 by NK on WARD4-PC02 with Corticurve");
    assert!(words.ends_with(NOT_ADVICE), "{words}");
}

#[test]
fn the_chart_has_all_four_lanes_with_words_numbers_and_letters_and_not_colours_alone() {
    let ward = demo();
    let robin = page(&ward.patients()[0]).0.sheet().unwrap();
    for words in [
        "total mg dexamethasone-equivalent",
        "steroid mg/day",
        "anakinra mg/day",
        "CRS",
        "ICANS",
        "A dexAMETHasone",
        "┊ infusion",
        "/// not yet checked against the medication chart",
        "▼ tocilizumab",
        "Events: ▼ Day",
    ] {
        says(&robin, words);
    }
    let mut medians = 0;
    for patient in ward.patients() {
        let page = page(patient).0;
        let sheet = page.sheet().unwrap();
        page.figure.published.iter().for_each(|line| says(&sheet, &line.label));
        medians += page.figure.published.len();
    }
    assert!(medians > 0, "somebody is compared with a published median");
    let texts: Vec<&str> = robin.texts().map(|text| text.text.as_str()).collect();
    for number in ["▼", "1", "2", "3", "+7", "D0"] {
        assert!(texts.contains(&number), "{number}");
    }
}

#[test]
fn every_dose_is_on_the_page_or_told_to_be_missing_and_the_latest_come_first() {
    let ward = demo();
    for patient in ward.patients() {
        let page = page(patient).0;
        let (sheet, all) = (page.sheet().unwrap(), patient.chart.administrations.len());
        assert_eq!(page.doses.len() + page.struck_out, all);
        let words = sheet.words();
        if page.struck_out > 0 {
            says(&sheet, &format!("{} dose struck out", page.struck_out));
        }
        let earlier = words.split(" earlier dose").next().filter(|before| before.len() < words.len());
        let earlier: usize = earlier.and_then(|before| before.rsplit(' ').next()?.parse().ok()).unwrap_or(0);
        let first = page.doses.first().map_or("No dose is recorded.", |dose| &dose[0]);
        says(&sheet, first);
        assert!(earlier < page.doses.len().max(1), "{earlier} of {}", page.doses.len());
    }
    let (_folder, ward) = with(named("Example", "Robin"), [vec![infused()], doses(500)].concat());
    let page = page(&ward.patients()[0]).0;
    let sheet = page.sheet().unwrap();
    let listed = listed(&sheet, &page);
    assert!((15..60).contains(&listed), "{listed}");
    says(&sheet, &format!("{} earlier doses are not on this page.", 500 - listed));
    assert_eq!(page.doses[0][0], "22-Nov-2026 13:32");
    assert!(sheet.texts().any(|text| text.text == page.doses[listed - 1][0]), "those on it are the latest");
}

#[test]
fn a_usual_dose_takes_one_line_of_the_page_whoever_recorded_it_and_whenever() {
    for initials in ["NK", "WMJ"] {
        let dose = |line: &str, drug: &str, amount: &str| {
            let given = Given::At(time::parse_moment(line, now().offset()).unwrap());
            let dose = Administration::given(DrugId::new(drug), amount.parse().unwrap(), given);
            let (route, purpose) = (Some(Route::Intravenous), Some(Purpose::Icans));
            Fact::Administered(Administration { route, purpose, ..dose })
        };
        // Free words are folded before any drug, dose or time is.
        let note = "the patient was asleep and did not want to be woken for it, nor was the family with them";
        let Fact::Administered(refused) = dose("2026-11-21 21:00", "dexamethasone", "4 mg") else { unreachable!() };
        let refused = Administration { status: Status::Refused, note: Some(note.to_owned()), ..refused };
        let facts = vec![
            infused(),
            Fact::Administered(Administration { purpose: Some(Purpose::Premedication), ..refused }),
            dose("2026-11-20 08:00", "dexamethasone", "10 mg"),
            dose("2026-11-21 08:00", "methylprednisolone", "1000 mg"),
            dose("2026-11-21 20:00", "anakinra", "100 mg"),
        ];
        let folder = tempfile::tempdir().unwrap();
        let mut ward = Ward::open_to_write(&folder.path().join("data"), &folder.path().join("config")).unwrap();
        let by = Author { by: initials.parse().unwrap(), ..author() };
        ward.register(named("Example", "Robin"), facts, &by, now()).unwrap();
        let (page, _) = page(&ward.patients()[0]);
        let sheet = page.sheet().unwrap();
        is_tidy(&sheet);
        says(&sheet, note);
        assert!(page.doses[0][7].starts_with(initials) && page.doses[0][7].contains("22-Nov-2026"), "{:?}", page.doses);
        let cells = page.doses.iter().flatten().filter(|cell| !cell.is_empty() && !cell.contains(note));
        for cell in cells {
            assert!(sheet.texts().any(|text| text.text == *cell), "{cell} is folded:\n{}", sheet.words());
        }
    }
}

#[test]
fn a_dose_that_was_refused_and_one_that_is_undecided_say_so_on_the_page() {
    let given = |line: &str, status| {
        let given = Given::At(time::parse_moment(line, now().offset()).unwrap());
        let dose = Administration::given(DrugId::new("dexamethasone"), "6 mg".parse().unwrap(), given);
        Fact::Administered(Administration { status, ..dose })
    };
    let facts = vec![
        infused(),
        given("2026-11-20 08:00", Status::Given),
        given("2026-11-21 08:00", Status::Unknown),
        given("2026-11-22 08:00", Status::Refused),
    ];
    let (_folder, ward) = with(named("Example", "Robin"), facts);
    let sheet = page(&ward.patients()[0]).0.sheet().unwrap();
    says(&sheet, "? Undecided, beside the total 6 mg");
    says(&sheet, "? undecided dose");
    says(&sheet, "refused");
    says(&sheet, "status unknown");
    says(&sheet, "Every dose of the record is on this page: 3 doses.");
}

#[test]
fn one_page_holds_500_doses_a_very_long_name_an_empty_chart_and_no_infusion() {
    let long = "Exampleton-Placeholderworth-Specimenbury-Templateshire-Sampleton-Inventedham".to_owned();
    let cases: Vec<(Identity, Vec<Fact>)> = vec![
        (named("Example", "Robin"), [vec![infused()], doses(500)].concat()),
        (named(&long, "Maximiliana-Wilhelmina Josephine Alexandrina Philippa"), [vec![infused()], doses(4)].concat()),
        (named("Example", "Robin"), Vec::new()),
        (named("Example", "Robin"), doses(3)),
        (named("Example", "Robin"), vec![infused()]),
    ];
    for (identity, facts) in cases {
        let (name, count) = (identity.shown_name(), facts.len());
        let (_folder, ward) = with(identity, facts);
        let page = page(&ward.patients()[0]).0;
        let sheet = page.sheet().unwrap();
        is_tidy(&sheet);
        says(&sheet, &name);
        says(&sheet, NOT_ADVICE);
        says(&sheet, if count <= 1 { "No dose is recorded." } else { "dose" });
        assert_eq!(pages(&pdf(&page).unwrap()), 1, "{name}");
    }
}

#[test]
fn more_figures_and_findings_than_a_page_holds_are_set_smaller_and_what_has_no_room_is_told() {
    let (_folder, ward) = with(named("Example", "Robin"), [vec![infused()], doses(40)].concat());
    let (mut page, _) = page(&ward.patients()[0]);
    let usual = page.figures.len();
    let course = page.figures[0].clone();
    page.attention = (0..9).map(|at| format!("finding {at} in a file with a name of some length")).collect();
    for (more, fits) in [(60, true), (600, false)] {
        page.figures.truncate(usual);
        page.figures.extend((0..more).map(|at| {
            let label = format!("Course {at}, gap over 48 h");
            corticurve::exchange::report::FigureRow { label, ..course.clone() }
        }));
        let sheet = page.sheet().unwrap();
        is_tidy(&sheet);
        says(&sheet, "finding 0 in a file");
        says(&sheet, "and 3 more: corticurve verify");
        let seen = sheet.texts().filter(|text| text.text.starts_with("Course ")).count();
        assert_eq!(seen == more, fits, "{seen} of {more}");
        let told = sheet.words().contains("more figures are not on this page: corticurve summary prints them.");
        assert_eq!(told, !fits);
        says(&sheet, "earlier doses are not on this page.");
    }
}

#[test]
fn a_long_note_is_folded_inside_its_column_and_a_word_without_spaces_too() {
    let note = format!("{} and {}", "slow over five minutes because of the line ".repeat(6), "x".repeat(90));
    let given = Given::At(now() - chrono::TimeDelta::hours(2));
    let dose = Administration::given(DrugId::new("methylprednisolone"), "1000 mg".parse().unwrap(), given);
    let fact = Fact::Administered(Administration { note: Some(note.clone()), ..dose });
    let (_folder, ward) = with(named("Example", "Robin"), vec![infused(), fact]);
    let sheet = page(&ward.patients()[0]).0.sheet().unwrap();
    is_tidy(&sheet);
    says(&sheet, &note);
    assert!(sheet.texts().any(|text| text.text == "1,000 mg"), "number and unit on one line");
}

#[test]
fn a_name_in_letters_that_the_page_cannot_print_is_told() {
    for (family, can) in [("Пример", true), ("Nguyễn", true), ("例", false)] {
        let (_folder, ward) = with(named(family, "Mẫu"), Vec::new());
        let sheet = page(&ward.patients()[0]).0.sheet().unwrap();
        let told =
            sheet.words().contains("Letters that this page cannot print stand as boxes: go by MRN and date of birth");
        assert_eq!(told, !can, "{family}");
    }
}

/// How many pages a PDF says that it has, and holds.
fn pages(bytes: &[u8]) -> usize {
    let text = String::from_utf8_lossy(bytes);
    let whole: String = text.split_whitespace().collect();
    assert!(whole.contains("/Count1"), "the tree of pages");
    whole.matches("/Type/Page").count() - whole.matches("/Type/Pages").count()
}

#[test]
fn the_file_is_a_pdf_of_one_page_that_says_nothing_of_the_patient_outside_it() {
    let ward = demo();
    for patient in ward.patients() {
        let bytes = pdf(&page(patient).0).unwrap();
        assert!(bytes.starts_with(b"%PDF-"));
        assert_eq!(pages(&bytes), 1);
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.contains("Corticurve"), "the title");
        let identity = patient.identity().unwrap();
        let secrets = [identity.family.as_written(), identity.given.as_written(), identity.mrn.as_str()];
        // Three letters may stand anywhere in compressed bytes.
        for secret in secrets.into_iter().filter(|secret| secret.len() > 4) {
            assert!(!text.to_lowercase().contains(&secret.to_lowercase()), "{secret}");
            let wide: Vec<u8> = secret.encode_utf16().flat_map(u16::to_be_bytes).collect();
            assert!(!bytes.windows(wide.len()).any(|part| part == wide), "{secret}");
        }
    }
}

#[test]
fn a_file_that_is_there_is_never_written_over_and_a_new_one_is_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("page.pdf");
    write_new(&file, b"first").unwrap();
    assert_eq!(write_new(&file, b"second").unwrap_err().kind(), std::io::ErrorKind::AlreadyExists);
    assert_eq!(std::fs::read(&file).unwrap(), b"first");
    assert_eq!(mode(&file), 0o600);
}

#[cfg(unix)]
fn mode(file: &Path) -> u32 {
    std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(file).unwrap().permissions()) & 0o777
}

#[cfg(not(unix))]
fn mode(_file: &Path) -> u32 {
    0o600
}
