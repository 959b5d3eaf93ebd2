//! The range of a total over salt readings and tables.

use super::{doses, drug, mg, over, seen, under};
use crate::record::at;
use corticurve::exposure::{Exact, Window, base_of_phosphate};

const NOW: &str = "2026-11-22T12:00Z";

#[track_caller]
fn range(lines: &[&str]) -> [String; 2] {
    let range = over(&doses(lines), Window::All, NOW).range;
    [range.least.mg.decimal(), range.most.mg.decimal()]
}

#[test]
fn the_range_goes_over_both_salt_readings_and_the_tables_that_list_every_drug() {
    for (lines, least, most) in [
        (&[][..], "0", "0"),
        (&["dex 10 iv 2026-11-14T08:00Z"], "8.307087", "10"),
        (&["dex 10 base iv 2026-11-14T08:00Z"], "10", "10"),
        (&["dex 10 phosphate iv 2026-11-14T08:00Z"], "8.307087", "10"),
        (&["methylpred 1000 iv 2026-11-14T08:00Z"], "187.5", "187.5"),
        // 6 mg betamethasone is 6 mg under two tables and 7.5 mg under two.
        (&["betamethasone 6 im 2026-11-14T08:00Z"], "6", "7.5"),
        // With prednisone the table without it is left out; the rest still differ.
        (&["betamethasone 6 im 2026-11-14T08:00Z", "predniSONE 60 po 2026-11-14T08:00Z"], "15", "16.5"),
    ] {
        assert_eq!(range(lines), [least, most], "{lines:?}");
    }
}

#[test]
fn a_drug_that_only_another_table_lists_stays_beside_the_range_too() {
    let lines = ["betamethasone 6 im 2026-11-14T08:00Z", "deflazacort 6 po 2026-11-14T08:00Z"];
    assert_eq!(range(&lines), ["6", "7.5"]);
    let bnf = seen(&doses(&lines), under("bnf"), Window::All, at(NOW));
    assert_eq!([bnf.total, bnf.range.least.mg, bnf.range.most.mg], [mg("6.75"); 3]);
}

#[test]
fn the_base_of_4_mg_phosphate_is_3_32_mg() {
    let base = mg("4").times(base_of_phosphate()).unwrap();
    assert_eq!(base, Exact::new(4 * 39_246, 47_244));
    assert_eq!(base.shown(2), "3.32");
    assert!(under("fda-label").table.equivalent(&drug("dexamethasone")).is_some());
}
