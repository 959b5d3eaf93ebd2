//! What must hold of the figures of every chart.

use super::{chart_of, drug, mg, rules, seen, under};
use crate::record::{at, entry, id};
use chrono::{NaiveDate, TimeDelta};
use corticurve::exchange::listing;
use corticurve::exchange::summary::PatientSummary;
use corticurve::exposure::figure::{AmountUnit, Brief, Figure};
use corticurve::exposure::{
    Edge, Exact, Exposure, FigureName, Reading, Reason, Rules, Window, curve, explain, judge, log,
};
use corticurve::record::{
    Administration, Amount, Chart, Expressed, Fact, Given, Identity, Infusion, Measure, Measurement, Name, PatientId,
    Purpose, Quantity, Route, Sex, Status, StrikeOut,
};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

/// Checks what must hold of the figures of a chart, whatever is in it.
#[track_caller]
pub fn hold(chart: &Chart, rules: Rules<'_>, exposure: &Exposure) {
    let total = exposure.total;
    let sum = |parts: Vec<Exact>| Exact::sum(parts).unwrap();
    assert_eq!(sum(exposure.by_drug.iter().map(|part| part.equivalent).collect()), total, "by drug");
    assert_eq!(sum(exposure.daily.steroids.values().flat_map(|day| day.values().copied()).collect()), total, "by day");
    assert_eq!(sum(exposure.daily.anakinra.values().copied().collect()), exposure.anakinra.mg, "anakinra by day");
    assert!(exposure.range.least.mg <= total && total <= exposure.range.most.mg, "the range holds the total");
    assert!(exposure.without_route.mg <= total);
    assert!(exposure.peak_day.is_none_or(|(_, peak)| peak <= total && peak.is_positive()));
    assert_eq!(exposure.steroid_days == 0, total.is_zero());
    assert!(i64::try_from(exposure.steroid_days).unwrap() <= exposure.span_days);
    assert!(exposure.last_24h <= exposure.last_72h && exposure.last_72h <= exposure.last_7d, "hours");
    assert!(exposure.landmarks.is_sorted_by(|a, b| a.mg <= b.mg), "landmarks never fall");
    assert_eq!(sum(exposure.courses.iter().map(|course| course.mg).collect()), total, "by course");
    assert!(exposure.courses.windows(2).all(|pair| pair[0].end < pair[1].start), "courses follow each other");
    assert!(exposure.total_as_base <= total && exposure.range.least.mg <= exposure.total_as_base);
    let by_sum = corticurve::exposure::total_of(chart, rules, &exposure.span).unwrap();
    assert_eq!(by_sum, total, "the same sum for a ward");
    let per_kg = exposure.weight.map(|(weight, _)| total.over(Exact::new(i128::from(weight.grams()), 1000)).unwrap());
    assert_eq!(exposure.mg_per_kg, per_kg, "per kilogram");
    explanations_add_up(chart, rules, exposure);
    curve_ends_with_the_total(chart, rules, exposure);
    log_ends_with_the_total(chart, rules, exposure);
    figure_shows_the_total(chart, rules, exposure);
    json_has_the_same_digits(exposure);
    if let Ok(sparing) = &exposure.sparing {
        assert_eq!(sparing.before.plus(sparing.after), Ok(total), "before and after the first anakinra are the total");
        assert!(sparing.from < sparing.anakinra_from && sparing.anakinra_from < sparing.until);
        assert!(sparing.until <= exposure.as_of && sparing.before.is_positive() && sparing.after.is_positive());
    }
}

