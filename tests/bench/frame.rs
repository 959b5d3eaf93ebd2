//! What a frame of the window costs without a graphics card: layout and tessellation, with the pointer moving over the chart.
//!
//! A window at rest draws nothing at all; this is what each move of the mouse asks for: `cargo bench --bench frame`. The
//! baseline is a window of the same size with one line of text.

#![allow(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    clippy::indexing_slicing,
    reason = "a benchmark that cannot be set up has nothing to measure"
)]

use chrono::TimeDelta;
use corticurve::app::clock::FixedClock;
use corticurve::app::worker::Worker;
use corticurve::app::{Action, App, Browse, ChartAction, Overlay, Places, Reference};
use corticurve::exposure::Window;
use corticurve::record::{Administration, DrugId, Fact, Given, Identity, Infusion, Moment, Name, Route, Sex};
use corticurve::store::{Author, OsStorage, Store};
use corticurve::ui::MainWindow;
use egui::{Context, Event, RawInput, Rect, Ui, pos2, vec2};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How many frames are measured; the middle one counts.
const FRAMES: usize = 121;
/// How many times a step is done.
const STEPS: usize = 10;

struct NoDialogs;

impl Browse for NoDialogs {
    fn file(&self) -> Option<PathBuf> {
        None
    }

    fn folder(&self) -> Option<PathBuf> {
        None
    }
}

fn day0() -> Moment {
    "2026-03-29T08:00:00+01:00".parse().unwrap()
}

/// A patient with an infusion and so many doses, a third of them anakinra, in thirty days.
fn facts(number: usize, doses: usize) -> Vec<Fact> {
    let identity = Identity {
        mrn: format!("4{number:05}").parse().unwrap(),
        family: Name::parse(&format!("Example {number}")).unwrap(),
        given: Name::parse("Robin").unwrap(),
        born: None,
        sex: Sex::Other,
        dates_shifted: false,
    };
    let infusion = Infusion { at: day0(), product: "tisagenlecleucel".to_owned() };
    let every = TimeDelta::seconds(i64::try_from(30 * 86_400 / doses.max(1)).unwrap());
    let dose = |at: usize| {
        let (drug, amount) = if at % 3 == 2 { ("anakinra", "100 mg") } else { ("dexamethasone", "4.5 mg") };
        let given = Given::At(day0() + every * i32::try_from(at).unwrap());
        let plain = Administration::given(DrugId::new(drug), amount.parse().unwrap(), given);
        Fact::Administered(Administration { route: Some(Route::Intravenous), ..plain })
    };
    [Fact::PatientRegistered(identity), Fact::Infused(infusion)].into_iter().chain((0..doses).map(dose)).collect()
}

/// A ward of so many patients with so many doses each.
fn ward(folder: &Path, patients: usize, doses: usize) -> Places {
    let places = Places { data: folder.join("data"), config: folder.join("config"), cache: None };
    let mut store = Store::open_or_create(&places.data, "Ward 4").unwrap();
    store.become_writer(&places.config).unwrap();
    let author = Author { by: "NK".parse().unwrap(), workstation: "WARD4-PC02".to_owned() };
    for number in 0..patients {
        let id = store.new_patient_id().unwrap();
        store.save(&id, facts(number, doses), &author, day0()).unwrap();
    }
    places
}

fn clock() -> FixedClock {
    FixedClock(day0() + TimeDelta::days(30))
}

/// A window over it, which does everything on its own thread.
fn window(folder: &Path, patients: usize, doses: usize, is_open: bool) -> MainWindow {
    let places = ward(folder, patients, doses);
    let mut app = App::new(Reference::shipped().unwrap(), places, Box::new(clock()), Box::new(NoDialogs));
    let first = app.rows[0].id.clone();
    app.selected = None;
    if is_open {
        app.update(Action::Select(first));
    }
    MainWindow::new(app)
}

