//! Weights, heights and doses per kilogram.

use super::{amounts::amounts, says};
use corticurve::record::{Amount, Height, PerKg, Weight};
use proptest::prelude::*;

#[test]
fn a_weight_or_height_is_refused_with_what_to_write() {
    for (text, parts) in [
        ("52,3 kg", &["'52,3'", "52.3"][..]),
        ("52.3", &["'52.3'", "write it in kg", "52.3 kg"]),
        ("52.3 lb", &["write it in kg"]),
        ("0 kg", &["'0 kg'", "between 0.5 kg and 400 kg"]),
        ("0.499 kg", &["between"]),
        ("400.001 kg", &["between"]),
        ("-70 kg", &["without a sign"]),
        ("NaN kg", &["write it in kg"]),
        ("1e2 kg", &["plain digits"]),
        ("52.1234 kg", &["more than 3 decimals"]),
        ("5 2 kg", &["'5 2'", "not a number"]),
    ] {
        says(&text.parse::<Weight>().expect_err(text).to_string(), parts);
    }
    for (text, parts) in [
        ("1.6 m", &["write it in cm", "160 cm"][..]),
        ("160", &["write it in cm"]),
        ("19.9 cm", &["between 20 cm and 260 cm"]),
        ("260.1 cm", &["between"]),
        ("160.55 cm", &["more than 1 decimals"]),
        ("1,60 cm", &["1.60"]),
    ] {
        says(&text.parse::<Height>().expect_err(text).to_string(), parts);
    }
}

#[test]
fn a_dose_per_kilogram_is_refused_with_what_to_write() {
    for (text, parts) in [
        ("0.2 mg", &["'0.2 mg'", "like 0.2 mg/kg"][..]),
        ("0.2", &["'0.2'", "like 0.2 mg/kg"]),
        ("", &["like 0.2 mg/kg"]),
        ("0,2 mg/kg", &["'0,2'", "0.2"]),
        ("0.2 mgs/kg", &["'mgs'", "mg, g or mcg"]),
        ("0.5 mcg/kg", &["more than 0 decimals"]),
        (".2 mg/kg", &["'.2'", "0.2"]),
    ] {
        says(&text.parse::<PerKg>().expect_err(text).to_string(), parts);
    }
}

#[test]
fn a_product_is_rounded_half_even_to_a_microgram() {
    for (ordered, weight, amount) in [
        ("0.2 mg/kg", "52.3 kg", "10.46 mg"),
        ("10 mcg/kg", "70 kg", "0.7 mg"),
        ("2 mg/kg", "30.25 kg", "60.5 mg"),
        ("0.001 mg/kg", "2.5 kg", "0.002 mg"),
        ("0.001 mg/kg", "3.5 kg", "0.004 mg"),
        ("0.001 mg/kg", "2.501 kg", "0.003 mg"),
        ("0.001 mg/kg", "2.499 kg", "0.002 mg"),
        ("0.003 mg/kg", "1.5 kg", "0.004 mg"),
        ("0.001 mg/kg", "0.5 kg", "0 mg"),
    ] {
        let product = ordered.parse::<PerKg>().unwrap().times(weight.parse().unwrap());
        assert_eq!(product.unwrap().to_string(), amount, "{ordered} × {weight}");
    }
}

#[test]
fn a_product_beyond_what_an_amount_holds_is_none() {
    for ordered in ["9999999 mg/kg", "25000 mg/kg", "9999 g/kg"] {
        assert_eq!(ordered.parse::<PerKg>().unwrap().times("400 kg".parse().unwrap()), None, "{ordered}");
    }
}

fn weights() -> impl Strategy<Value = Weight> {
    (500..=400_000_u64).prop_map(|grams| format!("{}.{:03} kg", grams / 1000, grams % 1000).parse().unwrap())
}

fn heights() -> impl Strategy<Value = Height> {
    (200..=2_600_u64).prop_map(|millimetres| format!("{}.{} cm", millimetres / 10, millimetres % 10).parse().unwrap())
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(weight in weights(), height in heights(), amount in amounts()) {
        prop_assert_eq!(weight.to_string().parse::<Weight>(), Ok(weight));
        prop_assert_eq!(height.to_string().parse::<Height>(), Ok(height));
        let ordered: PerKg = format!("{amount}/kg").parse().unwrap();
        prop_assert_eq!(ordered.to_string().parse::<PerKg>(), Ok(ordered));
    }

    #[test]
    fn a_product_can_always_be_written_down_and_is_within_half_a_microgram(ordered in amounts(), weight in weights()) {
        let per_kg: PerKg = format!("{ordered}/kg").parse().unwrap();
        if let Some(product) = per_kg.times(weight) {
            prop_assert_eq!(product.to_string().parse::<Amount>(), Ok(product));
            let exact = u128::from(ordered.micrograms()) * u128::from(weight.grams());
            prop_assert!((u128::from(product.micrograms()) * 1000).abs_diff(exact) <= 500);
        }
    }
}
