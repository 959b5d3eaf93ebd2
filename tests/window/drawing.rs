//! The renderer that all pictures come from.

use super::{builder, window};
use egui::epaint::Mesh;
use egui::{Color32, ColorImage, Key, Modifiers, Pos2, Rect, TextureOptions, Theme, pos2, vec2};
use egui_kittest::{Harness, kittest::Queryable};
use image::{Rgba, RgbaImage};

/// What `paint` draws over a white window of 100 by 60.
fn picture(paint: impl FnMut(&egui::Painter)) -> RgbaImage {
    picture_scaled(1.0, paint)
}

fn picture_scaled(scale: f32, mut paint: impl FnMut(&egui::Painter)) -> RgbaImage {
    let builder = builder([100.0, 60.0], Theme::Light).with_pixels_per_point(scale);
    let mut harness = window(builder, (), move |ui, ()| {
        ui.painter().rect_filled(ui.ctx().content_rect(), 0.0, Color32::WHITE);
        paint(ui.painter());
    });
    harness.render().unwrap()
}

fn square() -> Rect {
    Rect::from_min_max(pos2(10.0, 10.0), pos2(40.0, 40.0))
}

fn dark_pixels(picture: &RgbaImage) -> usize {
    picture.pixels().filter(|pixel| pixel.0[0] < 100).count()
}

const WHITE: Rgba<u8> = Rgba([255; 4]);

#[test]
fn a_filled_rectangle_has_its_exact_colour_inside_and_none_outside() {
    let picture = picture(|painter| {
        painter.rect_filled(square(), 0.0, Color32::from_rgb(12, 34, 56));
    });
    assert_eq!(picture.dimensions(), (100, 60));
    for inside in [(25, 25), (10, 10), (39, 39)] {
        assert_eq!(picture.get_pixel(inside.0, inside.1), &Rgba([12, 34, 56, 255]), "{inside:?}");
    }
    for outside in [(8, 25), (41, 25), (25, 8), (25, 41)] {
        assert_eq!(picture.get_pixel(outside.0, outside.1), &WHITE, "{outside:?}");
    }
}

#[test]
fn two_triangles_that_share_an_edge_neither_overlap_nor_leave_a_gap() {
    let half = Color32::from_black_alpha(128);
    let picture = picture(|painter| {
        let mut mesh = Mesh::default();
        for corner in [pos2(3.3, 2.7), pos2(90.1, 5.5), pos2(85.6, 55.2), pos2(7.9, 50.4)] {
            mesh.colored_vertex(corner, half);
        }
        mesh.add_triangle(0, 1, 2);
        mesh.add_triangle(0, 2, 3);
        painter.add(mesh);
    });
    let mut shades: Vec<u8> = picture.pixels().map(|pixel| pixel.0[0]).collect();
    shades.sort_unstable();
    shades.dedup();
    assert_eq!(shades, [127, 255], "a pixel drawn twice would be darker");
    let row: Vec<bool> = (0..100).map(|x| picture.get_pixel(x, 30).0[0] == 127).collect();
    assert_eq!(row.windows(2).filter(|pair| pair[0] != pair[1]).count(), 2, "one unbroken stretch in a row");
}

#[test]
fn a_half_transparent_overlay_blends_in_gamma_space() {
    let picture = picture(|painter| {
        painter.rect_filled(square(), 0.0, Color32::from_rgb(200, 0, 0));
        painter.rect_filled(square(), 0.0, Color32::from_rgba_premultiplied(0, 0, 100, 128));
    });
    // 200 × (1 − 128/255) = 99.6; 100 + 0.
    assert_eq!(picture.get_pixel(25, 25), &Rgba([100, 0, 100, 255]));
}

#[test]
fn nothing_is_drawn_outside_the_clip_rectangle() {
    let picture = picture(|painter| {
        let clip = Rect::from_min_max(pos2(20.0, 20.0), pos2(30.0, 30.0));
        painter.with_clip_rect(clip).rect_filled(square(), 0.0, Color32::BLACK);
    });
    assert_eq!(dark_pixels(&picture), 100);
    assert_eq!(picture.get_pixel(20, 20), &Rgba([0, 0, 0, 255]));
    assert_eq!(picture.get_pixel(30, 30), &WHITE);
}

#[test]
fn text_leaves_dark_pixels_on_light_ground_where_it_stands() {
    let picture = picture(|painter| {
        let font = egui::FontId::proportional(20.0);
        painter.text(pos2(5.0, 5.0), egui::Align2::LEFT_TOP, "6 mg", font, Color32::BLACK);
    });
    let dark = dark_pixels(&picture);
    assert!((80..600).contains(&dark), "{dark} dark pixels");
    let below = picture.enumerate_pixels().filter(|(_, y, pixel)| *y > 35 && **pixel != WHITE).count();
    assert_eq!(below, 0);
}

#[test]
fn twice_the_pixels_give_a_picture_of_twice_the_size() {
    let picture = picture_scaled(2.0, |painter| {
        painter.rect_filled(square(), 0.0, Color32::BLACK);
    });
    assert_eq!(picture.dimensions(), (200, 120));
    assert_eq!(picture.get_pixel(78, 78), &Rgba([0, 0, 0, 255]));
    assert_eq!(picture.get_pixel(84, 84), &WHITE);
}

