//! The vocabulary of how often planned doses are due, against the table that it was taken from.

use super::says;
use corticurve::record::{Frequencies, FrequencyError, Interval};

fn shipped() -> Frequencies {
    Frequencies::shipped().unwrap()
}

/// The days between two doses.
#[allow(clippy::cast_lossless, reason = "a comparison with the binary numbers of the table")]
fn days_between(every: &Interval) -> f64 {
    match every {
        Interval::Minutes(minutes) => f64::from(*minutes) / 1440.0,
        Interval::PerDay(doses) => 1.0 / f64::from(*doses),
        Interval::OverDays { doses, days } => f64::from(*days) / f64::from(*doses),
        other => panic!("{other:?} is not in the table"),
    }
}

/// The rows that hold the reciprocal of what their words say, with the doses a day that the words do say.
const BY_THEIR_WORDS: [(&str, f64); 5] = [
    ("5 TIMES PER DAY", 5.0),
    ("6 TIMES PER DAY", 6.0),
    ("7 TIMES PER DAY", 7.0),
    ("8 TIMES PER DAY", 8.0),
    ("9 TIMES PER DAY", 9.0),
];

#[test]
fn every_row_of_the_cdisc_table_is_there_with_its_code_and_its_period() {
    let Some(table) = crate::exposure::shared("peers/admiral_dose_freq_lookup.csv") else { return };
    let list = shipped();
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    let mut terms = vec!["ONCE".to_owned()];
    for row in rows.records() {
        let row = row.unwrap();
        let number = |at: usize| row[at].parse::<f64>().unwrap();
        let (code, term, count, factor) = (&row[0], &row[1], number(2), number(4));
        let days_per_window = match &row[3] {
            "MINUTE" => 1.0 / 1440.0,
            "HOUR" => 1.0 / 24.0,
            "DAY" | "WEEK" | "MONTH" | "YEAR" => 1.0,
            other => panic!("{other}"),
        };
        let by_words = BY_THEIR_WORDS.iter().find(|(words, _)| *words == term).map(|(_, doses)| 1.0 / doses);
        let wanted = by_words.unwrap_or(days_per_window / (count * factor));
        let found = list.find(&term.to_lowercase()).unwrap();
        assert_eq!((found.term.as_str(), found.nci.as_deref()), (term, Some(code)));
        let days = days_between(&found.every);
        assert!((days / wanted - 1.0).abs() < 1e-12, "{term}: every {days} days, and the table says {wanted}");
        let in_hours = matches!(&row[3], "MINUTE" | "HOUR");
        assert_eq!(in_hours, !found.every.is_by_day(), "{term}");
        terms.push(term.to_owned());
    }
    assert_eq!(terms.len(), 87);
    assert_eq!(list.iter().map(|frequency| frequency.term.clone()).collect::<Vec<_>>(), terms, "and no others");
}

#[test]
fn everyday_spellings_mean_what_a_ward_means_by_them() {
    for (words, every) in [
        ("bd", "every 12 h"),
        ("TDS", "every 8 h"),
        ("qds", "every 6 h"),
        ("q6h", "every 6 h"),
        ("every  6   hours", "every 6 h"),
        ("od", "daily"),
        ("once a day", "daily"),
        ("alternate days", "every other day"),
        ("weekly", "weekly"),
        ("every 3 days", "every 3 days"),
        ("7 times daily", "7 times a day"),
        ("5 times per day", "every 288 min"),
        ("4 times per month", "4 times in a month"),
        ("q3m", "every 3 months"),
        ("pa", "every year"),
        ("2 times per year", "2 times in a year"),
        ("once", "once"),
    ] {
        assert_eq!(shipped().find(words).unwrap().every.shown(), every, "{words}");
    }
}

#[test]
fn an_unknown_word_is_refused_with_every_term() {
    let message = shipped().find("now and then").unwrap_err().to_string();
    says(&message, &["'now and then' is not a frequency", "Q6H", "4 TIMES PER MONTH", "EVERY 16 WEEKS"]);
}

#[test]
fn a_vocabulary_that_says_two_things_or_nothing_is_refused() {
    for (text, says_so) in [
        (r#"[(term: "Q30MIN", every: Minutes(30)), (term: "q30min", every: Minutes(30))]"#, "'q30min' is there twice"),
        (r#"[(term: "A", every: Once), (term: "B", every: Once, words: ["a"])]"#, "'a' is there twice"),
        (r#"[(term: "NEVER", every: Minutes(0))]"#, "'NEVER' has no time between its doses"),
        (r#"[(term: "BID", every: OverDays(doses: 2, days: 1))]"#, "'BID' has no time between its doses"),
        (r#"[(value: "Q30MIN", every: Minutes(30))]"#, "Unexpected field named `value`"),
        (r#"[(term: "Q30MIN")]"#, "every"),
    ] {
        says(&Frequencies::from_ron(text).unwrap_err().to_string(), &[says_so]);
    }
    let own = Frequencies::from_ron(r#"[(term: "OD", every: Minutes(30))]"#).unwrap();
    assert_eq!(shipped().and(own), Err(FrequencyError::Twice("OD".to_owned())));
}
