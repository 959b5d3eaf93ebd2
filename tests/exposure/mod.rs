//! Tests of `exposure`: what counts, over which time, and every number that is shown of it.

mod anakinra;
mod body;
mod chart;
mod counting;
mod courses;
mod days;
mod exact;
mod figure;
mod hostile;
mod infusions;
mod laws;
mod mimic;
mod peers;
mod plans;
mod position;
mod range;
mod reference;
mod review;
mod sparing;
mod unit;
mod windows;

use crate::record::{at, entry, typed_at};
use chrono::NaiveDate;
use corticurve::exposure::{Exact, Exposure, Rules, Tables, Window};
use corticurve::record::{
    Administration, Chart, ChartCheck, Fact, Formulary, Given, Infusion, Measure, Measurement, Moment, time,
};
use std::sync::LazyLock;

static SHIPPED: LazyLock<(Formulary, Tables)> =
    LazyLock::new(|| (Formulary::shipped().unwrap(), Tables::shipped().unwrap()));

/// The shipped drugs and tables, with one table in use.
fn under(table: &str) -> Rules<'static> {
    let (formulary, tables) = &*SHIPPED;
    Rules::new(formulary, tables, tables.get(table).unwrap())
}

fn rules() -> Rules<'static> {
    under("fda-label")
}

/// A dose as it is typed, with its date, in UTC: `dex 10 iv 2026-11-13T08:00Z`.
fn dose(line: &str) -> Administration {
    typed_at(line, "2027-06-01T12:00Z").unwrap()
}

fn given(line: &str) -> Fact {
    Fact::Administered(dose(line))
}

/// An infusion from one time to another, each with its offset.
fn given_over(line: &str, start: &str, end: &str) -> Fact {
    let given = Given::Over(at(start), at(end));
    Fact::Administered(Administration { given, ..dose(&format!("{line} 2026-11-14T08:00Z")) })
}

fn infused(when: &str) -> Fact {
    Fact::Infused(Infusion { product: "axi-cel".to_owned(), at: at(when) })
}

fn weighed(weight: &str, when: &str) -> Fact {
    Fact::Measured(Measurement { what: Measure::Weight(weight.parse().unwrap()), at: at(when) })
}

fn checked(when: &str) -> Fact {
    Fact::ChartChecked(ChartCheck { up_to: at(when) })
}

fn chart_of(facts: impl IntoIterator<Item = Fact>) -> Chart {
    let entries: Vec<_> = (1..).zip(facts).map(|(number, fact)| entry(number, i64::from(number), fact)).collect();
    let chart = Chart::fold(&entries);
    assert_eq!(chart.unplaced, []);
    chart
}

/// A chart of typed doses.
fn doses(lines: &[&str]) -> Chart {
    chart_of(lines.iter().map(|line| given(line)))
}

/// The same after an infusion on Friday, 13 November 2026 at 10:00.
fn after_infusion(lines: &[&str]) -> Chart {
    chart_of(std::iter::once(infused("2026-11-13T10:00Z")).chain(lines.iter().map(|line| given(line))))
}

/// The figures over a window; what must hold of all figures is checked on the way.
#[track_caller]
fn over(chart: &Chart, window: Window, as_of: &str) -> Exposure {
    seen(chart, rules(), window, at(as_of))
}

#[track_caller]
fn seen(chart: &Chart, rules: Rules<'_>, window: Window, as_of: Moment) -> Exposure {
    let exposure = Exposure::of(chart, rules, window, as_of).unwrap();
    laws::hold(chart, rules, &exposure);
    exposure
}

/// The total as a decimal.
#[track_caller]
fn total(chart: &Chart, window: Window, as_of: &str) -> String {
    over(chart, window, as_of).total.decimal()
}

fn date(text: &str) -> NaiveDate {
    time::parse_date(text).unwrap()
}

fn mg(text: &str) -> Exact {
    Exact::milligrams(format!("{text} mg").parse().unwrap())
}

fn drug(name: &str) -> corticurve::record::DrugId {
    corticurve::record::DrugId::new(name)
}

/// A file of the shared data; `None`, and said so, where it is absent.
pub fn shared(name: &str) -> Option<String> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name);
    let text = std::fs::read_to_string(&path);
    if text.is_err() {
        println!("skipped: {} is not there", path.display());
    }
    text.ok()
}