/// The doses of every explanation add up to its figure.
fn explanations_add_up(chart: &Chart, rules: Rules<'_>, exposure: &Exposure) {
    let mut figures = vec![
        (FigureName::Total, exposure.total),
        (FigureName::AsBase, exposure.total_as_base),
        (FigureName::Undecided, exposure.undecided.mg),
        (FigureName::RangeLeast, exposure.range.least.mg),
        (FigureName::RangeMost, exposure.range.most.mg),
        (FigureName::SteroidDays, exposure.total),
        (FigureName::Last24h, exposure.last_24h),
        (FigureName::Last72h, exposure.last_72h),
        (FigureName::Last7d, exposure.last_7d),
        (FigureName::WithoutRoute, exposure.without_route.mg),
        (FigureName::Anakinra, exposure.anakinra.mg),
        (FigureName::LeftOut, Exact::ZERO),
    ];
    figures.extend(exposure.anakinra.per_day.map(|_| (FigureName::AnakinraPerDay, exposure.anakinra.mg)));
    figures.extend(exposure.anakinra.peak.map(|(_, mg)| (FigureName::AnakinraPeak, mg)));
    if let Ok(sparing) = &exposure.sparing {
        figures.push((FigureName::SparingBefore, sparing.before));
        figures.push((FigureName::SparingAfter, sparing.after));
    }
    figures.extend(exposure.day0().map(|_| (FigureName::BeforeDay0, exposure.before_day0)));
    figures.extend(exposure.peak_day.map(|(_, mg)| (FigureName::PeakDay, mg)));
    figures.extend(exposure.mg_per_kg.map(|_| (FigureName::PerKg, exposure.total)));
    figures.extend(exposure.mg_per_kg_otherwise.map(|_| (FigureName::PerKgOtherwise, exposure.total)));
    figures.extend(exposure.mg_per_m2.map(|_| (FigureName::PerM2, exposure.total)));
    figures.extend(exposure.landmarks.iter().map(|landmark| (FigureName::Landmark(landmark.day.0), landmark.mg)));
    figures.extend((1..).zip(&exposure.courses).map(|(number, course)| (FigureName::Course(number), course.mg)));
    figures.extend(exposure.episodes.iter().map(|episode| (FigureName::Episode(episode.number), episode.mg)));
    for (figure, mg) in figures {
        let explanation = explain(chart, rules, exposure, figure).unwrap().unwrap();
        assert_eq!(explanation.sum, mg, "{figure:?}");
        let products = explanation.doses.iter().filter_map(|dose| dose.product);
        assert_eq!(Exact::sum(products), Ok(mg), "{figure:?}");
        assert_eq!(FigureName::parse(&figure.word()), Ok(figure));
    }
    let left_out: usize = exposure.left_out.iter().map(|left| left.doses).sum();
    let listed = |figure| explain(chart, rules, exposure, figure).unwrap().unwrap().left_out.len();
    assert_eq!(listed(FigureName::LeftOut) + listed(FigureName::Anakinra), left_out, "what is left out is listed");
}

fn curve_ends_with_the_total(chart: &Chart, rules: Rules<'_>, exposure: &Exposure) {
    let span = exposure.span;
    let points = curve(&judge(chart, rules).unwrap(), &span).unwrap();
    assert_eq!(points.last().unwrap().after, exposure.total, "the curve ends with the total");
    assert!(points.iter().all(|point| point.before <= point.after && point.at <= exposure.as_of));
    let csv = listing::curve_csv(exposure, &points).unwrap();
    let last = csv.trim_end().rsplit('\n').next().unwrap().split(',').map(str::to_owned).collect::<Vec<_>>();
    assert!(last.contains(&exposure.total.decimal()), "{last:?}");
    for pair in points.windows(2) {
        assert!(pair[0].after <= pair[1].before && pair[0].at < pair[1].at, "the curve never falls");
    }
}

fn log_ends_with_the_total(chart: &Chart, rules: Rules<'_>, exposure: &Exposure) {
    let rows = log(chart, rules, exposure).unwrap();
    assert_eq!(rows.len(), chart.administrations.len(), "every dose is in the log");
    let last = |anakinra: bool| {
        let of_kind = rows.iter().filter(|row| (row.recorded.value.drug == drug("anakinra")) == anakinra);
        of_kind.filter_map(|row| row.running).next_back().unwrap_or(Exact::ZERO)
    };
    assert_eq!((last(false), last(true)), (exposure.total, exposure.anakinra.mg), "the last running totals");
    let counted: usize = exposure.by_drug.iter().map(|part| part.doses).sum();
    assert_eq!(rows.iter().filter(|row| row.counts()).count(), counted + exposure.anakinra.doses);
}

