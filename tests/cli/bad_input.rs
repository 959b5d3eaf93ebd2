//! What must never become a dose: refused with what, where and what to do, and the folder as it was.

use super::{Station, has};

#[test]
fn a_line_that_is_no_dose_is_refused_and_changes_nothing() {
    let station = Station::with_robin();
    for (line, said) in [
        ("dex 1,5 mg", "write 1.5"),
        ("dex 5 0 mg", "only one amount is taken"),
        ("dex -3 mg", "never negative"),
        ("dex NaN", "'NaN' is not a number"),
        ("dex NaN mg", "'NaN' is not a number"),
        ("dex 1e3 mg", "'1e3' is not a number"),
        ("dex .5 mg", "write a digit before the point: 0.5"),
        ("dex 10 mgs", "'mgs' is not a unit of mass"),
        ("dex 10 mL iv", "is not a unit of mass"),
        ("dxm 10 iv", "'dxm'"),
        ("pred 5 po", "predniSONE or prednisoLONE"),
        ("dex 10 iv 2090-01-01 08:00", "01-Jan-2090 08:00 is in the future"),
        ("dex 10 iv 2026-02-30 08:00", "'2026-02-30' does not exist in the calendar"),
        ("dex 10 iv 25:00", "'25:00' does not exist"),
        ("dex 10 iv twice", "'twice' is not understood"),
        ("dex iv", "how much dexAMETHasone?"),
        ("dex 0 iv", "write 'hold dexAMETHasone'"),
        ("", "type a dose"),
        ("dex 10 iv -1h; \u{1b}[2J", "does not show"),
    ] {
        let message = station.refused(1, &["record", "--patient", "40 017", line]);
        has(&message, &[said]);
    }
}

#[test]
fn a_bad_amount_in_a_file_is_named_by_line_and_column() {
    let station = Station::with_robin();
    for (cell, said) in [
        ("\"1,5\"", "write 1.5"),
        ("5 0", "'5 0' is not a number"),
        ("-3", "never negative"),
        ("NaN", "'NaN' is not a number"),
        ("1e3", "'1e3' is not a number"),
        (".5", "write a digit before the point: 0.5"),
    ] {
        let file = station.file(
            "mar.csv",
            format!("mrn,given_at,drug,amount,unit\n40 017,2026-01-22 08:00,dexamethasone,{cell},mg\n"),
        );
        let message = station.refused(1, &["import", file.to_str().unwrap()]);
        has(&message, &["mar.csv: nothing was imported", "line 2, column amount", said]);
    }
}

#[test]
fn an_amount_to_convert_is_read_as_strictly() {
    let station = Station::with_robin();
    for (amount, said) in [
        ("1,5 mg dexamethasone", "write 1.5"),
        ("5 0 mg dexamethasone", "'5 0' is not a number"),
        ("-3 mg dexamethasone", "never negative"),
        ("NaN mg dexamethasone", "NaN"),
        ("1e3 mg dexamethasone", "'1e3' is not a number"),
        (".5 mg dexamethasone", "write a digit before the point: 0.5"),
        ("10 mgs dexamethasone", "'mgs' is not a unit of mass"),
        ("10 mg dexmethasone", "'dexmethasone'"),
        ("10 dexamethasone", "no unit"),
        ("dexamethasone", "write the amount and its drug"),
    ] {
        has(&station.refused(2, &["convert", amount, "--to", "prednisolone"]), &[said]);
    }
}
