//! The strict amount parser: what it takes, what it refuses, and what it says then.

use super::says;
use corticurve::record::{Amount, Quantity, decimal};
use proptest::prelude::*;

#[test]
fn plain_amounts_with_a_unit_of_mass_are_taken() {
    for (text, micrograms, written) in [
        ("10 mg", 10_000, "10 mg"),
        ("4.5 mg", 4_500, "4.5 mg"),
        ("4.5mg", 4_500, "4.5 mg"),
        ("  843.75   mg ", 843_750, "843.75 mg"),
        ("0.5 mg", 500, "0.5 mg"),
        ("6.0 mg", 6_000, "6 mg"),
        ("1.500000 mg", 1_500, "1.5 mg"),
        ("1 g", 1_000_000, "1000 mg"),
        ("0.04 g", 40_000, "40 mg"),
        ("500 mcg", 500, "0.5 mg"),
        ("1 microgram", 1, "0.001 mg"),
        ("250 micrograms", 250, "0.25 mg"),
        ("0 mg", 0, "0 mg"),
    ] {
        let amount: Amount = text.parse().unwrap();
        assert_eq!((amount.micrograms(), amount.to_string().as_str()), (micrograms, written), "{text}");
    }
}

#[test]
fn everything_else_is_refused_with_the_text_and_what_to_write() {
    for (text, parts) in [
        ("1,5 mg", &["'1,5'", "write 1.5"][..]),
        ("1,500 mg", &["'1,500'", "1500 or 1.500"]),
        ("1,234,567 mg", &["write 1234567"]),
        ("1,234.5 mg", &["write 1234.5"]),
        ("1.234,5 mg", &["'1.234,5'", "one point"]),
        ("1.2,345.6 mg", &["'1.2,345.6'", "one point"]),
        ("1.5,000 mg", &["'1.5,000'", "one point"]),
        ("1234,567 mg", &["write 1234.567"]),
        ("1,5,5 mg", &["one point"]),
        ("5 0 mg", &["'5 0'", "not a number", "plain digits"]),
        ("1 000 mg", &["'1 000'", "plain digits"]),
        ("-3 mg", &["'-3'", "without a sign"]),
        ("−3 mg", &["'−3'", "without a sign"]),
        ("+3 mg", &["'+3'", "without a sign"]),
        ("NaN", &["'NaN'", "not a number"]),
        ("NaN mg", &["NaN", "not a number"]),
        ("inf mg", &["inf", "not a number"]),
        ("1e3 mg", &["'1e3'", "plain digits"]),
        ("1E3mg", &["'1E3'", "plain digits"]),
        ("1e-3 mg", &["'1e-3'", "plain digits"]),
        ("1_0 mg", &["'1_0'", "plain digits"]),
        (".5 mg", &["'.5'", "0.5"]),
        ("5. mg", &["'5.'", "write 5 without a point"]),
        (". mg", &["'.'", "not a number"]),
        ("1.2.3 mg", &["'1.2.3'", "not a number"]),
        ("05 mg", &["'05'", "write 5"]),
        ("05.5 mg", &["'05.5'", "write 5.5"]),
        ("00.5 mg", &["'00.5'", "write 0.5"]),
        ("000 mg", &["'000'", "write 0"]),
        ("５ mg", &["'５'", "not a number"]),
        ("٥ mg", &["'٥'", "not a number"]),
        ("½ mg", &["'½'", "not a number"]),
        ("0x10 mg", &["not", "write"]),
        ("10 mgs", &["'mgs'", "write mg, g or mcg"]),
        ("10 MG", &["'MG'", "write mg, g or mcg"]),
        ("5 µg", &["'µg'", "mcg"]),
        ("5 μg", &["'μg'", "mcg"]),
        ("5 ug", &["'ug'", "mcg"]),
        ("10 ml", &["'ml'", "write mg"]),
        ("1 %", &["'%'", "write mg"]),
        ("10 mg/kg", &["'mg/kg'", "write mg"]),
        ("10", &["'10'", "no unit"]),
        ("mg", &["'mg'", "not a number"]),
        ("", &["missing"]),
        ("   ", &["missing"]),
        ("1.2345 mg", &["'1.2345'", "more than 3 decimals"]),
        ("0.1 mcg", &["'0.1'", "more than 0 decimals"]),
        ("99999999999999999999 mg", &["too large"]),
        ("9999999999 mg", &["too large"]),
        ("10000 g", &["too large"]),
        ("10000000 mg", &["too large"]),
    ] {
        let error = text.parse::<Amount>().expect_err(text);
        says(&error.to_string(), parts);
    }
}

