//! Courses, episodes and purposes.

use super::{after_infusion, chart_of, doses, given, given_over, infused, mg, over, rules, seen, weighed};
use crate::record::at;
use corticurve::exposure::{Exact, Exposure, Reading, Reason, Rules, Window};
use corticurve::record::Purpose;

const NOW: &str = "2027-02-01T12:00Z";

fn told(exposure: &Exposure) -> Vec<(String, String, usize, usize, String)> {
    let moment = |at: corticurve::record::Moment| at.format("%m-%dT%H:%M").to_string();
    let course = |course: &corticurve::exposure::Course| {
        (moment(course.start), moment(course.end), course.doses, course.days, course.mg.decimal())
    };
    exposure.courses.iter().map(course).collect()
}

#[test]
fn a_gap_of_48_hours_is_inside_a_course_and_a_minute_more_ends_it() {
    let chart = doses(&["dex 10 iv 2026-11-14T08:00Z", "dex 10 iv 2026-11-16T08:00Z", "dex 4 iv 2026-11-18T08:01Z"]);
    let all = over(&chart, Window::All, NOW);
    let row =
        |from: &str, to: &str, doses, days, mg: &str| (from.to_owned(), to.to_owned(), doses, days, mg.to_owned());
    assert_eq!(
        told(&all),
        [row("11-14T08:00", "11-16T08:00", 2, 2, "20"), row("11-18T08:01", "11-18T08:01", 1, 1, "4")]
    );
    // The gap is the unit's, and is told.
    let reading = Reading { course_gap_hours: 24, ..Reading::default() };
    let narrow = seen(&chart, Rules { reading: &reading, ..rules() }, Window::All, at(NOW));
    assert_eq!((narrow.courses.len(), narrow.course_gap_hours), (3, 24));
}

#[test]
fn a_gap_goes_from_the_end_of_an_infusion_and_by_instants() {
    let chart = chart_of([
        given_over("hydro 100 iv", "2026-11-14T08:00Z", "2026-11-15T08:00Z"),
        given("hydro 20 po 2026-11-17T07:00Z"),
    ]);
    let all = over(&chart, Window::All, NOW);
    assert_eq!((all.courses.len(), all.courses[0].days), (1, 3));
    // 48 hours on the wall clock are 49 by instants when the clocks go back.
    let autumn = doses(&["dex 10 iv 2026-10-24T12:00+02:00", "dex 10 iv 2026-10-26T12:00+01:00"]);
    assert_eq!(over(&autumn, Window::All, NOW).courses.len(), 2);
}

#[test]
fn a_dose_that_is_not_counted_joins_no_course() {
    let chart = doses(&[
        "dex 10 iv 2026-11-14T08:00Z",
        "hold dex 10 2026-11-16T00:00Z",
        "ana 100 sc 2026-11-16T00:00Z",
        "dex 10 iv 2026-11-17T08:00Z",
    ]);
    assert_eq!(over(&chart, Window::All, NOW).courses.len(), 2);
}

#[test]
fn the_last_72_hours_and_7_days_are_told_whatever_the_window() {
    let chart = after_infusion(&[
        "dex 1 iv 2026-11-13T12:00Z",
        "dex 2 iv 2026-11-17T12:00Z",
        "dex 4 iv 2026-11-18T12:00Z",
        "dex 8 iv 2026-11-20T11:00Z",
    ]);
    for window in [Window::Day0, Window::LastHours(24), Window::All] {
        let exposure = over(&chart, window, "2026-11-20T12:00Z");
        // The doses at the very beginning of the 72 hours and of the 7 days belong to the time before.
        assert_eq!([exposure.last_24h, exposure.last_72h, exposure.last_7d], ["8", "12", "14"].map(mg));
    }
}

/// Two infusions, seven weeks apart, with doses after each and between.
fn twice() -> corticurve::record::Chart {
    chart_of([
        weighed("50 kg", "2026-11-12T08:00Z"),
        given("dex 4 iv 2026-11-10T08:00Z"),
        infused("2026-11-13T10:00Z"),
        given("dex 10 iv 2026-11-15T08:00Z"),
        given("ana 100 sc 2026-11-15T20:00Z"),
        given("dex 10 iv 2026-12-31T23:59Z"),
        infused("2027-01-01T10:00Z"),
        given("dex 20 iv 2027-01-01T08:00Z"),
        given("dex 6 iv 2027-01-09T08:00Z"),
    ])
}

