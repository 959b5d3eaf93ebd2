//! Expected doses and projections, against the cases of others and against a pharmacist's sums.

use super::{after_infusion, chart_of, date, doses, drug, given, given_over, infused, mg, over, rules, shared, under};
use crate::record::{Berlin, at, offset, planned_at, planned_in};
use corticurve::exposure::figure::Figure;
use corticurve::exposure::{
    Exact, Exposure, PlanSum, PlannedError, Projection, Reached, Reason, Window, compared, expected, planned_days,
};
use corticurve::record::{
    Administration, Fact, Frequencies, Given, Interval, Moment, Plan, ScheduleError, Stage, time,
};
use serde_json::Value;

const NOW: &str = "2026-11-22T14:30Z";

fn plan(line: &str) -> Plan {
    planned_in(&offset(0), line, NOW).unwrap_or_else(|error| panic!("{line}: {error}"))
}

fn exposure(lines: &[&str]) -> Exposure {
    over(&after_infusion(lines), Window::Day0, NOW)
}

fn project(exposure: &Exposure, lines: &[&str]) -> Projection {
    let plans: Vec<Plan> = lines.iter().map(|line| plan(line)).collect();
    Projection::of(exposure, &plans.iter().collect::<Vec<_>>(), rules(), &offset(0)).unwrap()
}

/// The doses of one row of the cases: with their times, or as dates where the row has only dates.
fn single_doses(row: &Value, frequencies: &Frequencies) -> Result<Vec<String>, String> {
    let every = row.get("EXDOSFRQ").or(row.get("DOSFREQ")).unwrap().as_str().unwrap();
    let every = frequencies.find(every).map_err(|error| error.to_string())?.every.clone();
    let field = |name: &str| row.as_object().unwrap().iter().find(|(key, _)| key.ends_with(name)).map(|(_, v)| v);
    if field("DTM").is_none() {
        let day = |name: &'static str| row[name].as_str().map(date).ok_or(name);
        let dates = every.dates(day("ASTDT")?, day("AENDT")?).map_err(|error| error.to_string())?;
        return Ok(dates.iter().map(ToString::to_string).collect());
    }
    // The row as a stage of a plan, each column under the name that it has: a column that is not ours stays what it is.
    let mut text = format!("(drug: \"prednisone\", amount: \"5 mg\", every: {}", ron::to_string(&every).unwrap());
    for (column, value) in row.as_object().unwrap() {
        let moment = value.as_str().map(|text| text.replacen(' ', "T", 1) + "Z").unwrap_or_default();
        match column.as_str() {
            "ASTDTM" | "EXSTDTM" => text += &format!(", from: {moment:?}"),
            "AENDTM" | "EXENDTM" if value.is_null() => {}
            "AENDTM" | "EXENDTM" => text += &format!(", until: At({moment:?})"),
            "STUDYID" | "USUBJID" | "EXDOSFRQ" | "DOSFREQ" | "EXTRT" | "NFRLT" | "ASTDT" | "EXSTDT" | "AENDT"
            | "EXENDT" => {}
            other => text += &format!(", {other}: {value}"),
        }
    }
    let stage: Stage = ron::from_str(&(text + ")")).map_err(|error| error.to_string())?;
    let times = stage.times(&offset(0)).map_err(|error| error.to_string())?;
    Ok(times.iter().map(|at| at.format("%Y-%m-%d %H:%M:%S").to_string()).collect())
}

/// A custom vocabulary of the cases in our form.
fn own_frequencies(rows: &Value) -> Result<Frequencies, String> {
    let mut text = "[".to_owned();
    for row in rows.as_array().unwrap() {
        let (_, term) = row.as_object().unwrap().iter().find(|(key, _)| key.eq_ignore_ascii_case("value")).unwrap();
        // "1 / 30" a minute is every 30 minutes.
        let count = row["DOSE_COUNT"].as_str().unwrap().strip_prefix("1 / ").unwrap();
        assert_eq!((row["DOSE_WINDOW"].as_str(), row["CONVERSION_FACTOR"].as_f64()), (Some("MINUTE"), Some(1.0)));
        text += &format!("(term: {term}, every: Minutes({count})),");
    }
    let own = Frequencies::from_ron(&(text + "]")).map_err(|error| error.to_string())?;
    Frequencies::shipped().unwrap().and(own).map_err(|error| error.to_string())
}

