//! Plans in the window: recorded by keyboard, drawn dashed, supposed and never stored.

use super::desk::{Desk, Hands, SMALL, demo, now, with_robin};
use super::tasks::on_disk;
use corticurve::app::Theme;
use corticurve::app::ward::Ward;
use corticurve::exposure::figure::Figure;
use corticurve::record::{Fact, Interval};
use corticurve::store::Author;
use egui::{Event, Key, Modifiers};
use tempfile::TempDir;

const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);

/// Types where the keyboard is.
fn type_text(desk: &mut Desk, text: &str) {
    desk.event(Event::Text(text.to_owned()));
    desk.run();
}

fn figure(desk: &Desk) -> &Figure {
    &desk.state().app.shown().unwrap().figure
}

/// The labels of the dashed lines.
fn labels(desk: &Desk) -> Vec<&str> {
    figure(desk).continuations.iter().map(|plan| plan.label.as_str()).collect()
}

/// EXAMPLE, Robin with 10 mg given, and a plan recorded by keyboard alone.
fn with_a_plan(line: &str) -> (TempDir, Desk) {
    let (folder, mut desk) = with_robin();
    desk.quick("dex 10 iv 14:00");
    desk.press(Key::Enter);
    desk.press_with(CTRL_SHIFT, Key::N);
    type_text(&mut desk, line);
    desk.press(Key::Enter);
    assert_eq!(desk.state().app.form.as_ref().map(|form| form.error.clone()), None);
    (folder, desk)
}

#[test]
fn a_plan_is_recorded_by_keyboard_and_continues_the_curve_dashed() {
    let (folder, mut desk) = with_robin();
    desk.quick("dex 10 iv 14:00");
    desk.press(Key::Enter);
    desk.press_with(CTRL_SHIFT, Key::N);
    type_text(&mut desk, "dex 4 iv q12h from 20:00 x4 then 2 daily for 2d");
    assert!(desk.sees("dexAMETHasone 4 mg IV every 12 h: 4 doses, 22-Nov-2026 20:00 to 24-Nov-2026 08:00, 16 mg"));
    assert!(desk.sees("dexAMETHasone 2 mg IV daily: 2 doses, 24-Nov-2026 20:00 to 25-Nov-2026 20:00, 4 mg"));
    assert!(desk.sees("To come: total 10 → 30 mg by 25-Nov-2026 20:00."));
    assert_eq!(labels(&desk), Vec::<&str>::new(), "nothing is drawn before it is recorded");
    let before = (figure(&desk).curve.clone(), figure(&desk).daily.clone());
    desk.press(Key::Enter);
    assert!(desk.state().app.form.is_none() && desk.notice().starts_with("Saved: plan of dexAMETHasone 4 mg IV"));
    assert_eq!(on_disk(&folder).patients()[0].chart.plans.len(), 1);
    assert_eq!(labels(&desk), ["30 mg with the plan"]);
    assert_eq!(desk.figure("Cumulative"), "10 mg", "planned is not given");
    assert_eq!(desk.figure("With the plan"), "30 mg");
    let figure = figure(&desk);
    assert_eq!((figure.curve.clone(), figure.daily.clone()), before);
    assert_eq!(figure.planned_daily.iter().map(|bar| bar.top).collect::<Vec<_>>(), [4.0, 8.0, 6.0, 2.0]);
    // From the total at the as-of time, a step at 20:00 of Day 9.
    let line = &figure.continuations[0].line;
    assert_eq!((line[0][1], line[2]), (10.0, [9.0 + 20.0 / 24.0, 14.0]));
    assert!(figure.view.1 >= 13.0, "the whole plan is seen");
    assert!(
        figure.sentence.ends_with("; with the plan, not given, it would be 30 mg by 25-Nov-2026 20:00."),
        "{}",
        figure.sentence
    );
    let read = figure.read_out(11.0, 0.01);
    assert!(read.contains(&"with the plan: 22 mg by then, not given".to_owned()), "{read:?}");
}

