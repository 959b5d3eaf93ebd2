//! Finishing the word that is being typed.

use crate::record::{Expressed, Formulary, Purpose, Route, Status};

/// How many words are offered at most.
const OFFERED: usize = 6;

/// The words that the last word of a line may become, the likeliest first; none where it is a whole word already, or a number
/// or a time, or where the line ends with a space.
///
/// ```
/// use corticurve::record::{Formulary, quick};
/// let formulary = Formulary::shipped().unwrap();
/// assert_eq!(quick::completions("dexa", &formulary), ["dexamethasone"]);
/// assert_eq!(quick::completions("pred", &formulary), ["prednisolone", "prednisone"]);
/// assert_eq!(quick::completions("dex 10 intrav", &formulary), ["intravenous"]);
/// assert_eq!(quick::completions("dex 10 iv ic", &formulary), ["icans"]);
/// assert!(quick::completions("dex 10 iv", &formulary).is_empty());
/// ```
pub fn completions(line: &str, formulary: &Formulary) -> Vec<String> {
    let (before, typed) = line.rsplit_once(char::is_whitespace).unwrap_or(("", line));
    let typed = typed.to_lowercase();
    if !typed.starts_with(char::is_alphabetic) || line.contains(';') {
        return Vec::new();
    }
    let mut words: Vec<String> = if is_of_the_drug(before) { drugs(&typed, formulary) } else { others(&typed) };
    words.retain(|word| word.starts_with(&typed) && *word != typed);
    words.sort();
    words.dedup();
    words.truncate(OFFERED);
    words
}

/// Whether the word after these is the drug.
fn is_of_the_drug(before: &str) -> bool {
    let mut words = before.split_whitespace();
    match (words.next(), words.next()) {
        (None, _) => true,
        (Some(word), None) => matches!(word.to_lowercase().as_str(), "hold" | "held"),
        _ => false,
    }
}

/// One name of each drug that begins so: its own, or else the first of the other names.
fn drugs(typed: &str, formulary: &Formulary) -> Vec<String> {
    let is_it =
        |drug: &&crate::record::Drug| drug.id.as_str() == typed || drug.synonyms.iter().any(|name| name == typed);
    if formulary.drugs().iter().any(|drug| is_it(&drug)) {
        return Vec::new();
    }
    let name = |drug: &crate::record::Drug| {
        let names = std::iter::once(drug.id.as_str()).chain(drug.synonyms.iter().map(String::as_str));
        names.into_iter().find(|name| name.starts_with(typed) && !name.contains(' ')).map(ToOwned::to_owned)
    };
    formulary.drugs().iter().filter_map(name).collect()
}

fn others(typed: &str) -> Vec<String> {
    let is_whole = Route::find(typed).is_some()
        || Purpose::find(typed).is_some()
        || Status::find(typed).is_some()
        || Expressed::find(typed).is_some();
    if is_whole {
        return Vec::new();
    }
    let routes = Route::ALL.iter().map(|route| route.word());
    let purposes = Purpose::ALL.iter().map(|purpose| purpose.word());
    let statuses = Status::ALL.iter().map(|status| status.word());
    let salts = Expressed::ALL.iter().map(|salt| salt.word());
    let more = ["now", "today", "yesterday", "over", "from"];
    let all = routes.chain(purposes).chain(statuses).chain(salts).chain(more);
    all.filter(|word| !word.contains(' ')).map(str::to_lowercase).collect()
}
