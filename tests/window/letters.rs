//! The bundled fonts have a sign for every letter that a name on the ward is written with.

use super::desk::{SMALL, demo};
use corticurve::app::Theme;
use egui::{FontFamily, FontId};

/// The letters of a script, as ranges with what stands between them left out where it is no letter.
const SCRIPTS: [(&str, &[(char, char)]); 5] = [
    ("Latin", &[('A', 'Z'), ('a', 'z'), ('À', 'Ö'), ('Ø', 'ö'), ('ø', 'ž'), ('Ș', 'ț'), ('ẞ', 'ẞ')]),
    ("Greek", &[('Ά', 'Ά'), ('Έ', 'Ί'), ('Ό', 'Ό'), ('Ύ', 'Ρ'), ('Σ', 'ώ')]),
    ("Cyrillic", &[('Ѐ', 'џ'), ('Ґ', 'ґ'), ('Ә', 'ә'), ('Қ', 'қ'), ('Ө', 'ө'), ('Ү', 'ү')]),
    ("Vietnamese", &[('Ạ', 'ỹ'), ('Ơ', 'ơ'), ('Ư', 'ư')]),
    (
        "signs",
        &[('–', '—'), ('−', '−'), ('→', '→'), ('←', '←'), ('≈', '≈'), ('✓', '✓'), ('✗', '✗'), ('⚠', '⚠'), ('▾', '▾')],
    ),
];

#[test]
fn latin_greek_cyrillic_and_vietnamese_letters_are_all_in_the_bundled_fonts() {
    let desk = demo(Theme::Light, SMALL);
    let regular = FontId::proportional(12.0);
    let bold = FontId::new(12.0, FontFamily::Name("bold".into()));
    for (script, ranges) in SCRIPTS {
        let letters: Vec<char> = ranges.iter().flat_map(|(first, last)| *first..=*last).collect();
        for (name, font) in [("regular", &regular), ("bold", &bold)] {
            let lacking: String =
                desk.ctx.fonts_mut(|fonts| letters.iter().filter(|letter| !fonts.has_glyph(font, **letter)).collect());
            assert!(lacking.is_empty(), "{script}, {name}: no sign for {lacking}");
        }
    }
    // The test could not fail if a sign were found for anything.
    assert!(!desk.ctx.fonts_mut(|fonts| fonts.has_glyph(&regular, '漢')), "Chinese comes from the system's fonts");
}
