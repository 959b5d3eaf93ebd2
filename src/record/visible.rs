//! Text that shows. A file may come from anywhere, and a character that takes no room, turns the direction of text or
//! commands a terminal could make a dose read like another one.
//!
//! What is typed or imported is refused with such a character. What a record file holds stays as it was written, and is
//! shown with each by its number: [`Chart::fold`](super::Chart::fold) makes every text of a chart so, which is the one place
//! for the window, the log and every export, and [`shown`] and [`brief`] do the same for the texts in messages.

use super::{
    Acknowledgement, Administration, Archive, ChartCheck, DrugId, Event, Graded, Infusion, Measurement, Noted, Plan,
    Quantity, Review,
};
use smol_str::SmolStr;

/// Control characters, and those that turn the direction of text or take no room.
///
/// ```
/// use corticurve::record::visible::invisible;
/// assert!(invisible('\u{202e}') && invisible('\n'));
/// assert!(!"methylPREDNISolone 1 µg ü ＋".chars().any(invisible));
/// ```
pub fn invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// The text with every invisible character as its number.
///
/// ```
/// use corticurve::record::visible::shown;
/// assert_eq!(shown("10\u{202e} mg"), "10\\u{202e} mg");
/// ```
pub fn shown(text: &str) -> String {
    if hides_nothing(text) { text.to_owned() } else { text.chars().flat_map(seen).collect() }
}

/// Whether every character shows; told at once of plain letters and digits, which nearly every text is made of.
fn hides_nothing(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) || !text.contains(invisible)
}

/// The beginning of a text that may be long, for a message about it.
///
/// ```
/// use corticurve::record::visible::brief;
/// assert_eq!(brief("ten\tmg"), "ten\\u{9}mg");
/// assert_eq!(brief(&"10 mg ".repeat(100)).len(), 40);
/// ```
pub fn brief(text: &str) -> String {
    text.chars().take(40).flat_map(seen).collect()
}

fn seen(c: char) -> impl Iterator<Item = char> {
    let number = invisible(c).then(|| c.escape_unicode());
    let itself = number.is_none().then_some(c);
    number.into_iter().flatten().chain(itself)
}

/// What holds texts from a file.
pub(super) trait Visible {
    /// Writes every invisible character in its texts as its number; whether there was any.
    fn make_visible(&mut self) -> bool;
}

impl Visible for String {
    fn make_visible(&mut self) -> bool {
        let is_hiding = !hides_nothing(self);
        if is_hiding {
            *self = shown(self);
        }
        is_hiding
    }
}

impl Visible for SmolStr {
    fn make_visible(&mut self) -> bool {
        let is_hiding = !hides_nothing(self);
        if is_hiding {
            *self = shown(self).into();
        }
        is_hiding
    }
}

impl Visible for DrugId {
    fn make_visible(&mut self) -> bool {
        let is_hiding = !hides_nothing(self.as_str());
        if is_hiding {
            *self = Self::new(&shown(self.as_str()));
        }
        is_hiding
    }
}

impl<T: Visible> Visible for Option<T> {
    fn make_visible(&mut self) -> bool {
        self.as_mut().is_some_and(T::make_visible)
    }
}

impl Visible for Quantity {
    fn make_visible(&mut self) -> bool {
        match self {
            Self::Other(other) => other.number.make_visible() | other.unit.make_visible(),
            Self::Mass(_) => false,
        }
    }
}

/// The source's id is not for people: an import compares it with the source's own.
impl Visible for Administration {
    fn make_visible(&mut self) -> bool {
        self.drug.make_visible() | self.amount.make_visible() | self.due.make_visible() | self.note.make_visible()
    }
}

impl Visible for Infusion {
    fn make_visible(&mut self) -> bool {
        self.product.make_visible()
    }
}

impl Visible for Noted {
    fn make_visible(&mut self) -> bool {
        match &mut self.event {
            Event::Agent { name, amount } => name.make_visible() | amount.make_visible(),
            Event::Response(text) | Event::Text(text) => text.make_visible(),
            Event::IntensiveCareIn | Event::IntensiveCareOut => false,
        }
    }
}

impl Visible for Plan {
    fn make_visible(&mut self) -> bool {
        self.stages.iter_mut().fold(false, |was, stage| stage.drug.make_visible() | was)
    }
}

impl Visible for Acknowledgement {
    fn make_visible(&mut self) -> bool {
        self.rule.make_visible() | self.reason.make_visible()
    }
}

impl Visible for Archive {
    fn make_visible(&mut self) -> bool {
        self.reason.make_visible()
    }
}

/// Numbers, ids and times only.
macro_rules! without_text {
    ($($kind:ty),+) => {$(
        impl Visible for $kind {
            fn make_visible(&mut self) -> bool {
                false
            }
        }
    )+};
}

without_text!(Measurement, Graded, ChartCheck, Review);
