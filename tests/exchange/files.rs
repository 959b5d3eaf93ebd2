//! Whole files: headers, encodings, and what is no CSV at all.

use super::{generic, only, refusal};

const ROW: &str = "1,2026-11-22 08:00,dexamethasone,10,mg";

#[test]
fn a_file_that_is_not_such_a_table_is_refused_with_what_to_do() {
    let long = "x".repeat(10 * 1024 * 1024);
    let long_field = format!("mrn,given_at,drug,amount,unit,note\n{ROW},{}\n", "y".repeat(70_000));
    let cases: [(&[u8], &str); 15] = [
        (b"", "mar.csv is empty"),
        (b"\n \r\n", "mar.csv is empty"),
        (b"\xef\xbb\xbf", "mar.csv is empty"),
        (b"PK\x03\x04\x00\x00", "line 1: this is not plain UTF-8 text"),
        (b"mrn,given_at\n\nM\xfcller", "line 3: this is not plain UTF-8 text"),
        (b"\xff\xfem\x00r\x00n\x00", "not plain UTF-8 text"),
        (b"mrn,given_at,drug,amount,unit\r1,2026-11-22 08:00,anakinra,1,mg\r", "not plain UTF-8 text"),
        (b"Dear colleague,\nplease see below.", "the header has no column 'mrn', 'given_at', 'drug', 'amount', 'unit'"),
        (
            b"mrn,given_at,drug,unit,route\n",
            "no column 'amount'; its columns are 'mrn', 'given_at', 'drug', 'unit', 'route'",
        ),
        (b"mrn,given_at,drug,amount,unit, MRN\n", "the column 'MRN' is there twice"),
        (b"mrn;given_at;drug;amount;unit\n1;x;y;1,5;mg\n", "look separated by ';', and commas are needed"),
        (b"mrn\tgiven_at\tdrug\tamount\tunit\n", "look separated by tabs"),
        (b"mrn,given_at,drug,amount,unit\n1,\"2026-11-22 08:00,dexamethasone,10,mg\n", "line 2: a quotation mark"),
        (long.as_bytes(), "line 1: the line is 10485760 bytes long"),
        (long_field.as_bytes(), "line 2: the line is 70039 bytes long"),
    ];
    for (file, problem) in cases {
        let message = refusal(file);
        assert!(message.contains(problem) && message.len() < 1_000, "{problem}: {message}");
    }
}

#[test]
fn a_quotation_mark_never_swallows_the_doses_below_it() {
    let file = format!("mrn,given_at,drug,amount,unit,note\n{ROW},\"late\n{ROW},\n{ROW},given\"\n");
    assert!(refusal(file.as_bytes()).contains("line 2: a quotation mark"));
    let closed = format!("mrn,given_at,drug,amount,unit,note\n{ROW},\"said \"\"no\"\", then yes\"\n");
    let batch = generic(closed.as_bytes()).unwrap();
    assert_eq!(only(&batch).note.as_deref(), Some("said \"no\", then yes"));
}

#[test]
fn columns_are_found_in_any_order_and_case_and_unknown_ones_are_reported() {
    let file = "\u{feff}Unit, AMOUNT ,drug,ward,mrn,Given_At,\r\nmg,10,dexamethasone,7,1,2026-11-22 08:00,\r\n";
    let batch = generic(file.as_bytes()).unwrap();
    assert_eq!(only(&batch).amount_shown(), "10 mg");
    assert_eq!(batch.report.ignored_columns, ["ward", "column 7"]);
    assert!(batch.report.to_string().contains("columns not used: ward, column 7"));
}

#[test]
fn a_header_without_rows_holds_nothing() {
    let batch = generic(b"mrn,given_at,drug,amount,unit\n").unwrap();
    assert_eq!((batch.report.rows_read, batch.patients.len()), (0, 0));
}
