//! Cells: what is taken, what is refused and how it is said.

use super::{generic, only, refusal};
use corticurve::exchange::import::{ImportError, Skip};
use corticurve::record::{Given, Route, Status, time};

const HEADER: &str = "mrn,given_at,drug,amount,unit,given_until,recorded_at,amount_due,route,status,purpose,source_id,family,given,born,note\n";

/// A file of one good row, with one cell changed.
fn with(column: &str, cell: &str) -> String {
    let mut cells =
        ["40017", "2026-11-22 08:00", "dexamethasone", "4.5", "mg", "", "", "", "iv", "", "", "", "", "", "", ""];
    let at = HEADER.trim().split(',').position(|name| name == column).unwrap();
    cells[at] = cell;
    format!("{HEADER}{}\n", cells.join(","))
}

#[test]
fn a_bad_cell_refuses_the_file_and_the_message_names_line_column_and_remedy() {
    for (column, cell, problem) in [
        ("amount", "\"1,5\"", "write 1.5"),
        ("amount", ".5", "write a digit before the point: 0.5"),
        ("amount", "1e3", "'1e3' is not a number"),
        ("amount", "NaN", "'NaN' is not a number"),
        ("amount", "-3", "never negative"),
        ("amount", "5 0", "'5 0' is not a number"),
        ("amount", "10 mg", "'10 mg' is not a number"),
        ("amount", "0.0001", "more than 3 decimals"),
        ("unit", "", "write mg, g or mcg"),
        ("amount_due", "1_0", "'1_0' is not a number"),
        ("given_at", "", "the cell is blank"),
        ("given_at", "2026-02-30 08:00", "does not exist in the calendar"),
        ("given_at", "22.11.2026 08:00", "write it like 2026-11-22 14:30"),
        ("given_at", "2026-11-22", "write it like 2026-11-22 14:30"),
        ("given_at", "2026-11-22 14:31", "22-Nov-2026 14:31 is in the future (it is 22-Nov-2026 14:30)"),
        ("given_until", "2026-11-22 07:59", "it ended before it began"),
        ("given_until", "2026-11-22 15:00", "is in the future"),
        ("recorded_at", "2027-01-01 08:00", "is in the future"),
        ("route", "by magic", "'by magic' is not taken for a route"),
        ("status", "done", "'done' is not taken for a status; write given,"),
        ("status", "running", "needs its planned end in given_until"),
        ("purpose", "fun", "'fun' is not taken for a purpose"),
        ("mrn", "", "the cell is blank"),
        ("mrn", "40017?", "is not an MRN"),
        ("drug", "", "the drug is blank"),
        ("drug", "Dexamethason 4 mg", "'Dexamethason' could be a drug recorded here; write its full name"),
        ("drug", "dex", "'dex' could be a drug recorded here"),
        ("drug", "dexamethasone + hydrocortisone", "names more than one drug"),
        ("born", "2009-02-29", "does not exist in the calendar"),
        ("born", "04.03.2009", "write it like 2009-03-04"),
        ("born", "2026-11-23", "a date of birth in the future"),
        ("family", "Exam\u{202e}ple", "a character that does not show"),
        ("note", "up\tdown", "a character that does not show"),
    ] {
        let message = refusal(with(column, cell).as_bytes());
        assert!(message.contains(problem), "{column} = {cell}: {message}");
        let place = if cell == "running" { "line 2, column status" } else { &format!("line 2, column {column}: ") };
        assert!(message.contains(place), "{column} = {cell}: {message}");
    }
}

