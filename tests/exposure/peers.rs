//! Results that others published: the window doses of the R package `DrugUtilisation`.

use super::{chart_of, date, drug, rules, seen, shared};
use crate::record::at;
use corticurve::exposure::{Edge, Exact, Window};
use corticurve::record::{Administration, Amount, Fact, Given, time};
use serde_json::Value;

/// A day on the clock of Greenwich, from its midnight.
fn midnight(day: chrono::NaiveDate) -> corticurve::record::Moment {
    at(&format!("{day}T00:00Z"))
}

/// The exposures of a person as infusions spread evenly over their days; `None` for a strength that nobody knows.
fn exposures(cases: &Value, person: &Value, begins: impl Fn(chrono::NaiveDate) -> bool) -> Vec<Fact> {
    let mut facts = Vec::new();
    for exposure in cases["exposures"].as_array().unwrap().iter().filter(|exposure| exposure["person"] == *person) {
        let day = |name: &str| time::parse_date(exposure[name].as_str().unwrap()).unwrap();
        let strength = &cases["strength_mg_per_unit"][exposure["concept"].to_string()];
        let (start, end) = (day("start"), day("end").succ_opt().unwrap());
        if !begins(start) {
            continue;
        }
        let milligrams = strength.as_u64().map(|strength| strength * exposure["quantity"].as_u64().unwrap());
        let given = Given::Over(midnight(start), midnight(end));
        let dose = Administration::given(drug("dexamethasone"), Amount::ZERO, given);
        let amount = milligrams.map(|mg| corticurve::record::Quantity::Mass(Amount::from_micrograms(1000 * mg)));
        facts.push(Fact::Administered(Administration { amount, ..dose }));
    }
    facts
}

#[test]
fn every_window_dose_of_drugutilisation_is_met_to_a_millionth() {
    let Some(file) = shared("peers/drugutilisation_cumulative_dose.json") else { return };
    let cases: Value = serde_json::from_str(&file).unwrap();
    let windows = cases["windows"].as_array().unwrap();
    for (rule, incident) in [("expected_cumulative_mg_all", false), ("expected_cumulative_mg_incident", true)] {
        let expected = cases[rule].as_array().unwrap();
        assert_eq!((windows.len(), expected.len()), (6, 6));
        for (window, expected) in windows.iter().zip(expected) {
            let day = |name: &str| date(window[name].as_str().unwrap());
            let (from, to) = (day("start"), day("end"));
            // "Incident" keeps the exposures that begin inside the window.
            let chart =
                chart_of(exposures(&cases, &window["person"], |start| !incident || (from..=to).contains(&start)));
            let over = Window::Between(Edge::Date(from), Edge::Date(to));
            let total = seen(&chart, rules(), over, at("2030-01-01T00:00Z")).total;
            let (total, expected) = (total.to_plot(), expected.as_f64().unwrap());
            assert!((total - expected).abs() <= 1e-6 * expected, "{rule} {window}: {total} and not {expected}");
        }
    }
}

#[test]
fn a_million_doses_of_0_1_mg_are_100000_mg_exactly() {
    let tenth = Exact::milligrams("0.1 mg".parse().unwrap());
    assert_eq!(Exact::sum(std::iter::repeat_n(tenth, 1_000_000)).unwrap().decimal(), "100000");
    // And through a chart, each a dose of its own; a thousand at a time keep the test short of memory.
    let dose = Fact::Administered(super::dose("dex 0.1 iv 2026-11-14T08:00Z"));
    let chart = chart_of(std::iter::repeat_n(dose, 1_000));
    let span = Window::All.span(None, at("2026-12-01T00:00Z"));
    let thousand = || corticurve::exposure::total_of(&chart, rules(), &span).unwrap();
    assert_eq!(Exact::sum((0..1_000).map(|_| thousand())).unwrap().decimal(), "100000");
}
