//! What is counted, what is not and why, and what is undecided beside the total.

use super::{chart_of, dose, doses, drug, mg, over, rules, seen, under};
use crate::record::{at, entry, id};
use corticurve::exposure::{Exposure, Reason, Window, judge};
use corticurve::record::{Administration, Chart, Correction, Expressed, Fact, Quantity, Route, Status, StrikeOut};

const NOW: &str = "2026-11-22T12:00Z";

fn ten_mg() -> Administration {
    dose("dex 10 iv 2026-11-14T08:00Z")
}

fn all(administration: Administration) -> Exposure {
    over(&chart_of([Fact::Administered(administration)]), Window::All, NOW)
}

/// Total, undecided, undecided doses without milligrams, and the reason.
fn outcome(administration: Administration) -> (String, String, usize, Option<&'static str>) {
    let exposure = all(administration);
    let reason = exposure.left_out.first().map(|left| left.reason.words());
    (exposure.total.decimal(), exposure.undecided.mg.decimal(), exposure.undecided.without_mg, reason)
}

#[test]
fn each_status_is_counted_not_counted_or_undecided() {
    for (status, total, undecided, reason) in [
        (Status::Given, "10", "0", None),
        (Status::Running, "10", "0", None),
        (Status::Stopped, "10", "0", None),
        (Status::Held, "0", "0", Some("not given")),
        (Status::Refused, "0", "0", Some("not given")),
        (Status::Missed, "0", "0", Some("not given")),
        (Status::NotGiven, "0", "0", Some("not given")),
        (Status::Unknown, "0", "10", Some("status unknown")),
    ] {
        let found = outcome(Administration { status, ..ten_mg() });
        assert_eq!(found, (total.to_owned(), undecided.to_owned(), 0, reason), "{status:?}");
    }
}

#[test]
fn each_route_is_systemic_or_left_out_with_the_reason() {
    use Route::{
        Ear, Eye, Inhaled, Intramuscular, Intrathecal, Intravenous, Joint, Nose, Oral, Rectal, Skin, Subcutaneous, Tube,
    };
    let counted = [Oral, Tube, Intravenous, Intramuscular, Subcutaneous];
    let left_out = [Intrathecal, Eye, Ear, Nose, Skin, Inhaled, Rectal, Joint];
    assert_eq!(counted.len() + left_out.len(), Route::ALL.len());
    for route in counted {
        let exposure = all(Administration { route: Some(route), ..ten_mg() });
        assert_eq!((exposure.total, exposure.without_route.doses), (mg("10"), 0), "{route:?}");
    }
    for route in left_out {
        let found = outcome(Administration { route: Some(route), ..ten_mg() });
        assert_eq!(found, ("0".to_owned(), "0".to_owned(), 0, Some("not systemic")), "{route:?}");
    }
}

#[test]
fn a_dose_with_no_route_is_counted_and_reported() {
    let mut chart = doses(&["dex 10 iv 2026-11-14T08:00Z", "methylpred 40 2026-11-15T08:00Z"]);
    let exposure = over(&chart, Window::All, NOW);
    assert_eq!((exposure.total, exposure.without_route.doses, exposure.without_route.mg), (mg("17.5"), 1, mg("7.5")));
    assert_eq!(exposure.by_drug.iter().map(|total| total.without_route).collect::<Vec<_>>(), [0, 1]);
    chart.administrations[1].struck_out = true;
    assert_eq!(over(&chart, Window::All, NOW).without_route.doses, 0);
}

#[test]
fn what_cannot_be_added_up_is_undecided_and_never_zero() {
    let drops = Quantity::from_chart("2", "DROP").unwrap();
    let due: Quantity = "8 mg".parse().unwrap();
    for (amount, due, undecided, without_mg, reason) in [
        (None, None, "0", 1, "no amount"),
        (None, Some(due.clone()), "8", 0, "no amount"),
        (Some(drops.clone()), None, "0", 1, "not a mass"),
        (Some(drops), Some(due), "0", 1, "not a mass"),
    ] {
        let found = outcome(Administration { amount, due, ..ten_mg() });
        assert_eq!(found, ("0".to_owned(), undecided.to_owned(), without_mg, Some(reason)));
    }
}

#[test]
fn a_drug_that_the_table_does_not_list_is_undecided_under_it() {
    let chart = doses(&["deflazacort 6 po 2026-11-14T08:00Z", "dex 10 iv 2026-11-14T08:00Z"]);
    let label = over(&chart, Window::All, NOW);
    assert_eq!((label.total, label.undecided.without_mg), (mg("10"), 1));
    assert_eq!((label.left_out[0].reason, label.left_out[0].mg), (Reason::NotInTable, Some(mg("6"))));
    let bnf = seen(&chart, under("bnf"), Window::All, at(NOW));
    assert_eq!((bnf.total, bnf.undecided.without_mg, bnf.left_out.len()), (mg("10.75"), 0, 0));
}

#[test]
fn a_drug_that_nobody_knows_is_undecided() {
    let exposure = all(Administration { drug: drug("cortivazol"), ..ten_mg() });
    assert_eq!((exposure.total, exposure.undecided.without_mg), (mg("0"), 1));
    assert_eq!((exposure.left_out[0].reason, exposure.left_out[0].doses), (Reason::NotInTable, 1));
}

#[test]
fn fludrocortisone_and_anakinra_are_never_in_the_steroid_total() {
    let chart = doses(&["fludrocortisone 100mcg po 2026-11-14T08:00Z", "ana 100 sc 2026-11-14T08:00Z"]);
    let exposure = over(&chart, Window::All, NOW);
    assert_eq!((exposure.total, exposure.undecided.mg, exposure.steroid_days), (mg("0"), mg("0"), 0));
    assert_eq!((exposure.left_out.len(), exposure.left_out[0].reason), (1, Reason::Mineralocorticoid));
    assert_eq!(exposure.anakinra.mg, mg("100"));
}