#[test]
fn a_good_cell_becomes_what_it_says() {
    let dose = |column: &str, cell: &str| only(&generic(with(column, cell).as_bytes()).unwrap()).clone();
    for (cell, route) in [("IV", Some(Route::Intravenous)), ("po", Some(Route::Oral)), ("", None)] {
        assert_eq!(dose("route", cell).route, route);
    }
    for (cell, status) in [("", Status::Given), ("Refused", Status::Refused), ("not given", Status::NotGiven)] {
        assert_eq!(dose("status", cell).status, status);
    }
    for (unit, shown) in [("mg", "4.5 mg"), ("g", "4,500 mg"), ("mcg", "0.0045 mg"), ("tablets", "4.5 tablets")] {
        let amount = if unit == "mcg" { "4500" } else { "4.5" };
        let file = with("unit", unit).replace(",4.5,", &format!(",{amount},"));
        let expected = if unit == "mcg" { "4.5 mg" } else { shown };
        assert_eq!(only(&generic(file.as_bytes()).unwrap()).amount_shown(), expected);
    }
    assert_eq!(dose("amount", "0").amount_shown(), "0 mg");
    assert_eq!(dose("amount", "").amount, None);
    assert_eq!(dose("amount_due", "8").due.unwrap().shown(), "8 mg");
    assert_eq!(dose("note", "\"given late, line out\"").note.as_deref(), Some("given late, line out"));
    assert_eq!(dose("source_id", "A 7").source_id.as_deref(), Some("generic:A 7"));
    for (drug, id) in [("Solu-Medrol 40 mg vial", "methylprednisolone"), ("KINERET", "anakinra")] {
        assert_eq!(dose("drug", drug).drug.as_str(), id);
    }
    assert_eq!(time::shown(dose("given_at", "2026-11-22T08:00Z").given.start()), "22-Nov-2026 08:00");
    assert!(matches!(dose("given_until", "2026-11-22 09:00").given, Given::Over(..)));
    assert!(matches!(dose("given_until", "2026-11-22 08:00").given, Given::At(_)));
}

#[test]
fn a_time_without_an_offset_is_the_workstations_and_one_with_it_keeps_it() {
    let start = |cell: &str| {
        let batch = generic(with("given_at", cell).as_bytes()).unwrap();
        only(&batch).given.start().to_rfc3339()
    };
    assert_eq!(start("2026-11-22 08:00"), "2026-11-22T08:00:00+01:00");
    assert_eq!(start("2026-11-22T07:00Z"), "2026-11-22T07:00:00+00:00");
}

#[test]
fn a_running_infusion_may_end_later_than_now() {
    let file = "mrn,given_at,given_until,drug,amount,unit,status\n1,2026-11-22 14:00,2026-11-22 18:00,hydrocortisone,100,mg,running\n";
    assert_eq!(only(&generic(file.as_bytes()).unwrap()).status, Status::Running);
}

#[test]
fn every_bad_cell_is_named_and_beyond_twenty_they_are_counted() {
    let rows = "40017,2026-02-30 08:00,dex,1e3,mg,,,,,,,,,,,\n".repeat(10);
    let error = generic(format!("{HEADER}{rows}").as_bytes()).unwrap_err();
    let message = error.to_string();
    assert!(message.contains("30 cells cannot be taken"), "{message}");
    assert!(message.ends_with("and 10 more"), "{message}");
    let ImportError::Cells { cells, total: 30, .. } = error else { panic!("{message}") };
    assert_eq!((cells.len(), cells[0].line, cells[19].line), (20, 2, 8));
}

#[test]
fn line_numbers_are_those_of_the_file() {
    for (text, line) in [
        ("mrn,given_at,drug,amount,unit\n1,2026-11-22 08:00,Methyl salicylate,1,mg\n", None),
        ("\n\nmrn,given_at,drug,amount,unit\r\n\r\n1,2026-11-22 08:00,dexamethasone,1e3,mg\r\n", Some(5)),
        ("mrn,given_at,drug,amount,unit\n\n\n1,2026-11-22 08:00,dexamethasone,1e3,mg", Some(4)),
        ("\u{feff}mrn,given_at,drug,amount,unit\r\n1,2026-11-22 08:00,dexamethasone,1e3,mg", Some(2)),
    ] {
        match line {
            None => assert_eq!(generic(text.as_bytes()).unwrap().report.skipped[0].lines, [2]),
            Some(line) => assert!(refusal(text.as_bytes()).contains(&format!("line {line}, column amount")), "{text}"),
        }
    }
}

#[test]
fn a_ragged_row_is_refused_with_its_line() {
    for row in ["40017,2026-11-22 08:00,dexamethasone,4", "1,2026-11-22 08:00,dexamethasone,1,5,mg", "1;2026"] {
        let message = refusal(format!("mrn,given_at,drug,amount,unit\n{row}\n").as_bytes());
        assert!(message.contains("line 2, column (whole row)") && message.contains("the header 5"), "{message}");
    }
}

