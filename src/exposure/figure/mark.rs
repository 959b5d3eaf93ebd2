//! Marks of events: a shape of its own for each kind, so that no kind is told by colour.

use crate::record::Event;

/// An event.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// When.
    pub x: f64,
    /// Of which kind.
    pub kind: MarkKind,
    /// In words.
    pub words: String,
}

/// What a mark is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkKind {
    /// Tocilizumab.
    Tocilizumab,
    /// Another agent.
    Agent,
    /// Into intensive care.
    IntensiveCareIn,
    /// Out of intensive care.
    IntensiveCareOut,
    /// A response.
    Response,
    /// Anything else.
    Other,
}

impl MarkKind {
    /// Every kind, in the order of the legend.
    pub const ALL: [Self; 6] =
        [Self::Tocilizumab, Self::Agent, Self::IntensiveCareIn, Self::IntensiveCareOut, Self::Response, Self::Other];

    /// The kind of an event. Source: design, section 4.
    ///
    /// ```
    /// use corticurve::exposure::figure::MarkKind;
    /// use corticurve::record::Event;
    /// let agent = |name: &str| Event::Agent { name: name.to_owned(), amount: None };
    /// assert_eq!(MarkKind::of(&agent("tocilizumab")), MarkKind::Tocilizumab);
    /// assert_eq!(MarkKind::of(&agent("siltuximab")), MarkKind::Agent);
    /// ```
    pub fn of(event: &Event) -> Self {
        match event {
            Event::Agent { name, .. } if name.trim().eq_ignore_ascii_case("tocilizumab") => Self::Tocilizumab,
            Event::Agent { .. } => Self::Agent,
            Event::IntensiveCareIn => Self::IntensiveCareIn,
            Event::IntensiveCareOut => Self::IntensiveCareOut,
            Event::Response(_) => Self::Response,
            Event::Text(_) => Self::Other,
        }
    }

    /// Its shape. Source: design, section 7: never colour alone.
    ///
    /// ```
    /// use corticurve::exposure::figure::MarkKind;
    /// assert_eq!(MarkKind::ALL.map(MarkKind::glyph).concat(), "▼▽■□★◆");
    /// ```
    pub const fn glyph(self) -> &'static str {
        match self {
            Self::Tocilizumab => "▼",
            Self::Agent => "▽",
            Self::IntensiveCareIn => "■",
            Self::IntensiveCareOut => "□",
            Self::Response => "★",
            Self::Other => "◆",
        }
    }

    /// What the legend says beside it. Source: design, section 4.
    ///
    /// ```
    /// use corticurve::exposure::figure::MarkKind;
    /// assert_eq!(MarkKind::IntensiveCareIn.word(), "into intensive care");
    /// ```
    pub const fn word(self) -> &'static str {
        match self {
            Self::Tocilizumab => "tocilizumab",
            Self::Agent => "other agent",
            Self::IntensiveCareIn => "into intensive care",
            Self::IntensiveCareOut => "out of intensive care",
            Self::Response => "response",
            Self::Other => "other event",
        }
    }
}
