//! Record numbers, initials, names and ids.

use super::says;
use corticurve::record::{EntryId, Initials, Mrn, Name, PatientId, Sex, id_letters};
use proptest::prelude::*;

#[test]
fn record_numbers_are_trimmed_and_kept_as_they_are() {
    for (text, kept) in [(" 40 017 ", "40 017"), ("A-12/3.4_b", "A-12/3.4_b"), ("患者-7", "患者-7"), ("007", "007")]
    {
        assert_eq!(text.parse::<Mrn>().unwrap().to_string(), kept);
    }
    for wrong in ["", "   ", "40\t017", "40;017", "../../etc", "x\u{202e}y", "a\nb", &"9".repeat(33)] {
        // A path is letters, dots and slashes like any number: it is only ever text, never part of a path on disk.
        if wrong != "../../etc" {
            says(&wrong.parse::<Mrn>().expect_err(wrong).to_string(), &["not an MRN", "1 to 32"]);
        }
    }
}

#[test]
fn initials_are_one_to_six_letters_in_capitals() {
    for (text, kept) in [("nk", "NK"), (" öz ", "ÖZ"), ("李", "李"), ("abcdef", "ABCDEF"), ("ß", "SS")] {
        assert_eq!(text.parse::<Initials>().unwrap().to_string(), kept);
    }
    for wrong in ["", "N. K.", "NK1", "abcdefg", "ßßßß", "n k", "-"] {
        says(&wrong.parse::<Initials>().expect_err(wrong).to_string(), &["not initials", "1 to 6 letters"]);
    }
}

#[test]
fn typed_names_hold_nothing_invisible() {
    assert_eq!(Name::parse(" Łucja-Ana O'Neil ").unwrap().shown(), "Łucja-Ana O'Neil");
    assert!(Name::parse("").unwrap().is_empty());
    for wrong in ["a\u{202e}b", "a\u{200b}b", "a\nb", "a\u{0}b", &"x".repeat(101)] {
        assert!(Name::parse(wrong).is_err(), "{wrong:?}");
    }
}

#[test]
fn a_name_from_a_file_shows_what_is_hidden_in_it() {
    let name: Name = ron::from_str("\"Ro\u{202e}bin\"").unwrap();
    assert_eq!(name.shown(), "Ro\\u{202e}bin");
}

#[test]
fn ids_are_only_those_that_this_program_makes() {
    assert!("p-7f3k9q2mzt4c".parse::<PatientId>().is_ok());
    for wrong in ["", "p-", "7f3k9q2mzt4c", "p-7f3k9q2mzt4", "p-7F3K9Q2MZT4C", "p-../../../..", "p-7f3k9q2mzt4i"] {
        assert!(wrong.parse::<PatientId>().is_err(), "{wrong}");
    }
    assert!("0123456789abcdef".parse::<EntryId>().is_ok());
    assert!("0123456789abcdeu".parse::<EntryId>().is_err());
}

#[test]
fn an_id_has_exactly_the_letters_that_random_bytes_make() {
    let made = id_letters(&std::array::from_fn::<u8, 32, _>(|at| u8::try_from(at).unwrap()));
    for byte in 0..=127_u8 {
        let letter = char::from(byte);
        let taken = letter.to_string().repeat(16).parse::<EntryId>().is_ok();
        assert_eq!(taken, made.contains(letter), "{letter:?}");
    }
}

#[test]
fn sex_is_one_of_four_words() {
    assert_eq!(" Female ".parse(), Ok(Sex::Female));
    says(&"f".parse::<Sex>().unwrap_err().to_string(), &["'f'", "female, male, other or unknown"]);
}

proptest! {
    #[test]
    fn what_is_taken_is_written_and_read_back(text in ".{0,40}", letters in "\\p{Alphabetic}{1,6}") {
        if let Ok(mrn) = text.parse::<Mrn>() {
            prop_assert_eq!(mrn.to_string().parse::<Mrn>(), Ok(mrn));
        }
        if let Ok(name) = Name::parse(&text) {
            prop_assert_eq!(Name::parse(&name.shown()), Ok(name));
        }
        if let Ok(initials) = letters.parse::<Initials>() {
            prop_assert_eq!(initials.to_string().parse::<Initials>(), Ok(initials));
        }
    }

    #[test]
    fn random_bytes_make_ids_that_are_read_back(patient in any::<[u8; 12]>(), entry in any::<[u8; 16]>()) {
        let (patient, entry) = (PatientId::from_random(patient), EntryId::from_random(entry));
        prop_assert_eq!(patient.as_str().parse::<PatientId>(), Ok(patient.clone()));
        prop_assert_eq!(entry.as_str().parse::<EntryId>(), Ok(entry.clone()));
    }
}
