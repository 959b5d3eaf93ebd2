//! Nothing is told by colour alone: seen in grey, and by who does not see red or green, each thing of the chart is told from
//! its neighbours by its contrast or by another sign.

use super::desk::{Desk, Hands, SMALL, demo, with_robin};
use super::sight::Sight;
use corticurve::app::{Action, ChartAction, Theme};
use corticurve::exchange::report::Ink;
use corticurve::ui::palette::{ALARM, DARK, LIGHT, Palette, install};
use egui::epaint::TextShape;
use egui::{Color32, Event, Key, Modifiers, Rect, Shape, Stroke};

const THEMES: [(Theme, Palette); 2] = [(Theme::Light, LIGHT), (Theme::Dark, DARK)];

/// The least contrast of text. Source: WCAG 2.2, 1.4.3.
const TEXT: f64 = 4.5;
/// The least contrast of a line or a bar that says something with what is around it. Source: WCAG 2.2, 1.4.11.
const SIGN: f64 = 3.0;
/// Where a pattern says what it is it need not stand out, but be seen.
const PATTERN: f64 = 1.5;

#[track_caller]
fn told_apart(what: &str, one: Color32, other: Color32, least: f64) {
    for sight in Sight::ALL {
        let contrast = sight.contrast(one, other);
        assert!(contrast >= least, "{what}: {one:?} on {other:?} is {contrast:.2} : 1, {sight:?}");
    }
}

#[test]
fn every_text_is_read_on_every_ground_that_it_stands_on_in_light_and_dark() {
    for (theme, colours) in THEMES {
        let grounds =
            [("card", colours.card), ("ground", colours.ground), ("note", colours.note), ("chosen", colours.chosen)];
        let texts = [
            ("text", colours.text, 4),
            ("quiet", colours.quiet, 4),
            ("accent", colours.accent, 4),
            ("bad", colours.bad, 4),
            // What is saved and what a line would do is told beside the list, and on no chosen row of it.
            ("good", colours.good, 3),
        ];
        for (name, text, on) in texts {
            for (ground, colour) in &grounds[..on] {
                let contrast = Sight::Usual.contrast(text, *colour);
                assert!(contrast >= TEXT, "{theme:?}: {name} on {ground} is {contrast:.2} : 1");
            }
        }
        assert!(Sight::Usual.contrast(Color32::WHITE, ALARM) >= TEXT, "{theme:?}: white on alarm");
    }
}

#[test]
fn lines_and_bars_stand_out_from_their_ground_to_everybody_and_in_grey() {
    for (theme, colours) in THEMES {
        let on_card = [("steroid", colours.accent), ("anakinra", colours.anakinra), ("published", colours.quiet)];
        for (what, colour) in on_card.into_iter().chain([("infusion", colours.text), ("what if", colours.bad)]) {
            told_apart(&format!("{theme:?}, {what}"), colour, colours.card, SIGN);
        }
        told_apart(&format!("{theme:?}, hatch"), colours.hatch, colours.card, PATTERN);
        told_apart(&format!("{theme:?}, dots of anakinra"), colours.card, colours.anakinra, SIGN);
    }
    let paper = |Ink(red, green, blue): Ink| Color32::from_rgb(red, green, blue);
    for ink in [Ink::TEXT, Ink::QUIET, Ink::STEROID, Ink::ANAKINRA] {
        told_apart("on paper, text", paper(ink), paper(Ink::PAPER), TEXT);
    }
    told_apart("on paper, frames", paper(Ink::EDGE), paper(Ink::PAPER), SIGN);
    told_apart("on paper, dots of anakinra", paper(Ink::ANAKINRA), paper(Ink::ANAKINRA_GROUND), SIGN);
    for ground in [Ink::PAPER, Ink::UNDER] {
        told_apart("on paper, hatch", paper(Ink::HATCH), paper(ground), PATTERN);
    }
}

/// Everything that the last frame painted, one by one, with the part of the window that it is seen in.
pub fn painted(desk: &Desk) -> Vec<(Rect, Shape)> {
    fn gather(clip: Rect, shape: &Shape, found: &mut Vec<(Rect, Shape)>) {
        match shape {
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| gather(clip, shape, found)),
            other => found.push((clip, other.clone())),
        }
    }
    let mut found = Vec::new();
    desk.output().shapes.iter().for_each(|clipped| gather(clipped.clip_rect, &clipped.shape, &mut found));
    found
}

/// The pieces of lines of a colour, each with its stroke.
pub fn pieces(shapes: &[(Rect, Shape)], colour: Color32) -> Vec<([egui::Pos2; 2], Stroke)> {
    let piece = |shape: &Shape| match shape {
        Shape::LineSegment { points, stroke } if stroke.color == colour => Some((*points, *stroke)),
        _ => None,
    };
    shapes.iter().filter_map(|(_, shape)| piece(shape)).collect()
}

fn length([from, to]: [egui::Pos2; 2]) -> f32 {
    from.distance(to)
}

