//! Figures per kilogram and per square metre.

use super::{chart_of, given, infused, mg, over, rules, seen, weighed};
use crate::record::at;
use corticurve::exposure::{
    Exact, Exposure, FigureName, Reading, Rules, SurfaceFormula, WeightBy, Window, explain, surface,
};
use corticurve::record::{Chart, Fact, Measure, Measurement};

const NOW: &str = "2026-12-31T12:00Z";

fn tall(height: &str, when: &str) -> Fact {
    Fact::Measured(Measurement { what: Measure::Height(height.parse().unwrap()), at: at(when) })
}

#[test]
fn body_surface_meets_the_check_values_of_the_reference_by_all_four_formulas() {
    for (height, weight, values) in [
        ("170 cm", "60 kg", ["1.6833", "1.6949", "1.6804", "1.6916"]),
        ("150 cm", "40 kg", ["1.291", "1.3029", "1.2858", "1.3024"]),
    ] {
        let (height, weight) = (height.parse().unwrap(), weight.parse().unwrap());
        let all: Vec<String> =
            SurfaceFormula::ALL.iter().map(|formula| surface(*formula, height, weight).decimal()).collect();
        assert_eq!(all, values, "{height} {weight}");
    }
}

#[test]
fn a_figure_per_square_metre_needs_height_and_weight_and_follows_the_formula() {
    let doses = [infused("2026-11-13T10:00Z"), given("dex 20 iv 2026-11-14T08:00Z")];
    let bare = chart_of(doses.clone().into_iter().chain([weighed("60 kg", "2026-11-13T08:00Z")]));
    assert_eq!(over(&bare, Window::Day0, NOW).mg_per_m2, None);
    let measured = [weighed("60 kg", "2026-11-13T08:00Z"), tall("170 cm", "2026-11-13T08:00Z")];
    let chart = chart_of(doses.into_iter().chain(measured).chain([tall("171 cm", "2026-11-20T08:00Z")]));
    for (formula, square_metres) in SurfaceFormula::ALL.iter().zip(["1.6833", "1.6949", "1.6804", "1.6916"]) {
        let reading = Reading { surface_by: *formula, ..Reading::default() };
        let exposure = seen(&chart, Rules { reading: &reading, ..rules() }, Window::Day0, at(NOW));
        assert_eq!(exposure.surface.unwrap().square_metres.decimal(), square_metres, "{formula:?}");
        assert_eq!(exposure.mg_per_m2, mg("20").over(exposure.surface.unwrap().square_metres).ok());
    }
}

/// 10 mg on each of three days; 50 kg on Day 0 and 40 kg from Day 2 on.
fn lighter() -> Chart {
    chart_of([
        infused("2026-11-13T10:00Z"),
        weighed("50 kg", "2026-11-13T08:00Z"),
        weighed("40 kg", "2026-11-15T08:00Z"),
        given("dex 10 iv 2026-11-13T12:00Z"),
        given("dex 10 iv 2026-11-14T12:00Z"),
        given("dex 10 iv 2026-11-15T12:00Z"),
    ])
}

#[test]
fn milligrams_per_kilogram_go_by_the_weight_of_day_0_or_of_each_dose_and_both_are_told() {
    let exposure = over(&lighter(), Window::Day0, NOW);
    assert_eq!((exposure.weight_by, exposure.mg_per_kg), (WeightBy::Day0, Some(mg("0.6"))));
    assert_eq!(exposure.mg_per_kg_otherwise, Some(mg("0.65")), "20 mg ÷ 50 kg + 10 mg ÷ 40 kg");
    let reading = Reading { weight_by: WeightBy::EachDose, ..Reading::default() };
    let rules = Rules { reading: &reading, ..rules() };
    let exposure = Exposure::of(&lighter(), rules, Window::Day0, at(NOW)).unwrap();
    assert_eq!((exposure.mg_per_kg, exposure.mg_per_kg_otherwise), (Some(mg("0.65")), Some(mg("0.6"))));
    let explained = explain(&lighter(), rules, &exposure, FigureName::PerKg).unwrap().unwrap();
    assert_eq!(explained.steps, ["20 mg ÷ 50 kg", "10 mg ÷ 40 kg", "added up: 0.65 mg/kg"]);
}

#[test]
fn a_dose_before_the_first_weight_goes_by_the_first_weight() {
    let chart = chart_of([given("dex 10 iv 2026-11-13T12:00Z"), weighed("50 kg", "2026-11-15T08:00Z")]);
    let exposure = over(&chart, Window::All, NOW);
    assert_eq!((exposure.mg_per_kg, exposure.mg_per_kg_otherwise), (Some(mg("0.2")), Some(mg("0.2"))));
}

#[test]
fn a_month_of_daily_weights_still_gives_a_figure_per_kilogram() {
    let days = |day: u32| format!("2026-11-{day:02}T08:00Z");
    let weights = (1..=30).map(|day| weighed(&format!("52.{day:02}1 kg"), &days(day)));
    let doses = (1..=30).map(|day| given(&format!("dex 10 iv 2026-11-{day:02}T12:00Z")));
    let chart = chart_of(weights.chain(doses));
    let told = over(&chart, Window::All, NOW).mg_per_kg_otherwise.unwrap();
    // The same in binary, which is right to far more than the six decimals that are shown.
    let plain: f64 = (1..=30).map(|day| 10.0 / format!("52.{day:02}1").parse::<f64>().unwrap()).sum();
    assert!((told.to_plot() - plain).abs() < 1e-9, "{} and {plain}", told.decimal());
    assert!(told > Exact::whole(5));
}