#[test]
fn a_picture_is_sampled_sharp_or_smooth_as_it_asks() {
    let draw = |options: TextureOptions| {
        let mut texture = None;
        picture(move |painter| {
            let texture = texture.get_or_insert_with(|| {
                let image = ColorImage::new([2, 1], vec![Color32::BLACK, Color32::WHITE]);
                painter.ctx().load_texture("black and white", image, options)
            });
            let whole = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
            painter.image(texture.id(), square(), whole, Color32::WHITE);
        })
    };
    let (sharp, smooth) = (draw(TextureOptions::NEAREST), draw(TextureOptions::LINEAR));
    let shades = |picture: &RgbaImage| [12, 24, 25, 37].map(|x| picture.get_pixel(x, 20).0[0]);
    assert_eq!(shades(&sharp), [0, 0, 255, 255]);
    let [left, before, after, right] = shades(&smooth);
    assert_eq!((left, right), (0, 255));
    assert!((110..=145).contains(&before) && before < after && after <= 145, "{before} {after}");
}

#[test]
fn a_changed_part_of_a_texture_is_drawn_and_the_rest_kept() {
    let mut texture: Option<egui::TextureHandle> = None;
    let draw = move |ui: &mut egui::Ui, patched: &mut bool| {
        let texture = texture.get_or_insert_with(|| {
            let image = ColorImage::filled([30, 30], Color32::BLACK);
            ui.ctx().load_texture("dark", image, TextureOptions::NEAREST)
        });
        if std::mem::take(patched) {
            texture.set_partial([10, 10], ColorImage::filled([5, 5], Color32::RED), TextureOptions::NEAREST);
        }
        let whole = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
        ui.painter().image(texture.id(), square(), whole, Color32::WHITE);
    };
    let mut harness = window(builder([100.0, 60.0], Theme::Light), false, draw);
    *harness.state_mut() = true;
    harness.run();
    let picture = harness.render().unwrap();
    assert_eq!(picture.get_pixel(20, 20), &Rgba([255, 0, 0, 255]));
    assert_eq!(picture.get_pixel(24, 24), &Rgba([255, 0, 0, 255]));
    assert_eq!(picture.get_pixel(25, 25), &Rgba([0, 0, 0, 255]));
}

#[derive(Default)]
struct Form {
    line: String,
    saved: Vec<String>,
}

fn form(ui: &mut egui::Ui, form: &mut Form) {
    egui::Frame::central_panel(ui.style()).show(ui, |ui| {
        ui.set_min_size(ui.available_size());
        let label = ui.label("Quick entry");
        let line = ui.text_edit_singleline(&mut form.line).labelled_by(label.id);
        let entered = line.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        let saved = ui.button("Save").clicked() || ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::S));
        if entered || saved {
            form.saved.push(std::mem::take(&mut form.line));
        }
        for saved in &form.saved {
            ui.label(saved);
        }
    });
}

/// Types a line into the form's field, as a person would.
fn type_line(harness: &mut Harness<'_, Form>, text: &str) {
    harness.get_by_label("Quick entry").focus();
    harness.run();
    harness.get_by_label("Quick entry").type_text(text);
    harness.run();
}

#[test]
fn the_harness_types_presses_keys_and_clicks_by_name() {
    let mut harness = window(builder([300.0, 200.0], Theme::Light), Form::default(), form);
    type_line(&mut harness, "dex 10 iv");
    harness.key_press(Key::Enter);
    harness.run();
    type_line(&mut harness, "ana 100 sc");
    harness.get_by_label("Save").click();
    harness.run();
    type_line(&mut harness, "hold dex");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::S);
    harness.run();
    assert_eq!(harness.state().saved, ["dex 10 iv", "ana 100 sc", "hold dex"]);
    assert!(harness.query_by_label("ana 100 sc").is_some());
}

#[test]
fn a_field_without_a_name_is_found_by_the_accessibility_check() {
    let builder = builder([300.0, 200.0], Theme::Light).with_accessibility_check(false);
    let harness = window(builder, String::new(), |ui, text| drop(ui.text_edit_singleline(text)));
    assert_eq!(harness.unnamed_widgets().len(), 1);
}

#[test]
fn the_window_is_filled_to_its_corners_in_both_themes() {
    for (theme, light) in [(Theme::Light, true), (Theme::Dark, false)] {
        let mut harness = window(builder([300.0, 200.0], theme), Form::default(), form);
        let picture = harness.render().unwrap();
        for corner in [(0, 0), (299, 0), (0, 199), (299, 199)] {
            let pixel = picture.get_pixel(corner.0, corner.1).0;
            assert_eq!((pixel[3], pixel[0] > 127), (255, light), "{theme:?} {corner:?}");
        }
    }
}

#[test]
fn the_same_window_gives_the_same_picture() {
    let draw = || window(builder([300.0, 200.0], Theme::Dark), Form::default(), form).render().unwrap();
    assert_eq!(draw(), draw());
}

#[test]
fn a_small_form_looks_as_it_did() {
    let mut harness = window(builder([300.0, 120.0], Theme::Light), Form::default(), form);
    type_line(&mut harness, "dex 10 iv 14:30 icans");
    harness.snapshot("renderer");
}

#[test]
fn a_full_window_of_panels_and_text_is_drawn() {
    let mut harness = window(builder([1280.0, 720.0], Theme::Light), (), |ui, ()| {
        egui::Frame::central_panel(ui.style()).show(ui, |ui| {
            ui.set_min_size(ui.available_size());
            for row in 0..40 {
                ui.label(format!(
                    "{row} dexAMETHasone 10 mg IV, 22-Nov-2026 14:30, given, ICANS, running total 118 mg"
                ));
            }
            for circle in 0..40_u8 {
                let centre = pos2(30.0 * f32::from(circle), 600.0);
                ui.painter().circle_filled(centre, 20.0, Color32::from_black_alpha(60));
                ui.painter().line_segment([pos2(0.0, 700.0), centre + vec2(0.0, -300.0)], (2.0, Color32::RED));
            }
        });
    });
    let picture = harness.render().unwrap();
    assert_eq!(picture.dimensions(), (1280, 720));
}