pub fn texts(shapes: &[(Rect, Shape)]) -> Vec<&TextShape> {
    let mut found = Vec::new();
    for (_, shape) in shapes {
        if let Shape::Text(text) = shape {
            found.push(text);
        }
    }
    found
}

/// The colour in which a text is painted.
fn ink(text: &TextShape) -> Color32 {
    let own = text.galley.job.sections.first().map_or(Color32::PLACEHOLDER, |section| section.format.color);
    text.override_text_color.unwrap_or(if own == Color32::PLACEHOLDER { text.fallback_color } else { own })
}

/// The window over a patient of the demo ward.
fn over(theme: Theme, name: &str) -> Desk {
    let mut desk = demo(theme, SMALL);
    let id = desk.state().app.rows.iter().find(|row| row.name.starts_with(name)).unwrap().id.clone();
    desk.state_mut().app.update(Action::Select(id));
    desk.run();
    desk
}

#[test]
fn what_is_planned_is_dashed_and_hollow_and_what_was_given_is_a_whole_line_and_filled() {
    for (theme, colours) in THEMES {
        let desk = over(theme, "EXAMPLE, Robin");
        let shapes = painted(&desk);
        let dashes: Vec<_> = pieces(&shapes, colours.accent)
            .into_iter()
            .filter(|(_, stroke)| (stroke.width - 1.8).abs() < 0.01)
            .collect();
        assert!(dashes.len() > 8 && dashes.iter().all(|(ends, _)| length(*ends) <= 6.5), "{theme:?}: {dashes:?}");
        let curve = |shape: &Shape| match shape {
            Shape::Path(path) => path.points.len() > 20 && (path.stroke.width - 2.2).abs() < 0.01,
            _ => false,
        };
        assert!(shapes.iter().any(|(_, shape)| curve(shape)), "{theme:?}: the curve is one line");
        let hollow = |shape: &&(Rect, Shape)| matches!(&shape.1, Shape::Rect(rect) if rect.stroke == Stroke::new(1.0, colours.accent) && rect.fill == Color32::TRANSPARENT);
        let planned = desk.state().app.shown().unwrap().figure.planned_daily.len();
        assert!(planned > 0 && shapes.iter().filter(hollow).count() >= planned, "{theme:?}");
        assert!(desk.sees("planned, not given"), "{theme:?}");
    }
}

#[test]
fn unchecked_time_is_hatched_anakinra_is_dotted_and_the_infusion_is_dashed() {
    for (theme, colours) in THEMES {
        let desk = over(theme, "EXAMPLE, Robin");
        let shapes = painted(&desk);
        let hatch = pieces(&shapes, colours.hatch);
        let is_diagonal =
            |ends: [egui::Pos2; 2]| ((ends[1] - ends[0]).x.abs() - (ends[1] - ends[0]).y.abs()).abs() < 0.1;
        assert!(hatch.len() > 40 && hatch.iter().all(|(ends, _)| is_diagonal(*ends)), "{theme:?}: {}", hatch.len());
        let dots = shapes.iter().filter(|(_, shape)| {
            matches!(shape, Shape::Circle(dot) if (dot.radius - 1.1).abs() < 0.01 && dot.fill == colours.card)
        });
        let bars = desk.state().app.shown().unwrap().figure.anakinra.len();
        let dots = dots.count();
        assert!(bars > 0 && dots >= 4 * bars, "{theme:?}: {dots} dots on {bars} bars");
        let infusion = pieces(&shapes, colours.text);
        let infusion: Vec<_> = infusion.into_iter().filter(|(_, stroke)| (stroke.width - 1.5).abs() < 0.01).collect();
        let is_dash = |ends: [egui::Pos2; 2]| length(ends) <= 4.5 && (ends[1] - ends[0]).x.abs() < 0.1;
        assert!(infusion.len() > 20 && infusion.iter().all(|(ends, _)| is_dash(*ends)), "{theme:?}");
        for word in ["anakinra mg/day", "steroid mg/day"] {
            assert!(texts(&shapes).iter().any(|text| text.galley.text() == word), "{theme:?}: {word}");
        }
    }
}

#[test]
fn a_published_line_is_thin_and_whole_and_says_what_it_is() {
    let mut drawn = 0;
    for (theme, colours) in THEMES {
        let mut desk = over(theme, "SPECIMEN");
        if desk.state().app.shown().unwrap().figure.published.is_empty() {
            desk.state_mut().app.update(Action::Chart(ChartAction::Published));
            desk.run();
        }
        let lines = desk.state().app.shown().unwrap().figure.published.clone();
        let shapes = painted(&desk);
        for line in &lines {
            // At its line, or in the legend.
            let label =
                texts(&shapes).into_iter().find(|text| text.galley.text().replace('\u{a0}', " ").contains(&line.label));
            let label = label.unwrap_or_else(|| panic!("{theme:?}: {} is not told", line.label));
            told_apart(&line.label, ink(label), colours.card, TEXT);
        }
        let within = lines.iter().filter(|line| !line.is_above).count();
        let thin = pieces(&shapes, colours.quiet).into_iter().filter(|(ends, stroke)| {
            (stroke.width - 1.0).abs() < 0.01 && (ends[1] - ends[0]).y.abs() < 0.1 && length(*ends) > 40.0
        });
        assert!(thin.count() >= within, "{theme:?}: {lines:?}");
        drawn += within;
    }
    assert!(drawn > 0, "the demo ward shows one");
}

