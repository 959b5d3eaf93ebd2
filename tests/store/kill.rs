//! Programs that are killed in the middle of saving.

use super::writers::copy_folder;
use super::*;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const DATA: &str = "CORTICURVE_TEST_KILL_DATA";
const CONFIG: &str = "CORTICURVE_TEST_KILL_CONFIG";
/// Each ward has its rounds, and in each round four programs are killed.
const WARDS: usize = 5;
const ROUNDS: u64 = 10;

/// Not a test of its own: the program that the next test starts and kills.
#[test]
fn the_killed_program_saves_in_a_loop() {
    let [Some(data), Some(config)] = [DATA, CONFIG].map(std::env::var_os) else { return };
    let mut store = Store::open_or_create(Path::new(&data), "Ward 4").unwrap();
    store.become_writer(Path::new(&config)).unwrap();
    for milligrams in 1.. {
        for entry in save_all(&mut store, vec![dose(milligrams), dose_with_note(&"n".repeat(500))]) {
            // Written past the test harness, which would keep it back.
            writeln!(std::io::stderr().lock(), "saved {}", entry.id).unwrap();
        }
    }
}

fn start(data: &Path, config: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "store::kill::the_killed_program_saves_in_a_loop", "--nocapture"])
        .env(DATA, data)
        .env(CONFIG, config)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// What a program said was saved before it was killed.
fn killed(mut program: Child) -> Vec<EntryId> {
    program.kill().unwrap();
    program.wait().unwrap();
    let said = BufReader::new(program.stderr.take().unwrap()).lines().map_while(Result::ok);
    // A last line cut short by the kill was not an acknowledgement anyone could read.
    said.filter_map(|line| line.strip_prefix("saved ")?.parse().ok()).collect()
}

/// Lets four programs save for one patient and kills them, again and again; returns how many were killed and how many
/// entries they had acknowledged.
fn kill_in_one_ward() -> (usize, usize) {
    let ward = Ward::new();
    let (mut kills, mut acknowledged) = (0, BTreeSet::new());
    for round in 0..ROUNDS {
        // A run that ends well, so that its writer id may be taken up again, and a copy of the config folder that says so.
        acknowledged.insert(save(&mut ward.writer(), dose(1)).id);
        let cloned = ward.folder.path().join(format!("cloned-{round}"));
        copy_folder(&ward.config(), &cloned);
        let configs = [&ward.config(), &cloned, &ward.config(), &ward.config()];
        let programs = configs.map(|config| start(&ward.data(), config));
        std::thread::sleep(Duration::from_millis(80 + 23 * round));
        for program in programs {
            acknowledged.extend(killed(program));
            kills += 1;
            std::thread::sleep(Duration::from_millis(7));
        }
    }
    let record = ward.read();
    let found = ids(&record.entries);
    let lost = acknowledged.difference(&found).count();
    assert_eq!(lost, 0, "of {} acknowledged entries", acknowledged.len());
    assert_eq!(found.len(), record.entries.len(), "each once");
    let interrupted = |finding: &Finding| finding.kind == FindingKind::Interrupted;
    assert!(record.findings.iter().all(interrupted), "{:?}", record.findings);
    save(&mut ward.writer(), dose(4));
    assert_eq!(ward.read().entries.len(), record.entries.len() + 1);
    (kills, acknowledged.len())
}

#[test]
fn nothing_acknowledged_is_lost_when_200_programs_are_killed_four_at_once_one_of_them_cloned() {
    let (mut kills, mut acknowledged) = (0, 0);
    for _ in 0..WARDS {
        let (more_kills, more) = kill_in_one_ward();
        kills += more_kills;
        acknowledged += more;
    }
    println!("{kills} programs killed, {acknowledged} entries acknowledged, 0 lost");
    assert_eq!(kills, 200);
    assert!(acknowledged > 500, "only {acknowledged} entries in all");
}
