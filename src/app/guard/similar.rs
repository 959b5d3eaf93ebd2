//! Which patients of the ward have names that are easily taken for each other.
//!
//! Two names are similar when the family names are the same or one slip apart (a letter wrong, missing, too many, or two
//! neighbours swapped), or when the family name of one is the given name of the other and the other way round. Capitals,
//! spaces and hyphens do not count. Names that sound alike and are written otherwise are not found.
//!
//! Every name is looked up among all others by its letters without one of them, so a ward of thousands takes no longer for
//! each patient than a small one.

use std::collections::HashMap;

/// From this length on a family name with a slip counts: `Li` and `Lo` would be similar to half a ward.
const LONG_ENOUGH: usize = 4;

/// For each patient, given as family and given name, the place of another with a similar name.
///
/// ```
/// use corticurve::app::guard::similar;
/// let names = [("Example", "Robin"), ("Sample", "Avery"), ("EXAMPEL", "Jo"), ("Robin", "Example")];
/// assert_eq!(similar(&names), [Some(2), None, Some(0), Some(0)]);
/// ```
pub fn similar<Text: AsRef<str>>(names: &[(Text, Text)]) -> Vec<Option<usize>> {
    let mut found = vec![None; names.len()];
    // The first patient with each key: two with the same key are similar.
    let mut known: HashMap<String, usize> = HashMap::new();
    for (at, (family, given)) in names.iter().enumerate() {
        let (family, given) = (letters(family.as_ref()), letters(given.as_ref()));
        if family.is_empty() {
            continue;
        }
        for key in keys(&family, &given) {
            let first = *known.entry(key).or_insert(at);
            if first != at {
                mark(&mut found, at, first);
                mark(&mut found, first, at);
            }
        }
    }
    found
}

fn mark(found: &mut [Option<usize>], at: usize, other: usize) {
    if let Some(found) = found.get_mut(at) {
        found.get_or_insert(other);
    }
}

fn letters(name: &str) -> Vec<char> {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What two similar names have in common.
fn keys(family: &[char], given: &[char]) -> Vec<String> {
    let mut keys = vec![format!("family {}", family.iter().collect::<String>())];
    if !given.is_empty() {
        let (mut first, mut second) = (family, given);
        if first > second {
            (first, second) = (second, first);
        }
        keys.push(format!("both {} {}", first.iter().collect::<String>(), second.iter().collect::<String>()));
    }
    if family.len() >= LONG_ENOUGH {
        let without = |left_out: usize| {
            let rest = family.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, letter)| letter);
            format!("slip {}", rest.collect::<String>())
        };
        keys.extend((0..=family.len()).map(without));
    }
    keys
}