/// What a case comes to: who it is about, when, and the nominal hours since the first dose where the case has them.
fn outcome(case: &Value) -> Result<Vec<(String, String)>, String> {
    let frequencies = match &case["custom_lookup"] {
        Value::Null => Frequencies::shipped().unwrap(),
        own => own_frequencies(own)?,
    };
    let mut doses = Vec::new();
    for row in case["input"].as_array().unwrap() {
        let whose = |row: &Value| format!("{} {}", row["USUBJID"], row.get("EXTRT").unwrap_or(&Value::Null));
        doses.extend(single_doses(row, &frequencies)?.into_iter().map(|at| (whose(row), at)));
    }
    Ok(doses)
}

#[test]
fn the_single_dose_cases_of_admiral_give_exactly_their_doses_or_an_error() {
    let Some(cases) = shared("peers/admiral_single_dose_cases.json") else { return };
    let cases: Value = serde_json::from_str(&cases).unwrap();
    let errors = [
        (5, "'1' is not a frequency"),
        (6, "until"),
        (7, "ADTSTD"),
        (8, "ADTEND"),
        (9, "needs the time of day"),
        (12, "'Q30MIN' is there twice"),
    ];
    let mut good = 0;
    for case in cases.as_array().unwrap() {
        let number = case["test"].as_u64().unwrap();
        let found = outcome(case);
        let Some(wanted) = case["expected_output"].as_array() else {
            let (_, part) = errors.iter().find(|(case, _)| *case == number).unwrap();
            let error = found.unwrap_err();
            assert!(error.contains(part), "case {number}: {error}");
            continue;
        };
        let wanted: Vec<(String, String)> = wanted
            .iter()
            .map(|row| {
                let times = ["ASTDTM", "EXSTDTM", "ASTDT"].iter().find_map(|column| row[*column].as_str()).unwrap();
                (format!("{} {}", row["USUBJID"], row.get("EXTRT").unwrap_or(&Value::Null)), times.replace('T', " "))
            })
            .collect();
        assert_eq!(found.unwrap(), wanted, "case {number}: {}", case["title"]);
        good += 1;
    }
    assert_eq!((good, errors.len()), (6, 6));
}

/// The taper of the HL7 example as a line: one stage for each dosage instruction, 5 mg a tablet.
fn hl7_taper(request: &Value) -> String {
    let mut stages = Vec::new();
    for (number, dosage) in request["dose"]["dosageInstruction"].as_array().unwrap().iter().enumerate() {
        let repeat = &dosage["timing"]["repeat"];
        assert_eq!(
            (&repeat["frequency"], &repeat["period"], &repeat["periodUnit"]),
            (&1.into(), &1.into(), &"d".into())
        );
        let tablets = dosage["doseAndRate"][0]["doseQuantity"]["value"].as_u64().unwrap();
        let bounds = |edge: &str| repeat["boundsPeriod"][edge].as_str().unwrap().to_owned();
        let drug = if number == 0 { "prednisone" } else { "" };
        stages.push(format!("{drug} {} po daily from {} 08:00 until {}", tablets * 5, bounds("start"), bounds("end")));
    }
    stages.join(" then ")
}

#[test]
fn the_hl7_taper_is_49_tablets_245_mg_and_36_75_mg_of_dexamethasone() {
    let Some(request) = shared("fhir-examples/MedicationRequest-medrx0303.json") else { return };
    let request: Value = serde_json::from_str(&request).unwrap();
    let plan = planned_in(&offset(0), &hl7_taper(&request), "2015-01-15T12:00Z").unwrap();
    let sum = PlanSum::of(&plan, rules(), &offset(0)).unwrap();
    assert_eq!(sum.stages.iter().map(|stage| stage.doses).collect::<Vec<_>>(), [7, 7, 7]);
    let own: Vec<String> = sum.stages.iter().map(|stage| stage.mg.decimal()).collect();
    assert_eq!(own, ["140", "70", "35"], "245 mg, 49 tablets of 5 mg");
    assert_eq!(sum.equivalent.decimal(), "36.75");
    let (first, _) = sum.stages[0].between.unwrap();
    let (_, last) = sum.stages[2].between.unwrap();
    assert_eq!((first.date_naive(), last.date_naive()), (date("2015-01-16"), date("2015-02-05")));
}