fn figure_shows_the_total(chart: &Chart, rules: Rules<'_>, exposure: &Exposure) {
    let figure = Figure::of(chart, rules, exposure).unwrap();
    let mut places = vec![figure.view.0, figure.view.1, figure.now, figure.curve_top, figure.daily_top];
    places.push(figure.anakinra_top);
    places.extend(figure.infusion);
    brief_says_the_same(chart, rules, exposure, &figure);
    places.extend(figure.curve.iter().flatten());
    places.extend(figure.doses.iter().flat_map(|dose| [dose.x, dose.y]));
    places.extend(figure.daily.iter().chain(&figure.anakinra).flat_map(|bar| [bar.from, bar.to, bar.base, bar.top]));
    places.extend(figure.grades.iter().flat_map(|cell| [cell.from, cell.to]));
    assert!(places.iter().all(|place| place.is_finite()), "{places:?}");
    assert!(figure.view.0 < figure.view.1);
    let falls = |pair: &[[f64; 2]]| pair[1][0] < pair[0][0] || pair[1][1] < pair[0][1];
    assert!(!figure.curve.windows(2).any(falls), "the line goes right and up");
    let shown = ["", " of steroid"].map(|whose| format!("→ {} mg{whose} so far", exposure.total.brief()));
    let read = figure.read_out(figure.now, 0.0);
    let says = |line: &String| shown.iter().any(|shown| line.starts_with(shown));
    assert!(read.iter().any(says), "{read:?} does not say {shown:?}");
    for x in places.into_iter().chain([f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN, -0.0]) {
        assert!(!figure.read_out(x, 0.1).is_empty());
    }
    let per_kg = Figure::in_unit(chart, rules, exposure, AmountUnit::MgPerKg).unwrap();
    if let Some(mg) = exposure.mg_per_kg.map(Exact::to_plot) {
        let ends = per_kg.curve.last().unwrap()[1];
        assert!((ends - mg).abs() <= 1e-9 * mg.max(1.0), "per kilogram the curve ends with {ends} and not with {mg}");
    }
    assert!(figure.sentence.contains(&format!("{} mg dexamethasone-equivalent", exposure.total.brief())));
}

/// A row of the ward list says what the panel and the chart say.
fn brief_says_the_same(chart: &Chart, rules: Rules<'_>, exposure: &Exposure, figure: &Figure) {
    let brief = Brief::of(chart, rules, exposure.window, exposure.as_of).unwrap();
    assert_eq!((brief.day, brief.total, brief.undecided), (exposure.day, exposure.total, exposure.undecided));
    assert_eq!((&brief.without, brief.before_day0), (&exposure.without, exposure.before_day0));
    assert_eq!((brief.last_24h, brief.last_of_record_at), (exposure.last_24h, exposure.last_of_record_at));
    assert!(brief.curve.iter().flatten().all(|place| (0.0..=1.0).contains(place)), "{:?}", brief.curve);
    let heights = |curve: &[[f64; 2]], top: f64| curve.iter().map(|point| point[1] / top).collect::<Vec<_>>();
    assert_eq!(heights(&brief.curve, 1.0), heights(&figure.curve, figure.curve_top), "as high as the chart");
    if exposure.span.from.is_some() {
        let (first, length) = (figure.curve[0][0], figure.now - figure.curve[0][0]);
        let places = figure.curve.iter().map(|point| (point[0] - first) / length.max(f64::MIN_POSITIVE));
        assert!(places.zip(&brief.curve).all(|(x, point)| (x - point[0]).abs() < 1e-9), "as far as the chart");
    }
}

fn json_has_the_same_digits(exposure: &Exposure) {
    let identity = Identity {
        mrn: "40 017".parse().unwrap(),
        family: Name::default(),
        given: Name::default(),
        born: None,
        sex: Sex::Unknown,
        dates_shifted: false,
    };
    let json = serde_json::to_string(&PatientSummary::of(&PatientId::from_random([0; 12]), Some(&identity), exposure))
        .unwrap();
    for (name, value) in [
        ("dexamethasone_equivalent_mg", exposure.total),
        ("undecided_mg", exposure.undecided.mg),
        ("before_day0_mg", exposure.before_day0),
        ("as_base_mg", exposure.total_as_base),
        ("last_24h_mg", exposure.last_24h),
        ("last_72h_mg", exposure.last_72h),
        ("last_7d_mg", exposure.last_7d),
    ] {
        assert!(json.contains(&format!("\"{name}\":{},", value.decimal())), "{name} in {json}");
    }
    let range = format!("\"range_mg\":[{},{}]", exposure.range.least.mg.decimal(), exposure.range.most.mg.decimal());
    assert!(json.contains(&range), "{range} in {json}");
}

const NOW: &str = "2026-11-22T12:00Z";

