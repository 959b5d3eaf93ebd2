//! Where in a text something stands, so that whoever edits the text by hand finds it.

use ron::error::SpannedError;
use std::fmt;

/// A place in a text file, as editors count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TextPlace {
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
}

impl TextPlace {
    /// Where a part of a text begins; the end for something that is not a part of it.
    ///
    /// RON tells positions only of what it refuses itself. Texts that it hands out are slices of the file, so their
    /// address is their place, whatever else in the file reads the same. Source: design, section 9.
    ///
    /// ```
    /// use corticurve::exposure::TextPlace;
    /// let text = "[\n  (\"prednisone\", \"5\"),\n]";
    /// let drug = &text[6..16];
    /// assert_eq!((drug, TextPlace::of(text, drug).to_string().as_str()), ("prednisone", "line 2, column 5"));
    /// ```
    pub fn of(text: &str, part: &str) -> Self {
        let at = part.as_ptr().addr().checked_sub(text.as_ptr().addr());
        Self::at(text, at.unwrap_or(text.len()))
    }

    /// A place in a part of a text that begins here, as a place in the whole text.
    pub(super) const fn and(self, inner: Self) -> Self {
        let column = if inner.line == 1 { self.column + inner.column - 1 } else { inner.column };
        Self { line: self.line + inner.line - 1, column }
    }

    /// The place of a byte.
    pub(super) fn at(text: &str, byte: usize) -> Self {
        let before = text.get(..byte).unwrap_or(text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        Self { line: before.matches('\n').count() + 1, column: line.chars().count() + 1 }
    }
}

impl fmt::Display for TextPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// Where RON gave up and why, with what to write where that is known.
pub(super) fn form(error: &SpannedError) -> (TextPlace, String) {
    use ron::Error::{ExpectedString, InvalidValueForType};
    let place = TextPlace { line: error.span.start.line, column: error.span.start.col };
    let advice = match &error.code {
        ExpectedString => "; put it in quotation marks, like \"5\"",
        InvalidValueForType { expected, .. } if expected.contains("borrowed") => "; write it without a backslash",
        _ => "",
    };
    (place, format!("{}{advice}", error.code))
}
