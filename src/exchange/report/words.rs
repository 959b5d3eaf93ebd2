//! How wide words are in the bundled fonts, and where a line of them is folded.

use super::sheet::{Ink, Sheet, Text};
use crate::exchange::fonts;
use rustybuzz::{Face, UnicodeBuffer};

/// The bundled fonts, read.
pub struct Fonts {
    regular: Face<'static>,
    bold: Face<'static>,
}

/// How words look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// The size of the letters.
    pub size: f64,
    /// Whether they are bold.
    pub bold: bool,
    /// Their colour.
    pub ink: Ink,
}

impl Style {
    pub const fn plain(size: f64) -> Self {
        Self { size, bold: false, ink: Ink::TEXT }
    }

    pub const fn quiet(size: f64) -> Self {
        Self { size, bold: false, ink: Ink::QUIET }
    }

    pub const fn bold(size: f64) -> Self {
        Self { size, bold: true, ink: Ink::TEXT }
    }

    /// From one line to the next.
    pub fn leading(self) -> f64 {
        self.size * 1.28
    }
}

impl Fonts {
    pub fn bundled() -> Option<Self> {
        Some(Self { regular: Face::from_slice(fonts::REGULAR, 0)?, bold: Face::from_slice(fonts::BOLD, 0)? })
    }

    const fn face(&self, bold: bool) -> &Face<'static> {
        if bold { &self.bold } else { &self.regular }
    }

    /// How wide a line is: shaped as it will be drawn, so that nothing runs over its edge.
    pub fn width(&self, text: &str, style: Style) -> f64 {
        let face = self.face(style.bold);
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        let shaped = rustybuzz::shape(face, &[], buffer);
        let units: i32 = shaped.glyph_positions().iter().map(|glyph| glyph.x_advance).sum();
        f64::from(units) * style.size / f64::from(face.units_per_em())
    }

    /// Whether the fonts lack a letter of a text.
    pub fn lack(&self, text: &str) -> bool {
        text.chars().any(|letter| !letter.is_whitespace() && self.bold.glyph_index(letter).is_none())
    }

    /// The lines of a text in a width. A number is not parted from its unit; a word that is wider than a line is folded inside.
    pub fn fold(&self, text: &str, style: Style, width: f64) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        for word in unparted(text) {
            let longer = if line.is_empty() { word.clone() } else { format!("{line} {word}") };
            if self.width(&longer, style) <= width {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            if self.width(&word, style) <= width {
                line = word;
                continue;
            }
            for letter in word.chars() {
                line.push(letter);
                if self.width(&line, style) > width && line.chars().count() > 1 {
                    line.pop();
                    lines.push(std::mem::replace(&mut line, letter.to_string()));
                }
            }
        }
        lines.push(line);
        lines
    }
}

/// The words of a text, a number together with the unit after it.
fn unparted(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let is_unit = word.starts_with(|first: char| first.is_ascii_lowercase() || first == '%');
        match words.last_mut() {
            Some(before) if is_unit && is_number(before) => *before = format!("{before} {word}"),
            _ => words.push(word.to_owned()),
        }
    }
    words
}

fn is_number(word: &str) -> bool {
    let digits = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '–' | '−' | '+' | '(');
    word.ends_with(|c: char| c.is_ascii_digit()) && word.chars().all(digits)
}

/// Where words stand between the ends of their room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Left,
    Middle,
    Right,
}

impl Sheet {
    /// One line of words at a base line, with its left end, middle or right end at `x`; returns how wide it is.
    pub(super) fn words_at(&mut self, fonts: &Fonts, [x, y]: [f64; 2], side: Side, text: &str, style: Style) -> f64 {
        if text.is_empty() {
            return 0.0;
        }
        let width = fonts.width(text, style);
        let x = match side {
            Side::Left => x,
            Side::Middle => x - width / 2.0,
            Side::Right => x - width,
        };
        let Style { size, bold, ink } = style;
        self.items.push(super::Item::Text(Text { x, y, size, width, bold, ink, text: text.to_owned() }));
        width
    }

    /// A folded text below `top`; returns where the next thing may begin.
    pub(super) fn paragraph(&mut self, fonts: &Fonts, [x, top]: [f64; 2], width: f64, text: &str, style: Style) -> f64 {
        let mut y = top;
        for line in fonts.fold(text, style, width) {
            self.words_at(fonts, [x, y + style.size], Side::Left, &line, style);
            y += style.leading();
        }
        y
    }
}