#[test]
fn whether_the_dose_of_now_is_in_the_total_that_a_plan_makes_is_told_beside_it_before_and_after_it_is_saved() {
    const DUE: &str = "1 dose due by now is in it only if recorded";
    let (_folder, mut desk) = with_robin();
    desk.quick("dex 19 po 14:00");
    desk.press(Key::Enter);
    let line = "dex 10 iv q6h x8 then 4 q12h for 3d";
    desk.press_with(CTRL_SHIFT, Key::W);
    type_text(&mut desk, line);
    assert_eq!(labels(&desk), ["W 123 mg what if"]);
    assert!(desk.sees("The dose of now is in it; of a plan that is saved it counts once it is recorded."));
    desk.press(Key::Escape);
    desk.press_with(CTRL_SHIFT, Key::N);
    type_text(&mut desk, line);
    assert!(desk.sees("To come: total 19 → 123 mg by 27-Nov-2026 02:32."));
    assert!(desk.sees("The dose of now is in it; of a plan that is saved it counts once it is recorded."));
    desk.press(Key::Enter);
    assert_eq!((desk.figure("With the plan"), labels(&desk)), ("113 mg".into(), vec!["113 mg with the plan"]));
    let told = |desk: &Desk| {
        let (view, formulary) = (desk.state().app.shown().unwrap(), &desk.state().app.reference.formulary);
        let text = view.as_text("EXAMPLE, Robin", desk.state().app.reference.rules());
        let plan = text.lines().find(|line| line.starts_with("With the plan")).unwrap().to_owned();
        let legend = view.figure.legend(formulary).into_iter().find(|part| part.starts_with('┄')).unwrap();
        let hover = view.figure.read_out(11.0, 0.01).into_iter().find(|line| line.starts_with("with")).unwrap();
        [plan, legend, hover, view.figure.sentence.clone()]
    };
    for place in told(&desk) {
        assert!(place.contains(&format!("; {DUE}")), "{place}");
    }
    // The bedside view has the chart with its legend and no line for a plan.
    desk.press(Key::F11);
    assert!(desk.sees(&format!("┄ planned, not given; {DUE}")));
    desk.press(Key::Escape);
    // Once the dose is recorded the plan comes to what was planned.
    desk.quick("dex 10 iv");
    desk.press(Key::Enter);
    assert_eq!(desk.figure("With the plan"), "123 mg");
    // Of a plan of which nothing is due yet there is nothing to tell.
    let (_folder, desk) = with_a_plan("dex 4 iv daily from tomorrow 08:00 x2");
    assert!(told(&desk).iter().all(|place| !place.contains("due by now")));
}

#[test]
fn a_plan_that_is_not_understood_is_refused_in_words() {
    let (folder, mut desk) = with_robin();
    desk.press_with(CTRL_SHIFT, Key::N);
    type_text(&mut desk, "dex 4 iv q12h");
    assert!(desk.sees("until when, in 'dex 4 iv q12h'?"));
    desk.press(Key::Enter);
    let form = desk.state().app.form.as_ref().unwrap();
    assert!(form.error.as_ref().unwrap().contains("write x8, for 3d, or until"));
    assert_eq!(on_disk(&folder).patients()[0].chart.plans.len(), 0);
}

#[test]
fn a_second_plan_of_the_same_drug_is_asked_about() {
    let (_folder, mut desk) = with_a_plan("dex 4 iv daily x4");
    desk.press_with(CTRL_SHIFT, Key::N);
    type_text(&mut desk, "dex 2 iv daily x4");
    assert!(desk.sees("the plan that NK recorded 22-Nov-2026 14:32 still stands, and this one is added to it"));
}

