//! How colours look to others, and on a black-and-white print.

use egui::Color32;

/// Who looks, or at what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    Usual,
    Grey,
    Protanopia,
    Deuteranopia,
}

impl Sight {
    pub const ALL: [Self; 4] = [Self::Usual, Self::Grey, Self::Protanopia, Self::Deuteranopia];

    /// Rows of red, green and blue, over linear light. Grey is the relative luminance of WCAG 2.2. The others are those of
    /// severity 1.0 in Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision
    /// Deficiency", IEEE Transactions on Visualization and Computer Graphics 15 (2009).
    const fn matrix(self) -> [[f64; 3]; 3] {
        match self {
            Self::Usual => [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
            Self::Grey => [LUMINANCE; 3],
            Self::Protanopia => [
                [0.152_286, 1.052_583, -0.204_868],
                [0.114_503, 0.786_281, 0.099_216],
                [-0.003_882, -0.048_116, 1.051_998],
            ],
            Self::Deuteranopia => [
                [0.367_322, 0.860_646, -0.227_968],
                [0.280_085, 0.672_501, 0.047_413],
                [-0.011_820, 0.042_940, 0.968_881],
            ],
        }
    }

    /// A colour as it is seen, in linear light.
    fn sees(self, colour: Color32) -> [f64; 3] {
        let light = [colour.r(), colour.g(), colour.b()].map(linear);
        self.matrix().map(|row| row.iter().zip(light).map(|(share, part)| share * part).sum::<f64>().clamp(0.0, 1.0))
    }

    /// The contrast of two colours as they are seen: from 1, which are alike, to 21. Source: WCAG 2.2.
    pub fn contrast(self, one: Color32, other: Color32) -> f64 {
        let luminance =
            |colour| -> f64 { LUMINANCE.iter().zip(self.sees(colour)).map(|(share, part)| share * part).sum() };
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }
}

const LUMINANCE: [f64; 3] = [0.2126, 0.7152, 0.0722];

/// The light of a part of a colour. Source: WCAG 2.2.
fn linear(part: u8) -> f64 {
    let part = f64::from(part) / 255.0;
    if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
}

#[test]
fn grey_stays_grey_to_everybody_and_black_on_white_is_21() {
    for sight in Sight::ALL {
        for grey in [0_u8, 64, 128, 255] {
            let seen = sight.sees(Color32::from_gray(grey));
            assert!(seen.iter().all(|part| (part - linear(grey)).abs() < 1e-4), "{sight:?} {grey}: {seen:?}");
        }
        assert!((sight.contrast(Color32::BLACK, Color32::WHITE) - 21.0).abs() < 1e-2, "{sight:?}");
    }
    // What red and green that are alike in light look like to who cannot tell them apart.
    let (red, green) = (Color32::from_rgb(200, 60, 20), Color32::from_rgb(20, 140, 20));
    let apart = |sight: Sight| -> f64 {
        sight.sees(red).iter().zip(sight.sees(green)).map(|(one, other)| (one - other).abs()).sum()
    };
    assert!(apart(Sight::Deuteranopia) < apart(Sight::Usual) / 2.0, "{}", apart(Sight::Deuteranopia));
    assert!(apart(Sight::Grey) < apart(Sight::Usual) / 2.0, "{}", apart(Sight::Grey));
}