#[test]
fn a_plan_changes_no_figure_of_the_exposure() {
    let lines = ["dex 10 iv 2026-11-16T08:00Z", "ana 100 sc 2026-11-16T12:00Z", "prednisone 40 po 2026-11-20T08:00Z"];
    let facts = || std::iter::once(infused("2026-11-13T10:00Z")).chain(lines.iter().map(|line| given(line)));
    let plans = ["dex 10 iv q6h from yesterday 08:00 x20", "ana 200 iv q8h x9", "deflazacort 6 po daily x3"];
    let without = chart_of(facts());
    let with = chart_of(facts().chain(plans.iter().map(|line| Fact::Planned(plan(line)))));
    assert_eq!(with.plans.len(), 3);
    for window in [Window::Day0, Window::All, Window::LastHours(24), Window::Day30] {
        let (without, with) = (over(&without, window, NOW), over(&with, window, NOW));
        assert_eq!(format!("{without:?}"), format!("{with:?}"));
    }
}

#[test]
fn a_projection_begins_with_the_total_and_only_with_doses_still_to_come() {
    let so_far = exposure(&["dex 10 iv 2026-11-16T08:00Z"]);
    let found = project(&so_far, &["dex 4 iv q12h from 2026-11-22 02:30 x4"]);
    // 02:30 and 14:30 are past or now; 23 November 02:30 and 14:30 are to come.
    let steps: Vec<_> = found.steps.iter().map(|step| (time::shown(step.at), step.total.decimal())).collect();
    let expected = [("23-Nov-2026 02:30", "14"), ("23-Nov-2026 14:30", "18")];
    assert_eq!(steps, expected.map(|(at, total)| (at.to_owned(), total.to_owned())));
    assert_eq!((found.start, found.end(), so_far.total), (mg("10"), mg("18"), mg("10")));
}

#[test]
fn when_every_expected_dose_was_given_the_total_is_what_was_projected() {
    let given_before = ["dex 10 iv 2026-11-16T08:00Z", "ana 100 sc 2026-11-16T08:00Z"];
    let so_far = exposure(&given_before);
    for line in [
        "dex 10 iv q6h from 20:00 x8 then 4 q12h for 3d then 2 daily until 2026-12-05",
        "methylpred 500 iv q12h from 20:00 for 3d then 250 q12h for 2d then 125 q12h for 2d then ana 200 q8h x6",
        "prednisone 50 po daily from tomorrow 08:00 x5 then hydrocortisone 20 po tid for 2d then dex 1 it weekly x2",
        "dex 0.2mg/kg iv 7 times a day from 20:00 for 2d",
    ] {
        let plan = plan(line);
        let projection = Projection::of(&so_far, &[&plan], rules(), &offset(0)).unwrap();
        let facts = std::iter::once(infused("2026-11-13T10:00Z")).chain(given_before.iter().map(|line| given(line)));
        let all = plan.stages.iter().flat_map(|stage| {
            let times = stage.times(&offset(0)).unwrap().into_iter();
            times.map(|at| {
                let given = Administration::given(stage.drug.clone(), stage.amount, Given::At(at));
                Fact::Administered(Administration { route: stage.route, ..given })
            })
        });
        let later = over(&chart_of(facts.chain(all)), Window::Day0, "2027-01-10T00:00Z");
        assert_eq!((later.total, later.anakinra.mg), (projection.end(), projection.anakinra_end()), "{line}");
        assert!(projection.end() > so_far.total);
    }
}