/// Doses in the three weeks around an infusion, on summer's and winter's clock. Lengths of five minutes keep a dozen
/// infusions cut at once within what an exact number holds.
pub fn administrations() -> impl Strategy<Value = Administration> {
    let when = (0..30_000_i64, select(vec![0, 1, 2]), of((1..400_i64).prop_map(|fives| 5 * fives))).prop_map(
        |(minute, hours, length)| {
            let start = at("2026-11-05T00:00Z") + TimeDelta::minutes(minute);
            let start = start.with_timezone(&crate::record::offset(hours));
            length.map_or(Given::At(start), |minutes| Given::Over(start, start + TimeDelta::minutes(minutes)))
        },
    );
    let drugs = vec!["dexamethasone", "methylprednisolone", "prednisone", "deflazacort", "anakinra", "cortivazol"];
    let amounts = prop_oneof![
        1 => Just(None),
        1 => Just(Quantity::from_chart("2", "DROP").ok()),
        9 => (0..1_000_000_u64).prop_map(|micrograms| Some(Quantity::Mass(Amount::from_micrograms(micrograms)))),
    ];
    let routes = prop_oneof![3 => of(Just(Route::Intravenous)), 1 => select(Route::ALL).prop_map(Some)];
    let statuses = prop_oneof![3 => Just(Status::Given), 1 => select(Status::ALL)];
    let purposes = of(select(Purpose::ALL));
    (select(drugs), amounts, when, routes, statuses, select(Expressed::ALL), purposes).prop_map(
        |(name, amount, given, route, status, expressed, purpose)| {
            let plain = Administration::given(drug(name), Amount::ZERO, given);
            Administration { amount, route, status, expressed, purpose, ..plain }
        },
    )
}

/// Up to a dozen doses, some struck out, with up to two infusions, and with or without a weight and a height.
pub fn facts() -> impl Strategy<Value = Vec<Fact>> {
    let infusion = (0..20_000_i64).prop_map(|minute| at("2026-11-05T00:00Z") + TimeDelta::minutes(minute));
    let infusion = proptest::collection::vec(infusion, 0..3);
    let struck = proptest::collection::vec(any::<bool>(), 12);
    (proptest::collection::vec(administrations(), 0..12), struck, infusion, any::<bool>()).prop_map(
        |(doses, struck, infusion, weighed)| {
            let strike = |number: u32| {
                Fact::StruckOut(StrikeOut { target: id(number), reason: "other patient".to_owned(), seen: vec![] })
            };
            let struck: Vec<_> = (1..).zip(&doses).zip(struck).filter(|(_, struck)| *struck).collect();
            let struck: Vec<_> = struck.iter().step_by(3).map(|((number, _), _)| strike(*number)).collect();
            let mut facts: Vec<_> = doses.into_iter().map(Fact::Administered).chain(struck).collect();
            let product = "axi-cel".to_owned();
            facts.extend(infusion.into_iter().map(|at| Fact::Infused(Infusion { product: product.clone(), at })));
            let weight = Measurement { what: Measure::Weight("52.3 kg".parse().unwrap()), at: at(NOW) };
            let height = Measurement { what: Measure::Height("160 cm".parse().unwrap()), at: at(NOW) };
            facts.extend([weight, height].into_iter().filter(|_| weighed).map(Fact::Measured));
            facts
        },
    )
}

fn windows() -> impl Strategy<Value = Window> {
    let date = |days: u64| NaiveDate::from_ymd_opt(2026, 11, 1).unwrap() + chrono::Days::new(days);
    let instant = |minute: i64| at("2026-11-01T00:00Z") + TimeDelta::minutes(minute);
    prop_oneof![
        Just(Window::Day0),
        Just(Window::Day30),
        Just(Window::All),
        (1..3_usize).prop_map(Window::Episode),
        (0..500_i64).prop_map(Window::LastHours),
        (0..30_u64, 0..30_u64)
            .prop_map(move |(from, more)| Window::Between(Edge::Date(date(from)), Edge::Date(date(from + more)))),
        (0..30_000_i64, 1..30_000_i64)
            .prop_map(move |(a, more)| Window::Between(Edge::Instant(instant(a)), Edge::Instant(instant(a + more)))),
    ]
}

pub fn as_ofs() -> impl Strategy<Value = corticurve::record::Moment> {
    (0..32_000_i64).prop_map(|minute| at("2026-11-05T00:00Z") + TimeDelta::minutes(minute))
}