#[test]
fn a_drug_that_is_not_recorded_is_listed_and_does_not_register_its_patient() {
    let file = "mrn,given_at,drug,amount,unit\n1,2026-11-22 08:00,Ondansetron,eight,pills\n1,never,Ondansetron,8,mg\n2,2026-11-22 08:00,anakinra,100,mg\n,,,,\n";
    let batch = generic(file.as_bytes()).unwrap();
    let skipped: Vec<_> =
        batch.report.skipped.iter().map(|s| (s.reason, s.drug.as_str(), s.rows, s.lines.as_slice())).collect();
    let expected: [(Skip, &str, usize, &[u64]); 2] =
        [(Skip::NotRecorded, "Ondansetron", 2, &[2, 3]), (Skip::Blank, "", 1, &[5])];
    assert_eq!(skipped, expected);
    let mrns: Vec<_> = batch.patients.iter().map(|patient| patient.identity.mrn.as_str()).collect();
    assert_eq!((mrns, batch.report.rows_read), (vec!["2"], 4));
    assert!(batch.report.to_string().contains("drug not recorded here 'Ondansetron': 2 rows (lines 2, 3)"));
}

#[test]
fn undecided_doses_are_imported_and_named() {
    let file = "mrn,given_at,drug,amount,unit,route,status\n\
        1,2026-11-22 08:00,prednisone,32,mg,po,unknown\n\
        1,2026-11-22 09:00,prednisone,,,po,given\n\
        1,2026-11-22 10:00,prednisolone,1,tablet,po,given\n\
        1,2026-11-22 11:00,prednisolone,1,drop,eye,given\n\
        1,2026-11-22 12:00,fludrocortisone,,,po,given\n\
        1,2026-11-22 13:00,prednisone,,,po,refused\n";
    let report = generic(file.as_bytes()).unwrap().report;
    let undecided: Vec<_> = report.undecided.iter().map(|u| (u.drug.as_str(), u.reason, u.lines[0])).collect();
    let expected =
        [("prednisolone", "not a mass", 4), ("prednisone", "no amount", 3), ("prednisone", "status unknown", 2)];
    assert_eq!(undecided, expected);
    assert_eq!(report.rows_imported(), 6);
}

#[test]
fn one_source_id_is_one_dose() {
    let row = |amount: &str| format!("1,2026-11-22 08:00,dexamethasone,{amount},mg,e-1\n");
    let file = |second: &str| format!("mrn,given_at,drug,amount,unit,source_id\n{}{}", row("10"), row(second));
    let batch = generic(file("10").as_bytes()).unwrap();
    assert_eq!((batch.report.rows_imported(), batch.report.skipped[0].reason), (1, Skip::Repeated));
    let message = refusal(file("45").as_bytes());
    assert!(message.contains("line 3, column source_id: line 2 has the same id"), "{message}");
}

#[test]
fn one_mrn_is_one_person() {
    let file = |second: &str| {
        format!(
            "mrn,given_at,drug,amount,unit,family,given,born\n\
            1,2026-11-22 08:00,dexamethasone,10,mg,Example,,2009-03-04\n\
            1,2026-11-22 09:00,dexamethasone,10,mg,{second}\n"
        )
    };
    let batch = generic(file(",Robin,").as_bytes()).unwrap();
    let identity = &batch.patients[0].identity;
    assert_eq!((identity.shown_name().as_str(), identity.age_on(identity.born.unwrap())), ("EXAMPLE, Robin", Some(0)));
    for (second, column) in [("Sample,,", "family"), ("Example,,2009-04-03", "born")] {
        let message = refusal(file(second).as_bytes());
        assert!(message.contains(&format!("line 3, column {column}: line 2 says something else")), "{message}");
    }
}

#[test]
fn a_running_infusion_with_a_slip_in_the_year_of_its_end_is_refused() {
    let file = "mrn,given_at,given_until,drug,amount,unit,status\n\
                40017,2026-11-22 08:00,2062-11-22 18:00,dexamethasone,8,mg,running\n";
    let message = super::refusal(file.as_bytes());
    crate::record::says(&message, &["given_until", "22-Nov-2062 18:00", "longer than a year", "check both times"]);
}