#[test]
fn of_several_reasons_the_first_that_a_pharmacist_would_give_is_named() {
    let fludrocortisone = Administration {
        drug: drug("fludrocortisone"),
        route: Some(Route::Eye),
        status: Status::Unknown,
        amount: None,
        ..ten_mg()
    };
    let strange = Administration { drug: drug("cortivazol"), ..fludrocortisone.clone() };
    let oral = Administration { route: Some(Route::Oral), ..strange.clone() };
    let drops = Quantity::from_chart("2", "DROP").ok();
    for (administration, struck_out, reason) in [
        (Administration { status: Status::Held, ..fludrocortisone.clone() }, true, Reason::StruckOut),
        (Administration { status: Status::Held, ..fludrocortisone.clone() }, false, Reason::NotGiven),
        (fludrocortisone, false, Reason::Mineralocorticoid),
        (strange, false, Reason::NotSystemic),
        (oral.clone(), false, Reason::StatusUnknown),
        (Administration { status: Status::Given, ..oral.clone() }, false, Reason::NoAmount),
        (Administration { status: Status::Given, amount: drops, ..oral.clone() }, false, Reason::NotAMass),
        (Administration { status: Status::Given, amount: ten_mg().amount, ..oral }, false, Reason::NotInTable),
    ] {
        let mut chart = chart_of([Fact::Administered(administration)]);
        chart.administrations[0].struck_out = struck_out;
        assert_eq!(judge(&chart, rules()).unwrap()[0].left_out, Some(reason));
        let undecided =
            [Reason::StatusUnknown, Reason::NoAmount, Reason::NotAMass, Reason::NotInTable].contains(&reason);
        assert_eq!(reason.is_undecided(), undecided, "{reason:?}");
    }
}

#[test]
fn a_struck_out_dose_leaves_the_total_and_a_corrected_one_counts_as_corrected() {
    let first = entry(1, 0, Fact::Administered(ten_mg()));
    let replacement = Box::new(Fact::Administered(dose("dex 4 iv 2026-11-14T08:00Z")));
    let corrected = Fact::Corrected(Correction { target: id(1), replacement, reason: "typing".into(), seen: vec![] });
    let struck = Fact::StruckOut(StrikeOut { target: id(1), reason: "other patient".into(), seen: vec![id(2)] });
    let entries = [first, entry(2, 1, corrected), entry(3, 2, struck)];
    let totals: Vec<_> =
        (1..=3).map(|number| over(&Chart::fold(&entries[..number]), Window::All, NOW).total.decimal()).collect();
    assert_eq!(totals, ["10", "4", "0"]);
    let last = over(&Chart::fold(&entries), Window::All, NOW);
    assert_eq!((last.left_out[0].reason, last.left_out[0].mg), (Reason::StruckOut, Some(mg("4"))));
}

#[test]
fn what_is_left_out_is_sorted_by_drug_and_reason_with_its_own_milligrams() {
    let chart = doses(&[
        "hold pred 40 po 2026-11-14T08:00Z".replace("pred ", "predniSONE ").as_str(),
        "dex 8 unknown 2026-11-14T09:00Z",
        "dex 10 it 2026-11-14T10:00Z",
        "hold dex 4 2026-11-14T11:00Z",
        "refused dex 2026-11-14T12:00Z".replace("refused dex", "dex refused").as_str(),
    ]);
    let exposure = over(&chart, Window::All, NOW);
    let listed: Vec<_> = exposure
        .left_out
        .iter()
        .map(|left| {
            let mg = left.mg.map(corticurve::exposure::Exact::decimal);
            (left.drug.to_string(), left.reason.words(), left.doses, mg, left.without_mg)
        })
        .collect();
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        listed,
        [
            ("dexamethasone".to_owned(), "not given", 2, some("4"), 1),
            ("dexamethasone".to_owned(), "not systemic", 1, some("10"), 0),
            ("dexamethasone".to_owned(), "status unknown", 1, some("8"), 0),
            ("prednisone".to_owned(), "not given", 1, some("40"), 0),
        ]
    );
}

#[test]
fn a_dose_of_zero_adds_nothing_and_makes_no_day() {
    let zero = Administration { amount: "0 mg".parse().ok(), ..ten_mg() };
    let exposure = all(zero.clone());
    assert_eq!((exposure.total, exposure.steroid_days, exposure.by_drug.len()), (mg("0"), 0, 0));
    assert_eq!((exposure.first_dose_at, exposure.last_dose_at, exposure.peak_day), (None, None, None));
    let chart = chart_of([Fact::Administered(zero)]);
    let log = corticurve::exposure::log(&chart, rules(), &exposure).unwrap();
    assert_eq!((log[0].counted, log[0].running), ("zero amount", None));
}

#[test]
fn the_purpose_does_not_change_the_total_for_now() {
    let chart = doses(&[
        "dex 10 iv 2026-11-14T08:00Z icans",
        "dex 10 iv 2026-11-14T14:00Z premed",
        "hydrocort 20 po 2026-11-14T18:00Z replacement",
        "dex 4 po 2026-11-14T20:00Z antiemetic",
    ]);
    assert_eq!(over(&chart, Window::All, NOW).total, mg("24.75"));
}

#[test]
fn an_amount_stated_as_base_or_phosphate_counts_as_labelled() {
    for expressed in [Expressed::AsLabelled, Expressed::Base, Expressed::Phosphate] {
        assert_eq!(all(Administration { expressed, ..ten_mg() }).total, mg("10"), "{expressed:?}");
    }
}