#[test]
fn two_plans_of_one_chart_continue_it_together_and_anakinra_apart() {
    let so_far = exposure(&["dex 10 iv 2026-11-16T08:00Z", "ana 100 sc 2026-11-16T08:00Z"]);
    let found = project(&so_far, &["dex 4 iv daily from tomorrow 08:00 x2", "ana 100 sc daily from tomorrow 08:00 x3"]);
    assert_eq!((found.end(), found.anakinra_end()), (mg("18"), mg("400")));
    assert_eq!((found.steps.len(), found.anakinra.len()), (2, 3));
}

#[test]
fn a_planned_drug_without_a_conversion_is_named_and_not_dropped() {
    let so_far = exposure(&[]);
    let found = project(&so_far, &["deflazacort 6 po daily from tomorrow 08:00 x3 then dex 1 it daily x2"]);
    let beyond: Vec<_> = found.beyond.iter().map(|it| (it.drug.as_str(), it.reason, it.doses, it.mg)).collect();
    let expected =
        [("deflazacort", Reason::NotInTable, 3, mg("18")), ("dexamethasone", Reason::NotSystemic, 2, mg("2"))];
    assert_eq!(beyond, expected);
    assert!(found.steps.is_empty() && !found.is_empty());
    let days = planned_days(&so_far, &[&plan("deflazacort 6 po daily x1")], rules(), &offset(0)).unwrap();
    assert_eq!((days[0].planned, days[0].beyond), (mg("0"), 1));
    // Under a table that lists it, it is converted: 6 mg are 0.75 mg of dexamethasone (clinical reference, section 1).
    let bnf = Exposure::of(&doses(&[]), under("bnf"), Window::All, at(NOW)).unwrap();
    let line = plan("deflazacort 6 po daily from tomorrow 08:00 x4");
    assert_eq!(Projection::of(&bnf, &[&line], under("bnf"), &offset(0)).unwrap().end(), mg("3"));
}

#[test]
fn the_day_on_which_a_total_is_reached_is_that_of_the_first_dose_that_makes_it() {
    let so_far = exposure(&["dex 100 iv 2026-11-16T08:00Z"]);
    let found = project(&so_far, &["dex 20 iv daily from tomorrow 08:00 x4"]);
    for (target, reached) in [
        ("100", Reached::Already { total: mg("100") }),
        ("100.001", Reached::At { at: at("2026-11-23T08:00Z"), total: mg("120") }),
        ("120", Reached::At { at: at("2026-11-23T08:00Z"), total: mg("120") }),
        ("170", Reached::At { at: at("2026-11-26T08:00Z"), total: mg("180") }),
        ("180", Reached::At { at: at("2026-11-26T08:00Z"), total: mg("180") }),
        ("180.001", Reached::NotByTheEnd { total: mg("180") }),
    ] {
        assert_eq!(found.reaches(mg(target)), reached, "{target}");
    }
}

#[test]
fn a_window_that_ends_holds_no_planned_dose_after_its_end() {
    let chart = after_infusion(&["dex 10 iv 2026-11-16T08:00Z"]);
    let day30 = over(&chart, Window::Day30, NOW);
    // Day 30 is 13 December; the doses of 12 and 13 December are in it, that of 14 December is not.
    let found = project(&day30, &["dex 1 po daily from 2026-12-12 08:00 x3"]);
    assert_eq!(found.end(), mg("12"));
    let past = over(
        &chart,
        Window::Between(
            corticurve::exposure::Edge::Date(date("2026-11-13")),
            corticurve::exposure::Edge::Date(date("2026-11-17")),
        ),
        NOW,
    );
    assert!(project(&past, &["dex 1 po daily x3"]).is_empty());
}

