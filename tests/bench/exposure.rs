//! Speed of the exposure room: all figures of one patient, and the totals of a large ward.
//!
//! Each is told beside a plain loop over the same amounts in the same run, so that a number from another machine can be
//! compared: `cargo bench`.

#![allow(clippy::unwrap_used, reason = "a benchmark that cannot be set up has nothing to measure")]

use chrono::{FixedOffset, TimeDelta};
use corticurve::exposure::{Exact, Exposure, Rules, Tables, Window, total_of};
use corticurve::record::{
    Administration, Amount, Chart, DrugId, Entry, EntryId, Fact, Formulary, Given, Infusion, Measure, Measurement,
    Moment, Recorded, Route, Stamp, time,
};
use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use std::time::{Duration, Instant};

fn at(text: &str) -> Moment {
    time::parse_moment(text, &FixedOffset::east_opt(0).unwrap()).unwrap()
}

/// Doses of four drugs every hour and a half; every tenth is an infusion over four hours.
fn dose(number: i64) -> Administration {
    let start = at("2026-11-13T11:00Z") + TimeDelta::minutes(90 * number);
    let given = if number % 10 == 9 { Given::Over(start, start + TimeDelta::hours(4)) } else { Given::At(start) };
    let (drug, micrograms) = match number % 4 {
        0 | 1 => ("dexamethasone", 10_000),
        2 => ("methylprednisolone", 62_500),
        _ => ("anakinra", 100_000),
    };
    let plain = Administration::given(DrugId::new(drug), Amount::from_micrograms(micrograms), given);
    Administration { route: Some(Route::Intravenous), ..plain }
}

fn id(number: usize) -> EntryId {
    let mut bytes = [0; 16];
    for (byte, digit) in bytes.iter_mut().zip(format!("{number:016}").bytes()) {
        *byte = digit - b'0';
    }
    EntryId::from_random(bytes)
}

fn entry((number, fact): (usize, Fact)) -> Entry {
    let (recorded_at, recorded_by) = (at("2027-01-01T12:00Z"), "NK".parse().unwrap());
    Entry { id: id(number), recorded_at, recorded_by, workstation: "WARD4-PC02".into(), fact }
}

/// An infusion, a weight for each of a month's days, a height and so many doses.
fn chart(doses: i64) -> Chart {
    let day0 = at("2026-11-13T10:40Z");
    let weight = |day: i64| {
        let weight = format!("52.{day} kg").parse().unwrap();
        Fact::Measured(Measurement { what: Measure::Weight(weight), at: day0 + TimeDelta::days(day - 1) })
    };
    let height = Fact::Measured(Measurement { what: Measure::Height("160 cm".parse().unwrap()), at: day0 });
    let mut facts: Vec<Fact> = (0..30).map(weight).collect();
    facts.push(height);
    facts.push(Fact::Infused(Infusion { product: "tisagenlecleucel".to_owned(), at: day0 }));
    facts.extend((0..doses).map(|number| Fact::Administered(dose(number))));
    Chart::fold(&facts.into_iter().enumerate().map(entry).collect::<Vec<_>>())
}

/// The same doses without the fold, which a ward of a million doses is not measured on.
fn bare_chart(patient: i64, doses: i64) -> Chart {
    let stamp =
        Stamp { id: id(0), at: at("2027-01-01T12:00Z"), by: "NK".parse().unwrap(), workstation: "WARD4-PC02".into() };
    let recorded = |number: i64| {
        let value = dose(number + patient % 7);
        Recorded { stamp: stamp.clone(), value, first: None, changes: Vec::new(), struck_out: false }
    };
    Chart { administrations: (0..doses).map(recorded).collect(), ..Chart::default() }
}

/// What every total is compared with: the same amounts as whole micrograms in one list, added up.
fn plain_loop(micrograms: &[u64]) -> u64 {
    micrograms.iter().fold(0, |sum, amount| sum + black_box(*amount))
}

fn micrograms(charts: &[Chart]) -> Vec<u64> {
    let doses = charts.iter().flat_map(|chart| &chart.administrations);
    doses.filter_map(|dose| dose.value.amount.as_ref()?.mass()).map(Amount::micrograms).collect()
}

/// The quickest of some runs: what the machine can do when nothing else disturbs it.
fn quickest<T>(runs: usize, mut run: impl FnMut() -> T) -> Duration {
    let time = |_| {
        let begun = Instant::now();
        black_box(run());
        begun.elapsed()
    };
    (0..runs).map(time).min().unwrap_or_default()
}

fn told(what: &str, took: Duration, baseline: Duration, aim: Duration) {
    let ratio = took.as_secs_f64() / baseline.as_secs_f64().max(1e-9);
    let met = if took <= aim { "met" } else { "MISSED" };
    println!("{what}: {took:?}, {ratio:.1} times a plain loop over the same amounts ({baseline:?}); aim {aim:?} {met}");
}

fn one_patient(criterion: &mut Criterion) {
    let (formulary, tables) = (Formulary::shipped().unwrap(), Tables::shipped().unwrap());
    let rules = Rules::new(&formulary, &tables, tables.get("fda-label").unwrap());
    let (chart, as_of) = (chart(500), at("2027-01-01T12:00Z"));
    let amounts = micrograms(std::slice::from_ref(&chart));
    let figures = || Exposure::of(black_box(&chart), rules, Window::Day0, as_of).unwrap();
    criterion.bench_function("500 doses of one patient: a plain loop", |bench| bench.iter(|| plain_loop(&amounts)));
    criterion.bench_function("500 doses of one patient: all figures", |bench| bench.iter(figures));
    let baseline = quickest(1000, || plain_loop(&amounts));
    told("all figures of 500 doses", quickest(200, figures), baseline, Duration::from_micros(200));
}

fn large_ward(criterion: &mut Criterion) {
    let (formulary, tables) = (Formulary::shipped().unwrap(), Tables::shipped().unwrap());
    let rules = Rules::new(&formulary, &tables, tables.get("fda-label").unwrap());
    let charts: Vec<Chart> = (0..10_000).map(|patient| bare_chart(patient, 100)).collect();
    let amounts = micrograms(&charts);
    let span = Window::All.span(None, at("2027-01-01T12:00Z"));
    let totals = || Exact::sum(charts.iter().map(|chart| total_of(chart, rules, &span).unwrap())).unwrap();
    criterion.bench_function("1,000,000 doses: a plain loop", |bench| bench.iter(|| plain_loop(&amounts)));
    criterion.bench_function("1,000,000 doses of 10,000 patients: totals", |bench| bench.iter(totals));
    let baseline = quickest(10, || plain_loop(&amounts));
    told("totals of 1,000,000 doses of 10,000 patients", quickest(10, totals), baseline, Duration::from_millis(100));
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).measurement_time(Duration::from_secs(2)).without_plots();
    targets = one_patient, large_ward
}
criterion_main!(benches);