/// The middle time of a frame, drawn again and again while the pointer moves.
fn frame(mut draw: impl FnMut(&mut Ui)) -> Duration {
    let context = Context::default();
    let mut took = Vec::new();
    for at in 0..FRAMES + 10 {
        let screen_rect = Some(Rect::from_min_size(pos2(0.0, 0.0), vec2(1366.0, 768.0)));
        let pointer = Event::PointerMoved(pos2(300.0 + 5.0 * at as f32, 240.0));
        let time = Some(at as f64 / 60.0);
        let input = RawInput { screen_rect, time, events: vec![pointer], ..RawInput::default() };
        let begun = Instant::now();
        let output = context.run_ui(input, &mut draw);
        let meshes = context.tessellate(output.shapes, output.pixels_per_point);
        let elapsed = begun.elapsed();
        assert!(!meshes.is_empty());
        // The first frames install fonts and lay every text out for the first time.
        if at >= 10 {
            took.push(elapsed);
        }
    }
    took.sort();
    took[FRAMES / 2]
}

/// The middle time of something that is done again and again.
fn step(window: &mut MainWindow, mut done: impl FnMut(&mut App, usize)) -> Duration {
    let mut took = Vec::new();
    for at in 0..STEPS {
        let begun = Instant::now();
        done(&mut window.app, at);
        let mut here = begun.elapsed();
        // What was worked out beside the window comes to its thread too.
        while !window.app.is_worked_out() {
            std::thread::sleep(Duration::from_millis(1));
            let begun = Instant::now();
            window.app.listen();
            here += begun.elapsed();
        }
        took.push(here);
    }
    took.sort();
    took[STEPS / 2]
}

/// What the window's thread does for one thing that is done with an open patient.
fn steps(patients: usize, doses: usize) {
    let folder = tempfile::tempdir().unwrap();
    let places = ward(folder.path(), patients, doses);
    // As in the program: what may be done beside the window is.
    let worker = Worker::threaded(Arc::new(OsStorage), Arc::new(|| ())).unwrap();
    let app = App::unopened(Reference::shipped().unwrap(), places, Box::new(clock()), Box::new(NoDialogs), worker);
    let mut window = MainWindow::new(app);
    window.app.open_what_is_there();
    while window.app.shown().is_none() || !window.app.is_worked_out() {
        std::thread::sleep(Duration::from_millis(10));
        window.app.listen();
    }
    window.app.record_as("NK".parse().unwrap());
    let lines = ["dex 10 iv", "dex 10 iv i"];
    let ids: Vec<_> = window.app.rows.iter().map(|row| row.id.clone()).collect();
    let windows = [Window::All, Window::Day0];
    let report = |what: &str, took: Duration| {
        let met = if took <= Duration::from_millis(5) { "met" } else { "MISSED" };
        println!("{patients} patients of {doses} doses, {what}: {took:?}, at most 5ms: {met}");
    };
    report("a key typed", step(&mut window, |app, at| app.update(Action::Quick(lines[at % 2].to_owned()))));
    window.app.update(Action::Quick(String::new()));
    report("another window", step(&mut window, |app, at| app.update(Action::Window(windows[at % 2]))));
    report("another scale", step(&mut window, |app, _| app.update(Action::Chart(ChartAction::Spacing))));
    report("the review, opened or closed", step(&mut window, |app, _| app.update(Action::Overlay(Overlay::Review))));
    window.app.overlay = None;
    report("another zoom", step(&mut window, |app, at| app.update(Action::Zoom([10, -10][at % 2]))));
    report("a tick", step(&mut window, |app, _| app.update(Action::Tick)));
    if patients > 1 {
        report("another patient", step(&mut window, |app, at| app.update(Action::Select(ids[at % 2].clone()))));
    }
}

fn main() {
    steps(1, 500);
    steps(1, 5_000);
    steps(1, 10_000);
    steps(400, 100);
    steps(2_000, 20);
    let baseline = frame(|ui| drop(ui.label("EXAMPLE, Robin")));
    println!("one line of text: {baseline:?}");
    for (what, patients, doses, is_open, most) in [
        ("a patient of 500 doses", 1, 500, true, 3),
        ("a patient of 10,000 doses", 1, 10_000, true, 6),
        ("a ward list of 2,000", 2_000, 3, false, 2),
        ("a ward list of 2,000 and an open patient", 2_000, 3, true, 3),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let mut window = window(folder.path(), patients, doses, is_open);
        let took = frame(|ui| window.show(ui));
        let aim = Duration::from_millis(most);
        let met = if took <= aim { "met" } else { "MISSED" };
        let ratio = took.as_secs_f64() / baseline.as_secs_f64().max(1e-9);
        println!("{what}: {took:?}, {ratio:.0} times one line of text; aim {aim:?} {met}");
    }
}
