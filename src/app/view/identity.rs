//! Who the patient is, in words: for the strip over the window and for the printed page.

use crate::exposure::Exposure;
use crate::record::{Chart, Identity, Moment, Sex, time};

/// `born 04-Mar-2009 (17 y)`; `None` where it is not known.
pub fn born_words(identity: &Identity, now: Moment) -> Option<String> {
    let born = identity.born?;
    let age = identity.age_on(now.date_naive()).map(|age| format!(" ({age} y)")).unwrap_or_default();
    Some(format!("born {}{age}", time::shown_date(born)))
}

/// `MRN 40 017`.
pub fn mrn_words(identity: &Identity) -> String {
    format!("MRN {}", identity.mrn)
}

/// Sex, weight with its date, product and infusion.
pub fn details(identity: &Identity, exposure: Option<&Exposure>, now: Moment) -> Vec<String> {
    let mut parts = vec![match identity.sex {
        Sex::Unknown => "sex unknown".to_owned(),
        sex => sex.word().to_owned(),
    }];
    if let Some((weight, at)) = exposure.and_then(|exposure| exposure.weight) {
        parts.push(format!("{weight} ({})", at.format("%d-%b")));
    }
    match exposure.and_then(|exposure| exposure.infusion.as_ref()) {
        Some(infusion) => {
            let planned = if infusion.at > now { "planned " } else { "" };
            parts.push(format!("{} {planned}{}", infusion.product, time::shown(infusion.at)));
        }
        None => parts.push("no infusion recorded: dates, no Day N".to_owned()),
    }
    if identity.dates_shifted {
        let end = exposure.map(|exposure| time::shown(exposure.as_of)).unwrap_or_default();
        parts.push(format!("dates shifted by the source; as of {end}, the end of the record"));
    }
    parts
}

/// `archived`, of a patient who has left the ward list.
pub fn archived_word(chart: &Chart) -> Option<String> {
    chart.is_archived().then(|| "archived".to_owned())
}

/// Up to when the medication chart was checked; `shown` says a time.
pub fn checked_words(chart: &Chart, shown: impl FnOnce(Moment) -> String) -> String {
    match chart.checked_to() {
        Some(at) => format!("chart checked to {}", shown(at)),
        None => "chart not checked yet".to_owned(),
    }
}