#[test]
fn a_comma_that_can_only_be_a_decimal_mark_is_never_offered_as_thousands() {
    for (text, wrong) in [("0,500 mg", "0500"), ("0,125 mg", "0125"), ("1234,567 mg", "1234567")] {
        let message = text.parse::<Amount>().unwrap_err().to_string();
        assert!(!message.contains(wrong), "{message}");
    }
    says(&"0,500 mg".parse::<Amount>().unwrap_err().to_string(), &["write 0.500"]);
}

#[test]
fn what_a_refusal_offers_is_itself_taken() {
    for text in ["1,5", "0,5", "0,500", "2,50", "05", "05.5", "00.5", "000", "007", ".5", "1,234,567", "1,234.5"] {
        let message = decimal::parse(text, 3).unwrap_err().to_string();
        let offered = message.rsplit_once("write ").unwrap().1;
        let offered = offered.rsplit(": ").next().unwrap().split([',', ' ']).next().unwrap();
        assert!(decimal::parse(offered, 3).is_ok(), "{message}");
    }
}

#[test]
fn ten_kilograms_of_drug_is_the_first_amount_refused() {
    assert_eq!("9999999.999 mg".parse::<Amount>().unwrap().micrograms(), 9_999_999_999);
    assert_eq!("9999.999999 g".parse::<Amount>().unwrap().micrograms(), 9_999_999_999);
    assert!("10000000 mg".parse::<Amount>().is_err());
}

#[test]
fn thousands_have_a_comma_only_for_people() {
    let amount: Amount = "1.2345 g".parse().unwrap();
    assert_eq!((amount.shown().as_str(), amount.to_string().as_str()), ("1,234.5 mg", "1234.5 mg"));
}

#[test]
fn a_quantity_that_is_no_mass_is_kept_as_it_was_written() {
    assert_eq!("1 DROP".parse::<Quantity>().unwrap().to_string(), "1 DROP");
    assert_eq!("0.5 mL".parse::<Quantity>().unwrap().mass(), None);
    assert_eq!(Quantity::from_chart("10", "MG").unwrap().to_string(), "10 mg");
    for wrong in ["5 0 mg", "1e3 mg", "1,5 mL", "ten mg", "10", ""] {
        assert!(wrong.parse::<Quantity>().is_err(), "{wrong}");
    }
}

/// Any amount that can be written down.
pub fn amounts() -> impl Strategy<Value = Amount> {
    (0..10_000_000_000_u64).prop_map(Amount::from_micrograms)
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(amount in amounts()) {
        prop_assert_eq!(amount.to_string().parse::<Amount>(), Ok(amount));
        prop_assert_eq!(decimal::parse(&decimal::plain(amount.micrograms(), 3), 3), Ok(amount.micrograms()));
    }

    #[test]
    fn a_plain_decimal_means_the_same_in_every_unit(whole in 0..9_999_u64, part in 0..1000_u64) {
        let text = format!("{whole}.{part:03}");
        let milligrams: Amount = format!("{text} mg").parse().unwrap();
        prop_assert_eq!(milligrams.micrograms(), whole * 1000 + part);
        let grams: Amount = format!("{text} g").parse().unwrap();
        prop_assert_eq!(grams.micrograms(), milligrams.micrograms() * 1000);
    }

    #[test]
    fn a_number_shown_with_commas_is_the_number(value in any::<u64>()) {
        let plain = decimal::plain(value, 3);
        prop_assert_eq!(decimal::grouped(&plain).replace(',', ""), plain);
    }
}
