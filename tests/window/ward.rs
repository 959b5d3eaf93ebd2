//! The ward list: sorted, searched, and without those who left it.

use super::colours::painted;
use super::desk::{Desk, Hands, SMALL, demo, now, over, with_robin};
use super::tasks::doses_on_disk;
use corticurve::app::ward::Ward;
use corticurve::app::{Action, Order, Theme};
use corticurve::record::{Fact, Name};
use corticurve::store::Author;
use egui::accesskit::Role;
use egui::{Key, Modifiers, Shape};
use egui_kittest::kittest::Queryable;

fn names(desk: &Desk) -> Vec<String> {
    let first = |name: &str| name.split([',', '-']).next().unwrap().to_owned();
    desk.state().app.found_rows().map(|row| first(&row.name)).collect()
}

fn ctrl_shift() -> Modifiers {
    Modifiers::COMMAND.plus(Modifiers::SHIFT)
}

#[test]
fn it_is_sorted_by_what_is_chosen_with_equals_by_name() {
    let mut desk = demo(Theme::Light, SMALL);
    for (order, first, last) in [
        (Order::Name, "EXAMPLE", "ПРИМЕР"),
        (Order::Day, "PLACEHOLDER", "TEMPLATE"),
        (Order::Total, "SPECIMEN", "TEMPLATE"),
        (Order::Last24h, "EXAMPLE", "ПРИМЕР"),
        (Order::LastDose, "EXAMPLE", "PLACEHOLDER"),
        (Order::Questions, "NGUYỄN", "ПРИМЕР"),
    ] {
        desk.state_mut().app.update(Action::SortBy(order));
        desk.run();
        let names = names(&desk);
        assert_eq!((names[0].as_str(), names[7].as_str()), (first, last), "{order:?}: {names:?}");
    }
}

#[test]
fn a_row_shows_the_figure_that_the_list_is_sorted_by() {
    let mut desk = demo(Theme::Light, SMALL);
    let robin = |desk: &Desk| {
        let app = &desk.state().app;
        app.rows[0].figure(app.settings.order.shows(), app.now)
    };
    assert_eq!(robin(&desk), "118 mg");
    desk.press_with(ctrl_shift(), Key::S);
    assert_eq!((desk.state().app.settings.order, robin(&desk)), (Order::Day, "118 mg".to_owned()));
    desk.state_mut().app.update(Action::SortBy(Order::Last24h));
    assert_eq!(robin(&desk), "9 mg in 24 h");
    let undecided = desk.state().app.rows.iter().find(|row| row.name.starts_with("NGUYỄN")).unwrap();
    assert_eq!(undecided.figure(Order::Last24h.shows(), desk.state().app.now), "0 mg in 24 h + undecided");
    desk.state_mut().app.update(Action::SortBy(Order::LastDose));
    assert_eq!(robin(&desk), "today 08:00");
}

#[test]
fn the_order_is_chosen_in_the_list_and_remembered() {
    let (folder, mut desk) = with_robin();
    desk.get_by_role_and_label(Role::ComboBox, "The ward list is sorted").click();
    desk.run();
    desk.click("by last dose");
    assert_eq!(desk.state().app.settings.order, Order::LastDose);
    drop(desk);
    assert_eq!(over(&folder).state().app.settings.order, Order::LastDose);
}

#[test]
fn an_archived_patient_leaves_the_list_is_shown_on_demand_and_comes_back() {
    let (folder, mut desk) = with_robin();
    desk.press_with(ctrl_shift(), Key::A);
    desk.press(Key::Enter);
    assert!(desk.sees("write why the patient leaves the ward list"));
    desk.fill("Reason", "discharged home");
    desk.press(Key::Enter);
    assert_eq!(desk.state().app.found_rows().count(), 0);
    assert!(desk.sees("1 archived"));
    drop(desk);
    let mut desk = over(&folder);
    assert!(names(&desk).is_empty());
    desk.press_with(ctrl_shift(), Key::H);
    assert_eq!(names(&desk), ["EXAMPLE"]);
    assert!(desk.sees("EXAMPLE, Robin, D+9, 0 mg, archived"));
    // Nothing is removed: striking it out brings the patient back.
    let id = desk.state().app.rows[0].id.clone();
    desk.state_mut().app.update(Action::Select(id));
    desk.run();
    desk.press_with(Modifiers::COMMAND, Key::B);
    desk.click("Strike out archiving…");
    desk.fill("Reason", "came back");
    desk.press(Key::Enter);
    assert!(!desk.state().app.rows[0].is_archived, "{:?} {}", desk.state().app.form, desk.notice());
    assert!(!desk.sees("1 archived"));
}

/// How often a word stands by itself in what is drawn.
fn drawn(desk: &Desk, word: &str) -> usize {
    let is_word = |shape: &Shape| matches!(shape, Shape::Text(text) if text.galley.text() == word);
    painted(desk).iter().filter(|(_, shape)| is_word(shape)).count()
}