#[test]
fn planned_stands_against_given_for_each_date_also_past_ones() {
    let so_far =
        exposure(&["dex 10 iv 2026-11-16T08:00Z", "dex 8 iv 2026-11-21T08:00Z", "ana 100 sc 2026-11-22T08:00Z"]);
    let days = planned_days(
        &so_far,
        &[&plan("dex 10 iv daily from 2026-11-20 08:00 x4"), &plan("ana 100 sc bid from 2026-11-22 08:00 x2")],
        rules(),
        &offset(0),
    );
    let seen: Vec<_> = days
        .unwrap()
        .iter()
        .map(|day| {
            let mg = [Some(day.planned), day.given, Some(day.planned_anakinra), day.given_anakinra]
                .map(|mg| mg.map_or("-".to_owned(), Exact::decimal));
            (day.date.to_string(), mg.join(" "))
        })
        .collect();
    // 16 November is before the plan.
    let expected = [
        ("2026-11-20", "10 0 0 0"),
        ("2026-11-21", "10 8 0 0"),
        ("2026-11-22", "10 0 200 100"),
        // What will be given tomorrow is not known, and not zero.
        ("2026-11-23", "10 - 0 -"),
    ];
    assert_eq!(seen, expected.map(|(date, mg)| (date.to_owned(), mg.to_owned())));
}

#[test]
fn two_plans_are_compared_on_the_same_dates() {
    let so_far = exposure(&["dex 10 iv 2026-11-16T08:00Z"]);
    let fast = project(&so_far, &["dex 8 iv daily from tomorrow 08:00 x2"]);
    let slow = project(&so_far, &["dex 4 iv daily from 2026-11-24 08:00 x2"]);
    let seen: Vec<_> = compared(&[&fast, &slow])
        .into_iter()
        .map(|(date, totals)| format!("{date} {}", totals.iter().map(|mg| mg.decimal()).collect::<Vec<_>>().join(" ")))
        .collect();
    assert_eq!(seen, ["2026-11-23 18 10", "2026-11-24 26 14", "2026-11-25 26 18"]);
}

#[test]
fn a_daily_dose_is_expected_at_the_same_time_of_day_across_a_clock_change() {
    let line = planned_at("dex 4 iv at 08:00 x3 then 2 q12h x2", "2026-10-23T12:00+02:00").unwrap();
    let times: Vec<Moment> = expected(&line, rules(), &Berlin).unwrap().iter().map(|dose| dose.at).collect();
    assert_eq!(times[..3], ["2026-10-24T08:00+02:00", "2026-10-25T08:00+01:00", "2026-10-26T08:00+01:00"].map(at));
    assert_eq!(times[3], at("2026-10-27T08:00+01:00"));
}

