//! A page as plain data: words and lines in their places, in points from the upper left corner.

/// A colour, chosen so that it can be told from its neighbours in grey too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ink(pub u8, pub u8, pub u8);

impl Ink {
    /// Words.
    pub const TEXT: Self = Self(0x16, 0x1b, 0x22);
    /// Words beside others.
    pub const QUIET: Self = Self(0x48, 0x50, 0x5c);
    /// Frames and the lines of tables.
    pub const EDGE: Self = Self(0x8c, 0x93, 0x9c);
    /// Grid lines.
    pub const GRID: Self = Self(0xdd, 0xe0, 0xe4);
    /// Hatched time.
    pub const HATCH: Self = Self(0xb4, 0xba, 0xc2);
    /// The curve, and the first drug.
    pub const STEROID: Self = Self(0x1b, 0x4f, 0x8c);
    /// Under the curve.
    pub const UNDER: Self = Self(0xe3, 0xeb, 0xf5);
    /// Anakinra.
    pub const ANAKINRA: Self = Self(0x8f, 0x4a, 0x04);
    /// The ground of anakinra's bars.
    pub const ANAKINRA_GROUND: Self = Self(0xfb, 0xe9, 0xd3);
    /// The paper.
    pub const PAPER: Self = Self(0xff, 0xff, 0xff);
}

/// One line of words.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    /// Its left end.
    pub x: f64,
    /// Its base line.
    pub y: f64,
    /// The size of its letters.
    pub size: f64,
    /// How far it reaches to the right.
    pub width: f64,
    /// Whether it is bold.
    pub bold: bool,
    /// Its colour.
    pub ink: Ink,
    /// What it says.
    pub text: String,
}

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Area {
    pub(super) const fn corners(self) -> [[f64; 2]; 4] {
        [[self.left, self.top], [self.right, self.top], [self.right, self.bottom], [self.left, self.bottom]]
    }

    pub(super) fn width(self) -> f64 {
        self.right - self.left
    }

    pub(super) fn height(self) -> f64 {
        self.bottom - self.top
    }

    /// What two have in common; `None` where that is nothing.
    pub(super) fn within(self, other: Self) -> Option<Self> {
        let both = Self {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        };
        (both.width() > 0.0 && both.height() > 0.0).then_some(both)
    }
}

/// Something on the page.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// Words.
    Text(Text),
    /// Points joined by straight lines, unbroken or with dashes and gaps of these lengths.
    Line(Vec<[f64; 2]>, f64, Ink, Option<[f64; 2]>),
    /// The inside of a shape.
    Fill(Vec<[f64; 2]>, Ink),
    /// What follows is seen only inside this rectangle.
    Clip(Area),
    /// The same no longer.
    Unclip,
}

/// A page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sheet {
    /// What is on it, in the order in which it is drawn.
    pub items: Vec<Item>,
}

impl Sheet {
    /// The width of A4.
    pub const WIDTH: f64 = 595.28;
    /// The height of A4.
    pub const HEIGHT: f64 = 841.89;

    /// Its words, line by line, in the order in which they are drawn.
    pub fn texts(&self) -> impl Iterator<Item = &Text> {
        self.items.iter().filter_map(|item| match item {
            Item::Text(text) => Some(text),
            _ => None,
        })
    }

    /// All of its words with a space between lines, so that what is folded can be found.
    pub fn words(&self) -> String {
        self.texts().map(|text| text.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    pub(super) fn line(&mut self, points: &[[f64; 2]], width: f64, ink: Ink) {
        self.items.push(Item::Line(points.to_vec(), width, ink, None));
    }

    pub(super) fn dashed(&mut self, points: &[[f64; 2]], width: f64, ink: Ink, dash: [f64; 2]) {
        self.items.push(Item::Line(points.to_vec(), width, ink, Some(dash)));
    }

    pub(super) fn frame(&mut self, area: Area, width: f64, ink: Ink) {
        let [first, second, third, last] = area.corners();
        self.line(&[first, second, third, last, first], width, ink);
    }

    pub(super) fn fill(&mut self, area: Area, ink: Ink) {
        self.items.push(Item::Fill(area.corners().to_vec(), ink));
    }

    /// What is drawn in between is seen only inside the rectangle.
    pub(super) fn inside(&mut self, area: Area, draw: impl FnOnce(&mut Self)) {
        self.items.push(Item::Clip(area));
        draw(self);
        self.items.push(Item::Unclip);
    }
}
