//! Several processes at once.

use super::{Station, robin};

#[test]
fn doses_recorded_by_processes_at_once_for_one_patient_all_land() {
    let station = Station::with_robin();
    std::thread::scope(|scope| {
        let one = |line: &'static str| scope.spawn(|| station.record(line).saved());
        let lines = ["dex 1 iv -1h", "dex 2 iv -2h", "dex 4 iv -3h", "dex 8 iv -4h"];
        let ids: Vec<_> = lines.map(one).into_iter().map(|thread| thread.join().unwrap()).collect();
        assert_eq!(ids.len(), 4);
    });
    assert_eq!(station.figures("40 017")["dexamethasone_equivalent_mg"].as_i64(), Some(15));
    station.run(&["verify"]).ok();
}

#[test]
fn two_processes_that_start_one_ward_both_land() {
    let station = Station::new();
    let (first, second) = (robin("40 017"), robin("40 018"));
    std::thread::scope(|scope| {
        let one = scope.spawn(|| station.run(&first).saved());
        let two = scope.spawn(|| station.run(&second).saved());
        one.join().unwrap();
        two.join().unwrap();
    });
    assert_eq!(station.run(&["summary", "--json"]).json()["patients"].as_array().map(Vec::len), Some(2));
    station.run(&["verify"]).ok();
}

#[test]
fn what_is_kept_to_open_quicker_changes_no_output_and_no_demo_keeps_anything() {
    let station = Station::with_robin();
    let kept = || std::fs::read_dir(station.path("cache/corticurve")).map_or(0, Iterator::count);
    station.record("dex 10 iv -1h").saved();
    let line = ["summary", "--json", "--as-of", "2026-11-22T14:32Z"];
    let summaries = [(); 2].map(|()| station.run(&line).out);
    let what = "a folder for the one store, the names of its files, and whose turn it is to keep them";
    assert_eq!((&summaries[0], kept()), (&summaries[1], 3), "{what}");
    std::fs::remove_dir_all(station.path("cache")).unwrap();
    assert_eq!(station.run(&line).out, summaries[0]);
    assert_eq!(kept(), 3);
    std::fs::remove_dir_all(station.path("cache")).unwrap();
    station.demo(&["summary"]).ok();
    assert_eq!(kept(), 0);
}