#[test]
fn a_long_plan_widens_the_view_as_far_as_the_past_and_its_label_stands_where_it_leaves() {
    let chart = after_infusion(&["dex 10 iv 2026-11-16T08:00Z"]);
    let so_far = over(&chart, Window::Day0, NOW);
    let drawn = |lines: &[&str]| {
        let figure = Figure::of(&chart, rules(), &so_far).unwrap();
        lines.iter().fold(figure, |figure, line| figure.continued(None, &project(&so_far, &[line])))
    };
    let (bare, short) = (drawn(&[]), drawn(&["dex 4 iv daily from tomorrow 08:00 x3"]));
    let day = |day: f64| day + 8.0 / 24.0;
    let label = |figure: &Figure| (figure.continuations[0].label_at[0], figure.continuations[0].label_at[1]);
    assert_eq!(label(&short), (day(12.0), 22.0));
    assert!((short.view.1 - 13.0).abs() < 1e-9 && short.curve_top >= 22.0);
    assert_eq!((&short.curve, short.daily_top, short.now), (&bare.curve, bare.daily_top, bare.now));
    let long = drawn(&["dex 4 iv daily from tomorrow 08:00 x60"]);
    // Ten days before the as-of time of Day 9, and so many after it, to the end of the day.
    assert_eq!((long.view.0, long.view.1), (-1.0, 21.0));
    assert_eq!(label(&long), (21.0, 10.0 + 11.0 * 4.0));
    assert_eq!(long.continuations[0].label, "250 mg with the plan");
    assert_eq!(long.unchecked, Some((0.0, 21.0)), "time to come is as unchecked as before");
    let two = drawn(&["dex 4 iv daily from tomorrow 08:00 x3", "dex 2 iv daily from tomorrow 08:00 x3"]);
    assert_eq!(two.continuations.iter().map(|plan| plan.label_below).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn a_plan_of_too_many_doses_from_a_file_is_an_error() {
    let mut endless = plan("dex 1 iv q6h x8");
    endless.stages[0].every = Interval::Minutes(1);
    endless.stages[0].until = corticurve::record::StageEnd::At(at("2030-01-01T00:00Z"));
    let error = PlannedError::Schedule(ScheduleError::TooMany);
    assert_eq!(Projection::of(&exposure(&[]), &[&endless], rules(), &offset(0)), Err(error));
    let drug = drug("dexamethasone");
    assert_eq!(plan("dex 1 iv q6h x8").stages[0].drug, drug);
}

#[test]
fn what_is_still_to_run_of_an_infusion_is_in_the_projection_piece_by_piece() {
    // 1,000 mg of methylprednisolone over 24 hours, seen half-way: 93.75 mg in, 93.75 mg to come.
    let half_way = "2026-11-22T12:00Z";
    let infusion = given_over("methylpred 1000 iv", "2026-11-22T00:00Z", "2026-11-23T00:00Z");
    let so_far = over(&chart_of([infused("2026-11-20T08:00Z"), infusion.clone()]), Window::Day0, half_way);
    assert_eq!((so_far.total, so_far.running[0].equivalent), (mg("93.75"), Some(mg("93.75"))));
    let plan = planned_in(&offset(0), "dex 10 iv q12h from 2026-11-22T18:00Z x3", half_way).unwrap();
    let projection = Projection::of(&so_far, &[&plan], rules(), &offset(0)).unwrap();
    let told: Vec<_> = projection.steps.iter().map(|step| (step.running, step.total.decimal())).collect();
    // Six hours of the infusion and the dose at 18:00; the rest by midnight; the doses at 06:00 and 18:00.
    let told: Vec<(bool, &str)> = told.iter().map(|(running, total)| (*running, total.as_str())).collect();
    assert_eq!(told, [(true, "140.625"), (false, "150.625"), (true, "197.5"), (false, "207.5"), (false, "217.5")]);
    let reached = projection.reaches(mg("200"));
    assert_eq!(reached, Reached::At { at: at("2026-11-23T06:00Z"), total: mg("207.5") });
    // With every expected dose given the record says the same.
    let given = ["2026-11-22T18:00Z", "2026-11-23T06:00Z", "2026-11-23T18:00Z"];
    let doses = given.map(|at| super::given(&format!("dex 10 iv {at}")));
    let chart = chart_of([infused("2026-11-20T08:00Z"), infusion].into_iter().chain(doses));
    assert_eq!(over(&chart, Window::Day0, "2026-11-23T18:00Z").total, projection.end());
    // Without a plan nothing is projected.
    assert!(Projection::of(&so_far, &[], rules(), &offset(0)).unwrap().is_empty());
}

#[test]
fn of_a_plan_from_now_on_the_dose_due_now_is_counted_once_it_is_recorded_and_never_twice() {
    let now = "2026-11-22T12:00:40Z";
    let plan = planned_in(&offset(0), "dex 10 iv q6h x8 then ana 100 sc q6h x2", now).unwrap();
    for (recorded, end) in [(None, "70"), (Some("dex 10 iv 2026-11-22T12:00Z"), "80")] {
        let treated =
            |recorded: Option<&str>| std::iter::once(infused("2026-11-20T08:00Z")).chain(recorded.map(super::given));
        let projection =
            Projection::of(&over(&chart_of(treated(recorded)), Window::Day0, now), &[&plan], rules(), &offset(0))
                .unwrap();
        assert_eq!(projection.end(), mg(end), "{recorded:?}");
        assert_eq!((projection.due, projection.due_steroid, projection.due_anakinra), (1, 1, 0));
        let with_it = projection.end().plus(mg("10")).unwrap();
        let supposed =
            Projection::supposing(&over(&chart_of(treated(recorded)), Window::Day0, now), &plan, rules(), &offset(0));
        let supposed = supposed.unwrap();
        assert_eq!((supposed.end(), supposed.due, supposed.at_once), (with_it, 0, 1), "a dose of this very minute");
    }
}
