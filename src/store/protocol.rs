//! The rules that only a test may switch off.

/// The rules of saving and reading that no disk can take away, all of them kept.
///
/// The program has no way to change them. The tests take one out at a time and show that something is lost without it, so
/// that a crash test which finds nothing is known to be looking.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Protocol {
    /// A line counts only when its digits follow from its text and the digits before it.
    pub digits_checked: bool,
    /// After any error a segment is never written again.
    pub left_after_error: bool,
}

impl Default for Protocol {
    fn default() -> Self {
        Self { digits_checked: true, left_after_error: true }
    }
}
