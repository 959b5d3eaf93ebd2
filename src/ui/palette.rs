//! The colours, light and dark, and the style made of them. Never colour alone: lines, hatches and letters say the same.

use crate::app::Theme;
use egui::{Color32, Context, CornerRadius, FontFamily, FontId, Frame, Margin, Stroke, TextStyle, Visuals};

/// The colours of one theme.
#[derive(Debug, Clone, Copy)]
pub struct Palette {
    /// Behind the cards.
    pub ground: Color32,
    /// The cards.
    pub card: Color32,
    /// Their edges, and grid lines.
    pub edge: Color32,
    /// Text.
    pub text: Color32,
    /// Less important text; still at least 4.5 : 1.
    pub quiet: Color32,
    /// The curve, links, the day.
    pub accent: Color32,
    /// The chosen patient and row.
    pub chosen: Color32,
    /// Anakinra.
    pub anakinra: Color32,
    /// Saved, and what a line would do.
    pub good: Color32,
    /// Errors and what needs a look.
    pub bad: Color32,
    /// Hatching.
    pub hatch: Color32,
    /// The read-out.
    pub note: Color32,
    /// Grades 1 to 5.
    pub grades: [Color32; 5],
    /// Text on grades.
    pub on_grade: Color32,
    /// Drugs of the daily lane, in their order; each also has its letter.
    pub drugs: [Color32; 4],
}

const fn rgb(hex: u32) -> Color32 {
    let [_, red, green, blue] = hex.to_be_bytes();
    Color32::from_rgb(red, green, blue)
}

/// Behind what must not be overlooked, under white letters in both themes.
pub const ALARM: Color32 = rgb(0xa3_1d_12);

/// The colours of the light theme.
pub const LIGHT: Palette = Palette {
    ground: rgb(0xf0_f2_f5),
    card: rgb(0xff_ff_ff),
    edge: rgb(0xd3_d8_df),
    text: rgb(0x16_1b_22),
    quiet: rgb(0x55_5f_6d),
    accent: rgb(0x1f_5f_a8),
    chosen: rgb(0xdd_ea_fa),
    anakinra: rgb(0xb4_5f_06),
    good: rgb(0x1a_7f_37),
    bad: rgb(0xb4_23_18),
    hatch: rgb(0xb9_c0_c9),
    note: rgb(0xff_f8_dc),
    grades: [rgb(0xfd_e8_cb), rgb(0xf8_c0_70), rgb(0xe8_80_2a), rgb(0xb8_40_1e), rgb(0x8f_1d_1d)],
    on_grade: rgb(0x16_1b_22),
    drugs: [rgb(0x1f_5f_a8), rgb(0x6a_a5_d8), rgb(0x5a_4f_9c), rgb(0x2f_8f_8f)],
};

/// The colours of the dark theme.
pub const DARK: Palette = Palette {
    ground: rgb(0x11_15_1b),
    card: rgb(0x1a_20_28),
    edge: rgb(0x36_3f_4b),
    text: rgb(0xe8_ec_f1),
    quiet: rgb(0xa3_ae_bb),
    accent: rgb(0x7a_b6_f5),
    chosen: rgb(0x23_3a_56),
    anakinra: rgb(0xe5_97_3c),
    good: rgb(0x5f_cf_7f),
    bad: rgb(0xff_8a_7d),
    hatch: rgb(0x49_54_61),
    note: rgb(0x3a_36_22),
    grades: [rgb(0x5a_43_25), rgb(0x8a_5b_1d), rgb(0xa0_59_14), rgb(0xb4_42_22), rgb(0xa8_2f_2f)],
    on_grade: rgb(0xff_ff_ff),
    drugs: [rgb(0x7a_b6_f5), rgb(0x3f_78_b5), rgb(0xa9_9c_f0), rgb(0x5f_c4_c4)],
};

impl Palette {
    /// The colours of the theme in use.
    pub fn of(ui: &egui::Ui) -> Self {
        if ui.visuals().dark_mode { DARK } else { LIGHT }
    }

    /// A card.
    pub fn card(&self) -> Frame {
        Frame::new()
            .fill(self.card)
            .stroke(Stroke::new(1.0, self.edge))
            .corner_radius(CornerRadius::same(5))
            .inner_margin(Margin::symmetric(10, 8))
    }

    fn visuals(&self, base: Visuals) -> Visuals {
        let mut visuals = base;
        visuals.override_text_color = Some(self.text);
        visuals.panel_fill = self.ground;
        visuals.window_fill = self.card;
        visuals.window_stroke = Stroke::new(1.0, self.edge);
        visuals.extreme_bg_color = self.card;
        visuals.faint_bg_color = self.ground;
        visuals.hyperlink_color = self.accent;
        visuals.selection.bg_fill = self.chosen;
        visuals.selection.stroke = Stroke::new(1.5, self.accent);
        visuals.widgets.noninteractive.bg_stroke = Stroke::new(1.0, self.edge);
        visuals.widgets.inactive.bg_stroke = Stroke::new(1.0, self.edge);
        visuals.widgets.inactive.bg_fill = self.ground;
        visuals.widgets.inactive.weak_bg_fill = self.ground;
        visuals.weak_text_color = Some(self.quiet);
        // A blinking cursor repaints the whole window, which without a graphics card keeps half a processor busy.
        visuals.text_cursor.blink = false;
        visuals.text_cursor.stroke = Stroke::new(2.0, self.accent);
        visuals
    }
}

/// Sets both themes' styles, once.
pub fn install(context: &Context) {
    for (theme, palette, base) in
        [(egui::Theme::Light, LIGHT, Visuals::light()), (egui::Theme::Dark, DARK, Visuals::dark())]
    {
        context.style_mut_of(theme, |style| {
            style.visuals = palette.visuals(base.clone());
            // A window that fades in takes keys while it can hardly be seen, and for long where frames are slow.
            style.animation_time = 0.0;
            // A label that can be selected takes the click that was meant for its row.
            style.interaction.selectable_labels = false;
            style.spacing.item_spacing = egui::vec2(8.0, 4.0);
            style.spacing.button_padding = egui::vec2(8.0, 3.0);
            style.text_styles = [
                (TextStyle::Heading, FontId::new(18.0, FontFamily::Proportional)),
                (TextStyle::Body, FontId::new(13.0, FontFamily::Proportional)),
                (TextStyle::Button, FontId::new(12.5, FontFamily::Proportional)),
                (TextStyle::Small, FontId::new(11.0, FontFamily::Proportional)),
                (TextStyle::Monospace, FontId::new(13.0, FontFamily::Monospace)),
            ]
            .into();
        });
    }
}

/// Applies the user's choice of theme.
pub fn apply(context: &Context, theme: Theme) {
    context.set_theme(match theme {
        Theme::System => egui::ThemePreference::System,
        Theme::Light => egui::ThemePreference::Light,
        Theme::Dark => egui::ThemePreference::Dark,
    });
}