#[test]
fn what_if_is_drawn_beside_the_plan_answers_a_total_and_is_never_stored() {
    let (folder, mut desk) = with_a_plan("dex 4 iv daily from tomorrow 08:00 x2");
    let kept = on_disk(&folder).patients()[0].chart.clone();
    desk.press_with(CTRL_SHIFT, Key::W);
    type_text(&mut desk, "dex 8 iv bid from tomorrow 08:00 x4");
    assert_eq!(labels(&desk), ["18 mg with the plan", "W 42 mg what if"], "drawn as it is typed");
    desk.fill("Reach, in mg", "30");
    assert!(desk.sees("As planned: 30 mg is not reached by the end of the plan, which makes 18 mg."));
    assert!(desk.sees("What if: 30 mg is reached on Day +11, 24-Nov-2026 08:00, with 34 mg."));
    desk.press(Key::Enter);
    assert!(desk.state().app.form.is_none());
    assert_eq!(labels(&desk), ["18 mg with the plan", "W 42 mg what if"], "it stays on the chart");
    assert_eq!((desk.figure("Cumulative"), desk.figure("With the plan")), ("10 mg".into(), "18 mg".into()));
    desk.press(Key::Escape);
    assert_eq!(labels(&desk), ["18 mg with the plan"]);
    assert_eq!(on_disk(&folder).patients()[0].chart, kept);
}

#[test]
fn what_if_goes_with_its_form_and_with_its_patient() {
    let mut desk = demo(Theme::Light, SMALL);
    for close in [Key::Escape, Key::PageDown] {
        desk.press_with(CTRL_SHIFT, Key::W);
        type_text(&mut desk, "dex 8 iv bid x4");
        assert!(labels(&desk).iter().any(|label| label.starts_with('W')));
        if close == Key::PageDown {
            desk.press(Key::Enter);
            desk.press_with(Modifiers::COMMAND, close);
        } else {
            desk.press(close);
        }
        assert!(desk.state().app.form.is_none() && desk.state().app.what_if.is_none(), "{close:?}");
        assert!(!labels(&desk).iter().any(|label| label.starts_with('W')));
    }
}

#[test]
fn a_total_can_be_asked_of_the_recorded_plan_alone() {
    let (_folder, mut desk) = with_a_plan("dex 4 iv daily from tomorrow 08:00 x3");
    desk.press_with(CTRL_SHIFT, Key::W);
    desk.fill("Reach, in mg", "18");
    assert!(desk.sees("As planned: 18 mg is reached on Day +11, 24-Nov-2026 08:00, with 18 mg."));
    desk.fill("Reach, in mg", "1,5");
    assert!(desk.sees("Reach, in mg: '1,5': a comma is not taken"));
}

#[test]
fn a_plan_is_struck_out_and_its_line_goes() {
    let (folder, mut desk) = with_a_plan("dex 4 iv daily x3");
    desk.press_with(Modifiers::COMMAND, Key::B);
    desk.click("Strike out plan…");
    desk.fill("Reason", "another taper was ordered");
    desk.press(Key::Enter);
    assert_eq!(labels(&desk), Vec::<&str>::new());
    let plans = on_disk(&folder).patients()[0].chart.plans.clone();
    assert!(plans[0].struck_out && plans[0].changes[0].reason == "another taper was ordered");
}

#[test]
fn a_plan_that_makes_no_sense_hides_nothing_else() {
    let (folder, mut desk) = with_a_plan("dex 4 iv daily from tomorrow 08:00 x2");
    let (data, config) = (folder.path().join("data"), folder.path().join("elsewhere"));
    let mut other = Ward::open_to_write(&data, &config).unwrap();
    let patient = &other.patients()[0];
    let (id, mut plan) = (patient.id.clone(), patient.chart.plans[0].value.clone());
    plan.stages[0].every = Interval::Minutes(0);
    let author = Author { by: "LT".parse().unwrap(), workstation: "WARD4-PC02".to_owned() };
    other.write(&id, vec![Fact::Planned(plan)], &author, now()).unwrap();
    desk.press_with(Modifiers::COMMAND, Key::R);
    assert_eq!((desk.figure("Cumulative"), desk.figure("? Plans")), ("10 mg".into(), "not drawn".into()));
    assert!(desk.sees("'every 0 min' is no interval between doses"));
}

#[test]
fn planned_anakinra_is_a_hollow_bar_and_no_line() {
    let (_folder, desk) = with_a_plan("ana 100 sc bid from tomorrow 08:00 x3");
    assert_eq!(labels(&desk), Vec::<&str>::new());
    assert_eq!(figure(&desk).planned_anakinra.iter().map(|bar| bar.top).collect::<Vec<_>>(), [200.0, 100.0]);
    assert_eq!(desk.figure("Anakinra with the plan"), "300 mg");
}