#[test]
fn a_second_infusion_opens_a_second_episode_with_its_own_day_0() {
    let now = over(&twice(), Window::Day0, NOW);
    let episodes: Vec<_> =
        now.episodes.iter().map(|episode| (episode.number, episode.mg, episode.anakinra_mg)).collect();
    assert_eq!(episodes, [(1, mg("20"), mg("100")), (2, mg("26"), Exact::ZERO)]);
    assert_eq!((now.total, now.before_day0, now.day.unwrap().0), (mg("26"), mg("24"), 31));
    assert_eq!(now.landmarks.iter().map(|landmark| landmark.mg).collect::<Vec<_>>(), ["20", "26", "26", "26"].map(mg));
    let first = over(&twice(), Window::Episode(1), NOW);
    assert_eq!((first.total, first.before_day0, first.day.unwrap().0), (mg("20"), mg("4"), 80));
    assert_eq!(first.first_dose_early(), Some(true));
    assert_eq!(first.steroid_days, 2);
    let second = over(&twice(), Window::Episode(2), NOW);
    assert_eq!((second.total, second.landmarks), (now.total, now.landmarks));
    // Together with what was before the first infusion they are the whole record.
    let all = over(&twice(), Window::All, NOW).total;
    assert_eq!(Exact::sum([first.before_day0, first.total, second.total]), Ok(all));
}

#[test]
fn a_landmark_that_the_next_infusion_came_before_is_never_reached() {
    let chart = chart_of([
        infused("2026-11-13T10:00Z"),
        given("dex 10 iv 2026-11-15T08:00Z"),
        infused("2026-11-27T10:00Z"),
        given("dex 5 iv 2026-11-28T08:00Z"),
    ]);
    let days = |window| over(&chart, window, NOW).landmarks.iter().map(|landmark| landmark.day.0).collect::<Vec<_>>();
    // The second infusion was on Day 14 of the first.
    assert_eq!(days(Window::Episode(1)), [7]);
    assert_eq!(days(Window::Day0), [7, 14, 28, 30]);
}

#[test]
fn an_episode_that_has_not_begun_has_no_figures() {
    let exposure = over(&twice(), Window::Episode(3), NOW);
    assert_eq!((exposure.total, exposure.infusion, exposure.steroid_days), (Exact::ZERO, None, 0));
    let before_the_second = over(&twice(), Window::Episode(2), "2026-12-15T12:00Z");
    assert_eq!((before_the_second.total, before_the_second.episodes.len()), (Exact::ZERO, 1));
}

#[test]
fn a_purpose_can_be_switched_out_and_is_then_listed() {
    let chart = doses(&[
        "dex 10 iv 2026-11-14T08:00Z icans",
        "hydro 100 iv 2026-11-14T09:00Z replacement",
        "hydro 50 iv 2026-11-15T09:00Z replacement unknown",
        "dex 4 iv 2026-11-16T08:00Z",
        "ana 100 sc 2026-11-16T08:00Z replacement",
    ]);
    let reading = Reading { purposes_out: vec![Some(Purpose::Replacement)], ..Reading::default() };
    let exposure = seen(&chart, Rules { reading: &reading, ..rules() }, Window::All, at(NOW));
    assert_eq!((exposure.total, exposure.undecided.mg, exposure.anakinra.mg), (mg("14"), Exact::ZERO, mg("100")));
    let left: Vec<_> = exposure.left_out.iter().map(|left| (left.reason, left.doses, left.mg)).collect();
    assert_eq!(left, [(Reason::PurposeOut, 2, Some(mg("150")))]);
    let reading = Reading { purposes_out: vec![None], ..Reading::default() };
    assert_eq!(seen(&chart, Rules { reading: &reading, ..rules() }, Window::All, at(NOW)).total, mg("13.75"));
}

#[test]
fn an_infusion_that_ends_at_midnight_has_nothing_of_the_next_day() {
    let day = |day: u32| {
        given_over("methylpred 1000 iv", &format!("2026-11-{day}T00:00Z"), &format!("2026-11-{}T00:00Z", day + 1))
    };
    let all = over(&chart_of([infused("2026-11-10T08:00Z"), day(14), day(15), day(16)]), Window::Day0, NOW);
    assert_eq!((all.steroid_days, all.courses[0].days), (3, 3));
    assert_eq!(all.courses[0].dates, (super::date("2026-11-14"), super::date("2026-11-16")));
}

