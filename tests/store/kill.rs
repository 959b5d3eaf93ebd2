//! Programs that are killed in the middle of saving.

use super::*;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const FOLDER: &str = "CORTICURVE_TEST_KILL_FOLDER";

/// Not a test of its own: the program that the next test starts and kills.
#[test]
fn the_killed_program_saves_in_a_loop() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let mut store = Store::open_or_create(&folder.join("data"), "Ward 4").unwrap();
    store.become_writer(&folder.join("config")).unwrap();
    for milligrams in 1.. {
        for entry in save_all(&mut store, vec![dose(milligrams), dose_with_note(&"n".repeat(3_000))]) {
            // Written past the test harness, which would keep it back.
            writeln!(std::io::stderr().lock(), "saved {}", entry.id).unwrap();
        }
    }
}

fn start(folder: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "store::kill::the_killed_program_saves_in_a_loop", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn nothing_acknowledged_is_lost_when_programs_are_killed() {
    let ward = Ward::new();
    let mut acknowledged = BTreeSet::new();
    for round in 0..8 {
        let mut programs = [start(ward.folder.path()), start(ward.folder.path())];
        std::thread::sleep(Duration::from_millis(60 + 37 * round));
        for program in &mut programs {
            program.kill().unwrap();
            program.wait().unwrap();
            let said = BufReader::new(program.stderr.take().unwrap()).lines().map_while(Result::ok);
            // A last line cut short by the kill was not an acknowledgement anyone could read.
            acknowledged.extend(said.filter_map(|line| line.strip_prefix("saved ")?.parse::<EntryId>().ok()));
        }
    }
    assert!(acknowledged.len() > 10, "only {} saves in all", acknowledged.len());
    let record = ward.read();
    assert!(ids(&record.entries).is_superset(&acknowledged));
    assert_eq!(ids(&record.entries).len(), record.entries.len(), "each once");
    let interrupted = |finding: &Finding| finding.kind == FindingKind::Interrupted;
    assert!(record.findings.iter().all(interrupted), "{:?}", record.findings);
    save(&mut ward.writer(), dose(4));
    assert_eq!(ward.read().entries.len(), record.entries.len() + 1);
}