fn over(chart: &Chart, window: Window) -> Exact {
    Exposure::of(chart, rules(), window, at("2026-12-31T12:00Z")).unwrap().total
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_number_agrees_with_every_other(facts in facts(), window in windows(), as_of in as_ofs()) {
        let chart = chart_of(facts);
        for table in ["fda-label", "bnf"] {
            seen(&chart, under(table), window, as_of);
        }
    }

    #[test]
    fn the_order_of_entries_changes_nothing(facts in facts(), seed in any::<u64>(), window in windows()) {
        let entries: Vec<_> = (1..).zip(facts).map(|(number, fact)| entry(number, i64::from(number), fact)).collect();
        let mut mixed = entries.clone();
        mixed.sort_by_key(|entry| {
            let number: u64 = entry.id.as_str().parse().unwrap();
            (number.wrapping_mul(seed | 1)) >> 7
        });
        let [a, b] = [entries, mixed].map(|entries| {
            format!("{:?}", Exposure::of(&Chart::fold(&entries), rules(), window, at(NOW)).unwrap())
        });
        prop_assert_eq!(a, b);
    }

    #[test]
    fn a_window_split_in_two_sums_to_the_whole(facts in facts(), days in 1..28_u64, minute in 1..40_000_i64) {
        let chart = chart_of(facts);
        let first = NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
        let (from, to) = (Edge::Date(first), Edge::Date(first + chrono::Days::new(40)));
        let whole = over(&chart, Window::Between(from, to));
        prop_assert_eq!(whole, over(&chart, Window::All));
        let (eve, date) = (first + chrono::Days::new(days), first + chrono::Days::new(days + 1));
        let at_date = [Window::Between(from, Edge::Date(eve)), Window::Between(Edge::Date(date), to)];
        let instant = Edge::Instant(at("2026-11-01T00:00Z") + TimeDelta::minutes(minute) + TimeDelta::milliseconds(minute));
        let at_instant = [Window::Between(from, instant), Window::Between(instant, to)];
        for parts in [at_date, at_instant] {
            prop_assert_eq!(Exact::sum(parts.map(|part| over(&chart, part))), Ok(whole), "{:?}", parts);
        }
    }

    #[test]
    fn striking_out_a_dose_never_raises_the_total(facts in facts(), window in windows(), which in any::<prop::sample::Index>()) {
        let mut chart = chart_of(facts);
        let before = Exposure::of(&chart, rules(), window, at(NOW)).unwrap();
        prop_assume!(!chart.administrations.is_empty());
        let place = which.index(chart.administrations.len());
        chart.administrations[place].struck_out = true;
        let after = Exposure::of(&chart, rules(), window, at(NOW)).unwrap();
        prop_assert!(after.total <= before.total && after.undecided.mg <= before.undecided.mg);
        prop_assert!(after.anakinra.mg <= before.anakinra.mg);
    }

    #[test]
    fn only_dexamethasone_is_the_same_under_every_table(facts in facts(), window in windows()) {
        let only = |fact: &Fact| !matches!(fact, Fact::Administered(dose) if dose.drug != drug("dexamethasone"))
            && !matches!(fact, Fact::StruckOut(_));
        let chart = chart_of(facts.into_iter().filter(only));
        let total = |table: &str| Exposure::of(&chart, under(table), window, at(NOW)).unwrap().total;
        let labelled = total("fda-label");
        for table in rules().tables.iter() {
            prop_assert_eq!(total(&table.id), labelled, "{}", table.id);
        }
    }

    #[test]
    fn what_is_switched_out_and_what_is_left_are_the_whole(facts in facts(), window in windows(), as_of in as_ofs()) {
        let chart = chart_of(facts);
        let whole = seen(&chart, rules(), window, as_of);
        let every = || Purpose::ALL.iter().copied().map(Some).chain([None]);
        let mut parts = Vec::new();
        for kept in every() {
            let reading = Reading { purposes_out: every().filter(|purpose| *purpose != kept).collect(), ..Reading::default() };
            parts.push(seen(&chart, Rules { reading: &reading, ..rules() }, window, as_of).total);
        }
        prop_assert_eq!(Exact::sum(parts), Ok(whole.total));
        prop_assert!(whole.left_out.iter().all(|left| left.reason != Reason::PurposeOut));
    }

    #[test]
    fn a_later_look_never_shows_less_of_the_whole_record(facts in facts(), first in as_ofs(), second in as_ofs()) {
        let chart = chart_of(facts);
        let totals = [first.min(second), first.max(second)]
            .map(|as_of| Exposure::of(&chart, rules(), Window::All, as_of).unwrap().total);
        prop_assert!(totals[0] <= totals[1]);
        prop_assert!(totals[0] >= mg("0"));
    }
}