#[test]
fn another_plan_is_told_from_the_recorded_one_by_its_dashes_and_its_letter() {
    for (theme, colours) in THEMES {
        let mut desk = over(theme, "EXAMPLE, Robin");
        desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::W);
        desk.event(Event::Text("dex 8 iv bid x4".to_owned()));
        desk.run();
        desk.press(Key::Enter);
        let shapes = painted(&desk);
        let lengths = |colour| -> Vec<f32> {
            let dashes = pieces(&shapes, colour).into_iter().filter(|(_, stroke)| (stroke.width - 1.8).abs() < 0.01);
            dashes.map(|(ends, _)| length(ends)).collect()
        };
        let (recorded, other) = (lengths(colours.accent), lengths(colours.bad));
        let longest = |lengths: &[f32]| lengths.iter().copied().fold(0.0, f32::max);
        assert!(other.len() > 8 && longest(&other) <= 2.5 && longest(&recorded) > 5.0, "{theme:?}");
        let letter =
            desk.state().app.shown().unwrap().figure.continuations.iter().find_map(|plan| plan.letter).unwrap();
        assert!(desk.sees(&format!("{letter} what if")), "{theme:?}");
    }
}

#[test]
fn every_grade_has_its_number_in_letters_that_are_read() {
    for (theme, colours) in THEMES {
        let desk = over(theme, "EXAMPLE, Robin");
        let shapes = painted(&desk);
        let texts = texts(&shapes);
        let mut cells = 0;
        for (clip, shape) in &shapes {
            let Shape::Rect(cell) = shape else { continue };
            let Some(at) = colours.grades.iter().position(|grade| *grade == cell.fill) else { continue };
            let seen = cell.rect.intersect(*clip);
            let number = texts.iter().find(|text| seen.contains(text.visual_bounding_rect().center())).unwrap();
            assert_eq!(number.galley.text(), (at + 1).to_string(), "{theme:?}");
            assert!(cell.stroke.width > 0.0 && cell.stroke.color == colours.card, "a line parts it from the next");
            cells += 1;
        }
        assert_eq!(cells, desk.state().app.shown().unwrap().figure.grades.len(), "{theme:?}");
        for (at, grade) in colours.grades.into_iter().enumerate() {
            let number = if at >= 3 { Color32::WHITE } else { colours.on_grade };
            told_apart(&format!("{theme:?}, number of grade {}", at + 1), number, grade, TEXT);
        }
    }
}

#[test]
fn each_of_several_drugs_of_a_day_has_its_letter_on_a_ground_of_its_own() {
    let (_folder, mut desk) = with_robin();
    for line in ["dex 20 iv 08:00 icans", "methylprednisolone 100 iv 09:00 icans"] {
        desk.quick(line);
        desk.press(Key::Enter);
    }
    for (theme, colours) in THEMES {
        desk.state_mut().app.settings.theme = theme;
        desk.run();
        let shapes = painted(&desk);
        let texts = texts(&shapes);
        for letter in ["A", "B"] {
            let text = texts.iter().find(|text| text.galley.text() == letter).unwrap();
            let at = text.visual_bounding_rect().center();
            let grounds = shapes.iter().any(|(_, shape)| {
                matches!(shape, Shape::Rect(rect) if rect.fill == colours.card && rect.rect.width() < 12.0 && rect.rect.contains(at))
            });
            assert!(grounds, "{theme:?}: {letter} has no ground");
            told_apart(&format!("{theme:?}, letter {letter}"), ink(text), colours.card, TEXT);
        }
        assert!(desk.sees("A dexAMETHasone") && desk.sees("B methylPREDNISolone"), "{theme:?}");
    }
}

/// In a context of its own: the harness of the other tests lets nothing fade in.
#[test]
fn a_window_that_opens_is_seen_as_well_at_once_as_later() {
    let context = egui::Context::default();
    install(&context);
    let painted_at = |seconds: f64, is_open: bool| {
        let input = egui::RawInput { time: Some(seconds), ..egui::RawInput::default() };
        let mut output = context.run_ui(input, |ui| {
            if is_open {
                egui::Modal::new(egui::Id::unique("form")).show(ui.ctx(), |ui| ui.label("Record a dose"));
            }
        });
        output.textures_delta.clear();
        format!("{:?}", output.shapes)
    };
    painted_at(0.0, false);
    // In its first frame it is only measured.
    painted_at(1.0, true);
    let at_once = painted_at(1.02, true);
    assert!(at_once.contains("Record a dose"));
    assert_eq!(at_once, painted_at(5.0, true));
}
