//! Nothing is drawn over anything else, also on the smallest screen.

use super::desk::{Hands, now, over, with_robin};
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;

#[test]
fn the_log_shows_all_its_buttons_beside_each_other_while_an_infusion_runs() {
    let (_folder, mut desk) = with_robin();
    desk.quick("hydro 10mg/h iv -4h over 12h crs");
    desk.press(Key::Enter);
    desk.press_with(Modifiers::COMMAND, Key::ArrowDown);
    let labels = [
        "Correct…",
        "Strike out…",
        "Stop, rate…",
        "struck out, earlier",
        "Plan…",
        "What if…",
        "Grade…",
        "Event…",
        "Weight…",
        "Infusion…",
        "Entries…",
    ];
    let rects: Vec<_> = labels.iter().map(|label| desk.get_by_label(label).rect()).collect();
    for (at, rect) in rects.iter().enumerate() {
        for (other, beside) in rects.iter().enumerate().skip(at + 1) {
            let (label, other) = (labels[at], labels[other]);
            assert!(!rect.shrink(0.5).intersects(beside.shrink(0.5)), "{label} {rect} is under {other} {beside}");
        }
        assert!(rect.left() >= 0.0 && rect.right() <= 1280.0, "{} is cut", labels[at]);
    }
}

#[test]
fn a_long_name_leaves_the_total_of_its_row_uncovered() {
    let (folder, mut desk) = with_robin();
    for (mrn, family, given) in [
        ("40 018", "LONGWOOD-FEATHERSTONEHAUGH-PLACEHOLDER", "Maximiliana Wilhelmina Josephine"),
        ("40 019", "Example", "Maximiliana Wilhelmina Josephine"),
    ] {
        desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::I);
        desk.fill("MRN", mrn);
        desk.fill("Family name", family);
        desk.fill("Given name", given);
        desk.press(Key::Enter);
        assert_eq!(desk.state().app.form.as_ref().and_then(|form| form.error.clone()), None);
    }
    drop(desk);
    let desk = over(&folder);
    assert_eq!(desk.state().app.now, now());
    for row in &desk.state().app.rows {
        let similar = if row.similar { ", similar name" } else { "" };
        let label = format!("{}, {}, {}{similar}", row.name, row.day, row.total);
        let rect = desk.get_by_role_and_label(Role::ListBoxOption, &label).rect();
        let name = desk.ctx.fonts_mut(|fonts| {
            let (bold, colour) = (egui::FontFamily::Name("bold".into()), egui::Color32::BLACK);
            let day = fonts.layout_no_wrap(row.day.clone(), egui::FontId::proportional(11.0), colour);
            let room = rect.width() - 22.0 - day.size().x;
            fonts.layout(row.name.clone(), egui::FontId::new(12.0, bold), colour, room).size().y
        });
        let name = name + if row.similar { 14.0 } else { 0.0 };
        // The name begins 5 points below the top; the total stands in the last 20.
        assert!(rect.height() - 5.0 - name >= 18.0, "{label}: {} high with a name of {name}", rect.height());
    }
}