#[test]
fn of_an_infusion_that_the_window_cuts_the_first_and_last_dose_are_what_is_inside() {
    let chart =
        chart_of([infused("2026-11-13T10:00Z"), given_over("dex 10 iv", "2026-11-12T22:00Z", "2026-11-13T02:00Z")]);
    let exposure = over(&chart, Window::Day0, NOW);
    assert_eq!((exposure.total, exposure.first_dose_at), (mg("5"), Some(at("2026-11-13T00:00Z"))));
    assert_eq!((exposure.first_dose_early(), exposure.courses[0].days), (Some(true), 1));
    let before = over(&chart, super::windows::window("2026-11-10..2026-11-12"), NOW);
    assert_eq!(before.last_dose_at, Some(at("2026-11-13T00:00Z")));
}

#[test]
fn the_time_since_the_last_dose_is_that_of_the_record_whatever_the_window() {
    let chart = after_infusion(&["dex 10 iv 2026-11-14T08:00Z", "dex 10 iv 2026-12-20T08:00Z"]);
    for window in [Window::Day0, Window::Day30, Window::LastHours(24), Window::All] {
        let exposure = over(&chart, window, "2026-12-22T08:00Z");
        assert_eq!(exposure.since_last_dose(), Some(chrono::TimeDelta::hours(48)), "{window:?}");
    }
}

#[test]
fn two_infusions_on_one_date_are_one_day_0_and_one_episode() {
    let chart = chart_of([
        infused("2026-11-13T08:00Z"),
        infused("2026-11-13T15:00Z"),
        given("dex 10 iv 2026-11-13T12:00Z"),
        given("dex 8 iv 2026-11-14T12:00Z"),
    ]);
    let exposure = over(&chart, Window::Episode(1), NOW);
    assert_eq!((exposure.episodes.len(), exposure.total), (1, mg("18")));
    assert_eq!(exposure.landmarks.len(), 4);
}

#[test]
fn a_position_is_of_its_own_episode() {
    let chart = chart_of([
        weighed("50 kg", "2026-11-12T08:00Z"),
        infused("2026-11-13T10:00Z"),
        given("dex 18 iv 2026-11-15T08:00Z"),
        infused("2026-11-24T10:00Z"),
        given("dex 40 iv 2026-11-25T08:00Z"),
    ]);
    let published = corticurve::exposure::Published::shipped().unwrap();
    let figures = |window| {
        let exposure = over(&chart, window, NOW);
        let positions = corticurve::exposure::positions(&chart, rules(), &exposure, &published).unwrap();
        positions.iter().map(|position| position.found.unwrap().0).collect::<Vec<_>>()
    };
    let each = |whole: &str, per_kg: &str| vec![mg(whole), mg(whole), mg(per_kg), mg(per_kg)];
    let sorted = |mut figures: Vec<Exact>| {
        figures.sort_by(|a, b| b.cmp(a));
        figures
    };
    assert_eq!(sorted(figures(Window::Episode(1))), each("18", "0.36"));
    assert_eq!(sorted(figures(Window::Day0)), each("40", "0.8"));
}

#[test]
fn every_figure_per_kilogram_of_the_steroid_goes_by_the_weight_that_the_unit_chose() {
    let chart = chart_of([
        weighed("50 kg", "2026-11-13T08:00Z"),
        weighed("25 kg", "2026-11-15T08:00Z"),
        infused("2026-11-13T10:00Z"),
        given("dex 25 iv 2026-11-16T08:00Z"),
    ]);
    let published = corticurve::exposure::Published::shipped().unwrap();
    for (by, per_kg) in [(corticurve::exposure::WeightBy::Day0, "0.5"), (corticurve::exposure::WeightBy::EachDose, "1")]
    {
        let reading = Reading { weight_by: by, ..Reading::default() };
        let rules = Rules { reading: &reading, ..rules() };
        let exposure = Exposure::of(&chart, rules, Window::Day0, at(NOW)).unwrap();
        let row = corticurve::exposure::log(&chart, rules, &exposure).unwrap().remove(0);
        let positions = corticurve::exposure::positions(&chart, rules, &exposure, &published).unwrap();
        let told = positions.iter().find(|position| position.series.id == "yang-2024").unwrap().found.unwrap().0;
        assert_eq!([exposure.mg_per_kg, row.mg_per_kg, Some(told)], [Some(mg(per_kg)); 3], "{by:?}");
    }
}