#[test]
fn an_archived_patient_is_marked_wherever_the_name_stands_and_a_dose_is_recorded_only_after_a_question() {
    let (folder, mut desk) = with_robin();
    assert!(!desk.sees("archived"));
    desk.press_with(ctrl_shift(), Key::A);
    desk.fill("Reason", "discharged home");
    desk.press(Key::Enter);
    // Who was open stays open.
    let in_a_strip = "archived   ·   born 04-Mar-2009 (17 y)   ·   MRN 40 017   ·   ";
    assert!(desk.sees(in_a_strip) && drawn(&desk, "archived") == 0);
    desk.press_with(ctrl_shift(), Key::H);
    assert_eq!(drawn(&desk, "archived"), 1, "in the row of the list");
    desk.press_with(Modifiers::COMMAND, Key::N);
    assert!(desk.sees("archived   ·   born 04-Mar-2009 (17 y)   ·   MRN 40 017   ·   Day +9"), "over a form");
    desk.press(Key::Escape);
    desk.press(Key::F11);
    assert!(desk.sees(in_a_strip) && !desk.sees("Log"), "at the bedside");
    desk.press(Key::Escape);
    desk.quick("dex 10 iv 14:00");
    assert!(desk.sees("archived patient"), "before anything is saved");
    desk.press(Key::Enter);
    assert_eq!(doses_on_disk(&folder), 0);
    desk.press(Key::Enter);
    assert_eq!(doses_on_disk(&folder), 1, "{}", desk.notice());
}

#[test]
fn two_charts_of_one_number_are_marked_in_the_list_and_told_in_each_until_the_number_is_amended() {
    let (folder, desk) = with_robin();
    drop(desk);
    let (data, config) = (folder.path().join("data"), folder.path().join("other-config"));
    let mut ward = Ward::open_to_write(&data, &config).unwrap();
    let author = Author { by: "LT".parse().unwrap(), workstation: "WARD4-PC02".to_owned() };
    let mut sample = ward.patients()[0].identity().unwrap().clone();
    (sample.mrn, sample.family) = ("50 017".parse().unwrap(), Name::parse("Sample").unwrap());
    let id = ward.register(sample.clone(), Vec::new(), &author, now()).unwrap();
    let robin = ward.patients().iter().find(|patient| patient.id != id).unwrap().id.clone();
    for (mrn, minutes, marked) in [("40 017", 1, true), ("50 017", 2, false)] {
        let at = now() + chrono::TimeDelta::minutes(minutes);
        sample.mrn = mrn.parse().unwrap();
        ward.write(&id, vec![Fact::PatientAmended(sample.clone())], &author, at).unwrap();
        let mut desk = over(&folder);
        for (mine, other) in [(&id, &robin), (&robin, &id)] {
            desk.state_mut().app.update(Action::Select(mine.clone()));
            desk.run();
            let told = format!("patients/{mine}: this patient has the same MRN as {other}: two charts of one patient");
            assert_eq!(desk.sees(&told), marked, "{mrn}");
        }
        for row in &desk.state().app.rows {
            assert_eq!((row.needs_look(), row.flags().as_str()), (marked, if marked { "!" } else { "" }), "{mrn}");
        }
        assert_eq!(desk.sees("needs a look, same MRN as another patient"), marked, "{mrn}: for a screen reader");
    }
}

#[test]
fn a_new_ward_is_begun_only_in_a_whole_path_and_after_a_question() {
    let (folder, mut desk) = with_robin();
    let there = folder.path().join("another");
    let ctrl_shift = Modifiers::COMMAND.plus(Modifiers::SHIFT);
    desk.press_with(ctrl_shift, Key::O);
    for part in ["a ward that nobody wants", "./a ward that nobody wants"] {
        desk.fill("Data folder", part);
        desk.press(Key::Enter);
        assert!(desk.sees("is a part of a path; write all of it"), "{part}");
        desk.press(Key::Enter);
        assert!(!std::path::Path::new(part).exists(), "{part}");
    }
    desk.fill("Data folder", there.to_str().unwrap());
    desk.press(Key::Enter);
    assert!(desk.sees("Press Enter again to begin a new, empty one there") && !there.exists());
    // Another path is another question.
    desk.fill("Data folder", folder.path().join("a third").to_str().unwrap());
    desk.press(Key::Enter);
    assert!(desk.sees("Press Enter again") && !folder.path().join("a third").exists());
    desk.press(Key::Escape);
    assert_eq!(desk.state().app.rows.len(), 1, "the ward that was open still is");
    desk.press_with(ctrl_shift, Key::O);
    // However it is spelled, it is one folder, and is kept as one.
    desk.fill("Data folder", &format!("{}/data/../another/", folder.path().display()));
    desk.press(Key::Enter);
    desk.press(Key::Enter);
    assert!(desk.state().app.form.is_none() && desk.state().app.rows.is_empty());
    assert_eq!(desk.state().app.ward.as_ref().unwrap().folder().as_os_str(), there.as_os_str());
    // One that is there is opened without a question.
    desk.press_with(ctrl_shift, Key::O);
    desk.fill("Data folder", folder.path().join("data").to_str().unwrap());
    desk.press(Key::Enter);
    assert!(desk.state().app.form.is_none() && desk.sees("EXAMPLE, Robin"));
}
